"""What a forecast is made of: only what differs is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap.charts import components_figure
from caremap.measures import MEASURES
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS = MEASURES["admissions"]


def components(**more: Any) -> pd.DataFrame:
    dates = pd.date_range("2025-04-28", "2026-05-10")
    flat = {"level": 20.0, "weekday": 1.0, "season": 1.0, "holiday": 1.0}
    return pd.DataFrame({"date": dates, **flat, **more})


DATES = components()["date"]
WEEKDAY = np.array([1.2, 1.05, 1, 1, 1, 0.9, 0.85])[DATES.dt.day_of_week]
SEASON = np.where(DATES.dt.month.eq(1), 1.1, np.where(DATES.dt.month.eq(7), 0.9, 1.0))
HOLIDAY = np.where(DATES.isin(pd.to_datetime(["2025-12-25", "2026-01-01"])), 0.75, 1.0)


def test_highest_and_lowest_are_named_and_each_has_a_tile() -> None:
    frame = components(weekday=WEEKDAY, season=SEASON, holiday=HOLIDAY)
    made = components_figure(frame, ADMISSIONS, every="day", start=pd.Timestamp("2026-04-27"))
    drawn = keeps_the_rules(made)
    assert made.title == (
        "Admissions: level 20.0 a day; Monday +20 %, Sunday -15 %; January +10 %, July -10 %; "
        "holidays -25 % on average"
    )
    moved = made.table.set_index("Component")["More or less than the level (%)"]
    assert moved["Tuesday"] == 5
    assert moved["Thu 25 Dec 2025"] == -25
    for width in WIDTHS:
        tiles = {"Level, admissions a day", "Weekday, %", "Season, %", "Holidays, %"}
        assert tiles <= set(texts(drawn, width))
    solid, dashed = layers(drawn, "line")
    assert "strokeDash" in dashed["mark"]
    assert rows(drawn, dashed)[0]["date"][:10] == "2026-04-27"
    assert len(rows(drawn, solid)) == 364


@pytest.mark.parametrize(
    ("frame", "every", "title"),
    [
        (components(), "day", "Admissions: level 20.0 a day"),
        (components(weekday=WEEKDAY), "week", "Admissions: level 20.0 a week"),
        (components()[["date", "level"]].assign(level=240.4), "day", "Admissions: level 240 a day"),
        (components(level=np.nan), "day", "Admissions: no level is known"),
    ],
)
def test_what_does_not_differ_has_no_tile(frame: pd.DataFrame, every: Any, title: str) -> None:
    made = components_figure(frame, ADMISSIONS, every=every)
    drawn = keeps_the_rules(made)
    compiles(drawn)
    assert made.title == title
    assert not layers(drawn, "rect")
    assert "No weekday, season or holiday was told apart from chance." in made.notes


def test_factors_share_a_scale_and_a_unit_is_named() -> None:
    frame = components(level=4.8, weekday=WEEKDAY, season=SEASON)
    made = components_figure(frame, MEASURES["length_of_stay"], every="day")
    drawn = keeps_the_rules(made)
    assert made.title.startswith("Average length of stay: level 4.8 days; Monday +20 %")
    columns = pd.DataFrame(rows(drawn, layers(drawn, "rect")[0]))
    per_percent = (columns["v"] - columns["zero"]) / columns["percent"]
    moved = columns["percent"].abs().gt(1)
    assert per_percent[moved].std() == pytest.approx(0, abs=1e-9)


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no column 'level'"):
        components_figure(components().drop(columns="level"), ADMISSIONS, every="day")
