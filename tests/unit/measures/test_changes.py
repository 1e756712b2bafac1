"""Two networks side by side: what another file changes."""

from __future__ import annotations

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import MEASURES, headline
from caremap.measures.changes import CHANGING, compare_networks


def network(days: int, **columns: object) -> Dataset:
    first = pd.date_range("2024-04-01", periods=days)
    stays = pd.DataFrame({"admitted": first, "discharged": first + pd.Timedelta(2, "D")})
    stays["length_of_stay"] = 2.0
    return Dataset(stays=stays.assign(**columns))


def test_figures_are_those_of_the_headline_and_what_neither_has_is_left_out() -> None:
    before, after = network(7, cost=100.0), network(14, cost=110.5)
    beds = after.with_beds(5)
    found = compare_networks(before, beds).set_index("figure")
    for column, dataset in (("before", before), ("after", beds)):
        overall = headline(dataset)["overall"]
        for name in CHANGING:
            title = MEASURES[name].title
            if title in found.index and pd.notna(found.loc[title, column]):
                assert found.loc[title, column] == overall[name]
    assert list(found.index) == [
        "Stays", "First day", "Last day", "Admissions", "Discharges", "Treatment cost",
        "Average length of stay", "Bed occupancy",
    ]  # fmt: skip
    assert pd.isna(found.loc["Bed occupancy", "before"])
    assert found.loc["Treatment cost"].tolist() == ["currency as supplied", 700.0, 1547.0]


def test_what_only_one_of_them_has_is_missing_in_the_other_not_zero() -> None:
    found = compare_networks(network(3), network(3, cost=1.0)).set_index("figure")
    assert pd.isna(found.loc["Treatment cost", "before"])
    assert found.loc["Treatment cost", "after"] == 3.0


def test_they_are_counted_as_the_user_chose() -> None:
    one = network(3)
    stays = one.stays
    assert stays is not None
    same_day = Dataset(stays=stays.assign(discharged=stays["admitted"], length_of_stay=0.0))
    found = compare_networks(one, same_day, {"same_day": 1}).set_index("figure")
    assert found.loc["Average length of stay", ["before", "after"]].tolist() == [2.0, 1.0]


def test_networks_without_dates_have_no_days() -> None:
    places = Dataset(facilities=pd.DataFrame({"facility": ["North", "South"]}))
    found = compare_networks(Dataset(), places)
    assert found.to_dict("records")[0]["after"] == 2.0
    assert list(found["figure"]) == ["Facilities"]
