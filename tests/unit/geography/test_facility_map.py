"""The map of facilities: what it holds, what no name can do to it, where it stands."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.geography.facility_map import SCRIPTS, facility_map, looked_at, map_html
from caremap.geography.geojson import to_geojson
from caremap.geography.map_layers import CLUSTERED, Layer, placed, unwrapped
from tests.unit.geography.test_safe_text import HOSTILE

SEED = pd.DataFrame(
    {
        "facility": ["A", "B", "C"],
        "latitude": [47.61, 47.90, 47.53],
        "longitude": [-122.14, -122.07, -121.82],
        "staff": [21, 0, None],
        "ratio": [1333.0, np.inf, None],
        "zip": ["98007", "98290", None],
    }
)
LINKS = pd.DataFrame({"facility": ["A", "B", "C"], "neighbour": ["B", "A", "A"],
                      "km": [31.36, 31.36, 26.0]})  # fmt: skip
MOVES = pd.DataFrame({"from": ["A", "A"], "to": ["B", "nowhere"], "role": ["nurse", "nurse"],
                      "staff": [6, 1], "km": [31.36, np.nan]})  # fmt: skip


def told(sites: pd.DataFrame, **options: Any) -> dict[str, Any]:
    """What the map hands to its script."""
    page = facility_map(sites, **{"scripts": "", **options}).get_root().render()
    call = re.search(r"caremapMap\(map_\w+, (\{.*\})\);", page)
    assert call is not None
    return json.loads(call.group(1))


def numbered(count: int, **columns: Any) -> pd.DataFrame:
    """So many facilities along a line."""
    return pd.DataFrame(
        {
            "facility": [f"F{at}" for at in range(count)],
            "latitude": np.linspace(40, 45, count),
            "longitude": np.linspace(-120, -100, count),
            **columns,
        }
    )


def test_zero_and_missing_are_told_apart() -> None:
    layer = told(SEED)["layers"][0]
    assert layer["size"] == ["21", "0", "no figure"]
    assert layer["shade"] == ["1,333", "no staff", "no figure"]
    assert layer["colour"][2] == -1
    assert layer["none"] == "no figure"
    assert layer["colour_title"] == "People per staff member"


def test_a_link_is_drawn_once_with_its_distance() -> None:
    pairs = [pair for band in told(SEED, links=LINKS)["links"] for pair in band["pairs"]]
    assert sorted(pairs) == [[0, 1, 31.36], [0, 2, 26.0]]


def test_distances_are_told_in_miles_where_asked() -> None:
    found = told(SEED, links=LINKS, moves=MOVES, miles=True)
    assert found["unit"] == "miles"
    assert found["factor"] == pytest.approx(1 / 1.609344)
    assert found["moves"][0]["text"] == "6 nurse: A to B, 19.5 miles"


OF_ROLES = pd.DataFrame(
    [("A", "B", "nurse", 6, 31.36), ("B", "C", "nurse", 2, 45.2), ("C", "A", "aide", 9, 26.0),
     ("A", "B", "doctor", 3, 31.36), ("A", "A", "nurse", 4, 0.0), ("A", "gone", "nurse", 4, 9.0)],
    columns=["from", "to", "role", "staff", "km"],
)  # fmt: skip
TOGETHER = [
    "9 people (6 nurse, 3 doctor): A to B, 31.4 km", "9 aide: C to A, 26.0 km",
    "2 nurse: B to C, 45.2 km",
]  # fmt: skip
OF_NURSES = ["6 nurse: A to B, 31.4 km", "2 nurse: B to C, 45.2 km"]


@pytest.mark.parametrize(
    ("layers", "seen"),
    [
        ([Layer("Facilities")], [TOGETHER]),
        ([Layer("nurse")], [TOGETHER]),
        ([Layer("All staff"), Layer("nurse"), Layer("doctor")],
         [TOGETHER, OF_NURSES, ["3 doctor: A to B, 31.4 km"]]),
        ([Layer("All staff"), Layer("Those who nurse", role="nurse"), Layer("Beds")],
         [TOGETHER, OF_NURSES, TOGETHER]),
        ([Layer("All staff"), Layer("porter", role="porter")], [TOGETHER, []]),
        ([Layer("nurse"), Layer("doctor")], [OF_NURSES, ["3 doctor: A to B, 31.4 km"]]),
    ],
)  # fmt: skip
def test_a_layer_shows_the_moves_of_its_role_and_any_other_those_of_all_roles_together(
    layers: list[Layer], seen: list[list[str]]
) -> None:
    moves = told(SEED, moves=OF_ROLES, layers=layers)["moves"]
    shown = [[one["text"] for one in moves if at in one["layers"]] for at in range(len(layers))]
    assert shown == seen
    for move in moves:
        assert move["text"].startswith(f"{move['people']} ")


@pytest.mark.parametrize(
    ("sites", "clustered"),
    [
        (numbered(CLUSTERED), False),
        (numbered(CLUSTERED + 1), True),
        (numbered(30, latitude=40.0, longitude=-100.0), True),
        (numbered(3, latitude=40.0, longitude=-100.0), False),
    ],
)
def test_many_facilities_or_many_at_one_point_are_clustered(
    sites: pd.DataFrame, clustered: bool
) -> None:
    assert told(sites)["cluster"] is clustered


def test_a_network_across_the_end_of_the_map_stands_together() -> None:
    fiji = pd.Series([178.4, -179.9, 177.4, -178.8])
    assert np.ptp(unwrapped(fiji)) == pytest.approx(3.8)
    assert np.ptp(unwrapped(pd.Series([-170.0, 170.0]))) == pytest.approx(20)
    assert unwrapped(pd.Series([10.0])).tolist() == [10.0]


def test_what_is_not_on_the_globe_is_not_on_the_map() -> None:
    sites = pd.DataFrame(
        {"facility": ["A", "B", "C", "D", None], "latitude": [1, 91, None, "4.5", 1],
         "longitude": [2, 2, 2, 181, 1]}
    )  # fmt: skip
    assert placed(sites)["facility"].tolist() == ["A"]


@pytest.mark.parametrize(
    ("sites", "word"),
    [
        (SEED.assign(latitude=np.nan), "No facility has a place"),
        (SEED.drop(columns="longitude"), "longitude is missing"),
        (SEED.assign(facility="same"), "twice"),
        (SEED.head(0), "No facility has a place"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(sites: pd.DataFrame, word: str) -> None:
    with pytest.raises(DataProblem, match=word):
        facility_map(sites)


def test_frames_given_are_not_changed() -> None:
    sites, links, moves = SEED.copy(), LINKS.copy(), MOVES.copy()
    map_html(sites, links=links, moves=moves)
    to_geojson(sites, links=links, moves=moves)
    pd.testing.assert_frame_equal(sites, SEED)
    pd.testing.assert_frame_equal(links, LINKS)
    pd.testing.assert_frame_equal(moves, MOVES)


@pytest.mark.parametrize("dtype", ["object", "str", "category"])
def test_any_kind_of_column_and_index_will_do(dtype: str) -> None:
    sites = SEED.astype({"facility": dtype, "staff": "Int64", "latitude": object})
    sites.index = [7, 7, 3]
    assert told(sites)["sites"]["name"] == ["A", "B", "C"]


# --- no name can do anything ------------------------------------------------------------------


def test_names_reach_the_page_as_values_and_nowhere_else() -> None:
    sites = numbered(len(HOSTILE), facility=HOSTILE, region=HOSTILE)
    links = pd.DataFrame({"facility": HOSTILE[:1], "neighbour": HOSTILE[1:2], "km": [1.0]})
    assert told(sites, links=links)["sites"]["name"] == HOSTILE
    page = map_html(sites, links=links, title=" ".join(HOSTILE), tiles=False).decode()
    for name in HOSTILE:
        if set(name) & set("`$<{}\\'"):
            assert name not in page


def test_a_facility_that_is_looked_at_is_marked_with_its_neighbours() -> None:
    group = looked_at(SEED, "B", LINKS)
    (mark,) = group._children.values()
    assert mark.told == "1, [[0,31.36]]"
    (unmarked,) = looked_at(SEED, None, LINKS)._children.values()
    assert unmarked.told == "null, []"


# --- no host is needed ------------------------------------------------------------------------

OUTSIDE = re.compile(r"""(?:src|href)=["'](https?:)?//""")


