"""How the figures of the scenarios come about, each from a run already worked out.

A scenario is an estimate: nothing of it is a count of patients who were there, so nothing is
hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from caremap import charts
from caremap.charts import Figure
from caremap.charts.scenario_gap import GAPS
from caremap.ui.outlook import Outlook
from caremap.ui.recipes import Recipe, settled
from caremap.ui.scenario_work import Made
from caremap.ui.text import days_between

__all__ = ["census", "compared", "days_of", "differences"]


def days_of(of: Outlook) -> str:
    """Return the days of a forecast, in words."""
    dates = of.forecast.frame["date"]
    return days_between(dates.iloc[0], dates.iloc[-1])


def _of(made: Made, name: str, frame: pd.DataFrame, draw: Callable[..., Figure], **more: Any
) -> Recipe:  # fmt: skip
    return settled(name, made.settings, frame, draw, period=days_of(made.outlook), **more)


def census(made: Made) -> Recipe:
    """Patients at midnight, scenario by scenario, beside the beds."""
    return _of(made, "scenarios", made.run.daily, charts.scenarios_figure)


def differences(made: Made, figure: str) -> Recipe:
    """Each scenario less the baseline, in one figure of the summary."""

    def scenario_gap_figure(found: pd.DataFrame, *, period: str) -> Figure:
        return charts.scenario_gap_figure(found, figure, period=period)

    return _of(made, f"difference_{figure}", made.run.differences, scenario_gap_figure)


def compared(made: Made) -> dict[str, str]:
    """Return the figures scenarios differ in that are known: name and title."""
    known = made.run.differences.notna().any()
    return {name: told[0] for name, told in GAPS.items() if known.get(name, False)}
