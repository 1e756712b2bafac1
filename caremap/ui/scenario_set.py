"""The scenarios that stand side by side: presets that can be edited, kept by link and work file.

What was edited is held as the text a link carries. The table is made of that text when the page is
opened, and again whenever the text changes otherwise; while the table is edited, the text follows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from caremap import planning
from caremap.planning import Scenario
from caremap.planning.scenario_text import checked_list
from caremap.problems import DataProblem
from caremap.ui.text import escaped

__all__ = ["LINKED", "ask", "beds_of", "beds_written", "held", "known", "put_back"]

_HELD = "scenarios_held"
LINKED = "scenario_set"
"""The text in the link: the key of its widget."""
_TABLE = "scenarios_table"
_MADE_OF = "scenarios_made_of"
_SHOWN = "scenarios_shown"
_NAMES = "scenarios_names"
_AT_FIRST = 3

_NAME, _FIRST, _LAST, _BEDS = "Name", "From", "To", "Beds ±"
_NUMBERS = {
    "demand": ("Demand (%)", "Percent more arrivals; below 0, fewer."),
    "stay": ("Stay (%)", "Percent longer stays; below 0, shorter."),
    "extra": ("Extra patients", "Patients who come on the first day, on top."),
    "icu_share": ("Intensive care (%)", "Percent of admissions in intensive care; empty: as now."),
    "ventilated_share": ("Ventilated (%)", "Percent of those in intensive care; empty: as now."),
    "absence": ("Staff absent (points)", "Percentage points of staff more than usual."),
    "icu_beds": ("ICU beds ±", "Intensive care beds opened, or below 0, closed."),
    "ventilators": ("Ventilators ±", "Ventilators more, or below 0, fewer."),
    "cost": ("Cost (%)", "Percent by which the cost of a bed-day changes."),
    "price": ("Price (%)", "Percent by which the price of a case changes."),
}
"""What is typed as a number: its heading, and what it means."""

_OF_WARD = re.compile(r"\s*(?:(?P<where>.+?)\s*:\s*)?(?P<sign>[+\-−]?)\s*(?P<count>\d{1,6})\s*")


def held() -> str:
    """Return the scenarios as text; empty where none was changed."""
    return str(st.session_state.get(_HELD) or "")


def put_back(text: str) -> None:
    """Set the scenarios, before the page is drawn."""
    st.session_state[_HELD] = st.session_state[LINKED] = text


def ask(presets: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Draw the scenarios to choose from and to change, and return those to run.

    Parameters
    ----------
    presets
        Those to begin with.
    """
    place = st.container()
    with st.expander("Change these scenarios, or add one", icon=":material/tune:"):
        scenarios = _edited(known(presets))
        _keep(scenarios, presets)
    names = [one.name for one in scenarios]
    _choose(names)
    with place:
        shown = st.pills(
            "Beside the baseline", names, selection_mode="multi", key=_SHOWN,
            format_func=escaped, persist_state="session",
        )  # fmt: skip
    return tuple(one for one in scenarios if one.name in (shown or ()))


def _choose(names: list[str]) -> None:
    """Choose a few scenarios at first, and whatever is new: it was just typed or linked."""
    before = st.session_state.get(_NAMES)
    st.session_state[_NAMES] = names
    if before is None:
        st.session_state.setdefault(_SHOWN, names[:_AT_FIRST])
    elif before != names:
        chosen = st.session_state.get(_SHOWN) or []
        kept = [name for name in names if name in chosen or name not in before]
        st.session_state[_SHOWN] = kept or names[:_AT_FIRST]


