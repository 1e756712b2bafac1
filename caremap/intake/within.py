"""Tables within a table: facilities that carry their staff, beds and population in columns."""

from __future__ import annotations

from caremap.intake.headers import words
from caremap.intake.kinds import candidates_for
from caremap.intake.matching import assign
from caremap.intake.resources import resource_of, role_columns
from caremap.intake.tables import Understood
from caremap.schema import FIELDS, Kind

__all__ = ["tables_within"]

MOSTLY = 0.7
"""Names per row from which on the rows are facilities, a few of one name among them."""


def tables_within(seen: Understood) -> list[tuple[Kind, dict[str, str]]]:
    """Return the tables a sheet of facilities holds, each with its fields, or nothing.

    A row per facility with its place, its population, a column per role and one of beds
    is a table of facilities, one of staff and one of capacity. Where only a ZIP code says
    which facility it is, the ZIP code is its name. Where a few have one name and each its own
    ZIP code, it stays one table of facilities: tables apart could not tell whose staff is whose.

    Parameters
    ----------
    seen
        The sheet.
    """
    found = assign(candidates_for("facilities", seen.columns), {})
    name = found.get("facility") or found.get("zip")
    unique = {one.header for one in seen.columns if one.seen.distinct > 0.98}
    if name is None or not set(found) & {"latitude", "zip", "population"}:
        return []
    apart = name in unique
    if not apart and not (found.get("zip") in unique and _mostly_apart(seen, name)):
        return []
    staff = _staff(seen, set(found.values()))
    if not apart:
        return [("facilities", {**found, "facility": name})] if staff else []
    beds = _beds(seen, {*found.values(), staff or name})
    if staff is None and beds is None:
        return []
    tables: list[tuple[Kind, dict[str, str]]] = [("facilities", {**found, "facility": name})]
    if staff:
        tables.append(("staff", {"facility": name, "staff": staff}))
    if beds:
        tables.append(("capacity", {"facility": name, "units": beds}))
    return tables


def _mostly_apart(seen: Understood, header: str) -> bool:
    """Whether most rows have a value of their own in a column."""
    return any(one.header == header and one.seen.distinct > MOSTLY for one in seen.columns)


def _staff(seen: Understood, taken: set[str]) -> str | None:
    """The column of headcounts: all staff, or the first of several roles."""
    for column in seen.columns:
        if column.header in taken or column.seen.number < 0.5:
            continue
        if words(column.header) in FIELDS["staff"].words:
            return column.header
        if role_columns(seen.columns, column.header):
            return column.header
    return None


def _beds(seen: Understood, taken: set[str]) -> str | None:
    """The column of beds, or of another resource."""
    counted = [one for one in seen.columns if one.header not in taken and one.seen.number >= 0.5]
    for column in counted:
        if words(column.header) in FIELDS["staffed_beds"].words:
            return column.header
    return next((one.header for one in counted if resource_of(one.header)), None)
