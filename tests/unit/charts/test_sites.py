"""Need per staff member: no staff, no need, unknown and unchanged are four things."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import Figure, sites_figure
from tests.unit.charts.drawing import NAMES, NUMBERS
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts

PEOPLE = {"need_title": "Population", "need_unit": "people"}


def sites(*rows_of: tuple[Any, ...], role: str = "Nurses") -> pd.DataFrame:
    frame = pd.DataFrame(rows_of, columns=["facility", "need", "staff", "after"])
    return frame.assign(role=role, target=frame["after"])


SEED = sites(
    ("Auburn", 30_000.0, 20, 30),
    ("Kent", 40_000.0, 50, 50),
    ("Renton", 21_000.0, 100, 25),
    ("Bellevue", 45_000.0, 3, 50),
    ("Tacoma", 15_000.0, 0, 18),
)
BEFORE = SEED.assign(after=pd.NA, target=pd.NA)


def figure(frame: pd.DataFrame, role: str = "Nurses", **choices: Any) -> Figure:
    return sites_figure(frame, role, **PEOPLE, **choices)


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (SEED, "Nurses: 210 to 15,000 people per staff member and 1 facility without staff now, "
               "800 to 1,000 after the moves"),
        (SEED.head(4), "Nurses: 210 to 15,000 people per staff member now, 800 to 1,000 after the "
                       "moves"),
        (BEFORE.head(4), "Nurses: 210 to 15,000 people per staff member, most in Bellevue; equal "
                         "shares would be 786"),
        (SEED.head(4).assign(after=SEED["staff"]),
         "Nurses: 210 to 15,000 people per staff member; nobody moves"),
        (BEFORE.head(1), "Nurses: 1,500 people per staff member in Auburn"),
        (BEFORE.assign(staff=0), "Nurses: none of 5 facilities has any staff"),
        (BEFORE.assign(need=np.nan), "Nurses: no people per staff member can be computed"),
        (BEFORE.head(4).assign(need=400, staff=2),
         "Nurses: 200 people per staff member in each facility"),
        (BEFORE.tail(3).assign(need=400, staff=[2, 2, 0]),
         "Nurses: 200 people per staff member in all others and 1 facility without staff"),
    ],
)  # fmt: skip
def test_titles(frame: pd.DataFrame, title: str) -> None:
    made = figure(frame)
    assert made.title == title
    compiles(keeps_the_rules(made))


def test_a_file_that_only_counts_staff_names_no_role() -> None:
    made = figure(SEED.head(4).assign(role="staff"), "staff")
    assert made.title.startswith("People per staff member: 210 to 15,000 now, ")
    assert made.subtitle == "Population (people) per staff member · 4 facilities"


def test_one_role_is_drawn_the_worst_off_first() -> None:
    frame = pd.concat([SEED, SEED.assign(role="Doctors", staff=1)]).sample(frac=1, random_state=3)
    made = figure(frame, period="2024")
    pd.testing.assert_frame_equal(
        made.table,
        pd.DataFrame(
            {
                "Facility": ["Tacoma", "Bellevue", "Auburn", "Kent", "Renton"],
                "Role": "Nurses",
                "Population (people)": [15_000, 45_000, 30_000, 40_000, 21_000],
                "Staff now": [0, 3, 20, 50, 100],
                "People per staff member, now": [np.nan, 15_000, 1_500, 800, 210],
                "Target (staff)": [18, 50, 30, 50, 25],
                "Staff after the moves": [18, 50, 30, 50, 25],
                "Change (staff)": [18, 47, 10, 0, -75],
                "People per staff member, after the moves": [833.33, 900, 1_000, 800, 840],
            }
        ),
        check_dtype=False,
    )
    assert made.subtitle == "Population (people) per staff member · Nurses · 2024 · 5 facilities"
    assert made.plot is not None and set(made.plot.values) <= set(made.table)  # noqa: PD011


def test_who_moves_has_two_points_who_stays_one_and_no_staff_a_sign() -> None:
    drawn = keeps_the_rules(figure(SEED))
    now, no_staff, after = (
        {row["name"] for row in rows(drawn, layer)}
        for layer in layers(drawn, "point")
        if "name" in rows(drawn, layer)[0]
    )
    # Vega draws in this order: hollow points, signs of no staff, filled points
    assert now == {"Auburn", "Renton", "Bellevue"}
    assert no_staff == {"Tacoma"}
    assert after == {"Auburn", "Kent", "Renton", "Bellevue", "Tacoma"}
    seen = texts(drawn)
    for words in ("no staff → 833", "15,000 → 900", "800", "210 → 840", "Equal shares: 873"):
        assert words in seen


def test_the_line_of_equal_shares_is_a_ratio_of_sums_of_what_is_known() -> None:
    made = figure(SEED.assign(need=[30_000.0, None, 21_000, 45_000, 15_000]))
    assert f"all need over all staff, {round(111_000 / 123)}" in made.notes[0]
    assert made.notes[-1].startswith("1 facility has no ratio")


@pytest.mark.parametrize("value", [0.0, 1.0, 5e9])
def test_zero_need_is_a_ratio_of_zero_unless_there_is_no_staff_either(value: float) -> None:
    made = figure(sites(("A", 0.0, 5, 5), ("B", 0.0, 0, 0), ("C", value, 5, 5)))
    keeps_the_rules(made)
    table = made.table.set_index("Facility")["People per staff member, now"]
    assert (table["A"], table["C"]) == (0.0, value / 5)
    assert pd.isna(table["B"])


def test_of_many_the_worst_off_and_the_most_changed_are_drawn() -> None:
    count = 500
    frame = pd.DataFrame({"facility": [f"F{at:03d}" for at in range(count)], "role": "Nurses"})
    frame = frame.assign(need=range(1000, 1000 + count), staff=10, after=10)
    frame.loc[7, "after"] = 3
    made = figure(frame, top=4)
    drawn = keeps_the_rules(made)
    names = [row["name"] for row in rows(drawn, layers(drawn, "text")[-2])]
    assert {"F499", "F498", "F007"} <= set(names)
    assert len(made.table) == count
    assert any("Drawn are 4 of 500 facilities" in note for note in made.notes)


def test_of_many_without_staff_the_worst_that_has_some_is_drawn_too() -> None:
    """The title names it."""
    frame = pd.DataFrame({"facility": [f"F{at:03d}" for at in range(200)], "role": "Nurses"})
    frame = frame.assign(need=range(1000, 1200), staff=[0] * 100 + [10] * 99 + [1])
    made = figure(frame, top=8)
    assert made.title == (
        "Nurses: 110 to 1,199 people per staff member and 100 facilities without staff, most in "
        "F199; equal shares would be 222"
    )
    seen = texts(keeps_the_rules(made))
    assert [name for name in seen if name.startswith("F")] == [
        "F099", "F098", "F199", "F198", "F103", "F102", "F101", "F100"
    ]  # fmt: skip
    assert any("98 more without staff among them" in note for note in made.notes)


def test_hidden_need_is_hidden_not_unknown() -> None:
    made = figure(SEED.assign(need=[None, *SEED["need"][1:]], hidden=[True] + [False] * 4))
    drawn = keeps_the_rules(made)
    lines = rows(drawn, layers(drawn, "rule")[1])
    assert {row["name"] for row in lines} == {"Renton", "Bellevue", "Tacoma"}
    assert "hidden" in texts(drawn)
    assert "Counts of 1 to 10 patients" in made.notes[0]


def test_it_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="no rows"):
        figure(SEED, "Doctors")
    with pytest.raises(ValueError, match="'staff'"):
        figure(SEED.drop(columns="staff"))


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(NAMES, NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=6))
def test_whatever_a_file_holds_it_is_drawn(cells: list[tuple[Any, ...]]) -> None:
    given_frame = sites(*cells)
    before = given_frame.copy(deep=True)
    compiles(keeps_the_rules(figure(given_frame)))
    pd.testing.assert_frame_equal(given_frame, before)
