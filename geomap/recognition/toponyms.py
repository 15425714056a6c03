"""The gazetteer matcher: names, abbreviations and demonyms that a text means as such."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.tokens import Doc

from geomap.gazetteer.store import HOME, Gazetteer
from geomap.model import Candidate, Kind, Mention, Place
from geomap.names import GENERIC_WORDS, fold
from geomap.recognition import context, given, lexicon, state, words
from geomap.recognition.matches import JOINERS, Matches, may_start, readings
from geomap.recognition.tokens import Tokens

_LONGEST_UNKNOWN: Final = 6
_ORDINARY: Final = 3  # lower-case uses in the lexicon from which a word is no name by itself
_UNKNOWN_BEFORE: Final = frozenset({"province", "district", "village", "oblast", "tehsil", "raion", "valley", "county"})
"""Class words that make a place of any name before them."""
_LONGEST_ABBREVIATION: Final = 4  # tokens
_ORGANISATION_STARTS: Final = frozenset(name.split()[0] for name in words.ORGANISATIONS)
_MODEL_PLACES: Final = frozenset({"GPE", "LOC", "FAC"})
_MODEL_OTHERS: Final = frozenset({"PERSON", "PER", "ORG", "WORK_OF_ART", "PRODUCT", "EVENT", "LAW"})


class ToponymMatcher:
    """Finds gazetteer names and demonyms, longest first, and keeps those that the context supports.

    Where the pipeline has a named-entity model before it, its entities join in: a place that it
    found needs no further evidence, a person or an organisation that it found is none.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._lexicon = lexicon.load()
        self._personal_names = given.load()
        self._abbreviations = gazetteer.abbreviations()
        self._abbreviation_starts = {form[:end] for form in self._abbreviations for end in range(1, len(form) + 1)}
        self._demonyms = {fold(form): place for form, place in gazetteer.demonyms().items()}
        self._demonym_words = max((len(form.split()) for form in self._demonyms), default=1)
        self._demonym_starts = {form.split()[0] for form in self._demonyms}
        self._first_words = _ORGANISATION_STARTS | {form.split()[0] for form in self._demonyms if " " in form}
        """First words of organisations and demonyms of several words, which go on where no place's name does."""

    def __call__(self, doc: Doc) -> Doc:
        """Find the mentions of a doc."""
        found = state.matches(doc, self.gazetteer)
        around = context.Surroundings.of(doc, self._lexicon, self._personal_names, partial(self._container, found))
        entities = {token.i: entity.label_ for entity in doc.ents for token in entity}
        mentions = self._scan(around, found, entities)
        around.about_home = self._home_share(mentions) >= context.HOME_SHARE
        # A name that counts once counts wherever little speaks against it; at home, names of home need less.
        if around.about_home or around.accepted & around.rejected:
            around.known = frozenset(around.taken)
            around.taken.clear()
            mentions = self._scan(around, found, entities)
        return state.put(doc, mentions)

    def _container(self, found: Matches, index: int) -> Place | None:
        """The country or first-level unit whose name starts at a token."""
        tokens = found.tokens
        if index >= len(tokens) or not may_start(tokens.words[index]):
            return None
        for end in self._abbreviated(tokens, index):
            return self._abbreviations[tokens.slice(index, end)]
        names = found.at(index)[0].names
        places = [candidate.place for candidate in names[0].candidates] if names else []
        units = [place for place in places if place.feature_code in ("PCLI", "ADM1")]
        return units[0] if units and places[0].feature_code in ("PCLI", "ADM1", "PPLC", "PPLA") else None

    def _home_share(self, mentions: list[Mention]) -> float:
        """The share of mentions whose best candidate lies in Afghanistan or a neighbour."""
        at_home = 0
        for mention in mentions:
            codes = mention.countries
            if not codes and (candidates := self.gazetteer.candidates(mention.name, None, False)):
                codes = (candidates[0].place.country or "",)
            at_home += any(code in HOME for code in codes)
        return at_home / len(mentions) if mentions else 0.0

    def _scan(self, around: context.Surroundings, found: Matches, entities: dict[int, str]) -> list[Mention]:
        mentions: list[Mention] = []
        done = 0
        for index in found.starts:
            if index < done:
                continue
            if (match := self._at(around, found, index, entities)) is not None:
                done, mention = match
                mentions.append(mention)
                around.taken.update(range(index, done))
        return mentions

    def _at(
        self, around: context.Surroundings, found: Matches, start: int, entities: dict[int, str]
    ) -> tuple[int, Mention] | None:
        """The mention that starts at a token, with its end, if one does."""
        tokens = around.tokens
        if end := next(self._abbreviated(tokens, start), 0):
            return end, _mention(around, start, end, "place")
        demonym: tuple[int, Place] | None = None
        for number, (folded, ends, names) in enumerate(found.at(start)):
            if folded and folded[0] in self._first_words:
                folded, ends = list(readings(tokens, start))[number]  # noqa: PLW2901
            if length := self._organisation(folded):
                return ends[length - 1], _mention(around, start, ends[length - 1], "organisation-embedded")
            demonym = demonym or self._demonym(folded)
            for name in names:
                end = name.end
                if demonym and name.length <= demonym[0]:
                    break
                if name.length > 1 and not _may_end(tokens, end - 1):
                    continue
                if name.length == 1 and tokens.lower[start] in words.FUNCTION_WORDS:
                    continue
                if self._is_meant(around, start, end, name.candidates, entities):
                    end = self._without_class_word(tokens, start, end, name.candidates)
                    return end, _mention(around, start, end, name.candidates[0].place.kind)
            if demonym:
                length, place = demonym
                countries = (place.country,) if place.country else place.countries
                end = ends[length - 1]
                return end, _mention(around, start, end, "demonym", name=place.name, countries=countries)
        end = self._by_class_word(around, start) or (
            self._by_transliteration(around, start) if around.about_home else 0
        )
        return (end, _mention(around, start, end, "place")) if end else None

    def _is_meant(
        self,
        around: context.Surroundings,
        start: int,
        end: int,
        candidates: tuple[Candidate, ...],
        entities: dict[int, str],
    ) -> bool:
        """Whether a gazetteer name is meant as a place: by a model's entities, else by the evidence."""
        tokens, best = around.tokens, candidates[0]
        name = fold(tokens.slice(start, end))
        parts = name.split(" ")
        if name in words.NEVER_ALONE or (parts[-1] in GENERIC_WORDS and words.NEVER_ALONE.issuperset(parts)):
            return False  # "Western Region" is a part of whatever the text is about
        if end < len(tokens) and tokens.lower[end] in words.KEEPS_CLASS_WORD and tokens.words[end].istitle():
            return False
        if _goes_on(tokens, end) or _hangs_on(tokens, start):
            return False
        if entities:
            labels = {entities.get(i, "") for i in range(start, end)}
            if labels <= _MODEL_PLACES:
                return True
            if labels & _MODEL_OTHERS and best.place.feature_code != "PCLI":
                return False
        needed = context.THRESHOLD - (context.REPEATED if name in around.accepted else 0.0)
        meant = context.evidence(around, start, end, best, candidates) >= needed
        (around.accepted if meant else around.rejected).add(name)
        return meant

    def _by_class_word(self, around: context.Surroundings, start: int) -> int:
        """The end of a name that the gazetteer lacks, or spells otherwise, before a class word ("Warsaj district"); or 0."""
        tokens = around.tokens
        if _UNKNOWN_BEFORE.isdisjoint(tokens.lower[start + 1 : start + 1 + _LONGEST_UNKNOWN]):
            return 0
        end = _run_end(tokens, start)
        if end == start or end >= len(tokens) or tokens.lower[end] not in _UNKNOWN_BEFORE:
            return 0
        if tokens.words[end - 1] in JOINERS:
            return 0
        first = tokens.lower[start]
        ordinary = self._lexicon.get(first)
        if (
            first in words.MAY_PRECEDE | words.NEVER_ALONE | words.MAY_FOLLOW
            or self._demonym((fold(first),))
            or (ordinary and ordinary.lower > _ORDINARY)
            or first in STOP_WORDS
            or tokens.title_case[start]
            or _hangs_on(tokens, start)
            or any(
                self.gazetteer.candidates(tokens.slice(i, end), None, False)
                for i in range(start + 1, end)
                if not _hangs_on(tokens, i)
            )
        ):
            return 0
        return end + 1 if tokens.lower[end] in words.KEEPS_CLASS_WORD else end

    def _by_transliteration(self, around: context.Surroundings, start: int) -> int:
        """The end of a regional name in a spelling that the gazetteer lacks, where the context asks for a place; or 0."""
        tokens = around.tokens
        listed = context.is_listed(around, start)
        if tokens.title_case[start] or not (listed or context.has_locative(tokens, start)):
            return 0
        end = _run_end(tokens, start)
        if end == start or tokens.words[end - 1] in JOINERS:
            return 0
        first, phrase = tokens.lower[start], tokens.slice(start, end)
        ordinary = self._lexicon.get(first)
        known = ordinary and (ordinary.lower > _ORDINARY or ordinary.person or ordinary.other)
        if end - start == 1 and fold(phrase) in words.NEVER_ALONE:
            return 0
        if known or first in STOP_WORDS or first in around.persons:
            return 0
        candidates = self.gazetteer.candidates(phrase)
        return end if any(c.place.country in HOME for c in candidates if c.match == "transliteration") else 0

    def _abbreviated(self, tokens: Tokens, start: int) -> Iterator[int]:
        """The ends of abbreviations as written; of a province that is a word only behind a comma ("Portland, Ore.")."""
        if tokens.words[start] not in self._abbreviation_starts:
            return
        for end in range(min(start + _LONGEST_ABBREVIATION, len(tokens)), start, -1):
            place = self._abbreviations.get(tokens.slice(start, end))
            if place is None:
                continue
            before = tokens.lower[start - 1] if start else ""
            if before[-1:].isdigit() or before in ("century", "centuries", "millennium"):
                continue  # "500 B.C."
            if place.feature_code == "ADM1" and tokens.slice(start, end) == "N.B." and before in ("", ".", "\n"):
                continue  # nota bene
            listed = before in (",", "(") or (before == "-" and tokens.words[start - 2] in words.PARTIES)  # "R-Ky."
            if listed or place.feature_code == "PCLI" or place.country in HOME or _is_plain(tokens.slice(start, end)):
                yield end

    @staticmethod
    def _organisation(folded: Sequence[str]) -> int:
        """The words of an organisation's name that starts here; 0 if none does."""
        if not folded or folded[0] not in _ORGANISATION_STARTS:
            return 0
        line = " ".join(folded) + " "
        return max((len(name.split()) for name in words.ORGANISATIONS if line.startswith(f"{name} ")), default=0)

    def _demonym(self, folded: Sequence[str]) -> tuple[int, Place] | None:
        if not folded or folded[0] not in self._demonym_starts:
            return None
        for length in range(min(self._demonym_words, len(folded)), 0, -1):
            if place := self._demonyms.get(" ".join(folded[:length])):
                return length, place
        return None

    def _without_class_word(self, tokens: Tokens, start: int, end: int, candidates: tuple[Candidate, ...]) -> int:
        """Where the proper name ends, when the gazetteer's name carries a class word ("Kunduz Province")."""
        if end - start > 1 and tokens.lower[end - 1] in GENERIC_WORDS and candidates[0].place.country in HOME:
            shorter = self.gazetteer.candidates(tokens.slice(start, end - 1), None, False)
            if candidates[0].place.id in {candidate.place.id for candidate in shorter if candidate.match == "exact"}:
                return end - 1
        return end


