"""Whether a name that the gazetteer has is meant as a place here: evidence around it, summed.

Each constant below is on the gazetteer's importance scale (log10 of inhabitants); they were set by
hand and checked on the development corpora named in ``docs/accuracy.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from spacy.tokens import Doc, Token

from geomap.gazetteer.store import HOME
from geomap.model import Candidate
from geomap.names import fold
from geomap.recognition import state, words
from geomap.recognition.lexicon import Uses

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
_NO_USES: Final = Uses()


def lexical_evidence(uses: Uses | None) -> float:
    """Return how far English use of a word speaks for (positive) or against it as a place name."""
    if uses is None:
        return UNKNOWN_WORD
    against = uses.person + OTHER_WEIGHT * uses.other + uses.lower
    ratio = math.log10((uses.location + 1) / (against + 1))
    return max(-LEXICON_CAP, min(LEXICON_CAP / 2, LEXICON_WEIGHT * ratio))


def title_case_lines(doc: Doc) -> list[bool]:
    """For each token, whether its line is a headline in capitals or title case."""
    flags = [False] * len(doc)
    start = 0
    for end in range(len(doc) + 1):
        if end == len(doc) or (doc[end].is_space and "\n" in doc[end].text):
            letters = [token for token in doc[start:end] if token.is_alpha and len(token) > 3]
            capital = sum(token.text[0].isupper() for token in letters)
            ended = any(token.text == "." for token in doc[start:end])
            if len(letters) >= 3 and capital >= 0.75 * len(letters) and not ended:
                flags[start:end] = [True] * (end - start)
            start = end + 1
    return flags


def people(doc: Doc, lexicon: Mapping[str, Uses]) -> frozenset[str]:
    """Return the folded words of names that the text gives to people ("Tom Clinton said" → clinton).

    A run of two to four capitalised words counts when a title stands before it, a verb of speech
    after it, or its first word is mostly a person's in the lexicon.
    """
    found: set[str] = set()
    index = 0
    while index < len(doc):
        end = index
        while end < len(doc) and doc[end].is_alpha and doc[end].is_title:
            end += 1
        run = doc[index:end]
        while len(run) and (run[0].lower_ in words.TITLES or run[0].lower_ in words.MAY_PRECEDE):
            run = run[1:]
        if len(run):
            uses = lexicon.get(run[0].lower_, _NO_USES)
            before = doc[run.start - 1].lower_.rstrip(".") if run.start else ""
            after = doc[end].lower_ if end < len(doc) else ""
            titled = before in words.TITLES
            first_name = uses.person > 2 * (uses.location + uses.other) and len(run) > 1
            spoke = after in words.SPEECH and len(run) > 1
            if len(run) <= 4 and (titled or first_name or spoke):
                found.update(token.lower_ for token in run)
        index = max(end, index + 1)
    return frozenset(found)


def _neighbour(doc: Doc, index: int, step: int) -> Token | None:
    """The next token in a direction on the same line, spaces passed over."""
    index += step
    while 0 <= index < len(doc) and doc[index].is_space:
        if "\n" in doc[index].text:
            return None
        index += step
    return doc[index] if 0 <= index < len(doc) else None


@dataclass(slots=True)
class Surroundings:
    """What is known of a text while its names are being judged.

    Attributes:
        doc: The text.
        lexicon: How English uses words.
        persons: Words of people's names in the text.
        title_case: For each token, whether its line has capitals throughout.
        sentences: The text's sentences.
        is_container: Whether the name of a country or first-level unit starts at a token.
        taken: Tokens of names already accepted, which count as no capital neighbours.
        accepted: Folded names that were taken for a place somewhere in the text.
        rejected: Folded names that were not, somewhere.
        known: Tokens of names that an earlier look accepted, for lists that run on after a name.
        about_home: Whether the text is about Afghanistan and its neighbours.
    """

    doc: Doc
    lexicon: Mapping[str, Uses]
    persons: frozenset[str]
    title_case: list[bool]
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
        return cls(doc, lexicon, people(doc, lexicon), title_case_lines(doc), state.Sentences(doc), is_container)


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
    doc, lexicon, persons, taken = around.doc, around.lexicon, around.persons, around.taken
    title_case = around.title_case[start]
    all_caps = title_case and doc[start:end].text.isupper()
    total = best.score
    if around.about_home and best.place.country in HOME:
        total += AT_HOME
    span = doc[start:end]
    letters = [token for token in span if (token.is_alpha or len(token) > 1) and token.lower_ != "the"]
    damping = 0.0 if all_caps else IN_TITLE_CASE if title_case else 1.0
    if len(letters) > 1:
        total += SEVERAL_WORDS
    else:
        word = fold(letters[0].text if letters else span.text)
        if best.place.kind != "metonym":  # the corpora tag the Kremlin as an organisation
            total += lexical_evidence(lexicon.get(word))
        if word in persons:
            total += KNOWN_PERSON * (0.4 if has_locative(doc, start) else 1.0)  # "in Zhob", said by one Zhob Khan
        if len(word) <= 3:
            total += SHORT_NAME
        if span.text.isupper() and not title_case:
            total += ALL_CAPS_WORD
    if is_listed(around, start) or heads_list(around, end):
        total += LISTED
    before, after = _neighbour(doc, start, -1), _neighbour(doc, end - 1, 1)
    if before is not None:
        lower = before.lower_.rstrip(".")
        if lower in words.LOCATIVE or (lower == "of" and _class_before(doc, before.i)):
            total += LOCATIVE_BEFORE if lower != "of" else CLASS_WORD
        elif lower in words.TITLES and before.text[0].isupper():
            total += TITLE_BEFORE * damping
        elif _is_capital(before, taken) and lower not in words.MAY_PRECEDE and not _starts_sentence(before, lexicon):
            total += CAPITAL_BEFORE * damping
        elif before.text == "-" and before.i and before.i == start - 1 and _is_capital(doc[before.i - 1], taken):
            total += 0.0 if doc[before.i - 1].lower_ in words.MAY_PRECEDE else CAPITAL_BEFORE
    if after is not None:
        lower = after.lower_
        if lower in words.CLASS_AFTER:
            total += CLASS_WORD
        elif _is_capital(after, taken) and lower not in words.MAY_FOLLOW and not _heads_organisation(doc, after.i):
            surname, own = lexicon.get(lower, _NO_USES), lexicon.get(fold(span.text), _NO_USES)
            total += CAPITAL_AFTER * damping
            if surname.person > surname.location + surname.other or own.person > FORENAME_SHARE * own.location:
                total += SURNAME_AFTER * damping
        elif lower == "," and around.is_container(after.i + 1):
            total += CONTAINER_AFTER
    return total


def is_listed(around: Surroundings, start: int) -> bool:
    """Whether a token stands in a list right behind an accepted name, a class word between them allowed."""
    doc, index = around.doc, start - 1
    separators = 0
    while index >= 0 and (doc[index].text == "," or doc[index].lower_ in ("and", "&", "or")):
        separators += 1
        index -= 1
    if not separators or index < 0:
        return False
    if doc[index].lower_ in words.CLASS_AFTER:
        index -= 1
    return index in around.taken


def heads_list(around: Surroundings, end: int) -> bool:
    """Whether a list of names that an earlier look accepted runs on behind a token ("Chal, Bangi and Rostaq")."""
    doc, index = around.doc, end
    while index < len(doc) and (doc[index].text == "," or doc[index].lower_ in ("and", "&", "or")):
        index += 1
    return index > end and index in around.known


def has_locative(doc: Doc, start: int) -> bool:
    """Whether a preposition or verb that takes places stands before a token."""
    before = _neighbour(doc, start, -1)
    return before is not None and before.lower_ in words.LOCATIVE


def _is_capital(token: Token, taken: set[int]) -> bool:
    return token.is_alpha and token.text[0].isupper() and token.i not in taken


def _heads_organisation(doc: Doc, index: int) -> bool:
    """Whether the capitals from a token on end in an organisation's head, which the next component judges as a whole."""
    end = min(len(doc), index + _LONGEST_ORGANISATION)
    while index < end and doc[index].is_alpha and doc[index].text[0].isupper():
        if doc[index].lower_ in words.ORGANISATION_HEADS:
            return True
        index += 1
    return False


def _starts_sentence(token: Token, lexicon: Mapping[str, Uses]) -> bool:
    """Whether a capital is only the sentence's: the word is an ordinary one at a sentence's start."""
    return bool(token.is_sent_start) and (token.is_stop or lexicon.get(token.lower_, _NO_USES).person == 0)


def _class_before(doc: Doc, of: int) -> bool:
    """Whether "of" at this token follows a class word: "the city of"."""
    before = _neighbour(doc, of, -1)
    return before is not None and before.lower_ in words.CLASS_BEFORE
