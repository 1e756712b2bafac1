"""A figure as a picture on white paper, drawn in this process: no browser, font or network.

In pixels for slides and letters, in lines for the report and for print.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import vl_convert

from caremap.charts.figure import Figure
from caremap.charts.fitting import wrap
from caremap.charts.palette import INK_ON_PAPER, PAPER, QUIET, paper_look
from caremap.charts.vectors import harmless

__all__ = ["to_png", "to_svg"]

_WIDTH = 1000
_MARGIN = 24
_MOST_LINES = 6  # of title, subtitle or footer: longer ones end in an ellipsis
_SPACING = 20  # between charts side by side
_BEYOND = re.compile("[\U00010000-\U0010ffff]")  # characters that UTF-16 splits in two
# What no drawing may hold: a control character in a picture ends the whole process.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SIZE = re.compile(r'<svg[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')
_Styled = tuple[str, int, int, str]  # words, font size, weight, colour


def to_png(figure: Figure, *, scale: float = 2, footer: str = "") -> bytes:
    """Return a figure as a picture: title, subtitle and footer around the chart, on white.

    Parameters
    ----------
    figure
        What to draw.
    scale
        Pixels of the picture per pixel of the drawing, which is 1,000 wide.
    footer
        What it was made from: "Source: stays.csv, as of 30 April 2024".

    Returns
    -------
    bytes
        A PNG file.

    Examples
    --------
    >>> import altair as alt, pandas as pd
    >>> bars = alt.Chart(pd.DataFrame({"ward": ["ICU"], "beds": [9]})).mark_bar()
    >>> figure = Figure("beds", "ICU has 9 beds", "Beds", bars.encode(x="beds", y="ward"), "",
    ...                 pd.DataFrame())
    >>> to_png(figure)[1:4]
    b'PNG'
    """
    return bytes(vl_convert.svg_to_png(_paper(figure, footer), scale=scale))


def to_svg(figure: Figure, *, footer: str = "") -> bytes:
    """Return the same picture as lines and letters, sharp at any size.

    Parameters
    ----------
    figure
        What to draw.
    footer
        What it was made from.

    Returns
    -------
    bytes
        An SVG file in UTF-8 that may also stand in a page. It holds shapes and words alone:
        nothing that runs, is fetched or followed, whatever the names in a file are.

    Examples
    --------
    >>> import altair as alt, pandas as pd
    >>> bars = alt.Chart(pd.DataFrame({"ward": ["ICU"], "beds": [9]})).mark_bar()
    >>> figure = Figure("beds", "ICU has 9 beds", "Beds", bars.encode(x="beds", y="ward"), "",
    ...                 pd.DataFrame())
    >>> b"<title>ICU has 9 beds</title>" in to_svg(figure)
    True
    """
    title, description = (_printable(text) for text in (figure.title, figure.alt))
    return harmless(_paper(figure, footer), title, description)


def _paper(figure: Figure, footer: str) -> str:
    """Return title, subtitle, chart and footer as one drawing."""
    head = [
        *_lines(figure.title, 22, 700, INK_ON_PAPER),
        *_lines(figure.subtitle, 14, 400, QUIET),
    ]
    return _page(head, _drawn(figure), _lines(footer, 12, 400, QUIET))


def _lines(text: str, size: int, weight: int, colour: str) -> list[_Styled]:
    room = (_WIDTH - 2 * _MARGIN) * (0.93 if weight > 400 else 1)  # bold words are wider
    lines = wrap(text, room, size, _MOST_LINES, sentence=True) if text.strip() else []
    return [(line, size, weight, colour) for line in lines]


def _page(head: Sequence[_Styled], chart: tuple[str, float, float], foot: Sequence[_Styled]) -> str:
    """Return a drawing of the whole page."""
    y = float(_MARGIN)
    parts: list[str] = []
    for line in head:
        y += _height(line)
        parts.append(_text(line, y))
    y += 16
    drawing, width, height = chart
    shrunk = min(1.0, (_WIDTH - 2 * _MARGIN) / width)
    parts.append(f'<g transform="translate({_MARGIN},{y:.1f}) scale({shrunk:.4f})">{drawing}</g>')
    y += height * shrunk + (8 if foot else 0)
    for line in foot:
        y += _height(line)
        parts.append(_text(line, y))
    y = round(y + _MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{_WIDTH}" height="{y}" viewBox="0 0 {_WIDTH} {y}">'
        f'<rect width="{_WIDTH}" height="{y}" fill="{PAPER}"/>{"".join(parts)}</svg>'
    )


def _height(line: _Styled) -> float:
    return line[1] * 1.35


def _text(line: _Styled, y: float) -> str:
    words, size, weight, colour = line
    return (
        f'<text x="{_MARGIN}" y="{y - size * 0.3:.1f}" font-family="sans-serif" font-size="{size}" '
        f'font-weight="{weight}" fill="{colour}">{escape(words)}</text>'
    )


def _drawn(figure: Figure) -> tuple[str, float, float]:
    """Return the chart as SVG with its width and height."""
    spec = _sized(_clean(figure.chart.to_dict(validate=False)), _WIDTH - 2 * _MARGIN)
    drawing = _svg(spec)
    size = _SIZE.search(drawing)
    width, height = map(float, size.groups()) if size else (_WIDTH, 400.0)
    return drawing, width, height


def _svg(spec: dict[str, Any]) -> str:
    """Return the drawing; a label cut within an emoji would stop it, so then those are boxes."""
    words = json.dumps(spec, ensure_ascii=False)
    try:
        return str(vl_convert.vegalite_to_svg(words, config=paper_look()))
    except ValueError:
        plain = _BEYOND.sub("\u25a1", words)
        return str(vl_convert.vegalite_to_svg(plain, config=paper_look()))


def _sized(spec: dict[str, Any], width: float) -> dict[str, Any]:
    """Return a chart as wide as the paper; charts side by side share it."""
    for direction in ("hconcat", "vconcat", "concat"):
        if direction in spec:
            parts = spec[direction]
            columns = {"hconcat": len(parts), "vconcat": 1}.get(direction, spec.get("columns", 1))
            each = (width - _SPACING * (columns - 1)) / max(columns, 1)
            return {**spec, direction: [_shared(part, each) for part in parts]}
    fit = "fit-x" if isinstance(spec.get("height"), dict) else "fit"
    return {**spec, "width": width, "autosize": {"type": fit, "contains": "padding"}}


def _shared(part: dict[str, Any], width: float) -> dict[str, Any]:
    """Return a part of a composed chart: its width is that of its plot, axes come on top."""
    if any(direction in part for direction in ("hconcat", "vconcat", "concat")):
        nested = _sized(part, width)
        nested.pop("autosize", None)
        return nested
    return {**part, "width": max(width - 100, 80)}


def _clean(value: Any) -> Any:
    """Return a specification without characters that cannot be written or drawn."""
    if isinstance(value, str):
        return _printable(value)
    if isinstance(value, dict):
        return {_printable(str(key)): _clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return value


def _printable(text: str) -> str:
    """Return a text without what neither XML nor UTF-8 can hold."""
    return _UNPRINTABLE.sub("", text)
