"""Small counts are hidden, cannot be found out, and no more is hidden than has to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.measures import suppress
from tests.unit.measures.disclosure.attack import given_away, least, totals, whole_bounds

COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 14), st.integers(9, 60))


def hidden_in(found: pd.DataFrame, name: str = "n") -> np.ndarray:
    return found[name].isna().to_numpy()


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([20, 30, 40], [20, 30, 40]),
        ([0, 11, 12], [0, 11, 12]),
        ([4, 60, 15, 0], [None, 60, None, 0]),  # the smallest of the others goes with it
        ([4, 5, 60], [None, None, 60]),  # two hide each other
        ([1, 2, 60], [None, None, 60]),  # 1 and 2, or 2 and 1
        ([1, 1, 60, 50], [None, None, 60, None]),  # two that make 2 are 1 and 1
        ([10, 10, 60], [None, None, 60]),
        ([7, 0, 0], [None, 0, 0]),  # the total is as small: nothing else can help
        ([1, 1, 0], [None, None, 0]),
        ([], []),
    ],
)
def test_groups_that_make_a_total(counts: list[int], shown: list[int | None]) -> None:
    frame = pd.DataFrame({"ward": list("ABCDEFG")[: len(counts)], "n": counts})
    expected = frame.assign(n=pd.array(shown, dtype="Int64"))
    pd.testing.assert_frame_equal(suppress(frame.astype({"n": "int64"}), ["n"], "ward"), expected)


def crossed(table: list[list[int]]) -> pd.DataFrame:
    rows, columns = len(table), len(table[0])
    return pd.DataFrame(
        {
            "ward": np.repeat([f"W{n}" for n in range(rows)], columns),
            "month": np.tile(np.arange(columns), rows),
            "n": np.array(table, dtype="int64").ravel(),
        }
    )


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ([[20, 30], [40, 50]], [[20, 30], [40, 50]]),
        ([[4, 60], [15, 20], [30, 40]], [[None, None], [None, None], [30, 40]]),
        ([[4, 60, 0], [15, 0, 20], [30, 40, 50]], [[None, None, 0], [15, 0, 20], [None, None, 50]]),
        # 1 and 1 make 2, so the total of 2 is hidden too, and the next total with it: then the
        # totals of the columns must not tell either
        ([[1, 1], [30, 40], [20, 50]], [[None, None], [None, None], [20, 50]]),
        ([[0, 5], [30, 40], [20, 50]], [[0, None], [30, None], [20, 50]]),
    ],
)
def test_a_crossed_table(table: list[list[int]], shown: list[list[int | None]]) -> None:
    found = suppress(crossed(table), "n", ["ward", "month"])
    expected = pd.array([value for row in shown for value in row], dtype="Int64")
    pd.testing.assert_frame_equal(found, crossed(table).assign(n=expected))


@given(st.lists(COUNTS, min_size=1, max_size=7))
def test_no_total_gives_a_count_away_and_the_least_is_hidden(counts: list[int]) -> None:
    frame = pd.DataFrame({"ward": range(len(counts)), "n": counts})
    values, known = np.array(counts, dtype=float), totals(frame, ["ward"])
    must = (values > 0) & (values <= 10)
    hidden = hidden_in(suppress(frame, "n", "ward"))
    assert (hidden >= must).all()
    assert not (hidden & (values == 0)).any()
    best = least(values, must, known)
    if best is not None:
        assert not given_away(values, hidden, known)
        assert (hidden.sum() - must.sum(), values[hidden & ~must].sum()) == best


@st.composite
def tables(draw: st.DrawFn, rows: int = 4, columns: int = 4) -> pd.DataFrame:
    height, width = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    line = st.lists(COUNTS, min_size=width, max_size=width)
    return crossed(draw(st.lists(line, min_size=height, max_size=height)))


@settings(max_examples=25)
@given(tables(3, 3))
def test_the_least_is_hidden_in_a_crossed_table(frame: pd.DataFrame) -> None:
    values, known = frame["n"].to_numpy(float), totals(frame, ["ward", "month"])
    must = (values > 0) & (values <= 10)
    best = least(values, must, known)
    hidden = hidden_in(suppress(frame, "n", ["ward", "month"]))
    if best is not None:
        assert not given_away(values, hidden, known)
        assert (hidden.sum() - must.sum(), values[hidden & ~must].sum()) == best


@settings(max_examples=20)
@given(tables(7, 8))
def test_what_could_be_kept_is_kept(frame: pd.DataFrame) -> None:
    values, known = frame["n"].to_numpy(float), totals(frame, ["ward", "month"])
    must = (values > 0) & (values <= 10)
    hidden = hidden_in(suppress(frame, "n", ["ward", "month"]))
    assert (hidden >= must).all()
    assert not (hidden & (values == 0)).any()
    lost = set(given_away(values, hidden, known)) & set(np.flatnonzero(must))
    assert lost <= set(given_away(values, values > 0, known))


def test_two_values_are_possible_in_whole_numbers_too() -> None:
    random = np.random.default_rng(5)
    frame = crossed(random.poisson(random.gamma(2, 15, (7, 12))).tolist())
    hidden = hidden_in(suppress(frame, "n", ["ward", "month"]))
    values, known = frame["n"].to_numpy(float), totals(frame, ["ward", "month"])
    assert hidden.any()
    for cell in np.flatnonzero(hidden):
        low, high = whole_bounds(values, hidden, known, cell)
        assert low + 1 <= high


@settings(max_examples=20)
@given(tables(5, 5), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(frame: pd.DataFrame, random: object) -> None:
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    found = suppress(frame, "n", ["ward", "month"])
    pd.testing.assert_frame_equal(
        suppress(frame.iloc[order], "n", ["ward", "month"]), found.iloc[order]
    )
    once = suppress(found, "n", ["ward", "month"])
    pd.testing.assert_frame_equal(once, found)


def test_other_keys_make_tables_of_their_own() -> None:
    frame = pd.DataFrame(
        {
            "month": [1, 1, 1, 2, 2, 2],
            "ward": list("ABCABC"),
            "n": [4, 12, 30, 40, 20, 50],
            "cost": [1.0, 2, 3, 4, 5, 6],
        }
    )
    found = suppress(frame, "n", "ward")["n"]
    assert found.isna().tolist() == [True, True, False, False, False, False]
    every = suppress(frame, "n", ["ward", "month"])["n"]
    assert every.isna().sum() == 4


def test_what_is_missing_stays_so_and_helps_nobody() -> None:
    frame = pd.DataFrame({"ward": list("ABC"), "n": [4.0, np.nan, 30.0], "beds": [4, 5, 6]})
    found = suppress(frame, "n", "ward")
    assert found["n"].tolist() == [pd.NA, pd.NA, pd.NA]
    assert found["beds"].tolist() == [4, 5, 6]
    assert frame["n"].notna().sum() == 2  # nothing is mutated


@pytest.mark.parametrize(
    ("counts", "by", "said"),
    [
        ([1.5, 2], "ward", "whole numbers"),
        ([-1, 2], "ward", "whole numbers"),
        ([np.inf, 2], "ward", "whole numbers"),
        (["1", "2"], "ward", "has to hold counts"),
        ([True, False], "ward", "has to hold counts"),
        ([1, 2], "place", "no column 'place'"),
        ([1, 2], [], "one or two columns"),
        ([1, 2], "n", "not both"),
    ],
)
def test_no_counts_no_answer(counts: list[object], by: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        suppress(pd.DataFrame({"ward": ["A", "B"], "n": counts}), "n", by)


def test_every_hospital_of_a_real_file(shared: Path) -> None:
    file = pd.read_csv(shared / "data/kaggle_healthcare/healthcare_dataset_original.csv")
    frame = file.groupby("Hospital").size().rename("n").reset_index()
    assert len(frame) == 8639
    found = suppress(frame, "n", "Hospital")
    assert hidden_in(found).tolist() == (frame["n"] <= 10).tolist()


@pytest.mark.parametrize(
    ("first", "second"), [("weekday", "hour"), ("department", "hour"), ("department", "race")]
)
def test_a_real_file_crossed(shared: Path, first: str, second: str) -> None:
    file = pd.read_csv(shared / "data/kaggle_er/Hospital ER.csv", keep_default_na=False)
    date = pd.to_datetime(file["date"])
    keys = {
        "weekday": date.dt.day_of_week,
        "hour": date.dt.hour,
        "department": file["department_referral"],
        "race": file["patient_race"],
    }
    table = pd.crosstab(keys[first].rename("a"), keys[second].rename("b"))
    frame = table.reset_index().melt("a", value_name="n")
    threshold = 40 if first == "weekday" else 10
    hidden = hidden_in(suppress(frame, "n", ["a", "b"], threshold))
    values, known = frame["n"].to_numpy(float), totals(frame, ["a", "b"])
    assert hidden.any()
    assert not given_away(values, hidden, known)
