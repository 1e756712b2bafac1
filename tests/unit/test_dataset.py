"""A network as one value: put together, filtered, given beds, never changed."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.problems import DataProblem
from caremap.schema import FIELDS
from tests.unit.loaded import Loaded, Source


def loaded(kind: str, name: str = "file.csv", **columns: Any) -> Loaded:
    table = pd.DataFrame(columns)
    for column in table:
        kind_of = FIELDS[column].type if column in FIELDS else ""
        if kind_of == "date":
            table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
        elif kind_of in ("identifier", "category", "band"):
            table[column] = table[column].astype("str")
        elif kind_of == "flag":
            table[column] = table[column].astype("boolean")
        elif kind_of:
            table[column] = table[column].astype("float64")
    table.index = pd.RangeIndex(2, 2 + len(table))  # intake's index: source rows
    return Loaded(kind, table, Source(name, f"digest of {name}"))


def sheet(name: str, kind: str = "activity", **columns: Any) -> Loaded:
    item = loaded(kind, **columns)
    return Loaded(kind, item.table, Source("network.xlsx", "one digest", name))


def codes(dataset: Dataset) -> list[str]:
    return [finding.code for finding in dataset.findings]


# --- putting together -----------------------------------------------------------------------


def test_nothing_loaded_is_an_empty_network() -> None:
    dataset = Dataset.of()
    assert dataset.stays is None
    assert dataset.activity is None
    assert dataset.lookup is None
    assert dataset.as_of is None
    assert dataset.findings == ()


def test_one_file_of_a_kind_is_taken_as_it_is() -> None:
    item = loaded("stays", admitted=["2024-04-01"], Shoe=[42])
    pd.testing.assert_frame_equal(Dataset.of(item).stays, item.table)


def test_findings_and_sources_of_all_files_are_kept() -> None:
    noticed = Finding("ambiguous-dates", "warning", "Day or month first?")
    first = Loaded("stays", pd.DataFrame({"admitted": []}), Source("a.csv"), (noticed,))
    second = loaded("capacity", "b.csv", units=[5])
    dataset = Dataset.of(first, second)
    assert dataset.findings == (noticed,)
    assert [source.name for source in dataset.sources] == ["a.csv", "b.csv"]


def test_what_columns_were_called_in_the_files_is_known() -> None:
    first = replace(loaded("stays", "a.csv", cost=[1.0]), mapping={"cost": "Total Costs"})
    other = replace(loaded("stays", "b.csv", cost=[2.0]), mapping={"cost": "Costs", "age": "Age"})
    dataset = Dataset.of(first, other)
    assert dataset.headers == {
        ("stays", "cost"): ("Total Costs", "Costs"),
        ("stays", "age"): ("Age",),
    }
    assert dataset.filtered(start="2024-01-01").headers == dataset.headers
    assert pickle.loads(pickle.dumps(dataset)).headers == dataset.headers


def test_lookups_stay_apart() -> None:
    units, patients = loaded("lookup", unit=["ED"]), loaded("lookup", patient=["P1"])
    dataset = Dataset.of(units, patients)
    assert [list(table) for table in dataset.lookups] == [["unit"], ["patient"]]
    assert dataset.lookup is units.table


def test_several_files_of_a_kind_keep_their_dtypes_where_one_lacks_a_column() -> None:
    first = loaded("stays", "a.csv", stay_id=["1"], admitted=["2024-04-01"], readmitted=[True],
                   cost=[5.0], Bed=[7])  # fmt: skip
    second = loaded("stays", "b.csv", stay_id=["2"], department=["ED"], Bed=["7b"])
    table = Dataset.of(first, second).stays
    assert table is not None
    assert table.dtypes.astype("str").to_dict() == {
        "stay_id": "str",
        "admitted": "datetime64[us]",
        "readmitted": "boolean",
        "cost": "float64",
        "Bed": "str",
        "source": "str",
        "source_row": "int64",
        "department": "str",
    }
    assert table["source"].tolist() == ["a.csv", "b.csv"]
    assert table["source_row"].tolist() == [2, 2]
    assert table["cost"].tolist() == [5.0, pytest.approx(np.nan, nan_ok=True)]


def test_the_same_file_given_twice_counts_once() -> None:
    item = loaded("stays", admitted=["2024-04-01", "2024-04-01"])
    dataset = Dataset.of(item, item)
    assert dataset.stays is not None
    assert len(dataset.stays) == 2
    assert codes(dataset) == ["same-file"]


STAYS = {"admitted": ["2024-04-01", "2024-04-02"], "cost": [10.0, 20.0]}


@pytest.mark.parametrize(
    ("extra", "kept", "code"),
    [
        ({"stay_id": ["1", "2"]}, 2, "kept-once"),
        ({"patient_id": ["P", "Q"]}, 2, "kept-once"),
        ({}, 4, "equal-rows"),
        ({"department": ["ED", "ED"]}, 4, "equal-rows"),
    ],
)
def test_an_equal_row_is_kept_once_only_where_it_is_identified(
    extra: dict[str, Any], kept: int, code: str
) -> None:
    first, second = (loaded("stays", name, **STAYS, **extra) for name in ("a.csv", "b.csv"))
    dataset = Dataset.of(first, second)
    assert dataset.stays is not None
    assert len(dataset.stays) == kept
    assert codes(dataset) == [code]
    assert dataset.findings[0].rows == (2, 3)
    assert "b.csv" in dataset.findings[0].message


def test_a_stay_number_with_different_content_is_reported_and_kept() -> None:
    first = loaded("stays", "a.csv", stay_id=["1", "2"], cost=[10.0, 20.0])
    second = loaded("stays", "b.csv", stay_id=["2", "3"], cost=[21.0, 30.0])
    dataset = Dataset.of(first, second)
    assert dataset.stays is not None
    assert len(dataset.stays) == 4
    assert [(f.code, f.severity, f.rows) for f in dataset.findings] == [
        ("counted-twice", "warning", (2,))
    ]


def test_a_stay_number_of_another_facility_is_another_stay() -> None:
    first = loaded("stays", "a.csv", stay_id=["1"], facility=["North"], cost=[10.0])
    second = loaded("stays", "b.csv", stay_id=["1"], facility=["South"], cost=[20.0])
    assert codes(Dataset.of(first, second)) == []


def test_a_patient_number_alone_does_not_identify_a_stay() -> None:
    first = loaded("stays", "a.csv", patient_id=["P"], department=["ED"])
    second = loaded("stays", "b.csv", patient_id=["P"], department=["ED"])
    dataset = Dataset.of(first, second)
    assert dataset.stays is not None
    assert len(dataset.stays) == 2


def test_the_rows_of_three_files_are_compared_with_all_before() -> None:
    items = [loaded("stays", f"{n}.csv", stay_id=[str(n % 2)], cost=[1.0]) for n in range(3)]
    dataset = Dataset.of(*items)
    assert dataset.stays is not None
    assert dataset.stays["stay_id"].tolist() == ["0", "1"]


def test_counts_of_the_same_place_and_date_are_reported() -> None:
    first = loaded("activity", "a.csv", date=["2024-04-01", "2024-04-02"], facility=["N", "N"],
                   admissions=[5, 6])  # fmt: skip
    second = loaded("activity", "b.csv", date=["2024-04-02", "2024-04-03"], facility=["N", "N"],
                    admissions=[7, 8])  # fmt: skip
    dataset = Dataset.of(first, second)
    assert dataset.activity is not None
    assert len(dataset.activity) == 4
    assert [(f.code, f.rows) for f in dataset.findings] == [("counted-twice", (2,))]


def test_counts_that_complete_each_other_do_not_overlap() -> None:
    first = loaded("activity", "a.csv", date=["2024-04-01"], facility=["N"], admissions=[5])
    second = loaded("activity", "b.csv", date=["2024-04-01"], facility=["N"], staffed_beds=[9])
    assert codes(Dataset.of(first, second)) == []


def test_equal_beds_of_a_named_place_are_kept_once() -> None:
    first, second = (
        loaded("capacity", name, facility=["N", "S"], units=[5, 6]) for name in ("a", "b")
    )
    dataset = Dataset.of(first, second)
    assert dataset.capacity is not None
    assert dataset.capacity["units"].tolist() == [5, 6]
    assert codes(dataset) == ["kept-once"]


def test_files_side_by_side_over_different_days_are_reported_but_not_months_in_a_row() -> None:
    long = loaded("stays", "a.csv", admitted=pd.date_range("2023-01-01", "2024-03-31"))
    short = loaded("stays", "b.csv", admitted=pd.date_range("2024-01-01", "2024-03-30 12:00"))
    assert "different-days" in codes(Dataset.of(long, short))
    january = loaded("stays", "1.csv", admitted=pd.date_range("2024-01-01", "2024-01-31"))
    february = loaded("stays", "2.csv", admitted=pd.date_range("2024-02-01", "2024-02-29"))
    assert codes(Dataset.of(january, february)) == []


def test_stays_beside_visits_are_admissions() -> None:
    visits = loaded("stays", "ed.csv", stay_id=["1", "2"], was_admitted=[True, False])
    inpatients = loaded("stays", "wards.csv", stay_id=["3"])
    dataset = Dataset.of(visits, inpatients)
    assert dataset.stays is not None
    assert dataset.stays["was_admitted"].tolist() == [True, False, True]
    assert codes(dataset) == ["visits-and-stays"]


def test_what_is_put_together_may_be_given_as_a_list_and_anything_else_is_refused() -> None:
    item = loaded("stays", admitted=["2024-04-01"])
    assert Dataset.of([item]).stays is item.table
    for wrong in (None, "stays.csv", [None], item.table):
        with pytest.raises(DataProblem, match="not a loaded file"):
            Dataset.of(wrong)  # type: ignore[arg-type]


# --- sheets of a workbook, and extracts one after the other ---------------------------------

JANUARY = pd.date_range("2024-01-01", "2024-01-31")


def test_sheets_with_the_same_numbers_are_two_hospitals_and_their_names_say_which() -> None:
    north, south = (sheet(name, date=JANUARY, admissions=[2] * 31) for name in ("North", "South"))
    dataset = Dataset.of(north, south, south)
    assert dataset.activity is not None
    assert dataset.activity["admissions"].sum() == 124
    assert dataset.options("facility") == ["North", "South"]
    assert codes(dataset) == ["same-file", "sheet-as-facility"]
    assert dataset.findings[0].message.startswith("“network.xlsx”, sheet “South” was given twice")


def test_sheets_of_stays_with_the_same_rows_are_both_kept() -> None:
    items = [sheet(name, "stays", admitted=["2024-01-01"]) for name in ("North", "South")]
    dataset = Dataset.of(*items)
    assert dataset.stays is not None
    assert len(dataset.stays) == 2
    assert codes(dataset) == ["equal-rows"]
    assert "sheet “South”" in dataset.findings[0].message


def test_sheets_that_complete_each_other_or_follow_each_other_are_no_hospitals() -> None:
    admissions = sheet("In", date=JANUARY, admissions=[2] * 31)
    beds = sheet("Beds", date=JANUARY, staffed_beds=[9] * 31)
    later = sheet("More", date=JANUARY + pd.Timedelta(days=31), admissions=[2] * 31)
    assert codes(Dataset.of(admissions, beds, later)) == []


def test_counts_per_month_are_not_added_to_the_same_counts_per_day() -> None:
    dates = pd.date_range("2024-01-01", "2024-03-31")
    daily = sheet("Daily", date=dates, admissions=[1] * 91)
    for first in ("2024-01-01", "2024-01-31"):
        ends = pd.date_range(first, periods=3, freq="MS" if first.endswith("-01") else "ME")
        monthly = sheet("Monthly", date=ends, admissions=[31, 29, 31])
        for order in ((daily, monthly), (monthly, daily)):
            dataset = Dataset.of(*order)
            assert dataset.activity is daily.table
            assert [(f.code, f.severity) for f in dataset.findings] == [("coarser-counts", "error")]
            assert dataset.findings[0].message.startswith("“network.xlsx”, sheet “Monthly” counts")


def test_counts_per_month_of_another_time_or_of_something_else_are_kept() -> None:
    daily = sheet("Daily", date=JANUARY, facility=["N"] * 31, admissions=[1] * 31)
    before = sheet("Before", date=["2023-10-01", "2023-11-01", "2023-12-01"],
                   facility=["N"] * 3, admissions=[30, 31, 29])  # fmt: skip
    cost = sheet("Cost", date=["2024-01-01", "2024-02-01"], facility=["N"] * 2, cost=[5, 6])
    dataset = Dataset.of(daily, before, cost)
    assert dataset.activity is not None
    assert len(dataset.activity) == 36
    assert "coarser-counts" not in codes(dataset)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_sheet_that_is_the_sum_of_the_others_is_left_out(place: int) -> None:
    items = [
        sheet("North", date=JANUARY, admissions=range(31)),
        sheet("South", date=JANUARY, admissions=[5] * 31),
    ]
    items.insert(place, sheet("All", date=JANUARY, admissions=range(5, 36)))
    dataset = Dataset.of(*items)
    assert dataset.activity is not None
    assert dataset.activity["admissions"].sum() == 31 * 15 + 31 * 5
    assert dataset.options("facility") == ["North", "South"]
    assert codes(dataset) == ["total-left-out", "sheet-as-facility"]
    assert "sheet “All”" in dataset.findings[0].message


def test_empty_sheets_are_not_the_sum_of_each_other() -> None:
    items = [sheet(name, date=JANUARY, admissions=[0] * 31) for name in "ABC"]
    assert codes(Dataset.of(*items)) == ["sheet-as-facility"]


def test_a_stay_of_a_later_extract_brings_the_earlier_one_up_to_date() -> None:
    january = loaded("stays", "jan.csv", stay_id=["1", "2"], admitted=["2024-01-03", "2024-01-30"],
                     discharged=["2024-01-05", None])  # fmt: skip
    february = loaded("stays", "feb.csv", stay_id=["2", "3"],
                      admitted=["2024-01-30", "2024-02-07"],
                      discharged=["2024-02-02", None])  # fmt: skip
    for order in ((january, february), (february, january)):  # the one that says more is kept
        dataset = Dataset.of(*order)
        assert dataset.stays is not None
        assert sorted(dataset.stays["stay_id"]) == ["1", "2", "3"]
        assert dataset.stays["discharged"].notna().sum() == 2
        assert codes(dataset) == ["stay-updated"]
    assert dataset.findings[0].rows == (3,)


@pytest.mark.parametrize(
    "other",
    [
        {"admitted": ["2024-01-31"]},
        {"facility": ["South"]},
        {"patient_id": ["Q"]},
    ],
)
def test_a_number_used_again_for_another_stay_is_no_update(other: dict[str, Any]) -> None:
    columns: dict[str, Any] = {"stay_id": ["2"], "admitted": ["2024-01-30"], "facility": ["North"],
                               "patient_id": ["P"]}  # fmt: skip
    first = loaded("stays", "a.csv", **columns)
    dataset = Dataset.of(first, loaded("stays", "b.csv", **{**columns, **other}))
    assert dataset.stays is not None
    assert len(dataset.stays) == 2


def test_what_another_file_says_of_a_stay_is_brought_to_it() -> None:
    """Bills by number of the stay: 60 + 40 + nothing, whichever file is read first."""
    dates = loaded("stays", "stays.csv", stay_id=["1", "2", "3"],
                   admitted=["2024-01-03", "2024-01-30", "2024-02-01"])  # fmt: skip
    bills = loaded("stays", "bills.csv", stay_id=["2", "1"], cost=[60.0, 40.0])
    for order in ((dates, bills), (bills, dates)):
        dataset = Dataset.of(*order)
        assert dataset.stays is not None
        table = dataset.stays.set_index("stay_id").sort_index()
        np.testing.assert_equal(table["cost"].tolist(), [40, 60, np.nan])
        assert table["admitted"].dt.day.tolist() == [3, 30, 1]
        assert codes(dataset) == ["kept-once", "stays-completed"]


def test_hospitals_that_number_their_stays_alike_keep_them_all() -> None:
    """Sheets without a facility: 21 numbers occur in both, number 11 by chance on one day."""
    numbers, days = [str(n) for n in range(1, 22)], pd.date_range("2024-01-01", periods=21)
    north = sheet("North", "stays", stay_id=numbers, admitted=days, age=[30] * 21)
    south = sheet("South", "stays", stay_id=numbers, admitted=days[::-1], age=[70] * 21)
    dataset = Dataset.of(north, south)
    assert dataset.stays is not None
    assert len(dataset.stays) == 42
    assert dataset.stays["source"].value_counts().to_dict() == {
        "network.xlsx, sheet North": 21,
        "network.xlsx, sheet South": 21,
    }
    assert "stay-updated" not in codes(dataset)
    assert "stay-number-reused" in codes(dataset)


def test_an_update_never_turns_one_person_into_another() -> None:
    """Ten of ten numbers on the same days; one of them is of another person."""
    days = pd.date_range("2024-01-01", periods=10)
    numbers = [str(n) for n in range(10)]
    first = loaded("stays", "a.csv", stay_id=numbers, admitted=days, gender=["F"] * 10)
    second = loaded("stays", "b.csv", stay_id=numbers, admitted=days, gender=["F"] * 9 + ["M"],
                    discharged=days)  # fmt: skip
    dataset = Dataset.of(first, second)
    assert dataset.stays is not None
    assert len(dataset.stays) == 11
    assert dataset.stays["gender"].value_counts().to_dict() == {"F": 10, "M": 1}


def test_counts_without_a_date_are_reported_where_others_have_one() -> None:
    some = loaded("activity", date=["2024-04-01", None], admissions=[5, 6])
    assert [(f.code, f.rows) for f in Dataset.of(some).findings] == [("undated-counts", (3,))]
    assert codes(Dataset.of(loaded("activity", date=[None], admissions=[5]))) == []


# --- the as-of date -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([loaded("stays", admitted=["2024-04-28 23:10", None], discharged=["2024-05-04", None])],
         "2024-04-28"),
        ([loaded("activity", date=["2024-04-01", "2024-04-07"])], "2024-04-07"),
        ([loaded("stays", admitted=["2024-04-28"]), loaded("activity", date=["2024-12-31"])],
         "2024-04-28"),
        ([loaded("stays", cost=[1.0])], None),
        ([loaded("stays", admitted=[None])], None),
    ],
)  # fmt: skip
def test_as_of_is_the_last_admission_or_count(items: list[Loaded], expected: str | None) -> None:
    as_of = Dataset.of(*items).as_of
    assert as_of == (None if expected is None else pd.Timestamp(expected))


def test_a_few_dates_far_from_all_others_do_not_move_it_and_are_reported() -> None:
    dates = pd.Series(pd.date_range("2022-01-01", "2023-12-31"))
    dates[[5, 9]] = [pd.Timestamp("2204-01-06"), pd.Timestamp("1900-01-10")]
    dataset = Dataset.of(loaded("stays", admitted=dates))
    assert dataset.as_of == pd.Timestamp("2023-12-31")
    assert [(f.code, f.rows) for f in dataset.findings] == [("stray-dates", (7, 11))]
    few = loaded("stays", admitted=["1999-01-01", "2023-12-31", "2023-12-30", "2024-06-01"])
    assert codes(Dataset.of(few)) == []


# --- filters --------------------------------------------------------------------------------


@pytest.fixture
def network() -> Dataset:
    return Dataset.of(
        loaded("stays", facility=["North", "North", "South", None],
               department=["ED", "ICU", "ED", "ED"],
               admitted=["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]),
        loaded("capacity", facility=["North", "South"], units=[5, 6]),
        loaded("facilities", facility=["North", "South"], region=["Up", "Down"]),
        loaded("population", zip=["98004"], population=[100]),
    )  # fmt: skip


def test_a_filter_drops_rows_of_every_table_that_has_the_column(network: Dataset) -> None:
    north = network.filtered(facility=["North"])
    assert north.stays is not None
    assert north.capacity is not None
    assert north.stays["department"].tolist() == ["ED", "ICU"]
    assert north.capacity["units"].tolist() == [5]
    assert north.filters == {"facility": ("North",)}
    assert north.population is network.population
    assert north.stays.index.tolist() == [2, 3]  # still the rows of the file


def test_a_table_without_the_column_is_left_out_with_a_reason(network: Dataset) -> None:
    emergency = network.filtered(department=["ED"])
    assert emergency.stays is not None
    assert len(emergency.stays) == 3
    assert emergency.capacity is None
    assert emergency.lost["capacity"] == (
        "it has no department column, so it cannot be filtered by department"
    )


def test_one_name_may_be_given_as_it_is(network: Dataset) -> None:
    emergency = network.filtered(department="ED")
    assert emergency.stays is not None
    assert len(emergency.stays) == 3
    assert emergency.filters == {"department": ("ED",)}


def test_filters_meet(network: Dataset) -> None:
    one = network.filtered(facility=["North", "South"]).filtered(
        facility=["South", "West"], department=["ED"]
    )
    assert one.stays is not None
    assert len(one.stays) == 1
    assert one.filters == {"facility": ("South",), "department": ("ED",)}


def test_names_that_do_not_exist_leave_nothing_and_no_names_leave_all(network: Dataset) -> None:
    nothing = network.filtered(facility=["Nowhere"])
    assert nothing.stays is not None
    assert nothing.stays.empty
    assert list(nothing.stays) == list(network.stays)  # type: ignore[arg-type]
    assert network.filtered(facility=[], department=None).stays is network.stays


def test_unknown_keeps_the_rows_without_a_name(network: Dataset) -> None:
    unknown = network.filtered(facility=["Unknown"])
    assert unknown.stays is not None
    assert unknown.stays["admitted"].tolist() == [pd.Timestamp("2024-04-01")]


def test_a_region_is_found_through_the_facilities(network: Dataset) -> None:
    up = network.filtered(region=["Up"])
    assert up.stays is not None
    assert up.capacity is not None
    assert len(up.stays) == 2
    assert up.capacity["units"].tolist() == [5]


def test_a_region_of_patients_is_not_the_region_of_a_facility() -> None:
    patients = Dataset.of(
        loaded("stays", facility=["North", "North"], region=["Up", "Down"]),
        loaded("capacity", facility=["North"], units=[5]),
        loaded("facilities", facility=["North"], region=["Up"]),
    ).filtered(region=["Up"])
    assert patients.stays is not None
    assert len(patients.stays) == 1
    assert patients.capacity is None


def test_the_period_drops_no_row(network: Dataset) -> None:
    spring = network.filtered(start="2024-03-01", end=pd.Timestamp("2024-05-31 12:00"))
    assert spring.stays is network.stays
    assert spring.period == (pd.Timestamp("2024-03-01"), pd.Timestamp("2024-05-31"))
    assert spring.filtered(end="2024-04-30").period == (
        pd.Timestamp("2024-03-01"),
        pd.Timestamp("2024-04-30"),
    )
    assert network.period is None


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ({"start": "2024-05-01", "end": "2024-04-01"}, "before it starts"),
        ({"start": "soon"}, "start of the period is not a day"),
        ({"end": float("nan")}, "end of the period is not a day"),
    ],
)
def test_an_impossible_period_is_refused(
    network: Dataset, period: dict[str, Any], says: str
) -> None:
    with pytest.raises(DataProblem, match=says):
        network.filtered(**period)


def test_regions_of_the_facilities_are_offered_where_patients_have_none() -> None:
    files = [
        loaded("stays", admitted=["2024-04-01", "2024-04-02"], facility=["North", "South"]),
        loaded("facilities", facility=["North", "South"], region=["Hills", "Coast"]),
    ]
    network = Dataset.of(*files)
    assert network.options("region") == ["Coast", "Hills"]
    kept = network.filtered(region=["Coast"]).stays
    assert kept is not None
    assert kept["facility"].tolist() == ["South"]


def test_options_are_the_names_sorted_without_regard_to_case(network: Dataset) -> None:
    assert network.options("facility") == ["North", "South"]
    assert network.options("ward") == []
    mixed = Dataset.of(loaded("activity", department=["b", "A", "a", None]))
    assert mixed.options("department") == ["A", "a", "b"]


# --- beds typed in --------------------------------------------------------------------------


def test_beds_are_typed_in_per_place_or_in_all(network: Dataset) -> None:
    typed = network.with_beds({"ED": 4, "ICU": 2}, by="department")
    assert typed.beds is not None
    assert typed.beds.to_dict("list") == {"department": ["ED", "ICU"], "units": [4.0, 2.0]}
    assert codes(typed) == ["beds-typed-in"]
    again = typed.with_beds(9)
    assert again.beds is not None
    assert again.beds.to_dict("list") == {"units": [9.0]}
    assert codes(again) == ["beds-typed-in"]
    assert network.beds is None


def test_beds_typed_in_for_all_do_not_answer_for_a_part(network: Dataset) -> None:
    assert network.with_beds(9).filtered(facility=["North"]).beds is None
    after = network.filtered(facility=["North"]).with_beds(9)
    assert after.beds is not None


@pytest.mark.parametrize("beds", [-1, float("nan"), float("inf"), {"North": -2}, "x", None])
def test_impossible_beds_are_refused(network: Dataset, beds: Any) -> None:
    with pytest.raises(DataProblem, match="number of beds"):
        network.with_beds(beds)


# --- nothing changes ------------------------------------------------------------------------


def test_a_dataset_never_changes(network: Dataset) -> None:
    stays = network.stays
    assert stays is not None
    before = stays.copy(deep=True)
    network.filtered(facility=["North"], start="2024-02-01").with_beds(3)
    pd.testing.assert_frame_equal(stays, before)
    assert network.filters == {}
    with pytest.raises(FrozenInstanceError):
        network.stays = None  # type: ignore[misc]
    with pytest.raises(TypeError):
        network.filters["facility"] = ()  # type: ignore[index]


def test_a_dataset_can_be_sent_to_another_process(network: Dataset) -> None:
    north = network.filtered(facility=["North"], department=["ED"]).with_beds(3)
    again = pickle.loads(pickle.dumps(north))
    assert (again.filters, again.lost, again.as_of) == (north.filters, north.lost, north.as_of)
    pd.testing.assert_frame_equal(again.stays, north.stays)
