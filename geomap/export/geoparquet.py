"""GeoParquet: the places, for DuckDB, Arrow and geopandas. Needs the extra ``geomap[parquet]``."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geomap.errors import OutputError, UsageError
from geomap.model import Atlas, Place


def write(
    atlas: Atlas, shape: Callable[[Place], BaseGeometry | None], attribution: tuple[str, ...], path: Path
) -> None:
    """Write the places.

    Raises:
        UsageError: If pyarrow is not installed.
        OutputError: If the file cannot be written.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise UsageError("parquet: needs pyarrow, which is not installed; run `pip install pyarrow`")
    from pyarrow import parquet

    from geomap.export.frame import places_frame

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            whole = Path(folder) / "atlas.parquet"
            places_frame(atlas, shape).to_parquet(whole, index=False)
            table = parquet.read_table(whole)
            credit = {b"attribution": "; ".join(attribution).encode()}
            parquet.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **credit}), whole)
            os.replace(whole, path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error}); choose another place with -o") from error
