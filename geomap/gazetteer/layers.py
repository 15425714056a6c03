"""GeoNames' rows laid over a gazetteer file: what a place is made of when both have it, and where rows wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from geomap.gazetteer import schema
from geomap.gazetteer.importance import dump_importance
from geomap.gazetteer.keys import is_loose, keys, kind_of
from geomap.gazetteer.sources.geonames import AlternateName, BadRows, GeoName, Parent, UnitCode
from geomap.gazetteer.sources.towns import is_useful
from geomap.gazetteer.twins import Own, Twins
from geomap.gazetteer.writer import steps, thousandths
from geomap.geometry import LonLat

_COPIED: Final = (
    "feature", "unit", "own", "curated", "region", "abbreviation", "demonym", "country", "direction", "shape", "border",
)  # fmt: skip
_SCRATCH: Final = """
CREATE TABLE scratch.record(
    row INTEGER, age INTEGER, name TEXT, feature INTEGER, unit INTEGER, lon INTEGER, lat INTEGER, population INTEGER,
    importance INTEGER
);
CREATE TABLE scratch.name(key TEXT, place INTEGER, rank INTEGER);
CREATE TABLE scratch.twin(own INTEGER PRIMARY KEY, geonameid INTEGER);
"""
_SETTLED: Final = frozenset({"PCLI", "RGN", "ADM1"})
"""What keeps its point and its size as curated: where a country's label stands is no matter of survey."""
_NAMED_CLASSES: Final = frozenset("AP")
"""Classes whose names get a transliteration key: units and towns; not every well and creek."""
_CACHE_KIB: Final = 65_536
_WAITING: Final = 50_000
_DEEPEST: Final = 8
"""How far the hierarchy is climbed: a continent, a country and five levels of units are seven."""


class _Record(NamedTuple):
    """What is kept of a place, coordinates and importance in the file's steps, codes empty for none."""

    name: str
    feature_code: str
    kind: str
    country: str
    admin1: str
    admin2: str
    lon: int
    lat: int
    population: int
    importance: int


class _Rows:
    """A set of rows that takes a bit for each possible one: 13 million in 2 MB."""

    def __init__(self, rows: Iterable[int] = ()) -> None:
        self._bits = bytearray()
        for row in rows:
            self.add(row)

    def add(self, row: int) -> None:
        byte = row >> 3
        if byte >= len(self._bits):
            self._bits.extend(bytes(byte + 1 - len(self._bits)))
        self._bits[byte] |= 1 << (row & 7)

    def __contains__(self, row: int) -> bool:
        byte = row >> 3
        return byte < len(self._bits) and bool(self._bits[byte] & 1 << (row & 7))


@dataclass(slots=True)
class Grown:
    """What the dumps brought.

    Attributes:
        added: Places that the lower layer did not have.
        renewed: Rows of places that it, or a dump before, had.
        names: Names that the tables of alternate names and of units gave.
        homeless: Names of places that neither the lower layer nor a dump has.
        contained: Places whose unit only the hierarchy gave.
        newest: The latest date of change among the rows of each dump.
        bad: Rows that were passed over.
    """

    added: int = 0
    renewed: int = 0
    names: int = 0
    homeless: int = 0
    contained: int = 0
    newest: dict[Path, str] = field(default_factory=dict)
    bad: BadRows = field(default_factory=BadRows)


