"""The census ahead: its mean is the definition's, its bands hold what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.measures import census, reductions
from caremap.planning import (
    beds_rules,
    census_forecast,
    expected_census,
    in_house,
    stay_survival,
)
from caremap.planning.simulation import drawn
from caremap.planning.survival import leaving, sojourns
from tests.unit.measures.build import daily_admissions
from tests.unit.planning.build import forecast_of, futures, sample
from tests.unit.planning.test_survival import random_stays


def test_a_week_each_gives_seventy_for_sure():
    dataset = Dataset(stays=daily_admissions("2024-01-01", "2024-06-30", nights=7, each=10))
    days = pd.date_range("2024-05-01", periods=14)
    ten = forecast_of(pd.DataFrame(10.0, index=range(20), columns=days))
    found = census_forecast(dataset, ten)
    assert found.frame.drop(columns="date").eq(70).all(axis=None)
    assert found.in_house.to_dict() == dict.fromkeys(range(7), 10)
    assert list(found.frame) == [
        "date", "median", "mean", "low_80", "high_80", "low_95", "high_95",
    ]  # fmt: skip


def test_without_a_weekday_pattern_the_mean_is_that_of_the_definition():
    dataset = Dataset(stays=random_stays(20_000, days=600))
    arrivals = np.linspace(20, 40, 14)
    ahead = forecast_of(futures(arrivals, "2025-06-02", draws=2000), arrivals)
    found = census_forecast(dataset, ahead)
    day = "2025-06-01"
    plain = expected_census(
        arrivals, stay_survival(dataset, as_of=day), in_house(dataset, as_of=day)
    )
    np.testing.assert_allclose(found.frame["mean"], plain, rtol=0.02)
    np.testing.assert_allclose(found.samples.mean(), found.frame["mean"], rtol=0.02)


def test_bounds_lie_in_order_around_the_median():
    ahead = forecast_of(futures([0.3] * 14, "2024-03-02"))
    small = sample().filtered(department=["Neurology"], facility=["Copperlantern Hospital"])
    for found in (census_forecast(small, ahead), census_forecast(sample(), ahead)):
        order = found.frame[["low_95", "low_80", "median", "high_80", "high_95"]]
        assert (order.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
        assert (order >= 0).all(axis=None) and (order == order.round()).all(axis=None)


def test_the_future_of_the_file_changes_nothing():
    day = pd.Timestamp("2024-03-01")
    ahead = forecast_of(futures([35] * 14, "2024-03-02"))
    table = sample().stays
    begun = table[table["admitted"] < day + pd.Timedelta(days=1)]
    later = begun["discharged"] >= day + pd.Timedelta(days=1)
    cut = begun.assign(
        discharged=begun["discharged"].mask(later),
        length_of_stay=begun["length_of_stay"].mask(later),
    )
    known_then = census_forecast(Dataset(stays=cut), ahead)
    known_now = census_forecast(sample(), ahead)
    pd.testing.assert_frame_equal(known_then.frame, known_now.frame)


def test_it_is_the_same_every_time_and_changes_nothing_given():
    samples = futures([35] * 14, "2024-03-02")
    kept, ahead = samples.copy(), forecast_of(samples)
    once, again = (census_forecast(sample(), ahead) for _ in range(2))
    pd.testing.assert_frame_equal(once.frame, again.frame)
    pd.testing.assert_frame_equal(samples, kept)


def test_parts_add_up_to_the_whole():
    ahead = forecast_of(futures([35] * 7, "2024-03-02"), [35.0] * 7)
    found = census_forecast(sample(), ahead, by="department")
    assert list(found.parts)[:4] == ["date", "department", "median", "mean"]
    whole = found.parts.groupby("date")["mean"].sum().to_numpy()
    np.testing.assert_allclose(found.frame["mean"], whole)
    assert sum(found.part_samples.values()).equals(found.samples)
    assert found.by == "department"
    surgery = found.part("Surgery")
    assert list(surgery.frame) == list(found.frame) and len(surgery.frame) == 7
    assert surgery.samples.equals(found.part_samples["Surgery"])
    assert beds_rules(surgery)["beds"].max() < beds_rules(found)["beds"].min()
    together = census_forecast(sample(), ahead).frame["mean"]
    np.testing.assert_allclose(found.frame["mean"], together, rtol=0.04)


def weekday_means(admissions: pd.Series, day: pd.Timestamp) -> np.ndarray:
    """A simple forecast of two weeks: the mean of the same weekday in the last eight weeks."""
    past = admissions[:day].iloc[-56:]
    usual = past.groupby(past.index.day_of_week).mean()
    ahead = pd.date_range(day, periods=15)[1:]
    return usual.reindex(ahead.day_of_week).to_numpy()


def test_eighty_percent_of_days_lie_in_the_band_and_without_patients_in_house_few_do():
    """A rolling test over three years. The simple forecast is off by 7 % as a whole."""
    admissions = reductions.flows(sample().stays, "admitted").set_index("date")["rows"]
    actual = census(sample()).set_index("date")["occupied"]
    inside, empty_inside = [], []
    for day in pd.date_range("2022-10-03", "2025-06-16", freq="28D"):
        means = weekday_means(admissions, day)
        samples = futures(means, str(day + pd.Timedelta(days=1)), spread=0.07, draws=300)
        frame = census_forecast(sample(), forecast_of(samples, means)).frame.set_index("date")
        happened = actual[frame.index]
        inside.append(happened.between(frame["low_80"], frame["high_80"]))
        nobody = np.array([], dtype="int64")
        chance = leaving(sojourns(sample(), day))
        arriving = samples.to_numpy("int64")
        weekday = samples.columns[0].day_of_week
        empty = drawn(arriving, nobody, nobody, chance, weekday, np.random.default_rng(1))
        low, high = np.quantile(empty, [0.1, 0.9], axis=0)
        empty_inside.append(happened.between(pd.Series(low, happened.index), high))
    assert 0.74 <= pd.concat(inside).mean() <= 0.86
    assert pd.concat(empty_inside).mean() < 0.5


def test_counted_patients_are_their_own_forecast():
    samples = futures([50, 52], "2024-03-02")
    found = census_forecast(Dataset(), forecast_of(samples, [50, 52], "occupied"))
    assert found.frame["mean"].to_list() == [50, 52]
    assert found.samples.equals(samples) and found.in_house.empty
    assert "no stays" in found.notes[0]
    with pytest.raises(DataProblem, match="no parts"):
        census_forecast(Dataset(), forecast_of(samples, None, "occupied"), by="department")


def test_what_cannot_be_forecast_is_refused_in_words():
    ahead = forecast_of(futures([35] * 7, "2024-03-02"))
    with pytest.raises(DataProblem, match="by week"):
        census_forecast(sample(), replace(ahead, every="week"))
    with pytest.raises(DataProblem, match="forecast of “Visits”"):
        census_forecast(sample(), forecast_of(ahead.samples, None, "visits"))
    with pytest.raises(ValueError, match="no samples"):
        census_forecast(sample(), replace(ahead, samples=pd.DataFrame()))
    with pytest.raises(DataProblem, match="not known on 1 Mar 2030"):
        census_forecast(sample(), forecast_of(futures([35], "2030-03-02")))
    with pytest.raises(DataProblem, match="no stays"):
        census_forecast(Dataset(), ahead)
    nothing = sample().filtered(department=["Nowhere"])
    for by in (None, "department"):
        with pytest.raises(DataProblem, match="nobody has left"):
            census_forecast(nothing, ahead, by=by)
    with pytest.raises(DataProblem, match="no column “wing”"):
        census_forecast(sample(), ahead, by="wing")
