"""Text of a file on a map cannot run, and comes out as it was typed."""

from __future__ import annotations

import json

import jinja2
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.geography.safe_text import safe_text, script_value

HOSTILE = [
    "St. Mary's `back-tick`",
    "${alert(1)}",
    "</script><script>alert(1)</script>",
    '"; alert(1); //',
    "{{ 7 * 7 }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}",
    "{# gone #}",
    "back\\slash \\u0041",
    "<img src=x onerror=alert(1)>",
    "مستشفى الملك فهد \u202e",
    "line\u2028separator\nnew\tline\x00",
    "map_div2 drawnItems alert(coords);",
    "😷 ward",
    "&lt;b&gt; &amp;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_a_value_and_comes_out_unchanged(text: str) -> None:
    written = script_value({"name": text})
    assert json.loads(written) == {"name": text}
    assert jinja2.Template(written).render() == written
    assert not set(written) & set("`$<>&';%#()/")


@given(st.text())
def test_any_text_comes_back_and_holds_nothing_that_another_language_reads(text: str) -> None:
    written = script_value(text)
    assert json.loads(written) == text
    assert not set(written[1:-1]) & set("`$<>{}&'\"_;%#()/")


@given(st.text())
def test_text_for_an_element_of_folium_has_no_mark_of_any_language(text: str) -> None:
    assert not set(safe_text(text)) & set("<>\"'`$\\{}%")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (np.int64(4), "4"),
        (np.float64(0.25), "0.25"),
        (float("nan"), "null"),
        (float("inf"), "null"),
        ((1, [2.5, "a"]), '[1,[2.5,"a"]]'),
        (np.array([1.0, np.nan]), "[1,null]"),
        ({"km": 1}, '{"km":1}'),
    ],
)
def test_values_are_written_as_javascript(value: object, written: str) -> None:
    assert script_value(value) == written


def test_what_a_map_is_not_told_is_refused() -> None:
    with pytest.raises(TypeError, match="Series"):
        script_value({"a": pd.Series([1])})
