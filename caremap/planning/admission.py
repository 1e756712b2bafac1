"""What is known at admission: a table to predict the length of stay from, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.intake.headers import words
from caremap.measures import reductions
from caremap.planning.admission_history import calendar_of, history_of
from caremap.planning.admission_names import AMOUNT, THE_STAY, reasons_by_name
from caremap.planning.admission_stays import KnownStays, known_stays
from caremap.problems import DataProblem
from caremap.schema import FIELDS

__all__ = ["Admission", "admission_table"]

Columns = dict[str, "pd.Series[Any]"]

_NEVER_BACK = ("stay_id", "patient_id", "discharged", "length_of_stay", "source", "source_row")
_GROUPS = ("age_band", "gender", "insurance")
_ZIP = 3
_NEARLY_ALL, _MOSTLY, _FEW = 0.9, 0.5, 10
_A_DATE = "A date other than that of admission."
_ONE_VALUE = "Has the same value on every row: it tells nothing."
_OWN_NAME = "Has a name or number of its own on nearly every row: it tells nothing of others."


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
    facility, department
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
    >>> list(found.features), found.nights.tolist(), list(found.left_out)
    (['age', 'Weekday of admission'], [1.0, nan], ['discharged', 'cost', 'Month of admission'])
    """
    stays = known_stays(dataset, as_of)
    names = list(map(str, stays.rows))
    headers = {name: read for (_, name), read in _headers(dataset).items() if name in names}
    kept = _asked(keep, stays.rows, headers)
    left_out = reasons_by_name(names, headers)
    if stays.column is not None:
        left_out[stays.column] = THE_STAY
    dates = [name for name in names if stays.rows[name].dtype.kind == "M"]
    left_out |= {name: _A_DATE for name in dates if name not in {*left_out, "admitted"}}
    if "age" in names and "age_band" in names:
        left_out["age_band"] = "The age says the same, and more."
    back = {name: why for name, why in left_out.items() if _put_back(name, why, kept, dates)}
    left_out = {name: why for name, why in left_out.items() if name not in back}
    columns = _columns(stays, left_out)
    told = {name: why for name, column in columns.items() if (why := _tells_nothing(name, column))}
    features = {name: column for name, column in columns.items() if name not in told}
    return Admission(
        pd.DataFrame(features, index=stays.rows.index),
        stays.nights.rename("nights").astype("float64"),
        _dates(stays.rows, "admitted"),
        _codes(stays.rows),
        _names(stays.rows, "facility", left_out),
        _names(stays.rows, "department", left_out),
        _groups(stays.rows),
        _text(stays.rows, "stay_id"),
        MappingProxyType(left_out | told),
        MappingProxyType({name: why for name, why in back.items() if name in features}),
        stays.as_of,
        stays.complete,
        stays.bands,
        stays.notes,
    )


def _headers(dataset: Dataset) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the headers fields of stays were read from, in look-ups that were joined too."""
    read = dataset.headers
    of = {key: headers for key, headers in read.items() if key[0] == "lookup"}
    return of | {key: headers for key, headers in read.items() if key[0] == "stays"}


def _asked(
    keep: Sequence[str], rows: pd.DataFrame, headers: Mapping[str, Sequence[str]]
) -> set[str]:
    """Return the columns to put back, whichever of their names was given."""
    called = {words(header): name for name, read in headers.items() for header in read}
    called |= {words(str(name)): str(name) for name in rows}
    found = {"all"} & set(keep)
    for name in keep:
        if name == "all":
            continue
        if words(name) not in called:
            raise DataProblem(
                f"There is no column “{name}” to keep.", "Name a column of the stays."
            )
        found.add(called[words(name)])
    return found


def _put_back(name: str, reason: str, kept: set[str], dates: Sequence[str]) -> bool:
    if name in _NEVER_BACK or name in dates or reason.startswith(THE_STAY):
        return False
    return name in kept or ("all" in kept and not reason.startswith(AMOUNT))


def _columns(stays: KnownStays, left_out: Mapping[str, str]) -> Columns:
    """Return what is known at admission, as text or numbers."""
    rows = stays.rows
    result: Columns = {}
    for name in rows:
        if name in left_out or name == "admitted":
            continue
        column = rows[name]
        if name == "zip":
            column = column.str[:_ZIP]
        number = column.dtype.kind == "f"
        result[str(name)] = column if number else column.fillna(UNKNOWN).astype("str")
    if stays.as_of is not None:
        derived = calendar_of(rows["admitted"])
        if "patient_id" in rows:
            came = rows["admitted"].dt.normalize()
            derived = derived.join(history_of(_codes(rows), came, stays.left))
        result |= {str(name): derived[name] for name in derived if name not in result}
    return result


def _tells_nothing(name: str, column: pd.Series[Any]) -> str:
    """Return why a column cannot tell anything about other stays; empty where it may."""
    known = column.dropna() if column.dtype.kind == "f" else column[column != UNKNOWN]
    kinds = column.nunique(dropna=False)
    if kinds < 2:
        return "Has no value." if known.empty else _ONE_VALUE
    own = name not in FIELDS
    whole = column.dtype.kind != "f" or (own and (known == np.floor(known)).all())
    limit = (_MOSTLY if own else _NEARLY_ALL) * len(known)
    if column.dtype.kind == "f":
        limit = _NEARLY_ALL * len(known)
    many = known.nunique() > max(_FEW, limit)
    return _OWN_NAME if whole and many and name != "age" else ""


def _codes(rows: pd.DataFrame) -> pd.Series[Any]:
    """Return a code per patient, missing where the patient is not known."""
    codes = pd.factorize(_text(rows, "patient_id"), sort=True)[0]
    return pd.Series(codes, index=rows.index, name="patient").astype("float64").replace(-1, np.nan)


def _text(rows: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name in rows:
        return rows[name].astype("str")
    return pd.Series(None, index=rows.index, dtype="str", name=name)


def _names(rows: pd.DataFrame, name: str, left_out: Mapping[str, str]) -> pd.Series[Any]:
    if name in left_out:
        return pd.Series(UNKNOWN, index=rows.index, dtype="str", name=name)
    return _text(rows, name).fillna(UNKNOWN)


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
