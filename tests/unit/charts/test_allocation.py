"""What places receive, what is sent, what one more would do, and beds that stay blocked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import allocation_figure, blocked_figure, limits_figure, sent_figure
from tests.unit.charts.drawing import NAMES, NUMBERS
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

PLACES = pd.DataFrame(
    {"place": ["Kent", "Auburn", "Renton"], "need": [18.0, 21.5, 4.0], "demand": [12, 9, 5],
     "floor": [6, 4, 0], "received": [8, 9, 4], "unmet": [4, 0, 1],
     "reason": ["The pool is empty.", "", "Too far."]}
)  # fmt: skip
SENT = pd.DataFrame(
    {"from": ["Pool", "Kent"], "to": ["Auburn", "Renton"], "units": [9, 2], "km": [np.nan, 9.52],
     "value": [193.5, 8.0], "why": ["neediest", "near"]}
)  # fmt: skip
LIMITS = pd.DataFrame(
    {"limit": ["Longest way", "Supply", "Budget"], "at": ["", "Pool", "Week 1"],
     "used": [np.nan, 40, 900], "of": [60.0, 40, 1000], "binding": [True, True, False],
     "one_more": [np.nan, 0.42, 0.0]}
)  # fmt: skip
BLOCKED = pd.DataFrame(
    {"ward": ["Surgery", "Medicine"] * 2, "day": [1, 1, 7, 7], "beds": [18.0, np.nan] * 2,
     "held": [15.0, 6.0, 9.2, 2.0], "long": [6.0, 2.0, 5.14, 1.0]}
)  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (PLACES, "21 of 26 beds needed are received; Kent stays 4 short"),
        (PLACES.assign(received=PLACES["demand"]), "All 26 beds needed are received, at 3 places"),
        (PLACES.assign(received=PLACES["demand"] - 1),
         "23 of 26 beds needed are received; 3 places stay 1 short each"),
        (PLACES.assign(demand=0, received=0), "No beds are needed"),
        (PLACES.assign(demand=np.nan), "How many beds are needed is not known"),
        (PLACES.head(1).assign(demand=1, received=0),
         "0 of 1 bed needed are received; Kent stays 1 short"),
    ],
)  # fmt: skip
def test_titles_of_what_places_receive(frame: pd.DataFrame, title: str) -> None:
    made = allocation_figure(frame, units="beds")
    assert made.title == title
    compiles(keeps_the_rules(made) if frame["demand"].notna().any() else made.chart.to_dict())


@pytest.mark.parametrize("width", WIDTHS)
def test_the_neediest_place_stands_on_top_with_its_score(width: int) -> None:
    made = allocation_figure(PLACES, units="beds")
    seen = texts(keeps_the_rules(made), width)
    written = ["9 of 9 · need 21.5", "8 of 12 · need 18.0", "4 of 5 · need 4.0"]
    assert [text for text in seen if text in written] == written
    assert "Kent: 8 of 12 beds needed, 4 short, promised at least 6, need 18.0 of 25" in made.alt


def test_the_table_has_every_place_with_what_would_help() -> None:
    made = allocation_figure(PLACES, units="beds", top=1)
    pd.testing.assert_frame_equal(
        made.table,
        pd.DataFrame(
            {
                "Place": ["Auburn", "Kent", "Renton"], "Need score (0 to 25)": [21.5, 18.0, 4.0],
                "Demand (beds)": [9, 12, 5],
                "Promised at least (beds)": pd.array([4, 6, None], dtype="Int64"),
                "Received (beds)": [9, 8, 4], "Missing (beds)": [0, 4, 1],
                "Why, and what would help": ["", "The pool is empty.", "Too far."],
            }
        ),
        check_dtype=False,
    )  # fmt: skip
    assert made.notes[-1] == "Drawn are the first 1 of 3; all are in the table."


def test_what_is_missing_is_hollow_and_a_promise_a_line() -> None:
    drawn = allocation_figure(PLACES, units="beds").chart.to_dict()
    hollow, full = layers(drawn, "bar")
    assert (hollow["mark"]["fillOpacity"], full["mark"]["fillOpacity"]) == (0, 1)
    assert [(row["received"], row["demand"]) for row in rows(drawn, hollow)] == [(8, 12), (4, 5)]
    lines = [rows(drawn, rule) for rule in layers(drawn, "rule")]
    assert [row["floor"] for row in lines[0]] == [4, 6]  # none was promised to the third


def test_a_broken_promise_is_said_and_nothing_known_is_no_zero() -> None:
    broken = allocation_figure(PLACES.assign(received=[5, 9, 4]), units="beds")
    assert any("Below what was promised: Kent;" in note for note in broken.notes)
    unknown = allocation_figure(PLACES.assign(received=[np.nan, 9, 4]), units="beds")
    assert "no figure" in texts(keeps_the_rules(unknown))
    assert any("not known: that is not zero" in note for note in unknown.notes)


def test_quarters_of_an_hour_are_not_rounded_away() -> None:
    hours = PLACES.head(1).assign(demand=[4.0], received=[2.25])
    made = allocation_figure(hours, units="hours", wanted="asked for", got="given")
    assert made.title == "2.25 of 4 hours asked for are given; Kent stays 1.75 short"
    assert made.table["Given (hours)"].tolist() == [2.25]
    assert sent_figure(SENT.head(1).assign(units=0.5), units="hours").title.startswith("0.5 hours")


def test_who_needs_nothing_is_in_the_table_alone() -> None:
    made = allocation_figure(PLACES.assign(demand=[12, 0, 5], received=[8, 0, 4]), units="beds")
    assert "Auburn" not in texts(keeps_the_rules(made))
    assert "Auburn" in made.table["Place"].tolist()
    assert made.notes[-1] == "1 place with no demand: in the table alone."


def test_without_scores_the_most_missing_comes_first() -> None:
    made = allocation_figure(PLACES.drop(columns=["need", "floor"]), units="beds")
    assert made.table["Place"].tolist() == ["Kent", "Renton", "Auburn"]
    assert not any("score" in column for column in made.table)


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (SENT, "11 beds are sent; most from Pool to Auburn: 9"),
        (SENT.tail(1), "2 beds are sent, from Kent to Renton"),
        (SENT.assign(units=1), "2 beds are sent between 2 pairs"),
        (SENT.tail(1).assign(units=1), "1 bed is sent, from Kent to Renton"),
        (SENT.head(0), "No beds are sent"),
    ],
)
def test_titles_of_what_is_sent(frame: pd.DataFrame, title: str) -> None:
    made = sent_figure(frame, units="beds")
    assert made.title == title
    compiles(keeps_the_rules(made) if len(frame) else made.chart.to_dict())


def test_a_pool_without_a_place_is_not_zero_kilometres_away() -> None:
    made = sent_figure(SENT, units="beds")
    assert made.table["Distance (km)"].isna().tolist() == [True, False]
    assert {"9", "2 · 9.5 km"} <= set(texts(made.chart.to_dict()))
    assert "Distance (km)" not in sent_figure(SENT.drop(columns="km"), units="hours").table


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (LIMITS, "One unit would add most here: supply, Pool, 0.42 good outcomes"),
        (
            LIMITS.assign(one_more=2.5),
            "One unit would add most at 3 limits alike: 2.50 good outcomes",
        ),
        (LIMITS.tail(1), "No limit binds: one unit more of anything would add nothing"),
        (LIMITS.head(1), "1 limit binds; one unit was not worked out"),
    ],
)
def test_titles_of_what_one_more_does(frame: pd.DataFrame, title: str) -> None:
    made = limits_figure(frame, value_unit="good outcomes")
    assert made.title == title
    if frame["one_more"].gt(0).any():
        compiles(keeps_the_rules(made))
    else:
        compiles(made.chart.to_dict())


def test_not_worked_out_is_not_nothing() -> None:
    made = limits_figure(LIMITS, value_unit="good outcomes")
    assert made.table["Limit"].tolist() == ["Supply, Pool", "Budget, Week 1", "Longest way"]
    assert made.table["One unit adds (good outcomes)"].tolist()[:2] == [0.42, 0.0]
    assert made.table["One unit adds (good outcomes)"].isna().tolist() == [False, False, True]
    assert made.table["Binds"].tolist() == ["yes", "no", "yes"]
    assert any("not zero" in note for note in made.notes)


def test_beds_long_stays_block_are_told_for_the_day_that_is_asked() -> None:
    made = blocked_figure(BLOCKED, 7)
    assert made.title == "In 7 days long stays of today still hold 5.1 of 18 beds in Surgery"
    drawn = keeps_the_rules(made)
    assert {"5.1 long · 9.2 of 18 held", "1 long · 2 held"} <= set(texts(drawn))
    assert len(made.table) == 4
    assert any("not known in 1 row" in note for note in made.notes)
    for width in WIDTHS:
        compiles(drawn, width)
    none = blocked_figure(BLOCKED.assign(long=0.0), 1)
    assert none.title == "In 1 day no long stay of today still holds a bed"


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no rows"):
        blocked_figure(BLOCKED, 3)
    with pytest.raises(ValueError, match="no column of ward, department or facility"):
        blocked_figure(BLOCKED.drop(columns="ward"), 7)
    with pytest.raises(ValueError, match="no column 'received'"):
        allocation_figure(PLACES.drop(columns="received"))
    with pytest.raises(ValueError, match="has no rows"):
        limits_figure(LIMITS.head(0))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(NAMES, NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=4))
def test_whatever_a_frame_holds_it_is_drawn(cells: list[tuple[Any, ...]]) -> None:
    named = pd.DataFrame(cells, columns=["place", "demand", "received", "need"])
    pairs = named.rename(columns={"place": "from", "demand": "units"}).assign(to="X")
    wards = named.rename(columns={"place": "ward", "demand": "held", "received": "long"})
    limits = named.rename(
        columns={"place": "limit", "demand": "used", "received": "of", "need": "one_more"}
    )
    for frame, draw in (
        (named, allocation_figure),
        (pairs, sent_figure),
        (wards.assign(day=2, beds=10), lambda some: blocked_figure(some, 2)),
        (limits.assign(binding=True), limits_figure),
    ):
        before = frame.copy(deep=True)
        made = draw(frame)
        compiles(made.chart.to_dict())
        assert made.alt.endswith(".")
        pd.testing.assert_frame_equal(frame, before)
