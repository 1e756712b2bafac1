from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.intake.open import open_file
from caremap.intake.setaside import (
    duplicate_rows,
    empty_rows,
    footnote_rows,
    header_rows,
    note_rows,
    run_totals,
    sum_rows,
    total_rows,
)
from caremap.intake.totals import date_totals, fill_down


def arrays(rows: list[list[object]]) -> list[pa.Array]:
    return [pa.array(list(column)) for column in zip(*rows, strict=True)]


def marked(mask: np.ndarray) -> list[int]:
    return np.flatnonzero(mask).tolist()


@pytest.mark.parametrize(
    ("rows", "wordy", "stays", "expected"),
    [
        ([["A", "1"], ["B", "2"], ["Total", "3"]], [1, 0], False, [2]),
        ([["2024-01-01", "1"], ["2024-01-02", "2"], ["Summe", "3"]], [0, 0], False, [2]),
        ([["A", "x"], ["Grand Total", None], ["Gesamt", "y"]], [1, 1], False, [1, 2]),
        ([["A", "x"], ["All", "y"], ["England", None]], [1, 1], False, [2]),
        ([["A", "x"], ["Total knee", "y"], ["Ward A total", None]], [1, 1], False, [2]),
        ([["P1", "A", "1"], ["Total", None, "9"]], [1, 1, 0], True, [1]),
        ([["P1", "Total", "1"], ["P2", "B", "9"]], [1, 1, 0], True, []),
        ([["1", None, "5"], ["Total", None, "9"]], [0, 0, 0], True, [1]),
        ([["A", "1"], ["Totally", "2"], ["Sumatra", "3"]], [1, 0], False, []),
    ],
)
def test_total_rows(
    rows: list[list[object]], wordy: list[bool], stays: bool, expected: list[int]
) -> None:
    assert marked(total_rows(arrays(rows), wordy, stays)) == expected


@pytest.mark.parametrize(
    ("labels", "counts", "expected"),
    [
        ("LABCDE", [25, 1, 2, 4, 8, 10], [0]),
        ("ABCDEL", [1, 2, 4, 8, 10, 25], [5]),
        ("ABLCDE", [1, 2, 25, 4, 8, 10], []),
        ("ABCDE", [2, 4, 8, 10, 24], []),
        ("ABCDEF", [1, 2, 4, 8, 10, 99], []),
        ("ABCDEL" * 2, [1, 2, 4, 8, 10, 25, 2, 2, 4, 8, 10, 26], [5, 11]),
    ],
)
def test_a_place_that_adds_up_all_others(
    labels: str, counts: list[float], expected: list[int]
) -> None:
    assert marked(sum_rows(pa.array(list(labels)), [np.array(counts, float)])) == expected


def test_every_count_must_add_up() -> None:
    labels = pa.array(list("LABCDE"))
    beds = np.array([25.0, 1, 2, 4, 8, 10])
    assert marked(sum_rows(labels, [beds, beds * 2])) == [0]
    assert marked(sum_rows(labels, [beds, np.array([5.0, 9, 9, 9, 9, 9])])) == []


def test_footnotes_stand_below_the_table() -> None:
    rows = [["A", "1", "x"], ["note", None, None], ["B", "2", "y"], ["* provisional", None, None],
            ["Source: the national statistics office"] * 3]  # fmt: skip
    assert marked(footnote_rows(arrays(rows))) == [3, 4]


def test_headings_and_comments_inside_the_table() -> None:
    rows = [["Ward A", None, None, None], ["x", "1", "2", "3"], ["P7", None, None, None],
            ["y", "1", None, "3"]]  # fmt: skip
    assert marked(note_rows(arrays(rows), [True, False, False, False])) == [0, 2]
    assert marked(note_rows(arrays(rows), [False] * 4)) == []


def test_rows_without_any_value_that_is_used() -> None:
    assert marked(empty_rows([pa.array([1, None, None]), pa.array([1, 2, None])])) == [2]
    assert marked(empty_rows([pa.array([1, 2])])) == []


