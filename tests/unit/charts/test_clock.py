"""Weekday and hour: what is drawn, what is said, and that nothing breaks it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import clock_figure
from tests.unit.charts.drawing import NUMBERS, coloured, compiles, layers, rows, specification

NAN = float("nan")


def clock(counts: dict[tuple[int, float], float], days: int = 10) -> pd.DataFrame:
    """A whole week of hours, zero where nothing is told; ten of every weekday."""
    hours: list[float] = [NAN] if any(math.isnan(hour) for _, hour in counts) else [*range(24)]
    told = {(day, None if math.isnan(hour) else hour): n for (day, hour), n in counts.items()}
    frame = pd.DataFrame(
        [
            (day, hour, told.get((day, None if math.isnan(hour) else hour), 0))
            for day in range(7)
            for hour in hours
        ],
        columns=["weekday", "hour", "discharges"],
    )
    return frame.assign(days=days, per_day=frame["discharges"] / days)


TIMED = clock({(4, 14): 60, (4, 9): 20, (0, 14): 10, (5, 11): 10})
UNTIMED = clock({(day, NAN): count for day, count in enumerate([50, 50, 50, 50, 90, 20, 20])})


def test_the_title_answers_what_bed_managers_ask() -> None:
    figure = clock_figure(TIMED, "discharges", period="1 Jan to 10 Mar 2024")
    assert figure.title == (
        "Most discharges fall on a Friday (8.0 a day); busiest hour 14:00 to 15:00 (70 %); "
        "30 % leave before noon"
    )
    assert figure.subtitle == (
        "Discharges per hour and weekday, mean of such days · 1 Jan to 10 Mar 2024 · 100 discharges"
    )
    assert figure.alt.endswith(
        "Mean per day: Monday 1.0, Tuesday 0.0, Wednesday 0.0, Thursday 0.0, Friday 8.0, "
        "Saturday 1.0, Sunday 0.0."
    )


def test_admissions_arrive() -> None:
    frame = TIMED.rename(columns={"discharges": "admissions"})
    assert clock_figure(frame, "admissions").title.endswith("30 % arrive before noon")


def test_a_weekday_with_fewer_such_days_is_not_fewer_a_day() -> None:
    frame = clock({(day, NAN): 100 for day in range(7)})
    frame.loc[2, ["days", "per_day"]] = [5, 20.0]
    assert clock_figure(frame, "discharges").title == (
        "Most discharges fall on a Wednesday: 20 a day; fewest on a Monday, Tuesday, Thursday, "
        "Friday, Saturday or Sunday: 10"
    )


def test_a_difference_that_chance_explains_is_no_message() -> None:
    steady = {(day, NAN): count for day, count in enumerate([50, 44, 52, 47, 55, 49, 46])}
    assert clock_figure(clock(steady), "discharges").title == (
        "Discharges differ by weekday no more than chance would: 4.4 to 5.5 a day"
    )
    by_hour = {(day, hour): 10 + (day + hour) % 3 for day in range(7) for hour in range(24)}
    assert clock_figure(clock(by_hour), "discharges").title == (
        "Discharges differ by weekday no more than chance would (26 a day); "
        "no hour stands out; 50 % leave before noon"
    )


def test_a_part_of_a_week_compares_no_weekdays() -> None:
    frame = clock({(0, NAN): 4})
    frame.loc[frame["weekday"] > 0, ["days", "per_day"]] = [0, NAN]
    assert clock_figure(frame, "discharges").title == (
        "Discharges: 4 in all, too few days to compare weekdays"
    )


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (
            UNTIMED,
            "Most discharges fall on a Friday: 9.0 a day; fewest on a Saturday or Sunday: 2.0",
        ),
        (
            clock({(day, NAN): 10 for day in range(7)}),
            "Discharges are alike on all weekdays: 1.0 a day",
        ),
        (clock({}), "There are no discharges to show by weekday"),
        (clock({(0, NAN): 0}), "There are no discharges to show by weekday"),
    ],
)
def test_titles(frame: pd.DataFrame, title: str) -> None:
    figure = clock_figure(frame, "discharges")
    assert figure.title == title
    compiles(figure)


def test_all_hours_and_both_sums_are_drawn() -> None:
    drawn = specification(clock_figure(TIMED, "discharges"))
    cells = coloured(drawn)
    assert len(cells) == 7 * 24
    assert {(row["day"], row["time"]): row["value"] for row in cells if row["value"]} == {
        ("Monday", "14:00"): 1.0,
        ("Friday", "09:00"): 2.0,
        ("Friday", "14:00"): 6.0,
        ("Saturday", "11:00"): 1.0,
    }
    sums = {
        (row["day"], row["time"]): row["value"]
        for layer in layers(drawn, "text")
        for row in rows(drawn, layer)
        if "day" in row["when"] and (row["time"] == "All day" or row["day"] == "Mean day")
    }
    assert sums["Friday", "All day"] == 8.0
    assert sums["Mean day", "14:00"] == 1.0  # 70 in 70 days
    assert sums["Mean day", "All day"] == pytest.approx(100 / 70)
    assert len(sums) == 7 + 24 + 1


def test_a_weekday_the_period_has_not_is_a_cross_and_not_a_zero() -> None:
    frame = UNTIMED.copy()
    frame.loc[2, ["discharges", "days", "per_day"]] = [0, 0, NAN]
    figure = clock_figure(frame, "discharges")
    drawn = specification(figure)
    labels = rows(drawn, layers(drawn, "text")[0])
    assert [row["label"] for row in labels] == ["5.0", "5.0", "×", "5.0", "9.0", "2.0", "2.0"]
    assert "× no such day" in figure.subtitle
    assert "no Wednesday" in figure.alt


def test_many_at_midnight_are_told_to_be_dates_without_times() -> None:
    frame = clock({(0, 0): 40, (0, 15): 60})
    assert "40 % of the discharges are recorded in the hour from 00:00." in " ".join(
        clock_figure(frame, "discharges").notes
    )
    assert clock_figure(TIMED, "discharges").notes == ()


def test_the_table_has_every_hour() -> None:
    table = clock_figure(TIMED, "discharges").table
    assert list(table.columns) == [
        "Weekday",
        "Hour",
        "Discharges",
        "Such days in the period",
        "Discharges per such day",
    ]
    assert len(table) == 168
    assert table["Discharges"].sum() == 100
    assert "Hour" not in clock_figure(UNTIMED, "discharges").table


@pytest.mark.parametrize(
    ("frame", "message"),
    [(TIMED.head(0), "no rows"), (TIMED.drop(columns="days"), "no column 'days'")],
)
def test_what_cannot_be_drawn_is_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        clock_figure(frame, "discharges")


COUNTS = st.lists(
    st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(0, 23)), NUMBERS, NUMBERS),
    min_size=1,
    max_size=12,
)


@settings(max_examples=12)
@given(records=COUNTS)
def test_any_frame_of_the_contract_is_drawn(records: list[Any]) -> None:
    frame = pd.DataFrame(records, columns=["weekday", "hour", "discharges", "days"])
    frame["per_day"] = frame["discharges"] / frame["days"].where(frame["days"] > 0)
    compiles(clock_figure(frame, "discharges"))


def some_hidden(frame: pd.DataFrame) -> pd.DataFrame:
    """The same, with what is from 1 to 10 hidden."""
    few = frame["discharges"].between(1, 10)
    shown = frame[["discharges", "per_day"]].where(~few)
    return frame.assign(**shown, hidden=few)


def test_of_hours_of_which_some_are_hidden_no_day_and_no_hour_is_made() -> None:
    figure = clock_figure(some_hidden(TIMED), "discharges")
    compiles(figure)
    assert figure.title == "Most discharges of those shown: Friday, 14:00 to 15:00, 6.0 a day"
    assert figure.subtitle == ("Discharges per hour and weekday, mean of such days · •• hidden")
    assert "Monday hidden" in figure.alt
    assert "Friday 8.0" in figure.alt
    assert figure.notes == (
        "Counts of 1 to 10 patients, and figures that would give them away, are hidden.",
    )
    drawn = specification(figure)
    masked = [layer for layer in layers(drawn, "text") if layer["mark"].get("text") == "••"]
    assert [row["said"] for row in rows(drawn, masked[0])] == [
        "Saturday, 11:00 to 12:00: hidden discharges per day",
        "Monday, 14:00 to 15:00: hidden discharges per day",
    ]
    sums = rows(drawn, layers(drawn, "text")[-1])
    assert {row["when"] for row in sums}.isdisjoint({"Monday, all day", "Mean day, all day"})
    assert figure.table["Hidden figures"].tolist().count("hidden") == 2


def test_a_weekday_that_is_hidden_has_no_bar_and_is_not_missing() -> None:
    frame = clock({(day, NAN): count for day, count in enumerate([50, 50, 50, 50, 90, 20, 5])})
    figure = clock_figure(some_hidden(frame), "discharges")
    compiles(figure)
    assert figure.title == "Most discharges of those shown: Friday, 9.0 a day"
    assert "Sunday hidden" in figure.alt
    assert "no such day" not in figure.subtitle
