"""Patients still in hospital, by the risk of a long stay, and the bed-days they will take.

A list of patients is a list of counts of one: it leaves the app only where small counts may, and
is not on the screen where these are hidden. Who they are is never in it.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from caremap.hidden import FEW, HIDDEN, WHY_HIDDEN
from caremap.measures import protected
from caremap.ui import downloads
from caremap.ui import risk_recipes as recipes
from caremap.ui.figures import show
from caremap.ui.risk import Predicted
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, day, escaped, title_of

__all__ = [
    "bed_days",
    "by_place",
    "few",
    "list_of",
    "patients",
    "tells_of_few",
    "there_already",
    "with_headings",
]

_PLACES = ("department", "facility")


def tells_of_few(made: Predicted) -> bool:
    """Whether from 1 to 10 patients are in hospital: their number is a small count."""
    return few(len(made.risk.current))


def few(count: int) -> bool:
    """Return whether a number of patients is a small count."""
    return 0 < count <= FEW


def patients(view: View, made: Predicted) -> None:
    """Draw who is in hospital now, by risk: by place, and one by one."""
    current = made.risk.current
    if current.empty:
        _say_nobody(made)
        return
    st.caption(escaped(_as_of(made)))
    if places := [name for name in _PLACES if name in current.columns]:
        by = places[0]
        if len(places) > 1:
            by = st.segmented_control(
                "By", places, default=by, required=True, key="risk_place", format_func=title_of
            )
        st.header(f"By {title_of(by).lower()}", anchor=False)
        shown = by_place(made, by, hide=view.sharing.screen)
        told = f"Patients in hospital by {title_of(by).lower()}"
        downloads.table(
            with_headings(shown, made), told, f"risk_by_{by}", f"in_hospital_by_{by}",
            raw=with_headings(by_place(made, by, hide=view.sharing.hide), made),
        )  # fmt: skip
        if HIDDEN in shown:
            st.caption(WHY_HIDDEN)
        elif view.sharing.hide:
            st.caption(f"In the files: {WHY_HIDDEN}")
    st.header("One by one, the highest risk first", anchor=False)
    if view.sharing.screen:
        st.info("A list of single patients is not shown: small counts are hidden on the screen.")
        return
    not_yet = st.toggle(f"Only those not over {made.risk.over:g} nights yet", key="risk_not_yet")
    listed = list_of(made, not_yet=not_yet)
    st.caption(
        "Who they are is not shown: a ward finds them by department and day of admission. The risk "
        "is that of a patient who has stayed as long as this one already. Nights so far include "
        f"that of {day(made.risk.as_of)}; those still expected come after it."
    )
    if listed.empty:
        st.info("Nobody is left: all patients in hospital have stayed that long already.")
        return
    downloads.draw(listed, "Patients in hospital, the highest risk first", "risk_patients")
    if view.sharing.hide:
        st.caption(
            "The list is not offered as a file, as each row is one patient: “What downloads hold” "
            "in the sidebar changes that."
        )
    else:
        downloads.buttons(listed, "risk_patients", "in_hospital", {"Aid": _as_of(made)})


def _say_nobody(made: Predicted) -> None:
    if made.risk.bands:
        why = "stays are given as bands, so who is still in hospital is not known"
    elif made.risk.as_of is None:
        why = "the data has no dates, so who is still in hospital is not known"
    else:
        why = f"no stay is open on {day(made.risk.as_of)}: a stay without a discharge date is"
    st.info(escaped(f"There is nobody to list: {why}."))


def _as_of(made: Predicted) -> str:
    same = " No model is in use: the simple rule gives all of a department the same risk."
    rule = "" if made.risk.better else same
    return f"In hospital on {day(made.risk.as_of)}; risk of {made.long}.{rule}"


def by_place(made: Predicted, by: str, *, hide: bool) -> pd.DataFrame:
    """Return the patients of each place: how many, how many will be long, what they will take.

    Parameters
    ----------
    made
        The prediction.
    by
        A column of `caremap.planning.StayRisk.current`.
    hide
        Whether counts of few patients are hidden, and what would give them away.

    Returns
    -------
    pandas.DataFrame
        ``by``, ``stays``, ``expected_long`` (the sum of the risks), ``more_nights`` (expected of
        all together, after the night of the as-of date); ``hidden`` where something is.
    """
    current = made.risk.current
    names = current[by].astype("object").where(current[by].notna(), "Unknown").astype("str")
    frame = (
        current.assign(**{by: names})
        .groupby(by, sort=True)
        .agg(stays=("risk", "size"), expected_long=("risk", "sum"),
             more_nights=("more_nights", "sum"))
        .reset_index()
    )  # fmt: skip
    frame = frame.sort_values(["expected_long", by], ascending=[False, True], kind="stable")
    frame = frame.reset_index(drop=True)
    return protected(frame, by=by) if hide else frame


def with_headings(frame: pd.DataFrame, made: Predicted) -> pd.DataFrame:
    """Return `by_place` with headings for people."""
    by = str(frame.columns[0])
    table = pd.DataFrame(
        {
            title_of(by): frame[by],
            "Patients in hospital": frame["stays"],
            f"Expected to stay over {made.risk.over:g} nights": frame["expected_long"].round(1),
            "Bed-days they will still take": frame["more_nights"].round(),
        }
    )
    if HIDDEN in frame:
        table["Hidden"] = frame[HIDDEN].map({True: "yes", False: ""})
    return table


def there_already(made: Predicted) -> pd.Series:
    """Return of each patient in hospital whether the stay is long whatever comes."""
    already: pd.Series = made.risk.current["so_far"].ge(made.risk.over)
    return already


def list_of(made: Predicted, *, not_yet: bool = False) -> pd.DataFrame:
    """Return one row per patient in hospital, the highest risk first, without who they are.

    Parameters
    ----------
    made
        The prediction.
    not_yet
        Whether to leave out whose stay is long already.
    """
    current = made.risk.current
    if not_yet:
        current = current[~there_already(made)]
    places = [name for name in ("facility", "department") if name in current.columns]
    admitted = pd.to_datetime(current["admitted"]).dt.strftime("%Y-%m-%d")
    table = pd.DataFrame(
        {
            f"Risk of over {made.risk.over:g} nights (%)": (current["risk"] * 100).round(1),
            **{title_of(name): current[name] for name in places},
            "Admitted": admitted,
            "Nights so far": (current["so_far"] + 1).round(1),  # that of the day with them
            "Nights in all: 80 % from": current["low_80"].round(1),
            "80 % to": current["high_80"].round(1),
            "Nights still expected": current["more_nights"].round(1),
        }
    )
    order = current["risk"].sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def bed_days(view: View, made: Predicted) -> None:
    """Draw the bed-days today's patients will take, by day."""
    if made.risk.bed_days.empty or made.risk.as_of is None:
        _say_nobody(made)
        return
    show(recipes.bed_days(made), view)
    hidden = view.sharing.screen and tells_of_few(made)
    total = NONE if hidden else amount(float(made.risk.current["more_nights"].sum()))
    st.caption(
        escaped(
            f"After the night of {day(made.risk.as_of)}, until the last of them has left, they "
            f"take about {total} bed-days. The band takes patients as independent of each other "
            "and the predicted risks as right, so it is rather too narrow."
        )
    )
