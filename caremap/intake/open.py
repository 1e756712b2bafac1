"""The door: a file goes in, canonical tables and findings come out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from caremap.findings import Finding
from caremap.intake.clean import cleaned
from caremap.intake.dateparts import year_and_month, year_column
from caremap.intake.dates import DateOrder
from caremap.intake.layout import dates_across
from caremap.intake.loaded import ColumnUse, Loaded, SheetInfo, SourceInfo
from caremap.intake.matching import forget
from caremap.intake.numerals import Mark
from caremap.intake.reading import Sheet, Source, open_source
from caremap.intake.recall import fitting, look_again, preferred, taken_out, with_recipe
from caremap.intake.recipes import Recipe
from caremap.intake.understand import Match, Understood, known_headers, look_at, match
from caremap.problems import DataProblem
from caremap.schema import TABLES, Kind

__all__ = ["Choices", "open_all", "open_file"]

T = TypeVar("T")
Progress = Callable[[str, float], None]
_SEVERITY = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Choices:
    """What a caller may decide instead of intake, from ``options``.

    Attributes
    ----------
    dates
        ``day-first`` or ``month-first`` for all date columns, or a mapping of header to it.
    kind
        The table the sheet is.
    header_row
        The row of the header, counted from 1.
    keep
        Headers kept although they seem to identify people.
    decimal
        ``.`` or ``,``.
    encoding, separator
        Of a text file.
    """

    dates: dict[str, DateOrder] = field(default_factory=dict)
    kind: Kind | None = None
    header_row: int | None = None
    keep: tuple[str, ...] = ()
    decimal: Mark | None = None
    encoding: str | None = None
    separator: str | None = None

    @classmethod
    def of(cls, options: AnyMapping[str, Any] | None) -> Choices:
        """Check options and return them as choices.

        Raises
        ------
        DataProblem
            An option or its value is unknown.
        """
        given = dict(options or {})
        known = set(cls.__dataclass_fields__)
        for name in given:
            if name not in known:
                raise DataProblem(
                    f"There is no option “{name}”.", f"Options are: {', '.join(sorted(known))}."
                )
        dates = given.pop("dates", None) or {}
        dates = {"*": dates} if isinstance(dates, str) else dict(dates)
        if not set(dates.values()) <= {"day-first", "month-first"}:
            raise DataProblem("The order of dates is unknown.", "Use day-first or month-first.")
        if given.get("kind") not in {None, *TABLES}:
            raise DataProblem("That kind of table is unknown.", f"Kinds: {', '.join(TABLES)}.")
        if given.get("decimal") not in {None, ".", ","}:
            raise DataProblem("The decimal mark is unknown.", "Use . or ,")
        row = given.get("header_row")
        if row is not None and (not isinstance(row, int) or row < 1):
            raise DataProblem("The header row is not a row number.", "Rows count from 1.")
        keep = given.get("keep") or ()
        given["keep"] = (keep,) if isinstance(keep, str) else tuple(keep)
        return cls(dates=dates, **given)


def open_file(
    source: str | os.PathLike[str] | bytes,
    name: str | None = None,
    sheet: str | None = None,
    mapping: AnyMapping[str, str | Sequence[str] | None] | None = None,
    options: AnyMapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Loaded:
    r"""Open the best-fitting table of a file.

    Parameters
    ----------
    source
        Path of a csv, tsv, txt (gzipped or not), xlsx, xlsm, xls, xlsb or ods file, or its
        bytes.
    name
        File name, where ``source`` is bytes.
    sheet
        Sheet to take; by default the one that holds the most telling table.
    mapping
        Field to column, to several columns that are added up, or to None for no column.
        Fields left out are matched by name and content.
    options
        ``dates``: ``"day-first"``, ``"month-first"`` or a mapping of header to these;
        ``kind``; ``header_row``; ``keep``; ``decimal``; ``encoding``; ``separator``;
        ``recipe``: choices saved earlier (see `caremap.intake.recipes`), or several, of which the
        first that fits the layout is used. What is given here otherwise wins over them.
    progress
        Called with a stage in words and the share done, 0 to 1.

    Returns
    -------
    Loaded
        Kind, canonical table, mapping, findings, rows set aside, sheets and source.

    Raises
    ------
    DataProblem
        The file, or a choice, cannot be used; nothing else is raised.

    Examples
    --------
    >>> text = "Ward,Admission Date,Discharge Date,Cost\nA,2024-04-01,2024-04-03,100\n"
    >>> loaded = open_file(text.encode(), name="april.csv")
    >>> loaded.kind, float(loaded.table["length_of_stay"].iloc[0])
    ('stays', 2.0)
    """
    return _guarded(lambda: _open_one(source, name, sheet, mapping, options, progress))


def open_all(
    source: str | os.PathLike[str] | bytes,
    name: str | None = None,
    sheet: str | None = None,
    mapping: AnyMapping[str, str | Sequence[str] | None] | None = None,
    options: AnyMapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> list[Loaded]:
    r"""Open every table a file holds, the best-fitting first.

    Sheets whose table fits none of the kinds are left out where another sheet fits. See
    `open_file` for the parameters; ``mapping`` applies to the best-fitting table only.

    Examples
    --------
    >>> [item.kind for item in open_all(b"zip,population\n98101,12000\n98102,21000\n")]
    ['population']
    """
    return _guarded(lambda: _open_every(source, name, sheet, mapping, options, progress))


def _guarded(work: Callable[[], T]) -> T:
    """Let nothing but a DataProblem out: a traceback could show what a cell holds."""
    try:
        return work()
    except DataProblem:
        raise
    except MemoryError:
        raise DataProblem(
            "The file is too large for the memory of this machine.",
            "Split it by year, or drop columns that are not needed.",
        ) from None
    except Exception as problem:
        kind = type(problem).__name__
        raise DataProblem(
            f"The file could not be understood ({kind}).",
            "Save it again as CSV or XLSX; if it happens again, report it with the file’s layout.",
        ) from None
    finally:
        forget()


def _open_one(
    source: Any, name: Any, sheet: Any, mapping: Any, options: Any, progress: Any
) -> Loaded:
    recipes, options = taken_out(options)
    choices, opened, seen = _seen(source, name, sheet, options, progress, recipes)
    return _loaded(opened, seen, seen[0], mapping or {}, choices, progress, recipes)


def _open_every(
    source: Any, name: Any, sheet: Any, mapping: Any, options: Any, progress: Any
) -> list[Loaded]:
    recipes, options = taken_out(options)
    choices, opened, seen = _seen(source, name, sheet, options, progress, recipes)
    known = [
        one for one in seen
        if one.guesses[0].kind != "lookup" or _looks_up(one)
        or fitting(recipes, one.layout.headers)
    ]  # fmt: skip
    chosen = known or seen[:1]
    return [
        _loaded(opened, seen, one, (mapping or {}) if one is chosen[0] else {}, choices, progress,
                recipes)
        for one in chosen
    ]  # fmt: skip


def _looks_up(seen: Understood) -> bool:
    """Whether a sheet that is no known table can be a look-up: a key and a few columns."""
    unique = any(column.seen.distinct > 0.98 and column.seen.filled > 0.98
                 for column in seen.columns)  # fmt: skip
    return unique and 2 <= len(seen.columns) <= 40 and seen.rows >= 2


def _seen(
    source: Any, name: Any, sheet: str | None, options: Any, progress: Progress | None,
    recipes: Sequence[Recipe],
) -> tuple[Choices, Source, list[Understood]]:  # fmt: skip
    """The sheets of a file, most telling first."""
    choices = Choices.of(options)
    _tell(progress, "Reading the file", 0.05)
    opened = open_source(source, name, encoding=choices.encoding, separator=choices.separator)
    _tell(progress, "Finding the table", 0.35)
    sheets = _wanted(opened, sheet)
    looked = [look_at(one, choices.header_row) for one in sheets]
    if recipes and choices.header_row is None:
        looked = [look_again(recipes, *pair) for pair in zip(sheets, looked, strict=True)]
    found = [one for one in looked if one is not None and one.rows > 0]
    if not found:
        raise _nothing(opened, [one for one in looked if one is not None])
    found.sort(key=lambda one: (preferred(recipes, one), -one.guesses[0].score, -one.rows))
    known_headers(found, (*choices.dates, *choices.keep))
    return choices, opened, found


def _wanted(opened: Source, sheet: str | None) -> Sequence[Sheet]:
    if sheet is None:
        if not opened.sheets and opened.hidden:
            raise DataProblem(
                f"“{opened.name}” has data on hidden sheets only.",
                "Unhide the sheet you want, or choose it by name.",
            )
        return opened.sheets
    for one in (*opened.sheets, *opened.hidden):
        if one.name == sheet:
            return [one]
    names = ", ".join(f"“{one.name}”" for one in opened.sheets) or "none"
    raise DataProblem(f"“{opened.name}” has no sheet “{sheet}”.", f"Its sheets: {names}.")


def _nothing(opened: Source, headers: Sequence[Understood]) -> DataProblem:
    if headers:
        row = headers[0].layout.header_row
        return DataProblem(
            f"“{opened.name}” has column names in row {row} and no rows below them.",
            "Export it again with its data, or choose another header row.",
        )
    return DataProblem(
        f"“{opened.name}” holds no table.", "Upload a file with a header row and data below it."
    )


def _loaded(
    opened: Source,
    every: Sequence[Understood],
    seen: Understood,
    mapping: AnyMapping[str, str | Sequence[str] | None],
    choices: Choices,
    progress: Progress | None,
    recipes: Sequence[Recipe] = (),
) -> Loaded:
    mapping, choices, recalled = with_recipe(recipes, every, seen, mapping, choices)
    _tell(progress, "Matching columns to fields", 0.45)
    matched = match(seen, choices.kind, mapping, choices.keep)
    _tell(progress, "Reading dates and numbers", 0.55)
    clean = cleaned(seen, matched, set(mapping), choices.dates, choices.decimal)
    _tell(progress, "Done", 1.0)
    findings = [*recalled, *_of_file(opened, every, seen, matched), *clean.findings]
    return Loaded(
        kind=clean.match.kind,
        table=clean.table,
        mapping=clean.match.mapping,
        findings=tuple(sorted(findings, key=lambda one: _SEVERITY[one.severity])),
        set_aside=clean.set_aside,
        columns=_columns(seen, clean.match),
        sheets=_sheets(opened, every, seen, matched),
        source=SourceInfo(
            opened.name, opened.digest, opened.format, opened.size, opened.encoding,
            opened.separator, seen.sheet.name, seen.layout.header_row, seen.rows,
            opened.alternatives,
        ),
    )  # fmt: skip


def _of_file(
    opened: Source, every: Sequence[Understood], seen: Understood, matched: Match
) -> list[Finding]:
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


def _columns(seen: Understood, matched: Match) -> tuple[ColumnUse, ...]:
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


def _sheets(
    opened: Source, every: Sequence[Understood], seen: Understood, matched: Match
) -> tuple[SheetInfo, ...]:
    known = {
        one.sheet.name: SheetInfo(
            one.sheet.name, matched.kind if one is seen else one.guesses[0].kind, one.rows
        )
        for one in every
    }
    visible = [known.get(one.name, SheetInfo(one.name, None, 0)) for one in opened.sheets]
    return (*visible, *(SheetInfo(one.name, None, 0, hidden=True) for one in opened.hidden))


def _tell(progress: Progress | None, stage: str, done: float) -> None:
    if progress is not None:
        progress(stage, done)
