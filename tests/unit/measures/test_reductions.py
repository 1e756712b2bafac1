"""Every reduction gives the same frame on pandas and on DuckDB, whatever the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, get_args

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers

from caremap.measures import reductions
from caremap.measures.tallies import Tally
from caremap.measures.times import Time, Unit
from tests.unit.measures.build import counts, days, generated, stays


def all_null() -> pd.DataFrame:
    table = generated(5)
    return table.assign(**{name: pd.Series([None] * 5, dtype=table[name].dtype) for name in table})


FRAMES: dict[str, Callable[[], pd.DataFrame]] = {
    "hundreds of stays": lambda: generated(400),
    "other stays": lambda: generated(400, seed=7),
    "no stay": lambda: generated(0),
    "one stay": lambda: generated(1),
    "two stays": lambda: generated(2),
    "nothing known": all_null,
}

_JANUARY = {"first": pd.Timestamp("2024-01-01"), "last": pd.Timestamp("2024-01-31")}
TALLIES = {
    "rows": Tally(),
    "admissions": Tally(date="admitted", only="was_admitted", **_JANUARY),
    "discharges": Tally(date="discharged", dated=True),
    "cost": Tally("cost", "discharged", low=0, median=True, **_JANUARY),
    "readmitted": Tally("readmitted"),
    "stay": Tally("length_of_stay", "discharged", lift=1.0, median=True),
}

REDUCTIONS: dict[str, Callable[[Any], pd.DataFrame]] = {
    "flows": lambda rows: reductions.flows(rows, "admitted"),
    "flows by group": lambda rows: reductions.flows(
        rows, "discharged", ["facility", "department"], ["cost", "readmitted"]
    ),
    "flows by a flag": lambda rows: reductions.flows(rows, "admitted", ["was_admitted"]),
    "flows without date": lambda rows: reductions.flows(rows, None, sums=["cost"]),
    "flows of nothing but rows": lambda rows: reductions.flows(rows, None),
    "flows of the admitted": lambda rows: reductions.flows(
        rows, "admitted", sums=["was_admitted"], only="was_admitted"
    ),
    "costs": lambda rows: reductions.costs(rows, "discharged"),
    "costs by group": lambda rows: reductions.costs(rows, "admitted", ["facility"]),
    "paid nights": lambda rows: reductions.paid_nights(rows, "discharged"),
    "paid nights by group without date": lambda rows: reductions.paid_nights(
        rows, None, ["facility", "department"], "was_admitted"
    ),
    "lengths": lambda rows: reductions.histogram(rows, "discharged", "length_of_stay"),
    "lengths by group": lambda rows: reductions.histogram(
        rows, "discharged", "length_of_stay", ["department"], only="was_admitted"
    ),
    "waits": lambda rows: reductions.histogram(rows, "admitted", "waiting_minutes"),
    "movements": lambda rows: reductions.movements(rows),
    "lengths by group without date": lambda rows: reductions.histogram(
        rows, None, "length_of_stay", ["facility", "department"]
    ),
    "movements by group": lambda rows: reductions.movements(rows, ["facility", "department"]),
    "readmissions": lambda rows: reductions.readmissions(
        rows, deaths=["Died"], transfers=["Transferred"]
    ),
    "movements of the admitted": lambda rows: reductions.movements(rows, only="was_admitted"),
    "readmissions by group": lambda rows: reductions.readmissions(
        rows, ["facility"], deaths=["Died"], only="was_admitted"
    ),
    "extents": lambda rows: reductions.extents(rows, ["admitted", "cost", "satisfaction"]),
    "categories": lambda rows: reductions.categories(rows, "outcome"),
    "tallies": lambda rows: reductions.tallies(rows, ["facility", "was_admitted"], TALLIES),
    "tallies of all": lambda rows: reductions.tallies(rows, (), TALLIES),
    **{
        f"tallies by {unit}": lambda rows, unit=unit: reductions.tallies(
            rows, ["facility"], TALLIES, [Time("discharged", unit)]
        )
        for unit in get_args(Unit)
    },
    "tallies by weekday and hour": lambda rows: reductions.tallies(
        rows, (), TALLIES, [Time("admitted", "weekday"), Time("admitted", "hour")]
    ),
    "a spread by weekday": lambda rows: reductions.spread(
        rows, "waiting_minutes", ["was_admitted"], TALLIES["cost"], [Time("admitted", "weekday")]
    ),
    "quantiles": lambda rows: reductions.quantiles(
        rows, ["facility", "was_admitted"], TALLIES["cost"], [0.05, 0.5, 0.95]
    ),
    "quantiles of all": lambda rows: reductions.quantiles(rows, (), TALLIES["stay"], [0.25, 1]),
    "values beyond their ends": lambda rows: reductions.beyond(
        rows,
        ["facility", "was_admitted"],
        TALLIES["cost"],
        reductions.tallies(rows, ["facility", "was_admitted"], {"all": Tally()}).assign(
            low=20.0, high=90.0
        ),
    ),
    "all values beyond": lambda rows: reductions.beyond(
        rows, (), TALLIES["cost"], pd.DataFrame({"low": [20.0], "high": [90.0]})
    ),
    "variety": lambda rows: reductions.variety(rows, ["facility", "was_admitted", "satisfaction"]),
    "a spread": lambda rows: reductions.spread(rows, "length_of_stay", ["department"]),
    "a spread of some days": lambda rows: reductions.spread(
        rows, "waiting_minutes", taken=TALLIES["cost"]
    ),
    "hours": lambda rows: reductions.hourly(rows, "admitted"),
    "hours of the admitted": lambda rows: reductions.hourly(rows, "discharged", "was_admitted"),
    "the stays themselves": lambda rows: reductions.stay_rows(
        rows, ["stay_id", "patient_id", "admitted", "discharged", "readmitted", "cost", "outcome"]
    ),
    "some columns of the admitted": lambda rows: reductions.stay_rows(
        rows, ["cost", "facility"], only="was_admitted"
    ),
    "moments": lambda rows: reductions.moments(rows, "admitted", "was_admitted"),
    "ranks by group": lambda rows: reductions.rank_sums(rows, "cost", "department"),
    "ranks among some groups": lambda rows: reductions.rank_sums(
        rows, "length_of_stay", "department", TALLIES["stay"], ["ED"]
    ),
    "ranks of two numbers": lambda rows: reductions.rank_products(
        rows, "waiting_minutes", "cost", TALLIES["cost"]
    ),
    "above a limit": lambda rows: reductions.exceeding(
        rows, "cost", "department", {"ED": 90.0, "ICU": 150.0}, "discharged", "facility"
    ),
    "above a limit without date": lambda rows: reductions.exceeding(
        rows, "cost", "department", {"ED": 90.0}, None, "department"
    ),
    "repeats": lambda rows: pd.DataFrame({"n": [reductions.repeats(rows, "patient_id")]}),
    "different": lambda rows: pd.DataFrame({"n": [reductions.different(rows, "cost")]}),
}


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_pandas_and_duckdb_agree(reduction: str, frame: str) -> None:
    table = FRAMES[frame]()
    before = table.copy(deep=True)
    expected = REDUCTIONS[reduction](table)
    pd.testing.assert_frame_equal(REDUCTIONS[reduction](duckdb.from_df(table)), expected)
    pd.testing.assert_frame_equal(table, before)


def test_ages_fall_into_the_same_bands_on_duckdb() -> None:
    ages = [-1.0, 0.0, 4.9, 5.0, 89.0, 90.0, 119.0, 120.0, 999.0, None]
    expected = [None, "0-4", "0-4", "5-9", "85-89", "90+", "90+", None, None, None]
    table = pd.DataFrame({"age": ages, "row": range(10)})
    found = reductions.banded(duckdb.from_df(table)).df().sort_values("row")
    for bands in (reductions.banded(table)["age_band"], found["age_band"]):
        assert [None if pd.isna(band) else band for band in bands] == expected


def test_missing_is_the_same_as_nan_on_duckdb() -> None:
    table = pd.DataFrame({"cost": [1.0, np.nan, 3.0]})
    relation = duckdb.sql("select unnest([1.0, 'nan'::double, 3.0]) as cost")
    pd.testing.assert_frame_equal(reductions.costs(relation, None), reductions.costs(table, None))


BEDS = counts(
    ["2024-04-01"] * 3 + ["2024-04-02"] * 3 + [None],
    facility=pd.Series(["N", "N", "S", "N", "S", None, "S"], dtype="str"),
    occupied_beds=[3.0, 4.0, 8.0, None, 9.0, None, 5.0],
    staffed_beds=[5.0, 5.0, 10.0, 10.0, None, None, None],
    free_beds=[None, None, 2.0, 1.0, 3.0, None, None],
)


@pytest.mark.parametrize("frame", [BEDS, BEDS.iloc[:0], BEDS.iloc[:1], BEDS.drop(columns="date")])
def test_stocks_agree_too(frame: pd.DataFrame) -> None:
    date = "date" if "date" in frame else None
    for by in ((), ("facility",)):
        expected = reductions.stocks(frame, date, by)
        pd.testing.assert_frame_equal(reductions.stocks(duckdb.from_df(frame), date, by), expected)


def test_two_of_occupied_staffed_and_free_give_the_third() -> None:
    found = reductions.stocks(BEDS, "date", ["facility"])
    expected = pd.DataFrame(
        {
            "date": days(["2024-04-01"] * 2 + ["2024-04-02"] * 3 + [None]),
            "facility": pd.Series(["N", "S", "N", "S", "Unknown", "S"], dtype="str"),
            "occupied": [7.0, 8.0, 9.0, 9.0, np.nan, 5.0],
            "staffed": [10.0, 10.0, 10.0, 12.0, np.nan, np.nan],
            "occupied_of": [7.0, 8.0, 9.0, 9.0, np.nan, np.nan],
            "staffed_of": [10.0, 10.0, 10.0, 12.0, np.nan, np.nan],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_a_stock_counted_three_times_a_day_is_averaged_over_the_day() -> None:
    shifts = counts(
        ["2024-04-01 06:00", "2024-04-01 14:00", "2024-04-01 22:00"],
        occupied_beds=[10.0, 20.0, 30.0],
        staffed_beds=[40.0, 40.0, 40.0],
    )
    found = reductions.stocks(shifts, "date")
    assert found[["occupied", "staffed"]].to_numpy().tolist() == [[20.0, 40.0]]


def test_stays_keep_what_is_known_of_each_and_what_is_missing() -> None:
    table = stays([("B", "2024-04-02 08:30", None), ("A", "2024-04-01", "2024-04-03")]).assign(
        age=pd.array([40, None], dtype="Int64"),
        ventilated=pd.array([None, False], dtype="boolean"),
        facility=pd.array([7, 12], dtype="Int64"),
        Grade=pd.array([None, 3], dtype="Int64"),
        Isolated=[True, False],
        Booked=days(["2024-03-30", None]),
        Group=pd.Categorical([None, "x"]),
    )
    expected = pd.DataFrame(
        {
            "stay_id": ["A", "B"], "admitted": days(["2024-04-01", "2024-04-02 08:30"]),
            "age": [np.nan, 40.0], "ventilated": ["No", None], "facility": ["12", "7"],
            "Grade": [3.0, np.nan], "Isolated": ["No", "Yes"], "Booked": days([None, "2024-03-30"]),
            "Group": ["x", None],
        }
    ).astype(dict.fromkeys(("ventilated", "facility", "Isolated", "Group"), "str"))  # fmt: skip
    for rows in (table, table.iloc[::-1], duckdb.from_df(table)):
        found = reductions.stay_rows(rows, list(expected))
        pd.testing.assert_frame_equal(found, expected)


def test_rows_that_are_the_same_in_all_columns_stay_each() -> None:
    table = stays([(str(number % 3), "2024-04-01", None) for number in range(9)])
    for rows in (table, duckdb.from_df(table)):
        assert reductions.stay_rows(rows, ["stay_id"])["stay_id"].tolist() == [*"000111222"]


def test_flows_count_stays_by_day_whatever_the_hour() -> None:
    table = stays([("A", "2024-04-01 00:01", None), ("B", "2024-04-01 23:59", None)])
    assert reductions.flows(table, "admitted")["rows"].tolist() == [2]


def test_movements_leave_out_stays_that_end_before_they_begin_or_have_no_beginning() -> None:
    table = stays(
        [("A", "2024-04-02", "2024-04-01"), ("B", None, "2024-04-03"), ("C", "2024-04-01", None)]
    )
    found = reductions.movements(table)
    assert found.drop(columns="date").to_numpy().tolist() == [[0, 1, 0]]


PAIRS = {
    "after 29 days": ([("2024-01-01", "2024-01-05"), ("2024-02-03", "2024-02-05")], (2, 1)),
    "after 30 days": ([("2024-01-01", "2024-01-05"), ("2024-02-04", "2024-02-05")], (2, 0)),
    "on the day of discharge": (
        [("2024-01-01", "2024-01-05"), ("2024-01-05", "2024-01-06")],
        (2, 1),
    ),
    "a chain": (
        [("2024-01-01", "2024-01-02"), ("2024-01-10", "2024-01-11"), ("2024-01-20", "2024-01-21")],
        (3, 2),
    ),
    "a same-day stay is not its own readmission": ([("2024-01-05", "2024-01-05")], (1, 0)),
    "two same-day stays on one day": (
        [("2024-01-05", "2024-01-05"), ("2024-01-05", "2024-01-05")],
        (2, 1),
    ),
    "a stay within another": (
        [("2024-01-01", "2024-01-20"), ("2024-01-05", "2024-01-08"), ("2024-01-25", "2024-01-26")],
        (3, 2),
    ),
    "a stay within another and none after": (
        [("2024-01-01", "2024-01-20"), ("2024-01-05", "2024-01-08")],
        (2, 0),
    ),
    "still in hospital the second time": (
        [("2024-01-01", "2024-01-05"), ("2024-01-09", None)],
        (1, 1),
    ),
}


@pytest.mark.parametrize("case", PAIRS)
def test_a_readmission_is_the_next_admission_within_29_days(case: str) -> None:
    rows, (alive, readmitted) = PAIRS[case]
    table = stays([(str(n), *row) for n, row in enumerate(rows)], patient_id="P")
    for engine in (table, table.iloc[::-1], duckdb.from_df(table)):
        found = reductions.readmissions(engine)
        assert (found["alive"].sum(), found["readmitted"].sum()) == (alive, readmitted)


def test_deaths_are_no_index_discharges_and_transfers_no_readmissions() -> None:
    rows = [("A", "2024-01-01", "2024-01-05"), ("B", "2024-01-05", "2024-01-08")]
    same = stays(rows, patient_id="P", outcome=["Home", "Died"], facility="North")
    apart = same.assign(facility=["North", "South"])
    told = same.assign(outcome=["Transferred", "Home"])
    for table, expected in ((same, (1, 1)), (apart, (1, 0)), (told, (2, 0))):
        found = reductions.readmissions(table, deaths=["Died"], transfers=["Transferred"])
        assert (found["alive"].sum(), found["readmitted"].sum()) == expected


def test_readmissions_equal_a_count_by_hand_of_every_pair() -> None:
    table = generated(600, seed=3).drop(columns=["facility", "department"])
    table = table[table["length_of_stay"] != 0]
    found = reductions.readmissions(table, deaths=["Died"])
    index = table[
        table["patient_id"].notna()
        & table["admitted"].notna()
        & (table["discharged"].dt.normalize() >= table["admitted"].dt.normalize())
        & (table["outcome"] != "Died")
    ]
    pairs = index.reset_index().merge(table.reset_index(), on="patient_id", suffixes=("", "_next"))
    gap = (pairs["admitted_next"].dt.normalize() - pairs["discharged"].dt.normalize()).dt.days
    within = gap.between(0, 29) & (pairs["index"] != pairs["index_next"])
    assert found["alive"].sum() == len(index)
    assert found["readmitted"].sum() == pairs[within]["index"].nunique()


def crowded(count: int, seed: int) -> pd.DataFrame:
    """Few patients in few days, so that stays overlap and tie; the rows carry no order."""
    table = generated(count, seed)
    random = np.random.default_rng(seed)
    first, nights = (pd.to_timedelta(random.integers(0, top, count), unit="D") for top in (9, 40))
    admitted = pd.Timestamp("1969-12-25 13:30") + first  # before and after the epoch
    came = pd.Series(admitted).where(table["admitted"].notna()).astype("datetime64[us]")
    left = (came.dt.normalize() + nights * random.integers(0, 2, count)).where(
        table["discharged"].notna()
    )
    patients = pd.Series(random.integers(0, 4, count)).astype("str")
    return table.assign(
        admitted=came,
        discharged=left.astype("datetime64[us]"),
        length_of_stay=(left - came.dt.normalize()).dt.days.astype("float64"),
        patient_id=patients.where(table["patient_id"].notna()),
    ).sample(frac=1, random_state=seed)


frames = given(count=integers(0, 40), seed=integers(0, 1_000_000))


@frames
def test_flows_and_costs_equal_a_plain_group_by(count: int, seed: int) -> None:
    table = crowded(count, seed)
    keys = [table["discharged"].dt.normalize().rename("date"), table["facility"].fillna("Unknown")]
    cost = table["cost"].groupby(keys, dropna=False)
    plain = pd.DataFrame({"rows": cost.size(), "cost": cost.sum(), "n": cost.count()})
    plain["negative"] = (table["cost"] < 0).groupby(keys, dropna=False).sum()
    plain = plain.reset_index().astype({"date": "datetime64[us]", "facility": "str"})
    plain = plain.sort_values(["date", "facility"], ignore_index=True)
    flows = reductions.flows(table, "discharged", ["facility"], ["cost"])
    costs = reductions.costs(table, "discharged", ["facility"])
    for found, n, names in ((flows, "cost_n", ["rows", "cost"]),
                            (costs, "stays", ["rows", "cost", "negative"])):  # fmt: skip
        columns = ["date", "facility", *names, n]
        expected = plain.rename(columns={"n": n})[columns]
        pd.testing.assert_frame_equal(found[columns], expected, check_dtype=bool(count))


@frames
def test_the_histogram_counts_every_known_length_once(count: int, seed: int) -> None:
    table = crowded(count, seed)
    known = table[table["length_of_stay"].notna()]
    groups = zip(
        known["discharged"].dt.normalize(), known["department"].fillna("Unknown"),
        known["length_of_stay"], strict=True,
    )  # fmt: skip
    found = reductions.histogram(table, "discharged", "length_of_stay", ["department"])
    columns = [found[name] for name in ("date", "department", "length_of_stay")]
    counted = dict(zip(zip(*columns, strict=True), found["rows"], strict=True))
    assert counted == Counter(groups)


@frames
def test_movements_equal_a_count_stay_by_stay(count: int, seed: int) -> None:
    table = crowded(count, seed)
    expected: Counter[tuple[Any, str, str]] = Counter()
    for came, left, place in zip(
        table["admitted"].dt.normalize(), table["discharged"].dt.normalize(),
        table["facility"].fillna("Unknown"), strict=True,
    ):  # fmt: skip
        if pd.isna(left) and not pd.isna(came):
            expected[came, place, "open_arrivals"] += 1
        elif left >= came:
            expected[came, place, "arrivals"] += 1
            expected[left, place, "departures"] += 1
    found = reductions.movements(table, ["facility"]).melt(["date", "facility"])
    found = found[found["value"] > 0]
    counted = zip(found["date"], found["facility"], found["variable"], strict=True)
    assert dict(zip(counted, found["value"], strict=True)) == expected


def followed(table: pd.DataFrame) -> Counter[Any]:
    """Discharges alive by day and facility, and readmissions: every stay looked at by itself."""
    counted: Counter[Any] = Counter()
    rows = table.assign(
        start=table["admitted"].dt.normalize(), end=table["discharged"].dt.normalize(),
        at=table["facility"].fillna(""), unit=table["department"].fillna(""),
        moved=table["outcome"] == "Transferred", died=table["outcome"] == "Died",
    )  # fmt: skip
    rows = rows[rows["start"].notna()]
    far = pd.Timestamp("2200-01-01")
    for code, stays_of in rows.groupby("patient_id", dropna=False):
        order = stays_of.assign(far=stays_of["end"].fillna(far)).sort_values(
            ["start", "far", "at", "unit", "moved", "died"]
        )
        listed = list(order.itertuples())
        for number, stay in enumerate(listed):
            if pd.isna(stay.end) or stay.end < stay.start or stay.died:
                continue
            place = (stay.end, stay.at or "Unknown")
            if pd.isna(code):
                counted[*place, "nameless"] += 1
                continue
            counted[*place, "alive"] += 1
            later = listed[number + 1 :]
            if stay.end != stay.start:
                later = [other for other in listed if other.start >= stay.end]
            if not later or (later[0].start - stay.end).days > 29:
                continue
            elsewhere = any(
                ours and theirs and ours != theirs
                for ours, theirs in ((stay.at, later[0].at), (stay.unit, later[0].unit))
            )
            if later[0].start > stay.end or not (stay.moved or elsewhere):
                counted[*place, "readmitted"] += 1
    return counted


@settings(max_examples=30)
@frames
def test_readmissions_equal_a_look_at_every_stay(count: int, seed: int) -> None:
    table = crowded(count, seed)
    expected = followed(table)
    for rows in (table, duckdb.from_df(table)):
        found = reductions.readmissions(
            rows, ["facility"], deaths=["Died"], transfers=["Transferred"]
        ).melt(["date", "facility"])
        found = found[found["value"] > 0]
        counted = zip(found["date"], found["facility"], found["variable"], strict=True)
        assert dict(zip(counted, found["value"], strict=True)) == expected


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_columns_named_like_ours_and_any_index_change_nothing(reduction: str) -> None:
    table = generated(60)
    named = ("date", "rows", "only", "end", "start", "patient", "group_0", "group_key", "value")
    ours = table.assign(**dict.fromkeys(named, "x")).set_index(np.zeros(60, dtype="int64"))
    expected = REDUCTIONS[reduction](table)
    for rows in (ours, duckdb.from_df(ours)):
        pd.testing.assert_frame_equal(REDUCTIONS[reduction](rows), expected)


@pytest.mark.parametrize("hour", ["00:00", "13:30"])
def test_moments_are_grouped_as_they_are_whatever_the_hour(hour: str) -> None:
    frame = counts(
        [f"1969-12-31 {hour}", f"2204-01-01 {hour}", None, f"1969-12-31 {hour}"],
        facility=pd.Series(["N", "N", None, "N"], dtype="str"), occupied_beds=[1.0, 2.0, 3.0, 4.0],
    )  # fmt: skip
    found = reductions.stocks(frame, "date", ["facility"])
    assert found["occupied"].tolist() == [5.0, 2.0, 3.0]
    assert found["date"].tolist() == [*days(["1969-12-31", "2204-01-01"]), pd.NaT]
