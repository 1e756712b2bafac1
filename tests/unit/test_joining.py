"""Files that belong together: patients to stays, names to codes, never a row more or less."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from caremap import open_file
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import headline
from caremap.schema import FIELDS
from tests.unit.loaded import Loaded, Source


def loaded(kind: str, name: str, columns: dict[str, Any], **mapping: str) -> Loaded:
    """A table as intake makes it: headers by ``mapping``, a look-up's own in its columns."""
    table = pd.DataFrame(columns)
    for column in table:
        item = FIELDS.get(column)
        if item and item.type == "date":
            table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
        elif (item and item.type in {"identifier", "category"}) or table[column].dtype == object:
            table[column] = table[column].astype("str")
    table.index = pd.RangeIndex(2, 2 + len(table), name="source_row")
    noted = (Finding("no-page", "warning", "Kept as a look-up."),) if kind == "lookup" else ()
    return Loaded(kind, table, Source(name, f"digest of {name}"), noted, mapping)


def codes(dataset: Dataset) -> list[str]:
    return [finding.code for finding in dataset.findings]


def stays(**columns: Any) -> Loaded:
    length = len(next(iter(columns.values())))
    dates = pd.date_range("2024-01-01", periods=length)
    headers = {"department": "unit_id", "facility": "facid"}
    return loaded("stays", "stays.csv", {"admitted": dates, **columns},
                  **{name: headers[name] for name in columns if name in headers})  # fmt: skip


PATIENTS = loaded(
    "lookup",
    "patients.csv",
    {
        "patient_id (as in the file)": ["P1", "P2", "P3"],
        "mrn": ["MRN1", "MRN2", "MRN3"],
        "age (as in the file)": [34, 120, 0],
        "Sex": ["F", "M", "F"],
        "primary_condition": ["Stroke", "Asthma", "Birth"],
        "smoker": ["no", "yes", None],
    },
)


def test_what_is_known_of_a_patient_comes_to_each_of_the_stays() -> None:
    dataset = Dataset.of(stays(patient_id=["P2", "P1", "P2", "P9"]), PATIENTS)
    table = dataset.stays
    assert table is not None
    assert list(table) == ["admitted", "patient_id", "age", "gender", "diagnosis", "smoker"]
    np.testing.assert_equal(table["age"].tolist(), [120, 34, 120, np.nan])
    assert table["gender"].dropna().tolist() == ["M", "F", "M"]
    assert table["diagnosis"].dropna().tolist() == ["Asthma", "Stroke", "Asthma"]
    assert table["smoker"].dropna().tolist() == ["yes", "no", "yes"]
    assert table.index.tolist() == [2, 3, 4, 5]
    assert [(f.code, f.severity, f.rows) for f in dataset.findings] == [
        ("joined", "info", ()),
        ("join-unmatched", "warning", (5,)),
    ]
    assert "3 of 4 rows" in dataset.findings[0].message
    assert "Of its 3 entries 1 are not used" in dataset.findings[0].message
    assert dataset.lookup is PATIENTS.table


def test_no_name_or_second_number_of_a_patient_comes_along() -> None:
    people = loaded("lookup", "patients.csv", {
        "patient_id (as in the file)": ["P1", "P2"], "mrn": ["M1", "M2"],
        "encounter": ["E1", "E2"], "Phone": ["0161 496 0001", "0161 496 0002"], "Sex": ["F", "M"],
    })  # fmt: skip
    table = Dataset.of(stays(patient_id=["P2", "P1"]), people).stays
    assert table is not None
    assert list(table) == ["admitted", "patient_id", "gender"]


UNITS = loaded("lookup", "units.csv", {"unit_id": ["ED", "MED"],
                                       "unit_name": ["Emergency", "Medicine"]})  # fmt: skip


def test_names_take_the_place_of_codes_in_every_table_so_that_beds_still_match() -> None:
    beds = loaded("capacity", "beds.csv", {"department": ["MED", "ED"], "units": [5.0, 7.0]},
                  department="unit_id")  # fmt: skip
    staff = loaded("staff", "staff.csv", {"department": ["ed", "SURG"], "staff": [3.0, 4.0]},
                   department="unit_id")  # fmt: skip
    dataset = Dataset.of(stays(department=["ED", "MED", "ED"]), beds, staff, UNITS)
    assert dataset.stays is not None
    assert dataset.capacity is not None
    assert dataset.staff is not None
    assert dataset.stays["department"].tolist() == ["Emergency", "Medicine", "Emergency"]
    assert dataset.capacity.set_index("department")["units"].to_dict() == {
        "Medicine": 5.0,
        "Emergency": 7.0,
    }
    assert dataset.staff["department"].tolist() == ["Emergency", "SURG"]
    assert codes(dataset) == ["names-for-codes"]
    assert dataset.findings[0].message == (
        "Department: the names in “units.csv” (“unit_name”) take the place of the codes, in: "
        "stays, staff, capacity."
    )


