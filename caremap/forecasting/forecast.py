"""A series to a forecast: models backtested, mixed, and given intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.forecasting.backtest import MIX, Backtest, Progress, backtest
from caremap.forecasting.calendar import columns_of
from caremap.forecasting.counting import KINDS
from caremap.forecasting.fitness import unfit
from caremap.forecasting.history import Floats, History, history_of
from caremap.forecasting.intervals import intervals, scored, with_bounds
from caremap.forecasting.limits import attainable
from caremap.forecasting.models import MIXED, ON_DEMAND, WEEKDAYS, WEEKLY, YARDSTICKS
from caremap.forecasting.result import Forecast
from caremap.forecasting.scores import beats, scale_of, scores
from caremap.problems import DataProblem

__all__ = ["forecast"]

LONGEST = 366
"""Steps ahead beyond which there is no telling."""


def forecast(
    series: pd.Series,
    horizon: int = 14,
    levels: Sequence[int] = (80, 95),
    country: str | None = None,
    region: str | None = None,
    *,
    adds: bool | None = None,
    models: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Return a forecast with intervals, and a backtest on the series itself.

    Linear regression, gradient-boosted trees (XGBoost), exponential smoothing and the average of
    the same weekday forecast the last months as if they were not known yet, from what was known
    then; the forecast is their mix, in which each weighs as much as its past errors allow.

    Parameters
    ----------
    series
        Counts or averages (mean stay) by day or week: numbers of zero or more with a
        DatetimeIndex. Missing values and dates left out are gaps. At least eight weeks.
    horizon
        Days (weeks) ahead, up to 366.
    levels
        Percent the central intervals hold.
    country, region
        Codes of the ``holidays`` package, for example "US" and "CA".
    adds
        Whether the values of several days add up: admissions and cost do, patients in hospital
        and a mean stay do not, and their total is a mean. By default the name of the series
        says it, where it is that of a measure; any other series adds up.
    models
        Models to compare besides: "random forest".
    progress
        Called with the stage, how many steps are done, and of how many. It may raise.

    Returns
    -------
    Forecast
        The same at every call with the same series.

    Raises
    ------
    DataProblem
        Where the series is too short, too thin, or not to be understood.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=84)
    >>> visits = pd.Series(np.where(days.day_of_week < 5, 30, 15), index=days)
    >>> ahead = forecast(visits, horizon=7)
    >>> ahead.frame["mean"].round().tolist()
    [30.0, 30.0, 30.0, 30.0, 30.0, 15.0, 15.0]
    """
    _check(horizon, levels, models)
    horizon = int(horizon)
    if adds is None:
        adds = KINDS.get(str(getattr(series, "name", ""))) != "mean"
    history = history_of(series, horizon, adds=adds)
    why_not = unfit(history.series(), history.every)
    if why_not:
        raise DataProblem(*why_not)
    columns = columns_of(history, country, region)
    past = backtest(history, columns, horizon, models or (), progress)
    errors = past.errors()
    since = past.scored()[0]
    bounded = [
        with_bounds(own, levels, counts=history.counts, since=since)
        for _, own in errors.groupby("model", sort=False)
    ]
    shown = pd.concat(bounded).loc[lambda days: days["origin"] >= since]
    table = _table(past, shown, levels)
    chosen, simple = _chosen(past, table), _best_simple(past, table)
    better = chosen == MIX and beats(shown, MIX, simple, past.overlap)
    dates = history.dates[history.known :]
    mean = pd.Series(past.forecasts[chosen][-1], index=dates.rename("date"), name="mean")
    own = errors[errors["model"] == chosen]
    frame, total, samples = intervals(mean, own, levels, counts=history.counts)
    if adds != history.counts:
        total = total * horizon if adds else total / horizon
    return Forecast(
        frame=frame,
        total=total,
        backtest=table,
        chosen=chosen,
        limit=_limit(past, shown, chosen) if adds else {},
        notes=_notes(past, chosen, simple, better, country),
        history=history.series().rename(str(series.name or "value")),
        errors=shown.reset_index(drop=True),
        weights=past.weights,
        components=_components(past, mean),
        samples=samples,
        every=history.every,
        better_than=simple if better else "",
    )


def _check(horizon: int, levels: Sequence[int], models: Sequence[str] | None) -> None:
    """Refuse arguments that mean nothing."""
    number = isinstance(horizon, (int, float, np.integer, np.floating))
    if not number or isinstance(horizon, bool) or not 1 <= horizon <= LONGEST or horizon % 1:
        raise DataProblem(
            f"A horizon of {horizon} is not possible.",
            f"Choose a whole number from 1 to {LONGEST}.",
        )
    if not levels or not all(1 <= level < 100 for level in levels):
        raise DataProblem(
            "The levels of intervals are percentages from 1 to below 100.", "Choose 80 and 95."
        )
    unknown = [name for name in models or () if name not in ON_DEMAND]
    if unknown:
        raise DataProblem(
            f"There is no model called {unknown[0]!r} to compare.",
            f"Choose from: {', '.join(ON_DEMAND)}.",
        )


