"""Every part of every page with the sample network: nothing axe-core finds, and one way to scroll.

One session for all of them, and one walk through it: what a page takes seconds to work out is
worked out once. Both looks for the first part of a page; for its others, made of the same things,
the looks in turns. A page is a test, so that a second try is of that page alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.driving import (
    MENU,
    WAIT,
    drawn,
    go_to,
    in_look,
    open_app,
    unfold_all,
    views,
)
from tests.browser.test_accessibility import (
    LOOKS,
    Faults,
    check,
    check_with_sidebar,
    faults,
    wrong_ones,
)
from tests.browser.test_small_screens import WIDTHS, sticks_out


@pytest.fixture
def sample(keep: Callable[..., Page], server: Server) -> Page:
    """A session with the sample network, on a desk."""
    page = keep("sample", lambda page: open_app(page, f"{server.url}/?data=sample"))
    in_look(page, *LOOKS[0])
    return page


@pytest.mark.parametrize("title", MENU)
def test_no_fault_and_one_way_to_scroll(sample: Page, title: str) -> None:
    found: Faults = {}
    wide: dict[tuple[str, int], int] = {}
    go_to(sample, title)
    for place, part in enumerate(views(sample)):
        unfold_all(sample)
        if place:
            in_look(sample, *LOOKS[place % len(LOOKS)])
            found[f"{part}, unfolded"] = faults(sample)
        else:
            check(sample, f"{part}, unfolded", found)
        for width in WIDTHS:
            sample.set_viewport_size({"width": width, "height": 256})
            drawn(sample)
            wide[part, width] = sticks_out(sample)
    assert wrong_ones(found) == {}
    assert {view: pixels for view, pixels in wide.items() if pixels} == {}


def test_no_fault_in_the_glossary_searched(sample: Page) -> None:
    found: Faults = {}
    go_to(sample, "Glossary")
    check_with_sidebar(sample, "Glossary", found)
    box = sample.get_by_role("searchbox", name="Search the measures")
    box.fill("KH03")
    box.press("Enter")
    expect(sample.get_by_text("2 measures found.")).to_be_visible(timeout=WAIT)
    check(sample, "Glossary, a search", found)
    assert wrong_ones(found) == {}
