"""The age and gender pyramid: one gender to the left, one to the right, age upwards."""

from __future__ import annotations

import re
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.figure import Figure, Plot, Quantity
from caremap.charts.fitting import fit, room
from caremap.charts.frames import UNKNOWN, hidden_of, needs, numbers, text_of
from caremap.charts.look import (
    MASKED_FIGURE,
    NO_FIGURE,
    adds_up,
    as_percent,
    header,
    joined,
    lower,
    most_of,
    number,
    short_number,
    times,
    unit_of,
    words,
)
from caremap.charts.points import whole_column
from caremap.charts.words import amount
from caremap.hidden import WHY_HIDDEN

__all__ = ["pyramid_figure"]

_ROW = 22
_MOST_GAP = 110  # pixels between the sides, for the ages
_SIDE = 130  # pixels for the name of a gender, on a screen of 340
_TOP = 24
_FONT = 12
_WOMEN = re.compile(r"^(f|w|female|woman|women)$", re.IGNORECASE)
_MEN = re.compile(r"^(m|male|man|men)$", re.IGNORECASE)


def pyramid_figure(
    frame: pd.DataFrame,
    bands: str = "age_band",
    sides: str = "gender",
    measure: Quantity | None = None,
    *,
    period: str = "",
) -> Figure:
    """Return a measure by age and gender, the oldest on top, a gender on either side.

    Parameters
    ----------
    frame
        As `caremap.measures.breakdown` returns it with both: a row per band and gender.
    bands
        The column of age bands, such as ``5-9`` and ``90+``; they keep the order they have.
    sides
        The column of genders. The two greatest are drawn, women to the left, men to the right
        where these are their names. Further ones are counted in a note and in the table.
    measure
        What to show; a measure that does not add up has no shares.
    period
        The period covered, in words.

    Returns
    -------
    Figure
        Ages that are not known are a row of their own, at the foot.

    Raises
    ------
    ValueError
        Where there is no row, or a column or the measure is missing.

    Examples
    --------
    >>> from caremap.measures import MEASURES
    >>> frame = pd.DataFrame({"age_band": ["0-4", "0-4", "5-9"], "gender": ["F", "M", "F"],
    ...                       "admissions": [30.0, 20.0, 50.0]})
    >>> pyramid_figure(frame, measure=MEASURES["admissions"]).title
    'Most admissions: F, 5-9, 50 of 100 (50 %)'
    """
    if measure is None:
        raise ValueError("A measure must be named.")
    needs(frame, [bands, sides, measure.name])
    cells = _cells(frame, bands, sides, measure)
    pair = _pair(cells, measure)
    title = _title(cells, measure)
    unit = f" ({unit_of(measure)})" if unit_of(measure) else ""
    table = _table(cells, measure)
    return Figure(
        name=f"{measure.name}_by_age_and_gender",
        title=title,
        subtitle=" · ".join(filter(None, [f"{measure.title}{unit} by age and gender", period])),
        chart=_drawn(cells, pair, measure),
        alt=_words(cells, pair, measure, title),
        table=table,
        notes=_notes(cells, pair, measure),
        plot=Plot("bars", "Age", tuple(table.columns[1 : 1 + len(pair)])),
    )


# --- the figures ----------------------------------------------------------------------------


def _cells(frame: pd.DataFrame, bands: str, sides: str, measure: Quantity) -> pd.DataFrame:
    """Return one row per band and gender: what is not known is Unknown."""
    value = numbers(frame[measure.name])
    cells = pd.DataFrame(
        {
            "band": text_of(frame[bands].astype("object")).to_numpy(),
            "side": text_of(frame[sides].astype("object")).to_numpy(),
            "value": value,
            "hidden": hidden_of(frame, value),
        }
    )
    return cells.drop_duplicates(["band", "side"], ignore_index=True)


def _pair(cells: pd.DataFrame, measure: Quantity) -> list[str]:
    """Return the genders to draw, at most two: the left one and the right one."""
    sizes = cells[cells["side"] != UNKNOWN].groupby("side")["value"]
    ranked = sizes.sum() if adds_up(measure) else sizes.count()
    two = ranked.sort_values(ascending=False, kind="stable").index[:2].tolist() or [UNKNOWN]
    return sorted(two, key=lambda side: (bool(_MEN.match(side)), not _WOMEN.match(side)))


