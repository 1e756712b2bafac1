"""Occupancy as blocks within blocks: areas, words, and that nothing breaks it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap.charts import occupancy_tree_map
from caremap.charts.blocks import Block, Leaf, Rectangle, blocks_of
from caremap.hidden import WHY_HIDDEN
from tests.unit.charts.drawing import (
    NAMES,
    NUMBERS,
    coloured,
    compiles,
    layers,
    rows,
    specification,
)

NAN = float("nan")
LEVELS = ["facility", "department", "ward"]


def places(*records: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of facility, department, ward, staffed beds and occupancy."""
    frame = pd.DataFrame(list(records), columns=[*LEVELS, "staffed", "occupancy"])
    return frame.assign(occupied=frame["staffed"] * frame["occupancy"] / 100)


SOME = places(
    ("North", "ICU", "A", 10.0, 104.0),
    ("North", "Surgery", "B", 20.0, 90.0),
    ("North", "Surgery", "C", 20.0, 60.0),
    ("South", "ICU", "D", 10.0, NAN),
    ("South", None, "E", 40.0, 85.0),
    ("South", "ICU", "F", NAN, NAN),
    ("South", "ICU", "G", 0.0, NAN),
)


def test_what_is_said_is_what_is_drawn() -> None:
    figure = occupancy_tree_map(SOME, LEVELS, period="1 to 31 Jan 2024")
    # 30 of 100 beds are in places over 85 %; exactly 85 % is not over it
    assert figure.title == (
        "Places over 85 % full hold 30 % of the staffed beds; A, ICU at North is fullest, 104 %"
    )
    assert figure.subtitle == (
        "Occupied beds in % of staffed beds · 1 to 31 Jan 2024 · "
        "area: staffed beds (100 in 5 places) · outlined: over 100 % · dashed: no figure"
    )
    assert figure.alt == (
        "Tree map of 5 places by staffed beds. Places over 85 % full hold 30 % of the staffed "
        "beds; A, ICU at North is fullest, 104 %. Least full is C, Surgery at North, 60 %. "
        "Over 100 %: A, ICU at North. No figure: D, ICU at South."
    )
    drawn = specification(figure)
    assert {row["name"]: row["value"] for row in coloured(drawn)} == {
        "A, ICU at North": 104,
        "B, Surgery at North": 90,
        "C, Surgery at North": 60,
        "E, Unknown at South": 85,
    }


def test_what_has_no_size_is_left_out_and_said() -> None:
    figure = occupancy_tree_map(SOME, LEVELS)
    assert "Not drawn, since their staffed beds are unknown: F, ICU at South." in figure.notes
    assert "Not drawn, since they have no staffed beds: G, ICU at South." in figure.notes
    assert figure.table["In the chart"].value_counts().to_dict() == {
        "yes": 5,
        "no, beds unknown": 1,
        "no, without beds": 1,
    }


def test_the_convention_is_called_one() -> None:
    assert "convention, not a law" in occupancy_tree_map(SOME, LEVELS).notes[0]


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        (places(("N", "I", "A", 10.0, 87.0)), "A was 87 % full, of 10 beds"),
        (places(("N", "I", "A", 10.0, NAN)), "Occupancy cannot be computed for any place"),
        (
            places(("N", "I", "A", NAN, 50.0)),
            "No place has known staffed beds, so none can be drawn",
        ),
        (
            places(("N", "I", "A", 10.0, 80.0), ("N", "I", "B", 10.0, 80.0)),
            "No place is over 85 % full; A and 1 other are fullest, 80 %",
        ),
        (
            places(("N", "I", "A", 10.0, 90.0), ("N", "I", "B", 10.0, 95.0)),
            "Every place is over 85 % full; B is fullest, 95 %",
        ),
        (
            places(("N", "I", "A", 10.0, 90.0), ("N", "I", "B", 9990.0, 5.0)),
            "Places over 85 % full hold under 1 % of the staffed beds; A is fullest, 90 %",
        ),
    ],
)
def test_titles(frame: pd.DataFrame, title: str) -> None:
    assert occupancy_tree_map(frame, LEVELS).title == title


def test_a_level_that_tells_nothing_apart_is_skipped() -> None:
    figure = occupancy_tree_map(SOME[SOME["facility"] == "North"], [*LEVELS, "bay"])
    assert figure.name == "occupancy_tree_by_department_and_ward"
    assert list(figure.table.columns[:2]) == ["Department", "Ward"]


