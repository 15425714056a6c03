"""Which two countries a border is between, where the text names one or leaves the other to the reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from geomap.gazetteer.store import Gazetteer
from geomap.model import Direction, Mention
from geomap.resolution.focus import Focus, flatten

SAME_SENTENCE: Final = 1.0
"""What a neighbour named in the same sentence is worth, beside its share of the whole article."""
HOME: Final = "AF"
HOME_WEIGHT: Final = 0.05
"""Where nothing else decides, the border is Afghanistan's: that is what geomap is about."""


def border_pair(
    mention: Mention, sentence: Iterable[Mention], focus: Focus, gazetteer: Gazetteer
) -> tuple[str, str] | None:
    """Return the two countries of a border mention.

    The text gives both, or one; the other is then the neighbour that the sentence names, else the
    neighbour that the article names most. ``"Tajikistan's southern border"`` keeps to the neighbours
    on that side.

    Returns:
        Two ISO alpha-2 codes that share a land border, sorted; None if there is no such pair.
    """
    if len(mention.countries) == 2:
        first, second = sorted(mention.countries)
        return (first, second) if gazetteer.border(first, second) else None
    (named,) = mention.countries[:1]
    neighbours = list(gazetteer.neighbours(named))
    if mention.direction:
        side = [code for code in neighbours if _lies_towards(named, code, mention.direction, gazetteer)]
        neighbours = side or neighbours
    shares = focus.countries()
    weights = {code: shares.get(code, 0.0) for code in neighbours}
    for other in flatten(sentence):
        inside = mention.start <= other.start < mention.end
        if not inside and other.kind not in ("border", "region"):
            for code in _countries_of(other, gazetteer):
                if code in weights:
                    weights[code] += SAME_SENTENCE
    if HOME in weights:
        weights[HOME] += HOME_WEIGHT
    best = min(weights, key=lambda code: (-weights[code], neighbours.index(code)), default=None)
    if best is None or not (weights[best] or len(neighbours) == 1 or mention.direction):
        return None
    first, second = sorted((named, best))
    return first, second


def _countries_of(mention: Mention, gazetteer: Gazetteer) -> tuple[str, ...]:
    if mention.countries:
        return mention.countries[:1] if len(mention.countries) == 1 else ()
    candidates = gazetteer.candidates(mention.name, None, False)
    code = candidates[0].place.country if candidates else None
    return (code,) if code else ()


def _lies_towards(named: str, neighbour: str, direction: Direction, gazetteer: Gazetteer) -> bool:
    """Whether the middle of a border lies on the side of a country that a direction names."""
    country, line = gazetteer.country(named), gazetteer.border(named, neighbour)
    area = gazetteer.shape(country) if country else None
    if area is None or line is None:
        return False
    middle = area.representative_point()
    right, up = line.lon - middle.x, line.lat - middle.y
    sides = (("north", up), ("south", -up), ("east", right), ("west", -right))
    return all(offset > 0 for side, offset in sides if side in direction)
