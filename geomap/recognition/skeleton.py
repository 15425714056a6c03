"""A text with its mentions folded to one symbol each, so that composite rules are short regular expressions.

"The Taliban control the border with Tajikistan." becomes ``the taliban control the border with <C> .``;
a match on it leads back to the offsets in the text.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from re import Match, Pattern
from typing import Final

from geomap.gazetteer.store import Gazetteer
from geomap.model import Mention
from geomap.recognition.tokens import Tokens

COUNTRY: Final = "<C>"
PROVINCE: Final = "<A>"
CAPITAL: Final = "<K>"
PLACE: Final = "<P>"
REGION: Final = "<R>"
DEMONYM: Final = "<D>"
OTHER: Final = "<O>"

REACH: Final = 250
"""Characters: no match of a pattern that is tried around some words is half as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A word or a mention of a skeleton: its place in the skeleton's string and in the text."""

    at: int
    start: int
    end: int
    mention: Mention | None


class Skeleton:
    """The skeleton of one text; see the module."""

    def __init__(self, found: Tokens, mentions: Iterable[Mention], gazetteer: Gazetteer) -> None:
        """Fold a text.

        Args:
            found: Its tokens.
            mentions: Its mentions, in order.
            gazetteer: Where the kinds of their places come from.
        """
        self.text = found.text
        self._found = found
        self._parts = found.plain.copy()
        """What stands for each token; empty where nothing does."""
        self._mentions: dict[int, Mention] = {}
        """Mentions by the token that they start with."""
        done = 0
        for mention in mentions:
            start, end = found.range(mention.start, mention.end)
            if start < done:
                continue
            self._mentions[start] = mention
            self._parts[start:end] = [symbol(mention, gazetteer)] + [""] * (end - start - 1)
            done = end
        self.string = " ".join(filter(None, self._parts))
        self._windows: dict[tuple[str, ...], list[tuple[int, int]]] = {}

    @cached_property
    def _first(self) -> list[int]:
        """The token that each item starts with."""
        return [index for index, part in enumerate(self._parts) if part]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each item starts in the string."""
        return list(accumulate((len(self._parts[index]) + 1 for index in self._first), initial=0))[:-1]

    def __len__(self) -> int:
        return len(self._first)

    def item(self, number: int) -> Item:
        """One word or mention by its number."""
        first = self._first[number]
        mention = self._mentions.get(first)
        start, end = (mention.start, mention.end) if mention else (self._found.starts[first], self._found.end(first))
        return Item(at=self._starts[number], start=start, end=end, mention=mention)

    def finditer(self, pattern: Pattern[str], near: tuple[str, ...] = ()) -> Iterator[Match[str]]:
        """Matches of a pattern that begin and end with whole items.

        Args:
            pattern: The pattern.
            near: Beginnings of items of which every match holds one, and lies within :data:`REACH` of it: much
                faster, as a pattern is tried only there.
        """
        string = self.string
        for first, last in self._around(near) if near else ((0, len(string)),):
            for match in pattern.finditer(string, first, last):
                end = match.end()
                whole = end == len(string) or string[end] == " " or string[end - 1] == " "
                if whole and (match.start() == 0 or string[match.start() - 1] == " "):
                    yield match

    def _around(self, near: tuple[str, ...]) -> list[tuple[int, int]]:
        """The stretches of the string around items that begin so, where they hold a mention."""
        known = self._windows.get(near)
        if known is None:
            known = self._windows[near] = []
            for spot in sorted(self._spots(near)):
                if known and spot <= known[-1][1]:
                    first = known.pop()[0]
                else:
                    first = self.string.rfind(" ", 0, max(0, spot - REACH)) + 1
                last = self.string.find(" ", spot + REACH)
                known.append((first, last if last >= 0 else len(self.string)))
            known[:] = [(first, last) for first, last in known if self.string.find("<", first, last) >= 0]
        return known

    def _spots(self, near: tuple[str, ...]) -> Iterator[int]:
        """Where items begin so."""
        for start in near:
            if self.string.startswith(start):
                yield 0
            at = self.string.find(f" {start}")
            while at >= 0:
                yield at + 1
                at = self.string.find(f" {start}", at + 1)

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
