"""The part of a network that some groups are made of: the same rows a plain filter leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.measures import breakdown, headline, narrowed, trend, waits
from tests.unit.measures.build import counts, days, generated

RANDOM = np.random.default_rng(5)
STAYS = generated(600, seed=4).assign(
    age=RANDOM.choice([3.0, 44.0, 90.0, 97.0, 999.0, np.nan], 600),
    grade=RANDOM.choice([1.0, 4.0, np.nan], 600),
    triage=pd.Series(RANDOM.integers(1, 4, 600), dtype="Int64"),
    ward=pd.Series(RANDOM.choice(["W1", "W2"], 600), dtype="str"),
)
PLACES = pd.DataFrame({"facility": ["North", "South"], "region": ["Up", "Down"]})
CAPACITY = pd.DataFrame({"facility": ["North", "South"], "units": [40.0, 30.0]})
NETWORK = Dataset(stays=STAYS, facilities=PLACES, capacity=CAPACITY)

CASES = {
    "a name": ({"ward": ["W1"]}, STAYS["ward"] == "W1"),
    "two names": ({"outcome": ["Died", "Home"]}, STAYS["outcome"].isin(["Died", "Home"])),
    "what is missing": ({"department": ["Unknown"]}, STAYS["department"].isna()),
    "a flag": ({"was_admitted": ["Yes"]}, STAYS["was_admitted"].fillna(False)),
    "a flag not set or missing": (
        {"readmitted": ["No", "Unknown"]}, ~STAYS["readmitted"].fillna(False),
    ),
    "the oldest": ({"age_band": ["90+"]}, STAYS["age"].isin([90, 97])),
    "no age": ({"age_band": ["Unknown"]}, ~STAYS["age"].isin([3, 44, 90, 97])),
    "a decimal that is whole": ({"grade": ["4"]}, STAYS["grade"] == 4),
    "a whole number": ({"triage": ["2", "3"]}, STAYS["triage"].isin([2, 3])),
    "a region of the facilities": ({"region": ["Up"]}, STAYS["facility"] == "North"),
    "two columns": (
        {"ward": ["W2"], "age_band": ["0-4"]}, (STAYS["ward"] == "W2") & (STAYS["age"] == 3),
    ),
    "nothing asked": ({"ward": []}, pd.Series(True, index=STAYS.index)),
    "nobody": ({"ward": ["W9"]}, pd.Series(False, index=STAYS.index)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_rows_of_the_groups_are_left(case: str) -> None:
    where, expected = CASES[case]
    part = narrowed(NETWORK, where)
    pd.testing.assert_frame_equal(part.stays, STAYS[expected.astype(bool)])
    assert dict(part.filters) == {name: tuple(names) for name, names in where.items() if names}
    assert part.as_of == NETWORK.as_of


@pytest.mark.parametrize(
    "by", ["ward", "was_admitted", "age_band", "grade", "triage", "region", "facility"]
)
def test_each_group_narrowed_to_has_the_figures_of_its_row(by: str) -> None:
    network = NETWORK.filtered(start="2024-01-20", end="2024-03-10")
    whole = breakdown(network, by)
    parts = [breakdown(narrowed(network, {by: [name]}), by) for name in whole[by]]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)


def test_readmissions_are_found_among_all_stays_whatever_is_narrowed_to() -> None:
    whole = breakdown(NETWORK, "age_band", measures=["readmission"]).set_index("age_band")
    for band in whole.index:
        figure = headline(narrowed(NETWORK, {"age_band": [band]})).loc["readmission"]
        assert figure["overall"] == pytest.approx(whole["readmission"][band], nan_ok=True)
        assert figure["n"] == whole["readmission_n"][band]


def test_filters_of_both_kinds_meet() -> None:
    one = narrowed(NETWORK.filtered(department=["ICU"]), {"region": ["Up"], "ward": ["W1"]})
    here = (STAYS["department"] == "ICU") & (STAYS["facility"] == "North") & (STAYS["ward"] == "W1")
    pd.testing.assert_frame_equal(one.stays, STAYS[here])
    by_region = breakdown(one, "region", measures=["admissions", "readmission"])
    assert by_region["region"].tolist() == ["Up"]
    assert waits(one, by="region")["region"].tolist() == ["Up"]


def test_a_table_without_the_column_is_left_out_and_the_places_stay() -> None:
    typed = NETWORK.with_beds({"North": 5, "South": 6})
    part = narrowed(typed, {"outcome": ["Died"]})
    assert part.capacity is None
    assert part.beds is None
    why = "it has no outcome column, so it cannot be filtered by outcome"
    assert dict(part.lost) == {"capacity": why, "beds": why}
    assert part.facilities is PLACES
    assert np.isnan(headline(part).loc["occupancy", "overall"])


def test_counts_are_narrowed_too() -> None:
    table = counts(["2024-04-01", "2024-04-02", "2024-04-02"], admissions=[1.0, 2.0, 4.0],
                   shift=pd.Series(["day", "day", "night"], dtype="str"))  # fmt: skip
    part = narrowed(Dataset(activity=table), {"shift": ["day"]})
    assert headline(part).loc["admissions", "overall"] == 3
    assert trend(part, every="day")["admissions"].tolist() == [1, 2]


BANDS = Dataset(stays=pd.DataFrame({
    "age_band": pd.Series(["85-89", "90-94", "95+", "100+", None, "85-89"], dtype="str"),
    "admitted": days(["2024-04-01"] * 6),
}))  # fmt: skip


def test_supplied_bands_of_90_and_over_are_one_band() -> None:
    found = breakdown(BANDS, "age_band", measures=["admissions"])
    assert found["age_band"].tolist() == ["85-89", "90+", "Unknown"]
    assert found["admissions"].tolist() == [2, 3, 1]
    oldest = narrowed(BANDS, {"age_band": ["90+"]})
    assert oldest.stays is not None
    assert oldest.stays["age_band"].tolist() == ["90-94", "95+", "100+"]
    assert breakdown(oldest, "age_band")["age_band"].tolist() == ["90+"]


@pytest.mark.parametrize("column", ["patient_id", "stay_id", "shoe_size"])
def test_what_is_no_group_is_no_filter(column: str) -> None:
    with pytest.raises(DataProblem):
        narrowed(NETWORK, {column: ["1"]})
