"""The base layer: the countries of the world as few shared arcs, fine near Afghanistan, coarse far off.

A TopoJSON topology keeps each line once, however many countries it bounds. So does the base layer:
the page finds a shared border (and tells it from a coast) by asking which countries use an arc, and
a highlighted border is the country's own line, not a copy beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, TypeAlias

from shapely import maximum_inscribed_circle
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

Point: TypeAlias = tuple[float, float]
Json: TypeAlias = dict[str, Any]
Label: TypeAlias = tuple[str, Point]
Province: TypeAlias = tuple[str, str, BaseGeometry]
"""Country and admin1 code (``AF.24``), name, area."""
Crossing: TypeAlias = tuple[str, str, Point]
"""The two countries (``AF-TJ``), name, where it is."""

SCALE = 1000
"""Coordinates are stored as whole thousandths of a degree."""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""The 64 digits of an encoded line: none needs escaping in JSON or HTML."""

CUT = -169.0
"""Where the flat map is cut, degrees east: in the Bering Strait, so that no land is torn."""

HOME = frozenset({"AF", "TJ"})
LEFT_OUT = frozenset({"AQ"})  # Antarctica: no news there, and Mercator makes it the largest land on the map


SMALLEST_NAMED = 0.5
"""The smallest country that is lettered, in square degrees."""

PLAIN_NAMES = {
    "Bosnia and Herz.": "Bosnia",
    "Central African Rep.": "Central African Republic",
    "Dem. Rep. Congo": "DR Congo",
    "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea",
    "Falkland Is.": "Falkland Islands",
    "Macedonia": "North Macedonia",
    "S. Sudan": "South Sudan",
    "Solomon Is.": "Solomon Islands",
    "United States of America": "United States",
    "W. Sahara": "Western Sahara",
    "eSwatini": "Eswatini",
}
"""Natural Earth's shortened names, as a newspaper writes them."""


class Zone(NamedTuple):
    """How coarsely the lines that touch an area are drawn, and which islands there are too small."""

    area: BaseGeometry
    tolerance: float  # degrees
    smallest: float  # square degrees
    grain: int  # thousandths of a degree to which points within a line are rounded: round steps pack small


LABEL_GRAIN = 64  # thousandths of a degree
PROVINCE_TOLERANCE = {"home": 0.03, "near": 0.12}  # degrees: a pixel or two at the zoom that shows provinces whole
PROVINCE_GRAIN = {"home": 4, "near": 32}  # thousandths of a degree
SMALLEST_PART = 0.05  # square degrees of a province's part that is drawn
WORLD = box(-180.0, -90.0, 200.0, 90.0)
STRONG = Zone(WORLD, 0.004, 0.0, 1)  # the line that the map is about: within half a kilometre
NEXT = Zone(WORLD, 0.009, 0.0, 4)
ZONES = (  # the first that a line touches counts
    Zone(box(44.0, 22.0, 86.0, 48.0), 0.03, 0.0, 4),
    Zone(box(20.0, 8.0, 105.0, 60.0), 0.27, 0.8, 64),
    Zone(WORLD, 0.95, 6.0, 128),
)


def encode(points: Iterable[Sequence[float]], *, merge: bool = True) -> str:
    """Writes a line as steps of a thousandth of a degree, in few characters.

    Each number is a difference to the point before, written as :func:`encode_numbers` does.

    Args:
        points: ``(lon, lat)`` pairs.
        merge: Whether neighbours that fall together become one.

    Returns:
        A string of :data:`ALPHABET`.
    """
    steps: list[int] = []
    x = y = 0
    for point in points:
        to_x, to_y = round(point[0] * SCALE), round(point[1] * SCALE)
        if merge and steps and (to_x, to_y) == (x, y):
            continue
        steps += (to_x - x, to_y - y)
        x, y = to_x, to_y
    return encode_numbers(steps)


def encode_numbers(values: Iterable[int]) -> str:
    """Writes whole numbers in few characters, small ones in one.

    The sign is moved to the lowest bit; five bits a character, lowest first, the sixth set while more follow.
    """
    return "".join(map(_digits, values))


