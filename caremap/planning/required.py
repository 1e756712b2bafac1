"""Required staff by facility: what the work of its units takes, as a need to plan by."""

from __future__ import annotations

import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.geography.names import place_key
from caremap.measures import breakdown, occupancy
from caremap.measures.coverage import has
from caremap.planning.needs import NEEDS, REQUIRED
from caremap.planning.role_columns import numbers
from caremap.planning.staffing import staffing_defaults
from caremap.planning.wisn import wisn
from caremap.problems import DataProblem

__all__ = ["care_hours", "required_staff", "with_required", "workloads"]

YEAR = 365.0


def workloads(
    dataset: Dataset, need: str = "bed_days", *, as_of: object = None, by_unit: bool = True
) -> pd.DataFrame:
    """Return the work of each unit of each facility over the reporting period.

    Parameters
    ----------
    dataset
        The network, filtered as it is.
    need
        ``bed_days`` (patient-days, by the midnight census), ``patients`` (admissions) or
        ``visits``.
    as_of
        As in `caremap.measures.headline`.
    by_unit
        Whether departments are told apart, where the table names them.

    Returns
    -------
    pandas.DataFrame
        ``facility``, ``unit`` (“All units” where none are told apart), ``workload`` and ``days``
        it was counted over (NaN where the file has no dates). Rows without a facility are left
        out. To be given ``hours`` of care for each unit of work and put into `required_staff`.

    Raises
    ------
    caremap.DataProblem
        Where it cannot be computed by facility.

    Examples
    --------
    >>> counts = pd.DataFrame({"facility": ["A", "A"], "department": ["ED", "ICU"],
    ...                        "date": pd.to_datetime(["2024-04-01"] * 2),
    ...                        "occupied_beds": [18.0, 5.0]})
    >>> workloads(Dataset(activity=counts))
      facility unit  workload  days
    0        A   ED      18.0   1.0
    1        A  ICU       5.0   1.0
    """
    if need not in ("bed_days", "patients", "visits"):
        raise ValueError(f"need is bed_days, patients or visits, got {need!r}")
    tables = [table for table in (dataset.stays, dataset.activity) if has(table, "facility")]
    if not tables:
        raise DataProblem(
            f"{NEEDS[need].title} of each facility cannot be computed.", NEEDS[need].lacking
        )
    unit = "department" if by_unit and any(has(table, "department") for table in tables) else None
    groups = ["facility", *([unit] if unit else [])]
    if need == "bed_days":
        found = occupancy(dataset, by=groups, as_of=as_of)
        found = found.assign(workload=found["occupied"] * found["days"])
    else:
        measure = {"patients": "admissions"}.get(need, need)
        found = breakdown(dataset, groups, as_of=as_of, measures=[measure])
        found = found.rename(columns={measure: "workload"}).assign(days=_days(dataset))
    if found.empty or "workload" not in found or not found["workload"].notna().any():
        raise DataProblem(
            f"{NEEDS[need].title} of each facility cannot be computed.", NEEDS[need].lacking
        )
    found = found[found["facility"] != UNKNOWN]
    return pd.DataFrame(
        {
            "facility": found["facility"].astype("str"),
            "unit": found[unit].astype("str") if unit else "All units",
            "workload": found["workload"].astype("float64"),
            "days": found["days"].astype("float64"),
        }
    ).reset_index(drop=True)


def _days(dataset: Dataset) -> float:
    """Return the days of the reporting period that the files hold."""
    if dataset.span is None:
        return float("nan")
    start, end = dataset.period or (None, None)
    first = dataset.span[0] if start is None else max(start, dataset.span[0])
    last = dataset.span[1] if end is None else min(end, dataset.span[1])
    return float((last.normalize() - first.normalize()).days + 1)


