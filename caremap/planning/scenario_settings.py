"""What all scenarios of a run share: who needs intensive care, and what care costs and brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from caremap.dataset import Dataset
from caremap.planning.cost_basis import cost_basis
from caremap.planning.intensive_care import intensive_defaults, parts_in_use
from caremap.planning.scenario import Scenario
from caremap.planning.scenario_census import Needs
from caremap.problems import DataProblem

__all__ = ["CareSettings", "Money"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False)
class CareSettings:
    """Who needs intensive care.

    Attributes
    ----------
    settings
        As `caremap.planning.intensive` takes them.
    before
        The part of patients in house in intensive care as now, and of these on a ventilator; NaN
        where the settings cannot be.
    told
        The settings and where they are from, in sentences.
    problem
        Why nothing can be said, or empty.
    """

    settings: Mapping[str, float]
    before: tuple[float, float]
    told: tuple[str, ...]
    problem: str = ""

    @classmethod
    def of(cls, dataset: Dataset, given: Mapping[str, float] | None) -> CareSettings:
        """Return the settings of a dataset, those given in place of its own.

        What is published does not fit every file: where it cannot be, nothing is said rather
        than nobody, but what is given has to fit.
        """
        usual = intensive_defaults(dataset)
        given = dict(given or {})
        unknown = {*given} - {*usual.index}
        if unknown:
            raise ValueError(f"intensive takes {', '.join(usual.index)}, got {min(unknown)!r}")
        settings = {str(name): float(value) for name, value in usual["value"].items()}
        settings |= {name: float(value) for name, value in given.items()}
        told = [
            f"{row.title}: {round(settings[str(name)], 1):g} {row.unit}"
            f" ({'as typed in' if name in given else str(row.source).rstrip('.')})."
            for name, row in zip(usual.index, usual.itertuples(), strict=True)
        ]
        try:
            return cls(settings, parts_in_use(settings), tuple(told))
        except DataProblem as problem:
            if given:
                raise
            return cls(settings, (np.nan, np.nan), (), problem.message)

    def parts(self, scenario: Scenario) -> tuple[float, float]:
        """Return the part of arrivals' bed-days in intensive care, and of these on a ventilator.

        More than all of them cannot be.
        """
        stays = self.settings
        lengths = (
            (stays["icu_stay"], stays["stay"]),
            (stays["ventilated_stay"], stays["icu_stay"]),
        )
        shares = (scenario.icu_share, scenario.ventilated_share)
        icu, ventilator = (
            now if share is None else min(share / 100 * days / of if of else 0.0, 1.0)
            for share, now, (days, of) in zip(shares, self.before, lengths, strict=True)
        )
        return icu, ventilator

    def needs(self, scenario: Scenario, inside: Array) -> Needs:
        """Return the parts by day of arrival, changed on the days of the window."""
        then = self.parts(scenario)
        icu, ventilator = (np.where(inside, then[at], self.before[at]) for at in (0, 1))
        return Needs(self.before, icu, ventilator)


@dataclass(frozen=True, eq=False)
class Money:
    """Cost per bed-day and price per case; NaN where not known.

    Attributes
    ----------
    cost, price
        In the currency of the file.
    told, notes
        Where they are from, and what is missing, in sentences.
    """

    cost: float
    price: float
    told: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(
        cls, dataset: Dataset, cost: float | None, price: float | None, as_of: object = None
    ) -> Money:  # fmt: skip
        """Return what is given, else the cost of the data; no price is made of charges."""
        for name, value in (("cost of a bed-day", cost), ("price of a case", price)):
            if value is not None and not (np.isfinite(value) and value >= 0):
                raise DataProblem(f"The {name} has to be 0 or more.", "Change the number.")
        told: list[str] = []
        notes: list[str] = []
        if cost is None:
            cost, words = _cost_of_bed_day(dataset, as_of)
            (notes if cost is None else told).append(words)
        else:
            told.append(f"A bed-day costs {cost:,.2f}, as typed in.")
        if price is None:
            notes.append("Revenue and margin are not known: type in the price of a case.")
        else:
            told.append(f"Each admission is paid {price:,.2f}, as typed in, on the day it begins.")
        found = [float("nan") if value is None else float(value) for value in (cost, price)]
        return cls(found[0], found[1], tuple(told), tuple(notes))


def _cost_of_bed_day(dataset: Dataset, as_of: object) -> tuple[float | None, str]:
    """Return what a bed-day costs by the file, and how that is known or why it is not."""
    advice = "Type in what a bed-day costs."
    try:
        basis = cost_basis(dataset, as_of=as_of)
    except DataProblem as problem:
        return None, f"{problem.message} {advice}"
    if not np.isfinite(basis.per_bed_day):
        return None, f"What a bed-day costs is not known: there is no cost by stay. {advice}"
    return basis.per_bed_day, (
        f"A bed-day costs {basis.per_bed_day:,.0f}: what the stays of the file cost over their "
        f"{basis.bed_days:,.0f} nights. {basis.currency}"
    )
