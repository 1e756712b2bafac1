"""The model card, and the prediction to take along: what a reader must know before using it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pandas as pd
import streamlit as st

from caremap.exports import Page, Report, report_html
from caremap.ui import downloads, risk, risk_patients
from caremap.ui import risk_recipes as recipes
from caremap.ui.recipes import Recipe, shared
from caremap.ui.report import Told, cover_of, files, findings_of, pages_of
from caremap.ui.risk import AID, Predicted
from caremap.ui.sidebar import View
from caremap.ui.text import escaped, title_of

__all__ = ["card", "markdown_of", "offer"]

_TITLE = "CareMap stay risk: model card"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!])")
_PLACES = ("department", "facility")


def card(view: View, made: Predicted) -> None:
    """Draw the model card and its downloads."""
    del view
    said = made.risk.card
    if not said:
        st.info("There is no model card: no model is in use.")
        return
    kinds = [
        ("Markdown", "md", "text/markdown", partial(markdown_of, made)),
        ("HTML", "html", "text/html", partial(_html_of, made)),
    ]
    downloads.offer(kinds, "risk_card", "stay_risk_model_card", "the model card")
    for heading, text in said.items():
        st.subheader(escaped(heading), anchor=False)
        for line in _lines(text):
            st.text(line)
    st.caption(AID)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def markdown_of(made: Predicted) -> bytes:
    """Return the model card as Markdown; text of a file in it is text and nothing else."""
    parts = [f"# {_TITLE}", AID]
    for heading, text in made.risk.card.items():
        parts += [f"## {_plain(heading)}", *map(_plain, _lines(text))]
    return ("\n\n".join(parts) + "\n").encode()


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _html_of(made: Predicted) -> bytes:
    return report_html(
        Report(
            title=_TITLE, cover=_card_rows(made), pages=[_scores(made), _left_out(made)],
            definitions=pd.DataFrame(), notes=made.risk.notes, findings=pd.DataFrame(),
        )
    )  # fmt: skip


def _card_rows(made: Predicted) -> list[tuple[str, object]]:
    said: list[tuple[str, object]] = [
        (heading, _lines(text)) for heading, text in made.risk.card.items()
    ]
    return [*said, ("What it is not", AID)]


# --- to take along ----------------------------------------------------------------------------


def offer(view: View, made: Predicted) -> None:
    """Draw the button that makes the files, and the files once they are made."""
    st.header("Take it along", anchor=False)
    st.caption(
        "How good the prediction is, from what it was made, for whom, the patients in hospital by "
        "place and the model card: an Excel workbook and a page to print or to save as PDF. "
        f"{view.sharing.words}"
    )
    key = f"{view.key} {view.sharing} {made.asked.settings}"
    files("Make the workbook", "stay_risk", key, view, lambda told: _report(view, made, told))


def _report(view: View, made: Predicted, told: Told) -> Report:
    pages, left_out = pages_of(list(_wanted(made)), view, shared(view), told)
    better = (
        ", in ".join(["yes", *made.risk.better_in])
        if made.risk.better
        else ("no: nothing is claimed")
    )
    cover = [
        *cover_of(view),
        *made.asked.in_words,
        ("Model in use", made.in_words),
        ("Better than the simple rule beyond chance", better),
        *([("Too good to be true", made.risk.suspicion)] if made.risk.suspicion else []),
        ("How it was tried", made.risk.validation),
        ("What it is", AID),
    ]
    tables = [_scores(made), _left_out(made), *_in_hospital(view, made), _card(made)]
    return Report(
        title="CareMap stay risk", cover=cover, definitions=pd.DataFrame(),
        pages=[page for page in [*tables, *pages] if not page.table.empty],
        notes=[*made.risk.notes, *left_out], findings=findings_of(view),
    )  # fmt: skip


def _scores(made: Predicted) -> Page:
    return Page("Scores", "How good it is, beside the simple rule", made.tried,
                risk.scores_table(made))  # fmt: skip


def _left_out(made: Predicted) -> Page:
    return Page("Left out", "What it was not predicted from, and why",
                "Known only later, made from the stay, or telling who a patient is",
                risk.left_out_table(made))  # fmt: skip


def _card(made: Predicted) -> Page:
    rows = [(heading, line) for heading, text in made.risk.card.items() for line in _lines(text)]
    table = pd.DataFrame(rows, columns=["Heading", "What is said"])
    return Page("Model card", "Model card", AID, table)


def _in_hospital(view: View, made: Predicted) -> Iterator[Page]:
    """Patients by place: single patients are in no report."""
    current = made.risk.current
    for by in _PLACES:
        if by in current.columns and len(current):
            found = risk_patients.by_place(made, by, hide=view.sharing.hide)
            name = f"In hospital by {title_of(by).lower()}"
            title = f"Patients in hospital by {title_of(by).lower()}"
            yield Page(name, title, f"Risk of {made.long}",
                       risk_patients.with_headings(found, made))  # fmt: skip


def _wanted(made: Predicted) -> Iterator[Recipe]:
    if scores := recipes.scores_of(made):
        yield recipes.models(made, scores[0])
    if not made.risk.calibration.empty:
        yield recipes.calibration(made)
    if made.risk.better and not made.risk.importance.empty:
        yield recipes.drivers(made)
    if not made.risk.fairness.empty:
        for name in dict.fromkeys(made.risk.fairness["dimension"].astype("str")):
            yield recipes.groups(made, name)
    if not made.risk.bed_days.empty and made.risk.as_of is not None:
        yield recipes.bed_days(made)
