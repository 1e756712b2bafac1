"""Open a file: find out what it is, and hold its sheets."""

from __future__ import annotations

import hashlib
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from caremap.intake.reading import recognise
from caremap.intake.reading.contents import Note, Source
from caremap.intake.reading.guard import guarded
from caremap.intake.reading.limits import Limits, amount
from caremap.intake.reading.wording import shown_name
from caremap.problems import DataProblem

__all__ = ["open_source"]

FIRST_PIECE, PIECE = 1 << 10, 1 << 20


@guarded
def open_source(
    source: str | os.PathLike[str] | bytes,
    name: str | None = None,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    limits: Limits | None = None,
) -> Source:
    """Open a spreadsheet or text file.

    Parameters
    ----------
    source
        Path of the file, or its bytes.
    name
        File name to show where `source` is bytes.
    encoding, separator
        What the user chose instead of what would be found.
    limits
        Bounds on what is read.

    Raises
    ------
    DataProblem
        The file cannot be used; nothing else is raised.
    """
    limits = limits or Limits()
    label = shown_name(name if name is not None else source)
    data = load(source, label, limits)
    with ThreadPoolExecutor(1) as aside:  # hashing is a third of the work on a clean text
        digest = aside.submit(lambda: hashlib.sha256(data).hexdigest())
        opened = read(data, label, encoding, separator, limits)
    note = misnamed(label, opened.format)
    notes = (note, *opened.notes) if note else opened.notes
    return replace(opened, digest=digest.result(), size=len(data), notes=notes)


def read(
    data: bytes, name: str, encoding: str | None, separator: str | None, limits: Limits
) -> Source:
    """Send `data` to the reader of what it is; digest and size are still to be filled in."""
    what = recognise.container(data, name)
    if what in ("zip", "ole"):
        from caremap.intake.reading.workbook import open_workbook

        return open_workbook(data, name, what, limits)
    from caremap.intake.reading.plain import open_text

    if what == "text":
        return open_text(data, name, encoding, separator, limits)
    inner = gunzip(data, name, limits)
    if recognise.container(inner, name) != "text":
        raise DataProblem(
            f"“{name}” is a compressed file (GZ) with something else than text inside.",
            "Unpack it and choose the file inside.",
        )
    opened = open_text(inner, name, encoding, separator, limits)
    packed = Note("unpacked", f"The file is compressed (GZ); {amount(len(inner))} were unpacked.")
    return replace(opened, notes=(packed, *opened.notes))


def load(source: str | os.PathLike[str] | bytes, name: str, limits: Limits) -> bytes:
    """Return the bytes, refusing more than the limit before they are read."""
    if isinstance(source, bytes | bytearray | memoryview):
        size, path = len(source), None
    else:
        path = Path(source)
        try:
            if path.exists() and not path.is_file():
                raise DataProblem(f"“{name}” is not a file.", "Choose one file.")
            size = path.stat().st_size
        except (OSError, ValueError):
            raise DataProblem(
                f"“{name}” was not found.", "Check the path and the spelling of the name."
            ) from None
    if size > limits.file_bytes:
        raise DataProblem(
            f"“{name}” has {amount(size)}; the limit is {amount(limits.file_bytes)}.",
            "Split it by year, or leave out columns you do not need.",
        )
    if path is None:
        return bytes(source)  # type: ignore[arg-type]
    try:
        return path.read_bytes()
    except OSError:
        raise DataProblem(
            f"“{name}” could not be opened.",
            "Close it in other programs and check who may read it.",
        ) from None


def gunzip(data: bytes, name: str, limits: Limits) -> bytes:
    """Unpack gz, all members, never beyond the limit."""
    unpacked = bytearray()
    view = memoryview(data)
    position = 0
    while data.startswith(b"\x1f\x8b", position):
        unpacker = zlib.decompressobj(wbits=31)
        # Piece by piece: what lies behind the end of a member is copied by zlib.
        size = FIRST_PIECE
        while not unpacker.eof:
            piece = view[position : position + size]
            position += len(piece)
            room = limits.file_bytes - len(unpacked)
            try:
                unpacked += unpacker.decompress(piece, room + 1)
            except zlib.error:
                raise broken_gzip(name) from None
            if len(unpacked) > limits.file_bytes:
                raise DataProblem(
                    f"“{name}” unpacks to more than {amount(limits.file_bytes)}, the limit.",
                    "Split the file inside by year, or leave out columns you do not need.",
                )
            if not piece and not unpacker.eof:
                raise broken_gzip(name)
            size = min(size * 2, PIECE)
        position -= len(unpacker.unused_data)
    return bytes(unpacked)


def broken_gzip(name: str) -> DataProblem:
    """Say that a gz file is cut off or damaged."""
    return DataProblem(
        f"“{name}” is a compressed file (GZ) that is cut off or damaged.",
        "Copy or download it again.",
    )


def misnamed(name: str, format_: str) -> Note | None:
    """Note an ending that says something else than what the file is."""
    ending = name.lower().removesuffix(".gz").rpartition(".")[2]
    texts = {"csv", "tsv", "txt", "tab", "dat", "asc", "text"}
    books = {"xlsx", "xlsm", "xls", "xlsb", "ods", "xltx", "xltm", "xlt"}
    named_text, is_text = ending in texts, format_ in ("csv", "tsv")
    if ending not in texts | books or (named_text and is_text):
        return None
    if ending == format_ or (ending.startswith("xlt") and not is_text):
        return None
    what = "a text file" if is_text else f"a workbook ({format_.upper()})"
    return Note("misnamed", f"The name ends in .{ending}, but the file is {what}; read as that.")
