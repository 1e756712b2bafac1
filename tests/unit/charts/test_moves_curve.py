"""Fairness against the number of moves, with the point chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.charts import moves_curve_figure
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts

CURVE = pd.DataFrame(
    {
        "moves": [0, 10, 20, 66],
        "max_min": [21.04, 9.0, 4.52, 1.02],
        "gini": [0.5, 0.4, 0.3, 0.01],
        "worst": ["Kent", "Kent", "Renton", "Kent"],
        "worst_ratio": [4423.0, 2000.0, 950.0, 210.0],
        "staff_km": [0.0, 1000.0, 2100.0, 6988.5],
    }
)
BARE = CURVE.assign(max_min=[np.inf, np.nan, 4.52, 1.02])
BEST = "need per staff member of the best-off"
TAKE = "moves take the worst-off facility"
HAS = "the worst-off facility has"


@pytest.mark.parametrize(
    ("curve", "chosen", "title"),
    [
        (CURVE, 20, f"20 of 66 {TAKE} from 21.0 to 4.52 times the {BEST}"),
        (CURVE, 66, f"All 66 {TAKE} from 21.0 to 1.02 times the {BEST}"),
        (CURVE, 0, f"Without a move: the worst-off facility has 21.0 times the {BEST}; "
                   "66 moves can take it to 1.02"),
        (CURVE.head(1), 0, f"No move makes it fairer: {HAS} 21.0 times the {BEST}"),
        (CURVE.head(2).assign(moves=[0, 1]), 1,
         f"The only move takes the worst-off facility from 21.0 to 9.00 times the {BEST}"),
        (BARE, 20, "20 of 66 moves take staff to every facility: the worst-off facility has "
                   f"4.52 times the {BEST}"),
        (BARE, 10, "After 10 of 66 moves a facility has no staff; after 66 moves the worst-off "
                   f"facility has 1.02 times the {BEST}"),
        (CURVE.assign(max_min=np.nan), 20, "20 of 66 moves take the Gini index from 0.50 to 0.30"),
        (CURVE.assign(max_min=np.nan, gini=np.nan), 20,
         "Fairness cannot be computed for any of 66 moves"),
    ],
)  # fmt: skip
def test_titles(curve: pd.DataFrame, chosen: int, title: str) -> None:
    made = moves_curve_figure(curve, chosen)
    assert made.title == title
    compiles(keeps_the_rules(made))


def test_the_chosen_point_is_marked_with_its_figure_and_the_ends_have_theirs() -> None:
    drawn = keeps_the_rules(moves_curve_figure(CURVE, 20))
    assert [row["moves"] for row in rows(drawn, layers(drawn, "rule")[0])] == [20]
    assert {"21.0", "4.52", "1.02"} <= set(texts(drawn, 340))


def test_a_number_that_is_not_on_the_curve_is_said_and_the_next_below_marked() -> None:
    made = moves_curve_figure(CURVE, 25)
    assert made.title.startswith("20 of 66 moves")
    assert "25 moves are not on the curve: marked are 20." in made.notes


def test_where_a_facility_has_no_staff_the_curve_begins_later_and_says_so() -> None:
    made = moves_curve_figure(BARE, 20)
    drawn = keeps_the_rules(made)
    assert [row["moves"] for row in rows(drawn, layers(drawn, "line")[0])] == [20, 66]
    assert made.notes[-1].endswith("has no staff: so with 0 to 10 moves.")
    assert len(made.table) == 4


def test_the_table_has_every_point_in_order() -> None:
    made = moves_curve_figure(CURVE.iloc[::-1], 20)
    assert made.table["Moves (people)"].tolist() == [0, 10, 20, 66]
    assert made.table["Staff-km (people × km)"].tolist() == [0.0, 1000.0, 2100.0, 6988.5]
    assert made.plot is not None and set(made.plot.values) <= set(made.table)  # noqa: PD011


def test_it_refuses_a_curve_without_points() -> None:
    with pytest.raises(ValueError, match="no rows"):
        moves_curve_figure(CURVE.head(0), 0)
