"""A small atlas with one of everything, and a browser to read its page."""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geomap.model import Article, Atlas, AtlasMention, AtlasPlace, Kind, Mention, Place, Precision, Resolution
from geomap.webmap import page_html, render
from geomap.webmap.payload import ShapeOf

Visit = Callable[..., Page]

VERMILION = (200, 52, 26)
"""The Tajik–Afghan border's colour in the light theme."""


def place(pid: str, name: str, code: str, lon: float, lat: float, country: str | None, *countries: str) -> Place:
    return Place(
        id=pid, name=name, country=country, admin1=None, lon=lon, lat=lat, feature_code=code, countries=countries
    )


def mention(
    article: Article, phrase: str, kind: Kind, meant: Place | None, precision: Precision | None
) -> AtlasMention:
    """A resolved mention of the first occurrence of a phrase; its sentence is its line."""
    start = article.text.index(phrase)
    line = article.text.rfind("\n", 0, start) + 1
    end = article.text.find("\n", start)
    found = Mention(
        start=start,
        end=start + len(phrase),
        phrase=phrase,
        kind=kind,
        name=phrase,
        sentence=(line, end if end >= 0 else len(article.text)),
    )
    resolution = Resolution(
        mention=found, place=meant, precision=precision, nil_reason=None if meant else "not in gazetteer"
    )
    return AtlasMention(article_id=article.id, resolution=resolution)


AFGHANISTAN = place("gn:1149361", "Afghanistan", "PCLI", 66.0, 33.5, "AF")
LAOS = place("gn:1655842", "Laos", "PCLI", 103.0, 18.0, "LA")
KABUL = place("gn:1138958", "Kabul", "PPLC", 69.17, 34.53, "AF")
DUSHANBE = place("gn:1221874", "Dushanbe", "PPLC", 68.77, 38.54, "TJ")
MOSCOW = place("gn:524901", "Moscow", "PPLC", 37.62, 55.75, "RU")
KUNDUZ = place("gn:1135690", "Kunduz", "ADM1", 68.8, 36.8, "AF")
CENTRAL_ASIA = place("gm:central-asia", "Central Asia", "RGN", 64.0, 42.0, None, "KG", "KZ", "TJ", "TM", "UZ")
NORTH = place("gm:dir-AF-north", "northern Afghanistan", "DIR", 67.0, 36.2, "AF")
BORDER = place("gm:bdr-AF-TJ", "Afghanistan–Tajikistan border", "BDR", 70.5, 37.6, None, "AF", "TJ")

PRECISION: dict[str, Precision] = {
    "PCLI": "country",
    "PPLC": "town",
    "ADM1": "province",
    "RGN": "region",
    "BDR": "line",
}

REPORT = Article(
    id="report.txt",
    title="Talks 😀 in Dushanbe",
    date="2021-09-17",
    source="Asia-Plus",
    url="https://example.org/report?a=1&b=2",
    text=(
        "😀 Ministers met in Dushanbe on Friday.\n"
        "They spoke of northern Afghanistan, of Kunduz Province and of the Tajik-Afghan border.\n"
        "Refugees had come from Afghanistan through Central Asia.\n"
        "The Kremlin kept silent, and a Laotian guest listened; nobody named Nowhereville."
    ),
)
UNTITLED = Article(
    id="untitled.txt",
    date="2021-08-15",
    text=(
        "Fighters swept into Kabul without meeting any resistance, and the president of the country fled on the same day.\n"
        "در شهر کابل آرامش بود."
    ),
)


