from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.intake.headers import clean_text, unique_headers, words


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Admission Date", "admission date"),
        ("ADMIT_DTTM", "admit dttm"),
        ("patientWaitTime", "patient wait time"),
        ("D.O.A", "d o a"),
        ("Date d’entrée", "date d entree"),
        ("Nº Historia", "no historia"),
        ("Größe (cm)", "grosse cm"),
        ("  Patient\u00a0ID\u200b ", "patient id"),
        ("Total.Costs", "total costs"),
        ("% occupied", "% occupied"),
        ("---", ""),
        ("", ""),
    ],
)
def test_a_header_becomes_plain_words(header: str, expected: str) -> None:
    assert words(header) == expected


@given(st.text(max_size=40))
def test_words_are_stable(header: str) -> None:
    assert words(words(header)) == words(header)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["A", "B"], ["A", "B"]),
        (["Date", "date ", None], ["Date (column 1)", "date (column 2)", "Column 3"]),
        (["", "", "x"], ["Column 1", "Column 2", "x"]),
        (["Column 2", None], ["Column 2", "Column 2 (column 2)"]),
    ],
)
def test_no_two_columns_share_a_name(cells: list[str | None], expected: list[str]) -> None:
    assert unique_headers(cells) == expected


@given(st.lists(st.one_of(st.none(), st.text(max_size=6)), max_size=12))
def test_names_are_always_unique_and_never_empty(cells: list[str | None]) -> None:
    named = [name.casefold() for name in unique_headers(cells)]
    assert len(set(named)) == len(named) == len(cells)
    assert all(named)


def test_invisible_characters_go() -> None:
    assert clean_text("\ufeffCost\u200b") == "Cost"
