"""Sources → gazetteer file: always the same bytes, or a named error and the old file."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from geomap.errors import GazetteerError, OutputError
from geomap.gazetteer import schema
from geomap.gazetteer.build import build, fingerprint
from geomap.gazetteer.entries import is_abbreviation
from geomap.gazetteer.importance import importance
from geomap.gazetteer.keys import keys
from geomap.gazetteer.sources.towns import Town
from geomap.gazetteer.store import BUNDLED, Gazetteer
from geomap.model import Place

KUNDUZ_TOWN, KUNDUZ_PROVINCE = 1135689, 1135690


@pytest.fixture
def sources(small_sources: Path, tmp_path: Path) -> Path:
    """Small sources to spoil."""
    return Path(shutil.copytree(small_sources, tmp_path / "gazetteer"))


def edit(path: Path, line: int, column: str, cell: str) -> None:
    """Write a cell of a curated table; ``line`` counts from 1 as editors do."""
    lines = path.read_text(encoding="utf-8").split("\n")
    cells = lines[line - 1].split("\t")
    cells[lines[0].split("\t").index(column)] = cell
    lines[line - 1] = "\t".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")


# --- the same bytes ----------------------------------------------------------------------------------------------


def test_two_processes_with_other_hash_seeds_build_the_same_bytes(small_sources: Path, tmp_path: Path) -> None:
    running = []
    for seed in ("0", "4242"):
        command = [sys.executable, "-m", "geomap", "gazetteer", "build", "--sources", str(small_sources)]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC+{len(seed)}"}
        target = tmp_path / seed / "gazetteer.sqlite"
        running.append(
            (target, subprocess.Popen([*command, "-o", str(target)], env=environment, stdout=subprocess.DEVNULL))
        )
    assert [process.wait() for _, process in running] == [0, 0]
    (one, _), (other, _) = running
    assert one.read_bytes() == other.read_bytes()
    assert [child.name for child in one.parent.iterdir()] == ["gazetteer.sqlite"]


def test_a_file_that_is_built_anew_is_the_same_and_the_store_reads_it(
    small_sources: Path, small_gazetteer: Path
) -> None:
    before = small_gazetteer.read_bytes()
    build(small_sources, small_gazetteer)
    assert small_gazetteer.read_bytes() == before
    with Gazetteer(small_gazetteer) as opened:
        assert opened.fingerprint == fingerprint(small_sources)
        assert {KUNDUZ_TOWN, KUNDUZ_PROVINCE} <= {c.place.geonameid for c in opened.candidates("Kunduz")}
        assert opened.border_km("AF", "TJ") == 1171.6
        with Gazetteer() as bundled:
            for code in ("AF", "TJ"):
                small, whole = opened.country(code), bundled.country(code)
                assert small
                assert whole
                assert opened.shape(small) == bundled.shape(whole)


def test_the_header_names_the_application_and_the_schema(small_gazetteer: Path) -> None:
    header = small_gazetteer.read_bytes()[:72]
    assert header[68:72] == b"geom"
    assert int.from_bytes(header[60:64]) == schema.SCHEMA_VERSION


def test_the_fingerprint_is_of_every_source_and_not_of_where_they_lie(small_sources: Path, sources: Path) -> None:
    before = fingerprint(sources)
    assert before == fingerprint(small_sources)
    seen = {before}
    for path in sorted(
        path for path in sources.rglob("*") if path.suffix in (".toml", ".xz", ".json", ".geojson", ".tsv")
    ):
        if path.parent.name in ("gazetteer", "curated"):
            content = path.read_bytes()
            path.write_bytes(content + b"\n")
            seen.add(fingerprint(sources))
            path.write_bytes(content)
    assert len(seen) == 1 + 4 + len(list((sources / "curated").iterdir()))
    assert fingerprint(sources) == before


def test_the_bundled_gazetteer_was_built_from_these_sources(gazetteer: Gazetteer, root: Path) -> None:
    assert gazetteer.path == BUNDLED
    assert gazetteer.fingerprint == fingerprint(root / "gazetteer"), "run `make` to build the gazetteer again"


def test_progress_goes_over_the_towns(small_sources: Path, tmp_path: Path) -> None:
    seen: list[Town] = []

    def progress(towns: Iterable[Town], label: str, total: int) -> Iterator[Town]:
        assert (label, total > 200_000) == ("towns", True)
        for town in towns:
            seen.append(town)
            yield town

    build(small_sources, tmp_path / "a.sqlite", progress)
    assert {town.country for town in seen} == {"AF", "TJ"}
    assert KUNDUZ_TOWN in {town.geonameid for town in seen}


# --- broken sources ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "places.tsv.xz", "countries.topo.json", "admin1.geojson", "curated/countries.tsv", "curated/regions.tsv",
        "curated/demonyms.tsv", "curated/directions.tsv", "curated/provinces_af.tsv", "curated/metonyms.tsv",
    ],
)  # fmt: skip
def test_a_missing_source_is_named_with_the_mend(sources: Path, tmp_path: Path, name: str) -> None:
    (sources / name).unlink()
    with pytest.raises(GazetteerError, match=r"cannot be read \(.+\); restore the file from the repository$") as error:
        build(sources, tmp_path / "a.sqlite")
    assert str(error.value).startswith(f"{sources / name}: ")


def test_a_folder_without_sources_is_named_with_the_mend(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(GazetteerError) as error:
            build(folder, tmp_path / "a.sqlite")
        assert str(error.value) == f"{folder}: no SOURCES.toml there; name the gazetteer's source folder with --sources"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("places.tsv.xz", b"not xz"),
        ("places.tsv.xz", lzma.compress(b"geonameid\tname\n1\tKabul\n")),
        ("places.tsv.xz", lzma.compress(b"")),
        ("countries.topo.json", b"{}"),
        ("countries.topo.json", b"[1"),
        ("countries.topo.json", b'"\xff"'),
        ("admin1.geojson", b'{"features": [{"properties": {}}]}'),
        ("admin1.geojson", b"not json"),
        ("SOURCES.toml", b"[[source]\nname ="),
        ("curated/waters.tsv", b"\xff\xfe"),
        ("curated/waters.tsv", b"name\tlon\tlat\n"),
        ("curated/waters.tsv", b""),
    ],
)
def test_a_damaged_source_is_named(sources: Path, tmp_path: Path, name: str, data: bytes) -> None:
    (sources / name).write_bytes(data)
    with pytest.raises(GazetteerError) as error:
        build(sources, tmp_path / "a.sqlite")
    assert str(error.value).startswith(f"{sources / name}:")
    assert "\n" not in str(error.value)
    assert list(tmp_path.glob("*.sqlite*")) == list(tmp_path.glob(".*.tmp")) == []


def test_a_truncated_table_of_towns_is_named(sources: Path, tmp_path: Path) -> None:
    path = sources / "places.tsv.xz"
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(GazetteerError, match=f"^{path}: cannot be read"):
        build(sources, tmp_path / "a.sqlite")


@pytest.mark.parametrize(
    ("table", "column", "cell", "message"),
    [
        ("landmarks", "lon", "east", "column lon is 'east', not a number; mend that cell"),
        ("landmarks", "lat", "", "column lat is '', not a number; mend that cell"),
        ("landmarks", "lat", "nan", "column lat is 'nan', not a number; mend that cell"),
        ("provinces_af", "geonameid", "12a", "column geonameid is '12a', not a number; mend that cell"),
        ("provinces_af", "geonameid", "inf", "column geonameid is 'inf', not a number; mend that cell"),
        ("countries", "capital", "Kabul", "column capital is 'Kabul', not a number; mend that cell"),
        ("regions", "lon", "1,5", "column lon is '1,5', not a number; mend that cell"),
        ("demonyms", "country", "ZZ", "'ZZ' is neither a country nor a region; mend that cell"),
        ("towns_region", "country", "TJ", "geonameid 1147489 is .+ in AF, not in TJ; mend the id"),
        ("landmarks", "name", "a\tb", "10 cells, expected 9; mend that line"),
    ],
)
def test_a_broken_row_is_named_by_file_and_line(
    sources: Path, tmp_path: Path, table: str, column: str, cell: str, message: str
) -> None:
    path = sources / "curated" / f"{table}.tsv"
    lines = path.read_text(encoding="utf-8").split("\n")
    number = 1 + next(
        n for n, line in enumerate(lines) if "\t1147489\t" in line or (n == 3 and table != "towns_region")
    )
    edit(path, number, column, cell)
    with pytest.raises(GazetteerError, match=rf"{table}\.tsv:{number}: {message}$"):
        build(sources, tmp_path / "a.sqlite")


# --- a failed build ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["curated/provinces_af.tsv", "curated/directions.tsv", "admin1.geojson"])
def test_a_failed_build_leaves_the_old_file_whole_and_no_scrap(
    sources: Path, small_gazetteer: Path, tmp_path: Path, name: str
) -> None:
    """The first is missed while places are gathered, the others when the file is half written."""
    target = tmp_path / "out" / "gazetteer.sqlite"
    target.parent.mkdir()
    shutil.copy(small_gazetteer, target)
    (sources / name).unlink()
    with pytest.raises(GazetteerError):
        build(sources, target)
    assert target.read_bytes() == small_gazetteer.read_bytes()
    assert [child.name for child in target.parent.iterdir()] == [target.name]


def test_a_stopped_build_leaves_the_old_file_whole(small_sources: Path, small_gazetteer: Path, tmp_path: Path) -> None:
    target = Path(shutil.copy(small_gazetteer, tmp_path / "gazetteer.sqlite"))

    def stop(towns: Iterable[Town], _label: str, _total: int) -> Iterator[Town]:
        yield next(iter(towns))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(small_sources, target, stop)
    assert target.read_bytes() == small_gazetteer.read_bytes()
    assert [child.name for child in tmp_path.iterdir()] == [target.name]


def test_a_place_that_cannot_be_written_to_is_a_named_error(small_sources: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    target = tmp_path / "file" / "gazetteer.sqlite"
    with pytest.raises(OutputError, match=rf"^{target}: cannot be written \(.+\); choose another place with -o$"):
        build(small_sources, target)


# --- what a row becomes ----------------------------------------------------------------------------------------------


def test_a_new_row_is_a_place_with_its_names(sources: Path, tmp_path: Path) -> None:
    with (sources / "curated" / "landmarks.tsv").open("a", encoding="utf-8") as table:
        table.write("Testabad Airfield\tTestobod|Тестабад\tAIRF\tAF\t24\t68.9\t36.7\t\ta test\n")
    build(sources, tmp_path / "a.sqlite")
    with Gazetteer(tmp_path / "a.sqlite") as opened:
        for name in ("testabad airfield", "Testobod", "ТЕСТАБАД"):
            (candidate,) = opened.candidates(name)
            assert candidate.place == Place(
                id="gm:airf/AF/24/testabad-airfield", name="Testabad Airfield", country="AF", admin1="24", lon=68.9,
                lat=36.7, feature_code="AIRF", kind="facility",
            )  # fmt: skip


def test_a_row_with_a_known_id_adds_names_to_that_place(sources: Path, tmp_path: Path) -> None:
    with (sources / "curated" / "landmarks.tsv").open("a", encoding="utf-8") as table:
        table.write(f"Kunduz\tKlein-Testabad\tPPL\tAF\t24\t0\t0\t{KUNDUZ_TOWN}\t\n")
    build(sources, tmp_path / "a.sqlite")
    with Gazetteer(tmp_path / "a.sqlite") as opened:
        (place,) = [candidate.place for candidate in opened.candidates("Klein-Testabad")]
        assert place.geonameid == KUNDUZ_TOWN
        assert (place.lon, place.lat) == pytest.approx((68.857, 36.729), abs=0.01)


@pytest.mark.parametrize(
    ("variant", "code", "expected"),
    [
        ("Ore.", "ADM1", True), ("W.Va.", "ADM1", True), ("NSW", "ADM1", True), ("XUAR", "ADM1", True),
        ("Oregon", "ADM1", False), ("TIBET", "ADM1", False), ("ВКО", "ADM1", False), ("NSW", "STM", False),
            ("L.A.", "PPL", True), ("NYC", "PPL", True), ("Kabul", "PPL", False),
    ],
)  # fmt: skip
def test_short_capitals_of_a_first_level_unit_or_a_city_are_abbreviations(
    variant: str, code: str, expected: bool
) -> None:
    assert is_abbreviation(variant, code) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Saint Petersburg", {"saint petersburg", "st petersburg"}), ("St. John's", {"st johns", "saint johns"}),
        ("Mount Everest", {"mount everest", "mt everest"}), ("Ft. Worth", {"ft worth", "fort worth"}),
        ("Sainte-Marie", {"sainte marie", "ste marie"}), ("Saint", {"saint"}), ("Port Fort", {"port fort"}),
    ],
)  # fmt: skip
def test_a_name_is_found_with_its_first_word_short_or_long(name: str, expected: set[str]) -> None:
    assert keys([(name, schema.RANK_NAME)], loose=False) == dict.fromkeys(expected, schema.RANK_NAME)


def test_a_town_of_many_spellings_goes_before_another_of_its_size() -> None:
    town = Place(
        id="gn:1", name="X", country="CH", admin1=None, lon=0, lat=0, feature_code="PPL", population=9_999, geonameid=1
    )  # fmt: skip
    assert importance(town) == importance(town, 1) == pytest.approx(4)
    assert importance(town, 10) == pytest.approx(4.3)
    assert importance(town, 1_000) == importance(town, 10_000) > importance(town, 10)


def test_importance_puts_countries_before_capitals_before_towns_before_villages() -> None:
    def of(code: str, population: int = 0) -> float:
        place = Place(
            id="x", name="X", country="AF", admin1=None, lon=0, lat=0, feature_code=code, population=population, geonameid=1
        )  # fmt: skip
        return importance(place)

    assert of("PCLI") > of("PPLC", 4_434_550) > of("PPLC") > of("PPL", 100_000) > of("PPL", 1_000) > of("PPL")


def test_geometry_of_the_sources_is_quantized_on_one_grid(root: Path) -> None:
    """Arcs are whole steps of the transform, so that neighbours meet in the same points after every rounding."""
    topology = json.loads((root / "gazetteer" / "countries.topo.json").read_text(encoding="utf-8"))
    assert set(topology["transform"]) == {"scale", "translate"}
    assert all(type(step) is int for arc in topology["arcs"] for point in arc for step in point)


def test_no_name_leads_nowhere(small_gazetteer: Path) -> None:
    connection = sqlite3.connect(small_gazetteer)
    try:
        for table in ("name", "abbreviation", "demonym", "country", "shape"):
            (lost,) = connection.execute(
                f"SELECT count(*) FROM {table} WHERE place NOT IN (SELECT row FROM place)"
            ).fetchone()
            assert (table, lost) == (table, 0)
    finally:
        connection.close()