@lru_cache(maxsize=1 << 16)
def _digits(value: int) -> str:
    rest = value << 1 if value >= 0 else ~(value << 1)
    written = []
    while rest > 31:
        written.append(ALPHABET[rest & 31 | 32])
        rest >>= 5
    return "".join(written) + ALPHABET[rest]


def decode(line: str) -> list[Point]:
    """Reads what :func:`encode` wrote back into ``(lon, lat)`` pairs."""
    steps = decode_numbers(line)
    return [(x / SCALE, y / SCALE) for x, y in zip(accumulate(steps[0::2]), accumulate(steps[1::2]), strict=True)]


def decode_numbers(written: str) -> list[int]:
    """Reads what :func:`encode_numbers` wrote."""
    values: list[int] = []
    value = shift = 0
    for character in written:
        digit = ALPHABET.index(character)
        value |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return values


def build_basemap(
    topology: Mapping[str, Any],
    labels: Sequence[Mapping[str, Any]],
    provinces: Sequence[Province] = (),
    crossings: Sequence[Crossing] = (),
) -> Json:
    """Makes the page's base layer from the countries of the world.

    Args:
        topology: A quantized TopoJSON topology whose object ``countries`` has, for each geometry, the
            properties ``name`` and ``country`` (ISO 3166-1 alpha-2, or null).
        labels: The towns to letter, each with ``name``, ``lon``, ``lat`` and ``rank`` (1 capital, 2 main
            town, 3 town). Countries are lettered (rank 0) without being asked for.
        provinces: The provinces to draw.
        crossings: The border crossings to name.

    Returns:
        ``{"arcs": [line], "countries": [[code, polygons]], "provinces": [[key, name, [ring]]],
        "crossings": [[pair, names, points]], "labels": [[names, points]]}``, lines, rings and points as
        :func:`encode` writes them. A polygon is a list of rings, a ring a list of arc indices;
        ``~i`` is arc ``i`` backwards. Land without an ISO code is kept (its name for its code), so that
        the map has no holes. Labels stand rank by rank, names parted by ``|``.
    """
    arcs = _arcs(topology)
    geometries = [
        geometry
        for geometry in topology["objects"]["countries"]["geometries"]
        if geometry.get("arcs") and geometry["properties"]["country"] not in LEFT_OUT
    ]
    used_by: dict[int, set[str]] = {}
    for geometry in geometries:
        for arc in {_index(arc) for polygon in _polygons(geometry) for ring in polygon for arc in ring}:
            used_by.setdefault(arc, set()).add(geometry["properties"]["country"] or "")
    kept: dict[int, int] = {}  # arc of the topology -> arc of the base layer
    lines: list[str] = []

    def keep(arc: int) -> int:
        index = _index(arc)
        if index not in kept:
            kept[index] = len(lines)
            lines.append(encode(_simplified(arcs[index], _zone_of(arcs[index], used_by[index]))))
        return kept[index] if arc >= 0 else ~kept[index]

    countries: dict[str, list[Any]] = {}
    largest: dict[str, tuple[float, str, Polygon]] = {}
    for geometry in geometries:
        properties = geometry["properties"]
        areas = [(polygon, _area(polygon, arcs)) for polygon in _polygons(geometry)]
        polygons = [[[keep(arc) for arc in ring] for ring in polygon] for polygon in _worth_drawing(areas)]
        if not polygons:
            continue
        code = properties["country"]
        if code:
            main = max((area for _, area in areas), key=lambda area: area.area)
            found = (main.area, properties["name"], main)
            largest[code] = max(found, largest.get(code, found), key=lambda part: part[0])
        countries.setdefault(code or properties["name"], []).extend(polygons)
    named = sorted(largest.values(), key=lambda part: (-part[0], part[1]))
    ranks: list[list[Label]] = [[_label(name, area) for size, name, area in named if size >= SMALLEST_NAMED]]
    for rank in (1, 2, 3):
        ranks.append([(town["name"], (town["lon"], town["lat"])) for town in labels if town["rank"] == rank])
    return {
        "arcs": lines,
        "countries": [[code, polygons] for code, polygons in countries.items()],
        "provinces": [[key, name, _rings(shape, key.partition(".")[0])] for key, name, shape in provinces],
        "crossings": [
            [pair, *_lettered([(name, at) for crossed, name, at in crossings if crossed == pair])]
            for pair in dict.fromkeys(pair for pair, _, _ in crossings)
        ],
        "labels": [_lettered(rank) for rank in ranks],
    }


