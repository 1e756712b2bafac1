"""Whom facilities serve, who is left out, and how much the ZIP codes have in reach."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import access_figure, catchment_figure
from tests.unit.charts.drawing import NUMBERS
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts

SERVED = pd.Series({"Kent": 40_000.0, "Auburn": 10_000.0, "Tacoma": 0.0})
FAR = "nobody in reach"
LEFT = pd.DataFrame(
    {
        "zip": ["98001", "98002", "98003"],
        "population": [3000, None, 40],
        "reason": [FAR, "no population known", FAR],
    }
)
ACCESS = pd.Series({"98001": 0.0, "98002": 12.0, "98003": 20.0, "98004": 31.0, "98005": np.nan})
SAME = "staff per 10,000 people"


def test_people_are_counted_by_facility_and_who_is_left_out_is_said() -> None:
    made = catchment_figure(SERVED, LEFT, method="nearest facility")
    compiles(keeps_the_rules(made))
    assert made.title == (
        "Most people served: Kent, 40,000 of 50,000 (80 %); 3,040 people are in no catchment"
    )
    assert made.subtitle == "People served by facility · nearest facility · 3 groups"
    assert made.table["People served"].tolist() == [40_000, 10_000, 0]
    assert made.notes[-2:] == (
        "In no catchment: 2 ZIP codes, 3,040 people (nobody in reach).",
        "In no catchment: 1 ZIP code (no population known).",
    )


@pytest.mark.parametrize("left_out", [None, LEFT.head(0)])
def test_where_nobody_is_left_out_nothing_is_said(left_out: pd.DataFrame | None) -> None:
    made = catchment_figure(SERVED, left_out)
    assert made.title == "Most people served: Kent, 40,000 of 50,000 (80 %)"
    assert made.notes == ()


def test_nobody_served_and_not_known_are_two_things() -> None:
    made = catchment_figure(SERVED.replace(10_000.0, np.nan))
    assert made.table["People served"].isna().tolist() == [False, False, True]
    assert "People served: 1 of 3 groups have no figure, which is not zero." in made.notes


@pytest.mark.parametrize(
    ("access", "title"),
    [
        (ACCESS, f"Half of 4 ZIP codes have 12.0 {SAME} or less; 1 has none in reach"),
        (ACCESS[1:], f"Half of 3 ZIP codes have 20.0 {SAME} or less"),
        (ACCESS[1:2], f"12.0 {SAME} in the only ZIP code"),
        (ACCESS * 0, "None of 4 ZIP codes has any staff in reach"),
        (ACCESS * np.nan, f"No ZIP code has a figure of {SAME}"),
    ],
)
def test_titles_of_access(access: pd.Series, title: str) -> None:
    made = access_figure(access)
    assert made.title == title
    compiles(keeps_the_rules(made) if made.plot else made.chart.to_dict())


def test_those_without_anything_in_reach_are_said_with_who_lives_there() -> None:
    people = pd.Series({"98005": 9.0, "98002": 7000.0, "98001": 3000.0})
    made = access_figure(ACCESS, people=people)
    assert made.title.endswith("; 1, home to 3,000 people, has none in reach")
    # where somebody's number is not known, there is no sum
    unknown = access_figure(ACCESS, people=people.drop("98001"))
    assert unknown.title.endswith("; 1 has none in reach")


def test_none_has_a_column_of_its_own_and_unknown_has_none() -> None:
    made = access_figure(ACCESS)
    drawn = keeps_the_rules(made)
    solid, hollow = ([(row["name"], row["count"]) for row in rows(drawn, layer)]
                     for layer in layers(drawn, "bar"))  # fmt: skip
    assert ("none", 1) in hollow
    assert sum(count for _, count in solid + hollow) == 4
    assert {"none", "half: up to 12.0"} <= set(texts(drawn, 340))
    assert any(note.endswith("that is not 0.") for note in made.notes)


def test_a_far_figure_does_not_flatten_the_others() -> None:
    values = pd.Series(np.linspace(1, 20, 99).tolist() + [9000.0])
    made = access_figure(values)
    keeps_the_rules(made)
    assert made.table.iloc[-1].tolist()[:2] == ["20 and more", 2]
    assert len(made.table) <= 25


def test_of_nothing_nothing_is_drawn() -> None:
    with pytest.raises(ValueError, match="no rows"):
        access_figure(pd.Series(dtype="float64"))


@settings(max_examples=30, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=12))
def test_every_known_zip_code_is_in_one_column(values: list[float]) -> None:
    access = pd.Series(values)
    made = access_figure(access)
    known = access[access.ge(0) & access.lt(1e100)]
    assert int(made.table["ZIP codes"].sum()) == len(known)
    assert made.alt.endswith(".")
