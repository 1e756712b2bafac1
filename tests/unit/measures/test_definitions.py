"""Every measure is declared once and completely."""

from __future__ import annotations

import pytest

from caremap.measures import MEASURES
from caremap.schema import FIELDS


@pytest.mark.parametrize("name", MEASURES)
def test_a_declaration_is_complete(name: str) -> None:
    measure = MEASURES[name]
    assert measure.name == name
    for text in (measure.title, measure.unit, measure.numerator, measure.definition):
        assert text
    assert measure.source
    assert measure.definition.endswith(".")
    assert measure.needs
    assert measure.denominator or measure.kind != "ratio" or "stay" in name or "wait" in name


@pytest.mark.parametrize("name", MEASURES)
def test_what_a_measure_needs_are_fields(name: str) -> None:
    for need in MEASURES[name].needs:
        assert set(need.split("|")) <= set(FIELDS)


def test_a_longer_stay_is_not_good_and_occupancy_is_neither() -> None:
    assert MEASURES["length_of_stay"].good == "down"
    assert MEASURES["occupancy"].good == ""
    assert MEASURES["satisfaction"].good == "up"
