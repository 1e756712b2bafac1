"""One row per facility and role: need, staff, both ratios, target, and what a plan makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from caremap.geography.names import place_key
from caremap.planning.limits import Limit, per_facility
from caremap.planning.move_plan import MovePlan
from caremap.planning.network import roles_of
from caremap.planning.targets import targets
from caremap.problems import DataProblem

__all__ = ["need_column", "site_table"]

PER = 10_000
_COLUMNS = {
    "facility": "str", "role": "str", "need": "float64", "staff": "float64",
    "staff_per_10000": "float64", "need_per_staff": "float64", "target": "Float64",
    "difference": "Float64", "after": "Float64", "after_per_10000": "float64",
    "after_need_per_staff": "float64", "floor": "Int64", "unmet": "Float64",
}  # fmt: skip
_PEOPLE = ("target", "difference", "after", "unmet")


def site_table(
    network: pd.DataFrame,
    roles: str | Sequence[str] | None = None,
    need: str | Mapping[str, str] = "population",
    plan: MovePlan | None = None,
    *,
    method: str = "webster",
    floor: Limit = 0,
) -> pd.DataFrame:
    """Return who has how much staff for whom, and what is fair.

    Parameters
    ----------
    network
        As `caremap.planning.network` gives it.
    roles
        One role or several; None for all of them.
    need
        The column staff is shared out by, or one for each role.
    plan
        A plan of moves for these roles; None before there is one.
    method, floor
        Of `caremap.planning.targets`, where there is no plan: a plan has its own targets. A floor
        is a number, or one per facility.

    Returns
    -------
    pandas.DataFrame
        One row per facility and role, by facility, in the order of the network, no total row:

        - ``facility``, ``role``, ``need`` (NaN where it is not known), ``staff`` (people; NaN
          where the file says nothing)
        - ``staff_per_10000``: staff for 10,000 of the need; NaN where the need is 0 or unknown
        - ``need_per_staff``: need for each staff member; NaN where there is no staff
        - ``target``: people that are fair, without any limit; ``difference``: target - staff,
          more than 0 where there are too few. NA where need or staff is not known
        - ``after``, ``after_per_10000``, ``after_need_per_staff``: with the plan; NA without one
        - ``floor``: people below whom the facility may not fall
        - ``unmet``: what is missing of the target after the plan; NA without one

        Counts of people are whole (Int64) unless the file has parts of posts.

    Raises
    ------
    caremap.DataProblem
        Where the network has no such role or need.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A", "B"], "population": [900, 600], "staff": [1, 0]})
    >>> site_table(network, "staff")[["facility", "staff_per_10000", "need_per_staff"]].round(1)
      facility  staff_per_10000  need_per_staff
    0        A             11.1           900.0
    1        B              0.0             NaN
    """
    asked = (
        [roles] if isinstance(roles, str) else list(roles_of(network) if roles is None else roles)
    )
    _known(network, asked, "role")
    limit = floor if plan is None else plan.limits.get("floor", floor)
    names = network["facility"].astype("str").to_numpy("object")
    parts = []
    for order, role in enumerate(asked):
        column = need_column(need, role)
        _known(network, [column], "need")
        part = pd.DataFrame(
            {
                "facility": names,
                "role": role,
                "need": _float(network[column]),
                "staff": _float(network[role]),
                "floor": per_facility(limit, role, names, 0, "floor"),
                "row": np.arange(len(network)),
                "order": order,
            }
        )
        part["target"] = (
            _of_plan(part, plan, role)["target"]
            if plan is not None
            else _targets(network, role, column, method, floor)
        )
        part["after"] = _of_plan(part, plan, role)["after"] if plan is not None else pd.NA
        parts.append(part)
    table = (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*_COLUMNS, "row"])
    )
    table = table.sort_values(["row", "order"], ignore_index=True) if parts else table
    return _with_ratios(table)


def need_column(need: str | Mapping[str, str], role: str) -> str:
    """Return the column a role is shared out by.

    Examples
    --------
    >>> need_column("visits", "Nurses"), need_column({"Nurses": "bed_days"}, "Nurses")
    ('visits', 'bed_days')
    """
    if isinstance(need, str):
        return need
    if role not in need:
        raise DataProblem(f"No need is given for the role “{role}”.", "Name one for each role.")
    return need[role]


def _known(network: pd.DataFrame, names: Sequence[str], what: str) -> None:
    for name in names:
        if name not in network:
            there = (
                ", ".join(roles_of(network))
                if what == "role"
                else ", ".join(str(column) for column in network.columns if column != "facility")
            )
            raise DataProblem(
                f"The network has no {what} “{name}”.", f"There are: {there or 'none'}."
            )


def _float(column: pd.Series[Any]) -> np.ndarray[Any, Any]:
    return pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)


def _with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    """Add both ratios before and after, the difference, and what stays unmet."""
    table = table.astype({name: kind for name, kind in _COLUMNS.items() if name in table})
    need, staff = table["need"], table["staff"]
    people = table["after"].to_numpy("float64", na_value=np.nan)
    after = pd.Series(people, index=table.index)
    table["staff_per_10000"] = PER * staff / need.where(need > 0)
    table["need_per_staff"] = need / staff.where(staff > 0)
    table["after_per_10000"] = PER * after / need.where(need > 0)
    table["after_need_per_staff"] = need / after.where(after > 0)
    table["difference"] = table["target"] - staff.astype("Float64")
    table["unmet"] = (table["target"] - table["after"]).clip(lower=0)
    table = table[list(_COLUMNS)].astype(_COLUMNS)
    whole = [name for name in _PEOPLE if (table[name].dropna() % 1 == 0).all()]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _of_plan(part: pd.DataFrame, plan: MovePlan | None, role: str) -> pd.DataFrame:
    """Return target and staff after, by facility, of a plan; NA where it does not tell."""
    assert plan is not None
    told = plan.before_after[plan.before_after["role"].eq(role)]
    by_place = told.set_index(told["facility"].map(place_key))[["target", "after"]]
    found = by_place[~by_place.index.duplicated()].reindex(part["facility"].map(place_key))
    return found.astype("Float64").reset_index(drop=True)


def _targets(network: pd.DataFrame, role: str, need: str, method: str, floor: Limit) -> Any:
    """Return the targets, NA where there is nothing to share out or to share it by."""
    staff, wanted = _float(network[role]), _float(network[need])
    known = ~np.isnan(staff) & ~np.isnan(wanted)
    if not (known & (staff > 0)).any() or not (known & (wanted > 0)).any():
        return pd.array([pd.NA] * len(network), dtype="Float64")
    return targets(network, role, need, method, floor).astype("Float64").array
