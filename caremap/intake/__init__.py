"""File bytes to canonical tables: reading, matching, cleaning, findings.

Names load on first use: reading a workbook in a process of its own needs none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caremap.intake.loaded import ColumnUse, Loaded, SheetInfo, SourceInfo
    from caremap.intake.open import open_all, open_file

__all__ = ["ColumnUse", "Loaded", "SheetInfo", "SourceInfo", "open_all", "open_file"]


def __getattr__(name: str) -> Any:
    """Load a name when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module 'caremap.intake' has no attribute {name!r}")
    module = "open" if name.startswith("open") else "loaded"
    return getattr(importlib.import_module(f"caremap.intake.{module}"), name)
