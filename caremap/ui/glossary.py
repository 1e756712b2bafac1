"""The glossary on the screen: measures, choices and the data dictionary, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from caremap import dictionary
from caremap.exports import to_csv, to_workbook
from caremap.measures.glossary import choices, glossary
from caremap.schema import TABLES
from caremap.ui import caches, measured
from caremap.ui.sidebar import View
from caremap.ui.text import day, escaped

__all__ = [
    "downloads",
    "found",
    "given",
    "in_force",
    "sheets",
    "show_choices",
    "show_contents",
    "show_dictionary",
    "show_measures",
]

_WORDS = 4  # header words on the screen; the downloads have more
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TITLES = {
    "title": "Measure",
    "measure": "Name in files",
    "group": "Group",
    "unit": "Unit",
    "definition": "Definition",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "kind": "What may be added up",
    "needs": "Needs",
    "source": "Source",
    "caveats": "What it does not say",
    "choices": "Choices",
}
_CHOICE_TITLES = {
    "title": "Choice",
    "options": "Options",
    "default": "Default",
    "in_force": "In force",
    "effect": "Effect",
    "measures": "Measures",
    "where": "Where to switch",
    "source": "Source",
}


def given(view: View | None) -> dict[str, str]:
    """Return for each measure why the loaded data does not give it, empty where it does.

    No measure is in it without data.
    """
    if view is None:
        return {}
    headline = caches.measured(view, measured.headline)
    return {
        str(name): ""
        if pd.notna(line["overall"]) or pd.notna(line["month_to_date"])
        else str(line["note"]) or "It cannot be computed from this data."
        for name, line in headline.iterrows()
    }


def found(searched: str) -> pd.DataFrame:
    """Return the measures that hold every word searched for, all of them for no word.

    A measure's own name, as links carry it, finds that measure alone.

    Examples
    --------
    >>> found("convention 85 %")["measure"].tolist(), len(found("no such word"))
    (['occupancy'], 0)
    """
    words = glossary()
    if (named := words["measure"] == searched.strip()).any():
        return words[named]
    texts = words.agg(" ".join, axis=1).str.casefold()
    for word in searched.casefold().split():
        texts = texts[texts.str.contains(word, regex=False)]
    return words.loc[texts.index]


def in_force(view: View | None) -> dict[str, str]:
    """Return the option in force of each choice, by its name: the default unless switched."""
    switched: dict[str, str] = {}
    if view is not None:
        dated = view.as_of is not None
        switched["as_of"] = day(view.as_of) if dated else "none: the data has no dates"
        switched |= view.conventions.in_force
        typed = view.dataset.beds
        if typed is not None:
            switched["beds"] = f"{typed['units'].sum():,.0f} beds typed in"
        elif any(finding.code == "beds-typed-in" for finding in view.dataset.findings):
            switched["beds"] = "none: the filters set aside the number typed in"
    defaults = choices().set_index("name")["default"]
    return {str(name): switched.get(str(name), text) for name, text in defaults.items()}


def show_contents(measures: pd.DataFrame) -> None:
    """Draw links to every measure on the page."""
    lines = [
        f"**{escaped(str(group))}:** "
        + " · ".join(
            f"[{escaped(title)}](#{name})"
            for title, name in zip(rows["title"], rows["measure"], strict=True)
        )
        for group, rows in measures.groupby("group", sort=False)
    ]
    lines.append(
        "**Also here:** [Choices](#choices) · [Data dictionary](#dictionary) · "
        "[Downloads](#downloads)"
    )
    st.markdown("  \n".join(lines))


def show_measures(measures: pd.DataFrame, why_not: Mapping[str, str]) -> None:
    """Draw measures, group by group, and whether the loaded data gives each."""
    for group, rows in measures.groupby("group", sort=False):
        st.header(
            str(group), anchor=f"group-{str(group).lower().replace(' ', '-')}", divider="gray"
        )
        for line in rows.to_dict("records"):
            _show_measure(line, why_not.get(line["measure"]))


def _show_measure(line: Mapping[Any, str], why_not: str | None) -> None:
    """Draw one measure; ``why_not`` is empty where the data gives it, None without data."""
    st.subheader(line["title"], anchor=line["measure"])
    formula = escaped(line["numerator"])
    if line["denominator"]:
        formula += f" **÷** {escaped(line['denominator'])}"
    said = {
        "Unit": line["unit"],
        "Over days and places": line["kind"],
        "Needs": line["needs"],
        "Keep in mind": line["caveats"],
        "Choices": line["choices"],
        "Source": line["source"],
    }
    lines = [f"- **Computed as:** {formula}", *_lines(said)]
    st.markdown("\n".join([escaped(line["definition"]), "", *lines]))
    if why_not == "":
        st.markdown(":material/check_circle: The data in view gives this measure.")
    elif why_not:
        st.markdown(f":material/block: **Not from the data in view.** {escaped(why_not)}")


def show_choices(force: Mapping[str, str]) -> None:
    """Draw what can be switched, and what is in force."""
    st.header("Choices", anchor="choices", divider="gray")
    st.markdown(
        "Where authorities differ, CareMap follows one and says which. These can be switched:"
    )
    for line in choices().to_dict("records"):
        st.subheader(line["title"], anchor=f"choice-{line['name']}")
        said = {
            "In force": force[line["name"]],
            "Options": line["options"],
            "Default": line["default"],
            "Changes": line["measures"],
            "Where": line["where"],
            "Source": line["source"],
        }
        st.markdown("\n".join([escaped(line["effect"]), "", *_lines(said)]))


def _lines(said: Mapping[str, str]) -> list[str]:
    return [f"- **{what}:** {escaped(text)}" for what, text in said.items() if text]


def show_dictionary() -> None:
    """Draw the fields of every table."""
    st.header("Data dictionary", anchor="dictionary", divider="gray")
    st.markdown(
        "What columns are read as. Your file needs none of these names: columns are matched by "
        "name and content, and every match can be changed on the Data page."
    )
    for table in TABLES.values():
        frame = dictionary.as_frame(table.name)
        with st.expander(f"{table.title}: a row is {escaped(table.row)}", key=f"d_{table.name}"):
            if frame.empty:
                st.markdown("Takes any columns, under their own headers.")
            else:
                st.table(_fields(frame), hide_index=True)
    left, right = st.columns(2)
    left.download_button(
        "Download the dictionary (CSV)", data=lambda: to_csv(_all_fields()), mime="text/csv",
        file_name="caremap_data_dictionary.csv", on_click="ignore", icon=":material/download:",
        width="stretch",
    )  # fmt: skip
    right.download_button(
        "Download the dictionary (Excel)", data=lambda: to_workbook(_tables(), _rows_are()),
        mime=_WORKBOOK, file_name="caremap_data_dictionary.xlsx", on_click="ignore",
        icon=":material/download:", width="stretch",
    )  # fmt: skip


def _fields(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the fields of a table in three columns: more do not fit a telephone."""
    kinds = frame[["Type", "Unit", "Over time"]].apply(
        lambda line: escaped(f"({', '.join(filter(None, line))})"), axis=1
    )
    words = frame["Headers it goes by"].str.split(", ").str[:_WORDS].str.join(", ")
    return pd.DataFrame(
        {
            "Field": "**" + frame["Title"].map(escaped) + "** `" + frame["Field"] + "`",
            "What it holds": frame["What it holds"].map(escaped) + " " + kinds,
            "Headers it goes by, for example": words.map(escaped),
        }
    )


