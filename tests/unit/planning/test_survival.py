"""Kaplan-Meier survival of stays, and the patients who are in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import census
from caremap.planning import in_house, stay_survival
from caremap.planning.survival import leaving, sojourns
from tests.unit.measures.build import daily_admissions, stays, worked_example
from tests.unit.planning.build import sample


def random_stays(count: int = 3000, seed: int = 1, days: int = 300) -> pd.DataFrame:
    """Stays of exponential length, those still in at the end without a discharge."""
    random = np.random.default_rng(seed)
    first = pd.Timestamp("2024-01-01")
    came = np.sort(random.integers(0, days, count))
    nights = np.floor(random.exponential(5, count)).astype(int)
    rows = [
        (f"S{n}", first + pd.Timedelta(days=int(a)), first + pd.Timedelta(days=int(a + s)))
        for n, (a, s) in enumerate(zip(came, nights, strict=True))
    ]
    end = first + pd.Timedelta(days=days - 1)
    return stays((name, a, None if d > end else d) for name, a, d in rows)


def product_limit(table: pd.DataFrame, as_of: pd.Timestamp, longest: int) -> list[float]:
    """Kaplan and Meier's formula, stay by stay."""
    gone = table["discharged"].where(table["discharged"] <= as_of)
    time = (gone.fillna(as_of) - table["admitted"]).dt.days
    survived, curve = 1.0, []
    for k in range(longest):
        at_risk = int((time >= k).sum())
        left = int(((time == k) & gone.notna()).sum())
        survived *= 1 - left / at_risk
        curve.append(survived)
    return curve


@pytest.mark.parametrize("as_of", ["2024-06-01", "2024-10-26"])
def test_survival_is_the_product_limit_with_open_stays_censored(as_of):
    table = random_stays()
    found = stay_survival(Dataset(stays=table), as_of=as_of)
    day = pd.Timestamp(as_of)
    known = table[table["admitted"] <= day]
    np.testing.assert_allclose(found[:15], product_limit(known, day, 15))
    assert found.index.name == "midnight" and found.name == "survival"
    assert (found.diff().dropna() <= 0).all()
    assert found.iloc[-1] < 1e-6


def test_open_stays_count_as_far_as_they_went():
    table = random_stays(4000, days=40)
    found = stay_survival(Dataset(stays=table)).sum()
    true_mean = 1 / (np.exp(1 / 5) - 1)  # nights of an exponential stay of five days
    assert found == pytest.approx(true_mean, rel=0.05)
    assert table["length_of_stay"].mean() < 0.92 * true_mean


def test_a_file_without_open_stays_is_not_complete_to_its_end():
    ended = Dataset(stays=random_stays().dropna(subset="discharged"))
    with pytest.raises(DataProblem, match="not known"):
        stay_survival(ended, as_of="2024-10-26")
    assert stay_survival(ended).sum() == pytest.approx(4.5, rel=0.06)


def test_everybody_gone_after_seven_nights():
    dataset = Dataset(stays=daily_admissions("2024-01-01", "2024-06-30", nights=7, each=3))
    found = stay_survival(dataset, as_of="2024-05-01")
    assert found.to_list() == [1, 1, 1, 1, 1, 1, 1, 0]


def test_only_the_last_year_counts_where_enough_left_in_it():
    before = daily_admissions("2022-01-01", "2022-12-31", nights=6, each=2)
    since = daily_admissions("2023-01-01", "2024-06-30", nights=2, each=2)
    dataset = Dataset(stays=pd.concat([before, since], ignore_index=True))
    assert stay_survival(dataset, as_of="2024-05-01").sum() == 2


def test_few_leavers_are_taken_from_all_years():
    table = daily_admissions("2022-01-01", "2024-06-30", nights=3)
    table = table[table["admitted"].dt.day_of_week == 0]
    known = sojourns(Dataset(stays=table), "2024-05-01")
    assert leaving(known).leavers > 100


