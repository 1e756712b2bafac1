"""Whether a network's postal codes are US ZIP codes: half of Europe writes five digits too.

A Malaysian 50586 or a Bavarian 80331 has a ZIP code of the same digits in America, or has not,
by chance. So the network is looked at as a whole, the strongest evidence first, and what
decided is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from caremap.geography.apart import from_country, from_points, middle
from caremap.geography.facts import Facts, Floats
from caremap.geography.states import folded
from caremap.geography.zips import zip_places
from caremap.intake.headers import words
from caremap.intake.postal import abroad

__all__ = ["Home", "home_of"]

NEAR = 100.0
"""Kilometres a facility may be from the middle of its own ZIP code."""

HALF = 0.5
KNOWN = 0.9
"""The share of codes the US post office knows in a network of the US; by chance it knows 0.42."""

_NAMING = frozenset(
    "city,town,state,county,province,municipality,ort,stadt,bundesland,ville,commune,ciudad,"
    "municipio,provincia,localidad,estado,cidade,comune,citta,state name,county name,"
    "city name".split(",")
)
"""Headers of columns that name the place a facility is in, and no region of its own making."""
_FOREIGN = re.compile(
    r"\b(?:klinik|kliniken|klinikum|krankenhaus|krankenhauser|spital|universitatsklinikum"
    r"|hopital|hopitaux|clinique|chu|chru|centre hospitalier|ospedale|ospedali|policlinico|asl"
    r"|presidio ospedaliero|hospital universitari|hospital general de|hospital clinico|clinica"
    r"|kesihatan|pejabat|jalan|kampung|kuala|sungai|bukit|kota|sultanah|tuanku|tengku|pulau"
    r"|rumah sakit"
    r"|charite|universitatsmedizin|diakonie|asklepios|helios|stadtisches|puskesmas|sjukhus"
    r"|sairaala|szpital|hastanesi"
    r"|nemocnice|nhs|infirmary|strasse|rue|calle|avenida|piazza|lorong|taman)\b"
)
_AREAS = frozenset(
    folded(area)
    for area in (
        "Baden-Württemberg,Bayern,Bavaria,Berlin,Brandenburg,Bremen,Hamburg,Hessen,Hesse,"
        "Mecklenburg-Vorpommern,Niedersachsen,Lower Saxony,Nordrhein-Westfalen,"
        "North Rhine-Westphalia,Rheinland-Pfalz,Saarland,Sachsen,Saxony,Sachsen-Anhalt,"
        "Schleswig-Holstein,Thüringen,Thuringia,NRW,Wien,Zürich,"
        "Johor,Kedah,Kelantan,Melaka,Malacca,Negeri Sembilan,Pahang,Perak,Perlis,Pulau Pinang,"
        "Penang,Sabah,Sarawak,Selangor,Terengganu,Kuala Lumpur,WP Kuala Lumpur,"
        "W.P. Kuala Lumpur,Wilayah Persekutuan,Labuan,WP Labuan,Putrajaya,WP Putrajaya,"
        "Île-de-France,Bretagne,Normandie,Occitanie,Nouvelle-Aquitaine,Grand Est,"
        "Hauts-de-France,Auvergne-Rhône-Alpes,Bourgogne-Franche-Comté,Pays de la Loire,"
        "Provence-Alpes-Côte d'Azur,Centre-Val de Loire,Corse,"
        "Lombardia,Lazio,Campania,Sicilia,Veneto,Piemonte,Emilia-Romagna,Toscana,Puglia,Liguria,"
        "Calabria,Sardegna,Marche,Abruzzo,Umbria,Basilicata,Molise,Trentino-Alto Adige,"
        "Andalucía,Cataluña,Catalunya,Madrid,Comunidad de Madrid,Comunidad Valenciana,Galicia,"
        "País Vasco,Castilla y León,Castilla-La Mancha,Canarias,Aragón,Extremadura,Asturias,"
        "Murcia,Navarra,Cantabria,Islas Baleares,"
        "Jalisco,Nuevo León,Ciudad de México,CDMX,Estado de México,Puebla,Guanajuato,Veracruz,"
        "England,Scotland,Wales,Northern Ireland,London,Greater London,Midlands,East of England,"
        "North West,North East and Yorkshire,South East,South West,Yorkshire,Ontario,Québec,"
        "Jawa Barat,Jawa Tengah,Jawa Timur,DKI Jakarta,Bangkok,Istanbul,Ankara,Izmir,"
        "Stockholm,Skåne,Uusimaa"
    ).split(",")
)
"""The first level of areas of countries whose postal codes have five digits, and some others."""


@dataclass(frozen=True, eq=False)
class Home:
    """Whether facilities are in the United States.

    Attributes
    ----------
    us
        Per facility: whether its postal code is a US ZIP code.
    why
        What decided it for those whose row names no country, as the end of a sentence.
    sure
        Whether anything but the codes themselves spoke for it.
    network
        Whether the network as a whole is in the United States; None where nothing says it.
    """

    us: np.ndarray[Any, np.dtype[np.bool_]]
    why: str
    sure: bool
    network: bool | None


def home_of(facts: Facts) -> Home:
    """Decide whether the postal codes of a network are US ZIP codes.

    Evidence in order: a country column; states, counties or towns that are those of the codes;
    areas of other countries; coordinates at the codes, or in another country; what the column
    is called and how codes are written; words of other languages; how many of the codes the
    post office knows.
    """
    network: bool | None = None
    why, sure = "nothing in the file says which country it is", False
    for ask in _EVIDENCE:
        answer = ask(facts)
        if answer is not None:
            network, why = answer
            sure = ask is not _known_codes
            break
    us = np.full(len(facts.name), bool(network))
    stated = facts.country != ""
    us[stated] = facts.country[stated] == "US"
    return Home(us, why, sure, network)


Answer = tuple[bool, str] | None


def _country(facts: Facts) -> Answer:
    stated = facts.country != ""
    if not stated.any() or stated.mean() < HALF:
        return None
    if (facts.country[stated] == "US").mean() >= HALF:
        return True, "the file names the United States as the country"
    return False, "the file names another country"


def _named_places(facts: Facts) -> Answer:
    """States, counties and towns beside the codes."""
    for column, (agrees, named) in facts.agreeing.items():
        both = np.isfinite(agrees)
        if both.any() and agrees[both].mean() >= HALF and both.sum() >= HALF * _coded(facts):
            return True, f"“{column}” names the states, counties or towns of the codes"
        if both.sum() >= 2 and agrees[both].mean() <= 0.2 and words(column) in _NAMING:
            return False, f"“{column}” names other places than US ZIP codes of these digits have"
        texts = facts.texts[column]
        filled = texts != ""
        if not filled.any():
            continue
        areas = np.array([text in _AREAS for text in texts[filled]])
        if areas.mean() >= HALF:
            return False, f"“{column}” names areas of another country"
        written = np.array([len(text) > 2 for text in texts]) & (named != "")
        if not both.any() and (written[filled].mean() >= HALF or _all_states(named, filled)):
            return True, f"“{column}” names states of the United States"
    return None


def _all_states(named: Any, filled: Any) -> bool:
    """Whether a column holds nothing but two letters of states: a few fit other countries too."""
    return bool((named[filled] != "").all()) and filled.sum() >= 2


def _coded(facts: Facts) -> int:
    return int((facts.zip_rows >= 0).sum())


def _coordinates(facts: Facts) -> Answer:
    """Coordinates where the codes are, in some order or sign; else in the United States at all."""
    frame = zip_places().frame
    latitude, longitude = facts.latitude, facts.longitude
    given = np.isfinite(latitude) & np.isfinite(longitude)
    given &= ~((np.abs(latitude) < 0.01) & (np.abs(longitude) < 0.01))
    both = given & (facts.zip_rows >= 0)
    if both.any():
        at = frame.iloc[facts.zip_rows[both]]
        there = at["latitude"].to_numpy(), at["longitude"].to_numpy()
        nearest = np.full(int(both.sum()), np.inf)
        for first, second in _readings(latitude[both], longitude[both]):
            nearest = np.fmin(nearest, from_points(first, second, *there))
        if (nearest <= NEAR).any():  # by chance it never happens
            return True, "the coordinates are where the codes are"
    if not given.any():
        return None
    if _inside(facts, given):
        return True, "the coordinates are in the United States"
    # Codes looked up all over the world give points all over the world: those prove nothing.
    points = set(zip(latitude[given], longitude[given], strict=True))
    together = given.sum() >= 3 and middle(latitude[given], longitude[given])[2] <= 1500.0
    together = together and len(points) > 1
    if together or not both.any():
        return False, "the coordinates are in another country"
    return None


def _inside(facts: Facts, given: Any) -> bool:
    """Whether most coordinates are in the United States; some neighbours are near them too."""
    away = from_country(facts.latitude[given], facts.longitude[given])
    return bool(np.median(away) <= 40.0 and (away <= NEAR).mean() >= 0.6)


def _readings(latitude: Floats, longitude: Floats) -> list[tuple[Floats, Floats]]:
    """The given coordinates, and what they are where swapped or without their minus."""
    return [
        (latitude, longitude), (longitude, latitude),
        (latitude, -longitude), (longitude, -latitude),
    ]  # fmt: skip


def _header(facts: Facts) -> Answer:
    if abroad(facts.header) and (facts.postal != "").any():
        return False, "their column is called as postal codes are in other countries"
    return None


def _written(facts: Facts) -> Answer:
    """ZIP+4 is American; letters or six digits are not."""
    filled = facts.postal[facts.postal != ""]
    if not len(filled):
        return None
    plus = [bool(re.fullmatch(r".*[0-9]{5}-[0-9]{4}", text)) for text in filled]
    if np.mean(plus) >= 0.2:
        return True, "codes are written as ZIP+4"
    if np.mean([code == "" for code in facts.zips[facts.postal != ""]]) >= HALF:
        return False, "most are no five digits"
    return None


def _language(facts: Facts) -> Answer:
    texts = [folded(name) for name in facts.name]
    for column in facts.texts.values():
        texts = [f"{one} {more}" for one, more in zip(texts, column, strict=True)]
    foreign = [bool(_FOREIGN.search(text)) for text in texts]
    filled = [text for text in facts.zips if text]
    caribbean = filled and np.mean([text.startswith(("006", "007", "009")) for text in filled])
    if foreign and np.mean(foreign) >= 0.3 and not (caribbean and caribbean >= KNOWN):
        return False, "names are written in another language"
    umlauts = [bool(re.search("[äöüßÄÖÜåøæşğçãõ]", name)) for name in facts.name]
    if umlauts and np.mean(umlauts) >= 0.3:
        return False, "names are written in another language"
    return None


def _known_codes(facts: Facts) -> Answer:
    """The post office knows nearly all codes of an American network, 42 of 100 of any other.

    A filler such as 99999 says nothing. One mistyped code among a few is believed where the
    others are near each other.
    """
    codes = {code: int(at) for code, at in zip(facts.zips, facts.zip_rows, strict=True)
             if len(set(code)) > 1}  # fmt: skip
    if not codes:
        return None
    known = [at for at in codes.values() if at >= 0]
    unknown = len(codes) - len(known)
    enough = unknown <= (1 - KNOWN) * len(codes)
    one_slip = unknown == 1 and len(codes) >= 3 and "region" not in facts.texts
    if enough or (one_slip and _near_each_other(known)):
        return True, "the US post office knows them"
    return False, f"the US post office knows only {len(known):,} of the {len(codes):,} codes"


def _near_each_other(rows: list[int]) -> bool:
    at = zip_places().frame.iloc[rows]
    latitude, longitude = at["latitude"].to_numpy(), at["longitude"].to_numpy()
    here = middle(latitude, longitude)
    return bool((from_points(latitude, longitude, here[0], here[1]) <= 300.0).all())


_EVIDENCE: tuple[Callable[[Facts], Answer], ...] = (
    _country, _named_places, _coordinates, _header, _written, _language, _known_codes,
)  # fmt: skip
