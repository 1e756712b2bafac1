"""What a good app does with each messy and hostile file; skipped where they are not."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from caremap import DataProblem, open_file

SAME_FOUR = ["utf8_bom.csv", "utf16le_bom_tab.csv", "utf16be_nobom.csv", "cp1252_pound.csv",
             "pipe.csv", "semicolon_decimal_comma.csv", "sep_line.csv", "nul_bytes.csv",
             "title_and_total_rows.csv", "cover_hidden_empty_chart_sheets.xlsx"]  # fmt: skip
REFUSED = {
    "zero_bytes.csv": "is empty", "only_newlines.csv": "blank lines", "one_cell.csv": "no rows",
    "header_only.csv": "no rows", "png_named.csv": "PNG picture", "html_named.xls": "web page",
    "zip_slip_names.xlsx": "workbook", "far_cell.xlsx": "far apart",
    "zip_bomb_600MB_sheet.xlsx": "unpacks", "zip_bomb_padding_1GB_comment.xlsx": "unpacks",
    "billion_laughs.xlsx": "entities", "xxe_file.xlsx": "entities",
    "lying_dimension.xlsx": "no rows",
}  # fmt: skip
FINDINGS = {
    "cp1252_pound.csv": {"encoding-guessed"},
    "sep_line.csv": {"separator-line"},
    "semicolon_decimal_comma.csv": {"decimal-comma"},
    "title_and_total_rows.csv": {"title-rows", "total-rows", "footnotes"},
    "cover_hidden_empty_chart_sheets.xlsx": {"hidden-sheets", "title-rows"},
    "merged_headers_crosstab.xlsx": {"crosstab"},
    "ambiguous_dates_all_le_12.csv": {"ambiguous-dates"},
    "mixed_date_formats_one_column.csv": {"unreadable"},
    "types_formulas_serials.xlsx": {"not-calculated", "error-values", "date-serials"},
    "los_text.csv": {"at-least", "out-of-range"},
    "discharge_before_admission.csv": {"negative-stay"},
    "duplicate_patients_and_rows.csv": {"duplicates-removed"},
    "nul_bytes.csv": {"nul-removed"},
    "ragged.csv": {"ragged-rows"},
    "unclosed_quote.csv": {"quotes-mended"},
    "bad_coords.csv": {"out-of-range", "unreadable"},
}


@pytest.fixture
def own(shared: Path) -> Path:
    return shared / "messy" / "own"


def test_every_file_is_opened_or_refused_in_words(own: Path) -> None:
    for path in sorted(own.iterdir()):
        if path.suffix == ".py":
            continue
        try:
            open_file(path)
        except DataProblem as problem:
            assert path.name in REFUSED, (path.name, str(problem))
            assert path.name in problem.message
            assert problem.hint


@pytest.mark.parametrize(("name", "words"), REFUSED.items())
def test_why_a_file_is_refused(own: Path, name: str, words: str) -> None:
    with pytest.raises(DataProblem, match=words):
        open_file(own / name)


@pytest.mark.parametrize("name", SAME_FOUR)
def test_the_same_four_stays_in_every_wrapping(own: Path, name: str) -> None:
    table = open_file(own / name).table
    assert table["patient_id"].tolist() == ["P001", "P002", "P003", "P004"]
    assert table["length_of_stay"].tolist() == pytest.approx([4, 0, 8, float("nan")], nan_ok=True)
    assert str(table["admitted"].iloc[3].date()) == "2024-02-28"
    assert table["age"].tolist() == pytest.approx([34, 120, 7 / 12, 91], rel=1e-3)
    cost = [1234.5] * 4 if name.startswith("semicolon") else [1234.5, -50, -1000, 1234.5]
    assert table["cost"].tolist() == cost
    assert table["insurance"].iloc[2] == "None"


@pytest.mark.parametrize(("name", "expected"), FINDINGS.items())
def test_what_is_said_of_it(own: Path, name: str, expected: set[str]) -> None:
    assert expected <= {one.code for one in open_file(own / name).findings}


def test_ids_keep_their_zeros_and_codes_stay_codes(own: Path) -> None:
    table = open_file(own / "leading_zero_ids.csv").table
    assert table["MRN"].tolist()[:3] == ["000123", "1E5", "12345678901234567890"]
    assert table["ZIP"].iloc[0] == "00501"
    assert table["ICD10"].tolist()[1] == "2E7"


def test_at_least_and_bands(own: Path) -> None:
    table = open_file(own / "los_text.csv").table
    assert table["length_of_stay"].tolist() == pytest.approx(
        [120, 3, float("nan"), float("nan"), 1204], nan_ok=True
    )
    assert table["age_band"].iloc[0] == "0 to 17"


def test_serial_dates_and_formulas(own: Path) -> None:
    table = open_file(own / "types_formulas_serials.xlsx").table
    assert str(table["discharged"].iloc[0].date()) == "2024-04-07"
    assert pd.isna(table["cost"].iloc[0])


def test_repeated_headers_are_both_shown(own: Path) -> None:
    headers = [one.header for one in open_file(own / "dup_headers.csv").columns]
    assert len(set(headers)) == len(headers) == 7
    assert not any(header.endswith(".1") for header in headers)


def test_readxl_workbooks_are_opened_or_refused_in_words(shared: Path) -> None:
    opened = 0
    for path in sorted((shared / "messy" / "readxl").iterdir()):
        if path.suffix not in {".xls", ".xlsx"}:
            continue
        try:
            opened += len(open_file(path).table) >= 0
        except DataProblem as problem:
            assert "could not be understood" not in problem.message, path.name
    assert opened > 25
