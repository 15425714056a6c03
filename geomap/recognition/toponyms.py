"""The gazetteer matcher: names, abbreviations and demonyms that a text means as such."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from geomap.gazetteer.store import HOME, Gazetteer
from geomap.model import Candidate, Kind, Mention, Place
from geomap.names import GENERIC_WORDS, fold
from geomap.recognition import context, lexicon, state, words

LONGEST_NAME: Final = 8
"""Words of the longest name that is looked for."""
_LONGEST_UNKNOWN: Final = 6
_ORDINARY: Final = 3  # lower-case uses in the lexicon from which a word is no name by itself
_UNKNOWN_BEFORE: Final = frozenset({"province", "district", "village", "oblast", "tehsil", "raion", "valley", "county"})
"""Class words that make a place of any name before them."""
_POSSESSIVES: Final = frozenset({"'s", "’s"})
_JOINERS: Final = frozenset("-‐‑–'’ʼ`")
_MODEL_PLACES: Final = frozenset({"GPE", "LOC", "FAC"})
_MODEL_OTHERS: Final = frozenset({"PERSON", "PER", "ORG", "WORK_OF_ART", "PRODUCT", "EVENT", "LAW"})


class ToponymMatcher:
    """Finds gazetteer names and demonyms, longest first, and keeps those that the context supports.

    Where the pipeline has a named-entity model before it, its entities join in: a place that it
    found needs no further evidence, a person or an organisation that it found is none.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._lexicon = lexicon.load()
        self._abbreviations = gazetteer.abbreviations()
        self._demonyms = {fold(form): place for form, place in gazetteer.demonyms().items()}
        self._demonym_words = max((len(form.split()) for form in self._demonyms), default=1)

    def __call__(self, doc: Doc) -> Doc:
        """Find the mentions of a doc."""
        around = context.Surroundings.of(doc, self._lexicon, partial(self._starts_container, doc))
        entities = {token.i: entity.label_ for entity in doc.ents for token in entity}
        found = self._scan(around, entities)
        around.about_home = self._home_share(found) >= context.HOME_SHARE
        # A name that counts once counts wherever little speaks against it; at home, names of home need less.
        if around.about_home or around.accepted & around.rejected:
            around.known = frozenset(around.taken)
            around.taken.clear()
            found = self._scan(around, entities)
        return state.put(doc, found)

    def _starts_container(self, doc: Doc, index: int) -> bool:
        """Whether the name of a country or first-level unit starts at a token."""
        if index >= len(doc) or not _may_start(doc, index):
            return False
        if any(True for _ in self._abbreviated(doc, index)):
            return True
        folded, ends = next(_words_from(doc, index))
        lengths = self._gazetteer.match_lengths(folded)
        if not lengths:
            return False
        candidates = self._gazetteer.candidates(doc[index : ends[lengths[-1] - 1]].text, None, False)
        return bool(candidates) and candidates[0].place.feature_code in ("PCLI", "ADM1")

    def _home_share(self, found: list[Mention]) -> float:
        """The share of mentions whose best candidate lies in Afghanistan or a neighbour."""
        at_home = 0
        for mention in found:
            codes = mention.countries
            if not codes and (candidates := self._gazetteer.candidates(mention.name, None, False)):
                codes = (candidates[0].place.country or "",)
            at_home += any(code in HOME for code in codes)
        return at_home / len(found) if found else 0.0

    def _scan(self, around: context.Surroundings, entities: dict[int, str]) -> list[Mention]:
        found: list[Mention] = []
        index = 0
        while index < len(around.doc):
            match = next(self._at(around, index, entities), None) if _may_start(around.doc, index) else None
            if match is None:
                index += 1
                continue
            end, mention = match
            found.append(mention)
            around.taken.update(range(index, end))
            index = end
        return found

    def _at(self, around: context.Surroundings, start: int, entities: dict[int, str]) -> Iterator[tuple[int, Mention]]:
        """The mentions that may start at a token with their ends, the one to prefer first."""
        doc = around.doc
        for end in self._abbreviated(doc, start):
            yield end, _mention(around, start, end, "place")
        demonym: tuple[int, Place] | None = None
        for folded, ends in _words_from(doc, start):
            if length := self._organisation(folded):
                yield ends[length - 1], _mention(around, start, ends[length - 1], "organisation-embedded")
            demonym = demonym or self._demonym(folded)
            for length in reversed(self._gazetteer.match_lengths(folded)):
                end = ends[length - 1]
                if demonym and length <= demonym[0]:
                    break
                if length > 1 and not _may_end(doc, end - 1):
                    continue
                candidates = self._gazetteer.candidates(doc[start:end].text, None, False)
                if candidates and self._is_meant(around, start, end, candidates, entities):
                    end = self._without_class_word(doc, start, end, candidates)
                    yield end, _mention(around, start, end, candidates[0].place.kind)
            if demonym:
                length, place = demonym
                countries = (place.country,) if place.country else place.countries
                end = ends[length - 1]
                yield end, _mention(around, start, end, "demonym", name=place.name, countries=countries)
        yield from self._by_class_word(around, start)
        if around.about_home:
            yield from self._by_transliteration(around, start)

    def _is_meant(
        self,
        around: context.Surroundings,
        start: int,
        end: int,
        candidates: tuple[Candidate, ...],
        entities: dict[int, str],
    ) -> bool:
        """Whether a gazetteer name is meant as a place: by a model's entities, else by the evidence."""
        doc, best = around.doc, candidates[0]
        name = fold(doc[start:end].text)
        parts = name.split(" ")
        if name in words.NEVER_ALONE or (parts[-1] in GENERIC_WORDS and words.NEVER_ALONE.issuperset(parts)):
            return False  # "Western Region" is a part of whatever the text is about
        if end < len(doc) and doc[end].lower_ in words.KEEPS_CLASS_WORD and doc[end].is_title:
            return False
        if _goes_on(doc, end) or _hangs_on(doc, start):
            return False
        labels = {entities.get(i, "") for i in range(start, end)}
        if labels <= _MODEL_PLACES:
            return True
        if labels & _MODEL_OTHERS and best.place.feature_code != "PCLI":
            return False
        needed = context.THRESHOLD - (context.REPEATED if name in around.accepted else 0.0)
        meant = context.evidence(around, start, end, best) >= needed
        (around.accepted if meant else around.rejected).add(name)
        return meant

    def _by_class_word(self, around: context.Surroundings, start: int) -> Iterator[tuple[int, Mention]]:
        """A name that the gazetteer lacks, or has in another spelling, before a class word ("Warsaj district")."""
        doc = around.doc
        end = start
        while end < len(doc) and end - start < _LONGEST_UNKNOWN and _is_name_part(doc, end, start):
            end += 1
        if end == start or end >= len(doc) or doc[end].lower_ not in _UNKNOWN_BEFORE or doc[end - 1].text in _JOINERS:
            return
        first = doc[start]
        ordinary = self._lexicon.get(first.lower_)
        if (
            first.lower_ in words.MAY_PRECEDE | words.NEVER_ALONE | words.MAY_FOLLOW
            or self._demonym([fold(first.text)])
            or (ordinary and ordinary.lower > _ORDINARY)
            or first.is_stop
            or around.title_case[start]
            or _hangs_on(doc, start)
            or any(
                self._gazetteer.candidates(doc[i:end].text, None, False)
                for i in range(start + 1, end)
                if not _hangs_on(doc, i)
            )
        ):
            return
        if doc[end].lower_ in words.KEEPS_CLASS_WORD:
            end += 1
        yield end, _mention(around, start, end, "place")

    def _by_transliteration(self, around: context.Surroundings, start: int) -> Iterator[tuple[int, Mention]]:
        """A regional name in a spelling that the gazetteer lacks, where the context asks for a place."""
        doc = around.doc
        listed = context.is_listed(around, start)
        if around.title_case[start] or not (listed or context.has_locative(doc, start)):
            return
        end = start
        while end < len(doc) and end - start < _LONGEST_UNKNOWN and _is_name_part(doc, end, start):
            end += 1
        run = doc[start:end]
        ordinary = self._lexicon.get(run[0].lower_) if len(run) else None
        known = ordinary and (ordinary.lower > _ORDINARY or ordinary.person or ordinary.other)
        if len(run) == 1 and fold(run.text) in words.NEVER_ALONE:
            return
        if not len(run) or run[-1].text in _JOINERS or known or run[0].is_stop or run[0].lower_ in around.persons:
            return
        if any(c.place.country in HOME for c in self._gazetteer.candidates(run.text) if c.match == "transliteration"):
            yield end, _mention(around, start, end, "place")

    def _abbreviated(self, doc: Doc, start: int) -> Iterator[int]:
        """The ends of abbreviations as written; those of provinces only behind a comma or bracket ("Portland, Ore.")."""
        for end in range(min(start + 4, len(doc)), start, -1):
            place = self._abbreviations.get(doc[start:end].text)
            if place is None:
                continue
            if place.feature_code == "PCLI" or place.country in HOME or (start and doc[start - 1].text in (",", "(")):
                yield end

    @staticmethod
    def _organisation(folded: list[str]) -> int:
        """The words of an organisation's name that starts here; 0 if none does."""
        line = " ".join(folded) + " "
        return max((len(name.split()) for name in words.ORGANISATIONS if line.startswith(f"{name} ")), default=0)

    def _demonym(self, folded: list[str]) -> tuple[int, Place] | None:
        for length in range(min(self._demonym_words, len(folded)), 0, -1):
            if place := self._demonyms.get(" ".join(folded[:length])):
                return length, place
        return None

    def _without_class_word(self, doc: Doc, start: int, end: int, candidates: tuple[Candidate, ...]) -> int:
        """Where the proper name ends, when the gazetteer's name carries a class word ("Kunduz Province")."""
        if end - start > 1 and doc[end - 1].lower_ in GENERIC_WORDS and candidates[0].place.country in HOME:
            shorter = self._gazetteer.candidates(doc[start : end - 1].text, None, False)
            if candidates[0].place.id in {candidate.place.id for candidate in shorter if candidate.match == "exact"}:
                return end - 1
        return end


