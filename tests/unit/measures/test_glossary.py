"""Every measure, choice and field is in words, and the words are those of the declarations."""

from __future__ import annotations

import inspect

import pytest

from caremap import dictionary
from caremap.measures import MEASURES, choices, glossary, headline
from caremap.measures.glossary import needs_in_words
from caremap.schema import TABLES

WORDS = glossary().set_index("measure")


def test_the_columns() -> None:
    assert list(glossary()) == [
        "measure", "title", "group", "unit", "definition", "numerator", "denominator", "kind",
        "needs", "source", "caveats", "choices",
    ]  # fmt: skip


def test_every_measure_is_there_once_under_its_group() -> None:
    assert sorted(glossary()["measure"]) == sorted(MEASURES)
    groups = WORDS["group"]
    assert (groups != groups.shift()).sum() == groups.nunique(), "a group is torn apart"
    assert WORDS.loc[["admissions", "occupancy", "cost"], "group"].tolist() == [
        "Activity", "Beds", "Money",
    ]  # fmt: skip


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_is_told_as_it_is_declared(name: str) -> None:
    line, measure = WORDS.loc[name], MEASURES[name]
    for column in ("title", "unit", "definition", "numerator", "denominator", "source", "caveats"):
        assert line[column] == getattr(measure, column)
    assert line["needs"]


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        (["cost"], "cost"),
        (["admitted|admissions"], "admission date, or admissions"),
        (["admitted", "discharged"], "admission date and discharge date"),
        (
            ["admitted|occupied_beds", "discharged|occupied_beds", "units|staffed_beds"],
            "admission date and discharge date, or occupied beds; and beds of each place, or "
            "staffed beds",
        ),
        (
            ["patient_id|readmitted", "admitted|readmitted", "discharged|readmitted"],
            "patient code, admission date and discharge date, or a yes/no column of readmissions",
        ),
    ],
)
def test_what_is_needed_as_a_phrase(needs: list[str], words: str) -> None:
    assert needs_in_words(needs) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("admissions", "Added up."),
        ("occupancy", "Never added up or averaged"),
        ("median_stay", "Never added up or averaged"),
        ("staffed_beds", "averaged over days, never added up over them"),
        ("turnover", "Not added up over places."),
    ],
)
def test_what_may_be_added_up(name: str, words: str) -> None:
    assert words in str(WORDS.loc[name, "kind"])


def test_every_convention_of_the_key_figures_is_a_choice_with_its_default() -> None:
    asked = inspect.signature(headline).parameters
    told = choices().set_index("name")
    assert set(asked) - {"dataset"} <= set(told.index)
    for name, default in (("same_day", "0 days"), ("cost_date", "day of discharge")):
        assert str(asked[name].default).removesuffix("d") in told.loc[name, "default"]
        assert told.loc[name, "default"] == default


def test_a_choice_is_named_at_the_measures_it_changes_and_there_only() -> None:
    told = choices()
    for measure in WORDS.itertuples():
        changing = [
            choice.title for choice in told.itertuples()
            if measure.title in str(choice.measures).split("; ")
        ]  # fmt: skip
        assert measure.choices == "; ".join(changing)


def test_the_example_of_same_day_stays_is_worked_out_rightly() -> None:
    effect = choices().set_index("name").loc["same_day", "effect"]
    for same_day in (0, 1):
        assert f"{0.64 * same_day + 0.36 * 5.7:.2f} days" in effect


@pytest.mark.parametrize("name", TABLES)
def test_every_field_of_the_schema_is_in_the_dictionary(name: str) -> None:
    frame = dictionary.as_frame(name)  # type: ignore[arg-type]
    assert tuple(frame["Field"]) == TABLES[name].fields  # type: ignore[index]
    assert (frame[["Title", "Type", "What it holds", "Headers it goes by"]] != "").all(axis=None)


def test_stocks_are_told_from_flows() -> None:
    told = dictionary.as_frame("activity").set_index("Field")["Over time"]
    assert told["staffed_beds"] == "averaged over time, never added up"
    assert told["admissions"] == "added up over time"
    assert told["facility"] == ""
