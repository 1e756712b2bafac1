"""The Map page: its states, what a click changes, refusals in words, what leaves it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit_folium
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from caremap import geography, open_file
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.ui import looked_up, map_data, map_files, map_recipes, map_view
from caremap.ui.map_data import Places
from caremap.ui.map_view import Asked
from tests.app.pages import app, loaded, part, titles, upload, words

SEED = """Facility,ZIP Code,Population,Nurses,Doctors,Beds
A,98007,27571,21,4,30
B,98290,39873,0,6,25
C,98065,15960,,3,
D,98801,44000,59,9,80
"""
NAMES = """Facility,Nurses
North,5
South,6
"""


@pytest.fixture(autouse=True)
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the map was given in each run: a component is not drawn under AppTest."""
    given: list[dict[str, Any]] = []

    def st_folium(fig: Any, **options: Any) -> dict[str, Any]:
        given.append({"map": fig, **options})
        return {}

    monkeypatch.setattr(streamlit_folium, "st_folium", st_folium)
    return given


def map_page(at: AppTest) -> AppTest:
    """The same session on the Map page."""
    at.switch_page("pages/map.py").run()
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


def sites_on(given: dict[str, Any]) -> list[str]:
    """The names of the facilities a map was given."""
    (told,) = [
        one.told for one in given["map"]._children.values() if hasattr(one, "told")
    ]  # fmt: skip
    return list(json.loads(told)["sites"]["name"])


def marked(given: dict[str, Any]) -> str:
    """What is marked on a map: the place of a facility, and its neighbours."""
    (mark,) = given["feature_group_to_add"]._children.values()
    return str(mark.told)


# --- the four states ----------------------------------------------------------------------------


def test_without_data_it_says_where_to_go() -> None:
    assert "No data yet" in words(map_page(app()))


def test_facilities_without_a_place_are_listed_and_nothing_is_drawn(
    drawn: list[dict[str, Any]],
) -> None:
    at = map_page(loaded(NAMES, "names.csv"))
    assert "No place is known for 2 facilities" in words(at)
    assert not drawn
    assert at.dataframe[0].value["Facility"].tolist() == ["North", "South"]


def test_a_file_that_names_no_facility_is_refused_in_words() -> None:
    at = map_page(loaded("Admission Date,Discharge Date\n" + "2024-01-01,2024-01-03\n" * 3))
    assert "names a facility" in words(at)


def test_filters_that_leave_nothing_offer_the_way_back() -> None:
    stays = "Facility,Region,Admission Date,Discharge Date\n" + "".join(
        f"{name},{region},2024-01-0{day},2024-01-0{day + 1}\n"
        for name, region in (("A", "East"), ("B", "West"))
        for day in range(1, 8)
    )
    at = map_page(upload(loaded(SEED, "seed.csv"), "stays.csv", stays.encode()))
    at.multiselect(key="facility").set_value(["A"]).run()
    at.multiselect(key="region").set_value(["West"]).run()
    assert "The filters leave nothing" in words(at)


# --- what is drawn --------------------------------------------------------------------------------


@pytest.fixture
def page() -> AppTest:
    return map_page(loaded(SEED, "seed.csv"))


def test_facilities_are_on_the_map_with_links_and_a_layer_for_each_role(
    page: AppTest, drawn: list[dict[str, Any]]
) -> None:
    assert sites_on(drawn[-1]) == ["A", "B", "C", "D"]
    told = json.loads(next(one.told for one in drawn[-1]["map"]._children.values()
                           if hasattr(one, "told")))  # fmt: skip
    assert [layer["title"] for layer in told["layers"]] == [
        "All staff",
        "Nurses",
        "Doctors",
        "Beds",
    ]
    assert told["layers"][1]["size"] == ["21", "0", "no figure", "59"]
    assert told["layers"][1]["shade"][:3] == ["1,313", "no staff", "no figure"]
    assert sum(len(band["pairs"]) for band in told["links"]) == 6
    assert page.metric[0].value == "4"


def test_nothing_but_a_click_on_a_facility_asks_for_a_rerun(
    page: AppTest, drawn: list[dict[str, Any]]
) -> None:
    assert drawn[-1]["returned_objects"] == []
    assert {url.rsplit("/", 1)[0] for _, url in drawn[-1]["map"].default_js} == {
        "../caremap.ui.map_scripts.leaflet"
    }


