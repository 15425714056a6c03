"""Takes the README's pictures of a page: ``python -m tests.picture maps/index.html docs/img``."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
VIEWS = {"page": (1440, 900, ""), "reading": (1440, 900, "Dushanbe"), "phone": (390, 844, "")}
"""Name of the picture → width, height, and the place to open in it."""


def chromium() -> str | None:
    """Return the browser's path: ``$GEOMAP_CHROMIUM``, else the first one on the path."""
    names = (os.environ.get("GEOMAP_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, filter(None, names))), None)


def take(browser: Browser, page_file: Path, target: Path, name: str) -> None:
    """Take one of :data:`VIEWS`."""
    width, height, place = VIEWS[name]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(page_file.resolve().as_uri())
    page.wait_for_selector("html[data-ready=true]")
    if place:
        page.get_by_text(place, exact=True).first.click()
    page.wait_for_timeout(500)
    page.screenshot(path=target / f"{name}.png")
    page.close()


def main(page_file: str, target: str) -> None:
    """Take all pictures."""
    path = chromium()
    if path is None:
        sys.exit("no Chromium found: install it, or name it in GEOMAP_CHROMIUM")
    Path(target).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name in VIEWS:
            take(browser, Path(page_file), Path(target), name)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
