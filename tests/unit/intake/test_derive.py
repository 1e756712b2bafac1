from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap import open_file
from caremap.intake import Loaded
from caremap.intake.derive import complete_activity, complete_stays, fold_stays

HEADERS = {"discharged": "Out", "length_of_stay": "LOS", "stay_id": "Visit"}


def table(**columns: list[object]) -> pd.DataFrame:
    frame = pd.DataFrame(columns)
    for name in {"admitted", "discharged"} & set(frame):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    return frame.set_axis(pd.Index(range(2, len(frame) + 2), name="source_row"))


@pytest.mark.parametrize(
    ("admitted", "discharged", "nights"),
    [
        ("2024-04-01", "2024-04-03", 2),
        ("2024-04-01 23:59", "2024-04-02 00:01", 1),
        ("2024-04-01 00:01", "2024-04-01 23:59", 0),
        ("2024-02-28", "2024-03-01", 2),
        ("2024-04-03", "2024-04-01", np.nan),
        ("2024-04-03", None, np.nan),
    ],
)
def test_length_of_stay_is_by_the_calendar(
    admitted: str, discharged: str | None, nights: float
) -> None:
    made, findings = complete_stays(table(admitted=[admitted], discharged=[discharged]), HEADERS)
    assert made["length_of_stay"].iloc[0] == pytest.approx(nights, nan_ok=True)
    assert [one.code for one in findings] == (
        ["negative-stay"] if discharged and discharged < admitted else []
    )


def test_the_dates_win_over_a_length_that_disagrees() -> None:
    made, findings = complete_stays(
        table(
            admitted=["2024-04-01"] * 3, discharged=["2024-04-03", "2024-04-03", None],
            length_of_stay=[3.0, 9.0, 4.5],
        ),
        HEADERS,
    )  # fmt: skip
    assert made["length_of_stay"].tolist() == [2, 2, 4.5]
    assert str(made["discharged"].iloc[2]) == "2024-04-05 00:00:00"
    assert [(one.code, one.rows) for one in findings] == [("stay-disagrees", (3,))]


@pytest.mark.parametrize(
    ("given", "made", "value"),
    [
        ({"admitted": ["2024-04-01 10:00"], "length_of_stay": [2.0]}, "discharged", "2024-04-03"),
        ({"discharged": ["2024-04-03 10:00"], "length_of_stay": [2.7]}, "admitted", "2024-04-01"),
    ],
)
def test_two_of_three_give_the_third(given: dict[str, list[object]], made: str, value: str) -> None:
    result, findings = complete_stays(table(**given), HEADERS)
    assert str(result[made].iloc[0].date()) == value
    assert findings[0].code == "derived"


@pytest.mark.parametrize(
    ("given", "made", "value"),
    [
        ({"occupied_beds": [8.0], "free_beds": [2.0]}, "staffed_beds", 10),
        ({"staffed_beds": [10.0], "free_beds": [2.0]}, "occupied_beds", 8),
        ({"staffed_beds": [10.0], "occupied_beds": [8.0]}, "free_beds", 2),
    ],
)
def test_two_counts_of_beds_give_the_third(
    given: dict[str, list[object]], made: str, value: float
) -> None:
    result, _ = complete_activity(table(**given))
    assert result[made].tolist() == [value]


def test_a_blank_count_of_beds_stays_unknown() -> None:
    result, _ = complete_activity(table(occupied_beds=[8.0, np.nan], free_beds=[2.0, 2.0]))
    assert result["staffed_beds"].tolist() == pytest.approx([10, np.nan], nan_ok=True)


def test_rows_of_one_stay_become_one() -> None:
    made, findings = fold_stays(
        table(
            stay_id=["V1", "V1", "V2"], admitted=["2024-04-02", "2024-04-01", "2024-04-01"],
            discharged=["2024-04-05", "2024-04-02", "2024-04-02"],
            ward=["B", "A", "C"], cost=[10.0, 20.0, 5.0],
        ),
        HEADERS,
    )  # fmt: skip
    assert made["stay_id"].tolist() == ["V1", "V2"]
    assert made["cost"].tolist() == [30, 5]
    assert made["admitted"].astype(str).tolist() == ["2024-04-01", "2024-04-01"]
    assert made["discharged"].astype(str).tolist() == ["2024-04-05", "2024-04-02"]
    assert made.index.tolist() == [2, 4]
    assert [one.code for one in findings] == ["folded-stays"]


