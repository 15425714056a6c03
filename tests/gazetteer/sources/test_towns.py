from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from geomap.errors import GazetteerError
from geomap.gazetteer.sources.towns import HEADER, Town, extract, read


def city(geonameid: int, name: str, *alternates: str) -> dict[str, object]:
    return {
        "geonameid": geonameid, "name": name, "countrycode": "AF", "admin1code": "24", "longitude": 68.857,
        "latitude": 36.728, "population": 161902, "alternatenames": list(alternates),
    }  # fmt: skip


def extracted(tmp_path: Path, *cities: dict[str, object]) -> list[Town]:
    source, target = tmp_path / "cities500.json", tmp_path / "places.tsv.xz"
    source.write_text(json.dumps({str(each["geonameid"]): each for each in cities}), encoding="utf-8")
    assert extract(source, target) == len(cities)
    return list(read(target))


def test_towns_come_out_by_id_with_every_fact(tmp_path: Path) -> None:
    towns = extracted(tmp_path, city(20, "Talas"), city(3, "Kunduz", "Кундуз", "Qonduz"))
    assert towns == [
        Town(
            geonameid=3, name="Kunduz", country="AF", admin1="24", lon=68.857, lat=36.728, population=161902,
            alternates=("Qonduz", "Кундуз"),
        ),
        Town(
            geonameid=20, name="Talas", country="AF", admin1="24", lon=68.857, lat=36.728, population=161902, alternates=(),
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("alternate", "kept"),
    [
        ("Qonduz", True), ("Кундуз", True), ("کندز", True), ("قندوز", True), ("Kundūz", False), ("Kondōz", True), ("Xo‘ja", True),
        ("KUNDUZ CITY", True), ("UND", False), ("OAUZ", False), ("kndz", False), ("昆都士", False), ("쿤두즈", False), ("კუნდუზი", False),
        ("KUNDUZ", False), ("Kundúz", False), ("123", False), ("", False), ("A|B Town", False), ("A\tB Town", False),
    ],
)  # fmt: skip
def test_alternates_are_names_that_a_text_may_hold_each_key_once(tmp_path: Path, alternate: str, kept: bool) -> None:
    (town,) = extracted(tmp_path, city(3, "Kunduz", alternate))
    assert town.alternates == ((alternate,) if kept else ())


def test_the_same_towns_give_the_same_bytes(tmp_path: Path) -> None:
    cities = [city(3, "Kunduz", "Qonduz", "Кундуз"), city(20, "Talas")]
    extracted(tmp_path, *cities)
    before = (tmp_path / "places.tsv.xz").read_bytes()
    extracted(tmp_path, *reversed(cities))
    assert (tmp_path / "places.tsv.xz").read_bytes() == before


def test_the_bundled_towns_are_whole_and_in_order(root: Path) -> None:
    towns = list(read(root / "gazetteer" / "places.tsv.xz"))
    ids = [town.geonameid for town in towns]
    assert len(ids) == 234_908
    assert ids == sorted(set(ids))
    assert all(-180 <= town.lon <= 180 and -90 <= town.lat <= 90 and len(town.country) == 2 for town in towns)
    (dushanbe,) = [town for town in towns if town.geonameid == 1221874]
    assert (dushanbe.name, dushanbe.country) == ("Dushanbe", "TJ")
    assert {"Душанбе", "Stalinabad"} <= set(dushanbe.alternates)


@pytest.mark.parametrize(
    "line",
    [
        "1\tKabul",
        "x\tKabul\tAF\t13\t69\t34\t1\t",
        "1\tKabul\tAF\t13\teast\t34\t1\t",
        "1\tKabul\tAF\t13\t69\t34\t1\t\t",
        "",
    ],
)
def test_a_broken_line_is_a_named_error(tmp_path: Path, line: str) -> None:
    path = tmp_path / "places.tsv.xz"
    path.write_bytes(lzma.compress(("\t".join(HEADER) + f"\n{line}\n").encode()))
    with pytest.raises(GazetteerError, match=rf"^{path}: cannot be read \(.+\); restore the file from the repository$"):
        list(read(path))
