"""What is left after costs: at a volume, at the volumes of a forecast, and if figures change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caremap.forecasting import Forecast
from caremap.planning.breakeven import (
    BREAKS_EVEN,
    Price,
    Steps,
    amount,
    amounts,
    breakeven,
    breakeven_steps,
    price_of,
    steps_of,
)  # fmt: skip
from caremap.problems import DataProblem

__all__ = ["YEAR", "breakeven_curve", "chance_of_loss", "margin", "margin_ahead", "sensitivity"]

Array = np.ndarray[Any, Any]

YEAR = 365.25
"""Days of a year."""

_VOLUMES = {"admissions": 1, "discharges": 1, "visits": 1, "occupied": 7}
"""Measures that are a volume, and by how much a week of them is more than its figure."""
_NO_VOLUMES = {
    "length_of_stay": "average stays",
    "waiting": "waiting times",
    "cost": "costs",
    "charges": "charges",
}


def margin(
    volume: ArrayLike, fixed: float, variable: float, price: Price, steps: Steps | None = None
) -> float | Array:
    """Return revenue less costs at a volume.

    Parameters
    ----------
    volume
        One volume or several, over the span of ``fixed``.
    fixed, variable, price
        As in `caremap.planning.breakeven`.
    steps
        Fixed cost on top of ``fixed`` from a volume on, as in `caremap.planning.breakeven_steps`.

    Returns
    -------
    float or numpy.ndarray
        Below 0 for a loss; of the shape of ``volume``.

    Raises
    ------
    ValueError
        Where a number is missing, infinite or below zero.

    Examples
    --------
    >>> margin(13_750, 10_000_000, 200, 1_000)
    1000000.0
    >>> margin([59, 60], 100, 3, 5, steps={60: 40})
    array([ 18., -20.])
    """
    units = amounts(volume, "Every volume").reshape(np.shape(volume))
    contribution = price_of(price) - amount(variable, "The variable cost")
    costs = amount(fixed, "The fixed cost") + _added(units, steps)
    left = units * contribution - costs
    return left if left.ndim else float(left)


def _added(units: Array, steps: Steps | None, scale: float = 1.0) -> Array:
    """Return the fixed cost that steps add at each volume; both shrink with the span of time."""
    if steps is None:
        return np.zeros(units.shape)
    levels = steps_of(steps)
    begins = np.array([float(begin) for begin, _ in levels]) * scale
    total = np.cumsum([float(added) for _, added in levels]) * scale
    found: Array = total[np.searchsorted(begins, units, side="right") - 1]
    return found


def breakeven_curve(
    fixed: float,
    variable: float,
    price: Price,
    *,
    steps: Steps | None = None,
    volume: float | None = None,
) -> pd.DataFrame:
    """Return cost and revenue along the volume, as far as there is something to see.

    Parameters
    ----------
    fixed, variable, price, steps
        As in `margin`.
    volume
        A volume to reach at least.

    Returns
    -------
    pandas.DataFrame
        ``volume``, ``cost``, ``revenue`` and ``margin`` at the corners of straight lines: from 0
        to a quarter beyond the last step, break-even and ``volume``. Where a step begins there
        are two rows of one volume, before it and after it.

    Raises
    ------
    ValueError
        As `margin`.

    Examples
    --------
    >>> breakeven_curve(100, 3, 5, steps={60: 40})
       volume   cost  revenue  margin
    0     0.0  100.0      0.0  -100.0
    1    50.0  250.0    250.0     0.0
    2    60.0  280.0    300.0    20.0
    3    60.0  320.0    300.0   -20.0
    4    70.0  350.0    350.0     0.0
    5    87.5  402.5    437.5    35.0
    """
    fixed, each = amount(fixed, "The fixed cost"), amount(variable, "The variable cost")
    paid = price_of(price)
    own = [] if volume is None else [amount(volume, "The volume")]
    begins = [] if steps is None else [float(begin) for begin, _ in steps_of(steps) if begin]
    every = pd.DataFrame({"from": [0.0], "fixed": [fixed]})
    if steps is not None:
        levels = [(float(begin), float(added)) for begin, added in steps_of(steps)]
        every = pd.concat([every, pd.DataFrame(levels, columns=["from", "fixed"])])
    even = breakeven_steps(every, variable, paid)["volume"].to_list()
    seen = max([*own, *begins, *even, 0.0])
    end = 1.25 * seen if seen else 2 * fixed / max(paid, each) if max(paid, each) else 1.0
    corners = pd.Series(sorted({0.0, *own, *begins, *even, end or 1.0}))
    after = pd.DataFrame({"volume": corners, "fixed": fixed + _added(corners.to_numpy(), steps)})
    before = after.assign(fixed=after["fixed"].shift())[after["volume"].isin(begins)]
    rows = pd.concat([before, after]).sort_index(kind="stable").reset_index(drop=True)
    cost = rows["fixed"] + rows["volume"] * each
    found = pd.DataFrame({"volume": rows["volume"], "cost": cost, "revenue": rows["volume"] * paid})
    return found.assign(margin=found["revenue"] - found["cost"])


def margin_ahead(
    forecast: Forecast,
    fixed_per_year: float,
    variable: float,
    price: Price,
    *,
    steps: Steps | None = None,
    quantiles: Sequence[float] = (10, 50, 90),
) -> pd.DataFrame:
    """Return revenue, cost and margin if fewer or more come than expected.

    Parameters
    ----------
    forecast
        Of admissions, discharges or visits (cases), or of patients in hospital (patient-days):
        from its samples, so that days err together.
    fixed_per_year, steps
        Fixed costs and their steps of a year, at volumes of a year: of both, the days of the
        forecast over 365.25 count.
    variable, price
        As in `caremap.planning.breakeven`.
    quantiles
        Percent of the futures in which no more come.

    Returns
    -------
    pandas.DataFrame
        ``quantile`` (percent), ``volume`` (over all days of the forecast), ``revenue``, ``fixed``,
        ``variable``, ``cost`` (both) and ``margin`` at that volume.

    Raises
    ------
    ValueError
        As `margin`; also where a quantile is not between 0 and 100.
    caremap.DataProblem
        Where the forecast has no samples, or is of an average or of money: these are no volume.

    Notes
    -----
    Quantiles are of the volume; a step of fixed cost can make the margin of a higher volume the
    lower one.

    Examples
    --------
    >>> days = pd.date_range("2024-05-01", periods=2)
    >>> samples = pd.DataFrame([[8.0, 8.0], [10.0, 10.0], [12.0, 12.0]], columns=days)
    >>> ahead = Forecast(pd.DataFrame({"date": days}), pd.Series(dtype=float), pd.DataFrame(),
    ...                  "", {}, samples=samples)
    >>> margin_ahead(ahead, 365.25, 1, 2)[["quantile", "volume", "cost", "margin"]]
       quantile  volume  cost  margin
    0      10.0    16.0  18.0    14.0
    1      50.0    20.0  22.0    18.0
    2      90.0    24.0  26.0    22.0
    """
    asked = [float(percent) for percent in quantiles]
    if not all(0 <= percent <= 100 for percent in asked):
        raise ValueError("Every quantile has to be a percentage from 0 to 100.")
    volumes, share = _volumes(forecast)
    levels = np.quantile(volumes, np.array(asked) / 100, method="inverted_cdf")
    paid, each = price_of(price), amount(variable, "The variable cost")
    fixed = amount(fixed_per_year, "The fixed cost") * share + _added(levels, steps, share)
    frame = pd.DataFrame({"quantile": asked, "volume": levels, "revenue": levels * paid})
    frame = frame.assign(fixed=fixed, variable=levels * each, cost=fixed + levels * each)
    return frame.assign(margin=frame["revenue"] - frame["cost"])


def chance_of_loss(
    forecast: Forecast,
    fixed_per_year: float,
    variable: float,
    price: Price,
    *,
    steps: Steps | None = None,
) -> float:
    """Return the fraction of the futures of a forecast that end in a loss.

    Parameters and errors are those of `margin_ahead`.

    Examples
    --------
    >>> samples = pd.DataFrame({pd.Timestamp("2024-05-01"): [8.0, 10.0, 12.0]})
    >>> ahead = Forecast(pd.DataFrame(), pd.Series(dtype=float), pd.DataFrame(), "", {},
    ...                  samples=samples)
    >>> round(chance_of_loss(ahead, 365.25 * 10, 1, 2), 3)
    0.333
    """
    volumes, share = _volumes(forecast)
    contribution = price_of(price) - amount(variable, "The variable cost")
    fixed = amount(fixed_per_year, "The fixed cost") * share + _added(volumes, steps, share)
    return float((volumes * contribution < fixed * (1 - 1e-12)).mean())  # even is no loss


def _volumes(forecast: Forecast) -> tuple[Array, float]:
    """Return the volume of every future, and which part of a year it is of."""
    name = str(forecast.history.name)
    if name in _NO_VOLUMES:
        raise DataProblem(
            f"A forecast of {_NO_VOLUMES[name]} is no volume that is paid for.",
            "Forecast admissions, discharges, visits or patients in hospital.",
        )
    samples = forecast.samples.to_numpy("float64")
    if not samples.size or not np.isfinite(samples).all():
        raise DataProblem(
            "The forecast has no futures to add up.", "Forecast at least one day of a count."
        )
    days = samples.shape[1] * (7 if forecast.every == "week" else 1)
    more = _VOLUMES.get(name, 1) if forecast.every == "week" else 1  # patients in of every night
    return samples.sum(axis=1) * more, days / YEAR


def sensitivity(
    fixed: float,
    variable: float,
    price: Price,
    volume: float,
    change: float = 0.1,
    steps: Steps | None = None,
) -> pd.DataFrame:
    """Return what a change of each figure alone does to break-even and margin.

    Parameters
    ----------
    fixed, variable, price, volume, steps
        As in `margin`; a payer mix is changed by its mean price.
    change
        By which fraction each is lower and higher: 0.1 is ten percent. Above 0, 1 at most.

    Returns
    -------
    pandas.DataFrame
        One row per figure, that with the largest effect on the margin first: ``driver`` (``Price``,
        ``Volume``, ``Variable cost``, ``Fixed cost``, and ``Steps of fixed cost`` where there are
        steps), ``low`` and ``high`` (its value; NaN for steps), ``breakeven_low`` and
        ``breakeven_high``, ``margin_low`` and ``margin_high`` (with the driver at its low and its
        high value: a lower cost has the higher margin), ``breakeven`` and ``margin`` (unchanged).
        Of several break-even volumes the first; ``inf`` where there is none.

    Raises
    ------
    ValueError
        As `margin`, and where the change is not between 0 and 1.

    Examples
    --------
    >>> found = sensitivity(10_000_000, 200, 1_000, 13_750)
    >>> found[["driver", "breakeven_low", "breakeven_high", "margin_low", "margin_high"]].round()
              driver  breakeven_low  breakeven_high  margin_low  margin_high
    0          Price        14286.0         11111.0   -375000.0    2375000.0
    1         Volume        12500.0         12500.0   -100000.0    2100000.0
    2     Fixed cost        11250.0         13750.0   2000000.0          0.0
    3  Variable cost        12195.0         12821.0   1275000.0     725000.0
    """
    if not 0 < change <= 1:
        raise ValueError("The change has to be a fraction above 0, and 1 at most.")
    usual = {
        "Fixed cost": amount(fixed, "The fixed cost"),
        "Variable cost": amount(variable, "The variable cost"),
        "Price": price_of(price),
        "Volume": amount(volume, "The volume"),
    } | ({} if steps is None else {"Steps of fixed cost": 1.0})
    even, left = _outcome(usual, steps)
    rows = []
    for driver, value in usual.items():
        row: dict[str, Any] = {"driver": driver}
        for side, factor in (("low", 1 - change), ("high", 1 + change)):
            row[side] = math.nan if driver.startswith("Steps") else value * factor
            found = _outcome(usual | {driver: value * factor}, steps)
            row[f"breakeven_{side}"], row[f"margin_{side}"] = found
        rows.append(row)
    frame = pd.DataFrame(rows).astype({"driver": "str"}).assign(breakeven=even, margin=left)
    effect = (frame["margin_high"] - frame["margin_low"]).abs()
    order = effect.sort_values(ascending=False, kind="stable").index
    columns = ["driver", "low", "high", "breakeven_low", "breakeven_high", "margin_low",
               "margin_high", "breakeven", "margin"]  # fmt: skip
    return frame.loc[order, columns].reset_index(drop=True)


def _outcome(figures: dict[str, float], steps: Steps | None) -> tuple[float, float]:
    """Return the first volume that breaks even, and the margin."""
    fixed, variable, price, volume = (
        figures[name] for name in ("Fixed cost", "Variable cost", "Price", "Volume")
    )
    if steps is None:
        return breakeven(fixed, variable, price), float(margin(volume, fixed, variable, price))
    factor = figures["Steps of fixed cost"]
    levels = [(float(begin), float(added) * factor) for begin, added in steps_of(steps)]
    on_top = pd.DataFrame(levels, columns=["from", "fixed"])
    every = pd.concat([on_top, pd.DataFrame({"from": [0.0], "fixed": [fixed]})])
    found = breakeven_steps(every, variable, price)
    first = found.loc[found["kind"].eq(BREAKS_EVEN), "volume"]
    even = float(first.iloc[0]) if len(first) else math.inf
    return even, float(margin(volume, fixed, variable, price, on_top))
