"""Where a network is, for its public holidays: a guess from its places, which a user can change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd

from caremap.dataset import Dataset
from caremap.measures import reductions
from caremap.measures.coverage import has

__all__ = ["holiday_places", "home"]

_MOST = 300  # different names or ZIP codes looked up, the most frequent
_CLEAR = 0.6  # share of rows that must agree on a country, or a region
_VALID = 0.9  # share of five-digit codes that are ZIP codes: of German ones two in five would be
_LITTLE = {"And": "and", "Of": "of", "The": "the"}

Votes = Mapping[str, float]


def home(dataset: Dataset) -> tuple[str, str]:
    """Return the country and its region whose holidays a network most likely keeps.

    Parameters
    ----------
    dataset
        The network; what its files hold before any filter.

    Returns
    -------
    tuple of str
        Codes as the ``holidays`` library has them, ``("US", "WA")``; the region is empty where
        the network is in several, both are empty where nothing tells. Told from US ZIP codes,
        names or codes of states, names of US counties and cities, and “NHS” in the names of
        facilities, in that order.

    Examples
    --------
    >>> stays = pd.DataFrame({"region": ["Johor", "Johor", "Kedah"]})
    >>> home(Dataset(stays=stays))
    ('MY', '01')
    >>> home(Dataset(stays=pd.DataFrame({"region": ["North", "South"]})))
    ('', '')
    """
    unfiltered = dataset.whole or dataset
    codes = next(filter(len, _columns(unfiltered, "zip", ("facilities", "stays"))), None)
    if codes is not None and (found := _by_zip(codes)):
        return found
    for names in _columns(unfiltered, "region", ("facilities", "stays", "activity")):
        if found := _by_state(names) or _by_place(names):
            return found
    for names in _columns(unfiltered, "facility", ("facilities", "stays", "activity")):
        british = names[[" NHS " in f" {name} " for name in names.index]].sum()
        if british >= _CLEAR / 2 * names.sum():
            return "GB", "ENG"
    return "", ""


@cache
def _places() -> pd.DataFrame:
    import holidays
    from holidays.registry import COUNTRIES

    regions = holidays.list_supported_countries(include_aliases=False)
    lines = []
    for module, known in COUNTRIES.items():
        code = known[1]
        if code not in regions:
            continue
        aliases = getattr(getattr(holidays, code), "subdivisions_aliases", {})
        called = {region: name for name, region in reversed(aliases.items())}
        words = [_LITTLE.get(word, word) for word in module.replace("_", " ").title().split()]
        own = sorted((str(called.get(region, region)), str(region)) for region in regions[code])
        names, codes = zip(*own, strict=True) if own else ((), ())
        line = {"country": code, "name": " ".join(words), "regions": codes, "region_names": names}
        lines.append(line)
    return pd.DataFrame(lines).sort_values("name", ignore_index=True)


def holiday_places() -> pd.DataFrame:
    """Return the countries and regions whose public holidays are known.

    Returns
    -------
    pandas.DataFrame
        ``country`` (ISO 3166-1 code), ``name``, ``regions`` (tuple of codes, empty where all of
        the country keeps the same holidays) and ``region_names`` (tuple, in their order; the
        code where there is no name), each sorted by name.

    Examples
    --------
    >>> places = holiday_places().set_index("country")
    >>> places.loc["US", "name"], places.loc["US", "region_names"][:2]
    ('United States', ('Alabama', 'Alaska'))
    """
    return _places().copy()


def _columns(dataset: Dataset, column: str, tables: Iterable[str]) -> list[pd.Series[Any]]:
    """Return how often each value of a column occurs in the tables that have it."""
    found = []
    for table in tables:
        rows = getattr(dataset, table)
        if has(rows, column):
            counted = dataset.once(table, reductions.categories, column)
            found.append(counted.set_index("value")["rows"].nlargest(_MOST))
    return found


def _winner(votes: Votes, of: float) -> str:
    """Return what clearly most agree on; empty where they do not."""
    best = max(votes, key=lambda name: votes[name], default="")
    return best if best and votes[best] >= _CLEAR * of else ""


def _by_zip(codes: pd.Series[Any]) -> tuple[str, str] | None:
    """Return the state of US ZIP codes."""
    import zipcodes

    five = codes[codes.index.str.fullmatch(r"\d{5}(-\d{4})?")]
    if len(five) < 3 or five.sum() < _VALID * codes.sum():
        return None
    votes: dict[str, float] = {}
    valid = 0
    for code, rows in five.items():
        places = zipcodes.matching(str(code)[:5])  # type: ignore[no-untyped-call]
        valid += bool(places)
        if places:
            state = str(places[0]["state"])
            votes[state] = votes.get(state, 0.0) + float(rows)
    if valid < _VALID * len(five):
        return None
    return "US", _winner(votes, float(codes.sum()))


def _by_state(names: pd.Series[Any]) -> tuple[str, str] | None:
    """Return the country whose states these are, by their names or their codes."""
    found: dict[str, float] = {}
    regions: dict[str, dict[str, float]] = {}
    for place in _places().itertuples():
        country = str(place.country)
        known = _known(country)
        matched = {name: known[_plain(name)] for name in names.index if _plain(name) in known}
        own: tuple[str, ...] = place.regions  # type: ignore[assignment]
        codes = [name for name in names.index if name in own]
        if len(codes) == len(names) >= 3 and all(len(name) > 1 for name in codes):
            matched |= {name: name for name in codes}
        if not matched:
            continue
        votes: dict[str, float] = {}
        for name, region in matched.items():
            votes[region] = votes.get(region, 0.0) + float(names[name])
        found[country] = sum(votes.values())
        regions[country] = votes
    best = _winner(found, float(names.sum()))
    if not best or sum(share >= found[best] for share in found.values()) > 1:
        return None
    return best, _winner(regions[best], found[best])


@cache
def _known(country: str) -> Mapping[str, str]:
    """Return the regions of a country by their names; abbreviations are no evidence."""
    import holidays

    aliases = getattr(getattr(holidays, country), "subdivisions_aliases", {})
    return {_plain(name): str(code) for name, code in aliases.items() if len(name) > 3}


def _plain(name: object) -> str:
    return str(name).strip().casefold()


def _by_place(names: pd.Series[Any]) -> tuple[str, str] | None:
    """Return the US state in which nearly all of these counties or cities are."""
    counties, cities = _american()
    known = [_plain(name).removesuffix(" county") for name in names.index]
    known = [name for name in known if name != "unknown"]
    for places, least in ((counties, 3), (cities, 5)):
        votes: dict[str, int] = {}
        for name in known:
            for state in places.get(name, ()):
                votes[state] = votes.get(state, 0) + 1
        ranked = sorted(votes.values(), reverse=True) + [0, 0]
        if len(known) >= least and ranked[0] >= 0.8 * len(known) > ranked[1] + 0.2 * len(known):
            return "US", max(votes, key=lambda state: votes[state])
    return None


@cache
def _american() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the states that have a county, and a city, of each name."""
    import zipcodes

    counties: dict[str, set[str]] = {}
    cities: dict[str, set[str]] = {}
    for place in zipcodes.list_all():  # type: ignore[no-untyped-call]
        state = str(place["state"])
        county = _plain(place["county"]).removesuffix(" county")
        counties.setdefault(county, set()).add(state)
        cities.setdefault(_plain(place["city"]), set()).add(state)
    return counties, cities
