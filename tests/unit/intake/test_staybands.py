"""Lengths of stay in bands stay bands: no dates, no numbers, under their own header."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest

import caremap
from caremap.intake.staybands import banded_findings, banded_stays

BANDS = ["0-10", "11-20", "21-30", "More than 100 Days", "11-20", None]
SAVED = ["0-10", "Nov-20", "21-30", "More than 100 Days", "11-20", None]


@pytest.mark.parametrize("header", ["Stay", "Length of Stay", "LOS", "stay_days"])
def test_bands_are_what_they_were_before_a_spreadsheet_program(header: str) -> None:
    found = banded_stays({header: pa.array(SAVED), "Age": pa.array(BANDS)}, {})
    assert list(found) == [header]
    bands, mended = found[header]
    assert (bands.to_pylist(), mended) == (BANDS, 1)


def test_a_cell_of_a_workbook_that_holds_a_date_is_the_band_that_was_typed() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["case_id", "patientid", "Department", "Stay"])
    typed = ["0-10", datetime(2024, 11, 20), "21-30", "31-40"]
    for number in range(80):
        sheet.append([number + 1, 900 + number, "surgery", typed[number % 4]])
    file = io.BytesIO()
    book.save(file)
    loaded = caremap.open_file(file.getvalue(), "stays.xlsx")
    assert loaded.table["Stay"].tolist() == ["0-10", "11-20", "21-30", "31-40"] * 20


@pytest.mark.parametrize(
    ("values", "mapping"),
    [
        (BANDS, {"length_of_stay": "Nights"}),
        (BANDS, {"discharged": "Left on"}),
        (["short", "long", "long"], {}),
        (["3", "5", "12"], {}),
    ],
)
def test_where_nights_are_known_or_values_are_no_bands_there_is_nothing_to_tell(
    values: list[str | None], mapping: dict[str, str]
) -> None:
    assert banded_stays({"Stay": pa.array(values)}, mapping) == {}
    assert banded_findings({"Stay": pa.array(values)}, mapping) == []


def test_what_is_told() -> None:
    told = banded_findings({"Stay": pa.array(SAVED)}, {})
    assert [(item.code, item.column) for item in told] == [
        ("banded-stay", "Stay"),
        ("bands-mended", "Stay"),
    ]
    assert told[1].message.startswith("1 value of “Stay” had been made dates")
    assert [item.code for item in banded_findings({"Stay": pa.array(BANDS)}, {})] == ["banded-stay"]


def test_a_file_keeps_them_under_their_own_header() -> None:
    rows = pd.DataFrame(
        {
            "case_id": range(1, 301),
            "patientid": range(500, 800),
            "Department": ["surgery", "medicine", "surgery"] * 100,
            "Age": ["21-30", "51-60", "71-80"] * 100,
            "Stay": ["0-10", "Nov-20", "More than 100 Days"] * 100,
        }
    )
    loaded = caremap.open_file(rows.to_csv(index=False).encode(), "stays.csv")
    assert loaded.kind == "stays"
    assert "length_of_stay" not in loaded.table
    assert loaded.table["Stay"].tolist() == ["0-10", "11-20", "More than 100 Days"] * 100
    mended = [item.message for item in loaded.findings if item.code == "bands-mended"]
    assert mended == [
        "100 values of “Stay” had been made dates by a spreadsheet program (11-20 became Nov-20): "
        "read as the bands they were."
    ]
