"""What the invented network is made of: the tables `make_sample.py` draws the stays from.

Everything here is invented except that the ZIP codes exist and lie where the table says.
No name, number or rate describes a real hospital.
"""

from __future__ import annotations

from io import StringIO

import pandas as pd

SEED = 20250630
START, END = "2022-07-01", "2025-06-30"  # first and last day of admission in the extract
WARM_UP_DAYS = 420  # simulated before START, so that earlier patients come back inside it
FIRST_STAYS_A_DAY = 25.3  # on the first day of the extract, without returns of known patients

# People living in a ZIP code (invented), county, and the ZIP's centroid.
HOMES = """
zip|county|population|latitude|longitude
98003|King|48310|47.3203|-122.3117
98004|King|37140|47.6155|-122.2072
98006|King|39420|47.5614|-122.1552
98007|King|27571|47.6174|-122.1426
98008|King|25980|47.6115|-122.1162
98012|Snohomish|61230|47.8447|-122.1985
98014|King|7120|47.638|-121.9111
98019|King|13040|47.725|-121.9369
98021|Snohomish|36870|47.7964|-122.2052
98024|King|6210|47.5682|-121.8896
98026|Snohomish|38640|47.8353|-122.327
98027|King|28730|47.4974|-122.0107
98029|King|29110|47.5585|-122.0055
98033|King|37860|47.6786|-122.1894
98037|Snohomish|33270|47.8392|-122.2855
98045|King|15890|47.4755|-121.7571
98052|King|71950|47.6718|-122.1232
98058|King|43720|47.4465|-122.1216
98065|King|15960|47.5293|-121.8225
98074|King|30480|47.6254|-122.0462
98101|King|14260|47.6114|-122.3305
98102|King|25310|47.6302|-122.321
98103|King|52640|47.6733|-122.3426
98104|King|15052|47.6036|-122.3256
98106|King|26790|47.5344|-122.3547
98108|King|24370|47.5413|-122.3129
98115|King|54210|47.6849|-122.2968
98118|King|49860|47.5412|-122.275
98122|King|41930|47.6116|-122.3056
98133|King|51720|47.7377|-122.3431
98144|King|33580|47.5846|-122.3005
98168|King|34650|47.4889|-122.3012
98201|Snohomish|31540|47.9884|-122.2006
98203|Snohomish|39280|47.9419|-122.2218
98204|Snohomish|42960|47.9017|-122.2472
98208|Snohomish|57310|47.8948|-122.1987
98223|Snohomish|46150|48.1829|-122.1121
98225|Whatcom|49530|48.749|-122.4887
98226|Whatcom|44270|48.7974|-122.4448
98229|Whatcom|34980|48.6952|-122.4124
98248|Whatcom|20640|48.8625|-122.5953
98258|Snohomish|35470|48.0171|-122.0672
98264|Whatcom|22150|48.9372|-122.4592
98270|Snohomish|50920|48.0656|-122.1562
98272|Snohomish|32180|47.8585|-121.9474
98273|Skagit|31270|48.4352|-122.2082
98284|Skagit|27840|48.5274|-122.2329
98290|Snohomish|39873|47.8954|-122.0716
98296|Snohomish|28460|47.8579|-122.092
98312|Kitsap|34160|47.5754|-122.6958
98366|Kitsap|37690|47.5427|-122.5871
98373|Pierce|27350|47.1284|-122.3219
98387|Pierce|49570|47.0732|-122.3943
98404|Pierce|36240|47.2113|-122.4126
98405|Pierce|24160|47.2484|-122.4643
98407|Pierce|22370|47.2825|-122.5039
98408|Pierce|21590|47.2073|-122.4444
98444|Pierce|38480|47.1464|-122.4572
98466|Pierce|29830|47.228|-122.5396
98499|Pierce|33910|47.1677|-122.5024
98501|Thurston|43270|47.0129|-122.8763
98502|Thurston|35640|47.1043|-123.0552
98503|Thurston|42190|47.024|-122.7827
98506|Thurston|20480|47.1042|-122.87
98512|Thurston|33460|46.9498|-123.0212
98531|Lewis|26350|46.7246|-122.9671
98584|Mason|36920|47.2151|-123.1007
98604|Clark|41280|45.7907|-122.5318
98607|Clark|38170|45.6058|-122.4142
98661|Clark|47620|45.6418|-122.6251
98662|Clark|35840|45.6914|-122.5805
98664|Clark|24730|45.6231|-122.5767
98682|Clark|61590|45.6644|-122.5212
98684|Clark|32060|45.6359|-122.5155
98801|Chelan|44801|47.4253|-120.3273
98802|Douglas|31240|47.4186|-120.2731
98815|Chelan|8340|47.5173|-120.5033
98826|Chelan|6950|47.6438|-120.6748
98901|Yakima|33170|46.6021|-120.5059
98902|Yakima|46280|46.5934|-120.5311
98908|Yakima|37150|46.6165|-120.7094
98942|Yakima|16480|46.6767|-120.5408
98944|Yakima|24260|46.3213|-120.0126
98951|Yakima|15320|46.4507|-120.4265
99004|Spokane|18870|47.4943|-117.5834
99202|Spokane|23640|47.6547|-117.381
99204|Spokane|30290|47.6501|-117.4298
99205|Spokane|44730|47.6964|-117.4399
99206|Spokane|38910|47.6496|-117.2581
99208|Spokane|57380|47.7374|-117.4352
99223|Spokane|33520|47.6156|-117.3622
"""

