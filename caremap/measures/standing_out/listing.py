"""What stands out: everything tested together, corrected together, in one list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.coverage import has
from caremap.measures.occupancy import occupancy
from caremap.measures.standing_out import calendar
from caremap.measures.standing_out.answers import satisfaction
from caremap.measures.standing_out.chance import adjusted
from caremap.measures.standing_out.control import POINTS
from caremap.measures.standing_out.expensive import expensive
from caremap.measures.standing_out.full import full
from caremap.measures.standing_out.payers import payers
from caremap.measures.standing_out.series import daily_counts, daily_lengths, whole_periods
from caremap.measures.standing_out.tested import Compared, Comparison
from caremap.measures.view import Choices, View, overall_view
from caremap.measures.windows import dates_in_doubt
from caremap.problems import DataProblem

__all__ = ["Q", "StandingOut", "standing_out", "standout_notes", "standouts"]

Q = 0.01
"""Share of what is listed that may be false (false discovery rate)."""

_TEXTS = ("code", "measure", "subject", "unit", "sentence", "caution")
_COLUMNS = ("code", "measure", "subject", "figure", "comparison", "effect", "low_95", "high_95",
            "unit", "n", "p", "q", "sentence", "caution")  # fmt: skip


def standouts(
    dataset: Dataset,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
    q: float = Q,
) -> pd.DataFrame:
    """Return what stands out beyond chance, most important first.

    Parameters
    ----------
    dataset
        The network, filtered as it is, over its reporting period.
    as_of, same_day, overnight_only, cost_date
        As in `caremap.measures.headline`.
    q
        False discovery rate of the whole list.

    Returns
    -------
    pandas.DataFrame
        One row per thing, that which differs most, by its interval, first:

        - ``code``: ``satisfaction``, ``variation``, ``weekday``, ``season``, ``growth``,
          ``death``, ``readmission``, ``cost-outliers``, ``cost-outlier-month``,
          ``occupancy``, ``special-cause``
        - ``measure``, ``subject``: what of whom, in words
        - ``figure``, ``comparison``, ``effect`` (their difference), ``low_95``, ``high_95``
          (of the effect), in ``unit``
        - ``n``: stays, answers or whole periods behind the figure
        - ``p`` and ``q``: before and after the correction for the number of comparisons
        - ``sentence``, ``caution``: what to say, and what it is not

        Empty where nothing stands out; `standout_notes` says what was tried.

    Raises
    ------
    ValueError
        Where a switch is none of the choices, or ``q`` not between 0 and 1.

    Notes
    -----
    All comparisons, points of the XmR charts included, are corrected together (Benjamini and
    Hochberg 1995). Each group is compared with all others; groups of fewer than 30 stays are
    left out. What follows from how a file was cut is no comparison: only whole weeks and
    months are taken, and discharges only once nearly all patients of before the file have
    left. A difference that rests on 1 to 10 patients is counted in the notes, not listed.

    Examples
    --------
    >>> stays = pd.DataFrame({"department": ["ED"] * 60 + ["ICU"] * 60,
    ...                       "satisfaction": [2.0, 3.0] * 30 + [4.0, 5.0] * 30})
    >>> standouts(Dataset(stays=stays))[["code", "subject", "figure", "comparison"]]
               code          subject  figure  comparison
    0  satisfaction  department “ED”     2.5         4.5
    """
    return standing_out(dataset, as_of, same_day, overnight_only, cost_date, q).frame


def standout_notes(
    dataset: Dataset,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
    q: float = Q,
) -> tuple[str, ...]:
    """Return what is to be said of `standouts`, in sentences.

    How many comparisons were made and how they were corrected, which groups were left out as
    small, and what could not be tested and why. Parameters and errors are those of `standouts`.

    Examples
    --------
    >>> standout_notes(Dataset())
    ('Nothing could be tested: there are neither stays nor counts.',)
    """
    return standing_out(dataset, as_of, same_day, overnight_only, cost_date, q).notes


@dataclass(frozen=True, eq=False)
class StandingOut:
    """What `standouts` and `standout_notes` return, of one examination."""

    frame: pd.DataFrame
    notes: tuple[str, ...]


def standing_out(
    dataset: Dataset,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
    q: float = Q,
) -> StandingOut:
    """Return `standouts` and `standout_notes` at the price of one of them.

    Examples
    --------
    >>> standing_out(Dataset()).notes
    ('Nothing could be tested: there are neither stays nor counts.',)
    """
    if not 0 < q < 1:
        raise ValueError(f"q is a share between 0 and 1, got {q!r}")
    if dataset.stays is None and dataset.activity is None:
        why = "Nothing could be tested: there are neither stays nor counts."
        return StandingOut(_listed([], []), (why,))
    tested = tested_of(dataset, as_of, Choices(same_day, overnight_only, cost_date))
    found = corrected(tested, q)
    told = [(one, rate) for one, rate in found if not one.few]
    told.sort(key=lambda pair: (-pair[0].assured, pair[0].p))
    frame = _listed([one for one, _ in told], [rate for _, rate in told])
    often = sum(np.isfinite(one.p) for one in tested.comparisons)
    return StandingOut(frame, (*_about(often, q), *_hidden(found), *tested.notes))


def corrected(tested: Compared, q: float = Q) -> list[tuple[Comparison, float]]:
    """Return the comparisons chance does not explain, with their probability corrected.

    Corrected together for their number, whether or not they could be told.
    """
    usable = [one for one in tested.comparisons if np.isfinite(one.p)]
    rates = adjusted([one.p for one in usable])
    return [
        (one, float(rate))
        for one, rate in zip(usable, rates, strict=True)
        if rate <= q and one.chart
    ]


def _about(often: int, q: float) -> tuple[str, ...]:
    if not often:
        return ("Nothing could be tested.",)
    return (
        f"{often:,} comparisons were tested together; listed are those that chance does not "
        f"explain after correction for their number (Benjamini-Hochberg: at most {100 * q:g} % "
        "of what is listed is expected to be false).",
    )


def _hidden(found: list[tuple[Comparison, float]]) -> tuple[str, ...]:
    few = sum(one.few for one, _ in found)
    return (f"Differences not told, as they rest on 1 to 10 patients: {few:,}.",) if few else ()


def tested_of(dataset: Dataset, as_of: object, choices: Choices) -> Compared:
    """Return every comparison the data allows, and what it does not allow."""
    parts = []
    if dataset.stays is not None:
        view = overall_view(dataset, dataset.stays, as_of, choices, with_coverage=True)
        parts += [of_patients(view)]
    elif has(dataset.activity, "satisfaction") or has(dataset.activity, "team_score"):
        why = "Scores in a file of counts are not compared: how many answered is not known."
        parts += [Compared(notes=(why,))]
    parts += [of_time(dataset, as_of, choices)]
    return Compared.together(parts)


def of_patients(view: View) -> Compared:
    """Compare groups of patients: answers, payers and costs."""
    return Compared.together([satisfaction(view), payers(view), expensive(view)])


def of_time(dataset: Dataset, as_of: object, choices: Choices) -> Compared:
    """Compare days, seasons and periods, and the beds over time."""
    if doubt := dates_in_doubt(dataset):
        return Compared(notes=(doubt,))
    parts = []
    counts = daily_counts(dataset, as_of)
    if counts is None:
        parts.append(Compared(notes=("Admissions by day are not known: no weekday, season or "
                                   "growth is tested.",)))  # fmt: skip
    else:
        called = counts.measure
        by_day = counts.every == "day"
        parts += [calendar.weekdays(counts)] if by_day else []
        parts += [calendar.seasons(counts), calendar.growth(counts)]
        months = whole_periods(counts, "month")
        points, every = _points(months, whole_periods(counts, "week") if by_day else months)
        parts.append(calendar.unusual(points, called, called, called, every, flow=True))
        parts.append(Compared(notes=counts.notes))
    lengths = daily_lengths(dataset, as_of, choices)
    if lengths is not None:
        points, every = _points(whole_periods(lengths, "month"), whole_periods(lengths, "week"))
        parts.append(
            calendar.unusual(points, lengths.measure, "average length of stay", "days", every,
                             flow=False)
        )  # fmt: skip
    parts.append(full(dataset, as_of))
    month, week = (_occupied(dataset, every, as_of) for every in ("month", "week"))
    points, every = _points(month, week)
    if len(points):
        parts.append(calendar.unusual(points, "occupancy", "occupancy", "%", every, flow=False))
    return Compared.together(parts)


def _points(months: pd.DataFrame, weeks: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return months where they are enough for a chart, or there is nothing else; else weeks."""
    if len(months) >= POINTS or weeks is months:
        return months, "month"
    return weeks, "week"


def _occupied(dataset: Dataset, every: str, as_of: object) -> pd.DataFrame:
    try:
        found = occupancy(dataset, (), every, as_of)
    except DataProblem:  # counted less often
        return pd.DataFrame({"period": [], "value": [], "days": []})
    found = found[found["complete"] & found["occupancy"].notna()]
    return found.assign(value=found["occupancy"])[["period", "value", "days"]]


def _listed(told: list[Comparison], rates: list[float]) -> pd.DataFrame:
    lines = [
        {
            "code": one.code, "measure": one.measure, "subject": one.subject, "figure": one.figure,
            "comparison": one.comparison, "effect": one.effect, "low_95": one.low,
            "high_95": one.high, "unit": one.unit, "n": one.n, "p": one.p, "q": rate,
            "sentence": one.sentence, "caution": one.caution,
        }
        for one, rate in zip(told, rates, strict=True)
    ]  # fmt: skip
    dtypes = dict.fromkeys(_COLUMNS, "float64") | dict.fromkeys(_TEXTS, "str") | {"n": "int64"}
    return pd.DataFrame(lines, columns=list(_COLUMNS)).astype(dtypes)