def test_a_file_holds_every_script_and_asks_no_host_for_one() -> None:
    page = map_html(SEED, tiles=False).decode()
    loaded = re.findall(r"""<(?:script|link)[^>]*(?:src|href)=["']([^"']*)""", page)
    assert loaded == ["data:,"]
    assert "openstreetmap" not in page
    assert (SCRIPTS / "leaflet.js").read_text() in page


@pytest.mark.parametrize("tiles", [True, False])
def test_zooming_has_an_end_with_and_without_a_background(tiles: bool) -> None:
    page = facility_map(numbered(300), tiles=tiles, scripts="").get_root().render()
    assert '"maxZoom": 18' in page.split("caremapMap")[0].split("tileLayer")[0]


def test_scripts_come_from_the_folder_that_is_named() -> None:
    drawn = facility_map(SEED, scripts="../somewhere/")
    names = {name for name, _ in [*drawn.default_js, *drawn.default_css]}
    assert all((SCRIPTS / name).is_file() for name in names)
    assert {url for _, url in drawn.default_js} == {
        f"../somewhere/{name}" for name in names if name.endswith(".js")
    }


def test_in_a_notebook_the_map_brings_its_scripts_itself() -> None:
    (_, url), *_ = facility_map(SEED).default_js
    kind, _, text = url.partition(",")
    assert kind == "data:text/javascript;base64"
    assert base64.b64decode(text) == (SCRIPTS / "leaflet.js").read_bytes()


