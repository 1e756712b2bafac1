from __future__ import annotations

import pytest

from caremap import open_file
from caremap.intake.resources import resource_of
from caremap.intake.sums import same_phrase


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("discharged_alive", "discharged_dead", True),
        ("bed_avail_icu", "bed_avail_other", True),
        ("Male admissions", "Female admissions", True),
        ("beds", "free beds", False),
        ("beds_icu", "util_icu", False),
        ("beds", "beds_icu", False),
    ],
)
def test_parts_of_one_thing(one: str, other: str, same: bool) -> None:
    assert same_phrase(one, other) == same


DATES = "".join(f"2024-01-{day:02d},A,%s\n" for day in range(1, 11))


@pytest.mark.parametrize(
    ("header", "row", "field", "columns", "total"),
    [
        ("discharged_alive,discharged_dead", "5,1", "discharges",
         ["discharged_alive", "discharged_dead"], 60),
        ("admissions,emergency admissions,elective admissions", "6,4,2", "admissions",
         "admissions", 60),
        ("total discharges,discharges alive", "6,5", "discharges", "total discharges", 60),
        ("admissions,admissions 7 day avg", "6,5.5", "admissions", "admissions", 60),
    ],
)  # fmt: skip
def test_columns_are_added_up_only_where_no_total_stands(
    header: str, row: str, field: str, columns: object, total: float
) -> None:
    text = f"date,hospital,{header}\n" + DATES.replace("%s", row)
    loaded = open_file(text.encode(), name="counts.csv")
    assert loaded.mapping[field] == columns
    assert loaded.table[field].sum() == total


def test_where_a_part_is_blank_the_sum_is_unknown_and_said() -> None:
    text = "date,hospital,discharged_alive,discharged_dead\n" + DATES.replace("%s", "5,1")
    loaded = open_file((text + "2024-01-11,A,5,\n2024-01-12,A,,\n").encode(), name="c.csv")
    assert loaded.table["discharges"].isna().tolist()[-2:] == [True, True]
    found = {one.code: one for one in loaded.findings}
    assert found["partly-blank"].rows == (12,)
    assert "discharged_dead" in found["summed-columns"].message


@pytest.mark.parametrize(
    ("header", "resource"),
    [
        ("ICU beds", "icu_beds"), ("Camas UCI", "icu_beds"), ("Intensive Care Beds", "icu_beds"),
        ("ventilators", "ventilators"), ("vent", "ventilators"),
        ("Operating theatres", "operating_rooms"), ("beds", None), ("util_icu", None),
        ("ICU occupied", None), ("ventilation minutes", None),
    ],
)  # fmt: skip
def test_resources_by_header(header: str, resource: str | None) -> None:
    assert resource_of(header) == resource


def test_icu_beds_are_not_all_beds() -> None:
    text = "date,hospital,occupied beds,ICU beds\n" + DATES.replace("%s", "80,12")
    loaded = open_file(text.encode(), name="beds.csv")
    assert loaded.mapping["occupied_beds"] == "occupied beds"
    assert "staffed_beds" not in loaded.table
