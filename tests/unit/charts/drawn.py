"""Frames to draw, and ways to look into what was drawn."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Any

import pandas as pd
import vl_convert

from caremap.charts import Figure
from caremap.charts.figure import INK
from caremap.charts.places import on_colour

Spec = dict[str, Any]

WIDTHS = (340, 1100)


def months(values: list[float | None], start: str = "2023-01-01", **kind: Any) -> pd.DataFrame:
    """A trend: one row per month, the last of them not complete unless told otherwise."""
    complete = kind.pop("complete", [True] * (len(values) - 1) + [False])
    name = kind.pop("name", "admissions")
    period = pd.date_range(start, periods=len(values), freq="MS", unit="us")
    return pd.DataFrame({"period": period, name: values, "complete": complete}, **kind)


def layers(drawn: Spec, mark: str) -> list[Spec]:
    """The layers of one kind of mark, in the order they are drawn."""
    return [layer for layer in leaves(drawn) if layer["mark"]["type"] == mark]


def leaves(drawn: Spec) -> Iterator[Spec]:
    """Every layer that has marks, however deep, with the data it may share with others."""
    shared = {"data": drawn["data"]} if "data" in drawn else {}
    for layer in drawn["layer"]:
        layer = shared | layer
        if "layer" in layer:
            yield from leaves(layer)
        else:
            yield layer


def rows(drawn: Spec, layer: Spec) -> list[dict[str, Any]]:
    """The data of a layer."""
    found: list[dict[str, Any]] = drawn["datasets"][layer["data"]["name"]]
    return found


def words(drawn: Spec) -> list[str]:
    """What text marks say by themselves."""
    return [layer["mark"]["text"] for layer in layers(drawn, "text") if "text" in layer["mark"]]


def texts(drawn: Spec, width: int = 1100) -> list[str]:
    """Every text that is seen, as drawn in this width."""
    svg = vl_convert.vegalite_to_svg(sized(drawn, width))
    found = (part.split("<")[0] for part in svg.split(">"))
    return [html.unescape(text) for text in found if text.strip()]


def sized(drawn: Spec, width: int) -> Spec:
    """The chart as the page draws it, which gives it a width."""
    fitted = {"type": "fit", "contains": "padding"}
    return drawn | {"width": width, "autosize": fitted, "padding": {"bottom": 20}}


def keeps_the_rules(figure: Figure) -> Spec:
    """Assert what holds for every figure: no colours, marks that speak, words, a table."""
    drawn: Spec = figure.chart.to_dict()
    json.dumps(drawn, allow_nan=False)
    assert "title" not in drawn
    assert not [item for item in _strings(drawn) if item.startswith("#")]
    for key in ("color", "labelColor", "titleColor", "stroke"):
        inks = {INK.to_dict()["expr"], on_colour("value").to_dict()["expr"], "background"}
        assert set(_expressions(key, drawn)) <= inks
    for layer in leaves(drawn):
        spoken = "description" in layer["encoding"] and "tooltip" in layer["encoding"]
        silent = layer["mark"].get("aria") is False
        assert spoken or silent, layer
    assert sum(map(len, drawn["datasets"].values())) <= 10_000
    for said in (figure.title, figure.subtitle, figure.alt):
        assert said.strip() == said
        assert said
    assert figure.alt.endswith(".")
    assert figure.name == figure.name.lower()
    assert figure.table.columns.is_unique
    assert not figure.table.empty
    return drawn


def compiles(drawn: Spec, width: int = 340) -> None:
    """Assert that it becomes a picture."""
    picture = vl_convert.vegalite_to_svg(sized(drawn, width))
    assert picture.startswith("<svg")


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        node = [value for key, value in node.items() if key != "datasets"]
    if isinstance(node, list):
        for item in node:
            yield from _strings(item)
    elif isinstance(node, str):
        yield node


def _expressions(key: str, node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in _expressions(key, item)]
    if not isinstance(node, dict):
        return []
    own = node.get(key)
    # an encoding by the same name takes its colours from a scale of the theme
    named = [own["expr"]] if isinstance(own, dict) and "expr" in own else []
    named += [own] if isinstance(own, str) else []
    return named + [found for item in node.values() for found in _expressions(key, item)]
