"""Units to where need is highest: against an integer program, a simple rule, and what must hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.geography import kilometres
from caremap.planning.allocation import Allocation
from caremap.planning.emergency import emergency


def areas(size: int, seed: int) -> pd.DataFrame:
    """Invented places: some are short of units, some have some to spare."""
    chance = np.random.default_rng(seed)
    short = chance.random(size) < 0.6
    return pd.DataFrame(
        {
            "place": [f"Place {at:02}" for at in chance.permutation(size)],
            "latitude": 45 + chance.random(size),
            "longitude": -120 + chance.random(size),
            "demand": np.where(short, chance.integers(1, 12, size), 0),
            "spare": np.where(short, 0, chance.integers(0, 12, size)),
            "score": np.round(25 * chance.random(size), 1),
        }
    )


def by_program(places: pd.DataFrame, max_km: float, share: float) -> tuple[float, float, float]:
    """Floors kept, need points and kilometres of three integer programs, one after the other."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    from_, to = places[places["spare"] > 0], places[places["demand"] > 0]
    km = kilometres(
        from_["latitude"].to_numpy()[:, None], from_["longitude"].to_numpy()[:, None],
        to["latitude"].to_numpy()[None, :], to["longitude"].to_numpy()[None, :],
    )  # fmt: skip
    s, p = km.shape
    demand = to["demand"].to_numpy("float64")
    floor = np.ceil(share * demand)
    rows = np.zeros((s + 2 * p, s * p + p))  # then: the part of each floor that is kept
    for at in range(s):
        rows[at, at * p : (at + 1) * p] = 1
    for at in range(p):
        rows[s + at, at : s * p : p] = 1
        rows[s + p + at, at : s * p : p] = -1
        rows[s + p + at, s * p + at] = 1
    high = np.r_[from_["spare"].to_numpy(), demand, np.zeros(p)]
    bounds = Bounds(0, np.r_[np.where(km <= max_km, 99, 0).ravel(), floor])
    kept = np.r_[np.zeros(s * p), np.ones(p)]
    value = np.r_[np.tile(to["score"].to_numpy(), s), np.zeros(p)]
    limits = [LinearConstraint(rows, -np.inf, high)]
    best: list[float] = []
    for aim in (kept, value, -np.r_[km.ravel(), np.zeros(p)]):
        found = milp(-aim, integrality=np.ones(len(aim)), bounds=bounds, constraints=limits,
                     options={"mip_rel_gap": 0})  # fmt: skip
        best.append(-found.fun)
        limits.append(LinearConstraint(aim[None, :], best[-1] - 1e-6, np.inf))
    return best[0], best[1], -best[2]


@pytest.mark.parametrize("seed", range(6))
def test_it_is_as_good_as_an_integer_program_written_apart(seed: int):
    places = areas(14, seed)
    found = emergency(places, max_km=70.0, minimum=0.1)
    kept, value, km = by_program(places, 70.0, 0.1)
    assert found.places["floor"].sum() - found.totals["floors_unmet"] == pytest.approx(kept)
    if found.totals["floors_unmet"]:  # which floors are kept is decided by fairness, not by value
        assert found.totals["value"] <= value + 1e-6
    else:
        assert found.totals["value"] == pytest.approx(value)
        assert found.totals["unit_km"] == pytest.approx(km, abs=1e-3)


