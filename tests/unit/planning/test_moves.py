"""Staff moves: the reference rows, every plan tried on small networks, limits, row order, words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning import plan_moves, targets
from tests.unit.planning.every_plan import as_matrix, best_plan, every_plan, judged

SEED = pd.DataFrame(
    {
        "facility": list("ABCDE"),
        "zip": ["98007", "98290", "98065", "98801", "98104"],
        "population": [27571, 39873, 15960, 44801, 15052],
        "staff": [21, 52, 43, 9, 64],
    }
)


def pairs(moves: pd.DataFrame) -> dict[str, int]:
    """Moves as "from to": people."""
    ends = moves["from"] + " " + moves["to"]
    return dict(zip(ends, moves["staff"].tolist(), strict=True))


def after(plan: Any) -> list[int]:
    return plan.before_after["after"].tolist()


# --- reference rows ---------------------------------------------------------------------------


def test_the_seed_network_takes_66_moves() -> None:
    plan = plan_moves(SEED, "staff")
    assert pairs(plan.moves) == {"C D": 22, "E A": 15, "E B": 1, "E D": 28}
    assert after(plan) == plan.before_after["target"].tolist() == [36, 53, 21, 59, 20]
    assert plan.before_after["ratio_before"].round(2).tolist() == [
        1312.90, 766.79, 371.16, 4977.89, 235.19,
    ]  # fmt: skip
    assert plan.totals["moved"] == 66
    assert plan.totals["staff_km"] == pytest.approx(6988.5, abs=0.05)
    assert plan.totals["max_min_before"] == pytest.approx(21.17, abs=0.005)
    assert (plan.totals["worst_before"], plan.totals["unmet"]) == ("D", 0)
    assert plan.optimal
    assert plan.unmet.empty


def test_towards_targets_within_60_km_moves_16_and_leaves_50_missing() -> None:
    plan = plan_moves(SEED, "staff", max_km=60, aim="targets")
    assert pairs(plan.moves) == {"E A": 15, "E B": 1}
    assert plan.unmet[["facility", "missing"]].to_numpy().tolist() == [["D", 50]]
    assert plan.optimal


def test_the_fairest_within_60_km() -> None:
    plan = plan_moves(SEED, "staff", max_km=60)
    assert after(plan) == [50, 73, 29, 9, 28]
    assert plan.totals["moved"] == 50
    assert plan.unmet[["facility", "missing"]].to_numpy().tolist() == [["D", 50]]
    assert plan.unmet["reason"].tolist() == [
        "The nearest with staff to spare: C has 8 to spare, 113.3 km away, beyond the longest "
        "move of 60 km. A longest move of 113.3 km would reach it, 151.9 km would reach enough "
        "for all 50."
    ]
    freed = plan_moves(SEED, "staff", max_km=151.9)
    assert freed.unmet.empty


# --- every plan there is ----------------------------------------------------------------------


@st.composite
def networks(draw: st.DrawFn) -> pd.DataFrame:
    """Four facilities on a grid of some 10 km, with few people."""
    number = st.integers(0, 8)
    most = draw(st.sampled_from([3, 12, 60]))
    rows = [
        (name, 47 + draw(number) / 10, -122 + draw(number) / 10,
         draw(st.integers(1, most)), draw(st.integers(0, 4)))
        for name in draw(st.permutations("ABCD"))
    ]  # fmt: skip
    network = pd.DataFrame(
        rows, columns=["facility", "latitude", "longitude", "population", "staff"]
    )
    assume(network["staff"].sum() <= 9)
    return network


limits = st.fixed_dictionaries(
    {},
    optional={
        "max_km": st.sampled_from([15.0, 25.0, 40.0, 60.0]),
        "max_leave": st.sampled_from([1, 2, 0.5]),
        "max_arrive": st.sampled_from([1, 2, 0.5]),
        "floor": st.just(1),
        "ceiling": st.integers(1, 4),
        "forbidden": st.just([("A", "B"), ("C", "A")]),
    },
)


def asked(found: dict[str, Any]) -> dict[str, Any]:
    """The limits as `plan_moves` takes them."""
    columns = {"forbidden": ["from", "to"], "fixed": ["from", "to", "staff"]}
    return {
        name: pd.DataFrame(value, columns=columns[name]) if name in columns else value
        for name, value in found.items()
    }


def worth(
    network: pd.DataFrame, moves: pd.DataFrame, found: dict[str, Any]
) -> tuple[int, int, float]:
    """Posts outside floor and ceiling, squares and kilometres of a plan."""
    floor, ceiling = found.get("floor", 0), found.get("ceiling", 10**6)
    outside, squares, km = judged(
        network, "staff", "population", floor, ceiling, as_matrix(network, moves)
    )
    return int(outside[0]), int(squares[0]), float(km[0])


@settings(max_examples=40)
@given(networks(), limits)
def test_no_plan_there_is_is_better(network: pd.DataFrame, found: dict[str, Any]) -> None:
    assume(found.get("floor", 0) * 4 <= network["staff"].sum())
    plan = plan_moves(network, "staff", **asked(found))
    outside, squares, km = best_plan(network, "staff", "population", found)
    got = worth(network, plan.moves, found)
    assert got[:2] == (outside, squares)
    assert got[2] == pytest.approx(km, abs=1e-4)
    assert plan.optimal


@settings(max_examples=25)
@given(networks(), limits)
def test_towards_targets_as_many_as_can_move_and_none_past_a_target(
    network: pd.DataFrame, found: dict[str, Any]
) -> None:
    assume(found.get("floor", 0) * 4 <= network["staff"].sum())
    plan = plan_moves(network, "staff", aim="targets", **asked(found))
    target = targets(network, "staff", floor=found.get("floor", 0)).to_numpy("int64")
    staff = network["staff"].to_numpy()
    every = every_plan(network, "staff", found)
    then = staff + every.sum(axis=1) - every.sum(axis=2)
    between = (then >= np.minimum(staff, target)) & (then <= np.maximum(staff, target))
    passing = (every.sum(axis=1) > 0) & (every.sum(axis=2) > 0)  # nobody passes through
    kept = between.all(axis=1) & ~passing.any(axis=1)
    every, then = every[kept], then[kept]
    need = network["population"].to_numpy()
    scale = np.lcm.reduce(need)
    off = ((then - target) ** 2 * (scale // need)).sum(axis=1)
    above = np.maximum(then - found.get("ceiling", 10**6), 0).sum(axis=1)
    best = above == above.min()
    best &= off == off[best].min()
    mine = as_matrix(network, plan.moves)
    place = (every == mine).all(axis=(1, 2)).nonzero()[0]
    assert len(place) == 1  # it is one of them
    assert best[place[0]]
    km = judged(network, "staff", "population", 0, 10**6, every)[2]
    assert km[place[0]] == pytest.approx(km[best].min(), abs=1e-4)
    assert plan.moves["staff"].sum() == every.sum(axis=(1, 2)).max()  # never a plain standstill


# --- larger networks --------------------------------------------------------------------------


def invented(seed: int, size: int, roles: int = 2) -> pd.DataFrame:
    """A network of facilities in a square of 300 km."""
    chance = np.random.default_rng(seed)
    staff = {f"role {one}": chance.integers(0, 40, size) for one in range(roles)}
    return pd.DataFrame(
        {
            "facility": [f"F{number:03}" for number in chance.permutation(size)],
            "latitude": 45 + 3 * chance.random(size),
            "longitude": -120 + 4 * chance.random(size),
            "population": chance.integers(500, 60_000, size),
            **staff,
        }
    )


LIMITS: dict[str, dict[str, Any]] = {
    "none": {},
    "distance": {"max_km": 60},
    "many": {
        "max_km": 80, "floor": 3, "ceiling": 50, "max_leave": 0.5, "max_arrive": 8,
        "forbidden": pd.DataFrame({"from": ["F001", "F002"], "to": ["F002", "F003"]}),
    },
    "targets": {"max_km": 60, "aim": "targets"},
    "hamilton": {"max_km": 90, "method": "hamilton"},
    "huntington-hill": {"max_km": 90, "method": "huntington-hill"},
}  # fmt: skip


def squares(network: pd.DataFrame, role: str, staff: Any) -> float:
    """What makes a staffing unfair."""
    need = network["population"].to_numpy("float64")
    fair = network[role].sum() / need.sum()
    return float((need * (np.asarray(staff, dtype="float64") / need - fair) ** 2).sum())


@pytest.mark.parametrize("name", LIMITS)
def test_people_are_conserved_and_no_limit_is_broken(name: str) -> None:
    network, found = invented(1, 30), LIMITS[name]
    copy = network.copy()
    plan = plan_moves(network, ["role 0", "role 1"], **found)
    pd.testing.assert_frame_equal(network, copy)
    place = network.set_index("facility")
    for role, rows in plan.before_after.groupby("role"):
        rows = rows.set_index("facility")
        assert rows.index.tolist() == network["facility"].tolist()
        assert rows["before"].tolist() == network[role].tolist()
        assert rows["after"].sum() == rows["target"].sum() == network[role].sum()
        moves = plan.moves[plan.moves["role"] == role]
        left, came = moves.groupby("from")["staff"].sum(), moves.groupby("to")["staff"].sum()
        expected = place[role].add(came, fill_value=0).sub(left, fill_value=0)
        assert rows["after"].to_dict() == expected.astype("int64").to_dict()
        assert (left <= place[role].reindex(left.index)).all()
        assert (moves["km"] <= found.get("max_km", np.inf)).all()
        assert (rows["after"] >= np.minimum(rows["before"], found.get("floor", 0))).all()
        assert (rows["after"] <= np.maximum(rows["before"], found.get("ceiling", 10**6))).all()
        if "max_leave" in found:
            assert (left <= place[role].reindex(left.index) * found["max_leave"]).all()
            assert (came <= found["max_arrive"]).all()
            assert not {"F001 F002", "F002 F003"} & set(pairs(moves))
    assert (plan.moves["staff"] > 0).all()
    assert plan.totals["staff_km"] == pytest.approx((plan.moves["staff"] * plan.moves["km"]).sum())


@pytest.mark.parametrize("name", LIMITS)
def test_the_order_of_rows_does_not_matter(name: str) -> None:
    network, found = invented(2, 12, roles=1), LIMITS[name]
    network["population"] = network["population"] // 20_000 * 1000 + 1000  # many ties
    first = plan_moves(network, "role 0", **found)
    for seed in range(20):
        rows = network.sample(frac=1, random_state=seed)
        again = plan_moves(rows, "role 0", **found)
        pd.testing.assert_frame_equal(again.moves, first.moves)
        assert again.before_after["facility"].tolist() == rows["facility"].tolist()


def test_a_window_of_posts_that_is_too_small_is_widened() -> None:
    """Everybody in reach of one another is far above the target, which others cannot get."""
    network = pd.DataFrame(
        {
            "facility": list("ABCDE"),
            "latitude": [45, 45.1, 45.2, 60, 61],
            "longitude": -120,
            "population": [1, 1, 1, 5000, 5000],
            "staff": [300, 0, 0, 0, 0],
        }
    )
    assert after(plan_moves(network, "staff", max_km=50)) == [100, 100, 100, 0, 0]


def test_a_choice_between_plans_that_are_as_good_is_said_and_fixed() -> None:
    """Two donors at one place: either may give to either of those in need."""
    network = pd.DataFrame(
        {"facility": list("ABCD"), "latitude": [0, 1, -1, 0], "longitude": 0,
         "population": 10, "staff": [2, 0, 0, 2]}
    )  # fmt: skip
    plan = plan_moves(network, "staff")
    assert any("as fair over as few kilometres" in note for note in plan.notes)
    assert not any("as fair" in note for note in plan_moves(SEED, "staff").notes)


def test_a_network_without_facilities_has_an_empty_plan() -> None:
    plan = plan_moves(SEED.iloc[:0], "staff")
    assert plan.moves.empty
    assert plan.before_after.empty
    assert plan.totals["moved"] == 0


# --- what is unknown --------------------------------------------------------------------------


def test_without_places_the_fewest_people_move() -> None:
    plan = plan_moves(SEED.drop(columns="zip"), "staff")
    assert plan.totals["moved"] == 66
    assert after(plan) == [36, 53, 21, 59, 20]
    assert plan.moves["km"].isna().all()
    assert "fewest moves" in plan.notes[0]
    with pytest.raises(DataProblem, match="longest move needs places"):
        plan_moves(SEED.drop(columns="zip"), "staff", max_km=50)


def test_a_facility_whose_place_is_unknown_takes_no_part_but_has_a_target() -> None:
    network = SEED.assign(
        latitude=[47.6, 47.9, 47.5, None, 47.6], longitude=[-122.1, -122, -121.8, None, -122.3]
    ).drop(columns="zip")
    plan = plan_moves(network, "staff")
    assert plan.before_after["target"].tolist() == [36, 53, 21, 59, 20]
    assert "D" not in {*plan.moves["from"], *plan.moves["to"]}
    row = plan.unmet.set_index("facility").loc["D"]
    assert (row["missing"], row["reason"][:22]) == (50, "Its place is not known")
    assert any("no place is known" in note for note in plan.notes)


def test_a_need_of_nothing_is_said_before_all_its_staff_is_planned_away() -> None:
    plan = plan_moves(SEED.assign(population=[27571, 39873, 15960, 44801, 0]), "staff")
    assert plan.before_after.set_index("facility").loc["E", "after"] == 0
    assert any("E has a need of 0" in note for note in plan.notes)
    assert not any("need of 0" in note for note in plan_moves(SEED, "staff").notes)


def test_a_facility_whose_need_or_staff_is_unknown_keeps_its_staff() -> None:
    network = SEED.assign(
        population=[27571, None, 15960, 44801, 15052], staff=[21, 52, 43, None, 64]
    )
    plan = plan_moves(network, "staff")
    rows = plan.before_after.set_index("facility")
    assert rows["target"].isna().to_dict() == {
        "A": False,
        "B": True,
        "C": False,
        "D": True,
        "E": False,
    }
    assert rows.loc["B", "after"] == 52
    assert pd.isna(rows.loc["D", "after"])
    assert rows["after"].sum() == 180
    assert any("B and D keep their staff" in note for note in plan.notes)


def test_part_time_shares_stay_where_they_are() -> None:
    plan = plan_moves(SEED.assign(staff=[21.5, 52, 43, 9, 63.5]), "staff")
    assert plan.before_after["after"].sum() == 189
    assert plan.before_after["after"].tolist() == [36.5, 53, 21, 59, 19.5]
    assert (plan.moves["staff"] % 1 == 0).all()


def test_two_facilities_in_one_place_exchange_nobody() -> None:
    network = SEED.assign(zip="98104")
    assert plan_moves(network, "staff").totals["moved"] == 66


@pytest.mark.parametrize("staff", [[0, 0, 0, 0, 0], [5, 0, 0, 0, 0]])
def test_without_staff_or_need_there_is_a_plan_or_a_reason(staff: list[int]) -> None:
    plan = plan_moves(SEED.assign(staff=staff), "staff")
    assert plan.before_after["after"].sum() == sum(staff)
    with pytest.raises(DataProblem, match="Nobody has any need"):
        plan_moves(SEED.assign(population=0), "staff")


# --- limits by facility, locked moves ---------------------------------------------------------


def test_floors_come_before_everything_else() -> None:
    plan = plan_moves(SEED, "staff", max_km=60, floor={"C": 40})
    assert plan.before_after.set_index("facility").loc["C", "after"] == 40
    plan = plan_moves(SEED, "staff", floor={"A": 70})
    rows = plan.before_after.set_index("facility")
    assert rows.loc["A", ["target", "after"]].tolist() == [70, 70]
    assert "its floor is 70" in plan.moves["why"][0]


def test_locked_moves_are_made_and_the_rest_is_the_best_around_them() -> None:
    fixed = pd.DataFrame({"from": ["B", "E"], "to": ["D", "D"], "staff": [5, 0]})
    plan = plan_moves(SEED, "staff", fixed=fixed)
    assert after(plan) == [36, 53, 21, 59, 20]
    assert pairs(plan.moves)["B D"] == 5
    assert "E D" not in pairs(plan.moves)
    assert plan.moves.set_index("from").loc["B", "why"] == "Locked by hand."


def test_who_comes_by_a_locked_move_above_a_ceiling_is_made_room_for() -> None:
    """C is above the ceiling already and may stay there, D may not get there."""
    network = pd.DataFrame(
        {"facility": list("ABCD"), "population": 1, "staff": [1, 1, 2, 1],
         "latitude": 47.0, "longitude": -122.0}
    )  # fmt: skip
    fixed = pd.DataFrame({"from": ["A"], "to": ["D"], "staff": [1]})
    plan = plan_moves(network, "staff", max_leave=1, ceiling=1, fixed=fixed)
    assert after(plan) == [1, 1, 2, 1]


@pytest.mark.parametrize(
    ("words", "move", "limits"),
    [
        ("moves 70 of staff from E, which has 64", ("E", "D", 70), {}),
        ("is 151.8 km long, beyond the longest move of 60 km", ("E", "D", 5), {"max_km": 60}),
        ("takes 5 of staff from E; 3 may leave", ("E", "D", 5), {"max_leave": 3}),
        ("brings 5 of staff to D; 4 may arrive", ("E", "D", 5), {"max_arrive": 0.5}),
        ("below its floor of 20", ("E", "D", 60), {"floor": {"E": 20}, "max_arrive": {"E": 3}}),
        ("above its ceiling of 30", ("E", "D", 60), {"ceiling": {"D": 30}, "max_leave": {"D": 2}}),
        ("takes no part", ("X", "D", 5), {}),
        ("not of whole people", ("E", "D", 1.5), {}),
        ("goes nowhere", ("E", "E", 5), {}),
    ],
)
def test_a_locked_move_that_breaks_a_limit_is_refused_in_words(
    words: str, move: tuple[str, str, float], limits: dict[str, Any]
) -> None:
    fixed = pd.DataFrame([move], columns=["from", "to", "staff"])
    with pytest.raises(DataProblem, match=words):
        plan_moves(SEED, "staff", fixed=fixed, **limits)


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ("No more than 3 people may arrive", {"max_arrive": {"D": 3}}),
        ("ceiling of 30 is reached", {"ceiling": {"D": 30}}),
        (
            "C has 22 to spare, 113.3 km away, but moves between the two are forbidden",
            {"forbidden": pd.DataFrame({"from": list("ABCE"), "to": "D"})},
        ),
        ("no more than 2 people may leave it", {"max_leave": 2}),
        (
            "the number that moves between the two is locked",
            {"fixed": pd.DataFrame({"from": list("ABCE"), "to": "D", "staff": 0})},
        ),
    ],
)
def test_the_limit_that_binds_is_named(words: str, limits: dict[str, Any]) -> None:
    plan = plan_moves(SEED, "staff", aim="targets", **limits)
    reasons = plan.unmet.set_index("facility")["reason"]
    assert words in reasons["D"]


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ("no aim", {"aim": "nearest"}),
        ("floors add up to 200 of staff, more than the 189", {"floor": 40}),
        ("ceiling of A is below its floor", {"floor": 5, "ceiling": {"A": 4}}),
        ("floor names 1", {"floor": {"A": 1, "Z": 2}}),
        ("max_leave is no whole number", {"max_leave": 2.5}),
        ("longest move is no distance", {"max_km": -1}),
        ("longest move is no distance", {"max_km": float("nan")}),
        ("number of moves is not whole", {"max_moves": 2.5}),
        ("number of moves is not whole", {"max_moves": -1}),
        ("No role is chosen", {"roles": []}),
        ("No need is named", {"need": {"nurses": "population"}}),
    ],
)
def test_limits_that_make_no_sense_are_refused(words: str, limits: dict[str, Any]) -> None:
    with pytest.raises(DataProblem, match=words):
        plan_moves(SEED, **{"roles": "staff", **limits})
