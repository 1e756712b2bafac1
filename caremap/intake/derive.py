"""What follows from the fields a table has: the third of two, and what cannot be.

Two of admitted, discharged and length of stay give the third; two of staffed, occupied
and free beds give the third. Stays that end before they begin, lengths that disagree
with the dates and several rows of one stay are reported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.intake.staynumbers import clashing_numbers, stay_keys

__all__ = [
    "complete_activity", "complete_stays", "counted_rows", "fold_stays", "some_rows",
    "unsure_stays",
]  # fmt: skip

LISTED = 1000
"""At most so many source rows are carried in a finding; the message has the full count."""


def some_rows(rows: Any) -> tuple[int, ...]:
    """Return the first source rows of a finding, as plain integers."""
    return tuple(int(row) for row in rows[:LISTED])


def counted_rows(count: int) -> str:
    """Return “1 row”, “2 rows”.

    Examples
    --------
    >>> counted_rows(1), counted_rows(1200)
    ('1 row', '1,200 rows')
    """
    return f"{count:,} row{'' if count == 1 else 's'}"


def complete_stays(
    table: pd.DataFrame, headers: Mapping[str, str], unsure: pd.Series[bool] | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Complete a table of stays.

    ``length_of_stay`` becomes discharge date minus admission date, by the calendar, where
    both dates are known (AHRQ HCUP: same-day = 0); a supplied length stands only where a
    date is missing.

    Parameters
    ----------
    table
        Canonical columns, indexed by source row.
    headers
        Field to the header it was read from, for the messages.
    unsure
        Where a date is wrong or may be: no length of stay is made of such dates.
    """
    findings: list[Finding] = []
    table = table.copy(deep=False)
    have = set(table.columns)
    if {"admitted", "discharged"} <= have:
        return _from_dates(table, headers, unsure)
    if {"admitted", "length_of_stay"} <= have:
        days = pd.to_timedelta(np.floor(table["length_of_stay"]), unit="D")
        table["discharged"] = table["admitted"].dt.normalize() + days
        findings.append(
            Finding("derived", "info", "Discharge dates are admission date plus length of stay.")
        )
    elif {"discharged", "length_of_stay"} <= have:
        days = pd.to_timedelta(np.floor(table["length_of_stay"]), unit="D")
        table["admitted"] = table["discharged"].dt.normalize() - days
        findings.append(
            Finding("derived", "info", "Admission dates are discharge date minus length of stay.")
        )
    return table, findings


def _from_dates(
    table: pd.DataFrame, headers: Mapping[str, str], unsure: pd.Series[bool] | None
) -> tuple[pd.DataFrame, list[Finding]]:
    findings: list[Finding] = []
    begun, ended = (table[name].to_numpy("datetime64[D]") for name in ("admitted", "discharged"))
    days = (ended - begun) / np.timedelta64(1, "D")  # NaT becomes NaN
    nights = pd.Series(days, index=table.index, dtype="float64")
    if unsure is not None:
        nights = nights.mask(unsure)
    supplied = table.get("length_of_stay")
    negative = nights < 0
    if negative.any():
        rows = table.index[negative]
        findings.append(
            Finding(
                "negative-stay",
                "warning",
                f"{len(rows):,} {_stays(len(rows))} with a discharge before the admission: left "
                "out of lengths of stay and of the bed census, still counted as admissions.",
                headers.get("discharged"),
                some_rows(rows),
            )
        )
    if supplied is not None:
        # Part days, and conventions that count both ends, differ by up to one day.
        differs = (nights - supplied).abs() > 1
        if differs.any():
            rows = table.index[differs]
            findings.append(
                Finding(
                    "stay-disagrees",
                    "warning",
                    f"In {counted_rows(len(rows))} “{headers.get('length_of_stay')}” differs from "
                    "the dates by more than a day: the dates are used.",
                    headers.get("length_of_stay"),
                    some_rows(rows),
                )
            )
        known = nights.notna()
        if not known.all() and _counts_both_ends(nights - supplied):
            supplied = supplied - 1
            findings.append(
                Finding(
                    "both-days-counted",
                    "info",
                    f"“{headers.get('length_of_stay')}” counts the day of admission and of "
                    "discharge: one day less where it stands in for a date.",
                    headers.get("length_of_stay"),
                )
            )
        nights = nights.where(known, supplied)
        late = ~known & table["admitted"].notna() & supplied.notna() & table["discharged"].isna()
        if late.any():
            days = pd.to_timedelta(np.floor(supplied[late]), unit="D")
            table["discharged"] = table["discharged"].where(
                ~late, table["admitted"].dt.normalize() + days.reindex(table.index)
            )
    table["length_of_stay"] = nights.where(~(nights < 0))
    return table, findings


