"""What the gazetteer lacks, asked of a geocoder on the network: only when the user says so, never needed.

Only mentions without any candidate are asked. Answers, "nothing" among them, are kept in a file in the user's cache,
so a name is asked once; a failure is reported and costs nothing but that name.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import unicodedata
import urllib.parse
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Protocol, Self

from geomap import __version__
from geomap.errors import UsageError
from geomap.files import dump_json, is_text
from geomap.gazetteer.areas import Areas
from geomap.gazetteer.store import Gazetteer
from geomap.model import Atlas, Kind, NilReason, ParsedArticle, Place, Resolution
from geomap.resolution.resolve import precision_of

SERVICES: Final = ("nominatim",)
NOMINATIM: Final = "https://nominatim.openstreetmap.org"
ATTRIBUTION: Final = "© OpenStreetMap contributors (ODbL 1.0)"
PREFIX: Final = "osm:"
"""Ids of places that came from there start so."""

DELAY_S: Final = 1.0
"""Least time between two questions, as the usage policy of the public Nominatim asks."""
TIMEOUT_S: Final = 10.0
MOST_FAILURES: Final = 3
"""After so many failures one after the other nothing more is asked in this run."""
CANDIDATES: Final = 5

_ASKED: Final[frozenset[NilReason]] = frozenset({"not in gazetteer"})
_KINDS: Final[frozenset[Kind]] = frozenset({"place", "facility"})
_LONGEST_NAME: Final = 100

_FEATURES: Final = {
    **dict.fromkeys(
        ("city", "town", "village", "hamlet", "municipality", "suburb", "quarter", "neighbourhood", "locality",
         "isolated_dwelling", "borough", "city_district"), "PPL",
    ),
    **dict.fromkeys(("county", "district", "state_district", "subdistrict"), "ADM2"),
    **dict.fromkeys(("river", "stream"), "STM"),
    **dict.fromkeys(("lake", "water"), "LK"),
    **dict.fromkeys(("saddle", "mountain_pass"), "PASS"),
    **dict.fromkeys(("peak", "volcano"), "MT"),
    **dict.fromkeys(("island", "islet"), "ISL"),
    **dict.fromkeys(("aerodrome", "aeroway"), "AIRP"),
    "canal": "CNL", "mountain_range": "MTS", "valley": "VAL", "glacier": "GLCR", "desert": "DSRT", "dam": "DAM",
    "border_control": "PSTB", "archaeological_site": "ANS", "ruins": "ANS",
}  # fmt: skip
"""OpenStreetMap's types that a news text names as places, with GeoNames' feature codes; of others nothing is taken:
countries and their first-level units are in every gazetteer, shops and streets are no places on this map."""


class Geocoder(Protocol):
    """The part of geopy's geocoders that is used."""

    def geocode(self, query: str, **keywords: Any) -> Any:
        """Return locations for a query."""


def nominatim(server: str | None = None, user_agent: str | None = None) -> Geocoder:
    """Return geopy's client of a Nominatim server.

    Args:
        server: Its address; None for the public one of OpenStreetMap.
        user_agent: Who asks; the public server wants to know. None for geomap and its version.

    Raises:
        UsageError: If the address is none.
    """
    from geopy.geocoders import Nominatim

    parts = urllib.parse.urlsplit(server or NOMINATIM)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{server}: no address of a server; give one such as {NOMINATIM}")
    domain = f"{parts.netloc}{parts.path}".rstrip("/")
    client: Geocoder = Nominatim(
        domain=domain, scheme=parts.scheme, user_agent=user_agent or f"geomap/{__version__}", timeout=TIMEOUT_S
    )
    return client


def cache_file() -> Path:
    """Return where answers are kept: in the folder that the system has for a user's caches."""
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches"
    else:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return folder / "geomap" / "online.sqlite"


