"""Whether a name that the gazetteer has is meant as a place here: evidence around it, summed.

Each constant below is on the gazetteer's importance scale (log10 of inhabitants); they were set by
hand and checked on the development corpora named in ``docs/accuracy.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.tokens import Doc

from geomap.gazetteer.store import HOME
from geomap.model import Candidate
from geomap.names import fold
from geomap.recognition import state
from geomap.recognition.lexicon import Uses
from geomap.recognition.tokens import Tokens
from geomap.recognition.words import (
    CLASS_AFTER,
    CLASS_BEFORE,
    LOCATIVE,
    MAY_FOLLOW,
    MAY_PRECEDE,
    ORGANISATION_HEADS,
    SPEECH,
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
CLASS_WORD: Final = 3.0
CONTAINER_AFTER: Final = 3.0
CAPITAL_BEFORE: Final = -5.0
CAPITAL_AFTER: Final = -5.0
IN_TITLE_CASE: Final = 0.3
"""What remains of the two penalties above in a line where most words have capitals."""
SURNAME_AFTER: Final = -4.0
FORENAME_SHARE: Final = 0.3
"""A name that is a person's this often beside its uses for the place may be a forename before a capital ("Jordan Bardella")."""
TITLE_BEFORE: Final = -6.0
KNOWN_PERSON: Final = -6.0
SHORT_NAME: Final = -1.5
ALL_CAPS_WORD: Final = -1.5
OTHER_WEIGHT: Final = 0.4
"""An organisation's name speaks less against a place than a person's does: half of them hold one."""
LEXICON_WEIGHT: Final = 1.5
LEXICON_CAP: Final = 4.0
UNKNOWN_WORD: Final = 0.6
"""A word that the lexicon's corpora never saw in lower case is a little likelier to be a name."""

_LONGEST_ORGANISATION: Final = 8
_LONGEST_PERSON: Final = 4
_NO_USES: Final = Uses()


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
    words, lower = found.words, found.lower
    named: set[str] = set()
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and words[end].istitle() and words[end].isalpha():
            end += 1
        start = index
        while start < end and (lower[start] in TITLES or lower[start] in MAY_PRECEDE):
            start += 1
        if start < end:
            uses = lexicon.get(lower[start], _NO_USES)
            titled = start > 0 and lower[start - 1].rstrip(".") in TITLES
            several = end - start > 1
            first_name = several and uses.person > 2 * (uses.location + uses.other)
            spoke = several and end < len(words) and lower[end] in SPEECH
            if end - start <= _LONGEST_PERSON and (titled or first_name or spoke):
                named.update(lower[start:end])
        index = max(end, index + 1)
    return frozenset(named)


@dataclass(slots=True)
class Surroundings:
    """What is known of a text while its names are being judged.

    Attributes:
        tokens: The text.
        lexicon: How English uses words.
        persons: Words of people's names in the text.
        sentences: The text's sentences.
        is_container: Whether the name of a country or first-level unit starts at a token.
        taken: Tokens of names already accepted, which count as no capital neighbours.
        accepted: Folded names that were taken for a place somewhere in the text.
        rejected: Folded names that were not, somewhere.
        known: Tokens of names that an earlier look accepted, for lists that run on after a name.
        about_home: Whether the text is about Afghanistan and its neighbours.
    """

    tokens: Tokens
    lexicon: Mapping[str, Uses]
    persons: frozenset[str]
    sentences: state.Sentences
    is_container: Callable[[int], bool]
    taken: set[int] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    rejected: set[str] = field(default_factory=set)
    known: frozenset[int] = frozenset()
    about_home: bool = False

    @classmethod
    def of(cls, doc: Doc, lexicon: Mapping[str, Uses], is_container: Callable[[int], bool] = lambda _: False) -> Self:
        """Look over a text."""
        found = state.tokens(doc)
        return cls(found, lexicon, people(found, lexicon), state.Sentences(doc), is_container)


def evidence(around: Surroundings, start: int, end: int, best: Candidate) -> float:
    """Sum the evidence that tokens ``[start, end)`` mean a place.

    Args:
        around: The text.
        start: First token.
        end: One past the last token.
        best: The gazetteer's best candidate for the name.

    Returns:
        The sum, to be held against :data:`THRESHOLD`.
    """
    found, lexicon, taken = around.tokens, around.lexicon, around.taken
    words, lower = found.words, found.lower
    phrase = found.slice(start, end)
    title_case = found.title_case[start]
    all_caps = title_case and phrase.isupper()
    total = best.score
    if around.about_home and best.place.country in HOME:
        total += AT_HOME
    letters = [words[i] for i in range(start, end) if (words[i].isalpha() or len(words[i]) > 1) and lower[i] != "the"]
    damping = 0.0 if all_caps else IN_TITLE_CASE if title_case else 1.0
    if len(letters) > 1:
        total += SEVERAL_WORDS
    else:
        word = fold(letters[0] if letters else phrase)
        if best.place.kind != "metonym":  # the corpora tag the Kremlin as an organisation
            total += lexical_evidence(lexicon.get(word))
        if word in around.persons:
            total += KNOWN_PERSON * (0.4 if has_locative(found, start) else 1.0)  # "in Zhob", said by one Zhob Khan
        if len(word) <= 3:
            total += SHORT_NAME
        if phrase.isupper() and not title_case:
            total += ALL_CAPS_WORD
    if is_listed(around, start) or heads_list(around, end):
        total += LISTED
    before, after = found.neighbour(start, -1), found.neighbour(end - 1, 1)
    if before is not None:
        word = lower[before].rstrip(".")
        if word in LOCATIVE or (word == "of" and _class_before(found, before)):
            total += LOCATIVE_BEFORE if word != "of" else CLASS_WORD
        elif word in TITLES and words[before][0].isupper():
            total += TITLE_BEFORE * damping
        elif _is_capital(found, before, taken) and word not in MAY_PRECEDE and not _starts_sentence(around, before):
            total += CAPITAL_BEFORE * damping
        elif words[before] == "-" and before and before == start - 1 and _is_capital(found, before - 1, taken):
            total += 0.0 if lower[before - 1] in MAY_PRECEDE else CAPITAL_BEFORE
    if after is not None:
        word = lower[after]
        if word in CLASS_AFTER:
            total += CLASS_WORD
        elif _is_capital(found, after, taken) and word not in MAY_FOLLOW and not _heads_organisation(found, after):
            surname, own = lexicon.get(word, _NO_USES), lexicon.get(fold(phrase), _NO_USES)
            total += CAPITAL_AFTER * damping
            if surname.person > surname.location + surname.other or own.person > FORENAME_SHARE * own.location:
                total += SURNAME_AFTER * damping
        elif word == "," and around.is_container(after + 1):
            total += CONTAINER_AFTER
    return total


def _is_separator(word: str) -> bool:
    return word in (",", "and", "&", "or")


def is_listed(around: Surroundings, start: int) -> bool:
    """Whether a token stands in a list right behind an accepted name, a class word between them allowed."""
    lower, index = around.tokens.lower, start - 1
    while index >= 0 and _is_separator(lower[index]):
        index -= 1
    if index == start - 1 or index < 0:
        return False
    if lower[index] in CLASS_AFTER:
        index -= 1
    return index in around.taken


def heads_list(around: Surroundings, end: int) -> bool:
    """Whether a list of names that an earlier look accepted runs on behind a token ("Chal, Bangi and Rostaq")."""
    lower, index = around.tokens.lower, end
    while index < len(lower) and _is_separator(lower[index]):
        index += 1
    return index > end and index in around.known


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
