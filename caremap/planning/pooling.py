"""What sharing beds between units saves: the same refusals with fewer beds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import census
from caremap.measures.groups import asked
from caremap.measures.windows import DAY, dates_in_doubt, resolve_as_of
from caremap.planning.beds import beds_needed
from caremap.planning.erlang import erlang_b
from caremap.planning.plan_words import few
from caremap.planning.survival import RECENT, Sojourns, sojourns
from caremap.problems import DataProblem

__all__ = ["Pooling", "pooling", "pooling_pairs", "unit_loads"]

_PLANNED = r"elective|planned|scheduled|routine"
_UNPLANNED = r"un-?planned|un-?scheduled|non-? ?elective"
_MUCH = 0.5  # share of planned admissions from which Poisson arrivals are doubtful
_SURE, _ALIKE = 3.0, 1.25  # standard errors, and times as variable: both have to be exceeded


@dataclass(frozen=True, eq=False)
class Pooling:
    """Units with beds of their own beside the same units with shared beds.

    Attributes
    ----------
    frame
        One row per unit: ``unit``, ``load`` (beds that would be taken if there were no end of
        them), ``beds`` (there; NaN where not known), ``needed`` (to refuse no more than the
        level), ``refused`` (fraction of arrivals, with the beds there are).
    pooled
        All units as one: ``load``, ``beds``, ``needed``, ``refused``; and ``needed_apart`` (sum
        of the units), ``refused_apart`` (of all arrivals, with the beds as they are shared out).
    saved
        Beds fewer that do for the same level of refusal.
    level
        Fraction of arrivals that may be refused.
    notes
        What it takes for granted and what was left out.
    """

    frame: pd.DataFrame
    pooled: Mapping[str, float]
    saved: int
    level: float
    notes: tuple[str, ...] = ()


def unit_loads(
    dataset: Dataset, by: str | Sequence[str] = "department", *, as_of: object = None
) -> pd.DataFrame:
    """Return how many beds the patients of each unit take, and how many there are.

    Parameters
    ----------
    dataset
        Stays with admission and discharge dates, or counts of occupied beds; filtered as it is.
    by
        The column or columns that tell units.
    as_of
        The last day; by default, and at the latest, the last one the midnight census is complete
        for.

    Returns
    -------
    pandas.DataFrame
        Over the last 365 days, or as many as are known: ``unit`` (the names of ``by``), the
        columns in ``by``, ``arrivals`` (a day), ``stay`` (nights, as in bed-days: load over
        arrivals), ``load`` (mean midnight census), ``beds`` (staffed on the last day), ``days``,
        ``last`` (the last of them), ``variability`` (variance of the admissions of a day over
        their mean: 1 where they come at random) and ``planned`` (fraction of the admissions whose
        type says so). NaN where not known; of counts there are no arrivals. “Unknown” is left
        out. Sorted by unit.

    Raises
    ------
    caremap.DataProblem
        Where patients in hospital cannot be counted, a column is missing, or dates are in doubt.

    Examples
    --------
    >>> admitted = pd.date_range("2024-04-01", periods=60).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"admitted": admitted, "discharged": admitted + pd.Timedelta(days=2),
    ...                       "length_of_stay": 2.0, "department": "Surgery"})
    >>> unit_loads(Dataset(stays=stays))[["unit", "arrivals", "stay", "load"]]
          unit  arrivals  stay  load
    0  Surgery       1.0   2.0   2.0
    """
    groups = asked(by)
    if doubt := dates_in_doubt(dataset):
        raise DataProblem(doubt)
    daily = census(dataset, by=groups, as_of=as_of)
    if daily.empty:
        raise DataProblem(
            "Patients in hospital cannot be counted, so the load of a unit is not known.",
            "Add a file with one row per stay, or one that counts occupied beds per day.",
        )
    known = None
    last = daily["date"].max()
    day = None if as_of is None else resolve_as_of(dataset, as_of)
    last = last if day is None else min(last, day)
    known = _known(dataset, as_of, groups)
    last = last if known is None else min(last, known.as_of)
    recent = daily[daily["date"].between(last - (RECENT - 1) * DAY, last)]
    recent = recent[~recent[list(groups)].isin([UNKNOWN]).any(axis=1)]
    loads = recent.groupby(list(groups)).agg(
        load=("occupied", "mean"), beds=("staffed", "last"), days=("date", "nunique")
    )
    first = recent["date"].min()
    for name in ("arrivals", "variability", "planned"):
        loads[name] = math.nan
    if known is not None and len(recent):
        loads = loads.assign(**_arrivals(dataset, known, groups, first, last, loads.index))
    stay = loads["load"] / loads["arrivals"].where(loads["arrivals"].gt(0))
    found = loads.assign(stay=stay, last=last).reset_index()
    found.insert(0, "unit", found[list(groups)].agg(", ".join, axis=1))
    names = ["arrivals", "stay", "load", "beds", "days", "last", "variability", "planned"]
    return found[["unit", *groups, *names]].sort_values("unit", ignore_index=True)


def _known(dataset: Dataset, as_of: object, groups: Sequence[str]) -> Sojourns | None:
    """Return the stays behind the census; None where counts alone tell it."""
    stays = dataset.with_regions().stays if "region" in groups else dataset.stays
    if stays is None or not set(groups) <= set(stays):
        return None
    for day in dict.fromkeys((as_of, None)):  # a day past those the census knows: the last it does
        try:
            return sojourns(dataset, day, groups)
        except DataProblem:
            continue
    return None


def _arrivals(
    dataset: Dataset,
    known: Sojourns,
    groups: Sequence[str],
    first: pd.Timestamp,
    last: pd.Timestamp,
    units: pd.Index,
) -> dict[str, pd.Series]:
    """Return admissions a day, how they vary, and how many are planned, of each unit."""
    days = pd.date_range(first, last, unit="us")
    rows = known.rows[known.rows["date"].between(first, last)]
    counted = rows.pivot_table(
        index="date", columns=list(groups), values="rows", aggfunc="sum", fill_value=0
    )
    counted = counted.reindex(index=days, columns=units, fill_value=0).fillna(0)
    mean = counted.mean()
    found = {"arrivals": mean, "variability": counted.var() / mean.where(mean.gt(0))}
    stays = dataset.stays
    if stays is not None and "admission_type" in stays and "admission_type" not in groups:
        typed = sojourns(dataset, known.as_of, (*groups, "admission_type")).rows
        typed = typed[typed["date"].between(first, last) & typed["admission_type"].ne(UNKNOWN)]
        kind = typed["admission_type"].str.casefold()
        planned = kind.str.contains(_PLANNED) & ~kind.str.contains(_UNPLANNED)
        of = typed.assign(planned=typed["rows"] * planned).groupby(list(groups))
        summed = of[["planned", "rows"]].sum()
        found["planned"] = (summed["planned"] / summed["rows"]).reindex(units)
    return found


def pooling(units: pd.DataFrame, *, level: float = 0.02) -> Pooling:
    """Return how many beds units take apart and together, at the same level of refusal.

    Parameters
    ----------
    units
        ``unit`` and ``load`` (beds taken if there were no end of them); where known ``beds``,
        ``arrivals``, ``variability``, ``planned`` and ``days``: as `unit_loads` gives it.
    level
        Fraction of arrivals that may be refused for want of a bed.

    Returns
    -------
    Pooling

    Raises
    ------
    ValueError
        Where a column is missing, no unit has a load, or the level is not between 0 and 1.

    Notes
    -----
    Erlang B, which holds for arrivals at random and any distribution of stays. Loads add up, and
    of a sum chance takes a smaller part: so one larger unit refuses fewer.

    Examples
    --------
    >>> found = pooling(pd.DataFrame({"unit": ["Medicine", "Surgery"], "load": [10, 10],
    ...                               "beds": [17, 17]}))
    >>> found.saved, found.pooled["needed_apart"], found.pooled["needed"]
    (6, 34.0, 28.0)
    """
    rows = _units(units, level)
    known = rows[rows["load"].notna()].reset_index(drop=True)
    if known.empty:
        raise ValueError("No unit has a load: there is nothing to share.")
    loads = known["load"].to_numpy("float64")
    needed = [beds_needed(load, "refusal", level) for load in loads]
    beds = np.floor(known["beds"].to_numpy("float64"))
    have = ~np.isnan(beds)
    refused = np.where(have, erlang_b(np.where(have, beds, 0), loads), np.nan)
    frame = known[["unit", "load", "beds"]].assign(needed=needed, refused=refused)
    together = beds_needed(loads.sum(), "refusal", level)
    all_beds = beds.sum()  # NaN where one is not known
    weights = known["arrivals"] if known["arrivals"].notna().all() else known["load"]
    total = float(weights.sum())
    pooled = {
        "load": float(loads.sum()),
        "beds": float(known["beds"].sum(skipna=False)),
        "needed": float(together),
        "refused": math.nan if np.isnan(all_beds) else erlang_b(int(all_beds), loads.sum()),
        "needed_apart": float(sum(needed)),
        "refused_apart": float((refused * weights).sum() / total) if have.all() and total else
        math.nan,
    }  # fmt: skip
    return Pooling(frame, pooled, sum(needed) - together, level, _notes(rows, known))


def pooling_pairs(units: pd.DataFrame, *, level: float = 0.02) -> pd.DataFrame:
    """Return what sharing beds between every two units saves.

    Parameters
    ----------
    units, level
        As in `pooling`.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``other``, ``load`` (together), ``apart`` and ``together`` (beds needed),
        ``saved`` (beds), ``share`` (saved, of those needed apart): the most saved first, then by
        name.

    Raises
    ------
    ValueError
        As `pooling`.

    Examples
    --------
    >>> pooling_pairs(pd.DataFrame({"unit": list("ABC"), "load": [10, 10, 2]}))[
    ...     ["unit", "other", "apart", "together", "saved"]]
      unit other  apart  together  saved
    0    A     B     34        28      6
    1    A     C     23        19      4
    2    B     C     23        19      4
    """
    rows = _units(units, level)
    known = rows[rows["load"].notna()]
    each = [(name, float(load), beds_needed(float(load), "refusal", level))
            for name, load in zip(known["unit"], known["load"], strict=True)]  # fmt: skip
    found = []
    for (unit, load, needed), (other, more, also) in itertools.combinations(each, 2):
        together = beds_needed(load + more, "refusal", level)
        found.append((unit, other, load + more, needed + also, together))
    frame = pd.DataFrame(found, columns=["unit", "other", "load", "apart", "together"])
    frame = frame.astype({"unit": "str", "other": "str", "load": "float64", "apart": "int64",
                          "together": "int64"})  # fmt: skip
    saved = frame["apart"] - frame["together"]
    frame = frame.assign(saved=saved, share=saved / frame["apart"].where(frame["apart"].gt(0)))
    return frame.sort_values(
        ["saved", "share", "unit", "other"], ascending=[False, False, True, True],
        ignore_index=True,
    )  # fmt: skip


def _units(units: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return units as names and numbers, in the order of their names."""
    for name in ("unit", "load"):
        if name not in units:
            raise ValueError(f"The units have no column '{name}'.")
    if not 0 < level < 1:
        raise ValueError("The share that may be refused has to be a fraction between 0 and 1.")
    numbers: dict[str, Any] = {}
    for name in ("load", "beds", "arrivals", "variability", "planned", "days"):
        given = units[name] if name in units else pd.Series(np.nan, index=units.index)
        values = pd.to_numeric(given, errors="coerce").to_numpy("float64", na_value=np.nan)
        numbers[name] = np.where(np.isfinite(values), values, np.nan)
    for name in ("load", "beds", "arrivals"):
        if (numbers[name] < 0).any():
            raise ValueError(f"The column '{name}' of the units has a number below 0.")
    names = units["unit"].astype("str").to_numpy()
    rows = pd.DataFrame({"unit": pd.Series(names, dtype="str"), **numbers})
    return rows.sort_values(["unit", "load", "beds"], ignore_index=True)