class Online:
    """Fills what stayed without a candidate from a geocoder. Use it as a context manager, or call :meth:`close`."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        geocoder: Geocoder | None = None,
        *,
        server: str | None = None,
        user_agent: str | None = None,
        cache: Path | None = None,
        delay_s: float = DELAY_S,
    ) -> None:
        """Open the cache; nothing is asked yet.

        Args:
            gazetteer: Gives the first-level unit around a place that was found.
            geocoder: What to ask; None for :func:`nominatim`.
            server: Of Nominatim; also tells the answers of one service from another's in the cache.
            user_agent: For :func:`nominatim`.
            cache: The file for answers; None for :func:`cache_file`.
            delay_s: Least seconds between two questions; not below :data:`DELAY_S` without a geocoder.

        Raises:
            UsageError: If the server is no address.
        """
        from geopy.extra.rate_limiter import RateLimiter

        self._areas = Areas(gazetteer)
        self._service = server or NOMINATIM
        client = geocoder
        if client is None:
            client, delay_s = nominatim(server, user_agent), max(delay_s, DELAY_S)
        # A question that failed is not repeated now, but in the next run.
        self._ask: Callable[..., Any] = RateLimiter(
            client.geocode,
            min_delay_seconds=delay_s,
            error_wait_seconds=delay_s,
            max_retries=0,
            swallow_exceptions=False,
        )
        self._cache = _Cache(cache or cache_file())
        self._failures = 0
        self._used: dict[str, str] = {}

    def close(self) -> None:
        """Close the cache."""
        self._cache.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def stamp(self) -> str:
        """A digest of what was filled in so far: outputs depend on it."""
        return hashlib.sha256(dump_json(sorted(self._used.items())).encode()).hexdigest()[:16]

    def fill(self, parsed: Iterable[ParsedArticle]) -> Iterator[ParsedArticle]:
        """Yield the articles, with a place for mentions that had no candidate and now have one.

        A place is taken only in a country that the article names by something else, if it names any.
        It has an id that starts with :data:`PREFIX` and no geonameid.
        """
        for one in parsed:
            countries = {
                code
                for resolution in one.resolutions
                for code in (*resolution.mention.countries, resolution.place and resolution.place.country)
                if code
            }
            filled = tuple(self._filled(resolution, countries) for resolution in one.resolutions)
            yield replace(one, resolutions=filled) if filled != one.resolutions else one

    def _filled(self, resolution: Resolution, countries: set[str]) -> Resolution:
        mention = resolution.mention
        if resolution.place or resolution.nil_reason not in _ASKED or mention.kind not in _KINDS:
            return resolution
        query = ", ".join((mention.name, *mention.within))
        if not is_text(query) or not 1 < len(query) <= _LONGEST_NAME or not any(map(str.isalpha, query)):
            return resolution
        for answer in self._answers(query):
            place = self._place(answer)
            if place and (not countries or place.country in countries):
                self._used[query] = place.id
                score = round(min(1.0, max(0.0, _number(answer.get("importance")) or 0.0)), 4)
                return replace(resolution, place=place, precision=precision_of(place), score=score, nil_reason=None)
        return resolution

    def _answers(self, query: str) -> list[dict[str, Any]]:
        """The raw answers to a query, best first: from the cache, else asked; none where asking fails."""
        from geopy.exc import GeopyError

        key = " ".join(unicodedata.normalize("NFC", query).split())
        kept = self._cache.get(self._service, key)
        if kept is not None:
            return kept
        if self._failures >= MOST_FAILURES:
            return []
        try:
            found = self._ask(key, exactly_one=False, limit=CANDIDATES, addressdetails=True, language="en")
            answers = [raw for location in found or [] if isinstance(raw := location.raw, dict)]
        except (GeopyError, OSError, ValueError, TypeError, AttributeError) as error:  # what a strange answer may raise
            self._failures += 1
            more = "; nothing more is asked" if self._failures == MOST_FAILURES else ""
            reason = " ".join(str(error).split()) or type(error).__name__
            warnings.warn(f"{key!r} could not be asked of {self._service} ({reason}){more}", stacklevel=2)
            return []
        self._failures = 0
        self._cache.put(self._service, key, answers)
        return answers

    def _place(self, answer: dict[str, Any]) -> Place | None:
        """An answer as a place; None if it is no place of a kind that news names, or is not whole."""
        address = answer.get("address")
        types = (answer.get("addresstype"), answer.get("type"))
        code = next((_FEATURES[kind] for kind in types if isinstance(kind, str) and kind in _FEATURES), None)
        lon, lat = _number(answer.get("lon")), _number(answer.get("lat"))
        osm_type, osm_id = answer.get("osm_type"), answer.get("osm_id")
        if code is None or lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
            return None
        if osm_type not in ("node", "way", "relation") or not isinstance(osm_id, int):
            return None
        name = answer.get("name") or str(answer.get("display_name") or "").partition(",")[0]
        country = str(address.get("country_code") or "").upper() if isinstance(address, dict) else ""
        if not isinstance(name, str) or not name.strip() or not is_text(name):
            return None
        known = len(country) == 2 and country.isascii() and country.isalpha()
        place = Place(
            id=f"{PREFIX}{osm_type}/{osm_id}", name=name.strip(), country=country if known else None, admin1=None,
            lon=round(lon, 5), lat=round(lat, 5), feature_code=code,
        )  # fmt: skip
        unit = self._areas.unit_of(place)
        return replace(place, admin1=unit.admin1) if unit else place


def credits_of(atlas: Atlas) -> tuple[str, ...]:
    """Return the lines of credit that an atlas owes beside the gazetteer's."""
    return (ATTRIBUTION,) if any(one.place.id.startswith(PREFIX) for one in atlas.places) else ()


