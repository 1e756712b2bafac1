"""What is said of a measure over time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap.charts.look import number
from caremap.charts.points import points_of, span_of
from caremap.charts.words import told
from tests.unit.charts.drawn import months

FOUR = months([310, 280, 325, 174])
EMPTY = months([], complete=[])


OPENING = "Admissions by month, in admissions. "


def said(
    frame: pd.DataFrame, unit: str = "admissions", *, every: Any = "month", decimals: int = 0
) -> str:
    return told(points_of(frame, "admissions", unit, every, decimals), OPENING.strip(), every)


def test_the_words_in_full() -> None:
    assert said(FOUR) == (
        "Admissions by month, in admissions. From 310 in January 2023 to 325 in March 2023, the "
        "first and the last complete month. Highest 325 in March 2023; lowest 280 in February "
        "2023. April 2023 is not complete: 174 so far."
    )


@pytest.mark.parametrize(
    ("frame", "sentences"),
    [
        (EMPTY, "There is no period to show."),
        (months([None, None]), "No period has a figure."),
        (
            months([174]),
            "No complete month has a figure. January 2023 is not complete: 174 so far.",
        ),
        (months([174], complete=[True]), "One complete month has a figure: 174 in January 2023."),
        (
            months([5, 5, 5], complete=[True] * 3),
            "5 in each of 3 complete months, January to March 2023.",
        ),
        (
            months([0, 7, 7, 7], complete=[True] * 4),
            "From 0 in January 2023 to 7 in April 2023, the first and the last complete month. "
            "Highest 7 in February 2023 and 2 other months; lowest 0 in January 2023.",
        ),
        (
            months([2, None, 1], complete=[True] * 3),
            "From 2 in January 2023 to 1 in March 2023, the first and the last complete month with "
            "a figure. Highest 2 in January 2023; lowest 1 in March 2023. "
            "1 month has no figure: February 2023.",
        ),
        (
            months([2, None, None, None, None], complete=[True] * 5),
            "One complete month has a figure: 2 in January 2023. "
            "4 months have no figure: the first February 2023, the last May 2023.",
        ),
        (
            months([9, 20], complete=[False, True]),
            "One complete month has a figure: 20 in February 2023. "
            "January 2023 is not complete: 9 in the part there is.",
        ),
    ],
)  # fmt: skip
def test_the_words_for_every_kind_of_frame(frame: pd.DataFrame, sentences: str) -> None:
    assert said(frame) == OPENING + sentences


def test_percent_stands_with_the_figure() -> None:
    text = said(months([85.25, None], complete=[True, True]), "%", decimals=1)
    assert text.startswith(OPENING + "One complete month has a figure: 85.2 % in January")


@pytest.mark.parametrize(
    ("every", "start", "named"),
    [
        ("day", "2024-02-29", "on 29 February 2024"),
        ("week", "2024-02-26", "in the week of 26 February 2024"),
        ("month", "2024-02-01", "in February 2024"),
        ("quarter", "2024-04-01", "in Q2 2024"),
        ("year", "2024-01-01", "in 2024"),
    ],
)
def test_periods_by_their_names(every: Any, start: str, named: str) -> None:
    frame = months([12345.0], start, complete=[True])
    frame["period"] = pd.Timestamp(start)
    assert said(frame, every=every).endswith(f": 12,345 {named}.")


def test_a_span_over_two_years_names_both() -> None:
    assert span_of(["December 2023", "February 2024"]) == "December 2023 to February 2024"
    assert span_of(["January 2024", "February 2024"]) == "January to February 2024"


def test_a_figure_is_written_alike_wherever_it_comes_from() -> None:
    assert round(np.float64(5.255), 2) != round(5.255, 2)
    assert number(np.float64(5.255), decimals=2) == number(5.255, decimals=2) == "5.25"
