"""Rows of one table that are in another."""

from __future__ import annotations

import pandas as pd

__all__ = ["occurs"]


def occurs(held: pd.DataFrame, added: pd.DataFrame, on: list[str]) -> pd.Series[bool]:
    """Return which added rows equal a held row in these columns, missing equal to missing."""
    found = pd.Series(False, index=added.index)
    if not on:
        return found
    hashes = [pd.util.hash_pandas_object(frame[on], index=False) for frame in (held, added)]
    maybe = hashes[1].isin(hashes[0]).to_numpy()
    if maybe.any():  # equal hashes are rare; only then are the values compared
        among = held.loc[hashes[0].isin(hashes[1]).to_numpy(), on].drop_duplicates()
        exact = added.loc[maybe, on].merge(among, how="left", on=on, indicator=True)
        found[maybe] = (exact["_merge"] == "both").to_numpy()
    return found
