"""Every measure by group: what `headline` says of each group, and adding up to the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem, open_file
from caremap.dataset import Dataset
from caremap.measures import breakdown, headline
from caremap.measures.breakdown import MEASURED
from tests.unit.measures.build import counts, days, generated, stays

FLOWS = ["admissions", "discharges", "visits", "cost", "charges"]
PERIODS: tuple[dict[str, Any], ...] = (
    {},
    {"start": "2024-02-01", "end": "2024-02-29"},
    {"start": "2024-03-10"},
    {"end": "2024-01-20"},
    {"start": "2020-01-01", "end": "2020-12-31"},  # before the file begins
    {"start": "2030-01-01", "end": "2030-12-31"},  # after it ends
)
LACKING: tuple[list[str], ...] = (
    [],
    ["was_admitted"],
    ["discharged"],
    ["admitted"],
    ["admitted", "discharged"],
    ["patient_id"],
    ["cost"],
    ["length_of_stay", "waiting_minutes"],
)
SWITCHES: tuple[dict[str, Any], ...] = (
    {},
    {"same_day": 1},
    {"overnight_only": True},
    {"cost_date": "admitted"},
)


@st.composite
def views(draw: st.DrawFn) -> tuple[Dataset, dict[str, Any]]:
    table = generated(draw(st.sampled_from([1, 30, 300])), seed=draw(st.integers(0, 50)))
    table = table.assign(charges=table["cost"] * 2)
    table = table.drop(columns=draw(st.sampled_from(LACKING)))
    dataset = Dataset(stays=table).filtered(**draw(st.sampled_from(PERIODS)))
    return dataset, draw(st.sampled_from(SWITCHES))


@settings(max_examples=16)
@given(views(), st.sampled_from(["facility", "outcome", "readmitted", "satisfaction_of"]))
def test_flows_of_all_groups_add_up_to_the_whole(view: Any, by: str) -> None:
    dataset, switches = view
    if by == "satisfaction_of":
        dataset = Dataset(
            stays=dataset.stays.assign(satisfaction_of=dataset.stays["satisfaction"]),
            period=dataset.period,
        )
    whole = headline(dataset, **switches)["overall"]
    found = breakdown(dataset, by, **switches)
    for name in FLOWS:
        if np.isnan(whole[name]):
            assert found[name].isna().all(), name
        else:
            assert found[name].sum() == pytest.approx(whole[name]), name
    for name, n in (("length_of_stay", "length_of_stay_n"), ("satisfaction", "satisfaction_n")):
        if not np.isnan(whole[name]):
            assert (found[name] * found[n]).sum() / found[n].sum() == pytest.approx(whole[name])


@settings(max_examples=8)
@given(views(), st.sampled_from(["facility", "department"]))
def test_a_group_has_the_figures_of_the_dataset_filtered_to_it(view: Any, by: str) -> None:
    dataset, switches = view
    found = breakdown(dataset, by, **switches).set_index(by)
    assert set(found.index) == set(dataset.stays[by].fillna("Unknown"))
    for group, line in found.iterrows():
        expected = headline(dataset.filtered(**{by: [group]}), **switches)
        for name in MEASURED:
            overall = expected.loc[name, "overall"]
            assert line[name] == pytest.approx(overall, nan_ok=True), (group, name)
        for name in ("cost", "length_of_stay", "satisfaction", "waiting", "readmission"):
            if not np.isnan(expected.loc[name, "overall"]):
                assert line[f"{name}_n"] == expected.loc[name, "n"], (group, name)


@settings(max_examples=12)
@given(views())
def test_two_columns_split_each_other(view: Any) -> None:
    dataset, switches = view
    wanted = ["admissions", "cost", "length_of_stay"]
    one = breakdown(dataset, "facility", measures=wanted, **switches).set_index("facility")
    two = breakdown(dataset, "facility", "department", measures=wanted, **switches)
    assert list(two.columns[:2]) == ["facility", "department"]
    assert not two.duplicated(["facility", "department"]).any()
    together = two.groupby("facility")[["admissions", "cost_n", "length_of_stay_n"]].sum()
    for name in together:
        assert together[name].to_dict() == pytest.approx(one[name].fillna(0).to_dict())


def test_every_column_is_there_in_this_order_whatever_the_file_has() -> None:
    found = breakdown(Dataset(stays=pd.DataFrame({"ward": ["A", None, "A"]})), "ward")
    expected = pd.DataFrame({"ward": ["A", "Unknown"], "admissions": [2.0, 1.0]})
    expected = expected.assign(**dict.fromkeys(MEASURED[1:], np.nan))
    names = ["cost", "charges", "length_of_stay", "satisfaction", "waiting", "readmission"]
    names.append("team_score")
    expected = expected.assign(**{f"{name}_n": 0 for name in names})
    pd.testing.assert_frame_equal(found, expected.astype({"ward": "str"}))


def test_filters_that_leave_nothing_leave_the_columns() -> None:
    dataset = Dataset(stays=generated(30)).filtered(facility=["nowhere"])
    found = breakdown(dataset, "department")
    assert found.empty
    assert list(found.columns[:2]) == ["department", "admissions"]


def test_asking_for_some_measures_changes_none_of_them() -> None:
    dataset = Dataset(stays=generated(200)).filtered(start="2024-01-20")
    whole = breakdown(dataset, "outcome")
    for name in MEASURED:
        some = breakdown(dataset, "outcome", measures=[name])
        pd.testing.assert_frame_equal(some, whole[some.columns])
        assert name in some
    with pytest.raises(ValueError, match="measures are some of"):
        breakdown(dataset, "outcome", measures=["beds"])


def test_undated_stays_count_unless_a_period_is_set() -> None:
    table = pd.DataFrame(
        {
            "admitted": days(["2024-04-01", None, None]),
            "discharged": days(["2024-04-04", None, None]),
            "length_of_stay": [3.0, 5.0, 1.0],
            "treatment": pd.Series(["Cast", "Cast", "Scan"], dtype="str"),
            "cost": [100.0, 50.0, -20.0],
        }
    )
    wanted = ["admissions", "discharges", "cost", "length_of_stay"]
    found = breakdown(Dataset(stays=table), measures=wanted)
    assert found.to_dict("list") == {
        "treatment": ["Cast", "Scan"],
        "admissions": [2, 1],
        "discharges": [1, 0],
        "cost": [150.0, -20.0],
        "length_of_stay": [4.0, 1.0],
        "cost_n": [2, 1],
        "length_of_stay_n": [2, 1],
    }
    april = Dataset(stays=table).filtered(start="2024-04-01", end="2024-04-30")
    found = breakdown(april, measures=wanted)
    assert found["admissions"].to_list() == [1, 0]
    assert found["cost"].to_list() == [100.0, 0.0]
    assert found["length_of_stay"].to_list()[0] == 3.0
    assert np.isnan(found["length_of_stay"].to_list()[1])


def test_a_negative_length_or_wait_is_no_value_as_in_the_headline() -> None:
    table = stays(
        [("1", "2024-04-01", "2024-04-03"), ("2", "2024-04-01", "2024-04-05")], ward="A"
    ).assign(length_of_stay=[2.0, -4.0], waiting_minutes=[-5.0, 30.0])
    dataset = Dataset(stays=table)
    for same_day in (0, 1):
        found = breakdown(dataset, "ward", same_day=same_day).iloc[0]
        whole = headline(dataset, same_day=same_day)["overall"]
        assert found["length_of_stay"] == whole["length_of_stay"] == 2.0
        assert found["waiting"] == whole["waiting"] == 30.0


ORDERS = {
    "names as people read them": (["Ward 10", "ward 2", None, "Annex"], "treatment",
                                  ["Annex", "ward 2", "Ward 10", "Unknown"]),
    "bands": (["90+", "5-9", "10-14", "<5", "Under 1"], "age_band",
              ["Under 1", "<5", "5-9", "10-14", "90+"]),
    "bands in words": (["70 or Older", "0 to 17", "30 to 49", "18 to 29", "50 to 69"], "age_band",
                       ["0 to 17", "18 to 29", "30 to 49", "50 to 69", "70 or Older"]),
    "whole numbers held as decimals": ([10.0, 2.0, None], "floor", ["2", "10", "Unknown"]),
    "flags": (pd.array([True, None, False], dtype="boolean"), "ventilated",
              ["No", "Yes", "Unknown"]),
}  # fmt: skip


@pytest.mark.parametrize("case", ORDERS)
def test_groups_stand_in_the_order_they_are_read(case: str) -> None:
    values, by, expected = ORDERS[case]
    found = breakdown(Dataset(stays=pd.DataFrame({by: values})), by, measures=["admissions"])
    assert found[by].to_list() == expected
    assert found["admissions"].to_list() == [1.0] * len(expected)


def test_ages_fall_into_bands_where_the_file_has_none() -> None:
    ages = [7.0, 0.5, 90.0, 104.0, 89.0, -1.0, 999.0, 120.0, None]
    found = breakdown(Dataset(stays=pd.DataFrame({"age": ages})), "age_band")
    assert found.set_index("age_band")["admissions"].to_dict() == {
        "0-4": 1, "5-9": 1, "85-89": 1, "90+": 2, "Unknown": 4,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["date", "rows", "alive", "cost_rows", "by 1", "all"])
def test_a_header_of_the_file_is_never_taken_for_a_column_of_ours(name: str) -> None:
    table = generated(200)
    table[name] = table["department"].fillna("none")
    expected = breakdown(Dataset(stays=table.assign(named=table[name])), "named")
    found = breakdown(Dataset(stays=table), name)
    pd.testing.assert_frame_equal(found, expected.rename(columns={"named": name}))


REFUSED = {
    "no such column": (["shoe_size"], "There is no column “shoe_size” to group by."),
    "a patient": (["patient_id"], "identifies persons"),
    "a stay": (["facility", "stay_id"], "identifies persons"),
    "a date": (["admitted"], "is a date"),
    "money": (["cost"], "is a figure of its own"),
    "ages": (["age"], "different numbers"),
    "a measurement": (["bmi"], "“bmi” has 300 different numbers"),
    "nothing": ([], "No column to group by"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_makes_no_groups_is_refused_in_words(case: str) -> None:
    by, message = REFUSED[case]
    random = np.random.default_rng(1)
    table = generated(300).assign(age=range(300), bmi=random.normal(25, 4, 300))
    with pytest.raises(DataProblem, match=message) as caught:
        breakdown(Dataset(stays=table), by)
    assert caught.value.hint


def test_no_table_has_both_columns() -> None:
    activity = counts(["2024-04-01"], event=["flu"], admissions=[3.0])
    dataset = Dataset(stays=pd.DataFrame({"ward": ["A"]}), activity=activity)
    with pytest.raises(DataProblem, match="No table has both columns"):
        breakdown(dataset, "ward", "event")
    with pytest.raises(DataProblem, match="There is no column"):
        breakdown(Dataset(), "ward")


# --- files of counts ------------------------------------------------------------------------

COUNTED = counts(
    ["2024-04-01", "2024-04-02", "2024-04-03"] * 2 + ["2024-04-01"],
    facility=pd.Series(["N"] * 3 + ["S"] * 3 + ["T"], dtype="str"),
    admissions=[1.0, None, 3.0, 0.0, 0.0, 0.0, None],
    occupied_beds=[5.0] * 7,
    staffed_beds=[10.0] * 7,
    cost=[10.0, 5.0, None, None, None, None, None],
    satisfaction=[4.0, None, 5.0, 3.0, None, None, None],
)


def test_counts_are_added_and_a_blank_is_not_zero() -> None:
    found = breakdown(Dataset(activity=COUNTED), "facility").set_index("facility")
    assert found["admissions"].fillna(-1).to_dict() == {"N": 4, "S": 0, "T": -1}
    assert found["cost"].fillna(-1).to_dict() == {"N": 15, "S": -1, "T": -1}
    assert found["cost_n"].to_dict() == {"N": 2, "S": 0, "T": 0}
    assert found["satisfaction"].fillna(-1).to_dict() == {"N": 4.5, "S": 3, "T": -1}
    assert found["mean_cost"].isna().all()
    assert not {"occupied_beds", "staffed_beds"} & set(found)  # stocks are never added


@pytest.mark.parametrize("period", [{}, {"start": "2024-04-02"}, {"end": "2024-03-01"}])
@pytest.mark.parametrize("facility", ["N", "S", "T"])
def test_counts_of_a_group_are_those_of_the_dataset_filtered_to_it(
    period: dict[str, Any], facility: str
) -> None:
    dataset = Dataset(activity=COUNTED).filtered(**period)
    expected = headline(dataset.filtered(facility=[facility]))["overall"]
    line = breakdown(dataset, "facility").set_index("facility").loc[facility]
    for name in ("admissions", "discharges", "visits", "cost", "satisfaction"):
        assert line[name] == pytest.approx(expected[name], nan_ok=True), name


def test_counts_fill_in_what_stays_cannot_say() -> None:
    table = stays([("1", "2024-04-01", "2024-04-03")], facility="N")
    found = breakdown(Dataset(stays=table, activity=COUNTED), "facility").set_index("facility")
    assert found.loc["N", ["admissions", "discharges", "cost"]].to_list() == [1, 1, 15]
    assert found.index.to_list() == ["N", "S", "T"]
    assert np.isnan(found.loc["S", "admissions"])


def test_undated_counts_have_no_part_in_a_period() -> None:
    activity = pd.DataFrame({"facility": ["N", "S"], "admissions": [5.0, 6.0]})
    assert breakdown(Dataset(activity=activity), "facility")["admissions"].to_list() == [5, 6]
    cut = Dataset(activity=activity).filtered(start="2024-04-01")
    assert breakdown(cut, "facility")["admissions"].isna().all()
    assert np.isnan(headline(cut).loc["admissions", "overall"])


# --- real files, against plain pandas -------------------------------------------------------


def test_ten_thousand_stays_by_admission_type_and_by_8639_hospitals(shared: Path) -> None:
    path = shared / "data/kaggle_healthcare/healthcare_dataset_original.csv"
    file = pd.read_csv(path, parse_dates=["Date of Admission", "Discharge Date"])
    file["nights"] = (file["Discharge Date"] - file["Date of Admission"]).dt.days
    dataset = Dataset.of(open_file(path))
    for by, header in (("admission_type", "Admission Type"), ("facility", "Hospital"),
                       ("Blood Type", "Blood Type"), ("Test Results", "Test Results")):  # fmt: skip
        plain = file.groupby(header)
        found = breakdown(dataset, by).set_index(by)
        assert len(found) == file[header].nunique()
        for name, expected in (
            ("admissions", plain.size()),
            ("discharges", plain.size()),
            ("cost", plain["Billing Amount"].sum()),
            ("mean_cost", plain["Billing Amount"].mean()),
            ("length_of_stay", plain["nights"].mean()),
            ("median_stay", plain["nights"].median()),
        ):
            pd.testing.assert_series_equal(
                found[name].sort_index(), expected.astype("float64").sort_index(),
                check_names=False, check_index_type=False,
            )  # fmt: skip
    assert breakdown(dataset, "facility")["admissions"].sum() == 10_000
    assert breakdown(dataset, "facility")["cost"].sum() == pytest.approx(255_168_067.78, abs=0.005)


def test_october_by_ages_of_ten_thousand_stays(shared: Path) -> None:
    path = shared / "data/kaggle_healthcare/healthcare_dataset_original.csv"
    file = pd.read_csv(path, parse_dates=["Date of Admission", "Discharge Date"])
    dataset = Dataset.of(open_file(path)).filtered(start="2023-10-01", end="2023-10-31")
    found = breakdown(dataset, "age_band").set_index("age_band")
    assert found["admissions"].sum() == 174
    band = pd.cut(file["Age"], [*range(0, 91, 5), 200], right=False)
    october = file["Date of Admission"].dt.to_period("M") == "2023-10"
    left = file["Discharge Date"].dt.to_period("M") == "2023-10"
    for low in range(15, 85, 5):
        inside = (band == pd.Interval(low, low + 5, closed="left")).fillna(False)
        line = found.loc[f"{low}-{low + 4}"]
        assert line["admissions"] == (inside & october).sum()
        assert line["discharges"] == (inside & left).sum()
        assert line["cost"] == pytest.approx(file.loc[inside & left, "Billing Amount"].sum())


def test_new_york_discharges_by_age_band(shared: Path) -> None:
    path = shared / "data/sparcs/week10_df_musc_skel.csv.gz"
    file = pd.read_csv(path)
    found = breakdown(Dataset.of(open_file(path)), "age_band", "gender")
    assert found["age_band"].unique().tolist() == ["18 to 29", "30 to 49", "50 to 69"]
    assert found["charges"].sum() == pytest.approx(2_906_946_573.41, abs=0.01)
    assert found["cost"].sum() == pytest.approx(905_695_906.62, abs=0.01)
    mean = (found["length_of_stay"] * found["length_of_stay_n"]).sum() / 36_631
    assert mean == pytest.approx(6.321, abs=0.0005)
    plain = file.groupby(["age", "Gender"])["Total.Costs"].mean()
    line = found.set_index(["age_band", "gender"])["mean_cost"]
    for key, expected in plain.items():
        assert line[key] == pytest.approx(expected)


def test_emergency_visits_by_department(shared: Path) -> None:
    path = shared / "data/kaggle_er/Hospital ER.csv"
    file = pd.read_csv(path, keep_default_na=False)
    file["score"] = pd.to_numeric(file["patient_sat_score"])
    plain = file.groupby("department_referral")
    found = breakdown(Dataset.of(open_file(path)), "department").set_index("department")
    assert found["visits"].sort_index().to_list() == plain.size().sort_index().to_list()
    assert found["admissions"].sum() == 4612
    for name, expected in (
        ("waiting", plain["patient_waittime"].median()),
        ("satisfaction", plain["score"].mean()),
        ("satisfaction_n", plain["score"].count()),
    ):
        for group, value in expected.items():
            assert found.loc[group, name] == pytest.approx(value), (name, group)


def test_hospitals_counted_every_day(shared: Path) -> None:
    path = shared / "data/nj_hospitals/nj_hosp_2020_06_19.csv"
    file = pd.read_csv(path)
    found = breakdown(Dataset.of(open_file(path)), "facility").set_index("facility")
    expected = file.groupby("hosp_name")["admitted"].sum(min_count=1)
    for name, value in expected.items():
        assert found.loc[str(name).strip(), "admissions"] == pytest.approx(value, nan_ok=True)
