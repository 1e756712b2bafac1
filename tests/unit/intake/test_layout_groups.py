"""Group names above the header, and how far they reach."""

from __future__ import annotations

import pytest

from caremap.intake.layout import Layout, find_layout

Rows = list[list[object]]
DATA: Rows = [["A", 1, 2, 3, 4], ["B", 5, 6, 7, 8], ["C", 9, 1, 2, 3]]


def found(rows: Rows, merged: tuple[tuple[int, int, int, int], ...] = ()) -> Layout:
    layout = find_layout(rows, None, merged)
    assert layout is not None
    return layout


def test_a_group_name_ends_where_its_merge_ends() -> None:
    rows: Rows = [
        [None, "Beds", None, None, None],
        ["Ward", "Open", "Used", "Staff", "Cost"],
        *DATA,
    ]
    layout = found(rows, ((0, 1, 0, 2),))
    assert layout.headers == ("Ward", "Beds Open", "Beds Used", "Staff", "Cost")


def test_without_merges_a_group_name_reaches_to_the_next() -> None:
    rows: Rows = [[None, "Beds", None, "Flow", None], ["Ward", "Open", "Used", "In", "Out"], *DATA]
    assert found(rows).headers == ("Ward", "Beds Open", "Beds Used", "Flow In", "Flow Out")


def test_two_rows_of_groups() -> None:
    rows: Rows = [
        [None, "Acute", None, None, None],
        [None, "Beds", None, "Flow", None],
        ["Ward", "Open", "Used", "In", "Out"],
        *DATA,
    ]
    layout = found(rows, ((0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4)))
    assert layout.headers == (
        "Ward", "Acute Beds Open", "Acute Beds Used", "Acute Flow In", "Acute Flow Out",
    )  # fmt: skip
    assert (layout.header_row, layout.first_row) == (1, 4)


def test_a_title_above_the_header_is_no_group() -> None:
    rows: Rows = [["Report of the wards"], ["Ward", "Open", "Used", "In", "Out"], *DATA]
    layout = found(rows, ((0, 0, 0, 4),))
    assert layout.headers == ("Ward", "Open", "Used", "In", "Out")
    assert layout.titles == ("Report of the wards",)


def test_the_user_says_there_is_no_header() -> None:
    layout = find_layout([["Ward", "Beds"], ["A", "1"]], header_row=0)
    assert layout is not None
    assert (layout.header_row, layout.first_row, layout.headers) == (0, 1, ("Column 1", "Column 2"))


@pytest.mark.parametrize("names", [
    ["07/2023", "08/2023", "09/2023"], ["45292", "45293", "45294"],
    ["Q1 2024", "Q2 2024", "Q3 2024"], ["2024 W05", "2024 W06", "2024 W07"],
])  # fmt: skip
def test_numbers_that_are_dates_head_columns(names: list[str]) -> None:
    layout = found([["Ward", *names], ["A", "1", "2", "3"], ["B", "4", "5", "6"]])
    assert layout.headers == ("Ward", *names)
