"""Which columns a prediction made at admission must not see, by name, by type and by values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from caremap.intake.headers import words
from caremap.planning.admission_columns import Columns
from caremap.planning.admission_names import NAMED_FREELY, THE_STAY, groupers, leaks_by_name
from caremap.planning.admission_stays import KnownStays
from caremap.planning.leaks import Leak, functions_of, leaks_found
from caremap.problems import DataProblem
from caremap.schema import FIELDS

__all__ = ["ALL", "all_leaks", "put_back"]

ALL = "all"

_A_DATE = Leak("copy", "A date other than that of admission.")
_A_LATER_DATE = Leak("copy", "A date after the admission.")
_SAME_AGE = Leak("copy", "The age says the same, and more.")

Headers = Mapping[str, Sequence[str]]


def all_leaks(columns: Columns, stays: KnownStays, headers: Headers) -> dict[str, Leak]:
    """Return every column that is not, or may not be, known at admission.

    Parameters
    ----------
    columns
        What might be predicted from, see `caremap.planning.admission_columns`.
    stays
        The stays.
    headers
        Field to the headers it was read from.

    Returns
    -------
    dict
        Column to what gives it away. Those of kind ``doubt`` are used nevertheless.
    """
    named = _by_name(stays, headers)
    checked = _by_check(columns, stays, named, headers)
    # “All” must not bring back what is a copy of the stay; an amount it does not bring anyway.
    copies = {
        name: leak
        for name, leak in checked.items()
        if leak.kind == "copy" and (name not in named or named[name].kind == "later")
    }
    return {**checked, **named, **copies}


def put_back(leaks: Mapping[str, Leak], keep: Sequence[str], headers: Headers) -> set[str]:
    """Return the columns to predict from although they are known only later.

    Parameters
    ----------
    leaks
        What is left out.
    keep
        Names or headers of columns; ``"all"`` for everything known only later.
    headers
        Field to the headers it was read from.

    Raises
    ------
    caremap.DataProblem
        Where a name is none of a column left out.

    Examples
    --------
    >>> leaks = {"cost": Leak("amount", ""), "outcome": Leak("later", "")}
    >>> put_back(leaks, ["all"], {}), sorted(put_back(leaks, ["Paid", "all"], {"cost": ["Paid"]}))
    ({'outcome'}, ['cost', 'outcome'])
    """
    called = {words(header): name for name, read in headers.items() for header in read}
    called |= {words(name): name for name in leaks}
    found: set[str] = set()
    for asked in keep:
        if asked == ALL:
            found |= {name for name, leak in leaks.items() if leak.kind == "later"}
        elif called.get(words(asked)) not in leaks:
            raise DataProblem(
                f"“{asked}” is not among the columns left out, so it cannot be put back.",
                "Name one of those the list shows.",
            )
        elif leaks[called[words(asked)]].kind in {"later", "amount"}:
            found.add(called[words(asked)])
    return found


def _by_name(stays: KnownStays, headers: Headers) -> dict[str, Leak]:
    """Return what is left out by its name or type."""
    rows = stays.rows
    names = list(map(str, rows))
    found = leaks_by_name(names, headers)
    if stays.column is not None:
        found[stays.column] = THE_STAY
    for name in names:
        if rows[name].dtype.kind == "M" and name not in {*found, "admitted"}:
            after = "admitted" in rows and bool((_days(rows[name]) > _days(rows["admitted"])).any())
            found[name] = _A_LATER_DATE if after else _A_DATE
    if "age" in names and "age_band" in names:
        found["age_band"] = _SAME_AGE
    return found


def _days(dates: pd.Series[Any]) -> pd.Series[Any]:
    midnights: pd.Series[Any] = dates.dt.normalize()
    return midnights


def _by_check(
    columns: Columns, stays: KnownStays, named: Mapping[str, Leak], headers: Headers
) -> dict[str, Leak]:
    """Return what gives itself away by its values."""
    of_file = {name: column for name, column in columns.items() if name in stays.rows}
    free = {name: column for name, column in of_file.items() if name not in named}
    own = {name: column for name, column in free.items() if name not in FIELDS}
    freely = {name: column for name, column in free.items() if name in NAMED_FREELY}
    texts = {
        name: column
        for name, column in of_file.items()
        if name in named and named[name].kind == "later" and column.dtype.kind != "f"
    }
    grouped = {name: texts[name] for name in groupers(of_file, headers) if name in texts}
    # What is worked out from dates is of before the admission by its making: it is not asked.
    return {
        **functions_of(own, texts),
        **functions_of(freely, grouped),
        **leaks_found(of_file, stays.nights, stays.rows.get("admitted")),
    }
