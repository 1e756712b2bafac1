"""Several scenarios, day by day and against the baseline."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import GAPS, Plot, scenario_gap_figure, scenarios_figure
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

DAYS = pd.date_range("2026-05-04", periods=5)


def daily(**medians: list[float]) -> pd.DataFrame:
    """Scenarios by name, each with its medians; 190 beds."""
    parts = [
        pd.DataFrame(
            {"scenario": name.replace("_", " "), "date": DAYS[: len(values)],
             "median": np.array(values), "low_10": np.array(values) - 10,
             "high_90": np.array(values) + 12, "beds": 190.0, "own": "x"}
        )
        for name, values in medians.items()
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


USUAL = [160.0, 162, 161, 158, 150]
SURGE = [165.0, 180, 195, 201, 190]


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (
            daily(Baseline=USUAL, Winter=SURGE),
            "Winter peaks at 201 patients on Thu 7 May, 11 beyond the beds; 162 without changes",
        ),
        (
            daily(Winter=SURGE, Baseline=USUAL, Spring=USUAL),
            "Winter peaks at 201 patients on Thu 7 May, 11 beyond the beds; 162 without changes",
        ),
        (
            daily(Baseline=USUAL, Same=USUAL),
            "Same peaks at 162 patients on Tue 5 May, within the 190 beds; as many without changes",
        ),
        (
            daily(Baseline=[181.0, 180.0]),
            "Baseline peaks at 181 patients on Mon 4 May, within the 190 beds but not in every "
            "future",
        ),
        (
            daily(Baseline=USUAL).assign(beds=np.nan),
            "Baseline peaks at 162 patients on Tue 5 May",
        ),
        (
            daily(Baseline=USUAL).assign(median=np.nan, low_10=np.nan, high_90=np.nan),
            "No patients could be computed in any scenario",
        ),
    ],
)
def test_titles_name_the_highest_peak(frame: pd.DataFrame, title: str) -> None:
    made = scenarios_figure(frame)
    assert made.title == title
    compiles(keeps_the_rules(made))


@pytest.mark.parametrize("width", WIDTHS)
def test_each_scenario_has_a_strip_with_the_baseline_and_the_beds(width: int) -> None:
    made = scenarios_figure(daily(Winter=SURGE, Baseline=USUAL))
    drawn = keeps_the_rules(made)
    seen = texts(drawn, width)
    assert {"Baseline", "Winter", "peak 162", "peak 201"} <= set(seen)
    [points] = [one for one in layers(drawn, "point") if "description" in one["encoding"]]
    assert [row["strip"] for row in rows(drawn, points)] == [0] * 5 + [1] * 5
    assert {row["usual"] for row in rows(drawn, points) if row["strip"]} == set(USUAL)
    assert rows(drawn, points)[5]["said"] == (
        "Winter, Mon 4 May 2026: 165 patients, 80 % 155 to 177, 190 beds"
    )


def test_the_table_has_a_row_per_day_and_the_scenarios_side_by_side() -> None:
    made = scenarios_figure(daily(Baseline=USUAL, Winter=SURGE))
    assert made.table["Day"].tolist() == [f"2026-05-0{day}" for day in range(4, 9)]
    assert made.table["Winter: median"].tolist() == SURGE
    assert made.plot == Plot("line", "Day", ("Baseline: median", "Winter: median"))
    assert "Winter: at most 201 on Thu 7 May, 80 % of futures 191 to 213" in made.alt


def test_rows_in_any_order_and_of_any_index_draw_the_same() -> None:
    frame = daily(Baseline=USUAL, Winter=SURGE)
    kept = frame.copy()
    mixed = frame.iloc[::-1].set_axis(list("abcdefghij")).astype({"median": "object"})
    assert scenarios_figure(mixed).table.equals(scenarios_figure(frame).table)
    pd.testing.assert_frame_equal(frame, kept)


def gaps(**values: tuple[float, float, float]) -> pd.DataFrame:
    made = pd.DataFrame(values, index=["cost", "cost_low", "cost_high"]).T
    return made.rename_axis("scenario").rename(index=lambda name: name.replace("_", " "))


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (
            gaps(Winter=(3.24e6, 2.75e6, 3.72e6), Closure=(0.0, 0.0, 0.0)),
            "Winter: 3.24m more cost than without changes, 80 % between 2.75m and 3.72m",
        ),
        (
            gaps(Short=(-500.0, -900.0, -100.0), Long=(100.0, 0.0, 200.0)),
            "Short: 500 less cost than without changes, 80 % between 100 and 900",
        ),
        (gaps(A=(0.0, 0.0, 0.0)), "Cost: the same in the scenario as without changes"),
        (
            gaps(A=(0.0, 0.0, 0.0), B=(0.0, 0.0, 0.0)),
            "Cost: the same in all 2 scenarios as without changes",
        ),
        (gaps(A=(np.nan, np.nan, np.nan)), "Cost: no difference could be computed"),
        (gaps(A=(50.0, np.nan, np.nan)), "A: 50 more cost than without changes"),
    ],
)
def test_titles_name_the_greatest_difference(frame: pd.DataFrame, title: str) -> None:
    made = scenario_gap_figure(frame, "cost")
    assert made.title == title
    drawn = keeps_the_rules(made)
    for width in WIDTHS:
        compiles(drawn, width)


def test_an_interval_over_zero_is_told_with_its_signs() -> None:
    made = scenario_gap_figure(gaps(A=(50.0, -20.0, 120.0)).reset_index(), "cost")
    assert "A: +50 of cost, 80 % of futures −20 to +120" in made.alt
    assert made.title.endswith("80 % between −20 and 120")
    assert made.table.iloc[0].tolist() == ["A", 50, -20, 120]


def test_every_figure_that_can_be_drawn_is_drawn() -> None:
    for name in GAPS:
        frame = pd.DataFrame(
            {"scenario": ["A"], name: 3.0, f"{name}_low": 1.0, f"{name}_high": 5.0}
        )
        keeps_the_rules(scenario_gap_figure(frame, name))


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no column 'beds'"):
        scenarios_figure(daily(Baseline=USUAL).drop(columns="beds"))
    with pytest.raises(ValueError, match="several rows"):
        scenarios_figure(pd.concat([daily(Baseline=USUAL)] * 2))
    with pytest.raises(ValueError, match="has no rows"):
        scenarios_figure(daily(Baseline=USUAL).head(0))
    with pytest.raises(ValueError, match="figure is one of"):
        scenario_gap_figure(gaps(A=(1, 1, 1)), "beds")
    with pytest.raises(ValueError, match="no column 'margin'"):
        scenario_gap_figure(gaps(A=(1, 1, 1)), "margin")
