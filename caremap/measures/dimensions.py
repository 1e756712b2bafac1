"""What a breakdown can go by: the columns of the file that put stays into groups."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.api.types import (
    is_bool_dtype,
    is_datetime64_any_dtype,
    is_float_dtype,
    is_integer_dtype,
)

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.breakdown import MEASURED
from caremap.measures.coverage import has
from caremap.measures.groups import MANY
from caremap.schema import FIELDS

__all__ = ["dimensions"]

_ORDER = (
    "treatment", "diagnosis", "age_band", "gender", "department", "ward", "facility", "region",
    "zip", "insurance", "admission_type", "outcome", "was_admitted", "ventilated", "readmitted",
)  # fmt: skip

_NEARLY_ALL = 0.9
_MOSTLY = 0.5
"""Share of the known rows that may have a name of their own: fields, and other columns."""

_FEW = 10
"""So few names are shown whatever their share: a file of seven stays has no more."""


def dimensions(dataset: Dataset) -> pd.DataFrame:
    """Return the columns that stays, or else counts, can be broken down by.

    Parameters
    ----------
    dataset
        The network, filtered as it is; the columns are judged on the whole of it.

    Returns
    -------
    pandas.DataFrame
        In the order people want them, columns kept under their own header last: ``column``,
        ``title`` (for the screen; the header of a column that is no field), ``groups``
        (different names), ``known`` (rows with one) and ``own`` (kept under the file's
        header). Age bands are there where ages are. Left out is what identifies persons, is a
        date or a measurement, has one name only, or a name of its own in nearly every row
        (more than half of the rows of a column that is no field).

    Examples
    --------
    >>> stays = pd.DataFrame({"ward": ["A", "B", "A"], "age": [3.0, 44.0, 91.0],
    ...                       "patient_id": ["1", "2", "3"], "Shift": ["day", "night", "day"]})
    >>> dimensions(Dataset(stays=stays))
         column     title  groups  known    own
    0  age_band  Age band       3      3  False
    1      ward      Ward       2      3  False
    2     Shift     Shift       2      3   True
    """
    whole = (dataset.whole or dataset).with_regions()
    kind = "stays" if dataset.stays is not None else "activity"
    table = getattr(whole, kind)
    if table is None or getattr(dataset, kind) is None:
        return _shaped([])
    names = [name for name in _ORDER if name in table and name != "age_band"]
    names += [name for name in table if name not in FIELDS and _groups_rows(table[name], kind)]
    counted = whole.once(kind, reductions.variety, names)
    if "age_band" in table or has(table, "age"):
        counted = pd.concat([counted, whole.once(kind, _bands)], ignore_index=True)
    lines = []
    place = {name: number for number, name in enumerate(_ORDER)}
    for number in counted["column"].map(place).sort_values(kind="stable").index:
        name = str(counted["column"][number])
        own = name not in FIELDS
        groups, known = int(counted["groups"][number]), int(counted["known"][number])
        if _tells(table, name, groups, known, own):
            lines.append((name, name if own else FIELDS[name].title, groups, known, own))
    return _shaped(lines)


def _bands(table: pd.DataFrame) -> pd.DataFrame:
    """Count the bands of age, made from ages where there are none."""
    return reductions.variety(reductions.banded(table), ["age_band"])


def _groups_rows(column: pd.Series[Any], kind: str) -> bool:
    """Return whether a column that is no field may put rows into groups, by its type."""
    if column.name in MEASURED or is_datetime64_any_dtype(column):
        return False
    if is_bool_dtype(column):
        return True
    if is_float_dtype(column):
        return False
    return not (kind == "activity" and is_integer_dtype(column))  # a count, as far as one can tell


def _tells(table: pd.DataFrame, name: str, groups: int, known: int, own: bool) -> bool:
    """Return whether the names are more than one, and fewer than the rows."""
    if groups < 2:
        return False
    if own and name in table and is_integer_dtype(table[name]) and groups > MANY:
        return False
    return groups <= max(_FEW, (_MOSTLY if own else _NEARLY_ALL) * known)


def _shaped(lines: list[tuple[str, str, int, int, bool]]) -> pd.DataFrame:
    frame = pd.DataFrame(lines, columns=["column", "title", "groups", "known", "own"])
    return frame.astype(
        {"column": "str", "title": "str", "groups": "int64", "known": "int64", "own": "bool"}
    )
