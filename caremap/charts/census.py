"""Patients in hospital at midnight: what is expected after what is known, beside the beds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from caremap.charts.ahead import Ahead, ahead_of, briefly, on_day, within
from caremap.charts.course import course
from caremap.charts.figure import Figure, Plot
from caremap.charts.forecast import bands_in_words, recent, table_of_course
from caremap.charts.look import header, number, times

__all__ = ["OCCUPIED", "census_figure"]


@dataclass(frozen=True)
class _Occupied:
    """Patients in hospital at midnight, as a chart must know them."""

    name: str = "census"
    title: str = "Patients in hospital at midnight"
    unit: str = "patients"
    denominator: str = ""
    kind: Literal["flow", "ratio", "stock"] = "stock"
    decimals: int = 0


OCCUPIED = _Occupied()
"""The midnight census."""


def census_figure(
    history: pd.Series,
    frame: pd.DataFrame,
    *,
    staffed: float | pd.Series | None = None,
    levels: Sequence[int] = (80, 95),
    period: str = "",
    back: int | None = None,
    from_zero: bool = True,
) -> Figure:
    """Return the midnight census of the last weeks and the one to expect, beside the beds.

    Parameters
    ----------
    history
        Patients in hospital at midnight, by date; gaps are missing.
    frame
        ``date``, ``median``, ``low_80``, ``high_80``, ...; as
        `caremap.planning.census_forecast` returns it.
    staffed
        Staffed beds: one number, or by date (then the last one known is taken on).
    levels
        Percent that the intervals hold.
    period
        What is forecast and what is known, in words.
    back
        How many days of history are drawn; by itself six weeks at least and four times the
        horizon.
    from_zero
        Whether the axis begins at zero; where it does not, it says so.

    Returns
    -------
    Figure
        The title says the fullest midnight, and on how many the band reaches over the beds.

    Raises
    ------
    ValueError
        Where a column is missing, there is no row, or a date stands twice.

    Examples
    --------
    >>> known = pd.Series(200.0, index=pd.date_range("2026-03-02", "2026-04-26"))
    >>> ahead = pd.DataFrame({"date": pd.date_range("2026-04-27", periods=2),
    ...     "median": [205.0, 212.0], "low_80": [195.0, 200.0], "high_80": [215.0, 224.0]})
    >>> census_figure(known, ahead, staffed=220.0).title
    'Expect 205 to 212 patients at midnight, 80 % up to 224 on Tue 28 Apr;
    220 beds might not do on 1 of 2 days'
    """
    centre = "median" if "median" in frame.columns else "mean"
    whole = ahead_of(history, frame, OCCUPIED, "day", levels, centre=centre)
    drawn = recent(whole, back)
    beds = _beds(staffed, drawn)
    title = _title(whole, beds)
    first, last = (pd.Timestamp(whole.ahead["date"].iloc[at]) for at in (0, -1))
    span = period or f"forecast {briefly(first, last)}"
    extra = (
        None
        if beds is None
        else beds.set_index("date")[["value"]].set_axis(["Staffed beds"], axis=1)
    )
    name = "Expected (median)" if centre == "median" else "Expected"
    sides = [f"{level} % interval: {end}" for level in whole.levels for end in ("from", "to")]
    values = (header(OCCUPIED), name, *sides)
    return Figure(
        name="census_forecast",
        title=title,
        subtitle=f"{OCCUPIED.title} · {span}",
        chart=course(drawn, OCCUPIED, from_zero=from_zero, beds=beds),
        alt=_alt(title, drawn),
        table=table_of_course(drawn, OCCUPIED, name, extra),
        notes=_notes(whole, drawn, beds),
        plot=Plot("line", "Day", values + (("Staffed beds",) if beds is not None else ())),
    )  # fmt: skip


def _beds(staffed: float | pd.Series | None, drawn: Ahead) -> pd.DataFrame | None:
    """Return the staffed beds of every day drawn, or None where they are not known."""
    dates = pd.concat([drawn.known["date"], drawn.ahead["date"]], ignore_index=True)
    if staffed is None:
        return None
    if isinstance(staffed, pd.Series):
        given = staffed.dropna().sort_index()
        values = (
            given.reindex(given.index.union(pd.DatetimeIndex(dates)))
            .ffill()
            .reindex(dates)
            .to_numpy("float64")
        )
    else:
        values = np.full(len(dates), float(staffed))
    beds = pd.DataFrame({"date": dates, "value": values}).dropna().reset_index(drop=True)
    beds["said"] = [
        f"{on_day(day, 'day', year=True)}: {number(value)} staffed beds"
        for day, value in zip(beds["date"], beds["value"], strict=True)
    ]
    return None if beds.empty else beds


def _short(whole: Ahead, beds: pd.DataFrame | None) -> pd.DataFrame:
    """Return the days on which the narrower band, or else what is expected, needs more beds."""
    top = f"high_{whole.levels[0]}" if whole.levels else "value"
    if beds is None:
        return whole.ahead.head(0)
    days = whole.ahead.merge(beds[["date", "value"]], on="date", suffixes=("", "_beds"))
    return days[days[top].gt(days["value_beds"])]


def _title(whole: Ahead, beds: pd.DataFrame | None) -> str:
    values = whole.ahead["value"].dropna()
    if values.empty:
        return "Patients in hospital at midnight: no forecast"
    low, high = (number(end, decimals=whole.places) for end in (values.min(), values.max()))
    span = low if low == high else f"{low} to {high}"
    opening = f"Expect {span} patients at midnight"
    top = f"high_{whole.levels[0]}" if whole.levels else ""
    if top and whole.ahead[top].notna().any():
        row = whole.ahead.iloc[int(whole.ahead[top].argmax())]
        opening += f", {whole.levels[0]} % up to {number(row[top])} on {on_day(row['date'], 'day')}"
    return f"{opening}{_against(whole, beds)}"


def _against(whole: Ahead, beds: pd.DataFrame | None) -> str:
    if beds is None:
        return ""
    ahead = beds[beds["date"].ge(whole.start)]["value"]
    if ahead.empty:
        return ""
    low, high = number(ahead.min()), number(ahead.max())
    count = f"{low if low == high else f'{low} to {high}'} beds"
    over = len(_short(whole, beds))
    return (
        f"; {count} might not do on {over} of {times(len(whole.ahead), 'day')}"
        if over
        else f"; {count} suffice"
    )


def _alt(title: str, drawn: Ahead) -> str:
    known = drawn.known["value"].dropna()
    said = [title]
    if len(known):
        said.append(
            f"The last {times(len(known), 'day')} known had "
            f"{within(known.min(), known.max(), OCCUPIED)} patients, "
            f"the last one {number(known.iloc[-1])}"
        )
    said.append(drawn.ahead.iloc[-1]["said"])
    return ". ".join(said) + "."


def _notes(whole: Ahead, drawn: Ahead, beds: pd.DataFrame | None) -> tuple[str, ...]:
    gaps = int(drawn.known["value"].isna().sum())
    level = whole.levels[0] if whole.levels else None
    return tuple(
        filter(
            None,
            [
                "Patients already in hospital are counted until they are expected to leave.",
                bands_in_words(whole.levels, "day"),
                f"Beds suffice here where the {level} % interval stays below them."
                if beds is not None and level
                else "",
                f"{times(gaps, 'day')} drawn without a figure: that is not zero." if gaps else "",
            ],
        )
    )
