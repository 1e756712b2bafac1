"""Groups that are compared with all others: which, under what name, and which are too small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from caremap.dataset import UNKNOWN
from caremap.measures.standing_out.tested import SMALL
from caremap.measures.view import View
from caremap.schema import FIELDS

__all__ = ["left_out", "named", "places_of", "sides"]

_PLURALS = {"facility": "facilities", "diagnosis": "diagnoses", "insurance": "payers"}


def places_of(view: View, columns: Sequence[str]) -> list[str]:
    """Return those columns that the stays in view have."""
    return [name for name in columns if name in view.stays and view.has(name)]


def named(column: str, name: str) -> str:
    """Name a group in a sentence.

    Examples
    --------
    >>> named("department", "Cardiology"), named("insurance", "Medicare")
    ('department “Cardiology”', 'payer “Medicare”')
    """
    called = "payer" if column == "insurance" else FIELDS[column].title.lower()
    return f"{called} “{name}”"


def left_out(cells: pd.DataFrame, column: str, what: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out groups without a name and small ones, and say which.

    Parameters
    ----------
    cells
        ``group`` and ``rows``.
    column, what
        What the groups are, and what is counted.

    Examples
    --------
    >>> cells = pd.DataFrame({"group": ["A", "B", "Unknown"], "rows": [90, 4, 50]})
    >>> kept, notes = left_out(cells, "department", "answers")
    >>> kept["group"].tolist(), notes
    (['A'], ('Left out as small (fewer than 30 answers): department “B”.',))
    """
    known = cells[cells["group"] != UNKNOWN]
    sizes = known.groupby("group")["rows"].sum()
    small = sizes.index[sizes < SMALL].to_list()
    kept = known[~known["group"].isin(small)]
    if not small:
        return kept, ()
    plural = _PLURALS.get(column, f"{FIELDS[column].title.lower()}s")
    called = (
        ", ".join(named(column, name) for name in small)
        if len(small) <= 3
        else f"{len(small):,} {plural}"
    )
    return kept, (f"Left out as small (fewer than {SMALL} {what}): {called}.",)


def sides(found: pd.DataFrame) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield every group with its figures.

    Of two groups only the first: what is said of it says the same of the other. Of one, none.

    Examples
    --------
    >>> list(sides(pd.DataFrame({"group": ["A", "B"], "n": [3, 4]})))
    [('A', {'n': 3.0})]
    """
    numbers = [str(name) for name in found.columns if name != "group"]
    often = {0: 0, 1: 0, 2: 1}.get(len(found), len(found))
    columns = [found[name].to_numpy("float64")[:often].tolist() for name in numbers]
    names = found["group"].astype("str").to_list()[:often]
    for name, *figures in zip(names, *columns, strict=True):
        yield name, dict(zip(numbers, figures, strict=True))
