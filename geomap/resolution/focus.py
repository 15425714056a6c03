"""What an article is about: the countries and provinces that it names, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from geomap.gazetteer.store import Gazetteer
from geomap.model import PINLESS, Mention, Resolution
from geomap.names import fold

DEMONYM_WEIGHT: Final = 0.5
DATELINE_WEIGHT: Final = 0.3
"""A demonym or a dateline says less than a name about where a story is."""
CERTAIN_TOWN: Final = 6.0
"""Importance from which a town's best candidate is taken as its country's evidence before anything is resolved."""
CERTAIN_MARGIN: Final = 1.5
CERTAIN_WEIGHT: Final = 0.7


_NOTHING: Final = 1e-9  # what is left of a weight by rounding
HALF_SURE: Final = 3.0
"""Weight of evidence at which an article's focus counts half: one name says little about the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one mention says about where its article plays."""

    name: str
    country: str
    province: str | None
    weight: float


class Focus:
    """The countries (ISO alpha-2) and first-level units (``"AF.03"``) that an article is about, by its mentions' votes."""

    def __init__(self, votes: Iterable[Vote]) -> None:
        """Count votes, in all and by the name that gave them."""
        self._countries = _Tally()
        self._provinces = _Tally()
        for vote in votes:
            self._countries.add(vote.name, vote.country, vote.weight)
            if vote.province:
                self._provinces.add(vote.name, vote.province, vote.weight)

    def countries(self, without: str | None = None) -> dict[str, float]:
        """Return the countries' shares of the votes, drawn towards 0 where there are few.

        Args:
            without: A folded name whose own votes do not count, so that no name confirms itself.
        """
        return self._countries.shares(without)

    def provinces(self, without: str | None = None) -> dict[str, float]:
        """Return the first-level units' shares of the votes in the same way."""
        return self._provinces.shares(without)


class _Tally:
    """Weights by key, in all and by the name that gave them."""

    def __init__(self) -> None:
        self._all: dict[str, float] = {}
        self._by_name: dict[str, dict[str, float]] = {}
        self._shares: dict[str | None, dict[str, float]] = {}

    def add(self, name: str, key: str, weight: float) -> None:
        own = self._by_name.setdefault(name, {})
        own[key] = own.get(key, 0.0) + weight
        self._all[key] = self._all.get(key, 0.0) + weight

    def shares(self, without: str | None) -> dict[str, float]:
        name = without if without in self._by_name else None
        if name not in self._shares:
            own = self._by_name.get(name, {}) if name is not None else {}
            left = {key: weight - own.get(key, 0.0) for key, weight in sorted(self._all.items())}
            total = max(0.0, sum(left.values()))
            self._shares[name] = {
                key: weight / (total + HALF_SURE) for key, weight in left.items() if weight > _NOTHING
            }
        return self._shares[name]


def flatten(mentions: Iterable[Mention]) -> list[Mention]:
    """All mentions with those nested in them, outer before inner."""
    flat: list[Mention] = []
    for mention in mentions:
        flat.append(mention)
        flat.extend(flatten(mention.nested))
    return flat


def find_focus(mentions: Iterable[Mention], gazetteer: Gazetteer) -> Focus:
    """Let the countries and places vote that an article names outright or with little doubt."""
    votes = []
    for mention in flatten(mentions):
        if mention.kind == "demonym":
            if len(mention.countries) == 1:
                votes.append(_vote(mention, mention.countries[0], None, DEMONYM_WEIGHT))
            continue
        if mention.kind not in ("place", "metonym", "facility"):
            continue
        candidates = gazetteer.candidates(mention.name, None, False)
        if not candidates or candidates[0].place.country is None:
            continue
        best = candidates[0].place
        second = next((c.score for c in candidates[1:] if c.place.country != best.country), 0.0)
        if best.feature_code == "PCLI":
            votes.append(_vote(mention, best.country or "", None, 1.0))
        elif candidates[0].score >= CERTAIN_TOWN and candidates[0].score - second >= CERTAIN_MARGIN:
            votes.append(_vote(mention, best.country or "", best.admin1, CERTAIN_WEIGHT))
    return Focus(votes)


def refine(resolutions: Iterable[Resolution]) -> Focus:
    """Let the places vote that mentions were resolved to, each by how much surer it is than a toss-up; units do not vote for a unit."""
    votes = []
    for resolution in resolutions:
        place, mention = resolution.place, resolution.mention
        if mention.kind == "demonym" and len(mention.countries) == 1:
            votes.append(_vote(mention, mention.countries[0], None, DEMONYM_WEIGHT))
        elif place is not None and place.country is not None and mention.kind not in PINLESS:
            province = place.admin1 if place.feature_code != "ADM1" else None
            votes.append(_vote(mention, place.country, province, max(0.0, 2 * resolution.score - 1)))
    return Focus(votes)


def _vote(mention: Mention, country: str, province: str | None, weight: float) -> Vote:
    return Vote(
        name=fold(mention.name),
        country=country,
        province=f"{country}.{province}" if province else None,
        weight=weight * (DATELINE_WEIGHT if mention.role == "dateline" else 1.0),
    )
