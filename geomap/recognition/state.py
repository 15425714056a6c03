"""Where components leave their mentions on a spaCy ``Doc`` for the next one, and for the reader."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

import srsly
from spacy.tokens import Doc, Span

from geomap import records
from geomap.model import Mention

_PACKED: Final = "__geomap_mention__"

SPANS: Final = "geomap"
"""Key of ``doc.spans`` (for readers) and of ``doc.user_data`` (for the next component)."""


def _encode(value: Any, chain: Any = None) -> Any:
    """Let spaCy save a doc with its mentions (``Doc.to_bytes``)."""
    if isinstance(value, Mention):
        return {_PACKED: asdict(value)}
    return value if chain is None else chain(value)


def _decode(value: Any, chain: Any = None) -> Any:
    """Give a doc that is loaded its mentions back."""
    if isinstance(value, dict) and _PACKED in value:
        return records.unpack_mention(value[_PACKED])
    return value if chain is None else chain(value)


# Like the components' factories, these are registrations: spaCy finds them by name.
srsly.msgpack_encoders("geomap_mention", func=_encode)
srsly.msgpack_decoders("geomap_mention", func=_decode)


def get(doc: Doc) -> tuple[Mention, ...]:
    """Return the mentions found so far, in text order, not overlapping."""
    return tuple(doc.user_data.get(SPANS, ()))


def span_of(doc: Doc, start: int, end: int) -> Span:
    """Return the tokens that cover ``[start, end)`` of the text.

    Raises:
        ValueError: If that is outside the text.
    """
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        raise ValueError(f"{start}-{end}: no span of a text of {len(doc.text)} code points; offsets are wrong")
    return span


class Sentences:
    """The sentences of a doc, found once: asking spaCy for one at a time looks through the whole text."""

    def __init__(self, doc: Doc) -> None:
        self._starts = [token.idx for token in doc if token.is_sent_start or token.i == 0]
        self._end = len(doc.text)

    def around(self, offset: int) -> tuple[int, int]:
        """Return ``(start, end)`` in code points of the sentence that holds an offset."""
        index = bisect.bisect_right(self._starts, offset)
        end = self._starts[index] if index < len(self._starts) else self._end
        return self._starts[index - 1], end


def put(doc: Doc, mentions: Iterable[Mention]) -> Doc:
    """Leave mentions on a doc, in place of those before, and return the doc."""
    ordered = tuple(sorted(mentions, key=lambda mention: (mention.start, -mention.end)))
    doc.user_data[SPANS] = ordered
    spans = [(span_of(doc, mention.start, mention.end), mention.kind) for mention in ordered]
    doc.spans[SPANS] = [Span(doc, span.start, span.end, label=kind) for span, kind in spans]
    return doc
