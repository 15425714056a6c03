"""The skeleton of a text: one symbol a mention, and the way back to the text's offsets."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from geomap.gazetteer.store import Gazetteer
from geomap.model import Kind, Mention
from geomap.recognition import state
from geomap.recognition.skeleton import Skeleton, symbol


@pytest.fixture(scope="module")
def nlp() -> Language:
    """Sentences and names only: what the rules see."""
    blank = spacy.blank("en")
    blank.add_pipe("geomap_sentences")
    blank.add_pipe("geomap_toponyms")
    return blank


def skeleton(nlp: Language, gazetteer: Gazetteer, text: str) -> Skeleton:
    doc = nlp(text)
    return Skeleton(state.tokens(doc), state.get(doc), gazetteer)


@pytest.mark.parametrize(
    ("text", "string"),
    [
        ("The Taliban control the border with Tajikistan.", "the taliban control the border with <C> ."),
        ("Helmand, Spin Boldak and Kabul", "<A> , <P> and <K>"),
        ("From Torkham to Helmand", "from <P> to <A>"),
        ("Afghan men in Central Asia", "<D> men in <R>"),
        ("Afghanistan’s north", "<C> 's north"),
        ("It rained.\n\nIn Kabul  it rained.", "it rained . \n in <K> it rained ."),
        ("He wrote <C> and <K>.", "he wrote ‹ c > and ‹ k > ."),
        ("", ""),
    ],
)
def test_mentions_become_symbols_and_words_lose_their_capitals(
    nlp: Language, gazetteer: Gazetteer, text: str, string: str
) -> None:
    assert skeleton(nlp, gazetteer, text).string == string


def test_a_match_leads_back_to_the_text(nlp: Language, gazetteer: Gazetteer) -> None:
    text = "The Taliban hold the border with Tajikistan."
    made = skeleton(nlp, gazetteer, text)
    (match,) = made.finditer(re.compile("border with <C>"))
    items = made.between(*match.span())
    assert [text[item.start : item.end] for item in items] == ["border", "with", "Tajikistan"]
    assert [mention.phrase for mention in made.mentions(match)] == ["Tajikistan"]


def test_only_whole_words_match(nlp: Language, gazetteer: Gazetteer) -> None:
    made = skeleton(nlp, gazetteer, "Borders near Tajikistan, border in Tajikistan")
    assert [match.group() for match in made.finditer(re.compile("border"))] == ["border"]
    assert [match.group() for match in made.finditer(re.compile("order"))] == []
    assert [match.group() for match in made.finditer(re.compile("border "))] == ["border "]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("place", "Tajikistan", "<C>"),
        ("place", "Helmand", "<A>"),
        ("place", "Dushanbe", "<K>"),
        ("metonym", "Dushanbe", "<K>"),
        ("place", "Torkham", "<P>"),
        ("place", "Xyzzy", "<P>"),
        ("region", "Central Asia", "<R>"),
        ("demonym", "Tajikistan", "<D>"),
        ("border", "Durand Line", "<O>"),
        ("facility", "Kabul airport", "<O>"),
        ("organisation-embedded", "Kabul University", "<O>"),
    ],
)
def test_each_kind_of_mention_has_its_symbol(gazetteer: Gazetteer, kind: Kind, name: str, expected: str) -> None:
    mention = Mention(start=0, end=len(name), phrase=name, kind=kind, name=name, sentence=(0, len(name)))
    assert symbol(mention, gazetteer) == expected


@given(st.lists(st.sampled_from(["Kabul", "Herat", "'s", "-", "\n", " ", "<C>", "border", "🙂", "Afghan", ",", "\t"])))
def test_items_stand_at_their_part_of_the_string_and_in_text_order(
    nlp: Language, gazetteer: Gazetteer, parts: list[str]
) -> None:
    made = skeleton(nlp, gazetteer, "".join(parts))
    items = [made.item(number) for number in range(len(made))]
    assert [made.string[item.at - 1] for item in items[1:]] == [" "] * (len(items) - 1 if items else 0)
    assert all(a.end <= b.start for a, b in pairwise(items))
    assert made.between(0, len(made.string)) == items


@given(
    st.lists(st.sampled_from(["Kabul", "Herat", "it", "rained", "border", "borders", ",", "\n"]), max_size=40),
    st.data(),
)
def test_a_pattern_tried_only_around_a_word_finds_what_it_finds_everywhere(
    nlp: Language, gazetteer: Gazetteer, parts: list[str], data: st.DataObject
) -> None:
    filler = " ".join(["then"] * data.draw(st.integers(0, 90)))
    made = skeleton(nlp, gazetteer, f" {filler} ".join(parts))
    pattern = re.compile(r"<[KAP]> borders?|borders? <[KAP]>")
    found = [(match.span(), match.group()) for match in made.finditer(pattern, ("border",))]
    assert found == [(match.span(), match.group()) for match in made.finditer(pattern)]
