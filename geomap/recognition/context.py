"""Whether a name that the gazetteer has is meant as a place here: evidence around it, summed.

Each constant below is on the gazetteer's importance scale (log10 of inhabitants); they were set by
hand and checked on the development corpora named in ``docs/accuracy.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc

from geomap.gazetteer.store import HOME
from geomap.model import Candidate, Place, Reasons
from geomap.names import fold
from geomap.recognition import given, state
from geomap.recognition.lexicon import Uses
from geomap.recognition.tokens import Tokens
from geomap.recognition.words import (
    BRANDS,
    CLASS_AFTER,
    CLASS_BEFORE,
    DISEASES,
    GOODS,
    LOCALS,
    LOCATIVE,
    MAY_FOLLOW,
    MAY_PRECEDE,
    OFFICIALS,
    ORGANISATION_HEADS,
    PARTIES,
    PERSONAL_VERBS,
    PLACING,
    PLURALS,
    PRODUCTS,
    SEATED,
    SPEECH,
    STREETS,
    TITLES,
)

AT_HOME: Final = 1.6
"""A place of Afghanistan and its neighbours in a text that is about them."""
HOME_SHARE: Final = 0.4
"""The share of a text's names, demonyms among them, that must be of home for it to be about home."""
LISTED: Final = 1.5
"""A name behind a comma or "and" that follows a place: "Argo, Jurm and Kishim"."""

THRESHOLD: Final = 5.0
"""Evidence that a name must reach."""
REPEATED: Final = 2.0
"""How much less a name needs that the same text has used for a place already."""
SEVERAL_WORDS: Final = 2.0
LOCATIVE_BEFORE: Final = 1.2
PLACING_BEFORE: Final = 2.0
CLASS_WORD: Final = 3.0
CONTAINER_AFTER: Final = 3.0
CONTAINED: Final = 2.5
"""More where the gazetteer has a place of the name there: "Hope, Arkansas"."""
STREET_AFTER: Final = -6.0
PERSONAL_VERB_AFTER: Final = -3.0
SPOKE: Final = -3.0
"""A name behind "said" is the speaker's, unless a government speaks."""
DISEASE_AFTER: Final = -8.0
PARTY_BEFORE: Final = 8.0
OFFICIALS_AFTER: Final = 2.5
"""Who none but a place has: "Fargo Mayor Dennis Walaker"."""
PRODUCT_AFTER: Final = -5.0
FIRM: Final = -3.0
"""An "and" of firms behind a name: "McPherson & Jacobsen"."""
BRAND: Final = -4.0
WARE: Final = -2.0
LOCALS_AFTER: Final = 1.5
"""People and things of a place behind its name: "an Alton man"."""
CAPITAL_BEFORE: Final = -5.0
CAPITAL_AFTER: Final = -5.0
IN_TITLE_CASE: Final = 0.3
"""What remains of the two penalties above in a line where most words have capitals."""
SURNAME_AFTER: Final = -4.0
FORENAME_SHARE: Final = 0.3
"""A name that is a person's this often beside its uses for the place may be a forename before a capital ("Jordan Bardella")."""
TITLE_BEFORE: Final = -6.0
KNOWN_PERSON: Final = -6.0
IN_PLACE: Final = 0.4
"""What remains of that behind a preposition that takes places."""
SHORT_NAME: Final = -1.5
ALL_CAPS_WORD: Final = -1.5
ALL_CAPS_CODE: Final = -4.0
"""Three capitals are rather a code than a town's name: "WA", "DOH"."""
OTHER_WEIGHT: Final = 0.4
"""An organisation's name speaks less against a place than a person's does: half of them hold one."""
TAGGER_FOR: Final = 0.8
TAGGER_AGAINST: Final = 0.35
"""What one unit of the tagger's log-odds is worth, for and against a place: its corpora rarely tag towns that are attributes."""
LEXICON_WEIGHT: Final = 1.5
LEXICON_CAP: Final = 4.0
FIRST_WORD: Final = -0.6
"""An ordinary word at a sentence's start, where it has a capital anyway: "Orange juice"."""
UNKNOWN_WORD: Final = 0.6
"""A word that the lexicon's corpora never saw in lower case is a little likelier to be a name."""

_LONGEST_ORGANISATION: Final = 8
_LONGEST_PERSON: Final = 4
_LONGEST_LIST: Final = 40  # tokens
_SHORT: Final = 3
_ORDINARY: Final = 3  # lower-case uses in the lexicon from which a word is no name by itself
_FIRST_NOT_LATIN: Final = "\u0370"  # the tagger has read Latin letters only
_NO_USES: Final = Uses()
_BETWEEN_NAMES: Final = frozenset({",", "and", "&", "or"})
_BEFORE_NAMES: Final = TITLES | MAY_PRECEDE


