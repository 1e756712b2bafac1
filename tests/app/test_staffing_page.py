"""The Staffing page: its states, its parts, limits, locked moves, and the workbook."""

from __future__ import annotations

import io
from functools import partial

import pandas as pd
import pytest
import streamlit as st
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

import caremap
from caremap import planning
from caremap.ui import plan, staffing_asked, staffing_recipes
from caremap.ui.staffing_parts import PARTS
from caremap.ui.staffing_work import Work
from tests.app.pages import STAYS, app, click, loaded, titles, upload, words
from tests.app.pages import part as part_of

part = partial(part_of, key="staffing_part")

SEED = """Facility,ZIP,Population,Staff
A,98007,27571,21
B,98290,39873,52
C,98065,15960,43
D,98801,44801,9
E,98104,15052,64
"""


def staffing(at: AppTest) -> AppTest:
    """The same session on the Staffing page."""
    at.switch_page("pages/staffing.py").run()
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


def limited(at: AppTest, **limits: object) -> AppTest:
    """The same page with limits typed in."""
    for name, value in limits.items():
        at.number_input(key=f"staffing_{name}").set_value(value)
    at.run()
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


def planned(at: AppTest) -> set[tuple[str, str, str, int]]:
    """The moves the page shows."""
    frame = next(one.value for one in part(at, "Moves").dataframe if "People" in one.value)
    return set(zip(frame["From"], frame["To"], frame["Role"], frame["People"], strict=True))


def card(at: AppTest, label: str) -> str:
    """The value of a card."""
    return next(one.value for one in at.metric if one.label == label).replace("\\", "")


def test_without_data_it_says_where_to_go() -> None:
    assert "No data yet" in words(staffing(app()))


def test_data_without_staff_says_what_is_missing() -> None:
    at = staffing(loaded(STAYS))
    assert not at.metric
    assert "staff" in words(at).casefold()
    assert not titles(at)


def test_data_without_a_need_says_what_is_missing() -> None:
    at = staffing(loaded("Facility,Staff\nA,21\nB,52\n", "staff.csv"))
    assert not at.metric
    assert "population" in words(at).casefold()


def test_filters_that_leave_nothing_offer_the_way_back() -> None:
    rows = SEED.splitlines()
    regions = ["Region", *("North" if row[0] < "C" else "South" for row in rows[1:])]
    both = "\n".join(f"{row},{region}" for row, region in zip(rows, regions, strict=True))
    at = staffing(loaded(both, "sites.csv"))
    at.multiselect(key="facility").set_value(["A"]).run()
    at.multiselect(key="region").set_value(["South"]).run()
    assert "The filters leave" in words(at)
    assert any(button.label == "Clear the filters" for button in at.button)


@pytest.fixture
def page() -> AppTest:
    return staffing(loaded(SEED, "sites.csv"))


def test_the_seed_network_gets_its_plan(page: AppTest) -> None:
    assert card(page, "People to move") == "66"
    assert card(page, "Worst off now") == "4,978 → 759"
    assert "people per staff member: D" in words(page).replace("\\", "")
    assert "6,988" in words(page) or "6,989" in words(page)
    assert "Proven optimal" in " ".join(one.value for one in page.success)
    assert planned(page) == {
        ("C", "D", "staff", 22), ("E", "A", "staff", 15), ("E", "B", "staff", 1),
        ("E", "D", "staff", 28),
    }  # fmt: skip


def test_who_has_nobody_is_the_worst_off() -> None:
    at = staffing(loaded(SEED.replace(",52", ",0"), "sites.csv"))
    assert card(at, "Worst off now").startswith("no staff → ")
    assert "member: B" in words(at).replace("\\", "")
    assert card(at, "Most over least").startswith("∞ → ")


def test_a_longest_move_changes_the_plan_and_says_what_stays_short(page: AppTest) -> None:
    at = limited(page, km=60.0)
    assert card(at, "People to move") == "50"
    assert "60 km" in words(part(at, "Still short")) or any(
        "60" in str(one.value.to_numpy().tolist()) for one in at.dataframe
    )
    at.radio(key="staffing_aim").set_value("targets").run()
    assert card(at, "People to move") == "16"


def test_at_most_twenty_moves(page: AppTest) -> None:
    at = limited(page, most_moves=20)
    assert card(at, "People to move") == "20"
    assert card(at, "Most over least").endswith("4.5")


