"""Season and month of the year, waits by weekday and hour: what is covered, what is not given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import cost_spread, seasonal, wait_clock, wait_clock_notes
from tests.unit.measures.build import counts, days, generated

DOUBT = (Finding("swapped-dates", "error", "swapped"),)


def test_times_of_the_year_are_compared_per_day_and_the_period_is_honoured() -> None:
    table = pd.DataFrame({"admitted": days(pd.date_range("2023-01-01", "2024-06-30"))})
    network = Dataset(stays=table).filtered(start="2023-02-01", end="2024-03-10")
    found = seasonal(network, every="month", measures=["admissions"])
    expected = [31, 28 + 29, 31 + 10, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert found["days"].tolist() == expected
    assert found["admissions"].tolist() == expected
    assert found["admissions_per_day"].eq(1).all()


def test_counts_have_seasons_too() -> None:
    table = counts(pd.date_range("2024-01-01", "2024-04-09"), visits=3.0, facility="N")
    found = seasonal(Dataset(activity=table), "facility", measures=["visits"])
    assert found.to_numpy().tolist() == [["N", "Dec-Feb", 60, 3, 180], ["N", "Mar-May", 40, 3, 120]]


def test_nothing_by_time_while_dates_are_in_doubt_or_lacking() -> None:
    table = generated(80)
    undated = table.drop(columns=["admitted", "discharged"])
    for network in (Dataset(stays=table, findings=DOUBT), Dataset(stays=undated), Dataset()):
        assert seasonal(network).empty
        assert wait_clock(network).empty
        assert wait_clock_notes(network)


def test_dates_without_a_time_have_weekdays_only() -> None:
    came = days(["2024-04-01", "2024-04-01", "2024-04-03"])
    found = wait_clock(Dataset(stays=pd.DataFrame({"admitted": came, "waiting_minutes": 5.0})))
    assert found["hour"].isna().all()
    assert found["n"].tolist() == [2, 0, 1, 0, 0, 0, 0]
    np.testing.assert_array_equal(found["median"].isna(), found["n"] == 0)


def test_few_stays_have_no_outer_percentiles_and_a_file_without_costs_no_rows() -> None:
    table = pd.DataFrame({"treatment": ["A"] * 19 + ["B"] * 20, "cost": [*range(19), *range(20)]})
    found = cost_spread(Dataset(stays=table))
    assert found["p5"].isna().tolist() == [True, False]
    assert found["median"].tolist() == [9, 9.5]
    assert cost_spread(Dataset(stays=table), value="charges").empty
    with pytest.raises(ValueError, match="value is one of cost, charges, length_of_stay"):
        cost_spread(Dataset(stays=table), value="age")