# share: percent of the network's first stays; growth: a year; nights and cost: factors on the
# department's; markup: charges over cost; wait: median minutes of an emergency arrival;
# mood: points on the satisfaction scale. Nurses of the first five: the network of the staffing
# example that CareMap is tested on.
FACILITIES = """
facility|zip|share|growth|nights|cost|markup|wait|mood
Larkmoor Hospital|98007|9|0.045|0.93|1.10|3.3|34|0.35
Tidewillow Hospital|98290|4.5|0.030|0.98|0.95|2.8|28|0.30
Fernhollow Hospital|98065|4.5|0.060|0.96|0.97|2.7|24|0.45
Applewright Hospital|98801|5|0.020|1.06|0.92|2.6|47|-0.10
Copperlantern Hospital|98104|13|0.025|1.05|1.14|3.4|62|-0.30
Saltbriar Hospital|98405|12|0.030|1.00|1.03|3.1|56|-0.15
Pinegarth Hospital|99204|12|0.020|1.02|0.98|3.0|44|0.05
Hopfield Hospital|98902|8|0.015|1.08|0.90|2.7|53|-0.25
Mossgate Hospital|98506|7|0.035|0.97|1.00|2.9|38|0.15
Millbeacon Hospital|98201|9|0.030|1.01|1.04|3.2|49|-0.05
Reedmarch Hospital|98664|10|0.050|0.95|1.01|3.0|41|0.10
Fairsound Hospital|98225|6|0.025|0.99|0.99|2.9|36|0.20
"""

# Percent of a facility's first stays by department; a dot: the facility has no such department.
DEPARTMENTS = """
facility|General Medicine|Surgery|Cardiology|Orthopedics|Obstetrics|Pediatrics|Pulmonology|Neurology|Oncology|Intensive Care
Larkmoor Hospital|25|26|.|26|23|.|.|.|.|.
Tidewillow Hospital|48|.|.|30|.|.|22|.|.|.
Fernhollow Hospital|46|30|24|.|.|.|.|.|.|.
Applewright Hospital|42|30|.|.|28|.|.|.|.|.
Copperlantern Hospital|24|22|19|.|.|.|.|14|14|7
Saltbriar Hospital|26|23|.|15|18|.|12|.|.|6
Pinegarth Hospital|25|20|20|.|.|17|.|.|11|7
Hopfield Hospital|35|23|.|.|25|17|.|.|.|.
Mossgate Hospital|35|27|21|17|.|.|.|.|.|.
Millbeacon Hospital|26|22|18|.|17|.|17|.|.|.
Reedmarch Hospital|30|22|.|15|19|14|.|.|.|.
Fairsound Hospital|38|24|.|.|22|.|16|.|.|.
"""  # noqa: E501

