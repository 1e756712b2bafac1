"""Scenarios as sheets: every figure, under headings people read."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from caremap.exports import to_workbook
from caremap.planning import Scenario, ScenarioRun, run_scenarios, scenario_tables
from tests.unit.planning.build import forecast_of, futures, sample


@pytest.fixture(scope="module")
def run() -> ScenarioRun:
    ahead = forecast_of(futures([35] * 5, "2024-03-02", draws=200))
    more = Scenario("More", demand=20.0, extra=3)
    return run_scenarios(sample(), ahead, [more], by="department", beds=200, cost_per_day=2000.0)


def test_every_figure_has_a_heading_and_its_value(run: ScenarioRun) -> None:
    sheets = scenario_tables(run)
    assert list(sheets) == [
        "Summary", "Differences", "Days", "Staff", "Departments", "Scenarios", "Assumptions",
    ]  # fmt: skip
    for sheet in sheets.values():
        assert sheet.columns.is_unique
        assert not [name for name in sheet.columns if "_" in name]
    summary = sheets["Summary"].set_index("Figure")
    assert len(summary) == len(run.summary.columns) and list(summary) == ["Baseline", "More"]
    bed_days = run.summary.loc["More", ["bed_days", "bed_days_low", "bed_days_high"]]
    shown = summary.loc[summary.index.str.startswith("Bed-days"), "More"]
    assert shown.tolist() == pytest.approx(bed_days.tolist(), abs=0.06)
    assert pd.isna(summary.loc["Revenue, all days", "More"])
    assert sheets["Days"]["Day"].iloc[0] == "2024-03-02" and len(sheets["Days"]) == 10
    assert sheets["Departments"]["Department"].nunique() == 10
    told = sheets["Scenarios"].set_index("Scenario")["What changes"]
    assert told["Baseline"] == "Nothing changes."
    assert "20 % more patients arrive." in told["More"].tolist()
    assert len(sheets["Assumptions"]) == len(run.assumptions) + len(run.notes)


def test_sheets_open_as_a_workbook(run: ScenarioRun) -> None:
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(scenario_tables(run))))
    assert {"Summary", "Days"} <= {*book.sheetnames}


def test_the_baseline_alone_has_no_differences(run: ScenarioRun) -> None:
    ahead = forecast_of(futures([35] * 3, "2024-03-02", draws=50))
    sheets = scenario_tables(run_scenarios(sample(), ahead, []))
    assert list(sheets) == ["Summary", "Days", "Staff", "Scenarios", "Assumptions"]
