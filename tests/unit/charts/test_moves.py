"""The moves of a plan: who, from where, to where, how far."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import moves_figure
from tests.unit.charts.drawing import NAMES, NUMBERS
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts

LONG = "The Regional Hospital of Saint Somebody by the Sea, South Campus"


def moves(*rows_of: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows_of, columns=["from", "to", "role", "staff", "km"])


TWO = moves(("Renton", "Auburn", "Nurses", 3, 21.0), ("Kent", "Auburn", "Nurses", 12, 9.5))


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (TWO, "15 people move 177.0 km in all; most from Kent to Auburn: 12 people, 9.5 km each"),
        (TWO.head(1), "3 people move from Renton to Auburn, 21.0 km each"),
        (TWO.head(1).assign(staff=1), "1 person moves 21.0 km from Renton to Auburn"),
        (TWO.assign(staff=4), "8 people move 122.0 km in all between 2 pairs of facilities"),
        (TWO.assign(km=[21.0, np.nan]), "15 people move; most from Kent to Auburn: 12 people"),
        (TWO.assign(km=np.nan).head(1), "3 people move from Renton to Auburn"),
        (pd.concat([TWO, TWO.assign(role="Doctors", staff=[1, 2])]),
         "18 people move 217.0 km in all; most from Kent to Auburn: 12 people, 9.5 km each"),
    ],
)  # fmt: skip
def test_titles(frame: pd.DataFrame, title: str) -> None:
    made = moves_figure(frame)
    assert made.title == title
    compiles(keeps_the_rules(made))


def test_a_plan_without_a_move_is_a_message() -> None:
    made = moves_figure(TWO.head(0))
    assert (made.title, made.alt) == ("Nobody moves", "Nobody moves.")
    assert made.table.empty
    assert made.plot is None
    compiles(made.chart.to_dict())


def test_the_table_has_every_move_with_what_else_is_known_of_it() -> None:
    frame = TWO.assign(from_before=[210.0, 800], to_after=[900.0, 1000], why=["near", None])
    frame.index = pd.Index([5, 5])
    made = moves_figure(frame)
    pd.testing.assert_frame_equal(
        made.table,
        pd.DataFrame(
            {
                "Move": ["Kent → Auburn", "Renton → Auburn"],
                "From": ["Kent", "Renton"],
                "To": "Auburn",
                "Role": "Nurses",
                "People": [12, 3],
                "Distance (km)": [9.5, 21.0],
                "Staff-km (people × km)": [114.0, 63.0],
                "From: need per staff member now": [800.0, 210.0],
                "To: need per staff member after": [1000.0, 900.0],
                "Why": ["Unknown", "near"],
            }
        ),
        check_dtype=False,
    )


def test_an_unknown_distance_is_not_none() -> None:
    made = moves_figure(TWO.assign(km=[0.0, np.nan]))
    seen = texts(made.chart.to_dict())
    assert {"12 people", "3 people, 0.0 km"} <= set(seen)
    assert made.table["Distance (km)"].isna().tolist() == [True, False]
    assert any(note.endswith("that is not 0 km.") for note in made.notes)


def test_neither_end_of_a_pair_is_lost_on_a_telephone() -> None:
    made = moves_figure(moves((f"Old {LONG}", f"New {LONG} → North", "Nurses", 3, 2.0)))
    seen = texts(keeps_the_rules(made), 340)
    assert any(text.startswith("Old The") for text in seen)
    assert any(text.startswith("→ New") and text.endswith("North") for text in seen)


def test_of_many_those_with_most_people_are_drawn_and_the_rest_is_said() -> None:
    many = moves(*((f"A{at}", f"B{at}", "Nurses", at + 1, 5.0) for at in range(60)))
    made = moves_figure(many, top=20)
    drawn = keeps_the_rules(made)
    assert [row["staff"] for row in rows(drawn, layers(drawn, "bar")[0])] == [*range(60, 40, -1)]
    assert len(made.table) == 60
    assert made.notes[-1] == (
        "Drawn are the 20 with most people; 40 more pairs of facilities, 820 people in all, are "
        "in the table."
    )


@pytest.mark.parametrize(("staff", "ticks"), [(1, {"0", "1"}), (3, {"0", "1", "2", "3"})])
def test_people_are_whole_on_the_axis(staff: int, ticks: set[str]) -> None:
    seen = texts(moves_figure(TWO.head(1).assign(staff=staff)).chart.to_dict())
    assert ticks == {text for text in seen if text.replace(".", "").isdigit()}


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, NAMES, NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_whatever_a_frame_holds_it_is_drawn(cells: list[tuple[Any, ...]]) -> None:
    frame = moves(*cells)
    before = frame.copy(deep=True)
    made = moves_figure(frame)
    compiles(keeps_the_rules(made) if len(made.table) else made.chart.to_dict())
    pd.testing.assert_frame_equal(frame, before)
