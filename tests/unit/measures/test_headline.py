"""The key figures: the worked example, the windows, the conventions, and what is not known."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.measures import MEASURES, headline
from caremap.problems import DataProblem
from tests.unit.measures.build import (
    WORKED,
    daily_admissions,
    days,
    generated,
    stays,
    worked_example,
)

PERIODS = ["month_to_date", "previous", "last_year"]


def test_every_measure_is_there_in_order_with_its_unit() -> None:
    for dataset in (Dataset(), worked_example()):
        frame = headline(dataset)
        assert frame.index.tolist() == list(MEASURES)
        assert frame.columns.tolist() == [
            "overall", "month_to_date", "previous", "last_year", "change", "unit", "numerator",
            "denominator", "n", "mtd_numerator", "mtd_denominator", "mtd_n", "every", "note",
        ]  # fmt: skip
        assert frame["unit"].to_dict() == {name: item.unit for name, item in MEASURES.items()}


# --- the worked example of the definitions --------------------------------------------------

WORKED_FIGURES = {
    "admissions": 6,
    "discharges": 6,
    "length_of_stay": 18.0,
    "median_stay": 4.5,
    "bed_days": 63,
    "mean_census": 2.1,
    "occupancy": 42.0,
    "turnover": 1.2,
    "turnover_interval": 14.5,
    "still_in_hospital": 2,
}


@pytest.mark.parametrize("measure", WORKED_FIGURES)
def test_the_worked_example_to_the_digit(measure: str) -> None:
    frame = headline(worked_example(), as_of="2024-04-30")
    assert frame.loc[measure, "month_to_date"] == pytest.approx(WORKED_FIGURES[measure], abs=1e-12)


def test_the_worked_example_as_a_reporting_period() -> None:
    april = worked_example().filtered(start="2024-04-01", end="2024-04-30")
    frame = headline(april, as_of="2024-04-30")
    for measure, expected in WORKED_FIGURES.items():
        assert frame.loc[measure, "overall"] == pytest.approx(expected, abs=1e-12), measure


@pytest.mark.parametrize(
    ("choice", "mean", "median"),
    [({}, 18.0, 4.5), ({"same_day": 1}, 55 / 3, 4.5), ({"overnight_only": True}, 27.0, 8.0)],
)
def test_the_three_conventions_of_the_length_of_stay(
    choice: dict[str, Any], mean: float, median: float
) -> None:
    frame = headline(worked_example(), as_of="2024-04-30", **choice)
    assert frame.loc["length_of_stay", "month_to_date"] == pytest.approx(mean)
    assert frame.loc["median_stay", "month_to_date"] == median


def test_the_wrong_answers_seen_elsewhere_appear_nowhere() -> None:
    wrong = [72.0, 46.0, 31.3, 21.3, 10.7]
    for as_of in (None, "2024-04-30"):
        frame = headline(worked_example(), as_of=as_of)
        numbers = frame.select_dtypes("number").to_numpy().ravel()
        for number in numbers[~np.isnan(numbers)]:
            assert all(abs(number - value) > 0.05 for value in wrong)


def test_a_figure_carries_its_numerator_denominator_and_rows() -> None:
    frame = headline(worked_example(), as_of="2024-04-30")
    columns = ["mtd_numerator", "mtd_denominator", "mtd_n"]
    assert frame.loc["occupancy", columns].tolist() == [63, 150, 30]
    assert frame.loc["length_of_stay", columns].tolist() == [108, 6, 6]
    assert frame.loc["turnover_interval", columns].tolist() == [87, 6, 30]
    assert frame.loc["length_of_stay", ["numerator", "denominator", "n"]].tolist() == [114, 7, 7]


def test_9001_bed_days_in_50_beds_over_182_days_are_989_per_cent() -> None:
    rows = [(str(n), "2023-06-01", "2024-12-31") for n in range(49)]
    rows += [("last", "2024-01-01", "2024-03-24")]  # 83 midnights
    rows += [(f"ends {n}", "2023-01-01", "2023-01-01") for n in range(2000)]
    dataset = Dataset(stays=stays(rows)).with_beds(50)
    frame = headline(dataset.filtered(start="2024-01-01", end="2024-06-30"), as_of="2024-12-31")
    assert frame.loc["bed_days", "overall"] == 49 * 182 + 83 == 9001
    assert round(frame.loc["occupancy", "overall"], 1) == 98.9


def test_64_per_cent_same_day_and_overnight_57_give_269_when_same_day_counts_1() -> None:
    lengths = [0.0] * 64 + [5.0] * 11 + [6.0] * 24 + [6.2]
    dataset = Dataset(stays=pd.DataFrame({"length_of_stay": lengths}))
    overnight = headline(dataset, overnight_only=True).loc["length_of_stay", "overall"]
    assert overnight == pytest.approx(5.7, abs=1e-9)
    assert headline(dataset, same_day=1).loc["length_of_stay", "overall"] == pytest.approx(
        2.69, abs=0.005
    )


# --- windows --------------------------------------------------------------------------------


def every_day(first: str, last: str) -> Dataset:
    return Dataset(stays=daily_admissions(first, last))


@pytest.mark.parametrize(
    ("as_of", "month", "previous", "last_year"),
    [
        ("2024-03-30", 30, 29, 30),  # against 1-29 February
        ("2024-02-29", 29, 29, 28),  # the year before has no 29th
        ("2023-03-31", 31, 28, 31),
        ("2024-05-31", 31, 30, 31),
        ("2024-01-15", 15, 15, 15),  # the month before is in another year
    ],
)
def test_month_to_date_is_compared_with_the_same_days(
    as_of: str, month: int, previous: int, last_year: int
) -> None:
    frame = headline(every_day("2022-01-01", "2024-06-30"), as_of=as_of)
    assert frame.loc["admissions", PERIODS].tolist() == [month, previous, last_year]
    assert frame.loc["admissions", "change"] == pytest.approx(0.0)  # one a day, always
    assert ("Change per day" in frame.loc["admissions", "note"]) == (month != previous)


def test_the_as_of_date_is_the_last_admission_date_and_ends_only_the_months() -> None:
    frame = headline(every_day("2023-01-01", "2024-03-10"))
    assert frame.loc["admissions", ["overall", *PERIODS]].tolist() == [435, 10, 10, 10]
    earlier = headline(every_day("2023-01-01", "2024-03-10"), as_of="2024-02-05")
    assert earlier.loc["admissions", ["overall", *PERIODS]].tolist() == [435, 5, 5, 5]


def test_the_period_limits_overall_and_caps_the_as_of_date_but_not_the_comparisons() -> None:
    period = every_day("2023-01-01", "2024-03-10").filtered(start="2024-01-20", end="2024-02-10")
    frame = headline(period)
    assert frame.loc["admissions", ["overall", *PERIODS]].tolist() == [22, 10, 10, 10]
    assert frame.loc["cost", "note"] == "No cost column."


def test_a_zero_baseline_has_no_change() -> None:
    table = pd.concat([daily_admissions("2024-01-01", "2024-01-31"),
                       daily_admissions("2024-03-01", "2024-03-10")])  # fmt: skip
    frame = headline(Dataset(stays=table))
    assert frame.loc["admissions", ["month_to_date", "previous"]].tolist() == [10, 0]
    assert np.isnan(frame.loc["admissions", "change"])
    assert "previous figure is 0" in frame.loc["admissions", "note"]


def test_a_window_before_the_data_is_unknown_never_zero() -> None:
    frame = headline(every_day("2024-03-01", "2024-04-10"))
    row = frame.loc["admissions"]
    assert row[["month_to_date", "previous"]].tolist() == [10, 10]
    assert np.isnan(row["last_year"])
    assert "Last year: The data is complete from 1 Mar 2024 only." in row["note"]
    late = headline(every_day("2024-03-09", "2024-04-10"))
    assert np.isnan(late.loc["admissions", "previous"])


def test_a_day_without_admissions_at_the_start_is_chance_where_they_are_rare() -> None:
    rare = pd.concat([stays([("first", "2024-03-02", "2024-03-03")]),
                      daily_admissions("2024-03-04", "2024-04-10")])  # fmt: skip
    assert headline(Dataset(stays=rare)).loc["admissions", "previous"] == 8
    often = daily_admissions("2024-03-02", "2024-04-10", each=20)
    assert np.isnan(headline(Dataset(stays=often)).loc["admissions", "previous"])


def test_a_month_after_the_data_is_unknown_never_zero() -> None:
    frame = headline(every_day("2024-01-01", "2024-03-10"), as_of="2024-05-15")
    assert frame.loc["admissions", "overall"] == 70
    assert np.isnan(frame.loc["admissions", "month_to_date"])
    assert "The data ends on 10 Mar 2024." in frame.loc["admissions", "note"]


def test_a_period_outside_the_data_is_unknown_never_zero() -> None:
    for start, end in (("2030-01-01", None), (None, "2019-12-31")):
        period = every_day("2024-01-01", "2024-03-10").filtered(start=start, end=end)
        frame = headline(period)
        assert frame["overall"].isna().all(), frame["overall"].dropna()


def test_discharges_of_the_first_weeks_are_not_compared_with() -> None:
    table = daily_admissions("2024-03-01", "2024-04-30", nights=10)
    frame = headline(Dataset(stays=table))
    assert frame.loc["admissions", "previous"] == 30
    for measure in ("discharges", "length_of_stay", "median_stay"):
        assert np.isnan(frame.loc[measure, "previous"]), measure
        assert "not in the file" in frame.loc[measure, "note"]


# --- what is counted ------------------------------------------------------------------------


def test_discharges_after_the_last_admission_belong_to_overall() -> None:
    frame = headline(every_day("2024-01-01", "2024-03-10"))
    assert frame.loc["discharges", "overall"] == 70  # the last one on 11 March


def test_a_stay_that_ends_before_it_begins_counts_as_admission_and_discharge_only() -> None:
    table = stays([*WORKED, ("X", "2024-04-20", "2024-04-10")])
    frame = headline(Dataset(stays=table).with_beds(5), as_of="2024-04-30")
    month = frame["month_to_date"]
    assert (month["admissions"], month["discharges"]) == (7, 7)
    assert (month["length_of_stay"], month["bed_days"]) == (18.0, 63)


def test_visits_are_not_admissions() -> None:
    flags = pd.array([True, False, None, True], dtype="boolean")
    table = pd.DataFrame(
        {
            "admitted": days(["2024-04-01", "2024-04-02", "2024-04-02", "2024-04-03"]),
            "was_admitted": flags,
            "waiting_minutes": [10.0, 20.0, 30.0, 100.0],
        }
    )
    frame = headline(Dataset(stays=table))
    assert frame.loc[["visits", "admissions"], "overall"].tolist() == [4, 2]
    assert frame.loc["admissions", "n"] == 3
    assert "not counted: 1." in frame.loc["admissions", "note"]
    assert frame.loc[["waiting", "waiting_p90"], "overall"].tolist() == pytest.approx([25, 79])
    silent = headline(Dataset(stays=table.assign(was_admitted=pd.array([None] * 4, "boolean"))))
    assert silent.loc["visits", "overall"] == 4
    assert np.isnan(silent.loc["admissions", "overall"])


def test_stays_have_no_visits_and_say_what_is_needed() -> None:
    row = headline(worked_example()).loc["visits"]
    assert np.isnan(row["overall"])
    assert row["note"] == "Needs a column with was admitted or visits."


def test_cost_goes_by_discharge_date_or_by_admission_date() -> None:
    rows = [
        ("A", "2024-03-30", "2024-04-02"),
        ("B", "2024-04-01", None),
        ("C", "2024-04-02", "2024-04-03"),
    ]
    table = stays(rows, cost=[100.0, 40.0, -10.0])
    frame = headline(Dataset(stays=table), as_of="2024-04-03")
    assert frame.loc["cost", ["overall", "month_to_date", "n"]].tolist() == [130, 90, 3]
    assert frame.loc["mean_cost", "month_to_date"] == 45
    note = frame.loc["cost", "note"]
    assert "Negative amounts, kept as reversals: 1." in note
    assert "Stays without a discharge date, in the overall figure only: 1 (40.00)." in note
    by_admission = headline(Dataset(stays=table), cost_date="admitted", as_of="2024-04-03")
    assert by_admission.loc["cost", ["overall", "month_to_date"]].tolist() == [130, 30]
    april = Dataset(stays=table).filtered(start="2024-04-01", end="2024-04-30")
    assert headline(april).loc["cost", "overall"] == 90


def test_without_discharge_dates_cost_goes_by_admission_date_and_says_so() -> None:
    table = stays([("A", "2024-04-01", None)], cost=[100.0]).drop(columns="discharged")
    row = headline(Dataset(stays=table)).loc["cost"]
    assert row[["overall", "month_to_date"]].tolist() == [100, 100]
    assert "No discharge date column: attributed to the admission date." in row["note"]


def test_an_unknown_cost_is_not_zero() -> None:
    rows = [("A", "2024-03-01", "2024-03-02"), ("B", "2024-04-01", "2024-04-02")]
    frame = headline(Dataset(stays=stays(rows, cost=[100.0, None])), as_of="2024-04-02")
    assert frame.loc["cost", "overall"] == 100
    assert np.isnan(frame.loc["cost", "month_to_date"])
    assert "No stay in this time has a cost." in frame.loc["cost", "note"]


def test_charges_are_not_costs() -> None:
    table = stays([("A", "2024-04-01", "2024-04-02")], charges=[900.0])
    frame = headline(Dataset(stays=table))
    assert frame.loc["charges", "overall"] == 900
    assert frame.loc[["cost", "mean_cost"], "overall"].isna().all()
    assert "charges: what was billed is not what it cost" in frame.loc["cost", "note"]


def test_satisfaction_is_the_mean_of_those_who_answered() -> None:
    rows = [(str(n), "2024-04-01", "2024-04-02") for n in range(4)]
    row = headline(Dataset(stays=stays(rows, satisfaction=[1.0, None, 4.0, None]))).loc[
        "satisfaction"
    ]
    assert row[["overall", "numerator", "denominator", "n"]].tolist() == [2.5, 5, 2, 2]
    assert row["note"].startswith("Answers run from 1 to 4.")


# --- readmission ----------------------------------------------------------------------------


def test_readmission_needs_thirty_days_after_a_discharge() -> None:
    rows = [
        ("A", "2024-01-01", "2024-01-05"),
        ("B", "2024-01-20", "2024-01-22"),
        ("C", "2024-02-10", "2024-02-12"),
        ("D", "2024-03-20", "2024-03-22"),
    ]
    table = stays(rows, patient_id=["P", "P", "Q", "R"], outcome=["Home", "Home", "Died", "Home"])
    row = headline(Dataset(stays=table)).loc["readmission"]
    assert row[["overall", "numerator", "denominator"]].tolist() == [50.0, 1, 2]
    assert np.isnan(row["month_to_date"])
    assert "Discharges up to 20 Feb 2024" in row["note"]
    assert "Not complete yet" in row["note"]


def test_a_readmission_elsewhere_is_one_of_the_filtered_places() -> None:
    rows = [
        ("A", "2024-01-01", "2024-01-05"),
        ("B", "2024-01-10", "2024-01-12"),
        ("C", "2024-01-02", "2024-01-04"),
        ("D", "2024-03-20", "2024-03-22"),
    ]
    table = stays(rows, patient_id=["P", "P", "Q", "R"], facility=["N", "S", "N", None])
    places = pd.DataFrame({"facility": ["N", "S"], "region": ["Up", "Down"]})
    network = Dataset(stays=table, facilities=places)
    counted = ["numerator", "denominator"]
    for kept, expected in (
        ({}, [1, 3]),
        ({"facility": ["N"]}, [1, 2]),
        ({"facility": ["S"]}, [0, 1]),
        ({"region": ["Up"]}, [1, 2]),
        ({"region": ["Up"], "facility": ["N", "S"]}, [1, 2]),
        ({"facility": ["N", "Unknown"]}, [1, 2]),
    ):
        row = headline(network.filtered(**kept)).loc["readmission"]  # type: ignore[arg-type]
        assert row[counted].tolist() == expected, kept


def test_a_recorded_readmission_is_shown_as_recorded() -> None:
    flags = pd.array([True, False, False, None], dtype="boolean")
    row = headline(Dataset(stays=pd.DataFrame({"readmitted": flags}))).loc["readmission"]
    assert row[["overall", "n"]].tolist() == [pytest.approx(100 / 3), 3]
    assert row["note"].startswith("As recorded in the file.")


# --- beds -----------------------------------------------------------------------------------


def test_without_beds_there_is_no_occupancy_and_the_way_to_one() -> None:
    frame = headline(worked_example(beds=None), as_of="2024-04-30")
    assert frame.loc[["bed_days", "mean_census"], "month_to_date"].tolist() == [63, 2.1]
    for measure in ("occupancy", "staffed_beds", "turnover", "turnover_interval"):
        assert frame.loc[measure, ["overall", *PERIODS]].isna().all()
        assert "Type in the number of staffed beds" in frame.loc[measure, "note"]


def test_occupancy_is_not_clipped() -> None:
    frame = headline(worked_example(beds=1), as_of="2024-04-30")
    assert frame.loc["occupancy", "month_to_date"] == pytest.approx(210.0)
    assert frame.loc["turnover_interval", "month_to_date"] == pytest.approx(-5.5)


def test_zero_beds_give_no_occupancy() -> None:
    frame = headline(worked_example(beds=0), as_of="2024-04-30")
    assert frame.loc[["occupancy", "turnover"], "month_to_date"].isna().all()
    assert "All of them are 0." in frame.loc["occupancy", "note"]


def two_sites(**capacity: Any) -> Dataset:
    table = pd.concat(
        [
            daily_admissions("2024-01-01", "2024-03-31", nights=2, facility="North"),
            daily_admissions("2024-01-01", "2024-03-31", nights=4, facility="South"),
        ]
    )
    return Dataset(stays=table, capacity=pd.DataFrame(capacity))  # fmt: skip


def test_icu_beds_and_ventilators_are_not_staffed_beds() -> None:
    resources = ["Beds", "icu_beds", "ventilators"]
    frame = headline(two_sites(resource=resources, units=[12.0, 4.0, 3.0]))
    assert frame.loc["staffed_beds", "overall"] == 12
    assert frame.loc["occupancy", "overall"] == pytest.approx(50.0)
    none = headline(two_sites(resource=resources[1:], units=[4.0, 3.0]))
    assert np.isnan(none.loc["occupancy", "overall"])
    assert "no count of staffed beds" in none.loc["occupancy", "note"]


def test_dated_capacity_holds_from_its_date_until_the_next() -> None:
    dates = days(["2024-01-01", "2024-03-01"])
    frame = headline(two_sites(date=dates, units=[8.0, 12.0]))
    assert frame.loc["staffed_beds", ["month_to_date", "previous"]].tolist() == [12, 8]
    assert frame.loc["occupancy", "month_to_date"] == pytest.approx(50.0)
    late = headline(two_sites(date=days(["2024-03-01", "2024-03-20"]), units=[12.0, 12.0]))
    assert np.isnan(late.loc["occupancy", "previous"])
    assert "The bed counts begin later." in late.loc["occupancy", "note"]
    assert late.loc["occupancy", "overall"] == pytest.approx(50.0)


def test_beds_counted_once_are_taken_to_hold_and_that_is_said() -> None:
    frame = headline(two_sites(date=days(["2024-06-01"]), units=[12.0]))
    assert frame.loc["occupancy", ["month_to_date", "previous"]].tolist() == [50, 50]
    assert "Counted on 1 Jun 2024, taken to hold" in frame.loc["occupancy", "note"]


@pytest.mark.parametrize(
    "files",
    [
        {"capacity": pd.DataFrame({"units": [5.0]})},
        {"capacity": pd.DataFrame({"facility": ["Main", "Main"], "ward": ["A", "B"],
                                   "resource": ["beds", "beds"], "units": [2.0, 3.0]})},
        {"activity": pd.DataFrame({"date": days(pd.date_range("2024-04-01", "2024-04-30")),
                                   "staffed_beds": 5.0})},
        {"activity": pd.DataFrame({"date": days(["2024-04-01"]), "free_beds": [1.0],
                                   "occupied_beds": [4.0]})},
    ],
)  # fmt: skip
def test_the_worked_example_with_beds_from_a_file(files: dict[str, Any]) -> None:
    frame = headline(Dataset(stays=stays(WORKED), **files), as_of="2024-04-30")
    for measure, expected in WORKED_FIGURES.items():
        assert frame.loc[measure, "month_to_date"] == pytest.approx(expected), measure


def test_patients_without_known_beds_are_left_out_of_both_sides() -> None:
    frame = headline(two_sites(facility=["north "], units=[4.0]))
    assert frame.loc["occupancy", "month_to_date"] == pytest.approx(50.0)
    note = frame.loc["occupancy", "note"]
    assert "66.7 % of bed-days, where no beds are known, are left out" in note
    stranger = headline(two_sites(facility=["West"], units=[4.0]))
    assert stranger["overall"].isna()["occupancy"]
    assert "No facility of the bed counts occurs in the stays." in stranger.loc["occupancy", "note"]


def test_all_beds_are_never_divided_by_filtered_patients() -> None:
    whole = two_sites(units=[12.0])
    assert headline(whole).loc["occupancy", "overall"] == pytest.approx(50.0)
    row = headline(whole.filtered(facility=["North"])).loc["occupancy"]
    assert np.isnan(row["overall"])
    assert "capacity file cannot be used: it has no facility column" in row["note"]
    by_site = two_sites(facility=["North", "South"], units=[4.0, 8.0])
    north = headline(by_site.filtered(facility=["North"]))
    assert north.loc[["occupancy", "staffed_beds"], "overall"].tolist() == [pytest.approx(50.0), 4]


def test_typed_in_beds_override_the_files() -> None:
    typed = two_sites(facility=["North", "South"], units=[4.0, 8.0]).with_beds(
        {"North": 2, "South": 4}
    )
    frame = headline(typed)
    assert frame.loc["occupancy", "overall"] == pytest.approx(100.0)
    assert "Staffed beds as typed in." in frame.loc["occupancy", "note"]


# --- the edges of a file --------------------------------------------------------------------


def test_an_undated_file_has_overall_figures_only() -> None:
    table = pd.DataFrame({"length_of_stay": [2.0, 4.0], "cost": [10.0, 30.0]})
    frame = headline(Dataset(stays=table))
    overall = frame["overall"]
    assert overall[["admissions", "length_of_stay", "cost", "mean_cost"]].tolist() == [2, 3, 40, 20]
    assert frame[[*PERIODS, "change"]].isna().all(axis=None)
    assert "Without dates there is no month to date." in frame.loc["admissions", "note"]
    assert frame.loc["occupancy", "note"] == "No admission date or discharge date column."
    assert headline(Dataset(stays=table).filtered(start="2024-01-01"))["overall"].isna().all()


def test_a_file_with_one_of_the_two_dates_is_not_said_to_have_none() -> None:
    left = days(["2024-03-30", "2024-04-01", "2024-04-10"])
    notes = headline(Dataset(stays=pd.DataFrame({"discharged": left})))["note"]
    assert "Without admission dates there is only a figure" in notes["admissions"]
    assert not notes.str.contains("Without dates").any()
    came = headline(Dataset(stays=pd.DataFrame({"admitted": left, "cost": [1.0, 2.0, 3.0]})))
    assert not came["note"].str.contains("Without dates").any()


def test_a_filter_that_leaves_nothing_gives_zeros_and_unknowns() -> None:
    frame = headline(two_sites(units=[4.0]).filtered(facility=["Nowhere"]))
    assert frame.loc[["admissions", "discharges", "bed_days"], "overall"].tolist() == [0, 0, 0]
    assert frame.loc[["admissions", "discharges"], "month_to_date"].tolist() == [0, 0]
    assert frame.loc[["length_of_stay", "occupancy"], "overall"].isna().all()


def test_a_filter_by_a_column_the_stays_lack_says_so() -> None:
    frame = headline(worked_example().filtered(region=["East"]))
    assert frame["overall"].isna().all()
    assert "stays cannot be used: it has no region column" in frame.loc["admissions", "note"]


def test_the_as_of_date_does_not_move_with_a_filter() -> None:
    table = pd.concat([daily_admissions("2024-01-01", "2024-03-31", facility="North"),
                       daily_admissions("2024-01-01", "2024-02-10", facility="South")])  # fmt: skip
    south = Dataset(stays=table).filtered(facility=["South"])
    assert south.as_of == pd.Timestamp("2024-03-31")
    row = headline(south).loc["admissions"]
    assert row[["overall", "month_to_date", "previous"]].tolist() == [41, 0, 10]


def test_a_wrong_date_does_not_make_a_century_of_empty_beds() -> None:
    table = daily_admissions("2023-01-01", "2024-03-31", nights=2)
    wrong = table.copy()
    wrong.loc[[20, 30], "admitted"] = [pd.Timestamp("1900-01-21"), pd.Timestamp("2204-01-31")]
    right, odd = (headline(Dataset(stays=t).with_beds(4)) for t in (table, wrong))
    assert odd.loc["admissions", "overall"] == len(table)
    assert odd.loc["occupancy", "overall"] == pytest.approx(50.0, abs=1)
    for column in ("month_to_date", "previous"):
        assert odd.loc["admissions", column] == right.loc["admissions", column]
    assert np.isnan(
        headline(Dataset(stays=wrong), as_of="2023-03-31").loc["admissions", "last_year"]
    )


def test_choices_that_do_not_exist_are_refused() -> None:
    with pytest.raises(ValueError, match="same_day counts 0 or 1"):
        headline(Dataset(), same_day=2)
    with pytest.raises(ValueError, match="cost_date"):
        headline(Dataset(), cost_date="paid")
    with pytest.raises(DataProblem, match="as-of date is not a day"):
        headline(Dataset(), as_of="yesterday-ish")


def test_nothing_given_is_changed() -> None:
    table = generated(300)
    capacity = pd.DataFrame({"facility": ["North", "South"], "units": [40.0, 30.0]})
    dataset = Dataset(stays=table, capacity=capacity, lost=MappingProxyType({}))
    copies = table.copy(deep=True), capacity.copy(deep=True)
    headline(dataset)
    headline(dataset.filtered(facility=["North"], start="2024-02-01").with_beds(30))
    pd.testing.assert_frame_equal(table, copies[0])
    pd.testing.assert_frame_equal(capacity, copies[1])


def test_a_file_with_every_oddity_gives_figures() -> None:
    frame = headline(Dataset(stays=generated(400)).with_beds({"North": 40, "South": 40}))
    known = frame["overall"].notna()
    assert known.drop(["charges", "team_score"]).all()


def test_an_assumed_order_of_day_and_month_is_said_of_every_month() -> None:
    text = b"Patient ID,Admission Date,Age\n1,03/04/2024,40\n2,05/07/2024,41\n3,11/02/2024,42\n"
    loaded = caremap.open_file(text, name="stays.csv")
    told = headline(caremap.Dataset.of(loaded)).loc["admissions", "note"]
    assert "“Admission Date” are day first or month first is assumed" in told
    decided = caremap.open_file(text, name="stays.csv", options={"dates": "day-first"})
    assert "assumed" not in headline(caremap.Dataset.of(decided)).loc["admissions", "note"]
