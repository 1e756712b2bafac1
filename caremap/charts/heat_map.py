"""Occupancy by place and period, as a map of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from caremap.charts.figure import Figure
from caremap.charts.frames import hidden_of, needs, numbers, text_of
from caremap.charts.heat_cells import heat_cells
from caremap.charts.look import MASKED, MASKED_FIGURE, MISSING, listed, percent, times
from caremap.charts.places import columns_named, leaders, place_name
from caremap.charts.points import Every, capital, points_of, span_of
from caremap.hidden import HIDDEN, WHY_HIDDEN

__all__ = ["occupancy_heat_map"]

_MOST_PERIODS = 60  # 30 places of them are 1,800 cells
_FREQUENCIES = {"week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
_UNDATED = "the whole file"


def occupancy_heat_map(
    frame: pd.DataFrame,
    places: Sequence[str],
    *,
    every: Every,
    overall: pd.DataFrame | None = None,
    period: str = "",
    top: int = 30,
) -> Figure:
    """Draw how full every place was, period by period.

    Periods run across and places down, grouped by the first of several place columns, the
    fullest first. The colour's steps are the same in every chart of occupancy. A number stands
    in each cell where it fits; what is over 100 % is outlined and bold, a cell without a figure
    has a cross, which 0 % has not, and what covers only a part of its period has an asterisk.

    Parameters
    ----------
    frame
        As `caremap.measures.occupancy` returns it with ``every``: the place columns, ``period``,
        ``complete``, ``occupied``, ``staffed`` (beds), ``occupancy`` (percent), ``days``.
    places
        The place columns, the widest first; none is the whole network in one row.
    every
        What one period is.
    overall
        The same places over the whole period, as `caremap.measures.occupancy` returns them
        without ``every``: what "on average" means. Where beds or patients are not known on
        every day it cannot be told from the periods, only estimated.
    period
        The days covered, in words, for the subtitle.
    top
        How many places to draw at most, the fullest first; the others are in the table.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        Where the frame has no rows or lacks a column, or ``every`` is none of the choices.

    Examples
    --------
    >>> frame = pd.DataFrame({"ward": ["ICU", "ICU"],
    ...     "period": pd.to_datetime(["2024-01-01", "2024-02-01"]), "complete": [True, True],
    ...     "occupied": [9.0, 10.4], "staffed": [10.0, 10.0], "occupancy": [90.0, 104.0],
    ...     "days": [31, 29]})
    >>> occupancy_heat_map(frame, ["ward"], every="month").title
    'ICU was 97 % full on average; its peak was 104 %, in February 2024'
    """
    needs(frame, [*places, "period", "complete", "occupied", "staffed", "occupancy", "days"])
    if every not in _FREQUENCIES:
        raise ValueError(f"every is one of {', '.join(_FREQUENCIES)}, got {every!r}")
    cells = _cells(frame, places, every)
    rows = _rows(cells, {} if overall is None else _averages(overall, places))
    kept = _drawn(rows, max(top, 1))
    slots = _slots(cells, every)
    shown = cells[cells["place"].isin(kept["place"]) & cells["slot"].isin(slots["slot"])]
    title = _title(cells, rows, every)
    signs = _signs(shown, len(kept) * len(slots))
    span = period or (span_of(slots["name"].tolist()) if len(slots) else "")
    scope = times(len(rows), "place") if places else ""
    what = f"Occupied beds in % of staffed beds, by {every}"
    return Figure(
        name=f"occupancy_by_{'_and_'.join(places) or 'network'}_and_{every}",
        title=title,
        subtitle=" · ".join(filter(None, [what, span, scope, *signs])),
        chart=heat_cells(shown, kept, slots, every, bool(places)),
        alt=_words(cells, rows, title, every),
        table=_table(cells, frame, places, every),
        notes=_notes(cells, rows, kept, slots, every, estimated=overall is None),
    )


# --- the figures ----------------------------------------------------------------------------


def _cells(frame: pd.DataFrame, places: Sequence[str], every: Every) -> pd.DataFrame:
    """Return one row per place and period, with what to call both."""
    names = _names(frame, places)
    known = {place: place_name(place) for place in set(names)}
    start = pd.to_datetime(frame["period"])
    cells = pd.DataFrame(
        {
            "place": names,
            "name": [known[place] for place in names],
            "slot": start.dt.to_period(_FREQUENCIES[every]).array,
            "complete": frame["complete"].astype("bool").to_numpy(),
            **{
                column: numbers(frame[column]).to_numpy()
                for column in ("occupied", "staffed", "occupancy", "days")
            },
        }
    )
    called = _called(list(cells["slot"].dropna().unique()), every)
    nothing = (_UNDATED, f"in {_UNDATED}")
    told = [called.get(slot, nothing) for slot in cells["slot"]]
    cells["when"], cells["phrase"] = zip(*told, strict=True)
    hidden = hidden_of(frame, cells["occupancy"]).to_numpy()
    return cells.assign(
        shown=np.where(hidden, MASKED_FIGURE, [percent(value) for value in cells["occupancy"]]),
        hidden=hidden,
        state=np.where(cells["complete"], f"whole {every}", f"part of a {every}"),
        over=cells["occupancy"].round(1) > 100,
    )


def _names(frame: pd.DataFrame, places: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the place of each row by the names of its levels."""
    levels = [text_of(frame[column]).tolist() for column in places]
    return list(zip(*levels, strict=True)) if levels else [()] * len(frame)


