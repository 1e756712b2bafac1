"""Places to measure between, for tests of geography."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

SEED_ZIPS = {"A": "98007", "B": "98290", "C": "98065", "D": "98801", "E": "98104"}


def seed_network() -> pd.DataFrame:
    """The seed's five facilities, at the middle of their ZIP codes."""
    import zipcodes

    found = {name: zipcodes.matching(zip_)[0] for name, zip_ in SEED_ZIPS.items()}
    return pd.DataFrame(
        {
            "facility": list(found),
            "zip": [SEED_ZIPS[name] for name in found],
            "latitude": [float(place["lat"]) for place in found.values()],
            "longitude": [float(place["long"]) for place in found.values()],
        }
    )


def scattered(count: int, seed: int = 1) -> pd.DataFrame:
    """Facilities anywhere between the seas of the United States."""
    chance = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "facility": [f"Hospital {number:04}" for number in range(count)],
            "latitude": chance.uniform(25, 49, count),
            "longitude": chance.uniform(-124, -67, count),
        }
    )


@st.composite
def networks(draw: st.DrawFn, most: int = 12) -> pd.DataFrame:
    """Networks as they are hard to measure: at poles and datelines, on one spot, unknown."""
    latitude = st.one_of(
        st.floats(-90, 90), st.sampled_from([0.0, 47.6, 47.6000001, -47.6, 90.0, -90.0])
    )
    longitude = st.one_of(
        st.floats(-180, 180), st.sampled_from([0.0, 180.0, -180.0, 179.9999, -122.3, 57.7])
    )
    unknown = st.just((float("nan"), 8.0))
    spots = draw(st.lists(st.one_of(st.tuples(latitude, longitude), unknown), max_size=most))
    names = draw(st.permutations([f"F{number}" for number in range(len(spots))]))
    return pd.DataFrame(
        {
            "facility": pd.Series(names, dtype="str"),
            "latitude": pd.Series([north for north, _ in spots], dtype="float64"),
            "longitude": pd.Series([east for _, east in spots], dtype="float64"),
        }
    )
