"""Occupancy by place and period: what is drawn, what is said, and that nothing breaks it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import occupancy_heat_map
from tests.unit.charts.drawing import (
    NAMES,
    NUMBERS,
    coloured,
    compiles,
    layers,
    rows,
    specification,
    texts,
)

NAN = float("nan")


def months(values: dict[tuple[str, ...], list[float]], **more: Any) -> pd.DataFrame:
    """Occupancy of places with ten beds, a row per month of 2024 from January on."""
    records = [
        {
            **dict(zip(("facility", "ward"), place, strict=False)),
            "period": pd.Timestamp(2024, month, 1),
            "complete": True,
            "occupied": value / 10,
            "staffed": 10.0,
            "occupancy": value,
            "days": 30,
        }
        for place, series in values.items()
        for month, value in enumerate(series, start=1)
    ]
    return pd.DataFrame(records).assign(**more)


TWO = months({("North", "ICU"): [91, 104, 87], ("South", "Ward <1>"): [50, NAN, 0]})
BOTH = ["facility", "ward"]


def test_on_average_is_what_the_whole_period_gives() -> None:
    overall = pd.DataFrame(
        {"facility": ["South", "North"], "ward": ["Ward <1>", "ICU"], "occupancy": [96.0, 92.0]}
    )
    figure = occupancy_heat_map(TWO, BOTH, every="month", overall=overall)
    assert figure.title == (
        "Ward <1> at South was fullest, 96 % on average; its peak was 50 %, in January 2024"
    )
    assert "least full was ICU at North, 92 % on average" in figure.alt
    assert figure.notes == ()


def test_a_place_without_a_figure_in_any_period_has_no_average() -> None:
    frame = months({("North", "ICU"): [NAN], ("South", "ED"): [40]})
    overall = pd.DataFrame({"facility": ["North"], "ward": ["ICU"], "occupancy": [99.0]})
    figure = occupancy_heat_map(frame, BOTH, every="month", overall=overall)
    assert figure.title == "ED at South was fullest: 40 % in January 2024"
    assert any("Without any figure" in note and "ICU at North" in note for note in figure.notes)


def test_the_title_says_who_is_fullest_and_when() -> None:
    figure = occupancy_heat_map(TWO, BOTH, every="month")
    assert figure.title == (
        "ICU at North was fullest, 94 % on average; its peak was 104 %, in February 2024"
    )
    assert figure.subtitle == (
        "Occupied beds in % of staffed beds, by month · January to March 2024 · 2 places"
        " · outlined or dotted: over 100 % · × no figure"
    )
    assert figure.alt == (
        "Occupancy of 2 places by month, as a map of cells. ICU at North was fullest, 94 % on "
        "average; its peak was 104 %, in February 2024; least full was Ward <1> at South, 25 % on "
        "average. Over 100 % in 1 cell: ICU at North. No figure in 1 cell."
    )


def test_an_average_weighs_by_beds_and_days() -> None:
    frame = months({("North",): [100, 50]}).assign(staffed=[10.0, 30.0], days=[31, 10])
    # (100 x 310 + 50 x 300) / 610 bed-days
    title = occupancy_heat_map(frame, ["facility"], every="month").title
    assert title.startswith("North was 75 % full on average")


@pytest.mark.parametrize(
    ("values", "complete", "title"),
    [
        ([80.0], [True], "North was 80 % full in January 2024"),
        ([80.0, 90.0], [True, True], "North was 85 % full on average; its peak was 90 %, in Febr"),
        ([80.0, 95.0], [True, False], "North was 88 % full on average; its fullest whole month ha"),
        ([80.0, 95.0], [False, False], "North was 88 % full on average; its peak was 95 %, in Fe"),
        ([NAN, NAN], [True, True], "Occupancy cannot be computed for any place"),
    ],
)
def test_a_few_days_are_no_peak(values: list[float], complete: list[bool], title: str) -> None:
    frame = months({("North",): values}, complete=complete)
    assert occupancy_heat_map(frame, ["facility"], every="month").title.startswith(title)


def test_places_that_are_equally_full_are_all_meant() -> None:
    frame = months({("A",): [100.0], ("B",): [100.0], ("C",): [100.0]})
    title = occupancy_heat_map(frame, ["facility"], every="month").title
    assert title == "A and 2 others were fullest, 100 % on average"


def test_zero_is_a_cell_and_missing_is_a_cross() -> None:
    drawn = specification(occupancy_heat_map(TWO, BOTH, every="month"))
    assert [row["value"] for row in coloured(drawn)] == [91, 104, 87, 50, 0]
    crosses = [layer for layer in layers(drawn, "text") if layer["mark"].get("text") == "×"]
    assert [row["said"] for row in rows(drawn, crosses[0])] == [
        "Ward <1> at South, February 2024: no figure"
    ]


def test_a_month_without_any_row_is_a_gap_that_shows() -> None:
    frame = TWO[TWO["period"] != pd.Timestamp(2024, 2, 1)]
    figure = occupancy_heat_map(frame, BOTH, every="month")
    crosses = [
        layer for layer in layers(specification(figure), "text") if layer["mark"].get("text") == "×"
    ]
    assert len(rows(specification(figure), crosses[0])) == 2
    assert "× no figure" in figure.subtitle


def test_over_100_is_outlined_and_bold() -> None:
    drawn = specification(occupancy_heat_map(TWO, BOTH, every="month"))
    outline = next(layer for layer in layers(drawn, "rect") if layer["mark"].get("filled") is False)
    assert [row["value"] for row in rows(drawn, outline)] == [104]
    bold = [layer for layer in layers(drawn, "text") if layer["mark"].get("fontWeight") == 700]
    assert [row["figure"] for row in rows(drawn, bold[0])] == ["104"]


def test_a_part_of_a_month_has_an_asterisk_in_its_cell_and_under_its_column() -> None:
    frame = TWO.assign(complete=TWO["period"] != pd.Timestamp(2024, 3, 1))
    figure = occupancy_heat_map(frame, BOTH, every="month")
    drawn = specification(figure)
    assert sorted(texts(drawn)) == ["0*", "104", "50", "87*", "91"]
    below = [layer for layer in layers(drawn, "text") if layer["mark"].get("text") == "*"]
    assert len(rows(drawn, below[0])) == 1
    assert "* part of the period" in figure.subtitle


def test_numbers_give_way_where_columns_are_narrow() -> None:
    wide, narrow = (
        compiles(
            occupancy_heat_map(
                months({("A",): [71.0] * 12, ("B",): [5.0]}), ["facility"], every="month"
            ),
            width,
        )
        for width in (900, 180)
    )
    assert wide.count(">71<") == 12
    assert narrow.count(">71<") == 0


def test_rows_are_grouped_by_the_first_column_the_fullest_first() -> None:
    frame = months(
        {("S", "a"): [90], ("N", "b"): [80], ("S", "c"): [10], ("N", "d"): [60]}  # type: ignore[dict-item]
    )
    drawn = specification(occupancy_heat_map(frame, BOTH, every="month"))
    down = drawn["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert [line[4:] for line in down] == ["", "a", "c", "", "b", "d"]
    heads = [layer for layer in layers(drawn, "text") if layer["encoding"]["x"] == {"value": 0}]
    assert [row["long"] for row in rows(drawn, heads[0])] == ["S", "N"]


def test_the_fullest_are_drawn_and_the_table_has_all() -> None:
    frame = months({(f"Ward {at}",): [float(at)] for at in range(40)})
    figure = occupancy_heat_map(frame, ["facility"], every="month")
    assert sorted(row["value"] for row in coloured(specification(figure))) == list(range(10, 40))
    assert len(figure.table) == 40
    assert "Drawn are the 30 fullest of 40 places; all are in the table." in figure.notes


def test_many_weeks_are_cut_to_the_latest_and_it_is_said() -> None:
    weeks = pd.date_range("2020-01-06", periods=208, freq="W-MON", unit="us")
    frame = pd.DataFrame({"period": weeks, "complete": True, "occupied": 5.0, "staffed": 10.0})
    frame = frame.assign(occupancy=50.0, days=7)
    figure = occupancy_heat_map(frame, [], every="week")
    assert len(coloured(specification(figure))) == 60
    assert "Drawn are the last 60 weeks; all are in the table." in figure.notes
    assert len(figure.table) == 208


def test_the_table_has_headers_with_units() -> None:
    table = occupancy_heat_map(TWO, BOTH, every="month").table
    expected = pd.DataFrame(
        {
            "Facility": ["North"] * 3 + ["South"] * 3,
            "Ward": ["ICU"] * 3 + ["Ward <1>"] * 3,
            "Month": ["January 2024", "February 2024", "March 2024"] * 2,
            "Occupied beds, mean at midnight": [9.1, 10.4, 8.7, 5.0, NAN, 0.0],
            "Staffed beds, mean": 10.0,
            "Occupancy, %": [91.0, 104.0, 87.0, 50.0, NAN, 0.0],
            "Days used": 30.0,
            "Whole month": "yes",
        }
    )
    pd.testing.assert_frame_equal(table, expected, check_dtype=False)


def test_nothing_is_changed_in_the_frame() -> None:
    before = TWO.copy(deep=True)
    occupancy_heat_map(TWO, BOTH, every="month")
    pd.testing.assert_frame_equal(TWO, before)


@pytest.mark.parametrize(
    ("frame", "every", "message"),
    [
        (TWO.head(0), "month", "no rows"),
        (TWO.drop(columns="days"), "month", "no column 'days'"),
        (TWO, "day", "every is one of"),
    ],
)
def test_what_cannot_be_drawn_is_refused(frame: pd.DataFrame, every: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        occupancy_heat_map(frame, BOTH, every=every)


CELLS = st.lists(
    st.tuples(NAMES, NAMES, st.integers(0, 40), st.booleans(), NUMBERS, NUMBERS, NUMBERS),
    min_size=1,
    max_size=8,
)


@settings(max_examples=12)
@given(cells=CELLS, every=st.sampled_from(["week", "month", "quarter", "year"]))
def test_any_frame_of_the_contract_is_drawn(cells: list[Any], every: Any) -> None:
    columns = ["facility", "ward", "month", "complete", "occupied", "staffed", "occupancy"]
    frame = pd.DataFrame(cells, columns=columns).assign(days=30)
    start = pd.Timestamp(2021, 1, 1)
    frame["period"] = [start + pd.DateOffset(months=month) for month in frame["month"]]
    compiles(occupancy_heat_map(frame, BOTH, every=every))


def test_dates_that_are_all_missing_are_no_chart_and_no_error() -> None:
    figure = occupancy_heat_map(TWO.assign(period=pd.NaT), BOTH, every="month")
    assert "No period is known." in compiles(figure)


def test_three_thousand_places_stay_within_what_a_page_can_draw() -> None:
    frame = months({(f"Place {at}", "W"): [50.0, 60.0] for at in range(3000)})
    drawn = specification(occupancy_heat_map(frame, BOTH, every="month"))
    assert sum(len(rows(drawn, layer)) for layer in drawn["layer"]) < 2000


def test_a_hidden_cell_is_neither_missing_nor_zero() -> None:
    frame = TWO.assign(hidden=TWO["occupancy"].isna())
    figure = occupancy_heat_map(frame, BOTH, every="month")
    drawn = specification(figure)
    signs = {layer["mark"].get("text") for layer in layers(drawn, "text")}
    assert ("••" in signs, "×" in signs) == (True, False)
    assert "•• hidden" in figure.subtitle
    assert figure.notes[0].startswith("Counts of 1 to 10 patients")
    assert "No figure" not in figure.alt
