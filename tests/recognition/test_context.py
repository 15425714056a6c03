"""Evidence that a name is meant as a place: people, ordinary words, headlines, lists, and the sums behind them."""

from __future__ import annotations

import pytest
from spacy.language import Language

from geomap.gazetteer.store import Gazetteer
from geomap.recognition import context, given, lexicon
from geomap.recognition.context import LEXICON_CAP, Surroundings, lexical_evidence
from geomap.recognition.lexicon import Uses
from geomap.recognition.pipeline import load
from geomap.recognition.tokens import Tokens
from tests.conftest import Find, Found


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load()


# --- what is no place ----------------------------------------------------------------------------------------

NO_PLACE = [
    # people
    "General Farah saluted and left the room.",
    "Jack London never wrote about the frontier.",
    "Lloyd Austin testified for three hours.",
    "Minister Chad Wolf and envoy Jordan Brooks were present.",
    "Gul Agha Sherzai swore allegiance to the new rulers.",
    "Mr. Herat said no.",
    "Haji Kunduz refused.",
    "George Washington was dead.",
    "Sydney Carton waited.",
    "April Smith went home.",
    # months and days
    "The truce expires in May.",
    "In March, Mary will turn ninety.",
    "Between April and August the pass is open.",
    "On Friday, Spring Festival guests left early.",
    # ordinary words
    "Mobile phones were banned.",
    "Reading is fun.",
    "Most of the Best officers deserted in Battle.",
    "He said Bank, Hope and Union were the three words he hated.",
    "The Commander of the Corps ordered Split columns to regroup.",
    "It was a nice day; turkey was served in china.",
    "They told us to wait.",
    # headlines
    "Police Seize Arms Cache After Tip",
    "Bright Future Awaits Saffron Growers, Minister Says",
    "Of Mice and Mines: how rats clear fields",
    "Leave a Reply — Your email will not be published",
    # nothing named
    "The capital was calm and the province was not.",
    "",
    "…",
]


@pytest.mark.parametrize("text", NO_PLACE)
def test_what_names_no_place_is_none(find: Find, text: str) -> None:
    assert find(text) == []


WASHINGTON = ("Washington", "place", "gn:4140963")

MIXED: list[tuple[str, Found]] = [
    ("Mullah Baradar Akhund arrived in Doha.", [("Doha", "place", "gn:290030")]),
    ("General Mohammad Daud was killed in Taloqan.", [("Taloqan", "place", "gn:1123004")]),
    ("Ahmad Shah Massoud held Panjshir.", [("Panjshir", "place", "gn:6957555")]),
    ("Ismail Khan was flown to Iran after his capture.", [("Iran", "place", "gn:130758")]),
    ("Victoria Nuland spoke in Tashkent.", [("Tashkent", "place", "gn:1512569")]),
    (
        "Charlotte Brown sang in Charlotte, N.C., on Sunday.",
        [("Charlotte", "place", "gn:4460243"), ("N.C.", "place", "gn:4482348")],
    ),
    ("In Kunduz, a March wedding was shelled.", [("Kunduz", "place", "gn:1135689")]),
    ("On May 5, Kabul was calm.", [("Kabul", "place", "gn:1138958")]),
    ("A man in Ghazni was hurt; Mobile phones were banned.", [("Ghazni", "place", "gn:1141269")]),
    ("Turkey is a country; turkey is a bird.", [("Turkey", "place", "gn:298795")]),
    ("We saw China and china.", [("China", "place", "gn:1814991")]),
    ("Chad and Jordan met.", [("Chad", "place", "gn:2434508"), ("Jordan", "place", "gn:248816")]),
]


