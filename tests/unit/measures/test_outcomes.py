"""Deaths and transfers are recognised by their words, in several languages."""

from __future__ import annotations

import pytest

from caremap.measures.outcomes import deaths, transfers


@pytest.mark.parametrize(
    "text",
    [
        "Died", "DEAD", "Death", "Deceased", "Expired", "expired in hospital", "Patient died",
        "Muerto", "Fallecido", "Exitus", "Defunción", "Décès", "Décédé", "Verstorben", "Tod",
        "Óbito", "Falecido", "Deceduto", "Decesso", "Dead on arrival",
    ],
)  # fmt: skip
def test_a_death(text: str) -> None:
    assert deaths([text]) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Home", "Recovered", "1", "0", "1.0", "Yes", "No", "True", "Alive", "Discharged alive",
        "Not expired", "Survived", "Alta", "Domicile", "Stable", "Todd Hospital", "Study",
        "Mortimer House", "Ambulatorio",
    ],
)  # fmt: skip
def test_no_death(text: str) -> None:
    assert deaths([text]) == []


@pytest.mark.parametrize(
    "text",
    ["Transfer", "Transferred to SNF", "Verlegt", "Traslado", "Trasferito", "Transferido",
     "Transféré"],
)  # fmt: skip
def test_a_transfer(text: str) -> None:
    assert transfers([text]) == [text]


def test_no_transfer() -> None:
    assert transfers(["Home", "Died", "Left against advice"]) == []
