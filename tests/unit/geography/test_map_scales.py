"""Sizes and colours of a map: circles by area, classes with words, zero and missing apart."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.geography.map_scales import (
    LARGEST,
    SMALLEST,
    TEAL_TO_BROWN,
    UNKNOWN,
    around,
    bands,
    radii,
    told,
)


def test_area_goes_with_the_number_from_zero_to_the_largest() -> None:
    drawn, _ = radii(pd.Series([0, 50, 100]), 3)
    areas = [one**2 for one in drawn]
    assert drawn[0] == SMALLEST
    assert drawn[2] == LARGEST
    assert areas[1] == pytest.approx((areas[0] + areas[2]) / 2, rel=0.01)


def test_what_no_file_says_is_neither_a_zero_nor_in_the_legend() -> None:
    drawn, samples = radii(pd.Series([0.0, np.nan, 8.0]), 3)
    assert drawn[1] == UNKNOWN != drawn[0]
    assert [text for _, text in samples] == ["8", "2", "0"]


@pytest.mark.parametrize("values", [[], [np.nan], [0, 0], [-3, 0], [1e300, 1], [7]])
def test_any_numbers_give_radii_that_can_be_drawn(values: list[float]) -> None:
    drawn, _ = radii(pd.Series(values, dtype=float), len(values))
    assert all(SMALLEST <= one <= LARGEST for one in drawn)


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=1))
def test_every_number_has_one_class_whose_bounds_hold_it(values: list[float | None]) -> None:
    series = pd.Series(values, dtype=float)
    scale = bands(series)
    assert len(scale.words) == len(scale.colours) == len(scale.edges) + 1
    edges = [-math.inf, *scale.edges, math.inf]
    for value, at in zip(series, scale.of(series), strict=True):
        if math.isnan(value):
            assert at == -1
        else:
            assert edges[at] <= value < edges[at + 1] or value == edges[at + 1] == math.inf


def test_classes_hold_about_as_many_facilities_each() -> None:
    values = pd.Series(range(1, 1001))
    counts = np.bincount(bands(values).of(values))
    assert len(counts) == 5
    assert counts.min() > 150


def test_around_the_fair_level_near_half_and_twice_have_classes_of_their_own() -> None:
    scale = around(1000)
    assert scale.of(pd.Series([400, 600, 1000, 1500, 5000, np.inf, np.nan])) == [
        0, 1, 2, 3, 4, 4, -1,
    ]  # fmt: skip


@pytest.mark.parametrize("value", [float("inf")])
def test_a_need_that_nobody_is_there_to_share_is_said_in_words(value: float) -> None:
    assert told(value) == "no staff"


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


# Machado, Oliveira and Fernandes (2009), severity 1: what each dichromat sees of linear RGB.
SEEN = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])  # fmt: skip
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", ["everybody", *SEEN])
def test_classes_around_the_fair_level_stay_apart_for_the_colour_blind(vision: str) -> None:
    matrix = np.array(SEEN.get(vision, np.eye(3)))
    seen = [lab(matrix @ linear(colour)) for colour in TEAL_TO_BROWN]
    apart = [np.linalg.norm(one - other) for at, one in enumerate(seen) for other in seen[:at]]
    assert min(apart) > 15
