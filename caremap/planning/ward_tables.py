"""Wards and the patients to expect, from the data: what `place_patients` starts from."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.dataset import Dataset
from caremap.forecasting import Forecast
from caremap.measures.beds import beds_of
from caremap.measures.coverage import has
from caremap.measures.windows import DAY
from caremap.planning.ahead import ENOUGH, SHARES_FROM
from caremap.planning.apportionment import apportion
from caremap.planning.blocked import known_beds, place_labels, ward_columns
from caremap.planning.care_levels import level_of
from caremap.planning.risk import StayRisk
from caremap.planning.survival import Sojourns, all_leaving, leaving, sojourns
from caremap.problems import DataProblem

__all__ = ["expected_patients", "stay_curves", "wards_of"]

Array = npt.NDArray[np.float64]

USUAL_DAYS = 56
"""Days whose admissions say how many to expect, where nothing is forecast: eight whole weeks."""


def wards_of(dataset: Dataset, *, as_of: object = None) -> pd.DataFrame:
    """Return the wards of a network, their beds, and who is in them.

    Parameters
    ----------
    dataset
        With stays, and with beds by ward or department.
    as_of
        The day, as in `caremap.planning.in_house`.

    Returns
    -------
    pandas.DataFrame
        ``ward`` (each once; with the facility in the name where there are several),
        ``facility`` (empty where the data has none), ``department``, ``level`` (of care, from the
        names of ward and department: to be corrected by hand), ``beds`` (staffed; NaN: not
        known) and ``occupied`` (patients at that midnight). By name.

    Raises
    ------
    caremap.DataProblem
        Where patients in hospital are not known, or no column says in which place they are.

    Examples
    --------
    >>> admitted = pd.date_range("2024-01-01", periods=100).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"ward": "Surgical ICU", "admitted": admitted,
    ...     "discharged": admitted + pd.Timedelta(days=3), "length_of_stay": 3.0})
    >>> beds = pd.DataFrame({"ward": ["Surgical ICU"], "resource": "beds", "units": [5.0]})
    >>> wards_of(Dataset(stays=stays, capacity=beds), as_of="2024-03-01").to_dict("records")
    [{'ward': 'Surgical ICU', 'facility': '', 'department': 'Surgical ICU', 'level': 'intensive',
      'beds': 5.0, 'occupied': 3.0}]
    """
    names = ward_columns(dataset.stays)
    if not names:
        raise DataProblem(
            "In which ward patients are is not known: there is no column ward or department.",
            "Match one of them.",
        )
    above = [name for name in ("facility", "department")
             if name not in names and names[-1] == "ward" and has(dataset.stays, name)]  # fmt: skip
    known = sojourns(dataset, as_of, [*names, *above])
    most = known.rows.groupby([*names, *above])["rows"].sum().sort_values(kind="stable")
    homes = most.reset_index().drop_duplicates(names, keep="last")  # a ward's usual department
    inside = known.rows[known.rows["nights"].isna()].groupby(names)["rows"].sum()
    table = _with_empty(dataset, homes, names)
    keys = list(table[names].itertuples(index=False, name=None))
    patients = [float(inside.get(key if len(names) > 1 else key[0], 0.0)) for key in keys]
    label = place_labels(table, names)
    plain = table[names[-1]].astype("str")
    department = table["department"].fillna(plain) if "department" in table else plain
    found = pd.DataFrame(
        {
            "ward": pd.Series(label, dtype="str"),
            "facility": table["facility"].fillna("").astype("str") if "facility" in table else "",
            "department": department.astype("str"),
            "level": [level_of(*pair) for pair in zip(plain, department, strict=True)],
            "beds": known_beds(dataset, names, keys, known.as_of),
            "occupied": patients,
        }
    )
    return found.sort_values("ward", kind="stable", ignore_index=True)


def _with_empty(dataset: Dataset, homes: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the places of the stays, and those that have beds and never had a patient."""
    beds = beds_of(dataset)
    if not set(names) <= set(beds.places):
        return homes.reset_index(drop=True)
    counted = pd.DataFrame(beds.keys(names), columns=names, dtype="str")
    there = {tuple(map(str.casefold, row)) for row in homes[names].itertuples(index=False)}
    new = [tuple(map(str.casefold, row)) not in there for row in counted.itertuples(index=False)]
    return pd.concat([homes, counted[new]], ignore_index=True)


