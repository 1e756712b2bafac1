"""Lanes: a group in each, its name and figures in words, and one scale across all of them.

The width of a page reaches a layered chart alone, so everything lies where expressions on it
say: on a wide screen names stand beside their lane, on a narrow one over it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd

from caremap.charts.fitting import fit, text_width, wrap
from caremap.charts.look import INKED, words

__all__ = ["LANE", "LOW_LANE", "PAIR_LANE", "Across", "Lanes", "in_pairs", "pair"]

Across = Callable[[str], alt.X]
"""The scale of the lanes, for a column."""

LANE = 46
"""Pixels of a lane."""
LOW_LANE = 36
"""Pixels of a lane where there are many: still two lines of a name, or a name over a mark."""
PAIR_LANE = 52
"""Pixels of a lane whose name is a pair: two lines over a mark."""
_NAME_FONT = 13
_ARROW, _SIGN = " → ", 22  # between the ends of a pair, and its pixels
_BESIDE = 184  # pixels a line of a name has beside its lane
_FOOT = 22  # pixels below the lanes, for the words of a line across them
_NAMES = 200
_NARROW = 318  # pixels there are on a telephone
_WIDE = "width >= 560"
_MARGIN = 10  # pixels of the scale at either end

_Lines = Callable[[str, float, int], list[str]]
"""A name as lines: of so many pixels, so many at most."""


def _lines(name: str, pixels: float, most: int) -> list[str]:
    return wrap(name, pixels, _NAME_FONT, most) if most > 1 else [fit(name, pixels, _NAME_FONT)]


def pair(start: str, end: str) -> str:
    """Name two ends at once.

    Examples
    --------
    >>> pair("Kent", "Auburn")
    'Kent → Auburn'
    """
    return f"{start.replace(_ARROW, ' ')}{_ARROW}{end.replace(_ARROW, ' ')}"


def in_pairs(name: str, pixels: float, most: int) -> list[str]:
    """Break a pair into a line for each end, so that neither loses its name to the other.

    Examples
    --------
    >>> in_pairs("Kent → Auburn", 184, 1)
    ['Kent', '→ Auburn']
    """
    del most  # two lines over a lane too: `PAIR_LANE` has the room
    start, end = name.split(_ARROW, 1)
    return [fit(start, pixels, _NAME_FONT), "→ " + fit(end, pixels - _SIGN, _NAME_FONT)]


class Lanes:
    """Where the lanes of a chart lie, and what is written in them.

    Parameters
    ----------
    names
        Of the groups, from the top.
    figures
        What is written at the right of each.
    title_of_names
        What a group is.
    head
        Pixels over the first lane, for keys; an expression on the width.
    lane
        Pixels from one lane to the next.
    lines
        How a name is broken into lines of so many pixels, two beside its lane and one over it;
        by itself between words. What must not be cut may take two over it, in a higher lane.
    """

    def __init__(
        self,
        names: Sequence[str],
        figures: Sequence[str],
        title_of_names: str,
        head: str = "0",
        *,
        lane: int = LANE,
        lines: _Lines = _lines,
    ) -> None:
        beside = [lines(name, _BESIDE, 2) for name in names]
        above = [
            lines(name, _NARROW - text_width(figure, _NAME_FONT) - 12, 1)
            for name, figure in zip(names, figures, strict=True)
        ]
        self.written = pd.DataFrame(
            {
                "row": range(len(names)),
                "name": list(names),
                "figures": list(figures),
                "beside": ["\n".join(lines) for lines in beside],
                "above": ["\n".join(lines) for lines in above],
                "lines": [len(lines) for lines in beside],
                "over": [len(lines) for lines in above],
            }
        )
        self._aside = max((text_width(figure, _NAME_FONT) for figure in figures), default=0) + 16
        self._title = title_of_names
        self._head = head
        self.height = lane * len(names) + _FOOT

    def down(self, wide: float, narrow: float, less: str = "0") -> alt.Value:
        """Return how far down, in shares of a lane from its top, less so many pixels."""
        lane = f"((height - {_FOOT} - {self._head}) / {max(len(self.written), 1)})"
        share = f"(datum.row + ({_WIDE} ? {wide} : {narrow}))"
        return alt.value(alt.ExprRef(f"{self._head} + {share} * {lane} - {less}"))

    @property
    def foot(self) -> alt.Value:
        """Below the last lane."""
        return alt.value(alt.ExprRef(f"height - {_FOOT}"))

    def across(
        self, domain: tuple[float, float], axis: dict[str, Any], *, log: bool = False
    ) -> Across:
        """Return the scale all lanes share, between the names and the figures."""
        start = f"({_WIDE} ? {_NAMES + _MARGIN} : {_MARGIN})"
        end = f"width - ({_WIDE} ? {self._aside + _MARGIN:.0f} : {_MARGIN})"
        scale = alt.Scale(
            type="log" if log else "linear", domain=list(domain), nice=False, zero=False,
            range=[alt.ExprRef(start), alt.ExprRef(end)], padding=0,
        )  # fmt: skip
        options: dict[str, Any] = {
            "orient": "top", "grid": True, "domain": False, "labelPadding": 6,
            "labelFlush": False, "labelOverlap": "greedy", "labelSeparation": 6,
            "titleFontSize": 12, "titlePadding": 8, "titleLimit": 0, **INKED, **axis,
        }  # fmt: skip
        return lambda field: alt.X(f"{field}:Q", axis=alt.Axis(**options), scale=scale)

    def texts(self, said: pd.Series, drawn: pd.Series) -> list[alt.Chart]:
        """Return the names and the figures of every lane.

        Where nothing is ``drawn`` in a lane, its figures speak for it: ``said`` is the sentence.
        """
        rows = self.written.assign(said=said.to_numpy())
        tooltip = [
            alt.Tooltip("name:N", title=self._title),
            alt.Tooltip("figures:N", title="Figures"),
        ]
        mark = words(
            size=_NAME_FONT, lineBreak="\n", baseline="middle",
            align=alt.ExprRef(f"{_WIDE} ? 'right' : 'left'"),
        )  # fmt: skip
        first = "(datum.over - 1) * 7.5"
        names = alt.Chart(rows, mark=mark).encode(
            x=alt.value(alt.ExprRef(f"{_WIDE} ? {_NAMES - 10} : 0")),
            y=self.down(0.5, 0.26, f"({_WIDE} ? (datum.lines - 1) * 7.5 : {first})"),
            text=alt.value(alt.ExprRef(f"{_WIDE} ? datum.beside : datum.above")),
            tooltip=tooltip,
        )
        charts = [names]
        for part, alone in ((rows[drawn.to_numpy()], False), (rows[~drawn.to_numpy()], True)):
            if len(part):
                mark = words(size=_NAME_FONT, align="right", baseline="middle", aria=alone)
                figures = alt.Chart(part, mark=mark).encode(
                    x=alt.value(alt.ExprRef("width")),
                    y=self.down(0.5, 0.26, f"({_WIDE} ? 0 : {first})"),
                    text="figures:N",
                    description="said:N",
                    tooltip=tooltip,
                )
                charts.append(figures)
        return charts
