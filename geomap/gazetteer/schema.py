"""The SQLite schema of a gazetteer file, shared by the builder and the store."""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x67656F6D  # "geom", in SQLite's header: tells a gazetteer from any other SQLite file
SCHEMA_VERSION: Final = 2

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
"""How strict a key is: the place's own name, another name, without class words, the loose key."""

TABLES: Final = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place(
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,
    country TEXT, admin1 TEXT, feature_code TEXT NOT NULL, lon REAL NOT NULL, lat REAL NOT NULL,
    population INTEGER NOT NULL, geonameid INTEGER, countries TEXT NOT NULL, importance REAL NOT NULL
);
CREATE TABLE name(key TEXT, rank INTEGER, place INTEGER, PRIMARY KEY(key, rank, place)) WITHOUT ROWID;
CREATE TABLE abbreviation(form TEXT, place INTEGER, PRIMARY KEY(form, place)) WITHOUT ROWID;
CREATE TABLE demonym(form TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE country(code TEXT PRIMARY KEY, place INTEGER NOT NULL, capital INTEGER) WITHOUT ROWID;
CREATE TABLE direction(country TEXT, direction TEXT, admin1 TEXT NOT NULL, PRIMARY KEY(country, direction)) WITHOUT ROWID;
CREATE TABLE shape(place INTEGER PRIMARY KEY, wkb BLOB NOT NULL);
CREATE TABLE border(a TEXT, b TEXT, km REAL NOT NULL, wkb BLOB NOT NULL, PRIMARY KEY(a, b)) WITHOUT ROWID;
"""

INDEXES: Final = """
CREATE INDEX place_admin1 ON place(country, admin1, feature_code);
CREATE INDEX place_geonameid ON place(geonameid);
CREATE INDEX place_town ON place(lat, lon, population) WHERE feature_code GLOB 'PPL*';
"""
