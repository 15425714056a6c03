"""How English uses a word that is also a place name: counts from open, labelled corpora.

``lexicon.tsv`` has one word a line with four counts: lower-case uses, and capitalised uses inside a
sentence as (part of) a location, a person, and anything else. ``make lexicon`` rebuilds it.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from geomap.gazetteer.store import Gazetteer
from geomap.names import fold

_MIN_PERSON = 2  # a word that names no place is kept when it names a person this often


class Uses(NamedTuple):
    """Counts of one word in the training corpora."""

    lower: int = 0
    location: int = 0
    person: int = 0
    other: int = 0


def load() -> dict[str, Uses]:
    """Read the bundled lexicon."""
    text = resources.files("geomap.recognition").joinpath("lexicon.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {word: Uses(*map(int, counts)) for word, *counts in rows}


_Sentence = list[tuple[str, str]]
_TYPES = {"geo": "location", "gpe": "", "per": "person", "loc": "location", "location": "location", "person": "person"}


def _columns(text: str, token: int, tag: int) -> Iterator[_Sentence]:
    """Sentences of a column file: token and tag at the given columns, blank lines between sentences."""
    sentence: _Sentence = []
    for line in text.splitlines():
        cells = line.split("\t") if "\t" in line else line.split(" ")
        if not line.strip() or line.startswith("# "):
            if sentence:
                yield sentence
            sentence = []
        elif len(cells) > max(token, abs(tag) - 1):
            sentence.append((cells[token], cells[tag]))
    if sentence:
        yield sentence


def _corpora(folder: Path) -> Iterator[_Sentence]:
    with zipfile.ZipFile(folder / "gmb_ner_dataset.csv.zip") as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".csv"))
        sentence: _Sentence = []
        for row in csv.reader(io.StringIO(archive.read(name).decode("latin-1"))):
            if row[0].startswith("Sentence:") and sentence:
                yield sentence
                sentence = []
            sentence.append((row[1], row[3]))
        yield sentence
    for path in sorted(folder.glob("*.conll*")):
        yield from _columns(path.read_text(encoding="utf-8"), 0, -1)
    for path in sorted(folder.glob("*.iob2")):
        yield from _columns(path.read_text(encoding="utf-8"), 1, 2)


def count(sentences: Iterable[_Sentence], place_names: set[str]) -> dict[str, Uses]:
    """Count the uses of the words that name a place, or often a person.

    Args:
        sentences: Tokens with IO or IOB tags.
        place_names: Folded one-word names of the gazetteer.
    """
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        if sum(token[:1].isupper() for token, _ in sentence) > 0.6 * len(sentence):
            continue  # a headline's capitals say nothing
        for position, (token, tag) in enumerate(sentence):
            word = fold(token)
            if not word.isalpha():
                continue
            kind = _TYPES.get(tag.rpartition("-")[2].lower(), "other")
            if token.islower():
                uses[word]["lower"] += 1
            elif token[0].isupper() and kind and (position or tag != "O"):
                uses[word][kind] += 1
    kept = {}
    for word, counts in sorted(uses.items()):
        entry = Uses(counts["lower"], counts["location"], counts["person"], counts["other"])
        if (word in place_names and any(entry)) or entry.person >= _MIN_PERSON:
            kept[word] = entry
    return kept


def main(training: str, target: str) -> None:
    """Rebuild the lexicon from the corpora in a folder."""
    with Gazetteer() as gazetteer:
        counted = count(_corpora(Path(training)), gazetteer.one_word_names())
    lines = ["word\tlower\tlocation\tperson\tother"]
    lines += ["\t".join((word, *map(str, entry))) for word, entry in counted.items()]
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
