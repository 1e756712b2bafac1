"""Scenarios as the sheets of a workbook, with headings for people."""

from __future__ import annotations

import pandas as pd

from caremap.planning.scenario import ScenarioRun
from caremap.planning.scenario_words import in_words

__all__ = ["scenario_tables"]

_SUMMARY = {
    "mean_census": "Patients in hospital, on average", "peak_date": "Fullest day",
    "peak_median": "Patients on the fullest day (median)",
    "peak_high_90": "Patients on the fullest day (nine futures of ten have no more)",
    "beds": "Staffed beds on the fullest day",
    "beds_short": "Beds short on the worst day (nine futures of ten)",
    "refused": "Arrivals refused, all days", "refused_share": "Arrivals refused (share)",
    "icu_short": "Intensive care beds short on the worst day (nine futures of ten)",
    "ventilators_short": "Ventilators short on the worst day (nine futures of ten)",
    "staff_short": "Full-time posts missing on the worst day",
    "overtime_hours": "Overtime (hours), all days", "bed_days": "Bed-days, all days",
    "cost": "Cost, all days", "revenue": "Revenue, all days", "margin": "Margin, all days",
}  # fmt: skip
_DAYS = {
    "scenario": "Scenario", "date": "Day", "median": "Patients at midnight (median)",
    "mean": "Patients at midnight (mean)", "high_90": "Nine futures of ten have at most",
    "low_10": "One future of ten has at most", "arrivals": "Arrivals (mean)",
    "beds": "Staffed beds", "short": "Patients beyond the beds (mean)",
    "chance_short": "Share of futures with more patients than beds",
    "refused": "Arrivals refused (mean)", "icu": "In intensive care (mean)",
    "icu_high_90": "In intensive care: nine futures of ten have at most",
    "icu_beds": "Intensive care beds", "ventilated": "On a ventilator (mean)",
    "ventilated_high_90": "On a ventilator: nine futures of ten have at most",
    "ventilators": "Ventilators",
}  # fmt: skip
_STAFF = {
    "scenario": "Scenario", "role": "Role", "date": "Worst day", "needed": "Needed (median)",
    "needed_low": "Needed: 80 % from", "needed_high": "Needed: 80 % to",
    "available": "There are", "short": "Missing (median)", "short_low": "Missing: 80 % from",
    "short_high": "Missing: 80 % to", "overtime_hours": "Overtime (hours), all days",
    "overtime_hours_low": "Overtime: 80 % from", "overtime_hours_high": "Overtime: 80 % to",
}  # fmt: skip
_DEPARTMENTS = {
    "scenario": "Scenario", "mean_census": "Patients, on average", "peak_date": "Fullest day",
    "peak_median": "Patients on the fullest day (median)",
    "peak_high_90": "Nine futures of ten have at most", "beds": "Staffed beds",
    "short": "Beds short on the worst day (nine futures of ten)",
    "refused": "Arrivals refused if its beds are its own alone",
}  # fmt: skip


def scenario_tables(run: ScenarioRun) -> dict[str, pd.DataFrame]:
    """Return the sheets of a workbook that hold scenarios and all they rest on.

    Parameters
    ----------
    run
        As `caremap.planning.run_scenarios` gives it.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``Summary`` and ``Differences`` (a row per figure, a column per scenario), ``Days``,
        ``Staff`` and ``Departments`` (where there are rows), ``Scenarios`` (what changes, in
        sentences) and ``Assumptions``. For `caremap.exports.to_workbook`. What is not known is
        empty.

    Examples
    --------
    >>> from caremap.planning import BASELINE, Scenario
    >>> summary = pd.DataFrame({"mean_census": [70.0]}, index=[BASELINE])
    >>> run = ScenarioRun(pd.DataFrame(), summary, pd.DataFrame(), pd.DataFrame(), pd.DataFrame(),
    ...                   (Scenario(BASELINE),))
    >>> scenario_tables(run)["Summary"]
                                 Figure  Baseline
    0  Patients in hospital, on average      70.0
    """
    sheets = {
        "Summary": _figures(run.summary),
        "Differences": _figures(run.differences, " more than without changes"),
        "Days": _named(run.daily, _DAYS),
        "Staff": _named(run.staff, _STAFF),
        "Departments": _named(run.departments, _DEPARTMENTS),
        "Scenarios": pd.DataFrame(
            [(one.name, words) for one in run.scenarios for words in in_words(one)],
            columns=["Scenario", "What changes"],
        ),
        "Assumptions": pd.DataFrame(
            [("Assumption", words) for words in run.assumptions]
            + [("Not known, or left out", words) for words in run.notes],
            columns=["Kind", "Words"],
        ),
    }
    always = ("Summary", "Scenarios", "Assumptions")
    return {name: sheet for name, sheet in sheets.items() if len(sheet) or name in always}


def _figures(frame: pd.DataFrame, more: str = "") -> pd.DataFrame:
    """Return a row per figure, a column per scenario."""
    rows = []
    for name in frame.columns if len(frame) else []:
        figure = str(name).removesuffix("_low").removesuffix("_high")
        side = {"_low": ": 80 % from", "_high": ": 80 % to"}.get(str(name)[len(figure) :], "")
        values = {str(scenario): _rounded(value) for scenario, value in frame[name].items()}
        rows.append({"Figure": f"{_SUMMARY.get(figure, figure)}{more}{side}", **values})
    return pd.DataFrame(rows, columns=["Figure", *map(str, frame.index)])


def _rounded(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return None if pd.isna(value) else round(value, 4 if abs(value) < 1 else 1)
    return value


def _named(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return a frame with headings; the column of a group keeps its own name."""
    rounded = frame.round({str(name): 3 for name in frame.select_dtypes("number").columns})
    for name in ("date", "peak_date"):
        if name in rounded:
            rounded[name] = pd.to_datetime(rounded[name]).dt.strftime("%Y-%m-%d")
    headings = {name: names.get(str(name), str(name).capitalize()) for name in rounded.columns}
    return rounded.rename(columns=headings).reset_index(drop=True)
