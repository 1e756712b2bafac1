"""A measure by day or week is what the measures say of these days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import measures
from caremap.dataset import Dataset
from caremap.forecasting import measures_of, prepared, series
from caremap.problems import DataProblem
from tests.unit.forecasting.arrivals import arrivals, daily_counts, span
from tests.unit.measures.build import counts, days, generated, stays


def test_days_without_a_row_are_zero_and_the_shape_is_fixed():
    table = stays([("A", "2024-04-01", None), ("B", "2024-04-01", None), ("C", "2024-04-04", None)])
    expected = pd.Series(
        [2.0, 0.0, 0.0, 1.0],
        pd.date_range("2024-04-01", periods=4, name="date").as_unit("us"),
        name="admissions",
    )
    pd.testing.assert_series_equal(series(Dataset(stays=table)), expected)


def test_weeks_begin_on_monday_and_are_whole():
    table = arrivals("2024-01-03", "2024-06-04")  # a Wednesday to a Tuesday
    found = series(Dataset(stays=table), every="week")
    assert found.index.freqstr == "W-MON"
    assert span(found) == ("2024-01-08", "2024-05-27")
    days_of = table["admitted"].dt.normalize()
    inside = days_of.between("2024-01-08", "2024-06-02")
    assert found.sum() == inside.sum()


@pytest.mark.parametrize("every", ["day", "week"])
def test_agrees_with_the_trend_on_every_day_it_gives(every):
    last = {"day": "2024-02-10", "week": None}[every]
    dataset = Dataset(stays=generated(900)).filtered(start="2024-01-22", end=last)
    trend = measures.trend(dataset, every).set_index("period")
    for measure in measures_of(dataset):
        if measure == "occupied":
            continue
        found = series(dataset, measure, every).dropna()
        assert len(found) > 5, measure
        np.testing.assert_allclose(found, trend[measure].reindex(found.index), err_msg=measure)


@pytest.mark.parametrize(
    "switch", [{"same_day": 1}, {"overnight_only": True}, {"cost_date": "admitted"}]
)
def test_agrees_with_the_trend_whatever_is_switched(switch):
    dataset = Dataset(stays=generated(900))
    trend = measures.trend(dataset, "week", **switch).set_index("period")
    for measure in ("length_of_stay", "cost"):
        found = series(dataset, measure, "week", **switch).dropna()
        np.testing.assert_allclose(found, trend[measure].reindex(found.index))


def test_patients_in_hospital_are_the_census():
    dataset = Dataset(stays=arrivals("2024-01-01", "2024-06-30"))
    found = series(dataset, "occupied")
    census = measures.census(dataset).set_index("date")["occupied"]
    pd.testing.assert_series_equal(found, census, check_names=False, check_freq=False)
    weeks = series(dataset, "occupied", "week")
    assert weeks.iloc[3] == found.loc[weeks.index[3] :].iloc[:7].mean()  # a stock is not summed


def test_means_say_how_many_are_behind_them():
    dataset = Dataset(stays=arrivals("2024-01-01", "2024-06-30", 2.0))
    found = prepared(dataset, "length_of_stay")
    discharges = series(dataset, "discharges")
    assert found.kind == "mean"
    assert found.n is not None
    pd.testing.assert_series_equal(found.n, discharges.loc[found.n.index[0] :], check_names=False)
    assert (found.series.isna() == (found.n.reindex(found.series.index) == 0)).all()


def test_a_median_wait_is_that_of_the_rows():
    table = stays([(f"S{n}", f"2024-01-{1 + n % 2:02}", None) for n in range(9)])
    table = table.assign(waiting_minutes=[10.0, 1, 20, 2, 90, 3, 40, 9, None])
    found = series(Dataset(stays=table), "waiting")
    assert found.tolist() == [30.0, 2.5]


@pytest.mark.parametrize("measure", ["admissions", "discharges", "cost", "occupied"])
@pytest.mark.parametrize("every", ["day", "week"])
def test_groups_add_up_to_the_whole(measure, every):
    dataset = Dataset(stays=generated(900))
    whole, parts = series(dataset, measure, every), series(dataset, measure, every, "department")
    assert list(parts) == ["ED", "ICU", "Unknown"]
    assert parts.index.equals(whole.index)
    known = whole.notna()
    np.testing.assert_allclose(parts[known].sum(axis=1), whole[known])


def test_groups_are_in_reading_order():
    table = arrivals("2024-01-01", "2024-03-31")
    names = ["Ward 10", "Ward 2"] * len(table)
    table = table.assign(ward=pd.Series(names[: len(table)], dtype="str"))
    assert list(series(Dataset(stays=table), by="ward")) == ["Ward 2", "Ward 10"]


def test_visits_are_not_admissions():
    table = stays([("A", "2024-01-01", None), ("B", "2024-01-01", None), ("C", "2024-01-02", None)])
    table = table.assign(was_admitted=pd.Series([True, False, False], dtype="boolean"))
    dataset = Dataset(stays=table)
    assert measures_of(dataset)[:2] == ["visits", "admissions"]
    assert series(dataset, "visits").tolist() == [2.0, 1.0]
    assert series(dataset).tolist() == [1.0, 0.0]


def test_counts_are_added_over_places():
    table = counts(
        ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-03", "2024-01-03"],
        facility=["A", "B"] * 3,
        visits=[3.0, 4.0, 0.0, 5.0, 1.0, 1.0],
    )
    dataset = Dataset(activity=table)
    assert measures_of(dataset) == ["visits"]
    assert series(dataset, "visits").tolist() == [7.0, 5.0, 2.0]
    assert series(dataset, "visits", by="facility")["B"].tolist() == [4.0, 5.0, 1.0]


def test_stays_go_before_counts():
    table = stays([("A", "2024-01-01", None), ("B", "2024-01-02", None)])
    other = counts(["2024-01-01", "2024-01-02", "2024-01-03"], admissions=[9.0, 9.0, 9.0])
    assert series(Dataset(stays=table, activity=other)).tolist() == [1.0, 1.0]


def test_a_reporting_period_cuts_and_filters_narrow():
    table = arrivals("2024-01-01", "2024-12-31", facilities={"A": 0.7, "B": 0.3})
    dataset = Dataset(stays=table).filtered(facility="B", start="2024-03-01", end="2024-05-31")
    found = series(dataset)
    assert span(found) == ("2024-03-01", "2024-05-31")
    own = table[table["facility"] == "B"]["admitted"].dt.normalize()
    assert found.sum() == own.between("2024-03-01", "2024-05-31").sum()


def test_as_of_ends_the_series():
    dataset = Dataset(stays=arrivals("2024-01-01", "2024-12-31"))
    assert span(series(dataset, as_of="2024-06-30"))[1] == "2024-06-30"
    counted = Dataset(activity=daily_counts("2024-01-01", "2024-12-31"))
    assert span(series(counted, as_of="2024-06-30"))[1] == "2024-06-30"
    assert span(series(counted, as_of="2025-02-01"))[1] == "2024-12-31"  # no count, no zero


def test_a_quiet_file_said_to_be_complete_ends_in_zeros():
    table = stays([(f"S{n}", day, None) for n, day in enumerate(pd.date_range("2024-01-01",
                  periods=60, freq="2D"))])  # fmt: skip
    found = series(Dataset(stays=table), as_of="2024-05-01")
    assert span(found)[1] == "2024-05-01"
    assert found.iloc[-2:].tolist() == [0.0, 0.0]


def test_nothing_is_changed():
    table = arrivals("2024-01-01", "2024-03-31")
    before = table.copy()
    series(Dataset(stays=table))
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"measure": "beds"}, "measure is one of"),
        ({"every": "month"}, "every is"),
        ({"same_day": 2}, "same_day"),
    ],
)
def test_what_is_no_choice_is_a_value_error(choice, words):
    with pytest.raises(ValueError, match=words):
        series(Dataset(stays=arrivals("2024-01-01", "2024-03-31")), **choice)


def test_a_column_that_makes_no_groups_is_refused():
    table = arrivals("2024-01-01", "2024-12-31").reset_index()
    table = table.assign(patient_id="x", doctor=[f"D{n % 700}" for n in range(len(table))])
    dataset = Dataset(stays=table)
    with pytest.raises(DataProblem, match="no column"):
        series(dataset, by="ward")
    with pytest.raises(DataProblem, match="identifies persons"):
        series(dataset, by="patient_id")
    with pytest.raises(DataProblem, match="700 different values"):
        series(dataset, by="doctor")


def test_stays_with_discharge_dates_alone_have_discharges():
    table = pd.DataFrame({"discharged": days(pd.date_range("2024-01-01", periods=80).repeat(2))})
    dataset = Dataset(stays=table.assign(cost=5.0))
    assert measures_of(dataset) == ["discharges", "cost"]
    assert set(series(dataset, "discharges")) == {2.0}
    assert set(series(dataset, "cost")) == {10.0}