def test_a_click_on_the_map_tells_that_facility_with_its_neighbours(
    page: AppTest, drawn: list[dict[str, Any]]
) -> None:
    page.session_state["map_drawn"] = {"facility": "C", "click": 1}
    before = sites_on(drawn[-1])
    page.selectbox(key="map_facility").set_value("C").run()
    assert not page.exception
    assert "C" in titles(page)
    assert marked(drawn[-1]).startswith("2, [[0,25.99")
    assert sites_on(drawn[-1]) == before
    near = page.dataframe[0].value
    assert near["Neighbour"].tolist()[0] == "A"
    assert near["Distance (km)"].tolist()[0] == pytest.approx(26.0, abs=0.1)
    assert near["Nurses"].tolist()[:2] == ["21", "0"]


def test_what_the_map_sends_chooses_the_facility(monkeypatch: pytest.MonkeyPatch) -> None:
    state = {"map_drawn": {"facility": "B", "click": 2}}
    monkeypatch.setattr(map_view.st, "session_state", state)
    map_view._clicked()
    assert state["map_facility"] == "B"
    state["map_drawn"] = {}
    map_view._clicked()
    assert state["map_facility"] == "B"


def test_miles_are_a_choice_away_and_hold_everywhere(
    page: AppTest, drawn: list[dict[str, Any]]
) -> None:
    page.segmented_control(key="map_unit").set_value("miles").run()
    assert page.metric[1].value.endswith("miles")
    assert "13.8 miles" not in titles(page)[0]
    assert "miles" in titles(page)[0]


def test_distances_are_a_matrix_pairs_or_the_nearest_and_those_of_the_core(page: AppTest) -> None:
    control = page.segmented_control(key="map_distances")
    assert control.options == ["Matrix", "Pairs", "Nearest"]
    at = part(page, "Pairs", "map_distances")
    pairs = at.dataframe[0].value
    assert len(pairs) == 6
    expected = {("A", "B"): 31.36, ("A", "C"): 26.00, ("A", "D"): 138.37, ("B", "C"): 44.79,
                ("B", "D"): 141.06, ("C", "D"): 113.29}  # fmt: skip
    found = {
        tuple(sorted((row["Facility"], row["Neighbour"]))): row["Distance (km)"]
        for row in pairs.to_dict("records")
    }
    assert found == pytest.approx(expected, abs=0.1)
    assert "Most remote: D" in titles(part(at, "Nearest", "map_distances"))[0]


def test_beyond_500_facilities_only_the_nearest_are_offered(drawn: list[dict[str, Any]]) -> None:
    rows = "\n".join(f"F{at},{31 + at / 100},{-100 + at % 5}" for at in range(520))
    at = map_page(loaded(f"Facility,Latitude,Longitude\n{rows}\n", "many.csv"))
    assert at.segmented_control(key="map_distances").options == ["Nearest"]
    assert len(sites_on(drawn[-1])) == 520
    assert at.selectbox(key="map_facility").options == []
    at.text_input(key="map_search").set_value("F500").run()
    assert at.selectbox(key="map_facility").options == ["F500"]


def test_one_facility_is_a_map_without_links(drawn: list[dict[str, Any]]) -> None:
    at = map_page(loaded("Facility,Latitude,Longitude\nOnly,47.6,-122.1\n", "one.csv"))
    assert sites_on(drawn[-1]) == ["Only"]
    at.selectbox(key="map_facility").set_value("Only").run()
    assert "no other facility" in words(at)


def test_the_nearest_with_a_role_leave_out_who_has_none(page: AppTest) -> None:
    page.selectbox(key="map_facility").set_value("C").run()
    page.selectbox(key="map_wanted").set_value("Nurses").run()
    table = page.dataframe[1].value
    assert table["Facility"].tolist() == ["A", "D"]
    assert table["Nurses"].tolist() == [21, 59]


# --- addresses are looked up on a click and never otherwise ---------------------------------------


ADDRESSES = """Facility,Address,City,State,Latitude,Longitude
North,1 Main St,Seattle,WA,47.6,-122.3
South,2 Oak St,Tacoma,WA,,
"""


