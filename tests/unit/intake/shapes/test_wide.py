"""Dates as column headers, from small tables whose answers were worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from caremap import Loaded, open_file


def opened(text: str, name: str = "report.csv", **choices: object) -> Loaded:
    return open_file(text.encode(), name, **choices)  # type: ignore[arg-type]


def codes(loaded: Loaded) -> set[str]:
    return {one.code for one in loaded.findings}


def days(loaded: Loaded) -> list[str]:
    return [str(day.date()) for day in loaded.table["date"]]


@pytest.mark.parametrize(
    ("headers", "dates"),
    [
        ("Jan 2024,Feb 2024,Mar 2024", ["2024-01-01", "2024-02-01", "2024-03-01"]),
        ("Q1 2024,Q2 2024,Q3 2024", ["2024-01-01", "2024-04-01", "2024-07-01"]),
        ("2024 W05,2024 W06,2024 W07", ["2024-01-29", "2024-02-05", "2024-02-12"]),
        ("03/04/2024,04/04/2024,05/04/2024", ["2024-04-03", "2024-04-04", "2024-04-05"]),
        ("04/03/2024,04/04/2024,04/05/2024", ["2024-04-03", "2024-04-04", "2024-04-05"]),
        ("45292,45293,45294", ["2024-01-01", "2024-01-02", "2024-01-03"]),
        ("enero 2024,febrero 2024,marzo 2024", ["2024-01-01", "2024-02-01", "2024-03-01"]),
        ("Week ending 05/01/2024,Week ending 12/01/2024,Week ending 19/01/2024",
         ["2024-01-05", "2024-01-12", "2024-01-19"]),
    ],
)  # fmt: skip
def test_every_way_to_head_a_date(headers: str, dates: list[str]) -> None:
    loaded = opened(f"Admissions\n\nWard,{headers}\nA,1,2,3\nB,4,,6\n")
    assert days(loaded) == [*dates, dates[0], dates[2]]
    assert loaded.table["admissions"].tolist() == [1, 2, 3, 4, 6]
    assert loaded.table.index.tolist() == [4, 4, 4, 5, 5]
    assert {"dates-to-rows", "named-after"} <= codes(loaded)


def test_totals_across_and_below_are_no_data() -> None:
    loaded = opened(
        "Admissions 2024\n\nWard,Jan,Feb,Mar,Total\nA,1,2,3,6\nB,4,5,6,15\nTotal,5,7,9,21\n"
        "Source: register\n"
    )
    assert loaded.table["admissions"].sum() == 21
    assert loaded.set_aside["source row"].tolist() == [6, 7]
    (told,) = [one for one in loaded.findings if one.code == "dates-to-rows"]
    assert "3 months" in told.message
    assert "2 rows" in told.message
    assert "6 rows" in told.message
    assert "“Total”" in told.message


def test_a_year_is_never_invented() -> None:
    loaded = opened("Ward,Jan,Feb,Mar,Apr\nA,1,2,3,4\nB,4,5,6,7\n", "admissions.csv")
    assert loaded.kind == "lookup"
    assert {"no-year", "crosstab"} <= codes(loaded)


def test_a_financial_year_lies_in_two() -> None:
    months = "Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Jan,Feb,Mar"
    numbers = ",".join(map(str, range(12)))
    loaded = opened(f"Admissions 2023/24\n\nTrust,{months}\nA,{numbers}\nB,{numbers}\n")
    assert days(loaded)[:12] == [
        str(day.date()) for day in pd.date_range("2023-04-01", periods=12, freq="MS")
    ]


def test_a_year_column_dates_its_row() -> None:
    loaded = opened("Year,Ward,Jan,Feb,Mar\n2023,A,1,2,3\n2024,A,4,5,6\n", "admissions.csv")
    assert days(loaded) == [f"{year}-0{month}-01" for year in (2023, 2024) for month in (1, 2, 3)]


def test_measures_beside_each_month() -> None:
    loaded = opened("Dept,Jan Adm,Jan Dis,Feb Adm,Feb Dis\nA,1,2,3,4\nB,5,6,7,8\n", "y_2024.csv")
    assert loaded.table["admissions"].tolist() == [1, 3, 5, 7]
    assert loaded.table["discharges"].tolist() == [2, 4, 6, 8]
    assert days(loaded)[:2] == ["2024-01-01", "2024-02-01"]


def test_a_measure_column_and_dates_across() -> None:
    loaded = opened(
        "Ward,Measure,2024-01,2024-02\nA,Admissions,1,2\nA,Discharges,3,4\nB,Admissions,5,6\n"
        "B,Discharges,7,\n"
    )
    assert loaded.table["admissions"].tolist() == [1, 2, 5, 6]
    assert loaded.table["discharges"].tolist()[:3] == [3, 4, 7]
    assert pd.isna(loaded.table["discharges"].iloc[3])


def test_values_without_a_name_ask() -> None:
    text = "Ward,2024-01-01,2024-01-02\nA,1,2\nB,3,4\n"
    assert opened(text).kind == "lookup"
    assert "unnamed-values" in codes(opened(text))
    loaded = opened(text, mapping={"visits": "Value"})
    assert loaded.table["visits"].sum() == 10


def test_the_user_decides_the_order_of_day_and_month() -> None:
    text = "Ward,01/02/2024,01/03/2024,01/04/2024\nA,1,2,3\nB,4,5,6\n"
    first = opened(text, "admissions.csv", options={"dates": "month-first"})
    assert days(first)[:3] == ["2024-01-02", "2024-01-03", "2024-01-04"]
    other = opened(text, "admissions.csv", options={"dates": "day-first"})
    assert days(other)[:3] == ["2024-02-01", "2024-03-01", "2024-04-01"]


@pytest.mark.parametrize("text", [
    "Zip code,2014,2015,2016\n98101,100,110,120\n98102,200,210,220\n",
    "Nurse,2024-01-01,2024-01-02,2024-01-03\nA,D,N,D\nB,N,D,D\n",
    "Ward,Mon,Tue,Wed,Thu,Fri,Sat,Sun\nA,1,2,3,4,5,6,7\nB,1,2,3,4,5,6,7\n",
    "Trust,2010-11,2011-12,2012-13\nA,1,2,3\nB,4,5,6\n",
    "Age band,Male,Female\n0-17,5,6\n18-64,7,8\n65+,9,9\n",
    "Ward,Jan-05,Jan-06,Jan-07\nA,1,2,3\nB,4,5,6\n",
])  # fmt: skip
def test_what_is_no_series_of_dates_stays(text: str) -> None:
    loaded = opened(text)
    assert "dates-to-rows" not in codes(loaded)
    assert len(loaded.columns) == text.split("\n", 1)[0].count(",") + 1


def test_an_odd_header_between_even_dates() -> None:
    names = ["2024-01-01", "2024-01-02", "2024-01-03", "39668", "2024-01-05", "2024-01-06"]
    loaded = opened(f"Admissions\n\nWard,{','.join(names)}\nA,1,2,3,4,5,6\nB,6,5,4,3,2,1\n")
    assert days(loaded)[3] == "2024-01-04"
    assert "odd-header" in codes(loaded)
    assert loaded.table["admissions"].sum() == 42


@pytest.mark.parametrize("months", [2, 3])
def test_headings_that_name_other_measures_are_not_mixed_up(months: int) -> None:
    rows = [["Ward", "Jan 2024", "Feb 2024", "Mar 2024"], ["A", "1", "2", "3"],
            ["Discharges", "", "", ""], ["A", "1", "1", "1"]]  # fmt: skip
    text = "\n".join(",".join(row[: months + 1]) for row in rows)
    loaded = opened(f"Admissions\n\n{text}\n")
    assert loaded.kind == "lookup"
    assert "measures-in-rows" in codes(loaded)


@pytest.mark.parametrize(
    "headers",
    [
        ["01-Mar-23", "02-Mar-23", "03-Mar-23", "04-Mar-23"],
        ["202303", "202304", "202305", "202306"],
    ],
)
@pytest.mark.parametrize("title", ["", "Admissions by department\n"])
def test_short_dates_across_become_rows(headers: list[str], title: str) -> None:
    text = f"{title}Department,{','.join(headers)}\nA,1,2,3,4\nB,2,3,4,5\n"
    loaded = open_file(text.encode(), name="admissions.csv")
    assert loaded.kind == "activity"
    table = loaded.table.pivot_table(index="department", columns="date", values="admissions")
    assert table.to_numpy().tolist() == [[1, 2, 3, 4], [2, 3, 4, 5]]
    assert table.columns[0] == pd.Timestamp("2023-03-01")


@pytest.mark.parametrize("header", ["w/c", "W/E", "Semaine se terminant le", "Week commencing"])
def test_weeks_are_told_by_the_words_of_their_header(header: str) -> None:
    rows = "".join(f"{day:02}/01/2024,{10 + day}\n" for day in (7, 14, 21, 28))
    loaded = open_file(f"{header},Admissions\n{rows}".encode(), name="weeks.csv")
    assert (loaded.kind, loaded.mapping["date"]) == ("activity", header)
    assert "weeks" in {one.code for one in loaded.findings}


def test_a_cell_under_a_date_is_nobodys_stay() -> None:
    dates = ",".join(f"2024-01-{day:02}" for day in range(1, 29))
    rows = "".join(f"P{number},A,{','.join('1' * 28)}\n" for number in range(5))
    loaded = open_file(f"Patient ID,Ward,{dates}\n{rows}".encode(), name="x.csv")
    assert loaded.kind != "stays"
