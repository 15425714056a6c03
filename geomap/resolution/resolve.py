"""Mention → candidates → the place meant, or NIL: one sense a name and article."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from geomap.errors import GeomapError
from geomap.gazetteer.own import is_own
from geomap.gazetteer.store import HOME, Gazetteer
from geomap.geometry import LonLat, great_circle_m
from geomap.model import Article, Candidate, Home, Mention, NilReason, ParsedArticle, Place, Precision, Resolution
from geomap.names import fold
from geomap.resolution.borders import border_pair
from geomap.resolution.focus import Focus, find_focus, flatten, refine
from geomap.resolution.homes import nearness

# Weights on the gazetteer's importance scale (log10 of inhabitants), set by hand and checked on the
# development corpora named in docs/accuracy.md.
COUNTRY_CONTEXT: Final = 5.0
"""What it is worth that a candidate lies in the only country that an article is about; a part of it for a share."""
PROVINCE_CONTEXT: Final = 3.0
REGIONAL_CONTEXT: Final = 1.0
"""A candidate at home (Afghanistan and its neighbours) in an article about home."""
REGIONAL_SHARE: Final = 0.25
CONTAINER: Final = 6.0
"""A candidate inside the place that the text names after it ("Imam Sahib, Kunduz")."""
CONTENT: Final = 3.0
"""A country or first-level unit that has a place of the name that the text puts inside it: Savannah tells which Georgia."""
_MOST_NAMESAKES: Final = 5
CONTAINER_RADIUS_KM: Final = 150.0
FEATURE_WANTED: Final = 4.0
"""A candidate of the class that the text asks for ("Kunduz province", "the city of Kunduz")."""
NAMESAKE_UNIT: Final = -1.5
"""A province or district that has a town of its name, where the text does not say which: the town, more often than not."""
LARGE_SEAT: Final = 100_000
LARGEST_SEAT: Final = 1_000_000
"""Abroad, that holds for towns of this many inhabitants; in the United States, whose news names states bare, for these."""
_UNITS: Final = frozenset({"ADM1", "ADM2"})
SURE: Final = 0.9
"""Score of the first pass from which a place helps to find those near it."""
MOST_ANCHORS: Final = 50
"""How many such places are looked at, the most mentioned first."""
AT_SOURCE: Final = 3.0
"""A candidate around the home of the article's source."""
SOURCE_UNIT: Final = 1.0
SOURCE_COUNTRY: Final = 0.5
"""A candidate elsewhere in the first-level unit, or the country, of that home."""
NEARBY: Final = 1.0
"""A candidate near a place that the article names without doubt, falling off with distance."""
NEARBY_SCALE_KM: Final = 200.0
OWN_PLACE: Final = 30.0
"""A place that the user added: before all others of its name, whatever the article is about, unless its words ask for another class."""
WEAK: Final = 4.6
"""Below this total a far-away namesake is not believed where an article is about other countries."""

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
    context = _Context(mentions=tuple(mentions), focus=find_focus(mentions, gazetteer), gazetteer=gazetteer, home=home)
    first = [_resolve(mention, context) for mention in mentions]
    # What the first pass found tells where the article plays; the second pass resolves by that.
    sure = [
        one.place for one in first if one.place and one.score >= SURE and one.precision in ("town", "district", "point")
    ]
    anchors = [
        LonLat(*point) for point, _ in Counter((place.lon, place.lat) for place in sure).most_common(MOST_ANCHORS)
    ]
    focus = refine(first)
    context = _Context(mentions=tuple(mentions), focus=focus, gazetteer=gazetteer, home=home, anchors=anchors)
    return ParsedArticle(
        article=article, resolutions=tuple(_resolve(mention, context) for mention in mentions), home=home
    )


