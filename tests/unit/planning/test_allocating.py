"""Who gets what when there is not enough, against every allocation there is."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning.allocating import Solved, solve, with_floors

Case = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@st.composite
def cases(draw: Any, sources: int = 2, places: int = 3) -> Case:
    """A few sources, places of one floor and one or two tiers, some links."""
    units = st.integers(0, 3)
    names = [f"S{at}" for at in range(sources)]
    supply = pd.DataFrame({"source": names, "units": [draw(units) for _ in names]})
    value = st.sampled_from([0.0, 0.1, 0.3, 1.0, 2.5])
    rows = [
        (f"P{at}", tier, draw(st.integers(0, 2)), draw(value), draw(st.booleans()))
        for at in range(places)
        for tier in range(draw(st.integers(1, 2)))
    ]
    tiers = pd.DataFrame(rows, columns=["place", "tier", "units", "value", "floor"])
    pairs = [
        (name, f"P{at}", draw(st.sampled_from([0.0, 1.0, 1.5, 2.0])))
        for name in names
        for at in range(places)
        if draw(st.integers(0, 3))
    ]
    return supply, tiers, pd.DataFrame(pairs, columns=["source", "place", "km"])


def in_order(tiers: pd.DataFrame) -> dict[str, list[tuple[float, bool]]]:
    """What the units of each place are worth, in the order they come in."""
    ordered = tiers.sort_values(["floor", "value"], ascending=False, kind="stable")
    return {
        str(place): [
            (value, floor)
            for n, value, floor in zip(part["units"], part["value"], part["floor"], strict=True)
            for _ in range(n)
        ]
        for place, part in ordered.groupby("place")
    }


def wishes(case: Case, flows: list[tuple[int, ...]]) -> list[tuple[Any, ...] | None]:
    """What is wished for, first things first, of allocations; None where one is not allowed."""
    supply, tiers, links = case
    there = dict(zip(supply["source"], supply["units"], strict=True))
    units, pairs = in_order(tiers), list(links.itertuples(index=False))
    floors = {place: sum(floor for _, floor in listed) for place, listed in units.items()}
    found: list[tuple[Any, ...] | None] = []
    for flow in flows:
        given_up, got, km = dict.fromkeys(there, 0), dict.fromkeys(units, 0), 0.0
        for n, (source, place, length) in zip(flow, pairs, strict=True):
            given_up[source] += n
            got[place] += n
            km += n * length
        if any(given_up[name] > there[name] for name in there) or any(
            got[place] > len(units[place]) for place in units
        ):
            found.append(None)
            continue
        kept = {place: min(got[place], floors[place]) for place in units}
        shares = sorted(kept[place] / floors[place] for place in units if floors[place])
        value = sum(worth for place in units for worth, _ in units[place][: got[place]])
        found.append((sum(kept.values()), tuple(shares), round(value, 9), -round(km, 9)))
    return found


def every(case: Case) -> list[tuple[Any, ...]]:
    """The wishes of every allocation that is allowed."""
    supply, _, links = case
    most = links["source"].map(supply.set_index("source")["units"])
    flows = list(product(*(range(int(n) + 1) for n in most)))
    return [found for found in wishes(case, flows) if found is not None]


def as_flow(case: Case, found: Solved) -> tuple[int, ...]:
    """The units of every link."""
    sent = found.sent.groupby(["source", "place"])["units"].sum()
    pairs = zip(case[2]["source"], case[2]["place"], strict=True)
    return tuple(int(sent.get(pair, 0)) for pair in pairs)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_it_is_the_best_of_all_allocations_wish_by_wish(case: Case) -> None:
    found = solve(*case)
    (ours,) = wishes(case, [as_flow(case, found)])
    assert ours is not None and ours == max(every(case))
    promised = int(case[1]["units"][case[1]["floor"]].sum())
    assert found.floor_unmet == promised - ours[0]
    assert found.value == pytest.approx(ours[2]) and found.unit_km == pytest.approx(-ours[3])
    assert found.optimal and found.sent["units"].gt(0).all()
    assert found.sent["value"].sum() == pytest.approx(found.value)


@settings(max_examples=30, deadline=None)
@given(cases())
def test_one_more_is_the_difference_to_the_best_with_one_more(case: Case) -> None:
    supply, tiers, links = case
    found = solve(*case)
    for name in supply["source"]:
        more = supply.assign(units=supply["units"] + (supply["source"] == name))
        assert found.one_more("source", name) == pytest.approx(
            solve(more, tiers, links).value - found.value
        )
    worth = found.worth()
    assert list(worth) == ["what", "at", "one_more"]
    for row in worth.dropna().itertuples():
        assert found.one_more(row.what, row.at) == pytest.approx(row.one_more)
    floors = worth[worth["what"] == "floor"]
    assert floors["one_more"].isna().all() if found.floor_unmet else floors.notna().all(axis=None)


@settings(max_examples=30, deadline=None)
@given(cases(3, 4), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case: Case, chance: Any) -> None:
    found = solve(*case)
    shuffled = [frame.sample(frac=1, random_state=chance.randrange(1000)) for frame in case]
    again = solve(*shuffled)
    pd.testing.assert_frame_equal(found.sent, again.sent)
    pd.testing.assert_frame_equal(found.worth(), again.worth())
    assert found.ties == again.ties


@settings(max_examples=30, deadline=None)
@given(cases(3, 4))
def test_no_more_is_sent_than_there_is_nor_received_than_asked_for(case: Case) -> None:
    before = [frame.copy() for frame in case]
    sent = solve(*case).sent
    for one, other in zip(case, before, strict=True):
        pd.testing.assert_frame_equal(one, other)
    given_up = sent.groupby("source")["units"].sum()
    assert (given_up <= case[0].set_index("source")["units"].reindex(given_up.index)).all()
    tiers = case[1].set_index(["place", "tier"])["units"]
    received = sent.groupby(["place", "tier"])["units"].sum()
    assert (received <= tiers.reindex(received.index)).all()
    pairs = set(zip(case[2]["source"], case[2]["place"], strict=True))
    assert set(zip(sent["source"], sent["place"], strict=True)) <= pairs


def one_pool(units: int, rows: list[tuple[Any, ...]]) -> Solved:
    """One pool that reaches every place."""
    tiers = pd.DataFrame(rows, columns=["place", "tier", "units", "value", "floor"])
    links = pd.DataFrame({"source": "Pool", "place": tiers["place"].unique(), "km": np.nan})
    return solve(pd.DataFrame({"source": ["Pool"], "units": [units]}), tiers, links)


@pytest.mark.parametrize(
    ("units", "received"),
    [
        (1, {"C": 1}),  # nobody has anything: a unit goes furthest where the floor is smallest
        (2, {"B": 1, "C": 1}),
        (3, {"A": 1, "B": 1, "C": 1}),
        (5, {"A": 2, "B": 2, "C": 1}),  # 2 of 8, 2 of 4, 1 of 2
        (7, {"A": 4, "B": 2, "C": 1}),  # half of each
        (14, {"A": 8, "B": 4, "C": 2}),
        (16, {"A": 10, "B": 4, "C": 2}),  # what is beyond the floors goes where it is worth most
    ],
)
def test_floors_that_cannot_all_be_kept_are_shared_out_by_the_worst_kept(units, received) -> None:
    found = one_pool(units, [
        ("A", "floor", 8, 1.0, True), ("A", "more", 5, 3.0, False),
        ("B", "floor", 4, 9.0, True), ("B", "more", 5, 2.0, False),
        ("C", "floor", 2, 0.0, True),
    ])  # fmt: skip
    assert found.sent.groupby("place")["units"].sum().to_dict() == received
    assert found.floor_unmet == max(14 - units, 0)


def test_of_what_is_as_good_the_first_by_name_gets_it_and_a_tie_is_said() -> None:
    tiers = [(place, 1, 2, 1.0, False) for place in ("Upton", "Ashford", "Mill")]
    found = one_pool(3, tiers)
    assert found.sent[["place", "units"]].to_dict("list") == {
        "place": ["Ashford", "Mill"], "units": [2, 1],
    }  # fmt: skip
    assert found.ties and not one_pool(6, tiers).ties


def test_value_comes_before_kilometres_and_nothing_goes_where_it_is_worth_nothing() -> None:
    sources = pd.DataFrame({"source": ["far", "near"], "units": [2, 2]})
    tiers = pd.DataFrame(
        {"place": ["A", "B", "C"], "tier": 1, "units": [2, 2, 2], "value": [5.0, 4.0, 0.0]}
    )
    links = pd.DataFrame(
        [("near", "A", 1.0), ("near", "B", 2.0), ("far", "A", 500.0), ("near", "C", 0.0),
         ("far", "C", 0.0)], columns=["source", "place", "km"],
    )  # fmt: skip
    found = solve(sources, tiers, links)
    assert found.sent["source"].to_list() == ["far", "near"]
    assert (found.value, found.unit_km) == (18.0, 1004.0)
    everything = solve(sources, tiers.assign(units=[1, 1, 9]), links, worthless=True)
    assert everything.sent["units"].sum() == 4 and everything.value == 9.0
    closed = links.assign(allowed=[True, True, False, True, True])
    assert solve(sources, tiers, closed).value == 10.0
    narrow = links.assign(most=[None, 1, None, None, None])
    assert (solve(sources, tiers, narrow).value, narrow["most"].isna().sum()) == (14.0, 4)


def test_a_transport_problem_of_the_textbooks_is_one_of_them() -> None:
    """Winston, Operations Research: Powerco, three plants and four cities, 1,020."""
    cost = [[8, 6, 10, 9], [9, 12, 13, 7], [14, 9, 16, 5]]
    sources = pd.DataFrame({"source": [1, 2, 3], "units": [35, 50, 40]})
    tiers = pd.DataFrame({"place": [*"abcd"], "tier": 0, "units": [45, 20, 30, 30], "value": 1})
    links = pd.DataFrame(
        [(row + 1, "abcd"[at], km) for row, line in enumerate(cost) for at, km in enumerate(line)],
        columns=["source", "place", "km"],
    )
    found = solve(sources, tiers, links)
    assert (found.value, found.unit_km, found.floor_unmet) == (125, 1020, 0)


def test_the_first_units_of_a_place_by_what_they_are_worth_are_its_floor() -> None:
    tiers = pd.DataFrame(
        {"place": ["B", "A", "A"], "tier": ["x", "low", "high"], "units": [1, 3, 2],
         "value": [1.0, 1.0, 7.0]}, index=[4, 4, 9],
    )  # fmt: skip
    found = with_floors(tiers, pd.Series({"A": 3, "B": 9, "Z": 1}))
    expected = pd.DataFrame(
        {"place": ["A", "A", "A", "B"], "tier": ["high", "low", "low", "x"], "units": [2, 1, 2, 1],
         "value": [7.0, 1.0, 1.0, 1.0], "floor": [True, True, False, True]}
    )  # fmt: skip
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s, t, k: (s.drop(columns="units"), t, k), "sources lack a column “units”"),
        (lambda s, t, k: (s.assign(units=1.5), t, k), "Units of sources are whole"),
        (lambda s, t, k: (s, t.assign(units=-1), k), "Units of tiers are whole"),
        (lambda s, t, k: (s, t.assign(value=[np.nan]), k), "number not below 0"),
        (lambda s, t, k: (s, t.assign(value=[np.inf]), k), "number not below 0"),
        (lambda s, t, k: (pd.concat([s, s]), t, k), "sources name a source twice"),
        (lambda s, t, k: (s, pd.concat([t, t]), k), "tiers name a place and tier twice"),
        (lambda s, t, k: (s, t, k.assign(source="X")), "names a source that is not there"),
        (lambda s, t, k: (s, t, k.assign(place="X")), "names a place that is not there"),
        (lambda s, t, k: (s, t, k.assign(km=-1.0)), "distance is 0 or more"),
        (lambda s, t, k: (s.assign(source=None), t, k), "sources lack a name"),
    ],
)
def test_what_makes_no_sense_is_refused(change: Any, said: str) -> None:
    sources = pd.DataFrame({"source": ["S"], "units": [1]})
    tiers = pd.DataFrame({"place": ["A"], "tier": [1], "units": [1], "value": [1.0]})
    links = pd.DataFrame({"source": ["S"], "place": ["A"], "km": [1.0]})
    with pytest.raises(ValueError, match=said):
        solve(*change(sources, tiers, links))


def test_millions_of_promised_units_are_to_be_counted_in_packs() -> None:
    many = [("A", 1, 2_000_000, 1.0, True), ("B", 1, 2_000_000, 2.0, True)]
    assert one_pool(4_000_000, many).floor_unmet == 0
    with pytest.raises(DataProblem, match="4,000,000 units are promised"):
        one_pool(3_999_999, many)


def test_without_anything_nothing_is_sent() -> None:
    sources = pd.DataFrame({"source": ["S"], "units": [3]})
    tiers = pd.DataFrame({"place": ["A"], "tier": [1], "units": [1], "value": [1.0]})
    links = pd.DataFrame({"source": ["S"], "place": ["A"], "km": [1.0]})
    for given_ in [(sources[:0], tiers, links[:0]), (sources, tiers[:0], links[:0]),
                   (sources, tiers, links[:0])]:  # fmt: skip
        found = solve(*given_)
        columns = ["source", "place", "tier", "units", "km", "value"]
        assert found.sent.empty and list(found.sent) == columns
        assert (found.value, found.unit_km, found.ties) == (0, 0, False)
