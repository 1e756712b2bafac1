"""The facilities of a network, whichever tables name them."""

from __future__ import annotations

from typing import Any

import pandas as pd

import caremap
from caremap import Dataset
from caremap.geography import facilities_of

COLUMNS = ["facility", "latitude", "longitude", "located_by", "zip", "region", "population", "beds"]


def rows(**columns: Any) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    return frame.set_axis(pd.Index(range(2, len(frame) + 2), name="source_row"))


def codes(findings: list[Any]) -> list[str]:
    return [finding.code for finding in findings]


def test_the_facilities_table_with_other_columns_behind() -> None:
    listed = rows(facility=["North", "South"], zip=["98104", "98065"], Nurses=[5, 7])
    frame, findings = facilities_of(Dataset(facilities=listed))
    expected = pd.DataFrame(
        {
            "facility": ["North", "South"],
            "latitude": [47.6036, 47.5293],
            "longitude": [-122.3256, -121.8225],
            "located_by": ["ZIP code", "ZIP code"],
            "zip": ["98104", "98065"],
            "region": pd.Series([None, None], dtype="str"),
            "population": [float("nan")] * 2,
            "beds": [float("nan")] * 2,
            "Nurses": [5, 7],
        }
    ).astype(dict.fromkeys(("facility", "located_by", "zip"), "str"))
    pd.testing.assert_frame_equal(frame.astype({"zip": "str", "facility": "str"}), expected)
    assert codes(findings) == ["zip-codes-assumed"]


def test_names_of_staff_counts_and_stays_where_no_table_lists_them() -> None:
    staff = rows(facility=["North", "south ", "North"], role=["Nurse"] * 3, staff=[1.0, 2, 3])
    stays = rows(
        facility=["South", "West", None],
        admitted=pd.to_datetime(["2024-01-01"] * 3),
        zip=["98104", "98065", "98007"],
    )
    frame, findings = facilities_of(Dataset(staff=staff, stays=stays))
    assert frame["facility"].tolist() == ["North", "south", "West"]
    assert frame["latitude"].isna().all(), "the ZIP code of a patient is no facility's"
    assert frame["zip"].tolist() == ["", "", ""]
    assert [(finding.code, finding.rows) for finding in findings] == [("no-place", ())]


def test_names_that_differ_by_case_and_blanks_are_one_facility() -> None:
    listed = rows(
        facility=["North  Clinic", "NORTH clinic ", "South"],
        zip=["98104", None, "98065"],
        population=[None, 100.0, 5.0],
        beds_planned=[3.0, 4.0, 5.0],
    )
    frame, findings = facilities_of(Dataset(facilities=listed))
    assert frame["facility"].tolist() == ["North Clinic", "South"]
    assert frame["zip"].tolist() == ["98104", "98065"]
    assert frame["population"].tolist() == [100.0, 5.0]
    assert frame["beds_planned"].isna().tolist() == [True, False], "3 or 4 is not known"
    assert "facilities-merged" in codes(findings)


def test_two_facilities_of_one_name_are_told_apart() -> None:
    listed = rows(
        facility=["St Mary", "St Mary", "South"],
        zip=["98104", "98801", "98065"],
        region=["King", "Chelan", "King"],
    )
    frame, findings = facilities_of(Dataset(facilities=listed))
    assert frame["facility"].tolist() == ["St Mary (King)", "St Mary (Chelan)", "South"]
    assert "facilities-of-one-name" in codes(findings)


def test_people_at_a_place_in_no_list_are_not_lost() -> None:
    listed = rows(facility=["North"], zip=["98104"])
    staff = rows(facility=["north", "East"], staff=[1.0, 2.0])
    frame, findings = facilities_of(Dataset(facilities=listed, staff=staff))
    assert frame["facility"].tolist() == ["North", "East"]
    assert frame["located_by"].tolist() == ["ZIP code", ""]
    assert "unlisted-facilities" in codes(findings)
    assert [one.rows for one in findings if one.code == "no-place"] == [()]


def test_a_filter_takes_facilities_out_for_good() -> None:
    listed = rows(facility=["North", "South"], zip=["98104", "98065"])
    staff = rows(facility=["North", "South"], staff=[1.0, 2.0])
    dataset = Dataset(facilities=listed, staff=staff).filtered(facility="South")
    assert facilities_of(dataset)[0]["facility"].tolist() == ["South"]


def test_beds_are_those_counted_last_never_summed_over_days() -> None:
    days = pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-02"])
    capacity = rows(facility=["North"] * 3, department=["A", "A", "B"], date=days,
                    resource=["beds"] * 3, units=[10.0, 12.0, 3.0])  # fmt: skip
    frame, _ = facilities_of(Dataset(capacity=capacity))
    assert frame["beds"].tolist() == [15.0]


def test_the_sample_network(repo: Any) -> None:
    path = repo / "sample_data"
    dataset = Dataset.of(*(caremap.open_file(path / f"{name}.csv") for name in
                           ("facilities", "staff", "capacity")))  # fmt: skip
    frame, findings = facilities_of(dataset)
    assert list(frame.columns) == COLUMNS
    assert findings == []
    assert frame.notna().all(axis=None)
    assert frame["beds"].iloc[:5].tolist() == [14, 10, 10, 10, 34]
    assert frame["region"].tolist()[:2] == ["King", "Snohomish"]
