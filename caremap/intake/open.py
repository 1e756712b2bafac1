"""The door: a file goes in, canonical tables and findings come out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import replace
from typing import Any, TypeVar

from caremap.intake.aboutfile import all_set_aside, column_uses, file_findings, sheet_infos
from caremap.intake.choices import Choices
from caremap.intake.clean import cleaned
from caremap.intake.loaded import Loaded, SourceInfo
from caremap.intake.matching import forget
from caremap.intake.progress import READ, Progress, part, tell
from caremap.intake.reading import Sheet, Source, open_source
from caremap.intake.recall import fitting, look_again, preferred, taken_out, with_recipe
from caremap.intake.recipes import Recipe
from caremap.intake.tables import Understood, tables_of
from caremap.intake.understand import known_headers, match
from caremap.intake.within import tables_within
from caremap.problems import DataProblem

__all__ = ["open_all", "open_file"]

T = TypeVar("T")
_TABLE = re.compile(r"table \d+")
_WITHIN = ("population", "capacity", "lookup")
"""Tables that a row per facility with its place, people, staff and beds is easily taken for."""
_SEVERITY = {"error": 0, "warning": 1, "info": 2}


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
        Sheet to take, or one of several tables on a sheet by the name `Loaded.sheets` gives
        it; by default the one that holds the most telling table.
    mapping
        Field to column, to several columns that are added up, or to None for no column.
        Fields left out are matched by name and content.
    options
        ``dates``: ``"day-first"`` or ``"month-first"``; ``"repair"`` to swap day and month back
        where other columns show that they are swapped, ``"as-read"`` to confirm that they are
        right; for all date columns, or a mapping of header (or field) to these.
        ``kind``: the canonical table it is, such as ``"stays"`` or ``"activity"``.
        ``header_row``: the row of the column names, counted from 1; 0 for a table without any.
        ``keep``: a header, or several, kept although they seem to identify people.
        ``decimal``: ``"."`` or ``","``. ``encoding``, ``separator``: those of a text file.
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
    choices, opened, seen, every = _seen(source, name, sheet, options, progress, recipes)
    best, fields = seen[0], mapping or {}
    decided = fields or choices.kind or fitting(recipes, best.layout.headers)
    taken_for = best.guesses[0].kind
    within = tables_within(best) if not decided and taken_for in _WITHIN else []
    if taken_for == "capacity" and set(dict(within)) == {"facilities", "capacity"}:
        within = []  # nothing but beds is in it
    if within:
        choices, fields = replace(choices, kind=within[0][0]), within[0][1]
    return _loaded(opened, every, best, fields, choices, progress, recipes)


def _open_every(
    source: Any, name: Any, sheet: Any, mapping: Any, options: Any, progress: Any
) -> list[Loaded]:
    recipes, options = taken_out(options)
    choices, opened, seen, every = _seen(source, name, sheet, options, progress, recipes)
    known = [
        one for one in seen
        if one.guesses[0].kind != "lookup" or _looks_up(one)
        or fitting(recipes, one.layout.headers)
    ]  # fmt: skip
    chosen = known or seen[:1]
    loaded = []
    for place, one in enumerate(chosen):
        given = (mapping or {}) if one is chosen[0] else {}
        told = part(progress, place, len(chosen))
        decided = given or choices.kind or fitting(recipes, one.layout.headers)
        within = [] if decided else tables_within(one)
        loaded += [
            _loaded(opened, every, one, fields, replace(choices, kind=kind),
                    part(told, number, len(within)))
            for number, (kind, fields) in enumerate(within)
        ] or [_loaded(opened, every, one, given, choices, told, recipes)]  # fmt: skip
    return loaded


def _looks_up(seen: Understood) -> bool:
    """Whether a sheet that is no known table can be a look-up: a key and a few columns."""
    unique = any(column.seen.distinct > 0.98 and column.seen.filled > 0.98
                 for column in seen.columns)  # fmt: skip
    return unique and 2 <= len(seen.columns) <= 40 and seen.rows >= 2


def _seen(
    source: Any, name: Any, sheet: str | None, options: Any, progress: Progress | None,
    recipes: Sequence[Recipe],
) -> tuple[Choices, Source, list[Understood], list[Understood]]:  # fmt: skip
    """The tables asked for, most telling first, and all tables that were looked at."""
    choices = Choices.of(options)
    tell(progress, "Reading the file", 0.05)
    opened = open_source(source, name, encoding=choices.encoding, separator=choices.separator)
    tell(progress, "Finding the table", 0.35)
    sheets = _wanted(opened, sheet)
    decided = choices.dates.get("*")
    order = decided if decided in ("day-first", "month-first") else None
    looked = []
    for one in sheets:
        tables = tables_of(one, choices.header_row, order, opened.name)
        if recipes and choices.header_row is None:
            tables = look_again(recipes, one, tables)
        looked += tables
    opened = opened.emptied()
    found = [one for one in looked if one.rows > 0]
    if not found:
        raise _nothing(opened, looked)
    found.sort(key=lambda one: (preferred(recipes, one), -one.guesses[0].score, -one.rows))
    known_headers(found, (*choices.dates, *choices.keep))
    return choices, opened, _asked(opened, found, sheets, sheet), found


def _wanted(opened: Source, sheet: str | None) -> Sequence[Sheet]:
    """The sheets to look at: of a table of its own name, the sheet it stands on."""
    if sheet is None:
        if not opened.sheets and opened.hidden:
            raise DataProblem(
                f"“{opened.name}” has data on hidden sheets only.",
                "Unhide the sheet you want, or choose it by name.",
            )
        return opened.sheets
    every = (*opened.sheets, *opened.hidden)
    for one in every:
        if one.name == sheet:
            return [one]
    for one in every:
        if _TABLE.fullmatch(str(sheet).removeprefix(f"{one.name}, " if one.name else "")):
            return [one]
    raise _no_sheet(opened, sheet, [one.name for one in opened.sheets])


def _asked(
    opened: Source, found: list[Understood], sheets: Sequence[Sheet], sheet: str | None
) -> list[Understood]:
    """The tables that were asked for: all, or the one of that name."""
    if sheet is None or sheets[0].name == sheet:
        return found
    asked = [one for one in found if one.sheet.name == sheet]
    if not asked and len(found) == 1 and found[0].layout.header_row == 0:
        return found  # read without a header, a sheet is one table
    if not asked:
        raise _no_sheet(opened, sheet, [one.sheet.name for one in found])
    return asked


def _no_sheet(opened: Source, sheet: str, names: Sequence[str]) -> DataProblem:
    named = ", ".join(f"“{name}”" for name in names if name) or "none"
    return DataProblem(f"“{opened.name}” has no sheet “{sheet}”.", f"Its sheets: {named}.")


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
    tell(progress, "Matching columns to fields", READ)
    matched = match(seen, choices.kind, mapping, choices.keep)
    tell(progress, "Reading dates and numbers", 0.55)
    clean = cleaned(seen, matched, set(mapping), choices.dates, choices.decimal)
    tell(progress, "Done", 1.0)
    findings = [*recalled, *file_findings(opened, every, seen, matched), *clean.findings]
    return Loaded(
        kind=clean.match.kind,
        table=clean.table,
        mapping=clean.match.mapping,
        findings=tuple(sorted(findings, key=lambda one: _SEVERITY[one.severity])),
        set_aside=all_set_aside(clean.set_aside, seen, clean.match),
        columns=column_uses(seen, clean.match),
        sheets=sheet_infos(opened, every, seen, matched),
        source=SourceInfo(
            opened.name, opened.digest, opened.format, opened.size, opened.encoding,
            opened.separator, seen.sheet.name, seen.layout.header_row, seen.read,
            opened.alternatives,
        ),
    )  # fmt: skip