def downloads(why_not: Mapping[str, str], force: Mapping[str, str]) -> None:
    """Draw the downloads of the whole glossary."""
    st.header("Downloads", anchor="downloads", divider="gray")
    left, right = st.columns(2)
    left.download_button(
        "Download the measures (CSV)", data=lambda: to_csv(_measures(why_not)), mime="text/csv",
        file_name="caremap_glossary.csv", on_click="ignore", icon=":material/download:",
        width="stretch",
    )  # fmt: skip
    right.download_button(
        "Download the whole glossary (Excel)",
        data=lambda: to_workbook(sheets(why_not, force), _rows_are()),
        mime=_WORKBOOK, file_name="caremap_glossary.xlsx", on_click="ignore",
        icon=":material/download:", width="stretch",
    )  # fmt: skip


def sheets(why_not: Mapping[str, str], force: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Return the whole glossary as the sheets of a workbook."""
    return {"Measures": _measures(why_not), "Choices": _choices(force), **_tables()}


def _measures(why_not: Mapping[str, str]) -> pd.DataFrame:
    table = glossary()[list(_TITLES)].rename(columns=_TITLES)
    if why_not:
        table["In the data in view"] = [
            why_not.get(name, "") or "yes" for name in table[_TITLES["measure"]]
        ]
    return table


def _choices(force: Mapping[str, str]) -> pd.DataFrame:
    table = choices()
    table["in_force"] = table["name"].map(dict(force))
    return table[list(_CHOICE_TITLES)].rename(columns=_CHOICE_TITLES)


def _tables() -> dict[str, pd.DataFrame]:
    frames = {table.title: dictionary.as_frame(table.name) for table in TABLES.values()}
    return {title: frame for title, frame in frames.items() if not frame.empty}


def _rows_are() -> dict[str, str]:
    return {f"{table.title}: a row is": table.row for table in TABLES.values()}


def _all_fields() -> pd.DataFrame:
    frames = {title: frame.assign(Table=title) for title, frame in _tables().items()}
    whole = pd.concat(frames.values(), ignore_index=True)
    return whole[["Table", *whole.columns.drop("Table")]]
