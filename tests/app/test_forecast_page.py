"""The Forecast page: its states, its parts, what a click changes, and refusals in words."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import NumberInput

import caremap
from caremap import forecasting
from caremap.hidden import WHY_HIDDEN
from caremap.ui import forecast_parts
from caremap.ui.forecast_parts import PARTS
from tests.app.pages import STAYS, app, click, loaded, titles, words
from tests.app.pages import part as part_of
from tests.app.test_swapped_dates import swapped

part = partial(part_of, key="forecast_part")


def stays(days: int, a_day: float, first: str = "2024-01-01") -> str:
    """Stays of two departments, about so many a day, fewer on weekends, three nights each."""
    rng = np.random.default_rng(1)
    rows = []
    for day in pd.date_range(first, periods=days):
        for _ in range(rng.poisson(a_day * (0.5 if day.day_of_week > 4 else 1.2))):
            left = day + pd.Timedelta(days=int(rng.integers(1, 6)))
            out = f"{left:%Y-%m-%d}" if left < pd.Timestamp(first) + pd.Timedelta(days=days) else ""
            rows.append(f"North,{('Surgery', 'Medicine')[rng.random() > 0.3]},{day:%Y-%m-%d},{out}")
    return "\n".join(["Facility,Department,Admission Date,Discharge Date", *rows])


@pytest.fixture(scope="module")
def plenty() -> str:
    return stays(20 * 7, 8)


@pytest.fixture(scope="module")
def made() -> dict[tuple[object, ...], forecasting.Forecast]:
    """Forecasts the tests of this file have worked out: each takes seconds."""
    return {}


@pytest.fixture(autouse=True)
def worked_out_once(
    made: dict[tuple[object, ...], forecasting.Forecast], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = forecasting.forecast

    def forecast(series: pd.Series, horizon: int = 14, **given: object) -> forecasting.Forecast:
        told = (series.to_csv(), horizon, *(f"{given[name]}" for name in sorted(given)
                                            if name != "progress"))  # fmt: skip
        if told not in made:
            made[told] = work(series, horizon, **given)
        return made[told]

    monkeypatch.setattr(forecasting, "forecast", forecast)


def forecast(at: AppTest) -> AppTest:
    """The same session on the Forecast page."""
    at.switch_page("pages/forecast.py").run()
    assert not at.exception
    assert "Something went wrong" not in words(at)
    return at


def test_without_data_it_says_where_to_go() -> None:
    assert "No data yet" in words(forecast(app()))


def test_too_few_weeks_are_refused_in_words_and_nothing_is_drawn() -> None:
    at = forecast(loaded())
    assert not titles(at)
    assert not at.metric
    assert "eight weeks" in " ".join(one.value for one in at.info)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Facility,Department,Length of Stay,Cost\n" + "North,Surgery,3,100\n" * 40, "dates"),
        (swapped(), "day and month"),
    ],
)
def test_data_that_gives_no_series_is_refused_in_words(text: str, why: str) -> None:
    at = forecast(loaded(text))
    assert not titles(at)
    assert why in words(at)


def test_filters_that_leave_nothing_offer_the_way_back() -> None:
    at = forecast(loaded(STAYS.replace("South,Medicine", "South,Surgery")))
    at.multiselect(key="facility").set_value(["South"]).run()
    at.multiselect(key="department").set_value(["Medicine"]).run()
    assert "The filters leave nothing" in words(at)


# --- what it says of data it can forecast ----------------------------------------------------


@pytest.fixture
def page(plenty: str) -> AppTest:
    return forecast(loaded(plenty))


def test_the_headline_is_the_forecast_of_the_core(
    page: AppTest, plenty: str, tmp_path: Path
) -> None:
    file = tmp_path / "stays.csv"
    file.write_text(plenty)
    made = forecasting.forecast(forecasting.series(caremap.Dataset.of(caremap.open_file(file))))
    total = made.total
    title = titles(page)[0]
    assert title.startswith(
        f"Expect {total['mean']:,.0f} admissions in the next 14 days, "
        f"80 % between {total['low_80']:,.0f} and {total['high_80']:,.0f}; busiest "
    )
    assert page.metric[0].value == f"{total['mean']:,.0f}"
    assert "R²" not in " ".join([*titles(page), *(one.value for one in page.caption)])


def test_every_part_draws_and_says_what_it_shows(page: AppTest) -> None:
    found = {
        name: titles(part(page, name))
        for name in page.segmented_control(key="forecast_part").options
    }
    assert list(found) == list(PARTS)
    assert all(found.values())


def test_a_day_unlike_the_others_is_hidden_with_its_small_count() -> None:
    quiet = "2024-02-14"
    rows = stays(10 * 7, 40).splitlines()
    came = [place for place, row in enumerate(rows) if f",{quiet}," in row]
    page = forecast(loaded("\n".join(np.delete(rows, came[4:]))))
    assert odd_days(page).loc[quiet, "Value"] == 4
    page.session_state["small_counts"] = "in downloads and on the screen"
    page.run()
    assert odd_days(page)["Value"].isna()[quiet]
    assert WHY_HIDDEN in words(page)


def odd_days(at: AppTest) -> pd.DataFrame:
    """The table of single days unlike the others."""
    tables = (one.value for one in at.dataframe)
    found = next(table for table in tables if {"Value", "Expected"} <= {*table.columns})
    return found.set_index("Date")


def typed(at: AppTest, label: str) -> NumberInput:
    """The number input whose label begins so."""
    return next(one for one in at.number_input if one.label.startswith(label))


def test_weeks_and_another_horizon_are_a_choice_away(page: AppTest) -> None:
    page.segmented_control(key="forecast_by").set_value("week").run()
    assert "in the next 12 weeks" in titles(page)[0]
    page.selectbox(key="ahead_week").set_value("4 weeks").run()
    assert "in the next 4 weeks" in titles(page)[0]


def test_a_department_alone_is_forecast_where_the_filter_keeps_it(page: AppTest) -> None:
    whole = float(page.metric[0].value)
    page.multiselect(key="department").set_value(["Surgery"]).run()
    assert 0.2 * whole < float(page.metric[0].value) < 0.45 * whole


def test_settings_of_the_rules_change_the_beds(page: AppTest) -> None:
    part(page, "Beds")
    before = titles(page)[1]
    page.number_input(key="rule_occupancy").set_value(50).run()
    assert titles(page)[1] != before


def test_patients_on_ventilators_follow_the_shares_typed_in(page: AppTest) -> None:
    part(page, "Intensive care")
    typed(page, "Admissions that need intensive care").set_value(0.0).run()
    assert "up to 0 patients in intensive care" in titles(page)[0]


def test_intensive_care_is_that_of_the_patients_looked_at() -> None:
    """One department has all the intensive care: what it says is not said of the other."""
    rows = stays(10 * 7, 8).splitlines()
    days = ["ICU Days", *("1" if "Surgery" in row else "0" for row in rows[1:])]
    text = "\n".join(f"{row},{day}" for row, day in zip(rows, days, strict=True))
    page = part(forecast(loaded(text)), "Intensive care")
    assert 20 < typed(page, "Admissions that need intensive care").value < 40
    page.multiselect(key="department").set_value(["Surgery"]).run()
    assert typed(page, "Admissions that need intensive care").value == 100


def test_the_workbook_has_the_forecast_its_total_and_beds_by_the_rules_chosen(
    page: AppTest,
) -> None:
    part(page, "Beds")
    page.number_input(key="rule_occupancy").set_value(50).run()
    beds = titles(page)[1]
    part(page, "Forecast")
    click(page, "Make the workbook")
    _, workbook, html, count = page.session_state["made_forecast"]
    book = load_workbook(io.BytesIO(workbook))
    assert count >= 9
    total = book["Sum of the next 14 days"]
    expected = next(
        row[2] for row in total.iter_rows(values_only=True) if row and row[0] == "Admissions"
    )
    assert f"{expected:,.0f}" == page.metric[0].value
    assert titles(page)[0] in html.decode()
    assert beds in html.decode()


def test_where_small_counts_are_hidden_hits_are_not_counted_among_what_is_left(
    page: AppTest,
) -> None:
    assert "within the 80 % interval" in titles(part(page, "How good it is"))[1]
    click(page, "Make the workbook")
    _, workbook, _, _ = page.session_state["made_forecast"]
    sheet = load_workbook(io.BytesIO(workbook))["Admissions backtest by day"]
    said = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert ") were right" not in said
    assert "lay within" not in said
    assert "How often the intervals held, hidden days included" in said


# --- what the headline claims ----------------------------------------------------------------


def backtested(better_than: str, **errors: float) -> forecasting.Forecast:
    """A forecast of two weeks that was off by so much, the mix first."""
    days = pd.date_range("2026-03-02", periods=14)
    table = pd.DataFrame(
        {"model": ["CareMap mix", *(name.replace("_", " ") for name in errors)],
         "mae": [5.0, *errors.values()], "gain": 0.9}
    )  # fmt: skip
    frame = pd.DataFrame({"date": days, "mean": 30.0})
    return forecasting.Forecast(
        frame, pd.Series({"mean": 420.0}), table, "CareMap mix", {}, better_than=better_than
    )


@pytest.mark.parametrize(
    ("better_than", "said"),
    [
        ("same weekday average", "admissions, 20.0 % less than that of the same weekday average"),
        ("overall average", "admissions, 90.0 % less than that of the overall average"),
        ("same day last week", "admissions, fewer large errors than the same day last week"),
        ("", "admissions, not better than a simple rule beyond chance"),
    ],
)
def test_a_gain_is_claimed_over_the_rule_that_was_tested_and_of_the_error_shown(
    better_than: str, said: str
) -> None:
    made = backtested(
        better_than, same_weekday_average=6.25, overall_average=50.0, same_day_last_week=5.0
    )
    found = forecast_parts._error(
        made, caremap.measures.MEASURES["admissions"], lambda value, places: f"{value:.{places}f}"
    )
    assert found == ("5.0", said)


def test_every_number_of_the_headline_has_its_unit(page: AppTest) -> None:
    cards = [one.value for one in page.caption]
    assert any(one.startswith("admissions, 80 % between ") for one in cards)
    assert any(one.startswith("about ") and one.endswith(" admissions") for one in cards)
    assert sum(one.startswith("admissions, ") for one in cards) == 2


def test_one_facility_is_not_a_part_of_the_whole(page: AppTest) -> None:
    assert part(page, "By place").selectbox(key="forecast_place").options == ["Department"]


def test_too_many_places_are_refused_in_words_and_the_rest_of_the_page_stays(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise caremap.DataProblem("There are 10,000 groups.", "Filter first.")

    monkeypatch.setattr(forecasting, "forecast_parts", refuse)
    at = part(page, "By place")
    assert "10,000 groups" in words(at)
    assert "Take it along" in words(at)


def test_the_best_possible_is_said_of_events_and_not_of_money(plenty: str) -> None:
    head, *rows = plenty.splitlines()
    priced = "\n".join([f"{head},Cost", *(f"{row},{900 + len(row)}" for row in rows)])
    at = part(forecast(loaded(priced)), "How good it is")
    assert "the best possible" in titles(at)[0]
    at.selectbox(key="forecast").set_value("Treatment cost").run()
    assert "error" in titles(at)[0]
    assert "the best possible" not in titles(at)[0]
