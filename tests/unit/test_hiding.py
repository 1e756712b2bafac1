"""What leaves the app is compared with all of the data, as one has it without the filter."""

import pandas as pd

from caremap.dataset import Dataset
from caremap.ui import measured, recipes
from caremap.ui.sidebar import View

DAYS = pd.DatetimeIndex(["2024-01-15"] * 60 + ["2024-02-10"] * 40 + ["2024-02-25"] * 4)
WHOLE = Dataset(stays=pd.DataFrame({"admitted": DAYS.as_unit("us")}))


def test_a_period_that_leaves_out_few_of_its_last_month_does_not_give_them_away() -> None:
    """A month to the 20th with 40 and, without the period, with 44 tells of 4."""
    part = WHOLE.filtered(end="2024-02-20")
    view = View(part, WHOLE, pd.Timestamp("2024-02-20"), "")
    found = recipes.shared(view)(measured.trend, every="month")
    assert found["admissions"].isna().tolist() == [True, True]  # the other month is the rest
    everything = View(WHOLE, WHOLE, WHOLE.as_of, "")
    assert recipes.shared(everything)(measured.trend, every="month")["admissions"].tolist() == [
        60,
        44,
    ]


def test_costs_of_a_file_of_counts_are_not_hidden_for_its_few_rows() -> None:
    counts = pd.DataFrame({"facility": ["A", "B"], "admissions": [500.0, 700.0], "cost": 9e6})
    network = Dataset(activity=counts)
    get = recipes.shared(View(network, network, None, ""))
    found = get(measured.breakdown, by="facility", names=("admissions", "cost"))
    assert found["cost"].tolist() == [9e6, 9e6]
    assert get(measured.headline).loc["cost", "overall"] == 18e6


def test_rows_of_counts_are_not_said_to_be_so_many_answers() -> None:
    counts = pd.DataFrame({"department": ["A", "B"] * 2, "facility": ["X", "X", "Y", "Y"]})
    network = Dataset(activity=counts.assign(satisfaction=[1.0, 2.0, 3.0, 4.0]))
    view = View(network, network, None, "")
    recipe = recipes.crossed("department", "facility", "satisfaction")
    of_counts = recipes.drawn(recipe, view, recipes.plain(view))
    assert not [name for name in of_counts.table if "n" in str(name).split()]
    of_stays = Dataset(stays=network.activity)
    view = View(of_stays, of_stays, None, "")
    told = recipes.drawn(recipe, view, recipes.plain(view))
    assert len(told.table.columns) == len(of_counts.table.columns) + 1
