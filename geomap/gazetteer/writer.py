"""Entries and boundaries → the tables of a gazetteer file."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import shapely
from shapely.ops import unary_union

from geomap.errors import GazetteerError
from geomap.gazetteer import schema
from geomap.gazetteer.entries import Entry, is_abbreviation
from geomap.gazetteer.importance import admin1_importance, importance
from geomap.gazetteer.keys import keys, slug
from geomap.gazetteer.sources import boundaries, curated
from geomap.geometry import arc_indices, as_multipolygon, decode_arcs, length_km, shared_border, topology_polygon
from geomap.model import Place

_NOT_FROM_GEONAMES: Final = frozenset({"PCLI", "RGN"})
"""What only geomap's own tables decide, beside the places that those name."""


def create(path: Path) -> sqlite3.Connection:
    """Make an empty gazetteer file and return a connection to it.

    Nothing is journalled: the file counts only when it is whole and moved into place.
    """
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rwc", uri=True)
    connection.executescript(
        f"PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = {schema.SCHEMA_VERSION};"
        f"{schema.TABLES}"
    )
    return connection


def write(path: Path, sources: Path, entries: Iterable[Entry], meta: dict[str, str]) -> None:
    """Write a gazetteer file from the bundled sources.

    Args:
        path: The file, which must not exist.
        sources: The folder of the sources.
        entries: All places.
        meta: What the file says of itself.

    Raises:
        GazetteerError: If a source is missing or wrong.
        sqlite3.Error: If the file cannot be written, or two rows have one key.
    """
    ordered = sorted(entries, key=lambda entry: (entry.place.geonameid or schema.FIRST_OWN_ROW, entry.place.id))
    own = [entry.place.id for entry in ordered if not entry.place.geonameid]
    rows = {entry.place.id: entry.place.geonameid for entry in ordered if entry.place.geonameid}
    rows |= {place_id: schema.FIRST_OWN_ROW + number for number, place_id in enumerate(own)}
    connection = create(path)
    try:
        connection.executemany("INSERT INTO own VALUES(?,?)", [(rows[place_id], place_id) for place_id in own])
        keyed = {entry.place.id: keys(entry.names.items(), entry.is_loose) for entry in ordered}
        spellings = {pid: sum(rank <= schema.RANK_ALTERNATE for rank in ranks.values()) for pid, ranks in keyed.items()}
        _write_places(connection, ordered, rows, spellings)
        names = [(key, rows[pid], rank) for pid, ranks in keyed.items() for key, rank in ranks.items()]
        connection.executemany("INSERT INTO name VALUES(?,?,?)", sorted(names))
        _write_curated(connection, sources / "curated", rows)
        _write_shapes(connection, sources, ordered, rows)
        finish(connection, meta)
        connection.execute("VACUUM")
    finally:
        connection.close()


def _write_places(
    connection: sqlite3.Connection, ordered: list[Entry], rows: dict[str, int], spellings: dict[str, int]
) -> None:
    """Records, and the tables of the numbers in them."""
    places = [entry.place for entry in ordered]
    features = {pair: number for number, pair in enumerate(sorted({(p.feature_code, p.kind) for p in places}))}
    units = {code: number for number, code in enumerate(sorted(set(map(_unit, places))))}
    connection.executemany(
        "INSERT INTO feature VALUES(?,?,?)", [(number, code, kind) for (code, kind), number in features.items()]
    )
    connection.executemany(
        "INSERT INTO unit VALUES(?,?,?,?,NULL)", [(number, *codes) for codes, number in units.items()]
    )
    connection.executemany(
        "INSERT INTO record VALUES(?,?,?,?,?,?,?,?)",
        [
            (
                rows[p.id], p.name, features[p.feature_code, p.kind], units[_unit(p)], steps(p.lon), steps(p.lat),
                p.population, thousandths(importance(p, spellings[p.id])),
            )
            for p in places
        ],
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO curated VALUES(?)",
        [(rows[e.place.id],) for e in ordered if e.curated or e.place.feature_code in _NOT_FROM_GEONAMES],
    )
    connection.executemany(
        "INSERT INTO region VALUES(?,?)", [(rows[p.id], " ".join(p.countries)) for p in places if p.kind == "region"]
    )


def _unit(place: Place) -> tuple[str, str, str]:
    """The codes of the unit that a place is filed under, empty for none."""
    return (place.country or "", place.admin1 or "", place.admin2 or "")


def steps(degrees: float) -> int:
    """Return a coordinate as the file keeps it."""
    return round(degrees * schema.DEGREE)


def thousandths(weight: float) -> int:
    """Return an importance as the file keeps it."""
    return round(weight * schema.THOUSAND)


def finish(connection: sqlite3.Connection, meta: dict[str, str]) -> None:
    """Write what follows from the records: where towns lie, which places are units and how much those weigh."""
    connection.execute(
        f"INSERT INTO town SELECT {schema.CELL}, row FROM record JOIN feature USING(feature)"
        " WHERE feature_code GLOB 'PPL*' ORDER BY 1, 2"
    )
    own = connection.execute(
        "SELECT min(row), unit FROM record JOIN feature USING(feature) JOIN unit USING(unit)"
        " WHERE feature_code = CASE WHEN admin2 = '' THEN 'ADM1' ELSE 'ADM2' END GROUP BY unit"
    )
    connection.executemany("UPDATE unit SET place = ? WHERE unit = ? AND place IS NULL", own.fetchall())
    people = connection.execute(
        "SELECT country, admin1, sum(population) FROM record JOIN feature USING(feature) JOIN unit USING(unit)"
        " WHERE feature_code GLOB 'PPL*' AND feature_code <> 'PPLX' GROUP BY country, admin1"
    )
    inhabitants = {(country, admin1): population for country, admin1, population in people}
    units = connection.execute(
        "SELECT row, country, admin1 FROM record JOIN feature USING(feature) JOIN unit USING(unit)"
        " WHERE feature_code = 'ADM1'"
    ).fetchall()
    connection.executemany(
        "UPDATE record SET importance = ? WHERE row = ?",
        [(thousandths(admin1_importance(inhabitants.get((country, unit), 0))), row) for row, country, unit in units],
    )
    connection.executemany("INSERT INTO meta VALUES(?,?)", sorted(meta.items()))
    connection.commit()


def _write_curated(connection: sqlite3.Connection, tables: Path, rows: dict[str, int]) -> None:
    """Abbreviations, demonyms, capitals and directions: what is looked up by form or code, not by key."""
    countries = curated.read_table(tables / "countries.tsv", curated.COUNTRY_HEADER)
    by_code = {row["country"]: rows[f"gn:{row.id()}"] for row in countries}
    abbreviations = {(form, by_code[row["country"]]) for row in countries for form in row.list("abbreviations")}
    for table in ("admin1_world", "admin1_neighbours", "towns_world"):
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
        f"region:{slug(row['name'])}": rows[f"gn:{row.id()}" if row.id() else f"gm:region/{slug(row['name'])}"]
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


def _write_shapes(connection: sqlite3.Connection, sources: Path, ordered: list[Entry], rows: dict[str, int]) -> None:
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
