"""Staff a workload takes, against published cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.planning import (
    allowance_factor,
    available_time,
    care_hours,
    full_time_staff,
    hours_per_patient_day,
    required_staff,
    wisn,
    wisn_ratio,
    with_required,
    workloads,
)


def test_the_published_case_of_kenya():
    hours = available_time(179)
    assert hours == 179 * 8
    assert round(wisn(100_000, 0.25, hours), 2) == 17.46
    assert round(allowance_factor(10 / 179), 4) == 1.0592
    assert round(wisn(100_000, 0.25, hours, allowance=10 / 179), 2) == 18.49
    assert hours_per_patient_day(8, 3, 8, 32) == 6.0


def test_required_is_the_workloads_staff_times_one_factor_plus_the_other():
    found = wisn(1000.0, 2.0, 1600.0, allowance=0.2, individual=400.0)
    assert found == pytest.approx(1000 * 2 / 1600 * 1.25 + 0.25)
    assert wisn_ratio(3.0, 4.0) == 0.75
    ratios = wisn_ratio(pd.Series([3.0, 3.0]), pd.Series([4.0, 0.0]))
    assert ratios[0] == 0.75 and np.isnan(ratios[1]) and np.isnan(wisn_ratio(3.0, 0.0))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: wisn(1, 1, 0), "more than 0 hours"),
        (lambda: wisn(1, -1, 8), "0 or more"),
        (lambda: wisn(1, 1, 8, allowance=1.0), "below 100 %"),
        (lambda: wisn(1, 1, 8, individual=float("nan")), "0 or more"),
        (lambda: available_time(100, annual_leave=100), "No working time is left"),
        (lambda: available_time(400), "out of what is possible"),
    ],
)
def test_numbers_out_of_what_is_possible_are_refused_in_words(call, said):
    with pytest.raises(DataProblem, match=said):
        call()


UNITS = pd.DataFrame(
    {
        "facility": ["A", "A", "B", "C"],
        "unit": ["ICU", "ED", "ED", "ED"],
        "workload": [300.0, 840.0, 840.0, np.nan],
        "hours": [12.0, 6.5, 6.5, 6.5],
        "days": 30.0,
    }
)


def test_patient_days_by_unit_take_the_posts_hours_per_patient_day_give():
    found = required_staff(UNITS, 173.33 * 365 / 30)
    assert found.index.to_list() == ["A", "B", "C"] and found.name == "required"
    assert round(found["B"], 1) == 31.5 == round(full_time_staff(840, 6.5, 173.33), 1)
    assert found["A"] == pytest.approx((300 * 12 + 840 * 6.5) / 173.33)
    assert np.isnan(found["C"])  # unknown work is no work to plan by, not none


def test_work_of_a_year_needs_no_days_and_roles_have_hours_of_their_own():
    units = pd.DataFrame(
        {
            "facility": ["A", "A"],
            "workload": [100_000, 100_000],
            "hours": [0.25, 0.1],
            "role": ["Doctors", "Nurses"],
        }
    )
    assert round(required_staff(units, 1432, role="doctors ")["A"], 2) == 17.46
    with pytest.raises(DataProblem, match="names roles"):
        required_staff(units, 1432)
    with pytest.raises(DataProblem, match="lacks the column “hours”"):
        required_staff(units.drop(columns="hours"), 1432)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6), st.floats(0, 0.9))
def test_required_staff_of_facilities_add_up_to_that_of_their_work(work, allowance):
    units = pd.DataFrame({"facility": [f"F{n}" for n in range(len(work))], "workload": work})
    found = required_staff(units.assign(hours=0.5), 1600, allowance=allowance)
    assert found.sum() == pytest.approx(wisn(sum(work), 0.5, 1600, allowance=allowance))


def test_what_units_do_is_counted_by_facility_and_unit_and_year():
    days = pd.date_range("2024-04-01", periods=10)
    stays = pd.DataFrame(
        {
            "facility": ["A"] * 10 + ["B"] * 10,
            "department": ["ICU", "ED"] * 10,
            "admitted": [*days, *days],
            "discharged": [*(days + pd.Timedelta(days=1)), *(days + pd.Timedelta(days=1))],
            "length_of_stay": 1.0,
        }
    )
    found = workloads(Dataset(stays=stays))
    days_in = found.groupby("facility")["workload"].sum()
    assert days_in["A"] == days_in["B"] == found["days"][0]
    assert found["unit"].to_list() == ["ED", "ICU"] * 2
    counted = workloads(Dataset(stays=stays), "patients", by_unit=False)
    assert counted.to_dict("list") == {
        "facility": ["A", "B"], "unit": ["All units"] * 2, "workload": [10, 10], "days": [10, 10],
    }  # fmt: skip
    with pytest.raises(DataProblem, match="Visits of each facility cannot be computed"):
        workloads(Dataset(stays=stays), "visits")


def test_usual_hours_of_care_are_offered_by_unit_and_unknown_roles_are_left_open():
    nurses = care_hours(UNITS, "Nurses")
    assert nurses["hours"].to_list() == [12, 6, 6, 6]  # 2 patients a nurse, 4 in the ED
    assert nurses["source"].str.contains("California").all()
    assert care_hours(UNITS, "Chaplains")["hours"].isna().all()


def test_required_staff_becomes_a_need_of_the_network():
    network = pd.DataFrame({"facility": ["A ", "B", "D"], "Nurses": [3, 4, 5]})
    found = with_required(network, "Nurses", required_staff(UNITS, 2000))
    assert found["required Nurses"].notna().to_list() == [True, True, False]
    assert "required Nurses" not in network
