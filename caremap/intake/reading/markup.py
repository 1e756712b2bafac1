"""A look through the XML of a zipped workbook, as it streams past, while the child parses it.

It finds what calamine does not tell: formulas without a stored result and error values, which
would look like blank cells, and what should not be read at all: entity declarations, a box of
cells larger than any table, parts that unpack to more than they declare.
"""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import islice

from caremap.intake.reading.archive import Archive
from caremap.intake.reading.biff import error_rows
from caremap.intake.reading.limits import Limits
from caremap.intake.reading.opendocument import SheetMarks, look_through_content
from caremap.problems import DataProblem

__all__ = ["Findings", "Look", "look_through"]

PIECE = 1 << 20
TAIL = 1 << 12
PROLOG = 1 << 16
MOST = 100_000  # cells listed per sheet

DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Every repetition stops at the next tag or is bounded: a hostile sheet must not cost more than
# its length.
ROW = re.compile(rb"""<(?:\w{1,20}:)?row\b[^<>]{0,500}?\sr=["'](\d+)""")
WIDE = re.compile(rb"""\sr=["']([A-Z]{2,3})\d""")  # columns beyond Z
# A cell with its formula and what follows up to the end of the cell.
FORMULA = re.compile(
    rb"<(?:\w{1,20}:)?c\s([^<>]{0,500})>\s{0,9}"
    rb"<(?:\w{1,20}:)?f\b(?:[^<>]{0,500}/>|[^<>]{0,500}>[^<]{0,9000}</(?:\w{1,20}:)?f>)\s{0,9}"
    rb"(?:<(?:\w{1,20}:)?v\s?/>|<(?:\w{1,20}:)?v>\s{0,9}</(?:\w{1,20}:)?v>)?\s{0,9}"
    rb"</(?:\w{1,20}:)?c>"
)
ERROR = re.compile(rb"""<(?:\w{1,20}:)?c\s((?:[^<>]{0,500}?\s)?t=["']e["'][^<>]{0,500})>""")
REFERENCE = re.compile(rb"""\br=["'][A-Z]+(\d+)["']""")
TYPED_TEXT = re.compile(rb"""\bt=["']str["']""")


BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError, RuntimeError
)  # fmt: skip


@dataclass
class Findings:
    """What one worksheet part holds beside its values, by source row."""

    uncached: list[int] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    last_row: int = 0
    columns: set[bytes] = field(default_factory=set)
    prefixed: bool = False


@dataclass
class Look:
    """What was found: by worksheet part (xlsx, xlsm), or by sheet (ods)."""

    parts: dict[str, Findings] = field(default_factory=dict)
    sheets: dict[str, SheetMarks] = field(default_factory=dict)


def look_through(archive: Archive, name: str, limits: Limits) -> Look:
    """Stream every XML part of a workbook and return what was found.

    Raises
    ------
    DataProblem
        A part declares entities, lies about its size, or spans too many cells.
    """
    look = Look()
    for entry in archive.file.infolist():
        lower = entry.filename.lower()
        if "worksheets/" in lower and lower.endswith(".bin"):
            errors = error_rows(read_part(archive.file, entry, name))
            look.parts[entry.filename] = Findings(errors=errors)
            continue
        if not lower.endswith((".xml", ".rels", ".vml")):
            continue
        sheet = "worksheets/" in lower and lower.endswith(".xml")
        findings = Findings()
        try:
            scan_part(archive.file, entry, findings if sheet else None, name)
            if archive.format == "ods" and entry.filename == "content.xml":
                look.sheets = look_through_content(archive.file, name, limits)
        except BROKEN:
            raise damaged(name) from None
        if sheet:
            refuse_far_cells(findings, name, limits)
            look.parts[entry.filename] = findings
    return look


