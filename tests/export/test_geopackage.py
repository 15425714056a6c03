"""The GeoPackage as GDAL, and so QGIS and ArcGIS, reads it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from geomap.export import write
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Atlas
from tests.export.conftest import MakeAtlas


@pytest.fixture(scope="module")
def package(atlas: Atlas, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gpkg") / "atlas.gpkg"
    write("gpkg", atlas, gazetteer.shape, gazetteer.attribution, path)
    return path


def test_it_holds_the_layers_places_and_mentions(package: Path, atlas: Atlas) -> None:
    assert [str(name) for name, _ in pyogrio.list_layers(package)] == ["places", "mentions"]
    counts = [pyogrio.read_info(package, layer=layer)["features"] for layer in ("places", "mentions")]
    assert counts == [len(atlas.places), 16]
    assert pyogrio.read_info(package, layer="places")["crs"] == "EPSG:4326"


def test_the_layers_read_back_with_their_geometry(package: Path) -> None:
    places = pyogrio.read_dataframe(package, layer="places").set_index("id")
    assert places.geometry.is_valid.all()
    assert places.loc["gm:border/AF-TJ"].geometry.geom_type == "MultiLineString"
    assert places.loc["gn:1140043"].geometry.geom_type == "MultiPolygon"
    kabul = places.loc["gn:1138958"]
    assert (kabul.geometry.x, kabul.geometry.y, kabul["geonameid"]) == (69.17233, 34.52813, 1138958)
    mentions = pyogrio.read_dataframe(package, layer="mentions").set_index("id")
    assert mentions.loc["every-kind.txt#0-5"]["phrase"] == "KABUL"
    assert mentions.geometry.isna().sum() == 3


def test_it_carries_the_credit(package: Path, gazetteer: Gazetteer) -> None:
    with closing(sqlite3.connect(package)) as database:
        descriptions = {row[0] for row in database.execute("SELECT description FROM gpkg_contents")}
    assert descriptions == {"; ".join(gazetteer.attribution)}


def test_a_file_that_was_there_is_replaced(atlas: Atlas, make_atlas: MakeAtlas, tmp_path: Path) -> None:
    path = tmp_path / "atlas.gpkg"
    path.write_text("something else")
    write("gpkg", make_atlas(Article(id="a", text="Fighting reached Kunduz.")), lambda _: None, (), path)
    assert list(pyogrio.read_dataframe(path, layer="places")["id"]) == ["gn:1135689"]
    assert [child.name for child in tmp_path.iterdir()] == ["atlas.gpkg"]


def test_the_same_atlas_gives_the_same_bytes_whatever_the_clock(atlas: Atlas, tmp_path: Path) -> None:
    for name in ("a.gpkg", "b.gpkg"):
        write("gpkg", atlas, lambda _: None, (), tmp_path / name)
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_hostile_text_reads_back(make_atlas: MakeAtlas, tmp_path: Path) -> None:
    article = Article(id="'; DROP TABLE places; --", text="Fighting \ud800 reached 😀 Kunduz.", title='"x"\ny')
    write("gpkg", make_atlas(article), lambda _: None, (), tmp_path / "a.gpkg")
    (row,) = pyogrio.read_dataframe(tmp_path / "a.gpkg", layer="mentions").to_dict("records")
    assert (row["article"], row["title"]) == ("'; DROP TABLE places; --", '"x"\ny')
    assert row["sentence"] == "Fighting ? reached 😀 Kunduz."


def test_an_atlas_of_nothing_has_both_layers_with_their_columns(atlas: Atlas, tmp_path: Path) -> None:
    nothing, something = tmp_path / "nothing.gpkg", tmp_path / "something.gpkg"
    write("gpkg", Atlas(articles=(), places=()), lambda _: None, (), nothing)
    write("gpkg", atlas, lambda _: None, (), something)
    for layer in ("places", "mentions"):
        empty, full = (pyogrio.read_info(path, layer=layer) for path in (nothing, something))
        assert empty["features"] == 0
        assert list(empty["fields"]) == list(full["fields"])
