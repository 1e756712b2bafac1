"""Patients in hospital day by day in several scenarios, against the beds there are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.charts.ahead import briefly, on_day
from caremap.charts.figure import Figure, Plot
from caremap.charts.frames import needs, numbers, text_of
from caremap.charts.look import NO_FIGURE, number, times
from caremap.charts.scenario_strips import scenario_strips
from caremap.charts.words import isolated

__all__ = ["scenarios_figure"]

_SPOKEN = 8  # scenarios the alternative text names


def scenarios_figure(
    daily: pd.DataFrame, *, baseline: str = "Baseline", period: str = ""
) -> Figure:
    """Return the patients of several scenarios beside the baseline, day by day.

    Parameters
    ----------
    daily
        One row per scenario and day: ``scenario``, ``date``, ``median``, ``high_90``, ``low_10``
        (patients in hospital at midnight) and ``beds`` (missing where not known); as
        `ScenarioRun.daily`.
    baseline
        What the run without any change is called: it is drawn first, and into every strip.
    period
        The days, in words.

    Returns
    -------
    Figure
        A strip per scenario on one scale: the median, the band that holds 80 % of futures, the
        baseline's median, the beds. The title names the highest peak, and beds beyond it.

    Raises
    ------
    ValueError
        Where there is no row, a column is missing or a day stands twice.

    Examples
    --------
    >>> days = pd.date_range("2026-05-04", periods=2)
    >>> daily = pd.DataFrame({"scenario": ["Baseline"] * 2 + ["Winter surge"] * 2,
    ...     "date": [*days, *days], "median": [160.0, 162, 180, 195], "beds": 190.0,
    ...     "low_10": [150.0, 151, 168, 180], "high_90": [170.0, 173, 195, 210]})
    >>> scenarios_figure(daily).title
    'Winter surge peaks at 195 patients on Tue 5 May, 5 beyond the beds; 162 without changes'
    """
    needs(daily, ["scenario", "date", "median", "high_90", "low_10", "beds"])
    rows = _rows(daily, baseline)
    title = _title(rows, baseline)
    ends = [pd.Timestamp(rows["date"].agg(end)) for end in ("min", "max")]
    table = _table(rows)
    return Figure(
        name="scenarios_by_day",
        title=title,
        subtitle=f"Patients in hospital at midnight · {period or briefly(*ends)}",
        chart=scenario_strips(rows, baseline),
        alt=_alt(title, rows),
        table=table,
        notes=_notes(rows),
        plot=Plot("line", "Day", tuple(table.filter(regex=": median$").columns)),
    )


def _rows(daily: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """Return what is drawn, the baseline first and the others in the order they come."""
    rows = pd.DataFrame(
        {
            "name": text_of(daily["scenario"].astype("object")).to_numpy(),
            "date": pd.to_datetime(daily["date"]).to_numpy(),
            "mean": numbers(daily["mean" if "mean" in daily else "median"]),
            **{
                name: numbers(daily[column])
                for name, column in (
                    ("median", "median"), ("low", "low_10"), ("high", "high_90"), ("beds", "beds")
                )
            },
        }
    )  # fmt: skip
    if rows.duplicated(["name", "date"]).any():
        raise ValueError("A day of a scenario stands in several rows.")
    names = list(dict.fromkeys(rows["name"]))
    order = [*[name for name in names if name == baseline], *[n for n in names if n != baseline]]
    place = {name: at for at, name in enumerate(order)}
    usual = rows[rows["name"].eq(baseline)].set_index("date")["median"]
    rows = rows.assign(
        strip=rows["name"].map(place),
        usual=rows["date"].map(usual).astype("float64"),
        day=[on_day(day, "day", year=True) for day in rows["date"]],
        shown=[number(value) for value in rows["median"]],
    ).sort_values(["strip", "date"], ignore_index=True)
    rows["within"] = [_within(row) for _, row in rows.iterrows()]
    rows["said"] = [_said(row) for _, row in rows.iterrows()]
    peaks = _peaks(rows)
    shown = dict(zip(peaks["name"], peaks["shown"], strict=True))
    rows["peak"] = [f"peak {shown[name]}" if name in shown else NO_FIGURE for name in rows["name"]]
    rows["highest"] = rows.groupby("strip")["median"].transform("max")
    return rows


def _peaks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the fullest day of each scenario: of several as full, the one fuller on average."""
    known = rows[rows["median"].notna()]
    ordered = known.sort_values(
        ["strip", "median", "mean", "date"], ascending=[True, False, False, True]
    )
    return ordered.drop_duplicates("strip").reset_index(drop=True)


