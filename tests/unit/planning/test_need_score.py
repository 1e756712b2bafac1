"""How needy a place is: points by bands, weights, and what is not known left out and said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.planning.need_score import NEED_POINTS, NEED_WEIGHTS, need_points, need_score


def one(**columns: object) -> pd.Series:
    """The score of one place beside an ordinary one, by whose people per bed it is measured."""
    return need_score(pd.DataFrame({"place": ["A"], **{k: [v] for k, v in columns.items()}})).iloc[
        0
    ]


@pytest.mark.parametrize(
    ("column", "component", "cases"),
    [
        ("occupancy", "occupancy", [(0, 0), (74.9, 0), (75, 1), (84.9, 1), (85, 2), (90, 3),
                                    (95, 4), (99.9, 4), (100, 5), (140, 5)]),
        ("surge", "surge", [(0, 0), (1, 0), (1.05, 1), (1.1, 2), (1.2, 3), (1.35, 4), (1.5, 5)]),
        ("over_65", "vulnerability", [(0, 0), (11.9, 0), (12, 1), (18, 3), (25, 5), (100, 5)]),
        ("vulnerability", "vulnerability", [(0.19, 0), (0.2, 1), (0.75, 4), (1, 5)]),
    ],
)  # fmt: skip
def test_points_are_those_of_the_band(column, component, cases):
    for value, points in cases:
        found = one(**{column: value})
        assert found[component] == points, (column, value)
        assert found["score"] == pytest.approx(points * 5)


def test_people_per_unit_is_measured_by_that_of_all_places_together():
    places = pd.DataFrame({
        "place": list("abcdef"), "population": [100, 200, 300, 500, 0, 400],
        "beds": [2, 1, 1, 0, 1, None],  # 1,100 people and 5 beds: 220 to a bed
    })  # fmt: skip
    found = need_score(places)
    assert found["population"].fillna(-1).to_list() == [0, 1, 2, 5, 0, -1]
    assert found["score"].isna().to_list() == [False] * 5 + [True]
    assert "without end" in found["why"][3]
    assert found["why"][5] == (
        "People per unit, Occupancy, Surge and Vulnerability are not known and left out."
    )


def test_the_most_points_in_everything_are_25_and_none_are_0():
    worst = {"occupancy": 120, "surge": 2.0, "vulnerability": 1.0, "population": 1000, "units": 0}
    best = {"occupancy": 10, "surge": 1.0, "vulnerability": 0.0, "population": 10, "units": 50}
    found = need_score(pd.DataFrame([{"place": "A", **worst}, {"place": "B", **best}]))
    assert found["score"].to_list() == [25, 0]
    assert sum(NEED_WEIGHTS.values()) * 5 == 25


def test_what_is_not_known_is_left_out_and_never_0():
    known = one(occupancy=95.0, surge=1.0)
    assert known["score"] == pytest.approx(25 * 4 / 10)
    assert np.isnan(known["population"]) and np.isnan(known["vulnerability"])
    assert "People per unit and Vulnerability are not known" in known["why"]
    partly = need_score(pd.DataFrame({"place": ["A", "B"], "occupancy": [95.0, None]}))
    assert partly["score"].isna().to_list() == [False, True]


def test_weights_are_the_users():
    places = pd.DataFrame({"place": ["A"], "occupancy": [100], "surge": [1.0]})
    assert need_score(places, {"occupancy": 3, "surge": 1})["score"][0] == 18.75
    assert need_score(places, {"surge": 1})["score"][0] == 0
    assert need_score(places, None).equals(need_score(places))
    assert "Occupancy" not in need_score(places, {"surge": 1})["why"][0]
    for wrong in ({"surge": -1.0}, {"surge": 0.0}, {}, {"age": 1.0}, {"surge": float("nan")}):
        with pytest.raises(ValueError, match="Weights are"):
            need_score(places, wrong)


@pytest.mark.parametrize(
    ("column", "value"), [("over_65", 120), ("vulnerability", 40), ("occupancy", 5000)]
)
def test_what_cannot_be_is_refused_in_words(column, value):
    with pytest.raises(DataProblem, match=f"“{column}” holds {value}"):
        one(**{column: value})


def test_a_fraction_is_not_taken_for_percent():
    with pytest.raises(DataProblem, match="look like fractions"):
        one(occupancy=0.85)


def test_any_frame_will_do_and_is_left_as_it_is():
    places = pd.DataFrame(
        {"place": ["A", "B"], "population": ["1,000", "3000"], "beds": [5, 5],
         "occupied": [4, "3"], "expected": [12.0, None], "usual": [10, 0], "note": ["x", "y"]},
        index=[7, 7], dtype=object,
    )  # fmt: skip
    before = places.copy()
    found = need_score(places)
    pd.testing.assert_frame_equal(places, before)
    assert found["surge"].fillna(-1).to_list() == [3, -1] and list(found.index) == [0, 1]
    assert found["population"].to_list() == [0, 3] and found["occupancy"].to_list() == [1, 0]
    turned = need_score(places.iloc[::-1]).iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(turned, found)


def test_the_bands_are_published_without_a_gap():
    table = need_points()
    for name, part in table.groupby("component"):
        assert part["points"].to_list() == [0, 1, 2, 3, 4, 5]
        assert part["from"].to_list() == [0, *NEED_POINTS[name].starts]
        assert part["below"].iloc[:-1].to_list() == part["from"].iloc[1:].to_list()
