"""The gazetteer behind geopy's geocoder interface: Nominatim's questions, answered with no network."""

from __future__ import annotations

import math
import re
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, Literal, NoReturn, Self, TypeAlias

import shapely
from geopy.adapters import BaseSyncAdapter
from geopy.exc import ConfigurationError, GeocoderQueryError, GeocoderServiceError, GeopyError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point

from geomap.errors import GazetteerError
from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat
from geomap.model import Candidate, Place

Slot: TypeAlias = Literal["city", "county", "state", "country"]
"""The parts of an address that the gazetteer knows, by their names in a structured query."""

_SLOTS: Final[tuple[Slot, ...]] = ("city", "county", "state", "country")
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
_LONGEST_ABBREVIATION: Final = 4
_CLASS_WORDS: Final[dict[str, Slot]] = {
    **dict.fromkeys(("province", "oblast", "viloyat", "viloyati", "velayat", "wilayat", "governorate"), "state"),
    **dict.fromkeys(("district", "rayon", "county", "woluswali", "shahrestan"), "county"),
    **dict.fromkeys(("city", "town", "village", "shahr"), "city"),
}
"""What a name is to be of when only its class word sets it off from others ("Kunduz Province")."""

_COUNTRY_ZOOM, _STATE_ZOOM, _CLOSEST_ZOOM = 4, 7, 18
_ZOOM_POPULATION: Final = ((11, 100_000), (12, 10_000), (_CLOSEST_ZOOM, 0))
"""Up to which zoom a town must have how many inhabitants: OpenStreetMap's cities, its towns, any settlement."""
_REVERSE_LIMIT: Final = 10


