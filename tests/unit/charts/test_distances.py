"""Distances as a map of cells: neighbours beside each other, unknown is not 0 km."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import Figure, distance_figure
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts


def apart(**along: float) -> pd.DataFrame:
    """Distances of places on one road, by the kilometre they stand at."""
    at = np.array(list(along.values()))
    return pd.DataFrame(abs(at[:, None] - at[None, :]), index=list(along), columns=list(along))


ROAD = apart(Tacoma=40.0, Auburn=10.0, Kent=0.0, Renton=12.0)


def order(made: Figure) -> list[str]:
    """The facilities from the top down."""
    drawn = made.chart.to_dict()
    domain = layers(drawn, "rect")[0]["encoding"]["y"]["scale"]["domain"]
    return [name[4:] for name in domain]


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (ROAD, "Nearest: Auburn and Renton, 2.0 km; farthest: Kent and Tacoma, 40.0 km"),
        (ROAD.iloc[:2, :2], "Auburn and Tacoma are 30.0 km apart"),
        (ROAD.iloc[:1, :1], "There is one facility, Tacoma: no distance"),
        (ROAD * 0, "All 6 pairs of facilities are 0 km apart"),
        (ROAD * np.nan, "No distance between 4 facilities is known"),
    ],
)
def test_titles(frame: pd.DataFrame, title: str) -> None:
    made = distance_figure(frame)
    assert made.title == title
    if len(frame) > 1:
        compiles(keeps_the_rules(made))


def test_miles_are_those_of_1959() -> None:
    made = distance_figure(ROAD * 1.609344, miles=True)
    assert made.title.endswith("farthest: Kent and Tacoma, 40.0 miles")
    assert made.table["Distance (miles)"].tolist() == [2.0, 10.0, 12.0, 28.0, 30.0, 40.0]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_is_that_of_the_road_whatever_that_of_the_frame(seed: int) -> None:
    names = ROAD.sample(frac=1, random_state=seed).index
    shuffled = ROAD.loc[names, names]
    road = ["Kent", "Auburn", "Renton", "Tacoma"]
    assert order(distance_figure(shuffled)) in (road, road[::-1])
    pd.testing.assert_frame_equal(distance_figure(shuffled).table, distance_figure(ROAD).table)


def test_an_unknown_place_stands_last_with_crosses() -> None:
    frame = ROAD.copy()
    frame.loc["Auburn"] = np.nan
    frame["Auburn"] = np.nan
    made = distance_figure(frame)
    drawn = keeps_the_rules(made)
    assert order(made)[-1] == "Auburn"
    assert texts(drawn).count("×") == 6  # either way, without itself
    assert "No place is known for Auburn." in made.notes
    assert made.table["Distance (km)"].isna().sum() == 3
    assert made.subtitle.endswith("× place not known")


def test_each_pair_is_a_cell_either_way_and_a_row_once() -> None:
    made = distance_figure(ROAD)
    drawn = keeps_the_rules(made)
    cells = rows(drawn, layers(drawn, "rect")[0])
    assert len(cells) == 12
    assert {cell["value"] for cell in cells} == {2.0, 10.0, 12.0, 28.0, 30.0, 40.0}
    assert len(made.table) == 6


def test_facilities_of_one_name_stay_apart() -> None:
    frame = ROAD.set_axis(["Kent"] * 4).set_axis(["Kent"] * 4, axis=1)
    made = distance_figure(frame)
    assert len(order(made)) == 4
    assert made.title == "Nearest: Kent and Kent, 2.0 km; farthest: Kent and Kent, 40.0 km"


def test_fifty_fit_and_more_do_not() -> None:
    rng = np.random.default_rng(1)
    many = apart(**{f"F{at}": float(place) for at, place in enumerate(rng.normal(0, 99, 51))})
    compiles(keeps_the_rules(distance_figure(many.iloc[:50, :50])))
    with pytest.raises(ValueError, match="Up to 50 facilities"):
        distance_figure(many)
    with pytest.raises(ValueError, match="square"):
        distance_figure(many.iloc[:3])
