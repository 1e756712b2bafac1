"""Altair does less, and says the same."""

from __future__ import annotations

import altair as alt
import pandas as pd
import pytest
from altair.utils import schemapi

import caremap.charts  # noqa: F401  it is set up by the import
from caremap.charts import altair_once

ROWS = pd.DataFrame({"ward": ["A", "B"], "beds": [9, 12]})


def chart() -> alt.Chart:
    shown = alt.condition("datum.beds > 10", alt.value("red"), alt.value("black"))
    bars = alt.Chart(ROWS).mark_bar().encode(x="beds:Q", y=alt.value(3), tooltip=["ward", "beds"])
    return bars.encode(color=shown, x2=alt.value(alt.expr("width / 2")))


def test_a_chart_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = chart().to_dict()
    with monkeypatch.context() as as_it_was:
        as_it_was.setattr(schemapi._FromDict, "__init__", altair_once._make)
        with schemapi.debug_mode(True):
            assert chart().to_dict() == quick


def test_a_wrong_chart_is_refused_when_it_is_drawn() -> None:
    wrong = alt.Chart(ROWS).mark_bar().encode(x=alt.X("beds:Q", scale=alt.Scale(type="steep")))
    with pytest.raises(schemapi.SchemaValidationError):
        wrong.to_dict()


def test_the_table_of_classes_is_made_once() -> None:
    first, second = (schemapi._FromDict(alt.Chart._default_wrapper_classes()) for _ in range(2))
    assert first.class_dict is second.class_dict
