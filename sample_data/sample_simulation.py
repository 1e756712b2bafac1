"""Draw the patients and stays of the invented network from the tables of `sample_structure`.

Patients arrive as first stays (day, facility, reason, type of admission); each stay runs its
course; those discharged alive may come back soon or later, which is the next generation of
stays, until nobody is left who returns before the end. One patient's stays never overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import sample_structure as structure
from numpy.random import Generator
from pandas.tseries.holiday import USFederalHolidayCalendar

DAY_ZERO = pd.Timestamp(structure.START) - pd.Timedelta(days=structure.WARM_UP_DAYS)
CLOSING = pd.Timestamp(structure.END) + pd.Timedelta(days=1)  # midnight the extract was taken
DAYS = (CLOSING - DAY_ZERO).days


@dataclass(frozen=True)
class Network:
    """The tables of the structure as arrays, facilities and reasons by their position."""

    facilities: pd.DataFrame  # with county, latitude, longitude
    reasons: pd.DataFrame  # with what SERVICES says of the department
    homes: pd.DataFrame
    mix: np.ndarray  # facility x reason: share of the facility's first stays
    types: np.ndarray  # reason x type: share of the reason's stays
    reach: np.ndarray  # facility x home: share of the facility's patients
    nearest: np.ndarray  # home x rank: facilities by distance

    def where(self, department: str) -> np.ndarray:
        """Return which reasons belong to the department."""
        return (self.reasons["department"] == department).to_numpy()


def kilometres(a: pd.DataFrame, b: pd.DataFrame) -> np.ndarray:
    """Return rough distances, good enough to draw homes from: nothing shown is computed here."""
    north = a["latitude"].to_numpy()[:, None] - b["latitude"].to_numpy()
    east = a["longitude"].to_numpy()[:, None] - b["longitude"].to_numpy()
    return np.hypot(north * 111.2, east * 75.5)


def build_network() -> Network:
    """Read the structure and join what belongs together."""
    homes = structure.read(structure.HOMES)
    places = homes[["zip", "county", "latitude", "longitude", "population"]]
    facilities = structure.read(structure.FACILITIES).merge(places, on="zip")
    services = structure.read(structure.SERVICES)
    reasons = structure.read(structure.REASONS).merge(services, on="department")
    departments = structure.read(structure.DEPARTMENTS).set_index("facility").fillna(0)
    of_department = reasons.groupby("department")["weight"].transform("sum")
    within = (reasons["weight"] / of_department).to_numpy()
    mix = departments.loc[facilities["facility"], reasons["department"]].to_numpy() / 100 * within
    elective = reasons["elective"].to_numpy() / 100
    unplanned = reasons[["Emergency", "Urgent", "Transfer"]].to_numpy() / 100
    types = np.column_stack([unplanned * (1 - elective)[:, None], elective])
    distance = kilometres(facilities, homes)
    pull = homes["population"].to_numpy() * (np.exp(-distance / 11) + 0.02 * np.exp(-distance / 60))
    reach = pull / pull.sum(axis=1, keepdims=True)
    return Network(facilities, reasons, homes, mix, types, reach, distance.T.argsort(axis=1))


# --- time --------------------------------------------------------------------------------------


def winter_wave() -> np.ndarray:
    """Return the height of the respiratory wave on each day, around 0 in an ordinary year."""
    dates = pd.date_range(DAY_ZERO, periods=DAYS)
    wave = 0.3 * np.cos(2 * np.pi * (dates.day_of_year.to_numpy() - 20) / 365.25) - 0.15
    for peak, height, width in structure.WINTERS:
        away = (dates - pd.Timestamp(peak)).days.to_numpy()
        wave = wave + height * np.exp(-0.5 * (away / width) ** 2)
    return wave


def calendar(types: tuple[str, ...]) -> np.ndarray:
    """Return the factor of each day and admission type: weekday, public holidays."""
    dates = pd.date_range(DAY_ZERO, periods=DAYS)
    week = np.array([structure.WEEKDAYS[name] for name in types])
    week = week / week.mean(axis=1, keepdims=True)
    factors = week[:, dates.day_of_week].T
    holidays = USFederalHolidayCalendar().holidays(dates[0], dates[-1])
    closed = dates.isin(holidays) | ((dates.month == 12) & (dates.day >= 24) & (dates.day <= 26))
    quiet = np.where(np.array(types) == "Elective", 0.2, 0.95)
    return np.where(closed[:, None], np.minimum(factors, quiet), factors)


def restless_days(rng: Generator) -> np.ndarray:
    """Return a slowly wandering factor around 1: days of a hospital are not independent."""
    steps = rng.normal(0, 0.022, DAYS)
    level = np.zeros(DAYS)
    for day in range(1, DAYS):
        level[day] = 0.85 * level[day - 1] + steps[day]
    return np.exp(level)


# --- who arrives -------------------------------------------------------------------------------


def first_stays(rng: Generator, network: Network) -> pd.DataFrame:
    """Draw the first stay of every patient: day, facility, reason and type of admission."""
    years = (np.arange(DAYS) - structure.WARM_UP_DAYS) / 365.25
    growth = (1 + network.facilities["growth"].to_numpy()) ** years[:, None]
    volume = growth * network.facilities["share"].to_numpy() / 100 * restless_days(rng)[:, None]
    season = 1 + network.reasons["winter"].to_numpy() * winter_wave()[:, None]
    week = calendar(structure.TYPES)
    frames = []
    for position in range(len(network.facilities)):
        reasons = np.flatnonzero(network.mix[position])
        rate = volume[:, position, None] * network.mix[position, reasons]
        rate = rate * np.clip(season[:, reasons], 0.15, None) * structure.FIRST_STAYS_A_DAY
        drawn = rng.poisson(rate[:, :, None] * network.types[reasons] * week[:, None, :])
        day, reason, kind = (np.repeat(axis, drawn[drawn > 0]) for axis in np.nonzero(drawn))
        columns = {"day": day, "facility": position, "reason": reasons[reason], "type": kind}
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True).rename_axis("patient").reset_index()


def draw_patients(rng: Generator, network: Network, stays: pd.DataFrame) -> pd.DataFrame:
    """Draw age at day zero, sex, home and payer of the patients, one per first stay."""
    reasons = network.reasons.iloc[stays["reason"]]
    count = len(stays)
    child = (reasons["department"] == "Pediatrics").to_numpy()
    age = rng.normal(reasons["age"], reasons["spread"])
    age = np.where(child, np.clip(np.abs(age), 0, 17), np.clip(age, 18, 101))
    mother = (reasons["department"] == "Obstetrics").to_numpy()
    age = np.where(mother, np.clip(age, 18, 46), age)
    home = np.zeros(count, dtype=int)
    for position, group in stays.groupby("facility"):
        home[group.index] = rng.choice(len(network.homes), len(group), p=network.reach[position])
    gender = np.where(rng.random(count) < reasons["female"] / 100, "Female", "Male").astype(object)
    gender[(rng.random(count) < 0.004) & ~mother] = "Unknown"
    born = stays["day"] - age * 365.25
    columns = {"born": born, "gender": gender, "home": home, "payer": draw_payers(rng, age)}
    return pd.DataFrame(columns)


def draw_payers(rng: Generator, age: np.ndarray) -> np.ndarray:
    """Draw the payer from the percentages of the age group."""
    ages = [first for first, _ in structure.PAYERS]
    shares = np.array([percent for _, percent in structure.PAYERS]).cumsum(axis=1) / 100
    group = np.searchsorted(ages, age, side="right") - 1
    chosen = (rng.random(len(age))[:, None] > shares[group]).sum(axis=1)
    return np.array(structure.PAYER_NAMES)[np.minimum(chosen, 4)]


# --- what happens during a stay ----------------------------------------------------------------


def draw_course(
    rng: Generator, network: Network, patients: pd.DataFrame, stays: pd.DataFrame
) -> pd.DataFrame:
    """Add arrival, severity, nights, intensive care and how it ends to the stays."""
    reasons = network.reasons.iloc[stays["reason"]].reset_index(drop=True)
    stays = stays.reset_index(drop=True)
    count = len(stays)
    born = patients["born"].to_numpy()[stays["patient"]]
    age = (stays["day"].to_numpy() - born) / 365.25
    shift = np.array([0.15, 0.0, 0.3, -0.3])[stays["type"]]
    severity = rng.normal(shift, 1.0)
    arrival = draw_arrival(rng, stays["type"].to_numpy())
    nights = draw_nights(rng, network, stays, severity, age)
    away = age - reasons["age"].to_numpy()
    risk = reasons["icu"] / 100 * np.exp(0.45 * severity)
    intensive = (reasons["department"] == "Intensive Care").to_numpy()
    in_icu = ((rng.random(count) < risk) | intensive) & (nights > 0)
    some = np.minimum(rng.geometric(0.45, count), nights)
    most = np.maximum(1, np.rint(nights * rng.uniform(0.55, 1.0, count))).astype(int)
    icu_days = np.where(in_icu, np.where(intensive, most, some), 0)
    ventilated = in_icu & (rng.random(count) < reasons["vent"] / 100)
    death = reasons["died"] / 100 * np.exp(0.6 * severity + 0.025 * away) * (1 + 1.5 * ventilated)
    died = rng.random(count) < np.minimum(death * 0.75, 0.85)
    drawn = {"age": age, "severity": severity, "icu_days": icu_days, "ventilated": ventilated}
    stays = stays.assign(**drawn, died=died, arrival=arrival, nights=nights)
    return draw_departure(rng, stays)


def draw_arrival(rng: Generator, kind: np.ndarray) -> np.ndarray:
    """Draw the minute of the day of the arrival."""
    hours = np.array(structure.HOURS) / sum(structure.HOURS)
    minute = rng.choice(24, len(kind), p=hours) * 60 + rng.integers(0, 60, len(kind))
    for name, (mean, spread, earliest, latest) in structure.ARRIVALS.items():
        planned = np.clip(rng.normal(mean, spread, len(kind)), earliest, latest) * 60
        minute = np.where(kind == structure.TYPES.index(name), planned.astype(int), minute)
    return minute


def draw_nights(
    rng: Generator, network: Network, stays: pd.DataFrame, severity: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Draw nights in hospital: lognormal, a few very long, few discharges at weekends."""
    reasons = network.reasons.iloc[stays["reason"]]
    day = stays["day"].to_numpy()
    centre = reasons["nights"].to_numpy()
    centre = centre * network.facilities["nights"].to_numpy()[stays["facility"]]
    centre = centre * 0.985 ** ((day - structure.WARM_UP_DAYS) / 365.25)
    centre = centre * np.exp(0.24 * severity + 0.006 * (age - reasons["age"].to_numpy()))
    nights = centre * rng.lognormal(0.12, 0.48, len(stays))
    waits_for_a_place = rng.random(len(stays)) < np.where(age >= 75, 0.03, 0.006)
    nights = np.where(waits_for_a_place, nights * 2.8 + 4, nights)
    nights = np.clip(np.rint(nights), 0, 90).astype(int)
    intensive = (reasons["department"] == "Intensive Care").to_numpy()
    nights = np.where(intensive, np.maximum(nights, 1), nights)
    leaves = (DAY_ZERO.weekday() + day + nights) % 7
    moved = np.where(nights >= 3, rng.random(len(stays)), 1)
    saturday = np.where(moved < 0.3, -1, 0)
    sunday = np.where(moved < 0.2, -2, np.where(moved < 0.4, 1, 0))
    nights = nights + np.where(leaves == 5, saturday, np.where(leaves == 6, sunday, 0))
    same_day = (rng.random(len(stays)) < 0.025) & ~intensive
    return np.where(same_day, 0, nights)


