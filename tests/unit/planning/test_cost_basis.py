"""What a case and a bed-day cost, as the file has it; charges are never taken for either."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from caremap.dataset import Dataset
from caremap.findings import Finding
from caremap.measures import headline, protected
from caremap.planning import FIXED_SHARE, blended_price, breakeven, cost_basis, prices_at
from caremap.problems import DataProblem

STAYS = pd.DataFrame(
    {
        "cost": [900.0, 300.0, None, 60.0, 500.0],
        "length_of_stay": [3.0, 1.0, 2.0, 0.0, None],
        "charges": [4_000.0, 2_000.0, 6_000.0, None, None],
        "insurance": ["Public", "Private", "Private", None, "Public"],
    },
    index=[4, 4, 0, 1, 2],
)


def year(days: int = 400) -> pd.DataFrame:
    """A stay a day of two nights that costs 100 a night."""
    admitted = pd.date_range("2023-01-01", periods=days, unit="us")
    return pd.DataFrame(
        {"admitted": admitted, "discharged": admitted + pd.Timedelta(days=2),
         "length_of_stay": 2.0, "cost": 200.0}
    )  # fmt: skip


def test_undated_stays_give_the_cost_of_a_case_and_of_a_bed_day():
    before = STAYS.copy()
    found = cost_basis(Dataset(stays=STAYS))
    assert (found.per_case, found.cases) == (440, 4)
    assert (found.per_bed_day, found.bed_days) == (1_260 / 4, 4)  # where both are known
    assert math.isnan(found.year_total) and found.year_first is None
    said = " ".join(found.notes)
    assert "which are in no mean: 1 of 5." in said
    assert "no bed overnight, whose cost is in that of a bed-day: 1." in said
    assert "cost of a year is not known" in said
    pd.testing.assert_frame_equal(STAYS, before)


def test_who_pays_for_how_many():
    found = cost_basis(Dataset(stays=STAYS))
    expected = pd.DataFrame(
        {
            "payer": pd.Series(["Private", "Public", "Unknown"], dtype="str"),
            "cases": [2.0, 2.0, 1.0], "share": [0.4, 0.4, 0.2],
            "mean_cost": [300.0, 700.0, 60.0], "mean_charges": [4_000.0, 4_000.0, np.nan],
        }
    )  # fmt: skip
    pd.testing.assert_frame_equal(found.payers, expected)
    assert "Cases whose payer is not known: 1." in found.notes
    assert any("neither cost nor what is paid" in note for note in found.notes)


def test_few_cases_of_a_payer_are_hidden_with_what_tells_of_them():
    names = ["Public"] * 40 + ["Private"] * 30 + ["Other"] * 20 + ["Rare"] * 3
    stays = pd.DataFrame({"insurance": names, "cost": 100.0, "charges": 300.0})
    found = protected(cost_basis(Dataset(stays=stays)).payers, by="payer").set_index("payer")
    figures = ["cases", "share", "mean_cost", "mean_charges"]
    assert found.loc["Rare", figures].isna().all()
    assert found.loc["Public", figures].notna().all()
    assert found["cases"].isna().sum() == 2  # or the total would give it away


def test_the_order_of_rows_is_no_matter():
    first, other = (
        cost_basis(Dataset(stays=rows)) for rows in (STAYS, STAYS.iloc[[3, 1, 4, 0, 2]])
    )
    assert first.per_case == other.per_case and first.per_bed_day == other.per_bed_day
    pd.testing.assert_frame_equal(first.payers, other.payers)


def test_the_last_twelve_complete_months_are_the_year():
    dataset = Dataset(stays=year())
    found = cost_basis(dataset)
    assert found.year_first == pd.Timestamp("2023-02-01")
    assert found.year_last == pd.Timestamp("2024-01-31")
    assert found.year_total == 365 * 200
    assert found.per_bed_day == 100
    assert found.per_case == headline(dataset).loc["mean_cost", "overall"]
    assert "from 1 Feb 2023 to 31 Jan 2024" in " ".join(found.notes)
    assert cost_basis(Dataset(stays=year(240))).year_first is None


def test_a_fixed_share_is_taken_off_what_varies():
    found = cost_basis(Dataset(stays=year()))
    assert FIXED_SHARE == 0.84
    assert found.fixed_per_year() == pytest.approx(0.84 * 73_000)
    assert found.variable() == pytest.approx(32)
    assert found.variable(0.5, per="bed-day") == 50
    # at what it cost, it breaks even at the year's own volume
    assert breakeven(found.fixed_per_year(), found.variable(), 200) == pytest.approx(365)
    for wrong in (-0.1, 84, math.nan):
        with pytest.raises(ValueError, match="fraction"):
            found.fixed_per_year(wrong)
    with pytest.raises(ValueError, match="bed-day"):
        found.variable(per="day")


def test_counts_give_the_year_and_its_cost_by_admission():
    months = pd.date_range("2023-01-01", periods=13, freq="MS", unit="us")
    counts = pd.DataFrame({"date": months, "cost": 1_000.0, "admissions": 10.0})
    found = cost_basis(Dataset(activity=counts))
    assert found.year_total == 12_000
    assert (found.per_case, found.cases) == (100, 120)
    assert math.isnan(found.per_bed_day) and found.payers.empty
    assert any("over their admissions" in note for note in found.notes)


def test_while_dates_are_in_doubt_no_year_is_given():
    doubt = Finding("swapped-dates", "error", "Swapped.", "Admitted", ())
    found = cost_basis(Dataset(stays=year(), findings=(doubt,)))
    assert math.isnan(found.year_total) and found.per_case == 200
    assert any("in doubt" in note for note in found.notes)
    inside = Dataset(stays=year(), findings=(doubt,)).filtered(start="2023-03-01")
    assert math.isnan(cost_basis(inside).per_case)
    assert math.isnan(cost_basis(inside).per_bed_day)


def test_charges_are_never_taken_for_costs():
    with pytest.raises(DataProblem, match="not costs"):
        cost_basis(Dataset(stays=STAYS.drop(columns="cost")))
    with pytest.raises(DataProblem, match="no cost"):
        cost_basis(Dataset())
    mixed = Finding("mixed-currencies", "error", "“Cost” holds EUR and USD.", "Cost", ())
    with pytest.raises(DataProblem, match="EUR and USD"):
        cost_basis(Dataset(stays=STAYS.drop(columns="cost"), findings=(mixed,)))
    assert cost_basis(Dataset(stays=STAYS, findings=(mixed,))).currency == mixed.message


def test_prices_to_start_from_are_the_part_of_the_charges_the_user_names():
    payers = cost_basis(Dataset(stays=STAYS)).payers
    found = prices_at(payers, 0.25)
    assert found["price"].to_list()[:2] == [1_000, 1_000] and math.isnan(found["price"][2])
    known = found[found["price"].notna()]
    assert blended_price(known["price"], known["share"]) == 1_000
    for wrong in (25, math.nan):
        with pytest.raises(ValueError, match="fraction"):
            prices_at(payers, wrong)
    with pytest.raises(ValueError, match="no column 'share'"):
        prices_at(payers.drop(columns="share"), 0.5)
