"""The columns of a table that can be typed in, and the same table read from a CSV.

What would have to be guessed (a thousands mark, a word among numbers) is refused, with its row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from caremap.hidden import FEW
from caremap.problems import DataProblem
from caremap.ui.text import times

__all__ = ["LARGEST", "MOST_NUMBER", "Column", "few_patients", "frame_of", "read_csv"]

LARGEST = 5_000_000
"""Bytes of an uploaded table."""
MOST_NUMBER = 1_000_000_000_000
"""A number in a table is below it: beyond, whole units cannot be counted without rounding."""
_MOST_ROWS = 5_000
_YES = frozenset("yes y true 1 x ja oui si".split())
_NO = frozenset("no n false 0 nein non".split()) | {""}


@dataclass(frozen=True)
class Column:
    """A column of a table that can be typed in.

    Attributes
    ----------
    name
        As the planning function calls it.
    title
        On the screen and in files.
    kind
        Text, whole numbers from 0, numbers, or yes and no.
    needed
        Whether a table without it is refused.
    help
        What it means, where its title does not say.
    choices
        What a text may be, where only some are known.
    signed
        Whether numbers may be below 0.
    patients
        Whether it counts patients: few of them are hidden as everywhere.
    """

    name: str
    title: str
    kind: Literal["text", "whole", "number", "flag"] = "text"
    needed: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    signed: bool = False
    patients: bool = False


def frame_of(columns: Sequence[Column], frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with these columns, in their types; rows with nothing in them are left out.

    Examples
    --------
    >>> columns = [Column("place", "Place"), Column("units", "Units", "whole")]
    >>> frame_of(columns, pd.DataFrame({"place": [" Kent ", None], "units": [3.0, None]}))
      place  units
    0  Kent      3
    """
    made = {}
    for column in columns:
        values = frame[column.name] if column.name in frame else pd.Series(None, frame.index)
        if column.kind == "flag":
            made[column.name] = pd.Series(
                [value is not None and not pd.isna(value) and bool(value) for value in values],
                index=frame.index, dtype="bool",
            )  # fmt: skip
        elif column.kind == "text":
            text = [None if value is None or pd.isna(value) else " ".join(str(value).split())
                    for value in values]  # fmt: skip
            made[column.name] = pd.Series([one or None for one in text], frame.index, dtype="str")
        else:
            numbers = pd.to_numeric(values, errors="coerce").astype("Float64")
            whole = numbers.round() if column.kind == "whole" else numbers
            kind = "Int64" if column.kind == "whole" else "float64"
            made[column.name] = whole.astype(pd.api.types.pandas_dtype(kind))
    shaped = pd.DataFrame(made)
    filled = [column.name for column in columns if column.kind != "flag"]
    return shaped[shaped[filled].notna().any(axis=1)].reset_index(drop=True)


def few_patients(columns: Sequence[Column], frame: pd.DataFrame) -> pd.DataFrame:
    """Return which cells count 1 to 10 patients."""
    counted = {column.name for column in columns if column.patients}
    return pd.DataFrame(
        {
            name: frame[name].between(1, FEW).fillna(False).astype("bool")
            if name in counted
            else False
            for name in frame
        },
        index=frame.index,
    )


def read_csv(data: bytes, columns: Sequence[Column]) -> tuple[pd.DataFrame, str]:
    r"""Return an uploaded table, and what of it was not taken.

    Parameters
    ----------
    data
        The file: CSV in UTF-8, with the titles or the names of the columns.
    columns
        What is looked for.

    Raises
    ------
    caremap.DataProblem
        Where a column that is needed is missing, or a cell is no number where one has to be.

    Examples
    --------
    >>> columns = [Column("place", "Place", needed=True), Column("units", "Beds", "whole")]
    >>> frame, missed = read_csv(b"PLACE,Beds,Colour\nKent,3,red\n", columns)
    >>> frame.to_dict("records"), missed
    ([{'place': 'Kent', 'units': 3}], 'Not used: the column “Colour”.')
    """
    table = _parsed(data)
    known = {_plain(text): column for column in columns for text in (column.name, column.title)}
    found = {header: known[_plain(str(header))] for header in table if _plain(str(header)) in known}
    taken = {column.name: header for header, column in reversed(found.items())}
    lacking = [one.title for one in columns if one.needed and one.name not in taken]
    if lacking:
        raise DataProblem(
            f"The table has no column {_named(lacking)}.",
            f"Its columns are {_named(list(map(str, table)))}.",
        )
    read = {one.name: _read(table[taken[one.name]], one) for one in columns if one.name in taken}
    frame = frame_of(columns, pd.DataFrame(read))
    if frame.empty:
        raise DataProblem("The table has no row.", "Add one below the headings.")
    others = [str(header) for header in table if header not in taken.values()]
    plural = "s" if len(others) > 1 else ""
    return frame, f"Not used: the column{plural} {_named(others)}." if others else ""


