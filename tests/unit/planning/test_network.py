"""A network for staff planning: places, needs and a column per role, from every shape of file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from caremap import DataProblem, open_all, open_file
from caremap.dataset import Dataset
from caremap.planning import network, network_of, roles_of, site_table

SEED = b"""Name,ZIP,Population,Staff
A,98007,27571,21
B,98290,39873,52
C,98065,15960,43
D,98801,44801,9
E,98104,15052,64
"""


def of(*texts: str) -> Dataset:
    return Dataset.of(*(open_all(text.encode(), name="file.csv") for text in texts))


def test_the_seed_network_has_its_people_and_a_column_called_staff():
    found = network(Dataset.of(*open_all(SEED, name="seed.csv")))
    assert found["facility"].to_list() == list("ABCDE")
    assert found["population"].to_list() == [27571, 39873, 15960, 44801, 15052]
    assert found["staff"].to_list() == [21, 52, 43, 9, 64]
    assert roles_of(found) == ["staff"]


def test_both_ratios_of_the_seed_network_are_the_published_ones():
    sites = site_table(network(Dataset.of(*open_all(SEED, name="seed.csv"))), "staff")
    assert sites["need_per_staff"].round(2).to_list() == [1312.90, 766.79, 371.16, 4977.89, 235.19]
    assert sites["staff_per_10000"].round(2).to_list() == [7.62, 13.04, 26.94, 2.01, 42.52]


def test_the_sample_network_has_every_need(repo: Path):
    tables = [open_file(path) for path in sorted((repo / "sample_data").glob("*.csv"))]
    found = network_of(Dataset.of(*tables), needs=["patients", "bed_days", "visits"])
    assert found.roles == (
        "Doctors", "Nurses", "Nursing Assistants", "Therapists", "Technicians"
    )  # fmt: skip
    assert found.needs == ("population", "patients", "bed_days", "visits") and not found.lacking
    assert found.frame["patients"].sum() == 39_276
    assert len(found.frame) == 12 and found.frame.notna().all(axis=None)


def test_facilities_only_the_staff_table_names_keep_their_people_and_are_said():
    dataset = Dataset(
        facilities=pd.DataFrame({"facility": ["North"], "population": [900]}),
        staff=pd.DataFrame({"facility": ["north ", "Nort"], "staff": [4, 3]}),
    )
    found = network_of(dataset)
    assert found.frame["staff"].to_list() == [4, 3]
    assert found.frame["population"].isna().to_list() == [False, True]
    assert [finding.code for finding in found.findings] == ["unlisted-facilities", "no-place"]
    assert "“Nort”" in found.findings[0].message


def test_what_cannot_be_computed_is_lacking_in_words_and_refused_where_asked_for():
    dataset = Dataset(facilities=pd.DataFrame({"facility": ["A"], "Staff": [3]}))
    found = network_of(dataset, needs=["visits"])
    assert dict(found.lacking) == {"visits": "Visits of each facility cannot be computed."}
    with pytest.raises(DataProblem, match="Visits of each facility cannot be computed"):
        network(dataset, needs=["visits"])
    with pytest.raises(DataProblem, match="No table names a facility"):
        network(Dataset())


def test_a_facility_the_filters_leave_no_patients_has_none_and_an_unknown_one_is_unknown():
    dataset = Dataset(
        facilities=pd.DataFrame({"facility": ["A", "B", "C"]}),
        stays=pd.DataFrame({
            "facility": ["A", "B", "B"], "department": ["ICU", "ED", "ED"],
            "admitted": pd.to_datetime(["2024-04-01", "2024-04-02", "2024-04-03"]),
        }),
    )  # fmt: skip
    whole = network(dataset, needs=["patients"])["patients"]
    assert whole.fillna(-1).to_list() == [1, 2, -1]
    filtered = network(dataset.filtered(department="ICU"), needs=["patients"])["patients"]
    assert filtered.fillna(-1).to_list() == [1, 0, -1]


def test_patients_of_places_that_are_no_facility_are_left_out_and_said():
    dataset = Dataset(
        facilities=pd.DataFrame({"facility": ["A"]}),
        stays=pd.DataFrame({"facility": ["A", "Elsewhere", None], "cost": [1.0, 1.0, 1.0]}),
    )
    found = network_of(dataset, needs=["patients"])
    assert found.frame["patients"].to_list() == [1]
    assert found.notes[-2:] == (
        "Patients of places that are not among the facilities, left out: 1 (“Elsewhere”).",
        "Patients without a facility, left out: 1.",
    )
