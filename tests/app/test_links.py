"""A link carries choices; whatever it says, the page says something sensible."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from caremap.intake.matching import name_score
from caremap.schema import fields_of
from caremap.ui.start import template
from tests.app.pages import APP, STAYS, overview, upload, words


def linked(**params: str | list[str]) -> AppTest:
    """The overview with one small file, opened by a link."""
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params.update(params)
    return overview(upload(at.run(), "april.csv", STAYS.encode()))


def test_a_link_brings_beds_at_once() -> None:
    assert "Month to date, 1–30 Apr 2024 42.0 %" in words(linked(as_of="2024-04-30", beds="5"))


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"facility": ["North", "Nowhere"]}, "Facility “Nowhere”"),
        ({"as_of": "2030-01-01"}, "As of “2030-01-01”"),
        ({"from": "2024-05-01", "to": "2024-02-01"}, "The period ends before it starts"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said(
    params: dict[str, str | list[str]], said: str
) -> None:
    assert said in words(linked(**params)).replace("\\", "")


def test_a_link_sets_filters_and_as_of() -> None:
    at = linked(facility="South", as_of="2024-04-20")
    said = words(at)
    assert "The link asks for" not in said
    assert "Overall (whole file), admissions 4 " in said
    assert "Month to date, 1–20 Apr 2024 3 " in said


@pytest.mark.parametrize(
    "params",
    [
        {"as_of": "2030-01-01"},
        {"as_of": "yesterday"},
        {"from": "2024-05-01", "to": "2024-02-01"},
        {"from": "0000-00-00"},
        {"beds": "-5"},
        {"beds": "many"},
        {"facility": ["Nowhere"]},
        {"facility": ["North", "<script>alert(1)</script>"]},
        {"nothing": "of ours"},
    ],
)
def test_a_link_that_makes_no_sense_never_breaks_the_page(
    params: dict[str, str | list[str]],
) -> None:
    at = linked(**params)
    assert not at.exception
    assert "Key figures" in words(at)
    assert "Something went wrong" not in words(at)


def test_every_column_of_the_template_is_matched_to_its_field() -> None:
    headers = template().decode("utf-8-sig").strip().split(",")
    fields = fields_of("stays")
    assert len(headers) == len(fields)
    for header, item in zip(headers, fields, strict=True):
        assert name_score(header, item) >= 0.98, (header, item.name)
