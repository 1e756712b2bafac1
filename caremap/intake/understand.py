"""A table matched: the kind of table it is and which column is which field."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caremap.intake.beds import BEDS, same_beds
from caremap.intake.dateparts import day_column, year_and_month
from caremap.intake.flows import without_parts
from caremap.intake.headers import words
from caremap.intake.kinds import Guess, bare_id, candidates_for, disposition
from caremap.intake.loaded import Mapping
from caremap.intake.matching import Candidate, assign, name_score
from caremap.intake.privacy import ANOTHER_NUMBER, FREE_TEXT, personal_reason
from caremap.intake.resources import other_resources, resource_of, role_columns
from caremap.intake.sums import same_phrase, summed_columns
from caremap.intake.tables import Understood
from caremap.intake.values import to_numbers
from caremap.problems import DataProblem
from caremap.schema import FIELDS, TABLES, Kind

__all__ = ["Match", "known_headers", "match"]


@dataclass(frozen=True)
class Match:
    """The kind of table and which column is which field."""

    kind: Kind
    mapping: Mapping
    candidates: tuple[Candidate, ...]
    personal: dict[str, str]
    resources: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The headers of all columns that are matched."""
        values = self.mapping.values()
        matched = [
            one for value in values for one in ([value] if isinstance(value, str) else value)
        ]
        return [*dict.fromkeys([*matched, *self.resources])]


def match(
    seen: Understood,
    kind: Kind | None,
    wanted: AnyMapping[str, str | Sequence[str] | None],
    keep: Sequence[str],
) -> Match:
    """Decide the kind of table and which column is which field.

    Parameters
    ----------
    seen
        The sheet.
    kind
        The kind the user chose, or None.
    wanted
        Field to column, columns or None (“no column”) as the user set it.
    keep
        Headers the user keeps although they seem to identify people.
    """
    headers = set(seen.layout.headers)
    fixed = _checked(wanted, headers)
    kind = kind or _kind_with(seen.guesses, fixed)
    if strange := sorted(set(fixed) - set(TABLES[kind].fields)):
        raise DataProblem(
            f"A table of {TABLES[kind].title.lower()} has no field “{strange[0]}”.",
            f"Its fields are: {', '.join(TABLES[kind].fields) or 'none'}.",
        )
    people = kind in {"stays", "lookup"}
    pairs = candidates_for(kind, seen.columns)
    pairs = [pair for pair in pairs if pair.field not in wanted]
    taken = {
        name for value in fixed.values() for name in ([value] if isinstance(value, str) else value)
    }
    pairs = [pair for pair in pairs if pair.column not in taken]
    mapping: Mapping = {**fixed, **assign(pairs, {})}
    if kind == "stays":
        mapping |= {
            name: header for name, header in bare_id(seen.columns, mapping).items()
            if name not in wanted
        }  # fmt: skip
        ended = disposition(seen.columns, mapping)
        if ended and "was_admitted" not in {*mapping, *wanted} and ended not in taken:
            mapping = {name: value for name, value in mapping.items() if value != ended}
            mapping["was_admitted"] = ended
    parts = year_and_month(seen.columns)
    if parts and mapping.get("date") == parts[1] and "date" not in wanted:
        day = day_column(seen.columns)
        mapping["date"] = [*parts, *([day] if day and day not in mapping.values() else [])]
    if "free_beds" not in wanted and same_phrase(
        mapping.get("staffed_beds"), mapping.get("free_beds")
    ):
        # “bed_avail_icu” and “bed_avail_other” are parts of one thing, whichever it is.
        del mapping["free_beds"]
    mapping |= {
        name: columns
        for name, columns in summed_columns(kind, seen.columns, mapping, pairs).items()
        if name not in wanted
    }
    if not set(wanted) & set(BEDS):
        mapping |= same_beds(mapping, pairs)
    for name in without_parts(mapping, set(wanted)):
        del mapping[name]
    mapping = _available_beds(seen, _whole_beds(mapping, set(wanted)), set(wanted))
    used = {
        name
        for value in mapping.values()
        for name in ([value] if isinstance(value, str) else value)
    }
    personal = {
        column.header: reason
        for column in seen.columns
        if column.header not in used
        and column.header not in keep
        and (reason := personal_reason(column.header, column.seen, people))
    }
    if kind == "stays" and "patient_id" in mapping:
        personal |= {
            column.header: ANOTHER_NUMBER for column in seen.columns
            if column.header not in {*used, *keep, *personal}
            and words(column.header) not in FIELDS["stay_id"].words
            and name_score(column.header, FIELDS["patient_id"]) >= 0.9
        }  # fmt: skip
    if kind == "lookup":  # what a code stands for may be long
        personal = {name: why for name, why in personal.items() if why != FREE_TEXT}
    mapping = _without_people(mapping, seen, people, set(wanted), set(keep), personal)
    order = [name for name in TABLES[kind].fields if name in mapping] or list(mapping)
    mapping = {name: mapping[name] for name in order}
    resources: dict[str, str] = {}
    if kind == "capacity" and "units" in mapping and "resource" not in mapping:
        resources = other_resources(seen.columns, mapping)
    elif kind == "staff" and "role" not in mapping and isinstance(mapping.get("staff"), str):
        resources = role_columns(seen.columns, str(mapping["staff"]))
    return Match(kind, mapping, tuple(pairs), personal, resources)


