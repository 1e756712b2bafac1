"""Figures of real files, cell by cell against plain pandas on the file as it is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.stats

import caremap
from caremap.dataset import Dataset
from caremap.measures import (
    breakdown,
    census,
    cost_spread,
    over_time,
    readmissions,
    seasonal,
    survival,
    wait_clock,
    waits,
)

UNKNOWN = "Unknown"


def opened(path: Path) -> Dataset:
    return Dataset.of(caremap.open_file(path))


@pytest.fixture(scope="module")
def sparcs(shared: Path) -> tuple[Dataset, pd.DataFrame]:
    path = shared / "data/sparcs/week10_df_musc_skel.csv.gz"
    return opened(path), pd.read_csv(path, low_memory=False)


@pytest.fixture(scope="module")
def emergency(shared: Path) -> tuple[Dataset, pd.DataFrame]:
    path = shared / "data/kaggle_er/Hospital ER.csv"
    file = pd.read_csv(path, keep_default_na=False)
    came = pd.to_datetime(file["date"], format="%Y/%m/%d %H:%M")
    answers = pd.to_numeric(file["patient_sat_score"])
    return opened(path), file.assign(came=came, answer=answers)


@pytest.fixture(scope="module")
def jersey(shared: Path) -> tuple[Dataset, pd.DataFrame]:
    path = shared / "data/nj_hospitals/nj_hosp_2020_06_19.csv"
    return opened(path), pd.read_csv(path, low_memory=False)


@pytest.fixture(scope="module")
def healthcare(shared: Path) -> tuple[Dataset, pd.DataFrame]:
    path = shared / "data/kaggle_healthcare/healthcare_dataset_original.csv"
    file = pd.read_csv(path)
    for name in ("Date of Admission", "Discharge Date"):
        file[name] = pd.to_datetime(file[name])
    file["stay"] = (file["Discharge Date"] - file["Date of Admission"]).dt.days
    return opened(path), file


def same(ours: pd.DataFrame, theirs: pd.DataFrame, by: list[str]) -> None:
    """Compare the columns of the plain computation, whatever the order of the rows."""
    found = ours.set_index(by)[list(theirs)].sort_index()
    expected = theirs.copy()
    expected.index = expected.index.set_names(by)
    pd.testing.assert_frame_equal(
        found.astype("float64"), expected.sort_index().astype("float64"), check_index_type=False
    )


SPARCS = {
    "treatment": "CCSR.Procedure.Description", "diagnosis": "CCSR.Diagnosis.Description",
    "age_band": "age", "gender": "Gender", "insurance": "Payment.Typology.1",
    "region": "Hospital.County", "facility": "Permanent.Facility.Id",
    "department": "APR.Medical.Surgical.Description", "Race": "Race",
}  # fmt: skip


def groups_of(file: pd.DataFrame, headers: list[str]) -> pd.api.typing.DataFrameGroupBy:
    return file.groupby(
        [file[header].astype("object").fillna(UNKNOWN).astype("str") for header in headers]
    )


@pytest.mark.parametrize(
    "by",
    [["treatment"], ["diagnosis"], ["age_band"], ["gender"], ["insurance"], ["Race"],
     ["department", "facility"], ["age_band", "gender"]],
)  # fmt: skip
def test_stays_of_new_york(sparcs: tuple[Dataset, pd.DataFrame], by: list[str]) -> None:
    network, file = sparcs
    groups = groups_of(file, [SPARCS[name] for name in by])
    plain = pd.DataFrame(
        {
            "admissions": groups.size(),
            "cost": groups["Total.Costs"].sum(),
            "mean_cost": groups["Total.Costs"].mean(),
            "charges": groups["Total.Charges"].sum(),
            "length_of_stay": groups["los"].mean(),
            "median_stay": groups["los"].median(),
            "cost_n": groups["Total.Costs"].count(),
        }
    )
    same(breakdown(network, by), plain, by)


@pytest.mark.parametrize("by", ["region", "insurance"])
def test_survival_of_new_york(sparcs: tuple[Dataset, pd.DataFrame], by: str) -> None:
    network, file = sparcs
    died = file["Patient.Disposition"].eq("Expired").groupby(file[SPARCS[by]])
    plain = pd.DataFrame({"died": died.sum(), "n": died.size()})
    plain["survived"] = plain["n"] - plain["died"]
    plain["survival"] = 100 * plain["survived"] / plain["n"]
    for line in plain.itertuples():
        interval = scipy.stats.binomtest(int(line.survived), int(line.n)).proportion_ci(
            method="wilson"
        )
        plain.loc[line.Index, ["low_95", "high_95"]] = 100 * interval.low, 100 * interval.high
    found = survival(network, by)
    same(found, plain, [by])
    assert found["unknown"].sum() == 0
    assert found["died"].sum() == 281


@pytest.mark.parametrize("by", ["treatment", "department"])
@pytest.mark.parametrize(
    ("value", "column"),
    [("cost", "Total.Costs"), ("charges", "Total.Charges"), ("length_of_stay", "los")],
)
def test_spread_of_costs_in_new_york(
    sparcs: tuple[Dataset, pd.DataFrame], by: str, value: str, column: str
) -> None:
    network, file = sparcs
    amounts = file[column].groupby(file[SPARCS[by]].fillna(UNKNOWN))
    shares = {"p5": 0.05, "p25": 0.25, "median": 0.5, "p75": 0.75, "p95": 0.95}
    plain = pd.DataFrame({"n": amounts.size(), "mean": amounts.mean()})
    for name, share in shares.items():
        plain[name] = amounts.quantile(share)
    logs = {name: np.log(one) for name, one in amounts}
    for name, values in logs.items():
        first, third = (np.log(plain.loc[name, share]) for share in ("p25", "p75"))
        reach = 1.5 * (third - first)
        plain.loc[name, "outliers"] = ((values < first - reach) | (values > third + reach)).sum()
    plain.loc[plain["n"] < 20, ["p5", "p95"]] = np.nan
    found = cost_spread(network, by, value)
    assert found["skewed"].all()
    exact = found.set_index(by)["outliers"] == plain["outliers"].reindex(found[by])
    # a value exactly on a fence (whole days) may fall on either side of it by rounding
    assert exact.all() or value == "length_of_stay"
    same(found, plain.drop(columns="outliers"), [by])


@pytest.mark.parametrize("by", ["department", "gender", "age_band"])
def test_emergency_visits(emergency: tuple[Dataset, pd.DataFrame], by: str) -> None:
    network, file = emergency
    bands = (file["patient_age"] // 5 * 5).map(
        lambda low: f"{low}-{low + 4}" if low < 90 else "90+"
    )
    keys = {"department": file["department_referral"], "gender": file["patient_gender"],
            "age_band": bands}[by]  # fmt: skip
    groups = file.groupby(keys)
    plain = pd.DataFrame(
        {
            "visits": groups.size(),
            "admissions": groups["patient_admin_flag"].sum(),
            "waiting": groups["patient_waittime"].median(),
            "satisfaction": groups["answer"].mean(),
            "satisfaction_n": groups["answer"].count(),
        }
    )
    same(breakdown(network, by), plain, [by])
    lengths = groups["patient_waittime"]
    within = 100 * (file["patient_waittime"] <= 30).groupby(keys).mean()
    plain = pd.DataFrame({"median": lengths.median(), "p90": lengths.quantile(0.9),
                          "within_target": within,
                          "n": lengths.size()})  # fmt: skip
    same(waits(network, 30, by), plain, [by])


def test_satisfaction_by_department_and_month(emergency: tuple[Dataset, pd.DataFrame]) -> None:
    network, file = emergency
    month = file["came"].dt.to_period("M").dt.start_time.dt.as_unit("us")
    groups = file.groupby([file["department_referral"], month])
    plain = pd.DataFrame({"visits": groups.size(), "satisfaction": groups["answer"].mean(),
                          "satisfaction_n": groups["answer"].count()})  # fmt: skip
    found = over_time(network, "department", measures=["visits", "satisfaction"])
    empty = found[found["visits"] == 0]
    assert empty["satisfaction"].isna().all()
    same(found[found["visits"] > 0], plain, ["department", "period"])
    assert set(zip(found["department"], found["period"], strict=True)) >= set(plain.index)


def test_waits_by_weekday_and_hour(emergency: tuple[Dataset, pd.DataFrame]) -> None:
    network, file = emergency
    lengths = file["patient_waittime"].groupby([file["came"].dt.day_of_week, file["came"].dt.hour])
    plain = pd.DataFrame({"median": lengths.median(), "p90": lengths.quantile(0.9),
                          "n": lengths.size()})  # fmt: skip
    found = wait_clock(network, 35)
    assert len(found) == 7 * 24
    same(found, plain, ["weekday", "hour"])
    within = file["patient_waittime"].le(35).groupby(file["came"].dt.hour).sum()
    ours = (found["within_target"] * found["n"] / 100).groupby(found["hour"]).sum()
    np.testing.assert_allclose(ours, within)


@pytest.mark.parametrize(("every", "names"), [
    ("season", {12: "Dec-Feb", 1: "Dec-Feb", 2: "Dec-Feb", 3: "Mar-May", 4: "Mar-May",
                5: "Mar-May", 6: "Jun-Aug", 7: "Jun-Aug", 8: "Jun-Aug", 9: "Sep-Nov",
                10: "Sep-Nov", 11: "Sep-Nov"}),
    ("month", dict(enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
                              "Oct", "Nov", "Dec"), 1))),
])  # fmt: skip
def test_seasons_of_five_years(
    healthcare: tuple[Dataset, pd.DataFrame], every: str, names: dict[int, str]
) -> None:
    network, file = healthcare
    came = file["Date of Admission"]
    days = pd.Series(pd.date_range(came.min(), came.max())).dt.month.map(names).value_counts()
    whole = came.dt.month.map(names).value_counts()
    plain = pd.DataFrame({"admissions": whole, "days": days, "admissions_per_day": whole / days})
    found = seasonal(network, every=every)
    same(found, plain, [every])
    # what goes by discharge is of the days on which nearly all from before the file have left
    left = file[file["Discharge Date"].between(census(network)["date"].min(), came.max())]
    costs = left.groupby(left["Discharge Date"].dt.month.map(names))["Billing Amount"]
    same(found, pd.DataFrame({"cost": costs.sum(), "mean_cost": costs.mean()}), [every])


def test_counts_of_new_jersey_by_hospital(jersey: tuple[Dataset, pd.DataFrame]) -> None:
    network, file = jersey
    left = file["discharged_alive"] + file["discharged_dead"]
    groups = file.assign(left=left).groupby("hosp_name")
    plain = pd.DataFrame({"admissions": groups["admitted"].sum(min_count=1),
                          "discharges": groups["left"].sum(min_count=1)})  # fmt: skip
    same(breakdown(network, "facility"), plain, ["facility"])
    weeks = pd.to_datetime(file["date"]).dt.to_period("W-SUN").dt.start_time.dt.as_unit("us")
    weekly = file.groupby(["hosp_name", weeks])["admitted"].sum(min_count=1).dropna()
    found = over_time(network, "facility", "week", ["admissions"])
    ours = found.set_index(["facility", "period"])["admissions"].dropna()
    ours = ours[ours.index.isin(weekly.index)].sort_index()
    np.testing.assert_allclose(ours, weekly.sort_index())


def test_patients_back_within_a_month(shared: Path) -> None:
    path = shared / "data/kaggle_hospital_data_analysis/hospital_data_analysis.csv"
    file = pd.read_csv(path)
    back = file["Readmission"].eq("Yes").groupby(file["Condition"])
    plain = pd.DataFrame({"readmitted": back.sum(), "n": back.size(),
                          "readmission": 100 * back.mean()})  # fmt: skip
    found = readmissions(opened(path), "diagnosis")
    assert found["source"].eq("as recorded").all()
    same(found, plain, ["diagnosis"])
