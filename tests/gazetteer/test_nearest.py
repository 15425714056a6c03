"""The towns nearest to a point, in the bundled gazetteer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.gazetteer.store import Gazetteer
from geomap.geometry import LonLat, great_circle_m

KUNDUZ, TALOQAN, KHANABAD = 1135689, 1123004, 1137168
PANJI_POYON = 1220910
LABASA, SAVUSAVU = 2204582, 2198520
LONGYEARBYEN, PUERTO_WILLIAMS = 2729907, 3874926


@pytest.fixture(scope="module")
def millions(gazetteer: Gazetteer) -> list[LonLat]:
    """Where the towns of a million inhabitants lie: all over the world."""
    towns = gazetteer.large_towns(1_000_000)
    return [LonLat(lon=place.lon, lat=place.lat) for place in towns if place.population >= 1_000_000]


def ids(gazetteer: Gazetteer, lon: float, lat: float, limit: int, minimum: int = 0) -> list[int | None]:
    return [place.geonameid for place, _ in gazetteer.nearest(lon, lat, limit, minimum)]


def test_towns_come_nearest_first_with_their_metres(gazetteer: Gazetteer) -> None:
    here = LonLat(lon=68.86, lat=36.73)
    found = gazetteer.nearest(*here, 50)
    assert len(found) == 50
    assert found[0][0].geonameid == KUNDUZ
    assert [metres for _, metres in found] == [great_circle_m(here, LonLat(place.lon, place.lat)) for place, _ in found]
    assert all(one[1] <= other[1] for one, other in pairwise(found))
    assert all(place.feature_code.startswith("PPL") for place, _ in found)


def test_only_towns_of_the_least_population_count(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, 69.2, 36.72, 3, 60_000) == [KHANABAD, TALOQAN, KUNDUZ]
    assert ids(gazetteer, 69.2, 36.72, 1, 71_531) == [KHANABAD]
    assert ids(gazetteer, 69.2, 36.72, 1, 71_532) == [KUNDUZ]
    assert all(place.population >= 1_000_000 for place, _ in gazetteer.nearest(0.0, 0.0, 20, 1_000_000))
    assert ids(gazetteer, 68.86, 36.73, 5, 1_000_000_000) == []


def test_a_town_keeps_its_own_country_where_simplified_borders_say_otherwise(gazetteer: Gazetteer) -> None:
    """Panji Poyon lies on the Afghan side of the bundled polygon."""
    ((town, metres),) = gazetteer.nearest(68.57721, 37.19443, 1)
    assert (town.geonameid, town.country, metres) == (PANJI_POYON, "TJ", 0.0)


@pytest.mark.parametrize("lon", [180.0, -180.0, 179.9999, -179.9999, 540.0])
def test_the_180th_meridian_is_no_wall(gazetteer: Gazetteer, lon: float) -> None:
    assert ids(gazetteer, lon, -16.5, 2) == [LABASA, SAVUSAVU]


@pytest.mark.parametrize("lon", [0.0, 90.0, 180.0, -123.4])
def test_at_a_pole_every_meridian_is_near(gazetteer: Gazetteer, lon: float) -> None:
    assert ids(gazetteer, lon, 90.0, 1) == [LONGYEARBYEN]
    assert ids(gazetteer, lon, -90.0, 1) == [PUERTO_WILLIAMS]


@settings(max_examples=60)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    limit=st.integers(1, 8),
)
def test_no_other_town_is_nearer(
    gazetteer: Gazetteer, millions: list[LonLat], lon: float, lat: float, limit: int
) -> None:
    """Against a look at every town of a million, anywhere on the globe."""
    here = LonLat(lon=lon, lat=lat)
    found = gazetteer.nearest(lon, lat, limit, 1_000_000)
    want = sorted(great_circle_m(here, town) for town in millions)[:limit]
    assert [metres for _, metres in found] == want


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_as_many_as_asked_for(gazetteer: Gazetteer, limit: int) -> None:
    assert len(gazetteer.nearest(-150.0, -45.0, limit)) == limit
