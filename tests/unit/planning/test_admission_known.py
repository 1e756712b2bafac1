"""When it is known how long a stay was: nobody counts as short because the file ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.planning import admission_table, complete_before, known_over

DAY = pd.Timedelta(days=1)
END = pd.Timestamp("2024-12-31")


def simulated(seed: int, open_stays: bool = True) -> tuple[Dataset, float]:
    """A year of stays as known on its last day, and the true share of those over a week.

    Without open stays the file is one of discharges: patients still in are not in it.
    """
    draw = np.random.default_rng(seed)
    came = pd.Series(pd.date_range("2024-01-01", END).repeat(30))
    nights = pd.Series(np.floor(draw.lognormal(1.3, 0.9, len(came))))
    left = came + pd.to_timedelta(nights, unit="D")
    table = pd.DataFrame({"admitted": came, "discharged": left.where(left <= END)})
    return Dataset(stays=table if open_stays else table.dropna()), float((nights > 7).mean())


@pytest.mark.parametrize("seed", range(4))
def test_the_share_of_long_stays_is_not_too_low(seed: int) -> None:
    dataset, truth = simulated(seed)
    admission = admission_table(dataset)
    known = known_over(admission, 7)
    month = admission.admitted > END - 31 * DAY  # where the bias would be
    share = known[month].mean()
    spread = 4 * np.sqrt(truth * (1 - truth) / known[month].notna().sum())
    assert abs(share - truth) < spread
    # To count the stays that have ended, as is often done, is what this guards against.
    assert (admission.nights[month].dropna() > 7).mean() < truth - spread


def test_only_stays_that_began_long_enough_ago_are_known() -> None:
    admission = admission_table(simulated(1)[0])
    for over in (1, 7, 21):
        known = known_over(admission, over)
        ago = (END - admission.admitted).dt.days
        assert (known.notna() == (ago >= over + 1)).all()
        ended = known.notna() & admission.nights.notna()
        assert (known[ended] == (admission.nights[ended] > over)).all()
        assert known[known.notna() & admission.nights.isna()].all()


def test_a_file_of_discharges_lacks_the_long_stays_of_its_last_days() -> None:
    dataset, truth = simulated(2, open_stays=False)
    admission = admission_table(dataset)
    known = known_over(admission, 7)
    assert admission.complete is not None
    assert admission.complete[1] < END - 8 * DAY
    assert known[admission.admitted > admission.complete[1]].isna().all()
    assert abs(known.mean() - truth) < 0.02


def test_lengths_are_complete_before_the_day_by_which_nearly_all_have_left() -> None:
    admission = admission_table(simulated(3)[0])
    for share in (0.9, 0.99):
        day = complete_before(admission, share)
        assert day is not None
        early = admission.admitted < day
        assert admission.nights[early].isna().mean() < 1 - share
        assert admission.nights[~early].isna().any()


def test_without_dates_every_length_is_known() -> None:
    table = pd.DataFrame({"length_of_stay": [3.0, 9.0, np.nan]})
    admission = admission_table(Dataset(stays=table))
    assert known_over(admission, 7).tolist() == [False, True]
    assert complete_before(admission) is None
    assert admission.notes == ("Stays without a length, left out: 1.",)
