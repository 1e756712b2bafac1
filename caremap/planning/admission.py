"""What is known at admission: a table to predict the length of stay from, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import reductions
from caremap.planning.admission_columns import (
    ZIP_DIGITS,
    Columns,
    columns_of,
    telling_nothing,
)
from caremap.planning.admission_history import HISTORY
from caremap.planning.admission_left_out import all_leaks, put_back
from caremap.planning.admission_stays import known_stays
from caremap.planning.plan_words import title

__all__ = ["Admission", "admission_table", "headers_of"]

_GROUPS = ("age_band", "gender", "insurance")


@dataclass(frozen=True, eq=False)
class Admission:
    """Stays with what was known of each when it began; the rows of all attributes are the same.

    Attributes
    ----------
    features
        A column per thing known at admission, under the name of its field, the file's own
        header, or in words where it is worked out (weekday and hour of admission, stays in the
        year before). Text (missing is ``Unknown``) or ``float64`` (missing is NaN).
    nights
        Nights in hospital of the stays that had ended by ``as_of``; NaN for those still open.
        Of stays given as bands, the place of the band in ``bands`` from 0.
    admitted
        When the stay began; NaT without dates.
    patient
        A code per patient from 0; NaN where the patient is not known.
    facility, department, ward
        Names, ``Unknown`` where there is none or the column was left out.
    groups
        ``age_band``, ``gender`` and ``insurance``, as far as there are such columns: what
        fairness is judged by, whether or not it is predicted from.
    stay_id
        Number of the stay; missing where there is none.
    left_out
        Column to reason, in words, of what is not predicted from.
    kept_leaks
        The same of what is known only later and was put back by ``keep``.
    as_of
        The day up to which stays are known; None without dates.
    complete
        First and last day of admission the file has all stays of; None without dates.
    bands
        The bands in order, where stays are given as bands.
    notes
        What a reader has to know, in sentences.
    """

    features: pd.DataFrame
    nights: pd.Series[Any]
    admitted: pd.Series[Any]
    patient: pd.Series[Any]
    facility: pd.Series[Any]
    department: pd.Series[Any]
    groups: pd.DataFrame
    stay_id: pd.Series[Any]
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    kept_leaks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    as_of: pd.Timestamp | None = None
    complete: tuple[pd.Timestamp, pd.Timestamp] | None = None
    bands: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ward: pd.Series[Any] = field(default_factory=lambda: pd.Series(dtype="str"))


def admission_table(
    dataset: Dataset, *, keep: Sequence[str] = (), as_of: object = None
) -> Admission:
    """Return the stays with what was known of each at admission, and what was left out.

    Parameters
    ----------
    dataset
        With stays that have a length, two dates, or a band.
    keep
        Columns to predict from although they are known only later, by their name or their
        header in the file. ``"all"`` puts everything back but amounts, which grow with every
        night, and what is the length of stay itself; an amount comes back by its name only,
        the length of stay, its copies and numbers of people never.
    as_of
        The day up to which stays are known; by default the last admission of the file.

    Raises
    ------
    caremap.DataProblem
        Where there are no stays, nothing says how long they were, dates are in doubt, or a
        column to keep is not there.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01", "2024-04-02"]),
    ...                       "discharged": pd.to_datetime(["2024-04-02", None]),
    ...                       "age": [40, 71], "cost": [900, 80]})
    >>> found = admission_table(Dataset(stays=stays))
    >>> list(found.features), found.nights.tolist()
    (['age', 'Weekday of admission'], [1.0, nan])
    >>> print(found.left_out["cost"])
    An amount that grows with every night: known only after discharge.
    """
    stays = known_stays(dataset, as_of)
    headers = headers_of(dataset)
    columns = columns_of(stays)
    nothing = telling_nothing(columns)
    leaks = all_leaks(columns, stays, headers)
    suspects = {name: leak for name, leak in leaks.items() if leak.kind != "doubt"}
    back = put_back(suspects, keep, headers) - set(nothing)
    why = nothing | {name: leak.reason for name, leak in suspects.items() if name not in back}
    left_out = {name: why[name] for name in [*map(str, stays.rows), *columns] if name in why}
    features = {name: column for name, column in columns.items() if name not in left_out}
    doubts = {name: leaks[name].reason for name in features if name in set(leaks) - back}
    rows = stays.rows
    coded = "department" in suspects and "department" not in back
    return Admission(
        pd.DataFrame(features, index=rows.index),
        stays.nights.rename("nights").astype("float64"),
        _dates(rows, "admitted"),
        stays.patient,
        _text(rows, "facility").fillna(UNKNOWN),
        _text(rows, "" if coded else "department").fillna(UNKNOWN).rename("department"),
        _groups(rows),
        _text(rows, "stay_id"),
        MappingProxyType(left_out),
        MappingProxyType({name: suspects[name].reason for name in suspects if name in back}),
        stays.as_of,
        stays.complete,
        stays.bands,
        (*stays.notes, *_notes(features, doubts, coded)),
        _text(rows, "ward"),
    )


def headers_of(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """Return the headers fields of stays were read from, in look-ups that were joined too."""
    of = {
        kind: {name: read for (table, name), read in dataset.headers.items() if table == kind}
        for kind in ("lookup", "stays")
    }
    return of["lookup"] | of["stays"]


def _notes(features: Columns, doubts: Mapping[str, str], coded: bool) -> list[str]:
    found = [
        f"“{title(name)}”: {why} Make sure that it is known at admission."
        for name, why in doubts.items()
    ]
    if coded:
        found.append("There is no department to compare with: its column is known only later.")
    if "zip" in features:
        found.append(f"Of ZIP codes the first {ZIP_DIGITS} characters are used.")
    if set(HISTORY) & set(features):
        found.append(
            "Earlier stays of a patient are those in the file: stays of its first year have fewer."
        )
    return found


def _text(rows: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name in rows:
        return rows[name].astype("str")
    return pd.Series(None, index=rows.index, dtype="str", name=name)


def _dates(rows: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name in rows:
        return rows[name]
    return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]", name=name)


def _groups(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what fairness is judged by: bands of age, gender and payer."""
    banded = reductions.banded(rows) if "age" in rows or "age_band" in rows else rows
    return pd.DataFrame(
        {name: banded[name].astype("str").fillna(UNKNOWN) for name in _GROUPS if name in banded},
        index=rows.index,
    )
