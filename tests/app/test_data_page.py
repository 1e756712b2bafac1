"""The Data page: empty, refused, understood, changed, removed."""

from __future__ import annotations

import pytest

from tests.app.pages import STAYS, app, loaded, overview, upload, words


def test_empty_says_what_to_do_and_what_stays_private() -> None:
    at = app()
    said = words(at)
    assert "drop in a CSV or Excel file" in said
    assert "Nothing is written to disk" in said
    assert "No identifiable patient data on a public deployment" in said
    assert any(button.label == "Try the sample network" for button in at.button)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        ("page.csv", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("empty.csv", b"", "empty"),
        ("header.csv", b"Admission Date,Discharge Date\n", "no rows"),
    ],
)
def test_an_unusable_file_is_refused_in_words_and_the_app_goes_on(
    name: str, data: bytes, said: str
) -> None:
    at = upload(app(), name, data)
    assert len(at.error) == 1
    assert said in at.error[0].value.replace("\\", "")
    assert "Traceback" not in words(at)
    upload(at, "april.csv", STAYS.encode())
    assert "8 rows read, 8 used, 0 set aside" in words(at)


def test_a_file_is_shown_as_it_was_understood() -> None:
    said = words(loaded())
    assert "Stays: one row is one hospital stay or visit. 8 rows read" in said


def test_the_same_bytes_are_loaded_once() -> None:
    at = upload(loaded(), "again.csv", STAYS.encode())
    assert "is loaded already" in at.info[-1].value.replace("\\", "")


def test_names_of_people_are_left_out_saying_so() -> None:
    text = "Patient Name,Admission Date,Discharge Date\nAda Byron,2024-04-01,2024-04-13\n"
    assert "Left out because they identify people: “Patient Name”" in words(loaded(text))


def test_a_match_is_changed_without_uploading_again() -> None:
    at = loaded()
    picker = next(box for box in at.selectbox if box.label == "Region")
    assert picker.value == "(no column)"
    picker.set_value("Department")
    next(box for box in at.selectbox if box.label == "Department").set_value("(no column)")
    next(button for button in at.button if button.label == "Apply").click().run()
    assert not at.exception
    table = at.session_state["files"][0].tables[0]
    assert table.mapping["region"] == "Department"
    assert "department" not in table.mapping


def test_an_open_order_of_dates_is_asked_and_switched() -> None:
    text = "Admission Date,Discharge Date,Age\n03/04/2024,05/04/2024,40\n04/04/2024,06/04/2024,41\n"
    at = loaded(text)
    question = next(radio for radio in at.radio if "Please decide" in radio.label)
    first = at.session_state["files"][0].tables[0].table["admitted"].iloc[0]
    assert (first.day, first.month) == (3, 4)
    question.set_value("month-first").run()
    first = at.session_state["files"][0].tables[0].table["admitted"].iloc[0]
    assert (first.day, first.month) == (4, 3)


def test_a_removed_file_is_gone_from_the_figures() -> None:
    at = loaded()
    next(button for button in at.button if button.label == "Remove").click().run()
    assert at.session_state["files"] == ()
    assert "No data yet" in words(overview(at))


def test_text_of_a_file_is_shown_as_typed() -> None:
    at = loaded("Admission Date,Discharge Date,$x$\n2024-04-01,2024-04-13,1\n", ":red[x].csv")
    assert any(r"\:red\[x\]\.csv" in element.value for element in at.markdown)


def test_another_header_row_and_kind_are_applied_together_and_only_on_apply() -> None:
    text = "Report of April,,\nFacility,Beds,\nNorth,12,\nSouth,9,\n"
    at = loaded(text, "beds.csv")
    assert at.session_state["files"][0].tables[0].kind == "capacity"
    kind = next(box for box in at.selectbox if box.label == "This table is")
    kind.set_value("lookup")
    next(button for button in at.button if button.label == "Apply").click().run()
    assert not at.exception
    assert at.session_state["files"][0].tables[0].kind == "lookup"
