"""Patients, departures and staffed beds per day and place: what the census is read from.

It is computed from who comes and who goes, so its cost does not grow with the length of the
stays. Beds stand beside the patients where both are known by the same places; a place that
has beds and no stay is one of empty beds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import reductions
from caremap.measures.beds import Beds, one_spelling, plain
from caremap.measures.coverage import Coverage, has
from caremap.schema import FIELDS

__all__ = ["Grid", "grid_of", "named", "not_counted_by"]

Array = np.ndarray[Any, Any]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Patients, departures and staffed beds per day (rows) and place (columns).

    ``days`` begins with the first admission of the file; `coverage.Coverage.census` says
    which of them are complete. ``beds`` is NaN where not known. ``note`` says where the beds
    come from, ``apart`` which of them are counted as empty or left out, and ``finer`` that
    beds are not counted by all of the columns.
    """

    days: pd.DatetimeIndex
    columns: tuple[str, ...]
    keys: list[Key]
    occupied: Array
    departures: Array
    beds: Array
    note: str = ""
    apart: tuple[str, ...] = ()
    finer: str = ""

    def groups(self, by: Sequence[str]) -> dict[Key, list[int]]:
        """Return the columns of each group of places."""
        if not by:
            return {(): list(range(len(self.keys)))}
        place = [self.columns.index(name) for name in by]
        members: dict[Key, list[int]] = {}
        for column, key in enumerate(self.keys):
            members.setdefault(tuple(key[index] for index in place), []).append(column)
        return members

    def staffed(self, within: Sequence[int]) -> Array:
        """Return the staffed beds of some places per day, NaN where one has unknown ones."""
        recorded = [column for column in within if UNKNOWN not in self.keys[column]]
        if not recorded:
            return np.full(len(self.days), np.nan)
        total: Array = self.beds[:, recorded].sum(axis=1)
        return total

    def sums(self, groups: Sequence[Sequence[int]]) -> dict[str, Array]:
        """Add up places per day (rows) and group of places (columns).

        A bed ratio takes the places whose beds are known that day, and the patients whose place
        is not recorded as long as every recorded place of the group has beds.

        Returns
        -------
        dict
            ``occupied`` of all; ``of``, ``beds`` and ``departures`` of those a ratio takes;
            ``known_days``, 1 where there are any.
        """
        order = np.array([column for group in groups for column in group], dtype="int64")
        sizes = np.array([len(group) for group in groups], dtype="int64")
        if not len(order):
            empty = np.zeros((len(self.days), len(groups)))
            return dict.fromkeys(("occupied", "of", "beds", "departures", "known_days"), empty)
        begins = np.cumsum(sizes) - sizes

        def added(values: Array) -> Array:
            total: Array = np.add.reduceat(values, begins, axis=1, dtype="float64")
            return total

        beds = self.beds[:, order]
        known = ~np.isnan(beds)
        unnamed = np.array([UNKNOWN in self.keys[column] for column in order], dtype=bool)
        named = np.add.reduceat(~unnamed, begins, dtype="int64")
        whole = (added(~known & ~unnamed) == 0) & (named > 0)
        taken = known | (np.repeat(whole, sizes, axis=1) & unnamed)
        occupied = self.occupied[:, order]
        return {
            "occupied": added(occupied),
            "of": added(np.where(taken, occupied, 0.0)),
            "beds": added(np.where(known, beds, 0.0)),
            "departures": added(np.where(taken, self.departures[:, order], 0.0)),
            "known_days": (added(taken) > 0).astype("float64"),
        }

    def daily(self) -> pd.DataFrame:
        """Return the `sums` of all places, with ``date`` and ``days`` (1)."""
        found = self.sums([range(len(self.keys))])
        columns = {name: values[:, 0] for name, values in found.items()}
        return pd.DataFrame({"date": self.days, "days": 1.0, **columns})


