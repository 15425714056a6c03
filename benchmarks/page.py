"""How large and how quick the page is, beside Folium's default: ``python -m benchmarks.page``.

Each row is one page, opened from disk in headless Chromium without a network. Times in the browser are medians of
several visits or rounds; a filter or search counts from the change of the address to the second painted frame after it.
Folium's default is what its documentation shows: one ``folium.Marker`` with a popup a mention. Its page asks the network
for its scripts and stays blank without; here the browser is handed Leaflet and jQuery from this disk in their stead.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import folium
from playwright.sync_api import Browser, Error, Page, Route, sync_playwright

import geomap
from geomap.collection import collect
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Atlas, Kind, Mention, ParsedArticle, Place, Resolution
from geomap.webmap import page_html, render
from tests.picture import FLAGS, chromium

JQUERY = Path(__file__).parent.parent / "tests" / "npm" / "node_modules" / "jquery" / "dist" / "jquery.min.js"

PER_ARTICLE = 12
"""Mentions an article: what the seeds and the regional gold articles have on average."""

VISITS = 3
GIVE_UP = 120.0
"""Seconds after which a page counts as never ready."""

FILTERS = ("country=AF", "kinds=metonym", "from=2021-08-01&to=2021-09-15", "source=TASS", "precision=town", "")
SEARCHES = ("q=kabul", "q=border+guards", "q=%22river+crossing%22", "q=khorugh+winter", "q=nowhereatall", "")

_WORDS = """officials said on that border guards had met near the river crossing while trade with neighbours went on and
families waited for news of the talks which ministers opened after a winter of fighting in districts along the road to
the capital where elders spoke about wheat water schools and the price of fuel""".split()
_KINDS: tuple[Kind, ...] = ("place", "metonym", "demonym")
_SOURCES = ("TASS", "Asia-Plus", "Khaama Press", "Tolo News", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; seconds and bytes, None where the page gave up."""

    name: str
    size: int
    render: float
    ready: float | None
    filter: float | None = None
    search: float | None = None


def towns(gazetteer: Gazetteer, most: int = 800) -> list[Place]:
    """Real places to mention, the large ones first."""
    near = [
        place for place in gazetteer.large_towns(15_000) if place.country in ("AF", "TJ", "UZ", "PK", "IR", "TM", "KG")
    ]
    far = [place for place in gazetteer.large_towns(1_500_000) if place not in near]
    return [*near, *far][:most]


