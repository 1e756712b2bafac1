"""Lengths of stay given as bands are classes with an order, told by their ends."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import caremap
from caremap.dataset import Dataset
from caremap.planning import admission_table
from caremap.planning.stay_bands import banded_stay, stay_bands

WELL_KNOWN = (
    "0-10", "11-20", "21-30", "31-40", "41-50", "51-60", "61-70", "71-80", "81-90", "91-100",
    "More than 100 Days",
)  # fmt: skip

ORDERED = [
    WELL_KNOWN,
    ("0", "1", "2-3", "4-7", "8+"),
    ("<1 day", "1-2 days", "3-7 days", ">7 days"),
    ("less than 5", "5 to 9", "10 or more"),
    ("1–3", "4–9", "≥10"),
    ("[0, 5)", "[5, 10)", "[10, 20)"),
]

NONE = [
    ("short", "long"),
    ("1", "2", "3"),
    ("0-10", "5-20"),
    ("0-10",),
    ("0-10", "11-20", "elsewhere"),
    ("10-0", "20-11"),
]


@pytest.mark.parametrize("bands", ORDERED, ids=str)
def test_bands_are_ordered_by_their_numbers(bands: tuple[str, ...]) -> None:
    for seed in range(3):
        values = pd.Series([*bands * 2, None], dtype="str").sample(frac=1, random_state=seed)
        assert stay_bands(values) == bands


@pytest.mark.parametrize("values", NONE, ids=str)
def test_what_is_no_order_of_bands(values: tuple[str, ...]) -> None:
    assert stay_bands(pd.Series(values, dtype="str")) is None


def test_a_few_stray_words_do_not_hide_the_bands() -> None:
    values = pd.Series([*["0-10"] * 60, *["11-20"] * 60, "unclear"], dtype="str")
    assert stay_bands(values) == ("0-10", "11-20")


def test_the_column_is_found_by_its_header_too() -> None:
    bands = pd.Series(["0-10", "11-20"])
    assert banded_stay(pd.DataFrame({"Age": bands, "age_band": bands})) is None
    assert banded_stay(pd.DataFrame({"Age": bands, "Stay (days)": bands})) == "Stay (days)"
    assert banded_stay(pd.DataFrame({"age_band": bands, "LOS group": bands})) == "LOS group"


def competition(count: int = 400) -> bytes:
    """A file of the shape of a well-known competition's, as a spreadsheet program saves it."""
    draw = np.random.default_rng(1)
    saved = {"11-20": "Nov-20"}
    table = pd.DataFrame(
        {
            "case_id": range(1, count + 1),
            "Hospital_code": draw.integers(1, 30, count),
            "Department": draw.choice(["gynecology", "anesthesia"], count),
            "patientid": draw.integers(1, count // 3, count),
            "Type of Admission": draw.choice(["Emergency", "Trauma"], count),
            "Severity of Illness": draw.choice(["Extreme", "Minor"], count),
            "Age": draw.choice(["21-30", "51-60"], count),
            "Admission_Deposit": draw.normal(4800, 1000, count).round(),
            "Stay": draw.choice(WELL_KNOWN, count),
        }
    ).replace({"Stay": saved})
    return table.to_csv(index=False).encode()


def test_a_file_of_bands_is_read_as_bands_and_never_as_dates_or_midpoints() -> None:
    loaded = caremap.open_file(competition(), "train.csv")
    assert "length_of_stay" not in loaded.table
    assert set(loaded.table["Stay"]) == set(WELL_KNOWN)
    codes = {finding.code: finding.column for finding in loaded.findings}
    assert codes["banded-stay"] == codes["bands-mended"] == "Stay"
    dataset = Dataset.of(loaded)
    found = admission_table(dataset)
    assert found.bands == WELL_KNOWN
    named = found.nights.map(dict(enumerate(WELL_KNOWN)))
    merged = found.stay_id.to_frame().assign(band=named).merge(loaded.table, on="stay_id")
    assert (merged["band"] == merged["Stay"]).all()
    assert {"Stay", "Severity of Illness"} <= set(found.left_out)
    assert {"department", "admission_type", "age_band", "Admission_Deposit"} <= set(found.features)


def test_a_filter_leaves_the_order_of_the_bands_as_it_is() -> None:
    dataset = Dataset.of(caremap.open_file(competition(), "train.csv"))
    place = (
        dataset.stays["Stay"].isin(["0-10", "More than 100 Days"])
        if dataset.stays is not None
        else None
    )
    assert place is not None
    some = dataset.filtered(facility=["1"])
    found = admission_table(some)
    assert found.bands == WELL_KNOWN
    assert set(found.facility) == {"1"}