def grid_of(
    dataset: Dataset,
    coverage: Coverage,
    beds: Beds,
    by: Sequence[str] = (),
    until: pd.Timestamp | None = None,
) -> Grid:
    """Return patients, departures and beds per day and place.

    Places are those by which the beds are counted, as far as the stays name them, and the
    columns in ``by``. Beds follow columns that the place decides (the region of a
    facility); by any other column (treatments) they are not known.
    """
    whole = (dataset.whole or dataset).stays
    shared = tuple(name for name in beds.places if has(whole, name))
    columns = tuple(dict.fromkeys((*by, *shared)))
    only = "was_admitted" if has(whole, "was_admitted") else None
    moves = dataset.once("stays", reductions.movements, columns, only=only)
    if coverage.old_before is not None:
        moves.loc[moves["date"] < coverage.old_before, "open_arrivals"] = 0
    moves = one_spelling(moves, shared, moves["arrivals"] + moves["open_arrivals"])
    shared, meet, note = _matching(moves, beds, shared)
    columns = tuple(dict.fromkeys((*by, *shared)))
    keys = _keys(moves, columns)
    days = _days(moves, coverage, until)
    change, departures = _dense(moves, days, columns, keys)
    if not meet:
        return _unknown(days, columns, keys, change, departures, note)
    decided = _decided(keys, columns, shared)
    if decided is None:
        own = [name for name in columns if name not in shared]
        finer = not_counted_by(own)
        return _unknown(days, columns, keys, change, departures, note, finer)
    empty, apart = _without_stays(keys, columns, shared, beds, whole)
    held = beds.on(days, shared, [_part(key, columns, shared) for key in keys] + empty)
    more = np.zeros((len(days), len(empty)))
    occupied, departures = (
        np.hstack([values, more]) if empty else values
        for values in (change.cumsum(axis=0, out=change), departures)
    )
    held = _before_opening(held, occupied)
    keys += [_placed(key, columns, shared, decided) for key in empty]
    return Grid(days, columns, keys, occupied, departures, held, note, apart)


def not_counted_by(columns: Sequence[str]) -> str:
    """Say that beds are not known by these columns.

    Examples
    --------
    >>> not_counted_by(["treatment", "Team"])
    'Beds are not counted by treatment and Team.'
    """
    titles = [FIELDS[name].title.lower() if name in FIELDS else name for name in columns]
    return f"Beds are not counted by {' and '.join(titles)}."


def named(names: Iterable[str], most: int = 3) -> str:
    """Return names for a sentence, the first few of them.

    Examples
    --------
    >>> named(["A", "B", "C", "D", "E"])
    'A, B, C and 2 more'
    """
    listed = list(names)
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def _unknown(
    days: pd.DatetimeIndex,
    columns: tuple[str, ...],
    keys: list[Key],
    change: Array,
    departures: Array,
    note: str,
    finer: str = "",
) -> Grid:
    """Return a grid without any bed count."""
    held: Array = np.broadcast_to(np.array(np.nan), change.shape)
    return Grid(
        days, columns, keys, change.cumsum(axis=0, out=change), departures, held, note, (), finer
    )


def _keys(frame: pd.DataFrame, columns: Sequence[str]) -> list[Key]:
    """Return the distinct names of the places, in the order of `pandas.DataFrame.groupby`."""
    if not columns:
        return [()]
    distinct = frame[list(columns)].drop_duplicates()
    return sorted(zip(*(distinct[name].astype("str") for name in columns), strict=True))


def _matching(
    moves: pd.DataFrame, beds: Beds, shared: tuple[str, ...]
) -> tuple[tuple[str, ...], bool, str]:
    """Return the place columns by which beds and stays meet, whether they do, and a note.

    Where the finer names differ (“ED”, “Emergency Department”) the coarser ones decide.
    """
    if beds.table is None or not shared or moves.empty:
        return shared, beds.table is not None, beds.note
    for kept in range(len(shared), 0, -1):
        columns = shared[:kept]
        ours, theirs = ({plain(key) for key in keys}
                        for keys in (_keys(moves, columns), beds.keys(columns)))  # fmt: skip
        if ours & theirs:
            differ = f" The {shared[kept]} names differ from the stays'." if shared[kept:] else ""
            return columns, True, beds.note + differ
    return (), False, f"No {shared[0]} of the bed counts occurs in the stays."


def _part(key: Key, columns: Sequence[str], wanted: Sequence[str]) -> Key:
    return tuple(key[columns.index(name)] for name in wanted)


def _decided(
    keys: list[Key], columns: Sequence[str], shared: Sequence[str]
) -> dict[Key, Key] | None:
    """Return the whole key of each place, and of each place above it that decides the rest.

    None where the place does not decide the other columns: patients of one ward have several
    treatments.
    """
    own = [name for name in columns if name not in shared]
    if own and not shared:
        return None
    decided: dict[Key, Key] = {}
    for kept in range(len(shared), 0, -1):
        above = shared[:kept]
        found: dict[Key, set[Key]] = {}
        for key in keys:
            found.setdefault(plain(_part(key, columns, above)), set()).add(_part(key, columns, own))
        clear = {place: next(iter(rest)) for place, rest in found.items() if len(rest) == 1}
        if kept == len(shared) and len(clear) < len(found):
            return None
        decided |= clear
    return decided


