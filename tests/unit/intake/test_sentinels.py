"""What stands for something else: suppressed counts, fillers, durations, flags, code columns."""

from __future__ import annotations

import pytest

from caremap import Dataset, measures, open_file
from caremap.intake import Loaded


def opened(text: str) -> Loaded:
    return open_file(text.encode(), name="values.csv")


def counted(loaded: Loaded, code: str) -> list[str]:
    return [one.message for one in loaded.findings if one.code == code]


SMALL = ("<5", "1-7", "*", "[c]", "[x]", "..", "less than 5", "suppressed", "≤4")


@pytest.mark.parametrize("cell", SMALL)
def test_a_suppressed_count_is_missing_and_told(cell: str) -> None:
    rows = "".join(f"2024-0{month}-01,South,{30 + month}\n" for month in range(1, 7))
    loaded = opened(f"Month,Hospital,Admissions\n{rows}2024-07-01,South,{cell}\n")
    assert loaded.table["admissions"].sum() == 31 + 32 + 33 + 34 + 35 + 36
    assert loaded.table["admissions"].isna().sum() == 1
    (message,) = counted(loaded, "suppressed-counts")
    assert message.startswith("1 value of “Admissions”")
    assert not counted(loaded, "unreadable")


def stays(costs: list[str]) -> str:
    rows = "".join(
        f"E{place},2024-01-{place + 1:02},2024-01-{place + 3:02},{cost}\n"
        for place, cost in enumerate(costs)
    )
    return "Encounter ID,Admit Date,Discharge Date,Total Cost\n" + rows


@pytest.mark.parametrize("filler", ["999999", "-999", "9999.9", "-999999"])
def test_a_repeated_impossible_number_is_missing(filler: str) -> None:
    loaded = opened(stays(["1200.5", "2300", filler, "1850", filler, "2750"]))
    assert loaded.table["cost"].sum() == pytest.approx(8100.5)
    assert len(counted(loaded, "filler-numbers")) == 1


def test_nines_that_may_be_real_stay() -> None:
    once = opened(stays(["1200", "2300", "9999", "1850"]))
    assert once.table["cost"].sum() == 1200 + 2300 + 9999 + 1850
    near = opened(stays(["1200", "9999", "9999", "8850"]))
    assert near.table["cost"].sum() == 1200 + 2 * 9999 + 8850
    assert not counted(once, "filler-numbers") + counted(near, "filler-numbers")


def test_suppressed_sevenths_of_the_american_release() -> None:
    text = "collection_week,hospital_name,inpatient_beds_used_7_day_avg,inpatient_beds_7_day_avg\n"
    text += "2021/01/01,North,300.5,400\n2021/01/08,North,-999999,400\n2021/01/15,North,310.5,400\n"
    loaded = opened(text)
    assert loaded.table["occupied_beds"].sum() == 611
    assert len(counted(loaded, "filler-numbers")) == 1
    occupancy = measures.headline(Dataset.of(loaded)).loc["occupancy", "overall"]
    assert occupancy == pytest.approx(100 * 611 / 800)


def test_durations_come_in_the_unit_of_their_field() -> None:
    loaded = opened(
        "Visit ID,Arrival Time,Wait Time,Length of Stay\n"
        '1,2024-01-01 10:00,01:30,3d 4h\n2,2024-01-01 11:00,0:45:00,"1 day, 3:20:00"\n'
        "3,2024-01-02 11:00,2 h 15 min,PT36H\n4,2024-01-02 12:00,PT2H30M,2 days\n"
        "5,2024-01-02 13:00,45 min,12 h\n"
    )
    assert loaded.table["waiting_minutes"].tolist() == pytest.approx([90, 45, 135, 150, 45])
    days = [3 + 4 / 24, 1 + (3 + 20 / 60) / 24, 1.5, 2, 0.5]
    assert loaded.table["length_of_stay"].tolist() == pytest.approx(days)
    assert len(counted(loaded, "unit-converted")) == 2


def test_waits_stored_as_fractions_of_a_day() -> None:
    head = "Visit ID,Arrival Time,Wait Time\n"
    rows = zip("1234", ("0.0625", "0.03125", "0.010416667", "0.001388889"), strict=True)
    text = head + "".join(f"{place},2024-01-0{place} 10:00,{wait}\n" for place, wait in rows)
    waits = opened(text).table["waiting_minutes"]
    assert waits.tolist() == pytest.approx([90, 45, 15, 2], abs=1e-3)
    few = opened(head + "1,2024-01-01 10:00,1\n2,2024-01-01 11:00,2\n3,2024-01-01 12:00,2.5\n")
    assert few.table["waiting_minutes"].tolist() == [1, 2, 2.5]


FLAGS = [("Sí", "No"), ("oui", "non"), ("ja", "nein"), ("sim", "não"), ("S", "N"), ("O", "N"),
         ("J", "N"), ("Y", "N"), ("TRUE", "FALSE"), ("1", "0")]  # fmt: skip


@pytest.mark.parametrize(("yes", "no"), FLAGS)
def test_flags_in_six_languages(yes: str, no: str) -> None:
    loaded = opened(
        "Encounter ID,Admit Date,Discharge Date,Readmitted\n"
        f"1,2024-01-03,2024-01-05,{yes}\n2,2024-01-13,2024-01-15,{no}\n"
        f"3,2024-01-23,2024-01-25,{yes}\n4,2024-01-24,2024-01-25,\n"
    )
    assert loaded.table["readmitted"].dropna().tolist() == [True, False, True]


def test_codes_with_three_values_are_no_flag() -> None:
    loaded = opened(
        "Encounter ID,Admit Date,Discharge Date,Readmitted,priority_code\n"
        "1,2024-01-03,2024-01-05,1,2\n2,2024-01-13,2024-01-15,2,3\n3,2024-01-23,2024-01-25,3,1\n"
    )
    assert "readmitted" not in loaded.mapping
    assert loaded.table["priority_code"].tolist() == ["2", "3", "1"]


def test_a_quarter_is_no_date_of_discharge() -> None:
    loaded = opened("Record ID,Discharge,Length of Stay\n1,2024Q1,3\n2,2024Q2,5\n")
    assert "discharged" not in loaded.mapping
    assert loaded.table["length_of_stay"].sum() == 8
