"""The Data page's parts: upload, and per table what was understood and how to change it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from caremap.exports import to_csv
from caremap.intake import Loaded
from caremap.problems import DataProblem
from caremap.schema import FIELDS, TABLES, Kind, fields_of
from caremap.ui import state
from caremap.ui.findings import asking, counted, show_findings
from caremap.ui.state import OpenFile, TableChoices
from caremap.ui.text import escaped, times

__all__ = ["show_file", "uploader"]

TYPES = ["csv", "tsv", "txt", "gz", "xlsx", "xlsm", "xls", "xlsb", "ods"]
_TOLD = "upload_told"
_REFUSED = "choice_refused"
_NO_COLUMN = "(no column)"
_PREVIEW_ROWS = 50


def uploader() -> None:
    """Draw the uploader and read what came in.

    Files of one choice arrive one after the other, each with a rerun of its own, so each is
    read once, by its number, and the box is left as it is.
    """
    uploads = st.file_uploader(
        "Upload CSV or Excel files",
        type=TYPES,
        accept_multiple_files=True,
        key="upload",
        help="Several files make one network: stays, beds, staff, facilities …",
    )
    told: dict[str, tuple[str, str] | None] = st.session_state.setdefault(_TOLD, {})
    fresh = [upload for upload in uploads if upload.file_id not in told]
    for upload in fresh:
        told[upload.file_id] = _read(upload.name, upload.getvalue())
    if fresh:
        st.rerun()
    for level, message in filter(None, (told.get(upload.file_id) for upload in uploads)):
        (st.error if level == "error" else st.info)(message)
    if refused := st.session_state.pop(_REFUSED, None):
        st.error(refused)


def _read(name: str, data: bytes) -> tuple[str, str] | None:
    bar = st.progress(0.0, text="Reading …")

    def told(stage: str, done: float) -> None:
        bar.progress(done, text=stage)

    try:
        added = state.add_file(name, data, told)
    except DataProblem as problem:
        return "error", escaped(f"{problem.message} {problem.hint}")
    finally:
        bar.empty()
    return None if added else ("info", escaped(f"“{name}” is loaded already, byte for byte."))


def show_file(file: OpenFile) -> None:
    """Draw one file: its tables, what was understood, and how to change it."""
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        left.markdown(f"**{escaped(file.name)}**")
        right.button(
            "Remove", key=f"remove_{file.digest}", icon=":material/delete:", width="stretch",
            on_click=state.remove_file, args=(file.digest,), help="Take this file out",
        )  # fmt: skip
        for place, table in enumerate(file.tables):
            _show_table(file, place, table)


def _show_table(file: OpenFile, place: int, table: Loaded) -> None:
    key = f"{file.digest[:12]}_{place}"
    sheet = f"Sheet “{table.source.sheet}”: " if table.source.sheet else ""
    st.text(
        f"{sheet}{TABLES[table.kind].title}: one row is {TABLES[table.kind].row}. "
        f"{times(table.rows_read, 'row')} read, {table.rows_used:,} used, "
        f"{len(table.set_aside):,} set aside."
    )
    _dates(file, place, table, key)
    found = st.expander(
        f"Findings: {counted(table.findings)}", expanded=bool(asking(table.findings))
    )
    with found:
        show_findings(table.findings)
    with st.expander("How the columns were read, and how to change it"):
        _columns(table, key)
        _change(file, place, table, key)
    with st.expander("Preview and rows set aside"):
        _preview(table, key)


def _dates(file: OpenFile, place: int, table: Loaded, key: str) -> None:
    """Ask for the order of day and month where it is open, offer the switch where it is not."""
    codes = {finding.code for finding in table.findings}
    if not codes & {"ambiguous-dates", "mixed-date-orders", "date-order"}:
        return
    open_question = bool(codes & {"ambiguous-dates", "mixed-date-orders"})
    chosen = file.choices[place].options.get("dates")
    names = {
        None: "As found" if not open_question else "Not decided yet",
        "day-first": "Day first (03/04/2024 is 3 April)",
        "month-first": "Month first (03/04/2024 is 4 March)",
    }
    options: list[str | None] = [None, "day-first", "month-first"]
    label = "Which order are the dates in? Please decide." if open_question else "Order of dates"
    picked = st.radio(
        label, options, index=options.index(chosen), format_func=lambda item: names[item],
        key=f"dates_{key}", horizontal=True,
    )  # fmt: skip
    if picked != chosen:
        choices = file.choices[place]
        _apply(file, place, replace(choices, options={**choices.options, "dates": picked}))


def _columns(table: Loaded, key: str) -> None:
    rows = []
    for column in table.columns:
        if column.field:
            read = FIELDS[column.field].title
        elif column.kept:
            read = "kept under its own name"
        else:
            read = f"left out: {column.why}"
        rows.append({"Column in the file": column.header, "Read as": read})
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, width="stretch", key=f"columns_{key}",
        height=min(38 + 35 * len(rows), 420), alt="Which column of the file is read as what",
    )  # fmt: skip


def _change(file: OpenFile, place: int, table: Loaded, key: str) -> None:
    """Let the user decide what the table is and which column is which field, then apply it."""
    choices = file.choices[place]
    with st.form(f"match_{key}", border=False):
        layout = _layout(table, choices, key)
        picked = _pickers(table, key)
        personal = [column.header for column in table.columns if not column.kept]
        keep: list[str] = []
        if personal:
            keep = st.multiselect(
                "Keep these columns although they seem to identify people",
                personal, key=f"keep_{key}",
            )  # fmt: skip
        if not st.form_submit_button("Apply", type="primary"):
            return
    if layout != choices:
        # Other columns or other fields: what the pickers show belongs to the reading before.
        _apply(file, place, layout)
    changed = {name: value for name, value in picked.items() if value != table.mapping.get(name)}
    options = {**choices.options, "keep": (*choices.options.get("keep", ()), *keep)}
    mapping = {**choices.mapping, **changed}
    _apply(file, place, replace(choices, mapping=mapping, options=options))


def _layout(table: Loaded, choices: TableChoices, key: str) -> TableChoices:
    """The choices with another kind of table, header row or sheet; the same where none changed."""
    kinds: list[Kind] = list(TABLES)
    sheets = [sheet.name for sheet in table.sheets if sheet.name]
    row = max(table.source.header_row, 1)
    top = st.columns(3)
    kind = top[0].selectbox(
        "This table is", kinds, index=kinds.index(table.kind), key=f"kind_{key}",
        format_func=lambda name: f"{TABLES[name].title}: {TABLES[name].row}",
    )  # fmt: skip
    header = top[1].number_input(
        "Header row", 1, 60, value=row, key=f"header_{key}",
        help="The row with the column names, counted from 1.",
    )  # fmt: skip
    sheet = choices.sheet
    if len(sheets) > 1:
        sheet = top[2].selectbox(
            "Sheet", sheets, index=sheets.index(table.source.sheet), key=f"sheet_{key}"
        )
    if (kind, header, sheet or None) == (table.kind, row, choices.sheet):
        return choices
    # Columns kept by name may not be there under another header row.
    options = {name: value for name, value in choices.options.items() if name != "keep"}
    if kind != table.kind:
        options["kind"] = kind
    if header != row:
        options["header_row"] = int(header)
    return TableChoices(sheet, {}, options)


def _pickers(table: Loaded, key: str) -> dict[str, str | list[str] | None]:
    """One choice per field of the table: the column it is read from."""
    headers = [column.header for column in table.columns]
    picked: dict[str, str | list[str] | None] = {}
    for index, item in enumerate(fields_of(table.kind)):
        if index % 3 == 0:  # a row at a time, so that a narrow screen keeps the order
            grid = st.columns(3)
        current = table.mapping.get(item.name)
        with grid[index % 3]:
            if isinstance(current, list):
                picked[item.name] = st.multiselect(
                    f"{item.title} (added up)", headers, current, key=f"field_{item.name}_{key}",
                    help=item.meaning,
                ) or None  # fmt: skip
                continue
            options = [_NO_COLUMN, *headers]
            value = st.selectbox(
                item.title, options, index=options.index(current) if current else 0,
                key=f"field_{item.name}_{key}", help=item.meaning,
            )  # fmt: skip
            picked[item.name] = None if value == _NO_COLUMN else value
    return picked


def _apply(file: OpenFile, place: int, choices: TableChoices) -> None:
    """Read the table again; on failure what was loaded stays and the reason is shown."""
    try:
        with st.spinner("Reading the table again …"):
            state.change_table(file.digest, place, choices)
    except DataProblem as problem:
        st.session_state[_REFUSED] = escaped(f"{problem.message} {problem.hint}")
    _forget_widgets(f"{file.digest[:12]}_{place}")
    st.rerun()


def _forget_widgets(key: str) -> None:
    """Let the pickers start from what was understood now, not from what they showed before."""
    for name in list(st.session_state):
        if isinstance(name, str) and name.endswith(f"_{key}"):
            del st.session_state[name]


def _preview(table: Loaded, key: str) -> None:
    shown = _shown(table)
    st.caption(f"The first {min(_PREVIEW_ROWS, len(shown)):,} rows as they are used; patient and "
               "stay numbers are not shown.")  # fmt: skip
    st.dataframe(
        shown.head(_PREVIEW_ROWS), width="stretch", height=260, key=f"preview_{key}",
        alt="The first rows of the table as CareMap uses them",
    )  # fmt: skip
    if table.set_aside.empty:
        return
    st.caption(f"{times(len(table.set_aside), 'row')} set aside: in no figure.")
    hidden = _personal_columns(table)
    listed = table.set_aside.drop(columns=[name for name in hidden if name in table.set_aside])
    st.dataframe(
        listed.head(_PREVIEW_ROWS), hide_index=True, width="stretch", key=f"aside_{key}",
        alt="Rows that belong to no figure, with the reason",
    )  # fmt: skip
    st.download_button(
        "Download the rows set aside (CSV)", data=lambda: to_csv(listed),
        file_name="caremap_rows_set_aside.csv", mime="text/csv", on_click="ignore",
        key=f"aside_csv_{key}",
    )  # fmt: skip


def _shown(table: Loaded) -> pd.DataFrame:
    """The canonical table without codes of people, dates without empty times."""
    hidden = [name for name in table.table if name in FIELDS and FIELDS[name].personal]
    return table.table.drop(columns=hidden).rename(
        columns={name: item.title for name, item in FIELDS.items()}
    )


def _personal_columns(table: Loaded) -> list[Any]:
    return [table.mapping.get(name) for name, item in FIELDS.items() if item.personal]
