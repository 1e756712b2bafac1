from __future__ import annotations

import pyarrow as pa
import pytest

from caremap import open_file
from caremap.intake.privacy import national_number, personal_reason
from caremap.intake.profile import profile

PEOPLE = [f"{first} {last}" for first in ("Ann", "Bea", "Carl", "Dora", "Eva")
          for last in ("Stone", "Rivers", "Hill", "Brook", "Woods")]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "values", "people", "left_out"),
    [
        ("Patient Name", ["x"], True, True),
        ("Vorname", ["x"], True, True),
        ("Doctor", ["x"], True, True),
        ("DOB", ["1980-01-01"], True, True),
        ("Fecha de nacimiento", ["1980-01-01"], True, True),
        ("Phone", ["x"], True, True),
        ("contact info", ["a@b.org", "c@d.org"], False, True),
        ("code", ["145-39-5406", "316-34-3057"], False, True),
        ("anything", PEOPLE, True, True),
        ("anything", PEOPLE, False, False),
        ("Name", ["St Mary"], False, False),
        ("phone", ["+44 20 7946 0000"], False, False),
        ("Department", ["Cardiology", "Surgery"], True, False),
        ("Diagnosis", ["Heart Failure", "Kidney Disease"] * 10, True, False),
    ],
)
def test_columns_that_identify_people(
    header: str, values: list[str], people: bool, left_out: bool
) -> None:
    assert bool(personal_reason(header, profile(pa.array(values)), people)) == left_out


@pytest.mark.parametrize("number", ["145-39-5406", "123.456.789-09", "943 476 5919",
                                    "RSSMRA80A01H501U", "12345678Z", "QQ 12 34 56 C"])  # fmt: skip
def test_national_numbers_are_known_by_their_form(number: str) -> None:
    assert national_number(profile(pa.array([number])))


STAYS = (
    "Name,SSN,Admission Date,Discharge Date,Ward,Email\n"
    "Ann Stone,145-39-5406,2024-01-01,2024-01-03,A,a@x.org\n"
    "Carl Hill,316-34-3057,2024-01-02,2024-01-05,B,c@x.org\n"
    "Ann Stone,145-39-5406,2024-02-01,2024-02-03,A,a@x.org\n"
    "Ann Stone,145-39-5406,2024-02-01,2024-02-03,A,a@x.org\n"
)


def test_names_never_become_hospitals_or_leave_the_door() -> None:
    loaded = open_file(STAYS.encode(), name="stays.csv")
    assert "facility" not in loaded.mapping
    everything = loaded.table.to_csv() + loaded.set_aside.to_csv() + repr(loaded.findings)
    for secret in ("Stone", "145-39", "@x.org"):
        assert secret not in everything
    kept_out = {one.header for one in loaded.columns if not one.kept}
    assert {"Name", "SSN", "Email"} <= kept_out


def test_a_column_can_be_kept_on_request() -> None:
    loaded = open_file(STAYS.encode(), name="stays.csv", options={"keep": ["Name"]})
    assert loaded.table["Name"].tolist()[0] == "Ann Stone"


def test_national_numbers_as_patient_numbers_become_codes() -> None:
    text = STAYS.replace("SSN", "Patient ID")
    loaded = open_file(text.encode(), name="stays.csv")
    codes = loaded.table["patient_id"]
    assert codes.iloc[0] == codes.iloc[2] != codes.iloc[1]
    assert codes.str.fullmatch(r"P[0-9a-f]{16}").all()
    assert "145-39" not in loaded.set_aside.to_csv()
    again = open_file(text.encode(), name="other.csv").table["patient_id"]
    assert again.tolist() == codes.tolist()


@pytest.mark.parametrize("header", ["Consultant Name", "Name of doctor", "Comments"])
def test_names_and_comments_are_left_out(header: str) -> None:
    said = "seen in the morning and was well and went home with her son"
    rows = "".join(f"{day},2024-01-{day:02},3,No {day} {said}\n" for day in range(1, 20))
    loaded = open_file(f"Visit ID,Admit Date,LOS,{header}\n{rows}".encode(), name="stays.csv")
    assert header not in loaded.table
    assert header in {one.header for one in loaded.columns if not one.kept}


def test_the_names_of_departments_in_a_look_up_are_not_the_names_of_people() -> None:
    units = open_file(b"id,name\nED,Emergency Department\nMED,Medical Ward\n", name="units.csv")
    assert list(units.table) == ["id", "name"]
    doctors = open_file(b"id,name\n1,John Ward\n2,Mary Jones\n3,Ann Lee\n", name="doctors.csv")
    assert list(doctors.table) == ["id"]
