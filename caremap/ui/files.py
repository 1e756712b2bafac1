"""The Data page's parts: the upload, and per file what was understood of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap.findings import Finding
from caremap.intake import Loaded
from caremap.problems import DataProblem
from caremap.schema import FIELDS, TABLES
from caremap.ui import downloads, state, succeeding, work
from caremap.ui.changing import key_of, show_recalled
from caremap.ui.choosing import show_layout
from caremap.ui.deciding import show_dates
from caremap.ui.findings import show_checks, show_decisions, show_notes
from caremap.ui.matching import show_columns
from caremap.ui.state import OpenFile
from caremap.ui.text import escaped, times
from caremap.workfile import ENDING, is_work

__all__ = ["show_file", "uploader"]

TYPES = ["csv", "tsv", "txt", "gz", "xlsx", "xlsm", "xls", "xlsb", "ods", "json", ENDING]
_BOXES = "upload_boxes"
_TOLD = "upload_told"
_HERE = "upload_here"
_REFUSED = "upload_refused"
_PREVIEW_ROWS = 50


def uploader() -> None:
    """Draw the uploader and read what came in.

    Files of one choice arrive together, once the last of them is here; the box is left as it is
    until a file is removed, so each is read once, by its number.
    """
    box = f"upload_{st.session_state.setdefault(_BOXES, 0)}"
    uploads = st.file_uploader(
        "Upload CSV or Excel files",
        type=TYPES,
        accept_multiple_files=True,
        key=box,
        help="Several files make one network: stays, beds, staff, facilities … Choices saved "
        "from this page (caremap_choices_….json) go in here too, and saved work "
        f"(….{ENDING}). A newer file with the same columns takes the place of the one loaded.",
        on_change=_taken_out_of_the_box,
        args=(box,),
    )
    told: dict[str, str | None] = st.session_state.setdefault(_TOLD, {})
    refused: dict[str, str] = st.session_state.setdefault(_REFUSED, {})
    st.session_state[_HERE] = {upload.file_id for upload in uploads}
    fresh = [upload for upload in uploads if upload.file_id not in told]
    before = {file.digest for file in state.files()}
    for place, upload in enumerate(fresh, 1):
        count = f" ({place} of {len(fresh)})" if len(fresh) > 1 else ""
        try:
            told[upload.file_id] = _read(upload.name, upload.getvalue(), count, before)
        except DataProblem as problem:
            told[upload.file_id] = None
            refused[upload.file_id] = f"{problem.message} {problem.hint}"
    if fresh:
        st.rerun()
    for number, why in refused.items():
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.error(escaped(why), icon=":material/block:")
        right.button("Dismiss", key=f"dismiss_{number}", on_click=_dismiss, args=(number,))
    for upload in uploads:
        if message := told.get(upload.file_id):
            st.info(escaped(message))
    work.show_waiting()
    if succeeding.show():
        _empty_the_box()
        st.rerun()


def _dismiss(number: str) -> None:
    st.session_state.get(_REFUSED, {}).pop(number, None)


def _remove(digest: str) -> None:
    """Take a file out, of the box too: the browser would not send it again while it is there."""
    state.remove_file(digest)
    _empty_the_box()


def _empty_the_box() -> None:
    st.session_state[_BOXES] = st.session_state.get(_BOXES, 0) + 1


def _taken_out_of_the_box(box: str) -> None:
    """Forget why a file was refused once the user takes it out of the uploader."""
    there = {upload.file_id for upload in st.session_state[box]}
    for number in st.session_state.get(_HERE, set()) - there:
        _dismiss(number)


def _read(name: str, data: bytes, count: str, before: set[str]) -> str | None:
    """Read an upload, showing how far it got; return what there is to tell."""
    saved = is_work(data) or name.lower().endswith(f".{ENDING}")
    if not saved and name.lower().endswith(".json"):
        with st.spinner("Reading the saved choices …"):
            used = [f"“{one}”" for one in state.add_choices(name, data)]
        if used:
            return f"The saved choices are used for {', '.join(used)}."
        return "The saved choices are kept: they are used for the next file with these columns."
    shown = escaped(name)
    bar = st.progress(0.0, text=f"Reading {shown}{count} …")

    def told(stage: str, done: float) -> None:
        bar.progress(min(done, 1.0), text=f"{shown}{count}: {stage}")

    try:
        if saved:
            return work.take_in(name, data, told)
        return succeeding.take_in(name, data, before, told)
    finally:
        bar.empty()


def show_file(file: OpenFile) -> None:
    """Draw one file: its tables, what was understood, and how to change it."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escaped(file.name)}**", width="stretch")
            st.button(
                "Remove", key=f"remove_{file.digest}", icon=":material/delete:",
                on_click=_remove, args=(file.digest,), help="Take this file out",
            )  # fmt: skip
        for place, table in enumerate(file.tables):
            _show_table(file, place, table)


