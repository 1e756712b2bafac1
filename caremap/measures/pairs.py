"""Pairs of admissions of one patient: which discharges are followed by a readmission."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import narwhals as nw
import pandas as pd

from caremap.measures.rows import Lazy, Rows, collected, day_of, group_names, keyed, one_of, opened

__all__ = ["readmissions"]

_FAR = 1 << 30
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
    frame = opened(rows, only)
    present = frame.collect_schema().names()
    groups = group_names(by)
    outcome = nw.col("outcome").cast(nw.String) if "outcome" in present else nw.lit("")
    extra = {name: nw.col(name).cast(nw.String).fill_null("")
             for name in ("facility", "department") if name in present}  # fmt: skip
    stays = (
        keyed(
            frame,
            "discharged",
            by,
            {
                "patient": nw.col("patient_id").cast(nw.String),
                "start": day_of("admitted"),
                "died": one_of(outcome, deaths),
                "moved": one_of(outcome, transfers),
                **{f"at_{name}": value for name, value in extra.items()},
            },
        )
        .filter(~nw.col("start").is_null())
        .with_columns(one=nw.lit(1).cast(nw.Int64))
    )
    valid = (nw.col("date") >= nw.col("start")) & (nw.col("died") == 0)
    alive = (
        stays.filter(valid)
        .with_columns(nameless=nw.when(nw.col("patient").is_null()).then(1).otherwise(0))
        .group_by(["date", *groups])
        .agg(nw.col("one").sum().alias("alive"), nw.col("nameless").sum())
    )
    followed = (
        _followed(stays, [f"at_{name}" for name in extra], within)
        .filter(valid)
        .group_by(["date", *groups])
        .agg(nw.col("one").sum().alias("readmitted"))
    )
    result = collected(alive, by, ["alive", "nameless"])
    again = collected(followed, by, ["readmitted"])
    result = result.merge(again, how="left", on=["date", *by])
    result["readmitted"] = result["readmitted"].fillna(0).astype("int64")
    result["alive"] -= result["nameless"]
    return result[["date", *by, "alive", "readmitted", "nameless"]]


def _followed(stays: Lazy, places: Sequence[str], within: int) -> Lazy:
    """Return the stays followed by a readmission, from pairs of admissions of one patient.

    A patient's stays are numbered in order of admission. The next admission of a stay of
    one night or more is the first that begins on its last day or later, found by walking
    its patient's admissions and discharges backwards in time; the next of a same-day stay
    is the one numbered after it. Stays that overlap are thereby handled too.
    """
    numbered = (
        stays.filter(~nw.col("patient").is_null())
        .with_columns(stays_of=nw.col("one").sum().over("patient"))
        .filter(nw.col("stays_of") > 1)
        .with_columns(end=nw.col("date").fill_null(_NO_DAY))
        .with_columns(
            number=nw.col("one")
            .cum_sum()
            .over("patient", order_by=["start", "end", *places, "moved", "died"])
            .cast(nw.Int64)
        )
    )
    far = nw.lit(_FAR).cast(nw.Int64)
    events = nw.concat(
        [
            numbered.select("patient", own=nw.col("number"), day=nw.col("end"), kind=nw.lit(0),
                            following=far),
            numbered.select("patient", own=nw.col("number"), day=nw.col("start"), kind=nw.lit(1),
                            following=nw.col("number")),
        ]
    ).with_columns(
        following=nw.col("following")
        .cum_min(reverse=True)
        .over("patient", order_by=["day", "kind", "own"])
        .cast(nw.Int64)
    )  # fmt: skip
    after = events.filter(nw.col("kind") == 0).select("patient", "following", number="own")
    following = numbered.select(
        "patient",
        following=nw.col("number"),
        next_start=nw.col("start"),
        **{f"next_{place}": nw.col(place) for place in places},
    )
    same_day = nw.col("date") == nw.col("start")
    pairs = (
        numbered.join(after, on=["patient", "number"], how="inner")
        .with_columns(
            following=nw.when(same_day).then(nw.col("number") + 1).otherwise(nw.col("following"))
        )
        .join(following, on=["patient", "following"], how="inner")
        .filter(nw.col("next_start") <= nw.col("date").dt.offset_by(f"{within}d"))
    )
    transfer = nw.col("moved") == 1
    for place in places:
        both = (nw.col(place) != "") & (nw.col(f"next_{place}") != "")
        transfer = transfer | (both & (nw.col(place) != nw.col(f"next_{place}")))
    return pairs.filter(~((nw.col("next_start") == nw.col("date")) & transfer))
