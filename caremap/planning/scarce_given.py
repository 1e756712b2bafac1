"""Numbers, names, periods and floors as a user gives them, read one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.problems import DataProblem

__all__ = [
    "by_period",
    "floors_of",
    "in_time",
    "numbers_of",
    "require",
    "said_period",
    "texts_of",
]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

NO_LIMIT = 2**40


def said_period(period: object) -> str:
    """Return a period as it is said: a day without its time.

    >>> said_period(pd.Timestamp("2024-05-01")), said_period(3)
    ('2024-05-01', '3')
    """
    if isinstance(period, pd.Timestamp) and period == period.normalize():
        return f"{period:%Y-%m-%d}"
    return str(period)


def require(frame: pd.DataFrame, what: str, columns: Sequence[str]) -> None:
    """Say which column a table lacks."""
    missing = [name for name in columns if name not in frame]
    if missing:
        raise DataProblem(
            f"The table of {what} has no column “{missing[0]}”.",
            f"It needs the columns {', '.join(columns)}.",
        )


def texts_of(values: pd.Series[Any], name: str) -> list[str]:
    """Return the cells of a column as text, none of them empty."""
    if values.isna().any():
        raise DataProblem(
            f"A cell of the column “{name}” is empty.", "Fill it, or leave the row out."
        )
    return [str(value).strip() for value in values]


def numbers_of(values: object, what: str, *, whole: bool = False) -> Array:
    """Return numbers of 0 or more, none missing; whole where they count units."""
    found = np.asarray(pd.to_numeric(pd.Series(values, dtype="object"), errors="coerce"), "float64")
    if not (np.isfinite(found).all() and (found >= 0).all()):
        raise DataProblem(f"{what} has to be a number, 0 or more, in every row.", "Fill it in.")
    if whole and (found != np.rint(found)).any():
        raise DataProblem(f"{what} has to be whole units.", "Round it, or use a smaller unit.")
    return found


def by_period(given: object, column: str, what: str) -> dict[Any, Any] | None:
    """Return a value by period; None where it is one number for all."""
    if given is None or isinstance(given, Real):
        return None
    if isinstance(given, pd.DataFrame):
        require(given, what, ["period", column])
        if given["period"].duplicated().any():
            raise DataProblem(f"A period stands twice in the {what}.", "Give each period one row.")
        return dict(zip(given["period"], given[column], strict=True))
    if isinstance(given, Mapping | pd.Series):
        return dict(given.items())
    raise TypeError(f"The {what} is a number, or one by period.")


def in_time(periods: Sequence[Any]) -> list[Any]:
    """Return each period once, the earliest first: by number, date, or text with numbers in it."""
    known = list(dict.fromkeys(periods)) or [""]
    if any(pd.isna(period) for period in known):
        raise DataProblem("A cell of the column “period” is empty.", "Fill it.")
    if len(known) > 1 and "" in known:
        raise DataProblem(
            "The supply is by period, but the groups have no periods.",
            "Add a column “period” to the groups, or give one number of units.",
        )
    try:
        text = all(isinstance(period, str) for period in known)
        return sorted(known, key=_natural if text else None)
    except TypeError as error:
        raise DataProblem("Periods are of different kinds.", "Write all of them alike.") from error


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key by which “Week 2” comes before “Week 10”."""
    parts = re.findall(r"\d+|\D+", text)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part.casefold()) for part in parts]


def floors_of(
    floors: object, places: pd.DataFrame, periods: list[Any], cells: pd.DataFrame
) -> Whole:
    """Return the units promised to each place, never more than its demand."""
    demand = cells.groupby("place")["demand"].sum().reindex(range(len(places)), fill_value=0)
    wanted = demand.to_numpy("int64")
    if floors is None:
        return np.zeros(len(places), dtype="int64")
    promised = [_promise(floors, area, periods[at], places) for area, at in
                places[["area", "at"]].itertuples(index=False, name=None)]  # fmt: skip
    units = [_units(value, int(most)) for value, most in zip(promised, wanted, strict=True)]
    result: Whole = np.minimum(np.asarray(units, dtype="int64"), wanted)
    return result


def _promise(floors: object, area: str, period: object, places: pd.DataFrame) -> object:
    """Return what an area is promised in a period, as it was given: units, or a share."""
    if isinstance(floors, Real):
        return floors
    if isinstance(floors, pd.DataFrame):
        require(floors, "floors", ["area"])
        column = next((name for name in ("share", "units", "floor") if name in floors), None)
        if column is None:
            raise DataProblem("The floors have no column “share”, “units” or “floor”.", "Add one.")
        names = floors["area"].astype("str").str.strip()
        _known(set(names), places)
        here = names == area
        if "period" in floors:
            here &= floors["period"] == period
        values = floors.loc[here, column].dropna()
        if len(values) > 1:
            raise DataProblem("An area stands twice in the floors.", "Give each area one row.")
        if values.empty:
            return 0
        value = values.iloc[0]
        return float(value) if column == "share" else int(value) if (
            column == "units" and float(value).is_integer()) else value  # fmt: skip
    if isinstance(floors, Mapping | pd.Series):
        given = {str(name).strip(): value for name, value in dict(floors).items()}
        _known(set(given), places)
        value = given.get(area, 0)
        return 0 if pd.isna(value) else value
    raise TypeError("Floors are a number, one by area, or a frame.")


def _known(names: set[str], places: pd.DataFrame) -> None:
    if names - set(places["area"]):
        raise DataProblem("The floors name an area that has no groups.", "Use the same names.")


def _units(value: object, demand: int) -> int:
    """Return a promise in whole units: a share is rounded up, that it is kept in full."""
    if isinstance(value, float | np.floating) and 0 <= value <= 1:
        return int(np.ceil(float(value) * demand - 1e-9))
    number = numbers_of([value], "A floor", whole=True)[0]
    return int(min(number, NO_LIMIT))
