"""What public parser corpora ask: odd texts, hostile files, workbooks of every writer."""

from __future__ import annotations

import contextlib
import gc
import gzip
import io
import logging
import os
import random
import sys
import threading
import traceback
import warnings
import zlib
from pathlib import Path

import openpyxl
import pytest

from caremap import DataProblem, open_file
from caremap.intake.reading import Limits, markup, open_source
from tests.unit.intake.reading.workbooks import (
    binary_workbook,
    ods_cell,
    ods_row,
    ods_table,
    of_rows,
    open_document,
    raw,
    sheet_xml,
)

PLAIN = [["a", "b"], ["1", "2"], ["3", "4"]]
# Name, bytes, rows as read (blank lines left out), notes.
TEXTS: dict[str, tuple[bytes, list[list[str]], list[str]]] = {
    "lone CR": (b"a,b\r1,2\r3,4\r", PLAIN, []),
    "no final newline": (b"a,b\n1,2\n3,4", PLAIN, []),
    "quotes in the middle": (b'a,b\n1,x"y"z\n3,4\n', [["a", "b"], ["1", 'x"y"z'], ["3", "4"]], []),
    "empty first column": (b",b\n1,2\n3,4\n", [["", "b"], ["1", "2"], ["3", "4"]], []),
    "only separators": (b"a,b\n,\n1,2\n,\n3,4\n", PLAIN, []),
    "repeated BOM": (b"\xef\xbb\xbf\xef\xbb\xbfa,b\n1,2\n3,4\n", PLAIN, []),
    "end-of-file mark": (b"a,b\n1,2\n3,4\n\x1a", PLAIN, []),
    "form feed at the end": (b"a,b\n1,2\n3,4\n\x0c", PLAIN, []),
    "header with newline": (b'"a\nx",b\n1,2\n', [["a\nx", "b"], ["1", "2"]], []),
    "one column with commas": (
        b'note\n"a, b"\n"c, d"\n', [["note"], ["a, b"], ["c, d"]], []),
    "decimal commas and a text with commas": (
        b"id;cost;note\n1;1,5;a, b\n2;2,5;c\n3;3,5;d, e, f\n",
        [["id", "cost", "note"], ["1", "1,5", "a, b"], ["2", "2,5", "c"], ["3", "3,5", "d, e, f"]],
        []),
    "tabs with commas": (b"a\tb\n1,5\t2\n3,5\t4\n", [["a", "b"], ["1,5", "2"], ["3,5", "4"]], []),
    "title wider than the table": (
        b"Report, made, in, May, for, all\na;b\n1;2\n3;4\n",
        [["Report, made, in, May, for, all"], *PLAIN], []),
    "Markdown": (b"| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |\n", PLAIN, ["drawn_table"]),
    "Markdown with a bar": (
        b"| a | b |\n|---|---|\n| 1 | x\\|y |\n", [["a", "b"], ["1", "x|y"]], ["drawn_table"]),
    "psql": (b" a | b\n---+---\n 1 | 2\n 3 | 4\n(2 rows)\n", PLAIN, ["drawn_table"]),
    "mysql": (
        b"+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n| 3 | 4 |\n+---+---+\n2 rows in set\n",
        PLAIN, ["drawn_table"]),
    "bars around rows": (b"|a|b|\n|1|2|\n|3|4|\n", PLAIN, ["drawn_table"]),
    "a row of dashes is data": (b"a|b\n1|2\n-|-\n", [["a", "b"], ["1", "2"], ["-", "-"]], []),
    "fixed width": (
        b"ID    WARD NAME   COST\n001   GENERAL     12.5\n002   EAR NOSE    13.5\n",
        [["ID", "WARD NAME", "COST"], ["001", "GENERAL", "12.5"], ["002", "EAR NOSE", "13.5"]],
        ["fixed_width"]),
    "fixed width under dashes": (
        b"ID  NAME\n--- ----------\n001 ANN B\n002 CARL\n\n2 rows selected.\n",
        [["ID", "NAME"], ["001", "ANN B"], ["002", "CARL"]], ["fixed_width"]),
    "lines quoted as a whole": (b'"a,b"\n"1,2"\n"3,4"\n', PLAIN, ["quoted_lines"]),
    "text formulas": (
        b'a,b\n="007",2\n"=""008""",4\n', [["a", "b"], ["007", "2"], ["008", "4"]],
        ["text_formulas"]),
    "space before quotes": (
        b'a, "b, c"\n1, "2, 3"\n', [["a", "b, c"], ["1", "2, 3"]], ["spaces_dropped"]),
    "UTF-16 with announced separator": (
        "\ufeffsep=;\r\na;b\r\n1;2\r\n3;4\r\n".encode("utf-16-le"), PLAIN, ["separator_line"]),
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_an_odd_text_is_read_as_what_it_holds(case: str) -> None:
    data, rows, notes = TEXTS[case]
    opened = open_source(data, "x.csv")
    read = [list(row) for row in opened.sheets[0].head() if any(row)]
    assert read == rows
    assert [note.code for note in opened.notes] == notes


def test_a_report_whose_rows_leave_their_columns_is_refused() -> None:
    text = b"ID    NAME      COST\n001   ALPHA     12.5\n002   BETA      13.5\n"
    text += b"longer than its column 1.5\n003   GAMMA     14.5\n"
    with pytest.raises(DataProblem, match="row 4 does not keep"):
        open_source(text, "x.txt")


def test_a_cell_of_a_megabyte_and_a_table_of_16384_columns_are_read() -> None:
    cell = "x" * 2**20
    assert open_source(f"a,b\n{cell},2\n".encode()).sheets[0].body(2).columns[0][0].as_py() == cell
    wide = ",".join(map(str, range(16384)))
    assert open_source(f"{wide}\n{wide}\n".encode()).sheets[0].body(2).width == 16384
    with pytest.raises(DataProblem, match="more than 16,384 columns"):
        open_source(f"{wide},x\n{wide},x\n".encode()).sheets[0].body(2)


def test_readxl_workbooks_hold_the_cells_openpyxl_reads(shared: Path) -> None:
    compared = 0
    for path in sorted((shared / "messy" / "readxl").glob("*.xlsx")):
        try:
            opened = open_source(path)
        except DataProblem:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                book = openpyxl.load_workbook(path, data_only=True)
            except Exception:  # noqa: BLE001 - it reads less than we do
                continue
        for sheet in opened.sheets:
            for number, row in enumerate(sheet.head(200), 1):
                for column, cell in enumerate(row, 1):
                    other = book[sheet.name].cell(number, column).value
                    if isinstance(cell, float) and isinstance(other, int | float):
                        assert cell == other, (path.name, number, column)
                        compared += 1
                    elif isinstance(cell, str) and isinstance(other, str):
                        escaped = "_x" in cell or "_x" in other  # openpyxl keeps some escapes
                        assert escaped or cell == other, (path.name, number, column)
                        compared += 1
                    elif cell is None and other is not None:
                        assert str(other) in ("", " ") or str(other).startswith("#"), path.name
    assert compared > 3000


HOSTILE_BOOKS = {
    "xlsx": of_rows(["id", "n"], *[[f"P{row}", row] for row in range(20)]),
    "xlsb": binary_workbook([["id", "n"], *[[f"P{row}", row] for row in range(20)]]),
    "ods": open_document(
        ods_table(*[ods_row(ods_cell("x"), ods_cell("", "float", office_value="1"))] * 20)
    ),
}


@pytest.mark.parametrize("kind", HOSTILE_BOOKS)
def test_damaged_workbooks_end_in_words(kind: str) -> None:
    spoil(HOSTILE_BOOKS[kind], random.Random(kind), 24)


def test_damaged_workbooks_of_old_excel_end_in_words(shared: Path) -> None:
    spoil((shared / "messy/readxl/deaths.xls").read_bytes(), random.Random(1), 24)


def spoil(book: bytes, chance: random.Random, turns: int) -> None:
    """Cut, flip and splice a workbook; it opens or a problem says why not."""
    for turn in range(turns):
        data = bytearray(book)
        at = chance.randrange(len(data))
        if turn % 3 == 0:
            data = data[:at]
        elif turn % 3 == 1:
            data[at] ^= 1 << chance.randrange(8)
        else:
            data = data[:at] + book[chance.randrange(len(book)) :]
        with contextlib.suppress(DataProblem):
            opened = open_source(bytes(data), "x", limits=Limits(seconds=20))
            for sheet in opened.sheets:
                sheet.body(1)


MAGIC = [b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08\x00",
         b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xef\xbb\xbf", b"%PDF", b"BM", b"PAR1",
         b"\x89PNG", b"sep=", b'"', b"<?xml", b"{", b"| a |", b"+---+", b"\x09\x08"]  # fmt: skip


@pytest.mark.parametrize("magic", MAGIC)
def test_random_bytes_behind_any_magic_number_end_in_words(magic: bytes) -> None:
    chance = random.Random(magic)
    for _ in range(20):
        with contextlib.suppress(DataProblem):
            open_file(magic + chance.randbytes(chance.randrange(300)), "x.csv")


def packed(piece: bytes, times: int) -> bytes:
    """Pack a piece over and over without holding it unpacked."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(piece) for _ in range(times)), packer.flush()])


def test_a_gz_bomb_costs_no_more_than_the_limit() -> None:
    bomb = packed(bytes(1_000_000), 100)
    with pytest.raises(DataProblem, match="more than 4 MB"):
        open_source(bomb, "x.csv.gz", limits=Limits(file_bytes=4 * 2**20))
    with pytest.raises(DataProblem, match="something else than text"):
        open_source(gzip.compress(gzip.compress(b"a,b\n1,2\n")), "x.csv.gz")


def test_many_members_of_a_gz_are_read_in_one_pass() -> None:
    data = gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n") * 20_000
    assert len(open_source(data, "x.csv.gz").sheets[0].body(2).source_rows) == 20_000


def test_an_odd_number_of_quotes_in_many_blocks_is_no_warning() -> None:
    with pytest.raises(DataProblem, match="never closed"):
        open_source(b"a,b\n" + b'"' * (3 * 2**20 + 1), "x.csv")


def test_mending_quotes_ends_at_the_limit() -> None:
    with pytest.raises(DataProblem, match="took longer than 0 seconds"):
        open_source(b"a,b\n" + b'"x\n' * 9001, "x.csv", limits=Limits(seconds=0))


@pytest.mark.parametrize("piece", [b"<row ", b"<row r ", b"<c ", b"<c r ", b"<c t=", b"<c ><f>",
                                   b"<c x><f/> ", b"<c t='e' ", b" t", b"<cccc"])  # fmt: skip
def test_no_pattern_for_xml_takes_more_than_its_length(piece: bytes) -> None:
    text = b"<c" + piece * (200_000 // len(piece))
    for pattern in (markup.ROW, markup.WIDE, markup.FORMULA, markup.ERROR):
        assert not pattern.findall(text) or pattern is markup.ERROR


ADVERSE = ["1" * 50_000 + "x", " " * 50_000 + "x", "(" * 50_000, "1," * 25_000, "1." * 25_000,
           "1 " * 25_000, "1/" * 25_000, "a." * 25_000, "jan " * 12_000, "-" * 50_000]  # fmt: skip


@pytest.mark.parametrize("cell", ADVERSE)
def test_a_long_cell_or_header_takes_no_more_than_its_length(cell: str) -> None:
    head = "Admission Date,Discharge Date,Cost,Ward"
    row = "2024-01-01,2024-01-03,12,A"
    for text in (f'{head},"{cell}"\n{row},1\n', f'{head}\n{row}\n"{cell}","{cell}","{cell}",B\n'):
        with contextlib.suppress(DataProblem):
            open_file(text.encode(), "x.csv")


FAR = "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_children_leave_nothing_behind() -> None:
    far = raw(sheet_xml(FAR))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is enough
    for turn in range(50):
        with contextlib.suppress(DataProblem):
            open_source(far if turn % 2 else HOSTILE_BOOKS["xlsx"][:-turn], "x.xlsx")
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    assert not children.exists() or children.read_text().split() == []


def test_honest_files_are_read_right_beside_hostile_ones() -> None:
    books = [of_rows(["id", "n"], *[[row, row * k] for row in range(99)]) for k in range(4)]
    hostile = [raw(sheet_xml(FAR)), books[0][:900], b'a,b\n"' + b"x\n" * 9, b"PK\x03\x04junk"]
    right: list[bool] = []

    def work(place: int) -> None:
        for turn in range(3):
            with contextlib.suppress(DataProblem):
                open_source(hostile[(place + turn) % 4], "x")
            column = open_source(books[place % 4], "x").sheets[0].body(2).columns[1]
            right.append(column.to_pylist() == [row * (place % 4) for row in range(99)])

    threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 24


MARKER = "Zx81Marker"
LEAKY = {
    "unclosed quote": f'a,b,c\n1,2,3\n4,"{MARKER}\n5,6,7\n8,9,1\n'.encode(),
    "cut workbook": of_rows(["id"], [MARKER])[:-40],
    "broken xml": raw(sheet_xml(f'<row r="1"><c r="A1"><v>{MARKER}</v></row>')),
    "broken ods": open_document(f'<table:table table:formula="{MARKER}"><x>{MARKER}'),
    "bad dates": f"Admission Date,Discharge Date,Cost\n{MARKER},{MARKER},{MARKER}\n".encode(),
    "one cell": MARKER.encode(),
    "header only": f"\n\n{MARKER}".encode(),
    "report": b"ID    NAME   COST\n1     A      2\n2     B      3\n"
    + f"{MARKER}{MARKER}\n3     C      4\n".encode(),
    "wrong bytes": f"a,b\n{MARKER},".encode() + b"\xff\xfe\x00\x81\x8d\x00\n",
    "gz": gzip.compress(MARKER.encode() * 99)[:-9],
    "doctype": raw(f'<!DOCTYPE {MARKER} [<!ENTITY x "{MARKER}">]>' + sheet_xml("")),
}  # fmt: skip


@pytest.mark.parametrize("case", LEAKY)
def test_no_cell_reaches_an_error_or_a_log(
    case: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    said = io.StringIO()
    with caplog.at_level(logging.DEBUG):
        try:
            loaded = open_file(LEAKY[case], "x.csv", options={"encoding": "UTF-8"})
            said.write(" ".join(one.message for one in loaded.findings))
        except DataProblem as problem:
            said.write("".join(traceback.format_exception(problem)))
            chain: BaseException | None = problem
            while chain is not None:
                said.write(repr(chain) + repr(chain.args))
                chain = chain.__cause__ or chain.__context__
    captured = capfd.readouterr()
    assert MARKER not in said.getvalue() + caplog.text + captured.out + captured.err
