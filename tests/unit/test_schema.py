"""The registry says what it must, and says it once."""

from __future__ import annotations

from collections import defaultdict

import pytest

from caremap.intake.headers import words
from caremap.schema import FIELDS, TABLES, Field, field, fields_of, table

EVERY = pytest.mark.parametrize("item", FIELDS.values(), ids=list(FIELDS))


def test_the_tables_and_their_fields() -> None:
    assert {name: one.fields for name, one in TABLES.items()} == {
        "stays": (
            "stay_id", "patient_id", "admitted", "discharged", "length_of_stay", "facility",
            "department", "ward", "treatment", "diagnosis", "admission_type", "was_admitted", "age",
            "age_band", "gender", "region", "zip", "insurance", "cost", "charges", "icu_days",
            "ventilated", "waiting_minutes", "outcome", "readmitted", "satisfaction",
        ),
        "activity": (
            "date", "facility", "department", "region", "admissions", "discharges", "visits",
            "occupied_beds", "staffed_beds", "free_beds", "cost", "satisfaction", "team_score",
        ),
        "facilities": ("facility", "latitude", "longitude", "zip", "region", "population"),
        "staff": ("facility", "department", "role", "date", "staff", "hours"),
        "capacity": ("facility", "department", "ward", "resource", "date", "units"),
        "population": ("zip", "population"),
        "lookup": (),
    }  # fmt: skip


def test_every_field_is_declared_and_used() -> None:
    used = {name for one in TABLES.values() for name in one.fields}
    assert used == set(FIELDS)
    assert [item.name for item in fields_of("population")] == ["zip", "population"]


@EVERY
def test_a_field_says_what_it_is(item: Field) -> None:
    assert item.title
    assert item.meaning.endswith((".", "…"))
    assert item.words
    if item.type in {"number", "count", "money"}:
        assert item.unit
    if item.type in {"count", "money"}:
        assert item.nature in {"stock", "flow"}
    else:
        assert item.nature != "stock"
    if item.low is not None and item.high is not None:
        assert item.low < item.high


def test_what_happens_in_hospital_is_not_known_at_admission() -> None:
    later = {item.name: item.known for item in fields_of("stays") if item.known != "admission"}
    assert later == {
        "discharged": "discharge", "length_of_stay": "discharge", "was_admitted": "stay",
        "cost": "discharge", "charges": "discharge", "icu_days": "stay", "ventilated": "stay",
        "waiting_minutes": "stay", "outcome": "discharge", "readmitted": "discharge",
        "satisfaction": "discharge",
    }  # fmt: skip


@EVERY
def test_words_are_in_the_form_headers_are_brought_into(item: Field) -> None:
    for phrase in (*item.words, *item.weak):
        assert words(phrase) == phrase
    assert len(set(item.words)) == len(item.words)
    assert not set(item.words) & set(item.weak)


@pytest.mark.parametrize("kind", TABLES)
def test_no_phrase_names_two_fields_of_one_table(kind: str) -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for item in fields_of(kind):  # type: ignore[arg-type]
        for phrase in item.words:
            owners[phrase].append(item.name)
    assert {phrase: names for phrase, names in owners.items() if len(names) > 1} == {}


def test_people_are_identified_by_two_fields_only() -> None:
    assert {name for name, item in FIELDS.items() if item.personal} == {"stay_id", "patient_id"}


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        field("colour")
    with pytest.raises(KeyError):
        table("colour")  # type: ignore[arg-type]
