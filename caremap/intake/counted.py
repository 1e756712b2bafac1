"""A table of counts put right: use to beds, bed-days to beds, running totals taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

import pandas as pd

from caremap.findings import Finding
from caremap.intake.beds import BEDS, available_days, beds_of_days, is_use, occupied_of_use
from caremap.intake.build import Build
from caremap.intake.flows import ambiguous, called_running, maybe_running, running_totals, smooth
from caremap.intake.resources import intensive
from caremap.schema import FIELDS

__all__ = ["as_counted"]


def as_counted(build: Build, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return a table of activity whose columns are what their fields say.

    Parameters
    ----------
    build
        What the table was made with; fields that cannot stay are taken out of its match.
    table
        The canonical columns, before beds are completed.
    """
    table, findings = _of_use(build, table)
    headers = {name: value if isinstance(value, str) else " + ".join(value)
               for name, value in build.match.mapping.items()}  # fmt: skip
    every, unsaid = available_days(table, headers)
    if every:  # available bed-days are those of all beds, not of the empty ones
        build.match = replace(build.match, mapping=_renamed(build.match.mapping))
        table = table.rename(columns={"free_beds": "staffed_beds"})
        headers = _renamed(headers)
        unsaid = ["staffed_beds" if name == "free_beds" else name for name in unsaid]
    table, gone, more = beds_of_days(table, headers, unsaid)
    findings += more
    _unmatch(build, gone)
    for name in running_totals(table, headers):
        if name in build.wanted:
            findings.append(_running(headers[name], "It is used as you matched it", name))
            continue
        findings.append(_running(headers[name], "It is kept under its own name", name))
        table = _own_name(table, name, headers[name])
        _unmatch(build, [name])
    findings += [
        Finding("maybe-running-total", "warning", f"“{headers[name]}” rises from every date to "
                "the next. If it is a running total, the sum over time counts everybody many "
                f"times: match no column to {FIELDS[name].title.lower()}.", headers[name])
        for name in maybe_running(table, headers)
    ]  # fmt: skip
    return _stock(build, table, headers, [*findings, *_only_intensive(build)])


M = TypeVar("M")


def _renamed(mapping: Mapping[str, M]) -> dict[str, M]:
    """A mapping whose free beds are staffed beds."""
    return {("staffed_beds" if name == "free_beds" else name): value
            for name, value in mapping.items()}  # fmt: skip


def _of_use(build: Build, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    mapping = build.match.mapping
    use, beds = mapping.get("occupied_beds"), mapping.get("staffed_beds")
    if not (isinstance(use, str) and is_use(use) and "occupied_beds" in table):
        return table, []
    if "staffed_beds" not in table:
        return table, []
    occupied, told = occupied_of_use(
        table["occupied_beds"].to_numpy(), table["staffed_beds"].to_numpy(), use,
        beds if isinstance(beds, str) else " + ".join(beds or []),
    )  # fmt: skip
    return table.assign(occupied_beds=occupied), [told]


def _running(header: str, then: str, name: str) -> Finding:
    why = "is called one" if called_running(header) else "never falls from one date to the next"
    return Finding(
        "running-total", "warning", f"“{header}” {why}: it is a "
        f"running total and not {FIELDS[name].title.lower()} per date. {then}; summed over time "
        "it would count everybody many times.", header,
    )  # fmt: skip


def _stock(
    build: Build, table: pd.DataFrame, headers: dict[str, str], findings: list[Finding]
) -> tuple[pd.DataFrame, list[Finding]]:
    """“Hospitalizations” may be patients in the house: told by how little they move."""
    header = headers.get("admissions", "")
    asked = "admissions" in table and "date" in table and "admissions" not in build.wanted
    if not (asked and ambiguous(header) and smooth(table, "admissions")):
        return table, findings
    if "occupied_beds" in table:
        table = _own_name(table, "admissions", header)
        then = "it is kept under its own name"
    else:
        table = table.rename(columns={"admissions": "occupied_beds"})
        mapping = {("occupied_beds" if name == "admissions" else name): value
                   for name, value in build.match.mapping.items()}  # fmt: skip
        build.match = replace(build.match, mapping=mapping)
        then = "it is read as occupied beds"
    _unmatch(build, ["admissions"])
    told = (
        f"“{header}” can be patients admitted or patients in hospital. It moves less from day to "
        f"day than admissions can, so {then} and never summed. Change the match if that is wrong."
    )
    return table, [*findings, Finding("stock-or-flow", "warning", told, header)]


def _only_intensive(build: Build) -> list[Finding]:
    """Beds of intensive care are read as beds where the file has no others: say so."""
    beds = [value for name, value in build.match.mapping.items()
            if name in BEDS and isinstance(value, str)]  # fmt: skip
    if not beds or not all(map(intensive, beds)):
        return []
    named = " and ".join(f"“{header}”" for header in beds)
    return [
        Finding("only-intensive", "warning", f"{named} count intensive care only: bed figures "
                "are of intensive care, not of the whole hospital.", beds[0])
    ]  # fmt: skip


def _own_name(table: pd.DataFrame, name: str, header: str) -> pd.DataFrame:
    own = f"{header} (as in the file)" if header in FIELDS else header
    return table.rename(columns={name: own})


def _unmatch(build: Build, names: list[str]) -> None:
    mapping = {name: value for name, value in build.match.mapping.items() if name not in names}
    build.match = replace(build.match, mapping=mapping)
