"""Beds by three rules beside the beds there are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import beds_figure
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

# Twenty beds' worth of patients: figures of Erlang B that stand in every textbook table.
RULES = pd.DataFrame(
    {
        "rule": ["occupancy", "quantile", "refusal"],
        "title": ["85 % occupied", "enough on 95 % of nights", "2 % refused"],
        "beds": [24, 28, 28],
        "occupancy": [77.8, 70.4, 70.4],
        "refusal": [6.6, 1.4, 1.4],
    }
)


def with_beds(beds: float) -> pd.DataFrame:
    there = {
        "rule": "staffed",
        "title": "beds there are",
        "beds": beds,
        "occupancy": 80.0,
        "refusal": 0.01,
    }
    return pd.concat([RULES, pd.DataFrame([there])], ignore_index=True)


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (RULES, "24 to 28 beds, by the rule"),
        (with_beds(22), "24 to 28 beds, by the rule; there are 22, at least 2 fewer"),
        (with_beds(26), "24 to 28 beds, by the rule; there are 26, enough by some of the rules"),
        (with_beds(28), "24 to 28 beds, by the rule; there are 28, just enough"),
        (with_beds(30), "24 to 28 beds, by the rule; there are 30, 2 more"),
        (RULES.tail(2), "28 beds by every rule"),
        (with_beds(30).tail(1), "There are 30 beds"),
        (RULES.assign(beds=np.nan), "No rule gives a number of beds"),
    ],
)
def test_titles(frame: pd.DataFrame, title: str) -> None:
    made = beds_figure(frame)
    assert made.title == title
    compiles(keeps_the_rules(made))


@pytest.mark.parametrize("width", WIDTHS)
def test_each_rule_has_the_refusal_it_implies(width: int) -> None:
    made = beds_figure(with_beds(22))
    seen = texts(keeps_the_rules(made), width)
    assert {"24 · 6.6 % refused", "28 · 1.4 % refused", "22 · under 0.1 % refused"} <= set(seen)
    assert "85 % occupied: 24 beds · 78 % full · 6.6 % refused" in made.alt
    assert made.table["Arrivals refused (%)"].tolist() == [6.6, 1.4, 1.4, 0.01]


def test_the_beds_there_are_are_full_and_a_line_across_all_rules() -> None:
    drawn = beds_figure(with_beds(22)).chart.to_dict()
    pale, full = layers(drawn, "bar")
    assert (pale["mark"]["fillOpacity"], full["mark"]["fillOpacity"]) == (0.34, 1)
    assert [row["beds"] for row in rows(drawn, full)] == [22]
    [rule] = layers(drawn, "rule")
    assert [row["beds"] for row in rows(drawn, rule)] == [22] * 4


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no column 'refusal'"):
        beds_figure(RULES.drop(columns="refusal"))
    with pytest.raises(ValueError, match="has no rows"):
        beds_figure(RULES.head(0))
