"""What the page knows: an atlas as plain JSON, ready for a browser.

A browser counts UTF-16 units where Python counts code points, so every offset is turned here, once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeAlias

from shapely.geometry.base import BaseGeometry

from geomap.model import KINDS, Article, Atlas, AtlasMention, Place, Precision
from geomap.webmap.basemap import encode

Json: TypeAlias = dict[str, Any]
ShapeOf: TypeAlias = Callable[[Place], BaseGeometry | None]

Form: TypeAlias = Literal["town", "province", "country", "region", "directional", "line"]
"""How a place is drawn; only a town is a disc."""

HEADLINE = 90
"""How much of its text stands in for an article's missing title, in characters."""

SIMPLIFY = 0.015  # degrees


def utf16_offset(text: str) -> Callable[[int], int]:
    """Gives the function that turns a code point offset into ``text`` into one of UTF-16 units.

    A code point beyond U+FFFF is two units, any other one (a lone surrogate too).
    """
    wide = [index for index, character in enumerate(text) if character > "\uffff"]
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
) -> Json:
    """Turns an atlas into what the page reads.

    Args:
        atlas: What to show.
        shape: Gives the outline of a province, a directional region, a river; None where it has none.
            Countries, their borders and regions made of countries are asked of the base layer instead.
        title: Heading of the page.
        attribution: Sources and their licences, one a line.
        versions: What made the page, as pairs of name and version.

    Returns:
        ``articles``, ``places``, ``mentions`` (``[article, place, start, end, sentence start, sentence
        end, kind]``) and ``nil`` (the same, with a reason in place of the place) point at each other by
        index; optional keys are left out where they are empty.
    """
    number = {article.id: index for index, article in enumerate(atlas.articles)}
    offsets = [utf16_offset(article.text) for article in atlas.articles]

    places = [_place(entry.place, form(entry.place, entry.precision), shape) for entry in atlas.places]
    indices = {entry.place.id: index for index, entry in enumerate(atlas.places)}
    placed = [(mention, index) for index, entry in enumerate(atlas.places) for mention in entry.mentions]
    reasons: dict[str, int] = {}
    unplaced = [
        (mention, reasons.setdefault(mention.resolution.nil_reason or "unknown", len(reasons))) for mention in atlas.nil
    ]
    for mention in atlas.unmapped:  # counted for their country, never drawn
        place = mention.resolution.place
        if place is None:
            continue
        if place.id not in indices:
            indices[place.id] = len(places)
            places.append(_place(place, form(place, mention.resolution.precision), shape))
        placed.append((mention, indices[place.id]))

    def rows(mentions: Iterable[tuple[AtlasMention, int]]) -> list[list[int]]:
        made = [_row(mention, second, number, offsets) for mention, second in mentions]
        return sorted(made, key=lambda row: (row[0], row[2], -row[3], row[1]))

    return {
        "title": title,
        "kinds": list(KINDS),
        "reasons": list(reasons),
        "articles": [_article(article) for article in atlas.articles],
        "places": places,
        "mentions": rows(placed),
        "nil": rows(unplaced),
        "attribution": list(attribution),
        "versions": [list(version) for version in versions],
    }


def _row(
    mention: AtlasMention,
    second: int,
    number: dict[str, int],
    offsets: Sequence[Callable[[int], int]],
) -> list[int]:
    found = mention.resolution.mention
    article = number[mention.article_id]
    turn = offsets[article]
    spans = (found.start, found.end, *found.sentence)
    return [article, second, *map(turn, spans), KINDS.index(found.kind)]


def _article(article: Article) -> Json:
    known = {"date": article.date, "source": article.source, "url": article.url}
    return {
        "id": article.id,
        "title": headline(article),
        "text": article.text,
        **{key: value for key, value in known.items() if value},
    }


def _place(place: Place, drawn_as: Form, shape: ShapeOf) -> Json:
    row: Json = {
        "id": place.id,
        "name": place.name,
        "form": drawn_as,
        "code": place.feature_code,
        "at": [round(place.lon, 4), round(place.lat, 4)],
    }
    if place.country:
        row["country"] = place.country
    if place.countries:
        row["countries"] = list(place.countries)
    in_base_layer = drawn_as == "country" or (drawn_as in {"line", "region"} and place.countries)
    outline = None if drawn_as == "town" or in_base_layer else shape(place)
    if outline is not None:
        row |= _outline(outline)
    return row


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
