"""No figure frame gives away how many patients a hidden count is of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import caremap
from caremap.dataset import Dataset
from caremap.hidden import HIDDEN, WHY_HIDDEN
from caremap.measures import (
    MEASURES,
    breakdown,
    census,
    clock,
    control_chart,
    headline,
    occupancy,
    protected,
    protected_headline,
    stay_bands,
    stay_lengths,
    suppress,
    trend,
    wait_lengths,
    waits,
)
from caremap.measures.by_group import rows_of_counts
from caremap.measures.disclosure.registry import KEYS, made
from tests.unit.measures.build import generated
from tests.unit.measures.disclosure.attack import given_away, totals, whole_bounds

NA = pd.NA


def frame_of(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


WARDS = ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("columns", "hidden"),
    [
        # a sum and a mean go with the count they are of, and with the one hidden beside it
        (
            {"cost_n": [4, 60, 15, 90], "cost": 1.0, "mean_cost": 2.0, "beds": 3, "days": 30},
            dict.fromkeys(("cost_n", "cost", "mean_cost", "beds"), "AC"),
        ),
        # nearly the same patients: 16 discharges tell of 15 admissions; 300 do not
        ({"admissions": [4, 60, 15, 90], "discharges": [12, 60, 16, 90]},
         {"admissions": "AC", "discharges": "AC"}),
        ({"admissions": [4, 60, 15, 90], "discharges": [4, 60, 300, 31]},
         {"admissions": "AC", "discharges": "AD"}),
        # 2 % of 100 are 2; so are 98 %
        ({"readmission": [2.0, 20, 30, 50], "readmission_n": [100, 200, 90, 80]},
         {"readmission": "AC"}),
        ({"readmission": [98.0, 20, 30, 50], "readmission_n": [100, 200, 90, 80]},
         {"readmission": "AC"}),
        ({"readmission": [0.0, 20, 30, 100], "readmission_n": [100, 200, 90, 80]}, {}),
        # survived and died make n: both go, n stays
        ({"survived": [96, 160, 63, 40], "died": [4, 40, 27, 40], "n": [100, 200, 90, 80],
          "unknown": 0, "survival": [96.0, 80, 70, 50], "low_95": 1.0, "high_95": 99.0},
         dict.fromkeys(["survived", "died", "survival", "low_95", "high_95"], "AC")),
        ({"median": 3.0, "p90": 9.0, "within_target": [50.0, 50, 50, 50], "n": [8, 30, 40, 60],
          "unknown": [3, 0, 50, 60]},
         {"median": "AB", "p90": "AB", "within_target": "AB", "n": "AB", "unknown": "AC"}),
        # beds and days are no patients; 0.2 a night for 30 nights are 6
        ({"occupied": [0.2, 6.0, 3.0, 0.0], "staffed": 4.0, "occupancy": 50.0, "days": 30},
         {"occupied": "AC", "occupancy": "AC"}),
        ({"occupied": [2.0, 6.0, 3.0, 9.0], "staffed": 4.0, "days": 30}, {}),
        ({"admissions_per_day": [0.1, 2.0, 1.0, 5.0], "days": [90, 91, 92, 92]},
         {"admissions_per_day": "AC"}),
        ({"team_score": 3.0, "team_score_n": 4}, {}),
        # what nobody knows goes with the row
        ({"admissions": [4, 5, 15, 90], "secret": 7.5}, {"admissions": "AB", "secret": "AB"}),
        ({"admissions": [0, 50, 15, 90], "secret": 7.5}, {}),
    ],
)  # fmt: skip
def test_what_is_hidden(columns: dict[str, object], hidden: dict[str, str]) -> None:
    frame = frame_of(ward=WARDS, **columns)
    found = protected(frame)
    if not hidden:
        pd.testing.assert_frame_equal(found, frame)
        return
    for name in frame:
        away = "".join(ward for ward, gone in zip(WARDS, found[name].isna(), strict=True) if gone)
        assert away == hidden.get(str(name), ""), name
    rows = {ward for wards in hidden.values() for ward in wards}
    assert found[HIDDEN].tolist() == [ward in rows for ward in WARDS]


def test_types_stay_and_nothing_is_mutated() -> None:
    frame = frame_of(ward=WARDS, n=[4, 60, 15, 90], mean=[1.0, 2, 3, 4])
    before = frame.copy()
    found = protected(frame)
    expected = frame_of(
        ward=WARDS,
        n=pd.array([NA, 60, NA, 90], dtype="Int64"),
        mean=[np.nan, 2, np.nan, 4],
        hidden=[True, False, True, False],
    )
    pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_frame_equal(frame, before)


def test_the_difference_to_the_whole() -> None:
    whole = frame_of(ward=WARDS, n=[40, 60, 50, 90])
    part = frame_of(ward=WARDS, n=[36, 20, 30, 12])
    assert protected(part)["n"].tolist() == [36, 20, 30, 12]
    assert protected(part, whole=whole)["n"].isna().tolist() == [True, False, False, True]
    pd.testing.assert_frame_equal(protected(whole, whole=whole), whole)


def test_the_limits_of_a_chart_are_made_of_all_its_values() -> None:
    months = pd.date_range("2024-01-01", periods=12, freq="MS")
    values = [40.0, 3, 50, 60, 70, 45, 46, 47, 48, 49, 50, 51]
    frame = frame_of(
        period=months, value=values, centre=46.0, lower=1.0, upper=90.0, signal=False, p=0.5
    )
    found = protected(frame)
    assert found["value"].isna().tolist() == [n in (0, 1) for n in range(12)]
    assert found[["centre", "lower", "upper"]].isna().all(axis=None)
    mean_days = frame.assign(value=frame["value"] + 0.5)
    pd.testing.assert_frame_equal(protected(mean_days), mean_days)


def test_a_mean_on_a_chart_is_hidden_with_the_few_it_is_of_and_not_for_being_small() -> None:
    months = pd.date_range("2024-01-01", periods=12, freq="MS")
    frame = frame_of(period=months, value=3.0, centre=3.0, lower=1.0, upper=9.0, n=60.0)
    pd.testing.assert_frame_equal(protected(frame), frame)
    found = protected(frame.assign(n=[4.0, 12.0, *[60.0] * 10]))
    assert found[["value", "n"]].isna().all(axis=1).tolist() == [n in (0, 1) for n in range(12)]
    assert found[["centre", "lower", "upper"]].isna().all(axis=None)


def test_a_mean_of_few_answers_in_a_trend_or_chart_is_hidden() -> None:
    days = pd.date_range("2023-01-01", "2024-02-29")
    stays = pd.DataFrame({"admitted": days, "discharged": days, "length_of_stay": 1.0})
    stays["satisfaction"] = np.where(days.day <= 4, 3.5, np.nan)
    found = protected(trend(Dataset(stays=stays)))
    assert found["satisfaction"].isna().all()
    assert found["admissions"].notna().all()
    chart = protected(control_chart(Dataset(stays=stays), "satisfaction"))
    assert len(chart) == 13
    assert chart[["value", "centre", "n"]].isna().all(axis=None)
    stays_chart = control_chart(Dataset(stays=stays), "length_of_stay")
    pd.testing.assert_frame_equal(protected(stays_chart), stays_chart)


def test_rows_of_counts_are_no_patients() -> None:
    counts = pd.DataFrame({"facility": ["A", "B"], "admissions": [500.0, 4.0], "cost": [9e6, 9e4]})
    network = Dataset(activity=counts)
    frame = breakdown(network, "facility", measures=["admissions", "cost"])
    rows = rows_of_counts(network, ["facility"])
    assert rows == ("cost_n", "satisfaction_n", "team_score_n")
    found = protected(frame.iloc[:1], not_patients=rows)
    pd.testing.assert_frame_equal(found, frame.iloc[:1])
    assert protected(frame, not_patients=rows)["cost"].isna().tolist() == [True, True]
    figures = headline(network)
    kept = protected_headline(figures, not_patients=rows)
    pd.testing.assert_frame_equal(kept, figures)
    few = headline(Dataset(activity=counts.iloc[1:]))
    assert np.isnan(protected_headline(few, not_patients=rows).loc["cost", "overall"])


FRAMES: dict[str, Callable[[Dataset], pd.DataFrame]] = {
    "breakdown": lambda d: breakdown(d, "department"),
    "crossed": lambda d: breakdown(d, "department", "outcome"),
    "three": lambda d: breakdown(d, ["department", "outcome"], "facility"),
    "trend by day": lambda d: trend(d, "day"),
    "trend": lambda d: trend(d),
    "stay lengths": stay_lengths,
    "stay bands": lambda d: stay_bands(stay_lengths(d)),
    "clock": lambda d: clock(d, "admissions"),
    "clock of discharges": clock,
    "waits": lambda d: waits(d, by="department"),
    "all waits": waits,
    "wait lengths": wait_lengths,
    "occupancy": lambda d: occupancy(d, "department", "week"),
    "census": census,
    "census by": lambda d: census(d, "facility"),
}
ADD_UP = {
    "breakdown": ["admissions", "discharges", "visits", "cost_n", "waiting_n", "satisfaction_n"],
    "crossed": ["admissions", "discharges", "visits", "cost_n", "waiting_n"],
    "trend by day": ["admissions", "discharges", "visits", "bed_days"],
    "trend": ["admissions", "discharges", "visits", "bed_days"],
    "stay lengths": ["stays"],
    "stay bands": ["stays"],
    "clock": ["admissions"],
    "clock of discharges": ["discharges"],
    "waits": ["n"],
    "wait lengths": ["visits"],
    "census": ["occupied"],
    "census by": ["occupied"],
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("rows", [60, 400])
def test_every_frame_of_figures(name: str, rows: int) -> None:
    frame = FRAMES[name](Dataset(stays=generated(rows)).with_beds(40))
    found = protected(frame)
    pd.testing.assert_frame_equal(protected(found), found)
    pd.testing.assert_index_equal(found.index, frame.index)
    assert list(found)[: len(frame.columns)] == list(frame)
    for column in frame:
        shown = found[column].notna()
        assert (found.loc[shown, column] == frame.loc[shown, column]).all()
        one = made(str(column))
        if one is not None and one.how == "count" and str(column) != "value":
            few = frame[column].between(1, 10)
            assert found.loc[few, column].isna().all(), column
            zero = frame[column] == 0
            assert found.loc[zero, column].notna().all(), column
    keys = [key for key in ("department", "outcome", "facility", "date", "period", "weekday",
                            "hour", "days", "minutes", "band") if key in frame][:2]  # fmt: skip
    for column in ADD_UP.get(name, []):
        by = keys[:1] if name in ("stay lengths", "waits") else keys
        values = frame[column].to_numpy(float)
        hidden = found[column].isna().to_numpy() & frame[column].notna().to_numpy()
        known = totals(frame, by)
        lost = set(given_away(np.nan_to_num(values), hidden, known))
        assert lost <= set(given_away(np.nan_to_num(values), values > 0, known)), column


def test_a_frame_of_large_counts_is_left_alone() -> None:
    frame = breakdown(Dataset(stays=generated(4_000)), "facility", measures=["visits", "cost"])
    pd.testing.assert_frame_equal(protected(frame), frame)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.one_of(st.integers(0, 14), st.integers(0, 60))),
        min_size=2,
        max_size=6,
    )
)
def test_who_has_the_whole_and_a_part(counts: list[tuple[int, int]]) -> None:
    names = [f"W{n}" for n in range(len(counts))]
    part = frame_of(ward=names, n=[here for here, _ in counts])
    whole = frame_of(ward=names, n=[here + rest for here, rest in counts])
    of_part, of_whole = protected(part, whole=whole), protected(whole)
    # two columns of a table: here and elsewhere; its row totals are the whole where it is shown
    size = len(counts)
    values = np.array([here for here, _ in counts] + [rest for _, rest in counts], dtype=float)
    shown = of_whole["n"].notna().to_numpy()
    rows = [np.tile(np.arange(size) == n, 2).astype(float) for n in range(size) if shown[n]]
    known = np.array([*rows, np.repeat([1.0, 0.0], size), np.ones(2 * size)])
    hidden = np.append(of_part["n"].isna().to_numpy(), np.full(size, True))
    assert (part["n"].between(1, 10).to_numpy() <= hidden[:size]).all()
    for n in range(size):
        here, rest = counts[n]
        if hidden[n] or not (1 <= rest <= 10 and shown[n]):
            continue
        assert here == 0  # zero is shown; the whole is hidden then
    everything = np.append(values[:size] > 0, np.full(size, True))
    for n in np.flatnonzero(hidden[:size]):
        low, high = possible(values, hidden, known, n, size)
        most = possible(values, everything, known, n, size)
        assert low < high or most[0] == most[1]


def possible(
    values: np.ndarray, hidden: np.ndarray, known: np.ndarray, cell: int, size: int
) -> tuple[float, float]:
    """As `whole_bounds`, where counts elsewhere may be 0."""
    moved = values + np.repeat([0.0, 1.0], size)
    low, high = whole_bounds(moved, hidden, known, cell)
    return low, high


def test_key_figures() -> None:
    figures = headline(Dataset(stays=generated(60)).with_beds(40))
    found = protected_headline(figures)
    pd.testing.assert_frame_equal(protected_headline(found), found)
    for name in ("admissions", "discharges", "visits", "bed_days", "still_in_hospital"):
        for column in ("overall", "month_to_date", "previous", "last_year"):
            if 1 <= figures.loc[name, column] <= 10:
                assert np.isnan(found.loc[name, column])
    few = figures[figures["mtd_n"].between(1, 10) & (figures["unit"] != "beds")].index
    few = few.difference(["occupancy", "mean_census", "turnover", "turnover_interval", "bed_days"])
    assert found.loc[few, "month_to_date"].isna().all()
    assert found.loc["staffed_beds", "overall"] == 40
    assert (found.loc[found[HIDDEN], "note"] == WHY_HIDDEN).all()
    large = headline(Dataset(stays=generated(4_000)))
    kept = large.loc[["visits", "cost", "mean_cost", "waiting"]]
    pd.testing.assert_frame_equal(protected_headline(kept), kept)


def test_key_figures_less_those_of_a_filter() -> None:
    whole = headline(Dataset(stays=generated(4_000))).loc[["visits", "cost"]]
    part = whole.assign(overall=whole["overall"] - 5, n=whole["n"] - 5)
    found = protected_headline(part, whole)
    assert found["overall"].isna().all()
    assert protected_headline(part)["overall"].notna().all()


@pytest.mark.parametrize(
    ("path", "by", "then"),
    [
        ("kaggle_er/Hospital ER.csv", "department", None),
        ("kaggle_er/Hospital ER.csv", "department", "gender"),
        ("kaggle_healthcare/healthcare_dataset_original.csv", "diagnosis", "insurance"),
        ("kaggle_healthcare/healthcare_dataset_original.csv", "facility", None),
    ],
)
def test_breakdowns_of_files(shared: Path, path: str, by: str, then: str | None) -> None:
    dataset = Dataset.of(caremap.open_file(shared / "data" / path))
    frame = breakdown(dataset, by, then)
    found = protected(frame)
    pd.testing.assert_frame_equal(protected(found), found)
    for column in (name for name in frame if (made(str(name)) or made("cost")).how == "count"):
        values = np.nan_to_num(frame[column].to_numpy(float))
        hidden = found[column].isna().to_numpy() & (values > 0)
        assert (hidden >= ((values > 0) & (values <= 10))).all()
        if len(frame) < 500:
            keys = [by] if then is None else [by, then]
            assert not given_away(values, hidden, totals(frame, keys)), column


def test_five_thousand_filters_leave_no_small_difference() -> None:
    random = np.random.default_rng(11)
    stays = pd.DataFrame(
        {
            "ward": random.choice(list("ABCDEF"), 900, p=[0.3, 0.3, 0.2, 0.1, 0.07, 0.03]),
            "sex": random.choice(["F", "M"], 900),
            "age": random.integers(0, 9, 900),
            "payer": random.choice(list("wxyz"), 900, p=[0.6, 0.3, 0.08, 0.02]),
        }
    )
    whole = stays.groupby("ward").size().rename("n").reset_index()
    open_whole = protected(whole)
    assert open_whole["n"].notna().all()
    seen: set[tuple[object, ...]] = set()
    for _ in range(5_000):
        age, sexes = random.integers(1, 10), random.choice(["F", "M", "FM"])
        payers = "".join(sorted(set(random.choice(list("wxyz"), random.integers(1, 5)))))
        if (age, sexes, payers) in seen:
            continue
        seen.add((age, sexes, payers))
        rows = (stays["age"] < age) & stays["sex"].isin(list(sexes))
        rows &= stays["payer"].isin(list(payers))
        part = stays[rows].groupby("ward").size().rename("n").reset_index()
        found = protected(part, whole=whole)
        rest = whole.merge(found, on="ward", suffixes=("_all", "_here"))
        left = rest["n_all"] - rest["n_here"].astype("Float64")
        assert not left.between(1, 10).fillna(False).any()
        assert not found["n"].between(1, 10).fillna(False).any()


def test_the_two_ways_to_hide_agree() -> None:
    frame = frame_of(ward=WARDS, n=[4, 60, 15, 90])
    assert protected(frame)["n"].equals(suppress(frame, "n", "ward")["n"])


@pytest.mark.parametrize(
    "columns",
    [
        "period complete admissions cost_n cost mean_cost charges length_of_stay median_stay",
        "season days admissions_per_day visits_per_day discharges_per_day satisfaction_n",
        "n mean p5 p25 median p75 p95 outliers skewed",
        "survived died n unknown survival low_95 high_95",
        "alive readmitted n readmission low_95 high_95 source",
        "weekday hour median p90 within_target n",
        "characteristic need kind effect low_95 high_95 n groups highest lowest p note",
        "period value centre lower upper signal p n",
        "code measure subject figure comparison effect low_95 high_95 unit n p q sentence caution",
    ],
)
def test_every_column_of_a_figure_frame_is_declared(columns: str) -> None:
    assert [name for name in columns.split() if made(name) is None and name not in KEYS] == []


def test_every_measure_is_declared() -> None:
    assert [name for name in MEASURES if made(name) is None] == []
