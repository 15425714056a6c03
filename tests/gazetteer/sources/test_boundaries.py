from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import LineString, box, mapping

from geomap.errors import GazetteerError
from geomap.gazetteer.sources.boundaries import (
    ADMIN1_FILES,
    extract_admin1,
    extract_countries,
    read_admin1,
    read_countries,
)
from geomap.gazetteer.sources.towns import Town
from geomap.geometry import arc_indices, decode_arcs, shared_border, topology_polygon

STEP = 0.001
# A wiggly border, drawn once in the region that is kept exactly and once in the Atlantic.
WIGGLE = [(0, 0), (1000, 3), (2000, 0), (3000, 3), (4000, 0), (4000, 5000)]


def ring_parts(west: int, south: int) -> list[list[tuple[int, int]]]:
    """The wiggle and the way back, as delta-encoded arcs on a grid of a thousandth of a degree."""
    there = [(west + x, south + y) for x, y in WIGGLE]
    back = [there[-1], (west, south + 5000), there[0]]
    return [
        [(x - x0, y - y0) for (x, y), (x0, y0) in zip(arc, [(0, 0), *arc[:-1]], strict=True)] for arc in (there, back)
    ]


def topology() -> dict[str, Any]:
    return {
        "type": "Topology",
        "transform": {"scale": [STEP, STEP], "translate": [0, 0]},
        "arcs": [*ring_parts(66_000, 36_000), *ring_parts(-40_000, 36_000)],
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "id": "762", "properties": {"name": "Tajikistan"}, "arcs": [[0, 1]]},
                    {"type": "Polygon", "id": "004", "properties": {"name": "Afghanistan"}, "arcs": [[0, 1]]},
                    {"type": "Polygon", "id": "620", "properties": {"name": "Portugal"}, "arcs": [[2, 3]]},
                    {"type": "Polygon", "properties": {"name": "Kosovo"}, "arcs": [[2, 3]]},
                    {"type": "Polygon", "properties": {"name": "Siachen Glacier"}, "arcs": [[2, 3]]},
                ],
            },
            "land": {},
        },
    }


@pytest.fixture
def drawn(tmp_path: Path) -> Any:
    (tmp_path / "world.json").write_text(json.dumps(topology()))
    codes = {code: {"iso": code, "isonumeric": number} for code, number in (("AF", 4), ("TJ", 762), ("PT", 620))}
    (tmp_path / "codes.json").write_text(json.dumps(codes))
    assert extract_countries(tmp_path / "world.json", tmp_path / "codes.json", tmp_path / "out.json") == 5
    return read_countries(tmp_path / "out.json")


def test_shapes_get_their_two_letter_codes_and_those_without_keep_their_name(drawn: Any) -> None:
    geometries = drawn["objects"]["countries"]["geometries"]
    assert [(g["properties"]["country"], g["properties"]["name"]) for g in geometries] == [
        ("AF", "Afghanistan"), ("PT", "Portugal"), ("TJ", "Tajikistan"), ("XK", "Kosovo"), (None, "Siachen Glacier"),
    ]  # fmt: skip
    assert set(drawn["objects"]) == {"countries"}


def test_borders_of_the_region_keep_every_point_and_far_ones_are_simplified(drawn: Any) -> None:
    source, arcs = decode_arcs(topology()), decode_arcs(drawn)
    assert arcs[:2] == source[:2]
    assert arcs[2] == [source[2][0], source[2][4], source[2][5]]
    assert LineString(arcs[2]).hausdorff_distance(LineString(source[2])) <= 0.03


def test_neighbours_still_share_their_whole_border(drawn: Any) -> None:
    by_code = {g["properties"]["country"]: g for g in drawn["objects"]["countries"]["geometries"]}
    arcs = decode_arcs(drawn)
    line = shared_border(arc_indices(by_code["AF"]), arc_indices(by_code["TJ"]), arcs)
    assert line is not None
    assert line.length == pytest.approx(topology_polygon(by_code["AF"], arcs).length)
    assert shared_border(arc_indices(by_code["AF"]), arc_indices(by_code["PT"]), arcs) is None


def town(geonameid: int, country: str, admin1: str, lon: float, lat: float) -> Town:
    return Town(
        geonameid=geonameid, name="X", country=country, admin1=admin1, lon=lon, lat=lat, population=1, alternates=()
    )  # fmt: skip


