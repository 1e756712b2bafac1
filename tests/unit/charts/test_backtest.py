"""Forecasts of the past: a tile for each, and how many days lay within the interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import backtest_figure
from caremap.measures import MEASURES
from tests.unit.charts.ahead import errors
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS = MEASURES["admissions"]


def test_it_counts_the_days_within_the_interval_of_the_model_that_has_one() -> None:
    made = backtest_figure(errors(3), ADMISSIONS, every="day")
    keeps_the_rules(made)
    assert made.title == "Of 42 days forecast in the past, 41 (98 %) lay within the 80 % interval"
    assert made.subtitle == (
        "Admissions by day · CareMap mix, forecast 3 times · 2 June to 10 August 2025 · one scale"
    )
    assert "41 of 42 lay within the 95 % interval." in made.notes
    assert "Farthest off: Wed 4 Jun 2025, 32 against 21.0 forecast" in made.alt
    assert made.table["Within 95 %"].value_counts().to_dict() == {"yes": 41, "no": 1}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_tile_says_from_when_to_when(width: int) -> None:
    drawn = backtest_figure(errors(2), ADMISSIONS, every="day").chart.to_dict()
    seen = texts(drawn, width)
    assert {"from 2 Jun 2025", "from 30 Jun 2025"} <= set(seen)
    ends = ("Mon 2 Jun", "Sun 15 Jun") if width > 560 else ("2 Jun", "15 Jun")
    assert set(ends) <= set(seen)


def test_tiles_have_one_scale_and_days_lie_at_their_place() -> None:
    drawn = backtest_figure(errors(3), ADMISSIONS, every="day").chart.to_dict()
    wide, narrow = layers(drawn, "area")
    assert wide["mark"]["fillOpacity"] < narrow["mark"]["fillOpacity"]
    placed = pd.DataFrame(rows(drawn, narrow))
    assert placed.groupby("tile").size().tolist() == [16] * 3  # 14 days and half a day either side
    assert placed.groupby("tile")["u"].agg(["min", "max"]).to_numpy().tolist() == [[0, 1]] * 3
    # between 24 and 16 expected there are as many pixels in every tile
    assert np.ptp(placed.groupby("tile")["v"].agg(np.ptp)) == pytest.approx(0)


def test_a_day_outside_the_wider_interval_is_a_diamond() -> None:
    drawn = backtest_figure(errors(1), ADMISSIONS, every="day").chart.to_dict()
    spoken = [one for one in layers(drawn, "point") if "description" in one["encoding"]]
    [diamond] = [one for one in spoken if one["mark"].get("shape") == "diamond"]
    assert [row["said"] for row in rows(drawn, diamond)] == ["Wed 4 Jun 2025: 32 came, 21 forecast"]


def test_of_many_forecasts_the_last_twelve_are_drawn_and_all_are_counted() -> None:
    made = backtest_figure(errors(14, 7), ADMISSIONS, every="day")
    assert made.title.startswith("Of 98 days")
    assert "Drawn are the last 12 of 14 forecasts; the table has all." in made.notes
    assert len(made.table) == 98


def test_a_day_without_a_figure_is_not_scored_and_breaks_the_line() -> None:
    frame = errors(1)
    frame.loc[5, "actual"] = np.nan
    made = backtest_figure(frame, ADMISSIONS, every="day")
    drawn = keeps_the_rules(made)
    assert made.title == "Of 13 days forecast in the past, 12 (92 %) lay within the 80 % interval"
    assert "1 day without a figure could not be scored." in made.notes
    line = layers(drawn, "line")[-1]
    assert {row["run"] for row in rows(drawn, line)} == {0, 1}


def test_where_forecasts_overlap_a_day_is_not_counted_as_several_days() -> None:
    frame = errors(2)
    frame["date"] -= pd.to_timedelta(np.where(frame["origin"].gt("2025-06-15"), 21, 0), unit="D")
    made = backtest_figure(frame, ADMISSIONS, every="day")
    assert made.title == ("Of 28 forecasts of a day, 27 (96 %) were right within the 80 % interval")


def test_without_intervals_it_says_how_far_off() -> None:
    made = backtest_figure(errors(2), ADMISSIONS, every="day", chosen="XGBoost", levels=())
    compiles(keeps_the_rules(made))
    assert made.title == "Forecasts of the past were off by 0.0 admissions a day on average"
    assert "XGBoost" in made.subtitle


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no row"):
        backtest_figure(errors(1), ADMISSIONS, every="day", chosen="oracle")
    with pytest.raises(ValueError, match="no column 'actual'"):
        backtest_figure(errors(1).drop(columns="actual"), ADMISSIONS, every="day")
