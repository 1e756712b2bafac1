"""Which columns of a table count the people of a role, and what their cells say.

A file of facilities often has a column per role: “Doctors”, “Registered Nurses”, “Nurse FTE”.
They match no field, so they stand in the table under their own headers, beside columns that
look alike and count nobody: “Nurse vacancy rate”, “Patients per doctor”, “Staff cost”.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from caremap.intake.headers import words
from caremap.intake.resources import counts_nobody
from caremap.intake.setaside import is_total
from caremap.schema import FIELDS

__all__ = [
    "ALL_STAFF",
    "is_all_staff",
    "is_fte",
    "names_a_role",
    "numbers",
    "role_columns",
    "role_stem",
]

ALL_STAFF = "staff"
"""What a column, or a table, that counts people of no named role is called."""

_ROLES = re.compile(
    r"\b(nurs\w*|doctors?|physicians?|surgeons?|consultants?|registrars?|hospitalists?|intensivists?"
    r"|an(a|e)esth\w+ists?|\w+(ologist|iatrician|iatrist)s?|general practitioners?|gps?|clinicians?"
    r"|midwi(fe|ves)|paramedics?|medics?|therapists?|physiotherapists?|technicians?|technologists?"
    r"|pharmacists?|dentists?|dieti[ct]ians?|psychologists?|radiographers?|practitioners?|carers?"
    r"|assistants?|aides?|orderl(y|ies)|porters?|social workers?|clerks?|receptionists?"
    r"|rns?|lpns?|lvns?|cnas?|hcas?|mds?|nps?|pas?|emts?|crnas?"
    r"|medicos?|medicas?|enfermer[oa]s?|enfermeir[oa]s?|aerzte|arzte?|arzt(e|innen)|pfleg\w+"
    r"|medecins?|infirmi(er|ere|ers|eres)|aides soignant\w*|medici|infermier[ei]|ostetric(a|he)"
    r"|hebammen?|sages? femmes?|matronas?)\b"
)
_PEOPLE = re.compile(r"\b(staff|staffing|fte|ftes|wte|headcount|workers?|employees|personnel"
                     r"|personal|mitarbeiter|effectifs?|plantilla|organico)\b")  # fmt: skip
_MEASURE = re.compile(r"\b(fte|ftes|wte|headcount|hc|number of|no of|num|count of|count|total)\b")
_PLAIN = frozenset(FIELDS["staff"].words) - frozenset(FIELDS["staff"].weak)


def names_a_role(header: str) -> bool:
    """Return whether a header is that of a count of people of a role, or of all staff.

    Examples
    --------
    >>> [names_a_role(name) for name in ("Registered Nurses", "MDs", "Staff", "Support staff")]
    [True, True, True, True]
    >>> [names_a_role(name) for name in ("Nurse vacancy rate", "Patients per doctor", "Beds")]
    [False, False, False]
    """
    text = words(header)
    if not text or (counts_nobody(header) and text not in _PLAIN):
        return False
    return text in _PLAIN or bool(_ROLES.search(text) or _PEOPLE.search(text))


def is_all_staff(name: str) -> bool:
    """Return whether a name stands for all staff together and not for one role.

    Examples
    --------
    >>> [is_all_staff(name) for name in ("Staff", "FTE", "Total nurses and doctors", "Nurses")]
    [True, True, True, False]
    """
    text = words(name)
    return text in _PLAIN or text in {"all", "overall", "sum", "all roles"} or is_total(name)


def role_columns(table: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the columns that count people, in order, and what was left out of them, in sentences.

    Parameters
    ----------
    table
        Columns of canonical fields are passed over, those under their own headers looked at.
        A column has to be numbers in at least half of its filled cells.

    Returns
    -------
    (list of str, list of str)
        A role counted twice, as heads and as full-time equivalents, keeps its heads: people move
        whole. A column of all staff is left out beside those of roles.

    Examples
    --------
    >>> beds = pd.DataFrame({"Doctors": [3], "Doctors FTE": [2.5], "Staff": [9], "Lifts": [1]})
    >>> columns, notes = role_columns(beds)
    >>> columns, len(notes)
    (['Doctors'], 2)
    """
    named = [str(name) for name in table.columns if _counts_people(table, str(name))]
    roles = [name for name in named if not is_all_staff(name)]
    totals = [name for name in named if is_all_staff(name)]
    notes = []
    if roles and totals:
        notes.append(f"{_listed(totals)} beside columns of single roles: taken for their total "
                     "and left out.")  # fmt: skip
    found = roles or totals
    kept: dict[str, str] = {}
    for name in found:
        key = role_stem(name) if roles else ALL_STAFF
        other = kept.setdefault(key, name)
        if other != name:
            kept[key], out = (name, other) if is_fte(other) and not is_fte(name) else (other, name)
            notes.append(
                f"“{out}” and “{kept[key]}” count the same people: “{kept[key]}” is taken."
            )
    return [name for name in found if name in kept.values()], notes


def _counts_people(table: pd.DataFrame, name: str) -> bool:
    if (name in FIELDS and name != ALL_STAFF) or not names_a_role(name):
        return False
    if pd.api.types.is_bool_dtype(table[name]):
        return False
    filled = table[name].notna()
    return bool(filled.any()) and bool(numbers(table[name])[filled].notna().mean() >= 0.5)


def role_stem(name: str) -> str:
    """Return what is counted, without how it is counted, to compare it by.

    Examples
    --------
    >>> role_stem("Nurse FTE") == role_stem("Number of nurses")
    True
    """
    return " ".join(part.rstrip("s") for part in _MEASURE.sub(" ", words(name)).split()) or name


def is_fte(name: str) -> bool:
    """Return whether a name says that full-time equivalents are counted, not heads.

    Examples
    --------
    >>> is_fte("Nurses (WTE)"), is_fte("Nurses")
    (True, False)
    """
    return bool(re.search(r"\b(fte|ftes|wte|equivalents?)\b", words(name)))


def _listed(names: Iterable[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    stand = " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
    return f"{stand} {'stands' if len(quoted) == 1 else 'stand'}"


def numbers(values: pd.Series[Any]) -> pd.Series[float]:
    """Return the cells of a column as numbers, NaN where one is none or less than zero.

    Columns under their own headers are read as they stand, so that a thousands comma leaves text.

    Examples
    --------
    >>> numbers(pd.Series(["1,204", "12.5", "12,5", "n/a", -3, None])).tolist()
    [1204.0, 12.5, 12.5, nan, nan, nan]
    """
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        read = pd.to_numeric(values).astype("float64")
    else:
        text = values.astype("object").where(values.notna(), "").map(lambda cell: str(cell).strip())
        thousands = text.str.fullmatch(r"\d{1,3}([,’' \u00a0]\d{3})+(\.\d+)?")
        text = text.where(~thousands, text.str.replace(r"[,’' \u00a0]", "", regex=True))
        text = text.str.replace(r"^(\d+),(\d{1,2})$", r"\1.\2", regex=True)
        read = pd.to_numeric(text, errors="coerce").astype("float64")
    return read.where((read >= 0) & (read < float("inf")))
