"""The wait to expect with more and fewer places."""

from __future__ import annotations

import math
from typing import Literal

import altair as alt
import pandas as pd

from caremap.charts.figure import INK, Figure, Plot
from caremap.charts.fitting import text_width
from caremap.charts.frames import needs, numbers
from caremap.charts.look import INKED, NO_FIGURE, as_percent, joined, nothing, number, words_over
from caremap.charts.points import capital

__all__ = ["waits_by_places_figure"]

Show = Literal["share_over", "mean_wait"]

_HEIGHT = 300
_FEW = 60  # places side by side that leave room for points


def waits_by_places_figure(
    waits: pd.DataFrame,
    *,
    unit: str = "hours",
    there: int | None = None,
    target: float | None = None,
    show: Show | None = None,
    places_title: str = "places",
) -> Figure:
    """Return how the wait falls with every place more.

    Parameters
    ----------
    waits
        ``places``, ``mean_wait``, ``share_over`` (fraction who wait longer than the target; NaN
        without one) and ``utilisation``, NaN where the queue would grow without end; where it was
        simulated ``mean_low`` and ``mean_high``; as `caremap.planning.waiting_by_places` returns
        it. A ``note`` of each row is told where it has a wait.
    unit
        The unit of the waits, in words.
    there
        The places there are; marked.
    target
        The wait that should not be exceeded.
    show
        ``share_over`` or ``mean_wait``; by default the first where it is known.
    places_title
        What places are: beds, rooms.

    Returns
    -------
    Figure
        A point for each number of places; those too few to serve all who come have none.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing, or ``show`` is none of the choices.

    Examples
    --------
    >>> waits = pd.DataFrame({"places": [10, 12, 13], "mean_wait": [float("nan"), 0.22, 0.1],
    ...     "share_over": [float("nan"), 0.17, 0.05], "utilisation": [1.0, 0.83, 0.77]})
    >>> waits_by_places_figure(waits, there=12, target=0.5).title
    'With 12 places 17 % wait longer than 0.5 hours; with one more, 5 %'
    """
    needs(waits, ["places", "mean_wait", "share_over", "utilisation"])
    rows = _rows(waits)
    if show is None:
        show = "share_over" if rows["share_over"].notna().any() else "mean_wait"
    if show not in ("share_over", "mean_wait"):
        raise ValueError(f"show is share_over or mean_wait, got {show!r}.")
    rows = rows.assign(value=rows[show] * (100 if show == "share_over" else 1))
    one = unit.removesuffix("s") if target == 1 else unit
    longer = f"wait longer than {_plain(target)} {one}" if target is not None else "wait too long"
    title = _title(rows, there, show, places_title, unit, longer)
    measured = f"Share who {longer}" if show == "share_over" else f"Mean wait ({unit})"
    said = [_said(row, places_title, unit, longer) for _, row in rows.iterrows()]
    return Figure(
        name="wait_by_places",
        title=title,
        subtitle=f"{measured} · by number of {places_title}",
        chart=_chart(rows.assign(said=said), there, show, measured, places_title),
        alt=_alt(title, rows.assign(said=said), there),
        table=_table(rows, places_title, unit, longer),
        notes=(*_notes(rows, places_title), *_own(waits)),
        plot=Plot("line", capital(places_title),
                  (f"{capital(longer)} (%)" if show == "share_over" else measured,)),
    )  # fmt: skip


def _rows(waits: pd.DataFrame) -> pd.DataFrame:
    names = ("places", "mean_wait", "share_over", "utilisation", "mean_low", "mean_high")
    rows = pd.DataFrame(
        {name: numbers(waits[name]) if name in waits.columns else math.nan for name in names},
        index=range(len(waits)),
    )
    rows = rows[rows["places"].notna()].sort_values("places", kind="stable")
    return rows.drop_duplicates("places", ignore_index=True)


# --- the words ------------------------------------------------------------------------------


def _plain(value: float) -> str:
    return f"{value:,.10g}"


