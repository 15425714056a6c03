from __future__ import annotations

import math
from typing import Any, get_args

import pytest
from geopy.distance import great_circle
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geomap.geometry import (
    CARDINAL_SHARE,
    EARTH_RADIUS_M,
    INTERCARDINAL_SHARE,
    MIN_AREA_SHARE,
    LonLat,
    arc_indices,
    as_multipolygon,
    decode_arcs,
    directional_region,
    great_circle_m,
    length_km,
    shared_border,
    topology_polygon,
)
from geomap.model import Direction

DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
POINTS = st.builds(LonLat, st.floats(-180, 180), st.floats(-90, 90))
GRID = st.integers(-1000, 1000)
BOXES = st.tuples(st.floats(-170, 160), st.floats(-80, 70), st.floats(0.01, 10), st.floats(0.01, 10)).map(
    lambda b: box(b[0], b[1], b[0] + b[2], b[1] + b[3])
)


def test_a_point_turns_to_lat_lon_for_those_who_want_it() -> None:
    assert LonLat(lon=69.17, lat=34.53).as_latlon() == (34.53, 69.17)


# --- distances -------------------------------------------------------------------------------------------------


@given(POINTS, POINTS)
def test_distances_are_geopys_great_circle(a: LonLat, b: LonLat) -> None:
    expected = great_circle(a.as_latlon(), b.as_latlon()).m
    # geopy rounds the radius to a metre; near the antipodes a haversine is good to some decimetres.
    assert math.isclose(great_circle_m(a, b), expected, rel_tol=1e-6, abs_tol=0.5)


@given(POINTS, POINTS)
def test_distances_are_symmetric_and_no_longer_than_half_the_earth(a: LonLat, b: LonLat) -> None:
    assert great_circle_m(a, b) == great_circle_m(b, a)
    assert 0 <= great_circle_m(a, b) <= math.pi * EARTH_RADIUS_M


def test_the_way_from_kabul_to_dushanbe() -> None:
    kabul, dushanbe = LonLat(lon=69.17233, lat=34.52813), LonLat(lon=68.77905, lat=38.53575)
    assert round(great_circle_m(kabul, dushanbe) / 1000, 1) == 447.0


def test_a_line_is_as_long_as_its_segments() -> None:
    degree = math.pi * EARTH_RADIUS_M / 180 / 1000
    assert math.isclose(length_km(LineString([(0, 0), (1, 0), (1, 1)])), 2 * degree)
    assert math.isclose(length_km(MultiLineString([[(0, 0), (0, 1)], [(90, 0), (90, 2)]])), 3 * degree)


# --- TopoJSON --------------------------------------------------------------------------------------------------


@given(
    st.lists(st.lists(st.tuples(GRID, GRID), min_size=1, max_size=20), max_size=5),
    st.floats(1e-5, 1),
    st.floats(1e-5, 1),
    st.floats(-180, 180),
    st.floats(-90, 90),
)
def test_arcs_decode_to_the_points_that_were_encoded(
    arcs: list[list[tuple[int, int]]], sx: float, sy: float, tx: float, ty: float
) -> None:
    encoded = [
        [(x - x0, y - y0) for (x, y), (x0, y0) in zip(arc, [(0, 0), *arc[:-1]], strict=True)]
        for arc in arcs
    ]  # fmt: skip
    topology = {"transform": {"scale": [sx, sy], "translate": [tx, ty]}, "arcs": encoded}
    assert decode_arcs(topology) == [[(x * sx + tx, y * sy + ty) for x, y in arc] for arc in arcs]


# Two unit squares side by side. Arc 0 is the side that they share, 1 and 2 are their other three sides.
ARCS = [
    [(1.0, 0.0), (1.0, 1.0)],
    [(1.0, 1.0), (0.0, 1.0), (0.0, 0.0), (1.0, 0.0)],
    [(1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0)],
]
LEFT: dict[str, Any] = {"type": "Polygon", "arcs": [[0, 1]]}
RIGHT: dict[str, Any] = {"type": "MultiPolygon", "arcs": [[[2, ~0]]]}


def test_polygons_are_put_together_from_arcs_walked_either_way() -> None:
    assert topology_polygon(LEFT, ARCS).equals(box(0, 0, 1, 1))
    assert topology_polygon(RIGHT, ARCS).equals(box(1, 0, 2, 1))
    assert topology_polygon({"type": None}, ARCS).is_empty


