"""While day and month may be swapped no figure of a time is given, by any name; of all, it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import (
    breakdown,
    census,
    clock,
    headline,
    occupancy,
    occupancy_notes,
    stay_lengths,
    trend,
    wait_lengths,
    waits,
)
from tests.unit.measures.build import counts, days

DOUBT = Finding("swapped-dates", "error", "Day and month seem to be swapped.", column="Admitted")
ADMITTED = days(pd.date_range("2024-01-01", periods=120))
SURE = Dataset(
    stays=pd.DataFrame(
        {
            "admitted": ADMITTED,
            "discharged": ADMITTED + pd.Timedelta(days=3),
            "length_of_stay": 3.0,
            "facility": "North",
            "cost": 100.0,
            "waiting_minutes": 30.0,
        }
    )
).with_beds(5)
IN_DOUBT = replace(SURE, findings=(DOUBT,))
MARCH = {"start": "2024-03-01", "end": "2024-03-31"}


def figures(frame: pd.DataFrame, names: list[str]) -> np.ndarray:
    return frame[names].to_numpy("float64").ravel()


def test_figures_of_the_whole_file_are_given() -> None:
    assert headline(IN_DOUBT)["overall"].equals(headline(SURE)["overall"])
    pd.testing.assert_frame_equal(breakdown(IN_DOUBT, "facility"), breakdown(SURE, "facility"))
    pd.testing.assert_frame_equal(stay_lengths(IN_DOUBT), stay_lengths(SURE))
    pd.testing.assert_frame_equal(waits(IN_DOUBT), waits(SURE))
    pd.testing.assert_frame_equal(occupancy(IN_DOUBT), occupancy(SURE))


def test_no_figure_of_a_reporting_period_is_given() -> None:
    assert headline(SURE.filtered(**MARCH))["overall"].notna().sum() > 8
    march = IN_DOUBT.filtered(**MARCH)
    frame = headline(march)
    columns = ["overall", "month_to_date", "previous", "last_year", "numerator", "n"]
    assert np.isnan(figures(frame, columns)).all()
    assert frame["note"].str.contains("in doubt").all()
    broken = breakdown(march, "facility")
    assert np.isnan(figures(broken, ["admissions", "discharges", "cost", "length_of_stay"])).all()
    assert stay_lengths(march).empty
    assert wait_lengths(march).empty
    assert np.isnan(figures(waits(march), ["median", "p90", "within_target"])).all()
    assert occupancy(march).empty
    assert "in doubt" in occupancy_notes(march)[0]


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "year"])
def test_a_trend_has_no_figure(every: str) -> None:
    sure, found = trend(SURE, every), trend(IN_DOUBT, every)
    names = [name for name in found if name not in ("period", "complete")]
    assert sure["period"].equals(found["period"])
    assert sure["admissions"].sum() == 120
    assert found[names].isna().all(axis=None)
    assert (found.dtypes == sure.dtypes).all()
    assert not found["complete"].any()
    assert census(IN_DOUBT).empty
    assert clock(IN_DOUBT).empty


def test_counts_in_doubt_are_counted_in_no_period() -> None:
    table = counts(
        pd.date_range("2024-01-01", periods=120), facility="North", admissions=[2.0] * 120
    )
    dataset = Dataset(activity=table, findings=(DOUBT,))
    assert breakdown(dataset, "facility")["admissions"].tolist() == [240]
    assert breakdown(dataset.filtered(**MARCH), "facility")["admissions"].isna().all()
    assert np.isnan(headline(dataset.filtered(**MARCH)).loc["admissions", "overall"])
