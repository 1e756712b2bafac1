"""Which of the seven tables a sheet holds, told from its columns.

Most hospital files are not one row per admission: the count is in a column, and to
count rows there is wrong by a factor of up to 28. So the evidence for a row being a
stay (numbers of stays and patients, dates of both ends, ages) is weighed against the
evidence for it being a count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caremap.intake.beds import use_columns
from caremap.intake.dateparts import year_and_month, year_column
from caremap.intake.flags import is_admission
from caremap.intake.headers import words
from caremap.intake.matching import Candidate, Column, assign, name_score, rank
from caremap.intake.privacy import personal_reason
from caremap.intake.sums import complements
from caremap.schema import FIELDS, TABLES, Kind

__all__ = ["Guess", "bare_id", "candidates_for", "disposition", "guess_kinds"]

_STAY_WEIGHTS: dict[str, float] = {
    "admitted": 2.0, "discharged": 2.0, "length_of_stay": 2.0, "stay_id": 1.5, "patient_id": 1.5,
    "age": 1.0, "age_band": 0.5, "gender": 0.7, "diagnosis": 0.7, "treatment": 0.7,
    "insurance": 0.7, "admission_type": 0.5, "outcome": 0.7, "was_admitted": 1.5,
    "icu_days": 1.0, "ventilated": 1.0, "waiting_minutes": 1.0, "readmitted": 1.0,
    "cost": 0.5, "charges": 0.5, "satisfaction": 0.3,
}  # fmt: skip
_COUNTS = (
    "admissions", "discharges", "visits", "occupied_beds", "free_beds", "staffed_beds",
)  # fmt: skip
_PLACES = ("facility", "department", "ward", "region")


@dataclass(frozen=True)
class Guess:
    """A table the sheet may be, how strong the evidence is, and the match it rests on."""

    kind: Kind
    score: float
    matched: dict[str, str]
    candidates: tuple[Candidate, ...]


def candidates_for(kind: Kind, columns: Sequence[Column]) -> list[Candidate]:
    """Return the acceptable pairs for one kind of table, best first.

    In ``capacity`` a column of beds is the number of units.
    """
    names = TABLES[kind].fields
    if kind != "capacity":
        pairs = rank(columns, names)
        if kind == "facilities":
            if _of_people(columns):
                return []
            # A facility goes by its name; its ID stays beside it for joins.
            if any(pair.field == "facility" and words(pair.column) == "name" for pair in pairs):
                pairs = [pair for pair in pairs if words(pair.column) != "id"]
        if kind == "stays":
            if not any(pair.field == "admitted" for pair in pairs):
                # Without an admission beside it, “DOD” is the date of death of a patient.
                pairs = [
                    pair for pair in pairs
                    if pair.field != "discharged" or words(pair.column) not in _DOD
                ]  # fmt: skip
            # A bare “ID” or “Name” is of the patient or stay, never of the hospital.
            pairs = [pair for pair in pairs
                     if pair.field != "facility" or words(pair.column) not in _BARE]  # fmt: skip
        if kind == "activity":
            rows = {column.header for column in columns
                    if words(column.header) == "id" and column.seen.distinct > 0.98}  # fmt: skip
            pairs = [pair for pair in pairs if pair.field != "facility" or pair.column not in rows]
            pairs += [*_of_use(columns, pairs), *_without_and_with(columns, pairs)]
        if not any(pair.field in {"staffed_beds", "free_beds"} for pair in pairs):
            pairs = [
                pair for pair in pairs
                if pair.field != "occupied_beds" or words(pair.column) != "inpatients"
            ]  # fmt: skip
        return sorted([*pairs, *_by_years(names, pairs, columns)], key=lambda pair: -pair.score)
    pairs = rank(columns, (*names, "staffed_beds"))
    return [
        Candidate("units", pair.column, pair.score, pair.name, pair.content)
        if pair.field == "staffed_beds"
        else pair
        for pair in pairs
    ]


def _without_and_with(columns: Sequence[Column], pairs: Sequence[Candidate]) -> list[Candidate]:
    """Occupied beds where they are told with and without one disease: both make the whole."""
    if any(pair.field == "occupied_beds" for pair in pairs):
        return []
    return [
        Candidate("occupied_beds", column, 0.8, 0.8, 1.0)
        for stem, both in complements(columns).items()
        if stem in FIELDS["occupied_beds"].words
        for column in both[:1]
    ]


def _of_use(columns: Sequence[Column], pairs: Sequence[Candidate]) -> list[Candidate]:
    """Occupied beds where only beds and their percentage of use are given."""
    if any(pair.field in {"occupied_beds", "free_beds"} for pair in pairs):
        return []
    for pair in pairs:
        if pair.field == "staffed_beds" and (use := use_columns(columns, pair.column)):
            return [Candidate("occupied_beds", use, 0.8, 0.8, 1.0)]
    return []


_BARE = frozenset({"id", "name"})
_DOD = frozenset({"dod", "d o d"})
_HOSPITALS = frozenset(FIELDS["facility"].words) - _BARE


def _of_people(columns: Sequence[Column]) -> bool:
    """Whether the rows are people: a sex or a date of birth, and no facility has either."""
    told = {reason for one in columns if (reason := personal_reason(one.header, one.seen, True))}
    sexed = any(pair.field == "gender" and pair.score >= 0.9 for pair in rank(columns, ["gender"]))
    return sexed or bool(told & {"a date of birth", "a national or insurance number"})


def bare_id(columns: Sequence[Column], mapping: Mapping[str, object]) -> dict[str, str]:
    """Return what a column called just “ID” is in a table of stays: a stay's or a patient's.

    Parameters
    ----------
    columns
        The columns of the sheet.
    mapping
        Field to column as matched.
    """
    for column in columns:
        if words(column.header) != "id" or column.seen.empty or column.header in mapping.values():
            continue
        name = "stay_id" if column.seen.distinct > 0.98 else "patient_id"
        return {name: column.header} if name not in mapping else {}
    return {}


def disposition(columns: Sequence[Column], mapping: Mapping[str, object]) -> str | None:
    """Return the column that says how a visit to the emergency department ended, or None.

    One of its values has to be an admission, and a wait or an arrival stands beside it. A
    column of classes of encounters, inpatient among ambulatory ones, says the same.
    """
    for column in columns:
        classed = name_score(column.header, FIELDS["admission_type"]) >= 0.9
        if (
            classed
            and any(map(is_admission, column.seen.text))
            and any(map(_outpatient, column.seen.text))
        ):
            return column.header
    if {"admitted", "discharged"} <= set(mapping) and _inpatient(columns):
        return None
    told = [words(column.header).split() for column in columns]
    waits = "waiting_minutes" in mapping or any("arrival" in tokens for tokens in told)
    for column, tokens in zip(columns, told, strict=True):
        ends = waits and "disposition" in tokens and "discharge" not in tokens
        if ends and column.seen.kinds <= 20 and any(map(is_admission, column.seen.text)):
            return column.header
    return None


def _outpatient(text: str) -> bool:
    """Whether a class of encounters is one without an admission."""
    return bool(_OUTPATIENT.search(text))


_OUTPATIENT = re.compile(
    r"\b(?:ambulatory|outpatient|wellness|virtual|urgentcare|office visit|ambulant|ambulatorio"
    r"|ambulatoria|ambulatoire|consulta|consultation)\b", re.IGNORECASE,
)  # fmt: skip


def _inpatient(columns: Sequence[Column]) -> bool:
    """Whether the date of admission is one to the hospital: not all came by emergency."""
    return any(
        {"admission", "admsn", "admit", "inpatient"} & set(words(column.header).split())
        and {"hosp", "hospital", "inpatient"} & set(words(column.header).split())
        and column.seen.date >= 0.5
        for column in columns
    )


def _by_years(
    names: Sequence[str], pairs: Sequence[Candidate], columns: Sequence[Column]
) -> list[Candidate]:
    """A date made of year and month, and the newest of several years of population."""
    found = {pair.field for pair in pairs}
    more = []
    parts = year_and_month(columns) if "date" in names and "date" not in found else None
    if parts:
        more.append(Candidate("date", parts[1], 0.8, 1.0, 0.8))
    years = _yearly(columns) if "population" in names and "population" not in found else []
    if years:
        more.append(Candidate("population", max(years)[1], 0.6, 0.6, 1.0))
    return more


def _yearly(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Columns headed by a year and nothing else: “2016”, “y-2016”, “POP 2016”."""
    found = []
    for column in columns:
        year = re.fullmatch(r"(?:y|yr|year|p|pop|population|est|estimate)?\s?((?:19|20)\d\d)",
                            words(column.header))  # fmt: skip
        if year and column.seen.integer >= 0.9:
            found.append((year[1], column.header))
    return found


