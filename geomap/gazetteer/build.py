"""Sources → one read-only SQLite file, the same bytes for the same sources."""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import re
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import shapely
from shapely.ops import unary_union

from geomap.errors import GazetteerError, OutputError
from geomap.gazetteer import schema
from geomap.gazetteer.sources import boundaries, curated, towns
from geomap.geometry import arc_indices, as_multipolygon, decode_arcs, length_km, shared_border, topology_polygon
from geomap.model import Kind, Place
from geomap.names import fold, strip_generic, transliteration_key

T = TypeVar("T")
Progress = Callable[[Iterable[T], str, int], Iterator[T]]
"""Wraps an iterable, a label and a length, as a progress bar does."""

_CODE = (
    "names.py", "geometry.py", "gazetteer/build.py", "gazetteer/schema.py",
    "gazetteer/sources/boundaries.py", "gazetteer/sources/curated.py", "gazetteer/sources/towns.py",
)  # fmt: skip
_LONGEST_ABBREVIATION = 4
_LOOSE_POPULATION = 5_000


_FACILITY = re.compile(
    "AIR.|AIRP|INSM|BLDG|PAL|PRN|HSP|SCH|MSQE|HTL|BDG|TNL|DAM|PRT|MFG.*|NSY|PS.*|CMP.*|DIP|MNMT|STDM"
)
_FACILITY_NOT_PLACES = frozenset({"PSTB"})


@dataclass(slots=True)
class _Entry:
    """A place while its names are being gathered from the sources."""

    place: Place
    names: dict[str, int] = field(default_factory=dict)
    """Name → rank; the first source to give a name decides."""
    curated: bool = False

    @property
    def is_loose(self) -> bool:
        """Whether the place's names get a transliteration key: at home, but for the smallest places of large countries."""
        place = self.place
        known = self.curated or place.country in ("AF", "TJ") or place.population >= _LOOSE_POPULATION
        return place.country in schema.HOME and known

    def add(self, name: str, rank: int) -> None:
        if name and name not in self.names:
            self.names[name] = rank


def build(sources: Path, target: Path, progress: Progress[towns.Town] | None = None) -> None:
    """Compile the bundled sources into one gazetteer file.

    The file is written beside the target under another name and moved into place when whole.

    Args:
        sources: The folder with ``places.tsv.xz``, ``countries.topo.json``, ``admin1.geojson``,
            ``SOURCES.toml`` and ``curated/``.
        target: The SQLite file to write.
        progress: Wraps the loop over the towns.

    Raises:
        GazetteerError: If a source is missing or wrong.
        OutputError: If the target cannot be written.
    """
    if not (sources / "SOURCES.toml").is_file():
        raise GazetteerError(f"{sources}: no SOURCES.toml there; name the gazetteer's source folder with --sources")
    try:
        listed = tomllib.loads((sources / "SOURCES.toml").read_text(encoding="utf-8"))
        if not all("name" in source and "attribution" in source for source in listed["source"]):
            raise ValueError("a source without name or attribution")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GazetteerError(f"{sources / 'SOURCES.toml'}: not a list of sources ({error}); mend it") from error
    entries = _gather(sources, progress or (lambda items, _label, _total: iter(items)))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        _write(sources, entries, temporary)
        os.replace(temporary, target)
    except sqlite3.IntegrityError as error:
        raise GazetteerError(f"{sources / 'curated'}: two rows of one key ({error}); remove one of them") from error
    except (OSError, sqlite3.OperationalError) as error:
        raise OutputError(f"{target}: cannot be written ({error}); choose another place with -o") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def fingerprint(sources: Path) -> str:
    """Return a digest of all sources and of the code that compiles them: what the built file depends on."""
    digest = hashlib.sha256(str(schema.SCHEMA_VERSION).encode())
    package = Path(__file__).parent.parent
    for name in _CODE:
        digest.update((package / name).read_bytes())
    names = ("SOURCES.toml", "places.tsv.xz", "countries.topo.json", "admin1.geojson")
    for path in [*(sources / name for name in names), *sorted((sources / "curated").glob("*.tsv"))]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


# --- gathering ---------------------------------------------------------------------------------------------


def _slug(name: str) -> str:
    return fold(name).replace(" ", "-")


