"""The page for everyone: no axe-core violation in any state, and all of it by keyboard alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geomap.model import Atlas
from geomap.webmap.articles import article_pages, plan
from tests.webmap.conftest import REPORT, Visit

AXE = Path(__file__).parent.parent / "npm" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

KABUL, DUSHANBE = "gn:1138958", "gn:1221874"

STATES = {
    "list": "",
    "articles": "tab=articles",
    "place": f"place={KABUL}",
    "article": f"article={REPORT.id}&at=24",
    "filtered": "country=AF&sure=60&kinds=metonym,demonym&from=2021-08-01",
    "nothing left": "q=nowhereatall",
    "shaded": "mode=countries",
    "border": "border=AF-PK",
    "about": "about",
}
SCREENS = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; npm ci --prefix tests/npm (make test does it)")
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds wrong, one line an element."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    return [
        f"{rule['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else rule['help']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_in_any_state(visit: Visit, html: str, axe: str, screen: str, theme: str) -> None:
    page = visit(html, viewport=SCREENS[screen], color_scheme=theme)
    wrong = {}
    for name, address in STATES.items():
        page.evaluate("address => { location.hash = address; }", address)
        page.wait_for_timeout(50)
        if found := violations(page, axe):
            wrong[name] = found
    page.evaluate("location.hash = ''")
    for chip in page.locator("button[popovertarget]").all():
        if not chip.is_visible():
            continue
        chip.click()
        if found := violations(page, axe):
            wrong[f"menu {chip.text_content()}"] = found
        page.keyboard.press("Escape")
    assert not wrong, "\n".join(f"{state}: {line}" for state, lines in wrong.items() for line in lines)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_an_articles_own_page(browser: Browser, atlas: Atlas, axe: str, theme: str) -> None:
    pages = plan(atlas.articles, 0)
    for _, html in article_pages(atlas, pages, title="Two articles", home="../index.html"):
        page = browser.new_context(color_scheme="dark" if theme == "dark" else "light").new_page()
        page.set_content(html)
        assert violations(page, axe) == []
        page.context.close()


def focused(page: Page) -> str:
    """What has the focus, in words."""
    said: str = page.evaluate(
        "() => { const { tagName, textContent, ariaLabel, id, dataset } = document.activeElement;"
        " return [tagName.toLowerCase(), dataset.place || dataset.facet || id, (ariaLabel || textContent).trim().slice(0, 40)].join(' '); }"
    )
    return said


def walk(page: Page, until: str, most: int = 80) -> list[str]:
    """Presses Tab until something has the focus; gives the way there."""
    way: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        way.append(focused(page))
        visible = page.evaluate(
            "() => { const node = document.activeElement, look = getComputedStyle(node), box = node.getBoundingClientRect();"
            " return node === document.body || (box.width > 0 && (look.outlineStyle !== 'none' || look.boxShadow !== 'none')); }"
        )
        assert visible, f"no visible focus on {way[-1]}"
        if until in way[-1]:
            return way
    raise AssertionError(f"{until} is not reached by Tab: {way}")


def test_from_the_search_to_an_article_and_back_by_keyboard_alone(visit: Visit, html: str) -> None:
    page = visit(html)
    page.keyboard.press("/")
    assert "search" in focused(page)
    page.keyboard.type("kabul")
    page.wait_for_function("() => geomap.seen().list.length === 1")
    walk(page, KABUL)
    page.keyboard.press("Enter")
    page.wait_for_selector("#view .excerpt")
    assert page.evaluate("document.activeElement.textContent") == "Kabul"
    page.keyboard.press("n")
    assert page.locator("#view .excerpt.current").count() == 1
    walk(page, "Open the whole article")
    page.keyboard.press("Enter")
    page.wait_for_selector("#view .body")
    assert page.inner_text("a.toponym.current") == "Kabul"
    page.keyboard.press("Escape")
    page.wait_for_selector(".rows")


def test_a_filter_is_opened_set_and_closed_by_keyboard_alone(visit: Visit, html: str) -> None:
    page = visit(html)
    before = len(page.evaluate("geomap.seen().mentions"))
    walk(page, "kind")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.type === 'checkbox'")
    page.keyboard.press("Space")
    page.wait_for_function("before => geomap.seen().mentions.length < before", arg=before)
    assert page.evaluate("document.activeElement.type") == "checkbox", "the focus stays where the reader is"
    page.keyboard.press("Escape")
    assert page.locator(":popover-open").count() == 0
    assert "kind" in focused(page)


def test_the_map_is_moved_by_keyboard_and_its_content_said_in_words(visit: Visit, html: str) -> None:
    page = visit(html)
    assert page.get_attribute(".folium-map", "role") == "region"
    assert page.get_attribute(".folium-map", "aria-label")
    zoom = page.evaluate("document.querySelector('.leaflet-map-pane').style.transform")
    walk(page, "map_0001")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.leaflet-map-pane').style.transform !== before", arg=zoom)
    status = page.locator("[role=status]")
    assert status.count() >= 1
    assert "mentions" in str(status.first.text_content())


def test_every_target_is_large_enough_for_a_finger(visit: Visit, html: str) -> None:
    """WCAG 2.5.8: 24 by 24 CSS pixels, but for links within a sentence."""
    page = visit(html, viewport=SCREENS["phone"], has_touch=True, is_mobile=True)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, .row, .chip")].filter((node) => {
            const box = node.getBoundingClientRect();
            return node.checkVisibility() && box.width > 0 && (box.width < 24 || box.height < 24) && node.type !== "range";
        }).map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert small == []
    assert "user-scalable" not in html and "maximum-scale" not in html


@pytest.mark.parametrize("state", ["", f"place={KABUL}", f"article={REPORT.id}", "about", "tab=articles"])
def test_nothing_is_cut_off_at_320_pixels(visit: Visit, html: str, state: str) -> None:
    """WCAG 1.4.10: no scrolling in two directions."""
    page = visit(html, f"#{state}", viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = page.evaluate(
        "[...document.querySelectorAll('#view, #view *')].filter((node) => node.scrollWidth > 330 || node.getBoundingClientRect().right > 321)"
        ".map((node) => node.outerHTML.slice(0, 100))"
    )
    assert wide == []


def test_motion_is_reduced_where_the_reader_asks_for_it(visit: Visit, html: str) -> None:
    page = visit(html)
    moving = page.evaluate(
        "[...document.querySelectorAll('body *')].filter((node) => { const look = getComputedStyle(node);"
        " return [look.transitionDuration, look.animationDuration].some((all) => all.split(', ').some((one) => parseFloat(one) > 0.01)); })"
        ".map((node) => node.className)"
    )
    assert moving == []
