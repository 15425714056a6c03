"""Sentence starts for newspaper text: full stops, and line breaks that end a headline or paragraph."""

from __future__ import annotations

from typing import Final

import numpy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

_START: Final = 1
_INSIDE: Final = 2**64 - 1  # spaCy's -1, in the unsigned array that it takes
_TERMINALS: Final = frozenset(".!?…。؟")
_STRAIGHT: Final = frozenset("\"'")
_CLOSERS: Final = frozenset("\"'”’»)]")


@Language.component("geomap_sentences", assigns=["token.is_sent_start"])
def geomap_sentences(doc: Doc) -> Doc:
    """Set sentence starts, unless the pipeline has set them already."""
    if not len(doc) or doc.has_annotation("SENT_START"):
        return doc
    starts = numpy.full((len(doc), 1), _INSIDE, dtype="uint64")
    ended = True
    for index, token in enumerate(doc):
        if token.is_space and "\n" in token.text:
            ended = True
        elif ended and not token.is_space and (index == 0 or not _closes(doc, index)):
            starts[index] = _START
            ended = False
        if token.text in _TERMINALS:
            ended = True
        elif not token.is_space and not _closes(doc, index):
            ended = False
    starts[0] = _START
    # As one array: setting a token's flag looks through the whole text each time.
    return doc.from_array([SENT_START], starts)  # type: ignore[arg-type]


def _closes(doc: Doc, index: int) -> bool:
    """Whether a token closes what stands before it; a straight quote with a space before it opens the next sentence."""
    token = doc[index]
    opens = token.text in _STRAIGHT and index > 0 and bool(doc[index - 1].whitespace_) and not token.whitespace_
    return token.text[-1] in _CLOSERS and not opens
