"""Where a patient can go next: free beds, and the nearest facilities that have some."""

from __future__ import annotations

import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.planning import free_beds, free_nearby

SEED = pd.DataFrame(
    {
        "facility": list("ABCDE"),
        "latitude": [47.614, 47.961, 47.529, 47.481, 47.604],
        "longitude": [-122.142, -121.968, -121.823, -120.337, -122.326],
        "free": [3, 0, 5, 2, None],
        "Nurses": [21, 52, 0, 9, 64],
    },
    index=[5, 5, 5, 1, 1],
)


def test_free_beds_are_those_of_the_last_day_known_of_each_facility():
    counts = pd.DataFrame({
        "facility": ["North", "North", "South", "East"],
        "date": pd.to_datetime(["2024-05-01", "2024-05-02", "2024-05-01", "2024-05-02"]),
        "occupied_beds": [8.0, 12.0, 5.0, 4.0], "staffed_beds": [10.0, 10.0, 9.0, None],
    })  # fmt: skip
    found = free_beds(Dataset(activity=counts)).set_index("facility")
    assert found["free"].fillna(-99).to_dict() == {"East": -99, "North": -2, "South": 4}
    assert found["date"].dt.day.to_dict() == {"East": 2, "North": 2, "South": 1}


def test_of_stays_the_beds_of_a_capacity_file_are_free_less_the_patients_at_midnight():
    days = pd.date_range("2024-04-01", periods=20)
    stays = pd.DataFrame(
        {"facility": "North", "admitted": days, "discharged": [*days[1:], pd.NaT],
         "length_of_stay": [*[1.0] * 19, None]}
    )  # fmt: skip
    beds = pd.DataFrame({"facility": ["North", "South"], "resource": "beds", "units": [7.0, 4.0]})
    found = free_beds(Dataset(stays=stays, capacity=beds)).set_index("facility")
    assert found.loc["North", ["beds", "occupied", "free"]].to_list() == [7, 1, 6]
    assert found.loc["South"].isna().to_dict() == {  # nothing says that nobody is there
        "beds": False, "occupied": True, "free": True, "date": False,
    }  # fmt: skip


@pytest.mark.parametrize("dataset", [Dataset(), Dataset(stays=pd.DataFrame({"cost": [1.0]}))])
def test_nothing_is_free_where_nothing_is_known(dataset: Dataset):
    found = free_beds(dataset)
    assert found.empty and list(found) == ["facility", "beds", "occupied", "free", "date"]


def test_the_nearest_with_free_beds_come_first_and_who_has_none_is_not_offered():
    found = free_nearby(SEED, "a ")
    assert found["facility"].to_list() == ["C", "D"] and found["free"].to_list() == [5, 2]
    assert found["km"].is_monotonic_increasing and 20 < found["km"][0] < 30
    assert free_nearby(SEED, "A", k=1)["facility"].to_list() == ["C"]


def test_or_the_nearest_with_people_of_a_role():
    found = free_nearby(SEED, "C", what="Nurses", k=None)
    assert found["facility"].to_list() == ["A", "E", "B", "D"]
    assert found["there"].to_list() == [21, 64, 52, 9]


def test_distances_are_those_of_the_network():
    from caremap.geography import nearest

    near = nearest(SEED, k=4).query("facility == 'C'")
    found = free_nearby(SEED, "C", what="Nurses")
    assert found["km"].to_list() == near["km"].to_list()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"start": "Z"}, "no facility “Z”"),
        ({"start": "A", "what": "Surgeons"}, "no column “Surgeons”"),
    ],
)
def test_what_is_not_known_is_refused_in_words(asked, said):
    with pytest.raises(DataProblem, match=said):
        free_nearby(SEED, **asked)
    with pytest.raises(DataProblem, match="Where “A” is, is not known"):
        free_nearby(SEED.assign(latitude=float("nan")), "A")
