"""What the page knows: an atlas as plain JSON, ready for a browser.

A browser counts UTF-16 units where Python counts code points, so every offset is turned here, once.
The data stand by column, whole numbers as :func:`geomap.webmap.basemap.encode_numbers` writes them:
a hundred thousand mentions take a few characters each, and the browser reads them into typed arrays.
"""

from __future__ import annotations

import base64
import gzip
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Literal, TypeAlias, get_args

from shapely.geometry.base import BaseGeometry

from geomap.model import KINDS, Article, Atlas, AtlasMention, Place, Precision
from geomap.webmap.basemap import encode, encode_numbers

Json: TypeAlias = dict[str, Any]
ShapeOf: TypeAlias = Callable[[Place], BaseGeometry | None]

Form: TypeAlias = Literal["town", "province", "country", "region", "directional", "line"]
"""How a place is drawn; only a town is a disc."""

_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")

HEADLINE = 90
"""How much of its text stands in for an article's missing title, in characters."""

SIMPLIFY = 0.015  # degrees

PACK_ABOVE = 1_000_000
"""From how many characters on the data are packed; below, unpacking costs more than reading."""

PRECISIONS: tuple[Precision, ...] = get_args(Precision)
FORMS: tuple[Form, ...] = get_args(Form)

AT_SCALE = 10_000
"""A place's point is written in ten-thousandths of a degree, some ten metres."""

GAP = " … "
"""Stands between the sentences of an article whose whole text has a page of its own."""


def utf16_offset(text: str) -> Callable[[int], int]:
    """Gives the function that turns a code point offset into ``text`` into one of UTF-16 units.

    A code point beyond U+FFFF is two units, any other one (a lone surrogate too).
    """
    wide = [found.start() for found in _BEYOND_BMP.finditer(text)]
    return lambda offset: offset + bisect_left(wide, offset)


def headline(article: Article) -> str:
    """The title of an article; without one, how its text begins, or at last its id."""
    if article.title and article.title.strip():
        return article.title
    opening = " ".join(article.text[: 8 * HEADLINE].split())
    if len(opening) <= HEADLINE:
        return opening or article.id
    return opening[:HEADLINE].rsplit(" ", 1)[0] + " …"


def form(place: Place, precision: Precision | None) -> Form:
    """How a place may be drawn, given how precisely it is known."""
    if place.feature_code == "DIR":
        return "directional"
    if place.feature_code == "BDR" or precision == "line":
        return "line"
    if precision in ("country", "region"):
        return precision
    if precision in ("province", "district"):
        return "province"
    return "town"


