"""GeoParquet as geopandas, Arrow and DuckDB read it."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest

from geomap.export import write
from geomap.export.features import place_properties
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Atlas
from tests.export.conftest import MakeAtlas

parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed (geomap[parquet])")


@pytest.fixture(scope="module")
def file(atlas: Atlas, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parquet") / "atlas.parquet"
    write("parquet", atlas, gazetteer.shape, gazetteer.attribution, path)
    return path


def test_geopandas_reads_the_places_in_their_order(file: Path, atlas: Atlas) -> None:
    frame = geopandas.read_parquet(file)
    assert list(frame["id"]) == [one.place.id for one in atlas.places]
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    dates = {article.id: article.date for article in atlas.articles}
    assert list(frame.columns) == [*place_properties(atlas.places[0], dates), "geometry"]
    kabul = frame.set_index("id").loc["gn:1138958"]
    assert (kabul.geometry.x, kabul.geometry.y) == (69.17233, 34.52813)


def test_it_is_geoparquet_one(file: Path) -> None:
    geo = json.loads(parquet.read_metadata(file).metadata[b"geo"])
    assert geo["version"].startswith("1.")
    assert geo["primary_column"] == "geometry"
    assert geo["columns"]["geometry"]["encoding"] == "WKB"


def test_the_same_atlas_gives_the_same_bytes(atlas: Atlas, tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        write("parquet", atlas, lambda _: None, (), tmp_path / name)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_lone_surrogate_is_replaced(make_atlas: MakeAtlas, tmp_path: Path) -> None:
    atlas = make_atlas(Article(id="a\ud800", text="Fighting reached Kunduz."))
    write("parquet", atlas, lambda _: None, (), tmp_path / "a.parquet")
    assert list(geopandas.read_parquet(tmp_path / "a.parquet")["article_ids"]) == ["a?"]


def test_an_atlas_of_nothing_has_its_columns(file: Path, tmp_path: Path) -> None:
    write("parquet", Atlas(articles=(), places=()), lambda _: None, (), tmp_path / "nothing.parquet")
    frame = geopandas.read_parquet(tmp_path / "nothing.parquet")
    assert len(frame) == 0
    assert list(frame.columns) == list(geopandas.read_parquet(file).columns)
