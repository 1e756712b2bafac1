"""What is said of a file and its sheets, beside what is said of its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.intake.dateparts import financial_findings, year_and_month, year_column
from caremap.intake.derive import counted_rows, some_rows
from caremap.intake.layout import dates_across
from caremap.intake.loaded import ColumnUse, SheetInfo
from caremap.intake.postal import postal_findings
from caremap.intake.reading import Source
from caremap.intake.shapes import base_name
from caremap.intake.tables import Understood
from caremap.intake.understand import Match

__all__ = ["all_set_aside", "column_uses", "file_findings", "sheet_infos"]


def file_findings(
    opened: Source, every: Sequence[Understood], seen: Understood, matched: Match
) -> list[Finding]:
    """Return what is to be said of a file and of where its table stands.

    Parameters
    ----------
    opened, every
        The file and all its tables.
    seen, matched
        The table in question and its match.
    """
    findings = [
        Finding(note.code.replace("_", "-"), _NOTES.get(note.code, "info"), note.message,
                rows=note.rows)
        for note in opened.notes
        if note.sheet in {"", base_name(seen.sheet)}
    ]  # fmt: skip
    findings += seen.told
    if seen.layout.above:
        findings.append(
            Finding("title-rows", "info", f"{counted_rows(len(seen.layout.above))} above the "
                    f"header (row {seen.layout.header_row}): no data.", rows=seen.layout.above)
        )  # fmt: skip
    if seen.layout.header_row == 0:
        findings.append(
            Finding("no-header", "warning", "The table has no row of column names: columns are "
                    "called by their place. Match them to fields by hand.")
        )  # fmt: skip
    findings += postal_findings(matched.kind, matched.mapping)
    findings += _others(every, seen)
    if matched.kind == "lookup":
        findings.append(
            Finding("no-page", "warning", "This table fits none of the kinds CareMap computes "
                    "from. It is kept as a look-up; if it is a table of stays or counts, say so "
                    "and match its columns by hand.")
        )  # fmt: skip
        findings += _why_no_page(seen)
    # A single cell is a note below the table, listed as such.
    ragged = [row for row in seen.body.ragged if row.found > 1]
    if ragged:
        few = sum(1 for row in ragged if row.found < row.expected)
        rows = "1 row" if len(ragged) == 1 else f"{len(ragged):,} rows"
        findings.append(
            Finding("ragged-rows", "warning", f"{rows} without the {seen.body.width} cells of "
                    f"the header ({few:,} with fewer): missing cells are empty, surplus cells are "
                    "ignored.",
                    rows=some_rows([row.source_row for row in ragged]))
        )  # fmt: skip
    return findings


def _others(every: Sequence[Understood], seen: Understood) -> list[Finding]:
    """The other sheets of the file, and the other tables of the sheet."""
    found = []
    sheet = base_name(seen.sheet)
    others = dict.fromkeys(base_name(one.sheet) for one in every)
    if len(others) > 1:
        named = ", ".join(f"“{other}”" for other in others if other != sheet)
        found.append(
            Finding("other-sheets", "info", f"Read from sheet “{sheet}”. The file also "
                    f"has {named}.")
        )  # fmt: skip
    beside = [one for one in every if one is not seen and base_name(one.sheet) == sheet]
    if beside:
        named = ", ".join(f"“{one.sheet.name}” ({counted_rows(one.read)})" for one in beside)
        where = f"Sheet “{sheet}”" if sheet else "The file"
        found.append(
            Finding("several-tables", "warning", f"{where} holds {len(beside) + 1:,} tables. This "
                    f"is “{seen.sheet.name}”; not in it: {named}.")
        )  # fmt: skip
    return found


def all_set_aside(listed: pd.DataFrame, seen: Understood, matched: Match) -> pd.DataFrame:
    """Return the rows set aside, those left out while the table was brought into shape too.

    Parameters
    ----------
    listed
        The rows set aside from the table in shape.
    seen, matched
        The table and its match.
    """
    if not seen.left:
        return listed
    frames = [
        pd.DataFrame(
            {"source row": np.array(one.rows, dtype="int64"), "reason": one.reason}
            | {name: cells for name, cells in one.cells.items() if name not in matched.personal}
        )
        for one in seen.left
    ]
    frames += [listed] if len(listed) else []
    return pd.concat(frames, ignore_index=True).sort_values("source row", ignore_index=True)


def _why_no_page(seen: Understood) -> list[Finding]:
    """What keeps a table that looks like counts from being read as such."""
    if dates_across(seen.layout.headers):
        return [
            Finding("crosstab", "warning", "Dates or months run across the columns. CareMap needs "
                    "one row per date and place, with the date in a column of its own: unpivot "
                    "the table in a spreadsheet program, or ask for the data behind it.")
        ]  # fmt: skip
    if financial := financial_findings(seen.columns):
        return financial
    year = year_column(seen.columns)
    if year and not year_and_month(seen.columns):
        return [
            Finding("years-only", "warning", f"“{year}” holds years: counts per year are too "
                    "coarse for month to date, trends and forecasts. Ask for counts per day, "
                    "week or month.", year)
        ]  # fmt: skip
    return []


_NOTES: dict[str, Any] = {
    "encoding_guessed": "warning",
    "encoding_mixed": "warning",
    "encoding_damaged": "warning",
    "nul_removed": "warning",
    "fixed_width": "warning",
    "quotes_mended": "warning",
    "not_calculated": "warning",
    "error_values": "warning",
    "hidden_sheets": "info",
}


def column_uses(seen: Understood, matched: Match) -> tuple[ColumnUse, ...]:
    """Return what became of each column of a table."""
    by_column: dict[str, str] = {}
    for name, value in matched.mapping.items():
        for header in [value] if isinstance(value, str) else value:
            by_column[header] = name
    by_column |= dict.fromkeys(matched.resources, "staff" if matched.kind == "staff" else "units")
    uses = []
    for header in seen.layout.headers:
        others = tuple(
            pair.field for pair in matched.candidates
            if pair.column == header and pair.field != by_column.get(header)
        )  # fmt: skip
        why = matched.personal.get(header, "")
        uses.append(ColumnUse(header, by_column.get(header), not why, why, others))
    return tuple(uses)


def sheet_infos(
    opened: Source, every: Sequence[Understood], seen: Understood, matched: Match
) -> tuple[SheetInfo, ...]:
    """Return all sheets of a file and what each seems to hold."""
    known: dict[str, list[SheetInfo]] = {}
    for one in sorted(every, key=lambda one: one.sheet.name):
        kind = matched.kind if one is seen else one.guesses[0].kind
        known.setdefault(base_name(one.sheet), []).append(SheetInfo(one.sheet.name, kind, one.read))
    visible = [
        info
        for sheet in opened.sheets
        for info in known.get(sheet.name, [SheetInfo(sheet.name, None, 0)])
    ]
    return (*visible, *(SheetInfo(one.name, None, 0, hidden=True) for one in opened.hidden))
