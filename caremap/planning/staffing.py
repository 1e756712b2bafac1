"""Nurses and doctors that the census ahead takes, by unit, against the staff there is.

Two ways of saying what a unit takes are in use: patients per person on duty (a ratio that holds
at every hour), and hours of care per patient-day. Both come down to hours, and hours to people
on the payroll: what a full-time post works in a week, less its leave and sickness.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.measures import reductions
from caremap.measures.beds import plain
from caremap.measures.coverage import has
from caremap.planning.ahead import CensusForecast
from caremap.problems import DataProblem

__all__ = ["ALL", "full_time_staff", "staff_needed", "staffing_defaults"]

Key = tuple[str, str, str]
"""Unit, role and shift, as they are compared."""

ALL = "All units"
NO_ROLE = "Staff"
FULL_TIME = 40.0
ABSENT = 22.0

_CODE = "California Code of Regulations, Title 22, § 70217"
_DOCTORS = (
    "Michtalik et al., JAMA Internal Medicine 2013;173: hospitalists call 15 patients a day shift "
    "safe; taken as 12 hours, nights not included"
)
_INTENSIVISTS = (
    "Society of Critical Care Medicine taskforce (Ward et al., Critical Care Medicine 2013;41): "
    "at most 14 patients an intensivist"
)
_NO_DEFAULT = "No source is known for this role: please type it in"

# Unit (a pattern of its name), most patients a nurse may have at any time, what the code calls it.
_UNITS = (
    (r"neonat|\bnicu\b", 2, "intensive care newborn nursery"),
    (r"intensiv|critical|\bicu\b|\bitu\b|\buci\b|\buti\b|reanim|burn|coronary care", 2,
     "critical care"),
    (r"recovery|\bpacu\b|an(a|e)esthes", 2, "postanesthesia recovery"),
    (r"labou?r|delivery", 2, "labor and delivery"),
    (r"step.?down|intermediate|high dependency|\bhdu\b", 3, "step-down"),
    (r"emergency|\bed\b|\ber\b|a&e|urgenc", 4, "emergency department"),
    (r"telemetry|cardi", 4, "telemetry"),
    (r"p(a)?ediatr|child|kinder|infant", 4, "pediatrics"),
    (r"obstet|matern|postpartum|antepartum|gyn", 4, "antepartum, and mothers with their babies"),
    (r"oncolog|h(a)?ematolog|transplant", 4, "other specialty care"),
    (r"psych|mental|behavio", 6, "psychiatric"),
)  # fmt: skip
_GENERAL = (5, "medical and surgical")


def staffing_defaults(dataset: Dataset, census: CensusForecast | None = None) -> pd.DataFrame:
    """Return how much staff a patient takes, by unit and role, and where that is from.

    Parameters
    ----------
    dataset
        Its stays name the units (departments), its staff table the roles: nurses and doctors
        where there is no such table, “Staff” where it names none.
    census
        The census ahead: then the units are its own, none more and none less.

    Returns
    -------
    pandas.DataFrame
        ``unit``, ``role``, ``patients_per_staff`` (patients for each person on duty, at any
        time) or ``hours_per_patient_day`` (one of them is given, the other NaN; both NaN where
        there is no default for the role) and ``source``. To be edited. One unit, “All units”,
        where the stays have no such column.

    Notes
    -----
    Nurses: the ratios that bind in California, by the name of the unit, medical and surgical
    where it says nothing else. They are minima of one place, not a standard of care everywhere.

    Examples
    --------
    >>> staffing_defaults(Dataset())[["unit", "role", "patients_per_staff"]]
            unit     role  patients_per_staff
    0  All units  Doctors                 NaN
    1  All units   Nurses                 5.0
    """
    units = _units(dataset) if census is None else _units_of(census)
    rows = [_usual(unit, role) for unit in units for role in _roles(dataset)]
    return pd.DataFrame(rows).astype(
        {"unit": "str", "role": "str", "patients_per_staff": "float64",
         "hours_per_patient_day": "float64", "source": "str"}
    )  # fmt: skip


def _units(dataset: Dataset) -> list[str]:
    if not has(dataset.stays, "department"):
        return [ALL]
    return list(dataset.once("stays", reductions.categories, "department")["value"]) or [ALL]


def _units_of(census: CensusForecast) -> list[str]:
    return sorted(census.parts[census.by].unique()) if census.by else [ALL]


def _roles(dataset: Dataset) -> list[str]:
    if dataset.staff is None:
        return ["Doctors", "Nurses"]
    if not has(dataset.staff, "role"):
        return [NO_ROLE]
    return sorted(dataset.staff["role"].dropna().astype("str").unique())


def _usual(unit: str, role: str) -> dict[str, object]:
    """Return the default of one role in one unit."""
    found = next((entry for entry in _UNITS if re.search(entry[0], unit.casefold())), None)
    patients, called = (found[1], found[2]) if found else _GENERAL
    row: dict[str, object] = {"unit": unit, "role": role}
    nothing = {"patients_per_staff": np.nan, "hours_per_patient_day": np.nan}
    name = role.casefold()
    if role == NO_ROLE:
        said = f"{_CODE}: at most {patients} patients a nurse, {called}; the file names no role"
        return row | nothing | {"patients_per_staff": patients, "source": said}
    if re.search(r"nurs|pflege|enfermer|infirmi|\brns?\b", name) and not re.search(
        r"assist|aide|auxil|helfer", name
    ):
        said = f"{_CODE}: at most {patients} patients a nurse, {called}"
        return row | nothing | {"patients_per_staff": patients, "source": said}
    if re.search(r"doctor|physician|medic|arzt|ärzt|m(é|e)decin|hospitalist|intensivist", name):
        if called == "critical care":
            return row | nothing | {"patients_per_staff": 14, "source": _INTENSIVISTS}
        return row | nothing | {"hours_per_patient_day": 12 / 15, "source": _DOCTORS}
    return row | nothing | {"source": _NO_DEFAULT}


def full_time_staff(
    patient_days: float, hours_per_patient_day: float, productive_hours: float
) -> float:
    """Return the full-time posts that give so many hours of care.

    Parameters
    ----------
    patient_days
        Patients times days.
    hours_per_patient_day
        Hours of care each takes.
    productive_hours
        Hours one full-time post works at the bedside in the same days.

    Examples
    --------
    28 patients for 30 days at 6.5 hours, 173.33 hours a month each:

    >>> round(full_time_staff(28 * 30, 6.5, 173.33), 1)
    31.5
    """
    if productive_hours <= 0:
        raise ValueError("A full-time post has to work more than 0 hours.")
    return patient_days * hours_per_patient_day / productive_hours


def staff_needed(
    census: CensusForecast,
    units: pd.DataFrame,
    staff: pd.DataFrame | None = None,
    *,
    hours_per_week: float = FULL_TIME,
    absence: float = ABSENT,
) -> pd.DataFrame:
    """Return the staff each day ahead takes, by unit and role, and what is missing of it.

    Parameters
    ----------
    census
        The census ahead; by the units, unless there is one unit, “All units”, alone.
    units
        ``unit``, ``role`` and ``patients_per_staff`` or ``hours_per_patient_day``, as
        `staffing_defaults` gives them and the user edits them. Rows without either are left out.
    staff
        The table of the staff there is: ``staff``, and ``role``, places and ``date`` where there
        are. It is counted where it names the units; with a date, at its last one. A column
        ``shift`` says that it counts the people of a shift: then shifts are compared, each with
        its mean over the days of the last four weeks. None: not known.
    hours_per_week
        Of a full-time post: 40, or 2,080 a year.
    absence
        Percent of them lost to leave, sickness and training. 22 is a usual allowance: 35 roster
        policies of English trusts had 16 to 26 (Drake, British Journal of Nursing 2020;29).

    Returns
    -------
    pandas.DataFrame
        One row per day, unit, role and shift: ``date``, ``unit``, ``role``, ``shift`` (empty where
        staff is not counted by shift), ``patients`` (expected at midnight), ``on_duty`` (people
        there at any one time: whole ones where patients per person are given, since the ratio
        holds at every hour), ``needed`` (full-time posts that keep them there around the clock;
        of a shift, the people on duty), ``available`` (people there are, NaN where not known) and
        ``missing`` (needed beyond these, 0 where there are enough, NaN where not known). Of
        several units, “All units” stands at the end of a day: their sum.

    Raises
    ------
    caremap.DataProblem
        Where a unit is not in the census, or a number of patients or hours is no such number.
    ValueError
        Where hours or absence leave nothing to work.

    Notes
    -----
    A person on duty at every hour takes 168 hours a week. Staff there is counts heads or posts as
    the file does, and is never added over days. Midnight is the quietest hour in many units:
    day wards and admissions that leave the same day are not in it.

    Examples
    --------
    >>> day = pd.Timestamp("2024-05-01")
    >>> census = CensusForecast(pd.DataFrame({"date": [day], "mean": [28.0]}), pd.DataFrame())
    >>> units = pd.DataFrame({"unit": ["All units"], "role": ["Nurses"],
    ...                       "patients_per_staff": [None], "hours_per_patient_day": [6.5]})
    >>> found = staff_needed(census, units, hours_per_week=173.33 * 7 / 30, absence=0)
    >>> found[["role", "patients", "on_duty", "needed"]].round(1)
         role  patients  on_duty  needed
    0  Nurses      28.0      7.6    31.5
    """
    worked = hours_per_week * (1 - absence / 100)
    if not (0 < hours_per_week <= 168 and 0 <= absence < 100):
        raise ValueError("A full-time post has to work more than 0 of 168 hours a week.")
    asked = checked_units(units)
    there = people_there(staff, census.by)
    shifts = sorted({shift for _, _, shift in there}) or [""]
    parts = {} if not census.by else dict(iter(census.parts.groupby(census.by)))
    frames = []
    for row in asked.itertuples(index=False):
        patients = census.frame if row.unit == ALL else parts.get(str(row.unit))
        if patients is None:
            raise DataProblem(
                f"The census ahead has no unit “{row.unit}”.", "Take units that the stays name."
            )
        on_duty, hours = duty(patients["mean"].to_numpy("float64"), row)
        posts = full_time_staff(7.0, 1.0, worked) * hours
        for shift in shifts:
            frames.append(
                pd.DataFrame(
                    {
                        "date": patients["date"].to_numpy(),
                        "unit": str(row.unit),
                        "role": str(row.role),
                        "shift": shift,
                        "patients": patients["mean"].to_numpy("float64"),
                        "on_duty": on_duty,
                        "needed": on_duty if shift else posts,
                        "available": there.get(unit_key(row.unit, row.role, shift), np.nan),
                    }
                )
            )
    found = pd.concat(frames, ignore_index=True) if frames else _nothing()
    if len({*found["unit"]} | {ALL}) > 2:  # several units
        found = pd.concat([found, _together(found, there)], ignore_index=True)
    found["missing"] = (found["needed"] - found["available"]).clip(lower=0)
    last = found["unit"].eq(ALL)
    ordered = found.assign(last=last).sort_values(
        ["date", "last", "unit", "role", "shift"], kind="stable"
    )
    shaped: pd.DataFrame = ordered.drop(columns="last").reset_index(drop=True)
    return shaped.astype({"unit": "str", "role": "str", "shift": "str"})


def _nothing() -> pd.DataFrame:
    columns = ("date", "unit", "role", "shift", "patients", "on_duty", "needed", "available")
    return pd.DataFrame({name: pd.Series([], dtype="float64") for name in columns})


def checked_units(units: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that say something, in numbers."""
    both = ["patients_per_staff", "hours_per_patient_day"]
    table = units.assign(
        **{
            name: pd.to_numeric(units[name], errors="coerce").astype("float64")
            if name in units
            else np.nan
            for name in both
        }
    )
    for name in both:
        given = table[name].dropna()
        if not (np.isfinite(given) & (given > 0)).all():
            called = name.replace("_", " ")
            raise DataProblem(f"The {called} have to be more than 0.", "Change the number.")
    table = table[table[both].notna().any(axis=1)]
    if ALL in set(table["unit"]) and not table["unit"].eq(ALL).all():
        raise DataProblem(
            f"“{ALL}” stands beside single units.", "Plan either all together, or one by one."
        )
    if table.duplicated(["unit", "role"]).any():
        raise DataProblem("A unit has the same role twice.", "Leave one of the rows.")
    return table


