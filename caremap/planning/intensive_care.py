"""Intensive care beds and ventilators, from the census ahead and who needs them how long."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.coverage import has
from caremap.measures.windows import DAY
from caremap.planning.ahead import CensusForecast, band
from caremap.planning.survival import stay_survival
from caremap.problems import DataProblem

__all__ = ["intensive", "intensive_defaults"]

Array = np.ndarray[Any, Any]

RECENT = 365
ON_VENTILATOR = 5.9 / 11.2

CALLED = r"intensiv|critical care|\b(?:icu|itu|nicu|picu|uci|uti)\b|reanim"

_HCUP = "HCUP Statistical Brief 185: adult stays in 29 US states, 2011"
_HUNTER = "Hunter, Johnson and Coustasse, Health Care Manager 2014;33: mean in US intensive care"
_WUNSCH = (
    "Wunsch et al., Critical Care Medicine 2013;41: 39.5 % of the patients in 97 US intensive care "
    "units at any hour"
)
_ESTEBAN = "Esteban et al., JAMA 2002;287: 5.9 days on a ventilator in 11.2 days of intensive care"
_HCUP_STAY = "HCUP Statistical Brief 180: mean stay in US community hospitals, 2012"


def intensive_defaults(dataset: Dataset) -> pd.DataFrame:
    """Return what share of patients needs intensive care and a ventilator, and for how long.

    Parameters
    ----------
    dataset
        Where stays have ``icu_days`` and ``ventilated``, those discharged in the last year say it;
        without ``icu_days``, the stays in departments that are called intensive care.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``setting``, the names `intensive` takes: ``stay`` (nights a patient is in, on
        average), ``icu_share`` (percent of admissions), ``icu_stay`` (days in intensive care of
        those), ``ventilated_share`` (percent of intensive care patients), ``ventilated_stay``
        (days of those). Columns ``title``, ``value``, ``unit``, ``source`` (where the value is
        from) and ``own`` (whether it is from the data).

    Examples
    --------
    >>> intensive_defaults(Dataset())[["value", "unit", "own"]]
                      value      unit    own
    setting
    stay                4.5      days  False
    icu_share          26.9  percent  False
    icu_stay            3.3      days  False
    ventilated_share   39.5  percent  False
    ventilated_stay     3.3      days  False
    """
    found = {
        "stay": (4.5, _HCUP_STAY, False),
        "icu_share": (26.9, _HCUP, False),
        "icu_stay": (3.3, _HUNTER, False),
        "ventilated_share": (39.5, _WUNSCH, False),
        "ventilated_stay": (3.3, f"{_WUNSCH}: as many as all of the stay", False),
    }
    found |= _own_stay(dataset) | _own_intensive(dataset)
    titles = {
        "stay": ("Nights a patient stays on average", "days"),
        "icu_share": ("Admissions that need intensive care", "percent"),
        "icu_stay": ("Days in intensive care, of those", "days"),
        "ventilated_share": ("Intensive care patients on a ventilator", "percent"),
        "ventilated_stay": ("Days on a ventilator, of those", "days"),
    }
    rows = [
        {"setting": name, "title": title, "value": found[name][0], "unit": unit,
         "source": found[name][1], "own": found[name][2]}
        for name, (title, unit) in titles.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).set_index("setting")


def _own_stay(dataset: Dataset) -> dict[str, tuple[float, str, bool]]:
    try:
        nights = float(stay_survival(dataset).sum())
    except DataProblem:
        return {}
    return {"stay": (nights, "The stays of the last year (Kaplan-Meier).", True)}


def _own_intensive(dataset: Dataset) -> dict[str, tuple[float, str, bool]]:
    """Return what the stays discharged in the last year say."""
    if not has(dataset.stays, "icu_days"):
        return _own_units(dataset)
    date = "discharged" if has(dataset.stays, "discharged") else None
    flag = ["ventilated"] if has(dataset.stays, "ventilated") else []
    only = "was_admitted" if has((dataset.whole or dataset).stays, "was_admitted") else None
    counted = dataset.once("stays", reductions.histogram, date, "icu_days", flag, only=only)
    counted = _last_year(dataset, counted)
    needed = counted[counted["icu_days"] > 0]
    patients, everyone = float(needed["rows"].sum()), float(counted["rows"].sum())
    if not patients:
        return {}
    days = float((needed["icu_days"] * needed["rows"]).sum())
    told = f"{everyone:,.0f} stays of the last year, {patients:,.0f} of them in intensive care."
    found = {
        "icu_share": (100 * patients / everyone, told, True),
        "icu_stay": (days / patients, told, True),
        "ventilated_stay": (days / patients, f"{_WUNSCH}: as many as all of the stay", False),
    }
    if not flag:
        return found
    on = needed[needed["ventilated"] == "Yes"]
    on_patients = float(on["rows"].sum())
    share = (100 * on_patients / patients, told, True)
    if not on_patients:
        return found | {"ventilated_share": share}
    on_days = float((on["icu_days"] * on["rows"]).sum()) / on_patients
    said = f"{on_days:.1f} days in intensive care of those on a ventilator; {_ESTEBAN}"
    stay = (on_days * ON_VENTILATOR, said, False)
    return found | {"ventilated_share": share, "ventilated_stay": stay}


def _own_units(dataset: Dataset) -> dict[str, tuple[float, str, bool]]:
    """Return what stays in departments of intensive care say, where days are not recorded."""
    if not has(dataset.stays, "department", "discharged", "length_of_stay"):
        return {}
    only = "was_admitted" if has((dataset.whole or dataset).stays, "was_admitted") else None
    counted = dataset.once(
        "stays", reductions.histogram, "discharged", "length_of_stay", ["department"], only=only
    )
    counted = _last_year(dataset, counted)
    inside = counted[counted["department"].str.contains(CALLED, case=False, regex=True)]
    patients, everyone = float(inside["rows"].sum()), float(counted["rows"].sum())
    if not patients:
        return {}
    days = float((inside["length_of_stay"] * inside["rows"]).sum()) / patients
    told = (
        f"{everyone:,.0f} stays of the last year, {patients:,.0f} of them in "
        f"{', '.join(sorted(inside['department'].unique()))}."
    )
    return {
        "icu_share": (100 * patients / everyone, told, True),
        "icu_stay": (days, told, True),
        "ventilated_stay": (days, f"{_WUNSCH}: as many as all of the stay", False),
    }


def _last_year(dataset: Dataset, counted: pd.DataFrame) -> pd.DataFrame:
    """Keep what ended in the last year, where there are dates."""
    if dataset.as_of is None or counted["date"].isna().all():
        return counted
    return counted[counted["date"].between(dataset.as_of - RECENT * DAY, dataset.as_of)]


def intensive(
    census: CensusForecast,
    dataset: Dataset,
    *,
    icu_share: float | None = None,
    icu_stay: float | None = None,
    ventilated_share: float | None = None,
    ventilated_stay: float | None = None,
    stay: float | None = None,
) -> pd.DataFrame:
    """Return the intensive care beds and ventilators to expect to be in use.

    Parameters
    ----------
    census
        The census ahead.
    dataset
        What the defaults are read from.
    icu_share, icu_stay, ventilated_share, ventilated_stay, stay
        As `intensive_defaults` gives them, where not given here: percent and days.

    Returns
    -------
    pandas.DataFrame
        One row per day: ``date``; ``census``, ``icu`` and ``ventilated`` (patients expected),
        and for each of them and every level of the census the bounds ``icu_low_80``,
        ``icu_high_80`` and so on. Ventilated are never more than those in intensive care, nor
        these more than all patients: not on any day, nor in any bound.

    Raises
    ------
    caremap.DataProblem
        Where a share is not between 0 and 100, a stay is below zero or not a number, or shares
        and stays say that there are more intensive care days than bed-days, or more days on a
        ventilator than in intensive care.

    Notes
    -----
    The part of all patients in house who are in intensive care is what they stay there over
    what patients stay altogether: ``icu_share x icu_stay / stay``; the part of those who are on
    a ventilator is ``ventilated_share x ventilated_stay / icu_stay``. In each possible future
    every patient is there by that chance.
    """
    usual = intensive_defaults(dataset)["value"]
    asked = {
        "icu_share": icu_share, "icu_stay": icu_stay, "ventilated_share": ventilated_share,
        "ventilated_stay": ventilated_stay, "stay": stay,
    }  # fmt: skip
    values = {
        name: float(usual[name]) if value is None else float(value) for name, value in asked.items()
    }
    in_icu, on_ventilator = parts_in_use(values)
    random = np.random.default_rng(20240502)
    everyone = census.samples.to_numpy("float64")
    whole = np.floor(np.maximum(everyone, 0.0)).astype("int64")
    in_units = random.binomial(whole, in_icu)
    breathing = random.binomial(in_units, on_ventilator)
    mean = census.frame["mean"].to_numpy("float64")
    names = map(str, census.frame)
    levels = [int(name[4:]) for name in names if name.startswith("low_")]
    columns: dict[str, Any] = {"date": census.frame["date"]}
    for name, futures, expected in (
        ("census", everyone, mean),
        ("icu", in_units, mean * in_icu),
        ("ventilated", breathing, mean * in_icu * on_ventilator),
    ):
        bounds = band(pd.DataFrame(futures, columns=census.samples.columns), expected, levels)
        columns[name] = expected
        columns |= {
            f"{name}_{bound}": bounds[bound]
            for bound in bounds
            if bound not in ("date", "median", "mean")
        }
    return pd.DataFrame(columns)


def parts_in_use(values: dict[str, float]) -> tuple[float, float]:
    """Return the part of patients in intensive care, and of these on a ventilator."""
    for name in ("icu_share", "ventilated_share"):
        if not 0 <= values[name] <= 100:
            raise DataProblem("A share has to lie between 0 and 100 percent.", "Change the share.")
    for name in ("stay", "icu_stay", "ventilated_stay"):
        if not 0 <= values[name] < np.inf:
            raise DataProblem("A stay has to be a number of days, 0 or more.", "Change the stay.")
    icu_days = values["icu_share"] / 100 * values["icu_stay"]
    if icu_days > values["stay"]:
        raise DataProblem(
            f"That is {icu_days:.1f} intensive care days per admission, but patients stay for "
            f"{values['stay']:.1f} nights altogether.",
            "Lower the share or the stay in intensive care.",
        )
    on_days = values["ventilated_share"] / 100 * values["ventilated_stay"]
    if on_days > values["icu_stay"]:
        raise DataProblem(
            f"That is {on_days:.1f} days on a ventilator per intensive care patient, who stay "
            f"there for {values['icu_stay']:.1f} days.",
            "Lower the share or the days on a ventilator.",
        )
    in_icu = icu_days / values["stay"] if values["stay"] else 0.0
    return in_icu, on_days / values["icu_stay"] if values["icu_stay"] else 0.0
