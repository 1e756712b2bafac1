"""The figures of the Stay-risk page: calibration, models, drivers, groups, bed-days ahead."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from caremap.charts import (
    Figure,
    bed_days_figure,
    calibration_figure,
    importance_figure,
    risk_groups_figure,
    risk_models_figure,
)
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

LONG = "a stay over 7 nights"
RULE = "department median and rate"

TENTHS = pd.DataFrame(
    {
        "predicted": [0.02, 0.10, 0.40],
        "observed": [0.03, 0.11, 0.30],
        "low": [0.02, 0.09, 0.25],
        "high": [0.04, 0.13, 0.35],
        "n": [900, 900, 900],
    }
)
MODELS = pd.DataFrame(
    {
        "model": ["linear", "XGBoost", RULE],
        "auroc": [0.69, 0.71, 0.58],
        "mae": [2.5, 2.3, 2.9],
        "r2": [0.15, 0.2, 0.05],
    }
)
DRIVERS = pd.DataFrame(
    {
        "column": ["Payer", "Age", "Ward"],
        "drop": [0.001, 0.05, np.nan],
        "low": [-0.002, 0.045, np.nan],
        "high": [0.004, 0.056, np.nan],
    }
)
GROUPS = pd.DataFrame(
    {
        "group": ["0-17", "18-64", "80+"],
        "n": [40, 900, 400],
        "mae": [1.0, 2.0, 3.1],
        "rate": [0.05, 0.10, 0.30],
        "mean_risk": [0.25, 0.101, 0.22],
        "calibration_gap": [0.20, 0.001, -0.08],
        "low": [0.1, -0.02, -0.12],
        "high": [0.3, 0.02, -0.04],
        "auroc": [np.nan, 0.70, 0.66],
    }
)
AHEAD = pd.DataFrame(
    {
        "date": pd.date_range("2026-05-01", periods=3),
        "patients": [80.0, 60.0, 45.5],
        "low_80": [75.0, 52.0, 38.0],
        "high_80": [84.0, 68.0, 53.0],
    }
)


def models(**given: str) -> Figure:
    return risk_models_figure(MODELS, **({"chosen": "XGBoost", "baseline": RULE} | given))


EVERY: dict[str, Callable[[], Figure]] = {
    "calibration": lambda: calibration_figure(TENTHS, long=LONG, error=0.04),
    "models": models,
    "drivers": lambda: importance_figure(DRIVERS),
    "groups": lambda: risk_groups_figure(GROUPS, "Age band", long=LONG),
    "bed-days": lambda: bed_days_figure(AHEAD),
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EVERY)
def test_every_figure_keeps_the_rules_and_becomes_a_picture(name: str, width: int) -> None:
    compiles(keeps_the_rules(EVERY[name]()), width)


@pytest.mark.parametrize(
    ("made", "title"),
    [
        (
            EVERY["calibration"],
            "Predicted risk is off by 4.0 points on average; 1 of 3 parts lies outside its 95 % "
            "interval",
        ),
        (
            lambda: calibration_figure(TENTHS.head(2), long=LONG),
            "Predicted risk beside what came true; all 2 parts lie within their 95 % intervals",
        ),
        (models, "XGBoost: AUROC 0.710, where the simple rule alone has 0.580"),
        (
            lambda: models(score="mae"),
            "XGBoost: Mean error (days) 2.30, where the simple rule alone has 2.90",
        ),
        (lambda: models(chosen=RULE), "The simple rule is in use: AUROC 0.580"),
        (
            EVERY["drivers"],
            "Age tells most: shuffled, it costs 0.050 of AUROC; 1 of 2 columns has no clear part "
            "in it",
        ),
        (
            lambda: importance_figure(DRIVERS.head(1), group="ICU"),
            "In ICU: no column has a clear part in the prediction",
        ),
        (EVERY["groups"], "Risk is too low in 80+ (by 8.0 points), beyond chance"),
        (
            lambda: risk_groups_figure(GROUPS.iloc[[1]], "Age band", long=LONG),
            "By age band: no group's risk is off beyond what chance explains alone",
        ),
        (
            lambda: risk_groups_figure(GROUPS.head(1), "Age band", long=LONG),
            "No age band has enough stays to judge its risk",
        ),
        (
            EVERY["bed-days"],
            "Today's patients take about 186 bed-days in the next 3 days; about 46 still in on "
            "Sun 3 May",
        ),
    ],
)
def test_titles(made: Callable[[], Figure], title: str) -> None:
    assert made().title == title


def test_models_stand_from_the_best_to_the_worst_whichever_way_is_better() -> None:
    assert models().table["Model"].tolist() == ["XGBoost", "linear", RULE]
    by_error = models(score="mae")
    assert by_error.table["Model"].tolist() == ["XGBoost", "linear", RULE]
    assert by_error.table["Part"].tolist() == ["in use", "", "simple rule"]
    assert by_error.table["Mean error (days)"].tolist() == [2.3, 2.5, 2.9]
    assert "less is better" in by_error.subtitle


def test_small_differences_do_not_look_large() -> None:
    close = MODELS.assign(auroc=[0.492, 0.505, 0.488])
    made = risk_models_figure(close, chosen=RULE, baseline=RULE).chart.to_dict()
    [layer] = [one for one in layers(made, "point") if "x" in one["encoding"]][:1]
    low, high = layer["encoding"]["x"]["scale"]["domain"]
    assert high - low > 0.5


def test_a_small_group_is_hollow_and_never_named_however_far_off() -> None:
    made = EVERY["groups"]()
    assert "0-17" not in made.title
    hollow, full = (
        [row["name"] for row in rows(made.chart.to_dict(), layer)]
        for layer in sorted(
            layers(made.chart.to_dict(), "point"), key=lambda one: "fill" not in one["mark"]
        )
    )
    assert (hollow, full) == (["0-17"], ["18-64", "80+"])
    assert made.table["Judged"].tolist() == ["", "yes", "yes"]


def test_more_groups_take_more_to_be_named() -> None:
    edge = GROUPS.iloc[[1]].assign(calibration_gap=0.021, low=0.001, high=0.041)
    alone = risk_groups_figure(edge, "Payer", long=LONG)
    among = risk_groups_figure(pd.concat([edge] * 8), "Payer", long=LONG)
    assert "too high in 18-64" in alone.title
    assert "no group's risk is off beyond what chance explains among 8" in among.title


def test_what_is_hidden_is_said_and_not_drawn() -> None:
    veiled = GROUPS.assign(
        hidden=[True, False, False], calibration_gap=[np.nan, 0.001, -0.08], n=[np.nan, 900, 400]
    )
    made = risk_groups_figure(veiled, "Age band", long=LONG)
    assert "hidden" in texts(keeps_the_rules(made))
    assert made.table["Hidden"].tolist() == ["yes", "", ""]
    assert any("hidden" in note for note in made.notes)
    few = AHEAD.assign(patients=np.nan, low_80=np.nan, high_80=np.nan, hidden=True)
    assert bed_days_figure(few).title == "Bed-days today's patients will take: few patients: hidden"
    keeps_the_rules(bed_days_figure(few))


def test_bed_days_are_the_sum_of_midnights_and_the_table_has_each() -> None:
    made = EVERY["bed-days"]()
    assert made.table["Expected"].tolist() == [80.0, 60.0, 45.5]
    assert made.table["80 % interval: to"].tolist() == [84.0, 68.0, 53.0]


@pytest.mark.parametrize(
    ("made", "lacking"),
    [
        (lambda: calibration_figure(TENTHS.drop(columns="low"), long=LONG), "low"),
        (lambda: models(score="auprc"), "auprc"),
        (lambda: importance_figure(DRIVERS.drop(columns="drop")), "drop"),
        (
            lambda: risk_groups_figure(GROUPS.drop(columns="n"), "Payer", long=LONG),
            "n",
        ),
        (lambda: bed_days_figure(AHEAD.drop(columns="patients")), "patients"),
    ],
)
def test_a_frame_without_a_column_is_refused(made: Callable[[], Figure], lacking: str) -> None:
    with pytest.raises(ValueError, match=f"no column '{lacking}'"):
        made()


def test_a_model_in_use_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="not among"):
        models(chosen="oracle")
