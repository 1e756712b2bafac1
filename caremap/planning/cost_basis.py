"""What a case and a bed-day cost, as the user's file has it: the start of a break-even.

Charges are what was billed. They are neither costs nor revenue, so no price is ever made of them
unless the user says which part is collected.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caremap.dataset import UNKNOWN, Dataset
from caremap.days import said
from caremap.measures import breakdown, reductions, trend
from caremap.measures.coverage import has
from caremap.measures.figures import window_sums
from caremap.measures.gates import covers
from caremap.measures.view import overall_view
from caremap.measures.windows import dates_in_doubt
from caremap.problems import DataProblem

__all__ = ["FIXED_SHARE", "FIXED_SHARE_SOURCE", "CostBasis", "cost_basis", "prices_at"]

FIXED_SHARE = 0.84
"""Part of a hospital's cost that is the same however many come, where the user knows no better."""

FIXED_SHARE_SOURCE = (
    "Roberts et al., JAMA 1999;281:644-649: 84 % of the cost of one urban public teaching hospital "
    "was fixed. Another hospital's share may well be another one."
)

_YEAR = 12
_PAYERS = {"payer": "str", "cases": "float64", "share": "float64", "mean_cost": "float64",
           "mean_charges": "float64"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class CostBasis:
    """Costs of the file, in its currency.

    Attributes
    ----------
    per_case, cases
        Mean cost of a case, and of how many it is the mean; NaN and 0 where not known.
    per_bed_day, bed_days
        Cost over nights of the stays that have both, and these nights: stays without a night are
        in the cost.
    year_total, year_first, year_last
        Cost of the last twelve complete months, the first day of the first and the last day of
        the last of them; NaN and None where there are not so many.
    payers
        One row per payer: ``payer``, ``cases``, ``share`` (fraction of all cases), ``mean_cost``,
        ``mean_charges`` (billed, not paid). Empty without a column of payers, and while dates are
        in doubt where a period is set.
    currency
        What is known of the currency, in words.
    notes
        What was left out, what is missing and why.
    """

    per_case: float
    cases: int
    per_bed_day: float
    bed_days: float
    year_total: float
    year_first: pd.Timestamp | None
    year_last: pd.Timestamp | None
    payers: pd.DataFrame
    currency: str
    notes: tuple[str, ...] = ()

    def fixed_per_year(self, share: float = FIXED_SHARE) -> float:
        """Return the fixed part of the cost of the last twelve complete months."""
        return self.year_total * _fraction(share)

    def variable(self, share: float = FIXED_SHARE, *, per: str = "case") -> float:
        """Return the variable cost of a ``case`` or a ``bed-day``, the fixed share taken off."""
        if per not in ("case", "bed-day"):
            raise ValueError(f"per is “case” or “bed-day”, got {per!r}.")
        return (self.per_case if per == "case" else self.per_bed_day) * (1 - _fraction(share))


def _fraction(share: float) -> float:
    if not 0 <= share <= 1:
        raise ValueError("The share of the cost that is fixed has to be a fraction from 0 to 1.")
    return share


def cost_basis(dataset: Dataset, *, as_of: object = None) -> CostBasis:
    """Return what cases and bed-days cost, and who pays for how many.

    Parameters
    ----------
    dataset
        Stays with a cost, or counts with one; filtered as it is, over its reporting period.
    as_of
        As in `caremap.measures.headline`.

    Returns
    -------
    CostBasis
        Undated stays still give the cost of a case.

    Raises
    ------
    caremap.DataProblem
        Where the file has no cost at all: charges are no substitute.

    Examples
    --------
    >>> stays = pd.DataFrame({"cost": [900.0, 300.0, None], "length_of_stay": [3.0, 1.0, 2.0]})
    >>> found = cost_basis(Dataset(stays=stays))
    >>> found.per_case, found.cases, found.per_bed_day, found.bed_days
    (600.0, 2, 300.0, 4.0)
    """
    mixed = [one.message for one in dataset.findings if one.code == "mixed-currencies"]
    whole = dataset.whole or dataset
    if not (has(whole.stays, "cost") or has(whole.activity, "cost")):
        charged = " Charges are what was billed: they are not costs." * has(whole.stays, "charges")
        raise DataProblem(
            " ".join(["What care costs is not known: the file has no cost.", *mixed]) + charged,
            "Add a column of costs, or type in fixed and variable costs.",
        )
    doubt = dates_in_doubt(dataset)
    notes = [doubt] if doubt else []
    case, night = _of_stays(dataset, as_of, notes, known=not (doubt and dataset.period))
    months = _months(dataset, as_of, notes, doubt)
    year = months["cost"].sum() if len(months) else math.nan
    if not case[1] and len(months) and months["admissions"].sum() > 0:
        case = (year / months["admissions"].sum(), int(months["admissions"].sum()))
        notes.append("Cost of a case: the cost of these months over their admissions, as counted.")
    currency = " ".join(mixed) or "In the currency of the file, which does not name it for sure."
    return CostBasis(
        per_case=case[0],
        cases=case[1],
        per_bed_day=night[0],
        bed_days=night[1],
        year_total=float(year),
        year_first=months["period"].iloc[0] if len(months) else None,
        year_last=_end_of(months["period"].iloc[-1]) if len(months) else None,
        payers=_payers(dataset, as_of, notes, known=not (doubt and dataset.period)),
        currency=currency,
        notes=tuple(dict.fromkeys(notes)),
    )


def _end_of(month: pd.Timestamp) -> pd.Timestamp:
    return month + pd.offsets.MonthEnd(0)


def _of_stays(
    dataset: Dataset, as_of: object, notes: list[str], *, known: bool
) -> tuple[tuple[float, int], tuple[float, float]]:
    """Return the mean cost of a case, and of a bed-day, each with what it was divided by."""
    nothing = (math.nan, 0), (math.nan, 0.0)
    if not known or dataset.stays is None or not has((dataset.whole or dataset).stays, "cost"):
        return nothing
    view = overall_view(dataset, dataset.stays, as_of)
    date = view.first("discharged", "admitted")  # as the cost of the headline
    if not covers(view, date):
        notes.append("The file does not cover the period: no cost of a case is given.")
        return nothing
    daily = dataset.once("stays", reductions.costs, date, value="cost")
    (sums,) = window_sums(daily, view.windows).to_dict("records")
    count = int(sums["stays"])
    case = (sums["cost"] / count, count) if count else nothing[0]
    if count < sums["rows"]:
        notes.append(f"Stays without a cost, which are in no mean: {sums['rows'] - count:,.0f} of "
                     f"{sums['rows']:,.0f}.")  # fmt: skip
    if not view.has("length_of_stay"):
        notes.append("The cost of a bed-day is not known: there are no lengths of stay.")
        return case, nothing[1]
    nightly = reductions.paid_nights(view.stays, date, only=view.only)
    (paid,) = window_sums(nightly, view.windows).to_dict("records")
    nights = float(paid["nights"])
    if paid["same_day"]:
        notes.append("Stays that took no bed overnight, whose cost is in that of a bed-day: "
                     f"{paid['same_day']:,.0f}.")  # fmt: skip
    return case, (paid["cost"] / nights, nights) if nights else nothing[1]


def _months(dataset: Dataset, as_of: object, notes: list[str], doubt: str) -> pd.DataFrame:
    """Return the last twelve complete months, or none where there are not so many in a row."""
    nothing = pd.DataFrame({"period": [], "cost": [], "admissions": []})
    if doubt:
        return nothing
    try:
        months = trend(dataset, every="month", as_of=as_of)
    except DataProblem as problem:
        notes.append(problem.message)
        return nothing
    last = months[months["complete"] & months["cost"].notna()].tail(_YEAR)
    together = len(last) == _YEAR and last.index[-1] - last.index[0] == _YEAR - 1
    if not together:
        said_so = "Costs have no dates" if months.empty else "There are not twelve complete months"
        notes.append(f"{said_so}: the cost of a year is not known.")
        return nothing
    first, end = last["period"].iloc[0], _end_of(last["period"].iloc[-1])
    notes.append(f"The cost of a year is that from {said(first)} to {said(end)}.")
    return last[["period", "cost", "admissions"]].reset_index(drop=True)


def _payers(dataset: Dataset, as_of: object, notes: list[str], *, known: bool) -> pd.DataFrame:
    """Return who pays for how many cases, and what these cost and were billed on average."""
    nothing = pd.DataFrame(columns=list(_PAYERS)).astype(_PAYERS)
    if not known or dataset.stays is None or "insurance" not in dataset.stays:
        return nothing
    asked = ["admissions", "discharges", "mean_cost", "charges"]
    found = breakdown(dataset, by="insurance", as_of=as_of, measures=asked)
    cases = found["admissions"].fillna(found["discharges"])
    billed = found["charges_n"] if "charges_n" in found else pd.Series(0, index=found.index)
    charges = found["charges"] / billed.where(billed.gt(0)).astype("float64")
    total = cases.sum()
    frame = pd.DataFrame(
        {
            "payer": found["insurance"],
            "cases": cases,
            "share": cases / total if total else np.nan,
            "mean_cost": found["mean_cost"],
            "mean_charges": charges,
        }
    ).astype(_PAYERS)
    unknown = frame.loc[frame["payer"].eq(UNKNOWN), "cases"].sum()
    if unknown:
        notes.append(f"Cases whose payer is not known: {unknown:,.0f}.")
    if frame["mean_charges"].notna().any():
        notes.append("Charges are what was billed, neither cost nor what is paid.")
    return frame


def prices_at(payers: pd.DataFrame, collected: float) -> pd.DataFrame:
    """Return prices to start from: the part of the charges that is collected.

    Parameters
    ----------
    payers
        ``payer``, ``share`` and ``mean_charges``, as `cost_basis` gives them.
    collected
        Fraction of the charges that is paid, by the user's word; there is no usual one.

    Returns
    -------
    pandas.DataFrame
        ``payer``, ``share``, ``price`` (mean charges times the fraction; NaN where nothing was
        billed): a payer mix as `caremap.planning.breakeven` takes it.

    Raises
    ------
    ValueError
        Where a column is missing, or the fraction is not between 0 and 1.

    Examples
    --------
    >>> payers = pd.DataFrame({"payer": ["Public"], "share": [1.0], "mean_charges": [40_000.0]})
    >>> prices_at(payers, 0.25)
        payer  share    price
    0  Public    1.0  10000.0
    """
    for name in ("payer", "share", "mean_charges"):
        if name not in payers:
            raise ValueError(f"The payers have no column '{name}'.")
    if not 0 <= collected <= 1:
        raise ValueError("The part of the charges that is paid has to be a fraction from 0 to 1.")
    priced = payers[["payer", "share"]].assign(
        price=pd.to_numeric(payers["mean_charges"], errors="coerce").astype("float64") * collected
    )
    return priced.reset_index(drop=True)
