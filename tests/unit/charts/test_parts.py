"""The forecasts of parts: tiles that add up to the whole, whatever is left said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import parts_figure
from caremap.measures import MEASURES
from tests.unit.charts.ahead import bounded
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS = MEASURES["admissions"]
DAYS = pd.date_range("2026-04-27", periods=3)


def parts(**means: float) -> pd.DataFrame:
    each = [
        pd.DataFrame({"date": DAYS, "part": name, "mean": mean}) for name, mean in means.items()
    ]
    return bounded(pd.concat(each, ignore_index=True))


def whole(mean: float) -> pd.DataFrame:
    return pd.DataFrame({"date": DAYS, "mean": mean})


def test_the_part_with_most_is_named_with_its_share() -> None:
    made = parts_figure(
        parts(ICU=5.0, Surgery=15.0), whole(20), "Department", ADMISSIONS, every="day"
    )
    keeps_the_rules(made)
    assert made.title == "Most admissions in the next 3 days: Surgery, 45 of 60 (75 %)"
    assert made.subtitle == (
        "Admissions by department and day · forecast 27 to 29 April 2026 · over each tile its sum"
    )
    total = pd.DataFrame({"part": ["ICU", "Surgery"], "low_80": [9, 38], "high_80": [21, 53]})
    sure = parts_figure(
        parts(ICU=5.0, Surgery=15.0), whole(20), "Ward", ADMISSIONS, every="day", total=total
    )
    assert sure.title == f"{made.title}, 80 % between 38 and 53"
    assert made.notes[0] == "The parts add up to the forecast of the whole."


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_not_drawn_is_a_tile_of_its_own_and_the_tiles_add_up(width: int) -> None:
    frame = parts(A=9.0, B=5.0, C=2.0, D=1.5, Unknown=0.5)
    made = parts_figure(frame, whole(18), "Ward", ADMISSIONS, every="day", top=2)
    drawn = keeps_the_rules(made)
    assert {"A: 27", "B: 15.0", "Others (3): 12.0"} <= set(texts(drawn, width))
    line = pd.DataFrame(rows(drawn, layers(drawn, "line")[-1]))
    assert line.groupby("date")["mean"].sum().tolist() == [18] * 3
    bands = pd.DataFrame(rows(drawn, layers(drawn, "area")[0]))
    assert set(bands["tile"]) == {0, 1}  # what is left has no interval: none can be computed
    assert any(note.startswith("Others are what the tiles leave") for note in made.notes)


def test_others_that_would_dwarf_every_part_have_a_scale_of_their_own() -> None:
    frame = parts(A=3.0, **{f"W{at}": 2.0 for at in range(30)})
    drawn = parts_figure(frame, whole(63), "Ward", ADMISSIONS, every="day", top=2).chart.to_dict()
    assert "Others (29), own scale: 174" in texts(drawn)
    line = pd.DataFrame(rows(drawn, layers(drawn, "line")[-1]))
    assert line["v"].between(0, 1).all()


def test_averages_are_not_added() -> None:
    frame = parts(A=6.0, B=4.0, C=3.0, D=2.0)
    made = parts_figure(frame, whole(4.4), "Ward", MEASURES["length_of_stay"], every="day", top=2)
    keeps_the_rules(made)
    assert made.title == (
        "Highest average length of stay in the next 3 days: A, 6.0 days; lowest: D, 2.0 days"
    )
    assert "2 parts not drawn cannot be added up; the table has them." in made.notes
    assert not any("add up to the forecast" in note for note in made.notes)


def test_the_table_has_every_part_and_the_whole() -> None:
    frame = parts(ICU=5.0, Surgery=15.0)
    made = parts_figure(frame, whole(20), "Department", ADMISSIONS, every="day", top=1)
    sums = made.table.groupby("Department", sort=False)["Expected"].sum()
    assert sums.to_dict() == {"Surgery": 45, "ICU": 15, "All": 60}


def test_odd_frames_are_drawn_or_refused_in_words() -> None:
    alone = parts_figure(
        parts(Unknown=2.0)[["date", "part", "mean"]], whole(2), "Ward", ADMISSIONS, every="day"
    )
    compiles(keeps_the_rules(alone))
    assert alone.title == "Admissions: no ward has a forecast"
    none = parts(A=1.0).assign(mean=np.nan)
    compiles(keeps_the_rules(parts_figure(none, whole(1), "Ward", ADMISSIONS, every="day")))
    with pytest.raises(ValueError, match="stands twice on a date"):
        parts_figure(pd.concat([parts(A=1.0)] * 2), whole(1), "Ward", ADMISSIONS, every="day")
    with pytest.raises(ValueError, match="no column 'part'"):
        parts_figure(whole(1), whole(1), "Ward", ADMISSIONS, every="day")
