"""Shares compared between groups: each with its interval, and none called better by chance."""

from __future__ import annotations

import math
import re
from statistics import NormalDist

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import UNKNOWN, needs, numbers, text_of
from caremap.charts.lanes import Across, Lanes
from caremap.charts.look import NO_FIGURE, joined, lower, nothing, number, times, words
from caremap.charts.points import whole_column
from caremap.charts.veiled import HIDDEN_WORD, hidden_rows, own_name, veiled
from caremap.hidden import WHY_HIDDEN

__all__ = ["rates_figure"]

SMALL = 30
"""Known cases below which a group is called small."""

_SURE = 0.01  # probability that any group is named where none differs
_EXPECTED = 5  # cases and other cases expected, below which the normal approximation fails
_MOST = 1e15  # beyond, a count is no count
_NORMAL = NormalDist()
_WILSON = _NORMAL.inv_cdf(0.975)


def rates_figure(
    frame: pd.DataFrame,
    by: str,
    title_of_by: str,
    *,
    rate: str,
    title: str,
    what: str,
    top: int = 15,
    period: str = "",
) -> Figure:
    """Return a share of each group as a point with its interval, the largest group on top.

    Parameters
    ----------
    frame
        As `caremap.measures.survival` and `caremap.measures.readmissions` return them: the
        group's column, ``n`` (known cases), the rate and ``low_95``, ``high_95``, in percent;
        ``unknown`` (cases not known) and ``source``, where there are such columns.
    by
        The column of the groups.
    title_of_by
        What a group is: "Region".
    rate
        The column of the rate.
    title
        What the rate is called: "Survival".
    what
        What ``n`` counts: "discharges with a known outcome".
    top
        How many groups are drawn; the rest is one row "Others", all of them put together.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        The title names only groups whose rate differs from that of all others together by more
        than chance: a chance of one in a hundred for all groups together (Bonferroni). Groups
        with fewer than 30 known cases are called small and are not named.

    Raises
    ------
    ValueError
        Where there is no row or a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"region": ["North", "South"], "n": [400, 380], "unknown": [0, 3],
    ...     "survival": [90.0, 91.0], "low_95": [86.7, 87.7], "high_95": [92.6, 93.5]})
    >>> rates_figure(frame, "region", "Region", rate="survival", title="Survival",
    ...              what="discharges with a known outcome").title
    'Survival: 90.5 %; no region differs from the others beyond chance'
    """
    needs(frame, [by, "n", rate, "low_95", "high_95"])
    groups = _groups(frame, by, rate)
    overall = _overall(groups)
    shown = _shown(groups, top)
    said = _title(groups, overall, title, lower(title_of_by))
    table = _table(groups, title, title_of_by, what)
    count = int((~groups["unknown_group"]).sum())
    drawn_all = not shown["others"].any() and len(shown) == len(groups)
    order = "largest first" if drawn_all else f"the {top} largest of {count:,} groups"
    parts = [
        f"{title} by {lower(title_of_by)}, % of {what}, with 95 % intervals",
        period,
        _counted(groups),
        order,
        "" if "source" not in frame else joined(sorted(set(text_of(frame["source"])))),
    ]
    return Figure(
        name=f"{rate}_by_{re.sub(r'[^a-z0-9]+', '_', str(by).lower()).strip('_') or 'group'}",
        title=said,
        subtitle=" · ".join(filter(None, parts)),
        chart=_chart(shown, overall, title, title_of_by),
        alt=_alt(said, shown, overall),
        table=table,
        notes=_notes(groups, shown, overall, title_of_by),
        plot=Plot("bars", table.columns[0], (f"{title} (%)",)),
    )


# --- the figures ----------------------------------------------------------------------------