def expected_patients(
    source: Dataset | StayRisk,
    days: int = 14,
    *,
    forecast: Forecast | None = None,
    over: float | None = None,
    as_of: object = None,
) -> pd.DataFrame:
    """Return the patients to expect in the days ahead, by department, in whole numbers.

    Parameters
    ----------
    source
        A dataset with stays. Or a prediction of lengths of stay: then those of a department are
        two groups, by whether a long stay is predicted for them.
    days
        How many days ahead.
    forecast
        Of daily admissions: its mean says how many come. Else as many a day as in the last eight
        weeks.
    over
        Nights a stay has to last more than to be long; by default 7, of a prediction its own.
    as_of
        The day, as in `caremap.planning.in_house`; of a prediction its own.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``department``, ``facility`` (where there are several), ``level`` (of care,
        from the name of the department: to be corrected by hand), ``expected`` (whole patients
        of the window), ``stay`` (mean nights), ``risk`` (chance of a long stay). By name. Groups
        add up to what is expected of all, rounded once (largest remainder).

    Raises
    ------
    caremap.DataProblem
        Where stays have no dates or no department, or the forecast ends earlier.

    Notes
    -----
    Shares of departments are those of the last half year, stays those of the last year
    (Kaplan-Meier; of all patients where fewer than 40 left a department).

    Examples
    --------
    >>> admitted = pd.date_range("2024-01-01", periods=100).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"department": ["Surgery", "Medicine"] * 50, "admitted": admitted,
    ...     "discharged": admitted + pd.Timedelta(days=3), "length_of_stay": 3.0})
    >>> expected_patients(Dataset(stays=stays), as_of="2024-03-01")[
    ...     ["group", "level", "expected", "stay", "risk"]]
          group    level  expected  stay  risk
    0  Medicine  general         7   3.0   0.0
    1   Surgery  general         7   3.0   0.0
    """
    if int(days) != days or days < 1:
        raise DataProblem("The days ahead have to be a whole number, 1 or more.", "Change them.")
    if isinstance(source, StayRisk):
        table, per_day, long = _predicted(source)
    else:
        table, per_day = _observed(source, 7.0 if over is None else float(over), as_of)
        long = []
    total = per_day * days
    if forecast is not None:
        mean = forecast.frame["mean"].to_numpy("float64")
        if forecast.every != "day" or len(mean) < days:
            raise DataProblem(
                f"The forecast does not give each of the {days} days ahead.",
                "Forecast the days, or look less far ahead.",
            )
        total = float(mean[:days].sum())
    names = [name for name in ("facility", "department") if name in table]
    table = table.sort_values([*names, *long], kind="stable", ignore_index=True)
    seats = int(np.floor(total + 0.5))
    expected = (
        apportion(table["weight"].to_numpy("float64"), seats, "hamilton")[0]
        if seats and table["weight"].sum() > 0
        else np.zeros(len(table), dtype="int64")
    )
    group = table["department"].astype("str")
    if long:
        group = group + table["long"].map(_SAID)
    columns = {name: table[name].astype("str") for name in ("department", "facility")
               if name in table}  # fmt: skip
    return pd.DataFrame(
        {
            "group": group,
            **columns,
            "level": pd.Series([level_of(name) for name in table["department"]], dtype="str"),
            "expected": expected,
            "stay": table["stay"].astype("float64"),
            "risk": table["risk"].astype("float64"),
        }
    )


_SAID = {True: ", long stay predicted", False: ""}
"""What is added to the name of a department, by whether long stays are predicted."""


def _names(table: pd.DataFrame | None) -> list[str]:
    if not has(table, "department"):
        raise DataProblem(
            "Which department patients come to is not known: there is no column department.",
            "Match one, or type in the patients to expect.",
        )
    assert table is not None
    several = has(table, "facility") and len(table["facility"].dropna().unique()) > 1
    return ["facility", "department"] if several else ["department"]


def _recent(dates: pd.Series[Any], weight: Any, as_of: pd.Timestamp, first: pd.Timestamp) -> float:
    """Return the admissions a day of the last eight weeks, or of as many days as are known."""
    days = min(USUAL_DAYS, (as_of - first).days + 1)
    return float(weight[(dates > as_of - days * DAY) & (dates <= as_of)].sum()) / max(days, 1)


def _observed(dataset: Dataset, over: float, as_of: object) -> tuple[pd.DataFrame, float]:
    names = _names(dataset.stays)
    known = sojourns(dataset, as_of, names)
    per_day = _recent(known.rows["date"], known.rows["rows"], known.as_of, known.first)
    recent = known.rows[known.rows["date"] > known.as_of - SHARES_FROM * DAY]
    recent = known.rows if recent.empty else recent
    weight = recent.groupby(names)["rows"].sum()
    rows = []
    for key, curve in _curves(known, names).items():
        rows.append(
            {
                **dict(zip(names, key, strict=True)),
                "weight": float(weight.get(key if len(names) > 1 else key[0], 0.0)),
                "stay": float(curve.sum()),
                "risk": float(np.r_[curve, 0.0][min(int(over), len(curve))]),
            }
        )
    return pd.DataFrame(rows), per_day


