"""The main job from end to end: the five seed articles, the real pipeline, a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from geomap import pipeline
from tests.webmap.conftest import VERMILION, Visit, pixels_like


@pytest.fixture(scope="module")
def seeds_html(root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page that `make map` writes."""
    output = tmp_path_factory.mktemp("maps")
    pipeline.build([root / "seeds"], output)
    return (output / pipeline.PAGE).read_text(encoding="utf-8")


def test_a_click_on_dushanbe_leads_to_its_sentence_of_tass(visit: Visit, seeds_html: str) -> None:
    page = visit(seeds_html)
    page.click("[data-place='gn:1221874']")
    page.wait_for_selector(".excerpt")
    excerpts = page.locator(".excerpt").all_inner_texts()
    assert any("summits held in Dushanbe in September" in text for text in excerpts)
    assert set(page.locator(".excerpt mark").all_inner_texts()) == {"Dushanbe"}
    assert "TASS" in page.inner_text(".view")


def test_the_border_of_the_seeds_is_drawn_in_its_own_colour(visit: Visit, browser: Browser, seeds_html: str) -> None:
    page = visit(seeds_html)
    assert pixels_like(browser, page.screenshot(), VERMILION) > 800


def test_what_lies_beyond_is_announced(visit: Visit, seeds_html: str) -> None:
    page = visit(seeds_html)
    signs = " ".join(page.locator("button.edge").all_inner_texts())
    assert "Moscow" in signs
    assert "United States" in signs


def test_a_country_is_no_disc_and_nothing_is_drawn_for_a_demonym_or_an_organisation(
    visit: Visit, seeds_html: str
) -> None:
    page = visit(seeds_html)
    names = page.locator(".rows .name").all_inner_texts()
    assert "Afghanistan" in names
    assert "Shanghai" not in names
    assert "Vladivostok" not in names
    assert "Washington" not in names


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_no_sign_at_the_edge_hides_the_tajik_border(visit: Visit, seeds_html: str, width: int, height: int) -> None:
    page = visit(seeds_html, viewport={"width": width, "height": height})
    hidden = page.evaluate(
        """() => {
            const path = document.querySelector("path.border-line"), matrix = path.getScreenCTM();
            const boxes = [...document.querySelectorAll("button.edge")].map((sign) => sign.getBoundingClientRect());
            return Array.from({ length: 200 }, (_, i) =>
                path.getPointAtLength((path.getTotalLength() * i) / 199).matrixTransform(matrix),
            ).filter((at) => boxes.some((box) => box.left <= at.x && at.x <= box.right && box.top <= at.y && at.y <= box.bottom)).length;
        }"""
    )
    assert hidden == 0