def test_names_that_two_codes_share_would_merge_two_units_and_stay_apart() -> None:
    units = loaded("lookup", "units.csv", {"unit_id": ["E1", "E2"],
                                           "unit_name": ["Emergency", "Emergency"]})  # fmt: skip
    table = Dataset.of(stays(department=["E1", "E2"]), units).stays
    assert table is not None
    assert table["department"].tolist() == ["E1", "E2"]
    assert table["unit_name"].tolist() == ["Emergency", "Emergency"]


def test_beds_that_name_their_facility_name_it_in_the_stays_too() -> None:
    beds = loaded("capacity", "MetaData_Facilities.csv",
                  {"facility": ["B", "A"], "units": [5.0, 6.0], "Name": ["North", "South"]},
                  facility="Id")  # fmt: skip
    dataset = Dataset.of(stays(facility=["A", "B", "A"]), beds)
    assert dataset.stays is not None
    assert dataset.capacity is not None
    assert dataset.stays["facility"].tolist() == ["South", "North", "South"]
    assert dataset.capacity["facility"].tolist() == ["North", "South"]
    assert "Name" not in dataset.stays


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("departments.csv", {"id": ["ED", "MED"], "name": ["Emergency", "Medicine"]}),
        ("export.csv", {"dept_code": ["ED", "MED"], "Dept Name": ["Emergency", "Medicine"]}),
    ],
)
def test_names_of_a_column_of_codes_become_the_field_that_is_missing(
    name: str, columns: dict[str, Any]
) -> None:
    item = loaded("stays", "stays.csv", {"admitted": ["2024-01-01"] * 3,
                                         "dept_code": ["MED", "ED", "MED"]})  # fmt: skip
    table = Dataset.of(item, loaded("lookup", name, columns)).stays
    assert table is not None
    assert table["department"].tolist() == ["Medicine", "Emergency", "Medicine"]
    assert table["dept_code"].tolist() == ["MED", "ED", "MED"]


def test_a_region_comes_by_the_code_of_the_organisation_and_filters_every_table() -> None:
    regions = loaded("lookup", "dim_organisation.csv", {
        "OrganisationCode": ["R0A", "R0B", "RXX"], "RegionName": ["West", "East", "East"],
        "beds": [1, 2, 3]})  # fmt: skip
    counts = loaded("activity", "a.csv", {"date": ["2024-01-01"] * 2, "facility": ["R0A", "R0B"],
                                          "admissions": [5.0, 6.0]},
                    facility="ORG_CODE")  # fmt: skip
    beds = loaded("capacity", "b.csv", {"facility": ["R0B", "R0Z"], "units": [8.0, 9.0]},
                  facility="ORG_CODE")  # fmt: skip
    east = Dataset.of(counts, beds, regions).filtered(region="East")
    assert east.activity is not None
    assert east.capacity is not None
    assert east.activity["admissions"].tolist() == [6.0]
    assert east.capacity["units"].tolist() == [8.0]


def test_a_look_up_that_leads_to_another_is_followed() -> None:
    units = loaded("lookup", "units.csv", {"unit_id": ["ED", "MED"], "division_no": ["D1", "D2"]})
    divisions = loaded("lookup", "divisions.csv", {"division_no": ["D1", "D2"],
                                                   "head_count": [10, 20]})  # fmt: skip
    for order in ((units, divisions), (divisions, units)):
        table = Dataset.of(stays(department=["MED", "ED"]), *order).stays
        assert table is not None
        assert table["division_no"].tolist() == ["D2", "D1"]
        assert table["head_count"].tolist() == [20, 10]


def test_a_key_that_comes_again_multiplies_nothing_and_is_reported() -> None:
    prices = loaded("lookup", "units.csv", {
        "unit_id": ["ED", "ED", "MED"], "unit_name": ["Emergency", "A&E", "Medicine"],
        "valid_from": ["2023", "2024", "2023"]})  # fmt: skip
    item = stays(department=["ED", "MED"])
    dataset = Dataset.of(item, prices)
    assert dataset.stays is item.table
    assert codes(dataset) == ["no-page", "lookup-key-repeats"]
    assert "1 of 2 values of “unit_id”" in dataset.findings[1].message


