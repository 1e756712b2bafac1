"""Figure frames without the counts of few patients, nor what would give them away."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_integer_dtype, is_numeric_dtype

from caremap.hidden import HIDDEN
from caremap.measures.disclosure.lines import Flags, Floats
from caremap.measures.disclosure.registry import KEYS, Made, made
from caremap.measures.disclosure.tables import Layout
from caremap.measures.lengths import BANDS

__all__ = ["protected"]

_BAND = "band of stay"


def protected(
    frame: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    whole: pd.DataFrame | None = None,
    threshold: int = 10,
    not_patients: Collection[str] = (),
) -> pd.DataFrame:
    """Hide counts of few patients in a figure frame, and whatever would give them away.

    Parameters
    ----------
    frame
        What a function of `caremap.measures` gives by group, period or both.
    by
        The columns of groups and periods, over which counts add up to known totals; by default
        those that hold names or dates, and weekdays, hours, minutes, days of a stay.
    whole
        The same frame without filters or period, where that may be published too.
    threshold
        Counts from 1 to this are hidden.
    not_patients
        Columns that count something else than patients, whatever they are called: rows of a
        file of counts, each of many patients (`caremap.measures.rows_of_counts`).

    Returns
    -------
    pandas.DataFrame
        A copy, with hidden figures missing (``Int64`` where they were whole numbers, floats stay
        floats) and a column ``hidden``: whether a figure of the row is. Equal to the frame, and
        without that column, where nothing had to be hidden. What is protected once stays as it is.

    Notes
    -----
    - *Counts* are hidden as `caremap.measures.suppress` does it, with the totals over each of
      the columns in ``by`` taken as known (three or more: over the last, and over the others
      together). Days of stay are kept within the totals of the bands of `stay_bands`.
    - *Nearly the same patients*: where a count is hidden, so are those of the row that differ
      from it by no more than the threshold (admissions, discharges, stays with a known cost).
    - *Percentages* give away how many they are of: 5 % of 100 are 5. One is hidden where its
      patients, or the others, are from 1 to the threshold, and with it what `suppress` would
      hide beside it. Where the frame does not say of how many it is, the largest count of the
      row is taken for it.
    - *Sums, means, medians, percentiles, intervals* are hidden with the count they are of; a
      mean of which the frame does not give that count, with any count of stays in the row.
    - *Per day*: with the days it gives the count, and is treated as that. Patients in house on
      average over many days are no count of persons; hidden they are where all bed-days
      together are from 1 to the threshold. On a single day they are a count.
    - *Limits* of a control chart are made of all its values: all are hidden where one value is.
    - *The difference to the whole* is a count too: where ``whole`` less the figure leaves 1 to
      the threshold, the figure is hidden, and no hidden count follows from the two together.
      The difference between two filters is not looked at.
    - *Beds, days, scores of staff* are never hidden. What is not known here is hidden where
      anything of its row is.
    - Differences between two measures that no frame gives (patients whose cost is unknown) and
      those between frames of different groups or of days and weeks are not protected.

    CMS cell size suppression policy: no cell of 1 to 10, and no figure it follows from.

    Examples
    --------
    >>> frame = pd.DataFrame({"ward": ["A", "B", "C"], "cost": [50.0, 900.0, 400.0],
    ...                       "cost_n": [4, 60, 15]})
    >>> protected(frame)
      ward   cost  cost_n  hidden
    0    A    NaN    <NA>    True
    1    B  900.0      60   False
    2    C    NaN    <NA>    True
    """
    others = frame.columns.intersection(list(not_patients))
    if len(others):
        rest = None if whole is None else whole.drop(columns=others, errors="ignore")
        found = protected(frame.drop(columns=others), by, rest, threshold)
        return found.assign(**{name: frame[name] for name in others})[
            [*frame, *(name for name in found if name not in frame)]
        ]
    veils = _veils(frame, by, whole, threshold)
    result = frame.copy()
    rows = np.zeros(len(frame), dtype=bool)
    for name, veil in veils.items():
        covered = veil & frame[name].notna().to_numpy(bool)
        if covered.any():
            result[name] = _without(frame[name], covered)
            rows |= covered
    if not rows.any():
        return result
    before = frame[HIDDEN].to_numpy(bool) if HIDDEN in frame else rows
    return result.assign(**{HIDDEN: rows | before})


def _without(column: pd.Series, covered: Flags) -> pd.Series:
    if is_bool_dtype(column):
        column = column.astype("boolean")
    elif is_integer_dtype(column):
        column = column.astype("Int64")
    return column.mask(covered)


def _veils(
    frame: pd.DataFrame,
    by: str | Sequence[str] | None,
    whole: pd.DataFrame | None,
    threshold: float,
) -> dict[str, Flags]:
    """Return which figures of each column are to be hidden."""
    keys = _keys(frame) if by is None else (by,) if isinstance(by, str) else tuple(by)
    counted = _counted(frame, keys)
    others = _Others.none(frame, counted)
    if whole is not None and not frame.empty:
        others = _Others.of(frame, keys, whole, counted, _veils(whole, keys, None, threshold))
    hidden = _hidden(_layout(frame, keys), counted, others, threshold)
    for name in [name for name, one in counted.items() if one.one.how == "rate"]:
        hidden[name] = hidden[name] | _with_its_counts(frame, keys, name, hidden)  # 0 % of few
    figures = [name for name in map(str, frame) if name not in keys and name not in hidden]
    for _ in range(2):  # an interval is of a rate, which is of a count
        for name in figures:
            hidden[name] = _with_its_counts(frame, keys, name, hidden)
    return hidden


def _keys(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns of groups and periods."""
    found = []
    for name in map(str, frame):
        one, column = made(name), frame[name]
        words = not is_numeric_dtype(column) and not is_bool_dtype(column)
        texts = one is not None and (one.how == "shown" or name == "sentence")
        days_of_stay = name == "days" and "stays" in frame
        if name in KEYS and column.notna().any() or days_of_stay or words and not texts:
            found.append(name)
    return tuple(found)


