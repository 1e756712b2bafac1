"""Which columns a breakdown is offered, and which are not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import breakdown, dimensions, narrowed
from tests.unit.measures.build import counts, days, generated

N = 400
RANDOM = np.random.default_rng(9)
STAYS = generated(N, seed=2).assign(
    age=RANDOM.integers(0, 100, N).astype("float64"),
    zip=pd.Series([f"98{n % 30:03}" for n in range(N)], dtype="str"),
    treatment=pd.Series([f"T{n % 7}" for n in range(N)], dtype="str"),
    gender=pd.Series(["F"] * N, dtype="str"),
    Shift=pd.Series(["early", "late", None, "early"] * 100, dtype="str"),
    Room=pd.Series(RANDOM.integers(100, 400, N), dtype="Int64"),
    Procedures=pd.Series(RANDOM.integers(0, 5, N), dtype="Int64"),
    Flagged=pd.Series([True, False] * 200, dtype="boolean"),
    Sodium=RANDOM.normal(140, 5, N),
    Remark=pd.Series([f"text {n % 300}" for n in range(N)], dtype="str"),
    Started=days(["2024-01-01"] * N),
)


def test_columns_that_make_groups_are_offered_in_order() -> None:
    known = {name: int(STAYS[name].notna().sum()) for name in STAYS}
    expected = pd.DataFrame(
        [
            ("treatment", "Treatment", 7, N, False),
            ("age_band", "Age band", 19, N, False),
            ("department", "Department", 2, known["department"], False),
            ("facility", "Facility", 2, known["facility"], False),
            ("zip", "ZIP code", 30, N, False),
            ("outcome", "Outcome", 3, known["outcome"], False),
            ("was_admitted", "Was admitted", 2, known["was_admitted"], False),
            ("readmitted", "Readmitted", 2, known["readmitted"], False),
            ("Shift", "Shift", 2, 300, True),
            ("Procedures", "Procedures", 5, N, True),
            ("Flagged", "Flagged", 2, N, True),
        ],
        columns=["column", "title", "groups", "known", "own"],
    ).astype({"column": "str", "title": "str"})
    pd.testing.assert_frame_equal(dimensions(Dataset(stays=STAYS)), expected)


def test_every_one_of_them_can_be_broken_down_by_and_has_so_many_groups() -> None:
    network = Dataset(stays=STAYS)
    for line in dimensions(network).itertuples():
        names = set(breakdown(network, str(line.column), measures=["admissions"])[line.column])
        assert len(names - {"Unknown"}) == line.groups


def test_many_names_are_offered_until_nearly_every_row_has_its_own() -> None:
    for different, offered in ((860, True), (901, False)):
        names = pd.Series([f"H{n % different}" for n in range(1000)], dtype="str")
        assert (len(dimensions(Dataset(stays=pd.DataFrame({"facility": names})))) == 1) is offered


def test_supplied_bands_count_90_and_over_once() -> None:
    bands = pd.Series(["80-89", "90-94", "95+"] * 2, dtype="str")
    found = dimensions(Dataset(stays=pd.DataFrame({"age_band": bands})))
    assert found[["column", "groups", "known"]].to_numpy().tolist() == [["age_band", 2, 6]]


def test_counts_offer_names_and_no_numbers() -> None:
    table = counts(
        ["2024-04-01"] * 4, admissions=[1.0, 2.0, 3.0, 4.0],
        department=pd.Series(["A", "B", "A", "B"], dtype="str"),
        event=pd.Series(["flu", "none", None, "flu"], dtype="str"),
        refused=pd.Series([1, 2, 3, 4], dtype="Int64"),
    )  # fmt: skip
    found = dimensions(Dataset(activity=table))
    assert found["column"].tolist() == ["department", "event"]


def test_regions_of_the_facilities_are_offered_and_nothing_depends_on_the_filter() -> None:
    places = pd.DataFrame({"facility": ["North", "South"], "region": ["Up", "Down"]})
    network = Dataset(stays=STAYS, facilities=places)
    whole = dimensions(network)
    assert "region" in whole["column"].tolist()
    pd.testing.assert_frame_equal(dimensions(narrowed(network, {"treatment": ["T1"]})), whole)


def test_nothing_is_offered_of_nothing() -> None:
    assert dimensions(Dataset()).empty
    assert list(dimensions(Dataset())) == ["column", "title", "groups", "known", "own"]
