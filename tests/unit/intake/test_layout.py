from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.intake.layout import dates_across, find_layout

Rows = list[list[object]]
HEAD = ["Ward", "Date", "Beds"]
DATA: Rows = [["A", "2024-01-01", "12"], ["B", "2024-01-02", "9"], ["C", "2024-01-03", "7"]]


@pytest.mark.parametrize(
    ("rows", "header_row", "first_row", "headers"),
    [
        ([HEAD, *DATA], 1, 2, ("Ward", "Date", "Beds")),
        ([["Report"], [], HEAD, *DATA], 3, 4, ("Ward", "Date", "Beds")),
        ([["Report", None, None], ["Run on", "2024-02-01"], HEAD, *DATA], 3, 4, tuple(HEAD)),
        ([["Stay", "", "Money"], ["From", "To", "Cost"], ["1", "2", "3"], ["4", "5", "6"]], 1, 3,
         ("Stay From", "Stay To", "Money Cost")),
        ([["1", "2", "3"], ["4", "5", "6"]], 0, 1, ("Column 1", "Column 2", "Column 3")),
        ([["Ward", "2023", "2024"], ["A", "5", "6"], ["B", "7", "8"]], 1, 2,
         ("Ward", "2023", "2024")),
        ([["Title"], ["Area", "2024-01-01", "2024-01-02", "2024-01-03"], ["A", 1.0, 2.0, 3.0],
          ["B", 1.0, 2.0, 3.0]], 2, 3, ("Area", "2024-01-01", "2024-01-02", "2024-01-03")),
        ([["A", "B", "", ""], ["1", "2", "", ""]], 1, 2, ("A", "B")),
        ([["A", "", "C"], ["x", "5", "6"], ["y", "6", "7"], ["x", "8", "9"]], 1, 2,
         ("A", "Column 2", "C")),
    ],
)  # fmt: skip
def test_the_header_is_found(
    rows: Rows, header_row: int, first_row: int, headers: tuple[str, ...]
) -> None:
    layout = find_layout(rows)
    assert layout is not None
    assert (layout.header_row, layout.first_row, layout.headers) == (header_row, first_row, headers)


def test_the_user_says_where_the_header_is() -> None:
    layout = find_layout([["x", "y"], ["Ward", "Beds"], ["A", "1"]], header_row=2)
    assert layout is not None
    assert layout.headers == ("Ward", "Beds")
    assert layout.above == (1,)


def test_nothing_is_nothing() -> None:
    assert find_layout([]) is None
    assert find_layout([[None, ""], ["  "]]) is None


@pytest.mark.parametrize(
    ("names", "across"),
    [
        (["Ward", "2024-01-01", "2024-01-02", "2024-01-03"], True),
        (["Ward", "1/1/2024", "2/1/2024", "3/1/2024"], True),
        (["Dept", "Jan Adm", "Jan Dis", "Feb Adm", "Feb Dis"], True),
        (["Ward", "January", "February", "March"], True),
        (["Ward", "Admission date", "Mar beds"], False),
        (["Ward", "Beds"], False),
        ([], False),
    ],
)
def test_dates_across_the_columns_are_a_cross_tab(names: list[str], across: bool) -> None:
    assert dates_across(names) == across


cells = st.one_of(st.none(), st.text(max_size=5), st.floats(), st.booleans(),
                  st.just(dt.datetime(2024, 1, 1)))  # fmt: skip


@given(st.lists(st.lists(cells, max_size=5), max_size=8))
def test_any_sheet_has_a_sound_layout_or_none(rows: Rows) -> None:
    layout = find_layout(rows)
    if layout is not None:
        assert layout.header_row < layout.first_row <= len(rows) + 2
        assert len({name.casefold() for name in layout.headers}) == len(layout.headers)
