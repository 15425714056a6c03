"""Expressions made of several words: borders, directions, facilities, and what qualifies a name.

Rules are regular expressions over the :mod:`skeleton <geomap.recognition.skeleton>` of a text.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from re import Match
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from geomap.gazetteer.store import Gazetteer
from geomap.model import Direction, Kind, Mention
from geomap.names import fold
from geomap.recognition import state
from geomap.recognition.skeleton import Item, Skeleton
from geomap.recognition.words import CLASS_AFTER, CLASS_BEFORE, FACILITIES, MAY_PRECEDE, TITLES

# --- borders -------------------------------------------------------------------------------------------------

PREFIXES: Final = {"pak": "PK", "sino": "CN", "indo": "IN", "russo": "RU", "franco": "FR", "anglo": "GB"}
"""Country prefixes that only stand before a hyphen ("Pak-Afghan border")."""
NAMED_BORDERS: Final = {
    "durand line": ("AF", "PK"),
    "line of control": ("IN", "PK"),
    "radcliffe line": ("IN", "PK"),
    "mcmahon line": ("CN", "IN"),
}

_BORDER = r"(?:borders?|frontiers?|boundary|boundaries|borderlands?|borderline)"
_SINGLE = r"(?:border|frontier|boundary|borderline)"
_STATE = rf"(?:<C>|<D>|{'|'.join(PREFIXES)})"
_NAME = r"(?:the )?<C>"
_TOWARDS = r"(?:north|south|east|west|northern|southern|eastern|western|north - ?eastern|north - ?western|south - ?eastern|south - ?western|northeastern|northwestern|southeastern|southwestern)"
_ADJECTIVE = rf"(?:(?:state|common|shared|mutual|joint|long|porous|land|mountainous|own|entire|whole|{_TOWARDS}) )*"
_LINE = r"(?: (?:areas?|regions?|zones?|lines?|strip|crossings?|districts?|provinces?|river))?"
# "border guards", "border police": people and services, not a line on a map.
_SERVICE = r"(?! (?:guards?|police|forces?|troops|service|services|officials?|agency|agencies|officers?|detachments?|patrols?|management|control|security|command|protection|affairs)\b)"

# "Tajikistan and Uzbekistan border Afghanistan": a verb.
_NO_VERB = r"(?! (?:on |upon )?(?:the )?<[CPAK]>)"

_BORDERS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_STATE} (?:(?:-|–|—|/|and) (?:the )?)?{_STATE} {_ADJECTIVE}{_BORDER}\b{_SERVICE}{_NO_VERB}",
        rf"{_SINGLE}s?{_LINE} (?:between|separating|dividing|linking) {_NAME} (?:and|from|with) {_NAME}",
        rf"{_BORDER}{_LINE} of {_NAME} (?:with|and) {_NAME}",
        rf"{_BORDER} from {_NAME} (?:into|to) {_NAME}",
        rf"(?:line|river) (?:separating|dividing) {_NAME} (?:and|from) {_NAME}",
        rf"<C> (?:'s|') {_ADJECTIVE}{_BORDER}{_LINE} (?:with|to|along) {_NAME}",
        rf"<D> {_ADJECTIVE}{_BORDER}{_LINE} (?:with|to) {_NAME}",
        rf"{_TOWARDS} {_BORDER}{_LINE} (?:with|to|into|of) {_NAME}",
        rf"{_STATE} (?:-|–) {_STATE} (?:site|section|part|stretch|sector|line) of (?:the )?{_BORDER}",
        rf"{_BORDER}{_LINE} (?:with|to) {_NAME}",
        rf"{_NAME} (?:'s|') {_ADJECTIVE}{_SINGLE}\b{_SERVICE}",
        rf"{_SINGLE} of {_NAME}",
        rf"<[CD]> {_ADJECTIVE}{_SINGLE}\b{_SERVICE}{_NO_VERB}(?! (?:towns?|villages?|city|cities|province|post|posts|station|checkpoint))",
    )
)
_OWN_SIDE: Final = re.compile(r" (?:'s|'|of) ")
_NAMED: Final = re.compile("|".join(rf"\b{name}\b" for name in NAMED_BORDERS))

# --- directions ----------------------------------------------------------------------------------------------

_COMPASS = r"(?:(?:north|south)(?: ?- ?)?(?:eastern|western|east|west)|north(?:ern)?|south(?:ern)?|east(?:ern)?|west(?:ern)?|central)"
_PARTS = r"(?:parts?|provinces?|regions?|areas?|districts?|half|corner|tip)"
_DIRECTIONS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<dir>{_COMPASS}) (?P<parent><C>|<A>)",
        rf"\b(?P<dir>{_COMPASS}) {_PARTS} of (?:the )?(?P<parent><C>|<A>)",
        r"\bthe (?:far |extreme )?(?P<dir>(?:north|south)(?: ?- ?)?(?:east|west)|north|south|east|west|centre|center) of (?:the )?(?P<parent><C>|<A>)",
        rf"(?P<parent><C>|<A>) (?:'s|') (?:far |extreme )?(?P<dir>{_COMPASS})(?: {_PARTS}| provinces?)?\b(?! {_BORDER})",
    )
)
_CLASS_AFTER_PROVINCE: Final = re.compile(r" (?:provinces?|city|town|region|district|governor|police|airport)\b")

# --- facilities ----------------------------------------------------------------------------------------------

_FACILITY = rf"(?:{'|'.join(sorted(FACILITIES, key=lambda word: (-len(word), word)))}|air bases?|military bases?|power plants?|power stations?|air fields?)"
_OF_BUILDING = r"(?:(?:military|air|international|main|central|naval|civilian|<D>|domestic|provincial|regional|special|public|army|state|nuclear|university|maternity|children 's) )*"
_FACILITIES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<seat><K>|<P>|<A>) (?:-|–) (?:<K>|<P>|<A>) (?:highway|road|railway|motorway|pipeline)\b",
        rf"(?P<seat><K>|<P>|<A>) {_OF_BUILDING}{_FACILITY}\b(?! patrol)",
        rf"(?:\d+(?:st|nd|rd|th)? )?{_OF_BUILDING}\b{_FACILITY} (?:based |located |situated )?(?:in|at|near|outside|of) (?:the capital of (?P<capital>(?:the )?<C>)|(?:the )?(?:city of )?(?P<seat><K>|<P>|<A>))",
        r"(?:\d+(?:st|nd|rd|th)? )?(?:<D> )(?:military |air |naval )?bases? (?:based |located |situated )?(?:in|at) (?:the )?(?P<seat><C>)",
    )
)

# Words of which every match of those patterns holds one.
_BORDER_STEMS: Final = ("border", "frontier", "boundar", "separating", "dividing")
_DIRECTION_STEMS: Final = ("north", "south", "east", "west", "central", "centre", "center")
_FACILITY_STEMS: Final = (
    *sorted(FACILITIES), "base", "plant", "station", "field", "highway", "road", "railway", "pipeline", "motorway",
)  # fmt: skip

# --- what qualifies a name -------------------------------------------------------------------------------------

_CLASS_WORDS = "|".join(sorted(CLASS_AFTER, key=lambda word: (-len(word), word)))
_TYPED_AFTER: Final = re.compile(
    rf"(?P<names><[AKPC]>(?:(?: , (?:and )?| and | & )<[AKP]>)*) (?P<word>{_CLASS_WORDS})\b"
)
_TYPED_BEFORE: Final = re.compile(
    rf"\b(?P<word>{'|'.join(CLASS_BEFORE)}) of (?P<names><[AKPC]>(?:(?: , (?:and )?| and )<[AKP]>)*)"
)
# A country's name before a province's is a town's: "Lebanon, Pa.".
_WITHIN: Final = re.compile(
    rf"<C> , (?=<A>)|<[AKPO]>(?: (?:{_CLASS_WORDS}))?(?: ,| (?:in|of)(?: the)?(?: {_COMPASS})?) (?=<[AC]>|<[KP]>(?! (?:, )?and <))"
)
# Class words that the full name of a unit holds.
_HELD: Final = {"county": "County", "counties": "County", "parish": "Parish", "parishes": "Parish"}
# Towns take no article: "along the Panj" is the river.
_RIVER: Final = re.compile(rf"the <[AKP]>(?! (?:{_CLASS_WORDS}|<))")
# A bulletin's section: "Ghazni: Muqur, Andar, Qarabagh".
_SECTION: Final = re.compile(r"(?:^|\n |\n (?:[-–—•*·] )+)<[AKP]> : ")
_WATER: Final = re.compile(
    r"\b(?:along|across|over|into|beyond|cross|crossed|crossing|swam|banks? of|side of) the <[AP]>"
    rf"(?! (?:{_CLASS_WORDS}|<))"
)
_OWNER: Final = re.compile(rf"<[ACKP]> (?:'s|') (?:{_COMPASS} )?(?:province of |district of )?(?=<[AKP]>)")


class Composites:
    """Joins mentions into borders, directional regions and facilities, and notes what qualifies a name."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def __call__(self, doc: Doc) -> Doc:
        """Join the mentions of a doc."""
        found = state.tokens(doc)
        mentions = state.get(doc)
        skeleton = Skeleton(found, mentions, self.gazetteer)
        if (qualified := self._qualified(mentions, skeleton)) is not mentions:
            mentions, skeleton = qualified, Skeleton(found, qualified, self.gazetteer)
        for rule in (self._borders, self._directions, self._facilities):
            if made := rule(doc, mentions, skeleton):
                mentions = _laid_over(mentions, made)
                skeleton = Skeleton(found, mentions, self.gazetteer)
        return state.put(doc, mentions)

    def _qualified(self, mentions: tuple[Mention, ...], skeleton: Skeleton) -> tuple[Mention, ...]:
        """The mentions with the feature that class words ask for, and the container that follows."""
        features: dict[int, str] = {}
        full_names: dict[int, str] = {}
        for pattern, near, classes in ((_TYPED_AFTER, (), CLASS_AFTER), (_TYPED_BEFORE, ("of <",), CLASS_BEFORE)):
            for match in skeleton.finditer(pattern, near):
                names = [item.mention for item in skeleton.between(*match.span("names")) if item.mention]
                plural = match["word"].endswith("s")
                for mention in names if plural or classes is CLASS_BEFORE else names[-1:]:
                    features.setdefault(mention.start, classes[match["word"]])
                    # A county's name holds the word: "Harper and Kingman counties" are no towns of those names.
                    full = f"{mention.name} {_HELD.get(match['word'], '')}"
                    if match["word"] in _HELD and self.gazetteer.candidates(full, None, False):
                        full_names.setdefault(mention.start, full)
        for pattern, suffix in ((_RIVER, ""), (_WATER, " River")):
            for match in skeleton.finditer(pattern, ("the <",)):
                for mention in skeleton.mentions(match):
                    name = mention.name + suffix
                    codes = {c.place.feature_code for c in self.gazetteer.candidates(name, None, False)}
                    if codes & {"STM", "STMI", "CNL"}:
                        features.setdefault(mention.start, "H")
                        full_names.setdefault(mention.start, name)
        within: dict[int, str] = {}
        for match in skeleton.finditer(_WITHIN):
            (inner,) = skeleton.mentions(match)[:1]
            following = [item.mention for item in skeleton.between(match.end(), match.end() + 1)]
            if following and following[0]:
                within[inner.start] = following[0].name
        for match in skeleton.finditer(_OWNER):
            (outer,) = skeleton.mentions(match)[:1]
            following = [item.mention for item in skeleton.between(match.end(), match.end() + 1)]
            if following and following[0]:
                within.setdefault(following[0].start, outer.name)
        for match in skeleton.finditer(_SECTION, ("<A> :", "<K> :", "<P> :")):
            (outer,) = skeleton.mentions(match)[:1]
            line_end = skeleton.string.find("\n", match.end())
            for item in skeleton.between(match.end(), line_end if line_end >= 0 else len(skeleton.string)):
                if item.mention:
                    within.setdefault(item.mention.start, outer.name)
        if not (features or within):
            return mentions
        following_start = {a.start: b.start for a, b in pairwise(mentions)}
        result = []
        for mention in mentions:
            chain: list[str] = []
            at = mention.start
            while at in within and len(chain) < 3:
                chain.append(within[at])
                at = following_start.get(at, -1)
            if chain or mention.start in features:
                feature = features.get(mention.start) or mention.feature
                name = full_names.get(mention.start, mention.name)
                mention = replace(mention, name=name, within=tuple(chain), feature=feature)  # noqa: PLW2901
            result.append(mention)
        return tuple(result)

    def _borders(self, doc: Doc, mentions: Iterable[Mention], skeleton: Skeleton) -> list[Mention]:
        made: list[Mention] = []
        for match in skeleton.finditer(_NAMED) if any(map(skeleton.string.__contains__, NAMED_BORDERS)) else ():
            if not skeleton.text[skeleton.between(*match.span())[0].start].isupper():
                continue  # "a line of control" is anyone's
            _add(made, _compose(doc, skeleton, match, "border", countries=NAMED_BORDERS[match.group()]))
        for mention in mentions:
            if pair := NAMED_BORDERS.get(fold(mention.phrase)):
                _add(made, replace(mention, kind="border", countries=pair))
        for pattern in _BORDERS:
            for match in skeleton.finditer(pattern, _BORDER_STEMS):
                inner = [m for m in skeleton.mentions(match) if m.kind in ("place", "demonym", "metonym")]
                codes = [self._country(mention) for mention in inner]
                codes += [PREFIXES[word] for word in match.group().split() if word in PREFIXES]
                countries = tuple(dict.fromkeys(code for code in codes if code))
                if not countries or len(countries) > 2:
                    continue
                composed = _compose(doc, skeleton, match, "border", countries=countries)
                # "Tajikistan's southern border" lies in Tajikistan's south, "the northern border with Tajikistan" does not.
                direction = re.search(_COMPASS, match.group()) if _OWN_SIDE.search(match.group()) else None
                if direction and len(countries) == 1:
                    composed = replace(composed, direction=compass(direction.group()))
                _add(made, composed)
        return made

    def _country(self, mention: Mention) -> str | None:
        if mention.countries:
            return mention.countries[0] if len(mention.countries) == 1 else None
        candidates = self.gazetteer.candidates(mention.name)
        return next((c.place.country for c in candidates if c.place.feature_code == "PCLI"), None)

    def _directions(self, doc: Doc, _: Iterable[Mention], skeleton: Skeleton) -> list[Mention]:
        made: list[Mention] = []
        for pattern in _DIRECTIONS:
            for match in skeleton.finditer(pattern, _DIRECTION_STEMS):
                parents = [item.mention for item in skeleton.between(*match.span("parent")) if item.mention]
                direction = compass(match["dir"])
                if not parents or (match.group().startswith(match["dir"]) and self._describes(skeleton, match)):
                    continue
                parent = parents[0]
                composed = _compose(doc, skeleton, match, "directional", name=parent.name, direction=direction)
                composed = replace(composed, within=parent.within, feature=parent.feature)
                if parent.kind == "place":
                    _add(made, composed)
        return made

    @staticmethod
    def _describes(skeleton: Skeleton, match: Match[str]) -> bool:
        """Whether the adjective only says where a province lies ("the southern Helmand province")."""
        if match["parent"] != "<A>" or f"{match['dir']} <A>" != match.group():
            return False
        return _CLASS_AFTER_PROVINCE.match(skeleton.string, match.end()) is not None

    def _facilities(self, doc: Doc, _: Iterable[Mention], skeleton: Skeleton) -> list[Mention]:
        made: list[Mention] = []
        for pattern in _FACILITIES:
            for match in skeleton.finditer(pattern, _FACILITY_STEMS):
                groups = match.groupdict()
                group = "capital" if groups.get("capital") else "seat"
                seats = [item.mention for item in skeleton.between(*match.span(group)) if item.mention]
                if not seats:
                    continue
                seat = seats[0]
                name = seat.name
                if group == "capital":
                    code = self._country(seat)
                    capital = self.gazetteer.capital(code) if code else None
                    if capital is None:
                        continue
                    name = capital.name
                composed = _compose(doc, skeleton, match, "facility", name=name)
                if group == "capital":
                    composed = replace(composed, countries=(code,) if code else ())
                else:
                    composed = replace(composed, within=seat.within, feature=seat.feature)
                _add(made, composed)
        return made


