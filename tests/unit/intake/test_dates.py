from __future__ import annotations

import datetime as dt
import io

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from caremap.intake.dateparts import week_edge
from caremap.intake.dates import read_dates
from caremap.intake.open import open_file

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
    ("202406", "2024-06-01T00:00:00"),
    ("20240630", "2024-06-30T00:00:00"),
    ("1712102400", "2024-04-03T00:00:00"),
    ("1712102400000", "2024-04-03T00:00:00"),
    ("45385.5208333333", "2024-04-03T12:30:00"),
    ("12. März 2024", "2024-03-12T00:00:00"),
    ("1er janvier 2024", "2024-01-01T00:00:00"),
    ("15-ABR-24", "2024-04-15T00:00:00"),
    ("lunes, 3 de junio de 2024", "2024-06-03T00:00:00"),
    ("Freitag, 12.04.2024", "2024-04-12T00:00:00"),
    ("miércoles 3 de enero de 2024", "2024-01-03T00:00:00"),
    ("Samstag, den 6. Jänner 2024", "2024-01-06T00:00:00"),
    ("terça-feira, 2 de abril de 2024", "2024-04-02T00:00:00"),
    ("2024年4月3日", "2024-04-03T00:00:00"),
    ("2024年4月", "2024-04-01T00:00:00"),
    ("2024-04-03T14:20:05.123+02:00", "2024-04-03T14:20:05"),
    ("04/13/2024 2:15:30 PM", "2024-04-13T14:15:30"),
    ("13/04/2024 2:15 p. m.", "2024-04-13T14:15:00"),
    ("13/04/2024 12:05 a. m.", "2024-04-13T00:05:00"),
    ("20240403T0830", "2024-04-03T08:30:00"),
    ("20240403083000", "2024-04-03T08:30:00"),
    ("20240403 08:30", "2024-04-03T08:30:00"),
    ("2024-04-03 24:00", "2024-04-04T00:00:00"),
    ("2024-04-03 25:00", "2024-04-03T00:00:00"),
    ("13.04.2024 14.30", "2024-04-13T14:30:00"),
    ("13.04.2024 14:30 Uhr", "2024-04-13T14:30:00"),
    ("13/04/2024 14h30", "2024-04-13T14:30:00"),
    ("13.04.2024, 14:30", "2024-04-13T14:30:00"),
    ("03APR2024:14:20:05", "2024-04-03T14:20:05"),
    ("2024-04-03-14.20.05.123456", "2024-04-03T14:20:05"),
    ("2024-Apr-03", "2024-04-03T00:00:00"),
    ("févr. 2024", "2024-02-01T00:00:00"),
    ("avr. 2024", "2024-04-01T00:00:00"),
    ("abr/24", "2024-04-01T00:00:00"),
    ("Sept 2024", "2024-09-01T00:00:00"),
    ("2024Q1", "2024-01-01T00:00:00"),
    ("Q1 2024", "2024-01-01T00:00:00"),
    ("1T2024", "2024-01-01T00:00:00"),
    ("T1 2024", "2024-01-01T00:00:00"),
    ("2024-T3", "2024-07-01T00:00:00"),
    ("1º trim 2024", "2024-01-01T00:00:00"),
    ("2º trimestre de 2024", "2024-04-01T00:00:00"),
    ("2024 1. Quartal", "2024-01-01T00:00:00"),
    ("1. Quartal 2024", "2024-01-01T00:00:00"),
    ("3Q24", "2024-07-01T00:00:00"),
    ("Q3/24", "2024-07-01T00:00:00"),
    ("IV trimestre 2024", "2024-10-01T00:00:00"),
    ("Jan-Mar 2024", "2024-01-01T00:00:00"),
    ("April to June 2024", "2024-04-01T00:00:00"),
    ("KW05/2024", "2024-01-29T00:00:00"),
    ("Semana 5 2024", "2024-01-29T00:00:00"),
    ("Semana 5 de 2024", "2024-01-29T00:00:00"),
    ("S05 2024", "2024-01-29T00:00:00"),
    ("Week 5, 2024", "2024-01-29T00:00:00"),
    ("5. KW 2024", "2024-01-29T00:00:00"),
    ("2024 week 5", "2024-01-29T00:00:00"),
    ("2024-S05", "2024-01-29T00:00:00"),
    ("2024-W53", "NaT"),
    ("2020-W53", "2020-12-28T00:00:00"),
    ("2023/24", "NaT"),
    ("FY2023-24", "NaT"),
    ("FY24", "NaT"),
    ("2023-24 Q1", "NaT"),
    ("Q1 2023/24", "NaT"),
    ("April 2023 to March 2024", "NaT"),
    ("2023-2024", "NaT"),
    ("0", "NaT"),
    ("ongoing", "NaT"),
    ("9999-12-31", "9999-12-31T00:00:00"),
    ("3rd April 2024", "2024-04-03T00:00:00"),
    ("April 3rd, 2024", "2024-04-03T00:00:00"),
    ("3 of April 2024", "2024-04-03T00:00:00"),
    ("12april2024", "2024-04-12T00:00:00"),
    ("1º de janeiro de 2024", "2024-01-01T00:00:00"),
    ("1° gennaio 2024", "2024-01-01T00:00:00"),
    ("3 août 2024", "2024-08-03T00:00:00"),
    ("Wed, 03 Apr 2024 14:20:00 GMT", "2024-04-03T14:20:00"),
    ("４/３", "NaT"),
    ("２０２４-０４-０３", "2024-04-03T00:00:00"),
    ("50 to 69", "NaT"),
    ("T1-12", "NaT"),
    ("T124", "NaT"),
    ("10.20.30.40", "NaT"),
    ("2024", "NaT"),
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