def _counts_both_ends(apart: pd.Series[float]) -> bool:
    """Whether supplied lengths are one more than the nights on next to every stay."""
    compared = apart.dropna()
    return len(compared) >= 20 and bool((compared == -1).mean() >= 0.95)


def _stays(count: int) -> str:
    return "stay" if count == 1 else "stays"


def unsure_stays(table: pd.DataFrame, unsure: pd.Series[bool]) -> pd.Series[bool]:
    """Return which rows are of a stay with a date, on any of its rows, that may be wrong.

    Examples
    --------
    >>> rows = pd.DataFrame({"stay_id": ["1", "1", "2", None]})
    >>> unsure_stays(rows, pd.Series([True, False, False, False])).tolist()
    [True, True, False, False]
    """
    keys = stay_keys(table)
    if not keys or not unsure.any():
        return unsure
    stay = table.groupby(keys, sort=False, dropna=False).ngroup()
    return unsure | (unsure.groupby(stay).transform("any") & table[keys[0]].notna())


def fold_stays(
    table: pd.DataFrame, headers: Mapping[str, str], unsure: pd.Series[bool] | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Fold several rows of one stay into one, so that measures can count rows.

    The first admission, the last discharge, the sum of cost and charges, and of everything
    else the first value that is there.

    Parameters
    ----------
    table
        Stays, indexed by source row.
    headers
        Field to the header it was read from, for the messages.
    unsure
        Rows with a date that may be wrong: such dates neither part a stay from another under
        its number nor give it a length.
    """
    keys = stay_keys(table)
    if not keys:
        return table, []
    repeated = table[keys[0]].notna() & table.duplicated(keys, keep=False)
    if "stay_id" not in keys:
        repeated &= table[keys].notna().all(axis=1)
    elif "patient_id" not in keys:
        repeated &= ~clashing_numbers(table)
    if not repeated.any():
        return table, []
    doubtful = None if unsure is None else unsure[repeated]
    part, apart = _segments(table[repeated], keys, doubtful)
    by = [*keys, _SEGMENT]
    grouped = part.groupby(by, sort=False, dropna=False)
    rules = dict.fromkeys((name for name in table.columns if name not in keys), "first")
    rules |= {name: how for name, how in _FOLDS.items() if name in rules}
    first = part.index.to_series().groupby(grouped.ngroup()).first()
    folded = grouped.agg(rules)
    told = "first admission, last discharge"
    for name in [name for name in ("cost", "charges") if name in rules]:
        if _same_throughout(part, name, grouped.ngroup()):
            told += f", the same {name} on every row taken once"
        else:
            folded[name] = grouped[name].sum(min_count=1)
            told += f", {name} added up"
    folded = _lengths_again(
        folded, None if doubtful is None else doubtful.groupby(grouped.ngroup()).any().to_numpy()
    )
    folded = folded.reset_index().set_index(pd.Index(first.to_numpy(), name=table.index.name))
    result = pd.concat([table[~repeated], folded[table.columns]]).sort_index()
    result = result.astype(table.dtypes.to_dict())
    header = headers.get(keys[0], keys[0])
    shared = f"a number in “{header}”" if "stay_id" in keys else f"“{header}” and both dates"
    return result, _folding(part, len(folded), apart, header, shared, told)


_SEGMENT = "\x00segment"


def _lengths_again(folded: pd.DataFrame, doubtful: Any = None) -> pd.DataFrame:
    """The length of a folded stay is from its first to its last day, not its longest part."""
    if not {"admitted", "discharged", "length_of_stay"} <= set(folded.columns):
        return folded
    span = (folded["discharged"].dt.normalize() - folded["admitted"].dt.normalize()).dt.days
    span = span.astype("float64").where(span >= 0)
    lengths = span.fillna(folded["length_of_stay"])
    return folded.assign(length_of_stay=lengths if doubtful is None else lengths.mask(doubtful))


def _segments(
    part: pd.DataFrame, keys: list[str], doubtful: pd.Series[bool] | None = None
) -> tuple[pd.DataFrame, int]:
    """Number the stretches of rows under one stay number that lie apart in time.

    A number that comes again weeks after the discharge is not one long stay: it counts
    something else, such as the account of a patient.
    """
    part = part.copy(deep=False)
    part[_SEGMENT] = 0
    if not {"admitted", "discharged"} <= set(part.columns):
        return part, 0
    key = part.groupby(keys, sort=False, dropna=False).ngroup()
    start = part["admitted"].dt.normalize()
    end = part["discharged"].dt.normalize().fillna(start)
    if doubtful is not None:  # without dates they come last, and stay with the row before
        start, end = start.mask(doubtful), end.mask(doubtful)
    spans = pd.DataFrame({"key": key, "start": start, "end": end}).reset_index(drop=True)
    spans = spans.sort_values(["key", "start"], kind="stable")
    reach = spans.groupby("key")["end"].cummax().groupby(spans["key"]).shift()
    gap = (spans["start"] - reach).dt.days > 1
    part[_SEGMENT] = gap.groupby(spans["key"]).cumsum().sort_index().to_numpy()
    return part, int(gap.sum())


def _same_throughout(part: pd.DataFrame, name: str, group: pd.Series[int]) -> bool:
    """Whether rows of one stay repeat its total: added up it would count several times."""
    values = part[name].groupby(group)
    several = values.count() > 1
    return bool(several.any() and (values.nunique()[several] == 1).mean() >= 0.9)


def _folding(
    part: pd.DataFrame, stays: int, apart: int, header: str, shared: str, told: str
) -> list[Finding]:
    findings = []
    if len(part) > stays:
        findings.append(
            Finding("folded-stays", "warning", f"{len(part):,} rows share {shared} "
                    f"with another: taken as parts of {stays:,} stay{'' if stays == 1 else 's'} "
                    f"({told}).", header,
                    some_rows(part.index))
        )  # fmt: skip
    if apart:
        findings.append(
            Finding("stay-numbers-again", "warning", f"Numbers in “{header}” come again {apart:,} "
                    f"time{'' if apart == 1 else 's'} after the discharge: counted as stays of "
                    "their own.", header,
                    some_rows(part.index))
        )  # fmt: skip
    return findings


_FOLDS = {"admitted": "min", "discharged": "max", "length_of_stay": "max"}


def complete_activity(table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Complete a table of counts: two of staffed, occupied and free beds give the third."""
    table = table.copy(deep=False)
    beds = {"staffed_beds", "occupied_beds", "free_beds"}
    missing = beds - set(table.columns)
    if len(missing) != 1:
        return table, []
    name = missing.pop()
    if name == "staffed_beds":
        table[name] = table["occupied_beds"] + table["free_beds"]
        told = "Staffed beds are occupied plus free beds."
    elif name == "free_beds":
        table[name] = table["staffed_beds"] - table["occupied_beds"]
        told = "Free beds are staffed minus occupied beds."
    else:
        table[name] = table["staffed_beds"] - table["free_beds"]
        told = "Occupied beds are staffed minus free beds."
    return table, [Finding("derived", "info", told)]