def _groups(frame: pd.DataFrame, by: str, rate: str) -> pd.DataFrame:
    """Return the groups, the largest first, then what is in no group."""
    unknown = _within(frame["unknown"], _MOST) if "unknown" in frame.columns else np.nan
    names = text_of(frame[by])
    groups = pd.DataFrame(
        {
            "name": names.to_numpy(),
            "unknown_group": names.eq(UNKNOWN).to_numpy(),
            "n": _within(frame["n"], _MOST),
            "rate": _within(frame[rate], 100),
            "low": _within(frame["low_95"], 100),
            "high": _within(frame["high_95"], 100),
            "unknown": unknown,
            "hidden": hidden_rows(frame),
        }
    )
    groups["cases"] = (groups["rate"] / 100 * groups["n"]).round()
    order = groups.assign(size=-groups["n"].fillna(-1))
    ranked = order.sort_values(["unknown_group", "size", "name"], kind="stable").index
    groups = groups.loc[ranked].reset_index(drop=True)
    return groups.assign(small=groups["n"] < SMALL, others=False)


def _within(column: pd.Series, most: float) -> pd.Series:
    """Return figures from zero to the most they can be; others are none."""
    values, rounding = numbers(column), 1e-6
    return values.where(values.between(-rounding, most + rounding)).clip(0, most)


def _overall(groups: pd.DataFrame) -> float:
    """Return the rate of all together; NaN where a part of it is hidden."""
    known = groups[groups["rate"].notna()]
    if groups["hidden"].any() or not known["n"].sum() > 0:
        return math.nan
    return float(known["cases"].sum() / known["n"].sum() * 100)