def compass(word: str) -> Direction:
    """Return the direction that a word names ("north-eastern" → ``northeast``)."""
    plain = re.sub("ern|[ -]", "", word)
    if plain in ("centre", "center", "central"):
        return "central"
    return plain  # type: ignore[return-value]


def _compose(
    doc: Doc,
    skeleton: Skeleton,
    match: Match[str],
    kind: Kind,
    *,
    name: str = "",
    countries: tuple[str, ...] = (),
    direction: Direction | None = None,
) -> Mention:
    """A mention over the text of a match, without a leading article."""
    items = skeleton.between(*match.span())
    while (
        len(items) > 1
        and items[0].mention is None
        and skeleton.text[items[0].start : items[0].end].lower() in ("the", "and")
    ):
        items = items[1:]
    if kind == "facility":  # "Russian military base in Tajikistan": the owner's demonym is counted by itself
        owners = [i for i, item in enumerate(items[:3]) if item.mention and item.mention.kind == "demonym"]
        items = items[owners[-1] + 1 :] if owners else items
        first = skeleton.position(items[0])
        while first and not owners and _is_proper(skeleton.item(first - 1), skeleton.text):
            first -= 1
            items = [skeleton.item(first), *items]
    start, end = items[0].start, items[-1].end
    inner = tuple(item.mention for item in items if item.mention)
    sentence = inner[0].sentence if inner else state.sentences(doc).around(start)
    phrase = skeleton.text[start:end]
    return Mention(
        start=start, end=end, phrase=phrase, kind=kind, name=name or phrase, sentence=sentence,
        countries=countries, direction=direction, nested=inner,
    )  # fmt: skip


