"""The Allocate page: its four uses, with and without data, tables of one's own, and what leaves."""

from __future__ import annotations

import io
from functools import partial
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from caremap import planning
from caremap.planning import StayRisk
from caremap.ui.allocate_parts import USES
from tests.app import stay_risks
from tests.app.pages import STAYS, app, click, loaded, titles, upload, words
from tests.app.pages import part as part_of

part = partial(part_of, key="allocate_part")


def allocate(at: AppTest) -> AppTest:
    """The same session on the Allocate page."""
    at.switch_page("pages/allocate.py").run()
    return sound(at)


def sound(at: AppTest) -> AppTest:
    """The same page, which did not fail."""
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


def put(at: AppTest, what: str, text: str) -> AppTest:
    """The page after a table was uploaded in place of the one there is."""
    box = next(one for one in at.file_uploader if one.label == f"A CSV of {what}")
    box.upload(f"{what}.csv", text.encode(), "text/csv").run()
    return sound(at)


def card(at: AppTest, label: str) -> str:
    """The value of a card."""
    return next(one.value for one in at.metric if one.label == label).replace("\\", "")


def table_with(at: AppTest, column: str) -> pd.DataFrame:
    """The first table on the page that has a column."""
    return next(one.value for one in at.dataframe if column in one.value)


def received(at: AppTest, place: str = "Place") -> dict[str, int]:
    """What the page says each place receives."""
    frame = next(
        one.value
        for one in at.dataframe
        if place in one.value and any(str(name).startswith("Missing (") for name in one.value)
    )
    column = frame.columns[[str(name).startswith("Missing (") for name in frame].index(True) - 1]
    return dict(zip(frame[place], frame[column].astype(int), strict=True))


@pytest.fixture(scope="module")
def opened() -> AppTest:
    """The page without any data."""
    return allocate(app())


@pytest.mark.parametrize("name", list(USES))
def test_without_data_an_example_is_worked_out_and_called_one(opened: AppTest, name: str) -> None:
    at = part(opened, name)
    assert "No data yet" in words(at)
    assert any("invented example" in one.value for one in at.info)
    assert "Proven optimal" in " ".join(one.value for one in at.success)
    assert len(at.metric) == 4
    assert len(titles(at)) >= 2
    assert "What this takes for granted" in [one.label for one in at.expander]


PLACES = """Place,Units needed,Expected over usual
Calm,5,1.0
Stormy,5,2.0
"""
POOL = "Pool,Units\nReserve,6\n"


def test_the_neediest_place_comes_first_unless_every_place_was_promised_something() -> None:
    at = put(put(allocate(app()), "places", PLACES), "pools", POOL)
    assert received(at) == {"Stormy": 5, "Calm": 1}
    assert card(at, "Beds sent") == "6"
    assert not any("invented example" in one.value for one in at.info)
    at.number_input(key="allocate_minimum").set_value(40.0).run()
    assert received(sound(at)) == {"Stormy": 4, "Calm": 2}
    assert card(at, "Promises not kept") == "0"
    # As much of what was promised as there is, as evenly as can be.
    at.number_input(key="allocate_minimum").set_value(100.0).run()
    assert received(sound(at)) == {"Stormy": 3, "Calm": 3}
    assert card(at, "Promises not kept") == "4"


def test_weights_change_who_is_neediest() -> None:
    rows = "Place,Units needed,Expected over usual,Aged 65 and over (%)\n"
    at = put(allocate(app()), "places", f"{rows}Old,5,1.0,40\nStormy,5,2.0,5\n")
    put(at, "pools", "Pool,Units\nReserve,5\n")
    at.number_input(key="allocate_weight_vulnerability").set_value(0.0).run()
    assert received(sound(at)) == {"Stormy": 5, "Old": 0}
    at.number_input(key="allocate_weight_vulnerability").set_value(50.0)
    at.number_input(key="allocate_weight_surge").set_value(0.0).run()
    assert received(sound(at)) == {"Stormy": 0, "Old": 5}