def duty(patients: np.ndarray[Any, Any], row: Any) -> tuple[Any, Any]:
    """Return the people on duty at any one time, and the hours of care a day."""
    if not np.isnan(row.patients_per_staff):
        on_duty = np.ceil(patients / row.patients_per_staff - 1e-9)
        return on_duty, 24.0 * on_duty
    hours = patients * row.hours_per_patient_day
    return hours / 24.0, hours


def unit_key(unit: object, role: object, shift: str) -> Key:
    named, called = plain([unit, role])
    return named, called, shift


def people_there(staff: pd.DataFrame | None, by: str) -> dict[Key, float]:
    """Return the staff there is by unit, role and shift, and of all units."""
    if staff is None or not has(staff, "staff"):
        return {}
    table = staff[staff["staff"].notna()]
    places = [name for name in ("facility", "department") if has(table, name)]
    named = has(table, "role")
    table = table.assign(
        role=table["role"].fillna(UNKNOWN).astype("str") if named else NO_ROLE,
        unit=table[by].fillna(UNKNOWN).astype("str") if by in places else ALL,
    )
    by_shift = has(table, "shift")
    if has(table, "date"):
        table = _recent(table) if by_shift else _latest(table, [*places, "role"])
    shift = table["shift"].fillna("").astype("str") if by_shift else ""
    table = table.assign(shift=shift)
    alone = _counted(table, by_shift) if by in places else {}
    return alone | _counted(table.assign(unit=ALL), by_shift)


