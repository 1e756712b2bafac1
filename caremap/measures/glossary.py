"""Measures and conventions in words: what the glossary page and its downloads are written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

import pandas as pd

from caremap.measures.definitions import MEASURES, Measure
from caremap.measures.view import DATES
from caremap.schema import FIELDS

__all__ = ["choices", "glossary", "needs_in_words"]

_GROUPS = {
    "Activity": ("admissions", "discharges", "visits", "still_in_hospital"),
    "Length of stay": ("length_of_stay", "median_stay"),
    "Beds": ("occupancy", "bed_days", "mean_census", "staffed_beds", "turnover",
             "turnover_interval"),
    "Money": ("cost", "mean_cost", "charges"),
    "Quality": ("readmission", "survival", "waiting", "waiting_p90", "satisfaction", "team_score"),
}  # fmt: skip
_FURTHER = "Further measures"
_KINDS = {
    "flow": "Added up.",
    "ratio": "Never added up or averaged, but computed anew for each period and place.",
    "stock": "Added up over places; averaged over days, never added up over them.",
}
_PER = "Grows with the length of the period. Not added up over places."
_CALLED = {
    **DATES,
    "readmitted": "a yes/no column of readmissions",
    "units": "beds of each place",
    "was_admitted": "whether the visit became an admission",
}


@dataclass(frozen=True)
class _Choice:
    """A convention that can be switched, and the measures it makes a difference to."""

    name: str
    title: str
    options: str
    default: str
    effect: str
    source: str
    where: str
    measures: tuple[str, ...]


_STAYS = ("length_of_stay", "median_stay")
_CHOICES = (
    _Choice(
        "same_day",
        "Same-day stays",
        "0 days (AHRQ HCUP) or 1 day (AIHW)",
        "0 days",
        "How many days a stay counts that begins and ends on one day. Where 64 % of stays are "
        "same-day and the others average 5.7 days, the average is 2.05 days or 2.69 days.",
        "AHRQ HCUP: length of stay; AIHW METeOR: length of stay",
        "Sidebar: How figures are counted",
        _STAYS,
    ),
    _Choice(
        "overnight_only",
        "Overnight stays only",
        "all stays, or only those with at least one night (OECD)",
        "all stays",
        "Whether same-day stays are left out of lengths of stay. Without them the average is "
        "longer, and comparable with the OECD's figures.",
        "OECD Health Statistics: average length of stay, inpatient care",
        "Sidebar: How figures are counted",
        _STAYS,
    ),
    _Choice(
        "cost_date",
        "Day a cost belongs to",
        "day of discharge or day of admission",
        "day of discharge",
        "Which day, and so which month, the cost and the charges of a stay count in. The whole "
        "file adds up to the same; single months do not.",
        "CareMap's convention: a stay is costed when it is complete",
        "Sidebar: How figures are counted",
        ("cost", "mean_cost", "charges"),
    ),
    _Choice(
        "as_of",
        "As-of date",
        "any day of the data",
        "last admission date of the data, or last date of a file of counts",
        "The day the month to date ends on, and the day patients still in hospital are counted. "
        "Today's date enters no figure.",
        "CareMap's convention",
        "Sidebar: As of",
        ("still_in_hospital",),
    ),
    _Choice(
        "beds",
        "Staffed beds typed in",
        "bed counts of the files, one number for the whole of the data, or a number for each "
        "facility, department or ward",
        "bed counts of the files",
        "Numbers typed in take the place of the beds in the files, on every day. One number for "
        "all cannot be split over facilities or departments, so that filters set it aside.",
        "AIHW METeOR: average available beds",
        "Overview: the card of bed occupancy, and below Beds",
        ("occupancy", "staffed_beds", "turnover", "turnover_interval"),
    ),
    _Choice(
        "target",
        "Waiting-time target",
        "any number of minutes",
        "240 minutes",
        "The share of waits within it, in the figure of waiting times. The measure “waits within "
        "4 hours” keeps to 240 minutes; median and 90th percentile depend on no target.",
        "NHS Constitution: four hours from arrival to admission, transfer or discharge",
        "Sidebar: How figures are counted",
        (),
    ),
)


def glossary() -> pd.DataFrame:
    """Return every measure in words, group by group.

    Returns
    -------
    pandas.DataFrame
        One row per measure: ``measure`` (its name in every frame), ``title``, ``group``,
        ``unit``, ``definition``, ``numerator``, ``denominator`` (empty where nothing is
        divided), ``kind`` (what may be added up), ``needs``, ``source``, ``caveats`` and
        ``choices``: titles of the rows of `choices` that make a difference to it.

    Examples
    --------
    >>> words = glossary().set_index("measure")
    >>> words.loc["occupancy", "denominator"]
    'available staffed bed-days'
    >>> words.loc["cost", "choices"]
    'Day a cost belongs to'
    """
    placed = {name: group for group, names in _GROUPS.items() for name in names}
    order = [name for name in placed if name in MEASURES]
    order += [name for name in MEASURES if name not in placed]
    return pd.DataFrame([_row(MEASURES[name], placed.get(name, _FURTHER)) for name in order])


def choices() -> pd.DataFrame:
    """Return what can be switched, with the default and what it changes.

    Returns
    -------
    pandas.DataFrame
        One row per choice: ``name``, ``title``, ``options``, ``default``, ``effect``,
        ``source``, ``where`` (it is switched) and ``measures`` (titles of those it changes).

    Examples
    --------
    >>> choices().set_index("name").loc["same_day", "default"]
    '0 days'
    """
    return pd.DataFrame(
        [
            {
                **asdict(choice),
                "measures": "; ".join(MEASURES[name].title for name in choice.measures),
            }
            for choice in _CHOICES
        ]
    )


def needs_in_words(needs: Sequence[str]) -> str:
    """Return the fields a measure needs as a phrase.

    Parameters
    ----------
    needs
        As in `Measure.needs`: all of them, each one field or several with a bar.

    Examples
    --------
    >>> needs_in_words(["admitted|admissions"])
    'admission date, or admissions'
    >>> needs_in_words(["admitted|occupied_beds", "discharged|occupied_beds"])
    'admission date and discharge date, or occupied beds'
    """
    split = [need.split("|") for need in needs]
    parts = [
        ", or ".join([_listed([_called(first) for first, *_ in group]), *map(_called, others)])
        for others, group in ((key, list(found)) for key, found in groupby(split, lambda n: n[1:]))
    ]
    return "; and ".join(parts)


def _row(measure: Measure, group: str) -> dict[str, str]:
    return {
        "measure": measure.name,
        "title": measure.title,
        "group": group,
        "unit": measure.unit,
        "definition": measure.definition,
        "numerator": measure.numerator,
        "denominator": measure.denominator,
        "kind": _PER if measure.kind == "flow" and measure.denominator else _KINDS[measure.kind],
        "needs": needs_in_words(measure.needs),
        "source": measure.source,
        "caveats": measure.caveats,
        "choices": "; ".join(item.title for item in _CHOICES if measure.name in item.measures),
    }


def _called(name: str) -> str:
    return _CALLED.get(name, FIELDS[name].title.lower())


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last
