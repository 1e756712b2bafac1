"""Stays that cannot all be right: two at a time, one number for two people, two versions.

Nothing is dropped for it: which of two stays is wrong is for the hospital to say. What is
found is counted and listed by source row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.intake.derive import some_rows
from caremap.intake.staynumbers import clashing_numbers, codes_of, unique

__all__ = ["conflicting_stays", "conflicts_between_files"]

_BITS = 17
_DAYS = 1 << _BITS  # of days in 358 years: more than any two dates intake keeps lie apart
_CODES = 1 << 28  # a patient and two days fit in one integer of 62 bits
_Mask = np.ndarray[Any, np.dtype[np.bool_]]


def conflicting_stays(table: pd.DataFrame, headers: Mapping[str, str]) -> list[Finding]:
    """Return what cannot be right about stays of one patient or under one number.

    A transfer is no conflict: a stay may begin on the day another ends. An open stay claims
    no later day.

    Parameters
    ----------
    table
        Stays, one row each.
    headers
        Field to the header it was read from, for the messages.

    Examples
    --------
    >>> stays = pd.DataFrame({"patient_id": ["P", "P", "P"],
    ...     "admitted": pd.to_datetime(["2024-04-01", "2024-04-04", "2024-04-09"]),
    ...     "discharged": pd.to_datetime(["2024-04-05", "2024-04-09", "2024-04-12"])})
    >>> [(one.code, one.rows) for one in conflicting_stays(stays, {})]
    [('overlapping-stays', (1,))]
    """
    return _findings(table, _masks(table), headers)


def conflicts_between_files(table: pd.DataFrame) -> list[Finding]:
    """Return what cannot be right about stays put together from several files.

    What is within one file was found when that was read.

    Parameters
    ----------
    table
        Stays with the columns ``source`` and ``source_row``.

    Examples
    --------
    >>> stays = pd.DataFrame({"stay_id": ["1", "1"], "patient_id": ["P", "Q"],
    ...                       "source": ["a.csv", "b.csv"], "source_row": [2, 2]})
    >>> [one.code for one in conflicts_between_files(stays)]
    ['stay-number-shared']
    """
    masks = _masks(table)
    if any(mask.any() for mask in masks.values()):
        sources = table["source"].to_numpy()
        for source in pd.unique(table["source"]):
            own = sources == source
            for code, mask in _masks(table[own]).items():
                masks[code][np.flatnonzero(own)[mask]] = False
    return _findings(table, masks, {})


def _masks(table: pd.DataFrame) -> dict[str, _Mask]:
    overlap, version = _of_one_patient(table)
    return {
        "overlapping-stays": overlap,
        "conflicting-stays": version,
        "stay-number-shared": clashing_numbers(table),
    }


def _findings(
    table: pd.DataFrame, masks: Mapping[str, _Mask], headers: Mapping[str, str]
) -> list[Finding]:
    patient = headers.get("patient_id", "patient_id")
    number = headers.get("stay_id", "stay_id")
    told = {
        "overlapping-stays": (
            patient,
            f"Stays that begin before an earlier stay of the same “{patient}” ends",
            "Nobody is in two beds at a time, so days in hospital may count twice.",
        ),
        "conflicting-stays": (
            patient,
            f"Stays with the same “{patient}”, admission and discharge that differ elsewhere",
            "All are counted.",
        ),
        "stay-number-shared": (
            number,
            f"Stays with a “{number}” that other patients have too",
            "Each is counted.",
        ),
    }
    findings = []
    for code, mask in masks.items():
        if count := int(mask.sum()):
            column, text, then = told[code]
            rows = np.asarray(table.get("source_row", table.index))[mask]
            message = f"{text}: {count:,}. {then}"
            findings.append(Finding(code, "warning", message, column, some_rows(rows)))
    return findings


def _of_one_patient(table: pd.DataFrame) -> tuple[_Mask, _Mask]:
    """Return which stays begin within an earlier one, and which have another's very dates."""
    overlap = np.zeros(len(table), dtype=bool)
    version = np.zeros(len(table), dtype=bool)
    fields = {"patient_id", "admitted", "discharged"}
    if not fields <= set(table) or unique(table["patient_id"]):
        return overlap, version
    codes = codes_of(table["patient_id"])
    start, end = (_days(table[name]) for name in ("admitted", "discharged"))
    known = (codes >= 0) & table["admitted"].notna().to_numpy()
    if codes.max() < 4 * len(codes):  # then counting is cheap, and leaves fewer to put in order
        known &= np.bincount(codes + 1)[codes + 1] > 1
    place = np.flatnonzero(known)
    if not len(place):
        return overlap, version
    own, first = codes[place], start[place].min()
    begin = start[place] - first
    until = np.maximum(np.where(table["discharged"].notna().to_numpy()[place], end[place] - first,
                                begin), begin)  # fmt: skip
    if until.max() >= _DAYS or own.max() >= _CODES:
        return overlap, version
    key = (own * _DAYS + begin) * _DAYS + until
    order = np.argsort(key)  # stays with the same key fare the same: no need of their order
    place, key = place[order], key[order]
    own, begin, until = key >> 2 * _BITS, key >> _BITS & _DAYS - 1, key & _DAYS - 1
    # A later patient has a higher code, so one running maximum serves all patients.
    reach = np.maximum.accumulate(own * _DAYS + until)
    before, same = reach[:-1], own[1:] == own[:-1]
    twin = np.zeros(len(place), dtype=bool)
    twin[1:] = key[1:] == key[:-1]
    late = np.zeros(len(place), dtype=bool)
    late[1:] = same & (before - own[1:] * _DAYS > begin[1:])
    # A stay with the dates of the one before it lies in what that one lies in.
    overlap[place[late[np.maximum.accumulate(np.where(twin, 0, np.arange(len(place))))]]] = True
    twin[:-1] |= twin[1:]
    if twin.any():
        part = table.iloc[place[twin]]
        again = part.duplicated(["patient_id", "admitted", "discharged"], keep=False)
        version[place[twin]] = again.to_numpy()
    return overlap, version


def _days(values: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Days since 1970; a missing date is a number far from all others."""
    return values.to_numpy("datetime64[D]").astype("int64")