def test_rows_of_a_look_up_that_are_the_same_throughout_count_once() -> None:
    units = loaded("lookup", "units.csv", {
        "unit_id": ["ED", "ED", "MED"], "unit_name": ["Emergency"] * 2 + ["Medicine"]})  # fmt: skip
    table = Dataset.of(stays(department=["ED", "MED"]), units).stays
    assert table is not None
    assert table["department"].tolist() == ["Emergency", "Medicine"]


def test_look_ups_in_several_files_with_the_same_columns_are_one() -> None:
    first, second = (
        loaded("lookup", f"patients {n}.csv", {"patient_id (as in the file)": [f"P{n}"] * 2,
                                               "Sex": [sex] * 2})
        for n, sex in ((1, "F"), (2, "M"))
    )  # fmt: skip
    table = Dataset.of(stays(patient_id=["P2", "P1"]), first, second).stays
    assert table is not None
    assert table["gender"].tolist() == ["M", "F"]


def test_a_value_that_is_there_is_never_overwritten_and_a_difference_is_reported() -> None:
    item = stays(patient_id=["P1", "P2", "P3"], gender=["F", "F", None])
    dataset = Dataset.of(item, PATIENTS)
    assert dataset.stays is not None
    assert dataset.stays["gender"].equals(item.table["gender"])
    assert [(f.rows, f.column) for f in dataset.findings if f.code == "join-disagrees"] == [
        ((3,), "gender")
    ]


@pytest.mark.parametrize(
    ("main", "entries", "joins"),
    [
        (["001", "002"], [1, 2], True),  # zeros lost by a spreadsheet program
        (["001", "003"], [1, 2], False),  # not every key would match
        (["001", "1"], [1, 2], False),  # two keys would become one
        (["7.0", " 8 "], [7, 8], True),
        (["ed", "med"], ["ED", "MED"], True),
        (["ed", "med"], ["ED", "Med", "MED"], False),  # case tells two entries apart
    ],
)
def test_keys_are_compared_as_text(main: list[str], entries: list[Any], joins: bool) -> None:
    units = loaded("lookup", "units.csv", {"unit_id": entries,
                                           "floor": [f"floor {n}" for n in entries]})  # fmt: skip
    table = Dataset.of(stays(department=main), units).stays
    assert table is not None
    assert ("floor" in table and bool(table["floor"].notna().all())) is joins


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("triage.csv", {"id": [1, 2, 3, 4, 5], "label": list("abcde")}),
        ("colours.csv", {"id": [1, 2, 3, 4, 5], "name": list("abcde")}),
        ("doctors.csv", {"doctor_id": [1, 2, 3, 4, 5], "gender": list("FMFMF")}),
    ],
)
def test_small_numbers_that_match_by_accident_are_no_key(name: str, columns: Any) -> None:
    item = stays(department=["1", "2", "3", "1"], patient_id=["4", "5", "1", "2"])
    assert Dataset.of(item, loaded("lookup", name, columns)).stays is item.table


def test_the_gender_of_a_doctor_is_not_the_gender_of_the_patient() -> None:
    item = loaded("stays", "stays.csv", {"admitted": ["2024-01-01"] * 3,
                                         "doctor_id": ["D1", "D2", "D1"]})  # fmt: skip
    doctors = loaded("lookup", "doctors.csv", {"doctor_id": ["D1", "D2"], "gender (as in the file)":
                                               ["F", "M"], "grade": ["A", "B"]})  # fmt: skip
    table = Dataset.of(item, doctors).stays
    assert table is not None
    assert "gender" not in table
    assert table["grade"].tolist() == ["A", "B", "A"]


def test_distinctive_values_are_a_key_whatever_the_headers_say() -> None:
    item = stays(patient_id=[f"P10{n}" for n in (1, 2, 3, 4, 5, 6, 1)])
    people = loaded("lookup", "export.csv", {"Person": [f"P10{n}" for n in range(1, 10)],
                                             "Alter": list(range(31, 40))})  # fmt: skip
    table = Dataset.of(item, people).stays
    assert table is not None
    assert table["age"].tolist() == [31, 32, 33, 34, 35, 36, 31]