def draw_departure(rng: Generator, stays: pd.DataFrame) -> pd.DataFrame:
    """Draw the minute of the day of the discharge: around noon, deaths at any hour."""
    count = len(stays)
    noon = np.clip(rng.normal(12.7, 2.3, count), 7.5, 21.5) * 60
    same_day = stays["arrival"] + rng.uniform(4, 10, count) * 60
    late = (stays["nights"] == 0) & (same_day > 23.5 * 60)
    nights = np.where(late, 1, stays["nights"])
    minute = np.where(stays["died"], rng.uniform(0, 1439, count), noon)
    minute = np.where(nights == 0, same_day, minute).astype(int)
    return stays.assign(nights=nights, departure=minute)


# --- who comes back ----------------------------------------------------------------------------


def come_back(rng: Generator, network: Network, stays: pd.DataFrame) -> pd.DataFrame:
    """Draw the next stay of the patients who have one, within 30 days or later."""
    reasons = network.reasons.iloc[stays["reason"]].reset_index(drop=True)
    stays = stays.reset_index(drop=True)
    odds = reasons["back"] / 100 * np.exp(0.15 * stays["severity"]) * 1.03
    draw = rng.random(len(stays))
    soon = (draw < odds) & ~stays["died"]
    mother = (reasons["department"] == "Obstetrics").to_numpy()
    odds_later = np.where(mother, 0.05, np.where(reasons["chronic"] == 1, 0.34, 0.16))
    later = ~soon & ~stays["died"] & (rng.random(len(stays)) < odds_later)
    gap_soon = 1 + np.minimum(rng.exponential(10.5, len(stays)), 28).astype(int)
    gap_later = 31 + rng.exponential(190, len(stays)).astype(int) + np.where(mother, 330, 0)
    left = stays["day"] + stays["nights"]
    day = left + np.where(soon, gap_soon, gap_later)
    back = stays.assign(left=left, day=day, soon=soon)[soon | later]
    back = back[back["day"] < DAYS].reset_index(drop=True)
    back = same_or_other_reason(rng, network, back)
    return settle_day(rng, network, back)[["patient", "day", "facility", "reason", "type"]]