def _wait(value: float) -> str:
    """Write a wait with two digits that say something."""
    if not math.isfinite(value):
        return NO_FIGURE
    if value and abs(value) < 0.005:
        return "under 0.01"
    return number(value, decimals=0 if value >= 100 else 1 if value >= 10 else 2)


def _written(row: pd.Series, show: Show, unit: str) -> str:
    value = float(row[show])
    return as_percent(value) if show == "share_over" else f"{_wait(value)} {unit}"


def _title(
    rows: pd.DataFrame, there: int | None, show: Show, places: str, unit: str, longer: str
) -> str:
    known = rows[rows["value"].notna()]
    if known.empty:
        return f"With any of these numbers of {places} the queue grows without end"
    here = known[known["places"].eq(-1 if there is None else there)]
    if there is not None and here.empty and rows["places"].eq(there).any():
        first = known.iloc[0]
        return (
            f"With {number(there)} {places} the queue grows without end; {number(first['places'])} "
            f"are the fewest that keep up"
        )
    start = here.iloc[0] if len(here) else known.iloc[0]
    more = known[known["places"].eq(start["places"] + 1)]
    value = _written(start, show, unit)
    what = f"{value} {longer}" if show == "share_over" else f"the mean wait is {value}"
    rest = f"; with one more, {_written(more.iloc[0], show, unit)}" if len(more) else ""
    return f"With {number(start['places'])} {places} {what}{rest}"


def _said(row: pd.Series, places: str, unit: str, longer: str) -> str:
    opening = f"{number(row['places'])} {places}"
    if not math.isfinite(row["mean_wait"]):
        return f"{opening}: the queue grows without end"
    figures = [f"mean wait {_wait(row['mean_wait'])} {unit}"]
    if math.isfinite(row["mean_low"]) and math.isfinite(row["mean_high"]):
        figures[0] += f" ({_wait(row['mean_low'])} to {_wait(row['mean_high'])})"
    if math.isfinite(row["share_over"]):
        figures.append(f"{as_percent(row['share_over'])} {longer}")
    figures.append(f"{as_percent(row['utilisation'])} of the {places} busy")
    return f"{opening}: {joined(figures)}"


def _alt(title: str, rows: pd.DataFrame, there: int | None) -> str:
    known = rows[rows["value"].notna()]
    spoken = known.iloc[[0, -1]] if len(known) > 1 else known
    if there is not None:
        spoken = pd.concat([spoken, known[known["places"].eq(there)]])
    said = spoken.drop_duplicates("places").sort_values("places")["said"].tolist()
    return f"{title}. {'; '.join(said)}." if said else f"{title}."


def _notes(rows: pd.DataFrame, places: str) -> tuple[str, ...]:
    notes = ["Arrivals are taken to come at random, and to be served in the order they come."]
    endless = rows.loc[rows["value"].isna(), "places"].tolist()
    if endless:
        notes.append(f"Too few {places} to serve all who come, so without a wait to expect: "
                     f"{joined([number(count) for count in endless])}.")  # fmt: skip
    if rows["mean_low"].notna().any():
        notes.append("Waits are simulated: the table has their 95 % intervals.")
    return tuple(notes)


def _own(waits: pd.DataFrame) -> list[str]:
    """Return what the frame itself has to say of its figures."""
    if "note" not in waits.columns:
        return []
    told = waits.loc[numbers(waits["mean_wait"]).notna().to_numpy(), "note"].dropna()
    return [str(note) for note in dict.fromkeys(told) if str(note).strip()]


def _table(rows: pd.DataFrame, places: str, unit: str, longer: str) -> pd.DataFrame:
    columns: dict[str, object] = {
        capital(places): rows["places"].round().astype("Int64"),
        f"Mean wait ({unit})": rows["mean_wait"].round(4),
        f"{capital(longer)} (%)": (100 * rows["share_over"]).round(2),
        "Busy (%)": (100 * rows["utilisation"]).round(1),
    }
    if rows["mean_low"].notna().any():
        columns[f"Mean wait, 95 % interval: from ({unit})"] = rows["mean_low"].round(4)
        columns[f"Mean wait, 95 % interval: to ({unit})"] = rows["mean_high"].round(4)
    return pd.DataFrame(columns)


