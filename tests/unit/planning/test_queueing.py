"""The simulated unit: within its own interval of every closed form there is."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from caremap.planning import erlang_b, erlang_c, simulate_queue

RANDOM = np.random.default_rng(11)
STAYS = {
    "exponential": 1.0,
    "all alike": [1.0],
    "a few very long": pd.Series([9, 1], index=pd.Index([0.2, 8.2], name="stay")),
    "lognormal": RANDOM.lognormal(0, 1, 2_000),
    "whole nights, some of none": pd.Series(
        [30, 40, 20, 10], index=pd.Index([0, 1, 2, 7], name="stay")
    ),
}


def mean_of(stays) -> float:
    if isinstance(stays, pd.Series):
        return float(np.average(stays.index, weights=stays))
    return float(np.mean(stays))


def inside(figures: pd.DataFrame, name: str, value: float) -> bool:
    low, high = figures.loc[name, ["low", "high"]]
    return bool(low <= value <= high)


SEEDS = range(10)
ENOUGH = 8  # of ten intervals that hold with a chance of 95 % each; fewer: one run in eighty


@pytest.mark.parametrize("name", STAYS)
def test_refusals_depend_on_the_mean_stay_alone(name):
    stays = STAYS[name]
    found = [
        simulate_queue(
            10 / mean_of(stays), stays, 14, waits=False, seed=seed, runs=10, customers=2_000
        ).figures
        for seed in SEEDS
    ]
    refused = erlang_b(14, 10)
    assert sum(inside(figures, "refused", refused) for figures in found) >= ENOUGH
    occupied = 10 * (1 - refused) / 14
    assert sum(inside(figures, "occupancy", occupied) for figures in found) >= ENOUGH
    assert all(figures.loc["mean_wait", "mean"] == 0 for figures in found)


@pytest.mark.parametrize(("places", "load"), [(14, 10), (3, 2)])
def test_exponential_stays_wait_as_erlang_c_says(places, load):
    found = [
        simulate_queue(load, 1.0, places, target=0.25, seed=seed, runs=10).figures for seed in SEEDS
    ]
    wait, spare = erlang_c(places, load), places - load
    expected = {
        "share_waiting": wait,
        "mean_wait": wait / spare,
        "share_over": wait * math.exp(-spare * 0.25),
        "in_queue": load * wait / spare,
        "occupancy": load / places,
        "refused": 0.0,
    }
    for name, value in expected.items():
        assert sum(inside(figures, name, value) for figures in found) >= ENOUGH, name


@pytest.mark.parametrize("name", STAYS)
def test_one_place_waits_as_pollaczek_and_khinchine_say(name):
    stays, busy = STAYS[name], 0.7
    mean = mean_of(stays)
    if isinstance(stays, pd.Series):
        squares = float(np.average(np.asarray(stays.index) ** 2, weights=stays))
    else:
        squares = 2.0 if name == "exponential" else float(np.mean(np.square(stays)))
    coming = busy / mean
    wait = coming * squares / (2 * (1 - busy))
    found = [simulate_queue(coming, stays, 1, seed=seed, runs=10).figures for seed in SEEDS]
    assert sum(inside(figures, "mean_wait", wait) for figures in found) >= ENOUGH
    if name == "all alike":  # M/D/1: half the wait of M/M/1
        assert wait == pytest.approx(0.5 * busy / (1 - busy))


def test_a_room_to_wait_is_between_losing_all_and_none():
    """M/M/1/K: known in closed form."""
    load, room = 0.8, 3
    chances = load ** np.arange(room + 2)
    chances = chances / chances.sum()
    found = [simulate_queue(load, 1.0, 1, room=room, seed=seed, runs=10).figures for seed in SEEDS]
    queue = float((np.arange(room + 2) - 1)[1:] @ chances[1:])
    expected = {"refused": chances[-1], "in_queue": queue, "occupancy": 1 - chances[0]}
    for name, value in expected.items():
        assert sum(inside(figures, name, value) for figures in found) >= ENOUGH, name


def test_a_seed_gives_the_same_figures_and_another_one_others():
    first, again, other = (
        simulate_queue(2, 1.0, 3, seed=seed, runs=3, customers=500).figures for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_the_order_of_stays_is_no_matter():
    stays = pd.Series([1.0, 5.0, 2.0, 2.0], index=[9, 9, 1, 0])
    first, other = (
        simulate_queue(1, some, 4, runs=3, customers=500).figures
        for some in (stays, stays.sort_values().astype("object"))
    )
    pd.testing.assert_frame_equal(first, other)


@pytest.mark.parametrize(("load", "places"), [(10, 10), (11, 10), (1, 0)])
def test_a_queue_that_grows_without_end_has_no_figures(load, places):
    found = simulate_queue(load, 1.0, places)
    assert found.figures.isna().all().all()
    assert "grows without end" in found.note


def test_with_an_end_to_the_queue_more_may_come_than_can_be_served():
    found = simulate_queue(20, 1.0, 10, room=5, runs=3, customers=1_000)
    assert found.note == ""
    assert 0.4 < found.figures.loc["refused", "mean"] < 0.6


def test_no_places_turn_everybody_away():
    figures = simulate_queue(5, 1.0, 0, waits=False, runs=2, customers=100).figures["mean"]
    assert figures["refused"] == 1
    assert figures[["mean_wait", "occupancy"]].isna().all()


def test_nobody_comes():
    found = simulate_queue(0, 1.0, 3)
    assert "Nobody comes" in found.note
    assert found.figures.isna().all().all()


def test_what_never_happened_may_still_happen():
    figures = simulate_queue(1, 1.0, 50, waits=False, runs=4, customers=1_000).figures
    assert figures.loc["refused"].to_list() == [0, 0, 3 / 4_000]


def test_nearly_full_is_said():
    assert "longer to settle" in simulate_queue(0.999, 1.0, 1, runs=2, customers=100).note


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((-1, 1, 2), "number of arrivals"),
        ((1, math.nan, 2), "service time"),
        ((1, [], 2), "no service times"),
        ((1, [1, -1], 2), "0 or more"),
        ((1, ["long"], 2), "numbers"),
        ((1, 1, 2.5), "whole number"),
        ((1, 1, None), "whole number"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        simulate_queue(*arguments)


@pytest.mark.parametrize("options", [{"runs": 1}, {"customers": 99}, {"room": -1}, {"target": -1}])
def test_an_option_that_makes_no_sense_is_refused(options):
    with pytest.raises(ValueError, match="runs|0 or more"):
        simulate_queue(1, 1.0, 2, **options)
