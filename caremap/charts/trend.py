"""A measure over time: the drawing with its message, its words and its numbers."""

from __future__ import annotations

import pandas as pd

from caremap.charts.figure import Figure, Plot, Quantity
from caremap.charts.look import MASKED_FIGURE, MISSING, adds_up, header, short_number, unit_of
from caremap.charts.points import Every, capital, points_of, span_of, whole_column
from caremap.charts.timeline import Style, timeline
from caremap.charts.words import headline, told
from caremap.charts.years import YEARS, by_year, like_with_like, years_drawn
from caremap.hidden import HIDDEN, WHY_HIDDEN

__all__ = ["trend_figure"]


def trend_figure(
    trend: pd.DataFrame,
    measure: Quantity,
    *,
    every: Every = "month",
    style: Style | None = None,
    year_over_year: bool = False,
    period: str = "",
) -> Figure:
    """Return one measure period by period, or the same periods of each year compared.

    Parameters
    ----------
    trend
        As `caremap.measures.trend` returns it: ``period`` (first day), the measure's column
        in its own unit, and ``complete``.
    measure
        What to show.
    every
        What one period is.
    style
        ``bars``, ``line`` or ``area``; by itself bars for flows and a line for the rest. Bars
        and areas start at zero. By year, only months and quarters are drawn as bars.
    year_over_year
        Whether to draw the years over one another, the last four at most. Whole years have
        nothing to be laid over: they stay side by side.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        The title says the last whole period and compares it with the one before, or with the
        year before, only where both are whole; flows per day where the two differ in length.

    Raises
    ------
    ValueError
        Where a column is missing, ``every`` is none of the choices, or there is no row.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> frame = pd.DataFrame({"period": pd.date_range("2024-06-01", periods=4, freq="MS"),
    ...                       "admissions": [300.0, 310.0, 325.0, 174.0],
    ...                       "complete": [True, True, True, False]})
    >>> figure = trend_figure(frame, MEASURES["admissions"])
    >>> figure.title
    'Admissions: 325 in August 2024, up 4.8 % on July; 174 in September so far'
    >>> figure.subtitle
    'Admissions by month · June to September 2024 · 1,109 in all'
    """
    points = points_of(trend, measure.name, measure.unit, every, measure.decimals)
    if points.empty:
        raise ValueError(f"There is no {every} to show: the frame has no row.")
    style = style or ("bars" if measure.kind == "flow" else "line")
    yearly = year_over_year and every != "year"
    if yearly:
        points = by_year(points, every)
        chart = years_drawn(points, measure.unit, every=every, style=style)
        compared = like_with_like(points, measure, every)
    else:
        chart = timeline(points, measure.unit, every=every, kind=measure.kind, style=style)
        compared = ""
    title = headline(points, measure, every, a_year=yearly)
    opening = f"{title}. {_what(measure, every, yearly)}."
    return Figure(
        name=f"{measure.name}_by_{every}{'_and_year' if yearly else ''}",
        title=title,
        subtitle=" · ".join(
            filter(
                None,
                [
                    _what(measure, every, yearly),
                    period or span_of(points["name"].tolist()),
                    _counted(points, measure, every),
                ],
            )
        ),
        chart=chart,
        alt=" ".join(filter(None, [told(points, opening, every), compared])),
        table=_table(points, measure, every, yearly),
        notes=_notes(points, measure, every, yearly, compared),
        plot=Plot("columns" if style == "bars" else "line", capital(every), (header(measure),)),
    )


def _what(measure: Quantity, every: Every, yearly: bool) -> str:
    unit = unit_of(measure)
    return f"{measure.title} by {every}{' and year' if yearly else ''}{', ' if unit else ''}{unit}"


def _counted(points: pd.DataFrame, measure: Quantity, every: Every) -> str:
    """Say what it adds up to, where it may be added, and otherwise how many periods there are."""
    known = points["value"].notna().sum()
    if points[HIDDEN].any():
        return f"{known} of {len(points)} {every}s shown"
    gaps = f" in the {known} {every}s with a figure" if known < len(points) else ""
    if adds_up(measure) and known:
        total = float(points["value"].sum())
        return f"{short_number(total, measure.unit, measure.decimals, spelt=True)} in all{gaps}"
    return f"{known} of {len(points)} {every}s with a figure" if gaps else _count(known, every)


def _count(number: int, every: Every) -> str:
    return f"{number} {every}{'' if number == 1 else 's'}"


def _notes(
    points: pd.DataFrame, measure: Quantity, every: Every, yearly: bool, compared: str
) -> tuple[str, ...]:
    hidden = points[HIDDEN]
    missing = (points["value"].isna() & ~hidden).sum()
    notes = [WHY_HIDDEN] if hidden.any() else []
    if not points["complete"].all():
        notes.append(
            f"Hollow and dashed is a {every} that is not whole: it is compared with nothing."
        )
    if missing:
        notes.append(
            f"{MISSING} marks a {every} without a figure ({missing} of {len(points)}): "
            "missing is not zero."
        )
    if yearly:
        years = sorted(points["year"].unique())
        left = years[:-YEARS]
        if left:
            which = span_of([str(left[0]), str(left[-1])])
            notes.append(
                f"Only the last {YEARS} years are drawn; {which} can be read in the table."
            )
        notes.append(compared)
        if every == "week":
            notes.append("Weeks are compared by their number in the year (ISO 8601).")
    elif measure.kind == "flow" and every in ("month", "quarter", "year"):
        notes.append(f"{capital(every)}s differ in length; changes are per day where they do.")
    return tuple(filter(None, notes))


def _table(points: pd.DataFrame, measure: Quantity, every: Every, yearly: bool) -> pd.DataFrame:
    """Return the numbers as people read them, in the year's view with those of a year before."""
    columns = {
        capital(every): points["code"],
        header(measure): whole_column(points["value"], measure.decimals),
        f"Whole {every}": points["complete"].map({True: "yes", False: ""})
        + points["state"]
        .where(~points["complete"], "")
        .map(lambda state: f"no, {state}" * bool(state)),
    }
    if points[HIDDEN].any():
        columns["Hidden figures"] = points[HIDDEN].map({True: MASKED_FIGURE, False: ""})
    if not yearly:
        return pd.DataFrame(columns)
    after, before = points["value"], points["before"]
    columns["A year before"] = whole_column(before, measure.decimals)
    if measure.kind == "flow":
        compared = points["both"] & before.gt(0)
        change = (after / points["days"]) / (before / points["before_days"]) * 100 - 100
        columns["Change per day (%)"] = change.where(compared).round(1)
    else:
        name = "Change (percentage points)" if measure.unit == "%" else "Change"
        columns[name] = (after - before).where(points["both"]).round(max(measure.decimals, 2))
    return pd.DataFrame(columns)
