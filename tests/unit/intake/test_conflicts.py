"""Stays that cannot all be right are counted and listed, and none is dropped."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

from caremap import Dataset, open_file
from caremap.intake.conflicts import conflicting_stays
from caremap.intake.staynumbers import codes_of
from caremap.measures import headline


def table(**columns: list[Any]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    for name in {"admitted", "discharged"} & set(frame):
        frame[name] = pd.to_datetime(frame[name], format="ISO8601").astype("datetime64[us]")
    return frame.set_axis(pd.Index(range(2, len(frame) + 2), name="source_row"))


def found(frame: pd.DataFrame) -> dict[str, tuple[int, ...]]:
    return {one.code: one.rows for one in conflicting_stays(frame, {})}


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        (("2024-04-04", "2024-04-09"), True),
        (("2024-04-05", "2024-04-09"), False),  # a transfer on the day of discharge
        (("2024-04-02", "2024-04-02"), True),  # a visit during a stay
        (("2024-04-01", "2024-04-01"), False),  # the emergency visit that led to it
        (("2024-04-03", None), True),
        (("2024-03-20", "2024-04-02"), True),
        (("2024-03-20", None), False),  # nobody knows when it ended
    ],
)
def test_a_patient_is_in_one_stay_at_a_time(second: tuple[str, str | None], overlaps: bool) -> None:
    frame = table(
        patient_id=["P", "P", "Q"],
        admitted=["2024-04-01 22:00", second[0], "2024-04-02"],
        discharged=["2024-04-05 09:00", second[1], "2024-04-03"],
    )
    assert ("overlapping-stays" in found(frame)) is overlaps


def test_a_long_stay_is_remembered_beyond_a_short_one_inside_it() -> None:
    frame = table(patient_id=["P"] * 4, admitted=["2024-04-01", "2024-04-03", "2024-04-20",
                                                  "2024-05-01"],
                  discharged=["2024-05-01", "2024-04-04", "2024-04-22", "2024-05-02"])  # fmt: skip
    assert found(frame) == {"overlapping-stays": (3, 4)}


def test_versions_of_one_stay_are_reported_and_both_counted() -> None:
    text = (
        "Patient ID,Admission Date,Discharge Date,Cost\nP001,2024-04-03,2024-04-17,10\n"
        "P002,2024-04-12,2024-04-13,-50\nP002,2024-04-12,2024-04-13,999\nP003,2024-04-12,,1\n"
    )
    loaded = open_file(text.encode(), name="april.csv")
    assert [(f.severity, f.rows, f.column) for f in loaded.findings
            if f.code == "conflicting-stays"] == [("warning", (3, 4), "Patient ID")]  # fmt: skip
    assert headline(Dataset.of(loaded)).loc["admissions", "overall"] == 4


def test_two_visits_at_different_hours_of_a_day_are_two_visits() -> None:
    frame = table(patient_id=["P", "P"], admitted=["2024-04-03 08:00", "2024-04-03 20:00"],
                  discharged=["2024-04-03 09:00", "2024-04-03 22:00"])  # fmt: skip
    assert found(frame) == {}


def test_one_number_for_two_patients_is_reported_unless_their_facilities_differ() -> None:
    frame = table(stay_id=["1", "1", "2"], patient_id=["P", "Q", "R"])
    assert found(frame) == {"stay-number-shared": (2, 3)}
    assert found(frame.assign(facility=["North", "South", "South"])) == {}


DAY = st.integers(0, 9)
STAYS = st.lists(
    st.tuples(st.sampled_from(["7", "07", "12"]), DAY, st.one_of(st.none(), DAY)), max_size=9
)


@settings(max_examples=300, deadline=None)
@given(STAYS)
def test_overlaps_are_those_a_comparison_of_all_pairs_finds(
    stays: list[tuple[str, int, int | None]],
) -> None:
    first = pd.Timestamp("2024-04-01")
    frame = table(
        patient_id=[one[0] for one in stays],
        admitted=[first + pd.Timedelta(days=one[1]) for one in stays],
        discharged=[None if one[2] is None else first + pd.Timedelta(days=one[2]) for one in stays],
    )
    spans = [(who, start, max(start, start if end is None else end)) for who, start, end in stays]
    inside = {
        row + 2
        for row, (who, start, last) in enumerate(spans)
        for other, begin, until in spans
        if other == who and (begin, until) < (start, last) and start < until
    }
    twins = {row + 2 for row, one in enumerate(stays) if stays.count(one) > 1}
    told = found(frame)
    assert set(told.get("overlapping-stays", ())) == inside
    assert set(told.get("conflicting-stays", ())) == twins


@given(st.lists(st.one_of(st.none(), st.text("0127", max_size=19)), max_size=8))
def test_numbers_of_patients_are_told_apart_as_texts(numbers: list[str | None]) -> None:
    codes = codes_of(pd.Series(numbers, dtype="str")).tolist()
    distinct = [*dict.fromkeys(one for one in numbers if one is not None)]
    assert codes == [-1 if one is None else distinct.index(one) for one in numbers]


def test_conflicts_between_files_are_told_once() -> None:
    head = "Patient ID,Admission Date,Discharge Date,Cost\n"
    first = open_file((head + "P1,2024-04-03,2024-04-20,1\nP1,2024-04-05,2024-04-06,2\n").encode(),
                      name="a.csv")  # fmt: skip
    second = open_file((head + "P1,2024-04-18,2024-04-25,3\nP2,2024-04-18,2024-04-25,4\n").encode(),
                       name="b.csv")  # fmt: skip
    told = [f for f in Dataset.of(first, second).findings if f.code == "overlapping-stays"]
    assert [f.rows for f in told] == [(3,), (2,)]


# --- several rows per stay ------------------------------------------------------------------


def occupied(text: str) -> tuple[float, float]:
    """Stays, and nights spent in hospital."""
    loaded = open_file(text.encode(), name="services.csv")
    return float(len(loaded.table)), float(loaded.table["length_of_stay"].sum())


def test_rows_per_day_of_a_stay_are_one_stay() -> None:
    rows = [
        f"E{n},P{n},2024-04-{n:02d},2024-04-{n + 3:02d},2024-04-{n + day:02d},ward {day}"
        for n in range(1, 9)
        for day in range(3)
    ]
    head = "encounter_id,patient_id,admission_date,discharge_date,charge_date,note\n"
    assert occupied(head + "\n".join(rows)) == (8, 24)


def test_rows_per_service_with_dates_of_their_own_are_one_stay() -> None:
    rows = [f"E{n},P{n},2024-04-{n + day:02d},2024-04-{n + day + 1:02d},{day}"
            for n in range(1, 9) for day in range(3)]  # fmt: skip
    head = "encounter_id,patient_id,admission_date,discharge_date,note\n"
    assert occupied(head + "\n".join(rows)) == (8, 24)


def test_without_numbers_of_stays_most_rows_have_to_pair_before_they_are_one() -> None:
    head = "patient_id,admission_date,discharge_date,service\n"
    rows = [f"P{n},2024-04-{n % 20 + 1:02d},2024-04-{n % 20 + 4:02d},{service}"
            for n in range(40) for service in ("lab", "ward")]  # fmt: skip
    assert occupied(head + "\n".join(rows)) == (40, 120)
    single = [f"Q{n},2024-04-{n % 20 + 1:02d},2024-04-{n % 20 + 4:02d},ward" for n in range(200)]
    assert occupied(head + "\n".join(rows + single)) == (280, 840)


def test_numbers_of_two_facilities_or_sexes_are_not_one_stay() -> None:
    head = "encounter_id,{},admission_date,discharge_date\n"
    rows = [f"{n},{who},2024-04-01,2024-04-03" for n in range(9) for who in "FM"]
    assert occupied(head.format("gender") + "\n".join(rows)) == (18, 36)
    assert occupied(head.format("hospital") + "\n".join(rows)) == (18, 36)