# Headcount by role, uneven against the population on purpose.
STAFF = """
facility|Doctors|Nurses|Nursing Assistants|Therapists|Technicians
Larkmoor Hospital|14|21|12|9|8
Tidewillow Hospital|6|52|17|3|5
Fernhollow Hospital|8|43|14|6|4
Applewright Hospital|5|9|8|2|4
Copperlantern Hospital|38|64|31|14|22
Saltbriar Hospital|24|71|28|11|15
Pinegarth Hospital|27|48|26|10|17
Hopfield Hospital|9|17|15|3|6
Mossgate Hospital|13|33|13|8|7
Millbeacon Hospital|15|26|19|5|9
Reedmarch Hospital|17|22|18|7|11
Fairsound Hospital|12|38|11|6|6
"""

# One row per reason to be in hospital. weight: within the department; elective, icu, died, female:
# percent of its stays; vent: percent of its ICU stays; nights: median; procedure: cost besides the
# day rate; back: percent back within 30 days of a discharge alive; winter: how far the reason
# follows the winter wave (1 doubles it at an ordinary peak); chronic: comes back for the same;
# returns_as: what an early return is usually for (a dot: the same again).
REASONS = """
department|diagnosis|treatment|weight|elective|nights|procedure|icu|vent|died|back|age|spread|female|winter|chronic|returns_as
General Medicine|Sepsis|Intravenous antibiotics|18|0|5.2|3800|14|22|4.2|15|69|16|50|0.15|0|.
General Medicine|Urinary tract infection|Intravenous antibiotics|16|0|3.1|1400|1|5|0.5|12|72|17|64|0|0|.
General Medicine|Diabetes complications|Insulin adjustment|14|8|3.4|1500|3|8|0.4|15|61|16|47|0.05|1|.
General Medicine|Influenza|Antiviral therapy|7|0|3.3|1300|6|25|1.2|9|66|18|52|1.6|0|Sepsis
General Medicine|Cellulitis|Intravenous antibiotics|12|0|3.2|1200|0.5|5|0.2|9|58|18|45|-0.25|0|.
General Medicine|Gastrointestinal bleeding|Endoscopy|13|12|3.2|3600|7|12|1.4|12|66|16|46|0|0|.
General Medicine|Kidney failure|Dialysis|10|15|4.5|5200|6|12|2.4|17|67|14|44|0.05|1|.
General Medicine|Dehydration|Intravenous fluids|8|0|2.2|800|0.5|5|0.3|11|70|19|57|-0.2|0|.
Surgery|Appendicitis|Laparoscopic appendectomy|18|0|1.8|7200|1|20|0.05|4|38|17|46|-0.05|0|Surgical wound infection
Surgery|Gallstones|Laparoscopic cholecystectomy|22|48|1.9|8100|1.5|20|0.1|5|54|17|67|0|0|Surgical wound infection
Surgery|Hernia|Hernia repair|16|78|1.4|6400|1|20|0.1|4|60|15|18|0|0|Surgical wound infection
Surgery|Bowel obstruction|Bowel resection|15|14|6.0|15800|15|35|2.6|13|66|15|52|0|0|.
Surgery|Colorectal tumor|Colectomy|13|86|4.6|16900|9|30|0.9|11|67|12|47|0|0|Surgical wound infection
Surgery|Surgical wound infection|Wound debridement|8|4|4.4|5300|3|15|0.6|13|61|16|47|0|0|.
Cardiology|Heart failure|Diuretic therapy|30|3|4.4|2400|9|20|2.3|21|75|12|48|0.4|1|.
Cardiology|Heart attack|Coronary stent|22|0|3.4|17800|32|18|3.2|12|67|13|37|0.25|0|Heart failure
Cardiology|Atrial fibrillation|Cardioversion|20|38|2.2|3900|3|8|0.3|12|70|12|46|0.1|1|.
Cardiology|Coronary artery disease|Bypass surgery|12|72|6.6|38500|92|85|1.5|12|67|9|25|0|0|Heart failure
Cardiology|Aortic valve disease|Valve replacement|10|84|4.9|41200|80|70|1.3|12|73|10|41|0|0|Heart failure
Orthopedics|Hip fracture|Hip fracture repair|22|0|4.9|13900|5|15|2.2|11|79|11|70|0.25|0|Joint infection
Orthopedics|Hip osteoarthritis|Hip replacement|24|96|1.9|14200|0.5|5|0.05|4|67|10|56|0|0|Joint infection
Orthopedics|Knee osteoarthritis|Knee replacement|28|97|1.8|13800|0.5|5|0.05|4|68|9|61|0|0|Joint infection
Orthopedics|Ankle fracture|Fracture fixation|14|10|2.3|9400|0.5|5|0.1|5|47|18|54|0.15|0|Joint infection
Orthopedics|Spinal stenosis|Spinal fusion|10|90|2.9|27600|3|12|0.2|7|63|12|51|0|0|Joint infection
Orthopedics|Joint infection|Joint washout|5|8|5.2|8800|3|10|0.8|12|66|13|46|0|0|.
Obstetrics|Normal delivery|Vaginal delivery|58|10|1.7|4100|0.3|10|0.01|1.6|30|5.3|100|-0.08|0|Postpartum complication
Obstetrics|Cesarean delivery|Cesarean section|27|46|2.8|7900|0.8|12|0.01|2.4|32|5.2|100|-0.08|0|Postpartum complication
Obstetrics|Preterm labor|Labor monitoring|10|0|2.3|2600|0.5|5|0.01|14|29|5.6|100|0|0|Normal delivery
Obstetrics|Postpartum complication|Postpartum care|5|0|2.2|2700|3|12|0.05|4|31|5.5|100|0|0|.
Pediatrics|Bronchiolitis|Oxygen therapy|26|0|2.3|1900|7|25|0.05|6|1|1.2|45|2.0|0|.
Pediatrics|Asthma|Nebulizer therapy|22|0|1.7|1400|4|10|0.05|8|8|4|43|0.5|1|.
Pediatrics|Gastroenteritis|Intravenous fluids|20|0|1.6|1000|0.5|5|0.02|4|4|3.5|48|0.6|0|.
Pediatrics|Childhood epilepsy|Seizure treatment|16|18|2.1|2300|6|15|0.1|10|8|5|47|0|1|.
Pediatrics|Forearm fracture|Fracture fixation|16|12|1.1|5200|0.2|5|0.01|2|9|3.5|38|-0.5|0|.
Pulmonology|Pneumonia|Intravenous antibiotics|34|0|4.3|2300|9|30|2.5|13|69|16|48|1.1|0|.
Pulmonology|COPD|Bronchodilator therapy|32|4|3.9|1900|7|25|1.5|19|70|10|52|0.8|1|.
Pulmonology|Pulmonary embolism|Anticoagulation|16|0|3.5|3100|8|15|1.5|10|63|16|50|0.05|0|.
Pulmonology|Acute respiratory failure|Noninvasive ventilation|18|0|5.8|5600|42|40|6|17|70|13|49|0.7|0|.
Neurology|Stroke|Thrombolysis|42|0|4.9|11800|24|15|4.5|11|71|13|48|0.1|0|.
Neurology|Brain hemorrhage|Craniotomy|14|6|8.2|29400|80|55|11|13|63|15|46|0.1|0|Stroke
Neurology|Epilepsy|Anticonvulsant therapy|24|18|2.8|2600|8|30|0.4|12|49|18|47|0|1|.
Neurology|Parkinson disease|Medication adjustment|20|34|4.1|1900|1|5|0.7|12|74|9|41|0|1|.
Oncology|Lung cancer|Chemotherapy|30|70|3.9|9200|3|12|4|19|67|10|48|0|1|Neutropenic fever
Oncology|Breast cancer|Mastectomy|20|96|1.7|12600|0.5|5|0.1|6|58|12|99|0|0|Neutropenic fever
Oncology|Leukemia|Chemotherapy|22|64|8.6|16800|7|15|3.6|23|60|17|44|0|1|Neutropenic fever
Oncology|Neutropenic fever|Intravenous antibiotics|28|0|4.6|3400|7|12|2.6|19|62|15|51|0|0|.
Intensive Care|Septic shock|Vasopressor therapy|34|0|6.8|9800|100|62|10|17|67|15|46|0.25|0|.
Intensive Care|Critical respiratory failure|Mechanical ventilation|32|0|7.6|11900|100|100|8.5|17|66|14|44|0.7|0|Septic shock
Intensive Care|Multiple trauma|Trauma surgery|20|0|7.4|28600|100|55|4.5|9|46|19|31|-0.35|0|Septic shock
Intensive Care|Cardiac arrest|Targeted temperature management|14|0|5.6|14200|100|90|16|11|66|14|36|0.15|0|.
"""  # noqa: E501

