"""GeoJSON as RFC 7946 has it: lon/lat, no ``crs``, right-hand rule, flat properties, an id a feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geomap.export.features import mention_rows, place_rows
from geomap.files import dump_json, write_atomically
from geomap.model import Atlas, Place

DECIMALS = 5
"""Digits after the point in coordinates: about one metre."""
_GRID = 10**-DECIMALS


def places_geojson(
    atlas: Atlas, shape: Callable[[Place], BaseGeometry | None], attribution: tuple[str, ...] = ()
) -> str:
    """Return one feature a place: its area or line where the gazetteer has one, else its point."""
    return _collection(place_rows(atlas, shape), attribution)


def mentions_geojson(atlas: Atlas, attribution: tuple[str, ...] = ()) -> str:
    """Return one feature a mention; its geometry is null where no pin is drawn (demonyms, NIL)."""
    return _collection(mention_rows(atlas), attribution)


def write_places(
    atlas: Atlas, shape: Callable[[Place], BaseGeometry | None], attribution: tuple[str, ...], path: Path
) -> None:
    """Write :func:`places_geojson` to a file."""
    write_atomically(path, places_geojson(atlas, shape, attribution))


def write_mentions(
    atlas: Atlas, shape: Callable[[Place], BaseGeometry | None], attribution: tuple[str, ...], path: Path
) -> None:
    """Write :func:`mentions_geojson` to a file."""
    write_atomically(path, mentions_geojson(atlas, attribution))


def _collection(rows: Iterable[tuple[dict[str, Any], BaseGeometry | None]], attribution: tuple[str, ...]) -> str:
    lines = []
    for properties, geometry in rows:
        feature = {
            "type": "Feature",
            "id": properties["id"],
            "properties": {key: value for key, value in properties.items() if key != "id"},
            "geometry": _geometry(geometry) if geometry is not None else None,
        }
        lines.append(dump_json(feature))
    head = f'{{"type":"FeatureCollection","attribution":{dump_json("; ".join(attribution))},"features":['
    return head + ("\n" + ",\n".join(lines) + "\n" if lines else "") + "]}\n"


def _geometry(geometry: BaseGeometry) -> dict[str, Any]:
    snapped = shapely.set_precision(geometry, _GRID) if geometry.geom_type != "Point" else geometry
    if isinstance(snapped, Polygon):
        snapped = orient(snapped)
    elif isinstance(snapped, MultiPolygon):
        snapped = MultiPolygon([orient(polygon) for polygon in snapped.geoms])
    found: dict[str, Any] = mapping(snapped)
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}


def _rounded(value: Any) -> Any:
    return round(value, DECIMALS) if isinstance(value, float) else [_rounded(item) for item in value]
