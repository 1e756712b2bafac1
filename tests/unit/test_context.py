"""What a file says of its source does not give few patients away."""

import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.ui.band import context
from caremap.ui.sidebar import View


@pytest.mark.parametrize(
    ("rows", "told"), [(0, True), (1, False), (10, False), (11, True), (30, False), (40, True)]
)
def test_few_rows_or_all_but_few_are_not_told_where_counts_are_hidden(
    rows: int, told: bool
) -> None:
    whole = Dataset(stays=pd.DataFrame({"ward": ["A"] * 40}))
    view = View(Dataset(stays=whole.stays.iloc[:rows]), whole, None, "")
    assert ("stay" in context(view, hide=True)) is told
    assert "stay" in context(view)
