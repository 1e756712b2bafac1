"""The Allocate page: its four uses, what an allocation comes to, what limits it, and how sure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from caremap.planning import Allocation
from caremap.problems import DataProblem
from caremap.ui import (
    allocate_emergency,
    allocate_scarce,
    allocate_telemedicine,
    allocate_wards,
    card_row,
    working,
)
from caremap.ui import allocate_recipes as recipes
from caremap.ui.allocate_asked import Asked
from caremap.ui.figures import show
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, escaped, times
from caremap.ui.working import Told

__all__ = ["AID", "USES", "Use", "draw", "worked_out"]

AID = "A decision aid for managers: it knows nothing that is not in its tables."
Progress = Callable[[str, float], None]
_HUNDRED = 100  # from which one decimal is enough


@dataclass(frozen=True)
class Use:
    """One use of the page.

    Attributes
    ----------
    about
        What it does, in a sentence.
    ask
        Draws what is asked, and returns it; None where there is nothing to ask.
    solve
        Works the allocation out.
    more
        Draws what only this use has; None for nothing.
    """

    about: str
    ask: Callable[[View], Asked | None]
    solve: Callable[[Asked, Progress], Allocation]
    more: Callable[[View, Asked, Allocation], None] | None = None


USES: Mapping[str, Use] = {
    "Emergency response": Use(
        "Send beds, staff or supplies from a pool, and from places less hit, to where need is "
        "greatest.",
        allocate_emergency.ask, allocate_emergency.solve, allocate_emergency.more,
    ),
    "Scarce resources": Use(
        "Share out what there is not enough of, so that the most good comes of it and every area "
        "has what it was promised.",
        allocate_scarce.ask, allocate_scarce.solve,
    ),
    "Telemedicine": Use(
        "Give clinicians' virtual hours to the places that need them most, within their licences.",
        allocate_telemedicine.ask, allocate_telemedicine.solve,
    ),
    "Beds by stay risk": Use(
        "Place the patients who are expected in wards by how long they will stay and the care "
        "they need, and see where long stays will block beds.",
        allocate_wards.ask, allocate_wards.solve, allocate_wards.more,
    ),
}  # fmt: skip
"""The uses, by what they are called."""


def worked_out(view: View, use: Use, asked: Asked) -> Allocation | None:
    """Return the allocation; where there can be none, or it was cancelled, that is said."""

    def work(told: Told) -> Allocation:
        return use.solve(asked, working.in_parts(told))

    try:
        return working.once(f"allocate {view.key} {asked.digest}", work, "allocation")
    except DataProblem as problem:
        st.error(escaped(f"{problem.message} {problem.hint}"))
        return None


def draw(view: View, use: Use, asked: Asked, made: Allocation) -> None:
    """Draw everything there is to say of an allocation."""
    _headline(asked, made)
    _proof(asked, made)
    if len(made.notes):
        st.markdown("\n".join(f"- {escaped(note)}" for note in made.notes))
    with st.container(key="said_not_shown_allocation"):
        st.header("Who receives what", anchor=False)
    for recipe in recipes.all_of(asked, made):
        show(recipe, view)
    _binding(made)
    if use.more is not None:
        use.more(view, asked, made)
    with st.expander("What this takes for granted", icon=":material/rule:"):
        st.markdown("\n".join(f"- {escaped(one)}" for one in (*made.assumptions, AID)))


# --- what a manager reads ----------------------------------------------------------------------


def _headline(asked: Asked, made: Allocation) -> None:
    cards = [_covered(asked, made), _value(made), _promised(made), _by_hand(made)]
    card_row.draw(cards)


def _covered(asked: Asked, made: Allocation) -> tuple[str, str, str]:
    sent, unmet = _of(made, "units"), _of(made, "unmet")
    km = _of(made, "unit_km")
    far = f"; {amount(km)} {_of_one(asked)}-kilometres" if km > 0 else ""
    short = "nobody is left short" if unmet == 0 else f"{_units(unmet)} stay unmet"
    if unknown := _unknown(asked):
        short = f"{_units(unmet)} known stay unmet; what {times(unknown, asked.place.lower())} "
        short += "needs is not known" if unknown == 1 else "need is not known"
    return f"{asked.units.capitalize()} {asked.got}", _units(sent), f"{short}{far}"


def _unknown(asked: Asked) -> int:
    """Return of how many places it is not known what they need: that is not nothing."""
    places = asked.tables.get("places")
    return 0 if places is None or "demand" not in places else int(places["demand"].isna().sum())


def _value(made: Allocation) -> tuple[str, str, str]:
    value, free = _of(made, "value"), _of(made, "value_without_floors")
    cost = free - value
    unit, _, how = made.value_unit.partition(" (")
    if math.isnan(cost):
        said = how.removesuffix(")") or "what is made as large as can be"
    elif cost > 0:
        said = f"what was promised costs {_figure(cost)} of them: without it {_figure(free)}"
    else:
        said = "what was promised costs none of them"
    return unit.capitalize(), _figure(value), said


def _promised(made: Allocation) -> tuple[str, str, str]:
    missing = _of(made, "floors_unmet")
    floors = pd.to_numeric(made.places["floor"], errors="coerce").fillna(0)
    title = "Promises not kept"
    if not floors.gt(0).any():
        return title, "0", "nothing was promised to any of them"
    if missing > 0:
        return title, _units(missing), "units of what was promised: there is not enough for all"
    return title, "0", f"all {times(int(floors.gt(0).sum()), 'promise')} are kept"


def _by_hand(made: Allocation) -> tuple[str, str, str]:
    """Return what the simple rule a person would use comes to, beside this."""
    value, by_hand = _of(made, "value"), _of(made, "greedy_value")
    if math.isnan(by_hand):
        return "By hand, neediest first", NONE, "was not worked out"
    unmet = _of(made, "greedy_unmet")
    left = "" if math.isnan(unmet) else f"; {_units(unmet)} unmet"
    more = value - by_hand
    better = f"{_figure(more)} less than here" if more > 0 else "the same as here"
    if more < 0:  # only where it keeps fewer promises than here, or keeps them less evenly
        better = f"{_figure(-more)} more than here, as it keeps promises worse"
    return "By hand, neediest first", _figure(by_hand), f"{better}{left}"


def _of(made: Allocation, name: str) -> float:
    found: Any = made.totals.get(name)
    return float("nan") if found is None or pd.isna(found) else float(found)


def _units(value: float) -> str:
    """Write units, which may be quarters of an hour."""
    return amount(value, 0 if math.isnan(value) or float(value).is_integer() else 2)


def _of_one(asked: Asked) -> str:
    """Return what one of the units is called, as it stands before “-kilometres”."""
    return asked.units.removesuffix("s") if " " not in asked.units else "unit"


def _figure(value: float) -> str:
    """Write an amount of the objective: decimals where it has any to speak of."""
    whole = not math.isnan(value) and (abs(value) >= 1000 or abs(value - round(value)) < 5e-3)
    return amount(value, 0 if whole else 1 if abs(value) >= _HUNDRED else 2)


def _proof(asked: Asked, made: Allocation) -> None:
    """Say whether it is proven that nothing is better."""
    if made.optimal:
        unit = made.value_unit.partition(" (")[0]
        first = "keeps more of what was promised, and none that keeps as much has more"
        st.success(
            escaped(f"Proven optimal: no allocation within the limits {first} {unit}."),
            icon=":material/verified:",
        )
    else:
        st.warning("Not proven optimal in the time allowed: a better allocation may exist.")
    st.caption(escaped(f"{AID} Made from: {_lower(asked.where_from)}."))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _binding(made: Allocation) -> None:
    """Name the limits that bind, in a sentence."""
    if made.limits.empty:
        return
    binding = made.limits[made.limits["binding"].eq(True)]
    if binding.empty:
        st.caption("No limit binds: one more unit of anything would change nothing.")
        return
    about = binding["at"].fillna("").astype("str")
    names = [f"{limit}{f' ({at})' if at else ''}" for limit, at in
             zip(binding["limit"].astype("str"), about, strict=True)]  # fmt: skip
    shown = "; ".join(names[:8]) + (f"; and {len(names) - 8:,} more" if len(names) > 8 else "")
    st.caption(escaped(f"Limits that bind: {shown}."))
