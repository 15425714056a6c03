"""The page as a reader meets it, in a browser without a network.

Each visit also asserts, at its end, that the page asked for no file but itself and logged nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import folium
import pytest
from playwright.sync_api import Browser, Page

from geomap.errors import OutputError
from geomap.model import Atlas
from geomap.webmap import page_html, render
from geomap.webmap.page import Assets, Raw
from tests.webmap.conftest import VERMILION, Visit, pixels_like, seen

KABUL, DUSHANBE, MOSCOW, LAOS = "gn:1138958", "gn:1221874", "gn:524901", "gn:1655842"
KUNDUZ, NORTH, BORDER = "gn:1135690", "gm:dir-AF-north", "gm:bdr-AF-TJ"
AFGHANISTAN, CENTRAL_ASIA = "gn:1149361", "gm:central-asia"


def hash_of(page: Page) -> str:
    return str(page.evaluate("decodeURIComponent(location.hash)"))


def marks(page: Page) -> set[str]:
    """The places that are drawn, in the view or beyond it."""
    return set(seen(page)["drawn"])


def rows(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(".row[data-place]", "all => all.map(row => row.dataset.place)")
    return found


def click_mark(page: Page, place: str) -> None:
    """Clicks where the canvas shows a place's mark."""
    (mark,) = (mark for mark in seen(page)["map"] if place in mark["members"])
    page.mouse.click(mark["x"], mark["y"])


def turn(page: Page, facet: str, value: str) -> None:
    """Ticks or unticks one choice of a filter."""
    page.click(f"[data-facet={facet}]")
    page.click(f"input[data-option='{value}']")
    page.keyboard.press("Escape")


# The file


def test_the_page_can_be_used_within_a_second(visit: Visit, html: str) -> None:
    """The best of three visits: what a busy machine adds is not the page's."""
    assert min(visit(html).evaluate("window.READY") for _ in range(3)) <= 1000


def test_a_page_without_articles_is_small_and_says_that_it_is_empty(visit: Visit) -> None:
    html = page_html(render(Atlas(articles=(), places=()), shape=lambda place: None))
    assert len(html.encode()) <= 280_000
    page = visit(html)
    assert "No articles yet" in page.inner_text(".view")
    assert marks(page) == set()


def test_the_page_is_locked_by_hashes_and_allows_nothing_else(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1] and "http" not in policy[1]
    assert html.index("Content-Security-Policy") < html.index("<script") < html.index("</body>")
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", html)


def test_a_script_without_a_hash_is_refused(browser: Browser, html: str, tmp_path: Path) -> None:
    file = tmp_path / "tampered.html"
    file.write_text(html.replace("</body>", "<script>window.PWN = 1</script></body>"), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready=true]", state="attached")
    assert page.evaluate("window.PWN") is None
    page.close()


def test_the_licence_of_leaflet_stands_in_the_page(visit: Visit, html: str) -> None:
    page = visit(html, "#about")
    page.click("text=Licence of Leaflet")
    assert "Redistribution and use in source and binary forms" in page.inner_text(".view pre")


RENDER_TWICE = """
import sys
from geomap.model import Article, Atlas, AtlasMention, AtlasPlace, Mention, Place, Resolution
from geomap.webmap import page_html, render
import folium
spots = [Place(id=f"gn:{n}", name=f"P{n}", country="AF", admin1=None, lon=60 + n, lat=34, feature_code="PPL") for n in range(9)]
def found(place):
    mention = Mention(start=0, end=1, phrase="x", kind="place", name="x", sentence=(0, 1))
    return AtlasMention(article_id="a", resolution=Resolution(mention=mention, place=place, precision="town"))
places = tuple(AtlasPlace(place=place, precision="town", mentions=(found(place),)) for place in spots)
page = render(Atlas(articles=(Article(id="a", text="x"),), places=places), shape=lambda place: None)
folium.CircleMarker([34, 66]).add_to(page)
first, second = page_html(page), page_html(page)
assert first == second
sys.stdout.buffer.write(first.encode())
"""


