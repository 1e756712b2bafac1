"""A map of 2,000 links drawn by CareMap against one folium line for each.

    .venv/bin/python benchmarks/map_drawing.py

Both are written out as the page a browser reads; prints the medians and their ratio. The rest is
for the record: the map of 5,000 facilities with their five nearest, and the same as one file.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import folium
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from caremap import geography
from caremap.geography.facility_map import facility_map, map_html

LINKS, RUNS = 2_000, 5


def network(count: int) -> pd.DataFrame:
    """So many facilities in the western United States."""
    chance = np.random.default_rng(7)
    staff = chance.integers(0, 90, count)
    people = chance.integers(500, 60_000, count)
    return pd.DataFrame(
        {
            "facility": [f"Hospital {place}" for place in range(count)],
            "latitude": chance.uniform(33, 48, count),
            "longitude": chance.uniform(-123, -104, count),
            "staff": staff,
            "ratio": people / np.maximum(staff, 1),
        }
    )


def median(work: Callable[[], object]) -> float:
    """The median time of several runs, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def ours(sites: pd.DataFrame, links: pd.DataFrame) -> str:
    """The page of CareMap's map."""
    return str(facility_map(sites, links=links, scripts="").get_root().render())


def one_line_each(sites: pd.DataFrame, links: pd.DataFrame) -> str:
    """The page of a folium map with a line for each link and a circle for each facility."""
    drawn = folium.Map([40, -115], zoom_start=5)
    places = dict(zip(sites["facility"], zip(sites["latitude"], sites["longitude"], strict=True),
                      strict=True))  # fmt: skip
    for link in links.itertuples():
        folium.PolyLine(
            [places[link.facility], places[link.neighbour]], tooltip=f"{link.km:.1f} km"
        ).add_to(drawn)
    for name, place in places.items():
        folium.CircleMarker(place, radius=8, fill=True, tooltip=name).add_to(drawn)
    return str(drawn.get_root().render())


def rows() -> list[tuple[str, float, str]]:
    """Return what was measured: its name, the number, its unit."""
    sites = network(900)
    # Links that are there both ways are drawn once: enough of them are taken that 2,000 are left.
    near = geography.nearest(sites, 5)
    ends = np.sort(near[["facility", "neighbour"]].to_numpy(dtype=str), axis=1)
    links = near[~pd.DataFrame(ends).duplicated()].head(LINKS)
    assert len(links) == LINKS
    lines, mine = (median(partial(draw, sites, links)) for draw in (one_line_each, ours))
    large = network(5_000)
    largest = geography.nearest(large, 5)
    return [
        ("map of 2,000 links, one PolyLine each", lines, "s"),
        ("map of 2,000 links, CareMap", mine, "s"),
        ("times as fast", lines / mine, ""),
        ("map of 5,000 facilities and their 5 nearest", median(lambda: ours(large, largest)), "s"),
        ("size of that map as one file", len(map_html(large, links=largest)) / 1e6, "MB"),
    ]


if __name__ == "__main__":
    for name, value, unit in rows():
        print(f"{name:48} {value:10.3f} {unit}")
