"""The Stay-risk page: its states, what it claims and does not, its parts, and what may leave."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

import caremap
from caremap import planning
from caremap.planning import StayRisk
from caremap.ui import risk_card, risk_patients
from caremap.ui.risk import Predicted
from caremap.ui.risk_asked import TENTH, Asked
from caremap.ui.risk_parts import PARTS
from tests.app import stay_risks
from tests.app.pages import STAYS, app, click, loaded, titles, words
from tests.app.pages import part as part_of

part = partial(part_of, key="risk_part")
Calls = list[dict[str, Any]]
days: list[object] = []
"""The periods of the data given, one per call."""


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What the page asks for; it is given a prediction made by hand."""
    return told(monkeypatch, stay_risks.risk)


def told(monkeypatch: pytest.MonkeyPatch, made: Callable[[], StayRisk]) -> Calls:
    """Give the page what is made; the calls are kept."""
    asked: Calls = []
    st.cache_data.clear()
    st.cache_resource.clear()  # figures are kept by data and settings, which are the same here

    def stay_risk(dataset: caremap.Dataset, over: object = 7, **given: Any) -> StayRisk:
        given.pop("progress")("Learning", 0.5)
        asked.append({"over": over, **given})
        days.append(dataset.period)
        found = made()
        if not given["keep"]:
            return found
        leaking = dict(found.metrics) | {"auroc": 0.93}
        return stay_risks.risk(metrics=leaking, suspicion="Leaking: the bill is in it.")

    monkeypatch.setattr("caremap.planning.stay_risk", stay_risk, raising=False)
    return asked


def stay_risk_page(at: AppTest) -> AppTest:
    """The same session on the Stay-risk page."""
    at.switch_page("pages/stay_risk.py").run()
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


@pytest.fixture
def page(calls: Calls) -> AppTest:
    return stay_risk_page(loaded(STAYS))


def card(at: AppTest, label: str) -> str:
    """The value of a card."""
    return next(one.value for one in at.metric if one.label == label).replace("\\", "")


def plain(at: AppTest) -> str:
    """Everything the page says, without what keeps it from being Markdown."""
    kinds = (at.error, at.warning, at.success)
    return "\n".join([words(at), *(one.value for kind in kinds for one in kind)]).replace("\\", "")


# --- states -----------------------------------------------------------------------------------


def test_without_data_it_says_where_to_go() -> None:
    assert "No data yet" in words(stay_risk_page(app()))


def test_counts_alone_are_refused_in_words(calls: Calls) -> None:
    counts = "Facility,Date,Admissions\n" + "".join(f"A,2024-04-{d:02},5\n" for d in range(1, 29))
    at = stay_risk_page(loaded(counts, "counts.csv"))
    assert "This takes stays" in words(at)
    assert not at.metric
    assert not calls


def test_filters_that_leave_nothing_offer_the_way_back(calls: Calls) -> None:
    at = stay_risk_page(loaded(STAYS.replace("South,Surgery", "South,Medicine")))
    at.multiselect(key="facility").set_value(["South"]).run()
    at.multiselect(key="department").set_value(["Surgery"]).run()
    assert "The filters leave nothing" in words(at)
    assert any(button.label == "Clear the filters" for button in at.button)
    assert not at.metric


def test_too_few_stays_are_said_in_words_and_nothing_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused() -> StayRisk:
        raise caremap.DataProblem("There are 8 stays.", "It takes 200 at least.")

    told(monkeypatch, refused)
    at = stay_risk_page(loaded(STAYS))
    assert "It takes 200 at least" in plain(at)
    assert not at.metric
    assert not titles(at)


def test_dates_in_doubt_are_not_learned_from(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caremap.ui.risk_asked.dates_in_doubt", lambda data: "Dates are in doubt.")
    at = stay_risk_page(loaded(STAYS))
    assert "Dates are in doubt" in plain(at)
    assert not calls


# --- what is asked ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "over"), [("7", 7.0), ("21", 21.0), ("tenth", TENTH), ("other", 14.0)]
)
def test_what_is_long_is_chosen(page: AppTest, calls: Calls, chosen: str, over: object) -> None:
    page.session_state["risk_long"] = chosen
    page.run()
    assert calls[-1] == {"over": over, "keep": ()}


