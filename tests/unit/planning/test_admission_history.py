"""What earlier stays tell on the day of an admission, against a look at every pair of stays."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis.strategies import integers

from caremap.planning.admission_history import CALENDAR, HISTORY, calendar_of, history_of

DAY = pd.Timedelta(days=1)


def pairs(patient: pd.Series, admitted: pd.Series, left: pd.Series) -> pd.DataFrame:
    """The same, stay by stay."""
    rows = []
    for code, came in zip(patient, admitted, strict=True):
        if pd.isna(code) or pd.isna(came):
            rows.append((np.nan, np.nan))
            continue
        same = (patient == code) & (admitted < came)
        ends = left[same & (left <= came)]
        since = np.nan if ends.empty else float((came - ends.max()).days)
        rows.append((since, float((same & (admitted >= came - 365 * DAY)).sum())))
    return pd.DataFrame(rows, columns=list(HISTORY), index=patient.index)


@given(count=integers(2, 40), seed=integers(0, 10**6), people=integers(1, 8))
def test_only_stays_before_the_admission_count(count: int, seed: int, people: int) -> None:
    draw = np.random.default_rng(seed)
    admitted = pd.Series(pd.Timestamp("1969-06-01") + draw.integers(0, 900, count) * DAY)
    left = (admitted + draw.integers(0, 40, count) * DAY).where(draw.random(count) < 0.8)
    patient = pd.Series(draw.integers(0, people, count)).astype("float64")
    patient, admitted = (
        patient.mask(draw.random(count) < 0.1),
        admitted.mask(draw.random(count) < 0.1),
    )
    left = left.where(admitted.notna())
    index = pd.Index(draw.integers(0, 5, count))  # any index, repeated values too
    patient, admitted, left = (one.set_axis(index) for one in (patient, admitted, left))
    found = history_of(patient, admitted, left)
    if patient[admitted.notna()].dropna().duplicated().any():
        expected = pairs(*(one.reset_index(drop=True) for one in (patient, admitted, left)))
        pd.testing.assert_frame_equal(found.reset_index(drop=True), expected)
    else:
        assert list(found) == []


def test_what_happens_later_changes_nothing_before() -> None:
    admitted = pd.Series(pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"]))
    left = pd.Series(pd.to_datetime(["2024-01-03", "2024-02-04", "2024-03-09"]))
    patient = pd.Series([0.0, 0.0, 0.0])
    whole = history_of(patient, admitted, left)
    pd.testing.assert_frame_equal(history_of(patient[:2], admitted[:2], left[:2]), whole[:2])


def test_the_calendar_of_dates_with_and_without_a_time() -> None:
    timed = pd.Series(
        pd.to_datetime(
            ["2024-02-29 23:59", "2024-03-01 00:00", None, "2024-03-02 7:00"], format="mixed"
        )
    )
    expected = pd.DataFrame(
        {
            CALENDAR[0]: ["Thursday", "Friday", "Unknown", "Saturday"],
            CALENDAR[1]: ["February", "March", "Unknown", "March"],
        },
        dtype="str",
    ).assign(**{CALENDAR[2]: [23.0, np.nan, np.nan, 7.0]})
    pd.testing.assert_frame_equal(calendar_of(timed), expected)
    assert list(calendar_of(timed.dt.normalize())) == list(CALENDAR[:2])
    assert list(calendar_of(pd.Series([pd.NaT, pd.NaT]))) == []