STAFFED = """Facility,Address,City,State,Latitude,Longitude,Population,Nurses
North,1 Main St,Seattle,WA,47.6,-122.3,100,6
South,2 Oak St,Tacoma,WA,,,200,2
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Countries in which addresses were looked up; the answer is always Tacoma."""
    countries: list[str] = []

    def geocode(facilities: pd.DataFrame, country: str, **_: Any) -> tuple[pd.DataFrame, list[Any]]:
        countries.append(country)
        found = facilities.assign(latitude=47.25, longitude=-122.44, located_by="address")
        said = "What was found for an address is far from the others: “West”."
        return found, [Finding("address-not-believed", "warning", said)]

    monkeypatch.setattr(geography, "geocode", geocode)
    yield countries


def test_addresses_are_looked_up_on_a_click_and_never_otherwise(
    asked: list[str], drawn: list[dict[str, Any]]
) -> None:
    at = map_page(loaded(ADDRESSES, "addresses.csv"))
    assert not asked
    assert "1 facility has an address and no place" in words(at)
    assert "never the address or ZIP code of a patient" in words(at)
    assert sites_on(drawn[-1]) == ["North"]
    next(one for one in at.button if one.label == "Look up 1 address").click().run()
    assert asked == ["United States"]
    assert sites_on(drawn[-1]) == ["North", "South"]
    next(one for one in at.button if "Forget" in one.label).click().run()
    assert sites_on(drawn[-1]) == ["North"]
    assert asked == ["United States"]


def test_a_plan_knows_the_places_that_were_looked_up_and_the_map_its_moves(
    asked: list[str], drawn: list[dict[str, Any]]
) -> None:
    at = map_page(loaded(STAFFED, "addresses.csv"))
    at.button(key="look_up").click().run().run()
    at.switch_page("pages/staffing.py").run()
    assert not at.exception
    (move,) = at.session_state["plan"][1].plan.moves.to_dict("records")
    assert (move["from"], move["to"], move["staff"]) == ("North", "South", 3)
    assert move["km"] == pytest.approx(40.4, abs=0.5)
    map_page(at)
    assert "3 Nurses" in drawn[-1]["map"].get_root().render().replace("\\u003a", ":")


def test_the_picture_on_paper_follows_the_links(found: Places) -> None:
    links = [geography.nearest(found.drawn, 1).assign(km=km) for km in (1.0, 2.0)]
    first, second = (map_recipes.picture(found, one, None, miles=False) for one in links)
    assert first.key != second.key


def test_what_is_to_be_known_of_the_answers_stays_on_the_page(asked: list[str]) -> None:
    at = map_page(loaded(ADDRESSES, "addresses.csv"))
    at.text_input(key="look_up_country").set_value("Canada")
    at.button(key="look_up").click().run()
    assert asked == ["Canada"]
    assert "far from the others: “West”" in words(at)
    assert "far from the others: “West”" in words(at.run())


def test_a_click_is_for_the_addresses_it_was_made_on(asked: list[str]) -> None:
    at = map_page(loaded(f"{ADDRESSES}West,3 Elm St,Aberdeen,WA,,\n", "addresses.csv"))
    at.session_state["look_up_asked"] = ("another version", ("1 Main St",), "Canada")
    at.run()
    assert not asked
    at.multiselect(key="facility").set_value(["North", "West"]).run()
    at.button(key="look_up").click().run().run()
    at.multiselect(key="facility").set_value(["North", "South"]).run()
    assert len(asked) == 1
    at.button(key="look_up").click().run()
    assert len(asked) == 2


def test_places_looked_up_are_told_from_coordinates() -> None:
    rows = pd.DataFrame({"facility": ["North", "South"], "latitude": [47.6, None],
                         "longitude": [-122.3, None]})  # fmt: skip
    filled = looked_up.put_into(Dataset(facilities=rows), {"South": (47.25, -122.44)})
    places, _ = geography.facilities_of(filled)
    assert places["located_by"].tolist() == ["coordinates", "address"]


def test_where_nobody_answers_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from caremap import DataProblem

    def geocode(*_: Any, **__: Any) -> Any:
        raise DataProblem("The service cannot be reached.", "Give ZIP codes instead.")

    monkeypatch.setattr(geography, "geocode", geocode)
    at = map_page(loaded(ADDRESSES, "addresses.csv"))
    next(one for one in at.button if one.label == "Look up 1 address").click().run()
    assert "cannot be reached" in words(at).replace("\\", "")


# --- what leaves the page -------------------------------------------------------------------------