@dataclass(slots=True)
class _Context:
    """What is known while one article is resolved."""

    mentions: tuple[Mention, ...]
    focus: Focus
    gazetteer: Gazetteer
    home: Home | None = None
    anchors: list[LonLat] = field(default_factory=list)
    senses: dict[tuple[str, str | None], tuple[Place, float]] = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)
    """Folded names that the article gives one class word only ("Kunduz province"): it holds for the bare name too."""

    sentences: dict[tuple[int, int], list[Mention]] = field(default_factory=dict)
    contents: dict[str, set[str]] = field(default_factory=dict)
    """Folded names of containers → the names that the article puts inside them ("Savannah, Georgia")."""

    def __post_init__(self) -> None:
        for mention in flatten(self.mentions):
            if mention.within:
                self.contents.setdefault(fold(mention.within[0]), set()).add(mention.name)
        for mention in self.mentions:
            self.sentences.setdefault(mention.sentence, []).append(mention)
        asked: dict[str, set[str]] = {}
        for mention in flatten(self.mentions):
            if mention.feature:
                asked.setdefault(fold(mention.name), set()).add(mention.feature)
        self.features = {name: next(iter(found)) for name, found in asked.items() if len(found) == 1}
        for mention in self.mentions:
            candidates = self.gazetteer.candidates(mention.name, None, False) if mention.kind == "place" else ()
            if len(candidates) == 1 and candidates[0].place.feature_code not in ("PCLI", "RGN"):
                self.anchors.append(LonLat(candidates[0].place.lon, candidates[0].place.lat))
        self.anchors = list(dict.fromkeys(self.anchors))[:MOST_ANCHORS]

    def has_seat(self, name: str, unit: Place) -> bool:
        """Whether a unit has a town of its name that the bare name rather means."""
        return any(
            _is_seat(place)
            and (place.country, place.admin1) == (unit.country, unit.admin1)
            and fold(place.name) == name
            for place in (candidate.place for candidate in self.gazetteer.candidates(name))
            if place.feature_code.startswith("PPL")
        )


def _resolve(mention: Mention, context: _Context) -> Resolution:
    nested = tuple(_resolve(inner, context) for inner in mention.nested)
    gazetteer = context.gazetteer
    match mention.kind:
        case "border":
            return _border(mention, nested, context)
        case "demonym":
            (found,) = (
                [gazetteer.country(code) for code in mention.countries] if len(mention.countries) == 1 else [None]
            )
            place = found or _named(mention, context)[0]
            return _made(mention, place, 1.0, nested)
        case "directional":
            parent, score = _named(mention, context)
            # "northern Kandahar" is the province's north: a town has none.
            if parent and parent.feature_code.startswith("PPL"):
                unit, unit_score = _named(replace(mention, feature="ADM1"), context)
                if unit and unit.feature_code == "ADM1":
                    parent, score = unit, unit_score
            region = gazetteer.directional(parent, mention.direction) if parent and mention.direction else None
            return _made(mention, region or parent, score, nested)
        case "organisation-embedded":
            place = next((inner.place for inner in nested if inner.place), None) or _named(mention, context)[0]
            return _made(mention, place, 0.0, nested)
        case "facility":
            if mention.countries:
                return _made(mention, gazetteer.capital(mention.countries[0]), 1.0, nested)
            whole = gazetteer.candidates(mention.phrase, None, False)
            if whole:
                return _made(mention, whole[0].place, 1.0, nested)
    place, score = _named(mention, context)
    return _made(mention, place, score, nested)


def _made(mention: Mention, place: Place | None, score: float, nested: tuple[Resolution, ...]) -> Resolution:
    if place is None:
        reason: NilReason = "only far-away namesakes" if score < 0 else "not in gazetteer"
        return Resolution(mention=mention, place=None, nil_reason=reason, nested=nested)
    return Resolution(mention=mention, place=place, precision=precision_of(place), score=round(score, 4), nested=nested)


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


def _border(mention: Mention, nested: tuple[Resolution, ...], context: _Context) -> Resolution:
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
    return _made(mention, border, 1.0 if len(mention.countries) == 2 else 0.7, nested)


def _named(mention: Mention, context: _Context) -> tuple[Place | None, float]:
    """The place that a mention's name means here with its score in 0–1; a negative score where none is believed."""
    key = (fold(mention.name), mention.feature)
    if key in context.senses and not mention.within:
        return context.senses[key]
    candidates = context.gazetteer.candidates(mention.name)
    if not candidates:
        return None, 0.0
    scored = [
        (sum(weight for _, weight in _reasons(candidate, mention, context)), candidate.place)
        for candidate in candidates
    ]
    totals = sorted(scored, key=lambda pair: (-pair[0], pair[1].id))
    best_total, best = totals[0]
    wanted = mention.feature or context.features.get(key[0])
    asked = FEATURE_WANTED if wanted and _has_feature(best, wanted) else 0.0
    if _is_unlikely(best, best_total - asked, mention, context):
        return None, -1.0
    margin = best_total - totals[1][0] if len(totals) > 1 else math.inf
    score = 1 / (1 + math.exp(-margin)) if math.isfinite(margin) else 1.0
    context.senses[key] = (best, score)
    if mention.within:  # a qualified first mention fixes what the bare name means later
        context.senses.setdefault((key[0], None), (best, score))
    return best, score


