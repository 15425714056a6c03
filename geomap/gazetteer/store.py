"""Read-only look-up in a gazetteer file."""

from __future__ import annotations

import math
import os
import sqlite3
import weakref
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from geomap.errors import GazetteerError, GazetteerNotFoundError
from geomap.files import is_text
from geomap.gazetteer import schema
from geomap.gazetteer.own import ATTRIBUTION, FIRST_ROW, IMPORTANCE, OwnPlaces
from geomap.model import Candidate, Direction, Match, Place
from geomap.names import fold, strip_generic, transliteration_key

if TYPE_CHECKING:
    from shapely import Point
    from shapely.geometry.base import BaseGeometry

# Shapely takes half of a tenth of a second to import and names need none of it: methods import it.

ENVIRONMENT: Final = "GEOMAP_GAZETTEER"
BUNDLED: Final = Path(__file__).parent.parent / "data" / "gazetteer.sqlite"
_MATCHES: Final[tuple[Match, ...]] = ("exact", "exact", "generic", "transliteration", "exact")

HOME: Final = schema.HOME
HOME_BONUS: Final = 0.5
"""What being at home is worth on the importance scale: as much as three times the inhabitants."""
RANK_COST: Final = (0.0, 0.5, 1.0, 2.0, 1.0)
"""What a looser key costs on that scale, by rank."""
_LARGE: Final = 5_500  # thousandths of importance: 300,000 inhabitants
ALIAS_COST: Final = 1.5
"""What another name costs more where some place bears it as its own: Philadelphia was once Amman's."""

_Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
_AFTER_LATIN: Final = "\u0370"
"""Folded names from here on are Greek, Cyrillic, Arabic, Chinese, …; none before is."""
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

    def __init__(self, path: str | Path | None = None, *, own_places: bool = True) -> None:
        """Open a gazetteer.

        Args:
            path: The file; see :func:`locate` for what is used without one.
            own_places: Whether the user's own places (``geomap gazetteer add``) are looked up beside it.

        Raises:
            GazetteerNotFoundError: If there is no such file.
            GazetteerError: If it is not a gazetteer, is damaged, or is of another schema version.
        """
        self.path = locate(path)
        self._own = OwnPlaces.kept() if own_places else OwnPlaces()
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
        self.directional = lru_cache(maxsize=2_000)(self._directional_uncached)
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
        """A digest of the sources that the file was built from, and of the user's own places."""
        return "+".join(filter(None, (self._meta["fingerprint"], self._own.fingerprint)))

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The sources with their version, licence and attribution, as ``SOURCES.toml`` lists them."""
        import tomllib

        own = [{"name": f"own places: {name}", "attribution": ATTRIBUTION} for name in self._own.names]
        return [*tomllib.loads(self.listed)["source"], *own]

    @property
    def listed(self) -> str:
        """The text of ``SOURCES.toml``, with what was laid over the bundled sources."""
        return str(self._meta["sources"])

    @property
    def attribution(self) -> tuple[str, ...]:
        """The lines of credit that every output carries."""
        return tuple(dict.fromkeys(source["attribution"] for source in self.sources))

    def counts(self) -> dict[str, int]:
        """Return how many places, names, shapes and borders the file holds."""
        tables = {"place": "record", "name": "name", "shape": "shape", "border": "border"}
        return {what: int(self._rows(f"SELECT count(*) FROM {table}")[0][0]) for what, table in tables.items()}

    # --- names → places -------------------------------------------------------------------------------------

    def _prefix_uncached(self, key: str) -> tuple[bool, bool]:
        is_own, is_longer_own = self._own.prefix(key)
        rows = self._rows("SELECT key FROM name WHERE key >= ? LIMIT 1", key)
        if not rows or not rows[0][0].startswith(key):  # most words: no name begins so
            return is_own, is_longer_own
        longer = (
            is_longer_own
            or rows[0][0].startswith(f"{key} ")
            or self._rows("SELECT 1 FROM name WHERE key >= ? AND key < ? LIMIT 1", f"{key} ", f"{key}!")
        )
        return is_own or rows[0][0] == key, bool(longer)

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
        sql = "SELECT place, importance FROM abbreviation JOIN record ON row = place WHERE form = ?"
        found = [(self.place(row), thousandths / schema.THOUSAND) for row, thousandths in self._rows(sql, form)]
        return [Candidate(place=p, match="exact", score=s) for p, s in found if country in (None, p.country)]

    def _by_key(self, key: str, country: str | None, least: int = schema.RANK_NAME) -> list[Candidate]:
        """The candidates of one key; a key that was stripped first counts as ``least`` strict at best."""
        candidates = []
        for row, found_rank in self._own.of_key(key).items():
            place, rank = self._own.place(row), max(found_rank, least)
            if country is None or place.country == country:
                candidates.append(Candidate(place=place, match=_MATCHES[rank], score=IMPORTANCE - RANK_COST[rank]))
        sql = "SELECT place, rank, importance FROM name JOIN record ON row = place WHERE key = ?"
        rows = self._rows(sql, key)
        bearers = [(self.place(row).country in HOME, size) for row, rank, size in rows if rank == schema.RANK_NAME]
        for row, found_rank, thousandths in rows:
            place, rank = self.place(row), max(found_rank, least)
            if country is None or place.country == country:
                score = thousandths / schema.THOUSAND - RANK_COST[rank] + (HOME_BONUS if place.country in HOME else 0.0)
                # A regional place's other spelling yields only to a regional or large place of that name, a unit's to none.
                regional = place.country in HOME
                rivals = (
                    [at_home or size >= _LARGE for at_home, size in bearers] if regional else [True for _ in bearers]
                )
                outranked = any(rivals) and not (regional and place.feature_code == "ADM1")
                if outranked and rank != schema.RANK_NAME and not _is_part(key, fold(place.name)):
                    score -= ALIAS_COST
                candidates.append(Candidate(place=place, match=_MATCHES[rank], score=round(score, 3)))
        return candidates

    def _place_uncached(self, row: int) -> Place:
        """Return the place of a row number; rows come from the file's other tables."""
        if row >= FIRST_ROW:
            return self._own.place(row)
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

    def _row_of(self, place_id: str) -> int | None:
        """The row of a place's id, or None where there is no such place."""
        scheme, _, number = place_id.partition(":")
        if scheme == "gn" and number.isascii() and number.isdigit():
            rows = self._rows("SELECT row FROM record WHERE row = ?", int(number))
        else:
            rows = self._rows("SELECT place FROM own WHERE id = ?", place_id)
        return rows[0][0] if rows else None

    def other_script_names(self, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Return the folded names of some places that are not in Latin letters ("کابل", "кабул").

        Args:
            ids: Ids of places.

        Returns:
            Each place's names in code point order; places without any are left out.
        """
        rows = {row: pid for pid in ids if (row := self._row_of(pid)) is not None}
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
            "SELECT row FROM record JOIN feature USING(feature) WHERE feature_code GLOB 'PPL*'"
            " AND (population >= ? OR feature_code IN ('PPLC', 'PPLA')) ORDER BY population DESC, row",
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
        from geomap.geometry import EARTH_RADIUS_M, LonLat, great_circle_m

        here, reach, degree_m = LonLat(lon=lon, lat=lat), _FIRST_REACH, math.radians(EARTH_RADIUS_M)
        own = [
            (great_circle_m(here, LonLat(lon=place.lon, lat=place.lat)), row)
            for row, place in self._own.towns()
            if not minimum_population
        ]
        while True:
            found = sorted(
                own
                + [
                    (great_circle_m(here, LonLat(lon=x / schema.DEGREE, lat=y / schema.DEGREE)), row)
                    for box in _boxes_around(lon, lat, reach)
                    for row, x, y in self._towns_in(box, minimum_population)
                ]
            )[:limit]
            # The box holds the whole circle of this reach; a town in one of its corners may have a nearer rival outside.
            if reach >= 180 or (len(found) == limit and (not found or found[-1][0] <= reach * degree_m)):
                return [(self.place(row), metres) for metres, row in found]
            reach = found[-1][0] / degree_m + 1e-6 if len(found) == limit else reach * _WIDENING

    def _towns_in(self, box: _Box, minimum_population: int) -> Iterator[tuple[int, int, int]]:
        """The towns in the cells of a box: row, lon and lat in steps."""
        west, south, east, north = box
        lowest, highest = schema.cell(west, max(south, -90)), schema.cell(west, min(north, 90))
        width = schema.cell(east, max(south, -90)) - lowest
        sql = "SELECT row, lon, lat FROM town CROSS JOIN record ON row = place WHERE cell BETWEEN ? AND ? AND population >= ?"
        if width == schema.CELLS_AROUND - 1:  # all round the world
            yield from self._rows(sql, lowest, highest + width, minimum_population)
            return
        for first in range(lowest, highest + 1, schema.CELLS_AROUND):
            yield from self._rows(sql, first, first + width, minimum_population)

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
            "SELECT place FROM unit WHERE country = ? AND admin1 = ? AND admin2 = '' AND place IS NOT NULL",
            country,
            code,
        )
        return self.place(rows[0][0]) if rows else None

    def provinces(self, country: str) -> list[Place]:
        """Return the first-level units of a country, in the order of their codes."""
        rows = self._rows(
            "SELECT place FROM unit WHERE country = ? AND admin2 = '' AND place IS NOT NULL ORDER BY admin1, place",
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
        import shapely

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

    def _directional_uncached(self, parent: Place, direction: Direction) -> Place | None:
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
        from geomap.geometry import directional_region

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
        import shapely

        if place.feature_code == "BDR":
            rows = self._rows("SELECT wkb FROM border WHERE a = ? AND b = ?", *place.countries)
        elif place.feature_code == "DIR":
            _, direction, parent_id = place.id.split("/", 2)
            parent = self._row_of(parent_id)
            return self._directional_shape(self.place(parent), direction) if parent else None  # type: ignore[arg-type]
        elif place.kind == "region":
            members = [self.country(code) for code in place.countries]
            shapes = [self.shape(member) for member in members if member]
            return shapely.union_all([shape for shape in shapes if shape is not None]) if any(shapes) else None
        else:
            rows = self._rows("SELECT wkb FROM shape WHERE place = ?", self._row_of(place.id))
        return shapely.from_wkb(rows[0][0]) if rows else None


def _is_part(key: str, name: str) -> bool:
    """Whether a key is a name without its class word: "new york" of New York City, "heathrow" of Heathrow Airport."""
    return key == strip_generic(name) or name.startswith(f"{key} ")


def _boxes_around(lon: float, lat: float, reach: float) -> list[_Box]:
    """The boxes that hold the circle of so many degrees: two at the 180th meridian."""
    slack = 1e-9
    south, north = lat - reach - slack, lat + reach + slack
    if south <= -90 or north >= 90:  # the circle holds a pole, and so every meridian
        return [(-180.0, south, 180.0, north)]
    half = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(lat))))) + slack
    lon = (lon + 180) % 360 - 180
    west, east = lon - half, lon + half
    if west < -180:
        return [(west + 360, south, 180.0, north), (-180.0, south, east, north)]
    if east > 180:
        return [(west, south, 180.0, north), (-180.0, south, east - 360, north)]
    return [(west, south, east, north)]


def _middle(line: BaseGeometry) -> Point:
    """The point halfway along the longest part of a line."""
    longest = max(getattr(line, "geoms", [line]), key=lambda part: part.length)
    middle: Point = longest.interpolate(0.5, normalized=True)
    return middle
