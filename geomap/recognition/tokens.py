"""A doc's tokens as plain lists, made once: spaCy's token objects are slow to walk over again and again."""

from __future__ import annotations

import bisect
from functools import cached_property
from itertools import accumulate

from spacy.attrs import LENGTH, SPACY
from spacy.tokens import Doc


class Tokens:
    """The tokens of one text.

    Attributes:
        text: The text.
        words: Each token as written.
        lower: Each token in lower case.
        starts: Offset of each token in code points.
        spaced: Whether a space follows each token.
    """

    def __init__(self, doc: Doc) -> None:
        """Read a doc."""
        # From the arrays: a spaCy token object a word costs more than all the rest.
        self.text: str = doc.text
        sizes = doc.to_array([LENGTH, SPACY]).tolist()
        self.spaced = [bool(space) for _, space in sizes]
        self.starts: list[int] = list(accumulate((length + space for length, space in sizes), initial=0))[:-1]
        text = self.text
        self.words = [text[start : start + length] for start, (length, _) in zip(self.starts, sizes, strict=True)]
        self.lower = [word.lower() for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def end(self, index: int) -> int:
        """The offset behind a token."""
        return self.starts[index] + len(self.words[index])

    def slice(self, start: int, end: int) -> str:
        """The text of tokens ``[start, end)``."""
        return self.text[self.starts[start] : self.end(end - 1)] if end > start else ""

    def at(self, offset: int) -> int:
        """The token that holds an offset, or the last before it."""
        return bisect.bisect_right(self.starts, offset) - 1

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The tokens ``[first, last)`` that cover offsets ``[start, end)``."""
        return self.at(start), bisect.bisect_left(self.starts, end)

    def neighbour(self, index: int, step: int) -> int | None:
        """The next token in a direction on the same line, spaces passed over."""
        index += step
        while 0 <= index < len(self.words) and self.words[index].isspace():
            if "\n" in self.words[index]:
                return None
            index += step
        return index if 0 <= index < len(self.words) else None

    def is_capital(self, index: int) -> bool:
        """Whether a token is a word that begins with a capital."""
        word = self.words[index]
        return word[0].isupper() and word.isalpha()

    @cached_property
    def title_case(self) -> list[bool]:
        """For each token, whether its line is a headline in capitals or title case."""
        flags = [False] * len(self.words)
        start = 0
        breaks = [index for index, word in enumerate(self.words) if "\n" in word and word.isspace()]
        for end in (*breaks, len(self.words)):
            line = self.words[start:end]
            letters = [word for word in line if len(word) > 3 and word.isalpha()]
            capital = sum(word[0].isupper() for word in letters)
            if len(letters) >= 3 and capital >= 0.75 * len(letters) and "." not in line:
                flags[start:end] = [True] * (end - start)
            start = end + 1
        return flags

    @cached_property
    def plain(self) -> list[str]:
        """Each token in lower case as rules read it; empty for blanks, a line break for those that hold one."""
        return [
            ("\n" if "\n" in word else "") if word.isspace() else word.replace("’", "'").replace("<", "‹")
            for word in self.lower
        ]
