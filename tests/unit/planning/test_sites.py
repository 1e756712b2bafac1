"""One row per facility and role: both ratios, targets, and what a plan makes of them."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd
import pytest

from caremap import DataProblem, exports
from caremap.planning import (
    MovePlan,
    need_of,
    plan_moves,
    plan_tables,
    site_table,
    sites_with_headings,
)

NETWORK = pd.DataFrame(
    {
        "facility": ["A", "B", "C"],
        "population": [10_000, 0, None],
        "visits": [500, 700, 300],
        "Nurses": [5, 2, 3],
        "Doctors": [0, None, 1],
    },
    index=[7, 7, 9],
)


@pytest.mark.parametrize(
    ("limits", "measure"),
    [({}, "need x (staff / need"), ({"method": "huntington-hill"}, "staff x (need / staff"),
     ({"method": "hamilton"}, "(staff - target) squared"), ({"aim": "targets"}, "past a target")],
)  # fmt: skip
def test_what_is_called_fairest_is_what_the_plan_looked_for(
    limits: dict[str, str], measure: str
) -> None:
    network = pd.DataFrame({"facility": ["A", "B"], "population": [900, 600], "Nurses": [1, 4],
                            "latitude": [47.5, 47.6], "longitude": -122.1})  # fmt: skip
    told = plan_tables(plan_moves(network, "Nurses", **limits), network)["Definitions"]
    assert measure in told.set_index("Term").loc["Fairest staffing", "Meaning"]


def test_zero_missing_and_what_cannot_be_computed_stay_three_things():
    before = NETWORK.copy()
    found = site_table(NETWORK, ["Nurses", "Doctors"])
    pd.testing.assert_frame_equal(NETWORK, before)
    assert list(zip(found["facility"], found["role"], strict=True)) == [
        (facility, role) for facility in "ABC" for role in ("Nurses", "Doctors")
    ]
    rows = found.set_index(["facility", "role"])
    assert rows.loc[("A", "Nurses"), ["staff_per_10000", "need_per_staff"]].to_list() == [5, 2000]
    none = rows.loc[("A", "Doctors")]
    assert none["staff_per_10000"] == 0 and pd.isna(none["need_per_staff"])
    nobody = rows.loc[("B", "Nurses")]
    assert pd.isna(nobody["staff_per_10000"]) and nobody["need_per_staff"] == 0
    unknown = rows.loc[("C", "Nurses")]
    assert (
        unknown["staff"] == 3
        and unknown[["staff_per_10000", "need_per_staff", "need"]].isna().all()
    )
    assert pd.isna(rows.loc[("B", "Doctors"), "staff"])
    assert (
        found[["after", "after_per_10000", "after_need_per_staff", "unmet"]].isna().all(axis=None)
    )


def plan(network: pd.DataFrame, after: list[int], target: list[int], **limits: object) -> MovePlan:
    told = pd.DataFrame(
        {"facility": network["facility"], "role": "Nurses", "before": network["Nurses"],
         "target": target, "after": after}
    )  # fmt: skip
    moves = pd.DataFrame(
        {"from": ["A"], "to": ["B"], "role": ["Nurses"], "staff": [1], "km": [31.4],
         "from_before": [100.0], "from_after": [125.0], "to_before": [350.0],
         "to_after": [233.3], "why": ["B has most visits per nurse."]}
    )  # fmt: skip
    unmet = pd.DataFrame({"facility": ["B"], "role": ["Nurses"], "missing": [1], "reason": ["x"]})
    totals = {"moved": 1, "staff_km": 31.4, "worst_before": ("B", "Nurses"), "unmet": 1}
    by_role = pd.DataFrame({"role": ["Nurses"], "moved": [1]})
    return MovePlan(moves, told, unmet, totals, True, by_role,
                    MappingProxyType({"need": "visits", **limits}), ("A tie.",))  # fmt: skip


def test_a_plan_says_what_there_is_after_and_what_stays_unmet():
    found = site_table(NETWORK, "Nurses", "visits", plan(NETWORK, [4, 3, 3], [3, 5, 2], floor=2))
    assert found["target"].to_list() == [3, 5, 2]
    assert found["difference"].to_list() == [-2, 3, -1]
    assert found["after"].to_list() == [4, 3, 3]
    assert found["unmet"].to_list() == [0, 2, 0]
    assert found["floor"].to_list() == [2, 2, 2]
    assert found["after_need_per_staff"].astype(float).round(1).to_list() == [125, 233.3, 100]
    assert found["after_per_10000"].astype(float).round(1).to_list() == [80, 42.9, 100]


def test_roles_may_be_shared_out_by_needs_of_their_own_and_all_of_them_are_the_default():
    found = site_table(NETWORK, need={"Nurses": "visits", "Doctors": "population"})
    assert found["role"].to_list() == ["Nurses", "Doctors"] * 3
    assert found["need"].fillna(-1).to_list() == [500, 10_000, 700, 0, 300, -1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"roles": "Surgeons"}, "no role “Surgeons”"),
        ({"roles": "Nurses", "need": "beds"}, "no need “beds”"),
        ({"roles": "Nurses", "need": {"Doctors": "visits"}}, "No need is given for the role"),
    ],
)
def test_a_role_or_need_that_is_not_there_is_refused_in_words(asked, said):
    with pytest.raises(DataProblem, match=said):
        site_table(NETWORK, **asked)


def test_targets_are_missing_where_need_or_staff_is_and_fractions_stay_where_they_are():
    found = site_table(NETWORK, "Nurses")
    assert found["target"].fillna(-1).to_list() == [7, 0, -1]
    assert found["difference"].fillna(-9).to_list() == [2, -2, -9]
    parts = site_table(NETWORK.assign(Nurses=[2.5, 2, 3]), "Nurses", "visits", floor={"C": 4})
    assert parts["target"].sum() == 7.5 and parts["floor"].to_list() == [0, 0, 4]
    nobody = site_table(NETWORK.assign(Nurses=0), "Nurses")
    assert nobody["target"].isna().all() and nobody["target"].dtype == "Int64"


def test_the_sheets_of_a_plan_hold_its_moves_and_name_their_units():
    made = plan(NETWORK, [4, 3, 3], [3, 5, 2], max_km=60, max_moves=None, max_leave=0.5)
    sheets = plan_tables(made, NETWORK, settings={"catchment": "own"}, notes=["As counted."])
    assert list(sheets) == ["Sites", "Moves", "Unmet", "Totals", "Settings", "Definitions"]
    assert sheets["Sites"]["Visits per staff member"].to_list() == [100, 350, 100]
    assert sheets["Moves"][["From", "To", "People", "Staff-km"]].to_numpy().tolist() == [
        ["A", "B", 1, 31.4]
    ]
    said = dict(zip(sheets["Settings"]["Setting"], sheets["Settings"]["Value"], strict=True))
    assert said["Longest move allowed (km)"] == "60"
    assert said["Most moves in all"] == "no limit" and said["Need"] == "Visits"
    assert said["Most who may leave a facility"] == "50 % of its staff"
    notes = sheets["Settings"].loc[sheets["Settings"]["Setting"] == "Note", "Value"].to_list()
    assert notes[:2] == ["As counted.", "A tie."] and "decision aid" in notes[2]
    totals = sheets["Totals"].set_index("Figure")["All roles"]
    assert totals["People moved"] == 1 and totals["Worst-off facility, before"] == "B, Nurses"
    assert exports.to_workbook(sheets)[:2] == b"PK"


def test_beside_required_staff_stands_the_wisn_ratio():
    network = NETWORK.assign(**{"required Nurses": [10.0, 4.0, None]})
    sites = site_table(network, "Nurses", "required Nurses")
    shown = sites_with_headings(sites, [need_of("required Nurses")])
    ratio = shown["Staff over required staff (WISN ratio)"]
    assert ratio.fillna(-1).to_list() == [0.5, 0.5, -1]
    assert not any("10,000" in name for name in shown)
