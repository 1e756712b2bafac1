"""Waiting time: bars, target and percentiles, what is said, and that nothing breaks it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, Plot, waiting_figure
from caremap.hidden import WHY_HIDDEN
from tests.unit.charts.drawing import NUMBERS, compiles, layers, rows, specification

NAN = float("nan")


def figure_of(waits: list[float], target: float = 240, unknown: int = 0, **more: Any) -> Figure:
    """The figure of single waits, with the facts numpy finds in them."""
    lengths = pd.Series(waits).value_counts().sort_index()
    frame = pd.DataFrame({"minutes": lengths.index, "visits": lengths.to_numpy()})
    facts = {
        "median": np.quantile(waits, 0.5),
        "p90": np.quantile(waits, 0.9),
        "within_target": np.mean(np.array(waits) <= target) * 100,
        "n": len(waits),
        "unknown": unknown,
    }
    return waiting_figure(frame, pd.DataFrame([facts]), target=target, **more)


def bars(figure: Figure) -> list[dict[str, Any]]:
    drawn = specification(figure)
    return rows(drawn, layers(drawn, "bar")[0])


def labels(figure: Figure) -> list[str]:
    drawn = specification(figure)
    return [
        row["words"]
        for layer in layers(drawn, "text")
        if "stroke" not in layer["mark"]
        for row in rows(drawn, layer)
    ]


LONG = [float(minutes) for minutes in range(1, 481)]


def test_what_is_said() -> None:
    figure = figure_of(LONG, unknown=20, period="May 2024")
    assert figure.title == "50 % were seen within 4 h; half waited no longer than 4 h"
    assert figure.subtitle == ("Waiting time · May 2024 · 480 known waits, 20 unknown")
    assert labels(figure) == ["Target 4 h", "Median 4 h", "90 % within 7 h 12 min"]
    assert "90 % waited no longer than 7 h 12 min" in figure.alt


@pytest.mark.parametrize("target", [30, 60, 95, 180, 240])
def test_bars_and_the_share_within_the_target_agree(target: float) -> None:
    figure = figure_of(LONG, target)
    within = sum(row["visits"] for row in bars(figure) if row["right"] <= target + 1e-9)
    straddling = [row for row in bars(figure) if row["left"] < target - 1e-9 < row["right"] - 1e-9]
    assert within == sum(wait <= target for wait in LONG) or straddling
    assert not straddling or target == 95  # where no usual width divides the target


def test_a_wait_of_exactly_the_target_is_within_it() -> None:
    figure = figure_of([240.0] * 9 + [250.0])
    assert figure.title.startswith("90 % were seen within 4 h")
    assert sum(row["visits"] for row in bars(figure) if row["right"] <= 240) == 9


@pytest.mark.parametrize(
    ("waits", "widest"),
    [([5.0, 7, 9, 14], 1), (LONG, 30), ([float(day * 1440) for day in range(1, 40)], 2880)],
)
def test_bars_have_a_width_people_know(waits: list[float], widest: float) -> None:
    widths = {row["right"] - row["left"] for row in bars(figure_of(waits))}
    assert len(widths) == 1
    assert widths.pop() == widest


def test_the_longest_are_gathered_in_a_bar_that_says_so() -> None:
    figure = figure_of([*LONG, 5000.0, 9000.0])
    last = bars(figure)[-1]
    assert last["name"].startswith("over ") and " to " not in last["name"]
    assert last["visits"] >= 2
    assert any("the longest is 6 d 6 h" in note for note in figure.notes)


def test_a_target_far_beyond_all_waits_is_said_not_drawn() -> None:
    figure = figure_of([5.0, 10.0, 12.0])
    assert "The target, 4 h, lies beyond the axis." in figure.notes
    assert not any("Target" in label for label in labels(figure))


@pytest.mark.parametrize(
    ("within", "title"),
    [(0.2, "Under 1 %"), (0.0, "0 %"), (99.8, "Over 99 %"), (100.0, "100 %"), (82.5, "82 %")],
)
def test_nearly_all_is_not_all(within: float, title: str) -> None:
    facts = {"median": 5.0, "p90": 9.0, "within_target": within, "n": 1000, "unknown": 0}
    figure = waiting_figure(pd.DataFrame({"minutes": [5], "visits": [1000]}), pd.DataFrame([facts]))
    assert figure.title.startswith(f"{title} were seen within 4 h")


def test_without_a_known_wait_it_says_so() -> None:
    facts = {"median": NAN, "p90": NAN, "within_target": NAN, "n": 0, "unknown": 7}
    figure = waiting_figure(pd.DataFrame({"minutes": [NAN], "visits": [7]}), pd.DataFrame([facts]))
    assert figure.title == "No waiting time is known"
    assert "No waiting time is known." in compiles(figure)


def test_what_is_below_zero_is_left_out_and_counted() -> None:
    facts = {"median": 5.0, "p90": 9.0, "within_target": 100.0, "n": 2, "unknown": 0}
    frame = pd.DataFrame({"minutes": [-4.0, 5.0], "visits": [3, 2]})
    figure = waiting_figure(frame, pd.DataFrame([facts]))
    assert sum(row["visits"] for row in bars(figure)) == 2
    assert "Not drawn: 3 waits below zero or not a number." in figure.notes


FACTS = {"median": 30.0, "p90": 60.0, "within_target": 99.0, "n": 300, "unknown": 0}


def test_a_bar_with_a_hidden_wait_is_hidden_and_no_bar_has_a_share() -> None:
    lengths = pd.DataFrame({"minutes": [10.0, 30, 60, 61], "visits": [100.0, 100, NAN, 95],
                            "hidden": [False, False, True, False]})  # fmt: skip
    figure = waiting_figure(lengths, pd.DataFrame([FACTS]))
    hidden = figure.table["Hidden"].eq("yes")
    assert figure.table["Waits"].isna().tolist() == hidden.tolist()
    assert hidden.sum() == 1
    assert figure.table["Share, %"].isna().all()
    assert figure.title == "99 % were seen within 4 h; half waited no longer than 30 min"
    assert any(WHY_HIDDEN in note for note in figure.notes)
    assert not any("%" in row["said"] for row in bars(figure))
    assert compiles(figure).count(">*<") == 1
    assert "of those shown" in figure.alt


def test_where_the_summary_is_hidden_it_is_not_called_unknown() -> None:
    facts = dict.fromkeys(FACTS, NAN) | {"hidden": True}
    lengths = pd.DataFrame({"minutes": [10.0], "visits": [NAN], "hidden": [True]})
    figure = waiting_figure(lengths, pd.DataFrame([facts]), period="May")
    assert figure.title == "How many were seen within 4 h is hidden"
    assert figure.subtitle == "Waiting time · May · some counts hidden"
    compiles(figure)


def test_a_workbook_draws_columns() -> None:
    figure = figure_of(LONG)
    assert figure.plot == Plot("columns", "Waiting time", ("Waits",))
    assert {"Waiting time", "Waits"} <= set(figure.table)


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        (pd.DataFrame({"minutes": [], "visits": []}), "no rows"),
        (pd.DataFrame({"minutes": [1]}), "no column 'visits'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(lengths: pd.DataFrame, message: str) -> None:
    facts = pd.DataFrame([dict.fromkeys(["median", "p90", "within_target", "n", "unknown"], 1.0)])
    with pytest.raises(ValueError, match=message):
        waiting_figure(lengths, facts)


@settings(max_examples=12)
@given(
    waits=st.lists(st.tuples(NUMBERS, st.integers(0, 10**6)), min_size=1, max_size=10),
    facts=st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    target=st.sampled_from([0.0, 1.0, 240.0, 97.0, 1e9]),
)
def test_any_frame_of_the_contract_is_drawn(waits: list[Any], facts: Any, target: float) -> None:
    lengths = pd.DataFrame(waits, columns=["minutes", "visits"])
    columns = ["median", "p90", "within_target", "n", "unknown"]
    figure = waiting_figure(lengths, pd.DataFrame([facts], columns=columns), target=target)
    compiles(figure)
    known = lengths[lengths["minutes"].between(0, 1e100)]  # beyond is no wait, nor a number
    drawn = figure.table["Waits"].sum()
    assert math.isclose(drawn, known["visits"].sum())
