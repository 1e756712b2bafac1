"""Scenarios go into links and work files and come back as they were; all else is refused."""

from __future__ import annotations

import json
import math
from types import MappingProxyType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caremap import DataProblem
from caremap.planning import (
    Scenario,
    in_words,
    of_text,
    presets,
    scenario_of,
    scenario_to_dict,
    to_text,
)

DAY = pd.Timestamp("2024-05-01")

printable = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=20)
names = printable.filter(lambda name: name.isprintable() and name.casefold() != "baseline")
percents = st.integers(-400, 1200).map(lambda quarter: quarter / 4)
shares = st.none() | st.integers(0, 1000).map(lambda tenth: tenth / 10)
days = st.none() | st.integers(0, 1000).map(lambda at: DAY + pd.Timedelta(days=at))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    start, end = draw(days), draw(days)
    if start is not None and end is not None and start > end:
        start, end = end, start
    return Scenario(
        draw(names.map(str.strip).filter(bool)), start, end,
        demand=draw(percents), stay=draw(percents), extra=draw(st.integers(0, 5000)),
        icu_share=draw(shares), ventilated_share=draw(shares),
        absence=draw(st.integers(0, 100).map(float)),
        beds=MappingProxyType(draw(st.dictionaries(
            st.just("") | names, st.integers(-90, 90).filter(bool), max_size=3))),
        icu_beds=draw(st.integers(-90, 90)), ventilators=draw(st.integers(-90, 90)),
        cost=draw(percents), price=draw(percents),
    )  # fmt: skip


@given(scenario=scenarios())
@settings(max_examples=200, deadline=None)
def test_what_goes_out_comes_back(scenario: Scenario) -> None:
    plain = json.loads(json.dumps(scenario_to_dict(scenario), allow_nan=False))
    assert scenario_of(plain) == scenario
    assert of_text(to_text(scenario)) == (scenario,)


def test_several_go_into_one_text() -> None:
    given = presets("2024-05-01", "2024-05-28", {"Surgery": 30, "A|B;C=D%": 40})
    assert of_text(to_text(given)) == given
    assert of_text("") == ()


@given(text=st.text(max_size=60) | st.text("ab;=|.-2%", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        found = of_text(text)
    except DataProblem:
        return
    assert of_text(to_text(found)) == found


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        (None, "cannot be read"),
        (["name"], "cannot be read"),
        ({}, "has no name"),
        ({"name": 3}, "has no name"),
        ({"name": "  "}, "has no name"),
        ({"name": "a" * 81}, "too long"),
        ({"name": "a\u202eb"}, "not seen"),
        ({"name": "baseline"}, "cannot be called"),
        ({"name": "A", "colour": 1}, "not known"),
        ({"name": "A", 3: 1}, "not known"),
        ({"name": "A", "demand": "20"}, "no number"),
        ({"name": "A", "demand": None}, "no number"),
        ({"name": "A", "demand": True}, "no number"),
        ({"name": "A", "demand": math.nan}, "no number"),
        ({"name": "A", "demand": math.inf}, "between -100 and 300"),
        ({"name": "A", "demand": -101}, "between -100 and 300"),
        ({"name": "A", "stay": 10**400}, "between -100 and 500"),
        ({"name": "A", "extra": 1.5}, "no whole number"),
        ({"name": "A", "extra": -1}, "between 0 and"),
        ({"name": "A", "icu_share": 101}, "between 0 and 100"),
        ({"name": "A", "absence": -1}, "between 0 and 100"),
        ({"name": "A", "start": "1 May"}, "no day"),
        ({"name": "A", "start": "2024-13-01"}, "no day"),
        ({"name": "A", "start": "0001-01-01"}, "no day"),
        ({"name": "A", "start": 20240501}, "no day"),
        ({"name": "A", "start": []}, "no day"),
        ({"name": "A", "start": "2024-05-02", "end": "2024-05-01"}, "ends before it starts"),
        ({"name": "A", "beds": 3}, "cannot be read"),
        ({"name": "A", "beds": {3: 1}}, "no department"),
        ({"name": "A", "beds": {"ICU": 0.5}}, "no whole number"),
        ({"name": "A", "beds": {"ICU": "4"}}, "no number"),
    ],
)
def test_what_is_strange_is_refused_in_words(plain: object, said: str) -> None:
    with pytest.raises(DataProblem, match=said):
        scenario_of(plain)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A;demand", "cannot be read"),
        ("A;demand=1;demand=2", "cannot be read"),
        ("A;demand=1e3", "no number"),
        ("A|a", "same name"),
        ("|".join(f"S{at}" for at in range(13)), "at most 12"),
        ("A" * 20_001, "cannot be read"),
    ],
)
def test_a_strange_link_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(DataProblem, match=said):
        of_text(text)


@pytest.mark.parametrize(
    ("scenario", "sentences"),
    [
        (Scenario("A"), ["Nothing changes."]),
        (Scenario("A", demand=-7.5), ["7.5 % fewer patients arrive.", "This holds on all days."]),
        (
            Scenario("A", DAY, DAY, extra=1, stay=10.0),
            ["1 more patient comes on the first day.",
             "Stays that begin then last 10 % longer.", "This holds on 1 May 2024."],
        ),
        (
            Scenario("A", DAY, icu_share=30.0, ventilated_share=50.0, icu_beds=-1, ventilators=2),
            ["30 % of admissions need intensive care.",
             "50 % of intensive care patients need a ventilator.",
             "1 intensive care bed is closed.", "There are 2 more ventilators.",
             "This holds from 1 May 2024 on."],
        ),
        (
            Scenario("A", absence=15.0, cost=3.0, price=-2.0, beds={"": 5}),
            ["5 beds are opened.", "15 percentage points more of the staff are absent.",
             "Cost per bed-day is 3 % higher.", "The price per case is 2 % lower.",
             "This holds on all days."],
        ),
    ],
)  # fmt: skip
def test_changes_are_told_in_sentences(scenario: Scenario, sentences: list[str]) -> None:
    assert in_words(scenario) == sentences
