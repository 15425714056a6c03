"""The curated tables as they stand: every cell read, every point checked."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from geomap.errors import GazetteerError
from geomap.gazetteer.sources.curated import (
    COUNTRY_HEADER,
    DEMONYM_HEADER,
    DIRECTION_HEADER,
    DISPUTED_HEADER,
    PLACE_HEADER,
    PLACE_HEADERS,
    PLACE_TABLES,
    REGION_HEADER,
    Row,
    read_table,
)
from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat, great_circle_m
from geomap.model import Direction
from geomap.names import fold

FOLDER = Path(__file__).parents[3] / "gazetteer" / "curated"
HEADERS = {
    "countries": COUNTRY_HEADER,
    "demonyms": DEMONYM_HEADER,
    "directions": DIRECTION_HEADER,
    "disputed": DISPUTED_HEADER,
    "regions": REGION_HEADER,
    **PLACE_HEADERS,
}
KEYS = {
    "countries": ("country",),
    "demonyms": ("country", "forms"),
    "directions": ("country", "direction"),
    "disputed": ("name",),
    "regions": ("name",),
    **dict.fromkeys(PLACE_TABLES, ("name", "kind", "country", "admin1")),
}
"""The columns by which a row of a table is unique, in whatever order its rows stand."""
HOME = ("AF", "TJ", "UZ", "TM", "KG", "IR", "PK")
FARTHEST_KM = 25


def rows(table: str) -> list[Row]:
    return read_table(FOLDER / f"{table}.tsv", HEADERS[table])


def off_km(shape: BaseGeometry, row: Row) -> float:
    """How far a row's point lies outside a shape."""
    point = Point(row.number("lon"), row.number("lat"))
    near = nearest_points(shape, point)[0]
    return great_circle_m(LonLat(near.x, near.y), LonLat(point.x, point.y)) / 1000


COUNTRY_CODES = {row["country"] for row in rows("countries")}


def test_every_table_in_the_folder_is_read() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{table}.tsv" for table in HEADERS}


@pytest.mark.parametrize("table", HEADERS)
def test_a_table_is_plain_composed_utf8_with_one_cell_a_column(table: str) -> None:
    data = (FOLDER / f"{table}.tsv").read_bytes()
    text = data.decode()
    assert text.split("\n")[0].split("\t") == list(HEADERS[table])
    assert text.endswith("\n")
    assert unicodedata.normalize("NFC", text) == text
    # No control characters, no byte order mark, no zero-width sign but the one that Persian is written with.
    odd = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")}
    assert odd <= {"\t", "\n", "\u200c"}
    assert len(rows(table)) == text.count("\n") - 1


@pytest.mark.parametrize("table", HEADERS)
def test_cells_have_no_loose_spaces_and_lists_no_empty_or_double_items(table: str) -> None:
    for row in rows(table):
        for column, cell in row.cells.items():
            assert cell == " ".join(cell.split()), (row.where, column)
            if column in ("variants", "forms", "abbreviations") and cell:
                items = cell.split("|")
                assert all(item and item == item.strip() for item in items), (row.where, column)
                assert len(set(items)) == len(items), (row.where, column)
                assert row.cells.get("name") not in items, (row.where, column)


