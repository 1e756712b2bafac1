"""Charts that the spreadsheet program draws itself, from the cells of a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd
from openpyxl.chart import BarChart, DoughnutChart, LineChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.axis import ChartLines, DateAxis
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumFmt, NumRef, StrRef
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.drawing.text import RegularTextRun as Run
from openpyxl.utils import get_column_letter, quote_sheetname

from caremap.exports.cells import printable
from caremap.exports.looks import looks_of
from caremap.exports.values import has_time

__all__ = ["COLOURS", "Plot", "drawn_rows", "native_charts"]

COLOURS = ("0B7285", "BF7325", "1D2254", "C5256D", "0F91D3", "7844BB", "664610")
"""Those of the charts on the screen."""

_Mark = Literal["circle", "square", "triangle", "diamond", "x", "plus", "star"]
_GRID = "C3D6DA"
_MARKS: tuple[_Mark, ...] = ("circle", "square", "triangle", "diamond", "x", "plus", "star")
_MOST, _MOST_POINTS = 30, 2_000  # bars, columns or parts; points of a line
_MOST_PARTS = 8  # of a ring
_APART = 30  # times as large: one of two series would lie flat on the axis
_LABELLED = 12  # bars that have room for their numbers
_ROOM = 0.06  # of the whole: what a part must be to have room for its number
_WHOLE = 10  # from here on the marks of an axis are whole numbers
_WIDTH, _HEIGHT, _BAR = 18.0, 9.0, 0.62  # centimetres
_FIRST_DAY = datetime(1900, 3, 1)


class Plot(Protocol):
    """How a table is drawn; `caremap.charts.Plot` is one."""

    @property
    def kind(self) -> Literal["bars", "columns", "line", "ring"]:
        """Bars lie, columns stand; a ring shows parts of a whole."""

    @property
    def category(self) -> str:
        """The column that names the bars, points or parts."""

    @property
    def values(self) -> tuple[str, ...]:
        """The columns to draw, each a series."""


def drawn_rows(plot: Plot, frame: pd.DataFrame) -> int:
    """Return how many rows from the top the chart of a table shows; 0 where there is none.

    Examples
    --------
    >>> from caremap.charts import Plot
    >>> wards = pd.DataFrame({"Ward": [f"W{at}" for at in range(40)], "Stays": range(40)})
    >>> drawn_rows(Plot("bars", "Ward", ("Stays",)), wards)
    30
    """
    line = plot.kind == "line" or _are_days(_column(frame, plot.category))
    shown = frame.head(_MOST_POINTS if line else _MOST)
    return len(shown) if _drawable(plot, shown) else 0


def native_charts(
    plot: Plot,
    frame: pd.DataFrame,
    headers: Sequence[str],
    title: str,
    sheet: str,
    header: int,
    levels: int = 0,
) -> list[ChartBase]:
    """Return the charts of a table, whose cells they refer to.

    Series of which one would lie flat beside another, or of another unit, are charts of their
    own. A column that holds anything but numbers is not drawn: a spreadsheet program would take
    a text for zero. What is missing is a gap. A ring is drawn only of parts that are all known,
    else bars: a share of a part of the whole is no share.

    Parameters
    ----------
    plot
        Which columns of the table, and how.
    frame
        The table.
    headers
        What stands above its columns on the sheet.
    title
        What stands above the chart.
    sheet
        The name of the sheet.
    header
        The row of the headers.
    levels
        How many columns of the sheet come before those of the frame.
    """
    rows = drawn_rows(plot, frame)
    if not rows:
        return []
    shown = frame.head(rows)
    cells = _Cells(sheet, header, rows)
    kind = _kind(plot, shown)
    names = list(frame.columns)
    category = names.index(plot.category)
    charts = []
    for group in _together(shown, _drawable(plot, shown)):
        chart = _empty(kind, shown.iloc[:, category], rows, len(group))
        _scale(chart, kind, [_column(shown, name) for name in group])
        for order, name in enumerate(group):
            at = names.index(name)
            series = _series(cells, at + levels, order, kind)
            if kind == "ring" or (kind != "line" and len(group) == 1 and rows <= _LABELLED):
                _number(series, kind, _column(shown, name))
            series.cat = _categories(cells, category + levels, shown.iloc[:, category])
            chart.append(series)
        chart.title = _title(title, 1200, bold=True)
        said = [headers[names.index(name) + levels] for name in group]
        _label(chart, kind, headers[category + levels], said)
        charts.append(chart)
    return charts


class _Cells:
    """Where a table stands: references to its columns."""

    def __init__(self, sheet: str, header: int, rows: int) -> None:
        self._sheet, self._header, self._rows = quote_sheetname(sheet), header, rows

    def values(self, at: int) -> str:
        letter = get_column_letter(at + 1)
        first, last = self._header + 1, self._header + self._rows
        return f"{self._sheet}!${letter}${first}:${letter}${last}"

    def header(self, at: int) -> str:
        return f"{self._sheet}!${get_column_letter(at + 1)}${self._header}"


# --- what can be drawn ------------------------------------------------------------------------


def _drawable(plot: Plot, frame: pd.DataFrame) -> list[str]:
    """Return the columns that hold numbers and nothing else, at least one of them."""
    names = plot.values  # noqa: PD011 -- not those of a frame
    return [name for name in names if _are_numbers(_column(frame, name))]


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame.iloc[:, list(frame.columns).index(name)]  # names may repeat


def _are_numbers(values: pd.Series) -> bool:
    known = values.dropna()
    return bool(len(known)) and all(
        isinstance(value, int | float | np.number)
        and not isinstance(value, bool | np.bool_)
        and np.isfinite(value)
        for value in known.astype("object")
    )


def _kind(plot: Plot, frame: pd.DataFrame) -> str:
    """Return how the table is drawn: days as a line, what is not a whole as bars."""
    if _are_days(_column(frame, plot.category)):
        return "line"
    if plot.kind == "ring":
        parts = _column(frame, _drawable(plot, frame)[0])
        whole = len(frame) <= _MOST_PARTS and bool(parts.notna().all())
        return "ring" if whole and (parts >= 0).all() else "bars"
    return plot.kind


def _are_days(values: pd.Series) -> bool:
    return bool(len(values)) and all(
        isinstance(value, date) and not pd.isna(value) and _counted(value) and not has_time(value)
        for value in values.astype("object")
    )


def _counted(day: date) -> bool:
    return day >= (_FIRST_DAY if isinstance(day, datetime) else _FIRST_DAY.date())


def _together(frame: pd.DataFrame, names: Sequence[str]) -> list[list[str]]:
    """Return the series chart by chart: of one unit and not worlds apart."""
    charts: list[list[str]] = []
    for name in names:
        size = _size(frame, name)
        for chart in charts:
            sizes = [size, *(_size(frame, other) for other in chart)]
            if _unit(name) == _unit(chart[0]) and max(sizes) <= _APART * min(sizes):
                chart.append(name)
                break
        else:
            charts.append([name])
    return charts


def _size(frame: pd.DataFrame, name: str) -> float:
    return float(_column(frame, name).astype("Float64").abs().max())


def _unit(header: str) -> str:
    """Return what stands in brackets at the end of a header."""
    return header.rpartition("(")[2] if str(header).endswith(")") else ""


# --- how it is drawn --------------------------------------------------------------------------


def _empty(kind: str, categories: pd.Series, rows: int, series: int) -> ChartBase:
    if kind == "ring":
        return _sized(DoughnutChart(holeSize=55), _HEIGHT)
    if kind == "line":
        chart: BarChart | LineChart = LineChart()
        chart.x_axis.number_format = "General"
        if _are_days(categories):
            chart.x_axis = _days(categories)
            chart.y_axis.crossAx = chart.x_axis.axId
    else:
        chart = BarChart()
        chart.type = "bar" if kind == "bars" else "col"
        chart.gapWidth = 40 if series == 1 else 60
        if kind == "bars":
            chart.x_axis.scaling.orientation = "maxMin"  # the first row on top
            chart.y_axis.crosses = "max"  # and the scale below
    tall = 3 + _BAR * rows * series if kind == "bars" else 0
    return _sized(chart, max(_HEIGHT, tall))


def _sized(chart: ChartBase, height: float) -> ChartBase:
    sized: Any = chart  # its centimetres need not be whole
    sized.width, sized.height = _WIDTH, height
    chart.roundedCorners = False  # what is not said is rounded, and of many colours
    if isinstance(chart, BarChart | LineChart):
        chart.varyColors = False
    return chart


def _scale(chart: ChartBase, kind: str, series: Sequence[pd.Series]) -> None:
    """Let bars begin at zero, and write the numbers of the axis as those of the cells."""
    if not isinstance(chart, BarChart | LineChart):
        return
    numbers = np.concatenate([one.to_numpy("float64", na_value=np.nan) for one in series])
    if kind != "line" and np.nanmin(numbers) >= 0:
        chart.y_axis.scaling.min = 0
    look = looks_of(str(series[0].name), series[0])[0]
    shown = look.whole if np.nanmax(np.abs(numbers)) >= _WHOLE else look.number
    chart.y_axis.numFmt = NumFmt(formatCode=shown, sourceLinked=False)


def _days(categories: pd.Series) -> DateAxis:
    """Return an axis on which a month that is missing is a gap."""
    days = list(categories.astype("object"))
    monthly = all(value.day == 1 for value in days)
    yearly = monthly and len(days) > 1 and all(value.month == 1 for value in days)
    axis = DateAxis(crossAx=100, auto=False)
    axis.baseTimeUnit = "years" if yearly else "months" if monthly else "days"
    axis.number_format = "yyyy" if yearly else "mmm yyyy" if monthly else "d mmm yyyy"
    return axis


def _series(cells: _Cells, at: int, order: int, kind: str) -> Series:
    colour = COLOURS[order % len(COLOURS)]
    series = Series(
        idx=order,
        order=order,
        tx=SeriesLabel(strRef=StrRef(f=cells.header(at))),
        val=NumDataSource(numRef=NumRef(f=cells.values(at))),
    )
    if kind == "line":
        series.spPr = GraphicalProperties(ln=LineProperties(solidFill=colour, w=28_575))
        mark = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))
        series.marker = Marker(symbol=_MARKS[order % len(_MARKS)], size=6, spPr=mark)
        series.smooth = False
        return series
    series.spPr = GraphicalProperties(solidFill=colour)
    series.marker = None
    if kind != "ring":
        series.invertIfNegative = False
    return series


def _number(series: Series, kind: str, values: pd.Series) -> None:
    """Write the numbers at bars, and at parts that have room for one."""
    shown = {"showVal": True, "showLegendKey": False, "showCatName": False,
             "showSerName": False, "showPercent": False, "showBubbleSize": False}  # fmt: skip
    series.dLbls = DataLabelList(**shown)
    if kind != "ring":
        return
    numbers = values.to_numpy("float64")
    parts = range(len(numbers))
    series.dPt = [
        DataPoint(
            idx=part,
            spPr=GraphicalProperties(
                solidFill=COLOURS[part % len(COLOURS)], ln=LineProperties(solidFill="FFFFFF")
            ),
        )
        for part in parts
    ]
    series.dLbls.txPr = _text_look(1000, "FFFFFF")
    series.dLbls.dLbl = [
        DataLabel(idx=part, **{**shown, "showVal": False})
        for part in parts
        if numbers[part] < _ROOM * numbers.sum()
    ]


def _categories(cells: _Cells, at: int, values: pd.Series) -> AxDataSource:
    reference = cells.values(at)
    if _are_days(values) or _are_numbers(values):
        return AxDataSource(numRef=NumRef(f=reference))
    return AxDataSource(strRef=StrRef(f=reference))


def _label(chart: ChartBase, kind: str, category: str, values: Sequence[str]) -> None:
    """Name the axes, show them (some programs hide an axis that is not said to be there)."""
    several = len(values) > 1
    chart.legend = Legend(legendPos="b") if several or kind == "ring" else None
    if chart.legend is not None:
        chart.legend.overlay = False
    if not isinstance(chart, BarChart | LineChart):
        return
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.title = _title(category, 1000)
    chart.y_axis.title = _title(_common(values), 1000)
    chart.y_axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    )
    chart.x_axis.majorGridlines = None
    chart.x_axis.tickLblPos = "low"  # below the bars also where some are negative


def _common(headers: Sequence[str]) -> str:
    """Return what stands beside an axis: the header, for several their unit or all of them."""
    if len(headers) > 1 and (unit := _unit(headers[0])):
        return unit.removesuffix(")")
    return ", ".join(headers)


def _title(text: str, size: int, *, bold: bool = False) -> Title:
    look = CharacterProperties(sz=size, b=bold)
    words = Paragraph(
        pPr=ParagraphProperties(defRPr=look),
        r=[Run(rPr=look, t=printable(" ".join(text.split())))],
    )
    return Title(tx=Text(rich=RichText(p=[words])), overlay=False)


def _text_look(size: int, colour: str) -> RichText:
    look = CharacterProperties(sz=size, b=True, solidFill=colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])
