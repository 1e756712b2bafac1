"""Looking up addresses of facilities on the web, when the user asks for it: never patients'."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import pandas as pd

from caremap.findings import Finding
from caremap.geography.checks import spread_of
from caremap.geography.facts import facts_of, matched_columns
from caremap.geography.locate import locate
from caremap.geography.states import country_code, folded
from caremap.intake.headers import words
from caremap.problems import DataProblem

__all__ = ["USER_AGENT", "Geocoder", "addresses", "geocode"]

USER_AGENT = "CareMap/0.1 (hospital facility locations, on a user's request)"
PAUSE = 1.05
"""Seconds between two questions: the public service allows one a second."""
SHOWN = 3
_PARTS = (
    frozenset("address,street address,street,address line 1,address1,addr,adresse,anschrift,"
              "strasse,direccion,calle,indirizzo,via,endereco,rue,alamat,full address".split(",")),
    frozenset("city,town,municipality,ort,stadt,ville,commune,ciudad,municipio,localidad,cidade,"
              "comune,citta,place,bandar,district,daerah".split(",")),
    frozenset(("zip",)),
    frozenset("state,region,province,county,bundesland,provincia,departement,regione,estado,"
              "negeri".split(",")),
)  # fmt: skip
_COARSE = frozenset(
    "country state region province county state_district district municipality continent".split()
)
"""Kinds of places too large to say where a hospital is."""


class Geocoder(Protocol):
    """What answers: a geocoder of geopy, or anything with its `geocode` method."""

    def geocode(self, query: str, **options: Any) -> Any:
        """Return a place with latitude, longitude and raw, or None."""


def geocode(
    facilities: pd.DataFrame,
    country: str,
    *,
    geocoder: Geocoder | None = None,
    progress: Callable[[str, float], None] | None = None,
    pause: float = PAUSE,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Look up the facilities that have no place by their address, and check every answer.

    The addresses (street, town, postal code, region; the name of the facility where there is no
    street) are sent to the geocoder, by default the public Nominatim service of OpenStreetMap:
    one question a second, only in the country named, each address once. An answer that is only a
    region, lies in another country, or is far from the ZIP code, the state or the other
    facilities is not used.

    Parameters
    ----------
    facilities
        One row per facility, as `locate` takes them; those with a place are not asked for.
    country
        The country they are in: its name, or two letters.
    geocoder
        What answers, for another service or a test.
    progress
        Called with what is being done and how much of it is done, 0 to 1.
    pause
        Seconds between two questions; the public service asks for one.

    Returns
    -------
    tuple
        The frame of `locate`, with the places found (``located_by`` "address"); and findings.

    Raises
    ------
    caremap.DataProblem
        Where the country is not known, no facility has an address, or the service cannot be
        reached.

    Examples
    --------
    >>> geocode(pd.DataFrame({"facility": ["A"]}), "Atlantis")
    Traceback (most recent call last):
    ...
    caremap.problems.DataProblem: “Atlantis” is no country CareMap knows. Write its name in English.
    """
    code = country_code(country)
    if not code:
        raise DataProblem(f"“{country}” is no country CareMap knows.", "Write its name in English.")
    frame, findings = locate(facilities)
    without = frame["latitude"].isna().to_numpy()
    questions = addresses(facilities)
    asked = without & (questions != "")
    if not asked.any():
        if without.any():
            raise DataProblem(
                "The facilities without a place have no address to look up.",
                "Add a column with their addresses, or latitude and longitude.",
            )
        return frame, findings
    answers, stopped = _answers(list(questions[asked]), code, geocoder, progress, pause)
    return _checked(facilities, frame, asked, questions, answers, code, stopped)