# Of the stays that are not elective, the percent that begin as each type; the day rates of a
# department, the name of its wards, and its monthly outpatient and emergency visits per stay.
SERVICES = """
department|Emergency|Urgent|Transfer|day_rate|ward|visits
General Medicine|76|19|5|1350|Medical Ward|3.4
Surgery|70|22|8|1700|Surgical Ward|2.6
Cardiology|68|18|14|1900|Cardiac Unit|3.8
Orthopedics|72|22|6|1550|Orthopedic Ward|4.2
Obstetrics|24|72|4|1300|Maternity Ward|6.5
Pediatrics|78|18|4|1450|Children's Ward|7.0
Pulmonology|77|17|6|1500|Respiratory Ward|2.9
Neurology|69|15|16|1750|Neurology Unit|3.1
Oncology|46|46|8|1850|Oncology Ward|8.5
Intensive Care|58|12|30|2400|Intensive Care Unit|0
"""

# Arrivals relative to the mean day, Monday to Sunday.
WEEKDAYS = {
    "Emergency": (1.14, 1.04, 1.00, 0.98, 1.00, 0.93, 0.91),
    "Urgent": (1.13, 1.08, 1.05, 1.04, 1.04, 0.85, 0.81),
    "Transfer": (1.02, 1.06, 1.06, 1.05, 1.08, 0.90, 0.83),
    "Elective": (1.32, 1.38, 1.33, 1.27, 1.10, 0.35, 0.25),
}
TYPES = tuple(WEEKDAYS)

