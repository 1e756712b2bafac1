"""What calamine does not tell of an OpenDocument spreadsheet: formulas, errors, merged cells."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from caremap.intake.reading.contents import Merged
from caremap.intake.reading.limits import Limits, too_slow

__all__ = ["SheetMarks", "look_through_content"]

PIECE = 1 << 20
# A cell with any of it is worth following all cells; cut in two by a piece's end it is not alone.
TELLING = re.compile(rb"formula=|spanned=|covered-|value-type=.error")
MOST = 100_000  # cells listed per sheet
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
VALUES = tuple(
    f"{OFFICE}{name}"
    for name in ("value", "date-value", "time-value", "boolean-value", "string-value")
)
# What stands for a result that is none; LibreOffice writes the other errors as Err:502.
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:5")


@dataclass
class SheetMarks:
    """What one sheet holds beside its values, by source row.

    Attributes
    ----------
    uncached
        Rows of formulas without a stored result.
    errors
        Rows of error values read as missing.
    numbered
        Rows (from 1) and columns (from 0) of error values stored with a number, nearly always 0.
    merged
        Merged ranges as `contents.Sheet` has them.
    """

    uncached: list[int] = field(default_factory=list)
    errors: list[int] = field(default_factory=list)
    numbered: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)


class Reader:
    """Follow tables, rows and cells; rows and cells may stand for many of them."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetMarks] = {}
        self.marks = SheetMarks()
        self.depth = 0  # of tables: one may lie within a cell
        self.row = self.column = 0
        self.repeated = 1
        self.at = 0  # the column of the formula
        self.formula: dict[str, str] | None = None
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        if not name.startswith(TABLE):
            return
        name = name[len(TABLE) :]
        if name == "table":
            self.depth += 1
            if self.depth == 1:
                self.marks = self.sheets.setdefault(
                    attributes.get(f"{TABLE}name", ""), SheetMarks()
                )
                self.row = 0
        elif self.depth != 1:
            return
        elif name == "table-row":
            self.repeated = whole(attributes.get(f"{TABLE}number-rows-repeated"))
            self.column = 0
        elif name in ("table-cell", "covered-table-cell"):
            self.cell(attributes)
            self.column += whole(attributes.get(f"{TABLE}number-columns-repeated"))

    def cell(self, attributes: dict[str, str]) -> None:
        """Note what a cell is beside its value."""
        wide = whole(attributes.get(f"{TABLE}number-columns-spanned"))
        high = whole(attributes.get(f"{TABLE}number-rows-spanned"))
        if wide * high > 1 and len(self.marks.merged) < MOST:
            last = (self.row + high - 1, self.column + wide - 1)
            self.marks.merged.append((self.row, self.column, *last))
        if f"{TABLE}formula" in attributes or f"{CALC}value-type" in attributes:
            self.formula, self.text, self.at = attributes, [], self.column

    def characters(self, text: str) -> None:
        """Keep the beginning of what a formula shows."""
        if self.formula is not None and len(self.text) < 10:
            self.text.append(text[:10])

    def end(self, name: str) -> None:
        """Close an element."""
        if not name.startswith(TABLE):
            return
        name = name[len(TABLE) :]
        if name == "table":
            self.depth -= 1
        elif self.depth != 1:
            return
        elif name == "table-row":
            self.row += self.repeated
        elif self.formula is not None:
            self.judge(self.formula, "".join(self.text))
            self.formula = None

    def judge(self, attributes: dict[str, str], shown: str) -> None:
        """Say whether a formula has a result."""
        first = self.row + 1
        error = attributes.get(f"{CALC}value-type") == "error" or shown.startswith(ERRORS)
        if error:
            rows = self.marks.errors
        elif attributes.get(f"{OFFICE}value-type") != "string" and not any(
            value in attributes for value in VALUES
        ):
            rows = self.marks.uncached
        else:
            return
        concerned = range(first, first + min(max(0, MOST - len(rows)), self.repeated))
        rows.extend(concerned)
        if error and f"{OFFICE}value" in attributes:
            self.marks.numbered.extend((row, self.at) for row in concerned)


def whole(text: str | None) -> int:
    """Return how often something is repeated."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1


def look_through_content(file: zipfile.ZipFile, name: str, limits: Limits) -> dict[str, SheetMarks]:
    """Stream content.xml and return what was found, by sheet.

    Raises
    ------
    ValueError
        It is no XML, or declares entities.
    DataProblem
        It takes too long.
    """
    if not any(TELLING.search(piece) for piece in pieces(file)):
        return {}
    reader = Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = refuse
    end = time.monotonic() + limits.seconds
    try:
        for piece in pieces(file):
            parser.Parse(piece, False)
            if time.monotonic() > end:
                raise too_slow(name, limits)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise ValueError from None  # its message may quote the text
    return reader.sheets


def pieces(file: zipfile.ZipFile) -> Iterator[bytes]:
    """Yield the content, piece by piece."""
    with file.open("content.xml") as part:
        while piece := part.read(PIECE):
            yield piece


def refuse(*_: object) -> None:
    """Take no declaration of entities; the beginning of the part was looked at before."""
    raise ValueError
