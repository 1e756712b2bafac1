"""Models compared: in words a manager understands, and never with R² as the headline."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import models_figure
from caremap.measures import MEASURES
from tests.unit.charts.drawn import WIDTHS, keeps_the_rules, layers, rows, texts

BACKTEST = pd.DataFrame(
    {
        "model": ["same day last week", "CareMap mix", "XGBoost"],
        "mase": [1.02, 0.717, 0.74],
        "rmse": [7.4, 5.1, 5.25],
        "mae": [5.8, 4.0, 4.2],
        "r2": [-0.2, 0.21, 0.18],
        "coverage_80": [83.0, 80.1, 81.0],
        "coverage_95": [95.0, 94.8, 95.5],
        "gain": [-0.05, 0.27, 0.25],
        "gain_same_day": [0.0, 0.31, 0.29],
    }
)
LIMIT = {"mase": 0.7, "r2": 0.24}


def test_it_says_where_the_model_lies_between_a_simple_rule_and_the_best_possible() -> None:
    made = models_figure(BACKTEST, limit=LIMIT, chosen="CareMap mix")
    keeps_the_rules(made)
    assert made.title == (
        "CareMap mix: error 0.72, where the same day last week has 1.02 and 0.70 the best possible"
    )
    assert made.notes[0] == (
        "1.0 is how far off the same day last week was, on average, in the days before those "
        "scored; 0.5 would be half as far off."
    )
    assert "R²" not in f"{made.title} {made.subtitle}"
    assert "from the least: CareMap mix 0.72; XGBoost 0.74; same day last week 1.02" in made.alt


def test_of_weeks_the_rule_is_the_week_before() -> None:
    made = models_figure(BACKTEST, limit={}, chosen="XGBoost", every="week")
    assert made.title == "XGBoost: error 0.74, where 1.0 is taking the week before"
    assert any("best possible error is not known" in note for note in made.notes)
    renamed = BACKTEST.replace({"model": {"same day last week": "last week"}})
    made = models_figure(renamed, limit=LIMIT, chosen="XGBoost", every="week")
    assert made.title == (
        "XGBoost: error 0.74, where the last week known has 1.02 and 0.70 the best possible"
    )
    assert "RMSE below that of the week before (%)" in made.table.columns


def test_the_table_has_every_score_and_the_limit() -> None:
    made = models_figure(
        BACKTEST, limit=LIMIT, chosen="CareMap mix", measure=MEASURES["admissions"]
    )
    whole = pd.DataFrame(
        {
            "Model": ["CareMap mix", "XGBoost", "same day last week", "best possible"],
            "MASE": [0.717, 0.74, 1.02, 0.7],
            "RMSE (admissions)": [5.1, 5.25, 7.4, np.nan],
            "MAE (admissions)": [4.0, 4.2, 5.8, np.nan],
            "R²": [0.21, 0.18, -0.2, 0.24],
            "Within the 80 % interval (%)": [80.1, 81.0, 83.0, np.nan],
            "Within the 95 % interval (%)": [94.8, 95.5, 95.0, np.nan],
            "RMSE below the overall average's (%)": [27.0, 25.0, -5.0, np.nan],
            "RMSE below that of the same day last week (%)": [31.0, 29.0, 0.0, np.nan],
            "Part": ["in use", "", "simple rule", "attainable limit"],
        }
    )
    pd.testing.assert_frame_equal(made.table, whole)


def test_parts_are_told_apart_by_how_full_their_bars_are() -> None:
    drawn = models_figure(BACKTEST, limit=LIMIT, chosen="CareMap mix").chart.to_dict()
    found = {
        rows(drawn, layer)[0]["model"]: layer["mark"]["fillOpacity"]
        for layer in layers(drawn, "bar")
    }
    assert found == {"CareMap mix": 1, "XGBoost": 0.34, "same day last week": 0}


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_have_words(width: int) -> None:
    drawn = models_figure(BACKTEST, limit=LIMIT, chosen="CareMap mix").chart.to_dict()
    seen = texts(drawn, width)
    assert "Best anyone can do: 0.70" in seen
    assert "The same day last week, before: 1.0" in seen
    assert "CareMap mix (in use)" in seen


def test_a_model_that_could_not_be_scored_has_no_bar_and_is_counted() -> None:
    frame = BACKTEST[["model", "mase"]].assign(mase=[1.02, 0.717, np.nan])
    made = models_figure(frame, limit={"mase": np.nan}, chosen="XGBoost")
    drawn = keeps_the_rules(made)
    assert made.title == "XGBoost: its error could not be measured"
    assert "1 without a figure could not be measured." in made.notes
    assert len(layers(drawn, "bar")) == 2
    assert list(made.table.columns) == ["Model", "MASE", "Part"]


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="'oracle' is not among"):
        models_figure(BACKTEST, limit=LIMIT, chosen="oracle")
    with pytest.raises(ValueError, match="no column 'mase'"):
        models_figure(BACKTEST.drop(columns="mase"), limit=LIMIT, chosen="XGBoost")