def days(*texts: str) -> list[str]:
    found = read_dates(pa.array(texts)).resolve("day-first")
    return found.astype("datetime64[D]").astype(str).tolist()


def test_a_first_number_over_31_makes_the_year_come_first() -> None:
    assert days("99-04-30", "98-12-01", "01-01-05") == ["1999-04-30", "1998-12-01", "2001-01-05"]


def test_few_years_before_many_days_come_first() -> None:
    start = dt.date(2023, 12, 20)
    dates = [start + dt.timedelta(days=day) for day in range(40)]
    assert days(*(f"{date:%y/%m/%d}" for date in dates)) == [str(date) for date in dates]
    assert days("24-01-01", "24-02-01", "24-03-01") == ["2024-01-01", "2024-02-01", "2024-03-01"]


def test_day_month_and_short_year_stay_open() -> None:
    start = dt.date(2023, 12, 1)
    dates = [start + dt.timedelta(days=day) for day in range(300)]
    read = read_dates(pa.array([f"{date:%d/%m/%y}" for date in dates]))
    assert read.resolve("day-first").astype("datetime64[D]").tolist() == dates


def test_two_years_in_a_row_are_a_financial_year_and_no_month() -> None:
    read = read_dates(pa.array(["2010/11", "2011/12", "2012/13", None]))
    assert read.text is not None and read.rows(read.text.financial).tolist() == [True] * 3 + [False]
    assert days("2010/11", "2011/12") == ["NaT", "NaT"]
    assert days("2010/11", "2010/12") == ["2010-11-01", "2010-12-01"]


@pytest.mark.parametrize("text", ["2023/24", "FY24", "2023-24 Q1", "April 2023 to March 2024"])
def test_a_financial_year_has_no_date_and_is_said_to_be_one(text: str) -> None:
    read = read_dates(pa.array([text]))
    assert read.text is not None and read.text.financial.tolist() == [True]
    assert np.isnat(read.resolve("day-first")).all()


@pytest.mark.parametrize("years", [("2021/22", "2022/23"), ("2021-22 Q1", "2022-23 Q2")])
def test_counts_per_financial_year_fit_no_page_and_it_is_said(years: tuple[str, str]) -> None:
    rows = "".join(f"{year},{place},{9 + len(place)}\n" for year in years for place in ("A", "BB"))
    loaded = open_file(f"Period,Hospital,Admissions\n{rows}".encode())
    assert loaded.kind == "lookup"
    assert "financial-years" in {finding.code for finding in loaded.findings}


