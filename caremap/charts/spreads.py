"""How far figures of single stays spread within groups: the middle half and 90 of 100."""

from __future__ import annotations

import math
import re
from itertools import permutations, product
from statistics import NormalDist
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot, Quantity
from caremap.charts.frames import UNKNOWN, needs, numbers, text_of
from caremap.charts.lanes import Across, Lanes
from caremap.charts.look import NO_FIGURE, listed, lower, nothing, number, short_number, times
from caremap.charts.points import whole_column
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, own_name, veiled
from caremap.charts.words import amount
from caremap.hidden import WHY_HIDDEN

__all__ = ["spread_figure"]

_QUANTILES = ("p5", "p25", "median", "p75", "p95")
_TAILS = 20  # stays below which one in twenty is no stay, and the ends are single patients'
_SMALL = 30  # stays below which a median is not named in the title
_SURE = 0.01  # probability of naming two groups where none differ
_MEDIAN_ERROR = 1.0  # standard error of a median, in interquartile ranges over root n, at most


def spread_figure(
    frame: pd.DataFrame,
    by: str,
    title_of_by: str,
    quantity: Quantity,
    *,
    top: int = 12,
    period: str = "",
) -> Figure:
    """Return how figures of single stays spread in each group, the largest group on top.

    Parameters
    ----------
    frame
        As `caremap.measures.cost_spread` returns it: the group's column, ``n``, ``mean``,
        ``p5``, ``p25``, ``median``, ``p75``, ``p95``, ``outliers`` (a count) and ``skewed``.
    by
        The column of the groups.
    title_of_by
        What a group is: "Treatment".
    quantity
        What was measured of every stay.
    top
        How many groups are drawn. Quantiles of several groups cannot be put together: the
        others are in the table.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        A bar from the 25th to the 75th percentile with the median in it, a line from the 5th
        to the 95th; the scale is logarithmic where figures are skewed. No single patient's
        amount is drawn: outliers are counted. Ends of groups under 20 stays are left out.
        The title names the two medians farthest apart of those that differ by more than
        chance: one in a hundred for all pairs together, and says otherwise that chance may be
        all there is. The standard error is that of McGill, Tukey and Larsen (1978), 0.93
        interquartile ranges over root n, taken as 1 as figures are not normal.

    Raises
    ------
    ValueError
        Where there is no row or a column is missing.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> frame = pd.DataFrame({"treatment": ["Hip", "Knee"], "n": [900, 800],
    ...     "mean": [21e3, 17e3], "p5": [9e3, 8e3], "p25": [14e3, 12e3], "median": [18e3, 15e3],
    ...     "p75": [24e3, 19e3], "p95": [45e3, 38e3], "outliers": [21, 12], "skewed": True})
    >>> spread_figure(frame, "treatment", "Treatment", MEASURES["cost"]).title
    'Median treatment cost per stay runs from 15,000 (Knee) to 18,000 (Hip)'
    """
    needs(frame, [by, "n", "mean", *_QUANTILES, "outliers", "skewed"])
    groups = _groups(frame, by)
    named = int((~groups["unknown"]).sum())
    most = top if named > top + 1 else named
    shown = pd.concat([groups[~groups["unknown"]].head(most), groups[groups["unknown"]]])
    shown = shown.reset_index(drop=True)
    skewed = bool(groups["skewed"].any())
    ends = [value for name in _QUANTILES for value in shown[name].dropna()]
    log = skewed and len(ends) > 0 and min(ends) > 0
    largest = f" among the {most} largest" if most < named else ""
    title = _title(shown, quantity, lower(title_of_by), largest)
    table = _table(groups, quantity, title_of_by)
    count = f"{'' if most == named else f'the {most} largest of '}{times(named, 'group')}"
    n = "" if groups["hidden"].any() else f"n {number(groups['n'].sum())}"
    scale = f"{'logarithmic scale, ' if log else ''}at the right median and n"
    opening = f"{_per_stay(quantity)} by {lower(title_of_by)}, {_unit(quantity)}"
    parts = [opening.removesuffix(", "), period, count, n, scale]
    return Figure(
        name=f"{quantity.name}_spread_by_"
        + (re.sub(r"[^a-z0-9]+", "_", str(by).lower()).strip("_") or "group"),
        title=title,
        subtitle=" · ".join(filter(None, parts)),
        chart=_chart(shown, quantity, title_of_by, log=log),
        alt=_alt(title, shown, quantity),
        table=table,
        notes=_notes(groups, shown, skewed=skewed, log=log, left=named - most),
        plot=Plot("bars", table.columns[0], (f"Median{_in_unit(quantity)}",)),
    )


