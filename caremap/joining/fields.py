"""Columns of a look-up that are fields: recognised by name and content, as intake does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.flags import to_flags
from caremap.intake.matching import Column, assign, name_score, rank
from caremap.intake.notes import value_findings
from caremap.intake.privacy import personal_reason
from caremap.intake.profile import profile
from caremap.intake.values import to_numbers, to_text
from caremap.joining.naming import WEAK, plain
from caremap.schema import FIELDS, TABLES

__all__ = ["FOLLOWS", "as_field", "personal", "recognised"]

_OF_PATIENT = ("age", "age_band", "gender", "diagnosis", "region", "zip", "insurance")
_OF_STAY = tuple(
    name for name in TABLES["stays"].fields
    if name not in {"stay_id", "admitted", "discharged", "length_of_stay", "was_admitted"}
)  # fmt: skip
FOLLOWS: dict[str, tuple[str, ...]] = {
    "patient_id": _OF_PATIENT,
    "stay_id": _OF_STAY,
    "facility": ("facility", "region"),
    "department": ("facility", "department", "region"),
    "ward": ("facility", "department", "ward", "region"),
    "zip": ("region",),
}
"""What a key decides: the age under a patient number is the patient's, under that of a
doctor it is not. Counts and amounts never follow from a key that comes again."""


def recognised(table: pd.DataFrame, fields: Sequence[str]) -> dict[str, str]:
    """Return which columns of a look-up are which of these fields.

    Examples
    --------
    >>> people = pd.DataFrame({"Age in years": [5, 80], "Sex": ["f", "m"], "Shoe": [30, 42]})
    >>> sorted(recognised(people, ["age", "gender", "zip"]).items())
    [('Age in years', 'age'), ('Sex', 'gender')]
    """
    columns = [
        Column(plain(str(name)), place, profile(_arrow(table[name])))
        for place, name in enumerate(table)
    ]
    called = {plain(str(name)): str(name) for name in table}
    # Weak words do for a file of its own, where nothing better claims them: “unit name”.
    found = assign([pair for pair in rank(columns, fields) if pair.name > WEAK], {})
    return {called[header]: field for field, header in found.items()}


def as_field(
    values: pd.Series[Any], field: str, header: str
) -> tuple[pd.Series[Any], list[Finding]]:
    """Return a column of a look-up with the values and dtype of a field.

    Examples
    --------
    >>> ages, noticed = as_field(pd.Series(["7", "seven"]), "age", "Age")
    >>> ages.tolist(), [one.code for one in noticed]
    ([7.0, nan], ['unreadable'])
    """
    item, cells = FIELDS[field], _arrow(values)
    if item.type in {"number", "count", "money"}:
        made = to_numbers(cells, item, header=header)
    elif item.type == "flag":
        made = to_flags(cells)
    else:
        made = to_text(cells, item)
    findings = value_findings(field, header, made, values.index.to_numpy())
    return made.series.set_axis(values.index), findings


def personal(name: str, values: pd.Series[Any], people: bool) -> bool:
    """Whether a column of a look-up identifies people: it stays out of every other table."""
    header = plain(name)
    if any(name_score(header, item) >= 0.9 for item in FIELDS.values() if item.personal):
        return True
    return personal_reason(header, profile(_arrow(values)), people) is not None


def _arrow(values: pd.Series[Any]) -> pa.Array:
    """Cells as intake reads them: text, numbers, booleans or times."""
    try:
        cells = pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        cells = pa.array(values.astype("str").where(values.notna()), from_pandas=True)
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if pa.types.is_large_string(cells.type) or pa.types.is_null(cells.type):
        cells = cells.cast(pa.string())
    return text_of(cells) if pa.types.is_integer(cells.type) else cells