def test_the_same_atlas_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    pages = [
        subprocess.run(
            [sys.executable, "-c", RENDER_TWICE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert pages[0] == pages[1]
    assert b"circle_marker_0" in pages[0]


def test_a_user_may_add_folium_layers_to_the_locked_page(visit: Visit, atlas: Atlas) -> None:
    page = render(atlas, shape=lambda place: None)
    folium.CircleMarker([34.0, 62.0], radius=20, color="#00aa00").add_to(page)
    folium.GeoJson({"type": "Point", "coordinates": [65, 35]}, marker=folium.Circle(radius=9)).add_to(page)
    assert visit(page_html(page)).locator("path[stroke='#00aa00']").count() == 1


def test_missing_parts_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("geomap.webmap.page.files", lambda package: tmp_path)
    with pytest.raises(OutputError, match=r"geomap/data/leaflet\.js is missing; build the package"):
        Assets.bundled()


def test_a_script_that_would_end_itself_too_soon_is_refused() -> None:
    with pytest.raises(OutputError, match="script"):
        Raw("script", 'var x = "</SCRIPT>";')


# Foreign text


def test_only_web_addresses_become_links_and_leak_nothing(visit: Visit, html: str) -> None:
    page = visit(html, f"#place={DUSHANBE}")
    link = page.locator("a.original")
    assert link.get_attribute("href") == "https://example.org/report?a=1&b=2"
    assert link.get_attribute("rel") == "noopener noreferrer"


# The map


def test_the_tajik_border_is_the_strong_line_of_the_first_view(visit: Visit, browser: Browser, html: str) -> None:
    page = visit(html)
    assert pixels_like(browser, page.screenshot(), VERMILION) > 800
    assert page.locator(".border-name").inner_text() == "Tajik–Afghan border"
    page.evaluate(
        "document.querySelectorAll('.border-line, .border-name, .leader, .tools, .pill, .leaflet-marks-pane, .dot')"
        ".forEach(n => n.remove())"
    )
    assert pixels_like(browser, page.screenshot(), VERMILION) < 30


def test_kinds_of_places_differ_in_shape_and_only_a_town_is_a_disc(visit: Visit, html: str) -> None:
    page = visit(html, "#kinds=metonym")
    page.click(".views >> text=World")
    shapes = {mark["id"]: mark["form"] for mark in seen(page)["map"] if len(mark["members"]) == 1}
    shapes |= {place: "many" for mark in seen(page)["map"] if mark["form"] == "many" for place in mark["members"]}
    page.click(".views >> text=Region")
    shapes |= {mark["id"]: mark["form"] for mark in seen(page)["map"] if len(mark["members"]) == 1}
    assert shapes == {
        KABUL: "town",
        DUSHANBE: "town",
        AFGHANISTAN: "country",
        KUNDUZ: "province",
        CENTRAL_ASIA: "region",
        NORTH: "directional",
        BORDER: "line",
        MOSCOW: "diamond",
    }


def test_areas_and_lines_are_drawn_for_what_is_no_spot(visit: Visit, html: str) -> None:
    page = visit(html)
    assert page.locator(f"path.of-province[data-outline='{KUNDUZ}']").count() == 1
    assert "hatch" in page.locator(f"path.of-directional[data-outline='{NORTH}']").evaluate(
        "n => getComputedStyle(n).fill"
    )
    page.hover(f".row[data-place='{AFGHANISTAN}']")
    assert page.locator("path.land.home.lit").count() == 1
    page.hover(f".row[data-place='{CENTRAL_ASIA}']")
    assert page.locator("path.land.lit").count() == 5


def test_names_on_the_map_never_overlap(visit: Visit, html: str) -> None:
    page = visit(html)
    for view in ("Region", "Tajik border", "World"):
        page.click(f".views >> text={view}")
        boxes = page.eval_on_selector_all(
            ".label", "all => all.map(n => n.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
        )
        assert len(boxes) > 5
        for nth, a in enumerate(boxes):
            for b in boxes[nth + 1 :]:
                slack = 3  # the box of a line of type is a little larger than its letters
                apart = a[2] <= b[0] + slack or b[2] <= a[0] + slack or a[3] <= b[1] + slack or b[3] <= a[1] + slack
                assert apart, (view, a, b)


def test_what_lies_beyond_the_view_is_one_click_away(visit: Visit, html: str) -> None:
    page = visit(html, "#kinds=metonym")
    sign = page.locator(f".edge[data-place='{MOSCOW}']")
    assert re.sub(r"\s+", " ", sign.inner_text()).strip() == "Moscow 1 mention, beyond the view"
    sign.click()
    page.wait_for_selector(".excerpt")
    assert seen(page)["chosen"] == MOSCOW
    assert page.inner_text(".view h2") == "Moscow"
    page.wait_for_function("id => !document.querySelector(`.edge[data-place='${id}']`)", arg=MOSCOW)
    assert page.locator(f".edge[data-place='{MOSCOW}']").count() == 0
    assert page.locator(f".edge[data-place='{KABUL}']").count() in (0, 1)


def test_the_map_glides_to_a_far_place_where_motion_is_welcome(visit: Visit, html: str) -> None:
    page = visit(html, "#kinds=metonym", reduced_motion="no-preference")
    page.click(f".edge[data-place='{MOSCOW}']")
    page.wait_for_function(
        "id => geomap.seen().map.some((mark) => mark.id === id && mark.x > 500 && mark.x < 1340 && mark.y > 100 && mark.y < 800)",
        arg=MOSCOW,
    )
    assert page.inner_text(".view h2") == "Moscow"


def test_the_border_line_itself_can_be_clicked(visit: Visit, html: str) -> None:
    page = visit(html)
    page.click(".views >> text=Tajik border")
    middle = page.locator(f"path.grasp[data-outline='{BORDER}']").evaluate(
        "path => { const at = path.getPointAtLength(path.getTotalLength() * 0.8).matrixTransform(path.getScreenCTM());"
        " return [at.x, at.y]; }"
    )
    page.mouse.click(*middle)
    page.wait_for_selector(".excerpt")
    assert page.inner_text(".view h2") == "Afghanistan–Tajikistan border"
    assert page.inner_text(".excerpt mark") == "Tajik-Afghan border"


def test_the_view_buttons_lead_to_the_border_the_world_and_back(visit: Visit, html: str) -> None:
    page = visit(html)
    width = "document.querySelector('.border-line').getBoundingClientRect().width"
    region = page.evaluate(width)
    page.click(".views >> text=Tajik border")
    assert page.evaluate(width) > 2 * region
    page.click(".views >> text=World")
    assert page.evaluate(width) < region / 2
    page.click(".views >> text=Region")
    assert page.evaluate(width) == pytest.approx(region, rel=0.02)


# Reading


@pytest.mark.parametrize("way", ["row", "mark"])
def test_one_click_shows_every_sentence_of_a_place_with_its_name_marked(visit: Visit, html: str, way: str) -> None:
    page = visit(html)
    if way == "row":
        page.click(f".row[data-place='{KABUL}']")
    else:
        click_mark(page, KABUL)
    page.wait_for_selector(".excerpt")
    assert page.inner_text(".view h2") == "Kabul"
    assert page.locator(".excerpt mark").all_inner_texts() == ["Kabul", "کابل"]
    assert page.locator(".excerpt").first.inner_text().startswith("Fighters swept into Kabul without")
    assert "15 August 2021" in page.inner_text(".excerpts .meta")


def test_an_offset_after_an_emoji_still_marks_the_name(visit: Visit, html: str) -> None:
    page = visit(html, f"#place={DUSHANBE}")
    assert page.inner_text(".excerpt mark") == "Dushanbe"
    assert page.inner_text(".excerpt") == "😀 Ministers met in Dushanbe on Friday."
    assert page.inner_text(".excerpts h3") == "Talks 😀 in Dushanbe"


def test_the_whole_article_opens_at_the_mention_with_all_toponyms_marked_by_kind(visit: Visit, html: str) -> None:
    page = visit(html, f"#place={DUSHANBE}")
    page.click("text=Open the whole article")
    page.wait_for_selector(".body")
    assert page.inner_text("a.toponym.current") == "Dushanbe"
    assert page.locator("a.toponym.kind-border").inner_text() == "Tajik-Afghan border"
    assert page.locator("a.toponym.kind-demonym").inner_text() == "Laotian"
    assert page.locator(".toponym.nil").inner_text() == "Nowhereville"
    assert "not in gazetteer" in str(page.locator(".toponym.nil").get_attribute("title"))
    page.click("a.toponym >> text=Kunduz Province")
    page.wait_for_function("id => geomap.seen().chosen === id", arg=KUNDUZ)
    assert page.inner_text(".where") == "3 of 8"
    assert {mark["id"] for mark in seen(page)["map"] if mark["faded"]} == {KABUL}


def test_keys_step_from_mention_to_mention(visit: Visit, html: str) -> None:
    page = visit(html, "#article=report.txt")
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.inner_text("a.toponym.current") == "northern Afghanistan"
    page.keyboard.press("p")
    assert page.inner_text("a.toponym.current") == "Dushanbe"
    page.keyboard.press("p")
    assert page.inner_text("a.toponym.current") == "Laotian"
    page.keyboard.press("Escape")
    page.wait_for_selector(".rows")


def test_keys_step_from_excerpt_to_excerpt(visit: Visit, html: str) -> None:
    page = visit(html, f"#place={KABUL}")
    assert page.inner_text(".where") == "2 mentions"
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.inner_text(".where") == "2 of 2"
    assert "کابل" in page.inner_text(".excerpt.current")


def test_back_and_forward_retrace_the_reading(visit: Visit, html: str) -> None:
    page = visit(html)
    page.click(f".row[data-place='{KABUL}']")
    page.click(".excerpts h3 a")
    page.wait_for_selector(".body")
    page.go_back()
    page.wait_for_selector(".excerpt")
    page.go_back()
    page.wait_for_selector(".rows")
    page.go_forward()
    page.wait_for_selector(".excerpt")
    assert hash_of(page) == f"#place={KABUL}"


def test_an_address_alone_restores_what_was_read(visit: Visit, html: str) -> None:
    page = visit(html)
    page.fill("#search", "kunduz")
    turn(page, "kind", "metonym")
    page.click(f".row[data-place='{KUNDUZ}']")
    page.wait_for_selector(".excerpt")
    again = visit(html, str(page.evaluate("location.hash")))
    assert again.inner_text(".view h2") == "Kunduz"
    assert again.input_value("#search") == "kunduz"
    assert "metonym" in seen(again)["filter"]["kind"]
    assert marks(again) == marks(page)


@pytest.mark.parametrize(
    "fragment", ["#place=nowhere", "#article=&at=x", "#at=NaN&place=%", "#q=%F0%9F&kinds=zzz", "#%00"]
)
def test_a_stale_or_broken_address_still_opens_the_list(visit: Visit, html: str, fragment: str) -> None:
    assert visit(html, fragment).locator(".rows, .empty").count() >= 1


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("kabul", {KABUL}),
        ("کابل", {KABUL}),
        ("RESISTANCE", {KABUL}),
        ("refugees", {AFGHANISTAN, CENTRAL_ASIA}),
        ("talks dushanbe", {DUSHANBE, NORTH, KUNDUZ, BORDER, AFGHANISTAN, CENTRAL_ASIA}),
        ("zzzz", set()),
    ],
)
def test_search_leaves_the_same_places_in_the_list_and_on_the_map(
    visit: Visit, html: str, query: str, left: set[str]
) -> None:
    page = visit(html)
    page.fill("#search", query)
    page.wait_for_timeout(150)
    assert marks(page) == left
    assert set(rows(page)) == left


def test_metonyms_and_demonyms_appear_only_when_asked_and_demonyms_have_no_pin(visit: Visit, html: str) -> None:
    page = visit(html)
    assert not {MOSCOW, LAOS} & (marks(page) | set(rows(page)))
    turn(page, "kind", "metonym")
    turn(page, "kind", "demonym")
    assert MOSCOW in marks(page) and MOSCOW in rows(page)
    assert LAOS in rows(page) and LAOS not in marks(page)


def test_the_list_is_sorted_as_asked(visit: Visit, html: str) -> None:
    page = visit(html)
    assert rows(page)[0] == KABUL  # twice named
    page.select_option(".sort", "latest")
    assert rows(page)[-1] == KABUL  # named in August only
    page.select_option(".sort", "name")
    names = page.locator(".row .name").all_inner_texts()
    assert names == sorted(names, key=str.lower)


def test_the_notes_count_what_was_found_and_what_was_not(visit: Visit, html: str) -> None:
    page = visit(html, "#about")
    notes = page.inner_text(".view")
    for said in ("GeoNames, CC BY 4.0", "Natural Earth", "g1", "not in gazetteer (1)"):
        assert said in notes
    page.click("text=not in gazetteer (1)")
    page.click("text=Nowhereville")
    page.wait_for_selector(".body")


# Every reader


def test_the_page_can_be_read_inside_the_frame_of_a_notebook(browser: Browser, atlas: Atlas) -> None:
    page = browser.new_page(reduced_motion="reduce")
    page.set_content(render(atlas, shape=lambda place: None)._repr_html_())
    frame = page.frames[1]
    frame.wait_for_selector("html[data-ready=true]", state="attached")
    frame.click(f".row[data-place='{KABUL}']")
    frame.wait_for_selector(".excerpt")
    frame.fill("#search", "refugees")
    frame.wait_for_selector(f".row[data-place='{AFGHANISTAN}']")
    assert frame.locator(f".row[data-place='{KABUL}']").count() == 0
    page.close()


def test_everything_is_reached_by_keyboard_with_a_visible_focus(visit: Visit, html: str) -> None:
    page = visit(html)
    page.focus(f".row[data-place='{KABUL}']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".excerpt")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement !== document.body")
    style = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(style) != "none"


def test_right_to_left_text_runs_from_the_right(visit: Visit, html: str) -> None:
    page = visit(html, f"#place={KABUL}")
    directions = page.locator(".excerpt").evaluate_all("all => all.map(n => n.matches(':dir(rtl)'))")
    assert directions == [False, True]


def test_every_control_has_a_name(visit: Visit, html: str) -> None:
    page = visit(html)
    unnamed = page.eval_on_selector_all(
        "button, a[href], input, select, [role=button]",
        "all => all.filter(n => !(n.textContent.trim() || n.getAttribute('aria-label') || n.labels?.length)).length",
    )
    assert unnamed == 0
    assert page.get_attribute("html", "lang") == "en"
    assert "user-scalable" not in html and "maximum-scale" not in html


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "selector", [".tally", ".row .name", ".row .what", ".about-link", ".tab", ".chip", ".edge .name"]
)
def test_letters_stand_out_from_their_paper_in_both_themes(visit: Visit, html: str, scheme: str, selector: str) -> None:
    page = visit(html, "#kinds=metonym", color_scheme=scheme)
    contrast = page.eval_on_selector(
        selector,
        """node => {
            const light = (colour) => {
                const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
                    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const paper = light(getComputedStyle(document.getElementById("panel")).backgroundColor);
            const ink = light(getComputedStyle(node).color);
            return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        }""",
    )
    assert contrast >= 4.5


def test_a_phone_shows_the_map_above_and_a_sheet_below(visit: Visit, html: str) -> None:
    page = visit(html, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    stage = page.locator("#stage").bounding_box()
    sheet = page.locator("#panel").bounding_box()
    assert stage and sheet
    assert stage["height"] > 300 and sheet["height"] > 300 and sheet["y"] > 400
    page.click(".handle")
    page.wait_for_function("() => document.getElementById('panel').getBoundingClientRect().height > 600")