def _placed(
    key: Key, columns: Sequence[str], shared: Sequence[str], decided: dict[Key, Key]
) -> Key:
    """Return the whole key of a place without stays, from the places above it."""
    own = [name for name in columns if name not in shared]
    above = (plain(key[:kept]) for kept in range(len(key), 0, -1))
    rest = next((decided[place] for place in above if place in decided), (UNKNOWN,) * len(own))
    values = dict(zip((*shared, *own), (*key, *rest), strict=True))
    return tuple(values[name] for name in columns)


def _without_stays(
    keys: list[Key],
    columns: Sequence[str],
    shared: tuple[str, ...],
    beds: Beds,
    whole: Any,
) -> tuple[list[Key], tuple[str, ...]]:
    """Return the places that have beds and no stay, and what to say of them.

    A ward without a stay is an empty ward. A facility that no stay of the whole file names
    is more likely not in the file. Where some stays beside it are at places without beds,
    it may be one of these by another name.
    """
    if not shared:
        return [], ()
    held = beds.keys(shared)
    ours = {plain(_part(key, columns, shared)) for key in keys}
    theirs = {plain(key) for key in held}
    puzzling = {place[:-1] for place in ours - theirs if plain([UNKNOWN])[0] not in place}
    inside = None
    if shared[0] == "facility":
        inside = {plain([value]) for value in reductions.categories(whole, "facility")["value"]}
    empty, elsewhere, unclear = [], [], []
    for key in held:
        place = plain(key)
        if place in ours or UNKNOWN in key:
            continue
        if inside is not None and place[:1] not in inside:
            elsewhere.append(key[0])
        elif place[:-1] in puzzling:
            unclear.append(" ".join(key))
        else:
            empty.append(key)
    said = [
        ("No stay is at {}: the beds there count as empty.", [" ".join(key) for key in empty]),
        ("No stay of the file is at {}: its beds are left out.", elsewhere),
        ("The beds of {} are left out: no stay has this name, others have names without beds.",
         unclear),
    ]  # fmt: skip
    notes = [text.format(named(dict.fromkeys(names))) for text, names in said if names]
    return empty, tuple(notes)


def _before_opening(held: Array, occupied: Array) -> Array:
    """Return the beds, 0 where a place has had neither patients nor beds so far, others have."""
    known = ~np.isnan(held)
    seen = np.maximum.accumulate(known | (occupied > 0), axis=0)
    begun = np.maximum.accumulate(known.any(axis=1))[:, None]
    result: Array = np.where(~seen & known.any(axis=0) & begun, 0.0, held)
    return result


def _days(moves: pd.DataFrame, coverage: Coverage, until: pd.Timestamp | None) -> pd.DatetimeIndex:
    """Return the days from the first admission to the last day that is asked for."""
    spans = [span for span in (coverage.admissions, coverage.census) if span is not None]
    known = [moves["date"].min(), *(span.first for span in spans)]
    ends = [until, *(span.last for span in spans)]
    first = min((day for day in known if not pd.isna(day)), default=None)
    last = max((day for day in ends if day is not None), default=None)
    if first is None or last is None:
        return pd.DatetimeIndex([], dtype="datetime64[us]", name="date")
    return pd.date_range(first, last, name="date").as_unit("us")


def _dense(
    moves: pd.DataFrame,
    days: pd.DatetimeIndex,
    columns: Sequence[str],
    keys: list[Key],
) -> tuple[Array, Array]:
    """Return the net change and the departures per day and place."""
    change = np.zeros((len(days), len(keys)))
    departures = np.zeros_like(change)
    row = days.get_indexer(pd.Index(moves["date"]))
    column = np.zeros(len(moves), dtype="int64")
    if columns:
        column = moves.groupby(list(columns)).ngroup().to_numpy()
    out = moves["departures"].to_numpy("float64")
    came = (moves["arrivals"] + moves["open_arrivals"]).to_numpy("float64")
    inside = row >= 0  # departures after the last day change nothing that is asked for
    np.add.at(change, (row[inside], column[inside]), (came - out)[inside])
    np.add.at(departures, (row[inside], column[inside]), out[inside])
    return change, departures
