"""Dates with day and month swapped in part of the rows: found, told, and repaired."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import caremap
from caremap.intake.loaded import Loaded
from caremap.measures import headline, trend

PERIOD = ["month_to_date", "previous", "last_year"]


def stays(count: int, seed: int = 1, first: str = "2023-01-01", days: int = 450) -> pd.DataFrame:
    """Invented stays in the order of their admission, with what a hospital writes beside them."""
    random = np.random.default_rng(seed)
    start = pd.Timestamp(first) + pd.to_timedelta(np.sort(random.integers(0, days, count)), "D")
    nights = random.geometric(0.18, count)
    return pd.DataFrame(
        {
            "MRD No.": [f"M{number:05}" for number in range(count)],
            "D.O.A": start,
            "D.O.D": start + pd.to_timedelta(nights, "D"),
            "month year": start.strftime("%b-%y"),
            "DURATION OF STAY": nights,
        }
    )


def turned(values: pd.Series[Any], share: float, seed: int = 2) -> pd.Series[Any]:
    """The dates as a program leaves them that expects the other order, in part of the rows."""
    hit = np.random.default_rng(seed).random(len(values)) < share
    return pd.Series(
        [
            date.replace(day=date.month, month=date.day) if swap and date.day <= 12 else date
            for date, swap in zip(values, hit, strict=True)
        ]
    )


def spoilt(count: int = 600, share: float = 1.0, seed: int = 1) -> tuple[pd.DataFrame, int]:
    """Stays with swapped admission dates, and how many of them are wrong now."""
    frame = stays(count, seed)
    wrong = turned(frame["D.O.A"], share, seed)
    return frame.assign(**{"D.O.A": wrong}), int((wrong != frame["D.O.A"]).sum())


def opened(frame: pd.DataFrame, date_format: str = "%Y-%m-%d", **options: Any) -> Loaded:
    text = frame.to_csv(index=False, date_format=date_format)
    return caremap.open_file(text.encode(), name="admissions.csv", options=options)


def finding(loaded: Loaded, code: str) -> Any:
    return next((one for one in loaded.findings if one.code == code), None)


EVIDENCE = {
    "a month column": ["D.O.A", "month year", "MRD No."],
    "a supplied length of stay": ["D.O.A", "D.O.D", "DURATION OF STAY", "MRD No."],
    "impossible stays": ["D.O.A", "D.O.D", "MRD No."],
    "the order of the rows": ["D.O.A", "MRD No."],
}


@pytest.mark.parametrize("shown_by", EVIDENCE)
def test_swapped_rows_are_counted_and_no_month_is_given(shown_by: str) -> None:
    frame, wrong = spoilt()
    loaded = opened(frame[EVIDENCE[shown_by]], kind="stays")
    told = finding(loaded, "swapped-dates")
    assert told.severity == "error"
    assert f"in {wrong:,} rows of 600" in told.message
    assert "repair" in told.message
    dataset = caremap.Dataset.of(loaded)
    figures = headline(dataset)
    assert figures[PERIOD].isna().all(axis=None)
    assert figures["change"].isna().all()
    assert figures.loc["admissions", "overall"] == 600
    assert "in doubt" in figures.loc["admissions", "note"]
    assert not trend(dataset)["complete"].any()


@pytest.mark.parametrize("shown_by", EVIDENCE)
def test_repair_restores_every_date(shown_by: str) -> None:
    frame, _ = spoilt()
    loaded = opened(frame[EVIDENCE[shown_by]], kind="stays", dates="repair")
    assert loaded.table["admitted"].tolist() == stays(600)["D.O.A"].tolist()
    assert finding(loaded, "swapped-dates") is None
    assert finding(loaded, "dates-repaired").severity == "info"
    month = headline(caremap.Dataset.of(loaded)).loc["admissions"]
    dates = stays(600)["D.O.A"]
    last = dates.max()
    assert month["month_to_date"] == (dates >= last.replace(day=1)).sum()


def test_part_of_the_rows_is_told_row_by_row() -> None:
    frame, wrong = spoilt(share=0.4)
    columns = EVIDENCE["a month column"]
    told = finding(opened(frame[columns], kind="stays"), "swapped-dates")
    assert f"in {wrong:,} rows of 600: the month in “month year” disagrees." in told.message
    assert len(told.rows) == wrong
    repaired = opened(frame[columns], kind="stays", dates="repair")
    assert repaired.table["admitted"].tolist() == stays(600)["D.O.A"].tolist()


def test_both_dates_of_a_stay_can_be_swapped() -> None:
    frame = stays(600)
    wrong = frame.assign(
        **{"D.O.A": turned(frame["D.O.A"], 1.0), "D.O.D": turned(frame["D.O.D"], 1.0)}
    )
    loaded = opened(wrong, dates="repair")
    assert loaded.table["admitted"].tolist() == frame["D.O.A"].tolist()
    assert loaded.table["discharged"].tolist() == frame["D.O.D"].tolist()
    assert loaded.table["length_of_stay"].sum() == frame["DURATION OF STAY"].sum()


def test_a_wrong_date_makes_no_length_of_stay() -> None:
    frame, _ = spoilt()
    loaded = opened(frame[["MRD No.", "D.O.A", "D.O.D"]])
    true = stays(600)["DURATION OF STAY"].to_numpy()
    lengths = loaded.table["length_of_stay"].to_numpy()
    assert (np.isnan(lengths) | (lengths == true)).all()
    # A supplied length stands in where there is one.
    assert opened(frame).table["length_of_stay"].tolist() == true.tolist()


def test_a_supplied_length_that_counts_both_days_stands_in_as_nights() -> None:
    frame, _ = spoilt()
    nights = frame["DURATION OF STAY"].tolist()
    both = frame.assign(**{"DURATION OF STAY": frame["DURATION OF STAY"] + 1})
    loaded = opened(both)
    assert finding(loaded, "swapped-dates") is not None
    assert finding(loaded, "both-days-counted") is not None
    assert loaded.table["length_of_stay"].tolist() == nights


def test_the_user_can_confirm_the_dates() -> None:
    frame, _ = spoilt()
    loaded = opened(frame, dates="as-read")
    assert finding(loaded, "swapped-dates") is None
    assert finding(loaded, "dates-confirmed").severity == "info"
    assert headline(caremap.Dataset.of(loaded)).loc["admissions", "month_to_date"] > 0


@pytest.mark.parametrize("order", ["day-first", "month-first"])
def test_an_order_chosen_for_dates_with_one_order_confirms_nothing(order: str) -> None:
    frame, wrong = spoilt()
    loaded = opened(frame, dates=order)
    assert f"in {wrong:,} rows of 600" in finding(loaded, "swapped-dates").message
    assert headline(caremap.Dataset.of(loaded))[PERIOD].isna().all(axis=None)


def test_a_choice_can_be_made_for_one_column() -> None:
    frame, _ = spoilt()
    loaded = opened(frame, dates={"D.O.A": "repair"})
    assert loaded.table["admitted"].tolist() == stays(600)["D.O.A"].tolist()


def test_a_workbook_half_converted_by_its_program_is_told_by_its_cells() -> None:
    # Typed as day/month into a program that expects month/day: what it can read becomes a
    # date, the rest stays text.
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Patient ID", "Admission date", "Age"])
    true = [dt.date(2024, 1, 1) + dt.timedelta(days=day) for day in range(0, 120, 3)]
    for number, date in enumerate(true):
        cell = (
            dt.datetime(date.year, date.day, date.month) if date.day <= 12 else f"{date:%d/%m/%Y}"
        )
        sheet.append([f"P{number}", cell, 40 + number % 40])
    data = io.BytesIO()
    book.save(data)
    loaded = caremap.open_file(data.getvalue(), name="admissions.xlsx")
    wrong = sum(date.day <= 12 and date.day != date.month for date in true)
    assert f"in {wrong} rows of {len(true)}" in finding(loaded, "swapped-dates").message
    repaired = caremap.open_file(
        data.getvalue(), name="admissions.xlsx", options={"dates": "repair"}
    )
    assert [stamp.date() for stamp in repaired.table["admitted"]] == true


def test_a_text_column_of_both_orders_is_told_by_a_month_column() -> None:
    frame = stays(600)
    later = frame["D.O.A"] >= "2023-09-01"
    texts = (
        frame["D.O.A"].dt.strftime("%m/%d/%Y").where(later, frame["D.O.A"].dt.strftime("%d/%m/%Y"))
    )
    mixed = frame.assign(**{"D.O.A": texts})[["MRD No.", "D.O.A", "month year"]]
    loaded = opened(mixed, kind="stays")
    assert finding(loaded, "swapped-dates").severity == "error"
    assert headline(caremap.Dataset.of(loaded))[PERIOD].isna().all(axis=None)
    repaired = opened(mixed, kind="stays", dates="repair")
    assert repaired.table["admitted"].tolist() == frame["D.O.A"].tolist()


@pytest.mark.parametrize("count", [12, 20, 40])
def test_a_small_file_is_told_by_its_months(count: int) -> None:
    frame = stays(count, days=90)
    wrong = turned(frame["D.O.A"], 1.0)
    swapped = int((wrong != frame["D.O.A"]).sum())
    assert swapped >= 2
    file = frame.assign(**{"D.O.A": wrong})[["MRD No.", "D.O.A", "month year"]]
    loaded = opened(file, kind="stays")
    assert f"in {swapped} rows of {count}" in finding(loaded, "swapped-dates").message
    repaired = opened(file, kind="stays", dates="repair")
    assert repaired.table["admitted"].tolist() == frame["D.O.A"].tolist()


def test_what_cannot_be_told_is_not_repaired_by_guess() -> None:
    # A third of each date column, at random, and nothing else in the file.
    frame = stays(900).sample(frac=1, random_state=4, ignore_index=True)
    wrong = frame.assign(
        **{"D.O.A": turned(frame["D.O.A"], 0.3, 5), "D.O.D": turned(frame["D.O.D"], 0.3, 6)}
    )[["MRD No.", "D.O.A", "D.O.D"]]
    loaded = opened(wrong)
    assert "cannot be told" in finding(loaded, "swapped-dates").message
    repaired = opened(wrong, dates="repair")
    assert finding(repaired, "swapped-dates") is not None
    known = repaired.table["admitted"].notna().to_numpy()
    right = (repaired.table["admitted"].to_numpy() == frame["D.O.A"].to_numpy())[known]
    assert right.mean() > 0.99
    assert headline(caremap.Dataset.of(repaired))[PERIOD].isna().all(axis=None)


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), count=st.integers(30, 400), bad=st.integers(0, 5))
def test_honest_files_are_never_said_to_be_swapped(seed: int, count: int, bad: int) -> None:
    frame = stays(count, seed, days=1 + seed % 800)
    # A few slips of the pen are not swaps: stays that end before they begin, a wrong month.
    slips = np.random.default_rng(seed).choice(count, bad, replace=False)
    frame.loc[slips, "D.O.D"] = frame.loc[slips, "D.O.A"] - pd.Timedelta(days=3)
    frame.loc[slips, "DURATION OF STAY"] += 40
    shuffled = frame.sample(frac=1, random_state=seed)
    for columns in EVIDENCE.values():
        loaded = opened(shuffled[columns], kind="stays")
        assert finding(loaded, "swapped-dates") is None


def test_parts_of_a_stay_with_swapped_dates_are_one_stay_and_never_a_wrong_length() -> None:
    truth = stays(400)
    nights, middle = truth["DURATION OF STAY"], truth["DURATION OF STAY"] // 2
    changed = truth["D.O.A"] + pd.to_timedelta(middle, "D")
    parts = pd.DataFrame(
        {
            "Stay ID": [f"S{number}" for number in truth.index],
            "Service": "A",
            "Admission Date": turned(truth["D.O.A"], 1.0),
            "Discharge Date": changed,
        }
    )
    rest = parts.assign(
        Service="B",
        **{
            "Admission Date": turned(changed, 1.0),
            "Discharge Date": truth["D.O.D"],
        },
    )
    file = pd.concat([parts, rest]).sort_index(kind="stable").to_csv(index=False).encode()
    asked = caremap.open_file(file)
    assert "swapped-dates" in {one.code for one in asked.findings}
    assert asked.table["stay_id"].tolist() == parts["Stay ID"].tolist()
    given = asked.table["length_of_stay"].to_numpy()
    assert 0 < np.isnan(given).sum() < 400
    assert (given[~np.isnan(given)] == nights[~np.isnan(given)]).all()
    repaired = caremap.open_file(file, options={"dates": "repair"}).table
    assert repaired["length_of_stay"].tolist() == nights.tolist()


def test_dates_with_the_month_by_name_can_be_swapped_too() -> None:
    """A program that read 04/03 as April writes it out as 03-Apr: the month column tells."""
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=3 * place) for place in range(100)]
    turned = [day.replace(month=day.day, day=day.month) if day.day <= 12 else day for day in days]
    rows = [f"{100 + place},{read:%d-%b-%Y},3,{day:%b-%y}"
            for place, (day, read) in enumerate(zip(days, turned, strict=True))]  # fmt: skip
    text = "\n".join(["MRN,Admission Date,LOS,Month", *rows]).encode()
    loaded = caremap.open_file(text, name="stays.csv")
    found = [one for one in loaded.findings if one.code == "swapped-dates"]
    wrong = sum(day != read for day, read in zip(days, turned, strict=True))
    assert [len(one.rows) for one in found] == [wrong]
    mended = caremap.open_file(text, name="stays.csv", options={"dates": "repair"})
    assert [day.date() for day in mended.table["admitted"]] == days
    honest = "\n".join(
        ["MRN,Admission Date,LOS,Month"]
        + [f"{place},{day:%d-%b-%Y},3,{day:%b-%y}" for place, day in enumerate(days)]
    )
    plain = caremap.open_file(honest.encode(), name="stays.csv")
    assert not [one for one in plain.findings if "swap" in one.code]
