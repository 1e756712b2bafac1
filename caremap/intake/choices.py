"""What a caller may decide instead of intake: the ``options`` of `open_file`, checked."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from caremap.intake.numerals import Mark
from caremap.problems import DataProblem
from caremap.schema import TABLES, Kind

__all__ = ["Choices", "DateChoice"]

DateChoice = Literal["day-first", "month-first", "repair", "as-read"]
"""What can be decided about dates: their order, or what to do where part of them is swapped."""


@dataclass(frozen=True)
class Choices:
    """What a caller may decide instead of intake, from ``options``.

    Attributes
    ----------
    dates
        ``day-first`` or ``month-first``; ``repair`` to swap day and month back in rows where
        other columns show that they are swapped, ``as-read`` to confirm that they are right.
        For all date columns, or a mapping of header to it.
    kind
        The table the sheet is.
    header_row
        The row of the header, counted from 1; 0 for a table that has none.
    keep
        Headers kept although they seem to identify people.
    decimal
        ``.`` or ``,``.
    encoding, separator
        Of a text file.
    """

    dates: dict[str, DateChoice] = field(default_factory=dict)
    kind: Kind | None = None
    header_row: int | None = None
    keep: tuple[str, ...] = ()
    decimal: Mark | None = None
    encoding: str | None = None
    separator: str | None = None

    @classmethod
    def of(cls, options: AnyMapping[str, Any] | None) -> Choices:
        """Check options and return them as choices.

        Raises
        ------
        DataProblem
            An option or its value is unknown.
        """
        given = dict(options or {})
        known = set(cls.__dataclass_fields__)
        for name in given:
            if name not in known:
                raise DataProblem(
                    f"There is no option “{name}”.", f"Options are: {', '.join(sorted(known))}."
                )
        dates = given.pop("dates", None) or {}
        dates = {"*": dates} if isinstance(dates, str) else dict(dates)
        if not set(dates.values()) <= set(get_args(DateChoice)):
            raise DataProblem(
                "The order of dates is unknown.", f"Use {', '.join(get_args(DateChoice))}."
            )
        if given.get("kind") not in {None, *TABLES}:
            raise DataProblem("That kind of table is unknown.", f"Kinds: {', '.join(TABLES)}.")
        if given.get("decimal") not in {None, ".", ","}:
            raise DataProblem("The decimal mark is unknown.", "Use . or ,")
        row = given.get("header_row")
        if row is not None and (not isinstance(row, int) or isinstance(row, bool) or row < 0):
            raise DataProblem(
                "The header row is not a row number.", "Rows count from 1; 0: no header."
            )
        keep = given.get("keep") or ()
        given["keep"] = (keep,) if isinstance(keep, str) else tuple(keep)
        return cls(dates=dates, **given)
