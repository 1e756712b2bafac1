"""Tidy tables turned wide, long or two-level by pandas, written to a file and read back equal."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caremap import open_file

WORDS = {
    "en": ("Ward", "Admissions", "Discharges", "Measure", "Value"),
    "es": ("Hospital", "Ingresos", "Altas", "Indicador", "Valor"),
    "de": ("Klinik", "Aufnahmen", "Entlassungen", "Kennzahl", "Wert"),
    "fr": ("Hôpital", "Entrées", "Sorties", "Indicateur", "Valeur"),
    "pt": ("Hospital", "Internações", "Saídas", "Indicador", "Valor"),
    "it": ("Ospedale", "Ricoveri", "Dimissioni", "Indicatore", "Valore"),
}
FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%Y%m%d"]
quick = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def tidy(draw: st.DrawFn) -> pd.DataFrame:
    """Counts of two measures per place and day; some combinations are missing."""
    places = [f"Site {letter}" for letter in "ABCDEF"[: draw(st.integers(2, 6))]]
    start = draw(st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2029-01-01").date()))
    days = pd.date_range(start, periods=draw(st.integers(14, 30)))
    keys = pd.MultiIndex.from_product([places, days], names=["place", "date"])
    size = len(keys)
    counts = st.lists(st.integers(0, 5000), min_size=size, max_size=size)
    frame = pd.DataFrame({"first": draw(counts), "second": draw(counts)}, index=keys)
    gaps = draw(st.sets(st.integers(0, size - 1), max_size=3))
    return frame.drop(frame.index[sorted(gaps)]).reset_index()


def read_back(data: bytes, name: str) -> pd.DataFrame:
    loaded = open_file(data, name)
    assert loaded.kind == "activity", [one.message for one in loaded.findings]
    return loaded.table


def equal(table: pd.DataFrame, expected: pd.DataFrame, place: str, fields: list[str]) -> None:
    label = next(name for name in ("facility", "department", "region", place) if name in table)
    made = table.set_index([label, "date"])[fields].sort_index()
    wanted = expected.set_index(["place", "date"]).sort_index().astype("float64")
    wanted.columns = pd.Index(fields)
    assert made.index.tolist() == wanted.index.tolist()
    assert made.astype("float64").to_numpy().tolist() == wanted.to_numpy().tolist()


@quick
@given(tidy(), st.sampled_from(sorted(WORDS)), st.sampled_from(FORMATS))
def test_wide_csv(frame: pd.DataFrame, language: str, format_: str) -> None:
    place, measure, *_ = WORDS[language]
    wide = frame.pivot_table(index="place", columns="date", values="first").astype("Int64")
    wide.columns = pd.Index([day.strftime(format_) for day in wide.columns])
    text = f"{measure}\n\n" + wide.rename_axis(place).to_csv()
    table = read_back(text.encode(), "report.csv")
    equal(table, frame[["place", "date", "first"]], place, ["admissions"])


@quick
@given(tidy(), st.sampled_from(sorted(WORDS)), st.booleans())
def test_two_level_workbook(frame: pd.DataFrame, language: str, merge: bool) -> None:
    place, first, second, *_ = WORDS[language]
    days = sorted(frame["date"].unique())
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Report"])
    sheet.append([])
    top: list[object] = [None]
    for day in days:
        top += [pd.Timestamp(day).to_pydatetime(), None]
    sheet.append(top)
    sheet.append([place, *[first, second] * len(days)])
    if merge:
        for column in range(2, 2 + 2 * len(days), 2):
            sheet.merge_cells(start_row=3, end_row=3, start_column=column, end_column=column + 1)
    by_key = frame.set_index(["place", "date"])
    for name in frame["place"].unique():
        row: list[object] = [name]
        for day in days:
            there = (name, day) in by_key.index
            row += [int(by_key.loc[(name, day), one]) if there else None
                    for one in ("first", "second")]  # fmt: skip
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    table = read_back(held.getvalue(), "report.xlsx")
    equal(table, frame, place, ["admissions", "discharges"])


@quick
@given(tidy(), st.sampled_from(sorted(WORDS)), st.sampled_from([",", ";", "\t"]))
def test_long_text(frame: pd.DataFrame, language: str, separator: str) -> None:
    place, first, second, measure, value = WORDS[language]
    long = frame.rename(columns={"place": place, "date": "Date", "first": first, "second": second})
    long = long.melt([place, "Date"], var_name=measure, value_name=value)
    table = read_back(long.to_csv(index=False, sep=separator).encode(), "report.csv")
    equal(table, frame, place, ["admissions", "discharges"])


@pytest.mark.parametrize("language", ["en", "de", "it"])
@pytest.mark.parametrize("format_", ["%b %Y", "%b-%y", "%Y-%m", "%m/%Y", "%B %Y"])
def test_months_across(language: str, format_: str) -> None:
    place, measure, *_ = WORDS[language]
    months = pd.date_range("2023-07-01", periods=9, freq="MS")
    header = ",".join([place, *(month.strftime(format_) for month in months)])
    rows = [f"Site {letter}," + ",".join(str(number + shift) for number in range(9))
            for letter, shift in (("A", 10), ("B", 50))]  # fmt: skip
    table = read_back("\n".join([measure, "", header, *rows]).encode(), "report.csv")
    expected = pd.DataFrame(
        [(f"Site {letter}", month, float(number + shift))
         for letter, shift in (("A", 10), ("B", 50)) for number, month in enumerate(months)],
        columns=["place", "date", "first"],
    )  # fmt: skip
    equal(table, expected, place, ["admissions"])
