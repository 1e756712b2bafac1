"""What a chart shows, in words, for those who cannot see it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pandas as pd

from caremap.charts.figure import Quantity
from caremap.charts.fitting import fit
from caremap.charts.look import NO_FIGURE, short_number, unit_of
from caremap.charts.points import NOTHING, SO_FAR, Every, capital, halves, span_of
from caremap.hidden import HIDDEN

__all__ = ["amount", "called", "headline", "told"]

_NO_NAMES = frozenset("none no yes all any other others na n/a null nan".split())
_FEWEST = 20  # below, a percentage says more than the numbers do
_MOST = 10.0  # and so it does where something grew tenfold


def told(points: pd.DataFrame, opening: str, every: Every) -> str:
    """Say of `points_of` where it begins, ends, is highest and lowest, and what is missing."""
    known = points[points["value"].notna()]
    if known.empty:
        return f"{opening} {NOTHING[points.empty]}"
    whole, part = halves(points)
    sentences = [
        opening,
        _course(whole, every, gaps=len(known) < len(points), hidden=bool(points[HIDDEN].any())),
        *map(_unfinished, part["name"], part["shown"], part["state"]),
        _gaps(
            points[points["value"].isna() & ~points[HIDDEN]]["name"].tolist(), every, "no figure"
        ),
        _gaps(points[points[HIDDEN]]["name"].tolist(), every, "a hidden figure"),
    ]
    return " ".join(filter(None, sentences))


def amount(value: float, measure: Quantity) -> str:
    """Write a number as a title does: "25.5 million", "4.9 days", "83.1 %"."""
    written = short_number(value, measure.unit, measure.decimals, spelt=True)
    unit = unit_of(measure)
    if written == NO_FIGURE or unit == "%" or " " in unit or not unit:
        return written
    return f"{written} {unit}"


def called(name: str, what: str) -> str:
    """Return a name as it stands in a sentence: a code or “None” says what it is the name of.

    Examples
    --------
    >>> called("Surgery", "department"), called("413", "facility")
    ('Surgery', 'facility “413”')
    """
    known = fit(name, 280)
    bare = name.strip().casefold() in _NO_NAMES or not any(map(str.isalpha, name))
    return f"{what} “{isolated(known)}”" if bare else isolated(known)


def isolated(name: str) -> str:
    """Return a name so that one written from right to left leaves the words around it in order.

    Examples
    --------
    >>> isolated("Surgery"), len(isolated("قسم")) - len("قسم")
    ('Surgery', 2)
    """
    backwards = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in name)
    return f"\u2068{name}\u2069" if backwards else name


def headline(points: pd.DataFrame, measure: Quantity, every: Every, *, a_year: bool = False) -> str:
    """Say in one sentence what the last whole period was, and what changed.

    It is compared with the period before or, with ``a_year``, the same period of the year
    before, and only where both are whole. Flows are compared per day where the two differ in
    length. A period that is not whole is said to be "so far" and compared with nothing.

    Parameters
    ----------
    points
        As `caremap.charts.points.points_of` returns them, with ``a_year`` as
        `caremap.charts.years.by_year` does.
    measure
        What was measured.
    every
        What one period is.
    a_year
        Whether to compare with the year before.
    """
    whole, part = halves(points)
    if whole.empty and part.empty:
        shown = " that can be shown" if points[HIDDEN].any() else ""
        return f"{measure.title}: no {every} has a figure{shown}"
    if whole.empty:
        if len(part) > 1:
            return f"{measure.title}: no {every} is whole"
        extent = "so far" if part["state"].iloc[0] == SO_FAR else "in the part there is"
        return f"{measure.title}: {_of(part.iloc[0], measure)}, {extent}"
    last = whole.iloc[-1]
    before = _before(points, last, a_year)
    change = "" if before is None else _change(last, before, measure, every)
    rest = part[part["start"] > last["start"]]
    so_far = ""
    if len(rest) == 1 and rest["state"].iloc[0] == SO_FAR:
        open_ended = rest.iloc[0]
        short = short_number(open_ended["value"], measure.unit, measure.decimals, spelt=True)
        so_far = f"; {short} {_briefly(open_ended['when'], last['name'], every)} so far"
    return f"{measure.title}: {_of(last, measure)}{change}{so_far}"


def _of(point: pd.Series, measure: Quantity) -> str:
    return f"{amount(point['value'], measure)} {point['when']}"


def _before(points: pd.DataFrame, last: pd.Series, a_year: bool) -> pd.Series | None:
    """Return the period to compare with, where it is whole and has a figure."""
    if a_year:
        if not last["both"]:
            return None
        return pd.Series(
            {"value": last["before"], "when": last["before_when"], "days": last["before_days"]}
        )
    found = points[points["end"].eq(last["start"]) & points["complete"] & points["value"].notna()]
    return None if found.empty else found.iloc[-1]


def _change(last: pd.Series, before: pd.Series, measure: Quantity, every: Every) -> str:
    """Say how the one compares with the other; in doubt only what the other was."""
    written = [
        short_number(point["value"], measure.unit, measure.decimals, spelt=True)
        for point in (last, before)
    ]
    when = _briefly(before["when"], last["name"], every)
    if measure.kind != "flow":
        if written[0] == written[1]:
            return f", the same as {when}"
        return f", {'up' if last['value'] > before['value'] else 'down'} from {written[1]} {when}"
    per_day = last["days"] != before["days"]
    if before["value"] < _FEWEST or last["value"] < 0:
        return f", {written[1]} {when}"
    change = (last["value"] / last["days"]) / (before["value"] / before["days"]) - 1
    share = f"{abs(change) * 100:.1f}"
    than = when.split(" ", 1)[1]
    if abs(change) >= _MOST:
        return f", {written[1]} {when}"
    if share == "0.0":
        as_much = "the same" if change == 0 else "nearly the same"
        return f", {as_much}{' per day' if per_day else ''} as {when}"
    return f", {'per day ' if per_day else ''}{'up' if change > 0 else 'down'} {share} % on {than}"


def _briefly(when: str, beside: str, every: Every) -> str:
    """Leave out the year where the name beside has the same."""
    year = beside[-5:]
    return when.removesuffix(year) if every != "year" else when


def _course(whole: pd.DataFrame, every: Every, gaps: bool, hidden: bool) -> str:
    """Say where the complete periods begin, end, and lie highest and lowest."""
    if whole.empty:
        return f"No complete {every} has a figure."
    shown, when = whole["shown"].tolist(), whole["when"].tolist()
    if len(whole) == 1:
        return f"One complete {every} has a figure: {shown[0]} {when[0]}."
    if len(set(shown)) == 1:
        span = span_of(whole["name"].tolist())
        return f"{shown[0]} in each of {len(whole)} complete {every}s, {span}."
    value = whole["value"].reset_index(drop=True)
    highest, lowest = (
        f"{shown[at]} {when[at]}{_also(shown.count(shown[at]) - 1, every)}"
        for at in (value.argmax(), value.argmin())
    )
    which = f"the first and the last complete {every}{' with a figure' if gaps else ''}"
    return (
        f"From {shown[0]} {when[0]} to {shown[-1]} {when[-1]}, {which}. "
        f"{'Of those shown, highest' if hidden else 'Highest'} {highest}; lowest {lowest}."
    )


def _also(others: int, every: Every) -> str:
    return f" and {others} other {every}{'s' if others > 1 else ''}" if others else ""


def _unfinished(name: str, shown: str, state: str) -> str:
    extent = "so far" if state == SO_FAR else "in the part there is"
    return f"{capital(name)} is not complete: {shown} {extent}."


def _gaps(names: Sequence[str], every: Every, what: str) -> str:
    if not names:
        return ""
    has = f"{len(names)} {every}s have" if len(names) > 1 else f"1 {every} has"
    listed = ", ".join(names) if len(names) <= 3 else f"the first {names[0]}, the last {names[-1]}"
    return f"{has} {what}: {listed}."
