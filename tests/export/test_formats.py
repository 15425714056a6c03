"""What all formats have in common: who may ask for them, and where they can be written."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from geomap.errors import OutputError, UsageError
from geomap.export import FORMATS, check, write
from geomap.model import Atlas


def test_the_formats_are_those_that_the_help_names() -> None:
    assert list(FORMATS) == ["geojson", "geojson-mentions", "csv", "gpkg", "parquet"]


@pytest.mark.parametrize("name", ["shapefile", "", "GEOJSON", "csv ", "../csv"])
def test_an_unknown_format_is_an_error_that_names_those_there_are(atlas: Atlas, tmp_path: Path, name: str) -> None:
    expected = f"{name}: no such format; choose one of geojson, geojson-mentions, csv, gpkg, parquet"
    with pytest.raises(UsageError) as error:
        check(name)
    assert str(error.value) == expected
    with pytest.raises(UsageError) as error:
        write(name, atlas, lambda _: None, (), tmp_path / "x")
    assert str(error.value) == expected
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_a_missing_folder_is_made(atlas: Atlas, tmp_path: Path, name: str) -> None:
    target = tmp_path / "a" / "b" / "out"
    write(name, atlas, lambda _: None, (), target)
    assert target.stat().st_size > 0
    assert [child.name for child in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_target_under_a_file_is_a_named_error(atlas: Atlas, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("mine")
    target = tmp_path / "file" / "out"
    with pytest.raises(OutputError) as error:
        write(name, atlas, lambda _: None, (), target)
    message = str(error.value)
    assert message.startswith(f"{target}: cannot be written (")
    assert message.endswith("with -o")
    assert "\n" not in message
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("name", FORMATS)
def test_a_target_that_is_a_folder_is_a_named_error_and_leaves_nothing_behind(
    atlas: Atlas, tmp_path: Path, name: str
) -> None:
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write(name, atlas, lambda _: None, (), target)
    assert list(tmp_path.iterdir()) == [target]
    assert not list(target.iterdir())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_read_by_everyone(atlas: Atlas, tmp_path: Path, name: str) -> None:
    """Not by its owner alone, as a temporary file is."""
    write(name, atlas, lambda _: None, (), tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o444 == 0o444


def test_geojson_and_csv_need_no_geopandas() -> None:
    """The page's build writes GeoJSON; a data frame library would cost it a second."""
    code = (
        "import sys, geomap.export, geomap.export.geojson, geomap.export.csv;"
        "print([name for name in ('geopandas', 'pandas', 'pyarrow', 'spacy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