def _groups(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the groups, the largest first, then what is in no group."""
    names = text_of(frame[by])
    columns: dict[str, Any] = {name: numbers(frame[name]) for name in ("n", "mean", *_QUANTILES)}
    groups = pd.DataFrame(
        {
            "name": names.to_numpy(),
            "unknown": names.eq(UNKNOWN).to_numpy(),
            **columns,
            "outliers": numbers(frame["outliers"]),
            "skewed": frame["skewed"].astype("boolean").fillna(value=False).to_numpy(dtype=bool),
            "hidden": hidden_rows(frame),
        }
    )
    few = groups["n"] < _TAILS
    groups[["p5", "p95"]] = groups[["p5", "p95"]].mask(few)
    order = groups.assign(size=-groups["n"].fillna(-1))
    return groups.loc[
        order.sort_values(["unknown", "size", "name"], kind="stable").index
    ].reset_index(drop=True)


# --- the words ------------------------------------------------------------------------------


def _per_stay(quantity: Quantity) -> str:
    """Say what was measured of each stay: "Treatment cost per stay"; a length is of one anyway."""
    title = quantity.title.removeprefix("Average ")
    title = title[:1].upper() + title[1:]
    return f"{title} per stay" if quantity.kind == "flow" and "per " not in title else title


def _unit(quantity: Quantity) -> str:
    return "" if quantity.unit.lower() in _per_stay(quantity).lower() else quantity.unit


def _in_unit(quantity: Quantity) -> str:
    return f" ({_unit(quantity)})" if _unit(quantity) else ""


def _title(groups: pd.DataFrame, quantity: Quantity, what: str, largest: str) -> str:
    measured = lower(_per_stay(quantity))
    named = groups[~groups["unknown"] & groups["median"].notna()]
    if named.empty:
        shown = " that is shown" if groups["hidden"].any() else ""
        return f"{_per_stay(quantity)}: no {what} has a figure{shown}"
    if len(groups) == 1:
        only = named.iloc[0]
        middle = f"half of all stays lie between {_short(only['p25'], quantity)}"
        return (
            f"Median {measured}: {amount(only['median'], quantity)} in {only['name']}, the only "
            f"{what}; {middle} and {_short(only['p75'], quantity)}"
        )
    large = named[named["n"] >= _SMALL]
    if len(large) < 2:
        return f"Median {measured}: too few stays to compare one {what} with another"
    shown = " of those shown" if groups["hidden"].any() else ""
    return f"Median {measured}{_compared(large, quantity, what)}{largest or shown}"


def _compared(large: pd.DataFrame, quantity: Quantity, what: str) -> str:
    """Say between which groups medians differ by more than chance, the farthest apart first.

    The highest and the lowest may be those of the fewest stays: others can differ for sure.
    """
    ends = large["median"].min(), large["median"].max()
    figures = [amount(end, quantity) for end in ends]
    pairs = list(permutations([row for _, row in large.iterrows()], 2))
    sure = [pair for pair in pairs if _apart(*pair, len(large))]
    if float(large["p5"].min()) == float(large["p95"].max()):  # all the same: nothing to compare
        return f": {figures[0]} in each {what}"
    if not sure:
        span = figures[0] if figures[0] == figures[1] else f"{figures[0]} to {figures[1]}"
        return f" differs by {what} no more than chance may explain: {span}"
    least, most = max(sure, key=lambda pair: float(pair[1]["median"] - pair[0]["median"]))
    if (least["median"], most["median"]) == ends:
        names = [
            listed(large.loc[large["median"].eq(end), "name"].tolist(), most=1) for end in ends
        ]
        return f" runs from {figures[0]} ({names[0]}) to {figures[1]} ({names[1]})"
    low, high = (f"{amount(row['median'], quantity)} in {row['name']}" for row in (least, most))
    return f": {low}, {high}, the widest difference beyond chance"


def _apart(least: pd.Series, most: pd.Series, groups: int) -> bool:
    """Return whether one median lies above another by more than chance, of so many groups."""
    squares = [((row["p75"] - row["p25"]) * _MEDIAN_ERROR) ** 2 / row["n"] for row in (least, most)]
    sure = NormalDist().inv_cdf(1 - _SURE / (groups * (groups - 1)))
    return bool(most["median"] - least["median"] > sure * math.sqrt(sum(squares)))


def _short(value: float, quantity: Quantity) -> str:
    return short_number(value, quantity.unit, quantity.decimals, spelt=True)


def _figures(row: pd.Series, quantity: Quantity) -> str:
    if not math.isfinite(row["median"]):
        return HIDDEN_WORD if row["hidden"] else NO_FIGURE
    median = short_number(row["median"], quantity.unit, quantity.decimals)
    return f"{median} · n {short_number(row['n'])}"


def _told(row: pd.Series, quantity: Quantity) -> str:
    if not math.isfinite(row["median"]):
        return f"{row['name']}: {HIDDEN_WORD if row['hidden'] else NO_FIGURE}"
    p5, p25, median, p75, p95 = (_short(row[name], quantity) for name in _QUANTILES)
    tails = f", 90 % between {p5} and {p95}" if math.isfinite(row["p5"] + row["p95"]) else ""
    outliers = f", {times(row['outliers'], 'outlier')}" if math.isfinite(row["outliers"]) else ""
    return (
        f"{row['name']}: median {median}, half between {p25} and {p75}{tails}, "
        f"n {number(row['n'])}{outliers}"
    )


def _alt(title: str, shown: pd.DataFrame, quantity: Quantity) -> str:
    said = [_told(row, quantity) for _, row in shown.head(6).iterrows()]
    more = [times(len(shown) - 6, "more group")] if len(shown) > 6 else []
    return f"Bars of the middle half, with lines. {title}. {'; '.join([*said, *more])}."


def _notes(
    groups: pd.DataFrame,
    shown: pd.DataFrame,
    *,
    skewed: bool,
    log: bool,
    left: int,
) -> tuple[str, ...]:
    hidden = bool(groups["hidden"].any())
    few = int((shown["n"].lt(_TAILS) & shown["median"].notna()).sum())
    missing = int((groups["median"].isna() & ~groups["hidden"]).sum())
    notes = [
        "The bar holds the middle half of the stays and the mark in it is the median; the line "
        "holds 90 of 100.",
        _outliers(groups, skewed=skewed),
        "Figures are skewed: equal distances on the scale are equal ratios." * log,
        "Figures are skewed, but some are zero or less: the scale is not logarithmic."
        * (skewed and not log),
        f"{times(few, 'group')} of fewer than {_TAILS} stays: no line is drawn." * bool(few),
        f"{times(left, 'more group')}: in the table, not drawn; quantiles of groups cannot be "
        "put together." * bool(left),
        f"{times(missing, 'group')} without a figure, which is not zero." * bool(missing),
        WHY_HIDDEN * hidden,
        "Not adjusted for age or severity.",
    ]
    return tuple(filter(None, notes))


def _outliers(groups: pd.DataFrame, *, skewed: bool) -> str:
    """Count what lies far out; where some counts are hidden there is no sum of them."""
    rule = f"Tukey's fences{' of the logarithm' if skewed else ''}"
    counts = groups["outliers"]
    if groups["hidden"].any() or counts.isna().any():
        return f"Outliers are counted in the table, not drawn ({rule})."
    if not counts.sum():
        return f"No stay is an outlier ({rule})."
    most = groups.iloc[int(counts.argmax())]
    where = f", most in {most['name']} ({counts.max():,.0f})" if len(groups) > 1 else ""
    stays = times(counts.sum(), "stay is an outlier", "stays are outliers")
    return f"{stays}{where}: counted, not drawn ({rule})."


def _table(groups: pd.DataFrame, quantity: Quantity, title_of_by: str) -> pd.DataFrame:
    heads = ("5th percentile", "25th percentile", "Median", "75th percentile", "95th percentile")
    places = max(quantity.decimals, 2)
    columns: dict[str, Any] = {
        "Stays": whole_column(groups["n"], 0),
        f"Mean{_in_unit(quantity)}": groups["mean"].round(places),
    }
    for head, name in zip(heads, _QUANTILES, strict=True):
        columns[f"{head}{_in_unit(quantity)}"] = groups[name].round(places)
    columns["Outliers"] = whole_column(groups["outliers"], 0)
    table = veiled(pd.DataFrame(columns), groups["hidden"])
    table.insert(0, own_name(title_of_by, table), groups["name"])
    return table


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    shown: pd.DataFrame, quantity: Quantity, title_of_by: str, *, log: bool
) -> alt.LayerChart:
    known = shown["median"].notna()
    if not known.any():
        return nothing(f"There is no {lower(_per_stay(quantity))} to show.")
    lanes = Lanes(
        shown["name"].tolist(),
        [_figures(row, quantity) for _, row in shown.iterrows()],
        title_of_by,
    )
    texts = {
        f"{name}_shown": [number(value, quantity.unit, quantity.decimals) for value in shown[name]]
        for name in ("mean", *_QUANTILES)
    }
    rows = shown.assign(
        row=range(len(shown)),
        said=[_told(row, quantity) for _, row in shown.iterrows()],
        count=[number(value) for value in shown["n"]],
        beyond=[number(value) for value in shown["outliers"]],
        **texts,
    )
    drawn = rows[known]
    x = _across(drawn, lanes, quantity, log=log)
    heads = ("5 % are at most", "25 %", "Median", "75 %", "95 %", "Mean")
    tooltip = [
        alt.Tooltip("name:N", title=title_of_by),
        *(
            alt.Tooltip(f"{name}_shown:N", title=head)
            for name, head in zip((*_QUANTILES, "mean"), heads, strict=True)
        ),
        alt.Tooltip("count:N", title="Stays"),
        alt.Tooltip("beyond:N", title="Outliers"),
    ]
    tails = drawn[drawn[["p5", "p95"]].notna().all(axis=1)]
    line = alt.MarkDef("rule", color=INK, strokeWidth=1.5, aria=False)
    bar = alt.MarkDef("bar", orient="horizontal", stroke=INK, strokeWidth=1)
    tick = alt.MarkDef("rule", color=INK, strokeWidth=4, aria=False)
    halo = alt.MarkDef("rule", color=alt.ExprRef("background"), strokeWidth=8, aria=False)
    edges = {"y": lanes.down(0.3, 0.5), "y2": lanes.down(0.7, 0.88)}
    layers = [
        alt.Chart(tails, mark=line).encode(
            x("p5"), alt.X2("p95"), y=lanes.down(0.5, 0.69), tooltip=tooltip
        ),
        alt.Chart(drawn, mark=bar).encode(
            x("p25"), alt.X2("p75"), description="said:N", tooltip=tooltip, **edges
        ),
        *(
            alt.Chart(drawn, mark=mark).encode(x("median"), tooltip=tooltip, **edges)
            for mark in (halo, tick)
        ),
        *lanes.texts(rows["said"], known),
    ]
    return alt.LayerChart(layer=[layer for layer in layers if len(layer.data)], height=lanes.height)


def _across(drawn: pd.DataFrame, lanes: Lanes, quantity: Quantity, *, log: bool) -> Across:
    low = float(np.nanmin(drawn[["p5", "p25", "median"]].to_numpy()))
    high = float(np.nanmax(drawn[["median", "p75", "p95"]].to_numpy()))
    title = f"{_per_stay(quantity)}{_in_unit(quantity)}"
    axis: dict[str, Any] = {"title": title, "labelExpr": _MONEY, "tickCount": 5}
    if log:
        axis |= {"values": _decades(low, high), "title": f"{title}, logarithmic"}
        return lanes.across((low / 1.05, high * 1.05), axis, log=True)
    low = min(low, 0.0) if low < high / 2 else low
    return lanes.across((low, high if high > low else low + 1), axis)


_MONEY = (  # below a thousand the letters would be those of thousandths
    "abs(datum.value) < 1000 ? format(datum.value, ',.6~f') : "
    "replace(replace(format(datum.value, '.3~s'), 'G', 'bn'), 'M', 'm')"
)


def _decades(low: float, high: float) -> list[float]:
    """Return round numbers for a logarithmic scale: some four to eight of 1, 2, 5 and 10.

    Examples
    --------
    >>> _decades(900, 52_000)
    [1000.0, 2000.0, 5000.0, 10000.0, 20000.0, 50000.0]
    >>> _decades(2, 900_000)
    [10.0, 100.0, 1000.0, 10000.0, 100000.0]
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [step * 10.0**power for power, step in product(powers, steps)]
        within = [tick for tick in ticks if low <= tick <= high]
        if len(within) <= 7:
            return within or [float(np.sqrt(low * high))]
    return within[:: math.ceil(len(within) / 7)]
