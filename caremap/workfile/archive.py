"""The archive around a manifest and the files: written whole, read with every step checked."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib

from caremap.problems import DataProblem
from caremap.workfile.manifest import manifest_of, read_manifest, strange
from caremap.workfile.work import Work

__all__ = ["ENDING", "LARGEST", "MANIFEST", "MOST_FILES", "is_work", "opened", "save"]

ENDING = "caremap"
MANIFEST = "caremap-work.json"
MIB = 1 << 20
MOST_FILES = 64
LARGEST = 1024 * MIB
"""Bytes of all files together, unpacked."""

LARGEST_MANIFEST = 8 * MIB
LARGE = 10 * MIB
RATIO = 100
"""Of a part beyond ``LARGE``: bytes unpacked for each packed. Tables stay under 20 or so."""

_NO_TIME = (1980, 1, 1, 0, 0, 0)
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"  # how the end of an archive begins
_DIRECTORY = 200 * (MOST_FILES + 1)
_DEFLATED, _STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED


def save(work: Work) -> bytes:
    r"""Return the work as the bytes of a work file, the same for the same work.

    The files themselves are in it, patients included: it belongs where they belong.

    Raises
    ------
    caremap.DataProblem
        There are more than 64 files, or more than 1 GB of them: such a file could not be opened.

    Examples
    --------
    >>> from caremap.workfile import Work, WorkFile
    >>> work = Work((WorkFile("april.csv", b"Ward,Beds\nA,12\n"),), {"facility": ("North",)})
    >>> opened(save(work)) == work
    True
    """
    told = json.dumps(manifest_of(work), ensure_ascii=True, indent=1).encode()
    _refuse_much([len(file.data) for file in work.files], len(told))
    parts = [(MANIFEST, told), *((_part(n), file.data) for n, file in enumerate(work.files, 1))]
    data, packed = _written(parts, set())
    if thick := {one.filename for one in packed if _is_bomb(one)}:
        data, _ = _written(parts, thick)  # stored as they are, so that they can be told from bombs
    return data


def is_work(data: bytes) -> bool:
    """Say whether these bytes claim to be a work file, whatever their name.

    Examples
    --------
    >>> is_work(b"Ward,Beds"), is_work(save(Work(())))
    (False, True)
    """
    return data.startswith(b"PK\x03\x04") and data[30 : 30 + len(MANIFEST)] == MANIFEST.encode()


def opened(data: bytes) -> Work:
    """Read a work file.

    Raises
    ------
    caremap.DataProblem
        It is none, it is damaged or was changed, or it holds anything a work file does not;
        nothing else is raised.

    Examples
    --------
    >>> try:
    ...     opened(b"PK")
    ... except DataProblem as problem:
    ...     print(problem.message)
    This is not a work file of CareMap, or it is cut off.
    """
    try:
        _refuse_long_directory(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except DataProblem:
        raise
    except (zipfile.BadZipFile, zlib.error, ValueError, OverflowError, NotImplementedError,
            OSError, EOFError, RuntimeError, KeyError, IndexError):  # fmt: skip
        raise DataProblem(
            "This is not a work file of CareMap, or it is cut off.",
            f"Work files are saved on the Data page and end in .{ENDING}: take a fresh copy.",
        ) from None


def _read(archive: zipfile.ZipFile) -> Work:
    entries = {one.filename: one for one in archive.infolist()}
    if MANIFEST not in entries:
        raise strange("its manifest is missing")
    if len(entries) != len(archive.infolist()):
        raise strange("a part of it is there twice")
    if len(entries) > MOST_FILES + 1:
        raise strange(f"it has more than {MOST_FILES} files")
    for one in entries.values():
        if one.flag_bits & 1:
            raise strange("it is protected with a password")
        if one.compress_type not in (_DEFLATED, _STORED) or _is_bomb(one):
            raise strange("it is packed in a way CareMap does not pack")
    sizes = [one.file_size for name, one in entries.items() if name != MANIFEST]
    _refuse_much(sizes, entries[MANIFEST].file_size)
    expected = {_part(number): number for number in range(1, len(entries))}
    if set(entries) != {MANIFEST, *expected}:
        raise strange("it has parts that do not belong there, or lacks some")
    told = _unpacked(archive, entries[MANIFEST])
    work, digests = read_manifest(told, lambda number: _unpacked(archive, entries[_part(number)]),
                                  len(expected))  # fmt: skip
    for file, digest in zip(work.files, digests, strict=True):
        if hashlib.sha256(file.data).hexdigest() != digest:
            raise strange("a file in it is not the one that was saved")
    return work


def _refuse_long_directory(data: bytes) -> None:
    """A directory of millions of parts would fill the memory before any of them is looked at."""
    end = data[-22:]
    if end[:4] != _END or data[-42:-38] == _END_64:
        raise zipfile.BadZipFile
    if int.from_bytes(end[12:16], "little") > _DIRECTORY:
        raise strange(f"it has more than {MOST_FILES} files")


def _part(number: int) -> str:
    return f"files/{number}"


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Unpack a part, never beyond the size that it declares."""
    with archive.open(entry) as part:
        data = part.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise strange("a part of it is not as long as it says")
    return data


def _refuse_much(sizes: list[int], manifest: int) -> None:
    if len(sizes) > MOST_FILES:
        raise strange(f"it has more than {MOST_FILES} files", "Leave out files you do not need.")
    if sum(sizes) > LARGEST or manifest > LARGEST_MANIFEST:
        raise strange(
            f"its files have more than {LARGEST // MIB:,} MB together",
            "Leave out files you do not need.",
        )


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > LARGE and entry.file_size > RATIO * entry.compress_size


def _written(
    parts: list[tuple[str, bytes]], stored: set[str]
) -> tuple[bytes, list[zipfile.ZipInfo]]:
    """Pack the parts, the manifest first, without time or machine."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = 0
            entry.compress_type = _STORED if name in stored else _DEFLATED
            archive.writestr(entry, data)
    return held.getvalue(), archive.infolist()
