"""A plan of staff moves as the sheets of a workbook, with headings for people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from caremap.planning.move_plan import MovePlan
from caremap.planning.needs import REQUIRED, Need, need_of
from caremap.planning.sites import PER, need_column, site_table

__all__ = ["AID", "plan_tables", "settings_table", "sites_with_headings"]

AID = "A decision aid: contracts, licences and consent are not modelled."

_FIGURES = (
    ("moved", "People moved", "people"),
    ("staff_km", "Staff-km", "km"),
    ("longest_km", "Longest move", "km"),
    ("fair_ratio", "{each} per staff member of all facilities together", "ratio"),
    ("worst_before", "Worst-off facility, before", ""),
    ("worst_ratio_before", "{each} per staff member there, before", "ratio"),
    ("worst_after", "Worst-off facility, after", ""),
    ("worst_ratio_after", "{each} per staff member there, after", "ratio"),
    ("max_min_before", "Most over least, before", "ratio"),
    ("max_min_after", "Most over least, after", "ratio"),
    ("gini_before", "Gini coefficient of staff over need, before", "0 to 1"),
    ("gini_after", "Gini coefficient of staff over need, after", "0 to 1"),
    ("unmet", "Missing of the targets after the moves", "people"),
    ("greedy_moved", "By hand, nearest first: people moved", "people"),
    ("greedy_staff_km", "By hand, nearest first: staff-km", "km"),
    ("greedy_max_min_after", "By hand, nearest first: most over least, after", "ratio"),
)

_SETTINGS = {
    "roles": "Roles", "need": "Need", "max_km": "Longest move allowed (km)", "aim": "Aim",
    "method": "Apportionment of targets", "floor": "Floor: least staff of a facility",
    "ceiling": "Ceiling: most staff of a facility", "max_leave": "Most who may leave a facility",
    "max_arrive": "Most who may arrive at a facility", "max_moves": "Most moves in all",
    "fixed": "Moves locked by hand", "forbidden": "Moves ruled out", "catchment": "Catchment",
}  # fmt: skip
_VALUES = {
    "webster": "Webster (Sainte-Laguë)", "hamilton": "Hamilton (largest remainder)",
    "huntington-hill": "Huntington-Hill", "fairest": "The fairest staffing the limits allow",
    "targets": "Towards the unlimited targets", "own": "The ZIP code of each facility",
    "nearest": "The nearest facility of each ZIP code",
    "floating": "Facilities in reach, weighted by distance",
}  # fmt: skip


def plan_tables(
    plan: MovePlan,
    network: pd.DataFrame,
    *,
    need: str | Mapping[str, str] | None = None,
    settings: Mapping[str, object] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Return the sheets of a workbook that hold a plan and all it rests on.

    Parameters
    ----------
    plan
        As `caremap.planning.plan_moves` gives it.
    network
        The network it was made for.
    need
        What staff was shared out by; None: as the plan says.
    settings
        More settings by their names, such as the catchment; they come first.
    notes
        More sentences for the sheet Settings, such as those of the network.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``Sites`` (one row per facility and role), ``Moves``, ``Unmet``, ``Totals``,
        ``Settings`` and ``Definitions``. For `caremap.exports.to_workbook`.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A"], "population": [900], "staff": [3]})
    >>> told = pd.DataFrame({"facility": ["A"], "role": "staff", "target": [3], "after": [3]})
    >>> moves = pd.DataFrame(columns=["from", "to", "role", "staff", "km", "why"])
    >>> list(plan_tables(MovePlan(moves, told, pd.DataFrame(), {}, True), network))
    ['Sites', 'Moves', 'Unmet', 'Totals', 'Settings', 'Definitions']
    """
    asked = plan.limits.get("need", "population") if need is None else need
    roles = list(dict.fromkeys(plan.before_after["role"]))
    needs = [need_of(need_column(asked, role)) for role in roles]
    return {
        "Sites": sites_with_headings(site_table(network, roles, asked, plan), needs),
        "Moves": _moves(plan, needs),
        "Unmet": _unmet(plan),
        "Totals": _totals(plan, needs),
        "Settings": settings_table(plan, settings, notes),
        "Definitions": _definitions(needs, plan.limits),
    }


def _called(needs: Sequence[Need]) -> tuple[str, str, str]:
    """Return how the need, its unit, and one of it are called; neutral where roles differ in it."""
    several = {(need.title, need.unit) for need in needs}
    if len(several) != 1:
        return "Need", "of the need", "Need"
    ((title, unit),) = several
    return title, unit, unit[:1].upper() + unit[1:]


