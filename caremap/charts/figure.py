"""What every chart comes with: a message, what was measured, words, and its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import altair as alt
import pandas as pd

__all__ = ["INK", "Chart", "Figure", "Plot", "Quantity"]

Chart = alt.Chart | alt.LayerChart | alt.HConcatChart | alt.VConcatChart

INK = alt.ExprRef(
    "contrast(background, 'white') > contrast(background, 'black') ? 'white' : 'black'"
)
"""Words in a chart: legible on whatever is behind them, in either theme and on paper."""


class Quantity(Protocol):
    """What a chart must know of a measure; `caremap.measures.Measure` is one."""

    @property
    def name(self) -> str:
        """Its column in a figure frame."""

    @property
    def title(self) -> str:
        """Its name on the screen."""

    @property
    def unit(self) -> str:
        """What the number counts; ``%`` is written behind the number."""

    @property
    def denominator(self) -> str:
        """What it is divided by, in words; empty where nothing is."""

    @property
    def kind(self) -> Literal["flow", "ratio", "stock"]:
        """Flows add up and start at zero; ratios and stocks do not."""

    @property
    def decimals(self) -> int:
        """How many decimals to show."""


@dataclass(frozen=True)
class Plot:
    """How a spreadsheet program draws the table of a figure as a chart of its own.

    Attributes
    ----------
    kind
        Bars lie, columns stand; a ring shows parts of a whole.
    category
        The column of the table that names the bars, points or parts.
    values
        The columns to draw, each a series.
    """

    kind: Literal["bars", "columns", "line", "ring"]
    category: str
    values: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Figure:
    """A chart with everything that goes with it, on the screen, on paper and in a file.

    Attributes
    ----------
    name
        Its name in file names and keys: lower case with underscores.
    title
        The message, in one sentence that holds the main number: "Surgery admits most".
    subtitle
        Measure, unit, period and n.
    chart
        The drawing, without title or subtitle: these are drawn as text on the screen and
        put over the picture where it is exported. Readable from 340 pixels on.
    alt
        What it shows, in words, for those who cannot see it.
    table
        The same numbers, with headers for people that hold the units.
    notes
        What was left out or must be known to read it right, in sentences.
    plot
        How the table is drawn in a workbook; None where no chart of a spreadsheet program
        shows it.
    """

    name: str
    title: str
    subtitle: str
    chart: Chart
    alt: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()
    plot: Plot | None = None
