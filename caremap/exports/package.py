"""A workbook as bytes: openpyxl writes all but the rows, which are streamed into the archive.

openpyxl keeps each sheet in a temporary file while it writes; what people upload is not to
reach the disk. Its cells also cost five times the time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from caremap.exports.cells import printable

if TYPE_CHECKING:
    from _typeshed import SizedBuffer

__all__ = ["Rows", "packed"]

Rows = Iterator[str]
"""The rows of a sheet as XML, in pieces."""

_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*</sheetData>", re.DOTALL)
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the first a zip archive can tell


def packed(book: Workbook, rows: Mapping[str, Rows], alts: Mapping[str, str]) -> bytes:
    """Return a workbook as bytes, the same for the same content.

    Parameters
    ----------
    book
        Sheets without rows.
    rows
        The rows of every sheet, by its title.
    alts
        What the charts of a sheet show, in words, by its title.
    """
    book.properties.creator = "CareMap"
    book.properties.created = book.properties.modified = datetime(*_NO_TIME)
    data = io.BytesIO()
    with _Timeless(data, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive, rows, alts).write_data()
    return data.getvalue()


class _Timeless(zipfile.ZipFile):
    """An archive that notes no time and no machine."""

    def writestr(  # what openpyxl calls
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: SizedBuffer | str,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        entry = zinfo_or_arcname
        if isinstance(entry, str):
            entry = part(entry)
        super().writestr(entry, data, compress_type, compresslevel)


def part(name: str) -> zipfile.ZipInfo:
    """Return the entry of a part of the workbook: without time and system."""
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
    return entry


class _Writer(ExcelWriter):
    """Puts our rows where openpyxl would put its own."""

    def __init__(
        self,
        book: Workbook,
        archive: _Timeless,
        rows: Mapping[str, Rows],
        alts: Mapping[str, str],
    ) -> None:
        super().__init__(book, archive)
        self._parts, self._rows, self._alts = archive, rows, alts

    def write_worksheet(self, ws: Worksheet) -> None:
        around = io.BytesIO()
        sheet, writer = cast("Any", ws), cast("Any", WorksheetWriter(ws, around))
        writer.write()
        sheet._drawing = _drawing(sheet, self._alts.get(ws.title, ""))
        sheet._rels = writer._rels
        before, after = _DATA.split(around.getvalue(), maxsplit=1)
        with self._parts.open(part(ws.path.lstrip("/")), "w") as file:
            file.write(before + b"<sheetData>")
            for piece in self._rows[ws.title]:
                file.write(piece.encode())
            file.write(b"</sheetData>" + after)
        self.manifest.append(ws)


def _drawing(sheet: Any, alt: str) -> Any:
    """Return the charts of a sheet, with words for those who cannot see them."""
    drawing: Any = SpreadsheetDrawing()
    drawing.charts = sheet._charts
    framed = drawing._chart_frame

    def described(number: int) -> Any:
        frame = framed(number)
        frame.nvGraphicFramePr.cNvPr.descr = printable(alt) or None
        return frame

    drawing._chart_frame = described
    return drawing
