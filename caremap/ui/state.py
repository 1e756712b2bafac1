"""What one session has loaded: files, the choices made about them, and the network.

Everything lives in this session's state and nowhere else: nothing is written to disk,
nothing is shared with another session, and it is gone when the session ends.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from caremap.dataset import Dataset
from caremap.intake import Loaded, open_all, open_file
from caremap.problems import DataProblem
from caremap.ui import remembered

__all__ = [
    "OpenFile",
    "TableChoices",
    "add_choices",
    "add_file",
    "add_sample",
    "change_table",
    "files",
    "forget_choices",
    "heard",
    "known",
    "network",
    "put",
    "remove_file",
    "version",
]

Progress = Callable[[str, float], None]
_FILES = "files"
_NETWORK = "network"
_SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
_SAMPLE_FILES = ("stays", "facilities", "staff", "capacity", "population", "activity")


@dataclass(frozen=True)
class TableChoices:
    """What was decided about one table instead of intake.

    ``recalled`` says where the decisions come from when they were made before, in words.
    ``within`` marks one of several tables read from the same columns (facilities with their
    staff): what it starts from was not decided by anybody.
    """

    sheet: str | None = None
    mapping: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    recalled: str = ""
    within: bool = False

    @property
    def any(self) -> bool:
        """Whether anything but the sheet was decided."""
        return not self.within and bool(self.mapping or known(self.options))


@dataclass(frozen=True)
class OpenFile:
    """One uploaded file: its bytes (to match columns again), its tables, the choices made.

    ``encodings`` are those a text could be in, the one found first; empty where its bytes
    leave no doubt.
    """

    name: str
    digest: str
    data: bytes
    tables: tuple[Loaded, ...]
    choices: tuple[TableChoices, ...]
    at: dt.datetime
    sample: bool = False
    encodings: tuple[str, ...] = ()


def files() -> tuple[OpenFile, ...]:
    """Return the files of this session, in the order of their arrival."""
    held: tuple[OpenFile, ...] = st.session_state.get(_FILES, ())
    return held


def network() -> Dataset | None:
    """Return the network the files make together, None where there are none."""
    held = files()
    if not held:
        return None
    key = version()
    cached = st.session_state.get(_NETWORK)
    if cached is None or cached[0] != key:
        tables = [table for file in held for table in file.tables]
        cached = (key, Dataset.of(*tables))
        st.session_state[_NETWORK] = cached
    dataset: Dataset = cached[1]
    return dataset


def version() -> str:
    """Return a key of everything loaded and chosen: caches are keyed by it."""
    told = [
        [file.digest, [[one.sheet, one.mapping, one.options] for one in file.choices]]
        for file in files()
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def add_file(name: str, data: bytes, progress: Progress | None = None) -> str | None:
    """Open a file and add its tables to the network.

    Choices made in this session for a table with the same columns are used again.

    Returns
    -------
    str or None
        Something to tell the user: that these bytes are loaded already, or that choices made
        for such tables do not fit this one.

    Raises
    ------
    DataProblem
        The file cannot be used.
    """
    digest = hashlib.sha256(data).hexdigest()
    if any(file.digest == digest for file in files()):
        return f"“{name}” is loaded already, byte for byte."
    told = None
    recipes = remembered.recipes()
    try:
        options = {"recipe": recipes} if recipes else None
        tables = open_all(data, name, options=options, progress=progress)
    except DataProblem as problem:
        if not recipes:
            raise
        tables = open_all(data, name, progress=progress)
        told = (
            f"Choices made before for such a table do not fit “{name}”, so it was read without "
            f"them. {problem.message}"
        )
    sheets = [table.source.sheet for table in tables]
    choices = tuple(_chosen(one, sheets.count(one.source.sheet) > 1) for one in tables)
    now = dt.datetime.now(dt.UTC)
    file = OpenFile(
        tables[0].source.name, digest, data, tuple(map(heard, tables)), choices, now,
        encodings=_encodings(tables[0]),
    )  # fmt: skip
    st.session_state[_FILES] = (*files(), file)
    return told


def _chosen(table: Loaded, within: bool = False) -> TableChoices:
    """The choices a table was opened with: those remembered for its columns, or none."""
    sheet = table.source.sheet or None
    if within:
        return TableChoices(sheet, dict(table.mapping), {"kind": table.kind}, within=True)
    found = remembered.used_for(table)
    return TableChoices(sheet, *found) if found else TableChoices(sheet)


def heard(table: Loaded) -> Loaded:
    """Return a table with its findings as they are here.

    That no remembered choice fits is dropped: nobody asked for any in particular. That a sheet
    holds several tables asks for no check: each of them is loaded and shown.
    """
    findings = tuple(
        replace(one, severity="info") if one.code == "several-tables" else one
        for one in table.findings
        if one.code != "recipe-not-for-this-file"
    )
    return replace(table, findings=findings)


def _encodings(table: Loaded) -> tuple[str, ...]:
    source = table.source
    guessed = any(finding.code == "encoding-guessed" for finding in table.findings)
    if not source.encoding or not (guessed or source.alternatives):
        return ()
    return (source.encoding, *source.alternatives)


def add_sample(progress: Progress | None = None) -> None:
    """Load the invented sample network, through the same door as any upload."""
    for place, stem in enumerate(_SAMPLE_FILES):
        path = _SAMPLE / f"{stem}.csv"

        def told(stage: str, done: float, place: int = place, stem: str = stem) -> None:
            if progress is not None:
                progress(f"{stem}: {stage.lower()}", (place + done) / len(_SAMPLE_FILES))

        add_file(f"sample {path.name}", path.read_bytes(), told)
    st.session_state[_FILES] = tuple(
        replace(file, sample=True) if file.name.startswith("sample ") else file for file in files()
    )


def add_choices(name: str, data: bytes) -> list[str]:
    """Keep choices saved earlier and use them for the loaded tables they fit.

    Tables about which something was decided in this session stay as they are.

    Returns
    -------
    list of str
        The files they are used for now.

    Raises
    ------
    DataProblem
        It is no file of saved choices, or they do not fit the table with these columns.
    """
    recipe = remembered.keep_saved(name, data)
    used = []
    for file in files():
        for place, (table, choices) in enumerate(zip(file.tables, file.choices, strict=True)):
            if choices.any or not remembered.may_fit(recipe, table):
                continue
            again = open_file(file.data, file.name, choices.sheet, options={"recipe": recipe})
            if any(finding.code == "recipe-applied" for finding in again.findings):
                _put(file.digest, place, again, _chosen(again))
                used.append(file.name)
    return used


def change_table(
    digest: str, place: int, choices: TableChoices, progress: Progress | None = None
) -> None:
    """Read one table of a file again with other choices, from the bytes at hand.

    Raises
    ------
    DataProblem
        The choices do not fit the file; what was loaded stays as it was.
    """
    file = next((one for one in files() if one.digest == digest), None)
    if file is None or not 0 <= place < len(file.tables):
        raise DataProblem("That table is no longer there.", "Open the Data page again.")
    table = open_file(
        file.data, file.name, choices.sheet, choices.mapping, known(choices.options), progress
    )
    _put(digest, place, table, choices)
    if not choices.within:
        origin = f"{digest}:{place}"
        remembered.keep_made(origin, file.name, table, choices.mapping, choices.options)


def forget_choices(digest: str, place: int, progress: Progress | None = None) -> None:
    """Read a table as if nothing had been decided about it but its sheet."""
    file = next(one for one in files() if one.digest == digest)
    change_table(digest, place, TableChoices(file.choices[place].sheet), progress)


def _put(digest: str, place: int, table: Loaded, choices: TableChoices) -> None:
    held = list(files())
    for index, file in enumerate(held):
        if file.digest == digest:
            held[index] = replace(
                file,
                tables=(*file.tables[:place], table, *file.tables[place + 1 :]),
                choices=(*file.choices[:place], choices, *file.choices[place + 1 :]),
            )
    st.session_state[_FILES] = tuple(held)


def put(held: tuple[OpenFile, ...]) -> None:
    """Let these be the files of this session."""
    st.session_state[_FILES] = held


def remove_file(digest: str) -> None:
    """Take a file out of the network."""
    st.session_state[_FILES] = tuple(file for file in files() if file.digest != digest)


def known(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that decide something."""
    return {name: value for name, value in options.items() if value not in (None, "", {}, ())}
