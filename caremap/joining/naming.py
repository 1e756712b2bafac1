"""What headers say about a join: which columns are one key, and which names a code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from caremap.intake.headers import words
from caremap.intake.matching import name_score
from caremap.schema import FIELDS

__all__ = ["CODED", "KEY_WORDS", "WEAK", "agree", "names_column", "plain", "stems"]

KEY_WORDS = frozenset("id ids code codes key no nr nbr number num pk fk cd ref abbr short".split())
CODED = (
    "facility department ward region treatment diagnosis admission_type insurance outcome".split()
)
"""Fields whose codes a look-up may give names for."""
_NAME_WORDS = frozenset(
    "name names description descriptions title label text desc bezeichnung beschreibung nombre "
    "nom nome descripcion descricao descrizione libelle long full canonical display official "
    "preferred".split()
)
_SHORT = frozenset("short abbr abbreviation code id alias aliases observed former old".split())
_SUFFIX = " (as in the file)"
WEAK = 0.6
"""The score of a header that names a field by one of its weak words."""


def plain(header: str) -> str:
    """Return a header as it stands in the file.

    Examples
    --------
    >>> plain("age (as in the file)")
    'age'
    """
    return header.removesuffix(_SUFFIX)


def stems(text: str) -> set[str]:
    """Return what a header or file name is about: its words without “id”, one of several.

    Examples
    --------
    >>> sorted(stems("unit_id")), sorted(stems("Facilities.csv"))
    (['unit'], ['csv', 'facility'])
    """
    tokens = [token for token in words(text).split() if token not in KEY_WORDS]
    return {_singular(token) for token in tokens}


def _singular(token: str) -> str:
    if len(token) > 4 and token.endswith("ies"):
        return token[:-3] + "y"
    return token[:-1] if len(token) > 3 and token.endswith("s") else token


def agree(header: str, table: str, others: Iterable[str], field: str | None) -> bool:
    """Whether a column of a look-up is called like a column of another table.

    Parameters
    ----------
    header
        Header in the look-up.
    table
        Name of the look-up: a bare “id” is the id of what its table lists.
    others
        Headers the other column has in its files.
    field
        The field it was read as, where it was.

    Examples
    --------
    >>> agree("OrganisationCode", "orgs.csv", ["ORG_CODE"], None)
    True
    >>> agree("id", "departments.csv", ["dept_code"], None)
    True
    >>> agree("id", "units.csv", ["id"], "stay_id")
    False
    """
    own = stems(header)
    for other in [*others, *([field] if field else [])]:
        theirs = stems(other)
        if not own and theirs and (theirs <= _about(table) or _places(theirs) & _about(table)):
            return True
        if own and (words(header) == words(other) or _alike(own, theirs)):
            return True
    return bool(own and field and name_score(header, FIELDS[field]) > WEAK)


def _about(table: str) -> set[str]:
    """What a table lists: the words of its name, and the kind of place they mean."""
    found = stems(table)
    return found | {name for token in found for name in _places({token})}


def _places(found: set[str]) -> set[str]:
    """Return the kinds of places that words mean: “dept” is a department."""
    text = " ".join(sorted(found))
    return {
        name for name in ("facility", "department", "ward") if name_score(text, FIELDS[name]) == 1.0
    }


def _alike(own: set[str], theirs: set[str]) -> bool:
    """Whether two headers are about the same thing, one of them perhaps in short."""
    if not own or len(own) != len(theirs):
        return False
    return all(
        any(
            one == other or (min(len(one), len(other)) >= 3
                             and (one.startswith(other) or other.startswith(one)))
            for other in theirs
        )
        for one in own
    )  # fmt: skip


def names_column(key: str, headers: Sequence[str], field: str) -> str | None:
    """Return the header of the names that the codes under ``key`` stand for, or None.

    Examples
    --------
    >>> names_column("unit_id", ["floor", "unit_name"], "department")
    'unit_name'
    >>> names_column("unit_id", ["floor", "beds"], "department") is None
    True
    """
    item = FIELDS[field]
    best: tuple[float, str] | None = None
    for header in headers:
        tokens = set(words(header).split())
        if header == key or tokens & _SHORT:
            continue
        rest = stems(header) - _NAME_WORDS
        worth = 0.0
        if tokens & _NAME_WORDS:
            if _alike(rest, stems(key)):
                worth = 3.0
            elif not rest or name_score(header, item) >= WEAK:
                worth = 2.0
        elif name_score(header, item) >= 0.9:
            worth = 1.0
        if worth and (best is None or worth > best[0]):
            best = (worth, header)
    return best[1] if best else None
