"""Scenarios side by side: the baseline, what may not differ, and every figure of the frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.planning import (
    BASELINE,
    Scenario,
    ScenarioRun,
    census_forecast,
    cost_basis,
    presets,
    run_scenarios,
    staff_needed,
    staffing_defaults,
)
from tests.unit.measures.build import daily_admissions
from tests.unit.planning.build import forecast_of, futures, sample

FIRST, LAST = pd.Timestamp("2024-03-02"), pd.Timestamp("2024-03-11")
BEDS = {
    "Cardiology": 24, "General Medicine": 68, "Intensive Care": 11, "Neurology": 5,
    "Obstetrics": 14, "Oncology": 9, "Orthopedics": 12, "Pediatrics": 6, "Pulmonology": 15,
    "Surgery": 36,
}  # fmt: skip
STAFF = pd.DataFrame({"facility": ["A", "B"], "role": "Nurses", "staff": [150, 60]})


def ahead(mean: float = 35.0):
    return forecast_of(futures([mean] * 10, str(FIRST), spread=0.07, draws=200))


@pytest.fixture(scope="module")
def run() -> ScenarioRun:
    return run_scenarios(
        sample(), ahead(), [*presets(FIRST, LAST, BEDS), Scenario("Nothing")],
        by="department", beds=BEDS, staff=STAFF, cost_per_day=2000.0, price_per_case=9000.0,
    )  # fmt: skip


def certain(each: int = 10, nights: int = 7, **more: object) -> tuple[Dataset, object]:
    """Ten a day who stay for seven nights, and a forecast that knows it."""
    stays = daily_admissions("2024-01-01", "2024-06-30", nights=nights, each=each)
    days = pd.date_range("2024-05-01", periods=6)
    return Dataset(stays=stays, **more), forecast_of(
        pd.DataFrame(float(each), index=range(100), columns=days)
    )


def test_a_week_each_gives_seventy_for_sure_and_half_as_many_again() -> None:
    dataset, forecast = certain()
    longer = Scenario("Longer", stay=50.0)
    fewer = Scenario("Nobody", demand=-100.0, start=pd.Timestamp("2024-05-03"))
    found = run_scenarios(dataset, forecast, [longer, fewer], beds=72)
    daily = found.daily.set_index("scenario")
    assert daily.loc[BASELINE, ["median", "mean", "high_90", "low_10"]].eq(70).all(axis=None)
    assert daily.loc["Longer", "mean"].eq(70).all()  # who is in leaves as before, for a week
    assert daily.loc["Nobody", "mean"].tolist() == [70, 70, 60, 50, 40, 30]
    assert daily.loc["Nobody", "arrivals"].tolist() == [10, 10, 0, 0, 0, 0]
    summary = found.summary.loc[BASELINE]
    assert summary[["mean_census", "peak_median", "peak_high_90", "beds"]].tolist() == [70] * 3 + [
        72
    ]
    assert summary[["beds_short", "refused", "refused_share"]].tolist() == [0, 0, 0]
    assert summary["bed_days"] == summary["bed_days_low"] == summary["bed_days_high"] == 420
    assert summary["peak_date"] == pd.Timestamp("2024-05-01")


def test_a_scenario_without_changes_is_the_baseline(run: ScenarioRun) -> None:
    for frame in (run.daily, run.staff, run.departments):
        parts = [
            frame[frame["scenario"].eq(name)].drop(columns="scenario").reset_index(drop=True)
            for name in (BASELINE, "Nothing")
        ]
        pd.testing.assert_frame_equal(*parts, check_exact=True)
    pd.testing.assert_series_equal(
        run.summary.loc[BASELINE], run.summary.loc["Nothing"], check_names=False, check_exact=True
    )
    unknown = run.differences.loc["Nothing"].isna()
    assert list(unknown[unknown].index) == ["icu_short", "ventilators_short"]
    assert run.differences.loc["Nothing"].dropna().eq(0).all()


def test_no_scenario_changes_another(run: ScenarioRun) -> None:
    alone = run_scenarios(
        sample(), ahead(), [presets(FIRST, LAST, BEDS)[1]], by="department", beds=BEDS,
        staff=STAFF, cost_per_day=2000.0, price_per_case=9000.0,
    )  # fmt: skip
    both = [BASELINE, "Pandemic surge"]
    for name in ("daily", "staff", "departments"):
        together = getattr(run, name)
        together = together[together["scenario"].isin(both)].reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(alone, name), together, check_exact=True)
    pd.testing.assert_frame_equal(alone.summary, run.summary.loc[both], check_exact=True)


def test_frames_have_the_columns_that_are_promised(run: ScenarioRun) -> None:
    assert list(run.daily) == [
        "scenario", "date", "median", "mean", "high_90", "low_10", "arrivals", "beds", "short",
        "chance_short", "refused", "icu", "icu_high_90", "icu_beds", "ventilated",
        "ventilated_high_90", "ventilators",
    ]  # fmt: skip
    figures = [name for name in run.summary if not name.endswith(("_low", "_high"))]
    assert figures == [
        "mean_census", "peak_date", "peak_median", "peak_high_90", "beds", "beds_short", "refused",
        "refused_share", "icu_short", "ventilators_short", "staff_short", "overtime_hours",
        "bed_days", "cost", "revenue", "margin",
    ]  # fmt: skip
    assert list(run.differences) == [name for name in run.summary if name != "peak_date"]
    assert list(run.summary.index) == [one.name for one in run.scenarios]
    assert list(run.differences.index) == [one.name for one in run.scenarios[1:]]
    assert run.scenarios[0] == Scenario(BASELINE)
    assert len(run.daily) == 7 * 10 and len(run.departments) == 7 * 10


def test_parts_of_patients_are_never_more_than_all(run: ScenarioRun) -> None:
    daily = run.daily
    assert (daily["ventilated"] <= daily["icu"]).all() and (daily["icu"] <= daily["mean"]).all()
    assert (daily["ventilated_high_90"] <= daily["icu_high_90"]).all()
    assert (daily["icu_high_90"] <= daily["high_90"]).all()
    assert (daily["low_10"] <= daily["median"]).all() and (
        daily["median"] <= daily["high_90"]
    ).all()
    bounded = [name[:-4] for name in run.summary if name.endswith("_low")]
    for name in bounded:
        assert (run.summary[f"{name}_low"] <= run.summary[f"{name}_high"]).all()


def test_each_preset_does_what_it_says(run: ScenarioRun) -> None:
    more = run.differences
    assert more.loc["Winter surge", "bed_days"] > 0
    assert run.summary.loc["Winter surge", "refused"] > run.summary.loc[BASELINE, "refused"]
    pandemic = run.daily[run.daily["scenario"].eq("Pandemic surge")]
    usual = run.daily[run.daily["scenario"].eq(BASELINE)]
    assert pandemic["icu"].iloc[-1] > 2 * usual["icu"].iloc[-1]
    assert more.loc["Ward closure", "beds"] == -68
    assert more.loc["Ward closure", ["bed_days", "cost", "margin", "staff_short"]].eq(0).all()
    assert more.loc["Ward closure", "refused_low"] > 0
    assert more.loc["Mass-casualty day", "revenue_low"] == 40 * 9000
    assert more.loc["Staff absence", "mean_census"] == 0
    assert more.loc["Staff absence", "staff_short"] > 0
    departments = run.departments.set_index(["scenario", "department"])
    assert departments.loc[("Ward closure", "General Medicine"), "beds"] == 0
    assert departments.loc[("Ward closure", "Surgery"), "beds"] == 36


def test_money_is_patients_by_prices(run: ScenarioRun) -> None:
    priced = Scenario("Dearer", FIRST, FIRST, cost=50.0, price=-10.0)
    found = run_scenarios(sample(), ahead(), [priced], cost_per_day=2000.0, price_per_case=9000.0)
    first = found.daily[found.daily["scenario"].eq(BASELINE)].iloc[0]
    usual = found.summary.loc[BASELINE]
    assert usual["cost"] == pytest.approx(2000 * usual["bed_days"])
    assert usual["margin"] == pytest.approx(usual["revenue"] - usual["cost"])
    more = found.differences.loc["Dearer"]
    assert more["cost"] == pytest.approx(1000 * first["mean"])
    assert more["revenue"] == pytest.approx(-900 * first["arrivals"])
    assert more["bed_days"] == 0


def test_what_a_bed_day_costs_is_read_from_the_stays() -> None:
    dataset, forecast = certain()
    costly = replace(dataset, stays=dataset.stays.assign(cost=2100.0))
    found = run_scenarios(costly, forecast, [])
    assert found.summary.loc[BASELINE, "cost"] == pytest.approx(300 * 420)
    assert any("A bed-day costs 300" in told for told in found.assumptions)


def test_scenarios_and_break_even_take_a_bed_day_to_cost_the_same() -> None:
    """Of stays that became dearer, in a period the file covers by one as-of date only."""
    dataset, forecast = certain()
    assert dataset.stays is not None
    dearer = np.linspace(500, 9000, len(dataset.stays)).round()
    costly = replace(dataset, stays=dataset.stays.sort_values("admitted").assign(cost=dearer))
    half = replace(costly, period=(pd.Timestamp("2024-01-01"), pd.Timestamp("2024-03-31")))
    told = []
    for given, as_of in ((costly, None), (half, None), (half, "2024-01-15")):
        basis = cost_basis(given, as_of=as_of)
        row = run_scenarios(given, forecast, [], as_of=as_of).summary.loc[BASELINE]
        assert row["cost"] / row["bed_days"] == pytest.approx(basis.per_bed_day, nan_ok=True)
        told.append(basis.per_bed_day)
    assert told[0] > told[1] > 0


def test_staff_is_that_of_the_staffing_page_and_absence_takes_from_who_is_there() -> None:
    dataset, forecast = certain(staff=pd.DataFrame({"role": ["Nurses"], "staff": [70.0]}))
    absence = Scenario("Flu", start=pd.Timestamp("2024-05-03"), absence=15.0)
    found = run_scenarios(dataset, forecast, [absence])
    census = census_forecast(dataset, forecast)
    usual = staff_needed(census, staffing_defaults(dataset, census), dataset.staff)
    nurses = found.staff.set_index("scenario")
    needed, missing = usual[["needed", "missing"]].iloc[0]
    assert nurses.loc[BASELINE, "needed"] == pytest.approx(needed)
    assert nurses.loc[BASELINE, "short"] == pytest.approx(missing)
    there = 70 * (100 - 22 - 15) / (100 - 22)
    assert nurses.loc["Flu", "available"] == pytest.approx(there)
    assert nurses.loc["Flu", "date"] == pd.Timestamp("2024-05-03")
    assert nurses.loc["Flu", "short"] == pytest.approx(needed - there)
    hours = 40 * 0.78 / 7 * (2 * missing + 4 * (needed - there))
    assert nurses.loc["Flu", "overtime_hours"] == pytest.approx(hours)
    assert found.summary.loc["Flu", "overtime_hours"] == pytest.approx(hours)


def test_a_role_nobody_counts_is_not_taken_for_none() -> None:
    dataset, forecast = certain(staff=pd.DataFrame({"role": ["Nurses"], "staff": [70.0]}))
    units = pd.DataFrame(
        {"unit": "All units", "role": ["Nurses", "Porters"], "patients_per_staff": [5.0, 20.0]}
    )
    found = run_scenarios(dataset, forecast, [], units=units)
    staff = found.staff.set_index("role")
    assert np.isnan(staff.loc["Porters", "short"]) and staff.loc["Porters", "needed"] > 0
    assert found.summary.loc[BASELINE, "staff_short"] == staff.loc["Nurses", "short"] > 0
    assert any(note.endswith("how many there are: Porters.") for note in found.notes)


def test_shifts_are_compared_each_with_who_is_on_it() -> None:
    staff = pd.DataFrame({"role": "Nurses", "shift": ["Day", "Night"], "staff": [14.0, 10.0]})
    dataset, forecast = certain(staff=staff)
    found = run_scenarios(dataset, forecast, []).staff.set_index("role")
    assert found["needed"].to_dict() == {"Nurses, Day": 14, "Nurses, Night": 14}  # 70 / 5
    assert found["short"].to_dict() == {"Nurses, Day": 0, "Nurses, Night": 4}
    assert found["overtime_hours"].to_dict() == {"Nurses, Day": 0, "Nurses, Night": 6 * 4 * 12}


def test_what_is_not_known_is_missing_and_said() -> None:
    dataset, forecast = certain()
    found = run_scenarios(dataset, forecast, [Scenario("Closure", beds={"": -5})])
    unknown = ["beds", "beds_short", "refused", "refused_share", "icu_short", "ventilators_short",
               "staff_short", "overtime_hours", "cost", "revenue", "margin"]  # fmt: skip
    assert found.summary[unknown].isna().all(axis=None)
    assert found.daily[["beds", "short", "chance_short", "refused"]].isna().all(axis=None)
    assert found.staff["short"].isna().all() and found.staff["needed"].notna().any()
    said = " ".join(found.notes)
    for word in (
        "No staffed beds",
        "intensive care beds",
        "ventilators",
        "staff",
        "What care costs",
        "Revenue",
    ):
        assert word in said


def test_beds_open_and_close_on_the_days_of_the_window_and_never_below_none() -> None:
    capacity = pd.DataFrame(
        {"department": ["ICU", "Ward", "ICU", "ICU"], "units": [10.0, 70.0, 8.0, 6.0],
         "resource": ["beds", "beds", "icu_beds", "Ventilators"]}
    )  # fmt: skip
    dataset, forecast = certain(capacity=capacity)
    day = pd.Timestamp("2024-05-02")
    closure = Scenario(
        "Closure", day, day, beds={"ward": -90, "Attic": 3}, icu_beds=-9, ventilators=2
    )
    daily = run_scenarios(dataset, forecast, [closure]).daily.set_index("scenario").loc["Closure"]
    assert daily["beds"].tolist() == [80, 80 - 70 + 3 - 8, 80, 80, 80, 80]
    assert daily["icu_beds"].tolist() == [8, 0, 8, 8, 8, 8]
    assert daily["ventilators"].tolist() == [6, 8, 6, 6, 6, 6]
    assert daily["short"].tolist() == [0, 65, 0, 0, 0, 0]
    assert daily["refused"].tolist() == [0, 10, 0, 0, 0, 0]
    notes = " ".join(run_scenarios(dataset, forecast, [closure]).notes)
    assert "no beds are known of “Attic”" in notes and "“ward” has 70 beds" in notes


def test_intensive_care_follows_the_settings_and_stays_a_part() -> None:
    dataset, forecast = certain()
    settings = {"stay": 7.0, "icu_share": 10.0, "icu_stay": 3.5, "ventilated_share": 0.0}
    twice = Scenario("Twice", icu_share=20.0, ventilated_share=100.0)
    too_much = Scenario("All", icu_share=100.0, stay=100.0)
    found = run_scenarios(
        dataset, forecast, [twice, too_much], intensive=settings | {"icu_stay": 14.0}
    )
    daily = found.daily.set_index("scenario")
    assert daily.loc[BASELINE, "ventilated"].eq(0).all()
    assert (daily.loc["All", "icu"] <= daily.loc["All", "mean"]).all()
    assert any("All: all bed-days are intensive care" in note for note in found.notes)
    usual = run_scenarios(dataset, forecast, [], intensive=settings).daily
    assert usual["icu"].mean() == pytest.approx(70 * 0.1 * 3.5 / 7, rel=0.15)
    with pytest.raises(ValueError, match="intensive takes stay"):
        run_scenarios(dataset, forecast, [], intensive={"beds": 3})


def test_who_leaves_the_same_day_is_in_at_no_midnight_and_never_refused() -> None:
    dataset, forecast = certain(nights=0)
    found = run_scenarios(dataset, forecast, [Scenario("Longer", stay=100.0)], beds=0)
    assert found.summary[["mean_census", "refused", "beds_short"]].eq(0).all(axis=None)
    assert found.daily["arrivals"].eq(10).all()


def test_published_shares_that_do_not_fit_the_stays_leave_intensive_care_unknown() -> None:
    """Stays of half a night cannot hold the days of intensive care of a general hospital."""
    overnight = daily_admissions("2024-01-01", "2024-06-30", nights=1, each=4)
    same_day = daily_admissions("2024-01-01", "2024-06-30", nights=0, each=6)
    dataset = Dataset(stays=pd.concat([overnight, same_day], ignore_index=True))
    found = run_scenarios(dataset, certain()[1], [Scenario("More", icu_share=50.0)])
    assert found.daily[["icu", "icu_high_90", "ventilated"]].isna().all(axis=None)
    assert found.daily["mean"].gt(0).all()
    assert any("Intensive care and ventilators are not known" in note for note in found.notes)
    with pytest.raises(DataProblem, match="nights altogether"):
        run_scenarios(dataset, certain()[1], [], intensive={"icu_share": 60.0})


def test_rows_in_any_order_and_of_any_type_give_the_same() -> None:
    shuffled = sample().stays.sample(frac=1, random_state=3).astype({"department": "object"})
    again = Dataset(stays=shuffled.assign(own=1))
    kept = shuffled.copy()
    one, other = (
        run_scenarios(data, ahead(), [Scenario("More", demand=20.0)], by="department").daily
        for data in (sample(), again)
    )
    pd.testing.assert_frame_equal(one, other)
    pd.testing.assert_frame_equal(shuffled, kept)


def test_progress_is_told_in_words() -> None:
    told = []
    dataset, forecast = certain()
    run_scenarios(dataset, forecast, [Scenario("A")], progress=lambda *stage: told.append(stage))
    assert [stage for stage, _ in told] == ["Who is in and who may come", BASELINE, "A"]
    assert [part for _, part in told] == sorted(part for _, part in told)


def test_scenarios_outside_the_days_ahead_change_nothing_and_it_is_said() -> None:
    dataset, forecast = certain()
    past = Scenario("Past", end=pd.Timestamp("2023-12-31"), demand=50.0, extra=9)
    early = Scenario("Early", start=pd.Timestamp("2024-04-30"), extra=9)
    found = run_scenarios(dataset, forecast, [past, early])
    assert found.differences["bed_days"].tolist() == [0, 0]
    notes = " ".join(found.notes)
    assert "Past: none of its days" in notes and "Early: its first day is before" in notes


@pytest.mark.parametrize(
    ("more", "scenarios", "said"),
    [
        ({}, [Scenario("A"), Scenario("a")], "same name"),
        ({}, [Scenario("Baseline")], "cannot be called"),
        ({"by": "wing"}, [], "no column “wing”"),
        ({"beds": -1}, [], "Staffed beds have to be"),
        ({"beds": {"A": float("nan")}}, [], "Staffed beds have to be"),
        ({"cost_per_day": -1}, [], "cost of a bed-day"),
        ({"price_per_case": float("inf")}, [], "price of a case"),
        ({"intensive": {"icu_share": 101}}, [], "between 0 and 100"),
        (
            {"by": "department", "units": pd.DataFrame(
                {"unit": ["Attic"], "role": ["Nurses"], "patients_per_staff": [4]})},
            [], "no unit “Attic”",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused_in_words(more, scenarios, said) -> None:
    with pytest.raises(DataProblem, match=said):
        run_scenarios(sample(), ahead(), scenarios, **more)


def test_other_forecasts_are_refused_in_words() -> None:
    counted = forecast_of(futures([50, 52], str(FIRST)), [50, 52], "occupied")
    with pytest.raises(DataProblem, match="start from admissions"):
        run_scenarios(sample(), counted, [])
    with pytest.raises(DataProblem, match="by week"):
        run_scenarios(sample(), replace(ahead(), every="week"), [])
    with pytest.raises(ValueError, match="more than 0 of 168"):
        run_scenarios(sample(), ahead(), [], hours_per_week=0)


def test_what_worst_days_differ_by_is_the_middle_of_the_futures() -> None:
    later = Scenario("Crash", FIRST, FIRST, extra=40)
    found = run_scenarios(sample(), ahead(), [later])
    more = found.differences.loc["Crash"]
    assert 0 <= more["peak_median_low"] < more["peak_median"] < more["peak_median_high"] <= 40
    apart = found.summary["peak_median"]
    assert more["peak_median"] != apart["Crash"] - apart[BASELINE]  # of two days of their own