def _whole_beds(mapping: Mapping, wanted: set[str]) -> Mapping:
    """All beds over ICU beds is no occupancy: beside a count of all beds, a part is left out."""
    beds = [name for name in BEDS if name in mapping]
    parts = {name: resource_of(str(mapping[name])) for name in beds
             if isinstance(mapping[name], str)}  # fmt: skip
    if len(beds) < 2 or None not in [parts.get(name) for name in beds]:
        return mapping
    odd = {name for name, part in parts.items() if part and name not in wanted}
    return {name: value for name, value in mapping.items() if name not in odd}


def _available_beds(seen: Understood, mapping: Mapping, wanted: set[str]) -> Mapping:
    """“Available” beds are all staffed beds to some and the empty ones to others.

    Where they are fewer than the occupied ones in some rows, they can only be the empty ones.
    """
    if {"staffed_beds", "occupied_beds"} - set(mapping) or "free_beds" in mapping:
        return mapping
    named = mapping["staffed_beds"]
    if "staffed_beds" in wanted or "avail" not in str(named).lower():
        return mapping
    available, occupied = (
        _added(seen, mapping[name]) for name in ("staffed_beds", "occupied_beds")
    )
    if share(available < occupied) <= 0.02:
        return mapping
    return {("free_beds" if name == "staffed_beds" else name): v for name, v in mapping.items()}


def _added(seen: Understood, headers: str | list[str]) -> Any:
    item = FIELDS["occupied_beds"]
    names = [headers] if isinstance(headers, str) else headers
    return sum(to_numbers(seen.arrays[name], item).series.to_numpy() for name in names)


def _without_people(
    mapping: Mapping,
    seen: Understood,
    people: bool,
    wanted: set[str],
    keep: set[str],
    personal: dict[str, str],
) -> Mapping:
    """Take back matches to columns that identify people: a name is no category."""
    by_header = {column.header: column for column in seen.columns}
    result = dict(mapping)
    for name, header in mapping.items():
        item = FIELDS[name]
        if name in wanted or item.type != "category" or not isinstance(header, str):
            continue
        reason = personal_reason(header, by_header[header].seen, people)
        # “Wallace-Hamilton” under “Hospital” is a hospital, under “Name” a person.
        place = name == "facility" and words(header) in item.words
        if reason and not place:
            del result[name]
            if header not in keep:
                personal[header] = reason
    return result


def known_headers(seen: Sequence[Understood], named: Sequence[str]) -> None:
    """Refuse an option for a column that no sheet of the file has.

    Raises
    ------
    DataProblem
        A name is neither a header nor a field nor ``*``.
    """
    headers = {header for one in seen for header in one.layout.headers}
    for name in named:
        if name not in headers and name not in FIELDS and name != "*":
            raise DataProblem(
                f"The file has no column “{name}”, which an option names.",
                "Its columns are: " + ", ".join(sorted(headers)) + ".",
            )


def _checked(wanted: AnyMapping[str, str | Sequence[str] | None], headers: set[str]) -> Mapping:
    result: Mapping = {}
    if not isinstance(wanted, AnyMapping) or not all(map(_nameable, wanted.values())):
        raise DataProblem(
            "The mapping is not one of fields to columns.",
            "Give each field the header of a column, a list of headers, or None.",
        )
    for name, value in wanted.items():
        if name not in FIELDS:
            raise DataProblem(
                f"There is no field called “{name}”.", "The README lists the fields CareMap knows."
            )
        columns = [] if value is None else [value] if isinstance(value, str) else list(value)
        for column in columns:
            if column not in headers:
                raise DataProblem(
                    f"The file has no column “{column}” to use as {FIELDS[name].title}.",
                    "Its columns are: " + ", ".join(sorted(headers)) + ".",
                )
        if len(columns) > 1 and FIELDS[name].type not in {"number", "count", "money", "date"}:
            raise DataProblem(
                f"{FIELDS[name].title} cannot be put together from several columns.",
                "Only numbers can be added up; choose one column.",
            )
        if columns:
            result[name] = columns[0] if len(columns) == 1 else columns
    return result


def _nameable(value: object) -> bool:
    """Whether a value of a mapping is a header, several, or none."""
    if value is None or isinstance(value, str):
        return True
    return isinstance(value, Sequence) and all(isinstance(one, str) for one in value)


def _kind_with(guesses: Sequence[Guess], fixed: Mapping) -> Kind:
    """The likeliest kind that has all the fields the user set."""
    for guess in guesses:
        if set(fixed) <= set(TABLES[guess.kind].fields):
            return guess.kind
    fitting = [kind for kind, table in TABLES.items() if set(fixed) <= set(table.fields)]
    if not fitting:
        raise DataProblem(
            "No single table has all of these fields: " + ", ".join(sorted(fixed)) + ".",
            "Choose fields of one table; the README lists them.",
        )
    return fitting[0]


def share(mask: Any) -> float:
    """Return the share of True in a mask, 0 where it is empty."""
    return float(np.mean(mask)) if len(mask) else 0.0