@pytest.mark.parametrize(("text", "expected"), MIXED, ids=[text[:40] for text, _ in MIXED])
def test_a_place_is_told_from_the_person_or_word_beside_it(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


HEADLINES: list[tuple[str, Found]] = [
    ("TALIBAN SEIZE SPIN BOLDAK", [("SPIN BOLDAK", "place", "gn:1123906")]),
    ("Roadside Bomb Kills Five In Logar", [("Logar", "place", "gn:1134561")]),
    ("IRAN WARNS OF WATER WAR", [("IRAN", "place", "gn:130758")]),
    ("MARCH IN KABUL DRAWS THOUSANDS", [("KABUL", "place", "gn:1138958")]),
    (
        "Taliban Take Kunduz As Afghan Forces Flee",
        [("Kunduz", "place", "gn:1135689"), ("Afghan", "demonym", "gn:1149361")],
    ),
    (
        "Afghan Forces Retake Taloqan City From Taliban",
        [("Afghan", "demonym", "gn:1149361"), ("Taloqan", "place", "gn:1123004")],
    ),
]


@pytest.mark.parametrize(("text", "expected"), HEADLINES, ids=[text for text, _ in HEADLINES])
def test_places_are_found_in_headlines_of_capitals_and_title_case(find: Find, text: str, expected: Found) -> None:
    assert find(text) == expected


def test_a_first_or_last_name_of_a_famous_person_is_no_place(find: Find) -> None:
    assert find("Paris Hilton posted a photo of the dog.") == []


# --- the parts of the sum --------------------------------------------------------------------------------------


def test_an_unknown_word_is_a_little_likelier_to_be_a_name() -> None:
    assert lexical_evidence(None) == context.UNKNOWN_WORD


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        (Uses(lower=10**9), -LEXICON_CAP),
        (Uses(location=10**9), LEXICON_CAP / 2),
        (Uses(), 0.0),
        (Uses(location=9), 1.5),
        (Uses(lower=9), -1.5),
        (Uses(person=9), -1.5),
        (Uses(other=9), -0.9941),
        (Uses(location=7, person=7), 0.0),
    ],
)
def test_english_use_counts_by_its_ratio_and_within_bounds(uses: Uses, expected: float) -> None:
    assert lexical_evidence(uses) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "headlines"),
    [
        ("Taliban Seize Kunduz City\nThe Taliban seized Kunduz on Sunday.", ["Taliban Seize Kunduz City"]),
        ("TALIBAN SEIZE KUNDUZ\nIt rained in the city.", ["TALIBAN SEIZE KUNDUZ"]),
        ("Kunduz Falls", []),
        ("Taliban Seize Kunduz City.", []),
        ("The police seized arms in Kunduz", []),
        ("", []),
    ],
)
def test_a_headline_is_a_line_of_capitals_without_a_full_stop(nlp: Language, text: str, headlines: list[str]) -> None:
    doc = nlp.make_doc(text)
    flags = Tokens(doc).title_case
    assert len(flags) == len(doc)
    flagged = "".join(token.text_with_ws for token, flag in zip(doc, flags, strict=True) if flag)
    assert flagged == "".join(headlines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Tom Clinton said so.", {"tom", "clinton"}),
        ("Yesterday President Chad Wolf spoke.", {"chad", "wolf"}),
        ("Mullah Herat left.", {"herat"}),
        ("In Kabul it rained.", set()),
        ("Kunduz Takhar Baghlan Balkh Herat said so.", set()),
        ("Kabul said so.", set()),
    ],
)
def test_people_are_known_by_title_speech_or_first_name(nlp: Language, text: str, words: set[str]) -> None:
    assert context.people(Tokens(nlp.make_doc(text)), lexicon.load()) == words


def evidence(nlp: Language, gazetteer: Gazetteer, text: str, name: str, **known: object) -> float:
    doc = nlp.make_doc(text)
    around = Surroundings.of(doc, lexicon.load(), given.load())
    for key, value in known.items():
        setattr(around, key, value)
    span = doc.char_span(text.index(name), text.index(name) + len(name))
    assert span is not None
    return context.evidence(around, span.start, span.end, gazetteer.candidates(name)[0])


@pytest.mark.parametrize(
    ("more", "less", "by"),
    [
        ("they were in Zhob then", "they were so Zhob then", context.PLACING_BEFORE),
        ("they went to Zhob then", "they went so Zhob then", context.LOCATIVE_BEFORE),
        ("they saw Zhob city then", "they saw Zhob then", context.CLASS_WORD),
        ("they saw the city of Zhob then", "they saw the end of Zhob then", context.CLASS_WORD),
        ("they saw Zhob then", "they saw Colonel Zhob then", -context.TITLE_BEFORE - context.KNOWN_PERSON),
        ("they saw Zhob then", "they saw Qwertz Zhob then", -context.CAPITAL_BEFORE),
        ("they saw Zhob then", "they saw Zhob Qwertz then", -context.CAPITAL_AFTER),
    ],
)
def test_each_neighbour_adds_its_own_evidence(
    nlp: Language, gazetteer: Gazetteer, more: str, less: str, by: float
) -> None:
    difference = evidence(nlp, gazetteer, more, "Zhob") - evidence(nlp, gazetteer, less, "Zhob")
    assert difference == pytest.approx(by)


def test_a_text_about_home_speaks_for_places_of_home_only(nlp: Language, gazetteer: Gazetteer) -> None:
    def gain(name: str) -> float:
        text = f"they saw {name} then"
        return evidence(nlp, gazetteer, text, name, about_home=True) - evidence(nlp, gazetteer, text, name)

    assert gain("Zhob") == pytest.approx(context.AT_HOME)
    assert gain("Cleveland") == 0.0


