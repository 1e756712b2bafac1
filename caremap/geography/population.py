"""The people of a state by ZIP code, from the web: one page, of one kind of site, and no other."""

from __future__ import annotations

import inspect
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

import pandas as pd

from caremap.geography.population_page import read_page
from caremap.geography.states import STATES
from caremap.problems import DataProblem

__all__ = ["Session", "page_of", "population_from_web"]

LARGEST = 5_000_000  # bytes; a page of Texas has some 300,000
PATIENCE = (5.0, 15.0)  # seconds to connect, and between two pieces of the answer
LONGEST = 45.0  # seconds for all tries together
PAUSES = (0.5, 2.0)  # seconds before the second and the third try
TURNS = 3  # redirects within the same site
AGAIN = (429, 500, 502, 503, 504)  # a site that is busy may answer a little later
HEADERS = {
    "User-Agent": "CareMap/0.1 (population by ZIP code)",
    "Accept": "text/html,application/xhtml+xml",
    "Accept-Language": "en",
}
OTHERWISE = "Upload a table with the columns “zip” and “population” instead."


class Session(Protocol):
    """What is asked for the page: a `requests.Session`, or whatever has its ``get``."""

    @property
    def get(self) -> Callable[..., Any]:
        """Answer an address."""


def population_from_web(state: str, session: Session | None = None) -> pd.DataFrame:
    """Return the population of every ZIP code of a state, from ``<state>-demographics.com``.

    Parameters
    ----------
    state
        A state of the United States, by name or by its two letters.
    session
        Asked for the page; without one, a `requests.Session` of its own.

    Returns
    -------
    pandas.DataFrame
        ``zip`` (text of five digits, each once) and ``population`` (Int64, missing where the page
        gives none), in the order of the page.

    Raises
    ------
    caremap.DataProblem
        Where there is no such state, the site cannot be reached or does not answer in time, has
        no such page, sends the reader elsewhere, or sends something else than that table.

    Notes
    -----
    The pages ``zip_codes_by_population`` show the American Community Survey of the United States
    Census Bureau. Nothing of a file is sent: the name of the state is all that is asked.

    Examples
    --------
    >>> class Offline:
    ...     def get(self, url, **settings):
    ...         raise OSError(url)
    >>> population_from_web("Atlantis", Offline())
    Traceback (most recent call last):
    caremap.problems.DataProblem: There is no such state. ...
    """
    url = page_of(state)
    with _session(session) as asked:
        page = _page(asked, url)
    return read_page(page)


def page_of(state: str) -> str:
    """Return the address of a state's page.

    Examples
    --------
    >>> page_of("West Virginia")
    'https://www.westvirginia-demographics.com/zip_codes_by_population'
    >>> page_of("wa") == page_of("Washington")
    True
    """
    asked = _letters(str(state))
    for code, name in STATES.items():
        if asked in (code.casefold(), _letters(name)):
            return f"https://www.{_letters(name)}-demographics.com/zip_codes_by_population"
    raise DataProblem(
        "There is no such state.", "Name one of the United States, such as “Washington” or “WA”."
    )


def _letters(text: str) -> str:
    return re.sub(r"[\s._-]+", "", text).casefold()


@contextmanager
def _session(session: Session | None) -> Iterator[Session]:
    if session is not None:
        yield session
        return
    from requests import Session as Own

    with Own() as own:
        yield own


def _page(session: Session, url: str) -> bytes | str:
    """Return the page, after some pauses where the site is busy or the line is bad."""
    until = time.monotonic() + LONGEST
    for pause in (*PAUSES, None):
        try:
            return _once(session, url, until)
        except _Busy as busy:
            if pause is None or time.monotonic() > until:
                raise busy.problem from busy
        time.sleep(pause)
    raise AssertionError("the last try returns or raises")


class _Busy(Exception):
    """A failure that may be over in a moment, and what to say if it is not."""

    def __init__(self, problem: DataProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _once(session: Session, url: str, until: float) -> bytes | str:
    from requests import Timeout

    try:
        return _answer(session, url, until)
    except Timeout as error:
        raise _Busy(_problem("did not answer in time.")) from error
    except OSError as error:  # that of requests is one: no name, no route, no certificate, cut off
        raise _Busy(
            DataProblem(
                "The page with the population by ZIP code could not be reached.",
                f"Check the internet connection. {OTHERWISE}",
            )
        ) from error
    except ValueError as error:  # a redirect to half an address, which requests itself stumbles on
        raise _problem("sends its readers to another site.") from error


def _answer(session: Session, url: str, until: float) -> bytes | str:
    """Return what the site sends, following redirects only within it."""
    home = _site(url)
    for _ in range(TURNS + 1):
        response = _got(session, url)
        try:
            status = int(getattr(response, "status_code", 200))
            if status not in (301, 302, 303, 307, 308):
                _require_page(status, response)
                return _body(response, until)
            url = urljoin(url, _header(response, "Location"))
        finally:
            getattr(response, "close", lambda: None)()
        if _site(url) != home:
            raise _problem("sends its readers to another site.")
    raise _problem("sends its readers round in a circle.")


def _site(url: str) -> tuple[str, str, int | None, str | None]:
    """Return all of an address that must stay as it is, with or without “www.”."""
    parts = urlsplit(url)
    name = (parts.hostname or "").removeprefix("www.")
    return parts.scheme, name, None if parts.port == 443 else parts.port, parts.username


def _got(session: Session, url: str) -> Any:
    """Ask a session; what is not a session of requests is told only what it takes."""
    settings: dict[str, Any] = {
        "headers": HEADERS,
        "timeout": PATIENCE,
        "allow_redirects": False,
        "stream": True,
    }
    try:
        takes = inspect.signature(session.get).parameters.values()
    except (TypeError, ValueError):
        return session.get(url, **settings)
    if not any(each.kind is each.VAR_KEYWORD for each in takes):
        names = {each.name for each in takes}
        settings = {name: value for name, value in settings.items() if name in names}
    return session.get(url, **settings)


def _require_page(status: int, response: Any) -> None:
    if status in AGAIN:
        raise _Busy(_problem(f"is busy or out of order (status {status})."))
    if status == 404:
        raise _problem("has no page for this state.")
    if status != 200:
        raise _problem(f"refuses to send it (status {status}).")
    kind = _header(response, "Content-Type").casefold() or "text/html"
    if "html" not in kind:
        raise _problem("sends something else than a web page.")


def _header(response: Any, name: str) -> str:
    """Return a line of the head of an answer; "" where what is not of requests has none."""
    given = (getattr(response, "headers", None) or {}).get(name)
    return given if isinstance(given, str) else ""


def _body(response: Any, until: float) -> bytes | str:
    """Return the page, piece by piece, so that one without end is not waited for."""
    from requests import Response

    if not isinstance(response, Response):
        content = getattr(response, "content", None)
        page: bytes | str = content if isinstance(content, bytes) else str(response.text)
        return _pieces([page.encode() if isinstance(page, str) else page], until)
    return _pieces(response.iter_content(65_536), until)


def _pieces(pieces: Iterable[bytes], until: float) -> bytes:
    page = bytearray()
    for piece in pieces:
        page += piece
        if len(page) > LARGEST:
            raise _problem("sends more than a page can be.")
        if time.monotonic() > until:
            raise _Busy(_problem("did not answer in time."))
    return bytes(page)


def _problem(what: str) -> DataProblem:
    return DataProblem(f"The site with the population by ZIP code {what}", OTHERWISE)
