"""What a capacity column counts: beds, intensive care beds or ventilators."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from caremap.intake.headers import words
from caremap.intake.matching import Column

__all__ = ["counts_nobody", "intensive", "other_resources", "resource_of", "role_columns"]

_ICU = frozenset("icu itu uci uti cti criticalcare intensivecare reanimation intensiv".split())
_ICU_PHRASES = (
    "intensive care", "critical care", "cuidados intensivos", "terapia intensiva",
    "soins intensifs", "intensivbetten",
)  # fmt: skip
_VENTILATORS = frozenset(
    "vent vents ventilator ventilators respiradores respirador beatmungsgerate "
    "beatmungsgeraete respirateurs respirateur ventiladores ventilatori".split()
)
_ROOMS = ("operating rooms", "operating theatres", "operating theaters", "quirofanos",
          "salles d operation", "sale operatorie", "op sale")  # fmt: skip
_NOT_A_COUNT = frozenset(
    "util utilisation utilization occupancy occupied use used inuse in free available avail empty "
    "rate percent % share non nonicu without minutes hours days alos average patients".split()
)


def resource_of(header: str) -> str | None:
    """Return the resource a header names, or None where it names none but beds.

    Examples
    --------
    >>> resource_of("ICU beds"), resource_of("vent"), resource_of("beds_nonicu")
    ('icu_beds', 'ventilators', None)
    """
    text = words(header)
    tokens = set(text.split())
    if tokens & _NOT_A_COUNT:
        return None
    if tokens & _VENTILATORS:
        return "ventilators"
    if tokens & _ICU or any(phrase in text for phrase in _ICU_PHRASES):
        return "icu_beds"
    return "operating_rooms" if any(phrase in text for phrase in _ROOMS) else None


def intensive(header: str) -> bool:
    """Whether a header is of intensive care only.

    Examples
    --------
    >>> intensive("ICU beds occupied"), intensive("non-ICU beds"), intensive("Beds")
    (True, False, False)
    """
    text = words(header)
    tokens = text.split()
    if {"non", "no", "ohne", "sans", "senza", "ex", "excluding"} & set(tokens):
        return False
    return bool(_ICU & set(tokens)) or any(phrase in text for phrase in _ICU_PHRASES)


_ROLES = frozenset(
    "doctor doctors physician physicians surgeon surgeons consultant consultants resident "
    "residents nurse nurses rn rns midwife midwives paramedic paramedics therapist therapists "
    "technician technicians pharmacist pharmacists assistant assistants medico medicos enfermera "
    "enfermeras enfermero enfermeros enfermeiro enfermeiros arzt arzte aerzte pflege pflegekrafte "
    "pflegekraefte medecin medecins infirmier infirmiers infirmiere infirmieres medici "
    "infermieri ostetriche md mds lpn lpns cna cnas np nps aprn aprns aide aides orderlies "
    "radiographer radiographers dentist dentists gp gps hca hcas specialist specialists "
    "anesthetist anesthetists anaesthetist anaesthetists physiotherapist "
    "physiotherapists doktor jururawat fachaerzte facharzte assistenzarzte assistenzaerzte "
    "hebammen pflegefachkrafte "
    "pflegefachkraefte therapeuten".split()
)


_NO_COUNT = re.compile(
    r"\b(rate|ratio|percent|pct|share|per|score|satisfaction|morale|index|rank|target|required"
    r"|needed|need|shortage|short|gap|missing|vacan\w+|vacancies|turnover|sick\w*|absen\w+|leavers?"
    r"|joiners?|cost|costs|salar\w+|wages?|pay|budget|spend\w*|revenue|hours?|hrs|days?|shifts?"
    r"|minutes|overtime|visits|patients|admissions|beds?|calls?|appointments|id|ids|code|name|names"
    r"|phone|email|contact|date|year|age|mean|average|avg|median|change|diff\w*|station|stations"
    r"|office|offices|home|homes|school|schools|union|parking|assistant director)\b"
)


def counts_nobody(header: str) -> bool:
    """Whether a header is of something about staff that is no number of people.

    Examples
    --------
    >>> [counts_nobody(name) for name in ("Nurse vacancies", "Patients per nurse", "Nurses")]
    [True, True, False]
    """
    return bool(_NO_COUNT.search(words(header)) or re.search(r"[%$€£]", header))


def role_columns(columns: Sequence[Column], taken: str) -> dict[str, str]:
    """Return the columns that count people of one role each, where ``taken`` is one of them.

    A table with a column “Doctors” and a column “Nurses” has a row per place and role; one
    with “Nurses” alone has only these. “Staff” beside them is no role but all of them.
    """
    found = {
        column.header: column.header
        for column in columns
        if set(words(column.header).split()) & _ROLES
        and not counts_nobody(column.header)
        and column.seen.number >= 0.5
    }
    return found if taken in found else {}


def other_resources(columns: Sequence[Column], taken: Mapping[str, object]) -> dict[str, str]:
    """Return the columns that count another resource than the one matched to ``units``.

    Parameters
    ----------
    columns
        The columns of the sheet.
    taken
        Field to column as matched.
    """
    units = taken.get("units")
    found: dict[str, str] = {}
    for column in columns:
        name = resource_of(column.header)
        countable = column.seen.number >= 0.5 and column.seen.integer >= 0.8 * column.seen.number
        if name and countable and column.header != units and name not in found.values():
            found[column.header] = name
    return found
