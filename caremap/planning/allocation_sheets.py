"""An allocation as the sheets of a workbook, with headings for people: the same for all uses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from caremap.planning.allocation import Allocation

__all__ = ["allocation_tables"]

_USES = {
    "emergency": {"title": "Emergency response", "from": "From", "to": "To", "place": "Place",
                  "units": "Units", "demand": "Units needed"},
    "scarce": {"title": "Scarce resources", "from": "From", "to": "Area", "place": "Area",
               "units": "Units", "demand": "Units wanted"},
    "telemedicine": {"title": "Telemedicine", "from": "Clinician", "to": "Place",
                     "place": "Place", "units": "Hours", "demand": "Hours asked for"},
    "wards": {"title": "Beds by stay risk", "from": "Patients", "to": "Ward",
              "place": "Patients", "units": "Patients", "demand": "Patients to expect"},
}  # fmt: skip
_SENT = {"group": "Group", "period": "Period", "level": "Level of care needed",
         "ward_level": "Level of the ward", "km": "Distance of each (km)",
         "value": "Adds to the objective", "why": "Why"}  # fmt: skip
_PLACES = {"need": "Need score (0 to 25)", "floor": "Promised at least", "received": "Received",
           "unmet": "Missing", "reason": "Why it is missing", "level": "Level of care",
           "stay": "Nights to expect", "risk": "Risk of a long stay (%)"}  # fmt: skip
_LIMITS = {"limit": "Limit", "at": "Where", "used": "Used", "of": "Of", "binding": "Binding",
           "one_more": "What one more would add"}  # fmt: skip
_TOTALS = {
    "value": "Objective", "units": "{units} sent", "unit_km": "{units} times kilometers",
    "unmet": "Missing", "floors_unmet": "Missing of what was promised",
    "cost": "Cost", "own_department": "Patients placed in their own department",
    "above_level": "Patients placed in a ward of a higher level than needed",
    "value_without_floors": "Objective without any promise",
    "greedy_value": "By the simple rule: objective",
    "greedy_unmet": "By the simple rule: missing",
    "greedy_floors_unmet": "By the simple rule: missing of what was promised",
    "value_without_max_km": "Objective without the longest distance",
    "floors_unmet_without_max_km": "Missing of what was promised, without the longest distance",
    "greedy_unit_km": "By the simple rule: {units} times kilometers",
}  # fmt: skip
_SETTINGS = {
    "resource": "What is shared out", "weights": "Weights of the need score",
    "max_km": "Longest distance (km)", "minimum": "Promised to every place",
    "keep": "Share of its own that a place keeps busy", "pool": "Pool", "supply": "Supply",
    "budget": "Budget", "cost": "Cost of one unit", "floors": "Promised to areas",
    "carry": "What is left over is there in the next period", "days": "Days ahead",
    "points": "Points for a patient placed", "minimum_rural": "Promised to every rural place",
    "rural_weight": "Weight of rural places",
}  # fmt: skip


def allocation_tables(
    allocation: Allocation,
    *,
    settings: Mapping[str, object] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, pd.DataFrame]:
    """Return the sheets of a workbook that hold an allocation and all it rests on.

    Parameters
    ----------
    allocation
        Of any of the four uses.
    settings
        More settings by their names; they come first.
    notes
        More sentences for the sheet Assumptions.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``Sent``, ``Places`` (of beds by stay risk: ``Patients``), ``Limits``, ``Totals``,
        ``Settings`` and ``Assumptions``, with headings that name units. Columns that hold nothing
        are left out. For `caremap.exports.to_workbook`.

    Examples
    --------
    >>> sent = pd.DataFrame({"from": ["Pool"], "to": ["North"], "units": [3], "value": [9.0]})
    >>> places = pd.DataFrame({"place": ["North"], "demand": [5], "received": [3], "unmet": [2]})
    >>> limits = pd.DataFrame({"limit": ["Pool"], "at": [""], "used": [3], "of": [3]})
    >>> found = Allocation("emergency", sent, places, limits, {"value": 9.0}, "need points", True)
    >>> tables = allocation_tables(found)
    >>> list(tables)
    ['Sent', 'Places', 'Limits', 'Totals', 'Settings', 'Assumptions']
    >>> tables["Places"].columns.tolist()
    ['Place', 'Units needed', 'Received', 'Missing']
    """
    words = _USES.get(allocation.use, _USES["emergency"])
    own = "Patients" if allocation.use == "wards" else "Places"
    return {
        "Sent": _named(allocation.sent, {"from": words["from"], "to": words["to"],
                                         "units": words["units"], **_SENT}),
        own: _named(_places(allocation), {"place": words["place"], "demand": words["demand"],
                                          **_PLACES}),
        "Limits": _named(_limits(allocation), _LIMITS),
        "Totals": _totals(allocation, words["units"]),
        "Settings": _settings(allocation, words["title"], settings),
        "Assumptions": _assumptions(allocation, notes),
    }  # fmt: skip


def _named(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame under headings for people; further columns under their own, without blanks."""
    order = [name for name in names if name in frame]
    order += [str(name) for name in frame if name not in names]
    kept = [name for name in order if not _blank(frame[name])]
    shown = frame[kept].copy()
    for name in shown:
        if pd.api.types.is_float_dtype(shown[name]):
            shown[name] = shown[name].round(4)
    headings = {name: names.get(str(name), str(name).replace("_", " ").capitalize())
                for name in kept}  # fmt: skip
    return shown.rename(columns=headings)


