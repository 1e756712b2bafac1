"""What a bed-day costs, from the data."""

from __future__ import annotations

from caremap.dataset import Dataset
from caremap.days import said
from caremap.measures import reductions
from caremap.measures.coverage import has
from caremap.measures.windows import DAY

__all__ = ["cost_per_bed_day"]

RECENT = 365
FEW = 20  # stays with a cost below which none is given


def cost_per_bed_day(dataset: Dataset) -> tuple[float | None, str]:
    """Return what a bed-day has cost, and how that is known or why it is not.

    Parameters
    ----------
    dataset
        With stays that have a cost and a length; those discharged in the last year count.

    Returns
    -------
    tuple of float or None, and str
        Mean cost of a stay over mean nights of a stay: what the bed-days cost altogether, over
        their number.

    Examples
    --------
    >>> cost_per_bed_day(Dataset())[1]
    'Cost is not known: the stays have no cost. Type in what a bed-day costs.'
    """
    advice = "Type in what a bed-day costs."
    if not has(dataset.stays, "cost", "length_of_stay"):
        return None, f"Cost is not known: the stays have no cost. {advice}"
    date = "discharged" if has(dataset.stays, "discharged") else None
    only = "was_admitted" if has((dataset.whole or dataset).stays, "was_admitted") else None
    counted = dataset.once(
        "stays", reductions.flows, date, sums=["cost", "length_of_stay"], only=only
    )
    when = "all stays of the file"
    end = dataset.as_of
    if date and end is not None and counted["date"].notna().any():
        counted = counted[counted["date"].between(end - (RECENT - 1) * DAY, end)]
        when = f"stays that ended in the year up to {said(end)}"
    sums = counted[["cost", "cost_n", "length_of_stay", "length_of_stay_n"]].sum()
    if sums["cost_n"] < FEW or sums["length_of_stay"] <= 0 or sums["cost"] <= 0:
        return None, f"Cost is not known: too few stays have one. {advice}"
    cost = float(sums["cost"] / sums["cost_n"])
    nights = float(sums["length_of_stay"] / sums["length_of_stay_n"])
    return cost / nights, (
        f"A bed-day costs {cost / nights:,.0f}: {cost:,.0f} a stay over {nights:.1f} nights a "
        f"stay, {sums['cost_n']:,.0f} {when}."
    )
