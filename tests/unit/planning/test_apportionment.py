"""Apportionment: published cases, the definition one seat at a time, ties, floors, sums kept."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning import apportion, targets, ties

CASES = [
    ([5117, 4400, 162, 161, 160], 100, "hamilton", [51, 44, 2, 2, 1]),
    ([5117, 4400, 162, 161, 160], 100, "webster", [51, 43, 2, 2, 2]),
    ([5117, 4400, 162, 161, 160], 100, "huntington-hill", [51, 43, 2, 2, 2]),
    ([9061, 7179, 5259, 3319, 1182], 26, "hamilton", [9, 7, 5, 4, 1]),
    ([9061, 7179, 5259, 3319, 1182], 26, "webster", [9, 8, 5, 3, 1]),
    ([9061, 7179, 5259, 3319, 1182], 26, "huntington-hill", [9, 7, 6, 3, 1]),
    ([6, 6, 2], 10, "hamilton", [4, 4, 2]),
    ([6, 6, 2], 11, "hamilton", [5, 5, 1]),
    ([27571, 39873, 15960, 44801, 15052], 189, "webster", [36, 53, 21, 59, 20]),
]


@pytest.mark.parametrize(("weights", "seats", "method", "expected"), CASES)
def test_published_cases(weights: list[int], seats: int, method: str, expected: list[int]) -> None:
    assert apportion(weights, seats, method)[0].tolist() == expected


@pytest.mark.parametrize("method", ["webster", "hamilton", "huntington-hill"])
def test_a_tie_is_reported_and_goes_to_the_first_by_name(method: str) -> None:
    for names in (["C", "A", "B"], ["B", "C", "A"]):
        seats, tied = apportion(pd.Series(11, index=names), 4, method)
        assert dict(zip(names, seats.tolist(), strict=True)) == {"A": 2, "B": 1, "C": 1}
        assert sorted(tied) == ["A", "B", "C"]


def test_an_equal_claim_of_different_size_is_a_tie_too() -> None:
    seats, tied = apportion([1, 3], 2)  # 1 / 1 against 3 / 3
    assert (seats.tolist(), tied) == ([1, 1], (0, 1))


@pytest.mark.parametrize("method", ["webster", "hamilton", "huntington-hill"])
def test_floors_are_kept_and_what_is_left_is_shared_out(method: str) -> None:
    first = [7, 2, 1] if method == "huntington-hill" else [8, 2, 0]
    assert apportion([100, 1, 1], 10, method, [0, 2, 0])[0].tolist() == first
    assert apportion([0, 3, 4], 3, method, 1)[0].tolist() == [1, 1, 1]
    seats = apportion([27571, 39873, 15960, 44801, 15052], 189, method, 30)[0]
    assert seats.tolist() == [32, 46, 30, 51, 30]


def one_by_one(weights: list[int], seats: int, method: str, floor: list[int]) -> list[int]:
    """A divisor method as it is defined."""
    count = list(floor)
    while sum(count) < seats:
        claims = [
            (
                Fraction(2 * n + 1, w) if method == "webster" else Fraction(n * (n + 1), w * w),
                place,
            )
            for place, (n, w) in enumerate(zip(count, weights, strict=True))
            if w
        ]
        count[min(claims)[1]] += 1
    return count


@given(st.data())
def test_a_divisor_method_gives_each_seat_to_the_strongest_claim(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 12))
    most = data.draw(st.sampled_from([4, 100, 100_000]))
    weights = data.draw(st.lists(st.integers(0, most), min_size=size, max_size=size))
    weights[0] += 1
    floor = data.draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    seats = sum(floor) + data.draw(st.integers(0, 200))
    method = data.draw(st.sampled_from(["webster", "huntington-hill"]))
    assert apportion(weights, seats, method, floor)[0].tolist() == one_by_one(
        weights, seats, method, floor
    )


@given(
    st.lists(st.floats(0.1, 1e6), min_size=1, max_size=20),
    st.integers(0, 500),
    st.sampled_from(["webster", "hamilton", "huntington-hill"]),
)
def test_every_seat_is_given_and_none_twice(weights: list[float], seats: int, method: str) -> None:
    given_, _ = apportion(weights, seats, method)
    assert given_.sum() == seats
    assert (given_ >= 0).all()
    if method == "hamilton":
        share = np.asarray(weights) * seats / sum(weights)
        assert (np.abs(given_ - share) < 1 + 1e-6).all()  # it keeps to the quota


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("floors add up to 6", lambda: apportion([1, 2, 3], 5, floor=2)),
        ("Nobody has any need", lambda: apportion([0, 0], 5)),
        ("no method", lambda: apportion([1, 2], 5, "jefferson")),
    ],
)
def test_what_cannot_be_shared_out_is_said(words: str, call: object) -> None:
    with pytest.raises(DataProblem, match=words):
        call()  # type: ignore[operator]


NETWORK = pd.DataFrame(
    {
        "facility": list("EDCBA"),
        "population": ["15052", 44801, 15960.0, 39873, 27571],
        "staff": [64, 9, 43, 52, 21],
        "beds": [1, 2, 3, 4, 5],
    },
    index=[7, 7, "x", 0, 1],
)


def test_targets_are_whole_in_row_order_and_conserved() -> None:
    before = NETWORK.copy()
    found = targets(NETWORK, "staff")
    expected = pd.Series([20, 59, 21, 53, 36], index=NETWORK.index, name="target")
    pd.testing.assert_series_equal(found, expected)
    pd.testing.assert_frame_equal(NETWORK, before)


@pytest.mark.parametrize(
    ("floor", "expected"),
    [
        (30, [30, 51, 30, 46, 32]),
        ({"E": 30, "C": 30}, [30, 51, 30, 46, 32]),
        (pd.Series({"E": 30, "C": 30}), [30, 51, 30, 46, 32]),
        (pd.DataFrame({"facility": ["E", "C"], "floor": [30, 30]}), [30, 51, 30, 46, 32]),
        (
            pd.DataFrame({"facility": ["E", "C"], "role": ["staff", "other"], "floor": [30, 99]}),
            [30, 56, 20, 49, 34],
        ),
        ({"staff": 30}, [30, 51, 30, 46, 32]),
        ({"other": 30}, [20, 59, 21, 53, 36]),
        (None, [20, 59, 21, 53, 36]),
    ],
)
def test_floors_may_be_given_in_many_ways(floor: object, expected: list[int]) -> None:
    assert targets(NETWORK, "staff", floor=floor).tolist() == expected  # type: ignore[arg-type]


def test_whose_need_is_unknown_keeps_its_staff_and_has_no_target() -> None:
    network = NETWORK.assign(population=[10, 20, None, 30, 40], staff=[10, 0, 7, 0, 0])
    found = targets(network, "staff")
    assert found.dtype == "Int64"
    assert found.isna().tolist() == [False, False, True, False, False]
    assert found.dropna().tolist() == [1, 2, 3, 4]


def test_part_time_shares_stay_where_they_are_and_the_sum_is_kept() -> None:
    network = pd.DataFrame({"facility": list("ABC"), "population": 100, "staff": [2.5, 0, 3.5]})
    assert targets(network, "staff").tolist() == [2.5, 2.0, 1.5]
    assert targets(network, "staff", method="hamilton").sum() == 6


def test_ties_are_named() -> None:
    network = pd.DataFrame({"facility": ["C", "B", "A"], "population": 11, "staff": [4, 0, 0]})
    assert ties(network, "staff") == ("A", "B", "C")
    assert ties(NETWORK, "staff") == ()


@pytest.mark.parametrize(
    ("words", "change", "role", "need"),
    [
        ("no column “nurses”", {}, "nurses", "population"),
        ("no column “visits”", {}, "staff", "visits"),
        ("“staff” holds something that is no number", {"staff": ["a"] * 5}, "staff", "population"),
        ("below zero or without end in row 2", {"staff": [1, -1, 2, 3, 4]}, "staff", "population"),
        ("Rows 1, 3 have", {"facility": ["a", "b", "a", "c", "d"]}, "staff", "population"),
        ("No facility is named in row 2", {"facility": ["a", None, *"cde"]}, "staff", "population"),
    ],
)
def test_a_network_that_cannot_be_used_is_refused_in_words(
    words: str, change: dict[str, object], role: str, need: str
) -> None:
    with pytest.raises(DataProblem, match=words):
        targets(NETWORK.assign(**change), role, need)  # type: ignore[arg-type]
