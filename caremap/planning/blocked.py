"""Where long stays block beds: beds that today's patients still hold, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.beds import beds_of
from caremap.measures.coverage import has
from caremap.planning.ahead import ENOUGH
from caremap.planning.plan_words import counted
from caremap.planning.risk import StayRisk
from caremap.planning.survival import Leaving, all_leaving, leavers, leaving, sojourns
from caremap.problems import DataProblem

__all__ = ["blocked_beds", "known_beds", "place_labels", "ward_columns"]

Array = npt.NDArray[np.float64]

LATEST = pd.Timestamp("2200-01-01")
"""Without a day, the beds counted last are those that count."""


def blocked_beds(
    source: Dataset | StayRisk,
    horizon: int = 14,
    *,
    by: str | Sequence[str] | None = None,
    over: float | None = None,
    dataset: Dataset | None = None,
    as_of: object = None,
) -> pd.DataFrame:
    """Return the beds today's patients are expected to hold still, and how many by long stays.

    Parameters
    ----------
    source
        A dataset with stays: how long patients stay on is read from the stays of their ward or
        department (Kaplan-Meier, with the weekdays on which patients leave). Or a prediction of
        lengths of stay: then each patient's own expected nights and risk are used.
    horizon
        Days ahead.
    by
        Column or columns of the places. By default the ward, else the department, else the
        facility; with the facility where there are several.
    over
        Nights a stay has to last more than to be long; by default 7, of a prediction its own.
    dataset
        Where beds are read from, for a prediction.
    as_of
        The day, as in `caremap.planning.in_house`; of a prediction its own.

    Returns
    -------
    pandas.DataFrame
        One row per place and day: ``ward`` (or ``department``, or ``facility``: the name of the
        place, with the facility in it where there are several), the other columns of ``by``,
        ``day`` (1 is the next midnight), ``date``, ``beds`` (staffed; NaN: not known), ``held``
        (expected beds still held by today's patients), ``long`` (of these, by patients whose stay
        will have lasted more than ``over`` nights when it ends), ``share`` (``long`` over
        ``beds``, a fraction; NaN without beds) and ``note`` (what a reader has to know of the
        place; empty else).

    Raises
    ------
    caremap.DataProblem
        Where patients in hospital are not known, or a column is missing.

    Notes
    -----
    Only patients in hospital on the day count, not those who come later. By a prediction, the
    nights a patient stays on are taken to be as likely to end on one day as on another, at the
    pace at which the predicted bed-days of all of them fall, so that places add up to these.

    Examples
    --------
    >>> admitted = pd.date_range("2024-01-01", periods=100).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"department": "Surgery", "admitted": admitted,
    ...     "discharged": admitted + pd.Timedelta(days=3), "length_of_stay": 3.0})
    >>> blocked_beds(Dataset(stays=stays), 3, as_of="2024-03-01", over=2)[
    ...     ["department", "day", "held", "long"]].round(2)
      department  day  held  long
    0    Surgery    1   2.0   2.0
    1    Surgery    2   1.0   1.0
    2    Surgery    3   0.0   0.0
    """
    if int(horizon) != horizon or horizon < 1:
        raise DataProblem("The days ahead have to be a whole number, 1 or more.", "Change them.")
    if isinstance(source, StayRisk):
        if source.current.empty:
            raise DataProblem(
                "Patients in hospital are not known: every stay has ended.",
                "Add stays without a discharge date.",
            )
        names = _asked(by, source.current)
        day, groups = source.as_of, _of_risk(source, names, int(horizon))
    else:
        names = _asked(by, source.stays)
        dataset = source if dataset is None else dataset
        limit = 7.0 if over is None else float(over)
        day, groups = _of_stays(source, names, int(horizon), limit, as_of)
    return _table(groups, names, int(horizon), day, dataset)


def ward_columns(table: pd.DataFrame | None) -> list[str]:
    """Return the columns that say in which place of a network a bed is, the finest last.

    Examples
    --------
    >>> ward_columns(pd.DataFrame({"facility": ["A", "B"], "department": "Surgery", "ward": "1"}))
    ['facility', 'ward']
    """
    if table is None:
        return []
    finest = next((name for name in ("ward", "department") if has(table, name)), None)
    several = has(table, "facility") and len(table["facility"].dropna().unique()) > 1
    if finest is None:
        return ["facility"] if has(table, "facility") else []
    return ["facility", finest] if several else [finest]


def place_labels(rows: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Return one name for each place: the finest first, then where it is.

    Examples
    --------
    >>> place_labels(pd.DataFrame({"facility": ["North"], "ward": ["Surgery"]}),
    ...              ["facility", "ward"])
    ['Surgery, North']
    """
    ordered = [rows[name].astype("str") for name in reversed(list(names))]
    return [", ".join(row) for row in zip(*ordered, strict=True)]


