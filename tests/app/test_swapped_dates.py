"""A real file with swapped dates, from the upload to the figures, before and after the answer."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Radio

from caremap.intake.recipes import recipe_of
from tests.app.pages import app, click, loaded, overview, picker, unfolded, upload, words

# Three stays a day for a hundred days, of two nights each, in the order of their admission.
# A program that expects the other order has turned the admission dates it could turn.
FIRST_OF_MONTH = ["2024-01", "2024-02", "2024-03"]
DAYS_OF = {"2024-01": 31, "2024-02": 29, "2024-03": 31}
NAMES = {"2024-01": "Jan-24", "2024-02": "Feb-24", "2024-03": "Mar-24"}
PER_DAY = 3


def swapped() -> str:
    """Stays of January to 20 March 2024, day and month of admission turned up to the 12th."""
    lines = ["MRD No.,D.O.A,month year"]
    number = 0
    for month in FIRST_OF_MONTH:
        last = 20 if month == "2024-03" else DAYS_OF[month]
        for day in range(1, last + 1):
            date = f"{month}-{day:02}" if day > 12 else f"2024-{day:02}-{month[-2:]}"
            for _ in range(PER_DAY):
                number += 1
                lines.append(f"M{number:04},{date},{NAMES[month]}")
    return "\n".join(lines) + "\n"


WRONG = (12 * 3 - 3) * PER_DAY  # 1 January, 2 February and 3 March read the same both ways
ALL = (31 + 29 + 20) * PER_DAY
TRUE_MONTH = 20 * PER_DAY  # 1 to 20 March, and as many on 1 to 20 February


def answers(at: AppTest) -> Radio:
    """The question about swapped dates."""
    return next(radio for radio in at.radio if "swapped" in radio.label)


def answered(at: AppTest, answer: str) -> AppTest:
    """The Data page after an answer."""
    at.switch_page("pages/data.py").run()
    answers(at).set_value(answer).run()
    assert not at.exception
    return at


def test_until_the_answer_no_month_is_given_on_the_overview() -> None:
    at = loaded(swapped(), "admissions.csv")
    said = words(at)
    assert f"in {WRONG} rows of {ALL}" in said
    assert answers(at).options[1] == f"Repair {WRONG} rows"
    said = words(overview(at))
    assert f"Overall (whole file), admissions {ALL} " in said
    months = [one for one in at.metric if one.label.startswith("Month")]
    assert months
    assert {one.value for one in months} == {"–"}
    assert "Figures of a month are not given" in said.replace("\\", "")
    assert not any("table" in one.label for one in at.expander)  # no chart of doubtful months


def test_repaired_dates_give_the_months_as_they_were() -> None:
    at = answered(loaded(swapped(), "admissions.csv"), "repair")
    assert "The answer holds for this file" in words(at)
    said = words(overview(at))
    assert "as of 20 Mar 2024" in said
    assert f"Month to date, 1–20 Mar 2024 {TRUE_MONTH} 0.0 %" in said
    assert f"1–20 Feb 2024: {TRUE_MONTH}" in said
    assert "not given" not in said
    said = words(overview(answered(at, "")))  # and back
    assert "Figures of a month are not given" in said.replace("\\", "")


def test_confirmed_dates_give_the_months_the_file_says() -> None:
    at = answered(loaded(swapped(), "admissions.csv"), "as-read")
    said = words(overview(at))
    # The last date of the file as it stands is 3 December: the turned 12 March.
    assert "as of 3 Dec 2024" in said
    # 12 January to 12 March, turned, are 1 to 3 December.
    assert f"Month to date, 1–3 Dec 2024 {3 * PER_DAY} " in said
    assert "not given" not in said


def test_an_answer_about_one_file_is_not_offered_to_be_saved_for_the_next() -> None:
    at = answered(loaded(swapped(), "admissions.csv"), "repair")
    assert "Save these choices" not in _downloads(at)
    assert any(button.label == "Forget these choices" for button in at.button)
    at = unfolded(at, "How the columns were read")
    picker(at, "Ward").set_value("month year")
    click(at, "Apply")
    assert "Save these choices" in _downloads(at)
    file = at.session_state["files"][0]
    saved = recipe_of(file.tables[0], file.choices[0].mapping, file.choices[0].options)
    again = upload(app(), "caremap_choices_stays_1.json", json.dumps(saved).encode())
    upload(again, "next.csv", swapped().replace("M0", "N0").encode())
    assert again.session_state["files"][0].tables[0].mapping["ward"] == "month year"
    assert answers(again).value == ""  # asked about again
    said = words(overview(again))
    assert "Figures of a month are not given" in said.replace("\\", "")


def _downloads(at: AppTest) -> str:
    return " ".join(str(one.proto) for one in at.get("download_button"))


@pytest.mark.parametrize("answer", ["repair", "as-read"])
def test_forgotten_choices_ask_again(answer: str) -> None:
    at = answered(loaded(swapped(), "admissions.csv"), answer)
    click(at, "Forget these choices")
    assert answers(at).value == ""
    assert "Please decide" in answers(at).label