def lexical_evidence(uses: Uses | None) -> float:
    """Return how far English use of a word speaks for (positive) or against it as a place name."""
    if uses is None:
        return UNKNOWN_WORD
    against = uses.person + OTHER_WEIGHT * uses.other + uses.lower
    ratio = math.log10((uses.location + 1) / (against + 1))
    return max(-LEXICON_CAP, min(LEXICON_CAP / 2, LEXICON_WEIGHT * ratio))


def people(found: Tokens, lexicon: Mapping[str, Uses]) -> frozenset[str]:
    """Return the folded words of names that the text gives to people ("Tom Clinton said" → clinton).

    A run of two to four capitalised words counts when a title stands before it, a verb of speech
    after it, or its first word is mostly a person's in the lexicon.
    """
    lower = found.lower
    named: set[str] = set()
    for first, end in found.capitalised_runs:
        start = first
        while start < end and lower[start] in _BEFORE_NAMES:
            start += 1
        if start < end <= start + _LONGEST_PERSON:
            uses = lexicon.get(lower[start], _NO_USES)
            titled = start > 0 and lower[start - 1].rstrip(".") in TITLES
            several = end - start > 1
            first_name = several and uses.person > 2 * (uses.location + uses.other)
            spoke = several and end < len(lower) and lower[end] in SPEECH
            if titled or first_name or spoke:
                named.update(lower[start:end])
    return frozenset(named)


@dataclass(slots=True)
class Surroundings:
    """What is known of a text while its names are being judged.

    Attributes:
        tokens: The text.
        lexicon: How English uses words.
        personal_names: How common words are as given and family names, as :mod:`given <geomap.recognition.given>` counts.
        persons: Words of people's names in the text.
        sentences: The text's sentences.
        container: The country or first-level unit whose name starts at a token, if one does.
        taken: Tokens of names already accepted, which count as no capital neighbours.
        accepted: Folded names that were taken for a place somewhere in the text.
        rejected: Folded names that were not, somewhere.
        opinion: For each token the tagger's log-odds for a place, where the pipeline has a tagger.
        known: Tokens of names that an earlier look accepted, for lists that run on after a name.
        about_home: Whether the text is about Afghanistan and its neighbours.
        trace: By the offset of a name that counts as meant, its reasons.
    """

    tokens: Tokens
    lexicon: Mapping[str, Uses]
    personal_names: Mapping[str, int]
    persons: frozenset[str]
    sentences: state.Sentences
    container: Callable[[int], Place | None]
    taken: set[int] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)
    known: frozenset[int] = frozenset()
    opinion: Sequence[float] | None = None
    about_home: bool = False
    trace: dict[int, Reasons] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        doc: Doc,
        lexicon: Mapping[str, Uses],
        personal_names: Mapping[str, int],
        container: Callable[[int], Place | None] = lambda _: None,
    ) -> Self:
        """Look over a text."""
        found = state.tokens(doc)
        shared = state.scratch(doc)
        return cls(
            found, lexicon, personal_names, people(found, lexicon), state.sentences(doc), container,
            opinion=shared.places, trace=shared.reasons,
        )  # fmt: skip


def evidence(around: Surroundings, start: int, end: int, best: Candidate, others: Sequence[Candidate] = ()) -> float:
    """Sum the evidence that tokens ``[start, end)`` mean a place: the :func:`reasons`' sum, to be held against :data:`THRESHOLD`."""
    found = around.trace[around.tokens.starts[start]] = tuple(reasons(around, start, end, best, others))
    return sum([weight for _, weight in found])