class _NoNetwork(BaseSyncAdapter):  # type: ignore[misc]
    """The HTTP client that geopy's base class wants; it opens nothing."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise GeocoderServiceError(f"{url}: the offline geocoder asks no network")

    get_text = get_json


@dataclass(frozen=True, slots=True)
class _Container:
    """What a qualifier may mean: all of a country, or of its first-level unit; None stands for any."""

    level: int
    country: str | None
    admin1: str | None

    def holds(self, place: Place) -> bool:
        """Whether a place of a lower level lies in it, by the gazetteer's own codes."""
        return (
            self.level < _level(_slot(place))
            and self.country in (None, place.country)
            and self.admin1 in (None, place.admin1)
        )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a query: a name, what it is a name of, and what it lies in."""

    name: str
    slot: Slot | None = None
    within: tuple[tuple[str, Slot | None], ...] = ()
    loose: bool = True


class OfflineGeocoder(Geocoder):  # type: ignore[misc]
    """Finds the coordinates of a place, and the town nearest to coordinates, in an offline gazetteer.

    Takes the place of :class:`geopy.geocoders.Nominatim`: the same methods and keywords, also under
    :class:`geopy.extra.rate_limiter.RateLimiter` and as the ``provider`` of
    :func:`geopandas.tools.geocode`. Nothing is ever sent anywhere. Threads may share an instance.

    Errors are geopy's: :class:`~geopy.exc.GeocoderQueryError` for a query that cannot be read,
    :class:`~geopy.exc.GeopyError` for a gazetteer that is damaged or closed.
    """

    structured_query_params = frozenset(_SLOTS)

    def __init__(
        self,
        *,
        gazetteer: str | Path | None = None,
        timeout: Any = DEFAULT_SENTINEL,
        proxies: Any = DEFAULT_SENTINEL,
        domain: str | None = None,
        scheme: str | None = None,
        user_agent: str | None = None,
        ssl_context: Any = DEFAULT_SENTINEL,
        adapter_factory: None = None,
    ) -> None:
        """Open the gazetteer.

        Args:
            gazetteer: The file; see :func:`geomap.gazetteer.store.locate` for what is used without one.
            timeout: Nominatim's, as are all that follow: taken, so that its callers need no change, and of no effect.
            proxies: Of no effect.
            domain: Of no effect.
            scheme: Of no effect.
            user_agent: Of no effect.
            ssl_context: Of no effect.
            adapter_factory: Must be left out: there is no network, and no async mode.

        Raises:
            GazetteerNotFoundError: If there is no such file.
            GazetteerError: If it is no gazetteer that this version reads.
            ConfigurationError: If an adapter is given.
        """
        if adapter_factory is not None:
            raise ConfigurationError("OfflineGeocoder asks no network and has no async mode; leave adapter_factory out")
        super().__init__(
            scheme=scheme, timeout=timeout, proxies=proxies, user_agent=user_agent, ssl_context=ssl_context,
            adapter_factory=_NoNetwork,
        )  # fmt: skip
        self._gazetteer = Gazetteer(gazetteer)
        self._lock = Lock()
        # geopandas makes a geocoder a call and closes none: the file goes with the instance.
        self._close = weakref.finalize(self, self._gazetteer.close)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the gazetteer."""
        with self._lock:
            self._close()

    async def __aenter__(self) -> Self:
        raise TypeError(
            "OfflineGeocoder has no async mode: it waits for nothing; use `with`, and call it without await"
        )

    # --- names → places -------------------------------------------------------------------------------------

    def geocode(
        self,
        query: str | Mapping[str, str | None],
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        limit: int | None = None,
        addressdetails: bool = False,
        language: str | bool = False,
        geometry: str | None = None,
        extratags: bool = False,
        country_codes: str | list[str] | None = None,
        viewbox: Any = None,
        bounded: bool = False,
        featuretype: str | None = None,
        namedetails: bool = False,
    ) -> Any:  # a location, a list of them or None; geopy gives no types to tell them apart by
        """Return the place that a name means, or all that it may mean, best first.

        Args:
            query: A name in any script, with qualifiers after commas that it must lie in ("Imam Sahib,
                Kunduz": a country, region, first-level unit or district by name, or a country or admin1
                code; a district counts as the unit around it); or a dict of ``city``, ``county``,
                ``state``, ``country``, of which the finest is looked for in the others.
            exactly_one: Return the best one instead of a list.
            timeout: Of no effect: nothing waits.
            limit: At most so many in a list; all without it.
            addressdetails: Add ``raw["address"]``.
            language: Of no effect: names are the gazetteer's.
            geometry: Add the place's area or point to ``raw``: ``"wkt"`` under ``"geotext"``,
                ``"geojson"`` under ``"geojson"``.
            extratags: Add ``raw["extratags"]``: the population, where known.
            country_codes: Only places of these ISO 3166-1 alpha-2 codes.
            viewbox: Two points, corners of an area whose places come first. As in geopy, it does not
                reach across the 180th meridian.
            bounded: Only places within ``viewbox``.
            featuretype: Only ``"country"``, ``"state"``, ``"city"`` or ``"settlement"``.
            namedetails: Of no effect.

        Returns:
            A location or a list of them; None if nothing matches, as geopy's own geocoders do. ``raw``
            is a candidate as ``geomap lookup --json`` prints it.

        Raises:
            GeocoderQueryError: If the query is empty or a keyword cannot be met.
            ValueError: If ``limit`` is less than 1.
        """
        readings = _readings(query)
        if not exactly_one and limit is not None and int(limit) < 1:
            raise ValueError("Limit cannot be less than 1")
        shape = _geometry(geometry)
        codes, slots, in_view = _codes(country_codes), _feature_slots(featuretype), _view(viewbox, bounded)

        def wanted(place: Place) -> bool:
            return (
                (not codes or place.country in codes)
                and (slots is None or _slot(place) in slots)
                and (not bounded or in_view(place))
            )

        with self._answering() as gazetteer:
            found = next(filter(None, (_found(gazetteer, reading, codes, wanted) for reading in readings)), [])
            found.sort(key=lambda candidate: not in_view(candidate.place))
            locations = []
            for candidate in found[: 1 if exactly_one else limit and int(limit)]:
                place = candidate.place
                raw = _raw(place) | {"match": candidate.match, "score": candidate.score}
                if extratags:
                    raw["extratags"] = {"population": str(place.population)} if place.population else {}
                if shape:
                    key, write = shape
                    raw[key] = write(gazetteer.shape(place) or shapely.Point(place.lon, place.lat))
                locations.append(_location(gazetteer, place, raw, addressdetails))
        return _answer(locations, exactly_one)

    # --- coordinates → places -------------------------------------------------------------------------------

    def reverse(
        self,
        query: Any,
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        language: str | bool = False,
        addressdetails: bool = True,
        zoom: int | None = None,
        namedetails: bool = False,
    ) -> Any:  # a location, a list of them or None; geopy gives no types to tell them apart by
        """Return the town nearest to a point, as the crow flies, with its own province and country.

        Near a border that may be a town on the other side.

        Args:
            query: A :class:`geopy.point.Point`, a ``(latitude, longitude)`` pair, or a string of one.
            exactly_one: Return the nearest instead of a list of the ten nearest.
            timeout: Of no effect: nothing waits.
            language: Of no effect: names are the gazetteer's.
            addressdetails: Add ``raw["address"]``.
            zoom: Nominatim's level of detail: up to 4 the country of the nearest town, up to 7 its
                first-level unit, up to 11 the nearest town of 100,000 inhabitants, at 12 of 10,000, else any.
            namedetails: Of no effect.

        Returns:
            A location or a list of them. ``raw`` is like :meth:`geocode`'s with ``distance_m``, how far
            the town lies off the point, for ``match`` and ``score``.

        Raises:
            ValueError: If the query is no point.
            GeocoderQueryError: If ``zoom`` is none.
        """
        here = _point(query)
        level = _zoom(zoom)
        minimum = 0 if level <= _STATE_ZOOM else next(people for most, people in _ZOOM_POPULATION if level <= most)
        with self._answering() as gazetteer:
            nearest: dict[Place, float] = {}
            for town, metres in gazetteer.nearest(here.lon, here.lat, 1 if exactly_one else _REVERSE_LIMIT, minimum):
                country, unit = _country(gazetteer, town), _unit(gazetteer, town)
                area = country if level <= _COUNTRY_ZOOM else unit or country if level <= _STATE_ZOOM else None
                nearest.setdefault(area or town, metres)
            locations = [
                _location(gazetteer, place, _raw(place) | {"distance_m": round(metres, 1)}, addressdetails)
                for place, metres in nearest.items()
            ]
        return _answer(locations, exactly_one)

    @contextmanager
    def _answering(self) -> Iterator[Gazetteer]:
        """The gazetteer, for this thread alone; its errors as geopy's.

        They are no GeocoderServiceError, which a RateLimiter would retry and swallow, and no
        ValueError, which geopandas would take for "not found".
        """
        with self._lock:
            if not self._close.alive:
                raise GeopyError("this OfflineGeocoder is closed; make another")
            try:
                yield self._gazetteer
            except GazetteerError as error:
                raise GeopyError(str(error)) from error