def known(presets: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Return the scenarios of the link or of before; presets where there are none."""
    linked = st.session_state.get(LINKED, st.query_params.get(LINKED))
    text = held() if linked is None else str(linked)
    try:
        return planning.of_text(text) or presets
    except DataProblem as problem:
        st.warning(
            escaped(f"The scenarios of the link are not used. {problem.message} {problem.hint}"),
            icon=":material/link_off:",
        )
        return presets


def _edited(known: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """Let the table be edited; what is typed wrongly is said, and its row is left out."""
    st.caption(
        "Type over any number; a row at the end adds a scenario. Beds opened or closed: −10, or "
        "by department: Surgery: −10; Medicine: +4."
    )
    # A table of other rows is another table: what was typed over the last is not typed over it.
    if st.session_state.get(_MADE_OF, (None, 0, ()))[0] != planning.to_text(known):
        number = st.session_state.get(_MADE_OF, (None, 0, ()))[1] + 1
        st.session_state[_MADE_OF] = (planning.to_text(known), number, known)
    _, number, rows = st.session_state[_MADE_OF]
    key = f"{_TABLE}_{number}"
    if key not in st.session_state:  # the page is opened: what was typed is in the text by now
        rows = known
    typed = st.data_editor(
        _frame(rows), hide_index=True, num_rows="dynamic", width="stretch", key=key,
        column_config=_columns(), placeholder="",
    )  # fmt: skip
    found = _read(pd.DataFrame(typed))
    st.session_state[_MADE_OF] = (planning.to_text(found), number, rows)
    return found


def _keep(scenarios: tuple[Scenario, ...], presets: tuple[Scenario, ...]) -> None:
    """Hold the scenarios as text, and let the link carry it; nothing where they are the presets."""
    text = planning.to_text(scenarios)
    text = "" if text == planning.to_text(presets) else text
    st.session_state[_HELD] = st.session_state[LINKED] = text
    st.text_input(
        "As text: the address of this page carries it", key=LINKED, bind="query-params",
        help="Copy the address to share these scenarios: it holds their names and numbers, and "
        "nothing of the data but names of departments.",
    )  # fmt: skip


def _columns() -> dict[str, Any]:
    whole = ("extra", "icu_beds", "ventilators")
    return {
        _NAME: st.column_config.TextColumn(required=True, pinned=True),
        _FIRST: st.column_config.DateColumn(format="YYYY-MM-DD"),
        _LAST: st.column_config.DateColumn(format="YYYY-MM-DD"),
        _BEDS: st.column_config.TextColumn(
            help="Beds opened, or below 0, closed: −10, or Surgery: −10; Medicine: +4."
        ),
        **{
            title: st.column_config.NumberColumn(help=told, step=1 if name in whole else 0.1)
            for name, (title, told) in _NUMBERS.items()
        },
    }


def _frame(scenarios: tuple[Scenario, ...]) -> pd.DataFrame:
    """Return the scenarios as the table shows them."""
    rows = [
        {_NAME: one.name, _FIRST: one.start, _LAST: one.end}
        | {title: getattr(one, name) for name, (title, _) in _NUMBERS.items()}
        | {_BEDS: beds_written(one.beds)}
        for one in scenarios
    ]
    table = pd.DataFrame(rows, columns=_headings())
    numbers = [title for title, _ in _NUMBERS.values()]
    kinds = {_NAME: "str", _BEDS: "str"} | dict.fromkeys(numbers, "float64")
    days = {name: pd.to_datetime(table[name]) for name in (_FIRST, _LAST)}
    return table.astype(kinds).assign(**days)


def _headings() -> list[str]:
    titles = [title for title, _ in _NUMBERS.values()]
    return [_NAME, _FIRST, _LAST, *titles[:6], _BEDS, *titles[6:]]


def _read(table: pd.DataFrame) -> tuple[Scenario, ...]:
    """Return the scenarios typed in; of a row that is none it is said why."""
    found: list[Scenario] = []
    for _, row in table.iterrows():
        if row.drop(_NAME).isna().all() and _blank(row[_NAME]):
            continue
        try:
            one = planning.scenario_of(_plain(row))
            found = list(checked_list([*found, one]))
        except DataProblem as problem:
            named = "A scenario without a name" if _blank(row[_NAME]) else f"“{row[_NAME]}”"
            st.error(escaped(f"{named} is left out. {problem.message} {problem.hint}"))
    return tuple(found)


def _plain(row: Any) -> dict[str, Any]:
    """Return a row as `caremap.planning.scenario_of` takes it."""
    plain: dict[str, Any] = {"name": None if _blank(row[_NAME]) else str(row[_NAME])}
    plain |= {
        name: float(row[title]) for name, (title, _) in _NUMBERS.items() if pd.notna(row[title])
    }
    for name, title in (("start", _FIRST), ("end", _LAST)):
        if pd.notna(row[title]):
            plain[name] = f"{pd.Timestamp(row[title]):%Y-%m-%d}"
    if not _blank(row[_BEDS]):
        plain["beds"] = beds_of(str(row[_BEDS]))
    return plain


def _blank(value: object) -> bool:
    return not isinstance(value, str) or not value.strip()


def beds_written(beds: Mapping[str, int]) -> str:
    """Return beds opened and closed as they are typed.

    Examples
    --------
    >>> beds_written({"Surgery": -10, "Medicine": 4}), beds_written({"": -20})
    ('Medicine: +4; Surgery: -10', '-20')
    """
    told = (
        f"{where}: {count:+d}" if where else f"{count:+d}"
        for where, count in sorted(beds.items())
        if count
    )
    return "; ".join(told)


def beds_of(text: str) -> dict[str, int]:
    """Return beds opened and closed, by department; “” where none is named.

    Raises
    ------
    caremap.DataProblem
        Where it cannot be read, or a department stands there twice.

    Examples
    --------
    >>> beds_of("Surgery: −10; Medicine: +4"), beds_of("-20")
    ({'Surgery': -10, 'Medicine': 4}, {'': -20})
    """
    found: dict[str, int] = {}
    for part in filter(str.strip, text.split(";")):
        read = _OF_WARD.fullmatch(part)
        where = (read["where"] or "").strip() if read else ""
        if read is None or where in found:
            raise DataProblem(
                "Its beds cannot be read.", "Write −10, or Surgery: −10; Medicine: +4."
            )
        found[where] = int(read["count"]) * (-1 if read["sign"] in ("-", "−") else 1)
    return found
