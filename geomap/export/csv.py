"""CSV: one line a mention, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geomap.export.features import mention_rows
from geomap.files import write_atomically
from geomap.model import Atlas, Place

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(atlas: Atlas, shape: Callable[[Place], BaseGeometry | None], attribution: tuple[str, ...], path: Path) -> None:
    """Write the mentions with their coordinates; text that a spreadsheet would run as a formula is quoted by ``'``."""
    buffer = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for properties, point in mention_rows(atlas):
        row = {**properties, "lon": point.x if point else None, "lat": point.y if point else None}
        if writer is None:
            writer = csv.DictWriter(buffer, fieldnames=list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow({key: _inert(value) for key, value in row.items()})
    text = buffer.getvalue()
    # The mark tells Excel that this is UTF-8; a lone surrogate has no UTF-8 and is replaced.
    write_atomically(path, text.encode("utf-8-sig", "replace"))


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
