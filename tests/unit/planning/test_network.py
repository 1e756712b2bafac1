"""A network for staff planning: places, needs and a column per role, from every shape of file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from caremap import DataProblem, exports, open_all, open_file
from caremap.dataset import Dataset
from caremap.planning import (
    network,
    network_of,
    plan_moves,
    plan_tables,
    roles_of,
    site_table,
)

SEED = b"""Name,ZIP,Population,Staff
A,98007,27571,21
B,98290,39873,52
C,98065,15960,43
D,98801,44801,9
E,98104,15052,64
"""


ROLES = b"""Facility,ZIP Code,Beds,Doctors,Nurses,Population
A,98007,100,21,50,27571
B,98290,120,52,,39873
C,98065,30,43,0,15960
D,98801,40,9,12.5,44801
Total,,290,125,62.5,128205
"""


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


@pytest.mark.parametrize("opened", [open_all, open_file], ids=["every table", "one table"])
def test_the_seed_file_leads_to_the_published_targets_and_moves(opened):
    found = network(Dataset.of(opened(SEED, name="seed.csv")))
    assert site_table(found)["target"].to_list() == [36, 53, 21, 59, 20]
    plan = plan_moves(found, "staff")
    moves = {(row["from"], row["to"]): row["staff"] for _, row in plan.moves.iterrows()}
    assert moves == {("C", "D"): 22, ("E", "A"): 15, ("E", "B"): 1, ("E", "D"): 28}
    assert plan.totals["staff_km"] == pytest.approx(6988.5, abs=0.1)
    near = plan_moves(found, "staff", max_km=60)
    sites = site_table(found, "staff", plan=near)
    assert sites["after"].to_list() == [50, 73, 29, 9, 28]
    assert sites["unmet"].to_list() == [0, 0, 0, 50, 0]
    sheets = plan_tables(near, found)
    assert sheets["Moves"]["People"].sum() == 50 and exports.to_workbook(sheets)[:2] == b"PK"


@pytest.mark.parametrize("opened", [open_all, open_file], ids=["every table", "one table"])
def test_columns_of_roles_are_roles_and_blank_zero_and_parts_of_posts_stay_what_they_are(opened):
    found = network(Dataset.of(opened(ROLES, name="roles.csv")))
    assert roles_of(found) == ["Doctors", "Nurses"]
    assert found["Doctors"].to_list() == [21, 52, 43, 9]
    assert found["Nurses"].fillna(-1).to_list() == [50, -1, 0, 12.5]
    assert found["population"].sum() == 128_205 and found["latitude"].notna().all()


def test_a_list_of_facilities_and_a_long_table_of_their_staff_are_one_network():
    places = b"Facility,ZIP Code,Population\nA,98007,27571\nB,98290,39873\n"
    staff = b"Facility,Role,Staff\na,Nurses,10\nA,Doctors,3\nB,Nurses,5\nB,Doctors,\n"
    found = network(Dataset.of(open_file(staff, name="s.csv"), open_file(places, name="p.csv")))
    assert found["facility"].to_list() == ["A", "B"]
    assert found["population"].to_list() == [27_571, 39_873]
    assert found[["Nurses", "Doctors"]].fillna(-1).to_numpy().tolist() == [[10, 3], [5, -1]]
    assert found["latitude"].notna().all()


@pytest.mark.parametrize("folder", ["halifax_synth", "ms_los", "malaysia_moh"])
def test_other_peoples_files_become_networks_or_say_what_is_lacking(shared: Path, folder: str):
    files = sorted((shared / "data" / folder).glob("*.csv"))
    found = network_of(Dataset.of(*map(open_all, files)), needs=["patients", "bed_days", "visits"])
    facilities, roles, needs = {
        "halifax_synth": (3, ("staff",), ("patients", "bed_days")),
        "ms_los": (5, (), ("patients", "bed_days")),
        "malaysia_moh": (len(found.frame), (), ("bed_days",)),
    }[folder]
    assert (len(found.frame), found.roles, found.needs) == (facilities, roles, needs)
    assert set(found.lacking) == {"patients", "bed_days", "visits"} - set(needs)
    assert found.frame["facility"].is_unique and found.notes


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
        "Patients of places that are not among the facilities, left out: at most 10 (“Elsewhere”).",
        "Patients without a facility, left out: at most 10.",
    )


ZIPS = pd.DataFrame({"zip": ["98007", "98104", "98004"], "population": [27_571, 15_052, 37_140]})
SITES = pd.DataFrame(
    {"facility": ["A", "E"], "zip": ["98007", "98104"], "Nurses": [21, 64]}
).astype({"zip": "str"})


@pytest.mark.parametrize(
    ("own", "asked", "people"),
    [
        (None, {}, [27_571, 15_052]),
        ([900, None], {}, [900, 15_052]),
        ([900, 800], {}, [900, 800]),
        ([900, 800], {"catchment": "nearest"}, [27_571 + 37_140, 15_052]),
        ([900, 800], {"catchment": "nearest", "reach_km": 1}, [27_571, 15_052]),
    ],
)
def test_the_people_of_a_facility_are_its_own_column_or_its_catchment(own, asked, people):
    sites = SITES if own is None else SITES.assign(population=own)
    dataset = Dataset(facilities=sites, population=ZIPS)
    assert network(dataset, **asked)["population"].to_list() == people
    assert network_of(dataset, **asked).notes


def test_who_is_filtered_away_still_serves_the_people_near_it():
    dataset = Dataset(facilities=SITES, population=ZIPS).filtered(facility="E")
    assert network(dataset, catchment="nearest")["population"].to_list() == [15_052]


def test_a_catchment_without_people_by_zip_code_is_refused_in_words():
    with pytest.raises(DataProblem, match="no table of population by ZIP code"):
        network(Dataset(facilities=SITES), catchment="floating")


def test_a_table_of_zip_codes_that_cannot_be_used_leaves_the_facilities_own_column():
    twice = pd.concat([ZIPS, ZIPS.assign(population=1)])
    dataset = Dataset(facilities=SITES.assign(population=[900, None]), population=twice)
    found = network_of(dataset)
    assert found.frame["population"].fillna(-1).to_list() == [900, -1]
    assert found.notes[1] == "3 ZIP codes have more than one population."
    assert "population" in network_of(Dataset(facilities=SITES, population=twice)).lacking


def test_a_role_called_as_a_need_is_told_from_it():
    staff = pd.DataFrame({"facility": ["A"], "role": ["Visits"], "staff": [2]})
    found = network(Dataset(staff=staff))
    assert roles_of(found) == ["Visits (staff)"]


def test_nothing_given_is_changed():
    tables = {
        "facilities": SITES.set_axis([3, 3]),
        "staff": pd.DataFrame({"facility": ["A"], "role": ["Doctors"], "staff": ["4"]}),
        "population": ZIPS,
    }
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    found = network(Dataset(**tables))
    assert found["Doctors"].fillna(-1).to_list() == [4, -1]
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
