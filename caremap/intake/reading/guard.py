"""Nothing but a DataProblem leaves the reading layer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from caremap.problems import DataProblem

__all__ = ["guarded"]

P = ParamSpec("P")
R = TypeVar("R")


def guarded(function: Callable[P, R]) -> Callable[P, R]:
    """Turn whatever `function` raises into a DataProblem that carries nothing of the file.

    Exceptions of parsers and codecs hold pieces of their input in their message or attributes.
    They are dropped altogether, not chained, so that no log that prints contexts can show them.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except DataProblem as known:
            problem = DataProblem(known.message, known.hint)
        except MemoryError:
            problem = DataProblem(
                "There is not enough memory to read this file.",
                "Leave out columns or split the file by year, then try again.",
            )
        except Exception as unexpected:  # noqa: BLE001 - the promise of this layer
            problem = DataProblem(
                f"The file could not be read ({type(unexpected).__name__}).",
                "Open it in a spreadsheet program, save it as CSV or XLSX and try again.",
            )
        raise problem

    return wrapper
