"""Every stretch of a text that the gazetteer has as a name, whether it is meant as a place or not.

Found once a text: the tagger takes the classes of names from it as a feature, the matcher its candidates.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from geomap.gazetteer.store import HOME, Gazetteer
from geomap.model import Candidate
from geomap.names import fold
from geomap.recognition.tokens import Tokens
from geomap.recognition.words import FUNCTION_WORDS

LONGEST_NAME: Final = 8
"""Words of the longest name that is looked for."""
POSSESSIVES: Final = frozenset({"'s", "’s"})
JOINERS: Final = frozenset("-‐‑–'’ʼ`")


class Name(NamedTuple):
    """A gazetteer name: its length in words, the token that it ends before, and what it may mean, best first."""

    length: int
    end: int
    candidates: tuple[Candidate, ...]


class Match(NamedTuple):
    """A reading of the words from a token on: folded as far as some name begins so, the token end of each, and the names.

    The longest name comes first.
    """

    folded: list[str]
    ends: list[int]
    names: list[Name]


def readings(found: Tokens, start: int) -> Iterator[tuple[list[str], list[int]]]:
    """Yield the words of a name that may start at a token.

    A possessive ends the words; where a capital follows it, they are given once more with the
    possessive drawn in, for names such as "People's Republic of China".

    Args:
        found: The text.
        start: The first token.

    Yields:
        The folded words up to what no name spans, and the token end of each.
    """
    folded: list[str] = []
    ends: list[int] = []
    index: int | None = start
    while index is not None:
        for token in range(index, len(found)):
            parts = _parts(found.words[token])
            if (
                parts is None
                or (folded and found.lower[token] in POSSESSIVES)
                or len(folded) + len(parts) > LONGEST_NAME
            ):
                break
            folded.extend(parts)
            ends.extend([token + 1] * len(parts))
        yield folded.copy(), ends.copy()
        index = _with_possessive(found, ends[-1]) if folded else None
        if index is not None:
            folded[-1] += "s"
            ends[-1] = index


@lru_cache(maxsize=65536)
def _parts(word: str) -> tuple[str, ...] | None:
    """The folded words of a token: none for what names pass over, None for what none spans."""
    if (word.isspace() and "\n" not in word) or word in JOINERS:
        return ()
    if not word[0].isalnum() or word[-1] in JOINERS:
        return None  # "Tri-" of "Tri-City"
    return tuple(fold(word).split()) or None


def _with_possessive(found: Tokens, end: int) -> int | None:
    """The end of a word with the possessive behind it, where a capital follows, so that both may be part of a name."""
    if end + 1 < len(found) and found.lower[end] in POSSESSIVES and found.words[end + 1].istitle():
        return end + 1
    return None


def may_start(word: str) -> bool:
    """Whether a name may start with a token: a capital, or a script without them."""
    if word[0].isdigit():
        return word[-1].isalpha()  # "201st base"
    return word[0].isalpha() and (word[0].isupper() or not word[0].islower())


class Matches:
    """The gazetteer names of one text, looked up where they are asked for, once."""

    def __init__(self, found: Tokens, gazetteer: Gazetteer) -> None:
        self.tokens = found
        words, lower = found.words, found.lower
        self.starts = [  # most words are in lower case: they cost one look each
            index
            for index, word in enumerate(words)
            if ((initial := word[0]).isupper() or (not initial.islower() and may_start(word)))
            and not (lower[index] in FUNCTION_WORDS and index + 1 < len(words) and words[index + 1][0].islower())
        ]
        """The tokens that a name may start with."""
        self._gazetteer = gazetteer
        self._at: dict[int, list[Match]] = {}

    def at(self, start: int) -> list[Match]:
        """What may be read from a token on, in the order of its readings."""
        known = self._at.get(start)
        if known is None:
            known = self._at[start] = self._matches(start)
        return known

    def _matches(self, start: int) -> list[Match]:
        words, lower, begins = self.tokens.words, self.tokens.lower, self._gazetteer.begins
        folded: list[str] = []
        ends: list[int] = []
        lengths: list[int] = []
        key, goes_on = "", True
        # The words are folded one by one, as long as some name begins so: most beginnings end soon.
        for index in range(start, len(words)):
            parts = _parts(words[index])
            if parts is None or (folded and lower[index] in POSSESSIVES) or len(folded) + len(parts) > LONGEST_NAME:
                break
            for part in parts:
                key = f"{key} {part}" if key else part
                folded.append(part)
                ends.append(index + 1)
                is_name, goes_on = begins(key)
                if is_name:
                    lengths.append(len(folded))
            if not goes_on:
                break
        matches = [Match(folded, ends, self._names(start, ends, lengths))]
        if folded and _with_possessive(self.tokens, ends[-1]):
            for whole, whole_ends in islice(readings(self.tokens, start), 1, None):
                lengths = self._gazetteer.match_lengths(whole)
                matches.append(Match(whole, whole_ends, self._names(start, whole_ends, lengths)))
        return matches

    def _names(self, start: int, ends: list[int], lengths: list[int]) -> list[Name]:
        names = []
        for length in reversed(lengths):
            end = ends[length - 1]
            if candidates := self._gazetteer.candidates(self.tokens.slice(start, end), None, False):
                names.append(Name(length, end, candidates))
        return names


# --- the class of a name, as the tagger sees it ---------------------------------------------------------------

_CLASS_OF: Final = {"PCLI": 1, "ADM1": 2, "RGN": 3, "ADM2": 4, "ADM3": 4, "PPLC": 5}
_TOWNS: Final = ((5.5, 6), (4.3, 7), (0.0, 8))
_OTHER: Final = 9
_DEMONYM: Final = 10
_INSIDE, _SEVERAL, _AT_HOME, _CLASSES = 1, 2, 4, 8


def classes(found: Tokens, matches: Matches, demonyms: Container[str]) -> list[int]:
    """Return for each token the class of the longest gazetteer name that covers it; 0 where none does.

    The class tells countries, first-level units, regions, districts, capitals, towns by size and
    other features apart, and whether the name has several words, goes on, and lies at home.
    """
    numbers = [0] * len(found)
    index = 0
    while index < len(numbers):
        step = index + 1
        if may_start(found.words[index]):
            best: Name | None = None
            for match in matches.at(index):
                longest = match.names[0] if match.names else None
                if longest and (best is None or longest.end >= best.end):
                    best = longest
                elif match.folded and match.folded[0] in demonyms:
                    numbers[index] = _DEMONYM * _CLASSES
            if best:
                numbers[index : best.end] = _marked(_class(best.candidates[0]), best.end - index)
                step = best.end
        index = step
    return numbers


def _class(best: Candidate) -> int:
    place = best.place
    number = _CLASS_OF.get(place.feature_code, _OTHER)
    if place.feature_code.startswith("PPL") and number == _OTHER:
        number = next(number for least, number in _TOWNS if best.score >= least)
    return number * _CLASSES + (_AT_HOME if place.country in HOME else 0)


def _marked(number: int, length: int) -> list[int]:
    number += _SEVERAL if length > 1 else 0
    return [number] + [number + _INSIDE] * (length - 1)
