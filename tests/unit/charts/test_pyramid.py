"""Age and gender: which side, in what order, and who has no side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, Plot, pyramid_figure
from caremap.measures import MEASURES
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS = MEASURES["admissions"]


def people(values: dict[tuple[str, str], float], name: str = "admissions") -> pd.DataFrame:
    return pd.DataFrame(
        [{"age_band": band, "gender": side, name: value} for (band, side), value in values.items()]
    )


FOUR = {("0-4", "Male"): 30.0, ("0-4", "Female"): 20.0, ("90+", "Male"): 0.0, ("90+", "Female"): 50}


def halves(made: Figure) -> list[list[tuple[str, str, float]]]:
    drawn = made.chart.to_dict()
    return [
        [(row["side"], row["band"], row["value"]) for row in rows(drawn, layer)]
        for layer in layers(drawn, "bar")
    ]


def test_women_are_left_men_right_and_the_oldest_on_top() -> None:
    made = pyramid_figure(people(FOUR), measure=ADMISSIONS)
    drawn = keeps_the_rules(made)
    left, right = halves(made)
    assert left == [("Female", "0-4", 20), ("Female", "90+", 50)]
    assert right == [("Male", "0-4", 30), ("Male", "90+", 0)]
    assert [row["band"] for row in rows(drawn, layers(drawn, "text")[0])] == ["90+", "0-4"]
    assert made.title == "Most admissions: Female, 90+, 50 of 100 (50 %)"
    assert made.alt.endswith("Female: 70 in all. Male: 30 in all.")
    expected = pd.DataFrame(
        {"Age": ["0-4", "90+"], "Female, admissions": [20, 50], "Male, admissions": [30, 0]}
    )
    pd.testing.assert_frame_equal(made.table, expected, check_dtype=False)
    assert made.plot == Plot("bars", "Age", ("Female, admissions", "Male, admissions"))


def test_both_sides_have_one_scale() -> None:
    drawn = pyramid_figure(people(FOUR), measure=ADMISSIONS).chart.to_dict()
    scales = [layer["encoding"]["x"]["scale"]["domain"] for layer in layers(drawn, "bar")]
    assert scales == [[0, 50], [0, 50]]


def test_a_third_gender_and_those_not_known_are_said_and_in_the_table() -> None:
    more = {("0-4", "X"): 4.0, ("0-4", "Unknown"): 7.0, ("Unknown", "Male"): 2.0}
    made = pyramid_figure(people(FOUR | more), measure=ADMISSIONS)
    assert made.notes == (
        "Those of gender X (4) have no side; they are in the table.",
        "Those whose gender is not known (7) have no side; they are in the table.",
    )
    assert made.table.columns.tolist()[3:] == ["X, admissions", "Unknown, admissions"]
    assert made.table["Age"].tolist() == ["0-4", "90+", "Unknown"]
    assert made.title.endswith("50 of 113 (44 %)")


def test_of_hidden_figures_no_total_is_made() -> None:
    frame = people(FOUR | {("90+", "Male"): np.nan}).assign(hidden=[False, False, True, False])
    made = pyramid_figure(frame, measure=ADMISSIONS)
    assert made.title == "Most admissions of those shown: Female, 90+, 50"
    assert "hidden" in texts(made.chart.to_dict())
    assert made.notes[0].startswith("Counts of 1 to 10 patients")
    assert made.alt.endswith("1 figure hidden.")
    assert made.table["Hidden figures"].tolist() == ["", "hidden"]


def test_a_mean_goes_from_the_least_to_the_greatest() -> None:
    made = pyramid_figure(people(FOUR, "length_of_stay"), measure=MEASURES["length_of_stay"])
    assert made.title == (
        "Average length of stay by age and gender: 0.0 days (Male, 90+) to 50.0 days (Female, 90+)"
    )


def test_one_gender_alone_is_said() -> None:
    made = pyramid_figure(people({("0-4", "F"): 3.0}), measure=ADMISSIONS)
    keeps_the_rules(made)
    assert made.notes == ("All are of one gender: F.",)


@pytest.mark.parametrize(
    ("frame", "measure", "message"),
    [
        (people(FOUR).head(0), ADMISSIONS, "no rows"),
        (people(FOUR).drop(columns="gender"), ADMISSIONS, "no column 'gender'"),
        (people(FOUR), None, "measure must be named"),
    ],
)
def test_what_cannot_be_drawn_is_refused(frame: Any, measure: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pyramid_figure(frame, measure=measure)


NAMES = st.sampled_from(["F", "male", "Unknown", None, "x" * 200, "<b>$x$</b>", "a\x07b", "0-4"])
NUMBERS = st.one_of(st.none(), st.floats(), st.integers(-50, 500).map(float))


@settings(max_examples=15)
@given(
    st.lists(st.tuples(NAMES, NAMES, NUMBERS, st.booleans()), min_size=1, max_size=15),
    st.sampled_from(["admissions", "length_of_stay", "cost"]),
    st.sampled_from(WIDTHS),
)
def test_any_frame_becomes_a_figure(found: Any, name: str, width: int) -> None:
    frame = pd.DataFrame(found, columns=["age_band", "gender", name, "hidden"])
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(pyramid_figure(frame, measure=MEASURES[name])), width)
    pd.testing.assert_frame_equal(frame, before)
