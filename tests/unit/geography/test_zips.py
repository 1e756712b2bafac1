"""ZIP codes as files write them, and where they are."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caremap.geography import zip_centroids, zip_code
from caremap.geography.states import folded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("98104", "98104"),
        (98104, "98104"),
        (98104.0, "98104"),
        (np.float64(98104), "98104"),
        (np.int32(2138), "02138"),
        ("98104.0", "98104"),
        ("98104.00", "98104"),
        (" 98104-1234", "98104"),
        ("98104 - 1234", ""),
        ("98104-", "98104"),
        ("981041234", "98104"),
        (981041234.0, "98104"),
        ("'02138", "02138"),
        ("WA 98104", "98104"),
        ("WA, 98104-1234", "98104"),
        ("2138", "02138"),
        ("601", "00601"),
        (601, "00601"),
        (2138.0, "02138"),
        ("\u00a098104\u00a0", "98104"),
        ("", ""),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (True, ""),
        (0, ""),
        ("00000", ""),
        (-98104, ""),
        ("98104.5", ""),
        ("981040", ""),
        ("SW1A 1AA", ""),
        ("98 104", ""),
        ("12", ""),
        ("n/a", ""),
    ],
)
def test_zip_codes_are_read_as_they_are_written(written: object, read: str) -> None:
    assert zip_code(written) == read


def test_centroids_of_the_seed_network() -> None:
    found = zip_centroids([98007, "98290", "98065-0001", 98801.0, "98104"])
    expected = pd.DataFrame(
        {
            "zip": ["98007", "98290", "98065", "98801", "98104"],
            "latitude": [47.6174, 47.8954, 47.5293, 47.4253, 47.6036],
            "longitude": [-122.1426, -122.0716, -121.8225, -120.3273, -122.3256],
            "city": ["Bellevue", "Snohomish", "Snoqualmie", "Wenatchee", "Seattle"],
            "state": ["WA"] * 5,
            "found": [True] * 5,
        }
    ).astype({"zip": "str", "city": "str", "state": "str"})
    pd.testing.assert_frame_equal(found, expected)


def test_codes_without_a_place_are_told_from_codes_nobody_knows() -> None:
    found = zip_centroids(["09001", "99999", ""])  # the first is of the armed forces
    assert found["found"].tolist() == [True, False, False]
    assert found[["latitude", "longitude"]].isna().all(axis=None)
    assert zip_centroids([]).empty


@given(st.text())
def test_text_of_plain_letters_is_folded_as_any_other(text: str) -> None:
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)
    )
    assert folded(text) == re.sub(r"[\W_]+", " ", plain.casefold()).strip()
