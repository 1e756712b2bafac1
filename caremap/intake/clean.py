"""A matched sheet to a canonical table: rows set aside, values converted, checks made."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.ages import ages_in_years
from caremap.intake.beds import is_use
from caremap.intake.build import Build
from caremap.intake.cells import text_of
from caremap.intake.choices import DateChoice
from caremap.intake.conflicts import conflicting_stays
from caremap.intake.counted import as_counted
from caremap.intake.dateparts import week_findings
from caremap.intake.derive import (
    complete_activity,
    complete_stays,
    counted_rows,
    fold_stays,
    some_rows,
    unsure_stays,
)
from caremap.intake.flows import incomplete_findings
from caremap.intake.matching import name_score
from caremap.intake.notes import (
    assumed_units,
    cancelled_findings,
    choice_findings,
)
from caremap.intake.numerals import Mark
from caremap.intake.privacy import national_number
from caremap.intake.setaside import (
    duplicate_rows,
    empty_rows,
    footnote_rows,
    header_rows,
    note_rows,
    run_totals,
    sum_rows,
    total_rows,
)
from caremap.intake.staybands import banded_findings
from caremap.intake.tables import Understood
from caremap.intake.totals import date_totals, fill_down, without_stay
from caremap.intake.understand import Match
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
    dates: AnyMapping[str, DateChoice],
    decimal: Mark | None,
) -> Clean:
    """Turn a matched sheet into its canonical table.

    Parameters
    ----------
    seen, matched
        The sheet and its match.
    wanted
        Fields the user matched: these stay matched, or are refused where no value fits.
    dates
        Header, field or ``*`` to what the user decided about dates.
    decimal
        The decimal mark the user chose.
    """
    rows = _Rows(np.ones(seen.rows, dtype=bool))
    findings = _set_aside(seen, matched, rows)
    arrays = dict(seen.arrays)
    if not rows.kept.all():  # a copy of every column is worth a look
        kept = pa.array(rows.kept)
        arrays = {header: values.filter(kept) for header, values in arrays.items()}
    if matched.kind == "activity" and "date" in matched.mapping and rows.kept.any():
        arrays, more = _laid_out(seen, matched, rows, arrays)
        if any(one.code == "filled-down" for one in more):  # then no two rows are the same
            findings = [one for one in findings if one.code != "duplicates-reported"]
        findings += more
    source_rows = seen.body.source_rows[rows.kept]
    build = Build(seen, matched, wanted, arrays, rows.kept, source_rows, decimal)
    build.convert(dates)
    findings += build.findings
    index = pd.Index(source_rows, name="source_row")
    table = pd.DataFrame(build.columns, index=index, copy=False)  # nobody else has these columns
    if "age" in table and isinstance(header := build.match.mapping.get("age"), str):
        table["age"], more = ages_in_years(table["age"], arrays, header)
        findings += more
    table, more = _without_key(seen, build, rows, table)
    findings += more
    if build.match.kind == "stays":
        headers, unsure = _headers(build.match), _unsure(build, table)
        table, more = complete_stays(table, headers, unsure)
        findings += more
        folded, more = fold_stays(table, headers, unsure)
        sure = folded
        if unsure is not None:
            sure = folded[~_by_row(unsure_stays(table, unsure)).reindex(folded.index)]
        table = folded
        findings += more + conflicting_stays(sure, headers)
    elif build.match.kind == "activity":
        table, more = as_counted(build, table)
        findings += [*more, *incomplete_findings(arrays, source_rows)]
        table, more = complete_activity(table)
        findings += more
        if "date" in table and isinstance(header := build.match.mapping.get("date"), str):
            findings += week_findings(header, table["date"].to_numpy("datetime64[us]"))
    elif (build.match.kind == "capacity" and "resource" not in table and "units" in table) or (
        build.match.kind == "staff" and build.match.resources
    ):
        table, more = build.long_resources(table)
        findings += more
    findings += choice_findings(build.match)
    findings += assumed_units(table, build.match.mapping, findings)
    if build.match.kind == "stays":
        findings += [*cancelled_findings(arrays), *banded_findings(arrays, build.match.mapping)]
    return Clean(
        _ordered(table, build.match), build.match, findings, _listed(seen, build.match, rows)
    )


def _unsure(build: Build, table: pd.DataFrame) -> pd.Series[bool] | None:
    """Where a date of a row that is still in may be wrong."""
    if build.unsure is None:
        return None
    return _by_row(pd.Series(build.unsure, pd.Index(build.source_rows))).reindex(table.index)


def _by_row(mask: pd.Series[bool]) -> pd.Series[bool]:
    """Per source row, of which a table with dates across makes several."""
    return mask if mask.index.is_unique else mask.groupby(level=0).any()


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
        if not is_use(header)
    ]
    for name in ("region", "facility", "department"):
        label = matched.mapping.get(name)
        if isinstance(label, str):
            result[rows.kept] |= sum_rows(seen.arrays[label].filter(kept), counts)
    date = matched.mapping.get("date")
    if isinstance(date, str) and seen.arrays[date].null_count:
        undated = seen.arrays[date].filter(kept).is_null().to_numpy(zero_copy_only=False)
        result[rows.kept] |= run_totals(undated, counts)
    return result


def _laid_out(
    seen: Understood, matched: Match, rows: _Rows, arrays: dict[str, pa.Array]
) -> tuple[dict[str, pa.Array], list[Finding]]:
    """Merged cells filled down, and the rows out that add up the others of their date."""
    findings: list[Finding] = []
    counted = [
        (header, FIELDS[name])
        for name, value in matched.mapping.items()
        if FIELDS[name].type == "count"
        for header in ([value] if isinstance(value, str) else value)
        if not is_use(header)
    ]
    dates = matched.mapping["date"]
    dates = [dates] if isinstance(dates, str) else dates
    places = [matched.mapping.get(name) for name in ("facility", "department", "ward", "region")]
    labels = [
        one.header for one in seen.columns
        if one.header in places or (one.seen.number < 0.5 and one.seen.date < 0.5
            and not one.seen.empty and one.header not in dates
            and pa.types.is_string(arrays[one.header].type))
        # Codes of the sexes: 0 is both together.
        or (one.seen.kinds == 3 and name_score(one.header, FIELDS["gender"]) >= 0.9)
    ]  # fmt: skip

    counts = [to_numbers(arrays[name], item).series.to_numpy() for name, item in counted]

    def filled(headers: list[str]) -> None:
        for header in headers:
            others = [arrays[one] for one in [*dates, *labels] if one != header]
            made = fill_down(arrays[header], others, counts)
            if made:
                arrays[header], where = made
                count = counted_rows(int(where.sum()))
                found = some_rows(seen.body.source_rows[rows.kept][where])
                told = (
                    f"“{header}” is blank in {count} below a filled one, as in merged cells: "
                    "filled with the value above."
                )
                findings.append(Finding("filled-down", "warning", told, header, found))

    filled(dates)
    for header in labels:
        days = arrays[dates[0]] if len(dates) == 1 else pc.binary_join_element_wise(
            *(text_of(arrays[one]) for one in dates), "-")  # fmt: skip
        totals = date_totals(days, arrays[header], counts)
        if totals.any():
            mask = np.zeros(len(rows.kept), dtype=bool)
            mask[np.flatnonzero(rows.kept)[totals]] = True
            findings += _out(seen, rows, mask, "total-rows", "the sum of the others of its date")
            keep = pa.array(~totals)
            arrays = {name: values.filter(keep) for name, values in arrays.items()}
            counts = [numbers[~totals] for numbers in counts]
    filled([header for header in labels if header == matched.mapping.get("facility")])
    return arrays, findings


def _without_key(
    seen: Understood, build: Build, rows: _Rows, table: pd.DataFrame
) -> tuple[pd.DataFrame, list[Finding]]:
    """Set aside the rows of no stay, and those whose date cannot be read."""
    if build.match.kind == "stays":
        mask, code, why = without_stay(table), "no-stay", "no stay in this row"
    elif build.match.kind == "activity" and build.undated is not None:
        mask, code, why = build.undated, "undated-rows", "its date cannot be read"
    else:
        return table, []
    if not mask.any():
        return table, []
    places = np.zeros(len(rows.kept), dtype=bool)
    places[np.flatnonzero(rows.kept)[mask]] = True
    found = rows.out(places, why)
    numbers = some_rows(seen.body.source_rows[found])
    return table[~mask], [
        Finding(code, "warning", f"{counted_rows(len(found))} set aside: {why}.", rows=numbers)
    ]


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
    coded = {one.header for one in seen.columns if national_number(one.seen, one.header)}
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