@pytest.mark.parametrize("table", HEADERS)
def test_a_row_is_unique_whatever_the_order(table: str) -> None:
    counts = Counter(tuple(fold(row[column]) for column in KEYS[table]) for row in rows(table))
    assert [key for key, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("table", [table for table in HEADERS if "geonameid" in HEADERS[table]])
def test_an_id_is_a_positive_number_and_stands_once_a_table(table: str) -> None:
    ids = [row["geonameid"] for row in rows(table) if row["geonameid"]]
    assert [cell for cell in ids if not cell.isascii() or not cell.isdigit() or cell.startswith("0")] == []
    assert [cell for cell, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize("table", [table for table in HEADERS if "lon" in HEADERS[table]])
def test_points_are_degrees_on_earth_and_not_nowhere(table: str) -> None:
    for row in rows(table):
        lon, lat = row.number("lon"), row.number("lat")
        assert -180 <= lon <= 180, row.where
        assert -90 <= lat <= 90, row.where
        assert (lon, lat) != (0, 0), row.where


@pytest.mark.parametrize("table", HEADERS)
def test_countries_are_those_of_the_table_of_countries(table: str) -> None:
    for row in rows(table):
        cell = row.cells.get("country", "")
        codes = {*row.cells.get("countries", "").split(" ")} | ({cell} if not cell.startswith("region:") else set())
        assert codes - {""} <= COUNTRY_CODES, row.where


def test_first_level_codes_are_those_of_the_tables_of_first_level_units() -> None:
    units = {
        (row["country"], row["admin1"])
        for table in ("provinces_af", "admin1_neighbours", "admin1_world")
        for row in rows(table)
        if row["kind"] == "ADM1"
    }
    assert len(units) > 3_500
    for table in (*PLACE_TABLES, "directions"):
        for row in rows(table):
            for code in row.list("admin1", " "):
                disputed = (row["country"], code) in {("PK", "06"), ("PK", "07")}
                assert (row["country"], code) in units or disputed, row.where


def test_directions_are_directions_and_each_has_provinces() -> None:
    assert {row["direction"] for row in rows("directions")} <= set(get_args(Direction))
    assert all(row.list("admin1", " ") for row in rows("directions"))
    assert {row["direction"] for row in rows("directions") if row["country"] == "AF"} == set(get_args(Direction))


def test_the_countries_that_the_news_is_of_have_demonyms() -> None:
    demonyms = {row["country"] for row in rows("demonyms")}
    assert set(HOME) | {"CN", "RU", "IN", "US", "GB", "KZ", "TR", "AE", "SA", "DE", "FR"} <= demonyms


@pytest.mark.parametrize("table", PLACE_TABLES)
def test_points_of_the_region_lie_in_their_country_or_close_to_it(gazetteer: Gazetteer, table: str) -> None:
    far = []
    for row in rows(table):
        if row["country"] in HOME:
            country = gazetteer.country(row["country"])
            assert country
            shape = gazetteer.shape(country)
            assert shape
            if (away := off_km(shape, row)) > FARTHEST_KM:
                far.append((row.where, row["name"], round(away)))
    assert far == []


@pytest.mark.parametrize("table", ["provinces_af", "districts_af", "districts_tj", "towns_region", "crossings"])
def test_points_of_the_region_lie_in_their_province_or_close_to_it(gazetteer: Gazetteer, table: str) -> None:
    far = []
    for row in rows(table):
        unit = gazetteer.admin1(row["country"], row["admin1"]) if row["country"] in HOME else None
        shape = gazetteer.shape(unit) if unit else None
        if shape is not None and (away := off_km(shape, row)) > FARTHEST_KM:
            far.append((row.where, row["name"], round(away)))
    assert far == []


def test_kinds_are_feature_codes_of_geonames(shared: Path) -> None:
    lines = (shared / "geonames" / "featureCodes_en.txt").read_text("utf-8").splitlines()
    codes = {line.split("\t")[0].split(".")[-1] for line in lines}
    kinds = {row["kind"]: row.where for table in PLACE_TABLES for row in rows(table)}
    assert {kind: where for kind, where in kinds.items() if kind not in codes} == {}


def test_districts_of_afghanistan_lie_in_their_own_polygon_or_close_to_it(gazetteer: Gazetteer, shared: Path) -> None:
    """Compared where a district of the reference has one of the row's names and lies in the row's province."""
    polygons: dict[str, list[BaseGeometry]] = {}
    for feature in json.loads((shared / "reference" / "afg-adm2.geojson").read_text("utf-8"))["features"]:
        for name in re.split(r"[()]", feature["properties"]["shapeName"]):  # "Bahrami Shahid (Jaghatu)" has two
            polygons.setdefault(fold(name), []).append(shapely.geometry.shape(feature["geometry"]))
    compared, far = 0, []
    for row in rows("districts_af"):
        unit = gazetteer.admin1("AF", row["admin1"])
        province = gazetteer.shape(unit) if unit else None
        assert province, row.where
        names = dict.fromkeys(fold(name) for name in (row["name"], *row.list("variants")))
        own = [p for name in names for p in polygons.get(name, []) if p.intersection(province).area > p.area / 2]
        if own:
            compared += 1
            if (away := min(off_km(polygon, row) for polygon in own)) > 15:
                far.append((row.where, row["name"], round(away)))
    assert compared > 350
    assert far == []


# --- the reader ----------------------------------------------------------------------------------------------------


def test_a_row_gives_its_cells_lists_numbers_and_ids(tmp_path: Path) -> None:
    path = tmp_path / "waters.tsv"
    path.write_text("\t".join(PLACE_HEADER) + "\n\nAmu\tOxus|Jayhun\tSTM\tAF\t\t66.5\t-1e1\t7\tnote\n")
    (row,) = read_table(path, PLACE_HEADER)
    assert row.where == "waters.tsv:3"
    assert (row["name"], row["admin1"], row["note"]) == ("Amu", "", "note")
    assert row.list("variants") == ("Oxus", "Jayhun")
    assert row.list("admin1") == ()
    assert (row.number("lon"), row.number("lat"), row.id()) == (66.5, -10.0, 7)
    with pytest.raises(GazetteerError, match=r"^waters\.tsv:3: column note is 'note', not a number; mend that cell$"):
        row.number("note")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name\tlon\n", r":1: columns are 'name\\tlon'; expected country forms note separated by tabs$"),
        (b"country,forms,note\n", r":1: columns are 'country,forms,note'; expected"),
        (b"\xef\xbb\xbfcountry\tforms\tnote\n", r":1: columns are '\\ufeffcountry"),
        (b"country\tforms\tnote\nAF\tAfghan\n", r":2: 2 cells, expected 3; mend that line$"),
        (b"country\tforms\tnote\nAF\tAfghan\t\nTJ\tTajik\tx\ty\n", r":3: 4 cells, expected 3; mend that line$"),
        (b"country\tforms\tnote\n\xff", r": cannot be read \(.+\); restore the file from the repository$"),
    ],
    ids=["columns", "commas", "mark", "too few", "too many", "encoding"],
)
def test_a_table_that_is_none_is_named_by_file_and_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "demonyms.tsv"
    path.write_bytes(content)
    with pytest.raises(GazetteerError, match=f"^{path}{message}"):
        read_table(path, DEMONYM_HEADER)
