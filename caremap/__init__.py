"""CareMap: from a hospital's spreadsheet to figures that can be defended.

>>> import caremap
>>> callable(caremap.open_file)
True

Names load on first use, so ``import caremap`` itself costs nothing: no pandas, no solver.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caremap import (
        charts,
        dataset,
        exports,
        forecasting,
        geography,
        intake,
        measures,
        planning,
        schema,
    )
    from caremap.dataset import Dataset
    from caremap.findings import Finding
    from caremap.intake import Loaded, open_all, open_file
    from caremap.problems import DataProblem

__all__ = [
    "DataProblem", "Dataset", "Finding", "Loaded", "charts", "dataset", "exports",
    "forecasting", "geography", "intake", "measures", "open_all", "open_file", "planning", "schema",
]  # fmt: skip
__version__ = "0.1.0"

_HOMES = {
    "DataProblem": "caremap.problems",
    "Dataset": "caremap.dataset",
    "Finding": "caremap.findings",
    "Loaded": "caremap.intake",
    "open_all": "caremap.intake",
    "open_file": "caremap.intake",
}
_PACKAGES = frozenset(
    "charts dataset exports forecasting geography intake measures planning schema".split()
)


def __getattr__(name: str) -> Any:
    """Load a name or sub-package when it is first asked for."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _PACKAGES:
        return importlib.import_module(f"caremap.{name}")
    raise AttributeError(f"module 'caremap' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Names a notebook can complete."""
    return sorted({*globals(), *__all__})
