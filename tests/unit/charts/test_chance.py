"""Whether counts are alike but for chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from caremap.charts.chance import alike


@pytest.mark.parametrize("groups", [2, 7, 24])
def test_it_decides_as_the_exact_test_does(groups: int) -> None:
    chance = np.random.default_rng(groups)
    exposures = chance.integers(4, 9, groups).astype(float)
    agreed = []
    for _ in range(400):
        slope = 1 + chance.uniform(0, 0.6) * np.linspace(-1, 1, groups)
        counts = chance.poisson(30 * exposures * slope)
        expected = counts.sum() * exposures / exposures.sum()
        p = chisquare(counts, expected).pvalue
        agreed.append(alike(counts, exposures) == (p > 0.01) or abs(p - 0.01) < 0.002)
    assert all(agreed)


def test_equal_chances_are_told_apart_once_in_a_hundred() -> None:
    chance = np.random.default_rng(1)
    for mean, groups in ((40, 7), (2.5, 24)):
        alarms = sum(not alike(chance.poisson(mean, groups), [1] * groups) for _ in range(2_000))
        assert 5 <= alarms <= 45


@pytest.mark.parametrize(
    ("counts", "exposures"),
    [([], []), ([3], [1]), ([0, 0], [1, 1]), ([9, 0], [1, 0]), ([6, 0, 0, 0, 0, 0, 0], [1] * 7)],
)
def test_too_little_to_tell_is_alike(counts: list[int], exposures: list[int]) -> None:
    assert alike(counts, exposures)
