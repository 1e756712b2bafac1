"""Where a table came from, and how it is called in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import pandas as pd

__all__ = ["Source", "Tables", "called", "headers_of", "labels", "sheet_of"]


class Source(Protocol):
    """Where a table came from; a sheet of a workbook has a ``sheet`` too."""

    @property
    def name(self) -> str:
        """Name of the file."""

    @property
    def digest(self) -> str:
        """Digest of its bytes."""


Tables = Sequence[tuple[Source, pd.DataFrame]]
"""Where each table came from, and the table."""


def sheet_of(origin: Source) -> str:
    """Return the sheet a table came from, empty for text."""
    return str(getattr(origin, "sheet", None) or "")


def called(origin: Source) -> str:
    """Return how a table is called in a sentence."""
    sheet = sheet_of(origin)
    return f"“{origin.name}”, sheet “{sheet}”" if sheet else f"“{origin.name}”"


def labels(origins: Sequence[Source]) -> list[str]:
    """Return what tells tables apart: the name of the file, and of several its sheet too.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sheets = [SimpleNamespace(name="a.xlsx", sheet=sheet) for sheet in ("North", "South")]
    >>> labels([*sheets, SimpleNamespace(name="b.csv")])
    ['a.xlsx, sheet North', 'a.xlsx, sheet South', 'b.csv']
    """
    names = [origin.name for origin in origins]
    return [
        f"{origin.name}, sheet {sheet_of(origin)}"
        if names.count(origin.name) > 1 and sheet_of(origin)
        else origin.name
        for origin in origins
    ]


def headers_of(items: Iterable[Any]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the headers each field was read from, by table and field.

    Parameters
    ----------
    items
        Loaded tables with their ``kind`` and, where they come from a file, their ``mapping``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> headers_of([SimpleNamespace(kind="stays", mapping={"cost": ["Room", "Board"]})])
    {('stays', 'cost'): ('Room', 'Board')}
    """
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for item in items:
        for name, headers in getattr(item, "mapping", {}).items():
            several = (headers,) if isinstance(headers, str) else tuple(headers)
            known = found.get((item.kind, name), ())
            found[item.kind, name] = tuple(dict.fromkeys((*known, *several)))
    return found
