"""Daily counts of a network give the figures its stays give, place by place."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from caremap.dataset import Dataset
from caremap.measures import census, headline, occupancy
from tests.unit.measures.build import days, stays

FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 5, 20)
PLACES = [("North", "ED"), ("North", "ICU"), ("South", "ED"), ("West", "ICU")]
BOTH = ["admissions", "discharges", "bed_days", "mean_census", "occupancy", "staffed_beds",
        "turnover", "turnover_interval"]  # fmt: skip
COLUMNS = ["overall", "month_to_date", "previous", "change"]


@st.composite
def networks(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Stays at four places from January to May, some still open, and the beds of the places."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    number = draw(st.integers(60, 250))
    admitted = pd.Timestamp(FIRST) + pd.to_timedelta(rng.integers(0, 140, number), unit="D")
    length = rng.integers(0, draw(st.integers(1, 25)) + 1, number)
    left = admitted + pd.to_timedelta(length, unit="D")
    gone = (left <= pd.Timestamp(LAST)) | (rng.random(number) < 0.3)
    rows = [(str(n), a, d) for n, (a, d) in enumerate(zip(admitted, left, strict=True))]
    edges = [("first", FIRST, FIRST), ("last", LAST, LAST)]
    table = stays([*rows, *edges])
    table.loc[: number - 1, "discharged"] = table["discharged"][:number].where(gone)
    table.loc[: number - 1, "length_of_stay"] = table["length_of_stay"][:number].where(gone)
    used = draw(st.integers(1, 4))  # of the others only the beds are known
    where = [PLACES[n] for n in rng.integers(0, used, len(table))]
    table["facility"] = pd.Series([place[0] for place in where], dtype="str")
    table["department"] = pd.Series([place[1] for place in where], dtype="str")
    seen = set(table["facility"])
    known = [place for place in PLACES if place[0] in seen]
    beds = pd.DataFrame(known, columns=["facility", "department"], dtype="str")
    return table, beds.assign(units=rng.integers(0, 30, len(known)).astype("float64"))


def counted(table: pd.DataFrame, beds: pd.DataFrame) -> pd.DataFrame:
    """Count every midnight of every place by hand, as a hospital reports it."""
    rows = []
    for place in beds.itertuples(index=False):
        here = table[(table["facility"] == place.facility)
                     & (table["department"] == place.department)]  # fmt: skip
        for day in pd.date_range(FIRST, LAST):
            rows.append(
                {
                    "date": day, "facility": place.facility, "department": place.department,
                    "admissions": float((here["admitted"] == day).sum()),
                    "discharges": float((here["discharged"] == day).sum()),
                    "occupied_beds": float(
                        ((here["admitted"] <= day) & ~(here["discharged"] <= day)).sum()
                    ),
                    "staffed_beds": place.units,
                }
            )  # fmt: skip
    return pd.DataFrame(rows).assign(date=lambda frame: days(frame["date"]))


def both(network: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[Dataset, Dataset]:
    """The network as stays and as counts, looked at from March on: the census has begun."""
    table, beds = network
    period = {"start": "2024-03-05", "end": "2024-05-20"}
    activity = counted(table, beds)
    return (
        Dataset(stays=table, capacity=beds).filtered(**period),
        Dataset(activity=activity).filtered(**period),
    )


def same(one: pd.DataFrame, other: pd.DataFrame, **how: Any) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=1e-12, **how)


def sure(dataset: Dataset) -> bool:
    """Whether the stays are known to the end: no sign of an extract chosen by discharge date."""
    found = census(dataset)["date"]
    return len(found) > 0 and found.max() == pd.Timestamp(LAST) and found.min() == pd.Timestamp(
        "2024-03-05"
    )  # fmt: skip


@settings(max_examples=3, deadline=None)
@given(networks())
def test_counts_give_the_same_figures_as_the_stays_they_count(
    network: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    from_stays, from_counts = both(network)
    assume(sure(from_stays))
    one, other = headline(from_stays), headline(from_counts)
    same(one.loc[BOTH, COLUMNS], other.loc[BOTH, COLUMNS])
    for by in (
        (),
        "facility",
        "department",
        ["facility", "department"],
        ["department", "facility"],
    ):
        same(census(from_stays, by), census(from_counts, by))
        for every in (None, "week", "month", "quarter", "year"):
            same(occupancy(from_stays, by, every), occupancy(from_counts, by, every))
