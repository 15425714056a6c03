"""A doc's tokens as lists: the same words and offsets as the doc has, and the questions that rules ask of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from geomap.recognition.pipeline import blank
from geomap.recognition.tokens import Tokens

ANY = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.lists(st.sampled_from(["Kabul", "U.S.-led", "’s", "\n", "  ", "e\u0301", "🙂", "<C>", "-"])).map(" ".join),
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank()


@given(ANY)
def test_each_word_stands_where_its_offsets_say(nlp: Language, text: str) -> None:
    doc = nlp.make_doc(text)
    tokens = Tokens(doc)
    assert len(tokens) == len(doc) == len(tokens.words) == len(tokens.lower) == len(tokens.spaced)
    assert tokens.starts == [token.idx for token in doc]
    for index, word in enumerate(tokens.words):
        assert text[tokens.starts[index] : tokens.end(index)] == word
    rebuilt = "".join(word + " " * space for word, space in zip(tokens.words, tokens.spaced, strict=True))
    assert rebuilt == text


@given(ANY.filter(bool), st.data())
def test_a_span_is_covered_by_the_fewest_tokens_and_no_fewer(nlp: Language, text: str, data: st.DataObject) -> None:
    tokens = Tokens(nlp.make_doc(text))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = tokens.range(start, end)
    assert tokens.starts[first] <= start
    assert tokens.end(last - 1) + tokens.spaced[last - 1] >= end
    assert tokens.end(first) + tokens.spaced[first] > start
    assert tokens.starts[last - 1] < end
    assert first == tokens.at(start)
    assert tokens.slice(first, last) == text[tokens.starts[first] : tokens.end(last - 1)]


def test_a_text_without_tokens_is_an_empty_list(nlp: Language) -> None:
    tokens = Tokens(nlp.make_doc(""))
    assert (len(tokens), tokens.words, tokens.starts, tokens.title_case, tokens.plain) == (0, [], [], [], [])


def test_an_empty_slice_is_no_text(nlp: Language) -> None:
    tokens = Tokens(nlp.make_doc("In Kabul."))
    assert tokens.slice(1, 1) == tokens.slice(3, 3) == ""


@pytest.mark.parametrize(
    ("text", "index", "step", "neighbour"),
    [
        ("in Kabul now", 1, 1, "now"),
        ("in Kabul now", 1, -1, "in"),
        ("in   Kabul", 2, -1, "in"),
        ("Kabul", 0, 1, None),
        ("Kabul", 0, -1, None),
        ("in\nKabul", 2, -1, None),
        ("in \n Kabul", 2, -1, None),
        ("Kabul\t\tnow", 0, 1, "now"),
    ],
)
def test_a_neighbour_is_looked_for_over_spaces_but_not_over_a_line_break(
    nlp: Language, text: str, index: int, step: int, neighbour: str | None
) -> None:
    tokens = Tokens(nlp.make_doc(text))
    found = tokens.neighbour(index, step)
    assert (None if found is None else tokens.words[found]) == neighbour


def test_a_capital_is_a_word_of_letters_that_begins_with_one(nlp: Language) -> None:
    tokens = Tokens(nlp.make_doc("Kabul kabul 7 Élan Кундуз کابل U.S. A"))
    capitals = [word for index, word in enumerate(tokens.words) if tokens.is_capital(index)]
    assert capitals == ["Kabul", "Élan", "Кундуз", "A"]


def test_rules_read_straight_apostrophes_line_breaks_and_no_brackets_of_their_own(nlp: Language) -> None:
    tokens = Tokens(nlp.make_doc("Kabul’s  <C>\n\nEND"))
    assert "".join(tokens.plain) == "kabul's‹c>\nend"
    assert len(tokens.plain) == len(tokens)
