"""How long stays last: the ring of bands and the histogram of days."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Plot, stay_donut, stay_histogram
from caremap.hidden import WHY_HIDDEN
from tests.unit.charts.drawn import WIDTHS, compiles, keeps_the_rules, layers, rows, texts

BANDS = ["Same day", "1 day", "2-3 days", "4-7 days", "8-14 days", "15-21 days", "22 days or more"]


def bands(*stays: float) -> pd.DataFrame:
    frame = pd.DataFrame({"band": BANDS[: len(stays)], "stays": list(stays)})
    return frame.assign(share=frame["stays"] / frame["stays"].sum())


def lengths(counts: dict[float, float]) -> pd.DataFrame:
    return pd.DataFrame({"days": list(counts), "stays": list(counts.values())}, dtype="float64")


SOME = bands(120, 240, 412, 300, 100, 20, 11)


# --- the ring -------------------------------------------------------------------------------


def test_slices_go_round_once_in_the_order_of_the_bands_from_light_to_dark() -> None:
    made = stay_donut(SOME)
    keeps_the_rules(made)
    drawn = made.chart.to_dict()
    (arcs,) = layers(drawn, "arc")
    slices = rows(drawn, arcs)
    assert [row["band"] for row in slices] == BANDS
    assert [row["order"] for row in slices] == list(range(7))
    assert arcs["encoding"]["color"]["scale"]["range"] == "ramp"
    assert slices[0]["start"] == 0
    assert slices[-1]["end"] == pytest.approx(2 * math.pi)
    for before, after in zip(slices, slices[1:], strict=False):
        assert before["end"] == pytest.approx(after["start"])
    part = (slices[2]["end"] - slices[2]["start"]) / (2 * math.pi)
    assert part == pytest.approx(412 / 1203)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_band_is_listed_with_stays_and_share_and_only_wide_slices_have_theirs(
    width: int,
) -> None:
    seen = texts(stay_donut(SOME).chart.to_dict(), width)
    for band, stays in zip(BANDS, ["120", "240", "412", "300", "100", "20", "11"], strict=True):
        assert band in seen
        assert stays in seen
    assert "1,203" in seen
    assert {text: seen.count(text) for text in ("34 %", "8 %", "2 %", "0.9 %")} == {
        "34 %": 2, "8 %": 2, "2 %": 1, "0.9 %": 1,
    }  # fmt: skip


def test_message_words_and_table() -> None:
    made = stay_donut(SOME, period="1 Jan 2023 to 30 Oct 2023")
    assert made.title == "Commonest length of stay: 2-3 days, 412 of 1,203 stays (34 %)"
    assert made.subtitle == (
        "Stays by length of stay · 1 Jan 2023 to 30 Oct 2023 · 1,203 stays of known length"
    )
    assert made.alt.startswith(f"{made.title}. Same day: 120 (10 %); 1 day: 240 (20 %); ")
    pd.testing.assert_frame_equal(
        made.table,
        pd.DataFrame(
            {
                "Length of stay": BANDS,
                "Stays": [120, 240, 412, 300, 100, 20, 11],
                "Share of stays (%)": [10.0, 20.0, 34.2, 24.9, 8.3, 1.7, 0.9],
            }
        ),
    )


def test_a_share_that_is_not_all_is_not_100_percent() -> None:
    made = stay_donut(bands(100_000, 1))
    assert "over 99.9 %" in made.title
    assert {">99.9 %", "<0.1 %"} <= set(texts(made.chart.to_dict()))


def test_a_tie_is_said_and_nothing_is_no_ring() -> None:
    assert stay_donut(bands(5, 5, 1)).title == "11 stays, as many of Same day as of 1 day"
    nothing = stay_donut(bands(0, 0))
    assert nothing.title == "No stay has a known length"
    assert not layers(nothing.chart.to_dict(), "arc")


def test_where_a_band_is_hidden_there_is_no_ring_no_total_and_no_share() -> None:
    frame = SOME.assign(hidden=SOME["stays"].lt(25))
    frame[["stays", "share"]] = frame[["stays", "share"]].mask(frame["hidden"])
    made = stay_donut(frame)
    drawn = keeps_the_rules(made)
    assert not layers(drawn, "arc")
    (bars,) = layers(drawn, "bar")
    assert [row["stays"] for row in rows(drawn, bars)] == [120, 240, 412, 300, 100]
    seen = texts(drawn)
    assert seen.count("hidden") == 2
    assert not [text for text in [*seen, made.title, made.subtitle, made.alt] if "%" in text]
    assert made.title == "Commonest length of stay of those shown: 2-3 days, 412 stays"
    assert made.subtitle == "Stays by length of stay · some counts hidden"
    assert made.notes == (f"{WHY_HIDDEN} There is no total and no share.",)
    assert made.table["Share of stays (%)"].isna().all()
    assert made.table["Stays"].isna().tolist() == made.table["Hidden"].eq("yes").tolist()
    assert made.plot == Plot("bars", "Length of stay", ("Stays",))


# --- the histogram --------------------------------------------------------------------------


def drawn_bars(made: Any) -> dict[str, float]:
    drawn = made.chart.to_dict()
    found = [row for layer in layers(drawn, "bar") for row in rows(drawn, layer)]
    return {row["name"]: row["stays"] for row in sorted(found, key=lambda row: row["first"])}


def test_a_bar_for_each_day_those_of_none_too() -> None:
    made = stay_histogram(lengths({0: 3, 1: 5, 3: 2}))
    keeps_the_rules(made)
    assert drawn_bars(made) == {"0 days": 3, "1 day": 5, "2 days": 0, "3 days": 2}
    assert made.table["Stays"].tolist() == [3, 5, 0, 2]
    assert made.table["Share of stays (%)"].tolist() == [30.0, 50.0, 0.0, 20.0]


def test_the_few_long_stays_are_gathered_in_a_hollow_bar_that_stands_apart() -> None:
    counts = {float(day): 100.0 for day in range(10)} | {45.0: 1.0, 200.0: 2.0}
    made = stay_histogram(lengths(counts))
    assert list(drawn_bars(made))[-2:] == ["29 days", "30 days or more"]
    assert drawn_bars(made)["30 days or more"] == 3
    solid, hollow = layers(drawn := made.chart.to_dict(), "bar")
    assert [row["name"] for row in rows(drawn, hollow)] == ["30 days or more"]
    assert hollow["mark"]["fill"] == "transparent"
    apart = rows(drawn, hollow)[0]["left"] - max(row["right"] for row in rows(drawn, solid))
    assert apart > 0.5
    for width in WIDTHS:
        assert "30+" in texts(drawn, width)
    assert "30 days or more: 3 stays (0.3 %)" in made.alt


def test_what_is_just_longer_than_the_bars_reach_gets_bars() -> None:
    made = stay_histogram(lengths({1: 100, 33: 1}))
    assert list(drawn_bars(made))[-1] == "33 days"


@pytest.mark.parametrize(
    ("longest", "first", "last"),
    [
        (40, "0 days", "40 days"),
        (150, "0-6 days", "147-153 days"),
        (1000, "0-29 days", "990-1,019 days"),
        (9000, "0-364 days", "8,760-9,124 days"),
    ],
)
def test_where_many_stays_are_long_a_bar_holds_more_days(
    longest: int, first: str, last: str
) -> None:
    made = stay_histogram(lengths({float(longest): 10.0, longest / 2: 10.0}))
    names = list(drawn_bars(made))
    assert [names[0], names[-1]] == [first, last]
    assert len(names) <= 60


def test_median_and_mean_are_lines_with_words_that_do_not_share_a_line() -> None:
    made = stay_histogram(lengths({0: 5, 1: 9, 9: 3, 20: 1}), mean=3.04, median=1)
    keeps_the_rules(made)
    drawn = made.chart.to_dict()
    rules = [(rows(drawn, layer)[0], layer) for layer in layers(drawn, "rule")]
    assert [row["said"] for row, _ in rules] == ["median 1 day", "mean 3 days"]
    assert [row["left"] for row, _ in rules] == [1, 3.04]
    tops = [layer["encoding"]["y"]["value"] for _, layer in rules]
    assert abs(tops[0] - tops[1]) >= 14
    dashes = [layer["mark"]["strokeDash"] for _, layer in rules]
    assert dashes[0] != dashes[1]
    assert made.title == "Half of 18 stays lasted 1 day or less; the mean is 3 days"


def test_a_mean_beyond_the_bars_is_said_and_not_drawn() -> None:
    made = stay_histogram(lengths({1: 990, 9000: 9}), mean=82.1, median=1)
    drawn = made.chart.to_dict()
    assert [rows(drawn, layer)[0]["said"] for layer in layers(drawn, "rule")] == ["median 1 day"]
    assert "mean 82.1 days (beyond the bars)" in texts(drawn)


@pytest.mark.parametrize(
    ("counts", "mean", "median", "title"),
    [
        ({2: 3, 5: 1}, None, None, "Commonest length of stay: 2 days, 3 of 4 stays (75 %)"),
        ({2: 3, 5: 1}, None, 2, "Half of 4 stays lasted 2 days or less"),
        (
            {0: 3, 5: 1}, 1.25, 0,
            "At least half of 4 stays began and ended on one day; the mean is 1.2 days",
        ),
        ({5: 1}, 5, 5, "Commonest length of stay: 5 days, 1 of 1 stay (100 %)"),
        ({5: 0}, None, None, "No stay has a known length"),
    ],
)  # fmt: skip
def test_the_title_of_the_histogram(
    counts: dict[float, float], mean: float | None, median: float | None, title: str
) -> None:
    assert stay_histogram(lengths(counts), mean=mean, median=median).title == title


def test_lengths_that_are_none_are_left_out_and_said() -> None:
    made = stay_histogram(lengths({float("nan"): 4, -1: 2, 3: 10}))
    assert made.table["Stays"].sum() == 10
    assert made.subtitle.endswith("10 stays of known length")
    assert made.notes == ("6 stays of unknown or negative length are left out.",)


def test_a_bar_with_a_hidden_day_is_hidden_and_nothing_is_made_of_the_rest() -> None:
    counts = {float(day): 100.0 for day in range(10)} | {12.0: 3.0, 45.0: 1.0, 200.0: 2.0}
    frame = lengths(counts).assign(hidden=lambda made: made["stays"].lt(11))
    frame["stays"] = frame["stays"].mask(frame["hidden"])
    made = stay_histogram(frame, mean=4.9, median=4)
    drawn = keeps_the_rules(made)
    assert made.title == "Half of all stays lasted 4 days or less; the mean is 4.9 days"
    assert made.subtitle == "Stays by days in hospital · some counts hidden"
    assert {"12 days", "30 days or more"}.isdisjoint(drawn_bars(made))
    for width in WIDTHS:
        assert texts(drawn, width).count("*") == 2
    table = made.table.set_index("Length of stay")
    assert table.index[table["Hidden"].eq("yes")].tolist() == ["12 days", "30 days or more"]
    assert table["Share of stays (%)"].isna().all()
    assert table.loc["11 days", "Stays"] == 0
    assert any(WHY_HIDDEN in note for note in made.notes)
    assert "1,000" not in made.alt
    assert stay_histogram(frame).title.startswith("Commonest length of stay of those shown: 0 days")


def test_all_hidden_is_said() -> None:
    frame = lengths({1.0: math.nan, 3.0: math.nan}).assign(hidden=True)
    assert stay_histogram(frame).title == "No length of stay is shown"
    band = pd.DataFrame({"band": ["1 day"], "stays": [math.nan], "hidden": [True]})
    assert stay_donut(band).title == "No length of stay is shown"
    for made in (stay_histogram(frame), stay_donut(band)):
        compiles(keeps_the_rules(made))


def test_a_workbook_draws_them_as_the_page_does() -> None:
    assert stay_donut(SOME).plot == Plot("ring", "Length of stay", ("Stays",))
    made = stay_histogram(lengths({0: 3, 1: 5}))
    assert made.plot == Plot("columns", "Length of stay", ("Stays",))
    assert {"Length of stay", "Stays"} <= set(made.table)


@pytest.mark.parametrize("draw", [stay_donut, stay_histogram])
def test_what_cannot_be_drawn_is_an_error(draw: Any) -> None:
    empty = pd.DataFrame({"band": [], "days": [], "stays": []})
    with pytest.raises(ValueError, match="has no rows"):
        draw(empty)
    with pytest.raises(ValueError, match="no column 'stays'"):
        draw(empty.drop(columns="stays"))


STAYS = st.one_of(st.floats(), st.integers(0, 10**7).map(float))


@settings(max_examples=12)
@given(st.lists(st.tuples(st.text(max_size=300), STAYS), min_size=1, max_size=9))
def test_any_bands_become_a_figure(found: Any) -> None:
    made = stay_donut(pd.DataFrame(found, columns=["band", "stays"]))
    compiles(keeps_the_rules(made))


@settings(max_examples=12)
@given(
    st.lists(st.tuples(st.one_of(st.floats(), st.integers(0, 20_000).map(float)), STAYS),
             min_size=1, max_size=30),
    st.one_of(st.none(), st.floats()),
    st.one_of(st.none(), st.floats(0, 400)),
)  # fmt: skip
def test_any_lengths_become_a_figure(found: Any, mean: Any, median: Any) -> None:
    frame = pd.DataFrame(found, columns=["days", "stays"])
    before = frame.copy(deep=True)
    made = stay_histogram(frame, mean=mean, median=median)
    if not made.table.empty:
        compiles(keeps_the_rules(made))
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=25)
@given(st.dictionaries(st.integers(0, 400).map(float), st.integers(1, 50).map(float), min_size=1))
def test_no_stay_is_lost_between_the_bars(counts: dict[float, float]) -> None:
    made = stay_histogram(lengths(counts))
    assert sum(drawn_bars(made).values()) == made.table["Stays"].sum() == sum(counts.values())
