"""Small workbooks for tests, written by openpyxl or by hand."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook(fill: Callable[[Any], None]) -> bytes:
    """Write a workbook with openpyxl."""
    book = openpyxl.Workbook()
    fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def of_rows(*rows: list[Any]) -> bytes:
    """Write a workbook of one sheet."""

    def fill(book: Any) -> None:
        for row in rows:
            book.active.append(row)

    return workbook(fill)


def raw(sheet: str, **parts: str) -> bytes:
    """Write a workbook around the XML of one sheet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="S &amp; T" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def sheet_xml(rows: str) -> str:
    """Wrap rows as a worksheet part."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def record(code: int, content: bytes = b"") -> bytes:
    """Write one record of the binary format of xlsb: its code, its length, its content."""
    head = bytes([code]) if code < 128 else bytes([code & 127 | 128, code >> 7])
    length = len(content)
    size = b""
    while True:
        size += bytes([length & 127 | (128 if length > 127 else 0)])
        length >>= 7
        if not length:
            return head + size + content


def wide(text: str) -> bytes:
    """Write a string of the binary format."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_workbook(rows: list[list[Any]], state: int = 0) -> bytes:
    """Write an xlsb workbook of one sheet “Stays”; state 1 is hidden, 2 very hidden.

    Cells are numbers, strings, flags, None, or an Exception for an error value.
    """
    cells = b""
    for number, row in enumerate(rows):
        cells += record(0, struct.pack("<IIH", number, 0, 300) + bytes(11))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(value, bool):
                cells += record(4, place + bytes([value]))
            elif isinstance(value, int | float):
                cells += record(5, place + struct.pack("<d", value))
            elif isinstance(value, str):
                cells += record(6, place + wide(value))
            elif isinstance(value, Exception):
                cells += record(3, place + b"\x2a")  # #N/A
    last = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    sheet = record(129) + record(148, last) + record(145) + cells + record(146) + record(130)
    bundle = record(156, struct.pack("<II", state, 1) + wide("r1") + wide("Stays"))
    book = record(131) + record(143) + bundle + record(144) + record(132)
    relations = (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/{{}}" Target="{{}}"/></Relationships>'
    )
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
            "_rels/.rels": relations.format("officeDocument", "xl/workbook.bin"),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relations.format("worksheet", "worksheets/sheet1.bin"),
            "xl/worksheets/sheet1.bin": sheet,
        }
    )


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """Write a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


NAMES = "urn:oasis:names:tc:opendocument:xmlns"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def open_document(tables: str, styles: str = "") -> bytes:
    """Write an ods workbook around its tables."""
    spaces = "".join(
        f' xmlns:{name}="{NAMES}:{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f'<office:document-content{spaces} xmlns:calcext="{CALC}">'
            f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
            "</office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def ods_table(*rows: str, name: str = "T", style: str = "") -> str:
    """Write a table of an ods workbook of its rows."""
    styled = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{styled}>{"".join(rows)}</table:table>'


def ods_row(*cells: str, repeated: int = 1) -> str:
    """Write a row of cells."""
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(cells)}</table:table-row>"


def ods_cell(shown: str = "", kind: str = "string", repeated: int = 1, **attributes: str) -> str:
    """Write a cell; attributes are given as office_value="1" for office:value."""
    said = "".join(
        f' {key.replace("__", "-").replace("_", ":", 1)}="{value}"'
        for key, value in attributes.items()
    )
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    typed = f' office:value-type="{kind}"' if kind else ""
    text = f"<text:p>{shown}</text:p>" if shown else ""
    return f"<table:table-cell{typed}{times}{said}>{text}</table:table-cell>"
