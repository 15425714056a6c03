"""geopy's geocoder interface over the bundled gazetteer."""

from __future__ import annotations

import asyncio
import doctest
import gc
import inspect
import json
import math
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pytest
import shapely
from geopandas.tools import geocode, reverse_geocode
from geopy.adapters import BaseAsyncAdapter
from geopy.exc import ConfigurationError, GeocoderQueryError, GeocoderServiceError, GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim
from geopy.location import Location
from geopy.point import Point
from hypothesis import given
from hypothesis import strategies as st

from geomap.cli import main
from geomap.errors import GazetteerError, GazetteerNotFoundError
from geomap.gazetteer.store import Gazetteer
from geomap.geocoder import OfflineGeocoder
from geomap.geometry import LonLat, great_circle_m
from geomap.model import Place

AFGHANISTAN, UNITED_STATES = 1149361, 6252001
KUNDUZ_PROVINCE, KUNDUZ_DISTRICT, KUNDUZ, TALOQAN = 1135690, 7729833, 1135689, 1123004
IMAM_SAHIB_DISTRICT, IMAM_SAHIB = 7053315, 1142545
KABUL, KHOROG, TIRANA, ATLANTA, PARIS_TEXAS, TEXAS = 1138958, 1221328, 3183875, 4180439, 4717560, 4736286
WASHINGTON, SPRINGFIELD_ILLINOIS, POBLACION_SAN_FELIPE = 4140963, 4250542, 1690086
PANJI_POYON, SAVUSAVU = 1220910, 2198520


@pytest.fixture(scope="module")
def geocoder() -> OfflineGeocoder:
    return OfflineGeocoder()


@pytest.fixture(scope="module")
def towns(gazetteer: Gazetteer) -> list[Place]:
    """Towns all over the world, those of the region among them."""
    return gazetteer.large_towns(50_000)


def found(geocoder: OfflineGeocoder, query: Any, **keywords: Any) -> int | None:
    """The id of the one place that a query means."""
    location = geocoder.geocode(query, **keywords)
    return None if location is None else int(location.raw["geonameid"])


def all_found(geocoder: OfflineGeocoder, query: Any, **keywords: Any) -> list[int | None]:
    return [location.raw["geonameid"] for location in geocoder.geocode(query, exactly_one=False, **keywords) or []]


# --- names → places ----------------------------------------------------------------------------------------------


def test_a_name_gives_geopys_location_with_address_and_point(geocoder: OfflineGeocoder) -> None:
    location = geocoder.geocode("Kunduz")
    assert isinstance(location, Location)
    assert location.address == "Kunduz, Kunduz, Afghanistan"
    assert (location.latitude, location.longitude) == (36.72895, 68.857)
    assert location.point == Point(36.72895, 68.857)


@pytest.mark.parametrize("name", ["Kunduz", "Кундуз", "Paris", "Central Asia", "Strait of Hormuz", "qwxz"])
def test_raw_is_what_lookup_prints(geocoder: OfflineGeocoder, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["lookup", name, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)["candidates"]
    assert [location.raw for location in geocoder.geocode(name, exactly_one=False) or []] == printed


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("Kabul", "Kabul, Kabul, Afghanistan"),
        ("Afghanistan", "Afghanistan"),
        ("Kunduz Province", "Kunduz, Afghanistan"),
        ("Central Asia", "Central Asia"),
        ("Singapore, Singapore", "Singapore, Singapore"),
        ("Taloqan", "Taloqan, Takhar, Afghanistan"),
    ],
)
def test_an_address_is_name_unit_country_without_the_place_twice(
    geocoder: OfflineGeocoder, query: str, address: str
) -> None:
    assert geocoder.geocode(query).address == address


