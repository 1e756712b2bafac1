"""Places: what is believed, what is put right, and what is left out and said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.geography import locate
from caremap.geography.states import STATES
from caremap.geography.zips import zip_places

ZIPS = ["98007", "98290", "98065", "98801", "98104"]
LATITUDE = [47.6174, 47.8954, 47.5293, 47.4253, 47.6036]
LONGITUDE = [-122.1426, -122.0716, -121.8225, -120.3273, -122.3256]


def seed(**columns: Any) -> pd.DataFrame:
    """The seed network with more columns; a dict changes single rows of its coordinates."""
    given: dict[str, Any] = {"facility": list("ABCDE")}
    for name, values in columns.items():
        if isinstance(values, dict):
            whole = {"latitude": LATITUDE, "longitude": LONGITUDE, "zip": ZIPS}[name]
            given[name] = [values.get(row, value) for row, value in enumerate(whole)]
        else:
            given[name] = values
    return pd.DataFrame(given)


def codes(findings: list[Any]) -> list[str]:
    return [finding.code for finding in findings]


def assert_at_the_seed(frame: pd.DataFrame, rows: list[int] | None = None) -> None:
    kept = slice(None) if rows is None else rows
    np.testing.assert_allclose(frame["latitude"].iloc[kept], np.array(LATITUDE)[kept])
    np.testing.assert_allclose(frame["longitude"].iloc[kept], np.array(LONGITUDE)[kept])


@pytest.mark.parametrize(
    "zips", [ZIPS, [int(code) for code in ZIPS], [f"{code}.0" for code in ZIPS],
             [f"{code}-1234" for code in ZIPS]],
)  # fmt: skip
def test_zip_codes_give_places(zips: list[Any]) -> None:
    frame, _ = locate(seed(zip=zips))
    assert_at_the_seed(frame)
    assert set(frame["located_by"]) == {"ZIP code"}


def test_rows_index_and_other_columns_stay_and_nothing_is_changed() -> None:
    given = seed(zip=ZIPS, nurses=[1, 2, 3, 4, 5]).set_index(pd.Index([9, 9, "x", None, 4.5]))
    before = given.copy(deep=True)
    frame, _ = locate(given)
    pd.testing.assert_frame_equal(given, before)
    pd.testing.assert_frame_equal(frame[["facility", "zip", "nurses"]], before)


def test_the_published_mistake_is_undone() -> None:
    """A world geocoder put 98065 in Sicily and 98104 in Lithuania."""
    frame, findings = locate(
        seed(zip=ZIPS, latitude={2: 37.8, 4: 55.2}, longitude={2: 15.2, 4: 24.7})
    )
    assert_at_the_seed(frame)
    assert frame["located_by"].tolist() == [
        "coordinates", "coordinates", "ZIP code", "coordinates", "ZIP code",
    ]  # fmt: skip
    assert codes(findings) == ["coordinates-far"]
    assert findings[0].rows == (3, 5)


SLIPS = {
    "swapped, by ZIP code": (seed(zip=ZIPS, latitude={2: -121.8225}, longitude={2: 47.5293}),
                             "coordinates-swapped"),
    "swapped, by the network": (seed(latitude={2: -121.8225}, longitude={2: 47.5293}),
                                "coordinates-swapped"),
    "minus lost, by ZIP code": (seed(zip=ZIPS, latitude={}, longitude={2: 121.8225}),
                                "coordinates-sign"),
    "minus lost, by state": (seed(State=["WA"] * 5, latitude={}, longitude={2: 121.8225}),
                             "coordinates-sign"),
    "every minus lost": (seed(zip=ZIPS, latitude={}, longitude=[-one for one in LONGITUDE]),
                         "coordinates-sign"),
    "all swapped": (seed(zip=ZIPS, latitude=LONGITUDE, longitude=LATITUDE), "coordinates-swapped"),
}  # fmt: skip


@pytest.mark.parametrize("case", SLIPS)
def test_slips_are_put_right_where_it_is_proven(case: str) -> None:
    given, code = SLIPS[case]
    frame, findings = locate(given)
    assert_at_the_seed(frame)
    assert set(frame["located_by"]) == {"coordinates"}
    assert codes(findings) == [code]


def test_one_far_point_among_three_is_held_against_the_two_that_are_near() -> None:
    frame, findings = locate(
        pd.DataFrame(
            {
                "facility": ["A", "B", "C", "D"],
                "latitude": [47.6, -122.0, 47.4, 47.6],  # B is swapped, D lacks its minus
                "longitude": [-122.1, 47.9, -120.3, 122.3],
            }
        )
    )
    assert frame["longitude"].tolist() == [-122.1, -122.0, -120.3, -122.3]
    assert sorted(codes(findings)) == ["coordinates-sign", "coordinates-swapped"]


LEFT_OUT = {
    "0, 0": (seed(latitude={1: 0}, longitude={1: 0}), "coordinates-zero"),
    "half": (seed(latitude={1: None}, longitude={}), "coordinates-half"),
    "out of range": (seed(latitude={1: 478954}, longitude={}), "coordinates-out-of-range"),
    "Lithuania": (seed(latitude={1: 55.0}, longitude={1: 24.0}), "coordinates-not-believed"),
    "Lithuania, by state": (seed(state=["Washington"] * 5, latitude={1: 55.0}, longitude={1: 24.0}),
                            "coordinates-not-believed"),
    "ZIP of another state": (seed(state=["WA"] * 5, zip={1: "89104"}), "zip-other-state"),
    "unknown ZIP": (seed(zip={1: "98999"}), "zip-unknown"),
    "no ZIP": (seed(zip={1: "none"}), "zip-unknown"),
}  # fmt: skip


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_not_believed_is_left_out_and_said(case: str) -> None:
    given, code = LEFT_OUT[case]
    frame, findings = locate(given)
    assert frame["latitude"].isna().tolist() == [False, True, False, False, False]
    assert frame["longitude"].isna().tolist() == [False, True, False, False, False]
    assert frame["located_by"].iloc[1] == ""
    assert_at_the_seed(frame, [0, 2, 3, 4])
    assert {code, "no-place"} <= set(codes(findings))
    assert all(finding.rows == (2,) for finding in findings if finding.code in {code, "no-place"})


def test_a_far_outlier_is_questioned() -> None:
    frame, findings = locate(seed(latitude={1: 41.0}, longitude={1: -74.0}))
    assert frame["latitude"].iloc[1] == 41.0
    assert [(finding.code, finding.rows) for finding in findings] == [("far-outlier", (2,))]


ABROAD = {
    "Kuala Lumpur": {"facility": ["Hospital Kuala Lumpur", "Hospital Ampang", "Hospital Kajang"],
                     "zip": [50586, 68000, 43000], "state": ["Selangor"] * 3},
    "Malaysia, codes alone": {"facility": ["Hospital Kuala Lumpur", "Hospital Sultanah Aminah"],
                              "zip": ["50586", "80100"]},
    "Germany": {"facility": ["Charité", "Klinikum München", "UKE"], "zip": [10115, 80331, 20246]},
    "Germany, PLZ": {"facility": ["Nord", "Ost", "West"], "PLZ": ["10115", "80331", "20095"]},
    "Germany, land": {"facility": list("ABC"), "zip": ["10115", "80331", "20095"],
                      "region": ["Berlin", "Bayern", "Hamburg"]},
    "by country": {"facility": list("AB"), "zip": ["10115", "10001"],
                   "country": ["Germany", "Deutschland"]},
    "Spain": {"facility": ["La Paz", "Clinic", "Mar"], "zip": ["28046", "08036", "08003"],
              "city": ["Madrid", "Barcelona", "Barcelona"]},
    "Britain": {"facility": ["Guy's", "St James's"], "postcode": ["SE1 9RT", "LS9 7TF"]},
}  # fmt: skip


@pytest.mark.parametrize("case", ABROAD)
def test_postal_codes_of_other_countries_are_not_looked_up_in_america(case: str) -> None:
    frame, findings = locate(pd.DataFrame(ABROAD[case]))
    assert frame[["latitude", "longitude"]].isna().all(axis=None)
    assert "no-place" in codes(findings)


def test_a_country_column_decides_row_by_row() -> None:
    frame, _ = locate(
        pd.DataFrame(
            {"facility": list("ABC"), "zip": ["98104", "98065", "10115"],
             "country": ["USA", "United States", "Germany"]}
        )
    )  # fmt: skip
    assert frame["latitude"].notna().tolist() == [True, True, False]


def test_malaysian_facilities_stay_in_malaysia(shared: Any) -> None:
    given = pd.read_csv(shared / "data/malaysia_moh/facilities_master.csv")
    given["zip"] = given["address"].str.extract(r"\b(\d{5})\b")
    alone, _ = locate(given.drop(columns=["lat", "lon"]))
    assert alone["latitude"].isna().all()
    frame, _ = locate(given)
    assert len(frame) == 3304
    assert frame["latitude"].dropna().between(0.5, 7.5).all()
    assert frame["longitude"].dropna().between(99, 120).all()


def test_american_facilities_stay_in_their_counties(repo: Any) -> None:
    given = pd.read_csv(repo / "sample_data/facilities.csv")
    frame, findings = locate(given)
    np.testing.assert_allclose(frame["latitude"], given["Latitude"])
    assert findings == []
    by_zip, findings = locate(given.drop(columns=["Latitude", "Longitude"]))
    assert set(by_zip["located_by"]) == {"ZIP code"}
    np.testing.assert_allclose(by_zip["latitude"], given["Latitude"], atol=0.2)
    assert findings == []


def test_one_zip_code_for_all_is_no_facilitys_own() -> None:
    frame, findings = locate(seed(zip=["98801"] * 5, latitude={}, longitude={}))
    assert_at_the_seed(frame)
    assert set(frame["located_by"]) == {"coordinates"}
    assert codes(findings) == ["zip-shared"]


def test_zip_codes_in_addresses_count_where_the_state_before_them_is_theirs() -> None:
    addresses = ["1 Main St, Seattle, WA 98104", "2 Oak Ave, Snoqualmie WA 98065-1234",
                 "Jalan 98104 Melaka", "3 Elm St, Portland, OR 98104"]  # fmt: skip
    frame, _ = locate(pd.DataFrame({"facility": list("ABCD"), "address": addresses}))
    assert frame["located_by"].tolist() == ["ZIP code", "ZIP code", "", ""]


def kilometres(frame: pd.DataFrame, latitude: Any, longitude: Any) -> Any:
    from caremap.geography.apart import from_points

    return from_points(
        frame["latitude"].to_numpy(), frame["longitude"].to_numpy(), latitude, longitude
    )


SLIP = st.sampled_from(["none", "swapped", "minus", "zero", "elsewhere"])


@given(
    state=st.sampled_from(["WA", "TX", "MA", "FL", "NV", "PR"]),
    rows=st.lists(st.integers(0, 10_000), min_size=3, max_size=8, unique=True),
    slips=st.lists(SLIP, min_size=8, max_size=8),
    elsewhere=st.tuples(st.floats(-80, 80), st.floats(-180, 180)),
    evidence=st.sampled_from(["zip", "state", "both"]),
)
def test_no_american_facility_is_ever_on_another_continent(
    state: str, rows: list[int], slips: list[str], elsewhere: Any, evidence: str
) -> None:
    """Whatever is wrong with the coordinates: the place is the own one, or none."""
    known = zip_places().frame.dropna()
    known = known[known["state"] == state]
    at = known.iloc[[row % len(known) for row in rows]]
    latitude, longitude = at["latitude"].to_numpy().copy(), at["longitude"].to_numpy().copy()
    true = latitude.copy(), longitude.copy()
    for row, slip in zip(range(len(rows)), slips, strict=False):
        here = latitude[row], longitude[row]
        wrong = {"none": here, "swapped": here[::-1], "minus": (here[0], -here[1]),
                 "zero": (0.0, 0.0), "elsewhere": elsewhere}[slip]  # fmt: skip
        latitude[row], longitude[row] = wrong
    given_rows = pd.DataFrame({"facility": [f"F{row}" for row in range(len(rows))],
                               "latitude": latitude, "longitude": longitude})  # fmt: skip
    if evidence in {"zip", "both"}:
        given_rows["zip"] = at["zip"].to_numpy()
    if evidence in {"state", "both"}:
        given_rows["state"] = STATES[state]
    frame, _ = locate(given_rows)
    away = kilometres(frame, *true)
    reach = 101 if "zip" in given_rows else 2000  # by state alone: somewhere in it
    assert (away[np.isfinite(away)] <= reach).all()


@given(
    middle=st.sampled_from(
        [(51.0, 10.0), (3.1, 101.7), (52.5, -1.5), (19.4, -99.1), (-33.9, 151.2)]
    ),
    spread=st.lists(
        st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=3, max_size=9, unique=True
    ),
    codes=st.lists(st.integers(1001, 99999), min_size=9, max_size=9),
)
def test_facilities_elsewhere_stay_where_they_are_and_never_come_to_america(
    middle: Any, spread: list[Any], codes: list[int]
) -> None:
    """All at one point, with codes America has too, nobody could tell: then there is no place."""
    latitude = np.array([middle[0] + up / 100 for up, _ in spread])
    longitude = np.array([middle[1] + round_ / 100 for _, round_ in spread])
    frame, _ = locate(
        pd.DataFrame({"facility": [f"F{row}" for row in range(len(spread))],
                      "latitude": latitude, "longitude": longitude,
                      "zip": [f"{code:05}" for code in codes[: len(spread)]]})
    )  # fmt: skip
    np.testing.assert_array_equal(frame["latitude"], latitude)
    np.testing.assert_array_equal(frame["longitude"], longitude)
