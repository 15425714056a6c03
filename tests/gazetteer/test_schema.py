"""How a place is packed: exact where GeoNames is, found by id without an index, small."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer import schema
from geomap.gazetteer.sources import towns
from geomap.gazetteer.store import Gazetteer

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


@given(lon=LON, lat=LAT)
def test_a_cell_is_a_number_of_one_quarter_degree_square(lon: float, lat: float) -> None:
    row, column = divmod(schema.cell(lon, lat), schema.CELLS_AROUND)
    assert 0 <= row <= 180 * 4
    assert 0 <= (lat + 90) - row / 4 < 0.25 + 1e-9
    assert -1e-9 <= (lon + 180) - column / 4 <= 0.25 + 1e-9


@given(st.lists(LON, min_size=2, max_size=2).map(sorted), LAT)
def test_cells_run_eastward_without_a_gap(lons: list[float], lat: float) -> None:
    west, east = (schema.cell(lon, lat) for lon in lons)
    assert west <= east < west + schema.CELLS_AROUND
    assert schema.cell(lons[0], min(lat + 0.25, 90)) - west in (0, schema.CELLS_AROUND)


@given(st.integers(-180 * schema.DEGREE, 180 * schema.DEGREE))
def test_five_decimals_survive_packing_to_the_bit(steps: int) -> None:
    degrees = float(f"{steps / schema.DEGREE:.5f}")
    assert round(degrees * schema.DEGREE) == steps
    assert steps / schema.DEGREE == degrees


def test_every_town_of_the_sources_keeps_its_coordinates_to_the_bit(gazetteer: Gazetteer, root: Path) -> None:
    expected = {town.geonameid: (town.lon, town.lat) for town in towns.read(root / "gazetteer" / "places.tsv.xz")}
    kept = {row: (lon, lat) for row, lon, lat in gazetteer._rows("SELECT geonameid, lon, lat FROM place")}
    curated = {row for (row,) in gazetteer._rows("SELECT place FROM curated")}  # a city state has its country's point
    assert [row for row, point in expected.items() if kept[row] != point and row not in curated] == []


def test_the_view_shows_what_the_store_returns(gazetteer: Gazetteer) -> None:
    for name in ("Kunduz", "Dasht-e Archi", "Central Asia", "Salang Tunnel", "Kremlin", "Tajikistan"):
        place = gazetteer.candidates(name)[0].place
        (shown,) = gazetteer._rows(
            "SELECT id, name, country, admin1, admin2, lon, lat, feature_code, population, geonameid, countries, kind FROM place"
            " WHERE id = ?",
            place.id,
        )
        assert shown == (
            place.id, place.name, place.country, place.admin1, place.admin2, place.lon, place.lat, place.feature_code,
            place.population, place.geonameid, " ".join(place.countries), place.kind,
        )  # fmt: skip


def test_a_geonameid_is_its_row_and_the_rest_comes_after(gazetteer: Gazetteer) -> None:
    assert gazetteer.place(1138958).name == "Kabul"
    assert gazetteer._rows("SELECT count(*) FROM record WHERE row >= ?", schema.FIRST_OWN_ROW) == gazetteer._rows(
        "SELECT count(*) FROM own"
    )
    assert gazetteer._rows("SELECT id FROM place WHERE id IS NULL OR id NOT GLOB 'g[nm]:*'") == []


def test_the_bundled_file_stays_small(gazetteer: Gazetteer) -> None:
    """It is in every wheel; it was 59 MB when its codes were text."""
    assert gazetteer.path.stat().st_size < 36_000_000


def test_the_file_has_no_holes(small_gazetteer: Path) -> None:
    with closing(sqlite3.connect(small_gazetteer)) as database:
        assert database.execute("PRAGMA freelist_count").fetchone() == (0,)
