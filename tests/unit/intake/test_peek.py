"""The top of a sheet as it stands, with people masked."""

from __future__ import annotations

import io

import openpyxl
import pytest

from caremap import DataProblem
from caremap.intake.peek import MASK, letters_beyond_ascii, peek

REPORT = """Report of April 2024,,
,,
Patient,Phone,Beds
Ada Byron,030 123 456,12
Alan Turing,,9
"""


def test_rows_stand_as_in_the_file_blank_ones_too() -> None:
    rows = peek(REPORT.encode(), people=False).rows
    assert rows[0] == ("Report of April 2024", "", "")
    assert rows[1] == ("", "", "")
    assert rows[3] == ("Ada Byron", "030 123 456", "12")


def test_no_more_rows_than_asked() -> None:
    assert len(peek(REPORT.encode(), rows=2).rows) == 2


def test_columns_left_out_are_masked_below_their_name_and_empty_cells_stay_empty() -> None:
    rows = peek(REPORT.encode(), hidden={"Patient"}).rows
    assert rows[2] == ("Patient", "Phone", "Beds")
    assert rows[3] == (MASK, MASK, "12")
    assert rows[4] == (MASK, "", "9")


def test_a_column_without_a_name_is_masked_by_its_place() -> None:
    assert peek(b"Ada,12\nAlan,9\n", hidden={"Column 1"}).rows == ((MASK, "12"), (MASK, "9"))


def test_a_repeated_name_masks_every_column_of_that_name() -> None:
    rows = peek(b"Team,Team,Beds\nx,y,1\n", hidden={"Team (column 2)"}).rows
    assert rows[1] == (MASK, MASK, "1")


def test_names_are_masked_although_no_header_row_is_known_yet() -> None:
    text = "Report,,\nFirst name,E-mail,Beds\nAda,ada@example.org,12\n"
    assert peek(text.encode()).rows[2] == (MASK, MASK, "12")


@pytest.mark.parametrize("cell", ["ada@example.org", "+49 30 1234567", "123-45-6789"])
def test_cells_that_can_only_be_personal_are_masked_anywhere(cell: str) -> None:
    assert peek(f"a,b\n{cell},1\n".encode(), people=False).rows[1] == (MASK, "1")


def test_dates_and_numbers_of_the_file_are_not_masked() -> None:
    text = "a,b,c\n2024-04-01,1234567890,98101-1234\n"
    assert peek(text.encode()).rows[1] == ("2024-04-01", "1234567890", "98101-1234")


def test_a_sheet_is_chosen_and_all_are_named() -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Detail")
    assert first is not None
    first.title = "Cover"
    first["A1"] = "Hello"
    second["B4"], second["C4"], second["C5"] = "Ward", "Beds", 12
    hidden = book.create_sheet("Codes")
    hidden["A1"], hidden.sheet_state = 1.5, "hidden"
    file = io.BytesIO()
    book.save(file)
    seen = peek(file.getvalue(), "book.xlsx", "Detail")
    assert seen.sheets == ("Cover", "Detail", "Codes")
    assert seen.rows == (
        ("", "", ""), ("", "", ""), ("", "", ""), ("", "Ward", "Beds"), ("", "", "12"),
    )  # fmt: skip
    assert peek(file.getvalue(), "book.xlsx", "Codes").rows == (("1.5",),)
    with pytest.raises(DataProblem, match="no sheet “Nothing”"):
        peek(file.getvalue(), "book.xlsx", "Nothing")


def test_a_wide_sheet_is_cut_and_says_by_how_much() -> None:
    seen = peek(",".join(map(str, range(100))).encode() + b"\n1\n")
    assert len(seen.rows[0]) == 40
    assert seen.wider == 60


def test_the_separator_chosen_is_used() -> None:
    assert peek(b"a;b,c\n1;2,3\n", separator=",").rows == (("a;b", "c"), ("1;2", "3"))


JAPANESE = "病棟,患者名,床\n内科,山田,12\nA,B,9\n外科,田中,7\n"


def test_each_encoding_shows_the_rows_that_tell_them_apart() -> None:
    data = JAPANESE.encode("cp932")
    names = ["Shift-JIS (Japanese)", "Windows-1252", "UTF-8"]
    seen = letters_beyond_ascii(data, "beds.csv", names, hidden={"患者名"})
    assert seen["Shift-JIS (Japanese)"] == (
        ("病棟", "患者名", "床"), ("内科", MASK, "12"), ("外科", MASK, "7"),
    )  # fmt: skip
    western = seen["Windows-1252"]
    assert western[1][1] == western[2][1] == MASK  # by place: its name is not readable there
    assert western[0][0] == "•a“\x8f"
    assert "UTF-8" not in seen  # its bytes do not fit


def test_a_name_that_is_misread_now_is_still_masked() -> None:
    data = JAPANESE.encode("cp932")
    wrong = "患者名".encode("cp932").decode("cp1252")
    seen = letters_beyond_ascii(
        data, "beds.csv", ["Windows-1252", "Shift-JIS (Japanese)"], hidden={wrong}
    )
    assert seen["Shift-JIS (Japanese)"][1] == ("内科", MASK, "12")
