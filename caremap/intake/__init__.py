"""File bytes to canonical tables: reading, matching, cleaning, findings."""

from caremap.intake.loaded import ColumnUse, Loaded, SheetInfo, SourceInfo
from caremap.intake.open import open_all, open_file

__all__ = ["ColumnUse", "Loaded", "SheetInfo", "SourceInfo", "open_all", "open_file"]
