"""Whether a file of stays and a file of counts are of the same patients."""

from __future__ import annotations

import pandas as pd

from caremap.findings import Finding

__all__ = ["stays_against_counts"]

APART = 1.5
"""One file says this many times the admissions of the other: edges and late entries do not."""
DATES, ENOUGH = 4, 30


def stays_against_counts(
    stays: pd.DataFrame | None, activity: pd.DataFrame | None
) -> list[Finding]:
    """Say where counts give far more, or far fewer, admissions than the stays of that time.

    Beds of the one beside patients of the other are then no occupancy. Compared are the
    facilities both name, from the first date of the counts to their last, the last not
    counted: it may begin a week or a month the stays do not reach.

    Examples
    --------
    >>> weekly = pd.date_range("2024-01-07", periods=6, freq="7D")
    >>> counts = pd.DataFrame({"date": weekly, "admissions": 70.0})
    >>> stays = pd.DataFrame({"admitted": pd.date_range("2024-01-01", "2024-02-29")})
    >>> print(stays_against_counts(stays, counts)[0].message)
    From 7 Jan 2024 to 10 Feb 2024 the counts say 350 admissions, the stays 35: the two ...
    >>> stays_against_counts(stays, counts.assign(admissions=7.0))
    []
    """
    if stays is None or activity is None or "admitted" not in stays:
        return []
    if not {"date", "admissions"} <= set(activity):
        return []
    if "was_admitted" in stays:
        stays = stays[stays["was_admitted"].fillna(False).astype("bool")]
    stays, activity = _of_shared_places(stays, activity)
    admitted = stays["admitted"].dropna()
    given = activity.dropna(subset=["date", "admissions"])
    given = given[given["date"].between(admitted.min(), admitted.max())]
    dates = given["date"].drop_duplicates().sort_values()
    if len(dates) < DATES:
        return []
    first, last = dates.iloc[0], dates.iloc[-1]
    counted = float(given.loc[given["date"] < last, "admissions"].sum())
    held = int(((admitted >= first) & (admitted < last)).sum())
    if max(counted, held) < ENOUGH or held / APART <= counted <= held * APART:
        return []
    day = last - pd.Timedelta(days=1)
    message = (
        f"From {first.day} {first:%b %Y} to {day.day} {day:%b %Y} the counts say {counted:,.0f} "
        f"admissions, the stays {held:,}: the two do not hold the same patients. Admissions, "
        "lengths of stay and patients in hospital are of the stays"
    )
    if "staffed_beds" in activity and activity["staffed_beds"].notna().any():
        message += (
            "; where staffed beds are of the counts, occupancy is too "
            f"{'low' if counted > held else 'high'}"
        )
    return [Finding("stays-against-counts", "warning", f"{message}.")]


def _of_shared_places(
    stays: pd.DataFrame, activity: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the facilities both name; all where they share none."""
    if "facility" not in stays or "facility" not in activity:
        return stays, activity
    shared = set(stays["facility"].dropna().unique()) & set(activity["facility"].dropna().unique())
    if not shared:
        return stays, activity
    return stays[stays["facility"].isin(shared)], activity[activity["facility"].isin(shared)]
