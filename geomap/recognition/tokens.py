"""A doc's tokens as plain lists, made once: spaCy's token objects are slow to walk over again and again."""

from __future__ import annotations

import bisect
from functools import cached_property

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

    def __init__(self, doc: Doc, text: str | None = None) -> None:
        """Read a doc.

        Args:
            doc: The doc.
            text: Its text, where that is at hand: spaCy puts it together from the tokens each time.
        """
        # From the arrays: a spaCy token object a word costs more than all the rest.
        lengths, spaces = doc.to_array([LENGTH, SPACY]).astype("int64").T
        ends = (lengths + spaces).cumsum()
        self.spaced: list[bool] = spaces.astype(bool).tolist()
        self.starts: list[int] = (ends - lengths - spaces).tolist()
        whole = text is not None and len(text) == (int(ends[-1]) if len(doc) else 0)
        self.text: str = text if text is not None and whole else doc.text
        text, stops = self.text, (ends - spaces).tolist()
        self.words = [text[start:stop] for start, stop in zip(self.starts, stops, strict=True)]
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
    def blanks(self) -> list[int]:
        """The tokens that are nothing but space."""
        return [index for index, word in enumerate(self.words) if word.isspace()]

    @cached_property
    def breaks(self) -> list[int]:
        """The blanks that hold a line break."""
        return [index for index in self.blanks if "\n" in self.words[index]]

    @cached_property
    def capitalised_runs(self) -> list[tuple[int, int]]:
        """``[start, end)`` of each run of words in title case."""
        runs: list[tuple[int, int]] = []
        for index, word in enumerate(self.words):
            if word[0].isupper() and word.istitle() and word.isalpha():
                start = runs.pop()[0] if runs and runs[-1][1] == index else index
                runs.append((start, index + 1))
        return runs

    @cached_property
    def title_case(self) -> list[bool]:
        """For each token, whether its line is a headline in capitals or title case."""
        flags = [False] * len(self.words)
        start = 0
        for end in (*self.breaks, len(self.words)):
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
        plain = self.lower
        if "’" in self.text or "<" in self.text:
            plain = [word.replace("’", "'").replace("<", "‹") for word in plain]
        plain = plain.copy()
        for index in self.blanks:
            plain[index] = "\n" if "\n" in self.words[index] else ""
        return plain
