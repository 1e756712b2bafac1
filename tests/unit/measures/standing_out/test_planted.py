"""What is planted in a network without structure is found, with its sign and its figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import control_chart, cost_spread, headline, standout_notes, standouts
from caremap.measures.standing_out.expensive import limits_of
from caremap.measures.tallies import Tally
from caremap.measures.view import overall_view
from tests.unit.measures.standing_out.plant import network


def found(stays: pd.DataFrame, beds: float | None = None) -> pd.DataFrame:
    dataset = Dataset(stays=stays)
    return standouts(dataset if beds is None else dataset.with_beds(beds))


def one(frame: pd.DataFrame, code: str, subject: str) -> pd.Series:
    """The one row of that kind and subject."""
    rows = frame[(frame["code"] == code) & (frame["subject"] == subject)]
    assert len(rows) == 1, frame[["code", "subject", "sentence"]].to_string()
    return rows.iloc[0]


def test_a_department_one_point_lower() -> None:
    stays = network()
    oncology = stays["department"] == "Oncology"
    stays["satisfaction"] = stays["satisfaction"].where(~oncology, stays["satisfaction"] - 1)
    row = one(found(stays), "satisfaction", "department “Oncology”")
    own, rest = (stays.loc[rows, "satisfaction"].dropna() for rows in (oncology, ~oncology))
    assert row["figure"] == pytest.approx(own.mean())
    assert row["comparison"] == pytest.approx(rest.mean())
    assert row["effect"] == pytest.approx(own.mean() - rest.mean())
    assert -1.3 < row["low_95"] < row["effect"] < row["high_95"] < -0.7
    assert row["n"] == len(own)
    assert "is lower than elsewhere" in row["sentence"]
    assert f"{len(own):,} answers" in row["sentence"]
    assert row["caution"].startswith("Not adjusted for age or severity")


def test_a_department_whose_answers_lie_further_apart() -> None:
    stays = network()
    surgery = stays["department"] == "Surgery"
    extremes = pd.Series(np.where(np.arange(len(stays)) % 5 < 2, 1.0, 5.0))
    known = surgery & stays["satisfaction"].notna()
    stays["satisfaction"] = stays["satisfaction"].where(~known, extremes)
    row = one(found(stays), "variation", "department “Surgery”")
    assert row["effect"] > 0
    assert "differ more from each other" in row["sentence"]


def test_mondays_with_nearly_a_third_more() -> None:
    stays = network(12_000)
    mondays = stays[stays["admitted"].dt.day_of_week == 0]
    more = pd.concat([stays, mondays.sample(frac=0.3, random_state=1)], ignore_index=True)
    row = one(found(more), "weekday", "Mondays")
    days = more.groupby("admitted").size()
    whole = days["2021-01-04":"2023-12-31"]  # from the first Monday
    own, rest = (whole[(whole.index.day_of_week == 0) == monday] for monday in (True, False))
    assert row["figure"] == pytest.approx(own.mean(), rel=0.01)
    assert row["comparison"] == pytest.approx(rest.mean(), rel=0.01)
    assert 0.2 < row["effect"] / row["comparison"] < 0.4
    assert row["low_95"] > 0


def test_a_month_with_a_jump() -> None:
    stays = network(12_000)
    june = stays[stays["admitted"].dt.to_period("M") == pd.Period("2022-06")]
    more = pd.concat([stays, june], ignore_index=True)
    row = one(found(more), "special-cause", "June 2022")
    assert (row["measure"], row["figure"]) == ("admissions", 2 * len(june))
    assert row["low_95"] > 0
    chart = control_chart(Dataset(stays=more))
    (signal,) = chart[chart["signal"]].itertuples()
    assert signal.period == pd.Timestamp("2022-06-01")
    assert signal.value == 2 * len(june)


def test_a_payer_with_double_mortality() -> None:
    stays = network(12_000)
    medicare = stays["insurance"] == "Medicare"
    alive = medicare & (stays["outcome"] == "Home")
    died = stays[alive].sample(n=int(0.04 * medicare.sum()), random_state=1).index
    stays.loc[died, "outcome"] = "Died"
    frame = found(stays)
    row = one(frame, "death", "payer “Medicare”")
    dead = stays["outcome"] == "Died"
    assert row["figure"] == pytest.approx(100 * dead[medicare].mean())
    assert row["comparison"] == pytest.approx(100 * dead[~medicare].mean())
    assert row["low_95"] > 0
    assert row["n"] == medicare.sum()
    assert "died more often than others" in row["sentence"]


def test_a_month_of_unusually_expensive_stays() -> None:
    stays = network(12_000)
    march = stays["discharged"].dt.to_period("M") == pd.Period("2022-03")
    dear = stays[march].sample(frac=0.15, random_state=1).index
    stays.loc[dear, "cost"] = stays.loc[dear, "cost"] * 60
    row = one(found(stays), "cost-outlier-month", "March 2022")
    assert 14 < row["figure"] < 18
    assert row["low_95"] > 5


def test_growth_and_season() -> None:
    random = np.random.default_rng(2)
    days = pd.date_range("2020-01-01", "2023-12-31")
    level = 30 * 1.08 ** (np.arange(len(days)) / 365.25)
    winter = days.month.isin([12, 1, 2])
    counts = random.poisson(level * np.where(winter, 1.25, 1.0))
    activity = pd.DataFrame({"date": days.astype("datetime64[us]"), "admissions": counts * 1.0})
    frame = standouts(Dataset(activity=activity))
    assert set(frame["code"]) == {"growth", "season"}
    grown = one(frame, "growth", "All")
    assert grown["low_95"] < 8 < grown["high_95"]
    assert grown["effect"] == pytest.approx(8, abs=2)
    cold = one(frame, "season", "Dec-Feb")
    assert cold["low_95"] < 25 < cold["high_95"]
    assert frame.iloc[0]["subject"] == "Dec-Feb"  # the larger, by the end nearer to nothing


def test_counts_of_whole_months_give_what_those_of_days_give() -> None:
    days = pd.date_range("2020-01-01", "2023-12-31")
    random = np.random.default_rng(4)
    counts = random.poisson(30 * np.where(days.month.isin([6, 7, 8]), 0.7, 1.0)) * 1.0
    daily = pd.DataFrame({"date": days.astype("datetime64[us]"), "admissions": counts})
    starts = daily["date"].dt.to_period("M").dt.start_time.dt.as_unit("us")
    monthly = daily.assign(date=starts).groupby("date").sum().reset_index()
    by_day, by_month = (standouts(Dataset(activity=table)) for table in (daily, monthly))
    numbers = ["figure", "low_95", "high_95", "n"]
    rows = [
        one(frame, "season", "Jun-Aug")[numbers].astype("float64").tolist()
        for frame in (by_day, by_month)
    ]
    assert rows[1] == pytest.approx(rows[0])
    assert rows[0][0] < -20
    assert "weekday" not in set(by_month["code"])


def test_beds_lastingly_above_85_per_cent() -> None:
    stays = network(12_000)
    patients = headline(Dataset(stays=stays)).loc["mean_census", "overall"]
    row = one(found(stays, patients / 0.93), "occupancy", "All")
    assert row["figure"] == pytest.approx(93, abs=0.5)
    assert row["comparison"] == 85
    assert row["low_95"] > 0
    below = found(stays, patients / 0.80)
    assert "occupancy" not in set(below["code"])


def test_what_follows_from_how_a_file_was_cut_is_not_said() -> None:
    stays = network(12_000)
    cut = stays[stays["admitted"].between("2021-03-20", "2023-10-05")]
    assert found(cut.reset_index(drop=True)).empty


def test_nothing_is_said_of_days_while_dates_are_in_doubt() -> None:
    stays = network(12_000)
    mondays = stays[stays["admitted"].dt.day_of_week == 0]
    doubt = Finding("swapped-dates", "error", "Swapped.", column="Admitted")
    dataset = Dataset(stays=pd.concat([stays, mondays], ignore_index=True), findings=(doubt,))
    assert standouts(dataset).empty
    assert any("in doubt" in note for note in standout_notes(dataset))
    assert control_chart(dataset).empty


def test_small_groups_are_left_out_and_said() -> None:
    stays = network(3000)
    stays.loc[:19, "department"] = "Dermatology"
    stays.loc[:19, "satisfaction"] = 1.0
    frame = found(stays)
    assert not frame["subject"].str.contains("Dermatology").any()
    notes = standout_notes(Dataset(stays=stays))
    assert "Left out as small (fewer than 30 answers): department “Dermatology”." in notes


def test_a_difference_of_few_patients_is_counted_not_told() -> None:
    stays = network(6000)
    stays["outcome"] = "Home"
    rare = stays.index[stays["insurance"] == "Self-pay"][:9]
    stays.loc[rare, "outcome"] = "Died"
    frame = found(stays)
    assert "death" not in set(frame["code"])
    notes = standout_notes(Dataset(stays=stays))
    assert "Differences not told, as they rest on 1 to 10 patients: 1." in notes


def test_an_empty_network_has_empty_answers() -> None:
    frame = standouts(Dataset(stays=network(6000).iloc[:0]))
    assert frame.empty
    assert frame.dtypes["figure"] == "float64"


@pytest.mark.parametrize("q", [0, 1, -0.1])
def test_q_is_a_share(q: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        standouts(Dataset(), q=q)


@pytest.mark.parametrize("skewed", [True, False])
def test_the_same_stays_are_unusually_expensive_as_are_outliers_of_the_spread(skewed: bool) -> None:
    random = np.random.default_rng(3)
    cost = random.lognormal(8, 0.7, 3000) if skewed else random.normal(900, 50, 3000)
    cost[:40] *= 40 if skewed else 3
    stays = pd.DataFrame({"treatment": random.choice(["A", "B", "C"], 3000), "cost": cost})
    dataset = Dataset(stays=stays)
    limits, logarithmic = limits_of(overall_view(dataset, stays), "treatment", Tally("cost"))
    found = cost_spread(dataset).set_index("treatment")
    above = (stays["cost"] > stays["treatment"].map(limits)).groupby(stays["treatment"]).sum()
    assert logarithmic is skewed
    assert (found["skewed"] == skewed).all()
    first, third = found["p25"], found["p75"]
    low = first * (first / third) ** 1.5 if skewed else first - 1.5 * (third - first)
    below = (stays["cost"] < stays["treatment"].map(low)).groupby(stays["treatment"]).sum()
    assert (found["outliers"] - below).tolist() == above.tolist()
    assert above.sum() >= 40
