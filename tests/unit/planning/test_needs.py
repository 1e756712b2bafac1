"""What each facility has of a need: as the measures say, over the same period and filters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.forecasting import forecast_parts
from caremap.measures import breakdown, census
from caremap.planning import NEEDS, need_of
from caremap.planning.needs import need_by_facility
from tests.unit.measures.build import daily_admissions


@pytest.fixture(scope="module")
def stays() -> pd.DataFrame:
    """Twenty weeks: two a day at North, one at South, each for two days."""
    days = pd.date_range("2024-01-01", periods=140)
    admitted = pd.DatetimeIndex(np.repeat(days, 3))
    return pd.DataFrame(
        {
            "facility": ["North", "North", "South"] * len(days),
            "department": ["ICU", "ED", "ED"] * len(days),
            "admitted": admitted,
            "discharged": admitted + pd.Timedelta(days=2),
            "length_of_stay": 2.0,
        }
    )


def test_every_need_is_declared_in_words():
    assert list(NEEDS) == ["population", "patients", "bed_days", "visits", "forecast"]
    for need in NEEDS.values():
        assert need.title and need.unit and need.meaning.endswith(".")
        assert need.lacking.startswith("Add ") and need_of(need.name) is need


def test_patients_are_the_admissions_of_the_period(stays: pd.DataFrame):
    dataset = Dataset(stays=stays).filtered(start="2024-02-01", end="2024-02-29")
    found = need_by_facility(dataset, "patients").amounts
    assert found.to_dict() == {"north": 58, "south": 29}
    told = breakdown(dataset, "facility", measures=["admissions"])
    assert found.to_list() == told["admissions"].to_list()


def test_bed_days_are_the_midnights_of_the_period(stays: pd.DataFrame):
    dataset = Dataset(stays=stays).filtered(start="2024-02-01", end="2024-02-29")
    found = need_by_facility(dataset, "bed_days").amounts
    nights = census(dataset, by="facility").groupby("facility")["occupied"].sum()
    assert found.to_dict() == {"north": nights["North"], "south": nights["South"]}
    assert found.to_dict() == {"north": 4 * 29, "south": 2 * 29}


def test_weekly_counts_of_patients_are_no_nights_and_count_the_same_nights_for_all():
    weeks = pd.date_range("2024-01-07", periods=8, freq="7D")
    counts = pd.DataFrame(
        {
            "facility": ["North"] * 8 + ["South"] * 4,
            "date": [*weeks, *weeks[:4]],
            "occupied_beds": [10.0] * 8 + [5.0] * 4,
        }
    )
    found = need_by_facility(Dataset(activity=counts), "bed_days").amounts
    assert found.to_dict() == {"north": 10 * 56, "south": 5 * 56}


def test_visits_come_from_the_table_that_counts_them(stays: pd.DataFrame):
    counts = pd.DataFrame({"facility": ["South", "West"], "visits": [30.0, None]})
    found = need_by_facility(Dataset(stays=stays, activity=counts), "visits")
    assert found.amounts["south"] == 30 and np.isnan(found.amounts["west"])
    assert "north" not in found.amounts


def test_the_forecast_of_the_next_weeks_is_that_of_the_forecast_page(stays: pd.DataFrame):
    dataset = Dataset(stays=stays)
    found = need_by_facility(dataset, "forecast", forecast=14)
    assert found.amounts["north"] == pytest.approx(28, abs=0.5)
    assert found.amounts["south"] == pytest.approx(14, abs=0.5)
    assert found.notes[0] == "Expected admissions are those of 20 May 2024 to 2 Jun 2024."


def test_a_forecast_made_already_is_taken_as_it_is(stays: pd.DataFrame):
    days = pd.date_range("2024-01-01", periods=84)
    made = forecast_parts(pd.DataFrame({"North": 4, "South": 2}, days), horizon=7)
    for given in (made, made.total, {"North": 28.0, "South": 14.0}):
        found = need_by_facility(Dataset(stays=stays), "forecast", forecast=given)
        assert found.amounts.round(6).to_dict() == {"north": 28, "south": 14}


@pytest.mark.parametrize("name", ["patients", "bed_days", "visits", "forecast"])
@pytest.mark.parametrize(
    "dataset",
    [
        Dataset(),
        Dataset(stays=daily_admissions("2024-05-01", "2024-05-05")),
        Dataset(stays=pd.DataFrame({"facility": ["A"], "cost": [1.0]}).iloc[:0]),
    ],
    ids=["nothing", "no facility", "no rows"],
)
def test_what_cannot_be_computed_says_what_to_add(name: str, dataset: Dataset):
    with pytest.raises(DataProblem) as caught:
        need_by_facility(dataset, name)
    assert caught.value.hint


def test_a_need_that_is_none_is_refused():
    with pytest.raises(ValueError, match="a need by facility is one of patients"):
        need_by_facility(Dataset(), "population")
