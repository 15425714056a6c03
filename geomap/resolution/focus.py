"""What an article is about: the countries and provinces that it names, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from geomap.gazetteer.store import HOME, Gazetteer
from geomap.model import PINLESS, Mention, Resolution

DEMONYM_WEIGHT: Final = 0.5
DATELINE_WEIGHT: Final = 0.3
"""A demonym or a dateline says less than a name about where a story is."""
CERTAIN_TOWN: Final = 6.0
"""Importance from which a town's best candidate is taken as its country's evidence before anything is resolved."""
CERTAIN_MARGIN: Final = 1.5
CERTAIN_WEIGHT: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """Weights of countries (ISO alpha-2) and first-level units (``"AF.03"``) in an article, as shares of all."""

    countries: dict[str, float]
    provinces: dict[str, float]

    @property
    def leading(self) -> str | None:
        """The country that weighs most, or None where no country is named."""
        return min(self.countries, key=lambda code: (-self.countries[code], code)) if self.countries else None

    @property
    def home_share(self) -> float:
        """The share of the countries that geomap is about."""
        return sum(share for code, share in self.countries.items() if code in HOME)

    def ranked(self) -> list[str]:
        """All countries, heaviest first."""
        return sorted(self.countries, key=lambda code: (-self.countries[code], code))


def flatten(mentions: Iterable[Mention]) -> list[Mention]:
    """All mentions with those nested in them, outer before inner."""
    flat: list[Mention] = []
    for mention in mentions:
        flat.append(mention)
        flat.extend(flatten(mention.nested))
    return flat


def find_focus(mentions: Iterable[Mention], gazetteer: Gazetteer) -> Focus:
    """Weigh the countries and provinces that an article names outright or with little doubt."""
    countries: Counter[str] = Counter()
    provinces: Counter[str] = Counter()
    for mention in flatten(mentions):
        if mention.kind == "demonym":
            if len(mention.countries) == 1:
                countries[mention.countries[0]] += DEMONYM_WEIGHT  # type: ignore[assignment]
            continue
        if mention.kind not in ("place", "metonym", "facility"):
            continue
        candidates = gazetteer.candidates(mention.name, None, False)
        if not candidates or candidates[0].place.country is None:
            continue
        best = candidates[0]
        code = best.place.feature_code
        weight = DATELINE_WEIGHT if mention.role == "dateline" else 1.0
        second = next((c.score for c in candidates[1:] if c.place.country != best.place.country), 0.0)
        if code == "PCLI":
            countries[best.place.country] += weight  # type: ignore[index,assignment]
        elif best.score >= CERTAIN_TOWN and best.score - second >= CERTAIN_MARGIN:
            countries[best.place.country] += weight * CERTAIN_WEIGHT  # type: ignore[index,assignment]
            if best.place.admin1:
                provinces[f"{best.place.country}.{best.place.admin1}"] += weight  # type: ignore[assignment]
    return Focus(countries=_shares(countries), provinces=_shares(provinces))


def refine(focus: Focus, resolutions: Iterable[Resolution]) -> Focus:
    """Return a focus drawn half from a first focus and half from the places that mentions were resolved to by it."""
    countries: Counter[str] = Counter()
    provinces: Counter[str] = Counter()
    for resolution in resolutions:
        place = resolution.place
        if place is None or place.country is None or resolution.mention.kind in PINLESS:
            continue
        weight = resolution.score * (DATELINE_WEIGHT if resolution.mention.role == "dateline" else 1.0)
        countries[place.country] += weight  # type: ignore[assignment]
        if place.admin1:
            provinces[f"{place.country}.{place.admin1}"] += weight  # type: ignore[assignment]
    return Focus(
        countries=_mean(focus.countries, _shares(countries)), provinces=_mean(focus.provinces, _shares(provinces))
    )


def _mean(a: dict[str, float], b: dict[str, float]) -> dict[str, float]:
    if not a or not b:
        return a or b
    return {key: (a.get(key, 0.0) + b.get(key, 0.0)) / 2 for key in sorted({*a, *b})}


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values())
    return {key: counts[key] / total for key in sorted(counts)} if total else {}
