"""The whole recogniser, and with it resolution: what holds of every text, however odd or long."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from geomap.collection import collect
from geomap.errors import ModelError
from geomap.gazetteer.store import Gazetteer
from geomap.model import KINDS, PINLESS, Article, ParsedArticle, Resolution
from geomap.pipeline import Geoparser
from geomap.recognition.pipeline import COMPONENTS, explain, load, recognise
from tests.conftest import Parse

WORDS = [
    "Afghanistan", "Tajikistan", "Kabul", "Kunduz", "Herat", "Dara-e Suf", "Moscow", "Idaho", "Paris", "New York", "Central Asia",
    "Amu Darya", "GBAO", "U.S.", "W.Va.", "Kremlin", "Khatlon", "Badakhshan", "Кундуз", "کابل", "Durand Line", "201st", "Xyzzystan",
    "Afghan", "Tajik", "Russian", "Soviet", "Central Asian", "Pak",
    "border", "frontier", "between", "with", "from", "into", "of", "the", "and", "northern", "south", "far", "parts", "line", "guards",
    "province", "district", "provinces", "city", "airport", "base", "hospital", "in", "near", "military", "capital", "University", "Bank",
    "Times", "Movement", "said", "says", "refusal", "talks", "General", "Mr.", "Best", "May", "INTERFAX", "(Reuters)", "/TASS/",
    "'s", "’s", "'", "-", "–", "—", "--", ",", ".", ":", ";", "(", ")", "[", "]", '"', "“", "”", "…", "?", "/", "<C>", "<", "e", "i",
    "\n", "\n\n", "\t", "\r\n", "\u00a0", "\u200c", "🙂", "🇦🇫", "é", "e\u0301", "\ud800", "\x00", "7", "1,357",
]  # fmt: skip
NEWS = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["", " ", " "]))).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)
ANY = st.text(st.characters(), max_size=200)
TEXTS = st.one_of(NEWS, ANY)


def everything(resolutions: tuple[Resolution, ...]) -> Iterator[tuple[Resolution | None, Resolution]]:
    """Every resolution with the one it is nested in."""
    for outer in resolutions:
        yield None, outer
        for parent, inner in everything(outer.nested):
            yield parent or outer, inner


# --- what holds of every text ----------------------------------------------------------------------------------


@given(TEXTS)
def test_every_mention_is_its_part_of_the_text(parse: Parse, text: str) -> None:
    for _, resolution in everything(parse(text)):
        mention = resolution.mention
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.phrase == text[mention.start : mention.end]
        assert mention.kind in KINDS
        start, end = mention.sentence
        assert start <= mention.start < end <= len(text)


@given(TEXTS)
def test_outermost_mentions_are_in_order_and_disjoint_and_hold_what_is_nested(parse: Parse, text: str) -> None:
    resolutions = parse(text)
    for before, after in pairwise(resolutions):
        assert before.mention.end <= after.mention.start
    for outer, inner in everything(resolutions):
        if outer is not None:
            assert outer.mention.start <= inner.mention.start < inner.mention.end <= outer.mention.end


@given(TEXTS)
def test_every_mention_has_one_resolution_with_a_place_or_a_reason(parse: Parse, text: str) -> None:
    resolutions = parse(text)
    for _, resolution in everything(resolutions):
        assert (resolution.place is None) == (resolution.nil_reason is not None) == (resolution.precision is None)
        assert tuple(inner.mention for inner in resolution.nested) == resolution.mention.nested
        assert 0.0 <= resolution.score <= 1.0
        if resolution.mention.kind == "border" and resolution.place:
            assert resolution.place.feature_code == "BDR"
            assert set(resolution.mention.countries) <= set(resolution.place.countries)


@pytest.fixture(scope="module")
def other(gazetteer: Gazetteer) -> Geoparser:
    """A second geoparser, with caches of its own."""
    return Geoparser(gazetteer)


@given(st.lists(NEWS, min_size=1, max_size=4))
def test_an_article_is_parsed_the_same_twice_and_in_any_company(
    parse: Parse, other: Geoparser, texts: list[str]
) -> None:
    articles = [Article(id=str(number), text=text) for number, text in enumerate(texts)]
    backwards = {one.article.id: one.resolutions for one in other.parse(reversed(articles))}
    assert [backwards[article.id] for article in articles] == [parse(text) for text in texts]


@given(st.lists(NEWS, min_size=1, max_size=3))
def test_no_demonym_and_no_organisation_gets_on_an_atlas_place(parse: Parse, texts: list[str]) -> None:
    parsed = [
        ParsedArticle(article=Article(id=str(n), text=text), resolutions=parse(text)) for n, text in enumerate(texts)
    ]
    atlas = collect(parsed)
    drawn = [mention.resolution.mention.kind for place in atlas.places for mention in place.mentions]
    assert PINLESS.isdisjoint(drawn)
    outermost = sum(len(one.resolutions) for one in parsed)
    assert len(drawn) + len(atlas.unmapped) + len(atlas.nil) >= outermost


# --- odd texts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\x00", "\ufeff", "\ud800", "\ud800\udc00", "🙂" * 10, "<C> <K> <A>", "'s", "-", "("]
)
def test_a_text_without_names_has_no_mentions(parse: Parse, text: str) -> None:
    assert parse(text) == ()


def test_offsets_are_code_points_of_the_text_as_given(parse: Parse) -> None:
    """Behind emoji, combining accents, lone surrogates and a byte-order mark."""
    text = "\ufeff🙂🇦🇫 e\u0301 \ud800 \r\n\u200cIn Kabul."
    (kabul,) = parse(text)
    assert (kabul.mention.start, kabul.mention.end) == (text.index("Kabul"), text.index("Kabul") + 5)
    assert kabul.place is not None
    assert kabul.place.id == "gn:1138958"


# --- long texts: they end, and nothing is lost -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("K" * 300_000, 0),
        ("Kabul" * 60_000, 0),
        ("Afghanistan " * 20_000, 20_000),
        ("Afghanistan, Tajikistan.\n" * 1_000, 2_000),
        ("Afghanistan's Kabul's Herat's " * 1_000, 3_000),
        ("Kabul" + "'s" * 800, 1),
        ("convoy " * 43_000, 0),
        ("Kabul-" * 1_000, 1_000),
        ('"' * 2_000, 0),
        ("“ ” ‘ ’ " * 1_000, 0),
        ("(" * 1_000 + "Kabul" + ")" * 1_000, 1),
        ("the convoy went on " * 10_000, 0),
        ("Convoy Went On And On " * 2_000, 0),
        ("north " * 1_000 + "Afghanistan", 1),
        ("the Afghan-Tajik border " * 300, 300),
        ("the Afghan border with the " * 300, 300),
        ("Afghan " + "state common " * 1_000 + "border", 1),
        ("military " * 1_500 + "base in Kabul", 1),
        ("Kabul and " * 500 + "Herat said", 501),
        ("Ghazni: Muqur, Andar\n" * 800, 2_400),
        ("\n" * 20_000 + "Kabul", 1),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, str) else None,
)  # fmt: skip
def test_a_long_monotonous_text_is_parsed_to_its_end(parse: Parse, text: str, mentions: int) -> None:
    assert len(parse(text)) == mentions


def test_a_long_line_without_a_full_stop_is_parsed_to_its_end(parse: Parse) -> None:
    resolutions = parse("the convoy went on and on " * 833 + "to Kabul")
    assert [(r.mention.phrase, r.mention.sentence) for r in resolutions] == [("Kabul", (0, 833 * 26 + 8))]


# --- putting it together -----------------------------------------------------------------------------------------


def test_the_tagger_stands_before_the_rules_unless_it_is_left_out() -> None:
    assert load().pipe_names == ["geomap_sentences", "geomap_tagger", *COMPONENTS]
    assert load(fast=True).pipe_names == ["geomap_sentences", *COMPONENTS]


def test_the_recogniser_takes_texts_longer_than_spacys_own_limit() -> None:
    nlp = load(fast=True)
    filler = "The convoy went on and on. " * 200
    text = f"{filler}\n\nIn Kabul it rained.\n\n" * 220
    assert len(text) > nlp.max_length
    (mentions,) = recognise(nlp, [text])
    assert len(mentions) == 220
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.phrase == "Kabul"
        assert text[slice(*mention.sentence)].strip() == "In Kabul it rained."


def test_what_is_explained_of_a_long_text_is_found_at_the_offsets_of_its_names() -> None:
    text = "The convoy went on and on.\n\n" * 9_000 + "In Kabul it rained."
    mentions, reasons = explain(load(fast=True), text)
    assert [mention.phrase for mention in mentions] == ["Kabul"]
    assert ("preposition", 2.0) in reasons[mentions[0].start]


def test_texts_are_recognised_one_by_one_in_their_order() -> None:
    found = [[mention.phrase for mention in mentions] for mentions in recognise(load(), ["In Kabul.", "", "In Herat."])]
    assert found == [["Kabul"], [], ["Herat"]]


@pytest.mark.parametrize("glued", ["U.S.-led men", "Kabul/Herat", "Kabul–Herat", "end.The", "Kabul- and Herat-based"])
def test_the_tokenizer_keeps_every_character_of_glued_words(glued: str) -> None:
    doc = load().make_doc(glued)
    assert doc.text == glued
    assert not {"U.S.-led", "Kabul/Herat", "Kabul–Herat", "end.The", "Kabul-"} & {token.text for token in doc}


def test_a_model_that_is_not_installed_is_a_named_error() -> None:
    with pytest.raises(
        ModelError, match=r"^no_such_model: no such spaCy model; install it \(pip install no_such_model\)"
    ):
        load(model="no_such_model")


def test_a_model_without_a_recogniser_is_a_named_error(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="has no named-entity recogniser; choose a model with one"):
        load(model=str(tmp_path / "blank"))
