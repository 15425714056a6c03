"""Read-only look-up in a gazetteer file."""

from __future__ import annotations

import math
import os
import sqlite3
import tomllib
import weakref
from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from geomap.errors import GazetteerError, GazetteerNotFoundError
from geomap.files import is_text
from geomap.gazetteer import schema
from geomap.geometry import EARTH_RADIUS_M, LonLat, directional_region, great_circle_m
from geomap.model import Candidate, Direction, Match, Place
from geomap.names import fold, strip_generic, transliteration_key

ENVIRONMENT: Final = "GEOMAP_GAZETTEER"
BUNDLED: Final = Path(__file__).parent.parent / "data" / "gazetteer.sqlite"
_MATCHES: Final[tuple[Match, ...]] = ("exact", "exact", "generic", "transliteration")

HOME: Final = schema.HOME
HOME_BONUS: Final = 0.5
"""What being at home is worth on the importance scale: as much as three times the inhabitants."""
RANK_COST: Final = (0.0, 0.5, 1.0, 2.0)
"""What a looser key costs on that scale, by rank."""

_AFTER_LATIN: Final = "\u0370"
"""Folded names from here on are Greek, Cyrillic, Arabic, Chinese, …; none before is."""

_DEGREE_M: Final = math.radians(EARTH_RADIUS_M)
_FIRST_REACH, _WIDENING = 0.25, 2
"""How far a search for the nearest town goes first, in degrees, and by how much it widens while it finds too few."""


def locate(explicit: str | Path | None = None) -> Path:
    """Return the gazetteer file to use: the one named, else ``$GEOMAP_GAZETTEER``, else the bundled one.

    Raises:
        GazetteerNotFoundError: If no file lies there.
    """
    if explicit is not None:
        path, mend = Path(explicit), "check the path after --gazetteer"
    elif named := os.environ.get(ENVIRONMENT):
        path, mend = Path(named), f"check ${ENVIRONMENT}, or unset it to use the bundled gazetteer"
    else:
        path, mend = BUNDLED, "run `geomap gazetteer build`, or install geomap again"
    if not path.is_file():
        raise GazetteerNotFoundError(f"{path}: no gazetteer there; {mend}")
    return path


_ADJECTIVES: Final = {"central": "central"} | {
    direction: f"{direction}ern"
    for direction in ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
}