def guess_kinds(columns: Sequence[Column]) -> list[Guess]:
    """Return what the sheet may be, most likely first; ``lookup`` is always among them.

    Parameters
    ----------
    columns
        The columns of the sheet with their profiles.
    """
    guesses = [_guess(kind, columns) for kind in TABLES if kind != "lookup"]
    guesses.append(Guess("lookup", 0.5, {}, ()))
    return sorted(guesses, key=lambda guess: -guess.score)


def _guess(kind: Kind, columns: Sequence[Column]) -> Guess:
    pairs = candidates_for(kind, columns)
    matched = assign(pairs, {})
    strength = {pair.field: pair.score for pair in pairs if matched.get(pair.field) == pair.column}
    unique = {
        name for name, header in matched.items()
        for column in columns if column.header == header and column.seen.distinct > 0.98
    }  # fmt: skip
    score = _score(kind, strength, unique, columns)
    return Guess(kind, score, matched, tuple(pairs))


def _score(
    kind: Kind, found: Mapping[str, float], unique: set[str], columns: Sequence[Column]
) -> float:
    """How strongly the columns speak for a kind of table; 0 where they cannot be it."""
    match kind:
        case "stays":
            return _stays(found, unique, columns)
        case "activity":
            undated = "date" not in found and year_column(columns)
            return 0.0 if undated else _activity(found)
        case "facilities":
            return _facilities(found, unique)
        case "staff":
            return _staff(found)
        case "capacity":
            beds = rank(columns, ["staffed_beds"])
            return 0.0 if _of_use(columns, beds) else _capacity(found)
        case "population":
            return _population(found, unique, columns)
        case "lookup":
            return 0.0


