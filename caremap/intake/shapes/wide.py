"""Dates as column headers become rows: one per place and date, one column per measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from caremap.findings import Finding
from caremap.intake.cells import text_of
from caremap.intake.dateheaders import Stamp, read_levels, resolved, with_years
from caremap.intake.derive import counted_rows, some_rows
from caremap.intake.headers import unique_headers, words
from caremap.intake.matching import ACCEPT, name_score
from caremap.intake.numerals import MISSING_WORDS
from caremap.intake.profile import Profile, profile
from caremap.intake.setaside import (
    empty_rows,
    footnote_rows,
    header_rows,
    note_rows,
    total_rows,
)
from caremap.intake.shapes.long import names_measures
from caremap.intake.shapes.mend import mended
from caremap.intake.shapes.naming import counted_field, measure_of, stem, years_of
from caremap.intake.shapes.shape import Context, Shape, columns_of, rows_out, shaped_like, stacked
from caremap.intake.totals import fill_down
from caremap.schema import FIELDS

__all__ = ["dates_to_rows"]

LOOKED_AT = 24
"""Columns under dates whose values are looked at: the others are like them."""
VALUE = "Value"
HEADING = "a heading or comment inside the table"
NO_VALUE = "no value under any date"
_ACROSS = frozenset(
    "total totals sum average avg mean ytd change difference diff trend gesamt summe insgesamt "
    "durchschnitt media promedio moyenne somme suma soma totale totali median min max "
    "minimum maximum growth variance".split()
)
"""Words of a column that sums up the dates beside it."""


@dataclass(frozen=True)
class _Plan:
    """Which columns carry dates and measures, and which say what a row is."""

    ids: list[int]
    dated: list[int]
    stamps: list[Stamp]
    dates: list[str]
    left_out: list[int]


def dates_to_rows(shape: Shape, context: Context) -> Shape:
    """Return the table with a row per date where dates stand in its header, else as it is.

    Parameters
    ----------
    shape
        The table.
    context
        What is known of it beside its cells: titles, names, merged cells.
    """
    layout = shape.layout
    stamps = read_levels(layout.levels) if layout.levels else []
    stamps, odd = mended(stamps, layout.headers, context.order)
    dated = [place for place, stamp in enumerate(stamps) if stamp is not None]
    if not _enough(stamps):
        return shape
    columns = columns_of(shape)
    # Only numbers are counts: a roster has letters under its dates.
    looked = dated[:: max(1, len(dated) // LOOKED_AT)]
    if not _numeric([profile(columns[place]) for place in looked]):
        return shape
    found = [stamp for stamp in stamps if stamp is not None]
    row_years = None
    if not all(stamp.dated for stamp in found):
        titles = [*layout.titles, context.sheet, stem(context.file)]
        made = with_years(found, years_of(titles))
        row_years = None if made else _year_column(layout.headers, columns, dated, found)
        if made is None and row_years is None:
            return shape.telling(_no_year(found), unsure=True)
        found = made or found
    dates: list[str] = [stamp.text for stamp in found]
    if row_years is None:
        told = resolved(found, context.order)
        if told is None:
            return shape
        dates = told[0]
    if len({(date, words(one.rest)) for date, one in zip(dates, found, strict=True)}) < len(dates):
        return shape
    plan = _planned(layout.headers, columns, dated, found, dates)
    return _turned(shape.telling(*odd), context, columns, plan, row_years)


def _enough(stamps: Sequence[Stamp | None]) -> bool:
    """Whether dates run across: two that name their year, three that do not, and few others."""
    found = [stamp for stamp in stamps if stamp is not None]
    times = {stamp.text for stamp in found}
    sure = all(stamp.dated for stamp in found)
    measures = {words(stamp.rest) for stamp in found}
    # “Jan Adm, Jan Dis, Feb Adm, Feb Dis”: every time with every measure leaves no doubt.
    full = len(measures) > 1 and len(found) == len(times) * len(measures)
    if len(times) < (2 if sure or full else 3) or len(found) < 2 * len(measures):
        return False
    if not sure and len(found) < 0.5 * len(stamps) and len(times) < 6:
        return False
    # “Admitted Jan 2024” once and “Discharged Feb 2024” once are no series.
    return len(found) >= 0.5 * len(times) * len(measures) and len(found) >= 0.3 * len(stamps)


def _numeric(profiles: Sequence[Profile]) -> bool:
    filled = [one for one in profiles if not one.empty]
    return bool(filled) and sum(one.number >= 0.5 for one in filled) >= 0.8 * len(filled)


def _year_column(
    headers: Sequence[str], columns: Sequence[pa.Array], dated: Sequence[int],
    stamps: Sequence[Stamp],
) -> int | None:  # fmt: skip
    """The column that says the year of the months in the header, row by row."""
    if any(stamp.dated for stamp in stamps):
        return None
    for place, header in enumerate(headers):
        if place in dated or words(header) not in {
            "year", "yr", "jahr", "ano", "anno", "annee", "calendar year",
        }:  # fmt: skip
            continue
        seen = profile(columns[place])
        if seen.integer >= 0.95 and seen.low >= 1950 and seen.high <= 2100:
            return place
    return None


def _no_year(stamps: Sequence[Stamp]) -> Finding:
    kinds = " and ".join(sorted({f"{stamp.span}s" for stamp in stamps if not stamp.dated}))
    return Finding(
        "no-year", "warning",
        f"The headers name {kinds} without a year, and neither a title nor the names of sheet and "
        "file tell exactly one year that fits: the table is left as it is. Put the year into the "
        "headers or into a title above them.",
    )  # fmt: skip


def _planned(
    headers: Sequence[str], columns: Sequence[pa.Array], dated: list[int],
    stamps: list[Stamp], dates: list[str],
) -> _Plan:  # fmt: skip
    """Tell the columns that say what a row is from those that add up its numbers."""
    ids, left_out = [], []
    for place, header in enumerate(headers):
        if place in dated:
            continue
        seen = profile(columns[place])
        if seen.empty and header.startswith("Column "):
            continue
        tokens = set(words(header).split())
        flow = any(name_score(header, item) >= ACCEPT for item in FIELDS.values()
                   if item.nature == "flow")  # fmt: skip
        adds_up = bool(tokens & _ACROSS) or flow or place > dated[0]
        if seen.number > 0.5 and adds_up:
            left_out.append(place)
        else:
            ids.append(place)
    return _Plan(ids, dated, stamps, dates, left_out)


def _turned(
    shape: Shape, context: Context, columns: list[pa.Array], plan: _Plan, years: int | None
) -> Shape:
    headers = shape.layout.headers
    whole = shape
    shape, columns, kept, told = _without_notes(shape, columns, plan)
    if named := _headings(shape):
        listed = ", ".join(f"“{name}”" for name in named)
        return whole.telling(
            Finding("measures-in-rows", "warning", f"Rows inside the table name what the rows "
                    f"below them count ({listed}): it is left as it is, since those are different "
                    "things. Put what is counted into a column of its own."),
            unsure=True,
        )  # fmt: skip
    typed = [None if mask is None else mask[kept] for mask in shape.body.typed]
    rows = shape.body.source_rows[kept]
    columns, more = _filled_ids(context, columns, plan, rows, headers)
    told += more
    times = list(dict.fromkeys(plan.dates))
    measures = list(dict.fromkeys(stamp.rest for stamp in plan.stamps))
    cell = {
        (date, stamp.rest): place
        for place, date, stamp in zip(plan.dated, plan.dates, plan.stamps, strict=True)
    }
    size, wide = len(rows), len(times)
    # Rows in the order of the file, dates in the order of the header.
    order = (np.arange(size)[:, None] + size * np.arange(wide)[None, :]).ravel()
    values, masks, there = [], [], np.zeros(size * wide, dtype=bool)
    for measure in measures:
        places = [cell.get((date, measure)) for date in times]
        blank = pa.nulls(size, pa.string())
        column, mask = stacked(
            [blank if place is None else columns[place] for place in places],
            [None if place is None else typed[place] for place in places],
        )
        column = column.take(pa.array(order))
        values.append(column)
        masks.append(None if mask is None else mask[order])
        there |= ~_missing(column)
    source = np.repeat(np.arange(size), wide)[there]
    date = pa.array(times, pa.string()).take(pa.array(np.tile(np.arange(wide), size)[there]))
    if years is not None:
        year = text_of(columns[years]).take(pa.array(source))
        date = pc.replace_substring_regex(date, r"^\{year\}", "")
        date = pc.binary_join_element_wise(year, date, "")
    names, found = _measure_names(shape, context, measures, plan, headers)
    told += found
    keep = pa.array(there)
    ids = [place for place in plan.ids if place != years]
    named = unique_headers([*(headers[place] for place in ids), _date_name(plan.stamps), *names])
    told.append(_said(plan, headers, size, len(source), int((~there).sum()), measures))
    made = shaped_like(
        shape, named,
        [*(columns[place].take(pa.array(source)) for place in ids), date,
         *(column.filter(keep) for column in values)],
        [*(None if (mask := typed[place]) is None else mask[source] for place in ids), None,
         *(None if mask is None else mask[there] for mask in masks)],
        rows[source],
    )  # fmt: skip
    return made.telling(*told)


def _missing(column: pa.Array) -> Any:
    """Where a cell is blank or holds a word for “missing”."""
    blank = column.is_null().to_numpy(zero_copy_only=False)
    if not pa.types.is_string(column.type):
        return blank
    said = pc.is_in(
        pc.utf8_lower(pc.utf8_trim_whitespace(column)),
        pa.array(sorted({"", *MISSING_WORDS}), pa.string()),
    )
    return blank | pc.fill_null(said, False).to_numpy(zero_copy_only=False)


def _without_notes(
    shape: Shape, columns: list[pa.Array], plan: _Plan
) -> tuple[Shape, list[pa.Array], Any, list[Finding]]:
    """Totals, notes and repeated headers out, before each of them becomes a row per date."""
    wordy = []
    for place, column in enumerate(columns):
        seen = profile(column) if place in plan.ids else None
        wordy.append(seen is not None and not seen.empty and seen.number < 0.5
                     and pa.types.is_string(column.type))  # fmt: skip
    kept, left, told = rows_out(shape, columns, (
        (header_rows(columns, shape.layout.headers), "repeated-header", "the header repeated"),
        (total_rows(columns, wordy, False), "total-rows", "a total of other rows"),
        (footnote_rows(columns), "footnotes", "a note below the table"),
        (note_rows(columns, wordy), "notes", HEADING),
        (empty_rows([columns[place] for place in plan.dated]), "empty-rows", NO_VALUE),
    ))  # fmt: skip
    if kept.all():
        return shape, columns, kept, told
    keep = pa.array(kept)
    shape = replace(shape, left=(*shape.left, *left))
    return shape, [column.filter(keep) for column in columns], kept, told


def _headings(shape: Shape) -> list[str]:
    """Rows left out whose only cell names a count: what stands below them is another measure."""
    rows = [
        [str(cell) for cell in row if cell]
        for one in shape.left
        if one.reason in {HEADING, NO_VALUE}
        for row in zip(*one.cells.values(), strict=True)
    ]
    texts = dict.fromkeys(row[0] for row in rows if len(row) == 1)
    return [text for text in texts if counted_field(text)]


def _filled_ids(
    context: Context, columns: list[pa.Array], plan: _Plan, rows: Any, headers: Sequence[str]
) -> tuple[list[pa.Array], list[Finding]]:
    """Merged cells of the columns that say what a row is, filled from above."""
    columns, told = list(columns), []
    for place in plan.ids:
        column = columns[place]
        if not 0 < column.null_count < len(column):
            continue
        spans = [one for one in context.merged if one[1] == place and one[2] > one[0]]
        source = np.arange(len(rows))
        for top, _, bottom, _ in spans:
            inside = np.flatnonzero((rows > top) & (rows <= bottom + 1))
            if len(inside):
                source[inside] = inside[0]
        filled = column.take(pa.array(source))
        if not spans:
            others = [columns[one] for one in plan.ids if one != place
                      and columns[one].null_count == 0]  # fmt: skip
            made = fill_down(column, others, [])
            filled = made[0] if made else column
        where = column.is_null().to_numpy(zero_copy_only=False)
        where &= filled.is_valid().to_numpy(zero_copy_only=False)
        if where.any():
            columns[place] = filled
            told.append(
                Finding("filled-down", "warning", f"“{headers[place]}” is blank in "
                        f"{counted_rows(int(where.sum()))} below a filled one, as in merged "
                        "cells: filled with the value above.", headers[place],
                        some_rows(rows[where]))
            )  # fmt: skip
    return columns, told


def _date_name(stamps: Sequence[Stamp]) -> str:
    weeks = {stamp.week for stamp in stamps}
    if len(weeks) == 1 and (week := weeks.pop()):
        return week
    spans = {stamp.span for stamp in stamps}
    if len(spans) > 1:
        return "Date"
    return {"day": "Date", "week": "Week", "month": "Month", "quarter": "Period"}[spans.pop()]


def _measure_names(
    shape: Shape, context: Context, measures: list[str], plan: _Plan, headers: Sequence[str]
) -> tuple[list[str], list[Finding]]:
    """Names of the value columns; a lone one without a name is called after what it counts."""
    if measures != [""]:
        return [measure or VALUE for measure in measures], []
    if any(names_measures(headers[place]) for place in plan.ids):
        return [VALUE], []
    places = [(title, "a title above the table") for title in shape.layout.titles]
    places += [(context.sheet, "the name of the sheet"), (stem(context.file), "the file’s name")]
    if named := measure_of(places):
        name, where = named
        return [name], [
            Finding("named-after", "warning", f"The numbers have no name of their own: they are "
                    f"called “{name}” after {where}. Check that this is what they count.", name)
        ]  # fmt: skip
    return [VALUE], [
        Finding("unnamed-values", "warning", "Nothing says what the numbers under the dates "
                f"count: they are called “{VALUE}”. Say so by matching that column by hand.", VALUE)
    ]  # fmt: skip


def _said(
    plan: _Plan, headers: Sequence[str], rows: int, made: int, blank: int, measures: list[str]
) -> Finding:
    spans = sorted({stamp.span for stamp in plan.stamps})
    count = len(set(plan.dates))
    what = f"{count:,} {spans[0]}s" if len(spans) == 1 else f"{count:,} dates"
    text = (
        f"{what} stood as column headers: {counted_rows(rows)} with {len(plan.dated):,} such "
        f"columns became {counted_rows(made)}, one per {spans[0] if len(spans) == 1 else 'date'}"
    )
    if len(measures) > 1:
        text += ", with a column each for " + ", ".join(f"“{one or VALUE}”" for one in measures)
    text += "."
    if blank:
        text += f" {'1 blank' if blank == 1 else f'{blank:,} blanks'} gave no row."
    if plan.left_out:
        named = ", ".join(f"“{headers[place]}”" for place in plan.left_out)
        text += f" Left out, since they are no figure of one date: {named}."
    return Finding("dates-to-rows", "info", text)