class Layers:
    """A gazetteer file in the making: the lower layer, and rows that wait in a scratch file to be laid over it."""

    def __init__(self, connection: sqlite3.Connection, base: Path, scratch: Path, grown: Grown) -> None:
        """Copy the small tables of the lower layer.

        Args:
            connection: To an empty gazetteer file.
            base: The lower layer.
            scratch: A file for the rows that wait.
            grown: Where to count.

        Raises:
            sqlite3.Error: If a file cannot be read or written.
        """
        self._db = connection
        self._grown = grown
        self._db.execute("ATTACH ? AS base", (f"{base.resolve().as_uri()}?mode=ro&immutable=1",))
        self._db.execute("ATTACH ? AS scratch", (str(scratch),))
        self._db.executescript(
            "PRAGMA scratch.journal_mode = OFF; PRAGMA scratch.synchronous = OFF;"
            f"PRAGMA main.cache_size = -{_CACHE_KIB}; PRAGMA scratch.cache_size = -{_CACHE_KIB}; {_SCRATCH}"
        )
        for table in _COPIED:
            self._db.execute(f"INSERT INTO main.{table} SELECT * FROM base.{table}")
        self._features = {(code, kind): number for number, code, kind in self._db.execute("SELECT * FROM main.feature")}
        self._units = {
            (country, admin1, admin2): number
            for number, country, admin1, admin2, _ in self._db.execute("SELECT * FROM main.unit")
        }
        self._curated = {row for (row,) in self._db.execute("SELECT place FROM main.curated")}
        self._below = _Rows(row for (row,) in self._db.execute("SELECT row FROM base.record"))
        self._known = _Rows(row for (row,) in self._db.execute("SELECT row FROM base.record"))
        self._loose = _Rows(
            row
            for row, country, population in self._db.execute("SELECT row, country, population FROM base.place")
            if is_loose(country, population, row in self._curated)
        )
        self._twins = Twins(self._own_names())
        self._age = 0
        self._records: list[tuple[object, ...]] = []
        self._names: list[tuple[str, int, int]] = []

    # --- rows come in -----------------------------------------------------------------------------------------

    def add_places(self, path: Path, rows: Iterable[GeoName]) -> None:
        """Take in the rows of a dump.

        Args:
            path: The dump, under which its latest change is noted.
            rows: Its rows.
        """
        newest = ""
        for row in rows:
            curated = row.geonameid in self._curated
            if is_loose(row.country, row.population, curated) and (curated or row.feature_class in _NAMED_CLASSES):
                self._loose.add(row.geonameid)
            names = _names_of(row, schema.RANK_ALTERNATE if curated else schema.RANK_NAME)
            found_by = self._add_names(row.geonameid, names)
            record = _new(row)
            if row.geonameid in self._below:
                record = _laid_over(self._below_it(row.geonameid), record, curated)
            else:
                self._twins.look(row, found_by)
            self._add_record(row.geonameid, record)
            if row.geonameid in self._known:
                self._grown.renewed += 1
            else:
                self._grown.added += 1
                self._known.add(row.geonameid)
            newest = max(newest, row.modified)
            if len(self._records) >= _WAITING:
                self._flush()
        self._flush()
        self._grown.newest[path] = newest

    def settle_twins(self) -> None:
        """Give curated places without a geonameid that of the row of a dump which is the same place.

        Name, kind, unit and point stay the curated ones. To be done when all dumps are in.
        """
        twins = self._twins.settled()
        for own, row in twins.items():
            below = self._below_it(own)
            self._add_record(row.geonameid, _laid_over(below, _new(row), True)._replace(lon=below.lon, lat=below.lat))
            self._curated.add(row.geonameid)
            if is_loose(row.country, row.population, True):
                self._loose.add(row.geonameid)
        self._grown.added -= len(twins)
        self._grown.renewed += len(twins)
        self._flush()
        pairs = [(own, row.geonameid) for own, row in twins.items()]
        self._db.executemany("INSERT INTO scratch.twin VALUES(?,?)", pairs)
        self._db.executemany("DELETE FROM main.own WHERE place = ?", [(own,) for own, _ in pairs])
        self._db.executemany("UPDATE main.curated SET place = ?2 WHERE place = ?1", pairs)
        self._db.execute(  # the curated name is its own, those of the dump are others
            "UPDATE scratch.name SET rank = ? WHERE rank = ? AND place IN (SELECT geonameid FROM scratch.twin)",
            (schema.RANK_ALTERNATE, schema.RANK_NAME),
        )

    def add_names(self, rows: Iterable[AlternateName]) -> None:
        """Take in alternate names of places that are known by now.

        English names that are preferred or short count as the place's own; historic and colloquial ones
        count less than others.
        """
        for row in rows:
            if row.geonameid not in self._known:
                self._grown.homeless += 1
                continue
            if not is_useful(row.name):
                continue
            own = row.language == "en" and (row.preferred or row.short) and row.geonameid not in self._curated
            rank = schema.RANK_FORMER if row.weak else schema.RANK_NAME if own else schema.RANK_ALTERNATE
            self._grown.names += 1
            self._add_names(row.geonameid, [(row.name, rank)])
        self._flush()

    def add_unit_names(self, rows: Iterable[UnitCode]) -> None:
        """Take in the English names of units that are known by now."""
        for row in rows:
            if row.geonameid not in self._known:
                self._grown.homeless += 1
                continue
            rank = schema.RANK_ALTERNATE if row.geonameid in self._curated else schema.RANK_NAME
            self._grown.names += 1
            self._add_names(row.geonameid, [(row.name, rank)])
        self._flush()

    def _own_names(self) -> Iterator[tuple[str, int, Own]]:
        """The keys of the lower layer's curated places that have no geonameid; regions are no rows of a dump."""
        places = self._db.execute(
            "SELECT row, country, feature_code, lon, lat FROM base.record JOIN base.feature USING(feature)"
            " JOIN base.unit USING(unit) WHERE row >= ? AND kind <> 'region'",
            (schema.FIRST_OWN_ROW,),
        )
        own = {
            row: Own(row, country, code, LonLat(lon=lon / schema.DEGREE, lat=lat / schema.DEGREE))
            for row, country, code, lon, lat in places
        }
        names = self._db.execute(
            "SELECT key, rank, place FROM base.name WHERE place >= ? AND rank <= ?",
            (schema.FIRST_OWN_ROW, schema.RANK_GENERIC),
        )
        yield from ((key, rank, own[place]) for key, rank, place in names if place in own)

    def _below_it(self, row: int) -> _Record:
        """What the lower layer has of a place."""
        values = self._db.execute(
            "SELECT name, feature_code, kind, country, admin1, admin2, lon, lat, population, importance"
            " FROM base.record JOIN base.feature USING(feature) JOIN base.unit USING(unit) WHERE row = ?",
            (row,),
        ).fetchone()
        return _Record(*values)

    def _add_record(self, row: int, record: _Record) -> None:
        self._age -= 1  # the latest stands first when they are sorted
        feature = self._features.setdefault((record.feature_code, record.kind), len(self._features))
        unit = self._units.setdefault((record.country, record.admin1, record.admin2), len(self._units))
        self._records.append((row, self._age, record.name, feature, unit, *record[-4:]))

    def _add_names(self, place: int, names: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Let names wait; return their keys, each with its rank."""
        found_by = keys(names, place in self._loose)
        self._names += [(key, place, rank) for key, rank in found_by.items()]
        if len(self._names) >= _WAITING:
            self._flush()
        return found_by

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO scratch.record VALUES(?,?,?,?,?,?,?,?,?)", self._records)
        self._db.executemany("INSERT INTO scratch.name VALUES(?,?,?)", self._names)
        self._records.clear()
        self._names.clear()

    # --- layers become one ----------------------------------------------------------------------------------------

    @property
    def steps(self) -> tuple[Callable[[], None], ...]:
        """What makes one file of the layers, to be done in this order once all rows are in."""
        return (self._sort_records, self._sort_names)

    def _sort_records(self) -> None:
        new = [(number, *pair) for pair, number in self._features.items()]
        self._db.executemany("INSERT OR IGNORE INTO main.feature VALUES(?,?,?)", new)
        codes = [(number, *code, None) for code, number in self._units.items()]
        self._db.executemany("INSERT OR IGNORE INTO main.unit VALUES(?,?,?,?,?)", codes)
        columns = "row, name, feature, unit, lon, lat, population, importance"
        self._db.execute(
            f"INSERT OR IGNORE INTO main.record SELECT {columns} FROM ("
            f"  SELECT age, {columns} FROM scratch.record UNION ALL SELECT 0, {columns} FROM base.record"
            "  WHERE row NOT IN (SELECT own FROM scratch.twin)"
            ") ORDER BY row, age"
        )

    def _sort_names(self) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO main.name SELECT key, place, rank FROM ("
            "  SELECT key, place, rank FROM scratch.name"
            "  UNION ALL SELECT key, coalesce(geonameid, place), rank FROM base.name LEFT JOIN scratch.twin ON own = place"
            ") ORDER BY key, place, rank"
        )

    def add_containers(self, rows: Iterable[Parent]) -> None:
        """Give places without a unit the one of their nearest ancestor that has one.

        To be done when the layers are one.
        """
        parents: dict[int, tuple[bool, int]] = {}
        for row in rows:
            link = (not row.is_unit, row.parent)  # the links of units go before those that users drew
            if row.child not in parents or link < parents[row.child]:
                parents[row.child] = link
        lacking = self._db.execute(
            "SELECT row, unit FROM main.record JOIN main.unit USING(unit) JOIN main.feature USING(feature)"
            " WHERE admin1 = '' AND feature_code NOT GLOB 'PCL*' AND feature_code <> 'CONT'"
        )
        found = []
        for row, unit in lacking:
            if row in parents and row not in self._curated:
                container = self._container(row, parents)
                if container is not None and container != unit:
                    found.append((container, row))
        self._db.executemany("UPDATE main.record SET unit = ? WHERE row = ?", found)
        self._grown.contained += len(found)

    def _container(self, row: int, parents: dict[int, tuple[bool, int]]) -> int | None:
        """The unit of the nearest ancestor that lies in one."""
        for _ in range(_DEEPEST):
            if row not in parents:
                return None
            row = parents[row][1]
            unit = self._db.execute(
                "SELECT unit FROM main.record JOIN main.unit USING(unit) WHERE row = ? AND admin1 <> ''", (row,)
            ).fetchone()
            if unit:
                return int(unit[0])
        return None


def _new(row: GeoName) -> _Record:
    """The record of a place as a dump has it."""
    weight = dump_importance(row.feature_class, row.feature_code, row.population, row.country in schema.HOME)
    return _Record(
        row.name, row.feature_code, kind_of(row.feature_code), row.country, row.admin1, row.admin2, steps(row.lon),
        steps(row.lat), row.population, thousandths(weight),
    )  # fmt: skip


def _laid_over(below: _Record, new: _Record, curated: bool) -> _Record:
    """The record of a place that the lower layer has too: the dump is newer, the curated tables know better."""
    population = new.population or below.population
    code = new.feature_code if below.feature_code == "PPL" else below.feature_code
    if not curated:
        keeps_weight = code == "PPLC" or not new.population
        weight = max(new.importance, below.importance) if keeps_weight else new.importance
        return new._replace(population=population, feature_code=code, importance=weight)
    same_unit = (new.country, new.admin1) == (below.country, below.admin1)
    kept = below._replace(admin2=(new.admin2 if same_unit else "") or below.admin2)
    if below.feature_code in _SETTLED or below.kind in ("region", "metonym"):
        return kept
    if not code.startswith("PPL"):
        return kept._replace(lon=new.lon, lat=new.lat, population=population)
    weight = max(below.importance, new.importance)
    return kept._replace(lon=new.lon, lat=new.lat, population=population, feature_code=code, importance=weight)


def _names_of(row: GeoName, rank: int) -> Iterable[tuple[str, int]]:
    """A row's names with their ranks; the machine's transliterations among them are left out."""
    yield row.name, rank
    if row.ascii_name and row.ascii_name != row.name:
        yield row.ascii_name, schema.RANK_ALTERNATE
    for alternate in row.alternates:
        if is_useful(alternate):
            yield alternate, schema.RANK_ALTERNATE