def test_limits_that_cannot_be_are_said_and_nothing_seems_to_be_worked_on(page: AppTest) -> None:
    at = limited(page, floor=1000)
    assert "floors add up" in " ".join(one.value for one in at.error).replace("\\", "")
    assert not any(button.label == "Cancel" for button in at.button)


def test_nothing_is_offered_to_lock_where_nobody_moves(page: AppTest) -> None:
    at = part(limited(page, km=1.0), "Moves")
    assert "Nobody has to move" in words(at)
    assert not any(button.label == "Solve again" for button in at.button)


def test_names_of_a_file_are_text_and_no_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    drawn = st.delta_generator.DeltaGenerator.progress

    def progress(self: object, value: float, text: str = "", **given: object) -> object:
        told.append(text)
        return drawn(self, value, text, **given)  # type: ignore[arg-type]

    monkeypatch.setattr("streamlit.delta_generator.DeltaGenerator.progress", progress)
    picture = "Nurses ![x](//a.example/b.png)"
    rows = (
        SEED.replace("Staff", f"Doctors,{picture}").replace("\n", ",3\n").replace(",3\n", "\n", 1)
    )
    at = staffing(loaded(rows, "sites.csv"))
    roles = at.segmented_control(key="staffing_role").options
    assert len(roles) == 2
    assert any("Nurses" in one for one in told)
    for shown in (*roles, *told):
        assert "![" not in shown


def test_every_part_draws_and_says_what_it_shows(page: AppTest) -> None:
    options = page.segmented_control(key="staffing_part").options
    assert list(options) == list(PARTS)
    for name in options:
        at = part(page, name)
        assert titles(at) or at.info or name == "Need", name
    assert "own column" in words(part(page, "Need"))