def test_s_is_a_week_where_there_are_more_than_two() -> None:
    assert days("S1 2024", "S2 2024") == ["NaT", "NaT"]
    assert days("S1 2024", "S2 2024", "S3 2024") == ["2024-01-01", "2024-01-08", "2024-01-15"]


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ([68, 69, 70, 71], [1968, 1969, 1970, 1971]),
        ([31, 45, 66, 68, 72, 85, 99, 5], [1931, 1945, 1966, 1968, 1972, 1985, 1999, 2005]),
        ([10, 11, 65], [2010, 2011, 1965]),
        ([24, 25, 74], [2024, 2025, 1974]),
        ([98, 99, 0, 1], [1998, 1999, 2000, 2001]),
    ],
)  # fmt: skip
def test_two_digit_years_belong_together(years: list[int], expected: list[int]) -> None:
    found = days(*(f"25/12/{year:02d}" for year in years))
    assert [int(day[:4]) for day in found] == expected


def test_periods_are_told_from_days() -> None:
    read = read_dates(pa.array(["2024-W05", "2024-W06", "Q1 2024", "April 2024", "2024-04-03"]))
    assert [read.share(name) for name in ("day", "week", "month", "quarter")] == [
        0.2,
        0.4,
        0.2,
        0.2,
    ]


def test_numbers_are_dates_only_under_a_header_that_says_so() -> None:
    read = read_dates(pa.array(["45385", "202404", "1712102400", "20240403"]))
    assert read.text is not None and read.rows(read.text.bare).tolist() == [True] * 3 + [False]


def test_still_in_hospital_is_missing_and_counted() -> None:
    read = read_dates(pa.array(["25/04/2024", "ongoing", "Still admitted", "n/a", "soon", None]))
    assert read.bad("day-first").tolist() == [False] * 4 + [True, False]
    assert read.words == 3


def test_the_end_of_a_day_is_the_next_midnight() -> None:
    found = read_dates(pa.array(["31/12/2024 24:00", "31/12/2024 23:59"])).resolve("day-first")
    assert found.astype(str).tolist() == [
        "2025-01-01T00:00:00.000000",
        "2024-12-31T23:59:00.000000",
    ]


def test_bad_is_not_missing() -> None:
    dates = read_dates(pa.array(["31/02/2024", "n/a", None, "01/02/2024", "soon"]))
    assert dates.bad("day-first").tolist() == [True, False, False, False, True]


def test_each_value_in_the_one_order_that_fits() -> None:
    dates = read_dates(pa.array(["25/03/2024", "03/25/2024", "03/04/2024", "05/05/2024"]))
    told = dates.resolve_each("day-first", either=False).astype("datetime64[D]").astype(str)
    assert told.tolist() == ["2024-03-25", "2024-03-25", "NaT", "2024-05-05"]
    taken = dates.resolve_each("day-first", either=True).astype("datetime64[D]").astype(str)
    assert taken.tolist() == ["2024-03-25", "2024-03-25", "2024-04-03", "2024-05-05"]


def test_times_of_several_shapes_are_read_as_pandas_does() -> None:
    """What is read by shape and what is read text by text agree with pandas."""
    chance = np.random.default_rng(5)
    moments = np.datetime64("2019-01-01T00:00", "m") + chance.integers(0, 2_600_000, 50_000)
    stamps = pd.Series(moments.astype("datetime64[us]"))
    text = stamps.dt.strftime("%m/%d/%Y %I:%M %p")
    text[::3] = [f"{one.month}/{one.day}/{one.year} {one.hour}:{one.minute:02d}"
                 for one in stamps[::3]]  # fmt: skip
    text[::7] = stamps[::7].dt.strftime("%d %B %Y %H:%M")
    text[::1000] = None
    expected = stamps.where(text.notna()).to_numpy("datetime64[us]")
    found = read_dates(pa.array(text, pa.string(), from_pandas=True)).resolve("month-first")
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("header", "edge"),
    [
        ("Week Ending", "end"), ("w/e", "end"), ("Woche bis", "end"), ("semana terminada", "end"),
        ("Week commencing", "start"), ("W/C", "start"), ("semaine du", "start"),
        ("Week of", "start"), ("last_date_of_week", "end"), ("Week start to end", ""),

        ("Date", ""), ("Week", ""), ("End date", ""),
    ],
)  # fmt: skip
def test_the_header_says_which_end_of_the_week_a_date_is(header: str, edge: str) -> None:
    weekly = np.array(["2024-04-07", "2024-04-14", "NaT", "2024-04-28"], "datetime64[us]")
    assert week_edge(header, weekly) == edge
    assert week_edge(header, np.array(["2024-04-07", "2024-04-08"], "datetime64[us]")) == ""