def _averages(overall: pd.DataFrame, places: Sequence[str]) -> dict[tuple[str, ...], float]:
    """Return the occupancy of each place over the whole period, where it is known."""
    needs(overall, [*places, "occupancy"], rows=False)
    values = dict(zip(_names(overall, places), numbers(overall["occupancy"]), strict=True))
    return {place: value for place, value in values.items() if value == value}


def _called(slots: Sequence[pd.Period], every: Every) -> dict[pd.Period, tuple[str, str]]:
    """Return what each period is called, alone and in a sentence."""
    if not len(slots):
        return {}
    starts = [slot.start_time for slot in sorted(slots)]
    frame = pd.DataFrame({"period": starts, "value": 0.0, "complete": True})
    points = points_of(frame, "value", "", every, 0)
    return dict(zip(sorted(slots), zip(points["name"], points["when"], strict=True), strict=True))


def _rows(cells: pd.DataFrame, averages: Mapping[tuple[str, ...], float]) -> pd.DataFrame:
    """Return one row per place, the fullest first; none has a mean but no period with a figure."""
    estimated = _estimated(cells)
    rows = cells.groupby("place", sort=False).agg(name=("name", "first")).reset_index()
    means = [averages.get(place, estimated[place]) if place in estimated else np.nan
             for place in rows["place"]]  # fmt: skip
    rows = rows.assign(mean=pd.Series(means, dtype="float64"))
    return rows.sort_values(["mean", "name"], ascending=[False, True], ignore_index=True)


def _estimated(cells: pd.DataFrame) -> dict[tuple[str, ...], float]:
    """Return the mean of each place's periods, weighed by bed-days where all are known."""
    known = cells[cells["occupancy"].notna()]
    beds = (known["staffed"] * known["days"]).where(lambda number: number > 0)
    whole = beds.notna().groupby(known["place"]).transform("all")
    weight = beds.where(whole, 1.0)
    weighed = known.assign(weight=weight, part=known["occupancy"] * weight)
    sums = weighed.groupby("place")[["part", "weight"]].sum()
    means = sums["part"] / sums["weight"]
    return dict(zip(sums.index, means, strict=True))


