"""Staff that the days ahead take, by unit and role, against the staff there is."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.ahead import briefly, on_day
from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.keys import BANDS, Key, Keys
from caremap.charts.lanes import Lanes
from caremap.charts.look import NO_FIGURE, joined, lower, number, times
from caremap.charts.years import OUTLINE

__all__ = ["staff_figure"]

_ALL = "All units"
_MOST = 16  # units and roles drawn
_ROOM = 1.04
_GAP = 6  # pixels under the keys
_AXIS = 44  # pixels of the axis under the lanes


def staff_figure(needed: pd.DataFrame, *, period: str = "") -> Figure:
    """Return the most staff each unit needs of each role beside the staff there is.

    Parameters
    ----------
    needed
        One row per day, unit and role: ``date``, ``unit``, ``role``, ``needed`` and ``available``
        (people or full-time posts; missing where it is not known); as
        `caremap.planning.staff_needed` returns it. The unit "All units" is the sum of the others.
    period
        The days it is for, in words.

    Returns
    -------
    Figure
        A bar for the day that needs most, a line for the staff there is, the greatest shortage
        first. The title says what is missing of each role on its worst day.

    Raises
    ------
    ValueError
        Where there is no row, or a column is missing.

    Examples
    --------
    >>> needed = pd.DataFrame({"date": pd.Timestamp("2026-05-04"), "unit": ["ICU", "Surgery"],
    ...     "role": "Nurses", "needed": [12.4, 20.0], "available": [10.0, 21.0]})
    >>> staff_figure(needed).title
    '2.4 nurses are missing on the worst day; most in ICU: 12.4 needed, 10 there'
    """
    needs(needed, ["date", "unit", "role", "needed", "available"])
    rows = _rows(needed)
    peaks = _peaks(rows)
    title = _title(rows, peaks)
    ends = [pd.Timestamp(rows["date"].agg(end)) for end in ("min", "max")]
    return Figure(
        name="staff_needed",
        title=title,
        subtitle=f"Staff by unit and role · {period or briefly(*ends)} · each on the day that "
        "needs most",
        chart=_chart(peaks.head(_MOST)),
        alt=_alt(title, peaks),
        table=_table(peaks),
        notes=_notes(peaks),
        plot=Plot("bars", "Unit and role", ("Most needed", "There are")),
    )


def _rows(needed: pd.DataFrame) -> pd.DataFrame:
    """Return the need of every day, and what is missing of it."""
    rows = pd.DataFrame(
        {
            "date": pd.to_datetime(needed["date"]).to_numpy(),
            "unit": text_of(needed["unit"].astype("object")).to_numpy(),
            "role": text_of(needed["role"].astype("object")).to_numpy(),
            "needed": numbers(needed["needed"]),
            "available": numbers(needed["available"]),
        }
    )
    return rows.assign(missing=(rows["needed"] - rows["available"]).clip(lower=0))


def _peaks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return of each unit and role the day that needs most, the greatest shortage first."""
    ordered = rows.sort_values("needed", ascending=False, na_position="last", kind="stable")
    peaks = ordered.drop_duplicates(["unit", "role"]).copy()
    alone = peaks["unit"].eq(_ALL).all()
    peaks["name"] = peaks["role"] if alone else peaks["unit"] + ", " + peaks["role"].map(lower)
    return peaks.sort_values(
        ["missing", "needed"], ascending=False, na_position="last", kind="stable", ignore_index=True
    )


# --- the words ------------------------------------------------------------------------------


def _by_role(rows: pd.DataFrame) -> pd.DataFrame:
    """Return of each role the day that lacks or else needs most, added over units.

    What one unit lacks another may have over: they are not set against each other. ``partly``
    says that of some units it is not known how many there are.
    """
    parts = []
    for role, part in rows.groupby("role", sort=False):
        units = part[part["unit"].ne(_ALL)]
        whole = part[part["unit"].eq(_ALL)]
        if whole.empty or units["missing"].notna().any():
            partly = bool(units["missing"].isna().any() and units["missing"].notna().any())
            sums = units.groupby("date", as_index=False)[["needed", "available", "missing"]]
            whole = sums.sum(min_count=1).assign(partly=partly)
        order = ["missing", "needed"]
        worst = whole.sort_values(order, ascending=False, na_position="last", kind="stable")
        parts.append(worst.head(1).assign(role=role))
    return pd.concat(parts, ignore_index=True)


def _title(rows: pd.DataFrame, peaks: pd.DataFrame) -> str:
    roles = _by_role(rows)
    short = roles[roles["missing"].gt(0.05)]
    partly = "partly" in roles and bool(roles["partly"].eq(True).any())
    if short.empty and roles["missing"].notna().all() and not partly:
        enough = [f"{_amount(row['needed'])} of {_amount(row['available'])} {lower(row['role'])}"
                  for _, row in roles.iterrows()]  # fmt: skip
        return f"Patients at midnight take at most {joined(enough)}"
    if short.empty:
        most = [f"{_amount(row['needed'])} {lower(row['role'])}" for _, row in roles.iterrows()
                if np.isfinite(row["needed"])]  # fmt: skip
        return f"Up to {joined(most)} are needed" if most else "No need for staff could be computed"
    said = [f"{_amount(row['missing'])} {lower(row['role'])}" for _, row in short.iterrows()]
    opening = f"{'At least ' * partly}{joined(said)} are missing on the worst day"
    units = peaks[peaks["unit"].ne(_ALL) & peaks["missing"].gt(0.05)]
    if units.empty:
        return opening
    worst = units.iloc[0]
    role = "" if len(short) == 1 else f" {lower(worst['role'])}"
    return (
        f"{opening}; most in {worst['unit']}: {_amount(worst['needed'])}{role} needed, "
        f"{_amount(worst['available'])} there"
    )