def _notes(rows: pd.DataFrame, known: pd.DataFrame) -> tuple[str, ...]:
    notes = [
        "Patients come at random and whoever finds every bed taken is refused (Erlang B); how "
        "long they stay on average counts, not how stays are spread.",
        "The load is that of the patients who were let in: where many are refused now, more would "
        "come.",
        "Shared beds help only where either unit's patients can be cared for in them: the same "
        "site, staff and equipment.",
    ]
    lost = rows.loc[rows["load"].isna(), "unit"].to_list()
    if lost:
        notes.append(f"Left out, as their load is not known: {few(lost)}.")
    without = known.loc[known["beds"].isna(), "unit"].to_list()
    if without:
        notes.append(f"The beds of {few(without)} are not known: what is refused now cannot be "
                     "computed for all together.")  # fmt: skip
    # of so many days, the logarithm of a variance strays by about √(2 / days)
    chance = _SURE * np.sqrt(2 / (known["days"] - 1).where(known["days"].gt(1)))
    apart = np.log(known["variability"].clip(lower=1e-9)) / np.maximum(chance, math.log(_ALIKE))
    wilder = known.loc[apart.gt(1), "unit"].to_list()
    if wilder:
        notes.append(f"In {few(wilder)} admissions vary from day to day by more than chance: "
                     "more are refused than computed here, apart and together.")  # fmt: skip
    planned = known["planned"].ge(_MUCH) | apart.lt(-1)
    if planned.any():
        notes.append(f"In {few(known.loc[planned, 'unit'].to_list())} admissions are largely "
                     "planned or more even than chance: fewer are refused than computed here, and "
                     "sharing saves less.")  # fmt: skip
    return tuple(notes)
