"""The sample network: invented, reproducible, and with the structure its README promises."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import zipcodes
from python_calamine import CalamineWorkbook

from caremap import schema

FOLDER = Path(__file__).parents[2] / "sample_data"
WORKBOOK = "caremap_sample_network.xlsx"
TABLES = ("stays", "facilities", "staff", "capacity", "population", "activity")
SEED_NETWORK = {  # population and nurses of the reference case for staff moves
    "98007": (27571, 21),
    "98290": (39873, 52),
    "98065": (15960, 43),
    "98801": (44801, 9),
    "98104": (15052, 64),
}


def load(table: str) -> pd.DataFrame:
    dates = {"stays": ["Admission Date", "Discharge Date"], "activity": ["Month"]}
    path = FOLDER / f"{table}.csv"
    return pd.read_csv(path, dtype={"ZIP Code": str}, parse_dates=dates.get(table))


@pytest.fixture(scope="module")
def stays() -> pd.DataFrame:
    return load("stays")


@pytest.fixture(scope="module")
def facilities() -> pd.DataFrame:
    return load("facilities")


def days_between(start: pd.Series, end: pd.Series) -> pd.Series:
    return (end.dt.normalize() - start.dt.normalize()).dt.days


def field_of(header: str, table: schema.Kind) -> str:
    """Return the field of the table that goes by the header."""
    phrase = header.lower()
    found = [item.name for item in schema.fields_of(table) if phrase in item.words]
    assert len(found) == 1, f"{header!r} in {table} is {found}"
    return found[0]


def test_says_that_it_is_invented():
    assert "**All of it is invented.**" in (FOLDER / "README.md").read_text(encoding="utf-8")
    book = CalamineWorkbook.from_path(FOLDER / WORKBOOK)
    assert book.sheet_names == ["Read me", *(name.title() for name in TABLES)]
    words = " ".join(str(row[0]) for row in book.get_sheet_by_name("Read me").to_python())
    assert "Everything in this workbook is invented" in words


def test_the_script_makes_the_same_files_again(tmp_path):
    for script in FOLDER.glob("*.py"):
        shutil.copy(script, tmp_path)
    subprocess.run([sys.executable, "-B", tmp_path / "make_sample.py"], check=True)
    for table in TABLES:
        name = f"{table}.csv"
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name
    ours = CalamineWorkbook.from_path(FOLDER / WORKBOOK)
    again = CalamineWorkbook.from_path(tmp_path / WORKBOOK)
    assert again.sheet_names == ours.sheet_names
    for sheet in ours.sheet_names:
        before = ours.get_sheet_by_name(sheet).to_python()
        assert again.get_sheet_by_name(sheet).to_python() == before, sheet


def test_the_workbook_holds_what_the_csv_files_hold(stays):
    book = CalamineWorkbook.from_path(FOLDER / WORKBOOK)
    for table in TABLES:
        header, *rows = book.get_sheet_by_name(table.title()).to_python()
        assert (header, len(rows)) == (list(load(table).columns), len(load(table))), table
    header, *rows = book.get_sheet_by_name("Stays").to_python()
    sheet = pd.DataFrame(rows, columns=header)
    assert pd.to_numeric(sheet["Cost"]).sum() == stays["Cost"].sum()
    assert (pd.to_datetime(sheet["Admission Date"]) == stays["Admission Date"]).all()


def test_every_field_of_a_stay_is_there_and_filled(stays):
    fields = {field_of(header, "stays"): header for header in stays.columns}
    assert set(schema.TABLES["stays"].fields) - set(fields) == {"was_admitted"}
    filled = stays[list(fields.values())].notna().mean()
    assert filled.pop("Satisfaction") == pytest.approx(0.65, abs=0.05)
    assert (filled > 0.99).all()


@pytest.mark.parametrize("table", TABLES[1:])
def test_every_header_is_a_field_of_its_table_and_nothing_is_blank(table):
    frame = load(table)
    names = [field_of(header, table) for header in frame.columns]
    assert len(set(names)) == len(names)
    assert frame.notna().all(axis=None)


def test_twelve_facilities_in_real_washington_zip_codes(facilities):
    assert len(facilities) == facilities["Facility"].nunique() == 12
    for row in facilities.to_dict("records"):
        (place,) = zipcodes.matching(row["ZIP Code"])
        assert place["state"] == "WA"
        assert place["county"] == f"{row['County']} County"
        assert row["Latitude"] == pytest.approx(float(place["lat"]), abs=1e-4)
        assert row["Longitude"] == pytest.approx(float(place["long"]), abs=1e-4)


def test_the_five_facilities_of_the_reference_case_are_among_them(facilities):
    staff = load("staff")
    nurses = staff[staff["Role"] == "Nurses"].set_index("Facility")["Staff"]
    by_zip = facilities.set_index("ZIP Code")
    for code, (population, expected) in SEED_NETWORK.items():
        assert by_zip.loc[code, "Population"] == population
        assert nurses[by_zip.loc[code, "Facility"]] == expected


def test_patients_live_in_known_washington_zip_codes(stays, facilities):
    population = load("population").set_index("ZIP Code")["Population"]
    assert population.index.is_unique
    assert set(stays["ZIP Code"]) <= set(population.index)
    homes = stays[["ZIP Code", "County"]].drop_duplicates().set_index("ZIP Code")["County"]
    for code, county in homes.items():
        (place,) = zipcodes.matching(code)
        assert (place["state"], place["county"]) == ("WA", f"{county} County")
    own = facilities.set_index("ZIP Code")["Population"]
    assert (population[own.index] == own).all()


def test_about_forty_thousand_stays_of_three_years_each_once(stays):
    assert 37_000 < len(stays) < 43_000
    assert stays["Stay ID"].is_unique
    assert not stays.duplicated().any()
    assert stays["Admission Date"].min().date().isoformat() == "2022-07-01"
    assert stays["Admission Date"].max().date().isoformat() == "2025-06-30"
    assert stays["Discharge Date"].max() < pd.Timestamp("2025-07-01")


def test_length_of_stay_is_the_difference_of_the_dates(stays):
    nights = days_between(stays["Admission Date"], stays["Discharge Date"])
    pd.testing.assert_series_equal(stays["Length of Stay"], nights, check_names=False)
    assert (stays["Discharge Date"] > stays["Admission Date"])[nights.notna()].all()
    assert 4 < nights.mean() < 5


def test_those_still_in_hospital_have_no_end_yet(stays):
    inside = stays["Discharge Date"].isna()
    assert 100 < inside.sum() < 300
    for column in ("Length of Stay", "Cost", "Charges", "Outcome", "Readmitted", "Satisfaction"):
        assert stays.loc[inside, column].isna().all(), column
        if column != "Satisfaction":
            assert stays.loc[~inside, column].notna().all(), column


def test_no_patient_is_in_two_places(stays):
    order = stays.sort_values(["Patient ID", "Admission Date"])
    following = order.groupby("Patient ID")["Admission Date"].shift(-1)
    assert (order["Discharge Date"] < following)[following.notna()].all()
    patients = stays[["Patient ID", "Gender", "ZIP Code"]].drop_duplicates()
    assert patients["Patient ID"].is_unique


def test_readmitted_agrees_with_the_patient_codes(stays):
    order = stays.sort_values(["Patient ID", "Admission Date"])
    following = order.groupby("Patient ID")["Admission Date"].shift(-1)
    alive = order["Outcome"].notna() & (order["Outcome"] != "Died")
    back = alive & days_between(order["Discharge Date"], following).between(0, 29)
    recorded = order["Readmitted"].eq("Yes")
    assert (recorded == back).all()
    assert 0.10 < recorded[alive].mean() < 0.12
    assert not (stays["Outcome"].eq("Died") & stays["Readmitted"].eq("Yes")).any()


def test_intensive_care_lies_within_the_stay_and_ventilation_within_it(stays):
    end = stays["Discharge Date"].fillna(pd.Timestamp("2025-07-01"))
    assert (stays["ICU Days"] <= days_between(stays["Admission Date"], end)).all()
    assert (stays.loc[stays["Ventilated"] == "Yes", "ICU Days"] > 0).all()
    assert stays["ICU Days"].gt(0).mean() == pytest.approx(0.1, abs=0.03)


def test_the_week_shows(stays):
    weekday = stays["Admission Date"].dt.day_of_week
    elective = stays["Admission Type"] == "Elective"
    planned = weekday[elective].value_counts()
    assert planned[[5, 6]].mean() < 0.3 * planned[[0, 1, 2, 3, 4]].mean()
    assert weekday[stays["Admission Type"] == "Emergency"].value_counts().idxmax() == 0


def test_winter_and_growth_show(stays):
    month = stays["Admission Date"].dt.month
    lungs = stays["Diagnosis"].isin(["Pneumonia", "Influenza", "Bronchiolitis", "COPD"])
    per_month = month[lungs].value_counts()
    assert per_month[[12, 1, 2]].mean() > 1.8 * per_month[[6, 7, 8]].mean()
    year = (stays["Admission Date"] - pd.DateOffset(months=6)).dt.year
    counts = year.value_counts().sort_index().to_numpy()
    assert ((counts[1:] / counts[:-1]) > 1.005).all()
    assert counts[-1] / counts[0] == pytest.approx(1.06, abs=0.04)


def test_departments_differ_as_departments_do(stays):
    means = stays.groupby("Department")[["Length of Stay", "Cost", "Age"]].mean()
    assert means["Length of Stay"].idxmax() == means["Cost"].idxmax() == "Intensive Care"
    assert means["Age"].idxmin() == "Pediatrics"
    assert means.loc["Cardiology", "Cost"] > 2 * means.loc["General Medicine", "Cost"]
    assert stays[["Diagnosis", "Department"]].drop_duplicates()["Diagnosis"].is_unique
    assert stays.groupby("Facility")["Department"].nunique().between(3, 6).all()
    assert (stays.loc[stays["Department"] == "Obstetrics", "Gender"] == "Female").all()


def test_age_death_payer_cost_and_charges_hang_together(stays):
    over_65, died = stays["Age"] >= 65, stays["Outcome"] == "Died"
    assert died[over_65].mean() > 2 * died[~over_65].mean()
    assert died[stays["Ventilated"] == "Yes"].mean() > 5 * died.mean()
    medicare = stays["Insurance"] == "Medicare"
    assert medicare[over_65].mean() > 0.75
    assert medicare[~over_65].mean() < 0.15
    assert stays["Charges"].sum() / stays["Cost"].sum() == pytest.approx(3.1, abs=0.2)
    assert stays["Cost"].corr(stays["Length of Stay"]) > 0.5
    wait = stays.groupby("Admission Type")["Waiting Minutes"].median()
    assert wait["Emergency"] > wait["Elective"] > wait["Transfer"]
    assert stays["Satisfaction"].dropna().between(1, 10).all()
    bands = stays.groupby("Age Band")["Age"].agg(["min", "max"]).sort_values("min")
    assert (bands["min"].to_numpy()[1:] == bands["max"].to_numpy()[:-1] + 1).all()


def test_beds_fit_the_patients(stays):
    capacity = load("capacity")
    keys = ["Facility", "Department", "Ward"]
    assert not capacity.duplicated([*keys, "Resource"]).any()
    wide = capacity.pivot_table("Units", keys, "Resource", aggfunc="sum", fill_value=0)
    assert set(wide.columns) == {"beds", "icu_beds", "ventilators"}
    assert (wide["ventilators"] <= wide["icu_beds"]).all()
    assert (wide["icu_beds"] <= wide["beds"]).all()
    wards = stays[keys].drop_duplicates()
    assert set(wards.itertuples(index=False, name=None)) == set(wide.index)


def test_occupancy_of_the_middle_year_is_a_hospitals(stays):
    capacity = load("capacity")
    beds = capacity[capacity["Resource"] == "beds"].groupby("Facility")["Units"].sum()
    came = stays["Admission Date"].dt.normalize().to_numpy()
    left = stays["Discharge Date"].dt.normalize().fillna(pd.Timestamp("2100-01-01")).to_numpy()
    facility = stays["Facility"].to_numpy()
    nights = pd.date_range("2023-07-01", "2024-06-30").to_numpy()
    for name, count in beds.items():
        mine = facility == name
        in_house = [np.sum((came[mine] <= night) & (left[mine] > night)) for night in nights]
        assert 0.6 < np.mean(in_house) / count < 1.0, name


def test_visits_and_team_scores_cover_every_month(stays):
    activity = load("activity")
    assert not {"Admissions", "Discharges"} & set(activity.columns)
    assert activity["Month"].nunique() == 36
    assert set(activity["Facility"]) == set(stays["Facility"])
    assert not activity.duplicated(["Month", "Facility", "Department"]).any()
    assert activity["Team Score"].between(1, 5).all()


def test_the_folder_stays_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 15e6