def _gather(sources: Path, progress: Progress[towns.Town]) -> dict[str, _Entry]:
    """All places by id, names merged; in an order that depends on the sources alone."""
    tables = sources / "curated"
    entries: dict[str, _Entry] = {}
    capitals: set[int] = set()
    for row in curated.read_table(tables / "countries.tsv", curated.COUNTRY_HEADER):
        _add_country(entries, row)
        if capital := row.id("capital"):
            capitals.add(capital)
    for row in curated.read_table(tables / "regions.tsv", curated.REGION_HEADER):
        _add_area(entries, row, "region", "RGN")
    for row in curated.read_table(tables / "disputed.tsv", curated.DISPUTED_HEADER):
        _add_area(entries, row, "place", "RGN")
    for town in progress(towns.read(sources / "places.tsv.xz"), "towns", 234_908):
        _add_town(entries, town, town.geonameid in capitals)
    for table in curated.PLACE_TABLES:
        for row in curated.read_table(tables / f"{table}.tsv", curated.PLACE_HEADER):
            _add_row(entries, row, "metonym" if table == "metonyms" else None)
    return entries


def _add_country(entries: dict[str, _Entry], row: curated.Row) -> None:
    gid = row.id()
    place = Place(
        id=f"gn:{gid}", name=row["name"], country=row["country"], admin1=None, lon=row.number("lon"),
        lat=row.number("lat"), feature_code="PCLI", geonameid=gid,
    )  # fmt: skip
    entry = entries[place.id] = _Entry(place)
    entry.add(row["name"], schema.RANK_NAME)
    for variant in row.list("variants"):
        entry.add(variant, schema.RANK_ALTERNATE)


def _add_area(entries: dict[str, _Entry], row: curated.Row, kind: Kind, code: str) -> None:
    gid = row.id()
    countries = row.list("countries", " ")
    place = Place(
        id=f"gn:{gid}" if gid else f"gm:region/{_slug(row['name'])}",
        name=row["name"],
        country=countries[0] if kind == "place" and countries else None,
        admin1=None,
        lon=row.number("lon"),
        lat=row.number("lat"),
        feature_code=code,
        geonameid=gid,
        countries=tuple(sorted(countries)) if kind == "region" else (),
        kind=kind,
    )
    entry = entries.setdefault(place.id, _Entry(place))
    entry.add(row["name"], schema.RANK_NAME)
    for variant in row.list("variants"):
        entry.add(variant, schema.RANK_ALTERNATE)


def _add_town(entries: dict[str, _Entry], town: towns.Town, is_capital: bool) -> None:
    place = Place(
        id=f"gn:{town.geonameid}", name=town.name, country=town.country, admin1=town.admin1 or None,
        lon=town.lon, lat=town.lat, feature_code="PPLC" if is_capital else "PPL",
        population=town.population, geonameid=town.geonameid,
    )  # fmt: skip
    if place.id in entries:  # a city state, filed as country and as town under one id
        for name in (town.name, *town.alternates):
            entries[place.id].add(name, schema.RANK_ALTERNATE)
        return
    entry = entries[place.id] = _Entry(place)
    entry.add(town.name, schema.RANK_NAME)
    for alternate in town.alternates:
        entry.add(alternate, schema.RANK_ALTERNATE)


def _add_row(entries: dict[str, _Entry], row: curated.Row, kind: Kind | None) -> None:
    """Add a curated place, or add its names to the place that has its geonameid already."""
    gid = row.id()
    code = row["kind"]
    country, admin1 = row["country"] or None, row["admin1"] or None
    own_id = "/".join(part for part in (f"gm:{code.lower()}", country, admin1, _slug(row["name"])) if part)
    if kind is None:
        facility = _FACILITY.fullmatch(code) and code not in _FACILITY_NOT_PLACES
        kind = "facility" if facility else "organisation-embedded" if code == "UNIV" else "place"
    place = Place(
        id=f"gn:{gid}" if gid else own_id, name=row["name"], country=country, admin1=admin1,
        lon=row.number("lon"), lat=row.number("lat"), feature_code=code, geonameid=gid, kind=kind,
    )  # fmt: skip
    known = entries.get(place.id)
    if known is None:
        entry = entries[place.id] = _Entry(place, curated=True)
        entry.add(row["name"], schema.RANK_NAME)
    elif known.place.country != country:
        raise GazetteerError(
            f"{row.where}: geonameid {gid} is {known.place.name} in {known.place.country}, not in {country}; mend the id"
        )
    else:
        entry = known
        entry.curated = True
        if code not in ("PPL", known.place.feature_code) and known.place.feature_code in ("PPL", "RGN"):
            entry.place = replace(known.place, feature_code=code, admin1=known.place.admin1 or admin1)
        if country in schema.HOME:
            entry.place = replace(entry.place, name=row["name"])
            entry.names[row["name"]] = schema.RANK_NAME
        entry.add(row["name"], schema.RANK_ALTERNATE)
    for variant in row.list("variants"):
        if not is_abbreviation(variant, code):
            entry.add(variant, schema.RANK_ALTERNATE)


