"""Coordinates held against what else is known of a place: its ZIP code, state and network.

A coordinate is believed where nothing speaks against it. One that does not fit is put right
only where a plain slip (latitude and longitude swapped, a minus lost) brings it to its own
ZIP code, state or network; else the ZIP code is taken, if state or network agree with it
rather than with the coordinates; else the facility has no place, which is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from caremap.geography.apart import from_country, from_points, from_state, middle
from caremap.geography.facts import Facts, Floats, Texts
from caremap.geography.home import HALF, NEAR, Home
from caremap.geography.zips import zip_places

__all__ = ["Checked", "Spread", "checked", "spread_of"]

Flags = np.ndarray[Any, np.dtype[np.bool_]]

FAR = 10.0
"""An outlier is this many times the median distance from the middle of its network …"""
FAR_KILOMETRES = 300.0
"""… and at least so far."""
BORDER = 50.0
"""ZIP codes cross state lines by some kilometres."""


@dataclass(frozen=True, eq=False)
class Checked:
    """Places after the checks, one entry per facility.

    Attributes
    ----------
    latitude, longitude
        Degrees; NaN where unknown or not believed.
    by
        "coordinates", "ZIP code" or "".
    noticed
        Code of what was noticed to the facilities it is about.
    """

    latitude: Floats
    longitude: Floats
    by: Texts
    noticed: dict[str, Flags] = field(default_factory=dict)


@dataclass(frozen=True)
class Spread:
    """The middle of a network, and the median distance of its facilities to it."""

    latitude: float
    longitude: float
    median: float
    count: int

    def away(self, latitude: Floats, longitude: Floats) -> Floats:
        """Return kilometres to the middle; NaN where either is unknown."""
        return from_points(latitude, longitude, self.latitude, self.longitude)

    def far(self, latitude: Floats, longitude: Floats) -> Flags:
        """Whether points are many times the median distance away."""
        limit = max(FAR * self.median, FAR_KILOMETRES)
        return self.away(latitude, longitude) > limit if self.count >= 3 else _no(latitude)

    def near(self, latitude: Floats, longitude: Floats) -> Flags:
        """Whether points are among the others."""
        limit = max(3 * self.median, NEAR)
        return self.away(latitude, longitude) <= limit if self.count >= 2 else _no(latitude)


def _no(like: Floats) -> Flags:
    return np.zeros(len(like), dtype=bool)


def spread_of(latitude: Floats, longitude: Floats, which: Flags) -> Spread:
    """Return the middle of the points that are to be trusted."""
    points = middle(latitude[which], longitude[which])
    known = which & np.isfinite(latitude) & np.isfinite(longitude)
    return Spread(*points, int(known.sum()))


def checked(facts: Facts, home: Home) -> Checked:
    """Hold the coordinates of facilities against ZIP code, state, country and network."""
    noticed: dict[str, Flags] = {}
    latitude, longitude = _given(facts, noticed)
    given = np.isfinite(latitude)
    zip_latitude, zip_longitude = _centroids(facts, home)
    shared = _one_for_all(facts, latitude, longitude, zip_latitude, zip_longitude)
    noticed["zip-shared"] = shared
    zip_latitude = np.where(shared, np.nan, zip_latitude)
    zip_longitude = np.where(shared, np.nan, zip_longitude)
    coded = np.isfinite(zip_latitude)
    states = _states(facts, home)
    anchors = _Anchors(zip_latitude, zip_longitude, states, home)

    fits = anchors.fit(latitude, longitude)
    in_range = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
    zip_fits = anchors.zip_fits_state()
    sound = given & in_range & (fits != 0) | (~given & coded & (zip_fits != 0))
    at_latitude = np.where(given, latitude, zip_latitude)
    at_longitude = np.where(given, longitude, zip_longitude)
    network = spread_of(at_latitude, at_longitude, sound)

    wrong = given & (~in_range | (fits == 0))
    stray = given & in_range & (fits < 0) & network.far(latitude, longitude)
    latitude, longitude = _put_right(latitude, longitude, wrong | stray, anchors, network, noticed)
    wrong &= ~(noticed["swapped"] | noticed["sign-lost"])
    noticed["swapped"] = noticed["swapped"] | (given & facts.turned)

    at_zip = _prefer_zip(latitude, longitude, wrong, in_range, anchors, network, noticed)
    use_zip = (
        coded
        & (~given | at_zip)
        & ~_doubted_zip(coded & ~given, zip_fits, anchors, network, noticed)
    )
    keep = given & (~wrong | (noticed["zip-far"] | noticed["state-far"]))
    by = np.where(keep, "coordinates", np.where(use_zip, "ZIP code", "")).astype(object)
    found = Checked(
        np.where(keep, latitude, np.where(use_zip, zip_latitude, np.nan)),
        np.where(keep, longitude, np.where(use_zip, zip_longitude, np.nan)),
        by, noticed,
    )  # fmt: skip
    noticed["outlier"] = (by != "") & network.far(found.latitude, found.longitude)
    noticed["zip-state"] = noticed.get("zip-state", _no(latitude)) | (
        coded & given & (zip_fits == 0) & keep & ~noticed["zip-far"]
    )
    return found


def _given(facts: Facts, noticed: dict[str, Flags]) -> tuple[Floats, Floats]:
    """The coordinates as given; half ones and 0, 0 are none."""
    some, other = np.isfinite(facts.latitude), np.isfinite(facts.longitude)
    noticed["half"] = some != other
    near_zero = (np.abs(facts.latitude) < 0.01) & (np.abs(facts.longitude) < 0.01)
    noticed["zero"] = some & other & near_zero
    none = noticed["half"] | noticed["zero"]
    return np.where(none, np.nan, facts.latitude), np.where(none, np.nan, facts.longitude)


def _centroids(facts: Facts, home: Home) -> tuple[Floats, Floats]:
    frame = zip_places().frame
    known = (facts.zip_rows >= 0) & home.us
    rows = np.where(known, facts.zip_rows, 0)
    return (
        np.where(known, frame["latitude"].to_numpy()[rows], np.nan),
        np.where(known, frame["longitude"].to_numpy()[rows], np.nan),
    )


def _one_for_all(
    facts: Facts, latitude: Floats, longitude: Floats, zip_latitude: Floats, zip_longitude: Floats
) -> Flags:
    """Rows with a ZIP code that is no facility's own: one for all, of an office far from most."""
    away = from_points(latitude, longitude, zip_latitude, zip_longitude)
    both = np.isfinite(away)
    one = len(set(facts.zips[both])) == 1 and both.sum() >= 3
    at_home = from_country(latitude, longitude) <= NEAR
    far = both & (away > NEAR) & at_home
    return both if one and far.sum() > HALF * both.sum() else _no(latitude)


