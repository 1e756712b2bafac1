"""Characteristics against needs: words for strength, and none where chance may be all."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import relations_figure
from caremap.hidden import WHY_HIDDEN
from tests.unit.charts.drawn import WIDTHS, compiles, leaves, rows, texts

NAN = float("nan")
COLUMNS = ["characteristic", "need", "kind", "effect", "low_95", "high_95", "n", "highest",
           "lowest", "p", "note"]  # fmt: skip
AGE = ("age", "length_of_stay", "rank correlation", 0.34, 0.31, 0.37, 4000, "", "", 1e-9, "")
FALLS = ("age", "cost", "rank correlation", -0.12, -0.15, -0.09, 4000, "", "", 1e-9, "")
PAYER = ("insurance", "length_of_stay", "rank eta", 0.55, 0.5, 0.6, 3900, "Self-pay", "Private",
         1e-9, "Groups under 30 are left out.")  # fmt: skip
UNCLEAR = ("insurance", "cost", "rank eta", 0.6, 0.0, 0.9, 31, "A", "B", 0.2, "")


def frame_of(*pairs: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(pairs), columns=COLUMNS)


SOME = frame_of(AGE, FALLS, PAYER, UNCLEAR)


@pytest.mark.parametrize(
    ("pairs", "title"),
    [
        (
            [AGE, FALLS, PAYER, UNCLEAR],
            "Strongest relation: length of stay goes with insurance, highest in Self-pay "
            "(strong, rank eta 0.55)",
        ),
        ([FALLS], "Strongest relation: cost falls with age (weak, rank correlation −0.12)"),
        (
            [(*AGE[:3], 0.04, 0.02, 0.06, *AGE[6:])],
            "No relation is more than negligible; the strongest: length of stay rises with age "
            "(rank correlation +0.04)",
        ),
        (
            [UNCLEAR],
            "No clear relation between patients and what they needed, in the one pair compared",
        ),
        (
            [(*AGE[:9], 0.02, ""), UNCLEAR],  # one in fifty, of two pairs
            "No clear relation between patients and what they needed, in the 2 pairs compared",
        ),
        (
            [(*AGE[:3], NAN, NAN, NAN, 0, "", "", NAN, "")],
            "No relation between patients and what they needed can be shown",
        ),
    ],
)
def test_the_title_names_the_strongest_relation_that_is_clear(pairs: Any, title: str) -> None:
    assert relations_figure(frame_of(*pairs)).title == title


@pytest.mark.parametrize("width", WIDTHS)
def test_a_cell_has_strength_direction_effect_interval_and_n_in_words(width: int) -> None:
    seen = texts(relations_figure(SOME).chart.to_dict(), width)
    for words in (
        "moderate", "▲ +0.34", "0.31 to 0.37", "n 4,000",
        "weak", "▼ −0.12", "−0.15 to −0.09",
        "strong", "0.55", "0.50 to 0.60", "n 3,900",
        "no clear", "relation", "0.00 to 0.90", "n 31",
        "Age", "Insurance", "Cost",
    ):  # fmt: skip
        assert words in seen
    assert ("highest: Self-pay" in seen) == (width > 900)


def test_only_what_is_clear_and_more_than_negligible_has_a_colour() -> None:
    drawn = relations_figure(SOME).chart.to_dict()
    coloured = [
        row["pair"]
        for layer in leaves(drawn)
        if "color" in layer["encoding"]
        for row in rows(drawn, layer)
    ]
    assert coloured == ["Age and length of stay", "Age and cost", "Insurance and length of stay"]


def test_words_table_and_notes() -> None:
    made = relations_figure(SOME, period="2024")
    assert made.subtitle == "Characteristics of patients against what they needed · 2024 · 4 pairs"
    assert made.notes[0] == "Not adjusted for anything; association is not cause."
    assert "Groups under 30 are left out." in made.notes
    assert (
        "Insurance and cost: no clear relation (rank eta 0.60, 95 % interval 0.00 to 0.90, n 31)"
    ) in made.alt
    assert made.table["Relation"].tolist() == ["moderate", "weak", "strong", "no clear relation"]
    assert made.table["Effect"].tolist() == [0.34, -0.12, 0.55, 0.6]
    for layer in leaves(made.chart.to_dict()):
        spoken = "description" in layer["encoding"] and "tooltip" in layer["encoding"]
        assert spoken or layer["mark"].get("aria") is False


def test_no_figure_and_hidden_are_two_things() -> None:
    frame = SOME.assign(hidden=[False, True, False, False])
    frame.loc[[0, 1], ["effect", "low_95", "high_95", "n", "p"]] = NAN
    made = relations_figure(frame)
    seen = texts(made.chart.to_dict())
    assert {"×", "hidden"} <= set(seen)
    assert WHY_HIDDEN in made.notes
    assert "× marks a pair without a figure (1 of 4)." in made.notes
    assert made.title.startswith("Strongest relation shown: ")
    assert made.table["Hidden"].tolist() == ["", "yes", "", ""]


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no rows"):
        relations_figure(SOME.head(0))
    with pytest.raises(ValueError, match="no column 'effect'"):
        relations_figure(SOME.drop(columns="effect"))


@settings(max_examples=8)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["age", "gender", "<b>x</b>"]), st.text(max_size=30),
            st.sampled_from(["rank eta", "rank correlation"]), *[st.floats(-1, 1)] * 3,
            st.floats(), st.text(max_size=40), st.text(max_size=40), st.floats(0, 1), st.text(),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_any_frame_becomes_a_figure(found: Any) -> None:
    frame = frame_of(*found)
    before = frame.copy(deep=True)
    compiles(relations_figure(frame).chart.to_dict())
    pd.testing.assert_frame_equal(frame, before)
