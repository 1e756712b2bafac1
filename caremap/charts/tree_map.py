"""Occupancy as blocks within blocks: facility, department, ward, each as large as its beds."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from caremap.charts.blocks import Block, Leaf, Rectangle, blocks_of
from caremap.charts.figure import INK, Figure
from caremap.charts.fitting import ELLIPSIS, fit, room, text_width, wrap
from caremap.charts.frames import hidden_of, needs, numbers, text_of
from caremap.charts.look import MISSING, listed, nearly, nothing, percent, times
from caremap.charts.places import (
    columns_named,
    leaders,
    occupancy_colour,
    on_colour,
    place_name,
)
from caremap.hidden import WHY_HIDDEN

__all__ = ["occupancy_tree_map"]

_HEIGHT = 420  # of the blocks, in pixels: a block's height is the same on every screen
_LEGEND = 56
_MOST = 200
_BUSY = 85
_WIDTHS = (280, 440, 640, 900)  # from which width on which layout is drawn
_MIDDLES = (340, 530, 760, 1080)  # the width each is laid out for
_CONVENTION = (
    f"{_BUSY} % is a common planning convention, not a law: how full is too full depends on the "
    "number of beds and on how much demand varies."
)


def occupancy_tree_map(frame: pd.DataFrame, levels: Sequence[str], *, period: str = "") -> Figure:
    """Draw how full every place was, in blocks as large as their staffed beds.

    Wards lie in their department and departments in their facility. A level that is constant or
    absent is skipped. Places without staffed beds have no size: they are in the table and named
    in the notes. What is over 100 % is outlined.

    Parameters
    ----------
    frame
        One row per finest place, as `caremap.measures.occupancy` returns it: the columns named
        in ``levels``, ``occupied``, ``staffed`` (beds) and ``occupancy`` (percent).
    levels
        The place columns, the widest first.
    period
        The days covered, in words, for the subtitle.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        Where the frame has no rows or lacks a column that is no level.

    Examples
    --------
    >>> frame = pd.DataFrame({"ward": ["ICU", "Surgery"], "occupied": [9.0, 15.0],
    ...                       "staffed": [10.0, 30.0], "occupancy": [90.0, 50.0]})
    >>> occupancy_tree_map(frame, ["ward"]).title
    'Places over 85 % full hold 25 % of the staffed beds; ICU is fullest, 90 %'
    """
    needs(frame, ["occupied", "staffed", "occupancy"])
    kept = _levels(frame, levels)
    places = _places(frame, kept)
    drawn = places[places["fate"] == "yes"]
    title, occupied = _title(drawn), numbers(frame["occupied"])
    return Figure(
        name=f"occupancy_tree_by_{'_and_'.join(kept) or 'network'}",
        title=title,
        subtitle=_subtitle(places, period),
        chart=_chart(drawn),
        alt=_words(drawn, title),
        table=_table(places, frame, kept),
        notes=(*_notes(places), *([WHY_HIDDEN] if hidden_of(frame, occupied).any() else [])),
    )


def _levels(frame: pd.DataFrame, levels: Sequence[str]) -> list[str]:
    """Return the levels that tell places apart; the finest where none does."""
    present = [level for level in levels if level in frame.columns]
    telling = [level for level in present if len(set(text_of(frame[level]))) > 1]
    return telling or present[-1:]


def _places(frame: pd.DataFrame, levels: Sequence[str]) -> pd.DataFrame:
    """Return one row per place: what it is called, its figures, and whether it is drawn."""
    names = [text_of(frame[level]).tolist() for level in levels]
    paths = list(zip(*names, strict=True)) if names else [("The whole network",)] * len(frame)
    places = pd.DataFrame(
        {
            "path": paths,
            "name": [place_name(path) for path in paths],
            **{
                column: numbers(frame[column]).to_numpy()
                for column in ("occupied", "staffed", "occupancy")
            },
        }
    )
    beds = places["staffed"]
    smaller = beds.where(beds > 0).rank(ascending=False, method="first") > _MOST
    fates = [beds.isna(), ~(beds > 0), smaller]
    words = ["no, beds unknown", "no, without beds", f"no, not one of the {_MOST} largest"]
    return places.assign(
        fate=np.select(fates, words, "yes"),
        weight=beds / beds.max(),  # so that no sum is too large
        shown=[percent(value) for value in places["occupancy"]],
        over=places["occupancy"].round(1) > 100,
    )


# --- the words ------------------------------------------------------------------------------


def _title(drawn: pd.DataFrame) -> str:
    if drawn.empty:
        return "No place has known staffed beds, so none can be drawn"
    known = drawn[drawn["occupancy"].notna()]
    if known.empty:
        return "Occupancy cannot be computed for any place"
    if len(drawn) == 1:
        only = drawn.iloc[0]
        return f"{only['name']} was {only['shown']} full, of {_beds(only['staffed'])}"
    busy = known["occupancy"].round(1) > _BUSY
    leader, count = leaders(known["name"], known["occupancy"])
    highest = percent(known["occupancy"].max())
    fullest = f"{leader} {'is' if count == 1 else 'are'} fullest, {highest}"
    if not busy.any():
        return f"No place is over {_BUSY} % full; {fullest}"
    if busy.all() and len(known) == len(drawn):
        return f"Every place is over {_BUSY} % full; {fullest}"
    share = known.loc[busy, "weight"].sum() / drawn["weight"].sum() * 100
    return f"Places over {_BUSY} % full hold {nearly(share)} of the staffed beds; {fullest}"


def _beds(beds: float) -> str:
    whole = beds >= 10 or round(beds, 1) == round(beds)
    return f"{beds:,.0f} bed{'' if beds == 1 else 's'}" if whole else f"{beds:,.1f} beds"


def _subtitle(places: pd.DataFrame, period: str) -> str:
    drawn = places[places["fate"] == "yes"]
    sized = places["staffed"] > 0
    count = times(len(drawn), "place")
    if len(drawn) < sized.sum():
        count = f"the {len(drawn)} largest of {times(int(sized.sum()), 'place')}"
    parts = [
        "Occupied beds in % of staffed beds",
        period,
        f"area: staffed beds ({drawn['staffed'].sum():,.0f} in {count})" if len(drawn) else "",
        "outlined: over 100 %" if drawn["over"].any() else "",
        "dashed: no figure" if drawn["occupancy"].isna().any() else "",
    ]
    return " · ".join(filter(None, parts))


def _words(drawn: pd.DataFrame, title: str) -> str:
    sentences = [f"Tree map of {times(len(drawn), 'place')} by staffed beds", title]
    known = drawn[drawn["occupancy"].notna()].sort_values("occupancy", kind="stable")
    if len(known) > 1:
        least = known.iloc[0]
        sentences.append(f"Least full is {least['name']}, {least['shown']}")
    over = known[known["over"]]
    if len(over):
        sentences.append(f"Over 100 %: {listed(over['name'].tolist()[::-1])}")
    missing = drawn.loc[drawn["occupancy"].isna(), "name"].tolist()
    if missing:
        sentences.append(f"No figure: {listed(missing)}")
    return ". ".join(sentences) + "."


def _notes(places: pd.DataFrame) -> tuple[str, ...]:
    unknown = places.loc[places["staffed"].isna(), "name"].tolist()
    without = places.loc[places["staffed"] <= 0, "name"].tolist()
    smaller = places["fate"].str.contains("largest").sum()
    notes = [
        _CONVENTION,
        f"Not drawn, since their staffed beds are unknown: {listed(unknown)}." * bool(unknown),
        f"Not drawn, since they have no staffed beds: {listed(without)}." * bool(without),
        f"Not drawn: the {times(smaller, 'smallest place')}; all are in the table." * bool(smaller),
    ]
    return tuple(filter(None, notes))


def _table(places: pd.DataFrame, frame: pd.DataFrame, levels: Sequence[str]) -> pd.DataFrame:
    own = {
        "staffed": "Staffed beds, mean",
        "occupied": "Occupied beds, mean at midnight",
        "occupancy": "Occupancy, %",
        "fate": "In the chart",
    }
    headers = list(columns_named([*levels, *own.values()]).values())
    parts: dict[str, object] = {
        header: text_of(frame[level]).to_numpy()
        for header, level in zip(headers, levels, strict=False)
    }
    parts |= {
        header: places[column].to_numpy()
        for header, column in zip(headers[len(levels) :], own, strict=True)
    }
    order = places.sort_values(["path"], kind="stable").index
    return pd.DataFrame(parts).iloc[order].reset_index(drop=True)


# --- the drawing ----------------------------------------------------------------------------


def _chart(drawn: pd.DataFrame) -> alt.LayerChart:
    if drawn.empty:
        return nothing("No place has known staffed beds.")
    leaves = [
        Leaf(row.path, float(row.weight), int(row.Index))  # type: ignore[arg-type]
        for row in drawn.itertuples()
    ]
    blocks = pd.DataFrame(
        [
            _block(block, drawn, at)
            for at, middle in enumerate(_MIDDLES)
            for block in blocks_of(leaves, Rectangle(0, 0, middle, _HEIGHT))
        ]
    )
    heads, rest = blocks[blocks["head"]], blocks[~blocks["head"]]
    layers = [*_leaves(rest), *([_heads(heads)] if len(heads) else [])]
    return alt.LayerChart(layer=layers, height=_HEIGHT + _LEGEND)


def _block(block: Block, drawn: pd.DataFrame, layout: int) -> dict[str, object]:
    """Return a rectangle in shares of the width, with the words that fit it at its narrowest."""
    middle, narrowest = _MIDDLES[layout], _WIDTHS[layout]
    place = block.place
    inside = place.width / middle * narrowest - 8
    members = drawn.loc[list(block.rows)]
    known = members[members["occupancy"].notna()]
    weight = known["weight"].sum()
    value = (known["occupancy"] * known["weight"]).sum() / weight if weight else np.nan
    shown = percent(value)
    figure = f"{shown} of {_beds(known['staffed'].sum())}" if weight else shown
    words = (
        _head_words(block.label, figure, inside)
        if block.head
        else _leaf_words(block.label, figure, shown, inside, place.height)
    )
    return {
        "layout": layout,
        "head": block.head,
        "weight": 700 if len(block.path) == 1 else 400,
        "left": place.x / middle,
        "right": (place.x + place.width) / middle,
        "upper": place.y,
        "lower": place.y + place.height,
        "value": value,
        "over": round(value, 1) > 100,
        "words": words,
        "need": room(words.split("\n")) + 4,
        "name": place_name(block.path),
        "shown": shown,
        "beds": _beds(members["staffed"].sum()),
        "occupied": f"{members['occupied'].sum(min_count=1):,.1f}".replace("nan", "unknown"),
        "said": f"{place_name(block.path)}: {figure}",
    }


def _head_words(label: str, figure: str, pixels: float) -> str:
    whole = f"{label}, {figure}"
    return whole if text_width(whole) <= pixels else fit(label, pixels, sentence=True)


def _leaf_words(label: str, figure: str, shown: str, pixels: float, height: float) -> str:
    """Return name and figure in lines; the figure comes first where there is room for one."""
    lines = int((height - 8) // 14)
    figures = [figure, shown, *([] if shown.endswith("%") else [MISSING])]
    figures = [words for words in figures if text_width(words) <= pixels]
    if not figures or lines < 1:
        return ""
    if lines == 1:
        whole = f"{label}, {shown}"
        return whole if text_width(whole) <= pixels else shown
    names = wrap(label, pixels, lines=min(lines - 1, 3), sentence=True)
    legible = len(names[0]) > 5 or ELLIPSIS not in names[-1]
    return "\n".join([*(names if legible else []), figures[0]])


_LAYOUT = "(width < 440 ? 0 : width < 640 ? 1 : width < 900 ? 2 : 3)"


def _placed(chart: alt.Chart, *, corner: bool = False) -> alt.Chart:
    """Return the chart where its blocks lie, or their upper left corners."""
    across = alt.Scale(domain=[0, 1], nice=False, zero=False)
    down = alt.Scale(domain=[_HEIGHT, 0], nice=False, zero=False)
    at: alt.Chart = chart.encode(
        x=alt.X("left:Q", axis=None, scale=across), y=alt.Y("upper:Q", axis=None, scale=down)
    )
    return at if corner else at.encode(x2=alt.X2("right"), y2=alt.Y2("lower"))


def _layer(data: pd.DataFrame, mark: alt.MarkDef) -> alt.Chart:
    return alt.Chart(data, mark=mark).transform_filter(f"datum.layout == {_LAYOUT}")


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="Place"),
        alt.Tooltip("shown:N", title="Occupancy"),
        alt.Tooltip("beds:N", title="Staffed, mean"),
        alt.Tooltip("occupied:N", title="Occupied beds, mean"),
    ]


def _leaves(rest: pd.DataFrame) -> list[alt.Chart]:
    known, unknown = rest[rest["value"].notna()], rest[rest["value"].isna()]
    over = known[known["over"]]
    layers = []
    if len(known):
        block = _placed(_layer(known, alt.MarkDef("rect", stroke=None)))
        colour = occupancy_colour("value")
        layers.append(block.encode(colour, description="said:N", tooltip=_tooltip()))
    if len(unknown):
        mark = alt.MarkDef(
            "rect", filled=False, fill="transparent", stroke=INK, strokeDash=[3, 2], opacity=0.8
        )
        block = _placed(_layer(unknown, mark))
        layers.append(block.encode(description="said:N", tooltip=_tooltip()))
    if len(over):
        mark = alt.MarkDef(
            "rect", filled=False, stroke=on_colour("value"), strokeWidth=1.5, opacity=1,
            xOffset=2, x2Offset=-2, yOffset=2, y2Offset=-2, aria=False,
        )  # fmt: skip
        layers.append(_placed(_layer(over, mark)))
    for blocks, ink in ((known, on_colour("value")), (unknown, INK)):
        labelled = blocks[blocks["words"] != ""]
        if len(labelled):
            layers.append(_label(labelled, ink, dx=6, dy=6))
    return layers


def _heads(heads: pd.DataFrame) -> alt.Chart:
    """Return the names over what belongs to them, those of the widest level bold."""
    return _label(heads, INK, dx=1, dy=4, weight=alt.ExprRef("datum.weight"))


def _label(
    data: pd.DataFrame, colour: alt.ExprRef, *, dx: int, dy: int, weight: alt.ExprRef | None = None
) -> alt.Chart:
    mark = alt.MarkDef(
        "text", align="left", baseline="top", dx=dx, dy=dy, fontSize=12, lineHeight=14,
        lineBreak="\n", fontWeight=weight or 400, color=colour, aria=False,
    )  # fmt: skip
    fits = "(datum.right - datum.left) * width >= datum.need"
    chart = _layer(data, mark).transform_filter(fits)
    return _placed(chart, corner=True).encode(text="words:N")
