"""Articles as pages of their own beside the map, for collections whose texts are too much for one file.

They look like the article in the map's reader and mark the same toponyms, but are plain HTML without a script:
a mark leads to its place on the map, and the map leads to each mark by its number, ``#m0``, ``#m1``, ….
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import chain
from pathlib import Path
from typing import Final
from urllib.parse import quote

from geomap.model import Article, Atlas, AtlasMention
from geomap.webmap import ARTICLES
from geomap.webmap.page import Assets
from geomap.webmap.payload import headline
from geomap.webmap.policy import origin, policy

STRONG_BORDER: Final = ("AF", "TJ")
"""The border that the map is about, marked in its colour."""

_GENERATOR: Final = '<meta name="generator" content="geomap article">'
_HEAD: Final = 400  # characters within which a page of ours says so
_SLUG: Final = 48
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BLANK_LINE: Final = re.compile(r"(\n[^\S\n]*\n\s*)")
_LINE_END: Final = re.compile(r"(\n+)")


def plan(articles: Iterable[Article], limit: float) -> dict[str, str]:
    """Decides which articles get a page of their own: all of them, or none.

    Args:
        articles: The map's articles.
        limit: Megabytes of text (UTF-8) that the map's own file may hold.

    Returns:
        By article id, the page's address as seen from the map; empty where all texts fit in the map.
    """
    articles = list(articles)
    size = sum(len(article.text.encode("utf-8", "surrogatepass")) for article in articles)
    if size <= limit * 1_000_000:
        return {}
    return {article.id: f"{ARTICLES}/{_file_name(article.id)}" for article in articles}


def article_pages(
    atlas: Atlas, pages: Mapping[str, str], *, title: str, home: str, parts: Assets | None = None
) -> Iterator[tuple[str, str]]:
    """Writes the articles' pages, one by one.

    Args:
        atlas: The articles and what they mention.
        pages: What :func:`plan` gave.
        title: Heading of the map.
        home: Address of the map as seen from the pages.
        parts: Scripts and styles; those of the package unless given.

    Yields:
        Each page's address as seen from the map, and its text.
    """
    style = (parts or Assets.bundled()).article_css if pages else ""
    of_article: dict[str, list[AtlasMention]] = defaultdict(list)
    for mention in chain(*(entry.mentions for entry in atlas.places), atlas.unmapped, atlas.nil):
        of_article[mention.article_id].append(mention)
    for article in atlas.articles:
        if article.id in pages:
            mentions = sorted(of_article[article.id], key=_text_order)
            yield pages[article.id], _page(article, mentions, title, style, home)


def remove_stale(folder: Path, keep: Iterable[Path]) -> None:
    """Removes the article pages of an earlier map from a folder, and the folder where nothing else is in it.

    Only files that say of themselves that geomap wrote them are touched.
    """
    kept = set(keep)
    for path in sorted(folder.glob("*.html")):
        if path not in kept and _is_ours(path):
            path.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _page(article: Article, mentions: list[AtlasMention], title: str, style: str, home: str) -> str:
    name = headline(article)
    head = (
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n'
        f'<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(name)}</title>\n"
        f"<style>{style}</style>\n"
    )
    body = (
        f"<body>\n<main>\n"
        f'<p class="back"><a href="{home}#article={_key(article.id)}"><bdi>{_text(title)}</bdi></a></p>\n'
        f'<h1 dir="auto">{_text(name)}</h1>\n'
        f'<p class="byline">{_byline(article)}</p>\n'
        f'<div class="body" lang="">{"".join(_paragraphs(article.text, mentions, home))}</div>\n'
        f"{_places(mentions, home)}</main>\n</body>\n"
    )
    start = f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{_GENERATOR}\n'
    return f"{start}{policy(head)}{head}</head>\n{body}</html>\n"


def _byline(article: Article) -> str:
    parts = [
        f'<bdi class="source">{_text(article.source)}</bdi>' if article.source else "",
        f'<bdi class="date">{_text(article.date)}</bdi>' if article.date else "",
        f'<bdi class="id">{_text(article.id)}</bdi>',
    ]
    if article.url and origin(article.url):
        parts.append(f'<a href="{_text(article.url)}" rel="noopener noreferrer">Original article</a>')
    elif article.url:
        parts.append(f'<bdi class="original">{_text(article.url)}</bdi>')
    return " · ".join(filter(None, parts))


def _paragraphs(text: str, mentions: Iterable[AtlasMention], home: str) -> Iterator[str]:
    """The text to the letter: paragraphs with marks, and between them the line ends that part them."""
    gap = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE_END
    done = number = 0
    yield '<p dir="auto">'
    for mention in mentions:
        span = mention.resolution.mention
        placed = mention.resolution.place is not None
        if span.start >= done:
            yield from _parted(text[done : span.start], gap)
            yield _mark(mention, number, text[span.start : span.end], home)
            done = span.end
        number += placed
    yield from _parted(text[done:], gap)
    yield "</p>"


def _parted(text: str, gap: re.Pattern[str]) -> Iterator[str]:
    for nth, piece in enumerate(gap.split(text)):
        yield f'</p>{_text(piece)}<p dir="auto">' if nth % 2 else _text(piece)


def _mark(mention: AtlasMention, number: int, phrase: str, home: str) -> str:
    resolution = mention.resolution
    if resolution.place is None:
        reason = _text(f"No place: {resolution.nil_reason or 'unknown'}")
        return f'<span class="toponym nil" title="{reason}">{_text(phrase)}</span>'
    strong = " strong" if resolution.place.countries == STRONG_BORDER else ""
    return (
        f'<a class="toponym kind-{resolution.mention.kind}{strong}" id="m{number}" '
        f'href="{home}#place={_key(resolution.place.id)}" title="{_text(resolution.place.name)}">{_text(phrase)}</a>'
    )


def _places(mentions: Iterable[AtlasMention], home: str) -> str:
    """The places that an article names, in the order in which it does."""
    names = {place.id: place.name for mention in mentions if (place := mention.resolution.place)}
    if not names:
        return ""
    items = "".join(
        f'<li><a href="{home}#place={_key(pid)}"><bdi>{_text(name)}</bdi></a></li>' for pid, name in names.items()
    )
    return f'<nav aria-label="Places in this article">\n<h2>Places in this article</h2>\n<ul>{items}</ul>\n</nav>\n'


def _text_order(mention: AtlasMention) -> tuple[int, int]:
    span = mention.resolution.mention
    return span.start, -span.end


def _text(text: str) -> str:
    """Text as HTML that a browser reads back to the letter; what no HTML file can hold becomes U+FFFD."""
    return escape(_SURROGATE.sub("\ufffd", text).replace("\0", "\ufffd")).replace("\r", "&#13;")


def _key(text: str) -> str:
    """A value in the part of an address after the ``#``."""
    return quote(_SURROGATE.sub("\ufffd", text), safe="")


def _file_name(article_id: str) -> str:
    """A file name for an article: readable, plain on every system, and its own."""
    plain = unicodedata.normalize("NFKD", article_id).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG]
    digest = hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{slug or 'article'}-{digest}.html"


def _is_ours(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return _GENERATOR in file.read(_HEAD)
