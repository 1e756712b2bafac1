"""Corrected readings, saved: a recipe is recognised when the same layout comes again.

A recipe holds what a user decided about a table and the column names of that table,
nothing else: no cell, no file name. It is a small JSON text that people keep and pass on,
so reading one trusts nothing in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from caremap.intake.dates import MONTHS, DateOrder
from caremap.intake.headers import clean_text, words
from caremap.intake.loaded import Loaded
from caremap.problems import DataProblem
from caremap.schema import FIELDS, TABLES, Kind

__all__ = ["Recipe", "fits", "read_recipe", "recipe_of", "sheet_pattern", "written"]

Wanted = AnyMapping[str, "str | Sequence[str] | None"]

VERSION = 1
LARGEST = 1 << 19
LONGEST = 200
MOST_HEADERS = 16_384
MOST_ROWS = 1_048_576
ALIKE = 0.8
"""Share of column names two layouts must have in common, of all that either of them has."""

_UNNAMED = re.compile(r"column \d+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
_PARTS = ("kind", "mapping", "dates", "decimal", "header_row", "sheet", "keep")


@dataclass(frozen=True)
class Recipe:
    """What was decided about a layout. Column names are in the form of `_normal`.

    Attributes
    ----------
    headers
        The column names of the layout.
    kind, mapping, dates, decimal, header_row, keep
        As in `caremap.open_file`; None or empty where nothing was decided.
    sheet
        Name of the sheet with numbers and months replaced: “April 2024” and “May 2024” are
        alike. Empty for text.
    """

    headers: tuple[str, ...]
    kind: Kind | None = None
    mapping: dict[str, str | list[str] | None] = field(default_factory=dict)
    dates: dict[str, DateOrder] = field(default_factory=dict)
    decimal: str | None = None
    header_row: int | None = None
    sheet: str = ""
    keep: tuple[str, ...] = ()

    @property
    def used(self) -> set[str]:
        """The column names that a decision mentions."""
        names = {name for value in self.mapping.values() for name in _several(value)}
        return names | set(self.keep) | (set(self.dates) - {"*", *FIELDS})

    @property
    def signature(self) -> str:
        """A short name of the layout: the same for the same column names in any order."""
        return _signature(self.headers)

    @property
    def decides(self) -> bool:
        """Whether it holds any decision besides the kind of table."""
        return bool(self.mapping or self.dates or self.decimal or self.keep
                    or self.header_row is not None)  # fmt: skip

    def mapping_for(self, headers: Sequence[str]) -> dict[str, str | list[str] | None]:
        """Return the mapping with the headers as this file writes them."""
        typed = _by_normal(headers)
        return {
            name: [typed[one] for one in value] if isinstance(value, list)
            else None if value is None else typed[value]
            for name, value in self.mapping.items()
        }  # fmt: skip

    def options_for(self, headers: Sequence[str]) -> dict[str, Any]:
        """Return kind, dates, decimal mark and kept columns as options for this file."""
        typed = _by_normal(headers)
        options = {
            "kind": self.kind,
            "dates": {typed.get(name, name): order for name, order in self.dates.items()},
            "decimal": self.decimal,
            "keep": tuple(typed[name] for name in self.keep),
        }
        return {name: value for name, value in options.items() if value}


def recipe_of(
    loaded: Loaded, mapping: Wanted | None = None, options: AnyMapping[str, Any] | None = None
) -> dict[str, Any]:
    r"""Return what was decided about a table as a recipe, ready for `json.dumps`.

    A choice that is about the values of one file and not about its layout (its encoding, that
    swapped dates are right or to be repaired) is left out.

    Parameters
    ----------
    loaded
        The table.
    mapping, options
        What was decided about it, as given to `caremap.open_file`.

    Examples
    --------
    >>> from caremap import open_file
    >>> text = "Ward,Admission Date,Discharge Date,Cost\nA,2024-04-01,2024-04-03,100\n"
    >>> recipe = recipe_of(open_file(text.encode()), {"department": "Ward"})
    >>> recipe["layout"]["headers"], recipe["choices"]["mapping"]
    (['ward', 'admission date', 'discharge date', 'cost'], {'department': 'ward'})
    """
    headers = [column.header for column in loaded.columns]
    normal = {header: name for name, header in _by_normal(headers).items()}
    decided = dict(options or {})
    dates = decided.get("dates") or {}
    dates = {"*": dates} if isinstance(dates, str) else dict(dates)
    choices = {
        "kind": decided.get("kind") or loaded.kind,
        "mapping": {
            name: normal[value] if isinstance(value, str)
            else None if value is None else [normal[one] for one in value]
            for name, value in (mapping or {}).items()
        },
        "dates": {
            normal.get(name, name): order for name, order in dates.items() if order in _ORDERS
        },
        "decimal": decided.get("decimal"),
        "header_row": decided.get("header_row"),
        "sheet": sheet_pattern(loaded.source.sheet),
        "keep": [normal[header] for header in _several(decided.get("keep")) if header in normal],
    }  # fmt: skip
    names = list(normal.values())
    return {
        "caremap_choices": VERSION,
        "layout": {"signature": _signature(names), "headers": names},
        "choices": {name: value for name, value in choices.items() if value not in (None, "")},
    }


def written(recipe: AnyMapping[str, Any]) -> bytes:
    """Return a recipe as the bytes of a file."""
    return json.dumps(recipe, ensure_ascii=False, indent=1).encode()


def fits(recipe: Recipe | AnyMapping[str, Any] | bytes, headers: Sequence[str]) -> bool:
    """Say whether a table has the layout of a recipe.

    The same column names in any order; or all names that a decision mentions, and at least
    80 % of all names in common. A layout with less than two column names is never recognised:
    two tables of five unnamed columns have nothing in common.

    Examples
    --------
    >>> recipe = Recipe(("ward", "beds", "date"), mapping={"department": "ward"})
    >>> fits(recipe, ["Date", "WARD", "Beds"]), fits(recipe, ["Ward", "Doctor", "Date"])
    (True, False)
    """
    known = recipe if isinstance(recipe, Recipe) else read_recipe(recipe)
    ours, theirs = set(known.headers), set(_by_normal(headers))
    named = [name for name in ours if not _UNNAMED.fullmatch(name)]
    if len(named) < 2 or not known.used <= theirs:
        return False
    return ours == theirs or len(ours & theirs) >= ALIKE * len(ours | theirs)


def read_recipe(given: Recipe | AnyMapping[str, Any] | bytes | str) -> Recipe:
    """Check a saved recipe and return it.

    Raises
    ------
    DataProblem
        It is no recipe, or holds anything a recipe does not.

    Examples
    --------
    >>> try:
    ...     read_recipe(b"[1, 2]")
    ... except DataProblem as problem:
    ...     print(problem.message)
    This is not a file of saved choices.
    """
    if isinstance(given, Recipe):
        return given
    told = _parsed(given)
    if told.get("caremap_choices") != VERSION or isinstance(told["caremap_choices"], bool):
        raise _strange("it was written by another version", "Save the choices again.")
    if set(told) != {"caremap_choices", "layout", "choices"}:
        raise _strange("it has parts that are not known")
    layout, choices = told["layout"], told["choices"]
    if not isinstance(layout, AnyMapping) or set(layout) != {"signature", "headers"}:
        raise _strange("its layout is not readable")
    if not isinstance(choices, AnyMapping) or not set(choices) <= set(_PARTS):
        raise _strange("it has choices that are not known")
    headers = _names(layout["headers"], "its column names")
    if not headers or len(set(headers)) != len(headers):
        raise _strange("its column names are missing or repeated")
    if layout["signature"] != _signature(headers):
        raise _strange("its column names were changed by hand")
    kind = choices.get("kind")
    if kind is not None and not (isinstance(kind, str) and kind in TABLES):
        raise _strange("its kind of table is not known")
    recipe = Recipe(
        headers=tuple(headers),
        kind=kind,
        mapping=_mapping(choices.get("mapping", {}), kind),
        dates=_dates(choices.get("dates", {})),
        decimal=_one_of(choices.get("decimal"), (None, ".", ","), "its decimal mark"),
        header_row=_row(choices.get("header_row")),
        sheet=_names([choices.get("sheet", "")], "the name of its sheet")[0],
        keep=tuple(_names(choices.get("keep", []), "the columns it keeps")),
    )
    if not recipe.used <= set(headers):
        raise _strange("it uses columns that its layout does not have")
    return recipe


def _parsed(given: AnyMapping[str, Any] | bytes | str) -> AnyMapping[str, Any]:
    told: Any = given
    if isinstance(given, bytes | str):
        if len(given) > LARGEST:
            raise _strange(f"it is larger than {LARGEST >> 10} kB")
        try:
            told = json.loads(given)
        except (ValueError, RecursionError):
            raise _strange("it is not readable") from None
    if not isinstance(told, AnyMapping) or "caremap_choices" not in told:
        raise DataProblem(
            "This is not a file of saved choices.",
            "Choices are saved on the Data page as caremap_choices_….json. A table has to be CSV "
            "or Excel.",
        )
    return told


def _strange(what: str, hint: str = "") -> DataProblem:
    return DataProblem(
        f"The saved choices cannot be used: {what}.", hint or "Save them again on the Data page."
    )


def _names(given: Any, what: str) -> list[str]:
    if not isinstance(given, list | tuple) or len(given) > MOST_HEADERS:
        raise _strange(f"{what} are not a list, or too many")
    for name in given:
        if not isinstance(name, str) or len(name) > LONGEST or _CONTROL.search(name):
            raise _strange(f"{what} are not plain text of at most {LONGEST} characters")
    return list(given)


def _mapping(given: Any, kind: str | None) -> dict[str, str | list[str] | None]:
    if not isinstance(given, AnyMapping):
        raise _strange("its mapping is not one of fields to columns")
    known = set(TABLES[kind].fields) if kind else set(FIELDS)  # type: ignore[index]
    result: dict[str, str | list[str] | None] = {}
    for name, value in given.items():
        if name not in known:
            raise _strange("it matches fields that its kind of table does not have")
        several = _names(_several(value), "the columns it matches")
        if value is None or isinstance(value, str):
            result[name] = value
        elif several:
            result[name] = several
        else:
            raise _strange("the columns it matches are missing")
    return result


def _dates(given: Any) -> dict[str, DateOrder]:
    if not isinstance(given, AnyMapping):
        raise _strange("its orders of dates are not readable")
    _names(list(given), "the columns of its dates")
    return {name: _one_of(order, _ORDERS, "an order of dates") for name, order in given.items()}


def _one_of(value: Any, known: Sequence[Any], what: str) -> Any:
    if not isinstance(value, str | None) or value not in known:
        raise _strange(f"{what} is not known")
    return value


def _row(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and not (whole and 0 <= value <= MOST_ROWS):
        raise _strange("its header row is not a row number")
    return value  # type: ignore[no-any-return]


def _several(value: Any) -> list[Any]:
    if value is None or isinstance(value, str):
        return [] if value is None else [value]
    return list(value) if isinstance(value, Sequence) else [value]


def _normal(header: str) -> str:
    """The form in which names of columns are compared; scripts without Latin letters stay."""
    text = words(header) if header.isascii() else ""
    plain = _CONTROL.sub("", clean_text(header)).casefold()
    return (text or plain)[: LONGEST - 8]


def _by_normal(headers: Sequence[str]) -> dict[str, str]:
    """Normal form to header, a repeated form numbered in the order of the file."""
    result: dict[str, str] = {}
    for header in headers[:MOST_HEADERS]:
        name, count = _normal(header), 1
        while (key := name if count == 1 else f"{name} ({count})") in result:
            count += 1
        result[key] = header
    return result


def _signature(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def sheet_pattern(sheet: str) -> str:
    """The name of a sheet with what changes from file to file replaced."""
    parts = re.split(r"(\d+|[^\W\d_]+)", clean_text(sheet).casefold())
    told = "".join("#" if part.isdigit() or part in MONTHS else part for part in parts)
    return _CONTROL.sub("", told)[:LONGEST]
