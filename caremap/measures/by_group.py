"""What the measures of a group are made of: the same for groups of all time and by period."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.coverage import has
from caremap.measures.groups import refuse, with_bands, with_keys
from caremap.measures.tallies import Tally
from caremap.measures.view import View
from caremap.problems import DataProblem

__all__ = [
    "COUNTED_BY",
    "MEASURED",
    "asked_of",
    "columns_of",
    "put_together",
    "rows_of_counts",
    "tables_by",
    "tallies_of_stays",
    "wanted_of",
]

MEASURED = (
    "admissions", "discharges", "visits", "cost", "mean_cost", "charges", "length_of_stay",
    "median_stay", "waiting", "satisfaction", "readmission", "team_score",
)  # fmt: skip
"""The measures of a breakdown, in order."""

_OF = {
    "cost_n": ("cost", "mean_cost"),
    "charges_n": ("charges",),
    "length_of_stay_n": ("length_of_stay", "median_stay"),
    "satisfaction_n": ("satisfaction",),
    "waiting_n": ("waiting",),
    "readmission_n": ("readmission",),
    "team_score_n": ("team_score",),
}
"""How many rows have a value, and the measures made of it."""

COUNTED_BY = {name: n for n, names in _OF.items() for name in names}
"""The column that says how many rows a measure is made of."""


def wanted_of(measures: Collection[str] | None) -> list[str]:
    """Return the measures asked for in order; None asks for all.

    Raises
    ------
    ValueError
        Where one is none of the choices.

    Examples
    --------
    >>> wanted_of(["cost", "admissions"])
    ['admissions', 'cost']
    """
    wanted = [name for name in MEASURED if measures is None or name in measures]
    if measures is not None and set(measures) - set(wanted):
        raise ValueError(f"measures are some of {', '.join(MEASURED)}, got {sorted(measures)}")
    return wanted


def tables_by(
    dataset: Dataset, groups: Sequence[str]
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Return the stays and the counts that have all columns asked for, with their keys."""
    if not groups:
        raise DataProblem("No column to group by is named.", "Choose a column of the table.")
    found: list[pd.DataFrame | None] = []
    for name in groups:
        refuse(name, taken=MEASURED)
    for table in (dataset.stays, dataset.activity):
        banded = None if table is None else with_bands(table, groups)
        complete = banded is not None and all(name in banded for name in groups)
        found.append(with_keys(banded, groups) if complete and banded is not None else None)
    for table in found:
        for name in groups if table is not None else ():
            refuse(name, table)
    if found[0] is None and found[1] is None:
        tables = [table for table in (dataset.stays, dataset.activity) if table is not None]
        gone = [name for name in groups if not any(name in table for table in tables)]
        named = "” or “".join(gone or groups)
        raise DataProblem(
            f"There is no column “{named}” to group by."
            if gone
            else f"No table has both columns, “{'” and “'.join(groups)}”.",
            "Choose a column of the table.",
        )
    return found[0], found[1]