def _states(facts: Facts, home: Home) -> Texts:
    """The state each row names, from the columns whose states are those of most codes."""
    found = np.full(len(facts.name), "", dtype=object)
    if home.network is not True:
        return found
    for agrees, named in facts.agreeing.values():
        both = np.isfinite(agrees) & (named != "")
        filled = (named != "").mean() >= HALF
        if filled and (not both.any() or agrees[both].mean() >= HALF):
            found = np.where(found == "", named, found)
    return np.where(home.us, found, "")


@dataclass(frozen=True, eq=False)
class _Anchors:
    """What says where a facility has to be: its ZIP code, else its state, else its country."""

    latitude: Floats
    longitude: Floats
    state: Texts
    home: Home

    def fit(self, latitude: Floats, longitude: Floats) -> Floats:
        """1 where points are at their anchor, 0 where they are not, -1 where there is none."""
        from_zip = from_points(latitude, longitude, self.latitude, self.longitude)
        found = np.where(np.isfinite(from_zip), from_zip <= NEAR, -1.0)
        left = np.isfinite(latitude) & (found < 0)
        in_state = self.in_state(latitude, longitude)
        found = np.where(left, in_state, found)
        country = left & (found < 0) & self.home.us & bool(self.home.network)
        away = from_country(latitude, longitude)
        return np.where(country, (away <= 2 * NEAR).astype(float), found)

    def in_state(self, latitude: Floats, longitude: Floats) -> Floats:
        """The same for the state alone."""
        found = np.full(len(latitude), -1.0)
        for code in set(self.state) - {""}:
            rows = (self.state == code) & np.isfinite(latitude)
            away = from_state(latitude[rows], longitude[rows], code)
            found[rows] = np.where(np.isfinite(away), away <= NEAR, -1.0)
        return found

    def zip_fits_state(self) -> Floats:
        """Whether the ZIP code is in the state, or across its line by a little."""
        found = np.full(len(self.latitude), -1.0)
        for code in set(self.state) - {""}:
            rows = (self.state == code) & np.isfinite(self.latitude)
            away = from_state(self.latitude[rows], self.longitude[rows], code)
            found[rows] = np.where(np.isfinite(away), away <= BORDER, -1.0)
        return found


