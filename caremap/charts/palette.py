"""The light theme's colours, for pictures: there is no browser to bring them.

The screen takes its colours from ``.streamlit/config.toml``; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

__all__ = ["CATEGORICAL", "DIVERGING", "GRID", "INK_ON_PAPER", "PAPER", "QUIET", "SEQUENTIAL"]
__all__ += ["paper_look"]

PAPER = "#ffffff"
INK_ON_PAPER = "#06181f"
QUIET = "#4d6670"
GRID = "#c3d6da"
CATEGORICAL = ("#0b7285", "#bf7325", "#1d2254", "#c5256d", "#0f91d3", "#7844bb", "#664610")
SEQUENTIAL = (
    "#e3f3f5", "#c8e6ea", "#a9d7de", "#86c5cf", "#62b1bf",
    "#3f9cad", "#228799", "#0b7285", "#085a6a", "#06414d",
)  # fmt: skip
DIVERGING = (
    "#8a4a0c", "#ad6218", "#cc8340", "#e2ab78", "#f3d6b8",
    "#c8e6ea", "#8cc9d2", "#4ba4b4", "#1a8193", "#085f70",
)  # fmt: skip


def paper_look() -> dict[str, Any]:
    """Return the Vega-Lite configuration of a chart on paper: what Streamlit sets on the screen.

    Examples
    --------
    >>> paper_look()["background"]
    '#ffffff'
    """
    words = {"labelColor": INK_ON_PAPER, "titleColor": INK_ON_PAPER}
    return {
        "background": PAPER,
        "font": "sans-serif",
        "range": {
            "category": list(CATEGORICAL),
            "diverging": list(DIVERGING),
            "ramp": list(SEQUENTIAL),
            "heatmap": list(SEQUENTIAL),
        },
        "axis": {
            **words, "labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal",
            "gridColor": GRID, "domain": False, "ticks": False, "labelPadding": 8,
        },
        "axisDiscrete": {"grid": False},
        "legend": {**words, "labelFontSize": 12, "titleFontSize": 13, "titleFontWeight": "normal"},
        "header": {**words, "labelFontSize": 12, "titleFontSize": 13},
        "mark": {"color": CATEGORICAL[0]},
        "text": {"color": INK_ON_PAPER},
        "bar": {"discreteBandSize": {"band": 0.85}},
        "view": {"stroke": "transparent"},
    }  # fmt: skip
