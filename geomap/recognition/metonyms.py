"""Roles that a capital plays: a government ("Kabul's refusal"), or where a dispatch was filed."""

from __future__ import annotations

import re
from dataclasses import replace
from re import Match
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from geomap.gazetteer.store import Gazetteer
from geomap.model import Mention
from geomap.recognition import state
from geomap.recognition.skeleton import CAPITAL, Skeleton
from geomap.recognition.words import GOVERNMENT_NOUNS, GOVERNMENT_VERBS, MONTHS, RELATION_NOUNS, TOWARDS_GOVERNMENT


def _any(words: frozenset[str]) -> str:
    return f"(?:{'|'.join(sorted(words))})"


_AUXILIARY = "(?:has|had|is|was|will|would|does|did|do|could|may|might|must|should|also|not|never|n't|have|be|been|still|again|repeatedly|officially)"
_METONYMS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!in )(?<!at )(?<!to )(?<!from )(?<!near )(?:<K> (?:, |and |, and ))*(?P<seat><K>) (?:{_AUXILIARY} )*{_any(GOVERNMENT_VERBS)}\b",
        rf"(?P<seat><K>) (?:'s|') (?:\S+ )?{_any(GOVERNMENT_NOUNS)}\b",
        r"(?<!in )(?<!at )(?<!to )(?<!from )(?<!near )(?P<seat><K>) (?:will|would|must) (?:not )?"
        r"(?!be |have |see |get |become |remain |receive |host )\w+ ",
        rf"\b{_any(TOWARDS_GOVERNMENT)} (?P<seat><K>)",
        rf"\b{_any(RELATION_NOUNS)} (?:with|between) (?P<seat><K>)(?: and (?P<other><K>))?",
        r"(?:^|\n )(?P<seat><K>) : ",
    )
)
_FILED: Final = re.compile(
    rf"(?:^|\n )(?P<place><[AKPC]>)(?: , (?P<outer><[ACKP]>))?"
    rf"(?: ,| \.)?(?: (?:{'|'.join(sorted(MONTHS))})\.? \d\d?)?(?: ,| \.)*(?: ,? ?(?:irna|tass|asia - plus|interfax|xinhua|app|ani|pti|rfe / rl|afp|ap|reuters))?(?: [(/\[][^)/\]\n]{{1,40}}[)/\]])?(?: \.)* (?P<end>--?|[–—:.]|interfax)"
)
_SIGNED: Final = re.compile(rf"\d|[(/\[]|[-–—]|{'|'.join(MONTHS)}")


def _joins(skeleton: Skeleton, match: Match[str]) -> bool:
    """Whether the hyphen at the end of a match is that of a word: "Kabul-based"."""
    item = skeleton.between(match.start("end"), match.end("end"))[:1]
    return bool(item) and match["end"] == "-" and not skeleton.text[item[0].start - 1].isspace()


class Roles:
    """Marks capitals that stand for governments as metonyms, and datelines as such."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def __call__(self, doc: Doc) -> Doc:
        """Give the mentions of a doc their roles."""
        if not (mentions := state.get(doc)):
            return state.forget_scratch(doc)
        skeleton = Skeleton(state.tokens(doc), mentions, self.gazetteer)
        filed: set[int] = set()
        for match in skeleton.finditer(_FILED):
            head = skeleton.string[match.start("place") : match.end()]
            if _joins(skeleton, match):
                continue
            (place,) = skeleton.mentions(match)[:1]
            capitals = place.phrase.isupper() and head.endswith(":")  # "ISLAMABAD: Two civilians …"
            if capitals or _SIGNED.search(head.split(">", 1)[1]):
                groups = ("place", "outer") if match["outer"] else ("place",)
                for group in groups:
                    filed.update(i.mention.start for i in skeleton.between(*match.span(group)) if i.mention)
        governments: set[int] = set()
        for pattern in _METONYMS:
            for match in skeleton.finditer(pattern, (CAPITAL,)):
                governments.update(mention.start for mention in skeleton.mentions(match))
        state.put(doc, [self._with_role(mention, filed, governments) for mention in mentions])
        return state.forget_scratch(doc)

    @staticmethod
    def _with_role(mention: Mention, filed: set[int], governments: set[int]) -> Mention:
        if mention.start in filed:
            return replace(mention, role="dateline")
        if mention.kind == "place" and mention.start in governments:
            return replace(mention, kind="metonym")
        return mention


@Language.factory("geomap_roles", default_config={"gazetteer": None}, assigns=["doc.spans"], requires=["doc.spans"])
def geomap_roles(nlp: Language, name: str, gazetteer: str | None) -> Roles:
    """Make the component; ``gazetteer`` is a path, or None for the one in use."""
    return Roles(state.gazetteer_of(nlp, gazetteer))
