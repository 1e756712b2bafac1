"""Stays and counts that do not hold the same patients are told."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from caremap.combining import stays_against_counts
from tests.unit.measures.build import counts

WEEKS = pd.date_range("2024-01-07", periods=12, freq="7D")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"admissions": [70.0] * 12}, "the counts say 770 admissions, the stays 77"),
        ({"admissions": [70.0] * 12, "staffed_beds": [9.0] * 12}, "occupancy is too low"),
        ({"admissions": [2.0] * 12, "staffed_beds": [9.0] * 12}, "occupancy is too high"),
        ({"admissions": [7.0] * 12}, ""),
        ({"admissions": [9.0] * 12}, ""),  # late entries and the edges of weeks
        ({"visits": [700.0] * 12}, ""),
        ({"admissions": [70.0] * 12, "facility": "Elsewhere"}, "770 admissions"),
    ],
)
def test_counts_far_from_the_stays_of_the_time_are_told(columns: dict[str, Any], said: str) -> None:
    stays = pd.DataFrame({"admitted": pd.date_range("2024-01-01", "2024-03-31")})
    found = stays_against_counts(stays.assign(facility="North"), counts(WEEKS, **columns))
    assert [said in one.message for one in found] == ([True] if said else [])


def test_only_facilities_of_both_are_held_against_each_other() -> None:
    stays = pd.DataFrame({"admitted": pd.date_range("2024-01-01", "2024-03-31")})
    table = [counts(WEEKS, facility=name, admissions=[7.0] * 12) for name in ("N", "S", "E")]
    both = pd.concat(table, ignore_index=True)
    assert stays_against_counts(stays.assign(facility="N"), both) == []
    assert stays_against_counts(stays, both)
    flagged = stays.assign(facility="N", was_admitted=pd.array([True, False] * 45 + [True]))
    assert stays_against_counts(flagged, both)