def test_a_number_of_nights_is_typed_in(page: AppTest, calls: Calls) -> None:
    page.session_state["risk_long"] = "other"
    page.run()
    page.number_input(key="risk_nights").set_value(30).run()
    assert calls[-1]["over"] == 30.0


def test_what_was_known_on_the_as_of_date_is_learned_from(page: AppTest) -> None:
    page.date_input(key="as_of").set_value(date(2024, 4, 20)).run()
    assert days[-1] == (None, pd.Timestamp("2024-04-20"))


def test_going_back_to_a_choice_learns_nothing_again(page: AppTest, calls: Calls) -> None:
    for chosen in ("21", "7", "21"):
        page.session_state["risk_long"] = chosen
        page.run()
    assert [one["over"] for one in calls] == [7.0, 21.0]


# --- what is claimed --------------------------------------------------------------------------


def test_the_cards_hold_every_figure_against_the_simple_rule(page: AppTest) -> None:
    assert card(page, "Stays over 7 nights") == "17.8 %"
    assert card(page, "Tells long from short") == "71 of 100"
    assert card(page, "Typical error of a stay") == "2.3 days"
    assert card(page, "In hospital now") == "14"
    said = plain(page)
    assert "58 by the department alone, 50 by tossing a coin (AUROC 0.712)" in said
    assert "2.9 days by the department alone" in said
    assert "better than the simple rule (the department alone), beyond chance." in said
    assert "Model in use: XGBoost (decision trees, each mending" in said
    assert "Not a medical device" in said


def test_where_nothing_is_better_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = stay_risks.RULE
    told(monkeypatch, lambda: stay_risks.risk(better=False, chosen="baseline", metrics=rule))
    at = stay_risk_page(loaded(STAYS))
    assert "Nothing is claimed" in " ".join(one.value for one in at.warning)
    assert not at.success
    assert card(at, "Tells long from short") == "58 of 100"
    assert titles(at)[0].startswith("The simple rule is in use")
    assert "No model is in use" in words(part(at, "Drivers"))
    assert "the simple rule gives all of a department the same risk" in plain(
        part(at, "Patients in hospital")
    )


def test_without_departments_the_simple_rule_is_one_figure_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = pd.DataFrame({"department": ["Surgery"], "stay": 3.0, "predicted": 4.0, "risk": 0.2})
    told(monkeypatch, lambda: stay_risks.risk(predictions=one))
    at = stay_risk_page(loaded(STAYS))
    assert "58 by one figure for all" in plain(at)


@pytest.mark.parametrize(
    ("better_in", "said"),
    [
        (("the risk of a long stay",), "The length in nights is told no better"),
        (("the length of the stay",), "Who stays long is told no better"),
    ],
)
def test_what_is_better_in_one_thing_alone_is_claimed_of_that_alone(
    monkeypatch: pytest.MonkeyPatch, better_in: tuple[str, ...], said: str
) -> None:
    told(monkeypatch, lambda: stay_risks.risk(better_in=better_in))
    at = stay_risk_page(loaded(STAYS))
    assert not at.success
    assert f"in {better_in[0]} alone. {said}" in at.info[0].value.replace("\\", "")


def test_a_band_named_no_better_than_by_the_largest_alone_is_not_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = stay_risks.of_bands()
    told(monkeypatch, lambda: replace(made, better_in=("the chances of the bands",)))
    at = stay_risk_page(loaded(STAYS))
    assert not at.success
    assert "plan by the risk, not by the band" in at.info[0].value.replace("\\", "")


def test_reasons_and_scores_are_read_whole_and_are_text(page: AppTest) -> None:
    scores = page.table[0].value
    assert any(cell.startswith("How often a long stay") for cell in scores["What it says"])
    at = part(page, "What was left out")
    assert [row.replace("\\", "") for row in at.table[0].value["Why it is left out"]] == [
        "A number of a stay.", "How the stay ended.", "Known only at discharge.", "One value.",
    ]  # fmt: skip