def _within(row: pd.Series) -> str:
    ends = [number(row[end]) for end in ("low", "high")]
    return NO_FIGURE if NO_FIGURE in ends else f"{ends[0]} to {ends[1]}"


def _said(row: pd.Series) -> str:
    beds = f", {number(row['beds'])} beds" if np.isfinite(row["beds"]) else ""
    return f"{row['name']}, {row['day']}: {row['shown']} patients, 80 % {row['within']}{beds}"


# --- the words ------------------------------------------------------------------------------


def _title(rows: pd.DataFrame, baseline: str) -> str:
    peaks = _peaks(rows)
    if peaks.empty:
        return "No patients could be computed in any scenario"
    others = peaks[peaks["name"].ne(baseline)]
    most = (others if len(others) else peaks).sort_values(
        ["median", "strip"], ascending=[False, True]
    ).iloc[0]  # fmt: skip
    usual = peaks.loc[peaks["name"].eq(baseline), "median"]
    opening = (
        f"{isolated(most['name'])} peaks at {number(most['median'])} patients on "
        f"{on_day(most['date'], 'day')}{_against(most)}"
    )
    if others.empty or usual.empty:
        return opening
    before = float(usual.iloc[0])
    same = most["median"] == before
    return f"{opening}; {'as many' if same else number(before)} without changes"


def _against(peak: pd.Series) -> str:
    if not np.isfinite(peak["beds"]):
        return ""
    beyond = peak["median"] - peak["beds"]
    if beyond > 0:
        return f", {number(beyond)} beyond the beds"
    if peak["high"] > peak["beds"]:
        return f", within the {number(peak['beds'])} beds but not in every future"
    return f", within the {number(peak['beds'])} beds"


def _alt(title: str, rows: pd.DataFrame) -> str:
    peaks = _peaks(rows)
    said = [
        f"{row['name']}: at most {row['shown']} on {on_day(row['date'], 'day')}, "
        f"80 % of futures {row['within']}"
        for _, row in peaks.head(_SPOKEN).iterrows()
    ]
    more = len(peaks) - len(said)
    rest = [times(more, "more scenario")] if more > 0 else []
    beds = rows["beds"].dropna()
    lines = [f"Staffed beds: {_range(beds)}"] if len(beds) else []
    return f"Lines by day, a strip per scenario. {title}. {'; '.join([*said, *rest, *lines])}."


def _range(values: pd.Series) -> str:
    low, high = float(values.min()), float(values.max())
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _notes(rows: pd.DataFrame) -> tuple[str, ...]:
    notes = [
        "Patients are what is asked for: beds do not limit them.",
        "The band holds 80 % of the possible futures: on each day one in ten is above it.",
    ]
    if not rows["beds"].notna().any():
        notes.append("How many beds there are is not known, so there is no line of them.")
    return tuple(notes)


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row per day, with the figures of every scenario side by side."""
    days = sorted(rows["date"].unique())
    table = pd.DataFrame({"Day": pd.Series(days).dt.strftime("%Y-%m-%d")})
    heads = (("median", "median"), ("low", "from"), ("high", "to"), ("beds", "beds"))
    for name, part in rows.groupby("name", sort=False):
        by_day = part.set_index("date").reindex(days)
        for column, head in heads:
            if column == "beds" and not part["beds"].notna().any():
                continue
            told = f"80 % {head}" if head in ("from", "to") else head
            table[f"{name}: {told}"] = by_day[column].to_numpy()
    return table
