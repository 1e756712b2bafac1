"""The Scenarios page: its states, its parts, scenarios changed, linked and kept, and refusals."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from caremap import DataProblem, forecasting
from caremap.ui import scenario_needs, scenario_set
from caremap.ui.scenario_parts import PARTS
from tests.app.pages import STAYS, app, click, loaded, overview, titles, upload, words
from tests.app.pages import part as part_of
from tests.app.test_forecast_page import stays

part = partial(part_of, key="scenarios_part")

BEDS = "Facility,Department,Resource,Units\nNorth,Surgery,beds,16\nNorth,Medicine,beds,12\n"


@pytest.fixture(scope="module")
def plenty() -> str:
    return stays(20 * 7, 8)


@pytest.fixture(scope="module")
def made() -> dict[str, forecasting.Forecast]:
    """Forecasts the tests of this file have worked out: each takes seconds."""
    return {}


@pytest.fixture(autouse=True)
def worked_out_once(made: dict[str, forecasting.Forecast], monkeypatch: pytest.MonkeyPatch) -> None:
    work = forecasting.forecast

    def forecast(series: pd.Series, horizon: int = 14, **given: object) -> forecasting.Forecast:
        key = f"{series.to_csv()} {horizon} {given.get('country')}"
        if key not in made:
            made[key] = work(series, horizon, **given)
        return made[key]

    monkeypatch.setattr(forecasting, "forecast", forecast)


def scenarios(at: AppTest, name: str = "Scenarios") -> AppTest:
    """The same session on the Scenarios page."""
    at.session_state["scenarios_part"] = name
    at.switch_page("pages/scenarios.py").run()
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


def card(at: AppTest, label: str) -> str:
    """The value of a card."""
    return next(one.value for one in at.metric if one.label == label).replace("\\", "")


def test_without_data_it_says_where_to_go() -> None:
    assert "No data yet" in words(scenarios(app()))


def test_filters_that_leave_nothing_offer_the_way_back() -> None:
    apart = STAYS.replace("South,Medicine", "East,Medicine")
    at = loaded(apart)
    at.switch_page("pages/scenarios.py").run()
    at.multiselect(key="facility").set_value(["East"]).run()
    at.multiselect(key="department").set_value(["Surgery"]).run()
    assert not at.exception
    assert "The filters leave nothing" in words(at)
    assert any(button.label == "Clear the filters" for button in at.button)


@pytest.mark.parametrize("name", ["Scenarios", "Needed and there"])
def test_too_few_days_are_refused_in_words(name: str) -> None:
    at = scenarios(loaded(), name)
    assert at.info
    assert not titles(at)
    assert not at.metric


def test_without_units_there_is_nothing_to_share() -> None:
    rows = "\n".join(",".join(row.split(",")[2:]) for row in STAYS.splitlines())
    at = scenarios(loaded(rows), "Sharing beds")
    assert "does not name them" in words(at)


@pytest.fixture
def page(plenty: str) -> AppTest:
    """A session with twenty weeks of stays and the beds of two departments."""
    at = upload(loaded(plenty, "stays.csv"), "beds.csv", BEDS.encode())
    return scenarios(at)


def test_units_of_other_equipment_per_100_patients_can_be_typed_in(
    plenty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, offered = st.data_editor, list[list[str]]()

    def typed(frame: pd.DataFrame, **given: Any) -> pd.DataFrame:
        if "Equipment" not in frame:
            return editor(frame, **given)
        offered.append(frame["Equipment"].tolist())
        extra = pd.DataFrame({"Equipment": ["Hoists"], "Units per 100 patients": [50.0]})
        filled = frame.assign(**{"Units per 100 patients": 150.0})
        return pd.concat([filled, extra], ignore_index=True)

    monkeypatch.setattr(st, "data_editor", typed)
    capacity = f"{BEDS}North,Surgery,Pumps,10\n"
    at = upload(loaded(plenty, "stays.csv"), "beds.csv", capacity.encode())
    at = scenarios(at, "Needed and there")
    assert offered[0] == ["Pumps"]  # what the capacity file names; beds need nothing typed in
    table = next(one.value for one in at.dataframe if "What" in one.value)
    needed = table.set_index(["What", "Department"])["Needed"]
    for department in ("Medicine", "Surgery"):
        beds = needed["beds", department]
        assert needed["Pumps", department] == pytest.approx(1.5 * beds)
        assert needed["Hoists", department] == pytest.approx(0.5 * beds)
    at.selectbox(key="needed_what").set_value("Hoists").run()
    assert any("Hoists" in one for one in titles(at))


@pytest.mark.parametrize(
    ("names", "words"),
    [(["Pumps", "Pumps "], "stands twice"), (["ICU_beds"], "the data says which patients")],
)
def test_equipment_that_cannot_be_meant_is_refused(names: list[str], words: str) -> None:
    typed = pd.DataFrame({"Equipment": names, "Units per 100 patients": 2.0})
    with pytest.raises(DataProblem, match=words):
        scenario_needs.per_patient(typed)


def shown(at: AppTest) -> pd.DataFrame:
    """The figures of every scenario, as the page shows them."""
    return next(one.value for one in at.dataframe if "Baseline" in one.value).set_index("Figure")


def test_scenarios_stand_beside_the_baseline(page: AppTest) -> None:
    found = shown(page)
    assert list(found)[:2] == ["Baseline", "Winter surge"]
    census = found.loc["Patients in hospital, on average"].astype("float64")
    assert census["Winter surge"] > 1.1 * census["Baseline"]
    assert "baseline → Pandemic surge" in words(page).replace("\\", "")
    assert "→" in card(page, "Patients on the fullest day")
    assert any("28 beds" in title or "beyond the beds" in title for title in titles(page))


def test_a_scenario_alone_without_changes_is_the_baseline(page: AppTest) -> None:
    page.text_input(key=scenario_set.LINKED).set_value("Nothing").run()
    page.pills(key="scenarios_shown").set_value(["Nothing"]).run()
    assert not page.exception
    found = shown(page)
    assert found["Nothing"].equals(found["Baseline"])


def test_a_link_brings_its_scenarios_and_hostile_ones_are_refused(page: AppTest) -> None:
    page.text_input(key=scenario_set.LINKED).set_value("Closed;beds.Surgery=-10").run()
    assert scenario_set.LINKED in page.query_params
    page.pills(key="scenarios_shown").set_value(["Closed"]).run()
    assert not page.exception
    assert shown(page).loc["Staffed beds on the fullest day", "Closed"] == "18.0"
    assert "10 beds of Surgery are closed" in words(page).replace("\\", "")
    page.text_input(key=scenario_set.LINKED).set_value("x;demand=1e999|=;;__class__=1").run()
    assert not page.exception
    assert "are not used" in words(page)


def test_what_was_changed_is_kept_for_the_work_file(page: AppTest) -> None:
    page.text_input(key=scenario_set.LINKED).set_value("Closed;beds.Surgery=-10").run()
    assert page.session_state["scenarios_held"] == "Closed;beds.Surgery=-10"
    overview(page)
    scenarios(page)
    assert page.session_state["scenarios_held"] == "Closed;beds.Surgery=-10"


def test_a_price_gives_revenue_and_margin(page: AppTest) -> None:
    page.number_input(key="scenario_price").set_value(1000.0).run()
    assert not page.exception
    assert shown(page).loc["Revenue, all days", "Baseline"] not in ("–", "0")


@pytest.mark.parametrize("name", PARTS)
def test_every_part_says_something_of_this_data(page: AppTest, name: str) -> None:
    at = part(page, name)
    assert not at.exception
    assert "Something went wrong" not in words(at)
    if name == "Breakeven":
        assert "Type" in words(at)
    else:
        assert titles(at), words(at)


def test_sharing_saves_beds(page: AppTest) -> None:
    at = part(page, "Sharing beds")
    apart, together = (int(card(at, f"Beds needed {how}")) for how in ("apart", "together"))
    assert int(card(at, "Beds saved by sharing")) == apart - together > 0


def test_waits_are_those_of_erlang(page: AppTest) -> None:
    at = part(page, "Waiting")
    for key, value in (("arrivals", 10.0), ("service", 60.0), ("places", 14), ("target", 30.0)):
        at.number_input(key=f"wait_{key}").set_value(value)
    at.run()
    assert card(at, "Mean wait") == "2.6 min"
    assert card(at, "Wait longer than the target") == "2.4 %"
    at.number_input(key="wait_places").set_value(10).run()
    assert card(at, "Mean wait") == "–"
    assert "grows without end" in words(at)


def test_breakeven_is_that_of_the_reference(page: AppTest) -> None:
    at = part(page, "Breakeven")
    for title, value in (("Fixed cost a year", 10e6), ("Variable cost of a case", 200.0),
                         ("Cases a year now", 13_750.0)):  # fmt: skip
        next(one for one in at.number_input if one.label == title).set_value(value)
    at.run()
    assert "Every price" in words(at) or "price" in words(at)
    assert not titles(at)


def test_the_workbook_holds_every_scenario(page: AppTest) -> None:
    at = click(page, "Make the workbook")
    assert "Made" in words(at)