def _whole(cells: pd.DataFrame, measure: Quantity) -> float:
    """Return the sum of all, NaN where it means nothing or is not whole."""
    total = float(cells["value"].sum())
    partial = cells["hidden"].any() or cells["value"].lt(0).any()
    return total if adds_up(measure) and total > 0 and not partial else np.nan


# --- the words ------------------------------------------------------------------------------


def _title(cells: pd.DataFrame, measure: Quantity) -> str:
    known = cells[cells["value"].notna() & cells["band"].ne(UNKNOWN) & cells["side"].ne(UNKNOWN)]
    if known.empty:
        return f"{measure.title}: no group of known age and gender has a figure"
    best, least = (known.iloc[known["value"].argmax()], known.iloc[known["value"].argmin()])
    figure = f"{best['side']}, {best['band']}, {amount(best['value'], measure)}"
    if not adds_up(measure):
        low = f"{amount(least['value'], measure)} ({least['side']}, {least['band']})"
        high = f"{amount(best['value'], measure)} ({best['side']}, {best['band']})"
        return f"{measure.title} by age and gender: {low} to {high}"
    of_those = " of those shown" if cells["hidden"].any() else ""
    opening = f"{most_of(measure)}{of_those}: {figure}"
    whole = _whole(cells, measure)
    if not np.isfinite(whole):
        return opening
    of = short_number(whole, measure.unit, measure.decimals, spelt=True)
    return f"{opening} of {of} ({as_percent(best['value'] / whole)})"


def _words(cells: pd.DataFrame, pair: list[str], measure: Quantity, title: str) -> str:
    drawn = cells["band"].drop_duplicates()
    sentences = [title, f"{times(len(drawn), 'age band')}, {joined(pair)}"]
    for side in pair:
        known = cells[cells["side"].eq(side) & cells["value"].notna()]
        if adds_up(measure) and len(known) and not cells["hidden"].any():
            sentences.append(f"{side}: {amount(float(known['value'].sum()), measure)} in all")
    if cells["hidden"].any():
        sentences.append(f"{times(int(cells['hidden'].sum()), 'figure')} hidden")
    return ". ".join(sentences) + "."


def _notes(cells: pd.DataFrame, pair: list[str], measure: Quantity) -> tuple[str, ...]:
    notes = [WHY_HIDDEN] if cells["hidden"].any() else []
    for side in cells["side"].drop_duplicates():
        if side in pair:
            continue
        rest = cells[cells["side"] == side]
        figure = ""
        if adds_up(measure):
            sum_of = float(rest["value"].sum(min_count=1))
            figure = f" ({MASKED_FIGURE if rest['hidden'].any() else amount(sum_of, measure)})"
        called = "whose gender is not known" if side == UNKNOWN else f"of gender {side}"
        notes.append(f"Those {called}{figure} have no side; they are in the table.")
    if len(pair) == 1:
        notes.append(f"All are of one gender: {pair[0]}.")
    return tuple(notes)


def _table(cells: pd.DataFrame, measure: Quantity) -> pd.DataFrame:
    """Return the bands down and all genders across."""
    bands = cells["band"].drop_duplicates().tolist()
    order = [*_sides_in_order(cells, measure)]
    wide = cells.set_index(["band", "side"])["value"].unstack().reindex(bands)  # noqa: PD010
    named = {side: f"{side}, {lower(header(measure))}" for side in order}
    columns = {
        named[side]: whole_column(wide[side].reset_index(drop=True), measure.decimals)
        for side in order
    }
    hidden = cells.groupby("band")["hidden"].any().reindex(bands)
    extra = {"Hidden figures": hidden.map({True: MASKED_FIGURE, False: ""}).to_numpy()}
    return pd.DataFrame({"Age": bands, **columns, **(extra if hidden.any() else {})})


def _sides_in_order(cells: pd.DataFrame, measure: Quantity) -> list[str]:
    pair = _pair(cells, measure)
    return [*pair, *(side for side in cells["side"].drop_duplicates() if side not in pair)]


# --- the drawing ----------------------------------------------------------------------------


