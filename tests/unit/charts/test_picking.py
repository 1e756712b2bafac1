"""Groups picked by a click: who can be, what is said of them, what a page reads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from caremap.charts import bars_figure, picked_names, picked_pairs
from caremap.charts.palette import CATEGORICAL, PAPER
from caremap.charts.picking import FADED
from caremap.measures import MEASURES
from tests.unit.charts.drawn import keeps_the_rules, layers, rows

WARDS = ["A" * 200, "<b>$x$</b> \"q\" 'c'", "Unknown", "a\x07\nb", None, 4.0, "B", "C"]


def drawn(top: int = 5) -> dict[str, Any]:
    frame = pd.DataFrame({"ward": WARDS, "admissions": [9.0, 8, 7, 6, 5, 4, 3, 2]})
    return keeps_the_rules(bars_figure(frame, "ward", "Ward", [MEASURES["admissions"]], top=top))


def test_every_group_drawn_can_be_picked_by_its_real_name_but_no_others() -> None:
    chart = drawn(3)
    (field,) = layers(chart, "rect")
    assert [row["pick"] for row in rows(chart, field)] == [*WARDS[:2], "a\x07\nb", "Unknown"]
    names = [row["name"] for row in rows(chart, layers(chart, "bar")[1])]
    assert names == ["Others (3 groups)", "Unknown", "Not known"]


def test_a_click_selects_and_the_outline_follows_the_selection() -> None:
    (param,) = drawn()["params"]
    assert (param["name"], param["select"]["fields"]) == ("picked", ["pick"])
    stroke = layers(drawn(), "rect")[0]["encoding"]["stroke"]
    assert stroke["value"] == "transparent"
    assert (stroke["condition"]["param"], stroke["condition"]["empty"]) == ("picked", False)


def test_where_no_group_has_a_name_nothing_can_be_picked() -> None:
    frame = pd.DataFrame({"ward": [None], "admissions": [5.0]})
    chart = keeps_the_rules(bars_figure(frame, "ward", "Ward", [MEASURES["admissions"]]))
    assert "params" not in chart


def luminance(colour: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in colour]  # fmt: skip
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_what_fades_stays_at_three_to_one() -> None:
    bar, paper = (
        [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)] for code in (CATEGORICAL[0], PAPER)
    )
    faded = [FADED * one + (1 - FADED) * other for one, other in zip(bar, paper, strict=True)]
    assert (luminance(paper) + 0.05) / (luminance(faded) + 0.05) >= 3


@pytest.mark.parametrize(
    "state",
    [
        None, {}, "x", {"selection": None}, {"selection": {}}, {"selection": {"picked": {}}},
        {"selection": {"picked": "Surgery"}}, {"selection": {"picked": [{}]}},
        {"selection": {"picked": [{"pick": None}, {"pick": 4}, {"pick": ""}, "pick"]}},
    ],
)  # fmt: skip
def test_what_is_no_selection_picks_nothing(state: object) -> None:
    assert picked_names(state) == ()
    assert picked_pairs(state) == ()


def test_names_come_as_they_are_each_once() -> None:
    picks = [{"pick": "a\x07\nb"}, {"pick": "$x$"}, {"pick": "a\x07\nb"}]
    assert picked_names({"selection": {"picked": picks}}) == ("a\x07\nb", "$x$")
    assert picked_pairs({"selection": {"picked": picks}}) == ()