def test_fewer_leave_on_days_when_fewer_leave():
    table = random_stays(6000)
    sunday = table["discharged"].dt.day_of_week == 6
    later = (table["discharged"] + pd.Timedelta(days=1)).where(sunday, table["discharged"])
    table["discharged"] = later
    table["length_of_stay"] = (later - table["admitted"]).dt.days.astype("float64")
    known = leaving(sojourns(Dataset(stays=table), "2024-10-01"))
    assert known.weekday[6] < 0.1 and known.weekday[0] > 1.3
    assert known.on(6, np.array([3]))[0] < known.on(2, np.array([3]))[0] < known.on(0, 3)


@pytest.mark.parametrize("day", ["2022-09-01", "2023-06-15", "2024-02-29", "2025-06-30"])
def test_patients_in_house_are_the_census_of_that_midnight(day):
    counted = census(sample()).set_index("date")["occupied"]
    assert in_house(sample(), as_of=day).sum() == counted[day]
    parts = in_house(sample(), as_of=day, by="department").groupby("department").sum()
    expected = census(sample(), by="department").set_index("date").loc[day]
    expected = expected.set_index("department")["occupied"]
    pd.testing.assert_series_equal(
        parts[parts > 0], expected[expected > 0], check_names=False, check_dtype=False
    )


def test_ages_are_days_since_admission():
    table = worked_example().stays
    filler = daily_admissions("2024-01-01", "2024-05-10", nights=0)
    dataset = Dataset(stays=pd.concat([table, filler], ignore_index=True))
    found = in_house(dataset, as_of="2024-04-16")
    assert found.to_dict() == {1: 1, 6: 1, 75: 1}  # E, D and H
    assert in_house(dataset).sum() == 1  # by default the last day: E alone


def test_filters_are_obeyed():
    small = sample().filtered(department=["Surgery"])
    assert in_house(small, as_of="2024-02-29").sum() < in_house(sample(), as_of="2024-02-29").sum()
    assert stay_survival(small).sum() < stay_survival(sample()).sum() + 5


NOBODY_LEFT = pd.concat(
    [
        daily_admissions("2024-01-01", "2024-03-30", department="ED"),
        stays([("X", "2024-03-25", None)], department="ICU"),
    ],
    ignore_index=True,
)
SWAPPED = Finding("swapped-dates", "error", "Day and month are swapped.", "admitted")
REFUSED = {
    "no stays": (Dataset(), "no stays"),
    "no discharges": (Dataset(stays=stays().drop(columns="discharged")), "no stays"),
    "dates in doubt": (Dataset(stays=random_stays(), findings=(SWAPPED,)), "in doubt"),
    "too short": (Dataset(stays=daily_admissions("2024-01-01", "2024-01-04", 30)), "too short"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_known_is_refused_in_words(case):
    dataset, said = REFUSED[case]
    for function in (stay_survival, in_house):
        with pytest.raises(DataProblem, match=said):
            function(dataset)


def test_a_department_that_nobody_has_left_has_patients_but_no_survival():
    alone = Dataset(stays=NOBODY_LEFT).filtered(department=["ICU"])
    assert in_house(alone).to_dict() == {5: 1}
    with pytest.raises(DataProblem, match="nobody has left by 30 Mar 2024"):
        stay_survival(alone)


def test_a_region_is_that_of_the_facility():
    table = daily_admissions("2024-01-01", "2024-03-30", nights=2, facility="North")
    places = pd.DataFrame({"facility": ["North"], "region": ["Up"]})
    found = in_house(Dataset(stays=table, facilities=places), by="region")
    assert found.to_dict() == {("Up", 0): 1, ("Up", 1): 1}


def test_a_day_outside_the_file_or_an_unknown_column_is_refused():
    dataset = Dataset(stays=random_stays())
    with pytest.raises(DataProblem, match="not known on 1 Jan 2023"):
        in_house(dataset, as_of="2023-01-01")
    with pytest.raises(DataProblem, match="no column “wing”"):
        in_house(dataset, by="wing")