@pytest.mark.parametrize(
    ("query", "geonameid"),
    [
        ("Imam Sahib, Kunduz", IMAM_SAHIB_DISTRICT),
        (" Imam Sahib ,, Kunduz , ", IMAM_SAHIB_DISTRICT),
        ("imam sahib, KUNDUZ, af", IMAM_SAHIB_DISTRICT),
        ("Imam Sahib, Afghanistan", IMAM_SAHIB_DISTRICT),
        ("Imam Sahib, Takhar", None),
        ("Imam Sahib, Kunduz, Tajikistan", None),
        ("Imam Sahib, Nowhere at all", None),
        ("Kabul، Afghanistan", KABUL),
        ("Kunduz, 24", KUNDUZ),
        ("Kunduz, Kunduz", KUNDUZ),
        ("Qonduz, Afghanistan", KUNDUZ),
        ("Khorog, Central Asia", KHOROG),
        ("Kabul, Central Asia", None),
        ("Paris, TX", PARIS_TEXAS),
        ("Paris, Tex.", PARIS_TEXAS),
        ("Paris, Texas, usa", PARIS_TEXAS),
        ("Atlanta, GA", ATLANTA),
        ("Tirana, AL", TIRANA),
        ("Springfield, Sangamon County, Illinois", SPRINGFIELD_ILLINOIS),
        ("Washington, D.C.", WASHINGTON),
        ("Washington, D.C., USA", WASHINGTON),
        ("Poblacion, San Felipe", POBLACION_SAN_FELIPE),
    ],
)
def test_what_follows_a_comma_must_hold_the_place(geocoder: OfflineGeocoder, query: str, geonameid: int | None) -> None:
    """By name or code of a country or first-level unit; a comma may also belong to the name."""
    assert found(geocoder, query) == geonameid


@pytest.mark.parametrize(
    ("query", "geonameid"),
    [
        ("Kunduz", KUNDUZ),
        ("Kunduz Province", KUNDUZ_PROVINCE),
        ("province of Kunduz, Afghanistan", KUNDUZ_PROVINCE),
        ("Kunduz District", KUNDUZ_DISTRICT),
        ("Kunduz city", KUNDUZ),
    ],
)
def test_a_class_word_says_which_of_the_namesakes_comes_first(
    geocoder: OfflineGeocoder, query: str, geonameid: int
) -> None:
    assert found(geocoder, query) == geonameid


@pytest.mark.parametrize(
    ("query", "geonameid"),
    [
        ({"city": "Kunduz"}, KUNDUZ),
        ({"state": "Kunduz"}, KUNDUZ_PROVINCE),
        ({"county": "Imam Sahib", "state": "Kunduz"}, IMAM_SAHIB_DISTRICT),
        ({"city": "Imam Sahib", "county": "Imam Sahib", "country": "Afghanistan"}, IMAM_SAHIB),
        ({"city": "Imam Sahib", "state": "Takhar"}, None),
        ({"country": "af"}, AFGHANISTAN),
        ({"country": "usa"}, UNITED_STATES),
        ({"country": "Kunduz"}, None),
        ({"state": "tx", "country": "US"}, TEXAS),
        ({"city": "Kabul", "state": None, "country": math.nan, "postalcode": "", "street": None}, KABUL),
        ({"city": "Washington, D.C."}, WASHINGTON),
    ],
)
def test_of_a_structured_query_the_finest_part_is_looked_for_in_the_others(
    geocoder: OfflineGeocoder, query: dict[str, Any], geonameid: int | None
) -> None:
    assert found(geocoder, query) == geonameid


def test_country_codes_filter(geocoder: OfflineGeocoder) -> None:
    assert all_found(geocoder, "Kunduz") == [KUNDUZ, KUNDUZ_PROVINCE, KUNDUZ_DISTRICT, 751818]
    for codes in ("tr", ["TR"], ("tr", "fr"), "fr, tr"):
        assert all_found(geocoder, "Kunduz", country_codes=codes) == [751818]
    assert found(geocoder, "Kunduz", country_codes=["fr"]) is None
    assert found(geocoder, "Central Asia", country_codes=["tj"]) is None
    assert found(geocoder, "Kunduz", country_codes=[]) == KUNDUZ