def reasons(
    around: Surroundings, start: int, end: int, best: Candidate, others: Sequence[Candidate] = ()
) -> list[tuple[str, float]]:
    """Return what speaks for and against tokens ``[start, end)`` meaning a place.

    Args:
        around: The text.
        start: First token.
        end: One past the last token.
        best: The gazetteer's best candidate for the name.
        others: All that the gazetteer has for it.
    """
    found, code = around.tokens, best.place.feature_code
    before, after = found.neighbour(start, -1), found.neighbour(end - 1, 1)
    phrase = found.slice(start, end)
    title_case = found.title_case[start]
    why = [("importance", best.score)]
    if around.opinion is not None and phrase[0] < _FIRST_NOT_LATIN:
        why.append(("tagger", _opinion(around, start, end, after)))
    if around.about_home and best.place.country in HOME:
        why.append(("at home", AT_HOME))
    if end - start > 1 and len(letters := _letters(found, start, end)) > 1:
        why.append(("several words", SEVERAL_WORDS))
    else:
        word = fold(letters[0] if end - start > 1 and letters else phrase)
        if best.place.kind != "metonym":  # the corpora tag the Kremlin as an organisation
            why.append(("English use", lexical_evidence(around.lexicon.get(word))))
            if around.sentences.is_start[start] and around.lexicon.get(word, _NO_USES).lower > _ORDINARY:
                why.append(("an ordinary word, first", FIRST_WORD))
        if word in BRANDS:
            why.append(("a make's name", BRAND))
        if word in GOODS:
            why.append(("a ware's name", WARE))
        if word in around.persons:  # "in Zhob", said by one Zhob Khan
            why.append(("a person's name", KNOWN_PERSON * (IN_PLACE if has_locative(found, start) else 1.0)))
        if len(word) <= _SHORT:
            why.append(("short", SHORT_NAME))
        if phrase.isupper() and not title_case:
            why.append(("capitals", ALL_CAPS_CODE if len(word) <= _SHORT else ALL_CAPS_WORD))
    if is_listed(around, start) or heads_list(around, end):
        why.append(("in a list", LISTED))
    if shares_class_word(found, end):
        why.append(("class word after the list", CLASS_WORD))
    # In a headline every neighbour has a capital; in one of capitals only, capitals say nothing.
    damping = 0.0 if title_case and phrase.isupper() else IN_TITLE_CASE if title_case else 1.0
    if before is not None:
        if reason := _before(around, before, start, damping):
            why.append(reason)
        if found.lower[before] in SPEECH and code not in ("PCLI", "PPLC"):
            why.append(("a verb of speech before", SPOKE))
    if after is not None:
        why += _after(around, after, phrase, damping, others or (best,))
    return why


def _letters(found: Tokens, start: int, end: int) -> list[str]:
    """The words among some tokens, without an article."""
    pairs = zip(found.words[start:end], found.lower[start:end], strict=True)
    return [word for word, lower in pairs if (word.isalpha() or len(word) > 1) and lower != "the"]


def _opinion(around: Surroundings, start: int, end: int, after: int | None) -> float:
    """What the tagger says of a name, where it is to be trusted."""
    found, opinion = around.tokens, around.opinion or ()
    odds = sum(opinion[start:end]) / (end - start)
    if odds < 0:  # it calls "Leeds Crown Court" an organisation, and rightly
        local = after is not None and found.is_capital(after) and _heads_organisation(found, after)
        return 0.0 if local else TAGGER_AGAINST * odds
    ordinary = around.lexicon.get(found.lower[start], _NO_USES).lower > _ORDINARY
    # A capital at a sentence's start says nothing of an ordinary word: "Orange juice".
    return TAGGER_FOR * (0.0 if ordinary and around.sentences.is_start[start] else odds)


def _lies_in(inner: Place, outer: Place) -> bool:
    if inner.country != outer.country or inner.id == outer.id:
        return False
    return outer.feature_code == "PCLI" or inner.admin1 == outer.admin1


def _before(around: Surroundings, before: int, start: int, damping: float) -> tuple[str, float] | None:
    """What the token before a name says."""
    found, taken = around.tokens, around.taken
    word = found.lower[before].rstrip(".")
    if word in PLACING:
        return "preposition", PLACING_BEFORE
    if word in LOCATIVE:
        return "preposition", LOCATIVE_BEFORE
    if word == "of" and _class_before(found, before):
        return "class word before", CLASS_WORD
    if word in TITLES and found.words[before][0].isupper():
        return "title before", TITLE_BEFORE * damping
    if _is_capital(found, before, taken) and word not in MAY_PRECEDE and not _starts_sentence(around, before):
        return "capital before", CAPITAL_BEFORE * damping
    if word == "-" and 0 < before == start - 1 and found.words[before - 1] in PARTIES:  # "D-Charleston"
        return "party before", PARTY_BEFORE
    if word == "-" and 0 < before == start - 1 and _is_capital(found, before - 1, taken):  # "Tri-City"
        return "capital before", 0.0 if found.lower[before - 1] in MAY_PRECEDE else CAPITAL_BEFORE
    return None


