"""Look-ups joined to the tables of a network on their keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.intake.derive import some_rows
from caremap.joining.fields import FOLLOWS, as_field, recognised
from caremap.joining.keys import fit
from caremap.joining.links import Link, Tables, best_key, enough, links_of
from caremap.joining.lookups import Item, Lookup, headers_of, lookups_of
from caremap.joining.naming import CODED, names_column, plain
from caremap.schema import FIELDS, TABLES, Table

__all__ = ["Joined", "join"]

_KINDS: Mapping[str, Table] = {str(name): item for name, item in TABLES.items()}


@dataclass(frozen=True)
class Joined:
    """The tables with what look-ups add, what was noticed, and which items were joined."""

    tables: dict[str, pd.DataFrame]
    findings: list[Finding]
    items: frozenset[int]


@dataclass(frozen=True, eq=False)
class _Names:
    """Names that take the place of codes of a field."""

    field: str
    look: Lookup
    key: str
    column: str


def join(tables: Mapping[str, pd.DataFrame], items: Sequence[Item]) -> Joined:
    """Join look-ups to the tables whose columns hold their keys.

    No row is added, dropped or moved, and no value that is there is changed, but for codes
    of departments and the like: their names take their place in every table.

    Parameters
    ----------
    tables
        The canonical tables by kind, each in one piece.
    items
        All loaded files; look-ups among them, and tables of facilities or of what places
        have, that name their places, are joined.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> stays = pd.DataFrame({"department": ["ED", "MED", "ED"]})
    >>> units = SimpleNamespace(
    ...     kind="lookup", source=SimpleNamespace(name="departments.csv"),
    ...     table=pd.DataFrame({"id": ["ED", "MED"], "name": ["Emergency", "Medicine"]}))
    >>> join({"stays": stays}, [units]).tables["stays"]["department"].tolist()
    ['Emergency', 'Medicine', 'Emergency']
    """
    headers: dict[str, dict[str, list[str]]] = {}
    for item in items:
        for name, found in headers_of(item).items():
            held = headers.setdefault(item.kind, {}).setdefault(name, [])
            held.extend(one for one in found if one not in held)
    work = Tables(tables, headers)
    pending = lookups_of(items) if tables else []
    findings: list[Finding] = []
    names: list[_Names] = []
    used: set[int] = set()
    while pending:  # a look-up may hold the key of another one
        left = []
        for look in pending:
            links = links_of(look, work)
            key = best_key(look, links)
            if key is None or look.keys[key].repeats:
                left.append(look)
                continue
            noticed, named = _joined(look, key, links, work)
            findings += noticed
            names += named
            if noticed or named:
                used.update(look.items)
        if len(left) == len(pending):
            break
        pending = left
    for look in pending:
        findings += _unjoined(look, work)
    findings += _renamed(names, work)
    return Joined(work.frames, findings, frozenset(used))


def _joined(
    look: Lookup, key: str, links: Sequence[Link], work: Tables
) -> tuple[list[Finding], list[_Names]]:
    """Add what a look-up brings to every table with its keys."""
    chosen = {link.kind: link for link in links if link.key == key and enough(link)}
    fields = {link.column for link in chosen.values() if link.column in FIELDS}
    for kind, frame in work.frames.items():  # the same field holds the same codes everywhere
        for field in sorted(fields & set(frame)) if kind not in chosen else []:
            main = work.key(kind, field)
            met = fit(main, look.keys[key]) if main else None
            if main and met and met.found:
                chosen[kind] = Link(kind, field, key, True, main, met, field)
    findings: list[Finding] = []
    names = []
    for field in [field for field in CODED if field in fields]:
        used = [link.fit.entry for link in chosen.values() if link.column == field]
        column = _names_in(look, key, field)
        if column and _can_name(look, key, column, np.concatenate(used)):
            names.append(_Names(field, look, key, column))
    for link in chosen.values():
        if link.kind != look.kind:
            findings += _added(look, link, {one.column for one in names}, work)
    return findings, names


def _names_in(look: Lookup, key: str, field: str) -> str | None:
    """Return the column of a look-up with the names of what its key stands for."""
    called = {look.headers.get(str(name), str(name)): str(name) for name in look.table}
    header = names_column(look.headers.get(key, key), list(called), field)
    return called[header] if header else None


def _can_name(look: Lookup, key: str, column: str, entries: np.ndarray[Any, Any]) -> bool:
    """Whether nearly every code that occurs has a name, no two have one, and it says more."""
    values = look.table[column]
    if not pd.api.types.is_string_dtype(values.dtype):
        return False
    entries = np.unique(entries[entries >= 0])
    found = values.iloc[entries].dropna()
    codes = look.table[key].iloc[entries].astype("str")
    longer = found.str.len().mean() >= codes.str.len().mean()
    return bool(len(found) >= 0.9 * len(entries) and found.is_unique and longer)


def _added(look: Lookup, link: Link, names: set[str], work: Tables) -> list[Finding]:
    """Add the columns of a look-up to one table, and say what was joined."""
    frame, findings = work.frames[link.kind], []
    place = np.append(link.fit.entry, -1)[link.main.codes]
    follows = [
        name for name in FOLLOWS.get(link.field or "", ())
        if look.kind == "lookup" and name != link.column
        and (name in _KINDS[link.kind].fields or name == "region")
        and (not FIELDS[name].nature and FIELDS[name].type != "money" or not link.main.repeats)
    ]  # fmt: skip
    brought = look.brings(link.key, link.field)
    known = recognised(look.table[brought], follows) if follows else {}
    if link.field in CODED and (title := _names_in(look, link.key, link.field)):
        known = {name: field for name, field in known.items() if name != title}
        if link.column != link.field and _can_name(look, link.key, title, link.fit.entry):
            known = {n: f for n, f in known.items() if f != link.field} | {title: link.field}
    new: dict[str, pd.Series[Any]] = {}
    for name in [name for name in brought if name not in names]:
        field, values = known.get(name), look.table[name]
        if field:
            values, noticed = as_field(values, field, plain(name))
            findings += [replace(one, rows=()) for one in noticed]
        column = field or name
        taken = values.reindex(place).set_axis(frame.index)
        if column in frame and frame[column].notna().any():
            # The region of a patient is not the region of the facility.
            if field and (field != "region" or link.field in {"patient_id", "stay_id", "zip"}):
                findings += _disagreeing(look, link, column, frame, taken)
        elif taken.notna().any():
            new[column] = taken
    if not new and not findings:
        return []
    work.add(link.kind, new)
    return [*_told(look, link, place, list(new), frame), *findings]


def _told(
    look: Lookup, link: Link, place: np.ndarray[Any, Any], new: list[str], frame: pd.DataFrame
) -> list[Finding]:
    found = int((place >= 0).sum())
    title, header = _titled(link.kind), plain(look.headers.get(link.key, link.key))
    idle = look.keys[link.key].distinct - len(np.unique(place[place >= 0]))
    adds = ", ".join(f"“{plain(name)}”" for name in new) or "nothing new"
    message = (
        f"{look.called} is joined to the {title} on “{header}”: {found:,} of {len(place):,} rows "
        f"have an entry. It adds {adds}."
    )
    if idle:
        message += f" Of its {look.keys[link.key].distinct:,} entries {idle:,} are not used."
    findings = [Finding("joined", "info", message, header)]
    missing = place < 0
    if look.kind == "lookup" and missing.sum() > 0.01 * len(place):
        message = (
            f"{int(missing.sum()):,} of {len(place):,} rows of the {title} have no entry in "
            f"{look.called} under “{header}”: what it adds is missing there."
        )
        findings.append(
            Finding("join-unmatched", "warning", message, header, _rows(frame, missing))
        )
    return findings


def _disagreeing(
    look: Lookup, link: Link, column: str, frame: pd.DataFrame, taken: pd.Series[Any]
) -> list[Finding]:
    """Say where a look-up says something else than the table, whose own values stay."""
    own, other = frame[column], taken
    both = np.array(own.notna() & other.notna())
    if pd.api.types.is_numeric_dtype(own.dtype) and pd.api.types.is_numeric_dtype(other.dtype):
        first, second = (one[both].astype("float64") for one in (own, other))
        differs = ~np.isclose(first, second)
    else:
        texts = [one[both].astype("str").str.strip().str.casefold() for one in (own, other)]
        differs = (texts[0] != texts[1]).to_numpy()
    if not differs.any():
        return []
    both[np.flatnonzero(both)[~differs]] = False
    message = (
        f"In {int(both.sum()):,} rows {look.called} says something else for “{plain(column)}” "
        f"than the {_titled(link.kind)}, whose own value is kept."
    )
    return [Finding("join-disagrees", "warning", message, plain(column), _rows(frame, both))]


def _rows(frame: pd.DataFrame, mask: np.ndarray[Any, Any]) -> tuple[int, ...]:
    return some_rows(np.asarray(frame.get("source_row", frame.index))[mask])


def _titled(kind: str) -> str:
    return _KINDS[kind].title.lower()


def _unjoined(look: Lookup, work: Tables) -> list[Finding]:
    """Say why a look-up with a key that other tables have is not joined."""
    named = [link for link in links_of(look, work) if link.named]
    if look.kind != "lookup" or not named:
        return []
    link = max(named, key=lambda link: look.keys[link.key].distinct)
    key, header = look.keys[link.key], plain(look.headers.get(link.key, link.key))
    title = _titled(link.kind)
    if key.repeats and enough(link):
        message = (
            f"{look.called} is not joined to the {title}: {key.repeats:,} of {key.distinct:,} "
            f"values of “{header}” have several rows that differ, for example for different "
            f"periods or sites, so it does not say which one belongs to a row."
        )
        return [Finding("lookup-key-repeats", "warning", message, header)]
    message = (
        f"{look.called} is not joined to the {title}: only {link.fit.found:,} of "
        f"{link.main.distinct:,} values under “{header}” have an entry in it."
    )
    return [Finding("lookup-no-fit", "warning", message, header)]


def _renamed(names: Sequence[_Names], work: Tables) -> list[Finding]:
    """Put names in the place of codes, in every table that has the field."""
    findings = []
    for one in names:
        texts = one.look.table[one.column]
        told = []
        for kind, frame in work.frames.items():
            main = work.key(kind, one.field) if one.field in frame else None
            met = fit(main, one.look.keys[one.key]) if main else None
            if main is None or met is None or not met.found:
                continue
            place = np.append(met.entry, -1)[main.codes]
            taken = texts.reindex(place).set_axis(frame.index)
            work.add(kind, {one.field: taken.where(taken.notna(), frame[one.field])})
            told.append(_titled(kind))
        if told:
            message = (
                f"{FIELDS[one.field].title}: the names in {one.look.called} "
                f"(“{plain(one.look.headers.get(one.column, one.column))}”) take the place of "
                f"the codes, in: {', '.join(told)}."
            )
            findings.append(Finding("names-for-codes", "info", message, one.field))
    return findings
