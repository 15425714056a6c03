"""An atlas as files for other tools; one module a format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from shapely.geometry.base import BaseGeometry

from geomap.errors import UsageError
from geomap.export import csv, geojson, geopackage, geoparquet
from geomap.model import Atlas, Place

Shape: TypeAlias = Callable[[Place], BaseGeometry | None]
"""Gives the polygon or line of a place in lon/lat, or None where only its point is known."""

FORMATS: Final[dict[str, Callable[[Atlas, Shape, tuple[str, ...], Path], None]]] = {
    "geojson": geojson.write_places,
    "geojson-mentions": geojson.write_mentions,
    "csv": csv.write,
    "gpkg": geopackage.write,
    "parquet": geoparquet.write,
}


def check(format_name: str) -> None:
    """Make sure that a format exists, before any work is done for it.

    Raises:
        UsageError: If it does not.
    """
    if format_name not in FORMATS:
        raise UsageError(f"{format_name}: no such format; choose one of {', '.join(FORMATS)}")


def write(format_name: str, atlas: Atlas, shape: Shape, attribution: tuple[str, ...], path: Path) -> None:
    """Write an atlas in one of :data:`FORMATS`.

    Raises:
        UsageError: If there is no such format, or it needs a package that is not installed.
        OutputError: If the file cannot be written.
    """
    check(format_name)
    FORMATS[format_name](atlas, shape, attribution, path)