def test_the_simple_rule_goes_by_departments_where_no_model_may(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(monkeypatch, lambda: stay_risks.risk(used=("age",)))
    at = stay_risk_page(loaded(STAYS))
    assert "2.9 days by the department alone" in plain(at)


def test_what_is_too_good_to_be_true_is_said_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    why = "This fit is too good to be true (R² 0.97)."
    told(monkeypatch, lambda: stay_risks.risk(suspicion=why))
    at = stay_risk_page(loaded(STAYS))
    assert why in " ".join(one.value for one in at.error).replace("\\", "")
    assert not at.success


def test_stays_in_bands_have_the_figures_of_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    told(monkeypatch, stay_risks.of_bands)
    at = stay_risk_page(loaded(STAYS))
    assert card(at, "Band predicted right") == "42.0 %"
    assert "31.0 % by the simple rule" in plain(at)
    assert "Linear model: Accuracy 0.420, where the simple rule alone has 0.310" in titles(at)
    for name in PARTS:
        at = part(at, name)
        assert titles(at) or at.info, name
    assert "costs 0.050 of accuracy" in " ".join(titles(part(at, "Drivers")))
    assert any("Mean error (bands)" in one for one in frames(part(at, "Fairness")))


# --- the parts --------------------------------------------------------------------------------


def test_every_part_draws(page: AppTest) -> None:
    assert list(page.segmented_control(key="risk_part").options) == list(PARTS)
    for name in PARTS:
        at = part(page, name)
        assert titles(at) or at.dataframe, name
        assert not at.info, name


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("How good", "XGBoost: AUROC 0.712, where the simple rule alone has 0.581"),
        ("What was left out", "4 columns are left out"),
        ("Drivers", "Age (years) tells most"),
        ("Calibration", "Predicted risk is off by 1.8 points on average"),
        ("Fairness", "Risk is too low in 65+ (by 10.0 points), beyond chance"),
        ("Bed-days ahead", "Today's patients take about 97 bed-days in the next 14 days"),
    ],
)
def test_the_parts_say_what_they_show(page: AppTest, name: str, title: str) -> None:
    shown = titles(part(page, name))
    assert any(one.startswith(title.split(" (years)")[0]) for one in shown), shown


def test_another_score_and_another_dimension_are_chosen(page: AppTest) -> None:
    page.session_state["risk_score"] = "mae"
    page.run()
    assert titles(page)[0].startswith("XGBoost: Mean error (days) 2.30")
    page.session_state["risk_dimension"] = "Gender"
    assert "no group's risk is off" in titles(part(page, "Fairness"))[0]


def test_a_second_run_shows_how_the_columns_left_out_would_deceive(
    page: AppTest, calls: Calls
) -> None:
    at = part(page, "What was left out")
    assert all(one["keep"] == () for one in calls)
    at.toggle(key="risk_second").set_value(True).run()
    assert calls[-1]["keep"] == ("all",)
    assert "Not a prediction. Leaking: the bill is in it." in plain(at)
    table = next(one.value for one in at.dataframe if "With the columns kept" in one.value)
    row = table.set_index("Score").loc["AUROC"]
    assert row.tolist() == ["0.712", "0.930"]
    assert card(at, "Tells long from short") == "71 of 100"  # the page stays with what is known


def test_a_second_run_may_keep_one_column_of_those_that_can_be(page: AppTest, calls: Calls) -> None:
    at = part(page, "What was left out")
    at.toggle(key="risk_second").set_value(True).run()
    box = next(one for one in at.multiselect if one.label == "Columns kept")
    assert list(box.options) == ["Cost"]  # neither who it is nor how long it was
    box.set_value(["cost"]).run()
    assert calls[-1]["keep"] == ("cost",)


# --- patients ---------------------------------------------------------------------------------


def frames(at: AppTest) -> list[str]:
    return [" ".join(map(str, [*one.value, *one.value.to_numpy().ravel()])) for one in at.dataframe]


def test_patients_are_listed_by_risk_and_never_named(page: AppTest) -> None:
    at = part(page, "Patients in hospital")
    listed = next(one.value for one in at.dataframe if "Nights so far" in one.value)
    risks = listed["Risk of over 7 nights (%)"]
    assert len(listed) == 14
    assert risks.is_monotonic_decreasing
    assert not any("SECRET" in shown for shown in frames(at))
    keys = {button.key for button in at.get("download_button")}
    assert not any("risk_patients" in key for key in map(str, keys))
    at.session_state["small_counts"] = "nowhere"
    at.run()
    keys = {str(button.key) for button in at.get("download_button")}
    assert any("risk_patients" in key for key in keys)


