"""The part of a network that some groups of a breakdown are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.coverage import has
from caremap.measures.groups import refuse, with_bands
from caremap.problems import DataProblem

__all__ = ["narrowed"]


def narrowed(dataset: Dataset, where: Mapping[str, Sequence[str]]) -> Dataset:
    """Return the network with only the stays and counts of some groups.

    Parameters
    ----------
    dataset
        The network, filtered as it is.
    where
        Column to the names of its groups as `caremap.measures.breakdown` gives them,
        “Unknown” for what is missing. Age bands are made from ages, regions are those of
        the facilities where patients have none. An empty list keeps all.

    Returns
    -------
    caremap.Dataset
        With these rows only. `filters` has the columns and names; a table without a column
        (beds have no gender) cannot answer for it: it is None and `lost` says why. What the
        files cover is still read from the whole.

    Raises
    ------
    caremap.DataProblem
        Where neither stays nor counts have the column, or it identifies persons.

    Examples
    --------
    >>> stays = pd.DataFrame({"age": [3.0, 44.0, 91.0, None], "ward": ["A", "B", "B", "B"]})
    >>> part = narrowed(Dataset(stays=stays), {"ward": ["B"], "age_band": ["90+", "Unknown"]})
    >>> part.stays["age"].tolist(), dict(part.filters)
    ([91.0, nan], {'ward': ('B',), 'age_band': ('90+', 'Unknown')})
    """
    for column, names in where.items():
        if names:
            refuse(column)
            if not _known(dataset.with_regions() if column == "region" else dataset, column):
                raise DataProblem(
                    f"There is no column “{column}” to filter by.", "Choose a column of the table."
                )
            dataset = dataset.keeping(column, names, _bands if column == "age_band" else None)
    return dataset


def _known(dataset: Dataset, column: str) -> bool:
    return any(
        table is not None and (column in table or (column == "age_band" and has(table, "age")))
        for whole in (dataset.whole or dataset,)
        for table in (whole.stays, whole.activity)
    )


def _bands(table: pd.DataFrame) -> pd.Series[Any] | None:
    """Return the age bands of a table, 90 and over in one; None where it has none."""
    return with_bands(table, ["age_band"]).get("age_band")
