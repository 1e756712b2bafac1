from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pytest

from caremap.intake.cells import text_of
from caremap.intake.flags import to_flags
from caremap.intake.values import extra_column, to_numbers, to_text
from caremap.schema import FIELDS


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        (["1", "2", None], "Int64", [1, 2, pd.NA]),
        (["1.5", "2"], "float64", [1.5, 2.0]),
        (["007", "12"], "str", ["007", "12"]),
        (["1E5", "2E7"], "str", ["1E5", "2E7"]),
        (["inf", "1"], "str", ["inf", "1"]),
        (["12345678901234567890", "1"], "str", ["12345678901234567890", "1"]),
        (["a", "NA", ""], "str", ["a", None, None]),
        (["None", "Unknown"], "str", ["None", "Unknown"]),
        ([1.0, 2.0], "Int64", [1, 2]),
        ([True, None], "boolean", [True, pd.NA]),
    ],
)
def test_a_column_that_matches_no_field(
    values: list[object], dtype: str, expected: list[object]
) -> None:
    made = extra_column(pa.array(values), 0.0)
    pd.testing.assert_series_equal(made, pd.Series(expected, dtype=dtype))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1169.0, 2.5, None], ["1169", "2.5", None]),
        (["  a ", "b\u00a0c", "\u200bd"], ["a", "b c", "d"]),
        ([dt.datetime(2024, 1, 2)], ["2024-01-02 00:00:00.000000"]),
    ],
)
def test_cells_as_text(values: list[object], expected: list[str | None]) -> None:
    assert text_of(pa.array(values)).to_pylist() == expected


def test_words_for_missing_go_and_categories_stay() -> None:
    made = to_text(pa.array(["None", "Unknown", "N/A", "", "000123"]), FIELDS["department"])
    assert made.series.tolist()[:2] == ["None", "Unknown"]
    assert made.series.isna().tolist() == [False, False, True, True, False]
    assert made.words == 1


def test_a_zip_code_keeps_its_zeros_and_loses_its_decimals() -> None:
    made = to_text(pa.array(["00501", "98101.0"]), FIELDS["zip"])
    assert made.series.tolist() == ["00501", "98101"]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("Yes", True), ("oui", True), ("Ja", True), ("SÍ", True), ("1", True), ("TRUE", True),
     ("No", False), ("nein", False), ("não", False), ("0", False), ("?", None), ("", None)],
)  # fmt: skip
def test_yes_and_no_in_six_languages(word: str, meaning: bool | None) -> None:
    made = to_flags(pa.array([word]))
    assert made.series.tolist() == [pd.NA if meaning is None else meaning]
    assert not made.bad.any()


def test_other_words_are_neither_yes_nor_no() -> None:
    assert to_flags(pa.array(["maybe", "yes"])).bad.tolist() == [True, False]


def test_native_booleans_are_no_numbers() -> None:
    made = to_numbers(pa.array([True, None]), FIELDS["age"])
    assert made.series.isna().all()
    assert made.bad.tolist() == [True, False]
