"""Addresses looked up by a server that speaks as Nominatim does, here on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest
from geopy.geocoders import Nominatim

from caremap import DataProblem
from caremap.geography import geocode
from caremap.geography.geocode import USER_AGENT, addresses

PLACES = {
    "Jalan Pahang, Kuala Lumpur": ("3.1714", "101.7007", "my", "hospital"),
    "Jalan Mewah, Ampang": ("3.1283", "101.7634", "my", "hospital"),
    "Jalan Semenyih, Kajang": ("2.9935", "101.7930", "my", "hospital"),
    "Jalan Johor, Sabah": ("4.9", "117.9", "my", "state"),
    "Jalan Riga": ("54.7", "25.3", "lt", "road"),
    "1 Main St, Seattle, WA": ("34.05", "-118.24", "us", "house"),
}


class Server:
    """Answers like Nominatim and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.agents: list[str] = []
        self.times: list[float] = []
        self.failing_from = 10_000
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.times.append(time.monotonic())
                query = parse_qs(urlparse(self.path).query)
                outer.asked.append(query)
                outer.agents.append(self.headers["User-Agent"])
                failing = len(outer.asked) > outer.failing_from
                found = PLACES.get(query["q"][0])
                body = [] if found is None else [
                    {"lat": found[0], "lon": found[1], "display_name": "x",
                     "addresstype": found[3], "address": {"country_code": found[2]}}
                ]  # fmt: skip
                self.send_response(503 if failing else 200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.http.server_port}"

    def geocoder(self) -> Any:
        return Nominatim(user_agent=USER_AGENT, domain=self.host, scheme="http", proxies={})


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield found
    found.http.shutdown()
    found.http.server_close()
    thread.join()


def rows(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns)


def codes(findings: list[Any]) -> list[str]:
    return [finding.code for finding in findings]


KL = ["Jalan Pahang", "Jalan Mewah", "Jalan Semenyih"]
TOWNS = ["Kuala Lumpur", "Ampang", "Kajang"]


def test_addresses_are_looked_up_in_their_country_only(server: Server) -> None:
    given = rows(name=["A", "B", "C"], Address=KL, City=TOWNS)
    before = given.copy(deep=True)
    said: list[float] = []
    frame, findings = geocode(
        given, "Malaysia", geocoder=server.geocoder(), pause=0,
        progress=lambda stage, done: said.append(done),
    )  # fmt: skip
    pd.testing.assert_frame_equal(given, before)
    assert frame["latitude"].tolist() == [3.1714, 3.1283, 2.9935]
    assert frame["longitude"].tolist() == [101.7007, 101.7634, 101.793]
    assert frame["located_by"].tolist() == ["address"] * 3
    assert codes(findings) == ["addresses-looked-up"]
    assert [one["countrycodes"] for one in server.asked] == [["my"]] * 3
    assert set(server.agents) == {USER_AGENT}
    assert said == [0, 1 / 3, 2 / 3]


def test_only_facilities_without_a_place_are_sent_and_each_address_once(server: Server) -> None:
    given = rows(
        name=["A", "B", "C"], Address=[KL[0], KL[1], KL[1]], City=[TOWNS[0], TOWNS[1], TOWNS[1]],
        lat=[3.17, None, None], lon=[101.7, None, None],
    )  # fmt: skip
    frame, _ = geocode(given, "MY", geocoder=server.geocoder(), pause=0)
    assert [one["q"] for one in server.asked] == [["Jalan Mewah, Ampang"]]
    assert frame["located_by"].tolist() == ["coordinates", "address", "address"]


def test_the_service_is_asked_once_a_second(server: Server) -> None:
    given = rows(name=["A", "B"], Address=KL[:2], City=TOWNS[:2])
    geocode(given, "Malaysia", geocoder=server.geocoder())
    assert server.times[1] - server.times[0] >= 1.0


def test_answers_far_away_coarse_or_of_another_country_are_not_used(server: Server) -> None:
    given = rows(
        name=list("ABCDEF"), Address=[*KL, "Jalan Johor", "Jalan Riga", "Nowhere"],
        City=[*TOWNS, "Sabah", None, "Nowhere at all"],
    )  # fmt: skip
    frame, findings = geocode(given, "Malaysia", geocoder=server.geocoder(), pause=0)
    assert frame["latitude"].notna().tolist() == [True, True, True, False, False, False]
    assert frame["located_by"].tolist() == ["address"] * 3 + [""] * 3
    assert codes(findings)[:2] == ["addresses-looked-up", "address-unknown"]


def test_an_answer_that_contradicts_the_state_is_not_used(server: Server) -> None:
    given = rows(name=["A"], Address=["1 Main St"], City=["Seattle"], State=["WA"])
    frame, findings = geocode(given, "USA", geocoder=server.geocoder(), pause=0)
    assert frame["latitude"].isna().all()
    assert "address-not-believed" in codes(findings)


def test_what_was_found_before_the_service_stopped_is_kept(server: Server) -> None:
    server.failing_from = 1
    given = rows(name=["A", "B"], Address=KL[:2], City=TOWNS[:2])
    frame, findings = geocode(given, "Malaysia", geocoder=server.geocoder(), pause=0)
    assert frame["located_by"].tolist() == ["address", ""]
    assert "geocoding-stopped" in codes(findings)


def test_without_a_connection_the_problem_is_said_in_words() -> None:
    nobody = Nominatim(user_agent=USER_AGENT, domain="127.0.0.1:9", scheme="http", proxies={})
    given = rows(name=["A"], Address=["Jalan Pahang"])
    with pytest.raises(DataProblem, match="cannot be reached"):
        geocode(given, "Malaysia", geocoder=nobody, pause=0)


def test_without_addresses_nothing_is_asked(server: Server) -> None:
    with pytest.raises(DataProblem, match="no address"):
        geocode(rows(name=["A"]), "Malaysia", geocoder=server.geocoder())
    frame, _ = geocode(rows(name=["A"], lat=[3.1], lon=[101.7]), "MY", geocoder=server.geocoder())
    assert frame["located_by"].tolist() == ["coordinates"]
    assert server.asked == []


def test_what_is_sent() -> None:
    given = rows(
        facility=["Hospital A", "B", "C"], address=["1 Main St, Seattle", None, None],
        city=["Seattle", "Leeds", None], postcode=["98104", "LS1 3EX", None],
        telephone=["1", "2", "3"],
    )  # fmt: skip
    assert list(addresses(given)) == ["1 Main St, Seattle, 98104", "B, Leeds, LS1 3EX", ""]