def _drawn(rows: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the fullest places in the order they are drawn: by group, the fullest group first."""
    kept = rows.head(top)
    first = [place[0] if place else "" for place in kept["place"]]
    order = {name: at for at, name in reversed(list(enumerate(first)))}
    ranked = kept.assign(group=first, rank=[order[name] for name in first])
    return ranked.sort_values("rank", kind="stable", ignore_index=True)


def _slots(cells: pd.DataFrame, every: Every) -> pd.DataFrame:
    """Return the columns: every period from the first to the last, gaps too, the latest if many."""
    known = cells["slot"].dropna()
    if known.empty:
        return pd.DataFrame({"slot": [], "name": []})
    last = known.max()
    first = max(known.min(), last - (_MOST_PERIODS - 1))
    slots = list(pd.period_range(first, last, freq=_FREQUENCIES[every]))
    called = _called(slots, every)
    return pd.DataFrame({"slot": slots, "name": [called[slot][0] for slot in slots]})


# --- the words ------------------------------------------------------------------------------


def _title(cells: pd.DataFrame, rows: pd.DataFrame, every: Every) -> str:
    best = rows.iloc[0]
    if pd.isna(best["mean"]):
        return "Occupancy cannot be computed for any place"
    leader, count = leaders(rows["name"], rows["mean"])
    if count > 1:
        return f"{leader} were fullest, {percent(best['mean'])} on average"
    known = cells[cells["occupancy"].notna() & (cells["place"] == best["place"])]
    peak = _peak(known)
    alone = len(rows) == 1
    if len(known) == 1:
        full = "was" if alone else "was fullest:"
        return f"{best['name']} {full} {percent(best['mean'])}{' full' * alone} {peak['phrase']}"
    mean = percent(best["mean"])
    opening = f"was {mean} full on average" if alone else f"was fullest, {mean} on average"
    higher = (~known["complete"] & (known["occupancy"] > peak["occupancy"])).any()
    called = f"its fullest whole {every} had" if higher else "its peak was"
    return f"{best['name']} {opening}; {called} {peak['shown']}, {peak['phrase']}"


def _peak(known: pd.DataFrame) -> pd.Series:
    """Return the fullest period; a few days of one are no peak where there are whole ones."""
    whole = known[known["complete"]]
    peak: pd.Series = (
        (known if whole.empty else whole)
        .sort_values(["occupancy", "slot"], ascending=[False, True])
        .iloc[0]
    )
    return peak


def _signs(shown: pd.DataFrame, size: int) -> list[str]:
    """Say what the signs mean that occur."""
    signs = {
        "outlined or dotted: over 100 %": bool(shown["over"].any()),
        f"{MISSING} no figure": int((shown["occupancy"].notna() | shown[HIDDEN]).sum()) < size,
        f"{MASKED} {MASKED_FIGURE}": bool(shown[HIDDEN].any()),
        "* part of the period": bool((~shown["complete"] & shown["occupancy"].notna()).any()),
    }
    return [sign for sign, used in signs.items() if used]


def _words(cells: pd.DataFrame, rows: pd.DataFrame, title: str, every: Every) -> str:
    known = rows[rows["mean"].notna()]
    sentences = [f"Occupancy of {times(len(rows), 'place')} by {every}, as a map of cells.", title]
    if len(known) > 1:
        sentences[1] += f"; least full was {known['name'].iloc[-1]}"
        sentences[1] += f", {percent(known['mean'].iloc[-1])} on average"
    over = cells[cells["over"]]
    if len(over):
        where = listed(over["name"].drop_duplicates().tolist())
        sentences.append(f"Over 100 % in {times(len(over), 'cell')}: {where}")
    missing = int((cells["occupancy"].isna() & ~cells[HIDDEN]).sum())
    if missing:
        sentences.append(f"No figure in {times(missing, 'cell')}")
    return ". ".join(sentence.removesuffix(".") for sentence in sentences) + "."


def _notes(
    cells: pd.DataFrame,
    rows: pd.DataFrame,
    kept: pd.DataFrame,
    slots: pd.DataFrame,
    every: Every,
    *,
    estimated: bool,
) -> tuple[str, ...]:
    notes = [WHY_HIDDEN] if cells[HIDDEN].any() else []
    if estimated:
        notes.append(
            "An average over the periods weighs each by its staffed bed-days where all are known, "
            "else alike."
        )
    if len(kept) < len(rows):
        notes.append(
            f"Drawn are the {len(kept)} fullest of {times(len(rows), 'place')}; "
            "all are in the table."
        )
    earlier = cells["slot"].notna() & ~cells["slot"].isin(slots["slot"])
    if earlier.any():
        notes.append(f"Drawn are the last {len(slots)} {every}s; all are in the table.")
    undated = int(cells["slot"].isna().sum())
    if undated:
        notes.append(f"{times(undated, 'row')} without a date in the table only.")
    unknown = rows.loc[rows["mean"].isna(), "name"].tolist()
    if unknown:
        notes.append(f"Without any figure, since beds or patients are unknown: {listed(unknown)}.")
    return tuple(notes)


def _table(
    cells: pd.DataFrame, frame: pd.DataFrame, places: Sequence[str], every: Every
) -> pd.DataFrame:
    own = {
        "when": capital(every),
        "occupied": "Occupied beds, mean at midnight",
        "staffed": "Staffed beds, mean",
        "occupancy": "Occupancy, %",
        "days": "Days used",
        "whole": f"Whole {every}",
    }
    headers = list(columns_named([*places, *own.values()]).values())
    parts: dict[str, object] = {
        header: text_of(frame[column]).to_numpy()
        for header, column in zip(headers, places, strict=False)
    }
    ready = cells.assign(whole=np.where(cells["complete"], "yes", "no, a part"))
    parts |= {
        header: ready[column].to_numpy()
        for header, column in zip(headers[len(places) :], own, strict=True)
    }
    order = ready.sort_values(["name", "slot"], kind="stable").index
    return pd.DataFrame(parts).iloc[order].reset_index(drop=True)
