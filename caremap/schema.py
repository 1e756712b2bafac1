"""The canonical tables and fields: the one registry everything reads.

Intake matches the columns of a file to these fields, cleaning converts their values
by ``type``, measures ask for fields by name, and the template, the data dictionary
and the table in the README are written from here. A field is declared once, in
`FIELDS`, and a table lists the fields it may hold.

``words`` are header phrases as people write them, in plain lower case without
accents; `caremap.intake.matching` brings a header into the same form. ``weak`` words
are taken only where nothing better claims the column and the content fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["FIELDS", "TABLES", "Field", "Kind", "Table", "field", "fields_of", "table"]

Kind = Literal["stays", "activity", "facilities", "staff", "capacity", "population", "lookup"]
"""The seven tables."""

FieldType = Literal["identifier", "category", "band", "date", "number", "count", "money", "flag"]
"""How values are read.

``identifier`` and ``category`` stay text (leading zeros kept), ``band`` is ordered text
such as ``50 to 69``, ``date`` becomes ``datetime64``, ``number``, ``count`` and ``money``
become ``float64`` (missing is NaN, never 0), ``flag`` becomes nullable ``boolean``.
"""


@dataclass(frozen=True)
class Field:
    """One canonical field.

    Attributes
    ----------
    name
        Its name in every table, chart and export.
    title
        Its name on the screen.
    type
        How its values are read, see `FieldType`.
    meaning
        What it holds, in one sentence.
    unit
        Unit of a number: days, beds, minutes, currency …
    nature
        ``stock`` is counted at a moment and averaged over time, never summed over days;
        ``flow`` happens and is summed; empty for everything else.
    personal
        Whether it identifies a person: used for counting, never shown.
    low, high
        What is possible; a value outside becomes missing and is reported.
    words, weak
        Header phrases in the wild, strong and weak.
    known
        When the value of a stay is first known: at ``admission``, in the course of the ``stay``,
        or only at ``discharge`` or later. What is predicted at admission may use the first alone.
    """

    name: str
    title: str
    type: FieldType
    meaning: str
    unit: str = ""
    nature: Literal["", "stock", "flow"] = ""
    personal: bool = False
    low: float | None = None
    high: float | None = None
    words: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    known: Literal["admission", "stay", "discharge"] = "admission"


@dataclass(frozen=True)
class Table:
    """One canonical table: what a row is, and the fields it may hold, in display order."""

    name: Kind
    title: str
    row: str
    fields: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_DECLARED = (
    # --- who and where -------------------------------------------------------------------
    Field(
        "stay_id",
        "Stay number",
        "identifier",
        "Number of the hospital stay or visit, unique per stay.",
        personal=True,
        words=_words(
            "stay id, stay number, stay no, encounter id, encounter number, encounter no, "
            "encounter, visit id, visit number, visit no, admission id, admission number, "
            "admission no, hadm id, account number, csn, eid, episode id, spell id, case id, "
            "case number, case no, episode number, hospital account id, fin, fin number, "
            "discharge id, pat enc csn id, enc csn id, fallnummer, fall id, fallnr, "
            "aufnahmenummer, numero de sejour, id sejour, numero de caso, id episodio, "
            "numero episodio, numero de ingreso, id ingreso, id internacao, numero internacao, "
            "atendimento, id ricovero, numero ricovero, numero sdo, no sejour, n sejour, n aih, "
            "numero aih, falnr, kh internes kennzeichen, progressivo sdo, no episodio, "
            "n episodio, episodio, fin nbr, encntr id, hospital account number, "
            "patienthealthsystemstayid, patientunitstayid, n rss, no rss, rum, "
            "numero de atendimento, record id"
        ),
    ),
    Field(
        "patient_id",
        "Patient code",
        "identifier",
        "Code of the patient: tells readmissions of one person, never shown.",
        personal=True,
        words=_words(
            "patient id, patient no, patient nbr, patient nr, patient number, patient code, mrn, "
            "mrn number, pid, medical record number, mrd no, subject id, person id, "
            "hospital number, unit number, patient identifier, patientennummer, patienten id, "
            "patientid, pat id, patnr, id paciente, numero de paciente, codigo paciente, "
            "historia clinica, nhc, ipp, numero patient, id patient, identifiant patient, "
            "codice paziente, id paziente, prontuario, matricula paciente, uniquepid, "
            "patient mrn, pat mrn id, num identificacion, numero de identificacion, "
            "numero identificacion, numero documento, num documento, versichertennummer patient, "
            "nip patient, cip"
        ),
        weak=_words("patient, paciente, paziente"),
    ),
    Field(
        "facility",
        "Facility",
        "category",
        "The hospital, clinic or site.",
        words=_words(
            "facility, facility name, hospital, hospital name, organisation, organization, "
            "hospital code, hospital id, hosp name, facility id, facid, facility code, site, "
            "site name, provider, provider name, provider code, trust, trust name, org name, "
            "clinic, clinic name, centre, center, permanent facility id, krankenhaus, klinik, "
            "klinikum, spital, standort, hopital, nom hopital, etablissement, clinique, "
            "hospital nombre, centro, nombre hospital, nombre centro, establecimiento, "
            "estabelecimento, unidade hospitalar, ospedale, struttura, presidio, nome ospedale, "
            "nome struttura, centro hospitalario, instituicao, organisation name, "
            "organization name, fac name, fac no, fac nbr, faclnbr, loc facility, "
            "hospital area name, treatment location, cfname, cnes, ipress, clues, cod prestador, "
            "glosa establecimiento salud, nombre establecimiento, establecimiento salud, "
            "nome estabelecimento, finess, einri, rndrng prvdr org name, codice istituto, "
            "instituicao nome, krankenhausname, hopital nom, nom etablissement"
        ),
        weak=_words(
            "location name, campus, org code, institution, unit name, facility nm, name, id, estab"
        ),
    ),
    Field(
        "department",
        "Department",
        "category",
        "The department, specialty or service.",
        words=_words(
            "department, dept, department name, service, specialty, speciality, "
            "treatment function, clinical service, service line, main specialty, department id, "
            "department referral, dept name, departement, division, hospital service, "
            "medical specialty, clinical department, fachabteilung, abteilung, fachbereich, "
            "fachrichtung, servicio, departamento, especialidad, especialidade, servico, clinica, "
            "reparto, specialita, dipartimento, disciplina, service medical, specialite, "
            "unite fonctionnelle, pole, loc service, med service, hosp serv, specialty name, "
            "treatment function name, servicio alta, servicio de alta, servicio clinico, orgfa, "
            "espec, fachabteilungsname, reparto di dimissione, reparto di ammissione, "
            "discipline med"
        ),
        weak=_words("section, discipline, unit id, team, apr medical surgical description"),
    ),
    Field(
        "ward",
        "Ward",
        "category",
        "The ward or nursing unit within a department.",
        words=_words(
            "ward, ward name, ward code, nursing unit, care unit, unit, station, bed unit, "
            "current ward, admission ward, discharge ward, last ward, pflegestation, unidad, "
            "unidad de enfermeria, planta, sala, enfermaria, ala, unite de soins, unite, unita, "
            "unita operativa, careunit, loc nurse unit, orgpf, orgpfl, first careunit, "
            "pflegerische oe, unita di degenza"
        ),
        weak=_words("ward type, unit code"),
    ),
    Field(
        "treatment",
        "Treatment",
        "category",
        "Treatment or procedure given.",
        words=_words(
            "treatment, treatment type, treatment name, procedure, procedure name, "
            "ccsr procedure description, principal procedure, operation, therapy, intervention, "
            "type of treatment, surgery type, behandlung, prozedur, ops, therapie, "
            "tratamiento, procedimiento, tratamento, procedimento, traitement, acte, "
            "trattamento, intervento, procedura, terapia"
        ),
        weak=_words("medication, medicine, drug, treatments, procedure description"),
    ),
    Field(
        "diagnosis",
        "Diagnosis",
        "category",
        "Main diagnosis or condition.",
        words=_words(
            "diagnosis, primary diagnosis, principal diagnosis, main diagnosis, condition, "
            "medical condition, primary condition, disease, diagnosis name, "
            "ccsr diagnosis description, diagnosis description, drg description, "
            "apr drg description, admitting diagnosis, cancer type, illness, "
            "reason for admission, icd, icd 10, icd code, diagnosis code, diagnose, "
            "hauptdiagnose, diagnostico, diagnostico principal, enfermedad, doenca, cid, cie 10, "
            "diagnostic, diagnostic principal, pathologie, maladie, diagnosi, "
            "diagnosi principale, patologia, principal diagnosis code, diagnosis principal, "
            "diag princ, princ diag code, prindiag, diag 1, diag1, diag egreso, "
            "diagnostico egreso, diagnostico de egreso, afecprin, ccsr diagnosis code, "
            "diag principal, diagnosis 1"
        ),
        weak=_words("complaint, chief complaint, drg, apr drg code, problem, reason"),
    ),
    Field(
        "admission_type",
        "Admission type",
        "category",
        "How the stay began: emergency, elective, transfer …",
        words=_words(
            "admission type, type of admission, type of admission emergency opd, admit type, "
            "admission method, adm type, admission source, admit source, encounter class, "
            "encounter type, patient class, urgency, aufnahmeart, aufnahmegrund, aufnahmeanlass, "
            "tipo de ingreso, tipo ingreso, tipo de admision, tipo de internacao, "
            "carater de atendimento, mode d entree, type d admission, tipo di ricovero, "
            "tipo ricovero, regime ricovero, visit type, triage level, admit source name, "
            "encounter class name, adt pat class, adt pat class name, encntr type, "
            "encounter type name, via ingreso, via de ingreso, circunstancias ingreso, "
            "circunstancia de ingreso, car int, carater internacao, carater da internacao, "
            "mode entree, modalita di accesso"
        ),
        weak=_words("triage, patient type, type of visit"),
    ),
    Field(
        "gender",
        "Gender",
        "category",
        "Gender or sex as recorded.",
        words=_words(
            "gender, sex, patient gender, patient sex, geschlecht, sexo, genero, sexe, genre, "
            "sesso, genere, sex code, gschl, sex cd, geschl"
        ),
    ),
    Field(
        "age",
        "Age",
        "number",
        "Age at admission.",
        unit="years",
        low=0,
        high=125,
        words=_words(
            "age, patient age, age at admission, age years, age in years, anchor age, alter, "
            "alter bei aufnahme, patientenalter, edad, edad paciente, idade, eta, age patient, "
            "age du patient, eta paziente, edad anos, anos cumplidos, edad cant, edad en anos, "
            "alter in jahren, alter in jahren am aufnahmetag, pat age, edad cantidad"
        ),
    ),
    Field(
        "age_band",
        "Age band",
        "band",
        "Age as a band, in the bands of the file.",
        words=_words(
            "age band, age group, age range, age category, agegroup, age bracket, altersgruppe, "
            "altersklasse, grupo de edad, grupo etario, rango de edad, faixa etaria, "
            "tranche d age, classe d age, fascia di eta, fascia eta, classe di eta, grupo edad, "
            "altersgruppen, tranche age, age grp"
        ),
        weak=_words(
            "age, patient age, alter, edad, idade, eta, age at admission, edad cant, pat age, "
            "edad en anos"
        ),
    ),
    Field(
        "region",
        "Region",
        "category",
        "Region, county, state or city the patient or facility belongs to.",
        words=_words(
            "region, region name, county, state, province, city, district, location, area, "
            "hospital county, hospital service area, health service area, patient region, "
            "patient location, nhse region name, region code, postcode area, tsa name, "
            "bundesland, landkreis, kreis, ort, wohnort, stadt, provincia, comunidad autonoma, "
            "comunidad, ciudad, municipio, localidad, regiao, estado, cidade, uf, distrito, "
            "departement de residence, ville, commune, region de residence, regione, comune, "
            "citta, countyname, residence, county name, state name, region de salud, "
            "health board, hb, hbt, hb name, geographic aggregation, oh region, bundeslandname, "
            "ccaa, tpr, denominazione regione, nombre provincia, municipio residencia, munic res, "
            "municipio de residencia, comuna residencia, glosa comuna residencia, "
            "glosa region residencia, region residencia, area name, nhs england region, "
            "georegion, geo region, comune residenza, comune di residenza, negeri"
        ),
        weak=_words(
            "country, zone, borough, nationality, tsa id, dep, departement, cod ccaa, "
            "region code name, entidad, munic, codice regione, pat state, code departement"
        ),
    ),
    Field(
        "zip",
        "ZIP code",
        "identifier",
        "Postal code.",
        words=_words(
            "zip, zip code, zipcode, zip codes, postal code, postcode, patient zip, zip 3, "
            "post code, zip code 3 digits, postleitzahl, plz, codigo postal, cp, code postal, cep, "
            "cap, codice postale, zcta, facility zip, facility zip code, hospital zip, "
            "hospital zip code, provider zip, provider zip code, zip5, zip 5, zip code 5, "
            "address zip, address zip code, mailing zip, location zip, site zip, zip postal code, "
            "poskod, kode pos, postnummer, npa"
        ),
    ),
    Field(
        "insurance",
        "Payer",
        "category",
        "Who pays: insurer or payer group.",
        words=_words(
            "insurance, insurance provider, insurance type, insurer, payer, payor, payer name, "
            "payment typology 1, payment source, primary payer, primary payor, financial class, "
            "payer type, source of payment, coverage, kostentraeger, kostentrager, krankenkasse, "
            "versicherung, versicherungsart, aseguradora, seguro, convenio, financiador, "
            "plano de saude, operadora, assurance, caisse, mutuelle, regime, organisme payeur, "
            "assicurazione, assicuratore, ente pagatore, onere degenza, payer code, payer cd, "
            "fin class, acct fin class, financial class name, first payment src, prevision, "
            "glosa prevision, regimen financiacion, derhab, ktart, previ"
        ),
    ),
    # --- when --------------------------------------------------------------------------
    Field(
        "admitted",
        "Admitted",
        "date",
        "Date (and time, where known) of admission or arrival.",
        words=_words(
            "admitted, admission date, admit date, date of admission, d o a, doa, admission, "
            "admission time, admit dttm, admittime, admit ts, admit time, admit datetime, "
            "admission datetime, admission dttm, hosp admsn time, hospital admission date, "
            "arrival date, arrival time, arrival, arrival datetime, date admitted, start date, "
            "stay start, visit date, vdate, date of visit, check in, check in date, "
            "encounter date, encounter start, in date, entry date, date of arrival, start, "
            "admissiondate, admitdate, aufnahmedatum, aufnahme, aufnahmezeit, aufnahmetag, "
            "eintritt, eintrittsdatum, zugang, fecha de ingreso, fecha ingreso, ingreso, "
            "fecha de admision, fecha admision, fecha entrada, fecha de entrada, "
            "data de internacao, data internacao, data de admissao, data admissao, "
            "data de entrada, data entrada, dt internacao, dt entrada, date d entree, "
            "date entree, date d admission, date admission, date d hospitalisation, entree, "
            "data ricovero, data di ricovero, data di ingresso, data ingresso, data ammissione, "
            "data di ammissione, data accettazione, admit, admitted on, admit dt tm, "
            "inpatient admit dt tm, inpatient admission date, inpatient admit date, aufndt, "
            "aufnahme datum, dt inter, fecha ingre, ingre, data de ingresso, "
            "data de internamento, hospital admit time, date entree hopital"
        ),
        weak=_words(
            "date, registration date, datetime, day, timestamp, fecha, datum, data, from, intime, "
            "in time, registration date time, reg date time, arrive date time, registration time, "
            "edregtime, ed arrival, adt arrival time, adt arrival date time, in"
        ),
    ),
    Field(
        "discharged",
        "Discharged",
        "date",
        "Date (and time, where known) of discharge, death or transfer out.",
        known="discharge",
        words=_words(
            "discharged, discharge date, date of discharge, d o d, dod, discharge, disch dttm, "
            "discharge dttm, dischtime, discharge ts, discharge time, disch date, disch time, "
            "discharge datetime, hosp disch time, hospital discharge date, departure date, "
            "departure time, departure, date discharged, end date, stay end, leave date, "
            "check out, check out date, encounter end, out date, exit date, stop, dischargedate, "
            "entlassungsdatum, entlassdatum, entlassung, entlassungstag, entlassungszeit, "
            "austritt, austrittsdatum, abgang, fecha de alta, fecha alta, alta, fecha de egreso, "
            "fecha egreso, egreso, fecha salida, fecha de salida, data de alta, data alta, "
            "dt alta, data de saida, data saida, dt saida, date de sortie, date sortie, sortie, "
            "data dimissione, data di dimissione, dimissione, data dimissioni, data uscita, "
            "disch, disch dt tm, entldt, entlassdt, egreso fecha, data di dimissione ospedaliera, "
            "fecha egre"
        ),
        weak=_words("end, to, until, outtime, out time, out"),
    ),
    Field(
        "length_of_stay",
        "Length of stay",
        "number",
        "Nights in hospital: discharge date minus admission date.",
        known="discharge",
        unit="days",
        nature="flow",
        low=0,
        high=36525,
        words=_words(
            "length of stay, los, lengthofstay, length of stay days, los days, stay days, "
            "days in hospital, days stayed, hospital days, stay length, duration of stay, "
            "duration of hospital stay, stay duration, inpatient days, total days, "
            "bed days of stay, time in hospital, verweildauer, liegedauer, aufenthaltsdauer, "
            "liegetage, belegungstage, estancia, dias de estancia, duracion de la estancia, "
            "dias estancia, dias de hospitalizacion, dias internado, tempo de internacao, "
            "dias de internacao, tempo de permanencia, permanencia, duree de sejour, "
            "duree sejour, jours d hospitalisation, degenza, giorni di degenza, durata degenza, "
            "durata della degenza, durata ricovero, gg degenza, losdays, los total, dias estada, "
            "dias de estada, dias estadia, dias perm, dias de permanencia, dias permanencia, "
            "dias esta, estancia dias, estancias, estada, demora, dias de internamento do doente, "
            "duree du sejour, verweildauer in tagen, verweildauer tage"
        ),
        weak=_words("stay, duration, days, actual los, duree, durata"),
    ),
    # --- what happened -----------------------------------------------------------------
    Field(
        "was_admitted",
        "Was admitted",
        "flag",
        "Whether the visit became an admission (emergency departments).",
        known="stay",
        words=_words(
            "was admitted, patient admin flag, admission flag, admit flag, is admitted, "
            "admitted flag, patient admission flag, admitted yn, admitted y n, "
            "admitted to hospital, inpatient flag, admitted inpatient, "
            "aufgenommen, ingresado, internado, hospitalise, ricoverato"
        ),
        weak=_words("admitted, admission, disposition admitted, ed disposition"),
    ),
    Field(
        "outcome",
        "Outcome",
        "category",
        "How the stay ended: recovered, transferred, died …",
        known="discharge",
        words=_words(
            "outcome, patient outcome, discharge disposition, patient disposition, disposition, "
            "discharge status, discharge outcome, discharge destination, discharge type, "
            "treatment outcome, dama, vital status, survival, survived, mortality, death, died, "
            "deceased, expired, hospital expire flag, entlassungsgrund, entlassungsart, "
            "motivo de alta, tipo de alta, destino al alta, resultado, desfecho, motivo de saida, "
            "motivo da alta, mode de sortie, issue, devenir, modalita di dimissione, "
            "modalita dimissione, esito, disch disp name, discharge disposition name, "
            "discharge location, discharge destination name, hospitaldischargestatus, "
            "hospital discharge status, dischstat, disch status, pat status, condicion egreso, "
            "condicion de egreso, cond egr, estado salida, circunstancias alta, "
            "circunstancia de alta, motivo egreso, motivo de egreso, motegre, morte, obito, "
            "patient status at discharge, esito dimissione"
        ),
        weak=_words("status, result, discharge"),
    ),
    Field(
        "readmitted",
        "Readmitted",
        "flag",
        "Whether the stay was, or was followed by, a readmission, as recorded in the file.",
        known="discharge",
        words=_words(
            "readmitted, readmission, readmission flag, readmit, readmitted within 30 days, "
            "30 day readmission, readmission 30 days, is readmission, unplanned readmission, "
            "wiederaufnahme, reingreso, reinternacao, readmissao, rehospitalisation, "
            "readmission 30 jours, riammissione, ricovero ripetuto, readmitted 30 days, readm 30, "
            "readmission within 30 days, reingreso 30 dias"
        ),
    ),
    Field(
        "ventilated",
        "Ventilated",
        "flag",
        "Whether the patient was ventilated.",
        known="stay",
        words=_words(
            "ventilated, mechanical ventilation, ventilation, ventilator, on ventilator, "
            "ventilator used, intubated, beatmet, beatmung, ventilado, ventilacion mecanica, "
            "ventilacao mecanica, ventilation mecanique, ventile, ventilato, "
            "ventilazione meccanica"
        ),
    ),
    Field(
        "icu_days",
        "ICU days",
        "number",
        "Days in intensive care during the stay.",
        known="stay",
        unit="days",
        nature="flow",
        low=0,
        high=3660,
        words=_words(
            "icu days, days in icu, icu los, icu length of stay, critical care days, "
            "duration of intensive unit stay, intensive care days, itu days, intensivtage, "
            "dias uci, dias en uci, dias de uti, dias uti, dias cti, jours de reanimation, "
            "jours reanimation, giorni terapia intensiva, giorni di terapia intensiva"
        ),
    ),
    Field(
        "waiting_minutes",
        "Waiting time",
        "number",
        "Wait from arrival to being seen.",
        known="stay",
        unit="minutes",
        nature="flow",
        low=0,
        high=14400,
        words=_words(
            "waiting minutes, wait minutes, wait time, waiting time, patient waittime, waittime, "
            "wait time minutes, wait time min, wait min, waiting time minutes, time to provider, "
            "door to doctor, minutes waited, wartezeit, wartezeit minuten, tiempo de espera, "
            "minutos de espera, tempo de espera, temps d attente, minutes d attente, "
            "tempo di attesa, tempo attesa, attesa minuti"
        ),
        weak=_words("wait, waiting, time wait"),
    ),
    Field(
        "satisfaction",
        "Satisfaction",
        "number",
        "Patient satisfaction on the scale of the file.",
        known="discharge",
        unit="points, scale as supplied",
        low=0,
        high=1000,
        words=_words(
            "satisfaction, patient satisfaction, satisfaction score, patient sat score, "
            "patient satisfaction score, sat score, satisfaction rating, survey score, feedback, "
            "patient rating, overall rating, zufriedenheit, patientenzufriedenheit, satisfaccion, "
            "satisfaccion del paciente, satisfacao, satisfacao do paciente, "
            "satisfaction patient, soddisfazione, soddisfazione paziente, feedback score"
        ),
        weak=_words("rating, experience score, score"),
    ),
    # --- money -------------------------------------------------------------------------
    Field(
        "cost",
        "Cost",
        "money",
        "What the treatment cost, in the currency of the file.",
        known="discharge",
        unit="currency as supplied",
        nature="flow",
        words=_words(
            "cost, costs, total cost, total costs, treatment cost, cost of treatment, "
            "treatment costs, cost of stay, hospital cost, cost usd, cost amount, expense, "
            "expenses, total expense, total expenses, expenditure, kosten, gesamtkosten, "
            "behandlungskosten, fallkosten, costo, coste, costo total, coste total, "
            "costo del tratamiento, coste del tratamiento, custo, custo total, "
            "custo do tratamento, cout, couts, cout total, cout du traitement, costi, "
            "costo totale, costo trattamento, valor total, importe, spesa, gasto, gasto total, "
            "val tot, valor total da aih, coste apr, coste medio apr"
        ),
        weak=_words(
            "billing amount, bill amount, bill, billing, total bill, amount, amount billed, "
            "invoice amount, price, montant, betrag, rechnungsbetrag, valor, importo, total amount"
        ),
    ),
    Field(
        "charges",
        "Charges",
        "money",
        "What was billed: not what it cost.",
        known="discharge",
        unit="currency as supplied",
        nature="flow",
        words=_words(
            "charges, total charges, charge, total charge, hospital charges, billed charges, "
            "gross charges, revenue, billed amount, amount charged, erloes, erlose, facturado, "
            "importe facturado, cargos, valor cobrado, faturado, montant facture, fatturato, "
            "importo fatturato, tariffa, tot chgs, tchgs, total chgs, total covered charges"
        ),
    ),
    # --- counts and stocks ---------------------------------------------------------------
    Field(
        "date",
        "Date",
        "date",
        "The day, or the first day of the week or month, a count belongs to.",
        words=_words(
            "date, day, report date, reporting date, week, week ending, week start, month, "
            "period, collection date, collection week, date of interest, last date of week, "
            "week end date, week start date, as of date, ds, reporting period, census date, "
            "snapshot date, observation date, datum, tag, stichtag, woche, monat, berichtsmonat, "
            "fecha, dia, semana, mes, periodo, data, data de referencia, competencia, "
            "date de reference, jour, semaine, mois, periode, giorno, settimana, mese, "
            "data riferimento, stand, shift date, report month, reportdate, as at date, quarter, "
            "trimestre, quartal, periodo referencia, period end, jour de reference, ano mes, w c, "
            "w e, wc, week commencing, week beginning, week ended, wk ending, week of, woche vom, "
            "woche bis, semaine du, semaine se terminant le, semana del, semana que termina, "
            "settimana del, month ending, quarter ending, year ending, period ending, "
            "effective from, effective date, valid from, opening date, opened on"
        ),
        weak=_words("time, timestamp, datetime, year month, period start, stand datum, comp"),
    ),
    Field(
        "admissions",
        "Admissions",
        "count",
        "Admissions counted.",
        unit="admissions",
        nature="flow",
        low=0,
        words=_words(
            "admissions, number of admissions, total admissions, admission count, admitted, "
            "patients admitted, new admissions, inpatient admissions, admits, hospitalized count, "
            "hospitalised count, hospitalizations, hospitalisations, number admitted, "
            "count of admissions, daily admissions, aufnahmen, anzahl aufnahmen, fallzahl, "
            "anzahl faelle, ingresos, numero de ingresos, total ingresos, hospitalizaciones, "
            "internacoes, numero de internacoes, admissoes, entrees, nombre d admissions, "
            "nombre d entrees, hospitalisations totales, ricoveri, numero ricoveri, ammissioni, "
            "ingressi, emergency admissions total, new hospital admissions, incid hosp, "
            "nouvelles hospitalisations, hosp incid, total emergency admissions, ipd admissions, "
            "ipd, new admissions hospital, daily hospital admissions, hospital admissions, "
            "neuaufnahmen, ingresos totales, nuovi ricoveri"
        ),
        weak=_words("y, count, cases, patients, n, number of patients, patients total, adm, total"),
    ),
    Field(
        "discharges",
        "Discharges",
        "count",
        "Discharges counted, deaths and transfers included.",
        unit="discharges",
        nature="flow",
        low=0,
        words=_words(
            "discharges, number of discharges, total discharges, discharge count, discharged, "
            "patients discharged, daily discharges, separations, completed spells, entlassungen, "
            "anzahl entlassungen, altas, egresos, numero de altas, total altas, sorties, "
            "nombre de sorties, dimissioni, dimessi, numero dimissioni, saidas, tot dschrgs, "
            "total egresos, doentes saidos, incid rad, egresos totales, dis tot, altas 24 h, "
            "alive discharges, hospital discharges"
        ),
        weak=_words("dis"),
    ),
    Field(
        "visits",
        "Visits",
        "count",
        "Visits counted, admitted or not (emergency or outpatient attendances).",
        unit="visits",
        nature="flow",
        low=0,
        words=_words(
            "visits, number of visits, total visits, attendances, total attendances, ed visits, "
            "er visits, emergency visits, ed arrivals, arrivals, outpatient visits, "
            "patient visits, encounters, consultations, contacts, patients request, "
            "presentations, besuche, notaufnahmen, anzahl besuche, konsultationen, visitas, "
            "urgencias, consultas, atendimentos, passages, passages aux urgences, accessi, "
            "visite, accessi pronto soccorso, number of attendances, number of attendances all, "
            "attendances all, a e attendances, number of visits total, atendimentos totais, "
            "er attendances, emergency attendances, total opd, opd visits"
        ),
    ),
    Field(
        "occupied_beds",
        "Occupied beds",
        "count",
        "Beds with a patient in them, at the time of the count.",
        unit="beds",
        nature="stock",
        low=0,
        words=_words(
            "occupied beds, beds occupied, bed in use, beds in use, bed inuse, beds used, "
            "inpatient beds occupied, inpatient beds used, patients in hospital, census, "
            "midnight census, inpatient census, patients in house, bed census, "
            "current inpatients, number of beds occupied, occupied bed days, patient days, "
            "beds occ, belegte betten, belegung, camas ocupadas, camas usadas, "
            "pacientes ingresados, leitos ocupados, lits occupes, patients hospitalises, "
            "letti occupati, posti letto occupati, patients all total, pacientes hospitalizados, "
            "average occupied beds, betten belegt, totale ospedalizzati, hospital cases, "
            "patients in beds, ocupadas, total all patients, currently hospitalized, "
            "currently hospitalised, current hospitalizations, current inpatients total, "
            "in hospital, beds used total, bed days, hospitalizados actuales, "
            "occupied bed days total, belegungstage, berechnungs belegungstage, "
            "dias de internamento, dias cama ocupados, dias cama ocupadas, giornate di degenza, "
            "inpatient days total, hospitalized patients, hospitalised patients, "
            "patients at midnight, inpatients at midnight"
        ),
        weak=_words(
            "occupied, in use, used, midnight count, inpatients, hosp, total occupied, "
            "patients hospitalized, hospitalized, tot all patients"
        ),
    ),
    Field(
        "staffed_beds",
        "Staffed beds",
        "count",
        "Beds that are staffed, occupied or not.",
        unit="beds",
        nature="stock",
        low=0,
        words=_words(
            "staffed beds, beds staffed, total beds, beds total, number of beds, bed count, beds, "
            "baseline staffed beds, total staffed beds, inpatient beds, beds open, "
            "operational beds, beds in service, general and acute beds, bed capacity, "
            "beds available total, available staffed beds, num beds, no of beds, betten, "
            "bettenzahl, anzahl betten, aufgestellte betten, planbetten, camas, camas totales, "
            "numero de camas, camas instaladas, camas disponibles totales, leitos, leitos totais, "
            "numero de leitos, leitos existentes, lits, nombre de lits, lits installes, "
            "capacite en lits, letti, posti letto, numero posti letto, staffed bed count, "
            "available beds total, betten gesamt, betten kapazitat, total camas, "
            "camas habilitadas, camas funcionantes, leitos existente, available bed days, "
            "staffed bed days, total capacity, bettenkapazitat, beds all, stf beds, "
            "dias cama disponibles, aufgestellte betten gesamt, licensed and staffed beds, "
            "posti letto totali, all staffed beds"
        ),
        weak=_words(
            "available beds, beds available, licensed beds, capacity, bed avail, posti, "
            "total available, lic beds, avl beds, beds nonicu, beds licensed, lits total"
        ),
    ),
    Field(
        "free_beds",
        "Free beds",
        "count",
        "Staffed beds without a patient.",
        unit="beds",
        nature="stock",
        low=0,
        words=_words(
            "free beds, empty beds, beds free, vacant beds, unoccupied beds, beds vacant, "
            "beds empty, freie betten, camas libres, camas disponibles, leitos livres, "
            "leitos disponiveis, lits libres, lits disponibles, letti liberi, posti letto liberi, "
            "posti letto disponibili, beds avail total, betten frei, vacant beds total, "
            "vacant general beds, available empty beds"
        ),
        weak=_words("available beds, beds available, bed avail, beds avail"),
    ),
    Field(
        "team_score",
        "Team score",
        "number",
        "Staff survey score (morale, psychological safety) on the scale of the file.",
        unit="points, scale as supplied",
        words=_words(
            "team score, staff morale, morale, staff satisfaction, psychological safety, "
            "team survey score, engagement score, staff score, teamklima, "
            "clima laboral, moral, climat d equipe"
        ),
    ),
    # --- staff, capacity, people -----------------------------------------------------------
    Field(
        "role",
        "Role",
        "category",
        "Professional role: doctor, nurse …",
        words=_words(
            "role, staff role, staff group, staff type, job title, profession, position, "
            "occupation, grade, job, job role, cadre, staff cadre, staff category, "
            "berufsgruppe, rolle, funktion, puesto, categoria profesional, rol, cargo, funcao, "
            "profissao, metier, fonction, ruolo, qualifica, profilo"
        ),
        weak=_words("designation, title"),
    ),
    Field(
        "staff",
        "Staff",
        "count",
        "People of the role at the place: a headcount (or full-time equivalents), not shifts.",
        unit="people",
        nature="stock",
        low=0,
        words=_words(
            "staff, headcount, number of staff, staff count, staff number, scheduled staff, fte, "
            "full time equivalent, full time equivalents, employees, workforce, health workers, "
            "healthcare workers, personnel, staffing, mitarbeiter, personal, anzahl mitarbeiter, "
            "vollkraefte, vollkrafte, plantilla, personal total, empleados, funcionarios, "
            "profissionais, effectif, effectifs, etp, organico, personale, dipendenti, addetti, "
            "total staff, all staff, hc, head count, staff total, number of employees, "
            "staff headcount"
        ),
        weak=_words("nurses, doctors, physicians, count"),
    ),
    Field(
        "hours",
        "Hours worked",
        "number",
        "Hours worked in the period of the row.",
        unit="hours",
        nature="flow",
        low=0,
        words=_words(
            "hours, hours worked, worked hours, total hours, working hours, staff hours, stunden, "
            "arbeitsstunden, horas, horas trabajadas, horas trabalhadas, heures, "
            "heures travaillees, ore, ore lavorate"
        ),
    ),
    Field(
        "resource",
        "Resource",
        "category",
        "What is counted: beds, icu_beds, ventilators …",
        words=_words(
            "resource, resource type, bed type, equipment, asset, ressource, recurso, "
            "tipo de cama, tipo de leito, type de lit, risorsa, tipo letto"
        ),
    ),
    Field(
        "units",
        "Units",
        "count",
        "How many of the resource the place has.",
        unit="units",
        nature="stock",
        low=0,
        words=_words(
            "units, quantity, capacity, number of units, available units, qty, anzahl, "
            "cantidad, quantidade, quantite, capacite, quantita"
        ),
    ),
    Field(
        "latitude",
        "Latitude",
        "number",
        "Latitude in degrees, WGS 84.",
        unit="degrees",
        low=-180,  # swapped with the longitude it is more than 90: that is seen beside the others
        high=180,
        words=_words(
            "latitude, lat, breitengrad, latitud, latitudine, y coord, gps latitude, geo lat, "
            "latitude wgs 84, lat wgs 84, wgs 84 lat, lat deg, latitude deg, decimal latitude, "
            "facility latitude, hospital latitude, facility lat, hospital lat, y coordinate, "
            "coord y, geographische breite, breitengrad dezimal, lintang, garis lintang, point y, "
            "latitude decimal, intptlat, y koordinate, geolat"
        ),
        weak=_words("y, breite"),
    ),
    Field(
        "longitude",
        "Longitude",
        "number",
        "Longitude in degrees, WGS 84.",
        unit="degrees",
        low=-180,
        high=180,
        words=_words(
            "longitude, lon, lng, long, laengengrad, langengrad, longitud, longitudine, "
            "x coord, gps longitude, geo lon, geo lng, geo long, longitude wgs 84, lon wgs 84, "
            "lng wgs 84, wgs 84 lon, lon deg, longitude deg, decimal longitude, "
            "facility longitude, hospital longitude, facility lon, hospital lon, facility long, "
            "x coordinate, coord x, "
            "geographische lange, langengrad dezimal, bujur, garis bujur, point x, "
            "longitude decimal, intptlong, intptlon, x koordinate, geolon, geolong"
        ),
        weak=_words("x, lange, laenge"),
    ),
    Field(
        "population",
        "Population",
        "count",
        "People living in the area.",
        unit="people",
        nature="stock",
        low=0,
        words=_words(
            "population, pop, inhabitants, residents, total population, population served, "
            "catchment population, einwohner, bevolkerung, bevoelkerung, einwohnerzahl, "
            "poblacion, habitantes, populacao, habitants, popolazione, abitanti"
        ),
    ),
)

FIELDS: dict[str, Field] = {item.name: item for item in _DECLARED}
"""Every field by its name."""

TABLES: dict[Kind, Table] = {
    item.name: item
    for item in (
        Table(
            "stays",
            "Stays",
            "one hospital stay or visit",
            (
                "stay_id", "patient_id", "admitted", "discharged", "length_of_stay", "facility",
                "department", "ward", "treatment", "diagnosis", "admission_type", "was_admitted",
                "age", "age_band", "gender", "region", "zip", "insurance", "cost", "charges",
                "icu_days", "ventilated", "waiting_minutes", "outcome", "readmitted",
                "satisfaction",
            ),
        ),
        Table(
            "activity",
            "Activity",
            "counts for a date (a day, week or month, or one undated snapshot) and a place",
            (
                "date", "facility", "department", "region", "admissions", "discharges", "visits",
                "occupied_beds", "staffed_beds", "free_beds", "cost", "satisfaction",
                "team_score",
            ),
        ),
        Table(
            "facilities",
            "Facilities",
            "one facility",
            ("facility", "latitude", "longitude", "zip", "region", "population"),
        ),
        Table(
            "staff",
            "Staff",
            "the people of one role at one place",
            ("facility", "department", "role", "date", "staff", "hours"),
        ),
        Table(
            "capacity",
            "Capacity",
            "what a place has of one resource: beds, icu_beds, ventilators …",
            ("facility", "department", "ward", "resource", "date", "units"),
        ),
        Table("population", "Population", "the people living in one ZIP code",
              ("zip", "population")),
        Table("lookup", "Look-up", "a key and what belongs to it: joins to the tables above", ()),
    )
}  # fmt: skip
"""The seven tables by their names."""


def field(name: str) -> Field:
    """Return the field of that name.

    Raises
    ------
    KeyError
        Where no such field is declared, naming it.

    Examples
    --------
    >>> field("staffed_beds").nature
    'stock'
    """
    return FIELDS[name]


def table(name: Kind) -> Table:
    """Return the table of that name.

    Examples
    --------
    >>> table("population").fields
    ('zip', 'population')
    """
    return TABLES[name]


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """Return the fields a table may hold, in display order.

    Examples
    --------
    >>> [item.name for item in fields_of("facilities")][:3]
    ['facility', 'latitude', 'longitude']
    """
    return tuple(FIELDS[name] for name in TABLES[kind].fields)