def test_a_place_out_of_reach_gets_nothing_and_it_is_said_why() -> None:
    at = put(
        allocate(app()), "places",
        "Place,Units needed,Units it could give,Latitude (°),Longitude (°),Expected over usual\n"
        "Near,3,0,47.6,-122.3,1.5\nFar,3,0,40.0,-100.0,2.0\nGiver,0,6,47.7,-122.3,1\n",
    )  # fmt: skip
    put(at, "pools", "Pool,Units\nReserve,0\n")
    at.number_input(key="allocate_km").set_value(50.0).run()
    found = received(sound(at))
    assert (found["Near"], found["Far"]) == (3, 0)
    reasons = table_with(at, "Why, and what would help")
    [why] = reasons.loc[reasons["Place"] == "Far", "Why, and what would help"]
    assert "50" in why


GROUPS = """Area,Patient group,Units wanted,Good outcomes gained per unit,Cost per unit
North,A,4,0.5,10
North,B,6,0.1,1
South,A,5,0.3,10
"""


def test_scarce_units_go_where_they_do_most_good_after_promises() -> None:
    at = put(part(allocate(app()), "Scarce resources"), "groups", GROUPS)
    put(at, "periods", "Units there are\n8\n")
    at.number_input(key="allocate_floor").set_value(0.0).run()
    assert received(sound(at), "Area") == {"North": 4, "South": 4}
    assert card(at, "Good outcomes") == "3.20"
    put(at, "areas", "Area,Promised (% of what it wants)\nNorth,60\n")  # 6 of 10
    assert received(at, "Area") == {"North": 6, "South": 2}
    assert "costs 0.40 of them" in words(at).replace("\\", "")
    put(at, "areas", "Area,Promised (% of what it wants)\nEast,60\n")
    assert "“East” is promised something" in " ".join(one.value for one in at.error)


def test_a_budget_can_be_the_limit() -> None:
    at = put(part(allocate(app()), "Scarce resources"), "groups", GROUPS)
    at.number_input(key="allocate_floor").set_value(0.0).run()
    put(at, "periods", "Units there are,Budget\n15,46\n")
    assert received(at, "Area") == {"North": 10, "South": 0}  # 4 at 10 and 6 at 1: all of it
    assert "Budget" in words(at) or "budget" in words(at)


def test_nobody_works_where_they_are_not_licensed() -> None:
    at = part(allocate(app()), "Telemedicine")
    put(at, "clinicians", "Clinician,Hours a week,Licensed in\nDr A,10,Oregon\nDr B,3,Idaho\n")
    put(
        at, "places",
        "Place,Region,Hours asked for,Rural,Distance to care (km)\n"
        "P,Idaho,8,yes,50\nQ,Oregon,4,no,5\nR,Utah,5,yes,90\n",
    )  # fmt: skip
    assert received(at) == {"P": 3, "Q": 4, "R": 0}


def test_nobody_is_placed_below_their_level_of_care() -> None:
    at = part(allocate(app()), "Beds by stay risk")
    put(
        at, "groups of patients",
        "Patient group,Department,Level of care,Patients expected,Expected stay (nights)\n"
        "Sepsis,Medicine,intensive,3,9\nPneumonia,Medicine,general,4,5\n",
    )  # fmt: skip
    put(
        at, "wards",
        "Ward,Department,Level of care,Beds,Beds taken now\n"
        "Medical ward,Medicine,general,10,9\nIntensive care,Medicine,intensive,6,1\n",
    )  # fmt: skip
    sent = table_with(at, "Pair")
    assert set(zip(sent["From"], sent["To"], strict=True)) >= {("Sepsis", "Intensive care")}
    assert ("Sepsis", "Medical ward") not in set(zip(sent["From"], sent["To"], strict=True))


def test_a_table_that_does_not_fit_is_refused_and_the_old_one_stands() -> None:
    at = put(allocate(app()), "places", "Place,Units needed\nKent,many\n")
    told = " ".join(one.value for one in at.error).replace("\\", "")
    assert "Row 2 of “Units needed” has “many”" in told
    assert "Harbour District" in received(at)
    put(at, "places", PLACES)
    assert not at.error
    click(at, "Undo what was typed")
    assert "Harbour District" in received(sound(at))


def test_names_of_a_file_are_text_and_no_markup() -> None:
    at = put(allocate(app()), "places", PLACES.replace("Calm", "![x](//a.example/b.png)"))
    assert "![x](" not in words(at)
    assert not any("![x](" in one.value for one in at.subheader)


