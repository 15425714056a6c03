"""Place words inside the names of organisations, outlets, treaties and events: counted, never pinned."""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from geomap.gazetteer.store import Gazetteer
from geomap.model import Mention
from geomap.recognition import context, state
from geomap.recognition.words import ORGANISATION_HEADS, ORGANISATION_OF, TITLES

_ATTRIBUTIVE_LENGTH = 4  # "US", "U.S.", "UAE": attributive before an organisation ("US Congress"), still the country
_CONNECTORS = frozenset({"of", "in", "for", "the", "and"})
_LONGEST = 12


class OrganisationNames:
    """Turns a place inside an organisation's name into one ``organisation-embedded`` mention of the whole name."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._region_demonyms = {form for form, place in gazetteer.demonyms().items() if place.kind == "region"}

    def __call__(self, doc: Doc) -> Doc:
        """Turn the mentions of a doc that stand in an organisation's name."""
        mentions = list(state.get(doc))
        title_case = context.title_case_lines(doc)
        by_token: dict[int, Mention] = {}
        for mention in mentions:
            span = state.span_of(doc, mention.start, mention.end)
            by_token.update(dict.fromkeys(range(span.start, span.end), mention))
        result: list[Mention] = []
        covered = -1
        for mention in mentions:
            if mention.start < covered:
                continue
            # "Afghan National Police" stays a demonym; "Far Eastern Federal University" names a place.
            is_place = mention.kind != "demonym" or mention.phrase in self._region_demonyms
            name = self._organisation(doc, mention, by_token, title_case) if is_place else None
            if name is None:
                result.append(mention)
                continue
            while result and result[-1].end > name.start_char:
                result.pop()
            covered = name.end_char
            inner = tuple(m for m in mentions if name.start_char <= m.start and m.end <= name.end_char)
            result.append(
                replace(
                    mention, start=name.start_char, end=name.end_char, phrase=name.text,
                    kind="organisation-embedded", nested=inner,
                )
            )  # fmt: skip
        return state.put(doc, result)

    def _organisation(
        self, doc: Doc, mention: Mention, by_token: dict[int, Mention], title_case: list[bool]
    ) -> Span | None:
        """The organisation's name around a mention, or None where there is none."""
        own = state.span_of(doc, mention.start, mention.end)
        reach = 2 if title_case[own.start] else _LONGEST  # in a headline every neighbour has a capital
        start, end = own.start, own.end
        while start and own.start - start < reach - 2 and _is_name_word(doc, start - 1):
            start -= 1
        while end < len(doc) and end - own.end < reach and _is_name_word(doc, end):
            end += 1
        heads = [i for i in range(own.end, end) if doc[i].lower_ in ORGANISATION_HEADS]
        attributive = len(mention.phrase) <= _ATTRIBUTIVE_LENGTH and mention.phrase.isupper()
        if heads and not attributive:
            first = own.start
            while first > start and doc[first - 1].lower_ not in TITLES and first - 1 not in by_token:
                first -= 1
            return doc[first : heads[-1] + 1]
        return self._headed(doc, own)

    @staticmethod
    def _headed(doc: Doc, own: Span) -> Span | None:
        """The name whose head stands before the place: "Islamic Movement of Uzbekistan"."""
        index = own.start - 1
        if index >= 0 and doc[index].lower_ == "the":
            index -= 1
        if index < 1 or doc[index].lower_ not in ("of", "in", "for"):
            return None
        head = index - 1
        if not (_is_name_word(doc, head) and doc[head].lower_ in ORGANISATION_OF):
            return None
        first = head
        while first and head - first < _LONGEST and _is_name_word(doc, first - 1):
            first -= 1
        if doc[first].is_sent_start and doc[first].is_stop:
            first += 1
        return doc[first : own.end]


def _is_name_word(doc: Doc, index: int) -> bool:
    token = doc[index]
    if token.text in ("-", "–") and 0 < index < len(doc) - 1 and not token.whitespace_:
        return (
            doc[index - 1].text[0].isupper() and doc[index + 1].text[0].isupper()
        )  # "China-Pakistan Economic Corridor"
    return token.is_alpha and token.text[0].isupper() and not (token.is_stop and token.lower_ in _CONNECTORS)


@Language.factory(
    "geomap_organisations", default_config={"gazetteer": None}, assigns=["doc.spans"], requires=["doc.spans"]
)
def geomap_organisations(nlp: Language, name: str, gazetteer: str | None) -> OrganisationNames:
    """Make the component; ``gazetteer`` is a path, or None for the one in use."""
    with Gazetteer(gazetteer) as opened:
        return OrganisationNames(opened)