def _number(value: object) -> float | None:
    """A number that an answer gives as one or as a string; None for what is no finite one."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) < 1e9 else None


class _Cache:
    """Answers by service and query in a SQLite file; without one that can be used, in memory."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._opened(str(path))
        except (OSError, sqlite3.Error) as error:
            warnings.warn(
                f"{path}: answers cannot be kept there ({error}); remove the file, or check its folder", stacklevel=4
            )
            self._db = self._opened(":memory:")

    @staticmethod
    def _opened(path: str) -> sqlite3.Connection:
        database = sqlite3.connect(path, isolation_level=None)
        try:
            database.execute(
                "CREATE TABLE IF NOT EXISTS"
                " answer(service TEXT, query TEXT, raw TEXT NOT NULL, PRIMARY KEY(service, query)) WITHOUT ROWID"
            )
            with closing(database.execute("SELECT service, query, raw FROM answer LIMIT 1")) as cursor:
                cursor.fetchall()
        except BaseException:
            database.close()
            raise
        return database

    def get(self, service: str, query: str) -> list[dict[str, Any]] | None:
        """The answers kept for a query; None if it was never answered or its row cannot be read."""
        try:
            row = self._db.execute(
                "SELECT raw FROM answer WHERE service = ? AND query = ?", (service, query)
            ).fetchone()
            found = json.loads(row[0]) if row else None
        except (sqlite3.Error, ValueError):
            return None
        is_answer = isinstance(found, list) and all(isinstance(one, dict) for one in found)
        return found if is_answer else None

    def put(self, service: str, query: str, answers: list[dict[str, Any]]) -> None:
        """Keep the answers to a query; that they cannot be kept costs only that they are asked again."""
        try:
            self._db.execute("INSERT OR REPLACE INTO answer VALUES(?,?,?)", (service, query, json.dumps(answers)))
        except (sqlite3.Error, ValueError, TypeError) as error:
            warnings.warn(f"an answer could not be kept ({error})", stacklevel=2)

    def close(self) -> None:
        """Close the file."""
        self._db.close()
