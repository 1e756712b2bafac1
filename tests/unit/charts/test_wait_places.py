"""The wait by number of places, and beds apart and shared."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import pooling_figure, waits_by_places_figure
from tests.unit.charts.drawing import NAMES, NUMBERS
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

WAITS = pd.DataFrame(  # Erlang C at a load of ten; half an hour
    {
        "places": [14, 10, 12, 13], "mean_wait": [0.0435, np.nan, 0.2247, 0.0951],
        "share_over": [0.0236, np.nan, 0.1653, 0.0637], "utilisation": [0.714, 1.0, 0.833, 0.769],
    },
    index=[1, 1, 2, 0],
)  # fmt: skip
SIMULATED = WAITS.assign(
    mean_low=WAITS["mean_wait"] - 0.01, mean_high=WAITS["mean_wait"] + 0.01, share_over=np.nan
)


@pytest.mark.parametrize(
    ("frame", "options", "title"),
    [
        (
            WAITS, {"there": 12},
            "With 12 places 17 % wait longer than 0.5 hours; with one more, 6 %",
        ),
        (WAITS, {}, "With 12 places 17 % wait longer than 0.5 hours; with one more, 6 %"),
        (WAITS, {"there": 14}, "With 14 places 2 % wait longer than 0.5 hours"),
        (
            WAITS, {"there": 10, "places_title": "rooms"},
            "With 10 rooms the queue grows without end; 12 are the fewest that keep up",
        ),
        (
            WAITS, {"there": 13, "show": "mean_wait", "places_title": "rooms"},
            "With 13 rooms the mean wait is 0.10 hours; with one more, 0.04 hours",
        ),
        (
            SIMULATED, {"there": 12},
            "With 12 places the mean wait is 0.22 hours; with one more, 0.10 hours",
        ),
        (
            WAITS[WAITS["places"].eq(10)], {"there": 10},
            "With any of these numbers of places the queue grows without end",
        ),
    ],
)  # fmt: skip
def test_titles_say_what_one_more_is_worth(frame, options, title):
    made = waits_by_places_figure(frame, target=0.5, **options)
    assert made.title == title
    compiles(keeps_the_rules(made))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_places_there_are_are_marked(width):
    made = waits_by_places_figure(WAITS, there=12, target=1, places_title="rooms", unit="days")
    drawn = keeps_the_rules(made)
    assert {"12 rooms there are", "17 %"} <= set(texts(drawn, width))
    [dots] = layers(drawn, "point")
    assert [row["places"] for row in rows(drawn, dots)] == [12, 13, 14]
    assert made.subtitle == "Share who wait longer than 1 day · by number of rooms"
    assert made.table["Rooms"].tolist() == [10, 12, 13, 14]
    assert made.table["Wait longer than 1 day (%)"].isna().tolist() == [True] + [False] * 3
    assert any("Too few rooms" in note and "10" in note for note in made.notes)


def test_simulated_waits_have_their_interval():
    noted = SIMULATED.assign(note=["", "No end.", "So nearly full.", "So nearly full."])
    made = waits_by_places_figure(noted, there=12)
    assert made.notes[-1] == "So nearly full." and "No end." not in made.notes
    drawn = keeps_the_rules(made)
    bars = [layer for layer in layers(drawn, "rule") if "y2" in layer["encoding"]]
    assert any(layer["encoding"]["y2"].get("field") == "mean_high" for layer in bars)
    assert "Mean wait, 95 % interval: to (hours)" in made.table.columns
    assert "(0.21 to 0.23)" in made.alt


def test_what_cannot_be_drawn_is_an_error():
    with pytest.raises(ValueError, match="no column 'places'"):
        waits_by_places_figure(WAITS.drop(columns="places"))
    with pytest.raises(ValueError, match="show is"):
        waits_by_places_figure(WAITS, show="queue")
    with pytest.raises(ValueError, match="no 'refused_apart'"):
        pooling_figure(UNITS, {name: 1 for name in POOLED if name != "refused_apart"})
    with pytest.raises(ValueError, match="has no rows"):
        pooling_figure(UNITS.head(0), POOLED)


UNITS = pd.DataFrame(
    {
        "unit": ["Medicine", "Surgery"], "load": [10.0, 10], "beds": [17.0, 16],
        "needed": [17, 17], "refused": [0.012949, 0.022302],
    }
)  # fmt: skip
POOLED = {"load": 20.0, "beds": 33.0, "needed": 28.0, "refused": 0.0023, "needed_apart": 34.0,
          "refused_apart": 0.0176}  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_beds_apart_and_together(width):
    made = pooling_figure(UNITS, POOLED)
    assert made.title == "Sharing beds, 28 do for what takes 34 apart, with 2 % refused: 6 fewer"
    drawn = keeps_the_rules(made)
    apart, together = layers(drawn, "bar")
    assert [row["needed"] for row in rows(drawn, apart)] == [17, 17, 34]
    assert [row["needed"] for row in rows(drawn, together)] == [28]
    assert {"17 of 17", "16 of 17", "33 of 34", "33 of 28"} <= set(texts(drawn, width))
    assert made.table["Refused with the beds there are (%)"].tolist() == [1.29, 2.23, 1.76, 0.23]
    assert "Surgery: 17 beds needed for a load of 10.0; 16 there are, 2 % refused" in made.alt


def test_beds_that_are_not_known_have_no_mark():
    unknown = dict.fromkeys(("beds", "refused", "refused_apart"), math.nan)
    made = pooling_figure(UNITS.assign(beds=np.nan, refused=np.nan), POOLED | unknown)
    drawn = keeps_the_rules(made)
    assert not layers(drawn, "rule")
    assert "17 needed" in texts(drawn)
    assert made.table["Beds there are"].isna().all()


def test_of_many_units_the_largest_are_drawn_and_the_table_has_all():
    many = pd.DataFrame({"unit": [f"U{n}" for n in range(20)], "load": range(20), "beds": np.nan,
                         "needed": range(5, 25), "refused": np.nan})  # fmt: skip
    made = pooling_figure(many, POOLED, top=3)
    drawn = keeps_the_rules(made)
    assert [row["name"] for row in rows(drawn, layers(drawn, "bar")[0])][:3] == [
        "U17",
        "U18",
        "U19",
    ]
    assert len(made.table) == 22
    assert any("17 other units" in note for note in made.notes)


def test_nothing_saved_is_said():
    same = POOLED | {"needed": 34.0}
    assert pooling_figure(UNITS, same).title == (
        "Sharing beds saves none: 34 are needed either way"
    )  # fmt: skip


@settings(max_examples=3)
@given(st.lists(st.tuples(NAMES, NUMBERS), min_size=1, max_size=4))
def test_whatever_names_and_numbers_there_is_a_picture(given_rows):
    names, values = zip(*given_rows, strict=True)
    units = pd.DataFrame(dict.fromkeys(("load", "beds", "needed", "refused"), values))
    compiles(pooling_figure(units.assign(unit=list(names)), POOLED).chart.to_dict())
    columns = ("places", "mean_wait", "share_over", "utilisation", "mean_low", "mean_high")
    waits = pd.DataFrame(dict.fromkeys(columns, values))
    compiles(waits_by_places_figure(waits, there=3, target=1).chart.to_dict())
