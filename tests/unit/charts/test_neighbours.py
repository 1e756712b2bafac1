"""How far the nearest neighbours are, of all or of one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import neighbours_figure
from tests.unit.charts.drawing import NAMES, NUMBERS
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts


def nearest(*rows_of: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows_of, columns=["facility", "neighbour", "km"])


THREE = nearest(
    ("Auburn", "Kent", 9.5),
    ("Auburn", "Tacoma", 20.1),
    ("Kent", "Auburn", 9.5),
    ("Tacoma", "Auburn", 20.1),
    ("Tacoma", "Kent", 29.0),
)
ONE = THREE.tail(2)


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (THREE, "Most remote: Tacoma, 20.1 km from its nearest neighbour; half have one within "
                "9.5 km"),
        (THREE.assign(km=4.0), "Each of 3 facilities has a neighbour 4.0 km away"),
        (ONE, "Nearest to Tacoma: Auburn, 20.1 km; 2 neighbours within 29.0 km"),
        (ONE.head(1), "Nearest to Tacoma: Auburn, 20.1 km"),
        (ONE.assign(km=np.nan), "No neighbour of Tacoma is known"),
        (THREE.assign(km=np.nan), "No neighbour of any facility is known"),
    ],
)  # fmt: skip
def test_titles(frame: pd.DataFrame, title: str) -> None:
    made = neighbours_figure(frame)
    assert made.title == title
    compiles(keeps_the_rules(made))


def test_the_most_remote_stands_first_with_its_nearest_named() -> None:
    made = neighbours_figure(THREE.sample(frac=1, random_state=2))
    drawn = keeps_the_rules(made)
    further, near = (
        [(row["name"], row["other"]) for row in rows(drawn, layer)]
        for layer in layers(drawn, "point")
        if "name" in rows(drawn, layer)[0]
    )
    assert near == [("Tacoma", "Auburn"), ("Auburn", "Kent"), ("Kent", "Auburn")]
    assert further == [("Tacoma", "Kent"), ("Auburn", "Tacoma")]
    assert {"Tacoma", "→ Auburn", "20.1 km"} <= set(texts(drawn, 340))
    assert made.table["Distance (km)"].tolist() == [20.1, 29.0, 9.5, 20.1, 9.5]


def test_of_one_facility_each_neighbour_has_a_lane() -> None:
    made = neighbours_figure(ONE, miles=True)
    seen = texts(keeps_the_rules(made))
    assert {"Auburn", "Kent", "12.5 miles", "18.0 miles"} <= set(seen)
    assert made.plot is not None and made.plot.category == "Neighbour"


def test_an_unknown_place_has_no_lane_and_is_named() -> None:
    made = neighbours_figure(pd.concat([THREE, nearest(("Nowhere", None, None))]))
    assert made.notes[-1] == "No distance is known for Nowhere, as a place is not known."
    assert len(made.table) == 6
    keeps_the_rules(made)


def test_of_many_the_most_remote_are_drawn() -> None:
    many = nearest(*((f"A{at}", f"B{at}", float(at)) for at in range(500)))
    made = neighbours_figure(many, top=20)
    drawn = keeps_the_rules(made)
    assert [row["value"] for row in rows(drawn, layers(drawn, "point")[-1])] == [
        *range(499, 479, -1)
    ]
    assert "Drawn are the 20 most remote facilities of 500; all are in the table." in made.notes


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES, NUMBERS), min_size=1, max_size=6))
def test_whatever_a_frame_holds_it_is_drawn(cells: list[tuple[Any, ...]]) -> None:
    frame = nearest(*cells)
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(neighbours_figure(frame)))
    pd.testing.assert_frame_equal(frame, before)
