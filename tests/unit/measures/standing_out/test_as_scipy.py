"""Statistics are those of scipy on the same rows, on real and on synthetic files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import caremap
from caremap.dataset import Dataset
from caremap.measures import control_chart, reductions, relations, trend
from caremap.measures.standing_out.answers import levels, moments, spreads
from caremap.measures.standing_out.chance import (
    adjusted,
    eta_interval,
    mann_whitney,
    of_means,
    of_shares,
)
from caremap.measures.standing_out.payers import death_counts, shares
from caremap.measures.view import overall_view

FILES = {
    "sparcs": "sparcs/week10_df_musc_skel.csv.gz",
    "healthcare": "kaggle_healthcare/healthcare_dataset_original.csv",
    "analysis": "kaggle_hospital_data_analysis/hospital_data_analysis.csv",
}
_LOADED: dict[str, Dataset] = {}


def opened(shared: Path, name: str) -> Dataset:
    if name not in _LOADED:
        _LOADED[name] = Dataset.of(caremap.open_file(shared / "data" / FILES[name]))
    return _LOADED[name]


def kruskal(stays: pd.DataFrame, by: str, need: str) -> tuple[float, float, int, pd.Series]:
    """H, its probability, the rows and the means of groups of at least 30, by scipy."""
    known = stays[[by, need]].dropna().astype({need: "float64"})
    known = known[known.groupby(by)[need].transform("size") >= 30]
    groups = [group.to_numpy() for _, group in known.groupby(by)[need]]
    found = stats.kruskal(*groups)
    return found.statistic, found.pvalue, len(known), known.groupby(by)[need].mean()


@pytest.mark.parametrize(
    ("name", "by", "need"),
    [
        ("sparcs", "insurance", "cost"),
        ("sparcs", "region", "length_of_stay"),
        ("sparcs", "gender", "cost"),
        ("healthcare", "insurance", "length_of_stay"),
        ("analysis", "gender", "cost"),
        ("analysis", "gender", "readmission"),
    ],
)
def test_rank_eta_is_that_of_kruskal_and_wallis(
    shared: Path, name: str, by: str, need: str
) -> None:
    dataset = opened(shared, name)
    frame = relations(dataset).set_index(["characteristic", "need"])
    row = frame.loc[(by, need)]
    assert dataset.stays is not None
    stays = dataset.stays.assign(readmission=dataset.stays.get("readmitted"))
    statistic, p, n, means = kruskal(stays, by, need)
    assert row["effect"] == pytest.approx(np.sqrt(statistic / (n - 1)))
    assert row["p"] == pytest.approx(p, rel=1e-6, abs=1e-300)
    assert (row["n"], row["groups"]) == (n, len(means))
    assert (row["highest"], row["lowest"]) == (means.idxmax(), means.idxmin())
    assert row["low_95"] <= row["effect"] <= row["high_95"]
    if need == "readmission":
        table = pd.crosstab(stays[by], stays[need])
        chi2 = stats.chi2_contingency(table, correction=False).statistic
        assert row["effect"] == pytest.approx(np.sqrt(chi2 / n))  # Cramér's V


@pytest.mark.parametrize(
    ("name", "need"),
    [
        ("healthcare", "cost"), ("healthcare", "length_of_stay"), ("analysis", "cost"),
        ("analysis", "readmission"), ("sparcs", "cost"),
    ],
)  # fmt: skip
def test_rank_correlation_is_spearmans(shared: Path, name: str, need: str) -> None:
    dataset = opened(shared, name)
    row = relations(dataset).set_index(["characteristic", "need"]).loc[("age", need)]
    assert dataset.stays is not None
    stays = dataset.stays.assign(readmission=dataset.stays.get("readmitted"))
    if "age" not in stays:
        place = {band: place for place, band in enumerate(sorted(dataset.options("age_band")))}
        stays = stays.assign(age=stays["age_band"].map(place))
    known = stays[["age", need]].dropna().astype("float64")
    found = stats.spearmanr(known["age"], known[need])
    assert row["effect"] == pytest.approx(found.statistic)
    assert row["p"] == pytest.approx(found.pvalue, rel=1e-6, abs=1e-300)
    assert row["n"] == len(known)


def test_answers_of_visits_are_compared_as_scipy_does(shared: Path) -> None:
    loaded = caremap.open_file(shared / "data" / "kaggle_er" / "Hospital ER.csv")
    known = loaded.table[["department", "satisfaction"]].dropna()
    answers = reductions.spread(loaded.table, "satisfaction", ["department"])
    answers = answers.rename(columns={"department": "group", "satisfaction": "value"})
    sizes = known["department"].value_counts()
    known = known[known["department"].map(sizes) >= 30]
    level = {one.subject: one for one in levels(answers, "department").comparisons}
    spread = {one.subject: one for one in spreads(answers, "department").comparisons}
    assert len(level) == len(spread) == known["department"].nunique() > 5
    medians = known.groupby("department")["satisfaction"].transform("median")
    apart = (known["satisfaction"] - medians).abs()
    for name in known["department"].unique():
        inside = known["department"] == name
        own, rest = known.loc[inside, "satisfaction"], known.loc[~inside, "satisfaction"]
        welch = stats.ttest_ind(own, rest, equal_var=False)
        ranks = stats.mannwhitneyu(own, rest, use_continuity=False, method="asymptotic")
        one = level[f"department “{name}”"]
        low, high = welch.confidence_interval()
        assert one.effect == pytest.approx(own.mean() - rest.mean())
        assert (one.low, one.high) == (pytest.approx(low), pytest.approx(high))
        assert one.p in (pytest.approx(max(welch.pvalue, ranks.pvalue)), 1.0)
        brown = stats.ttest_ind(apart[inside], apart[~inside], equal_var=False)
        assert spread[f"department “{name}”"].p == pytest.approx(brown.pvalue)


def test_deaths_by_payer_are_compared_as_scipy_does(shared: Path) -> None:
    dataset = opened(shared, "sparcs")
    assert dataset.stays is not None
    counts = death_counts(overall_view(dataset, dataset.stays), "insurance")
    assert counts is not None
    died = dataset.stays["outcome"] == "Expired"
    for one in shares(counts, "insurance", "death", "Patients", "died", "stays").comparisons:
        inside = "payer “" + dataset.stays["insurance"].astype("str") + "”" == one.subject
        table = pd.crosstab(inside, died)
        assert one.figure == pytest.approx(100 * died[inside].mean())
        assert one.p == pytest.approx(min(stats.fisher_exact(table).pvalue, 1.0))
        assert one.n == inside.sum()


def test_ranks_with_ties_as_scipy() -> None:
    random = np.random.default_rng(1)
    rows = pd.DataFrame(
        {"group": random.choice(list("AB"), 300), "value": random.integers(0, 6, 300) * 1.0}
    )
    found = moments(rows.assign(rows=1))
    own = found.iloc[0]
    p = mann_whitney(own["ranks"], found["squares"].sum(), own["n"], 300)
    a, b = (rows.loc[rows["group"] == name, "value"] for name in "AB")
    known = stats.mannwhitneyu(a, b, use_continuity=False, method="asymptotic")
    assert p == pytest.approx(known.pvalue)
    welch = stats.ttest_ind(a, b, equal_var=False)
    both = of_means((len(a), len(b)), (a.mean(), b.mean()), (a.var(), b.var()))
    assert both.p == pytest.approx(welch.pvalue)


def test_the_interval_of_a_difference_of_shares_is_newcombes() -> None:
    """Newcombe 1998, table II, method 10: 56/70 against 48/80 and 9/10 against 3/10."""
    for events, n, low, high in (((56, 48), (70, 80), 0.0524, 0.3339),
                                 ((9, 3), (10, 10), 0.1705, 0.8090)):  # fmt: skip
        found = of_shares(events, n)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_the_interval_of_eta_holds_what_it_says() -> None:
    found = eta_interval(30.0, 5, 500)
    for end, share in ((found.low, 0.975), (found.high, 0.025)):
        assert stats.ncx2.cdf(30.0, 4, end**2 * 499) == pytest.approx(share)
    none = eta_interval(0.5, 5, 500)
    assert none.low == 0
    assert none.high >= none.value


def test_the_correction_is_scipys() -> None:
    p = [0.001, 0.2, 0.03, 0.04, 0.0004]
    assert adjusted(p).tolist() == stats.false_discovery_control(p).tolist()
    assert adjusted([]).tolist() == []


def test_a_control_chart_has_the_values_of_the_trend(shared: Path) -> None:
    dataset = opened(shared, "healthcare")
    months = trend(dataset)
    months = months[months["complete"]].reset_index(drop=True)
    chart = control_chart(dataset)
    assert chart["value"].tolist() == months["admissions"].tolist()
    days = chart["period"].dt.days_in_month
    rate = chart["value"] / days
    moving = rate.diff().abs().mean()
    pd.testing.assert_series_equal(chart["centre"], rate.mean() * days, check_names=False)
    upper = (rate.mean() + 2.66 * moving) * days
    pd.testing.assert_series_equal(chart["upper"], upper, check_names=False)
    stay = control_chart(dataset, "length_of_stay")
    assert stay["period"].iloc[0] >= pd.Timestamp("2018-12-01")  # discharges are whole by then
    assert not stay["signal"].any()


def test_a_control_chart_of_few_periods_is_empty() -> None:
    days = pd.date_range("2024-01-01", "2024-11-30")
    dataset = Dataset(stays=pd.DataFrame({"admitted": days}))
    assert control_chart(dataset).empty
    assert len(control_chart(dataset, every="week")) == 47
    with pytest.raises(ValueError, match="every is one of"):
        control_chart(dataset, every="day")
    with pytest.raises(ValueError, match="measure is one of"):
        control_chart(dataset, "nothing")
    with pytest.raises(caremap.DataProblem, match="no control chart"):
        control_chart(dataset, by="gender")


def test_a_control_chart_by_place_is_that_of_each() -> None:
    days = pd.date_range("2023-01-01", "2024-02-28")
    stays = pd.DataFrame({"admitted": days.append(days), "facility": ["N"] * 424 + ["S"] * 424})
    found = control_chart(Dataset(stays=stays), by="facility")
    assert found.columns[0] == "facility"
    assert found["facility"].value_counts().to_dict() == {"N": 13, "S": 13}
