"""Place words inside the names of organisations, outlets, treaties and events: counted, never pinned."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import replace

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

from geomap.gazetteer.store import HOME, Gazetteer
from geomap.model import Mention
from geomap.recognition import state
from geomap.recognition.tokens import Tokens
from geomap.recognition.words import LOCAL_BODIES, ORGANISATION_HEADS, ORGANISATION_OF, SEATS_OF_LEARNING, TITLES

_ATTRIBUTIVE_LENGTH = 4  # "US", "U.S.", "UAE": attributive before an organisation ("US Congress"), still the country
_CONNECTORS = frozenset({"of", "in", "for", "the", "and"})
_LINKS = frozenset({"of", "and", "for"})
_LONGEST = 12


class OrganisationNames:
    """Turns a place inside an organisation's name into one ``organisation-embedded`` mention of the whole name."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._region_demonyms = {form for form, place in gazetteer.demonyms().items() if place.kind == "region"}

    def __call__(self, doc: Doc) -> Doc:
        """Turn the mentions of a doc that stand in an organisation's name."""
        mentions = list(state.get(doc))
        found, is_start = state.tokens(doc), state.sentences(doc).is_start
        ranges = [found.range(mention.start, mention.end) for mention in mentions]
        places = {index for tokens in ranges for index in range(*tokens)}
        result: list[Mention] = []
        covered = -1
        for mention, tokens in zip(mentions, ranges, strict=True):
            if mention.start < covered:
                continue
            # "Afghan National Police" stays a demonym; "Far Eastern Federal University" names a place.
            is_place = mention.kind != "demonym" or mention.phrase in self._region_demonyms
            if is_place and self._is_local(mention.name, found, tokens):
                result.append(mention)
                continue
            name = _organisation(found, is_start, mention.phrase, tokens, places) if is_place else None
            if name is None:
                result.append(mention)
                continue
            start, end = found.starts[name[0]], found.end(name[1] - 1)
            while result and result[-1].end > start:
                result.pop()
            covered = end
            first, last = (bisect.bisect_left(mentions, at, key=lambda m: m.start) for at in (start, end))
            inner = tuple(m for m in mentions[first:last] if m.end <= end)
            result.append(
                replace(
                    mention,
                    start=start,
                    end=end,
                    phrase=found.text[start:end],
                    kind="organisation-embedded",
                    nested=inner,
                )
            )
        return state.put(doc, result)

    def _is_local(self, name: str, found: Tokens, own: tuple[int, int]) -> bool:
        """Whether what stands around a name is a body at that place: "Dublin City Council" is at Dublin.

        Bodies of whole countries, and of Afghanistan and its neighbours, stay organisations.
        """
        heads = list(_heads(found, own[1]))
        if not heads or heads[-1] not in LOCAL_BODIES:
            return False
        candidates = self.gazetteer.candidates(name, None, False)
        return (
            bool(candidates) and candidates[0].place.feature_code != "PCLI" and candidates[0].place.country not in HOME
        )


def _heads(found: Tokens, index: int) -> Iterator[str]:
    """The organisations' heads among the capitals from a token on."""
    end = min(len(found), index + _LONGEST)
    while index < end and _is_name_word(found, index):
        if found.lower[index] in ORGANISATION_HEADS:
            yield found.lower[index]
        index += 1


def _organisation(
    found: Tokens, is_start: list[bool], phrase: str, own: tuple[int, int], places: set[int]
) -> tuple[int, int] | None:
    """The tokens of the organisation's name around a mention, or None where there is none."""
    first, last = own
    reach = 2 if found.title_case[first] else _LONGEST  # in a headline every neighbour has a capital
    start, end = first, last
    while start and first - start < reach - 2 and _is_name_word(found, start - 1):
        start -= 1
    while end < len(found) and end - last < reach and _is_name_word(found, end):
        end += 1
    heads = [i for i in range(last, end) if found.lower[i] in ORGANISATION_HEADS]
    attributive = len(phrase) <= _ATTRIBUTIVE_LENGTH and phrase.isupper()
    if heads and not attributive:
        while first > start and found.lower[first - 1] not in TITLES and first - 1 not in places:
            first -= 1
        return first, heads[-1] + 1
    return _headed(found, is_start, own)


def _headed(found: Tokens, is_start: list[bool], own: tuple[int, int]) -> tuple[int, int] | None:
    """The name whose head stands before the place: "Islamic Movement of Uzbekistan"."""
    index = own[0] - 1
    if index >= 0 and found.lower[index] == "the":
        index -= 1
    if index < 1 or found.lower[index] not in ("of", "in", "for"):
        return None
    head = _head_before(found, index)
    if head is None:
        return None
    if found.lower[index] == "in" and found.lower[head] in SEATS_OF_LEARNING:
        return None
    first = head
    while first and head - first < _LONGEST and _is_name_word(found, first - 1):
        first -= 1
    if found.lower[first] in STOP_WORDS and is_start[first]:
        first += 1
    return first, own[1]


def _head_before(found: Tokens, preposition: int) -> int | None:
    """The head that a preposition hangs on: at once, or behind what it is for ("Ministry of Foreign Affairs of …")."""
    index = preposition - 1
    while index >= 0 and preposition - index < _LONGEST:
        is_word = _is_name_word(found, index)
        if is_word and found.lower[index] in ORGANISATION_OF:
            return index
        # Only "of" reaches back over another "of": in "Ministry of Defence in Kabul" Kabul is where it is.
        links = found.lower[preposition] == "of" and index < preposition - 1 and found.lower[index] in _LINKS
        if not (is_word or links):
            return None
        index -= 1
    return None


def _is_name_word(found: Tokens, index: int) -> bool:
    word = found.words[index]
    if word in ("-", "–") and 0 < index < len(found) - 1 and not found.spaced[index]:
        # "China-Pakistan Economic Corridor"
        return found.words[index - 1][0].isupper() and found.words[index + 1][0].isupper()
    return found.is_capital(index) and found.lower[index] not in _CONNECTORS


@Language.factory(
    "geomap_organisations", default_config={"gazetteer": None}, assigns=["doc.spans"], requires=["doc.spans"]
)
def geomap_organisations(nlp: Language, name: str, gazetteer: str | None) -> OrganisationNames:
    """Make the component; ``gazetteer`` is a path, or None for the one in use."""
    return OrganisationNames(state.gazetteer_of(nlp, gazetteer))
