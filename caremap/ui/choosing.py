"""Where the table stands in its file: sheet, row of the names, kind, and how text is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from caremap.intake import Loaded
from caremap.intake.peek import Peek
from caremap.intake.reading.encodings import OFFERED
from caremap.problems import DataProblem
from caremap.schema import FIELDS, TABLES, Kind
from caremap.ui import caches
from caremap.ui.changing import change, key_of, lasting_key, refusal
from caremap.ui.state import OpenFile, TableChoices
from caremap.ui.text import times

__all__ = ["show_layout"]

WHERE = "layout"
AS_FOUND = ""
_HIDDEN = "hidden_columns"
_SHOWN_ROWS = 12
_LAST_ROW = 60
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_DECIMALS = {".": "point: 1,234.50", ",": "comma: 1.234,50"}


def show_layout(file: OpenFile, place: int, table: Loaded) -> None:
    """Let the user say where the table stands; each choice is carried out at once."""
    box = st.expander(
        "Change the sheet, the row of column names or the kind of table",
        key=f"layout_{lasting_key(file, place)}", on_change="rerun",
    )  # fmt: skip
    if not box.open:
        return
    with box:
        refusal(file, place, WHERE)
        wanted = _wanted(file, place, table)
        if wanted != file.choices[place]:
            change(file, place, replace(wanted, recalled=""), WHERE)
        _top(file, place, table)
        if file.encodings:
            _letters(file, place, table)


def _wanted(file: OpenFile, place: int, table: Loaded) -> TableChoices:
    """The choices as the controls say, the same object where nothing was changed."""
    choices, key = file.choices[place], key_of(file, place)
    text = table.source.encoding is not None
    with st.container(horizontal=True):
        kind = _kind(table, key)
        sheet = _sheet(table, key)
        row = _row(table, key)
        encoding = _encoding(file, choices, key) if file.encodings else AS_FOUND
        separator = _written(
            "Columns separated by", _SEPARATORS, choices.options.get("separator"),
            f"separator_{key}", table.source.separator,
        ) if text else AS_FOUND  # fmt: skip
        decimal = _written(
            "Decimal mark", _DECIMALS, choices.options.get("decimal"), f"decimal_{key}"
        )
    if sheet != table.source.sheet:
        return TableChoices(sheet or None)
    if row != table.source.header_row:
        # Columns matched and kept by name may not be there under another row of names.
        options = {name: value for name, value in choices.options.items() if name != "keep"}
        return TableChoices(choices.sheet, {}, {**options, "header_row": row})
    if kind != table.kind:
        return TableChoices(choices.sheet, {}, {**choices.options, "kind": kind})
    written = {"encoding": encoding, "separator": separator}
    if any((choices.options.get(name) or AS_FOUND) != one for name, one in written.items()):
        options = {name: value for name, value in choices.options.items() if name != "keep"}
        return TableChoices(choices.sheet, {}, {**options, **written})
    if (choices.options.get("decimal") or AS_FOUND) != decimal:
        return replace(choices, options={**choices.options, "decimal": decimal})
    return choices


def _kind(table: Loaded, key: str) -> Kind:
    kinds: list[Kind] = list(TABLES)
    return st.selectbox(
        "This table is", kinds, index=kinds.index(table.kind), key=f"kind_{key}", width=260,
        format_func=lambda name: TABLES[name].title,
        help="  \n".join(f"**{one.title}**: one row is {one.row}." for one in TABLES.values()),
    )  # fmt: skip


def _sheet(table: Loaded, key: str) -> str:
    names = [sheet.name for sheet in table.sheets if sheet.name]
    if len(names) < 2 or table.source.sheet not in names:
        return table.source.sheet
    hidden = {sheet.name for sheet in table.sheets if sheet.hidden}
    return st.selectbox(
        "Sheet", names, index=names.index(table.source.sheet), key=f"sheet_{key}", width=260,
        format_func=lambda name: f"{name} (hidden)" if name in hidden else name,
    )  # fmt: skip


def _row(table: Loaded, key: str) -> int:
    row = table.source.header_row
    rows = list(range(max(row, _LAST_ROW) + 1))
    return st.selectbox(
        "Column names are in", rows, index=rows.index(row), key=f"header_{key}", width=260,
        format_func=lambda one: f"Row {one}" if one else "No row: the table has none",
        help="Counted from 1, as in the rows shown below.",
    )  # fmt: skip


def _encoding(file: OpenFile, choices: TableChoices, key: str) -> str:
    found, chosen = file.encodings[0], choices.options.get("encoding") or AS_FOUND
    options = [AS_FOUND, *dict.fromkeys([*file.encodings[1:], *OFFERED])]
    return st.selectbox(
        "Letters are written in", options, index=options.index(chosen), key=f"encoding_{key}",
        width=260, format_func=lambda one: one or f"As found: {found}",
        help="The file does not say. Choose the one in which the rows below read right.",
    )  # fmt: skip


def _written(
    label: str, names: dict[str, str], chosen: str | None, key: str, found: str | None = None
) -> str:
    """One of a few marks, or the one that is found."""
    shown = {AS_FOUND: "As found"} | {mark: name.capitalize() for mark, name in names.items()}
    if found and not chosen:
        shown[AS_FOUND] = f"As found: {names.get(found, found)}"
    options = list(shown)
    return st.selectbox(
        label, options, index=options.index(chosen or AS_FOUND), key=key, width=260,
        format_func=lambda one: shown[one],
    )  # fmt: skip


def _top(file: OpenFile, place: int, table: Loaded) -> None:
    """The first rows as they stand, the row of the names marked."""
    source, options = table.source, file.choices[place].options
    try:
        seen = caches.top_rows(
            file.digest, file.name, source.sheet or None, options.get("encoding") or None,
            options.get("separator") or None, _hidden(file, place, table), _people(table),
            file.data,
        )  # fmt: skip
    except DataProblem:
        return  # it was read a moment ago; the rows are a help, not a need
    st.caption(_told(seen, table))
    frame = _frame(seen, source.header_row)
    st.dataframe(
        frame, hide_index=True, width="stretch", height=38 + 35 * len(frame),
        key=f"top_{key_of(file, place)}", alt="The first rows of the sheet as they stand",
        column_config=_widths(frame),
    )  # fmt: skip


def _told(seen: Peek, table: Loaded) -> str:
    row = table.source.header_row
    names = f"The column names are in row {row}." if row else "No row holds column names."
    wider = f" {times(seen.wider, 'more column')} to the right." if seen.wider else ""
    return (
        f"The first {len(seen.rows)} rows as they stand in the file. {names} ••• stands for what "
        f"may identify people.{wider}"
    )


def _frame(seen: Peek, header_row: int) -> pd.DataFrame:
    """Rows numbered from 1 and columns lettered, as a spreadsheet program does."""
    width = len(seen.rows[0]) if seen.rows else 0
    frame = pd.DataFrame(list(seen.rows), columns=[_letter(place) for place in range(width)])
    marks = [
        f"{row} ← names" if row == header_row else str(row) for row in range(1, len(frame) + 1)
    ]
    frame.insert(0, "Row", marks)
    return frame


def _widths(frame: pd.DataFrame) -> dict[str, Any]:
    """Columns as wide as what they hold, within reason: nothing is cut that need not be."""
    longest = {name: int(frame[name].str.len().max()) for name in frame.columns[1:]}
    widths = {name: min(max(8 * length + 24, 56), 240) for name, length in longest.items()}
    config = {name: st.column_config.TextColumn(width=width) for name, width in widths.items()}
    return {"Row": st.column_config.TextColumn(width=88, pinned=True), **config}


def _letter(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _letters(file: OpenFile, place: int, table: Loaded) -> None:
    """How rows with letters beyond ASCII read in each encoding the file could be in."""
    now = table.source.encoding or file.encodings[0]
    likely = file.encodings if len(file.encodings) > 1 else (*file.encodings, *OFFERED)
    names = tuple(dict.fromkeys([now, *likely]))
    seen = caches.letters(
        file.digest, file.name, names, table.source.separator, table.source.header_row,
        _hidden(file, place, table), _people(table), file.data,
    )  # fmt: skip
    if not seen:
        return
    st.caption("The same rows in each way the letters may be written:")
    rows: list[dict[str, Any]] = [
        {
            "Written in": f"{name} (now)" if name == now else name,
            **{f"Row {at}" if at else "Column names": " · ".join(filter(None, cells))
               for at, cells in enumerate(read)},
        }
        for name, read in seen.items()
    ]  # fmt: skip
    st.dataframe(
        pd.DataFrame(rows).fillna(""), hide_index=True, width="stretch",
        key=f"letters_{key_of(file, place)}", alt="The same rows read in each encoding",
    )  # fmt: skip


def _hidden(file: OpenFile, place: int, table: Loaded) -> tuple[str, ...]:
    """Columns whose cells are not shown: left out as personal, or codes of people.

    What was left out in an earlier reading stays hidden: under a wrong row of names nothing
    may tell it any more.
    """
    codes = [table.mapping.get(name) for name, item in FIELDS.items() if item.personal]
    left_out = [column.header for column in table.columns if not column.kept]
    ever: dict[str, set[str]] = st.session_state.setdefault(_HIDDEN, {})
    hidden = ever.setdefault(lasting_key(file, place), set())
    hidden.update(left_out, (one for one in codes if isinstance(one, str)))
    return tuple(sorted(hidden))


def _people(table: Loaded) -> bool:
    return table.kind in {"stays", "lookup"}
