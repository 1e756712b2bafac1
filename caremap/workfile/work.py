"""What a work file holds, as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

__all__ = ["VERSION", "Beds", "Counting", "Work", "WorkFile", "WorkTable"]

VERSION = 1


@dataclass(frozen=True)
class WorkTable:
    """What was decided about one table of a file, as `caremap.open_file` takes it.

    Attributes
    ----------
    sheet
        The sheet, or the table on it; None for text.
    mapping
        Field to column, to several columns, or to None for no column.
    options
        The other decisions.
    recalled
        Where they come from if they were made before, in words.
    within
        Whether it is one of several tables read from the same columns.
    """

    sheet: str | None = None
    mapping: dict[str, str | list[str] | None] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    recalled: str = ""
    within: bool = False


@dataclass(frozen=True)
class WorkFile:
    """One uploaded file: its name, its bytes, its tables.

    ``encodings`` are those its text could be in, ``sample`` says that it is of the invented
    sample network.
    """

    name: str
    data: bytes = field(repr=False)
    tables: tuple[WorkTable, ...] = (WorkTable(),)
    encodings: tuple[str, ...] = ()
    sample: bool = False


@dataclass(frozen=True)
class Counting:
    """How figures are counted: see `caremap.measures.headline`; ``target`` is in minutes."""

    same_day: int = 0
    overnight_only: bool = False
    cost_date: str = "discharged"
    target: int = 240


@dataclass(frozen=True)
class Beds:
    """Staffed beds typed in: one number, or a number per place of one level."""

    beds: float | dict[str, float]
    level: str = "facility"


@dataclass(frozen=True)
class Work:
    """Everything a session holds.

    Attributes
    ----------
    files
        In the order of their arrival.
    filters
        ``facility``, ``department`` and ``region`` to the names kept.
    start, end, as_of
        The reporting period and the as-of date, None where they are not set.
    counting
        How figures are counted.
    beds
        Beds typed in.
    picked
        What the Breakdown page is narrowed to: column to names.
    scenarios
        The scenarios of the Scenarios page, as the text a link carries; empty where none was
        changed.
    """

    files: tuple[WorkFile, ...]
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    start: dt.date | None = None
    end: dt.date | None = None
    as_of: dt.date | None = None
    counting: Counting = field(default_factory=Counting)
    beds: Beds | None = None
    picked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    scenarios: str = ""
