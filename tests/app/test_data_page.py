"""The Data page: empty, refused, understood, changed, removed."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pytest import MonkeyPatch
from streamlit.testing.v1 import AppTest

from caremap.findings import Finding
from caremap.intake import Loaded
from caremap.intake.recipes import recipe_of, written
from caremap.ui import deciding, state
from tests.app.pages import STAYS, app, click, loaded, overview, picker, unfolded, upload, words


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


COLUMNS = "How the columns were read"
LAYOUT = "Change the sheet"


def first(at: AppTest) -> Loaded:
    """The first table that is loaded."""
    loaded: Loaded = at.session_state["files"][0].tables[0]
    return loaded


def test_a_match_is_changed_without_uploading_again() -> None:
    at = unfolded(loaded(), COLUMNS)
    assert picker(at, "Region").value == "(no column)"
    picker(at, "Region").set_value("Department")
    picker(at, "Department").set_value("(no column)")
    click(at, "Apply")
    assert first(at).mapping["region"] == "Department"
    assert "department" not in first(at).mapping
    assert picker(at, "Region").value == "Department"  # still unfolded


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


def test_a_match_the_file_cannot_have_is_refused_at_the_control_and_nothing_changes() -> None:
    at = unfolded(loaded(), COLUMNS)
    before = first(at)
    picker(at, "Department").set_value("(no column)")
    at.session_state["files"] = tuple(
        replace(file, data=file.data.replace(b"Facility,", b"Site,"))
        for file in at.session_state["files"]
    )
    picker(at, "Region").set_value("Facility")
    click(at, "Apply")
    assert first(at) is before
    assert "Not changed" in at.error[-1].value
    assert "has no column “Facility”" in at.error[-1].value.replace("\\", "")
    assert picker(at, "Region").value == "(no column)"
    at.run()
    assert "Not changed" in at.error[-1].value  # it stays until the next change
    picker(at, "Region").set_value("Department")
    picker(at, "Department").set_value("(no column)")
    click(at, "Apply")
    assert first(at).mapping["region"] == "Department"
    assert not at.error


BEDS = "Report of April,,\nFacility,Beds,\nNorth,12,\nSouth,9,\n"


def test_another_kind_is_applied_at_once() -> None:
    at = unfolded(loaded(BEDS, "beds.csv"), LAYOUT)
    assert first(at).kind == "capacity"
    picker(at, "This table is").set_value("lookup").run()
    assert not at.exception
    assert first(at).kind == "lookup"
    assert picker(at, "This table is").value == "lookup"


def top(at: AppTest) -> pd.DataFrame:
    """The rows as they stand, below the controls for the layout."""
    return next(frame.value for frame in at.dataframe if "Row" in frame.value)


def test_another_header_row_is_chosen_by_the_rows_as_they_stand() -> None:
    at = unfolded(loaded(BEDS, "beds.csv"), LAYOUT)
    assert list(top(at)["Row"]) == ["1", "2 ← names", "3", "4"]
    assert list(top(at)["A"]) == ["Report of April", "Facility", "North", "South"]
    picker(at, "Column names are in").set_value(1).run()
    assert not at.exception
    assert first(at).source.header_row == 1
    assert first(at).columns[0].header == "Report of April"
    assert list(top(at)["Row"]) == ["1 ← names", "2", "3", "4"]
    assert picker(at, "Column names are in").value == 1


def test_a_header_row_below_the_table_is_refused_and_says_so_there() -> None:
    at = unfolded(loaded(BEDS, "beds.csv"), LAYOUT)
    picker(at, "Column names are in").set_value(50).run()
    assert not at.exception
    assert "Not changed" in at.error[-1].value
    assert first(at).source.header_row == 2
    assert picker(at, "Column names are in").value == 2


def test_columns_left_out_are_masked_in_the_rows_as_they_stand() -> None:
    text = "Patient Name,MRN,Admission Date,Discharge Date\n" + "".join(
        f"Ada Byron,M{day:03},2024-04-{day:02},2024-04-{day:02}\n" for day in range(1, 9)
    )
    at = unfolded(loaded(text), LAYOUT)
    assert list(top(at).iloc[1]) == ["2", "•••", "•••", "2024-04-01", "2024-04-01"]
    picker(at, "Column names are in").set_value(2).run()  # a wrong row: the name is no header
    assert first(at).source.header_row == 2
    assert not top(at).astype("str").sum().str.contains("Ada|M00").any()


def test_a_separator_and_a_decimal_mark_are_overruled() -> None:
    at = unfolded(loaded("Facility;Beds\nNorth;1.234\nSouth;2.345\n", "beds.csv"), LAYOUT)
    picker(at, "Decimal mark").set_value(",").run()
    assert list(first(at).table["units"]) == [1234.0, 2345.0]
    picker(at, "Decimal mark").set_value(".").run()
    assert list(first(at).table["units"]) == [1.234, 2.345]
    picker(at, "Columns separated by").set_value("|").run()
    assert not at.exception
    assert [column.header for column in first(at).columns] == ["Facility;Beds"]


JAPANESE = "診療科,入院日,退院日\n" + "".join(
    f"リハビリテーション科,2024-04-{day:02},2024-04-{day + 1:02}\n整形外科,2024-04-{day:02},\n"
    for day in range(1, 20)
)


def test_an_encoding_that_was_guessed_is_chosen_by_what_reads_right() -> None:
    at = unfolded(upload(app(), "病棟.csv", JAPANESE.encode("cp932")), LAYOUT)
    letters = next(one.value for one in at.dataframe if "Written in" in one.value)
    assert letters["Written in"].iloc[0] == "Shift-JIS (Japanese) (now)"
    assert letters["Column names"].iloc[0] == "診療科 · 入院日 · 退院日"
    assert len(letters) > 1
    box = picker(at, "Letters are written in")
    assert box.options[0] == "As found: Shift-JIS (Japanese)"
    box.set_value("Windows-1252").run()
    assert not at.exception
    assert first(at).source.encoding == "Windows-1252"
    assert picker(at, "Letters are written in").value == "Windows-1252"
    picker(at, "Letters are written in").set_value("").run()
    assert first(at).columns[0].header == "診療科"


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Stays"
    for line in STAYS.splitlines():
        sheet.append(line.split(","))
    cover = book.create_sheet("Cover $x$", 0)
    cover["B2"], cover["B3"], cover["C2"], cover["C3"] = "Ward", "North", "Beds", 12
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_sheet_of_a_workbook_is_switched() -> None:
    at = unfolded(upload(app(), "book.xlsx", workbook()), LAYOUT)
    assert first(at).source.sheet == "Stays"
    picker(at, "Sheet").set_value("Cover $x$").run()
    assert not at.exception
    assert first(at).source.sheet == "Cover $x$"
    assert "North" in set(top(at).to_numpy().flat)


DATES = "Admission Date,Discharge Date,Age\n03/04/2024,05/04/2024,40\n04/04/2024,06/04/2024,41\n"


def test_an_open_question_shows_what_the_answers_change() -> None:
    at = loaded(DATES)
    seen = next(one.value for one in at.dataframe if "Day first" in one.value)
    seen = seen.set_index("Figure")
    assert list(seen.columns) == ["Day first", "Month first"]
    assert list(seen.loc["First date"]) == ["3 Apr 2024", "4 Mar 2024"]
    assert list(seen.loc["Admissions in Apr 2024"]) == ["2", "1"]


def test_swapped_dates_are_repaired_confirmed_or_left_open(monkeypatch: MonkeyPatch) -> None:
    """The three answers are handed to intake as they are."""
    asked: list[str | None] = []
    real = state.open_file

    def opened(*args: Any, **options: Any) -> Loaded:
        given = dict(args[4])
        asked.append(given.pop("dates", None))
        return real(*args[:4], given)

    at = loaded()
    swapped = Finding("swapped-dates", "error", "3 rows are swapped.", None, (2, 3, 5))
    file = at.session_state["files"][0]
    table = replace(file.tables[0], findings=(swapped,))
    at.session_state["files"] = (replace(file, tables=(table,)),)
    monkeypatch.setattr(state, "open_file", opened)
    monkeypatch.setattr(deciding, "open_file", lambda *args: real(*args[:4], {}))
    monkeypatch.setattr(deciding, "_accepted", lambda dates: True)
    at.run()
    assert not at.exception
    question = next(radio for radio in at.radio if "swapped" in radio.label)
    assert question.options == [
        "Not decided yet", "Repair 3 rows", "The dates are right as they are",
    ]  # fmt: skip
    question.set_value("repair").run()
    assert not at.exception
    next(radio for radio in at.radio if "swapped" in radio.label).set_value("as-read").run()
    next(radio for radio in at.radio if "swapped" in radio.label).set_value("").run()
    assert asked == ["repair", "as-read", None]


def saved(at: AppTest) -> bytes:
    """What the button to save the choices downloads."""
    file = at.session_state["files"][0]
    return written(recipe_of(file.tables[0], file.choices[0].mapping, file.choices[0].options))


def corrected() -> AppTest:
    """A session in which the department was read as the region."""
    at = unfolded(loaded(), COLUMNS)
    picker(at, "Region").set_value("Department")
    picker(at, "Department").set_value("(no column)")
    return click(at, "Apply")


MAY = STAYS.replace("2024-04", "2024-05")


def test_choices_are_used_for_the_next_file_of_the_layout_and_can_be_undone() -> None:
    at = upload(corrected(), "may.csv", MAY.encode())
    april, may = at.session_state["files"]
    assert may.tables[0].mapping["region"] == "Department"
    assert "read with your choices for “april.csv”" in words(at).replace("\\", "")
    click(at, "Undo")
    april, may = at.session_state["files"]
    assert may.tables[0].mapping["department"] == "Department"
    assert april.tables[0].mapping["region"] == "Department"
    assert "read with your choices" not in words(at)


def test_saved_choices_are_used_in_another_session() -> None:
    recipe = saved(corrected())
    at = upload(app(), "caremap_choices_stays_1.json", recipe)
    assert "used for the next file with these columns" in words(at)
    upload(at, "may.csv", MAY.encode())
    assert first(at).mapping["region"] == "Department"
    assert "read with the saved choices in “caremap_choices" in words(at).replace("\\", "")


def test_saved_choices_are_used_for_a_file_that_is_loaded_already() -> None:
    recipe = saved(corrected())
    at = upload(loaded(MAY, "may.csv"), "caremap_choices_stays_1.json", recipe)
    assert first(at).mapping["region"] == "Department"
    assert "The saved choices are used for “may.csv”" in words(at).replace("\\", "")


def test_choices_made_here_are_not_overruled_by_saved_ones() -> None:
    recipe = saved(corrected())
    at = unfolded(loaded(MAY, "may.csv"), COLUMNS)
    picker(at, "Ward").set_value("Department")
    picker(at, "Department").set_value("(no column)")
    upload(click(at, "Apply"), "caremap_choices_stays_1.json", recipe)
    assert first(at).mapping["ward"] == "Department"
    assert "region" not in first(at).mapping


def test_choices_that_were_forgotten_are_not_used_again() -> None:
    at = corrected()
    click(at, "Forget these choices")
    assert first(at).mapping["department"] == "Department"
    upload(at, "may.csv", MAY.encode())
    assert at.session_state["files"][1].tables[0].mapping["department"] == "Department"


def test_a_header_row_chosen_by_mistake_is_not_remembered_beside_the_right_one() -> None:
    text = "Report,Beds of,the group\nFacility,Beds,Ward\nNorth,12,A\nSouth,9,B\n"
    at = unfolded(loaded(text, "april.csv"), LAYOUT)
    picker(at, "Column names are in").set_value(1).run()
    picker(at, "Column names are in").set_value(2).run()
    assert first(at).source.header_row == 2
    upload(at, "may.csv", text.replace("12", "13").encode())
    assert at.session_state["files"][-1].tables[0].source.header_row == 2


def test_other_files_hear_nothing_of_choices_that_are_not_theirs() -> None:
    at = upload(corrected(), "zip.csv", b"ZIP,Population\n98101,12000\n98102,21000\n")
    table = at.session_state["files"][1].tables[0]
    assert table.kind == "population"
    assert not {one.code for one in table.findings} & {
        "recipe-applied", "recipe-not-for-this-file",
    }  # fmt: skip


@pytest.mark.parametrize("data", [b"{}", b"[1", b'{"beds": 12}'])
def test_a_json_file_that_holds_no_choices_is_refused_in_words(data: bytes) -> None:
    at = upload(app(), "beds.json", data)
    assert len(at.error) == 1
    assert "aved choices" in at.error[0].value


def test_a_refused_file_stays_listed_until_it_is_dismissed() -> None:
    at = upload(app(), "empty.csv", b"")
    overview(at)
    at.switch_page("pages/data.py").run()
    assert "empty" in at.error[0].value
    click(at, "Dismiss")
    assert not at.error


def test_a_file_that_was_removed_can_be_uploaded_again() -> None:
    """The browser does not send a file the uploader still shows: removing empties it."""
    at = loaded()
    click(at, "Remove")
    assert at.file_uploader[0].value in (None, [])
    upload(at, "april.csv", STAYS.encode())
    assert [file.name for file in at.session_state["files"]] == ["april.csv"]


def test_a_look_up_that_joins_asks_for_no_check() -> None:
    stays = "Patient ID,Admission Date,Discharge Date\n" + "".join(
        f"P{n:03},2024-04-{n:02},2024-04-{n + 1:02}\n" for n in range(1, 29)
    )
    people = "Patient ID,Blood Group\n" + "".join(f"P{n:03},{'AB'[n % 2]}\n" for n in range(1, 29))
    at = upload(app(), "people.csv", people.encode())
    assert "fits none of the kinds" in words(at)
    upload(at, "stays.csv", stays.encode())
    assert "is joined to the stays" in words(at).replace("\\", "")
    assert "fits none of the kinds" not in words(at)


def test_rows_that_became_several_are_not_said_to_be_used_out_of_fewer() -> None:
    months = ",".join(f"2024-{month:02}" for month in range(1, 7))
    text = f"Hospital,{months}\nNorth,1,2,3,4,5,6\nSouth,7,8,9,10,11,12\n"
    said = words(loaded(text, "admissions.csv"))
    assert "2 rows read, 12 made of them" in said
    assert "2 rows read, 12 used" not in said


def test_tables_of_one_sheet_that_are_all_loaded_ask_for_no_check() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [("Hospital", "Beds"), ("North", 12), ("South", 9), ("West", 7), ()]:
        sheet.append(row)
    sheet.append(("Date", "Hospital", "Admissions", "Discharges"))
    for day in range(1, 29):
        sheet.append((f"2024-04-{day:02}", "North", day, day + 1))
    file = io.BytesIO()
    book.save(file)
    at = upload(app(), "report.xlsx", file.getvalue())
    tables = at.session_state["files"][0].tables
    assert {table.kind for table in tables} == {"activity", "capacity"}
    told = [one for table in tables for one in table.findings if one.code == "several-tables"]
    assert {one.severity for one in told} == {"info"}
    assert len(told) == 2


def test_names_stay_masked_under_a_wrong_row_of_names_and_in_every_encoding() -> None:
    names = ["Müller", "Özil", "Señor", "Jäger", "Béla", "Zoë", "Ærø", "Ångström"]
    text = "Report of ward A,,,\nMRN,Patient Name,Admission Date,Discharge Date\n" + "".join(
        f"M{100 + n},{name} Anna,2024-04-{n + 1:02},2024-04-{n + 2:02}\n"
        for n, name in enumerate(names)
    )
    at = unfolded(upload(app(), "april.csv", text.encode("cp1252")), LAYOUT)
    assert first(at).source.header_row == 2
    picker(at, "Column names are in").set_value(4).run()
    assert not at.exception
    frames = [one.value for one in at.dataframe if {"Row", "Written in"} & set(one.value)]
    assert len(frames) == 2
    shown = "".join(frame.astype("str").sum().str.cat() for frame in frames)
    assert "Anna" not in shown
    assert "M101" not in shown
    assert "2024-04-02" in shown


def test_a_look_up_has_no_button_that_does_nothing() -> None:
    at = unfolded(loaded("Code,Colour\n1,red\n2,blue\n", "colours.csv"), COLUMNS)
    assert first(at).kind == "lookup"
    assert not any(button.label == "Apply" for button in at.button)
    assert "A look-up has no columns to match" in words(at)


def test_a_column_of_patients_names_under_a_short_heading_is_left_out() -> None:
    text = "MRN,Pt Name,Admission Date,Discharge Date\nM1,Ada Byron,2024-04-01,2024-04-13\n"
    assert "Left out because they identify people: “Pt Name”" in words(loaded(text))


def test_every_table_of_the_page_has_csv_and_excel_beside_it() -> None:
    at = unfolded(loaded(STAYS + "Total,,,,,2800\n"), COLUMNS)
    keys = [str(one.key) for one in at.get("download_button")]
    for table in ("columns_read", "preview", "aside"):
        kinds = {key.split("_")[0] for key in keys if f"_{table}_" in key}
        assert kinds == {"csv", "xlsx"}, table
