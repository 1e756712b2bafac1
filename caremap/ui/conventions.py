"""How figures are counted where authorities differ: the user's choice, carried by the link."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import streamlit as st

from caremap.measures.definitions import TARGET
from caremap.measures.view import Choices

__all__ = ["Conventions", "ask", "in_session", "put_back", "reset"]

_LONGEST_TARGET = 60 * 24 * 365
_SAME_DAY = {
    "0 days": Choices(),
    "1 day": Choices(same_day=1),
    "nothing: overnight stays only": Choices(overnight_only=True),
}
_COST_DATE = {"discharge": "discharged", "admission": "admitted"}


@dataclass(frozen=True)
class Conventions:
    """The choices in force.

    Attributes
    ----------
    choices
        What `caremap.measures.headline` takes.
    target
        Minutes a wait should not exceed.
    """

    choices: Choices = field(default_factory=Choices)
    target: int = TARGET

    @property
    def arguments(self) -> dict[str, Any]:
        """The choices as the measures' arguments of these names."""
        return asdict(self.choices)

    @property
    def in_force(self) -> dict[str, str]:
        """The options in force, by the names `caremap.measures.choices` gives the choices."""
        return {
            "same_day": "1 day" if self.choices.same_day else "0 days",
            "overnight_only": "overnight stays only"
            if self.choices.overnight_only
            else "all stays",
            "cost_date": "day of discharge"
            if self.choices.cost_date == "discharged"
            else "day of admission",
            "target": f"{self.target} minutes",
        }

    @property
    def changed(self) -> tuple[tuple[str, str], ...]:
        """What differs from the default: the key of its widget, and words."""
        stays = "same-day stays count 1 day" if self.choices.same_day else "overnight stays only"
        same_day = self.choices.same_day or self.choices.overnight_only
        told = (
            ("same_day", stays if same_day else ""),
            ("cost_date", "cost by admission date" * (self.choices.cost_date == "admitted")),
            ("target", f"waiting target {self.target} minutes" * (self.target != TARGET)),
        )
        return tuple((key, words) for key, words in told if words)


def ask() -> Conventions:
    """Draw the choices and return those in force."""
    with st.expander("How figures are counted"):
        same_day = st.selectbox(
            "A same-day stay counts", list(_SAME_DAY), key="same_day", bind="query-params",
            help="In lengths of stay: 0 days (AHRQ HCUP), 1 day (AIHW), or overnight stays only "
            "(OECD). Admissions and discharges count every stay.",
        )  # fmt: skip
        cost_date = st.selectbox(
            "A cost belongs to the day of", list(_COST_DATE), key="cost_date", bind="query-params",
            help="Decides the month a cost is counted in, and which costs a period holds.",
        )  # fmt: skip
        target = st.number_input(
            "Waiting target, minutes", 1, _LONGEST_TARGET, TARGET, key="target",
            bind="query-params", help="The share of waits within it is shown on the overview.",
        )  # fmt: skip
    chosen = asdict(_SAME_DAY[same_day]) | {"cost_date": _COST_DATE[cost_date]}
    return Conventions(Choices(**chosen), int(target))


def in_session() -> Conventions:
    """Return the choices in force, where their widgets have been drawn already."""
    held = st.session_state
    chosen = asdict(_SAME_DAY[held.get("same_day", next(iter(_SAME_DAY)))])
    chosen["cost_date"] = _COST_DATE[held.get("cost_date", next(iter(_COST_DATE)))]
    return Conventions(Choices(**chosen), int(held.get("target", TARGET)))


def put_back(choices: Choices, target: int) -> None:
    """Set the choices, before their widgets are drawn."""
    stays = replace(choices, cost_date=Choices().cost_date)
    st.session_state["same_day"] = next(
        (name for name, one in _SAME_DAY.items() if one == stays), next(iter(_SAME_DAY))
    )
    st.session_state["cost_date"] = next(
        name for name, column in _COST_DATE.items() if column == choices.cost_date
    )
    if target != st.session_state.get("target", TARGET):
        st.session_state["target"] = min(max(target, 1), _LONGEST_TARGET)


def reset(key: str) -> None:
    """Set one of them back to its default."""
    first = {"same_day": next(iter(_SAME_DAY)), "cost_date": next(iter(_COST_DATE))}
    st.session_state[key] = first.get(key, TARGET)