def sites_with_headings(sites: pd.DataFrame, needs: Sequence[Need]) -> pd.DataFrame:
    """Return a `site_table` with headings that name units.

    Parameters
    ----------
    sites
        As `caremap.planning.site_table` gives it. Columns of a plan are left out where no plan
        was made.
    needs
        What each role is shared out by.

    Examples
    --------
    >>> network = pd.DataFrame({"facility": ["A"], "visits": [900], "staff": [3]})
    >>> sites = site_table(network, "staff", "visits")
    >>> list(sites_with_headings(sites, [need_of("visits")]))[2:6]
    ['Visits', 'Staff', 'Staff per 10,000 visits', 'Visits per staff member']
    """
    title, unit, each = _called(needs)
    names = {
        "facility": "Facility", "role": "Role", "need": title, "staff": "Staff",
        "staff_per_10000": f"Staff per 10,000 {unit}",
        "need_per_staff": f"{each} per staff member", "target": "Target",
        "difference": "Target minus staff", "after": "Staff after the moves",
        "after_per_10000": f"Staff per 10,000 {unit} after",
        "after_need_per_staff": f"{each} per staff member after", "floor": "Floor",
        "unmet": "Missing of the target after",
    }  # fmt: skip
    if needs and all(need.name.startswith(REQUIRED) for need in needs):
        sites = _over_required(sites)
        names |= {"staff_per_10000": "Staff over required staff (WISN ratio)",
                  "after_per_10000": "Staff over required staff after"}  # fmt: skip
    planned = ("after", "after_per_10000", "after_need_per_staff", "unmet")
    left = [name for name in planned if sites["after"].isna().all()]
    ratios = {name: 2 for name in sites.columns if name.endswith(("per_10000", "per_staff"))}
    shown = sites.drop(columns=left).round(ratios).rename(columns=names)
    if title == "Need" and needs:
        by_role = dict(zip(dict.fromkeys(sites["role"]), [need.title for need in needs],
                           strict=False))  # fmt: skip
        shown.insert(2, "Shared out by", sites["role"].map(by_role).to_numpy())
    return shown


def _over_required(sites: pd.DataFrame) -> pd.DataFrame:
    """Return ratios to one required person: of 10,000 of them nobody speaks."""
    return sites.assign(
        staff_per_10000=sites["staff_per_10000"] / PER,
        after_per_10000=sites["after_per_10000"] / PER,
    )


def _moves(plan: MovePlan, needs: Sequence[Need]) -> pd.DataFrame:
    _, _, each = _called(needs)
    names = {
        "from": "From", "to": "To", "role": "Role", "staff": "People",
        "km": "Distance of each (km)", "staff_km": "Staff-km",
        "from_before": f"{each} per staff member where they leave, before",
        "from_after": f"{each} per staff member where they leave, after",
        "to_before": f"{each} per staff member where they arrive, before",
        "to_after": f"{each} per staff member where they arrive, after", "why": "Why",
    }  # fmt: skip
    moves = plan.moves.assign(staff_km=plan.moves["staff"] * plan.moves["km"])
    moves = moves.round({name: 2 for name in names if name in moves and name != "staff"})
    return moves[[name for name in names if name in moves]].rename(columns=names)


def _unmet(plan: MovePlan) -> pd.DataFrame:
    names = {"facility": "Facility", "role": "Role", "missing": "Missing", "reason": "Why"}
    return plan.unmet[[name for name in names if name in plan.unmet]].rename(columns=names)


def _totals(plan: MovePlan, needs: Sequence[Need]) -> pd.DataFrame:
    """Return the figures of all roles together and of each, one row a figure."""
    each = _called(needs)[2]
    by_role = plan.by_role.set_index("role") if "role" in plan.by_role else plan.by_role
    alone = len(by_role) == 1
    rows: list[dict[str, Any]] = []
    for name, title, unit in _FIGURES:
        if name not in plan.totals and name not in by_role:
            continue
        of_role = by_role[name] if name in by_role else pd.Series(dtype="object")
        whole = plan.totals.get(name, of_role.iloc[0] if alone and len(of_role) else None)
        row = {"Figure": title.format(each=each), "Unit": unit, "All roles": _said(whole)}
        told = {} if alone else {str(role): _said(value) for role, value in of_role.items()}
        rows.append(row | told)
    proven = "yes" if plan.optimal else "no: see the notes under Settings"
    rows.append({"Figure": "Proven to be the best under its limits", "Unit": "",
                 "All roles": proven})  # fmt: skip
    return pd.DataFrame(rows)


