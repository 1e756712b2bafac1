"""A network of hospitals as one value: its tables, its as-of date, its period and filters.

A `Dataset` is what intake hands to every measure, forecast and plan. It never changes:
filtering it, or typing in bed counts, gives a new one. It does not calculate figures;
that is `caremap.measures`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, TypeVar

import pandas as pd

from caremap.combining import Source, headers_of, put_together, stays_against_counts
from caremap.days import stray_days, usual_days
from caremap.filtering import UNKNOWN, Values, kept, period_from, with_regions
from caremap.findings import Finding
from caremap.joining import join
from caremap.once import remembered
from caremap.problems import DataProblem

__all__ = ["UNKNOWN", "Dataset", "LoadedTable", "Source"]

P = ParamSpec("P")
T = TypeVar("T")

_TABLES = ("stays", "activity", "facilities", "staff", "capacity", "population")
_PLACES = ("facility", "department", "region")


class LoadedTable(Protocol):
    """What `Dataset.of` needs of a loaded file: `caremap.intake` makes them."""

    @property
    def kind(self) -> str:
        """One of the canonical tables."""

    @property
    def table(self) -> pd.DataFrame:
        """The canonical table."""

    @property
    def findings(self) -> Sequence[Finding]:
        """What was noticed while reading it."""

    @property
    def source(self) -> Source:
        """Where it came from."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of one network, and how they are looked at.

    Attributes
    ----------
    stays, activity, facilities, staff, capacity, population
        The canonical tables, None where no file gave one. A table that cannot answer for
        the filters in force (it lacks the filtered column) is None too, and `lost` says why.
    lookups
        Every look-up table; `lookup` is the first.
    findings
        What was noticed while reading and putting together.
    period
        First and last day of the reporting period, either of them None where it is open;
        None where no period was set. No row is dropped for it.
    filters
        The filters in force: column to the names kept.
    sources
        Where the tables came from.
    beds
        Staffed beds typed in by the user: one row per place, columns of the place and
        ``units``; None where none were typed in. They override the files' counts.
    lost
        Table to the plain reason it was left out by a filter.
    whole
        The dataset before any filter: what the files cover is read from it.
    headers
        What the columns were called in the files: of a table and a field, the headers it was
        read from. Empty for tables made by hand.

    Examples
    --------
    >>> import pandas as pd
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-04-01", "2024-04-28"]),
    ...                       "facility": ["North", "South"]})
    >>> dataset = Dataset(stays=stays)
    >>> dataset.as_of
    Timestamp('2024-04-28 00:00:00')
    >>> len(dataset.filtered(facility=["North"]).stays), len(dataset.stays)
    (1, 2)
    """

    stays: pd.DataFrame | None = None
    activity: pd.DataFrame | None = None
    facilities: pd.DataFrame | None = None
    staff: pd.DataFrame | None = None
    capacity: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    lookups: tuple[pd.DataFrame, ...] = ()
    findings: tuple[Finding, ...] = ()
    period: tuple[pd.Timestamp | None, pd.Timestamp | None] | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    sources: tuple[Source, ...] = ()
    beds: pd.DataFrame | None = None
    lost: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    whole: Dataset | None = field(default=None, repr=False)
    headers: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _known: dict[Hashable, tuple[Any, Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, *loaded: LoadedTable | Sequence[LoadedTable]) -> Dataset:
        """Put loaded files together into one network.

        Parameters
        ----------
        loaded
            Loaded files, or lists of them; several of one kind are put one under the other.
            A row that another file of the kind repeats is kept once where a stay or patient
            number identifies it; every other overlap is a finding. Look-ups whose key is
            unique add their columns to the tables that have the key, and their names take
            the place of the codes of departments and the like (see `caremap.joining`).

        Examples
        --------
        >>> Dataset.of().as_of is None
        True
        """
        items = _flat(loaded)
        findings: list[Finding] = []
        tables: dict[str, pd.DataFrame] = {}
        for kind in _TABLES:
            named = [(item.source, item.table) for item in items if item.kind == kind]
            if named:
                tables[kind], noticed = put_together(kind, named)
                findings.extend(noticed)
                findings.extend(stray_days(tables[kind], {"stays": "admitted"}.get(kind, "date")))
        joined = join(tables, items)
        apart = stays_against_counts(joined.tables.get("stays"), joined.tables.get("activity"))
        of_files = [
            finding
            for place, item in enumerate(items)
            for finding in item.findings
            if not (place in joined.items and finding.code == "no-page")
        ]
        return cls(
            **joined.tables,  # type: ignore[arg-type]
            lookups=tuple(item.table for item in items if item.kind == "lookup"),
            findings=(*of_files, *findings, *joined.findings, *apart),
            sources=tuple(item.source for item in items),
            headers=headers_of(items),
        )

    @property
    def lookup(self) -> pd.DataFrame | None:
        """The first look-up table."""
        return self.lookups[0] if self.lookups else None

    @property
    def as_of(self) -> pd.Timestamp | None:
        """The last admission date of the files; of counts, their last date; None if undated.

        A few dates far after all others are taken for errors, see `usual_days`. Stays with
        discharge dates alone give their last discharge date.

        Filters do not move it: a department without recent admissions had none.
        """
        return None if self.span is None else self.span[1]

    @property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """The first and the last day the files hold, by the dates `as_of` goes by."""
        unfiltered = self.whole or self
        stays, activity = unfiltered.stays, unfiltered.activity
        for table, column in ((stays, "admitted"), (activity, "date"), (stays, "discharged")):
            if table is not None and column in table and table[column].notna().any():
                kind = "activity" if table is activity else "stays"
                return unfiltered.once(kind, _usual_days, column)
        return None

    def filtered(
        self,
        *,
        facility: str | Sequence[str] | None = None,
        department: str | Sequence[str] | None = None,
        region: str | Sequence[str] | None = None,
        start: object = None,
        end: object = None,
    ) -> Dataset:
        """Return the part of the network with these names, reported over this period.

        Parameters
        ----------
        facility, department, region
            Names to keep, or one; None or an empty list keeps all, ``"Unknown"`` keeps rows without
            a name, and names that do not exist leave nothing. A table without the column
            cannot answer for the filter and is left out (see `lost`).
        start, end
            First and last day of the reporting period. No row is dropped for them.

        Raises
        ------
        caremap.DataProblem
            Where a day cannot be read or the period ends before it starts.

        Examples
        --------
        >>> Dataset().filtered(start="2024-04-01").period
        (Timestamp('2024-04-01 00:00:00'), None)
        """
        result = self
        for column, names in zip(_PLACES, (facility, department, region), strict=True):
            if names:
                several = [names] if isinstance(names, str) else names
                result = result.keeping(column, several)
        period = period_from(self.period, start, end)
        return result if period == self.period else replace(result, period=period)

    def with_beds(
        self,
        beds: float | Mapping[str, float],
        by: Literal["facility", "department", "ward"] = "facility",
    ) -> Dataset:
        """Return the network with staffed beds as typed in by the user.

        Parameters
        ----------
        beds
            One number for everything in view, or a number per place.
        by
            What the names in ``beds`` are, where it is a mapping.

        Raises
        ------
        caremap.DataProblem
            Where a number of beds is negative or not a number.

        Examples
        --------
        >>> Dataset().with_beds({"North": 40, "South": 20}).beds.to_dict("list")
        {'facility': ['North', 'South'], 'units': [40.0, 20.0]}
        """
        given = pd.Series(list(beds.values()) if isinstance(beds, Mapping) else [beds])
        counts = pd.to_numeric(given, errors="coerce").astype("float64")
        if not counts.between(0, float("inf"), inclusive="left").all():
            raise DataProblem("A number of beds is negative or missing.", "Type 0 or more.")
        table = pd.DataFrame({"units": counts})
        if isinstance(beds, Mapping):
            table.insert(0, by, pd.Series([str(name) for name in beds], dtype="str"))
        typed = Finding(
            "beds-typed-in", "info", "Staffed beds were typed in, they are not from a file."
        )
        others = tuple(item for item in self.findings if item.code != typed.code)
        lost = {table: why for table, why in self.lost.items() if table != "beds"}
        return replace(self, beds=table, findings=(*others, typed), lost=MappingProxyType(lost))

    def options(self, column: str) -> list[str]:
        """Return the names a filter on the column can offer, sorted.

        Where neither stays nor counts name one, those of facilities, staff and beds are offered.

        Examples
        --------
        >>> import pandas as pd
        >>> Dataset(stays=pd.DataFrame({"ward": ["B", "A", None, "B"]})).options("ward")
        ['A', 'B']
        """
        found: set[str] = set()
        patients = self._patients_have(column)
        for kind in ("stays", "activity") if patients else ("facilities", "staff", "capacity"):
            table = getattr(self, kind)
            if table is not None and column in table:
                found.update(self.once(kind, _names, column))
        return sorted(found, key=lambda name: (name.casefold(), name))

    def once(
        self,
        table: str,
        work: Callable[Concatenate[Any, P], T],
        *given: P.args,
        **named: P.kwargs,
    ) -> T:
        """Return what ``work`` gives for a table, worked out the first time only.

        A dataset never changes, so neither does what follows from its rows: what several
        figures are made of, or every rerun of a page asks for, is counted once. Datasets of
        the same rows (another period, other typed-in beds) share what is known, one of other
        rows begins anew; it is no part of a pickle. Two threads that ask at the same time may
        both do the work, and get the same.

        Parameters
        ----------
        table
            Name of the table.
        work
            A function of the table that changes nothing, such as a reduction.
        given, named
            Its other arguments. What is known is never forgotten: columns and switches, which
            are few, may stand here; days of a period, of which there is no end, may not.

        Returns
        -------
        Any
            What ``work`` returns. A frame may be changed by who asked; nothing else may be.

        Examples
        --------
        >>> import pandas as pd
        >>> dataset = Dataset(stays=pd.DataFrame({"cost": [1.0, 2.0]}))
        >>> dataset.once("stays", lambda stays, name: float(stays[name].sum()), "cost")
        3.0
        """
        rows = getattr(self, table)
        result: T = remembered(self._known, table, rows, work, given, named)
        return result

    def __getstate__(self) -> dict[str, Any]:
        """Read-only mappings cannot be pickled: write them as plain ones."""
        plain = {"filters": dict(self.filters), "lost": dict(self.lost), "_known": {}}
        return {**self.__dict__, **plain}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make them read-only again."""
        for name in ("filters", "lost"):
            state[name] = MappingProxyType(state[name])
        self.__dict__.update(state)

    def keeping(self, column: str, names: Sequence[str], values: Values | None = None) -> Dataset:
        """Return the network with only the rows that carry one of the names in a column.

        Every table is filtered; one that lacks the column cannot answer and is left out (see
        `lost`), but for the places themselves. ``values`` says how to find the column where it
        is not there under its name, see `caremap.filtering.kept`.

        Examples
        --------
        >>> import pandas as pd
        >>> wards = Dataset(stays=pd.DataFrame({"ward": ["B", "A", None]}))
        >>> wards.keeping("ward", ["A", "Unknown"]).stays["ward"].tolist()
        ['A', nan]
        """
        asked = tuple(dict.fromkeys(map(str, names)))
        whole = self.whole or self
        tables, lost = kept(self._tables("beds"), whole.facilities, column, asked, values)
        held = self.filters.get(column)
        both = asked if held is None else tuple(name for name in asked if name in held)
        return replace(
            self,
            **tables,  # type: ignore[arg-type]
            filters=MappingProxyType({**self.filters, column: both}),
            lost=MappingProxyType({**self.lost, **lost}),
            whole=whole,
            _known={},
        )

    def _tables(self, *more: str) -> dict[str, pd.DataFrame | None]:
        return {kind: getattr(self, kind) for kind in (*_TABLES, *more)}

    def with_regions(self) -> Dataset:
        """Return the network with the regions of its facilities beside stays and counts.

        Where these name regions of their own nothing changes: a patient's is another thing.

        Examples
        --------
        >>> import pandas as pd
        >>> network = Dataset(stays=pd.DataFrame({"facility": ["North", "Elsewhere"]}),
        ...                   facilities=pd.DataFrame({"facility": ["North"], "region": ["Up"]}))
        >>> network.with_regions().stays["region"].tolist()
        ['Up', nan]
        """
        whole = self.whole or self
        found = with_regions(self._tables(), whole.facilities)
        if not found:
            return self
        unfiltered = None if self.whole is None else self.whole.with_regions()
        return replace(self, **found, whole=unfiltered, _known={})  # type: ignore[arg-type]

    def _patients_have(self, column: str) -> bool:
        return any(table is not None and column in table for table in (self.stays, self.activity))


def _usual_days(table: pd.DataFrame, column: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    return usual_days(table[column])


def _names(table: pd.DataFrame, column: str) -> list[str]:
    """Return the distinct names in a column; few of them, so that they alone become text."""
    return [str(name) for name in table[column].dropna().unique()]


def _flat(loaded: Sequence[Any]) -> list[LoadedTable]:
    """Return the loaded files one by one; what is none is refused."""
    items = [one for item in loaded for one in (item if isinstance(item, list | tuple) else [item])]
    if not all(hasattr(item, "kind") and hasattr(item, "table") for item in items):
        raise DataProblem("This is not a loaded file.", "Open it with open_file first.")
    return items
