"""The limit of a forecast is what one who knows the mean would score."""

from __future__ import annotations

import numpy as np
import pytest

from caremap.forecasting.limits import attainable


@pytest.mark.parametrize("usual", [0.3, 2.0, 30.0, 250.0])
def test_it_is_what_knowing_the_mean_scores(usual: float) -> None:
    chance = np.random.default_rng(5)
    mean = usual * np.tile([1.3, 1.1, 1.0, 1.0, 1.0, 0.8, 0.8], 30_000)
    actual = chance.poisson(mean)
    miss = actual - mean
    found = attainable(mean, actual, scale=2.0)
    assert found["mae"] == pytest.approx(np.abs(miss).mean(), rel=0.01)
    assert found["mase"] == found["mae"] / 2
    assert found["rmse"] == pytest.approx(np.sqrt((miss**2).mean()), rel=0.01)
    assert found["r2"] == pytest.approx(1 - miss.var() / actual.var(), abs=0.01)
    assert found["r2"] == pytest.approx(attainable(mean)["r2"], abs=0.01)


def test_gaps_zeros_and_nothing() -> None:
    assert attainable([4.0, np.nan], [5.0, 3.0]) == pytest.approx(
        attainable([4.0], [5.0]), nan_ok=True
    )
    assert attainable([0.0, 0.0])["mae"] == 0
    assert np.isnan(list(attainable([]).values())).all()
    with pytest.raises(ValueError, match="below zero"):
        attainable([-1.0])
