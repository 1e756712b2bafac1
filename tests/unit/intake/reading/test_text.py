"""Text files: separators, quotes, rows that do not fit, and one reading on both paths."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.intake.reading import Body, Ragged, fast, open_source
from caremap.intake.reading.assemble import assemble
from caremap.intake.reading.text import TextSheet
from caremap.problems import DataProblem


def rows_of(body: Body) -> list[list[str]]:
    """Return a body as rows of strings, "" for null."""
    return [
        [cell or "" for cell in row]
        for row in zip(*(column.to_pylist() for column in body.columns), strict=True)
    ]


def read(data: bytes, **choices: Any) -> tuple[list[str], list[list[str]]]:
    """Return the first row and the rows below it."""
    (sheet,) = open_source(data, **choices).sheets
    header = [str(cell) for cell in sheet.head(1)[0]]
    return header, rows_of(sheet.body(2, len(header)))


SEPARATORS = {
    "comma": ("a,b,c\n1,2,3\n", ","),
    "semicolon": ("a;b;c\n1;2;3\n", ";"),
    "tab": ("a\tb\tc\n1\t2\t3\n", "\t"),
    "pipe": ("a|b|c\n1|2|3\n", "|"),
    "decimal commas": ("a;b;c\n1,5;2,5;3,5\n1,5;2,5;3,5\n", ";"),
    "decimal commas, two columns": ("date;cost\n1.4.24;1.234,50\n2.4.24;2,50\n", ";"),
    "commas in text": ("id;note\n1;a, b, c\n2;d, e, f\n3;g\n", ";"),
    "semicolons in text": ("id,codes,n\n1,E10;E11;I10;J4,2\n2,E10;E11;I10;J4,3\n", ","),
    "quoted commas": ('"a,b";"c,d"\n"1,1";"2,2"\n', ";"),
    "title above": ("Report, 2024\n\nRun by me\nid;n;m\n1;2;3\n2;3;4\n", ";"),
    "title with commas": ("Report, made, in, May\nid;n;m\n1;2;3\n2;3;4\n3;4;5\n", ";"),
    "one column": ("id\n1\n2\n", None),
    "one column, some commas": ("note\nfine\nwell, no\nyes\nok\nno\n", None),
    "one cell": ("x", None),
    "ragged": ("a,b,c\n1,2\n1,2,3,4\n1,2,3\n", ","),
    "dates and times": ("when|n\n2024-04-03 10:00:00|1\n2024-04-03 10:00:00|1\n", "|"),
}


@pytest.mark.parametrize("case", SEPARATORS)
def test_the_separator_is_found(case: str) -> None:
    text, separator = SEPARATORS[case]
    opened = open_source(text.encode())
    assert opened.separator == separator
    assert opened.format == ("tsv" if separator == "\t" else "csv")


def test_a_line_that_announces_the_separator_is_obeyed_and_dropped() -> None:
    opened = open_source(b"sep=;\r\na;b\r\n1;2,5\r\n")
    assert (opened.separator, [note.code for note in opened.notes]) == (";", ["separator_line"])
    assert opened.sheets[0].head() == [["a", "b"], ["1", "2,5"]]


def test_the_users_choice_of_separator_is_followed() -> None:
    assert read(b"a;b,c\n1;2,3\n", separator=";") == (["a", "b,c"], [["1", "2,3"]])
    with pytest.raises(DataProblem):
        open_source(b"a;b\n", separator="::")


LINE_ENDS = {
    "LF": b"a,b\n1,2\n3,4\n",
    "CRLF": b"a,b\r\n1,2\r\n3,4\r\n",
    "CR": b"a,b\r1,2\r3,4\r",
    "CR CR LF": b"a,b\r\r\n1,2\r\r\n3,4\r\r\n",
    "mixed": b"a,b\r\n1,2\n3,4\r",
    "no last one": b"a,b\n1,2\n3,4",
    "many last ones": b"a,b\n1,2\n3,4\n\n\n\n",
}


@pytest.mark.parametrize("case", LINE_ENDS)
def test_any_line_end_ends_a_row(case: str) -> None:
    body = open_source(LINE_ENDS[case]).sheets[0].body(2)
    assert rows_of(body) == [["1", "2"], ["3", "4"]]
    assert body.source_rows.tolist() == [2, 3]


def test_csv_spectrum_is_parsed_exactly(shared: Path) -> None:
    for path in sorted((shared / "messy/csv-spectrum/csvs").glob("*.csv")):
        wanted = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text("utf-8"))
        header, rows = read(path.read_bytes())
        found = [dict(zip(header, row, strict=True)) for row in rows]
        wanted = wanted if isinstance(wanted, list) else [wanted]
        if path.stem == "newlines_crlf":  # stored with LF; its answer has CRLF
            wanted = [{key: cell.replace("\r", "") for key, cell in one.items()} for one in wanted]
        if path.stem == "location_coordinates":  # stored with another telephone number
            wanted[0]["Contact Phone Number"] = found[0]["Contact Phone Number"]
        assert found == wanted, path.name


def test_rows_of_another_width_are_listed_padded_and_kept() -> None:
    (sheet,) = open_source(b"a,b,c\n1,2,3\n1,2\n\n1,2,3,4,5\n,,\n1,2,3,\n9,8,7\n").sheets
    body = sheet.body(2, 3)
    assert rows_of(body) == [
        ["1", "2", "3"],
        ["1", "2", ""],
        ["1", "2", "3"],
        ["1", "2", "3"],
        ["9", "8", "7"],
    ]
    assert body.source_rows.tolist() == [2, 3, 5, 7, 8]
    assert body.blank_rows == 2
    assert body.ragged == (Ragged(3, 2, 3), Ragged(5, 5, 3), Ragged(7, 4, 3))
    assert body.extra == {5: ["4", "5"]}


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("a,b\n1,2,3\n1,2,3\n", 3),  # unnamed columns
        ("a,b,c\n1,2\n1,2\n", 3),  # named columns without values
        ("a,b,c\n1,2\n1,2,3,4\n1,2,3\n", 3),  # the header decides between equals
        ("a,b,c\n", 3),
    ],
)
def test_the_body_is_as_wide_as_the_header_and_most_rows(text: str, width: int) -> None:
    body = open_source(text.encode()).sheets[0].body(2, len(text.splitlines()[0].split(",")))
    assert (body.width, len(body.columns)) == (width, width)


def test_a_record_over_several_lines_is_one_row() -> None:
    (sheet,) = open_source(b'a,b\n1,"x\r\ny\n\nz"\n2,ok\n').sheets
    body = sheet.body(2)
    assert rows_of(body) == [["1", "x\r\ny\n\nz"], ["2", "ok"]]
    assert body.source_rows.tolist() == [2, 3]


MENDED = {
    "never closed": (
        'a,b\n1,"never closed\n2,x\n3,y\n',
        [["1", '"never closed'], ["2", "x"]],
        (2,),
    ),
    "two never closed": ('a,b\n1,"one\n2,"two\n3,y\n', [["1", '"one'], ["2", '"two']], (2, 3)),
    "closed within": ('a,b\n1,"A" and B\n2,"x"\n', [["1", "A and B"], ["2", "x"]], ()),
    "both kinds": (
        'a,b\n1,"A" and B\n2,"x\ny"\n3,"z\n',
        [["1", "A and B"], ["2", "x\ny"], ["3", '"z']],
        (2, 4),
    ),
    "inches": ('a,b\n1,5" tall\n2,"x,y"\n', [["1", '5" tall'], ["2", "x,y"]], ()),
}


@pytest.mark.parametrize("case", MENDED)
def test_a_stray_quote_swallows_no_rows(case: str) -> None:
    text, rows, noted = MENDED[case]
    opened = open_source(text.encode())
    assert rows_of(opened.sheets[0].body(2, 2))[: len(rows)] == rows
    assert tuple(row for note in opened.notes for row in note.rows) == noted


def test_a_quote_that_nothing_mends_names_file_and_row() -> None:
    with pytest.raises(DataProblem, match="“x.csv”: a quotation mark opens in row 3 and is never"):
        open_source(b'a,b,c\n1,2,3\n4,"open\n7,8,9\n1,2,3\n', "x.csv")


def test_a_row_longer_than_any_block_is_read() -> None:
    cell = "x" * 3_000_000
    assert read(f"a,b\n1,{cell}\n2,y\n".encode())[1] == [["1", cell], ["2", "y"]]


letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
cells = st.text(letters, max_size=8) | st.sampled_from(
    ["", "1,5", "a;b", 'x"y', '"', "line\nbreak", "cr\rhere", "crlf\r\nhere", " ", "é", "漢"]
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Draw a table with a header no encoding or separator rule can misunderstand."""
    width = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=12))
    return [[f"h{column}" for column in range(width)], *rows]


