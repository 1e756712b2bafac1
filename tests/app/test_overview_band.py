"""The band on top of the overview, and the choices of how figures are counted."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.pages import STAYS, app, click, loaded, overview, upload, words

BEDS = b"Facility,Beds\nNorth,12\nSouth,9\n"


def drops(at: AppTest) -> list[str]:
    """What the band offers to drop."""
    return [one.label for one in at.button if one.key and one.key.startswith("drop_")]


def metric(at: AppTest, label: str) -> str:
    return str(next(one.value for one in at.metric if one.label.startswith(label)))


def test_it_says_file_rows_period_and_as_of_date() -> None:
    assert "april.csv  ·  8 stays  ·  1 Feb 2024 – 28 Apr 2024  ·  as of 28 Apr 2024" in words(
        overview(loaded())
    )


def test_a_period_and_an_as_of_date_are_not_mistaken_for_what_the_rows_span() -> None:
    at = overview(loaded())
    at.date_input(key="from").set_value("2024-04-01").run()
    at.date_input(key="as_of").set_value("2024-04-20").run()
    assert "8 stays  ·  figures for 1–28 Apr 2024  ·  as of 20 Apr 2024" in words(at)
    trend = next(one.value for one in at.caption if "by month" in one.value).replace("\\", "")
    assert "1–20 Apr 2024" in trend


def test_every_filter_in_force_is_named_and_dropped_with_a_click() -> None:
    at = overview(loaded())
    assert drops(at) == []
    at.multiselect(key="facility").set_value(["North", "South"]).run()
    at.multiselect(key="department").set_value(["Surgery"]).run()
    at.date_input(key="from").set_value("2024-04-01").run()
    at.date_input(key="as_of").set_value("2024-04-20").run()
    assert drops(at) == [
        "Facility\\: North", "Facility\\: South", "Department\\: Surgery", "From 1 Apr 2024",
        "As of 20 Apr 2024",
    ]  # fmt: skip
    for label in drops(at):
        click(at, label)
    assert drops(at) == []
    assert metric(at, "Overall (whole file), admissions") == "8"


def test_the_most_serious_finding_stands_there_in_one_line() -> None:
    rows = "".join(f"2024-04-{day:02},2024-04-{day - 3:02},5\n" for day in range(10, 20))
    at = overview(loaded(f"Admission Date,Discharge Date,Age\n{rows}2024-04-01,2024-04-04,5\n"))
    assert "before" in next(one.value for one in at.markdown if "**Check:**" in one.value)


# Seven stays ended, of 6, 0, 3, 10, 0, 6 and 89 days.
@pytest.mark.parametrize(
    ("choice", "mean"),
    [("0 days", 114 / 7), ("1 day", 116 / 7), ("nothing: overnight stays only", 114 / 5)],
)
def test_the_convention_of_same_day_stays_is_switched(choice: str, mean: float) -> None:
    at = overview(loaded())
    at.selectbox(key="same_day").set_value(choice).run()
    assert not at.exception
    assert metric(at, "Overall (whole file), days") == f"{mean:.2f}"
    assert (drops(at) == []) == (choice == "0 days")


def test_cost_moves_to_the_admission_date_and_back() -> None:
    at = overview(loaded())
    at.date_input(key="as_of").set_value("2024-04-30").run()
    month = "Month to date"
    by_discharge = [one.value for one in at.metric if one.label.startswith(month)]
    at.selectbox(key="cost_date").set_value("admission").run()
    by_admission = [one.value for one in at.metric if one.label.startswith(month)]
    assert by_discharge != by_admission
    click(at, "cost by admission date")
    assert [one.value for one in at.metric if one.label.startswith(month)] == by_discharge


def test_beds_by_place_take_the_place_of_the_files_and_are_dropped() -> None:
    at = overview(upload(loaded(), "beds.csv", BEDS))
    from_file = metric(at, "Overall (whole file), percent")
    at.session_state["beds_editor_facility"] = {
        "edited_rows": {0: {"beds": 24}, 1: {"beds": 18}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    click(at, "Use these beds")
    assert "Beds as typed in" in drops(at)
    halved = float(metric(at, "Overall (whole file), percent").rstrip(" %"))
    assert halved == pytest.approx(float(from_file.rstrip(" %")) / 2, abs=0.06)
    click(at, "Beds as typed in")
    assert metric(at, "Overall (whole file), percent") == from_file


def test_a_region_is_a_filter_too() -> None:
    text = STAYS.replace("Facility,", "Region,Facility,").replace("\nNorth", "\nHills,North")
    at = overview(loaded(text.replace("\nSouth", "\nCoast,South")))
    at.multiselect(key="region").set_value(["Coast"]).run()
    assert metric(at, "Overall (whole file), admissions") == "4"
    assert drops(at) == ["Region\\: Coast"]


def test_without_data_there_is_no_band() -> None:
    assert drops(overview(app())) == []
