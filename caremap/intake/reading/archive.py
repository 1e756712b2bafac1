"""What may be known of a zipped workbook before anything is unpacked: its directory."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from caremap.intake.reading.limits import MIB, Limits, amount
from caremap.problems import DataProblem

__all__ = ["Archive", "inspect"]

LARGE = 10 * MIB
ENTRY = b"PK\x01\x02"
DAMAGED = "Open it in a spreadsheet program, let that repair it, and save it as XLSX."


@dataclass(frozen=True)
class Archive:
    """A zip file that passed the checks of its directory, and the kind of workbook it is."""

    format: str
    file: zipfile.ZipFile


def inspect(data: bytes, name: str, limits: Limits) -> Archive:
    """Read the directory of a zipped workbook and refuse what would not end well.

    Raises
    ------
    DataProblem
        It is damaged, encrypted, no workbook, or unpacks to too much.
    """
    if data.count(ENTRY) > limits.entries:
        raise DataProblem(
            f"“{name}” has more than {limits.entries:,} parts, far more than any workbook.",
            "Open it in a spreadsheet program and save it again.",
        )
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
        entries = file.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError):
        raise DataProblem(f"“{name}” is a workbook that is cut off or damaged.", DAMAGED) from None
    refuse_bombs(entries, name, limits)
    format_ = workbook_format(file, name)
    if any(entry.flag_bits & 1 for entry in entries):
        raise DataProblem(
            f"“{name}” is protected with a password.", "Remove the password and save it again."
        )
    return Archive(format_, file)


def refuse_bombs(entries: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    """Refuse an archive that declares to unpack to much more than a workbook does."""
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise DataProblem(
            f"“{name}” unpacks to {amount(total)}; the limit is {amount(limits.unpacked_bytes)}.",
            "Save the sheet you need as CSV, or split it by year.",
        )
    for entry in entries:
        if entry.file_size > LARGE and entry.file_size > limits.ratio * entry.compress_size:
            ratio = entry.file_size / max(1, entry.compress_size)
            raise DataProblem(
                f"“{name}” unpacks to {ratio:,.0f} times its size; workbooks of spreadsheet "
                f"programs stay far below the limit of {limits.ratio:,.0f}.",
                "If you trust the file, save its sheet as CSV and upload that.",
            )


def workbook_format(file: zipfile.ZipFile, name: str) -> str:
    """Return xlsx, xlsm, xlsb or ods; refuse other archives."""
    names = {entry.replace("\\", "/").lstrip("/").lower() for entry in file.namelist()}
    folders = {entry.split("/")[0] for entry in names}
    if any(entry.endswith("workbook.bin") for entry in names):
        return "xlsb"
    if "[content_types].xml" in names:
        if "word" in folders or "ppt" in folders:
            what = "a Word document" if "word" in folders else "a PowerPoint presentation"
            raise DataProblem(
                f"“{name}” is {what}, not a table.",
                "Copy the table into a spreadsheet program and save it as CSV or XLSX.",
            )
        if "xl" in folders or "_rels/.rels" in names:
            return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"
        raise DataProblem(f"“{name}” is a workbook without its main part.", DAMAGED)
    if "content.xml" in names:
        if b"encryption-data" in beginning(file, "META-INF/manifest.xml"):
            raise DataProblem(
                f"“{name}” is protected with a password.", "Remove the password and save it again."
            )
        if b"spreadsheet" in (beginning(file, "mimetype") or b"spreadsheet"):
            return "ods"
        raise DataProblem(
            f"“{name}” is an OpenDocument file without a spreadsheet.",
            "Save the table as CSV, XLSX or ODS.",
        )
    if any(entry.startswith("index/") and entry.endswith(".iwa") for entry in names):
        raise DataProblem(
            f"“{name}” is a document of Apple Numbers or Pages.", "Export it as XLSX or CSV."
        )
    raise DataProblem(
        f"“{name}” is a ZIP archive of {len(names):,} files, not a workbook.",
        "Unpack it and choose the file inside.",
    )


def beginning(file: zipfile.ZipFile, part: str) -> bytes:
    """Return the first bytes of a part; none where it cannot be read."""
    try:
        with file.open(part) as opened:
            return opened.read(1 << 16)
    except (KeyError, zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError):
        return b""