def test_a_total_repeated_on_every_row_is_taken_once() -> None:
    made, findings = fold_stays(
        table(stay_id=["V1", "V1", "V2", "V2"], cost=[900.0, 900.0, 70.0, 70.0]), HEADERS
    )
    assert made["cost"].tolist() == [900, 70]
    assert "taken once" in findings[0].message


def test_a_number_that_comes_again_later_is_another_stay() -> None:
    made, findings = fold_stays(
        table(
            stay_id=["V1", "V1", "V1"],
            admitted=["2024-01-01", "2024-03-01", "2024-03-04"],
            discharged=["2024-01-05", "2024-03-04", "2024-03-06"],
        ),
        HEADERS,
    )
    assert made["admitted"].dt.month.tolist() == [1, 3]
    assert {one.code for one in findings} == {"folded-stays", "stay-numbers-again"}


def test_the_same_number_on_another_patient_is_another_stay() -> None:
    frame = table(stay_id=["1", "1"], patient_id=["A", "B"], admitted=["2024-01-01"] * 2)
    assert len(fold_stays(frame, HEADERS)[0]) == 2


def test_nothing_is_mutated() -> None:
    frame = table(admitted=["2024-04-01", None], discharged=["2024-04-03", None],
                  stay_id=["1", "1"], length_of_stay=[9.0, 2.0])  # fmt: skip
    before = frame.copy(deep=True)
    complete_stays(frame, HEADERS)
    fold_stays(frame, HEADERS)
    complete_activity(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_a_folded_stay_is_as_long_as_from_its_first_to_its_last_day() -> None:
    parts = table(
        stay_id=["V1", "V1", "V2", "V2"], admitted=["2024-01-01", "2024-01-03", None, None],
        discharged=["2024-01-03", "2024-01-09", None, None], length_of_stay=[2.0, 6.0, 1.0, 3.0],
    )  # fmt: skip
    made, findings = fold_stays(parts, HEADERS)
    assert made["length_of_stay"].tolist() == [8, 3]
    one, told = fold_stays(parts[:2], HEADERS)
    assert len(one) == 1
    assert "1 stay (" in told[0].message


def test_dates_that_may_be_wrong_neither_part_a_stay_nor_give_it_a_length() -> None:
    parts = table(
        stay_id=["V1", "V1", "V2", "V2", "V3", "V3"],
        admitted=["2024-11-03", "2024-03-14", "2024-05-13", "2024-05-15", "2024-01-13",
                  "2024-06-13"],
        discharged=["2024-03-14", "2024-03-16", "2024-05-15", "2024-05-20", "2024-01-15",
                    "2024-06-15"],
    )  # fmt: skip
    unsure = pd.Series([True] + [False] * 5, index=parts.index)
    made, _ = fold_stays(parts, HEADERS, unsure)
    assert made["stay_id"].tolist() == ["V1", "V2", "V3", "V3"]
    made, _ = fold_stays(parts.assign(length_of_stay=np.nan), HEADERS, unsure)
    assert made["length_of_stay"].fillna(-1).tolist() == [-1, 7, 2, 2]


# --- figures that came out wrong ------------------------------------------------------------

STAY = "Visit ID,Admit Date,LOS,{0}\n1,2024-01-13,3,{1}\n2,2024-01-14,4,{2}\n3,2024-01-15,4,{3}\n"


def opened(text: str, **choices: Any) -> Loaded:
    return open_file(text.encode(), name="file.csv", **choices)


def codes(loaded: Loaded) -> set[str]:
    return {one.code for one in loaded.findings}


def test_lines_of_one_encounter_are_one_stay() -> None:
    lines = "".join(
        f"E{stay},item {item},2024-01-{1 + stay % 20:02},2024-01-25,{10 * item + stay}\n"
        for stay in range(40) for item in range(3)
    )  # fmt: skip
    loaded = opened("Encounter ID,Item,Admit Date,Discharge Date,Cost\n" + lines)
    assert len(loaded.table) == 40
    assert "folded-stays" in codes(loaded)


def test_rows_without_a_stay_are_set_aside() -> None:
    text = "Stay ID,Ward,Admit Date,Discharge Date,Cost\n" + "".join(
        f"{stay},A,2024-01-{stay:02},2024-01-20,5\n" for stay in range(1, 9)
    )
    loaded = opened(text + ",,,,50\nA subtotal,x,,,40\nTotal: 400,x,,,40\n9,B,,,7\n")
    assert loaded.table["cost"].sum() == 47
    assert len(loaded.set_aside) == 3


def test_counts_of_no_day_or_month_are_set_aside() -> None:
    text = "Month,Admissions\n2022-01,4\n2022-02,5\n2022-03,6\n2022-04,6\n"
    loaded = opened(text + "2022 Total,21\nFY 2024,21\n2022,21\n")
    assert loaded.table["admissions"].sum() == 21
    assert set(loaded.set_aside["reason"]) == {"its date cannot be read"}


def test_merged_dates_and_the_total_of_each() -> None:
    text = "Month,Hospital,Admissions\n" + "".join(
        f"2024-0{month},A,{month}\n,B,{month + 1}\n,All,{2 * month + 1}\n" for month in range(1, 6)
    )
    loaded = opened(text)
    assert loaded.table["admissions"].sum() == 35
    assert loaded.table["date"].notna().all()
    assert {"filled-down", "total-rows"} <= codes(loaded)


@pytest.mark.parametrize(("repeat", "name"), [(20, "stay_id"), (5, "patient_id")])
def test_a_bare_id_is_never_a_hospital(repeat: int, name: str) -> None:
    rows = "".join(f"{day % repeat},2024-01-{day:02},2024-01-25,A\n" for day in range(1, 20))
    loaded = opened("ID,Admit Date,Discharge Date,Ward\n" + rows)
    assert loaded.mapping[name] == "ID"
    assert "facility" not in loaded.mapping


def test_a_disposition_says_who_was_admitted() -> None:
    rows = "".join(
        f"{day},2024-01-{day:02},9,{'Admitted' if day % 3 == 0 else 'Discharged'}\n"
        for day in range(1, 20)
    )
    loaded = opened("Visit ID,Arrival,Wait (min),ED Disposition\n" + rows)
    assert loaded.table["was_admitted"].sum() == 6
    assert loaded.table["was_admitted"].notna().all()


@pytest.mark.parametrize(
    ("header", "values", "total", "code"),
    [
        ("Cost (k$)", (1.5, 2, 3), 6500, "scaled-amounts"),
        ("Cost (in thousands of dollars)", (1.5, 2, 3), 6500, "scaled-amounts"),
        ("Kosten in Mio", (1.5, 2, 3), 6_500_000, "scaled-amounts"),
        ("Kosten (T€)", (1.5, 2, 3), 6500, "scaled-amounts"),
        ("Drug cost", (1, 2, 3), 6, "weak-match"),
        ("Cost", ("5 USD", "6 EUR", 3), 0, "mixed-currencies"),
        ("Cost,Currency", ("5,USD", "6,EUR", "3,EUR"), 0, "mixed-currencies"),
        ("Cost,Status", ("5,Cancelled", "6,Seen", "3,No show"), 14, "cancelled"),
    ],
)
def test_amounts(header: str, values: tuple[object, ...], total: float, code: str) -> None:
    loaded = opened(STAY.format(header, *values))
    assert loaded.table["cost"].sum() == pytest.approx(total)
    assert code in codes(loaded)


def test_a_cost_by_its_own_name_needs_no_warning() -> None:
    assert "weak-match" not in codes(opened(STAY.format("Total Cost USD", 1, 2, 3)))


@pytest.mark.parametrize(
    ("header", "field", "column"),
    [
        ("Inpatients,Admissions", "admissions", "Admissions"),
        ("Inpatients,Beds", "occupied_beds", "Inpatients"),
        ("Discharges alive,Deaths", "discharges", ["Discharges alive", "Deaths"]),
    ],
)
def test_columns_of_counts(header: str, field: str, column: object) -> None:
    loaded = opened(f"Date,{header}\n2024-01-13,5,6\n2024-01-14,6,7\n")
    assert loaded.mapping[field] == column
    assert header != "Inpatients,Admissions" or "occupied_beds" not in loaded.mapping
