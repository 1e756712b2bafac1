"""Two groupings crossed: which cells, in what order, with what words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, crossed_figure
from caremap.measures import MEASURES
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS, SATISFACTION = MEASURES["admissions"], MEASURES["satisfaction"]
NAN = np.nan


def cells(values: dict[tuple[str, str], float], name: str = "admissions") -> pd.DataFrame:
    """A breakdown by ward and gender."""
    return pd.DataFrame(
        [{"ward": ward, "gender": gender, name: value} for (ward, gender), value in values.items()]
    )


def figure(frame: pd.DataFrame, measure: Any = ADMISSIONS, **choices: Any) -> Figure:
    return crossed_figure(frame, "ward", "gender", "Ward", "Gender", measure, **choices)


def monthly(values: list[float], **columns: Any) -> pd.DataFrame:
    starts = pd.date_range("2024-01-01", periods=len(values), freq="MS", unit="us")
    return pd.DataFrame({"ward": "A", "gender": starts, "satisfaction": values} | columns)


def by_month(frame: pd.DataFrame, **choices: Any) -> Figure:
    return crossed_figure(
        frame, "ward", "gender", "Ward", "Month", SATISFACTION, every="month", **choices
    )


def drawn_cells(made: Figure) -> dict[tuple[str, str], float]:
    drawn = made.chart.to_dict()
    return {
        (row["name"], row["when"]): row["value"]
        for layer in layers(drawn, "rect")
        if "description" in layer["encoding"]
        for row in rows(drawn, layer)
    }


FOUR = {("A", "F"): 30.0, ("A", "M"): 20.0, ("B", "F"): 50.0, ("B", "M"): 0.0}


def test_every_cell_has_its_figure_and_zero_is_one() -> None:
    made = figure(cells(FOUR))
    keeps_the_rules(made)
    assert drawn_cells(made) == FOUR
    assert made.title == "Most admissions: B and F, 50 of 100 (50 %)"
    assert made.subtitle == "Admissions by ward and gender"
    assert made.notes == ()
    assert {"30", "20", "50", "0"} <= set(texts(made.chart.to_dict()))
    expected = pd.DataFrame(
        {"Ward": list("AABB"), "Gender": list("FMFM"), "Admissions": [30, 20, 50, 0]}
    )
    pd.testing.assert_frame_equal(made.table, expected, check_dtype=False)


def test_a_cell_without_a_row_or_a_figure_is_blank_and_it_is_said() -> None:
    made = figure(cells({("A", "F"): 30.0, ("A", "M"): NAN, ("B", "F"): 5.0}))
    keeps_the_rules(made)
    assert drawn_cells(made) == {("A", "F"): 30.0, ("B", "F"): 5.0}
    assert made.subtitle.endswith("blank: no data")
    assert "2 cells are blank: no row of the data has both, or none gives a figure." in made.notes
    assert made.alt.endswith("No data in 2 cells.")


def test_of_hidden_cells_no_sum_and_no_share_is_made() -> None:
    frame = cells(FOUR | {("B", "M"): NAN}).assign(hidden=[False, False, False, True])
    made = figure(frame)
    keeps_the_rules(made)
    assert made.title == "Most admissions of those shown: B and F, 50"
    assert made.notes[0].startswith("Counts of 1 to 10 patients")
    assert "•• hidden" in made.subtitle
    assert "••" in texts(made.chart.to_dict())
    assert made.table["Hidden figures"].tolist() == ["", "", "", "hidden"]
    assert not any("blank" in note for note in made.notes)


def test_the_rest_is_one_row_where_it_adds_up() -> None:
    frame = cells({(ward, "F"): float(at) for at, ward in enumerate("ABCDE", 1)})
    made = figure(frame, top=2)
    assert drawn_cells(made) == {("E", "F"): 5, ("D", "F"): 4, ("Others (3 groups)", "F"): 6}
    assert len(made.table) == 5
    hidden = frame.assign(admissions=[NAN, 2, 3, 4, 5], hidden=[True, *[False] * 4])
    assert drawn_cells(figure(hidden, top=2)) == {("E", "F"): 5, ("D", "F"): 4}
    mean = figure(frame.rename(columns={"admissions": "satisfaction"}), SATISFACTION, top=2)
    assert drawn_cells(mean) == {("E", "F"): 5, ("D", "F"): 4}
    assert "Ward: 3 other groups cannot be added up and are in the table only." in mean.notes


def test_others_cannot_be_picked_and_all_else_can() -> None:
    frame = cells({(ward, "F"): float(at) for at, ward in enumerate("ABCDE", 1)})
    drawn = figure(frame, top=2).chart.to_dict()
    field = layers(drawn, "rect")[-1]
    assert [(row["pick"], row["pick_then"]) for row in rows(drawn, field)] == [
        ("D", "F"), ("E", "F"),
    ]  # fmt: skip
    assert drawn["params"][0]["select"]["fields"] == ["pick", "pick_then"]


def test_a_mean_of_few_is_in_parentheses_and_not_in_the_title() -> None:
    frame = cells({("A", "F"): 9.0, ("B", "F"): 4.0, ("C", "F"): 5.0}, "satisfaction")
    made = figure(frame.assign(satisfaction_n=[10, 11, 40]), SATISFACTION, scale="0 to 10")
    assert made.title == "Patient satisfaction: 4.00 (B and F) to 5.00 (C and F)"
    assert "(9.00)" in texts(made.chart.to_dict())
    assert made.subtitle.startswith("Patient satisfaction (points, 0 to 10) by ward and gender")


def test_bands_keep_their_order_and_names_go_by_size() -> None:
    bands = cells({("0-4", "F"): 1.0, ("5-9", "F"): 9.0, ("90+", "F"): 5.0, ("Unknown", "F"): 99.0})
    assert [name for name, _ in drawn_order(figure(bands))] == ["0-4", "5-9", "90+", "Unknown"]
    names = cells({("A", "F"): 1.0, ("B", "F"): 9.0, ("Unknown", "F"): 99.0})
    assert [name for name, _ in drawn_order(figure(names))] == ["B", "A", "Unknown"]


def drawn_order(made: Figure) -> list[tuple[str, str]]:
    domain = made.chart.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"]
    return [(line[4:], line[:4]) for line in domain]


def test_the_side_with_more_groups_goes_down() -> None:
    frame = cells({("A", f"G{at}"): float(at) for at in range(30)})
    made = figure(frame)
    assert len(drawn_order(made)) == 16
    assert made.table.columns.tolist()[:2] == ["Ward", "Gender"]


def test_months_are_columns_with_gaps_and_a_part_of_one_is_marked() -> None:
    frame = monthly([4.0, 5.0, 9.0], satisfaction_n=50, complete=[True, True, False])
    made = by_month(frame[frame["satisfaction"] != 5])
    keeps_the_rules(made)
    assert list(drawn_cells(made)) == [("A", "January 2024"), ("A", "March 2024")]
    assert made.title == "Patient satisfaction: 4.00 in A in January 2024"
    assert "* part of the month" in made.subtitle
    assert "9.00*" in texts(made.chart.to_dict())
    assert made.table["Month"].tolist() == ["2024-01", "2024-03"]
    assert made.table["Whole month"].tolist() == ["yes", "no, a part"]


@pytest.mark.parametrize("width", WIDTHS)
def test_eight_thousand_groups_stay_a_chart(width: int) -> None:
    frame = cells({(f"Hospital {at}", sex): 1.0 + at % 9 for at in range(8639) for sex in "FM"})
    made = figure(frame)
    drawn = keeps_the_rules(made)
    compiles(drawn, width)
    assert len(drawn_cells(made)) == 32
    assert len(made.table) == 17278


@pytest.mark.parametrize(
    ("frame", "message"),
    [(cells(FOUR).head(0), "no rows"), (cells(FOUR).drop(columns="gender"), "no column 'gender'")],
)
def test_what_cannot_be_drawn_is_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        figure(frame)


NAMES = st.one_of(
    st.none(), st.text(max_size=20), st.integers(), st.floats(),
    st.sampled_from(["Unknown", "<b>$x$</b>", "x" * 200, "a\x07\nb", "\x00", "外科" * 30]),
)  # fmt: skip
NUMBERS = st.one_of(st.none(), st.floats(), st.integers(-50, 500).map(float))


@settings(max_examples=15)
@given(
    st.lists(st.tuples(NAMES, NAMES, NUMBERS, st.booleans()), min_size=1, max_size=20),
    st.sampled_from(["admissions", "satisfaction", "cost"]),
    st.sampled_from(WIDTHS),
)
def test_any_frame_becomes_a_figure(found: Any, name: str, width: int) -> None:
    frame = pd.DataFrame(found, columns=["ward", "gender", name, "hidden"])
    frame = frame.astype({"ward": "object", "gender": "object"})
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(figure(frame, MEASURES[name], top=4)), width)
    pd.testing.assert_frame_equal(frame, before)
