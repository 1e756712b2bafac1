"""How good forecasts were: scores by model, and whether one beats another beyond chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.forecasting.history import Floats

__all__ = ["beats", "scale_of", "scores"]


def scale_of(values: Floats, cycle: int) -> float:
    """Return the mean absolute change from the same weekday a week before (MASE's denominator).

    Hyndman & Koehler (2006), in the sample before the days scored.

    Examples
    --------
    >>> scale_of(np.array([1.0, 2.0, 3.0, 5.0]), cycle=1).__round__(2)
    1.33
    """
    changes = np.abs(values[cycle:] - values[:-cycle])
    return float(np.nanmean(changes)) if np.isfinite(changes).any() else float("nan")


def scores(errors: pd.DataFrame, scale: float, *, overall: str, naive: str) -> pd.DataFrame:
    """Return the scores of every model on the same days.

    Parameters
    ----------
    errors
        ``model``, ``actual``, ``mean``; rows without an actual are passed over.
    scale
        See `scale_of`.
    overall, naive
        Names of the overall average and of the same day last week, for the gains.

    Returns
    -------
    pandas.DataFrame
        ``model``, ``mase``, ``rmse``, ``mae``, ``r2``, ``gain`` (fraction by which its RMSE is
        lower than that of the overall average), ``gain_same_day`` (than that of the same day
        last week). Missing where there is nothing to divide by.

    Examples
    --------
    >>> past = pd.DataFrame({"model": ["a", "a", "b", "b"], "actual": [1, 3, 1, 3],
    ...                      "mean": [1.0, 2.0, 2.0, 2.0]})
    >>> scores(past, 2.0, overall="b", naive="b").round(2)
      model  mase  rmse  mae   r2  gain  gain_same_day
    0     a  0.25  0.71  0.5  0.5  0.29           0.29
    1     b  0.50  1.00  1.0  0.0  0.00           0.00
    """
    known = errors.dropna(subset=["actual"])
    rows = []
    for model, days in known.groupby("model", sort=False):
        miss = days["actual"] - days["mean"]
        mae, rmse = float(miss.abs().mean()), float(np.sqrt((miss**2).mean()))
        spread = float(days["actual"].var(ddof=0))
        rows.append(
            {
                "model": model,
                "mase": _ratio(mae, scale),
                "rmse": rmse,
                "mae": mae,
                "r2": 1 - _ratio(rmse**2, spread),
            }
        )
    found = pd.DataFrame(rows)
    by_model = found.set_index("model")["rmse"]
    for column, name in (("gain", overall), ("gain_same_day", naive)):
        found[column] = [1 - _ratio(rmse, by_model[name]) for rmse in found["rmse"]]
    return found


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else float("nan")


def beats(errors: pd.DataFrame, model: str, other: str, overlap: int = 1) -> bool:
    """Return whether a model's squared errors are smaller than another's beyond chance.

    A Diebold-Mariano test (1995) on the mean loss of each origin with the correction of Harvey,
    Leybourne & Newbold (1997), one-sided at 5 %.

    Parameters
    ----------
    errors
        ``model``, ``origin``, ``actual``, ``mean``.
    model, other
        Names of the two.
    overlap
        Origins whose horizons overlap each other: 1 where none do.

    Examples
    --------
    >>> past = pd.DataFrame({"origin": range(8), "actual": 10.0})
    >>> near, far = past.assign(model="a", mean=9.5), past.assign(model="b", mean=7.0)
    >>> far["mean"] += [0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5]
    >>> both = pd.concat([near, far])
    >>> beats(both, "a", "b"), beats(both, "b", "a")
    (True, False)
    """
    from scipy.stats import t

    loss = errors.assign(loss=(errors["actual"] - errors["mean"]) ** 2)
    by_origin = loss.pivot_table(index="origin", columns="model", values="loss", aggfunc="mean")
    gain = (by_origin[other] - by_origin[model]).dropna().to_numpy()
    count = len(gain)
    if count < 3:
        return False
    around = gain - gain.mean()
    lags = min(overlap, count // 2) - 1
    variance = float(np.mean(around**2))
    for lag in range(1, lags + 1):  # Bartlett's weights keep it above zero
        variance += 2 * (1 - lag / (lags + 1)) * float(np.mean(around[lag:] * around[:-lag]))
    if variance <= 1e-12 * float(np.mean(gain**2)):
        return bool(gain.mean() > 0)
    correction = (count + 1 - 2 * (lags + 1) + (lags + 1) * lags / count) / count
    statistic = gain.mean() / np.sqrt(variance / count) * np.sqrt(max(correction, 0.1))
    return bool(t.sf(statistic, count - 1) < 0.05)
