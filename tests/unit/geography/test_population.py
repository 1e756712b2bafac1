"""The population of a state from the web: a real server nearby, and everything it may do wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from unittest.mock import Mock

import pandas as pd
import pytest
import requests
from requests.adapters import HTTPAdapter

from caremap.geography import population, population_from_web
from caremap.geography.population import page_of
from caremap.problems import DataProblem
from tests.unit.geography.test_population_page import FOOTNOTE, HEADER, row

ZIPS = {
    "98052": "81,543", "98115": "53,502", "98801": "44,801", "98290": "39,873", "98007": "27,571",
    "98065": "15,960", "98104": "15,052", "98174": "",
}  # fmt: skip
PAGE = (
    "<!doctype html><html><head><title>Washington Zip Codes by Population</title></head><body>"
    f"<table class='ranklist table'>{HEADER}"
    + "".join(row(f"{n} TIE", code, people) for n, (code, people) in enumerate(ZIPS.items(), 1))
    + row(FOOTNOTE, FOOTNOTE, FOOTNOTE)
    + "</table></body></html>"
).encode()
PATH = "/zip_codes_by_population"


class Site(ThreadingHTTPServer):
    """Answers every address with what the test says, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[object] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def session(self) -> requests.Session:
        """A session that comes here whatever host it wants to go to."""
        site = self

        class Here(HTTPAdapter):
            def send(self, request, **settings):
                host = request.url.split("/")[2]
                site.asked.append((request.url, host, dict(request.headers)))
                request.url = f"http://127.0.0.1:{site.server_port}/{request.url.split('/', 3)[3]}"
                return super().send(request, **settings)

        session = requests.Session()
        session.trust_env = False
        session.mount("https://", Here())
        session.mount("http://", Here())
        return session


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = self.server.answers.pop(0) if self.server.answers else (200, {}, PAGE)
        if callable(answer):
            answer(self)
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(population, "PAUSES", (0.01, 0.01))
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


EXPECTED = pd.DataFrame(
    {
        "zip": [*ZIPS],
        "population": pd.array([81543, 53502, 44801, 39873, 27571, 15960, 15052, None], "Int64"),
    }
)


def test_every_zip_code_of_the_page(site):
    found = population_from_web("Washington", site.session())
    pd.testing.assert_frame_equal(found, EXPECTED)
    [(url, host, headers)] = site.asked
    assert url == "https://www.washington-demographics.com" + PATH
    assert host == "www.washington-demographics.com"
    assert headers["User-Agent"].startswith("CareMap")
    assert "Cookie" not in headers


@pytest.mark.parametrize(
    ("state", "host"),
    [
        ("Washington", "washington"), ("WA", "washington"), (" washington ", "washington"),
        ("West Virginia", "westvirginia"), ("west-virginia", "westvirginia"),
        ("NEW_YORK", "newyork"), ("nc", "northcarolina"), ("D.C.", "districtofcolumbia"),
    ],
)  # fmt: skip
def test_the_page_of_a_state(state, host):
    assert page_of(state) == f"https://www.{host}-demographics.com{PATH}"


@pytest.mark.parametrize(
    "state", ["", "Atlantis", "evil.example/", "washington-demographics.com#", "../x", "Bavaria"]
)
def test_no_other_place_is_asked(state, site):
    with pytest.raises(DataProblem, match="no such state") as problem:
        population_from_web(state, site.session())
    assert problem.value.hint
    assert not site.asked


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "to",
    [
        "https://washington-demographics.com" + PATH,
        "/other",
        "https://www.washington-demographics.com:443/x",
    ],
)
def test_a_redirect_within_the_site_is_followed(site, status, to):
    site.answers = [(status, {"Location": to}, b"")]
    pd.testing.assert_frame_equal(population_from_web("WA", site.session()), EXPECTED)
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example" + PATH,
        "//evil.example/",
        "http://www.washington-demographics.com" + PATH,  # no longer secret
        "https://www.washington-demographics.com:8443/",
        "https://www.washington-demographics.com:port/",
        "https://www.washington-demographics.com.evil.example/",
        "https://evil-demographics.com@evil.example/",
        "https://somebody@www.washington-demographics.com/",
        "https://www.texas-demographics.com" + PATH,  # another state is no answer
        "file:///etc/passwd",
        "https://[::1",
        "http://127.0.0.1/",
    ],
)
def test_a_redirect_elsewhere_is_not(site, to):
    site.answers = [(302, {"Location": to}, b"")]
    with pytest.raises(DataProblem, match="another site") as problem:
        population_from_web("WA", site.session())
    assert problem.value.hint
    assert len(site.asked) == 1


