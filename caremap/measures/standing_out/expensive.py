"""Unusually expensive stays: of which treatments and departments, and in which months."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from caremap.dataset import UNKNOWN
from caremap.measures import ranks, reductions
from caremap.measures.coverage import percentile
from caremap.measures.fences import SHARES, fences, is_skewed
from caremap.measures.gates import covers
from caremap.measures.standing_out.chance import of_shares
from caremap.measures.standing_out.payers import shares
from caremap.measures.standing_out.places import named, places_of
from caremap.measures.standing_out.tested import (
    FEW,
    SMALL,
    Compared,
    Comparison,
    interval,
    percent,
    period_name,
)
from caremap.measures.tallies import Tally
from caremap.measures.view import View
from caremap.measures.windows import DAY, dates_in_doubt
from caremap.schema import FIELDS

__all__ = ["expensive", "limits_of"]

_KINDS = ("treatment", "diagnosis", "department")


def expensive(view: View) -> Compared:
    """Compare how often stays of a treatment, department or month are unusually expensive.

    Unusual is a cost above Tukey's upper fence of its own treatment (diagnosis or department
    where no treatment is known): the upper quartile and one and a half times the distance
    between the quartiles, of the logarithm where costs have a long tail.
    """
    kinds = places_of(view, _KINDS)
    if not view.has("cost"):
        return Compared(notes=("Unusually expensive stays: no stay has a cost.",))
    if not kinds:
        why = "Unusually expensive stays: no treatment, diagnosis or department is named."
        return Compared(notes=(why,))
    date = view.first(view.choices.cost_date, "admitted", "discharged")
    if not covers(view, date):
        return Compared()
    (window,) = view.windows
    taken = Tally(date=date, first=window.start, last=window.end)
    kind = kinds[0]
    limits, skewed = limits_of(view, kind, replace(taken, value="cost"))
    if not limits:
        return Compared()
    called = FIELDS[kind].title.lower()
    parts, months = [], None
    for column in dict.fromkeys((kind, *places_of(view, ("department", "facility")))):
        dated = date if months is None else None
        counted = ranks.exceeding(view.stays, "cost", kind, limits, dated, column, taken)
        counted = counted.rename(columns={column: "group", "above": "events"})
        months = counted if months is None else months
        cells = counted.groupby("group")[["rows", "events"]].sum().reset_index()
        parts.append(
            shares(cells, column, "cost", "stays", "", "stays",
                   caution=_caution(called, skewed), code="cost-outliers",
                   rare="Unusually expensive stays")
        )  # fmt: skip
    if date is not None and months is not None:
        parts.append(_by_month(months, view, date, called, skewed))
    return Compared.together(parts)


def limits_of(view: View, kind: str, taken: Tally) -> tuple[dict[str, float], bool]:
    """Return the upper fence of each group of some size, and whether logarithms were taken.

    By the rules of `caremap.measures.cost_spread`: the same stays are outliers in both.

    Parameters
    ----------
    view
        The stays.
    kind
        The column of groups.
    taken
        The cost, and which rows are taken.
    """
    found = reductions.quantiles(view.stays, [kind], taken, SHARES)
    usable = found[(found["n"] >= SMALL) & (found[kind] != UNKNOWN)]
    if usable.empty:
        return {}, False
    skewed = is_skewed(reductions.quantiles(view.stays, (), taken, SHARES))
    high = fences(usable, skewed)["high"]
    return dict(zip(usable[kind], high.tolist(), strict=True)), skewed


def _caution(called: str, skewed: bool) -> str:
    scale = ", on a logarithmic scale" if skewed else ""
    return (
        f"Unusually expensive is far above the middle half of the costs of the same {called} "
        f"(beyond Tukey's upper fence{scale}); unusually cheap stays are not among them. "
        f"Not adjusted for age or severity."
    )


def _by_month(counted: pd.DataFrame, view: View, date: str, called: str, skewed: bool) -> Compared:
    """Compare every whole month with all others."""
    if dates_in_doubt(view.dataset):
        return Compared()
    span = view.coverage.census if date == "discharged" else view.coverage.admissions
    dated = counted.dropna(subset="date")
    if span is None or dated.empty:
        return Compared()
    days = dated.groupby("date")[["rows", "events"]].sum()
    (window,) = view.windows
    first = span.first if window.start is None else max(span.first, window.start)
    last = days.index.max() if view.as_of is None else min(view.as_of, days.index.max())
    last = last if window.end is None else min(last, window.end)
    lengths = view.coverage.lengths
    if date == "admitted" and lengths is not None and len(lengths):
        # Those admitted last and still in, the longest stays, have no cost yet.
        last = min(last, span.last - DAY * percentile(lengths, 0.95))
    days = days[(days.index >= first) & (days.index <= last)]
    months = days.groupby(pd.PeriodIndex(days.index, freq="M")).sum()
    index = pd.PeriodIndex(months.index)
    whole = (index.start_time >= first) & (index.end_time.normalize() <= last)
    months = months[whole & (months["rows"] >= SMALL).to_numpy()]
    total = months.sum()
    result = []
    for month, line in months.iterrows() if len(months) > 2 else ():
        start = pd.Timestamp(str(month))
        events, rows = float(line["events"]), float(line["rows"])
        others = float(total["events"]) - events, float(total["rows"]) - rows
        gap = of_shares((events, others[0]), (rows, others[1]))
        low, high, name = 100 * gap.low, 100 * gap.high, period_name(start, "month")
        often = "more" if gap.value > 0 else "fewer"
        when = "discharged" if date == "discharged" else "admitted"
        result.append(
            Comparison(
                "cost-outlier-month", "cost", name, 100 * events / rows,
                100 * others[0] / others[1], 100 * gap.value, low, high, "percentage points",
                int(rows), gap.p,
                f"{name} has {often} unusually expensive stays than other months: "
                f"{percent(events / rows)} of {rows:,.0f} stays {when} then against "
                f"{percent(others[0] / others[1])} of {others[1]:,.0f} (difference "
                f"{abs(100 * gap.value):.1f} percentage points, {interval(low, high, decimals=1)}"
                f"{_mostly(counted, start, called)}).",
                _caution(called, skewed),
                few=any(
                    0 < count <= FEW
                    for count in (events, rows - events, others[0], others[1] - others[0])
                ),
            )
        )  # fmt: skip
    return Compared(tuple(result))


def _mostly(counted: pd.DataFrame, start: pd.Timestamp, called: str) -> str:
    """Name the treatment that most of the expensive stays of a month are of, if one is."""
    then = counted[counted["date"].between(start, start + pd.offsets.MonthEnd())]
    often = then.groupby("group")["events"].sum().sort_values()
    if often.empty or often.iloc[-1] <= FEW or often.iloc[-1] < 0.5 * often.sum():
        return ""
    if 0 < often.sum() - often.iloc[-1] <= FEW:  # the share would tell of the others
        return ""
    share = float(often.iloc[-1] / often.sum())
    return f"; {percent(share)} of them {named_of(called, str(often.index[-1]))}"


def named_of(called: str, name: str) -> str:
    """Name a group of a kind whose title is known.

    Examples
    --------
    >>> named_of("treatment", "Dialysis")
    'treatment “Dialysis”'
    """
    return named(next(k for k in _KINDS if FIELDS[k].title.lower() == called), name)
