"""Beds that today's patients still hold, and the wards and patients the data gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.planning import (
    StayRisk,
    blocked_beds,
    census_forecast,
    expected_patients,
    in_house,
    place_patients,
    stay_curves,
    wards_of,
)
from caremap.planning.survival import ENOUGH, leavers, leaving, sojourns
from tests.unit.planning.build import forecast_of, futures, sample

DAYS = pd.date_range("2024-01-01", periods=120).astype("datetime64[us]")


def stays(nights: int = 3, **places: object) -> pd.DataFrame:
    """One patient a day who stays for so many nights."""
    return pd.DataFrame(
        {"admitted": DAYS, "discharged": DAYS + pd.Timedelta(days=nights),
         "length_of_stay": float(nights), **places}
    )  # fmt: skip


def risk_of(current: pd.DataFrame, patients: list[float], over: float = 7) -> StayRisk:
    """A prediction that has nothing but patients in hospital."""
    return StayRisk(
        metrics={}, baseline={}, models=pd.DataFrame(), left_out={}, predictions=pd.DataFrame(),
        chosen="test", over=over, better=True, current=current, as_of=pd.Timestamp("2024-05-01"),
        bed_days=pd.DataFrame({"day": range(1, len(patients) + 1), "patients": patients}),
    )  # fmt: skip


def test_stays_of_a_fixed_length_are_known_to_the_night():
    beds = pd.DataFrame({"department": ["Surgery"], "resource": "beds", "units": [8.0]})
    dataset = Dataset(stays=stays(10, department="Surgery"), capacity=beds)
    found = blocked_beds(dataset, 12, as_of="2024-04-01", over=7)
    assert found["held"].round(9).tolist() == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]
    assert found["long"].equals(found["held"])  # all of them will have stayed for ten nights
    assert found["share"].round(9).tolist()[:3] == [9 / 8, 1, 7 / 8]
    assert found["date"][0] == pd.Timestamp("2024-04-02") and set(found["note"]) == {""}
    short = blocked_beds(dataset, 12, as_of="2024-04-01", over=10)
    assert short["long"].round(9).eq(0).all() and short["held"].equals(found["held"])


def test_long_stays_are_part_of_what_is_held_and_places_add_up_to_the_census():
    dataset = sample()
    found = blocked_beds(dataset, 10, by="department", over=7)
    assert (found["long"] >= -1e-9).all() and (found["long"] <= found["held"] + 1e-9).all()
    falls = found.groupby("department")["held"].diff().dropna()
    assert (falls <= 1e-9).all()
    day = found["date"].min()
    nobody = pd.DataFrame(0.0, index=range(200), columns=pd.date_range(day, periods=10))
    census = census_forecast(dataset, forecast_of(nobody), by="department", levels=(80,))
    held = found.groupby("date")["held"].sum().to_numpy()
    assert held == pytest.approx(census.frame["mean"].to_numpy(), rel=1e-9)
    assert found.loc[found["day"] == 1, "held"].sum() < in_house(dataset).sum()


def test_beds_that_are_not_known_are_missing_and_said():
    found = blocked_beds(Dataset(stays=stays(department="Surgery")), 2, as_of="2024-03-01")
    assert found["beds"].isna().all() and found["share"].isna().all()
    assert set(found["note"]) == {"Beds are not known."}


def test_of_a_prediction_each_patients_own_nights_and_risk_count():
    current = pd.DataFrame({
        "department": ["Surgery", "Surgery", "Medicine"], "so_far": [2.0, 9.0, 0.0],
        "risk": [0.2, 1.0, 0.1], "more_nights": [3.0, 3.0, 1.0],
    })  # fmt: skip
    # q = 3/4, 3/4 and 1/2; on their own clock 2 are in still after a day
    found = blocked_beds(risk_of(current, [2.0, 1.375]), 2).set_index(["department", "day"])
    assert found["held"].round(6).to_dict() == {
        ("Medicine", 1): 0.5, ("Medicine", 2): 0.25, ("Surgery", 1): 1.5, ("Surgery", 2): 1.125,
    }  # fmt: skip
    assert found["long"].round(6).to_dict() == {
        ("Medicine", 1): 0.1, ("Medicine", 2): 0.1, ("Surgery", 1): 0.95, ("Surgery", 2): 0.7625,
    }  # fmt: skip
    faster = blocked_beds(risk_of(current, [1.0, 0.5]), 2)
    assert faster.groupby("day")["held"].sum().to_numpy() == pytest.approx([1.0, 0.5])


def test_patients_without_a_prediction_are_left_out_and_said():
    current = pd.DataFrame({"department": ["A", "A"], "so_far": 1.0, "risk": [0.2, None],
                            "more_nights": [1.0, 1.0]})  # fmt: skip
    found = blocked_beds(risk_of(current, [0.5]), 1)
    assert found["held"].tolist() == pytest.approx([0.5])
    assert found["note"][0].startswith("Left out: 1 patient without")


def test_without_a_place_or_patients_it_is_said():
    with pytest.raises(DataProblem, match="In which place"):
        blocked_beds(Dataset(stays=stays()))
    with pytest.raises(DataProblem, match="Patients in hospital"):
        blocked_beds(risk_of(pd.DataFrame({"department": []}), []))


def test_wards_have_the_beds_and_patients_of_their_facility():
    north = stays(3, facility="North", ward="Ward 1", department="Surgery")
    south = stays(2, facility="South", ward="Ward 1", department="Surgical ICU")
    table = pd.concat([north, south])
    beds = pd.DataFrame({
        "facility": ["North", "South", "South"], "resource": "beds",
        "ward": ["Ward 1", "ward 1", "Ward 2"], "units": [5.0, 6.0, 7.0],
    })  # fmt: skip
    found = wards_of(Dataset(stays=table, capacity=beds), as_of="2024-03-01")
    assert found.to_dict("list") == {
        "ward": ["Ward 1, North", "Ward 1, South", "Ward 2, South"],
        "facility": ["North", "South", "South"],
        "department": ["Surgery", "Surgical ICU", "Ward 2"],
        "level": ["general", "intensive", "general"],
        "beds": [5.0, 6.0, 7.0],
        "occupied": [3.0, 2.0, 0.0],
    }


def test_patients_to_expect_are_whole_and_add_up():
    table = pd.concat([stays(3, department="Surgery"), stays(9, department="Intensive care")])
    found = expected_patients(Dataset(stays=table), 7, as_of="2024-04-01")
    assert found.to_dict("list") == {
        "group": ["Intensive care", "Surgery"], "department": ["Intensive care", "Surgery"],
        "level": ["intensive", "general"], "expected": [7, 7], "stay": [9.0, 3.0],
        "risk": [1.0, 0.0],
    }  # fmt: skip
    ahead = forecast_of(futures([5.0] * 7, "2024-04-02"), mean=[5.0] * 7)
    more = expected_patients(Dataset(stays=table), 7, as_of="2024-04-01", forecast=ahead)
    assert more["expected"].sum() == 35
    with pytest.raises(DataProblem, match="8 days ahead"):
        expected_patients(Dataset(stays=table), 8, as_of="2024-04-01", forecast=ahead)
    with pytest.raises(DataProblem, match="department"):
        expected_patients(Dataset(stays=stays()), 8)


def test_of_a_prediction_those_of_a_predicted_long_stay_are_a_group_of_their_own():
    table = pd.DataFrame({
        "admitted": list(DAYS) * 2, "department": "Surgery", "stay": 3.0,
        "predicted": [9.0] * 120 + [2.0] * 120, "median": [8.0] * 120 + [2.0] * 120,
        "risk": [0.6] * 120 + [0.1] * 120,
    })  # fmt: skip
    risk = StayRisk(metrics={}, baseline={}, models=pd.DataFrame(), left_out={}, predictions=table,
                    chosen="test", over=7, better=True, as_of=DAYS[-1])  # fmt: skip
    found = expected_patients(risk, 5)
    assert found[["group", "expected", "stay", "risk"]].to_numpy().tolist() == [
        ["Surgery", 5, 2.0, pytest.approx(0.1)],
        ["Surgery, long stay predicted", 5, 9.0, pytest.approx(0.6)],
    ]


def test_of_a_prediction_stays_last_as_those_did_of_whom_the_same_was_predicted():
    """Half of those predicted long leave after 8 nights, the rest after 12; the others after 2."""
    long = [8.0, 12.0] * 60
    table = pd.DataFrame({
        "admitted": list(DAYS) * 2, "department": "Surgery", "stay": long + [2.0] * 120,
        "predicted": [10.0] * 120 + [2.0] * 120, "median": [9.0] * 120 + [2.0] * 120,
        "risk": 0.5,
    })  # fmt: skip
    risk = StayRisk(metrics={}, baseline={}, models=pd.DataFrame(), left_out={}, predictions=table,
                    chosen="test", over=7, better=True, as_of=DAYS[-1])  # fmt: skip
    found = stay_curves(risk)
    assert found["Surgery"].dropna().tolist() == [1, 1, 0]
    assert found["Surgery, long stay predicted"].tolist() == pytest.approx(
        [1] * 8 + [0.5] * 4 + [0]
    )
    assert set(found) == set(expected_patients(risk, 5)["group"])
    # Who is in still has stayed so far at least: dropping them would make stays look short.
    open_ = table.assign(stay=table["stay"].where(table["stay"].lt(12)))
    still = stay_curves(replace(risk, predictions=open_, as_of=DAYS[-1] + pd.Timedelta(days=30)))
    assert still["Surgery, long stay predicted"][8] == pytest.approx(0.5)
    few = replace(risk, predictions=table.head(30))
    assert stay_curves(few).empty


def test_from_the_data_to_a_place_for_everybody():
    dataset = sample()
    found = dataset.filtered(facility=["Hopfield Hospital"])
    wards = wards_of(found).assign(beds=12)
    people = expected_patients(found, 7)
    held = blocked_beds(found, 7, by=["department"]).rename(columns={"department": "ward"})
    assert set(held["ward"]) >= set(wards["department"])
    placed = place_patients(people, wards, days=7, survival=stay_curves(found))
    assert placed.totals["units"] + placed.totals["unmet"] == people["expected"].sum()
    curves = stay_curves(found)
    assert curves.min().min() >= 0 and np.nanmax(curves.to_numpy()) <= 1


def test_each_of_many_small_places_counts_who_left_of_it():
    """The count is that of the curve it would be read from, which is not worked out for it."""
    known = sojourns(sample(), None, ["facility", "department"])
    left = pd.Series(leavers(known), index=known.rows.index)
    for _, rows in known.rows.groupby(np.arange(len(known.rows)) % 500):
        own = leaving(known, rows).leavers
        assert 0 < own == left[rows.index].sum() < ENOUGH
