"""What is understood of files that hospitals really use, against what is known of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap import measures
from caremap.dataset import Dataset
from caremap.forecasting import home, measures_of, prepared, series
from tests.unit.forecasting.arrivals import gaps, span


def opened(file: Path) -> Dataset:
    return Dataset.of(caremap.open_file(file))


def data(shared: Path, *parts: str) -> Dataset:
    return opened(shared.joinpath("data", *parts))


def test_ten_thousand_stays(shared):
    dataset = data(shared, "kaggle_healthcare", "healthcare_dataset_original.csv")
    found = prepared(dataset)
    assert span(found.series) == ("2018-10-30", "2023-10-30")
    assert found.series.sum() == 10_000
    assert found.series["2023-10"].sum() == 174
    assert (found.refusal, found.notes, len(found.outliers), len(found.shifts)) == ("", (), 0, 0)
    stay = prepared(dataset, "length_of_stay")
    assert stay.n is not None
    assert (stay.series * stay.n).sum() / stay.n.sum() == pytest.approx(15.56, abs=0.1)
    weeks = series(dataset, "length_of_stay", "week")
    trend = measures.trend(dataset, "week").set_index("period")["length_of_stay"]
    np.testing.assert_allclose(weeks, trend.reindex(weeks.index))


def test_visits_of_an_emergency_room(shared):
    dataset = data(shared, "kaggle_er", "Hospital ER.csv")
    assert measures_of(dataset) == ["visits", "admissions", "waiting"]
    assert series(dataset, "visits").sum() == 9_216
    assert series(dataset, "admissions").sum() == 4_612


def test_stays_and_the_counts_of_their_weeks(shared):
    stays = data(shared, "kaggle_beds", "patient.csv")
    assert span(series(stays)) == ("2025-01-02", "2025-12-31")
    assert series(stays).sum() == 1_000
    weekly = data(shared, "kaggle_beds", "services_weekly.csv")
    assert measures_of(weekly) == ["admissions", "visits"]
    found = prepared(weekly, every="week", by="department")
    assert len(found.series) == 52
    assert found.series.sum() == weekly.activity["admissions"].sum()
    np.testing.assert_allclose(found.parts.sum(axis=1), found.series)
    assert prepared(weekly).refusal == "The file has one count per week: it gives no days."


def test_days_a_city_flags_as_not_complete(shared):
    found = prepared(data(shared, "nyc_health", "data-by-day.csv"))
    assert span(found.series) == ("2020-02-29", "2025-10-06")
    assert "Days the file itself flags as not complete are left out: 7." in found.notes


def test_beds_occupied_by_region(shared):
    dataset = data(shared, "texas_tsa", "tx_tsa_hospitalizations.csv")
    assert measures_of(dataset) == ["occupied"]
    found = prepared(dataset, "occupied", by="region")
    assert found.kind == "mean"
    assert span(found.series) == ("2020-04-12", "2020-09-19")
    assert found.parts.shape == (161, 22)
    np.testing.assert_allclose(found.parts.sum(axis=1), found.series)


def test_hospitals_that_begin_and_stop_reporting(shared):
    dataset = data(shared, "nj_hospitals", "nj_hosp_2020_06_19.csv")
    admissions = prepared(dataset)
    assert len(admissions.series) == 77
    assert not gaps(admissions.series)
    assert any("nothing came from facilities" in note for note in admissions.notes)
    beds = prepared(dataset, "occupied")
    assert beds.series.index[0] > pd.Timestamp("2020-04-10")
    assert any("were not counted yet" in note for note in beds.notes)


@pytest.mark.parametrize(
    ("file", "first", "last"),
    [
        ("bnssg_paed_ae", "2023-03-16", "2025-09-30"),
        ("uihc_ed_arrivals", "2013-07-01", "2018-03-31"),
        ("vgh_ed_visits", "2009-01-01", "2018-01-16"),
        ("vitoria_resp_children", "2005-01-01", "2010-12-31"),
        ("sanford_a_arrivals", "2018-01-01", "2025-08-31"),
    ],
)
def test_daily_counts_are_taken_as_they_are(shared, file, first, last):
    raw = pd.read_csv(shared / "data" / "daily_series" / f"{file}.csv")
    found = prepared(data(shared, "daily_series", f"{file}.csv"))
    assert span(found.series) == (first, last)
    assert found.series.tolist() == raw["y"].tolist()
    assert (found.notes, found.refusal) == ((), "")


def test_a_pandemic_is_a_level_shift(shared):
    found = prepared(data(shared, "daily_series", "sanford_a_arrivals.csv")).shifts
    assert found["date"].between("2020-03-09", "2020-03-23").tolist() == [True]
    assert (found["after"] / found["before"]).between(0.6, 0.8).all()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("halifax_synth", "admissions.csv"), "The series is 30 days long"),
        (("kaggle_hospital_data_analysis", "hospital_data_analysis.csv"), "There are no dates"),
        (("malaysia_moh", "bedutil_facility.csv"), "The file is a snapshot"),
        (("sparcs", "week10_df_musc_skel.csv.gz"), "There are no dates"),
    ],
)
def test_files_that_give_no_forecast(shared, file, words):
    found = prepared(data(shared, *file))
    assert words in found.refusal
    assert found.hint


def test_the_sample_network(repo):
    folder = repo / "sample_data"
    stays = opened(folder / "stays.csv")
    found = prepared(stays, by="department")
    assert span(found.series) == ("2022-07-01", "2025-06-30")
    assert found.series.sum() == len(stays.stays)
    assert (found.notes, found.refusal) == ((), "")
    np.testing.assert_allclose(found.parts.sum(axis=1), found.series)
    assert home(stays) == ("US", "WA")
    assert "one count per month" in prepared(opened(folder / "activity.csv")).refusal
