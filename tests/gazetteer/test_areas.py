"""Polygons, borders, neighbours and directions, in the bundled gazetteer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import get_args

import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, unary_union

from geomap.gazetteer.sources import curated
from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat, great_circle_m, length_km
from geomap.model import Direction, Place

HOME = ("AF", "IR", "KG", "PK", "TJ", "TM", "UZ")
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
LISTED = [
    (row["country"], row["direction"], row.list("admin1", " "))
    for row in curated.read_table(
        Path(__file__).parents[2] / "gazetteer" / "curated" / "directions.tsv", curated.DIRECTION_HEADER
    )
]


def country(gazetteer: Gazetteer, code: str) -> Place:
    place = gazetteer.country(code)
    assert place
    return place


def every_code(gazetteer: Gazetteer) -> list[str]:
    return [code for (code,) in gazetteer._rows("SELECT code FROM country ORDER BY code")]


def area(gazetteer: Gazetteer, place: Place | None) -> BaseGeometry:
    assert place
    shape = gazetteer.shape(place)
    assert shape
    return shape


def parts(shape: BaseGeometry) -> Sequence[BaseGeometry]:
    assert isinstance(shape, (MultiPolygon, MultiLineString))
    return list(shape.geoms)


def km(shape: BaseGeometry, lon: float, lat: float) -> float:
    """How far a point lies outside a shape."""
    near = nearest_points(shape, Point(lon, lat))[0]
    return great_circle_m(LonLat(near.x, near.y), LonLat(lon, lat)) / 1000


# --- borders -----------------------------------------------------------------------------------------------------


def test_the_tajik_afghan_border_is_a_line_of_1172_km(gazetteer: Gazetteer) -> None:
    border = gazetteer.border("AF", "TJ")
    assert border
    assert (border.id, border.name) == ("gm:border/AF-TJ", "Afghanistan–Tajikistan border")
    assert (border.kind, border.feature_code, border.country, border.countries) == ("border", "BDR", None, ("AF", "TJ"))
    assert gazetteer.border("TJ", "AF") == border
    line = area(gazetteer, border)
    assert isinstance(line, MultiLineString)
    assert 1160 < length_km(line) < 1180
    assert gazetteer.border_km("TJ", "AF") == gazetteer.border_km("AF", "TJ") == round(length_km(line), 1)
    assert km(line, border.lon, border.lat) < 0.1


def test_the_tajik_afghan_border_is_point_for_point_the_arc_of_the_unsimplified_source(gazetteer: Gazetteer) -> None:
    """The digest is of the arc that the two countries share in ``countries-10m.json`` of world-atlas 2.0.2."""
    (line,) = parts(area(gazetteer, gazetteer.border("AF", "TJ")))
    assert len(line.coords) == 458
    points = " ".join(f"{lon:.5f},{lat:.5f}" for lon, lat in line.coords)
    assert (
        hashlib.sha256(points.encode()).hexdigest()
        == "415c05891a9063871be06503d9094651b365559636e55fc4022795413ea4af56"
    )


def test_the_border_runs_along_both_countries_polygons(gazetteer: Gazetteer) -> None:
    line = area(gazetteer, gazetteer.border("AF", "TJ"))
    for code in ("AF", "TJ"):
        outline = area(gazetteer, country(gazetteer, code)).boundary
        assert line.difference(outline.buffer(1e-9)).length < 1e-9
    towns = {"Panji Poyon": 1220910, "Khorog": 1221328, "Ishkoshim": 1221614}
    for name, geonameid in towns.items():
        (town,) = [c.place for c in gazetteer.candidates(name, "TJ") if c.place.geonameid == geonameid]
        assert km(line, town.lon, town.lat) < 5, name


@pytest.mark.parametrize(
    ("code", "neighbours"),
    [
        ("AF", ("PK", "TJ", "IR", "TM", "UZ", "CN")),
        ("TJ", ("AF", "UZ", "KG", "CN")),
        ("UZ", ("KZ", "TM", "TJ", "KG", "AF")),
        ("TM", ("UZ", "IR", "AF", "KZ")),
        ("KG", ("UZ", "KZ", "CN", "TJ")),
        ("PK", ("IN", "AF", "IR", "CN")),
        ("IR", ("IQ", "TM", "AF", "PK", "AZ", "TR", "AM")),
        ("MN", ("CN", "RU")),
        ("IS", ()),
        ("AU", ()),
    ],
)
def test_neighbours_come_longest_border_first(gazetteer: Gazetteer, code: str, neighbours: tuple[str, ...]) -> None:
    assert gazetteer.neighbours(code) == neighbours
    assert all(gazetteer.border(code, other) for other in neighbours)
    assert all(a >= b for a, b in pairwise(gazetteer.border_km(code, other) for other in neighbours))


def test_neighbourhood_is_mutual(gazetteer: Gazetteer) -> None:
    codes = every_code(gazetteer)
    pairs = {(code, other) for code in codes for other in gazetteer.neighbours(code)}
    assert len(pairs) > 500
    assert {(b, a) for a, b in pairs} == pairs
    assert not [pair for pair in pairs if pair[0] == pair[1]]


@pytest.mark.parametrize(
    ("a", "b"),
    [("AF", "IN"), ("AF", "RU"), ("TJ", "PK"), ("UZ", "CN"), ("TM", "TJ"), ("AF", "AF"), ("AF", "XX"), ("", "")],
)
def test_countries_that_do_not_meet_have_no_border(gazetteer: Gazetteer, a: str, b: str) -> None:
    assert gazetteer.border(a, b) is None
    assert gazetteer.border_km(a, b) == 0


# --- polygons ----------------------------------------------------------------------------------------------------


def test_every_shape_is_a_valid_area_that_is_not_empty(gazetteer: Gazetteer) -> None:
    rows = gazetteer._rows("SELECT place, wkb FROM shape")
    assert len(rows) > 300
    bad = [
        gazetteer.place(row).name
        for row, wkb in rows
        if (shape := shapely.from_wkb(wkb)).is_empty or not shape.is_valid
    ]
    assert bad == []


@pytest.mark.parametrize(("a", "b"), list(combinations(("AF", "CN", "IR", "KG", "PK", "TJ", "TM", "UZ"), 2)))
def test_no_two_countries_of_the_region_overlap_or_leave_a_gap_on_their_border(
    gazetteer: Gazetteer, a: str, b: str
) -> None:
    one, other = (area(gazetteer, country(gazetteer, code)) for code in (a, b))
    assert one.intersection(other).area < 1e-9


def test_russia_ends_where_it_ends(gazetteer: Gazetteer) -> None:
    """A ring that crosses the 180th meridian must not run back round the world."""
    russia = area(gazetteer, country(gazetteer, "RU"))
    inside = {
        "Moscow": (37.62, 55.75),
        "Anadyr uplands": (178.0, 66.5),
        "Chukotka": (-175.0, 67.0),
        "Norilsk": (88.2, 69.35),
    }
    outside = {
        "Norwegian Sea": (0.0, 68.0),
        "Baffin Island": (-75.7, 68.6),
        "Iceland": (-18.6, 65.0),
        "Greenland": (-40.0, 68.0),
    }
    assert {name for name, point in inside.items() if russia.contains(Point(point))} == set(inside)
    assert {name for name, point in outside.items() if russia.contains(Point(point))} == set()


@pytest.mark.parametrize("code", ["FJ", "RU", "US", "NZ", "KI"])
def test_a_country_across_the_180th_meridian_is_not_as_wide_as_the_world(gazetteer: Gazetteer, code: str) -> None:
    pieces = parts(area(gazetteer, country(gazetteer, code)))
    assert max(piece.bounds[2] - piece.bounds[0] for piece in pieces) < 160


def test_capitals_lie_in_their_countries(gazetteer: Gazetteer) -> None:
    far = {}
    for code in every_code(gazetteer):
        capital, shape = gazetteer.capital(code), gazetteer.shape(country(gazetteer, code))
        if capital and shape and not shape.is_empty and (away := km(shape, capital.lon, capital.lat)) > 25:
            far[code] = round(away)
    assert far.keys() <= {"EH"}  # Laayoune lies where Natural Earth draws Morocco


@pytest.mark.parametrize("code", HOME)
def test_provinces_contain_their_own_point_and_make_up_the_country(gazetteer: Gazetteer, code: str) -> None:
    whole = area(gazetteer, country(gazetteer, code))
    rows = gazetteer._rows("SELECT row FROM place WHERE country = ? AND feature_code = 'ADM1'", code)
    provinces = [gazetteer.place(row) for (row,) in rows]
    shapes = [(place, shape) for place in provinces if (shape := gazetteer.shape(place)) is not None]
    assert [place.name for place, shape in shapes if not shape.contains(Point(place.lon, place.lat))] == []
    assert unary_union([shape for _, shape in shapes]).symmetric_difference(whole).area < 0.15 * whole.area
    assert sum(shape.area for _, shape in shapes) < 1.01 * whole.area


@pytest.mark.parametrize(
    ("admin1", "towns"),
    [
        ("41", {"Nili": 1131833, "Khadir": 1348242, "Kajran": 1138714}),  # Daykundi, made of Uruzgan in 2004
        ("42", {"Bazarak": 1429434, "Anaba": 1148695, "Khinj": 1136737}),  # Panjshir, made of Parwan in 2004
        ("01", {"Fayzabad": 1142170}),
        ("24", {"Kunduz": 1135689}),
        ("26", {"Taloqan": 1123004}),
        ("30", {"Mazar-i-Sharif": 1133616}),
        ("13", {"Kabul": 1138958}),
    ],
)
def test_a_province_of_afghanistan_contains_its_towns_and_no_other_does(
    gazetteer: Gazetteer, admin1: str, towns: dict[str, int]
) -> None:
    codes = [
        str(row[0])
        for row in gazetteer._rows("SELECT admin1 FROM place WHERE country = 'AF' AND feature_code = 'ADM1'")
    ]
    assert len(codes) == 34
    for geonameid in towns.values():
        (town,) = [
            gazetteer.place(row[0]) for row in gazetteer._rows("SELECT row FROM place WHERE geonameid = ?", geonameid)
        ]
        point = Point(town.lon, town.lat)
        holders = [code for code in codes if area(gazetteer, gazetteer.admin1("AF", code)).contains(point)]
        assert holders == [town.admin1] == [admin1]


def test_a_region_is_the_union_of_its_members(gazetteer: Gazetteer) -> None:
    region = gazetteer.candidates("Central Asia")[0].place
    members = unary_union([area(gazetteer, country(gazetteer, code)) for code in ("KG", "KZ", "TJ", "TM", "UZ")])
    assert area(gazetteer, region).equals(members)


def test_a_town_has_no_area(gazetteer: Gazetteer) -> None:
    assert gazetteer.shape(gazetteer.candidates("Dushanbe")[0].place) is None


def provinces_of_the_reference(shared: Path) -> Iterable[tuple[str, BaseGeometry]]:
    for feature in json.loads((shared / "reference" / "afg-adm1.geojson").read_text("utf-8"))["features"]:
        yield feature["properties"]["shapeName"], shapely.geometry.shape(feature["geometry"])


def test_provinces_of_afghanistan_lie_where_geoboundaries_has_them(gazetteer: Gazetteer, shared: Path) -> None:
    other_names = {"Ghanzi": "Ghazni", "Wardak": "Maidan Wardak", "Nimruz": "Nimroz"}
    checked = 0
    for name, theirs in provinces_of_the_reference(shared):
        found = [
            c.place for c in gazetteer.candidates(other_names.get(name, name), "AF") if c.place.feature_code == "ADM1"
        ]
        ours = area(gazetteer, found[0])
        overlap = ours.intersection(theirs).area / ours.union(theirs).area
        assert overlap > 0.55, (name, overlap)  # two surveys: they differ most in Kapisa
        checked += 1
    assert checked == 34


# --- directions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "direction", "admin1"), LISTED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_directional_region_is_the_union_of_the_provinces_listed_for_it(
    gazetteer: Gazetteer, code: str, direction: Direction, admin1: tuple[str, ...]
) -> None:
    place = gazetteer.directional(country(gazetteer, code), direction)
    units = [unit for code_ in admin1 if (unit := gazetteer.admin1(code, code_))]
    shapes = [shape for unit in units if (shape := gazetteer.shape(unit)) is not None]
    assert shapes
    region = area(gazetteer, place)
    provinces = unary_union(shapes).intersection(area(gazetteer, country(gazetteer, code)))
    assert region.symmetric_difference(provinces).area < 1e-6 * provinces.area


def test_northern_afghanistan_is_named_and_placed(gazetteer: Gazetteer) -> None:
    place = gazetteer.directional(country(gazetteer, "AF"), "north")
    assert place
    assert (place.id, place.name) == ("gm:direction/north/gn:1149361", "northern Afghanistan")
    assert (place.kind, place.feature_code, place.country) == ("directional", "DIR", "AF")
    region = area(gazetteer, place)
    inside = {"Kunduz": 1135689, "Mazar-i-Sharif": 1133616, "Taloqan": 1123004, "Fayzabad": 1142170}
    outside = {"Kabul": 1138958, "Kandahar": 1138336, "Herat": 1140026, "Jalalabad": 1139715, "Dushanbe": 1221874}
    for towns, expected in ((inside, True), (outside, False)):
        for geonameid in towns.values():
            (row,) = gazetteer._rows("SELECT lon, lat FROM place WHERE geonameid = ?", geonameid)
            assert region.contains(Point(row)) is expected


MARSEILLE, LILLE, NEW_YORK, LOS_ANGELES = (5.37, 43.30), (3.06, 50.63), (-74.0, 40.71), (-118.24, 34.05)
ALTA, OSLO, SMOLENSK, VLADIVOSTOK = (23.27, 69.97), (10.75, 59.91), (32.04, 54.78), (131.9, 43.13)
GRONINGEN, MAASTRICHT, DELHI, CHENNAI = (6.57, 53.22), (5.69, 50.85), (77.2, 28.65), (80.22, 13.08)


@pytest.mark.parametrize(
    ("code", "direction", "inside", "outside"),
    [
        ("FR", "south", MARSEILLE, LILLE),
        ("FR", "north", LILLE, MARSEILLE),
        ("US", "east", NEW_YORK, LOS_ANGELES),
        ("US", "west", LOS_ANGELES, NEW_YORK),
        ("NO", "north", ALTA, OSLO),
        ("RU", "west", SMOLENSK, VLADIVOSTOK),
        ("RU", "east", VLADIVOSTOK, SMOLENSK),
        ("NL", "north", GRONINGEN, MAASTRICHT),
        ("IN", "north", DELHI, CHENNAI),
        ("IN", "south", CHENNAI, DELHI),
        ("UA", "east", (37.8, 48.0), (24.03, 49.84)),  # Donetsk, Lviv
        ("SY", "north", (37.16, 36.2), (36.29, 33.51)),  # Aleppo, Damascus
        ("IQ", "north", (43.13, 36.34), (47.78, 30.51)),  # Mosul, Basra
        ("TR", "east", (43.38, 38.5), (28.97, 41.01)),  # Van, Istanbul
    ],
)
def test_far_off_islands_do_not_draw_a_direction_away_from_the_mainland(
    gazetteer: Gazetteer,
    code: str,
    direction: Direction,
    inside: tuple[float, float],
    outside: tuple[float, float],
) -> None:
    region = area(gazetteer, gazetteer.directional(country(gazetteer, code), direction))
    assert (region.contains(Point(inside)), region.contains(Point(outside))) == (True, False)


@pytest.mark.parametrize("code", [*HOME, "CN", "KZ", "IN"])
def test_every_direction_of_a_country_is_a_part_of_it_with_its_point_inside(gazetteer: Gazetteer, code: str) -> None:
    whole = area(gazetteer, country(gazetteer, code))
    for direction in DIRECTIONS:
        place = gazetteer.directional(country(gazetteer, code), direction)
        region = area(gazetteer, place)
        assert place
        assert region.buffer(1e-3).contains(Point(place.lon, place.lat))
        assert region.difference(whole).area < 0.003 * region.area  # provinces come from another data set
        assert 0.02 * whole.area < region.area < 0.7 * whole.area


@pytest.mark.parametrize("name", ["Helmand", "Badakhshan", "Khatlon"])
def test_a_province_has_directions_too(gazetteer: Gazetteer, name: str) -> None:
    province = gazetteer.candidates(name)[0].place
    north, south = (gazetteer.directional(province, direction) for direction in ("north", "south"))
    assert north
    assert south
    assert north.lat > province.lat > south.lat or north.lat > south.lat
    for place in (north, south):
        assert area(gazetteer, place).difference(area(gazetteer, province)).area < 1e-9
        assert (place.country, place.admin1) == (province.country, province.admin1)


def test_what_has_no_area_has_no_directions(gazetteer: Gazetteer) -> None:
    assert gazetteer.directional(gazetteer.candidates("Dushanbe")[0].place, "north") is None


@pytest.mark.parametrize("code", ["MC", "VA", "SX", "SM", "MV", "TV", "NR"])
def test_the_smallest_countries_have_directions_or_none_but_no_error(gazetteer: Gazetteer, code: str) -> None:
    for direction in DIRECTIONS:
        place = gazetteer.directional(country(gazetteer, code), direction)
        assert place is None or place.name.endswith(country(gazetteer, code).name)


def test_a_border_line_is_no_polygon(gazetteer: Gazetteer) -> None:
    shape = area(gazetteer, gazetteer.border("AF", "UZ"))
    assert all(isinstance(part, LineString) for part in parts(shape))
    assert 130 < length_km(shape) < 160