def _layout(frame: pd.DataFrame, keys: tuple[str, ...]) -> Layout:
    if keys != ("days",):
        return Layout(frame, keys)
    first = [first for _, first, _ in BANDS]
    band = np.searchsorted(first, frame["days"].to_numpy("float64"), side="right")
    return Layout(frame.assign(**{_BAND: band}), keys, (_BAND,))


@dataclass(frozen=True, eq=False)
class _Counted:
    """A column as numbers of patients; ``rest`` are the other ones of ``base``."""

    patients: Floats
    one: Made
    base: str = ""
    rest: Floats | None = None


def _counted(frame: pd.DataFrame, keys: Sequence[str]) -> dict[str, _Counted]:
    """Return the columns that say how many patients, those others are part of first."""
    found: dict[str, _Counted] = {}
    late: dict[str, _Counted] = {}
    for name in map(str, frame):
        one = None if name in keys else made(name)
        if one is None or not is_numeric_dtype(frame[name]) or _first(frame, one.parts):
            continue
        values = _floats(frame, name)
        if one.how == "count":
            whole = name != "value" or _is_count(frame, values)
            if whole:
                (late if one.of else found)[name] = _Counted(values, one, _first(frame, one.of))
        elif one.how == "per day":
            found[name] = _Counted(np.round(values * _days(frame, one), 6), one)
        elif one.how in ("part", "rate"):
            base = _first(frame, one.of)
            n = _most(frame, [base] if base else one.instead)
            part = np.round(values * n / 100.0, 6) if one.how == "rate" else values
            late[name] = _Counted(part, one, base, np.round(n - part, 6))
    return found | late


def _is_count(frame: pd.DataFrame, values: Floats) -> bool:
    """Return whether the values of a control chart count patients: it says of none how many."""
    made_of_some = "n" in frame and bool(frame["n"].notna().any())
    return not made_of_some and bool((values[~np.isnan(values)] % 1 == 0).all())


def _first(frame: pd.DataFrame, names: Sequence[str]) -> str:
    return next((name for name in names if name in frame), "")


def _floats(frame: pd.DataFrame, name: str) -> Floats:
    values: Floats = frame[name].to_numpy("float64", na_value=np.nan)
    return values


def _days(frame: pd.DataFrame, one: Made) -> Floats:
    name = _first(frame, one.of)
    return _floats(frame, name) if name else np.ones(len(frame))


def _most(frame: pd.DataFrame, names: Sequence[str]) -> Floats:
    counts = [_floats(frame, name) for name in names if name in frame]
    missing = np.full(len(frame), np.nan)
    most: Floats = np.fmax.reduce([missing, *counts])
    return most


