"""Point-in-polygon: the country and the first-level unit that a point lies in.

The polygons are drawn at 1:10 m and simplified far from home, so a village on a border river or a pier may lie on
the wrong side. What the gazetteer files a place under is never overridden by them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import product
from string import ascii_uppercase, digits
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.errors import UsageError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Place

GAP: Final = 0.15
"""Degrees that a unit's polygon may be off a point of its country: units and countries come from two surveys, which
differ by up to 12 km on the Afghan border."""


class Areas:
    """The polygons of an open gazetteer, indexed when they are first asked.

    Any thread may use an instance, one at a time, as with the gazetteer itself.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Remember the gazetteer; nothing is read yet."""
        self._gazetteer = gazetteer
        self._units: dict[str, _Index] = {}

    @cached_property
    def _countries(self) -> _Index:
        codes = ("".join(letters) for letters in product(ascii_uppercase, repeat=2))
        return self._index(self._gazetteer.country(code) for code in codes)

    def _units_of(self, country: str) -> _Index:
        if country not in self._units:
            codes = ("".join(letters) for letters in product(digits + ascii_uppercase, repeat=2))
            self._units[country] = self._index(self._gazetteer.admin1(country, code) for code in codes)
        return self._units[country]

    def _index(self, places: Iterable[Place | None]) -> _Index:
        known = [place for place in places if place]
        shapes = [(place, shape) for place in known if (shape := self._gazetteer.shape(place)) is not None]
        return _Index(shapes)

    def country_at(self, lon: float, lat: float) -> Place | None:
        """Return the country whose polygon holds a point, or None on the high seas and where none is drawn.

        Args:
            lon: Degrees east; beyond ±180 it goes round.
            lat: Degrees north.

        Returns:
            The country. On a border it is the smaller of the two; of an enclave, the enclave's.

        Raises:
            UsageError: If it is no point on Earth.
        """
        return self._countries.holder(_point(lon, lat))

    def province_at(self, lon: float, lat: float, country: str | None = None) -> Place | None:
        """Return the first-level unit that a point lies in, where its country's units have polygons.

        Args:
            lon: Degrees east; beyond ±180 it goes round.
            lat: Degrees north.
            country: ISO 3166-1 alpha-2 code that the point is known to belong to, whatever the polygons
                say; without it, that of :meth:`country_at`.

        Returns:
            The unit; in the gap between the drawn border and the units, the nearest within :data:`GAP`.

        Raises:
            UsageError: If it is no point on Earth.
        """
        point = _point(lon, lat)
        if country is None:
            found = self._countries.holder(point)
            country = found.country if found else None
        if country is None:
            return None
        units = self._units_of(country)
        return units.holder(point) or units.nearest(point, GAP)

    def unit_of(self, place: Place) -> Place | None:
        """Return the first-level unit that the gazetteer files a place under.

        A town, a facility or a seat that it files under none gets the one around its point, within the
        country that it is filed under; a river or a region, which may cross many, gets none.
        """
        if place.country is None:
            return None
        if place.admin1:
            return self._gazetteer.admin1(place.country, place.admin1)
        is_point = place.feature_code.startswith("PPL") or place.kind in ("facility", "metonym")
        return self.province_at(place.lon, place.lat, place.country) if is_point else None


class _Index:
    """Places with their polygons, smallest first, in an R-tree."""

    def __init__(self, shapes: Sequence[tuple[Place, BaseGeometry]]) -> None:
        ordered = sorted(shapes, key=lambda pair: (pair[1].area, pair[0].id))
        self._places = [place for place, _ in ordered]
        self._shapes = [shape for _, shape in ordered]
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def holder(self, point: shapely.Point) -> Place | None:
        """The smallest that holds a point or is bounded by it."""
        near = sorted(self._tree.query(point).tolist())
        return next((self._places[i] for i in near if shapely.intersects(self._shapes[i], point)), None)

    def nearest(self, point: shapely.Point, reach: float) -> Place | None:
        """The nearest within so many degrees, measured as the eye does on the ground."""
        squeeze = max(math.cos(math.radians(point.y)), 0.01)
        near = sorted(self._tree.query(point, predicate="dwithin", distance=reach / squeeze).tolist())
        away = [(_degrees(self._shapes[i], point, squeeze), i) for i in near]
        best = min(away, default=(math.inf, -1))
        return self._places[best[1]] if best[0] <= reach else None


def _degrees(shape: BaseGeometry, point: shapely.Point, squeeze: float) -> float:
    """How far a point lies off a shape in degrees of latitude."""
    nearest = shapely.shortest_line(shape, point).coords[0]
    return math.hypot((nearest[0] - point.x) * squeeze, nearest[1] - point.y)


def _point(lon: float, lat: float) -> shapely.Point:
    if not (math.isfinite(lon) and math.isfinite(lat) and -90 <= lat <= 90):
        raise UsageError(f"({lon}, {lat}): no point on Earth; give degrees, longitude before latitude")
    return shapely.Point((lon + 180) % 360 - 180, lat)
