"""What staff can be shared out by: people, patients, bed-days, visits, or those expected.

Each need is declared once, in words that pages, charts and exports show; what each facility
has of it is what `caremap.measures` says of the facility, over the same period and filters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.days import said
from caremap.forecasting import Parts, forecast_parts, home, prepared
from caremap.geography.names import place_key
from caremap.measures import breakdown, occupancy, occupancy_notes, reductions
from caremap.measures.counts import cadence_of
from caremap.measures.coverage import has
from caremap.measures.rhythm import LENGTHS
from caremap.problems import DataProblem

__all__ = ["NEEDS", "REQUIRED", "Counted", "Need", "Progress", "need_by_facility", "need_of"]

Progress = Callable[[str, int, int], None]
"""Told the stage in words, how many steps are done, and of how many."""
REQUIRED = "required "
"""How the column of the staff a role is required to have begins."""
HORIZON = 28


@dataclass(frozen=True)
class Need:
    """A need as it is called.

    Attributes
    ----------
    name
        Column of the network.
    title, unit
        For headings, and for “… per staff member”.
    meaning
        What is counted, a sentence.
    lacking
        What to add where it cannot be computed.
    """

    name: str
    title: str
    unit: str
    meaning: str
    lacking: str


NEEDS: Mapping[str, Need] = MappingProxyType({
    need.name: need
    for need in (
        Need(
            "population", "Population", "people",
            "People who live in the area a facility serves: its own column, or the population of "
            "ZIP codes by the catchment chosen.",
            "Add a column of population to the facilities, or a table of population by ZIP code.",
        ),
        Need(
            "patients", "Patients", "admissions",
            "Admissions of the reporting period.",
            "Add stays with a column of the facility, or counts of admissions by facility.",
        ),
        Need(
            "bed_days", "Occupied bed-days", "bed-days",
            "Patients in hospital at midnight, added over the nights of the reporting period.",
            "Add stays with admission and discharge dates and the facility, or counts of occupied "
            "beds by facility.",
        ),
        Need(
            "visits", "Visits", "visits",
            "Outpatient and emergency visits of the reporting period.",
            "Add a table of visits by facility.",
        ),
        Need(
            "forecast", "Expected admissions", "admissions",
            "Admissions expected of the weeks after the last day of the file: the mean of the "
            "forecast, shared out to the facilities.",
            "Add stays or daily counts of at least some weeks, with a column of the facility.",
        ),
    )
})  # fmt: skip
"""Every need by its name; what a role is required to have is ``required`` and the role."""


def need_of(name: str) -> Need:
    """Return how a need is called, also one of a user's own column.

    Examples
    --------
    >>> need_of("bed_days").title, need_of("required Nurses").title, need_of("Beds").unit
    ('Occupied bed-days', 'Required Nurses', 'Beds')
    """
    if name in NEEDS:
        return NEEDS[name]
    if name.startswith(REQUIRED):
        role = name.removeprefix(REQUIRED)
        return Need(
            name, f"Required {role}", "required staff",
            f"{role} the workload takes: workload by working time, with allowances (WISN).",
            "Give the workload of each facility and the time one unit of it takes.",
        )  # fmt: skip
    return Need(name, name, name, f"The column “{name}” of the file.", "Add the column.")


@dataclass(frozen=True, eq=False)
class Counted:
    """A need by facility.

    Attributes
    ----------
    amounts
        By `place_key` of the facility. NaN where it cannot be computed; not there where the
        file does not know the facility.
    names
        How each facility is written.
    unplaced
        What the file counts of no named facility.
    notes
        What was counted, assumed or left out, in sentences.
    """

    amounts: pd.Series[float]
    names: Mapping[str, str]
    unplaced: float = 0.0
    notes: tuple[str, ...] = ()


def need_by_facility(
    dataset: Dataset,
    name: str,
    *,
    as_of: object = None,
    forecast: Parts | pd.DataFrame | Mapping[str, float] | int | None = None,
    progress: Progress | None = None,
) -> Counted:
    """Return what each facility has of a need, over the reporting period and filters in force.

    Parameters
    ----------
    dataset
        The network.
    name
        ``patients``, ``bed_days``, ``visits`` or ``forecast``.
    as_of
        As in `caremap.measures.headline`.
    forecast
        A forecast by facility that was made already: `caremap.forecasting.Parts`, its ``total``,
        or expected numbers by facility; or how many days ahead to look (28 where None).
    progress
        As in `caremap.forecasting.forecast`, where one has to be made.

    Raises
    ------
    caremap.DataProblem
        Where it cannot be computed at all, with what is missing.
    ValueError
        Where it is none of these.

    Examples
    --------
    >>> stays = pd.DataFrame({"facility": ["A", "A", "B"],
    ...                       "admitted": pd.to_datetime(["2024-04-01", "2024-04-02", None])})
    >>> need_by_facility(Dataset(stays=stays), "patients").amounts.to_dict()
    {'a': 2.0, 'b': 1.0}
    """
    if name not in NEEDS or name == "population":
        raise ValueError(f"a need by facility is one of {', '.join(list(NEEDS)[1:])}, got {name!r}")
    if name == "forecast":
        frame, notes = _expected(dataset, forecast, progress)
    elif not any(has(table, "facility") for table in (dataset.stays, dataset.activity)):
        raise _missing(NEEDS[name])
    elif name == "bed_days":
        frame, notes = _bed_days(dataset, as_of)
    else:
        measure = {"patients": "admissions"}.get(name, name)
        counted = breakdown(dataset, "facility", as_of=as_of, measures=[measure])
        frame, notes = counted.reindex(columns=["facility", measure]), ()
    values = frame.set_axis(["facility", "value"], axis=1)
    values = values.assign(place=values["facility"].map(place_key))
    if not values["value"].notna().any():
        raise _missing(NEEDS[name])
    unknown = values["place"].isin({place_key(UNKNOWN), ""})
    known = values[~unknown]
    sums = known.groupby("place", sort=False)["value"].sum(min_count=1).astype("float64")
    given = name == "forecast" and not isinstance(forecast, int | None)
    silent = set() if given else _seen(dataset, name) - set(sums.index)
    if silent:  # the file knows them, the filters leave none of their rows
        sums = pd.concat([sums, pd.Series(0.0, index=sorted(silent))])
    first = known.drop_duplicates("place")
    names = dict(zip(first["place"], first["facility"].astype("str"), strict=True))
    return Counted(
        sums, names, float(values.loc[unknown, "value"].sum()), tuple(notes)
    )  # fmt: skip


def _missing(need: Need) -> DataProblem:
    return DataProblem(f"{need.title} of each facility cannot be computed.", need.lacking)


def _seen(dataset: Dataset, name: str) -> set[str]:
    """Return the facilities that the table a need is counted from has without any filter."""
    whole = dataset.whole
    if whole is None:
        return set()
    by_visits = name == "visits" and has(whole.activity, "visits")
    kind = "activity" if by_visits or whole.stays is None else "stays"
    if not has(getattr(whole, kind), "facility"):
        return set()
    kept = {place_key(one) for one in dataset.filters.get("facility", ())}
    named = whole.once(kind, reductions.categories, "facility")["value"]
    found = {place_key(one) for one in named}
    return found & kept if kept else found


def _bed_days(dataset: Dataset, as_of: object) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the mean of patients at midnight times the nights, the same nights for all."""
    found = occupancy(dataset, by="facility", as_of=as_of)
    notes = occupancy_notes(dataset, by="facility", as_of=as_of)
    if found.empty:
        raise DataProblem(
            " ".join(["Occupied bed-days of each facility cannot be computed.", *notes]),
            NEEDS["bed_days"].lacking,
        )
    nights = float(found["days"].max()) * _length(dataset)
    frame = found[["facility"]].assign(value=found["occupied"] * nights)
    return frame, tuple(note for note in notes if "bed" not in note.casefold())