def build_payload(
    atlas: Atlas,
    *,
    shape: ShapeOf,
    title: str,
    attribution: Sequence[str] = (),
    versions: Sequence[tuple[str, str]] = (),
    names: Mapping[str, Sequence[str]] | None = None,
    pages: Mapping[str, str] | None = None,
) -> Json:
    """Turns an atlas into what the page reads.

    Args:
        atlas: What to show.
        shape: Gives the outline of a province, a directional region, a river; None where it has none.
            Countries, their borders and regions made of countries are asked of the base layer instead.
        title: Heading of the page.
        attribution: Sources and their licences, one a line.
        versions: What made the page, as pairs of name and version.
        names: By place id, further names by which a search finds it (in other scripts).
        pages: By article id, the address of the page that has the article's text. The payload then holds
            only its sentences with mentions.

    Returns:
        ``articles`` and ``places`` by column; ``mentions`` by column too, article after article: how many
        each has (``per``), then for each the ``place``, its ``start`` as a step from the one before, its
        ``length``, how far the sentence begins before (``lead``) and ends after it (``trail``), its ``kind``,
        ``precision`` and ``score`` in hundredths. ``nil`` is the same, its ``place`` the index of a reason.
    """
    pages = pages or {}
    number = {article.id: index for index, article in enumerate(atlas.articles)}
    places: list[tuple[Place, Form]] = [(entry.place, form(entry.place, entry.precision)) for entry in atlas.places]
    indices = {place.id: index for index, (place, _) in enumerate(places)}
    placed = [(mention, index) for index, entry in enumerate(atlas.places) for mention in entry.mentions]
    for mention in atlas.unmapped:  # counted for their country, never drawn
        place = mention.resolution.place
        if place is None:
            continue
        if place.id not in indices:
            indices[place.id] = len(places)
            places.append((place, form(place, mention.resolution.precision)))
        placed.append((mention, indices[place.id]))
    reasons: dict[str, int] = {}
    unplaced = [
        (mention, reasons.setdefault(mention.resolution.nil_reason or "unknown", len(reasons))) for mention in atlas.nil
    ]

    rows = [_row(mention, index, number) for mention, index in placed]
    nil_rows = [_row(mention, index, number) for mention, index in unplaced]
    texts = _texts(atlas.articles, pages, rows + nil_rows)
    return {
        "title": title,
        "kinds": list(KINDS),
        "precisions": list(PRECISIONS),
        "forms": list(FORMS),
        "reasons": list(reasons),
        "articles": _articles(atlas.articles, texts, pages),
        "places": _places(places, shape, names or {}),
        "mentions": _columns(rows, len(texts)),
        "nil": _columns(nil_rows, len(texts)),
        "attribution": list(attribution),
        "versions": [list(version) for version in versions],
    }


def pack(text: str, above: int = PACK_ABOVE) -> str | None:
    """Packs data as base64 of gzip, the same bytes each time; None for what is shorter than ``above``.

    The browser unpacks it with its own ``DecompressionStream``.
    """
    if len(text) < above:
        return None
    return base64.b64encode(gzip.compress(text.encode("utf-8"), compresslevel=6, mtime=0)).decode("ascii")


@dataclass(slots=True, kw_only=True)
class _Row:
    """One mention on its way into the columns; its offsets are turned in place."""

    article: int
    place: int
    start: int
    end: int
    sentence: tuple[int, int]
    kind: int
    precision: int
    score: int

    def move(self, turn: Callable[[int], int]) -> None:
        """Counts the offsets in another way."""
        self.start, self.end = turn(self.start), turn(self.end)
        self.sentence = (turn(self.sentence[0]), turn(self.sentence[1]))


def _row(mention: AtlasMention, place: int, number: Mapping[str, int]) -> _Row:
    resolution = mention.resolution
    found = resolution.mention
    return _Row(
        article=number[mention.article_id],
        place=place,
        start=found.start,
        end=found.end,
        sentence=found.sentence,
        kind=KINDS.index(found.kind),
        precision=PRECISIONS.index(resolution.precision) if resolution.precision else -1,
        score=round(100 * resolution.score),
    )


def _texts(articles: Sequence[Article], pages: Mapping[str, str], rows: Iterable[_Row]) -> list[str]:
    """The articles' texts as the page holds them; the rows' offsets are turned to fit."""
    of_article: list[list[_Row]] = [[] for _ in articles]
    for row in rows:
        of_article[row.article].append(row)
    texts = []
    for article, own in zip(articles, of_article, strict=True):
        text = article.text
        if article.id in pages:
            text, turn = _sentences(text, [row.sentence for row in own])
            for row in own:
                row.move(turn)
        turn = utf16_offset(text)
        for row in own:
            row.move(turn)
        texts.append(text)
    return texts


