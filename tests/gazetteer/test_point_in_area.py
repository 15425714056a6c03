"""Which country and which province a point lies in, in the bundled gazetteer."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.errors import UsageError
from geomap.gazetteer.areas import GAP, Areas
from geomap.gazetteer.store import HOME, Gazetteer
from geomap.model import Place

PANJI_POYON = (68.57721, 37.19443)


@pytest.fixture(scope="module")
def areas(gazetteer: Gazetteer) -> Areas:
    return Areas(gazetteer)


@pytest.fixture(scope="module")
def regional_towns(gazetteer: Gazetteer) -> list[Place]:
    return [town for town in gazetteer.large_towns(0) if town.country in HOME]


def country(areas: Areas, lon: float, lat: float) -> str | None:
    place = areas.country_at(lon, lat)
    return place.country if place else None


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (68.86, 36.73, "AF"),  # Kunduz
        (68.78, 38.56, "TJ"),  # Dushanbe
        (73.0, 37.25, "AF"),  # Wakhan
        (2.35, 48.86, "FR"),
        (28.2, -29.5, "LS"),  # all around it is South Africa
        (12.45, 43.94, "SM"),
        (70.58, 39.85, "TJ"),  # Vorukh, in Kyrgyzstan
        (71.13, 39.97, "UZ"),  # Sokh, in Kyrgyzstan
        (71.13, 39.85, "KG"),  # south of it
        (60.0, 10.0, None),  # the Indian Ocean
        (51.0, 42.0, None),  # the Caspian Sea
        (0.0, 0.0, None),
    ],
)
def test_a_point_lies_in_the_country_that_holds_it_or_in_none(
    areas: Areas, lon: float, lat: float, code: str | None
) -> None:
    assert country(areas, lon, lat) == code


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (180.0, 68.0, "RU"),
        (-180.0, 68.0, "RU"),
        (540.0, 68.0, "RU"),
        (-175.0, 67.0, "RU"),
        (185.0, 67.0, "RU"),
        (179.5, -16.6, "FJ"),
        (-180.5, -16.6, "FJ"),
        (0.0, 90.0, None),
        (77.0, 90.0, None),
        (0.0, -90.0, "AQ"),
        (-180.0, -90.0, "AQ"),
    ],
)
def test_the_180th_meridian_and_the_poles_are_points_like_others(
    areas: Areas, lon: float, lat: float, code: str | None
) -> None:
    assert country(areas, lon, lat) == code


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(math.nan, 0), (0, math.nan), (math.inf, 0), (0, -math.inf), (0, 90.1), (36.7, 1000)],
)
def test_what_is_no_point_on_earth_is_named(areas: Areas, lon: float, lat: float) -> None:
    for ask in (areas.country_at, areas.province_at):
        with pytest.raises(UsageError, match="no point on Earth; give degrees, longitude before latitude"):
            ask(lon, lat)


def test_a_point_on_a_border_lies_in_one_of_the_two_and_always_in_the_same(areas: Areas, gazetteer: Gazetteer) -> None:
    border = gazetteer.border("AF", "TJ")
    assert border
    line = gazetteer.shape(border)
    assert line
    codes = {country(areas, *point) for point in line.geoms[0].coords}  # type: ignore[attr-defined]
    assert codes <= {"AF", "TJ"}
    (lon, lat), *_ = line.geoms[0].coords  # type: ignore[attr-defined]
    assert country(areas, lon, lat) == country(Areas(gazetteer), lon, lat)


@given(lon=st.floats(-720, 720), lat=st.floats(-90, 90))
def test_a_country_found_holds_the_point_and_going_round_the_earth_changes_nothing(
    areas: Areas, lon: float, lat: float
) -> None:
    lon = round(lon, 6)
    assert country(areas, lon, lat) == country(areas, round(lon + 360, 6), lat)


def test_large_towns_lie_in_their_own_country_or_at_its_edge(areas: Areas, gazetteer: Gazetteer) -> None:
    towns = gazetteer.large_towns(100_000)
    elsewhere = [town for town in towns if country(areas, town.lon, town.lat) not in (town.country, None)]
    assert len(elsewhere) < 0.01 * len(towns)


# --- provinces -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lon", "lat", "admin1"),
    [(68.86, 36.73, "24"), (69.52, 36.73, "26"), (66.13, 33.72, "41"), (69.52, 35.31, "42"), (73.0, 37.25, "01")],
)
def test_a_point_lies_in_its_province(areas: Areas, lon: float, lat: float, admin1: str) -> None:
    unit = areas.province_at(lon, lat)
    assert unit
    assert (unit.country, unit.admin1, unit.feature_code) == ("AF", admin1, "ADM1")


def test_a_province_is_never_one_of_another_country_than_the_gazetteer_says(areas: Areas) -> None:
    """By the polygons Panji Poyon lies in Afghanistan, by the gazetteer in Tajikistan."""
    assert country(areas, *PANJI_POYON) == "AF"
    by_polygon, by_gazetteer = areas.province_at(*PANJI_POYON), areas.province_at(*PANJI_POYON, "TJ")
    assert by_polygon
    assert by_gazetteer
    assert (by_polygon.country, by_gazetteer.country) == ("AF", "TJ")


def test_a_point_too_far_off_a_countrys_units_has_none_of_them(areas: Areas) -> None:
    assert areas.province_at(68.86, 36.73, "PK") is None
    assert areas.province_at(60.0, 10.0) is None
    assert areas.province_at(2.35, 48.86) is None  # France's units have no polygons
    assert areas.province_at(68.86, 36.73, "XX") is None
    assert GAP < 0.2


def test_most_towns_of_the_region_lie_in_the_unit_that_the_gazetteer_files_them_under(
    areas: Areas, regional_towns: list[Place]
) -> None:
    found = [(town, areas.province_at(town.lon, town.lat, town.country)) for town in regional_towns]
    right = [town for town, unit in found if unit and unit.admin1 == town.admin1]
    assert len(found) > 4_000
    assert len(right) > 0.97 * len(found)


def test_the_unit_of_a_place_is_the_gazetteers_and_else_the_one_around_its_point(
    areas: Areas, gazetteer: Gazetteer
) -> None:
    kunduz = gazetteer.candidates("Kunduz")[0].place
    province = gazetteer.admin1("AF", "24")
    takhar = gazetteer.admin1("AF", "26")
    assert areas.unit_of(kunduz) == province
    assert areas.unit_of(replace(kunduz, admin1=None)) == province
    assert areas.unit_of(replace(kunduz, admin1="26")) == takhar  # what it is filed under is not put in doubt
    assert areas.unit_of(replace(kunduz, admin1=None, kind="facility", feature_code="AIRB")) == province
    assert areas.unit_of(replace(kunduz, admin1=None, feature_code="STM")) is None
    assert areas.unit_of(replace(kunduz, admin1=None, country=None)) is None
    assert areas.unit_of(replace(kunduz, admin1=None, country="TJ", lon=PANJI_POYON[0], lat=PANJI_POYON[1])) == (
        gazetteer.admin1("TJ", "02")
    )
