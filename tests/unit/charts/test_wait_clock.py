"""Waits by weekday and hour: medians in cells, and no hour named that chance may have picked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import wait_clock_figure
from caremap.charts.figure import Plot
from caremap.charts.wait_clock import _cells, _title
from caremap.hidden import WHY_HIDDEN
from tests.unit.charts.drawn import WIDTHS, compiles, layers, leaves, rows, texts

NAN = float("nan")


def clock_of(waits: dict[tuple[int, int], Any], target: float = 240) -> pd.DataFrame:
    """Every cell of the week as the measures give it, from lists of single waits."""
    found = []
    for day in range(7):
        for hour in range(24):
            some = np.asarray(waits.get((day, hour), []), dtype="float64")
            facts = (NAN, NAN, NAN, 0)
            if len(some):
                within = (some <= target).mean() * 100
                facts = (np.median(some), np.quantile(some, 0.9), within, len(some))
            found.append((day, hour, *facts))
    return pd.DataFrame(
        found, columns=["weekday", "hour", "median", "p90", "within_target", "n"]
    ).astype({"hour": "float64"})


def week(seed: int, each: int = 60, mean: float = 40) -> dict[tuple[int, int], Any]:
    chance = np.random.default_rng(seed)
    return {(day, hour): chance.exponential(mean, each) for day in range(7) for hour in range(24)}


def cells(figure: Any) -> list[dict[str, Any]]:
    drawn = figure.chart.to_dict()
    (coloured,) = [layer for layer in layers(drawn, "rect") if "color" in layer["encoding"]]
    return rows(drawn, coloured)


def test_a_busy_hour_is_named_with_its_median() -> None:
    waits = week(1) | {(4, 17): np.full(60, 200.0)}
    made = wait_clock_figure(clock_of(waits), period="2024")
    assert made.title == (
        "Longest waits: Friday 17:00 to 18:00, median 3 h 20 min; over 99 % of all within 4 h"
    )
    assert made.subtitle == ("Median waiting time by hour and weekday · 2024 · 10,080 known waits")
    assert len(cells(made)) == 168
    assert "Highest cell, Friday 17:00 to 18:00: median 3 h 20 min, 90 % within" in made.alt


def test_no_hour_is_named_where_all_are_alike() -> None:
    named = 0
    for seed in range(40):
        chance = np.random.default_rng(seed)
        draw = chance.uniform if seed % 2 else chance.exponential  # the flattest, and a long tail
        size = (7, 24, 30)
        waits = draw(10, 60, size) if seed % 2 else draw(40, size)
        cells = {(day, hour): waits[day, hour] for day in range(7) for hour in range(24)}
        named += "no more than chance" not in _title(_cells(clock_of(cells), 240), 240)
    assert named <= 3  # one is expected at most


def test_slow_nights_are_not_called_chance_where_no_hour_stands_out() -> None:
    chance = np.random.default_rng(5)
    waits = {(day, hour): chance.exponential(80 if hour < 6 else 40, 25)
             for day in range(7) for hour in range(24)}  # fmt: skip
    title = wait_clock_figure(clock_of(waits)).title
    assert title.startswith("Waits differ over the week, but no single time stands out")


@pytest.mark.parametrize("width", WIDTHS)
def test_cells_show_medians_brackets_for_few_and_a_dot_for_none(width: int) -> None:
    waits = {(0, 8): [30.0] * 20, (0, 9): [55.0] * 3, (6, 23): [300.0] * 12}
    made = wait_clock_figure(clock_of(waits))
    seen = texts(made.chart.to_dict(), width)
    assert {"30", "(55)", "300", "08:00"} <= set(seen)
    assert ("Mon" in seen) == (width < 560)
    assert seen.count("·") == 165
    drawn = made.chart.to_dict()
    over = [layer for layer in layers(drawn, "rect")
            if "color" not in layer["encoding"]]  # fmt: skip
    assert [row["when"] for row in rows(drawn, over[0])] == ["Sunday 23:00 to 24:00"]
    for note in (
        "In brackets: fewer than 10 waits (1 of 168).",
        "Outlined and bold: a median over 4 h (1 of 168).",
        "· marks a time without a known wait (165 of 168).",
    ):
        assert note in made.notes


def test_long_waits_are_in_hours() -> None:
    seen = texts(wait_clock_figure(clock_of({(0, 8): [3000.0] * 20})).chart.to_dict())
    assert {"50.0", "Median wait, hours"} <= set(seen)


def test_without_times_it_is_bars_by_weekday() -> None:
    frame = pd.DataFrame({"weekday": range(7), "hour": [NAN] * 7,
                          "median": [60.0, *[40.0] * 5, NAN], "p90": [90.0] * 6 + [NAN],
                          "within_target": [99.0] * 6 + [NAN], "n": [500] * 6 + [0]})  # fmt: skip
    made = wait_clock_figure(frame)
    assert made.title == "Longest waits: Monday, median 1 h; 99 % of all within 4 h"
    drawn = made.chart.to_dict()
    (bar,) = layers(drawn, "bar")
    assert [row["top"] for row in rows(drawn, bar)] == [60, 40, 40, 40, 40, 40, 0]
    assert texts(drawn).count("·") == 1
    assert "Hour" not in made.table
    assert made.plot == Plot("columns", "Weekday", ("Median wait (minutes)",))


def test_where_a_cell_is_hidden_no_total_is_given() -> None:
    clock = clock_of(week(2))
    clock["hidden"] = clock.index < 3
    clock.loc[clock["hidden"], ["median", "p90", "within_target", "n"]] = NAN
    made = wait_clock_figure(clock)
    assert any(WHY_HIDDEN in note for note in made.notes)
    assert "within" not in made.title
    assert made.subtitle == "Median waiting time by hour and weekday"
    assert texts(made.chart.to_dict()).count("*") == 3
    assert made.table["Hidden"].tolist()[:4] == ["yes", "yes", "yes", ""]


def test_what_is_hidden_is_not_called_unknown() -> None:
    cells = pd.DataFrame({"weekday": range(7), "hour": NAN, "median": NAN, "p90": NAN})
    cells = cells.assign(within_target=NAN, n=NAN)
    assert wait_clock_figure(cells).title == "No waiting time is known by weekday"
    cells["hidden"] = True
    assert wait_clock_figure(cells).title == "No waiting time is shown by weekday"


def test_every_mark_speaks_or_is_silent_and_nothing_is_said_of_nothing() -> None:
    made = wait_clock_figure(clock_of({(1, 1): [300.0] * 12, (1, 2): [3.0]}))
    for layer in leaves(made.chart.to_dict()):
        spoken = "description" in layer["encoding"] and "tooltip" in layer["encoding"]
        assert spoken or layer["mark"].get("aria") is False
    nothing = wait_clock_figure(clock_of({}))
    assert nothing.title == "No waiting time is known by weekday"


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no rows"):
        wait_clock_figure(clock_of({}).head(0))
    with pytest.raises(ValueError, match="no column 'p90'"):
        wait_clock_figure(clock_of({}).drop(columns="p90"))


ANY = st.one_of(st.floats(), st.floats(0, 2000))


@settings(max_examples=10)
@given(
    st.lists(
        st.tuples(st.integers(-1, 8), st.integers(-1, 25), *[ANY] * 4), min_size=1, max_size=40
    ),
    st.sampled_from([0.0, 240.0, 1e9]),
)
def test_any_frame_becomes_a_figure(found: Any, target: float) -> None:
    columns = ["weekday", "hour", "median", "p90", "within_target", "n"]
    frame = pd.DataFrame(found, columns=columns)
    before = frame.copy(deep=True)
    compiles(wait_clock_figure(frame, target=target).chart.to_dict())
    pd.testing.assert_frame_equal(frame, before)