def _parsed(data: bytes) -> pd.DataFrame:
    """Return the cells as text under their headings; a row never moves to other headings."""
    if len(data) > LARGEST:
        raise DataProblem("The table is larger than 5 MB.", "Upload places, not patients.")
    try:
        text = data.decode("utf-8-sig")
        first = next((line for line in text.splitlines() if line.strip()), "")
        separator = max(",;\t", key=first.count)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows = [[cell.strip() for cell in row] for row in lines]
    except (UnicodeDecodeError, csv.Error) as failure:
        raise DataProblem(
            "The file cannot be read as CSV.", "Save it as CSV in UTF-8 and try again."
        ) from failure
    begun = next((place for place, row in enumerate(rows) if any(row)), None)
    if begun is None:
        raise DataProblem("The file is empty.", "Give it a row of headings and rows below it.")
    headings, below = rows[begun], rows[begun + 1 :]
    if len(below) > _MOST_ROWS:
        raise DataProblem(
            f"The table has {times(len(below), 'row')}.", f"At most {_MOST_ROWS:,} can be used."
        )
    return _under_headings(headings, below)


def _under_headings(headings: list[str], rows: list[list[str]]) -> pd.DataFrame:
    named = [place for place, heading in enumerate(headings) if heading]
    names = [headings[place] for place in named]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise DataProblem(f"The column {_named(twice[:1])} is there twice.", "Rename one of them.")
    for number, row in enumerate(rows):
        if any(cell and place not in named for place, cell in enumerate(row)):
            raise DataProblem(
                f"Row {number + 2} has a cell without a heading above it.",
                "A cell with a comma in it needs quotation marks; or name the column.",
            )
    width = len(headings)
    cells = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    kept = [[row[place] for place in named] for row in cells]
    return pd.DataFrame(kept, columns=names, dtype="str")


def _plain(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _named(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _read(values: pd.Series[Any], column: Column) -> pd.Series[Any]:
    """Return the cells of a column; what is not what it has to be is refused, never guessed."""
    text = values.str.strip()
    if column.kind == "text":
        if column.choices:
            _only(text, text.eq("") | text.isin(column.choices), column)
        return text
    if column.kind == "flag":
        plain = text.str.casefold()
        _only(text, plain.isin(_YES | _NO), column)
        return plain.isin(_YES)
    numbers = pd.to_numeric(text.where(text.ne("")), errors="coerce").astype("float64")
    fits = text.eq("") | (numbers.abs() < float("inf"))
    if not column.signed:
        fits &= ~(numbers < 0)
    if column.kind == "whole":
        fits &= numbers.isna() | numbers.eq(numbers.round())
    _only(text, fits, column)
    if (numbers.abs() >= MOST_NUMBER).any():
        row = int((numbers.abs() >= MOST_NUMBER).to_numpy().argmax()) + 2
        raise DataProblem(
            f"Row {row} of “{column.title}” is a trillion or more.", "Take a larger unit."
        )
    return numbers


_MEANT: Mapping[str, str] = {
    "whole": "a whole number", "number": "a number like 1234.5", "flag": "yes or no",
}  # fmt: skip


def _only(text: pd.Series[Any], fits: pd.Series[Any], column: Column) -> None:
    """Refuse cells that do not fit, naming the first of them."""
    if fits.all():
        return
    place = int((~fits).to_numpy().argmax())
    meant = _MEANT.get(column.kind) or f"one of {_named(column.choices)}"
    raise DataProblem(
        f"Row {place + 2} of “{column.title}” has “{text.iloc[place][:40]}”.",
        f"It has to be {meant}, from 0 on." if column.kind in ("whole", "number")
        and not column.signed else f"It has to be {meant}.",
    )  # fmt: skip