def _latest(table: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """Keep what is counted last of each place and role: people are not added over days."""
    last = table.groupby(places, dropna=False)["date"].transform("max")
    return table[table["date"].eq(last) | (table["date"].isna() & last.isna())]


def _recent(table: pd.DataFrame) -> pd.DataFrame:
    """Keep four weeks."""
    kept: pd.DataFrame = table[table["date"] > table["date"].max() - pd.Timedelta(days=28)]
    return kept


def _counted(table: pd.DataFrame, by_shift: bool) -> dict[Key, float]:
    """Add up places; shifts are averaged over the days they are counted on."""
    keys = [table["unit"].str.strip().str.casefold(), table["role"].str.strip().str.casefold()]
    keys.append(table["shift"])
    people = table["staff"].groupby(keys)
    total = people.sum()
    if by_shift and has(table, "date"):
        total = total / table["date"].dt.normalize().groupby(keys).nunique()
    return {key: float(count) for key, count in total.items()}  # type: ignore[misc]


def _together(found: pd.DataFrame, there: dict[Key, float]) -> pd.DataFrame:
    """Return the sums over units, which are different people."""
    keys = ["date", "role", "shift"]
    total = found.groupby(keys)[["patients", "on_duty", "needed"]].sum().reset_index()
    known = [
        there.get(unit_key(ALL, role, shift), np.nan)
        for role, shift in zip(total["role"], total["shift"], strict=True)
    ]
    return total.assign(unit=ALL, available=known)[[*found.columns]]
