"""What is loaded when: heavy libraries only where they are needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("sklearn", "xgboost", "ortools", "folium")


def loaded_after(statement: str, repo: Path) -> set[str]:
    """The top-level packages a fresh interpreter has loaded after a statement."""
    code = (
        f"import sys; {statement}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_import_caremap_loads_neither_pandas_nor_anything_heavy(repo: Path) -> None:
    loaded = loaded_after("import caremap", repo)
    assert "caremap" in loaded
    assert not loaded & {"pandas", "numpy", "pyarrow", "streamlit", "altair", *HEAVY}


@pytest.mark.parametrize(
    "module",
    [
        "caremap.ui.files",
        "caremap.ui.cards",
        "caremap.ui.figures",
        "caremap.ui.sidebar",
        "caremap.ui.map_view",
        "caremap.ui.map_files",
        "caremap.geography.facility_map",
    ],
)
def test_the_pages_load_nothing_heavy(module: str, repo: Path) -> None:
    loaded = loaded_after(f"import {module}", repo)
    assert ("streamlit" in loaded) is module.startswith("caremap.ui")
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("name", ["open_file", "open_all", "Dataset", "DataProblem", "measures"])
def test_names_a_notebook_types_are_there_after_a_bare_import(name: str) -> None:
    import caremap

    assert getattr(caremap, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    import caremap

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = caremap.nothing
