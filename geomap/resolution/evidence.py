"""What speaks for each place that a name may mean: features of the article, of the text around the name, of the place.

Each constant is on the gazetteer's importance scale (log10 of inhabitants); they were set by hand and
checked on the development corpora named in ``docs/accuracy.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from geomap.gazetteer.own import is_own
from geomap.gazetteer.store import HOME, Gazetteer
from geomap.geometry import LonLat, Vector, chord_m, great_circle_m, unit_vector
from geomap.model import Candidate, Home, Mention, Place, Reasons
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
MOST_ANCHORS: Final = 50
"""How many places that an article names without doubt are looked at."""
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
WEAK: Final = 4.8
"""Below this total a far-away namesake is not believed where an article is about other countries."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The place chosen for a name, how sure the choice is, and the second best."""

    place: Place | None
    score: float
    runner_up: Place | None = None


@dataclass(slots=True)
class Context:
    """What is known while one article is resolved; made by :meth:`of`.

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
    """Kilometres to the nearest anchor, by place."""
    vectors: list[Vector] = field(default_factory=list)
    """The anchors on the unit sphere."""
    shares_of_home: dict[str, float] = field(default_factory=dict)
    """How near each place is to the source's home."""
    senses: dict[tuple[str, str | None], Choice] = field(default_factory=dict)
    features: dict[str, str] = field(default_factory=dict)
    """Folded names that the article gives one class word only ("Kunduz province"): it holds for the bare name too."""

    sentences: dict[tuple[int, int], list[Mention]] = field(default_factory=dict)
    contents: dict[str, set[str]] = field(default_factory=dict)
    """Folded names of containers → the names that the article puts inside them ("Savannah, Georgia")."""

    @classmethod
    def of(cls, mentions: Sequence[Mention], focus: Focus, gazetteer: Gazetteer, home: Home | None = None) -> Self:
        """Look over an article."""
        context = cls(mentions=tuple(mentions), focus=focus, gazetteer=gazetteer, home=home)
        asked: dict[str, set[str]] = {}
        for mention in flatten(mentions):
            if mention.within:
                context.contents.setdefault(fold(mention.within[0]), set()).add(mention.name)
            if mention.feature:
                asked.setdefault(fold(mention.name), set()).add(mention.feature)
        context.features.update((name, next(iter(found))) for name, found in asked.items() if len(found) == 1)
        alone = []
        for mention in mentions:
            context.sentences.setdefault(mention.sentence, []).append(mention)
            candidates = gazetteer.candidates(mention.name, None, False) if mention.kind == "place" else ()
            if len(candidates) == 1 and candidates[0].place.feature_code not in ("PCLI", "RGN"):
                alone.append(LonLat(candidates[0].place.lon, candidates[0].place.lat))
        context.anchor(alone)
        return context

    def anchor(self, points: Iterable[LonLat]) -> None:
        """Take points for places that the article names without doubt."""
        self.anchors = list(dict.fromkeys(points))[:MOST_ANCHORS]
        self.vectors = [unit_vector(point) for point in self.anchors]
        self.distances = {}

    def nearest_km(self, place: Place) -> float:
        """How far the nearest anchor is from a place; no place is near itself."""
        known = self.distances.get(place.id)
        if known is None:
            here = LonLat(place.lon, place.lat)
            x, y, z = unit_vector(here)
            least = math.inf
            for anchor, (u, v, w) in zip(self.anchors, self.vectors, strict=True):
                chord = (x - u) * (x - u) + (y - v) * (y - v) + (z - w) * (z - w)
                if chord < least and anchor != here:
                    least = chord
            known = self.distances[place.id] = chord_m(math.sqrt(least)) / 1000 if self.anchors else math.inf
        return known

    def nearness(self, place: Place) -> float:
        """How near a place is to the source's home, from 0 to 1."""
        known = self.shares_of_home.get(place.id)
        if known is None:
            share = nearness(self.home, place.lon, place.lat) if self.home else 0.0
            known = self.shares_of_home[place.id] = share
        return known

    def has_seat(self, name: str, unit: Place) -> bool:
        """Whether a unit has a town of its name that the bare name rather means."""
        return any(
            _is_seat(place)
            and (place.country, place.admin1) == (unit.country, unit.admin1)
            and fold(place.name) in (name, f"{name} city", fold(unit.name))
            for place in (candidate.place for candidate in self.gazetteer.candidates(name))
            if place.feature_code.startswith("PPL")
        )


def _is_seat(place: Place) -> bool:
    """Whether a town is what its bare name means before the unit of that name."""
    return place.country in HOME or place.population >= (LARGEST_SEAT if place.country == "US" else LARGE_SEAT)


def reasons(candidates: Sequence[Candidate], mention: Mention, context: Context) -> list[Reasons]:
    """Return for each candidate of a mention's name what speaks for it, by name."""
    name = fold(mention.name)
    countries, provinces = context.focus.countries(name), context.focus.provinces(name)
    is_regional = sum(countries.get(code, 0.0) for code in HOME) >= REGIONAL_SHARE
    inners = context.contents.get(name, ())
    wanted = mention.feature or context.features.get(name)
    found = []
    for candidate in candidates:
        place = candidate.place
        country, code = place.country, place.feature_code
        why = [("importance", candidate.score)]
        if country:
            if country in countries:
                why.append(("country in focus", COUNTRY_CONTEXT * countries[country]))
            if is_regional and country in HOME:
                why.append(("region in focus", REGIONAL_CONTEXT))
            if provinces and place.admin1 and (share := provinces.get(f"{country}.{place.admin1}")):
                why.append(("province in focus", PROVINCE_CONTEXT * share))
        is_local = code not in ("PCLI", "RGN")
        if context.home and is_local:
            why.append(("near the source", AT_SOURCE * context.nearness(place)))
            if (country, place.admin1) == (context.home.country, context.home.admin1):
                why.append(("in the source's province", SOURCE_UNIT))
            elif country == context.home.country:
                why.append(("in the source's country", SOURCE_COUNTRY))
        if mention.within and any(_lies_within(place, outer, context.gazetteer) for outer in mention.within):
            why.append(("within what the text names", CONTAINER))
        if inners and any(_holds(place, inner, context.gazetteer) for inner in inners):
            why.append(("holds what the text puts in it", CONTENT))
        if context.anchors and is_local:
            why.append(("near other places", NEARBY * math.exp(-context.nearest_km(place) / NEARBY_SCALE_KM)))
        if is_own(place) and (not wanted or has_feature(place, wanted)):
            why.append(("own place", OWN_PLACE))
        if wanted and has_feature(place, wanted):
            why.append(("of the class asked for", FEATURE_WANTED))
        elif code in _UNITS and not wanted and context.has_seat(name, place):
            why.append(("unit with a town of its name", NAMESAKE_UNIT))
        found.append(tuple(why))
    return found


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
