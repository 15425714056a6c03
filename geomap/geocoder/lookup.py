"""The gazetteer's candidates for one reading of a question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from geomap.gazetteer.store import Gazetteer
from geomap.geocoder.query import SLOTS, Reading, Slot, is_country_code
from geomap.model import Candidate, Place

_LONGEST_ABBREVIATION: Final = 4
_CLASS_WORDS: Final[dict[str, Slot]] = {
    **dict.fromkeys(("province", "oblast", "viloyat", "viloyati", "velayat", "wilayat", "governorate"), "state"),
    **dict.fromkeys(("district", "rayon", "county", "woluswali", "shahrestan"), "county"),
    **dict.fromkeys(("city", "town", "village", "shahr"), "city"),
}
"""What a name is to be of when only its class word sets it off from others ("Kunduz Province")."""


@dataclass(frozen=True, slots=True)
class Container:
    """What a qualifier may mean: all of a country, or of its first-level unit; None stands for any."""

    level: int
    country: str | None
    admin1: str | None

    def holds(self, place: Place) -> bool:
        """Whether a place of a lower level lies in it, by the gazetteer's own codes."""
        return (
            self.level < level_of(slot_of(place))
            and self.country in (None, place.country)
            and self.admin1 in (None, place.admin1)
        )


def slot_of(place: Place) -> Slot | None:
    """Which part of an address a place is; None for rivers, regions, buildings and the like."""
    code = place.feature_code
    if code.startswith("PPL"):
        return "city"
    slots: dict[str, Slot] = {"ADM3": "county", "ADM2": "county", "ADM1": "state", "PCLI": "country"}
    return slots.get(code)


def level_of(slot: Slot | None) -> int:
    """How far down a slot stands: the country highest; what is no part of an address lowest."""
    return len(SLOTS) if slot is None else len(SLOTS) - 1 - SLOTS.index(slot)


def find(
    gazetteer: Gazetteer, reading: Reading, codes: tuple[str, ...], wanted: Callable[[Place], bool]
) -> list[Candidate]:
    """The candidates of one reading that lie in all that it names, best first."""
    within = [_containers(gazetteer, text, slot) for text, slot in dict.fromkeys(reading.within)]

    def fits(candidate: Candidate) -> bool:
        place = candidate.place
        return (
            reading.slot in (None, slot_of(place))
            and wanted(place)
            and all(any(container.holds(place) for container in containers) for containers in within)
        )

    countries = sorted(codes or {c.country for containers in within for c in containers if c.country})
    found = [c for c in _named(gazetteer, reading.name, reading.slot, reading.loose) if fits(c)]
    if not found and reading.slot:
        found = [c for c in _coded(gazetteer, reading.name, reading.slot, countries) if fits(c)]
    if not found and reading.loose:  # a namesake elsewhere may match more strictly than the place that is meant
        found = [c for country in countries for c in gazetteer.candidates(reading.name, country) if fits(c)]
        found.sort(key=lambda candidate: (-candidate.score, candidate.place.id))
    asked = {_CLASS_WORDS[word] for word in reading.name.casefold().split() if word in _CLASS_WORDS}
    if asked:
        found.sort(key=lambda candidate: candidate.match == "generic" and slot_of(candidate.place) not in asked)
    return found


def _named(gazetteer: Gazetteer, name: str, slot: Slot | None, loose: bool) -> tuple[Candidate, ...]:
    """The candidates of a name; one that must be a country or its unit may be an abbreviation in small letters."""
    candidates: tuple[Candidate, ...] = gazetteer.candidates(name, None, loose)
    if slot not in ("country", "state") or len(name) > _LONGEST_ABBREVIATION or name.isupper():
        return candidates
    known = {candidate.place for candidate in candidates}
    return candidates + tuple(c for c in gazetteer.candidates(name.upper(), None, False) if c.place not in known)


def _coded(gazetteer: Gazetteer, code: str, slot: Slot, countries: list[str]) -> Iterator[Candidate]:
    """The country or first-level unit of a code, as its own name finds it."""
    code = code.upper()
    if not code.isascii():
        return
    places = []
    if slot == "country" and is_country_code(code):
        places = [gazetteer.country(code)]
    elif slot == "state":
        places = [gazetteer.admin1(country, code) for country in countries]
    for place in filter(None, places):
        yield from (c for c in gazetteer.candidates(place.name, place.country) if c.place == place)


def _containers(gazetteer: Gazetteer, text: str, slot: Slot | None) -> list[Container]:
    """What a qualifier may mean, by name and by code."""
    containers = []
    for place in (candidate.place for candidate in _named(gazetteer, text, slot or "country", loose=True)):
        kind = slot_of(place)
        if kind in ("country", "state", "county") and slot in (None, kind) and (place.admin1 or kind == "country"):
            containers.append(Container(level_of(kind), place.country, place.admin1))
        elif place.kind == "region" and slot is None:
            containers += [Container(-1, country, None) for country in place.countries]
    code = text.upper()
    if slot in (None, "country") and is_country_code(code) and gazetteer.country(code):
        containers.append(Container(level_of("country"), code, None))
    if slot in (None, "state") and code.isascii() and code.isalnum():
        containers.append(Container(level_of("state"), None, code))
    return containers