def _is_proper(item: Item, text: str) -> bool:
    """Whether a word belongs to a facility's own name ("Mirwais Hospital in Kandahar")."""
    word = text[item.start : item.end]
    return item.mention is None and word.isalpha() and word[0].isupper() and word.lower() not in MAY_PRECEDE | TITLES


def _add(made: list[Mention], composed: Mention) -> None:
    """Put a mention among those made so far, in the order of the text, unless it overlaps one of them."""
    index = bisect.bisect(made, composed.start, key=lambda mention: mention.start)
    after_before = index == 0 or made[index - 1].end <= composed.start
    before_after = index == len(made) or composed.end <= made[index].start
    if after_before and before_after:
        made.insert(index, composed)


def _laid_over(mentions: Iterable[Mention], made: list[Mention]) -> tuple[Mention, ...]:
    """The mentions with new, outer ones, which :func:`_add` put in order, laid over those that they hold."""
    starts = [outer.start for outer in made]

    def is_free(mention: Mention) -> bool:
        index = bisect.bisect_left(starts, mention.end)
        return index == 0 or made[index - 1].end <= mention.start

    kept = made + [mention for mention in mentions if is_free(mention)]
    return tuple(sorted(kept, key=lambda mention: mention.start))


@Language.factory(
    "geomap_composites", default_config={"gazetteer": None}, assigns=["doc.spans"], requires=["doc.spans"]
)
def geomap_composites(nlp: Language, name: str, gazetteer: str | None) -> Composites:
    """Make the component; ``gazetteer`` is a path, or None for the one in use."""
    return Composites(state.gazetteer_of(nlp, gazetteer))