def test_a_hole_is_a_hole() -> None:
    arcs = [
        [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0), (0.0, 0.0)],
        [(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0)],
    ]
    polygon = topology_polygon({"type": "Polygon", "arcs": [[0], [1]]}, arcs)
    assert polygon.area == 8
    assert not polygon.contains(Point(1.5, 1.5))


def test_a_ring_of_too_few_points_is_left_out() -> None:
    arcs = [*ARCS, [(5.0, 5.0), (6.0, 6.0), (5.0, 5.0)]]
    assert topology_polygon({"type": "MultiPolygon", "arcs": [[[0, 1]], [[3]]]}, arcs).equals(box(0, 0, 1, 1))


def test_two_neighbours_share_the_line_of_their_common_arc() -> None:
    assert (arc_indices(LEFT), arc_indices(RIGHT)) == ({0, 1}, {0, 2})
    line = shared_border(arc_indices(LEFT), arc_indices(RIGHT), ARCS)
    assert line == MultiLineString([[(1, 0), (1, 1)]])


def test_a_border_of_several_arcs_is_one_line_where_they_meet() -> None:
    arcs = [[(0.0, 0.0), (1.0, 0.0)], [(1.0, 0.0), (2.0, 0.0)], [(5.0, 5.0), (6.0, 5.0)]]
    line = shared_border({0, 1, 2}, {2, 1, 0}, arcs)
    assert line == MultiLineString([[(0, 0), (1, 0), (2, 0)], [(5, 5), (6, 5)]])


def test_countries_apart_share_no_line() -> None:
    assert shared_border({0, 1}, {2, 3}, ARCS) is None


@given(st.lists(BOXES, max_size=4))
def test_areas_come_out_right_handed(boxes: list[Polygon]) -> None:
    area = as_multipolygon(MultiPolygon([Polygon(b.exterior.coords[::-1]) for b in boxes]))
    assert len(area.geoms) == len(boxes)
    assert all(polygon.exterior.is_ccw for polygon in area.geoms)


def test_only_areas_stay_of_a_mixed_geometry() -> None:
    mixed = box(0, 0, 1, 1).union(LineString([(1, 1), (2, 2)]))
    assert as_multipolygon(mixed) == MultiPolygon([box(0, 0, 1, 1)])
    assert as_multipolygon(Point(0, 0)).is_empty


# --- directional regions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("north", box(0, 6, 9, 9)),
        ("south", box(0, 0, 9, 3)),
        ("east", box(6, 0, 9, 9)),
        ("west", box(0, 0, 3, 9)),
        ("central", box(3, 3, 6, 6)),
        ("northeast", box(4.95, 4.95, 9, 9)),
        ("northwest", box(0, 4.95, 4.05, 9)),
        ("southeast", box(4.95, 0, 9, 4.05)),
        ("southwest", box(0, 0, 4.05, 4.05)),
    ],
)
def test_a_direction_takes_its_share_of_a_square(direction: Direction, expected: Polygon) -> None:
    assert (CARDINAL_SHARE, INTERCARDINAL_SHARE) == (1 / 3, 0.45)
    region = directional_region(box(0, 0, 9, 9), direction)
    assert region.symmetric_difference(expected).area < 1e-9


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=3, max_size=12), st.sampled_from(DIRECTIONS))
def test_a_directional_region_lies_in_its_parent_and_is_big_enough_to_see(
    points: list[tuple[float, float]], direction: Direction
) -> None:
    parent = as_multipolygon(LineString(points).convex_hull)
    assume(parent.area > 1e-3)
    region = directional_region(parent, direction)
    assert region.difference(parent.buffer(1e-9)).area < 1e-9
    assert region.area >= MIN_AREA_SHARE * parent.area * (1 - 1e-9)


def test_a_direction_with_nothing_in_its_corner_is_widened() -> None:
    """Nothing of this parent lies in the north-eastern 45 % of its box."""
    parent = box(0, 0, 10, 1).union(box(0, 0, 1, 10))
    assert parent.intersection(box(5.5, 5.5, 10, 10)).is_empty
    assert directional_region(parent, "northeast").area >= MIN_AREA_SHARE * parent.area


def test_known_parts_are_the_answer_whatever_the_box_says() -> None:
    parts: list[BaseGeometry] = [box(0, 0, 1, 1), box(1, 0, 2, 1)]
    assert directional_region(box(0, 0, 9, 9), "north", parts).equals(box(0, 0, 2, 1))


def test_known_parts_are_cut_to_their_parent() -> None:
    assert directional_region(box(0, 0, 1, 1), "north", [box(0, 0, 2, 2)]).equals(box(0, 0, 1, 1))
