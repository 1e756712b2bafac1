"""A forecast: how much in words, bands told apart without colour, and gaps that are no zeros."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, forecast_figure
from caremap.measures import MEASURES
from tests.unit.charts.ahead import TOTAL, bounded, expected, known
from tests.unit.charts.drawn import WIDTHS, Spec, compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS = MEASURES["admissions"]
STAY = MEASURES["length_of_stay"]


@cache
def usual() -> Figure:
    return forecast_figure(known(), expected(), ADMISSIONS, every="day", total=TOTAL)


@cache
def usual_drawing() -> Spec:
    return keeps_the_rules(usual())


def test_it_says_how_much_how_sure_and_when_most() -> None:
    made = usual()
    assert made.title == (
        "Expect 280 admissions in the next 14 days, 80 % between 258 and 303; busiest Mon 27 Apr"
    )
    assert made.subtitle == (
        "Admissions by day · forecast 27 April to 10 May 2026, known to 26 April 2026"
    )
    assert "Highest Mon 27 Apr 2026: 24 expected, 80 % between 18 and 30, 95 %" in made.alt
    assert made.notes[0] == (
        "Of 100 days, 80 should lie within the darker band and 95 within the lighter one."
    )


@pytest.mark.parametrize(
    ("frame", "measure", "every", "total", "title"),
    [
        # without a total of its own there is no interval: bounds of days do not add up
        (expected(), ADMISSIONS, "day", None,
         "Expect 280 admissions in the next 14 days; busiest Mon 27 Apr"),
        (expected(3, step="W-MON"), ADMISSIONS, "week", {"mean": 75.0, "low_80": 70, "high_80": 81},
         "Expect 75 admissions in the next 3 weeks, 80 % between 70 and 81; "
         "busiest the week of 11 May"),
        (expected(), STAY, "day", {"mean": 4.81, "low_80": 4.6, "high_80": 5.02},
         "Average length of stay: expect 4.8 days on average in the next 14 days, "
         "80 % between 4.6 and 5.0; highest Mon 27 Apr"),
        (expected().assign(mean=20.0), ADMISSIONS, "day", {"mean": 280.0},
         "Expect 280 admissions in the next 14 days"),
        (expected(1).assign(mean=2.4), ADMISSIONS, "day", {"mean": 2.4, "low_80": 0, "high_80": 5},
         "Expect 2.4 admissions in the next 1 day, 80 % between 0 and 5"),
        (expected(), MEASURES["cost"], "day",
         {"mean": 2_500_000.0, "low_80": 2_200_000.0, "high_80": 2_900_000.0},
         "Treatment cost: expect 2.50 million in the next 14 days, 80 % between 2.20 million and "
         "2.90 million; highest Mon 27 Apr"),
        (expected().assign(mean=np.nan), ADMISSIONS, "day", None,
         "Admissions: no forecast for the whole of the next 14 days"),
    ],
)  # fmt: skip
def test_titles(frame: pd.DataFrame, measure: Any, every: Any, total: Any, title: str) -> None:
    total = None if total is None else pd.Series(total)
    made = forecast_figure(known(), frame, measure, every=every, total=total)
    assert made.title.replace(" currency as supplied", "") == title


@pytest.mark.parametrize("width", WIDTHS)
def test_known_and_expected_and_both_bands_have_their_keys(width: int) -> None:
    seen = texts(usual_drawing(), width)
    wide = width > 560
    for word in ("Known", "Expected", *(["80 % interval", "95 % interval"] * wide or ["80 %"])):
        assert word in seen
    assert ("known to Sun 26 Apr" if wide else "known to 26 Apr") in seen
    assert ("forecast from Mon 27 Apr" if wide else "forecast") in seen
    assert {"Mon 27 Apr: 24", "Sun 3 May: 16"} <= set(seen)


def test_bands_differ_by_shade_and_edge_and_the_forecast_is_dashed() -> None:
    drawn = usual_drawing()
    wide, narrow = layers(drawn, "area")
    assert wide["mark"]["fillOpacity"] < narrow["mark"]["fillOpacity"]
    top = {row["date"][:10]: row["top"] for row in rows(drawn, wide)}
    assert top["2026-04-27"] == 34
    edges = [layer["mark"].get("strokeDash") for layer in layers(drawn, "line")]
    assert edges == [[1, 3], [1, 3], None, None, None, [5, 3]]


def test_the_busiest_and_the_quietest_of_seven_days_are_marked() -> None:
    drawn = usual_drawing()
    marked = {
        layer["mark"]["shape"]: [row["name"] for row in rows(drawn, layer)]
        for layer in layers(drawn, "point")
        if "description" in layer["encoding"] and "shape" in layer["mark"]
    }
    assert marked == {
        "triangle-up": ["Mon 27 Apr 2026", "Mon 4 May 2026"],
        "triangle-down": ["Sun 3 May 2026", "Sun 10 May 2026"],
    }


def test_a_day_without_a_figure_is_a_cross_and_breaks_the_line() -> None:
    history = known()
    history.iloc[-3] = np.nan
    made = forecast_figure(history, expected(), ADMISSIONS, every="day")
    drawn = keeps_the_rules(made)
    [cross] = [one for one in layers(drawn, "text") if one["mark"].get("text") == "×"]
    assert [row["said"] for row in rows(drawn, cross)] == ["Fri 24 Apr 2026: no figure"]
    assert "1 day of those drawn has no figure, which is not zero." in made.notes
    line = [one for one in layers(drawn, "line") if one["mark"].get("clip")][0]
    assert [row["value"] for row in rows(drawn, line)][-3] is None


def test_the_axis_of_counts_begins_at_zero_and_that_of_stays_says_where_it_does_not() -> None:
    far = bounded(expected(7).assign(mean=[40.0, 41, 42, 41, 40, 42, 41]))
    for measure, zero in ((ADMISSIONS, True), (STAY, False)):
        drawn = forecast_figure(known() + 20, far, measure, every="day").chart.to_dict()
        encoded = next(one for one in layers(drawn, "line"))["encoding"]["y"]
        assert (encoded["scale"]["domain"][0] == 0) is zero
        assert ("does not start at 0" in encoded["axis"]["title"]) is not zero


def test_the_table_holds_history_and_forecast_in_columns_of_their_own() -> None:
    made = forecast_figure(known(), expected(2), ADMISSIONS, every="day", back=2)
    whole = pd.DataFrame(
        {
            "Day": ["2026-04-25", "2026-04-26", "2026-04-27", "2026-04-28"],
            "Weekday": ["Sat", "Sun", "Mon", "Tue"],
            "Admissions": pd.array([17, 17, None, None], dtype="Int64"),
            "Expected": [np.nan, np.nan, 24, 22],
            "80 % interval: from": [np.nan, np.nan, 18, 16],
            "80 % interval: to": [np.nan, np.nan, 30, 28],
            "95 % interval: from": [np.nan, np.nan, 14, 12],
            "95 % interval: to": [np.nan, np.nan, 34, 32],
        }
    )
    pd.testing.assert_frame_equal(made.table, whole, check_dtype=False)
    assert made.plot is not None
    assert set(made.plot.values) <= set(made.table.columns)  # noqa: PD011
    assert "Drawn are the last 2 days known of 120." in made.notes


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no column 'mean'"):
        forecast_figure(known(), expected().drop(columns="mean"), ADMISSIONS, every="day")
    with pytest.raises(ValueError, match="has no rows"):
        forecast_figure(known(), expected().head(0), ADMISSIONS, every="day")
    with pytest.raises(ValueError, match="stands in several rows"):
        forecast_figure(known(), pd.concat([expected()] * 2), ADMISSIONS, every="day")
    with pytest.raises(ValueError, match="every is one of day, week"):
        forecast_figure(known(), expected(), ADMISSIONS, every="month")  # type: ignore[arg-type]


@settings(max_examples=3)
@given(
    st.lists(st.floats(), max_size=30),
    st.lists(st.tuples(*[st.floats()] * 5), min_size=1, max_size=15),
    st.sampled_from(["day", "week"]),
    st.sampled_from(["admissions", "length_of_stay", "cost"]),
)
def test_any_frame_becomes_a_figure(before: Any, found: Any, every: Any, measure: str) -> None:
    step = {"day": "D", "week": "W-MON"}[every]
    dates = pd.date_range("2026-01-05", periods=len(before) + len(found), freq=step)
    history = pd.Series(before, index=dates[: len(before)], dtype="float64")
    names = ["mean", "low_80", "high_80", "low_95", "high_95"]
    frame = pd.DataFrame(found, columns=names).assign(date=dates[len(before) :])
    total = pd.Series(dict(zip(names, found[0], strict=True)))
    kept = history.copy(), frame.copy()
    made = forecast_figure(history, frame, MEASURES[measure], every=every, total=total)
    compiles(keeps_the_rules(made))
    pd.testing.assert_series_equal(history, kept[0])
    pd.testing.assert_frame_equal(frame, kept[1])


def test_a_measure_of_the_callers_own_will_do() -> None:
    own = replace(ADMISSIONS, name="theatre", title="Theatre cases", unit="cases")
    made = forecast_figure(known(), expected(), own, every="day", total=TOTAL, period="spring")
    assert forecast_figure(known(), expected(1), own, every="day", title="Mine").title == "Mine"
    assert made.title.startswith("Expect 280 theatre cases in the next 14 days")
    assert (made.name, made.subtitle) == (
        "theatre_forecast_by_day",
        "Theatre cases by day · spring",
    )
