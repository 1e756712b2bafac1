"""Where the facilities of a network are, and what of it should not be believed."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.geography.checks import Checked, Flags, checked
from caremap.geography.facts import Facts, facts_of, matched_columns
from caremap.geography.home import Home, home_of

__all__ = ["locate"]

SHOWN = 3
"""So many facilities are named in a finding; the others are counted."""


def locate(
    facilities: pd.DataFrame, *, postal_header: str | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return facilities with latitude and longitude, checked, and what was noticed.

    Coordinates are held against the facility's ZIP code, its state and the rest of the network;
    what does not fit is put right only where ZIP code, state or network prove what was meant,
    and is otherwise left out. A facility without coordinates gets the middle of its ZIP code,
    offline. Postal codes of other countries are never looked up in America: whether a network
    is in the United States is decided from all its rows.

    Parameters
    ----------
    facilities
        One row per facility: ``facility``, and ``latitude`` and ``longitude`` (degrees, WGS 84)
        or ``zip`` or both; columns that name its state, county, town, country or address help to
        check it. Other columns stay. Nothing in it is changed.
    postal_header
        What the column of postal codes was called, where it has been renamed to ``zip``: a PLZ
        is no ZIP code.

    Returns
    -------
    tuple
        The rows in the same order under the same index, with ``latitude``, ``longitude``
        (float64, NaN where unknown) and ``located_by`` ("coordinates", "ZIP code", "address" where
        an address was looked up before, or ""); and the findings.

    Examples
    --------
    >>> places, findings = locate(pd.DataFrame({"facility": ["A", "B"], "zip": [98104, 98065]}))
    >>> places[["latitude", "longitude", "located_by"]].to_dict("list")["latitude"]
    [47.6036, 47.5293]
    >>> [finding.code for finding in findings]
    ['zip-codes-assumed']
    """
    facts = facts_of(facilities, postal_header)
    home = home_of(facts)
    found = checked(facts, home)
    fields = matched_columns(facilities)
    old = [column for name, column in fields.items() if name in {"latitude", "longitude"}]
    frame = facilities.drop(columns=[column for column in old if column not in _PLACE])
    by = found.by.copy()
    if "located_by" in facilities:
        before = facilities["located_by"].astype("object").to_numpy()
        by = np.where((by == "coordinates") & np.isin(before, ["ZIP code", "address"]), before, by)
    frame = frame.assign(
        latitude=found.latitude, longitude=found.longitude,
        located_by=pd.Series(by, index=frame.index, dtype="str"),
    )  # fmt: skip
    return frame, [*_of_home(facts, home, found), *_noticed(facts, found), *_others(facts, found)]


_PLACE = ("latitude", "longitude")

_SAID: dict[str, tuple[str, Literal["warning", "info"], str, str]] = {
    "zero": ("coordinates-zero", "warning", "coordinates are 0, 0, a point in the sea",
             "they are left out"),
    "half": ("coordinates-half", "warning", "only one of latitude and longitude can be read",
             "the other half is left out"),
    "range": ("coordinates-out-of-range", "warning",
              "coordinates are outside -90 to 90 and -180 to 180 degrees", "they are left out"),
    "swapped": ("coordinates-swapped", "warning", "latitude and longitude were swapped",
                "they are put right, which their ZIP code, state or network proves"),
    "sign-lost": ("coordinates-sign", "warning", "coordinates lack their minus",
                  "they are put right, which their ZIP code, state or network proves"),
    "coordinates-far": ("coordinates-far", "warning",
                        "coordinates are far from the facility's own ZIP code",
                        "the ZIP code is used, with which its state or network agrees"),
    "zip-far": ("coordinates-far-from-zip", "warning",
                "coordinates and ZIP code are more than 100 km apart",
                "the coordinates are used, with which its state or network agrees"),
    "state-far": ("coordinates-far-from-state", "warning",
                  "coordinates are not in the state of the row",
                  "they are used, because the other facilities are near"),
    "not-believed": ("coordinates-not-believed", "warning",
                     "coordinates are far from the facility's ZIP code, state or country, and "
                     "nothing tells which is right", "they are left out"),
    "zip-shared": ("zip-shared", "warning",
                   "ZIP code is the same for all, and their coordinates are far from it",
                   "the coordinates are used"),
    "zip-state": ("zip-other-state", "warning", "ZIP code belongs to another state than the row",
                  "its place agrees with the network"),
    "zip-state-out": ("zip-other-state", "warning",
                      "ZIP code belongs to another state than the row",
                      "it is not used"),
    "outlier": ("far-outlier", "warning",
                "place is many times farther from the network's middle than the others",
                "please check it"),
}  # fmt: skip


