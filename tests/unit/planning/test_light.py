"""Planning loads pandas and numpy, and nothing heavier."""

from __future__ import annotations

from pathlib import Path

from tests.unit.test_imports import HEAVY, loaded_after


def test_importing_planning_loads_nothing_heavy(repo: Path) -> None:
    loaded = loaded_after("import caremap.planning", repo)
    assert "pandas" in loaded
    assert not loaded & {"scipy", "holidays", "streamlit", "altair", *HEAVY}
