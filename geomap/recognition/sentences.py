"""Sentence starts for newspaper text: full stops, and line breaks that end a headline or paragraph."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from geomap.recognition import state
from geomap.recognition.tokens import Tokens

_START: Final = 1
_INSIDE: Final = 2**64 - 1  # spaCy's -1, in the unsigned array that it takes
_TERMINALS: Final = frozenset(".!?…。؟")
_STRAIGHT: Final = frozenset("\"'")
_CLOSERS: Final = frozenset("\"'”’»)]")


@Language.component("geomap_sentences", assigns=["token.is_sent_start"])
def geomap_sentences(doc: Doc) -> Doc:
    """Set sentence starts, unless the pipeline has set them already."""
    if not len(doc) or doc.to_array([SENT_START])[1:].any():  # has_annotation would look at every token in turn
        return doc
    found = state.tokens(doc)
    starts = numpy.full((len(doc), 1), _INSIDE, dtype="uint64")
    words, number = found.words, len(doc)
    ends = [index for index, word in enumerate(words) if word in _TERMINALS]
    for end, following in pairwise([-1, *sorted(ends + found.breaks), number - 1]):
        for index in range(end + 1, following + 1):  # what closes a sentence, and blanks, still belong to it
            if not words[index].isspace() and (index == 0 or not _closes(found, index)):
                starts[index] = _START
                break
    starts[0] = _START
    # As one array: setting a token's flag looks through the whole text each time.
    return doc.from_array([SENT_START], starts)  # type: ignore[arg-type]


def _closes(found: Tokens, index: int) -> bool:
    """Whether a token closes what stands before it; a straight quote with a space before it opens the next sentence."""
    word = found.words[index]
    opens = word in _STRAIGHT and index > 0 and found.spaced[index - 1] and not found.spaced[index]
    return word[-1] in _CLOSERS and not opens
