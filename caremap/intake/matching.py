"""Columns to fields, by name and by content.

A header says what a column is called, its values say what it can be. The score of a
pair is the one times the other, so a perfect name on impossible values scores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from caremap.intake.headers import words
from caremap.intake.profile import Profile
from caremap.intake.sentinels import is_timed_flag
from caremap.intake.units import durations, without_scale, without_units
from caremap.schema import FIELDS, Field

__all__ = ["Candidate", "Column", "assign", "fit", "forget", "name_score", "rank"]

ACCEPT = 0.42
"""Below this a column is not matched by itself; the user can still do it by hand."""

_QUALIFIERS = frozenset(
    "planned expected estimated predicted scheduled previous prior last next target goal average "
    "avg mean median rate ratio percent pct % share change delta log inverse lnh inv min max "
    "minimum maximum std sd rank flag missing request requested refused waiting cancelled 7day "
    "cumulative cum ytd per index score code id per year category group band type status "
    "reason source description desc of cardinality forecast budget covid pediatric "
    "confirmed suspected unknown est exp sched pred anticipated proposed tentative previsto "
    "prevista previstos previstas geplant geplante geplantes geplanter voraussichtlich "
    "voraussichtliche voraussichtliches prevu prevue estimado estimada estime stimata stimato "
    "esperado esperada programado programada attendu attendue soll indicator over within 4hrs "
    "cumul cumulado acumulado acumulados kumuliert cumulato cumulati cumulees cumules "
    "v o".split()
)
"""Words that turn a header into something else than the field it contains."""

_OTHER_DATES = frozenset(
    "decision order booking booked referral referred onset surgery operation birth created updated "
    "modified entered invoice payment due paid follow followup death readmission next transfer "
    "request request approval test sample result vaccination beg begin reg registration".split()
)
"""The same, for dates: the date of a decision to admit is not the date of admission."""

_VOCABULARY = (
    {word for item in FIELDS.values() for phrase in item.words for word in phrase.split()}
    | _QUALIFIERS
    | _OTHER_DATES
)
_PHRASES = frozenset(phrase for item in FIELDS.values() for phrase in item.words)
_NONE: frozenset[str] = frozenset()
_BY_NATURE = {"stock": frozenset("days hours lost avail available free sum".split())}
"""The same, for counts at a moment: staff days are not staff, available beds may be free."""
_AVERAGED = frozenset("average avg mean 7day day 7 durchschnittlich moyen promedio medio".split())
"""Words that leave a stock what it is: the average of beds over a week is beds."""
_BY_FIELD = {
    "length_of_stay": frozenset(
        "icu itu uci uti cti rea reanimation intensiv intensive critical ventilator".split()
    ),
    "age": frozenset("tagen tage days dias jours giorni monaten months meses mois mesi".split()),
    "region": frozenset("admission discharge source admit disch".split()),
    "gender": frozenset("doctor physician provider staff".split()),
}
"""The same, for single fields: days in intensive care are not the length of the stay."""
_SHORT = {
    "dt": "date", "tm": "time", "dttm": "datetime", "dts": "datetime", "admsn": "admission",
    "adm": "admission", "disch": "discharge", "dischg": "discharge", "pat": "patient",
    "pt": "patient", "encntr": "encounter", "enc": "encounter", "hosp": "hospital",
    "dept": "department", "nbr": "number", "nr": "number", "num": "number", "no": "number",
    "tot": "total", "chgs": "charges", "chg": "charges", "chrg": "charges", "dschrgs": "discharges",
    "diag": "diagnosis", "dx": "diagnosis", "fac": "facility", "prov": "provider",
    "svc": "service", "loc": "location", "dispo": "disposition", "disp": "disposition",
    "ins": "insurance", "qty": "quantity", "avg": "average", "org": "organisation",
    "admiss": "admission", "nm": "name", "spec": "specialty",
}  # fmt: skip
"""Abbreviations of hospital systems, tried where the header as typed says nothing."""
_CODES = frozenset("cd c name nm desc txt".split())
"""Suffixes of hospital systems for the code or the name of the thing before."""


@dataclass(frozen=True)
class Column:
    """A column of the file: its header as typed, its place, and what its values look like."""

    header: str
    place: int
    seen: Profile


@dataclass(frozen=True)
class Candidate:
    """How well one column suits one field, 0 to 1, and why."""

    field: str
    column: str
    score: float
    name: float
    content: float


def name_score(header: str, item: Field) -> float:
    """Return how well a header names a field: 1 for its own words, less for a likeness.

    Examples
    --------
    >>> name_score("Date of Admission", FIELDS["admitted"])
    1.0
    >>> name_score("Stage", FIELDS["age"])
    0.0
    """
    return _named(words(header), item.name)


def forget() -> None:
    """Forget the headers seen: they are the caller's, and one call is one file."""
    _named.cache_clear()


