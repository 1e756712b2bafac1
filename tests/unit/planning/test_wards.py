"""Patients in wards: never below the level of care, never more than the beds of a day."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning import CARE_POINTS, LEVELS, place_patients
from caremap.planning import wards as wards_module
from caremap.planning.ward_problem import WardProblem, ward_problem
from caremap.planning.whole_numbers import best_choice

PATIENTS = pd.DataFrame(
    {
        "group": ["Surgery", "Intensive care", "Medicine"],
        "level": ["general", "intensive", "General "],
        "expected": [4, 2, 3],
        "risk": [0.1, 0.6, 0.2],
        "remark": "kept out",
    },
    index=[4, 4, 0],
)
WARDS = pd.DataFrame(
    {
        "ward": ["Ward 2", "ICU", "Ward 10"],
        "department": ["Medicine", "Intensive care", "surgery"],
        "level": ["general", "intensive", "general"],
        "beds": [5, 4, 6],
        "occupied": [4, 1, 4],
    },
    index=[1, 1, 9],
)


def test_own_department_first_then_a_ward_of_the_level_then_one_above():
    found = place_patients(PATIENTS, WARDS)
    assert found.sent[["from", "to", "units", "level", "ward_level"]].to_numpy().tolist() == [
        ["Intensive care", "ICU", 2, "intensive", "intensive"],
        ["Surgery", "Ward 10", 2, "general", "general"],
        ["Medicine", "ICU", 1, "general", "intensive"],
        ["Medicine", "Ward 2", 1, "general", "general"],
    ]
    assert found.sent["why"][2] == (
        "Another department, a ward of a higher level than needed: beds of their own do not "
        "suffice or do not fit."
    )
    assert found.places[["place", "demand", "received", "unmet"]].to_dict("list")["place"] == [
        "Surgery", "Intensive care", "Medicine",
    ]  # fmt: skip
    assert found.places["received"].sum() == 6  # 1 + 3 + 2 beds are free
    assert found.places.set_index("place")["received"]["Intensive care"] == 2
    assert dict(found.totals) | {"unit_km": 0} == {
        "value": 204.0, "units": 6, "unit_km": 0, "unmet": 3, "floors_unmet": 0,
        "greedy_value": 204.0, "greedy_unmet": 3, "own_department": 5, "above_level": 1,
    }  # fmt: skip
    assert found.limits.set_index("at")["one_more"].to_dict() == {
        "ICU": 1.0, "Ward 10": 1.0, "Ward 2": 1.0,
    }  # fmt: skip
    assert found.use == "wards" and found.optimal


def test_who_needs_intensive_care_is_not_placed_below_it():
    wards = WARDS.assign(beds=[50, 2, 60])
    found = place_patients(PATIENTS, wards)
    received = found.places.set_index("place")["received"]
    assert received.to_dict() == {"Surgery": 4, "Intensive care": 1, "Medicine": 3}
    assert "no ward gives" not in found.places["reason"][1]
    none = place_patients(PATIENTS, wards[wards["ward"] != "ICU"])
    assert "no ward gives intensive care" in none.places["reason"][1]


def test_nobody_is_placed_in_another_facility():
    patients = pd.DataFrame({"group": "Surgery", "facility": ["North", "South"], "expected": 2})
    wards = pd.DataFrame({"ward": ["A", "B"], "department": "Surgery",
                          "facility": ["north", "South"], "beds": [9, 1]})  # fmt: skip
    found = place_patients(patients, wards)
    assert found.places["place"].tolist() == ["Surgery, North", "Surgery, South"]
    assert found.places["received"].tolist() == [2, 1]


def test_a_bed_is_taken_as_long_as_the_stay_says():
    """Six patients over six days, two nights each, in two beds: nobody is missing."""
    patients = pd.DataFrame({"group": ["Surgery"], "expected": [6]})
    wards = pd.DataFrame({"ward": ["A"], "department": ["Surgery"], "beds": [2]})
    nights = {"Surgery": [1.0, 1.0]}
    assert place_patients(patients, wards, days=6, survival=nights).totals["unmet"] == 0
    assert place_patients(patients, wards.assign(beds=1), days=6,
                          survival=nights).places["received"].tolist() == [3]  # fmt: skip
    assert place_patients(patients, wards, days=6).places["received"].tolist() == [2]  # throughout
    day_one = place_patients(patients.assign(day=1), wards, days=6, survival=nights)
    assert day_one.places["received"].tolist() == [2]
    assert day_one.limits[["limit", "used", "of"]].to_numpy().tolist() == [
        ["Free beds on day 1, the fullest", 2.0, 2.0]
    ]


def test_beds_become_free_as_todays_patients_leave():
    patients = pd.DataFrame({"group": ["Surgery"], "expected": [4]})
    wards = pd.DataFrame({"ward": ["A"], "department": ["Surgery"], "beds": [2], "occupied": [2]})
    held = pd.DataFrame({"ward": "A", "day": [1, 2, 3, 4], "held": [2, 1, 1, 0.4],
                         "long": [1, 1, 1, 0.4]})  # fmt: skip
    one_night = {"Surgery": [1.0]}
    assert place_patients(patients, wards, days=4, survival=one_night).totals["units"] == 0
    found = place_patients(patients, wards, days=4, survival=one_night, held=held)
    assert found.totals["units"] == 3  # on days 2, 3 and 4
    assert found.notes[0] == ("A: on day 4 long stays of today's patients are expected to hold 0.4 "
                              "of 2 beds.")  # fmt: skip


def test_a_mean_stay_alone_is_taken_to_end_as_likely_on_any_day():
    problem = ward_problem(pd.DataFrame({"group": ["A"], "expected": [1], "stay": [3.0], "day": 1}),
                           WARDS, 60, None, None, CARE_POINTS)  # fmt: skip
    assert problem.taken[0][:2] == pytest.approx([0.75, 0.5625])
    assert problem.taken[0].sum() == pytest.approx(3.0, abs=1e-6)


def test_wards_of_unknown_beds_are_left_out_and_said():
    found = place_patients(PATIENTS, WARDS.assign(beds=[5, 4, None]))
    assert "Ward 10" not in set(found.limits["at"])
    assert any("Beds are not known of 1 ward" in note for note in found.notes)


def test_hospitals_are_solved_one_by_one_and_named_while_they_are():
    patients = pd.DataFrame({"group": "Surgery", "facility": ["North", "South"], "expected": 3,
                             "stay": 4.0})  # fmt: skip
    wards = pd.DataFrame({"ward": ["A", "B"], "department": "Surgery",
                          "facility": ["North", "South"], "beds": [1, 2]})  # fmt: skip
    told: list[tuple[str, float]] = []
    both = place_patients(patients, wards, days=6, progress=lambda *one: told.append(one))
    assert [words for words, _ in told][1:3] == [
        "The best places in North", "The best places in South",
    ]  # fmt: skip
    assert [part for _, part in told] == sorted(part for _, part in told)
    for name in ("North", "South"):
        alone = place_patients(patients[patients["facility"] == name],
                               wards[wards["facility"] == name], days=6)  # fmt: skip
        assert alone.optimal and alone.sent["units"].tolist() == both.sent.loc[
            both.sent["from"].str.contains(name), "units"
        ].tolist()  # fmt: skip
        assert alone.limits["one_more"].tolist() == both.limits.loc[
            both.limits["at"].isin(alone.limits["at"]), "one_more"
        ].tolist()  # fmt: skip


def test_one_more_bed_is_searched_for_only_where_a_bound_does_not_settle_it(monkeypatch: Any):
    """Whom one more bed takes is found at once: only the placing itself is searched."""
    searched: list[object] = []

    def counting(*given: Any) -> Any:
        searched.append(given)
        return best_choice(*given)

    monkeypatch.setattr(wards_module, "best_choice", counting)
    patients = pd.DataFrame({"group": ["A", "B"], "expected": [3, 2], "day": 1})
    wards = pd.DataFrame({"ward": ["A", "B", "C"], "beds": [1, 1, 1]})
    stays = {"A": [1.0, 1.0], "B": [1.0]}
    found = place_patients(patients, wards, days=4, survival=stays)
    assert found.limits["one_more"].tolist() == [1.0, 1.0, 1.0]
    assert len(searched) == 1


def test_beds_held_elsewhere_are_no_matter():
    held = pd.DataFrame({"ward": ["Elsewhere"], "day": [1], "held": [2.0], "long": [1.0]})
    assert place_patients(PATIENTS, WARDS, held=held).totals["units"] == 6


@pytest.mark.parametrize(
    ("patients", "wards", "more", "words"),
    [
        ({"expected": 1.5}, {}, {}, "whole number"),
        ({"expected": -1}, {}, {}, "below 0"),
        ({"group": "A"}, {}, {}, "stands twice"),
        ({"level": "best"}, {}, {}, "level of care"),
        ({}, {"ward": "A"}, {}, "ward stands twice"),
        ({}, {"beds": 2.5}, {}, "whole number"),
        ({"day": 99}, {}, {}, "day of arrival"),
        ({}, {}, {"days": 0}, "days ahead"),
        ({}, {}, {"points": {"general": 1, "intensive": 0}}, "points"),
        ({}, {}, {"survival": {"Surgery": [0.5, 0.9]}}, "survival of the stay rises"),
    ],
)
def test_what_cannot_be_used_is_said(patients: Any, wards: Any, more: Any, words: str):
    changed = PATIENTS.assign(**patients)
    if "group" in patients:
        changed = changed.assign(level="general")
    with pytest.raises(DataProblem, match=words):
        place_patients(changed, WARDS.assign(**wards), **more)


def test_rows_in_any_order_give_the_same_and_nothing_is_changed():
    before = [PATIENTS.copy(deep=True), WARDS.copy(deep=True)]
    for survival in (None, {"Surgery": [1, 0.5, 0.25], "Medicine": [1.0, 1.0]}):
        first = place_patients(PATIENTS, WARDS, survival=survival)
        second = place_patients(PATIENTS.iloc[::-1], WARDS.iloc[[1, 2, 0]], survival=survival)
        pd.testing.assert_frame_equal(first.sent, second.sent)
        pd.testing.assert_frame_equal(first.limits, second.limits)
        back = second.places.iloc[::-1].reset_index(drop=True)
        pd.testing.assert_frame_equal(first.places, back)
    pd.testing.assert_frame_equal(PATIENTS, before[0])
    pd.testing.assert_frame_equal(WARDS, before[1])


@pytest.mark.parametrize(("patients", "wards"), [(0, 3), (3, 0)])
def test_without_patients_or_wards_nothing_is_placed(patients: int, wards: int):
    found = place_patients(PATIENTS.head(patients), WARDS.head(wards))
    assert found.sent.empty and found.totals["units"] == 0 and found.optimal
    assert len(found.places) == patients and len(found.limits) == wards


def allowed(problem: WardProblem, units: np.ndarray) -> bool:
    sent = np.zeros(len(problem.cohort))
    np.add.at(sent, problem.coming, units)
    return bool((sent <= problem.waiting).all()
                and (problem.used(units) <= problem.free + 1e-9).all())  # fmt: skip


def brute(problem: WardProblem) -> tuple[float, int]:
    """The most points there can be, and with these the fewest steps from one's own ward."""
    counts = product(*(range(int(problem.waiting[who]) + 1) for who in problem.coming))
    uses = [np.array(one) for one in counts]
    ranked = [
        (round(float(units @ problem.points[problem.group]), 9), -int(units @ problem.steps))
        for units in uses if allowed(problem, units)
    ]  # fmt: skip
    return max(ranked)


