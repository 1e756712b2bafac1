"""The wait to expect: closed forms, what no formula can say, and the user's own stays."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.planning import (
    erlang_c,
    observed_beside,
    places_for_wait,
    service_times,
    waiting,
    waiting_by_places,
)
from caremap.problems import DataProblem


def test_one_place_is_the_textbook_queue():
    """M/M/1, four of five minutes busy: 4 minutes' wait for a service of one."""
    found = waiting(0.8, 1.0, 1, target=5)
    assert found.utilisation == 0.8
    assert found.mean_wait == pytest.approx(4)
    assert found.share_waiting == pytest.approx(0.8)
    assert found.share_over_target == pytest.approx(0.8 * math.exp(-1))
    assert found.in_queue == pytest.approx(3.2)
    assert found.median_wait == pytest.approx(5 * math.log(1.6))
    assert found.wait_90 == pytest.approx(5 * math.log(8))
    assert found.method == "Erlang C"


@pytest.mark.parametrize(("places", "load", "share"), [(14, 10, 0.174132), (55, 48, 0.2387)])
def test_published_shares_who_wait(places, load, share):
    for scale in (1, 24):  # the unit of time is no matter to a share
        found = waiting(load * scale, 1 / scale, places, target=0)
        assert found.share_waiting == pytest.approx(share, abs=5e-5)
        assert found.share_over_target == found.share_waiting


@given(st.floats(0.1, 40), st.floats(0.1, 10), st.integers(1, 30), st.floats(0, 20))
def test_a_wait_is_what_its_share_and_queue_say(coming, service, spare, target):
    places = math.floor(coming * service) + spare
    found = waiting(coming, service, places, target)
    assert found.in_queue == pytest.approx(coming * found.mean_wait)  # Little's law
    assert found.share_over_target <= found.share_waiting + 1e-12
    assert found.median_wait <= found.wait_90
    more = waiting(coming, service, places + 1, target)
    assert more.mean_wait <= found.mean_wait
    assert more.share_over_target <= found.share_over_target + 1e-12


@pytest.mark.parametrize(
    ("coming", "service", "places", "busy"),
    [(10, 1, 10, 1.0), (30, 0.5, 10, 1.5), (1, 1, 0, None), (0.1 * 3, 10 / 3, 1, 1.0)],
)
@pytest.mark.parametrize("stays", [None, [1.0, 2.0]])
def test_an_unstable_queue_has_words_and_no_number(coming, service, places, busy, stays):
    found = waiting(coming, service, places, 1, stays=stays)
    for name in ("mean_wait", "share_waiting", "share_over_target", "in_queue", "wait_90"):
        assert math.isnan(getattr(found, name))
    assert "grows without end" in found.note
    assert found.utilisation == pytest.approx(busy) if busy else math.isnan(found.utilisation)


def test_nobody_comes_and_nobody_waits():
    assert waiting(0, 1, 3).note == "Nobody comes: there is no wait to expect."
    assert math.isnan(waiting(0, 1, 3).mean_wait)
    assert waiting(5, 0, 3).mean_wait == 0  # but who comes and takes no time keeps nobody waiting
    assert math.isnan(waiting(1, 1, 3).share_over_target)  # no target


def test_stays_are_simulated_with_limits():
    found = waiting(0.8, None, 1, target=2, stays=[1.0])
    assert found.method == "simulation"
    assert found.low["mean_wait"] < 2.0 < found.high["mean_wait"]  # M/D/1: half of M/M/1's 4
    assert set(found.low) == set(found.high) >= {"share_waiting", "share_over_target", "in_queue"}
    assert found.mean_wait < waiting(0.8, 1.0, 1).mean_wait


def test_a_mean_stretches_the_stays():
    minutes = waiting(48, None, 60, 30, stays=[30, 90])
    hours = waiting(48, 1.0, 60, 0.5, stays=[30, 90])
    assert "grows" in minutes.note
    assert hours.utilisation == 0.8
    assert hours.method == "simulation"


