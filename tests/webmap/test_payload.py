"""The atlas as the page reads it."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from geomap.model import Article, Atlas, AtlasMention, AtlasPlace, Mention, Place, Precision, Resolution
from geomap.webmap.basemap import decode, decode_numbers
from geomap.webmap.page import safe_json
from geomap.webmap.payload import HEADLINE, PACK_ABOVE, Json, ShapeOf, build_payload, form, headline, pack, utf16_offset

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


def mention_rows(payload: Json, columns: str = "mentions") -> list[dict[str, int]]:
    """The mentions as a browser reads them: one row each, offsets absolute."""
    read = {name: decode_numbers(values) for name, values in payload[columns].items()}
    articles = [number for number, count in enumerate(read["per"]) for _ in range(count)]
    rows: list[dict[str, int]] = []
    for index, article in enumerate(articles):
        row = {name: values[index] for name, values in read.items() if name != "per"}
        before = rows[-1]["start"] if rows and rows[-1]["article"] == article else 0
        start = before + row["start"]
        end = start + row["length"]
        rows.append(
            row
            | {"article": article, "start": start, "end": end, "from": start - row["lead"], "to": end + row["trail"]}
        )
    return rows


def cut(payload: Json, article: int, start: int, end: int) -> str:
    """A stretch of a text, counted as a browser counts."""
    text: str = payload["articles"]["text"][article]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_mentions_point_at_their_article_place_and_phrase_in_utf16(atlas: Atlas, shape: ShapeOf) -> None:
    payload = build_payload(atlas, shape=shape, title="t")
    phrases = {
        cut(payload, row["article"], row["start"], row["end"]): (
            payload["places"]["name"][row["place"]],
            payload["kinds"][row["kind"]],
        )
        for row in mention_rows(payload)
    }
    assert phrases["Dushanbe"] == ("Dushanbe", "place")
    assert phrases["کابل"] == ("Kabul", "place")
    assert phrases["Kremlin"] == ("Moscow", "metonym")
    assert phrases["Laotian"] == ("Laos", "demonym")


def test_a_sentence_is_cut_at_the_same_characters_as_in_the_model(atlas: Atlas, shape: ShapeOf) -> None:
    payload = build_payload(atlas, shape=shape, title="t")
    first = mention_rows(payload)[0]
    assert cut(payload, 0, first["from"], first["to"]) == "😀 Ministers met in Dushanbe on Friday."


def test_precision_and_score_stand_with_their_mention(atlas: Atlas, shape: ShapeOf) -> None:
    sure = replace(atlas.places[0].mentions[0].resolution, score=0.876)
    mention = replace(atlas.places[0].mentions[0], resolution=sure)
    one = replace(atlas, places=(replace(atlas.places[0], mentions=(mention,)),), unmapped=(), nil=())
    payload = build_payload(one, shape=shape, title="t")
    (row,) = mention_rows(payload)
    assert (payload["precisions"][row["precision"]], row["score"]) == ("town", 88)


def test_nil_mentions_carry_their_reason(atlas: Atlas, shape: ShapeOf) -> None:
    payload = build_payload(atlas, shape=shape, title="t")
    (row,) = mention_rows(payload, "nil")
    assert payload["reasons"][row["place"]] == "not in gazetteer"
    assert cut(payload, row["article"], row["start"], row["end"]) == "Nowhereville"


def test_an_article_with_a_page_of_its_own_leaves_only_its_sentences_with_mentions(
    atlas: Atlas, shape: ShapeOf
) -> None:
    payload = build_payload(atlas, shape=shape, title="t", pages={"untitled.txt": "articles/untitled.html"})
    whole = build_payload(atlas, shape=shape, title="t")
    assert payload["articles"]["page"] == {1: "articles/untitled.html"}
    assert payload["articles"]["text"][0] == whole["articles"]["text"][0]
    for kept, row in zip(mention_rows(payload), mention_rows(whole), strict=True):
        for start, end in (("start", "end"), ("from", "to")):
            assert cut(payload, kept["article"], kept[start], kept[end]) == cut(
                whole, row["article"], row[start], row[end]
            )


@given(data=st.data(), text=st.text(st.sampled_from("ab 😀.\n"), min_size=1, max_size=40))
def test_whatever_sentences_are_kept_every_phrase_stays_itself(data: st.DataObject, text: str) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)) | {0, len(text)})
    spans = [span for span in pairwise(cuts) if data.draw(st.booleans())]
    place = Place(id="x", name="x", country=None, admin1=None, lon=0, lat=0, feature_code="PPL")
    mentions = []
    for low, high in spans:
        start = data.draw(st.integers(low, high - 1))
        end = data.draw(st.integers(start + 1, high))
        found = Mention(start=start, end=end, phrase=text[start:end], kind="place", name="x", sentence=(low, high))
        mentions.append(
            AtlasMention(article_id="a", resolution=Resolution(mention=found, place=place, precision="town"))
        )
    atlas = Atlas(
        articles=(Article(id="a", text=text),),
        places=(AtlasPlace(place=place, precision="town", mentions=tuple(mentions)),),
    )
    payload = build_payload(atlas, shape=lambda place: None, title="t", pages={"a": "a.html"})
    kept = [
        (cut(payload, 0, row["start"], row["end"]), cut(payload, 0, row["from"], row["to"]))
        for row in mention_rows(payload)
    ]
    assert sorted(kept) == sorted(
        (m.resolution.mention.phrase, text[slice(*m.resolution.mention.sentence)]) for m in mentions
    )


def test_long_data_are_packed_to_the_same_bytes_and_short_ones_left_alone() -> None:
    assert pack("x" * (PACK_ABOVE - 1)) is None
    packed = pack("“x”" * PACK_ABOVE)
    assert packed is not None
    assert gzip.decompress(base64.b64decode(packed)).decode() == "“x”" * PACK_ABOVE
    assert packed == pack("“x”" * PACK_ABOVE)


def test_only_what_the_base_layer_lacks_brings_its_own_outline(atlas: Atlas) -> None:
    payload = build_payload(atlas, shape=lambda place: box(60, 30, 61, 31), title="t")
    outlined = {
        payload["places"]["id"][index] for index, lines in payload["places"]["outline"].items() if "area" in lines
    }
    assert outlined == {KUNDUZ, NORTH}


def test_names_in_other_scripts_are_there_to_be_searched(atlas: Atlas, shape: ShapeOf) -> None:
    payload = build_payload(atlas, shape=shape, title="t", names={KUNDUZ: ("кундуз", "کندز")})
    index = payload["places"]["id"].index(KUNDUZ)
    assert payload["places"]["also"] == {index: "кундуз کندز"}


def test_outlines_keep_polygons_holes_and_lines_and_drop_points(atlas: Atlas) -> None:
    holed = Polygon(box(60, 30, 64, 34).exterior, [box(61, 31, 62, 32).exterior])
    mixed = GeometryCollection([MultiPolygon([holed]), LineString([(60, 30), (65, 35)]), Point(1, 1)])
    payload = build_payload(atlas, shape=lambda place: mixed if place.id == KUNDUZ else None, title="t")
    kunduz = payload["places"]["outline"][payload["places"]["id"].index(KUNDUZ)]
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
    assert payload["articles"]["id"] == payload["places"]["id"] == []
    assert set(payload["mentions"].values()) == set(payload["nil"].values()) == {""}
