"""Which column of which table holds the keys of a look-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from caremap.intake.headers import words
from caremap.intake.matching import name_score
from caremap.joining.keys import Fit, Key, fit, key_of
from caremap.joining.lookups import Lookup
from caremap.joining.naming import CODED, KEY_WORDS, WEAK, agree, stems
from caremap.schema import FIELDS

__all__ = ["Link", "Tables", "best_key", "links_of"]

_SAMPLE = 200
_JOINED = ("stays", "activity", "staff", "capacity", "facilities")
_TYPES = {"identifier", "category"}


@dataclass(frozen=True, eq=False)
class Link:
    """A column of a table whose values are keys of a look-up.

    ``named`` says that the headers agree, ``field`` what the keys are, where that is known.
    """

    kind: str
    column: str
    key: str
    named: bool
    main: Key
    fit: Fit
    field: str | None


class Tables:
    """The tables of a network while look-ups are joined to them."""

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], headers: Mapping[str, Mapping[str, list[str]]]
    ) -> None:
        self.frames, self._headers = dict(tables), headers
        self._keys: dict[tuple[str, str], Key | None] = {}

    def headers(self, kind: str, column: str) -> list[str]:
        """Return what a column is called in its files."""
        return self._headers.get(kind, {}).get(column, [column])

    def key(self, kind: str, column: str) -> Key | None:
        """Return a column as keys, or None where it cannot be."""
        if (kind, column) not in self._keys:
            self._keys[kind, column] = key_of(self.frames[kind][column])
        return self._keys[kind, column]

    def add(self, kind: str, columns: Mapping[str, pd.Series[Any]]) -> None:
        """Add columns to a table."""
        self.frames[kind] = self.frames[kind].assign(**columns)

    def candidates(self, kind: str) -> list[str]:
        """Return the columns of a table that can hold keys."""
        return [
            str(name)
            for name in self.frames[kind]
            if name not in {"source", "source_row"}
            and (name not in FIELDS or FIELDS[str(name)].type in _TYPES)
        ]


def links_of(look: Lookup, tables: Tables) -> list[Link]:
    """Return every column that holds keys of a look-up: at most one per key and table."""
    found: list[Link] = []
    for key, entries in look.keys.items():
        for kind in [kind for kind in _JOINED if kind in tables.frames]:
            links = [
                link
                for column in tables.candidates(kind)
                if (link := _link(look, key, entries, tables, kind, column))
            ]
            if links:
                found.append(max(links, key=lambda link: (link.named, link.fit.share)))
    return found


def _link(
    look: Lookup, key: str, entries: Key, tables: Tables, kind: str, column: str
) -> Link | None:
    field = column if column in FIELDS else None
    header, headers = look.headers.get(key, key), tables.headers(kind, column)
    named = (key == column and field is not None) or agree(header, look.about, headers, field)
    if not named and not (entries.telling and _overlaps(tables.frames[kind][column], entries)):
        return None
    main = tables.key(kind, column)
    if main is None or not main.distinct:
        return None
    met = fit(main, entries)
    if not named and not (main.telling and met.share >= 0.9 and met.found >= 5):
        return None
    if named and not met.found:
        return None
    field = field or _meant(headers)
    return Link(kind, column, key, named, main, met, field)


def _meant(headers: Sequence[str]) -> str | None:
    """Return the field a column of codes is about: “dept_code” is about departments."""
    for header in headers:
        about = " ".join(token for token in words(header).split() if token not in KEY_WORDS)
        for text in (header, about):
            for name in CODED:
                if text not in {"", "id", "name"} and name_score(text, FIELDS[name]) >= WEAK:
                    return name
    return None


def _overlaps(values: pd.Series[Any], entries: Key) -> bool:
    """Whether a few values of a column are keys: a cheap test before all are compared."""
    places = np.linspace(0, len(values) - 1, min(_SAMPLE, len(values))).astype("int64")
    some = key_of(values.iloc[places])
    if some is None or not some.distinct:
        return False
    known = pc.is_in(some.form(1), value_set=entries.form(1))
    return bool((pc.sum(known.cast(pa.int64())).as_py() or 0) >= 0.8 * some.distinct)


def enough(link: Link) -> bool:
    """Whether so many keys fit that the column and the look-up belong together.

    A look-up may hold more than the table has, or only the part of it that matters; small
    whole numbers fit anything, so nearly all of the table's have to be there.
    """
    if link.main.coded:
        return link.fit.share >= 0.8
    return link.fit.share >= 0.5 or (link.fit.used >= 0.5 and link.fit.found >= 2)


def best_key(look: Lookup, links: Sequence[Link]) -> str | None:
    """Return the key a look-up is joined on: unique if any is, called like one, further left."""
    order = list(look.keys)

    def worth(link: Link) -> tuple[bool, bool, bool, float, int]:
        header = look.headers.get(link.key, link.key)
        code = len(stems(header)) < len(set(words(header).split()))
        return (
            look.keys[link.key].repeats == 0, link.named, code, link.fit.share,
            -order.index(link.key),
        )  # fmt: skip

    fitting = [link for link in links if enough(link)]
    return max(fitting, key=worth).key if fitting else None
