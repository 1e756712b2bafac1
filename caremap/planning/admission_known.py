"""From which day on it is known how long a stay was, or that it was longer than so many nights.

Of the stays of the last days of a file those are known that were short: to count them with the
rest would make every stay look shorter than it is. A stay counts only once so much time has
gone by that a long one would be known as well as a short one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from caremap.planning.admission import Admission

__all__ = ["complete_before", "known_over"]

_RECENT = pd.Timedelta(days=365)


def known_over(admission: Admission, over: float) -> pd.Series[Any]:
    """Return whether stays lasted more than so many nights, as far as that is known.

    Parameters
    ----------
    admission
        Stays as known on a day.
    over
        Nights a stay has to last more than; of stays given as bands, the place of a band.

    Returns
    -------
    pandas.Series
        ``boolean``. Known of stays admitted at least ``over`` + 1 days before the day they are
        known on, discharged or still in, and in the days the file has all stays of; missing of
        all others, however short they were. Without dates it is known of every stay.

    Examples
    --------
    >>> from caremap.dataset import Dataset
    >>> from caremap.planning import admission_table
    >>> came = pd.to_datetime(["2024-04-01", "2024-04-01", "2024-04-08", "2024-04-09"])
    >>> left = pd.to_datetime(["2024-04-02", None, "2024-04-09", None])
    >>> stays = pd.DataFrame({"admitted": came, "discharged": left})
    >>> known_over(admission_table(Dataset(stays=stays)), 7).tolist()
    [False, True, <NA>, <NA>]
    """
    nights = admission.nights
    longer = (nights > over).astype("boolean")
    if admission.as_of is None or admission.complete is None:
        return longer.mask(nights.isna()).rename("over")
    came = admission.admitted.dt.normalize()
    first, last = admission.complete
    last = min(last, admission.as_of - pd.Timedelta(days=np.floor(over) + 1))
    # Whoever came that long ago and is still in has stayed longer by now.
    return longer.mask(nights.isna(), True).where(came.between(first, last)).rename("over")


def complete_before(admission: Admission, share: float = 0.99) -> pd.Timestamp | None:
    """Return the day of admission before which the length of nearly every stay is known.

    Parameters
    ----------
    admission
        Stays as known on a day.
    share
        How many of the stays discharged in the last year were no longer than the time from
        that day to the day the stays are known on.

    Returns
    -------
    pandas.Timestamp or None
        Stays admitted before it are fit to learn lengths from; the few among them that are
        still open are the longest ones, and have to be taken as “at least so long”. Begin
        with ``admission.complete[0]``: of the days before it a file of discharges has the long
        stays only. None without dates: every length is known then.

    Examples
    --------
    >>> from caremap.dataset import Dataset
    >>> from caremap.planning import admission_table
    >>> came = pd.Series(pd.date_range("2024-01-01", "2024-03-31"))
    >>> stays = pd.DataFrame({"admitted": came, "discharged": came + pd.Timedelta(days=4)})
    >>> complete_before(admission_table(Dataset(stays=stays)))
    Timestamp('2024-03-28 00:00:00')
    """
    if admission.as_of is None or admission.complete is None:
        return None
    left = admission.admitted.dt.normalize() + pd.to_timedelta(admission.nights, unit="D")
    recent = admission.nights[left > admission.as_of - _RECENT]
    if recent.empty:
        return admission.as_of
    longest = float(np.ceil(recent.quantile(share, interpolation="higher")))
    return admission.as_of - pd.Timedelta(days=longest) + pd.Timedelta(days=1)
