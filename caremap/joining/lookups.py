"""The tables that can explain another's keys: look-ups, and places with names of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from caremap.combining import Source, called
from caremap.joining.fields import personal
from caremap.joining.keys import Key, key_of
from caremap.joining.naming import plain
from caremap.schema import FIELDS

__all__ = ["Item", "Lookup", "headers_of", "lookups_of"]

_PLACES = ("facility", "department", "ward")


class Item(Protocol):
    """What joining needs of a loaded file; it may have a ``mapping`` too."""

    @property
    def kind(self) -> str:
        """One of the canonical tables."""

    @property
    def table(self) -> pd.DataFrame:
        """The canonical table."""

    @property
    def source(self) -> Source:
        """Where it came from."""


@dataclass(frozen=True, eq=False)
class Lookup:
    """A table with a row per key.

    ``items`` are the places of its files among all loaded ones, ``about`` the words of their
    names, ``headers`` what its columns are called there. Rows that are the same throughout
    count once.
    """

    kind: str
    called: str
    about: str
    table: pd.DataFrame
    headers: Mapping[str, str]
    items: tuple[int, ...]

    @cached_property
    def keys(self) -> dict[str, Key]:
        """The columns that can be its key."""
        names = [str(name) for name in self.table]
        if self.kind == "capacity":  # with two kinds of places neither is the key alone
            names = [name for name in names if name in _PLACES]
            names = names if len(names) == 1 else []
        elif self.kind != "lookup":
            names = [name for name in names if name == "facility" or name not in FIELDS]
        found = {name: key_of(self.table[name]) for name in names}
        return {name: key for name, key in found.items() if key and key.distinct >= 2}

    def brings(self, key: str, field: str | None) -> list[str]:
        """Return the columns that may be added to a table where the key is this field.

        Coordinates and head counts belong to the facility, not to each of its stays, and so
        do the numbers of a region.
        """
        if self.kind == "capacity":
            return []
        names = [str(name) for name in self.table if name != key and self.table[name].notna().any()]
        if self.kind == "facilities" or field == "region":
            names = [
                name for name in names
                if (self.kind == "lookup" or name not in FIELDS)
                and pd.api.types.is_string_dtype(self.table[name].dtype)
            ]  # fmt: skip
        people = self.kind == "facilities" or field in {"patient_id", "stay_id"}
        return [name for name in names if not personal(name, self.table[name], people)]


def headers_of(item: Item) -> dict[str, list[str]]:
    """Return what the columns of a loaded table are called in its file."""
    mapping: Mapping[str, Any] = getattr(item, "mapping", None) or {}
    found = {str(name): [plain(str(name))] for name in item.table}
    for name, value in mapping.items():
        found[name] = [value] if isinstance(value, str) else list(value)
    return found


def lookups_of(items: Sequence[Item]) -> list[Lookup]:
    """Return the look-ups among loaded files; files with the same columns are one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> units = SimpleNamespace(kind="lookup", table=pd.DataFrame({"id": ["1", "2", "2"]}),
    ...                         source=SimpleNamespace(name="units.csv"))
    >>> [(one.called, len(one.table)) for one in lookups_of([units])]
    [('“units.csv”', 2)]
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, item in enumerate(items):
        if item.kind in {"lookup", "facilities", "capacity"}:
            columns = [str(name) for name in item.table]
            alike.setdefault((item.kind, *columns), []).append(place)
    result = []
    for (kind, *_), places in alike.items():
        tables = [items[place].table for place in places]
        table = pd.concat(tables) if len(tables) > 1 else tables[0]
        if kind == "capacity":
            table = table.drop(columns=["resource", "units", "date"], errors="ignore")
        table = table.astype({str(n): "str" for n in table if table[n].dtype == object})
        headers = headers_of(items[places[0]])
        result.append(
            Lookup(
                kind,
                " and ".join(called(items[place].source) for place in places),
                " ".join(
                    f"{items[place].source.name} {getattr(items[place].source, 'sheet', '')}"
                    for place in places
                ),
                table.drop_duplicates().reset_index(drop=True),
                {name: found[0] for name, found in headers.items()},
                tuple(places),
            )
        )
    return result
