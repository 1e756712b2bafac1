"""Groups compared as bars: which, in what order, with what words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, Plot, bars_figure
from caremap.measures import MEASURES
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts

ADMISSIONS, COST, STAY = (MEASURES[name] for name in ("admissions", "cost", "length_of_stay"))


def departments(**columns: list[Any]) -> pd.DataFrame:
    """A breakdown: named groups, and one that is not known."""
    frame = pd.DataFrame({"department": ["Paediatrics", "Surgery", "Unknown", "Medicine"]})
    given = {"admissions": [100.0, 400.0, 50.0, 250.0]} | columns
    return frame.assign(**given)


def figure(frame: pd.DataFrame, *measures: Any, **choices: Any) -> Figure:
    chosen = list(measures) or [ADMISSIONS]
    return bars_figure(frame, "department", "Department", chosen, **choices)


def groups(*names: str, **columns: Any) -> pd.DataFrame:
    return pd.DataFrame({"department": list(names), **columns})


def bars(made: Figure) -> list[tuple[str, float]]:
    """Every bar that is drawn, from the top down."""
    drawn = made.chart.to_dict()
    found = [row for layer in layers(drawn, "bar") for row in rows(drawn, layer)]
    return [(row["name"], row["value"]) for row in sorted(found, key=lambda row: row["row"])]


# --- the order and the rest -----------------------------------------------------------------


def test_the_greatest_first_and_what_is_not_known_at_the_end_and_hollow() -> None:
    made = figure(departments())
    keeps_the_rules(made)
    assert bars(made) == [
        ("Surgery", 400),
        ("Medicine", 250),
        ("Paediatrics", 100),
        ("Unknown", 50),
    ]
    solid, hollow = layers(drawn := made.chart.to_dict(), "bar")
    assert [row["name"] for row in rows(drawn, hollow)] == ["Unknown"]
    assert hollow["mark"]["fill"] == "transparent"
    assert "fill" not in solid["mark"]


def test_a_missing_group_is_not_known_and_stays_apart_from_one_called_unknown() -> None:
    frame = groups("A", "Unknown", None, admissions=[1.0, 9.0, 5.0])  # type: ignore[arg-type]
    assert bars(figure(frame)) == [("A", 1), ("Unknown", 9), ("Not known", 5)]


def test_the_others_are_one_row_with_their_sum_and_a_hollow_bar() -> None:
    frame = groups(*"ABCDE", admissions=[50.0, 40.0, 30.0, 20.0, 10.0])
    made = figure(frame, top=2)
    assert bars(made) == [("A", 50), ("B", 40), ("Others (3 groups)", 60)]
    assert made.subtitle.endswith("the first 2 of 5 groups")
    assert len(made.table) == 5
    assert "The table has every group, those under Others too." in made.notes


def test_one_group_more_than_there_is_room_for_is_drawn() -> None:
    frame = groups(*"ABC", admissions=[50.0, 40.0, 30.0])
    assert bars(figure(frame, top=2)) == [("A", 50), ("B", 40), ("C", 30)]


def test_others_that_would_dwarf_every_group_have_a_number_and_no_bar() -> None:
    frame = groups(*(f"G{at:04}" for at in range(3000)), admissions=[5.0] * 3000)
    made = figure(frame)
    assert len(bars(made)) == 12
    assert "Others (2,988 groups)" in texts(made.chart.to_dict(), 340)
    assert "14,940 (over 99 %)" not in texts(made.chart.to_dict())
    assert "14,940 (99.6 %)" in texts(made.chart.to_dict())
    assert any("no bar, as it would dwarf every group" in note for note in made.notes)


def test_ratios_are_not_added_up() -> None:
    frame = groups(*"ABCD", length_of_stay=[2.0, 8.0, 4.0, 6.0], length_of_stay_n=[9, 8, 7, 6])
    made = figure(frame, STAY, top=2)
    assert bars(made) == [("B", 8), ("D", 6)]
    assert made.title == "Highest average length of stay: B, 8.0 days; lowest: A, 2.0 days"
    assert made.subtitle == "Average length of stay (days) by department · the first 2 of 4 groups"
    assert made.notes == (
        "2 other groups are not drawn and cannot be added up; the table has every group.",
    )
    assert made.table.to_dict("list") == {
        "Department": ["B", "D", "C", "A"],
        "Average length of stay (days)": [8.0, 6.0, 4.0, 2.0],
        "Average length of stay: computed from": [8, 6, 7, 9],
    }


def test_of_two_measures_the_first_orders_and_each_has_its_own_scale() -> None:
    frame = groups(*"ABCD", admissions=[4.0, 3.0, 2.0, 1.0], length_of_stay=[1.0, 9.0, 5.0, 2.0])
    made = figure(frame, ADMISSIONS, STAY, top=2)
    keeps_the_rules(made)
    drawn = made.chart.to_dict()
    assert drawn["resolve"] == {"scale": {"x": "independent"}}
    first, second = (
        next(layer for layer in panel["layer"] if layer["mark"]["type"] == "bar")
        for panel in drawn["layer"][:2]
    )
    assert [row["name"] for row in rows(drawn, second)] == ["A", "B"]
    assert [layer["encoding"]["x"]["scale"]["domain"] for layer in (first, second)] == [
        [0, 4], [0, 9],
    ]  # fmt: skip
    assert "not added up" in texts(drawn)
    assert (
        "Average length of stay: Others have no bar, as their figures do not add up." in made.notes
    )


def test_missing_is_no_figure_and_zero_is_zero() -> None:
    frame = groups("A", "B", "C", admissions=[5.0, np.nan, 0.0])
    made = figure(frame)
    keeps_the_rules(made)
    assert bars(made) == [("A", 5), ("C", 0)]
    assert "no figure" in texts(made.chart.to_dict())
    assert made.table["Admissions"].tolist()[:2] == [5, 0]
    assert made.table["Admissions"].isna().tolist() == [False, False, True]
    assert made.notes == ("Admissions: 1 of 3 groups have no figure, which is not zero.",)


def test_where_something_is_negative_nothing_has_a_share() -> None:
    frame = groups("A", "B", cost=[100.0, -40.0])
    made = figure(frame, COST)
    assert made.title == "Highest treatment cost: A, 100; lowest: B, -40"
    assert made.table.columns.tolist() == ["Department", "Treatment cost (currency as supplied)"]
    assert not [text for text in texts(made.chart.to_dict()) if "%" in text]


# --- the message ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (departments(), "Most admissions: Surgery, 400 of 800 (50 %)"),
        (groups("A", "B", admissions=[7.0, 7.0]), "Admissions: 7 in each department"),
        (
            groups("A", "B", "C", admissions=[7.0, 7.0, 6.0]),
            "Most admissions: A and B, 7 each (35 % of 20)",
        ),
        (
            groups(*"ABCDE", admissions=[7.0] * 4 + [6.0]),
            "Most admissions: A, B and 2 more, 7 each (21 % of 34)",
        ),
        (groups("A", admissions=[7.0]), "Admissions: 7 in A, the only department"),
        (groups("Unknown", admissions=[7.0]), "Admissions: 7, department not known"),
        (groups("A", "Unknown", admissions=[3, 7]), "Admissions: department not known for 70 %"),
        (groups("A", "Unknown", admissions=[7.0, 3.0]), "Most admissions: A, 7 of 10 (70 %)"),
        (groups("A", "B", admissions=[np.nan] * 2), "Admissions: no department has a figure"),
        (
            groups("None", "A", admissions=[7.0, 3.0]),
            "Most admissions: department “None”, 7 of 10 (70 %)",
        ),
        (
            groups("413", "A", admissions=[7.0, 3.0]),
            "Most admissions: department “413”, 7 of 10 (70 %)",
        ),
        (groups("A", "B", admissions=[0.0, 0.0]), "Admissions: 0 in each department"),
    ],
)  # fmt: skip
def test_the_title_names_the_greatest(frame: pd.DataFrame, title: str) -> None:
    made = figure(frame)
    assert made.title == title
    assert made.alt.startswith(f"{title}. ")


def test_the_alternative_text_has_the_first_groups_and_the_rest() -> None:
    frame = departments(cost=[1e6, 2.5e6, np.nan, 1.5e6])
    assert figure(frame, ADMISSIONS, COST).alt == (
        "Most admissions: Surgery, 400 of 800 (50 %). "
        "Surgery: admissions 400 (50 %), treatment cost 2.50 million (50 %); "
        "Medicine: admissions 250 (31 %), treatment cost 1.50 million (30 %); "
        "Paediatrics: admissions 100 (12 %), treatment cost 1.00 million (20 %); "
        "Unknown: admissions 50 (6 %), treatment cost no figure."
    )


def test_the_subtitle_says_measures_units_period_and_how_many() -> None:
    made = figure(departments(cost=[1.0] * 4), ADMISSIONS, COST, period="1 Jan 2023 to 30 Oct 2023")
    assert made.subtitle == (
        "Admissions and treatment cost (currency as supplied) by department · "
        "1 Jan 2023 to 30 Oct 2023 · 3 groups"
    )


# --- names ----------------------------------------------------------------------------------

LONG = "Department of Cardiology and Vascular Medicine, North Campus, Building 4, Second Floor"


def test_a_long_name_is_shortened_where_it_is_drawn_and_whole_elsewhere() -> None:
    made = figure(groups(LONG, "B", admissions=[5.0, 3.0]))
    for width in (340, 1100):
        seen = texts(made.chart.to_dict(), width)
        assert LONG not in seen
        assert any("…" in text for text in seen)
    assert made.table["Department"].tolist() == [LONG, "B"]
    assert rows(drawn := made.chart.to_dict(), layers(drawn, "bar")[0])[0]["name"] == LONG
    assert f"{LONG}: 5" in made.alt


def test_markup_is_text() -> None:
    name = "<script>alert(1)</script> $x$ **b**"
    made = figure(groups(name, admissions=[5.0]))
    assert any("<script>" in text for text in texts(made.chart.to_dict()))
    assert made.table["Department"].tolist() == [name]


def test_a_group_by_the_name_of_its_measure_keeps_its_column() -> None:
    frame = pd.DataFrame({"Admissions": ["A"], "admissions": [5.0]})
    made = bars_figure(frame, "Admissions", "Admissions", [ADMISSIONS])
    assert made.table.columns.tolist()[:2] == ["Admissions (group)", "Admissions"]


@pytest.mark.parametrize(
    ("column", "name"), [("Ward / Unit (old)", "ward_unit_old"), ("病棟", "group"), ("../x", "x")]
)
def test_a_header_of_a_file_makes_a_plain_file_name(column: str, name: str) -> None:
    frame = pd.DataFrame({column: ["A"], "admissions": [5.0]})
    assert bars_figure(frame, column, column, [ADMISSIONS]).name == f"admissions_by_{name}"


def test_names_are_beside_the_bars_where_it_is_wide_and_over_them_where_it_is_narrow() -> None:
    made = figure(groups("Obstetrics and Gynaecology of the North", admissions=[5.0]))
    assert "Obstetrics and Gynaecology of the North" in texts(made.chart.to_dict(), 340)
    assert "Obstetrics and Gynaecology" in texts(made.chart.to_dict(), 1100)


# --- what cannot be -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("frame", "measures", "message"),
    [
        (groups(admissions=[]), [ADMISSIONS], "has no rows"),
        (groups("A", admissions=[1.0]), [COST], "no column 'cost'"),
        (groups("A", admissions=[1.0]), [], "One or two measures"),
        (groups("A", admissions=[1.0]), [ADMISSIONS] * 3, "One or two measures"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(
    frame: pd.DataFrame, measures: list[Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        bars_figure(frame, "department", "Department", measures)


NUMBERS = st.one_of(st.none(), st.floats(), st.integers(0, 500).map(float))
NAMES = st.one_of(
    st.none(), st.text(max_size=80), st.integers(), st.booleans(), st.floats(),
    st.sampled_from(["Unknown", "a.b[0]", "\n\t", "x" * 900]),
    st.sampled_from(["Ünïts 🏥👩‍⚕️", "外科" * 30, "W" * 300]),
)  # fmt: skip


@settings(max_examples=12)
@given(
    st.lists(st.tuples(NAMES, NUMBERS, NUMBERS), min_size=1, max_size=20),
    st.sampled_from([("admissions",), ("cost", "length_of_stay"), ("occupancy", "cost")]),
    st.sampled_from([340, 800]),
)
def test_any_frame_becomes_a_figure(found: Any, names: Any, width: int) -> None:
    frame = pd.DataFrame(found, columns=["department", "one", "other"])
    frame["department"] = frame["department"].astype("object")
    frame = frame.rename(columns=dict(zip(["one", "other"], names, strict=False)))
    before = frame.copy(deep=True)
    made = figure(frame, *(MEASURES[name] for name in names), top=5)
    compiles(keeps_the_rules(made), width)
    assert len(made.table) == len(before)
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=15)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40), st.integers(1, 15))
def test_what_is_drawn_and_written_adds_up_to_the_whole(counts: list[int], top: int) -> None:
    frame = groups(*(f"G{at}" for at in range(len(counts))), admissions=list(map(float, counts)))
    drawn = figure(frame, top=top).chart.to_dict()
    names = layers(drawn, "text")[-1]
    assert sum(row["value0"] for row in rows(drawn, names)) == sum(counts)


# --- what is hidden -------------------------------------------------------------------------


def with_hidden(top: int = 12, **columns: Any) -> Figure:
    frame = groups(*"ABCDE", admissions=[50.0, 40.0, 30.0, np.nan, np.nan], **columns)
    return figure(frame.assign(hidden=[False, False, False, True, False]), top=top)


def test_of_what_is_left_no_total_and_no_share_is_made() -> None:
    made = with_hidden()
    keeps_the_rules(made)
    assert made.title == "Most admissions of those shown: A, 50"
    assert made.table.to_dict("list") == {
        "Department": list("ABCDE"),
        "Admissions": [50, 40, 30, None, None],
        "Hidden figures": ["", "", "", "hidden", ""],
    }
    seen = texts(made.chart.to_dict())
    assert seen.count("hidden") == seen.count("no figure") == 1
    assert not [text for text in seen if "%" in text]
    assert made.notes == (
        "Counts of 1 to 10 patients, and figures that would give them away, are hidden.",
        "1 of 5 groups have hidden figures.",
        "Admissions: 1 of 5 groups have no figure, which is not zero.",
    )


def test_others_with_a_hidden_figure_among_them_are_hidden() -> None:
    made = with_hidden(top=2)
    assert bars(made) == [("A", 50), ("B", 40)]
    assert "hidden" in texts(made.chart.to_dict())
    assert "Admissions: Others have no bar, as some of them are hidden." in made.notes


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ([np.nan, np.nan], "Admissions: no department has a figure that can be shown"),
        ([30.0, np.nan], "Admissions: A, 30; the rest is hidden"),
    ],
)
def test_the_title_says_what_is_hidden(values: list[float], title: str) -> None:
    frame = groups("A", "B", admissions=values).assign(hidden=[False, True])
    assert figure(frame).title == title


def test_a_frame_that_hides_nothing_is_as_one_without_the_column() -> None:
    made, plain = figure(departments().assign(hidden=False)), figure(departments())
    assert made.title == plain.title
    assert made.notes == plain.notes
    pd.testing.assert_frame_equal(made.table, plain.table)


def test_a_spreadsheet_program_plots_measures_of_one_unit_together() -> None:
    frame = departments(cost=[1.0] * 4, charges=[2.0] * 4)
    assert figure(frame).plot == Plot("bars", "Department", ("Admissions",))
    both = figure(frame, COST, MEASURES["charges"])
    assert both.plot is not None
    assert len(both.plot.values) == 2
    assert set(both.plot.values) <= set(both.table.columns)
    assert figure(frame, ADMISSIONS, COST).plot == Plot("bars", "Department", ("Admissions",))
