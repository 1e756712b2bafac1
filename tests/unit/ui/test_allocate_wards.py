"""Beds held are told by the place the table of wards names, whatever the data calls it."""

import pandas as pd
import pytest

from caremap.ui.allocate_wards import held_by_ward


@pytest.mark.parametrize(
    ("columns", "place"),
    [
        (["ward", "facility"], "ward"),
        (["department", "facility"], "department"),
        (["department"], "department"),
        (["facility"], "facility"),
    ],
)
def test_the_finest_place_is_the_ward(columns: list[str], place: str) -> None:
    held = pd.DataFrame({name: [f"a {name}"] for name in columns}).assign(day=1, held=2.0)
    assert held_by_ward(held)["ward"].tolist() == [f"a {place}"]
    assert "ward" not in held or place == "ward"
