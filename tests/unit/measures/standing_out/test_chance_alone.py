"""Where there is nothing, nothing is said: labels and days are shuffled a hundred times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.measures import standouts
from caremap.measures.standing_out import calendar
from caremap.measures.standing_out.answers import levels, spreads
from caremap.measures.standing_out.expensive import limits_of
from caremap.measures.standing_out.listing import corrected
from caremap.measures.standing_out.payers import shares
from caremap.measures.standing_out.series import Daily, whole_periods
from caremap.measures.standing_out.tested import Compared
from caremap.measures.tallies import Tally
from caremap.measures.view import overall_view
from tests.unit.measures.standing_out.plant import network

RUNS = 100
LABELS = ("department", "facility", "insurance")
EMPTY = 0.95


def share_empty(lists: Iterator[Compared]) -> float:
    """In what share of the runs nothing is found, of all comparisons corrected together."""
    return float(np.mean([not corrected(tested) for tested in lists]))


def of_labels(stays: pd.DataFrame, random: np.random.Generator) -> Compared:
    """Every comparison of groups, the labels dealt out anew."""
    order = {name: random.permutation(len(stays)) for name in LABELS if name in stays}
    dealt = stays.assign(**{name: stays[name].array[place] for name, place in order.items()})
    parts = []
    for column in ("department", "facility"):
        if column in dealt and "satisfaction" in dealt:
            answered = dealt.dropna(subset=["satisfaction"])
            counted = answered.groupby([column, "satisfaction"], observed=True).size().reset_index()
            counted.columns = pd.Index(["group", "value", "rows"])
            parts += [levels(counted, column), spreads(counted, column)]
    for column, event in (
        ("insurance", "died"), ("insurance", "again"), ("department", "costly"),
        ("facility", "costly"), ("month", "costly"),
    ):  # fmt: skip
        if column in dealt and event in dealt:
            counts = dealt.groupby(column, observed=True)[event].agg(["size", "sum"]).reset_index()
            counts.columns = pd.Index(["group", "rows", "events"])
            named = "facility" if column == "month" else column
            parts.append(shares(counts, named, "event", "Stays", "happened", "stays"))
    return Compared.together(parts)


def of_days(counts: np.ndarray, first: str = "2020-01-01") -> Compared:
    """Every comparison of days, seasons and months."""
    days = pd.date_range(first, periods=len(counts), name="date")
    daily = Daily("admissions", pd.DataFrame({"date": days, "value": counts, "n": 1.0}))
    months = whole_periods(daily, "month")
    return Compared.together(
        [
            calendar.weekdays(daily),
            calendar.seasons(daily),
            calendar.growth(daily),
            calendar.unusual(months, "admissions", "admissions", "admissions", "month", True),
        ]
    )


def prepared(stays: pd.DataFrame, **columns: pd.Series) -> pd.DataFrame:
    """What is shuffled and compared, and which stays are unusually expensive."""
    view = overall_view(Dataset(stays=stays), stays)
    limits, _ = limits_of(view, "treatment", Tally("cost"))
    costly = stays["cost"] > stays["treatment"].astype("str").map(limits)
    table = stays.assign(costly=costly, **columns)
    labels = [name for name in (*LABELS, "month") if name in table]
    kept = [*labels, "satisfaction", "costly", *columns]
    return table[[name for name in dict.fromkeys(kept) if name in table]].astype(
        dict.fromkeys(labels, "category")
    )


def test_shuffled_labels_of_a_network_say_nothing() -> None:
    drawn = network(2000)
    stays = prepared(
        drawn,
        died=drawn["outcome"] == "Died",
        again=drawn["readmitted"].astype(bool),
        month=drawn["discharged"].dt.to_period("M").astype("str"),
    )
    random = np.random.default_rng(5)
    assert share_empty(of_labels(stays, random) for _ in range(RUNS)) >= EMPTY


def test_shuffled_labels_of_real_stays_say_nothing(shared: Path) -> None:
    loaded = caremap.open_file(shared / "data" / "sparcs" / "week10_df_musc_skel.csv.gz")
    sampled = loaded.table.sample(3000, random_state=1)
    stays = prepared(sampled, died=sampled["death"] == 1, again=sampled["disposition"] == "Home")
    random = np.random.default_rng(6)
    assert share_empty(of_labels(stays, random) for _ in range(RUNS)) >= EMPTY


def resembling(random: np.random.Generator, likeness: float, days: int = 900) -> np.ndarray:
    """Counts that wander: each day resembles the one before, and there is nothing else."""
    steps = random.normal(size=days + 100)
    level = np.zeros(days + 100)
    for day in range(1, days + 100):
        level[day] = likeness * level[day - 1] + steps[day]
    even = level[100:] * 0.15 * np.sqrt(1 - likeness**2)
    return random.poisson(40 * np.exp(even)).astype("float64")


@pytest.mark.parametrize("likeness", [0.95])
def test_counts_that_merely_wander_say_nothing(likeness: float) -> None:
    random = np.random.default_rng(7)
    lists = (of_days(resembling(random, likeness)) for _ in range(RUNS))
    assert share_empty(lists) >= EMPTY


def real_counts(shared: Path, name: str) -> np.ndarray:
    table = caremap.open_file(shared / "data" / "daily_series" / f"{name}.csv").table
    return table.sort_values("date")["admissions"].to_numpy("float64")


SHUFFLES: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "days over the calendar": lambda counts, random: random.permutation(counts),
    "weeks over the calendar": lambda counts, random: random.permutation(
        random.permuted(counts.reshape(-1, 7), axis=1)
    ).ravel(),
}


@pytest.mark.parametrize("name", ["vgh_ed_visits"])
@pytest.mark.parametrize("shuffle", SHUFFLES)
def test_shuffled_days_of_real_counts_say_nothing(shared: Path, name: str, shuffle: str) -> None:
    counts = real_counts(shared, name)[-910:]
    random = np.random.default_rng(8)
    lists = (of_days(SHUFFLES[shuffle](counts, random)) for _ in range(RUNS))
    assert share_empty(lists) >= EMPTY


def test_real_counts_with_days_shuffled_within_weeks_have_no_weekday(shared: Path) -> None:
    weeks = real_counts(shared, "vgh_ed_visits")[-910:].reshape(-1, 7)
    random = np.random.default_rng(9)

    def weekdays() -> Compared:
        counts = random.permuted(weeks, axis=1).ravel()
        days = pd.date_range("2020-01-06", periods=len(counts), name="date")
        return calendar.weekdays(Daily("visits", pd.DataFrame({"date": days, "value": counts})))

    assert share_empty(weekdays() for _ in range(RUNS)) >= EMPTY


def test_a_whole_network_without_structure_says_nothing() -> None:
    found = [standouts(Dataset(stays=network(1500, seed)).with_beds(9)) for seed in range(4)]
    assert sum(not frame.empty for frame in found) <= 1


def test_a_file_of_uniform_random_numbers_says_nothing(shared: Path) -> None:
    folder = shared / "data" / "kaggle_healthcare"
    loaded = caremap.open_file(folder / "healthcare_dataset_original.csv")
    assert standouts(Dataset.of(loaded)).empty