class Gazetteer:
    """An open gazetteer file.

    Look-ups are cached, so one instance should serve a whole run. Any thread may use an instance,
    one at a time. Use it as a context manager, or call :meth:`close`.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        """Open a gazetteer.

        Args:
            path: The file; see :func:`locate` for what is used without one.

        Raises:
            GazetteerNotFoundError: If there is no such file.
            GazetteerError: If it is not a gazetteer, is damaged, or is of another schema version.
        """
        self.path = locate(path)
        try:
            self._db = sqlite3.connect(
                f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise GazetteerError(f"{self.path}: cannot be opened ({error}); check its permissions") from error
        self._closing = weakref.finalize(self, self._db.close)  # for owners that live as long as a pipeline
        try:
            self._meta = self._checked_meta()
        except GazetteerError:
            self.close()
            raise
        # Caches live as long as the instance; methods wrapped here instead of by decorators, which would
        # keep every instance alive.
        self._prefix = lru_cache(maxsize=100_000)(self._prefix_uncached)
        self.place = lru_cache(maxsize=100_000)(self._place_uncached)
        self.candidates = lru_cache(maxsize=20_000)(self._candidates_uncached)
        self.shape = lru_cache(maxsize=500)(self._shape_uncached)
        self.border = lru_cache(maxsize=2_000)(self._border_uncached)
        self.neighbours = lru_cache(maxsize=500)(self._neighbours_uncached)

    def _checked_meta(self) -> dict[str, str]:
        """What the file says of itself, once it is known to be a gazetteer of this schema."""
        try:
            application = self._db.execute("PRAGMA application_id").fetchone()[0]
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if application != schema.APPLICATION_ID:
                raise GazetteerError(f"{self.path}: not a geomap gazetteer; build one with `geomap gazetteer build`")
            if version != schema.SCHEMA_VERSION:
                raise GazetteerError(
                    f"{self.path}: schema version {version}, this geomap reads {schema.SCHEMA_VERSION}; "
                    "build it again with `geomap gazetteer build`"
                )
            return dict(self._db.execute("SELECT key, value FROM meta").fetchall())
        except sqlite3.DatabaseError as error:
            raise GazetteerError(
                f"{self.path}: damaged or not a gazetteer ({error}); build it again with `geomap gazetteer build`"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._closing()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise GazetteerError(
                f"{self.path}: damaged ({error}); build it again with `geomap gazetteer build`"
            ) from error

    # --- about the file -------------------------------------------------------------------------------------

    @property
    def fingerprint(self) -> str:
        """A digest of the sources that the file was built from."""
        return str(self._meta["fingerprint"])

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The sources with their version, licence and attribution, as ``SOURCES.toml`` lists them."""
        return list(tomllib.loads(self._meta["sources"])["source"])

    @property
    def attribution(self) -> tuple[str, ...]:
        """The lines of credit that every output carries."""
        return tuple(dict.fromkeys(source["attribution"] for source in self.sources))

    def counts(self) -> dict[str, int]:
        """Return how many places, names, shapes and borders the file holds."""
        tables = ("place", "name", "shape", "border")
        return {table: int(self._rows(f"SELECT count(*) FROM {table}")[0][0]) for table in tables}

    # --- names → places -------------------------------------------------------------------------------------

    def _prefix_uncached(self, key: str) -> tuple[bool, bool]:
        rows = self._rows("SELECT key FROM name WHERE key >= ? LIMIT 1", key)
        if not rows:
            return False, False
        is_name = rows[0][0] == key
        longer = self._rows("SELECT 1 FROM name WHERE key >= ? AND key < ? LIMIT 1", f"{key} ", f"{key}!")
        return is_name, bool(longer)

    def match_lengths(self, words: Iterable[str]) -> list[int]:
        """Return how many of the first words make up names, shortest first.

        Args:
            words: Folded words, as many as there are until something that no name spans.

        Returns:
            The lengths in words; empty if no name starts here.
        """
        lengths = []
        key = ""
        for length, word in enumerate(words, start=1):
            if not is_text(word):
                break
            key = f"{key} {word}" if key else word
            is_name, has_longer = self._prefix(key)
            if is_name:
                lengths.append(length)
            if not has_longer:
                break
        return lengths

    def _candidates_uncached(self, name: str, country: str | None = None, loose: bool = True) -> tuple[Candidate, ...]:
        """Return the places that a name may mean, best first before any context.

        Args:
            name: A name in any script.
            country: Only places of this ISO 3166-1 alpha-2 code.
            loose: Whether to fall back on the transliteration key where nothing else matches.

        Returns:
            Candidates by score, then by id; each place once, under its strictest match.
        """
        if not is_text(name):
            return ()
        folded = fold(name)
        found = (
            self._by_abbreviation(name, country)
            or self._by_key(folded, country)
            or self._by_key(strip_generic(folded), country, schema.RANK_GENERIC)
        )
        if not found and loose and (key := transliteration_key(name)):
            found = self._by_key(schema.LOOSE_PREFIX + key, country)
        return tuple(sorted(found, key=lambda candidate: (-candidate.score, candidate.place.id)))

    def _by_abbreviation(self, form: str, country: str | None) -> list[Candidate]:
        sql = "SELECT place, importance FROM abbreviation JOIN place ON row = place WHERE form = ?"
        found = [(self.place(row), importance) for row, importance in self._rows(sql, form)]
        return [Candidate(place=p, match="exact", score=s) for p, s in found if country in (None, p.country)]

    def _by_key(self, key: str, country: str | None, least: int = schema.RANK_NAME) -> list[Candidate]:
        """The candidates of one key; a key that was stripped first counts as ``least`` strict at best."""
        candidates = []
        sql = "SELECT place, rank, importance FROM name JOIN place ON row = place WHERE key = ?"
        for row, found_rank, importance in self._rows(sql, key):
            place, rank = self.place(row), max(found_rank, least)
            if country is None or place.country == country:
                score = importance - RANK_COST[rank] + (HOME_BONUS if place.country in HOME else 0.0)
                candidates.append(Candidate(place=place, match=_MATCHES[rank], score=round(score, 3)))
        return candidates

    def _place_uncached(self, row: int) -> Place:
        """Return the place of a row number; rows come from the file's other tables."""
        (values,) = self._rows(
            "SELECT id, name, country, admin1, lon, lat, feature_code, population, geonameid, countries, kind"
            " FROM place WHERE row = ?",
            row,
        )
        return Place(
            id=values[0], name=values[1], country=values[2], admin1=values[3], lon=values[4], lat=values[5],
            feature_code=values[6], population=values[7], geonameid=values[8],
            countries=tuple(values[9].split()), kind=values[10],
        )  # fmt: skip

    def other_script_names(self, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the folded names of some places that are not in Latin letters ("کابل", "кабул").

        Args:
            ids: Ids of places.

        Returns:
            Each place's names in code point order; places without any are left out.
        """
        rows = {row: pid for pid in ids for (row,) in self._rows("SELECT row FROM place WHERE id = ?", pid)}
        names: dict[str, list[str]] = {}
        sql = "SELECT place, key FROM name WHERE key >= ? AND rank < ?"  # the table is sorted by key
        for row, key in self._rows(sql, _AFTER_LATIN, schema.RANK_GENERIC):
            if row in rows:
                names.setdefault(rows[row], []).append(key)
        return {pid: tuple(keys) for pid, keys in names.items()}

    def abbreviations(self) -> dict[str, Place]:
        """Return the forms that count only in capitals as written ("US", "W.Va.") with their places."""
        return {form: self.place(row) for form, row in self._rows("SELECT form, place FROM abbreviation ORDER BY 1, 2")}

    def demonyms(self) -> dict[str, Place]:
        """Return all demonyms ("Afghan", "Central Asian") with their country or region."""
        return {form: self.place(row) for form, row in self._rows("SELECT form, place FROM demonym")}

    def one_word_names(self) -> set[str]:
        """Return all exact keys of one word."""
        rows = self._rows("SELECT DISTINCT key FROM name WHERE rank < 2 AND instr(key, ' ') = 0")
        return {row[0] for row in rows}

    def large_towns(self, population: int) -> list[Place]:
        """Return capitals, provinces' seats at home, and towns of at least so many inhabitants, largest first."""
        rows = self._rows(
            "SELECT row FROM place WHERE feature_code GLOB 'PPL*' AND (population >= ? OR feature_code IN ('PPLC', 'PPLA'))"
            " ORDER BY population DESC, row",
            population,
        )
        return [self.place(row[0]) for row in rows]

    def nearest(self, lon: float, lat: float, limit: int, minimum_population: int = 0) -> list[tuple[Place, float]]:
        """Return the towns nearest to a point, on the sphere.

        Args:
            lon: Degrees east.
            lat: Degrees north.
            limit: How many.
            minimum_population: Only towns of at least so many inhabitants; many have 0 for unknown.

        Returns:
            Towns with their distance in metres, nearest first, then by row; fewer than asked only
            where the whole world has no more.
        """
        here, reach = LonLat(lon=lon, lat=lat), _FIRST_REACH
        sql = (
            "SELECT row, lon, lat FROM place WHERE feature_code GLOB 'PPL*'"
            " AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? AND population >= ?"
        )
        while True:
            found = sorted(
                (great_circle_m(here, LonLat(lon=x, lat=y)), row)
                for west, south, east, north in _boxes_around(here, reach)
                for row, x, y in self._rows(sql, south, north, west, east, minimum_population)
            )[:limit]
            # The box holds the whole circle of this reach; a town in one of its corners may have a nearer rival outside.
            if reach >= 180 or (len(found) == limit and (not found or found[-1][0] <= reach * _DEGREE_M)):
                return [(self.place(row), metres) for metres, row in found]
            reach = found[-1][0] / _DEGREE_M + 1e-6 if len(found) == limit else reach * _WIDENING

    # --- countries, provinces, borders, directions ------------------------------------------------------------

    def country(self, code: str) -> Place | None:
        """Return a country by its ISO 3166-1 alpha-2 code."""
        rows = self._rows("SELECT place FROM country WHERE code = ?", code)
        return self.place(rows[0][0]) if rows else None

    def capital(self, code: str) -> Place | None:
        """Return the capital of a country."""
        rows = self._rows("SELECT capital FROM country WHERE code = ? AND capital IS NOT NULL", code)
        return self.place(rows[0][0]) if rows else None

    def admin1(self, country: str, code: str) -> Place | None:
        """Return a first-level unit by its country and GeoNames admin1 code."""
        rows = self._rows(
            "SELECT row FROM place WHERE country = ? AND admin1 = ? AND feature_code = 'ADM1' ORDER BY row LIMIT 1",
            country, code,
        )  # fmt: skip
        return self.place(rows[0][0]) if rows else None

    def provinces(self, country: str) -> list[Place]:
        """Return the first-level units of a country, in the order of their codes."""
        rows = self._rows(
            "SELECT row FROM place WHERE country = ? AND feature_code = 'ADM1' AND admin1 IS NOT NULL ORDER BY admin1, row",
            country,
        )
        return [self.place(row[0]) for row in rows]

    def _neighbours_uncached(self, code: str) -> tuple[str, ...]:
        """Return the countries that share a land border with one, longest border first."""
        rows = self._rows(
            "SELECT CASE WHEN a = ?1 THEN b ELSE a END, km FROM border WHERE a = ?1 OR b = ?1 ORDER BY km DESC, 1", code
        )
        return tuple(row[0] for row in rows)

    def _border_uncached(self, a: str, b: str) -> Place | None:
        """Return the shared border of two countries as a place of code ``BDR``, or None if they share none."""
        first, second = sorted((a, b))
        rows = self._rows("SELECT wkb FROM border WHERE a = ? AND b = ?", first, second)
        one, other = self.country(first), self.country(second)
        if not rows or one is None or other is None:
            return None
        middle = _middle(shapely.from_wkb(rows[0][0]))
        return Place(
            id=f"gm:border/{first}-{second}", name=f"{one.name}–{other.name} border", country=None, admin1=None,
            lon=round(middle.x, 4), lat=round(middle.y, 4), feature_code="BDR", countries=(first, second), kind="border",
        )  # fmt: skip

    def border_km(self, a: str, b: str) -> float:
        """Return the length of a shared border in kilometres; 0 if there is none."""
        rows = self._rows("SELECT km FROM border WHERE a = ? AND b = ?", *sorted((a, b)))
        return float(rows[0][0]) if rows else 0.0

    def directional(self, parent: Place, direction: Direction) -> Place | None:
        """Return "northern Afghanistan" as a place of code ``DIR``; None for a parent without an area."""
        region = self._directional_shape(parent, direction)
        if region is None:
            return None
        point = region.representative_point()
        return Place(
            id=f"gm:direction/{direction}/{parent.id}", name=f"{_ADJECTIVES[direction]} {parent.name}", country=parent.country,
            admin1=parent.admin1, lon=round(point.x, 4), lat=round(point.y, 4), feature_code="DIR", kind="directional",
        )  # fmt: skip

    def _directional_shape(self, parent: Place, direction: Direction) -> BaseGeometry | None:
        area = self.shape(parent)
        if area is None:
            return None
        parts: list[BaseGeometry] = []
        if parent.feature_code == "PCLI" and parent.country:
            rows = self._rows(
                "SELECT admin1 FROM direction WHERE country = ? AND direction = ?", parent.country, direction
            )
            provinces = [self.admin1(parent.country, code) for code in (rows[0][0].split() if rows else [])]
            shapes = [self.shape(province) for province in provinces if province]
            parts = [shape for shape in shapes if shape is not None]
        region = directional_region(area, direction, parts)
        return None if region.is_empty else region

    def _shape_uncached(self, place: Place) -> BaseGeometry | None:
        """Return the polygon or line of a place in lon/lat degrees, or None if only its point is known."""
        if place.feature_code == "BDR":
            rows = self._rows("SELECT wkb FROM border WHERE a = ? AND b = ?", *place.countries)
        elif place.feature_code == "DIR":
            _, direction, parent_id = place.id.split("/", 2)
            found = self._rows("SELECT row FROM place WHERE id = ?", parent_id)
            return self._directional_shape(self.place(found[0][0]), direction) if found else None  # type: ignore[arg-type]
        elif place.kind == "region":
            members = [self.country(code) for code in place.countries]
            shapes = [self.shape(member) for member in members if member]
            return unary_union([shape for shape in shapes if shape is not None]) if any(shapes) else None
        else:
            rows = self._rows("SELECT wkb FROM shape JOIN place ON row = place WHERE id = ?", place.id)
        return shapely.from_wkb(rows[0][0]) if rows else None


def _boxes_around(centre: LonLat, reach: float) -> list[tuple[float, float, float, float]]:
    """The boxes (west, south, east, north) that hold the circle of so many degrees: two at the 180th meridian."""
    slack = 1e-9
    south, north = centre.lat - reach - slack, centre.lat + reach + slack
    if south <= -90 or north >= 90:  # the circle holds a pole, and so every meridian
        return [(-180.0, south, 180.0, north)]
    half = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(centre.lat))))) + slack
    lon = (centre.lon + 180) % 360 - 180
    west, east = lon - half, lon + half
    if west < -180:
        return [(west + 360, south, 180.0, north), (-180.0, south, east, north)]
    if east > 180:
        return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
    return [(west, south, east, north)]


def _middle(line: BaseGeometry) -> shapely.Point:
    """The point halfway along the longest part of a line."""
    longest = max(getattr(line, "geoms", [line]), key=lambda part: part.length)
    middle: shapely.Point = longest.interpolate(0.5, normalized=True)
    return middle
