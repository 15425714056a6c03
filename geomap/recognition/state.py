"""Where components leave their mentions on a spaCy ``Doc`` for the next one, and for the reader."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from operator import is_
from typing import Any, Final

import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span

from geomap import records
from geomap.gazetteer.store import Gazetteer, locate
from geomap.model import Mention, Reasons
from geomap.recognition.matches import Matches
from geomap.recognition.tokens import Tokens

_PACKED: Final = "__geomap_mention__"
_SCRATCH: Final = "geomap_scratch"

SPANS: Final = "geomap"
"""Key of ``doc.spans`` (for readers) and of ``doc.user_data`` (for the next component)."""


def _encode(value: Any, chain: Any = None) -> Any:
    """Let spaCy save a doc with its mentions (``Doc.to_bytes``); what components share can be made anew."""
    if isinstance(value, Scratch):
        return None
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


class Sentences:
    """The sentences of a doc, found once: asking spaCy for one at a time looks through the whole text."""

    def __init__(self, doc: Doc) -> None:
        found = tokens(doc)
        flags = doc.to_array("SENT_START") == 1
        self.is_start: list[bool] = flags.tolist()
        """For each token, whether a sentence starts with it."""
        self._starts = [found.starts[index] for index in flags.nonzero()[0].tolist()]
        if len(doc) and not self.is_start[0]:
            self._starts.insert(0, 0)
        self._end = len(found.text)

    def around(self, offset: int) -> tuple[int, int]:
        """Return ``(start, end)`` in code points of the sentence that holds an offset."""
        index = bisect.bisect_right(self._starts, offset)
        end = self._starts[index] if index < len(self._starts) else self._end
        return self._starts[index - 1], end


@dataclass(slots=True)
class Scratch:
    """What the components of one run share about a text; not kept with the doc.

    Attributes:
        tokens: The text's tokens.
        sentences: Its sentences, once they have been asked for.
        matches: Its gazetteer names, once they have been looked up.
        places: For each token the tagger's log-odds that it is part of a place's name.
        reasons: By the offset of a name that counts as meant, what spoke for and against it.
    """

    tokens: Tokens
    sentences: Sentences | None = None
    matches: Matches | None = None
    places: Sequence[float] | None = None
    reasons: dict[int, Reasons] = field(default_factory=dict)


def begin(doc: Doc, text: str) -> Doc:
    """Let a doc of a known text start its run."""
    doc.user_data[_SCRATCH] = Scratch(Tokens(doc, text))
    return doc


def scratch(doc: Doc) -> Scratch:
    """Return what is known of a doc in this run."""
    known = doc.user_data.get(_SCRATCH)
    if not isinstance(known, Scratch) or len(known.tokens) != len(doc):
        known = doc.user_data[_SCRATCH] = Scratch(Tokens(doc))
    return known


def tokens(doc: Doc) -> Tokens:
    """Return the tokens of a doc as lists, made at the first call."""
    return scratch(doc).tokens


def sentences(doc: Doc) -> Sentences:
    """Return the sentences of a doc, which an earlier component has set."""
    known = scratch(doc)
    if known.sentences is None:
        known.sentences = Sentences(doc)
    return known.sentences


def matches(doc: Doc, gazetteer: Gazetteer) -> Matches:
    """Return the gazetteer names of a doc, for all components of one pipeline."""
    known = scratch(doc)
    if known.matches is None:
        known.matches = Matches(known.tokens, gazetteer)
    return known.matches


def gazetteer_of(nlp: Language, path: str | None) -> Gazetteer:
    """Return the gazetteer of a pipeline's earlier components, opened by the first: its look-ups are remembered once."""
    for _, component in nlp.pipeline:
        known = getattr(component, "gazetteer", None)
        if isinstance(known, Gazetteer) and known.path == locate(path):
            return known
    return Gazetteer(path)


def forget_scratch(doc: Doc) -> Doc:
    """Let go of what no component after the last needs."""
    doc.user_data.pop(_SCRATCH, None)
    return doc


def span_of(doc: Doc, start: int, end: int, label: str = "") -> Span:
    """Return the tokens that cover ``[start, end)`` of the text.

    Raises:
        ValueError: If that is outside the text.
    """
    found = tokens(doc)
    if not 0 <= start < end <= len(found.text):
        raise ValueError(f"{start}-{end}: no span of a text of {len(found.text)} code points; offsets are wrong")
    return Span(doc, *found.range(start, end), label=label)


def put(doc: Doc, mentions: Iterable[Mention]) -> Doc:
    """Leave mentions on a doc, in place of those before, and return the doc."""
    ordered = tuple(sorted(mentions, key=lambda mention: (mention.start, -mention.end)))
    former = get(doc)
    if SPANS in doc.spans and len(ordered) == len(former) and all(map(is_, ordered, former)):
        return doc  # making spans anew takes as long as a rule
    doc.user_data[SPANS] = ordered
    doc.spans[SPANS] = [span_of(doc, mention.start, mention.end, mention.kind) for mention in ordered]
    return doc
