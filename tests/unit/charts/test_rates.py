"""Rates by group: points with intervals, and titles that name no winner chance may have made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from caremap.charts import Figure, rates_figure
from caremap.charts.rates import _different, _groups, _wilson
from caremap.hidden import WHY_HIDDEN
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

NAN = float("nan")


def frame_of(cases: dict[str, tuple[int, int]], unknown: int = 0) -> pd.DataFrame:
    """Survival by region, as the measures give it: cases and known of each."""
    found = []
    for region, (survived, n) in cases.items():
        low, high = NAN, NAN
        if n:
            interval = stats.binomtest(survived, n).proportion_ci(method="wilson")
            low, high = interval.low * 100, interval.high * 100
        rate = survived / n * 100 if n else NAN
        found.append((region, survived, n - survived, n, unknown, rate, low, high))
    columns = ["region", "survived", "died", "n", "unknown", "survival", "low_95", "high_95"]
    return pd.DataFrame(found, columns=columns)


def figure_of(frame: pd.DataFrame, **more: Any) -> Figure:
    words = {"rate": "survival", "title": "Survival", "what": "known outcomes"}
    return rates_figure(frame, "region", "Region", **{**words, **more})


SOME = frame_of({"North": (900, 1000), "South": (700, 1000), "East": (441, 490), "West": (9, 10)})


def points(figure: Figure) -> dict[str, dict[str, Any]]:
    drawn = figure.chart.to_dict()
    return {row["name"]: row for layer in layers(drawn, "point") for row in rows(drawn, layer)}


def test_what_is_said() -> None:
    made = figure_of(SOME, period="2024")
    keeps_the_rules(made)
    assert made.title == (
        "Survival: 82.0 % overall; beyond chance higher in North (90.0 %) and East (90.0 %); "
        "lower in South (70.0 %)"
    )
    assert made.subtitle == (
        "Survival by region, % of known outcomes, with 95 % intervals · 2024 · n 2,500 · "
        "largest first"
    )
    assert "North: 90.0 %, 95 % interval 88.0 to 91.7 %, n 1,000" in made.alt
    assert "Not adjusted for age or severity" in made.notes[0]


def test_the_largest_group_is_on_top_and_small_ones_are_hollow_and_called_small() -> None:
    made = figure_of(SOME)
    assert made.table["Region"].tolist() == ["North", "South", "East", "West"]
    assert made.table["Small"].tolist() == ["", "", "", "yes"]
    drawn = made.chart.to_dict()
    filled, hollow = layers(drawn, "point")
    assert [row["name"] for row in rows(drawn, hollow)] == ["West"]
    assert hollow["mark"]["fill"]["expr"] == "background"
    assert "fill" not in filled["mark"]
    for width in WIDTHS:
        seen = texts(drawn, width)
        assert {"90.0 % · n 10, small", "90.0 % · n 1,000", "Overall 82.0 %"} <= set(seen)


def test_intervals_that_meet_are_not_ranked() -> None:
    alike = frame_of({"North": (90, 100), "South": (85, 100), "East": (88, 100)})
    assert figure_of(alike).title == (
        "Survival: 87.7 %; no region differs from the others beyond chance"
    )


def test_labels_shuffled_name_a_group_in_no_more_than_one_in_a_hundred() -> None:
    chance = np.random.default_rng(7)
    named = 0
    for _ in range(100):
        cases = {f"R{at}": (int(chance.binomial(400, 0.3)), 400) for at in range(12)}
        named += bool(_different(_groups(frame_of(cases), "region", "survival")).any())
    assert named <= 4  # one is expected at most


@pytest.mark.parametrize(
    ("cases", "title"),
    [
        ({"North": (9, 10)}, "Survival: 90.0 % in North, the only region"),
        (
            {"North": (9, 10), "South": (1, 12)},
            "Survival: 45.5 %; too few cases to compare one region with another",
        ),
        ({"North": (0, 0), "South": (0, 0)}, "Survival: no region has a figure"),
        (
            {"North": (500, 500), "South": (500, 500)},
            "Survival: 100.0 %; no region differs from the others beyond chance",
        ),
        (
            {"Unknown": (100, 900), "South": (500, 500), "North": (500, 500)},
            "Survival: 57.9 % overall; beyond chance higher in North (100.0 %) and South (100.0 %)",
        ),
    ],
)
def test_titles(cases: dict[str, tuple[int, int]], title: str) -> None:
    assert figure_of(frame_of(cases)).title == title


def test_others_are_the_rate_of_all_of_them_together() -> None:
    cases = {f"R{at:02d}": (50 + at, 100 + at) for at in range(20)}
    made = figure_of(frame_of(cases), top=5)
    keeps_the_rules(made)
    drawn = points(made)
    assert len(drawn) == 6
    rest = frame_of(cases).sort_values("n").head(15)
    others = drawn["Others (15 groups)"]
    assert others["rate"] == pytest.approx(rest["survived"].sum() / rest["n"].sum() * 100)
    assert others["n"] == rest["n"].sum()
    assert len(made.table) == 20
    assert "the 5 largest of 20 groups" in made.subtitle


@given(st.integers(1, 5000), st.data())
@settings(max_examples=30)
def test_the_interval_is_wilsons(n: int, data: Any) -> None:
    cases = data.draw(st.integers(0, n))
    expected = stats.binomtest(cases, n).proportion_ci(method="wilson")
    assert _wilson(cases, n) == pytest.approx((expected.low * 100, expected.high * 100), abs=1e-9)


def test_an_interval_that_ends_a_rounding_error_beyond_all_is_drawn() -> None:
    frame = frame_of({"North": (67, 67), "South": (0, 67)})
    frame["high_95"] = frame["high_95"].replace(100.0, 100.00000000000001)
    frame["low_95"] = frame["low_95"].replace(0.0, -1e-15)
    drawn = points(figure_of(frame))
    assert (drawn["North"]["high"], drawn["South"]["low"]) == (100, 0)
    assert drawn["North"]["interval"] == "94.6 to 100.0 %"
    assert "nan" not in figure_of(frame.assign(low_95=NAN)).alt


def test_unknown_is_counted_and_a_rate_of_none_is_no_zero() -> None:
    frame = frame_of({"North": (90, 100), "South": (80, 100), "East": (0, 0)}, unknown=3)
    made = figure_of(frame)
    assert "n 200, 9 unknown" in made.subtitle
    assert "Unknown in 9 cases: they are in no rate." in made.notes
    assert "1 group without a known case: no figure, which is not 0 %." in made.notes
    assert "no figure" in texts(made.chart.to_dict())
    assert made.table["Survival (%)"].isna().tolist() == [False, False, True]


def test_where_a_row_is_hidden_nothing_is_made_of_the_rest() -> None:
    frame = SOME.assign(hidden=SOME["region"].isin(["West", "East"]))
    frame.loc[frame["hidden"], frame.columns[1:-1]] = NAN
    made = figure_of(frame)
    keeps_the_rules(made)
    assert WHY_HIDDEN in made.notes
    assert made.title == (
        "Survival by region; beyond chance higher in North (90.0 %); lower in South (70.0 %)"
    )
    seen = texts(made.chart.to_dict())
    assert seen.count("hidden") == 2
    assert not [text for text in [*seen, made.subtitle, made.alt] if "verall" in text]
    assert "n 2" not in made.subtitle
    assert made.table["Hidden"].tolist() == ["", "", "yes", "yes"]
    many = figure_of(pd.concat([frame.assign(region=frame["region"] + str(at)) for at in range(9)]))
    assert "Others (21 groups)" not in points(many)
    assert "hidden" in texts(many.chart.to_dict())


def test_where_a_rate_comes_from_is_said() -> None:
    assert figure_of(SOME.assign(source="as recorded")).subtitle.endswith(" · as recorded")


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no rows"):
        figure_of(SOME.head(0))
    with pytest.raises(ValueError, match="no column 'low_95'"):
        figure_of(SOME.drop(columns="low_95"))


ANY = st.one_of(st.floats(), st.integers(0, 10**6).map(float))


@settings(max_examples=12)
@given(st.lists(st.tuples(st.text(max_size=90), ANY, ANY, ANY, ANY), min_size=1, max_size=20))
def test_any_frame_becomes_a_figure(found: Any) -> None:
    frame = pd.DataFrame(found, columns=["region", "n", "survival", "low_95", "high_95"])
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(figure_of(frame)))
    pd.testing.assert_frame_equal(frame, before)
