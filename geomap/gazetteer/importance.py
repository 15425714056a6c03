"""How likely a place is to be meant before any context."""

from __future__ import annotations

import math

from geomap.model import Place

_COUNTRY = 9.0
_REGION = 8.5
_METONYM = 7.5
_CURATED = {"ADM2": 4.0, "ADM3": 3.5, "PPL": 3.5, "PSTB": 4.5, "OCN": 6.5, "SEA": 6.0, "GULF": 5.5}
_CURATED_FEATURE = 5.0
_CAPITAL_BONUS, _MIN_CAPITAL = 1.5, 6.5
_SEAT_BONUS = 0.8  # PPLA: known for home only
_MIN_ADMIN1, _ADMIN1_DISCOUNT = 5.5, 0.3
_MIN_TOWN = 1.5


def importance(place: Place, admin1_population: int = 0) -> float:
    """Return how likely a place is to be meant before any context, on a log10 scale of inhabitants.

    A town's is the logarithm of its population; what has none (a country, a river, a crossing)
    stands where news places it between towns. The steps were set by hand on that scale.

    Args:
        place: A town of the world, or a place of the curated tables.
        admin1_population: Inhabitants of a first-level unit's towns.
    """
    code = place.feature_code
    if code == "PCLI":
        return _COUNTRY
    if place.kind == "region":
        return _REGION
    if place.kind == "metonym":
        return _METONYM
    if code == "ADM1":
        return max(_MIN_ADMIN1, math.log10(admin1_population + 1) - _ADMIN1_DISCOUNT)
    if code == "PPLC":
        return max(_MIN_CAPITAL, math.log10(place.population + 1) + _CAPITAL_BONUS)
    if place.population or code == "PPL":
        floor = _MIN_TOWN if place.geonameid else _CURATED["PPL"]
        return max(floor, math.log10(place.population + 1)) + (_SEAT_BONUS if code == "PPLA" else 0.0)
    return _CURATED.get(code, _CURATED_FEATURE)