# --- reading the question ----------------------------------------------------------------------------------


def _readings(query: object) -> list[_Reading]:
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
        _Reading(", ".join(parts[:n]), within=tuple((part, None) for part in parts[n:]), loose=n == 1)
        for n in range(1, most + 1)
    ]


def _structured(query: Mapping[object, object]) -> _Reading:
    if unknown := [key for key in query if key not in _SLOTS and not _is_missing(query[key])]:
        raise GeocoderQueryError(
            f"the offline gazetteer knows no {unknown[0]!r}; a structured query has city, county, state, country"
        )
    given: list[tuple[str, Slot]] = []
    for slot in _SLOTS:
        value = query.get(slot)
        if _is_missing(value):
            continue
        if not isinstance(value, str):
            raise GeocoderQueryError(f"{slot} is a string, not {type(value).__name__}")
        given.append((value.strip()[:_LONGEST], slot))
    if not given:
        raise GeocoderQueryError("the query is empty; give city, county, state or country")
    (name, slot), *within = given
    return _Reading(name, slot, tuple(within))


def _is_missing(value: object) -> bool:
    """Whether a cell of a table is empty: None, NaN, or a blank string."""
    return (
        value is None
        or (isinstance(value, float) and math.isnan(value))
        or (isinstance(value, str) and not value.strip())
    )


