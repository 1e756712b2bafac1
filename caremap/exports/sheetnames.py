"""Names a spreadsheet program takes for a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["sheet_names", "within"]

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RESERVED = frozenset({"history"})  # Excel keeps it for its own tracking of changes


def sheet_names(wanted: Iterable[object]) -> list[str]:
    r"""Return names as near as possible to those wanted, all valid and all different.

    Parameters
    ----------
    wanted
        Names in order; what stands for a sheet without a name is ``Sheet``.

    Returns
    -------
    list of str
        At most 31 characters, none of ``[]:*?/\``, no apostrophe at either end, not
        ``History``, different from each other whatever the case.

    Examples
    --------
    >>> sheet_names(["Cost / stay", "cost - STAY", "", "History"])
    ['Cost - stay', 'cost - STAY (2)', 'Sheet', 'History (2)']
    """
    taken = set(_RESERVED)
    names = []
    for name in wanted:
        tried = valid = _valid(str(name))
        count = 1
        while tried.casefold() in taken:
            count += 1
            mark = f" ({count})"
            tried = within(valid, LONGEST - len(mark)).rstrip() + mark
        taken.add(tried.casefold())
        names.append(tried)
    return names


def within(text: str, units: int) -> str:
    """Return as much of a text as fits, in UTF-16 units: spreadsheet programs count these.

    Examples
    --------
    >>> within("ab😀", 3), within("ab😀", 4)
    ('ab', 'ab😀')
    """
    if 2 * len(text) <= units:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore")


def _valid(name: str) -> str:
    cut = within(_FORBIDDEN.sub("-", name).strip().strip("'").strip(), LONGEST)
    return cut.strip().strip("'").strip() or "Sheet"
