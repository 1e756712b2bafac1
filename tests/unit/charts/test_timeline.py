"""A measure over time as it is drawn, and that it compiles."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert

from caremap.charts.points import points_of
from caremap.charts.timeline import timeline
from tests.unit.charts.drawn import Spec, layers, months, rows, words

FOUR = months([310, 280, 325, 174])


def spec(
    frame: pd.DataFrame,
    unit: str = "admissions",
    *,
    every: Any = "month",
    kind: Any = "flow",
    decimals: int = 0,
) -> Spec:
    points = points_of(frame, "admissions", unit, every, decimals)
    drawn: Spec = timeline(points, unit, every=every, kind=kind).to_dict()
    return drawn


# --- what is drawn --------------------------------------------------------------------------


def test_a_flow_is_bars_from_zero() -> None:
    drawn = spec(FOUR)
    solid, hollow = layers(drawn, "bar")
    assert [row["value"] for row in rows(drawn, solid)] == [310, 280, 325]
    assert [row["value"] for row in rows(drawn, hollow)] == [174]
    for layer in (solid, hollow):
        assert layer["encoding"]["y2"] == {"datum": 0}
        assert layer["encoding"]["y"]["scale"]["domain"][0] == 0
    assert not layers(drawn, "line")


def test_a_ratio_is_a_line_with_points() -> None:
    drawn = spec(FOUR, "days", kind="ratio")
    whole, dashed = layers(drawn, "line")
    assert [row["value"] for row in rows(drawn, whole)] == [310, 280, 325, None]
    assert [row["value"] for row in rows(drawn, dashed)] == [325, 174]
    filled, hollow = layers(drawn, "point")
    assert [row["value"] for row in rows(drawn, filled)] == [310, 280, 325]
    assert [row["value"] for row in rows(drawn, hollow)] == [174]
    assert not layers(drawn, "bar")


@pytest.mark.parametrize(
    ("kind", "mark"), [("flow", "bar"), ("ratio", "point"), ("stock", "point")]
)
def test_what_is_not_complete_is_hollow_and_labelled(kind: Any, mark: str) -> None:
    drawn = spec(FOUR, kind=kind)
    solid, hollow = layers(drawn, mark)
    assert hollow["mark"]["filled"] is False
    assert hollow["mark"]["fill"] == "transparent"
    assert "fill" not in solid["mark"]
    assert words(drawn) == ["month so far"]
    assert rows(drawn, hollow)[0]["state"] == "so far"


def test_a_first_month_that_is_not_complete_is_labelled_too() -> None:
    drawn = spec(months([100, 280, 325, 174], complete=[False, True, True, False]))
    assert words(drawn) == ["month so far", "part of a month"]
    assert [row["state"] for row in rows(drawn, layers(drawn, "bar")[1])] == [
        "only a part",
        "so far",
    ]


def test_the_label_stays_clear_of_the_bars_it_reaches_over() -> None:
    label = layers(drawn := spec(FOUR), "text")[0]
    assert rows(drawn, label)[0]["value"] == 325


def test_all_complete_needs_no_label() -> None:
    drawn = spec(months([1, 2], complete=[True, True]))
    assert words(drawn) == []
    assert len(layers(drawn, "bar")) == 1


def test_axes_and_tooltips_say_what_unit_and_period() -> None:
    encoding = spec(FOUR)["layer"][0]["encoding"]
    assert encoding["x"]["axis"]["title"] == "Month"
    assert encoding["y"]["axis"]["title"] == "Admissions"
    assert [field["title"] for field in encoding["tooltip"]] == ["Month", "Admissions", "Covers"]


@pytest.mark.parametrize(
    ("values", "kind", "starts_at_zero"),
    [
        ([310.0, 280.0], "ratio", False),
        ([310.0, 20.0], "ratio", True),
        ([5.0, 5.0], "ratio", True),
        ([-5.0, 80.0], "ratio", True),
        ([310.0, 300.0], "flow", True),
    ],
)
def test_an_axis_that_does_not_start_at_zero_says_so(
    values: list[float | None], kind: Any, starts_at_zero: bool
) -> None:
    y = spec(months(values), "days", kind=kind)["layer"][0]["encoding"]["y"]
    assert ("does not start at 0" in y["axis"]["title"]) is not starts_at_zero
    assert (y["scale"]["domain"][0] <= 0) is starts_at_zero


def test_large_figures_are_shortened_on_the_axis_and_whole_in_the_tooltip() -> None:
    drawn = spec(months([25_516_806.78, 24_000_000.0]), "currency", decimals=2)
    y = drawn["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]
    assert "~s" in y
    assert rows(drawn, drawn["layer"][0])[0]["shown"] == "25,516,806.78"
    assert "',.6~f'" in spec(FOUR)["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]


def test_missing_is_a_cross_and_zero_is_not() -> None:
    drawn = spec(months([310, None, 0, 174]))
    crosses = layers(drawn, "text")[0]
    assert crosses["mark"]["text"] == "×"
    assert [row["name"] for row in rows(drawn, crosses)] == ["February 2023"]
    assert [row["shown"] for row in rows(drawn, crosses)] == ["no figure"]
    assert [row["value"] for row in rows(drawn, layers(drawn, "bar")[0])] == [310, 0]
    assert drawn["layer"][0]["encoding"]["x"]["axis"]["title"] == "Month (× no figure)"


def test_no_colour_but_the_themes() -> None:
    for kind in ("flow", "ratio"):
        text = json.dumps(spec(months([310, None, 0, 174]), kind=kind))
        assert "#" not in text
        for key in ("color", "labelColor", "titleColor"):
            assert set(_values_of(key, json.loads(text))) == {_INK}


_INK = "contrast(background, 'white') > contrast(background, 'black') ? 'white' : 'black'"


def _values_of(key: str, node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for item in node for found in _values_of(key, item)]
    if not isinstance(node, dict):
        return []
    own = [node[key]["expr"]] if key in node else []
    return own + [found for item in node.values() for found in _values_of(key, item)]


@pytest.mark.parametrize("kind", ["flow", "ratio"])
def test_every_mark_says_what_it_stands_for(kind: Any) -> None:
    drawn = spec(months([310, None, 0, 174]), kind=kind)
    marks = [layer for layer in drawn["layer"] if "tooltip" in layer["encoding"]]
    assert {layer["encoding"]["description"]["field"] for layer in marks} == {"said"}
    assert sorted(row["said"] for layer in marks for row in rows(drawn, layer)) == [
        "April 2023: 174, so far",
        "February 2023: no figure, whole month",
        "January 2023: 310, whole month",
        "March 2023: 0, whole month",
    ]


def test_many_points_are_small_and_few_are_large() -> None:
    sizes = [
        layers(spec(months([float(at) for at in range(1, count)]), kind="ratio"), "point")[0]
        for count in (10, 100)
    ]
    assert sizes[0]["mark"]["size"] > sizes[1]["mark"]["size"]


def test_what_streamlit_would_warn_of_is_left_out() -> None:
    assert "description" not in spec(FOUR)


def test_the_frame_is_not_touched() -> None:
    frame = FOUR.sample(frac=1, random_state=1)
    before = frame.copy(deep=True)
    assert spec(frame) == spec(FOUR)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("column", ["period", "admissions", "complete"])
def test_a_column_that_is_missing_is_named(column: str) -> None:
    with pytest.raises(ValueError, match=f"no column '{column}'"):
        spec(FOUR.drop(columns=column))


def test_periods_there_are_not_are_refused() -> None:
    with pytest.raises(ValueError, match="every is one of day, week, month, quarter, year"):
        spec(FOUR, every="fortnight")


# --- it compiles, at every width ------------------------------------------------------------

EMPTY = months([], complete=[])
FRAMES = {
    "four": FOUR,
    "empty": EMPTY,
    "untyped empty": pd.DataFrame(columns=["period", "admissions", "complete"]),
    "one": months([174]),
    "one complete": months([174], complete=[True]),
    "all missing": months([None, None, None], dtype="object"),
    "gaps": months([None, 5, None, 7, None]),
    "zeros": months([0, 0, 0]),
    "negative": months([-5, 7, -1]),
    "infinite": months([np.inf, 7, -np.inf]),
    "long": months([float(at % 7) for at in range(120)]),
    "nullable": FOUR.astype({"admissions": "Int64", "complete": "boolean"}),
}


@pytest.mark.parametrize("name", FRAMES)
@pytest.mark.parametrize("kind", ["flow", "ratio"])
def test_it_compiles_to_a_picture(name: str, kind: Any) -> None:
    drawn = spec(FRAMES[name], kind=kind)
    for width in (340, 1200):
        sized = drawn | {"width": width, "autosize": {"type": "fit", "contains": "padding"}}
        picture = vl_convert.vegalite_to_png(sized)
        assert picture.startswith(b"\x89PNG")
        # ten pixels are the padding; a label may stand out by half its length
        assert abs(struct.unpack(">I", picture[16:20])[0] - width) <= 20


@pytest.mark.parametrize(
    ("every", "frequency", "periods"),
    [
        ("day", "D", 60),
        ("week", "W-MON", 30),
        ("month", "MS", 34),
        ("quarter", "QS", 12),
        ("year", "YS", 12),
    ],
)
def test_labels_name_periods_that_are_there(every: Any, frequency: str, periods: int) -> None:
    period = pd.date_range("2021-01-01", periods=periods, freq=frequency)
    frame = pd.DataFrame({"period": period, "admissions": 5.0, "complete": True})
    drawn = spec(frame, every=every)
    years = {str(year) for year in period.year}
    for width in (340, 1200):
        picture = vl_convert.vegalite_to_svg(drawn | {"width": width})
        shown = set(_texts(picture)) & {str(year) for year in range(2000, 2100)}
        assert shown
        assert shown <= years


def _texts(svg: str) -> list[str]:
    return [part.split("<")[0] for part in svg.split(">")]
