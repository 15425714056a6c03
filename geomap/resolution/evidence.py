"""What speaks for each place that a name may mean: features of the article, of the text around the name, of the place.

Each constant is on the gazetteer's importance scale (log10 of inhabitants); they were set by hand and
checked on the development corpora named in ``docs/accuracy.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from geomap.gazetteer.own import is_own
from geomap.gazetteer.store import HOME, Gazetteer
from geomap.geometry import LonLat, great_circle_m
from geomap.model import Candidate, Home, Mention, Place
from geomap.names import fold
from geomap.resolution.focus import Focus, flatten
from geomap.resolution.homes import nearness

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
_MOST_UNIQUE: Final = 50
CONTAINER_RADIUS_KM: Final = 150.0
FEATURE_WANTED: Final = 4.0
"""A candidate of the class that the text asks for ("Kunduz province", "the city of Kunduz")."""
NAMESAKE_UNIT: Final = -1.5
"""A province or district that has a town of its name, where the text does not say which: the town, more often than not."""
LARGE_SEAT: Final = 100_000
LARGEST_SEAT: Final = 1_000_000
"""Abroad, that holds for towns of this many inhabitants; in the United States, whose news names states bare, for these."""
_UNITS: Final = frozenset({"ADM1", "ADM2"})
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


_LEAST_DEGREE_M: Final = 111_190.0
"""A little less than a degree of latitude on the sphere, in metres."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The place chosen for a name, how sure the choice is, and the second best."""

    place: Place | None
    score: float
    runner_up: Place | None = None


@dataclass(slots=True)
class Context:
    """What is known while one article is resolved.

    Attributes:
        mentions: The article's outermost mentions.
        focus: The countries and provinces that it is about.
        gazetteer: Where candidates come from.
        home: Where its source is at home, if known.
        anchors: Places that it names without doubt.
        is_final: Whether this is the last pass, whose scores readers see.
        senses: What a name with a class was taken to mean before: one sense an article.
    """

    mentions: tuple[Mention, ...]
    focus: Focus
    gazetteer: Gazetteer
    home: Home | None = None
    anchors: list[LonLat] = field(default_factory=list)
    is_final: bool = False
    distances: dict[str, float] = field(default_factory=dict)
    senses: dict[tuple[str, str | None], Choice] = field(default_factory=dict)
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
        self.anchors = list(dict.fromkeys(self.anchors))[:_MOST_UNIQUE]

    def nearest_km(self, place: Place) -> float:
        """How far the nearest anchor is from a place; no place is near itself."""
        known = self.distances.get(place.id)
        if known is None:
            here, metres = LonLat(place.lon, place.lat), math.inf
            for anchor in self.anchors:
                # What lies farther north or south than the nearest so far need not be measured.
                if anchor != here and abs(anchor.lat - here.lat) * _LEAST_DEGREE_M < metres:
                    metres = min(metres, great_circle_m(here, anchor))
            known = self.distances[place.id] = metres / 1000
        return known

    def has_seat(self, name: str, unit: Place) -> bool:
        """Whether a unit has a town of its name that the bare name rather means."""
        return any(
            _is_seat(place)
            and (place.country, place.admin1) == (unit.country, unit.admin1)
            and fold(place.name) == name
            for place in (candidate.place for candidate in self.gazetteer.candidates(name))
            if place.feature_code.startswith("PPL")
        )


def _is_seat(place: Place) -> bool:
    """Whether a town is what its bare name means before the unit of that name."""
    return place.country in HOME or place.population >= (LARGEST_SEAT if place.country == "US" else LARGE_SEAT)


def reasons(candidate: Candidate, mention: Mention, context: Context) -> Iterator[tuple[str, float]]:
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
        yield "near other places", NEARBY * math.exp(-context.nearest_km(place) / NEARBY_SCALE_KM)
    wanted = mention.feature or context.features.get(name)
    if is_own(place) and (not wanted or has_feature(place, wanted)):
        yield "own place", OWN_PLACE
    if wanted and has_feature(place, wanted):
        yield "of the class asked for", FEATURE_WANTED
    elif place.feature_code in _UNITS and not wanted and context.has_seat(name, place):
        yield "unit with a town of its name", NAMESAKE_UNIT


_CLASSES: Final = {
    "P": ("PPL",), "H": ("STM", "LK", "RSV", "CNL", "SEA", "DAM"), "T": ("VAL", "MT", "PASS", "DSRT", "ISL", "PEN", "RGN"),
    "S": ("PSTB", "BDG", "AIR"), "R": ("RD", "TNL"),
}  # fmt: skip


def has_feature(place: Place, wanted: str) -> bool:
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


def is_unlikely(place: Place, total: float, mention: Mention, context: Context) -> bool:
    """Whether even the best candidate is only a small namesake in a country that the article is not about."""
    if place.feature_code in ("PCLI", "ADM1") or place.kind == "region" or mention.within:
        return False
    countries = context.focus.countries(fold(mention.name))
    if not countries or place.country in countries or place.country in HOME & set(countries):
        return False
    return total < WEAK
