"""Groups over time: strips with one scale, what is left out, what is hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, Plot, group_trend_figure
from caremap.measures import MEASURES
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, leaves, rows, texts

ADMISSIONS, STAY = MEASURES["admissions"], MEASURES["length_of_stay"]


def over_time(values: dict[str, list[Any]], name: str = "admissions", **more: Any) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "ward": ward,
                "period": pd.date_range("2024-01-01", periods=len(series), freq="MS", unit="us"),
                name: pd.Series(series, dtype="float64"),
                "complete": True,
            }
        )
        for ward, series in values.items()
    ]
    return pd.concat(parts, ignore_index=True).assign(**more)


def figure(frame: pd.DataFrame, measure: Any = ADMISSIONS, **choices: Any) -> Figure:
    return group_trend_figure(frame, "ward", "Ward", measure, every="month", **choices)


def drawn_columns(made: Figure) -> dict[str, list[float]]:
    drawn = made.chart.to_dict()
    found: dict[str, list[float]] = {}
    for layer in leaves(drawn):
        if layer["mark"]["type"] == "rect":
            for row in rows(drawn, layer):
                found.setdefault(row["name"], []).append(row["value"])
    return found


def test_strips_have_the_greatest_group_on_top_and_one_scale() -> None:
    made = figure(over_time({"A": [10, 20], "B": [40, 60], "Unknown": [5, 90]}))
    drawn = keeps_the_rules(made)
    assert drawn_columns(made) == {"B": [40, 60], "A": [10, 20], "Unknown": [5, 90]}
    assert made.title == "Most admissions in February 2024: B, 60 of 170 (35 %)"
    assert made.subtitle == (
        "Admissions by ward and month · January to February 2024 · one scale for all"
    )
    assert texts(drawn).count("90") == 3
    expected = pd.DataFrame(
        {
            "Month": ["2024-01", "2024-02"],
            "B": [40, 60],
            "A": [10, 20],
            "Unknown": [5, 90],
            "Whole month": "yes",
        }
    )
    pd.testing.assert_frame_equal(made.table, expected, check_dtype=False)
    assert made.plot == Plot("line", "Month", ("B", "A", "Unknown"))


def test_the_others_are_added_up_unless_one_of_them_is_hidden() -> None:
    frame = over_time({"A": [50, 50], "B": [40, 40], "C": [9, 9], "D": [8, np.nan]})
    hidden = frame.assign(hidden=frame["admissions"].isna())
    made = figure(hidden, top=2)
    keeps_the_rules(made)
    assert drawn_columns(made)["Others (2 groups)"] == [17]
    assert made.title == "Most admissions in February 2024 of those shown: A, 50"
    assert "••" in texts(made.chart.to_dict())
    assert made.table["Others (2 groups)"].isna().tolist() == [False, True]
    assert made.table["Hidden figures"].tolist() == ["", "hidden"]
    assert made.notes[:2] == (
        "Counts of 1 to 10 patients, and figures that would give them away, are hidden.",
        "Others are 2 groups added up, hidden where one of them is.",
    )


def test_others_that_would_dwarf_every_group_are_in_the_table_only() -> None:
    made = figure(over_time({f"G{at:03}": [1, 1] for at in range(300)}))
    assert set(drawn_columns(made)) == {f"G{at:03}" for at in range(8)}
    assert made.table["Others (292 groups)"].tolist() == [292, 292]
    assert "They are in the table only, as they would dwarf every group." in made.notes


def test_ratios_are_lines_and_not_added_up() -> None:
    frame = over_time({"A": [2, 3], "B": [8, 7], "C": [5, 5], "D": [4, 4]}, "length_of_stay")
    made = figure(frame, STAY, top=2)
    drawn = keeps_the_rules(made)
    assert made.title == ("Average length of stay in February 2024: 3.0 days (A) to 7.0 days (B)")
    assert any(layer["mark"]["type"] == "line" for layer in leaves(drawn))
    assert made.table.columns.tolist() == ["Month", "B", "C", "Whole month"]
    assert made.notes == ("Ward: 2 other groups cannot be added up and are not drawn.",)


def test_a_period_that_is_not_whole_is_hollow_and_not_in_the_title() -> None:
    frame = over_time({"A": [10, 20, 3]})
    frame["complete"] = [True, True, False]
    made = figure(frame)
    assert made.title == "Most admissions in February 2024: A, 20 of 20 (100 %)"
    assert "Hollow and dashed is a month that is not whole." in made.notes
    assert made.table["Whole month"].tolist() == ["yes", "yes", "no, a part"]
    dashed = [layer for layer in leaves(made.chart.to_dict()) if "strokeDash" in layer["mark"]]
    assert [row["value"] for row in rows(made.chart.to_dict(), dashed[0])] == [3]


def test_a_missing_period_is_a_cross_and_zero_is_none() -> None:
    made = figure(over_time({"A": [10, 0, 5], "B": [1, np.nan, 2]}))
    seen = texts(made.chart.to_dict())
    assert seen.count("×") == 1
    assert made.subtitle.endswith("× no figure")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (over_time({"A": [1]}).head(0), "no rows"),
        (over_time({"A": [1]}).drop(columns="complete"), "no column 'complete'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        figure(frame)


NAMES = st.sampled_from(["A", "Unknown", None, "x" * 200, "<b>$x$</b>", "a\x07\nb", "Month", "4.0"])
NUMBERS = st.one_of(st.none(), st.floats(), st.integers(-50, 500).map(float))


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(NAMES, st.integers(0, 30), NUMBERS, st.booleans(), st.booleans()),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from(["admissions", "length_of_stay", "cost"]),
    st.sampled_from(WIDTHS),
)
def test_any_frame_becomes_a_figure(found: Any, name: str, width: int) -> None:
    frame = pd.DataFrame(found, columns=["ward", "month", name, "complete", "hidden"])
    frame["period"] = [pd.Timestamp(2022, 1, 1) + pd.DateOffset(months=at) for at in frame["month"]]
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(figure(frame, MEASURES[name], top=2)), width)
    pd.testing.assert_frame_equal(frame, before)
