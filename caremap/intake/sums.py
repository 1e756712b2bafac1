"""Fields that are the sum of several columns: discharged alive + dead, beds in four units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caremap.intake.beds import is_use
from caremap.intake.headers import words
from caremap.intake.matching import Candidate, Column
from caremap.schema import FIELDS, Kind

__all__ = ["complements", "same_phrase", "summed_columns"]

_PARTS = frozenset(
    "alive dead died living deceased home transferred male female men women adult adults child "
    "children paediatric pediatric icu nonicu non general other medical surgical surgery "
    "criticalcare critical intensivecare intensive care ward maternity psychiatric ed emergency "
    "elective urgent day inpatient isolation stepdown".split()
)
"""Words that name a part of a whole; only columns told apart by these are added up."""


_ALIVE = frozenset({"alive", "living"})
_DEATHS = frozenset(
    "deaths|died|number of deaths|inpatient deaths|hospital deaths|total deaths|deceased|"
    "discharges dead|discharged dead|todesfalle|verstorbene|muertes|obitos|deces|decessi".split("|")
)


def summed_columns(
    kind: Kind,
    columns: Sequence[Column],
    mapping: Mapping[str, str | list[str]],
    candidates: Sequence[Candidate],
) -> dict[str, list[str]]:
    """Return the counts and beds that are spread over several columns.

    Columns add up where each of their headers is the same phrase and the name of a part,
    and no column of the file carries the phrase alone or with “total”.

    Examples
    --------
    >>> from caremap.intake.profile import Profile
    >>> counts = Profile(9, 1.0, 0.9, 8, number=1.0, integer=1.0)
    >>> parts = [Column(name, 0, counts) for name in ("discharged_alive", "discharged_dead")]
    >>> pairs = [Candidate("discharges", part.header, 0.65, 0.65, 1.0) for part in parts]
    >>> summed_columns("activity", parts, {"discharges": "discharged_alive"}, pairs)
    {'discharges': ['discharged_alive', 'discharged_dead']}
    """
    if kind not in {"activity", "capacity"}:
        return {}
    taken = {name for value in mapping.values() if isinstance(value, str) for name in [value]}
    result = {
        field: both
        for phrase, both in complements(columns).items()
        for field, header in mapping.items()
        if header in both and phrase in FIELDS[field].words
    }
    for field, header in mapping.items():
        if field in result or not isinstance(header, str) or FIELDS[field].type != "count":
            continue
        # Beds with a percentage of use beside them are only those the percentage is of.
        if field == "staffed_beds" and is_use(str(mapping.get("occupied_beds", ""))):
            continue
        stem = _stem(header)
        if stem is None:
            continue
        if field == "discharges" and set(words(header).split()) & _ALIVE:
            died = [
                column.header for column in columns
                if words(column.header) in _DEATHS and column.seen.number > 0.5
                and column.header not in taken
            ]  # fmt: skip
            if len(died) == 1:
                result[field] = [header, died[0]]
                continue
        found = [
            column.header
            for column in columns
            if _stem(column.header) == stem
            and (column.header == header or column.header not in taken)
            and any(pair.field == field and pair.column == column.header for pair in candidates)
        ]
        alone = any(words(column.header) in {stem, f"{stem} total", f"total {stem}"}
                    for column in columns)  # fmt: skip
        if len(found) > 1 and not alone:
            result[field] = found
    return result


_NOT = frozenset("no non not without ohne sin sans senza sem nicht".split())


def complements(columns: Sequence[Column]) -> dict[str, list[str]]:
    """Return pairs of columns that count with and without the same thing, by their phrase.

    Examples
    --------
    >>> from caremap.intake.profile import Profile
    >>> counts = Profile(9, 1.0, 0.9, 8, number=1.0, integer=1.0)
    >>> names = ("OCUPADAS_COVID19", "OCUPADAS_NO_COVID19")
    >>> complements([Column(name, 0, counts) for name in names])
    {'ocupadas': ['OCUPADAS_COVID19', 'OCUPADAS_NO_COVID19']}
    """
    told = {words(column.header): column.header for column in columns
            if column.seen.number > 0.5}  # fmt: skip
    found: dict[str, list[str]] = {}
    for text, header in told.items():
        tokens = text.split()
        for place in [place for place, token in enumerate(tokens) if token in _NOT and place]:
            other = " ".join(tokens[:place] + tokens[place + 1 :])
            if other in told and place < len(tokens) - 1:
                found[" ".join(tokens[:place])] = [told[other], header]
    return found


def same_phrase(one: object, other: object) -> bool:
    """Whether two headers are the same phrase with the names of different parts.

    Examples
    --------
    >>> same_phrase("bed_avail_icu", "bed_avail_other"), same_phrase("beds", "free beds")
    (True, False)
    """
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    stem = _stem(one)
    return stem is not None and stem == _stem(other)


def _stem(header: str) -> str | None:
    """The phrase before or after the name of a part: ``bed inuse`` of ``bed_inuse_other``."""
    tokens = words(header).split()
    for cut in range(1, len(tokens)):
        head, tail = tokens[:-cut], tokens[-cut:]
        if head and all(token in _PARTS for token in tail):
            return " ".join(head)
        head, tail = tokens[:cut], tokens[cut:]
        if tail and all(token in _PARTS for token in head):
            return " ".join(tail)
    return None
