"""People of each role at each facility, in every shape files count them in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap import DataProblem, open_all
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.planning import network, roles_of
from caremap.planning.role_columns import role_columns
from caremap.planning.role_staff import role_staff


def counted(dataset: Dataset, **asked: object) -> dict[tuple[str, str], float]:
    frame = role_staff(dataset, **asked).frame  # type: ignore[arg-type]
    return {(row.facility, row.role): row.staff for row in frame.itertuples()}


def staff(text: str) -> Dataset:
    """A staff table typed as lines of blank-separated cells, `-` for a blank one."""
    lines = [line.split() for line in text.strip().splitlines()]
    table = pd.DataFrame(lines[1:], columns=lines[0]).replace("-", None)
    if "date" in table:
        table["date"] = pd.to_datetime(table["date"])
    return Dataset(staff=table.assign(staff=pd.to_numeric(table["staff"])))


def test_units_of_a_facility_are_added_and_zero_blank_and_absent_are_told_apart():
    found = counted(
        staff("""
        facility department role    staff
        North    ICU        Nurses  3
        North    ED         Nurses  4
        North    ED         Doctors 0
        South    ED         Nurses  -
        """)
    )
    assert found.pop(("South", "Nurses")) != 0.0  # the one NaN
    assert found == {("North", "Nurses"): 7, ("North", "Doctors"): 0}


def test_rows_of_the_same_people_are_added_up_and_that_is_said():
    long = staff("""
        facility role    staff
        North    Nurses  3
        North    Doctors 1
        north    Nurses  4
        South    Nurses  2
    """)
    assert counted(long)["North", "Nurses"] == 7
    words = "Several rows count the same staff of “north”: they are added up."
    assert role_staff(long).notes == (words,)
    wide = pd.DataFrame(
        {"facility": ["North", "North"], "Nurses": [3, 4], "Doctors": [1, None]}, index=[5, 5]
    )
    assert "Several rows count the same staff of “North”: they are added up." in (
        role_staff(Dataset(staff=wide)).notes
    )
    units = long.staff.assign(department=["ICU", "ICU", "ED", "ED"])
    assert role_staff(Dataset(staff=units)).notes == ()


def test_people_are_never_added_over_dates_nor_are_shifts_of_a_day_one_count():
    monthly = staff("""
        facility role   date       staff
        North    Nurses 2024-04-30 9
        North    Nurses 2024-05-31 10
        South    Nurses 2024-04-30 5
        """)
    assert counted(monthly) == {("North", "Nurses"): 10, ("South", "Nurses"): 5}
    april = counted(monthly, end=pd.Timestamp("2024-05-15"))
    assert april == {("North", "Nurses"): 9, ("South", "Nurses"): 5}
    before = role_staff(monthly, end=pd.Timestamp("2024-01-01"))
    assert before.frame["staff"].to_list() == [9, 5]
    assert "first counted on 30 Apr 2024, after 1 Jan 2024" in before.notes[0]


def test_while_dates_are_in_doubt_no_count_is_called_the_last():
    doubted = Finding("swapped-dates", "error", "Some dates are swapped.", "Date")
    monthly = staff("""
        facility role   date       staff
        North    Nurses 2024-04-05 9
        North    Nurses 2024-05-04 11
        """)
    found = role_staff(replace(monthly, findings=(doubted,)))
    assert found.frame["staff"].to_list() == [10]
    assert found.notes[0].startswith("Dates are in doubt")


def test_columns_may_be_named_where_their_headers_tell_nothing():
    facilities = pd.DataFrame({"facility": ["A"], "X1": [4], "Nurses": [9]})
    dataset = Dataset(facilities=facilities)
    assert counted(dataset, columns=["X1"]) == {("A", "X1"): 4}
    assert roles_of(network(dataset, roles=["X1", "Nurses"])) == ["X1", "Nurses"]


def test_a_roster_by_shift_is_its_average_day_rounded_to_people():
    days = pd.date_range("2024-05-01", periods=30)
    rows = [
        {"facility": "North", "department": unit, "shift": shift, "date": day, "staff": people}
        for at, day in enumerate(days)
        for unit in ("ICU", "ED")
        for shift, people in (("Day", 6), ("Night", 4 + at % 2))
    ]
    found = role_staff(Dataset(staff=pd.DataFrame(rows)))
    assert found.frame.to_dict("list") == {"facility": ["North"], "role": ["staff"], "staff": [21]}
    assert "average day of 3 May 2024 to 30 May 2024" in found.notes[0]


def test_the_five_files_of_one_network_give_the_people_of_a_day(shared: Path):
    tables = [open_all(path) for path in sorted((shared / "data/halifax_synth").glob("*.csv"))]
    dataset = Dataset.of(*tables)
    found = role_staff(dataset).frame.set_index("facility")["staff"]
    rows = dataset.staff
    last = rows[rows["date"] > rows["date"].max() - pd.Timedelta(days=28)]
    daily = last.groupby(["facility", "date"])["staff"].sum().groupby("facility").mean()
    assert found.to_dict() == daily.round().to_dict()  # a twenty-eighth of what adding would give


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ({"Doctors": [3], "Nurses": [4], "Beds": [9]}, ["Doctors", "Nurses"]),
        ({"Doctors": [3], "Nurses": [4], "Total staff": [7]}, ["Doctors", "Nurses"]),
        ({"Nurses (headcount)": [4], "Nurses (FTE)": [3.5]}, ["Nurses (headcount)"]),
        ({"Nurse FTE": [3.5], "Nurse vacancy rate": [4], "Cost per nurse": [9]}, ["Nurse FTE"]),
        ({"staff": [3], "facility": ["A"], "population": [100]}, ["staff"]),
        ({"RNs": ["1,204"], "MDs": ["96"], "Contact nurse": ["Ms A"]}, ["RNs", "MDs"]),
        ({"Cardiologists": [2], "Ärzte": [3], "Infirmières": [4]},
         ["Cardiologists", "Ärzte", "Infirmières"]),
        ({"Nursing home beds": [30], "Staffed beds": [40], "Team score": [3]}, []),
        ({"Nurses": [None], "Doctors": ["yes"]}, []),
    ],
)  # fmt: skip
def test_columns_that_count_people_are_told_from_those_that_look_alike(columns, roles):
    assert role_columns(pd.DataFrame(columns))[0] == roles


def test_no_column_beside_roles_is_taken_for_one_when_the_file_is_read():
    text = (
        "Hospital,Population,Nurses,Nurses FTE,Nurse vacancies,Nurse turnover %,Patients per nurse,"
        "Doctor salary,Doctors,Porters,Total nurses and doctors\n"
        "A,15052,64,60.5,3,12.5,4.1,200000,3,2,67\nB,27571,21,20.5,1,10.1,7,210000,4,1,25\n"
    )
    dataset = Dataset.of(*open_all(text.encode(), name="sites.csv"))
    frame = network(dataset)
    assert roles_of(frame) == ["Nurses", "Doctors", "Porters"]
    assert frame[["Nurses", "Doctors", "Porters"]].to_numpy().tolist() == [[64, 3, 2], [21, 4, 1]]
    assert "“Nurses FTE” and “Nurses” count the same people: “Nurses” is taken." in (
        role_staff(dataset).notes
    )


def test_role_columns_count_once_though_a_row_of_beds_has_become_two():
    facilities = pd.DataFrame({"facility": ["A", "B"]})
    beds = pd.DataFrame(
        {"facility": ["A", "A", "B"], "units": [90, 9, 40], "Doctors": [3, 3, 5]},
        index=pd.Index([2, 2, 3], name="source_row"),
    )
    found = role_staff(Dataset(facilities=facilities, capacity=beds))
    assert found.frame.to_dict("list") == {
        "facility": ["A", "B"], "role": ["Doctors", "Doctors"], "staff": [3, 5],
    }  # fmt: skip
    heads = role_staff(Dataset(facilities=facilities.assign(FTE=[2.5, 1])))
    assert (
        heads.roles == ["staff"] and heads.notes[0] == "“FTE” names no role: it is called “staff”."
    )


def test_names_and_roles_that_differ_in_case_and_blanks_are_one():
    found = counted(
        Dataset(
            staff=pd.DataFrame(
                {
                    "facility": ["North ", "north", "South"],
                    "role": ["Nurses", "nurses ", "Nurses"],
                    "staff": [1, 2, 4],
                }
            )
        )
    )
    assert found == {("North ", "Nurses"): 3, ("South", "Nurses"): 4}


def test_a_role_that_is_all_others_together_is_left_out_and_said():
    found = role_staff(
        staff("facility role staff\nA Nurses 4\nA Doctors 2\nA Total 6\nB Nurses 1\nB Total 1")
    )
    assert found.roles == ["Nurses", "Doctors"]
    assert "“Total”" in found.notes[0]


def test_staff_of_whole_facilities_is_none_of_a_department():
    dataset = Dataset(
        facilities=pd.DataFrame({"facility": ["A"], "Nurses": [8]}),
        staff=pd.DataFrame({"facility": ["A"], "role": ["Nurses"], "staff": [8]}),
        stays=pd.DataFrame({"facility": ["A"], "department": ["ICU"]}),
    )
    found = role_staff(dataset.filtered(department="ICU"), dataset.facilities)
    assert found.frame.empty and found.notes[0].startswith("Staff is not counted by department")
    assert len(role_staff(dataset.filtered(facility="A"), dataset.facilities).frame) == 1


def test_hours_are_made_people_only_where_that_is_asked_for():
    table = pd.DataFrame({"facility": ["A", "B"], "hours": [320.0, 80.0]})
    assert role_staff(Dataset(staff=table)).frame.empty
    assert counted(Dataset(staff=table), full_time_hours=160) == {
        ("A", "staff"): 2.0, ("B", "staff"): 0.5,
    }  # fmt: skip
    with pytest.raises(DataProblem, match="more than 0 hours"):
        role_staff(Dataset(staff=table), full_time_hours=0)


def test_nobody_is_counted_where_no_table_counts_people_and_why_is_said():
    found = role_staff(Dataset(facilities=pd.DataFrame({"facility": ["A"], "Team Score": [3.2]})))
    assert found.frame.empty and found.notes == ("No table counts the staff of facilities.",)
    with pytest.raises(DataProblem, match="no column “Nurses”|has a column “Nurses”"):
        role_staff(Dataset(facilities=pd.DataFrame({"facility": ["A"]})), columns=["Nurses"])


ROWS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["Nurses", "Doctors"]), st.integers(0, 9)),
    min_size=1, max_size=12,
)  # fmt: skip


@given(ROWS, st.randoms(use_true_random=False))
def test_nobody_is_lost_or_counted_twice_and_row_order_changes_nothing(rows, random):
    def of(ordered: list[tuple[str, str, int]]) -> dict[tuple[str, str], float]:
        table = pd.DataFrame(ordered, columns=["facility", "role", "staff"])
        return counted(Dataset(staff=table))

    expected: dict[tuple[str, str], float] = {}
    for facility, role, people in rows:
        expected[facility, role] = expected.get((facility, role), 0) + people
    shuffled = random.sample(rows, len(rows))
    assert of(rows) == expected == of(shuffled)
