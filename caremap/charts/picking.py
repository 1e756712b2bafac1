"""Groups picked by a click on a chart: what the chart needs, and how a page reads them.

A page draws the chart with

    st.altair_chart(figure.chart, key=key, on_select="rerun", selection_mode="picked", ...)

and reads the names of the groups, as they stand in the figure's frame, with
``picked_names(st.session_state.get(key))``. They come from a browser: a page looks them up
among the groups it has before it uses them.

A click picks a group, a second one lets it go, as Escape does; with the shift key several are
picked. Measured in Chromium on Streamlit 1.67: layered charts pass selections on, each layer
whose data have the field takes part, and a filter of clicks sees ``event`` but no ``datum``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt
import pandas as pd

from caremap.charts.figure import INK

__all__ = ["FADED", "PICK", "PICKED", "PICK_THEN", "faded", "outlined", "picked_names"]
__all__ += ["picked_pairs", "picking", "real_name"]

PICKED = "picked"
"""The name of the selection."""

PICK, PICK_THEN = "pick", "pick_then"
"""Fields with the real names of groups, and of the groups they are crossed with."""

FADED = 0.72
"""How strong what is not picked stays: 3:1 at least on every surface, in both themes."""

_ITEM = "event.item && event.item.datum"
_ON = f"click[event.detail < 2 && {_ITEM} && event.item.datum.{PICK}]"  # a double click is one
# Escape in an open list or a field closes that: then the page itself has not the focus.
_PAGE = "(event.target.tagName === 'BODY' || event.target.tagName === 'MAIN')"
_OUT = f"window:keydown[event.key === 'Escape' && {_PAGE}]"
_TOGGLE = f"event.shiftKey || vlSelectionTest('{PICKED}_store', datum)"


def picking(*fields: str) -> alt.Parameter:
    """Return the selection of a click on whatever has a name under the first of the fields."""
    return alt.selection_point(
        name=PICKED, fields=list(fields or (PICK,)), on=_ON, clear=_OUT, toggle=_TOGGLE
    )


def faded(picks: alt.Parameter | None) -> alt.OpacityValue:
    """Return how strong a mark is: less where others are picked; None where nothing can be."""
    if picks is None:
        return alt.OpacityValue(1)
    return alt.OpacityValue(FADED, condition=_picked(picks, 1, empty=True))


def outlined(picks: alt.Parameter) -> alt.StrokeValue:
    """Return the line around what is picked, which tells it without its colour."""
    return alt.StrokeValue("transparent", condition=_picked(picks, INK, empty=False))


def _picked(picks: alt.Parameter, value: Any, *, empty: bool) -> dict[str, Any]:
    """Return the value of what is picked; ``empty`` says whether all is where nothing is."""
    said = value.to_dict() if isinstance(value, alt.ExprRef) else value
    return {"param": picks.name, "value": said, "empty": empty}


def real_name(name: object) -> str:
    """Return the name by which the frame knows a group; empty where it has none.

    Examples
    --------
    >>> real_name("Ward 3 "), real_name(4.0), real_name(None)
    ('Ward 3 ', '4', '')
    """
    if isinstance(name, str):
        return name
    if bool(pd.isna(name)):  # type: ignore[call-overload]
        return ""
    return str(int(name)) if isinstance(name, float) and name.is_integer() else str(name)


def picked_names(state: object) -> tuple[str, ...]:
    """Return the names of the groups picked in a chart.

    Parameters
    ----------
    state
        What Streamlit keeps for the chart, or None: ``st.session_state.get(key)``.

    Returns
    -------
    tuple of str
        As they stand in the frame the figure was made from, each once, in the order in which
        they were picked. Empty where nothing is.

    Examples
    --------
    >>> picked_names({"selection": {"picked": [{"pick": "Surgery"}, {"pick": "ICU"}]}})
    ('Surgery', 'ICU')
    >>> picked_names({"selection": {"picked": {}}}), picked_names(None)
    ((), ())
    """
    return tuple(dict.fromkeys(one[PICK] for one in _picks(state, PICK)))


def picked_pairs(state: object) -> tuple[tuple[str, str], ...]:
    """Return the cells picked in a chart of two groupings crossed, by their two names.

    Periods are written as their first day: ``2024-05-01``.

    Examples
    --------
    >>> cell = {"pick": "Surgery", "pick_then": "Female"}
    >>> picked_pairs({"selection": {"picked": [cell]}})
    (('Surgery', 'Female'),)
    """
    pairs = ((one[PICK], one[PICK_THEN]) for one in _picks(state, PICK, PICK_THEN))
    return tuple(dict.fromkeys(pairs))


def _picks(state: object, *fields: str) -> Iterator[Mapping[str, str]]:
    """Yield what is picked and has a text in each of the fields: a browser may send anything."""
    selection = state.get("selection") if isinstance(state, Mapping) else None
    found = selection.get(PICKED) if isinstance(selection, Mapping) else None
    for one in found if isinstance(found, list | tuple) else ():
        known = isinstance(one, Mapping)
        if known and all(isinstance(one.get(field), str) and one[field] for field in fields):
            yield one
