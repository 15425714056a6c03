"""CSV: one line a mention, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geomap.export.features import MENTION_COLUMNS, mention_rows
from geomap.files import write_atomically
from geomap.model import Atlas, Place

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(
    atlas: Atlas, shape: Callable[[Place], BaseGeometry | None], attribution: tuple[str, ...], path: Path
) -> None:
    """Write the mentions with their coordinates; text that a spreadsheet would run as a formula is quoted by ``'``."""
    lines = [_line((*MENTION_COLUMNS, "lon", "lat"))]
    for properties, point in mention_rows(atlas):
        cells = (*properties.values(), point.x if point else None, point.y if point else None)
        lines.append(_line(map(_inert, cells)))
    text = "".join(lines)
    # The mark tells Excel that this is UTF-8; a lone surrogate has no UTF-8 and is replaced.
    write_atomically(path, text.encode("utf-8-sig", "replace"))


def _line(cells: Iterable[object]) -> str:
    """One row; written with a carriage return in the terminator, so that a cell with a lone one gets its quotes."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n") + "\n"


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
