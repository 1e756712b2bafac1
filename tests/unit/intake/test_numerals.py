from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.intake.numerals import Mark, decimal_evidence, is_missing, parse_numbers
from caremap.intake.values import file_decimal, to_numbers
from caremap.schema import FIELDS

NAN = math.nan
ONE_VALUE = [
    ("12", 12), ("-12", -12), ("+12", 12), ("12-", -12), ("(1,000)", -1000), ("(12.50)", -12.5),
    ("£1,234.50", 1234.5), ("1.234,50", 1234.5), ("1.234,50 €", 1234.5), ("R$ 1.234,50", 1234.5),
    ("CHF 1'234.50", 1234.5), ("5 230,40", 5230.4), ("1 234 567", 1234567), ("12,34,567", 1234567),
    ("EUR 12,5", 12.5), ("$-50.00", -50), ("£-50.00", -50), ("−5", -5), ("120 +", 120), (">=7", 7),
    ("90 or older", 90), ("85%", 85), ("3 days", 3), ("٣٤", 34), ("１２", 12), ("1e3", 1000),
    (".5", 0.5), ("5.", 5), ("nan", NAN), ("inf", NAN), ("-Infinity", NAN), ("1E999", NAN),
    ("", NAN), ("N/A", NAN), ("unknown", NAN), ("#DIV/0!", NAN), ("abc", NAN), ("1-2", NAN),
    ("12/04", NAN), ("0x1F", NAN), ("1_000", NAN),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ONE_VALUE)
def test_a_value_explains_itself(text: str, expected: float) -> None:
    found = parse_numbers(pa.array([text])).numbers[0]
    assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("texts", "decimal", "expected"),
    [
        (["1,234", "2,5"], None, [1.234, 2.5]),
        (["1,234", "2.5"], None, [1234, 2.5]),
        (["1,234"], None, [1234]),
        (["1,234"], ",", [1.234]),
        (["1.234"], ",", [1234]),
        (["1.234"], None, [1.234]),
        (["1.234.567", "1.234"], None, [1234567, 1234]),
        (["1,234,567", "1,234"], None, [1234567, 1234]),
        (["1.234,50", "1,234.50"], None, [1234.5, 1234.5]),
        (["0,250"], None, [0.25]),
    ],
)
def test_lone_marks_are_read_as_the_column_shows(
    texts: list[str], decimal: Mark | None, expected: list[float]
) -> None:
    assert parse_numbers(pa.array(texts), decimal).numbers.tolist() == pytest.approx(expected)


def test_bad_missing_and_floor_are_three_things() -> None:
    read = parse_numbers(pa.array(["abc", "n/a", "120 +", None, "7"]))
    assert read.bad.tolist() == [True, False, False, False, False]
    assert read.missing.tolist() == [False, True, False, False, False]
    assert read.floor.tolist() == [False, False, True, False, False]


def test_words_for_missing() -> None:
    assert [is_missing(word) for word in (" N/A ", "", "Sin dato", "0", "None at all")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_numbers_written_by_python_come_back(numbers: list[float]) -> None:
    read = parse_numbers(pa.array([repr(number) for number in numbers]))
    assert read.numbers.tolist() == pytest.approx(numbers)


@given(st.lists(st.text(max_size=12)))
def test_any_text_is_a_finite_number_bad_or_missing(texts: list[str]) -> None:
    read = parse_numbers(pa.array(texts, pa.string()))
    for text, number, bad, missing in zip(texts, read.numbers, read.bad, read.missing, strict=True):
        assert not math.isinf(number)
        assert math.isnan(number) == (bad or missing or is_missing(text)), text


@given(st.integers(1_000, 999_999_999), st.integers(0, 99))
def test_german_and_american_spelling_agree(whole: int, cents: int) -> None:
    american = f"{whole:,}.{cents:02d}"
    german = american.translate(str.maketrans(",.", ".,"))
    assert parse_numbers(pa.array([american])).numbers[0] == pytest.approx(whole + cents / 100)
    assert parse_numbers(pa.array([german])).numbers[0] == pytest.approx(whole + cents / 100)


def test_evidence_of_a_file_is_shared_only_where_it_agrees() -> None:
    assert decimal_evidence(pa.array(["1,5"])) == ","
    assert file_decimal([pa.array(["1,5"]), pa.array(["1.234", "x"])]) == ","
    assert file_decimal([pa.array(["1,5"]), pa.array(["1.5"])]) is None


@pytest.mark.parametrize(
    ("field", "texts", "expected"),
    [
        ("admissions", ["1.200", "950"], [1200, 950]),
        ("cost", ["1.200", "2.350", "14.900"], [1200, 2350, 14900]),
        ("cost", ["1.200", "2.35", "14.9"], [1.2, 2.35, 14.9]),
        ("latitude", ["47,606", "47,610"], [47.606, 47.610]),
        ("age", ["130", "-1", "45"], [NAN, NAN, 45]),
        ("length_of_stay", ["36 hours", "2 days", "1 week"], [1.5, 2, 7]),
        ("age", ["7m", "2 years", "40"], [0.5833, 2, 40]),
        ("waiting_minutes", ["1.5 h", "20"], [90, 20]),
    ],
)
def test_a_field_knows_what_its_numbers_can_be(
    field: str, texts: list[str], expected: list[float]
) -> None:
    found = to_numbers(pa.array(texts), FIELDS[field]).series.tolist()
    assert found == pytest.approx(expected, rel=1e-3, nan_ok=True)


@pytest.mark.parametrize(
    ("field", "header", "value", "expected"),
    [
        ("length_of_stay", "LOS (hours)", "36", 1.5),
        ("length_of_stay", "los_days", "3", 3),
        ("length_of_stay", "Min LOS", "3", 3),
        ("length_of_stay", "Verweildauer in Stunden", "48", 2),
        ("waiting_minutes", "Wait Time (hrs)", "1.5", 90),
        ("waiting_minutes", "wait_min", "15", 15),
        ("age", "Age in months", "24", 2),
        ("icu_days", "ICU hours", "12", 0.5),
    ],
)
def test_a_header_names_its_unit_of_time(
    field: str, header: str, value: str, expected: float
) -> None:
    made = to_numbers(pa.array([value]), FIELDS[field], header=header)
    assert made.series[0] == pytest.approx(expected, rel=1e-3)


def test_typed_cells_of_a_workbook_never_have_a_decimal_comma() -> None:
    import numpy as np

    made = to_numbers(
        pa.array(["1.234", "1,5"]), FIELDS["satisfaction"], typed=np.array([True, False])
    )
    assert made.series.tolist() == [1.234, 1.5]
