"""Make the invented sample network: `python sample_data/make_sample.py [folder]`.

The tables of `sample_structure.py` say what the network is made of; `sample_simulation.py`
draws its patients and stays from them; this script makes the hospital's files of it, with a
fixed seed, and writes them beside itself or into the folder given. The same
versions of numpy, pandas and openpyxl give the same bytes.
"""

from __future__ import annotations

import re
import sys
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import sample_structure as structure
from numpy.random import Generator
from openpyxl import Workbook
from sample_simulation import CLOSING, DAY_ZERO, Network, build_network, simulate, winter_wave

WORKBOOK = "caremap_sample_network.xlsx"

READ_ME = (
    "CareMap sample network",
    "Everything in this workbook is invented: facilities, patients, stays, staff, beds, visits and",
    "populations. It describes no real hospital and no real person. Only the ZIP codes, their",
    "counties and coordinates are real (state of Washington).",
    "",
    "Stays: one row per inpatient stay admitted from 2022-07-01 to 2025-06-30, 12 facilities.",
    "Stays begun earlier are not included, so the first weeks show too few patients in house.",
    "A blank discharge date means still in hospital at the end of 2025-06-30.",
    "Costs and charges are US dollars; satisfaction is 1 to 10, blank where not answered.",
    "County and ZIP Code are those of the patient's home.",
    "Facilities: coordinates, county and the population of the facility's own ZIP code.",
    "Staff: headcount by role. Population: people per home ZIP code.",
    "Capacity: beds = all staffed beds of a ward; icu_beds = those of them that are intensive care",
    "(a part of beds, not to be added); ventilators = machines.",
    "Activity: outpatient and emergency visits and the staff's team score (1 to 5) per month.",
)


# --- the extract as a hospital would hand it over ----------------------------------------------


def make_stays(rng: Generator, network: Network) -> pd.DataFrame:
    """Return the stays table: chosen by admission date, what lies after the end left blank."""
    drawn, patients = simulate(rng, network)
    stays = drawn[drawn["day"] >= structure.WARM_UP_DAYS]
    stays = stays.sort_values(["day", "arrival", "patient"], ignore_index=True)
    reasons = network.reasons.iloc[stays["reason"]].reset_index(drop=True)
    people = patients.iloc[stays["patient"]].reset_index(drop=True)
    homes = network.homes.iloc[people["home"]].reset_index(drop=True)
    admitted = DAY_ZERO + pd.to_timedelta(stays["day"] * 1440 + stays["arrival"], unit="min")
    left = (stays["day"] + stays["nights"]) * 1440 + stays["departure"]
    discharged = DAY_ZERO + pd.to_timedelta(left, unit="min")
    codes = rng.permutation(900_000)[: len(patients)] + 100_000
    kind = np.array(structure.TYPES)[stays["type"]]
    cost, charges = draw_money(rng, network, stays)
    waiting = draw_waiting(rng, network, stays)
    age = np.minimum(stays["age"].to_numpy().astype(int), 90)
    table = pd.DataFrame(
        {
            "Stay ID": [f"S{number:06d}" for number in range(1, len(stays) + 1)],
            "Patient ID": [f"P{code}" for code in codes[stays["patient"]]],
            "Admission Date": admitted.dt.as_unit("s"),
            "Discharge Date": discharged.dt.as_unit("s"),
            "Length of Stay": stays["nights"].astype("Int64"),
            "Facility": network.facilities["facility"].to_numpy()[stays["facility"]],
            "Department": reasons["department"],
            "Ward": draw_ward(rng, network, stays),
            "Treatment": reasons["treatment"],
            "Diagnosis": reasons["diagnosis"],
            "Admission Type": kind,
            "Age": age,
            "Age Band": age_band(age),
            "Gender": people["gender"],
            "County": homes["county"],
            "ZIP Code": homes["zip"],
            "Insurance": people["payer"],
            "Cost": cost,
            "Charges": charges,
            "ICU Days": stays["icu_days"].astype("Int64"),
            "Ventilated": np.where(stays["ventilated"], "Yes", "No"),
            "Waiting Minutes": waiting,
            "Outcome": draw_outcome(rng, stays),
            "Readmitted": "",
            "Satisfaction": draw_satisfaction(rng, network, stays, waiting),
        }
    )
    return blank_the_future(table.assign(Readmitted=readmitted(table)))


