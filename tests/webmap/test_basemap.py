"""The base layer: small, whole, and exact where it matters."""

from __future__ import annotations

import json
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import unary_union

from geomap.assets import border_crossings, province_shapes
from geomap.gazetteer.store import Gazetteer
from geomap.webmap.basemap import build_basemap, decode, decode_numbers, encode, encode_numbers

TOPOLOGY = Path(__file__).parents[2] / "gazetteer" / "countries.topo.json"
TOWNS = [
    {"name": "Kunduz", "lon": 68.857, "lat": 36.729, "rank": 2},
    {"name": "Kabul", "lon": 69.172, "lat": 34.528, "rank": 1},
]

coordinates = st.tuples(st.integers(-200_000, 200_000), st.integers(-90_000, 90_000))


@pytest.fixture(scope="module")
def topology() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(TOPOLOGY.read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def base(topology: dict[str, Any]) -> dict[str, Any]:
    return build_basemap(topology, TOWNS)


def arcs_of(base: dict[str, Any], code: str) -> set[int]:
    return {
        arc if arc >= 0 else ~arc
        for owner, polygons in base["countries"]
        if owner == code
        for polygon in polygons
        for ring in polygon
        for arc in ring
    }


def border(base: dict[str, Any]) -> list[list[tuple[float, float]]]:
    return [decode(base["arcs"][arc]) for arc in sorted(arcs_of(base, "AF") & arcs_of(base, "TJ"))]


def outline(base: dict[str, Any], code: str) -> list[Polygon]:
    def ring(indices: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for arc in indices:
            line = decode(base["arcs"][arc if arc >= 0 else ~arc])
            points += (line if arc >= 0 else line[::-1])[1 if points else 0 :]
        return points

    (polygons,) = (polygons for owner, polygons in base["countries"] if owner == code)
    return [Polygon(ring(polygon[0])) for polygon in polygons if len(ring(polygon[0])) > 3]


def original_border(topology: dict[str, Any]) -> LineString:
    """The longest arc that both countries use, straight from the source."""
    sets = []
    for code in ("AF", "TJ"):
        (geometry,) = (
            item for item in topology["objects"]["countries"]["geometries"] if item["properties"]["country"] == code
        )
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
        sets.append({arc if arc >= 0 else ~arc for polygon in polygons for ring in polygon for arc in ring})
    (shared,) = sets[0] & sets[1]
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    steps = topology["arcs"][shared]
    lons = (x * scale_x + left for x in accumulate(step[0] for step in steps))
    lats = (y * scale_y + bottom for y in accumulate(step[1] for step in steps))
    return LineString(list(zip(lons, lats, strict=True)))


@given(st.lists(coordinates, min_size=1, max_size=30))
def test_an_encoded_line_is_read_back_point_for_point(thousandths: list[tuple[int, int]]) -> None:
    points = [(x / 1000, y / 1000) for x, y in thousandths]
    assert decode(encode(points, merge=False)) == points


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_numbers_are_read_back_as_they_were_written(values: list[int]) -> None:
    assert decode_numbers(encode_numbers(values)) == values


def test_small_numbers_take_one_character() -> None:
    assert len(encode_numbers(range(-16, 16))) == 32


def test_points_that_fall_together_become_one() -> None:
    assert decode(encode([(1.0, 2.0), (1.0001, 2.0001), (1.5, 2.0)])) == [(1.0, 2.0), (1.5, 2.0)]


def test_the_tajik_afghan_border_is_one_shared_line_of_some_1170_km(base: dict[str, Any]) -> None:
    (line,) = border(base)
    length = sum(geodesic(a[::-1], b[::-1]).km for a, b in pairwise(line))
    assert length == pytest.approx(1170, abs=10)


def test_the_tajik_afghan_border_strays_at_most_half_a_kilometre(
    base: dict[str, Any], topology: dict[str, Any]
) -> None:
    drawn = LineString(border(base)[0])
    source = original_border(topology)
    off = max(source.hausdorff_distance(drawn), drawn.hausdorff_distance(source))
    assert off * 111.2 <= 0.5


def test_land_without_a_code_is_drawn_and_a_code_stands_once(base: dict[str, Any]) -> None:
    codes = [code for code, _ in base["countries"]]
    assert len(codes) == len(set(codes))
    assert {"AF", "TJ", "XK", "CY", "Siachen Glacier"} <= set(codes)
    assert "AQ" not in codes


def test_there_is_no_hole_between_pakistan_india_and_china(base: dict[str, Any]) -> None:
    land = unary_union(
        [part.buffer(0) for code in ("PK", "IN", "CN", "Siachen Glacier") for part in outline(base, code)]
    )
    assert land.buffer(0.05).contains(Point(77.0, 35.4))


def test_capitals_lie_in_their_countries(base: dict[str, Any]) -> None:
    for code, lon, lat in [("AF", 69.17, 34.53), ("TJ", 68.77, 38.54), ("UZ", 69.25, 41.3), ("US", -77.04, 38.9)]:
        assert any(part.buffer(0).contains(Point(lon, lat)) for part in outline(base, code)), code


def test_no_line_crosses_the_map_from_side_to_side(base: dict[str, Any]) -> None:
    for arc in base["arcs"]:
        line = decode(arc)
        assert all(abs(a[0] - b[0]) < 90 for a, b in pairwise(line))


def test_labels_stand_by_rank_and_countries_by_size(base: dict[str, Any]) -> None:
    countries, capitals, main_towns, towns = [names.split("|") for names, _ in base["labels"]]
    assert countries[0] == "Russia"
    assert {"Afghanistan", "Tajikistan", "Kazakhstan", "United States"} <= set(countries)
    assert (capitals, main_towns, towns) == (["Kabul"], ["Kunduz"], [""])
    assert decode(base["labels"][1][1]) == [(69.172, 34.528)]


def test_a_country_is_lettered_inside_itself(base: dict[str, Any]) -> None:
    names, spots = base["labels"][0]
    at = dict(zip(names.split("|"), decode(spots), strict=True))
    assert outline(base, "AF")[0].contains(Point(at["Afghanistan"]))


CROSSINGS = Path(__file__).parents[2] / "gazetteer" / "curated" / "crossings.tsv"


def test_every_crossing_of_afghanistan_stands_on_the_border_that_it_is_named_for(gazetteer: Gazetteer) -> None:
    crossings = {name: (pair, at) for pair, name, at in border_crossings(gazetteer, CROSSINGS)}
    assert crossings["Sher Khan Bandar"][0] == crossings["Panji Poyon"][0] == "AF-TJ"
    assert crossings["Hairatan"][0] == "AF-UZ"
    assert crossings["Aqina"][0] == "AF-TM"
    assert crossings["Islam Qala"][0] == crossings["Milak"][0] == "AF-IR"
    assert crossings["Torkham"][0] == crossings["Spin Boldak"][0] == "AF-PK"
    assert "Torugart" not in crossings  # between Kyrgyzstan and China
    for pair, at in crossings.values():
        border = gazetteer.border(*pair.split("-"))
        line = border and gazetteer.shape(border)
        assert line and line.distance(Point(at)) <= 0.15


def test_provinces_are_drawn_with_their_code_and_name(gazetteer: Gazetteer, topology: dict[str, Any]) -> None:
    provinces = province_shapes(gazetteer)
    assert len([key for key, _, _ in provinces if key.startswith("AF.")]) == 34
    drawn = {key: (name, rings) for key, name, rings in build_basemap(topology, [], provinces)["provinces"]}
    name, rings = drawn["AF.24"]
    assert name == "Kunduz"
    assert Polygon(decode(rings[0])).contains(Point(68.86, 36.73))
    assert all(rings for _, rings in drawn.values())


def test_names_in_other_scripts_are_given_by_place(gazetteer: Gazetteer) -> None:
    names = gazetteer.other_script_names({"gn:1138958", "gn:1221874"})
    assert {"кабул", "کابل"} <= set(names["gn:1138958"])
    assert "душанбе" in names["gn:1221874"]
    assert not any(name.isascii() for keys in names.values() for name in keys)
    assert gazetteer.other_script_names(set()) == {}


def test_the_same_topology_gives_the_same_small_layer(base: dict[str, Any], topology: dict[str, Any]) -> None:
    text = json.dumps(base)
    assert json.dumps(build_basemap(topology, TOWNS)) == text
    assert len(text) < 60_000  # provinces and crossings come on top
