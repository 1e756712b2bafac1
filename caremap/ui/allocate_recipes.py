"""How the figures of the Allocate page come about, each from an allocation worked out already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from caremap import charts
from caremap.charts import Figure
from caremap.planning import Allocation
from caremap.ui.allocate_asked import Asked
from caremap.ui.recipes import Recipe, settled

__all__ = ["all_of", "limits", "places", "sent"]


def _marked(asked: Asked, figure: Figure) -> Figure:
    """Return a figure that says of itself that it is of an example: pictures travel alone."""
    if not asked.example:
        return figure
    return replace(figure, subtitle=f"{figure.subtitle} · an invented example")


def places(asked: Asked, made: Allocation) -> Recipe:
    """What each place receives of what it needs."""

    def allocation_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        made = charts.allocation_figure(
            found,
            units=asked.units,
            title_of_place=asked.place,
            wanted=asked.wanted,
            got=asked.got,
        )
        return _marked(asked, made)

    return settled(f"{asked.use}_places", asked.digest, made.places, allocation_figure)


def sent(asked: Asked, made: Allocation) -> Recipe:
    """What goes where."""

    def sent_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        return _marked(asked, charts.sent_figure(found, units=asked.units, verb=asked.got))

    return settled(f"{asked.use}_sent", asked.digest, _told_apart(made.sent), sent_figure)


def _told_apart(sent: pd.DataFrame) -> pd.DataFrame:
    """Return what is sent with the group and the period in the name of who receives it."""
    frame = sent
    for name in ("group", "period"):
        if name in sent:
            told = sent[name].fillna("").astype("str")
            frame = frame.assign(
                to=frame["to"].astype("str") + told.where(told.eq(""), ", " + told)
            )
    return frame.drop(columns=["group", "period"], errors="ignore")


def limits(asked: Asked, made: Allocation) -> Recipe:
    """What one more of each limit would do."""

    def limits_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        unit = made.value_unit.partition(" (")[0]
        return _marked(asked, charts.limits_figure(found, value_unit=unit))

    return settled(f"{asked.use}_limits", asked.digest, made.limits, limits_figure)


def all_of(asked: Asked, made: Allocation) -> Iterator[Recipe]:
    """Give every figure there is something for, in the order of the page."""
    if len(made.places):
        yield places(asked, made)
    if len(made.sent):
        yield sent(asked, made)
    if len(made.limits):
        yield limits(asked, made)
