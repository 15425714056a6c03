"""GeoPackage: layers ``places`` and ``mentions`` in one file, for QGIS and ArcGIS."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geomap.errors import OutputError
from geomap.model import Atlas, Place

_NO_CLOCK = "1970-01-01T00:00:00.000Z"  # GDAL stamps layers with the time, which would change the bytes


def write(
    atlas: Atlas, shape: Callable[[Place], BaseGeometry | None], attribution: tuple[str, ...], path: Path
) -> None:
    """Write both layers.

    Raises:
        OutputError: If the file cannot be written.
    """
    import pyogrio

    from geomap.export.frame import mentions_frame, places_frame

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _NO_CLOCK})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            whole = Path(folder) / "atlas.gpkg"
            options = {"DESCRIPTION": "; ".join(attribution)}
            places_frame(atlas, shape).to_file(whole, layer="places", driver="GPKG", layer_options=options)
            mentions_frame(atlas).to_file(whole, layer="mentions", driver="GPKG", layer_options=options)
            os.replace(whole, path)
    except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
        raise OutputError(f"{path}: cannot be written ({error}); choose another place with -o") from error
