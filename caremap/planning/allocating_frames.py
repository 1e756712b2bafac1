"""Sources, places and links of an allocation, checked and in the order of their names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Real

import numpy as np
import numpy.typing as npt
import pandas as pd

from caremap.problems import DataProblem

__all__ = ["Frames", "frames_of"]

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Names = npt.NDArray[np.object_]

MOST = 2**40
"""Units of one source, tier or link: sums over thousands of them stay whole in 64 bits."""


@dataclass(frozen=True, eq=False)
class Frames:
    """What `solve` was given, as arrays in the order of names.

    Attributes
    ----------
    sources, units
        Names, and the units of each.
    places
        Names.
    place, tiers, most, value, floor
        Of each tier, by place, floors first, then by falling value: position of its place, name,
        units, value of one, whether promised.
    origin, destination, km, bound
        Of each link: positions of source and place, length, the most units that may take it.
    worthless
        Whether units worth 0 are sent as well.
    """

    sources: Names
    units: Whole
    places: Names
    place: Whole
    tiers: Names
    most: Whole
    value: Array
    floor: Mask
    origin: Whole
    destination: Whole
    km: Array
    bound: Whole
    worthless: bool = False

    @property
    def filled(self) -> Whole:
        """Units of the place in the tiers before."""
        return _before(self.place, self.most)

    @property
    def before(self) -> Whole:
        """Units of the place in the floors before."""
        return _before(self.place, np.where(self.floor, self.most, 0))

    @property
    def promised(self) -> Whole:
        """Units promised to each place."""
        result = np.zeros(len(self.places), dtype="int64")
        np.add.at(result, self.place[self.floor], self.most[self.floor])
        return result

    @property
    def limit(self) -> Whole:
        """The most units that can take each link."""
        wanted = np.zeros(len(self.places), dtype="int64")
        np.add.at(wanted, self.place, self.most)
        # One more than the source has, so that where one more would go can be read off the flow.
        ends = np.minimum(self.units[self.origin] + 1, wanted[self.destination])
        result: Whole = np.minimum(ends, self.bound)
        return result

    def moved(self, limit: str, at: object) -> Frames:
        """Return the same with one more unit at a source, or a place's floor lower by one."""
        names = {"source": self.sources, "floor": self.places}.get(limit)
        if names is None:
            raise ValueError(f"A limit is “source” or “floor”, not “{limit}”.")
        here = np.flatnonzero(names == at)
        if not len(here):
            raise ValueError(f"There is no {limit} at “{at}”.")
        if limit == "source":
            units = self.units.copy()
            units[here[0]] += 1
            return replace(self, units=units)
        tiers = np.flatnonzero((self.place == here[0]) & self.floor & (self.most > 0))
        return self._given_up(int(tiers[-1])) if len(tiers) else self

    def unpromised(self) -> Frames:
        """Return the same without floors."""
        order = np.lexsort((np.arange(len(self.place)), -self.value, self.place))
        return replace(
            self, tiers=self.tiers[order], most=self.most[order], value=self.value[order],
            floor=np.zeros(len(order), dtype=bool),
        )  # fmt: skip

    def _given_up(self, tier: int) -> Frames:
        """Return the same with the last promised unit of a tier no longer promised."""
        most = self.most.copy()
        most[tier] -= 1
        after = np.insert(np.arange(len(most)), tier + 1, tier)
        units, floor = most[after], self.floor[after]
        units[tier + 1], floor[tier + 1] = 1, False
        value, place = self.value[after], self.place[after]
        order = np.lexsort((np.arange(len(place)), -value, ~floor, place))
        return replace(
            self, place=place[order], tiers=self.tiers[after][order], most=units[order],
            value=value[order], floor=floor[order],
        )  # fmt: skip


