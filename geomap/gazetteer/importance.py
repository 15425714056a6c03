"""How likely a place is to be meant before any context."""

from __future__ import annotations

import math

from geomap.model import Place

_COUNTRY = 9.0
_REGION = 8.5
_METONYM = 7.5
_CURATED = {"ADM2": 4.5, "ADM3": 3.9, "PPL": 3.5, "PSTB": 4.5, "PPLX": 4.0, "OCN": 6.5, "SEA": 6.0, "GULF": 5.5}
_CURATED_FEATURE = 5.0
_COUNTY = 5.2
_COUNTIES_BY_NAME = frozenset({"GB", "IE"})
"""Countries whose news calls counties by the bare name: "Kent", "Cork"."""
_CAPITAL_BONUS, _MIN_CAPITAL = 1.5, 6.5
_FAME, _MOST_FAME = 0.3, 1.5
"""Ten spellings are worth twice the inhabitants; set on the development corpora between 0 and 1."""
_SEAT_BONUS = 0.8  # PPLA: known for home only
_MIN_ADMIN1, _ADMIN1_DISCOUNT = 5.5, 0.3
_MIN_TOWN = 1.5


def importance(place: Place, spellings: int = 1) -> float:
    """Return how likely a place is to be meant before any context, on a log10 scale of inhabitants.

    A town's is the logarithm of its population; what has none (a country, a river, a crossing)
    stands where news places it between towns. The steps were set by hand on that scale.

    Args:
        place: A town of the world, or a place of the curated tables; a first-level unit's own weight
            follows from its towns, by :func:`admin1_importance`.
        spellings: How many names and spellings a town has in the gazetteer: what the world speaks of has many.
    """
    code = place.feature_code
    if code == "PCLI":
        return _COUNTRY
    if place.kind == "region":
        return _REGION
    if place.kind == "metonym":
        return _METONYM
    if code == "ADM1":
        return _MIN_ADMIN1
    fame = _FAME * min(_MOST_FAME, math.log10(max(1, spellings)))
    if code == "PPLC":
        return max(_MIN_CAPITAL, fame + math.log10(place.population + 1) + _CAPITAL_BONUS)
    if place.population or code == "PPL":
        floor = _MIN_TOWN if place.geonameid else _CURATED["PPL"]
        return fame + max(floor, math.log10(place.population + 1)) + (_SEAT_BONUS if code == "PPLA" else 0.0)
    if code == "ADM2" and place.country in _COUNTIES_BY_NAME:
        return _COUNTY
    return _CURATED.get(code, _CURATED_FEATURE)


def admin1_importance(population: int) -> float:
    """Return the importance of a first-level unit whose towns have so many inhabitants."""
    return max(_MIN_ADMIN1, math.log10(population + 1) - _ADMIN1_DISCOUNT)


_BY_CLASS = {"A": 2.5, "P": 1.5, "H": 1.5, "T": 1.5, "L": 1.5, "V": 1.0, "S": 1.0, "R": 1.0, "U": 1.0}
_BY_CODE = {
    "PCLH": 4.0, "ADM2": 3.5, "ADM3": 3.0, "ADM1H": 3.0, "TERR": 3.5,
    "PPLX": 1.0, "PPLL": 1.0, "PPLQ": 1.0, "PPLW": 1.0, "PPLH": 1.0, "PPLF": 1.0,
    "OCN": 6.5, "SEA": 6.0, "GULF": 5.5, "STRT": 3.0, "BAY": 2.0, "LK": 2.0, "LKS": 2.0, "RSV": 2.0,
    "MTS": 3.0, "PASS": 2.0, "DSRT": 3.0, "ISL": 2.0, "ISLS": 3.0, "PEN": 2.5, "CONT": 8.5, "RGN": 2.5, "AREA": 2.0,
    "AIRP": 2.5, "AIRB": 2.5, "INSM": 2.0, "PSTB": 2.0, "DAM": 2.0,
}  # fmt: skip
_LEAST = 0.5
_UNIT_DISCOUNT = 1.0  # a town goes before the municipality of its name, which has more inhabitants
_PEOPLED = frozenset("AP")


def dump_importance(feature_class: str, feature_code: str, population: int, at_home: bool) -> float:
    """Return the importance of a place that only a GeoNames dump has, on the scale of :func:`importance`.

    What nobody singled out (a creek, a farm, a hotel) weighs as little as a hamlet, so that of two
    namesakes the one that news means goes first. The steps were set by hand.

    Args:
        feature_class: GeoNames' one letter.
        feature_code: Its detail.
        population: Inhabitants, 0 where unknown; it counts for towns and units.
        at_home: Whether it lies in Afghanistan or a neighbour: a seat there goes before its namesakes.
    """
    weight = _BY_CODE.get(feature_code, _BY_CLASS.get(feature_class, _LEAST))
    if feature_class in _PEOPLED and population:
        weight = max(weight, math.log10(population + 1) - (_UNIT_DISCOUNT if feature_class == "A" else 0.0))
    if feature_code == "PPLC":
        return max(_MIN_CAPITAL, weight + _CAPITAL_BONUS)
    return weight + (_SEAT_BONUS if feature_code == "PPLA" and at_home else 0.0)
