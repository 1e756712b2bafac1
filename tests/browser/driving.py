"""How a test drives the app in a browser: load a file, go to a page, wait for the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

WAIT = 120_000
SOON = 5_000
"""Milliseconds for what has been answered to be seen."""
MOMENT = 100
"""Milliseconds of the page's own clock until what was done has become a question to the app."""
WHILE = 250
"""The same for what takes longest: a chart says after 150 what was clicked in it."""
IDLE = """time => new Promise(done => setTimeout(() => caremapRuns.idle().then(done), time))"""
AT_REST = "([moment, mended, limit]) => caremapRuns.atRest(moment, mended, limit)"
KEY = 150
"""Milliseconds of the page's own clock until a list has done what a key asked."""
LOOK = "[matchMedia('(prefers-color-scheme: dark)').matches, innerWidth, innerHeight]"
IS_DARK = """dark => {
  const app = document.querySelector('[data-testid="stApp"]');
  const colors = getComputedStyle(app).backgroundColor.match(/[0-9.]+/g).slice(0, 3).map(Number);
  return (Math.max(...colors) < 128) === dark;
}"""
"""Whether the app is drawn in the theme that was asked for."""
MENDED = 130
"""Milliseconds from what was drawn last until accessibility.js has looked, which takes 100."""

MENU = {
    "Data": "Your data", "Overview": "Key figures", "Breakdown": "Breakdowns",
    "Forecast": "Forecast", "Staffing": "Staffing", "Map": "Facility map",
    "Scenarios": "Scenarios", "Allocate": "Allocate", "Stay risk": "Stay risk",
    "Glossary": "Glossary",
}  # fmt: skip
"""Every page of the menu, and its heading: a test holds that there is no other."""

HEAD = "Facility,Department,Admission Date,Discharge Date,Age,Cost,Treatment,Gender,Insurance"
RICH = f"{HEAD},Outcome,Satisfaction,Waiting minutes\n" + "".join(
    f"{'North' if stay % 3 else 'South'},{('Surgery', 'Medicine', 'Intensive care')[stay % 3]},"
    f"{month}-{day:02} {stay % 24:02}:15,{month}-{day + stay % 5:02} 23:45,"
    f"{stay * 7 % 95},{stay * 97 % 4000}.37,Treatment {stay % 17:02},{'FM'[stay % 2]},"
    f"Payer {'ABC'[stay % 7 % 3]},{'Died' if stay % 11 == 0 else 'Home'},{stay % 5 + 1},{stay % 90}"
    "\n"
    for place, month in enumerate([f"{2023 + at // 12}-{at % 12 + 1:02}" for at in range(14)])
    for day in range(1, 25)
    for stay in (place * 31 + day, place * 17 + day * 5)
)
"""672 stays of fourteen months with something for every part of the Breakdown page."""

MESSY = (
    "Report of April,,,,,\nFacility,Unit code,Admission Date,Discharge Date,Cost,Patient Name\n"
    + "".join(
        f"{'North' if day % 2 else 'South'},{'AB'[day % 2]}{day % 3},2024-04-{day:02},"
        f"2024-0{4 if day % 9 else 3}-{min(day + 1, 30):02},"
        f"{day}00{'' if day % 7 else 'x'},Jo Smith {day}\n"
        for day in range(1, 29)
    )
    + "Total,,,,40600,\n,,,,,\nSource: billing,,,,,\n"
)


def open_app(page: Page, url: str) -> None:
    """Open the app and wait for its first page."""
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=WAIT)
    settle(page)


def upload(page: Page, *files: Path) -> None:
    """Put files into the uploader and wait until they are listed."""
    page.locator('input[type="file"]').first.set_input_files(list(files))
    for file in files:  # the card of the file, not its name in the uploader
        card = page.get_by_test_id("stMarkdown").get_by_text(file.name, exact=True)
        expect(card.first).to_be_visible(timeout=WAIT)
    settle(page)


def go_to(page: Page, title: str, heading: str = "") -> None:
    """Go to a page by the menu, which on a narrow screen is opened for it; or stay there."""
    link = page.get_by_test_id("stSidebarNav").get_by_text(title, exact=True)
    shown = page.get_by_role("heading", name=heading or MENU[title], level=1)

    def follow() -> None:
        if is_narrow(page):
            turn_sidebar(page, "expand")
        link.click()

    settle(page)
    if not shown.count():
        insist(page, follow, lambda: expect(shown).to_be_attached(timeout=SOON))
    drawn(page)


def views(page: Page) -> Iterator[str]:
    """Bring everything a page has to show into view: itself, or one of its parts after another."""
    parts = parts_of(page)
    for name in parts:
        show_part(page, name)
        yield name
    if not parts:
        yield "all of it"


def parts_of(page: Page) -> list[str]:
    """What the parts of a page are called; nothing where it has none."""
    return page.get_by_role("radiogroup", name="Part").get_by_role("radio").all_inner_texts()


def show_part(page: Page, name: str) -> None:
    """Bring a part of a page into view."""
    part = page.get_by_role("radiogroup", name="Part").get_by_role("radio", name=name, exact=True)

    def choose_it() -> None:
        if part.get_attribute("aria-checked") != "true":
            part.click()

    def is_chosen() -> None:
        expect(part).to_have_attribute("aria-checked", "true", timeout=SOON)

    insist(page, choose_it, is_chosen)
    drawn(page)


def insist(page: Page, act: Callable[[], object], came: Callable[[], object]) -> None:
    """Do what can be done twice, with nothing running, until what it leads to is there."""
    for attempt in range(6):
        settle(page)
        act()
        settle(page)
        try:
            came()
        except AssertionError:
            if attempt == 5:
                raise
        else:
            return


