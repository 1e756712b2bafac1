"""What is known at admission, judged by what columns are called.

Fields say it themselves (`caremap.schema.Field.known`). The header a field was read from, and
the columns a file has beside the fields, are judged by their words: a diagnosis group, a
disposition or a charge is written when the stay is over, whatever the file calls it. Where the
words are not clear the column is left out, with the reason: whoever knows better puts it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from caremap.intake.headers import words
from caremap.planning.leaks import Leak
from caremap.schema import FIELDS

__all__ = ["NAMED_FREELY", "THE_STAY", "groupers", "leaks_by_name"]

THE_STAY = Leak("copy", "Says how long the stay was: that is what is predicted.")
_NUMBER = Leak("copy", "A number that identifies a stay or a person.")
_OF_FILE = Leak("copy", "Says which file a row comes from.")
_AMOUNT = Leak("amount", "An amount that grows with every night: known only after discharge.")
_CODED = Leak("later", "Coded from the whole record after discharge.")
_END = Leak("later", "Says how the stay ended: known only at discharge.")
_DURING = Leak("later", "Comes up in the course of the stay: not known at admission.")
_AFTER = Leak("later", "Known only after discharge.")
_WITH_GROUPS = Leak("later", "Coded from the whole record after discharge, as the groups here are.")
_OF_FIELDS = {
    "stay_id": _NUMBER, "patient_id": _NUMBER, "source": _OF_FILE, "source_row": _OF_FILE,
    "discharged": THE_STAY, "length_of_stay": THE_STAY, "outcome": _END, "readmitted": _AFTER,
    "satisfaction": _AFTER, "cost": _AMOUNT, "charges": _AMOUNT,
    "icu_days": Leak("amount", "Grows with the nights in hospital: not known at admission."),
}  # fmt: skip
NAMED_FREELY = ("department", "ward", "treatment", "diagnosis", "admission_type")
"""Fields whose header decides: what was meant at admission, or what was coded afterwards."""

_BEFORE = re.compile(
    r"\b(prior|previous|previously|past|history|hx|before|since|ago|earlier|pre ?admission"
    r"|(at|on|upon) (admission|arrival|presentation|entry)|admitting|presenting|family|home"
    r"|planned|scheduled|last (year|month|week|\d+)|age in|years? of (school|educ)\w*)\b"
)
"""Words that place a value before the admission, or at it."""

_EVEN_SO = re.compile(
    r"\b(discharge|final|expected|estimated) |of discharge\b|\blength of stay\b|\blos\b"
)
"""Words that take this back: the expected length of stay is that of a group coded afterwards."""

_BY_WORDS = (
    (_CODED, re.compile(
        r"drg|\bapr\b|\bmdc\b|\bccsr?\b|\bicd ?\d*\b|\bcpt\b|\bhcpcs\b|\bcmi\b|case mix"
        r"|relative weight|severity|\bsoi\b|\brom\b|(death|mortality) ?risk"
        r"|risk (of )?(death|mortal)"
        r"|procedure|\boperation code\b|prozedur|procedimiento|procedimento|procedura\b"
        r"|(principal|final|secondary|other|additional) ?diagnos|discharge diagnos"
        r"|secondarydiagnos|\bdiag\w* (code|group)|code diagnos|\bdiagnoses\b|diag ?(princ|sec)"
        r"|\bproc\b"
        r"|^diag(nosis)? ?\d+$|nebendiagnos|hauptdiagnos|diagnostico (principal|secundario|egreso)"
        r"|diagnostic (principal|associe)|diagnosi (principale|secondaria)"
    )),
    (_AFTER, re.compile(
        r"re ?admi(ssion|tted|t)|re ?hospitali[sz]|follow ?up|satisf|feedback|survey|\brating\b"
        r"|wiederaufnahme|reingreso|riammissione|zufrieden"
    )),
    (_END, re.compile(
        r"dispos|discharg|\bdisch\b|death|\bdied\b|\bdead\b|decea|expire|mortal|surviv|\balive\b"
        r"|vital status|outcome|destination|left against|\bdama\b|entlass|egreso|\balta\b|sortie"
        r"|dimission|fallec|obito|verstorben|\bdeces|^(patient )?(current )?status$"
    )),
    (_AMOUNT, re.compile(
        r"\b(cost|costs|charge|charges|billing|billed|bill|amount|invoice|expenses?|expenditure"
        r"|reimbursement|revenue|price|tariff|fees?|paid|kosten|erlose|coste|costo|costos|custo"
        r"|cout|importe|betrag|montant|facturado)\b"
    )),
    (_DURING, re.compile(
        r"medication|\bmedicines?\b|\bdrugs?( name| given| prescribed)?$|prescri|\bdos(e|age)\b"
        r"|results?\b|complication|\b(icu|itu|uti|uci)\b|intensive care|critical care"
        r"|ventilat|intubat|beatm|transfus|transferred to|hospital acquired|infection acquired"
    )),
    (THE_STAY, re.compile(
        r"\blos\b|length ?of ?stay|lengthofstay|\bstay(ed)?\b(?! (id|type|number|no)\b)|\bnights?\b"
        r"|\bdays\b|^duration$|duration of (stay|hospital|treatment)|(stay|visit|hospital) duration"
        r"|verweildauer|liegedauer|liegetage|estancia|permanencia|duree|degenza"
    )),
)  # fmt: skip

_NO_LEAK = re.compile(
    r"\b(types?|kind|class) of stay\b|\bpayment (typology|source|type|method)"
    r"|\bdays? of (the )?week\b|\bchief complaint\b"
)
_GROUPERS = re.compile(r"drg|\bccsr?\b")


def leaks_by_name(columns: Iterable[str], headers: Mapping[str, Sequence[str]]) -> dict[str, Leak]:
    """Return which columns are not known at admission by their names, and why.

    Parameters
    ----------
    columns
        The columns of the stays.
    headers
        Field to the headers of the file it was read from, where they are known.

    Returns
    -------
    dict
        Column to what gives it away, in the order of the columns.

    Examples
    --------
    >>> list(leaks_by_name(["age", "cost", "APR.Severity", "Disposition", "Referral"], {}))
    ['cost', 'APR.Severity', 'Disposition']
    >>> leaks_by_name(["treatment"], {"treatment": ["Medication"]})["treatment"].reason
    'Comes up in the course of the stay: not known at admission. Read from “Medication”.'
    """
    names = list(columns)
    grouped = bool(groupers(names, headers))
    found: dict[str, Leak] = {}
    for name in names:
        read = tuple(headers.get(name, ()))
        leak = _of_field(name, read, grouped) if name in FIELDS else _of_header(name)
        if leak is not None:
            other = [header for header in read if words(header) != words(name)]
            told = " and ".join(f"“{header}”" for header in other)
            found[name] = Leak(leak.kind, f"{leak.reason} Read from {told}.") if told else leak
    return found


def groupers(columns: Iterable[str], headers: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the columns that hold groups made of the whole record: DRG, CCS and the like.

    Where a file has them it is an abstract written after discharge, and so are its diagnoses.

    Examples
    --------
    >>> groupers(["age", "APR.DRG.Code"], {"diagnosis": ["CCSR Diagnosis Description"]})
    ['APR.DRG.Code']
    """
    return [
        name
        for name in columns
        if any(_GROUPERS.search(words(text)) for text in (headers.get(name) or (name,)))
    ]


def _of_field(name: str, read: Sequence[str], grouped: bool) -> Leak | None:
    """Return why a field is not known at admission, by its meaning and by the header it has."""
    item = FIELDS[name]
    if name in _OF_FIELDS or item.known != "admission":
        return _OF_FIELDS.get(name, _DURING)
    if name not in NAMED_FREELY:
        return None
    by_header = next(filter(None, map(_of_header, read)), None)
    before = any(_BEFORE.search(words(header)) for header in read)
    if by_header is None and grouped and not before and name in {"diagnosis", "treatment"}:
        return _WITH_GROUPS
    return by_header


def _of_header(header: str) -> Leak | None:
    """Return why a column of that header is not known at admission; None where it may be."""
    if header in _OF_FIELDS:
        return _OF_FIELDS[header]
    text = words(header)
    if _NO_LEAK.search(text) or (_BEFORE.search(text) and not _EVEN_SO.search(text)):
        return None
    squeezed = text.replace(" ", "")
    for leak, pattern in _BY_WORDS:
        if pattern.search(text) or pattern.search(squeezed):
            return leak
    for item in FIELDS.values():
        if item.known != "admission" and text in item.words:
            return _OF_FIELDS.get(item.name, _DURING)
    return None
