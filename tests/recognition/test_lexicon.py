"""The lexicon of English uses: the bundled one, and how it is counted from labelled corpora."""

from __future__ import annotations

import zipfile
from pathlib import Path

from geomap.recognition.lexicon import Uses, count, load, main

NAMES = {"reading", "kabul", "best"}


def tagged(*pairs: str) -> list[tuple[str, str]]:
    """ "Reading/B-location" → ("Reading", "B-location"); no tag is O."""
    return [(token, tag or "O") for token, _, tag in (pair.partition("/") for pair in pairs)]


def test_the_bundled_lexicon_knows_words_from_places() -> None:
    lexicon = load()
    assert lexicon["best"].lower > 20 * lexicon["best"].location
    assert lexicon["paris"].location > 20 * lexicon["paris"].person
    assert "xyzzy" not in lexicon


def test_no_line_of_the_bundled_lexicon_is_empty() -> None:
    assert [word for word, uses in load().items() if not any(uses) or min(uses) < 0] == []


def test_uses_are_counted_by_case_and_tag() -> None:
    sentence = tagged("the", "reading", "in", "Reading/B-location", "by", "Reading/I-person", "for", "Reading")
    assert count([sentence], NAMES) == {"reading": Uses(lower=1, location=1, person=1, other=1)}


def test_the_capital_at_a_sentence_start_says_nothing_without_a_tag() -> None:
    sentence = tagged("Best", "of", "all", "it", "rained")
    assert count([sentence], NAMES) == {}


def test_a_headline_is_not_counted() -> None:
    assert count([tagged("READING/B-location", "IN", "KABUL/B-location")], NAMES) == {}


def test_geopolitical_entities_are_not_counted() -> None:
    """GMB's ``gpe`` are demonyms."""
    assert count([tagged("the", "Kabul/B-gpe", "of", "old")], NAMES) == {}


def test_a_word_that_names_no_place_is_kept_where_it_names_a_person_twice() -> None:
    once = tagged("we", "met", "Sanger/B-per", "today")
    assert count([once], NAMES) == {}
    assert count([once, once], NAMES) == {"sanger": Uses(person=2)}


def test_the_lexicon_is_rebuilt_from_a_folder_of_corpora(tmp_path: Path) -> None:
    """All three formats: the GMB table in a zip file, CoNLL columns and IOB2 columns."""
    rows = 'Sentence #,Word,POS,Tag\nSentence: 1,who,PRP,O\n,fled,VBD,O\n,Kabul,NNP,B-geo\nSentence: 2,kabul,NN,O\n,"1,5",CD,O\n'
    with zipfile.ZipFile(tmp_path / "gmb_ner_dataset.csv.zip", "w") as archive:
        archive.writestr("ner.csv", rows.encode("latin-1"))
    (tmp_path / "a.conll").write_text(
        "who O\nfled O\nKabul B-location\n\nwho O\nthanked O\nKabul B-person\n", encoding="utf-8"
    )
    (tmp_path / "b.iob2").write_text("# sent_id = 1\n1\twho\tO\n2\tthanked\tO\n3\tKabul\tB-OTH\n", encoding="utf-8")
    main(str(tmp_path), str(tmp_path / "lexicon.tsv"))
    assert (tmp_path / "lexicon.tsv").read_text(encoding="utf-8") == (
        "word\tlower\tlocation\tperson\tother\nkabul\t1\t2\t1\t1\n"
    )
