"""A report: figures with everything that must be known to read them, ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from caremap.exports.native import Plot
from caremap.hidden import HIDDEN, WHY_HIDDEN

__all__ = ["Page", "Report", "cover_rows", "notes_of", "table_of"]


@dataclass(frozen=True, eq=False)
class Page:
    """One figure of a report.

    Attributes
    ----------
    name
        What its sheet is called: short.
    title, subtitle
        The message, and what was measured: unit, period, n.
    table
        The numbers, with headers for people. A column `caremap.hidden.HIDDEN` says of which
        rows figures are hidden.
    notes
        What must be known to read it right, in sentences.
    svg
        The chart as a drawing on white; empty where there is none.
    alt
        What the chart shows, in words.
    plot
        How a spreadsheet program draws the table; None where it cannot.

    Raises
    ------
    ValueError
        Where the plot names a column the table does not have.
    """

    name: str
    title: str
    subtitle: str
    table: pd.DataFrame
    notes: Sequence[str] = ()
    svg: bytes = b""
    alt: str = ""
    plot: Plot | None = None

    def __post_init__(self) -> None:
        if self.plot is None:
            return
        named = [self.plot.category, *self.plot.values]  # noqa: PD011 -- not those of a frame
        if lacking := [name for name in named if name not in self.table.columns]:
            raise ValueError(f"The table of “{self.name}” has no column {', '.join(lacking)}.")


@dataclass(frozen=True, eq=False)
class Report:
    """Figures, what they were made from, and what the words in them mean.

    Attributes
    ----------
    title
        What the report is about.
    cover
        What must be known of all figures, as subjects and texts: the files with their digests,
        the as-of date, the period, the filters, the conventions, whether small counts are
        hidden. A text that is a list becomes one row for each of its items.
    pages
        The figures, in order.
    definitions
        The measures, one to a row.
    notes
        What holds for the report as a whole, in sentences.
    findings
        What was noticed while the files were read, one to a row.
    """

    title: str
    cover: Sequence[tuple[str, object]]
    pages: Sequence[Page]
    definitions: pd.DataFrame
    notes: Sequence[str]
    findings: pd.DataFrame


def cover_rows(report: Report) -> list[tuple[str, object]]:
    """Return the cover row by row: a subject stands before the first of its texts.

    Examples
    --------
    >>> empty = pd.DataFrame()
    >>> cover_rows(Report("April", [("Files", ["a.csv", "b.csv"])], [], empty, (), empty))
    [('Files', 'a.csv'), ('', 'b.csv')]
    """
    return [
        (subject if place == 0 else "", text)
        for subject, texts in report.cover
        for place, text in enumerate(texts if isinstance(texts, list | tuple) else [texts])
    ]


def table_of(page: Page) -> pd.DataFrame:
    """Return the table of a page; which rows have hidden figures stands last, in words."""
    if HIDDEN not in page.table.columns:
        return page.table
    said = page.table[HIDDEN].fillna(False).astype("bool").map({True: "yes", False: ""})
    return page.table.drop(columns=HIDDEN).assign(**{"Figures hidden": said})


def notes_of(page: Page) -> list[str]:
    """Return the notes of a page, and why figures are hidden where some are."""
    hidden = HIDDEN in page.table.columns and bool(page.table[HIDDEN].fillna(False).any())
    return [*page.notes, *([WHY_HIDDEN] if hidden and WHY_HIDDEN not in page.notes else [])]
