"""Which columns of figure frames count patients, and what the other columns are made of.

The one place that says so: a column that is not here is hidden wherever a count of its row is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = ["KEYS", "Made", "made"]


@dataclass(frozen=True)
class Made:
    """What a column of a figure frame is.

    Attributes
    ----------
    how
        - ``count``: a number of patients
        - ``part``: how many of the patients in ``of`` (of the rest the same is to be hidden)
        - ``rate``: the same in percent
        - ``per day``: a number of patients divided by the days in ``of``; without such a
          column it is the number itself
        - ``figure``: made of the patients counted in ``of``, and hidden with them
        - ``limits``: made of a whole series of counts
        - ``shown``: tells of no patient, and is never hidden
    of
        The columns it is made of: those of the frame among them, all of them.
    instead
        Where the frame has none of these: counts of which those it is made of are a part.
    parts
        Columns that tell the same in patients: it is hidden with those of the frame.
    alike
        Whether it counts nearly the same patients as others that are.
    adds
        Whether the counts of all groups add up to a total.
    """

    how: Literal["count", "part", "rate", "per day", "figure", "limits", "shown"]
    of: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    alike: bool = False
    adds: bool = True


KEYS = ("period", "date", "weekday", "hour", "season", "month", "minutes", "band")
"""Columns that are never figures, whatever they hold; and columns of names and dates."""

_STAYS = ("discharges", "admissions", "visits", "cases")
_PATIENTS = Made("count", alike=True)
_OF_N = Made("figure", ("n",))
_SHOWN = Made("shown")


def _each(names: str, one: Made) -> Iterable[tuple[str, Made]]:
    return ((name, one) for name in names.split())


_COLUMNS: dict[str, Made] = dict(
    (
        *_each("admissions discharges visits cases stays n alive", _PATIENTS),
        ("value", Made("count", ("n",))),  # of a control chart; a count where all are whole
        ("bed_days", Made("count")),  # at least as many as patients
        ("still_in_hospital", Made("count", adds=False)),  # at a moment
        ("unknown", Made("count", ("n",))),
        ("outliers", Made("count", ("n",))),
        ("died", Made("part", ("n",))),
        ("readmitted", Made("part", ("n",))),
        ("long_stays", Made("part", ("n",))),  # of a tenth or a group whose risk is judged
        ("survived", Made("figure", ("died", "n"))),
        ("readmission", Made("rate", ("readmission_n", "n"), _STAYS, ("readmitted",))),
        ("survival", Made("rate", ("survival_n", "n"), _STAYS, ("died",))),
        ("within_target", Made("rate", ("n",))),
        ("waiting_within", Made("rate", ("waiting_n",), _STAYS)),
        *_each(
            "per_day admissions_per_day discharges_per_day visits_per_day occupied",
            Made("per day", ("days",)),
        ),
        *_each("cost mean_cost", Made("figure", ("cost_n",), _STAYS)),
        *_each("charges mean_charges", Made("figure", ("charges_n",), ("cost_n", *_STAYS))),
        *_each("length_of_stay median_stay", Made("figure", ("length_of_stay_n",), _STAYS)),
        *_each("waiting waiting_p90", Made("figure", ("waiting_n",), _STAYS)),
        ("satisfaction", Made("figure", ("satisfaction_n",), _STAYS)),
        *_each("mean median p5 p25 p75 p90 p95 effect p q figure comparison sentence", _OF_N),
        *_each("low_95 high_95", Made("figure", ("n", "survival", "readmission"))),
        *_each("occupancy mean_census", Made("figure", ("occupied", "bed_days"))),
        ("turnover", Made("figure", ("discharges",))),
        ("turnover_interval", Made("figure", ("discharges", "bed_days"))),
        ("share", Made("figure", ("stays", "cases"))),
        *_each("centre lower upper", Made("limits", ("value", "n"))),
        *_each("days complete staffed staffed_beds skewed signal first last groups", _SHOWN),
        *_each("source kind note caution unit code measure subject highest lowest", _SHOWN),
        *_each("characteristic need title column hidden", _SHOWN),
        *_each("team_score team_score_n", _SHOWN),  # of staff
    )
)


def made(name: str) -> Made | None:
    """Return what a column is; None where nobody said.

    Examples
    --------
    >>> made("cost").of, made("cost_n").how, made("colour")
    (('cost_n',), 'count', None)
    """
    if name in _COLUMNS:
        return _COLUMNS[name]
    stem = name.removesuffix("_n")
    return _PATIENTS if stem != name and stem in _COLUMNS else None