def _is_seat(place: Place) -> bool:
    """Whether a town is what its bare name means before the unit of that name."""
    return place.country in HOME or place.population >= (LARGEST_SEAT if place.country == "US" else LARGE_SEAT)


def _reasons(candidate: Candidate, mention: Mention, context: _Context) -> Iterator[tuple[str, float]]:
    """What speaks for a candidate, by name."""
    place, name = candidate.place, fold(mention.name)
    yield "importance", candidate.score
    if place.country:
        countries = context.focus.countries(name)
        yield "country in focus", COUNTRY_CONTEXT * countries.get(place.country, 0.0)
        if place.country in HOME and sum(countries.get(code, 0.0) for code in HOME) >= REGIONAL_SHARE:
            yield "region in focus", REGIONAL_CONTEXT
        if place.admin1:
            unit = f"{place.country}.{place.admin1}"
            yield "province in focus", PROVINCE_CONTEXT * context.focus.provinces(name).get(unit, 0.0)
    is_local = place.feature_code not in ("PCLI", "RGN")
    if context.home and is_local:
        yield "near the source", AT_SOURCE * nearness(context.home, place.lon, place.lat)
        if (place.country, place.admin1) == (context.home.country, context.home.admin1):
            yield "in the source's province", SOURCE_UNIT
        elif place.country == context.home.country:
            yield "in the source's country", SOURCE_COUNTRY
    if any(_lies_within(place, outer, context.gazetteer) for outer in mention.within):
        yield "within what the text names", CONTAINER
    if any(_holds(place, inner, context.gazetteer) for inner in context.contents.get(name, ())):
        yield "holds what the text puts in it", CONTENT
    if context.anchors and is_local:
        here = LonLat(place.lon, place.lat)
        others = [anchor for anchor in context.anchors if anchor != here]  # no place is near itself
        nearest = min((great_circle_m(here, anchor) for anchor in others), default=math.inf) / 1000
        yield "near other places", NEARBY * math.exp(-nearest / NEARBY_SCALE_KM)
    wanted = mention.feature or context.features.get(name)
    if is_own(place) and (not wanted or _has_feature(place, wanted)):
        yield "own place", OWN_PLACE
    if wanted and _has_feature(place, wanted):
        yield "of the class asked for", FEATURE_WANTED
    elif place.feature_code in _UNITS and not wanted and context.has_seat(name, place):
        yield "unit with a town of its name", NAMESAKE_UNIT


_CLASSES: Final = {
    "P": ("PPL",), "H": ("STM", "LK", "RSV", "CNL", "SEA", "DAM"), "T": ("VAL", "MT", "PASS", "DSRT", "ISL", "PEN", "RGN"),
    "S": ("PSTB", "BDG", "AIR"), "R": ("RD", "TNL"),
}  # fmt: skip


def _has_feature(place: Place, wanted: str) -> bool:
    """Whether a place is of a GeoNames feature code, or of one of the codes of a class."""
    return place.feature_code.startswith(_CLASSES.get(wanted, (wanted,)))


def _lies_within(place: Place, container: str, gazetteer: Gazetteer) -> bool:
    """Whether a place lies in the country, the province or near the town that a container's name means."""
    outers = gazetteer.candidates(container, None, False)[:_MOST_NAMESAKES]
    return any(_is_inside(place, candidate.place) for candidate in outers)


def _holds(place: Place, inner: str, gazetteer: Gazetteer) -> bool:
    """Whether something of a name lies in a country or first-level unit."""
    if place.feature_code not in ("PCLI", "ADM1"):
        return False
    return any(_is_inside(candidate.place, place) for candidate in gazetteer.candidates(inner, None, False))


def _is_inside(inner: Place, outer: Place) -> bool:
    if outer.id == inner.id or outer.country != inner.country:
        return False
    if outer.feature_code == "PCLI":
        return True
    if outer.admin1 != inner.admin1:
        return False
    km = great_circle_m(LonLat(inner.lon, inner.lat), LonLat(outer.lon, outer.lat)) / 1000
    return outer.feature_code == "ADM1" or km <= CONTAINER_RADIUS_KM


def _is_unlikely(place: Place, total: float, mention: Mention, context: _Context) -> bool:
    """Whether even the best candidate is only a small namesake in a country that the article is not about."""
    if place.feature_code in ("PCLI", "ADM1") or place.kind == "region" or mention.within:
        return False
    countries = context.focus.countries(fold(mention.name))
    if not countries or place.country in countries or place.country in HOME & set(countries):
        return False
    return total < WEAK