@dataclass(frozen=True, eq=False)
class _Others:
    """The patients of each row that a filter left out, as far as the whole tells."""

    left: dict[str, Floats]

    @classmethod
    def none(cls, frame: pd.DataFrame, counted: dict[str, _Counted]) -> _Others:
        return cls({name: np.full(len(frame), np.nan) for name in counted})

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        keys: Sequence[str],
        whole: pd.DataFrame,
        counted: dict[str, _Counted],
        veils: dict[str, Flags],
    ) -> _Others:
        """Match rows by their keys; what is hidden in the whole tells nothing."""
        known = _counted(whole, keys)
        row: Floats = np.full(len(frame), 0.0 if len(whole) else np.nan)  # without keys: the one
        if keys:
            place = pd.Series(range(len(whole)), index=_index(whole, keys))
            place = place[~place.index.duplicated()]
            row += place.reindex(_index(frame, keys)).to_numpy("float64")
        there = ~np.isnan(row)
        left = {}
        for name, one in counted.items():
            of_all = np.full(len(frame), np.nan)
            if name in known:
                shown = np.where(veils[name], np.nan, known[name].patients)
                of_all[there] = shown[row[there].astype(int)]
            rest = np.round(of_all - one.patients, 6)
            left[name] = np.where(rest >= 0, rest, np.nan)
        return cls(left)


def _index(frame: pd.DataFrame, keys: Sequence[str]) -> pd.Index:
    texts = frame[list(keys)].astype("string").fillna("")
    return pd.MultiIndex.from_frame(texts) if len(keys) > 1 else pd.Index(texts[keys[0]])


def _hidden(
    layout: Layout, counted: dict[str, _Counted], others: _Others, threshold: float
) -> dict[str, Flags]:
    """Return which counts are hidden, until none gives another of its row away."""

    def few(values: Floats) -> Flags:
        return (values > 0) & (values <= threshold)

    must = {name: few(one.patients) | few(others.left[name]) for name, one in counted.items()}
    hidden: dict[str, Flags] = {}
    solved: dict[tuple[bytes, ...], Flags] = {}
    while True:
        for name, one in counted.items():
            rise = ~(others.left[name] < 1)
            needed = must[name]
            if one.base in hidden:
                needed = needed | hidden[one.base]
            if one.rest is not None:
                free = hidden.get(one.base, np.zeros(len(rise), dtype=bool))
                needed = needed | few(one.rest)
                rise &= free | (one.rest > 1)
            alone = layout if one.one.adds else Layout(layout.frame, ())
            asked = np.nan_to_num(one.patients), needed, rise
            same = (*(array.tobytes() for array in asked), bytes([one.one.adds]))
            if same not in solved:
                solved[same] = alone.hide(*asked, one.patients > 1, threshold)
            hidden[name] = solved[same]
        more = _alike(counted, hidden, threshold)
        if not any((more[name] & ~must[name]).any() for name in more):
            return hidden
        must = {name: flags | more.get(name, flags) for name, flags in must.items()}


def _alike(
    counted: dict[str, _Counted], hidden: dict[str, Flags], threshold: float
) -> dict[str, Flags]:
    """Return which counts are near a hidden one of nearly the same patients, and so hidden."""
    names = [name for name, one in counted.items() if one.one.alike]
    found = {name: hidden[name].copy() for name in names}
    for name in names:
        values = counted[name].patients
        for other in names:
            if other != name:
                near = np.abs(values - counted[other].patients) <= threshold
                found[name] |= hidden[other] & near & (values > 0)
    return found


def _with_its_counts(
    frame: pd.DataFrame, keys: Sequence[str], name: str, hidden: dict[str, Flags]
) -> Flags:
    """Return where a figure is hidden because a count it is made of is."""
    none = np.zeros(len(frame), dtype=bool)
    one = made(name)
    if one is not None and one.how == "shown":
        return none
    of = [base for base in hidden if one is None or base in (*one.of, *one.parts)]
    if not of and one is not None:
        of = [base for base in hidden if base in one.instead]
    found: Flags = np.logical_or.reduce([none, *(hidden[base] for base in of if base != name)])
    if one is not None and one.how == "limits":
        series = [key for key in keys if key != "period"]
        return Layout(frame, (), tuple(series)).any_of(found)
    return found
