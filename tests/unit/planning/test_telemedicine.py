"""Virtual hours to places by need, rurality and distance: licences, minimums, falling worth."""

from __future__ import annotations

from itertools import product
from operator import gt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning.allocation import Allocation
from caremap.planning.telemedicine import FALLING, telemedicine

CLINICIANS = pd.DataFrame(
    {"clinician": ["Ada", "Bo", "Cy"], "hours": [6, 4, 3], "regions": ["WA; or", "OR", "ID"]}
)
PLACES = pd.DataFrame(
    {"place": ["City", "Farm", "Hill"], "region": ["WA", "OR", "WA"], "need": [8, 8, 4],
     "rural": ["no", "yes", "yes"], "km_to_care": [0, 100, 50]}
)  # fmt: skip
REGIONS = ["WA", "OR", "ID"]


def received(found: Allocation) -> list[float]:
    return found.places["received"].to_list()


@st.composite
def cases(draw: Any, clinicians: int, places: int, hours: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A few clinicians with licences, a few places."""
    region = st.sampled_from(REGIONS)
    people = pd.DataFrame(
        [(f"C{at}", draw(st.integers(0, hours)), ", ".join(draw(st.sets(region))))
         for at in range(clinicians)], columns=["clinician", "hours", "regions"],
    )  # fmt: skip
    asked = pd.DataFrame(
        [(f"P{at}", draw(region), draw(st.integers(0, hours)), draw(st.booleans()),
          draw(st.sampled_from([0.0, 30.0, 250.0]))) for at in range(places)],
        columns=["place", "region", "need", "rural", "km_to_care"],
    )  # fmt: skip
    return people, asked


def worth(asked: pd.DataFrame, got: list[int]) -> float:
    """Weighted hours, by the definition."""
    total = 0.0
    for row, hours in zip(asked.to_dict("records"), got, strict=True):
        edges = np.ceil(row["need"] * np.arange(1, 5) / 4 - 1e-9)
        weight = (1 + row["rural"]) * (1 + min(row["km_to_care"], 100) / 100)
        total += sum(weight * FALLING[int(np.searchsorted(edges, h + 1))] for h in range(hours))
    return total


@settings(max_examples=20, deadline=None)
@given(cases(2, 3, 3))
def test_it_is_the_best_of_all_allocations(case: tuple[pd.DataFrame, pd.DataFrame]):
    people, asked = case
    found = telemedicine(people, asked, minimum_rural=1.0)
    floor = np.minimum(asked["need"], asked["rural"]).to_numpy()
    pairs = [
        (c, p)
        for c in range(2)
        for p in range(3)
        if asked["region"][p] in people["regions"][c].split(", ")
    ]
    best = (-1, -1.0)
    hours, wanted = people["hours"].to_list(), asked["need"].to_list()
    seen: dict[tuple[int, ...], tuple[int, float]] = {}
    for flow in product(*(range(hours[c] + 1) for c, _ in pairs)):
        given_up, got = [0, 0], [0, 0, 0]
        for n, (c, p) in zip(flow, pairs, strict=True):
            given_up[c] += n
            got[p] += n
        if any(map(gt, given_up, hours)) or any(map(gt, got, wanted)):
            continue
        if tuple(got) not in seen:
            kept = int(np.minimum(got, floor).sum())
            seen[tuple(got)] = (kept, round(worth(asked, got), 9))
        best = max(best, seen[tuple(got)])
    ours = [int(hours) for hours in found.places["received"]]
    assert best[0] == floor.sum() - found.totals["floors_unmet"] == np.minimum(ours, floor).sum()
    assert found.totals["value"] == pytest.approx(worth(asked, ours))
    assert found.totals["value"] == pytest.approx(best[1])  # floors of one hour all weigh the same


@settings(max_examples=20, deadline=None)
@given(cases(3, 4, 12), st.sampled_from([1.0, 0.25]))
def test_what_must_always_hold(case: tuple[pd.DataFrame, pd.DataFrame], step: float):
    people, asked = case
    found = telemedicine(people, asked, step=step)
    sent, table, totals = found.sent, found.places, found.totals
    given_up = sent.groupby("from")["units"].sum()
    assert (given_up <= people.set_index("clinician")["hours"].reindex(given_up.index)).all()
    licences = people.set_index("clinician")["regions"]
    region = asked.set_index("place")["region"]
    assert all(region[to] in licences[from_] for from_, to in zip(sent["from"], sent["to"],
                                                                  strict=True))  # fmt: skip
    assert (table["received"] <= table["demand"]).all() and (sent["units"] % step == 0).all()
    assert (table["floor"] == np.where(asked["rural"], np.minimum(asked["need"], 2), 0)).all()
    assert sent["units"].sum() == table["received"].sum() == totals["units"]
    assert totals["floors_unmet"] == (table["floor"] - table["received"]).clip(lower=0).sum()
    assert totals["floors_unmet"] <= totals["greedy_floors_unmet"]
    if totals["floors_unmet"] == totals["greedy_floors_unmet"]:
        assert totals["value"] >= totals["greedy_value"] - 1e-9
    assert sent["value"].sum() == pytest.approx(totals["value"])
    assert (table["reason"].eq("") == table["unmet"].eq(0)).all()
    again = telemedicine(people[::-1], asked.sample(frac=1, random_state=2), step=step)
    pd.testing.assert_frame_equal(again.sent, sent)


@pytest.mark.parametrize(
    ("arguments", "hours"),
    [
        ({}, [1, 6, 3]),  # weights 1, 4, 3; Cy has no licence here
        ({"minimum_rural": 0}, [1, 6, 3]),
        ({"minimum_rural": 4}, [0, 6, 4]),
        ({"rural_weight": 0, "distance_weight": 0, "minimum_rural": 0}, [4, 4, 2]),
        ({"falling": [1.0]}, [0, 8, 2]),
    ],
)
def test_hours_by_weight(arguments: dict[str, Any], hours: list[float]):
    found = telemedicine(CLINICIANS, PLACES, **arguments)
    assert received(found) == hours
    assert found.places["weight"].to_list()[0] == 1


def test_what_an_allocation_says_of_itself():
    found = telemedicine(CLINICIANS, PLACES)
    assert (found.use, found.value_unit, found.optimal) == ("telemedicine", "weighted hours", True)
    assert found.sent["why"].str.contains("its first hour counts").all()
    why = dict(zip(found.sent["to"], found.sent["why"], strict=True))
    assert why["Farm"] == "Rural, 100 km from care: its first hour counts 4.00."
    assert found.places["reason"][0] == (
        "All hours of clinicians licensed in “WA” go where an hour counts as much or more, or to "
        "keep what is promised. 3 hours of others are left: a licence in “WA” would free them."
    )
    limits = found.limits.set_index(["limit", "at"])
    assert limits.loc[("Hours of a clinician", "Cy")].to_list() == [0, 3, False, 0]
    assert limits.loc[("Hours of a clinician", "Ada"), "binding"]
    licences = limits.loc[("Licence regions (pairs allowed)", "")]
    assert (licences["used"], licences["of"], licences["binding"]) == (4, 9, True)
    assert found.totals["value_without_licences"] > found.totals["value"]
    assert len(found.assumptions) == 6 and found.settings["falling"] == FALLING
    alone = telemedicine(CLINICIANS[2:], PLACES)
    assert alone.sent.empty and alone.places["reason"][1] == (
        "No clinician with hours has a licence in “OR”. 3 hours of others are left: a licence in "
        "“OR” would free them."
    )
    assert "4 hours promised to rural places cannot be found" in alone.notes[0]


def test_quarters_of_an_hour_can_be_given():
    people = pd.DataFrame({"clinician": ["Ada"], "hours": [1.6], "regions": ["all"]})
    found = telemedicine(people, PLACES, step=0.25)
    assert sum(received(found)) == 1.5 and found.totals["units"] == 1.5
    assert found.limits["of"][0] == 1.5


@pytest.mark.parametrize(
    ("rural", "weights"),
    [
        (["no", "Yes", None], [1, 2, 1]),
        ([True, False, True], [2, 1, 2]),
        ([0, 1, 0], [1, 2, 1]),
        ([1, 4, 10], [1, 4 / 3, 2]),
        ([3, 7.2, None], [1, 5 / 3, 1]),
        (["2", "10", "9"], [1, 2, 5 / 3]),
    ],
)
def test_rural_is_yes_and_no_or_a_commuting_area_code(rural: list[Any], weights: list[float]):
    found = telemedicine(CLINICIANS, PLACES.assign(rural=rural), distance_weight=0)
    assert found.places["weight"].to_list() == pytest.approx(weights)
    assert found.places["rural"].to_list() == [weight > 1 for weight in weights]
    assert any("counted as not rural" in note for note in found.notes) == (None in rural)


def test_a_specialty_asked_for_is_served_by_those_who_have_it():
    people = CLINICIANS.assign(regions="all", specialty=["Cardiology", "Psychiatry", None])
    places = pd.DataFrame(
        {"place": ["Farm", "Farm", "Hill"], "region": "WA", "need": [5, 5, 9],
         "rural": "yes", "specialty": ["cardiology ", "Stroke", None]}
    )  # fmt: skip
    found = telemedicine(people, places)
    assert found.places["place"].to_list() == ["Farm, cardiology ", "Farm, Stroke", "Hill"]
    assert received(found) == [5, 0, 8]  # the last hour counts the same: by name
    assert "specialty asked for" in found.places["reason"][1]


def test_scores_weigh_where_they_are_given_and_what_is_not_known_is_said():
    places = PLACES.assign(score=[25, None, 5], rural="no", km_to_care=[0, None, 0],
                           region=["WA", None, "WA"])  # fmt: skip
    found = telemedicine(CLINICIANS.assign(regions=["WA", None, "all"]), places)
    assert found.places["weight"].to_list() == [25, 15, 5]
    assert found.places["need"].to_list() == [25, 15, 5]
    text = " ".join(found.notes)
    for said in ("1 clinicians have no licence region", "distance to care is not known",
                 "region is not known", "the median is assumed"):  # fmt: skip
        assert said in text


@pytest.mark.parametrize(
    ("people", "places", "arguments", "said"),
    [
        (lambda c: c.drop(columns="hours"), None, {}, "How many hours clinicians have"),
        (lambda c: c.assign(clinician="Ada"), None, {}, "“Ada” is there twice"),
        (lambda c: c.drop(columns="clinician"), None, {}, "no column “clinician”"),
        (None, lambda p: p.drop(columns="need"), {}, "How many hours places ask for"),
        (None, lambda p: p.assign(place="Farm"), {}, "“Farm” is there twice"),
        (None, lambda p: p.assign(place=None), {}, "A row has no place"),
        (None, lambda p: p.assign(rural=[1, 1, 1]), {}, "nothing but 1"),
        (None, lambda p: p.assign(rural=[40, 1, 1]), {}, "neither yes and no nor"),
        (None, lambda p: p.assign(score=30), {}, "above 25"),
        (None, None, {"minimum_rural": -1}, "less than nothing"),
        (None, None, {"step": 0}, "is nothing"),
        (None, None, {"falling": [0.5, 1.0]}, "rises as a place gets more"),
        (None, None, {"falling": []}, "rises as a place gets more"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(people, places, arguments, said):
    with pytest.raises(DataProblem, match=said):
        telemedicine(
            people(CLINICIANS) if people else CLINICIANS,
            places(PLACES) if places else PLACES,
            **arguments,
        )


def test_nothing_is_changed_and_progress_is_told_to_the_end():
    people, places = CLINICIANS.copy(), PLACES.copy()
    told: list[float] = []
    telemedicine(people, places, progress=lambda _stage, part: told.append(part))
    pd.testing.assert_frame_equal(people, CLINICIANS)
    pd.testing.assert_frame_equal(places, PLACES)
    assert told == sorted(told) and told[0] == 0 and told[-1] == 1
    empty = telemedicine(people[:0], places[:0])
    assert empty.sent.empty and empty.totals["value"] == 0
