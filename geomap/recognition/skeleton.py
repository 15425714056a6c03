"""A text with its mentions folded to one symbol each, so that composite rules are short regular expressions.

"The Taliban control the border with Tajikistan." becomes ``the taliban control the border with <C> .``;
a match on it leads back to the offsets in the text.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass
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
        self.text = doc.text  # once: spaCy joins it anew each time
        mentions = {mention.start: mention for mention in state.get(doc)}
        parts: list[str] = []
        self.items: list[Item] = []
        at = skip_to = 0
        for token in doc:
            if token.idx < skip_to:
                continue
            mention = mentions.get(token.idx)
            if mention is not None:
                part, end = symbol(mention, gazetteer), mention.end
                skip_to = end
            elif token.is_space:
                if "\n" not in token.text:
                    continue
                part, end = "\n", token.idx + len(token)
            else:
                part, end = token.lower_.replace("’", "'"), token.idx + len(token)
                part = part.replace("<", "‹")  # nothing in a text may look like a symbol
            self.items.append(Item(at=at, start=token.idx, end=end, mention=mention))
            parts.append(part)
            at += len(part) + 1
        self.string = " ".join(parts)
        self._starts = [item.at for item in self.items]

    def finditer(self, pattern: Pattern[str]) -> Iterator[Match[str]]:
        """Matches of a pattern that begin and end with whole items."""
        for match in pattern.finditer(self.string):
            end = match.end()
            whole = end == len(self.string) or self.string[end] == " " or self.string[end - 1] == " "
            if whole and (match.start() == 0 or self.string[match.start() - 1] == " "):
                yield match

    def between(self, start: int, end: int) -> list[Item]:
        """The items within ``[start, end)`` of the skeleton's string."""
        return self.items[bisect.bisect_left(self._starts, start) : bisect.bisect_left(self._starts, end)]

    def position(self, item: Item) -> int:
        """The index of an item in :attr:`items`."""
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
