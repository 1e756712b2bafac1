"""Intensive care and ventilators: read from the stays, or from sources that are named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.planning import CensusForecast, census_forecast, intensive, intensive_defaults
from tests.unit.measures.build import daily_admissions
from tests.unit.planning.build import forecast_of, futures, sample


def ahead() -> CensusForecast:
    return census_forecast(sample(), forecast_of(futures([36] * 14, "2025-07-01", draws=1000)))


def test_shares_and_stays_come_from_the_stays_of_the_last_year():
    found = intensive_defaults(sample())
    table = sample().stays
    last = table[table["discharged"] >= sample().as_of - pd.Timedelta(days=365)]
    in_icu = last[last["icu_days"] > 0]
    assert found["value"]["icu_share"] == pytest.approx(100 * len(in_icu) / len(last))
    assert found["value"]["icu_stay"] == pytest.approx(in_icu["icu_days"].mean())
    assert found["value"]["ventilated_share"] == pytest.approx(100 * in_icu["ventilated"].mean())
    on = in_icu.loc[in_icu["ventilated"], "icu_days"].mean()
    assert found["value"]["ventilated_stay"] == pytest.approx(on * 5.9 / 11.2)
    assert found["value"]["stay"] == pytest.approx(last["length_of_stay"].mean(), rel=0.02)
    assert found["own"].to_list() == [True, True, True, True, False]
    assert found["source"].str.len().gt(20).all()


def test_without_columns_every_value_names_its_source():
    plain = Dataset(stays=daily_admissions("2024-01-01", "2024-06-30", nights=3, each=4))
    found = intensive_defaults(plain)
    assert found["value"]["stay"] == 3
    assert found["own"].to_list() == [True, False, False, False, False]
    assert (
        found["source"].str.contains(r"\d{4}|Critical Care Statistics").tolist()[1:] == [True] * 4
    )


def test_departments_of_intensive_care_speak_where_days_are_not_recorded():
    table = sample().stays.drop(columns=["icu_days", "ventilated"])
    found = intensive_defaults(Dataset(stays=table))
    last = table[table["discharged"] >= sample().as_of - pd.Timedelta(days=365)]
    inside = last[last["department"] == "Intensive Care"]
    assert found["value"]["icu_share"] == pytest.approx(100 * len(inside) / len(last))
    assert found["value"]["icu_stay"] == pytest.approx(inside["length_of_stay"].mean())
    assert found["source"]["icu_share"].endswith("in Intensive Care.")


def test_ventilated_are_never_more_than_intensive_care_nor_these_more_than_all():
    found = intensive(ahead(), sample())
    bounds = [name[len("census") :] for name in found if str(name).startswith("census")]
    assert bounds == ["", "_low_80", "_high_80", "_low_95", "_high_95"]
    for bound in bounds:
        assert (found[f"ventilated{bound}"] <= found[f"icu{bound}"]).all()
        assert (found[f"icu{bound}"] <= found[f"census{bound}"]).all()
    assert (found["icu_low_80"] <= found["icu"]).all()
    assert (found["icu"] <= found["icu_high_80"]).all()


def test_the_mean_is_the_census_times_the_days_in_intensive_care():
    census = ahead()
    found = intensive(
        census, sample(), stay=5, icu_share=20, icu_stay=2.5, ventilated_share=50, ventilated_stay=2
    )
    np.testing.assert_allclose(found["icu"], census.frame["mean"] * 0.2 * 2.5 / 5)
    np.testing.assert_allclose(found["ventilated"], found["icu"] * 0.5 * 2 / 2.5)
    recorded = sample().stays["icu_days"].sum() / 1096
    usual = intensive(census, sample())["icu"].mean()
    assert usual == pytest.approx(recorded, rel=0.15)


@pytest.mark.parametrize("share", [0, 100])
def test_nobody_and_everybody(share):
    found = intensive(
        ahead(), sample(), stay=4, icu_share=share, icu_stay=4, ventilated_share=share,
        ventilated_stay=4,
    )  # fmt: skip
    np.testing.assert_allclose(found["icu"], found["census"] * share / 100)
    np.testing.assert_allclose(found["ventilated_high_95"], found["census_high_95"] * share / 100)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"icu_share": 101}, "between 0 and 100"),
        ({"ventilated_share": float("nan")}, "between 0 and 100"),
        ({"icu_stay": -1}, "0 or more"),
        ({"icu_share": 100, "icu_stay": 9, "stay": 4}, "9.0 intensive care days per admission"),
        ({"ventilated_share": 100, "ventilated_stay": 9, "icu_stay": 2}, "on a ventilator"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_words(settings, said):
    with pytest.raises(DataProblem, match=said):
        intensive(ahead(), sample(), **settings)
