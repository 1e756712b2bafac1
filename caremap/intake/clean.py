"""A matched sheet to a canonical table: rows set aside, values converted, checks made."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from caremap.findings import Finding
from caremap.intake.build import Build
from caremap.intake.dates import DateOrder
from caremap.intake.derive import (
    complete_activity,
    complete_stays,
    counted_rows,
    fold_stays,
    some_rows,
)
from caremap.intake.notes import choice_findings
from caremap.intake.numerals import Mark
from caremap.intake.privacy import national_number
from caremap.intake.setaside import (
    duplicate_rows,
    empty_rows,
    footnote_rows,
    header_rows,
    note_rows,
    sum_rows,
    total_rows,
)
from caremap.intake.understand import Match, Understood
from caremap.intake.values import to_numbers
from caremap.schema import FIELDS, TABLES

__all__ = ["Clean", "cleaned"]


@dataclass(frozen=True)
class Clean:
    """The canonical table with what was noticed and set aside on the way."""

    table: pd.DataFrame
    match: Match
    findings: list[Finding]
    set_aside: pd.DataFrame


@dataclass
class _Rows:
    """The rows still in, and why the others are not."""

    kept: np.ndarray[Any, np.dtype[np.bool_]]
    reasons: dict[int, str] = field(default_factory=dict)

    def out(self, mask: Any, reason: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Set rows aside, each for its first reason, and return their places."""
        places = np.flatnonzero(mask & self.kept)
        self.kept[places] = False
        self.reasons.update(dict.fromkeys(places.tolist(), reason))
        return places


def cleaned(
    seen: Understood,
    matched: Match,
    wanted: set[str],
    dates: AnyMapping[str, DateOrder],
    decimal: Mark | None,
) -> Clean:
    """Turn a matched sheet into its canonical table.

    Parameters
    ----------
    seen, matched
        The sheet and its match.
    wanted
        Fields the user matched: these stay matched however bad their values are.
    dates
        Header, field or ``*`` to the order of day and month the user chose.
    decimal
        The decimal mark the user chose.
    """
    rows = _Rows(np.ones(seen.rows, dtype=bool))
    findings = _set_aside(seen, matched, rows)
    arrays = seen.arrays
    if not rows.kept.all():
        keep = pa.array(rows.kept)
        arrays = {header: values.filter(keep) for header, values in arrays.items()}
    source_rows = seen.body.source_rows[rows.kept]
    build = Build(seen, matched, wanted, arrays, rows.kept, source_rows, decimal)
    build.convert(dates)
    findings += build.findings
    table = pd.DataFrame(build.columns, index=pd.Index(source_rows, name="source_row"))
    if build.match.kind == "stays":
        table, more = complete_stays(table, _headers(build.match))
        findings += more
        table, more = fold_stays(table, _headers(build.match))
        findings += more
    elif build.match.kind == "activity":
        table, more = complete_activity(table)
        findings += more
    elif (build.match.kind == "capacity" and "resource" not in table and "units" in table) or (
        build.match.kind == "staff" and build.match.resources
    ):
        table, more = build.long_resources(table)
        findings += more
    findings += choice_findings(build.match)
    return Clean(
        _ordered(table, build.match), build.match, findings, _listed(seen, build.match, rows)
    )


def _set_aside(seen: Understood, matched: Match, rows: _Rows) -> list[Finding]:
    arrays = list(seen.arrays.values())
    wordy = [
        one.seen.number < 0.5 and one.seen.date < 0.5 and not one.seen.empty
        and pa.types.is_string(array.type)
        for one, array in zip(seen.columns, arrays, strict=True)
    ]  # fmt: skip
    ids = {matched.mapping.get(name) for name in ("stay_id", "patient_id")}
    free = [yes and one.header not in ids for one, yes in zip(seen.columns, wordy, strict=True)]
    used = [seen.arrays[header] for header in matched.columns]
    findings = []
    for mask, code, reason in (
        (header_rows(arrays, seen.layout.headers), "repeated-header", "the header repeated"),
        (total_rows(arrays, wordy, matched.kind == "stays"), "total-rows", "a total of other rows"),
        (footnote_rows(arrays), "footnotes", "a note below the table"),
        (
            note_rows(arrays if matched.kind != "lookup" else [], free),
            "notes",
            "a heading or comment inside the table",
        ),
        (empty_rows(used), "empty-rows", "no value in any column that is used"),
    ):
        if len(mask):
            findings += _out(seen, rows, mask, code, reason)
    if len(rows.kept):
        findings += _out(seen, rows, _sums(seen, matched, rows), "total-rows", "the sum of others")
    return findings + _duplicates(seen, matched, rows, arrays)