def _length(dataset: Dataset) -> int:
    """Return the days one count stands for, where patients are counted and not their stays."""
    activity = dataset.activity
    if dataset.stays is not None or activity is None or not has(activity, "date"):
        return 1
    return LENGTHS.get(cadence_of(activity), 1)


def _expected(
    dataset: Dataset, forecast: Any, progress: Progress | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the expected number of each facility, of a forecast given or made."""
    if isinstance(forecast, Parts):
        days = forecast.frame["date"]
        return forecast.total[["part", "mean"]], (_ahead(days.min(), days.max()), *forecast.notes)
    if isinstance(forecast, pd.DataFrame):
        name = "part" if "part" in forecast else "facility"
        return forecast[[name, "mean"]], ()
    if isinstance(forecast, Mapping):
        return pd.DataFrame({"part": list(forecast), "mean": list(forecast.values())}), ()
    horizon = HORIZON if forecast is None else int(forecast)
    if horizon < 1:
        raise DataProblem("A forecast has to look at least 1 day ahead.", "Choose more days.")
    if not any(has(table, "facility") for table in (dataset.stays, dataset.activity)):
        raise _missing(NEEDS["forecast"])
    made = prepared(dataset, "admissions", "day", "facility")
    if made.refusal:
        weekly = prepared(dataset, "admissions", "week", "facility")
        if weekly.refusal or weekly.parts is None:
            raise DataProblem(made.refusal, made.hint)
        made, horizon = weekly, max(int(np.ceil(horizon / 7)), 1)
    assert made.parts is not None
    parts = made.parts.drop(columns=[UNKNOWN], errors="ignore")
    country, region = home(dataset)
    made_parts = forecast_parts(
        parts, horizon, country=country or None, region=region or None, progress=progress
    )
    return _expected(dataset, made_parts)


def _ahead(first: pd.Timestamp, last: pd.Timestamp) -> str:
    return f"Expected admissions are those of {said(first)} to {said(last)}."