def _noticed(facts: Facts, found: Checked) -> list[Finding]:
    said = []
    for key, (code, severity, what, then) in _SAID.items():
        which = found.noticed.get(key)
        if which is not None and which.any():
            said.append(_finding(code, severity, f"{what}: {_named(facts, which)}; {then}.",
                                 facts, which))  # fmt: skip
    return said


def _of_home(facts: Facts, home: Home, found: Checked) -> list[Finding]:
    """What the postal codes were taken for, where that is not plain."""
    coded = facts.zips != ""
    abroad = coded & ~home.us
    said = []
    if abroad.any():
        without = abroad & (found.by == "")
        left = (
            f" {_counted(without)} no place: give latitude and longitude, or look the addresses up."
            if without.any() else ""
        )  # fmt: skip
        stated = " in rows that name another country" if home.network else f", because {home.why}"
        said.append(
            Finding("zip-codes-abroad", "warning" if without.any() else "info",
                    f"Postal codes are not taken for ZIP codes of the United States{stated}.{left}",
                    "zip", _rows(facts, abroad))
        )  # fmt: skip
    used = found.by == "ZIP code"
    if used.any() and not home.sure:
        said.append(
            Finding("zip-codes-assumed",
                    "warning" if (home.us & coded & (facts.zip_rows < 0)).any() else "info",
                    "Postal codes are taken for ZIP codes of the United States: the post office "
                    "knows them, and nothing in the file says another country. A column of states "
                    "or countries would make sure.", "zip",
                    _rows(facts, used))
        )  # fmt: skip
    unknown = home.us & (
        ((facts.postal != "") & (facts.zips == "")) | (coded & (facts.zip_rows < 0))
    )
    if unknown.any():
        said.append(
            _finding("zip-unknown", "warning",
                     f"ZIP code is none the post office knows: {_named(facts, unknown)}.",
                     facts, unknown)
        )  # fmt: skip
    return said


def _others(facts: Facts, found: Checked) -> list[Finding]:
    """Facilities at one point, and those without any."""
    points = pd.DataFrame(
        {"latitude": found.latitude.round(5), "longitude": found.longitude.round(5)}
    )
    shared = (points.duplicated(keep=False) & points["latitude"].notna()).to_numpy()
    said = []
    for by, message in (
        ("coordinates", "Several facilities have the same coordinates"),
        ("ZIP code", "Several facilities are at the middle of the same ZIP code, 0 km apart"),
    ):
        which = shared & (found.by == by)
        if which.any():
            severity: Literal["warning", "info"] = "warning" if by == "coordinates" else "info"
            said.append(_finding("same-place", severity, f"{message}: {_named(facts, which)}.",
                                 facts, which))  # fmt: skip
    nowhere = found.by == ""
    if nowhere.any():
        said.append(
            Finding("no-place", "warning",
                    f"{_counted(nowhere)} no place that can be used: {_named(facts, nowhere)}. "
                    "No distance is computed for them.", None, _rows(facts, nowhere))
        )  # fmt: skip
    return said


def _finding(
    code: str, severity: Literal["warning", "info"], message: str, facts: Facts, which: Flags
) -> Finding:
    count = int(which.sum())
    start = "" if message[0].isupper() else ("The " if count == 1 else "Their ")
    text = message if not start else message[0].upper() + message[1:]
    return Finding(code, severity, text, None, _rows(facts, which))


def _rows(facts: Facts, which: Flags) -> tuple[int, ...]:
    rows = np.array(facts.rows, dtype=int)[which].tolist()
    return tuple(row for row in rows if row > 0)


def _named(facts: Facts, which: Flags) -> str:
    names: list[Any] = [f"“{name}”" for name in facts.name[which][:SHOWN]]
    more = int(which.sum()) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _counted(which: Flags) -> str:
    count = int(which.sum())
    return "1 facility has" if count == 1 else f"{count:,} facilities have"
