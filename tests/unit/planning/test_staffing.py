"""Staff by unit: ratios, hours of care, and the staff there is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.planning import (
    CensusForecast,
    census_forecast,
    full_time_staff,
    staff_needed,
    staffing_defaults,
)
from tests.unit.measures.build import daily_admissions
from tests.unit.planning.build import forecast_of, futures, sample

DAYS = pd.date_range("2024-05-01", periods=2)
WHOLE = CensusForecast(pd.DataFrame({"date": DAYS, "mean": [32.0, 41.0]}), pd.DataFrame())
PARTS = CensusForecast(
    frame=WHOLE.frame,
    samples=pd.DataFrame(),
    by="department",
    parts=pd.DataFrame(
        {
            "date": DAYS.repeat(2),
            "department": ["ICU", "Surgery"] * 2,
            "mean": [4.0, 28.0, 5.0, 36.0],
        }
    ),
)


def units(*rows: tuple[str, str, float | None, float | None]) -> pd.DataFrame:
    columns = ["unit", "role", "patients_per_staff", "hours_per_patient_day"]
    return pd.DataFrame(rows, columns=columns)


def test_hours_per_patient_day_give_the_published_posts():
    assert round(full_time_staff(28 * 30, 6.5, 173.33), 1) == 31.5
    with pytest.raises(ValueError, match="more than 0"):
        full_time_staff(1, 1, 0)


def test_eight_nurses_in_each_of_three_shifts_are_six_hours_for_each_of_32_patients():
    found = staff_needed(WHOLE, units(("All units", "Nurses", None, 6.0)), absence=0)
    assert found["on_duty"].to_list() == [8, 41 * 6 / 24]
    assert found["needed"][0] == pytest.approx(8 * 3 * 8 * 7 / 40)


def test_a_ratio_holds_at_every_hour_so_people_are_whole():
    found = staff_needed(WHOLE, units(("All units", "Nurses", 5, None)), absence=22)
    assert found["on_duty"].to_list() == [7, 9]
    np.testing.assert_allclose(found["needed"], np.array([7, 9]) * 168 / (40 * 0.78))
    assert found["available"].isna().all() and found["missing"].isna().all()


def test_units_stand_beside_the_staff_there_is_and_add_up():
    staff = pd.DataFrame(
        {
            "department": ["ICU", "icu", "Surgery", "Surgery"],
            "role": ["Nurses"] * 4,
            "date": pd.to_datetime(["2024-04-01", "2024-04-01", "2024-03-01", "2024-04-01"]),
            "staff": [5, 3, 100, 40],
        }
    )
    asked = units(("ICU", "Nurses", 2, None), ("Surgery", "Nurses", 5, None))
    found = staff_needed(PARTS, asked, staff, hours_per_week=42, absence=0)
    expected = pd.DataFrame(
        {
            "date": DAYS.repeat(3),
            "unit": ["ICU", "Surgery", "All units"] * 2,
            "role": "Nurses",
            "shift": "",
            "patients": [4.0, 28, 32, 5, 36, 41],
            "on_duty": [2.0, 6, 8, 3, 8, 11],
            "needed": [8.0, 24, 32, 12, 32, 44],
            "available": [8.0, 40, 48] * 2,
            "missing": [0.0, 0, 0, 4, 0, 0],
        }
    )
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_staff_counted_by_facility_stand_beside_all_units_only():
    staff = pd.DataFrame({"facility": ["A", "B"], "role": ["nurses"] * 2, "staff": [10, 20]})
    asked = units(("ICU", "Nurses", 2, None), ("Surgery", "Nurses", 5, None))
    found = staff_needed(PARTS, asked, staff).set_index("unit")
    assert found["available"]["All units"].to_list() == [30, 30]
    assert found["available"]["ICU"].isna().all()


def test_shifts_are_compared_each_with_its_own_people_never_added_over_days():
    days = pd.date_range("2024-04-01", periods=30).repeat(4)
    staff = pd.DataFrame(
        {
            "date": days,
            "department": ["ICU", "ICU", "Surgery", "Surgery"] * 30,
            "shift": ["Day", "Night"] * 60,
            "staff": [3, 1, 10, 5] * 30,
        }
    )
    usual = staffing_defaults(Dataset(staff=staff))
    assert usual[["unit", "role", "patients_per_staff"]].to_numpy().tolist() == [
        ["All units", "Staff", 5]
    ]
    asked = units(("ICU", "Staff", 2, None), ("Surgery", "Staff", 5, None))
    found = staff_needed(PARTS, asked, staff)
    today = found[found["date"] == DAYS[0]].set_index(["unit", "shift"])
    expected = pd.DataFrame(
        {
            "needed": [2.0, 2, 6, 6, 8, 8],
            "available": [3.0, 1, 10, 5, 13, 6],
            "missing": [0.0, 1, 0, 1, 0, 2],
        },
        index=pd.MultiIndex.from_product([["ICU", "Surgery", "All units"], ["Day", "Night"]]),
    )
    pd.testing.assert_frame_equal(today[[*expected]], expected, check_names=False)


def test_rows_without_a_number_are_left_out():
    asked = units(("All units", "Nurses", 5, None), ("All units", "Porters", None, None))
    assert staff_needed(WHOLE, asked)["role"].unique().tolist() == ["Nurses"]
    assert staff_needed(WHOLE, asked.iloc[1:]).empty


NURSES = {
    "Intensive Care": 2, "ICU North": 2, "Neonatal unit": 2, "PACU": 2, "Labor and delivery": 2,
    "Step-down": 3, "Emergency": 4, "ED": 4, "Cardiology": 4, "Pediatrics": 4, "Obstetrics": 4,
    "Oncology": 4, "Psychiatry": 6, "General Medicine": 5, "Surgery": 5, "Orthopedics": 5,
}  # fmt: skip


def test_nurses_have_the_ratio_of_their_unit_and_every_default_names_its_source():
    names = list(NURSES)
    table = daily_admissions("2024-01-01", "2024-01-16", department=names)
    found = staffing_defaults(Dataset(stays=table))
    nurses = found[found["role"] == "Nurses"].set_index("unit")["patients_per_staff"]
    assert nurses.to_dict() == NURSES
    assert found["source"].str.contains("Title 22|JAMA|Critical Care Medicine").all()
    given = found[["patients_per_staff", "hours_per_patient_day"]].notna().sum(axis=1)
    assert given.eq(1).all()


def test_roles_are_those_of_the_staff_table_and_unknown_ones_are_left_to_the_user():
    staff = pd.DataFrame({"role": ["Nurses", "Nursing Assistants", "Doctors", "Therapists"]})
    found = staffing_defaults(Dataset(staff=staff)).set_index("role")
    assert found.index.to_list() == ["Doctors", "Nurses", "Nursing Assistants", "Therapists"]
    assert found["unit"].unique().tolist() == ["All units"]
    assert "type it in" in found["source"]["Therapists"]
    assert "type it in" in found["source"]["Nursing Assistants"]


def test_the_sample_network_from_forecast_to_staff():
    ahead = forecast_of(futures([36] * 14, "2025-07-01"))
    census = census_forecast(sample(), ahead, by="department")
    found = staff_needed(census, staffing_defaults(sample()))
    totals = found[found["unit"] == "All units"]
    np.testing.assert_allclose(
        totals.loc[totals["role"] == "Nurses", "patients"], census.frame["mean"]
    )
    assert found["needed"].gt(0).all()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("Ward 9", "Nurses", 5, None)], "no unit “Ward 9”"),
        ([("All units", "Nurses", 5, None), ("ICU", "Nurses", 2, None)], "beside single"),
        ([("All units", "Nurses", 0, None)], "more than 0"),
        ([("All units", "Nurses", None, -1)], "more than 0"),
        ([("All units", "Nurses", 5, None), ("All units", "Nurses", 4, None)], "twice"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_in_words(rows, said):
    with pytest.raises(DataProblem, match=said):
        staff_needed(WHOLE, units(*rows))


@pytest.mark.parametrize("work", [{"hours_per_week": 0}, {"absence": 100}])
def test_somebody_has_to_work(work):
    with pytest.raises(ValueError, match="more than 0"):
        staff_needed(WHOLE, units(("All units", "Nurses", 5, None)), **work)


def test_units_are_those_of_the_census_whoever_else_comes():
    """An emergency department whose visits stay for no night takes no bed, nor a ward's nurses."""
    days = pd.date_range("2024-01-01", periods=120).astype("datetime64[us]").repeat(12)
    nights = pd.Series(np.tile([2.0] * 8 + [3.0] * 2 + [0.0] * 2, 120))
    stays = pd.DataFrame(
        {
            "admitted": days,
            "discharged": days + pd.to_timedelta(nights, unit="D"),
            "length_of_stay": nights,
            "was_admitted": nights.gt(0).astype("boolean"),
            "department": np.tile(["Surgery"] * 8 + [None] * 2 + ["Emergency"] * 2, 120),
        }
    )
    dataset = Dataset(stays=stays)
    arrivals = forecast_of(futures([10, 10], "2024-04-30"))
    census = census_forecast(dataset, arrivals, by="department")
    usual = staffing_defaults(dataset, census)
    assert usual["unit"].unique().tolist() == ["Surgery", "Unknown"]
    found = staff_needed(census, usual)
    together = found[found["unit"].eq("All units") & found["role"].eq("Nurses")]
    np.testing.assert_allclose(together["patients"], census.frame["mean"])
