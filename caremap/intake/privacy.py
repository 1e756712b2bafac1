"""Columns that identify a person and belong to no figure: left out, saying so.

A stay or patient table keeps codes (patient and stay numbers) because readmissions need
them; names, addresses, e-mail, telephone and national numbers are dropped at the door.
"""

from __future__ import annotations

from caremap.intake.headers import words
from caremap.intake.placenames import names_places
from caremap.intake.profile import Profile

__all__ = ["ANOTHER_NUMBER", "FREE_TEXT", "national_number", "personal_reason"]

_NAMES = (
    "name|patient name|full name|first name|last name|surname|forename|given name|family name|"
    "pt name|middle name|patient first name|patient last name|patient first inital|"
    "patient first initial|patient surname|maiden name|initials|doctor|doctor name|physician|"
    "physician name|attending|attending physician|consultant|surgeon|nurse name|next of kin|"
    "guardian|patientenname|nachname|vorname|arzt|nombre|nombre paciente|nombre y apellidos|"
    "apellido|apellidos|medico|nom|nom patient|prenom|medecin|nome|nome paciente|"
    "nome do paciente|sobrenome|cognome|nome e cognome|operating provider id|first|last|middle|"
    "prefix|suffix|maiden|pat name|name full formatted|name last|name first|name1|name2|nachn|"
    "vnam|nname|vname|rufname|family|given|nombre completo|nome completo|patient full name|"
    "primer nombre|segundo nombre|primer apellido|segundo apellido|nom de naissance|"
    "nom usuel|nom de famille|nom prenom|nominativo|nom et prenom|nombres|birthplace|"
    "mother name|father name|nome da mae|spouse name"
)
_CONTACTS = (
    "email|e mail|email address|mail|phone|phone number|telephone|telephone number|mobile|"
    "mobile number|cell|cell phone|contact|contact number|tel|telefon|telefono|telefone|fax|"
    "address|home address|street|street address|patient address|adresse|strasse|direccion|"
    "domicilio|endereco|indirizzo|address line 1|address line 2|patient phone|home phone|"
    "strasse hausnummer|anschrift|logradouro|calle|rue|adresse patient|via|add line 1|pat address"
)
_NUMBERS = (
    "ssn|social security|social security number|nhs number|nhs no|national id|"
    "national identity number|passport|passport number|aadhaar|aadhar|medicare number|"
    "medicare id|dni|nif|nie|curp|cpf|rg|cns|codice fiscale|versichertennummer|"
    "krankenversicherungsnummer|numero securite sociale|nir|insurance number|policy number|"
    "driver license|drivers license|drivers|credit card|cc number|versicherten id|versichertennr|"
    "kvnr|nss|numero de seguridad social|cartao sus|numero cartao sus|num cns|tessera sanitaria|"
    "ahv nummer|bsn|cedula|numero de cedula|rut|run|cui|no ss"
)
_BIRTHS = (
    "date of birth|dob|d o b|birth date|birthdate|birthday|patient dob|geburtsdatum|geburtstag|"
    "fecha de nacimiento|fecha nacimiento|data de nascimento|data nascimento|nasc|dt nasc|"
    "gbdat|gebdat|geb datum|fec nac|fecha nac|fecnac|birth dt tm|birth dttm|birth|born|"
    "date de naissance|data di nascita|data nascita"
)
_BY_HEADER = {
    phrase: reason
    for phrases, reason in (
        (_NAMES, "a person’s name"),
        (_CONTACTS, "a contact detail"),
        (_NUMBERS, "a national or insurance number"),
        (_BIRTHS, "a date of birth"),
    )
    for phrase in phrases.split("|")
}


def personal_reason(header: str, seen: Profile, people: bool) -> str | None:
    """Say why a column identifies a person, or None where it does not.

    Parameters
    ----------
    header
        The column's header as typed.
    seen
        What its values look like.
    people
        Whether the rows of the table are people or stays. The telephone number of a
        clinic identifies nobody, so headers alone count only where rows are people.

    Examples
    --------
    >>> personal_reason("Patient Name", Profile(10, 1.0, 1.0, 10), people=True)
    'a person’s name'
    >>> personal_reason("Name", Profile(10, 1.0, 1.0, 10), people=False) is None
    True
    """
    if seen.email >= 0.5:
        return "an e-mail address"
    if seen.national >= 0.5:
        return "a national or insurance number"
    if people and seen.phone >= 0.7 and seen.kinds > 3:
        return "a telephone number"
    # Full names are told by content too, but only where nearly every row has another one.
    places = people and names_places(seen.text)
    if people and not places and seen.person >= 0.8 and seen.kinds >= 20 and seen.distinct >= 0.5:
        return "a person’s name"
    if people and not (places and words(header) in _NAMED):
        return _BY_HEADER.get(words(header)) or _telling(words(header), seen)
    return None


_PEOPLE = frozenset(
    "doctor consultant patient physician surgeon nurse attending clinician therapist "
    "practitioner arzt medico medecin paciente paziente".split()
)
_NAMED = frozenset("name names nombre nome nom".split())
FREE_TEXT = "free text about people"
ANOTHER_NUMBER = "another number of the patient"
LONG = 40
"""Texts longer than this on average, and mostly different, are comments on people."""


def _telling(text: str, seen: Profile) -> str | None:
    """A column of names by its words, or of comments by the length of its texts."""
    tokens = set(text.split())
    if tokens & _NAMED and tokens & _PEOPLE:
        return "a person’s name"
    if seen.length > LONG and seen.distinct > 0.5 and seen.kinds > 3 and seen.number < 0.5:
        return FREE_TEXT
    return None


def national_number(seen: Profile, header: str = "") -> bool:
    """Whether values look like, or are headed as, national numbers: codes take their place."""
    return seen.national >= 0.5 or words(header) in _NATIONAL


_NATIONAL = frozenset(
    "num identificacion|numero identificacion|numero de identificacion|num documento|"
    "numero documento|numero de documento|cip|nhs number|codice fiscale".split("|")
)
