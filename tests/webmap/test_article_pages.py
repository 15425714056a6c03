"""Articles as pages beside the map: the same text and marks, links both ways, none left behind."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser

from geomap.model import Article, Atlas
from geomap.pipeline import Summary, build
from geomap.webmap import ARTICLES, PageOptions
from geomap.webmap.articles import article_pages, plan, remove_stale
from tests.webmap.conftest import REPORT, UNTITLED

ALL_OUT = PageOptions(article_limit=0)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Fighters swept into Kabul.\n\nThen they went to Kunduz.", encoding="utf-8")
    (folder / "b.txt").write_text("It was calm in Herat on Sunday.", encoding="utf-8")
    return folder


@pytest.fixture
def report(atlas: Atlas) -> str:
    """The page of the report."""
    pages = plan(atlas.articles, 0)
    return dict(article_pages(atlas, pages, title="Two articles", home="../index.html"))[pages[REPORT.id]]


def addresses(summary: Summary) -> list[str]:
    return sorted(path.name for path in summary.pages)


# Which articles


def test_texts_that_fit_stay_in_the_map_and_beyond_the_limit_all_go_out() -> None:
    articles = [Article(id=str(nth), text="é" * 250_000) for nth in range(4)]
    assert plan(articles, 2.0) == {}
    assert set(plan(articles, 1.999)) == {"0", "1", "2", "3"}
    assert plan([], 0) == {}


def test_every_article_has_a_plain_name_of_its_own_whatever_its_id() -> None:
    ids = ["a b", "a-b", "A b", "con", "../../etc/passwd", "é" * 400, "کابل", "", ".", "x" * 300, "\ud800", "a\0b"]
    names = list(plan([Article(id=key, text="x") for key in ids], 0).values())
    assert len({name.lower() for name in names}) == len(ids)
    for name in names:
        folder, _, file = name.partition("/")
        assert folder == ARTICLES
        assert len(file) < 80 and file.endswith(".html")
        assert set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and file.count(".") == 1


# The page


def test_the_page_has_the_text_to_the_letter_and_its_toponyms_marked_by_kind(
    browser: Browser, report: str, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text(report, encoding="utf-8", newline="\n")
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.inner_text("h1") == REPORT.title
    assert page.eval_on_selector(".body", "body => body.textContent") == REPORT.text
    marks = page.eval_on_selector_all(
        ".toponym", "all => all.map((one) => [one.id, one.className.replace('toponym ', ''), one.textContent])"
    )
    assert marks == [
        ["m0", "kind-place", "Dushanbe"],
        ["m1", "kind-directional", "northern Afghanistan"],
        ["m2", "kind-place", "Kunduz Province"],
        ["m3", "kind-border strong", "Tajik-Afghan border"],
        ["m4", "kind-place", "Afghanistan through"],
        ["m5", "kind-region", "Central Asia"],
        ["m6", "kind-metonym", "Kremlin"],
        ["m7", "kind-demonym", "Laotian"],
        ["", "nil", "Nowhereville"],
    ]
    assert page.get_attribute("text=Original article", "href") == REPORT.url
    page.close()


def test_right_to_left_text_runs_from_the_right(browser: Browser, atlas: Atlas) -> None:
    pages = plan(atlas.articles, 0)
    html = dict(article_pages(atlas, pages, title="T", home="../index.html"))[pages[UNTITLED.id]]
    page = browser.new_page()
    page.set_content(html)
    directions = page.eval_on_selector_all(".body p", "all => all.map((one) => getComputedStyle(one).direction)")
    assert directions == ["ltr", "rtl"]
    page.close()


# With the map


def test_map_and_articles_lead_to_each_other(
    browser: Browser, news: Path, small_gazetteer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "maps"
    summary = build([news], out, gazetteer=small_gazetteer, page=ALL_OUT)
    assert len(summary.pages) == 2 and set(summary.pages) <= set(summary.written)
    page = browser.new_page()
    page.goto((out / "index.html").as_uri() + "#article=a.txt")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    assert "Fighters swept into Kabul." in page.inner_text("#view .body")
    page.click("text=Read the whole article")
    page.wait_for_selector("nav")
    assert page.eval_on_selector(".body", "body => body.textContent") == (news / "a.txt").read_text(encoding="utf-8")
    page.click(".toponym:has-text('Kunduz')")
    page.wait_for_selector("html[data-ready=true]", state="attached")
    page.wait_for_selector("#view .excerpt")
    assert page.inner_text("#view .excerpt mark") == "Kunduz"
    page.click("text=More of the article")
    page.wait_for_selector("a[href*='articles/']")
    page.click("text=Read the whole article")
    page.wait_for_selector("nav")
    page.click(".back a")
    page.wait_for_selector("#view .body")
    assert unquote(page.url).endswith("#article=a.txt")
    page.close()


def test_a_mark_of_the_map_leads_to_the_very_mention(
    browser: Browser, news: Path, small_gazetteer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "maps"
    build([news], out, gazetteer=small_gazetteer, page=ALL_OUT)
    page = browser.new_page()
    page.goto((out / "index.html").as_uri() + "#article=a.txt")
    page.wait_for_selector("#view .body")
    for phrase in ("Kabul", "Kunduz"):
        start = page.get_attribute(f"#view a.toponym:has-text('{phrase}')", "data-at")
        page.evaluate("at => { location.hash = new URLSearchParams({ article: 'a.txt', at }); }", start)
        page.wait_for_selector("#view a.toponym.current")
        page.click("text=Read the whole article")
        page.wait_for_selector("nav")
        assert page.inner_text(":target") == phrase
        page.go_back()
        page.wait_for_selector("#view .body")
    page.close()


def test_nothing_is_written_when_nothing_changed_and_a_lost_page_is_written_again(
    news: Path, small_gazetteer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "maps"
    first = build([news], out, gazetteer=small_gazetteer, page=ALL_OUT)
    again = build([news], out, gazetteer=small_gazetteer, page=ALL_OUT)
    assert again.written == () and again.pages == first.pages
    lost = first.pages[0]
    before = lost.read_bytes()
    lost.unlink()
    mended = build([news], out, gazetteer=small_gazetteer, page=ALL_OUT)
    assert mended.written == (lost,)
    assert lost.read_bytes() == before


def test_pages_of_articles_that_went_are_removed_and_nobody_elses_file_is(
    news: Path, small_gazetteer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "maps"
    first = build([news], out, gazetteer=small_gazetteer, page=ALL_OUT)
    mine = out / ARTICLES / "mine-0123456789ab.html"
    mine.write_text("<p>my own notes", encoding="utf-8")
    (news / "b.txt").unlink()
    (out / ".geomap" / "corpus.sqlite").unlink()
    second = build([news], out, gazetteer=small_gazetteer, page=ALL_OUT)
    assert set(addresses(second)) < set(addresses(first))
    assert sorted(path.name for path in (out / ARTICLES).iterdir()) == sorted([*addresses(second), mine.name])
    whole = build([news], out, gazetteer=small_gazetteer)
    assert whole.pages == ()
    assert [path.name for path in (out / ARTICLES).iterdir()] == [mine.name]
    mine.unlink()
    remove_stale(out / ARTICLES, [])
    assert not (out / ARTICLES).exists()
    remove_stale(out / ARTICLES, [])


def test_the_same_articles_give_the_same_bytes(news: Path, small_gazetteer: Path, tmp_path: Path) -> None:
    one, other = (build([news], tmp_path / name, gazetteer=small_gazetteer, page=ALL_OUT) for name in ("one", "other"))
    assert [path.read_bytes() for path in one.pages] == [path.read_bytes() for path in other.pages]


def test_the_map_without_the_texts_still_names_places_dates_and_sentences(
    news: Path, small_gazetteer: Path, tmp_path: Path
) -> None:
    (news / "a.txt").write_text("Nothing here. " * 50 + "Fighters swept into Kabul. " + "The rest is silence. " * 50)
    build([news], tmp_path / "maps", gazetteer=small_gazetteer, page=ALL_OUT)
    html = (tmp_path / "maps" / "index.html").read_text(encoding="utf-8")
    block = html.split('id="geomap-atlas">')[1].split("</script>")[0]
    (text,) = [text for text in json.loads(block)["articles"]["text"] if "Kabul" in text]
    assert text.strip() == "Fighters swept into Kabul."