def _blank(column: pd.Series[Any]) -> bool:
    """Return whether nothing stands in a column of a frame that has rows."""
    filled = column[column.notna()]
    return bool(len(column)) and not filled.astype("str").str.strip().ne("").any()


def _places(allocation: Allocation) -> pd.DataFrame:
    places = allocation.places
    if "risk" in places:
        places = places.assign(risk=100 * places["risk"])
    if "area" in places and places["area"].astype("str").equals(places["place"].astype("str")):
        places = places.drop(columns="area")
    return places


def _limits(allocation: Allocation) -> pd.DataFrame:
    limits = allocation.limits
    if "binding" not in limits:
        return limits
    said = limits["binding"].map({True: "yes", False: "no"}).astype("str")
    return limits.assign(binding=said)


def _totals(allocation: Allocation, units: str) -> pd.DataFrame:
    """Return the figures, one row each; what cannot be given has no row."""
    rows = [
        (_title(name, units), _said(value),
         allocation.value_unit if "value" in name else "")
        for name, value in _in_order(allocation.totals)
        if not (isinstance(value, float) and math.isnan(value))
    ]  # fmt: skip
    proven = "yes" if allocation.optimal else "no: see the sheet Assumptions"
    rows.append(("Proven that nothing within the limits is better", proven, ""))
    return pd.DataFrame(rows, columns=["Figure", "Value", "Unit"])


def _in_order(totals: Mapping[str, Any]) -> list[tuple[str, Any]]:
    known = [name for name in _TOTALS if name in totals]
    return [(name, totals[name]) for name in [*known, *(n for n in totals if n not in known)]]


def _title(name: str, units: str) -> str:
    return _TOTALS.get(name, name.replace("_", " ").capitalize()).format(units=units)


def _said(value: object) -> object:
    """Return a figure as one cell."""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return round(value, 4) if isinstance(value, float) else value


def _settings(
    allocation: Allocation, title: str, settings: Mapping[str, object] | None
) -> pd.DataFrame:
    given = {**(settings or {}), **allocation.settings}
    rows = [
        (_SETTINGS.get(name, name.replace("_", " ").capitalize()), _setting(value))
        for name, value in given.items()
        if name not in ("progress", "seconds")
    ]
    counted = ("The objective counts", allocation.value_unit)
    return pd.DataFrame([("Use", title), counted, *rows], columns=["Setting", "Value"])


def _setting(value: object) -> str:
    """Return a setting in words."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "no limit"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.DataFrame):
        rows = [
            ", ".join(f"{column}: {_setting(cell)}" for column, cell in row.items())
            for row in value.to_dict("records")
        ]
        return "; ".join(rows) or "none"
    if isinstance(value, Mapping | pd.Series):
        return "; ".join(f"{name}: {_setting(one)}" for name, one in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(_setting(one) for one in value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _assumptions(allocation: Allocation, notes: Sequence[str]) -> pd.DataFrame:
    """Return what a reader has to know first, then what all of it takes for granted."""
    said = dict.fromkeys([*notes, *allocation.notes])
    rows = [("Note", note) for note in said]
    rows += [("Assumption", line) for line in dict.fromkeys(allocation.assumptions)]
    return pd.DataFrame(rows, columns=["Kind", "Text"])
