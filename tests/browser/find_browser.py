"""Find a Chromium that really starts, or install one: `python -m tests.browser.find_browser`.

Prints its path. Where none can be had it says so in a sentence and exits with 1, so that the
browser tests fail rather than skip.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Error, Playwright, sync_playwright

LAUNCH_ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to run as root with it
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
PLACES = [
    "/usr/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
NONE_FOUND = (
    "No Chromium that starts was found: install Chromium or Google Chrome, "
    "or name one with CAREMAP_CHROMIUM=/path/to/chromium."
)


def find() -> str | None:
    """Path of the first Chromium that starts, or None."""
    with sync_playwright() as playwright:
        return next(
            (path for path in _candidates(playwright) if _starts(playwright, path)),
            None,
        )


def find_or_install() -> str | None:
    """Path of a Chromium that starts, installed if need be, or None where none can be had."""
    found = find()
    if found or os.environ.get("CAREMAP_CHROMIUM"):
        return found
    for command in _installers():
        print("No Chromium starts here; trying:", *command, file=sys.stderr, flush=True)
        if _succeeds(command, seconds=300) and (found := find()):
            return found
    return None


def _candidates(playwright: Playwright) -> Iterator[str]:
    """Every place a Chromium may be at; a named one is the only one."""
    if named := os.environ.get("CAREMAP_CHROMIUM"):
        yield named
        return
    on_path = (shutil.which(name) for name in NAMES)
    places = [playwright.chromium.executable_path, *filter(None, on_path), *PLACES]
    yield from (path for path in dict.fromkeys(places) if Path(path).exists())


def _starts(playwright: Playwright, path: str) -> bool:
    try:
        browser = playwright.chromium.launch(
            executable_path=path, args=LAUNCH_ARGUMENTS, timeout=30_000
        )
        browser.new_page().goto("about:blank")
        browser.close()
    except Error:
        return False
    return True


def _installers() -> Iterator[list[str]]:
    """Commands that may bring a Chromium, likeliest first; none that would ask for a password."""
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    may_install = platform.system() == "Linux" and (
        os.geteuid() == 0 or _succeeds(["sudo", "-n", "true"], seconds=10)
    )
    # Debian's own Chromium is a package; Ubuntu's is a snap, which a container cannot run.
    if may_install and os.geteuid() == 0 and "ID=debian" in _os_release():
        yield ["sh", "-c", "apt-get update && apt-get install -y chromium"]
    if may_install:
        yield [*playwright, "--with-deps"]
    else:
        yield playwright


def _os_release() -> list[str]:
    file = Path("/etc/os-release")
    return file.read_text().splitlines() if file.exists() else []


def _succeeds(command: list[str], seconds: int) -> bool:
    """Whether a command ends well in time; what it says goes to stderr, its children end with it.

    A download on a closed network may hang for ever, hence the limits.
    """
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000",
    }
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(seconds) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


if __name__ == "__main__":
    chromium = find_or_install()
    if chromium is None:
        sys.exit(NONE_FOUND)
    print(chromium)