# Winter waves of respiratory infections: peak day, height, width in days (standard deviation).
WINTERS = (
    ("2021-12-30", 0.8, 28),
    ("2022-12-06", 1.3, 24),
    ("2023-12-30", 0.9, 30),
    ("2025-02-04", 1.2, 26),
)

# Hour of arrival: mean, standard deviation, earliest, latest. Emergencies follow HOURS instead.
ARRIVALS = {
    "Urgent": (13.8, 3.4, 7.0, 22.5),
    "Transfer": (16.0, 4.0, 6.0, 23.5),
    "Elective": (7.8, 1.1, 5.5, 13.0),
}
HOURS = (14, 12, 10, 9, 9, 11, 15, 22, 32, 42, 50, 54,
         55, 54, 53, 52, 52, 51, 50, 47, 42, 36, 28, 20)  # fmt: skip

# Waiting time of an arrival relative to the facility's emergency arrivals.
WAITS = {"Emergency": 1.0, "Urgent": 0.75, "Transfer": 0.25, "Elective": 0.4}

# Payer by age: first age, then percent Medicare, Medicaid, Private, Self-pay, Military.
PAYERS = (
    (0, (0, 46, 47, 2, 5)),
    (18, (3, 31, 52, 10, 4)),
    (50, (9, 21, 60, 6, 4)),
    (65, (84, 3, 11, 1, 1)),
)
PAYER_NAMES = ("Medicare", "Medicaid", "Private", "Self-pay", "Military")

AGE_BANDS = ((0, "0-17"), (18, "18-34"), (35, "35-49"), (50, "50-64"), (65, "65-74"), (75, "75-84"),
             (85, "85+"))  # fmt: skip

# Where patients leave to, alive: percent under 65, from 65, from 80.
DESTINATIONS = (
    ("Home", (88, 66, 46)),
    ("Home with care", (6, 17, 23)),
    ("Nursing facility", (2, 13, 27)),
    ("Transferred", (2, 3, 3)),
    ("Left against advice", (2, 1, 1)),
)


def read(table: str) -> pd.DataFrame:
    """Return one of the tables above as a frame; a dot is missing, ZIP codes stay text."""
    return pd.read_csv(StringIO(table), sep="|", na_values=["."], dtype={"zip": str})
