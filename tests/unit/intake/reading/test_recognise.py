"""What a file is, whatever it is called, in words that help."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from caremap.intake.reading import Limits, open_source
from caremap.problems import DataProblem

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*names: str) -> bytes:
    """Make a zip file with parts of these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


REFUSED = {
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG picture"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(200), "JPEG picture"),
    "gif": (b"GIF89a" + bytes(200), "GIF picture"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "PDF document"),
    "html": (b"<html><table><tr><td>Patient ID</td></tr></table></html>", "web page"),
    "html with doctype": (b"\n <!DOCTYPE html>\n<html>", "web page"),
    "html after comment": (b"<!-- x --><html><body>", "web page"),
    "html in utf-16": ("\ufeff<html><body>Patienten".encode("utf-16-le"), "web page"),
    "table only": (b"<table><tr><td>1</td></tr></table>", "web page"),
    "web archive": (b"MIME-Version: 1.0\nContent-Type: multipart/related", "web archive"),
    "xml": (b'<?xml version="1.0"?><a><b>1</b></a>', "XML document"),
    "xml without prolog": (b"<rows><row>1</row></rows>\n", "XML document"),
    "excel 2003 xml": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "Excel 2003",
    ),
    "json": (b'[{"patient": 1}, {"patient": 2}]', "JSON"),
    "json lines": (b'{"patient": 1}\n{"patient": 2}\n', "JSON"),
    "rtf": (b"{\\rtf1\\ansi Hello}", "rich-text"),
    "parquet": (b"PAR1" + bytes(20) + b"PAR1", "Parquet"),
    "sqlite": (b"SQLite format 3\x00" + bytes(100), "SQLite"),
    "program": (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "Windows program"),
    "elf": (b"\x7fELF\x02\x01" + bytes(200), "program"),
    "unknown binary": (bytes(range(256)) * 8, "not a text file"),
    "word": (zipped("[Content_Types].xml", "word/document.xml"), "Word document"),
    "powerpoint": (zipped("[Content_Types].xml", "ppt/x.xml"), "PowerPoint"),
    "zip of csv": (zipped("a.csv", "b.csv"), "ZIP archive of 2 files"),
    "cut zip": (zipped("[Content_Types].xml", "xl/workbook.xml")[:-30], "cut off or damaged"),
    "old word": (OLE + "WordDocument".encode("utf-16-le") + bytes(64), "Word document"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le") + bytes(64), "password"),
    "empty": (b"", "empty (0 bytes)"),
    "blank lines": (b"\n\n \t\r\n;;;\n", "only blank lines"),
    "gz of a picture": (gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(99)), "PNG picture"),
    "gz of a workbook": (gzip.compress(zipped("[Content_Types].xml", "xl/a")), "something else"),
    "gz cut off": (gzip.compress(b"a,b\n" * 99)[:-20], "cut off or damaged"),
    "gz damaged": (b"\x1f\x8b\x08\x00garbage", "cut off or damaged"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_named_and_comes_with_advice(case: str) -> None:
    data, words = REFUSED[case]
    with pytest.raises(DataProblem) as caught:
        open_source(data, "report.csv")
    assert words in caught.value.message
    assert "“report.csv”" in caught.value.message
    assert caught.value.hint.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "BMI,Age\n21,40\n",
        "MZ,Age\n21,40\n",
        "<b>ID</b>,=1+1\n1,2\n",
        "[ID],[Name]\n1,x\n",
        "[70-80),5\n[80-90),6\n",
        "%,Age\n1,2\n",
    ],
)
def test_a_table_that_begins_like_something_else_is_still_a_table(text: str) -> None:
    assert open_source(text.encode()).sheets[0].head() == [
        line.split(",") for line in text.splitlines()
    ]


def test_gz_is_unpacked_and_said_so() -> None:
    opened = open_source(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n"), "x.csv.gz")
    assert opened.format == "csv"
    assert [note.code for note in opened.notes] == ["unpacked"]
    assert opened.sheets[0].head() == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_a_gz_bomb_is_not_unpacked_beyond_the_limit() -> None:
    bomb = gzip.compress(b"0" * 5_000_000)
    with pytest.raises(DataProblem, match="more than 1 MB"):
        open_source(bomb, "x.csv.gz", limits=Limits(file_bytes=2**20))


def test_a_file_over_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(DataProblem, match="the limit is 1 kB"):
        open_source(b"a,b\n" * 999, limits=Limits(file_bytes=1024))


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.csv", []), ("a.txt", []), ("a.xls", ["misnamed"]), ("a", []), ("a.CSV", [])],
)
def test_a_name_that_says_something_else_is_noted(name: str, code: list[str]) -> None:
    assert [note.code for note in open_source(b"a,b\n1,2\n", name).notes] == code


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("/home/me/secret/stays.csv", "stays.csv"),
        (r"C:\Users\me\stays.csv", "stays.csv"),
        ("sta\u202eys<b>.csv\n", "staysb.csv"),
        ("", "the file"),
    ],
)
def test_only_a_harmless_file_name_is_kept(given: str, shown: str) -> None:
    assert open_source(b"a,b\n1,2\n", given).name == shown


@pytest.mark.parametrize("path", ["/nowhere/at all/x.csv", "\x00", "/"])
def test_a_path_that_is_no_file_is_a_problem(path: str) -> None:
    with pytest.raises(DataProblem):
        open_source(path)
