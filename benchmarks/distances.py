"""Distances against the ways they are usually worked out, and the nearest of very many.

    .venv/bin/python benchmarks/distances.py

- All distances of 500 facilities against a loop of geopy's geodesic over every pair: the same to
  a millionth of a metre.
- The 5 nearest of 5,000 facilities against all distances of 500.
- The people of 33,000 ZIP codes to the nearest of 500 facilities, and shared out by distance.
- Where it is there, the map (`benchmarks/map_drawing.py`).

Medians of runs taken in turns, in one process; the loop runs once, for it takes its time.
Facilities are invented, spread over the contiguous United States; hospitals that crowd in towns
are tried too.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))  # the project is run, not installed
from caremap.geography import catchment, distances, nearest  # noqa: E402

TURNS = 9


def facilities(count: int, towns: int | None = None) -> pd.DataFrame:
    """Invented facilities anywhere in the country, or crowded around so many towns."""
    chance = np.random.default_rng(20240403)
    if towns is None:
        north, east = chance.uniform(25, 49, count), chance.uniform(-124, -67, count)
    else:
        at = chance.integers(0, towns, count)
        north = chance.uniform(25, 49, towns)[at] + chance.normal(0, 0.1, count)
        east = chance.uniform(-124, -67, towns)[at] + chance.normal(0, 0.1, count)
    names = [f"Hospital {number:04}" for number in range(count)]
    return pd.DataFrame({"facility": names, "latitude": north, "longitude": east})


def people(count: int) -> pd.DataFrame:
    """As many ZIP codes as the country has, with coordinates of their own."""
    chance = np.random.default_rng(20240404)
    return pd.DataFrame(
        {
            "zip": [f"{number:05}" for number in range(501, 501 + count)],
            "population": chance.integers(0, 50_000, count),
            "latitude": chance.uniform(25, 49, count),
            "longitude": chance.uniform(-124, -67, count),
        }
    )


def loop(places: pd.DataFrame) -> np.ndarray:
    """Every pair by geopy, as notebooks do it."""
    from geopy.distance import geodesic

    where = [*zip(places["latitude"], places["longitude"], strict=True)]
    found = np.zeros((len(where), len(where)))
    for one, other in itertools.combinations(range(len(where)), 2):
        found[one, other] = found[other, one] = geodesic(where[one], where[other]).m
    return found


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def in_turns(*works: Callable[[], object]) -> list[float]:
    """The median seconds of each, run in turns, after one run that loads what is needed."""
    for work in works:
        work()
    turns = [[seconds(work) for work in works] for _ in range(TURNS)]
    return [statistics.median(each) for each in zip(*turns, strict=True)]


def rows() -> list[tuple[str, float, str]]:
    """What is measured: a name, its seconds, and what that is compared with its baseline."""
    few, many, crowded = facilities(500), facilities(5_000), facilities(5_000, towns=60)
    matrix, near, near_crowded = in_turns(
        lambda: distances(few), lambda: nearest(many, 5), lambda: nearest(crowded, 5)
    )
    by_loop: list[np.ndarray] = []
    looped = seconds(lambda: by_loop.append(loop(few)))
    apart = np.abs(distances(few).to_numpy() * 1000 - by_loop[0]).max()
    zips = people(33_000)
    to_nearest, shared_out = in_turns(
        lambda: catchment(few, zips, "nearest"), lambda: catchment(few, zips, "floating")
    )
    return [
        ("all distances of 500, geopy in a loop", looped, "baseline"),
        ("all distances of 500", matrix,
         f"{looped / matrix:.0f} times faster, at most {apart:.1e} m apart"),
        ("nearest 5 of 5,000", near, f"{matrix / near:.2f} times as fast as all of 500"),
        ("nearest 5 of 5,000 in 60 towns", near_crowded,
         f"{matrix / near_crowded:.2f} times as fast as all of 500"),
        ("33,000 ZIP codes, nearest of 500", to_nearest, ""),
        ("33,000 ZIP codes, shared by distance", shared_out, ""),
    ]  # fmt: skip


def map_rows() -> list[tuple[str, float, str]]:
    """The rows of the map's own benchmark, where it is there: a name, a number, its unit."""
    if importlib.util.find_spec("benchmarks.map_drawing") is None:
        return []
    from benchmarks import map_drawing

    return list(map_drawing.rows())


def main() -> None:
    print(f"python {sys.version.split()[0]}, medians of {TURNS} turns")
    for name, took, compared in rows():
        print(f"{name:44} {took:9.3f} s   {compared}")
    for name, number, unit in map_rows():
        print(f"{name:44} {number:9.3f} {unit}")


if __name__ == "__main__":
    main()