def test_a_view_box_comes_first_and_bounds_only_if_asked(geocoder: OfflineGeocoder) -> None:
    turkey = [(36, 26), Point(42, 45)]
    assert all_found(geocoder, "Kunduz", viewbox=turkey) == [751818, KUNDUZ, KUNDUZ_PROVINCE, KUNDUZ_DISTRICT]
    assert all_found(geocoder, "Kunduz", viewbox=turkey, bounded=True) == [751818]
    assert all_found(geocoder, "Kunduz", viewbox=["42, 45", "36, 26"], bounded=True) == [751818]
    assert found(geocoder, "Kunduz", viewbox=[(0, 0), (1, 1)], bounded=True) is None


@pytest.mark.parametrize(
    ("featuretype", "geonameids"),
    [
        ("city", [KUNDUZ, 751818]),
        ("state", [KUNDUZ_PROVINCE]),
        ("country", []),
        ("settlement", [KUNDUZ, KUNDUZ_PROVINCE, KUNDUZ_DISTRICT, 751818]),
    ],
)
def test_a_feature_type_filters(geocoder: OfflineGeocoder, featuretype: str, geonameids: list[int]) -> None:
    assert all_found(geocoder, "Kunduz", featuretype=featuretype) == geonameids


def test_a_limit_cuts_the_list(geocoder: OfflineGeocoder) -> None:
    assert all_found(geocoder, "Kunduz", limit=2) == [KUNDUZ, KUNDUZ_PROVINCE]
    assert found(geocoder, "Kunduz", limit=2) == KUNDUZ
    with pytest.raises(ValueError, match="Limit cannot be less than 1"):
        geocoder.geocode("Kunduz", exactly_one=False, limit=0)


def test_details_come_when_asked(geocoder: OfflineGeocoder) -> None:
    raw = geocoder.geocode("Kunduz", addressdetails=True, extratags=True, geometry="geojson").raw
    assert raw["address"] == {"city": "Kunduz", "state": "Kunduz", "country": "Afghanistan", "country_code": "af"}
    assert raw["extratags"] == {"population": "161902"}
    assert raw["geojson"] == {"type": "Point", "coordinates": (68.857, 36.72895)}
    raw = geocoder.geocode("Kunduz Province", addressdetails=True, extratags=True, geometry="WKT").raw
    assert raw["address"] == {"state": "Kunduz", "country": "Afghanistan", "country_code": "af"}
    assert raw["extratags"] == {}
    assert shapely.from_wkt(raw["geotext"]).contains(shapely.Point(68.857, 36.72895))


def test_one_answers_details_do_not_leak_into_the_next(geocoder: OfflineGeocoder) -> None:
    plain = geocoder.geocode("Kunduz").raw
    geocoder.geocode("Kunduz", addressdetails=True).raw["name"] = "spoilt"
    assert geocoder.geocode("Kunduz").raw == plain


def test_nothing_found_is_none_as_with_geopys_own_geocoders(geocoder: OfflineGeocoder) -> None:
    assert geocoder.geocode("Nowhere at all") is None
    assert geocoder.geocode("Nowhere at all", exactly_one=False) is None


# --- what cannot be answered -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "", "  ", " , ,", None, math.nan, 5, b"Kabul", ["Kabul"], {}, {"city": ""}, {"city": 5}, {"street": "1 Main St"},
        {"city": "Kabul", "postalcode": "1001"}, {"contry": "Afghanistan"}, {None: "Kabul"},
    ],
    ids=repr,
)  # fmt: skip
def test_an_empty_or_unreadable_query_is_a_query_error(geocoder: OfflineGeocoder, query: Any) -> None:
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode(query)


