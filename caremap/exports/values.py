"""Frames as headers and values, and values as text: the same in every kind of file."""

from __future__ import annotations

import math
from collections.abc import Hashable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from caremap.exports.guard import Guard

__all__ = ["columns", "has_time", "number", "text_of"]


def columns(frame: pd.DataFrame, guard: Guard) -> list[tuple[str, pd.Series]]:
    """Return every header with its values, by position: headers may repeat."""
    index = frame.index
    named = any(name is not None for name in index.names)
    levels = [
        (_header(name, guard), pd.Series(index.get_level_values(at)))
        for at, name in enumerate(index.names)
        if named
    ]
    return levels + [
        (_header(name, guard), frame.iloc[:, at]) for at, name in enumerate(frame.columns)
    ]


def _header(name: Hashable, guard: Guard) -> str:
    parts = name if isinstance(name, tuple) else (name,)
    return guard(": ".join(filter(None, (text_of(part, has_time(part)) for part in parts))))


def text_of(value: Any, timed: bool) -> str:
    """Return a value as text, the same for a number in any kind of column."""
    match value:
        case str():
            return value
        case bool() | np.bool_():
            return str(bool(value))
        case int() | np.integer():
            return str(int(value))
        case float() | np.floating():
            return number(float(value))
        case _ if pd.api.types.is_scalar(value) and pd.isna(value):
            return ""
        case Decimal() if value.is_finite():
            return f"{value:f}"
        case datetime():
            said = value.isoformat(sep=" ")
            return said if timed else said.split(" ")[0]
        case date():
            return value.isoformat()
    return str(value)


def number(value: float, digits: int = 15) -> str:
    """Return a number as people write it: no exponent where the size is an ordinary one.

    Examples
    --------
    >>> number(0.1 + 0.2), number(1e20), number(float("nan"))
    ('0.3', '100000000000000000000', '')
    """
    if math.isnan(value):
        return ""
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    shown = f"{value:.{digits}g}"
    return f"{Decimal(shown):f}" if 1e-9 <= abs(value) < 1e21 else shown


def has_time(value: object) -> bool:
    """Whether a value is a moment that is more than a day."""
    if not isinstance(value, datetime) or pd.isna(value):
        return False
    nanosecond = getattr(value, "nanosecond", 0)
    return value.time() != time.min or value.tzinfo is not None or nanosecond != 0