def written(rows: list[list[str]], separator: str, end: str, *, always: bool = False) -> str:
    """Write a table; csv.writer leaves a line feed unquoted where lines end in CR."""

    def quoted(cell: str) -> str:
        if always or any(mark in cell for mark in (separator, '"', "\r", "\n")):
            return '"' + cell.replace('"', '""') + '"'
        return cell

    return "".join(separator.join(map(quoted, row)) + end for row in rows)


@given(
    table=tables(),
    separator=st.sampled_from(",;\t|"),
    always=st.booleans(),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    block=st.sampled_from([1 << 20, 64]),
)
def test_every_dialect_reads_back_equal_on_both_paths(
    table: list[list[str]], separator: str, always: bool, end: str, codec: str, block: int
) -> None:
    text = written(table, separator, end, always=always)
    opened = open_source(text.encode(codec), separator=separator)
    (sheet,) = opened.sheets
    assert isinstance(sheet, TextSheet)
    assert [list(row) for row in sheet.head(99)] == table
    numbered = [(number, row) for number, row in enumerate(table[1:], 2) if any(row)]
    width = len(table[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "BLOCK", block)
        quick = sheet.body(2, width)
    begin = sheet.position(2)
    slow = assemble(sheet.slow_parts(begin, width), 2, width, width)
    for body in (quick, slow):
        assert rows_of(body) == [row for _, row in numbered]
        assert body.source_rows.tolist() == [number for number, _ in numbered]
        assert body.ragged == ()


@given(
    rows=st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=15),
    block=st.sampled_from([1 << 20, 64]),
)
def test_ragged_tables_are_the_same_on_both_paths(rows: list[list[str]], block: int) -> None:
    text = written([["a", "b", "c"], *rows], ",", "\n")
    (sheet,) = open_source(text.encode(), separator=",").sheets
    assert isinstance(sheet, TextSheet)
    begin = sheet.position(2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "BLOCK", block)
        quick = assemble(fast.parse(sheet.data, begin, ",", 3, quoted=sheet.quoted), 2, 3, 3)
    slow = assemble(sheet.slow_parts(begin, 3), 2, 3, 3)
    assert rows_of(quick) == rows_of(slow)
    assert quick.source_rows.tolist() == slow.source_rows.tolist()
    assert (quick.ragged, quick.extra, quick.blank_rows) == (
        slow.ragged,
        slow.extra,
        slow.blank_rows,
    )
    kept = [cell for row in rows_of(quick) for cell in row if cell]
    kept += [cell for surplus in quick.extra.values() for cell in surplus if cell]
    assert sorted(kept) == sorted(cell for row in rows for cell in row if cell)
