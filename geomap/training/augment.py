"""Variations of labelled sentences: what news sets differently, and names that the corpora lack.

Each rate is the share of texts that it touches; they were set once by what the development corpora
have, and are small enough that most of what the model reads is real.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import accumulate
from typing import Final

from geomap.training.corpora import Sentence, Span

RENAMED: Final = 0.25
"""Texts in which places (and some persons) get other names."""
PLACE_RENAMED: Final = 0.6
PERSON_RENAMED: Final = 0.35
REGIONAL: Final = 0.4
"""Among the new names of places, those of Afghanistan and its neighbours: a tenth of all names then."""
QUALIFIED: Final = 0.15
"""New names of places that get their state behind them ("Springfield, Ill.")."""
DATELINED: Final = 0.08
PATTERNED: Final = 0.06
"""Texts that a sentence from ``patterns.txt`` is added to."""
LOWER: Final = 0.04
CAPITALS: Final = 0.06
TITLED: Final = 0.06

_DATELINES: Final = (
    " (AP) — ",
    " (Reuters) - ",
    " — ",
    ": ",
    ", May 3 (AFP) – ",
    " (Pajhwok): ",
    ", Oct. 12 - ",
    " -- ",
    " (CNN) -- ",
    " (Xinhua) -- ",
)
_LONG_WORD: Final = re.compile(r"\b[a-z](?=[a-z]{3})")
_CHANGES: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda text: text,
    "lower": str.lower,
    "capitals": str.upper,
    "title": lambda text: _LONG_WORD.sub(lambda match: match.group().upper(), text),
}
_FORMS: Final = ("dateline", "lower", "capitals", "title", "plain")
_FORM_WEIGHTS: Final = tuple(
    accumulate((DATELINED, LOWER, CAPITALS, TITLED, 1 - DATELINED - LOWER - CAPITALS - TITLED))
)
_GLUE: Final = (" ", " ", " ", "\n", "\n\n")
_SIZES: Final = (1, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Names:
    """Names to put in.

    Attributes:
        regional: Places of Afghanistan and its neighbours.
        world: Places elsewhere.
        states: Names and abbreviations that follow a town's.
        given: Given names.
        family: Family names.
        patterns: Sentences with slots.
    """

    regional: Sequence[str]
    world: Sequence[str]
    states: Sequence[str]
    given: Sequence[str]
    family: Sequence[str]
    patterns: Sequence[str]


def texts(sentences: Sequence[Sentence], names: Names, rng: random.Random) -> Iterator[Sentence]:
    """Yield texts of one to four neighbouring sentences, each varied or not."""
    index = 0
    while index < len(sentences):
        size = rng.choice(_SIZES)
        yield vary(join(sentences[index : index + size], rng), names, rng)
        index += size


def join(sentences: Sequence[Sentence], rng: random.Random) -> Sentence:
    """Put sentences together as one text."""
    text = ""
    spans: list[Span] = []
    for sentence in sentences:
        if text:
            text += rng.choice(_GLUE)
        spans += [(start + len(text), end + len(text), label) for start, end, label in sentence.spans]
        text += sentence.text
    return Sentence(text, tuple(spans))


def read_patterns() -> tuple[str, ...]:
    """Read the sentences with slots."""
    text = resources.files("geomap.training").joinpath("patterns.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


_SLOT: Final = re.compile(r"\{(\w+)\}")
_NAME: Final = re.compile(r"\[([A-Z]+):([^\]]*)\]")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "March 4", "May 12")


def fill(pattern: str, names: Names, rng: random.Random) -> Sentence:
    """Fill a pattern's slots and turn its brackets into labels."""
    draw: dict[str, Callable[[], str]] = {
        "town": lambda: rng.choice(names.world),
        "region": lambda: rng.choice(names.regional),
        "state": lambda: rng.choice(names.states),
        "given": lambda: rng.choice(names.given),
        "family": lambda: rng.choice(names.family),
        "namesake": lambda: rng.choice(names.world),
        "number": lambda: str(rng.randrange(2, 90)),
        "day": lambda: rng.choice(_DAYS),
    }
    filled = _SLOT.sub(lambda slot: draw[slot[1]](), pattern)
    text, done = "", 0
    spans: list[Span] = []
    for name in _NAME.finditer(filled):
        text += filled[done : name.start()]
        spans.append((len(text), len(text) + len(name[2]), name[1]))
        text += name[2]
        done = name.end()
    return Sentence(text + filled[done:], tuple(spans))


def vary(sentence: Sentence, names: Names, rng: random.Random) -> Sentence:
    """Return a sentence with new names, other capitals or a dateline, or as it is."""
    if rng.random() < PATTERNED:
        more = fill(rng.choice(names.patterns), names, rng)
        sentence = join((sentence, more) if rng.random() < 0.5 else (more, sentence), rng)
    if rng.random() < RENAMED:
        sentence = rename(sentence, names, rng)
    form = rng.choices(_FORMS, cum_weights=_FORM_WEIGHTS)[0]
    if form == "dateline":
        return dateline(sentence, names, rng)
    changed = _CHANGES[form](sentence.text)
    return Sentence(changed, sentence.spans) if len(changed) == len(sentence.text) else sentence


def rename(sentence: Sentence, names: Names, rng: random.Random) -> Sentence:
    """Give places and persons other names."""
    text, done = "", 0
    spans: list[Span] = []

    def put(piece: str, label: str | None) -> None:
        nonlocal text
        if label:
            spans.append((len(text), len(text) + len(piece), label))
        text += piece

    for start, end, label in sentence.spans:
        put(sentence.text[done:start], None)
        name, done = sentence.text[start:end], end
        plain = name[:1].isupper() and not name.isupper() and "." not in name
        if label == "LOC" and plain and rng.random() < PLACE_RENAMED:
            regional = rng.random() < REGIONAL
            put(rng.choice(names.regional if regional else names.world), "LOC")
            if not regional and rng.random() < QUALIFIED:
                put(", ", None)
                put(rng.choice(names.states), "LOC")
        elif label == "PER" and plain and rng.random() < PERSON_RENAMED:
            given = rng.choice(names.given) + " " if " " in name or rng.random() < 0.2 else ""
            put(given + rng.choice(names.family), "PER")
        else:
            put(name, label)
    put(sentence.text[done:], None)
    return Sentence(text, tuple(spans))


def dateline(sentence: Sentence, names: Names, rng: random.Random) -> Sentence:
    """Put a dateline before a text."""
    name = rng.choice(names.regional if rng.random() < REGIONAL else names.world)
    if rng.random() < 0.7:
        name = name.upper()
    spans: list[Span] = [(0, len(name), "LOC")]
    if rng.random() < 0.35:
        state = rng.choice(names.states)
        spans.append((len(name) + 2, len(name) + 2 + len(state), "LOC"))
        name += f", {state}"
    name += rng.choice(_DATELINES)
    spans += [(start + len(name), end + len(name), label) for start, end, label in sentence.spans]
    return Sentence(name + sentence.text, tuple(spans))
