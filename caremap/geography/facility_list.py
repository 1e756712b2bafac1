"""The facilities of a network: one row each, whichever tables name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.geography.apart import from_points
from caremap.geography.facts import matched_columns
from caremap.geography.locate import locate
from caremap.geography.names import place_key
from caremap.intake.postal import POSTAL_CODES
from caremap.measures.beds import beds_of

__all__ = ["facilities_of"]

COLUMNS = (
    "facility", "latitude", "longitude", "located_by", "zip", "region", "population", "beds",
)  # fmt: skip
_OF_PLACES = ("latitude", "longitude", "zip", "region", "population")
APART = 1.0
"""Facilities of one name more than so many kilometres apart are two."""
SHOWN = 3


def facilities_of(dataset: Dataset) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the facilities of a dataset with their places, and what was noticed.

    They are those of the facilities table and, where it leaves some out, of the staff table;
    without a facilities table the names in staff, capacity, counts and stays. Names that differ
    by case or blanks only are one facility; two of one name at two places get their region, ZIP
    code or a number behind the name. The ZIP code of a patient is never a facility's.

    Returns
    -------
    tuple
        A frame with ``facility`` (unique), ``latitude``, ``longitude`` (NaN where unknown),
        ``located_by``, ``zip`` (as in the file, "" where unknown), ``region``, ``population`` (NaN
        where unknown), ``beds`` (staffed, as counted last; NaN where unknown), then the other
        columns of the facilities table; and the findings, those of `locate` among them.

    Examples
    --------
    >>> from caremap.dataset import Dataset
    >>> rows = pd.DataFrame({"facility": ["North", "South "], "zip": ["98104", "98065"]})
    >>> frame, _ = facilities_of(Dataset(facilities=rows))
    >>> frame[["facility", "latitude"]].to_dict("list")
    {'facility': ['North', 'South'], 'latitude': [47.6036, 47.5293]}
    """
    listed = dataset.facilities
    findings: list[Finding] = []
    if listed is not None and ("facility" not in listed or listed["facility"].isna().all()):
        listed = None
    if listed is None:
        frame = _from_names(dataset)
    else:
        frame, findings = _each_once(_tidy(listed[listed["facility"].notna()]))
        frame, more = _with_unlisted(frame, dataset)
        findings += more
    called = [one.column for one in dataset.findings if one.code == POSTAL_CODES]
    frame, noticed = locate(frame, postal_header=called[0] if called else None)
    if listed is None:  # put together from several tables: no row of a file is meant
        noticed = [replace(finding, rows=()) for finding in noticed]
    beds = _beds(dataset)
    frame = frame.assign(beds=[beds.get(place_key(name), np.nan) for name in frame["facility"]])
    if "zip" in frame:
        frame["zip"] = frame["zip"].fillna("")
    for name, missing in (("zip", ""), ("region", None), ("population", np.nan)):
        if name not in frame:
            dtype = "float64" if name == "population" else "str"
            frame = frame.assign(**{name: pd.Series(missing, index=frame.index, dtype=dtype)})
    rest = [column for column in frame.columns if column not in COLUMNS]
    return frame[[*COLUMNS, *rest]].reset_index(drop=True), [*findings, *noticed]


def _tidy(listed: pd.DataFrame) -> pd.DataFrame:
    names = [" ".join(str(name).split()) for name in listed["facility"]]
    return listed.assign(facility=pd.Series(names, index=listed.index, dtype="str"))


def _from_names(dataset: Dataset) -> pd.DataFrame:
    """The facilities other tables name, with the places these tables give."""
    found: dict[str, str] = {}
    for table in (dataset.staff, dataset.capacity):
        if table is not None and "facility" in table:
            for name in table["facility"].dropna().unique():
                found.setdefault(place_key(name), " ".join(str(name).split()))
    for name in dataset.options("facility"):
        found.setdefault(place_key(name), " ".join(name.split()))
    frame = pd.DataFrame({"facility": pd.Series(list(found.values()), dtype="str")})
    for table in (dataset.staff, dataset.capacity):
        if table is not None and "facility" in table:
            frame = _with_places(frame, table)
    return frame


