# CareMap's commands. Each sets up what it needs in .venv first; a second call starts at once.
#
#   make run      serve the app            PORT=8502 make run; ADDRESS=0.0.0.0 make run (the network)
#   make test     everything that must hold before a commit
#   make lint     ruff, mypy, direction of imports      make fix      let ruff mend and format
#   make unit     tests without a browser               make browser  tests in a real browser
#   make clean    remove .venv and every cache
#
# PYTHON=/path/to/python make run chooses the Python .venv is made with (after make clean).

PORT ?= 8501
ADDRESS ?= localhost
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq install
# Two workers for two cores: with a third, browsers that draw at the same time keep tests waiting
# until they fail. A file's tests share a worker, and so its server and its browser; files with long
# tests come first (tests/conftest.py), or one worker would wait for the last browser.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: run test lint unit browser fix clean

run: $(VENV)/app-installed
	@$(BIN)/python -m streamlit run streamlit_app.py --server.headless true \
		--server.port $(PORT) --server.address $(ADDRESS)

test: lint
	@chromium=$$($(BIN)/python -m tests.browser.find_browser) && \
		CAREMAP_CHROMIUM="$$chromium" $(PYTEST)

lint: $(VENV)/dev-installed
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

unit: $(VENV)/dev-installed
	@$(PYTEST) -m "not browser"

browser: $(VENV)/dev-installed
	@chromium=$$($(BIN)/python -m tests.browser.find_browser) && \
		CAREMAP_CHROMIUM="$$chromium" $(BIN)/python -m pytest tests/browser

fix: $(VENV)/dev-installed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python counts when it runs (a version manager's stand-in may not), is 3.11 or 3.12, and can
# make an environment (Debian ships ensurepip apart).
$(VENV)/made:
	@for python in $${PYTHON:-python3.12 python3.11 python3 python}; do \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); \
		case "$$version" in 3.11|3.12) ;; *) continue ;; esac; \
		if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "Making $(VENV) with Python $$version."; \
			"$$python" -m venv --clear $(VENV) && touch $@; exit; \
		fi; \
		bare=$$version; \
	done; \
	if [ -n "$$bare" ]; then \
		echo "Python $$bare is here without its venv module: install it" \
			"(on Debian and Ubuntu: apt-get install python$$bare-venv) and try again."; \
	else \
		echo "CareMap needs Python 3.11 or 3.12 and found neither: install one," \
			"or name it with PYTHON=/path/to/python make run."; \
	fi >&2; exit 1

$(VENV)/app-installed: $(VENV)/made requirements.txt
	@echo "Installing what the app needs: a minute or two, the first time only."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/dev-installed: $(VENV)/made requirements.txt requirements-dev.txt
	@echo "Installing what the app and its tests need: a minute or two, the first time only."
	@$(PIP) -r requirements-dev.txt
	@touch $(VENV)/app-installed $@
