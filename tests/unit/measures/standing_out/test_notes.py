"""What is said of the list: what was tested, what was not, and why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.measures import relations, standout_notes, standouts
from caremap.measures.standing_out.calendar import unusual
from caremap.measures.standing_out.payers import shares
from tests.unit.measures.standing_out.plant import network

CASES = {
    "kaggle_beds/services_weekly.csv": (
        "Nothing could be tested.",
        "Scores in a file of counts are not compared: how many answered is not known.",
    ),
    "malaysia_moh/bedutil_facility.csv": (
        "Nothing could be tested.",
        "Facilities above 85 % when counted: 25 of 103.",
    ),
    "nj_hospitals/nj_hosp_2020_06_19.csv": (
        "Days on which not all places were counted, left out: 30.",
        "Growth of admissions needs 18 whole months, there are 0.",
    ),
    "sparcs/week10_df_musc_skel.csv.gz": (
        "Satisfaction: no stay has any.",
        "Left out as small (fewer than 30 stays): 34 facilities.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_notes_of_real_files(shared: Path, name: str) -> None:
    dataset = Dataset.of(caremap.open_file(shared / "data" / name))
    notes = standout_notes(dataset)
    assert set(CASES[name]) <= set(notes)
    assert len(notes) == len(set(notes))


def test_the_facilities_above_the_level_are_those_of_the_file(shared: Path) -> None:
    table = caremap.open_file(shared / "data" / "malaysia_moh" / "bedutil_facility.csv").table
    known = table[(table["staffed_beds"] > 0) & table["occupied_beds"].notna()]
    assert len(known) == 103
    assert (known["occupied_beds"] / known["staffed_beds"] > 0.85).sum() == 25


def test_the_number_of_comparisons_is_said() -> None:
    stays = network(600)[["department", "satisfaction"]]
    stays["satisfaction"] = stays["satisfaction"].fillna(3.0)
    (about, *_) = standout_notes(Dataset(stays=stays))
    assert about.startswith("10 comparisons were tested together")  # 5 levels and 5 spreads


def test_nothing_given_is_changed() -> None:
    dataset = Dataset(stays=network(800)).with_beds(6)
    assert dataset.stays is not None
    before = dataset.stays.copy(deep=True)
    standouts(dataset)
    relations(dataset)
    pd.testing.assert_frame_equal(dataset.stays, before)


def test_small_groups_are_no_part_of_a_relation() -> None:
    stays = network(3000)
    stays.loc[:9, "insurance"] = "Charity"
    frame = relations(Dataset(stays=stays)).set_index(["characteristic", "need"])
    row = frame.loc[("insurance", "cost")]
    assert row["n"] == 2990
    assert row["note"].startswith("Groups of fewer than 30 left out: 1. ")  # 10 stays: not said
    assert list(frame.loc["age"].index) == ["length_of_stay", "cost", "readmission"]


def test_switches_are_those_of_the_headline() -> None:
    dataset = Dataset(stays=network(3000))
    assert dataset.stays is not None
    nights = dataset.stays["length_of_stay"] >= 1
    frame = relations(dataset, overnight_only=True).set_index(["characteristic", "need"])
    assert frame.loc[("gender", "length_of_stay"), "n"] == nights.sum()
    with pytest.raises(ValueError, match="same_day"):
        standouts(dataset, same_day=2)


def test_measures_load_without_scipy(repo: Path) -> None:
    code = "import sys, caremap.measures; print('scipy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(("events", "told"), [((200, 4), False), ((200, 20), True)])
def test_a_difference_that_gives_the_few_of_the_others_away_is_not_told(
    events: tuple[int, int], told: bool
) -> None:
    counts = pd.DataFrame({"group": ["A", "B"], "rows": [1000, 500], "events": events})
    (one,) = shares(counts, "insurance", "death", "Patients", "died", "stays").comparisons
    assert one.p < 0.001
    assert one.few is not told


def test_a_month_of_few_admissions_is_not_told() -> None:
    months = pd.date_range("2023-01-01", periods=14, freq="MS").as_unit("us")
    points = pd.DataFrame({"period": months, "value": [60.0] * 6 + [4.0] + [61.0] * 7})
    points = points.assign(days=30.0, n=30.0)
    found = unusual(points, "admissions", "admissions", "admissions", "month", flow=True)
    assert [one.few for one in found.comparisons] == [n == 6 for n in range(14)]
    mean = points.assign(value=3.5, n=[40.0] * 6 + [7.0] + [40.0] * 7)
    found = unusual(mean, "length_of_stay", "length of stay", "days", "month", flow=False)
    assert [one.few for one in found.comparisons] == [n == 6 for n in range(14)]