def test_over_100_is_outlined_and_what_has_no_figure_is_dashed() -> None:
    drawn = specification(occupancy_tree_map(SOME, LEVELS))
    dashed, outlined = (
        next(layer for layer in layers(drawn, "rect") if test(layer["mark"]))
        for test in (
            lambda mark: "strokeDash" in mark,
            lambda mark: mark.get("strokeWidth") == 1.5,
        )
    )
    assert {row["name"] for row in rows(drawn, dashed)} == {"D, ICU at South"}
    assert {row["name"] for row in rows(drawn, outlined)} == {"A, ICU at North"}


@pytest.mark.parametrize("width", [300, 500, 700, 1100])
def test_every_width_draws_every_place_once(width: int) -> None:
    svg = compiles(occupancy_tree_map(SOME, LEVELS), width)
    for place in ("A, ICU at North: 104 % of 10 beds", "E, Unknown at South: 85 % of 40 beds"):
        assert svg.count(f'aria-label="{place}"') == 1


def test_the_largest_are_drawn_and_the_rest_is_said() -> None:
    frame = places(*[(f"H{at}", "D", "W", 1.0 + at, 50.0) for at in range(3000)])
    figure = occupancy_tree_map(frame, LEVELS)
    drawn = specification(figure)
    assert len({row["name"] for row in coloured(drawn)}) == 200
    assert "in the 200 largest of 3,000 places" in figure.subtitle
    assert "Not drawn: the 2,800 smallest places; all are in the table." in figure.notes
    assert len(figure.table) == 3000
    compiles(figure)


@pytest.mark.parametrize(
    ("frame", "message"),
    [(SOME.head(0), "no rows"), (SOME.drop(columns="staffed"), "no column 'staffed'")],
)
def test_what_cannot_be_drawn_is_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        occupancy_tree_map(frame, LEVELS)


RECORDS = st.lists(st.tuples(NAMES, NAMES, NAMES, NUMBERS, NUMBERS), min_size=1, max_size=12)


@settings(max_examples=12)
@given(records=RECORDS)
def test_any_frame_of_the_contract_is_drawn(records: list[Any]) -> None:
    frame = pd.DataFrame(records, columns=[*LEVELS, "staffed", "occupancy"]).assign(occupied=1.0)
    compiles(occupancy_tree_map(frame, LEVELS), 1000)


# --- the layout -----------------------------------------------------------------------------

LEAVES = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from("CDE"), st.floats(1, 50)),
    min_size=1,
    max_size=30,
)
WHOLE = Rectangle(0, 0, 1000, 420)


def laid(records: list[tuple[str, str, float]]) -> list[Block]:
    return blocks_of(
        [Leaf((one, two, str(row)), size, row) for row, (one, two, size) in enumerate(records)],
        WHOLE,
    )


def overlap(one: Rectangle, two: Rectangle) -> float:
    across = min(one.x + one.width, two.x + two.width) - max(one.x, two.x)
    down = min(one.y + one.height, two.y + two.height) - max(one.y, two.y)
    return max(across, 0) * max(down, 0)


@given(records=LEAVES)
def test_every_place_has_its_own_block_within_the_whole(records: list[Any]) -> None:
    blocks = laid(records)
    leaves = [block for block in blocks if not block.head]
    assert sorted(row for block in leaves for row in block.rows) == list(range(len(records)))
    for at, block in enumerate(blocks):
        place = block.place
        assert place.x >= 0 and place.y >= 0
        assert place.x + place.width <= WHOLE.width + 1e-6
        assert place.y + place.height <= WHOLE.height + 1e-6
        assert all(overlap(place, other.place) < 1e-6 for other in blocks[at + 1 :])


@given(sizes=st.lists(st.floats(5, 50), min_size=1, max_size=12))
def test_area_is_size(sizes: list[float]) -> None:
    blocks = blocks_of([Leaf((str(at),), size, at) for at, size in enumerate(sizes)], WHOLE)
    whole = sum(sizes)
    for block in blocks:
        area = (block.place.width + 1) * (block.place.height + 1)  # with its half of the gaps
        share = area / (WHOLE.width * WHOLE.height)
        assert share == pytest.approx(sizes[block.rows[0]] / whole, rel=1e-6)


def test_a_place_of_which_figures_are_hidden_is_said_to_be_hidden() -> None:
    frame = pd.DataFrame(
        {"ward": ["ICU", "Surgery"], "occupied": [None, 15.0], "staffed": [10.0, 30.0],
         "occupancy": [None, 50.0], "hidden": [True, False]}
    )  # fmt: skip
    assert WHY_HIDDEN in occupancy_tree_map(frame, ["ward"]).notes
    open_to_all = occupancy_tree_map(frame.drop(columns="hidden"), ["ward"])
    assert WHY_HIDDEN not in open_to_all.notes
