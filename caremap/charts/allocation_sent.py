"""What goes between whom in an allocation: pairs as bars, the most units first."""

from __future__ import annotations

import math

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot
from caremap.charts.fitting import fit
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.lane_bars import counted, lane_bars, plainly
from caremap.charts.lanes import pair
from caremap.charts.look import joined, nothing, number, times
from caremap.charts.points import capital, whole_column
from caremap.charts.words import isolated

__all__ = ["sent_figure"]

_SPOKEN = 6


def sent_figure(
    sent: pd.DataFrame, *, units: str = "units", verb: str = "sent", top: int = 20, period: str = ""
) -> Figure:
    """Return what an allocation sends: from where, to where, how many units, how far.

    Parameters
    ----------
    sent
        One row per pair: ``from``, ``to``, ``units``; where known ``km`` (of one unit, a straight
        line; missing where it does not enter), ``value`` and ``why``, for the table. As ``sent``
        of `caremap.planning.Allocation`.
    units
        What is sent, as of many: "beds".
    verb
        What is done with them: "sent", "placed".
    top
        How many pairs are drawn at most.
    period
        What the allocation is for, in words.

    Returns
    -------
    Figure
        Of nothing sent too: that is a message.

    Raises
    ------
    ValueError
        Where a column is missing.

    Examples
    --------
    >>> sent = pd.DataFrame({"from": ["Pool", "Kent"], "to": ["Auburn", "Auburn"],
    ...                      "units": [9, 2], "km": [float("nan"), 9.5]})
    >>> sent_figure(sent, units="beds").title
    '11 beds are sent; most from Pool to Auburn: 9'
    """
    needs(sent, ["from", "to", "units"], rows=False)
    rows = _rows(sent)
    kept = rows if len(rows) <= top + 1 else rows.head(max(top, 1))
    title = _title(rows, units, verb)
    parts = [f"{capital(units)}, from and to", period, times(len(rows), "pair")]
    return Figure(
        name="sent",
        title=title,
        subtitle=" · ".join(filter(None, parts)),
        chart=_chart(kept, units),
        alt=_alt(title, rows, units),
        table=_table(sent, rows, units),
        notes=_notes(rows, kept),
        plot=Plot("bars", "Pair", (capital(units),)) if len(rows) else None,
    )


def _rows(sent: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            **{name: text_of(sent[name].astype("object")).to_numpy() for name in ("from", "to")},
            "units": numbers(sent["units"]),
            "km": numbers(sent["km"]) if "km" in sent.columns else np.nan,
            "at": np.arange(len(sent)),
        }
    )
    rows = rows[rows["units"].gt(0)]
    return rows.sort_values(
        ["units", "from", "to"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def _figures(row: pd.Series) -> str:
    far = f" · {number(row['km'], decimals=1)} km" if math.isfinite(row["km"]) else ""
    return f"{plainly(row['units'])}{far}"


def _said(row: pd.Series, units: str) -> str:
    far = f", {number(row['km'], decimals=1)} km" if math.isfinite(row["km"]) else ""
    return f"{isolated(row['from'])} to {isolated(row['to'])}: {counted(row['units'], units)}{far}"


def _title(rows: pd.DataFrame, units: str, verb: str) -> str:
    if rows.empty:
        return f"No {units} are {verb}"
    whole = float(rows["units"].sum())
    opening = f"{counted(whole, units)} {'is' if whole == 1 else 'are'} {verb}"
    first = rows.iloc[0]
    ends = [isolated(fit(first[name], 280)) for name in ("from", "to")]
    if len(rows) == 1:
        return f"{opening}, from {ends[0]} to {ends[1]}"
    if int(rows["units"].eq(first["units"]).sum()) > 1:
        return f"{opening} between {times(len(rows), 'pair')}"
    return f"{opening}; most from {ends[0]} to {ends[1]}: {plainly(first['units'])}"


def _alt(title: str, rows: pd.DataFrame, units: str) -> str:
    if rows.empty:
        return f"{title}."
    said = [_said(row, units) for _, row in rows.head(_SPOKEN).iterrows()]
    more = len(rows) - len(said)
    rest = [times(more, "more pair", "more pairs")] if more > 0 else []
    return f"Bars by pair. {title}. {joined([*said, *rest], comma='; ')}."


def _notes(rows: pd.DataFrame, kept: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    if rows["km"].notna().any():
        notes.append("Kilometres are a straight line, from one end to the other.")
    if len(kept) < len(rows):
        more = times(len(rows) - len(kept), "more pair", "more pairs")
        notes.append(f"Drawn are the {len(kept)} with most; {more} are in the table.")
    return tuple(notes)


def _table(sent: pd.DataFrame, rows: pd.DataFrame, units: str) -> pd.DataFrame:
    columns: dict[str, object] = {
        "Pair": list(map(pair, rows["from"], rows["to"])),
        "From": rows["from"],
        "To": rows["to"],
        capital(units): whole_column(rows["units"], 0),
    }
    if rows["km"].notna().any():
        columns["Distance (km)"] = rows["km"].round(1)
    if "value" in sent.columns:
        columns["Adds to the objective"] = numbers(sent["value"]).iloc[rows["at"]].to_numpy()
    if "why" in sent.columns:
        why = sent["why"].astype("object").where(sent["why"].notna(), "")
        columns["Why"] = why.iloc[rows["at"]].to_numpy()
    return pd.DataFrame(columns)


def _chart(kept: pd.DataFrame, units: str) -> alt.LayerChart:
    if kept.empty:
        return nothing("There is nothing to send.")
    drawn = kept.assign(
        name=list(map(pair, kept["from"], kept["to"])),
        figures=[_figures(row) for _, row in kept.iterrows()],
        said=[_said(row, units) for _, row in kept.iterrows()],
        zero=0.0,
    )
    return lane_bars(
        drawn, [("zero", "units", "solid")], [], axis=capital(units), title_of_names="Pair",
        pairs=True,
    )  # fmt: skip
