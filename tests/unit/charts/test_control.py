"""Control charts: limits, signals by shape and label, and plain words where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import control_figure
from caremap.hidden import WHY_HIDDEN
from caremap.measures import MEASURES
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS = MEASURES["admissions"]


def chart_of(values: list[float], **more: Any) -> pd.DataFrame:
    """An XmR chart of months: limits from the mean difference between neighbours."""
    value = np.array(values, dtype="float64")
    centre, reach = np.nanmean(value), 2.66 * np.nanmean(np.abs(np.diff(value)))
    return pd.DataFrame(
        {
            "period": pd.date_range("2023-01-01", periods=len(value), freq="MS"),
            "value": value,
            "centre": centre,
            "lower": max(centre - reach, 0),
            "upper": centre + reach,
            "signal": np.abs(value - centre) > reach,
            "p": 0.5,
            **more,
        }
    )


CALM = [300.0, 310, 295, 305, 300, 312, 290, 303, 299, 308, 301, 297]
LOUD = [*CALM, 500.0]


def test_signals_are_counted_named_and_told_by_shape_and_label() -> None:
    made = control_figure(chart_of(LOUD), ADMISSIONS)
    drawn = keeps_the_rules(made)
    assert made.title == (
        "1 of 13 months of admissions lies outside what chance explains: January 2024 (500)"
    )
    plain, diamond = layers(drawn, "point")
    assert diamond["mark"]["shape"] == "diamond"
    assert [row["name"] for row in rows(drawn, diamond)] == ["January 2024"]
    assert len(rows(drawn, plain)) == 12
    for width in WIDTHS:
        assert "500" in texts(drawn, width)
    assert made.table["Outside what chance explains"].tolist() == [""] * 12 + ["yes"]


@pytest.mark.parametrize("width", WIDTHS)
def test_mean_and_limits_are_lines_with_words(width: int) -> None:
    frame = chart_of(LOUD)
    seen = texts(control_figure(frame, ADMISSIONS).chart.to_dict(), width)
    for name, column in (("Upper", "upper"), ("Lower", "lower")):
        figure = f"{frame[column].iloc[0]:,.0f}"
        wide = f"{name} limit {figure}" in seen
        assert wide if width > 560 else {name, figure} <= set(seen)


def test_without_a_signal_it_says_chance() -> None:
    frame = chart_of(CALM)
    made = control_figure(frame, ADMISSIONS, period="2023")
    low, high = frame["lower"].iloc[0], frame["upper"].iloc[0]
    assert made.title == (
        f"Admissions: nothing in 12 months but chance: limits {low:,.0f} to {high:,.0f}"
    )
    assert made.subtitle == (
        "Admissions by month · 2023 · 12 months · XmR chart: mean and natural process limits"
    )
    assert len(layers(made.chart.to_dict(), "point")) == 1
    assert not any("diamond" in note for note in made.notes)


def test_of_many_signals_the_farthest_are_named_and_the_course_is_called_unstable() -> None:
    values = [100.0 + 30 * at for at in range(24)]
    made = control_figure(chart_of(values), ADMISSIONS)
    assert "explains: farthest January 2023 (100), " in made.title
    assert "December 2024 (790)" in made.title
    assert any("the course is not stable" in note for note in made.notes)
    drawn = made.chart.to_dict()
    labels = [row for layer in layers(drawn, "text")
              if layer["encoding"].get("text", {}).get("field") == "shown"
              for row in rows(drawn, layer)]  # fmt: skip
    assert {row["name"] for row in labels} == {"January 2023", "December 2024"}


def test_a_run_within_the_limits_is_said_to_be_one() -> None:
    frame = chart_of(CALM).assign(signal=[False] * 4 + [True] * 8)
    made = control_figure(frame, ADMISSIONS)
    assert any(
        note.startswith("8 of them lie within the limits but in a run") for note in made.notes
    )


def test_limits_that_follow_the_days_of_a_month_are_said_to() -> None:
    frame = chart_of(CALM)
    frame[["centre", "upper"]] += np.arange(12.0).reshape(-1, 1)
    made = control_figure(frame, ADMISSIONS)
    keeps_the_rules(made)
    assert made.notes[1] == (
        "Mean and limits follow how long each month is; the figures at them are the last ones."
    )
    assert made.title == "Admissions: nothing in 12 months but chance"


def test_no_figure_and_hidden_are_two_things() -> None:
    frame = chart_of(LOUD, hidden=[False, True] + [False] * 11)
    frame.loc[[1, 2], "value"] = np.nan
    made = control_figure(frame, ADMISSIONS)
    keeps_the_rules(made)
    assert WHY_HIDDEN in made.notes
    assert "× marks a month without a figure (1 of 13): missing is not zero." in made.notes
    assert "1 of 11 months shown of admissions" in made.title
    assert made.table["Hidden"].tolist()[:3] == ["", "yes", ""]
    drawn = made.chart.to_dict()
    assert "February 2023: hidden" in [
        row["said"] for layer in layers(drawn, "text")
        if "description" in layer["encoding"] for row in rows(drawn, layer)
    ]  # fmt: skip


def test_what_cannot_be_drawn_is_an_error() -> None:
    frame = chart_of(CALM)
    with pytest.raises(ValueError, match="has no rows"):
        control_figure(frame.head(0), ADMISSIONS)
    with pytest.raises(ValueError, match="no column 'centre'"):
        control_figure(frame.drop(columns="centre"), ADMISSIONS)
    with pytest.raises(ValueError, match="stands in several rows"):
        control_figure(pd.concat([frame, frame]), ADMISSIONS)


@settings(max_examples=10)
@given(
    st.lists(st.tuples(*[st.floats()] * 4, st.booleans()), min_size=1, max_size=40),
    st.sampled_from(["week", "month", "quarter", "year"]),
    st.sampled_from(["admissions", "length_of_stay", "occupancy", "cost"]),
)
def test_any_frame_becomes_a_figure(found: Any, every: Any, measure: str) -> None:
    frame = pd.DataFrame(found, columns=["value", "centre", "lower", "upper", "signal"])
    starts = {"week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}[every]
    frame["period"] = pd.date_range("2001-01-01", periods=len(frame), freq=starts, unit="us")
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(control_figure(frame, MEASURES[measure], every=every)))
    pd.testing.assert_frame_equal(frame, before)
