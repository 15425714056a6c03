"""Labelled corpora → sentences of real text with labelled spans, their known faults mended.

The corpora are lists of tokens. A recogniser reads text, so the tokens are joined as a newspaper
would set them, and the labels become spans of code points.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geomap.errors import GeomapError

Span = tuple[int, int, str]
"""Start, end and label; of tokens or of code points."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's text and its labelled spans in code points, in order and apart."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence as its corpus has it: words and the spans of words that are labelled."""

    words: tuple[str, ...]
    spans: tuple[Span, ...]


class TrainingError(GeomapError, ValueError):
    """A corpus that cannot be read."""


LABELS: Final = ("LOC", "PER", "ORG", "NORP", "MISC")
"""Places; persons; organisations; demonyms and adherents; other names."""

_LABEL_OF: Final = {
    "geo": "LOC", "loc": "LOC", "location": "LOC",
    "gpe": "NORP",
    "per": "PER", "person": "PER",
    "org": "ORG", "corporation": "ORG", "group": "ORG",
    "art": "MISC", "eve": "MISC", "nat": "MISC", "misc": "MISC", "creative-work": "MISC", "product": "MISC",
}  # fmt: skip


# --- reading -----------------------------------------------------------------------------------------------


def read_all(folder: Path, is_place: Callable[[str], bool]) -> dict[str, list[Sentence]]:
    """Read every corpus of a folder.

    Args:
        folder: Where the corpora lie, under the names that they are published by.
        is_place: Whether a name is that of a country, first-level unit or large town; mends labels.

    Returns:
        Sentences by corpus: ``gmb``, ``wikigold``, ``wnut``, ``btc`` and ``uner``.

    Raises:
        TrainingError: If a corpus is missing.
    """
    try:
        return {
            name: [as_text(mend(tokens, is_place) if name == "gmb" else tokens) for tokens in read(folder)]
            for name, read in _READERS.items()
        }
    except (OSError, ValueError, IndexError, StopIteration, zipfile.BadZipFile, csv.Error) as error:
        raise TrainingError(
            f"{folder}: a training corpus is missing or damaged ({error}); see docs/accuracy.md for the list"
        ) from error


def read_gmb(folder: Path) -> Iterator[Tokens]:
    """Yield the sentences of the Groningen Meaning Bank in the Kaggle tagging."""
    with zipfile.ZipFile(folder / "gmb_ner_dataset.csv.zip") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".csv"))
        table = archive.read(name).decode("cp1252", errors="ignore")
    rows: list[tuple[str, str]] = []
    reader = csv.reader(io.StringIO(table))
    next(reader)
    for sentence, word, _part_of_speech, tag in reader:
        if sentence and rows:
            yield _tokens(rows)
            rows = []
        if word.strip():
            rows.append((word.strip(), tag))
    yield _tokens(rows)


def _columns(paths: Iterable[Path], word: int, tag: int) -> Iterator[Tokens]:
    for path in paths:
        rows: list[tuple[str, str]] = []
        for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
            cells = line.split("\t") if "\t" in line else line.split()
            if len(cells) < 2 or line.startswith(("# ", "-DOCSTART-")):
                if rows:
                    yield _tokens(rows)
                rows = []
            elif cells[word].strip():
                rows.append((cells[word].strip(), cells[tag].strip()))


_READERS: Final[dict[str, Callable[[Path], Iterator[Tokens]]]] = {
    "gmb": read_gmb,
    "wikigold": lambda folder: _columns([folder / "wikigold.conll.txt"], 0, 1),
    "wnut": lambda folder: _columns([folder / "wnut17train.conll", folder / "wnut17dev.conll"], 0, 1),
    "btc": lambda folder: _columns([folder / "btc_g.conll"], 0, 1),
    "uner": lambda folder: _columns([folder / "uner_en_ewt-ud-dev.iob2", folder / "uner_en_ewt-ud-test.iob2"], 1, 2),
}


def _tokens(rows: list[tuple[str, str]]) -> Tokens:
    """IO or IOB tags → spans; "U . S ." and the like become one word first."""
    rows = list(_rejoined(rows))
    spans: list[Span] = []
    last = "O"
    for index, (_, tag) in enumerate(rows):
        prefix, _, kind = tag.partition("-")
        label = _LABEL_OF.get(kind.lower())
        if label is not None:
            if prefix == "I" and last.partition("-")[2] == kind and spans and spans[-1][1] == index:
                spans[-1] = (spans[-1][0], index + 1, label)
            else:
                spans.append((index, index + 1, label))
        last = tag
    return Tokens(tuple(word for word, _ in rows), tuple(spans))


def _rejoined(rows: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    index = 0
    while index < len(rows):
        end = index
        while end + 1 < len(rows) and re.fullmatch("[A-Z]", rows[end][0]) and rows[end + 1][0] == ".":
            end += 2
        if end - index >= 4:
            yield "".join(word for word, _ in rows[index:end]), rows[index][1]
            index = end
        else:
            yield rows[index]
            index += 1


# --- mending -----------------------------------------------------------------------------------------------

_NO_PLACES: Final = frozenset(
    "islam,african union,european union,nato,al-qaida,hamas,kurdish,islamic,muslim,shi'ite,sunni,internet,christmas,god".split(
        ","
    )
)
_ORGANISATIONS: Final = frozenset({"african union", "european union", "nato", "al-qaida", "hamas"})
_BARE_DIRECTIONS: Final = frozenset("north south east west northern southern eastern western".split())


def mend(sentence: Tokens, is_place: Callable[[str], bool]) -> Tokens:
    """Mend what the Groningen tagging gets wrong as a rule.

    It tags Nepal, Jordan and Niger as peoples, "African Union" and "Islam" as places, and splits
    "Sri | Lanka".
    """
    words = sentence.words
    joined: list[Span] = []
    for start, end, label in sentence.spans:
        if joined and joined[-1][1] == start and is_place(" ".join(words[joined[-1][0] : end])):
            joined[-1] = (joined[-1][0], end, "LOC")
        elif words[start] == "Lanka" and start and words[start - 1] == "Sri":
            joined.append((start - 1, end, "LOC"))
        else:
            joined.append((start, end, label))
    mended: list[Span] = []
    for start, end, label in joined:
        right = _right_label(" ".join(words[start:end]), label, is_place)
        if right and (not mended or start >= mended[-1][1]):
            mended.append((start, end, right))
    return Tokens(words, tuple(mended))


def _right_label(name: str, label: str, is_place: Callable[[str], bool]) -> str | None:
    """The label that a name should have; None for no name at all."""
    lower = name.lower()
    if label == "LOC" and lower in _NO_PLACES:
        return "ORG" if lower in _ORGANISATIONS else "MISC"
    if label == "LOC" and lower in _BARE_DIRECTIONS:
        return None
    return "LOC" if label in ("NORP", "ORG", "MISC") and is_place(name) else label


# --- real text ---------------------------------------------------------------------------------------------

_CLOSING: Final = frozenset(",.;:!?)]}%") | {"'s", "'S", "’s", "n't", "'re", "'ve", "'ll", "'d", "'m", "''", "...", "’"}
_OPENING: Final = frozenset("([{$#@") | {"``"}
_COMPOUND: Final = re.compile(
    r"-(?:led|based|backed|born|sponsored|controlled|run|held|ruled|style|funded|trained|made|bound|brokered|allied|occupied"
    r"|dominated|appointed|installed|friendly|mediated|proposed|wide|area|era|linked|supported|imposed|drafted|supplied"
    r"|owned|registered|flagged|built)$"
)
"""The tail of a word that a label does not cover: the place of "U.S.-led" is "U.S."."""


def as_text(sentence: Tokens) -> Sentence:
    """Join words as a newspaper sets them; straight quotes open and close in turn."""
    text, glue, quoted = "", True, False
    offsets: list[tuple[int, int]] = []
    for word in sentence.words:
        if word == '"':
            space = "" if quoted or glue else " "
            quoted = not quoted
            next_glue = quoted
        else:
            space = "" if glue or word in _CLOSING else " "
            next_glue = word in _OPENING
        text += space
        offsets.append((len(text), len(text) + len(word)))
        text += word
        glue = next_glue
    spans = []
    for first, last, label in sentence.spans:
        start, end = offsets[first][0], offsets[last - 1][1]
        if tail := _COMPOUND.search(text[start:end]):
            end = start + tail.start()
        spans.append((start, end, label))
    return Sentence(text, tuple(spans))
