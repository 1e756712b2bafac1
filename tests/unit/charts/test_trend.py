"""A measure over time with its message, its words and its numbers."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import trend_figure
from caremap.measures import MEASURES
from tests.unit.charts.drawn import (
    WIDTHS,
    compiles,
    keeps_the_rules,
    layers,
    months,
    rows,
    texts,
    words,
)

STYLES = ["bars", "line", "area", None]


def figure(values: list[float | None], name: str = "admissions", **choices: Any) -> Any:
    frame = {key: choices.pop(key) for key in ("start", "complete") if key in choices}
    return trend_figure(months(values, name=name, **frame), MEASURES[name], **choices)


WHOLE = {"complete": [True, True]}


# --- the message ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "start", "complete", "title"),
    [
        # July and August are equally long: the counts themselves are compared
        ([310, 325], "2023-07-01", [1, 1], "Admissions: 325 in August 2023, up 4.8 % on July"),
        ([325, 310], "2023-07-01", [1, 1], "Admissions: 310 in August 2023, down 4.6 % on July"),
        ([310, 310], "2023-07-01", [1, 1], "Admissions: 310 in August 2023, the same as in July"),
        (
            [100_000, 100_001], "2023-07-01", [1, 1],
            "Admissions: 100,001 in August 2023, nearly the same as in July",
        ),
        # 10 a day in both: February is no fall
        (
            [310, 280], "2023-01-01", [1, 1],
            "Admissions: 280 in February 2023, the same per day as in January",
        ),
        # more in March than in February, and yet fewer a day
        (
            [280, 300], "2023-02-01", [1, 1],
            "Admissions: 300 in March 2023, per day down 3.2 % on February",
        ),
        (
            [400, 300], "2023-12-01", [1, 1],
            "Admissions: 300 in January 2024, down 25.0 % on December 2023",
        ),
        # a month so far is compared with nothing
        (
            [310, 325, 174], "2023-07-01", [1, 1, 0],
            "Admissions: 325 in August 2023, up 4.8 % on July; 174 in September so far",
        ),
        ([310, 174], "2023-07-01", [1, 0], "Admissions: 310 in July 2023; 174 in August so far"),
        ([174], "2023-07-01", [0], "Admissions: 174 in July 2023, so far"),
        ([90, 325], "2023-07-01", [0, 1], "Admissions: 325 in August 2023"),
        ([90, 90], "2023-07-01", [0, 0], "Admissions: no month is whole"),
        ([None, None], "2023-07-01", [1, 1], "Admissions: no month has a figure"),
        # nothing is said of a month that has no neighbour to be compared with
        ([310, None, 325], "2023-06-01", [1, 1, 1], "Admissions: 325 in August 2023"),
        ([310, None], "2023-06-01", [1, 1], "Admissions: 310 in June 2023"),
        # percentages of little or nothing say more than there is
        ([6, 8], "2023-07-01", [1, 1], "Admissions: 8 in August 2023, 6 in July"),
        ([0, 300], "2023-07-01", [1, 1], "Admissions: 300 in August 2023, 0 in July"),
        ([30, 3000], "2023-07-01", [1, 1], "Admissions: 3,000 in August 2023, 30 in July"),
    ],
)  # fmt: skip
def test_the_title_holds_the_last_whole_month_and_compares_like_with_like(
    values: list[float | None], start: str, complete: list[bool], title: str
) -> None:
    assert figure(values, start=start, complete=list(map(bool, complete))).title == title


@pytest.mark.parametrize(
    ("name", "values", "title"),
    [
        (
            "length_of_stay", [4.6, 4.9],
            "Average length of stay: 4.9 days in August 2023, up from 4.6 in July",
        ),
        (
            "occupancy", [85.2, 83.1],
            "Bed occupancy: 83.1 % in August 2023, down from 85.2 % in July",
        ),
        (
            "occupancy", [83.1, 83.12],
            "Bed occupancy: 83.1 % in August 2023, the same as in July",
        ),
        ("staffed_beds", [50, 52], "Staffed beds: 52.0 in August 2023, up from 50.0 in July"),
        (
            "cost", [24e6, 25.5e6],
            "Treatment cost: 25.5 million in August 2023, up 6.2 % on July",
        ),
        (
            "cost", [-5e6, 25.5e6],
            "Treatment cost: 25.5 million in August 2023, -5.00 million in July",
        ),
    ],
)  # fmt: skip
def test_ratios_and_stocks_say_from_what(name: str, values: list[float], title: str) -> None:
    assert figure(values, name, start="2023-07-01", **WHOLE).title == title


def test_by_year_the_same_month_a_year_before() -> None:
    values = [300.0] * 12 + [310.0, 280.0, 100.0]
    made = figure(values, start="2023-01-01", year_over_year=True)
    # February 2024 has a day more than February 2023
    assert made.title == (
        "Admissions: 280 in February 2024, per day down 9.9 % on February 2023; 100 in March so far"
    )
    assert "(January to February): 590 in 2024, 600 in 2023." in made.alt
    assert "(January to February): 590 in 2024, 600 in 2023." in made.notes[-1]


@pytest.mark.parametrize(
    ("values", "complete"),
    [
        ([None] + [300] * 12, [True] * 13),  # a year before there is no figure
        ([300] * 13, [False] + [True] * 12),  # or only a part of one
        ([300] * 3, [True] * 3),  # or nothing
    ],
)
def test_by_year_nothing_is_compared_that_is_not_whole(
    values: list[float | None], complete: list[bool]
) -> None:
    made = figure(values, complete=complete, year_over_year=True)
    assert " on " not in made.title
    assert "same" not in made.title
    assert made.table.iloc[-1]["Change per day (%)"] is pd.NA or np.isnan(
        made.table.iloc[-1]["Change per day (%)"]
    )
    assert "whole in both years" not in made.alt


def test_weeks_are_compared_by_their_number() -> None:
    period = pd.date_range("2019-12-30", periods=54, freq="W-MON")
    frame = pd.DataFrame({"period": period, "admissions": range(100, 154), "complete": True})
    made = trend_figure(frame, MEASURES["admissions"], every="week", year_over_year=True)
    # 2020 has 53 weeks in ISO 8601, and 4 January 2021 begins week 1 of the next year
    assert made.title == (
        "Admissions: 153 in the week of 4 January 2021, up 53.0 % on the week of 30 December 2019"
    )


def test_29_february_has_nothing_before_it_and_1_march_is_compared_with_1_march() -> None:
    period = pd.date_range("2023-02-27", "2024-03-01", freq="D")
    frame = pd.DataFrame({"period": period, "admissions": 30.0, "complete": True})
    made = trend_figure(frame, MEASURES["admissions"], every="day", year_over_year=True)
    table = made.table.set_index("Day")["A year before"]
    assert table["2024-02-28"] == 30
    assert pd.isna(table["2024-02-29"])
    assert table["2024-03-01"] == 30


# --- what goes with it ----------------------------------------------------------------------


def test_the_subtitle_says_measure_unit_period_and_n() -> None:
    said = figure([310, 325, 174], start="2023-07-01", period="1 Jul 2023 to 17 Sep 2023").subtitle
    assert said == "Admissions by month · 1 Jul 2023 to 17 Sep 2023 · 809 in all"
    assert figure([4.5, 4.6], "length_of_stay").subtitle == (
        "Average length of stay by month, days · January to February 2023 · 2 months"
    )


def test_what_is_not_known_is_not_in_the_sum_and_rates_are_not_added() -> None:
    assert figure([310, None, 174]).subtitle.endswith("484 in all in the 2 months with a figure")
    assert figure([2.5, 2.5], "turnover").subtitle.endswith("· 2 months")


def test_the_table_has_every_period_and_whether_it_is_whole() -> None:
    pd.testing.assert_frame_equal(
        figure([90, None, 0, 174], complete=[False, True, True, False]).table,
        pd.DataFrame(
            {
                "Month": ["2023-01", "2023-02", "2023-03", "2023-04"],
                "Admissions": pd.array([90, None, 0, 174], dtype="Int64"),
                "Whole month": ["no, only a part", "yes", "yes", "no, so far"],
            }
        ),
        check_dtype=False,
    )


def test_the_table_by_year_has_the_year_before_and_the_change() -> None:
    table = figure([300.0] * 12 + [330.0, 174.0], year_over_year=True).table.tail(2)
    assert table.to_dict("list") == {
        "Month": ["2024-01", "2024-02"],
        "Admissions": [330, 174],
        "Whole month": ["yes", "no, so far"],
        "A year before": [300, 300],
        "Change per day (%)": [10.0, pytest.approx(np.nan, nan_ok=True)],
    }
    ratio = figure([80.0] * 12 + [82.5], "occupancy", complete=[True] * 13, year_over_year=True)
    assert ratio.table.columns.tolist()[1] == "Bed occupancy (%)"
    assert ratio.table["Change (percentage points)"].iloc[-1] == 2.5


def test_no_rows_are_an_error() -> None:
    with pytest.raises(ValueError, match="There is no month to show"):
        figure([], complete=[])


# --- what is drawn --------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["admissions", "length_of_stay"])
def test_in_every_style_the_partial_month_is_hollow_and_missing_is_a_cross(
    style: Any, name: str
) -> None:
    made = figure([5, None, 4, 2], name, style=style)
    drawn = made.chart.to_dict()
    keeps_the_rules(made)
    mark = "bar" if style == "bars" or (style is None and name == "admissions") else "point"
    solid, hollow = layers(drawn, mark)
    assert [row["value"] for row in rows(drawn, solid)] == [5, 4]
    assert [row["value"] for row in rows(drawn, hollow)] == [2]
    assert hollow["mark"]["fill"] == "transparent"
    assert "month so far" in words(drawn)
    assert "×" in words(drawn)
    assert bool(layers(drawn, "area")) == (style == "area")


@pytest.mark.parametrize("style", ["bars", "area"])
def test_bars_and_areas_start_at_zero_whatever_they_show(style: Any) -> None:
    made = figure([90.0, 91.0], "occupancy", style=style, **WHOLE)
    y = next(iter(layers(made.chart.to_dict(), "point" if style == "area" else "bar")))
    assert y["encoding"]["y"]["scale"]["domain"][0] == 0
    line = figure([90.0, 91.0], "occupancy", style="line", **WHOLE).chart.to_dict()
    assert layers(line, "point")[0]["encoding"]["y"]["scale"]["domain"][0] > 0


def test_by_year_bars_stand_side_by_side_from_the_oldest_to_the_newest() -> None:
    made = figure([float(at) for at in range(100, 128)], year_over_year=True)
    drawn = made.chart.to_dict()
    keeps_the_rules(made)
    solid, hollow = layers(drawn, "bar")
    january = [row for row in rows(drawn, solid) if row["place"] == 0]
    assert [row["year"] for row in sorted(january, key=lambda row: row["at"])] == [2023, 2024, 2025]
    assert [row["shade"] for row in january] == sorted(row["shade"] for row in january)
    assert all(
        before["to"] <= after["at"] for before, after in zip(january, january[1:], strict=False)
    )
    assert [row["name"] for row in rows(drawn, hollow)] == ["April 2025"]
    assert "in each from left to right: 2023, 2024, 2025" in texts(drawn)
    assert "dashed: so far, or only a part" in texts(drawn, 340)


def test_by_year_lines_have_the_name_of_their_year_at_their_end() -> None:
    made = figure([float(at) for at in range(100, 128)], style="line", year_over_year=True)
    keeps_the_rules(made)
    for width in WIDTHS:
        assert {"▲ 2023", "■ 2024", "● 2025"} <= set(texts(made.chart.to_dict(), width))


def test_names_of_years_that_end_alike_are_moved_apart() -> None:
    made = figure([100.0] * 48, complete=[True] * 48, style="line", year_over_year=True)
    drawn = made.chart.to_dict()
    names = [row for layer in layers(drawn, "text") for row in rows(drawn, layer)]
    heights = sorted(row["value"] for row in names)
    low, high = layers(drawn, "line")[0]["encoding"]["y"]["scale"]["domain"]
    assert len(heights) == 4
    apart = [after - before for before, after in itertools.pairwise(heights)]
    assert min(apart) >= (high - low) * 14 / 300
    assert heights[-1] <= high


def test_more_than_four_years_are_in_the_table_and_said() -> None:
    made = figure([float(at) for at in range(72)], complete=[True] * 72, year_over_year=True)
    drawn = made.chart.to_dict()
    years = {row["year"] for row in rows(drawn, layers(drawn, "bar")[0])}
    assert years == {2025, 2026, 2027, 2028}
    assert "Only the last 4 years are drawn; 2023 to 2024 can be read in the table." in made.notes
    assert len(made.table) == 72


def test_whole_years_stay_side_by_side() -> None:
    frame = pd.DataFrame(
        {"period": pd.to_datetime(["2022-01-01", "2023-01-01"]), "cost": [30.0, 33.0],
         "complete": True}
    )  # fmt: skip
    one, other = (
        trend_figure(frame, MEASURES["cost"], every="year", year_over_year=choice)
        for choice in (True, False)
    )
    assert one.title == other.title == "Treatment cost: 33 in 2023, up 10.0 % on 2022"
    assert one.chart.to_dict() == other.chart.to_dict()


# --- any frame ------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True, width=64),
    st.integers(0, 400).map(float),
)


@st.composite
def trends(draw: st.DrawFn) -> dict[str, Any]:
    every = draw(st.sampled_from(["day", "week", "month", "quarter", "year"]))
    frequency = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}[every]
    values = draw(st.lists(NUMBERS, min_size=1, max_size=30))
    start = draw(st.dates(min_value=pd.Timestamp("1999-01-01").date(),
                          max_value=pd.Timestamp("2030-01-01").date()))  # fmt: skip
    period = pd.date_range(start, periods=len(values), freq=frequency)
    name = draw(st.sampled_from(["admissions", "cost", "occupancy", "staffed_beds", "turnover"]))
    complete = draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    frame = pd.DataFrame({"period": period, name: values, "complete": complete})
    return {"trend": frame, "measure": MEASURES[name], "every": every}


@settings(max_examples=12)
@given(trends(), st.sampled_from(STYLES), st.booleans())
def test_any_trend_becomes_a_figure(made: dict[str, Any], style: Any, year: bool) -> None:
    before = made["trend"].copy(deep=True)
    result = trend_figure(**made, style=style, year_over_year=year)
    compiles(keeps_the_rules(result))
    assert len(result.table) == len(before)
    pd.testing.assert_frame_equal(made["trend"], before)


@settings(max_examples=30)
@given(
    st.integers(20, 10_000), st.integers(0, 10_000), st.sampled_from(["2023-01-01", "2023-07-01"])
)
def test_the_direction_said_is_that_of_the_counts_per_day(
    before: int, after: int, start: str
) -> None:
    title = figure([float(before), float(after)], start=start, **WHOLE).title
    days = [31, 28] if start == "2023-01-01" else [31, 31]
    rates = [before / days[0], after / days[1]]
    if " up " in title:
        assert rates[1] > rates[0]
    elif " down " in title:
        assert rates[1] < rates[0]
    elif "the same" in title:
        assert rates[1] == pytest.approx(rates[0], rel=0.0006)
    else:
        assert after >= 10 * before


# --- what is hidden -------------------------------------------------------------------------


@pytest.mark.parametrize("year_over_year", [False, True])
def test_of_hidden_periods_no_sum_is_made_and_they_are_no_gaps(year_over_year: bool) -> None:
    values: list[float | None] = [310.0, None, 300.0, None, 325.0]
    frame = months(values, complete=[True] * 5).assign(hidden=[False, True, False, False, False])
    made = trend_figure(frame, MEASURES["admissions"], year_over_year=year_over_year)
    drawn = keeps_the_rules(made)
    assert made.title == "Admissions: 325 in May 2023"
    assert made.subtitle.endswith("3 of 5 months shown")
    assert "Of those shown, highest 325" in made.alt
    assert "1 month has a hidden figure: February 2023." in made.alt
    assert "1 month has no figure: April 2023." in made.alt
    assert made.notes[0].startswith("Counts of 1 to 10 patients")
    assert any("(1 of 5)" in note for note in made.notes)
    assert made.table["Hidden figures"].tolist() == ["", "hidden", "", "", ""]
    assert sorted(text for text in texts(drawn) if text in ("×", "••")) == ["×", "••"]


def test_where_all_is_hidden_nothing_is_said_of_it() -> None:
    frame = months([None, None], complete=[True, True]).assign(hidden=True)
    made = trend_figure(frame, MEASURES["admissions"])
    assert made.title == "Admissions: no month has a figure that can be shown"
    keeps_the_rules(made)
