"""The parts of the Stay-risk page: how good it is, from what, for whom, and who is in hospital."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from caremap.charts.risk_models import SCORES
from caremap.hidden import WHY_HIDDEN
from caremap.problems import DataProblem
from caremap.ui import card_row, downloads, risk, risk_card, risk_patients
from caremap.ui import risk_recipes as recipes
from caremap.ui.figures import show
from caremap.ui.risk import AID, Predicted
from caremap.ui.risk_asked import Asked
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, day, escaped, times, title_of

__all__ = ["PARTS", "headline", "predicted"]

_MOST_ROWS = 60  # of a table of sentences: more are scrolled through


def predicted(view: View, asked: Asked) -> Predicted | None:
    """Return the prediction; where there can be none it is said why."""
    try:
        return risk.worked_out(view, asked)
    except DataProblem as problem:
        st.error(escaped(f"{problem.message} {problem.hint}"))
        return None


# --- what a manager reads ---------------------------------------------------------------------


def headline(view: View, made: Predicted) -> None:
    """Draw the key figures, and whether they may be believed."""
    _verdict(made)
    cards = _of_bands(made) if made.risk.bands else _of_nights(view, made)
    card_row.draw(cards)
    st.caption(escaped(f"{made.risk.validation} {AID}"))


def _of_nights(view: View, made: Predicted) -> list[tuple[str, str, str]]:
    mine, rule = made.risk.metrics, made.risk.baseline
    error, by_rule = (amount(_score(one, "mae"), 1) for one in (mine, rule))
    beside = f"; {by_rule} days by {made.by_rule}" if made.risk.better else f", by {made.by_rule}"
    hidden = view.sharing.screen and risk_patients.tells_of_few(made)
    return [
        (
            f"Stays over {made.risk.over:g} nights",
            _percent(_score(mine, "rate")),
            f"of the {amount(_score(mine, 'n'))} stays it was tried on",
        ),
        ("Tells long from short", *_pairs(made)),
        ("Typical error of a stay", f"{error} days", f"mean error{beside}"),
        ("In hospital now", *_in_hospital(made, hidden)),
    ]


def _pairs(made: Predicted) -> tuple[str, str]:
    """Return the AUROC as what it counts: pairs of a long and a short stay put in order."""
    mine, rule = (_score(one, "auroc") for one in (made.risk.metrics, made.risk.baseline))
    own = mine if made.risk.better else rule
    if own != own:
        return NONE, "too few stays to say"
    beside = f"{amount(100 * rule)} by {made.by_rule}, " if made.risk.better else ""
    whose = "" if made.risk.better else f" by {made.by_rule}"
    return (
        f"{amount(100 * own)} of 100",
        f"pairs of a long and a short stay put in order{whose}; {beside}50 by tossing a coin "
        f"(AUROC {SCORES['auroc'].written(own)})",
    )


def _in_hospital(made: Predicted, hidden: bool) -> tuple[str, str]:
    """Return how many are in, and how many of them are expected to stay long."""
    current = made.risk.current
    if made.risk.as_of is None:
        return NONE, "not known without dates"
    if hidden:
        return NONE, WHY_HIDDEN
    as_of = f"as of {day(made.risk.as_of)}"
    if current.empty:
        return "0", f"no stay is open, {as_of}"
    already = int(risk_patients.there_already(made).sum())
    long = amount(float(current["risk"].sum()))
    over = f"over {made.risk.over:g} nights"
    said = f"about {long} will stay {over}, {already:,} of them already have; {as_of}"
    return amount(len(current)), said


def _of_bands(made: Predicted) -> list[tuple[str, str, str]]:
    mine, rule = made.risk.metrics, made.risk.baseline
    return [
        (
            "Band predicted right",
            _percent(_score(mine, "accuracy")),
            f"of {amount(_score(mine, 'n'))} stays; {_percent(_score(rule, 'accuracy'))} by the "
            "simple rule",
        ),
        (
            "Right within one band",
            _percent(_score(mine, "within_one")),
            f"{_percent(_score(rule, 'within_one'))} by the simple rule",
        ),
        (
            "Largest band alone",
            _percent(_score(mine, "majority")),
            "right by always saying the band most stays are in",
        ),
    ]


def _score(scores: Mapping[str, float], name: str) -> float:
    return float(scores.get(name, float("nan")))


def _percent(share: float) -> str:
    return NONE if share != share else f"{amount(share * 100, 1)} %"


def _verdict(made: Predicted) -> None:
    """Say loudly what must not be believed, and what is claimed."""
    found = made.risk
    if found.suspicion:
        st.error(escaped(found.suspicion), icon=":material/report:")
    if not found.better:
        st.warning(
            escaped(
                "Nothing is claimed: no model is better than the simple rule beyond chance, so "
                f"what stands below is that rule ({made.by_rule}) and no prediction for single "
                "patients."
            ),
            icon=":material/block:",
        )
    elif not found.suspicion:
        said = f"The prediction is better than the simple rule ({made.by_rule}), beyond chance"
        whole = f"{said}{_in_what(made)} Model in use: {made.in_words}."
        if len(found.better_in) == 1:
            st.info(escaped(whole), icon=":material/rule:")
        else:
            st.success(escaped(whole), icon=":material/check_circle:")


def _in_what(made: Predicted) -> str:
    """Return in what it is better, and in what it is not."""
    better, of_bands = made.risk.better_in, bool(made.risk.bands)
    if not better:
        return "."
    if len(better) > 1:
        return f", in {' and in '.join(better)}."
    if of_bands:
        mine, rule = made.risk.metrics, made.risk.baseline
        right = [_percent(_score(one, "accuracy")) for one in (mine, rule)]
        return (
            f", in {better[0]} alone. The single band it names is right in {right[0]} of stays, "
            f"{right[1]} by the rule and {_percent(_score(mine, 'majority'))} by always naming the "
            "largest: plan by the risk, not by the band."
        )
    other = {
        "the risk of a long stay": "The length in nights is told no better than by that rule.",
        "the length of the stay": "Who stays long is told no better than by that rule.",
    }
    return f", in {better[0]} alone. {other.get(better[0], '')}"


# --- how good ---------------------------------------------------------------------------------


def how_good(view: View, made: Predicted) -> None:
    """Every model beside the simple rule, by every score."""
    scores = recipes.scores_of(made)
    score: str = st.segmented_control(
        "Score", scores, default=scores[0], required=True, key="risk_score",
        bind="query-params", format_func=lambda name: escaped(SCORES[name].title),
    )  # fmt: skip
    show(recipes.models(made, score if score in scores else scores[0]), view)
    st.header("Every score, beside the simple rule", anchor=False)
    _read(risk.scores_table(made), "risk_scores", "stay_risk_scores")
    notes(made)


def _read(frame: pd.DataFrame, key: str, name: str) -> None:
    """Draw a table of sentences, which break where a cell of the other tables is cut off."""
    if len(frame) > _MOST_ROWS:
        downloads.table(frame, name.replace("_", " "), key, name)
        return
    st.table(frame.map(lambda cell: escaped(str(cell))), hide_index=True)
    downloads.buttons(frame, key, name)


def notes(made: Predicted) -> None:
    """Say what a reader has to know."""
    if made.risk.notes:
        st.markdown("\n".join(f"- {escaped(note)}" for note in made.risk.notes))


# --- what was left out ------------------------------------------------------------------------


def left_out(view: View, made: Predicted) -> None:
    """The columns nothing was predicted from, each with its reason; and a run with them."""
    table = risk.left_out_table(made)
    if table.empty:
        st.info("No column was left out: all of them are known at admission.")
    else:
        count = times(len(table), "column is", "columns are")
        st.subheader(f"{count} left out", anchor=False)
        _read(table, "risk_left_out", "stay_risk_left_out")
    with st.expander(f"Predicted from {times(len(made.risk.used), 'column')}"):
        used = risk.used_table(made)
        downloads.table(used, "Columns predicted from", "risk_used", "stay_risk_used")
    _again(view, made)


def _again(view: View, made: Predicted) -> None:
    """A second run that keeps them, to see how they would deceive."""
    offered = risk.can_be_kept(view, made)
    if not offered:
        return
    st.header("What they would seem to give", anchor=False)
    if not st.toggle(
        "Keep the columns left out, in a second run", key="risk_second", bind="query-params",
        help="To see what a model shows that is given what is known only later. Nothing else on "
        "this page changes.",
    ):  # fmt: skip
        return
    chosen = st.multiselect(
        "Columns kept", offered, key=f"risk_kept_{view.key[:12]}", format_func=title_of,
        placeholder="All that can be",
    )  # fmt: skip
    try:
        second = risk.second_run(view, made.asked, tuple(chosen))
    except DataProblem as problem:
        st.error(escaped(f"{problem.message} {problem.hint}"))
        return
    if second is None:
        return
    seems = second.risk.suspicion or "It is told what is known only later."
    st.error(
        escaped(f"Not a prediction. {seems} The figures on the right cannot be had at admission."),
        icon=":material/report:",
    )
    mine, theirs = (risk.scores_table(one) for one in (made, second))
    both = mine[["Score", "Model in use"]].merge(theirs[["Score", "Model in use"]], on="Score")
    both = both.set_axis(["Score", "Known at admission", "With the columns kept"], axis=1)
    downloads.table(both, "Scores with and without the columns left out", "risk_second_run",
                    "stay_risk_second_run", shown=True)  # fmt: skip


# --- from what, and for whom ------------------------------------------------------------------


def drivers(view: View, made: Predicted) -> None:
    """What the prediction rests on, of all stays and of the largest departments."""
    if not made.risk.better or made.risk.importance.empty:
        st.info(
            "No model is in use, so there is nothing it rests on: the simple rule knows the "
            "department at most."
        )
        return
    show(recipes.drivers(made), view)
    of_groups = made.risk.group_importance
    if of_groups.empty:
        return
    names = list(dict.fromkeys(of_groups["group"].astype("str")))
    st.header("Within a department", anchor=False)
    chosen = st.selectbox("Department", names, key="risk_group", width=320)
    show(recipes.drivers(made, chosen), view)


def calibration(view: View, made: Predicted) -> None:
    """Whether a risk can be taken at its word."""
    if made.risk.calibration.empty:
        st.info("There are too few stays to hold the risk against what came.")
        return
    show(recipes.calibration(made), view)


def fairness(view: View, made: Predicted) -> None:
    """Whether it can in every group alike."""
    found = made.risk.fairness
    if found.empty:
        st.info(
            "Groups cannot be compared: the data has no column for age, gender or payer with "
            "enough stays in a group."
        )
        return
    names = list(dict.fromkeys(found["dimension"].astype("str")))
    chosen: str = st.segmented_control(
        "By", names, default=names[0], required=True, key="risk_dimension", format_func=title_of
    )
    show(recipes.groups(made, chosen if chosen in names else names[0]), view)


Part = Callable[[View, Predicted], None]

PARTS: Mapping[str, Part] = {
    "How good": how_good,
    "What was left out": left_out,
    "Drivers": drivers,
    "Calibration": calibration,
    "Fairness": fairness,
    "Patients in hospital": risk_patients.patients,
    "Bed-days ahead": risk_patients.bed_days,
    "Model card": risk_card.card,
}
"""The parts of the page, by what they are called."""