def _put_right(
    latitude: Floats, longitude: Floats, doubted: Flags, anchors: _Anchors, network: Spread,
    noticed: dict[str, Flags],
) -> tuple[Floats, Floats]:  # fmt: skip
    """Undo slips where ZIP code, state or network prove what was meant."""
    noticed["swapped"], noticed["sign-lost"] = _no(latitude), _no(latitude)
    slips = (
        ("swapped", longitude, latitude), ("sign-lost", latitude, -longitude),
        ("swapped", -longitude, latitude), ("swapped", longitude, -latitude),
        ("sign-lost", -latitude, longitude),
    )  # fmt: skip
    left = doubted.copy()
    result = latitude.copy(), longitude.copy()
    for name, first, second in slips:
        possible = left & (np.abs(first) <= 90) & (np.abs(second) <= 180)
        first = np.where(possible, first, np.nan)
        second = np.where(possible, second, np.nan)
        fits = anchors.fit(first, second)
        proven = possible & ((fits == 1) | ((fits < 0) & network.near(first, second)))
        noticed[name] = noticed[name] | proven
        result[0][proven], result[1][proven] = first[proven], second[proven]
        left &= ~proven
    return result


def _prefer_zip(
    latitude: Floats, longitude: Floats, wrong: Flags, in_range: Flags, anchors: _Anchors,
    network: Spread, noticed: dict[str, Flags],
) -> Flags:  # fmt: skip
    """Where coordinates and ZIP code disagree, say which of them state and network confirm."""
    coded = np.isfinite(anchors.latitude)
    point = (
        np.where(wrong & in_range, latitude, np.nan),
        np.where(wrong & in_range, longitude, np.nan),
    )
    for_point = anchors.in_state(*point)
    for_zip = anchors.zip_fits_state()
    decided = (for_point >= 0) & (for_zip >= 0) & (for_point != for_zip)
    net_point = network.near(*point)
    net_zip = network.near(anchors.latitude, anchors.longitude)
    by_network = ~decided & (net_point != net_zip)
    disagree = wrong & in_range & coded
    noticed["range"] = wrong & ~in_range
    both = ~decided & ((for_point == 1) | (net_point & net_zip))  # a slip of some kilometres
    believe_point = disagree & (both | (decided & (for_point == 1)) | (by_network & net_point))
    believe_zip = disagree & ((decided & (for_zip == 1)) | (by_network & net_zip))
    believe_zip |= noticed["range"] & coded
    noticed["zip-far"] = believe_point
    noticed["coordinates-far"] = believe_zip & in_range
    alone = wrong & in_range & ~coded
    noticed["state-far"] = alone & network.near(*point) & (network.count >= 3)
    noticed["not-believed"] = wrong & in_range & ~believe_point & ~believe_zip
    noticed["not-believed"] &= ~noticed["state-far"]
    return np.asarray(believe_zip, dtype=bool)


def _doubted_zip(
    alone: Flags, zip_fits: Floats, anchors: _Anchors, network: Spread, noticed: dict[str, Flags]
) -> Flags:
    """ZIP codes of another state than the row names: believed only where the network agrees."""
    other = alone & (zip_fits == 0)
    near = network.near(anchors.latitude, anchors.longitude) & (network.count >= 3)
    noticed["zip-state"] = other & near
    noticed["zip-state-out"] = other & ~near
    return np.asarray(other & ~near, dtype=bool)
