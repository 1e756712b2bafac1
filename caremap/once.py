"""What was worked out once of a table, and is not worked out again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from inspect import signature
from typing import Any

import pandas as pd

__all__ = ["remembered"]


def remembered(
    known: dict[Hashable, tuple[Any, Any]],
    name: str,
    rows: Any,
    work: Callable[..., Any],
    given: tuple[Any, ...],
    named: Mapping[str, Any],
) -> Any:
    """Return what ``work`` gives for the rows of a table, from ``known`` where it is there.

    Other rows under the same name begin anew. See `caremap.Dataset.once`.

    Examples
    --------
    >>> known = {}
    >>> remembered(known, "stays", [1, 2], sum, (), {}), len(known)
    (3, 1)
    """
    asked = signature(work).bind(rows, *given, **named)
    asked.apply_defaults()
    key = (name, work, _fixed(asked.args[1:]), _fixed(asked.kwargs))
    held = known.get(key)
    if held is None or held[0] is not rows:
        held = known[key] = (rows, work(rows, *given, **named))
    result = held[1]
    # A frame is lent as a copy of its own, which takes memory only where it is written to.
    return result.copy(deep=False) if isinstance(result, pd.DataFrame) else result


def _fixed(value: Any) -> Hashable:
    """Return an argument as something that can be looked up."""
    if isinstance(value, Mapping):
        return tuple((name, _fixed(item)) for name, item in sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_fixed, value))
    hash(value)
    return value  # type: ignore[no-any-return]
