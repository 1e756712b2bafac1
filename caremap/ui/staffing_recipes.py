"""How the figures of the Staffing page come about, each from a plan already worked out.

Staff, people of a population and moves are no patients: nothing of them is hidden. Where staff is
shared out by patients, bed-days or visits, the need is a count of patients and hidden as any other.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from caremap import charts
from caremap.charts import Figure
from caremap.ui.plan import COUNTED, Staffing
from caremap.ui.recipes import Recipe, settled

__all__ = ["curve", "moves", "sites"]


def _of(
    made: Staffing, name: str, frame: pd.DataFrame, draw: Callable[..., Figure], told: str = ""
) -> Recipe:
    return settled(name, f"{made.asked.settings} {told}", frame, draw)


def sites(made: Staffing, role: str) -> Recipe:
    """Need per staff member of each facility, before and after."""
    need = made.need
    counted = COUNTED.get(made.asked.need)
    frame = made.sites[made.sites["role"].eq(role)].reset_index(drop=True)

    def sites_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        named = found.rename(columns={counted: "need"}) if counted else found
        return charts.sites_figure(named, role, need_title=need.title, need_unit=need.unit)

    if counted:
        frame = frame.rename(columns={"need": counted})
    return _of(made, f"staff_{role}", frame, sites_figure, role)


def moves(made: Staffing) -> Recipe:
    """Who moves where."""

    def moves_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        return charts.moves_figure(found)

    shown = made.plan.moves[["from", "to", "role", "staff", "km"]]
    return _of(made, "moves", shown, moves_figure)


def curve(made: Staffing, frame: pd.DataFrame) -> Recipe:
    """Fairness against the number of people moved."""
    chosen = int(made.plan.totals["moved"])
    if made.tells_of_few:  # with the staff of the worst off its ratio is its need
        frame = frame.assign(worst_ratio=float("nan"))

    def moves_curve_figure(found: pd.DataFrame, *, period: str) -> Figure:
        del period
        return charts.moves_curve_figure(found, chosen)

    return _of(made, "moves_curve", frame, moves_curve_figure, str(chosen))