def test_redirects_in_a_circle_end(site):
    site.answers = [(302, {"Location": PATH}, b"")] * 9
    with pytest.raises(DataProblem, match="in a circle"):
        population_from_web("WA", site.session())
    site.answers = [(302, {}, b"")] * 9
    with pytest.raises(DataProblem, match="in a circle"):
        population_from_web("WA", site.session())


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_site_is_asked_again(site, status):
    site.answers = [(status, {}, b"")] * 2
    assert len(population_from_web("WA", site.session())) == len(ZIPS)
    assert len(site.asked) == 3
    site.answers = [(status, {}, b"")] * 3
    with pytest.raises(DataProblem, match=f"status {status}"):
        population_from_web("WA", site.session())


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "no page for this state"),
        ((403, {}, PAGE), "refuses"),
        ((204, {}, b""), "refuses"),
        ((200, {"Content-Type": "application/json"}, PAGE), "something else"),
        ((200, {"Content-Type": "application/octet-stream"}, PAGE), "something else"),
        ((200, {}, b""), "no table"),
        ((200, {}, b"<html><p>We have moved.</p>"), "no table"),
        ((200, {}, b"x" * 5_000_001), "more than a page"),
    ],
)
def test_what_the_site_sends_wrongly_is_said_at_once(site, answer, words):
    site.answers = [answer]
    with pytest.raises(DataProblem, match=words) as problem:
        population_from_web("WA", site.session())
    assert problem.value.hint
    assert len(site.asked) == 1


def test_a_page_cut_off_is_asked_for_again_and_then_refused(site):
    cut = (200, {"Content-Length": str(len(PAGE))}, PAGE[:200])

    def closed(handler):
        Handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(PAGE)))
        handler.end_headers()
        handler.wfile.write(cut[2])
        handler.wfile.flush()
        handler.connection.close()

    site.answers = [closed] * 3
    with pytest.raises(DataProblem, match="could not be reached"):
        population_from_web("WA", site.session())
    assert len(site.asked) == 3


def test_a_page_without_end_is_given_up(site, monkeypatch):
    def endless(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        try:
            for _ in range(10_000):
                handler.wfile.write(b"<p>" * 30_000)
        except OSError:
            pass  # the reader has gone, as it should

    site.answers = [endless]
    with pytest.raises(DataProblem, match="more than a page"):
        population_from_web("WA", site.session())

    def trickling(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        try:
            for _ in range(200):
                handler.wfile.write(b"x" * 70_000)
                time.sleep(0.02)
        except OSError:
            pass

    monkeypatch.setattr(population, "LONGEST", 0.1)
    site.answers = [trickling] * 3
    with pytest.raises(DataProblem, match="in time"):
        population_from_web("WA", site.session())


def test_a_silent_site_is_not_waited_for(site, monkeypatch):
    monkeypatch.setattr(population, "PATIENCE", (1.0, 0.1))
    site.answers = [lambda handler: time.sleep(0.5)] * 3
    begun = time.monotonic()
    with pytest.raises(DataProblem, match="in time"):
        population_from_web("WA", site.session())
    assert time.monotonic() - begun < 3


def test_offline_it_is_said_what_else_can_be_done(site):
    session = site.session()
    site.shutdown()
    site.server_close()
    with pytest.raises(DataProblem, match="could not be reached") as problem:
        population_from_web("WA", session)
    assert "internet" in problem.value.hint
    assert "Upload" in problem.value.hint
    site.serve_forever = lambda *_: None


@pytest.mark.parametrize(
    "answer",
    [
        SimpleNamespace(status_code=200, content=PAGE, text=PAGE.decode(), headers={}),
        SimpleNamespace(status_code=200, text=PAGE.decode(), headers=None),
        SimpleNamespace(status_code=200, content=PAGE, headers={"Content-Type": "text/html"}),
        SimpleNamespace(text=PAGE.decode()),
        Mock(status_code=200, text=PAGE.decode()),
    ],
)
@pytest.mark.parametrize(
    "get",
    [
        lambda answer: lambda url, **settings: answer,
        lambda answer: lambda url: answer,
        lambda answer: lambda url, headers=None, timeout=None: answer,
    ],
)
def test_a_plain_stand_in_for_a_session_will_do(answer, get):
    session = SimpleNamespace(get=get(answer))
    pd.testing.assert_frame_equal(population_from_web("wa", session), EXPECTED)
