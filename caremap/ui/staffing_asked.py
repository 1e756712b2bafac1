"""What is asked of a staffing plan: the need, the roles, and the limits, as chosen on the page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd
import streamlit as st

from caremap.geography import Method
from caremap.planning import NEEDS, Network
from caremap.problems import DataProblem
from caremap.ui import caches, measured, staffing_work, web_population
from caremap.ui.sidebar import View, clear_filters
from caremap.ui.staffing_work import REQUIRED, Work
from caremap.ui.text import amount, escaped, times

__all__ = ["Asked", "ask", "edit", "forget_edits", "limit_to"]

Aim = Literal["fairest", "targets"]

_AIMS: dict[Aim, str] = {
    "fairest": "The fairest staffing the limits allow",
    "targets": "Towards the targets, never past one",
}
_METHODS = {
    "webster": "Webster (Sainte-Laguë)",
    "hamilton": "Hamilton (largest remainder)",
    "huntington-hill": "Huntington-Hill",
}
_CATCHMENTS: dict[Method, str] = {
    "own": "People in each facility's own ZIP code",
    "nearest": "People nearest to each facility",
    "floating": "People in reach, fewer with distance",
}
_REACH = 50.0
"""Kilometres people are taken to travel where nothing else is said."""
_MOST_KM = 20_000.0
_MOST_PEOPLE = 1_000_000
_MOVES = "staffing_most_moves"
_COUNTED = ("patients", "bed_days", "visits")
"""Needs that cost no more than a count."""


@dataclass(frozen=True)
class Asked:
    """A staffing plan that is asked for.

    Attributes
    ----------
    need
        What staff is shared out by: one of `caremap.planning.NEEDS`.
    catchment, reach_km
        Whose people a facility serves, and how far they travel, where the need is population.
    work
        What required staff is worked out from, where the need is that.
    roles
        The roles that may move.
    aim, method
        As `caremap.planning.plan_moves` takes them.
    limits
        The other limits, by the names of its arguments; those that are not set are not in it.
    fixed
        Moves that were locked or edited: from, to, role and people.
    forbidden
        Pairs nobody of a role moves between: from, to and role.
    """

    need: str
    roles: tuple[str, ...]
    catchment: Method = "own"
    reach_km: float = _REACH
    work: Work | None = None
    aim: Aim = "fairest"
    method: str = "webster"
    limits: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    fixed: tuple[tuple[str, str, str, int], ...] = ()
    forbidden: tuple[tuple[str, str, str], ...] = ()

    @property
    def of_network(self) -> str:
        """Everything the network depends on beside the view."""
        return f"{self.need} {self.catchment} {self.reach_km} {self.work}"

    @property
    def settings(self) -> str:
        """Everything the plan depends on beside the view."""
        limits = sorted(self.limits.items())
        return (
            f"{self.of_network} {self.roles} {self.aim} {self.method} {limits} "
            f"{self.fixed} {self.forbidden}"
        )

    @property
    def digest(self) -> str:
        """The settings as a short key of widgets."""
        return hashlib.sha256(self.settings.encode()).hexdigest()[:12]

    @property
    def arguments(self) -> dict[str, Any]:
        """What is given to `caremap.planning.plan_moves` beside network, roles and need."""
        fixed = pd.DataFrame(list(self.fixed), columns=["from", "to", "role", "staff"])
        forbidden = pd.DataFrame(list(self.forbidden), columns=["from", "to", "role"])
        return {
            "aim": self.aim,
            "method": self.method,
            **self.limits,
            **({} if fixed.empty else {"fixed": fixed}),
            **({} if forbidden.empty else {"forbidden": forbidden}),
        }

    @property
    def in_words(self) -> list[tuple[str, str]]:
        """The choices, each with what was chosen, for people to read."""
        told = {
            "max_km": ("Longest move", "{} km"),
            "floor": ("Fewest people of a role at a facility", "{}"),
            "ceiling": ("Most people of a role at a facility", "{}"),
            "max_leave": ("Share that may leave a facility", "{:.0%}"),
            "max_arrive": ("Share that may arrive at a facility", "{:.0%}"),
            "max_moves": ("People moved at most, in all", "{}"),
        }
        catchment = [("People served", _CATCHMENTS[self.catchment])]
        if self.catchment != "own":
            catchment.append(("People travel at most", f"{amount(self.reach_km)} km"))
        return [
            ("Staff by", _title(self.need)),
            *(catchment if self.need == "population" else []),
            *([] if self.work is None else self.work.in_words),
            ("Roles", ", ".join(self.roles)),
            ("Aim", _AIMS[self.aim]),
            ("Targets by", _METHODS[self.method]),
            *(
                (title, words.format(self.limits[name]) if name in self.limits else "no limit")
                for name, (title, words) in told.items()
            ),
            ("Moves locked or edited", str(len(self.fixed))),
            ("Pairs ruled out", str(len(self.forbidden))),
        ]


def ask(view: View) -> Asked | None:
    """Draw the choices and return what is asked for; None where nothing can be, which is said."""
    staffed = _known(view, ())
    if staffed is None or not staffed.roles:
        _say_no_staff(view)
        return None
    known = _known(view, _COUNTED) or staffed
    needs = _needs(known)
    if not needs:
        _say_no_need(known)
        web_population.offer(view)
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        need = st.selectbox(
            "Staff by", needs, key="staffing_need", bind="query-params", width=240,
            format_func=_title,
            help="Staff is shared out in proportion to this, role by role.",
        )  # fmt: skip
        catchment, reach = _people(view) if need == "population" else ("own", _REACH)
        chosen = _roles(list(known.roles))
        limits, aim, method = _limits()
    work = staffing_work.ask(view, known) if need == REQUIRED else None
    return Asked(need, chosen, catchment, reach, work, aim, method, limits, **_edited(view))


def _title(need: str) -> str:
    return "Required staff (WISN)" if need == REQUIRED else NEEDS[need].title


def _needs(known: Network) -> list[str]:
    """Return the needs the data has something for; a forecast is made when it is asked for."""
    can_forecast = "patients" in known.needs and not known.frame["patients"].isna().all()
    there = {*known.needs, *(["forecast"] if can_forecast else [])}
    named = [name for name in NEEDS if name in there]
    return [*named, *([REQUIRED] if there & set(_COUNTED) else [])]


def _known(view: View, needs: tuple[str, ...]) -> Network | None:
    """Return the network with these needs; None where filters leave nothing."""
    try:
        found: Network = caches.measured(view, measured.staffing_network, needs=needs)
    except DataProblem:
        if view.dataset.filters:
            return None
        raise
    return found


def _say_no_staff(view: View) -> None:
    if view.dataset.filters:
        why = view.dataset.lost.get("staff")
        because = f"of the staff table, as {why}" if why else "no facility with staff matches all"
        st.info(escaped(f"The filters leave nothing{' ' if why else ': '}{because}."))
        st.button("Clear the filters", on_click=clear_filters, icon=":material/filter_alt_off:")
        return
    st.info(
        "None of the loaded tables says how many staff work where, so there is nothing to plan. "
        "Add a table of facility, role and staff, or a column for each role to the facilities."
    )
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")


def _say_no_need(known: Network) -> None:
    """Say what staff could be shared out by, and what each of these lacks."""
    st.info("Staff is known, but nothing to share it out by. One of these would do:")
    told = [
        f"- **{need.title}**: {escaped(known.lacking.get(name, ''))} {escaped(need.lacking)}"
        for name, need in NEEDS.items()
    ]
    st.markdown("\n".join(told))
    st.page_link("pages/data.py", label="Go to Data", icon=":material/upload_file:")


def _people(view: View) -> tuple[Method, float]:
    """Let the user choose whose people a facility serves, where the data says where they live."""
    if view.dataset.population is None:
        return "own", _REACH
    catchment: Method = st.selectbox(
        "People served", list(_CATCHMENTS), key="staffing_catchment", bind="query-params",
        width=280, format_func=lambda name: _CATCHMENTS[name],
    )  # fmt: skip
    if catchment == "own":
        return catchment, _REACH
    reach = st.number_input(
        "They travel at most (km)", 1.0, 500.0, _REACH, 5.0, format="%.0f", key="staffing_reach",
        bind="query-params", width=170,
    )  # fmt: skip
    return catchment, float(reach)


def _roles(roles: list[str]) -> tuple[str, ...]:
    """Let the user choose the roles: all of them where none is."""
    if len(roles) < 2:
        return tuple(roles)
    chosen = st.multiselect(
        "Roles", roles, key="staffing_roles", persist_state="session", placeholder="All roles",
        width=260,
    )  # fmt: skip
    return tuple(name for name in roles if name in chosen) or tuple(roles)


def _limits() -> tuple[dict[str, Any], Aim, str]:
    """Draw the limits, most of them in a pop-over; those left empty limit nothing."""
    # Beside the pop-over, not in it: the curve sets this one too, and what a closed pop-over holds
    # in the browser would come back with the next click.
    moves = _limit("People moved at most", _MOVES, _MOST_PEOPLE, width=190)
    set_now = sum(
        st.session_state.get(key) is not None
        for key in ("staffing_km", "staffing_ceiling", "staffing_leave", "staffing_arrive")
    ) + bool(st.session_state.get("staffing_floor"))
    label = f"Limits ({times(set_now, 'set', 'set')})" if set_now else "Limits"
    with st.popover(label, icon=":material/tune:"):
        aim: Aim = st.radio(
            "Aim", list(_AIMS), key="staffing_aim", bind="query-params",
            format_func=lambda name: _AIMS[name],
        )  # fmt: skip
        km = _limit("Longest move (km)", "staffing_km", _MOST_KM, "for example 60")
        floor = st.number_input(
            "Fewest people of a role at a facility", 0, _MOST_PEOPLE, 0, key="staffing_floor",
            bind="query-params",
        )  # fmt: skip
        ceiling = _limit("Most people of a role at a facility", "staffing_ceiling", _MOST_PEOPLE)
        leave = _limit("Share of a role that may leave (%)", "staffing_leave", 100)
        arrive = _limit("Share of a role that may arrive (%)", "staffing_arrive", 100)
        method = st.selectbox(
            "Targets by", list(_METHODS), key="staffing_method", bind="query-params",
            format_func=lambda name: _METHODS[name],
            help="How whole people are shared out: the total of a role is kept by each of them.",
        )  # fmt: skip
    given = {
        "max_km": km,
        "floor": floor or None,
        "ceiling": ceiling,
        "max_leave": None if leave is None else leave / 100,
        "max_arrive": None if arrive is None else arrive / 100,
        "max_moves": moves,
    }
    return {name: value for name, value in given.items() if value is not None}, aim, method


def _limit(
    title: str, key: str, most: float, example: str = "no limit",
    width: int | Literal["stretch"] = "stretch",
) -> Any:  # fmt: skip
    """Draw a limit that need not be set; whole numbers, or kilometres where ``most`` is one."""
    least = 1.0 if isinstance(most, float) else 0
    return st.number_input(
        title, least, most, None, key=key, bind="query-params", placeholder=example,
        format="%.0f" if isinstance(most, float) else None, width=width,
    )  # fmt: skip


def limit_to(moves: int | None) -> None:
    """Set the number of people moved at most, as the user may too. For callbacks."""
    st.session_state[_MOVES] = moves


# --- moves that were edited -------------------------------------------------------------------

_EDITED = "staffing_edited"


def _edited(view: View) -> dict[str, Any]:
    """Return what was locked, edited and ruled out in this view."""
    found: dict[str, Any] = st.session_state.get(_EDITED, {}).get(view.key, {})
    return found


def edit(
    view: View,
    fixed: tuple[tuple[str, str, str, int], ...],
    forbidden: tuple[tuple[str, str, str], ...],
) -> None:
    """Keep what was locked, edited and ruled out: the next plan is made with it."""
    st.session_state[_EDITED] = {view.key: {"fixed": fixed, "forbidden": forbidden}}


def forget_edits() -> None:
    """Forget what was locked, edited and ruled out."""
    st.session_state.pop(_EDITED, None)
