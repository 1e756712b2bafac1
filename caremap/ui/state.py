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

__all__ = [
    "OpenFile",
    "TableChoices",
    "add_file",
    "add_sample",
    "change_table",
    "files",
    "network",
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
    """What the user decided about one table instead of intake."""

    sheet: str | None = None
    mapping: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenFile:
    """One uploaded file: its bytes (to match columns again), its tables, the choices made."""

    name: str
    digest: str
    data: bytes
    tables: tuple[Loaded, ...]
    choices: tuple[TableChoices, ...]
    at: dt.datetime
    sample: bool = False


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


def add_file(name: str, data: bytes, progress: Progress | None = None) -> OpenFile | None:
    """Open a file and add its tables to the network.

    Returns
    -------
    OpenFile or None
        None where the very same bytes are loaded already.

    Raises
    ------
    DataProblem
        The file cannot be used.
    """
    digest = hashlib.sha256(data).hexdigest()
    if any(file.digest == digest for file in files()):
        return None
    tables = tuple(open_all(data, name, progress=progress))
    choices = tuple(TableChoices(table.source.sheet or None) for table in tables)
    now = dt.datetime.now(dt.UTC)
    file = OpenFile(tables[0].source.name, digest, data, tables, choices, now)
    st.session_state[_FILES] = (*files(), file)
    return file


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


def change_table(digest: str, place: int, choices: TableChoices) -> None:
    """Read one table of a file again with other choices, from the bytes at hand.

    Raises
    ------
    DataProblem
        The choices do not fit the file; what was loaded stays as it was.
    """
    held = list(files())
    for index, file in enumerate(held):
        if file.digest != digest:
            continue
        if not 0 <= place < len(file.tables):
            raise DataProblem("That table is no longer there.", "Open the Data page again.")
        table = open_file(
            file.data, file.name, choices.sheet, choices.mapping, _known(choices.options)
        )
        tables = (*file.tables[:place], table, *file.tables[place + 1 :])
        decided = (*file.choices[:place], choices, *file.choices[place + 1 :])
        held[index] = replace(file, tables=tables, choices=decided)
    st.session_state[_FILES] = tuple(held)


def remove_file(digest: str) -> None:
    """Take a file out of the network."""
    st.session_state[_FILES] = tuple(file for file in files() if file.digest != digest)


def _known(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value not in (None, "", {}, ())}
