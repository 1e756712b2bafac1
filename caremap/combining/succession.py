"""Whether a file takes the place of one that is loaded, stands beside it, or has to be asked about.

An extract that is made every week brings most of its rows again: both counted, every stay
counts twice. Files that continue each other bring none. What decides is which rows of the old
file come again, in the days the new one covers; the names of files decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from caremap.days import said, usual_days
from caremap.intake.headers import clean_text
from caremap.schema import FIELDS

__all__ = ["Succession", "Verdict", "same_layout", "succession"]

Verdict = Literal["replaces", "beside", "ask"]

AGAIN = 0.9
"""So many of the old rows must come again, in the days the new file covers."""

HALF = 0.5
"""A window that moves on keeps at least half of the old rows in its days."""

FEW = 0.1
"""Where fewer come again, by chance or at the turn of a month, the files are two."""

ALIKE = 0.2
"""Of counts for the same place and day, so many must be equal for one count revised."""

TELLING = 0.8
"""Of undated rows, so many must differ for two equal ones to be the same."""

CROWDED = 0.5
"""Of all days and combinations of values that occur, so many may have a stay at most: a row of
another hospital then meets its like every second time, and 90 % of its rows never do."""

RARE = 0.05
"""Where so many have one, hardly any row meets its like: fewer columns will do."""

UNIQUE = 0.98

_DATES = {"stays": ("admitted", "discharged"), "activity": ("date",), "staff": ("date",),
          "capacity": ("date",)}  # fmt: skip
_KEYS = {
    "activity": ("date", "facility", "department", "region"),
    "facilities": ("facility",),
    "staff": ("facility", "department", "role", "date"),
    "capacity": ("facility", "department", "ward", "resource", "date"),
    "population": ("zip",),
}
_NAMES = ("facility", "department", "region", "ward", "zip")
_LASTING = ("admitted", "facility", "age", "age_band", "gender", "region", "zip", "admission_type")
"""What no later extract of a stay says otherwise: not its discharge, cost or diagnosis."""

_NUMBERS = ("number", "count", "money")


class Column(Protocol):
    """A column of a file."""

    @property
    def header(self) -> str:
        """Its name in the file."""


class Table(Protocol):
    """What is looked at of a loaded table."""

    @property
    def kind(self) -> str:
        """One of the canonical tables."""

    @property
    def table(self) -> pd.DataFrame:
        """The canonical table."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the file."""


@dataclass(frozen=True)
class Succession:
    """What a new file is to an old one of the same layout.

    Attributes
    ----------
    verdict
        ``replaces``: the old one is in it again, or as much of it as a moving window keeps.
        ``beside``: they hold different rows. ``ask``: neither is sure.
    why
        A sentence.
    """

    verdict: Verdict
    why: str


@dataclass(frozen=True)
class _Compared:
    """Two tables of one layout.

    ``inside``: share of the old rows in the days of the new table; ``again``: share of those
    that are in it; ``identified``: whether numbers or names say which they are; ``telling``:
    whether that can be said at all; ``alike``: share of equal counts; ``forward``: whether it
    ends no earlier; ``first``: its first day, where the old one begins before.
    """

    dated: bool
    inside: float
    again: float
    identified: bool
    telling: bool = True
    alike: float = 1.0
    forward: bool = True
    first: pd.Timestamp | None = None


def same_layout(old: Iterable[Table], new: Iterable[Table]) -> bool:
    """Say whether two files hold the same kinds of tables with the same columns, in any order."""
    return {*map(_layout, old)} == {*map(_layout, new)}


def succession(old: Sequence[Table], new: Sequence[Table]) -> Succession | None:
    r"""Decide what a new file is to an old one; None where its layout is another.

    Parameters
    ----------
    old, new
        The tables of either file.

    Returns
    -------
    Succession
        Tables with dates decide where there are any: an undated list of wards comes with
        every month.

    Notes
    -----
    A row is known by its stay number, else its patient number, each with the day; else by
    what does not change of a stay, or by all its columns. Counts are known by date and place.
    A new file ``replaces`` an old one where it ends no earlier, its days hold at least half of
    the old rows, and at least 90 % of these are in it. Where at most 10 % come again, or
    numbers and names keep an overlap from being counted twice, they stand ``beside`` each
    other. A table in which rows cannot be told apart is asked about.

    Examples
    --------
    >>> from caremap import open_all
    >>> text = "Stay ID,Admission Date,Discharge Date\n"
    >>> week = open_all((text + "A1,2024-04-01,2024-04-03\n").encode())
    >>> later = open_all((text + "A1,2024-04-01,2024-04-03\nA2,2024-04-08,\n").encode())
    >>> succession(week, later).verdict, succession(later, week).verdict
    ('replaces', 'ask')
    """
    if not same_layout(old, new):
        return None
    before, after = _pooled(old), _pooled(new)
    compared = [_compared(layout[0], table, after[layout]) for layout, table in before.items()]
    deciding = [one for one in compared if one.dated] or compared
    verdicts = {_verdict(one) for one in deciding}
    verdict: Verdict = verdicts.pop() if len(verdicts) == 1 else "ask"
    return Succession(verdict, _why(verdict, deciding))


def _layout(table: Table) -> tuple[str, frozenset[str]]:
    return table.kind, frozenset(clean_text(one.header).casefold() for one in table.columns)


def _pooled(tables: Sequence[Table]) -> Mapping[tuple[str, frozenset[str]], pd.DataFrame]:
    """The rows of each layout: a workbook may have a sheet for every month."""
    found: dict[tuple[str, frozenset[str]], list[pd.DataFrame]] = {}
    for table in tables:
        found.setdefault(_layout(table), []).append(table.table)
    return {
        layout: frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
        for layout, frames in found.items()
    }


