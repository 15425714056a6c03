"""The towns nearest to a point: which cells to read, and when enough of them were."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from geomap.gazetteer import schema
from geomap.geometry import EARTH_RADIUS_M, LonLat, great_circle_m

TownsBetween: TypeAlias = Callable[[int, int], Iterable[tuple[int, int, int]]]
"""Gives the towns from one cell to another: row, lon and lat in the file's steps."""

_Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
_FIRST_REACH: Final = 0.25
_WIDENING: Final = 2
"""How far a search goes first, in degrees, and by how much it widens while it finds too few."""


def nearest(
    here: LonLat, limit: int, towns_between: TownsBetween, others: Iterable[tuple[int, LonLat]]
) -> list[tuple[int, float]]:
    """Return the rows of the towns nearest to a point, on the sphere.

    Args:
        here: The point.
        limit: How many.
        towns_between: Reads the towns of cells.
        others: Towns that lie in no cell, each with its row.

    Returns:
        Rows with their distance in metres, nearest first, then by row; fewer than asked only where
        the whole world has no more.
    """
    reach, degree_m = _FIRST_REACH, math.radians(EARTH_RADIUS_M)
    own = [(great_circle_m(here, point), row) for row, point in others]
    while True:
        found = sorted(
            own
            + [
                (great_circle_m(here, LonLat(lon=x / schema.DEGREE, lat=y / schema.DEGREE)), row)
                for box in _boxes_around(here, reach)
                for first, last in _cells_of(box)
                for row, x, y in towns_between(first, last)
            ]
        )[:limit]
        # The box holds the whole circle of this reach; a town in one of its corners may have a nearer rival outside.
        if reach >= 180 or (len(found) == limit and (not found or found[-1][0] <= reach * degree_m)):
            return [(row, metres) for metres, row in found]
        reach = found[-1][0] / degree_m + 1e-6 if len(found) == limit else reach * _WIDENING


def _cells_of(box: _Box) -> Iterator[tuple[int, int]]:
    """The cells of a box, as ranges of their numbers."""
    west, south, east, north = box
    lowest, highest = schema.cell(west, max(south, -90)), schema.cell(west, min(north, 90))
    width = schema.cell(east, max(south, -90)) - lowest
    if width == schema.CELLS_AROUND - 1:  # all round the world
        yield lowest, highest + width
        return
    for first in range(lowest, highest + 1, schema.CELLS_AROUND):
        yield first, first + width


def _boxes_around(here: LonLat, reach: float) -> list[_Box]:
    """The boxes that hold the circle of so many degrees: two at the 180th meridian."""
    slack = 1e-9
    south, north = here.lat - reach - slack, here.lat + reach + slack
    if south <= -90 or north >= 90:  # the circle holds a pole, and so every meridian
        return [(-180.0, south, 180.0, north)]
    half = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(here.lat))))) + slack
    lon = (here.lon + 180) % 360 - 180
    west, east = lon - half, lon + half
    if west < -180:
        return [(west + 360, south, 180.0, north), (-180.0, south, east, north)]
    if east > 180:
        return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
    return [(west, south, east, north)]
