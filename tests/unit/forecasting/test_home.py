"""Where a network is, guessed from its places; where nothing tells, nothing is said."""

from __future__ import annotations

import holidays
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.forecasting import holiday_places, home


def regions(*names: str) -> Dataset:
    return Dataset(stays=pd.DataFrame({"region": pd.Series(names, dtype="str")}))


def zips(*codes: str) -> Dataset:
    return Dataset(stays=pd.DataFrame({"zip": pd.Series(codes, dtype="str")}))


@pytest.mark.parametrize(
    ("dataset", "place"),
    [
        (Dataset(), ("", "")),
        (zips("98007", "98290", "98065", "98801"), ("US", "WA")),
        (zips("98007", "97201", "94105", "10001"), ("US", "")),  # four states
        (zips("98007", "98290-1234", "98065"), ("US", "WA")),
        (zips("10115", "80331", "50667", "20095", "60311", "70173", "01067", "04109", "28195",
              "30159"), ("", "")),  # German
        (zips("98007"), ("", "")),  # one code is no evidence
        (regions("Johor", "Kedah", "Selangor", "Perak"), ("MY", "")),
        (regions("Ontario", "Ontario", "Ontario", "Quebec"), ("CA", "ON")),
        (regions("Washington", "washington ", "Oregon", "Washington"), ("US", "WA")),
        (regions("WA", "OR", "CA", "WA", "WA"), ("US", "WA")),
        (regions("Bayern", "Hessen"), ("DE", "")),
        (regions("England"), ("GB", "ENG")),
        (regions("King", "Pierce", "Snohomish", "Yakima", "Chelan"), ("US", "WA")),
        (regions("North", "South", "East"), ("", "")),
        (regions("A", "B", "C"), ("", "")),
    ],
)  # fmt: skip
def test_guesses(dataset, place):
    assert home(dataset) == place


def test_the_facilities_tell_before_their_patients():
    facilities = pd.DataFrame({"facility": ["A", "B", "C"], "zip": ["10001", "10002", "11201"]})
    stays = pd.DataFrame({"zip": ["98007", "98290", "98065"]})
    assert home(Dataset(facilities=facilities, stays=stays)) == ("US", "NY")


def test_trusts_of_the_nhs_are_in_england():
    trusts = pd.Series(["Barts Health NHS Trust", "Mersey Care NHS Foundation Trust"], dtype="str")
    assert home(Dataset(staff=None, activity=pd.DataFrame({"facility": trusts}))) == ("GB", "ENG")


def test_a_filter_does_not_move_a_network():
    dataset = regions("Ontario", "Ontario", "Ontario", "Quebec").filtered(region="Quebec")
    assert home(dataset) == ("CA", "ON")


def test_every_place_offered_has_holidays():
    places = holiday_places()
    assert list(places) == ["country", "name", "regions", "region_names"]
    assert places["country"].is_unique
    assert len(places) > 200
    for place in places.set_index("country").loc[["US", "GB", "DE", "CA", "AU"]].itertuples():
        for region in place.regions:
            assert holidays.country_holidays(place.Index, subdiv=region, years=2024)
