"""Sentence starts for newspaper text: full stops, and line breaks that end a headline or paragraph."""

from __future__ import annotations

from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

_TERMINALS: Final = frozenset(".!?…。؟")
_STRAIGHT: Final = frozenset("\"'")
_CLOSERS: Final = frozenset("\"'”’»)]")


@Language.component("geomap_sentences", assigns=["token.is_sent_start"])
def geomap_sentences(doc: Doc) -> Doc:
    """Set sentence starts, unless the pipeline has set them already."""
    if doc.has_annotation("SENT_START"):
        return doc
    ended = False
    for index, token in enumerate(doc):
        if index and token.is_space and "\n" in token.text:
            ended = True
            token.is_sent_start = False
        elif ended and not token.is_space and not _closes(doc, index):
            token.is_sent_start = True
            ended = False
        else:
            token.is_sent_start = index == 0
            if token.text in _TERMINALS:
                ended = True
            elif not token.is_space and not _closes(doc, index):
                ended = False
    return doc


def _closes(doc: Doc, index: int) -> bool:
    """Whether a token closes what stands before it; a straight quote with a space before it opens the next sentence."""
    token = doc[index]
    opens = token.text in _STRAIGHT and index > 0 and bool(doc[index - 1].whitespace_) and not token.whitespace_
    return token.text[-1] in _CLOSERS and not opens
