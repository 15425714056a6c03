"""Takes pictures of a page: ``python -m tests.picture maps/index.html docs/img``.

Without more, the README's three; with ``--all`` every state in three widths and both themes, to be looked at.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DUSHANBE = "gn:1221874"
STATES = {
    "list": "",
    "place": f"place={DUSHANBE}",
    "article": "tab=articles",  # and then the first of them
    "filters": "country=AF%2CTJ&kinds=metonym",
    "countries": "mode=countries",
    "border": "border=AF-TJ",
    "about": "about",
}
"""State of the page → its address after the ``#``."""

SCREENS = {"1440": (1440, 900), "1024": (1024, 768), "390": (390, 844)}
README = {"page": ("1440", "list"), "reading": ("1440", "place"), "phone": ("390", "list")}
Theme = Literal["light", "dark"]


def chromium() -> str | None:
    """Return the browser's path: ``$GEOMAP_CHROMIUM``, else the first one on the path."""
    names = (os.environ.get("GEOMAP_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, filter(None, names))), None)


def take(browser: Browser, page_file: Path, target: Path, screen: str, state: str, theme: Theme = "light") -> None:
    """Take one picture.

    Args:
        browser: A running browser.
        page_file: The page.
        target: The picture's file.
        screen: One of :data:`SCREENS`.
        state: One of :data:`STATES`.
        theme: Light or dark.
    """
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce")
    page.goto(f"{page_file.resolve().as_uri()}#{STATES[state]}")
    page.wait_for_selector("html[data-ready=true]")
    if state == "article":
        page.locator(".rows.articles .row").first.click()
    elif state == "filters":
        page.locator("[data-facet=country]").click()
    page.wait_for_timeout(500)
    page.screenshot(path=target)
    page.close()


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.picture", description=__doc__)
    parser.add_argument("page", type=Path, help="the page's file")
    parser.add_argument("folder", type=Path, help="where the pictures are put")
    parser.add_argument("--all", action="store_true", help="every state, width and theme")
    asked = parser.parse_args()
    path = chromium()
    if path is None:
        sys.exit("no Chromium found: install it, or name it in GEOMAP_CHROMIUM")
    asked.folder.mkdir(parents=True, exist_ok=True)
    themes: tuple[Theme, ...] = ("light", "dark")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        if asked.all:
            for screen in SCREENS:
                for state in STATES:
                    for theme in themes:
                        take(browser, asked.page, asked.folder / f"{state}-{screen}-{theme}.png", screen, state, theme)
        else:
            for name, (screen, state) in README.items():
                take(browser, asked.page, asked.folder / f"{name}.png", screen, state)
        browser.close()


if __name__ == "__main__":
    main()
