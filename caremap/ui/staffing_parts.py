"""The parts of the Staffing page: who has too few, who should move, and what stays unmet."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from caremap.hidden import WHY_HIDDEN
from caremap.planning.plan_sheets import AID
from caremap.problems import DataProblem
from caremap.ui import card_row, downloads, plan, staffing_asked, staffing_need
from caremap.ui import staffing_recipes as recipes
from caremap.ui.figures import show
from caremap.ui.plan import Staffing
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, escaped, times

__all__ = ["AID", "PARTS", "changes", "headline", "planned"]

_ONE = ("", "staff")  # roles that need no naming: there is no other
_NEAR = 2  # times, below which how far apart facilities are needs two decimals
_FEW = 10  # below which a ratio needs a decimal, and below 1 two


def planned(view: View, asked: staffing_asked.Asked) -> Staffing | None:
    """Return the plan; where there can be none it is said why, with the way back from changes."""
    try:
        return plan.worked_out(view, asked)
    except DataProblem as problem:
        st.error(escaped(f"{problem.message} {problem.hint}"))
        _forget(asked)
        return None


def _forget(asked: staffing_asked.Asked) -> None:
    """Offer to forget what was locked, changed and ruled out."""
    if asked.fixed or asked.forbidden:
        st.button("Forget my changes", key="staffing_forget", icon=":material/undo:",
                  on_click=staffing_asked.forget_edits)  # fmt: skip


def headline(view: View, made: Staffing) -> None:
    """Draw what a manager reads: how many move, and what that does for the worst off."""
    hidden = view.sharing.screen and made.tells_of_few
    totals, plan_ = made.plan.totals, made.plan
    need = made.need
    staff = int(plan_.before_after["before"].sum())
    worst, role, before, after = _worst(made)
    per = f"{need.unit} per staff member"
    cards = [
        (
            "People to move",
            amount(totals["moved"]),
            f"of {amount(staff)}; {_distance(totals)}",
        ),
        (
            "Worst off now",
            NONE if hidden else f"{_ratio(before)} → {_ratio(after)}",
            f"{WHY_HIDDEN if hidden else per}: {_at(worst, role)}{_worst_then(made, hidden)}",
        ),
        (
            "Most over least",
            f"{_spread(totals['max_min_before'])} → {_spread(totals['max_min_after'])}",
            f"{per} at the worst-off over the best-off facility"
            f"{', in the role furthest apart' if len(made.asked.roles) > 1 else ''}",
        ),
        (
            "Still short",
            times(int(totals["unmet"]), "person", "people"),
            "of the targets without limits" if totals["unmet"] else "every target is reached",
        ),
    ]
    card_row.draw(cards)
    _proof(made)


def _distance(totals: Mapping[str, Any]) -> str:
    """Return how far people move, in words."""
    if not totals["moved"]:
        return "nobody has to move"
    if pd.isna(totals["staff_km"]):
        return "how far is not known, as no facility has a place"
    longest = amount(totals["longest_km"])
    return f"{amount(totals['staff_km'])} staff-kilometres, the longest move {longest} km"


def _worst(made: Staffing) -> tuple[str, str, float, float]:
    """Return the facility and role with the most need per staff member, before and after.

    Infinite is a need with no staff at all.
    """
    totals, frame = made.plan.totals, made.plan.before_after
    name, role = str(totals["worst_before"] or NONE), str(totals["worst_role_before"] or "")
    after = frame.loc[frame["facility"].eq(name) & frame["role"].eq(role), "ratio_after"]
    later = float(after.iloc[0]) if len(after) else float("nan")
    before = float(totals["worst_ratio_before"])
    return name, role, before, before if math.isinf(before) and math.isnan(later) else later


def _worst_then(made: Staffing, hidden: bool) -> str:
    """Return who is worst off after the moves, where that is somebody else."""
    totals = made.plan.totals
    before, after = ((totals[f"worst_{when}"], totals[f"worst_role_{when}"])
                     for when in ("before", "after"))  # fmt: skip
    if before == after or not after[0]:
        return ""
    ratio = "" if hidden else f", {_ratio(float(totals['worst_ratio_after']))}"
    return f". Worst off then: {_at(*map(str, after))}{ratio}"


def _at(facility: str, role: str) -> str:
    return facility if role in _ONE else f"{facility}, {role}"


def _ratio(value: float) -> str:
    if math.isinf(value):
        return "no staff"
    return amount(float(value), 0 if abs(value) >= _FEW else 1 if abs(value) >= 1 else 2)


def _spread(value: float) -> str:
    """Return how far apart facilities are; no number where one of them has no staff."""
    return "∞" if math.isinf(value) else amount(value, 2) if value < _NEAR else _ratio(value)


def _proof(made: Staffing) -> None:
    """Say what is proven, and how much better than by hand it is."""
    totals = made.plan.totals
    if made.plan.optimal:
        aim = (
            "no staffing that the limits allow is fairer"
            if made.asked.aim == "fairest"
            else "no plan within the limits comes closer to the targets"
        )
        placed = totals["moved"] == 0 or pd.notna(totals["staff_km"])
        less = "has fewer staff-kilometres" if placed else "moves fewer people"
        st.success(f"Proven optimal: {aim}, and none as good {less}.", icon=":material/verified:")
    else:
        st.warning(
            escaped("Not proven optimal within the time allowed: " + " ".join(made.plan.notes))
        )
    told = []
    by_hand = totals.get("greedy_staff_km")
    if by_hand is not None and pd.notna(by_hand) and totals["moved"]:
        told.append(
            f"By hand, nearest first: {times(int(totals['greedy_moved']), 'person', 'people')}, "
            f"{amount(by_hand)} staff-kilometres, most over least "
            f"{_spread(totals['greedy_max_min_after'])}."
        )
    st.caption(escaped(" ".join([*told, AID])))


# --- sites ------------------------------------------------------------------------------------


def sites(view: View, made: Staffing) -> None:
    """Need per staff member of every facility, before and after."""
    role = _role(made)
    show(recipes.sites(made, role), view)
    with st.expander("Every facility and role", expanded=False):
        shown = plan.tables_of(made, view.sharing.screen)["Sites"]
        told = "Staff by facility and role, before and after the plan"
        downloads.table(shown, told, "staffing_sites", "staffing_sites",
                        raw=plan.tables_of(made, view.sharing.hide)["Sites"])  # fmt: skip
    _notes(made)


def _role(made: Staffing) -> str:
    roles = list(made.asked.roles)
    if len(roles) == 1:
        return roles[0]
    chosen: str = st.segmented_control(
        "Role", roles, default=roles[0], required=True, key="staffing_role", format_func=escaped,
    )  # fmt: skip
    return chosen if chosen in roles else roles[0]


def _notes(made: Staffing) -> None:
    if made.notes:
        st.markdown("\n".join(f"- {escaped(note)}" for note in made.notes))


# --- moves ------------------------------------------------------------------------------------

_COLUMNS = {
    "from": "From", "to": "To", "role": "Role", "staff": "People", "km": "Distance (km)",
    "from_before": "Where they leave: before", "from_after": "Where they leave: after",
    "to_before": "Where they arrive: before", "to_after": "Where they arrive: after",
    "why": "Why",
}  # fmt: skip
_BARE = 5  # of these columns tell nothing of a need
_KEEP, _NEVER = "Lock", "Rule out"


def moves(view: View, made: Staffing) -> None:
    """Who moves where; lock or change a move, and solve again."""
    if made.plan.moves.empty:
        st.info("Nobody has to move: no move within the limits makes the staffing fairer.")
    else:
        show(recipes.moves(made), view)
    if len(made.plan.moves) or made.asked.fixed or made.asked.forbidden:
        _edit(view, made)


def _edit(view: View, made: Staffing) -> None:
    """Let the user lock, change and rule out moves, and make the plan again with it."""
    asked, planned = made.asked, made.plan.moves
    locked = {(one[0], one[1], one[2]) for one in asked.fixed}
    keys = list(zip(planned["from"], planned["to"], planned["role"], strict=True))
    table = planned.rename(columns=_COLUMNS)[list(_COLUMNS.values())].round(1)
    if view.sharing.screen and made.tells_of_few:
        table = table.iloc[:, :_BARE]
    table.insert(4, _KEEP, [key in locked for key in keys])
    table.insert(5, _NEVER, False)
    st.header("Lock or change a move", anchor=False)
    st.caption(
        "Type another number of people, lock what has to stay as it is, rule out what cannot be; "
        "then solve again: the rest is planned around it."
        f" Before and after are {escaped(made.need.unit)} per staff member."
    )
    # A new plan is a new table: what was typed over the last one is not typed over this.
    key = f"staffing_moves_{asked.digest}_{view.key[:12]}"
    edited = st.data_editor(
        table, hide_index=True, width="stretch", key=key,
        disabled=[str(name) for name in table if name not in (_KEEP, _NEVER, "People")],
        column_config={
            "People": st.column_config.NumberColumn(min_value=0, step=1, required=True),
            **{str(name): st.column_config.NumberColumn(format="localized")
               for name in table if ": " in str(name)},
        },
    )  # fmt: skip
    with st.container(horizontal=True):
        again = st.button(
            "Solve again", key="staffing_again", icon=":material/refresh:", type="primary"
        )
        if again:
            staffing_asked.edit(view, *changes(table, edited, asked))
            st.rerun()
        _forget(asked)
    if asked.forbidden:
        pairs = "; ".join(
            f"{start} to {end}{f' ({role})' if role not in _ONE else ''}"
            for start, end, role in asked.forbidden
        )
        st.caption(escaped(f"Ruled out: {pairs}."))
    downloads.buttons(plan.tables_of(made, view.sharing.hide)["Moves"], "staffing_moves",
                      "staff_moves", _told(made), "the moves")  # fmt: skip


def changes(
    before: pd.DataFrame, after: pd.DataFrame, asked: staffing_asked.Asked
) -> tuple[tuple[tuple[str, str, str, int], ...], tuple[tuple[str, str, str], ...]]:
    """Return the moves that are fixed from now on, and the pairs ruled out."""
    changed = after["People"].ne(before["People"])
    never = after[_NEVER].astype("bool")
    kept = (after[_KEEP].astype("bool") | changed) & ~never
    fixed = {
        (str(row["From"]), str(row["To"]), str(row["Role"])): int(row["People"])
        for _, row in after[kept].iterrows()
    }
    shown = {(str(row["From"]), str(row["To"]), str(row["Role"])) for _, row in after.iterrows()}
    # What was set to nobody moving is not in the table any more, and still holds.
    for start, end, role, people in asked.fixed:
        if (start, end, role) not in shown:
            fixed[start, end, role] = people
    now = (
        (str(row["From"]), str(row["To"]), str(row["Role"])) for _, row in after[never].iterrows()
    )
    ruled_out = dict.fromkeys([*asked.forbidden, *now])
    return tuple((*key, people) for key, people in fixed.items()), tuple(ruled_out)


def _told(made: Staffing) -> dict[str, str]:
    """Return what a workbook of the moves says of itself."""
    proven = "proven" if made.plan.optimal else "not proven"
    return {"Aid": AID, "Optimum": proven, **dict(made.asked.in_words)}


# --- how many moves ---------------------------------------------------------------------------


def how_many(view: View, made: Staffing) -> None:
    """Fairness against the number of moves: the user picks a point."""
    frame = plan.curve_of(view, made)
    if frame is None:
        return
    points = [int(one) for one in frame["moves"]]
    if len(points) > 1:
        now = int(made.plan.totals["moved"])
        at = min(points, key=lambda one: abs(one - now))
        chosen = st.select_slider(
            "People moved at most", points, value=at,
            key=f"staffing_point_{made.asked.digest}",
        )  # fmt: skip
        if chosen != at:
            st.button(
                f"Plan with at most {times(chosen, 'person', 'people')}", type="primary",
                key="staffing_take", on_click=staffing_asked.limit_to, args=(chosen,),
                icon=":material/check:",
            )  # fmt: skip
        elif "max_moves" in made.asked.limits:
            st.button("Plan without this limit", key="staffing_no_cap", icon=":material/undo:",
                      on_click=staffing_asked.limit_to, args=(None,))  # fmt: skip
    show(recipes.curve(made, frame), view)


# --- unmet ------------------------------------------------------------------------------------


_HEADER, _ROWS = 38, 8
_TALL = 80
"""Height of a row in which three lines of a reason can be read."""


def unmet(view: View, made: Staffing) -> None:
    """What stays unmet, which limit binds, and what would free it."""
    del view
    frame = made.plan.unmet
    if frame.empty:
        st.info("Nothing stays unmet: every facility reaches its target.")
        return
    missing = times(int(frame["missing"].sum()), "person", "people")
    where = times(frame["facility"].nunique(), "facility", "facilities")
    st.subheader(escaped(f"{missing} short of the targets, at {where}"), anchor=False)
    titles = {"facility": "Facility", "role": "Role", "missing": "People missing",
              "reason": "Why, and what would help"}  # fmt: skip
    shown = frame.rename(columns=titles)
    st.dataframe(
        shown, hide_index=True, width="stretch", key="staffing_unmet_table",
        height=_HEADER + _TALL * min(len(shown), _ROWS), row_height=_TALL,
        alt="Targets not reached, and why",
        column_config={titles["reason"]: st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    downloads.buttons(shown, "staffing_unmet", "staffing_unmet")


Part = Callable[[View, Staffing], None]

PARTS: Mapping[str, Part] = {
    "Facilities": sites,
    "Moves": moves,
    "How many moves": how_many,
    "Still short": unmet,
    "Need": staffing_need.need,
}
"""The parts of the page, by what they are called."""
