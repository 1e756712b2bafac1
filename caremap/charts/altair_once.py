"""Altair without work it does many times over: a chart is checked whole, when it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from altair.utils import schemapi

__all__ = ["work_once"]


def work_once() -> None:
    """Have Altair check a chart once, and make its table of classes once.

    It checks every piece of a chart against the schema of Vega-Lite when it is made, for better
    tracebacks, and the whole chart when it is drawn, which is what counts. And for every channel
    given as text or as a value (``text="figure:N"``, ``y=alt.value(0)``) it writes the schemas of
    its six hundred classes as JSON, to look one up: five milliseconds each, half of what
    a chart took.

    Examples
    --------
    >>> import altair as alt
    >>> work_once()
    >>> alt.Chart(mark="bar").encode(x="beds:Q").to_dict()["encoding"]
    {'x': {'field': 'beds', 'type': 'quantitative'}}
    """
    schemapi.disable_debug_mode()
    schemapi._FromDict.__init__ = _init  # type: ignore[method-assign]


_make = schemapi._FromDict.__init__


@cache
def _table(classes: tuple[type[schemapi.SchemaBase], ...]) -> dict[int, list[Any]]:
    made = schemapi._FromDict.__new__(schemapi._FromDict)
    _make(made, classes)
    return made.class_dict


def _init(self: schemapi._FromDict, classes: Iterable[type[schemapi.SchemaBase]], /) -> None:
    self.class_dict = _table(tuple(classes))
