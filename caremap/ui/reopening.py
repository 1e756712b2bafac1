"""A loaded file as it is kept, and opened again as it was."""

from __future__ import annotations

import datetime as dt
import hashlib

from caremap.intake import Loaded, open_all, open_file
from caremap.problems import DataProblem
from caremap.ui import remembered
from caremap.ui.state import OpenFile, Progress, TableChoices, heard, known
from caremap.workfile import WorkFile, WorkTable

__all__ = ["kept", "reopened"]


def kept(file: OpenFile) -> WorkFile:
    """Return a loaded file as its bytes and what was decided about it."""
    tables = tuple(
        WorkTable(one.sheet, dict(one.mapping), known(one.options), one.recalled, one.within)
        for one in file.choices
    )
    return WorkFile(file.name, file.data, tables, file.encodings, file.sample)


def reopened(file: WorkFile, progress: Progress | None = None) -> OpenFile:
    """Open a kept file with what was decided about it.

    Tables about which nothing was decided are those that are found when it is uploaded.

    Raises
    ------
    caremap.DataProblem
        What was decided does not fit the file.
    """
    choices = tuple(
        TableChoices(one.sheet, dict(one.mapping), dict(one.options), one.recalled, one.within)
        for one in file.tables
    )
    found = [] if all(one.any for one in choices) else _found(file, progress)
    tables = []
    for one in choices:
        table = next((table for table in found if _is(table, one)), None)
        if table is None:
            table = open_file(file.data, file.name, one.sheet, one.mapping, one.options, progress)
        tables.append(heard(table))
    digest = hashlib.sha256(file.data).hexdigest()
    for place, (table, one) in enumerate(zip(tables, choices, strict=True)):
        if one.any:
            origin = f"{digest}:{place}"
            remembered.keep_made(origin, file.name, table, one.mapping, one.options)
    return OpenFile(
        tables[0].source.name, digest, file.data, tuple(tables), choices, dt.datetime.now(dt.UTC),
        file.sample, file.encodings,
    )  # fmt: skip


def _found(file: WorkFile, progress: Progress | None) -> list[Loaded]:
    try:
        return open_all(file.data, file.name, progress=progress)
    except DataProblem:
        return []  # it opens with what was decided, or says why not


def _is(table: Loaded, choices: TableChoices) -> bool:
    """Whether a table is found without being asked for."""
    if (table.source.sheet or None) != choices.sheet or choices.any:
        return False
    return not choices.within or table.kind == choices.options.get("kind")
