"""Which windows the data covers: figures of the others are taken back, saying so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caremap.days import said
from caremap.measures.figures import NAN, Figure, Span, unknown
from caremap.measures.view import View
from caremap.measures.windows import Window, dates_in_doubt, explained_by_chance

__all__ = ["by_discharge", "covers", "gated", "on"]

SHORT = 10.0  # per cent of discharges lacking from which a comparison with them misleads


def gated(
    figures: Sequence[Figure],
    windows: Sequence[Window],
    span: Span | None,
    lacking: str = "dates",
) -> list[Figure]:
    """Take back the figures of windows the data does not cover.

    A comparison needs the data to cover its first day (short gaps that chance explains
    apart); any other window needs it to cover some of its days. A window before the data
    is unknown, never zero. Without a reporting period the overall figure takes all there is.
    ``lacking`` says which dates are not there where there is no span.
    """
    return [
        figure if window.everything else _gate(figure, window, span, lacking)
        for figure, window in zip(figures, windows, strict=True)
    ]


def _gate(figure: Figure, window: Window, span: Span | None, lacking: str) -> Figure:
    if span is None:
        return unknown(f"Without {lacking} there is only a figure of the whole file.")
    start = span.first if window.start is None else window.start
    end = span.last if window.end is None else window.end
    begins_late = not explained_by_chance((span.first - start).days, span.per_day)
    if end < span.first or (window.comparison and begins_late):
        return unknown(f"The data is complete from {said(span.first)} only.")
    ends_early = not explained_by_chance((end - span.last).days, span.per_day)
    if start > span.last and (ends_early or window.end is None):
        return unknown(f"The data ends on {said(span.last)}.")
    if begins_late:
        figure = figure.noting(f"The data is complete from {said(span.first)} only.")
    if ends_early:
        asserted = "" if window.name == "overall" else ", the as-of date says there were none later"
        figure = figure.noting(f"The data ends on {said(span.last)}{asserted}.")
    return figure


def on(date: str | None, figures: Sequence[Figure], view: View) -> list[Figure]:
    """Take back figures by what the data covers of the date they go by."""
    if date == "discharged":
        return by_discharge(figures, view)
    return gated(
        figures, view.windows, view.coverage.admissions if date else None, _lacking_dates(view)
    )


def _lacking_dates(view: View) -> str:
    """Return what the dates are called that the file does not have."""
    known = (view.has("admitted"), view.has("discharged"))
    called = {
        (True, False): "discharge dates",
        (False, True): "admission dates",
        (True, True): "usable dates",
    }
    return called.get(known, "dates")


def by_discharge(figures: Sequence[Figure], view: View) -> list[Figure]:
    """Take back figures that go by discharge date.

    The first days of a file lack the discharges of patients who came before it begins. A
    comparison with such days is given only where at most one discharge in ten is lacking.
    """
    return [
        figure
        if window.start is None or window.name == "overall" or np.isnan(figure.value)
        else _lacking(figure, window, view.coverage.lacking(window.start))
        for figure, window in zip(
            gated(figures, view.windows, view.coverage.discharges, _lacking_dates(view)),
            view.windows,
            strict=True,
        )
    ]


def _lacking(figure: Figure, window: Window, discharges: float) -> Figure:
    share = 100 * discharges / max(discharges + figure.n, 1.0)
    if window.comparison and share > SHORT:
        return unknown(
            f"About {share:.0f} % of the discharges of {window.start:%B %Y} are not in the file: "
            f"it begins too late to have the admissions of those patients."
        )
    if share > 1:
        return figure.noting(f"About {share:.0f} % of these discharges are not in the file.")
    return figure


def covers(view: View, date: str | None) -> bool:
    """Return whether the data gives figures that go by that date for the first window.

    Dates in doubt give none of a reporting period.
    """
    if not view.windows[0].everything and dates_in_doubt(view.dataset):
        return False
    asked = [Figure(0.0), *(Figure(NAN) for _ in view.windows[1:])]
    return not np.isnan(on(date, asked, view)[0].value)