@st.composite
def cases(draw: Any) -> dict[str, Any]:
    whole, level = st.integers(0, 2), st.sampled_from(LEVELS)
    groups, wards = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    patients = pd.DataFrame([
        {"group": f"G{n}", "level": draw(level), "expected": draw(whole), "day": draw(
            st.integers(1, 3))} for n in range(groups)
    ])  # fmt: skip
    places = pd.DataFrame([
        {"ward": f"W{n}", "department": draw(st.sampled_from(["G0", "G1"])), "level": draw(level),
         "beds": draw(whole) + 1, "occupied": draw(st.integers(0, 2))} for n in range(wards)
    ])  # fmt: skip
    curve = st.lists(st.sampled_from([1.0, 0.75, 0.4]), min_size=1, max_size=3)
    stays = {f"G{n}": sorted(draw(curve), reverse=True) for n in range(groups)}
    return {"patients": patients, "wards": places, "days": 3,
            "survival": draw(st.sampled_from([None, stays]))}  # fmt: skip


@settings(max_examples=20)
@given(cases())
def test_as_good_as_the_best_of_all_there_are(case: dict[str, Any]):
    found = place_patients(**case)
    problem = ward_problem(case["patients"], case["wards"], 3, case["survival"], None, CARE_POINTS)
    value, steps = brute(problem)
    assert found.optimal and found.totals["value"] == pytest.approx(value)
    assert found.totals["greedy_value"] <= found.totals["value"] + 1e-9
    own = dict(zip(case["wards"]["ward"], case["wards"]["department"], strict=True))
    levels = dict(zip(case["wards"]["ward"], case["wards"]["level"], strict=True))
    walked = sum(
        row["units"] * (10 * (own[row["to"]] != row["from"].split(",")[0])
                        + LEVELS.index(row["ward_level"]) - LEVELS.index(row["level"]))
        for row in found.sent.to_dict("records")
    )  # fmt: skip
    assert walked == -steps
    assert all(row["ward_level"] == levels[row["to"]] for row in found.sent.to_dict("records"))
    assert all(
        LEVELS.index(row["ward_level"]) >= LEVELS.index(row["level"])
        for row in found.sent.to_dict("records")
    )


@settings(max_examples=5)
@given(cases())
def test_one_more_bed_is_worth_the_difference_of_two_solutions(case: dict[str, Any]):
    found = place_patients(**case)
    for row in found.limits.to_dict("records"):
        more = case["wards"]["beds"] + case["wards"]["ward"].eq(row["at"])
        again = place_patients(**{**case, "wards": case["wards"].assign(beds=more)})
        gain = again.totals["value"] - found.totals["value"]
        assert gain == pytest.approx(row["one_more"], abs=1e-9)
