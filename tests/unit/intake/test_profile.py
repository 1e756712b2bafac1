from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.intake.profile import SAMPLE, profile


@pytest.mark.parametrize(
    ("values", "share"),
    [
        (["1", "2,5", "x"], {"number": 2 / 3}),
        (["1", "2", "3.5"], {"number": 1, "integer": 2 / 3}),
        (["1.200", "2.300"], {"grouped": 1}),
        (["2024-01-01", "03/04/2024"], {"date": 1, "number": 0}),
        (["45385", "45386"], {"serial": 1, "date": 0, "number": 1}),
        (["2024-01-01 10:00", "2024-01-01"], {"timed": 0.5}),
        (["Yes", "no", "Oui", "maybe"], {"flag": 0.75}),
        (["0-17", "18 to 29", "70 or Older", "90+"], {"band": 1}),
        (["47,60", "980,00"], {"band": 0, "number": 1}),
        (["[0,10)", "(10;20]"], {"band": 1, "number": 0}),
        (["98007", "98104-1234", "SW1A 1AA", "01310-100"], {"postal": 1}),
        (["a@b.org", "x"], {"email": 0.5}),
        (["+44 20 7946 0000", "206-555-0100"], {"phone": 1}),
        (["145-39-5406", "12345678Z"], {"national": 1}),
        (["Tiffany Ramirez", "O’Brien, Jack"], {"person": 1}),
        (["007", "7"], {"leading_zero": 0.5}),
    ],
)
def test_values_look_like_something(values: list[str], share: dict[str, float]) -> None:
    seen = profile(pa.array(values))
    assert {name: getattr(seen, name) for name in share} == pytest.approx(share)


def test_words_for_missing_are_no_values() -> None:
    seen = profile(pa.array(["n/a", None, "", "5"]))
    assert (seen.filled, seen.kinds, seen.number) == (0.25, 1, 1.0)
    assert profile(pa.array(["", None])).empty


def test_native_columns_of_a_workbook() -> None:
    assert profile(pa.array([1.0, 2.5, None])).number == 1
    assert profile(pa.array([dt.datetime(2024, 1, 1)], pa.timestamp("us"))).date == 1
    assert profile(pa.array([True, False])).flag == 1


def test_a_large_column_is_sampled_to_its_end() -> None:
    seen = profile(pa.array([str(number) for number in range(SAMPLE * 5)]))
    assert (seen.rows, seen.low, seen.high) == (SAMPLE * 5, 0, SAMPLE * 5 - 1)


@given(st.lists(st.one_of(st.none(), st.text(max_size=15)), max_size=30))
def test_shares_are_shares(values: list[str | None]) -> None:
    seen = profile(pa.array(values, pa.string()))
    for name in ("filled", "distinct", "number", "integer", "date", "serial", "flag", "postal"):
        assert 0 <= getattr(seen, name) <= 1 + 1e-9, name
