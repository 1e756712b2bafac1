"""What is said of a file and its sheets, beside what is said of its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from caremap.findings import Finding
from caremap.intake.dateparts import year_and_month, year_column
from caremap.intake.layout import dates_across
from caremap.intake.loaded import ColumnUse, SheetInfo
from caremap.intake.reading import Source
from caremap.intake.understand import Match, Understood

__all__ = ["column_uses", "file_findings", "sheet_infos"]


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
        if note.sheet in {"", seen.sheet.name}
    ]  # fmt: skip
    if seen.layout.above:
        findings.append(
            Finding("title-rows", "info", f"{len(seen.layout.above)} rows above the header (row "
                    f"{seen.layout.header_row}) are not data.", rows=seen.layout.above)
        )  # fmt: skip
    if seen.layout.header_row == 0:
        findings.append(
            Finding("no-header", "warning", "The table has no row of column names: columns are "
                    "called by their place. Match them to fields by hand.")
        )  # fmt: skip
    others = [one.sheet.name for one in every if one is not seen]
    if others:
        named = ", ".join(f"“{other}”" for other in others)
        findings.append(
            Finding("other-sheets", "info", f"Read from sheet “{seen.sheet.name}”. The file also "
                    f"has {named}.")
        )  # fmt: skip
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
                    rows=tuple(int(row.source_row) for row in ragged[:1000]))
        )  # fmt: skip
    return findings


def _why_no_page(seen: Understood) -> list[Finding]:
    """What keeps a table that looks like counts from being read as such."""
    if dates_across(seen.layout.headers):
        return [
            Finding("crosstab", "warning", "Dates or months run across the columns. CareMap needs "
                    "one row per date and place, with the date in a column of its own: unpivot "
                    "the table in a spreadsheet program, or ask for the data behind it.")
        ]  # fmt: skip
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
    known = {
        one.sheet.name: SheetInfo(
            one.sheet.name, matched.kind if one is seen else one.guesses[0].kind, one.rows
        )
        for one in every
    }
    visible = [known.get(one.name, SheetInfo(one.name, None, 0)) for one in opened.sheets]
    return (*visible, *(SheetInfo(one.name, None, 0, hidden=True) for one in opened.hidden))
