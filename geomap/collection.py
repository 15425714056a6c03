"""Parsed articles → one ordered atlas: places with their mentions, and what draws no pin."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from geomap.model import PINLESS, Atlas, AtlasMention, AtlasPlace, ParsedArticle


def collect(parsed: Iterable[ParsedArticle]) -> Atlas:
    """Gather the resolutions of many articles by place.

    Mentions nested in another (the countries of a border, the town of a facility) are not counted
    again. The order is total: articles by id, places by mentions and then by id, mentions by article
    and offset.

    Args:
        parsed: The articles, in any order.
    """
    ordered = sorted(parsed, key=lambda one: one.article.id)
    by_place: dict[str, list[AtlasMention]] = defaultdict(list)
    unmapped: list[AtlasMention] = []
    nil: list[AtlasMention] = []
    for one in ordered:
        for resolution in one.resolutions:
            mention = AtlasMention(article_id=one.article.id, resolution=resolution)
            if resolution.mention.kind in PINLESS:
                unmapped.append(mention)
            elif resolution.place is None:
                nil.append(mention)
            else:
                by_place[resolution.place.id].append(mention)
    places = []
    for mentions in by_place.values():
        first = mentions[0].resolution
        if first.place is None or first.precision is None:
            continue  # cannot be: only resolved mentions were filed, and those have both
        places.append(AtlasPlace(place=first.place, precision=first.precision, mentions=tuple(mentions)))
    places.sort(key=lambda one: (-len(one.mentions), one.place.id))
    return Atlas(
        articles=tuple(one.article for one in ordered), places=tuple(places), unmapped=tuple(unmapped), nil=tuple(nil)
    )


def nil_reasons(atlas: Atlas) -> list[tuple[str, int]]:
    """Return why mentions stayed without a place, commonest first."""
    counts = Counter(mention.resolution.nil_reason or "unknown" for mention in atlas.nil)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
