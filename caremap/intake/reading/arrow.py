"""The few Arrow constructors this layer needs, free of the stubs' overloads per type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Array", "ChunkedArray", "chunked", "missing", "texts"]

Array: TypeAlias = "pa.Array[Any]"
ChunkedArray: TypeAlias = "pa.ChunkedArray[Any]"
STRING: Any = pa.string()


def missing(count: int, type_: Any = STRING) -> Array:
    """Return `count` nulls."""
    nulls: Array = pa.nulls(count, type_)
    return nulls


def chunked(arrays: Sequence[Array], type_: Any = STRING) -> ChunkedArray:
    """Return arrays of one type as one column, without copying."""
    return pa.chunked_array(list(arrays), type_)


def texts(values: Sequence[str | None]) -> Array:
    """Return strings as an Arrow array; the empty one is null."""
    array: Array = pa.array([value or None for value in values], STRING)
    return array
