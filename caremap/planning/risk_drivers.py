"""Which columns a prediction rests on: how much worse it gets when one is shuffled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN
from caremap.planning.risk_features import Coded

__all__ = ["importance", "in_groups"]

Array = np.ndarray[Any, Any]
Score = Callable[[Array, Array], float]
"""From what happened and what was predicted to a number that is larger where it is better."""

MOST_ROWS = 3_000
REPEATS = 4
GROUPS, GROUP_ROWS, LEAST_LONG = 5, 1_000, 20


def importance(
    predict: Callable[[Coded], Array],
    table: Coded,
    happened: Array,
    score: Score,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how much a score falls when a column is shuffled on stays not seen.

    Parameters
    ----------
    predict
        From a table to what is scored: a risk, or classes.
    table, happened
        Stays not seen, and what became of them.
    score
        What falls.
    seed
        Of the shuffling.

    Returns
    -------
    pandas.DataFrame
        ``column``, ``drop`` (mean over repetitions), ``low`` and ``high`` (the least and the
        largest of them); the largest first.

    Notes
    -----
    Breiman (2001). Columns that say the same stand in for each other: each alone seems to
    matter less than they do together.
    """
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(len(happened))[:MOST_ROWS])
    table, happened = table.taken(rows), happened[rows]
    whole = score(happened, predict(table))
    found = []
    again = np.tile(np.arange(len(happened)), REPEATS)
    for place, name in enumerate(table.names):
        orders = [random.permutation(len(happened)) for _ in range(REPEATS)]
        said = predict(table.with_column(place, np.concatenate(orders), again))
        drops = [whole - score(happened, part) for part in np.split(said, REPEATS)]
        found.append((name, float(np.mean(drops)), min(drops), max(drops)))
    frame = pd.DataFrame(found, columns=["column", "drop", "low", "high"])
    return frame.sort_values(["drop", "column"], ascending=[False, True], ignore_index=True)


def in_groups(
    predict: Callable[[Coded], Array],
    table: Coded,
    happened: Array,
    group: pd.Series[Any],
    score: Score,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the same within the largest groups, shuffled within each.

    Returns
    -------
    pandas.DataFrame
        ``group`` and the columns of `importance`; groups in order of their size, those with
        fewer than 20 long or 20 short stays left out.
    """
    parts: list[pd.DataFrame] = []
    for name in group[group != UNKNOWN].value_counts().index[: 2 * GROUPS]:
        rows = np.flatnonzero((group == name).to_numpy())[:GROUP_ROWS]
        kinds = np.unique(happened[rows], return_counts=True)[1]
        if len(kinds) > 1 and kinds.min() >= LEAST_LONG and len(parts) < GROUPS:
            own = importance(predict, table.taken(rows), happened[rows], score, seed)
            parts.append(own.assign(group=str(name))[["group", *own.columns]])
    if not parts:
        return pd.DataFrame(columns=["group", "column", "drop", "low", "high"])
    return pd.concat(parts, ignore_index=True)