@pytest.mark.parametrize(
    "query",
    [
        "'", "''; DROP TABLE place; --", "\0", "Kabul\0", "\ud800", "Kabul, \ud800", "%", "*", "😀", "a" * 1_000_000,
        "Kabul," * 100_000, ", ".join(str(n) for n in range(80)), "Kabul, ﷽", "\u202eKabul, ß", "Kabul, ＡＦＧ",
    ],
    ids=lambda query: ascii(query[:12]),
)  # fmt: skip
def test_a_hostile_query_finds_nothing(geocoder: OfflineGeocoder, query: str) -> None:
    assert geocoder.geocode(query) is None
    assert geocoder.geocode({"city": "Kabul", "state": query, "country": query}) is None
    assert geocoder.geocode({"state": query, "country": "af"}) is None


@given(st.text(max_size=60))
def test_no_text_breaks_it(geocoder: OfflineGeocoder, text: str) -> None:
    try:
        locations = geocoder.geocode(text, exactly_one=False)
    except GeocoderQueryError:
        assert not text.replace(",", "").replace("،", "").replace("，", "").replace("、", "").strip()
    else:
        assert locations is None or all(isinstance(location, Location) for location in locations)


@pytest.mark.parametrize(
    "keywords",
    [
        {"country_codes": "afg"}, {"country_codes": ["a1"]}, {"country_codes": [5]}, {"country_codes": 5},
        {"viewbox": []}, {"viewbox": [(1, 2)]}, {"viewbox": [(1, 2), None]}, {"viewbox": [(1, 2), (math.nan, 2)]},
        {"viewbox": 5}, {"bounded": True}, {"featuretype": "river"}, {"featuretype": 5}, {"geometry": "svg"},
        {"geometry": 5},
    ],
    ids=repr,
)  # fmt: skip
def test_a_keyword_that_cannot_be_met_is_a_query_error(geocoder: OfflineGeocoder, keywords: dict[str, Any]) -> None:
    with pytest.raises(GeocoderQueryError):
        geocoder.geocode("Kabul", **keywords)


# --- coordinates → places ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [(36.73, 68.86), [36.73, 68.86], Point(36.73, 68.86), "36.73, 68.86"], ids=repr)
def test_a_point_gives_the_nearest_town_with_its_unit_and_country(geocoder: OfflineGeocoder, query: Any) -> None:
    location = geocoder.reverse(query)
    assert location.address == "Kunduz, Kunduz, Afghanistan"
    assert location.raw == {
        "name": "Kunduz", "kind": "place", "country": "AF", "admin1": "24", "lon": 68.857, "lat": 36.72895,
        "geonameid": KUNDUZ, "feature_code": "PPLA", "distance_m": 291.7,
        "address": {"city": "Kunduz", "state": "Kunduz", "country": "Afghanistan", "country_code": "af"},
    }  # fmt: skip
    assert "address" not in geocoder.reverse(query, addressdetails=False).raw


def test_a_list_has_the_ten_nearest(geocoder: OfflineGeocoder) -> None:
    locations = geocoder.reverse((36.73, 68.86), exactly_one=False)
    assert len(locations) == 10
    distances = [location.raw["distance_m"] for location in locations]
    assert distances == sorted(distances)


@pytest.mark.parametrize(
    ("zoom", "address"),
    [
        (None, "Chahar Dara, Kunduz, Afghanistan"),
        (18, "Chahar Dara, Kunduz, Afghanistan"),
        (13, "Chahar Dara, Kunduz, Afghanistan"),
        (12, "Kunduz, Kunduz, Afghanistan"),
        (8, "Kunduz, Kunduz, Afghanistan"),
        (7, "Kunduz, Afghanistan"),
        (5, "Kunduz, Afghanistan"),
        (4, "Afghanistan"),
        ("0", "Afghanistan"),
    ],
)
def test_zoom_says_how_large_a_place_is_wanted(geocoder: OfflineGeocoder, zoom: Any, address: str) -> None:
    assert geocoder.reverse((36.7, 68.8), zoom=zoom).address == address


def test_provinces_and_countries_of_a_list_come_once(geocoder: OfflineGeocoder) -> None:
    addresses = [location.address for location in geocoder.reverse((37.18, 68.6), exactly_one=False, zoom=3)]
    assert addresses == ["Afghanistan", "Tajikistan"]


