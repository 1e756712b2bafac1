# ruff: noqa: E501 - a line of a file is a line here
"""Exports as hospitals in seven languages and systems write them, with known answers."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from caremap import open_file


@dataclass(frozen=True)
class Export:
    text: str
    kind: str
    mapping: dict[str, str | list[str]]
    sums: dict[str, float] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"


EXPORTS = {
    "spanish": Export(
        "Nº Historia Clínica;Servicio;Fecha de Ingreso;Fecha de Alta;Edad;Sexo;Coste Total;Motivo de Alta\n"
        "100234;Cardiología;03/01/2024 10:15;07/01/2024 12:00;67;M;1.234,50 €;Domicilio\n"
        "100235;Cirugía;25/01/2024 08:00;25/01/2024 18:30;45;F;980,00 €;Domicilio\n"
        "100236;Cardiología;28/01/2024 22:40;02/02/2024 09:00;81;F;12.450,75 €;Fallecimiento\n",
        "stays",
        {"department": "Servicio", "admitted": "Fecha de Ingreso", "discharged": "Fecha de Alta",
         "age": "Edad", "gender": "Sexo", "cost": "Coste Total", "outcome": "Motivo de Alta"},
        {"length_of_stay": 9, "cost": 14665.25, "age": 193},
        {"admitted": "2024-01-03 10:15:00"},
    ),
    "french": Export(
        "IPP;N° de séjour;Unité de soins;Date d'entrée;Date de sortie;Mode de sortie;Âge du patient;Coût total\n"
        "80012;S1;Réanimation;04/03/2024;09/03/2024;Domicile;72;5 230,40\n"
        "80013;S2;Chirurgie;15/03/2024;18/03/2024;Transfert;55;1 980,00\n",
        "stays",
        {"patient_id": "IPP", "stay_id": "N° de séjour", "ward": "Unité de soins",
         "admitted": "Date d'entrée", "discharged": "Date de sortie", "outcome": "Mode de sortie",
         "age": "Âge du patient", "cost": "Coût total"},
        {"length_of_stay": 8, "cost": 7210.40},
        {"discharged": "2024-03-09"},
        "cp1252",
    ),
    "german": Export(
        "Fallnummer;Patientennummer;Fachabteilung;Aufnahmedatum;Entlassungsdatum;Verweildauer;Aufnahmeart;Kosten\n"
        "4711;0815;Innere Medizin;01.02.2024 07:30;05.02.2024 11:00;4;Notfall;3.412,80\n"
        "4712;0816;Chirurgie;02.02.2024 09:00;02.02.2024 17:00;0;Elektiv;1.150,00\n"
        "4713;0815;Innere Medizin;11.02.2024 13:00;21.02.2024 10:00;10;Notfall;9.999,99\n",
        "stays",
        {"stay_id": "Fallnummer", "patient_id": "Patientennummer", "department": "Fachabteilung",
         "admitted": "Aufnahmedatum", "discharged": "Entlassungsdatum",
         "length_of_stay": "Verweildauer", "admission_type": "Aufnahmeart", "cost": "Kosten"},
        {"length_of_stay": 14, "cost": 14562.79},
        {"patient_id": "0815", "admitted": "2024-02-01 07:30:00"},
    ),
    "portuguese": Export(
        "Prontuário;Estabelecimento;Data de Internação;Data de Alta;CID;Idade;Valor Total;Convênio\n"
        "55123;Hospital Geral;10/05/2023;15/05/2023;I21;66;R$ 4.500,10;SUS\n"
        "55124;Hospital Geral;31/05/2023;02/06/2023;J18;8;R$ 1.200,00;SUS\n",
        "stays",
        {"patient_id": "Prontuário", "facility": "Estabelecimento",
         "admitted": "Data de Internação", "discharged": "Data de Alta", "diagnosis": "CID",
         "age": "Idade", "cost": "Valor Total", "insurance": "Convênio"},
        {"length_of_stay": 7, "cost": 5700.10},
        {"diagnosis": "I21"},
    ),
    "italian": Export(
        "Numero SDO;Reparto;Data ricovero;Data dimissione;Regime ricovero;Giorni di degenza;Costo totale\n"
        "1;Medicina;12/09/2023;20/09/2023;Ordinario;8;2.345,60\n"
        "2;Ortopedia;13/09/2023;16/09/2023;Ordinario;3;4.100,00\n",
        "stays",
        {"stay_id": "Numero SDO", "department": "Reparto", "admitted": "Data ricovero",
         "discharged": "Data dimissione", "admission_type": "Regime ricovero",
         "length_of_stay": "Giorni di degenza", "cost": "Costo totale"},
        {"length_of_stay": 11, "cost": 6445.60},
        {"discharged": "2023-09-20"},
    ),
    "english system": Export(
        "MRN|CSN|HOSP_NAME|DEPT_NAME|ADMIT_DTTM|DISCH_DTTM|EXP_DISCH_DTTM|ADT_PAT_CLASS|FIN_CLASS|TOT_CHGS|TOTAL_COST\n"
        "E1001|90001|North Campus|MED SURG|2024-01-30 23:50:00|2024-02-01 00:10:00|2024-02-03 00:00:00|Inpatient|Medicare|20000.00|8000.5\n"
        "E1002|90002|North Campus|ICU|2024-02-02 01:00:00||2024-02-09 00:00:00|Inpatient|Self|5000.00|2500\n",
        "stays",
        {"patient_id": "MRN", "stay_id": "CSN", "facility": "HOSP_NAME",
         "department": "DEPT_NAME", "admitted": "ADMIT_DTTM", "discharged": "DISCH_DTTM",
         "cost": "TOTAL_COST"},
        {"length_of_stay": 2, "cost": 10500.5},
        {"admitted": "2024-01-30 23:50:00"},
    ),
    "american with times": Export(
        "Encounter ID,Patient ID,Admit Date/Time,Discharge Date/Time,Length of Stay (hours),ZIP Code,Total Charges\n"
        'A1,1,"1/30/2024 11:50:00 PM","2/1/2024 12:10:00 AM",24.3,02139,"$20,000.00"\n'
        'A2,2,"2/2/2024 1:00:00 AM","2/5/2024 9:00:00 AM",80,98101,"$5,000.25"\n',
        "stays",
        {"stay_id": "Encounter ID", "patient_id": "Patient ID", "admitted": "Admit Date/Time",
         "discharged": "Discharge Date/Time", "length_of_stay": "Length of Stay (hours)",
         "zip": "ZIP Code", "charges": "Total Charges"},
        {"length_of_stay": 5, "charges": 25000.25},
        {"zip": "02139", "admitted": "2024-01-30 23:50:00"},
    ),
    "spanish counts by month": Export(
        "Año;Mes;Hospital;Ingresos;Altas;Camas;Camas Ocupadas\n"
        "2024;enero;La Paz;1.200;1.150;900;810\n"
        "2024;febrero;La Paz;1.100;1.120;900;790\n"
        "2024;Total;;2.300;2.270;;\n",
        "activity",
        {"date": ["Año", "Mes"], "facility": "Hospital", "admissions": "Ingresos",
         "discharges": "Altas", "staffed_beds": "Camas", "occupied_beds": "Camas Ocupadas"},
        {"admissions": 2300, "discharges": 2270, "occupied_beds": 1600},
        {"date": "2024-01-01"},
    ),
    "german counts by day": Export(
        "Stichtag;Station;Belegte Betten;Freie Betten;Aufnahmen\n"
        "01.03.2024;A1;20;4;5\n02.03.2024;A1;22;2;3\n13.03.2024;A1;18;6;4\nSumme;;60;12;12\n",
        "activity",
        {"date": "Stichtag", "occupied_beds": "Belegte Betten", "free_beds": "Freie Betten",
         "admissions": "Aufnahmen"},
        {"occupied_beds": 60, "staffed_beds": 72, "admissions": 12},
        {"date": "2024-03-01"},
    ),
    "english staff list": Export(
        "Hospital,Department,Staff Group,Headcount\n"
        'North,ED,Nurse,"1,020"\nNorth,ED,Doctor,40\nSouth,ED,Nurse,300\n',
        "staff",
        {"facility": "Hospital", "department": "Department", "role": "Staff Group",
         "staff": "Headcount"},
        {"staff": 1360},
    ),
    "staff in columns": Export(
        "Facility,Doctors,Nurses,Population\nA,10,30,27571\nB,12,40,39873\n",
        "staff",
        {"facility": "Facility", "staff": "Doctors"},
        {"staff": 92},
        {"role": "Doctors"},
    ),
    "dates moved to hide people": Export(
        "hadm_id,subject_id,admittime,dischtime,insurance\n"
        "1,9,2164-10-23 21:09:00,2164-11-01 17:15:00,Medicare\n"
        "2,8,2126-08-14 22:32:00,9999-12-31 00:00:00,Private\n",
        "stays",
        {"stay_id": "hadm_id", "admitted": "admittime", "discharged": "dischtime"},
        {"length_of_stay": 9},
        {"admitted": "2164-10-23 21:09:00"},
    ),
    "french beds": Export(
        "Établissement;Lits;Lits de réanimation;Respirateurs\nNord;420;24;30\nSud;180;8;10\n",
        "capacity",
        {"facility": "Établissement", "units": "Lits"},
        {"units": 672},
    ),
    "emergency visits in hours": Export(
        "Visit ID,Arrival Time,Wait (hours),Admitted,Age (months)\n"
        "1,2024-01-01T10:00:00,1.5,Yes,24\n2,2024-01-01T11:00:00,0.25,No,600\n"
        "3,2024-01-02T11:00:00,2,No,6\n",
        "stays",
        {"stay_id": "Visit ID", "admitted": "Arrival Time", "waiting_minutes": "Wait (hours)",
         "was_admitted": "Admitted", "age": "Age (months)"},
        {"waiting_minutes": 225, "age": 52.5, "was_admitted": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_comes_out_right(name: str) -> None:
    export = EXPORTS[name]
    loaded = open_file(export.text.encode(export.encoding), name="export.csv")
    assert loaded.kind == export.kind
    matched = {field: loaded.mapping.get(field) for field in export.mapping}
    assert matched == export.mapping
    for field_name, expected in export.sums.items():
        assert loaded.table[field_name].sum() == pytest.approx(expected, rel=1e-4), field_name
    for field_name, value in export.first.items():
        assert str(loaded.table[field_name].iloc[0]).removesuffix(" 00:00:00") == value


@pytest.mark.parametrize("name", EXPORTS)
def test_no_export_leaves_an_open_question(name: str) -> None:
    export = EXPORTS[name]
    loaded = open_file(export.text.encode(export.encoding), name="export.csv")
    assert [one.code for one in loaded.findings if one.severity == "error"] == []


def test_the_expected_discharge_is_no_discharge() -> None:
    export = EXPORTS["english system"]
    loaded = open_file(export.text.encode(), name="export.csv")
    assert "EXP_DISCH_DTTM" in loaded.table.columns
    assert loaded.table["discharged"].isna().sum() == 1


def test_resources_stand_below_one_another() -> None:
    loaded = open_file(EXPORTS["french beds"].text.encode(), name="lits.csv")
    units = loaded.table.groupby("resource")["units"].sum().to_dict()
    assert units == {"beds": 600, "icu_beds": 32, "ventilators": 40}
