"""Measure names in a column become columns: “Measure Names” beside “Measure Values”."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.derive import counted_rows, some_rows
from caremap.intake.headers import unique_headers, words
from caremap.intake.profile import profile
from caremap.intake.setaside import footnote_rows, header_rows
from caremap.intake.shapes.naming import counted_field
from caremap.intake.shapes.shape import Left, Shape, columns_of, rows_out, shaped_like

__all__ = ["measures_to_columns", "names_measures"]

MOST = 60
"""More different names than this are no measures of one table."""
_NAMES = frozenset(
    "measure names|measure name|measure|measures|measurement|indicator|indicator name|indicators|"
    "metric|metric name|metrics|variable|variable name|series|series name|statistic|kpi|"
    "kennzahl|kennzahlen|messgrosse|merkmal|indikator|variablenname|"
    "indicador|indicadores|medida|nombre de indicador|indicateur|indicateurs|mesure|mesures|"
    "indicatore|indicatori|misura|metrica|parametro|parameter|parametre|count type|data item|"
    "data element|attribute".split("|")
)
_VALUES = frozenset(
    "measure values|measure value|value|values|val|wert|werte|valor|valores|valeur|valeurs|valore|"
    "valori|amount|count|number|figure|result|anzahl|zahl|cantidad|numero|nombre|quantidade|"
    "quantite|quantita|metric value|indicator value|obs value|obsvalue|data value|n|total".split(
        "|"
    )
)
_UNITS = frozenset("unit units unit of measure einheit unidad unite unita unidade uom".split())


@dataclass(frozen=True)
class _Long:
    """The column of names, the column of values, and the names."""

    names: int
    values: int
    codes: Any
    measures: list[str]


def names_measures(header: str) -> bool:
    """Whether a header says that its column names measures.

    Examples
    --------
    >>> names_measures("Measure Names"), names_measures("Indicador"), names_measures("Resource")
    (True, True, False)
    """
    return words(header) in _NAMES


def measures_to_columns(shape: Shape) -> Shape:
    """Return the table with a column per measure where a column names them, else as it is.

    A table that names resources or roles is long on purpose and stays so.
    """
    headers = shape.layout.headers
    named = [words(header) for header in headers]
    # Most tables have neither header: nothing is looked at.
    if len(headers) < 3 or not any(name in _NAMES for name in named):
        return shape
    values = [place for place, name in enumerate(named) if name in _VALUES]
    if not values:
        return shape
    columns = columns_of(shape)
    for place, name in enumerate(named):
        if name in _NAMES:
            found = _long(columns, place, [one for one in values if one != place])
            if found:
                return _pivoted(shape, columns, found)
    return shape


def _long(columns: Sequence[pa.Array], names: int, values: Sequence[int]) -> _Long | None:
    """The measures, where a column names a few of which one at least is a known count."""
    numeric = [place for place in values if profile(columns[place]).number >= 0.5]
    if len(numeric) != 1 or not pa.types.is_string(columns[names].type):
        return None
    encoded = pc.dictionary_encode(text_of(columns[names]))
    if not 0 < len(encoded.dictionary) <= MOST + 5:
        return None
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    measures = [str(name) for name in encoded.dictionary.to_pylist()]
    if not any(counted_field(name) for name in measures):
        return None
    return _Long(names, numeric[0], codes, measures)


def _pivoted(shape: Shape, columns: list[pa.Array], found: _Long) -> Shape:
    headers, rows = shape.layout.headers, shape.body.source_rows
    kept, left, told = _without_notes(shape, columns, found)
    codes = found.codes[kept]
    taken = pa.array(np.flatnonzero(kept))
    columns = [column.take(taken) for column in columns]
    rows = rows[kept]
    measures = [name for code, name in enumerate(found.measures) if (codes == code).any()]
    order = {name: place for place, name in enumerate(measures)}
    codes = np.array([order.get(name, -1) for name in found.measures])[codes]
    others = [
        place for place in range(len(columns)) if place not in (found.names, found.values)
    ]  # fmt: skip
    units, keys = _units(headers, columns, others, codes, len(measures))
    groups, first = _groups(columns, keys, len(rows))
    where = groups * np.int64(len(measures)) + codes
    _, counts = np.unique(where, return_counts=True)
    if (counts > 1).any():
        twice = np.flatnonzero(np.isin(where, np.unique(where)[counts > 1]))
        return shape.telling(
            Finding("measures-twice", "error", f"“{headers[found.names]}” names measures, but "
                    f"{counted_rows(len(twice))} share their measure and all other columns with "
                    "another row: which value counts cannot be told, so nothing is added up and "
                    "the table is left as it is. Remove the rows that are there twice, or add the "
                    "column that tells them apart.",
                    headers[found.names], some_rows(rows[twice])),
            unsure=True,
        )  # fmt: skip
    made, masks = [], []
    typed = shape.body.typed[found.values]
    numbers = None if typed is None else typed[kept]
    for code in range(len(measures)):
        place = np.full(len(first), -1, dtype=np.int64)
        at = np.flatnonzero(codes == code)
        place[groups[at]] = at
        made.append(columns[found.values].take(pa.array(place, mask=place < 0)))
        masks.append(None if numbers is None else (place >= 0) & numbers[place])
    called = [f"{name} ({units[code]})" if units.get(code) else name
              for code, name in enumerate(measures)]  # fmt: skip
    names = unique_headers([*(headers[place] for place in keys), *called])
    dropped = [headers[place] for place in others if place not in keys]
    shape = shaped_like(
        shape, names,
        [*(columns[place].take(pa.array(first)) for place in keys), *made],
        [*(None if (mask := shape.body.typed[place]) is None else mask[kept][first]
           for place in keys), *masks],
        rows[first],
    )  # fmt: skip
    gaps = len(first) * len(measures) - len(rows)
    text = (
        f"“{headers[found.names]}” names {len(measures):,} measures: {counted_rows(len(rows))} "
        f"became {counted_rows(len(first))} with a column each for "
        + ", ".join(f"“{name}”" for name in called)
        + "."
    )
    if gaps:
        text += f" {'1 value' if gaps == 1 else f'{gaps:,} values'} not in the file: left blank."
    if dropped:
        listed = ", ".join(f"“{name}”" for name in dropped)
        text += f" Left out, since they only describe the measure: {listed}."
    told.append(Finding("measures-to-columns", "info", text, headers[found.names]))
    return Shape(shape.layout, shape.body, (*shape.told, *told), (*shape.left, *left), shape.unsure)


def _without_notes(
    shape: Shape, columns: list[pa.Array], found: _Long
) -> tuple[Any, list[Left], list[Finding]]:
    """Rows that name no measure out: notes, repeated headers, empty rows."""
    return rows_out(shape, columns, (
        (header_rows(columns, shape.layout.headers), "repeated-header", "the header repeated"),
        (footnote_rows(columns), "footnotes", "a note below the table"),
        (found.codes < 0, "no-measure", "no measure is named"),
    ))  # fmt: skip


def _units(
    headers: Sequence[str], columns: Sequence[pa.Array], others: Sequence[int], codes: Any,
    measures: int,
) -> tuple[dict[int, str], list[int]]:  # fmt: skip
    """Units by measure, and the columns that are keys: those that do more than describe it."""
    units: dict[int, str] = {}
    keys = []
    for place in others:
        encoded = pc.dictionary_encode(text_of(columns[place]))
        size = len(encoded.dictionary)
        inside = pc.fill_null(encoded.indices, size).to_numpy(zero_copy_only=False)
        pairs = np.unique(codes * np.int64(size + 1) + inside)
        # One value per measure and not the same for all: a code or a unit of the measure.
        if len(pairs) == measures and len(np.unique(inside)) > 1 and measures > 1:
            if words(headers[place]) in _UNITS:
                units = {
                    int(pair // (size + 1)): encoded.dictionary[int(pair % (size + 1))].as_py()
                    for pair in pairs
                    if pair % (size + 1) < size
                }
            continue
        keys.append(place)
    return units, keys


def _groups(columns: Sequence[pa.Array], keys: Sequence[int], size: int) -> tuple[Any, Any]:
    """A number per row that is the same where all keys are, and the first row of each."""
    groups: Any = np.zeros(size, dtype=np.int64)
    for key in keys:
        encoded = pc.dictionary_encode(columns[key])
        values = pc.fill_null(encoded.indices, len(encoded.dictionary))
        wide = np.int64(len(encoded.dictionary) + 1)
        codes = groups * wide + values.to_numpy(zero_copy_only=False)
        groups = np.unique(codes, return_inverse=True)[1]
    found: Any = np.unique(groups, return_index=True, return_inverse=True)
    _, first, groups = found
    # In the order of the file.
    order: Any = np.argsort(first, kind="stable")
    place: Any = np.argsort(order, kind="stable")
    return place[groups], first[order]