def _lettered(labels: Sequence[Label]) -> list[str]:
    """Names and their points, each joined to one string."""
    return ["|".join(name for name, _ in labels), encode((spot for _, spot in labels), merge=False)]


def _rings(shape: BaseGeometry, country: str) -> list[str]:
    """The outer rings of a province, largest first; its holes and all specks but the first are left out."""
    where = "home" if country in HOME else "near"
    thinned = shape.simplify(PROVINCE_TOLERANCE[where])
    parts = sorted(getattr(thinned, "geoms", [thinned]), key=lambda part: -float(part.area))
    rings = [part.exterior.coords for nth, part in enumerate(parts) if nth == 0 or part.area >= SMALLEST_PART]
    return [encode(_rounded(point, PROVINCE_GRAIN[where]) for point in ring) for ring in rings]


def _label(name: str, area: Polygon) -> Label:
    """A country's name amid the largest circle that fits in it."""
    spot = maximum_inscribed_circle(area.simplify(0.1).buffer(0), tolerance=0.1).coords[0]
    return PLAIN_NAMES.get(name, name), _rounded(spot, LABEL_GRAIN)


def _index(arc: int) -> int:
    return arc if arc >= 0 else ~arc


def _arcs(topology: Mapping[str, Any]) -> list[list[Point]]:
    """The arcs of a quantized topology in degrees, each whole on one side of the cut."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        lons = _unbroken([x * scale_x + left for x in accumulate(step[0] for step in arc)])
        lats = [y * scale_y + bottom for y in accumulate(step[1] for step in arc)]
        arcs.append(list(zip(lons, lats, strict=True)))
    return arcs


def _unbroken(lons: list[float]) -> list[float]:
    """Lets a line that crosses 180° run on, and moves one that lies west of the cut to the far east."""
    run = list(accumulate(lons, lambda before, lon: lon + 360.0 * round((before - lon) / 360.0)))
    return [lon + 360.0 for lon in run] if sum(run) / len(run) < CUT else run


def _polygons(geometry: Mapping[str, Any]) -> list[list[list[int]]]:
    """The polygons of a country; each is a list of rings, each ring a list of arcs."""
    found: list[list[list[int]]] = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return found


def _area(polygon: list[list[int]], arcs: list[list[Point]]) -> Polygon:
    """The outer ring of a polygon, for its size and whereabouts; empty where it is no more than a speck."""
    ring: list[Point] = []
    for arc in polygon[0]:
        points = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        ring += points[1:] if ring else points
    return Polygon(ring) if len(ring) > 3 else Polygon()


def _worth_drawing(polygons: list[tuple[list[list[int]], Polygon]]) -> list[list[list[int]]]:
    """Leaves out far islets, but never all of a country."""
    largest = max(area.area for _, area in polygons)
    return [
        polygon
        for polygon, area in polygons
        if not area.is_empty
        and (area.area == largest or area.area > next(zone.smallest for zone in ZONES if area.intersects(zone.area)))
    ]


def _zone_of(arc: list[Point], countries: set[str]) -> Zone:
    """How coarsely an arc is drawn: the border of the two home countries finest, then their others, then by distance."""
    if HOME & countries:
        return STRONG if countries >= HOME else NEXT
    line = LineString(arc)
    return next(zone for zone in ZONES if line.intersects(zone.area))


def _simplified(arc: list[Point], zone: Zone) -> list[Point]:
    """Thins an arc; a closed one keeps enough points to have an inside, any its exact ends."""
    closed = arc[0] == arc[-1]
    points = LineString(arc).simplify(zone.tolerance, preserve_topology=closed).coords
    return [arc[0], *(_rounded(point, zone.grain) for point in points[1:-1]), arc[-1]]


def _rounded(point: Sequence[float], grain: int) -> Point:
    lon, lat = (round(degrees * SCALE / grain) * grain / SCALE for degrees in point)
    return lon, lat
