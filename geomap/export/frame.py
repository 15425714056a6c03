"""An atlas as GeoDataFrames, for the formats that geopandas writes and for analysts who program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import geopandas
import pandas
from shapely.geometry.base import BaseGeometry

from geomap.export.features import MENTION_COLUMNS, PLACE_COLUMNS, mention_rows, place_rows
from geomap.model import Atlas, Place

CRS = "EPSG:4326"


def places_frame(atlas: Atlas, shape: Callable[[Place], BaseGeometry | None]) -> Any:
    """Return a GeoDataFrame with one row a place (EPSG:4326)."""
    return _frame(list(place_rows(atlas, shape)), PLACE_COLUMNS)


def mentions_frame(atlas: Atlas) -> Any:
    """Return a GeoDataFrame with one row a mention (EPSG:4326); no geometry where no pin is drawn."""
    return _frame(list(mention_rows(atlas)), MENTION_COLUMNS)


def _frame(rows: Sequence[tuple[dict[str, Any], BaseGeometry | None]], columns: tuple[str, ...]) -> Any:
    properties = pandas.DataFrame([_clean(row) for row, _ in rows], columns=list(columns))
    return geopandas.GeoDataFrame(properties, geometry=[geometry for _, geometry in rows], crs=CRS)


def _clean(row: dict[str, Any]) -> dict[str, Any]:
    """The row without lone surrogates, which no file format of GIS can hold."""
    return {
        key: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for key, value in row.items()
    }
