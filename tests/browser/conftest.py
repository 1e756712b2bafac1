"""A real browser against a real server.

Fixtures: ``server`` (one for all tests), ``fresh_server`` (one nobody has asked anything yet),
``page`` (a browser session of its own), ``new_context`` (more sessions, isolated from each
other), ``keep`` (sessions that stay open for the tests of a file: loading takes seconds) and
``outside_requests`` (what a page asked of any other host: refused and written down).
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.driving import WAIT
from tests.browser.find_browser import LAUNCH_ARGUMENTS, NONE_FOUND, find

HERE = Path(__file__).parent
# No name but this machine's is known to the browser. (Catching requests would do the same, and
# keep the browser from caching anything.)
NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
RUNS = HERE / "runs.js"
expect.set_options(timeout=WAIT / 4)  # what is not there in five seconds may be there in ten
FAILED = pytest.StashKey[bool]()
ELSEWHERE = re.compile(r"^(https?|wss?)://(?!(127\.0\.0\.1|localhost)[:/])")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; each has a second try, from a page nobody has used.

    A slow machine may lose a click however one waits. What fails twice is a fault, and the summary
    counts what needed two tries.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """Remember of each test whether anything of it failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, and what it has logged so far."""

    url: str
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="package")
def server(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server the tests share, one per worker."""
    with running_server(repo, tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def fresh_server(repo: Path, tmp_path: Path) -> Iterator[Server]:
    """A server whose first request is the test's."""
    with running_server(repo, tmp_path) as running:
        yield running


@contextmanager
def running_server(repo: Path, folder: Path) -> Iterator[Server]:
    """The app on a free port of this machine, from ready to killed."""
    port = _free_port()
    server = Server(f"http://127.0.0.1:{port}", folder / "server.log")
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
    }
    command += [f"--{name}={value}" for name, value in options.items()]
    with server.log_file.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=repo, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_until_healthy(server, process)
            yield server
        finally:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The app did not start:\n{server.log}", pytrace=False)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium; `make test` has installed one where none was."""
    chromium = find()
    if chromium is None:
        pytest.fail(NONE_FOUND, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*LAUNCH_ARGUMENTS, NOWHERE_ELSE]
        )
        yield browser
        browser.close()


@pytest.fixture
def outside_requests() -> list[str]:
    """Addresses outside this machine the test's pages asked for; none of them was answered."""
    return []


@pytest.fixture
def new_context(
    browser: Browser, outside_requests: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """``new_context(**options)``: a browser session that shares nothing with any other.

    Options are Playwright's, e.g. ``viewport={"width": 390, "height": 844}`` or
    ``color_scheme="dark"``.
    """
    with contexts(browser, outside_requests) as make:
        yield make


@dataclass
class Kept:
    """Pages that several tests use, by name."""

    new_context: Callable[..., BrowserContext]
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, name: str, make: Callable[[Page], object], **options: object) -> Page:
        """The page of that name, made in a session of its own where there is none yet."""
        if name not in self.pages:
            page = self.new_context(**options).new_page()
            make(page)
            self.pages[name] = page
        return self.pages[name]

    def forget(self) -> None:
        """Close them all, so that the next test gets new ones."""
        for page in self.pages.values():
            page.context.close()
        self.pages.clear()


@pytest.fixture(scope="module")
def kept(browser: Browser) -> Iterator[Kept]:
    with contexts(browser, []) as make:
        yield Kept(make)


@pytest.fixture
def keep(kept: Kept, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """``keep(name, make, **options)``: a page that the tests of a file share.

    What a failed test leaves behind is closed: no other begins with it.
    """
    yield kept.page
    if request.node.stash.get(FAILED, False):
        kept.forget()


@contextmanager
def contexts(browser: Browser, outside: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Browser sessions that end together; what they ask of other hosts is written down."""
    made: list[BrowserContext] = []

    def note(url: str) -> None:
        if ELSEWHERE.match(url):
            outside.append(url)

    def make(**options: object) -> BrowserContext:
        defaults = {
            "viewport": {"width": 1280, "height": 900},
            "accept_downloads": True,
            "service_workers": "block",
            "reduced_motion": "reduce",
        }
        context = browser.new_context(**{**defaults, **options})
        context.add_init_script(path=RUNS)
        context.set_default_timeout(WAIT)
        context.on("request", lambda request: note(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket: note(socket.url)))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """An empty tab: ``page.goto(server.url)``."""
    return new_context().new_page()
