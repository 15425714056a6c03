"""Resolutions as JSON: what the store keeps comes back the same, and ``geomap parse`` prints the contract."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.articles import read_paths
from geomap.files import dump_json
from geomap.gazetteer.store import Gazetteer
from geomap.model import KINDS, PINLESS, Article, Mention, ParsedArticle, Place, Resolution
from geomap.pipeline import Geoparser
from geomap.records import pack, to_record, toponym, unpack

CONTRACT = (
    "start end phrase kind name lon lat country countries admin1 geonameid feature_code precision score nil_reason"
).split()
TEXT = (
    "KABUL, July 21 (Reuters) - 😀 e\u0301 Fighting reached Kunduz on Tuesday, officials in Helmand province said. "
    "It is calm in northern Afghanistan. Russia said that the Tajik-Afghan border was closed. "
    "The Kremlin is worried about Central Asia. Afghan troops left. They shelled the border of Laos and Peru. "
    "The airport in the capital of Uzbekistan is open. Students of Moscow State University left."
)

# --- strategies ----------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8") | st.just("\ud800"), max_size=8)
CODES = st.sampled_from(["AF", "TJ", "RU", "US"])
SPANS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6))
DEGREES = st.floats(-180, 180)

PLACES = st.builds(
    Place,
    id=WORDS,
    name=WORDS,
    country=st.none() | CODES,
    admin1=st.none() | WORDS,
    admin2=st.none() | WORDS,
    lon=DEGREES,
    lat=DEGREES,
    feature_code=WORDS,
    population=st.integers(0, 2**40),
    geonameid=st.none() | st.integers(1, 2**31),
    countries=st.lists(CODES, max_size=3).map(tuple),
    kind=st.sampled_from(KINDS),
)


def mentions(nested: st.SearchStrategy[tuple[Mention, ...]]) -> st.SearchStrategy[Mention]:
    return st.builds(
        Mention,
        start=st.integers(0, 10**6),
        end=st.integers(0, 10**6),
        phrase=WORDS,
        kind=st.sampled_from(KINDS),
        name=WORDS,
        sentence=SPANS,
        countries=st.lists(CODES, max_size=2).map(tuple),
        direction=st.none() | st.sampled_from(["north", "central"]),
        within=st.lists(WORDS, max_size=2).map(tuple),
        feature=st.none() | WORDS,
        role=st.sampled_from(["text", "dateline"]),
        nested=nested,
    )


def resolutions(nested: st.SearchStrategy[tuple[Resolution, ...]]) -> st.SearchStrategy[Resolution]:
    return st.builds(
        Resolution,
        mention=mentions(st.lists(mentions(st.just(())), max_size=2).map(tuple)),
        place=st.none() | PLACES,
        precision=st.none() | st.sampled_from(["point", "line"]),
        score=st.floats(allow_nan=False, allow_infinity=False),
        nil_reason=st.none() | st.just("not in gazetteer"),
        nested=nested,
    )


RESOLUTIONS = resolutions(st.lists(resolutions(st.just(())), max_size=2).map(tuple))


@pytest.fixture(scope="module")
def geoparser(gazetteer: Gazetteer) -> Geoparser:
    return Geoparser(gazetteer)


@pytest.fixture(scope="module")
def parsed(geoparser: Geoparser) -> ParsedArticle:
    (found,) = geoparser.parse([Article(id="every-kind", text=TEXT)])
    return found


# --- the store's form ----------------------------------------------------------------------------------------


@given(RESOLUTIONS)
def test_what_is_packed_comes_back_the_same_through_json(resolution: Resolution) -> None:
    assert unpack(json.loads(dump_json(pack(resolution)))) == resolution


@given(RESOLUTIONS)
def test_what_comes_back_prints_the_same(resolution: Resolution) -> None:
    again = unpack(json.loads(dump_json(pack(resolution))))
    assert dump_json(toponym(again)) == dump_json(toponym(resolution))


def test_real_resolutions_come_back_the_same(parsed: ParsedArticle) -> None:
    for resolution in parsed.resolutions:
        assert unpack(json.loads(dump_json(pack(resolution)))) == resolution


@pytest.mark.parametrize("key", ["mention", "place", "precision", "score", "nil_reason", "nested"])
def test_a_lost_field_is_an_error_that_the_store_knows(parsed: ParsedArticle, key: str) -> None:
    packed = pack(parsed.resolutions[0])
    del packed[key]
    with pytest.raises(KeyError):
        unpack(packed)


def test_a_place_that_was_stored_before_it_had_a_second_level_code_is_read_without_one(parsed: ParsedArticle) -> None:
    resolution = next(one for one in parsed.resolutions if one.place)
    packed = pack(resolution)
    del packed["place"]["admin2"]
    assert unpack(packed) == resolution


@pytest.mark.parametrize("damaged", [[], "x", None, {"mention": 1}, {"mention": {}}, {"place": {"id": "gn:1"}}])
def test_values_of_another_form_are_an_error_that_the_store_knows(parsed: ParsedArticle, damaged: Any) -> None:
    packed = {**pack(parsed.resolutions[0]), **damaged} if isinstance(damaged, dict) else damaged
    with pytest.raises((KeyError, TypeError, ValueError)):
        unpack(packed)


# --- the contract of `geomap parse` --------------------------------------------------------------------------


def test_a_toponym_has_the_fields_of_the_contract_and_no_others(parsed: ParsedArticle) -> None:
    record = to_record(parsed)
    assert list(record) == ["id", "toponyms"]
    for found in record["toponyms"]:
        inner = found.pop("nested", [])
        assert list(found) == CONTRACT
        assert all(list(one) == CONTRACT for one in inner)


def test_every_kind_is_printed_as_the_contract_has_it(parsed: ParsedArticle) -> None:
    """The fields of each, in the contract's words; coordinates and score apart."""
    expected: dict[str, tuple[Any, ...]] = {
        "KABUL": ("place", "Kabul", "AF", [], "13", 1138958, "PPLC", "town", None),
        "Kunduz": ("place", "Kunduz", "AF", [], "24", 1135689, "PPLA", "town", None),
        "Helmand": ("place", "Helmand", "AF", [], "10", 1140043, "ADM1", "province", None),
        "northern Afghanistan": ("directional", "northern Afghanistan", "AF", [], None, None, "DIR", "region", None),
        "Russia": ("place", "Russia", "RU", [], None, 2017370, "PCLI", "country", None),
        "Tajik-Afghan border": (
            "border", "Afghanistan–Tajikistan border", None, ["AF", "TJ"], None, None, "BDR", "line", None,
        ),
        "Kremlin": ("metonym", "Kremlin", "RU", [], "48", None, "PAL", "point", None),
        "Central Asia": (
            "region", "Central Asia", None, ["KG", "KZ", "TJ", "TM", "UZ"], None, None, "RGN", "region", None,
        ),
        "Afghan": ("demonym", "Afghanistan", "AF", [], None, 1149361, "PCLI", "country", None),
        "border of Laos and Peru": (
            "border", None, None, ["LA", "PE"], None, None, None, None, "no shared border",
        ),
        "airport in the capital of Uzbekistan": (
            "facility", "Tashkent", "UZ", [], "13", 1512569, "PPLC", "town", None,
        ),
        "Moscow State University": (
            "organisation-embedded", "Moscow", "RU", [], "48", 524901, "PPLC", "town", None,
        ),
    }  # fmt: skip
    keys = ("kind", "name", "country", "countries", "admin1", "geonameid", "feature_code", "precision", "nil_reason")
    found = {one["phrase"]: tuple(one[key] for key in keys) for one in to_record(parsed)["toponyms"]}
    assert found == expected