def _goes_on(doc: Doc, end: int) -> bool:
    """Whether an izafat ties more to a name, so that the name alone is not meant ("Dara" of "Dara-e Suf")."""
    return (
        end + 2 < len(doc)
        and doc[end].text in _JOINERS
        and doc[end + 1].text in ("e", "i", "ye", "yi", "ul")
        and not doc[end - 1].whitespace_
    )


def _hangs_on(doc: Doc, start: int) -> bool:
    """Whether an izafat ties a name to one before it ("Suf" of "Dara-e Suf")."""
    before = [token.text for token in doc[max(0, start - 3) : start]]
    while before and before[-1] in _JOINERS:
        before.pop()
    return len(before) > 1 and before[-1] in ("e", "i", "ye", "yi") and before[-2] in _JOINERS


def _may_start(doc: Doc, index: int) -> bool:
    """Whether a name may start at a token: a capital, or a script without them."""
    text = doc[index].text
    ordinal = text[0].isdigit() and text[-1].isalpha()  # "201st base"
    return ordinal or (text[0].isalpha() and (text[0].isupper() or not text[0].islower()))


def _may_end(doc: Doc, index: int) -> bool:
    token = doc[index]
    return not token.text[0].islower() or token.lower_ in words.FACILITIES or token.lower_ in words.CLASS_AFTER


