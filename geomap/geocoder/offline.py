"""The gazetteer behind geopy's geocoder interface: Nominatim's questions, answered with no network."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, NoReturn, Self

import shapely
from geopy.adapters import BaseSyncAdapter
from geopy.exc import ConfigurationError, GeocoderServiceError, GeopyError
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from geomap.errors import GazetteerError
from geomap.gazetteer.areas import Areas
from geomap.gazetteer.store import Gazetteer
from geomap.geocoder.lookup import find, slot_of
from geomap.geocoder.query import (
    CLOSEST_ZOOM,
    COUNTRY_ZOOM,
    SLOTS,
    STATE_ZOOM,
    country_codes_of,
    feature_slots,
    geometry_of,
    point_of,
    readings,
    view_of,
    zoom_of,
)
from geomap.geometry import LonLat
from geomap.model import Place

_ZOOM_POPULATION: Final = ((11, 100_000), (12, 10_000), (CLOSEST_ZOOM, 0))
"""Up to which zoom a town must have how many inhabitants: OpenStreetMap's cities, its towns, any settlement."""
_REVERSE_LIMIT: Final = 10
_SETTLED_M: Final = 2_000
"""Metres from a town within which the town's own country and unit count, not the polygons, drawn at 1:10 m, around it:
twice the width of the border rivers."""


class _NoNetwork(BaseSyncAdapter):  # type: ignore[misc]
    """The HTTP client that geopy's base class wants; it opens nothing."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise GeocoderServiceError(f"{url}: the offline geocoder asks no network")

    get_text = get_json


class OfflineGeocoder(Geocoder):  # type: ignore[misc]
    """Finds the coordinates of a place, and the town nearest to coordinates, in an offline gazetteer.

    Takes the place of :class:`geopy.geocoders.Nominatim`: the same methods and keywords, also under
    :class:`geopy.extra.rate_limiter.RateLimiter` and as the ``provider`` of
    :func:`geopandas.tools.geocode`. Nothing is ever sent anywhere. Threads may share an instance.

    Errors are geopy's: :class:`~geopy.exc.GeocoderQueryError` for a query that cannot be read,
    :class:`~geopy.exc.GeopyError` for a gazetteer that is damaged or closed.
    """

    structured_query_params = frozenset(SLOTS)

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
        self._areas = Areas(self._gazetteer)
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
        asked = readings(query)
        if not exactly_one and limit is not None and int(limit) < 1:
            raise ValueError("Limit cannot be less than 1")
        shape = geometry_of(geometry)
        codes, slots, in_view = country_codes_of(country_codes), feature_slots(featuretype), view_of(viewbox, bounded)

        def wanted(place: Place) -> bool:
            return (
                (not codes or place.country in codes)
                and (slots is None or slot_of(place) in slots)
                and (not bounded or in_view(place))
            )

        with self._answering() as gazetteer:
            found = next(filter(None, (find(gazetteer, reading, codes, wanted) for reading in asked)), [])
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
                locations.append(self._location(place, raw, addressdetails))
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
        """Return the town nearest to a point, as the crow flies, or the country or first-level unit that holds it.

        Near a border the town may be one on the other side.

        Args:
            query: A :class:`geopy.point.Point`, a ``(latitude, longitude)`` pair, or a string of one.
            exactly_one: Return the nearest instead of a list of the ten nearest.
            timeout: Of no effect: nothing waits.
            language: Of no effect: names are the gazetteer's.
            addressdetails: Add ``raw["address"]``.
            zoom: Nominatim's level of detail: up to 4 the country that holds the point, up to 7 its
                first-level unit (that of the country's nearest town where units have no polygons), up to
                11 the nearest town of 100,000 inhabitants, at 12 of 10,000, else any. Up to 7, a list
                goes on with the countries or units of the nearest towns.
            namedetails: Of no effect.

        Returns:
            A location or a list of them; None for a country or unit asked of a point at sea. ``raw`` is like
            :meth:`geocode`'s with ``distance_m``, how far the town, or the nearest town of the area, lies
            off the point, for ``match`` and ``score``.

        Raises:
            ValueError: If the query is no point.
            GeocoderQueryError: If ``zoom`` is none.
        """
        here = point_of(query)
        level = zoom_of(zoom)
        minimum = 0 if level <= STATE_ZOOM else next(people for most, people in _ZOOM_POPULATION if level <= most)
        with self._answering() as gazetteer:
            limit = 1 if exactly_one and level > STATE_ZOOM else _REVERSE_LIMIT
            towns = gazetteer.nearest(here.lon, here.lat, limit, minimum)
            found = self._areas_around(here, towns, level) if level <= STATE_ZOOM else dict(towns)
            locations = [
                self._location(place, _raw(place) | {"distance_m": round(metres, 1)}, addressdetails)
                for place, metres in list(found.items())[: 1 if exactly_one else None]
            ]
        return _answer(locations, exactly_one)

    def _areas_around(self, here: LonLat, towns: list[tuple[Place, float]], level: int) -> dict[Place, float]:
        """The country or unit that holds a point, then those of the nearest towns, each with its nearest town's metres."""
        holder, unit = self._areas.country_at(*here), None
        if towns and towns[0][1] <= _SETTLED_M:
            holder, unit = self._country(towns[0][0]), self._areas.unit_of(towns[0][0])
        if holder is None:
            return {}
        if level > COUNTRY_ZOOM:
            own = [town for town, _ in towns if town.country == holder.country]
            unit = unit or self._areas.province_at(*here, holder.country)
            unit = unit or next(filter(None, map(self._areas.unit_of, own)), None)
        named = [(self._area_of(town, level), metres) for town, metres in towns]
        first = holder if level <= COUNTRY_ZOOM else unit or holder
        found: dict[Place, float] = {first: next((metres for area, metres in named if area == first), towns[0][1])}
        for area, metres in named:
            if area:
                found.setdefault(area, metres)
        return found

    def _area_of(self, town: Place, level: int) -> Place | None:
        unit = self._areas.unit_of(town) if level > COUNTRY_ZOOM else None
        return unit or self._country(town)

    def _country(self, place: Place) -> Place | None:
        return self._gazetteer.country(place.country) if place.country else None

    def _location(self, place: Place, raw: dict[str, Any], addressdetails: bool) -> Location:
        """A place as geopy's location: "Kunduz, Kunduz, Afghanistan"."""
        above = [p for p in (self._areas.unit_of(place), self._country(place)) if p is not None and p.id != place.id]
        if addressdetails:
            named: dict[str, str] = {slot: p.name for p in (place, *above) if (slot := slot_of(p))}
            if place.country:
                named["country_code"] = place.country.lower()
            raw["address"] = named
        latlon = LonLat(lon=place.lon, lat=place.lat).as_latlon()
        return Location(", ".join(p.name for p in (place, *above)), latlon, raw)

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


def _raw(place: Place) -> dict[str, Any]:
    """The part of a flat candidate that the place alone gives."""
    return {
        "name": place.name, "kind": place.kind, "country": place.country, "admin1": place.admin1,
        "lon": place.lon, "lat": place.lat, "geonameid": place.geonameid, "feature_code": place.feature_code,
    }  # fmt: skip


def _answer(locations: list[Location], exactly_one: bool) -> Location | list[Location] | None:
    """One location or all; None for none, as geopy's own geocoders answer either way."""
    if not locations:
        return None
    return locations[0] if exactly_one else locations
