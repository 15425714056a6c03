"""A text with its mentions folded to one symbol each, so that composite rules are short regular expressions.

"The Taliban control the border with Tajikistan." becomes ``the taliban control the border with <C> .``;
a match on it leads back to the offsets in the text.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from re import Match, Pattern
from typing import Final

from spacy.tokens import Doc

from geomap.gazetteer.store import Gazetteer
from geomap.model import Mention
from geomap.recognition import state

COUNTRY: Final = "<C>"
PROVINCE: Final = "<A>"
CAPITAL: Final = "<K>"
PLACE: Final = "<P>"
REGION: Final = "<R>"
DEMONYM: Final = "<D>"
OTHER: Final = "<O>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A word or a mention of a skeleton: its place in the skeleton's string and in the text."""

    at: int
    start: int
    end: int
    mention: Mention | None


class Skeleton:
    """The skeleton of one doc; see the module."""

    def __init__(self, doc: Doc, gazetteer: Gazetteer) -> None:
        found = state.tokens(doc)
        self.text = found.text
        self._found = found
        self._parts: list[str] = []
        self._first: list[int] = []
        """The token that each item starts with."""
        self._mentions: dict[int, Mention] = {}
        """Mentions by the item that they are."""
        done = 0
        for mention in state.get(doc):
            start, end = found.range(mention.start, mention.end)
            if start < done:
                continue
            self._copy(done, start)
            self._mentions[len(self._parts)] = mention
            self._parts.append(symbol(mention, gazetteer))
            self._first.append(start)
            done = end
        self._copy(done, len(found))
        self.string = " ".join(self._parts)
        self._starts = list(accumulate((len(part) + 1 for part in self._parts), initial=0))[:-1]

    def _copy(self, start: int, end: int) -> None:
        """Take over the tokens ``[start, end)``, without blanks."""
        plain = self._found.plain
        kept = [index for index in range(start, end) if plain[index]]
        self._first += kept
        self._parts += [plain[index] for index in kept]

    def __len__(self) -> int:
        return len(self._parts)

    def item(self, number: int) -> Item:
        """One word or mention by its number."""
        mention = self._mentions.get(number)
        first = self._first[number]
        start, end = (mention.start, mention.end) if mention else (self._found.starts[first], self._found.end(first))
        return Item(at=self._starts[number], start=start, end=end, mention=mention)

    def finditer(self, pattern: Pattern[str]) -> Iterator[Match[str]]:
        """Matches of a pattern that begin and end with whole items."""
        for match in pattern.finditer(self.string):
            end = match.end()
            whole = end == len(self.string) or self.string[end] == " " or self.string[end - 1] == " "
            if whole and (match.start() == 0 or self.string[match.start() - 1] == " "):
                yield match

    def between(self, start: int, end: int) -> list[Item]:
        """The items within ``[start, end)`` of the skeleton's string."""
        first, last = bisect.bisect_left(self._starts, start), bisect.bisect_left(self._starts, end)
        return [self.item(number) for number in range(first, last)]

    def position(self, item: Item) -> int:
        """The number of an item."""
        return bisect.bisect_left(self._starts, item.at)

    def mentions(self, match: Match[str]) -> list[Mention]:
        """The mentions within a match, in order."""
        return [item.mention for item in self.between(*match.span()) if item.mention]


def symbol(mention: Mention, gazetteer: Gazetteer) -> str:
    """The symbol of a mention in a skeleton."""
    if mention.kind == "demonym":
        return DEMONYM
    if mention.kind == "region":
        return REGION
    if mention.kind not in ("place", "metonym"):
        return OTHER
    candidates = gazetteer.candidates(mention.name)
    code = candidates[0].place.feature_code if candidates else ""
    if (
        code in ("PPL", "PPLA")
        and any(c.place.feature_code == "ADM1" for c in candidates[:3])
        and mention.kind == "place"
    ):
        return PROVINCE  # "Kunduz": a town and its province
    return {"PCLI": COUNTRY, "ADM1": PROVINCE, "PPLC": CAPITAL}.get(code, PLACE)