def test_vendored_scripts_come_with_their_licences() -> None:
    for name in ("leaflet", "leaflet.markercluster"):
        assert "copyright" in (SCRIPTS / f"{name}.LICENSE.txt").read_text().casefold()


# --- GeoJSON ------------------------------------------------------------------------------------


def test_geojson_has_points_lines_and_what_has_no_place() -> None:
    sites = pd.concat([SEED, pd.DataFrame({"facility": ["D"]})], ignore_index=True)
    features = json.loads(to_geojson(sites, links=LINKS, moves=MOVES))["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert kinds == ["facility"] * 4 + ["link"] * 3 + ["move"]
    first, lost, link = features[0], features[3], features[4]
    assert first["geometry"] == {"type": "Point", "coordinates": [-122.14, 47.61]}
    assert first["properties"]["staff"] == 21
    assert first["properties"]["zip"] == "98007"
    assert features[1]["properties"]["ratio"] is None  # no end: JSON has no such number
    assert lost["geometry"] is None
    assert link["geometry"]["coordinates"] == [[-122.14, 47.61], [-122.07, 47.9]]
    assert features[-1]["properties"]["staff"] == 6


def test_a_line_across_180_degrees_is_cut_there() -> None:
    sites = pd.DataFrame({"facility": ["A", "B"], "latitude": [-16.0, -18.0],
                          "longitude": [179.0, -179.0]})  # fmt: skip
    links = pd.DataFrame({"facility": ["A", "B"], "neighbour": ["B", "A"], "km": [1.0, 1.0]})
    there, back = json.loads(to_geojson(sites, links=links))["features"][2:]
    assert there["geometry"]["coordinates"] == [
        [[179.0, -16.0], [180.0, -17.0]], [[-180.0, -17.0], [-179.0, -18.0]],
    ]  # fmt: skip
    assert back["geometry"]["coordinates"] == [
        [[-179.0, -18.0], [-180.0, -17.0]], [[180.0, -17.0], [179.0, -16.0]],
    ]  # fmt: skip