def _stays(found: Mapping[str, float], unique: set[str], columns: Sequence[Column]) -> float:
    anchored = {"admitted", "discharged", "length_of_stay", "stay_id", "was_admitted"} & set(found)
    happened = {"cost", "treatment", "outcome", "department", "icu_days", "readmitted"} & set(found)
    if not anchored and not ("patient_id" in found and happened):
        return 0.0
    person = {"stay_id", "patient_id", "age", "age_band", "gender", "diagnosis"} & set(found)
    both = {"admitted", "discharged"} <= set(found)
    spans = both or "length_of_stay" in found
    if not person and not spans:
        return 0.0
    score = sum(found[name] * weight for name, weight in _STAY_WEIGHTS.items() if name in found)
    # A column that counts admissions, and no sign of single people: rows are groups.
    if _counted(columns) and not ({"stay_id", "patient_id"} & unique or both):
        score -= 6.0
    return score


def _counted(columns: Sequence[Column]) -> bool:
    pairs = [pair for pair in rank(columns, _COUNTS) if pair.name >= 0.7]
    return bool(pairs)


def _activity(found: Mapping[str, float]) -> float:
    counts = [found[name] for name in _COUNTS if name in found and name != "staffed_beds"]
    if not counts:
        return 0.0
    dated = found.get("date", 0.0)
    placed = any(name in found for name in _PLACES)
    if not dated and not placed:
        return 0.0
    # "y" or "cases" say little by themselves: they need a date beside them.
    if max(counts) < 0.65 and not dated:
        return 0.0
    beds = 1.5 * found.get("staffed_beds", 0.0)
    return 2.5 * sum(counts) + beds + dated + (0.5 if placed else 0.0)


def _facilities(found: Mapping[str, float], unique: set[str]) -> float:
    if "facility" not in found:
        return 0.0
    located = found.get("latitude", 0.0) + found.get("longitude", 0.0)
    others = sum(found.get(name, 0.0) for name in ("zip", "region", "population"))
    if located < 1 and "facility" not in unique:
        return 0.0
    if located < 1 and not {"zip", "population"} & set(found):
        return 0.0
    return 2.5 * located + others + found["facility"]


def _staff(found: Mapping[str, float]) -> float:
    if not {"staff", "hours"} & set(found) or not {"facility", "department", "role"} & set(found):
        return 0.0
    measured = 2.5 * found.get("staff", 0.0) + found.get("hours", 0.0)
    return measured + 1.5 * found.get("role", 0.0) + sum(found.get(n, 0.0) for n in _PLACES[:2])


def _capacity(found: Mapping[str, float]) -> float:
    if "units" not in found or not set(_PLACES) & set(found):
        return 0.0
    return 2.5 * found["units"] + found.get("resource", 0.0) + sum(
        found.get(name, 0.0) for name in _PLACES[:3]
    )  # fmt: skip


def _population(found: Mapping[str, float], unique: set[str], columns: Sequence[Column]) -> float:
    if not {"zip", "population"} <= set(found) or "zip" not in unique:
        return 0.0
    if any(words(one.header) in _HOSPITALS and one.seen.distinct > 0.98 for one in columns):
        return 0.0  # a ZIP code beside each hospital is where it is, not whose people are counted
    others = len(columns) - 2 - max(0, len(_yearly(columns)) - 1)
    return 2.0 * (found["zip"] + found["population"]) - 0.4 * others


assert set(_STAY_WEIGHTS) <= set(FIELDS)
