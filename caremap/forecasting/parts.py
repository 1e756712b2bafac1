"""The forecast of a whole, and of its parts, which add up to it.

The whole is forecast by all there is; it has the most patients and the clearest pattern. A part is
its share of the whole, followed as fast as the part itself has shown to need, with weekdays of its
own as far as its patients allow (Gross and Sohl 1990: disaggregation by forecast proportions).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from caremap.forecasting.forecast import forecast
from caremap.forecasting.intervals import intervals
from caremap.forecasting.result import Forecast
from caremap.forecasting.shares import Shares, shares_of
from caremap.forecasting.slips import slips
from caremap.problems import DataProblem

__all__ = ["Parts", "forecast_parts"]

Progress = Callable[[str, int, int], None]
NAMED = 3
"""Parts named in a sentence."""
ABSENT = 0.1
"""Fraction of the whole that may be missing on a date before the date is a gap."""
DRAWS = 1000
"""Samples per part: enough for the interval of its total, and 200 parts in seconds."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The forecast of a whole and of its parts.

    Attributes
    ----------
    whole
        The forecast of the sum of all parts.
    frame
        A row per part and date: ``date``, ``part``, ``mean``, ``low_80``, ``high_80``, ``low_95``,
        ``high_95``. The means of a date add up to the whole's; bounds do not, nor should they.
    total
        The same for the sum over the horizon, a row per part, largest first: ``part``, ``mean``
        and the bounds.
    errors
        The backtest part by part: ``part``, ``origin``, ``date``, ``step``, ``actual``, ``mean``.
    notes
        What a reader must know, one sentence each.
    """

    whole: Forecast
    frame: pd.DataFrame
    total: pd.DataFrame
    errors: pd.DataFrame
    notes: tuple[str, ...] = field(default=())


def forecast_parts(
    parts: pd.DataFrame,
    horizon: int = 14,
    levels: Sequence[int] = (80, 95),
    country: str | None = None,
    region: str | None = None,
    *,
    whole: pd.Series | Forecast | None = None,
    progress: Progress | None = None,
) -> Parts:
    """Return a forecast of the sum of all columns, and one of each; they add up to it.

    Parameters
    ----------
    parts
        Counts or amounts by date (rows) and part (columns), as `caremap.forecasting.series` gives
        them with ``by``. Missing is a gap; before its first value a part was not there, and
        counts as none. Averages do not add up and have no place here.
    horizon, levels, country, region
        As in `caremap.forecasting.forecast`.
    whole
        What the parts add up to, where it is known from elsewhere; or a forecast of it, over the
        same horizon and with these levels, so that it is not made again. Otherwise the sum of
        those with a value; a gap where the others make up more than a tenth of it.
    progress
        Called with the stage, how many steps are done, and of how many. It may raise.

    Returns
    -------
    Parts
        In seconds also for hundreds of parts.

    Raises
    ------
    DataProblem
        Where there is no part, two have the same name, or the whole cannot be forecast.
    ValueError
        Where a forecast of the whole is given that lacks this horizon or a level.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=84)
    >>> wards = pd.DataFrame({"East": 20, "West": np.where(days.day_of_week < 5, 10, 5)}, days)
    >>> ahead = forecast_parts(wards, horizon=7)
    >>> ahead.total[["part", "mean"]].round().to_dict("list")
    {'part': ['East', 'West'], 'mean': [141.0, 59.0]}
    """
    numbers, notes = _prepared(parts)
    if isinstance(whole, Forecast):
        above = _fitting(whole, horizon, levels)
    else:
        sums = _sum(numbers) if whole is None else whole
        above = forecast(sums, horizon, levels, country, region, adds=True, progress=progress)
    numbers = numbers.reindex(above.history.index)
    shares = shares_of(numbers, above.history, cycle=7 if above.every == "day" else 1)
    errors = _errors(numbers, shares, above)
    past_of = dict(iter(errors.groupby("part", sort=False)))
    dates = pd.DatetimeIndex(above.frame["date"])
    expected = above.frame["mean"].to_numpy()[:, None] * shares.ahead(len(numbers), len(dates))
    counts = bool((numbers.fillna(0) % 1 == 0).all(axis=None))
    frames, totals = [], []
    for column, part in enumerate(numbers.columns):
        mean = pd.Series(expected[:, column], index=dates)
        frame, total, _ = intervals(mean, past_of[part], levels, counts=counts, draws=DRAWS)
        total = total if counts else total * horizon
        frame.insert(1, "part", part)
        frames.append(frame)
        totals.append({"part": part, **total.to_dict()})
        if progress:
            progress("parts", column + 1, numbers.shape[1])
    table = pd.DataFrame(totals).sort_values("mean", ascending=False, kind="stable")
    return Parts(
        above,
        pd.concat(frames, ignore_index=True),
        table.reset_index(drop=True),
        errors,
        (*notes, *above.notes),
    )


def _fitting(whole: Forecast, horizon: int, levels: Sequence[int]) -> Forecast:
    """Return a forecast of the whole, or say that it is another than is asked for."""
    lacking = [level for level in levels if f"low_{level}" not in whole.frame]
    if len(whole.frame) != horizon or lacking:
        raise ValueError(
            f"The forecast of the whole is {len(whole.frame)} steps long, {horizon} are asked for."
            if not lacking
            else f"The forecast of the whole has no interval of {lacking[0]} percent."
        )
    return whole


def _prepared(parts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the parts as numbers in order of date, and what was done to them."""
    if not isinstance(parts, pd.DataFrame) or parts.empty:
        raise DataProblem(
            "There are no parts to forecast.", "Give a frame with a column for each part."
        )
    twice = parts.columns[parts.columns.duplicated()]
    if len(twice):
        raise DataProblem("Two parts have the same name.", "Put them together, or rename one.")
    try:
        numbers = parts.astype("float64").sort_index()
    except (ValueError, TypeError) as error:
        raise DataProblem(
            "The parts have values that are no numbers.", "Replace or remove them first."
        ) from error
    if (numbers < 0).any(axis=None):
        raise DataProblem("The parts have values below zero.", "Correct or remove them first.")
    any_known = numbers.loc[numbers.notna().any(axis=1)]
    begun = any_known.ffill().notna()
    late = (~begun).any(axis=0)
    notes = []
    if late.any():
        named = "1 part has" if late.sum() == 1 else f"{late.sum()} parts have"
        notes.append(
            f"{named} no values at the beginning; until its first value a part counts as none."
        )
    numbers, told = _without_slips(any_known.where(begun, 0.0))
    notes += told
    gaps = int(numbers.isna().any(axis=1).sum())
    if gaps:
        notes.append(
            f"On {gaps} of {len(numbers)} dates not all parts have a value; "
            "a part without one keeps the share it had."
        )
    return numbers, tuple(notes)