def is_abbreviation(variant: str, feature_code: str) -> bool:
    """Whether a variant of a first-level unit counts only in capitals as written: "Ore.", "NSW"."""
    short = variant.isupper() and len(variant) <= _LONGEST_ABBREVIATION and variant.isascii()
    return feature_code == "ADM1" and (variant.endswith(".") or short)


# --- writing -----------------------------------------------------------------------------------------------

_IMPORTANCE_COUNTRY = 9.0
_IMPORTANCE_REGION = 8.5
_IMPORTANCE_METONYM = 7.5
_IMPORTANCE_CURATED = {"ADM2": 4.0, "ADM3": 3.5, "PPL": 3.5, "PSTB": 4.5, "OCN": 6.5, "SEA": 6.0, "GULF": 5.5}
_IMPORTANCE_FEATURE = 5.0
_CAPITAL_BONUS, _MIN_CAPITAL = 1.5, 6.5
_SEAT_BONUS = 0.8  # PPLA: known for home only
_MIN_ADMIN1, _ADMIN1_DISCOUNT = 5.5, 0.3


def importance(place: Place, admin1_population: int = 0) -> float:
    """Return how likely a place is to be meant before any context, on a log10 scale of inhabitants.

    A town's is the logarithm of its population; what has none (a country, a river, a crossing)
    stands where news places it between towns. The steps were set by hand on that scale.

    Args:
        place: The place.
        admin1_population: Inhabitants of a first-level unit's towns.
    """
    code = place.feature_code
    if code == "PCLI":
        return _IMPORTANCE_COUNTRY
    if place.kind == "region":
        return _IMPORTANCE_REGION
    if place.kind == "metonym":
        return _IMPORTANCE_METONYM
    if code == "ADM1":
        return max(_MIN_ADMIN1, math.log10(admin1_population + 1) - _ADMIN1_DISCOUNT)
    if code == "PPLC":
        return max(_MIN_CAPITAL, math.log10(place.population + 1) + _CAPITAL_BONUS)
    if place.population or code == "PPL":
        floor = _IMPORTANCE_CURATED["PPL"] if not place.geonameid else 1.5
        return max(floor, math.log10(place.population + 1)) + (_SEAT_BONUS if code == "PPLA" else 0.0)
    return _IMPORTANCE_CURATED.get(code, _IMPORTANCE_FEATURE)


def _keys(entry: _Entry) -> Iterator[tuple[str, int]]:
    """The ``(key, rank)`` pairs of a place, each key under its strictest rank."""
    best: dict[str, int] = {}
    for name, rank in entry.names.items():
        folded = fold(name)
        stripped = strip_generic(folded)
        keys = [(folded, rank), (stripped, schema.RANK_GENERIC)]
        if entry.is_loose and (loose := transliteration_key(name)):
            keys.append((schema.LOOSE_PREFIX + loose, schema.RANK_TRANSLITERATION))
        for key, key_rank in keys:
            if key:
                best[key] = min(key_rank, best.get(key, key_rank))
    yield from best.items()