def _shown(groups: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the rows drawn: the largest groups, all others as one, and what is in none."""
    named, unknown = (groups[groups["unknown_group"].eq(which)] for which in (False, True))
    if len(named) <= top + 1:
        return groups
    rest = named.iloc[top:]
    other = {"name": f"Others ({len(rest):,} groups)", "others": True, "unknown_group": False}
    other |= {"hidden": bool(rest["hidden"].any()), "small": False}
    known = rest[rest["rate"].notna()]
    if not other["hidden"] and known["n"].sum() > 0:
        n, cases = float(known["n"].sum()), float(known["cases"].sum())
        low, high = _wilson(cases, n)
        other |= {"n": n, "cases": cases, "rate": cases / n * 100, "low": low, "high": high}
        other["unknown"] = rest["unknown"].sum(min_count=1)
        other["small"] = n < SMALL
    parts = [named.head(top), pd.DataFrame([other], columns=groups.columns), unknown]
    rows = [row for part in parts for row in part.to_dict("records")]
    return pd.DataFrame(rows, columns=groups.columns)


def _wilson(cases: float, n: float) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson (1927), in percent."""
    share, square = cases / n, _WILSON**2
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _WILSON / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(middle - half, 0) * 100, min(middle + half, 1) * 100


def _different(groups: pd.DataFrame) -> pd.Series:
    """Return for each group whether it lies above (1) or below (-1) all others, or neither (0).

    Each is compared with the rest (Pearson's test of two shares), all at one in a hundred
    together. What is hidden takes no part.
    """
    known = groups["rate"].notna() & groups["n"].gt(0)
    n, cases = groups["n"].where(known, 0.0), groups["cases"].where(known, 0.0)
    total, all_cases = float(n.sum()), float(cases.sum())
    compared = known & ~groups["small"] & ~groups["unknown_group"]
    sides = pd.Series(0, index=groups.index)
    if not 0 < all_cases < total or compared.sum() < 1:
        return sides
    share = all_cases / total
    expected, others = n * share, n * (1 - share)
    compared &= expected.ge(_EXPECTED) & others.ge(_EXPECTED) & n.lt(total)
    variance = (n * share * (1 - share) * (1 - n / total)).where(compared)
    far: pd.Series = (cases - expected) / variance**0.5
    least = _NORMAL.inv_cdf(1 - _SURE / 2 / max(int(compared.sum()), 1))
    return sides.mask(far.gt(least), 1).mask(far.lt(-least), -1)


# --- the words ------------------------------------------------------------------------------


def _rate(value: float) -> str:
    return number(value, "%", 1)


def _title(groups: pd.DataFrame, overall: float, title: str, what: str) -> str:
    named = groups[~groups["unknown_group"]]
    known = named[named["rate"].notna()]
    if known.empty:
        return f"{title}: no {what} has a figure" + " that is shown" * bool(named["hidden"].any())
    if len(named) == 1:
        only = known.iloc[0]
        return f"{title}: {_rate(only['rate'])} in {only['name']}, the only {what}"
    figure = f": {_rate(overall)}" if math.isfinite(overall) else f" by {what}"
    shown = " shown" * bool(groups["hidden"].any())
    if (~known["small"]).sum() < 2:
        return f"{title}{figure}; too few cases to compare one {what} with another"
    sides = _different(groups)
    if not sides.any():
        return f"{title}{figure}; no {what}{shown} differs from the others{shown} beyond chance"
    said = []
    for side, word in ((1, "higher"), (-1, "lower")):
        found = groups[sides.eq(side)].sort_values("rate", ascending=side < 0)
        if len(found):
            most = [f"{row['name']} ({_rate(row['rate'])})" for _, row in found.head(2).iterrows()]
            more = [f"{len(found) - 2:,} more"] if len(found) > 2 else []
            said.append(f"{word} in {joined([*most, *more])}")
    overall_too = " overall" if math.isfinite(overall) else ""
    return f"{title}{figure}{overall_too}; beyond chance {'; '.join(said)}"


def _counted(groups: pd.DataFrame) -> str:
    if groups["hidden"].any():
        return "some groups hidden"
    unknown = groups["unknown"].sum()
    return f"n {groups['n'].sum():,.0f}{f', {unknown:,.0f} unknown' if unknown > 0 else ''}"


def _figures(row: pd.Series) -> str:
    """Write what stands at the end of a lane."""
    if not math.isfinite(row["rate"]):
        return HIDDEN_WORD if row["hidden"] else NO_FIGURE
    return f"{_rate(row['rate'])} · n {number(row['n'])}{', small' if row['small'] else ''}"


def _told(row: pd.Series) -> str:
    if not math.isfinite(row["rate"]):
        return f"{row['name']}: {HIDDEN_WORD if row['hidden'] else NO_FIGURE}"
    small = ", a small group" if row["small"] else ""
    unknown = f", {times(row['unknown'], 'unknown', 'unknown')}" if row["unknown"] > 0 else ""
    return (
        f"{row['name']}: {_rate(row['rate'])}, 95 % interval {_interval(row)}, "
        f"n {number(row['n'])}{small}{unknown}"
    )


def _interval(row: pd.Series) -> str:
    if not math.isfinite(row["low"] + row["high"]):
        return "not known"
    return f"{row['low']:.1f} to {row['high']:.1f} %"


def _alt(title: str, shown: pd.DataFrame, overall: float) -> str:
    first = [_told(row) for _, row in shown.head(6).iterrows()]
    more = [f"{times(len(shown) - 6, 'more row')}"] if len(shown) > 6 else []
    line = [f"A line marks {_rate(overall)} overall"] if math.isfinite(overall) else []
    return ". ".join([f"Points with intervals. {title}", "; ".join([*first, *more]), *line]) + "."


def _notes(
    groups: pd.DataFrame, shown: pd.DataFrame, overall: float, title_of_by: str
) -> tuple[str, ...]:
    small, unknown = int(shown["small"].sum()), groups["unknown"].sum()
    hidden = groups["hidden"].any()
    notes = [
        "Not adjusted for age or severity: groups may differ in their patients.",
        f"The title names only a {lower(title_of_by)} that differs from all others together "
        "by more than chance, at one in a hundred for all comparisons; 95 % intervals (Wilson) "
        "may miss the overall figure more often.",
        f"Small: fewer than {SMALL} known cases ({small:,} of {len(shown):,} rows, hollow points); "
        "not named in the title." * bool(small),
        WHY_HIDDEN if hidden else "",
        "There is no overall figure, as a part of it is hidden." * bool(hidden),
        f"Unknown in {unknown:,.0f} cases: they are in no rate." * bool(unknown > 0 and not hidden),
        "The table has every group, those under Others too." * bool(shown["others"].any()),
    ]
    missing = int((groups["rate"].isna() & ~groups["hidden"]).sum())
    if missing:
        notes.append(
            f"{times(missing, 'group')} without a known case: no figure, which is not 0 %."
        )
    if not math.isfinite(overall) and not hidden:
        notes.append("There is no overall figure.")
    return tuple(filter(None, notes))


def _table(groups: pd.DataFrame, title: str, title_of_by: str, what: str) -> pd.DataFrame:
    columns = {
        f"{title} (%)": groups["rate"].round(1),
        "95 % from (%)": groups["low"].round(1),
        "95 % to (%)": groups["high"].round(1),
        f"n: {what}": whole_column(groups["n"], 0),
    }
    if groups["unknown"].notna().any():
        columns["Unknown"] = whole_column(groups["unknown"], 0)
    columns["Small"] = groups["small"].map({True: "yes", False: ""})
    table = veiled(pd.DataFrame(columns), groups["hidden"])
    table.insert(0, own_name(title_of_by, table), groups["name"])
    return table


# --- the drawing ----------------------------------------------------------------------------


def _chart(shown: pd.DataFrame, overall: float, title: str, title_of_by: str) -> alt.LayerChart:
    known = shown["rate"].notna()
    if not known.any():
        return nothing(f"There is no {lower(title)} to show.")
    lanes = Lanes(
        shown["name"].tolist(), [_figures(row) for _, row in shown.iterrows()], title_of_by
    )
    rows = shown.assign(
        row=range(len(shown)),
        said=[_told(row) for _, row in shown.iterrows()],
        shown_rate=[_rate(value) for value in shown["rate"]],
        interval=[_interval(row) for _, row in shown.iterrows()],
        count=[number(value) for value in shown["n"]],
        left_out=[number(value) if value == value else "" for value in shown["unknown"]],
        place=shown["low"],
    )
    x = lanes.across(_domain(shown[known], overall), {"title": f"{title}, %", "tickCount": 5})
    drawn = rows[known]
    tooltip = [
        alt.Tooltip("name:N", title=title_of_by),
        alt.Tooltip("shown_rate:N", title=title),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("count:N", title="Known cases"),
        alt.Tooltip("left_out:N", title="Unknown"),
    ]
    y = lanes.down(0.5, 0.68)
    line = alt.MarkDef("rule", color=INK, strokeWidth=2, aria=False)
    chart = alt.Chart(drawn, mark=line)
    layers = [*_overall_line(overall, lanes, x)]
    layers.append(chart.encode(x("low"), alt.X2("high"), y=y, tooltip=tooltip))
    hollow = {"filled": True, "fill": alt.ExprRef("background"), "strokeWidth": 2}
    for part, options in (
        (drawn[~drawn["small"]], {"filled": True}),
        (drawn[drawn["small"]], hollow),
    ):
        if len(part):
            point = alt.MarkDef("point", size=110, opacity=1, **options)
            layers.append(
                alt.Chart(part, mark=point).encode(
                    x("rate"), y=y, description="said:N", tooltip=tooltip
                )
            )
    layers += lanes.texts(rows["said"], known)
    return alt.LayerChart(layer=layers, height=lanes.height)


def _domain(known: pd.DataFrame, overall: float) -> tuple[float, float]:
    """Return from where to where the scale runs: all intervals, no wider than 0 to 100."""
    low = float(np.nanmin([*known["low"], *known["rate"], overall]))
    high = float(np.nanmax([*known["high"], *known["rate"], overall]))
    room = max((high - low) * 0.05, 0.5)
    return max(min(low, 100.0) - room, 0.0 if low >= 0 else low), min(high + room, max(100.0, high))


def _overall_line(overall: float, lanes: Lanes, x: Across) -> list[alt.Chart]:
    """Return the rate of all as a line through the lanes, not through words, and its own below."""
    if not math.isfinite(overall):
        return []
    rows = lanes.written[["row"]].assign(overall=overall, said=f"Overall {_rate(overall)}")
    mark = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
    line = alt.Chart(rows, mark=mark).encode(
        x("overall"), y=lanes.down(0, 0.46), y2=lanes.down(1, 0.96),
        tooltip=alt.Tooltip("said:N", title="All groups"),
    )  # fmt: skip
    label = words(size=12, fontWeight=600, baseline="top", dy=5, align="center")
    return [
        line,
        alt.Chart(rows.head(1), mark=label).encode(x("overall"), y=lanes.foot, text="said:N"),
    ]
