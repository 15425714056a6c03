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

from geomap.webmap.basemap import build_basemap, decode, encode

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


def test_the_same_topology_gives_the_same_small_layer(base: dict[str, Any], topology: dict[str, Any]) -> None:
    text = json.dumps(base)
    assert json.dumps(build_basemap(topology, TOWNS)) == text
    assert len(text) < 60_000