def addresses(facilities: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Return what would be sent for each facility, "" where it has no address.

    Examples
    --------
    >>> rows = pd.DataFrame({"facility": ["A", "B"], "Street": ["1 Main St", None],
    ...                      "City": ["Seattle", "Leeds"]})
    >>> list(addresses(rows))
    ['1 Main St, Seattle', 'B, Leeds']
    """
    fields = matched_columns(facilities)
    named = {column: "zip" if column == fields.get("zip") else words(str(column))
             for column in facilities.columns}  # fmt: skip
    parts = []
    for wanted in _PARTS:
        column = next((column for column, said in named.items() if said in wanted), None)
        values = facilities[column] if column is not None else None
        parts.append([""] * len(facilities) if values is None else [
            "" if missing else " ".join(str(value).split())
            for value, missing in zip(values.tolist(), values.isna(), strict=True)
        ])  # fmt: skip
    names = facts_of(facilities).name
    found = []
    for name, street, *rest in zip(names, *parts, strict=True):
        told = [one for one in rest if one and folded(one) not in folded(street)]
        found.append(", ".join([street or str(name), *told]) if street or told else "")
    return np.array(found, dtype=object)


def _answers(
    questions: list[str], code: str, geocoder: Geocoder | None,
    progress: Callable[[str, float], None] | None, pause: float,
) -> tuple[dict[str, Any], bool]:  # fmt: skip
    """Ask each question once; and whether the service stopped answering on the way."""
    from geopy.exc import GeocoderQueryError, GeopyError
    from geopy.extra.rate_limiter import RateLimiter

    if geocoder is None:
        from geopy.geocoders import Nominatim

        geocoder = Nominatim(user_agent=USER_AGENT, timeout=10)
    ask = RateLimiter(
        geocoder.geocode, min_delay_seconds=pause, max_retries=1, error_wait_seconds=2 * pause,
        swallow_exceptions=False,
    )  # fmt: skip
    distinct = list(dict.fromkeys(questions))
    answers: dict[str, Any] = {}
    for place, question in enumerate(distinct):
        if progress is not None:
            progress(f"Looking up address {place + 1:,} of {len(distinct):,}",
                     place / len(distinct))  # fmt: skip
        try:
            answers[question] = ask(question, country_codes=code.lower(), addressdetails=True)
        except GeocoderQueryError:
            answers[question] = None
        except GeopyError:
            if any(answers.values()):
                return answers, True
            raise DataProblem(
                "The address service cannot be reached.",
                "Try again later, or give latitude and longitude in the file.",
            ) from None
    return answers, False


def _checked(
    facilities: pd.DataFrame, frame: pd.DataFrame, asked: Any, questions: Any,
    answers: dict[str, Any], code: str, stopped: bool,
) -> tuple[pd.DataFrame, list[Finding]]:  # fmt: skip
    latitude = frame["latitude"].to_numpy("float64").copy()
    longitude = frame["longitude"].to_numpy("float64").copy()
    for row in np.flatnonzero(asked):
        answer = answers.get(questions[row])
        if answer is not None and _usable(answer, code):
            latitude[row], longitude[row] = float(answer.latitude), float(answer.longitude)
    found = asked & np.isfinite(latitude)
    others = np.isfinite(latitude) & ~found
    network = spread_of(latitude, longitude, others if others.sum() >= 3 else np.isfinite(latitude))
    far = found & network.far(latitude, longitude)
    tried = facilities.drop(columns=_given(facilities)).assign(
        latitude=np.where(far, np.nan, latitude), longitude=np.where(far, np.nan, longitude),
        located_by=np.where(found, "address", frame["located_by"].to_numpy(object)),
    )  # fmt: skip
    result, findings = locate(tried)
    moved = found & (
        (result["latitude"].to_numpy() != latitude) | (result["longitude"].to_numpy() != longitude)
    )
    result = result.assign(
        latitude=result["latitude"].to_numpy() * np.where(moved, np.nan, 1.0),
        longitude=result["longitude"].to_numpy() * np.where(moved, np.nan, 1.0),
        located_by=result["located_by"].where(~moved, ""),
    )
    kept = found & ~moved
    names = facts_of(facilities).name
    said = [
        Finding("addresses-looked-up", "info", f"{int(kept.sum()):,} of {int(asked.sum()):,} "
                "facilities got their place from their address.")
    ]  # fmt: skip
    if moved.any():
        said.append(
            Finding("address-not-believed", "warning", "What was found for an address is far from "
                    "the ZIP code, the state or the other facilities and is not used: "
                    f"{_named(names[moved])}.")
        )  # fmt: skip
    nothing = asked & ~found
    if nothing.any():
        said.append(
            Finding("address-unknown", "warning", "No place was found for the address of "
                    f"{_named(names[nothing])}.")
        )  # fmt: skip
    if stopped:
        said.append(
            Finding("geocoding-stopped", "warning", "The address service stopped answering before "
                    "all addresses were looked up. Try again later.")
        )  # fmt: skip
    return result, [*said, *findings]


def _usable(answer: Any, code: str) -> bool:
    """Whether an answer is a place in the country, and not a whole county of it."""
    raw = getattr(answer, "raw", None) or {}
    address = raw.get("address") if isinstance(raw, dict) else None
    stated = str((address or {}).get("country_code") or code)
    kind = str(raw.get("addresstype") or "") if isinstance(raw, dict) else ""
    return stated.upper() == code and kind not in _COARSE


def _given(facilities: pd.DataFrame) -> list[Any]:
    fields = matched_columns(facilities)
    return [column for name, column in fields.items() if name in {"latitude", "longitude"}]


def _named(names: Any) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:SHOWN])
    return shown + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