def settings_table(
    plan: MovePlan, settings: Mapping[str, object] | None = None, notes: Sequence[str] = ()
) -> pd.DataFrame:
    """Return the settings a plan was made with, and what a reader has to know of it.

    Examples
    --------
    >>> nothing = pd.DataFrame()
    >>> plan = MovePlan(nothing, nothing, nothing, {}, True, limits={"max_km": 60, "floor": 0})
    >>> settings_table(plan)["Value"].tolist()[:2]
    ['60', '0']
    """
    roles = list(dict.fromkeys(plan.before_after["role"])) if "role" in plan.before_after else []
    given = {**(settings or {}), **({"roles": roles} if roles else {}), **plan.limits}
    rows = [
        (_SETTINGS.get(name, name.replace("_", " ").capitalize()), _setting(name, value))
        for name, value in given.items()
        if name not in ("seconds", "progress")
    ]
    said = [("Note", note) for note in dict.fromkeys([*notes, *plan.notes, AID])]
    return pd.DataFrame([*rows, *said], columns=["Setting", "Value"])


def _setting(name: str, value: object) -> str:
    """Return a setting in words."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return "none" if name in ("fixed", "forbidden") else "no limit"
    if isinstance(value, pd.DataFrame):
        rows = value.to_dict("records")
        said = [", ".join(f"{column}: {cell}" for column, cell in row.items() if pd.notna(cell))
                for row in rows]  # fmt: skip
        return "; ".join(said) or "none"
    if isinstance(value, Mapping | pd.Series):
        each = [f"{key}: {_setting(name, one)}" for key, one in dict(value).items()]
        return "; ".join(each) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(_setting(name, one) for one in value) or "none"
    if isinstance(value, float):
        share = name in ("max_leave", "max_arrive") and value <= 1
        return f"{100 * value:g} % of its staff" if share else f"{value:g}"
    if isinstance(value, str):
        return _VALUES.get(value, need_of(value).title if name == "need" else value)
    return str(value)


def _said(value: object) -> object:
    """Return a total as one cell."""
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value if str(part))
    if isinstance(value, float) and math.isinf(value):
        return "a facility has no staff"
    return round(value, 4) if isinstance(value, float) else value


_FAIREST = {
    "webster": "The smallest sum, over facilities, of need x (staff / need - staff of all / need "
    "of all) squared that the limits allow, then the fewest staff-km.",
    "huntington-hill": "The smallest sum, over facilities, of staff x (need / staff - need of all "
    "/ staff of all) squared that the limits allow, then the fewest staff-km.",
    "hamilton": "The smallest sum, over facilities, of (staff - target) squared / need that the "
    "limits allow, then the fewest staff-km.",
    "targets": "The smallest sum, over facilities, of (staff - target) squared / need where nobody "
    "goes past a target and the limits hold, then the fewest staff-km.",
}


def _definitions(needs: Sequence[Need], limits: Mapping[str, Any]) -> pd.DataFrame:
    _, unit, each = _called(needs)
    terms = [(need.title, need.meaning) for need in dict.fromkeys(needs)]
    if all(need.name.startswith(REQUIRED) for need in needs):
        terms += [("Staff over required staff", "The WISN ratio: below 1 there are too few for the "
                   "workload (WHO, WISN user's manual, 2010).")]  # fmt: skip
    else:
        terms += [(f"Staff per 10,000 {unit}", "Staff divided by the need, times 10,000: more is "
                   "better staffed.")]  # fmt: skip
    terms += [
        (f"{each} per staff member", "The need divided by staff: less is better staffed. It cannot "
         "be given where there is no staff."),
        ("Target", "Whole people a facility would have if all staff of the role were shared out by "
         "need, without any limit. Targets add up to the staff there is (Webster's method, or the "
         "one under Settings: Balinski and Young, Fair Representation, 2001)."),
        ("Fairest staffing", _FAIREST[
            "targets" if limits.get("aim") == "targets" else limits.get("method", "webster")
        ]),
        ("Distance", "Straight line on the WGS-84 ellipsoid (Karney 2013); roads are longer."),
        ("Staff-km", "People moved times the kilometers each of them moves."),
        ("Most over least", "Largest over smallest need per staff member: 1 is even."),
        ("Gini coefficient", "Of staff over need, each facility weighing its need: 0 is even, 1 is "
         "all staff in one place."),
        ("Missing", "Target minus staff after the moves, where more than 0."),
        ("By hand, nearest first", "The simple rule a plan is compared with: whoever has too few "
         "takes from the nearest with too many, within the same limits."),
    ]  # fmt: skip
    return pd.DataFrame(terms, columns=["Term", "Meaning"])