@lru_cache(maxsize=1 << 14)
def _named(text: str, name: str) -> float:
    item = FIELDS[name]
    if not text:
        return 0.0
    if text in item.words or text in {item.name.replace("_", " "), words(item.title)}:
        return 1.0
    squeezed = text.replace(" ", "")
    if any(squeezed == phrase.replace(" ", "") for phrase in item.words):
        return 0.98
    # “Wait (hours)” names the field and the unit it is given in.
    bare = without_scale(text) if item.type == "money" else without_units(text, item)
    if bare in item.words:
        return 0.95
    best = 0.6 if text in item.weak or bare in item.weak else 0.0
    if item.nature == "stock" and set(text.split()) & _AVERAGED:
        kept = " ".join(word for word in text.split() if word not in _AVERAGED)
        best = max(best, 0.95 if kept in item.words else 0.9 * _contained(kept, item))
    return max(best, _abbreviated(text, item), _typo(text, item), _contained(text, item))


def _abbreviated(text: str, item: Field) -> float:
    """A header of a hospital system: ``DISCH_DT_TM`` is a discharge date and time."""
    tokens = text.split()
    if len(tokens) < 2:
        return 0.0
    long = " ".join(_SHORT.get(token, token) for token in tokens)
    long = long.replace("date time", "datetime")
    for form in dict.fromkeys((long, long.replace("datetime", "date"))):
        if form != text and form in item.words:
            return 0.94
    if tokens[-1] in _CODES and " ".join(long.split()[:-1]) in item.words:
        return 0.9
    # “Betten belegt” is what “belegte Betten” are: the order of words says nothing.
    if any(set(tokens) == set(phrase.split()) for phrase in item.words):
        return 0.9
    return 0.0


def _typo(text: str, item: Field) -> float:
    """A misspelt header: nearly every letter in place, and long enough to tell."""
    squeezed = text.replace(" ", "")
    if len(squeezed) < 7:
        return 0.0
    best = 0.0
    for phrase in item.words:
        likeness = fuzz.ratio(squeezed, phrase.replace(" ", ""))
        # “Readmission date” and “max length of stay” are other things, not slips of the pen.
        if likeness >= 88 and not (set(text.split()) - set(phrase.split())) & _VOCABULARY:
            best = max(best, 0.9 * likeness / 100)
    return best


def _contained(text: str, item: Field) -> float:
    """A header that holds all the words of a phrase and a few more."""
    tokens = text.split()
    best = 0.0
    for phrases, worth in ((item.words, 1.0), (item.weak, 0.65)):
        for phrase in phrases:
            parts = phrase.split()
            if not len(tokens) / 3 <= len(parts) < len(tokens) or not set(parts) <= set(tokens):
                continue
            if len(parts) == 1 and (len(parts[0]) < 3 or worth < 1):
                continue
            extra = {token for token in tokens if token not in parts}
            other = _OTHER_DATES if item.type == "date" else _BY_NATURE.get(item.nature, _NONE)
            if extra & _BY_FIELD.get(item.name, _NONE):
                continue
            penalty = 0.5 if extra & (_QUALIFIERS | other) else 1.0
            best = max(best, worth * penalty * (0.45 + 0.4 * len(parts) / len(tokens)))
    return best


def fit(item: Field, seen: Profile, named: bool = True) -> float:
    """Return whether the values of a column can be the field: 0 they cannot, 1 they can.

    Parameters
    ----------
    item, seen
        The field, and what the values look like.
    named
        Whether the header is a phrase of the field: numbers under “Hospital” are codes of
        hospitals, under “Hospital cases” they are not.
    """
    if seen.empty:
        return 0.3
    if item.type == "date":
        if item.name in {"admitted", "discharged"} and _periods(seen):
            return 0.0
        # Numbers may be Excel's days under “Date”; under “Day total” they are a total.
        return _fit_date(seen) if named or seen.date >= 0.5 else 0.0
    if item.type == "flag":
        flags = seen.flag >= 0.95 and seen.kinds <= 4
        timed = item.name == "readmitted" and seen.kinds <= 6 and all(map(is_timed_flag, seen.text))
        return 1.0 if flags or timed else 0.0
    if item.type == "band":
        return 1.0 if seen.band + min(seen.number, 0.2) >= 0.6 and seen.number < 0.9 else 0.0
    if item.type in {"number", "count", "money"}:
        return _fit_number(item, seen)
    return _fit_text(item, seen, named)


_PERIOD = re.compile(
    r"^(?:\d{4}[-/\s]*[QqTtHh][1-4]|[QqTt][1-4][-/\s]*\d{4}|\d{4}[-/.](?:0?[1-9]|1[0-2])"
    r"|(?:0?[1-9]|1[0-2])[-/.]\d{4}|\d{4}|[A-Za-z]{3,9}[-/\s]\d{2,4})$"
)