def _verdict(compared: _Compared) -> Verdict:
    one = compared
    common = one.inside * one.again
    if not one.telling:
        return "beside" if one.dated and not one.inside else "ask"
    if common <= FEW:
        return "beside"
    if one.again >= AGAIN and one.inside >= HALF and one.forward and one.alike >= ALIKE:
        return "replaces"
    return "beside" if one.identified and one.inside < HALF else "ask"


def _why(verdict: Verdict, deciding: Sequence[_Compared]) -> str:
    if verdict == "beside":
        return "It has the same columns and other rows."
    first = min((one.first for one in deciding if one.first is not None), default=None)
    if verdict == "replaces" and first is not None:
        return (
            f"It has the same columns and begins later, on {said(first)}; from then on it has "
            "the rows of the old file again."
        )
    if verdict == "replaces":
        return "It has the same columns and the rows of the old file again."
    if not all(one.telling for one in deciding):
        return "It has the same columns, and nothing in the rows says whether they are the same."
    if not all(one.forward for one in deciding):
        return "It has the same columns and some of the same rows, and ends earlier."
    return "It has the same columns and some of the same rows."


def _compared(kind: str, old: pd.DataFrame, new: pd.DataFrame) -> _Compared:
    shared = [str(name) for name in old if name in new and name not in ("source", "source_row")]
    day = next((name for name in _DATES.get(kind, ()) if _filled(name, old, new) > 0), None)
    within, forward, later = old, True, None
    if day is not None:
        first, last = usual_days(new[day])
        begins, ends = usual_days(old[day])
        days = old[day].dt.normalize()
        within = old[days.isna() | days.between(first, last)]
        forward, later = bool(last >= ends), first if first > begins else None
    on, identified = _known_by(kind, old, new, shared, day)
    on = [*on, *([day] if day is not None and day not in on else [])]
    again = _again(within, new, on)
    telling = identified or _sparse(new, on, day)
    if not identified and again <= FEW:  # perhaps every cost was corrected
        telling = _again(within, new, [n for n in on if not _numeric(old[n])]) < UNIQUE
    return _Compared(
        dated=day is not None,
        inside=len(within) / max(len(old), 1),
        again=again,
        identified=identified,
        telling=telling,
        alike=_alike(kind, within, new, on),
        forward=forward,
        first=later,
    )


def _known_by(
    kind: str, old: pd.DataFrame, new: pd.DataFrame, shared: list[str], day: str | None
) -> tuple[list[str], bool]:
    """The columns by which a row is known, and whether a number or name among them says it."""
    if kind == "stays":
        for number in ("stay_id", "patient_id"):
            if _filled(number, old, new) >= AGAIN:
                return [number, *(["facility"] if "facility" in shared else [])], True
        lasting = [name for name in _LASTING if name in shared]
        return (lasting if _sparse(new, lasting, day, RARE) else shared), False
    if kind == "lookup":
        keys = [
            name for name in shared
            if min(_different(one, [name]) for one in (old, new)) > UNIQUE
        ]  # fmt: skip
        return keys[:1] or shared, bool(keys)
    own = [name for name in shared if name not in FIELDS and not _numeric(old[name])]
    on = [*(name for name in _KEYS[kind] if name in shared), *own]
    named = any(_filled(name, old, new) >= AGAIN for name in on if name in _NAMES)
    return (on if named else shared), named


def _sparse(table: pd.DataFrame, on: list[str], day: str | None, most: float = CROWDED) -> bool:
    """Whether rows of other patients would rarely equal these by chance.

    On every day any of the combinations of values could have occurred; few of these did.
    """
    if day is None:
        return len(table) > 1 and _different(table, on) >= TELLING
    others = [name for name in on if name not in (day, "discharged")]  # that goes with the day
    days = table[day].dt.normalize().nunique()
    return len(table) <= most * days * len(table[others].drop_duplicates()) if others else False


def _filled(name: str, *tables: pd.DataFrame) -> float:
    return min(float(one[name].notna().mean()) if name in one and len(one) else 0.0
               for one in tables)  # fmt: skip


def _different(table: pd.DataFrame, on: list[str]) -> float:
    return len(table[on].drop_duplicates()) / max(len(table), 1) if on else 0.0


def _numeric(column: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column)) or str(column.dtype) == "boolean"


def _again(old: pd.DataFrame, new: pd.DataFrame, on: list[str]) -> float:
    """Return the share of old rows that are in the new table, each as often as it is there."""
    if old.empty or not on:
        return 0.0
    before, after = (_hashed(one, on).value_counts() for one in (old, new))
    both = before.index.intersection(after.index)
    return float(np.minimum(before[both], after[both]).sum()) / len(old)


def _alike(kind: str, old: pd.DataFrame, new: pd.DataFrame, on: list[str]) -> float:
    """Return the share of equal rows among those that are about the same place and day."""
    if kind in ("stays", "lookup"):
        return 1.0
    counts = [
        name for name in old
        if name in new and name in FIELDS and FIELDS[name].type in _NUMBERS and name not in on
    ]  # fmt: skip
    again = _again(old, new, on)
    return _again(old, new, [*on, *counts]) / again if counts and again else 1.0


def _hashed(table: pd.DataFrame, on: list[str]) -> pd.Series[Any]:
    """Rows as one number each, the same whatever types the files gave the columns."""
    return pd.util.hash_pandas_object(
        pd.DataFrame({name: _plain(table[name]) for name in on}), index=False
    )


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_datetime64_dtype(column):
        days: pd.Series[Any] = column.dt.normalize().astype("datetime64[us]")
        return days
    return column.astype("float64" if _numeric(column) else "str")