def _codes(country_codes: object) -> tuple[str, ...]:
    codes = [country_codes] if isinstance(country_codes, str) else country_codes or ()
    if not isinstance(codes, list | tuple | set | frozenset) or not all(isinstance(code, str) for code in codes):
        raise GeocoderQueryError("country_codes is a string or a list of strings")
    split = sorted({code.strip().upper() for many in codes for code in many.split(",") if code.strip()})
    for code in split:
        if not _is_country_code(code):
            raise GeocoderQueryError(f"{code[:20]!r} is no country code; give ISO 3166-1 alpha-2, such as 'af'")
    return tuple(split)


def _is_country_code(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha()


def _feature_slots(featuretype: object) -> tuple[Slot, ...] | None:
    if not featuretype:
        return None
    if not isinstance(featuretype, str) or featuretype not in _FEATURE_TYPES:
        raise GeocoderQueryError(f"featuretype must be one of: {', '.join(_FEATURE_TYPES)}")
    return _FEATURE_TYPES[featuretype]


def _geometry(geometry: object) -> tuple[str, Callable[[Any], object]] | None:
    if geometry is None:
        return None
    if not isinstance(geometry, str) or geometry.lower() not in _GEOMETRIES:
        raise GeocoderQueryError(f"Invalid geometry format. Must be one of: {', '.join(_GEOMETRIES)}.")
    return _GEOMETRIES[geometry.lower()]


def _view(viewbox: Any, bounded: bool) -> Callable[[Place], bool]:
    """Whether a place lies in a view box; every place does without one."""
    if viewbox is None:
        if bounded:
            raise GeocoderQueryError("bounded needs a viewbox")
        return lambda place: True
    try:
        one, other = map(_point, viewbox)
    except (TypeError, ValueError) as error:
        raise GeocoderQueryError("Unsupported format for a bounding box: give two points") from error
    (west, east), (south, north) = sorted((one.lon, other.lon)), sorted((one.lat, other.lat))
    return lambda place: west <= place.lon <= east and south <= place.lat <= north


def _point(query: Any) -> LonLat:
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


def _zoom(zoom: object) -> int:
    if zoom is None:
        return _CLOSEST_ZOOM
    try:
        level = int(zoom)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        level = -1
    if not 0 <= level <= _CLOSEST_ZOOM:
        raise GeocoderQueryError(f"zoom is a whole number from 0 to {_CLOSEST_ZOOM}")
    return int(level)


# --- looking up --------------------------------------------------------------------------------------------


def _slot(place: Place) -> Slot | None:
    """Which part of an address a place is; None for rivers, regions, buildings and the like."""
    code = place.feature_code
    if code.startswith("PPL"):
        return "city"
    slots: dict[str, Slot] = {"ADM3": "county", "ADM2": "county", "ADM1": "state", "PCLI": "country"}
    return slots.get(code)


def _level(slot: Slot | None) -> int:
    """How far down a slot stands: the country highest; what is no part of an address lowest."""
    return len(_SLOTS) if slot is None else len(_SLOTS) - 1 - _SLOTS.index(slot)


def _found(
    gazetteer: Gazetteer, reading: _Reading, codes: tuple[str, ...], wanted: Callable[[Place], bool]
) -> list[Candidate]:
    """The candidates of one reading that lie in all that it names, best first."""
    within = [_containers(gazetteer, text, slot) for text, slot in dict.fromkeys(reading.within)]

    def fits(candidate: Candidate) -> bool:
        place = candidate.place
        return (
            reading.slot in (None, _slot(place))
            and wanted(place)
            and all(any(container.holds(place) for container in containers) for containers in within)
        )

    countries = sorted(codes or {c.country for containers in within for c in containers if c.country})
    found = [c for c in _named(gazetteer, reading.name, reading.slot, reading.loose) if fits(c)]
    if not found and reading.slot:
        found = [c for c in _coded(gazetteer, reading.name, reading.slot, countries) if fits(c)]
    if not found and reading.loose:  # a namesake elsewhere may match more strictly than the place that is meant
        found = [c for country in countries for c in gazetteer.candidates(reading.name, country) if fits(c)]
        found.sort(key=lambda candidate: (-candidate.score, candidate.place.id))
    asked = {_CLASS_WORDS[word] for word in reading.name.casefold().split() if word in _CLASS_WORDS}
    if asked:
        found.sort(key=lambda candidate: candidate.match == "generic" and _slot(candidate.place) not in asked)
    return found


def _named(gazetteer: Gazetteer, name: str, slot: Slot | None, loose: bool) -> tuple[Candidate, ...]:
    """The candidates of a name; one that must be a country or its unit may be an abbreviation in small letters."""
    candidates: tuple[Candidate, ...] = gazetteer.candidates(name, None, loose)
    if slot not in ("country", "state") or len(name) > _LONGEST_ABBREVIATION or name.isupper():
        return candidates
    known = {candidate.place for candidate in candidates}
    return candidates + tuple(c for c in gazetteer.candidates(name.upper(), None, False) if c.place not in known)


def _coded(gazetteer: Gazetteer, code: str, slot: Slot, countries: list[str]) -> Iterator[Candidate]:
    """The country or first-level unit of a code, as its own name finds it."""
    code = code.upper()
    if not code.isascii():
        return
    places = []
    if slot == "country" and _is_country_code(code):
        places = [gazetteer.country(code)]
    elif slot == "state":
        places = [gazetteer.admin1(country, code) for country in countries]
    for place in filter(None, places):
        yield from (c for c in gazetteer.candidates(place.name, place.country) if c.place == place)


def _containers(gazetteer: Gazetteer, text: str, slot: Slot | None) -> list[_Container]:
    """What a qualifier may mean, by name and by code."""
    containers = []
    for place in (candidate.place for candidate in _named(gazetteer, text, slot or "country", loose=True)):
        kind = _slot(place)
        if kind in ("country", "state", "county") and slot in (None, kind) and (place.admin1 or kind == "country"):
            containers.append(_Container(_level(kind), place.country, place.admin1))
        elif place.kind == "region" and slot is None:
            containers += [_Container(-1, country, None) for country in place.countries]
    code = text.upper()
    if slot in (None, "country") and _is_country_code(code) and gazetteer.country(code):
        containers.append(_Container(_level("country"), code, None))
    if slot in (None, "state") and code.isascii() and code.isalnum():
        containers.append(_Container(_level("state"), None, code))
    return containers


# --- writing the answer ------------------------------------------------------------------------------------


def _country(gazetteer: Gazetteer, place: Place) -> Place | None:
    return gazetteer.country(place.country) if place.country else None


def _unit(gazetteer: Gazetteer, place: Place) -> Place | None:
    """The first-level unit that a place lies in or is."""
    return gazetteer.admin1(place.country, place.admin1) if place.country and place.admin1 else None


def _raw(place: Place) -> dict[str, Any]:
    """The part of a flat candidate that the place alone gives."""
    return {
        "name": place.name, "kind": place.kind, "country": place.country, "admin1": place.admin1,
        "lon": place.lon, "lat": place.lat, "geonameid": place.geonameid, "feature_code": place.feature_code,
    }  # fmt: skip


def _location(gazetteer: Gazetteer, place: Place, raw: dict[str, Any], addressdetails: bool) -> Location:
    """A place as geopy's location: "Kunduz, Kunduz, Afghanistan"."""
    above = [p for p in (_unit(gazetteer, place), _country(gazetteer, place)) if p is not None and p.id != place.id]
    if addressdetails:
        named: dict[str, str] = {slot: p.name for p in (place, *above) if (slot := _slot(p))}
        if place.country:
            named["country_code"] = place.country.lower()
        raw["address"] = named
    latlon = LonLat(lon=place.lon, lat=place.lat).as_latlon()
    return Location(", ".join(p.name for p in (place, *above)), latlon, raw)


def _answer(locations: list[Location], exactly_one: bool) -> Location | list[Location] | None:
    """One location or all; None for none, as geopy's own geocoders answer either way."""
    if not locations:
        return None
    return locations[0] if exactly_one else locations
