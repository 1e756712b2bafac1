"""The Overview page: no data, data without what it needs, data, filters that leave nothing."""

from __future__ import annotations

import pytest

from tests.app.pages import STAYS, app, loaded, overview, upload, words


def test_without_data_it_says_where_to_go() -> None:
    assert "No data yet" in words(overview(app()))


def test_the_worked_example_on_the_screen() -> None:
    at = overview(loaded())
    at.date_input(key="as_of").set_value("2024-04-30").run()
    at.number_input(key="beds").set_value(5).run()
    assert not at.exception
    said = words(at)
    assert "Month to date, 1–30 Apr 2024 6 " in said
    assert "Month to date, 1–30 Apr 2024 18.00" in said
    assert "Month to date, 1–30 Apr 2024 42.0 %" in said


def test_without_beds_occupancy_says_what_is_missing_and_takes_a_number() -> None:
    at = overview(loaded())
    assert "No staffed beds are known" in words(at)
    assert at.number_input(key="beds").label == "Type in the number of staffed beds"


def test_without_dates_the_whole_file_is_shown_and_the_page_says_so() -> None:
    at = overview(loaded("Length of Stay,Age,Gender,Cost\n3,40,F,100\n5,50,M,200\n"))
    said = words(at)
    assert "The data has no dates" in said
    assert "Overall (whole file), days 4.00" in said


def test_filters_that_leave_nothing_offer_the_way_back() -> None:
    at = overview(loaded(STAYS.replace("South,Medicine", "South,Surgery")))
    at.multiselect(key="facility").set_value(["South"]).run()
    at.multiselect(key="department").set_value(["Medicine"]).run()
    assert "The filters leave nothing" in words(at)
    next(button for button in at.button if button.label == "Clear the filters").click().run()
    assert not at.exception
    assert "Overall (whole file), admissions 8 " in words(at)


def test_a_table_without_stays_or_counts_gives_no_figures_but_a_sentence() -> None:
    at = overview(loaded("Facility,Beds\nNorth,12\nSouth,9\n", "beds.csv"))
    assert "None of the loaded tables holds stays or counts" in words(at)


def test_a_filter_narrows_every_card() -> None:
    at = overview(loaded())
    at.multiselect(key="facility").set_value(["South"]).run()
    assert "Overall (whole file), admissions 4 " in words(at)


@pytest.mark.parametrize("count", [201, 1000])
def test_a_filter_over_many_names_is_a_search(count: int) -> None:
    rows = "".join(f"Hospital {n:04},2024-04-0{n % 9 + 1},2024-04-13\n" for n in range(count))
    at = overview(loaded(f"Facility,Admission Date,Discharge Date\n{rows}"))
    assert not [box for box in at.multiselect if box.key == "facility"]
    at.text_input(key="facility_search").set_value("hospital 0007").run()
    assert at.multiselect(key="facility").options == ["Hospital 0007"]
    at.multiselect(key="facility").set_value(["Hospital 0007"]).run()
    assert "Overall (whole file), admissions 1 " in words(at)


def test_several_files_make_one_network() -> None:
    at = upload(loaded(), "beds.csv", b"Facility,Beds\nNorth,12\nSouth,9\n")
    at = overview(at)
    assert "No staffed beds are known" not in words(at)


def test_one_stay_is_one_stay() -> None:
    at = overview(loaded("Admission Date,Discharge Date\n2024-04-01,2024-04-03\n"))
    said = words(at)
    assert "1 stay  ·" in said
    assert "1 stays" not in said


def test_counts_without_admissions_begin_with_what_they_have() -> None:
    rows = "".join(f"2024-04-{day:02},{day},20\n" for day in range(1, 29))
    at = overview(loaded(f"Date,Occupied beds,Staffed beds\n{rows}", "beds.csv"))
    assert "Needs a column with admission date or admissions." in words(at)
    measures = at.selectbox(key="trend").options
    assert "Admissions" not in measures
    assert "Bed occupancy" in measures
