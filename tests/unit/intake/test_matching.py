from __future__ import annotations

import pytest

from caremap.intake.matching import ACCEPT, Column, assign, fit, name_score, rank
from caremap.intake.profile import Profile
from caremap.schema import FIELDS, TABLES

DATES = Profile(100, 1.0, 0.9, 90, date=1.0)
COUNTS = Profile(100, 1.0, 0.3, 30, number=1.0, integer=1.0, low=0, high=60, middle=20)
NAMES = Profile(100, 1.0, 0.2, 20, text=("A", "B"), length=6)
FLAGS = Profile(100, 1.0, 0.02, 2, flag=1.0)

NAMED = [
    ("Date of Admission", "admitted"), ("ADMIT_DTTM", "admitted"), ("Addmission Date", "admitted"),
    ("Entlassungsdatum", "discharged"), ("Hosp Disch Date", "discharged"),
    ("LOS", "length_of_stay"), ("Length of Stay (days)", "length_of_stay"),
    ("length-of-stay-hours", "length_of_stay"), ("Total.Costs", "cost"), ("Coût total", "cost"),
    ("hosp_name", "facility"), ("Patient_ID", "patient_id"), ("wait time (hrs)", "waiting_minutes"),
    ("beds_occupied", "occupied_beds"), ("ZIP", "zip"),
]  # fmt: skip
NOT_NAMED = [
    ("Expected Discharge Date", "discharged"), ("Planned admission date", "admitted"),
    ("EXP_DISCH_DATE", "discharged"), ("Readmission Date", "admitted"),
    ("Date of readmission", "admitted"), ("Decision to admit date", "admitted"),
    ("Max length of stay", "length_of_stay"), ("Est. length of stay", "length_of_stay"),
    ("Average length of stay", "length_of_stay"),
    ("Voraussichtliches Entlassungsdatum", "discharged"),
    ("Fecha prevista de alta", "discharged"), ("Date de sortie prévue", "discharged"),
    ("Data prevista dimissione", "discharged"), ("Previous discharge date", "discharged"),
    ("Stage", "age"), ("Percentage", "age"), ("Admissions 7 day avg", "admissions"),
    ("Bed occupancy %", "occupied_beds"), ("Cost per day", "cost"),
    ("FTE days lost", "staff"), ("Death date", "discharged"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "field"), NAMED)
def test_a_header_names_a_field(header: str, field: str) -> None:
    assert name_score(header, FIELDS[field]) >= ACCEPT


@pytest.mark.parametrize(("header", "field"), NOT_NAMED)
def test_a_header_names_something_else(header: str, field: str) -> None:
    assert name_score(header, FIELDS[field]) < ACCEPT


@pytest.mark.parametrize("item", FIELDS.values(), ids=lambda item: item.name)
def test_every_field_is_named_by_its_own_words(item: object) -> None:
    for phrase in item.words:  # type: ignore[attr-defined]
        assert name_score(phrase, item) == 1.0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "seen", "fits"),
    [
        ("admitted", DATES, True), ("admitted", COUNTS, False), ("admitted", NAMES, False),
        ("age", COUNTS, True), ("age", NAMES, False), ("age", DATES, False),
        ("was_admitted", FLAGS, True), ("was_admitted", COUNTS, False),
        ("department", NAMES, True), ("department", DATES, False),
        ("admissions", COUNTS, True),
        ("admissions", Profile(9, 1, 1, 9, number=1.0, integer=0.1, middle=3), False),
        ("latitude", Profile(9, 1, 1, 9, number=1.0, middle=200), False),
        ("zip", NAMES, False), ("cost", Profile(9, 0, 0, 0), True),
    ],
)  # fmt: skip
def test_values_can_be_a_field_or_not(field: str, seen: Profile, fits: bool) -> None:
    assert (fit(FIELDS[field], seen) > 0) == fits


def test_the_best_pair_wins_and_each_column_is_used_once() -> None:
    columns = [Column("Date", 0, DATES), Column("Discharge Date", 1, DATES)]
    pairs = rank(columns, TABLES["stays"].fields)
    assert assign(pairs, {}) == {"discharged": "Discharge Date", "admitted": "Date"}
    assert assign(pairs, {"admitted": "Discharge Date"}) == {"admitted": "Discharge Date"}


def test_a_perfect_name_on_impossible_values_is_no_match() -> None:
    assert rank([Column("Admission Date", 0, NAMES)], ["admitted"]) == []
