"""Labelled corpora: read, mended, and set as real text with every label on its own words."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geomap.training.corpora import LABELS, Sentence, Tokens, TrainingError, as_text, mend, read_all, read_gmb
from tests.training.conftest import FILES, GMB, Corpora

PLACES = frozenset({"Nepal", "Jordan", "Niger", "Sri Lanka", "South Korea", "London"})


def nowhere(name: str) -> bool:
    return False


def known(name: str) -> bool:
    return name in PLACES


def tokens(line: str, *spans: tuple[int, int, str]) -> Tokens:
    return Tokens(tuple(line.split(" ")), spans)


def labelled(sentence: Sentence) -> list[tuple[str, str]]:
    return [(sentence.text[start:end], label) for start, end, label in sentence.spans]


# --- reading -----------------------------------------------------------------------------------------------------


def test_every_corpus_is_read_under_its_name(corpora: Corpora) -> None:
    read = read_all(corpora({}), nowhere)
    assert {name: len(sentences) for name, sentences in read.items()} == {
        "gmb": 3, "wikigold": 12, "wnut": 24, "btc": 12, "uner": 24,
    }  # fmt: skip
    for sentences in read.values():
        for sentence in sentences:
            assert {label for _, _, label in sentence.spans} <= set(LABELS)
            assert labelled(sentence) != []


def test_the_groningen_tagging_is_read_from_its_archive(corpora: Corpora) -> None:
    read = read_all(corpora({}), known)["gmb"]
    assert read[0].text == "Thousands have marched through London to protest the war in Iraq ."[:-2] + "."
    assert labelled(read[0]) == [("London", "LOC"), ("Iraq", "LOC")]
    assert labelled(read[1]) == [("Nepal", "LOC"), ("U.S.", "LOC")], "a people by its tag, a country by the gazetteer"
    assert labelled(read[2]) == [("Sunni", "MISC"), ("Mr. Smith", "PER")]


def test_a_word_in_the_codepage_of_windows_is_read_and_a_blank_one_left_out(corpora: Corpora) -> None:
    table = "Sentence #,Word,POS,Tag\nSentence: 1,Café,NNP,B-geo\n, ,NN,O\n,closed,VBD,O\n"
    (sentence,) = read_gmb(corpora({GMB: table}))
    assert sentence == tokens("Café closed", (0, 1, "LOC"))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["New B-LOC", "York I-LOC", "won O"], [("New York", "LOC")]),
        (["Paris B-LOC", "London B-LOC"], [("Paris", "LOC"), ("London", "LOC")]),
        (["New I-LOC", "York I-LOC"], [("New York", "LOC")]),
        (["Paris I-LOC", "Hilton I-PER"], [("Paris", "LOC"), ("Hilton", "PER")]),
        (["Paris I-LOC", "and O", "London I-LOC"], [("Paris", "LOC"), ("London", "LOC")]),
        (["Apple B-corporation", "phone B-product", "band B-group"], [("Apple", "ORG"), ("phone", "MISC"), ("band", "ORG")]),
        (["soon B-tim", "now O"], []),
        (["U I-LOC", ". I-LOC", "S I-LOC", ". I-LOC", "troops O"], [("U.S.", "LOC")]),
        (["plan O", "B O", ". O"], []),
    ],
)  # fmt: skip
def test_tags_become_spans_of_words(corpora: Corpora, lines: list[str], expected: list[tuple[str, str]]) -> None:
    read = read_all(corpora({"wikigold.conll.txt": "\n".join(lines) + "\n"}), nowhere)["wikigold"]
    assert [labelled(sentence) for sentence in read] == [expected]


def test_comments_document_starts_and_blank_lines_end_a_sentence(corpora: Corpora) -> None:
    text = "-DOCSTART- O\n\n\nOne O\n# text = Two\nTwo O\n\n\nThree O"
    read = read_all(corpora({"btc_g.conll": text}), nowhere)["btc"]
    assert [sentence.text for sentence in read] == ["One", "Two", "Three"]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_corpus_is_a_named_error_with_its_mend(corpora: Corpora, name: str) -> None:
    folder = corpora({})
    (folder / name).unlink()
    with pytest.raises(TrainingError) as error:
        read_all(folder, nowhere)
    assert str(error.value).startswith(f"{folder}: a training corpus is missing or damaged (")
    assert name in str(error.value)
    assert str(error.value).endswith("); see docs/accuracy.md for the list")


def test_a_folder_that_is_not_there_is_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="a training corpus is missing"):
        read_all(tmp_path / "none", nowhere)


def no_archive(folder: Path) -> None:
    (folder / GMB).write_bytes(b"no archive")


def no_table(folder: Path) -> None:
    with zipfile.ZipFile(folder / GMB, "w") as archive:
        archive.writestr("notes.txt", "nothing here")


def other_columns(folder: Path) -> None:
    with zipfile.ZipFile(folder / GMB, "w") as archive:
        archive.writestr("gmb.csv", "Word,Tag\nParis,B-geo\n")


def not_utf8(folder: Path) -> None:
    (folder / "btc_g.conll").write_bytes("Caf\xe9 B-LOC\n".encode("cp1252"))


@pytest.mark.parametrize("damage", [no_archive, no_table, other_columns, not_utf8])
def test_a_damaged_corpus_is_a_named_error(corpora: Corpora, damage: Callable[[Path], None]) -> None:
    folder = corpora({})
    damage(folder)
    with pytest.raises(TrainingError):
        read_all(folder, nowhere)


# --- mending -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "spans", "mended"),
    [
        ("Nepal agreed", [(0, 1, "NORP")], [("Nepal", "LOC")]),
        ("Jordan agreed", [(0, 1, "ORG")], [("Jordan", "LOC")]),
        ("Nepalese agreed", [(0, 1, "NORP")], [("Nepalese", "NORP")]),
        ("Jordan agreed", [(0, 1, "PER")], [("Jordan", "PER")]),
        ("the African Union met", [(1, 3, "LOC")], [("African Union", "ORG")]),
        ("they left Islam", [(2, 3, "LOC")], [("Islam", "MISC")]),
        ("it went South", [(2, 3, "LOC")], []),
        ("South Korea agreed", [(0, 1, "LOC"), (1, 2, "LOC")], [("South Korea", "LOC")]),
        ("South Korea agreed", [(0, 1, "LOC"), (1, 2, "NORP")], [("South Korea", "LOC")]),
        ("in Sri Lanka today", [(2, 3, "LOC")], [("Sri Lanka", "LOC")]),
        ("in Sri Lanka today", [(1, 2, "ORG"), (2, 3, "LOC")], [("Sri Lanka", "LOC")]),
        ("from London Nepal", [(1, 2, "LOC"), (2, 3, "LOC")], [("London", "LOC"), ("Nepal", "LOC")]),
        ("nothing at all", [], []),
    ],
)
def test_what_the_groningen_tagging_gets_wrong_is_mended(
    line: str, spans: list[tuple[int, int, str]], mended: list[tuple[str, str]]
) -> None:
    after = mend(tokens(line, *spans), known)
    assert after.words == tuple(line.split(" "))
    assert [(" ".join(after.words[start:end]), label) for start, end, label in after.spans] == mended


WORDS = st.sampled_from(
    [
        "Sri",
        "Lanka",
        "South",
        "Korea",
        "Nepal",
        "Islam",
        "north",
        "U.S.",
        "U.S.-led",
        "x",
        '"',
        ",",
        "(",
        "n't",
        "$",
        "é",
    ]
)


@st.composite
def tokens_with_spans(draw: st.DrawFn) -> Tokens:
    words = draw(
        st.lists(st.one_of(WORDS, st.text("abcXYZ.,'\"-(é🙂", min_size=1, max_size=5)), min_size=1, max_size=12)
    )
    cuts = sorted(draw(st.sets(st.integers(0, len(words)), max_size=8)))
    pairs = [(start, end) for start, end in pairwise(cuts) if draw(st.booleans())]
    return Tokens(tuple(words), tuple((start, end, draw(st.sampled_from(LABELS))) for start, end in pairs))


@example(tokens("in Sri Lanka", (1, 2, "ORG"), (2, 3, "LOC")), nowhere)
@given(tokens_with_spans(), st.sampled_from([known, nowhere]))
def test_mending_leaves_the_spans_apart_in_order_and_of_known_labels(
    sentence: Tokens, is_place: Callable[[str], bool]
) -> None:
    mended = mend(sentence, is_place)
    position = 0
    for start, end, label in mended.spans:
        assert position <= start < end <= len(sentence.words)
        assert label in LABELS
        position = end
    assert mend(mended, is_place) == mended, "what is mended needs no mending"


# --- real text -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("He left , then came back .", "He left, then came back."),
        ("Kabul 's bazaar ( the old one ) burned .", "Kabul's bazaar (the old one) burned."),
        ('He said : " No . " Then he left .', 'He said: "No." Then he left.'),
        ('" No , " he said , " never . "', '"No," he said, "never."'),
        ("It was n't $ 5 but 7 % .", "It wasn't $5 but 7%."),
        ("", ""),
    ],
)
def test_words_are_joined_as_a_newspaper_sets_them(line: str, text: str) -> None:
    assert as_text(Tokens(tuple(line.split()), ())).text == text


@pytest.mark.parametrize(
    ("line", "span", "expected"),
    [
        ("the U.S.-led force", (1, 2, "LOC"), "U.S."),
        ("a Kabul-based group", (1, 2, "LOC"), "Kabul"),
        ("a Port-au-Prince man", (1, 2, "LOC"), "Port-au-Prince"),
        ("in New York-area schools", (1, 3, "LOC"), "New York"),
    ],
)
def test_a_label_does_not_cover_the_tail_of_a_compound(line: str, span: tuple[int, int, str], expected: str) -> None:
    sentence = as_text(tokens(line, span))
    assert sentence.text == line
    assert labelled(sentence) == [(expected, span[2])]


@given(tokens_with_spans())
def test_every_span_of_the_text_is_its_words_and_no_character_is_lost(sentence: Tokens) -> None:
    made = as_text(sentence)
    assert made.text.replace(" ", "") == "".join(sentence.words)
    assert "  " not in made.text
    assert made.text == made.text.strip()
    assert len(made.spans) == len(sentence.spans)
    position = 0
    for (start, end, label), (first, last, wanted) in zip(made.spans, sentence.spans, strict=True):
        assert position <= start < end
        position = end
        assert label == wanted
        words = "".join(sentence.words[first:last])
        found = made.text[start:end].replace(" ", "")
        assert words.startswith(found)
        assert words == found or words[len(found)] == "-"
