"""Key figure cards: overall, month to date, what it is compared with, and how it is computed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Literal, cast

import pandas as pd
import streamlit as st

from caremap.measures import MEASURES, Measure
from caremap.measures.windows import reporting_windows
from caremap.ui import downloads, typed_beds
from caremap.ui.sidebar import View
from caremap.ui.text import NONE, amount, day, days_between, percent

__all__ = ["change_words", "chosen", "show_card"]

_WORDS = {
    "length_of_stay": ("longer", "shorter"),
    "median_stay": ("longer", "shorter"),
    "waiting": ("longer", "shorter"),
    "cost": ("higher", "lower"),
    "mean_cost": ("higher", "lower"),
    "occupancy": ("higher", "lower"),
    "satisfaction": ("higher", "lower"),
    "readmission": ("higher", "lower"),
}
_TITLES = {
    "admissions": "Total admissions",
    "cost": "Total treatment cost",
    "discharges": "Total discharges",
    "length_of_stay": "Average length of stay",
    "occupancy": "Average bed occupancy",
    "mean_census": "Patients in hospital",
}
_DECIMALS = {"cost": 2, "length_of_stay": 2, "median_stay": 0, "occupancy": 1}
_SPARK_MONTHS = 13
_SENTENCE = re.compile(r"(?:“[^”]*”|[^.]|\.(?!\s|$))+\.?")
_PERCENT = frozenset({"%", "percent"})
_OVER_DAYS = frozenset(
    ["occupancy", "bed_days", "mean_census", "staffed_beds", "turnover", "turnover_interval"]
)


@dataclass(frozen=True)
class Windows:
    """The days the figures are for, in words; empty where the data has no dates."""

    month: str = ""
    previous: str = ""
    last_year: str = ""


def windows_of(view: View, every: str = "") -> Windows:
    """Return the days of month to date and of what it is compared with, in words.

    Parameters
    ----------
    view
        What is looked at.
    every
        ``moment`` where the last day alone counts, ``month`` or ``week`` where the file
        counts whole months or weeks: then these are named, not the days of the window.
    """
    spans = {
        window.name: _span(window.start, window.end, every)
        for window in reporting_windows(view.dataset, view.as_of)
        if window.start is not None and window.end is not None
    }
    return Windows(
        spans.get("month_to_date", ""), spans.get("previous", ""), spans.get("last_year", "")
    )


def _span(start: pd.Timestamp, end: pd.Timestamp, every: str) -> str:
    if every == "moment":
        return day(end)
    if every == "month":
        return f"all of {end:%b %Y}"
    days = days_between(start, end)
    return f"weeks dated {days}" if every == "week" else days


def chosen(headline: pd.DataFrame) -> list[str]:
    """Return the measures to show as cards: five for everybody, one that the data decides."""
    known = headline["overall"].notna()
    others = ("visits", "still_in_hospital", "mean_census")
    sixth = next((name for name in others if known[name]), "still_in_hospital")
    return ["admissions", "discharges", "length_of_stay", "cost", "occupancy", sixth]


def show_card(name: str, figures: pd.DataFrame, trend: pd.DataFrame, view: View) -> None:
    """Draw one card.

    Parameters
    ----------
    name
        The measure.
    figures, trend
        `caremap.measures.headline` and `caremap.measures.trend` of the view.
    view
        What is looked at.
    """
    at_a_moment = name == "still_in_hospital"
    measure, line = MEASURES[name], cast("pd.Series[Any]", figures.loc[name])
    windows = windows_of(view, "moment" if at_a_moment else str(line["every"]))
    with st.container(border=True, height="stretch"):
        st.header(_TITLES.get(name, measure.title), anchor=False)
        if _computed(line["overall"]) and not at_a_moment:
            whole = "whole file" if view.dataset.period is None else "whole period"
            st.metric(f"Overall ({whole}), {_unit(measure)}", _figure(measure, line["overall"]))
            if name == "length_of_stay":
                median = _figure(MEASURES["median_stay"], figures.loc["median_stay", "overall"])
                st.caption(f"Median {median} {'day' if median == '1' else 'days'} overall")
        elif not _computed(line["overall"]):
            st.metric("Overall", NONE, help="Cannot be computed: this is not a zero.")
            st.text(_briefly(str(line["note"])) or "It cannot be computed from this data.")
            st.page_link("pages/data.py", label="Supply it on the Data page")
        if windows.month and _computed(line["overall"]):
            _month(name, measure, line, trend, windows)
        if name == "occupancy" and _beds_would_do(figures):
            typed_beds.ask_one(bool(view.dataset.filters))
        with st.popover("How this is computed", width="stretch"):
            _explain(measure, line, view, windows)


def _briefly(note: str) -> str:
    """The first two sentences of a note: the whole of it stands in “How this is computed”.

    A full stop between quotation marks belongs to the name of a column.

    Examples
    --------
    >>> _briefly("Dates of “Adm. Date” are in doubt. Repair them. They end in May.")
    'Dates of “Adm. Date” are in doubt. Repair them.'
    """
    sentences = _SENTENCE.findall(note)
    return " ".join(sentence.strip() for sentence in sentences[:2])


def _month(
    name: str, measure: Measure, line: pd.Series[Any], trend: pd.DataFrame, windows: Windows
) -> None:
    change = float(line["change"])
    delta, words = change_words(name, change)
    if delta is not None and measure.unit in _PERCENT:
        # A change of a percentage in percent reads as points to some and not to others.
        delta = f"{float(line['month_to_date']) - float(line['previous']):+.1f} points"
    st.metric(
        _month_label(name, line, windows),
        _figure(measure, line["month_to_date"]),
        delta=delta,
        delta_color=_color(measure, change),
        delta_description=words if delta is not None else None,
        chart_data=_spark(trend, name),
        chart_type="line",
    )
    compared = [
        f"{label}: {_figure(measure, line[column]) if _computed(line[column]) else 'not known'}"
        for label, column in (
            (f"Month before, {windows.previous}", "previous"),
            (f"Year before, {windows.last_year}", "last_year"),
        )
    ]
    per = (
        "  \nThe change is per day: the lengths differ." if "Change per day" in line["note"] else ""
    )
    st.caption("  \n".join(compared) + per)


def _month_label(name: str, line: pd.Series[Any], windows: Windows) -> str:
    if name == "still_in_hospital":
        return f"On {windows.month}"
    return f"{'Month' if line['every'] == 'month' else 'Month to date'}, {windows.month}"


def change_words(name: str, change: float) -> tuple[str | None, str]:
    """Return a change as text with its sign, and in words, with whether it is good.

    Examples
    --------
    >>> change_words("length_of_stay", 0.1)
    ('+10.0 %', 'longer (worse)')
    >>> change_words("admissions", -0.05), change_words("admissions", float("nan"))
    (('-5.0 %', 'fewer'), (None, 'no comparison'))
    """
    if math.isnan(change):
        return None, "no comparison"
    more, less = _WORDS.get(name, ("more", "fewer"))
    if round(change, 3) == 0:
        return "0.0 %", "the same"
    word = more if change > 0 else less
    good = MEASURES[name].good
    judged = "" if not good else " (better)" if (change > 0) == (good == "up") else " (worse)"
    # Streamlit tells the direction of the arrow by an ASCII sign.
    return percent(change).replace("−", "-") if change < 0 else percent(change), word + judged


def _color(measure: Measure, change: float) -> Literal["normal", "inverse", "off"]:
    if math.isnan(change) or not measure.good or round(change, 3) == 0:
        return "off"
    return "normal" if measure.good == "up" else "inverse"


def _spark(trend: pd.DataFrame, name: str) -> list[float] | None:
    """The last thirteen whole months: a partial one would look like a fall."""
    if trend.empty:
        return None
    values = trend.loc[trend["complete"], name].dropna().tail(_SPARK_MONTHS)
    return values.tolist() if len(values) > 2 else None


def _explain(measure: Measure, line: pd.Series[Any], view: View, windows: Windows) -> None:
    st.markdown(f"**{measure.title}.** {measure.definition}")
    downloads.table(
        _parts(measure, line, windows), "Numerator and denominator", f"parts_{measure.name}",
        f"{measure.name}_computed",
    )  # fmt: skip
    if measure.denominator:
        st.caption(f"Numerator: {measure.numerator}. Denominator: {measure.denominator}.")
    else:
        st.caption(f"Counted: {measure.numerator}.")
    if str(line["note"]):
        st.text(str(line["note"]))
    if measure.caveats:
        st.caption(measure.caveats)
    dated = "No dates" if view.as_of is None else f"As of {day(view.as_of)}"
    st.caption(f"{dated}. Source of the definition: {measure.source}.")
    st.page_link(
        "pages/glossary.py", label="In the Glossary", query_params={"glossary": measure.name},
        icon=":material/menu_book:",
    )  # fmt: skip


def _parts(measure: Measure, line: pd.Series[Any], windows: Windows) -> pd.DataFrame:
    """Numerator, denominator and rows used, overall and for the month to date."""
    rows = []
    for label, start, value in (
        ("Overall", "", line["overall"]),
        (f"Month to date ({windows.month})", "mtd_", line["month_to_date"]),
    ):
        if label != "Overall" and not windows.month:
            continue
        top, below = float(line[f"{start}numerator"]), float(line[f"{start}denominator"])
        rows.append(
            {
                "Period": label,
                "Figure": _figure(measure, value),
                "Numerator": amount(top, 0 if top == round(top) else 2) if _computed(top) else NONE,
                "Denominator": amount(below) if measure.denominator else "",
                "Days used" if measure.name in _OVER_DAYS else "Rows used": amount(
                    float(line[f"{start}n"])
                ),
            }
        )
    return pd.DataFrame(rows)


def _beds_would_do(figures: pd.DataFrame) -> bool:
    """Whether bed counts are what occupancy lacks, or one number is typed in already."""
    known = figures["overall"].notna()
    return typed_beds.one_is_typed() or bool(known["bed_days"] and not known["occupancy"])


def _computed(value: object) -> bool:
    return isinstance(value, int | float) and not math.isnan(value)


def _unit(measure: Measure) -> str:
    """The unit as a card has room for it: nothing is cut at 1280 pixels."""
    if measure.unit in _PERCENT:
        return "percent"
    return "file currency" if measure.unit.startswith("currency") else measure.unit or "count"


def _figure(measure: Measure, value: object) -> str:
    if not isinstance(value, int | float) or math.isnan(value):
        return NONE
    shown = amount(value, _DECIMALS.get(measure.name, measure.decimals))
    return f"{shown} %" if measure.unit in _PERCENT else shown