def click(target: Locator) -> None:
    """Click once, with nothing running: what is drawn anew meanwhile may lose a click."""
    drawn(target.page)
    target.click()
    settle(target.page)


def download(button: Locator, folder: Path) -> Path:
    """Click a download, with nothing running, and save what comes under its own name."""
    page = button.page
    drawn(page)
    with page.expect_download(timeout=WAIT) as started:
        button.click()
    saved = folder / started.value.suggested_filename
    started.value.save_as(saved)
    return saved


def settle(page: Page) -> None:
    """Wait until the app has answered all that it was asked."""
    page.evaluate(AT_REST, [MOMENT, 0, WAIT])


def drawn(page: Page) -> None:
    """Wait until nothing runs, nothing is a placeholder, and what was drawn last is mended."""
    page.evaluate(AT_REST, [WHILE, MENDED, WAIT])


def is_narrow(page: Page) -> bool:
    """Whether the sidebar lies over the page."""
    size = page.viewport_size
    return size is not None and size["width"] < 768


def turn_sidebar(page: Page, wanted: Literal["expand", "collapse"]) -> None:
    """Expand or collapse the sidebar, where it is not so already."""
    other = {"expand": "Collapse", "collapse": "Expand"}[wanted]
    turned = page.get_by_role("button", name=f"{other} sidebar")

    def turn() -> None:
        if not turned.is_visible():
            page.get_by_role("button", name=f"{wanted.capitalize()} sidebar").click()

    settle(page)
    if not turned.is_visible():
        insist(page, turn, lambda: expect(turned).to_be_visible(timeout=SOON))


def in_look(page: Page, theme: Literal["light", "dark"], width: int) -> None:
    """Look at the same page in another theme and width, the sidebar as it is first seen there."""
    if page.evaluate(LOOK) != [theme == "dark", width, 900]:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(IS_DARK, arg=theme == "dark", timeout=WAIT)
    turn_sidebar(page, "collapse" if is_narrow(page) else "expand")
    drawn(page)


def unfold_all(page: Page) -> None:
    """Open every expander; what is opened may hold more."""
    settle(page)
    closed = page.locator('[data-testid="stExpander"] details:not([open]) > summary')
    for _ in range(20):
        if not closed.count():
            return
        closed.evaluate_all("all => all.forEach(one => one.click())")
        settle(page)
    raise AssertionError("expanders do not stay open")


def fold_all(page: Page) -> None:
    """Close every expander; one that is closing counts as open until it has."""
    unfolded = page.locator('[data-testid="stExpander"] details[open] > summary')
    insist(
        page,
        lambda: unfolded.evaluate_all("all => all.forEach(one => one.click())"),
        lambda: expect(unfolded).to_have_count(0, timeout=SOON),
    )


def card(page: Page, title: str) -> Locator:
    """The card with that title."""
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.get_by_test_id("stVerticalBlock").filter(has=heading).last


def choose(page: Page, label: str, option: str, within: Locator | None = None) -> None:
    """Choose an option of a select box by typing it, again where a rerun closed the list."""
    box = (within or page).get_by_role("combobox", name=label)
    offered = page.get_by_role("option", name=option, exact=True)
    for attempt in range(6):
        settle(page)
        asked = page.evaluate("window.caremapRuns.asked")
        box.click()
        box.fill(option)
        try:
            offered.click(timeout=SOON)
        except TooLate:
            assert attempt < 5, f"the list of “{label}” never offered “{option}”"
            page.keyboard.press("Escape")
            continue
        settle(page)
        if box.input_value() == option or page.evaluate("window.caremapRuns.asked") > asked:
            return
    raise AssertionError(f"“{option}” of “{label}” never was chosen")


def unfold(page: Page, label: str) -> None:
    """Open the first expander with that label and wait for what is inside."""
    turn_expander(page, label, "open")


def fold(page: Page, label: str) -> None:
    """Close the first expander with that label."""
    turn_expander(page, label, "closed")


def turn_expander(page: Page, label: str, wanted: Literal["open", "closed"]) -> None:
    """Click only where it stands otherwise, and again where a rerun swallowed the click."""
    box = page.get_by_test_id("stExpander").filter(has_text=label).first
    expect(box).to_be_visible(timeout=WAIT)
    stands = box.locator("details[open]")
    count = 1 if wanted == "open" else 0

    def turn() -> None:
        if stands.count() != count:
            box.locator("summary").first.click()

    insist(page, turn, lambda: expect(stands).to_have_count(count, timeout=SOON))


def toolbar_of(table: Locator) -> Locator:
    """What a table offers while the mouse is over it, which moves on where the page does."""
    bar = table.get_by_test_id("stElementToolbar").last

    def point() -> None:
        table.page.mouse.move(0, 0)
        table.hover()

    insist(
        table.page,
        point,
        lambda: expect(bar.get_by_role("button", name="Search")).to_be_visible(timeout=SOON),
    )
    return bar


def pause(page: Page) -> None:
    """Let the page draw what a key did: a list is filtered and moved through on its own clock."""
    page.evaluate(IDLE, KEY)


def messy_file(folder: Path) -> Path:
    """A file with a title, a total, a footnote, bad values, stays that end before they begin."""
    file = folder / "april.csv"
    file.write_text(MESSY)
    return file


def rich_file(folder: Path) -> Path:
    """A file that has something for every part of every page."""
    file = folder / "rich.csv"
    file.write_text(RICH)
    return file
