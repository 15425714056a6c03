"""``geomap export``: articles → one file for another tool."""

from __future__ import annotations

from pathlib import Path

import pyogrio
import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("name", ["geojson", "geojson-mentions", "csv", "gpkg", "parquet"])
def test_each_format_is_written_where_it_was_asked_for(geomap: Run, articles: Path, tmp_path: Path, name: str) -> None:
    done = geomap("export", "news", "--format", name, "-o", "out/file")
    assert (done.status, done.out, done.err) == (0, "written   out/file  (2 places)\n", "")
    magic = {
        "geojson": b'{"type":',
        "geojson-mentions": b'{"type":',
        "csv": b"\xef\xbb\xbfid,",
        "gpkg": b"SQLite",
        "parquet": b"PAR1",
    }
    assert (tmp_path / "out" / "file").read_bytes().startswith(magic[name])
    assert not (tmp_path / "maps").exists()


def test_a_file_with_the_usual_ending_opens_in_gis_tools(geomap: Run, articles: Path, tmp_path: Path) -> None:
    geomap("export", "news", "--format", "gpkg", "-o", "atlas.gpkg")
    assert sorted(pyogrio.read_dataframe(tmp_path / "atlas.gpkg", layer="places")["name"]) == ["Herat", "Kunduz"]


def test_an_article_that_fails_is_named_and_the_others_are_written(geomap: Run, articles: Path, tmp_path: Path) -> None:
    (articles / "c.txt").touch()
    done = geomap("export", "news", "--format", "csv", "-o", "a.csv")
    assert (done.status, done.out) == (1, "written   a.csv  (2 places)\n")
    assert done.err == "geomap: news/c.txt: empty; put the article's text in it, or remove it\n"
    assert "Kunduz" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")


def test_an_unknown_format_is_refused_before_any_work(geomap: Run) -> None:
    """Before even the articles are looked for."""
    done = geomap("export", "nowhere", "--format", "shp", "-o", "x")
    assert (done.status, done.err) == (
        2,
        "geomap: shp: no such format; choose one of geojson, geojson-mentions, csv, gpkg, parquet\n",
    )