def _is_plain(form: str) -> bool:
    """Whether a province's abbreviation is one wherever it stands: "N.J.", "NSW", but not "Pa." or "OH"."""
    return (form.count(".") > 1 and form.replace(".", "").isalpha()) or (len(form) > 2 and form.isalpha())


def _goes_on(tokens: Tokens, end: int) -> bool:
    """Whether an izafat ties more to a name, so that the name alone is not meant ("Dara" of "Dara-e Suf")."""
    texts = tokens.words
    return (
        end + 2 < len(texts)
        and texts[end] in JOINERS
        and texts[end + 1] in ("e", "i", "ye", "yi", "ul")
        and not tokens.spaced[end - 1]
    )


def _hangs_on(tokens: Tokens, start: int) -> bool:
    """Whether an izafat ties a name to one before it ("Suf" of "Dara-e Suf")."""
    before = tokens.words[max(0, start - 3) : start]
    while before and before[-1] in JOINERS:
        before.pop()
    return len(before) > 1 and before[-1] in ("e", "i", "ye", "yi") and before[-2] in JOINERS


def _may_end(tokens: Tokens, index: int) -> bool:
    lower = tokens.lower[index]
    return not tokens.words[index][0].islower() or lower in words.FACILITIES or lower in words.CLASS_AFTER