def _without_slips(numbers: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out values that are none of a part, though the whole may hide them, and say so."""
    if not isinstance(numbers.index, pd.DatetimeIndex) or len(numbers) < 2:
        return numbers, []
    cycle = 1 if pd.Series(numbers.index).diff().median() >= pd.Timedelta(days=7) else 7
    kept = numbers.to_numpy(copy=True)
    found = {part: slips(kept[:, at], cycle) for at, part in enumerate(numbers.columns)}
    for at, rows in enumerate(found.values()):
        kept[rows, at] = np.nan
    several = [str(part) for part, rows in found.items() if rows]
    if not several:
        return numbers, []
    named = ", ".join(several[:NAMED]) + (" and others" if len(several) > NAMED else "")
    note = (
        f"Values more than three times as high as anything in the eight weeks before were left "
        f"out of {named}."
    )
    return pd.DataFrame(kept, numbers.index, numbers.columns), [note]


def _sum(numbers: pd.DataFrame) -> pd.Series:
    """Return the sum of the parts, missing where parts that matter are."""
    usual = numbers.mean() / max(float(numbers.mean().sum()), 1e-9)
    absent = numbers.isna().mul(usual, axis=1).sum(axis=1)
    return numbers.sum(axis=1).where(absent <= ABSENT)


def _errors(numbers: pd.DataFrame, shares: Shares, whole: Forecast) -> pd.DataFrame:
    """Return what would have been forecast of the parts at the origins of the whole's backtest."""
    own = whole.errors[whole.errors["model"] == whole.chosen]
    values = numbers.to_numpy()
    frames = []
    known_by = pd.Series(np.arange(1, len(numbers) + 1), index=numbers.index)
    for origin, rows in own.groupby("origin"):
        known = int(known_by[origin])
        steps = rows["step"].to_numpy(dtype="int64")
        means = rows["mean"].to_numpy()[:, None] * shares.ahead(known, int(steps.max()))[steps - 1]
        size = numbers.shape[1]
        frames.append(
            pd.DataFrame(
                {
                    "part": np.tile(numbers.columns.to_numpy(), len(rows)),
                    "origin": origin,
                    "date": rows["date"].to_numpy().repeat(size),
                    "step": steps.repeat(size),
                    "actual": values[known + steps - 1].ravel(),
                    "mean": means.ravel(),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