def _write(sources: Path, entries: dict[str, _Entry], path: Path) -> None:
    ordered = sorted(entries.values(), key=lambda entry: (entry.place.geonameid or math.inf, entry.place.id))
    rows = {entry.place.id: number for number, entry in enumerate(ordered, start=1)}
    people: dict[tuple[str | None, str | None], int] = defaultdict(int)
    for entry in ordered:
        if entry.place.feature_code.startswith("PPL"):
            people[entry.place.country, entry.place.admin1] += entry.place.population
    connection = sqlite3.connect(path)
    try:
        connection.executescript(
            f"PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = {schema.SCHEMA_VERSION};"
            f"{schema.TABLES}"
        )
        connection.executemany(
            "INSERT INTO place VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    rows[p.id], p.id, p.name, p.kind, p.country, p.admin1, p.feature_code, p.lon, p.lat,
                    p.population, p.geonameid, " ".join(p.countries),
                    round(importance(p, people[p.country, p.admin1]), 3),
                )
                for p in (entry.place for entry in ordered)
            ),
        )  # fmt: skip
        names = [(key, rank, rows[entry.place.id]) for entry in ordered for key, rank in _keys(entry)]
        connection.executemany("INSERT INTO name VALUES(?,?,?)", sorted(names))
        _write_curated(connection, sources / "curated", rows)
        _write_shapes(connection, sources, ordered, rows)
        meta = {"fingerprint": fingerprint(sources), "sources": (sources / "SOURCES.toml").read_text("utf-8")}
        connection.executemany("INSERT INTO meta VALUES(?,?)", sorted(meta.items()))
        connection.executescript(schema.INDEXES)
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def _write_curated(connection: sqlite3.Connection, tables: Path, rows: dict[str, int]) -> None:
    """Abbreviations, demonyms, capitals and directions: what is looked up by form or code, not by key."""
    countries = curated.read_table(tables / "countries.tsv", curated.COUNTRY_HEADER)
    by_code = {row["country"]: rows[f"gn:{row.id()}"] for row in countries}
    abbreviations = {(form, by_code[row["country"]]) for row in countries for form in row.list("abbreviations")}
    for table in ("admin1_world", "admin1_neighbours"):
        for row in curated.read_table(tables / f"{table}.tsv", curated.PLACE_HEADER):
            own = rows.get(f"gn:{row.id()}")
            for variant in row.list("variants"):
                if own and is_abbreviation(variant, row["kind"]):
                    abbreviations.add((variant, own))
    connection.executemany("INSERT INTO abbreviation VALUES(?,?)", sorted(abbreviations))
    connection.executemany(
        "INSERT INTO country VALUES(?,?,?)",
        sorted((row["country"], by_code[row["country"]], rows.get(f"gn:{row.id('capital')}")) for row in countries),
    )
    regions = {
        f"region:{_slug(row['name'])}": rows[f"gn:{row.id()}" if row.id() else f"gm:region/{_slug(row['name'])}"]
        for row in curated.read_table(tables / "regions.tsv", curated.REGION_HEADER)
    }
    demonyms: dict[str, int] = {}
    for row in curated.read_table(tables / "demonyms.tsv", curated.DEMONYM_HEADER):
        target = by_code.get(row["country"]) or regions.get(row["country"])
        if target is None:
            raise GazetteerError(f"{row.where}: {row['country']!r} is neither a country nor a region; mend that cell")
        for form in row.list("forms"):
            demonyms.setdefault(form, target)
    connection.executemany("INSERT INTO demonym VALUES(?,?)", sorted(demonyms.items()))
    connection.executemany(
        "INSERT INTO direction VALUES(?,?,?)",
        sorted(
            (row["country"], row["direction"], row["admin1"])
            for row in curated.read_table(tables / "directions.tsv", curated.DIRECTION_HEADER)
        ),
    )


def _write_shapes(connection: sqlite3.Connection, sources: Path, ordered: list[_Entry], rows: dict[str, int]) -> None:
    """Polygons of countries and provinces, and the line of every border between two countries."""
    topology = boundaries.read_countries(sources / "countries.topo.json")
    arcs = decode_arcs(topology)
    by_country: dict[str, list[dict[str, object]]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry["properties"]["country"]:
            by_country[geometry["properties"]["country"]].append(geometry)
    by_code = {e.place.country: rows[e.place.id] for e in ordered if e.place.feature_code == "PCLI"}
    areas = {
        code: as_multipolygon(unary_union([topology_polygon(part, arcs) for part in parts]))
        for code, parts in sorted(by_country.items())
        if code in by_code
    }
    shapes = [(by_code[code], area.wkb) for code, area in areas.items() if not area.is_empty]  # the Vatican is a dot
    provinces = {(e.place.country, e.place.admin1): rows[e.place.id] for e in ordered if e.place.feature_code == "ADM1"}
    shapes += [
        (provinces[key], polygon.wkb)
        for key, polygon in sorted(boundaries.read_admin1(sources / "admin1.geojson").items())
        if key in provinces
    ]
    connection.executemany("INSERT INTO shape VALUES(?,?)", sorted(shapes))
    indices = {code: set().union(*(arc_indices(part) for part in parts)) for code, parts in by_country.items()}
    lines = (
        (a, b, line)
        for a in sorted(indices)
        for b in sorted(indices)
        if a < b and (line := shared_border(indices[a], indices[b], arcs)) is not None
    )
    connection.executemany(
        "INSERT INTO border VALUES(?,?,?,?)",
        [(a, b, round(length_km(line), 1), shapely.to_wkb(line)) for a, b, line in lines],
    )
