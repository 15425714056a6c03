"""The names that a gazetteer has in a text: where they may start, what they may span, and their classes."""

from __future__ import annotations

import pytest
from spacy.language import Language

from geomap.gazetteer.store import Gazetteer
from geomap.names import fold
from geomap.recognition.matches import LONGEST_NAME, Matches, classes, may_start, readings
from geomap.recognition.pipeline import blank
from geomap.recognition.tokens import Tokens


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank()


def found_in(nlp: Language, text: str) -> Tokens:
    return Tokens(nlp.make_doc(text))


# --- readings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("New York is", [("new", "york", "is")]),
        ("Kabul. Herat", [("kabul",)]),
        ("Kabul, Herat", [("kabul",)]),
        ("Nad-e-Ali", [("nad", "e", "ali")]),
        ("Nad – e – Ali", [("nad", "e", "ali")]),
        ("New  York", [("new", "york")]),
        ("New\nYork", [("new",)]),
        ("Kunar's forests", [("kunar",)]),
        ("Kunar’s forests", [("kunar",)]),
        ("People's Republic of", [("people",), ("peoples", "republic", "of")]),
        ("People’s Republic of", [("people",), ("peoples", "republic", "of")]),
        ("St. Louis's Best", [("st", "louis"), ("st", "louiss", "best")]),
        ("Kabul's", [("kabul",)]),
        ("7", [("7",)]),
        ("-", [()]),
        ("…", [()]),
    ],
)
def test_the_words_that_a_name_may_span_end_at_punctuation_lines_and_possessives(
    nlp: Language, text: str, expected: list[tuple[str, ...]]
) -> None:
    assert [tuple(folded) for folded, _ in readings(found_in(nlp, text), 0)] == expected


def test_no_reading_is_longer_than_the_longest_name(nlp: Language) -> None:
    ((folded, _),) = readings(found_in(nlp, "Kabul " * 50), 0)
    assert folded == ["kabul"] * LONGEST_NAME


@pytest.mark.parametrize("text", ["People's Republic of China", "Nad-e-Ali district", "Kandahar's Spin Boldak", "A B"])
def test_every_folded_word_knows_the_token_that_it_ends_before(nlp: Language, text: str) -> None:
    tokens = found_in(nlp, text)
    for folded, ends in readings(tokens, 0):
        assert len(ends) == len(folded)
        assert ends == sorted(ends)
        for length, end in enumerate(ends, start=1):
            assert fold(tokens.slice(0, end)).replace(" ", "") == "".join(folded[:length])


@pytest.mark.parametrize(
    ("word", "starts"),
    [
        ("Kabul", True),
        ("kabul", False),
        ("کابل", True),
        ("Кундуз", True),
        ("кундуз", False),
        ("北京", True),
        ("201st", True),
        ("201", False),
        ("7%", False),
        ("-", False),
        ("\n", False),
        ("🙂", False),
        ("Élan", True),
        ("'s", False),
    ],
)
def test_a_name_starts_with_a_capital_or_in_a_script_that_has_none(word: str, starts: bool) -> None:
    assert may_start(word) is starts


# --- matches -------------------------------------------------------------------------------------------------------


def test_names_are_given_longest_first_with_what_they_may_mean(nlp: Language, gazetteer: Gazetteer) -> None:
    tokens = found_in(nlp, "New York City is large")
    (match,) = Matches(tokens, gazetteer).at(0)
    spans = [tokens.slice(0, name.end) for name in match.names]
    assert spans[:2] == ["New York City", "New York"]
    assert [name.length for name in match.names] == sorted((name.length for name in match.names), reverse=True)
    for name, span in zip(match.names, spans, strict=True):
        assert name.candidates == gazetteer.candidates(span, None, False) != ()


def test_a_possessive_inside_a_name_is_read_both_ways(nlp: Language, gazetteer: Gazetteer) -> None:
    tokens = found_in(nlp, "People's Republic of China agreed")
    names = [tokens.slice(0, name.end) for match in Matches(tokens, gazetteer).at(0) for name in match.names]
    assert "People's Republic of China" in names


def test_words_that_are_no_name_match_nothing(nlp: Language, gazetteer: Gazetteer) -> None:
    (match,) = Matches(found_in(nlp, "Xyzzystan"), gazetteer).at(0)
    assert match.names == []


def test_only_words_that_may_start_a_name_are_starts(nlp: Language, gazetteer: Gazetteer) -> None:
    tokens = found_in(nlp, "in Kabul, the 201st base (کابل)")
    starts = Matches(tokens, gazetteer).starts
    assert [tokens.words[index] for index in starts] == ["Kabul", "201st", "کابل"]


def test_what_was_looked_up_once_is_not_looked_up_again(nlp: Language, gazetteer: Gazetteer) -> None:
    found = Matches(found_in(nlp, "Kabul"), gazetteer)
    assert found.at(0) is found.at(0)


# --- classes -------------------------------------------------------------------------------------------------------

COUNTRY, UNIT, REGION, CAPITAL, LARGE, SMALL, DEMONYM = 1, 2, 3, 5, 6, 8, 10
INSIDE, SEVERAL, AT_HOME = 1, 2, 4


def numbers(nlp: Language, gazetteer: Gazetteer, text: str) -> dict[str, int]:
    """The class of each word, its kind times 8 and its marks; words without one are left out."""
    tokens = found_in(nlp, text)
    demonyms = {fold(form) for form in gazetteer.demonyms()}
    found = classes(tokens, Matches(tokens, gazetteer), demonyms)
    assert len(found) == len(tokens)
    return {word: number for word, number in zip(tokens.words, found, strict=True) if number}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("he left Afghanistan then", {"Afghanistan": COUNTRY * 8 + AT_HOME}),
        ("he left France then", {"France": COUNTRY * 8}),
        ("he left Helmand then", {"Helmand": UNIT * 8 + AT_HOME}),
        ("he left Kabul then", {"Kabul": CAPITAL * 8 + AT_HOME}),
        ("he left Chicago then", {"Chicago": LARGE * 8}),
        ("he left Tioga then", {"Tioga": SMALL * 8}),
        ("an Afghan convoy", {"Afghan": DEMONYM * 8}),
        ("he left South Korea then", {"South": COUNTRY * 8 + SEVERAL, "Korea": COUNTRY * 8 + SEVERAL + INSIDE}),
        ("he left Central Asia then", {"Central": REGION * 8 + SEVERAL, "Asia": REGION * 8 + SEVERAL + INSIDE}),
        ("nothing is named here, at 7", {}),
        ("", {}),
    ],
)
def test_a_word_has_the_class_of_the_longest_name_over_it(
    nlp: Language, gazetteer: Gazetteer, text: str, expected: dict[str, int]
) -> None:
    assert numbers(nlp, gazetteer, text) == expected


def test_a_longer_name_hides_the_shorter_ones_in_it(nlp: Language, gazetteer: Gazetteer) -> None:
    """York of "New York" is no town of England."""
    assert numbers(nlp, gazetteer, "he left New York then")["York"] & INSIDE


def test_of_two_readings_the_longer_name_gives_the_class(nlp: Language, gazetteer: Gazetteer) -> None:
    """ "St John" is a name too."""
    found = numbers(nlp, gazetteer, "he left St. John's Harbour")
    assert found["'s"] & INSIDE