def _run_end(tokens: Tokens, start: int) -> int:
    """Where a name of several words ends that starts at a token: capitals, and an izafat between two."""
    end = start
    while end < len(tokens) and end - start < _LONGEST_UNKNOWN and _is_name_part(tokens, end, start):
        end += 1
    return end


def _is_name_part(tokens: Tokens, index: int, start: int) -> bool:
    lower = tokens.lower[index]
    if tokens.words[index] in JOINERS or (index > start and lower in ("e", "i", "ul", "al")):
        return index > start
    return tokens.is_capital(index) and lower not in _UNKNOWN_BEFORE


def _mention(
    around: context.Surroundings,
    start: int,
    end: int,
    kind: Kind,
    *,
    name: str | None = None,
    countries: tuple[str, ...] = (),
) -> Mention:
    tokens = around.tokens
    phrase, offset = tokens.slice(start, end), tokens.starts[start]
    return Mention(
        start=offset, end=offset + len(phrase), phrase=phrase, kind=kind, name=name or phrase,
        sentence=around.sentences.around(offset), countries=countries,
    )  # fmt: skip


@Language.factory(
    "geomap_toponyms", default_config={"gazetteer": None}, assigns=["doc.spans"], requires=["token.is_sent_start"]
)
def geomap_toponyms(nlp: Language, name: str, gazetteer: str | None) -> ToponymMatcher:
    """Make the matcher; ``gazetteer`` is a path, or None for the one in use."""
    return ToponymMatcher(state.gazetteer_of(nlp, gazetteer))
