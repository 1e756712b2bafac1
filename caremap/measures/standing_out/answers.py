"""Satisfaction of departments and facilities: its level, and how far answers lie apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.measures import reductions
from caremap.measures.gates import covers
from caremap.measures.standing_out.chance import mann_whitney, of_means
from caremap.measures.standing_out.places import left_out, named, places_of, sides
from caremap.measures.standing_out.tested import Compared, Comparison, interval, written
from caremap.measures.tallies import Tally
from caremap.measures.view import View

__all__ = ["levels", "moments", "satisfaction", "spreads"]

UNIT = "points, scale as supplied"


def satisfaction(view: View) -> Compared:
    """Compare the answers of every department and facility with those of all others."""
    if not view.has("satisfaction"):
        return Compared(notes=("Satisfaction: no stay has any.",))
    date = view.first("discharged", "admitted")
    if not covers(view, date):
        return Compared()
    (window,) = view.windows
    taken = Tally(date=date, first=window.start, last=window.end)
    parts = []
    for column in places_of(view, ("department", "facility")):
        answers = reductions.spread(view.stays, "satisfaction", [column], taken)
        answers = answers.rename(columns={column: "group", "satisfaction": "value"})
        parts.append(levels(answers, column))
        parts.append(spreads(answers, column))
    return Compared.together(parts)


def levels(answers: pd.DataFrame, column: str) -> Compared:
    """Compare the mean of every group with that of all others.

    The probability is the larger of Welch's t test of the means and the Mann-Whitney test of
    the ranks: a few extreme answers alone make no difference.

    Parameters
    ----------
    answers
        ``group``, ``value`` and ``rows``: how often each value occurs.
    column
        What the groups are.
    """
    kept, notes = left_out(answers, column, "answers")
    found = moments(kept)
    total, squares = float(found["n"].sum()), float(found["squares"].sum())
    result = []
    for name, own in sides(found):
        rest = own["rest_n"], own["rest_mean"], own["rest_variance"]
        gap = of_means((own["n"], rest[0]), (own["mean"], rest[1]), (own["variance"], rest[2]))
        ranks = mann_whitney(own["ranks"], squares, own["n"], total)
        agree = own["ranks"] * gap.value > 0
        side = "higher" if gap.value > 0 else "lower"
        result.append(
            Comparison(
                "satisfaction", "satisfaction", named(column, name), own["mean"], rest[1],
                gap.value, gap.low, gap.high, UNIT, int(own["n"]),
                max(gap.p, ranks) if agree else 1.0,
                f"Satisfaction of {named(column, name)} is {side} than elsewhere: "
                f"{written(own['mean'])} against {written(rest[1])} "
                f"(difference {written(abs(gap.value))} points, "
                f"{interval(gap.low, gap.high)}; {own['n']:,.0f} answers, "
                f"{rest[0]:,.0f} elsewhere).",
                "Not adjusted for age or severity, nor for who answers.",
            )
        )  # fmt: skip
    return Compared(tuple(result), notes)


def spreads(answers: pd.DataFrame, column: str) -> Compared:
    """Compare how far answers lie from the median of their group (Brown and Forsythe 1974)."""
    kept, _ = left_out(answers, column, "answers")
    apart = kept.assign(value=(kept["value"] - _medians(kept)).abs())
    found = moments(apart)
    result = []
    for name, own in sides(found):
        rest = own["rest_n"], own["rest_mean"], own["rest_variance"]
        gap = of_means((own["n"], rest[0]), (own["mean"], rest[1]), (own["variance"], rest[2]))
        more = "more" if gap.value > 0 else "less"
        result.append(
            Comparison(
                "variation", "satisfaction", named(column, name), own["mean"], rest[1],
                gap.value, gap.low, gap.high, UNIT, int(own["n"]), gap.p,
                f"Answers about {named(column, name)} differ {more} from each other than "
                f"elsewhere: on average {written(own['mean'])} points from their median against "
                f"{written(rest[1])} (difference {written(abs(gap.value))}, "
                f"{interval(gap.low, gap.high)}; {own['n']:,.0f} answers, "
                f"{rest[0]:,.0f} elsewhere).",
                "Not adjusted for age or severity. A scale with few steps limits how far "
                "answers can lie apart.",
            )
        )  # fmt: skip
    return Compared(tuple(result))


def moments(cells: pd.DataFrame) -> pd.DataFrame:
    """Return what tests of groups are made of, from how often each value occurs.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``n``, ``mean``, ``variance``, ``ranks`` and ``squares`` (sums of ranks of
        all and of their squares, counted from the mean rank), and of all other groups
        together ``rest_n``, ``rest_mean``, ``rest_variance``.

    Examples
    --------
    >>> cells = pd.DataFrame({"group": ["A", "A", "B"], "value": [1.0, 2.0, 2.0], "rows": 1})
    >>> moments(cells)[["group", "n", "mean", "variance", "ranks", "squares", "rest_mean"]]
      group    n  mean  variance  ranks  squares  rest_mean
    0     A  2.0   1.5       0.5   -0.5     1.25        2.0
    1     B  1.0   2.0       0.0    0.5     0.25        1.5
    """
    rows = cells["rows"].to_numpy("float64")
    value = cells["value"].to_numpy("float64")
    kinds, place = np.unique(value, return_inverse=True)
    often = np.bincount(place, weights=rows, minlength=len(kinds))
    middle = np.cumsum(often) - (often - 1) / 2  # mean rank of equal values
    rank = (middle - (rows.sum() + 1) / 2)[place] if len(rows) else value
    codes, names = pd.factorize(cells["group"], sort=True)

    def total(numbers: np.ndarray) -> np.ndarray:
        return np.bincount(codes, weights=numbers, minlength=len(names))

    n = total(rows)
    grand = float((rows * value).sum() / max(rows.sum(), 1.0))
    mean = grand + total(rows * (value - grand)) / n
    squares = total(rows * (value - mean[codes]) ** 2)
    away = n * (mean - grand)
    rest = rows.sum() - n
    rest_mean = grand - away / np.maximum(rest, 1)
    others = squares.sum() - squares + (away**2 / n).sum() - away**2 / n
    rest_squares = others - rest * (rest_mean - grand) ** 2
    return pd.DataFrame(
        {
            "group": names,
            "n": n,
            "mean": mean,
            "variance": squares / np.maximum(n - 1, 1),
            "ranks": total(rows * rank),
            "squares": total(rows * rank**2),
            "rest_n": rest,
            "rest_mean": rest_mean,
            "rest_variance": np.maximum(rest_squares, 0.0) / np.maximum(rest - 1, 1),
        }
    )


def _medians(cells: pd.DataFrame) -> np.ndarray:
    """Return, of each row, the median of its group."""
    ordered = cells.reset_index(drop=True).sort_values(["group", "value"], kind="stable")
    reached = ordered.groupby("group")["rows"].cumsum()
    size = ordered.groupby("group")["rows"].transform("sum")
    low = ordered["value"].where(reached >= (size + 1) // 2)
    high = ordered["value"].where(reached >= size // 2 + 1)
    middle = (
        low.groupby(ordered["group"]).transform("min")
        + high.groupby(ordered["group"]).transform("min")
    ) / 2
    found: np.ndarray = middle.sort_index().to_numpy("float64")
    return found
