"""Stocks, flows and running totals; use to beds; bed-days to beds; facilities with their staff."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caremap import Dataset, measures, open_all, open_file
from caremap.intake import Loaded
from caremap.intake.beds import beds_of_days, use_columns
from caremap.intake.flows import cumulative, smooth
from caremap.intake.matching import Column
from caremap.intake.profile import Profile

DAYS = pd.date_range("2024-03-01", periods=40)


def opened(frame: pd.DataFrame, **options: object) -> Loaded:
    return open_file(frame.to_csv(index=False).encode(), name="counts.csv", **options)  # type: ignore[arg-type]


def told(loaded: Loaded) -> set[str]:
    return {one.code for one in loaded.findings}


def counts(mean: float, size: int = 40) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.random.default_rng(7).poisson(mean, size)


def test_a_running_total_is_no_count_of_the_day() -> None:
    daily = counts(30)
    frame = pd.DataFrame({"date": DAYS, "hospitalizations": 5000 + daily.cumsum()})
    loaded = opened(frame)
    assert "running-total" in told(loaded)
    assert "admissions" not in loaded.mapping
    assert loaded.table["hospitalizations"].iloc[-1] == 5000 + daily.sum()


def test_a_running_total_of_each_place() -> None:
    parts = [
        pd.DataFrame({"date": DAYS, "region": name, "Admissions": start + counts(12).cumsum()})
        for name, start in (("North", 100), ("South", 9000))
    ]
    assert "running-total" in told(opened(pd.concat(parts)))


def test_a_matched_running_total_stays_and_is_told() -> None:
    frame = pd.DataFrame({"date": DAYS, "cases": counts(30).cumsum()})
    loaded = opened(frame, mapping={"admissions": "cases", "date": "date"})
    assert loaded.mapping["admissions"] == "cases"
    assert "running-total" in told(loaded)


def test_counts_by_chance_are_no_running_total() -> None:
    daily = counts(30)
    loaded = opened(pd.DataFrame({"date": DAYS, "hospitalizations": daily}))
    assert loaded.mapping["admissions"] == "hospitalizations"
    assert loaded.table["admissions"].sum() == daily.sum()
    assert not {"running-total", "stock-or-flow"} & told(loaded)


def test_growing_counts_that_fall_now_and_then_are_no_running_total() -> None:
    growing = np.arange(40.0) * 3 + counts(30)
    assert not cumulative(DAYS.to_numpy(), np.zeros(40), growing)
    assert not cumulative(DAYS.to_numpy()[:5], np.zeros(5), np.arange(5.0) * 100)


def test_running_totals_of_many_places_are_told_and_one_that_falls_too_often_is_none() -> None:
    places, dates = np.repeat(np.arange(300), 40), np.tile(DAYS.to_numpy(), 300)
    growing = np.tile(17.0 * np.arange(40), 300) + 5000
    assert cumulative(dates, places, growing)
    # A hundredth of the 11,700 steps is 117; thirty places that fall five times are more.
    for first in (0, 5):
        falling = growing.copy()
        falling[np.isin(places, np.arange(first, 300, 10)) & np.isin(dates, dates[5:40:7])] -= 100
        assert not cumulative(dates, places, falling)
    few = growing.copy()
    few[np.isin(places, np.arange(0, 300, 3)) & (dates == dates[20])] -= 100
    assert cumulative(dates, places, few)


def test_patients_in_the_house_move_less_than_chance() -> None:
    house = 400 + np.round(20 * np.sin(np.arange(40) / 5)) + counts(3)
    loaded = opened(pd.DataFrame({"date": DAYS, "Hospitalizations": house}))
    assert loaded.mapping["occupied_beds"] == "Hospitalizations"
    assert "stock-or-flow" in told(loaded)
    frame = pd.DataFrame({"date": DAYS, "admissions": counts(100)})
    assert not smooth(frame, "admissions")


def test_admissions_are_never_taken_for_patients_in_the_house() -> None:
    steady = pd.DataFrame({"date": DAYS, "Admissions": 100 + np.arange(40) % 2})
    assert opened(steady).mapping["admissions"] == "Admissions"


def test_rows_flagged_as_incomplete_are_told() -> None:
    frame = pd.DataFrame({
        "date_of_interest": DAYS.strftime("%m/%d/%Y"), "HOSPITALIZED_COUNT": counts(50),
        "INCOMPLETE": [0] * 36 + [60960] * 4,
    })  # fmt: skip
    (finding,) = [one for one in opened(frame).findings if one.code == "incomplete-rows"]
    assert finding.severity == "warning"
    assert finding.rows == (38, 39, 40, 41)
    frame["INCOMPLETE"] = 0
    assert "incomplete-rows" not in told(opened(frame))


@pytest.mark.parametrize(("percent", "scale"), [("85.5%", 1), ("85.5", 1), ("0.855", 1)])
def test_use_times_beds_is_beds(percent: str, scale: float) -> None:
    text = f"Hospital,Beds,Bed occupancy rate\nNorth,400,{percent}\nSouth,200,{percent}\nEast,0,\n"
    loaded = open_file(text.encode(), name="beds.csv")
    assert loaded.kind == "activity"
    assert loaded.table["occupied_beds"].tolist() == pytest.approx([342, 171, 0])
    assert {"occupied-from-use"} <= told(loaded)
    assert "percent" not in told(loaded)
    frame = measures.headline(Dataset.of(loaded))
    assert frame.loc["occupancy", "overall"] == pytest.approx(85.5 * scale)


def test_beds_without_use_are_capacity() -> None:
    loaded = open_file(b"Hospital,Beds,ICU beds\nNorth,400,20\nSouth,200,10\n", name="beds.csv")
    assert loaded.kind == "capacity"
    shares = Profile(9, 1.0, 0.9, 8, number=1.0, middle=70)
    assert use_columns([Column("ICU occupancy", 0, shares)], "Beds") is None
    assert use_columns([Column("util_nonicu", 0, shares)], "beds_nonicu") == "util_nonicu"


def test_malaysian_hospitals(shared: Path) -> None:
    file = shared / "data/malaysia_moh/bedutil_facility.csv"
    raw = pd.read_csv(file).dropna(subset=["beds_nonicu", "util_nonicu"])
    raw = raw[raw["beds_nonicu"] > 0]  # one hospital has -4 beds and a use of -1,525 %
    used = (raw["beds_nonicu"] * raw["util_nonicu"] / 100).sum()
    loaded = open_file(file)
    assert loaded.kind == "activity"
    assert "out-of-range" in told(loaded)
    figures = measures.headline(Dataset.of(loaded))
    expected = 100 * used / raw["beds_nonicu"].sum()
    assert figures.loc["occupancy", "overall"] == pytest.approx(expected)


def test_malaysian_states_without_malaysia(shared: Path) -> None:
    file = shared / "data/malaysia_moh/bedutil_state.csv"
    raw = pd.read_csv(file)
    total = raw[raw["state"] == "Malaysia"].iloc[0]
    loaded = open_file(file)
    assert loaded.set_aside["state"].tolist() == ["Malaysia"]
    assert loaded.table["staffed_beds"].sum() == total["beds_nonicu"]
    figures = measures.headline(Dataset.of(loaded))
    assert figures.loc["occupancy", "overall"] == pytest.approx(total["util_nonicu"], abs=1e-6)


def test_bed_days_of_quarters_and_days() -> None:
    quarters = pd.DataFrame({
        "date": pd.to_datetime(["2024-01-01", "2024-04-01"]), "occupied_beds": [9100.0, 9100.0],
        "staffed_beds": [120.0, 120.0],
    })  # fmt: skip
    headers = {"occupied_beds": "Occupied bed days", "staffed_beds": "Beds"}
    table, gone, findings = beds_of_days(quarters, headers)
    assert table["occupied_beds"].tolist() == [100.0, 100.0]  # 91 days each, 2024 a leap year
    assert table["staffed_beds"].tolist() == [120.0, 120.0]
    assert not gone
    assert [one.code for one in findings] == ["bed-days"]
    daily = quarters.assign(date=pd.to_datetime(["2024-01-01", "2024-01-02"]))
    assert beds_of_days(daily, headers)[0]["occupied_beds"].tolist() == [9100.0, 9100.0]
    table, gone, _ = beds_of_days(quarters.drop(columns="date"), headers)
    assert gone == ["occupied_beds"]
    assert "occupied_beds" not in table


NETWORK = (
    "Facility,Latitude,Longitude,Population,Doctors,Nurses,Beds,ICU Beds\n"
    "A,47.60,-122.14,27571,10,21,120,10\nB,47.91,-122.06,39873,25,52,210,22\n"
)


def test_facilities_with_staff_and_beds_are_three_tables() -> None:
    tables = {one.kind: one.table for one in open_all(NETWORK.encode(), name="network.csv")}
    assert list(tables) == ["facilities", "staff", "capacity"]
    staff = tables["staff"].groupby("role")["staff"].sum().to_dict()
    assert staff == {"Doctors": 35, "Nurses": 73}
    units = tables["capacity"].groupby("resource")["units"].sum().to_dict()
    assert units == {"beds": 330, "icu_beds": 32}
    assert tables["facilities"]["population"].tolist() == [27571, 39873]


def test_a_row_per_zip_code_is_a_facility_with_people_and_staff() -> None:
    text = "ZIP,Population,Staff\n98007,27571,21\n98290,39873,52\n01104,15960,43\n"
    loaded = open_all(text.encode(), name="seed.csv")
    assert [one.kind for one in loaded] == ["facilities", "staff"]
    dataset = Dataset.of(*loaded)
    assert dataset.facilities is not None
    assert dataset.staff is not None
    assert dataset.facilities["facility"].tolist() == ["98007", "98290", "01104"]
    assert dataset.staff["staff"].sum() == 116


def test_a_plain_population_file_stays_one_table() -> None:
    loaded = open_all(b"zip,population\n98101,12000\n98102,21000\n", name="zip.csv")
    assert [one.kind for one in loaded] == ["population"]


def test_available_bed_days_are_all_beds_whatever_their_header_leaves_out() -> None:
    months = pd.date_range("2024-01-01", periods=12, freq="MS")
    frame = pd.DataFrame({"Fecha": months, "Hospital": "Norte", "Ingresos": 50,
                          "Dias cama ocupados": 2500, "Camas disponibles": 3000})  # fmt: skip
    loaded = opened(frame)
    assert loaded.mapping["staffed_beds"] == "Camas disponibles"
    occupancy = measures.headline(Dataset.of(loaded)).loc["occupancy", "overall"]
    assert occupancy == pytest.approx(100 * 2500 / 3000)
    said = opened(frame.rename(columns={"Camas disponibles": "DIAS_CAMAS_DISPONIBLES"}))
    assert said.mapping["staffed_beds"] == "DIAS_CAMAS_DISPONIBLES"
    assert said.table["staffed_beds"].iloc[0] == pytest.approx(3000 / 31)


def test_free_beds_beside_monthly_bed_days_stay_free_beds() -> None:
    months = pd.date_range("2024-01-01", periods=12, freq="MS")
    frame = pd.DataFrame({"Fecha": months, "Hospital": "Norte", "Ingresos": 50,
                          "Dias cama ocupados": 3100, "Camas disponibles": 25})  # fmt: skip
    loaded = opened(frame)
    assert loaded.mapping["free_beds"] == "Camas disponibles"
    assert loaded.table["staffed_beds"].iloc[0] == pytest.approx(100 + 25)


def test_a_short_file_that_only_rises_may_be_a_running_total() -> None:
    frame = pd.DataFrame({"date": DAYS[:6], "admissions": [3, 7, 12, 14, 21, 25]})
    loaded = opened(frame)
    assert loaded.mapping["admissions"] == "admissions"
    assert "maybe-running-total" in told(loaded)
    falls = opened(frame.assign(admissions=[3, 7, 6, 14, 21, 25]))
    assert "maybe-running-total" not in told(falls)


def test_counts_called_cumulative_are_never_summed() -> None:
    frame = pd.DataFrame({"date": DAYS[:6], "hospital": "A",
                          "total_admissions_to_date": [3, 7, 12, 14, 21, 25]})  # fmt: skip
    loaded = opened(frame)
    assert "running-total" in told(loaded)
    assert "admissions" not in loaded.mapping


def test_licensed_beds_taken_as_staffed_are_told() -> None:
    frame = pd.DataFrame({"ward": ["A", "B"], "licensed beds": [10, 20]})
    assert "licensed-beds" in told(opened(frame))
    assert "licensed-beds" not in told(opened(frame.rename(columns={"licensed beds": "beds"})))