def test_data_that_cannot_fill_a_table_says_so_beside_the_example() -> None:
    at = allocate(loaded("Admission Date,Discharge Date\n2024-04-01,2024-04-03\n"))
    assert "No data yet" not in words(at)
    assert any("invented example" in one.value for one in at.info)
    assert "facilit" in words(at)


def test_places_whose_need_no_file_tells_are_there_to_be_typed_in() -> None:
    at = allocate(loaded(STAYS))
    assert not any("invented example" in one.value for one in at.info)
    assert "What each place needs is not known" in " ".join(one.value for one in at.error)
    assert not at.metric


FULL = "Facility,Region,Department,Admission Date,Discharge Date\n" + "".join(
    f"{place},Medicine,{admitted:%Y-%m-%d},{admitted + pd.Timedelta(days=2):%Y-%m-%d}\n"
    for admitted in pd.date_range("2024-01-01", periods=80)
    for place in ("Kent,North", "Kent,North", "Kent,North", "Renton,South")
)
"""Three patients a day for two nights in Kent, one in Renton: 6 and 2 each midnight."""
BEDS = "Facility,Resource,Units\nKent,beds,6\nRenton,beds,20\n"


@pytest.fixture
def full() -> AppTest:
    """A network that has no bed to spare in one place and many in the other."""
    at = loaded(FULL, "stays.csv")
    at.switch_page("pages/data.py").run()
    return allocate(upload(at, "beds.csv", BEDS.encode()))


def test_places_of_the_data_need_what_more_patients_take(full: AppTest) -> None:
    assert received(full) == {"Kent": 2, "Renton": 0}  # 6 and a fifth of it, less 6 beds
    full.number_input(key="allocate_surge").set_value(50.0).run()
    assert received(sound(full)) == {"Kent": 3, "Renton": 0}
    sent = table_with(full, "Pair")
    assert sent["From"].tolist() == ["Renton"]
    full.selectbox(key="allocate_expected").set_value("As many as now").run()
    assert card(sound(full), "Beds sent") == "0"
    full.selectbox(key="allocate_resource").set_value("ventilators").run()
    told = " ".join(one.value for one in full.caption).replace("\\", "")
    assert "does not say who is short of ventilators" in told
    assert not full.metric