def _periods(seen: Profile) -> bool:
    """Whether all values name a month, quarter or year: the day of a stay is not known."""
    return bool(seen.text) and all(_PERIOD.match(text.strip()) for text in seen.text)


def _fit_date(seen: Profile) -> float:
    if seen.date >= 0.5:
        return 1.0
    if seen.date + seen.serial >= 0.5:
        return 0.75
    return 0.0


def _fit_number(item: Field, seen: Profile) -> float:
    if seen.number < 0.9 and durations(seen.text, item):
        return 1.0
    if seen.number < 0.5 or seen.band > 0.5 or (seen.date > 0.5 and seen.number < 0.9):
        return 0.0
    if item.name == "age" and seen.leading_zero > 0 and seen.high <= 30:
        return 0.0  # 00 to 26: codes of age groups
    low, high = item.low, item.high
    if low is not None and seen.middle < low:
        return 0.0
    if high is not None and seen.middle > high:
        return 0.0
    whole = seen.integer + seen.grouped
    if item.type == "count" and whole < 0.5 * seen.number and item.name not in _FRACTIONAL:
        return 0.0
    if item.name in {"latitude", "longitude"} and seen.integer > 0.9 and seen.kinds > 3:
        return 0.2
    return 1.0


_FRACTIONAL = frozenset({"staff", "occupied_beds", "staffed_beds", "free_beds"})
"""Counts that may be averages or full-time equivalents."""


def _fit_text(item: Field, seen: Profile, named: bool) -> float:
    fractional = seen.number > 0.9 and seen.integer < 0.5
    if fractional or (seen.date > 0.8 and seen.number < 0.5) or seen.length > 120:
        return 0.0
    if item.name in {"facility", "ward", "department"} and seen.number > 0.95 and not named:
        return 0.0
    if item.name == "zip":
        return 1.0 if seen.postal >= 0.7 else 0.0
    if item.name == "stay_id":
        return 1.0 if seen.distinct >= 0.5 else 0.0
    if item.name in {"gender", "admission_type", "outcome"} and seen.kinds > 60:
        return 0.0
    if item.name == "gender" and seen.kinds > 12:
        return 0.0
    if item.name == "outcome" and seen.number > 0.9 and seen.kinds > 12:
        return 0.0
    if item.type == "category" and item.name not in {"facility", "ward", "department"}:
        # A column of many different numbers is a measurement, not a category.
        return 0.3 if seen.number > 0.95 and seen.kinds > 40 else 1.0
    return 1.0


def rank(columns: Sequence[Column], fields: Sequence[str]) -> list[Candidate]:
    """Return every acceptable pair of column and field, best first.

    Ties go to names before codes, to the phrase the registry lists first, then to the
    column further left.
    """
    found: list[tuple[float, bool, int, int, Candidate]] = []
    for column in columns:
        text = words(column.header)
        for name in fields:
            item = FIELDS[name]
            # “Hospital Service Area” is a region by its own name, not a kind of service.
            if text in _PHRASES and text not in item.words and text not in item.weak:
                continue
            named = _named(text, name)
            if named < ACCEPT:
                continue
            content = fit(item, column.seen, named >= 0.9 or text in item.weak)
            if name == "stay_id" and text in item.words and _repeats(column.seen):
                content = 1.0
            if named * content >= ACCEPT:
                order = item.words.index(text) if text in item.words else _UNLISTED
                pair = Candidate(name, column.header, named * content, named, content)
                coded = (
                    item.type == "category" and column.seen.number > 0.9 and column.seen.kinds > 2
                )
                found.append((-named * content, coded, order, column.place, pair))
    found.sort(key=lambda entry: entry[:4])
    return [entry[4] for entry in found]


def _repeats(seen: Profile) -> bool:
    """Whether the values can be numbers of stays that have several rows each."""
    coded = sum(any(letter.isdigit() for letter in text) for text in seen.text)
    return seen.distinct >= 0.1 and seen.length <= 120 and coded > 0.5 * len(seen.text)


_UNLISTED = 10_000  # after every listed phrase, whatever the field; then fields in schema order


def assign(candidates: Sequence[Candidate], fixed: Mapping[str, str]) -> dict[str, str]:
    """Give each field at most one column and each column at most one field, best first.

    Parameters
    ----------
    candidates
        Pairs, best first.
    fixed
        Field to column as the user set them; these stand.
    """
    chosen = dict(fixed)
    used = set(fixed.values())
    for pair in candidates:
        if pair.field not in chosen and pair.column not in used:
            chosen[pair.field] = pair.column
            used.add(pair.column)
    return chosen
