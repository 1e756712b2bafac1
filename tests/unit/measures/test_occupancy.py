"""Occupancy by place and period: ratios of sums, unknown where beds are, never made up."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import caremap
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import census, headline, occupancy, occupancy_notes
from caremap.problems import DataProblem
from tests.unit.measures.build import (
    counts,
    daily_admissions,
    days,
    generated,
    stays,
    worked_example,
)

NAN = float("nan")


def rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Return the rows without the number of days, periods as text, figures rounded."""
    frame = frame.drop(columns=[name for name in ("days",) if name in frame])
    if "period" in frame:
        frame = frame.assign(period=frame["period"].dt.strftime("%Y-%m-%d"))
    return frame.round(6).to_numpy(dtype="object").tolist()


def same(found: list[list[Any]], expected: list[list[Any]]) -> None:
    """Compare rows, NaN equal to NaN."""
    assert pd.DataFrame(found).equals(pd.DataFrame(expected)), found


def hospital(**capacity: Any) -> Dataset:
    """A patient on every day of 2024's first quarter in each of three units, for two nights."""
    parts = [
        daily_admissions("2023-12-01", "2024-03-31", nights=2, facility=site, department=unit)
        for site, unit in (("North", "ED"), ("North", "ICU"), ("South", "ED"))
    ]
    table = pd.concat(parts, ignore_index=True)
    beds = pd.DataFrame(capacity) if capacity else None
    return Dataset(stays=table, capacity=beds).filtered(start="2024-01-01", end="2024-03-31")


FINE = MappingProxyType({"facility": ["North", "North", "South"],
                         "department": ["ED", "ICU", "ED"], "units": [4.0, 5.0, 8.0]})  # fmt: skip


# --- the shape ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dataset", [worked_example(), Dataset(), Dataset(stays=stays()), hospital(**FINE)]
)
@pytest.mark.parametrize("every", [None, "month"])
def test_columns_and_dtypes(dataset: Dataset, every: str | None) -> None:
    timed = {"period": "datetime64[us]", "complete": "bool"} if every else {}
    assert occupancy(dataset, every=every).dtypes.astype("str").to_dict() == {
        **timed, "occupied": "float64", "staffed": "float64", "occupancy": "float64",
        "days": "int64",
    }  # fmt: skip


def test_groups_come_first_as_asked() -> None:
    found = occupancy(hospital(**FINE), ["department", "facility"], "month")
    assert found.columns.tolist()[:4] == ["department", "facility", "period", "complete"]
    assert found["facility"].dtype == "str"


def test_the_worked_example() -> None:
    april = worked_example().filtered(start="2024-04-01", end="2024-04-30")
    same(rows(occupancy(april, as_of="2024-04-30")), [[2.1, 5.0, 42.0]])
    by_month = occupancy(april, every="month", as_of="2024-04-30")
    same(rows(by_month), [["2024-04-01", True, 2.1, 5.0, 42.0]])
    assert by_month["days"].tolist() == [30]


def test_a_column_that_does_not_exist_is_named() -> None:
    for dataset in (worked_example(), Dataset(activity=counts([], occupied_beds=[]))):
        with pytest.raises(DataProblem, match="no column “ward”"):
            occupancy(dataset, "ward")
    with pytest.raises(ValueError, match="every is one of week, month, quarter, year"):
        occupancy(worked_example(), every="fortnight")


def test_nothing_is_changed() -> None:
    dataset = hospital(**FINE)
    before = dataset.stays.copy(), dataset.capacity.copy()
    occupancy(dataset, "facility", "month")
    pd.testing.assert_frame_equal(dataset.stays, before[0])
    pd.testing.assert_frame_equal(dataset.capacity, before[1])


# --- groups ---------------------------------------------------------------------------------


