"""A question to the geocoder, read: a query and Nominatim's keywords as what they ask for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import shapely
from geopy.exc import GeocoderQueryError
from geopy.point import Point

from geomap.geometry import LonLat
from geomap.model import Place

Slot: TypeAlias = Literal["city", "county", "state", "country"]
"""The parts of an address that the gazetteer knows, by their names in a structured query."""

SLOTS: Final[tuple[Slot, ...]] = ("city", "county", "state", "country")
_FEATURE_TYPES: Final[dict[str, tuple[Slot, ...]]] = {
    "country": ("country",),
    "state": ("state",),
    "city": ("city",),
    "settlement": ("city", "county", "state"),
}
_GEOMETRIES: Final[dict[str, tuple[str, Callable[[Any], object]]]] = {
    "wkt": ("geotext", shapely.to_wkt),
    "geojson": ("geojson", shapely.geometry.mapping),
}
_COMMA: Final = re.compile("[,،，、]")
_LONGEST: Final = 500
"""Characters of the longest query that is looked up; no name is half as long."""
_COMMAS_IN_A_NAME: Final = 3
COUNTRY_ZOOM, STATE_ZOOM, CLOSEST_ZOOM = 4, 7, 18


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query: a name, what it is a name of, and what it lies in."""

    name: str
    slot: Slot | None = None
    within: tuple[tuple[str, Slot | None], ...] = ()
    loose: bool = True


def readings(query: object) -> list[Reading]:
    """The ways to read a query, the shortest name first; a name may hold commas itself ("Poblacion, San Felipe").

    Raises:
        GeocoderQueryError: If it is empty, or of another type.
    """
    if isinstance(query, Mapping):
        return [_structured(query)]
    if not isinstance(query, str):
        raise GeocoderQueryError(f"a query is a string or a dict, not {type(query).__name__}")
    parts = [part for part in map(str.strip, _COMMA.split(query)) if part]
    if not parts:
        raise GeocoderQueryError("the query is empty; name a place")
    if len(query) > _LONGEST:
        return []
    most = min(len(parts), 1 + _COMMAS_IN_A_NAME)
    return [
        Reading(", ".join(parts[:n]), within=tuple((part, None) for part in parts[n:]), loose=n == 1)
        for n in range(1, most + 1)
    ]


def _structured(query: Mapping[object, object]) -> Reading:
    if unknown := [key for key in query if key not in SLOTS and not _is_missing(query[key])]:
        raise GeocoderQueryError(
            f"the offline gazetteer knows no {unknown[0]!r}; a structured query has city, county, state, country"
        )
    given: list[tuple[str, Slot]] = []
    for slot in SLOTS:
        value = query.get(slot)
        if _is_missing(value):
            continue
        if not isinstance(value, str):
            raise GeocoderQueryError(f"{slot} is a string, not {type(value).__name__}")
        given.append((value.strip()[:_LONGEST], slot))
    if not given:
        raise GeocoderQueryError("the query is empty; give city, county, state or country")
    (name, slot), *within = given
    return Reading(name, slot, tuple(within))


def _is_missing(value: object) -> bool:
    """Whether a cell of a table is empty: None, NaN, or a blank string."""
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or (isinstance(value, str) and not value.strip())
    )


def country_codes_of(country_codes: object) -> tuple[str, ...]:
    """Return the codes that ``country_codes`` lists, in capitals, sorted.

    Raises:
        GeocoderQueryError: If one is no ISO 3166-1 alpha-2 code by its form.
    """
    codes = [country_codes] if isinstance(country_codes, str) else country_codes or ()
    if not isinstance(codes, list | tuple | set | frozenset) or not all(isinstance(code, str) for code in codes):
        raise GeocoderQueryError("country_codes is a string or a list of strings")
    split = sorted({code.strip().upper() for many in codes for code in many.split(",") if code.strip()})
    for code in split:
        if not is_country_code(code):
            raise GeocoderQueryError(f"{code[:20]!r} is no country code; give ISO 3166-1 alpha-2, such as 'af'")
    return tuple(split)


def is_country_code(text: str) -> bool:
    """Whether a string has the form of an ISO 3166-1 alpha-2 code."""
    return len(text) == 2 and text.isascii() and text.isalpha()


def feature_slots(featuretype: object) -> tuple[Slot, ...] | None:
    """Return the slots that ``featuretype`` asks for; None for any.

    Raises:
        GeocoderQueryError: If it is none of Nominatim's.
    """
    if not featuretype:
        return None
    if not isinstance(featuretype, str) or featuretype not in _FEATURE_TYPES:
        raise GeocoderQueryError(f"featuretype must be one of: {', '.join(_FEATURE_TYPES)}")
    return _FEATURE_TYPES[featuretype]


def geometry_of(geometry: object) -> tuple[str, Callable[[Any], object]] | None:
    """Return under which key of ``raw`` a geometry goes, and what writes it; None where none is asked for.

    Raises:
        GeocoderQueryError: If the format is neither wkt nor geojson.
    """
    if geometry is None:
        return None
    if not isinstance(geometry, str) or geometry.lower() not in _GEOMETRIES:
        raise GeocoderQueryError(f"Invalid geometry format. Must be one of: {', '.join(_GEOMETRIES)}.")
    return _GEOMETRIES[geometry.lower()]


def view_of(viewbox: Any, bounded: bool) -> Callable[[Place], bool]:
    """Whether a place lies in a view box; every place does without one."""
    if viewbox is None:
        if bounded:
            raise GeocoderQueryError("bounded needs a viewbox")
        return lambda place: True
    try:
        one, other = map(point_of, viewbox)
    except (TypeError, ValueError) as error:
        raise GeocoderQueryError("Unsupported format for a bounding box: give two points") from error
    (west, east), (south, north) = sorted((one.lon, other.lon)), sorted((one.lat, other.lat))
    return lambda place: west <= place.lon <= east and south <= place.lat <= north


def point_of(query: Any) -> LonLat:
    """The point that geopy reads in a query, which stands latitude first.

    Raises:
        ValueError: If it is none; also for what geopy takes for (0, 0), such as None.
    """
    try:
        if isinstance(query, str):
            if len(query) > _LONGEST:
                raise ValueError("too long")
        elif not isinstance(query, Point):
            query = tuple(query)
            if len(query) not in (2, 3):
                raise ValueError(f"{len(query)} numbers")
        point = Point(query)
        return LonLat(lon=float(point.longitude), lat=float(point.latitude))
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ValueError(f"Must be a coordinate pair or Point, latitude first ({error})") from error


def zoom_of(zoom: object) -> int:
    """Return Nominatim's level of detail; the closest without one.

    Raises:
        GeocoderQueryError: If it is no whole number from 0 to :data:`CLOSEST_ZOOM`.
    """
    if zoom is None:
        return CLOSEST_ZOOM
    try:
        level = int(zoom)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        level = -1
    if not 0 <= level <= CLOSEST_ZOOM:
        raise GeocoderQueryError(f"zoom is a whole number from 0 to {CLOSEST_ZOOM}")
    return int(level)