def _show_table(file: OpenFile, place: int, table: Loaded) -> None:
    """What was understood and what asks for a decision; everything else is folded away."""
    sheet = f"Sheet “{table.source.sheet}”: " if table.source.sheet else ""
    st.text(
        f"{sheet}{TABLES[table.kind].title}: one row is {TABLES[table.kind].row}. {_rows(table)}"
    )
    findings = _still_true(table)
    show_recalled(file, place)
    show_decisions(findings)
    show_dates(file, place, table)
    show_checks(findings)
    show_notes(findings)
    show_layout(file, place, table)
    show_columns(file, place, table)
    with st.expander("Preview and rows set aside"):
        _preview(table, key_of(file, place))


def _rows(table: Loaded) -> str:
    """How many rows were read and used; of a table brought into shape, what became of them."""
    read, used = times(table.rows_read, "row"), f"{table.rows_used:,} used"
    if table.rows_used > table.rows_read:
        used = f"{table.rows_used:,} made of them (a row had several dates or counts)"
    return f"{read} read, {used}, {len(table.set_aside):,} set aside."


def _still_true(table: Loaded) -> list[Finding]:
    """The findings without those that the other files answer: a look-up that joins has a use."""
    network = state.network()
    heard = {id(one) for one in network.findings} if network else set()
    return [one for one in table.findings if one.code != "no-page" or id(one) in heard]


def _preview(table: Loaded, key: str) -> None:
    shown = _shown(table)
    st.caption(f"The first {min(_PREVIEW_ROWS, len(shown)):,} rows as they are used; patient and "
               "stay numbers are not shown.")  # fmt: skip
    st.dataframe(
        shown.head(_PREVIEW_ROWS), width="stretch", height=260, key=f"preview_{key}",
        alt="The first rows of the table as CareMap uses them",
    )  # fmt: skip
    downloads.buttons(shown, f"preview_{key}", f"{table.kind}_as_used", what="all rows as used")
    if table.set_aside.empty:
        return
    st.caption(f"{times(len(table.set_aside), 'row')} set aside: in no figure.")
    hidden = _personal_columns(table)
    listed = table.set_aside.drop(columns=[name for name in hidden if name in table.set_aside])
    st.dataframe(
        listed.head(_PREVIEW_ROWS), hide_index=True, width="stretch", key=f"aside_{key}",
        alt="Rows that belong to no figure, with the reason",
    )  # fmt: skip
    downloads.buttons(listed, f"aside_{key}", "rows_set_aside", what="all rows set aside")


def _shown(table: Loaded) -> pd.DataFrame:
    """The canonical table without codes of people, dates without empty times."""
    hidden = [name for name in table.table if name in FIELDS and FIELDS[name].personal]
    return table.table.drop(columns=hidden).rename(
        columns={name: item.title for name, item in FIELDS.items()}
    )


def _personal_columns(table: Loaded) -> list[str]:
    """The columns that hold codes of people, as the file names them."""
    named = [table.mapping.get(name) for name, item in FIELDS.items() if item.personal]
    return [one for one in named if isinstance(one, str)]
