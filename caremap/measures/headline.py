"""The key figures of a network: overall, month to date, and what they are compared with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures.coverage import Coverage
from caremap.measures.definitions import MEASURES
from caremap.measures.figures import NAN, Figure, Figures, missing, unknown
from caremap.measures.from_activity import figures_from_activity
from caremap.measures.from_stays import figures_from_stays
from caremap.measures.view import DATES, Choices
from caremap.measures.windows import (
    Window,
    dates_assumed,
    dates_in_doubt,
    reporting_windows,
    resolve_as_of,
)
from caremap.schema import FIELDS

__all__ = ["all_figures", "headline"]

ALIKE = 0.02  # share of blank counts by which two months may differ and still be compared
_COLUMNS = ("overall", "month_to_date", "previous", "last_year")


def headline(
    dataset: Dataset,
    as_of: object = None,
    same_day: int = 0,
    overnight_only: bool = False,
    cost_date: str = "discharged",
) -> pd.DataFrame:
    """Return every measure, overall and month to date, with what it is computed from.

    Parameters
    ----------
    dataset
        The network, filtered as it is.
    as_of
        The day the month to date ends on; by default the last admission date, capped by the
        end of the reporting period. A later day says that the file is complete up to it.
    same_day
        Days a same-day stay counts in lengths of stay: 0 (AHRQ HCUP) or 1 (AIHW).
    overnight_only
        Leave same-day stays out of lengths of stay (OECD).
    cost_date
        ``discharged`` or ``admitted``: the day a cost is attributed to.

    Returns
    -------
    pandas.DataFrame
        Indexed by measure, see `caremap.measures.MEASURES`. Columns:

        - ``overall``: the whole reporting period, all of the file where none is set
        - ``month_to_date``: from the 1st to the as-of date
        - ``previous``, ``last_year``: the same days of the month before and a year before,
          NaN where the data does not cover them
        - ``change``: month to date against previous as a fraction, per day where the two
          differ in length, NaN against zero
        - ``unit``, and of the overall figure ``numerator``, ``denominator`` and ``n`` (rows,
          or days for beds); ``mtd_numerator``, ``mtd_denominator``, ``mtd_n`` of the month
        - ``every``: ``week``, ``month``, ... where the file counts whole ones, so that
          the windows are made of these; empty where they are made of days
        - ``note``: what it was computed from and what was left out, or why it is NaN

    Raises
    ------
    ValueError
        Where ``same_day`` or ``cost_date`` is none of the choices.

    Notes
    -----
    ``still_in_hospital`` is counted at the as-of date in both ``overall`` and
    ``month_to_date``. Where day and month are swapped in part of the dates, or seem to be,
    all but ``overall`` is NaN until the user repairs or confirms them, and it too where a
    reporting period is set.
    Definitions and their sources: `caremap.measures.MEASURES`.

    Examples
    --------
    >>> stays = pd.DataFrame({"admitted": pd.to_datetime(["2024-03-30", "2024-04-01",
    ...                                                   "2024-04-10"])})
    >>> headline(Dataset(stays=stays)).loc["admissions", ["overall", "month_to_date"]].tolist()
    [3.0, 2.0]
    """
    choices = Choices(same_day, overnight_only, cost_date)
    day = resolve_as_of(dataset, as_of)
    windows = reporting_windows(dataset, day)
    figures = all_figures(dataset, windows, day, choices)
    if doubt := dates_in_doubt(dataset):
        figures = {name: _of_no_time(items, windows, doubt) for name, items in figures.items()}
    elif assumed := dates_assumed(dataset):
        figures = {
            name: [items[0], *(figure.noting(assumed) for figure in items[1:])]
            for name, items in figures.items()
        }
    lines = {name: _line(name, figures[name], windows) for name in MEASURES}
    return pd.DataFrame.from_dict(lines, orient="index").rename_axis("measure")


def _of_no_time(figures: Sequence[Figure], windows: Sequence[Window], why: str) -> list[Figure]:
    """Keep the figure of the whole file and take those of a time back."""
    whole, *others = figures
    first = whole.noting(why) if windows[0].everything else unknown(why)
    return [first, *(Figure() for _ in others)]


def all_figures(
    dataset: Dataset,
    windows: Sequence[Window],
    as_of: pd.Timestamp | None,
    choices: Choices,
    coverage: Coverage | None = None,
) -> Figures:
    """Return every measure over every window: from stays, else from counts."""
    stays = figures_from_stays(dataset, windows, as_of, choices, coverage)
    counts = figures_from_activity(dataset, windows)
    result: Figures = {}
    for name in MEASURES:
        given = stays.get(name)
        other = counts.get(name)
        if given is not None and (not _empty(given) or other is None):
            result[name] = given
        elif other is not None and not (_empty(other) and given is not None):
            where = "From the file of counts." if stays else ""
            result[name] = [figure.noting(where) for figure in other]
        else:
            result[name] = given or other or missing(windows, *_why_nothing(dataset, name))
    return result


def _empty(figures: Sequence[Figure]) -> bool:
    return all(np.isnan(figure.value) for figure in figures)


def _why_nothing(dataset: Dataset, name: str) -> list[str]:
    """Name the columns a measure needs and no file has, and the tables a filter left out."""
    lost = [
        f"The {table} cannot be used: {why}."
        for table, why in dataset.lost.items()
        if table in ("stays", "activity")
    ]
    needs = [
        " or ".join(DATES.get(field, FIELDS[field].title.lower()) for field in need.split("|"))
        for need in MEASURES[name].needs
    ]
    return [*lost, f"Needs a column with {', and one with '.join(needs)}."]


def _line(name: str, figures: Sequence[Figure], windows: Sequence[Window]) -> dict[str, object]:
    """Return one row of the headline."""
    measure = MEASURES[name]
    by_window = {w.name: (figure, w) for figure, w in zip(figures, windows, strict=True)}
    undated = Figure(), Window("")
    values = {column: by_window.get(column, undated)[0].value for column in _COLUMNS}
    overall, month = (by_window.get(column, undated)[0] for column in _COLUMNS[:2])
    change, said = _change(measure.kind, by_window)
    notes = list(overall.notes)
    if not np.isnan(overall.value):
        if len(windows) == 1:
            notes.append("Without dates there is no month to date.")
        notes += _of_windows(notes, {c: by_window[c][0] for c in _COLUMNS[1:] if c in by_window})
    return {
        **values,
        "change": change,
        "unit": measure.unit,
        "numerator": overall.numerator,
        "denominator": overall.denominator,
        "n": overall.n,
        "mtd_numerator": month.numerator,
        "mtd_denominator": month.denominator,
        "mtd_n": month.n,
        "every": month.every,
        "note": " ".join(filter(None, (*notes, said))),
    }


def _of_windows(said: Sequence[str], figures: dict[str, Figure]) -> list[str]:
    """Return what is to be said of single windows, each sentence once."""
    where: dict[str, list[str]] = {}
    for column, figure in figures.items():
        for sentence in figure.notes:
            if sentence not in said:
                where.setdefault(sentence, []).append(_CALLED[column])
    return [
        f"{' and '.join(columns).capitalize()}: {sentence}" for sentence, columns in where.items()
    ]


_CALLED = {"month_to_date": "month to date", "previous": "previous month", "last_year": "last year"}


def _change(kind: str, by_window: dict[str, tuple[Figure, Window]]) -> tuple[float, str]:
    """Return the change against the previous month as a fraction, and what to say about it."""
    if "previous" not in by_window:
        return NAN, ""
    (now, window), (before, earlier) = by_window["month_to_date"], by_window["previous"]
    if np.isnan(now.value) or np.isnan(before.value):
        return NAN, ""
    if before.value == 0:
        return NAN, "No change is given: the previous figure is 0."
    current, base, said = now.value, before.value, ""
    if kind == "flow":
        per, said = _exposure(now, window, before, earlier)
        current, base = current / per[0], base / per[1]
    return (current - base) / abs(base), said


def _exposure(
    now: Figure, window: Window, before: Figure, earlier: Window
) -> tuple[tuple[float, float], str]:
    """Return the days two flows are compared per, and what to say; NaN where they are not."""
    if abs(now.n / now.of - before.n / before.of) > ALIKE:
        return (NAN, NAN), "No change is given: more counts are blank in one month than the other."
    days = (
        window.days if np.isnan(now.days) else now.days,
        earlier.days if np.isnan(before.days) else before.days,
    )
    if days[0] == days[1]:
        return days, ""
    return days, f"Change per day: {days[0]:.0f} days against {days[1]:.0f}."