def _predicted(risk: StayRisk) -> tuple[pd.DataFrame, float, list[str]]:
    """Return what was predicted of the stays of the last half year, by department."""
    stays = risk.predictions
    names = _names(stays)
    if risk.as_of is None or not has(stays, "admitted"):
        raise DataProblem(
            "How many patients come a day is not known: stays have no admission date.",
            "Type in the patients to expect.",
        )
    came = stays["admitted"].dt.normalize()
    first = came.min()
    last = min(risk.as_of, came.max())  # the last days' stays may not have been predicted yet
    per_day = _recent(came, pd.Series(1.0, index=stays.index), last, first)
    recent = stays[(came > last - SHARES_FROM * DAY) & stays["department"].notna()]
    recent = recent.assign(long=recent["median"] > risk.over)
    found = recent.groupby([*names, "long"], as_index=False).agg(
        weight=("predicted", "size"), stay=("predicted", "mean"), risk=("risk", "mean")
    )
    return found, per_day, ["long"]


def stay_curves(source: Dataset | StayRisk, *, as_of: object = None) -> pd.DataFrame:
    """Return how long patients of each group stay: the chance to be in still.

    Parameters
    ----------
    source
        A dataset with stays that have dates and a department. Or a prediction of lengths of stay:
        then how long those stayed of whom the same was predicted before they had left.
    as_of
        The day, as in `caremap.planning.in_house`; of a prediction its own.

    Returns
    -------
    pandas.DataFrame
        One column per group, as `expected_patients` names them; row k is the k-th midnight after
        arrival, 0 being the one that ends the day of arrival. NaN beyond the last stay. What
        `place_patients` takes as ``survival``. Of all patients where fewer than 40 left a
        department; groups of a prediction that fewer than 40 left have no column.

    Examples
    --------
    >>> admitted = pd.date_range("2024-01-01", periods=100).astype("datetime64[us]")
    >>> stays = pd.DataFrame({"department": "Surgery", "admitted": admitted,
    ...     "discharged": admitted + pd.Timedelta(days=2), "length_of_stay": 2.0})
    >>> stay_curves(Dataset(stays=stays), as_of="2024-03-01")["Surgery"].tolist()
    [1.0, 1.0, 0.0]
    """
    if isinstance(source, StayRisk):
        return _predicted_curves(source)
    _names(source.stays)
    known = sojourns(source, as_of, ["department"])
    curves = {key[0]: pd.Series(curve) for key, curve in _curves(known, ["department"]).items()}
    return pd.DataFrame(curves).rename_axis("midnight")


def _curves(known: Sojourns, names: list[str]) -> dict[tuple[str, ...], Array]:
    """Return the survival of each group; of all patients where few have left it."""
    usual = all_leaving(known).survival
    found = {}
    for key, rows in known.rows.groupby(names):
        own = leaving(known, rows)
        name = tuple(map(str, key if isinstance(key, tuple) else (key,)))
        found[name] = own.survival if own.leavers >= ENOUGH else usual
    return found


def _predicted_curves(risk: StayRisk) -> pd.DataFrame:
    """Return the survival (Kaplan-Meier) of stays by department and by what was predicted."""
    stays = risk.predictions
    _names(stays)
    long = (stays["median"] > risk.over).map(_SAID)
    ended = stays["stay"].notna().to_numpy()
    nights = stays["stay"].to_numpy("float64")
    if risk.as_of is not None and has(stays, "admitted"):
        so_far = (risk.as_of - stays["admitted"].dt.normalize()).dt.days.to_numpy("float64")
        nights = np.where(ended, nights, so_far)
    found = {}
    for name, rows in stays.groupby(stays["department"].astype("str") + long).indices.items():
        known = rows[np.isfinite(nights[rows]) & (nights[rows] >= 0)]
        if ended[known].sum() >= ENOUGH:
            found[str(name)] = pd.Series(_survival(nights[known].astype("int64"), ended[known]))
    return pd.DataFrame(found).rename_axis("midnight")


def _survival(nights: npt.NDArray[np.int64], ended: npt.NDArray[np.bool_]) -> Array:
    """Return the chance that a stay lasts over 0, 1, 2 ... nights; who is in still, is over."""
    left = np.bincount(nights[ended], minlength=nights.max() + 1)
    there = np.bincount(nights)[::-1].cumsum()[::-1]  # patients known to have stayed so long
    curve: Array = np.cumprod(1 - left / np.maximum(there, 1))
    return curve
