"""Parse one workbook and write what it holds to standard output; run as a script of its own.

It reads a workbook from standard input, so nothing of it touches a disk, and imports calamine
alone: starting it takes 0.02 seconds, and whatever a hostile workbook does to it - abort,
endless work, all memory - ends with this process.

Arguments: the folder that holds the calamine package, the address space and the output it may
use in bytes, the processor seconds, the cells it may read, and the format of the workbook.

The output is a sequence of frames, each a line of JSON followed by as many bytes as the line's
"bytes" adds up to (see `unpack.py` for the reading side). A failure is a frame {"failed": code};
its code is all that is told about it, because messages of parsers quote their input.
"""

from __future__ import annotations

import io
import json
import re
import sys
from array import array
from itertools import accumulate
from typing import Any

FIRST_ROWS = 64  # headers and titles: small, so that the rows below are of one type per column
CHUNK_ROWS = 8192
WHOLE = 2**53  # doubles beyond it do not tell neighbouring integers apart

# One character per kind of cell, in columns of mixed types.
EMPTY, TEXT, NUMBER, BOOL, DATE = "etnbd"
DURATION = re.compile(r"PT(\d{1,9})H(\d\d)M(\d\d)(?:[.,]\d+)?S")


class ReadingError(Exception):
    """Reading ends with a code."""


def bound(memory: int, seconds: int) -> None:
    """Let the system end this process when it takes too much, where it can do that."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):  # a stricter limit is in force already, or none is possible
            continue


class Writer:
    """Frames on standard output, up to a limit."""

    def __init__(self, room: int) -> None:
        self.out = sys.stdout.buffer
        self.room = room

    def frame(self, head: dict[str, Any], blobs: tuple[bytes, ...] | list[bytes] = ()) -> None:
        """Write one frame."""
        line = json.dumps({**head, "bytes": [len(blob) for blob in blobs]}).encode() + b"\n"
        self.room -= len(line) + sum(map(len, blobs))
        if self.room < 0:
            raise ReadingError("output")
        self.out.write(line)
        for blob in blobs:
            self.out.write(blob)


def kind_of(value: Any) -> str:
    """Return the kind of a cell."""
    if isinstance(value, str):
        return TEXT if value else EMPTY
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, int | float):
        return NUMBER
    return DATE if hasattr(value, "year") else TEXT


def spell(value: Any) -> str:
    """Write a cell as text that says exactly what it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        whole = value == value and abs(value) < WHOLE and value == int(value)
        return str(int(value)) if whole else repr(value)
    if hasattr(value, "total_seconds"):
        return clock(value.total_seconds())
    return str(value.isoformat())


