"""Figures as pictures: whole, legible, on white paper, whatever they hold."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from caremap.charts import Figure, occupancy_tree_map, to_png, trend_figure
from caremap.charts.palette import CATEGORICAL, DIVERGING, INK_ON_PAPER, PAPER, QUIET, SEQUENTIAL
from caremap.measures import MEASURES

ODD = '<b>Tom & "Jerry"</b> ]]> \x00\x07\x1b\uffff 🏥 外科 \\n {{x}} $x^2$'
BEDS = pd.DataFrame({"ward": ["ICU", ODD], "beds": [9, 4]})


def bars(frame: pd.DataFrame = BEDS) -> alt.Chart:
    chart: alt.Chart = alt.Chart(frame).mark_bar().encode(x="beds:Q", y="ward:N")
    return chart


def figure(chart: Any, title: str = "ICU has 9 beds", subtitle: str = "Beds") -> Figure:
    return Figure("beds", title, subtitle, chart, "ICU has 9 beds.", BEDS)


def pixels(png: bytes) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


MONTHS = pd.DataFrame(
    {
        "period": pd.to_datetime(["2024-01-01", "2024-02-01"]),
        "admissions": [3.0, 4.0],
        "complete": True,
    }
)
CHARTS = {
    "chart": bars(),
    "layers": alt.layer(bars(), bars().mark_text(text="x")),
    "steps": bars().properties(height=alt.Step(30)),
    "trend": trend_figure(MONTHS, MEASURES["admissions"]).chart,
    "beside": alt.hconcat(bars(), bars()),
    "below": alt.vconcat(bars(), bars()),
    "nested": alt.vconcat(alt.hconcat(bars(), bars(), bars()), bars()),
    "donut": alt.Chart(BEDS).mark_arc(innerRadius=50).encode(theta="beds:Q", color="ward:N"),
}


@pytest.mark.parametrize("name", CHARTS)
def test_every_kind_of_chart_is_drawn_a_thousand_wide_on_white(name: str) -> None:
    picture = pixels(to_png(figure(CHARTS[name]), scale=1, footer="Source: beds.csv"))
    assert picture.shape[1] == 1000
    assert picture.std() > 5  # not blank
    for edge in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
        assert (edge == 255).all()  # nothing is cut off, and paper is white


def test_twice_the_pixels_by_default() -> None:
    assert pixels(to_png(figure(bars()))).shape[1] == 2000


def test_title_and_footer_take_room_and_long_ones_wrap() -> None:
    plain, footed, titled = (
        pixels(to_png(one, scale=1, footer=foot)).shape[0]
        for one, foot in (
            (figure(bars()), ""),
            (figure(bars()), "Source: beds.csv"),
            (figure(bars(), title="Many words " * 20), ""),
        )
    )
    assert footed > plain
    assert titled > plain + 50


def test_the_chart_keeps_its_height() -> None:
    low, high = (
        pixels(to_png(figure(bars().properties(height=height)), scale=1)).shape[0]
        for height in (200, 500)
    )
    assert high - low == 300


@pytest.mark.parametrize("text", ["", ODD, "x" * 5000, "\x00", "ש\u202eabc", "a\nb\tc"])
def test_no_text_breaks_it(text: str) -> None:
    frame = pd.DataFrame({"ward": [text, "B"], "beds": [9, 4]})
    text += "\ud800"  # half a character: no frame can hold it, but a file name can
    odd = figure(bars(frame), title=text, subtitle=text)
    assert to_png(odd, scale=1, footer=text).startswith(b"\x89PNG")


def test_a_name_with_markup_in_a_chart_of_ours() -> None:
    frame = pd.DataFrame({"ward": [ODD, "B"], "occupied": 5.0, "staffed": 9.0, "occupancy": 55.0})
    assert to_png(occupancy_tree_map(frame, ["ward"]), scale=1).startswith(b"\x89PNG")


def test_a_chart_without_data_is_drawn() -> None:
    assert to_png(figure(bars(BEDS.head(0))), scale=1).startswith(b"\x89PNG")


def test_pictures_have_the_colours_of_the_light_theme(repo: Path) -> None:
    themes = tomllib.loads((repo / ".streamlit" / "config.toml").read_text())["theme"]
    light = themes["light"]
    assert list(CATEGORICAL) == light["chartCategoricalColors"]
    assert list(SEQUENTIAL) == light["chartSequentialColors"]
    assert list(DIVERGING) == light["chartDivergingColors"]
    assert (
        light["backgroundColor"],
        light["textColor"],
        light["grayTextColor"],
    ) == (PAPER, INK_ON_PAPER, QUIET)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_black_or_white_is_legible_on_every_colour_of_a_map(repo: Path, theme: str) -> None:
    """WCAG AA asks for 4.5; between two colours of the range lies no darker gap."""
    themes = tomllib.loads((repo / ".streamlit" / "config.toml").read_text())["theme"]
    for colour in themes[theme]["chartSequentialColors"]:
        light = luminance(colour)
        assert max(1.05 / (light + 0.05), (light + 0.05) / 0.05) >= 4.5
