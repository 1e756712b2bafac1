"""Open a text file: encoding, separator, quoting, and what to tell the user of them."""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable, Iterable, Iterator

from caremap.intake.reading import dressed, encodings, quotes, recognise, separators
from caremap.intake.reading.contents import Note, Source
from caremap.intake.reading.limits import Limits, too_slow
from caremap.intake.reading.records import Record, UnclosedQuoteError, records, repaired
from caremap.intake.reading.text import TextSheet
from caremap.intake.reading.wording import count
from caremap.problems import DataProblem

__all__ = ["open_text"]

NOTE_ROWS = 1000
BOM = codecs.BOM_UTF8
SOMETHING = re.compile(rb"[^\s;,|\x1a\x00]")
UNUSED = "\x1f\x1e\x1d\x1c"  # one of them separates nothing: that of a text of one column


def open_text(
    data: bytes, name: str, encoding: str | None, separator: str | None, limits: Limits
) -> Source:
    """Open `data` as text.

    Raises
    ------
    DataProblem
        It is not a table, or no reading of its quotes gives one.
    """
    decoded = encodings.decode(data, name, encoding)
    text = doubled_line_ends(decoded.data.rstrip(b"\x1a\x0c"))  # ends of files and pages
    recognise.refuse_binary(text, name)
    start = text[decoded.start : decoded.start + (1 << 16)].decode("utf-8", "ignore")
    recognise.refuse_markup(start, text[-1024:].decode("utf-8", "ignore"), name)
    if not SOMETHING.search(text, decoded.start):
        raise DataProblem(
            f"“{name}” holds only blank lines.", "Export it again and look into it first."
        )
    notes: list[Note] = []
    begin = decoded.start
    while text.startswith(BOM, begin):  # files put together keep theirs
        begin += len(BOM)
    announced = separators.declared(text, begin)
    if announced is not None:
        begin = announced.begin
        notes.append(
            Note(
                "separator_line",
                "The first line only announces the separator; rows are counted from the next.",
            )
        )
    found = separator or (announced.separator if announced else separators.detect(text, begin))
    plain = dressed.undressed(text, begin, found, name)
    if plain is not None:
        text, begin, found = plain.text, 0, plain.separator
        notes.append(Note(plain.code, plain.message))
    used = checked(found, text)
    mended = mend_quotes(text, begin, used, name, limits)
    notes += encoding_notes(decoded, lambda: records(text, begin, used))
    if mended:
        text, begin = rewritten(text, begin, used, mended), 0
        notes.append(
            Note(
                "quotes_mended",
                f"{count(len(mended), 'row')} with a quotation mark that breaks the rules; "
                "it was read as an ordinary character.",
                tuple(record.row for record in mended[:NOTE_ROWS]),
            )
        )
    quoted = text.find(b'"', begin) >= 0
    return Source(
        name=name,
        format="tsv" if found == "\t" else "csv",
        digest="",
        size=0,
        encoding=decoded.encoding,
        separator=found,
        notes=tuple(notes),
        sheets=(TextSheet(text, begin, used, quoted, name, limits),),
        alternatives=decoded.alternatives,
    )


def checked(separator: str | None, text: bytes) -> str:
    """Return a separator the readers accept."""
    if separator is None:
        return next((one for one in UNUSED if one.encode() not in text), UNUSED[0])
    if len(separator) != 1 or not separator.isascii() or separator in '"\r\n':
        raise DataProblem("A separator is a single character.", "Choose comma, semicolon or tab.")
    return separator


def doubled_line_ends(text: bytes) -> bytes:
    """Undo line ends that were converted twice (CR CR LF) where all of them were."""
    doubled = text.count(b"\r\r\n") if b"\r\r\n" in text[: 1 << 16] else 0
    if doubled and doubled == text.count(b"\n"):
        return text.replace(b"\r\r\n", b"\r\n")
    return text


def mend_quotes(text: bytes, begin: int, separator: str, name: str, limits: Limits) -> list[Record]:
    """Return the records in which a stray quote had to be read as an ordinary character.

    Nearly every text passes one of two quick tests, and none has to be looked for.
    """
    if (
        text.find(b'"', begin) < 0
        or quotes.closed_within_lines(text, begin)
        or quotes.well_formed(text, begin, separator)
    ):
        return []
    sample = separators.widths(text[begin : begin + (1 << 18)], separator)
    expected = separators.usual_width(sample)
    mended: list[Record] = []
    end = time.monotonic() + limits.seconds
    try:
        for record in repaired(text, begin, separator, expected):
            if record.mended:
                mended.append(record)
            if record.row % 1000 == 0 and time.monotonic() > end:
                raise too_slow(name, limits)
        return mended
    except UnclosedQuoteError as unclosed:
        row = unclosed.row
    raise DataProblem(
        f"“{name}”: a quotation mark opens in row {row:,} and is never closed, so the rows below "
        "it cannot be told apart.",
        "Remove or double that quotation mark and save the file again.",
    )


def rewritten(text: bytes, begin: int, separator: str, mended: list[Record]) -> bytes:
    """Return the text with the mended records in proper quotes, so that any reader will do."""
    view = memoryview(text)
    pieces: list[bytes | memoryview] = []
    for record in mended:
        cells = ('"' + cell.replace('"', '""') + '"' for cell in record.cells)
        pieces += [view[begin : record.begin], separator.join(cells).encode("utf-8"), b"\n"]
        begin = record.end
    return b"".join([*pieces, view[begin:]])


def encoding_notes(decoded: encodings.Decoded, rows: Callable[[], Iterator[Record]]) -> list[Note]:
    """Say what had to be assumed or repaired to read the characters."""
    notes = []
    if decoded.guess:
        other = (
            f" It could also be {', '.join(decoded.alternatives)}: choose another encoding if "
            "letters look wrong."
            if decoded.alternatives
            else " See whether letters beyond a to z look right."
        )
        notes.append(
            Note(
                "encoding_guessed",
                f"The file does not say how its letters are written (their encoding, which is not "
                f"UTF-8): read as {decoded.guess}.{other}",
            )
        )
    if decoded.damaged:
        notes.append(
            Note(
                "encoding_damaged",
                f"Some bytes are not valid {decoded.encoding}; the characters they stood for are "
                "shown as “\ufffd”.",
            )
        )
    if decoded.nul_count:
        notes.append(
            Note(
                "nul_removed",
                f"{count(decoded.nul_count, 'NUL byte')} removed; the file was damaged on its way.",
                rows_at(decoded.nul, rows()),
            )
        )
    if decoded.stray_count:
        notes.append(
            Note(
                "encoding_mixed",
                f"The file is UTF-8 except for {count(decoded.stray_count, 'byte')}, read as "
                "Windows-1252.",
                rows_at(decoded.stray, rows()),
            )
        )
    return notes


def rows_at(positions: Iterable[int], rows: Iterator[Record]) -> tuple[int, ...]:
    """Return the rows in which the given positions of the text lie."""
    found: list[int] = []
    record = next(rows, None)
    for position in positions:
        while record is not None and record.end <= position:
            record = next(rows, None)
        if record is None:
            break
        found.append(record.row)
    return tuple(dict.fromkeys(found))
