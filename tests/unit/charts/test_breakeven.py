"""Revenue and cost, what is left ahead, and which figure matters most."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import breakeven_figure, margin_figure, sensitivity_figure
from caremap.charts.figure import Figure
from tests.unit.charts.drawing import NUMBERS
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

CURVE = pd.DataFrame(  # 100 fixed and 3 a case, paid 5; 40 more from the 60th on
    {
        "volume": [0.0, 50, 60, 60, 70, 100],
        "cost": [100.0, 250, 280, 320, 350, 440],
        "revenue": [0.0, 250, 300, 300, 350, 500],
        "margin": [-100.0, 0, 20, -20, 0, 60],
    }
)
EVEN, LOSS = "breaks even", "back in loss"


def stretches(*rows: tuple[float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["volume", "kind"]).assign(to=math.inf)


@pytest.mark.parametrize(
    ("marks", "title"),
    [
        (stretches((50, EVEN)), "It breaks even at 50 cases"),
        (stretches((12_500, EVEN)), "It breaks even at 12,500 cases"),
        (stretches((37.5, EVEN)), "It breaks even at 37.5 cases"),
        (stretches((0, EVEN)), "It breaks even at any volume"),
        (stretches(), "It never breaks even, however many cases there are"),
        (
            stretches((50, EVEN), (60, LOSS), (70, EVEN)),
            "It breaks even at 50 cases, is back in loss from 60 and breaks even again at 70",
        ),
        (
            stretches((50, EVEN), (60, LOSS)),
            "It breaks even at 50 cases and is back in loss from 60",
        ),
        (
            stretches((1, EVEN), (2, LOSS), (3, EVEN), (4, LOSS), (5, EVEN)),
            "It breaks even at 1 cases, is back in loss from 2, breaks even again at 3 and "
            "changes 2 more times",
        ),
    ],
)  # fmt: skip
def test_titles_name_where_it_breaks_even(marks: pd.DataFrame, title: str) -> None:
    made = breakeven_figure(CURVE, marks)
    assert made.title == title
    compiles(keeps_the_rules(made))


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_points_and_the_expected_volume(width: int) -> None:
    marks = stretches((50, EVEN), (60, LOSS), (70, EVEN))
    made = breakeven_figure(CURVE, marks, volume=66, unit="patient-days", period="a year")
    drawn = keeps_the_rules(made)
    compiles(drawn, width)
    assert len(layers(drawn, "line")) == 2
    points = [rows(drawn, layer) for layer in layers(drawn, "point")]
    money = [(row["volume"], row["money"]) for some in points for row in some if "money" in row]
    assert sorted(money) == [(50, 250), (60, 300), (70, 350)]
    assert made.alt.endswith("Expected: 66 patient-days, a loss of 8.")
    assert made.subtitle.endswith("· a year")
    assert made.table["Margin"].tolist() == CURVE["margin"].tolist()
    assert any("step" in note for note in made.notes)
    assert {"Revenue", "Cost", "Breaks even", "Back in loss", "Expected"} <= set(
        texts(drawn, width)
    )


def test_a_volume_beyond_the_curve_is_marked_and_no_margin_told() -> None:
    made = breakeven_figure(CURVE, stretches((50, EVEN)), volume=500)
    assert made.alt.endswith("Expected: 500 cases.")
    compiles(keeps_the_rules(made))


AHEAD = pd.DataFrame(
    {
        "quantile": [90.0, 10, 50], "volume": [110.0, 90, 100], "revenue": [1_100.0, 900, 1_000],
        "cost": [970.0, 950, 960], "margin": [130.0, -50, 40],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "loss", "title"),
    [
        (AHEAD, None, "A margin of 40 at the middle of the forecast, from -50 to 130"),
        (AHEAD, 0.004, "A margin of 40 at the middle of the forecast, from -50 to 130; 0.4 % of "
         "futures end in a loss"),
        (AHEAD.assign(margin=0), None, "Neither loss nor margin at the middle of the forecast"),
        (AHEAD.assign(margin=math.nan), 0.1, "The margin cannot be computed"),
        (AHEAD.assign(margin=-2e6), None, "A loss of 2.00 million at the middle of the forecast"),
    ],
)  # fmt: skip
def test_titles_of_the_margin_ahead(frame: pd.DataFrame, loss: float | None, title: str) -> None:
    made = margin_figure(frame, loss=loss)
    assert made.title == title
    compiles(keeps_the_rules(made))


@pytest.mark.parametrize("width", WIDTHS)
def test_few_come_first_and_a_loss_is_pale(width: int) -> None:
    made = margin_figure(AHEAD)
    drawn = keeps_the_rules(made)
    full, pale = layers(drawn, "bar")
    assert [row["margin"] for row in rows(drawn, full)] == [40, 130]
    assert [row["margin"] for row in rows(drawn, pale)] == [-50]
    assert pale["mark"]["fillOpacity"] < full["mark"]["fillOpacity"]
    assert {"-50 at 90", "40 at 100", "130 at 110"} <= set(texts(drawn, width))
    assert made.table["Margin"].tolist() == [-50, 40, 130]
    assert "Few come (10th percentile): 90 cases, a loss of 50" in made.alt


TABLE = pd.DataFrame(
    {
        "driver": ["Price", "Volume", "Variable cost"], "margin_low": [-50.0, 0, 70],
        "margin_high": [150.0, 100, 30], "breakeven_low": [60.0, 50, 45],
        "breakeven_high": [40.0, 50, math.inf], "margin": 50.0, "breakeven": 50.0,
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (TABLE, "Price matters most: 10 % less or more takes the margin from 50 to -50 or 150"),
        (TABLE.assign(margin_low=50.0, margin_high=50.0), "No figure changes the margin of 50"),
        (TABLE.assign(margin=math.nan), "No figure's effect on the margin can be computed"),
        (TABLE.assign(margin_low=0.0, margin_high=100.0), "Price and volume matter most: 10 % less "
         "or more of the first takes the margin from 50 to 0 or 100"),
    ],
)  # fmt: skip
def test_titles_say_what_matters_most(frame: pd.DataFrame, title: str) -> None:
    made = sensitivity_figure(frame)
    assert made.title == title
    compiles(keeps_the_rules(made))


@pytest.mark.parametrize("width", WIDTHS)
def test_each_figure_has_a_bar_either_side_of_what_is(width: int) -> None:
    made = sensitivity_figure(TABLE, change=0.2, unit="patient-days")
    drawn = keeps_the_rules(made)
    lower, higher = layers(drawn, "bar")
    assert (lower["encoding"]["x"]["field"], higher["encoding"]["x"]["field"]) == (
        "margin_low", "margin_high",
    )  # fmt: skip
    assert {"-50 to 150", "0 to 100", "30 to 70", "20 % lower"} <= set(texts(drawn, width))
    assert math.isnan(made.table["Break-even (patient-days), 20 % higher"].iloc[-1])
    assert made.table["Margin, unchanged"].tolist() == [50, 50, 50]


MAKERS = {
    "break-even": lambda values: breakeven_figure(
        pd.DataFrame(dict.fromkeys(("volume", "cost", "revenue", "margin"), values)),
        pd.DataFrame({"volume": values, "to": values, "kind": EVEN}),
    ),
    "margin": lambda values: margin_figure(
        pd.DataFrame(dict.fromkeys(("quantile", "volume", "revenue", "cost", "margin"), values))
    ),
    "sensitivity": lambda values: sensitivity_figure(
        pd.DataFrame(dict.fromkeys(set(TABLE) - {"driver"}, values)).assign(driver="Price")
    ),
}


@settings(max_examples=3)
@given(st.lists(NUMBERS, min_size=1, max_size=4))
@pytest.mark.parametrize("name", MAKERS)
def test_whatever_the_numbers_there_is_a_picture(name: str, values: list[float]) -> None:
    made: Figure = MAKERS[name](values)
    compiles(made.chart.to_dict())
    assert made.title and made.alt.endswith(".")


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="no column 'cost'"):
        breakeven_figure(CURVE.drop(columns="cost"), stretches())
    with pytest.raises(ValueError, match="no column 'margin'"):
        margin_figure(AHEAD.drop(columns="margin"))
    with pytest.raises(ValueError, match="has no rows"):
        sensitivity_figure(TABLE.head(0))
