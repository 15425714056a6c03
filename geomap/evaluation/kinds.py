"""Scores by kind, for gold that annotates geomap's own kinds: borders, directions, demonyms, traps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from geomap.evaluation.gold import GoldArticle, GoldToponym, Span
from geomap.evaluation.scores import Rates
from geomap.evaluation.spans import Spans
from geomap.geometry import LonLat, great_circle_m
from geomap.model import KINDS, PINLESS, ParsedArticle, Place, Resolution

_OUTER: Final = ("border", "directional")
_IN_REGION: Final = "any_country_of_region"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindScores:
    """Counts by kind over a gold file.

    Attributes:
        places: Places, metonyms, facilities and regions in the gold.
        found: Those with a pin on them.
        located: Those whose pin lies within the gold's tolerance, in its country, or bears its id.
        borders: Borders in the gold.
        borders_found: Those with a border of the same two countries on them.
        directions: Directional regions in the gold ("northern Afghanistan").
        directions_found: Those with one of the same country on them.
        demonyms: Demonyms outside borders and directions.
        demonyms_pinned: Those with a pin on them, which is wrong.
        organisations: Names of organisations that hold a place's.
        organisations_pinned: Those with a pin on them, which is wrong.
        traps: What looks like a place and is none.
        traps_pinned: Those with a pin on them.
        pins: All pins, but for those on what is optional or credited already.
    """

    places: int = 0
    found: int = 0
    located: int = 0
    borders: int = 0
    borders_found: int = 0
    directions: int = 0
    directions_found: int = 0
    demonyms: int = 0
    demonyms_pinned: int = 0
    organisations: int = 0
    organisations_pinned: int = 0
    traps: int = 0
    traps_pinned: int = 0
    pins: int = 0

    @property
    def rates(self) -> Rates:
        """Precision, recall and F1 of places, borders and directions found and put right."""
        hits = self.located + self.borders_found + self.directions_found
        # One pin may be right for two annotations: a border for the two countries in its name.
        precision = min(1.0, hits / self.pins) if self.pins else 0.0
        wanted = self.places + self.borders + self.directions
        recall = hits / wanted if wanted else 0.0
        return Rates(precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0)

    @property
    def wrong_pins(self) -> float:
        """The share of pins that are wrong."""
        return 1 - self.rates.precision if self.pins else 0.0


def evaluate_kinds(gold: Iterable[GoldArticle], parsed: Iterable[ParsedArticle]) -> KindScores | None:
    """Score resolutions by kind, article by article in the same order; None for gold without geomap's kinds."""
    counts: Counter[str] = Counter()
    has_kinds = False
    for one, result in zip(gold, parsed, strict=True):
        has_kinds = has_kinds or any(toponym.kind in KINDS for toponym in one.annotations)
        counts.update(_Judge(one, result).counts())
    return KindScores(**{each.name: counts[each.name] for each in fields(KindScores)}) if has_kinds else None


class _Judge:
    """One article's annotations and pins."""

    def __init__(self, gold: GoldArticle, parsed: ParsedArticle) -> None:
        self._gold = gold
        self._pins = [
            (resolution, resolution.place)
            for resolution in parsed.resolutions
            if resolution.mention.kind not in PINLESS and resolution.place
        ]
        self._over = Spans([_span(resolution) for resolution, _ in self._pins])
        self._used: set[int] = set()
        """Pins that an annotation is credited with, or blames."""

    def counts(self) -> Counter[str]:
        """Count."""
        counts: Counter[str] = Counter()
        outer = [one for one in self._gold.annotations if one.kind in _OUTER]
        for one in outer:
            if not one.optional:
                name = "borders" if one.kind == "border" else "directions"
                counts[name] += 1
                counts[f"{name}_found"] += self._find_outer(one)
        for one in self._gold.annotations:
            if not (one.optional or one.kind in _OUTER or one.kind in PINLESS):
                counts["places"] += 1
                counts.update(self._find_place(one))
        within = Spans([one.span for one in outer])
        for kind, name in (("demonym", "demonyms"), ("organisation-embedded", "organisations")):
            for one in self._gold.annotations:
                if one.kind == kind and not one.optional and not within.touches(one.span):
                    counts[name] += 1
                    counts[f"{name}_pinned"] += self._over.touches(one.span)
        annotated = Spans([one.span for one in self._gold.annotations])
        for span in self._gold.not_places:
            pins = (_span(self._pins[number][0]) for number in self._over.over(span))
            counts["traps"] += 1
            counts["traps_pinned"] += any(not annotated.touches(pin) for pin in pins)
        excused = Spans([one.span for one in self._gold.annotations if one.optional or one.kind in _OUTER])
        counts["pins"] = sum(
            number in self._used or not excused.touches(_span(resolution))
            for number, (resolution, _) in enumerate(self._pins)
        )
        return counts

    def _find_outer(self, wanted: GoldToponym) -> bool:
        """Whether a border of the same countries, or a directional region of the same country, is on one."""
        for number in sorted(self._over.over(wanted.span)):
            resolution, place = self._pins[number]
            same = place.countries == wanted.countries if wanted.kind == "border" else place.country == wanted.country
            if resolution.mention.kind == wanted.kind and same:
                self._used.add(number)
                return True
        return False

    def _find_place(self, wanted: GoldToponym) -> list[str]:
        """What the best pin on a place counts as."""
        best: tuple[bool, int, int] | None = None
        for number in self._over.over(wanted.span):
            resolution, place = self._pins[number]
            credited = wanted.nested and (place.country == wanted.country or wanted.country in place.countries)
            right = credited or _is_right(wanted, resolution, place)
            first, last = _span(resolution)
            apart = abs(wanted.start - first) + abs(wanted.end - last)
            best = max(best or (False, -apart, number), (right, -apart, number))
        if best is None:
            return []
        self._used.add(best[2])
        return ["found", "located"] if best[0] else ["found"]


def _span(resolution: Resolution) -> Span:
    return resolution.mention.start, resolution.mention.end


def _is_right(wanted: GoldToponym, resolution: Resolution, place: Place) -> bool:
    """Whether a pin bears the gold's id, or lies where its tolerance asks."""
    if wanted.geonameid is not None and wanted.geonameid == place.geonameid:
        return True
    same_country = place.country is not None and place.country == wanted.country
    if wanted.tolerance == _IN_REGION:
        return same_country or resolution.mention.kind == "region"
    if not isinstance(wanted.tolerance, float) or wanted.point is None:
        return same_country
    return great_circle_m(wanted.point, LonLat(place.lon, place.lat)) / 1000 <= wanted.tolerance