def same_or_other_reason(rng: Generator, network: Network, back: pd.DataFrame) -> pd.DataFrame:
    """Choose reason and facility of a return: for the same, what follows it, or something else."""
    names = network.reasons["diagnosis"]
    follows = network.reasons["returns_as"].fillna(names).map({v: k for k, v in names.items()})
    past = back["reason"].to_numpy()
    count = len(back)
    department = network.reasons["department"].to_numpy()[past]
    mother, child = department == "Obstetrics", department == "Pediatrics"
    own = np.where(back["soon"], follows.to_numpy()[past], past)
    own[mother & ~back["soon"]] = names[names == "Normal delivery"].index[0]
    chronic = network.reasons["chronic"].to_numpy()[past] == 1
    stick = np.where(back["soon"], 0.72, np.where(chronic, 0.6, 0.0))
    other = (rng.random(count) > stick) & ~mother & ~(child & back["soon"])
    moves = other & ~child & (rng.random(count) < 0.2)
    close = network.nearest[back["home"]]
    elsewhere = np.where(close[:, 0] == back["facility"], close[:, 1], close[:, 0])
    facility = np.where(moves, elsewhere, back["facility"])
    reason = np.where(other, draw_reason(rng, network, facility, child), own)
    return back.assign(reason=reason, facility=facility)


