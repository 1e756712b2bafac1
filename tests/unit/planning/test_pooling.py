"""Beds of one's own against shared beds: Erlang's tables, and the loads of a file."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import census
from caremap.planning import (
    beds_needed,
    erlang_b,
    pooling,
    pooling_pairs,
    service_times,
    simulate_queue,
    unit_loads,
)
from caremap.problems import DataProblem
from tests.unit.planning.build import sample

TWO = pd.DataFrame(
    {"load": [10, 10.0], "unit": ["Surgery", "Medicine"], "beds": [16, 17], "said": "x"},
    index=[3, 3],
)


def test_two_wards_of_ten_share_as_the_tables_say():
    before = TWO.copy()
    found = pooling(TWO)
    expected = pd.DataFrame(
        {
            "unit": pd.Series(["Medicine", "Surgery"], dtype="str"),
            "load": 10.0, "beds": [17.0, 16.0], "needed": 17, "refused": [0.012949, 0.022302],
        }
    )  # fmt: skip
    pd.testing.assert_frame_equal(found.frame.round(6), expected)
    assert found.saved == 6
    assert found.pooled["needed"] == 28  # figures: load 20, refusal at most 2 %
    assert found.pooled["needed_apart"] == 34
    assert found.pooled["beds"] == 33
    assert found.pooled["refused"] == erlang_b(33, 20)
    assert found.pooled["refused_apart"] == pytest.approx((0.012949 + 0.022302) / 2, abs=1e-6)
    pd.testing.assert_frame_equal(TWO, before)


loads = st.lists(st.floats(0, 60), min_size=1, max_size=5)


@given(loads, st.floats(0.001, 0.3))
def test_sharing_never_takes_more_beds_nor_refuses_more(loads, level):
    names = [f"Ward {place}" for place in range(len(loads))]
    beds = [beds_needed(load, "refusal", level) for load in loads]
    units = pd.DataFrame({"unit": names, "load": loads, "beds": beds})
    found = pooling(units, level=level)
    assert found.saved == sum(beds) - beds_needed(sum(loads), "refusal", level) >= 0
    assert found.frame["refused"].le(level).all()
    if sum(loads):
        assert found.pooled["refused"] <= found.pooled["refused_apart"] + 1e-12
    shuffled = pooling(units.iloc[::-1].astype("object"), level=level)
    pd.testing.assert_frame_equal(found.frame, shuffled.frame)
    assert shuffled.pooled == pytest.approx(dict(found.pooled), nan_ok=True)


def test_arrivals_weigh_refusals_where_they_are_known():
    found = pooling(TWO.assign(arrivals=[9.0, 1.0]))
    assert found.pooled["refused_apart"] == pytest.approx(0.9 * 0.022302 + 0.1 * 0.012949, abs=1e-6)


def test_what_is_not_known_is_left_out_and_said():
    units = pd.concat([TWO, pd.DataFrame({"unit": ["New"], "load": [None], "beds": [4]})])
    found = pooling(units)
    assert found.frame["unit"].to_list() == ["Medicine", "Surgery"]
    assert any("Left out" in note and "“New”" in note for note in found.notes)
    unknown = pooling(TWO.assign(beds=[None, 17]))
    assert math.isnan(unknown.pooled["refused"]) and math.isnan(unknown.pooled["beds"])
    assert math.isnan(unknown.pooled["refused_apart"])
    assert unknown.saved == 6  # which beds there are is no matter to those needed
    assert any("beds of “Surgery” are not known" in note for note in unknown.notes)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"variability": 2.0, "days": 365}, "more than chance"),
        ({"variability": 0.4, "days": 365}, "more even than chance"),
        ({"variability": 0.31, "days": 27}, "more even than chance"),
        ({"variability": 0.0, "days": 27}, "more even than chance"),
        ({"planned": 0.8}, "largely planned"),
        ({"variability": 1.3, "days": 20}, None),  # of so few days nothing can be said
        ({"variability": 1.05, "days": 3650}, None),
    ],
)
def test_arrivals_that_are_not_poisson_are_said(extra, said):
    notes = " ".join(pooling(TWO.assign(**extra)).notes)
    if said:
        assert said in notes and "“Medicine”, “Surgery”" in notes
    else:
        assert "chance" not in notes and "planned" not in notes


@pytest.mark.parametrize(
    ("units", "level", "said"),
    [
        (TWO.drop(columns="load"), 0.02, "no column 'load'"),
        (TWO.assign(load=np.nan), 0.02, "nothing to share"),
        (TWO.assign(load=-1), 0.02, "below 0"),
        (TWO, 2, "fraction"),
        (TWO.head(0), 0.02, "nothing to share"),
    ],
)
def test_what_makes_no_sense_is_refused(units, level, said):
    with pytest.raises(ValueError, match=said):
        pooling(units, level=level)


def test_pairs_are_what_pooling_says_of_two():
    units = pd.DataFrame({"unit": list("CAB"), "load": [2.0, 10, 10]})
    found = pooling_pairs(units)
    assert found[["unit", "other"]].to_numpy().tolist() == [["A", "B"], ["A", "C"], ["B", "C"]]
    for row in found.itertuples():
        two = units[units["unit"].isin([row.unit, row.other])]
        assert pooling(two).saved == row.saved == row.apart - row.together
        assert row.share == row.saved / row.apart
    assert pooling_pairs(units.head(1)).empty


# --- from the data ----------------------------------------------------------------------------


def test_loads_are_bed_days_a_day_of_the_last_year():
    found = unit_loads(sample())
    assert found["unit"].is_monotonic_increasing
    daily = census(sample(), by="department")
    last = daily["date"].max()
    year = daily[daily["date"] > last - pd.Timedelta(days=365)]
    mean = year.groupby("department")["occupied"].sum() / 365
    np.testing.assert_allclose(found.set_index("unit")["load"], mean)
    np.testing.assert_allclose(found["load"], found["arrivals"] * found["stay"])
    stays = sample().stays
    came = stays["admitted"].dt.normalize().between(last - pd.Timedelta(days=364), last)
    counted = stays[came].groupby("department").size() / 365
    np.testing.assert_allclose(found.set_index("unit")["arrivals"], counted)
    assert found["variability"].between(0.8, 1.6).all()
    assert found["beds"].isna().all() and found["planned"].isna().all()


def test_the_empirical_stay_refuses_as_erlang_says():
    """The load is the mean stay's alone: simulated with the stays of the file, M/G/c/c."""
    loads = unit_loads(sample()).set_index("unit")
    stays = service_times(sample(), by="department")
    hits = []
    for unit in ("Surgery", "Cardiology", "Intensive Care"):
        own = stays.loc[unit]
        load = loads.loc[unit, "arrivals"] * np.average(own.index, weights=own)
        beds = beds_needed(load, "refusal", 0.1)
        figures = simulate_queue(
            loads.loc[unit, "arrivals"], own, beds, waits=False, seed=3, customers=2_000
        ).figures
        low, high = figures.loc["refused", ["low", "high"]]
        hits.append(low <= erlang_b(beds, load) <= high)
    assert all(hits)


