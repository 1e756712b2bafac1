from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.planning import expected_census
from caremap.planning.conformal import level_for, levels_needed
from caremap.planning.in_hospital import ahead_of
from caremap.planning.risk_distribution import (
    Distribution,
    by_group,
    by_value,
    calibration,
)
from caremap.planning.risk_models import Raw
from caremap.planning.risk_reading import baseline_reading, model_reading

OVER = 7


def known(n: int = 4_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Predicted lengths, and nights that follow them."""
    random = np.random.default_rng(seed)
    length = random.normal(1.4, 0.5, n)
    return length, np.floor(np.exp(length + random.normal(0, 0.7, n)))


def distribution(seed: int = 0, n: int = 4_000) -> Distribution:
    length, nights = known(n, seed)
    long = nights > OVER
    bins = (
        by_value(length[~long], nights[~long], 100),
        by_value(length[long], nights[long], 50),
    )
    new = np.linspace(0, 3, 41)
    risk = 1 / (1 + np.exp(-(new - 2) * 2))
    return Distribution(risk, *bins, bins[0].of(new), bins[1].of(new))


def test_the_part_beyond_the_limit_is_the_risk() -> None:
    found = distribution()
    assert 1 - found.chance(np.full(41, OVER)) == pytest.approx(found.risk)
    assert found.survival()[:, OVER] == pytest.approx(found.risk)


@given(st.floats(0.001, 0.999))
def test_a_quantile_is_the_fewest_nights_that_are_enough(level: float) -> None:
    found = distribution()
    nights = found.quantile(level)
    assert (found.chance(nights) >= level - 1e-9).all()
    assert (found.chance(nights, below=True) < level + 1e-9).all()


def test_quantiles_and_survival_go_one_way() -> None:
    found = distribution()
    rows = np.array([found.quantile(level) for level in np.arange(0.05, 1, 0.05)])
    assert (np.diff(rows, axis=0) >= 0).all()
    curve = found.survival()
    assert (np.diff(curve, axis=1) <= 1e-12).all()
    assert curve[:, -1].max() < 0.001


def test_the_mean_is_that_of_the_distribution() -> None:
    found = distribution()
    # nights are whole: the mean is the sum of the chances of more than 0, 1, 2, … nights, but
    # that the survival goes on beyond the longest stay seen
    assert found.survival().sum(axis=1) == pytest.approx(found.mean(), rel=0.05)


def test_bins_hold_every_stay_once_and_say_where_a_prediction_lies() -> None:
    length, nights = known()
    bins = by_value(length, nights, 100)
    assert sum(map(len, bins.nights)) == len(nights)
    assert len(bins.nights) == 40
    place = bins.of(length)
    for at in (0, 7, 39):
        assert sorted(nights[place == at]) == bins.nights[at].tolist()
    same = by_value(np.ones(500), np.arange(500.0), 100)
    assert len(same.nights) == 1 and same.of(np.array([0.0, 1.0])).tolist() == [0, 0]


def test_small_departments_share_the_lengths_of_all() -> None:
    groups = np.array([0] * 100 + [1] * 5)
    bins = by_group(groups, np.arange(105.0), 25, 3)
    assert bins.of(np.array([0, 1, 2])).tolist() == [1, 0, 0]
    assert len(bins.nights[0]) == 105 and len(bins.nights[1]) == 100


@pytest.mark.parametrize("stretch", [0.5, 1.0, 2.0])
def test_calibration_finds_what_was_done_to_the_risks(stretch: float) -> None:
    random = np.random.default_rng(4)
    odds = random.normal(-1, 1.5, 40_000)
    true = 1 / (1 + np.exp(-odds))
    long = random.random(len(odds)) < true
    given_risk = 1 / (1 + np.exp(-(odds * stretch + 0.7)))
    found = calibration(given_risk, long)
    assert found.slope == pytest.approx(1 / stretch, rel=0.05)
    assert found(given_risk) == pytest.approx(true, abs=0.03)


def test_risks_in_the_wrong_order_are_worth_nothing() -> None:
    risk, long = np.array([0.2, 0.8] * 500), np.array([1, 0] * 500)
    assert calibration(risk, long)(risk) == pytest.approx(np.full(1000, 0.5), abs=0.01)


def test_intervals_hold_four_new_stays_in_five() -> None:
    held = []
    for seed in range(8):
        length, nights = known(1_200, seed)
        risk = 1 / (1 + np.exp(-(length - 2)))
        parts = (length[:800], risk[:800], nights[:800])
        long = parts[2] > OVER
        reading = model_reading(Raw(*parts[:2]), parts[2], long, np.ones(800, dtype=bool))
        low, high = reading.of(Raw(length[800:], risk[800:])).interval(reading.level)
        held.append((low <= nights[800:]) & (nights[800:] <= high))
    assert 0.78 < np.mean(held) < 0.86


def test_the_level_is_that_of_one_stay_more() -> None:
    needed = np.arange(1, 100) / 100
    assert level_for(needed) == 0.8
    assert level_for(needed[:3]) == 1.0
    below, up_to = np.array([0.1, 0.45, 0.96]), np.array([0.2, 0.55, 0.99])
    assert levels_needed(below, up_to) == pytest.approx([0.6, 0.0, 0.92])


def test_the_simple_rule_is_median_and_rate_of_the_department() -> None:
    department = np.repeat([0, 1], 1_000)
    nights = np.concatenate([np.arange(1_000) % 9, np.arange(1_000) % 19]).astype("float64")
    reading = baseline_reading(department, nights, nights > OVER, np.ones(2_000, dtype=bool))
    found = reading.of(Raw(np.array([0.0, 1.0]), np.array([0.0, 1.0])))
    assert found.risk == pytest.approx([1 / 9, 11 / 19], abs=0.01)
    assert found.quantile(0.5).tolist() == [4, 9]
    assert found.mean() == pytest.approx([4, 9], abs=0.1)


def test_patients_in_hospital_are_those_of_the_census_to_expect() -> None:
    found = distribution()
    one = found.taken(np.zeros(6, dtype="int64"))
    so_far = np.array([0.0, 0, 2, 5, 9, 30])
    ahead = ahead_of(one, so_far, OVER, 0.8)
    survival = np.append(one.survival()[0], 0.0)
    ages = {0: 2, 2: 1, 5: 1, 9: 1, 30: 1}
    expected = expected_census(np.zeros(28), survival, ages)
    assert ahead.bed_days["patients"].to_numpy() == pytest.approx(np.asarray(expected))
    assert ahead.bed_days["day"].tolist() == list(range(1, 29))
    bed = ahead.bed_days
    assert (bed["low_80"] <= bed["patients"]).all() and (bed["patients"] <= bed["high_80"]).all()


def test_nights_still_to_come_are_the_midnights_of_the_bed_days() -> None:
    nights = np.sort(np.random.default_rng(0).integers(0, 15, 400)).astype("float64")
    short, long = (
        by_value(some, some, 1_000) for some in (nights[nights <= 7], nights[nights > 7])
    )
    places = np.zeros(8, dtype="int64")
    one = Distribution(np.linspace(0.1, 0.9, 8), short, long, places, places)
    ahead = ahead_of(one, np.arange(8.0), 7, 0.8)
    assert ahead.more.sum() == pytest.approx(ahead.bed_days["patients"].sum(), abs=0.01)


def test_the_risk_is_given_the_nights_so_far() -> None:
    one = distribution().taken(np.full(10, 20))
    so_far = np.arange(10.0)
    ahead = ahead_of(one, so_far, OVER, 0.8)
    assert (np.diff(ahead.risk) >= 0).all()
    assert ahead.risk[7:].tolist() == [1, 1, 1]
    assert (ahead.low > so_far).all() and (ahead.high >= ahead.low).all()
    assert (ahead.more >= 0).all()
    curve = one.survival()[0]
    assert ahead.risk[3] == pytest.approx(curve[7] / curve[3])
    assert ahead.more[3] == pytest.approx(curve[4:].sum() / curve[3])


def test_who_is_in_longer_than_anybody_before_still_leaves_some_day() -> None:
    one = distribution().taken(np.array([10]))
    ahead = ahead_of(one, np.array([390.0]), OVER, 0.8)
    assert 0 < ahead.more[0] < 60 and ahead.risk[0] == 1
    far = ahead_of(one, np.array([9_999.0]), OVER, 0.8)
    assert np.isfinite(far.more).all()
