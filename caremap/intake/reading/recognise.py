"""What a file is, told from its bytes and never from its name."""

from __future__ import annotations

import re

from caremap.problems import DataProblem

__all__ = ["container", "refuse_binary", "refuse_markup"]

AS_TABLE = "Open it in the program it belongs to and save its table as CSV or XLSX."
IN_BROWSER = "Open it in a browser or a spreadsheet program and save the table as CSV or XLSX."
PICTURE = "Ask for the table behind it as CSV or XLSX; figures cannot be read from a picture."
FROM_WORD = "Copy the table into a spreadsheet program and save it as CSV or XLSX."

# First bytes, what the user calls such a file, and what to do about it.
MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", PICTURE),
    (b"\xff\xd8\xff", "a JPEG picture", PICTURE),
    (b"GIF87a", "a GIF picture", PICTURE),
    (b"GIF89a", "a GIF picture", PICTURE),
    (b"BM", "a bitmap picture", PICTURE),
    (b"II*\x00", "a TIFF picture", PICTURE),
    (b"MM\x00*", "a TIFF picture", PICTURE),
    (b"%PDF", "a PDF document", "Ask for the data behind it as CSV or XLSX."),
    (b"%!PS", "a PostScript document", "Ask for the data behind it as CSV or XLSX."),
    (b"{\\rtf", "a rich-text (RTF) document", FROM_WORD),
    (b"PAR1", "a Parquet file", AS_TABLE),
    (b"ARROW1", "an Arrow file", AS_TABLE),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table you need as CSV."),
    (b"\x00\x01\x00\x00Standard", "an Access database", "Export the table you need as CSV."),
    (b"\x89HDF", "an HDF5 file", AS_TABLE),
    (b"$FL2", "an SPSS file", "Export it from SPSS as CSV or XLSX."),
    (b"$FL3", "an SPSS file", "Export it from SPSS as CSV or XLSX."),
    (b"<stata_dta>", "a Stata file", "Export it from Stata as CSV or XLSX."),
    (b"RDX", "an R data file", "Write it from R with write.csv()."),
    (b"MZ", "a Windows program", "Choose the file that holds your table."),
    (b"\x7fELF", "a program", "Choose the file that holds your table."),
    (b"\xcf\xfa\xed\xfe", "a program", "Choose the file that holds your table."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and choose the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it and choose the file inside."),
    (b"BZh", "a bzip2 archive", "Unpack it and choose the file inside."),
    (b"\xfd7zXZ\x00", "an XZ archive", "Unpack it and choose the file inside."),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", "Unpack it and choose the file inside."),
    (b"\x09\x00\x04\x00", "a workbook of Excel 2", "Open it in Excel and save it as XLSX."),
    (b"\x09\x02\x06\x00", "a workbook of Excel 3", "Open it in Excel and save it as XLSX."),
    (b"\x09\x04\x06\x00", "a workbook of Excel 4", "Open it in Excel and save it as XLSX."),
)
# Two letters are no proof: a text may begin with them.
WEAK = (b"BM", b"MZ", b"RDX", b"PAR1", b"BZh")

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams of an OLE container (names as its directory writes them) and what they make it.
STREAMS: tuple[tuple[str, str, str], ...] = (
    ("EncryptedPackage", "password", ""),
    ("WordDocument", "a Word document", FROM_WORD),
    ("PowerPoint Document", "a PowerPoint presentation", FROM_WORD),
    ("__substg1.0_", "an Outlook message", "Save its attachment and choose that."),
)

HTML = re.compile(
    r"(?is)\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|table|meta|script|style|title|div)\b"
)
XML_WORKBOOK = re.compile(r"(?s)\s*<\?xml.*?urn:schemas-microsoft-com:office:spreadsheet")
MHTML = re.compile(r"(?i)\s*MIME-Version:\s*1\.0")
XML = re.compile(r"(?i)\s*<(?:\?xml|!doctype|!--|svg\b)")
ELEMENT = re.compile(r"\s*<[A-Za-z][\w:.-]*[\s/>]")
JSON = re.compile(r"\s*(?:\[\s*)?\{\s*(?:\"|\})")
JSON_LIST = re.compile(r"\s*\[\s*(?:\[|\"[^\"]*\"\s*[,\]])")
CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))


def container(data: bytes, name: str) -> str:
    """Return "zip", "ole", "gzip" or "text"; refuse what is plainly something else.

    Raises
    ------
    DataProblem
        The file is empty, or a picture, document, program or database.
    """
    if not data:
        raise DataProblem(
            f"“{name}” is empty (0 bytes).", "Export it again and check its size before you upload."
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(OLE):
        return ole(data, name)
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    for magic, what, hint in MAGIC:
        if data.startswith(magic) and not (magic in WEAK and looks_like_text(data)):
            raise DataProblem(f"“{name}” is {what}, not a table.", hint)
    if data[:4] == b"RIFF" or data[4:8] == b"ftyp":
        raise DataProblem(f"“{name}” is a picture, sound or film, not a table.", PICTURE)
    if data[257:262] == b"ustar":
        raise DataProblem(f"“{name}” is a TAR archive.", "Unpack it and choose the file inside.")
    return "text"


def ole(data: bytes, name: str) -> str:
    """Tell old Excel workbooks from the other documents that share their container."""
    for stream, what, hint in STREAMS:
        if stream.encode("utf-16-le") in data:
            if what == "password":
                raise DataProblem(
                    f"“{name}” is protected with a password.",
                    "Open it in Excel, remove the password under File > Info and save it again.",
                )
            raise DataProblem(f"“{name}” is {what}, not a table.", hint)
    if any(stream.encode("utf-16-le") in data for stream in ("Workbook", "Book")):
        return "ole"
    raise DataProblem(f"“{name}” is a document without a worksheet, not a table.", AS_TABLE)


def looks_like_text(data: bytes) -> bool:
    """Whether the beginning has next to no control characters."""
    sample = data[:4096]
    return len(sample.translate(None, CONTROL)) >= len(sample) * 0.99


def refuse_binary(data: bytes, name: str) -> None:
    """Refuse bytes that are no text in any encoding read here.

    A stray NUL happens in exports and is repaired; a file full of control characters is a
    program or a format unknown here.
    """
    sample = data[: 1 << 16]
    if len(sample) - len(sample.translate(None, CONTROL)) > max(8, len(sample) // 20):
        raise DataProblem(
            f"“{name}” is not a text file and not a workbook CareMap knows.",
            "CareMap reads CSV, TSV, TXT (also as GZ), XLSX, XLSM, XLS, XLSB and ODS.",
        )


def refuse_markup(start: str, end: str, name: str) -> None:
    """Refuse text that is a web page, XML or JSON; `start` and `end` are pieces of it."""
    if HTML.match(start):
        raise DataProblem(f"“{name}” is a web page (HTML), not a table.", IN_BROWSER)
    if XML_WORKBOOK.match(start):
        raise DataProblem(
            f"“{name}” is an XML spreadsheet of Excel 2003.", "Open it in Excel, save it as XLSX."
        )
    if MHTML.match(start):
        raise DataProblem(f"“{name}” is a web archive (MHTML), not a table.", IN_BROWSER)
    marked_up = ELEMENT.match(start) and end.rstrip().endswith(">") and "</" in end
    if XML.match(start) or marked_up:
        raise DataProblem(f"“{name}” is an XML document, not a table.", AS_TABLE)
    if JSON.match(start) or JSON_LIST.match(start):
        raise DataProblem(f"“{name}” is JSON, not a table.", "Export the data as CSV or XLSX.")