def frames_of(
    sources: pd.DataFrame, tiers: pd.DataFrame, links: pd.DataFrame, worthless: bool = False
) -> Frames:
    """Return sources, tiers and links in the order of names.

    Raises
    ------
    ValueError, caremap.DataProblem
        As `caremap.planning.allocating.solve` says.
    """
    _has(sources, "sources", ["source", "units"], ["source"])
    _has(
        tiers,
        "tiers",
        ["place", "tier", "units", "value"],
        ["place", "tier", *[name for name in ["floor"] if name in tiers]],
    )
    _has(links, "links", ["source", "place", "km"], ["source", "place"])
    if "allowed" in links:
        links = links[links["allowed"].fillna(False).astype("bool")]
    sources = sources.iloc[_alphabet(sources["source"]).argsort(kind="stable")]
    names, places = _names(sources["source"]), _names(tiers["place"].drop_duplicates())
    floor = (
        tiers["floor"].fillna(False).astype("bool").to_numpy()
        if "floor" in tiers
        else np.zeros(len(tiers), dtype=bool)
    )
    at, value = _positions(tiers["place"], places, "place"), _values(tiers["value"])
    order = np.lexsort((_alphabet(tiers["tier"]), -value, ~floor, at))
    units = _whole(sources["units"], "sources")
    most = _whole(tiers["units"], "tiers")
    origin = _positions(links["source"], names, "source")
    destination = _positions(links["place"], places, "place")
    km = _number(links["km"])
    if (km < 0).any() or np.isinf(km).any():
        raise ValueError("A distance is 0 or more, or not known.")
    bound = (
        _whole(links["most"].fillna(MOST), "links")
        if "most" in links
        else np.full(len(links), MOST, dtype="int64")
    )
    by_name = np.lexsort((destination, origin))
    return Frames(
        names, units, places, at[order], tiers["tier"].to_numpy(dtype=object)[order], most[order],
        value[order], floor[order], origin[by_name], destination[by_name], km[by_name],
        bound[by_name], worthless,
    )  # fmt: skip


def _before(at: Whole, units: Whole) -> Whole:
    """Return how many units stand before each row among those of its place, which are together."""
    through = np.cumsum(units)
    first = np.searchsorted(at, at)
    result: Whole = through - units - np.r_[0, through][first]
    return result


def _has(frame: pd.DataFrame, what: str, columns: list[str], once: list[str]) -> None:
    """Check that columns are there, and that rows differ in some of them."""
    missing = [name for name in columns if name not in frame]
    if missing:
        raise ValueError(f"The {what} lack a column “{missing[0]}”.")
    if frame[once].isna().any(axis=None):
        raise ValueError(f"The {what} lack a name.")
    if frame.duplicated(once).any():
        raise ValueError(f"The {what} name a {' and '.join(once)} twice.")


def _key(name: object) -> tuple[bool, float, str, str]:
    """Return what a name is sorted by: numbers by size and before text."""
    size = float(name) if isinstance(name, Real) else np.inf
    return not isinstance(name, Real), size, str(name), type(name).__name__


def _names(column: pd.Series) -> Names:
    """Return the names of a column in their order."""
    result = np.empty(len(column), dtype=object)
    result[:] = sorted(column.tolist(), key=_key)
    return result


def _alphabet(column: pd.Series) -> Whole:
    """Return the position of every row's name in the order of names (numbers by size)."""
    if pd.api.types.is_numeric_dtype(column):
        return np.asarray(column.rank(method="dense").to_numpy("float64")).astype("int64")
    order = {name: at for at, name in enumerate(_names(column.drop_duplicates()))}
    return column.map(order).to_numpy("int64")


def _positions(column: pd.Series, names: Names, what: str) -> Whole:
    """Return where the names of a column stand among names."""
    found = column.map({name: at for at, name in enumerate(names)})
    if found.isna().any():
        raise ValueError(f"A link names a {what} that is not there.")
    return found.to_numpy("int64")


def _number(column: pd.Series) -> Array:
    """Return a column as numbers."""
    return np.asarray(column.astype("Float64").to_numpy("float64", na_value=np.nan))


def _whole(column: pd.Series, what: str) -> Whole:
    """Return whole numbers of 0 or more."""
    units = _number(column)
    if not (np.isfinite(units) & (units >= 0) & (units == np.floor(units))).all():
        raise ValueError(f"Units of {what} are whole and not below 0.")
    if (units > MOST).any():
        raise DataProblem(
            f"A number of units is too large: at most {MOST:,}.", "Check it, or use a larger unit."
        )
    return units.astype("int64")


def _values(column: pd.Series) -> Array:
    """Return what units are worth: numbers of 0 or more."""
    values = _number(column)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise ValueError("What a unit is worth is a number not below 0.")
    return values