def _out(seen: Understood, rows: _Rows, mask: Any, code: str, reason: str) -> list[Finding]:
    places = rows.out(mask, reason)
    if not len(places):
        return []
    return [
        Finding(code, "info", f"{counted_rows(len(places))} set aside: {reason}.",
                rows=some_rows(seen.body.source_rows[places]))
    ]  # fmt: skip


def _sums(seen: Understood, matched: Match, rows: _Rows) -> Any:
    """Rows of a place that add up all other places."""
    result = np.zeros(len(rows.kept), dtype=bool)
    if matched.kind not in {"activity", "capacity", "staff"}:
        return result
    kept = pa.array(rows.kept)
    counts = [
        to_numbers(seen.arrays[header].filter(kept), FIELDS[name]).series.to_numpy()
        for name, value in matched.mapping.items()
        if FIELDS[name].type == "count"
        for header in ([value] if isinstance(value, str) else value)
    ]
    for name in ("region", "facility", "department"):
        label = matched.mapping.get(name)
        if isinstance(label, str):
            result[rows.kept] |= sum_rows(seen.arrays[label].filter(kept), counts)
    return result


def _duplicates(
    seen: Understood, matched: Match, rows: _Rows, arrays: list[pa.Array]
) -> list[Finding]:
    mask = duplicate_rows(arrays)
    if not mask.any():
        return []
    identified = {"patient_id", "stay_id"} & set(matched.mapping)
    if matched.kind == "stays" and identified:
        places = rows.out(mask, "an exact copy of an earlier row")
        message = f"{counted_rows(len(places))} set aside: exact copies of an earlier row."
        code = "duplicates-removed"
    elif matched.kind in {"facilities", "population", "lookup"}:
        return []
    else:
        places = np.flatnonzero(mask & rows.kept)
        what = " that copy an earlier row exactly" if len(places) > 1 else " copies an earlier one"
        why = (
            "no column says which stay or patient they are"
            if matched.kind == "stays"
            else ("they may be the same count twice")
        )
        message = (
            f"{counted_rows(len(places))}{what}: {why}, so they are counted. If they are the same "
            "event twice, remove them from the file."
        )
        code = "duplicates-reported"
    found = seen.body.source_rows[places]
    return [Finding(code, "warning", message, rows=some_rows(found))] if len(places) else []


def _headers(matched: Match) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else " + ".join(value)
        for name, value in matched.mapping.items()
    }


def _ordered(table: pd.DataFrame, matched: Match) -> pd.DataFrame:
    fields = [name for name in FIELDS if name in table.columns]
    order = [name for name in TABLES[matched.kind].fields if name in table.columns]
    order += [name for name in fields if name not in order]
    return table[[*order, *(name for name in table.columns if name not in fields)]]


def _listed(seen: Understood, matched: Match, rows: _Rows) -> pd.DataFrame:
    """The rows set aside, as they stand in the file, without columns that identify people."""
    places = sorted(rows.reasons)
    coded = {one.header for one in seen.columns if national_number(one.seen)}
    hidden = set(matched.personal) | coded
    take = pa.array(places, pa.int64())
    listed = {
        "source row": seen.body.source_rows[places].astype("int64"),
        "reason": pd.Series([rows.reasons[place] for place in places], dtype="str"),
    }
    for header, values in seen.arrays.items():
        if header not in hidden:
            listed[header] = values.take(take).to_pandas()
    return pd.DataFrame(listed)