def _yardsticks(history: History) -> tuple[str, str]:
    """Return the names of the overall average and of last week's value."""
    overall, naive = YARDSTICKS if history.cycle == 7 else WEEKLY
    return overall, naive


def _first_scored(past: Backtest) -> int:
    """Return how many values are known at the first origin scored."""
    return int(past.history.dates.get_indexer(past.scored()[:1])[0]) + 1


def _table(past: Backtest, shown: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    """Return the backtest: a row per model, best first."""
    history = past.history
    overall, naive = _yardsticks(history)
    scale = scale_of(history.observed[: _first_scored(past)], history.cycle)
    table = scores(shown, scale, overall=overall, naive=naive)
    covered = []
    for model in table["model"]:
        held = scored(shown[shown["model"] == model], levels)
        covered.append({name: value for name, value in held.items() if "coverage" in name})
    table = table.join(pd.DataFrame(covered))
    coverage = [f"coverage_{level}" for level in levels]
    order = ["model", "mase", "rmse", "mae", "r2", *coverage, "gain", "gain_same_day"]
    return table[order].sort_values("rmse", kind="stable", ignore_index=True)


def _chosen(past: Backtest, table: pd.DataFrame) -> str:
    """Return the mix, or a rule so simple that it has to be beaten where it is not.

    But no rule that the last weeks contradict: the average of a wave that has ebbed was near by
    chance where the wave passed it.
    """
    rmse = table.set_index("model")["rmse"]
    simple = [
        name
        for name in ("overall average", WEEKDAYS)
        if name in rmse and not _contradicted(past.history, past.forecasts[name][-1])
    ]
    best = min(simple, key=lambda name: rmse[name], default=MIX)
    return MIX if rmse[MIX] < rmse[best] else best


def _contradicted(history: History, rule: Floats) -> bool:
    """Return whether the last weeks lie off what a rule says of the next, beyond chance.

    A t-test at 1 % on the last two and the last four weeks (of weeks: four and eight).
    """
    from scipy.stats import t

    daily = history.cycle == 7
    for last in (14, 28) if daily else (4, 8):
        phase = np.arange(last) % history.cycle  # whole weeks: as the steps ahead
        said = phase < len(rule)
        off = history.observed[-last:][said] - rule[phase[said]]
        off = off[~np.isnan(off)]
        if len(off) < 4:
            continue
        error = float(off.std(ddof=1)) / np.sqrt(len(off))
        if abs(off.mean()) > t.ppf(0.995, len(off) - 1) * error + 1e-9 * (1 + abs(rule.mean())):
            return True
    return False


def _limit(past: Backtest, shown: pd.DataFrame, chosen: str) -> dict[str, float]:
    """Return what a Poisson with a known mean would score on the same days."""
    if not past.history.counts:
        return {}
    days = shown[shown["model"] == chosen]
    scale = scale_of(past.history.observed[: _first_scored(past)], past.history.cycle)
    found = attainable(days["mean"], days["actual"], scale)
    return {name: found[name] for name in ("r2", "mase")}


def _components(past: Backtest, mean: pd.Series) -> pd.DataFrame:
    """Return level, weekday, season and holiday over history and horizon."""
    history, moment = past.history, past.last
    calendar = moment.calendar
    known = history.known
    level = np.empty(len(history.dates))
    level[:known] = moment.levels[:, 0]
    level[known:] = mean.to_numpy() / calendar.factor[known:]
    return pd.DataFrame(
        {
            "date": history.dates,
            "level": level,
            "weekday": calendar.weekday,
            "season": calendar.season,
            "holiday": calendar.holiday,
        }
    )


def _best_simple(past: Backtest, table: pd.DataFrame) -> str:
    """Return the simple rule that did best."""
    overall, naive = _yardsticks(past.history)
    rules = table[table["model"].isin([overall, naive, WEEKDAYS])]
    return str(rules.sort_values("rmse", kind="stable")["model"].iloc[0])


def _notes(
    past: Backtest, chosen: str, simple: str, better: bool, country: str | None
) -> tuple[str, ...]:
    """Return what a reader must know."""
    history = past.history
    unit = history.every
    notes = list(history.notes)
    if chosen != MIX:
        notes.append(
            f"Nothing was found that forecasts this series better than the {chosen}: "
            "it is the forecast, and no gain over it is claimed."
        )
    elif not better:
        notes.append(
            f"In the backtest the forecast is not better than the {simple} beyond chance: "
            "no gain over it is claimed."
        )
    origins = len(past.scored())
    if origins < 12:
        notes.append(
            f"The series is short: the backtest has {origins} "
            f"{'start' if origins == 1 else 'starts'} instead of 12, so its scores are rough."
        )
    if past.steps < len(history.dates) - history.known:
        notes.append(
            f"Only the first {past.steps} {unit}s ahead could be tested on a series this short; "
            "later ones are less sure than they look."
        )
    left_out = [name for name in MIXED if name not in past.forecasts and name != WEEKDAYS]
    if left_out:
        notes.append(f"The series is too short for {' and '.join(left_out)}.")
    if not country and unit == "day":
        notes.append("No country was chosen: only days around Christmas and New Year are holidays.")
    return tuple(notes)