def test_a_cost_per_patient_is_not_a_cost_of_each_stay_but_one_per_stay_is() -> None:
    item = stays(stay_id=["S1", "S2", "S3"], patient_id=["P1", "P1", "P2"])
    per_patient = loaded("lookup", "patients.csv", {"patient_id (as in the file)": ["P1", "P2"],
                                                    "Total Cost": [100.0, 50.0]})  # fmt: skip
    per_stay = loaded("lookup", "bills.csv", {"stay_id (as in the file)": ["S1", "S2", "S3"],
                                              "Total Cost": [60.0, 40.0, 50.0]})  # fmt: skip
    first, second = (Dataset.of(item, look).stays for look in (per_patient, per_stay))
    assert first is not None
    assert second is not None
    assert "cost" not in first
    assert second["cost"].sum() == 150.0


KEYS = st.sampled_from(["P1", "P2", "p2", "P3", " P3", "01", "1", "1.0", "P900", None])


@settings(max_examples=60, deadline=None)
@given(
    main=st.lists(st.tuples(KEYS, st.sampled_from(["F", "M", None])), min_size=1, max_size=12),
    entries=st.lists(
        st.tuples(KEYS, st.sampled_from(["F", "M", None]), st.integers(0, 99)), max_size=12
    ),
    header=st.sampled_from(["patient_id (as in the file)", "Person", "id"]),
)
def test_a_join_changes_no_row_and_no_value(main: Any, entries: Any, header: str) -> None:
    item = stays(patient_id=[key for key, _ in main], gender=[sex for _, sex in main])
    people = loaded("lookup", "patients.csv", {
        header: [row[0] for row in entries], "Sex": [row[1] for row in entries],
        "age (as in the file)": [row[2] for row in entries]})  # fmt: skip
    table = Dataset.of(item, people).stays
    assert table is not None
    own = list(item.table)
    if item.table["gender"].isna().all():  # nothing there to be kept
        own.remove("gender")
    pd.testing.assert_frame_equal(table[own], item.table[own])
    ages: dict[str, set[int]] = {}
    for key, _, age in entries:
        if key is not None:
            ages.setdefault(key.strip().removesuffix(".0").casefold().lstrip("0"), set()).add(age)
    for key, age in zip(table["patient_id"], table.get("age", []), strict=False):
        if pd.notna(age):  # an age is one that the file gives for that key
            assert age in ages[key.strip().removesuffix(".0").casefold().lstrip("0")]


def test_a_network_in_five_files_is_one(shared: Path) -> None:
    """What pandas gives for the same question of the same files."""
    folder = shared / "data" / "halifax_synth"
    files = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    dataset = Dataset.of(*[open_file(path) for path in files.values()])
    assert dataset.stays is not None
    assert dataset.staff is not None
    assert dataset.capacity is not None
    raw = pd.read_csv(files["admissions"]).merge(pd.read_csv(files["patients"]), on="patient_id")
    raw = raw.merge(pd.read_csv(files["units"]), on="unit_id")
    assert headline(dataset).loc["admissions", "overall"] == 2_726
    assert len(dataset.staff) == 1_080
    assert "mrn" not in dataset.stays
    assert dataset.stays["age"].sum() == raw["age"].sum()
    for column, theirs in (("gender", "gender"), ("diagnosis", "primary_condition"),
                           ("department", "unit_name")):  # fmt: skip
        expected = raw[theirs].value_counts().to_dict()
        assert dataset.stays[column].value_counts().to_dict() == expected
    names = set(dataset.stays["department"])
    assert set(dataset.capacity["department"]) == names == set(dataset.staff["department"])
    assert "no-page" not in codes(dataset)
    before = Dataset.of(*[open_file(files[name]) for name in ("admissions", "bed_capacity")])
    pd.testing.assert_series_equal(
        headline(dataset)["overall"], headline(before)["overall"], check_names=False
    )


def test_the_facilities_of_stays_have_names_and_beds(shared: Path) -> None:
    folder = shared / "data" / "ms_los"
    dataset = Dataset.of(*[open_file(path) for path in sorted(folder.glob("*.csv"))])
    assert dataset.stays is not None
    assert dataset.capacity is not None
    raw = pd.read_csv(folder / "MetaData_Facilities.csv").set_index("Id")["Name"]
    ids = pd.read_csv(folder / "LengthOfStay_Prod.csv")["facid"]
    assert dataset.stays["facility"].tolist() == ids.map(raw.str.strip()).tolist()
    assert set(dataset.capacity["facility"]) == set(dataset.stays["facility"])
