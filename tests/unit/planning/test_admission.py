"""What is known at admission, and what is left out of a prediction made that day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.planning import admission_table
from caremap.planning.admission_history import HISTORY
from tests.unit.measures.build import generated, stays

ROWS = [
    ("A", "2024-04-01 09:00", "2024-04-04 10:00"),
    ("B", "2024-04-02 10:00", "2024-04-03 08:00"),
    ("C", "2024-04-06 11:00", None),
    ("D", "2024-04-20 12:00", "2024-04-25 07:00"),
]


def dataset(**columns: Any) -> Dataset:
    return Dataset(stays=stays(ROWS, **columns))


def test_a_row_is_a_stay_as_known_on_the_last_admission() -> None:
    found = admission_table(
        dataset(
            patient_id=["P", "Q", "P", None],
            department=["ED", None, "ED", "ICU"],
            age=[40.0, None, 40.0, 71.0],
            cost=[1.0, 2.0, 3.0, 4.0],
        )
    )
    expected = pd.DataFrame(
        {
            "department": ["ED", "Unknown", "ED", "ICU"],
            "age": [40.0, np.nan, 40.0, 71.0],
            "Weekday of admission": ["Monday", "Tuesday", "Saturday", "Saturday"],
            "Hour of admission": [9.0, 10.0, 11.0, 12.0],
            "Days since the last discharge": [np.nan, np.nan, 2.0, np.nan],
            "Stays in the year before": [0.0, 0.0, 1.0, np.nan],
        }
    ).astype({"department": "str", "Weekday of admission": "str"})
    pd.testing.assert_frame_equal(found.features, expected)
    # D left five days after the last admission: on that day the patient was still in.
    assert found.nights.fillna(-1).tolist() == [3.0, 1.0, -1.0, -1.0]
    assert found.patient.fillna(-1).tolist() == [0.0, 1.0, 0.0, -1.0]
    assert found.department.tolist() == ["ED", "Unknown", "ED", "ICU"]
    assert set(found.facility) == {"Unknown"}
    assert found.stay_id.tolist() == ["A", "B", "C", "D"]
    assert found.as_of == pd.Timestamp("2024-04-20")
    assert set(found.left_out) == {
        "stay_id", "patient_id", "discharged", "length_of_stay", "cost", "Month of admission",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_and_their_index_change_nothing(seed: int) -> None:
    table = generated(80)
    shuffled = table.sample(frac=1, random_state=seed)
    one, other = (admission_table(Dataset(stays=rows)) for rows in (table, shuffled))
    pd.testing.assert_frame_equal(one.features, other.features)
    pd.testing.assert_series_equal(one.nights, other.nights)
    pd.testing.assert_frame_equal(one.groups, other.groups)
    assert one.left_out == other.left_out


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("day", ["2024-02-10", "2024-03-20"])
def test_what_happens_later_is_not_known_at_admission(seed: int, day: str) -> None:
    whole = Dataset(stays=generated(400, seed))
    then, later = admission_table(whole, as_of=day), admission_table(whole)
    columns = [name for name in then.features if name in later.features]
    assert {"department", *HISTORY} <= set(columns)
    known = later.features[columns].set_index(later.stay_id).loc[then.stay_id]
    pd.testing.assert_frame_equal(then.features[columns].set_index(then.stay_id), known)


def test_nothing_says_how_long_stays_were() -> None:
    with pytest.raises(caremap.DataProblem, match="Nothing says how long"):
        admission_table(Dataset(stays=pd.DataFrame({"age": [1.0], "gender": ["F"]})))
    with pytest.raises(caremap.DataProblem, match="no stays"):
        admission_table(Dataset())


def test_nothing_a_caller_gave_is_changed() -> None:
    table = generated(60).set_index(np.zeros(60, dtype="int64"))
    before = table.copy(deep=True)
    admission_table(Dataset(stays=table), keep=["all"])
    pd.testing.assert_frame_equal(table, before)


def test_stays_are_known_as_they_were_on_the_day_asked_for() -> None:
    whole = dataset(age=[1.0, 2.0, 3.0, 4.0])
    found = admission_table(whole, as_of="2024-04-03")
    assert found.stay_id.tolist() == ["A", "B"]
    assert found.nights.fillna(-1).tolist() == [-1.0, 1.0]  # A left on the fourth
    assert found.as_of == pd.Timestamp("2024-04-03")
    assert found.notes == ("Stays that began after 3 Apr 2024, left out: 2.",)
    within = admission_table(whole.filtered(end="2024-04-03"))
    pd.testing.assert_series_equal(within.nights, found.nights)


def test_stays_of_which_nothing_is_known_are_left_out_and_counted() -> None:
    rows = [(f"S{day}", f"2024-06-{day:02}", f"2024-06-{day + 2:02}") for day in range(1, 28)]
    found = admission_table(
        Dataset(
            stays=stays(
                [
                    *rows,
                    ("before", "2024-06-09", "2024-06-01"),
                    ("old", "2024-01-02", None),
                    ("undated", None, "2024-06-05"),
                    ("open", "2024-06-28", None),
                ]
            )
        )
    )
    assert set(found.stay_id) == {row[0] for row in rows} | {"open"}
    assert found.notes[:3] == (
        "Stays without a date of admission, left out: 1.",
        "Stays that end before they begin, left out: 1.",
        "Stays open for so long that the date of discharge is probably missing, left out: 1.",
    )


def test_visits_that_became_no_admission_are_no_stays() -> None:
    found = admission_table(dataset(was_admitted=pd.array([True, False, None, True], "boolean")))
    assert found.stay_id.tolist() == ["A", "D"]
    assert "was_admitted" in found.left_out


def test_a_filter_that_leaves_nothing_leaves_a_table_without_rows() -> None:
    found = admission_table(dataset(facility="North", age=1.0).filtered(facility=["Elsewhere"]))
    assert len(found.features) == len(found.nights) == len(found.groups) == 0


def test_no_prediction_while_dates_are_in_doubt() -> None:
    doubt = Finding("swapped-dates", "error", "Day and month are swapped.", "admitted")
    with pytest.raises(caremap.DataProblem, match="in doubt"):
        admission_table(Dataset(stays=stays(ROWS), findings=(doubt,)))


def many(seed: int = 1) -> pd.DataFrame:
    """Stays with an honest column and leaks of every kind."""
    draw = np.random.default_rng(seed)
    count = 800
    admitted = pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 300, count), unit="D")
    nights = np.floor(draw.lognormal(1.3, 0.7, count))
    left = pd.Series(admitted + pd.to_timedelta(nights, unit="D"))
    table = stays(
        [
            (f"S{n:03}", came, gone)
            for n, (came, gone) in enumerate(zip(admitted, left, strict=True))
        ],
        department=draw.choice(["ED", "ICU"], count),
        cost=nights * 700 + draw.normal(0, 400, count),
        outcome=draw.choice(["Home", "Home with help", "Died"], count),
    )
    return table.assign(
        Room=draw.integers(100, 900, count),
        Weight=draw.normal(75, 12, count),
        Notes=np.log1p(nights),
        Billed=nights * 90 + draw.normal(0, 300, count),
        Status2=table["outcome"].replace({"Home with help": "Home"}),
        Seen=left - pd.Timedelta(days=1),
        Booked=admitted - pd.Timedelta(days=9),
        Line=range(count),
        Site="only one",
    )


def test_every_kind_of_leak_is_named_with_its_reason() -> None:
    found = admission_table(Dataset(stays=many()))
    assert list(found.features) == [
        "department", "Room", "Weight", "Weekday of admission", "Month of admission",
    ]  # fmt: skip
    assert dict(found.left_out) == {
        "stay_id": "A number that identifies a stay or a person.",
        "discharged": "Says how long the stay was: that is what is predicted.",
        "length_of_stay": "Says how long the stay was: that is what is predicted.",
        "cost": "An amount that grows with every night: known only after discharge.",
        "outcome": "Says how the stay ended: known only at discharge.",
        "Notes": "Follows the length of stay too closely to be known at admission (rank "
        "correlation 1.00).",
        "Billed": "An amount that grows with every night: known only after discharge.",
        "Status2": "Says the same as “Outcome”, which is not known at admission.",
        "Seen": "A date after the admission.",
        "Booked": "A date other than that of admission.",
        "Line": "Has a name or number of its own on nearly every row: it tells nothing of others.",
        "Site": "Has the same value on every row: it tells nothing.",
    }
    assert dict(found.kept_leaks) == {}


@pytest.mark.parametrize(
    ("keep", "back"),
    [
        (["all"], {"outcome", "Status2"}),
        (["cost"], {"cost"}),
        (["all", "Billed"], {"outcome", "Status2", "Billed"}),
        (["length_of_stay", "Notes", "Seen", "stay_id"], set()),
    ],
)
def test_what_is_known_later_can_be_put_back_but_never_the_stay_itself(
    keep: list[str], back: set[str]
) -> None:
    plain = admission_table(Dataset(stays=many()))
    found = admission_table(Dataset(stays=many()), keep=keep)
    assert set(found.features) == set(plain.features) | back
    assert dict(found.kept_leaks) == {name: plain.left_out[name] for name in found.kept_leaks}
    assert set(found.kept_leaks) == back
    assert set(found.left_out) == set(plain.left_out) - back


def test_a_column_to_keep_that_is_not_left_out() -> None:
    with pytest.raises(caremap.DataProblem, match="“Room” is not among the columns left out"):
        admission_table(Dataset(stays=many()), keep=["Room"])


def test_a_department_that_is_known_later_is_nothing_to_compare_with() -> None:
    table = many().rename(columns={"Room": "MS-DRG"})
    table["department"] = np.where(table["MS-DRG"] % 3 == 0, "Surgical", "Medical")
    table["MS-DRG"] = (table["MS-DRG"] % 30).astype("str")
    found = admission_table(Dataset(stays=table))
    assert found.left_out["department"] == (
        "Says the same as “MS-DRG”, which is not known at admission."
    )
    assert set(found.department) == {"Unknown"}
    assert any("no department to compare with" in note for note in found.notes)


def test_groups_for_fairness_are_there_whatever_is_predicted_from() -> None:
    found = admission_table(
        dataset(age=[3.0, 95.0, None, 44.0], gender=["F", "M", None, "F"], insurance="Private")
    )
    expected = pd.DataFrame(
        {
            "age_band": ["0-4", "90+", "Unknown", "40-44"],
            "gender": ["F", "M", "Unknown", "F"],
            "insurance": ["Private"] * 4,
        },
        dtype="str",
    )
    pd.testing.assert_frame_equal(found.groups, expected)
    assert "insurance" in found.left_out


def test_of_postal_codes_the_first_characters_are_used() -> None:
    found = admission_table(dataset(zip=["98007", "98011", None, "02139"]))
    assert found.features["zip"].tolist() == ["980", "980", "Unknown", "021"]


REAL: dict[str, tuple[list[str], set[str], set[str]]] = {
    "real discharges of New York": (
        ["sparcs/week10_df_musc_skel.csv.gz"],
        {
            "facility", "age_band", "gender", "region", "insurance", "Hospital.Service.Area",
            "Race", "Ethnicity", "Payment.Typology.2", "Payment.Typology.3",
        },
        {
            "length_of_stay", "department", "treatment", "diagnosis", "cost", "charges", "outcome",
            "CCSR.Diagnosis.Code", "CCSR.Procedure.Code", "APR.DRG.Code", "APR.DRG.Description",
            "deathrisk", "illseveritydesc", "death", "disposition", "disposition2", "lnhlos",
            "invhlos",
        },
    ),
    "10,000 invented stays": (
        ["kaggle_healthcare/healthcare_dataset_original.csv"],
        {
            "facility", "diagnosis", "admission_type", "age", "gender", "insurance", "Blood Type",
            "Room Number", "Weekday of admission", "Month of admission",
        },
        {"discharged", "length_of_stay", "treatment", "cost", "Test Results"},
    ),
    "stays of a network in three files": (
        ["halifax_synth/admissions.csv", "halifax_synth/patients.csv", "halifax_synth/units.csv"],
        {
            "facility", "department", "admission_type", "age", "gender", "diagnosis",
            "Weekday of admission", "Month of admission", "Hour of admission",
            "Days since the last discharge", "Stays in the year before",
        },
        {"stay_id", "patient_id", "discharged", "length_of_stay", "waiting_minutes"},
    ),
    "undated stays": (
        ["kaggle_hospital_data_analysis/hospital_data_analysis.csv"],
        {"diagnosis", "age", "gender"},
        {
            "patient_id", "length_of_stay", "treatment", "cost", "outcome", "readmitted",
            "satisfaction",
        },
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_files_as_they_are_found(shared: Path, name: str) -> None:
    files, used, left_out = REAL[name]
    tables = [caremap.open_file(shared / "data" / file) for file in files]
    found = admission_table(Dataset.of(*tables))
    assert set(found.features) == used
    assert set(found.left_out) == left_out


def test_a_simulated_file_keeps_its_strongest_column_and_says_so(shared: Path) -> None:
    loaded = caremap.open_file(shared / "data" / "ms_los" / "LengthOfStay_Prod.csv")
    found = admission_table(Dataset.of(loaded))
    assert "rcount" in found.features
    assert any(note.startswith("“rcount”: Alone it tells 51 %") for note in found.notes)


def test_visits_without_a_length_cannot_be_predicted(shared: Path) -> None:
    loaded = caremap.open_file(shared / "data" / "kaggle_er" / "Hospital ER.csv")
    with pytest.raises(caremap.DataProblem, match="Nothing says how long"):
        admission_table(Dataset.of(loaded))


def test_the_sample_network_tells_what_its_script_planted(repo: Path) -> None:
    found = admission_table(Dataset.of(caremap.open_file(repo / "sample_data" / "stays.csv")))
    assert {"department", "treatment", "diagnosis", "admission_type", "age"} <= set(found.features)
    later = {"cost", "charges", "icu_days", "ventilated", "outcome", "readmitted", "satisfaction"}
    assert later <= set(found.left_out)
    assert found.nights.isna().sum() == 177
