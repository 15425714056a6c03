"""The atlas as the page reads it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from geomap.model import Article, Atlas, Place, Precision
from geomap.webmap.basemap import decode
from geomap.webmap.page import safe_json
from geomap.webmap.payload import HEADLINE, ShapeOf, build_payload, form, headline, utf16_offset

KUNDUZ, NORTH = "gn:1135690", "gm:dir-AF-north"

any_text = st.text(st.characters(codec=None))


@given(text=any_text, data=st.data())
def test_an_offset_counts_the_utf16_units_before_it(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert utf16_offset(text)(offset) == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


@given(text=any_text)
def test_a_json_block_gives_back_any_text_and_cannot_end_its_script(text: str) -> None:
    block = safe_json({"text": text})
    assert json.loads(block)["text"].encode("utf-16", "surrogatepass") == text.encode("utf-16", "surrogatepass")
    assert not set("<>&\u2028\u2029") & set(block)
    block.encode()  # no lone surrogate is left


def test_mentions_point_at_their_article_place_and_phrase_in_utf16(atlas: Atlas, shape: ShapeOf) -> None:
    payload = build_payload(atlas, shape=shape, title="t")
    phrases = {}
    for article, place, start, end, _, _, kind in payload["mentions"]:
        units = payload["articles"][article]["text"].encode("utf-16-le")
        name = payload["places"][place]["name"]
        phrases[units[2 * start : 2 * end].decode("utf-16-le")] = (name, payload["kinds"][kind])
    assert phrases["Dushanbe"] == ("Dushanbe", "place")
    assert phrases["کابل"] == ("Kabul", "place")
    assert phrases["Kremlin"] == ("Moscow", "metonym")
    assert phrases["Laotian"] == ("Laos", "demonym")


def test_a_sentence_is_cut_at_the_same_characters_as_in_the_model(atlas: Atlas, shape: ShapeOf) -> None:
    payload = build_payload(atlas, shape=shape, title="t")
    units = atlas.articles[0].text.encode("utf-16-le")
    first = next(row for row in payload["mentions"] if row[0] == 0)
    assert units[2 * first[4] : 2 * first[5]].decode("utf-16-le") == "😀 Ministers met in Dushanbe on Friday."


def test_nil_mentions_carry_their_reason(atlas: Atlas, shape: ShapeOf) -> None:
    payload = build_payload(atlas, shape=shape, title="t")
    assert [payload["reasons"][row[1]] for row in payload["nil"]] == ["not in gazetteer"]


def test_only_what_the_base_layer_lacks_brings_its_own_outline(atlas: Atlas) -> None:
    payload = build_payload(atlas, shape=lambda place: box(60, 30, 61, 31), title="t")
    outlined = {place["id"] for place in payload["places"] if "area" in place}
    assert outlined == {KUNDUZ, NORTH}


def test_outlines_keep_polygons_holes_and_lines_and_drop_points(atlas: Atlas) -> None:
    holed = Polygon(box(60, 30, 64, 34).exterior, [box(61, 31, 62, 32).exterior])
    mixed = GeometryCollection([MultiPolygon([holed]), LineString([(60, 30), (65, 35)]), Point(1, 1)])
    payload = build_payload(atlas, shape=lambda place: mixed if place.id == KUNDUZ else None, title="t")
    kunduz = next(place for place in payload["places"] if place["id"] == KUNDUZ)
    (rings,) = kunduz["area"]
    assert len(rings) == 2
    assert set(decode(rings[0])) == {(60, 30), (64, 30), (64, 34), (60, 34)}
    assert [decode(line) for line in kunduz["line"]] == [[(60, 30), (65, 35)]]


@pytest.mark.parametrize(
    ("code", "precision", "drawn"),
    [
        ("PPLC", "town", "town"),
        ("AIRP", "point", "town"),
        ("ADM1", "province", "province"),
        ("ADM2", "district", "province"),
        ("PCLI", "country", "country"),
        ("RGN", "region", "region"),
        ("DIR", "province", "directional"),
        ("BDR", "line", "line"),
        ("STM", "line", "line"),
        ("PPL", "country", "country"),
    ],
)
def test_a_form_follows_from_what_is_known_never_from_more(code: str, precision: Precision, drawn: str) -> None:
    place = Place(id="x", name="x", country=None, admin1=None, lon=0, lat=0, feature_code=code)
    assert form(place, precision) == drawn


def test_an_untitled_article_is_called_by_how_it_begins(atlas: Atlas) -> None:
    titled, untitled = atlas.articles
    assert headline(titled) == titled.title
    opening = headline(untitled)
    assert opening.endswith(" …") and untitled.text.startswith(opening[:-2])
    assert HEADLINE / 2 < len(opening) <= HEADLINE + 2
    assert headline(Article(id="a.txt", text=" \n ", title=" ")) == "a.txt"
    assert headline(Article(id="a.txt", text="\n One  line\nand more")) == "One line and more"


def test_an_empty_atlas_has_an_empty_payload() -> None:
    payload = build_payload(Atlas(articles=(), places=()), shape=lambda place: None, title="t")
    assert payload["articles"] == payload["places"] == payload["mentions"] == payload["nil"] == []
