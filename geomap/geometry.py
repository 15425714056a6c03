"""Points, boxes, distances, polygons from shared arcs, and directional regions. Always lon before lat."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

from geomap.model import Direction

EARTH_RADIUS_M = 6_371_008.8
"""Mean Earth radius R1 of the IUGG, in metres."""

Arc: TypeAlias = list[tuple[float, float]]
Vector: TypeAlias = tuple[float, float, float]
Topology: TypeAlias = Mapping[str, Any]


class LonLat(NamedTuple):
    """A point in decimal degrees, WGS84."""

    lon: float
    lat: float

    def as_latlon(self) -> tuple[float, float]:
        """The point in the ``(lat, lon)`` order that Folium and geopy take; the one place where it turns."""
        return (self.lat, self.lon)


def great_circle_m(a: LonLat, b: LonLat) -> float:
    """Return the great-circle distance between two points in metres (haversine on a sphere)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def unit_vector(point: LonLat) -> Vector:
    """Return the point of the unit sphere: the distance of two such points is a chord, without a sine a pair."""
    lon, lat = math.radians(point.lon), math.radians(point.lat)
    return (math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))


def chord_m(chord: float) -> float:
    """Return the great-circle distance in metres of two points whose unit vectors are so far apart."""
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, chord / 2))


def length_km(line: BaseGeometry) -> float:
    """Return the length of a line or multi-line in kilometres, segment by segment on the sphere."""
    total = 0.0
    for part in getattr(line, "geoms", [line]):
        if part.geom_type == "Point" or part.is_empty:
            continue  # where two lines only touch
        points = [LonLat(x, y) for x, y, *_ in part.coords]
        total += sum(great_circle_m(a, b) for a, b in pairwise(points))
    return total / 1000


# --- TopoJSON: polygons and borders from one set of arcs -------------------------------------------------


def decode_arcs(topology: Topology) -> list[Arc]:
    """Return the arcs of a quantized TopoJSON topology as lists of ``(lon, lat)``.

    See the TopoJSON specification, section 2.1.2 (delta encoding, ``transform``).
    """
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for encoded in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in encoded:
            x += dx
            y += dy
            arc.append((x * sx + tx, y * sy + ty))
        arcs.append(arc)
    return arcs


def _ring(indices: Iterable[int], arcs: Sequence[Arc]) -> Arc:
    ring: Arc = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def _rings(geometry: Mapping[str, Any]) -> list[list[list[int]]]:
    """The polygons of a TopoJSON geometry, each a list of rings of arc indices."""
    if "arcs" not in geometry:
        return []
    return geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]


def topology_polygon(geometry: Mapping[str, Any], arcs: Sequence[Arc]) -> MultiPolygon:
    """Build one TopoJSON geometry from decoded arcs.

    Rings too small to be one are left out; a ring that crosses the 180th meridian is cut there.
    """
    polygons = []
    for rings in _rings(geometry):
        outer, *holes = [_unwrapped(_ring(ring, arcs)) for ring in rings]
        if len(outer) >= 4:
            polygons.append(Polygon(outer, [hole for hole in holes if len(hole) >= 4]))
    whole = shapely.make_valid(MultiPolygon(polygons))
    west, _, east, _ = whole.bounds if not whole.is_empty else (0.0, 0.0, 0.0, 0.0)
    if west < -180 or east > 180:
        whole = unary_union(
            [translate(whole.intersection(box(x - 180, -90, x + 180, 90)), xoff=-x) for x in (-360, 0, 360)]
        )
    return as_multipolygon(whole)


def _unwrapped(ring: Arc) -> Arc:
    """A ring whose longitudes run on across the 180th meridian instead of jumping round the world."""
    if all(abs(b[0] - a[0]) <= 180 for a, b in pairwise(ring)):
        return ring
    shift, unwrapped = 0.0, ring[:1]
    for (x0, _), (x, y) in pairwise(ring):
        if abs(x - x0) > 180:
            shift += 360 if x < x0 else -360
        unwrapped.append((x + shift, y))
    if abs(unwrapped[-1][0] - unwrapped[0][0]) > 180:  # round a pole: close the ring along it
        pole = math.copysign(90.0, unwrapped[0][1])
        unwrapped += [(unwrapped[-1][0], pole), (unwrapped[0][0], pole), unwrapped[0]]
    return unwrapped


