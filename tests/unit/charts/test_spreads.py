"""Spreads by group: quantiles, a scale that fits them, and no single patient's amount."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, spread_figure
from caremap.charts.spreads import _groups, _title
from caremap.hidden import WHY_HIDDEN
from caremap.measures import MEASURES
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

NAN = float("nan")
ENDS = ["p5", "p25", "median", "p75", "p95"]


def frame_of(amounts: dict[str, Any], *, skewed: bool = True, outliers: int = 3) -> pd.DataFrame:
    """Costs by treatment as the measures give them, of lists of single amounts."""
    found = []
    for name, values in amounts.items():
        quantiles = np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95])
        found.append((name, len(values), np.mean(values), *quantiles, outliers, skewed))
    columns = ["treatment", "n", "mean", *ENDS, "outliers", "skewed"]
    return pd.DataFrame(found, columns=columns)


def figure_of(frame: pd.DataFrame, **more: Any) -> Figure:
    return spread_figure(frame, "treatment", "Treatment", MEASURES["cost"], **more)


CHANCE = np.random.default_rng(3)
AMOUNTS = {name: np.exp(CHANCE.normal(at, 0.6, n)) for name, at, n in
           [("Hip", 9.8, 900), ("Knee", 9.4, 800), ("Cast", 7.0, 12)]}  # fmt: skip
SOME = frame_of(AMOUNTS)


def scale(figure: Figure) -> dict[str, Any]:
    drawn = figure.chart.to_dict()
    found: dict[str, Any] = layers(drawn, "bar")[0]["encoding"]["x"]["scale"]
    return found


def test_what_is_said() -> None:
    made = figure_of(SOME, period="2024")
    keeps_the_rules(made)
    hip, knee = (round(float(np.median(AMOUNTS[name]))) for name in ("Hip", "Knee"))
    assert made.title == (
        f"Median treatment cost per stay runs from {knee:,} (Knee) to {hip:,} (Hip)"
    )
    assert made.subtitle == (
        "Treatment cost per stay by treatment, currency as supplied · 2024 · 3 groups · n 1,712 · "
        "logarithmic scale, at the right median and n"
    )
    assert f"Hip: median {hip:,}, half between " in made.alt
    assert any(note.startswith("9 stays are outliers, most in Hip (3)") for note in made.notes)


def test_bars_hold_the_middle_half_and_lines_90_of_100() -> None:
    made = figure_of(SOME)
    drawn = made.chart.to_dict()
    (bar,) = layers(drawn, "bar")
    assert (bar["encoding"]["x"]["field"], bar["encoding"]["x2"]["field"]) == ("p25", "p75")
    assert [row["name"] for row in rows(drawn, bar)] == ["Hip", "Knee", "Cast"]
    line = layers(drawn, "rule")[0]
    assert (line["encoding"]["x"]["field"], line["encoding"]["x2"]["field"]) == ("p5", "p95")
    expected = np.quantile(AMOUNTS["Hip"], [0.05, 0.25, 0.5, 0.75, 0.95])
    assert [rows(drawn, bar)[0][name] for name in ENDS] == pytest.approx(list(expected))


def test_the_ends_of_a_few_stays_are_single_patients_and_are_left_out() -> None:
    made = figure_of(SOME)
    drawn = made.chart.to_dict()
    assert [row["name"] for row in rows(drawn, layers(drawn, "rule")[0])] == ["Hip", "Knee"]
    ends = [f"{end}th percentile (currency as supplied)" for end in (5, 95)]
    assert made.table.set_index("Treatment").loc["Cast", ends].isna().all()
    assert "1 group of fewer than 20 stays: no line is drawn." in made.notes
    (ticks,) = {str(layer["encoding"]["x"]["axis"]["values"]) for layer in layers(drawn, "bar")}
    amounts = {f"{value:,.2f}" for value in AMOUNTS["Cast"] if value < np.median(AMOUNTS["Cast"])}
    everything = " ".join([made.alt, *made.notes, made.title, ticks, made.table.to_string()])
    assert not [amount for amount in amounts if amount in everything]


def test_the_scale_is_logarithmic_only_where_figures_are_skewed_and_above_zero() -> None:
    assert scale(figure_of(SOME))["type"] == "log"
    assert scale(figure_of(frame_of(AMOUNTS, skewed=False)))["type"] == "linear"
    zeros = figure_of(frame_of({**AMOUNTS, "None": np.zeros(40)}))
    assert scale(zeros)["type"] == "linear"
    assert "Figures are skewed, but some are zero or less: the scale is not logarithmic." in (
        zeros.notes
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_ticks_are_round_money(width: int) -> None:
    seen = set(texts(figure_of(frame_of({"A": np.geomspace(100, 3e6, 50)})).chart.to_dict(), width))
    assert {"1k", "10k", "100k", "1m"} <= seen


def test_medians_chance_may_have_set_apart_are_not_ranked() -> None:
    chance = np.random.default_rng(1)
    ranked = 0
    for _ in range(100):
        alike = {f"T{at}": np.exp(chance.normal(9, 0.7, 60)) for at in range(12)}
        groups = _groups(frame_of(alike), "treatment")
        ranked += "runs from" in _title(groups, MEASURES["cost"], "treatment", "")
    assert ranked <= 5  # one is expected
    assert (
        "differs by treatment no more than chance may explain: "
        in figure_of(frame_of({"A": np.arange(100.0) + 50, "B": np.arange(100.0) + 52})).title
    )


def test_a_group_of_few_at_the_end_does_not_hide_that_others_differ() -> None:
    amounts = {"A": np.arange(1000.0) + 9000, "B": np.arange(1000.0) + 12000,
               "C": np.geomspace(500, 150_000, 31)}  # fmt: skip
    assert figure_of(frame_of(amounts)).title == (
        "Median treatment cost per stay: 9,500 in A, 12,500 in B, the widest difference beyond "
        "chance"
    )


def test_titles_of_little() -> None:
    few = frame_of({"A": np.arange(1.0, 9), "B": np.arange(2.0, 9)})
    assert figure_of(few).title == (
        "Median treatment cost per stay: too few stays to compare one treatment with another"
    )
    assert figure_of(frame_of({"A": np.arange(1.0, 102)})).title == (
        "Median treatment cost per stay: 51 in A, the only treatment; "
        "half of all stays lie between 26 and 76"
    )
    nothing = figure_of(few.assign(**dict.fromkeys(["mean", *ENDS], NAN)))
    assert nothing.title == "Treatment cost per stay: no treatment has a figure"
    assert not layers(nothing.chart.to_dict(), "bar")


def test_more_groups_than_are_drawn_are_in_the_table_and_not_in_the_title() -> None:
    amounts = {f"T{at:02d}": np.arange(1.0, 900 - at) for at in range(20)}
    made = figure_of(frame_of(amounts | {"T99": np.arange(5e5, 5e5 + 40)}), top=5)
    keeps_the_rules(made)
    drawn = made.chart.to_dict()
    assert len(rows(drawn, layers(drawn, "bar")[0])) == 5
    assert len(made.table) == 21
    assert "T99" not in made.title
    assert "the 5 largest of 21 groups" in made.subtitle
    assert any(note.startswith("16 more groups: in the table") for note in made.notes)


def test_where_a_row_is_hidden_no_total_is_given() -> None:
    frame = SOME.assign(hidden=SOME["treatment"].eq("Cast"))
    frame.loc[frame["hidden"], ["n", "mean", *ENDS, "outliers"]] = NAN
    made = figure_of(frame)
    keeps_the_rules(made)
    assert WHY_HIDDEN in made.notes
    assert "n 1," not in made.subtitle
    assert made.title.endswith("of those shown")
    assert "Outliers are counted in the table, not drawn (Tukey's fences of the logarithm)." in (
        made.notes
    )
    assert "hidden" in texts(made.chart.to_dict())
    assert made.table["Hidden"].tolist() == ["", "", "yes"]


def test_what_cannot_be_drawn_is_an_error() -> None:
    with pytest.raises(ValueError, match="has no rows"):
        figure_of(SOME.head(0))
    with pytest.raises(ValueError, match="no column 'p95'"):
        figure_of(SOME.drop(columns="p95"))


ANY = st.one_of(st.floats(), st.integers(-5, 10**7).map(float), st.sampled_from([1e12, 1e-9, 0.0]))


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.text(max_size=60), *[ANY] * 8), min_size=1, max_size=15), st.booleans()
)
def test_any_frame_becomes_a_figure(found: Any, skewed: bool) -> None:
    frame = pd.DataFrame(found, columns=["treatment", "n", "mean", *ENDS, "outliers"])
    frame = frame.assign(skewed=skewed)
    before = frame.copy(deep=True)
    compiles(keeps_the_rules(figure_of(frame)))
    pd.testing.assert_frame_equal(frame, before)
