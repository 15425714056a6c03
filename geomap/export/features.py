"""The rows that every export has: flat properties a place and a mention, and their geometry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geomap.model import KINDS, Article, Atlas, AtlasMention, AtlasPlace, Place

PLACE_COLUMNS: Final = (
    "id", "name", "kind", "precision", "country", "countries", "admin1", "admin2", "feature_code", "geonameid", "lon", "lat",
    "mentions", "articles", "article_ids", "kinds", "first_date", "last_date",
)  # fmt: skip
MENTION_COLUMNS: Final = (
    "id", "article", "title", "date", "source", "url", "sentence", "phrase", "start", "end", "kind", "role", "precision",
    "score", "place", "name", "country", "countries", "admin1", "admin2", "geonameid", "nil_reason",
)  # fmt: skip
"""The properties in their order, for tables that have no rows to read them from."""


def place_properties(one: AtlasPlace, dates: dict[str, str | None]) -> dict[str, Any]:
    """Return the flat properties of a place: what it is, how often and where it is mentioned."""
    place = one.place
    kinds = Counter(mention.resolution.mention.kind for mention in one.mentions)
    known = sorted(date for date in (dates.get(article_id) for article_id in one.article_ids) if date)
    return {
        "id": place.id,
        "name": place.name,
        "kind": place.kind,
        "precision": one.precision,
        "country": place.country,
        "countries": " ".join(place.countries) or None,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "feature_code": place.feature_code,
        "geonameid": place.geonameid,
        "lon": place.lon,
        "lat": place.lat,
        "mentions": len(one.mentions),
        "articles": len(one.article_ids),
        "article_ids": "|".join(one.article_ids),
        "kinds": " ".join(f"{kind}:{kinds[kind]}" for kind in KINDS if kinds[kind]),
        "first_date": known[0] if known else None,
        "last_date": known[-1] if known else None,
    }


def mention_properties(mention: AtlasMention, article: Article) -> dict[str, Any]:
    """Return the flat properties of a mention: the words, where they stand and what they were taken for."""
    found, resolution = mention.resolution.mention, mention.resolution
    place = resolution.place
    start, end = found.sentence
    return {
        "id": f"{article.id}#{found.start}-{found.end}",
        "article": article.id,
        "title": article.title,
        "date": article.date,
        "source": article.source,
        "url": article.url,
        "sentence": article.text[start:end].strip(),
        "phrase": found.phrase,
        "start": found.start,
        "end": found.end,
        "kind": found.kind,
        "role": found.role,
        "precision": resolution.precision,
        "score": resolution.score,
        "place": place.id if place else None,
        "name": place.name if place else None,
        "country": place.country if place else None,
        "countries": " ".join(place.countries if place else found.countries) or None,
        "admin1": place.admin1 if place else None,
        "admin2": place.admin2 if place else None,
        "geonameid": place.geonameid if place else None,
        "nil_reason": resolution.nil_reason,
    }


def place_rows(
    atlas: Atlas, shape: Callable[[Place], BaseGeometry | None]
) -> Iterator[tuple[dict[str, Any], BaseGeometry]]:
    """Yield the properties and the geometry (area, line or point) of every place."""
    dates = {article.id: article.date for article in atlas.articles}
    for one in atlas.places:
        geometry = shape(one.place) or Point(one.place.lon, one.place.lat)
        yield place_properties(one, dates), geometry


def mention_rows(atlas: Atlas) -> Iterator[tuple[dict[str, Any], Point | None]]:
    """Yield the properties and the point of every mention by article and offset; no point without a place or pin."""
    articles = {article.id: article for article in atlas.articles}
    drawn = [(mention, True) for one in atlas.places for mention in one.mentions]
    rest = [(mention, False) for mention in (*atlas.unmapped, *atlas.nil)]
    ordered = sorted(drawn + rest, key=lambda pair: (pair[0].article_id, pair[0].resolution.mention.start))
    for mention, is_drawn in ordered:
        place = mention.resolution.place
        point = Point(place.lon, place.lat) if place and is_drawn else None
        yield mention_properties(mention, articles[mention.article_id]), point