def test_a_move_that_was_ruled_out_is_not_in_the_next_plan(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edited(frame: pd.DataFrame, **given: object) -> pd.DataFrame:
        return frame.assign(
            **{
                "Rule out": (frame["From"] == "C") & (frame["To"] == "D"),
                "Lock": (frame["From"] == "E") & (frame["To"] == "A"),
            }
        )

    page = part(page, "Moves")
    with monkeypatch.context() as patch:
        patch.setattr("streamlit.data_editor", edited)
        click(page, "Solve again")
    moves = planned(page)
    assert not any(move[:2] == ("C", "D") for move in moves)
    assert ("E", "A", "staff", 15) in moves
    assert "C to D" in words(page)
    click(page, "Forget my changes")
    assert ("C", "D", "staff", 22) in planned(page)


def test_changes_that_cannot_be_are_refused_with_a_way_back(page: AppTest) -> None:
    view_key = page.session_state["plan"][0]
    page.session_state["staffing_edited"] = {
        view_key: {"fixed": (("C", "D", "staff", 500),), "forbidden": ()}
    }
    page.run()
    assert not page.metric
    assert any("C" in one.value for one in page.error)
    click(page, "Forget my changes")
    assert card(page, "People to move") == "66"
    assert not page.error


def test_the_changes_of_a_table_are_fixed_moves_and_pairs_ruled_out() -> None:
    from caremap.ui.staffing_parts import changes

    before = pd.DataFrame(
        {"From": ["C", "E", "E"], "To": ["D", "A", "D"], "Role": ["Nurses"] * 3,
         "People": [22, 15, 28], "Lock": [False] * 3, "Rule out": [False] * 3}
    )  # fmt: skip
    after = before.assign(People=[20, 15, 28], Lock=[False, True, False],
                          **{"Rule out": [False, False, True]})  # fmt: skip
    asked = staffing_asked.Asked("population", ("Nurses",), fixed=(("B", "A", "Nurses", 0),))
    fixed, forbidden = changes(before, after, asked)
    assert set(fixed) == {
        ("C", "D", "Nurses", 20), ("E", "A", "Nurses", 15), ("B", "A", "Nurses", 0)
    }  # fmt: skip
    assert forbidden == (("E", "D", "Nurses"),)


def test_the_population_of_the_state_is_fetched_on_a_click_and_loaded_like_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def fetched(state: str) -> pd.DataFrame:
        asked.append(state)
        rows = [line.split(",") for line in SEED.splitlines()[1:]]
        return pd.DataFrame({"zip": [row[1] for row in rows],
                             "population": [int(row[2]) for row in rows]})  # fmt: skip

    monkeypatch.setattr("caremap.ui.web_population.population_from_web", fetched)
    bare = pd.read_csv(io.StringIO(SEED), dtype="str").drop(columns="Population")
    at = staffing(loaded(bare.to_csv(index=False), "sites.csv"))
    assert not at.metric
    assert not asked
    assert at.selectbox(key="web_population_state").value == "Washington"
    click(at, "Fetch it").run()  # a page that runs alone looks at what it was given first
    assert asked == ["Washington"]
    assert card(at, "People to move") == "66"


def test_a_page_that_cannot_be_fetched_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(state: str) -> pd.DataFrame:
        raise caremap.DataProblem("The site cannot be reached.", "Upload a table instead.")

    monkeypatch.setattr("caremap.ui.web_population.population_from_web", refused)
    bare = pd.read_csv(io.StringIO(SEED), dtype="str").drop(columns="Population")
    at = click(staffing(loaded(bare.to_csv(index=False), "sites.csv")), "Fetch it")
    assert "cannot be reached" in " ".join(one.value for one in at.error)


PEOPLE = "ZIP Code,Population\n98007,27571\n98290,39873\n98065,15960\n98801,44801\n98005,20000\n"


def test_whose_people_a_facility_serves_is_chosen_and_changes_the_need() -> None:
    bare = pd.read_csv(io.StringIO(SEED), dtype="str").drop(columns="Population")
    at = loaded(bare.to_csv(index=False), "sites.csv")
    at.switch_page("pages/data.py").run()
    at = staffing(upload(at, "people.csv", PEOPLE.encode()))
    served = {}
    for method in ("own", "nearest", "floating"):
        at.selectbox(key="staffing_catchment").set_value(method).run()
        assert "Something went wrong" not in words(at)
        sites = at.session_state["plan"][1].sites.set_index("facility")
        served[method] = sites["need"].to_dict()
    assert served["own"]["A"] == 27571
    assert served["nearest"]["A"] == 27571 + 20000  # 98005 is in Bellevue too
    assert 27571 < served["floating"]["A"] < 27571 + 20000
    told = " ".join(titles(part(at, "Need")))
    assert "Most people served" in told
    assert "per 10,000 people" in told


STAYED = "Facility,Department,Admission Date,Discharge Date\n" + "".join(
    f"{'ABBCCC'[stay % 6]},Medicine,2024-0{1 + stay % 3}-{1 + stay % 25:02},"
    f"2024-0{1 + stay % 3}-{3 + stay % 25:02}\n"
    for stay in range(300)
)
ROLES = "Facility,ZIP,Nurses,Therapists\nA,98007,30,2\nB,98290,10,3\nC,98065,20,4\n"


def test_required_staff_comes_from_the_work_and_the_hours_it_takes() -> None:
    at = loaded(STAYED, "stays.csv")
    at.switch_page("pages/data.py").run()
    at = staffing(upload(at, "sites.csv", ROLES.encode()))
    need = at.selectbox(key="staffing_need")
    assert {"Patients", "Occupied bed-days", "Required staff (WISN)"} <= set(need.options)
    need.set_value("required").run()
    assert "Something went wrong" not in words(at)
    assert "hours their work takes are not known: Therapists" in words(at).replace("\\", "")
    assert {move[2] for move in planned(at)} == {"Nurses"}
    # Patient-days a year, 4.8 hours each (a nurse for five), by 219 days of 8 hours.
    sites = at.session_state["plan"][1].sites.set_index("facility")
    work = planning.workloads(caremap.Dataset.of(caremap.open_file(STAYED.encode(), "stays.csv")))
    work = work.set_index("facility")
    expected = work["workload"] / work["days"] * 365 * 4.8 / (219 * 8)
    assert sites["need"].to_dict() == pytest.approx(expected.to_dict())
    assert sites["target"].sum() == 60


def test_units_keep_the_names_they_have() -> None:
    hours = pd.DataFrame(
        {"unit": ["07", "NA", "ICU"], "role": ["1", "Nurses", "None"], "hours": [4.5, None, 12.0]}
    )
    work = Work("bed_days", 1752.0, 0.0, hours.to_csv(index=False))
    assert work.table["unit"].tolist() == hours["unit"].tolist()
    assert work.table["role"].tolist() == hours["role"].tolist()
    assert work.in_words[-1][1] == "07, 1: 4.5; ICU, None: 12"


def test_staff_is_shared_out_by_the_admissions_expected() -> None:
    rows = [
        f"{'ABBCCC'[at % 6]},2024-{1 + day // 28:02}-{1 + day % 28:02},"
        f"2024-{1 + day // 28:02}-{1 + day % 28:02}"
        for day in range(63)
        for at in range(6)
    ]
    at = loaded("\n".join(["Facility,Admission Date,Discharge Date", *rows]), "stays.csv")
    at.switch_page("pages/data.py").run()
    at = staffing(upload(at, "sites.csv", ROLES.encode()))
    at.selectbox(key="staffing_need").set_value("forecast").run()
    assert "Expected admissions are those of" in words(at)
    sites = at.session_state["plan"][1].sites
    nurses = sites[sites["role"] == "Nurses"].set_index("facility")
    assert nurses["target"].to_dict() == {"A": 10, "B": 20, "C": 30}  # one, two, three a day


FEW = "Facility,Admission Date,Discharge Date\n" + "".join(
    f"{'ABBCCCC'[stay % 7]},2024-01-{1 + stay % 25:02},2024-01-{3 + stay % 25:02}\n"
    for stay in range(49)
)


def test_a_need_of_few_patients_leaves_with_no_file() -> None:
    at = loaded(FEW, "stays.csv")
    at.switch_page("pages/data.py").run()
    at = staffing(upload(at, "sites.csv", ROLES.encode()))
    at.selectbox(key="staffing_need").set_value("patients").run()
    made = at.session_state["plan"][1]
    assert made.sites["need"].min() == 7  # of facility A
    shown, shared = plan.tables_of(made, hide=False), plan.tables_of(made, hide=True)
    assert "Patients" in shown["Sites"]
    for name in ("Sites", "Moves"):
        told = set(shared[name].columns)
        assert not any("dmissions" in column or "Patients" in column for column in told)
        assert {"Role"} < told
    assert any("per staff member" in one for one in shown["Totals"]["Figure"])
    assert not any("per staff member" in one for one in shared["Totals"]["Figure"])
    curve = pd.DataFrame({"moves": [0], "worst": ["A"], "worst_ratio": [0.2]})
    recipe = staffing_recipes.curve(made, curve)
    assert recipe.work(None, **recipe.given)["worst_ratio"].isna().all()
    at.session_state["small_counts"] = "in downloads and on the screen"
    at.run()
    assert card(at, "Worst off now") == "–"
    assert "Something went wrong" not in words(part(at, "Moves"))


def test_work_of_few_patients_is_in_no_table_of_two_roles_either() -> None:
    frame = pd.DataFrame(
        {"facility": ["A", "B"], "bed_days": [6.0, 60.0], "Nurses": [3, 2], "Doctors": [2, 1],
         "required Nurses": [0.4, 4.0], "required Doctors": [0.2, 2.0],
         "latitude": [47.5, 47.6], "longitude": -122.1}
    )  # fmt: skip
    asked = staffing_asked.Asked(
        "required", ("Nurses", "Doctors"), work=Work("bed_days", 1752.0, 0.0, "unit,role,hours\n")
    )
    made_for = list(asked.roles), plan.need_of(asked)
    planned_moves = planning.plan_moves(frame, *made_for)
    made = plan.Staffing(
        asked, planning.Network(frame, asked.roles, ("bed_days",), frame), frame, planned_moves,
        planning.site_table(frame, *made_for, planned_moves),
    )  # fmt: skip
    assert made.tells_of_few
    assert "Need per staff member" in plan.tables_of(made, hide=False)["Sites"]
    for name in ("Sites", "Moves"):
        told = " ".join(plan.tables_of(made, hide=True)[name]).casefold()
        assert "need" not in told
        assert "required" not in told


def test_the_workbook_has_the_moves_of_the_page(page: AppTest) -> None:
    at = limited(page, km=60.0)
    shown = planned(at)
    click(at, "Make the workbook")
    _, data, html, _ = at.session_state["made_staffing"]
    book = load_workbook(io.BytesIO(data), read_only=True)
    rows = [tuple(row) for row in book["Moves"].iter_rows(values_only=True)]
    written = {
        (row[place], row[place + 1], row[place + 2], row[place + 3])
        for row in rows
        for place in range(len(row) - 3)
    }
    assert shown <= written
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("60 km" in str(cell) for cell in cells)
    assert b"contracts, licences and consent" in html
