"""The scenarios to begin with."""

from __future__ import annotations

import pandas as pd
import pytest

from caremap.planning import PRESET_NOTES, presets, scenario_of, scenario_to_dict

FIRST, LAST = pd.Timestamp("2024-05-01"), pd.Timestamp("2024-05-28")


def test_there_are_five_with_the_changes_their_names_promise() -> None:
    winter, pandemic, closure, casualties, absence = presets(FIRST, LAST)
    assert scenario_to_dict(winter) == {
        "name": "Winter surge", "start": "2024-05-01", "end": "2024-05-28", "demand": 20.0,
    }  # fmt: skip
    assert min(pandemic.demand, pandemic.stay, pandemic.absence) > 0
    assert (pandemic.icu_share, pandemic.ventilated_share) == (40.3, 59.2)
    assert dict(closure.beds) == {"": -20}
    assert (casualties.start, casualties.end, casualties.extra) == (FIRST, FIRST, 40)
    assert absence.absence == 15
    assert {one.name for one in presets(FIRST, LAST)} == set(PRESET_NOTES)


@pytest.mark.parametrize(
    ("beds", "ward", "closed"),
    [
        ({"Surgery": 30, "Medicine": 30, "ICU": 8}, None, {"Medicine": -30}),
        ({"Surgery": 30, "ICU": 8}, "ICU", {"ICU": -8}),
        (pd.Series({"Surgery": 30.0, "ICU": float("nan")}), None, {"Surgery": -30}),
        ({"ICU": float("nan")}, None, {"": -20}),
        (12, None, {"": -12}),
        (200.0, None, {"": -20}),
    ],
)
def test_the_largest_ward_is_closed_or_the_one_that_is_named(beds, ward, closed) -> None:
    assert dict(presets(FIRST, LAST, beds, ward=ward)[2].beds) == closed


def test_shares_of_the_data_are_raised_and_stay_shares() -> None:
    pandemic = presets(FIRST, LAST, icu_share=10.0, ventilated_share=80.0)[1]
    assert (pandemic.icu_share, pandemic.ventilated_share) == (15.0, 100.0)


def test_each_can_be_saved() -> None:
    for one in presets(FIRST, LAST, {"Surgery": 30}):
        assert scenario_of(scenario_to_dict(one)) == one


def test_days_in_the_wrong_order_are_an_error() -> None:
    with pytest.raises(ValueError, match="before the first"):
        presets(LAST, FIRST)
