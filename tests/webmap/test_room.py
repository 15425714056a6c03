"""The reading room: filters that agree, time, borders, clusters, permalinks, and what a reader takes away."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page

from geomap.model import Article, Atlas, AtlasMention, AtlasPlace, Mention, Place, Resolution
from geomap.webmap import page_html, render
from geomap.webmap.payload import ShapeOf
from tests.webmap.conftest import VERMILION, Visit, pixels_like, seen

KABUL, DUSHANBE, MOSCOW, LAOS = "gn:1138958", "gn:1221874", "gn:524901", "gn:1655842"
KUNDUZ, BORDER, AFGHANISTAN = "gn:1135690", "gm:bdr-AF-TJ", "gn:1149361"


def many(articles: int = 40, towns: int = 12, *, apart: float = 0.4) -> Atlas:
    """Articles of every third day (each ninth without a date), each naming some of a row of towns."""
    spots = [
        Place(
            id=f"gn:{n}", name=f"Town {n:02}", country="AF", admin1=None, lon=63 + n * apart, lat=34, feature_code="PPL"
        )
        for n in range(towns)
    ]
    written, mentions = [], {spot.id: list[AtlasMention]() for spot in spots}
    for number in range(articles):
        named = [spots[(number * step) % towns] for step in (1, 2, 3)]
        lines = [f"Report {number} of {spot.name}." for spot in named]
        text = " ".join(lines)
        day = None if number % 9 == 0 else f"2021-{1 + number // 10:02}-{1 + (number * 3) % 27:02}"
        article = Article(
            id=f"n{number:04}", title=f"News {number}", text=text, date=day, source=f"Agency {number % 3}"
        )
        written.append(article)
        end = 0
        for spot, line in zip(named, lines, strict=True):
            start = text.index(line, end)
            end = start + len(line)
            found = Mention(
                start=end - 1 - len(spot.name),
                end=end - 1,
                phrase=spot.name,
                kind="place",
                name=spot.name,
                sentence=(start, end),
            )
            score = (number % 10) / 10
            resolution = Resolution(mention=found, place=spot, precision="town", score=score)
            mentions[spot.id].append(AtlasMention(article_id=article.id, resolution=resolution))
    places = [AtlasPlace(place=spot, precision="town", mentions=tuple(mentions[spot.id])) for spot in spots]
    return Atlas(
        articles=tuple(written),
        places=tuple(sorted(places, key=lambda entry: (-len(entry.mentions), entry.place.id))),
    )


@pytest.fixture(scope="module")
def many_html() -> str:
    return page_html(render(many(), shape=lambda place: None, title="Many"))


def turn(page: Page, facet: str, *values: str) -> None:
    page.click(f"[data-facet={facet}]")
    for value in values:
        page.click(f"input[data-option='{value}']")
    page.keyboard.press("Escape")


def agrees(page: Page) -> dict[str, object]:
    """Whether live region, list, map and histogram tell of the same set; returns what they tell."""
    shown = seen(page)
    mentions, places, articles = (int(n.replace(",", "")) for n in re.findall(r"[\d,]+", shown["said"]))
    assert mentions == len(shown["mentions"])
    assert places == len(shown["list"])
    assert articles == len(shown["articles"])
    assert sum(shown["histogram"]["bars"]) + shown["histogram"]["undated"] == mentions
    assert set(shown["drawn"]) <= set(shown["list"])
    assert sum(shown["drawn"].values()) <= mentions
    return shown


# Filters


@pytest.mark.parametrize(
    ("facet", "value"), [("source", "Agency 1"), ("sure", "60"), ("sure", "90")], ids=["source", "likely", "certain"]
)
def test_a_filter_leaves_the_same_set_everywhere_and_its_chip_says_so(
    visit: Visit, many_html: str, facet: str, value: str
) -> None:
    page = visit(many_html)
    before = len(seen(page)["mentions"])
    turn(page, facet, value)
    page.wait_for_function("before => geomap.seen().mentions.length < before", arg=before)
    agrees(page)
    assert "on" in str(page.get_attribute(f"[data-facet={facet}]", "class"))
    page.click("text=Clear all")
    page.wait_for_function("before => geomap.seen().mentions.length === before", arg=before)


def test_a_menu_counts_each_choice_as_if_its_own_filter_were_open(visit: Visit, many_html: str) -> None:
    page = visit(many_html)
    page.click("[data-facet=source]")
    before = page.locator(".menu:popover-open .option .number").all_inner_texts()
    page.click("input[data-option='Agency 1']")
    page.wait_for_function("() => geomap.seen().filter.source.size === 1")
    assert page.locator(".menu:popover-open .option .number").all_inner_texts().sort() == before.sort()
    assert sum(map(int, before)) == 120


def test_a_menu_is_worked_by_keyboard_and_gives_the_focus_back(visit: Visit, many_html: str) -> None:
    page = visit(many_html)
    page.focus("[data-facet=source]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".menu:popover-open input:focus")
    page.keyboard.press("Space")
    page.wait_for_function("() => geomap.seen().filter.source.size === 1")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.facet") == "source"
    page.wait_for_selector("[data-facet=source][aria-expanded=false]")


def test_one_article_alone_is_a_filter_that_a_chip_takes_back(visit: Visit, many_html: str) -> None:
    page = visit(many_html, "#article=n0007")
    page.click("text=Show this article only")
    page.wait_for_selector(".set-chip")
    assert agrees(page)["articles"] == ["n0007"]
    page.click(".set-chip")
    page.wait_for_function("() => geomap.seen().articles.length === 40")


def test_a_country_is_kept_with_its_borders(visit: Visit, html: str) -> None:
    page = visit(html, "#country=TJ")
    assert {DUSHANBE, BORDER} <= set(seen(page)["list"])
    assert AFGHANISTAN not in seen(page)["list"]
    agrees(page)


def test_the_notes_keep_the_filters(visit: Visit, many_html: str) -> None:
    page = visit(many_html, "#source=Agency+1")
    page.click(".about-link")
    page.wait_for_selector(".facts")
    assert "source=Agency+1" in page.evaluate("location.hash")
    page.keyboard.press("Escape")
    page.wait_for_selector(".rows")
    assert seen(page)["filter"]["source"] == ["Agency 1"]


# Time


def test_the_handles_of_the_strip_choose_days_by_keyboard(visit: Visit, many_html: str) -> None:
    page = visit(many_html)
    page.focus(".handle-from")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => geomap.seen().mentions.length < 105")
    agrees(page)
    assert page.get_attribute(".handle-from", "aria-valuetext")
    assert "from=2021" in page.evaluate("location.hash")


def test_undated_articles_step_back_when_days_are_chosen_and_can_be_had_again(visit: Visit, many_html: str) -> None:
    page = visit(many_html)
    assert agrees(page)["histogram"]["undated"] == 15  # type: ignore[index]
    page.click(".bars", position={"x": 300, "y": 20})
    page.wait_for_function("() => geomap.seen().filter.from !== null")
    assert agrees(page)["histogram"]["undated"] == 0  # type: ignore[index]
    page.click(".undated")
    page.wait_for_function("() => geomap.seen().histogram.undated === 15")
    agrees(page)


def test_playing_walks_through_the_days_and_stops_when_another_day_is_chosen(visit: Visit, many_html: str) -> None:
    page = visit(many_html, viewport={"width": 390, "height": 844})
    page.click(".play")
    page.wait_for_function("() => geomap.seen().filter.from !== null")
    first = seen(page)["filter"]["from"]
    assert page.inner_text(".play") == "Pause"
    page.wait_for_function("first => geomap.seen().filter.from > first", arg=first)
    agrees(page)
    page.evaluate("location.hash = '#from=2021-01-01&to=2021-01-31'")
    page.wait_for_function("() => document.querySelector('.play').textContent === 'Play'")


def test_without_any_date_there_is_no_strip(visit: Visit) -> None:
    atlas = many(3)
    dateless = replace(atlas, articles=tuple(replace(article, date=None) for article in atlas.articles))
    page = visit(page_html(render(dateless, shape=lambda place: None)))
    assert page.locator(".strip").count() == 0
    assert len(seen(page)["mentions"]) == 9


# The map


def test_places_that_lie_together_are_one_mark_that_comes_apart_by_a_click(visit: Visit) -> None:
    page = visit(page_html(render(many(apart=0.05), shape=lambda place: None)))
    (mark,) = seen(page)["map"]
    assert mark["form"] == "many" and len(mark["members"]) == 12 and mark["count"] == 120
    page.mouse.click(mark["x"], mark["y"])
    page.wait_for_function("() => geomap.seen().map.length > 1")
    assert sum(len(one["members"]) for one in seen(page)["map"]) == 12


def test_places_on_one_spot_are_listed_alone_where_no_zoom_parts_them(visit: Visit) -> None:
    page = visit(page_html(render(many(apart=0.0), shape=lambda place: None)))
    (mark,) = seen(page)["map"]
    page.mouse.click(mark["x"], mark["y"])
    page.wait_for_selector(".set-chip")
    assert "12 places here" in page.inner_text(".set-chip")
    assert page.locator(".row").count() == 12


def test_marks_never_lie_on_each_other(visit: Visit, many_html: str) -> None:
    page = visit(many_html)
    spots = [(mark["x"], mark["y"]) for mark in seen(page)["map"]]
    assert all((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 >= 400 for a in spots for b in spots if a != b)


@pytest.mark.parametrize(("mode", "land", "provinces"), [("countries", 1, 0), ("provinces", 0, 2)])
def test_shades_stand_for_mentions_and_the_legend_names_their_classes(
    visit: Visit, mode: str, land: int, provinces: int
) -> None:
    atlas = many()
    kunduz, balkh = "24", "30"
    inside = [
        replace(entry, place=replace(entry.place, admin1=kunduz if nth else balkh))
        for nth, entry in enumerate(atlas.places)
    ]
    page = visit(page_html(render(replace(atlas, places=tuple(inside)), shape=lambda place: None)))
    page.click(f"button[data-mode={mode}]")
    page.wait_for_selector(f"body[data-mode={mode}] .legend .step")
    assert page.locator("path.land[data-shade]").count() == land
    assert page.locator("path.county[data-shade]").count() == provinces
    assert page.locator(".legend .step").count() == land + provinces
    assert seen(page)["map"] == []
    assert f"mode={mode}" in page.evaluate("location.hash")
    page.click("button[data-mode=marks]")
    assert page.locator("path[data-shade]").count() == 0


def test_heat_stands_for_spots_and_leaves_the_border_on_top(visit: Visit, browser: Browser, html: str) -> None:
    page = visit(html, "#mode=heat")
    assert pixels_like(browser, page.screenshot(), VERMILION) > 800


def test_the_tajik_border_view_names_its_crossings(visit: Visit, html: str) -> None:
    page = visit(html)
    page.click(".views >> text=Tajik border")
    page.wait_for_selector(".label.rank-crossing")
    names = set(page.locator(".label.rank-crossing").all_inner_texts())
    assert {"Ishkashim", "Khwahan"} <= names
    page.evaluate("id => { location.hash = new URLSearchParams({ place: id }); }", BORDER)
    page.wait_for_selector(".crossings")
    assert "Sher Khan Bandar" in page.inner_text(".crossings")


def test_each_other_border_of_afghanistan_has_its_view(visit: Visit, html: str) -> None:
    page = visit(html)
    page.click("text=Borders")
    names = page.locator(".menu:popover-open .act").all_inner_texts()
    assert names == ["China", "Iran", "Pakistan", "Turkmenistan", "Uzbekistan"]
    page.click(".menu:popover-open >> text=Iran")
    assert page.locator("path.border-other").count() == 1
    assert "border=AF-IR" in page.evaluate("location.hash")


def test_an_open_article_fades_what_it_does_not_name(visit: Visit, html: str) -> None:
    page = visit(html, "#article=untitled.txt")
    assert {mark["id"] for mark in seen(page)["map"] if not mark["faded"]} == {KABUL}
    assert page.locator("path.of-province:not(.absent)").count() == 0


# The address


def test_a_map_that_the_reader_moved_is_in_the_address_and_comes_back(visit: Visit, html: str) -> None:
    page = visit(html)
    assert "map=" not in page.evaluate("location.hash")
    page.click(".views >> text=World")
    page.wait_for_function("() => location.hash.includes('map=')")
    width = "document.querySelector('.border-line').getBoundingClientRect().width"
    again = visit(html, str(page.evaluate("location.hash")))
    assert again.evaluate(width) == pytest.approx(page.evaluate(width), rel=0.02)


def test_back_undoes_a_filter(visit: Visit, many_html: str) -> None:
    page = visit(many_html)
    everything = page.evaluate("geomap.seen().mentions.length")
    turn(page, "source", "Agency 1")
    page.wait_for_function("() => geomap.seen().filter.source.size === 1")
    some = page.evaluate("geomap.seen().mentions.length")
    assert 0 < some < everything
    page.go_back()
    page.wait_for_function("() => geomap.seen().filter.source.size === 0")
    assert page.evaluate("geomap.seen().mentions.length") == everything
    page.go_forward()
    page.wait_for_function("() => geomap.seen().filter.source.size === 1")
    assert page.evaluate("geomap.seen().mentions.length") == some


def test_a_link_to_an_excerpt_is_copied(visit: Visit, html: str) -> None:
    page = visit(html, f"#place={DUSHANBE}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click(".copy")
    page.wait_for_function("() => document.querySelector('.copy').textContent.startsWith('Copied')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("file://") and "article=report.txt" in copied and "at=20" in copied


# Long lists


def test_long_lists_are_made_as_they_are_read_and_keys_step_through_all(visit: Visit) -> None:
    page = visit(page_html(render(many(300, 2), shape=lambda place: None)), "#place=gn:0")
    total = int(page.inner_text(".where").split()[0].replace(",", ""))
    assert total > 300
    assert 0 < page.locator(".excerpt").count() < total
    page.keyboard.press("p")
    assert page.inner_text(".where") == f"{total} of {total}"
    assert page.locator(".excerpt").count() == total
    page.wait_for_selector(".excerpt.current")


def test_the_column_is_widened_with_keys(visit: Visit, html: str) -> None:
    page = visit(html)
    width = "document.getElementById('panel').offsetWidth"
    before = page.evaluate(width)
    page.focus("[role=separator]")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(width) == before + 24
    page.wait_for_function("w => Number(document.querySelector('[role=separator]').ariaValueNow) >= w", arg=before)


# Taking away


def test_the_filtered_mentions_leave_as_geojson_and_csv(visit: Visit, html: str) -> None:
    page = visit(html, "#q=refugees", accept_downloads=True)
    files = {}
    for name in ("GeoJSON", "CSV"):
        page.click("text=Save")
        with page.expect_download() as download:
            page.click(f".act:has-text('{name}')")
        files[download.value.suggested_filename] = download.value.path().read_text(encoding="utf-8-sig")
    features = json.loads(files["mentions.geojson"])["features"]
    assert {feature["properties"]["place"] for feature in features} == {AFGHANISTAN, "gm:central-asia"}
    rows = list(csv.DictReader(io.StringIO(files["mentions.csv"])))
    assert [row["phrase"] for row in rows] == [feature["properties"]["phrase"] for feature in features]
    text = (
        "😀 Ministers met in Dushanbe on Friday.\n"
        "They spoke of northern Afghanistan, of Kunduz Province and of the Tajik-Afghan border.\n"
        "Refugees had come from Afghanistan through Central Asia."
    )
    assert all(text[int(row["start"]) : int(row["end"])] == row["phrase"] for row in rows)


def test_the_map_leaves_as_a_picture_with_its_strong_line(visit: Visit, browser: Browser, html: str) -> None:
    page = visit(html, accept_downloads=True)
    page.click("text=Save")
    with page.expect_download() as download:
        page.click(".act:has-text('PNG')")
    assert download.value.suggested_filename == "map.png"
    assert pixels_like(browser, download.value.path().read_bytes(), VERMILION) > 800


def test_on_paper_the_map_stands_above_what_is_read(visit: Visit, html: str) -> None:
    page = visit(html, f"#place={KABUL}")
    page.emulate_media(media="print")
    stage, panel = page.locator("#stage").bounding_box(), page.locator("#panel").bounding_box()
    assert stage and panel and stage["y"] < panel["y"]
    assert not page.locator(".tools.views").is_visible()


def test_other_scripts_find_a_place_by_the_gazetteers_names(visit: Visit, atlas: Atlas, shape: ShapeOf) -> None:
    html = page_html(render(atlas, shape=shape, names={KUNDUZ: ("кундуз", "کندز")}))
    for query in ("Қундуз", "كندز"):
        page = visit(html)
        page.fill("#search", query)
        page.wait_for_function("() => geomap.seen().list.length === 1")
        assert seen(page)["list"] == [KUNDUZ]
