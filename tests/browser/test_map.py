"""The Map page in a browser that reaches no other host: drawn, clicked, panned, safe, quick."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from caremap import geography
from caremap.geography.facility_map import map_html
from caremap.geography.map_layers import Layer
from tests.browser.conftest import Server
from tests.browser.driving import (
    SOON,
    WAIT,
    choose,
    click,
    download,
    drawn,
    go_to,
    insist,
    open_app,
    settle,
    upload,
)

SEED = """Facility,ZIP Code,Population,Nurses
Able `${alert(1)}`,98007,27571,21
Baker </script><b>bold</b>,98290,39873,52
Clear {{ 7 * 7 }},98065,15960,30
Dawn,98801,44000,59
Élan,98104,13095,20
"""
NAMES = [line.rsplit(",", 3)[0] for line in SEED.splitlines()[1:]]
TILES = "https://tile.openstreetmap.org/"


def map_of(page: Page) -> Frame:
    """The map of the page, once all facilities are drawn."""
    page.locator('iframe[title*="st_folium"]').wait_for(timeout=WAIT)
    deadline = time.monotonic() + WAIT / 1000
    while time.monotonic() < deadline:
        for frame in page.frames:
            if "st_folium" in frame.url:
                frame.locator("[data-drawn]").wait_for(timeout=WAIT)
                return frame
        page.wait_for_timeout(100)
    raise AssertionError("the map never came")


def seen(told: Locator) -> None:
    """What the page tells is there."""
    expect(told).to_be_visible(timeout=SOON)


@pytest.fixture
def seed(keep: Callable[..., Page], server: Server, tmp_path: Path) -> Page:
    """A session with five facilities, known by their ZIP codes, on the Map page."""

    def make(page: Page) -> None:
        file = tmp_path / "seed.csv"
        file.write_text(SEED)
        open_app(page, server.url)
        upload(page, file)
        go_to(page, "Map")
        map_of(page)

    return keep("seed", make)


def test_without_any_other_host_the_facilities_are_drawn_and_the_reason_is_said(
    page: Page, server: Server, tmp_path: Path, outside_requests: list[str]
) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("dialog", lambda box: (faults.append(box.message), box.dismiss()))
    file = tmp_path / "seed.csv"
    file.write_text(SEED)
    open_app(page, server.url)
    upload(page, file)
    go_to(page, "Map")
    shown = map_of(page)
    expect(shown.locator("path.caremap-site")).to_have_count(5)
    expect(shown.get_by_text("No background map: OpenStreetMap is blocked here")).to_be_visible()
    expect(shown.locator(".caremap-name").filter(has_text="Dawn")).to_be_visible()
    expect(shown.locator(".caremap-legend")).to_contain_text("People per staff member")
    assert {url[: len(TILES)] for url in outside_requests} == {TILES}
    assert faults == []


def test_a_click_on_a_facility_tells_it_and_no_pan_reruns_anything(seed: Page) -> None:
    shown = map_of(seed)
    shown.evaluate("() => { window.stays = true; }")
    for name in ("Dawn", NAMES[2]):
        site = shown.locator(f'path[data-facility="{name}"]')
        told = seed.get_by_role("heading", name=name, exact=True)
        insist(seed, partial(site.click, force=True), partial(seen, told))
    expect(seed.get_by_text("nearest facilities, in a straight line")).to_be_visible()
    assert shown.evaluate("window.stays")  # it was not drawn again
    asked = seed.evaluate("window.caremapRuns.asked")
    shown.evaluate("() => { map_div.panBy([80, 60]); map_div.zoomIn(); }")
    seed.wait_for_timeout(1000)
    settle(seed)
    assert seed.evaluate("window.caremapRuns.asked") == asked


def test_the_keyboard_chooses_a_facility_from_the_list(seed: Page) -> None:
    choose(seed, "Facility to look at", "Dawn")
    expect(seed.get_by_role("heading", name="Dawn", exact=True)).to_be_visible(timeout=WAIT)
    expect(map_of(seed).locator("path.caremap-ring").first).to_be_attached()
    drawn(seed)


def test_the_map_leaves_as_one_file_that_needs_no_host(
    seed: Page, new_context: Callable[..., object], tmp_path: Path, outside_requests: list[str]
) -> None:
    click(seed.get_by_text("Background map"))
    map_of(seed)
    saved = download(seed.get_by_role("button", name="Map (HTML)"), tmp_path)
    alone = new_context().new_page()  # type: ignore[attr-defined]
    alone.goto(saved.as_uri())
    expect(alone.locator("path.caremap-site")).to_have_count(5)
    for at in range(5):
        site = alone.locator("path.caremap-site").nth(at)
        site.dispatch_event("click")
    expect(alone.locator(".leaflet-popup-content b").last).to_be_visible()


HOSTILE = [
    "`${alert(1)}`", "</script><script>alert(1)</script>", '"; alert(1); //',
    "{{ 7 * 7 }} {% raw %}", "<img src=x onerror=alert(1)>", "مستشفى", "x" * 300,
]  # fmt: skip


def at_one_point(names: list[str]) -> pd.DataFrame:
    """Facilities of these names, all at one place."""
    return pd.DataFrame(
        {"facility": names, "latitude": 47.6, "longitude": -122.1,
         "staff": range(len(names)), "ratio": 900.0, "region": names}
    )  # fmt: skip


def opened(page: Page, sites: pd.DataFrame, folder: Path, **options: object) -> list[str]:
    """The file of a map in the browser, and what goes wrong there from now on."""
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("dialog", lambda box: (faults.append(box.message), box.dismiss()))
    file = folder / "map.html"
    file.write_bytes(map_html(sites, tiles=False, details={"region": "Region"}, **options))
    page.goto(file.as_uri())
    page.locator("[data-drawn]").wait_for(timeout=WAIT)
    return faults


def told_by(page: Page, at: int) -> str:
    """The name in the popup of a circle that was clicked, wherever it stands."""
    page.locator("path.caremap-site").nth(at).dispatch_event("click")
    popup = page.locator(".leaflet-popup").last
    name = popup.locator("b").text_content()
    popup.locator(".leaflet-popup-close-button").dispatch_event("click")
    expect(page.locator(".leaflet-popup")).to_have_count(0)
    return str(name)


def test_each_of_several_at_one_point_is_clicked_apart_and_its_name_only_shown(
    page: Page, tmp_path: Path
) -> None:
    faults = opened(page, at_one_point(HOSTILE), tmp_path)
    boxes = [site.bounding_box() for site in page.locator("path.caremap-site").all()]
    middles = {(round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2))
               for box in boxes if box}  # fmt: skip
    assert len(middles) == len(HOSTILE)
    assert sorted(told_by(page, at) for at in range(len(HOSTILE))) == sorted(HOSTILE)
    assert faults == []


def test_thousands_are_drawn_as_clusters_and_those_at_one_point_fan_out(
    page: Page, tmp_path: Path
) -> None:
    chance = np.random.default_rng(3)
    sites = pd.DataFrame(
        {"facility": [f"Hospital {at}" for at in range(5000)],
         "latitude": chance.uniform(33, 48, 5000), "longitude": chance.uniform(-123, -104, 5000),
         "staff": 3, "ratio": 1.0}
    )  # fmt: skip
    faults = opened(page, sites, tmp_path, links=geography.nearest(sites, 3))
    clusters = page.locator(".caremap-cluster")
    expect(clusters.first).to_be_visible()
    counts = [int(text.replace(",", "")) for text in clusters.all_inner_texts()]
    assert sum(counts) + page.locator("path.caremap-site").count() == 5000
    assert opened(page, at_one_point([f"F{at}" for at in range(300)]), tmp_path) == []
    clusters.first.click()
    expect(page.locator("path.caremap-site")).to_have_count(300)
    assert told_by(page, 0) != told_by(page, 299)
    assert faults == []


def test_the_first_layer_has_the_arrows_of_all_roles_and_a_role_its_own(
    page: Page, tmp_path: Path
) -> None:
    sites = pd.DataFrame({"facility": ["A", "B"], "latitude": [47.6, 47.9],
                          "longitude": [-122.1, -122.0], "staff": 9})  # fmt: skip
    moves = pd.DataFrame({"from": ["A", "A", "B"], "to": ["B", "B", "A"], "staff": [6, 2, 1],
                          "role": ["nurse", "doctor", "nurse"], "km": 34.0})  # fmt: skip
    layers = [Layer("All staff"), Layer("nurse"), Layer("doctor"), Layer("Beds")]
    assert opened(page, sites, tmp_path, moves=moves, layers=layers) == []
    arrows, people = page.locator("path.caremap-move"), page.locator(".caremap-people")
    expect(people).to_have_text(["8", "1"])
    for title, told in (("doctor", ["2"]), ("nurse", ["6", "1"]), ("Beds", ["8", "1"])):
        page.locator(".leaflet-control-layers").hover()
        page.locator(".leaflet-control-layers label").get_by_text(title, exact=True).click()
        expect(people).to_have_text(told)
        expect(arrows).to_have_count(len(told))


def test_the_first_click_counts_where_the_note_comes_and_the_map_is_resized_before_it(
    page: Page, tmp_path: Path
) -> None:
    silent = socket.create_server(("127.0.0.1", 0))  # tiles are neither there nor refused
    host = f"http://127.0.0.1:{silent.getsockname()[1]}/".encode()
    sites = pd.DataFrame({"facility": ["North", "South"], "latitude": [47.9, 47.5],
                          "longitude": [-122.0, -122.1]})  # fmt: skip
    file = tmp_path / "map.html"
    file.write_bytes(map_html(sites).replace(TILES.encode(), host))
    page.goto(file.as_uri(), wait_until="commit")  # loaded it is once all tiles are
    page.locator("[data-drawn]").wait_for(timeout=WAIT)
    page.wait_for_timeout(300)  # tiles are asked for
    box = page.locator('path[data-facility="South"]').bounding_box()
    assert box is not None
    aim = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*aim)
    silent.close()  # now they are
    expect(page.get_by_text("No background map")).to_be_visible()
    page.evaluate("document.querySelector('.caremap').style.width = '1264px'")  # a scroll bar
    page.wait_for_timeout(300)
    page.mouse.click(*aim)
    expect(page.locator(".leaflet-popup b")).to_have_text("South")


def test_a_network_across_180_degrees_is_one_network(page: Page, tmp_path: Path) -> None:
    fiji = pd.DataFrame({"facility": ["Suva", "Lau"], "latitude": [-18.1, -18.2],
                         "longitude": [178.4, -178.8]})  # fmt: skip
    assert opened(page, fiji, tmp_path) == []
    boxes = [site.bounding_box() for site in page.locator("path.caremap-site").all()]
    assert all(box is not None and 0 < box["x"] < 1280 for box in boxes)


def test_the_measuring_tool_has_the_geodesics_of_the_core(page: Page, tmp_path: Path) -> None:
    assert opened(page, at_one_point(["A"]), tmp_path) == []
    cases = [
        (47.60205545945946, -122.1443852827981, 47.91922650247934, -122.06887529421486),
        (35.60777, -139.44815, -11.17491, -69.95921),
        (55.52454, 106.05087, 77.03196, 197.18234),
        (-17.42761, 173.34268, -15.84784, 5.93557),
    ]
    for a, b, c, d in cases:
        metres = page.evaluate(
            "([a, b, c, d]) => caremapMeasure.metres(L.latLng(a, b), L.latLng(c, d))", [a, b, c, d]
        )
        expected = 1000 * float(geography.kilometres(a, b, c, d))
        assert metres == pytest.approx(expected, abs=0.001)
    opposite = "caremapMeasure.metres(L.latLng(0, 0), L.latLng(0.1, 179.9))"
    assert page.evaluate(f"Number.isNaN({opposite})")
