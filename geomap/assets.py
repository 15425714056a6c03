"""What is made once, when geomap is built, and then travels inside it: gazetteer, base map, the page's scripts.

Run by the build hook of the wheel; ``python -m geomap.assets`` does the same in a checkout.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from shapely import Point

from geomap.errors import GazetteerError, GeomapError
from geomap.files import dump_json, write_atomically
from geomap.gazetteer.build import build, fingerprint
from geomap.gazetteer.sources.boundaries import read_countries
from geomap.gazetteer.sources.curated import PLACE_HEADER, read_table
from geomap.gazetteer.store import HOME, Gazetteer
from geomap.webmap.basemap import Crossing, Province, build_basemap
from geomap.webmap.bundle import make_bundles

# Which towns the base map labels: capitals everywhere, then by size, nearer home at smaller size.
_NEAR: Final = (44.0, 22.0, 92.0, 52.0)
_HOME: Final = ("AF", "TJ")
_MAIN_TOWN: Final = {"home": 100_000, "near": 900_000}
_TOWN: Final = {"home": 25_000, "near": 250_000}

_CROSSING_REACH: Final = 0.15  # degrees from the drawn border: as far as a curated position may be off


def make_assets(root: Path) -> None:
    """Make the files of ``geomap/data`` that are missing or out of date.

    Args:
        root: The checkout.

    Raises:
        GeomapError: If a source is missing, or npm cannot bring what the page needs.
    """
    data, sources = root / "geomap" / "data", root / "gazetteer"
    data.mkdir(exist_ok=True)
    gazetteer = data / "gazetteer.sqlite"
    if not _is_current(gazetteer, sources):
        build(sources, gazetteer)
    with Gazetteer(gazetteer, own_places=False) as opened:
        labels, provinces = town_labels(opened), province_shapes(opened)
        crossings = border_crossings(opened, sources / "curated" / "crossings.tsv")
    basemap = build_basemap(read_countries(sources / "countries.topo.json"), labels, provinces, crossings)
    write_atomically(data / "basemap.json", dump_json(basemap))
    make_bundles(root / "geomap" / "webmap", data)


def _is_current(gazetteer: Path, sources: Path) -> bool:
    try:
        with Gazetteer(gazetteer, own_places=False) as opened:
            return opened.fingerprint == fingerprint(sources)
    except (GazetteerError, GeomapError):
        return False  # missing, damaged or of another version: it is built anew


def town_labels(gazetteer: Gazetteer) -> list[dict[str, Any]]:
    """Return the towns that the base map names: ``name``, ``lon``, ``lat`` and ``rank`` (1 capital to 3 town)."""
    west, south, east, north = _NEAR
    labels = []
    for place in gazetteer.large_towns(min(_TOWN.values())):
        home = place.country in _HOME
        near = west <= place.lon <= east and south <= place.lat <= north
        zone = "home" if home else "near"
        if place.feature_code == "PPLC":
            rank = 1
        elif (home or near) and place.population >= _MAIN_TOWN[zone]:
            rank = 2
        elif (home or near) and (place.population >= _TOWN[zone] or (home and place.feature_code == "PPLA")):
            rank = 3
        else:
            continue
        labels.append({"name": place.name, "lon": round(place.lon, 3), "lat": round(place.lat, 3), "rank": rank})
    return labels


def province_shapes(gazetteer: Gazetteer) -> list[Province]:
    """Return the provinces of Afghanistan and its neighbours whose outline is known, with it."""
    found = []
    for country in sorted(HOME):
        for province in gazetteer.provinces(country):
            if shape := gazetteer.shape(province):
                found.append((f"{country}.{province.admin1}", province.name, shape))
    return found


def border_crossings(gazetteer: Gazetteer, table: Path) -> list[Crossing]:
    """Return the curated crossings that lie on a border of Afghanistan, each with the border that it is on.

    Args:
        gazetteer: Where the borders' lines are.
        table: The curated table of crossings.
    """
    borders = {code: gazetteer.border("AF", code) for code in gazetteer.neighbours("AF")}
    lines = {code: gazetteer.shape(border) for code, border in borders.items() if border}
    found = []
    for row in read_table(table, PLACE_HEADER):
        at, country = Point(row.number("lon"), row.number("lat")), row["country"]
        far = {code: line.distance(at) for code, line in lines.items() if line is not None and country in ("AF", code)}
        if far and min(far.values()) <= _CROSSING_REACH:
            code = min(far, key=lambda one: (far[one], one))
            found.append(("-".join(sorted(("AF", code))), row["name"], (at.x, at.y)))
    return sorted(found)


if __name__ == "__main__":
    try:
        make_assets(Path(__file__).parent.parent)
    except GeomapError as error:
        sys.exit(f"geomap: {error}")