def age_band(age: np.ndarray) -> np.ndarray:
    """Return the age band of each age."""
    firsts = [first for first, _ in structure.AGE_BANDS]
    names = np.array([name for _, name in structure.AGE_BANDS])
    return names[np.searchsorted(firsts, age, side="right") - 1]


def two_wards(network: Network) -> np.ndarray:
    """Return facility x reason: whether its department is large enough for two wards."""
    large = np.zeros(network.mix.shape, dtype=bool)
    for department in network.reasons["department"].unique():
        mine = network.where(department)
        share = network.mix[:, mine].sum(axis=1) * network.facilities["share"].to_numpy()
        large[:, mine] = (share >= 3.0)[:, None]
    return large


def draw_ward(rng: Generator, network: Network, stays: pd.DataFrame) -> np.ndarray:
    """Return the ward; a department with two fills ward A a little more."""
    name = network.reasons["ward"].to_numpy()[stays["reason"]]
    letter = np.where(rng.random(len(stays)) < 0.54, " A", " B")
    return name + np.where(two_wards(network)[stays["facility"], stays["reason"]], letter, "")


def draw_money(
    rng: Generator, network: Network, stays: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Return cost and charges in whole dollars: procedure, days, intensive care, prices rising."""
    reasons = network.reasons.iloc[stays["reason"]].reset_index(drop=True)
    places = network.facilities.iloc[stays["facility"]].reset_index(drop=True)
    years = (stays["day"] - structure.WARM_UP_DAYS) / 365.25
    cost = reasons["procedure"] * rng.lognormal(0, 0.22, len(stays))
    cost = cost + reasons["day_rate"] * (stays["nights"] + 0.6) * np.exp(0.06 * stays["severity"])
    cost = cost + 2600 * stays["icu_days"] + 5400 * stays["ventilated"]
    cost = cost * places["cost"] * 1.034**years * rng.lognormal(0, 0.14, len(stays))
    charges = cost * places["markup"] * rng.lognormal(0, 0.08, len(stays))
    return whole(np.rint(cost)), whole(np.rint(charges))


def draw_waiting(rng: Generator, network: Network, stays: pd.DataFrame) -> np.ndarray:
    """Return minutes from arrival to being seen: longer on Mondays, evenings and in winter."""
    usual = network.facilities["wait"].to_numpy()[stays["facility"]]
    usual = usual * np.array(list(structure.WAITS.values()))[stays["type"]]
    monday = (DAY_ZERO.weekday() + stays["day"]) % 7 == 0
    evening = (stays["arrival"] >= 17 * 60) & (stays["arrival"] < 23 * 60)
    winter = winter_wave()[stays["day"]]
    usual = usual * (1 + 0.15 * monday + 0.2 * evening) * (1 + 0.12 * winter)
    usual = usual * np.exp(-0.18 * np.clip(stays["severity"], -2, 2))
    minutes = usual * rng.lognormal(0, 0.55, len(stays))
    return np.clip(np.rint(minutes), 1, 600).astype(int)


def draw_outcome(rng: Generator, stays: pd.DataFrame) -> np.ndarray:
    """Return how the stay ended; the older go home less often."""
    shares = np.array([percent for _, percent in structure.DESTINATIONS]).T.cumsum(axis=1) / 100
    group = np.searchsorted([65, 80], stays["age"], side="right")
    chosen = (rng.random(len(stays))[:, None] > shares[group]).sum(axis=1)
    names = np.array([name for name, _ in structure.DESTINATIONS])
    return np.where(stays["died"], "Died", names[np.minimum(chosen, len(names) - 1)])


def draw_satisfaction(
    rng: Generator, network: Network, stays: pd.DataFrame, waiting: np.ndarray
) -> pd.Series:
    """Return 1 to 10, blank where nobody answered: long waits and long stays please less."""
    mood = network.facilities["mood"].to_numpy()[stays["facility"]]
    years = (stays["day"] - structure.WARM_UP_DAYS) / 365.25
    score = 8.3 + mood + 0.06 * years - 0.010 * (waiting - 30)
    score = score - 0.06 * np.clip(stays["nights"] - 4, 0, 20) - 0.2 * stays["severity"]
    score = np.clip(np.rint(score + rng.normal(0, 1.35, len(stays))), 1, 10)
    silent = rng.random(len(stays)) < np.where(stays["age"] < 40, 0.40, 0.31)
    return whole(score.where(~silent & ~stays["died"]))


def whole(values: pd.Series) -> pd.Series:
    """Return whole numbers that may be missing."""
    return values.astype("Float64").astype("Int64")


def readmitted(table: pd.DataFrame) -> pd.Series:
    """Return Yes where the patient was admitted again within 30 days of a discharge alive."""
    order = table.sort_values(["Patient ID", "Admission Date"])
    again = order.groupby("Patient ID")["Admission Date"].shift(-1)
    gap = (again.dt.normalize() - order["Discharge Date"].dt.normalize()).dt.days
    yes = (gap >= 0) & (gap < 30) & (order["Outcome"] != "Died")
    return yes.map({True: "Yes", False: "No"}).reindex(table.index)


def blank_the_future(table: pd.DataFrame) -> pd.DataFrame:
    """Blank what is not known of patients still in hospital; intensive care days count so far."""
    inside = table["Discharge Date"] >= CLOSING
    so_far = (CLOSING.normalize() - table["Admission Date"].dt.normalize()).dt.days - 1
    icu = table["ICU Days"].where(~inside, np.minimum(table["ICU Days"], so_far))
    table = table.assign(**{"ICU Days": icu})
    table.loc[inside & (icu == 0), "Ventilated"] = "No"
    unknown = ["Discharge Date", "Length of Stay", "Cost", "Charges", "Outcome", "Readmitted"]
    for column in [*unknown, "Satisfaction"]:
        table[column] = table[column].where(~inside)
    return table


# --- the other tables --------------------------------------------------------------------------


def make_facilities(network: Network) -> pd.DataFrame:
    """Return one row per facility."""
    wanted = ["facility", "latitude", "longitude", "zip", "county", "population"]
    titles = ["Facility", "Latitude", "Longitude", "ZIP Code", "County", "Population"]
    return network.facilities[wanted].set_axis(titles, axis=1)


def in_order(table: pd.DataFrame, network: Network, keys: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the rows sorted by the keys given, then by facility as the structure lists them."""
    order = {name: position for position, name in enumerate(network.facilities["facility"])}
    table = table.assign(place=table["Facility"].map(order))
    return table.sort_values([*keys, "place"], kind="stable").drop(columns="place")


def make_staff(network: Network) -> pd.DataFrame:
    """Return one row per facility and role."""
    wide = structure.read(structure.STAFF).rename(columns={"facility": "Facility"})
    return in_order(wide.melt("Facility", var_name="Role", value_name="Staff"), network)


def make_capacity(network: Network, stays: pd.DataFrame) -> pd.DataFrame:
    """Return staffed beds, intensive care beds and ventilators of each ward.

    Beds follow the square-root rule: the mean census, and a reserve that is relatively larger
    in a small ward.
    """
    keys = ["Facility", "Department", "Ward"]
    days = (CLOSING - pd.Timestamp(structure.START)).days
    left = stays["Discharge Date"].fillna(CLOSING).dt.normalize()
    nights = (left - stays["Admission Date"].dt.normalize()).dt.days
    on_machine = stays["ICU Days"] * (stays["Ventilated"] == "Yes") * 0.7
    load = stays.assign(bed=nights, icu=stays["ICU Days"], air=on_machine).groupby(keys)
    load = load[["bed", "icu", "air"]].sum().astype(float) / days
    beds = np.maximum(np.rint(load["bed"] + 0.42 * np.sqrt(load["bed"])), 2)
    icu = np.minimum(np.ceil(load["icu"] + 0.6 * np.sqrt(load["icu"])), beds)
    unit = load.index.get_level_values("Department") == "Intensive Care"
    icu = icu.where(~unit, beds).where(load["icu"] >= 0.1, 0)
    air = np.minimum(np.ceil(load["air"] + np.sqrt(load["air"])), icu)
    wide = pd.DataFrame({"beds": beds, "icu_beds": icu, "ventilators": air}).astype(int)
    long = wide.reset_index().melt(keys, var_name="Resource", value_name="Units")
    long = long[long["Units"] > 0].sort_values(["Department", "Ward"], kind="stable")
    return in_order(long, network)


def make_population(network: Network) -> pd.DataFrame:
    """Return one row per home ZIP code."""
    return network.homes[["zip", "population"]].set_axis(["ZIP Code", "Population"], axis=1)


def make_activity(rng: Generator, network: Network, stays: pd.DataFrame) -> pd.DataFrame:
    """Return visits and the team's score per month, facility and department that sees visitors."""
    month = stays["Admission Date"].dt.to_period("M").dt.to_timestamp().rename("Month")
    services = structure.read(structure.SERVICES).set_index("department")["visits"]
    keys = ["Facility", "Department"]
    table = stays.groupby([*keys, month]).size().rename("stays").reset_index()
    table = table[table["Department"].map(services) > 0].reset_index(drop=True)
    team = table.groupby(keys)
    usual = team["stays"].transform("mean")
    busy = table["stays"] / usual
    visits = rng.poisson(table["Department"].map(services) * usual * (0.55 + 0.45 * busy))
    spirit = rng.normal(3.75, 0.22, team.ngroups)[team.ngroup()]
    score = spirit - 0.5 * (busy - 1).clip(-0.3, 0.5) + rng.normal(0, 0.07, len(table))
    table = table.assign(Visits=visits, **{"Team Score": score.clip(1, 5).round(2)})
    return in_order(table, network, ("Month",))[["Month", *keys, "Visits", "Team Score"]]


def make_tables() -> dict[str, pd.DataFrame]:
    """Return every table of the sample by its name."""
    rng = np.random.default_rng(structure.SEED)
    network = build_network()
    stays = make_stays(rng, network)
    return {
        "Stays": stays,
        "Facilities": make_facilities(network),
        "Staff": make_staff(network),
        "Capacity": make_capacity(network, stays),
        "Population": make_population(network),
        "Activity": make_activity(rng, network, stays),
    }


# --- files -------------------------------------------------------------------------------------


def to_csv(name: str, table: pd.DataFrame) -> bytes:
    """Return the table as CSV bytes, the same on every system."""
    dates = "%Y-%m-%d %H:%M" if name == "Stays" else "%Y-%m-%d"
    return table.to_csv(index=False, date_format=dates, lineterminator="\n").encode()


def to_workbook(tables: dict[str, pd.DataFrame]) -> bytes:
    """Return one workbook of all tables, its first sheet saying that they are invented."""
    book = Workbook(write_only=True)
    book.properties.creator = "CareMap"
    book.properties.created = datetime(2025, 7, 1)
    sheet = book.create_sheet("Read me")
    for line in READ_ME:
        sheet.append([line])
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(list(table.columns))
        columns = [cells(table[column]) for column in table.columns]
        for row in zip(*columns, strict=True):
            sheet.append(row)
    raw = BytesIO()
    book.save(raw)
    return timeless(raw.getvalue())


def cells(column: pd.Series) -> list[object]:
    """Return plain Python values, None where blank."""
    values = column.astype(object)
    return [None if pd.isna(v) else v for v in values.where(values.notna(), None).tolist()]


def timeless(workbook: bytes) -> bytes:
    """Return the workbook without the moment of writing, so that a rerun gives the same bytes."""
    fixed = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbook)) as old,
        zipfile.ZipFile(fixed, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2025-07-01T00:00:00Z", content)
            entry = zipfile.ZipInfo(name, date_time=(2025, 7, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            new.writestr(entry, content, compresslevel=9)
    return fixed.getvalue()


def main(folder: Path) -> None:
    """Write every file into the folder."""
    tables = make_tables()
    files = {f"{name.lower()}.csv": to_csv(name, table) for name, table in tables.items()}
    files[WORKBOOK] = to_workbook(tables)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        print(f"{name:30} {len(content) / 1e6:6.2f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
