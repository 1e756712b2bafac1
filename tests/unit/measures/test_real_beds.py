"""Census and occupancy of files as they are found, against plain pandas and a count by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.measures import census, headline, occupancy, occupancy_notes


def opened(*files: Path) -> Dataset:
    """What a user gets who drops the files in together."""
    return Dataset.of([item for file in files for item in caremap.open_all(file)])


@pytest.fixture(scope="module")
def halifax(shared: Path) -> Dataset:
    return opened(*sorted((shared / "data/halifax_synth").glob("*.csv")))


@pytest.fixture(scope="module")
def sample(repo: Path) -> Dataset:
    return opened(repo / "sample_data/stays.csv", repo / "sample_data/capacity.csv")


def by_hand(table: pd.DataFrame, by: tuple[str, ...], days: pd.DatetimeIndex) -> pd.Series:
    """Compare every stay with every midnight: who is in hospital, per day and group."""
    came = table["admitted"].to_numpy("datetime64[D]")
    left = table["discharged"].to_numpy("datetime64[D]")
    names = table[list(by)].fillna("Unknown").agg(" | ".join, axis=1) if by else [""] * len(table)
    code, groups = pd.factorize(pd.Series(names))
    counted = [
        np.bincount(code[(came <= day) & ~(left <= day)], minlength=len(groups))
        for day in days.to_numpy("datetime64[D]")
    ]
    cells = pd.MultiIndex.from_product([days, groups])
    return pd.Series(np.array(counted).ravel(), cells)


def agrees(dataset: Dataset, by: tuple[str, ...]) -> int:
    """Hold every group-day of the census against a count by hand; return how many there are."""
    found = census(dataset, by)
    names = found[list(by)].agg(" | ".join, axis=1) if by else [""] * len(found)
    given = pd.Series(found["occupied"].to_numpy(), [found["date"], names])
    expected = by_hand(dataset.stays, by, pd.DatetimeIndex(found["date"].unique()))
    assert expected.index.difference(given.index).empty
    # A group without a stay is one of empty beds.
    assert given.equals(expected.reindex(given.index, fill_value=0).astype("float64"))
    return len(given)


HALIFAX = {(): 27, ("facility",): 81, ("department",): 108, ("facility", "department"): 324}


@pytest.mark.parametrize("by", HALIFAX)
def test_the_census_of_three_hospitals_equals_a_count_by_hand(
    halifax: Dataset, by: tuple[str, ...]
) -> None:
    assert census(halifax)["date"].tolist() == pd.date_range("2025-07-23", "2025-08-18").tolist()
    assert agrees(halifax, by) == HALIFAX[by]


@pytest.mark.parametrize("by", [(), ("facility",), ("department",), ("facility", "department")])
def test_the_census_of_the_sample_network_equals_a_count_by_hand(
    sample: Dataset, by: tuple[str, ...]
) -> None:
    assert agrees(sample, by) >= 1000


def test_occupancy_by_hospital_and_unit(shared: Path, halifax: Dataset) -> None:
    folder = shared / "data/halifax_synth"
    file = pd.read_csv(folder / "admissions.csv", parse_dates=["admit_ts", "discharge_ts"])
    names = pd.read_csv(folder / "units.csv").set_index("unit_id")["unit_name"]
    beds = pd.read_csv(folder / "bed_capacity.csv").set_index(["hospital", "unit_id"]).iloc[:, 0]
    first, last = pd.Timestamp("2025-07-24"), pd.Timestamp("2025-08-19")  # midnights
    came = file["admit_ts"].dt.normalize() + pd.Timedelta(days=1)
    left = file["discharge_ts"].dt.normalize()
    nights = (left.clip(upper=last) - came.clip(lower=first)).dt.days + 1
    file["nights"] = nights.clip(lower=0)
    used = file.groupby(["hospital", "unit_id"])["nights"].sum()
    found = occupancy(halifax, ["facility", "department"]).set_index(["facility", "department"])
    assert len(found) == len(beds) == 12
    for hospital, unit in beds.index:
        line = found.loc[(hospital, names[unit])]
        assert line["staffed"] == beds[hospital, unit]
        assert line["occupied"] == pytest.approx(used[hospital, unit] / 27)
        assert line["occupancy"] == pytest.approx(100 * used[hospital, unit] / beds[hospital, unit]
                                                  / 27)  # fmt: skip
    whole = 100 * used.sum() / beds.sum() / 27
    assert occupancy(halifax).loc[0, "occupancy"] == pytest.approx(whole)
    assert headline(halifax).loc["occupancy", "overall"] == pytest.approx(whole)


def test_staff_per_shift_enter_no_figure(halifax: Dataset) -> None:
    """One row per day, unit and shift: a sum over days would multiply people by thirty."""
    assert len(halifax.staff) == 1080
    without = Dataset(stays=halifax.stays, capacity=halifax.capacity)
    numbers = ["overall", "numerator", "denominator", "n"]
    pd.testing.assert_frame_equal(headline(halifax)[numbers], headline(without)[numbers])
    shifts = halifax.staff["staff"].sum()
    figures = headline(halifax).select_dtypes("number").to_numpy().ravel()
    assert not np.isclose(figures[~np.isnan(figures)], shifts).any()


def test_weekly_counts_of_admissions_are_no_occupancy(shared: Path) -> None:
    """Patients admitted in a week are not patients in hospital.

    The file gives beds available and patients admitted per week. In every row the admissions
    are the lesser of beds and requests, so their ratio (92.7 %) is how often the beds were
    asked for, not how many were in use: with stays of about a week the two are near each
    other by accident, with stays of two days one is three times the other. So the beds are
    given, as a mean over the weeks (6,312 is their sum over the year), and occupancy says
    what is missing. With the file of stays beside it, there is one.
    """
    folder = shared / "data/kaggle_beds"
    file = pd.read_csv(folder / "services_weekly.csv", sep=";")
    alone = opened(folder / "services_weekly.csv")
    found = occupancy(alone, "department").set_index("department")
    expected = file.groupby("service")["available_beds"].mean()
    assert found["staffed"].to_dict() == pytest.approx(expected.to_dict())
    assert found[["occupied", "occupancy"]].isna().all(axis=None)
    assert "admissions are not patients in hospital" in occupancy_notes(alone)[0]
    line = headline(alone)["overall"]
    assert line["staffed_beds"] == pytest.approx(file["available_beds"].sum() / 52)
    assert np.isnan(line["occupancy"])
    together = opened(folder / "services_weekly.csv", folder / "patient.csv")
    ratio = occupancy(together)
    assert 0 < ratio.loc[0, "occupancy"] < 100
    assert ratio.loc[0, "staffed"] < 200
    # 5,699 admissions to the last but one week in the counts, 978 stays: not the same patients.
    assert "occupancy is too low" in occupancy_notes(together)[0]
    assert "stays-against-counts" in {item.code for item in together.findings}


def test_beds_of_hospitals_and_states(shared: Path) -> None:
    folder = shared / "data/malaysia_moh"
    for name, by, place in (("bedutil_facility", "hospital", "facility"),
                            ("bedutil_state", "state", "region")):  # fmt: skip
        file = pd.read_csv(folder / f"{name}.csv")
        file = file[(file[by] != "Malaysia") & (file["beds_nonicu"] >= 0)]
        used = file["beds_nonicu"] * file["util_nonicu"].where(file["beds_nonicu"] > 0, 0) / 100
        known = used.notna() & (used >= 0)
        dataset = opened(folder / f"{name}.csv")
        whole = occupancy(dataset)
        assert whole.loc[0, "occupancy"] == pytest.approx(
            100 * used[known].sum() / file.loc[known, "beds_nonicu"].sum()
        )
        found = occupancy(dataset, place)
        assert "Malaysia" not in set(found[place])
        assert found["occupied"].sum() == pytest.approx(used[known].sum())


def test_hospitals_counted_every_day(shared: Path) -> None:
    dataset = opened(shared / "data/nj_hospitals/nj_hosp_2020_06_19.csv")
    file = pd.read_csv(shared / "data/nj_hospitals/nj_hosp_2020_06_19.csv")
    both = pd.DataFrame({
        "facility": file["hosp_name"],
        "used": file.filter(like="bed_inuse").sum(axis=1, min_count=4),
        "free": file.filter(like="bed_avail").sum(axis=1, min_count=4),
    }).dropna(subset=["used", "free"])  # fmt: skip
    sums = both.groupby("facility")[["used", "free"]].sum()
    expected = 100 * sums["used"] / (sums["used"] + sums["free"])
    found = occupancy(dataset, "facility").set_index("facility")
    given = found["occupancy"].dropna()
    pd.testing.assert_series_equal(given, expected[given.index], check_names=False)
    assert found["staffed"].max() < 1500  # a stock over 77 days would be tens of thousands
    months = occupancy(dataset, every="month")
    assert months["complete"].tolist() == [False, True, False]
    assert (months["staffed"] < 10_000).all()


def test_patients_in_hospital_without_beds(shared: Path) -> None:
    dataset = opened(shared / "data/texas_tsa/hospitalizations.xlsx")
    mean = headline(dataset).loc["mean_census", "overall"]
    assert mean == pytest.approx(739_725 / 161)
    assert occupancy(dataset).loc[0, "occupied"] == pytest.approx(mean)
    assert occupancy(dataset, "region")["occupancy"].isna().all()
