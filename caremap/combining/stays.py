"""Stays of several files: updates of one stay, visits beside stays, numbers used again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.combining.origin import Tables, called
from caremap.combining.rows import occurs
from caremap.findings import Finding

__all__ = [
    "completed",
    "identified",
    "reused_number",
    "shared_number",
    "updated",
    "visits_and_stays",
]

SAME = 0.9
"""Of the numbers two extracts of one system share, so many belong to the same stay."""


def updated(
    held: pd.DataFrame, added: pd.DataFrame, shared: list[str], name: str
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Of one stay as two extracts give it keep one row: the later, unless it says less.

    Hospitals number their stays alike. Without a facility or patient to tell them apart,
    a number on the same day is the same stay only where nearly all shared numbers are.
    """
    on = [key for key in ("stay_id", "admitted", "facility", "patient_id") if key in shared]
    keys: list[pd.DataFrame] = []
    if not {"stay_id", "admitted"} <= set(on):
        return held, added, []
    for frame in (added, held):
        one = frame[on].assign(admitted=frame["admitted"].dt.normalize(), at=np.arange(len(frame)))
        one = one.dropna(subset=["stay_id", "admitted"])
        keys.append(one[~one.duplicated(on, keep=False)])
    both = keys[0].merge(keys[1], on=on, suffixes=("", "_held"))
    both = both[_surely_one(both, keys, on) & ~_contradicts(both, held, added, on)]
    both = both[~occurs(held, added, shared).to_numpy()[both["at"]]]
    if both.empty:
        return held, added, []
    new, old = (frame.notna().sum(axis=1).to_numpy() for frame in (added, held))
    later = new[both["at"]] >= old[both["at_held"]]
    message = (
        f"Stays of {name} that update one of another file, the fuller row kept: {len(both):,}."
    )
    rows = added["source_row"].iloc[both["at"]].tolist()
    finding = Finding("stay-updated", "info", message, rows=tuple(rows))
    held = held[~np.isin(np.arange(len(held)), both.loc[later, "at_held"])]
    added = added[~np.isin(np.arange(len(added)), both.loc[~later, "at"])]
    return held.reset_index(drop=True), added.reset_index(drop=True), [finding]


def _surely_one(both: pd.DataFrame, keys: list[pd.DataFrame], on: Sequence[str]) -> pd.Series[bool]:
    """Return which pairs are one stay by their facility or patient, or by what the files are."""
    sure = pd.Series(False, index=both.index)
    for name in ("facility", "patient_id"):
        if name in on:
            sure |= both[name].notna()
    numbers = set(keys[0]["stay_id"]) & set(keys[1]["stay_id"])
    return sure | (len(both) >= SAME * len(numbers))


def _contradicts(
    both: pd.DataFrame, held: pd.DataFrame, added: pd.DataFrame, on: Sequence[str]
) -> pd.Series[bool]:
    """Return which pairs say different things of the person, where no patient number decides."""
    against = pd.Series(False, index=both.index)
    for name in ("gender", "age", "zip", "discharged"):
        if name not in held or name not in added:
            continue
        new, old = (
            frame[name].iloc[both[at]].set_axis(both.index)
            for frame, at in ((added, "at"), (held, "at_held"))
        )
        if name == "discharged":
            new, old = new.dt.normalize(), old.dt.normalize()
        against |= new.notna() & old.notna() & (new != old)
    known = both["patient_id"].notna() if "patient_id" in on else False
    return against & ~pd.Series(known, index=both.index)


def completed(
    held: pd.DataFrame, added: pd.DataFrame, repeated: pd.Series[bool], shared: list[str], name: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Bring over what only the other file says of a stay: its bill, its diagnosis, its dates."""
    same = added[repeated]
    filled = same.columns[same.notna().any()]
    new = [str(one) for one in filled if one not in {*shared, "source", "source_row"}]
    names = ("stay_id", "patient_id", "facility", "admitted", "discharged")
    on: list[str] = [key for key in names if key in shared]
    if not new or not on:
        return held, []
    keys = []
    for frame in (same, held):
        one = frame[on].assign(at=frame.index)
        keys.append(one[~one.duplicated(on, keep=False)])
    both = keys[0].merge(keys[1], on=on, suffixes=("", "_held"))
    values = added.loc[both["at"], new].set_axis(pd.Index(both["at_held"]))
    held = held.copy(deep=False)
    for column in new:
        held[column] = held[column].where(held[column].notna(), values[column].reindex(held.index))
    told = ", ".join(f"“{column}”" for column in new)
    message = f"{name} adds {told} to stays of another file: {len(both):,}."
    return held, [Finding("stays-completed", "info", message)]


def visits_and_stays(tables: Tables) -> tuple[Tables, list[Finding]]:
    """Beside a file of visits, flag the rows of a file of stays: each is an admission."""
    flag = "was_admitted"
    visits = [called(origin) for origin, table in tables if flag in table]
    others = [called(origin) for origin, table in tables if flag not in table]
    if not visits or not others:
        return list(tables), []
    message = (
        f"{visits[0]} has a row per visit and {others[0]} a row per stay: an admission that is "
        f"in both is counted twice."
    )
    flagged = [(o, t if flag in t else t.assign(was_admitted=True)) for o, t in tables]
    return flagged, [Finding("visits-and-stays", "warning", message)]


def identified(added: pd.DataFrame, shared: list[str]) -> pd.Series[bool]:
    """Return which stays carry what tells one stay from another in both files."""
    known = pd.Series(False, index=added.index)
    if "stay_id" in shared:
        known |= added["stay_id"].notna()
    dates = [name for name in ("admitted", "discharged") if name in shared]
    if "patient_id" in shared and dates:
        known |= added["patient_id"].notna() & added[dates].notna().any(axis=1)
    return known


def shared_number(held: pd.DataFrame, added: pd.DataFrame, shared: list[str]) -> pd.Series[bool]:
    """Return which stays have a stay number that the other files use too."""
    if "stay_id" not in shared:
        return pd.Series(False, index=added.index)
    on = [name for name in shared if name in ("stay_id", "facility")]
    return added["stay_id"].notna() & occurs(held, added, on)


def reused_number(held: pd.DataFrame, added: pd.DataFrame, shared: list[str]) -> pd.Series[bool]:
    """Return which stays share their number with none of the same patient and day.

    A row that lacks the date or the patient may be of the same stay after all.
    """
    told = [name for name in ("admitted", "patient_id") if name in shared]
    reused = pd.Series(False, index=added.index)
    place = [name for name in ("facility",) if name in shared]
    for name in told:
        given, known = (
            frame.dropna(subset=["stay_id", name])[[*place, "stay_id", name]]
            for frame in (held, added)
        )
        if name == "admitted":
            given, known = (f.assign(admitted=f["admitted"].dt.normalize()) for f in (given, known))
        numbered = occurs(given, known, [*place, "stay_id"])
        reused[known.index] |= numbered & ~occurs(given, known, [*place, "stay_id", name])
    return reused