def known_beds(
    dataset: Dataset | None,
    names: Sequence[str],
    keys: Sequence[tuple[str, ...]],
    day: pd.Timestamp | None,
) -> Array:
    """Return the staffed beds of places on a day; NaN where they are not known by such places."""
    unknown = np.full(len(keys), np.nan)
    if dataset is None or not len(keys):
        return unknown
    beds = beds_of(dataset)
    if not set(names) <= set(beds.places):
        return unknown
    when = pd.DatetimeIndex([LATEST if day is None else day])
    return np.asarray(beds.on(when, list(names), list(keys))[0], dtype="float64")


def _asked(by: str | Sequence[str] | None, table: pd.DataFrame | None) -> list[str]:
    if by is not None:
        return [by] if isinstance(by, str) else list(by)
    names = ward_columns(table)
    if not names:
        raise DataProblem(
            "In which place patients are is not known: there is no column ward, department or "
            "facility.",
            "Match one of them.",
        )
    return names


Group = tuple[tuple[str, ...], Array, Array, str]
"""A place, beds held and those of long stays by day, and a note."""


def _of_stays(
    dataset: Dataset, names: list[str], horizon: int, over: float, as_of: object
) -> tuple[pd.Timestamp, list[Group]]:
    known = sojourns(dataset, as_of, names)
    usual = all_leaving(known)
    groups: list[Group] = []
    rows_left = known.rows.assign(left=leavers(known))
    for key, rows in rows_left.groupby(names):
        name = tuple(map(str, key if isinstance(key, tuple) else (key,)))
        left = float(rows["left"].sum())
        note = (
            f"Only {left:,.0f} patients have left: how long patients stay is taken from all "
            "places." if left < ENOUGH else ""
        )  # fmt: skip
        still = rows[rows["nights"].isna()]
        if still.empty:  # of tens of thousands of places, few have anybody in
            groups.append((name, np.zeros(horizon), np.zeros(horizon), note))
            continue
        own = usual if left < ENOUGH else leaving(known, rows)
        present = still["rows"].groupby((known.as_of - still["date"]).dt.days).sum()
        ages = present.index.to_numpy("int64")
        chance = _staying(own, ages, known.as_of, horizon + int(over) + 1)
        patients = present.to_numpy("float64")
        groups.append((name, *_held(chance, ages, patients, horizon, int(over)), note))
    return known.as_of, groups


def _staying(chance: Leaving, ages: Any, as_of: pd.Timestamp, days: int) -> Array:
    """Return the chance to be in still, for each age (rows) at each midnight ahead (columns)."""
    inside = np.ones((len(ages), days + 1))
    for day in range(1, days + 1):
        weekday = (as_of.day_of_week + day) % 7
        inside[:, day] = inside[:, day - 1] * (1 - chance.on(weekday, ages + day))
    return inside


def _held(
    inside: Array, ages: Any, patients: Array, horizon: int, over: int
) -> tuple[Array, Array]:
    """Return beds held by day, and those held by stays that last more than so many nights.

    A stay lasts more than k nights if it is in at the k-th midnight after that of the first day.
    """
    days = np.arange(1, horizon + 1)
    held: Array = patients @ inside[:, 1 : horizon + 1]
    reached = np.maximum(days[None, :], (over - ages)[:, None])
    long: Array = patients @ np.take_along_axis(inside, reached, axis=1)
    return held, long


