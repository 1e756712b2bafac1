"""What the tests of charts look at: layers, their data, and that a chart compiles."""

from __future__ import annotations

import json
from typing import Any

import vl_convert
from hypothesis import strategies as st

from caremap.charts import Figure

Spec = dict[str, Any]
Row = dict[str, Any]

# Names as files bring them: markup, quotes, emoji, other scripts, control characters, very long.
NAMES = st.one_of(
    st.sampled_from(
        [
            "ICU",
            "<b>Ward</b> & \"B\" 'C'",
            "🏥 Ward",
            "外科病棟",
            "a\\n|b",
            "x" * 400,
            "",
            "Unknown",
        ]
    ),
    st.text(max_size=12),
    st.none(),
)
NUMBERS = st.one_of(
    st.floats(0, 200),
    st.sampled_from([0.0, 1e-9, 1e12, 1e300, float("nan"), float("inf"), -5.0]),
)


def specification(figure: Figure) -> Spec:
    drawn: Spec = figure.chart.to_dict()
    return drawn


def layers(drawn: Spec, mark: str) -> list[Spec]:
    return [layer for layer in drawn["layer"] if layer["mark"]["type"] == mark]


def rows(drawn: Spec, layer: Spec) -> list[Row]:
    found: list[Row] = drawn["datasets"][layer.get("data", drawn.get("data"))["name"]]
    return found


def coloured(drawn: Spec) -> list[Row]:
    """The cells or blocks that have a colour."""
    return [
        row
        for layer in layers(drawn, "rect")
        if "color" in layer["encoding"]
        for row in rows(drawn, layer)
    ]


def texts(drawn: Spec, field: str = "figure") -> list[str]:
    return [
        row[field]
        for layer in layers(drawn, "text")
        if layer["encoding"].get("text", {}).get("field") == field
        for row in rows(drawn, layer)
    ]


def compiles(figure: Figure, width: int = 340) -> str:
    """The figure as SVG; every text of it is text."""
    drawn = specification(figure) | {"width": width}
    drawn["autosize"] = {"type": "fit", "contains": "padding"}
    svg: str = vl_convert.vegalite_to_svg(json.dumps(drawn, ensure_ascii=True))
    assert "NaN" not in svg.split("aria-label")[0]
    assert all([figure.name, figure.title, figure.subtitle, figure.alt])
    assert len(figure.table)
    return svg
