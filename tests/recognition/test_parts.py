"""A long text in parts: nothing is lost, nothing moves, and a cut stands where a reader would pause."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.model import Mention
from geomap.recognition import parts

TEXTS = st.lists(st.sampled_from(["Kabul", "rain", " ", ". ", "\n", "\n\n", "🙂"]), max_size=60).map("".join)
KABUL = Mention(start=3, end=8, phrase="Kabul", kind="place", name="Kabul", sentence=(0, 9))


@given(TEXTS, st.integers(2, 40))
def test_the_parts_are_the_text_and_each_stands_at_its_offset(text: str, longest: int) -> None:
    found = list(parts.cut(text, longest))
    assert "".join(part for _, part in found) == text
    assert all(text[offset : offset + len(part)] == part for offset, part in found)


@given(TEXTS, st.integers(2, 40))
def test_no_part_is_longer_than_asked_and_only_the_last_is_shorter_than_half(text: str, longest: int) -> None:
    lengths = [len(part) for _, part in parts.cut(text, longest)]
    assert max(lengths) <= longest
    assert all(length >= longest // 2 for length in lengths[:-1])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("In Kabul. It\nrained.\n\nIn Herat it did not", "In Kabul. It\nrained.\n\n"),
        ("In Kabul it was so\nand it rained", "In Kabul it was so\n"),
        ("In Kabul it rained. And rained", "In Kabul it rained. "),
        ("In Kabul it rained and rained", "In Kabul it rained and "),
        ("InKabulItRainedAndRainedAndRained", "InKabulItRainedAndRained"),
    ],
)
def test_a_cut_stands_between_paragraphs_else_lines_else_sentences_else_words(text: str, first: str) -> None:
    assert next(parts.cut(text, 24)) == (0, first)


def test_a_short_text_is_its_only_part() -> None:
    assert list(parts.cut("In Kabul.")) == [(0, "In Kabul.")]
    assert list(parts.cut("")) == [(0, "")]


def test_a_mention_moves_with_its_sentence_and_all_that_is_nested_in_it() -> None:
    outer = replace(KABUL, start=0, end=12, phrase="In Kabul now", kind="facility", nested=(KABUL,))
    moved = parts.moved(outer, 100)
    assert (moved.start, moved.end, moved.sentence, moved.phrase) == (100, 112, (100, 109), "In Kabul now")
    assert [(inner.start, inner.end, inner.sentence) for inner in moved.nested] == [(103, 108, (100, 109))]
    assert parts.moved(outer, 0) is outer