def _with_places(frame: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Add place columns of another table, where they are the same on every row of a facility."""
    fields = matched_columns(table.drop(columns="facility"), _OF_PLACES)
    wanted = {name: column for name, column in fields.items() if name not in frame}
    keys = table["facility"].map(place_key, na_action="ignore")
    for name, column in wanted.items():
        values = table[column].groupby(keys).agg(_only)
        frame = frame.assign(**{name: frame["facility"].map(place_key).map(values)})
    return frame


def _only(values: pd.Series[Any]) -> Any:
    """The one value there is; missing where there are none or several."""
    kinds = values.dropna().unique()
    return kinds[0] if len(kinds) == 1 else None


def _each_once(listed: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Put rows of one facility together, and tell facilities of one name apart."""
    keys = listed["facility"].map(place_key)
    if keys.is_unique:
        return listed, []
    findings: list[Finding] = []
    places, _ = locate(listed)
    repeated = keys.duplicated(keep=False)
    parts, renamed, merged = [listed[~repeated]], [], []
    for _, rows in listed[repeated].groupby(keys[repeated], sort=False):
        groups = _places_of(places.loc[rows.index], rows)
        if len(groups) > 1:
            renamed.append(rows["facility"].iloc[0])
            groups = _told_apart(groups)
        merged += [group["facility"].iloc[0] for group in groups if len(group) > 1]
        parts += [_one_row(group) for group in groups]
    frame = pd.concat(parts)
    frame = frame.loc[listed.index[listed.index.isin(frame.index)]]
    if merged:
        findings.append(
            Finding("facilities-merged", "info", f"Rows of one facility are put together: "
                    f"{_named(merged)}. Where they say different things the value is missing.")
        )  # fmt: skip
    if renamed:
        findings.append(
            Finding("facilities-of-one-name", "warning",
                    f"Several facilities have the same name but different places: "
                    f"{_named(renamed)}. Region, ZIP code or a number is put behind the name; "
                    "other tables that give the name alone do not tell which of them is meant.")
        )  # fmt: skip
    return frame, findings


def _places_of(places: pd.DataFrame, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Group rows of one name by place; rows without a place join the only one, or one another."""
    latitude = places["latitude"].to_numpy("float64")
    longitude = places["longitude"].to_numpy("float64")
    group = np.full(len(rows), -1)
    firsts: list[int] = []
    for row in range(len(rows)):
        if not np.isfinite(latitude[row]):
            continue
        near = [
            number for number, first in enumerate(firsts)
            if from_points(latitude[[row]], longitude[[row]], latitude[first], longitude[first])[0]
            <= APART
        ]  # fmt: skip
        if not near:
            firsts.append(row)
        group[row] = near[0] if near else len(firsts) - 1
    if len(firsts) <= 1:
        regions = rows["region"].dropna() if "region" in rows else pd.Series(dtype="str")
        if firsts or len(regions.unique()) <= 1 or len(regions) < len(rows):
            return [rows]
        return [part for _, part in rows.groupby("region", sort=False)]
    group[group < 0] = len(firsts)
    return [rows[group == number] for number in sorted(set(group))]


def _told_apart(groups: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Put region, ZIP code or a number behind a name several facilities have."""
    for column in ("region", "zip"):
        if all(column in group for group in groups):
            said = [_only(group[column]) for group in groups]
            if None not in said and "" not in said and len(set(map(str, said))) == len(said):
                return [_called(group, str(what)) for group, what in zip(groups, said, strict=True)]
    return [_called(group, str(number)) for number, group in enumerate(groups, start=1)]


def _called(group: pd.DataFrame, what: str) -> pd.DataFrame:
    return group.assign(facility=group["facility"].iloc[0] + f" ({what})")


def _one_row(rows: pd.DataFrame) -> pd.DataFrame:
    if len(rows) == 1:
        return rows
    kept = rows.iloc[[0]].copy()
    for column in rows.columns:
        if column == "facility":
            continue
        kinds = rows[column].dropna().unique()
        value = kinds[0] if len(kinds) == 1 else None
        if column in {"latitude", "longitude"} and len(kinds) > 1:
            value = kinds[0]  # at most a kilometre apart, else they are two facilities
        kept[column] = pd.Series([value], index=kept.index, dtype=rows[column].dtype)
    return kept


def _with_unlisted(frame: pd.DataFrame, dataset: Dataset) -> tuple[pd.DataFrame, list[Finding]]:
    """Add facilities that have staff but stand in no list: their people are not lost."""
    if dataset.staff is None or "facility" not in dataset.staff:
        return frame, []
    known = set(frame["facility"].map(place_key))
    if dataset.whole is not None and dataset.whole.facilities is not None:
        known |= set(dataset.whole.facilities["facility"].dropna().map(place_key))
    new: dict[str, str] = {}
    for name in dataset.staff["facility"].dropna().unique():
        if place_key(name) not in known:
            new.setdefault(place_key(name), " ".join(str(name).split()))
    if not new:
        return frame, []
    added = pd.DataFrame({"facility": list(new.values())}, index=[0] * len(new))  # in no row
    added["facility"] = added["facility"].astype("str")
    said = Finding(
        "unlisted-facilities", "warning",
        f"Staff are named at facilities that the list of facilities does not have: "
        f"{_named(list(new.values()))}. They are added, without a place.",
    )  # fmt: skip
    both = pd.concat([frame, added])
    both.index.name = frame.index.name
    return both, [said]


def _beds(dataset: Dataset) -> dict[str, float]:
    """Staffed beds per facility, as counted last; a stock is never summed over days."""
    beds = beds_of(dataset)
    if beds.table is None or "facility" not in beds.places or beds.table.empty:
        return {}
    last = beds.table["date"].max()
    keys = beds.keys(["facility"])
    day = pd.DatetimeIndex([pd.Timestamp("2000-01-01") if pd.isna(last) else last])
    counted = beds.on(day, ["facility"], keys)[0]
    return {place_key(key[0]): float(units) for key, units in zip(keys, counted, strict=True)}


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
