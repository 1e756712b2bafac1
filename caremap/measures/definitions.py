"""Every measure, declared once: cards, tooltips, the glossary and export notes read it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["MEASURES", "TARGET", "Measure"]

TARGET = 240
"""Minutes a wait should not exceed: the four hours of NHS England."""


@dataclass(frozen=True)
class Measure:
    """One measure of a hospital.

    Attributes
    ----------
    name
        Its name in every frame and export.
    title
        Its name on the screen.
    unit
        What the number counts; empty for a plain share.
    numerator, denominator
        What is divided by what, in words; the denominator is empty where nothing is.
    kind
        ``flow`` happens over days and grows with them; ``ratio`` is a ratio of sums (or a
        median); ``stock`` is counted at a moment and never summed over days.
    good
        Which direction of change is good news: ``up``, ``down``, or empty for neither.
    needs
        The canonical fields it needs, "or" written with a bar.
    definition
        How it is defined, in a sentence or two.
    source
        Whose definition it is.
    caveats
        What it does not say.
    decimals
        How many decimals to show.
    """

    name: str
    title: str
    unit: str
    numerator: str
    denominator: str
    kind: Literal["flow", "ratio", "stock"]
    good: Literal["up", "down", ""]
    needs: tuple[str, ...]
    definition: str
    source: str
    caveats: str = ""
    decimals: int = 0


_DECLARED = (
    Measure(
        "admissions",
        "Admissions",
        "admissions",
        "stays whose admission date lies in the period",
        "",
        "flow",
        "",
        ("admitted|admissions",),
        "Stays whose admission date lies in the period; in a file of counts, the sum of the "
        "admissions column. A stay counts once, whatever happened during it.",
        "AIHW METeOR: hospital admission; NHS Data Dictionary: hospital provider spell",
        "In a file of visits only those that became an admission count.",
    ),
    Measure(
        "discharges",
        "Discharges",
        "discharges",
        "stays whose discharge date lies in the period",
        "",
        "flow",
        "",
        ("discharged|discharges",),
        "Stays whose discharge date lies in the period. Deaths and transfers are discharges.",
        "AIHW METeOR: separation; AHRQ HCUP: discharge",
    ),
    Measure(
        "visits",
        "Visits",
        "visits",
        "visits whose date lies in the period, admitted or not",
        "",
        "flow",
        "",
        ("was_admitted|visits",),
        "Visits or attendances in the period, whether or not they became an admission.",
        "NHS England: A&E attendances",
    ),
    Measure(
        "cost",
        "Treatment cost",
        "currency as supplied",
        "sum of the cost of stays discharged in the period",
        "",
        "flow",
        "",
        ("cost",),
        "Sum of the cost of stays, attributed to the day of discharge (switch: of admission).",
        "AHRQ HCUP: cost is what it took to provide care, charges are what was billed",
        "Negative amounts are reversals and stay in the sum. Amounts are not converted: the "
        "file must be in one currency.",
    ),
    Measure(
        "mean_cost",
        "Mean cost per stay",
        "currency as supplied",
        "sum of the cost of stays discharged in the period",
        "stays with a known cost",
        "ratio",
        "down",
        ("cost",),
        "Cost divided by the number of stays whose cost is known.",
        "AHRQ HCUP",
    ),
    Measure(
        "charges",
        "Charges",
        "currency as supplied",
        "sum of what was billed for stays discharged in the period",
        "",
        "flow",
        "",
        ("charges",),
        "Sum of what was billed, attributed to the same day as cost.",
        "AHRQ HCUP: charges are not costs",
        "Charges say what was billed, not what care cost.",
    ),
    Measure(
        "length_of_stay",
        "Average length of stay",
        "days",
        "days in hospital of stays discharged in the period",
        "stays discharged in the period with a known length of stay",
        "ratio",
        "down",
        ("length_of_stay|discharged",),
        "Mean number of days from admission date to discharge date, of stays discharged in "
        "the period. A same-day stay counts 0 days (switches: 1 day, or overnight stays only).",
        "AHRQ HCUP (same-day 0); AIHW (same-day 1); OECD (overnight stays only)",
        "Stays are counted when they end: those admitted in the period and still in hospital "
        "have no length yet.",
        1,
    ),
    Measure(
        "median_stay",
        "Median length of stay",
        "days",
        "the middle length of the stays discharged in the period",
        "",
        "ratio",
        "down",
        ("length_of_stay|discharged",),
        "Half of the stays discharged in the period were at most this long. A few very long "
        "stays move the average, not the median.",
        "AHRQ HCUP",
        "",
        1,
    ),
    Measure(
        "occupancy",
        "Bed occupancy",
        "%",
        "occupied bed-days (patients at midnight, added over the days)",
        "available staffed bed-days",
        "ratio",
        "",
        ("admitted|occupied_beds", "discharged|occupied_beds", "units|staffed_beds"),
        "Occupied bed-days divided by available staffed bed-days of the same days and places. "
        "Not cut off at 100 %.",
        "NHS England: KH03 bed availability and occupancy; AIHW METeOR: average available beds",
        "85 % is a convention, not a law. A midnight census does not see day cases.",
        1,
    ),
    Measure(
        "bed_days",
        "Occupied bed-days",
        "bed-days",
        "patients in hospital at each midnight, added over the days",
        "",
        "flow",
        "",
        ("admitted|occupied_beds", "discharged|occupied_beds"),
        "Midnight census added up: a stay counts on a day if it was admitted on that day or "
        "before and discharged later or not at all.",
        "AIHW METeOR: patient day; NHS England: KH03",
        "Same-day stays never see a midnight.",
    ),
    Measure(
        "mean_census",
        "Mean census",
        "patients",
        "occupied bed-days",
        "days",
        "ratio",
        "",
        ("admitted|occupied_beds", "discharged|occupied_beds"),
        "Patients in hospital at midnight, on average over the days.",
        "AIHW METeOR: patient day",
        "",
        1,
    ),
    Measure(
        "staffed_beds",
        "Staffed beds",
        "beds",
        "available staffed bed-days",
        "days",
        "stock",
        "",
        ("units|staffed_beds",),
        "Beds that are staffed, occupied or not, on average over the days. ICU beds and "
        "ventilators counted on their own are not added.",
        "AIHW METeOR: average available beds",
        "",
        1,
    ),
    Measure(
        "turnover",
        "Bed turnover",
        "discharges per bed",
        "discharges",
        "staffed beds, on average over the days",
        "flow",
        "",
        ("discharged|discharges", "units|staffed_beds"),
        "Discharges per staffed bed over the days of the period.",
        "NHS Data Dictionary: bed throughput",
        "It grows with the length of the period.",
        2,
    ),
    Measure(
        "turnover_interval",
        "Turnover interval",
        "days",
        "available minus occupied bed-days",
        "discharges",
        "ratio",
        "",
        ("discharged|discharges", "units|staffed_beds", "admitted|occupied_beds"),
        "Days a bed stands empty between two patients, on average. Negative where more "
        "patients than staffed beds were in hospital.",
        "NHS Data Dictionary: turnover interval",
        "",
        1,
    ),
    Measure(
        "still_in_hospital",
        "Still in hospital",
        "patients",
        "stays admitted by the end of the as-of date and not discharged by then",
        "",
        "stock",
        "",
        ("admitted", "discharged"),
        "Patients in hospital at midnight at the end of the as-of date.",
        "AIHW METeOR: patient day",
        "Stays open for very long are probably missing a discharge date; they are counted apart.",
    ),
    Measure(
        "readmission",
        "Readmission within 30 days",
        "%",
        "discharges alive followed by an admission of the same patient 0-29 days later",
        "discharges alive whose following 30 days lie within the data",
        "ratio",
        "down",
        ("patient_id|readmitted", "admitted|readmitted", "discharged|readmitted"),
        "Share of discharges alive after which the same patient was admitted again within 0 "
        "to 29 days. A transfer to another place on the day of discharge is no readmission.",
        "NHS England: emergency readmissions within 30 days of discharge, all admissions",
        "Crude: not adjusted for risk, planned readmissions included. A yes/no column of the "
        "file is shown as recorded.",
        1,
    ),
    Measure(
        "survival",
        "Survival to discharge",
        "%",
        "stays discharged in the period with an outcome other than death",
        "stays discharged in the period with a known outcome",
        "ratio",
        "up",
        ("outcome",),
        "Share of the stays discharged in the period after which the patient left alive, of "
        "those whose outcome is known. A transfer is a discharge alive.",
        "AHRQ Inpatient Quality Indicators: in-hospital mortality, crude; interval of Wilson",
        "Crude: not adjusted for age or severity, so that it does not compare the quality of "
        "hospitals. What became of patients later is not known.",
        1,
    ),
    Measure(
        "waiting",
        "Median waiting time",
        "minutes",
        "the middle wait of those who came in the period",
        "",
        "ratio",
        "down",
        ("waiting_minutes",),
        "Half of the patients who came in the period waited at most this long.",
        "NHS England: A&E clinical quality indicators",
        "",
        0,
    ),
    Measure(
        "waiting_p90",
        "90th percentile of waiting time",
        "minutes",
        "the wait that nine in ten of those who came in the period did not exceed",
        "",
        "ratio",
        "down",
        ("waiting_minutes",),
        "Nine in ten patients who came in the period waited at most this long.",
        "NHS England: A&E clinical quality indicators",
        "",
        0,
    ),
    Measure(
        "waiting_within",
        "Waits within 4 hours",
        "%",
        f"waits of at most {TARGET} minutes",
        "visits with a known wait",
        "ratio",
        "up",
        ("waiting_minutes",),
        f"Share of the patients who came in the period who waited at most {TARGET} minutes, "
        "of those whose wait is known.",
        "NHS England: four-hour standard in A&E",
        "The standard counts from arrival to leaving the department; this is the wait as the "
        "file records it.",
        1,
    ),
    Measure(
        "satisfaction",
        "Patient satisfaction",
        "points, scale as supplied",
        "sum of the answers",
        "patients who answered",
        "ratio",
        "up",
        ("satisfaction",),
        "Mean of the answers given, on the scale of the file. Blanks are not zeros.",
        "CMS HCAHPS (survey of discharged patients)",
        "Those who answer are not a sample of all patients.",
        2,
    ),
    Measure(
        "team_score",
        "Team score",
        "points, scale as supplied",
        "sum of the scores",
        "scores",
        "ratio",
        "up",
        ("team_score",),
        "Mean of the staff survey scores, on the scale of the file. Blanks are not zeros.",
        "NHS Staff Survey",
        "",
        2,
    ),
)

MEASURES: dict[str, Measure] = {item.name: item for item in _DECLARED}
"""Every measure by its name, in display order."""
