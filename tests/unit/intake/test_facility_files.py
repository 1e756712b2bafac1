"""Files of facilities as people keep them: names, places, people, staff and beds in columns."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pandas as pd
import pytest

from caremap import Dataset, open_all, open_file
from caremap.geography import facilities_of
from caremap.planning import network

PLACES = [(47.6174, -122.1426), (47.8954, -122.0716), (47.5293, -121.8225)]

# header and rows; what is in the staff table and the beds, by facility
FILES: dict[str, tuple[list[list[Any]], dict[str, list[float]], list[float]]] = {
    "ZIP codes, roles, beds": (
        [["Hospital Name", "ZIP Code", "Number of Nurses", "Number of Physicians", "Total Beds"],
         ["A", "98007.0", 21, 4, 100], ["B", "98290.0", 52, 5, 90], ["C", "98065.0", 43, 6, 80]],
        {"Number of Nurses": [21, 52, 43], "Number of Physicians": [4, 5, 6]}, [100, 90, 80],
    ),
    "one role": (
        [["Facility", "Zip", "Nurses", "Beds"], ["A", 98007, 21, 10], ["B", 98290, 52, 20],
         ["C", 98065, 43, 30], ["Total", None, 116, 60]],
        {"Nurses": [21, 52, 43]}, [10, 20, 30],
    ),
    "full-time equivalents": (
        [["Facility Name", "Postal Code", "Registered Nurses (FTE)", "Physicians (FTE)"],
         ["A", 98007, 21.5, 2.5], ["B", 98290, 52, 5], ["C", 98065, 43, 4.25]],
        {"Registered Nurses (FTE)": [21.5, 52, 43], "Physicians (FTE)": [2.5, 5, 4.25]}, [],
    ),
    "title rows above": (
        [["Regional Health Network"], ["Staffing as of 2024"],
         ["Facility", "ZIP", "Nurses", "Population"],
         ["A", 98007, 21, 1000], ["B", 98290, 52, "20,000"], ["C", 98065, 43, 3000]],
        {"Nurses": [21, 52, 43]}, [],
    ),
    "both in one cell": (
        [["Facility", "Lat/Long", "Nurses"], ["A", "47.6174, -122.1426", 21],
         ["B", "(47.8954, -122.0716)", 52], ["C", "47.5293 -121.8225", 43]],
        {"Nurses": [21, 52, 43]}, [],
    ),
    "decimal commas in one cell": (
        [["Clinic", "Coordinates", "RNs", "MDs"], ["A", "47,6174 / -122,1426", 21, 2],
         ["B", "47,8954; -122,0716", 52, 3], ["C", "47,5293 / -121,8225", 43, 4]],
        {"RNs": [21, 52, 43], "MDs": [2, 3, 4]}, [],
    ),
    "well-known text": (
        [["Hospital", "Location", "State"], ["A", "POINT (-122.1426 47.6174)", "WA"],
         ["B", "POINT(-122.0716 47.8954)", "WA"], ["C", "SRID=4326;POINT(-121.8225 47.5293)",
          "WA"]],
        {}, [],
    ),
    "sides of the world": (
        [["Site", "Latitude", "Longitude", "Staff"], ["A", "47.6174 N", "122.1426 W", 21],
         ["B", "47.8954° N", "122.0716° W", 52], ["C", "47°31'45.48\"N", "121°49'21\"W", 43]],
        {"staff": [21, 52, 43]}, [],
    ),
    "in each other's column": (
        [["Site", "Latitude", "Longitude", "Staff"], ["A", -122.1426, 47.6174, 21],
         ["B", -122.0716, 47.8954, 52], ["C", -121.8225, 47.5293, 43]],
        {"staff": [21, 52, 43]}, [],
    ),
    "x and y": (
        [["SITE_NAME", "X", "Y", "STAFF_COUNT"], ["A", -122.1426, 47.6174, 21],
         ["B", -122.0716, 47.8954, 52], ["C", -121.8225, 47.5293, 43]],
        {"staff": [21, 52, 43]}, [],
    ),
    "codes and an address": (
        [["facility_id", "facility_name", "geo_lat", "geo_lon", "city", "n_nurses"],
         [1, "A", 47.6174, -122.1426, "Bellevue", 21],
         [2, "B", 47.8954, -122.0716, "Snohomish", 52],
         [3, "C", 47.5293, -121.8225, "Snoqualmie", 43]],
        {"n_nurses": [21, 52, 43]}, [],
    ),
}  # fmt: skip


def as_csv(rows: list[list[Any]]) -> bytes:
    width = max(len(row) for row in rows)
    cells = [[*row, *[None] * (width - len(row))] for row in rows]
    return pd.DataFrame(cells).to_csv(index=False, header=False, sep=";").encode()


def as_xlsx(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_facilities_is_read(name: str, write: Any) -> None:
    rows, staff, beds = FILES[name]
    loaded = open_all(write(rows), name="f.csv" if write is as_csv else "f.xlsx")
    dataset = Dataset.of(loaded)
    frame, _ = facilities_of(dataset)
    assert frame["facility"].tolist() == ["A", "B", "C"]
    for column, side in (("latitude", 0), ("longitude", 1)):
        assert frame[column].tolist() == pytest.approx([place[side] for place in PLACES], abs=1e-6)
    if staff:
        assert dataset.staff is not None
        table = dataset.staff.assign(role=dataset.staff.get("role", "staff"))
        found = {role: rows["staff"].tolist() for role, rows in table.groupby("role", sort=False)}
        assert found == staff
    assert frame["beds"].dropna().tolist() == beds


@pytest.mark.parametrize(
    "text",
    [
        "Krankenhaus;PLZ;Ort;Ärzte;Pflegekräfte\nNord;10115;Berlin;20;120\n"
        "Ost;80331;München;22;140\nWest;20095;Hamburg;19;99\n",
        "name,postcode,state,nurses\nHospital Kuala Lumpur,50586,W.P. Kuala Lumpur,2100\n"
        "Hospital Ampang,68000,Selangor,900\nHospital Pulau Pinang,10990,Pulau Pinang,1200\n",
        "Site,Postcode,Nurses,Beds\nA,50586,1,5\nB,50667,2,5\nC,10115,3,5\n",
        "Site,Postcode,Nurses\nRoyal London,E1 1FR,2100\nSt Thomas,SE1 7EH,2000\n",
    ],
)
def test_postal_codes_of_other_countries_give_no_place_in_america(text: str) -> None:
    frame, findings = facilities_of(Dataset.of(open_all(text.encode(), name="f.csv")))
    assert len(frame) == text.strip().count("\n")
    assert frame["latitude"].isna().all()
    assert any(finding.code == "no-place" for finding in findings)


def test_a_place_that_cannot_be_read_is_said_by_row() -> None:
    text = "Facility;Coordinates\nA;47.6, -122.1\nB;somewhere\nC;47.5, -121.8\nD;47.4, -121.9\n"
    loaded = open_file(text.encode(), name="f.csv")
    assert loaded.table["latitude"].isna().tolist() == [False, True, False, False]
    said = [one for one in loaded.findings if one.code == "places-unreadable"]
    assert [one.rows for one in said] == [(3,)]


def test_other_columns_of_two_numbers_are_no_places() -> None:
    text = 'Facility,Blood pressure,Location\nA,"120, 80",Ward 1\nB,"110, 70",Ward 2\n'
    loaded = open_file(text.encode(), name="f.csv")
    assert "Latitude" not in [one.header for one in loaded.columns]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Facility,ZIP,Nurses,Population", "facilities"),
        ("ZIP,Staff,Nurses,Population", "facilities"),
        ("Facility,ZIP,Nurses,Beds", "facilities"),
        ("Facility,ZIP,Rooms,Beds", "capacity"),
    ],
)
def test_one_table_of_a_file_with_people_and_staff_is_that_of_the_facilities(
    header: str, kind: str
) -> None:
    rows = ["98007,98007,21,100", "98290,98290,52,90", "98065,98065,43,80"]
    if header.startswith("ZIP"):
        rows = [row.split(",", 1)[1].replace(",", ",2,", 1) for row in rows]
    loaded = open_file("\n".join([header, *rows]).encode(), name="f.csv")
    assert loaded.kind == kind


@pytest.mark.parametrize("beds", ["", ",Beds"])
def test_two_sites_of_one_name_stay_two_facilities_each_with_its_staff(beds: str) -> None:
    rows = ["Harborview,98104.0,13095,21,4", "Ballard Clinic,98107.0,22000,73,11",
            "Kent Valley,98030.0,35000,12,3", "Ballard Clinic,98117.0,31000,22,2",
            "Olympia,98501.0,41000,25,6"]  # fmt: skip
    lines = [f"Facility Name,ZIP,Population,Nurses,Doctors{beds}",
             *(f"{row},60" if beds else row for row in rows)]  # fmt: skip
    data = "\n".join(lines).encode()
    assert open_file(data, "sites.csv").kind == "facilities"
    found = network(Dataset.of(*open_all(data, "sites.csv"))).set_index("facility")
    assert found.loc["Ballard Clinic (98107)", ["population", "Nurses"]].tolist() == [22000, 73]
    assert found.loc["Ballard Clinic (98117)", ["population", "Nurses"]].tolist() == [31000, 22]
    assert len(found) == len(rows)
