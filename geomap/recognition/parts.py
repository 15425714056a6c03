"""A very long text in parts, so that reading it takes no more memory than reading one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from geomap.model import Mention

LONGEST: Final = 200_000
"""Code points of a part: a book of 30,000 words. What a text says of its own names is then known within a part only."""
_ENDS: Final = ("\n\n", "\n", ". ", " ")
"""Where a text is cut, best first: between paragraphs, lines, sentences, words."""


def cut(text: str, longest: int = LONGEST) -> Iterator[tuple[int, str]]:
    """Yield the parts of a text with their offsets; together they are the text.

    Args:
        text: The text.
        longest: Code points that a part may have; it has at least half as many where it is not the last.
    """
    start = 0
    while len(text) - start > longest:
        least, most = start + longest // 2, start + longest
        ends = (text.rfind(end, least, most) + len(end) for end in _ENDS if end in text[least:most])
        stop = next(ends, most)
        yield start, text[start:stop]
        start = stop
    yield start, text[start:]


def moved(mention: Mention, by: int) -> Mention:
    """Return a mention of a part as one of the whole text.

    Args:
        mention: The mention.
        by: The part's offset.
    """
    if not by:
        return mention
    start, end = mention.sentence
    return replace(
        mention, start=mention.start + by, end=mention.end + by, sentence=(start + by, end + by),
        nested=tuple(moved(inner, by) for inner in mention.nested),
    )  # fmt: skip