def test_a_list_that_starts_or_ends_with_an_accepted_name_speaks_for_the_others(nlp: Language) -> None:
    doc = nlp.make_doc("from Kunduz province, Chal and Bangi came")
    around = Surroundings.of(doc, {}, {})
    chal = next(token.i for token in doc if token.text == "Chal")
    assert not context.is_listed(around, chal)
    assert not context.heads_list(around, chal + 1)
    around.taken.add(next(token.i for token in doc if token.text == "Kunduz"))
    around.known = frozenset({next(token.i for token in doc if token.text == "Bangi")})
    assert context.is_listed(around, chal)
    assert context.heads_list(around, chal + 1)


def test_a_line_break_ends_the_neighbourhood(nlp: Language) -> None:
    assert context.has_locative(Tokens(nlp.make_doc("in  Kunduz")), 2)
    tokens = Tokens(nlp.make_doc("it was in\nKunduz"))
    assert not context.has_locative(tokens, len(tokens) - 1)


# --- each reason by its name ---------------------------------------------------------------------------------------


def found_reasons(
    nlp: Language, gazetteer: Gazetteer, text: str, name: str, opinion: float | None = None, **known: object
) -> dict[str, float]:
    """What speaks for and against a name in a text; the tagger's opinion, if any, is the same of every token."""
    doc = nlp.make_doc(text)
    around = Surroundings.of(doc, lexicon.load(), given.load())
    around.opinion = None if opinion is None else [opinion] * len(doc)
    for key, value in known.items():
        setattr(around, key, value)
    span = doc.char_span(text.index(name), text.index(name) + len(name))
    assert span is not None
    return dict(context.reasons(around, span.start, span.end, gazetteer.candidates(name)[0]))


@pytest.mark.parametrize(
    ("text", "name", "reason", "weight"),
    [
        # the member's seat
        ("Sen. Tim Scott, R-Charleston, spoke", "Charleston", "party before", context.PARTY_BEFORE),
        ("Rep. Jo Doe, DFL-Duluth, spoke", "Duluth", "party before", context.PARTY_BEFORE),
        ("the Tri-Alton league", "Alton", "capital before", context.CAPITAL_BEFORE),
        # people and things of a place
        ("an Alton man was hurt", "Alton", "people after", context.LOCALS_AFTER),
        ("a Grovetown shop", "Grovetown", "people after", context.LOCALS_AFTER),
        ("the Fargo mayor spoke", "Fargo", "officials after", context.OFFICIALS_AFTER),
        ("a Hammond resident spoke", "Hammond", "officials after", context.OFFICIALS_AFTER),
        ("the Albany-based service", "Albany", "-based after", context.CLASS_WORD),
        ("the Albany-born singer", "Albany", "-based after", context.CLASS_WORD),
        # a class word that a list shares
        ("Harper and Kingman counties", "Harper", "class word after the list", context.CLASS_WORD),
        ("Harper, Sedgwick and Kingman counties", "Harper", "class word after the list", context.CLASS_WORD),
        ("Harper, Sedgwick and Kingman counties", "Sedgwick", "class word after the list", context.CLASS_WORD),
        ("Harper and Kingman counties", "Kingman", "class word after", context.CLASS_WORD),
        # the rest of a sentence
        ("it was in Alton then", "Alton", "preposition", context.PLACING_BEFORE),
        ("it went to Alton then", "Alton", "preposition", context.LOCATIVE_BEFORE),
        ("the city of Alton then", "Alton", "class word before", context.CLASS_WORD),
        ("they saw Mayor Alton then", "Alton", "title before", context.TITLE_BEFORE),
        ("they saw NEW YORK then", "NEW YORK", "several words", context.SEVERAL_WORDS),
        ("they saw ALTON then", "ALTON", "capitals", context.ALL_CAPS_WORD),
        ("they saw Ayr then", "Ayr", "short", context.SHORT_NAME),
        ("they saw AYR then", "AYR", "capitals", context.ALL_CAPS_CODE),
        # what is no town's
        ("she wore a Panama hat", "Panama", "product after", context.PRODUCT_AFTER),
        ("they ate Brussels sprouts", "Brussels", "product after", context.PRODUCT_AFTER),
        ("they saw a Toyota there", "Toyota", "a make's name", context.BRAND),
        ("they sold Walnut there", "Walnut", "a ware's name", context.WARE),
        ("the firm McPherson & Jacobsen won", "McPherson", "a firm's name", context.FIRM),
        ("it was Georgia Holcomb then", "Georgia", "surname after", context.SURNAME_AFTER),
        ("Orange juice was dear", "Orange", "an ordinary word, first", context.FIRST_WORD),
        ("the Reston ebolavirus came", "Reston", "disease after", context.DISEASE_AFTER),
    ],
)
def test_a_reason_is_given_by_its_name(
    nlp: Language, gazetteer: Gazetteer, text: str, name: str, reason: str, weight: float
) -> None:
    assert found_reasons(nlp, gazetteer, text, name)[reason] == pytest.approx(weight)


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("the X-Charleston flight", "Charleston", "party before"),
        ("the D/Charleston flight", "Charleston", "party before"),
        ("Harper and Kingman county", "Harper", "class word after the list"),
        ("Harper. Kingman counties", "Harper", "class word after the list"),
        ("Harper and the counties", "Harper", "class word after the list"),
        ("Harper counties", "Harper", "class word after the list"),
        ("Harper and Kingman counted", "Harper", "class word after the list"),
        ("a man from Alton was hurt", "Alton", "people after"),
        ("the Albany-like service", "Albany", "-based after"),
        ("the hats of Panama", "Panama", "product after"),
        ("it grew, Orange said", "Orange", "an ordinary word, first"),
        ("Alton rose early", "Alton", "an ordinary word, first"),
        ("they saw Harper & sons", "Harper", "a firm's name"),
        ("it was Georgia Tbilisi then", "Georgia", "surname after"),
    ],
)
def test_what_only_looks_like_a_reason_is_none(
    nlp: Language, gazetteer: Gazetteer, text: str, name: str, reason: str
) -> None:
    assert reason not in found_reasons(nlp, gazetteer, text, name)


