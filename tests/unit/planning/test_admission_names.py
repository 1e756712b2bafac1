"""What is known at admission, by what columns are called."""

from __future__ import annotations

import pytest

from caremap.planning.admission_names import groupers, leaks_by_name
from caremap.schema import TABLES

KNOWN = """
Race | Ethnicity | Hospital Service Area | Payment.Typology.2 | payment_method | rcount | asthma
dialysisrenalendstage | hematocrit | glucose | bmi | pulse | respiration | Blood Type | Room Number
Visitors with Patient | Bed Grade | Admission_Deposit | Available Extra Rooms in Hospital | Shift
Severity at admission | NEWS score on arrival | Days since last visit | previous admissions
Number of previous stays | prior length of care | Readmissions in the last year | Chief Complaint
Smoking status | marital_status | Vital signs | Home medication | Referral source | Comorbidities
Charlson index | Day of the week | Years of schooling | Age in days | Family history of death
Planned procedure | ADMITTING_DIAGNOSIS_CODE | number_inpatient | ADMIT_WEEKDAY
Source of Payment | Type of stay | Height | Nationality | Doctor grade
""".replace("\n", "|").split("|")

LATER = {
    "copy": """
los | LOS_days | Length of stay | lengthofstay | Stay | Stay_Days | Total days | Number of nights
Verweildauer in Tagen | dias de estancia | durée du séjour | Expected length of stay | source_row
time_in_hospital
""",
    "amount": """
Total.Charges | billed_amount | Costs | Invoice | Reimbursement | Kosten | Importe | amount paid
""",
    "later": """
APR.DRG.Code | MS-DRG | APR Severity of Illness Description | illseveritydesc | deathrisk
APR Risk of Mortality | mortality_risk | CCSR.Diagnosis.Code | ICD10 | Case mix index
CCSR.Procedure.Code | num_lab_procedures | Principal Diagnosis | secondarydiagnosisnonicd9
Nebendiagnose 1 | final_diagnosis | diag_1 | death | Died | hospital_expire_flag | disposition
disposition2 | Discharge Location | vital_status | Outcome | Survived 30 days | left against advice
Entlassungsgrund | motivo de alta | mode de sortie | readmitted | 30-day readmission | Follow-up
Satisfaction rating | survey | Medication | num_medications | Prescribed drug | Test Results
RISK_MORTALITY | PRINC_DIAG_CODE | OTH_DIAG_CODE_1 | PRINC_SURG_PROC_CODE | number_diagnoses
DIAG_SECUN | A1Cresult | UTI_MES_TO | Beatmungsstunden | Year of discharge | APR MDC Code
Complications | ICU admission | on_ventilator | Intubated | status | Destination
""",
}


def listed(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", "|").split("|") if name.strip()]


@pytest.mark.parametrize("header", [name.strip() for name in KNOWN if name.strip()])
def test_what_is_known_at_admission_is_used(header: str) -> None:
    assert leaks_by_name([header], {}) == {}


@pytest.mark.parametrize(
    ("header", "kind"), [(name, kind) for kind, text in LATER.items() for name in listed(text)]
)
def test_what_is_known_later_is_left_out(header: str, kind: str) -> None:
    found = leaks_by_name([header], {})
    assert found[header].kind == kind
    assert found[header].reason.endswith(".")


def test_fields_say_themselves_when_they_are_known() -> None:
    found = leaks_by_name(TABLES["stays"].fields, {})
    assert set(TABLES["stays"].fields) - set(found) == {
        "admitted", "facility", "department", "ward", "treatment", "diagnosis", "admission_type",
        "age", "age_band", "gender", "region", "zip", "insurance",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "header", "known"),
    [
        ("treatment", "Treatment", True),
        ("treatment", "Planned procedure", True),
        ("treatment", "Medication", False),
        ("treatment", "CCSR Procedure Description", False),
        ("diagnosis", "Medical Condition", True),
        ("diagnosis", "Admitting diagnosis", True),
        ("diagnosis", "Principal diagnosis", False),
        ("department", "Service", True),
        ("department", "APR Medical Surgical Description", False),
        ("department", "Servicio de alta", False),
        ("ward", "Discharge ward", False),
        ("facility", "Permanent Facility Id", True),
        ("insurance", "Payment Typology 1", True),
    ],
)
def test_the_header_a_field_was_read_from_decides(field: str, header: str, known: bool) -> None:
    found = leaks_by_name([field], {field: [header]})
    assert (field not in found) == known
    if not known:
        assert f"Read from “{header}”." in found[field].reason


def test_a_file_with_diagnosis_groups_was_coded_after_discharge() -> None:
    names = ["diagnosis", "treatment", "MS-DRG"]
    assert groupers(names, {}) == ["MS-DRG"]
    assert list(leaks_by_name(names, {})) == names
    assert list(leaks_by_name(names[:2], {})) == []
    # What the file says is of the admission stays so.
    admitting = {"diagnosis": ["Admitting diagnosis"]}
    assert list(leaks_by_name(names, admitting)) == ["treatment", "MS-DRG"]
