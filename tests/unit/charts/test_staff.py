"""Staff needed against the staff there is: missing, enough and unknown are three things."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap.charts import staff_figure
from tests.unit.charts.drawn import compiles, keeps_the_rules, layers, rows, texts

MON, TUE = pd.Timestamp("2026-05-04"), pd.Timestamp("2026-05-05")


def need(*rows_of: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows_of, columns=["date", "unit", "role", "needed", "available"])


SHORT = need(
    (MON, "ICU", "Nurses", 12.4, 10.0),
    (TUE, "ICU", "Nurses", 11.0, 10.0),
    (MON, "Surgery", "Nurses", 20.0, 21.0),
    (TUE, "Surgery", "Nurses", 24.0, 21.0),
    (MON, "ICU", "Doctors", 2.0, 3.0),
)


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        # Monday lacks 2.4, Tuesday 1 + 3: days are not added, nor is what Surgery has over
        (SHORT, "4 nurses are missing on the worst day; most in Surgery: 24 needed, 21 there"),
        (SHORT.tail(1), "Patients at midnight take at most 2 of 3 doctors"),
        (SHORT.assign(available=np.nan), "Up to 35 nurses and 2 doctors are needed"),
        (need((MON, "ICU", "Nurses", 12.0, 10.0), (MON, "ER", "Nurses", 5.0, None)),
         "At least 2 nurses are missing on the worst day; most in ICU: 12 needed, 10 there"),
        (need((MON, "All units", "Nurses", 12.5, 10.0)), "2.5 nurses are missing on the worst day"),
        (need((MON, "ICU", "Nurses", None, 10.0)), "No need for staff could be computed"),
    ],
)  # fmt: skip
def test_titles(frame: pd.DataFrame, title: str) -> None:
    made = staff_figure(frame)
    assert made.title == title
    compiles(keeps_the_rules(made))


def test_the_sum_of_all_units_is_not_added_to_them() -> None:
    all_units = need((MON, "All units", "Nurses", 32.4, 31.0))
    made = staff_figure(pd.concat([SHORT, all_units], ignore_index=True))
    assert made.title.startswith("4 nurses are missing on the worst day; most in Surgery")
    unknown = pd.concat([SHORT.assign(available=np.nan), all_units], ignore_index=True)
    assert staff_figure(unknown).title == "1.4 nurses are missing on the worst day"


def test_each_unit_and_role_stands_once_with_the_day_that_needs_most() -> None:
    made = staff_figure(SHORT)
    assert made.table.to_dict("list") == {
        "Unit and role": ["Surgery, nurses", "ICU, nurses", "ICU, doctors"],
        "Unit": ["Surgery", "ICU", "ICU"],
        "Role": ["Nurses", "Nurses", "Doctors"],
        "Most needed": [24.0, 12.4, 2.0],
        "There are": [21.0, 10.0, 3.0],
        "Missing": [3.0, 2.4, 0.0],
        "On": ["2026-05-05", "2026-05-04", "2026-05-04"],
    }
    drawn = keeps_the_rules(made)
    assert "24 of 21" in texts(drawn)
    _, missing = layers(drawn, "bar")
    ends = [(row["met"], row["needed"]) for row in rows(drawn, missing)]
    assert ends == [(21, 24), (10, 12.4)]


def test_where_it_is_not_known_how_many_there_are_that_is_not_none() -> None:
    made = staff_figure(SHORT.assign(available=[np.nan, np.nan, 21, 21, 3]))
    drawn = keeps_the_rules(made)
    assert any("1 unit and role it is not known" in note for note in made.notes)
    assert [row["name"] for row in rows(drawn, layers(drawn, "bar")[1])] == ["Surgery, nurses"]
