"""Names of places told from names of people: both are two words with capital letters."""

from __future__ import annotations

from collections.abc import Sequence

from caremap.intake.headers import words

__all__ = ["names_places"]

_PLACES = frozenset(
    "hospital hospitals clinic centre center ward unit department dept emergency service services "
    "medicine medical surgery surgical intensive care icu theatre maternity rehabilitation trust "
    "infirmary health healthcare outpatient outpatients inpatient ambulatory nursing laboratory "
    "pharmacy room floor division hospice region county district klinik klinikum krankenhaus "
    "spital station abteilung ambulanz chirurgie medizin innere notaufnahme hopital clinique "
    "urgences unite medecine centro hospitalario clinica unidad servicio urgencias medicina "
    "cirugia unidade servico urgencia cirurgia emergencia ospedale reparto unita chirurgia "
    "pronto soccorso presidio enfermaria".split()
)
_ENDINGS = ("logy", "logie", "logia", "iatry", "iatrie", "iatria", "iatrics", "paedics", "pedics")


def names_places(texts: Sequence[str]) -> bool:
    """Whether half of some names and more are of hospitals, departments or wards.

    Examples
    --------
    >>> names_places(["Emergency Department", "Cardiology", "Stroke"])
    True
    >>> names_places(["John Ward", "Mary Jones", "Ann Lee"])
    False
    """
    told = [
        any(token in _PLACES or token.endswith(_ENDINGS) for token in words(text).split())
        for text in texts
    ]
    return len(told) >= 2 and sum(told) >= 0.5 * len(told)