def small(**more: object) -> Dataset:
    days = pd.date_range("2024-01-01", periods=100, unit="us")
    stays = pd.DataFrame(
        {
            "admitted": days.repeat(2), "discharged": (days + pd.Timedelta(days=3)).repeat(2),
            "length_of_stay": 3.0, "department": ["A", "B"] * 100, "facility": "North",
            "admission_type": ["Elective", "Non-elective"] * 100,
        }
    )  # fmt: skip
    return Dataset(stays=stays, **more)


def test_beds_and_planned_shares_come_from_the_file():
    beds = pd.DataFrame({"facility": "North", "department": ["A", "B"], "resource": "beds",
                         "units": [4.0, 6.0]})  # fmt: skip
    found = unit_loads(small(capacity=beds), by=("facility", "department"))
    assert found["unit"].to_list() == ["North, A", "North, B"]
    assert found["department"].to_list() == ["A", "B"]
    assert found["beds"].to_list() == [4, 6]
    assert found["load"].to_list() == [3, 3]
    assert found["arrivals"].to_list() == [1, 1] and found["stay"].to_list() == [3, 3]
    assert found["variability"].to_list() == [0, 0]
    assert found["planned"].to_list() == [1, 0]
    assert "“North, A”" in " ".join(pooling(found).notes)


def test_counts_of_occupied_beds_give_a_load_and_no_arrivals():
    counts = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-05-01", "2024-05-02"] * 2), "department": list("AABB"),
            "occupied_beds": [8.0, 10.0, 3.0, 5.0], "staffed_beds": [12.0, 11.0, 6.0, 6.0],
        }
    )  # fmt: skip
    found = unit_loads(Dataset(activity=counts))
    assert found["load"].to_list() == [9, 4] and found["beds"].to_list() == [11, 6]
    assert found[["arrivals", "stay"]].isna().all().all()
    assert pooling(found).pooled["beds"] == 17


@pytest.mark.parametrize(("as_of", "last"), [("2024-03-01", "2024-03-01"), ("2030-01-01", None)])
def test_the_last_day_is_as_asked_and_never_past_the_census(as_of, last):
    found = unit_loads(small(), as_of=as_of)
    known = census(small(), as_of=as_of)["date"].max()
    assert found["last"].eq(pd.Timestamp(last) if last else known).all()
    assert found["arrivals"].notna().all()
    counts = pd.DataFrame({"date": pd.date_range("2024-02-28", periods=4, unit="us"),
                           "department": "A", "occupied_beds": [1.0, 2, 3, 40]})  # fmt: skip
    if last:
        assert unit_loads(Dataset(activity=counts), as_of=as_of)["load"].to_list() == [2]


def test_without_a_census_there_is_no_load():
    with pytest.raises(DataProblem, match="cannot be counted"):
        unit_loads(Dataset())
    with pytest.raises(DataProblem, match="no column “team”"):
        unit_loads(small(), by="team")
    doubt = Finding("swapped-dates", "error", "Swapped.", "Admitted", ())
    with pytest.raises(DataProblem, match="in doubt"):
        unit_loads(small(findings=(doubt,)))
