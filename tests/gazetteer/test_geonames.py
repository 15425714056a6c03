"""The readers of GeoNames' files: real ones whole, made-up ones to the last row."""

from __future__ import annotations

from pathlib import Path

from benchmarks.dump import FIRST, write_dump
from geomap.gazetteer.progress import silent
from geomap.gazetteer.sources import geonames


def test_every_row_of_real_dumps_is_good_and_read_as_published(shared: Path) -> None:
    bad = geonames.BadRows()
    rows = {row.geonameid: row for row in geonames.read_places(shared / "geonames" / "AD.txt", bad, silent)}
    assert bad.count == 0
    assert len(rows) > 3_000
    row = rows[2994701]
    assert (row.name, row.alternates) == ("Roc Meler", ("Roc Mele", "Roc Meler", "Roc Mélé"))
    assert (row.lon, row.lat, row.feature_class, row.feature_code) == (1.7418, 42.58765, "T", "PK")
    assert (row.country, row.admin1, row.admin2, row.population) == ("AD", "02", "", 0)
    assert rows[3023203].admin1 == ""  # "00" is GeoNames' word for none


def test_real_tables_of_units_are_read_whole(shared: Path) -> None:
    bad = geonames.BadRows()
    one = list(geonames.read_unit_codes(shared / "geonames" / "admin1CodesASCII.txt", bad, silent))
    two = list(geonames.read_unit_codes(shared / "geonames" / "admin2Codes.txt", bad, silent))
    assert bad.count == 0
    assert sum(unit.code.startswith("AF.") for unit in one) == 34
    assert sum(unit.code.startswith("AF.") for unit in two) == 398


def test_the_benchmarks_dump_is_one_of_geonames_and_the_same_each_time(tmp_path: Path) -> None:
    bad = geonames.BadRows()
    for name in "ab":
        write_dump(tmp_path / name, 3_000)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    rows = list(geonames.read_places(tmp_path / "a", bad, silent))
    assert [row.geonameid for row in rows] == list(range(FIRST, FIRST + 3_000))
    assert bad.count == 0
