from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

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