def test_a_towns_country_is_the_gazetteers(geocoder: OfflineGeocoder) -> None:
    """Panji Poyon lies on the Afghan side of the bundled polygon."""
    location = geocoder.reverse((37.19443, 68.57721))
    assert (location.raw["geonameid"], location.address) == (PANJI_POYON, "Panji Poyon, Khatlon, Tajikistan")


@pytest.mark.parametrize("lon", [179.999, -179.999])
def test_the_nearest_town_may_lie_across_the_180th_meridian(geocoder: OfflineGeocoder, lon: float) -> None:
    assert geocoder.reverse((-16.8, lon)).raw["geonameid"] == SAVUSAVU


@pytest.mark.parametrize(
    "query",
    [None, "", "Kabul", 5, 36.7, (), (36.7,), (1, 2, 3, 4), (math.nan, 2), (math.inf, 2), ("a", "b"), "9" * 10_000],
    ids=lambda query: repr(query)[:20],
)
def test_what_is_no_point_is_a_value_error_as_with_nominatim(geocoder: OfflineGeocoder, query: Any) -> None:
    with pytest.raises(ValueError, match="Must be a coordinate pair or Point"):
        geocoder.reverse(query)


@pytest.mark.filterwarnings("ignore:Latitude normalization")
def test_a_latitude_beyond_the_pole_is_no_point(geocoder: OfflineGeocoder) -> None:
    with pytest.raises(ValueError, match="Latitude must be in"):
        geocoder.reverse((91, 0))


@pytest.mark.parametrize("zoom", [-1, 19, "x", math.inf, [10]], ids=repr)
def test_what_is_no_zoom_is_a_query_error(geocoder: OfflineGeocoder, zoom: Any) -> None:
    with pytest.raises(GeocoderQueryError, match="zoom is a whole number"):
        geocoder.reverse((36.7, 68.8), zoom=zoom)


