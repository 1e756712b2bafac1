"""Every group, period by period: what the trend says of the group alone, and of all together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import breakdown, narrowed, over_time, trend
from tests.unit.measures.build import counts, generated

STAYS = generated(900, seed=11)
NETWORK = Dataset(stays=STAYS)
FLOWS = ["admissions", "discharges", "visits", "cost"]
PLAIN = [*FLOWS, "mean_cost", "length_of_stay", "median_stay", "waiting", "satisfaction",
         "readmission"]  # fmt: skip


@pytest.mark.parametrize("every", ["week", "month", "quarter", "year"])
def test_a_group_has_the_figures_of_a_trend_of_it_alone(every: str) -> None:
    network = NETWORK.filtered(start="2024-01-04", end="2024-03-28")
    found = over_time(network, "facility", every)
    whole = trend(network, every)
    for name, rows in found.groupby("facility"):
        alone = trend(narrowed(network, {"facility": [str(name)]}), every)
        assert rows["period"].tolist() == whole["period"].tolist() == alone["period"].tolist()
        assert rows["complete"].tolist() == whole["complete"].tolist()
        for measure in PLAIN:
            ours, theirs = rows[measure].to_numpy(), alone[measure].to_numpy()
            given = whole[measure].notna().to_numpy()  # of few rows chance decides what is lacking
            assert np.isnan(ours[~given]).all()
            both = given & ~np.isnan(theirs)
            np.testing.assert_allclose(ours[both], theirs[both])


@pytest.mark.parametrize("every", ["week", "month"])
def test_groups_add_up_to_the_trend(every: str) -> None:
    found = over_time(NETWORK, ["facility", "department"], every)
    summed = found.groupby("period")[FLOWS].sum(min_count=1)
    whole = trend(NETWORK, every).set_index("period")
    np.testing.assert_allclose(summed.to_numpy(), whole[FLOWS].to_numpy())


def test_the_columns_are_those_of_a_breakdown_with_the_period() -> None:
    found = over_time(NETWORK, "department", measures=["cost", "admissions"])
    expected = ["department", "period", "complete", "admissions", "cost", "cost_n"]
    assert list(found) == expected
    types = breakdown(NETWORK, "department", measures=["cost", "admissions"]).dtypes
    assert found[types.index].dtypes.equals(types)
    assert found["department"].tolist() == [*["ED"] * 3, *["ICU"] * 3, *["Unknown"] * 3]


def test_a_group_without_a_row_in_a_month_has_0_and_no_mean() -> None:
    table = pd.DataFrame(
        {
            "admitted": pd.to_datetime(["2024-01-01", "2024-02-10", "2024-03-31"]),
            "ward": pd.Series(["A", "B", "A"], dtype="str"),
            "cost": [10.0, 20.0, 30.0],
        }
    )
    found = over_time(Dataset(stays=table), "ward", measures=["admissions", "cost", "mean_cost"])
    a = found[found["ward"] == "A"]
    assert a["admissions"].tolist() == [1, 0, 1]
    assert a["cost"].tolist() == [10, 0, 30]
    np.testing.assert_array_equal(a["mean_cost"], [10, np.nan, 30])
    assert a["cost_n"].tolist() == [1, 0, 1]


@pytest.mark.parametrize("every", ["week", "month"])
def test_counts_add_up_to_the_trend_and_blanks_stay_blank(every: str) -> None:
    dates = pd.date_range("2024-01-01", "2024-03-20")
    random = np.random.default_rng(1)
    table = pd.concat(
        [
            counts(
                dates, facility=name, admissions=random.integers(0, 9, len(dates)) * 1.0,
                satisfaction=np.where(random.random(len(dates)) < 0.2, np.nan, 4.0),
            )
            for name in ("North", "South")
        ],
        ignore_index=True,
    )  # fmt: skip
    table.loc[(table["facility"] == "North") & (table["date"] < "2024-02-01"), "admissions"] = None
    network = Dataset(activity=table)
    found = over_time(network, "facility", every)
    whole = trend(network, every).set_index("period")
    summed = found.groupby("period")["admissions"].sum(min_count=1)
    pd.testing.assert_series_equal(summed, whole["admissions"])
    first = found[(found["facility"] == "North") & (found["period"] < "2024-01-29")]
    assert first["admissions"].isna().all()
    assert found["satisfaction"].dropna().eq(4).all()


def test_nothing_by_time_without_dates_or_with_dates_in_doubt() -> None:
    undated = Dataset(stays=STAYS.drop(columns=["admitted", "discharged"]))
    doubt = Dataset(stays=STAYS, findings=(Finding("swapped-dates", "error", "swapped"),))
    for network in (undated, doubt):
        found = over_time(network, "facility")
        assert found.empty
        assert list(found) == list(over_time(NETWORK, "facility"))


def test_there_is_no_such_period() -> None:
    with pytest.raises(ValueError, match="every is one of week, month, quarter, year"):
        over_time(NETWORK, "facility", "season")