def _words_from(doc: Doc, start: int) -> Iterator[tuple[list[str], list[int]]]:
    """The folded words from a token on, up to what no name spans, and the token end of each.

    A possessive ends the words; where a capital follows it, they are given once more with the
    possessive drawn in, for names such as "People's Republic of China".
    """
    folded: list[str] = []
    ends: list[int] = []
    limit = min(len(doc), start + 3 * LONGEST_NAME)
    for token in doc[start:limit]:
        if token.lower_ in _POSSESSIVES and folded:
            yield list(folded), list(ends)
            if not (token.i + 1 < limit and doc[token.i + 1].is_title):
                return
            folded[-1] += "s"
            ends[-1] = token.i + 1
            continue
        if (token.is_space and "\n" not in token.text) or token.text in _JOINERS:
            continue
        parts = fold(token.text).split()
        if not parts or not token.text[0].isalnum() or len(folded) + len(parts) > LONGEST_NAME:
            break
        if token.text[-1] in _JOINERS:
            break  # "Tri-" of "Tri-City"
        folded.extend(parts)
        ends.extend([token.i + 1] * len(parts))
    yield folded, ends


def _is_name_part(doc: Doc, index: int, start: int) -> bool:
    """Whether a token may belong to a name of several words: a capital, or an izafat between two."""
    token = doc[index]
    if token.text in _JOINERS or (index > start and token.lower_ in ("e", "i", "ul", "al")):
        return index > start
    return token.is_alpha and token.text[0].isupper() and token.lower_ not in _UNKNOWN_BEFORE


def _mention(
    around: context.Surroundings,
    start: int,
    end: int,
    kind: Kind,
    *,
    name: str | None = None,
    countries: tuple[str, ...] = (),
) -> Mention:
    span = around.doc[start:end]
    return Mention(
        start=span.start_char,
        end=span.end_char,
        phrase=span.text,
        kind=kind,
        name=name or span.text,
        sentence=around.sentences.around(span.start_char),
        countries=countries,
    )


@Language.factory(
    "geomap_toponyms", default_config={"gazetteer": None}, assigns=["doc.spans"], requires=["token.is_sent_start"]
)
def geomap_toponyms(nlp: Language, name: str, gazetteer: str | None) -> ToponymMatcher:
    """Make the matcher; ``gazetteer`` is a path, or None for the one in use."""
    return ToponymMatcher(Gazetteer(gazetteer))