def test_provinces_get_the_code_that_most_towns_inside_them_bear(tmp_path: Path) -> None:
    """Three squares in a row: one voted by two towns to one, one without a town, one of the same code as the first."""
    towns = []
    for number, (country, stem) in enumerate(sorted(ADMIN1_FILES.items())):
        west = 10 * number
        arcs = []
        for x in (west, west + 2, west + 4):
            corners = [(x, 0), (x + 1, 0), (x + 1, 1), (x, 1), (x, 0)]
            arcs.append([(a - c, b - d) for (a, b), (c, d) in zip(corners, [(0, 0), *corners[:-1]], strict=True)])
        shapes = [{"type": "Polygon", "arcs": [[index]], "properties": {}} for index in range(3)]
        content = {
            "transform": {"scale": [1, 1], "translate": [0, 0]},
            "arcs": arcs,
            "objects": {stem: {"geometries": shapes}},
        }
        (tmp_path / f"{stem}.topo.json").write_text(json.dumps(content))
        votes = (("07", 0.2), ("09", 0.5), ("07", 0.8), ("07", 4.5))
        towns += [town(100 * number + n, country, code, west + x, 0.5) for n, (code, x) in enumerate(votes)]
    towns.append(town(999, "RU", "01", 0.5, 0.5))
    target = tmp_path / "admin1.geojson"
    assert extract_admin1(tmp_path, towns, {("AF", "07"): "Seventh"}, target) == len(ADMIN1_FILES)
    found = read_admin1(target)
    assert sorted(found) == [(country, "07") for country in sorted(ADMIN1_FILES)]
    assert found["AF", "07"].equals(box(0, 0, 1, 1).union(box(4, 0, 5, 1)))
    first = json.loads(target.read_text())["features"][0]
    assert (first["id"], first["properties"]) == ("AF.07", {"country": "AF", "admin1": "07", "name": "Seventh"})


def test_the_bundled_countries_are_those_of_the_world_and_siachen_leaves_no_hole(root: Path) -> None:
    read = read_countries(root / "gazetteer" / "countries.topo.json")
    names = {g["properties"]["name"]: g["properties"]["country"] for g in read["objects"]["countries"]["geometries"]}
    assert len(names) > 240
    assert (names["Afghanistan"], names["Tajikistan"], names["Kosovo"]) == ("AF", "TJ", "XK")
    assert "Siachen Glacier" in names


def test_the_bundled_provinces_are_those_of_afghanistan_and_its_neighbours(root: Path) -> None:
    found = read_admin1(root / "gazetteer" / "admin1.geojson")
    assert len([code for code in found if code[0] == "AF"]) == 34
    assert {country for country, _ in found} == set(ADMIN1_FILES)
    assert all(shape.is_valid and not shape.is_empty for shape in found.values())


@pytest.mark.parametrize("data", [None, b"", b"{}", b"[]", b'{"objects": {}}', b"\xff", b"null"])
def test_a_file_that_is_no_topology_is_a_named_error(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "countries.topo.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(GazetteerError, match=rf"^{path}: cannot be read \(.+\); restore the file from the repository$"):
        read_countries(path)


@pytest.mark.parametrize(
    "content",
    [
        {}, {"features": 1}, {"features": [1]}, {"features": [{"properties": {"country": "AF", "admin1": "01"}}]},
        {"features": [{"properties": {"country": "AF"}, "geometry": mapping(box(0, 0, 1, 1))}]},
        {"features": [{"properties": {"country": "AF", "admin1": "01"}, "geometry": {"type": "Polygon", "coordinates": [[[0]]]}}]},
        {"features": [{"properties": {"country": "AF", "admin1": "01"}, "geometry": {"type": "Blob", "coordinates": []}}]},
    ],
)  # fmt: skip
def test_a_file_of_provinces_that_is_none_is_a_named_error(tmp_path: Path, content: object) -> None:
    path = tmp_path / "admin1.geojson"
    path.write_text(json.dumps(content))
    with pytest.raises(GazetteerError, match=rf"^{path}: cannot be read \(.+\); restore the file from the repository$"):
        read_admin1(path)
