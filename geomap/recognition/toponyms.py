"""The gazetteer matcher: names, abbreviations and demonyms that a text means as such."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from geomap.gazetteer.store import Gazetteer
from geomap.model import Candidate, Mention, Place
from geomap.names import GENERIC_WORDS, fold
from geomap.recognition import context, lexicon, state

LONGEST_NAME: Final = 8
"""Words of the longest name that is looked for."""
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
        around = context.Surroundings.of(doc, self._lexicon)
        entities = {token.i: entity.label_ for entity in doc.ents for token in entity}
        found: list[Mention] = []
        index = 0
        while index < len(doc):
            match = next(self._at(around, index, entities), None) if _may_start(doc, index) else None
            if match is None:
                index += 1
                continue
            end, mention = match
            found.append(mention)
            around.taken.update(range(index, end))
            index = end
        return state.put(doc, found)

    def _at(
        self, around: context.Surroundings, start: int, entities: dict[int, str]
    ) -> Iterator[tuple[int, Mention]]:
        """The mentions that may start at a token with their ends, the one to prefer first."""
        doc = around.doc
        for end, place in self._abbreviated(doc, start):
            yield end, _mention(doc, start, end, "place", name=place.name)
        folded, ends = _words_from(doc, start)
        lengths = self._gazetteer.match_lengths(folded)
        demonym = self._demonym(folded)
        for length in reversed(lengths):
            end = ends[length - 1]
            if demonym and length <= demonym[0]:
                break
            if length > 1 and not _may_end(doc, end - 1):
                continue
            name = doc[start:end].text
            candidates = self._gazetteer.candidates(name, None, False)
            if not candidates:
                continue
            labels = {entities.get(i, "") for i in range(start, end)}
            if labels <= _MODEL_PLACES:
                accepted = True
            elif labels & _MODEL_OTHERS and candidates[0].place.feature_code != "PCLI":
                accepted = False
            else:
                accepted = context.evidence(around, start, end, candidates[0]) >= context.THRESHOLD
            if accepted:
                end = self._without_class_word(doc, start, end, candidates)
                yield end, _mention(doc, start, end, candidates[0].place.kind)
        if demonym:
            length, place = demonym
            countries = (place.country,) if place.country else place.countries
            yield ends[length - 1], _mention(
                doc, start, ends[length - 1], "demonym", name=place.name, countries=countries
            )

    def _abbreviated(self, doc: Doc, start: int) -> Iterator[tuple[int, Place]]:
        """Abbreviations as written; those of provinces only behind a comma ("Portland, Ore.")."""
        for end in range(min(start + 4, len(doc)), start, -1):
            place = self._abbreviations.get(doc[start:end].text)
            if place is None:
                continue
            behind_comma = start > 0 and doc[start - 1].text == ","
            if place.feature_code == "PCLI" or behind_comma:
                yield end, place

    def _demonym(self, folded: list[str]) -> tuple[int, Place] | None:
        for length in range(min(self._demonym_words, len(folded)), 0, -1):
            if place := self._demonyms.get(" ".join(folded[:length])):
                return length, place
        return None

    def _without_class_word(self, doc: Doc, start: int, end: int, candidates: tuple[Candidate, ...]) -> int:
        """Where the proper name ends, when the gazetteer's name carries a class word ("Kunduz Province")."""
        if end - start > 1 and doc[end - 1].lower_ in GENERIC_WORDS:
            shorter = self._gazetteer.candidates(doc[start : end - 1].text, None, False)
            if candidates[0].place.id in {candidate.place.id for candidate in shorter}:
                return end - 1
        return end


def _may_start(doc: Doc, index: int) -> bool:
    """Whether a name may start at a token: a capital, or a script without them."""
    first = doc[index].text[0]
    return first.isalpha() and (first.isupper() or not first.islower())


def _may_end(doc: Doc, index: int) -> bool:
    first = doc[index].text[0]
    return not first.islower() or first.isdigit()


def _words_from(doc: Doc, start: int) -> tuple[list[str], list[int]]:
    """The folded words from a token on, up to what no name spans, and the token end of each."""
    folded: list[str] = []
    ends: list[int] = []
    for token in doc[start : start + 3 * LONGEST_NAME]:
        if token.is_space and "\n" not in token.text:
            continue
        if token.text in _JOINERS:
            continue
        words = fold(token.text).split()
        if not words or not token.text[0].isalnum() or len(folded) + len(words) > LONGEST_NAME:
            break
        if token.i > start and doc[token.i - 1].text in _JOINERS and token.lower_ in ("s",):
            break
        folded.extend(words)
        ends.extend([token.i + 1] * len(words))
    return folded, ends


def _mention(
    doc: Doc, start: int, end: int, kind: object, *, name: str | None = None, countries: tuple[str, ...] = ()
) -> Mention:
    span = doc[start:end]
    sentence = span.sent if doc.has_annotation("SENT_START") else doc[:]
    return Mention(
        start=span.start_char,
        end=span.end_char,
        phrase=span.text,
        kind=kind,  # type: ignore[arg-type]
        name=name or span.text,
        sentence=(sentence.start_char, sentence.end_char),
        countries=countries,
    )


@Language.factory(
    "geomap_toponyms", default_config={"gazetteer": None}, assigns=["doc.spans"], requires=["token.is_sent_start"]
)
def geomap_toponyms(nlp: Language, name: str, gazetteer: str | None) -> ToponymMatcher:
    """Make the matcher; ``gazetteer`` is a path, or None for the one in use."""
    return ToponymMatcher(Gazetteer(gazetteer))
