"""An allocation as a workbook: headings people can read, nothing lost, nothing made up."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pandas as pd
import pytest

from caremap import exports
from caremap.planning import Allocation, allocation_tables, place_patients, scarce

GROUPS = pd.DataFrame({"area": ["=North", "South"], "group": "adults", "demand": [4, 5],
                       "outcome": [0.5, 0.3]})  # fmt: skip


def test_every_sheet_says_what_it_holds_in_words():
    tables = allocation_tables(scarce(GROUPS, 6, floors={"South": 0.5}), notes=["Week 18."])
    assert tables["Sent"].columns.tolist() == [
        "From", "Area", "Units", "Group", "Adds to the objective", "Why",
    ]  # fmt: skip
    assert tables["Places"].drop(columns="Why it is missing").to_dict("list") == {
        "Area": ["=North", "South"], "Units wanted": [4, 5], "Promised at least": [0, 3],
        "Received": [3, 3], "Missing": [1, 2],
    }  # fmt: skip
    assert tables["Limits"]["Binding"].tolist() == ["yes", "yes"]
    assert tables["Limits"]["What one more would add"].tolist() == [0.5, 0.2]
    totals = tables["Totals"].set_index("Figure")
    assert totals.loc["Objective"].tolist() == [2.4, "good outcomes"]
    assert totals.loc["Objective without any promise", "Value"] == 2.6
    assert totals.loc["Proven that nothing within the limits is better", "Value"] == "yes"
    assert "Cost" not in totals.index  # not known, so not told
    settings = tables["Settings"].set_index("Setting")["Value"]
    assert settings[["Use", "Supply", "Budget", "Promised to areas"]].tolist() == [
        "Scarce resources", "6", "no limit", "South: 0.5",
    ]  # fmt: skip
    lines = tables["Assumptions"]
    assert lines["Text"][0] == "Week 18." and set(lines["Kind"]) == {"Note", "Assumption"}


def test_of_wards_the_places_are_patients():
    patients = pd.DataFrame({"group": ["A"], "expected": [3], "stay": 2.5, "risk": 0.123})
    tables = allocation_tables(place_patients(patients, pd.DataFrame({"ward": ["A"], "beds": [0]})))
    assert tables["Patients"].drop(columns="Why it is missing").to_dict("list") == {
        "Patients": ["A"], "Patients to expect": [3], "Promised at least": [0],
        "Received": [0], "Missing": [3], "Level of care": ["general"], "Nights to expect": [2.5],
        "Risk of a long stay (%)": [12.3],
    }  # fmt: skip
    assert tables["Limits"]["Where"].tolist() == ["A"]


@pytest.mark.parametrize("use", ["emergency", "telemedicine", "scarce", "wards"])
def test_the_workbook_opens_whatever_the_use_and_however_little_there_is(use: str):
    nothing = pd.DataFrame(columns=["from", "to", "units"])
    places = pd.DataFrame({"place": ["=1+1"], "demand": [2], "unmet": [2], "extra_column": ["x"]})
    found = Allocation(use, nothing, places, pd.DataFrame(), {"value": 0.0}, "points", False,
                       notes=("Not proven.",))  # fmt: skip
    tables = allocation_tables(found, settings={"max_km": None, "weights": {"age": 2}})
    book = openpyxl.load_workbook(BytesIO(exports.to_workbook(tables)))
    assert set(tables) <= set(book.sheetnames)
    rows = tables["Patients" if use == "wards" else "Places"]
    assert "Extra column" in rows and len(rows) == 1
    assert tables["Totals"]["Value"].tolist()[-1].startswith("no")
    assert "age: 2" in set(tables["Settings"]["Value"])