def draw_reason(
    rng: Generator, network: Network, facility: np.ndarray, child: np.ndarray
) -> np.ndarray:
    """Draw any reason the facility treats: a child's from Pediatrics, an adult's from the rest."""
    childrens = network.where("Pediatrics")
    mix = np.where(network.where("Obstetrics") | childrens, 0, network.mix)[facility]
    mix[child] = np.where(childrens, network.mix, 0)[facility[child]]
    edges = mix.cumsum(axis=1)
    return (rng.random(len(facility))[:, None] * edges[:, -1:] >= edges).sum(axis=1)


def settle_day(rng: Generator, network: Network, back: pd.DataFrame) -> pd.DataFrame:
    """Draw the type of a return; later ones follow the week, planned ones avoid the weekend."""
    shares = network.types[back["reason"]].copy()
    shares[back["soon"], 3] *= 0.3
    edges = shares.cumsum(axis=1) / shares.sum(axis=1, keepdims=True)
    kind = np.minimum((rng.random(len(back))[:, None] > edges).sum(axis=1), 3)
    week = np.array([structure.WEEKDAYS[name] for name in structure.TYPES]).cumsum(axis=1)
    week = week / week[:, -1:]
    weekday = (rng.random(len(back))[:, None] > week[kind]).sum(axis=1)
    monday = back["day"] - (DAY_ZERO.weekday() + back["day"]) % 7
    day = np.where(back["soon"], back["day"], np.maximum(monday + weekday, back["left"] + 1))
    weekend = (DAY_ZERO.weekday() + day) % 7
    day = np.where((kind == 3) & (weekend >= 5), day + 7 - weekend, day)
    back = back.assign(day=day, type=kind)
    return back[back["day"] < DAYS]


def simulate(rng: Generator, network: Network) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all stays since day zero and their patients."""
    stays = first_stays(rng, network)
    patients = draw_patients(rng, network, stays)
    generations = []
    while len(stays):
        stays = draw_course(rng, network, patients, stays)
        generations.append(stays)
        home = patients["home"].to_numpy()[stays["patient"]]
        stays = come_back(rng, network, stays.assign(home=home))
    return pd.concat(generations, ignore_index=True), patients