def _drawn(cells: pd.DataFrame, pair: list[str], measure: Quantity) -> alt.LayerChart:
    """Return two halves of bars that share one scale, with the ages between them."""
    bands = cells["band"].drop_duplicates().tolist()
    named = [band for band in bands if band != UNKNOWN]
    rows = [*reversed(named), *([UNKNOWN] if UNKNOWN in bands else [])]
    shown = _told(cells[cells["side"].isin(pair)], rows, measure)
    high = max(float(shown["value"].max()) if shown["value"].notna().any() else 0.0, 0.0)
    low = min(float(shown["value"].min()) if shown["value"].notna().any() else 0.0, 0.0)
    text = room(shown["short"].tolist(), _FONT) + 8
    tooltip = [
        alt.Tooltip("band:N", title="Age"),
        alt.Tooltip("side:N", title="Gender"),
        alt.Tooltip("full:N", title=header(measure)),
    ]
    ages = [fit(row, _MOST_GAP - 12, _FONT) for row in rows]
    gap = room(ages, _FONT) + 16
    step = f"((height - {_TOP}) / {len(rows)})"
    names = pd.DataFrame({"at": range(len(rows)), "band": ages})
    layers: list[alt.Chart | alt.LayerChart] = [
        alt.Chart(names, mark=words(size=_FONT, baseline="middle")).encode(
            x=alt.value(alt.ExprRef("width / 2")),
            y=alt.value(alt.ExprRef(f"{_TOP} + (datum.at + 0.5) * {step}")),
            text="band:N",
        )
    ]
    for place, side in enumerate(pair):
        half = shown[shown["side"] == side]
        middle = f"width / 2 {'+' if place else '-'} {gap / 2:.0f}"
        edge = f"width - {text:.0f}" if place else f"{text:.0f}"
        scale = alt.Scale(
            domain=[low, high if high > low else low + 1],
            range=[alt.ExprRef(middle), alt.ExprRef(edge)],
            nice=False, zero=True, padding=0,
        )  # fmt: skip
        x = alt.X("end:Q", axis=None, scale=scale)
        layers += _half(half, side, place, x, middle, step, tooltip)
    return alt.LayerChart(
        layer=layers,
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(x="independent")),
        height=_ROW * len(rows) + _TOP,
    )


def _told(cells: pd.DataFrame, rows: list[str], measure: Quantity) -> pd.DataFrame:
    missing = np.where(cells["hidden"], MASKED_FIGURE, NO_FIGURE)
    known = cells["value"].notna()
    full = [number(value, measure.unit, measure.decimals) for value in cells["value"]]
    short = [short_number(value, measure.unit, measure.decimals) for value in cells["value"]]
    told = cells.assign(
        at=cells["band"].map({band: at for at, band in enumerate(rows)}),
        full=np.where(known, full, missing),
        short=np.where(known, short, missing),
        end=cells["value"].fillna(0.0),
    )
    return told.assign(said=[*map("{}, {}: {}".format, told["side"], told["band"], told["full"])])


def _half(
    half: pd.DataFrame,
    side: str,
    place: int,
    x: alt.X,
    middle: str,
    step: str,
    tooltip: list[alt.Tooltip],
) -> list[alt.LayerChart]:
    """Return the bars of one gender, away from the middle, their figures at their ends."""

    def down(share: float) -> alt.Value:
        return alt.value(alt.ExprRef(f"{_TOP} + (datum.at + {share}) * {step}"))

    align: Literal["left", "right"] = "left" if place else "right"
    name = words(fit(side, _SIDE, 13), size=13, align=align, baseline="top", fontWeight="bold")
    known = half["value"].notna()
    start = alt.value(alt.ExprRef(middle))
    layers = [alt.Chart(half.head(1), mark=name).encode(x=start, y=alt.value(2))]
    if known.any():
        bar = alt.Chart(half[known], mark=alt.MarkDef("bar", orient="horizontal"))
        layers.append(
            bar.encode(
                x, alt.X2Datum(0), y=down(0.1), y2=down(0.9), description="said:N", tooltip=tooltip
            )
        )
    for cells, spoken in ((half[known], False), (half[~known], True)):
        mark = words(size=_FONT, align=align, dx=4 if place else -4, baseline="middle", aria=spoken)
        text = alt.Chart(cells, mark=mark).encode(
            x, y=down(0.5), text="short:N", description="said:N", tooltip=tooltip
        )
        layers += [text] if len(cells) else []
    return [alt.LayerChart(layer=layers)]