def test_a_method_of_ones_own():
    by_mean = waiting(2, None, 3, stays=[0.5, 1.5], method="Erlang C")
    assert by_mean == waiting(2, 1.0, 3)
    simulated = waiting(2, 1.0, 3, method="simulation")
    assert simulated.low["mean_wait"] < by_mean.mean_wait < simulated.high["mean_wait"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((math.nan, 1, 2), "number of arrivals"),
        ((1, -1, 2), "service time"),
        ((1, 1, 1.5), "whole number"),
        ((1, 1, 2, -1), "target"),
        ((1, None, 2), "Either"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        waiting(*arguments)
    with pytest.raises(ValueError, match="method"):
        waiting(1, 1, 2, method="guess")


@given(st.floats(0.1, 30), st.floats(0.1, 5), st.floats(0, 10), st.floats(0.01, 0.9))
def test_one_place_fewer_would_let_too_many_wait_longer(coming, service, target, share):
    places = places_for_wait(coming, service, target, share)
    assert waiting(coming, service, places, target).share_over_target <= share
    fewer = waiting(coming, service, places - 1, target).share_over_target
    assert math.isnan(fewer) or fewer > share


@pytest.mark.parametrize("stays", [[1.0], [0.1] * 9 + [9.1]])
def test_places_for_a_wait_of_stays_of_ones_own_are_simulated(stays):
    """Stays that are all alike need no more places than Erlang C says, very uneven ones more."""
    places = places_for_wait(10, None, 0.2, 0.1, stays=stays)
    found = waiting(10, None, places, 0.2, stays=stays)
    assert found.method == "simulation" and found.share_over_target <= 0.1
    assert waiting(10, None, places - 1, 0.2, stays=stays).share_over_target > 0.1
    by_formula = places_for_wait(10, 1.0, 0.2, 0.1)
    assert places <= by_formula if len(stays) == 1 else places > by_formula


def test_nobody_needs_a_place():
    assert places_for_wait(0, 1, 1) == 0
    with pytest.raises(ValueError, match="fraction"):
        places_for_wait(1, 1, 1, share=10)


def test_places_side_by_side():
    found = waiting_by_places(10, 1.0, 0.5, there=12)
    assert found["places"].to_list() == list(range(10, 20))
    assert found["mean_wait"].isna().to_list() == [True] + [False] * 9
    known = found[1:]
    np.testing.assert_allclose(known["share_waiting"], erlang_c(known["places"], 10))
    np.testing.assert_allclose(
        known["saved"][1:], known["mean_wait"].to_numpy()[:-1] - known["mean_wait"].to_numpy()[1:]
    )
    assert found["saved"][:2].isna().all()
    assert known["share_waiting"].iloc[-1] < 0.01 < known["share_waiting"].iloc[-2]


def test_places_asked_for_are_put_in_order_and_each_is_one_row():
    found = waiting_by_places(10, 1.0, places=[14, 12, 14])
    assert found["places"].to_list() == [12, 14]
    assert found["saved"].isna().all()  # two places more are not what one saves
    assert found["share_over"].isna().all()


def test_a_simulated_table_has_limits_few_rows_and_tells_how_far_it_is():
    told = []
    found = waiting_by_places(
        2, None, 1, stays=[0.5, 1.5], there=3, progress=lambda stage, part: told.append(part)
    )
    assert found["method"].isin(["simulation", "Erlang C"]).all()  # unstable ones are not simulated
    known = found.dropna(subset="mean_wait")
    assert (known["mean_low"].le(known["mean_wait"]) & known["mean_high"].gt(0)).all()
    assert known["note"].str.startswith("Simulated").all()
    assert told == sorted(told)
    large = waiting_by_places(300, 1.0, there=320, method="Erlang C")
    assert {318, 319, 320, 321, 322} <= set(large["places"])


STAYS = pd.DataFrame(
    {
        "admitted": pd.to_datetime(["2024-04-01", "2024-04-02", "2024-04-02", "2024-04-05", None]),
        "discharged": pd.to_datetime(
            ["2024-04-04", "2024-04-02", "2024-04-05", None, "2024-04-09"]
        ),
        "length_of_stay": [3.0, 0.0, 3.0, None, 2.5],
        "department": ["A", "B", "A", "A", None],
        "waiting_minutes": [0.0, 30.0, 90.0, 60.0, None],
    },
    index=[5, 5, 1, 0, 9],
)


def test_service_times_are_the_whole_nights_of_the_file():
    before = STAYS.copy()
    found = service_times(Dataset(stays=STAYS))
    assert found.to_dict() == {0.0: 1, 2.0: 1, 3.0: 2}
    by = service_times(Dataset(stays=STAYS), by="department")
    assert by.to_dict() == {("A", 3.0): 2, ("B", 0.0): 1, ("Unknown", 2.0): 1}
    assert waiting(1, None, 5, stays=by.loc["A"]).utilisation == pytest.approx(3 / 5)
    pd.testing.assert_frame_equal(STAYS, before)


def test_undated_stays_still_take_a_place():
    undated = Dataset(stays=STAYS[["length_of_stay"]])
    assert service_times(undated).to_dict() == {0.0: 1, 2.0: 1, 3.0: 2}


@pytest.mark.parametrize("stays", [None, STAYS.drop(columns="length_of_stay")])
def test_without_lengths_there_is_nothing_to_take(stays):
    with pytest.raises(DataProblem, match="not known"):
        service_times(Dataset(stays=stays))


def test_dates_in_doubt_choose_no_stays():
    doubt = Finding("swapped-dates", "error", "Swapped.", "Admitted", ())
    inside = Dataset(stays=STAYS, findings=(doubt,)).filtered(start="2024-04-01")
    with pytest.raises(DataProblem, match="in doubt"):
        service_times(inside)


def test_observed_waits_stand_beside_the_computed():
    found = observed_beside(waiting(0.8, 1.0, 1), Dataset(stays=STAYS), target=1.0)
    assert found["what"].to_list() == [
        "median wait", "nine in ten wait less than", "wait longer than the target"
    ]  # fmt: skip
    assert found["observed"].to_list() == pytest.approx([45, 81, 25])
    assert found["computed"].to_list()[0] == pytest.approx(60 * 5 * math.log(1.6))
    assert math.isnan(found["computed"][2])  # computed without a target
    assert found["n"].to_list() == [4, 4, 4]


def test_without_waits_nothing_stands_beside():
    bare = Dataset(stays=STAYS.drop(columns="waiting_minutes"))
    assert observed_beside(waiting(1, 1, 2), bare).empty
    assert list(observed_beside(waiting(1, 1, 2), bare)) == ["what", "computed", "observed", "n"]
