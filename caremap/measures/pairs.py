"""Pairs of admissions of one patient: which discharges are followed by a readmission."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import narwhals as nw
import pandas as pd

from caremap.measures.rows import (
    Rows,
    collected,
    day_of,
    group_names,
    grouped,
    keyed,
    keys,
    one_of,
    opened,
    with_next,
)

__all__ = ["readmissions"]

_NO_DAY = pd.Timestamp("2261-01-01").to_pydatetime()


def readmissions(
    rows: Rows,
    by: Sequence[str] = (),
    deaths: Collection[str] = (),
    transfers: Collection[str] = (),
    within: int = 29,
    only: str | None = None,
) -> pd.DataFrame:
    """Count discharges alive, and those followed by a readmission, per day and group.

    A readmission is the same patient's next admission from the day of discharge up to
    ``within`` days after it (NHS England: 0-29). The next admission on the very day of
    discharge is a transfer, not a readmission, where the outcome says so or where it is to
    another facility or department.

    Parameters
    ----------
    rows
        Stays with ``patient_id``, ``admitted`` and ``discharged``.
    by
        Columns to group by.
    deaths, transfers
        The values of ``outcome`` that mean the patient died, or was transferred.
    within
        Days after the discharge.
    only
        A flag: rows where it is not true are left out.

    Returns
    -------
    pandas.DataFrame
        ``date`` (of the discharge), the groups, ``alive`` (discharges alive of patients with
        a code), ``readmitted`` (of these, followed by a readmission) and ``nameless``
        (discharges alive without a patient code, in neither of the two).

    Examples
    --------
    >>> stays = pd.DataFrame({"patient_id": ["P", "P"],
    ...                       "admitted": pd.to_datetime(["2024-01-01", "2024-01-30"]),
    ...                       "discharged": pd.to_datetime(["2024-01-05", "2024-01-31"])})
    >>> readmissions(stays)
            date  alive  readmitted  nameless
    0 2024-01-05      1           1         0
    1 2024-01-31      1           0         0
    """
    frame = opened(rows)
    present = frame.collect_schema().names()
    outcome = nw.col("outcome").cast(nw.String) if "outcome" in present else nw.lit("")
    places = {f"at_{name}": nw.col(name).cast(nw.String).fill_null("")
              for name in ("facility", "department") if name in present}  # fmt: skip
    values = {
        "patient": nw.col("patient_id").cast(nw.String),
        "start": day_of("admitted"),
        "died": one_of(outcome, deaths),
        "moved": one_of(outcome, transfers),
        **places,
    }
    stays = keyed(frame, "discharged", by, values, only, texts=list(places))
    alive = (nw.col("date") >= nw.col("start")) & (nw.col("died") == 0)
    discharges = grouped(
        stays.filter(alive).select(
            "date", *group_names(by), nameless=nw.col("patient").is_null().cast(nw.Int64)
        ),
        keys("discharged", by),
        nw.len().alias("alive"),
        nw.col("nameless").sum(),
    )
    named = stays.filter(~nw.col("patient").is_null(), ~nw.col("start").is_null()).with_columns(
        end=nw.col("date").fill_null(_NO_DAY)
    )
    order = ["start", "end", *places, "moved", "died", *group_names(by)]
    followed = with_next(named, "patient", order, ["start", *places]).filter(
        alive, _again(list(places), within)
    )
    again = grouped(
        followed.select("date", *group_names(by)),
        keys("discharged", by),
        nw.len().alias("readmitted"),
    )
    result = collected(discharges, by, ["alive", "nameless"]).merge(
        collected(again, by, ["readmitted"]), how="left", on=["date", *by]
    )
    result["readmitted"] = result["readmitted"].fillna(0).astype("int64")
    result["alive"] -= result["nameless"]
    return result[["date", *by, "alive", "readmitted", "nameless"]]


def _again(places: Sequence[str], within: int) -> nw.Expr:
    """Return whether the next stay is a readmission: soon enough, and no transfer."""
    transfer = nw.col("moved") == 1
    for place in places:
        both = (nw.col(place) != "") & (nw.col(f"next_{place}") != "")
        transfer = transfer | (both & (nw.col(place) != nw.col(f"next_{place}")))
    soon = nw.col("next_start") <= nw.col("date").dt.offset_by(f"{within}d")
    return soon & ~((nw.col("next_start") == nw.col("date")) & transfer)