@pytest.fixture(scope="session")
def shape() -> ShapeOf:
    """Outlines of the province and of the north; nothing else has one."""
    shapes: dict[str, BaseGeometry] = {KUNDUZ.id: box(68.2, 36.4, 69.4, 37.1), NORTH.id: box(63.5, 35.6, 71.0, 37.2)}
    return lambda asked: shapes.get(asked.id)


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    """Two articles that name one place of each form; a metonym, a demonym and a NIL among them."""
    meant: list[tuple[Article, str, Kind, Place]] = [
        (REPORT, "Dushanbe", "place", DUSHANBE),
        (REPORT, "northern Afghanistan", "directional", NORTH),
        (REPORT, "Kunduz Province", "place", KUNDUZ),
        (REPORT, "Tajik-Afghan border", "border", BORDER),
        (REPORT, "Afghanistan through", "place", AFGHANISTAN),
        (REPORT, "Central Asia", "region", CENTRAL_ASIA),
        (REPORT, "Kremlin", "metonym", MOSCOW),
        (UNTITLED, "Kabul", "place", KABUL),
        (UNTITLED, "کابل", "place", KABUL),
    ]
    by_place: dict[str, tuple[Place, list[AtlasMention]]] = {}
    for article, phrase, kind, named in meant:
        found = mention(article, phrase, kind, named, PRECISION.get(named.feature_code, "region"))
        by_place.setdefault(named.id, (named, []))[1].append(found)
    places = [
        AtlasPlace(place=named, precision=PRECISION.get(named.feature_code, "region"), mentions=tuple(found))
        for named, found in by_place.values()
    ]
    return Atlas(
        articles=(REPORT, UNTITLED),
        places=tuple(sorted(places, key=lambda entry: (-len(entry.mentions), entry.place.id))),
        unmapped=(mention(REPORT, "Laotian", "demonym", LAOS, "country"),),
        nil=(mention(REPORT, "Nowhereville", "place", None, None),),
    )


@pytest.fixture(scope="session")
def html(atlas: Atlas, shape: ShapeOf) -> str:
    """The page of the small atlas."""
    return page_html(
        render(atlas, shape=shape, title="Two articles", attribution=["GeoNames, CC BY 4.0"], gazetteer_version="g1")
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a network."""
    found = os.environ.get("GEOMAP_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        pytest.skip("no Chromium found; install one or set GEOMAP_CHROMIUM to its path")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", *quiet])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """Opens a page from disk; at the end, it must have asked for nothing but itself and complained of nothing."""
    contexts: list[BrowserContext] = []
    requests: list[str] = []
    complaints: list[str] = []

    def opened(html: str, fragment: str = "", **how: Any) -> Page:
        file = tmp_path / "index.html"
        file.write_text(html, encoding="utf-8", newline="\n")
        settings = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
        context = browser.new_context(**(settings | how))
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(
            "new MutationObserver(() => { if (document.documentElement?.dataset.ready && !window.READY)"
            " window.READY = performance.now(); }).observe(document, { attributes: true, subtree: true });"
        )
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(file.as_uri() + fragment)
        page.wait_for_selector("html[data-ready=true]", state="attached", timeout=10_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(tmp_path.as_uri())] == []
    assert len(requests) == len(contexts)
    assert complaints == []


def seen(page: Page) -> dict[str, Any]:
    """What the page says that it shows, each part as that part was drawn; sets as lists."""
    found: dict[str, Any] = page.evaluate(
        "JSON.parse(JSON.stringify(geomap.seen(), (key, value) => (value instanceof Set ? [...value] : value)))"
    )
    return found


def pixels_like(browser: Browser, png: bytes, colour: tuple[int, int, int]) -> int:
    """How many pixels of a picture come near a colour; the browser decodes it."""
    page = browser.new_page()
    count = page.evaluate(
        """async ([picture, [red, green, blue]]) => {
            const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
            const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
            const paper = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
            paper.drawImage(bitmap, 0, 0);
            const { data } = paper.getImageData(0, 0, bitmap.width, bitmap.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4) {
                const off = Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue);
                if (off < 40) count += 1;
            }
            return count;
        }""",
        [base64.b64encode(png).decode(), colour],
    )
    page.close()
    return int(count)