def test_what_is_nested_in_a_span_stands_in_its_nested_list_only(parsed: ParsedArticle) -> None:
    record = {one["phrase"]: one for one in to_record(parsed)["toponyms"]}
    nested = {phrase: [inner["phrase"] for inner in one["nested"]] for phrase, one in record.items() if "nested" in one}
    assert nested == {
        "northern Afghanistan": ["Afghanistan"],
        "Tajik-Afghan border": ["Tajik", "Afghan"],
        "border of Laos and Peru": ["Laos", "Peru"],
        "airport in the capital of Uzbekistan": ["Uzbekistan"],
        "Moscow State University": ["Moscow"],
    }


def test_a_mention_without_a_place_gives_a_reason_and_no_coordinates(parsed: ParsedArticle) -> None:
    for one in to_record(parsed)["toponyms"]:
        nowhere = one["nil_reason"] is not None
        assert [one[key] is None for key in ("name", "lon", "lat", "precision")] == [nowhere] * 4


def test_a_line_is_one_line_of_json(parsed: ParsedArticle) -> None:
    assert "\n" not in dump_json(to_record(parsed))


def flat(toponyms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for outer in toponyms for one in (outer, *flat(outer.get("nested", [])))]


def check_contract(record: dict[str, Any], text: str) -> None:
    """Whatever the text: spans give their phrase, do not overlap, and hold what is nested in them."""
    end = 0
    for one in record["toponyms"]:
        assert end <= one["start"] < one["end"] <= len(text)
        end = one["end"]
        for inner in flat(one.get("nested", [])):
            assert one["start"] <= inner["start"] < inner["end"] <= one["end"]
    for one in flat(record["toponyms"]):
        assert text[one["start"] : one["end"]] == one["phrase"]
        assert one["kind"] in KINDS
        assert all(re.fullmatch("[A-Z]{2}", code) for code in (*one["countries"], one["country"] or "XX"))
        if one["lon"] is not None:
            assert -180 <= one["lon"] <= 180 and -90 <= one["lat"] <= 90
            assert 0 <= one["score"] <= 1
        if one["kind"] == "border" and one["nil_reason"] is None:
            assert len(one["countries"]) == 2 and one["countries"] == sorted(one["countries"])
        assert (one["nil_reason"] is None) or one["kind"] not in PINLESS


def test_the_contract_holds_on_the_seeds(geoparser: Geoparser, root: Path) -> None:
    articles = read_paths([root / "seeds"]).articles
    records = [to_record(one) for one in geoparser.parse(articles)]
    assert [record["id"] for record in records] == [article.id for article in articles]
    for record, article in zip(records, articles, strict=True):
        assert len(record["toponyms"]) >= 10
        check_contract(record, article.text)


PIECES = st.sampled_from(
    "Kabul|Kunduz|Tajik|Afghan|-|–| |, |. |\n|\r\n|the |border |with |of |northern |the airport in |Moscow |University|"
    "Kremlin|'s |’s |😀|e\u0301|\u200f|\u2028|\x00|\ud800|Кабул|کابل|U.S.|Panj|and |Imam Sahib|(|)|Central Asia".split(
        "|"
    )
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_the_contract_holds_on_any_text(geoparser: Geoparser, text: str) -> None:
    (parsed,) = geoparser.parse([Article(id="a", text=text)])
    record = to_record(parsed)
    check_contract(record, text)
    assert json.loads(dump_json(record)) == record
