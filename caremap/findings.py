"""What CareMap noticed about a file or a network, in words a user can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Severity"]

Severity = Literal["error", "warning", "info"]
"""How much a finding matters: a figure is lost, a figure may be wrong, good to know."""


@dataclass(frozen=True)
class Finding:
    """One thing noticed, with where it was noticed.

    Attributes
    ----------
    code
        Stable short name, for tests and for grouping: ``ambiguous-dates``.
    severity
        ``error`` where a figure cannot be had, ``warning`` where one may mislead,
        ``info`` for a choice that was made and can be switched.
    message
        One or two plain sentences. Quotes no value that could identify a person.
    column
        Header of the column it is about, where it is about one.
    rows
        Source rows it is about, counted from 1.

    Examples
    --------
    >>> finding = Finding("negative-stay", "warning", "2 stays end before they begin.", rows=(4, 9))
    >>> finding.severity, finding.rows, finding.column
    ('warning', (4, 9), None)
    """

    code: str
    severity: Severity
    message: str
    column: str | None = None
    rows: tuple[int, ...] = ()