@given(st.data(), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_reverse_gives_a_town_or_a_nearer_one(
    geocoder: OfflineGeocoder, towns: list[Place], data: st.DataObject, east: float, north: float
) -> None:
    town = data.draw(st.sampled_from(towns))
    here = LonLat(lon=town.lon + east, lat=max(-90.0, min(90.0, town.lat + north)))
    nearest = geocoder.reverse(here.as_latlon())
    distance = great_circle_m(here, LonLat(lon=nearest.longitude, lat=nearest.latitude))
    assert distance <= great_circle_m(here, LonLat(lon=town.lon, lat=town.lat)) + 1e-6
    assert nearest.raw["distance_m"] == pytest.approx(distance, abs=0.1)


@given(st.data())
def test_a_town_is_found_by_its_address_and_again_by_its_point(
    geocoder: OfflineGeocoder, towns: list[Place], data: st.DataObject
) -> None:
    town = data.draw(st.sampled_from(towns))
    (address,) = {
        location.address
        for location in geocoder.reverse((town.lat, town.lon), exactly_one=False)
        if location.raw["geonameid"] == town.geonameid
    }
    by_id = {location.raw["geonameid"]: location for location in geocoder.geocode(address, exactly_one=False)}
    location = by_id[town.geonameid]
    assert (location.longitude, location.latitude) == (town.lon, town.lat)
    again = geocoder.reverse(location.point)
    assert again.point == location.point


# --- as geopy's ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["geocode", "reverse"])
def test_the_methods_take_nominatims_keywords(method: str) -> None:
    own, theirs = (inspect.signature(getattr(kind, method)).parameters for kind in (OfflineGeocoder, Nominatim))
    assert [(p.name, p.kind, p.default) for p in own.values()] == [(p.name, p.kind, p.default) for p in theirs.values()]


def test_nominatims_own_settings_change_nothing(geocoder: OfflineGeocoder) -> None:
    other = OfflineGeocoder(user_agent="me", timeout=1, domain="localhost", scheme="http", proxies={}, ssl_context=None)
    assert other.geocode("Kunduz", timeout=0.001, language="fr", namedetails=True) == geocoder.geocode("Kunduz")
    assert other.reverse("36.7, 68.8", timeout=None, language="fr") == geocoder.reverse("36.7, 68.8")


def test_the_base_class_finds_no_way_to_the_network(geocoder: OfflineGeocoder) -> None:
    with pytest.raises(GeocoderServiceError, match="asks no network"):
        geocoder._call_geocoder("https://localhost/search", lambda answer: answer)


def test_async_is_refused_by_name(geocoder: OfflineGeocoder) -> None:
    async def enter() -> None:
        async with geocoder:
            pass

    with pytest.raises(TypeError, match="OfflineGeocoder has no async mode"):
        asyncio.run(enter())
    with pytest.raises(ConfigurationError, match="no async mode; leave adapter_factory out"):
        OfflineGeocoder(adapter_factory=BaseAsyncAdapter)


def test_a_rate_limiter_passes_through(geocoder: OfflineGeocoder) -> None:
    limited = RateLimiter(geocoder.geocode, max_retries=0)
    names = pd.Series(["Kunduz", "Nowhere at all", "Khorog, Tajikistan"])
    locations = names.map(limited)
    assert [location and location.raw["geonameid"] for location in locations] == [KUNDUZ, None, KHOROG]
    assert RateLimiter(geocoder.reverse)("36.73, 68.86", zoom=3).raw["geonameid"] == AFGHANISTAN
    assert limited("") is None
    with pytest.raises(GeocoderQueryError):
        RateLimiter(geocoder.geocode, max_retries=0, swallow_exceptions=False)("")


def test_threads_may_share_a_geocoder(geocoder: OfflineGeocoder) -> None:
    names = ["Kunduz", "Kabul", "Khorog", "Tirana"] * 50
    with ThreadPoolExecutor(8) as pool:
        locations = list(pool.map(RateLimiter(geocoder.geocode), names))
    assert [location.raw["geonameid"] for location in locations] == [KUNDUZ, KABUL, KHOROG, TIRANA] * 50


def test_geopandas_geocodes_a_list() -> None:
    frame = geocode(
        ["Imam Sahib, Kunduz", "Nowhere at all", "", "Khorog, Tajikistan"], provider=OfflineGeocoder, user_agent="me"
    )
    assert frame.crs == "EPSG:4326"
    assert [(point.x, point.y) for point in frame.geometry if not point.is_empty] == [
        (68.94, 37.19),
        (71.55337, 37.49039),
    ]
    assert frame.geometry.is_empty.tolist() == [False, True, True, False]
    address = "Imam Sahib, Kunduz, Afghanistan"
    assert frame.address[0] == address
    assert frame.address.notna().tolist() == [True, False, False, True]


def test_geopandas_keeps_the_index_of_a_series(small_gazetteer: Path) -> None:
    names = pd.Series(["Kabul", None], index=["a", "b"])
    frame = geocode(names, provider=OfflineGeocoder, gazetteer=small_gazetteer, timeout=5)
    assert frame.index.tolist() == ["a", "b"]
    assert frame.address["a"] == "Kabul, Kabul, Afghanistan"
    assert frame.geometry.is_empty.tolist() == [False, True]


def test_geopandas_reverses_points() -> None:
    points = geopandas.GeoSeries([shapely.Point(68.86, 36.73), shapely.Point(71.55, 37.49)], crs="EPSG:4326")
    frame = reverse_geocode(points, provider=OfflineGeocoder)
    assert frame.address.tolist() == ["Kunduz, Kunduz, Afghanistan", "Khorog, Gorno-Badakhshan, Tajikistan"]


# --- the file ------------------------------------------------------------------------------------------------------


def test_a_missing_or_wrong_gazetteer_is_an_error_at_once(tmp_path: Path) -> None:
    """Later, geopandas would take it for a place that was not found."""
    with pytest.raises(GazetteerNotFoundError):
        OfflineGeocoder(gazetteer=tmp_path / "missing.sqlite")
    (tmp_path / "wrong.sqlite").write_text("no gazetteer")
    with pytest.raises(GazetteerError):
        geocode(["Kabul"], provider=OfflineGeocoder, gazetteer=tmp_path / "wrong.sqlite")


def test_a_damaged_gazetteer_is_never_an_empty_answer(small_gazetteer: Path, tmp_path: Path) -> None:
    damaged = Path(shutil.copy(small_gazetteer, tmp_path / "damaged.sqlite"))
    connection = sqlite3.connect(damaged)
    connection.executescript("DROP TABLE name; DROP TABLE abbreviation; DROP TABLE town; DROP TABLE country;")
    connection.close()
    with OfflineGeocoder(gazetteer=damaged) as geocoder, pytest.raises(GeopyError, match=r"damaged\.sqlite: damaged"):
        RateLimiter(geocoder.geocode)("Kabul")
    with pytest.raises(GeopyError, match="build it again"):
        geocode(["Kabul"], provider=OfflineGeocoder, gazetteer=damaged)


def test_a_closed_geocoder_says_so() -> None:
    with OfflineGeocoder() as geocoder:
        assert found(geocoder, "Kabul") == KABUL
    with geocoder:
        pass
    with pytest.raises(GeopyError, match="this OfflineGeocoder is closed"):
        geocoder.geocode("Kabul")
    with pytest.raises(GeopyError, match="this OfflineGeocoder is closed"):
        geocoder.reverse((36.7, 68.8))


def test_a_geocoder_that_nobody_closed_leaves_no_file_open() -> None:
    geocoder = OfflineGeocoder()
    store = geocoder._gazetteer
    del geocoder
    gc.collect()
    with pytest.raises(GazetteerError, match="closed"):
        store.counts()


def test_the_documentation_runs(root: Path) -> None:
    results = doctest.testfile(str(root / "docs" / "geocoder.md"), module_relative=False, encoding="utf-8")
    assert results.failed == 0
    assert results.attempted == 10


# --- the country and the unit that hold a point -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("point", "zoom", "address"),
    [
        ((36.73, 68.86), 3, "Afghanistan"),
        ((36.35, 73.5), 3, "Pakistan"),
        ((37.25, 73.2), 7, "Badakhshan, Afghanistan"),  # the nearest town may be across the Panj
        ((48.86, 2.35), 3, "France"),
        ((48.86, 2.35), 7, "Île-de-France, France"),  # no polygon: the unit of the nearest town in France
        ((-29.5, 28.2), 3, "Lesotho"),
        ((39.97, 71.13), 3, "Uzbekistan"),  # Sokh
        ((68.0, 180.0), 3, "Russia"),
        ((-90.0, 0.0), 3, "Antarctica"),
        ((37.19443, 68.57721), 3, "Tajikistan"),  # a town's own country counts where the polygon says another
        ((37.19443, 68.57721), 7, "Khatlon, Tajikistan"),
    ],
)
def test_at_a_wide_zoom_reverse_gives_what_holds_the_point(
    geocoder: OfflineGeocoder, point: tuple[float, float], zoom: int, address: str
) -> None:
    assert geocoder.reverse(point, zoom=zoom).address == address


@pytest.mark.parametrize("zoom", [0, 4, 5, 7])
@pytest.mark.parametrize("exactly_one", [True, False])
def test_no_country_or_unit_holds_a_point_at_sea(geocoder: OfflineGeocoder, zoom: int, exactly_one: bool) -> None:
    assert geocoder.reverse((10, 60), zoom=zoom, exactly_one=exactly_one) is None
    assert geocoder.reverse((10, 60)) is not None  # there is always a nearest town


def test_the_holder_of_a_point_comes_before_the_neighbours(geocoder: OfflineGeocoder) -> None:
    locations = geocoder.reverse((36.35, 73.5), exactly_one=False, zoom=3)
    assert locations[0].address == "Pakistan"
    assert len({location.address for location in locations}) == len(locations)
