"""All patients, intensive care and ventilators to come."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import intensive_figure
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

FRAME = pd.DataFrame(
    {"date": pd.date_range("2026-04-27", periods=3), "census": [200.0, 204, 202],
     "icu": [18.2, 18.6, 18.4], "ventilated": [7.0, 7.2, 7.4]}
)  # fmt: skip


def with_bounds() -> pd.DataFrame:
    more = {}
    for kind, reach in (("census", 20.0), ("icu", 5.0), ("ventilated", 3.0)):
        for level, wider in ((80, 1.0), (95, 1.6)):
            more[f"{kind}_low_{level}"] = (FRAME[kind] - reach * wider).round()
            more[f"{kind}_high_{level}"] = (FRAME[kind] + reach * wider).round()
    return FRAME.assign(**more)


def test_it_says_the_most_beds_and_ventilators_the_interval_reaches() -> None:
    made = intensive_figure(with_bounds())
    keeps_the_rules(made)
    assert made.title == (
        "Expect up to 19 patients in intensive care, 80 % at most 24, "
        "and up to 7 on a ventilator, 80 % at most 10"
    )
    assert "All patients: 200.0 to 204.0 expected, most on Tue 28 Apr" in made.alt
    assert made.table["In intensive care, 80 % interval: to"].tolist() == [23, 24, 23]


@pytest.mark.parametrize("width", WIDTHS)
def test_each_kind_has_a_tile_with_its_own_scale_from_zero(width: int) -> None:
    drawn = intensive_figure(with_bounds()).chart.to_dict()
    assert {"All patients", "In intensive care", "On a ventilator"} <= set(texts(drawn, width))
    line = pd.DataFrame(rows(drawn, layers(drawn, "line")[-1]))
    share = line["value"] / line["v"]  # the top of each scale
    assert share.groupby(line["tile"]).agg(np.ptp).max() == pytest.approx(0)
    assert share.groupby(line["tile"]).first().is_monotonic_decreasing


def test_without_bounds_or_figures_it_is_still_a_figure() -> None:
    made = intensive_figure(FRAME)
    compiles(keeps_the_rules(made))
    assert made.title == "Expect up to 19 patients in intensive care, and up to 7 on a ventilator"
    none = intensive_figure(FRAME.assign(icu=np.nan, ventilated=np.nan))
    keeps_the_rules(none)
    assert none.title == "No forecast of patients in intensive care"
    with pytest.raises(ValueError, match="stands in several rows"):
        intensive_figure(pd.concat([FRAME, FRAME]))
