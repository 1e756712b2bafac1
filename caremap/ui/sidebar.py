"""The shared sidebar: what is looked at. Every choice is carried by the link."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

import pandas as pd
import streamlit as st

from caremap.dataset import Dataset
from caremap.ui import conventions, sharing, state, typed_beds
from caremap.ui.conventions import Conventions
from caremap.ui.sharing import Sharing
from caremap.ui.text import day, escaped

__all__ = [
    "PLACES",
    "PUT_BACK",
    "View",
    "clear_filters",
    "days_offered",
    "drop",
    "keep",
    "show",
    "view",
]

LIST = 200
"""A filter over more names than this is a search, not a list."""

PLACES = {"facility": "Facility", "department": "Department", "region": "Region"}
PUT_BACK = "put_back"
"""Where a function waits that sets choices of this session before their widgets are drawn: later
nobody may. It takes the network."""

_TITLES = {**PLACES, "from": "From", "to": "To", "as_of": "As of"}
_LINK_READ = "link_read"
_IGNORED = "link_ignored"


@dataclass(frozen=True)
class View:
    """The network as it is looked at now.

    ``key`` names everything its figures depend on; ``as_of`` is None where it is not dated.
    ``picks`` are the groups a page is narrowed to beside the filters, by their column, and
    ``picking`` says whether the page lets one pick by a click on a bar.
    """

    dataset: Dataset
    whole: Dataset
    as_of: pd.Timestamp | None
    key: str
    conventions: Conventions = field(default_factory=Conventions)
    sharing: Sharing = field(default_factory=Sharing)
    picks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    picking: bool = False

    @property
    def as_of_text(self) -> str | None:
        """The as-of date as text, for cache keys."""
        return None if self.as_of is None else f"{self.as_of:%Y-%m-%d}"


_VIEW: ContextVar[View | None] = ContextVar("view", default=None)
"""The view of the script run that goes on in this thread, and of no other."""


def view() -> View | None:
    """Return the view the sidebar decided in this run, None without data.

    ``streamlit_app.py`` draws the sidebar before it runs a page; a page that Streamlit runs
    by itself (as its test harness does) draws it here.
    """
    held = _VIEW.get()
    if held is None and state.files():
        show()
        held = _VIEW.get()
    return held


def show() -> None:
    """Draw the filters and decide the view."""
    _VIEW.set(None)
    whole = state.network()
    if whole is None:
        return
    if put_back := st.session_state.pop(PUT_BACK, None):
        put_back(whole)
    asked = _asked_by_link()
    with st.sidebar:
        st.header("What to look at")
        names = {column: _names(whole, column) for column in PLACES}
        start, end = _period(whole)
        as_of = _as_of(whole)
        counted = conventions.ask()
        shared = sharing.ask()
    if start and end and start > end:
        st.error("The period ends before it starts, so it is ignored: swap “From” and “To”.")
        start = end = None
    _say_what_was_ignored(asked)
    chosen = {column: found for column, found in names.items() if found}
    key = "|".join(
        map(str, (state.version(), chosen, start, end, as_of, typed_beds.held(), counted))
    )
    looked_at = _view(whole, chosen, (start, end), as_of, counted, key)
    _VIEW.set(replace(looked_at, sharing=shared))


def _asked_by_link() -> dict[str, list[str]]:
    """What the link asks for, once per session: read before the widgets take what they can."""
    if st.session_state.get(_LINK_READ):
        return {}
    st.session_state[_LINK_READ] = True
    names = (*PLACES, "from", "to", "as_of")
    return {name: found for name in names if (found := st.query_params.get_all(name))}


def _say_what_was_ignored(asked: dict[str, list[str]]) -> None:
    """A link that asks for a place or day the data does not have must not pass in silence."""
    if asked:
        st.session_state[_IGNORED] = [
            f"{_TITLES[name]} “{value}”"
            for name, values in asked.items()
            for value in values
            if value not in _held(name)
        ]
    if ignored := st.session_state.get(_IGNORED):
        st.warning(
            escaped(f"The link asks for {', '.join(ignored)}, which this data does not have: "
                    "the figures below are without it."),
            icon=":material/link_off:",
        )  # fmt: skip


def _held(name: str) -> list[str]:
    value = st.session_state.get(name)
    if name in PLACES:
        return [str(item) for item in value or []]
    return [] if value is None else [str(value)]


def clear_filters() -> None:
    """Drop every filter: for the button where filters leave nothing."""
    for name in (*PLACES, "from", "to", "as_of"):
        st.session_state[name] = [] if name in PLACES else None


def keep(column: str, names: list[str]) -> None:
    """Filter by these names of a kind of place: what a click on a bar asks for."""
    st.session_state[column] = names


def drop(name: str, value: str | None = None) -> None:
    """Drop one filter; of a filter by place, one of its names."""
    if name == "beds":
        typed_beds.drop()
    elif name in PLACES:
        held = st.session_state.get(name) or []
        st.session_state[name] = [one for one in held if one != value]
    else:
        st.session_state[name] = None


def _view(
    whole: Dataset,
    chosen: dict[str, list[str]],
    period: tuple[dt.date | None, dt.date | None],
    as_of: dt.date | None,
    counted: Conventions,
    key: str,
) -> View:
    dataset = typed_beds.put_into(whole).filtered(
        facility=chosen.get("facility"),
        department=chosen.get("department"),
        region=chosen.get("region"),
        start=period[0],
        end=period[1],
    )
    day_in_force = pd.Timestamp(as_of) if as_of else dataset.as_of
    if day_in_force is not None and period[1] and not as_of:
        day_in_force = min(day_in_force, pd.Timestamp(period[1]))
    digest = hashlib.sha256(key.encode()).hexdigest()
    return View(dataset, whole, day_in_force, digest, counted)


def _names(whole: Dataset, column: str) -> list[str]:
    options = whole.options(column)
    title = PLACES[column]
    if not options:
        return []
    if len(options) > LIST:
        searched = st.text_input(
            f"Search {len(options):,} {_plural(title)}", key=f"{column}_search",
            persist_state="session", placeholder="Type part of a name",
        )  # fmt: skip
        kept = list(st.session_state.get(column) or _linked(column))
        found = [name for name in options if searched and searched.casefold() in name.casefold()]
        options = list(dict.fromkeys([*(name for name in kept if name in set(options)), *found]))
        options = options[:LIST]
        if not options:
            return []
    return st.multiselect(
        title, options, key=column, bind="query-params", placeholder=f"All {_plural(title)}"
    )


def _linked(column: str) -> list[str]:
    return st.query_params.get_all(column)


def _plural(title: str) -> str:
    return {"Facility": "facilities"}.get(title, f"{title.lower()}s")


def _period(whole: Dataset) -> tuple[dt.date | None, dt.date | None]:
    if whole.as_of is None:
        st.caption("The data has no dates: figures are for the whole file.")
        return None, None
    first, last = days_offered(whole)
    start, end = (
        st.date_input(
            title, None, first, last, key=title.lower(), format="YYYY-MM-DD", bind="query-params"
        )
        for title in ("From", "To")
    )
    return start, end


def _as_of(whole: Dataset) -> dt.date | None:
    if whole.as_of is None:
        return None
    first, last = days_offered(whole)
    return st.date_input(
        "As of", None, key="as_of", bind="query-params", min_value=first, max_value=last,
        format="YYYY-MM-DD",
        help="The month to date ends on this day. Empty: the last admission date of the data, "
        f"{day(whole.as_of)}.",
    )  # fmt: skip


def days_offered(whole: Dataset) -> tuple[dt.date, dt.date]:
    """Return the first day of the data and the last of the month it ends in."""
    days = []
    for table, columns in ((whole.stays, ("admitted", "discharged")), (whole.activity, ("date",))):
        for column in columns:
            if table is not None and column in table and table[column].notna().any():
                days += [table[column].min(), table[column].max()]
    last = max(days) + pd.offsets.MonthEnd(0)
    return min(days).date(), last.date()
