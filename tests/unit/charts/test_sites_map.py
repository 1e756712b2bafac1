"""Facilities where they lie: true to scale, unknown places said, lines and arrows where they go."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, places_figure
from caremap.charts.ground import eastings_northings
from tests.unit.charts.drawing import NAMES, NUMBERS
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, sized, texts

PER = "People per staff member"
SITES = pd.DataFrame(
    {
        "facility": ["Auburn", "Kent", "Renton", "Tacoma"],
        "latitude": [47.30, 47.38, 47.48, 47.25],
        "longitude": [-122.20, -122.25, -122.20, -122.44],
        "staff": [20, 50, 100, 0],
        "ratio": [1500.0, 800.0, 210.0, np.nan],
    }
)
MOVES = pd.DataFrame(
    {
        "from": ["Renton", "Renton", "Kent", "Kent"],
        "to": ["Auburn", "Auburn", "Tacoma", "Nowhere"],
        "role": ["Nurses", "Doctors", "Nurses", "Nurses"],
        "staff": [10, 2, 18, 5],
    }
)


def figure(sites: pd.DataFrame = SITES, **choices: Any) -> Figure:
    return places_figure(sites, colour_title=PER, **choices)


@pytest.mark.parametrize(
    ("sites", "title"),
    [
        (SITES, f"{PER}: highest in Auburn, 1,500; lowest in Renton, 210"),
        (SITES.head(1), f"{PER}: 1,500 in Auburn"),
        (SITES.assign(ratio=3.0), f"{PER}: 3 in each of 4 facilities"),
        (SITES.assign(ratio=np.nan), "Staff: highest in Renton, 100; lowest in Tacoma, 0"),
        (SITES[["facility", "latitude", "longitude"]], "Where 4 facilities are"),
        (SITES.assign(latitude=np.nan), "No place is known for 4 facilities"),
    ],
)
def test_titles(sites: pd.DataFrame, title: str) -> None:
    made = figure(sites)
    assert made.title == title
    compiles(keeps_the_rules(made))


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize(("wide", "high"), [(1.0, 1.0), (8.0, 1.0), (0.2, 3.0)])
def test_a_kilometre_is_as_long_in_each_direction(width: int, wide: float, high: float) -> None:
    """A cross of places, as far to the east as to the north in kilometres."""
    latitude = 60.0  # where a degree of longitude is half as long
    sites = pd.DataFrame({"facility": list("CEWNS"), "staff": 5, "ratio": 1.0})
    sites["latitude"] = latitude + np.array([0, 0, 0, high, -high]) / 111.195
    sites["longitude"] = 10 + np.array([0, wide, -wide, 0, 0]) / 111.195 / 0.5
    svg = vl_convert.vegalite_to_svg(sized(figure(sites).chart.to_dict(), width))
    marks = re.findall(r'aria-label="([CEWNS]): [^"]*"[^>]*transform="translate\(([^)]*)\)', svg)
    at = {name: tuple(map(float, place.split(","))) for name, place in marks}
    east = at["E"][0] - at["W"][0]
    north = at["S"][1] - at["N"][1]
    assert east / north == pytest.approx(wide / high, rel=0.01)
    assert at["C"] == pytest.approx(((at["E"][0] + at["W"][0]) / 2, at["E"][1]), abs=0.2)
    assert min(x for x, _ in at.values()) >= 0
    assert max(x for x, _ in at.values()) <= width


def test_kilometres_are_those_of_the_ground() -> None:
    """Seattle to Tacoma is 40.18 km (WGS-84 geodesic): a picture may be wrong by half a percent."""
    places = pd.DataFrame({"latitude": [47.6062, 47.2529], "longitude": [-122.3321, -122.4443]})
    ends = eastings_northings(places)
    assert float(np.hypot(*(ends.iloc[0] - ends.iloc[1]))) == pytest.approx(40.18, rel=0.005)


def test_a_network_across_180_degrees_stays_in_one_piece() -> None:
    fiji = pd.DataFrame({"latitude": [-17.0, -17.0, -17.0], "longitude": [178.0, 179.5, -179.0]})
    east = eastings_northings(fiji)["east"]
    assert east.is_monotonic_increasing
    assert east.iloc[-1] - east.iloc[0] == pytest.approx(3 * 111.195 * np.cos(np.radians(17)))


def test_what_has_no_figure_has_a_cross_and_what_has_no_place_is_named() -> None:
    sites = SITES.assign(latitude=[None, *SITES["latitude"][1:]])
    made = figure(sites)
    seen = texts(keeps_the_rules(made))
    assert seen.count("×") == 1
    assert "1 facility is not drawn, as no place is known: Auburn." in made.notes
    assert "× no figure" in made.subtitle
    assert len(made.table) == 4


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (np.inf, 0.0)])
def test_a_place_off_the_earth_is_none(place: tuple[float, float]) -> None:
    sites = SITES.assign(latitude=[place[0], *SITES["latitude"][1:]],
                         longitude=[place[1], *SITES["longitude"][1:]])  # fmt: skip
    assert any("not drawn" in note for note in figure(sites).notes)


def test_moves_are_arrows_by_pair_and_people_of_all_roles() -> None:
    drawn = keeps_the_rules(made := figure(moves=MOVES))
    arrows = rows(drawn, layers(drawn, "point")[-1])
    assert [(row["name"], row["other"], row["people"]) for row in arrows] == [
        ("Kent", "Tacoma", 18),
        ("Renton", "Auburn", 12),
    ]
    kent, renton = arrows
    assert kent["wide"] > renton["wide"]
    assert 180 < kent["turn"] < 270  # to the south-west, clockwise from north
    assert renton["turn"] == pytest.approx(180)  # due south
    assert "arrows" in made.subtitle
    assert "from Kent to Tacoma, 18 people" in made.alt


def test_links_are_lines_between_places_that_are_known() -> None:
    links = pd.DataFrame({"facility": ["Kent", "Kent", "Kent"], "km": 1.0,
                          "neighbour": ["Auburn", "Nowhere", "Kent"]})  # fmt: skip
    drawn = keeps_the_rules(figure(links=links))
    lines = rows(drawn, layers(drawn, "rule")[0])
    assert [(row["name"], row["other"]) for row in lines] == [("Kent", "Auburn")]


@pytest.mark.parametrize(("miles", "unit"), [(False, "km"), (True, "miles")])
def test_there_is_a_scale_bar_of_a_round_length(miles: bool, unit: str) -> None:
    bars = [text for text in texts(figure(miles=miles).chart.to_dict()) if text.endswith(unit)]
    assert len(bars) == 1
    assert float(bars[0].split()[0]) in {1, 2, 5, 10, 20}


def test_names_never_cross_and_the_largest_has_one() -> None:
    rng = np.random.default_rng(2)
    many = pd.DataFrame({"facility": [f"Hospital {at}" for at in range(60)], "ratio": 5.0})
    many = many.assign(latitude=rng.normal(47, 1, 60), longitude=rng.normal(9, 1, 60))
    many["staff"] = [1000, *rng.integers(1, 90, 59)]
    seen = texts(figure(many).chart.to_dict(), 900)
    named = {text for text in seen if text.startswith("Hospital")}
    assert 5 < len(named) < 60


def test_thousands_are_drawn_and_the_rest_is_said() -> None:
    rng = np.random.default_rng(3)
    many = pd.DataFrame({"facility": [f"H{at}" for at in range(5000)], "staff": 1, "ratio": 2.0})
    many = many.assign(latitude=rng.normal(4, 1, 5000), longitude=rng.normal(102, 1, 5000))
    made = figure(many)
    keeps_the_rules(made)
    assert "Drawn are the 4,000 largest; all are in the table." in made.notes
    assert len(made.table) == 5000


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(NAMES, st.floats(-100, 100), st.floats(-200, 200), NUMBERS, NUMBERS),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_a_file_holds_it_is_drawn(cells: list[tuple[Any, ...]]) -> None:
    frame = pd.DataFrame(cells, columns=["facility", "latitude", "longitude", "staff", "ratio"])
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(figure(frame)))
    pd.testing.assert_frame_equal(frame, before)