def _sentences(text: str, spans: Iterable[tuple[int, int]]) -> tuple[str, Callable[[int], int]]:
    """Cuts a text to some of its spans, and gives the function that turns an offset in them."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if kept and start <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    starts = [start for start, _ in kept]
    begins = list(accumulate((end - start + len(GAP) for start, end in kept), initial=0))

    def turn(offset: int) -> int:
        span = bisect_left(starts, offset + 1) - 1
        return begins[span] + offset - starts[span]

    return GAP.join(text[start:end] for start, end in kept), turn


def _columns(rows: list[_Row], articles: int) -> Json:
    """The mentions of all articles, each article's in the order of its text."""
    rows.sort(key=lambda row: (row.article, row.start, -row.end, row.place))
    per = [0] * articles
    for row in rows:
        per[row.article] += 1
    steps = [
        row.start - (before.start if before is not None and before.article == row.article else 0)
        for before, row in pairwise([None, *rows])
        if row is not None
    ]
    return {
        "per": encode_numbers(per),
        "place": encode_numbers(row.place for row in rows),
        "start": encode_numbers(steps),
        "length": encode_numbers(row.end - row.start for row in rows),
        "lead": encode_numbers(row.start - row.sentence[0] for row in rows),
        "trail": encode_numbers(row.sentence[1] - row.end for row in rows),
        "kind": encode_numbers(row.kind for row in rows),
        "precision": encode_numbers(row.precision for row in rows),
        "score": encode_numbers(row.score for row in rows),
    }


def _articles(articles: Sequence[Article], texts: list[str], pages: Mapping[str, str]) -> Json:
    """Columns of the articles; ``source`` counts in ``sources``, whose first is none."""
    sources = {"": 0}
    source = [sources.setdefault(article.source or "", len(sources)) for article in articles]
    return {
        "id": [article.id for article in articles],
        "title": [headline(article) for article in articles],
        "text": texts,
        "date": [article.date or "" for article in articles],
        "url": {index: article.url for index, article in enumerate(articles) if article.url},
        "page": {index: pages[article.id] for index, article in enumerate(articles) if article.id in pages},
        "sources": list(sources),
        "source": encode_numbers(source),
    }


def _places(places: Sequence[tuple[Place, Form]], shape: ShapeOf, names: Mapping[str, Sequence[str]]) -> Json:
    """Columns of the places; what few have stands by index."""
    at = [round(AT_SCALE * value) for place, _ in places for value in (place.lon, place.lat)]
    return {
        "id": [place.id for place, _ in places],
        "name": [place.name for place, _ in places],
        "code": [place.feature_code for place, _ in places],
        "form": encode_numbers(FORMS.index(drawn_as) for _, drawn_as in places),
        "at": encode_numbers(at),
        "country": [place.country or "" for place, _ in places],
        "admin1": {index: place.admin1 for index, (place, _) in enumerate(places) if place.admin1},
        "countries": {index: list(place.countries) for index, (place, _) in enumerate(places) if place.countries},
        "also": {index: " ".join(names[place.id]) for index, (place, _) in enumerate(places) if place.id in names},
        "outline": {
            index: _outline(outline)
            for index, (place, drawn_as) in enumerate(places)
            if (outline := _own_outline(place, drawn_as, shape)) is not None
        },
    }


def _own_outline(place: Place, drawn_as: Form, shape: ShapeOf) -> BaseGeometry | None:
    """The outline of a place that is more than a spot and not in the base layer already."""
    in_base_layer = drawn_as == "country" or (drawn_as in {"line", "region"} and place.countries)
    return None if drawn_as == "town" or in_base_layer else shape(place)


def _outline(geometry: BaseGeometry) -> Json:
    """A shape as encoded lines: ``area`` (polygons of rings) and ``line``, whichever it has."""
    area: list[list[str]] = []
    line: list[str] = []
    for part in _parts(geometry.simplify(SIMPLIFY)):
        if part.geom_type == "Polygon":
            area.append([encode(ring.coords) for ring in (part.exterior, *part.interiors)])
        elif part.geom_type == "LineString":
            line.append(encode(part.coords))
    return {key: value for key, value in (("area", area), ("line", line)) if value}


def _parts(geometry: BaseGeometry) -> list[Any]:
    """The simple, non-empty geometries of a shape, however deep it nests them."""
    if geometry.is_empty:
        return []
    if hasattr(geometry, "geoms"):
        return [part for member in geometry.geoms for part in _parts(member)]
    return [geometry]
