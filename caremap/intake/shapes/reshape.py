"""Bring a table into the shape of one row per record, one step after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from caremap.intake.layout import Cell, Layout
from caremap.intake.reading import Body, Sheet
from caremap.intake.shapes.long import measures_to_columns
from caremap.intake.shapes.points import points_to_degrees
from caremap.intake.shapes.shape import Context, Shape, columns_of, shaped_like
from caremap.intake.shapes.unitrow import with_units
from caremap.intake.shapes.wide import dates_to_rows

__all__ = ["reshaped", "table_at"]


def table_at(
    sheet: Sheet, layout: Layout, head: Sequence[Sequence[Cell]]
) -> Shape:  # fmt: skip
    """Return the table below a header: its rows, and names for columns it does not reach.

    Parameters
    ----------
    sheet
        The sheet.
    layout
        Where the header stands.
    head
        The first rows of the sheet.
    """
    layout, units = with_units(layout, head)
    body = sheet.body(layout.first_row, len(layout.headers))
    shape = Shape(_widened(layout, body), body)
    return shape.telling(units) if units else shape


def reshaped(shape: Shape, context: Context) -> Shape:
    """Return the table with dates and measures in columns of their own.

    Parameters
    ----------
    shape
        The table as it stands.
    context
        What is known of it beside its cells.
    """
    if not len(shape.body.source_rows):
        return shape
    whole = points_to_degrees(_without_empty(shape))
    return measures_to_columns(dates_to_rows(whole, context))


def _widened(layout: Layout, body: Body) -> Layout:
    """Names for columns the header row does not reach."""
    missing = body.width - len(layout.headers)
    if missing <= 0:
        return layout
    start = len(layout.headers)
    more = tuple(f"Column {start + place + 1}" for place in range(missing))
    levels = (*layout.levels, *[("",)] * missing) if layout.levels else ()
    return replace(layout, headers=(*layout.headers, *more), levels=levels)


def _without_empty(shape: Shape) -> Shape:
    """The table without columns that have neither a name nor a value, as left of B4."""
    body, layout = shape.body, shape.layout
    if not len(body.source_rows) or not any(
        header.startswith("Column ") for header in layout.headers
    ):
        return shape
    names = layout.levels or [(header,) for header in layout.headers]
    kept = [
        place
        for place, (levels, column) in enumerate(zip(names, body.columns, strict=False))
        if column.null_count < len(column) or (any(levels) and layout.levels)
    ]
    if len(kept) == len(body.columns) or not kept:
        return shape
    columns = columns_of(shape)
    made = shaped_like(
        shape, [layout.headers[place] for place in kept], [columns[place] for place in kept],
        [body.typed[place] for place in kept], body.source_rows,
    )  # fmt: skip
    levels = tuple(layout.levels[place] for place in kept) if layout.levels else ()
    return replace(made, layout=replace(made.layout, levels=levels))