@st.composite
def settings_of(draw: Any) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Places and settings."""
    places = areas(draw(st.integers(2, 9)), draw(st.integers(0, 10_000)))
    arguments = {
        "pool": draw(st.sampled_from([None, 0, 3, 20])),
        "max_km": draw(st.sampled_from([None, 0.0, 30.0, 60.0])),
        "minimum": draw(st.sampled_from([0.0, 0.25, 1.0, 2.0])),
    }
    return places, arguments


@settings(max_examples=20, deadline=None)
@given(settings_of())
def test_what_must_always_hold(case: tuple[pd.DataFrame, dict[str, Any]]):
    places, arguments = case
    before = places.copy()
    found = emergency(places, **arguments)
    pd.testing.assert_frame_equal(places, before)
    sent, table, totals = found.sent, found.places, found.totals
    given_up = sent.groupby("from")["units"].sum()
    spare = {**dict(zip(places["place"], places["spare"], strict=True)),
             "Pool": arguments["pool"] or 0}  # fmt: skip
    assert all(units <= spare[name] for name, units in given_up.items())
    assert table["place"].tolist() == places["place"].tolist()
    assert (table["received"] <= table["demand"]).all()
    assert (table["demand"] - table["received"] == table["unmet"]).all()
    assert sent["units"].sum() == table["received"].sum() == totals["units"]
    assert totals["value"] == pytest.approx((table["need"] * table["received"]).sum())
    assert totals["unmet"] == table["unmet"].sum()
    if arguments["max_km"] is not None:
        assert not (sent["km"] > arguments["max_km"]).any()
        assert totals["floors_unmet_without_max_km"] <= totals["floors_unmet"]
        if not totals["floors_unmet"]:
            assert totals["value"] <= totals["value_without_max_km"] + 1e-9
    assert totals["floors_unmet"] == (table["floor"] - table["received"]).clip(lower=0).sum()
    assert totals["floors_unmet"] <= totals["greedy_floors_unmet"]
    if totals["floors_unmet"] == totals["greedy_floors_unmet"]:
        assert totals["value"] >= totals["greedy_value"] - 1e-9
    if not totals["floors_unmet"]:
        assert totals["value"] <= totals.get("value_without_floors", np.inf) + 1e-9
    assert (table["reason"].eq("") == table["unmet"].eq(0)).all()
    limits = found.limits
    assert (limits["used"] <= limits["of"] + 1e-9).all() and limits["one_more"].notna().all()
    sources = limits[limits["limit"] == "Beds to give"]
    assert (sources.loc[sources["binding"], "used"] == sources.loc[sources["binding"], "of"]).all()
    again = emergency(places.sample(frac=1, random_state=1), **arguments)
    pd.testing.assert_frame_equal(again.sent, sent)
    pd.testing.assert_frame_equal(again.limits, limits)


@settings(max_examples=20, deadline=None)
@given(settings_of())
def test_nobody_is_below_a_floor_that_could_be_met(case: tuple[pd.DataFrame, dict[str, Any]]):
    """A place below its floor reaches no unit that is left, or goes beyond a floor elsewhere."""
    places, arguments = case
    found = emergency(places, **{**arguments, "minimum": 0.5})
    at = places.set_index("place")
    beyond = found.places.set_index("place").eval("received - floor")
    used = found.sent.groupby("from")["units"].sum()
    limit = np.inf if arguments["max_km"] is None else arguments["max_km"]
    supply = {**at["spare"].to_dict(), "Pool": arguments["pool"] or 0}
    for place in found.places.loc[found.places["received"] < found.places["floor"], "place"]:
        for name, units in supply.items():
            near = name == "Pool" or kilometres(
                *at.loc[place, ["latitude", "longitude"]], *at.loc[name, ["latitude", "longitude"]]
            ) <= limit  # fmt: skip
            if near and units:
                assert used.get(name, 0) == units
                served = found.sent.loc[found.sent["from"] == name, "to"]
                assert (beyond[served] <= 0).all()


LINE = pd.DataFrame(
    {"place": ["Low", "High", "Far", "Giver"], "latitude": 0.0, "longitude": [0.0, 0.5, 3.0, 1.0],
     "demand": [4, 4, 4, 0], "spare": [0, 0, 0, 5], "score": [5.0, 20.0, 9.0, 1.0]}
)  # fmt: skip


def received(found: Allocation) -> list[int]:
    return found.places["received"].to_list()


@pytest.mark.parametrize(
    ("arguments", "units"),
    [
        ({}, [0, 4, 1, 0]),  # the neediest first
        ({"max_km": 120.0}, [1, 4, 0, 0]),  # Far is 222.6 km away
        ({"max_km": 60.0}, [0, 4, 0, 0]),
        ({"max_km": 10.0}, [0, 0, 0, 0]),
        ({"minimum": 0.25}, [1, 3, 1, 0]),
        ({"minimum": 0.5}, [1, 2, 2, 0]),  # 6 promised, 5 there
        ({"minimum": 2}, [1, 2, 2, 0]),
        ({"minimum": {"Low": 3}}, [3, 2, 0, 0]),
        ({"pool": 3}, [0, 4, 4, 0]),
        ({"pool": 3, "max_km": 60.0}, [0, 4, 3, 0]),  # the pool goes everywhere
        ({"pool": 20}, [4, 4, 4, 0]),
        ({"pool": 3.7}, [0, 4, 4, 0]),
        ({"pool": pd.DataFrame({"source": ["Depot"], "units": [3.9], "latitude": [0.0],
                                "longitude": [2.9]}), "max_km": 60.0}, [0, 4, 3, 0]),
    ],
)  # fmt: skip
def test_on_a_line_of_places(arguments: dict[str, Any], units: list[int]):
    assert received(emergency(LINE, **arguments)) == units


def test_what_an_allocation_says_of_itself():
    found = emergency(LINE, max_km=120.0, minimum={"Far": 1}, resource="ventilators")
    assert (found.use, found.value_unit, found.optimal) == ("emergency", "need points met", True)
    first = found.sent.iloc[0]
    assert first[["from", "to", "units"]].to_list() == ["Giver", "High", 4]
    assert first["why"] == "Need 20.0 of 25 points; 4 ventilators short."
    assert first["km"] == pytest.approx(55.66, abs=0.01) and first["value"] == 80
    reason = dict(zip(found.places["place"], found.places["reason"], strict=True))
    assert reason["High"] == reason["Giver"] == ""
    assert reason["Far"] == (
        "No ventilators are within 120 km; the nearest are at Giver (222.6 km). A longer way "
        "would reach them."
    )
    assert reason["Low"].startswith("All ventilators within 120 km go where need is as high")
    limits = found.limits.set_index(["limit", "at"])
    assert limits.loc[("Ventilators to give", "Giver")].to_list() == [5, 5, True, 5.0]
    assert limits.loc[("Minimum cover", "Far")].to_list() == [0, 1, False, 0]
    way = limits.loc[("Longest way (km)", "")]
    assert way["binding"] and way["one_more"] == 0 and way["of"] == 120
    assert found.totals["value_without_max_km"] == 80 + 9
    assert any("cannot be found" in note for note in found.notes)
    assert found.settings["resource"] == "ventilators" and len(found.assumptions) == 6


def test_units_left_over_beyond_the_limit_are_named():
    places = LINE.assign(demand=[0, 0, 4, 0])
    pool = pd.DataFrame({"source": ["Depot"], "units": [1], "latitude": [0.0], "longitude": [3.0]})
    reason = emergency(places, pool, max_km=100).places["reason"][2]
    assert "5 are left at Giver (222.6 km)" in reason


def test_a_place_meets_its_own_need_first_and_keeps_what_it_fills():
    places = pd.DataFrame(
        {"place": ["A", "B"], "need": [3.2, 2], "beds": [100, 100], "occupied": [68, None]}
    )
    found = emergency(places)  # 68 patients fill 80 beds to 85 percent: 20 to spare, 4 of its own
    assert found.places["demand"].to_list() == [0, 2] and received(found) == [0, 2]
    assert found.limits["of"].to_list() == [16]
    assert "1 place first met need from units already there: 4 stay" in found.notes[0]
    assert emergency(places, keep=0.68).places["unmet"].to_list() == [4, 2]


def test_what_is_not_known_is_said():
    places = pd.DataFrame(
        {"place": ["A", "B", "C"], "demand": [2, None, 2], "spare": [0, 4, None],
         "score": [4, 9, None], "latitude": [0.0, 0.1, None], "longitude": [0.0, 0.1, 0.0]}
    )  # fmt: skip
    found = emergency(places)
    assert received(found) == [2, 0, 0]
    text = " ".join(found.notes)
    assert "What 1 place needs is not known: counted as nothing." in text
    assert "What 1 place could give is not known" in text
    assert "need of “C” is not known; 6.5 points are assumed, the median" in text
    assert "1 place in need has no coordinates" in text
    assert "Add its coordinates" in found.places["reason"][2]
    assert received(emergency(places, pool=1)) == [2, 0, 1]


def test_any_frame_will_do():
    written = pd.DataFrame(
        {"place": [1, 2], "demand": ["1,200", "0.5"], "score": ["3", 4], "spare": [None, "0"]},
        index=["x", "x"], dtype=object,
    )  # fmt: skip
    before = written.copy()
    found = emergency(written, pd.DataFrame({"source": ["2", "Depot"], "units": ["700", 5]}))
    pd.testing.assert_frame_equal(written, before)
    assert found.places["demand"].to_list() == [1200, 1] and received(found) == [704, 1]
    assert found.limits["at"].to_list() == ["2 (pool)", "Depot"]


def test_scores_are_worked_out_where_none_are_given_and_weights_are_the_users():
    places = pd.DataFrame(
        {"place": ["A", "B"], "demand": [5, 5], "occupancy": [99, 50], "over_65": [5, 30]}
    )
    assert received(emergency(places, 5, weights={"occupancy": 1})) == [5, 0]
    assert received(emergency(places, 5, weights={"vulnerability": 1})) == [0, 5]


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        (lambda p: p.drop(columns="place"), {}, "no column “place”"),
        (lambda p: p.assign(place="Low"), {}, "“Low” is there twice"),
        (lambda p: p.drop(columns="demand"), {}, "What each place needs is not known"),
        (lambda p: p.assign(score=26), {}, "score is above 25"),
        (lambda p: p, {"minimum": -1}, "minimum is less than nothing"),
        (lambda p: p, {"minimum": {"Elsewhere": 1}}, "no place “Elsewhere”"),
        (lambda p: p, {"max_km": -5}, "longest way is less than nothing"),
        (lambda p: p, {"keep": 1.5}, "cannot keep 1.5"),
        (lambda p: p, {"pool": -1}, "pool holds less than nothing"),
        (lambda p: p, {"pool": pd.DataFrame({"source": ["X"]})}, "What the pool holds"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(change: Any, arguments: Any, said: str):
    with pytest.raises(DataProblem, match=said):
        emergency(change(LINE), **arguments)


def test_without_places_or_need_or_units_there_is_nothing_to_send():
    for places in (LINE[:0], LINE.assign(demand=0), LINE.assign(spare=0)):
        found = emergency(places, max_km=50)
        assert found.sent.empty and found.totals["value"] == 0
        assert list(found.sent) == ["from", "to", "units", "km", "value", "why"]
    assert set(found.places["reason"]) == {"", "There are no beds to send."}


def test_progress_is_told_to_the_end():
    told: list[tuple[str, float]] = []
    emergency(LINE, 3, progress=lambda stage, part: told.append((stage, part)))
    parts = [part for _, part in told]
    assert parts == sorted(parts) and parts[0] == 0 and parts[-1] == 1


@pytest.mark.parametrize(("demand", "pool"), [(1e30, 3.0), (5.0, 1e30), (5.0, 1e13)])
def test_units_that_could_not_be_counted_are_a_problem_in_words(demand: float, pool: float) -> None:
    places = pd.DataFrame({"place": ["A"], "score": [3.0], "demand": [demand]})
    with pytest.raises(DataProblem, match="more than"):
        emergency(places, pool)


def test_the_simple_rule_makes_no_more_of_promises_shared_out_unfairly():
    """Two units for promises of three: one each is fair; two to A would be worth 40 of points."""
    places = pd.DataFrame({"place": ["A", "B"], "score": [20, 5], "demand": [2, 1]})
    totals = emergency(places, pool=2, minimum=1.0).totals
    kept = {name: totals[name] for name in ("value", "greedy_value", "floors_unmet")}
    assert kept == {"value": 25.0, "greedy_value": 25.0, "floors_unmet": 1}
    assert totals["greedy_floors_unmet"] == 1


def test_pools_called_like_places_keep_names_of_their_own():
    places = pd.DataFrame({"place": ["A", "B"], "score": [20, 5], "demand": [9, 9]})
    pool = pd.DataFrame({"source": ["A", "A (pool)", "B", "C"], "units": [1, 2, 3, 4]})
    sent = emergency(places, pool).sent.groupby("from")["units"].sum()
    assert sent.to_dict() == {"A (pool) (pool)": 1, "A (pool)": 2, "B (pool)": 3, "C": 4}
