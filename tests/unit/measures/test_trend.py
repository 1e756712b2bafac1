"""The trend gives the headline's figures period by period, and marks what is partial."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.measures import MEASURES, headline, trend
from tests.unit.measures.build import daily_admissions, generated, stays, worked_example

COUNTED = ["cost_n", "charges_n", "length_of_stay_n", "satisfaction_n", "waiting_n",
           "readmission_n", "survival_n"]  # fmt: skip
COLUMNS = ["period", *MEASURES, "complete", *COUNTED]


def test_columns_and_dtypes_even_when_there_is_nothing() -> None:
    undated = Dataset(stays=pd.DataFrame({"cost": [1.0]}))
    for dataset in (Dataset(), undated, worked_example()):
        frame = trend(dataset)
        assert frame.columns.tolist() == COLUMNS
        assert frame["period"].dtype == "datetime64[us]"
        assert frame["complete"].dtype == "bool"
        assert (frame[[*MEASURES, *COUNTED]].dtypes == "float64").all()
    assert trend(undated).empty


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "year"])
def test_admissions_add_up_to_the_headline(every: str) -> None:
    dataset = Dataset(stays=daily_admissions("2023-01-04", "2024-05-20", each=3))
    frame = trend(dataset, every)
    assert frame["admissions"].sum() == headline(dataset).loc["admissions", "overall"]
    assert frame["period"].is_monotonic_increasing
    assert frame["complete"].iloc[1:-1].all()


def test_the_last_month_is_the_month_to_date() -> None:
    dataset = Dataset(stays=generated(500)).with_beds({"North": 40, "South": 40})
    month, last = headline(dataset)["month_to_date"], trend(dataset).iloc[-1]
    for measure in MEASURES:
        assert last[measure] == pytest.approx(month[measure], nan_ok=True), measure


def test_the_worked_example_is_april() -> None:
    frame = trend(worked_example(), as_of="2024-04-30")
    assert frame["period"].tolist() == [pd.Timestamp("2024-04-01")]
    april = frame.iloc[0]
    assert (april["admissions"], april["length_of_stay"], april["bed_days"]) == (6, 18, 63)
    assert april["complete"]
    assert not trend(worked_example()).iloc[0]["complete"]  # as of 28 April


def test_partial_periods_are_marked() -> None:
    frame = trend(Dataset(stays=daily_admissions("2024-01-10", "2024-03-20")))
    assert frame["complete"].tolist() == [False, True, False]
    whole = trend(Dataset(stays=daily_admissions("2024-01-01", "2024-03-31")))
    assert whole["complete"].tolist() == [True, True, True]
    by_chance = trend(Dataset(stays=daily_admissions("2024-01-02", "2024-03-31")))
    assert by_chance["complete"].tolist() == [True, True, True]


def test_periods_without_rows_are_zero_in_flows_and_unknown_in_means() -> None:
    table = pd.concat(
        [daily_admissions("2023-12-01", "2024-01-20"), daily_admissions("2024-03-01", "2024-04-30")]
    )
    frame = trend(Dataset(stays=table.assign(cost=10.0, waiting_minutes=5.0)))
    february = frame[frame["period"] == "2024-02-01"].iloc[0]
    assert february[["admissions", "discharges", "cost", "bed_days"]].tolist() == [0, 0, 0, 0]
    assert february[["length_of_stay", "mean_cost", "waiting"]].isna().all()


def test_the_first_discharges_of_a_file_are_unknown_not_few() -> None:
    frame = trend(Dataset(stays=daily_admissions("2024-01-01", "2024-04-30", nights=20)))
    assert frame["admissions"].tolist() == [31, 29, 31, 30]
    assert frame["discharges"].isna().tolist() == [True, False, False, False]
    assert frame["bed_days"].isna().tolist() == [True, False, False, False]


def test_the_reporting_period_cuts_and_marks() -> None:
    dataset = Dataset(stays=daily_admissions("2023-01-01", "2024-06-30"))
    frame = trend(dataset.filtered(start="2024-01-15", end="2024-03-31"))
    assert frame["admissions"].tolist() == [17, 29, 31]
    assert frame["complete"].tolist() == [False, True, True]
    assert trend(dataset.filtered(start="2030-01-01")).empty


def test_weeks_begin_on_monday() -> None:
    frame = trend(Dataset(stays=daily_admissions("2024-01-01", "2024-01-14")), "week")
    assert frame["period"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-08")]
    assert frame["admissions"].tolist() == [7, 7]


def test_conventions_are_those_of_the_headline() -> None:
    frame = trend(worked_example(), as_of="2024-04-30", overnight_only=True)
    assert frame["length_of_stay"].tolist() == [27]


def test_another_rhythm_is_refused() -> None:
    with pytest.raises(ValueError, match="every is one of day, week, month, quarter, year"):
        trend(Dataset(), "fortnight")


def test_one_stay() -> None:
    frame = trend(Dataset(stays=stays([("A", "2024-04-10", "2024-04-12")])), as_of="2024-04-30")
    assert frame["admissions"].tolist() == [1]
    assert np.isnan(frame["bed_days"].iloc[0]) or frame["bed_days"].iloc[0] >= 0


def test_admissions_of_a_file_chosen_by_discharge_are_too_few_at_its_end() -> None:
    arrived = pd.date_range("2024-01-01", "2024-06-30", freq="6h").normalize().as_unit("us")
    length = pd.Series([2, 5, 9, 20] * len(arrived)).head(len(arrived))
    left = arrived + pd.to_timedelta(length.to_numpy(), "D")
    whole = pd.DataFrame(
        {"admitted": arrived, "discharged": left, "length_of_stay": length.astype("float64")}
    )
    kept = whole[(whole["discharged"] >= "2024-02-01") & (whole["discharged"] <= "2024-05-31")]
    chosen = Dataset(stays=kept.reset_index(drop=True))
    frame = trend(chosen).set_index("period")
    assert frame.loc["2024-03-01":"2024-04-01", "complete"].tolist() == [True, True]
    assert not frame.loc["2024-05-01", "complete"]
    lines = headline(chosen).loc["admissions"]
    assert "are too few: the file lacks patients who had not left yet." in lines["note"]
    honest = whole[whole["admitted"] <= "2024-05-31"].reset_index(drop=True)
    assert "too few" not in headline(Dataset(stays=honest)).loc["admissions", "note"]


def test_a_filter_lacks_the_discharges_of_its_own_patients_only() -> None:
    """Of a file from January on long stays lack many discharges of January, short ones few."""
    days = pd.date_range("2024-01-01", "2024-03-31")
    parts = [
        pd.DataFrame({"admitted": days, "department": name, "length_of_stay": float(length)})
        for name, length, often in (("Rehab", 20, 5), ("ED", 1, 1))
        for _ in range(often)
    ]
    stays = pd.concat(parts, ignore_index=True)
    stays["discharged"] = stays["admitted"] + pd.to_timedelta(stays["length_of_stay"], unit="D")
    network = Dataset(stays=stays)
    for chosen, given in ((None, False), (["Rehab"], False), (["ED"], True)):
        found = trend(network.filtered(department=chosen))
        assert found["discharges"].notna().tolist()[:3] == [given, True, True], chosen