@pytest.fixture
def found() -> Places:
    sites = pd.DataFrame(
        {"facility": ["A", "B", "=1+1"], "latitude": [47.61, 47.90, None],
         "longitude": [-122.14, -122.07, None], "population": [900.0, 100.0, 50.0],
         "Nurses": [3.0, 0.0, None]}
    )  # fmt: skip
    return Places(map_data.with_ratios(sites, ["Nurses"]), ("Nurses",), notes=("A note.",))


MOVES = pd.DataFrame({"from": ["A"], "to": ["B"], "role": ["Nurses"], "staff": [1], "km": [33.0],
                      "from_before": [7.0], "why": ["told elsewhere"]})  # fmt: skip


def test_the_workbook_has_facilities_distances_moves_and_where_they_are_from(found: Places) -> None:
    data = map_files.workbook(found, Asked("miles", 2), MOVES, "seed.csv", raw=False)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Facilities", "Nearest", "Pairs", "Moves", "Notes"]
    rows = list(book["Facilities"].values)
    assert rows[0][0] == "Facility"
    assert rows[3][0] == "'=1+1"
    (_, pair) = list(book["Pairs"].values)
    assert pair[2] == pytest.approx(20.2, abs=0.3)
    notes = book["Notes"].iter_rows(values_only=True)
    said = " ".join(str(cell) for row in notes for cell in row)
    assert "seed.csv" in said
    assert "A note." in said
    (head, move) = list(book["Moves"].values)
    assert head == ("From", "To", "Role", "People", "Distance of each (miles)")
    assert move == ("A", "B", "Nurses", 1, 20.5)


def test_a_ratio_to_no_staff_is_empty_in_a_file(found: Places) -> None:
    table = map_files.facilities(found)
    assert table["Nurses"].tolist()[:2] == [3, 0]
    assert table["People per staff member"].isna().tolist() == [False, True, True]


def test_staff_of_which_a_role_is_not_known_is_said_to_be_a_part() -> None:
    rows = pd.DataFrame(
        {"Nurses": [3.0, 0.0, None, None], "Doctors": [None, 2.0, 1.0, None]}, dtype="float64"
    )
    (note,) = map_data.partly(rows, ["Nurses", "Doctors"])
    assert note.startswith("Staff of 2 facilities is of the roles that the file counts there")
    assert map_data.partly(rows[["Nurses"]], ["Nurses"]) == ()


def test_geojson_and_the_page_have_the_arrows_of_the_plan(found: Places) -> None:
    features = json.loads(map_files.geojson(found, Asked(), MOVES))["features"]
    kinds = [one["properties"]["kind"] for one in features]
    assert kinds == ["facility"] * 3 + ["link"] * 2 + ["move"]
    assert not {"from_before", "why"} & set(features[-1]["properties"])
    page = map_files.page(found, Asked(), MOVES).decode()
    assert "1 Nurses\\u003a A to B, 33.0 km" in page


@pytest.mark.parametrize(
    ("staff", "people", "ratio"),
    [(0, 100, float("inf")), (None, 100, None), (5, None, None), (0, 0, None), (4, 100, 25)],
)
def test_a_ratio_without_staff_has_no_end_and_one_of_nothing_is_none(
    staff: float | None, people: float | None, ratio: float | None
) -> None:
    sites = pd.DataFrame(
        {"facility": ["A"], "population": [people], "Nurses": [staff]}, dtype=object
    )
    got = map_data.with_ratios(sites, ["Nurses"])["ratio"].iloc[0]
    assert pd.isna(got) if ratio is None else got == ratio


# --- thousands ------------------------------------------------------------------------------------


def test_all_places_of_a_country_are_on_the_map_and_one_is_chosen(
    shared: Path, drawn: list[dict[str, Any]]
) -> None:
    file = shared / "data/malaysia_moh/facilities_master.csv"
    at = map_page(upload(app(), file.name, file.read_bytes()))
    found, _ = geography.facilities_of(Dataset.of(open_file(file)))
    assert len(found) >= 3290  # of 3,304 rows a few are the same place twice
    assert sites_on(drawn[-1]) == found["facility"].tolist()
    name = "Hospital Alor Gajah"
    at.text_input(key="map_search").set_value(name.lower()).run()
    at.selectbox(key="map_facility").set_value(name).run()
    assert not at.exception
    near = geography.nearest(found, 3)
    expected = near.loc[near["facility"] == name, "neighbour"].tolist()
    shown = [one.value["Neighbour"].tolist() for one in at.dataframe if "Neighbour" in one.value]
    assert expected in shown
