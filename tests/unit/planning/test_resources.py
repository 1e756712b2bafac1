"""What every place needs and has: places add up, figures known beforehand, what is not known."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from caremap import DataProblem
from caremap.dataset import Dataset
from caremap.planning import census_forecast, resource_units, resources_needed
from tests.unit.planning.build import forecast_of, futures, sample


@cache
def steady_stays() -> pd.DataFrame:
    """Two hospitals: each day six come to A's ward and two to its ICU, four to B's ward.

    Everybody stays for five nights; in the ICU all of them are in intensive care.
    """
    days = pd.date_range("2024-01-01", "2024-06-30")
    parts = [("A", "Ward", 6, 0.0), ("A", "ICU", 2, 5.0), ("B", "Ward", 4, 0.0)]
    rows = [
        {"admitted": day, "discharged": day + pd.Timedelta(days=5), "length_of_stay": 5.0,
         "facility": facility, "department": department, "icu_days": icu}
        for day in days for facility, department, each, icu in parts for _ in range(each)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"admitted": "datetime64[us]", "discharged": "datetime64[us]"})


def steady(**more: object) -> Dataset:
    return Dataset(stays=steady_stays(), **more)


CAPACITY = pd.DataFrame(
    {
        "facility": ["A", "A", "A", "b ", "A", "B"],
        "department": ["Ward", "ICU", "ICU", "ward", "Ward", "Ward"],
        "resource": ["beds", "beds", "ICU beds", "Beds", "Pumps", "Pumps"],
        "units": [28.0, 12.0, 8.0, 25.0, 15.0, 10.0],
    }
)


def ahead(each: float = 12.0, draws: int = 200):
    days = pd.date_range("2024-05-01", periods=6)
    return forecast_of(pd.DataFrame(each, index=range(draws), columns=days))


def row_of(found: pd.DataFrame, resource: str, *place: str) -> pd.Series:
    rows = found[found["resource"].eq(resource)]
    for name, value in zip(("facility", "department"), place, strict=False):
        rows = rows[rows[name].eq(value)]
    [row] = [row for _, row in rows.iterrows()]
    return row


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    staff = pd.DataFrame({"facility": ["A", "B"], "role": "Nurses", "staff": [60.0, 20.0]})
    return resources_needed(steady(capacity=CAPACITY, staff=staff), ahead())


def test_columns_and_order(found: pd.DataFrame) -> None:
    assert list(found) == [
        "facility", "department", "resource", "needed", "low", "high", "available", "short",
        "date", "mean", "note",
    ]  # fmt: skip
    assert list(dict.fromkeys(found["resource"])) == [
        "beds", "icu_beds", "ventilators", "Pumps", "Nurses",
    ]  # fmt: skip
    assert (found["low"] <= found["needed"]).all() and (found["needed"] <= found["high"]).all()
    assert found["note"].str.endswith(".").all()


@pytest.mark.parametrize(
    ("place", "mean", "available"),
    [(("A", "Ward"), 30, 28), (("A", "ICU"), 10, 12), (("B", "Ward"), 20, 25)],
)
def test_beds_are_the_patients_of_each_place(found, place, mean, available) -> None:
    row = row_of(found, "beds", *place)
    assert row["mean"] == pytest.approx(mean, rel=0.05)
    assert row["available"] == available
    assert row["short"] == max(row["needed"] - available, 0)
    assert row["date"] in pd.date_range("2024-05-01", periods=6)


def test_places_add_up_to_the_whole(found: pd.DataFrame) -> None:
    beds = found[found["resource"].eq("beds")]
    assert beds["mean"].sum() == pytest.approx(60, abs=1e-9)  # twelve a day for five nights
    by_facility = resources_needed(steady(capacity=CAPACITY), ahead(), by="facility")
    whole = resources_needed(steady(capacity=CAPACITY), ahead(), by=())
    for made in (by_facility, whole):
        assert made.loc[made["resource"].eq("beds"), "mean"].sum() == pytest.approx(60, abs=1e-9)
    [beds] = [row for _, row in whole[whole["resource"].eq("beds")].iterrows()]
    assert (beds["needed"], beds["available"], beds["short"]) == (60, 65, 0)


def test_the_whole_is_the_census_forecast() -> None:
    forecast = forecast_of(futures([35] * 7, "2024-03-02", draws=200))
    found = resources_needed(sample(), forecast)
    mean = found.loc[found["resource"].eq("beds"), "mean"].sum()
    usual = census_forecast(sample(), forecast).frame["mean"].mean()
    assert mean == pytest.approx(usual, rel=0.03)  # by place, stays have lengths of their own
    assert (found["resource"].eq("ventilators")).any()
    icu = found[found["resource"].eq("icu_beds")].set_index(["facility", "department"])["mean"]
    air = found[found["resource"].eq("ventilators")].set_index(["facility", "department"])["mean"]
    beds = found[found["resource"].eq("beds")].set_index(["facility", "department"])["mean"]
    assert (air <= icu.reindex(air.index)).all() and (icu <= beds.reindex(icu.index)).all()


def test_intensive_care_is_where_the_stays_say(found: pd.DataFrame) -> None:
    beds, icu = (row_of(found, name, "A", "ICU") for name in ("beds", "icu_beds"))
    assert icu["mean"] == beds["mean"] and icu["needed"] == beds["needed"]
    assert (icu["available"], icu["short"]) == (8, icu["needed"] - 8)
    assert len(found[found["resource"].eq("icu_beds")]) == 1  # the wards have none and need none
    air = row_of(found, "ventilators", "A", "ICU")
    assert 0 < air["mean"] < icu["mean"] and np.isnan(air["available"]) and np.isnan(air["short"])


def test_equipment_is_taken_as_there_is_now_or_as_typed_in(found: pd.DataFrame) -> None:
    pumps = row_of(found, "Pumps", "A", "Ward")
    beds = row_of(found, "beds", "A", "Ward")
    assert pumps["needed"] == pytest.approx(beds["needed"] * 15 / 30)
    assert "type in what is needed" in pumps["note"]
    typed = resources_needed(
        steady(capacity=CAPACITY), ahead(), per_patient={"Pumps": 2.0, "Monitors": 1, "icu_beds": 0}
    )
    pumps = row_of(typed, "Pumps", "B", "Ward")
    assert pumps["needed"] == 2 * row_of(typed, "beds", "B", "Ward")["needed"]
    assert pumps["short"] == pumps["needed"] - 10
    assert typed["resource"].eq("Monitors").sum() == 3
    assert row_of(typed, "icu_beds", "A", "ICU")["needed"] == 0


def test_staff_stands_by_the_places_it_is_counted_by(found: pd.DataFrame) -> None:
    nurses = found[found["resource"].eq("Nurses")]
    assert nurses[["facility", "department"]].to_numpy().tolist() == [
        ["A", "All departments"], ["B", "All departments"],
    ]  # fmt: skip
    assert nurses["available"].tolist() == [60, 20]
    posts = 168 / (40 * 0.78)  # for one person at any hour
    assert nurses["needed"].iloc[1] == pytest.approx(posts * np.ceil(20 / 5), rel=0.26)
    assert nurses["mean"].iloc[0] > posts * (30 / 5 + 10 / 2)  # whole people: more than the ratio
    units = pd.DataFrame({"unit": ["ICU"], "role": ["Nurses"], "hours_per_patient_day": [24.0]})
    one = resources_needed(steady(), ahead(), by=["department"], units=units)
    assert row_of(one, "Nurses")["mean"] == pytest.approx(posts * 10, rel=0.05)
    assert "Departments without a number" in row_of(one, "Nurses")["note"]


def test_what_is_not_known_is_missing_and_the_note_says_why() -> None:
    found = resources_needed(steady(), ahead())
    beds = found[found["resource"].eq("beds")]
    assert beds["available"].isna().all() and beds["short"].isna().all()
    assert beds["note"].str.contains("No staffed beds are known").all()
    facility = CAPACITY.drop(columns="department").query("resource == 'beds'")
    by_facility = resources_needed(steady(capacity=facility), ahead())
    row = row_of(by_facility, "beds", "A")
    assert row["department"] == "All departments" and row["available"] == 40
    nobody = CAPACITY.assign(resource="Pumps")
    late = resources_needed(
        Dataset(stays=steady().stays.query("facility == 'A'"), capacity=nobody), ahead(8.0)
    )
    assert "B" not in set(late["facility"])


def test_published_shares_that_do_not_fit_the_stays_leave_intensive_care_unknown() -> None:
    stays = steady().stays.drop(columns="icu_days")
    short = stays.assign(discharged=stays["admitted"], length_of_stay=0.0)
    short.loc[short.index % 3 == 0, "discharged"] += pd.Timedelta(days=1)
    short.loc[short.index % 3 == 0, "length_of_stay"] = 1.0
    plain = short.assign(department="Ward")
    capacity = pd.DataFrame({"facility": ["A"], "resource": "icu_beds", "units": 4.0})
    found = resources_needed(Dataset(stays=plain, capacity=capacity), ahead(), by=["facility"])
    row = row_of(found, "icu_beds", "A")
    assert row[["needed", "low", "high", "short", "mean"]].isna().all() and row["available"] == 4
    assert "Intensive care is not known" in row["note"] and pd.isna(row["date"])


def test_columns_the_stays_lack_are_left_out_and_strange_ones_refused() -> None:
    plain = Dataset(stays=steady().stays.drop(columns=["department", "icu_days"]))
    found = resources_needed(plain, ahead())
    assert "department" not in found and found["resource"].iloc[0] == "beds"
    with pytest.raises(DataProblem, match="“gender” is no place"):
        resources_needed(plain, ahead(), by=["gender"])
    with pytest.raises(DataProblem, match="per patient have to be"):
        resources_needed(plain, ahead(), per_patient={"MRI": -1})
    with pytest.raises(ValueError, match="between 0 and 100"):
        resources_needed(plain, ahead(), level=100)


def test_rows_in_any_order_give_the_same_and_nothing_is_changed() -> None:
    dataset = steady(capacity=CAPACITY)
    kept = dataset.stays.copy()
    mixed = Dataset(
        stays=dataset.stays.sample(frac=1, random_state=1).astype({"facility": "object"}),
        capacity=CAPACITY.iloc[::-1],
    )
    pd.testing.assert_frame_equal(
        resources_needed(dataset, ahead()), resources_needed(mixed, ahead())
    )
    pd.testing.assert_frame_equal(dataset.stays, kept)


@pytest.mark.parametrize(
    ("capacity", "by", "rows"),
    [
        (CAPACITY, [], [["beds", 65.0], ["icu_beds", 8.0], ["Pumps", 25.0]]),
        (
            CAPACITY, ["facility"],
            [["A", "beds", 40.0], ["A", "icu_beds", 8.0], ["A", "Pumps", 15.0],
             ["b ", "beds", 25.0], ["B", "Pumps", 10.0]],
        ),
        (
            pd.DataFrame({"resource": ["Ventilator", "ventilators"], "units": [3.0, 4.0],
                          "date": pd.to_datetime(["2024-01-01", "2024-02-01"])}),
            [], [["ventilators", 4.0]],
        ),
        (
            pd.DataFrame({"facility": ["A", "B"], "resource": "MRI", "units": [1.0, np.nan]}),
            [], [["MRI", np.nan]],
        ),
    ],
)  # fmt: skip
def test_units_there_are(capacity: pd.DataFrame, by: list[str], rows: list[list[object]]) -> None:
    found = resource_units(Dataset(capacity=capacity), by)
    expected = pd.DataFrame(rows, columns=[*by, "resource", "units"])
    texts = dict.fromkeys([*by, "resource"], "str")
    pd.testing.assert_frame_equal(
        found.sort_values(list(found)[:-1], ignore_index=True),
        expected.astype({**texts, "units": "float64"}).sort_values(
            list(found)[:-1], ignore_index=True
        ),
    )


def test_what_is_no_place_has_no_units() -> None:
    with pytest.raises(DataProblem, match="facility, department and ward"):
        resource_units(Dataset(capacity=CAPACITY), ["region"])
