"""Which gazetteer file is used, and what becomes of one that is not what it should be."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from geomap.errors import GazetteerError, GazetteerNotFoundError
from geomap.gazetteer import schema
from geomap.gazetteer.store import BUNDLED, ENVIRONMENT, Gazetteer, locate

KABUL = "gn:1138958"


@pytest.fixture
def copy(small_gazetteer: Path, tmp_path: Path) -> Path:
    """A gazetteer file to spoil."""
    return Path(shutil.copy(small_gazetteer, tmp_path / "copy.sqlite"))


def change(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(sql)
    connection.close()


# --- where it is looked for --------------------------------------------------------------------------------------


def test_the_named_file_goes_before_the_environments_and_that_before_the_bundled_one(
    copy: Path, small_gazetteer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert locate() == BUNDLED
    monkeypatch.setenv(ENVIRONMENT, str(small_gazetteer))
    assert locate() == small_gazetteer
    assert locate(copy) == locate(str(copy)) == copy
    with Gazetteer() as opened:
        assert opened.path == small_gazetteer
    monkeypatch.setenv(ENVIRONMENT, "")
    assert locate() == BUNDLED


@pytest.mark.parametrize("make", [lambda path: None, Path.mkdir], ids=["nothing", "a folder"])
def test_a_missing_file_is_a_named_error_with_the_mend_for_where_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None]
) -> None:
    """It never falls back on another gazetteer, let alone on an empty one."""
    missing = tmp_path / "missing.sqlite"
    make(missing)
    with pytest.raises(GazetteerNotFoundError) as error:
        Gazetteer(missing)
    assert str(error.value) == f"{missing}: no gazetteer there; check the path after --gazetteer"
    assert isinstance(error.value, FileNotFoundError)
    monkeypatch.setenv(ENVIRONMENT, str(missing))
    with pytest.raises(GazetteerNotFoundError) as error:
        Gazetteer()
    assert str(error.value) == (
        f"{missing}: no gazetteer there; check $GEOMAP_GAZETTEER, or unset it to use the bundled gazetteer"
    )


def test_nothing_is_made_where_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(GazetteerNotFoundError):
        Gazetteer(tmp_path / "missing.sqlite")
    assert list(tmp_path.iterdir()) == []


# --- what it must be ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a geomap gazetteer"),
        (b"not a database, but long enough to have a header of a hundred bytes" * 20, "damaged or not a gazetteer"),
        (b"\0" * 8192, "damaged or not a gazetteer"),
        (b"SQLite format 3\0", "damaged or not a gazetteer"),
    ],
    ids=["empty", "words", "zeros", "magic"],
)
def test_garbage_is_a_named_error_with_the_mend(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "garbage.sqlite"
    path.write_bytes(data)
    with pytest.raises(GazetteerError, match=f"^{path}: {message}.*`geomap gazetteer build`$"):
        Gazetteer(path)
    assert path.read_bytes() == data


def test_another_programs_database_is_a_named_error(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    change(path, "CREATE TABLE place(name TEXT); INSERT INTO place VALUES('Kabul');")
    with pytest.raises(GazetteerError) as error:
        Gazetteer(path)
    assert str(error.value) == f"{path}: not a geomap gazetteer; build one with `geomap gazetteer build`"


@pytest.mark.parametrize("version", [0, schema.SCHEMA_VERSION - 1, schema.SCHEMA_VERSION + 1])
def test_a_file_of_another_schema_version_is_a_named_error(copy: Path, version: int) -> None:
    change(copy, f"PRAGMA user_version = {version}")
    with pytest.raises(GazetteerError) as error:
        Gazetteer(copy)
    assert str(error.value) == (
        f"{copy}: schema version {version}, this geomap reads {schema.SCHEMA_VERSION}; "
        "build it again with `geomap gazetteer build`"
    )


def test_a_file_without_its_tables_is_a_named_error(tmp_path: Path) -> None:
    path = tmp_path / "bare.sqlite"
    change(path, f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = {schema.SCHEMA_VERSION};")
    with pytest.raises(GazetteerError, match=r"damaged or not a gazetteer \(no such table: meta\); build it again"):
        Gazetteer(path)


@pytest.mark.parametrize("part", [0.0005, 0.01, 0.1, 0.5, 0.9])
def test_a_truncated_file_is_a_named_error_when_it_is_opened_or_first_missed(copy: Path, part: float) -> None:
    data = copy.read_bytes()
    copy.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(GazetteerError, match=f"^{copy}: damaged.*; build it again with `geomap gazetteer build`$"):
        look_everything_up(copy)


def test_a_file_with_a_scrambled_middle_is_a_named_error(copy: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[8192 * 2 :] = b"\xa5" * (len(data) - 8192 * 2)
    copy.write_bytes(data)
    with pytest.raises(GazetteerError, match=r"; build it again with `geomap gazetteer build`$"):
        look_everything_up(copy)


def look_everything_up(path: Path) -> None:
    """Read every table of a gazetteer to its end."""
    with Gazetteer(path) as opened:
        opened.counts()
        opened.candidates("Kabul")
        opened.match_lengths(["sher", "khan", "bandar"])
        opened.demonyms()
        opened.abbreviations()
        opened.one_word_names()
        for place in opened.large_towns(0):
            opened.shape(place)
        for code in sorted({place.country for place in opened.demonyms().values() if place.country}):
            opened.neighbours(code)
            if country := opened.country(code):
                opened.shape(country)
                opened.directional(country, "north")


def test_a_whole_file_is_looked_up_without_an_error(small_gazetteer: Path) -> None:
    look_everything_up(small_gazetteer)
    with Gazetteer(small_gazetteer) as opened:
        assert opened.candidates("Kunduz")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system does not list a process's open files")
def test_a_refused_file_is_closed_again(copy: Path) -> None:
    change(copy, "PRAGMA user_version = 0")
    with pytest.raises(GazetteerError) as error:
        Gazetteer(copy)
    targets = [str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()]
    assert str(copy.resolve()) not in targets, error.value


def test_a_gazetteer_is_never_written_to(copy: Path) -> None:
    copy.chmod(0o444)
    before = copy.read_bytes()
    with Gazetteer(copy) as opened:
        assert opened.candidates("Kabul")[0].place.id == KABUL
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened._db.execute("DELETE FROM record")
    assert copy.read_bytes() == before
    assert [child.name for child in copy.parent.iterdir()] == [copy.name]


def test_a_path_with_signs_of_a_uri_is_opened_all_the_same(copy: Path) -> None:
    odd = copy.rename(copy.with_name("a b?mode=rwc#100% gazetteer.sqlite"))
    with Gazetteer(odd) as opened:
        assert opened.candidates("Kabul")[0].place.id == KABUL


# --- about the file ----------------------------------------------------------------------------------------------


def test_the_file_says_what_it_holds_and_whom_to_credit(gazetteer: Gazetteer) -> None:
    counts = gazetteer.counts()
    assert list(counts) == ["place", "name", "shape", "border"]
    assert counts["place"] > 234_000
    assert counts["name"] > 2 * counts["place"]
    assert counts["border"] > 300
    assert {"Places: GeoNames, CC BY 4.0", "Boundaries: Natural Earth, public domain"} <= set(gazetteer.attribution)
    assert len(set(gazetteer.attribution)) == len(gazetteer.attribution)
    for source in gazetteer.sources:
        assert {"name", "version", "drawn", "licence", "attribution"} <= source.keys()
