"""Which column is read as what, how to change it, and how to keep the change."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from caremap.intake import Loaded
from caremap.intake.recipes import read_recipe, recipe_of, written
from caremap.schema import FIELDS, fields_of
from caremap.ui import downloads
from caremap.ui.changing import change, key_of, lasting_key, refusal
from caremap.ui.state import OpenFile, TableChoices, known

__all__ = ["show_columns"]

WHERE = "columns"
_NO_COLUMN = "(no column)"


def show_columns(file: OpenFile, place: int, table: Loaded) -> None:
    """Draw what each column is read as, the pickers to change it, and the button to save it."""
    choices = file.choices[place]
    box = st.expander(
        "How the columns were read, and how to change it",
        key=f"columns_{lasting_key(file, place)}", on_change="rerun",
    )  # fmt: skip
    if choices.any and not box.open:
        _save(file, place, table)
    if not box.open:
        return
    with box:
        _columns(table, key_of(file, place))
        _change(file, place, table)
        refusal(file, place, WHERE)
        _save(file, place, table)


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
    downloads.table(
        pd.DataFrame(rows), "Which column of the file is read as what", f"columns_read_{key}",
        "columns_read",
    )  # fmt: skip


def _change(file: OpenFile, place: int, table: Loaded) -> None:
    """Let the user decide which column is which field, then apply all of it in one reading."""
    choices, key = file.choices[place], key_of(file, place)
    if not fields_of(table.kind) and all(column.kept for column in table.columns):
        st.caption("A look-up has no columns to match. Choose another kind of table above first.")
        return
    with st.form(f"match_{key}", border=False):
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
    changed = {name: value for name, value in picked.items() if value != table.mapping.get(name)}
    if not changed and not keep:
        return
    options = {**choices.options, "keep": (*choices.options.get("keep", ()), *keep)}
    mapping = {**choices.mapping, **changed}
    wanted = TableChoices(choices.sheet, mapping, options, within=choices.within)
    change(file, place, replace(wanted, recalled=choices.recalled), WHERE)


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


def _save(file: OpenFile, place: int, table: Loaded) -> None:
    """Offer what was decided as a small file: column names and choices, no cell.

    What holds for this file only (that its dates are repaired) makes no such file.
    """
    choices, key = file.choices[place], key_of(file, place)
    recipe = recipe_of(table, choices.mapping, choices.options)
    lasting = read_recipe(recipe).decides or "kind" in known(choices.options)
    with st.container(horizontal=True):
        if lasting or not choices.any:
            st.download_button(
                "Save these choices for the next file", data=lambda: written(recipe),
                file_name=f"caremap_choices_{table.kind}_{recipe['layout']['signature'][:6]}.json",
                mime="application/json", on_click="ignore", key=f"save_{key}",
                icon=":material/bookmark:",
                help="A small file with the column names and what you decided, and nothing else "
                "of the table. Upload it here together with the next file.",
            )  # fmt: skip
        if choices.any and not choices.recalled and st.button(
            "Forget these choices", key=f"forget_{key}", help="Read the table as it was found"
        ):  # fmt: skip
            change(file, place, TableChoices(choices.sheet), WHERE)