def arc_indices(geometry: Mapping[str, Any]) -> set[int]:
    """Return the indices of the arcs of a TopoJSON geometry, whichever way they are walked."""
    return {index if index >= 0 else ~index for rings in _rings(geometry) for ring in rings for index in ring}


def shared_border(a: Iterable[int], b: Iterable[int], arcs: Sequence[Arc]) -> MultiLineString | None:
    """Return the line that two sets of arcs share, merged, or None if they share none."""
    shared = sorted(set(a) & set(b))
    if not shared:
        return None
    merged = linemerge([LineString(arcs[index]) for index in shared if len(arcs[index]) > 1])
    lines = merged.geoms if isinstance(merged, MultiLineString) else [merged]
    return MultiLineString(sorted(lines, key=lambda line: line.bounds))


def as_multipolygon(geometry: BaseGeometry) -> MultiPolygon:
    """Return the areal part of a geometry as a MultiPolygon, right-handed as RFC 7946 asks."""
    parts = [part for part in getattr(geometry, "geoms", [geometry]) if part.geom_type in ("Polygon", "MultiPolygon")]
    polygons = [polygon for part in parts for polygon in getattr(part, "geoms", [part]) if not polygon.is_empty]
    return MultiPolygon([shapely.geometry.polygon.orient(polygon) for polygon in polygons])


# --- Directional regions: "northern Afghanistan" -----------------------------------------------------------

CARDINAL_SHARE = 1 / 3
"""Part of the parent's extent that "north" takes; best F1 against lists of provinces (with the next one)."""
INTERCARDINAL_SHARE = 0.45
"""Part of each side of the parent's box that "northeast" takes."""
MIN_AREA_SHARE = 0.08
"""A directional region smaller than this part of its parent is widened."""
_WIDENING = 1.25


MAINLAND_REACH = 2.5
"""Degrees of water that an island may lie off a country's main body, or off another such island, and still belong to it."""


def mainland(area: BaseGeometry) -> MultiPolygon:
    """Return the largest polygon of an area with the islands off it, without its possessions overseas."""
    polygons = list(as_multipolygon(area).geoms)
    if not polygons:
        return MultiPolygon()
    tree = shapely.STRtree(polygons)
    reached = {max(range(len(polygons)), key=lambda index: polygons[index].area)}
    frontier = reached
    while frontier:
        near = tree.query([polygons[index] for index in frontier], predicate="dwithin", distance=MAINLAND_REACH)[1]
        frontier = set(near.tolist()) - reached
        reached |= frontier
    return MultiPolygon([polygons[index] for index in sorted(reached)])


def directional_region(parent: BaseGeometry, direction: Direction, parts: Sequence[BaseGeometry] = ()) -> MultiPolygon:
    """Return the part of an area that a direction names.

    Args:
        parent: The country or province, polygons in degrees.
        direction: Which part.
        parts: Polygons of the subdivisions that the direction stands for, where a list of them is
            known; their union is the answer then, cut to the parent.

    Returns:
        The polygon: approximate by nature; empty only where the parent is.
    """
    if parent.is_empty:
        return MultiPolygon()
    if parts:
        return as_multipolygon(unary_union(list(parts)).intersection(parent))
    whole = mainland(parent)
    west, south, east, north = whole.bounds
    share = CARDINAL_SHARE if direction in ("north", "south", "east", "west", "central") else INTERCARDINAL_SHARE
    while True:
        width, height = (east - west) * share, (north - south) * share
        left, bottom, right, top = west, south, east, north
        if direction == "central":
            left, right, bottom, top = left + width, right - width, bottom + height, top - height
            if left >= right or bottom >= top:
                left, right, bottom, top = west, east, south, north
        if direction.startswith("north"):
            bottom = north - height
        if direction.startswith("south"):
            top = south + height
        if direction.endswith("east"):
            left = east - width
        if direction.endswith("west"):
            right = west + width
        region = as_multipolygon(whole.intersection(box(left, bottom, right, top)))
        if region.area >= MIN_AREA_SHARE * whole.area or share >= 1:
            return region
        share = min(1.0, share * (_WIDENING if direction != "central" else 1 / _WIDENING))
