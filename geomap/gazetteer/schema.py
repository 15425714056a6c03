"""The SQLite schema of a gazetteer file, shared by the builder and the store.

Places are kept packed, as rows of ``record``: numbers instead of codes, coordinates in steps of
1e-5 degrees, importance in thousandths. The view ``place`` shows them as people read them. A place's
row is its geonameid; what GeoNames lacks has rows from :data:`FIRST_OWN_ROW` on and its id in ``own``.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x67656F6D  # "geom", in SQLite's header: tells a gazetteer from any other SQLite file
SCHEMA_VERSION: Final = 3

LOOSE_PREFIX: Final = "'"
"""Stands before a transliteration key; folding drops it, so that no name can be one."""
HOME: Final = frozenset({"AF", "IR", "KG", "PK", "TJ", "TM", "UZ"})
"""Countries that geomap is about: Afghanistan, Iran, Pakistan and the south of Central Asia.

Their names also get a transliteration key, and a name that they share with the rest of the world is
theirs first.
"""

RANK_NAME: Final = 0
RANK_ALTERNATE: Final = 1
RANK_GENERIC: Final = 2
RANK_TRANSLITERATION: Final = 3
RANK_FORMER: Final = 4
"""How strict a key is: the place's own name, another name, without class words, the loose key; a historic or colloquial name."""

FIRST_OWN_ROW: Final = 200_000_000
"""Row of the first place without a geonameid; GeoNames has come to 14 million in twenty years."""
DEGREE: Final = 100_000
"""Steps of ``record.lon`` and ``record.lat`` in a degree: about a metre, as exact as GeoNames is."""
THOUSAND: Final = 1_000
"""Steps of ``record.importance`` in one."""
CELL_STEPS: Final = DEGREE // 4
CELLS_AROUND: Final = 360 * DEGREE // CELL_STEPS
"""Towns are found by cells of a quarter of a degree, numbered eastward from 180° W and northward from the South Pole."""
CELL: Final = f"(lat + {90 * DEGREE}) / {CELL_STEPS} * {CELLS_AROUND} + min((lon + {180 * DEGREE}) / {CELL_STEPS}, {CELLS_AROUND - 1})"
"""The number of a record's cell, in SQL; the same as :func:`cell` gives."""


def cell(lon: float, lat: float) -> int:
    """Return the number of the cell that a point lies in.

    Args:
        lon: Degrees east, -180 to 180.
        lat: Degrees north, -90 to 90.
    """
    column = min(int((lon + 180) * DEGREE / CELL_STEPS), CELLS_AROUND - 1)
    return int((lat + 90) * DEGREE / CELL_STEPS) * CELLS_AROUND + column


TABLES: Final = f"""
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feature(feature INTEGER PRIMARY KEY, feature_code TEXT NOT NULL, kind TEXT NOT NULL);
CREATE TABLE unit(
    unit INTEGER PRIMARY KEY, country TEXT NOT NULL, admin1 TEXT NOT NULL, admin2 TEXT NOT NULL, place INTEGER
);
CREATE TABLE record(
    row INTEGER PRIMARY KEY, name TEXT NOT NULL, feature INTEGER NOT NULL, unit INTEGER NOT NULL, lon INTEGER NOT NULL,
    lat INTEGER NOT NULL, population INTEGER NOT NULL, importance INTEGER NOT NULL
);
CREATE TABLE own(place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE TABLE curated(place INTEGER PRIMARY KEY);
CREATE TABLE region(place INTEGER PRIMARY KEY, countries TEXT NOT NULL);
CREATE TABLE name(key TEXT, place INTEGER, rank INTEGER NOT NULL, PRIMARY KEY(key, place)) WITHOUT ROWID;
CREATE TABLE town(cell INTEGER, place INTEGER, PRIMARY KEY(cell, place)) WITHOUT ROWID;
CREATE TABLE abbreviation(form TEXT, place INTEGER, PRIMARY KEY(form, place)) WITHOUT ROWID;
CREATE TABLE demonym(form TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE country(code TEXT PRIMARY KEY, place INTEGER NOT NULL, capital INTEGER) WITHOUT ROWID;
CREATE TABLE direction(country TEXT, direction TEXT, admin1 TEXT NOT NULL, PRIMARY KEY(country, direction)) WITHOUT ROWID;
CREATE TABLE shape(place INTEGER PRIMARY KEY, wkb BLOB NOT NULL);
CREATE TABLE border(a TEXT, b TEXT, km REAL NOT NULL, wkb BLOB NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID;
CREATE UNIQUE INDEX unit_code ON unit(country, admin1, admin2);
CREATE VIEW place AS
SELECT
    row, CASE WHEN row < {FIRST_OWN_ROW} THEN 'gn:' || row ELSE (SELECT id FROM own WHERE own.place = row) END AS id,
    name, kind, nullif(country, '') AS country, nullif(admin1, '') AS admin1, nullif(admin2, '') AS admin2,
    feature_code, lon / {DEGREE}.0 AS lon, lat / {DEGREE}.0 AS lat, population,
    CASE WHEN row < {FIRST_OWN_ROW} THEN row END AS geonameid,
    CASE kind WHEN 'region' THEN (SELECT countries FROM region WHERE region.place = row) ELSE '' END AS countries,
    importance / {THOUSAND}.0 AS importance
FROM record JOIN feature USING(feature) JOIN unit USING(unit);
"""
"""``unit`` is a country's first- or second-level unit, its codes empty for none, with the place that it is."""
