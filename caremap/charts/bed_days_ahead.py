"""How long today's patients are expected to stay: those still in, midnight by midnight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from caremap.charts.ahead import Ahead, ahead_of, on_day
from caremap.charts.course import course
from caremap.charts.figure import Figure, Plot
from caremap.charts.forecast import bands_in_words, table_of_course
from caremap.charts.frames import needs
from caremap.charts.look import nothing, number, times
from caremap.hidden import HIDDEN, WHY_HIDDEN

__all__ = ["bed_days_figure"]

_FEW = 20  # patients below which an expected number needs a decimal


@dataclass(frozen=True)
class _StillIn:
    """Today's patients who are still in, as a chart must know them."""

    name: str = "still_in"
    title: str = "Of today's patients still in at midnight"
    unit: str = "patients"
    denominator: str = ""
    kind: Literal["flow", "ratio", "stock"] = "stock"
    decimals: int = 0


_STILL_IN = _StillIn()


def bed_days_figure(bed_days: pd.DataFrame, *, period: str = "") -> Figure:
    """Return how many of today's patients are expected to be in at each coming midnight.

    Parameters
    ----------
    bed_days
        ``date``, ``patients`` (expected, of the distribution of each patient's stay), ``low_80``,
        ``high_80``.
    period
        As of when, in words.

    Returns
    -------
    Figure
        The title says how many bed-days they take in all these days together: a bed-day is a
        patient in at a midnight, so these may be added.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or a date stands twice.

    Examples
    --------
    >>> ahead = pd.DataFrame({"date": pd.date_range("2026-05-01", periods=2),
    ...     "patients": [8.0, 6.5], "low_80": [6.0, 5.0], "high_80": [9.0, 8.0]})
    >>> bed_days_figure(ahead).title
    "Today's patients take about 14.5 bed-days in the next 2 days; about 6.5 still in on Sat 2 May"
    """
    needs(bed_days, ["date", "patients"])
    history = pd.Series(dtype="float64", index=pd.DatetimeIndex([]))
    whole = ahead_of(history, bed_days, _STILL_IN, "day", (80,), centre="patients")
    # Fewer every day: the highest and the lowest of a week tell nothing.
    whole = replace(whole, ahead=whole.ahead.assign(mark=""))
    hidden = HIDDEN in bed_days.columns and bool(bed_days[HIDDEN].fillna(value=True).any())
    title = _title(whole, hidden)
    known = whole.ahead["value"].notna().any()
    table = table_of_course(whole, _STILL_IN, "Expected")
    table = table.drop(columns=_STILL_IN.title)  # of days to come nothing is known
    return Figure(
        name="stay_risk_bed_days",
        title=title,
        subtitle=" · ".join(
            filter(None, ["Today's patients expected in hospital at midnight", period])
        ),
        chart=course(whole, _STILL_IN, from_zero=True)
        if known
        else nothing("What is expected of few patients is hidden." if hidden else "No figure."),
        alt=f"{title}. {whole.ahead.iloc[0]['said']}; {whole.ahead.iloc[-1]['said']}.",
        table=table,
        notes=tuple(
            filter(
                None,
                [
                    "Who comes in from now on is not counted: see the Forecast page for all.",
                    "Expected of the whole distribution of each stay, not of its middle: a few "
                    "very long stays take many bed-days.",
                    bands_in_words(whole.levels, "day") if known else "",
                    WHY_HIDDEN if hidden else "",
                ],
            )
        ),
        plot=Plot("line", "Day", tuple(str(name) for name in table.columns if name != "Day")),
    )  # fmt: skip


def _title(whole: Ahead, hidden: bool) -> str:
    ahead = whole.ahead
    if ahead["value"].isna().any():
        why = "few patients: hidden" if hidden else "not known"
        return f"Bed-days today's patients will take: {why}"
    total, last = float(ahead["value"].sum()), ahead.iloc[-1]
    decimals = 1 if total < _FEW else 0
    count = number(last["value"], decimals=1 if last["value"] < _FEW else 0)
    left = "nobody is" if count == "0.0" else f"about {count}"
    return (
        f"Today's patients take about {number(total, decimals=decimals)} bed-days in the next "
        f"{times(len(ahead), 'day')}; {left} still in on {on_day(last['date'], 'day')}"
    )
