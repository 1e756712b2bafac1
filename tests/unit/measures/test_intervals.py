"""Wilson's interval against published numbers and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis.strategies import integers

from caremap.measures.intervals import wilson


@pytest.mark.parametrize(
    ("found", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1)],
)  # fmt: skip
def test_published_intervals(found: int, of: int, low: float, high: float) -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3; the last by symmetry
    ends = np.array(wilson(found, of))
    np.testing.assert_allclose(ends, [low, high], atol=0.00005)


@given(of=integers(1, 10**6), share=integers(0, 10**6))
def test_it_is_what_scipy_gives(of: int, share: int) -> None:
    found = of * share // 10**6
    expected = scipy.stats.binomtest(found, of).proportion_ci(method="wilson")
    low, high = wilson(found, of)
    np.testing.assert_allclose([low, high], [expected.low, expected.high], atol=1e-12)
    assert 0 <= low <= found / of <= high <= 1


def test_of_none_there_is_no_interval() -> None:
    assert np.isnan(wilson([0, 0], [0, 0])).all()
