"""Countries and their units, borders, directional regions, and the shape of each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geomap.gazetteer.file import GazetteerFile
from geomap.model import Direction, Place

if TYPE_CHECKING:
    from shapely import Point
    from shapely.geometry.base import BaseGeometry

# Shapely takes half of a tenth of a second to import and names need none of it: methods import it.

_ADJECTIVES: Final = {"central": "central"} | {
    direction: f"{direction}ern"
    for direction in ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
}


class Regions(GazetteerFile):
    """A gazetteer file that is asked for areas and lines by code instead of by name."""

    def __init__(self, path: str | Path | None = None, *, own_places: bool = True) -> None:
        """Open a gazetteer file; see :class:`geomap.gazetteer.file.GazetteerFile`."""
        super().__init__(path, own_places=own_places)
        self.shape = lru_cache(maxsize=500)(self._shape_uncached)
        self.border = lru_cache(maxsize=2_000)(self._border_uncached)
        self.directional = lru_cache(maxsize=2_000)(self._directional_uncached)
        self.neighbours = lru_cache(maxsize=500)(self._neighbours_uncached)

    def country(self, code: str) -> Place | None:
        """Return a country by its ISO 3166-1 alpha-2 code."""
        rows = self._rows("SELECT place FROM country WHERE code = ?", code)
        return self.place(rows[0][0]) if rows else None

    def capital(self, code: str) -> Place | None:
        """Return the capital of a country."""
        rows = self._rows("SELECT capital FROM country WHERE code = ? AND capital IS NOT NULL", code)
        return self.place(rows[0][0]) if rows else None

    def admin1(self, country: str, code: str) -> Place | None:
        """Return a first-level unit by its country and GeoNames admin1 code."""
        rows = self._rows(
            "SELECT place FROM unit WHERE country = ? AND admin1 = ? AND admin2 = '' AND place IS NOT NULL",
            country,
            code,
        )
        return self.place(rows[0][0]) if rows else None

    def provinces(self, country: str) -> list[Place]:
        """Return the first-level units of a country, in the order of their codes."""
        rows = self._rows(
            "SELECT place FROM unit WHERE country = ? AND admin2 = '' AND place IS NOT NULL ORDER BY admin1, place",
            country,
        )
        return [self.place(row[0]) for row in rows]

    def _neighbours_uncached(self, code: str) -> tuple[str, ...]:
        """Return the countries that share a land border with one, longest border first."""
        rows = self._rows(
            "SELECT CASE WHEN a = ?1 THEN b ELSE a END, km FROM border WHERE a = ?1 OR b = ?1 ORDER BY km DESC, 1", code
        )
        return tuple(row[0] for row in rows)

    def _border_uncached(self, a: str, b: str) -> Place | None:
        """Return the shared border of two countries as a place of code ``BDR``, or None if they share none."""
        import shapely

        first, second = sorted((a, b))
        rows = self._rows("SELECT wkb FROM border WHERE a = ? AND b = ?", first, second)
        one, other = self.country(first), self.country(second)
        if not rows or one is None or other is None:
            return None
        middle = _middle(shapely.from_wkb(rows[0][0]))
        return Place(
            id=f"gm:border/{first}-{second}", name=f"{one.name}–{other.name} border", country=None, admin1=None,
            lon=round(middle.x, 4), lat=round(middle.y, 4), feature_code="BDR", countries=(first, second), kind="border",
        )  # fmt: skip

    def border_km(self, a: str, b: str) -> float:
        """Return the length of a shared border in kilometres; 0 if there is none."""
        rows = self._rows("SELECT km FROM border WHERE a = ? AND b = ?", *sorted((a, b)))
        return float(rows[0][0]) if rows else 0.0

    def _directional_uncached(self, parent: Place, direction: Direction) -> Place | None:
        """Return "northern Afghanistan" as a place of code ``DIR``; None for a parent without an area."""
        region = self._directional_shape(parent, direction)
        if region is None:
            return None
        point = region.representative_point()
        return Place(
            id=f"gm:direction/{direction}/{parent.id}", name=f"{_ADJECTIVES[direction]} {parent.name}", country=parent.country,
            admin1=parent.admin1, lon=round(point.x, 4), lat=round(point.y, 4), feature_code="DIR", kind="directional",
        )  # fmt: skip

    def _directional_shape(self, parent: Place, direction: Direction) -> BaseGeometry | None:
        area = self.shape(parent)
        if area is None:
            return None
        from geomap.geometry import directional_region

        parts: list[BaseGeometry] = []
        if parent.feature_code == "PCLI" and parent.country:
            rows = self._rows(
                "SELECT admin1 FROM direction WHERE country = ? AND direction = ?", parent.country, direction
            )
            provinces = [self.admin1(parent.country, code) for code in (rows[0][0].split() if rows else [])]
            shapes = [self.shape(province) for province in provinces if province]
            parts = [shape for shape in shapes if shape is not None]
        region = directional_region(area, direction, parts)
        return None if region.is_empty else region

    def _shape_uncached(self, place: Place) -> BaseGeometry | None:
        """Return the polygon or line of a place in lon/lat degrees, or None if only its point is known."""
        import shapely

        if place.feature_code == "BDR":
            rows = self._rows("SELECT wkb FROM border WHERE a = ? AND b = ?", *place.countries)
        elif place.feature_code == "DIR":
            _, direction, parent_id = place.id.split("/", 2)
            parent = self._row_of(parent_id)
            return self._directional_shape(self.place(parent), direction) if parent else None  # type: ignore[arg-type]
        elif place.kind == "region":
            members = [self.country(code) for code in place.countries]
            shapes = [self.shape(member) for member in members if member]
            return shapely.union_all([shape for shape in shapes if shape is not None]) if any(shapes) else None
        else:
            rows = self._rows("SELECT wkb FROM shape WHERE place = ?", self._row_of(place.id))
        return shapely.from_wkb(rows[0][0]) if rows else None


def _middle(line: BaseGeometry) -> Point:
    """The point halfway along the longest part of a line."""
    longest = max(getattr(line, "geoms", [line]), key=lambda part: part.length)
    middle: Point = longest.interpolate(0.5, normalized=True)
    return middle