def _of_risk(risk: StayRisk, names: list[str], horizon: int) -> list[Group]:
    current = risk.current
    missing = [name for name in (*names, "more_nights", "so_far", "risk") if name not in current]
    if missing:
        raise DataProblem(
            f"Patients in hospital have no column “{missing[0]}”.", "Choose other places."
        )
    more, so_far, chance = (
        current[name].to_numpy("float64") for name in ("more_nights", "so_far", "risk")
    )
    known = ~(np.isnan(more) | np.isnan(so_far) | np.isnan(chance))
    more = np.where(known, more, 0.0)
    pace = more / (1 + more)
    clock = _clock(pace, _totals(risk, horizon), horizon)
    inside = pace[:, None] ** clock
    nights = so_far[:, None] + np.arange(1, horizon + 1)
    long = np.where(nights > risk.over, inside, np.minimum(inside, chance[:, None]))
    keys = current[names].astype("object").where(current[names].notna(), "Unknown").astype("str")
    groups: list[Group] = []
    for key, rows in keys.groupby(names).indices.items():
        name = tuple(key) if isinstance(key, tuple) else (str(key),)
        sure = rows[known[rows]]
        lost = len(rows) - len(sure)
        many = counted(lost, "patient", "patients")
        note = f"Left out: {many} without a prediction." if lost else ""
        groups.append((name, inside[sure].sum(axis=0), long[sure].sum(axis=0), note))
    return groups


def _totals(risk: StayRisk, horizon: int) -> Array:
    """Return the patients predicted to be in still by day, as far as they are."""
    if not {"day", "patients"} <= set(risk.bed_days):
        return np.zeros(0)
    table = risk.bed_days.sort_values("day")
    return table["patients"].to_numpy("float64")[:horizon]


def _clock(pace: Array, totals: Array, horizon: int) -> Array:
    """Return how far time has gone by each day, so that patients add up to what is predicted.

    Every patient stays on with ``pace`` to the power of it. Where nothing is predicted it goes on
    by a day a day.
    """
    clock = np.zeros(horizon)
    before = 0.0
    for day in range(horizon):
        if day < len(totals) and pace.any():
            before = max(before, _reached(pace, totals[day]))
        else:
            before += 1.0
        clock[day] = before
    return clock


def _reached(pace: Array, total: float) -> float:
    """Return the time at which so many are in still (bisection)."""
    low, high = 0.0, 1e4
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if (pace**middle).sum() > total else (low, middle)
    return (low + high) / 2


def _table(
    groups: list[Group], names: list[str], horizon: int, day: pd.Timestamp | None,
    dataset: Dataset | None,
) -> pd.DataFrame:  # fmt: skip
    keys = [key for key, *_ in groups]
    beds = known_beds(dataset, names, keys, day)
    places = pd.DataFrame(keys, columns=names, dtype="str")
    label = names[-1]
    rest = [name for name in names if name != label]
    ahead = np.tile(np.arange(1, horizon + 1), len(groups))
    when = np.datetime64("NaT", "us") if day is None else np.datetime64(day, "us")
    table = places.assign(**{label: pd.Series(place_labels(places, names), dtype="str")})
    table = table.loc[np.repeat(np.arange(len(groups)), horizon), [label, *rest]]
    held, long = (np.concatenate([group[at] for group in groups] or [np.zeros(0)]) for at in (1, 2))
    of = np.repeat(beds, horizon)
    none = ["" if np.isfinite(one) else "Beds are not known." for one in beds]
    notes = [" ".join(filter(None, [group[3], said_]))
             for group, said_ in zip(groups, none, strict=True)]  # fmt: skip
    table = table.assign(
        day=ahead,
        date=when + ahead.astype("timedelta64[D]"),
        beds=of,
        held=held,
        long=long,
        share=np.divide(long, of, out=np.full(len(of), np.nan), where=of > 0),
        note=np.repeat(np.array(notes, dtype="object"), horizon),
    )
    table["note"] = table["note"].astype("str")
    return table.sort_values([label, "day"], kind="stable", ignore_index=True)
