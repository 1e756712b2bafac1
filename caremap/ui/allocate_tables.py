"""The tables an allocation is made from: of the data, an example, uploaded or typed over."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import streamlit as st

from caremap.problems import DataProblem
from caremap.ui import downloads
from caremap.ui.text import escaped, times

__all__ = ["Column", "Origin", "Start", "Typed", "ask", "digest_of", "frame_of", "read_csv"]

Origin = Literal["data", "example", "uploaded", "typed"]

_HELD = "allocate_tables"
_LARGEST = 5_000_000  # bytes of an uploaded table
_MOST_ROWS = 5_000
_ROW, _HEADER, _SHOWN = 35, 38, 12
_YES = frozenset("yes y true 1 x ja oui si".split())
_NO = frozenset("no n false 0 nein non".split()) | {""}
_SAID = {
    "data": "From your data. Type over what you know better.",
    "uploaded": "As uploaded. Type over what you know better.",
    "typed": "As typed in. It stays in this session; a link does not carry it.",
    "example": "An invented example, not your data: type over it, or upload a table of your own.",
}


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
    """

    name: str
    title: str
    kind: Literal["text", "whole", "number", "flag"] = "text"
    needed: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    signed: bool = False


@dataclass(frozen=True, eq=False)
class Start:
    """What a table begins with: of the data, or an example, and why it is one."""

    frame: pd.DataFrame
    origin: Literal["data", "example"]
    why: str = ""


@dataclass(frozen=True, eq=False)
class Typed:
    """A table as it stands, and where it is from."""

    frame: pd.DataFrame
    origin: Origin


@dataclass
class _Kept:
    """What a session keeps of one table: its base, what was made of it, and how often it began."""

    base: pd.DataFrame
    origin: Origin
    now: pd.DataFrame
    times: int = 0
    missed: str = field(default="")


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


def digest_of(frame: pd.DataFrame) -> str:
    """Return a short key of everything in a frame."""
    return hashlib.sha256(frame.to_csv(index=False).encode()).hexdigest()[:12]


def ask(name: str, columns: Sequence[Column], start: Start, what: str) -> Typed:
    """Draw a table to type over, with its upload and its downloads, and return it.

    Parameters
    ----------
    name
        What the table is called in keys and files.
    columns
        Its columns.
    start
        What it begins with.
    what
        What a row is, as of many: "places".
    """
    begun = frame_of(columns, start.frame)
    key = f"{name}_{digest_of(begun)}"
    held: dict[str, _Kept] = st.session_state.setdefault(_HELD, {})
    kept = held.setdefault(key, _Kept(begun, start.origin, begun))
    widget = f"allocate_{key}_{kept.times}"
    if widget not in st.session_state:  # first seen, or come back to: what was typed still stands
        kept.base = kept.now
    st.caption(escaped(" ".join(filter(None, [start.why, _SAID[_origin(kept, begun)]]))))
    edited = st.data_editor(
        kept.base.rename(columns={column.name: column.title for column in columns}),
        hide_index=True, width="stretch", key=widget, num_rows="dynamic",
        height=_HEADER + _ROW * (min(len(kept.base), _SHOWN) + 1),
        column_config={column.title: _config(column) for column in columns},
        alt=f"Table of {what}, to type over",
    )  # fmt: skip
    names = {column.title: column.name for column in columns}
    kept.now = frame_of(columns, pd.DataFrame(edited).rename(columns=names))
    _files(name, columns, key, kept, begun, start, what)
    return Typed(kept.now, _origin(kept, begun))


def _origin(kept: _Kept, begun: pd.DataFrame) -> Origin:
    """Return where what stands in a table is from: an example typed over is none any more."""
    if kept.origin == "uploaded":
        return "uploaded"
    return kept.origin if kept.now.equals(begun) else "typed"


def _config(column: Column) -> Any:
    """Return how a column is typed in."""
    help_ = column.help or None
    if column.kind == "flag":
        return st.column_config.CheckboxColumn(help=help_)
    if column.choices:
        return st.column_config.SelectboxColumn(help=help_, options=list(column.choices))
    if column.kind == "text":
        return st.column_config.TextColumn(help=help_)
    return st.column_config.NumberColumn(
        help=help_, min_value=None if column.signed else 0,
        step=1 if column.kind == "whole" else None,
        format="localized" if column.kind == "whole" else None,
    )  # fmt: skip


def _files(
    name: str, columns: Sequence[Column], key: str, kept: _Kept, begun: pd.DataFrame,
    start: Start, what: str,
) -> None:  # fmt: skip
    """Draw the table's downloads, its upload, and the way back to what it began with."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titled = kept.now.rename(columns={column.name: column.title for column in columns})
        downloads.buttons(titled, f"allocate_{name}", f"allocate_{name}", what=f"the {what}")
        with st.popover("Upload a table", icon=":material/upload_file:"):
            file = st.file_uploader(
                f"A CSV of {what}", type=["csv"], max_upload_size=_LARGEST // 1_000_000,
                key=f"allocate_upload_{key}_{kept.times}",
                help="With the headings of the table: download it to have them.",
            )  # fmt: skip
        if _origin(kept, begun) != kept.origin or kept.origin == "uploaded":
            st.button(
                "Undo what was typed", key=f"allocate_undo_{key}", icon=":material/undo:",
                on_click=_forget, args=(key, begun, start.origin),
            )  # fmt: skip
    if file is not None:
        try:
            found, missed = read_csv(file.getvalue(), columns)
        except DataProblem as problem:
            st.error(escaped(f"{problem.message} {problem.hint}"))
        else:
            st.session_state[_HELD][key] = _Kept(found, "uploaded", found, kept.times + 1, missed)
            st.rerun()
    if kept.missed:
        st.caption(escaped(kept.missed))


def _forget(key: str, begun: pd.DataFrame, origin: Origin) -> None:
    """Go back to what a table began with."""
    held: dict[str, _Kept] = st.session_state[_HELD]
    # A table anew, under another key: what was typed over the old one is not typed over this.
    held[key] = _Kept(begun, origin, begun, held[key].times + 1)


# --- uploaded tables --------------------------------------------------------------------------


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
    if len(data) > _LARGEST:
        raise DataProblem("The table is larger than 5 MB.", "Upload places, not patients.")
    try:
        text = data.decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        table = pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False, sep=separator)
    except (UnicodeDecodeError, ValueError) as failure:
        raise DataProblem(
            "The file cannot be read as CSV.", "Save it as CSV in UTF-8 and try again."
        ) from failure
    if len(table) > _MOST_ROWS:
        raise DataProblem(
            f"The table has {times(len(table), 'row')}.", f"At most {_MOST_ROWS:,} can be used."
        )
    return table


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