def test_groups_coarser_than_the_bed_counts_add_up() -> None:
    dataset = hospital(**FINE)
    same(rows(occupancy(dataset)), [[6.0, 17.0, round(600 / 17, 6)]])
    same(
        rows(occupancy(dataset, "facility")),
        [["North", 4.0, 9.0, round(400 / 9, 6)], ["South", 2.0, 8.0, 25.0]],
    )
    same(
        rows(occupancy(dataset, "department")),
        [["ED", 4.0, 12.0, round(400 / 12, 6)], ["ICU", 2.0, 5.0, 40.0]],
    )


def test_groups_finer_than_the_bed_counts_have_no_known_beds() -> None:
    dataset = hospital(facility=["North", "South"], units=[9.0, 8.0])
    same(rows(occupancy(dataset, "department")), [["ED", 4.0, NAN, NAN], ["ICU", 2.0, NAN, NAN]])
    assert "Beds are not counted by department." in occupancy_notes(dataset, "department")
    same(rows(occupancy(dataset)), [[6.0, 17.0, round(600 / 17, 6)]])


def test_other_columns_give_the_patients_alone() -> None:
    dataset = hospital(**FINE)
    table = dataset.stays.assign(gender=["F", "M"] * (len(dataset.stays) // 2))
    found = occupancy(Dataset(stays=table, capacity=dataset.capacity), "gender")
    assert found["gender"].tolist() == ["F", "M"]
    assert found[["staffed", "occupancy"]].isna().all(axis=None)
    assert found["occupied"].sum() == pytest.approx(6.0)


def test_beds_follow_a_region_the_facility_decides_and_no_other() -> None:
    dataset = hospital(**FINE)
    of_site = dataset.stays["facility"].map({"North": "Up", "South": "Down"}).astype("str")
    of_patient = pd.Series(["Up", "Down"] * (len(of_site) // 2), dtype="str")
    placed, lives = (
        Dataset(stays=dataset.stays.assign(region=region), capacity=dataset.capacity)
        for region in (of_site, of_patient)
    )
    same(
        rows(occupancy(placed, "region")),
        [["Down", 2.0, 8.0, 25.0], ["Up", 4.0, 9.0, round(400 / 9, 6)]],
    )
    assert occupancy(lives, "region")["occupancy"].isna().all()


def test_a_group_without_a_bed_count_is_unknown_never_made_up() -> None:
    dataset = hospital(**{name: values[:2] for name, values in FINE.items()})
    same(
        rows(occupancy(dataset, "facility")),
        [["North", 4.0, 9.0, round(400 / 9, 6)], ["South", 2.0, NAN, NAN]],
    )
    same(rows(occupancy(dataset)), [[6.0, 9.0, round(400 / 9, 6)]])
    assert "33.3 % of bed-days, where no beds are known, are left out." in occupancy_notes(dataset)


def test_patients_whose_place_is_not_recorded() -> None:
    dataset = hospital(**FINE)
    lost = dataset.stays["facility"] == "South"
    table = dataset.stays.assign(facility=dataset.stays["facility"].mask(lost))
    beds = dataset.capacity.iloc[:2]
    found = occupancy(Dataset(stays=table, capacity=beds), "facility")
    same(rows(found)[1:], [["Unknown", 2.0, NAN, NAN]])
    # Everyone recorded is in North, whose nine beds are all there are.
    same(rows(occupancy(Dataset(stays=table, capacity=beds))), [[6.0, 9.0, round(600 / 9, 6)]])
    unsure = Dataset(stays=table, capacity=beds.iloc[:1])  # beds of the ICU are not known
    same(rows(occupancy(unsure)), [[6.0, 4.0, 50.0]])


def test_a_place_with_beds_and_no_patient_is_empty_not_absent() -> None:
    dataset = hospital(
        facility=[*FINE["facility"], "South"], department=[*FINE["department"], "Burns"],
        units=[*FINE["units"], 20.0],
    )  # fmt: skip
    found = rows(occupancy(dataset, ["facility", "department"]))
    assert ["South", "Burns", 0.0, 20.0, 0.0] in found
    same(rows(occupancy(dataset, "facility"))[1:], [["South", 2.0, 28.0, round(200 / 28, 6)]])
    assert occupancy(dataset)["staffed"].tolist() == [37.0]
    said = "No stay is at South Burns: the beds there count as empty."
    assert said in occupancy_notes(dataset)
    assert said in headline(dataset).loc["occupancy", "note"]
    alone = dataset.filtered(department="Burns")
    same(rows(occupancy(alone, "department")), [["Burns", 0.0, 20.0, 0.0]])


def test_a_hospital_no_stay_of_the_file_names_is_not_taken_for_empty() -> None:
    """A file of stays often is that of some hospitals, a file of beds that of all of them."""
    dataset = hospital(facility=["North", "South", "East"], units=[9.0, 8.0, 400.0])
    assert occupancy(dataset)["staffed"].tolist() == [17.0]
    assert occupancy(dataset, "facility")["facility"].tolist() == ["North", "South"]
    said = "No stay of the file is at East: its beds are left out."
    assert said in occupancy_notes(dataset)


def test_wards_with_other_names_are_not_taken_for_empty_ones() -> None:
    dataset = hospital(**{**FINE, "department": ["ED", "Intensive care", "ED"]})
    found = occupancy(dataset, ["facility", "department"]).set_index(["facility", "department"])
    assert ("North", "Intensive care") not in found.index
    assert np.isnan(found.loc[("North", "ICU"), "occupancy"])
    assert occupancy(dataset, "facility").loc[0, "occupancy"] == pytest.approx(50.0)  # of the ED
    assert any("Intensive care are left out" in note for note in occupancy_notes(dataset))


def test_names_that_differ_in_case_are_one_place_with_its_beds_once() -> None:
    dataset = hospital(**FINE)
    shouted = dataset.stays["facility"].where(dataset.stays.index % 3 > 0, "NORTH ")
    north = dataset.stays["facility"] == "North"
    table = dataset.stays.assign(facility=shouted.where(north, dataset.stays["facility"]))
    mixed = Dataset(stays=table, capacity=dataset.capacity)
    same(rows(occupancy(mixed, "facility")), rows(occupancy(hospital(**FINE), "facility")))
    dated = pd.DataFrame({"facility": ["North", "north", "South"], "units": [9.0, 12.0, 8.0],
                          "date": days(["2023-12-01", "2024-02-01", "2023-12-01"])})  # fmt: skip
    later = Dataset(stays=dataset.stays, capacity=dated)
    assert census(later, "facility").iloc[-2]["staffed"] == 12.0  # not 21


def test_counts_whose_place_is_written_in_two_ways_are_one_place() -> None:
    activity = counts(pd.date_range("2024-01-01", periods=4), occupied_beds=5.0, staffed_beds=10.0,
                      facility=["North", "north", "North", "North"])  # fmt: skip
    same(rows(occupancy(Dataset(activity=activity), "facility")), [["North", 5.0, 10.0, 50.0]])
    assert headline(Dataset(activity=activity)).loc["mean_census", "overall"] == 5


# --- beds -----------------------------------------------------------------------------------


def test_no_beds_give_the_patients_and_the_way_to_more() -> None:
    dataset = worked_example(beds=None)
    found = occupancy(dataset)
    assert found["occupied"].notna().all()
    assert found[["staffed", "occupancy"]].isna().all(axis=None)
    assert "Type in the number of staffed beds" in occupancy_notes(dataset)[0]


def test_no_beds_at_all_are_not_a_percentage() -> None:
    same([rows(occupancy(worked_example(beds=0)))[0][1:]], [[0.0, NAN]])
    assert "All of them are 0." in occupancy_notes(worked_example(beds=0))


def test_occupancy_is_not_clipped() -> None:
    april = worked_example(beds=1).filtered(start="2024-04-01", end="2024-04-30")
    assert occupancy(april, as_of="2024-04-30")["occupancy"].tolist() == [pytest.approx(210.0)]


def test_typed_in_beds_by_facility_and_for_the_whole() -> None:
    plain = hospital()
    typed = plain.with_beds({"north ": 10, "South": 4})
    same(
        rows(occupancy(typed, "facility")), [["North", 4.0, 10.0, 40.0], ["South", 2.0, 4.0, 50.0]]
    )
    only = typed.filtered(facility="South")
    same(rows(occupancy(only, "facility")), [["South", 2.0, 4.0, 50.0]])
    assert headline(only).loc["occupancy", "overall"] == pytest.approx(50.0)
    whole = plain.with_beds(12)
    same(rows(occupancy(whole)), [[6.0, 12.0, 50.0]])
    assert occupancy(whole, "facility")["occupancy"].isna().all()
    assert "Beds are not counted by facility." in occupancy_notes(whole, "facility")
    assert occupancy(whole.filtered(facility="North"))["occupancy"].isna().all()
    by_ward = plain.with_beds({"ED": 8, "ICU": 2}, by="department")
    same(rows(occupancy(by_ward, "department")), [["ED", 4.0, 8.0, 50.0], ["ICU", 2.0, 2.0, 100.0]])


def test_intensive_care_beds_are_not_added() -> None:
    dataset = hospital(facility=["North", "North", "South"], units=[9.0, 5.0, 8.0],
                       resource=["Beds", "ICU beds", "Beds"])  # fmt: skip
    assert occupancy(dataset, "facility")["staffed"].tolist() == [9.0, 8.0]


def test_a_place_counted_in_intensive_care_beds_alone_has_unknown_staffed_beds() -> None:
    resources = ["beds", "icu_beds", "beds"]
    dataset = hospital(**FINE, resource=resources)
    found = occupancy(dataset, ["facility", "department"]).set_index(["facility", "department"])
    assert found["staffed"].isna().tolist() == [False, True, False]
    whole = occupancy(dataset)
    same(rows(whole), [[6.0, 12.0, round(400 / 12, 6)]])  # the ICU is in neither side
    # Where stays do not tell the wards apart, North's beds are not four for all its patients.
    merged = Dataset(stays=dataset.stays.drop(columns="department"), capacity=dataset.capacity)
    assert np.isnan(occupancy(merged, "facility").loc[0, "occupancy"])


def test_ventilators_say_nothing_of_beds() -> None:
    dataset = hospital(**FINE, resource=["beds", "ventilators", "beds"])
    merged = Dataset(stays=dataset.stays.drop(columns="department"), capacity=dataset.capacity)
    assert occupancy(merged, "facility")["staffed"].tolist() == [4.0, 8.0]


def test_beds_that_change_hold_from_their_date() -> None:
    dates = days(["2023-12-01", "2024-02-15"])
    found = occupancy(hospital(date=dates, units=[12.0, 6.0]), every="month")
    assert found["staffed"].tolist() == [12.0, pytest.approx((14 * 12 + 15 * 6) / 29), 6.0]
    assert found["occupancy"].tolist() == pytest.approx(
        [50.0, 100 * 6 * 29 / (14 * 12 + 15 * 6), 100.0]
    )


def test_wards_that_open_and_close() -> None:
    dataset = hospital(
        facility=["North", "South", "South"], units=[9.0, 8.0, 0.0],
        date=days(["2023-12-01", "2024-02-01", "2024-03-01"]),
    )  # fmt: skip
    table = dataset.stays[
        (dataset.stays["facility"] == "North")
        | dataset.stays["admitted"].between("2024-02-01", "2024-02-27")
    ]
    opened = Dataset(stays=table, capacity=dataset.capacity, period=dataset.period)
    south = occupancy(opened, "facility", "month").iloc[3:]
    assert south["staffed"].tolist() == [0.0, 8.0, 0.0]
    assert south["occupancy"].notna().tolist() == [False, True, False]
    january = census(opened).iloc[0]
    assert january.tolist()[1:] == [4.0, 9.0]  # before it opens it is no gap in what is known


def test_a_filter_by_a_column_the_beds_lack_gives_no_ratio() -> None:
    dataset = hospital(units=[17.0]).filtered(facility="North")
    assert occupancy(dataset)["occupancy"].isna().all()
    assert "no facility column" in occupancy_notes(dataset)[0]


def test_only_admitted_visits_are_in_a_bed() -> None:
    dataset = hospital(**FINE)
    visits = dataset.stays.assign(was_admitted=dataset.stays["department"] == "ICU")
    found = occupancy(Dataset(stays=visits, capacity=dataset.capacity), "department")
    assert found["occupied"].tolist() == [0.0, 2.0]
    assert found["occupancy"].tolist() == [0.0, 40.0]


def test_weekly_beds_beside_stays_stand_for_the_week_they_end() -> None:
    weeks = counts(pd.date_range("2024-01-07", "2024-03-31", freq="7D"),
                   staffed_beds=np.arange(1.0, 14.0))  # fmt: skip
    said = Finding("weeks", "info", "Dates in “Week” are the last days of weeks: each row counts.")
    ends = Dataset(stays=hospital().stays, activity=weeks, findings=(said,))
    begins = Dataset(stays=hospital().stays, activity=weeks)
    for dataset, on_the_tenth in ((ends, 2.0), (begins, 1.0)):
        found = census(dataset).set_index("date")["staffed"]
        assert found[pd.Timestamp("2024-01-10")] == on_the_tenth
    months = counts(
        pd.date_range("2024-01-31", "2024-03-31", freq="ME"), staffed_beds=[7.0, 8.0, 9.0]
    )
    found = occupancy(Dataset(stays=hospital().stays, activity=months), every="month")
    assert found["staffed"].dropna().tolist() == [7.0, 8.0, 9.0]


# --- periods and edges ----------------------------------------------------------------------


def test_partial_periods_are_computed_over_the_days_covered_and_marked() -> None:
    dataset = hospital(**FINE).filtered(start="2024-01-20", end="2024-03-10")
    found = occupancy(dataset, every="month")
    assert found["days"].tolist() == [12, 29, 10]
    assert found["complete"].tolist() == [False, True, False]
    assert found["occupied"].tolist() == [6.0, 6.0, 6.0]
    weeks = occupancy(dataset, every="week")
    assert weeks["period"].dt.day_of_week.unique().tolist() == [0]
    assert weeks["complete"].tolist() == [False, *[True] * 7]
    assert occupancy(dataset, every="quarter")["complete"].tolist() == [False]


def test_the_edges_of_the_file_are_cut_as_in_the_headline() -> None:
    table = daily_admissions("2024-01-01", "2024-03-31", nights=10)
    dataset = Dataset(stays=table).with_beds(20)
    found = occupancy(dataset, every="month")
    assert found["days"].tolist() == [21, 29, 31]
    assert found["complete"].tolist() == [False, True, True]
    assert any("counted from 11 Jan 2024" in note for note in occupancy_notes(dataset))
    wide = dataset.filtered(start="2024-01-01")
    assert "Only 11 Jan 2024 to 31 Mar 2024 is counted." in occupancy_notes(wide)
    late = dataset.filtered(start="2024-05-01", end="2024-05-31")
    assert occupancy(late).empty
    assert occupancy_notes(late)[0] == "Patients in hospital are not known for these days."


def test_dates_in_doubt_give_nothing_by_period_or_day() -> None:
    doubt = Finding("swapped-dates", "error", "Day and month seem to be swapped.", "Admitted")
    sure = hospital(**FINE)
    dataset = Dataset(stays=sure.stays, capacity=sure.capacity, findings=(doubt,))
    assert occupancy(dataset, every="month").empty
    assert "in doubt" in occupancy_notes(dataset, every="month")[0]
    assert census(dataset).empty
    assert not occupancy(dataset).empty


SOME_DAY = st.dates(dt.date(2024, 1, 1), dt.date(2024, 3, 31))


@st.composite
def places(draw: st.DrawFn) -> Dataset:
    """Stays at places named or not, and beds of some of the places, some of them dated."""
    size = draw(st.integers(1, 25))
    admitted = draw(st.lists(SOME_DAY, min_size=size, max_size=size))
    lengths = draw(st.lists(st.none() | st.integers(0, 30), min_size=size, max_size=size))
    left = [None if n is None else a + dt.timedelta(n)
            for a, n in zip(admitted, lengths, strict=True)]  # fmt: skip
    table = stays([(str(n), *pair) for n, pair in enumerate(zip(admitted, left, strict=True))])
    name = st.lists(st.sampled_from(["A", "B", None]), min_size=size, max_size=size)
    table["facility"] = pd.Series(draw(name), dtype="str")
    table["department"] = pd.Series(draw(name), dtype="str")
    known = draw(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("ABC"),
                                    st.none() | SOME_DAY, st.integers(0, 9)),
                          max_size=6, unique_by=lambda row: row[:3]))  # fmt: skip
    beds = pd.DataFrame(known, columns=["facility", "department", "date", "units"])
    beds = beds.assign(date=days(beds["date"]), units=beds["units"].astype("float64"))
    return Dataset(stays=table, capacity=beds.astype({"facility": "str", "department": "str"}))


@settings(max_examples=16, deadline=None)
@given(places())
def test_overall_it_is_the_occupancy_of_the_headline(dataset: Dataset) -> None:
    for seen in (dataset, dataset.filtered(start="2024-02-01", end="2024-02-29")):
        found, frame = occupancy(seen), headline(seen)
        if found.empty:
            assert frame.loc[["mean_census", "occupancy"], "overall"].isna().all()
            continue
        for column, measure in (("occupied", "mean_census"), ("staffed", "staffed_beds"),
                                ("occupancy", "occupancy")):  # fmt: skip
            given, expected = found.loc[0, column], frame.loc[measure, "overall"]
            if measure == "staffed_beds" and given == 0:
                continue  # the headline takes back figures of no beds at all
            assert given == pytest.approx(expected, nan_ok=True), measure
        assert found.loc[0, "days"] == frame.loc["mean_census", "n"]


@settings(max_examples=8, deadline=None)
@given(places())
def test_periods_add_up_to_the_whole_and_groups_to_all_patients(dataset: Dataset) -> None:
    whole = occupancy(dataset)
    for every in ("week", "month", "quarter", "year"):
        parts = occupancy(dataset, every=every)
        assert parts["days"].sum() == whole["days"].sum()
        assert (parts["occupied"] * parts["days"]).sum() == pytest.approx(
            (whole["occupied"] * whole["days"]).sum()
        )
    for by in ("facility", "department", ["facility", "department"]):
        assert occupancy(dataset, by)["occupied"].sum() == pytest.approx(whole["occupied"].sum())


@settings(max_examples=8, deadline=None)
@given(places(), st.sampled_from(["facility", "department"]))
def test_a_group_is_what_its_own_filter_shows(dataset: Dataset, by: str) -> None:
    dataset = dataset.filtered(start="2024-02-10", end="2024-02-20")
    for line in occupancy(dataset, by).to_dict("records"):
        if line[by] == "Unknown":
            assert np.isnan(line["occupancy"])
            continue
        own = occupancy(dataset.filtered(**{by: line[by]}), by)
        if len(own) and own.loc[0, "days"] == line["days"]:  # the same days are complete
            assert own.loc[0, "occupied"] == pytest.approx(line["occupied"])


# --- counts ---------------------------------------------------------------------------------


def snapshot(**columns: Any) -> Dataset:
    return Dataset(activity=pd.DataFrame(columns))


def test_one_undated_row_per_place() -> None:
    dataset = snapshot(facility=["A", "B", "C"], region=["X", "X", "Y"],
                       occupied_beds=[90.0, 10.0, 7.0],
                       staffed_beds=[100.0, 100.0, None])  # fmt: skip
    same(rows(occupancy(dataset)), [[107.0, 200.0, 50.0]])
    same(rows(occupancy(dataset, "region")), [["X", 100.0, 200.0, 50.0], ["Y", 7.0, NAN, NAN]])
    assert occupancy(dataset, every="month").empty
    assert occupancy_notes(dataset, every="month") == (
        "Without dates there is only an overall figure.",
    )
    assert "left out: 1 of 3" in " ".join(occupancy_notes(dataset))


def test_moments_of_a_day_are_averaged_not_added() -> None:
    moments = ["2024-01-01 08:00", "2024-01-01 20:00", "2024-01-02 08:00", "2024-01-02 20:00"]
    dataset = Dataset(activity=counts(moments, occupied_beds=[4.0, 8.0, 6.0, 6.0],
                                      staffed_beds=12.0))  # fmt: skip
    same(rows(occupancy(dataset)), [[6.0, 12.0, 50.0]])
    assert occupancy(dataset)["days"].tolist() == [2]


FREQUENCIES = [("D", 60, "month"), ("7D", 30, "month"), ("MS", 14, "month"), ("ME", 14, "quarter")]


@pytest.mark.parametrize(("freq", "number", "every"), FREQUENCIES)
@given(
    occupied=st.lists(st.integers(0, 40), min_size=3, max_size=3),
    staffed=st.lists(st.integers(1, 40), min_size=3, max_size=3),
)
@settings(max_examples=8, deadline=None)
def test_twice_as_many_dates_of_the_same_numbers_leave_every_figure(
    freq: str, number: int, every: str, occupied: list[int], staffed: list[int]
) -> None:
    """A stock added over days would double."""

    def counted(dates: int) -> Dataset:
        parts = [
            counts(pd.date_range("2023-01-01", periods=dates, freq=freq), facility=site,
                   occupied_beds=float(used), staffed_beds=float(beds))
            for site, used, beds in zip("ABC", occupied, staffed, strict=True)
        ]  # fmt: skip
        return Dataset(activity=pd.concat(parts, ignore_index=True))

    short, long = counted(number), counted(2 * number)
    stocks = ["mean_census", "occupancy", "staffed_beds"]
    assert headline(short).loc[stocks, "overall"].tolist() == pytest.approx(
        headline(long).loc[stocks, "overall"].tolist()
    )
    for by in ((), "facility"):
        same(rows(occupancy(short, by)), rows(occupancy(long, by)))
    first = occupancy(long, every=every)
    assert first["occupied"].unique().tolist() == [sum(occupied)]
    assert first["staffed"].unique().tolist() == [sum(staffed)]


def test_counts_are_not_shown_more_often_than_they_are_taken() -> None:
    monthly = counts(pd.date_range("2024-01-01", periods=6, freq="MS"), occupied_beds=5.0,
                     staffed_beds=10.0)  # fmt: skip
    with pytest.raises(DataProblem, match="one count per month: it cannot be shown by week"):
        occupancy(Dataset(activity=monthly), every="week")
    found = occupancy(Dataset(activity=monthly), every="month")
    assert found["complete"].all()
    assert found["days"].unique().tolist() == [1]


def test_counts_of_part_of_a_month_are_marked() -> None:
    daily = counts(pd.date_range("2024-01-15", "2024-03-10"), occupied_beds=5.0, staffed_beds=10.0)
    found = occupancy(Dataset(activity=daily), every="month")
    assert found["complete"].tolist() == [False, True, False]
    assert found["days"].tolist() == [17, 29, 10]
    inside = Dataset(activity=daily).filtered(start="2024-02-10")
    assert occupancy(inside, every="month")["complete"].tolist() == [False, False]


def test_a_blank_count_is_neither_zero_nor_absent() -> None:
    dataset = snapshot(facility=["A", "B"], occupied_beds=[5.0, None], staffed_beds=[10.0, None])
    same(rows(occupancy(dataset, "facility")), [["A", 5.0, 10.0, 50.0], ["B", NAN, NAN, NAN]])
    assert occupancy(dataset, "facility")["days"].tolist() == [1, 0]


def test_typed_in_beds_beside_counts() -> None:
    dataset = snapshot(facility=["A", "A", "B"], department=["x", "y", "x"],
                       occupied_beds=[4.0, 2.0, 3.0])  # fmt: skip
    typed = dataset.with_beds({"A": 12, "b": 6})
    same(rows(occupancy(typed, "facility")), [["A", 6.0, 12.0, 50.0], ["B", 3.0, 6.0, 50.0]])
    same(rows(occupancy(typed, "department")), [["x", 7.0, NAN, NAN], ["y", 2.0, NAN, NAN]])
    assert "Beds are not counted by department." in occupancy_notes(typed, "department")
    whole = dataset.with_beds(18)
    same(rows(occupancy(whole)), [[9.0, 18.0, 50.0]])
    assert occupancy(whole, "facility")["occupancy"].isna().all()
    only = typed.filtered(facility="A")
    same(rows(occupancy(only)), [[6.0, 12.0, 50.0]])


def test_counted_patients_whose_place_is_not_recorded() -> None:
    dataset = snapshot(facility=["A", None], occupied_beds=[4.0, 2.0], staffed_beds=[12.0, None])
    same(rows(occupancy(dataset)), [[6.0, 12.0, 50.0]])
    assert headline(dataset).loc["occupancy", "overall"] == 50
    assert np.isnan(occupancy(dataset, "facility").loc[1, "occupancy"])


def test_wards_counted_apart_are_kept_apart() -> None:
    dates = days(["2024-01-01", "2024-01-02", "2024-01-01"])
    activity = pd.DataFrame({"date": dates, "ward": ["A", "A", "B"],
                             "occupied_beds": [4.0, 4.0, 8.0], "staffed_beds": 10.0})  # fmt: skip
    same(rows(occupancy(Dataset(activity=activity))), [[12.0, 20.0, round(1600 / 30, 6)]])


def test_stays_without_beds_leave_the_word_to_counts_with_beds() -> None:
    stay_file = daily_admissions("2024-01-01", "2024-03-31", nights=2)
    activity = counts(pd.date_range("2024-01-01", "2024-03-31"), facility="North",
                      occupied_beds=3.0, staffed_beds=4.0)  # fmt: skip
    found = occupancy(Dataset(stays=stay_file, activity=activity), "facility")
    same(rows(found), [["North", 3.0, 4.0, 75.0]])


def test_counts_of_admissions_alone_say_what_is_missing() -> None:
    weekly = counts(pd.date_range("2024-01-07", periods=9, freq="7D"), department="ED",
                    admissions=30.0, staffed_beds=31.0)  # fmt: skip
    dataset = Dataset(activity=weekly)
    same(rows(occupancy(dataset, "department")), [["ED", NAN, 31.0, NAN]])
    for notes in (" ".join(occupancy_notes(dataset)), headline(dataset).loc["occupancy", "note"]):
        assert "No occupied beds are counted; admissions are not patients in hospital." in notes
        assert "Add a column of occupied or free beds" in notes


def test_a_file_with_every_oddity_gives_figures() -> None:
    dataset = Dataset(stays=generated(400)).with_beds({"North": 30})
    for by in ((), "facility", ["facility", "department"], "outcome", "was_admitted"):
        for every in (None, "week", "month"):
            found = occupancy(dataset, by, every)
            assert (found["occupied"] >= 0).all()
            assert (found["days"] > 0).all()


def test_it_is_in_the_package() -> None:
    assert caremap.measures.occupancy is occupancy