@pytest.mark.parametrize(
    ("opinion", "weight"), [(2.0, 2 * context.TAGGER_FOR), (-2.0, -2 * context.TAGGER_AGAINST), (0.0, 0.0)]
)
def test_the_taggers_opinion_counts_more_for_a_place_than_against_it(
    nlp: Language, gazetteer: Gazetteer, opinion: float, weight: float
) -> None:
    assert found_reasons(nlp, gazetteer, "they saw Alton", "Alton", opinion)["tagger"] == pytest.approx(weight)


def test_the_opinion_of_a_name_of_several_words_is_their_mean(nlp: Language, gazetteer: Gazetteer) -> None:
    doc = nlp.make_doc("they saw New York")
    around = Surroundings.of(doc, lexicon.load(), given.load())
    around.opinion = [0.0, 0.0, 4.0, -1.0]
    found = dict(context.reasons(around, 2, 4, gazetteer.candidates("New York")[0]))
    assert found["tagger"] == pytest.approx(1.5 * context.TAGGER_FOR)


@pytest.mark.parametrize("name", ["Кундуз", "کابل"])
def test_the_tagger_is_not_asked_about_what_it_cannot_read(nlp: Language, gazetteer: Gazetteer, name: str) -> None:
    """It has read Latin letters only."""
    found = found_reasons(nlp, gazetteer, f"it says {name} there", name, opinion=-9.0)
    assert "tagger" not in found
    assert found == found_reasons(nlp, gazetteer, f"it says {name} there", name)


def test_accents_are_latin_letters(nlp: Language, gazetteer: Gazetteer) -> None:
    assert "tagger" in found_reasons(nlp, gazetteer, "they saw Århus", "Århus", opinion=1.0)


def test_without_a_tagger_there_is_no_opinion(nlp: Language, gazetteer: Gazetteer) -> None:
    assert "tagger" not in found_reasons(nlp, gazetteer, "they saw Alton", "Alton")


def test_a_country_or_state_behind_a_comma_speaks_for_a_name(nlp: Language, gazetteer: Gazetteer) -> None:
    text = "they saw Alton, Illinois"
    illinois = gazetteer.candidates("Illinois")[0].place
    told = found_reasons(nlp, gazetteer, text, "Alton", container=lambda index: illinois if index == 4 else None)
    assert told["container after"] == context.CONTAINER_AFTER
    assert "container after" not in found_reasons(nlp, gazetteer, text, "Alton", container=lambda _: None)


def test_the_evidence_is_the_sum_of_the_reasons(nlp: Language, gazetteer: Gazetteer) -> None:
    text = "it was in Alton city then"
    assert evidence(nlp, gazetteer, text, "Alton") == pytest.approx(
        sum(found_reasons(nlp, gazetteer, text, "Alton").values())
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sen. Tim Scott, R-Charleston, spoke.", [("Charleston", "place", "gn:4574324")]),
        ("An Alton man was hurt on Friday.", [("Alton", "place", "gn:4232679")]),
        ("A vitamin D-rich meal was served.", []),
        ("Mayor Alton spoke.", []),
    ],
)
def test_the_reasons_decide_without_the_tagger(fast_find: Find, text: str, expected: Found) -> None:
    assert fast_find(text) == expected


def test_a_list_that_ends_in_counties_is_found_whole(fast_find: Find) -> None:
    rows = fast_find("Harper, Sedgwick and Kingman counties in Kansas were flooded.")
    assert [phrase for phrase, _, _ in rows] == ["Harper", "Sedgwick", "Kingman", "Kansas"]
