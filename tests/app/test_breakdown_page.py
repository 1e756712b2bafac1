"""The Breakdown page: its four states, its parts, and picking groups to narrow it."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from tests.app.pages import STAYS, app, click, loaded, part, titles, words
from tests.app.test_swapped_dates import swapped

HEAD, *ROWS = STAYS.splitlines()
KINDS = ("Bypass", "Bypass", "Scan", "Scan", "Bypass", "Scan", "Bypass", "Scan")
RICH = "\n".join(
    [f"{HEAD},Treatment,Gender,Insurance,Outcome,Satisfaction,Waiting minutes"]
    + [
        f"{row},{kind},{'F' if place % 2 else 'M'},{'Payer A' if place % 3 else 'Payer B'},"
        f"{'Died' if place == 3 else 'Home'},{place % 5 + 1},{place * 20}"
        for place, (row, kind) in enumerate(zip(ROWS, KINDS, strict=True))
    ]
)


def breakdown(at: AppTest) -> AppTest:
    """The same session on the breakdown page."""
    at.switch_page("pages/breakdown.py").run()
    assert not at.exception
    return at


def test_without_data_it_says_where_to_go() -> None:
    assert "No data yet" in words(breakdown(app()))


def test_treatments_come_first_with_volume_and_cost() -> None:
    at = part(breakdown(loaded(RICH)), "Groups")
    assert [one.value for one in at.header[:3]] == ["Groups", "Treatments", "Age"]
    assert titles(at)[0] == "Admissions: 4 in each treatment"


def test_columns_the_data_lacks_are_named_once() -> None:
    said = words(breakdown(loaded()))
    assert said.count("The data has no column for: treatment, diagnosis, gender, region") == 1


def test_a_table_without_stays_or_counts_gives_no_breakdown_but_a_sentence() -> None:
    at = breakdown(loaded("Facility,Beds\nNorth,12\nSouth,9\n", "beds.csv"))
    assert "None of the loaded tables holds stays or counts" in words(at)


def test_filters_that_leave_nothing_offer_the_way_back() -> None:
    at = breakdown(loaded(STAYS.replace("South,Medicine", "South,Surgery")))
    at.multiselect(key="facility").set_value(["South"]).run()
    at.multiselect(key="department").set_value(["Medicine"]).run()
    assert "The filters leave nothing" in words(at)


def test_a_group_picked_narrows_the_page_and_is_dropped_with_a_click() -> None:
    at = breakdown(loaded(RICH))
    at.session_state["picked"] = {"treatment": ["Bypass"]}
    part(at, "Groups")
    assert any("Bypass" in button.label for button in at.button)
    assert "4 stays" in words(at)
    at = click(at, next(one.label for one in at.button if "Bypass" in one.label))
    assert "8 stays" in words(at)


def test_picks_leave_the_other_pages_alone() -> None:
    at = breakdown(loaded(RICH))
    at.session_state["picked"] = {"treatment": ["Bypass"]}
    at.switch_page("pages/overview.py").run()
    assert "Overall (whole file), admissions 8 " in words(at)


def test_a_group_is_picked_from_the_list() -> None:
    at = breakdown(loaded(RICH))
    at.selectbox(key="narrow_by").set_value("insurance").run()
    at.multiselect(key="narrow_to_insurance").set_value(["Payer B"]).run()
    assert not at.exception
    assert "3 stays" in words(at)


def test_a_pick_of_a_column_that_is_gone_is_forgotten() -> None:
    at = breakdown(loaded())
    at.session_state["picked"] = {"treatment": ["Bypass"]}
    at.run()
    assert not at.exception
    assert "8 stays" in words(at)


@pytest.mark.parametrize(
    "name",
    ["What stands out", "Groups", "Two columns crossed", "Cost", "Over time", "Outcomes",
     "Who needs what", "Satisfaction", "Waiting"],
)  # fmt: skip
def test_every_part_of_a_rich_file_is_drawn(name: str) -> None:
    at = part(breakdown(loaded(RICH)), name)
    assert at.header or at.subheader


def test_while_dates_are_in_doubt_nothing_is_said_by_month() -> None:
    at = part(breakdown(loaded(swapped(), "admissions.csv")), "Over time")
    assert "in doubt" in words(at)
    assert not at.subheader


@pytest.fixture(scope="module")
def report(empty_caches: None) -> tuple[bytes, bytes, int]:
    """The report of the rich file: workbook, page, and how many figures they hold."""
    _, *made = click(breakdown(loaded(RICH)), "Make the report").session_state["made_report"]
    workbook, page, count = made
    return workbook, page, count


def test_the_report_holds_the_figures_of_the_view(report: tuple[bytes, bytes, int]) -> None:
    workbook, page, count = report
    book = load_workbook(io.BytesIO(workbook))
    assert book.sheetnames[0] == "Cover"
    assert {"Key figures", "Definitions", "Notes"} <= set(book.sheetnames)
    assert count >= 5
    text = page.decode()
    assert "SHA-256" in text
    assert "<script" not in text


def test_figures_that_cannot_be_computed_are_notes_of_the_report(
    report: tuple[bytes, bytes, int],
) -> None:
    book = load_workbook(io.BytesIO(report[0]))
    sheet = [[cell.value for cell in row] for row in book["Key figures"].iter_rows()]
    told = [str(cell) for row in sheet for cell in row if cell is not None]
    assert not any("Bed occupancy" in name for name in book.sheetnames)
    assert any("Bed occupancy" in text and ": " in text for text in told)
    header = next(row for row in sheet if row[0] == "Measure")
    assert header[:6] == [
        "Measure", "Unit", "Overall", "Month to date", "Month before", "Year before",
    ]  # fmt: skip


MANY = "\n".join(
    ["Hospital,Gender,Admission Date,Discharge Date"]
    + [
        f"Site {place % 120},{'F' if place % 2 else 'M'},2024-01-{1 + place % 28:02},2024-02-01"
        for place in range(240)
    ]
)


def test_a_column_of_many_small_groups_is_drawn_only_when_chosen() -> None:
    at = part(breakdown(loaded(MANY)), "Groups")
    assert at.multiselect(key="breakdown_columns").value == ["gender"]
    assert "Not drawn unless chosen above, as most groups have few rows: Facility" in words(at)
    at.multiselect(key="breakdown_columns").set_value(["facility"]).run()
    assert any("facility" in one.value for one in at.caption)
    at = part(at, "Over time")
    assert at.selectbox(key="group_by").value == "gender"


def test_one_row_offers_only_what_it_has_something_for() -> None:
    at = breakdown(loaded("\n".join(RICH.splitlines()[:2])))
    assert at.segmented_control(key="part").options == ["What stands out", "Waiting"]
    assert "too little to tell what stands out" in words(at)


def test_waits_without_dates_have_no_hours_and_say_so() -> None:
    rows = [f"Scan,{30 + one},{'FM'[one % 2]},{one},{one * 20}" for one in range(9)]
    text = "\n".join(["Treatment,Age,Gender,Length of stay,Waiting minutes", *rows])
    at = part(breakdown(loaded(text)), "Waiting")
    assert "Without dates there is no weekday or hour" in words(at)
    assert at.subheader
