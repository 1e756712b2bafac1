"""Open a workbook: checks first, then a child process that may die, then its sheets."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from caremap.intake.reading import archive as zipped
from caremap.intake.reading import markup
from caremap.intake.reading.contents import Note, Sheet, Source
from caremap.intake.reading.limits import Limits, amount, too_slow
from caremap.intake.reading.unpack import ChildError, RawSheet, blanked, unpack
from caremap.intake.reading.wording import count, legible, shown
from caremap.intake.reading.worksheet import WorkbookSheet
from caremap.problems import DataProblem

__all__ = ["open_workbook"]

CHILD = Path(__file__).with_name("child.py")
NOTE_ROWS = 1000
CALCULATE = " Open the file in a spreadsheet program and save it, so that it is calculated."


def open_workbook(data: bytes, name: str, what: str, limits: Limits) -> Source:
    """Open `data` as a workbook.

    Raises
    ------
    DataProblem
        It is no workbook, damaged, protected, or too large to parse safely.
    """
    archive = zipped.inspect(data, name, limits) if what == "zip" else None
    raw, look = parse(data, archive, name, limits)
    for one in raw:
        if marks := look.sheets.get(one.name):
            one.merged = one.merged or tuple(marks.merged)
            one.chunks = blanked(one.chunks, marks.numbered, one.left)
    late = archive is not None and markup.from_1904(archive)
    notes, sheets, hidden = sort_out(raw, late)
    if archive is not None:
        notes += cell_notes(archive, raw, look)
    if not sheets and not hidden:
        raise DataProblem(
            f"“{name}” is a workbook without any filled cell.", "Choose the file with the table."
        )
    return Source(
        name=name,
        format=archive.format if archive else "xls",
        digest="",
        size=0,
        encoding=None,
        separator=None,
        notes=tuple(notes),
        sheets=sheets,
        hidden=hidden,
    )


def parse(
    data: bytes, archive: zipped.Archive | None, name: str, limits: Limits
) -> tuple[list[RawSheet], markup.Look]:
    """Let the child parse while the XML is looked through; the look has the last word."""
    child = start(limits, name, archive.format if archive else "xls")
    if archive is None:
        return unpack_or_say(talk(child, data, name, limits), child, name, limits), markup.Look()

    def look() -> markup.Look:
        try:
            return markup.look_through(archive, name, limits)
        except BaseException:
            child.kill()
            raise

    with ThreadPoolExecutor(1) as pool:
        looking: Future[markup.Look] = pool.submit(look)
        try:
            output = talk(child, data, name, limits)
        except DataProblem:
            looking.result()
            raise
        findings = looking.result()
    return unpack_or_say(output, child, name, limits), findings


def start(limits: Limits, name: str, format_: str) -> subprocess.Popen[bytes]:
    """Start the child: an isolated interpreter that sees calamine and the standard library."""
    spec = importlib.util.find_spec("python_calamine")
    if spec is None or not spec.origin or not sys.executable:
        raise DataProblem(
            f"“{name}” is a workbook, and workbooks cannot be read on this installation.",
            "Save the sheet you need as CSV and upload that.",
        )
    command = [sys.executable, "-I", "-S", "-B", str(CHILD), str(Path(spec.origin).parents[1])]
    bounds = (limits.memory, limits.unpacked_bytes, round(limits.seconds) + 1, limits.cells)
    return subprocess.Popen(
        [*command, *map(str, bounds), format_],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # may quote the file
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def talk(child: subprocess.Popen[bytes], data: bytes, name: str, limits: Limits) -> bytes:
    """Give the child its workbook and return what it writes, within the time it has."""
    try:
        output, _ = child.communicate(data, timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise too_slow(name, limits) from None
    except BaseException:
        child.kill()
        child.wait()
        raise
    return output


def unpack_or_say(
    output: bytes, child: subprocess.Popen[bytes], name: str, limits: Limits
) -> list[RawSheet]:
    """Read the child's frames, or say in words why there are none."""
    try:
        return unpack(output)
    except ChildError as failed:
        code = failed.code
    except (ValueError, KeyError, IndexError, TypeError):  # no frame of ours
        code = "cut off"
    if code == "password":
        raise DataProblem(
            f"“{name}” is protected with a password.", "Remove the password and save it again."
        )
    if code == "cells":
        raise DataProblem(
            f"“{name}” has cells so far apart that the box around them exceeds "
            f"{limits.cells:,} cells, the limit.",
            "Delete the stray cells outside the table and save the file again.",
        )
    if code in ("memory", "output") or child.returncode != 0:
        raise DataProblem(
            f"“{name}” needs more memory than one workbook may use ({amount(limits.memory)}).",
            "Delete stray cells far outside the table, or save the sheet you need as CSV.",
        )
    raise DataProblem(
        f"“{name}” is a workbook that is damaged or written in an unusual way.",
        "Open it in a spreadsheet program and save it again as XLSX, or as CSV.",
    )


def sort_out(
    raw: list[RawSheet], from_1904: bool = False
) -> tuple[list[Note], tuple[Sheet, ...], tuple[Sheet, ...]]:
    """Separate visible from hidden sheets and say what was left out."""
    notes: list[Note] = []
    sheets: list[Sheet] = []
    hidden: list[Sheet] = []
    for one in raw:
        if one.type != "WorkSheet":
            left_out = f"“{shown(one.name)}” is no worksheet (a chart or macro); it was left out."
            notes.append(Note("chart_sheet", left_out, sheet=one.name))
        elif one.chunks:
            sheet = WorkbookSheet(
                legible(one.name), one.left, tuple(one.chunks), one.merged, from_1904
            )
            (sheets if one.visible else hidden).append(sheet)
    if hidden:
        names = ", ".join(f"“{shown(sheet.name)}”" for sheet in hidden)
        notes.append(Note("hidden_sheets", f"Hidden and not used: {names}. Choose one to read it."))
    return notes, tuple(sheets), tuple(hidden)


def cell_notes(archive: zipped.Archive, raw: list[RawSheet], look: markup.Look) -> list[Note]:
    """Say which blank-looking cells are formulas never calculated, or errors."""
    names = markup.sheet_names(archive) if look.parts else {}
    found = [
        (legible(names.get(part, "")), one.uncached, one.errors) for part, one in look.parts.items()
    ]
    found += [(legible(sheet), one.uncached, one.errors) for sheet, one in look.sheets.items()]
    notes: list[Note] = []
    for sheet, uncached, errors in found:
        where = f" on sheet “{shown(sheet)}”" if sheet and len(raw) > 1 else ""
        for code, rows, what, advice in (
            ("not_calculated", uncached, "a formula without a stored result", CALCULATE),
            ("error_values", errors, "an error value such as #N/A or #DIV/0!", ""),
        ):
            if rows:
                notes.append(
                    Note(
                        code,
                        f"{count(len(rows), 'cell')}{where} with {what}: read as missing, which "
                        f"is not the same as blank.{advice}",
                        tuple(dict.fromkeys(rows))[:NOTE_ROWS],
                        sheet,
                    )
                )
    return notes
