"""Variations of labelled sentences: whatever is changed, every label stays on its own name."""

from __future__ import annotations

import random
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.training import augment
from geomap.training.augment import Names, dateline, fill, join, read_patterns, rename, texts, vary
from geomap.training.corpora import LABELS, Sentence

NAMES = Names(
    regional=["Qregion", "Qregion-e Suf"],
    world=["Qtown", "San Qtown"],
    states=["Qstate", "Q.S."],
    given=["Qgiven"],
    family=["Qfamily"],
    patterns=["[LOC:{town}] wins.", "[PER:{given} {family}] of [LOC:{region}], {number}, left on {day}."],
)
"""Every name that is put in has a Q, which no other word has."""
SENTENCES = [
    Sentence("Qold is far from New Qold.", ((0, 4, "LOC"), (17, 25, "LOC"))),
    Sentence('"Qjohn Qsmith," said the Qorg.', ((1, 13, "PER"), (25, 29, "ORG"))),
    Sentence("The Qnorps left Q.O. and QOLD.", ((4, 10, "NORP"), (16, 20, "LOC"), (25, 29, "LOC"))),
    Sentence("Nothing is named, Straße and all.", ()),
    Sentence("Die Straße nach Qold.", ((16, 20, "LOC"),)),  # two capitals for one ß
    Sentence("", ()),
]
KNOWN = {
    "LOC": {"Qold", "New Qold", "Q.O.", "QOLD", *NAMES.regional, *NAMES.world, *NAMES.states},
    "PER": {"Qjohn Qsmith", "Qfamily", "Qgiven Qfamily"},
    "ORG": {"Qorg"},
    "NORP": {"Qnorps"},
}
WITH_Q = re.compile(r"\S*q\S*", re.IGNORECASE)


def check(sentence: Sentence) -> None:
    """Spans are in order and apart, each is a whole name under its own label, and no name is without one."""
    position = 0
    for start, end, label in sentence.spans:
        assert position <= start < end <= len(sentence.text)
        position = end
        assert sentence.text[start:end].casefold() in {name.casefold() for name in KNOWN[label]}
    covered = {index for start, end, _ in sentence.spans for index in range(start, end)}
    assert {index for index, character in enumerate(sentence.text) if character in "qQ"} <= covered


for _sentence in SENTENCES:
    check(_sentence)

SEEDS = st.integers(0, 2**32)
SOME = st.lists(st.sampled_from(SENTENCES), max_size=8)


@given(SOME, SEEDS)
def test_labels_stay_on_their_names_through_every_variation(sentences: list[Sentence], seed: int) -> None:
    varied = list(texts(sentences, NAMES, random.Random(seed)))
    assert bool(varied) == bool(sentences)
    for text in varied:
        check(text)


@pytest.mark.parametrize("change", [vary, rename, dateline])
@given(sentence=st.sampled_from(SENTENCES), seed=SEEDS)
def test_labels_stay_on_their_names_through_each_change(change: object, sentence: Sentence, seed: int) -> None:
    assert callable(change)
    check(change(sentence, NAMES, random.Random(seed)))


@given(SOME, SEEDS)
def test_joining_keeps_every_text_and_every_label(sentences: list[Sentence], seed: int) -> None:
    joined = join(sentences, random.Random(seed))
    check(joined)
    assert joined.text.split() == " ".join(sentence.text for sentence in sentences).split()
    assert [label for _, _, label in joined.spans] == [label for one in sentences for _, _, label in one.spans]


@given(SOME, SEEDS)
def test_no_sentence_is_left_out(sentences: list[Sentence], seed: int) -> None:
    """A variation adds to a text and renames what is labelled; the words between stay."""
    found = " ".join(text.text for text in texts(sentences, NAMES, random.Random(seed))).casefold()
    plain = Counter(re.findall(r"(?:far|said|left|named)\b", " ".join(one.text for one in sentences)))
    for word, count in plain.items():
        assert found.count(word) >= count


@given(SOME, SEEDS)
def test_the_same_seed_gives_the_same_texts(sentences: list[Sentence], seed: int) -> None:
    once, again = (list(texts(sentences, NAMES, random.Random(seed))) for _ in range(2))
    assert once == again


def many(change: str) -> list[Sentence]:
    random_ = random.Random(1)
    made = getattr(augment, change)
    return [made(sentence, NAMES, random_) for _ in range(300) for sentence in SENTENCES[:3]]


def test_every_kind_of_variation_happens() -> None:
    found = many("vary")
    assert any(one.text.isupper() for one in found)
    assert any(one.text.islower() for one in found)
    assert any("is far From New" in one.text for one in found)
    assert any("(AP)" in one.text for one in found)
    assert any(one.text.endswith("wins.") for one in found)
    assert sum(one in SENTENCES for one in found) > len(found) / 3, "most of what the model reads is real"


def test_places_and_persons_get_other_names_and_nothing_else_does() -> None:
    names = {(label, one.text[start:end]) for one in many("rename") for start, end, label in one.spans}
    assert {name for label, name in names if label == "PER"} == {"Qjohn Qsmith", "Qgiven Qfamily"}
    assert {name for label, name in names if label == "LOC"} == KNOWN["LOC"]
    assert {name for label, name in names if label in ("ORG", "NORP")} == {"Qorg", "Qnorps"}


def test_an_abbreviation_and_a_word_in_capitals_keep_their_names() -> None:
    third = [one for one in many("rename") if "Qnorps" in one.text]
    assert {one.text for one in third} == {SENTENCES[2].text}


def test_a_dateline_is_a_place_before_the_text() -> None:
    for one in many("dateline"):
        (start, end, label) = one.spans[0]
        assert (start, label) == (0, "LOC")
        assert one.text[:end].casefold() in {name.casefold() for name in (*NAMES.world, *NAMES.regional)}
        assert any(one.text.endswith(sentence.text) for sentence in SENTENCES)


# --- patterns ----------------------------------------------------------------------------------------------------

PATTERNS = read_patterns()
SLOTS = {"town", "region", "state", "given", "family", "namesake", "number", "day"}


def test_there_are_many_patterns_each_once() -> None:
    assert len(PATTERNS) > 50
    assert len(set(PATTERNS)) == len(PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_has_known_slots_and_labels_and_is_filled_to_its_end(pattern: str) -> None:
    assert set(re.findall(r"\{(.*?)\}", pattern)) <= SLOTS
    names = re.findall(r"\[(.*?):(.*?)\]", pattern)
    assert {label for label, _ in names} <= set(LABELS)
    for seed in range(5):
        filled = fill(pattern, NAMES, random.Random(seed))
        assert re.search(r"[][{}]", filled.text) is None
        assert [label for _, _, label in filled.spans] == [label for label, _ in names]
        for (start, end, _), (_, inside) in zip(filled.spans, names, strict=True):
            shape = re.sub(r"\\\{\w+\\\}", "(?:.+)", re.escape(inside))
            assert re.fullmatch(shape, filled.text[start:end])
            assert filled.text[start:end] == filled.text[start:end].strip()


def test_an_unknown_slot_is_refused() -> None:
    with pytest.raises(KeyError, match="river"):
        fill("The {river} rose.", NAMES, random.Random(1))
