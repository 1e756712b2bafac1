"""What every figure from stays is computed from: the stays, the windows, the choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.coverage import Coverage, coverage_of, has
from caremap.measures.windows import Window, resolve_as_of

__all__ = ["DATES", "Choices", "View", "overall_view"]

DATES = {"admitted": "admission date", "discharged": "discharge date"}
"""What the date columns are called in a sentence."""


@dataclass(frozen=True)
class Choices:
    """The conventions a user can switch, see `caremap.measures.headline`."""

    same_day: int = 0
    overnight_only: bool = False
    cost_date: str = "discharged"

    def __post_init__(self) -> None:
        """Refuse what is no choice."""
        if self.same_day not in (0, 1):
            raise ValueError(f"same_day counts 0 or 1 days, got {self.same_day!r}")
        if self.cost_date not in DATES:
            raise ValueError(f"cost_date is 'discharged' or 'admitted', got {self.cost_date!r}")


@dataclass(frozen=True, eq=False)
class View:
    """Stays as they are looked at."""

    dataset: Dataset
    stays: pd.DataFrame
    windows: Sequence[Window]
    coverage: Coverage
    as_of: pd.Timestamp | None = None
    choices: Choices = field(default_factory=Choices)

    def has(self, *columns: str) -> bool:
        """Return whether the file has these columns with values, whatever the filters leave."""
        return has((self.dataset.whole or self.dataset).stays, *columns)

    def first(self, *columns: str) -> str | None:
        """Return the first of these columns that the file has."""
        return next((name for name in columns if self.has(name)), None)

    def lacking(self, *columns: str) -> str:
        """Return the names, for a sentence, of the columns the file does not have."""
        called = {**DATES, "patient_id": "patient code"}
        return " or ".join(called[name] for name in columns if not self.has(name))

    @property
    def only(self) -> str | None:
        """The flag that tells admissions among visits, where the file is one of visits."""
        return "was_admitted" if self.has("was_admitted") else None


def overall_view(
    dataset: Dataset,
    stays: pd.DataFrame,
    as_of: object = None,
    choices: Choices | None = None,
    with_coverage: bool = False,
) -> View:
    """Return stays as they are looked at over the whole reporting period.

    What they cover costs passes over the rows: without a period it is left out, unless asked.
    """
    window = Window("overall", *(dataset.period or (None, None)))
    day = resolve_as_of(dataset, as_of)
    needed = with_coverage or not window.everything
    coverage = coverage_of(dataset, day) if needed else Coverage()
    return View(dataset, stays, [window], coverage, day, choices or Choices())
