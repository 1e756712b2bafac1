"""Whose people are whose: everybody once, and whoever is left out is listed."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.geography import access, catchment, gaussian, step
from caremap.geography.people import homes, living
from caremap.problems import DataProblem
from tests.unit.geography.places import SEED_ZIPS, networks, seed_network

SEED_PEOPLE = pd.DataFrame(
    {"zip": [*SEED_ZIPS.values()], "population": [27571, 39873, 15960, 44801, 15052]}
)
LINE = pd.DataFrame(  # on the equator, 111.32 km to a degree
    {"facility": ["West", "East"], "latitude": 0.0, "longitude": [0.0, 1.0], "zip": ["1", None]}
)


def along(*longitudes: float, people: float = 100) -> pd.DataFrame:
    """People on the equator."""
    return pd.DataFrame(
        {
            "zip": [f"{90000 + number}" for number in range(len(longitudes))],
            "population": people,
            "latitude": 0.0,
            "longitude": longitudes,
        }
    )


@pytest.mark.parametrize("method", ["own", "nearest"])
def test_the_seed_network_serves_its_own_zip_codes(method):
    found = catchment(seed_network(), SEED_PEOPLE, method)
    assert found.served.to_dict() == {"A": 27571, "B": 39873, "C": 15960, "D": 44801, "E": 15052}
    assert found.left_out.empty
    assert found.method == method


@pytest.mark.parametrize(
    ("zips", "population"),
    [
        (["98007.0", "98104"], [[98007, 10], [98104, 20]]),
        ([98007, 98104], [["98007", "10"], ["98104-1234", "20"]]),
        (["98007", "98104"], [["98007", 10], ["98007", 10], ["98104", 20], ["98104", None]]),
        (["SW1A 1AA", "sw1a 2aa "], [["SW1A 1AA", 10], ["SW1A 2AA", 20]]),
        (["1010", "1020"], [[1010, 10], [1020, 20]]),
    ],
)
def test_zip_codes_are_the_same_however_they_are_written(zips, population):
    places = pd.DataFrame({"facility": ["A", "B"], "zip": zips}, index=[3, 3])
    people = pd.DataFrame(population, columns=["zip", "population"], index=[9] * len(population))
    assert catchment(places, people).served.tolist() == [10, 20]


def test_facilities_of_one_zip_code_divide_its_people_and_it_is_said():
    places = pd.DataFrame({"facility": ["A", "B", "C"], "zip": ["98007", "98007", "98104"]})
    found = catchment(places, SEED_PEOPLE)
    assert found.served.to_dict() == {"A": 27571 / 2, "B": 27571 / 2, "C": 15052}
    assert any("2 facilities share a ZIP code" in note for note in found.notes)


def test_whom_a_facility_serves_is_unknown_without_a_zip_code_or_its_population():
    places = pd.DataFrame(
        {"facility": [*"ABCDE"], "zip": ["98007", None, "98999", "98065", "98104"]}
    )
    people = pd.DataFrame(
        {"zip": ["98007", "98065", "98104", "n/a"], "population": [0, None, 7, 50]}
    )
    found = catchment(places, people)
    assert found.served.fillna(-1).to_dict() == {"A": 0, "B": -1, "C": -1, "D": -1, "E": 7}
    expected = pd.DataFrame(
        {
            "zip": ["98065", "N/A", "98999"],
            "population": [np.nan, 50, np.nan],
            "reason": [
                "no population known", "no facility has this ZIP code", "no population known"
            ],
        }
    )  # fmt: skip
    pd.testing.assert_frame_equal(found.left_out, expected)
    assert any("3 facilities have no ZIP code whose population is known" in n for n in found.notes)


@pytest.mark.parametrize(
    ("longitudes", "reach", "served", "lost"),
    [
        ([0.1, 0.4, 0.6], None, [200, 100], 0),
        ([0.5], None, [50, 50], 0),  # half way: divided equally
        ([0.1, 2.5], None, [100, 0], 1),  # 167 km
        ([0.1, 2.5], 200, [100, 100], 0),
        ([0.1, 2.5], np.inf, [100, 100], 0),
        ([0.1, 0.2], 12, [100, 0], 1),
    ],
)
def test_people_count_for_the_nearest_facility_in_reach(longitudes, reach, served, lost):
    found = catchment(LINE, along(*longitudes), "nearest", reach_km=reach)
    assert found.served.tolist() == served
    assert found.left_out["reason"].tolist() == ["no facility in reach"] * lost
    assert any(f"with {100 * lost} people left out" in note for note in found.notes) == (lost > 0)
    assert found.reach_km == (reach or 100)


def test_two_hospitals_at_one_place_divide_their_people():
    places = LINE.assign(longitude=0.0)
    for method in ("nearest", "floating"):
        assert catchment(places, along(0.1), method).served.tolist() == [50, 50]


@pytest.mark.parametrize(
    ("decay", "shares"),
    [
        (lambda km: 1 / km, {0.25: 0.75, 0.5: 0.5}),
        ({30: 1, 90: 0.5}, {0.25: 2 / 3, 0.5: 0.5}),
        (step({30: 1}), {0.25: 1.0}),
        (lambda km: np.exp(-km / 55.66), {0.25: np.e / (1 + np.e)}),
    ],
)
def test_people_are_divided_by_how_near_facilities_are(decay, shares):
    for east, share in shares.items():
        found = catchment(LINE, along(east), "floating", decay=decay)
        assert found.served["West"] == pytest.approx(100 * share, rel=1e-3)
        assert found.served.sum() == pytest.approx(100)
        assert found.frame["people"].tolist() == pytest.approx(found.served[found.served > 0])


def test_how_people_are_divided_is_said():
    found = catchment(LINE, along(0.25), "floating", decay={30: 1, 90: 0.5})
    assert "1 within 30, 0.5 within 90, nobody beyond" in found.notes[0]
    assert (found.reach_km, found.decay) == (90, "1 within 30, 0.5 within 90, nobody beyond")
    usual = catchment(LINE, along(0.25), "floating", reach_km=90)
    assert usual.served.equals(
        catchment(LINE, along(0.25), "floating", decay=gaussian(30, reach=90)).served
    )


def test_access_is_that_of_the_two_step_floating_catchment():
    places = LINE.assign(nurses=[4, 6])
    people = along(0.25, 0.75, 5)
    found = catchment(places, people, "floating", decay={30: 1, 90: 0.5}, supply="nurses")
    costs = pd.DataFrame(
        [[27.83, 83.49], [83.49, 27.83]], index=people["zip"][:2], columns=["West", "East"]
    )
    expected = access(
        people.set_index("zip")["population"], {"West": 4, "East": 6}, costs, {30: 1, 90: 0.5}
    )
    assert found.access.to_dict() == pytest.approx((expected * 10_000).to_dict())
    assert found.access.iloc[2] == 0
    assert catchment(places, people, "floating").access.empty
    some = catchment(places.assign(nurses=[4, None]), people, "floating", supply="nurses")
    assert any("1 facility has no number of “nurses”" in note for note in some.notes)


def test_zip_codes_nobody_can_place_are_left_out_with_their_people():
    people = pd.DataFrame(
        {"zip": ["98007", "00000", "", "98104"], "population": [10, 20, 30, None]}
    )
    found = catchment(seed_network(), people, "nearest")
    assert found.left_out["reason"].tolist() == [
        "ZIP code unknown: it has no place", "ZIP code unknown: it has no place",
        "no population known",
    ]  # fmt: skip
    assert found.left_out["population"].tolist()[:2] == [20, 30]


def test_a_facility_without_a_place_is_unknown_not_empty():
    places = LINE.assign(latitude=[0.0, None])
    found = catchment(places, along(0.8), "nearest")
    assert found.served.fillna(-1).tolist() == [100, -1]
    assert any("1 facility has no known place" in note for note in found.notes)
    nobody = catchment(LINE, along(0.9).assign(population=None), "nearest")
    assert nobody.served.isna().all()


def test_postcodes_of_another_country_are_never_near_its_hospitals():
    malaysia = pd.DataFrame({"facility": ["Melaka"], "latitude": [2.2], "longitude": [102.2]})
    people = pd.DataFrame({"zip": ["76201", "75300"], "population": [100, 200]})
    found = catchment(malaysia, people, "nearest")
    assert found.served.isna().all()
    assert len(found.left_out) == 2
    assert any("same country" in note for note in found.notes)


@settings(max_examples=25)
@given(networks(most=8), networks(most=8), st.sampled_from(["nearest", "floating"]), st.data())
def test_everybody_counts_once_or_is_listed(network, people, method, data):
    people = people.rename(columns={"facility": "zip"}).assign(
        population=data.draw(
            st.lists(st.integers(0, 900), min_size=len(people), max_size=len(people))
        )
    )
    reach = data.draw(st.sampled_from([1.0, 500.0, 8000.0, np.inf]))
    decay = gaussian(3000) if method == "floating" else None
    found = catchment(network, people, method, reach_km=reach, decay=decay)
    total = people["population"].sum()
    assert found.served.sum() + found.left_out["population"].sum() == pytest.approx(total)
    assert found.frame["people"].sum() == pytest.approx(found.served.sum())
    assert {*found.frame["zip"], *found.left_out["zip"]} == {*people["zip"]}
    again = catchment(network.sample(frac=1, random_state=1), people, method, reach_km=reach,
                      decay=decay)  # fmt: skip
    pd.testing.assert_series_equal(found.served, again.served.reindex(found.served.index))
    if method == "nearest":
        for row in found.frame.itertuples():
            here = people.loc[people["zip"] == row.zip, ["latitude", "longitude"]].to_numpy()[0]
            to = network.dropna()[["latitude", "longitude"]].to_numpy()
            assert row.km == pytest.approx(min(geodesic(here, one).km for one in to), abs=1e-9)


def test_frames_stay_as_they_were():
    places, people = seed_network(), SEED_PEOPLE.astype({"zip": object})
    before = places.copy(), people.copy()
    for method in ("own", "nearest", "floating"):
        catchment(places, people, method)
    pd.testing.assert_frame_equal(places, before[0])
    pd.testing.assert_frame_equal(people, before[1])


@pytest.mark.parametrize(
    ("facilities", "population", "asked", "words"),
    [
        (LINE.drop(columns="zip"), along(0), {"method": "own"}, "no column “zip”"),
        (LINE.drop(columns=["zip", "latitude"]), along(0), {"method": "nearest"}, "“latitude”"),
        (LINE, along(0).drop(columns="zip"), {}, "population table has no column “zip”"),
        (LINE, along(0).drop(columns="population"), {}, "no column “population”"),
        (LINE, along(0, 1).assign(zip="1", population=[1, 2]), {}, "more than one population"),
        (LINE, along(0), {"method": "floating", "reach_km": np.inf}, "Without a limit"),
        (LINE, along(0), {"method": "floating", "supply": "nurses"}, "no column “nurses”"),
        (LINE, along(0), {"method": "floating", "decay": lambda km: 1 / km}, "no weight"),
    ],
)
def test_what_cannot_be_worked_out_is_said(facilities, population, asked, words):
    with pytest.raises(DataProblem, match=words) as problem:
        catchment(facilities, population, **asked)
    assert problem.value.hint


@pytest.mark.parametrize("asked", [{"method": "other"}, {"method": "nearest", "reach_km": 0}])
def test_what_is_no_question(asked):
    with pytest.raises(ValueError, match="no method|reach"):
        catchment(LINE, along(0), **asked)


def test_the_whole_country_takes_about_a_second(shared):
    table = pd.read_csv(shared / "data/us_zip/pop-by-zip-code.csv", dtype={"zipcode": str})
    people = table.rename(columns={"zipcode": "zip", "y-2016": "population"})
    chance = np.random.default_rng(4)
    north, east = homes(living(people))
    at = chance.choice(np.flatnonzero(~np.isnan(north)), 500, replace=False)
    places = pd.DataFrame(
        {"facility": [f"H{n:03}" for n in range(500)], "latitude": north[at], "longitude": east[at]}
    )
    for method in ("nearest", "floating"):
        begun = time.process_time()
        found = catchment(places, people, method)
        assert time.process_time() - begun < 5
        total = people["population"].sum()
        assert found.served.sum() + found.left_out["population"].sum() == pytest.approx(total)
        assert found.served.sum() > total / 2
