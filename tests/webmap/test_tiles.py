"""Online tiles: never unless asked for, and then from their own host alone."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import folium
import pytest
from playwright.sync_api import Browser, Page, Route

from geomap.errors import UsageError
from geomap.model import Atlas
from geomap.webmap import page_html, render
from geomap.webmap.tiles import tile_layer
from tests.webmap.conftest import Visit, pixels_like
from tests.webmap.test_render import policy_of

ADDRESS = "https://tiles.example.org/{z}/{x}/{y}.png"
MAGENTA = (255, 0, 255)


def png(colour: tuple[int, int, int]) -> bytes:
    """A picture of one pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" + bytes(colour))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def opened(browser: Browser, html: str, folder: Path, *, online: bool) -> tuple[Page, list[str], list[str]]:
    """The page with or without tiles at the other end; what it asked for, and what it complained of."""
    file = folder / "index.html"
    file.write_text(html, encoding="utf-8", newline="\n")
    page = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce").new_page()
    asked: list[str] = []
    complaints: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if online:
            route.fulfill(body=png(MAGENTA), content_type="image/png")
        else:
            route.abort("internetdisconnected")

    page.route(re.compile("^https?:"), answer)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.wait_for_selector("img.leaflet-tile-loaded" if online else "img.leaflet-tile", state="attached")
    return page, asked, complaints


def test_without_the_option_no_host_is_named_and_nothing_is_asked_for(visit: Visit, html: str) -> None:
    assert "img-src" not in policy_of(html)
    visit(html)  # asserts at its end that the page asked for nothing


def test_with_it_the_policy_names_exactly_that_host(atlas: Atlas) -> None:
    page = render(atlas, shape=lambda place: None, tiles=ADDRESS, tiles_credit="Example")
    rules = policy_of(page_html(page))
    assert rules["img-src"] == ["data:", "https://tiles.example.org"]
    assert not [source for name, found in rules.items() if name != "img-src" for source in found if "http" in source]


def test_the_hosts_of_a_users_own_layers_are_spelt_out(atlas: Atlas) -> None:
    page = render(atlas, shape=lambda place: None)
    folium.TileLayer("https://{s}.tile.example.net/{z}/{x}/{y}.png", attr="Example", subdomains="ab").add_to(page)
    folium.WmsTileLayer("https://wms.example.net/ows?x=1", layers="a").add_to(page)
    folium.raster_layers.ImageOverlay(
        "https://pictures.example.net:8443/a.png", [[33, 62], [35, 64]], attr="Example"
    ).add_to(page)
    assert policy_of(page_html(page))["img-src"] == [
        "data:",
        "https://a.tile.example.net",
        "https://b.tile.example.net",
        "https://pictures.example.net:8443",
        "https://wms.example.net",
    ]


def test_tiles_cover_the_land_and_leave_the_border_and_the_marks(
    browser: Browser, atlas: Atlas, tmp_path: Path
) -> None:
    html = page_html(render(atlas, shape=lambda place: None, tiles=ADDRESS, tiles_credit="© Example & friends"))
    page, asked, complaints = opened(browser, html, tmp_path, online=True)
    assert asked and all(url.startswith("https://tiles.example.org/") for url in asked)
    assert complaints == []
    page.wait_for_timeout(400)  # tiles fade in
    picture = page.screenshot()
    assert pixels_like(browser, picture, MAGENTA) > 200_000
    assert pixels_like(browser, picture, (200, 52, 26)) > 500
    assert "© Example & friends" in page.inner_text(".credit")
    page.context.close()


def test_where_no_tile_comes_the_page_is_as_good_as_without(browser: Browser, atlas: Atlas, tmp_path: Path) -> None:
    html = page_html(render(atlas, shape=lambda place: None, tiles=ADDRESS, tiles_credit="Example"))
    page, asked, complaints = opened(browser, html, tmp_path, online=False)
    assert asked
    assert {text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text} == set()
    assert pixels_like(browser, page.screenshot(), (200, 52, 26)) > 500
    assert page.get_by_text("Dushanbe", exact=True).count() >= 1
    page.context.close()


def test_a_provider_is_known_by_name_with_its_credit() -> None:
    layer = tile_layer("OpenStreetMap")
    assert layer.tiles == "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    assert "OpenStreetMap" in str(layer.options["attribution"])


@pytest.mark.parametrize(
    ("tiles", "credit", "said"),
    [
        ("Nowhere Maps", None, "no such provider"),
        ("https://example.org/tiles", "Example", "no web address with"),
        ("file:///etc/{z}/{x}/{y}", "Example", "no web address with"),
        ("javascript:{z}{x}{y}", "Example", "no web address with"),
        ("https://[bad/{z}/{x}/{y}", "Example", "no web address with"),
        (ADDRESS, None, "say whose they are"),
        ("Thunderforest", None, "no such provider"),
        ("Thunderforest.OpenCycleMap", None, "or one that wants a key"),
    ],
)
def test_what_is_no_source_of_tiles_is_refused_by_name(tiles: str, credit: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        tile_layer(tiles, credit)
