"""Layouts of public releases and hospital systems, each with what a careful analyst would say.

The files beside this module (``wild/``) have invented rows under the headers, separators and
oddities of well-known exports. The answers were worked out by hand or with plain pandas.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest

from caremap import Dataset, measures, open_file
from caremap.intake import Loaded

WILD = Path(__file__).parent / "wild"


@dataclass(frozen=True)
class Answer:
    """Kind; columns of fields; sums of columns; figures; codes of findings; dropped headers."""

    kind: str
    mapping: dict[str, object] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    not_matched: set[str] = field(default_factory=set)


ANSWERS = {
    # --- research data sets ---------------------------------------------------------------
    "mimic3_admissions": Answer(
        "stays", {"stay_id": "HADM_ID", "admitted": "ADMITTIME", "outcome": "HOSPITAL_EXPIRE_FLAG"},
        {"length_of_stay": 13},
    ),
    "mimic4_admissions": Answer(
        "stays", {"stay_id": "hadm_id", "patient_id": "subject_id", "discharged": "dischtime"},
        {"length_of_stay": 9}, {"admissions": 4}, {"two-candidates"}, not_matched={"region"},
    ),
    "mimic4_icustays": Answer(
        "stays", {"admitted": "intime", "discharged": "outtime"}, {"length_of_stay": 2},
    ),
    "mimic4_transfers": Answer("stays", {"stay_id": "hadm_id"}, {"length_of_stay": 2},
                               {"admissions": 2}, {"folded-stays"}),
    "mimic4_patients": Answer("lookup"),
    "eicu_patient": Answer("stays", {"patient_id": "uniquepid"}, {}, {"admissions": 2}),
    "synthea_encounters": Answer(
        "stays", {"facility": "ORGANIZATION", "was_admitted": "ENCOUNTERCLASS"}, {},
        {"admissions": 1, "visits": 3},
    ),
    "synthea_patients": Answer(
        "lookup",
        dropped={"SSN", "DRIVERS", "PASSPORT", "FIRST", "LAST", "MAIDEN", "BIRTHDATE", "ADDRESS"},
    ),
    "synthea_organizations": Answer("facilities", {"facility": "NAME", "zip": "ZIP"}),
    "uci_diabetes_130": Answer(
        "stays", {"length_of_stay": "time_in_hospital", "age_band": "age"},
        {"length_of_stay": 12, "readmitted": 1},
    ),
    "kaggle_hdhi": Answer(
        "stays", {"admitted": "D.O.A", "discharged": "D.O.D", "outcome": "OUTCOME"},
        {"length_of_stay": 25, "icu_days": 22},
    ),
    "kaggle_stay_bands": Answer(
        "stays", {"age_band": "Age", "department": "Department"}, {}, {"admissions": 6},
        {"banded-stay", "bands-mended"}, not_matched={"length_of_stay"},
    ),
    "kaggle_no_show": Answer("lookup"),
    # --- American releases ----------------------------------------------------------------
    "ny_sparcs": Answer(
        "stays", {"cost": "Total Costs", "charges": "Total Charges", "age_band": "Age Group"},
        {"length_of_stay": 153, "cost": 82155.03, "charges": 433998.33}, told={"at-least"},
        not_matched={"department"},
    ),
    "texas_pudf": Answer(
        "stays", {"length_of_stay": "LENGTH_OF_STAY", "charges": "TOTAL_CHARGES"},
        {"length_of_stay": 40, "charges": 560473.40}, {"admissions": 4},
        not_matched={"discharged", "admitted", "age"},
    ),
    "florida_ahca": Answer("stays", {"charges": "TCHGS", "length_of_stay": "LOSDAYS"},
                           {"length_of_stay": 18, "charges": 259634.25, "age": 100}),
    "california_hcai": Answer(
        "activity", {"facility": "FAC_NAME", "staffed_beds": "STF_BEDS"}, {"discharges": 29360},
        not_matched={"date", "occupied_beds"},
    ),
    "hhs_facility": Answer(
        "activity",
        {"facility": "hospital_name", "occupied_beds": "inpatient_beds_used_7_day_avg",
         "staffed_beds": "inpatient_beds_7_day_avg"},
        {"occupied_beds": 3640.8}, {"occupancy": 83.6043}, not_matched={"admissions"},
    ),
    "hhs_state": Answer("activity", {"region": "state"}, {}, {"occupancy": 80.02996}),
    "nhsn": Answer("activity", {"region": "Geographic aggregation"}, {}, {"occupancy": 77.42518},
                   {"total-rows"}, not_matched={"admissions"}),
    "ipps": Answer("activity", {}, {"discharges": 55}, not_matched={"cost"}),
    "ipps_old": Answer("activity", {}, {"discharges": 129}, not_matched={"cost"}),
    "cms_hospitals": Answer("facilities", {"facility": "Facility Name", "zip": "ZIP Code"}),
    # --- hospital systems -----------------------------------------------------------------
    "epic": Answer(
        "stays",
        {"stay_id": "PAT_ENC_CSN_ID", "admitted": "HOSP_ADMSN_TIME", "charges": "TOT_CHGS",
         "discharged": "HOSP_DISCH_TIME", "outcome": "DISCH_DISP_NAME"},
        {"length_of_stay": 8}, {"admissions": 3, "discharges": 2}, {"two-candidates"},
        {"PAT_NAME", "BIRTH_DATE", "PAT_MRN_ID"},
    ),
    "cerner": Answer(
        "stays", {"admitted": "INPATIENT_ADMIT_DT_TM", "discharged": "DISCH_DT_TM",
                  "ward": "LOC_NURSE_UNIT_CD"},
        {"length_of_stay": 18}, {"admissions": 3}, dropped={"NAME_FULL_FORMATTED", "PERSON_ID"},
    ),
    "meditech": Answer("stays", {"stay_id": "AccountNumber", "patient_id": "UnitNumber"},
                       dropped={"Name"}),
    "de_sap_ish": Answer(
        "stays", {"stay_id": "Falnr", "patient_id": "Patnr", "admitted": "Aufndt",
                  "discharged": "Entldt", "department": "OrgFa", "ward": "OrgPf"},
        {"length_of_stay": 15}, dropped={"Name1", "Gbdat"},
    ),
    "de_khentgg_21": Answer(
        "stays", {"admitted": "Aufnahmedatum", "zip": "PLZ", "outcome": "Entlassungsgrund",
                  "age": "Alter-in-Jahren-am-Aufnahmetag"},
        {"length_of_stay": 15}, dropped={"Versicherten-ID"}, not_matched={"length_of_stay"},
    ),
    # --- Latin America, Spain, Portugal, Italy, France --------------------------------------
    "es_rae_cmbd": Answer(
        "stays", {"cost": "Coste APR", "outcome": "Circunstancias Alta"},
        {"length_of_stay": 9, "cost": 10321.30}, dropped={"Fecha Nacimiento"},
    ),
    "cl_deis": Answer("stays", {"facility": "GLOSA_ESTABLECIMIENTO_SALUD", "diagnosis": "DIAG1"},
                      {"length_of_stay": 56}),
    "cl_deis_old": Answer("stays", {"age": "EDAD_CANT"}, {"length_of_stay": 56, "age": 136},
                          told={"age-units"}),
    "br_datasus_sih": Answer(
        "stays", {"stay_id": "N_AIH", "admitted": "DT_INTER", "discharged": "DT_SAIDA",
                  "cost": "VAL_TOT", "outcome": "MORTE", "zip": "CEP"},
        {"length_of_stay": 30, "cost": 11781.95, "age": 101}, told={"age-units"}, dropped={"NASC"},
    ),
    "br_cnes_beds": Answer("capacity", {"facility": "NOME ESTABELECIMENTO"}, {"units": 2030}),
    "mx_discharges": Answer("stays", {"admitted": "INGRE", "discharged": "EGRESO"},
                            {"length_of_stay": 9}),
    "co_rips": Answer("stays", {"outcome": "estado_salida", "diagnosis": "diag_egreso"},
                      {"length_of_stay": 9}, not_matched={"region"}),
    "pt_sns": Answer("activity", {"facility": "Instituição", "date": "Período"},
                     {"discharges": 12400, "occupied_beds": 3361.5128}, told={"bed-days"}),
    "es_capacity": Answer(
        "activity", {"occupied_beds": ["OCUPADAS_COVID19", "OCUPADAS_NO_COVID19"]},
        {"occupied_beds": 15700}, {"occupancy": 71.363636}, not_matched={"admissions"},
    ),
    "it_sdo": Answer("stays", {"facility": "Codice Istituto", "charges": "Importo tariffa"},
                     {"length_of_stay": 12, "charges": 9321.30}, dropped={"Data di nascita"}),
    "it_dpc_regions": Answer(
        "activity", {"occupied_beds": "totale_ospedalizzati", "region": "denominazione_regione"},
        {"occupied_beds": 84761}, {"mean_census": 84761 / 14}, {"running-total"},
        not_matched={"admissions", "discharges"},
    ),
    "fr_sivic": Answer(
        "activity", {"occupied_beds": "hosp", "date": "jour"}, {"occupied_beds": 11900}, {},
        {"total-rows"}, not_matched={"discharges", "admissions"},
    ),
    "fr_sivic_new": Answer("activity", {}, {"admissions": 579, "discharges": 540}),
    "fr_pmsi_rss": Answer("stays", {"stay_id": "N° RSS", "diagnosis": "Diagnostic principal"},
                          {"length_of_stay": 12}),
    # --- other countries --------------------------------------------------------------------
    "de_divi": Answer("activity", {"occupied_beds": "betten_belegt", "free_beds": "betten_frei"},
                      {"staffed_beds": 1648}, {"occupancy": 74.271845}),
    "de_destatis": Answer("lookup", told={"years-only"}),
    "ch_bag": Answer("activity", {"staffed_beds": "Total_Capacity"}, {"occupied_beds": 17692},
                     {"occupancy": 72.508197}, not_matched={"admissions"}),
    "at_beds": Answer("activity", {"free_beds": "IntensivBettenFrei"}, {"free_beds": 1308}, {},
                      {"only-intensive"}),
    "ca_ontario": Answer("activity", {"occupied_beds": "hospitalizations"}, {}, {},
                         {"stock-or-flow"}, not_matched={"admissions", "facility"}),
    "in_hmis": Answer("activity", {"admissions": "IPD (Admissions)"}, {"admissions": 8640}),
    "ph_doh": Answer("lookup"),
    "nhs_uec_sitrep": Answer(
        "activity", {"staffed_beds": "G&A beds open", "occupied_beds": "G&A beds occupied"}, {},
        {"occupancy": 96.096037},
    ),
    "nhs_workforce": Answer("staff", {"role": "Staff Group", "staff": "FTE"}),
    "nhs_ae": Answer("lookup", told={"total-rows"}),
    "nhs_rtt": Answer("lookup"),
    "phs_beds": Answer(
        "activity",
        {"occupied_beds": "AverageOccupiedBeds", "staffed_beds": "AverageAvailableStaffedBeds"},
        {}, {"occupancy": 84.88},
    ),
    "phs_ae": Answer("activity", {"facility": "TreatmentLocation"}, {"visits": 16412}),
    "nhs_kh03": Answer("capacity", {"facility": "Org Name"}, not_matched={"admissions"}),
}  # fmt: skip


def loaded(name: str) -> Loaded:
    return open_file(WILD / f"{name}.csv")


def test_every_layout_has_an_answer() -> None:
    assert {path.stem for path in WILD.glob("*.csv")} == set(ANSWERS)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_layout_is_understood(name: str) -> None:
    answer, found = ANSWERS[name], loaded(name)
    assert found.kind == answer.kind
    assert {key: found.mapping.get(key) for key in answer.mapping} == answer.mapping
    assert not answer.not_matched & set(found.mapping)
    for column, expected in answer.sums.items():
        assert found.table[column].sum() == pytest.approx(expected, abs=0.005), column
    assert answer.told <= {one.code for one in found.findings}
    assert answer.dropped <= {one.header for one in found.columns if not one.kept}
    assert not answer.dropped & set(found.table.columns)
    assert not [one for one in found.findings if one.severity == "error"]


@pytest.mark.parametrize("name", [name for name, answer in ANSWERS.items() if answer.figures])
def test_the_figures_of_a_layout(name: str) -> None:
    frame = measures.headline(Dataset.of(loaded(name)))
    for measure, expected in ANSWERS[name].figures.items():
        assert frame.loc[measure, "overall"] == pytest.approx(expected, abs=5e-5), measure


def test_codes_of_a_data_set_are_never_averaged() -> None:
    table = loaded("uci_diabetes_130").table
    for header in ("admission_type_id", "discharge_disposition_id", "admission_source_id"):
        assert isinstance(table[header].dtype, pd.StringDtype)
    assert table["age_band"].iloc[0] == "[0-10)"
    assert table["readmitted"].tolist() == [False, False, False, False, True, False]
    sexes = loaded("br_datasus_sih").table["gender"]
    assert sexes.tolist() == ["1", "3", "3"]


def test_leading_zeros_survive() -> None:
    assert loaded("ny_sparcs").table["Permanent Facility Id"].iloc[0] == "001169"
    assert loaded("de_khentgg_21").table["zip"].iloc[0] == "01067"
    assert loaded("br_datasus_sih").table["zip"].iloc[0] == "01310100"
    assert loaded("synthea_organizations").table["zip"].iloc[0] == "02114"


def test_a_mangled_band_is_a_band_again() -> None:
    bands = loaded("kaggle_stay_bands").table["age_band"]
    assert bands.tolist() == ["51-60", "51-60", "51-60", "11-20", "0-10", "91-100"]


def test_national_numbers_of_patients_become_codes() -> None:
    codes = loaded("co_rips").table["patient_id"]
    assert codes.str.fullmatch("P[0-9a-f]{16}").all()


def test_a_number_with_thousands_is_no_telephone() -> None:
    table = loaded("de_destatis").table
    assert "Berechnungs-/Belegungstage" in table.columns
