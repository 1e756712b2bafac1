from __future__ import annotations

import pytest

from caremap.intake.shapes.naming import counted_field, measure_of, years_of


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Monthly hospital admissions by ward, 2024", "admissions"),
        ("Ingresos por hospital", "admissions"),
        ("Anzahl Aufnahmen je Klinik", "admissions"),
        ("Nombre d'entrées par service", "admissions"),
        ("Total Lab-Confirmed COVID-19 Hospitalized Patients by Area, 4/12/2020", "occupied_beds"),
        ("ED attendances, England", "visits"),
        ("Table 3: Number of discharges", "discharges"),
        ("Emergency admissions per 1,000 population", None),
        ("Average daily admissions", None),
        ("Planned admissions", None),
        ("Cumulative admissions", None),
        ("Admissions and discharges", None),
        ("Patients", None),
        ("Report", None),
    ],
)
def test_what_a_title_says_is_counted(title: str, field: str | None) -> None:
    named = measure_of([(title, "a title")])
    assert (counted_field(named[0]) if named else None) == field


def test_a_part_keeps_its_whole_name() -> None:
    assert measure_of([("Hospitalized patients (ICU) by area", "a title")]) == (
        "Hospitalized patients (ICU)", "a title",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (["Admissions 2024"], (2024,)),
        (["Admissions", "flows_2023"], (2023,)),
        (["2023/24"], (2023, 2024)),
        (["2023-2024"], (2023, 2024)),
        (["2019 to 2023"], ()),
        (["Run on 03/01/2025", "Sheet1"], ()),
        (["Stand: 5. Januar 2025", "Aufnahmen 2024"], (2024,)),
        (["2021-24"], ()),
    ],
)
def test_the_year_of_a_table(texts: list[str], years: tuple[int, ...]) -> None:
    assert years_of(texts) == years
