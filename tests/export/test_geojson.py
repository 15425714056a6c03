"""What RFC 7946 asks of GeoJSON, and what the contract adds to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LinearRing, MultiPolygon, box, shape
from shapely.geometry.base import BaseGeometry

from geomap.export.geojson import mentions_geojson, places_geojson, write_mentions, write_places
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Atlas, AtlasMention, AtlasPlace, Direction, Mention, Place, Resolution
from tests.export.conftest import EVERY_KIND, SECOND, MakeAtlas

Json = dict[str, Any]
FLAT = (str, int, float, bool, type(None))


def positions(coordinates: Any) -> Iterator[list[float]]:
    """All positions of a coordinates member, however deep."""
    if coordinates and isinstance(coordinates[0], (int, float)):
        yield coordinates
    else:
        for part in coordinates:
            yield from positions(part)


def rings(geometry: Json) -> Iterator[tuple[int, list[list[float]]]]:
    """All rings of a polygon or multipolygon with their number in their polygon: 0 is the outer one."""
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}.get(geometry["type"], [])
    for polygon in polygons:
        yield from enumerate(polygon)


def one_place(place: Place) -> AtlasPlace:
    found = Mention(start=0, end=1, phrase="x", kind=place.kind, name="x", sentence=(0, 1))
    resolution = Resolution(mention=found, place=place, precision="region")
    return AtlasPlace(place=place, precision="region", mentions=(AtlasMention(article_id="a", resolution=resolution),))


def atlas_of(places: Iterable[Place]) -> Atlas:
    return Atlas(articles=(Article(id="a", text="x"),), places=tuple(one_place(place) for place in places))


@pytest.fixture(scope="module")
def areas(gazetteer: Gazetteer) -> list[Place]:
    """Places of every geometry: islands, holes, both sides of the date line, poles, borders, parts of countries."""
    found = [gazetteer.country(code) for code in ("AF", "TJ", "RU", "FJ", "IT", "ZA", "AQ", "ID", "VA")]
    found += [gazetteer.border(*pair) for pair in (("AF", "TJ"), ("AF", "CN"), ("CA", "US"), ("ES", "MA"))]
    found += [gazetteer.admin1("AF", code) for code in ("24", "10", "11", "38")]
    directions: tuple[Direction, ...] = ("north", "northeast", "south", "west", "central")
    afghanistan = gazetteer.country("AF")
    assert afghanistan is not None
    found += [gazetteer.directional(afghanistan, direction) for direction in directions]
    found += [gazetteer.candidates(name)[0].place for name in ("Central Asia", "Caucasus", "Kabul")]
    assert None not in found
    return [place for place in found if place is not None]


@pytest.fixture(scope="module")
def features(areas: list[Place], gazetteer: Gazetteer) -> list[Json]:
    collection: Json = json.loads(places_geojson(atlas_of(areas), gazetteer.shape))
    return list(collection["features"])


def test_every_ring_follows_the_right_hand_rule_and_is_closed(features: list[Json]) -> None:
    seen = 0
    for feature in features:
        for number, ring in rings(feature["geometry"]):
            assert ring[0] == ring[-1] and len(ring) >= 4
            assert LinearRing(ring).is_ccw is (number == 0), feature["id"]
            seen += number
    assert seen > 1, "no polygon with a hole was looked at"


def test_every_geometry_is_valid_and_within_the_ranges_of_longitude_and_latitude(features: list[Json]) -> None:
    kinds = set()
    for feature in features:
        geometry = shape(feature["geometry"])
        assert geometry.is_valid and not geometry.is_empty, feature["id"]
        west, south, east, north = geometry.bounds
        assert -180 <= west <= east <= 180 and -90 <= south <= north <= 90
        kinds.add(feature["geometry"]["type"])
    assert kinds >= {"Point", "MultiPolygon", "MultiLineString"}


def test_longitude_comes_first(features: list[Json], areas: list[Place]) -> None:
    by_id = {feature["id"]: feature["geometry"] for feature in features}
    assert by_id["gn:1138958"] == {"type": "Point", "coordinates": [69.17233, 34.52813]}
    for lon, lat, *rest in positions(by_id["gn:1149361"]["coordinates"]):
        assert 60.4 < lon < 75 and 29.3 < lat < 38.6 and not rest


def test_coordinates_have_five_decimals_at_most(features: list[Json]) -> None:
    for feature in features:
        for position in positions(feature["geometry"]["coordinates"]):
            assert [round(value, 5) for value in position] == position


def test_an_area_keeps_its_size_through_rounding(
    features: list[Json], areas: list[Place], gazetteer: Gazetteer
) -> None:
    for feature, place in zip(features, areas, strict=True):
        exact = gazetteer.shape(place)
        if exact is not None and exact.area:
            assert shape(feature["geometry"]).area == pytest.approx(exact.area, rel=1e-4)


@given(
    st.tuples(st.floats(-179, 178), st.floats(-89, 88)),
    st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)),
    st.booleans(),
)
def test_a_shape_that_is_wound_the_wrong_way_is_turned(
    corner: tuple[float, float], size: tuple[float, float], ccw: bool
) -> None:
    (x, y), (width, height) = corner, size
    hole = box(x + width / 4, y + height / 4, x + width / 2, y + height / 2, ccw=ccw)
    wound: BaseGeometry = MultiPolygon(
        [(box(x, y, x + width, y + height, ccw=ccw).exterior.coords, [hole.exterior.coords])]
    )
    place = Place(id="gm:x", name="x", country=None, admin1=None, lon=x, lat=y, feature_code="RGN")
    (feature,) = json.loads(places_geojson(atlas_of([place]), lambda _: wound))["features"]
    assert [(number, LinearRing(ring).is_ccw) for number, ring in rings(feature["geometry"])] == [(0, True), (1, False)]


@pytest.mark.parametrize("layer", ["places", "mentions"])
def test_a_collection_has_no_crs_and_flat_properties_and_ids_of_its_own(
    atlas: Atlas, gazetteer: Gazetteer, layer: str
) -> None:
    text = places_geojson(atlas, gazetteer.shape) if layer == "places" else mentions_geojson(atlas)
    collection = json.loads(text)
    assert list(collection) == ["type", "attribution", "features"]
    assert collection["type"] == "FeatureCollection"
    ids = [feature["id"] for feature in collection["features"]]
    assert len(set(ids)) == len(ids) > 5
    columns = list(collection["features"][0]["properties"])
    for feature in collection["features"]:
        assert list(feature) == ["type", "id", "properties", "geometry"]
        assert list(feature["properties"]) == columns
        assert all(isinstance(value, FLAT) for value in feature["properties"].values())
        assert "id" not in feature["properties"]


def test_ids_stay_when_an_article_is_added(make_atlas: MakeAtlas, atlas: Atlas, gazetteer: Gazetteer) -> None:
    fewer = make_atlas(SECOND)
    for text, more in (
        (places_geojson(fewer, gazetteer.shape), places_geojson(atlas, gazetteer.shape)),
        (mentions_geojson(fewer), mentions_geojson(atlas)),
    ):
        ids, all_ids = ([feature["id"] for feature in json.loads(t)["features"]] for t in (text, more))
        assert set(ids) < set(all_ids)


def test_a_place_says_how_often_where_and_when_it_is_mentioned(atlas: Atlas, gazetteer: Gazetteer) -> None:
    collection = json.loads(places_geojson(atlas, gazetteer.shape))
    (kunduz,) = (f["properties"] for f in collection["features"] if f["id"] == "gn:1135689")
    assert kunduz == {
        "name": "Kunduz", "kind": "place", "precision": "town", "country": "AF", "countries": None, "admin1": "24", "admin2": None,
        "feature_code": "PPLA", "geonameid": 1135689, "lon": 68.857, "lat": 36.72895, "mentions": 3, "articles": 2,
        "article_ids": "every-kind.txt|second.txt", "kinds": "place:3",
        "first_date": "2021-07-21", "last_date": "2021-08-01",
    }  # fmt: skip


def test_areas_are_polygons_and_borders_are_lines(atlas: Atlas, gazetteer: Gazetteer) -> None:
    features = json.loads(places_geojson(atlas, gazetteer.shape))["features"]
    types = {feature["id"]: feature["geometry"]["type"].removeprefix("Multi") for feature in features}
    expected = {
        "gn:1138958": "Point", "gn:1140043": "Polygon", "gn:2017370": "Polygon", "gm:region/central-asia": "Polygon",
        "gm:direction/north/gn:1149361": "Polygon", "gm:border/AF-TJ": "LineString",
    }  # fmt: skip
    assert {key: types[key] for key in expected} == expected


def test_offsets_of_a_mention_give_its_phrase_in_code_points(atlas: Atlas) -> None:
    """Also behind an emoji, which is two UTF-16 units, and a combining mark."""
    texts = {article.id: article.text for article in (EVERY_KIND, SECOND)}
    phrases = []
    for feature in json.loads(mentions_geojson(atlas))["features"]:
        found = feature["properties"]
        text = texts[found["article"]]
        assert text[found["start"] : found["end"]] == found["phrase"]
        assert found["phrase"] in found["sentence"] and found["sentence"] in text
        assert feature["id"] == f"{found['article']}#{found['start']}-{found['end']}"
        phrases.append(found["phrase"])
    assert phrases == [
        "KABUL", "Kunduz", "Helmand", "northern Afghanistan", "Russia", "Tajik-Afghan border", "Kremlin", "Central Asia",
        "Afghan", "border of Laos and Peru", "airport in the capital of Uzbekistan", "Moscow State University",
        "Kunduz", "Herat", "Kunduz", "Tajikistan",
    ]  # fmt: skip


@given(st.text(alphabet=st.sampled_from("😀e\u0301\u200d🏳️‍🌈İß \n"), max_size=12))
def test_offsets_hold_behind_any_text(make_atlas: MakeAtlas, before: str) -> None:
    text = f"{before}\nFighting reached Kunduz."
    collection = json.loads(mentions_geojson(make_atlas(Article(id="a", text=text))))
    found = [feature["properties"] for feature in collection["features"]]
    assert [(one["phrase"], text[one["start"] : one["end"]]) for one in found] == [("Kunduz", "Kunduz")]


def test_demonyms_organisations_and_nil_have_no_geometry(atlas: Atlas) -> None:
    features = json.loads(mentions_geojson(atlas))["features"]
    without = [f["properties"] for f in features if f["geometry"] is None]
    assert [(one["phrase"], one["kind"], one["nil_reason"]) for one in without] == [
        ("Afghan", "demonym", None),
        ("border of Laos and Peru", "border", "no shared border"),
        ("Moscow State University", "organisation-embedded", None),
    ]
    assert {f["geometry"]["type"] for f in features if f["geometry"]} == {"Point"}


def test_the_articles_own_metadata_goes_with_each_mention(atlas: Atlas) -> None:
    first = json.loads(mentions_geojson(atlas))["features"][0]["properties"]
    metadata = {key: first[key] for key in ("article", "title", "date", "source", "url")}
    assert metadata == {
        "article": "every-kind.txt", "title": "Fighting spreads in the north", "date": "2021-07-21",
        "source": "Reuters", "url": "https://news.example/1",
    }  # fmt: skip


def test_geopandas_and_ogr_read_what_is_written(atlas: Atlas, gazetteer: Gazetteer, tmp_path: Path) -> None:
    places, mentions = tmp_path / "places.geojson", tmp_path / "mentions.geojson"
    write_places(atlas, gazetteer.shape, gazetteer.attribution, places)
    write_mentions(atlas, gazetteer.shape, gazetteer.attribution, mentions)
    frame = geopandas.read_file(places)
    assert len(frame) == len(atlas.places)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()
    kabul = frame.set_index("id").loc["gn:1138958"]
    assert (kabul.geometry.x, kabul.geometry.y, kabul["name"]) == (69.17233, 34.52813, "Kabul")
    counts = pyogrio.read_info(mentions)["features"], len(geopandas.read_file(mentions))
    assert counts == (16, 16)


def test_the_credit_goes_with_the_file(atlas: Atlas, gazetteer: Gazetteer) -> None:
    collection = json.loads(places_geojson(atlas, gazetteer.shape, ("CC BY 4.0 GeoNames", 'a "second" one')))
    assert collection["attribution"] == 'CC BY 4.0 GeoNames; a "second" one'


def test_an_atlas_of_nothing_is_a_collection_of_nothing() -> None:
    nothing = Atlas(articles=(), places=())
    expected = {"type": "FeatureCollection", "attribution": "", "features": []}
    assert json.loads(places_geojson(nothing, lambda _: None)) == expected
    assert json.loads(mentions_geojson(nothing)) == expected


def test_hostile_text_stays_data(make_atlas: MakeAtlas) -> None:
    title = '"}]}\u2028\x00</script>${1}\ud800'
    atlas = make_atlas(Article(id="../../etc/passwd", title=title, text="Fighting reached \x07 Kunduz \ud800."))
    text = mentions_geojson(atlas)
    (feature,) = json.loads(text.encode())["features"]
    assert feature["properties"]["title"] == title
    assert feature["properties"]["article"] == "../../etc/passwd"
    assert feature["properties"]["sentence"] == "Fighting reached \x07 Kunduz \ud800."