def test_the_header_repeated_inside_the_table() -> None:
    rows: list[list[object]] = [["A", "1"], [" Ward ", "Beds"], ["B", "2"]]
    assert marked(header_rows(arrays(rows), ["Ward", "Beds"])) == [1]


row = st.tuples(st.sampled_from("ab"), st.sampled_from(["1", "2", None]), st.sampled_from("xy"))


@given(st.lists(row, max_size=30))
def test_duplicates_are_what_a_set_says(rows: list[tuple[str, str | None, str]]) -> None:
    columns = [pa.array([item[place] for item in rows], pa.string()) for place in range(3)]
    seen: set[tuple[str, str | None, str]] = set()
    expected = []
    for item in rows:
        expected.append(item in seen)
        seen.add(item)
    assert duplicate_rows(columns).tolist() == expected


@pytest.mark.parametrize("whole", ["All", "Network", None])
def test_a_label_that_adds_up_the_others_of_its_date(whole: str | None) -> None:
    days = pa.array([day for day in "1234" for _ in range(3)])
    label = pa.array(["A", "B", whole] * 4)
    beds = np.array([1.0, 2, 3, 4, 5, 9, 6, 2, 8, 1, 1, 2])
    assert marked(date_totals(days, label, [beds])) == [2, 5, 8, 11]
    assert marked(date_totals(days, label, [beds, beds[::-1]])) == []
    assert marked(date_totals(days[:6], label[:6], [beds[:6]])) == []


@pytest.mark.parametrize(
    ("cells", "others", "filled"),
    [
        (["Jan", None, "Feb", None], "ABAB", ["Jan", "Jan", "Feb", "Feb"]),
        (["Jan", None, None, "Feb"], "ABCA", ["Jan", "Jan", "Jan", "Feb"]),
        (["Jan", None, "Feb", None], "AAAA", None),
        ([None, "Jan", None, "Feb"], "ABAB", None),
        (["Jan", "Feb", "Mar", "Apr", None], "ABABA", None),
    ],
)
def test_merged_cells(cells: list[str | None], others: str, filled: list[str] | None) -> None:
    made = fill_down(pa.array(cells), [pa.array(list(others))], [np.ones(len(cells))])
    assert (None if made is None else made[0].to_pylist()) == filled


def test_a_total_of_few_places_must_be_exact_and_large() -> None:
    labels = pa.array(["A", "B", "C", "All sites"])
    assert marked(sum_rows(labels, [np.array([40.0, 50, 60, 150])])) == [3]
    assert marked(sum_rows(labels, [np.array([40.0, 50, 60, 151])])) == []
    assert marked(sum_rows(labels, [np.array([4.0, 5, 6, 15])])) == []
    assert marked(sum_rows(pa.array(["A", "B", "C", None]), [np.array([40.0, 50, 60, 150])])) == [3]


def test_rows_without_a_date_that_add_up_the_days_above_them() -> None:
    undated = np.array([0, 0, 0, 1, 0, 0, 1, 1], bool)
    beds = np.array([3.0, 4, 5, 12, 6, 7, 13, 25])
    assert marked(run_totals(undated, [beds])) == [3, 6, 7]
    late = np.array([3.0, 4, 5, 11, 6, 7, 13, 24])  # counts of no known date, not their sum
    assert marked(run_totals(undated, [late])) == [6]
    assert marked(run_totals(undated, [beds, np.array([1.0, 1, 1, 9, 1, 1, 9, 9])])) == []


@pytest.mark.parametrize("word", ["All hospitals", "Insgesamt", "Ensemble", "", "Whole country"])
def test_subtotals_of_each_hospital_and_the_grand_total_are_never_added_up(word: str) -> None:
    lines = ["Hospital,Date,Admissions"]
    for place, count in (("North", 30), ("South", 50)):
        lines += [f"{place},2024-03-{day:02d},{count + day}" for day in range(1, 8)]
        lines.append(f"{word},,{7 * count + 28}")
    lines.append(f"{word},,{7 * 80 + 56}")
    loaded = open_file("\n".join(lines).encode(), name="march.csv")
    assert loaded.table["admissions"].sum() == 616
    assert len(loaded.set_aside) == 3
