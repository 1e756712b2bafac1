from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.intake.dates import read_dates

BOTH = [  # the same date, whatever the order
    ("2024-04-03", "2024-04-03T00:00:00"),
    ("2024/4/3 08:47", "2024-04-03T08:47:00"),
    ("2024-04-03T14:20:05", "2024-04-03T14:20:05"),
    ("2024-04-03T14:20:05.123Z", "2024-04-03T14:20:05"),
    ("2024-04-03T14:20:05+02:00", "2024-04-03T14:20:05"),
    ("20240403", "2024-04-03T00:00:00"),
    ("202404031420", "2024-04-03T14:20:00"),
    ("3 April 2024", "2024-04-03T00:00:00"),
    ("April 3, 2024", "2024-04-03T00:00:00"),
    ("Apr 3, 2024 2:20 PM", "2024-04-03T14:20:00"),
    ("Wed, 3 Apr 2024", "2024-04-03T00:00:00"),
    ("3. März 2024", "2024-03-03T00:00:00"),
    ("1er août 2024", "2024-08-01T00:00:00"),
    ("3 de abril de 2024", "2024-04-03T00:00:00"),
    ("03-APR-24", "2024-04-03T00:00:00"),
    ("03-Apr-2024 14:20", "2024-04-03T14:20:00"),
    ("April 2024", "2024-04-01T00:00:00"),
    ("2024-04", "2024-04-01T00:00:00"),
    ("04/2024", "2024-04-01T00:00:00"),
    ("2024-Q2", "2024-04-01T00:00:00"),
    ("Q2 2024", "2024-04-01T00:00:00"),
    ("2024-W05", "2024-01-29T00:00:00"),
    ("2024W05", "2024-01-29T00:00:00"),
    ("2020-W53-7", "2021-01-03T00:00:00"),
    ("KW 5/2024", "2024-01-29T00:00:00"),
    ("45385", "2024-04-03T00:00:00"),
    ("45385.5", "2024-04-03T12:00:00"),
    ("25/04/2024", "2024-04-25T00:00:00"),
    ("2024-02-30", "NaT"),
    ("00/00/0000", "NaT"),
    ("2023-02-29", "NaT"),
    ("2024-13-01", "NaT"),
    ("2024-W60", "NaT"),
    ("10-19", "NaT"),
    ("April", "NaT"),
    ("12:30", "NaT"),
    ("n/a", "NaT"),
    ("", "NaT"),
]
BY_ORDER = [
    ("03/04/2024", "2024-04-03", "2024-03-04"),
    ("3.4.24", "2024-04-03", "2024-03-04"),
    ("03-04-2024 11:50 PM", "2024-04-03", "2024-03-04"),
    ("12/31/2024", "NaT", "2024-12-31"),
    ("31/12/2024", "2024-12-31", "NaT"),
    ("31/02/2024", "NaT", "NaT"),
    ("29/02/2024", "2024-02-29", "NaT"),
    ("1/1/70", "1970-01-01", "1970-01-01"),
    ("1/1/69", "2069-01-01", "2069-01-01"),
]


@pytest.mark.parametrize(("text", "expected"), BOTH)
def test_a_date_is_read(text: str, expected: str) -> None:
    column = pa.array(["25/04/2024", text])  # keeps the column off the fast path
    dates = read_dates(column)
    found = np.where(
        np.isnat(dates.resolve("day-first")), dates.resolve("month-first"),
        dates.resolve("day-first"),
    )  # fmt: skip
    assert found[1] == np.datetime64(expected) or (expected == "NaT" and np.isnat(found[1]))


@pytest.mark.parametrize(("text", "day_first", "month_first"), BY_ORDER)
def test_day_and_month(text: str, day_first: str, month_first: str) -> None:
    dates = read_dates(pa.array([text]))
    assert str(dates.resolve("day-first").astype("datetime64[D]")[0]) == day_first
    assert str(dates.resolve("month-first").astype("datetime64[D]")[0]) == month_first


def test_bad_is_not_missing() -> None:
    dates = read_dates(pa.array(["31/02/2024", "n/a", None, "01/02/2024", "soon"]))
    assert dates.bad("day-first").tolist() == [True, False, False, False, True]


def test_each_value_in_the_one_order_that_fits() -> None:
    dates = read_dates(pa.array(["25/03/2024", "03/25/2024", "03/04/2024", "05/05/2024"]))
    told = dates.resolve_each("day-first", either=False).astype("datetime64[D]").astype(str)
    assert told.tolist() == ["2024-03-25", "2024-03-25", "NaT", "2024-05-05"]
    taken = dates.resolve_each("day-first", either=True).astype("datetime64[D]").astype(str)
    assert taken.tolist() == ["2024-03-25", "2024-03-25", "2024-04-03", "2024-05-05"]


def test_times_in_utc_are_counted() -> None:
    assert read_dates(pa.array(["2024-04-03T23:30:00Z", "2024-04-03T23:30:00+02:00"])).utc == 1


@given(st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2099, 12, 31)), min_size=1))
def test_every_way_of_writing_gives_the_same_date(moments: list[dt.datetime]) -> None:
    expected = np.array(moments, "datetime64[s]").tolist()
    for form in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d %B %Y %H:%M:%S", "%Y%m%d%H%M%S"):
        text = [moment.strftime(form) for moment in moments]
        found = read_dates(pa.array(text)).resolve("day-first")
        assert found.astype("datetime64[s]").tolist() == expected, form


@given(st.lists(st.text(max_size=20), min_size=1))
def test_no_text_breaks_it(texts: list[str]) -> None:
    dates = read_dates(pa.array(texts, pa.string()))
    for order in ("day-first", "month-first"):
        assert len(dates.resolve(order)) == len(dates.bad(order)) == len(texts)  # type: ignore[arg-type]
