"""Sentence starts of newspaper text, as the recogniser's own tokenizer cuts it."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from geomap.recognition.pipeline import load

TEXTS = [
    ("He said no. She left.", ["He said no.", "She left."]),
    ("It rained! Did it? Yes… No.", ["It rained!", "Did it?", "Yes…", "No."]),
    ("Dr. Ghani left Kabul.", ["Dr. Ghani left Kabul."]),
    ("U.S. troops left. Kabul fell.", ["U.S. troops left.", "Kabul fell."]),
    ("It cost 3.5 dollars. (He paid.) She left.", ["It cost 3.5 dollars.", "(He paid.)", "She left."]),
    ("The talks ended.The Kabul side left.", ["The talks ended.", "The Kabul side left."]),
    ('He said "no." She left.', ['He said "no."', "She left."]),
    ('It rained. "No," he said. "Yes."', ["It rained.", '"No," he said.', '"Yes."']),
    ("He asked “why?” She left.", ["He asked “why?”", "She left."]),
    ("He asked \"why?\" 'Yes' was said.", ['He asked "why?"', "'Yes' was said."]),
    ("درگیری در تخار. کابل؟ بله", ["درگیری در تخار.", "کابل؟", "بله"]),
    ("Fighting Spreads\nKABUL (AP) - It rained.", ["Fighting Spreads\n", "KABUL (AP) - It rained."]),
    ("\n\nOne\n\nTwo", ["\n\n", "One\n\n", "Two"]),
    ("no stop at all", ["no stop at all"]),
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


@pytest.mark.parametrize(("text", "sentences"), TEXTS, ids=[text[:30] for text, _ in TEXTS])
def test_a_text_is_cut_at_its_full_stops_and_line_breaks(nlp: Language, text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in nlp(text).sents] == sentences


def test_an_empty_text_has_no_sentence(nlp: Language) -> None:
    assert list(nlp("").sents) == []


def test_sentence_starts_that_the_pipeline_has_set_already_are_kept() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer", config={"punct_chars": [";"]})
    nlp.add_pipe("geomap_sentences")
    assert [sentence.text for sentence in nlp("One. Two; three").sents] == ["One. Two;", "three"]


@given(st.text(st.sampled_from("Aa .!?\"'”)\n\t،؟…")))
def test_sentences_cover_a_text_without_gap_or_overlap(nlp: Language, text: str) -> None:
    assert "".join(sentence.text_with_ws for sentence in nlp(text).sents) == text