def test_the_surge_can_come_from_a_scenario_which_is_run_only_then(
    full: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[tuple[str, ...]] = []
    run = planning.run_scenarios

    def counted(dataset: object, forecast: object, scenarios: Any, **given: Any) -> Any:
        ran.append(tuple(one.name for one in scenarios))
        return run(dataset, forecast, scenarios, **given)

    monkeypatch.setattr("caremap.planning.run_scenarios", counted)
    full.run()
    assert not ran
    full.selectbox(key="allocate_expected").set_value("As a scenario says, at its peak").run()
    assert ran == [("Winter surge",)]
    winter = received(sound(full))
    full.run()
    assert ran == [("Winter surge",)]  # kept, not run again
    full.selectbox(key="allocate_scenario").set_value("Pandemic surge").run()
    pandemic = received(sound(full))
    assert pandemic["Kent"] > winter["Kent"] > 0 and pandemic["Renton"] == 0
    click(full, "Make the workbook")
    assert (
        b"As a scenario says, at its peak: Pandemic surge"
        in (full.session_state["made_allocation"][2])
    )


def test_filters_that_leave_nothing_offer_the_way_back(full: AppTest) -> None:
    full.multiselect(key="facility").set_value(["Kent"]).run()
    full.multiselect(key="region").set_value(["South"]).run()
    assert "The filters leave nothing" in words(sound(full))
    assert not full.metric
    click(full, "Clear the filters")
    assert received(sound(full)) == {"Kent": 2, "Renton": 0}


def test_few_patients_leave_with_no_table(full: AppTest) -> None:
    full.session_state["small_counts"] = "in downloads and on the screen"
    full.run()
    assert any("few patients are hidden" in one.value for one in full.caption)
    assert card(sound(full), "Beds sent") == "2"


def test_a_workbook_has_what_the_page_shows() -> None:
    at = put(put(allocate(app()), "places", PLACES), "pools", POOL)
    click(at, "Make the workbook")
    _, data, html, _ = at.session_state["made_allocation"]
    book = load_workbook(io.BytesIO(data), read_only=True)
    cells: list[Any] = [
        cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert {"Stormy", "Calm", "Reserve"} <= set(cells)
    assert "tables uploaded on this page" in " ".join(map(str, cells)).casefold()
    assert b"Stormy" in html


WARDS = "Facility,Department,Resource,Units\n" + "".join(
    f"{place},{department},beds,{beds}\n"
    for place, department, beds in [("Kent", "Medicine", 8), ("Renton", "Medicine", 5)]
)


def predicted(**changes: Any) -> StayRisk:
    """A prediction that says of half of the patients of Kent that they will stay long."""
    admitted = pd.date_range("2024-01-01", periods=80).repeat(2)
    stays = pd.DataFrame(
        {"admitted": admitted, "facility": ["Kent", "Kent", "Renton", "Renton"] * 40,
         "department": "Medicine", "stay": [2.0, 9.0] * 80,
         "predicted": [2.0, 9.0] * 80, "median": [2.0, 9.0] * 80,
         "risk": [0.1, 0.7] * 80}
    )  # fmt: skip
    there = pd.DataFrame(
        {"facility": ["Kent"] * 3, "department": "Medicine", "admitted": admitted[-1],
         "so_far": 1.0, "risk": 0.5, "low_80": 1.0, "high_80": 9.0, "more_nights": 4.0}
    )  # fmt: skip
    made = {"predictions": stays, "current": there, "as_of": admitted[-1]} | changes
    return stay_risks.risk(**made)


@pytest.fixture
def wards(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Two hospitals and their wards, on the part about beds; predictions are made by hand."""
    st.cache_data.clear()
    monkeypatch.setattr("caremap.planning.stay_risk", lambda *_, **__: predicted())
    at = loaded(FULL, "stays.csv")
    at.switch_page("pages/data.py").run()
    at = allocate(upload(at, "beds.csv", WARDS.encode()))
    return sound(part(at, "Beds by stay risk"))


def test_one_hospital_is_shown_first_the_one_with_most_patients(wards: AppTest) -> None:
    facility = wards.selectbox(key="allocate_facility")
    assert (facility.value, list(facility.options)) == (
        "Kent",
        ["Kent", "Renton", "All facilities"],
    )
    assert "Kent alone, with 42 of the 56 patients" in words(wards)
    assert set(table_with(wards, "Pair")["To"]) == {"Medicine"}
    wards.selectbox(key="allocate_facility").set_value("Renton").run()
    assert "Renton alone, with 14 of the 56 patients" in words(sound(wards))
    assert set(table_with(wards, "Pair")["To"]) == {"Medicine"}
    wards.selectbox(key="allocate_facility").set_value("All facilities").run()
    assert set(table_with(sound(wards), "Pair")["To"]) == {"Medicine, Kent", "Medicine, Renton"}
    assert "each by itself" in words(wards)


def test_stays_are_those_of_the_department_until_they_are_predicted(wards: AppTest) -> None:
    assert "**as in their department**, not predicted" in words(wards)
    assert set(received(wards, "Patient group")) == {"Medicine"}
    click(wards, "Predict the stays")
    assert "**predicted at admission**" in words(sound(wards))
    assert "not predicted" not in words(wards)
    assert not any(one.label == "Predict the stays" for one in wards.button)
    found = received(wards, "Patient group")
    assert set(found) == {"Medicine", "Medicine, long stay predicted"}
    click(wards, "Make the workbook")
    assert b"predicted at admission" in wards.session_state["made_allocation"][2]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"better": False}, "not better than the department alone"),
        ({"suspicion": "It leaks."}, "looks too good to be true"),
        ({"predictions": pd.DataFrame({"stay": [2.0]})}, "no column department"),
    ],
)
def test_a_prediction_that_claims_nothing_is_not_used(
    monkeypatch: pytest.MonkeyPatch, wards: AppTest, changes: dict[str, Any], why: str
) -> None:
    monkeypatch.setattr("caremap.planning.stay_risk", lambda *_, **__: predicted(**changes))
    click(wards, "Predict the stays")
    assert "**as in their department**, not predicted" in words(sound(wards))
    assert why in words(wards)
    assert set(received(wards, "Patient group")) == {"Medicine"}