def made_up(mentions: int, places: list[Place], seed: int = 1) -> Atlas:
    """An atlas of articles whose sentences name places as news does: few often, many seldom."""
    chance = random.Random(seed)
    weights = [1 / (rank + 2) for rank in range(len(places))]
    return collect(
        _article(nth, min(PER_ARTICLE, mentions - nth * PER_ARTICLE), places, weights, chance)
        for nth in range(-(-mentions // PER_ARTICLE))
    )


def _article(
    nth: int, mentions: int, places: list[Place], weights: list[float], chance: random.Random
) -> ParsedArticle:
    text, found = "", []
    for place in chance.choices(places, weights, k=mentions):
        before = " ".join(chance.choices(_WORDS, k=chance.randint(3, 14)))
        after = " ".join(chance.choices(_WORDS, k=chance.randint(3, 14)))
        start = len(text) + len(before) + 1
        sentence = f"{before} {place.name} {after}."
        kind = chance.choices(_KINDS, (90, 4, 6))[0]
        mention = Mention(
            start=start,
            end=start + len(place.name),
            phrase=place.name,
            kind=kind,
            name=place.name,
            sentence=(len(text), len(text) + len(sentence)),
        )
        found.append(Resolution(mention=mention, place=place, precision="town", score=chance.randint(30, 100) / 100))
        text += sentence + (" " if chance.random() < 0.7 else "\n\n")
    day = date(2021, 6, 1) + timedelta(days=chance.randrange(180))
    article = Article(
        id=f"news/{nth:06}.txt",
        text=text,
        title=" ".join(chance.choices(_WORDS, k=7)),
        date=day.isoformat(),
        source=chance.choice(_SOURCES),
        url=f"https://example.org/{nth}",
    )
    return ParsedArticle(article=article, resolutions=tuple(found))


def ours(name: str, atlas: Atlas, gazetteer: Gazetteer, browser: Browser, folder: Path) -> Row:
    """Our page, with filters and searches."""
    file = folder / "ours.html"
    seconds = _timed(lambda: file.write_text(_our_page(atlas, gazetteer), encoding="utf-8", newline="\n"))
    readies, filters, searches = [], [], []
    for visit in range(VISITS):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        readies.append(_ready(page, file, "() => document.documentElement.dataset.ready === 'true'"))
        if atlas.articles and visit == 0:
            page.wait_for_timeout(3000)  # a reader looks before he asks
            filters, searches = _steps(page, FILTERS), _steps(page, SEARCHES)
        page.close()
    return Row(
        name=name,
        size=file.stat().st_size,
        render=seconds,
        ready=_median(readies),
        filter=max(filters, default=None),
        search=max(searches, default=None),
    )


def _our_page(atlas: Atlas, gazetteer: Gazetteer) -> str:
    page = render(
        atlas,
        shape=gazetteer.shape,
        attribution=gazetteer.attribution,
        gazetteer_version=gazetteer.fingerprint,
        names=gazetteer.other_script_names({entry.place.id for entry in atlas.places}),
    )
    return page_html(page)


def folium_default(name: str, atlas: Atlas, browser: Browser, folder: Path) -> Row:
    """What Folium's documentation shows: a marker with a popup for each mention."""
    file = folder / "folium.html"
    texts = {article.id: article for article in atlas.articles}

    def write() -> None:
        plain = folium.Map(location=[34.5, 66.0], zoom_start=5)
        for entry in atlas.places:
            for mention in entry.mentions:
                article, (start, end) = texts[mention.article_id], mention.resolution.mention.sentence
                popup = folium.Popup(f"<b>{article.title}</b><br>{article.text[start:end]}", max_width=300)
                folium.Marker([entry.place.lat, entry.place.lon], popup=popup, tooltip=entry.place.name).add_to(plain)
        plain.save(str(file))

    seconds = _timed(write)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.route(re.compile("^https?:"), _answer)
    drawn = sum(len(entry.mentions) for entry in atlas.places)
    ready = _ready(page, file, f"() => document.querySelectorAll('.leaflet-marker-icon').length >= {drawn}")
    page.close()
    return Row(name=name, size=file.stat().st_size, render=seconds, ready=ready)


def _answer(route: Route) -> None:
    """Stands in for the hosts that Folium's page asks: Leaflet and jQuery, nothing for the rest."""
    name = route.request.url.rpartition("/")[2]
    data = Path(geomap.__file__).parent / "data"
    known = {"leaflet.js": data / "leaflet.js", "leaflet.css": data / "leaflet.css"}
    if name.startswith("jquery"):
        route.fulfill(path=JQUERY)
    elif name in known:
        route.fulfill(path=known[name])
    else:
        route.fulfill(body="")


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ready(page: Page, file: Path, test: str) -> float | None:
    """Seconds from opening a file until a test of the page holds; None where it never does."""
    page.add_init_script(
        "{ const holds = "
        + test
        + "; const look = () => { if (document.documentElement && holds()) window.READY = performance.now();"
        " else setTimeout(look, 5); }; look(); }"
    )
    try:
        page.goto(file.as_uri(), wait_until="commit")
        page.wait_for_function("() => window.READY", timeout=GIVE_UP * 1000, polling=20)
        return float(page.evaluate("() => window.READY")) / 1000
    except Error:
        return None


def _steps(page: Page, addresses: tuple[str, ...]) -> list[float]:
    """Seconds that each of some addresses takes, asked for in turn, the median of several rounds."""
    rounds = [[_step(page, address) for address in addresses] for _ in range(VISITS)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def _step(page: Page, address: str) -> float:
    """Seconds from a change of the address until the page has painted what it asks for."""
    milliseconds = page.evaluate(
        """async (address) => {
            const start = performance.now();
            location.hash = address;
            await new Promise((done) => addEventListener("hashchange", done, { once: true }));
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            return performance.now() - start;
        }""",
        address,
    )
    return float(milliseconds) / 1000


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def table(rows: list[Row]) -> Iterator[str]:
    """The rows as Markdown."""
    yield "| page | file | Python | ready | slowest filter | slowest search |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for row in rows:
        size = f"{row.size / 1000:,.0f} KB" if row.size < 1_000_000 else f"{row.size / 1_000_000:,.2f} MB"
        never = f"never (> {GIVE_UP:.0f} s)"
        ready = never if row.ready is None else f"{row.ready:.2f} s"
        steps = ("–" if value is None else f"{1000 * value:.0f} ms" for value in (row.filter, row.search))
        yield f"| {row.name} | {size} | {row.render:.1f} s | {ready} | {' | '.join(steps)} |"


def main(arguments: list[str]) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--mentions", type=int, nargs="*", default=[10_000, 100_000], help="sizes of our page")
    parser.add_argument("--folium", type=int, nargs="*", default=[10_000], help="sizes of Folium's default page")
    asked: Any = parser.parse_args(arguments)
    path = chromium()
    if path is None:
        sys.exit("no Chromium found: install it, or name it in GEOMAP_CHROMIUM")
    rows = []
    with sync_playwright() as playwright, Gazetteer() as gazetteer, tempfile.TemporaryDirectory() as scratch:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        places = towns(gazetteer)
        rows.append(ours("geomap, no articles", made_up(0, places), gazetteer, browser, Path(scratch)))
        for mentions in asked.mentions:
            atlas = made_up(mentions, places)
            rows.append(ours(f"geomap, {mentions:,} mentions", atlas, gazetteer, browser, Path(scratch)))
        for mentions in asked.folium:
            atlas = made_up(mentions, places)
            rows.append(folium_default(f"Folium's default, {mentions:,} mentions", atlas, browser, Path(scratch)))
        browser.close()
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main(sys.argv[1:])
