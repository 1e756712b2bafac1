"""What each place needs of a resource beside what it has."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import resources_figure
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

NEEDS = pd.DataFrame(
    {
        "facility": ["Kent", "Auburn", "Kent", "Renton"],
        "department": ["Surgery", "Surgery", "ICU", "ICU"],
        "resource": ["beds", "beds", "beds", "ventilators"],
        "needed": [20.0, 34.0, 5.0, 2.0],
        "low": [16.0, 29.0, 3.0, 1.0],
        "high": [24.0, 39.0, 8.0, 4.0],
        "available": [30.0, 28.0, np.nan, 3.0],
        "date": pd.Timestamp("2026-05-04"),
    }
)
TOGETHER = NEEDS.head(1).assign(
    facility="All facilities", department="All departments", resource="nurse", available=12.0
)  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "resource", "title"),
    [
        (
            NEEDS, "beds",
            "Beds: 1 of 2 places needs more than it has; Auburn, Surgery most: 34 needed, 28 there",
        ),
        (
            NEEDS, "ventilators",
            "Ventilators: the place has as many as the middle of the futures needs",
        ),
        (
            NEEDS.assign(available=1.0), "beds",
            "Beds: 3 of 3 places need more than they have; Auburn, Surgery most: 34 needed, "
            "1 there",
        ),
        (
            NEEDS.assign(available=np.nan), "beds",
            "Beds: up to 34 needed in Auburn, Surgery; how many there are is not known",
        ),
        (NEEDS.assign(needed=np.nan), "beds", "Beds: no need could be computed"),
        (
            NEEDS.drop(columns="facility").assign(resource="MRI", available=99), "MRI",
            "MRI: all 4 places have as many as the middle of the futures needs",
        ),
        (
            TOGETHER, "nurse",
            "nurse: all facilities and departments together need more than they have: 20 needed, "
            "12 there",
        ),
        (
            TOGETHER.assign(available=30.0), "nurse",
            "nurse: all facilities and departments together have as many as the middle of the "
            "futures needs",
        ),
        (
            TOGETHER.assign(available=np.nan), "nurse",
            "nurse: up to 20 needed in all facilities and departments together; how many there "
            "are is not known",
        ),
        (
            TOGETHER.assign(facility="Kent"), "nurse",
            "nurse: 1 of 1 place needs more than it has; Kent, all departments most: 20 needed, "
            "12 there",
        ),
    ],
)  # fmt: skip
def test_titles(frame: pd.DataFrame, resource: str, title: str) -> None:
    made = resources_figure(frame, resource)
    assert made.title == title
    drawn = keeps_the_rules(made)
    for width in WIDTHS:
        compiles(drawn, width)


def test_the_greatest_shortage_is_on_top_and_what_is_not_known_is_said() -> None:
    made = resources_figure(NEEDS.iloc[::-1].set_axis(list("abcd")))
    assert made.table["Facility and department"].tolist() == [
        "Auburn, Surgery", "Kent, Surgery", "Kent, ICU",
    ]  # fmt: skip
    assert made.table["Short"].tolist()[:2] == [6, 0] and np.isnan(made.table["Short"][2])
    assert "Kent, ICU: 5 needed on Mon 4 May, between 3 and 8, how many there are" in made.alt
    assert {"34 of 28", "20 of 30", "5"} <= set(texts(made.chart.to_dict()))
    [bars] = layers(made.chart.to_dict(), "bar")
    assert [row["available"] for row in rows(made.chart.to_dict(), bars)] == [28, 30]


def test_of_many_places_the_worst_are_drawn_and_all_are_in_the_table() -> None:
    many = pd.DataFrame(
        {"facility": [f"F{at:02}" for at in range(30)], "resource": "beds", "low": 1.0,
         "needed": np.arange(30.0), "high": 40.0, "available": 10.0,
         "date": pd.Timestamp("2026-05-04")}
    )  # fmt: skip
    made = resources_figure(many, top=5)
    assert len(made.table) == 30 and "F29" in made.title
    assert any("25 more places" in note for note in made.notes)


def test_a_need_of_all_together_has_no_place_to_name() -> None:
    whole = NEEDS.drop(columns=["facility", "department"]).head(1)
    made = resources_figure(whole)
    assert made.subtitle == "Beds of all together, on the day that needs most"
    assert made.table["Place"].tolist() == ["All together"]


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rows of 'MRI'"):
        resources_figure(NEEDS, "MRI")
    with pytest.raises(ValueError, match="no column 'high'"):
        resources_figure(NEEDS.drop(columns="high"))
    with pytest.raises(ValueError, match="neither a column"):
        resources_figure(NEEDS.drop(columns=["facility", "department"]))


def test_a_resource_that_is_not_counted_by_place_is_that_of_all_places_together() -> None:
    made = resources_figure(TOGETHER, "nurse", period="two weeks")
    assert made.subtitle == (
        "nurse of all facilities and departments together, on the day that needs most · two weeks"
    )
    assert made.table.iloc[0, 0] == "All facilities and departments together"
    of_kent = resources_figure(TOGETHER.assign(facility="Kent"), "nurse")
    assert of_kent.subtitle == "nurse by facility, each on the day that needs most"