def read_part(file: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Return a part; its size was held against the limit before."""
    try:
        return file.read(entry)
    except BROKEN:
        raise damaged(name) from None


def damaged(name: str) -> DataProblem:
    """Say that a workbook cannot be unpacked."""
    return DataProblem(
        f"“{name}” is a workbook that is cut off or damaged.",
        "Open it in a spreadsheet program, let that repair it, and save it as XLSX.",
    )


def scan_part(
    file: zipfile.ZipFile, entry: zipfile.ZipInfo, findings: Findings | None, name: str
) -> None:
    """Stream one part; where it is no worksheet only its beginning matters."""
    with file.open(entry) as part:
        text = part.read(PROLOG)
        encoding_free = text.replace(b"\x00", b"")  # UTF-16 parts exist
        if DOCTYPE.search(encoding_free):
            raise DataProblem(
                f"“{name}” declares XML entities, which no spreadsheet program does; it was not "
                "read, to be safe.",
                "Open it in a spreadsheet program and save it again.",
            )
        if findings is None:
            return
        findings.prefixed = b":worksheet" in text
        while text:
            scan(text, findings)
            # A cell cut in two by the piece's end is looked at again with the next piece.
            cut = max(text.rfind(b"<c ", -TAIL), text.rfind(b"<row", -TAIL))
            kept = text[cut:] if cut >= 0 else b""
            piece = part.read(PIECE)
            if not piece:
                return
            text = kept + piece


def scan(text: bytes, findings: Findings) -> None:
    """Look for formulas without a result, errors and the extent of one piece of a worksheet.

    Plain searches come first, so that a piece without any of it costs next to nothing.
    """
    last = ROW.findall(text, max(0, text.rfind(b"row ") - TAIL))
    findings.last_row = max([findings.last_row, *map(int, last)])
    findings.columns.update(WIDE.findall(text))
    if b"<f" in text or (findings.prefixed and b":f" in text):
        collect(FORMULA, text, findings.uncached)
    if b't="e"' in text or b"t='e'" in text:
        collect(ERROR, text, findings.errors)


def collect(pattern: re.Pattern[bytes], text: bytes, rows: list[int]) -> None:
    """Add the rows of the cells that match.

    A formula whose result is the empty text has a type (str) and an empty value: it is blank.
    """
    for match in islice(pattern.finditer(text), MOST - len(rows)):
        reference = REFERENCE.search(match.group(1))
        if reference and not TYPED_TEXT.search(match.group(1)):
            rows.append(int(reference.group(1)))


def refuse_far_cells(findings: Findings, name: str, limits: Limits) -> None:
    """Refuse cells so far apart that the box around them cannot be held."""
    width = max((column_number(letters) for letters in findings.columns), default=0)
    if findings.last_row * width > limits.cells:
        raise DataProblem(
            f"“{name}” has cells as far apart as row {findings.last_row:,} and column {width:,}; "
            f"the limit is a box of {limits.cells:,} cells.",
            "Delete the stray cells outside the table (select the rows below and the columns "
            "beside it, then delete) and save the file again.",
        )


def column_number(letters: bytes) -> int:
    """Return the number of a column, A being 1.

    Examples
    --------
    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters[:8]:
        number = number * 26 + letter - 64
    return number


COUNTS_FROM_1904 = re.compile(rb"<(?:\w+:)?workbookPr\s[^>]*date1904\s*=\s*[\"'](?:1|true)[\"']")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
ATTRIBUTE = re.compile(rb'([\w:]+)\s*=\s*"([^"]*)"')


def from_1904(archive: Archive) -> bool:
    """Whether a workbook counts its days from 1904."""
    try:
        return bool(COUNTS_FROM_1904.search(archive.file.read("xl/workbook.xml")[:PROLOG]))
    except (KeyError, zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError):
        return False


def sheet_names(archive: Archive) -> dict[str, str]:
    """Return the name of the sheet each worksheet part holds."""
    try:
        book = attributes(SHEET, archive.file.read("xl/workbook.xml"))
        relations = attributes(RELATION, archive.file.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError):
        return {}
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    names = {}
    for one in book:
        relation = next((value for key, value in one.items() if key.endswith(":id")), None)
        target = targets.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        names[path] = html.unescape(one.get("name", ""))
    return names


def attributes(pattern: re.Pattern[bytes], text: bytes) -> list[dict[str, str]]:
    """Return the attributes of every element that matches."""
    return [
        {key.decode(): value.decode("utf-8", "replace") for key, value in ATTRIBUTE.findall(found)}
        for found in pattern.findall(text)
    ]