# --- the drawing ----------------------------------------------------------------------------


def _chart(
    rows: pd.DataFrame, there: int | None, show: Show, measured: str, places: str
) -> alt.LayerChart:
    drawn = rows[rows["value"].notna()]
    if drawn.empty:
        return nothing("The queue grows without end.")
    shown = [as_percent(value) if show == "share_over" else _wait(value) for value in drawn[show]]
    drawn = drawn.assign(shown=shown)
    low, high = float(rows["places"].min()), float(rows["places"].max())
    ends = [float(drawn["value"].max())]
    if show == "mean_wait" and drawn["mean_high"].notna().any():
        ends.append(float(drawn["mean_high"].max()))
    top = max(ends) or 1.0
    x = alt.X(
        "places:Q",
        scale=alt.Scale(domain=[low, high if high > low else low + 1], nice=False, padding=14),
        axis=alt.Axis(title=capital(places), tickMinStep=1, format=",d", grid=False, **INKED),
    )
    scale = alt.Scale(domain=[0, top * 1.14], nice=False)
    title = "Share (%)" if show == "share_over" else measured
    axis = alt.Axis(title=title, tickCount=5, titleLimit=0, **INKED)
    y = alt.Y("value:Q", scale=scale, axis=axis)
    tooltip = [alt.Tooltip("places:Q", title=capital(places)), alt.Tooltip("said:N", title="Wait")]
    line = alt.MarkDef("line", strokeWidth=2, aria=False)
    dots = alt.MarkDef("point", filled=True, size=50 if len(rows) <= _FEW else 12, opacity=1)
    layers = [alt.Chart(drawn, mark=line).encode(x, y)]
    known = drawn[drawn["mean_high"].notna()]
    if show == "mean_wait" and len(known):
        bar = alt.MarkDef("rule", color=INK, strokeWidth=1.5, aria=False)
        between = alt.Y("mean_low:Q", scale=scale, axis=axis)
        layers.append(alt.Chart(known, mark=bar).encode(x, between, alt.Y2("mean_high")))
    layers.append(alt.Chart(drawn, mark=dots).encode(x, y, description="said:N", tooltip=tooltip))
    if there is not None and low <= there <= high:
        layers += _marked(rows, drawn, there, x, y, places)
    return alt.LayerChart(layer=layers, height=_HEIGHT)


def _marked(
    rows: pd.DataFrame, drawn: pd.DataFrame, there: int, x: alt.X, y: alt.Y, places: str
) -> list[alt.Chart]:
    """Return the places there are: a line with words, and the figure they give."""
    span = float(rows["places"].max() - rows["places"].min()) or 1.0
    late = (there - float(rows["places"].min())) / span > 0.5
    text = f"{number(there)} {places} there are"
    mark = alt.MarkDef("rule", color=INK, strokeWidth=1.5, strokeDash=[5, 3], aria=False)
    here = pd.DataFrame({"places": [float(there)], "words": [text]})
    side = {"align": "right", "dx": -8} if late else {"align": "left", "dx": 8}
    layers = [alt.Chart(here, mark=mark).encode(x, y=alt.value(0), y2=alt.value("height"))]
    for word in words_over(size=12, baseline="top", dy=2, fontWeight=600, **side):
        layers.append(alt.Chart(here, mark=word).encode(x, y=alt.value(0), text="words:N"))
    figure = drawn[drawn["places"].eq(there)]
    if len(figure) and text_width(figure["shown"].iloc[0]) < 120:
        for word in words_over(size=13, baseline="bottom", dy=-8, fontWeight=700, align="left",
                               dx=8):  # fmt: skip
            layers.append(alt.Chart(figure, mark=word).encode(x, y, text="shown:N"))
    return layers