def _after(
    around: Surroundings, after: int, phrase: str, damping: float, candidates: Sequence[Candidate]
) -> Iterator[tuple[str, float]]:
    """What the token after a name says."""
    found, lexicon = around.tokens, around.lexicon
    word = found.lower[after]
    if word in CLASS_AFTER:
        yield "class word after", CLASS_WORD
    elif (word in DISEASES or word.endswith("virus")) and candidates[0].place.feature_code != "PCLI":
        yield "disease after", DISEASE_AFTER
    elif word in PERSONAL_VERBS and candidates[0].place.feature_code != "PCLI":
        yield "a person's verb after", PERSONAL_VERB_AFTER
    elif word in OFFICIALS:
        yield "officials after", OFFICIALS_AFTER
    elif word in LOCALS:
        yield "people after", LOCALS_AFTER
    elif word in PRODUCTS:
        yield "product after", PRODUCT_AFTER
    elif word == "&" and after + 1 < len(found) and found.is_capital(after + 1) and after + 1 not in around.known:
        yield "a firm's name", FIRM
    elif word == "-" and after + 1 < len(found) and found.lower[after + 1] in SEATED:
        yield "-based after", CLASS_WORD
    elif word in STREETS and found.is_capital(after):
        yield "street after", STREET_AFTER
    elif _is_capital(found, after, around.taken) and word not in MAY_FOLLOW and not _heads_organisation(found, after):
        yield "capital after", CAPITAL_AFTER * damping
        surname, own = lexicon.get(word, _NO_USES), lexicon.get(fold(phrase), _NO_USES)
        if (
            surname.person > surname.location + surname.other
            or own.person > FORENAME_SHARE * own.location
            or (given.is_given(around.personal_names, fold(phrase)) and given.is_family(around.personal_names, word))
        ):
            yield "surname after", SURNAME_AFTER * damping
    elif word == "," and (outer := around.container(after + 1)):
        yield "container after", CONTAINER_AFTER
        if any(_lies_in(candidate.place, outer) for candidate in candidates):
            yield "lies in that container", CONTAINED


def is_listed(around: Surroundings, start: int) -> bool:
    """Whether a token stands in a list right behind an accepted name, a class word between them allowed."""
    lower, index = around.tokens.lower, start - 1
    while index >= 0 and lower[index] in _BETWEEN_NAMES:
        index -= 1
    if index == start - 1 or index < 0:
        return False
    if lower[index] in CLASS_AFTER:
        index -= 1
    return index in around.taken


def heads_list(around: Surroundings, end: int) -> bool:
    """Whether a list of names that an earlier look accepted runs on behind a token ("Chal, Bangi and Rostaq")."""
    lower, index = around.tokens.lower, end
    while index < len(lower) and lower[index] in _BETWEEN_NAMES:
        index += 1
    return index > end and index in around.known


def shares_class_word(found: Tokens, end: int) -> bool:
    """Whether a list that starts before a token ends in a plural class word ("Harper and Kingman counties")."""
    if end >= len(found) or found.lower[end] not in _BETWEEN_NAMES:
        return False
    index = end
    while index < min(len(found), end + _LONGEST_LIST) and (
        found.lower[index] in _BETWEEN_NAMES or found.is_capital(index)
    ):
        index += 1
    return index < len(found) and found.lower[index] in PLURALS


def has_locative(found: Tokens, start: int) -> bool:
    """Whether a preposition or verb that takes places stands before a token."""
    before = found.neighbour(start, -1)
    return before is not None and found.lower[before] in LOCATIVE


def _is_capital(found: Tokens, index: int, taken: set[int]) -> bool:
    return index not in taken and found.is_capital(index)


def _heads_organisation(found: Tokens, index: int) -> bool:
    """Whether the capitals from a token on end in an organisation's head, which the next component judges as a whole."""
    end = min(len(found), index + _LONGEST_ORGANISATION)
    while index < end and found.is_capital(index):
        if found.lower[index] in ORGANISATION_HEADS:
            return True
        index += 1
    return False


def _starts_sentence(around: Surroundings, index: int) -> bool:
    """Whether a capital is only the sentence's: the word is an ordinary one at a sentence's start."""
    word = around.tokens.lower[index]
    return around.sentences.is_start[index] and (word in STOP_WORDS or around.lexicon.get(word, _NO_USES).person == 0)


def _class_before(found: Tokens, of: int) -> bool:
    """Whether "of" at this token follows a class word: "the city of"."""
    before = found.neighbour(of, -1)
    return before is not None and found.lower[before] in CLASS_BEFORE