def clock(seconds: float) -> str:
    """Write a duration as hours, minutes and seconds, as a spreadsheet program shows it."""
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 else ""
    return f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def clocked(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Write the durations of OpenDocument (PT26H15M30S) as a spreadsheet program shows them."""
    return tuple(
        f"{int(found[1]):02d}:{found[2]}:{found[3]}"
        if type(value) is str and (found := DURATION.fullmatch(value))
        else value
        for value in values
    )


def texts(values: list[str]) -> list[bytes]:
    """Write strings as Arrow does: where each one ends, and all of them in a row."""
    joined = "".join(values)
    if joined.isascii():
        data, lengths = joined.encode("ascii"), map(len, values)
    else:
        encoded = [value.encode("utf-8", "replace") for value in values]
        data, lengths = b"".join(encoded), map(len, encoded)
    return [array("i", accumulate(lengths, initial=0)).tobytes(), data]


def column(values: tuple[Any, ...]) -> tuple[str, list[bytes]]:
    """Write a column in the narrowest of the forms that keep it exactly."""
    types = {kind.__name__ for kind in set(map(type, values))}
    gaps = "str" in types
    types.discard("str")
    if not types:
        return (TEXT, texts(list(values))) if any(values) else (EMPTY, [])
    if gaps and any(type(value) is str and value for value in values):
        types.add("str")
    if types <= {"float", "int"}:
        nan = float("nan")
        numbers = [nan if value == "" else value for value in values] if gaps else values
        return NUMBER, [array("d", numbers).tobytes()]
    if types == {"bool"}:
        return BOOL, [bytes(2 if value == "" else int(value) for value in values)]
    if types <= {"date", "datetime"}:
        return DATE, texts([value and value.isoformat() for value in values])
    spelled = [spell(value) for value in values]
    if types <= {"str", "time", "timedelta"}:
        return TEXT, texts(spelled)
    return "mixed", ["".join(map(kind_of, values)).encode(), *texts(spelled)]


def send_sheet(out: Writer, sheet: Any, cells: int, document: bool) -> None:
    """Write the cells of a sheet, leaving out its empty rows."""
    start = sheet.start
    if start is None:
        return
    end = sheet.end
    if (end[0] - start[0] + 1) * (end[1] - start[1] + 1) > cells:
        raise ReadingError("cells")
    width = end[1] - start[1] + 1
    # calamine hands out rows from the first row of the sheet on, columns from the first used.
    rows: list[list[Any]] = []
    numbers: list[int] = []
    for number, row in enumerate(sheet.iter_rows(), 1):
        if row.count("") == len(row):
            continue
        rows.append(row)
        numbers.append(number)
        if len(rows) == CHUNK_ROWS or number == FIRST_ROWS:
            send_rows(out, rows, numbers, width, document)
            rows, numbers = [], []
    if rows:
        send_rows(out, rows, numbers, width, document)


def send_rows(
    out: Writer, rows: list[list[Any]], numbers: list[int], width: int, document: bool
) -> None:
    """Write some rows, column by column."""
    kinds: list[str] = []
    counts: list[int] = []
    blobs = [array("i", numbers).tobytes()]
    for values in zip(*rows):  # noqa: B905 - calamine's rows are of one width
        kind, parts = column(clocked(values) if document else values)
        kinds.append(kind)
        counts.append(len(parts))
        blobs += parts
    out.frame({"rows": len(rows), "width": width, "kinds": kinds, "parts": counts}, blobs)


def send_workbook(out: Writer, data: bytes, cells: int, document: bool) -> None:
    """Write every worksheet of a workbook."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for sheet in book.sheets_metadata:
            worksheet = str(sheet.typ).endswith("WorkSheet")
            head = {
                "sheet": sheet.name,
                "type": str(sheet.typ).rpartition(".")[2],
                "visible": str(sheet.visible).rpartition(".")[2],
            }
            if not worksheet:
                out.frame(head)
                continue
            content = book.get_sheet_by_name(sheet.name)
            merged = [[*first, *last] for first, last in content.merged_cell_ranges or []]
            out.frame({**head, "start": content.start, "merged": merged})
            send_sheet(out, content, cells, document)
    except python_calamine.PasswordError:
        raise ReadingError("password") from None
    except python_calamine.CalamineError:
        raise ReadingError("unreadable") from None


def main() -> None:
    """Read standard input, write frames, and say how it ended."""
    folder, memory, room, seconds, cells = sys.argv[1], *map(int, sys.argv[2:6])
    sys.path.append(folder)
    bound(memory, seconds)
    out = Writer(room)
    try:
        send_workbook(out, sys.stdin.buffer.read(), cells, sys.argv[6:7] == ["ods"])
        ending: dict[str, Any] = {"end": True}
    except ReadingError as stop:
        ending = {"failed": stop.args[0]}
    except MemoryError:
        ending = {"failed": "memory"}
    except BaseException:  # noqa: BLE001 - panics of the parser are no Exception
        ending = {"failed": "unreadable"}
    out.room = 1 << 20
    out.frame(ending)
    out.out.flush()


if __name__ == "__main__":
    main()
