"""Tables that are not one row per record: brought into that shape, and said so."""

from __future__ import annotations

from caremap.intake.shapes.parts import Part, base_name
from caremap.intake.shapes.reshape import reshaped, table_at
from caremap.intake.shapes.shape import Context, Left, Shape
from caremap.intake.shapes.split import tables_on

__all__ = ["Context", "Left", "Part", "Shape", "base_name", "reshaped", "table_at", "tables_on"]
