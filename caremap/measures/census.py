"""The midnight census: patients in hospital at the end of each day, and their beds.

A stay counts on day D if it was admitted on D or before and discharged later than D, or not
at all (AIHW patient day, NHS KH03). It is computed from who comes and who goes, so its cost
does not grow with the length of the stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import reductions
from caremap.measures.beds import Beds, beds_of, plain
from caremap.measures.coverage import Coverage, coverage_of, has
from caremap.measures.windows import resolve_as_of
from caremap.problems import DataProblem

__all__ = ["Grid", "census", "grid_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Grid:
    """Patients, departures and staffed beds per day (rows) and place (columns).

    ``days`` begins with the first admission of the file; `coverage.Coverage.census` says
    which of them are complete. ``beds`` is NaN where not known.
    """

    days: pd.DatetimeIndex
    columns: tuple[str, ...]
    keys: list[tuple[str, ...]]
    occupied: Array
    departures: Array
    beds: Array
    note: str = ""

    def with_beds(self) -> Array:
        """Return which days and places a bed ratio takes.

        Those whose beds are known, and patients whose place is not recorded, as long as
        every place that is recorded has beds.
        """
        known: Array = ~np.isnan(self.beds)
        unnamed = np.array([UNKNOWN in key for key in self.keys], dtype=bool)
        named = ~unnamed
        whole = np.asarray(known[:, named].all(axis=1) & bool(named.any()))
        taken: Array = known | (whole[:, None] & unnamed[None, :])
        return taken


def census(
    dataset: Dataset, by: str | Sequence[str] | None = None, as_of: object = None
) -> pd.DataFrame:
    """Return the midnight census, day by day.

    Parameters
    ----------
    dataset
        With stays, or with counts of occupied beds.
    by
        Column or columns to group by.
    as_of
        A day after the last admission up to which the file is complete, by your word.

    Returns
    -------
    pandas.DataFrame
        ``date``, the columns in ``by``, ``occupied`` (patients in hospital at midnight) and
        ``staffed`` (staffed beds; NaN where they are not known for every place that has
        patients). Only days the file is complete for, see `caremap.measures.coverage`, and
        within the reporting period. From counts: the days (or weeks, months) as given.
        Empty where there are no dates.

    Raises
    ------
    caremap.DataProblem
        Where a column in ``by`` does not exist.

    Notes
    -----
    AIHW METeOR *patient day*; NHS England KH03. Stays that end before they begin, stays
    without an admission date and very old open stays are left out.

    Examples
    --------
    >>> stays = pd.DataFrame({
    ...     "admitted": pd.to_datetime(["2024-04-01", "2024-04-02", "2024-04-03"]),
    ...     "discharged": pd.to_datetime(["2024-04-02", "2024-04-03", None]),
    ...     "length_of_stay": [1.0, 1.0, None]})
    >>> census(Dataset(stays=stays))
            date  occupied  staffed
    0 2024-04-02       1.0      NaN
    1 2024-04-03       1.0      NaN
    """
    groups = (by,) if isinstance(by, str) else tuple(by or ())
    if has(dataset.stays, "admitted", "discharged"):
        _require(dataset.stays, groups)
        coverage = coverage_of(dataset, None if as_of is None else resolve_as_of(dataset, as_of))
        grid = grid_of(dataset, coverage, beds_of(dataset), groups)
        result = _long(grid, groups)
        if coverage.census is None:
            return result.iloc[:0]
        complete: tuple[pd.Timestamp | None, ...] = (coverage.census.first, coverage.census.last)
    else:
        if dataset.activity is not None:
            _require(dataset.activity, groups)
        result = _counted(dataset.activity, groups)
        complete = (None, None)
    start, end = dataset.period or (None, None)
    for low in (complete[0], start):
        result = result if low is None else result[result["date"] >= low]
    for high in (complete[1], end):
        result = result if high is None else result[result["date"] <= high]
    return result.reset_index(drop=True)


def grid_of(
    dataset: Dataset,
    coverage: Coverage,
    beds: Beds,
    by: Sequence[str] = (),
    until: pd.Timestamp | None = None,
) -> Grid:
    """Return patients, departures and beds per day and place.

    Places are those by which the beds are counted, as far as the stays name them, and the
    columns in ``by``.
    """
    stays = dataset.stays
    shared = tuple(name for name in beds.places if has(stays, name))
    columns = tuple(dict.fromkeys((*by, *shared)))
    visits = has((dataset.whole or dataset).stays, "was_admitted")
    only = "was_admitted" if visits else None
    moves = dataset.once("stays", reductions.movements, columns, only=only)
    if coverage.old_before is not None:
        moves.loc[moves["date"] < coverage.old_before, "open_arrivals"] = 0
    shared, meet, note = _matching(moves, beds, shared)
    columns = tuple(dict.fromkeys((*by, *shared)))
    days = _days(moves, coverage, until)
    keys = _keys(moves, columns)
    change, departures = _dense(moves, days, columns, len(keys))
    if not meet or set(columns) != set(shared):
        held = np.full((len(days), len(keys)), np.nan)
    else:
        held = beds.on(days, shared, [tuple(k[columns.index(c)] for c in shared) for k in keys])
    return Grid(days, columns, keys, change.cumsum(axis=0), departures, held, note)


def _keys(frame: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
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
        ours, theirs = ({plain(key) for key in _keys(t, columns)} for t in (moves, beds.table))
        if ours & theirs:
            differ = f" The {shared[kept]} names differ from the stays'." if shared[kept:] else ""
            return columns, True, beds.note + differ
    return (), False, f"No {shared[0]} of the bed counts occurs in the stays."


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
    places: int,
) -> tuple[Array, Array]:
    """Return the net change and the departures per day and place."""
    change = np.zeros((len(days), places))
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


def _long(grid: Grid, groups: Sequence[str]) -> pd.DataFrame:
    """Return the grid as a long frame, places added up within each group."""
    place = [grid.columns.index(name) for name in groups]
    members: dict[tuple[str, ...], list[int]] = {}
    for column, key in enumerate(grid.keys):
        members.setdefault(tuple(key[index] for index in place), []).append(column)
    parts = []
    for group, inside in members.items():
        named = [column for column in inside if UNKNOWN not in grid.keys[column]]
        staffed = grid.beds[:, named].sum(axis=1) if named else np.full(len(grid.days), np.nan)
        part = pd.DataFrame({"date": grid.days, **dict(zip(groups, group, strict=True))})
        parts.append(part.assign(occupied=grid.occupied[:, inside].sum(axis=1), staffed=staffed))
    return _shaped(pd.concat(parts) if parts else None, groups)


def _counted(activity: pd.DataFrame | None, groups: Sequence[str]) -> pd.DataFrame:
    """Return the census as a file of counts gives it."""
    if not has(activity, "date"):
        return _shaped(None, groups)
    assert activity is not None
    places = [name for name in ("facility", "department", "region") if has(activity, name)]
    counts = reductions.stocks(activity, "date", tuple(dict.fromkeys((*groups, *places))))
    counts = counts[counts["date"].notna() & counts["occupied"].notna()]
    grouped = counts.groupby(["date", *groups])
    result = grouped.agg(occupied=("occupied", "sum"), staffed=("staffed_of", "sum"))
    complete = grouped["staffed_of"].count() == grouped["occupied"].count()
    return _shaped(result.assign(staffed=result["staffed"].where(complete)).reset_index(), groups)


def _shaped(frame: pd.DataFrame | None, groups: Sequence[str]) -> pd.DataFrame:
    dtypes = {"date": "datetime64[us]", **dict.fromkeys(groups, "str")}
    dtypes |= {"occupied": "float64", "staffed": "float64"}
    if frame is None:
        frame = pd.DataFrame(columns=list(dtypes))
    return frame[list(dtypes)].astype(dtypes).sort_values(["date", *groups], ignore_index=True)


def _require(table: pd.DataFrame | None, groups: Sequence[str]) -> None:
    for name in groups:
        if table is not None and name not in table:
            raise DataProblem(
                f"There is no column “{name}” to group by.", "Choose a column of the table."
            )
