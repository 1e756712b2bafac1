"""Work saved and opened again, and a newer file in the place of the old one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from caremap import measures
from caremap.dataset import Dataset
from caremap.ui import work as work_ui
from caremap.workfile import Beds, Counting, Work, WorkFile, WorkTable, opened, save
from tests.app.pages import STAYS, app, click, loaded, overview, picker, unfolded, upload, words

WORK = Work(
    files=(
        WorkFile(
            "april.csv",
            STAYS.encode(),
            (WorkTable(None, {"ward": "Department", "department": None}),),
        ),
        WorkFile("beds.csv", b"Facility,Beds\nNorth,12\nSouth,9\n"),
    ),
    filters={"facility": ("South",)},
    start=dt.date(2024, 4, 1),
    end=dt.date(2024, 4, 30),
    as_of=dt.date(2024, 4, 20),
    counting=Counting(1, False, "admitted", 60),
    beds=Beds({"North": 7.0, "South": 5.0}, "facility"),
    picked={"gender": ("F",)},
    scenarios="Flu;demand=20",
)  # fmt: skip


def tables(at: AppTest) -> list[Any]:
    return [table for file in at.session_state["files"] for table in file.tables]


def back(at: AppTest) -> AppTest:
    """The Data page again."""
    at.switch_page("pages/data.py").run()
    assert not at.exception
    return at


def saved(at: AppTest) -> Work:
    """What the button “Save this work” would download in this session, opened again."""
    taken: list[Work] = []
    real = work_ui.save

    def noted(work: Work) -> bytes:
        taken.append(work)
        return real(work)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work_ui, "save", noted)
        patch.setattr(
            work_ui.st, "download_button",
            lambda *args, data, key, **options: data() if key == "save_work" else None,
        )  # fmt: skip
        back(at)
    return opened(save(taken[-1]))


def figures(at: AppTest) -> pd.DataFrame:
    return measures.headline(Dataset.of(*tables(at)))


def test_saved_work_brings_everything_back_in_another_session() -> None:
    """The test harness draws the sidebar with the overview; a browser does on every page."""
    at = upload(app(), "work.caremap", save(WORK))
    assert "Opened the saved work" in words(at)
    unfolded(at, "How the columns were read")
    assert picker(at, "Ward").value == "Department"
    assert picker(at, "Department").value == "(no column)"
    overview(at)
    assert at.multiselect(key="facility").value == ["South"]
    assert {one.label: one.value for one in at.date_input} == {
        "From": WORK.start, "To": WORK.end, "As of": WORK.as_of,
    }  # fmt: skip
    assert picker(at, "A same-day stay counts").value == "1 day"
    assert picker(at, "A cost belongs to the day of").value == "admission"
    assert at.session_state["picked"] == {"gender": ["F"]}
    assert at.session_state["scenarios_held"] == "Flu;demand=20"
    drops = [button.label.replace("\\", "") for button in at.button]
    for narrowed in ("Facility: South", "As of 20 Apr 2024", "Beds as typed in",
                     "same-day stays count 1 day", "waiting target 60 minutes"):  # fmt: skip
        assert narrowed in drops


def test_what_is_saved_again_is_the_same_and_so_are_the_figures() -> None:
    at = overview(upload(app(), "work.caremap", save(WORK)))
    again = saved(at)
    assert replace(again, files=()) == replace(WORK, files=())
    assert [file.data for file in again.files] == [file.data for file in WORK.files]
    other = upload(app(), "work.caremap", save(again))
    pd.testing.assert_frame_equal(figures(at), figures(other))
    for one, two in zip(tables(at), tables(other), strict=True):
        pd.testing.assert_frame_equal(one.table, two.table)
        assert one.mapping == two.mapping


def test_a_session_made_by_hand_is_opened_as_it_was() -> None:
    at = unfolded(loaded(), "How the columns were read")
    picker(at, "Region").set_value("Department")
    picker(at, "Department").set_value("(no column)")
    overview(click(at, "Apply"))
    at.multiselect(key="facility").set_value(["North"]).run()
    at.date_input(key="as_of").set_value(dt.date(2024, 4, 15)).run()
    said = words(at)
    work = saved(at)
    assert (work.filters, work.as_of) == ({"facility": ("North",)}, dt.date(2024, 4, 15))
    other = upload(app(), "a name of any kind.csv", save(work))
    assert tables(other)[0].mapping["region"] == "Department"
    assert words(overview(other)) == said
    # What was decided is remembered for the next file of the layout, as before.
    upload(back(other), "may.csv", STAYS.replace("2024-0", "2025-0").encode())
    assert [table.mapping["region"] for table in tables(other)] == ["Department"] * 2


def test_the_sample_network_is_the_same_after_it_was_kept() -> None:
    at = click(app(), "Try the sample network")
    other = upload(app(), "work.caremap", save(saved(at)))
    pd.testing.assert_frame_equal(figures(at), figures(other))
    assert all(file.sample for file in other.session_state["files"])
    assert "is invented" in words(other)


def test_it_asks_before_it_replaces_what_is_loaded() -> None:
    at = upload(loaded(name="mine.csv"), "work.caremap", save(WORK))
    assert "replaces everything that is loaded" in words(at)
    assert [file.name for file in at.session_state["files"]] == ["mine.csv"]
    click(at, "Keep what is loaded")
    assert "replaces everything" not in words(at)
    assert [file.name for file in at.session_state["files"]] == ["mine.csv"]
    upload(at, "work.caremap", save(WORK))
    click(at, "Open the saved work")
    assert [file.name for file in at.session_state["files"]] == ["april.csv", "beds.csv"]
    assert overview(at).multiselect(key="facility").value == ["South"]


@pytest.mark.parametrize(
    "data",
    [
        b"Facility,Beds\nNorth,1\n",
        save(WORK)[:-40],
        save(WORK).replace(b"files/2", b"files/3"),
        save(Work(())),
        save(replace(WORK, files=(WorkFile("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(90)),))),
        save(replace(WORK, files=(WorkFile("a.csv", b"a,b\n1,2\n", (WorkTable("Sheet 9"),)),))),
    ],
)
def test_a_broken_work_file_leaves_what_is_loaded(data: bytes) -> None:
    at = loaded(name="mine.csv")
    before = tables(at)[0]
    upload(at, "work.caremap", data)
    if any(button.label == "Open the saved work" for button in at.button):
        click(at, "Open the saved work")
    assert len(at.error) == 1
    assert tables(at) == [before]
    assert not app().error


def test_what_the_files_of_saved_work_do_not_have_is_left_out_saying_so() -> None:
    strange = replace(
        WORK,
        filters={"facility": ("South", "Nowhere"), "region": ("Up",)},
        as_of=dt.date(2031, 1, 1),
        beds=Beds({"Elsewhere": 4.0}, "department"),
    )
    at = upload(app(), "work.caremap", save(strange))
    overview(at)
    said = words(back(at)).replace("\\", "")
    for one in ("Facility “Nowhere”", "Region “Up”", "the day 2031-01-01", "beds of “Elsewhere”"):
        assert one in said
    click(at, "Dismiss")
    assert "Nowhere" not in words(at)


HEADER = "Stay ID,Facility,Admission Date,Discharge Date,Cost\n"


def extract(first: int, last: int, cost: int = 100, facility: str = "North") -> bytes:
    """One stay for every day of 2024 from the first to the last, by their numbers."""
    days = pd.date_range("2024-01-01", periods=366)
    rows = (
        f"S{day},{facility},{days[day]:%Y-%m-%d},{days[day + 2]:%Y-%m-%d},{cost}\n"
        for day in range(first, last)
    )
    return (HEADER + "".join(rows)).encode()


def names(at: AppTest) -> list[str]:
    return [file.name for file in at.session_state["files"]]


def changes(at: AppTest) -> dict[str, list[str]]:
    frame = next(one.value for one in at.dataframe if "Before" in one.value)
    return {row["Figure"]: [row["Before"], row["Now"]] for _, row in frame.iterrows()}


def week(*more: bytes) -> AppTest:
    at = upload(app(), "week 23.csv", extract(0, 161))
    return upload(at, "week 24.csv", more[0] if more else extract(0, 168, cost=110))


def test_a_newer_extract_takes_the_place_of_the_old_one_and_says_what_changed() -> None:
    at = week()
    assert names(at) == ["week 24.csv"]
    assert "“week 24.csv” took the place of “week 23.csv”" in words(at).replace("\\", "")
    assert changes(at) == {
        "Stays": ["161", "168"],
        "First day": ["1 Jan 2024", "1 Jan 2024"],
        "Last day": ["9 Jun 2024", "16 Jun 2024"],
        "Admissions": ["161", "168"],
        "Discharges": ["161", "168"],
        "Treatment cost": ["16,100", "18,480"],
        "Average length of stay": ["2.0", "2.0"],
    }
    click(at, "All right")
    assert "took the place" not in words(at)
    assert names(at) == ["week 24.csv"]


def test_one_click_goes_back_and_one_keeps_both() -> None:
    at = click(week(), "Go back to the old file")
    assert names(at) == ["week 23.csv"]
    assert "took the place" not in words(at)
    assert at.file_uploader[0].value in (None, [])
    at = click(week(), "Keep both")
    assert names(at) == ["week 23.csv", "week 24.csv"]
    assert "took the place" not in words(at)


def test_the_choices_made_for_the_old_file_hold_for_the_new_one_and_after_the_way_back() -> None:
    at = unfolded(upload(app(), "week 23.csv", extract(0, 161)), "How the columns were read")
    picker(at, "Region").set_value("Facility")
    picker(at, "Facility").set_value("(no column)")
    click(at, "Apply")
    upload(at, "week 24.csv", extract(0, 168))
    assert names(at) == ["week 24.csv"]
    assert tables(at)[0].mapping["region"] == "Facility"
    click(at, "Go back to the old file")
    assert names(at) == ["week 23.csv"]
    assert tables(at)[0].mapping["region"] == "Facility"


def test_an_encoding_chosen_for_the_old_file_holds_for_the_new_one() -> None:
    text = extract(0, 161).decode().replace("North", "Zürich")
    at = unfolded(upload(app(), "week 23.csv", text.encode("cp1252")), "Change the sheet")
    assert any(box.label == "Letters are written in" for box in at.selectbox)
    picker(at, "Letters are written in").set_value("Windows-1250 (Central European)").run()
    chosen = at.session_state["files"][0].choices[0].options["encoding"]
    upload(at, "week 24.csv", extract(0, 168).decode().replace("North", "Zürich").encode("cp1252"))
    assert names(at) == ["week 24.csv"]
    assert at.session_state["files"][0].choices[0].options["encoding"] == chosen
    assert tables(at)[0].source.encoding == chosen


def test_files_that_continue_each_other_stay_together() -> None:
    at = upload(app(), "january.csv", extract(0, 31))
    upload(at, "february.csv", extract(31, 60))
    assert names(at) == ["january.csv", "february.csv"]
    assert not [button for button in at.button if button.label == "Keep both"]


def test_other_hospitals_stay_together() -> None:
    at = upload(app(), "north.csv", extract(0, 31))
    upload(at, "south.csv", extract(0, 31, facility="South"))
    assert names(at) == ["north.csv", "south.csv"]


def test_a_year_takes_the_place_of_its_months() -> None:
    at = upload(app(), "january.csv", extract(0, 31))
    upload(at, "february.csv", extract(31, 60))
    upload(at, "year.csv", extract(0, 360))
    assert names(at) == ["year.csv"]
    assert changes(at)["Stays"] == ["60", "360"]
    click(at, "Go back to the old files")
    assert names(at) == ["january.csv", "february.csv"]


def test_files_of_one_choice_never_replace_each_other() -> None:
    at = app()
    box = at.file_uploader[0]
    box.set_value([("week 23.csv", extract(0, 161), "text/csv"),
                   ("week 24.csv", extract(0, 168), "text/csv")]).run()  # fmt: skip
    assert not at.exception
    assert names(at) == ["week 23.csv", "week 24.csv"]
    assert not [button for button in at.button if button.label == "Keep both"]


def test_where_nothing_decides_both_are_kept_and_the_page_asks() -> None:
    at = week(extract(0, 154))
    assert names(at) == ["week 23.csv", "week 24.csv"]
    said = words(at).replace("\\", "")
    assert "is “week 24.csv” a newer “week 23.csv”?" in said
    assert "ends earlier" in said
    labels = [button.label.replace("\\", "") for button in at.button]
    click(at, next(one.label for one in at.button if "alone" in one.label))
    assert "Use “week 24.csv” alone" in labels
    assert names(at) == ["week 24.csv"]
    assert changes(at)["Stays"] == ["161", "154"]
    click(at, "Go back to the old file")
    assert names(at) == ["week 23.csv"]


def test_the_question_is_answered_by_keeping_both_or_by_taking_the_new_one_out() -> None:
    at = click(week(extract(0, 154)), "Keep both")
    assert names(at) == ["week 23.csv", "week 24.csv"]
    assert "a newer" not in words(at)
    at = week(extract(0, 154))
    click(at, next(one.label for one in at.button if "out" in one.label and "Take" in one.label))
    assert names(at) == ["week 23.csv"]