def care_hours(units: pd.DataFrame, role: str) -> pd.DataFrame:
    """Return the units with the hours of care a patient-day usually takes of a role.

    Parameters
    ----------
    units
        As `workloads` gives them, for bed-days.
    role
        A role as the file calls it: “Nurses”, “Doctors”.

    Returns
    -------
    pandas.DataFrame
        The units with ``hours`` (NaN where no source is known for the role) and ``source``: to
        be shown, edited, and put into `required_staff`.

    Notes
    -----
    As `caremap.planning.staffing_defaults`: so many patients for each person on duty, around the
    clock, are 24 hours by their number.

    Examples
    --------
    >>> units = pd.DataFrame({"facility": ["A", "A"], "unit": ["ICU", "Medicine"]})
    >>> care_hours(units, "Nurses")[["unit", "hours"]].to_dict("list")
    {'unit': ['ICU', 'Medicine'], 'hours': [12.0, 4.8]}
    """
    asked = Dataset(
        stays=pd.DataFrame({"department": units["unit"].unique()}),
        staff=pd.DataFrame({"role": [role]}),
    )
    usual = staffing_defaults(asked).set_index("unit")
    hours = usual["hours_per_patient_day"].fillna(24.0 / usual["patients_per_staff"])
    unit = units["unit"].astype("str")
    return units.assign(hours=unit.map(hours), source=unit.map(usual["source"]))


def required_staff(
    units: pd.DataFrame,
    available_hours: float,
    *,
    role: str | None = None,
    allowance: float = 0.0,
    individual: float = 0.0,
) -> pd.Series[float]:
    """Return the full-time staff that the work of each facility takes.

    Parameters
    ----------
    units
        One row per facility and unit, as `workloads` gives them: ``facility``, ``workload``,
        ``hours`` (of the role for one unit of work: hours per patient-day, per visit) and, where
        the work was not counted over a year, ``days`` it was counted over. With a column ``role``
        only the rows of ``role`` count.
    available_hours
        Hours a year one person is there to work, see `caremap.planning.available_time`.
    role
        Whose hours; needed where there is such a column.
    allowance, individual
        As in `caremap.planning.wisn`; individual hours are of each facility.

    Returns
    -------
    pandas.Series
        By facility, in the order of the rows, called ``required``: full-time staff, not rounded.
        NaN where the work or the hours of one of its units are not known.

    Raises
    ------
    caremap.DataProblem
        Where a column is missing or a number is out of what is possible.

    Notes
    -----
    WISN (WHO): required = A x CAF + IAF. With hours per patient-day it is the same as
    patient-days x hours / productive hours.

    Examples
    --------
    >>> units = pd.DataFrame({"facility": ["A", "A", "B"], "unit": ["ICU", "ED", "ED"],
    ...                       "workload": [300.0, 840.0, 840.0], "hours": [12.0, 6.5, 6.5],
    ...                       "days": 30.0})
    >>> required_staff(units, 173.33 * 365 / 30).round(1).to_dict()
    {'A': 52.3, 'B': 31.5}
    """
    for name in ("facility", "workload", "hours"):
        if name not in units:
            raise DataProblem(f"The work of units lacks the column “{name}”.", "Add the column.")
    if "role" in units:
        if role is None:
            raise DataProblem("The work of units names roles.", "Say which role is asked for.")
        units = units[units["role"].map(place_key).eq(place_key(role))]
    work, hours = numbers(units["workload"]), numbers(units["hours"])
    days = numbers(units["days"]) if "days" in units else pd.Series(YEAR, index=units.index)
    a_year = work * hours * YEAR / days.where(days > 0)
    by_facility = a_year.groupby(units["facility"].astype("str"), sort=False)
    total = by_facility.sum(min_count=1).where(by_facility.count() == by_facility.size())
    required = wisn(total, 1.0, available_hours, allowance=allowance, individual=individual)
    return required.rename("required").rename_axis("facility")


def with_required(network: pd.DataFrame, role: str, required: pd.Series[float]) -> pd.DataFrame:
    """Return the network with the staff a role is required to have as a need.

    Parameters
    ----------
    network
        As `caremap.planning.network` gives it.
    role
        One of its roles; the new column is ``required`` and its name.
    required
        By facility, as `required_staff` gives it; NaN where a facility is not in it.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A", "B"], "Nurses": [3, 4]})
    >>> with_required(network, "Nurses", pd.Series({"a": 5.5}))["required Nurses"].tolist()
    [5.5, nan]
    """
    given = required.set_axis(required.index.map(place_key))
    placed = network["facility"].map(place_key).map(given[~given.index.duplicated()])
    return network.assign(**{f"{REQUIRED}{role}": placed.astype("float64")})
