"""What an article is about: the countries and provinces that it names, and how often."""

from __future__ import annotations

from collections import Counter
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


HALF_SURE: Final = 3.0
"""Weight of evidence at which an article's focus counts half: one name says little about the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one mention says about where its article plays."""

    name: str
    country: str
    province: str | None
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The countries (ISO alpha-2) and first-level units (``"AF.03"``) that an article is about, by its mentions' votes."""

    votes: tuple[Vote, ...]

    def countries(self, without: str | None = None) -> dict[str, float]:
        """Return the countries' shares of the votes, drawn towards 0 where there are few.

        Args:
            without: A folded name whose own votes do not count, so that no name confirms itself.
        """
        return _shares((vote.country, vote.weight) for vote in self.votes if vote.name != without)

    def provinces(self, without: str | None = None) -> dict[str, float]:
        """Return the first-level units' shares of the votes in the same way."""
        return _shares((vote.province, vote.weight) for vote in self.votes if vote.province and vote.name != without)


def _shares(weights: Iterable[tuple[str | None, float]]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for key, weight in weights:
        counts[key or ""] += weight  # type: ignore[assignment]
    total = sum(counts.values())
    return {key: counts[key] / (total + HALF_SURE) for key in sorted(counts)}


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
    return Focus(votes=tuple(votes))


def refine(resolutions: Iterable[Resolution]) -> Focus:
    """Let the places vote that mentions were resolved to, each by its score; units themselves do not vote for a unit."""
    votes = []
    for resolution in resolutions:
        place, mention = resolution.place, resolution.mention
        if mention.kind == "demonym" and len(mention.countries) == 1:
            votes.append(_vote(mention, mention.countries[0], None, DEMONYM_WEIGHT))
        elif place is not None and place.country is not None and mention.kind not in PINLESS:
            province = place.admin1 if place.feature_code != "ADM1" else None
            votes.append(_vote(mention, place.country, province, resolution.score))
    return Focus(votes=tuple(votes))


def _vote(mention: Mention, country: str, province: str | None, weight: float) -> Vote:
    return Vote(
        name=fold(mention.name),
        country=country,
        province=f"{country}.{province}" if province else None,
        weight=weight * (DATELINE_WEIGHT if mention.role == "dateline" else 1.0),
    )
