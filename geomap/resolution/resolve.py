"""Mention → candidates → the place meant, or NIL: one sense a name and article."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from geomap.errors import GeomapError
from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat
from geomap.model import Article, Home, Mention, NilReason, ParsedArticle, Place, Precision, Reasons, Resolution
from geomap.names import fold
from geomap.resolution.borders import border_pair
from geomap.resolution.evidence import (
    FEATURE_WANTED,
    MOST_ANCHORS,
    Choice,
    Context,
    has_feature,
    is_unlikely,
    reasons,
)
from geomap.resolution.focus import find_focus, refine

SURE: Final = 0.9
"""Score of the first pass from which a place helps to find those near it."""
EVEN, CERTAIN, MARGIN_SCALE = 0.65, 0.98, 0.9
"""Share of right choices between two places that the evidence cannot tell apart, share where it leaves no doubt, and
how quickly one becomes the other with the margin; fitted to the development corpora (docs/accuracy.md)."""

_PRECISION: Final[dict[str, Precision]] = {
    "PCLI": "country", "ADM1": "province", "ADM2": "district", "ADM3": "district", "RGN": "region", "BDR": "line", "DIR": "region",
    "PSTB": "point", "STM": "line", "CNL": "line",
}  # fmt: skip


def resolve(
    article: Article, mentions: Sequence[Mention], gazetteer: Gazetteer, home: Home | None = None
) -> ParsedArticle:
    """Resolve the mentions of one article.

    Args:
        article: The article.
        mentions: Its outermost mentions, in order.
        gazetteer: Where places come from.
        home: Where the article's source is at home, if known.

    Returns:
        The article with one resolution a mention, in the same order.
    """
    context = _settled(mentions, gazetteer, home)
    return ParsedArticle(
        article=article, resolutions=tuple(_resolve(mention, context) for mention in mentions), home=home
    )


@dataclass(frozen=True, slots=True)
class Weighed:
    """A place that a name may mean, and what speaks for it."""

    place: Place
    total: float
    reasons: Reasons


def explain(mentions: Sequence[Mention], gazetteer: Gazetteer, home: Home | None = None) -> list[tuple[Weighed, ...]]:
    """Return for each mention of an article the places that its name may mean, likeliest first, with the reasons."""
    context = _settled(mentions, gazetteer, home)
    return [_weigh(mention, context) for mention in mentions]


def _settled(mentions: Sequence[Mention], gazetteer: Gazetteer, home: Home | None) -> Context:
    """What is known of an article once a first pass has told where it plays; the second pass resolves by that."""
    context = Context.of(mentions, find_focus(mentions, gazetteer), gazetteer, home)
    first = [_resolve(mention, context) for mention in mentions]
    sure = [
        one.place for one in first if one.place and one.score >= SURE and one.precision in ("town", "district", "point")
    ]
    points = Counter((place.lon, place.lat) for place in sure).most_common(MOST_ANCHORS)
    context.anchor([*(LonLat(*point) for point, _ in points), *context.anchors])
    return replace(context, focus=refine(first), senses={}, is_final=True)


def _resolve(mention: Mention, context: Context) -> Resolution:
    nested = tuple(_resolve(inner, context) for inner in mention.nested)
    gazetteer = context.gazetteer
    match mention.kind:
        case "border":
            return _border(mention, nested, context)
        case "demonym":
            (found,) = (
                [gazetteer.country(code) for code in mention.countries] if len(mention.countries) == 1 else [None]
            )
            place = found or _named(mention, context).place
            return _made(mention, Choice(place, 1.0), nested)
        case "directional":
            parent = _named(mention, context)
            # "northern Kandahar" is the province's north: a town has none.
            if parent.place and parent.place.feature_code.startswith("PPL"):
                unit = _named(replace(mention, feature="ADM1"), context)
                if unit.place and unit.place.feature_code == "ADM1":
                    parent = unit
            region = (
                gazetteer.directional(parent.place, mention.direction) if parent.place and mention.direction else None
            )
            return _made(mention, replace(parent, place=region or parent.place), nested)
        case "organisation-embedded":
            place = next((inner.place for inner in nested if inner.place), None) or _named(mention, context).place
            return _made(mention, Choice(place, 0.0), nested)
        case "facility":
            if mention.countries:
                return _made(mention, Choice(gazetteer.capital(mention.countries[0]), 1.0), nested)
            whole = gazetteer.candidates(mention.phrase, None, False)
            if whole:
                return _made(mention, Choice(whole[0].place, 1.0), nested)
    return _made(mention, _named(mention, context), nested)


def _made(mention: Mention, choice: Choice, nested: tuple[Resolution, ...]) -> Resolution:
    place = choice.place
    if place is None:
        reason: NilReason = "only far-away namesakes" if choice.score < 0 else "not in gazetteer"
        return Resolution(mention=mention, place=None, nil_reason=reason, runner_up=choice.runner_up, nested=nested)
    return Resolution(
        mention=mention, place=place, precision=precision_of(place), score=round(choice.score, 4),
        runner_up=choice.runner_up, nested=nested,
    )  # fmt: skip


def precision_of(place: Place) -> Precision:
    """Return how finely a place locates what is mentioned there."""
    code = place.feature_code
    if code in _PRECISION:
        return _PRECISION[code]
    if code.startswith("PPL"):
        return "town"
    if place.kind in ("facility", "metonym"):
        return "point"
    return (
        "region"
        if place.kind == "region" or not code.startswith(("AIR", "PS", "BLD", "DAM", "BDG", "TNL"))
        else "point"
    )


def _border(mention: Mention, nested: tuple[Resolution, ...], context: Context) -> Resolution:
    pair = border_pair(mention, context.sentences[mention.sentence], context.focus, context.gazetteer)
    if pair is None:
        reason: NilReason = (
            "no shared border" if len(mention.countries) == 2 else "border of which two countries is unclear"
        )
        return Resolution(mention=mention, place=None, nil_reason=reason, nested=nested)
    border = context.gazetteer.border(*pair)
    if border is None:
        raise GeomapError(
            f"{pair[0]}-{pair[1]}: a border was chosen that the gazetteer does not have; rebuild the gazetteer"
        )
    return _made(mention, Choice(border, 1.0 if len(mention.countries) == 2 else 0.7), nested)


def _named(mention: Mention, context: Context) -> Choice:
    """The place that a mention's name means here; a negative score where none is believed."""
    key = (fold(mention.name), mention.feature)
    if key in context.senses and not mention.within:
        return context.senses[key]
    ranked = _weigh(mention, context)
    if not ranked:
        return Choice(None, 0.0)
    best = ranked[0]
    wanted = mention.feature or context.features.get(key[0])
    asked = FEATURE_WANTED if wanted and has_feature(best.place, wanted) else 0.0
    if is_unlikely(best.place, best.total - asked, mention, context):
        return Choice(None, -1.0, best.place)
    margin = best.total - ranked[1].total if len(ranked) > 1 else math.inf
    score = confidence(margin) if context.is_final else 1 / (1 + math.exp(-margin))
    choice = Choice(best.place, score, ranked[1].place if len(ranked) > 1 else None)
    context.senses[key] = choice
    if mention.within:  # a qualified first mention fixes what the bare name means later
        context.senses.setdefault((key[0], None), choice)
    return choice


def _weigh(mention: Mention, context: Context) -> tuple[Weighed, ...]:
    """The places that a mention's name may mean, likeliest first."""
    candidates = context.gazetteer.candidates(mention.name)
    weighed = [
        Weighed(candidate.place, sum([weight for _, weight in why]), why)
        for candidate, why in zip(candidates, reasons(candidates, mention, context), strict=True)
    ]
    weighed.sort(key=lambda one: (-one.total, one.place.id))
    return tuple(weighed)


def confidence(margin: float) -> float:
    """Return how likely a choice is right that leads the next by so much evidence."""
    return CERTAIN - (CERTAIN - EVEN) * math.exp(-margin / MARGIN_SCALE)
