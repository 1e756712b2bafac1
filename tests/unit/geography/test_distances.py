"""Distances: published geodesics, and the nearest by trying every pair."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from caremap.geography import MILES, distances, kilometres, nearest, pairs, within
from caremap.geography.sphere import LEAST, MOST
from caremap.problems import DataProblem
from tests.unit.geography.places import networks, scattered, seed_network


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        ((47.60205545945946, -122.1443852827981), (47.91922650247934, -122.06887529421486), 35.72),
        ((35.60777, -139.44815), (-11.17491, -69.95921), 8935.2445604818305),
        ((55.52454, 106.05087), (77.03196, 197.18234), 4105.0861713924406),
        ((-17.42761, 173.34268), (-15.84784, 5.93557), 16076.6031631180673),
        ((47.6, -122.1), (47.6, 237.9), 0.0),  # a turn further is the same place
        ((0, 0), (0, 180), 20003.931458623),  # the far side: over a pole, not along the equator
    ],
)
def test_published_geodesics(start, end, km):
    near = 0.005 if km == 35.72 else 1e-12 * 20000
    assert kilometres(*start, *end) == pytest.approx(km, abs=near)
    assert kilometres(*end, *start) == kilometres(*start, *end)


def test_the_seed_network_is_as_far_apart_as_its_zip_codes_are():
    expected = {
        "AB": 31.36, "AC": 26.00, "AD": 138.37, "AE": 13.84, "BC": 44.79,
        "BD": 141.06, "BE": 37.62, "CD": 113.29, "CE": 38.75, "DE": 151.81,
    }  # fmt: skip
    found = distances(seed_network())
    listed = pairs(seed_network())
    for (one, other), km in expected.items():
        assert found.loc[one, other] == pytest.approx(km, abs=0.1)
        assert found.loc[other, one] == found.loc[one, other]
    assert [*(listed["facility"] + listed["neighbour"])] == list(expected)
    assert np.diag(found).tolist() == [0.0] * 5
    assert [*found.index] == [*found.columns] == [*"ABCDE"]


def test_zip_codes_do_where_there_are_no_coordinates():
    network = seed_network()
    zips = network[["facility", "zip"]].replace("98065", "98065.0")
    pd.testing.assert_frame_equal(distances(zips), distances(network))


def test_a_mile_is_1_609344_kilometres():
    assert MILES * 1.609344 == 1.0


@given(networks())
def test_the_matrix_is_geopy_s_either_way_round_and_missing_where_a_place_is(network):
    before = network.copy()
    found = distances(network)
    for one, other in np.ndindex(found.shape):
        places = network.loc[[one, other], ["latitude", "longitude"]].to_numpy()
        if np.isnan(places).any():
            assert np.isnan(found.iloc[one, other])
        else:
            assert found.iloc[one, other] == pytest.approx(geodesic(*places).km, abs=1e-9)
    assert found.equals(found.T.rename_axis(index="facility", columns="neighbour"))
    pd.testing.assert_frame_equal(network, before)


def by_hand(network: pd.DataFrame) -> pd.DataFrame:
    """Every facility beside every other whose places are known, as nearest and within order."""
    long = distances(network).reset_index().melt("facility", value_name="km").dropna()
    long = long[long["facility"] != long["neighbour"]]
    order = {name: place for place, name in enumerate(network["facility"])}
    long = long.assign(place=long["facility"].map(order))
    return long.sort_values(["place", "km", "neighbour"]).drop(columns="place")


@given(networks(), st.integers(1, 5))
def test_the_nearest_are_those_of_the_whole_matrix_ties_by_name(network, k):
    expected = by_hand(network).groupby("facility", sort=False).head(k)
    pd.testing.assert_frame_equal(
        nearest(network, k), expected.reset_index(drop=True), check_dtype=False, check_exact=True
    )


@given(networks(), st.one_of(st.floats(0, 21_000), st.just(np.inf), st.just(0.0)))
def test_within_a_distance_are_those_of_the_whole_matrix(network, km):
    expected = by_hand(network).query("km <= @km")
    pd.testing.assert_frame_equal(
        within(network, km), expected.reset_index(drop=True), check_dtype=False, check_exact=True
    )


def test_a_facility_exactly_at_the_limit_is_within_it():
    network = scattered(12)
    for km in nearest(network, 3)["km"]:
        found = within(network, km)
        assert found["km"].max() == km
        assert not (within(network, np.nextafter(km, 0))["km"] >= km).any()


def test_nearest_of_several_hundred_agree_with_the_matrix_to_the_last_digit():
    network = scattered(400)
    matrix = distances(network)
    found = nearest(network, 7)
    assert len(found) == 400 * 7
    np.fill_diagonal(away := matrix.to_numpy().copy(), np.inf)
    assert (found["km"].to_numpy().reshape(400, 7) == np.sort(away, axis=1)[:, :7]).all()


def test_very_many_pairs_are_measured_as_few_are():
    here, there = scattered(20_001, seed=1), scattered(20_001, seed=2)
    ends = [frame[name].to_numpy() for frame in (here, there) for name in ("latitude", "longitude")]
    many = kilometres(*ends)
    few = np.concatenate([kilometres(*(end[at : at + 5000] for end in ends))
                          for at in range(0, 20_001, 5000)])  # fmt: skip
    assert (many == few).all()


def test_a_hundred_clinics_in_one_zip_code_have_each_other_by_name_for_neighbours():
    network = scattered(102).assign(latitude=47.6, longitude=-122.3)
    network.loc[101, "latitude"] = 48
    shuffled = network.sample(frac=1, random_state=3)
    found = nearest(shuffled, 2).set_index("facility")
    assert found.loc["Hospital 0000", "neighbour"].tolist() == ["Hospital 0001", "Hospital 0002"]
    assert found.loc["Hospital 0050", "neighbour"].tolist() == ["Hospital 0000", "Hospital 0001"]
    assert found.loc["Hospital 0101", "neighbour"].tolist() == ["Hospital 0000", "Hospital 0001"]
    assert found.loc["Hospital 0050", "km"].tolist() == [0, 0]
    assert found.index.unique().tolist() == shuffled["facility"].tolist()


@given(networks())
def test_a_geodesic_lies_between_the_bounds_that_prove_the_nearest(network):
    known = network.dropna()
    north, east = (
        np.radians(known["latitude"].to_numpy()),
        np.radians(known["longitude"].to_numpy()),
    )
    cosine = np.sin(north)[:, None] * np.sin(north) + np.cos(north)[:, None] * np.cos(
        north
    ) * np.cos(east[:, None] - east)
    angle = np.arccos(np.clip(cosine, -1, 1))
    km = distances(known).to_numpy()
    assert (km >= LEAST * angle - 1e-3).all()  # an angle from a cosine is good to 1e-8
    assert (km <= MOST * angle + 1e-3).all()


def test_frames_as_they_come():
    network = pd.DataFrame(
        {
            "longitude": ["-122.1", "", "-120.3"],
            "facility": [101, 102, 103],
            "note": ["x", "y", None],
            "latitude": ["47.6", "47.5", "47.4"],
        },
        index=[7, 7, 7],
        dtype=object,
    )
    found = nearest(network)
    assert found["facility"].tolist() == [101, 103]
    assert found["neighbour"].tolist() == [103, 101]
    empty = network.iloc[:0]
    assert distances(empty).shape == (0, 0)
    assert [*nearest(empty).columns] == [*within(empty, 1).columns] == [*pairs(empty).columns]
    assert len(nearest(empty)) == len(pairs(empty)) == len(nearest(network.iloc[:1])) == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda frame: frame.drop(columns="longitude"), "no column “longitude”"),
        (lambda frame: frame.drop(columns=["latitude", "longitude"]), "“latitude” and “longitude”"),
        (lambda frame: frame.rename(columns={"facility": "name"}), "no column “facility”"),
        (lambda frame: frame.assign(facility="same"), "5 of 5 rows share"),
        (lambda frame: frame.assign(facility=["a", " ", None, "b", "c"]), "2 of 5 facilities"),
    ],
)
@pytest.mark.parametrize("function", [distances, pairs, nearest, lambda frame: within(frame, 5)])
def test_what_cannot_be_measured_is_said(change, words, function):
    with pytest.raises(DataProblem, match=words) as problem:
        function(change(scattered(5)))
    assert problem.value.hint


def test_too_many_for_a_matrix_are_sent_to_the_nearest():
    assert distances(scattered(500)).shape == (500, 500)
    for function in (distances, pairs):
        with pytest.raises(DataProblem, match="501 facilities") as problem:
            function(scattered(501))
        assert "nearest" in problem.value.hint
        assert "within" in problem.value.hint
    assert len(nearest(scattered(501), 1)) == 501


@pytest.mark.parametrize("k", [0, -1])
def test_no_neighbour_at_all_is_no_question(k):
    with pytest.raises(ValueError, match="At least one"):
        nearest(scattered(3), k)


@pytest.mark.parametrize("km", [-1, float("nan")])
def test_no_distance_is_below_zero_or_missing(km):
    with pytest.raises(ValueError, match="zero or more"):
        within(scattered(3), km)