def rows_of_counts(dataset: Dataset, groups: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the columns that count rows of a file of counts: a row tells of many patients.

    Examples
    --------
    >>> stays = pd.DataFrame({"ward": ["A"], "cost": [5.0]})
    >>> counts = pd.DataFrame({"ward": ["A"], "cost": [9.0], "satisfaction": [3.0]})
    >>> rows_of_counts(Dataset(stays=stays, activity=counts), ["ward"])
    ('satisfaction_n', 'team_score_n')
    """
    located = dataset.with_regions() if "region" in groups else dataset
    stays, activity = located.stays, located.activity
    if activity is None:
        return ()
    by_stays = stays is not None and all(
        name in stays or (name == "age_band" and "age" in stays) for name in groups
    )
    names = ("cost", "satisfaction", "team_score")
    return tuple(f"{name}_n" for name in names if not (by_stays and has(stays, name)))


def asked_of(view: View, wanted: Collection[str]) -> dict[str, Tally]:
    """Return what is to be counted of stays for the measures wanted."""
    return {
        name: tally
        for name, tally in tallies_of_stays(view).items()
        if name in wanted
        or (name == "cost" and "mean_cost" in wanted)
        or (name == "length_of_stay" and "median_stay" in wanted)
    }


def columns_of(name: str, tally: Tally, found: pd.DataFrame) -> dict[str, Any]:
    """Return the figures made of one tally, and how many rows have a value."""
    rows = found[f"{name}_rows"]
    if tally.value is None:
        return {name: rows}
    n, total = found[f"{name}_n"], found[name]
    mean, known = total / n.where(n > 0), {f"{name}_n": n}
    if name == "cost" or name == "charges":
        money = {name: total.where((n > 0) | (rows == 0))}
        return money | known | ({"mean_cost": mean} if name == "cost" else {})
    if name == "length_of_stay":
        return {name: mean, "median_stay": found[f"{name}_median"]} | known
    if name == "waiting":
        return {name: found[f"{name}_median"]} | known
    return {name: mean * (100.0 if name == "readmission" else 1.0)} | known


def tallies_of_stays(view: View) -> dict[str, Tally]:
    """Return what each measure counts, as `caremap.measures.from_stays` defines it."""
    (window,), only, choices = view.windows, view.only, view.choices

    def taken(value: str | None, *dates: str, **more: object) -> Tally:
        return Tally(
            value, view.first(*dates), window.start, window.end, **more  # type: ignore[arg-type]
        )  # fmt: skip

    found: dict[str, Tally] = {}
    if only is not None:
        found["admissions"] = taken(None, "admitted", only=only)
    if "was_admitted" in view.stays:
        found["visits"] = taken(None, "admitted")
    else:
        found["admissions"] = taken(None, "admitted")
    if view.has("discharged"):
        found["discharges"] = taken(None, "discharged", only=only, dated=True)
    for name in ("cost", "charges"):
        if view.has(name):
            found[name] = taken(name, choices.cost_date, "admitted", "discharged")
    if view.has("length_of_stay"):
        found["length_of_stay"] = taken(
            "length_of_stay",
            "discharged",
            only=only,
            low=1.0 if choices.overnight_only else 0.0,
            lift=1.0 if choices.same_day else None,
            median=True,
        )
    if view.has("waiting_minutes"):
        found["waiting"] = taken("waiting_minutes", "admitted", low=0.0, median=True)
    if view.has("satisfaction"):
        found["satisfaction"] = taken("satisfaction", "discharged", "admitted")
    if view.has("readmitted"):
        found["readmission"] = taken("readmitted", "discharged", "admitted", only=only)
    return found


def put_together(
    parts: Sequence[pd.DataFrame],
    keys: Sequence[str],
    wanted: Sequence[str],
    times: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Take every measure from the first table that gives it, the groups from those taken.

    ``times`` are columns beside the groups, with their types.
    """
    along = [*keys, *(times or {})]
    taken: list[dict[str, pd.Series[float]]] = [{} for _ in parts]
    for name in wanted:
        source = _source(parts, name)
        if source is None:
            continue
        columns = [name, *(n for n, made in _OF.items() if name in made)]
        for column in columns:
            if column in parts[source]:
                taken[source][column] = parts[source][column]
    used = [
        part[along].assign(**columns) for part, columns in zip(parts, taken, strict=True) if columns
    ]
    result = used[0] if used else parts[0][along]
    for other in used[1:]:
        result = result.merge(other, how="outer", on=along)
    counts = [n for n, made in _OF.items() if set(made) & set(wanted)]
    dtypes = dict.fromkeys(keys, "str") | dict(times or {}) | dict.fromkeys(wanted, "float64")
    dtypes |= dict.fromkeys(counts, "int64")
    full = result.reindex(columns=list(dtypes))
    return full.assign(**{n: full[n].fillna(0) for n in counts}).astype(dtypes)


def _source(parts: Sequence[pd.DataFrame], name: str) -> int | None:
    """Return which table gives a measure: the first with a figure of it."""
    having = [place for place, part in enumerate(parts) if name in part]
    known = [place for place in having if parts[place][name].notna().any()]
    return next(iter([*known, *having]), None)
