"""Facilities as places of an emergency: what they have, expect, lack and could give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caremap.dataset import Dataset
from caremap.forecasting import Forecast, Parts, series
from caremap.geography.names import place_key
from caremap.planning.network import network_of
from caremap.planning.role_columns import numbers
from caremap.planning.scenario import ScenarioRun
from caremap.planning.transfer import free_beds
from caremap.problems import DataProblem

__all__ = ["emergency_places"]

_YEAR = {"day": 365, "week": 52}
_OWN = ("over_65", "vulnerability")


def emergency_places(
    dataset: Dataset,
    *,
    forecast: Parts | Forecast | None = None,
    scenario_run: ScenarioRun | None = None,
    network: pd.DataFrame | None = None,
    scenario: str | None = None,
    keep: float = 0.85,
    as_of: object = None,
) -> pd.DataFrame:
    """Return the facilities with what they have, what they expect, lack and could give, in beds.

    Parameters
    ----------
    dataset
        Facilities, and stays and beds, or counts of occupied and staffed beds.
    forecast
        Of daily (or weekly) admissions: of each facility (`caremap.forecasting.Parts`), or of all
        together, then every facility has the same surge.
    scenario_run
        Instead of a forecast: the surge of a scenario, the same for every facility.
    network
        As `caremap.planning.network` gives it, where it is there already.
    scenario
        Which of the run; by default the first after the baseline.
    keep
        The occupancy, a fraction, up to which a facility that gives beds away may fill the rest.
    as_of
        As in `caremap.planning.free_beds`.

    Returns
    -------
    pandas.DataFrame
        One row per facility, for `caremap.planning.emergency`: ``place``, ``latitude``,
        ``longitude``, ``population`` (people), ``beds`` (staffed), ``occupied`` (patients at the
        last midnight known), ``surge`` (expected over usual), ``need`` (beds short: patients now
        times the surge, less the beds; whole), ``spare`` (beds it could give; whole). Columns
        ``over_65`` and ``vulnerability`` of the facilities come along. NaN: not known; without
        forecast and scenario no surge is known, and as many patients as now are expected.

    Notes
    -----
    Expected over usual is, of a forecast, the mean of its horizon over that of the last 365 days
    (52 weeks); of a scenario, the median census of its peak over the baseline's mean census.

    Raises
    ------
    caremap.DataProblem
        Where no table names facilities, or there is no such scenario.

    Examples
    --------
    >>> counts = pd.DataFrame({"facility": ["A", "B"], "occupied_beds": [12.0, 5.0],
    ...                        "staffed_beds": [10.0, 10.0]})
    >>> found = emergency_places(Dataset(activity=counts))
    >>> found[["place", "beds", "occupied", "need", "spare"]]
      place  beds  occupied  need  spare
    0     A  10.0      12.0   2.0    0.0
    1     B  10.0       5.0   0.0    4.0
    """
    if not 0 < keep <= 1:
        raise DataProblem(f"Beds cannot be filled to {keep:g}.", "Give a share such as 0.85.")
    places = _facilities(dataset, network, as_of)
    keys = places["facility"].map(place_key)
    now = free_beds(dataset, as_of=as_of)
    now = now.set_index(now["facility"].map(place_key))
    beds, occupied = (keys.map(now[name]).astype("float64") for name in ("beds", "occupied"))
    surge = _surge(dataset, keys, forecast, scenario_run, scenario, as_of)
    expected = occupied * surge.fillna(1.0)
    own = {name: numbers(places[name]) for name in _OWN if name in places}
    return pd.DataFrame(
        {
            "place": places["facility"].astype("str"),
            "latitude": places["latitude"].astype("float64"),
            "longitude": places["longitude"].astype("float64"),
            "population": places["population"].astype("float64"),
            "beds": beds,
            "occupied": occupied,
            "surge": surge,
            "need": np.ceil((expected - beds).clip(lower=0) - 1e-9) + 0.0,  # no minus zero
            "spare": np.floor((beds - expected / keep).clip(lower=0) + 1e-9),
            **own,
        }
    )


def _facilities(dataset: Dataset, given: pd.DataFrame | None, as_of: object) -> pd.DataFrame:
    """Return the facilities of a network, with their own columns of who lives there."""
    frame = network_of(dataset, as_of=as_of).frame if given is None else given
    frame = frame.reset_index(drop=True)
    table = dataset.facilities
    if table is not None and "facility" in table:
        first = table.assign(key=table["facility"].map(place_key)).drop_duplicates("key")
        first = first.set_index("key")
        keys = frame["facility"].map(place_key)
        own = {name: keys.map(first[name]) for name in _OWN if name in first and name not in frame}
        frame = frame.assign(**own)
    return frame


def _surge(
    dataset: Dataset,
    keys: pd.Series,
    forecast: Parts | Forecast | None,
    run: ScenarioRun | None,
    scenario: str | None,
    as_of: object,
) -> pd.Series:
    """Return expected over usual of every facility."""
    if run is not None:
        return pd.Series(_of_scenario(run, scenario), index=keys.index)
    if forecast is None:
        return pd.Series(np.nan, index=keys.index)
    if isinstance(forecast, Forecast):
        usual = float(forecast.history.tail(_YEAR[forecast.every]).mean())
        ratio = float(forecast.frame["mean"].mean()) / usual if usual > 0 else np.nan
        return pd.Series(ratio, index=keys.index)
    every = forecast.whole.every
    past = series(dataset, "admissions", every, by="facility", as_of=as_of).tail(_YEAR[every])
    usual_of = past.mean().rename(index=place_key).groupby(level=0).sum()
    ahead = forecast.frame.assign(key=forecast.frame["part"].map(place_key))
    days = ahead["date"].nunique()
    expected = ahead.groupby("key")["mean"].sum() / days
    ratios = expected / usual_of.where(usual_of > 0)
    return keys.map(ratios).astype("float64")


def _of_scenario(run: ScenarioRun, scenario: str | None) -> float:
    """Return the median census of a scenario's peak over the baseline's mean census."""
    names = [one.name for one in run.scenarios]
    wanted = scenario if scenario is not None else (names[1] if len(names) > 1 else names[0])
    if wanted not in names:
        raise DataProblem(f"There is no scenario “{wanted}”.", "Choose one that was run.")
    usual = float(run.summary["mean_census"].loc[names[0]])
    return float(run.summary["peak_median"].loc[wanted]) / usual if usual > 0 else float("nan")
