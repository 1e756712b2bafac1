"""Figures as SVG: well-formed, saying what they show, and with nothing in them that acts."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import altair as alt
import pandas as pd
import pytest
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import (
    Figure,
    Plot,
    access_figure,
    bars_figure,
    catchment_figure,
    clock_figure,
    control_figure,
    distance_figure,
    moves_curve_figure,
    moves_figure,
    neighbours_figure,
    occupancy_tree_map,
    places_figure,
    rates_figure,
    relations_figure,
    sites_figure,
    spread_figure,
    stay_donut,
    stay_histogram,
    to_svg,
    trend_figure,
    wait_clock_figure,
    waiting_figure,
)  # fmt: skip
from caremap.charts.frames import one_line
from caremap.charts.vectors import harmless
from caremap.measures import MEASURES
from tests.unit.charts.test_pictures import CHARTS, ODD, figure

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title", "desc", "defs",
          "clipPath", "linearGradient", "stop"}  # fmt: skip


def parsed(svg: bytes) -> Element:
    tree: Element = fromstring(svg.decode(), forbid_dtd=True)
    return tree


def seen(svg: bytes) -> str:
    """All words of a drawing on one line."""
    return " ".join(" ".join(parsed(svg).itertext()).split())


def acts_not(svg: bytes) -> None:
    """Assert that nothing runs, is fetched or followed."""
    for element in parsed(svg).iter():
        assert element.tag.removeprefix(SVG) in SHAPES
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert name.split("}")[-1] not in {"href", "src", "style", "class"}
            outside = re.sub(r"url\(#[\w-]+\)", "", value)
            assert not re.search(r"(?i)url\(|script|https?:|data:|//", outside), (name, value)


@pytest.mark.parametrize("name", CHARTS)
def test_every_kind_of_chart_becomes_a_drawing_with_title_subtitle_and_footer(name: str) -> None:
    svg = to_svg(figure(CHARTS[name]), footer="Source: beds.csv")
    acts_not(svg)
    root = parsed(svg)
    assert (root.tag, root.get("width"), root.get("role")) == (f"{SVG}svg", "1000", "img")
    assert [child.tag.removeprefix(SVG) for child in root][:2] == ["title", "desc"]
    for words in ("ICU has 9 beds", "Beds", "Source: beds.csv"):
        assert words in [text.text for text in root.iter(f"{SVG}text")]


@cache
def kinds() -> dict[str, Figure]:
    """One figure of every kind."""
    measures = MEASURES["admissions"], MEASURES["cost"]
    week = pd.DataFrame({"weekday": range(7), "hour": range(7), "days": 9, "per_day": 3.0})
    week = week.assign(admissions=27, median=30.0, p90=60.0, within_target=99.0, n=30)
    days = pd.DataFrame({"minutes": [9, 99], "days": [1, 2], "visits": [5, 6], "stays": [5, 6]})
    facts = {"median": 9.0, "p90": 99.0, "within_target": 99.0, "n": 11, "unknown": 1}
    beds = pd.DataFrame({"ward": ["A", "B"], "occupied": 5.0, "staffed": 9.0, "occupancy": 55.0})
    months = pd.DataFrame({"period": pd.date_range("2023-01-01", periods=14, freq="MS")})
    months = months.assign(admissions=40.0, value=40.0, complete=True, signal=False)
    months = months.assign(centre=40.0, lower=30.0, upper=50.0)
    groups = pd.DataFrame({"region": ["A & B", "<i>C</i>"], "n": [90, 80], "admissions": [90, 80]})
    ends = dict.fromkeys(["mean", "p5", "p25", "median", "p75", "p95"], 9.0)
    groups = groups.assign(**ends, outliers=1, skewed=True, low_95=80.0, high_95=90.0, rate=85.0)
    pair = {"characteristic": "age", "need": "cost", "kind": "rank correlation", "effect": 0.4}
    pairs = pd.DataFrame([{**pair, "low_95": 0.3, "high_95": 0.5, "n": 99}])
    names = ["A & B", "<i>C</i>"]
    moved = pd.DataFrame({"from": names, "to": names[::-1], "role": "RN", "staff": [9, 4]})
    sites = pd.DataFrame({"facility": names, "latitude": [47.3, 47.4], "longitude": [9.0, 9.1]})
    sites = sites.assign(role="RN", need=[900, 400], staff=[3, 0], after=[2, 1], ratio=[300.0, 9])
    curve = pd.DataFrame({"moves": [0, 1], "max_min": [9.0, 2], "gini": 0.2, "worst": names})
    curve = curve.assign(worst_ratio=300.0, staff_km=9.0)
    km = pd.DataFrame([[0.0, 9.5], [9.5, 0.0]], index=names, columns=names)
    near = pd.DataFrame({"facility": names, "neighbour": names[::-1], "km": 9.5})
    rates = {"rate": "rate", "title": "Survival", "what": "known outcomes"}
    return {
        "bars": bars_figure(groups, "region", "Region", measures[:1]),
        "clock": clock_figure(week, "admissions"),
        "tree map": occupancy_tree_map(beds, ["ward"]),
        "trend": trend_figure(months, measures[0]),
        "donut": stay_donut(days.rename(columns={"days": "band"})),
        "histogram": stay_histogram(days, mean=1.5, median=1),
        "waiting": waiting_figure(days, pd.DataFrame([facts])),
        "rates": rates_figure(groups, "region", "Region", **rates),
        "spread": spread_figure(groups, "region", "Region", measures[1]),
        "relations": relations_figure(pairs),
        "control": control_figure(months, measures[0]),
        "wait clock": wait_clock_figure(week),
        "sites": sites_figure(sites, "RN", need_title="Population", need_unit="people"),
        "moves": moves_figure(moved.assign(km=9.5)),
        "moves curve": moves_curve_figure(curve, 1),
        "distances": distance_figure(km),
        "neighbours": neighbours_figure(near),
        "places": places_figure(sites, moves=moved, links=near),
        "catchment": catchment_figure(pd.Series([900.0, 400.0], index=names)),
        "access": access_figure(pd.Series([0.0, 12.0, 99.0])),
    }


@pytest.mark.parametrize("name", list(kinds()))
def test_every_figure_of_ours_says_its_title(name: str) -> None:
    made = kinds()[name]
    svg = to_svg(made, footer="Source: stays.csv")
    acts_not(svg)
    root = parsed(svg)
    assert [root.findtext(f"{SVG}{part}") for part in ("title", "desc")] == [made.title, made.alt]
    lines = [text.text for text in root.iter(f"{SVG}text") if text.get("font-size") == "22"]
    assert " ".join(map(str, lines)) == made.title
    assert "Source: stays.csv" in seen(svg)


def test_a_workbook_finds_what_it_is_to_draw() -> None:
    drawn = {name: made.plot for name, made in kinds().items()}
    for name, made in kinds().items():
        if (plot := drawn[name]) is not None:
            series = plot.values  # noqa: PD011 - not of a frame
            assert {plot.category, *series} <= set(made.table), name
    assert drawn["trend"] == Plot("columns", "Month", ("Admissions",))
    assert drawn["rates"] == Plot("bars", "Region", ("Survival (%)",))
    assert drawn["control"] is not None and drawn["control"].kind == "line"
    assert drawn["relations"] is None


@pytest.mark.parametrize(
    "title", ["Stays", "Median (currency as supplied)", "Small", "Survival (%)"]
)
def test_a_header_of_a_file_takes_the_place_of_no_figure(title: str) -> None:
    groups = pd.DataFrame({"by": ["A", "B"], "n": [90, 80], "rate": 85.0, "low_95": 80.0,
                           "high_95": 90.0, "outliers": 1, "skewed": True, "mean": 9.0,
                           "p5": 1.0, "p25": 5.0, "median": 8.0, "p75": 9.0, "p95": 9.5,
                           })  # fmt: skip
    rates = rates_figure(groups, "by", title, rate="rate", title="Survival", what="outcomes")
    spread = spread_figure(groups, "by", title, MEASURES["cost"])
    for made, of in ((rates, "n: outcomes"), (spread, "Outliers")):
        assert made.table.iloc[:, 0].tolist() == ["A", "B"]
        assert made.table[of].notna().all()
        assert made.plot is not None and made.plot.category == made.table.columns[0]
    assert rates.table["Survival (%)"].tolist() == [85.0, 85.0]
    assert spread.table["Stays"].tolist() == [90, 80]


def test_hostile_words_stay_words(shared: Path) -> None:
    found = []
    for name in ("html_js_markdown_injection", "formula_injection"):
        file = shared / "messy" / "own" / f"{name}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            found += [row["Department"] for row in csv.DictReader(lines)]
    for name in found:
        frame = pd.DataFrame({"department": [name, "Ward"], "admissions": [5.0, 4.0]})
        made = bars_figure(frame, "department", "Department", [MEASURES["admissions"]])
        svg = to_svg(made, footer=name)
        acts_not(svg)
        assert one_line(name) in seen(svg)


@pytest.mark.parametrize("text", ["", ODD, "x" * 5000, "\x00\x08\x1b", "ש\u202eabc", "a\nb\tc"])
def test_no_text_breaks_it(text: str) -> None:
    frame = pd.DataFrame({"ward": [text, "B"], "beds": [9, 4]})
    chart = alt.Chart(frame).mark_bar().encode(x="beds:Q", y="ward:N", tooltip="ward:N")
    odd = figure(chart, title=text + "\ud800", subtitle=text)
    acts_not(to_svg(odd, footer=text))


def test_what_a_chart_asks_to_fetch_or_follow_is_not_in_the_drawing() -> None:
    frame = pd.DataFrame({"ward": ["A"], "beds": [9], "url": ["http://127.0.0.1/x.png"]})
    chart = alt.Chart(frame)
    layers: Any = alt.layer(
        chart.mark_image(width=9, height=9).encode(x="beds:Q", y="ward:N", url="url:N"),
        chart.mark_point().encode(x="beds:Q", y="ward:N", href="url:N"),
        chart.mark_rect(fill="url(http://127.0.0.1/y.svg#a)").encode(x="beds:Q", y="ward:N"),
    )
    svg = to_svg(figure(layers))
    acts_not(svg)
    assert b"127.0.0.1" not in svg


XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<image xlink:href="http://127.0.0.1/x.png"/>',
        '<use href="#a"/>',
        "<style>@import 'http://127.0.0.1/x.css'</style>",
        '<a xlink:href="javascript:alert(1)"><text>x</text></a>',
        '<animate onbegin="alert(1)"/>',
        '<rect onclick="alert(1)" style="fill:url(http://127.0.0.1)"/>',
        '<rect fill="url( http://127.0.0.1/#a )" xml:base="http://127.0.0.1/"/>',
        '<rect clip-path="URL(//127.0.0.1/#a)"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        '<?xml-stylesheet href="http://127.0.0.1/x.css"?><!-- http://127.0.0.1 -->',
    ],
)
def test_what_could_act_is_left_out(inside: str) -> None:
    svg = harmless(f"<svg {XMLNS}>{inside}<text>kept</text></svg>")
    acts_not(svg)
    assert b"127.0.0.1" not in svg and b"alert" not in svg
    assert seen(svg) == "kept"


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ParseError):
        harmless("<svg><g></svg>")
    with pytest.raises(DefusedXmlException):
        harmless('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>')


def test_two_drawings_in_one_page_do_not_meet() -> None:
    def own(beds: int) -> set[str]:
        frame = pd.DataFrame({"ward": ["A", "B"], "beds": [beds, 4]})
        chart = alt.Chart(frame).mark_rect(clip=True).encode(x="ward:N", color="beds:Q")
        root = parsed(to_svg(figure(chart)))
        ids = {element.get("id", "") for element in root.iter()} - {""}
        values = " ".join(value for one in root.iter() for value in one.attrib.values())
        assert set(re.findall(r"url\(#([\w-]+)\)", values)) == ids
        return ids

    first, second = own(8), own(9)
    assert first and second
    assert not first & second


@settings(max_examples=15)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_words_are_drawn_and_do_nothing(title: str, name: str) -> None:
    frame = pd.DataFrame({"ward": [name], "beds": [1]})
    chart = alt.Chart(frame).mark_bar().encode(x="beds:Q", y="ward:N")
    acts_not(to_svg(Figure("beds", title, name, chart, title, frame), footer=name))
