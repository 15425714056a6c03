"""Which row of a dump is the place that a curated table has without a geonameid.

Left alone, such a place would stand in the grown file twice. A row counts as its twin when it lies in
the same country, is of the same kind of thing, bears one of its names and lies near enough; of several
the one that is clearly most like it, else none: two entries are a lesser evil than a river whose id is
another river's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from geomap.gazetteer.sources.geonames import GeoName
from geomap.geometry import LonLat, great_circle_m

_ALIKE: Final = (
    "ADM2 ADM3 ADMD", "AIRB AIRF AIRP", "STM STMI STMX", "LK LKI LKN LKS RSV", "MT PK HLL VLC", "MTS MT HLLS RDGE",
    "VAL GRGE CNYN", "PASS GAP", "ISL ISLX", "PRN PSN", "BLDG PAL ADMF CSTL HSTS", "MSQE SHRN", "PRK RESN RESV RES",
)  # fmt: skip
"""Feature codes that two surveys give to one thing; towns (PPL…) are alike too."""
_FAMILIES: Final = tuple(frozenset(codes.split()) for codes in _ALIKE)
_LONG: Final = frozenset(
    "STM CNL MTS DSRT RGN PLN PLAT PEN ISLS SEA OCN GULF STRT CHN DLTA AREA BSND BSNU TRNU DPR CST".split()
)
_WIDE: Final = frozenset("ADM2 ADM3 VAL LK LKI LKN RSV BAY ISL GLCR FRST PRK RESN RESV FJD LGN SWMP SALT RF".split())
_LONG_M, _WIDE_M, _SPOT_M = 500_000, 50_000, 15_000
"""How far two points of one thing may lie apart: GeoNames puts a river's at its mouth, a curated table in its middle; a
curated point is good to 0.1° at least. Set by hand, checked by leaving rows of a real dump out (docs/gazetteer.md)."""

_LOOSEST: Final = 2
"""Sum of the two ranks of a shared name: a name without class words must be the other's own name."""


class Own(NamedTuple):
    """A place without a geonameid: its row, country (empty for none), feature code and point."""

    row: int
    country: str
    feature_code: str
    point: LonLat


class Twins:
    """Rows of dumps that may be places that the lower layer has without a geonameid."""

    def __init__(self, names: Iterable[tuple[str, int, Own]]) -> None:
        """Index the places.

        Args:
            names: Their keys, each with its rank.
        """
        self._own: dict[str, list[tuple[int, Own]]] = {}
        for key, rank, own in names:
            self._own.setdefault(key, []).append((rank, own))
        self._found: dict[int, dict[int, tuple[tuple[bool, int], GeoName]]] = {}

    def look(self, row: GeoName, keys: Mapping[str, int]) -> None:
        """Note which places a row of a dump may be.

        Args:
            row: The row.
            keys: The keys of its names with their ranks.
        """
        for key in keys.keys() & self._own.keys():
            for rank, own in self._own[key]:
                ranks = rank + keys[key]
                if ranks <= _LOOSEST and _is_alike(own, row):
                    unlike = (own.feature_code != row.feature_code, ranks)
                    found = self._found.setdefault(own.row, {})
                    known, _ = found.get(row.geonameid, (unlike, row))
                    found[row.geonameid] = (min(unlike, known), row)

    def settled(self) -> dict[int, GeoName]:
        """Return the twin of each place that has one, in the order of the places; no row is the twin of two."""
        best: dict[int, GeoName] = {}
        for own, found in sorted(self._found.items()):
            least = min(unlike for unlike, _ in found.values())
            first, *others = [row for unlike, row in found.values() if unlike == least]
            if not others:
                best[own] = first
        claims = Counter(row.geonameid for row in best.values())
        return {own: row for own, row in best.items() if claims[row.geonameid] == 1}


def _is_alike(own: Own, row: GeoName) -> bool:
    one, other = own.feature_code, row.feature_code
    if own.country != row.country or not (
        one == other
        or (one.startswith("PPL") and other.startswith("PPL"))
        or any(one in codes and other in codes for codes in _FAMILIES)
    ):
        return False
    reach = _LONG_M if one in _LONG else _WIDE_M if one in _WIDE else _SPOT_M
    return great_circle_m(own.point, LonLat(lon=row.lon, lat=row.lat)) <= reach
