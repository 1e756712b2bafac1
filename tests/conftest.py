"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# On CI the same examples every time; a slow machine is no failure. Elsewhere each run draws new
# ones, so few do where one takes a tenth of a second, and tables of cases hold what must not slip.
settings.register_profile("caremap", deadline=None, derandomize="CI" in os.environ, max_examples=50)
settings.load_profile("caremap")


ORDER = ("browser", "app", "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first: workers that share the files end together."""
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(here).parts[0] if here in item.path.parents else ""
        return ORDER.index(folder) if folder in ORDER else len(ORDER)

    items.sort(key=place)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared(repo: Path) -> Path:
    """The folder of real files beside the checkout; a test that needs it skips without it."""
    folder = repo.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"the real files are not here: no {folder.name}/ beside the checkout")
    return folder
