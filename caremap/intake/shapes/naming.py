"""What a table of bare numbers counts, and of which year, told from what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from caremap.intake.headers import clean_text, words
from caremap.intake.matching import ACCEPT, name_score
from caremap.schema import FIELDS

__all__ = ["counted_field", "measure_of", "years_of"]

COUNTS = ("admissions", "discharges", "visits", "occupied_beds", "staffed_beds", "free_beds",
          "units", "staff", "cost", "population")  # fmt: skip
"""The fields a table can hold for many dates: counts, stocks and cost."""
_CUT = re.compile(
    r"\s+(?:by|per|for|in|at|from|since|between|until|nach|je|pro|im|aus|von|vom|bis|por|para|en|"
    r"desde|par|pour|depuis|au|aux|per|nel|nella|da|dal)\s+|[,;:|]|\s[-–—]\s",  # noqa: RUF001
    re.IGNORECASE,
)
_NEUTRAL = frozenset(
    "daily weekly monthly quarterly yearly annual tagliche wochentliche monatliche diarias diarios "
    "semanales mensuales mensuelles mensuel quotidiennes journalieres giornalieri settimanali "
    "mensili mensais diarios the total of lab laboratory confirmed covid covid19 coronavirus sars "
    "cov data table report figure wide sheet hospital".split()
)
"""Words of a title that say how often, or of which patients, not what is counted."""
_PART = re.compile(r"[(\[]\s*(?!\d|n\s*[)\]]|count|number|total|all)[^)\]]+[)\]]", re.IGNORECASE)
_NO_COUNT = re.compile(
    r"\b(?:rates?|ratio|percent\w*|share|average|mean|median|mittel\w*|durchschnitt\w*|promedio|"
    r"media|moyenne|taux|tasa|taxa|tasso|index|score|change|difference|growth|variance|target|goal|"
    r"plan|planned|planed|forecast|predicted|expected|projected|budget|prognose|pronostico|"
    r"cumulative|cumulated|kumuli\w*|acumulad\w*|cumule\w*|ytd|per (?:\d+|capita|head|thousand)|"
    r"(?:je|pro|por|par|pour|ogni) (?:\d+|mil|mille|kopf)|cancel\w*|refused|waiting)\b"
)
"""A title that speaks of a rate, an average or a plan does not name a count."""
_YEAR = re.compile(r"(?<![\d/.-])((?:19|20)\d{2})(?:\s?[/–-]\s?(\d{4}|\d{2}))?(?![\d/.-]*\d)")  # noqa: RUF001
_FULL_DATE = re.compile(r"\d{1,2}\.?\s+(?:de\s+)?[^\W\d]+\.?\s+(?:de\s+)?\d{4}|"
                        r"[^\W\d]+\s+\d{1,2},\s*\d{4}")  # fmt: skip


def counted_field(name: str) -> str | None:
    """Return the count, stock or cost a name stands for by its own words, or None.

    A word that could be several things (“patients”, “total”) stands for none.

    Examples
    --------
    >>> counted_field("Hospitalizations"), counted_field("Beds occupied"), counted_field("Total")
    ('admissions', 'occupied_beds', None)
    """
    return _best(name)[0]


def _best(name: str) -> tuple[str | None, float]:
    """The field a name stands for, and how well it names it."""
    text = words(name)
    if any(text in item.words for field, item in FIELDS.items() if field not in COUNTS):
        return None, 0.0  # “hospital” is a place, not a misspelt “in hospital”
    scores = {
        field: name_score(name, FIELDS[field]) for field in COUNTS if text not in FIELDS[field].weak
    }
    field = max(scores, key=lambda one: scores[one])
    sure = scores[field] > max(ACCEPT, 0.5)
    return (field, scores[field]) if sure else (None, 0.0)


def measure_of(places: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """Return a name for what a table counts and where it was found, or None.

    Parameters
    ----------
    places
        Texts around the table and what each is (“the title”), the most telling first.

    Examples
    --------
    >>> measure_of([("Number of admissions by ward, 2024", "the title")])
    ('Number of admissions', 'the title')
    >>> measure_of([("Ward statistics", "the title"), ("ED visits", "the sheet's name")])
    ('ED visits', "the sheet's name")
    """
    for text, place in places:
        if _NO_COUNT.search(words(text)) or "%" in text:
            return None
        found: dict[str, str] = {}
        for piece in _pieces(text):
            name = _core(_PART.sub(" ", piece))
            if name and (field := counted_field(name)):
                # “Patients (ICU)” are a part of them: the name says so.
                found.setdefault(field, clean_text(piece) if _PART.search(piece) else name)
        if len(found) == 1:
            return next(iter(found.values())), place
        if found:  # “Admissions and discharges”: one of them, but which?
            return None
    return None


def _pieces(text: str) -> list[str]:
    pieces = [piece for piece in _CUT.split(clean_text(text)) if piece]
    both = [re.split(r"\s+(?:and|und|y|et|e|vs|&)\s+", piece) for piece in pieces]
    return [one for group in both for one in group]


def _core(piece: str) -> str:
    """The words that say what is counted, as typed, without numbers and years."""
    tokens = [token for token in re.split(r"[\s_]+", piece) if words(token)]
    named = [token for token in tokens if not words(token)[0].isdigit()]
    plain = [token for token in named if not set(words(token).split()) <= _NEUTRAL | {"19"}]
    # “Number of admissions” keeps its “of”, “Monthly admissions” lose their “monthly”.
    return max((" ".join(named), " ".join(plain)), key=lambda name: _best(name)[1])


def years_of(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the one year texts name, both years of a financial one, or nothing.

    Examples
    --------
    >>> years_of(["Admissions 2024", "Run on 03/01/2025"]), years_of(["2023/24"])
    ((2024,), (2023, 2024))
    >>> years_of(["2023 and 2024"]), years_of(["January 5, 2024"])
    ((), ())
    """
    for text in texts:
        found = set()
        for year, later in _YEAR.findall(_FULL_DATE.sub(" ", text.replace("_", " "))):
            first = int(year)
            second = int(later) if len(later) == 4 else first // 100 * 100 + int(later or 0)
            if later and second != first + 1:
                return ()
            found.add((first, second) if later else (first,))
        if found:
            return found.pop() if len(found) == 1 else ()
    return ()


def stem(file: str) -> str:
    """Return the name of a file without its endings."""
    return PurePath(file).name.split(".")[0]