def _amount(value: float) -> str:
    return number(value, decimals=0 if float(value).is_integer() else 1)


def _figures(row: pd.Series) -> str:
    if not np.isfinite(row["needed"]):
        return NO_FIGURE
    if not np.isfinite(row["available"]):
        return _amount(row["needed"])
    return f"{_amount(row['needed'])} of {_amount(row['available'])}"


def _said(row: pd.Series) -> str:
    if not np.isfinite(row["needed"]):
        return f"{row['name']}: {NO_FIGURE}"
    there = f", {_amount(row['available'])} there" * bool(np.isfinite(row["available"]))
    missing = row["missing"]
    lack = f", {_amount(missing)} missing" if np.isfinite(missing) and missing > 0.05 else ""
    return f"{row['name']}: {_amount(row['needed'])} needed on {on_day(row['date'], 'day')}" + (
        f"{there}{lack}"
    )


def _alt(title: str, peaks: pd.DataFrame) -> str:
    said = [_said(row) for _, row in peaks.head(8).iterrows()]
    more = len(peaks) - len(said)
    rest = f"; {times(more, 'more unit and role', 'more units and roles')}" if more > 0 else ""
    return f"{title}. {'; '.join(said)}{rest}."


def _notes(peaks: pd.DataFrame) -> tuple[str, ...]:
    unknown = int(peaks["available"].isna().sum())
    left = len(peaks) - _MOST
    return tuple(
        filter(
            None,
            [
                "Written is the staff needed on the day that needs most, of the staff there is. "
                "Staff is never added over days.",
                "The need is that of patients in a bed at midnight: clinics, theatres, day cases "
                "and whoever leads or teaches come on top, so staff beyond it is not spare.",
                f"Of {times(unknown, 'unit and role', 'units and roles')} it is not known how many "
                "there are; that is not none."
                if unknown
                else "",
                f"{times(left, 'unit and role', 'units and roles')} with less missing are in the "
                "table only."
                if left > 0
                else "",
            ],
        )
    )


def _table(peaks: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Unit and role": peaks["name"],
            "Unit": peaks["unit"],
            "Role": peaks["role"],
            "Most needed": peaks["needed"].round(1),
            "There are": peaks["available"].round(1),
            "Missing": peaks["missing"].round(1),
            "On": peaks["date"].dt.strftime("%Y-%m-%d"),
        }
    )


# --- the drawing ----------------------------------------------------------------------------


def _chart(peaks: pd.DataFrame) -> alt.LayerChart:
    figures = [_figures(row) for _, row in peaks.iterrows()]
    has = peaks["available"].notna()
    missing = peaks["missing"].fillna(0.0).gt(0.05)
    signs = [Key("pale", "Needed, and there"), Key("solid", "Needed, but missing")]
    keys = Keys(
        [
            *([signs[0]] if has.any() else [Key("pale", "Needed")]),
            *([signs[1]] if missing.any() else []),
            *([Key("limit", "Staff there is")] if has.any() else []),
        ]
    )
    lanes = Lanes(peaks["name"].tolist(), figures, "Unit and role", f"({keys.height} + {_GAP})")
    drawn = peaks.assign(row=range(len(peaks)), zero=0.0, one="", shown=figures)
    drawn["met"] = (
        drawn[["needed", "available"]].min(axis=1, skipna=True).where(drawn["needed"].notna())
    )
    drawn["said"] = [_said(row) for _, row in peaks.iterrows()]
    top = drawn[["needed", "available"]].max().max()
    x = lanes.across(
        (0.0, float(top) * _ROOM if pd.notna(top) and top > 0 else 1.0),
        {"title": "Staff", "tickCount": 5, "tickMinStep": 1, "grid": False, "orient": "bottom"},
    )
    tooltip = [
        alt.Tooltip("name:N", title="Unit and role"),
        alt.Tooltip("said:N", title="Staff"),
    ]
    known = drawn[drawn["needed"].notna()]
    pale = alt.MarkDef("bar", orient="horizontal", fillOpacity=BANDS[0], strokeWidth=1)
    full = alt.MarkDef("bar", orient="horizontal", fillOpacity=1, strokeWidth=1, aria=False)
    tick = alt.MarkDef("rule", color=INK, strokeWidth=2.5, aria=False)
    place = {"y": lanes.down(0.25, 0.48), "y2": lanes.down(0.75, 0.9)}
    layers = [
        alt.Chart(known, mark=pale).encode(
            x("met"), alt.X2("zero"), OUTLINE, **place, description="said:N", tooltip=tooltip
        ),
        alt.Chart(known[missing[known.index]], mark=full).encode(
            x("met"), alt.X2("needed"), OUTLINE, **place, tooltip=tooltip
        ),
        alt.Chart(drawn[has], mark=tick).encode(
            x("available"), y=lanes.down(0.12, 0.42), y2=lanes.down(0.88, 0.96)
        ),
    ]
    return alt.LayerChart(
        layer=[
            *(one for one in layers if len(one.data)),
            *lanes.texts(drawn["said"], drawn["needed"].notna()),
            *keys.charts(),
        ],
        height=lanes.height + keys.most + _GAP + _AXIS,
    )