def test_who_is_long_already_can_be_left_out_of_the_list(page: AppTest) -> None:
    assert "about 8 will stay over 7 nights, 6 of them already have" in plain(page)
    at = part(page, "Patients in hospital")
    at.toggle(key="risk_not_yet").set_value(True).run()
    listed = next(one.value for one in at.dataframe if "Nights so far" in one.value)
    assert len(listed) == 14 - 6
    assert listed["Nights so far"].max() <= 7  # that of the as-of date is one of them


def test_where_the_screen_hides_small_counts_no_single_patient_is_on_it(page: AppTest) -> None:
    at = part(page, "Patients in hospital")
    at.session_state["small_counts"] = "in downloads and on the screen"
    at.run()
    assert not any("Nights so far" in one.value for one in at.dataframe)
    table = at.dataframe[0].value.set_index("Department")
    assert table["Patients in hospital"].isna().all()  # 11 of 14 would give away the 3
    assert "A list of single patients is not shown" in words(at)


def test_few_patients_are_hidden_in_the_card_and_in_what_they_will_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told(monkeypatch, lambda: stay_risks.risk(6))
    at = stay_risk_page(loaded(STAYS))
    assert card(at, "In hospital now") == "6"
    at.session_state["small_counts"] = "in downloads and on the screen"
    at.run()
    assert card(at, "In hospital now") == "–"
    shown = titles(part(at, "Bed-days ahead"))
    assert shown[0] == "Bed-days today's patients will take: few patients: hidden"
    assert "take about – bed-days" in plain(at)


def test_patients_by_place_add_up_and_few_are_hidden() -> None:
    made = Predicted(Asked(), stay_risks.risk())
    shown = risk_patients.by_place(made, "department", hide=False)
    assert shown["stays"].tolist() == [11, 3]
    assert shown["expected_long"].sum() == pytest.approx(made.risk.current["risk"].sum())
    assert shown["more_nights"].sum() == 70
    hidden = risk_patients.by_place(made, "department", hide=True)
    assert hidden[["stays", "expected_long", "more_nights"]].isna().all(axis=None)


def test_nobody_in_hospital_is_said_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = stay_risks.current().head(0)
    told(monkeypatch, lambda: stay_risks.risk(current=nobody, bed_days=nobody))
    at = stay_risk_page(loaded(STAYS))
    assert card(at, "In hospital now") == "0"
    assert "no stay is open on 30 Apr 2024" in plain(part(at, "Patients in hospital"))


# --- what leaves ------------------------------------------------------------------------------


def test_the_model_card_is_text_whatever_a_file_put_into_it() -> None:
    made = Predicted(Asked(), stay_risks.risk())
    written = risk_card.markdown_of(made).decode()
    assert written.startswith("# CareMap stay risk: model card")
    assert "## Limits\n\nMany." in written
    assert r"\[hospitals\](http://a.example)" in written
    assert "Not a medical device" in written


def test_the_workbook_has_scores_reasons_card_and_places_and_no_patient(page: AppTest) -> None:
    click(page, "Make the workbook")
    _, data, html, _ = page.session_state["made_stay_risk"]
    book = load_workbook(io.BytesIO(data), read_only=True)
    expected = {"Scores", "Left out", "In hospital by department", "Model card"}
    assert expected <= set(book.sheetnames)
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True)
             for cell in row]  # fmt: skip
    assert not any("SECRET" in cell for cell in cells)
    assert any("Known only at discharge." in cell for cell in cells)
    assert any("Not a medical device" in cell for cell in cells)
    assert b"Not a medical device" in html
    assert b"SECRET" not in html


def test_the_page_asks_for_what_planning_offers() -> None:
    found = Asked(over=TENTH)
    assert dict(found.in_words)["A long stay is"] == "the longest tenth"
    assert planning.StayRisk is StayRisk
