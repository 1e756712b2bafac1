"""Figures by the regions of the facilities, and beds by names that differ in case."""

from __future__ import annotations

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import breakdown, census, occupancy, waits
from tests.unit.measures.build import days

CAME = days(pd.date_range("2024-01-01", periods=120))
STAYS = pd.concat(
    [
        pd.DataFrame(
            {
                "facility": name, "admitted": CAME, "discharged": CAME + pd.Timedelta(days=length),
                "length_of_stay": float(length), "waiting_minutes": 30.0 * length,
            }
        )
        for name, length in (("North", 1), ("South", 2), ("Far", 3), ("Else", 4))
    ],
    ignore_index=True,
)  # fmt: skip
FACILITIES = pd.DataFrame({"facility": ["North", "South", "Far"], "region": ["Up", "Down", "Up"]})
NETWORK = Dataset(stays=STAYS, facilities=FACILITIES)


def test_facilities_give_their_regions() -> None:
    found = breakdown(NETWORK, "region").set_index("region")
    assert found["admissions"].to_dict() == {"Down": 120, "Up": 240, "Unknown": 120}
    assert found["length_of_stay"].to_dict() == {"Down": 2, "Up": 2, "Unknown": 4}
    assert waits(NETWORK, by="region")["n"].tolist() == [120, 240, 120]
    beds = NETWORK.with_beds({"North": 2, "South": 4, "Far": 6, "Else": 8})
    places = occupancy(beds, "region").set_index("region")
    assert places["occupied"].to_dict() == {"Down": 2, "Unknown": 4, "Up": 4}
    assert places["staffed"].to_dict() == {"Down": 4, "Unknown": 8, "Up": 8}
    last = census(beds, "region").tail(3).set_index("region")
    assert last["occupied"].to_dict() == {"Down": 2, "Unknown": 4, "Up": 4}
    assert last.loc[["Down", "Up"], "staffed"].tolist() == [4, 8]


def test_the_region_of_a_patient_is_not_that_of_the_hospital() -> None:
    own = Dataset(stays=STAYS.assign(region="Home"), facilities=FACILITIES)
    assert breakdown(own, "region")["region"].tolist() == ["Home"]


def test_beds_follow_a_filter_whatever_their_case() -> None:
    capacity = pd.DataFrame({"facility": ["north ", "SOUTH"], "units": [2.0, 4.0]})
    for network in (
        NETWORK.with_beds({"north": 2, "SOUTH": 4}),
        Dataset(stays=STAYS, capacity=capacity),
    ):
        found = occupancy(network.filtered(facility="North"), "facility")
        assert found[["facility", "staffed", "occupancy"]].to_numpy().tolist() == [["North", 2, 50]]
