"""The midnight census to come, and whether the beds suffice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap.charts import census_figure
from tests.unit.charts.ahead import bounded
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows

HISTORY = pd.Series(200.0, index=pd.date_range("2026-03-02", "2026-04-26"))
AHEAD = bounded(
    pd.DataFrame(
        {
            "date": pd.date_range("2026-04-27", periods=4),
            "median": [205.0, 206.0, 212.0, 208.0],
            "mean": [205.2, 206.1, 212.3, 208.4],
        }
    ),
    "median",
)


@pytest.mark.parametrize(
    ("staffed", "ending"),
    [
        (None, ""),
        (230.0, "; 230 beds suffice"),
        (215.0, "; 215 beds might not do on 1 of 4 days"),  # 212 and six more
        (pd.Series([210.0, 220.0], index=pd.to_datetime(["2026-01-01", "2026-04-29"])),
         "; 210 to 220 beds might not do on 2 of 4 days"),  # the last one known is taken on
        (pd.Series([210.0], index=pd.to_datetime(["2026-06-01"])), ""),
    ],
)  # fmt: skip
def test_titles(staffed: Any, ending: str) -> None:
    made = census_figure(HISTORY, AHEAD, staffed=staffed)
    assert made.title == (
        f"Expect 205 to 212 patients at midnight, 80 % up to 218 on Wed 29 Apr{ending}"
    )
    keeps_the_rules(made)


def test_beds_are_a_line_with_its_figures_in_the_table() -> None:
    made = census_figure(HISTORY, AHEAD, staffed=230.0)
    drawn = keeps_the_rules(made)
    [beds] = [one for one in layers(drawn, "line") if one["mark"].get("interpolate") == "step"]
    assert {row["value"] for row in rows(drawn, beds)} == {230.0}
    assert made.table["Staffed beds"].tolist() == [230.0] * len(made.table)
    assert "80 % interval stays below them" in " ".join(made.notes)
    assert made.plot is not None
    assert set(made.plot.values) <= set(made.table.columns)  # noqa: PD011
    assert made.alt.endswith("Thu 30 Apr 2026: 208 expected, 80 % between 202 and 214, "
                             "95 % between 198 and 218.")  # fmt: skip


def test_the_axis_begins_at_zero_unless_told_otherwise_and_then_says_so() -> None:
    for zero in (True, False):
        drawn = census_figure(HISTORY, AHEAD, from_zero=zero).chart.to_dict()
        y = layers(drawn, "line")[0]["encoding"]["y"]
        assert (y["scale"]["domain"][0] == 0) is zero
        assert ("does not start at 0" in y["axis"]["title"]) is not zero


def test_without_history_bounds_or_a_figure_it_is_still_a_figure() -> None:
    bare = AHEAD[["date", "mean"]]
    assert census_figure(HISTORY.head(0), bare).title == "Expect 205 to 212 patients at midnight"
    none = census_figure(HISTORY, bare.assign(mean=np.nan), staffed=200)
    assert none.title == "Patients in hospital at midnight: no forecast"
    for made in (census_figure(HISTORY.head(0), bare, staffed=10), none):
        compiles(keeps_the_rules(made))
