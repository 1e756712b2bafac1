"""Tables that are typed in or uploaded for an allocation: what is taken, and what is refused."""

from __future__ import annotations

import pandas as pd
import pytest

from caremap.problems import DataProblem
from caremap.ui.allocate_columns import Column, frame_of, read_csv

COLUMNS = (
    Column("place", "Place", needed=True),
    Column("demand", "Units needed", "whole", needed=True),
    Column("latitude", "Latitude (°)", "number", signed=True),
    Column("rural", "Rural", "flag"),
    Column("level", "Level of care", choices=("general", "intensive")),
)


@pytest.mark.parametrize(
    "text",
    [
        "Place,Units needed,Latitude (°),Rural,Level of care\n Kent ,3,-47.5,yes,intensive\n",
        "place;demand;latitude;rural;level\nKent;3;-47.5;1;intensive\n",
        "﻿PLACE\tUNITS NEEDED\tLatitude\tRural\tLevel of Care\nKent\t3\t-47.5\tTRUE\tintensive\n",
    ],
)
def test_a_table_is_known_by_its_headings(text: str) -> None:
    frame, missed = read_csv(text.encode(), COLUMNS)
    assert frame.to_dict("records") == [
        {"place": "Kent", "demand": 3, "latitude": -47.5, "rural": True, "level": "intensive"}
    ]
    assert missed == ""


def test_what_is_not_there_is_missing_and_what_is_not_known_is_said() -> None:
    frame, missed = read_csv(b"Place,Units needed,Colour,Size\nKent,,red,4\n,,,\n", COLUMNS)
    assert len(frame) == 1
    assert frame["demand"].isna().tolist() == [True]
    assert frame["latitude"].isna().tolist() == [True]
    assert frame["rural"].tolist() == [False]
    assert missed == "Not used: the columns “Colour”, “Size”."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Place\nKent\n", "no column “Units needed”"),
        ("Place,Units needed\n", "no row"),
        ("Place,Units needed\nKent,3.5\n", "Row 2 of “Units needed” has “3.5”"),
        ("Place,Units needed\nA,1\nKent,-3\n", "Row 3 of “Units needed” has “-3”"),
        ('Place,Units needed\nKent,"1,000"\n', "has “1,000”"),
        ("Place,Units needed\nKent,inf\n", "has “inf”"),
        ("Place,Units needed,Latitude\nKent,1,north\n", "of “Latitude"),
        ("Place,Units needed,Rural\nKent,1,perhaps\n", "has “perhaps”"),
        ("Place,Units needed,level\nKent,1,high\n", "has “high”"),
        ("Place,Units needed\n" + "A,1\n" * 5001, "5,001 rows"),
        ("Place,Units needed\nKent,1\n\nHull,1,000\n", "Row 4 has a cell without a heading"),
        ("Place,Units needed,\nKent,3,x\n", "Row 2 has a cell without a heading"),
        ("Place,Units needed,Place\nKent,3,Hull\n", "“Place” is there twice"),
        ("Place,Units needed\nKent,1e30\n", "Row 2 of “Units needed” is a trillion or more"),
        ('Place,Units needed\n"Kent,1\n', "cannot be read"),
        ("\n , \n", "is empty"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(text: str, message: str) -> None:
    with pytest.raises(DataProblem) as refused:
        read_csv(text.encode(), COLUMNS)
    assert message in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "Place,Units needed\nKent,3,\n",
        "Place,Units needed,\nKent,3,\n",
        "\nPlace,Units needed\nKent,3\n",
    ],
)
def test_cells_stay_under_their_headings_where_lines_end_in_a_comma(text: str) -> None:
    frame, missed = read_csv(text.encode(), COLUMNS)
    assert frame[["place", "demand"]].to_dict("records") == [{"place": "Kent", "demand": 3}]
    assert missed == ""


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DataProblem, match="cannot be read"):
        read_csv(b"\xff\xfe\x00", COLUMNS)


def test_a_table_keeps_its_types_and_loses_empty_rows_only() -> None:
    typed = pd.DataFrame(
        {"place": ["Kent", None, "  "], "demand": [3, None, 2], "rural": [None, False, True]}
    )
    before = typed.copy(deep=True)
    made = frame_of(COLUMNS, typed)
    pd.testing.assert_frame_equal(typed, before)
    expected = pd.DataFrame(
        {
            "place": pd.Series(["Kent", None], dtype="str"),
            "demand": pd.Series([3, 2], dtype="Int64"),
            "latitude": pd.Series([None, None], dtype="float64"),
            "rural": [False, True],
            "level": pd.Series([None, None], dtype="str"),
        }
    )
    pd.testing.assert_frame_equal(made, expected)
    pd.testing.assert_frame_equal(frame_of(COLUMNS, made), made)
