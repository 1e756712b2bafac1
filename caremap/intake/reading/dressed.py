"""Texts dressed up for people or for one program, brought back to plain separated values.

Every function returns the text in another form, or None where it is not of that kind. Lines keep
their numbers: what only decorates becomes a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from caremap.intake.reading import quotes, separators
from caremap.intake.reading.limits import MIB
from caremap.intake.reading.records import LINE, records
from caremap.problems import DataProblem

__all__ = ["Undressed", "undressed"]

SAMPLE = 1 << 16
RULES = b"-+|:= \t"
BAR = "|"
# What database programs write below a table.
TRAILER = re.compile(r"\(?[\d,]+ rows?(?: affected| selected| in set.*)?\)?\.?")
LARGEST = 64 * MIB
GAP = 2  # spaces that set columns apart; one space is part of a name
FEWEST = 3  # lines that make columns of spaces


class Undressed(NamedTuple):
    """A text in plain form, its separator, and what was taken off it."""

    text: bytes
    separator: str | None
    code: str
    message: str


def undressed(text: bytes, begin: int, separator: str | None, name: str) -> Undressed | None:
    """Take off what is not data; None where the text is plain already.

    Raises
    ------
    DataProblem
        Columns are set apart by spaces, but not in all rows.
    """
    sample = [line.rstrip("\r\n") for line in lines(text[begin : begin + SAMPLE])][:200]
    if len(text) > LARGEST:
        return None  # no report to be looked at
    if drawn(sample) and not half_boxed(lines(text[begin:])):
        return Undressed(
            joined(bar_rows(lines(text[begin:])), BAR),
            BAR,
            "drawn_table",
            "The table is drawn with bars and lines; they were left out.",
        )
    if separator is None:
        inner = unwrapped(text, begin)
        if inner is not None:
            return inner
        spans = columns_of_spaces(sample)
        if spans:
            return Undressed(
                joined(fixed_rows(text[begin:], spans, name), "\t"),
                "\t",
                "fixed_width",
                f"The columns are set apart by spaces: {len(spans)} columns were read by their "
                "place in the line. Please check them.",
            )
        return None
    return without_spaces(text, begin, separator) or without_formulas(text, begin, separator)


def lines(text: bytes) -> Iterator[str]:
    """Yield the lines with their ends."""
    for match in LINE.finditer(text):
        if match.end() > match.start():
            yield match.group().decode("utf-8", "replace")


def joined(rows: Iterable[list[str]], separator: str) -> bytes:
    """Write rows as separated values, quoted where a cell needs it."""
    special = (separator, '"', "\r", "\n")
    return "".join(
        separator.join(
            '"' + cell.replace('"', '""') + '"' if any(one in cell for one in special) else cell
            for cell in row
        )
        + "\n"
        for row in rows
    ).encode()


def ruled(line: str) -> bool:
    """Whether a line only draws: dashes with bars or crosses between them."""
    drawing = "---" in line and (BAR in line or "+" in line)  # a lone dash may be a missing value
    return drawing and line.encode().translate(None, RULES) == b""


def drawn(sample: list[str]) -> bool:
    """Whether a table is drawn as Markdown, psql and mysql do."""
    filled = [line.strip() for line in sample if line.strip()]
    barred = [line for line in filled if BAR in line and not ruled(line)]
    if len(barred) < 2:
        return False
    boxed = all(line.startswith(BAR) and line.endswith(BAR) and len(line) > 2 for line in barred)
    if boxed and len(barred) >= 0.6 * len(filled):
        return True
    first = sample.index(next(line for line in sample if BAR in line and not ruled(line)))
    return any(ruled(line) for line in sample[max(0, first - 1) : first + 2])


def half_boxed(every: Iterator[str]) -> bool:
    """Whether only some rows stand between bars: then the outer cells are cells."""
    boxed = {
        text.startswith(BAR) and text.endswith(BAR)
        for text in map(str.strip, every)
        if BAR in text and not ruled(text)
    }
    return len(boxed) > 1


def bar_rows(every: Iterator[str]) -> Iterator[list[str]]:
    """Yield the cells of a drawn table; a bar after a backslash is part of its cell."""
    for line in every:
        text = line.strip()
        if ruled(text) or TRAILER.fullmatch(text):
            yield [""]
            continue
        inner = text[1:-1] if len(text) > 1 and text[0] == text[-1] == BAR else text
        parts = inner.replace("\\|", "\x1f").split(BAR)
        yield [cell.replace("\x1f", BAR).strip() for cell in parts]


def unwrapped(text: bytes, begin: int) -> Undressed | None:
    """Read lines that are quoted as a whole: ``"a,b"`` is the cell of a table written twice."""
    if text[begin : begin + 1] != b'"':
        return None
    head = [
        record.cells for record, _ in zip(records(text, begin, "\x1f"), range(200), strict=False)
    ]
    filled = [row[0] for row in head if row and row[0]]
    if len(filled) < 2 or any(len(row) > 1 for row in head):
        return None
    found = separators.detect("\n".join(filled).encode(), 0)
    if found is None or found not in filled[0]:
        return None
    shape = separators.widths("\n".join(filled).encode(), found)
    if min(shape) < 2 or min(shape) != max(shape):
        return None
    inner = "\n".join(record.cells[0] if record.cells else "" for record in
                      records(text, begin, "\x1f"))  # fmt: skip
    return Undressed(
        f"{inner}\n".encode(),
        found,
        "quoted_lines",
        "Every line stands in quotation marks as a whole, as of a table written twice; they were "
        "taken off.",
    )


def columns_of_spaces(sample: list[str]) -> list[tuple[int, int]]:
    """Return where the columns of a report begin and end, none where it has no such columns.

    A line of dashes under the header says it; else all lines must be blank in the same places.
    """
    for line in sample[:50]:
        dashes = [(match.start(), match.end()) for match in re.finditer("-+|=+", line)]
        if len(dashes) > 1 and not line.strip("-= ") and "--" in line:
            begins = [start for start, _ in dashes]
            return list(zip(begins, [*begins[1:], 1 << 30], strict=True))
    wide = [line for line in sample if re.search(r"\S {2,}\S", line)]
    if len(wide) < FEWEST or len(wide) < 0.6 * sum(1 for line in sample if line.strip()):
        return []
    length = max(map(len, wide))
    filled = [any(line[place : place + 1].strip() for line in wide) for place in range(length)]
    marks = "".join("x" if one else " " for one in filled)
    begins = [match.end() for match in re.finditer(rf"(?<=x) {{{GAP},}}(?=x)", marks)]
    if not begins:
        return []
    begins = [len(marks) - len(marks.lstrip()), *begins]
    spans = list(zip(begins, [*begins[1:], 1 << 30], strict=True))
    header = [wide[0][start:end].strip() for start, end in spans]
    return spans if all(header) else []


def fixed_rows(text: bytes, spans: list[tuple[int, int]], name: str) -> Iterator[list[str]]:
    """Yield the cells of a report by their places; lines above and below it are one cell."""
    every = [line.rstrip("\r\n") for line in lines(text)]
    fitting = [fits(line, spans) for line in every]
    table = [number for number, fit in enumerate(fitting) if fit]
    for number, (line, fit) in enumerate(zip(every, fitting, strict=True)):
        if not line.strip("-= ") or TRAILER.fullmatch(line.strip()):
            yield [""]
        elif fit:
            yield [line[start:end].strip() for start, end in spans]
        elif table[0] < number < table[-1]:
            raise DataProblem(
                f"“{name}” sets its columns apart by spaces, and row {number + 1:,} does not keep "
                "to them, so its cells cannot be told apart.",
                "Export it again as CSV or XLSX, or separate its columns in a spreadsheet program.",
            )
        else:
            yield [line.strip()]


def fits(line: str, spans: list[tuple[int, int]]) -> bool:
    """Whether a line has cells in several columns and a blank before each column."""
    cells = sum(bool(line[start:end].strip()) for start, end in spans)
    return cells > 1 and all(not line[start - 1 : start].strip() for start, _ in spans[1:])


def without_spaces(text: bytes, begin: int, separator: str) -> Undressed | None:
    """Drop spaces between a separator and an opening quote, where the quotes ask for it."""
    mark = separator.encode()
    spaced = re.compile(re.escape(mark) + rb' +(?=")')
    sample = text[begin : begin + SAMPLE]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    if not spaced.search(sample) or quotes.well_formed(text, begin, separator):
        return None
    tight = separators.widths(spaced.sub(mark, sample), separator)
    if len({width for width in tight if width}) != 1:
        return None
    return Undressed(
        spaced.sub(mark, text[begin:]),
        separator,
        "spaces_dropped",
        "Spaces between a separator and a quotation mark were left out.",
    )


def without_formulas(text: bytes, begin: int, separator: str) -> Undressed | None:
    """Read ``="007"``, by which exports keep Excel from dropping zeros, as the text 007."""
    if text.find(b'="', begin) < 0:
        return None
    edge = re.escape(separator.encode())
    plain = re.compile(rb"(?<![^\r\n" + edge + rb'])="([^"\r\n]*)"(?=[\r\n' + edge + rb"]|\Z)")
    quoted = re.compile(rb"(?<![^\r\n" + edge + rb'])"=""([^"\r\n]*)"""(?=[\r\n' + edge + rb"]|\Z)")
    found, many = plain.subn(rb'"\1"', text[begin:])
    found, more = quoted.subn(rb'"\1"', found)
    if not many + more:
        return None
    return Undressed(
        found,
        separator,
        "text_formulas",
        'Cells written as ="…", so that a spreadsheet program keeps them as they are, were read '
        "as the text in them.",
    )