def test_times_in_utc_are_counted() -> None:
    assert read_dates(pa.array(["2024-04-03T23:30:00Z", "2024-04-03T23:30:00+02:00"])).utc == 1


@given(st.lists(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2099, 12, 31)), min_size=1))
def test_every_way_of_writing_gives_the_same_date(moments: list[dt.datetime]) -> None:
    expected = np.array(moments, "datetime64[s]").tolist()
    for form in (
        "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d %B %Y %H:%M:%S", "%Y%m%d%H%M%S",
        "%d.%m.%Y %I:%M:%S %p", "%A, %d %b %Y, %H:%M:%S", "%d%b%Y:%H:%M:%S", "%Y%m%dT%H%M%SZ",
    ):  # fmt: skip
        text = [moment.strftime(form) for moment in moments]
        found = read_dates(pa.array(text)).resolve("day-first")
        assert found.astype("datetime64[s]").tolist() == expected, form


@given(st.lists(st.text(max_size=20), min_size=1))
def test_no_text_breaks_it(texts: list[str]) -> None:
    dates = read_dates(pa.array(texts, pa.string()))
    for order in ("day-first", "month-first"):
        assert len(dates.resolve(order)) == len(dates.bad(order)) == len(texts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("25012022", "2022-01-25", "NaT"),
        ("01252022", "NaT", "2022-01-25"),
        ("3012022", "2022-01-03", "2022-03-01"),  # the nought lost as a number
        ("20012023", "2023-01-20", "NaT"),  # no date of the year 2001
        ("20230120", "2023-01-20", "2023-01-20"),
        ("2021/01/10 00:00:00+00", "2021-01-10", "2021-01-10"),
        ("2021M03", "2021-03-01", "2021-03-01"),
        ("Jan '24", "2024-01-01", "2024-01-01"),
    ],
)
def test_digits_with_the_year_last_and_other_ways_of_exports(
    text: str, first: str, second: str
) -> None:
    for values in (pa.array([text]), pa.array([text] * 3 + ["soon"])):
        dates = read_dates(values)
        for order, day in (("day-first", first), ("month-first", second)):
            assert str(dates.resolve(order)[0].astype("datetime64[D]")) == day  # type: ignore[arg-type]


def test_a_year_at_the_end_of_a_day_and_a_month_is_no_offset() -> None:
    assert read_dates(pa.array(["01-03-00", "14-03-00"])).utc == 0


def test_eight_digits_are_dates_under_a_header_of_dates_only() -> None:
    rows = [f"{day:02d}032022,{day},{20000000 + 12022 + day}" for day in range(1, 29)]
    loaded = open_file("\n".join(["Date,Admissions,Number", *rows]).encode(), name="march.csv")
    assert loaded.table["date"].tolist() == list(pd.date_range("2022-03-01", periods=28))
    assert "Number" in loaded.table


def test_year_month_and_day_columns_are_days_not_months() -> None:
    days = pd.date_range("2023-03-01", "2023-04-10")
    rows = [f"{day.year},{day.month},{day.day},{2 * day.day}" for day in days]
    loaded = open_file("\n".join(["Year,Month,Day,Admissions", *rows]).encode(), name="f.csv")
    assert loaded.mapping["date"] == ["Year", "Month", "Day"]
    assert loaded.table["date"].tolist() == list(days)


@pytest.mark.parametrize("mixed", [False, True])
def test_day_numbers_count_from_where_the_workbook_says(mixed: bool) -> None:
    days = [dt.date(2024, 4, 7) + dt.timedelta(days=day) for day in range(12)]
    for epoch, first in ((CALENDAR_MAC_1904, dt.date(1904, 1, 1)),
                         (CALENDAR_WINDOWS_1900, dt.date(1899, 12, 30))):  # fmt: skip
        book = openpyxl.Workbook()
        book.epoch = epoch
        sheet = book.active
        assert sheet is not None
        sheet.append(["Patient ID", "Admission Date", "Age"])
        for number, day in enumerate(days):
            cell = f"{day:%d/%m/%Y}" if mixed and day.day > 12 else (day - first).days
            sheet.append([f"P{number}", cell, 40 + number])
        data = io.BytesIO()
        book.save(data)
        loaded = open_file(data.getvalue(), name="stays.xlsx", options={"dates": "as-read"})
        assert [one.date() for one in loaded.table["admitted"]] == days
