"""What kind of name each word is part of: a small neural tagger that ships with geomap.

A convolutional network over hashed word features (*embed, encode, predict*, as spaCy builds it) with the
class that the gazetteer gives a word as one more feature. It reads a text and gives each token a
probability for each of :data:`CLASSES`; the rules weigh them as evidence beside their own.
:mod:`geomap.training` builds and trains the same network with thinc; here it only predicts, in numpy.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import NORM, PREFIX, SHAPE, SUFFIX
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps

from geomap.errors import ModelError
from geomap.gazetteer.store import Gazetteer
from geomap.names import fold
from geomap.recognition import given, matches, state

CLASSES: Final = ("O", "B-LOC", "I-LOC", "PER", "ORG", "NORP", "MISC")
"""No name; a place's first word and its others; persons; organisations; demonyms; other names."""

WEIGHTS: Final = Path(__file__).with_name("weights")
COLUMNS: Final = 6
GAZETTEER_COLUMN: Final = 4
PIECES: Final = 3
"""Linear pieces of a maxout unit (Goodfellow et al. 2013)."""
_LEAST: Final = 1e-3  # a probability beyond which the network's certainty means nothing
_EPSILON: Final = 1e-8  # of the layer normalisation, as thinc has it

Features = npt.NDArray[np.uint64]
"""Shape (tokens, :data:`COLUMNS`): norm, prefix, suffix, shape, gazetteer class, class as a personal name."""
Floats = npt.NDArray[np.float32]


class Featurizer:
    """Turns docs into features; holds what it needs of the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._demonyms = frozenset(fold(form) for form in gazetteer.demonyms())
        self._people = given.load()

    def __call__(self, doc: Doc) -> Features:
        """Return the features of a doc's tokens."""
        tokens, found = state.tokens(doc), state.matches(doc, self._gazetteer)
        columns = np.empty((len(doc), COLUMNS), dtype=np.uint64)
        columns[:, :4] = doc.to_array([NORM, PREFIX, SUFFIX, SHAPE])
        columns[:, GAZETTEER_COLUMN] = matches.classes(tokens, found, self._demonyms)
        columns[:, 5] = [self._people.get(word, 0) for word in tokens.lower]
        return columns


@dataclass(frozen=True, slots=True)
class Maxout:
    """A maxout layer with layer normalisation: the largest of :data:`PIECES` linear maps, scaled."""

    weights: Floats
    """Shape (inputs, pieces × outputs)."""
    bias: Floats
    gain: Floats
    shift: Floats

    def __call__(self, rows: Floats) -> Floats:
        """Map rows of inputs to rows of outputs."""
        pieces = (rows @ self.weights + self.bias).reshape(len(rows), PIECES, len(self.gain))
        best: Floats = np.maximum(np.maximum(pieces[:, 0], pieces[:, 1]), pieces[:, 2])
        best -= best.mean(axis=1, keepdims=True)
        scale = np.sqrt(np.einsum("ij,ij->i", best, best) / best.shape[1] + _EPSILON)
        best *= self.gain / scale[:, None]
        best += self.shift
        return best


@dataclass(frozen=True, slots=True)
class Network:
    """The trained network, for prediction."""

    tables: tuple[Floats, ...]
    """Hashed embeddings, one table a feature column, of shape (rows, width)."""
    mix: Maxout
    layers: tuple[Maxout, ...]
    weights: Floats
    """Shape (width, classes)."""
    bias: Floats

    def predict(self, texts: Sequence[Features]) -> list[Floats]:
        """Return for each text the probabilities of its tokens' classes, of shape (tokens, classes)."""
        gap = len(self.layers)  # rows of nothing that keep texts from seeing each other
        lengths = [len(features) for features in texts]
        total = sum(lengths) + gap * (len(texts) + 1)
        rows = np.zeros((total, self.tables[0].shape[1]), dtype=np.float32)
        starts = [gap * (number + 1) + sum(lengths[:number]) for number in range(len(texts))]
        vectors = self._embed(np.concatenate(texts)) if texts else rows
        done = 0
        for start, length in zip(starts, lengths, strict=True):
            rows[start : start + length] = vectors[done : done + length]
            done += length
        window = np.zeros((total, 3 * rows.shape[1]), dtype=np.float32)
        width = rows.shape[1]
        for layer in self.layers:
            window[1:, :width] = rows[:-1]
            window[:, width : 2 * width] = rows
            window[:-1, 2 * width :] = rows[1:]
            rows += layer(window)
        scores = rows @ self.weights + self.bias
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores /= scores.sum(axis=1, keepdims=True)
        return [scores[start : start + length] for start, length in zip(starts, lengths, strict=True)]

    def _embed(self, features: Features) -> Floats:
        """Vectors of tokens; equal tokens are computed once."""
        unique, inverse = np.unique(features, axis=0, return_inverse=True)
        ops = NumpyOps()
        parts = []
        for column, table in enumerate(self.tables):
            keys = np.asarray(ops.hash(np.ascontiguousarray(unique[:, column]), column)) % len(table)
            parts.append(table[keys].sum(axis=1))
        vectors: Floats = self.mix(np.concatenate(parts, axis=1))
        return vectors[inverse.reshape(-1)]


def read(folder: Path = WEIGHTS) -> Network:
    """Read the weights that ``make train`` wrote.

    Raises:
        ModelError: If they are missing or damaged.
    """
    try:
        depth = int(json.loads((folder / "shape.json").read_text(encoding="utf-8"))["depth"])
        with np.load(folder / "weights.npz") as arrays:
            return assemble({name: arrays[name] for name in arrays.files}, depth)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"{folder}: the tagger's weights are missing or damaged ({error}); install geomap again"
        ) from error


def assemble(arrays: Mapping[str, npt.NDArray[np.floating]], depth: int) -> Network:
    """Make a network of named arrays: ``table0`` …, ``mix.W``, ``layer0.W`` …, ``out.W``; thinc's layout.

    Raises:
        KeyError: If one is missing.
    """

    def floats(name: str) -> Floats:
        return np.ascontiguousarray(arrays[name], dtype=np.float32)

    def maxout(name: str) -> Maxout:
        outputs, pieces, inputs = arrays[f"{name}.W"].shape
        weights = floats(f"{name}.W").transpose(2, 1, 0).reshape(inputs, pieces * outputs)
        bias = floats(f"{name}.b").transpose(1, 0).reshape(-1)
        return Maxout(np.ascontiguousarray(weights), bias, floats(f"{name}.G"), floats(f"{name}.shift"))

    return Network(
        tables=tuple(floats(f"table{column}") for column in range(COLUMNS)),
        mix=maxout("mix"),
        layers=tuple(maxout(f"layer{number}") for number in range(depth)),
        weights=np.ascontiguousarray(floats("out.W").T),
        bias=floats("out.b"),
    )


class NameTagger:
    """Leaves with each token how likely it is part of a place's name, for the matcher to weigh."""

    def __init__(self, gazetteer: Gazetteer, weights: Path = WEIGHTS) -> None:
        self._featurizer = Featurizer(gazetteer)
        self._network = read(weights)

    def __call__(self, doc: Doc) -> Doc:
        """Tag one doc."""
        (doc,) = self.pipe([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 16) -> Iterator[Doc]:
        """Tag docs, several in one go."""
        remaining = iter(stream)
        while docs := list(islice(remaining, batch_size)):
            for doc, scores in zip(docs, self._network.predict([self._featurizer(doc) for doc in docs]), strict=True):
                state.scratch(doc).places = log_odds(scores)
                yield doc


def log_odds(scores: Floats) -> list[float]:
    """Return for each token the log-odds that it is part of a place's name.

    Args:
        scores: Probabilities of shape (tokens, classes).
    """
    share = scores[:, 1:3].sum(axis=1, dtype=np.float64).clip(_LEAST, 1 - _LEAST)
    return cast("list[float]", np.log(share / (1 - share)).tolist())


@Language.factory("geomap_tagger", default_config={"gazetteer": None}, requires=["doc.text"])
def geomap_tagger(nlp: Language, name: str, gazetteer: str | None) -> NameTagger:
    """Make the tagger; ``gazetteer`` is a path, or None for the one in use."""
    return NameTagger(Gazetteer(gazetteer))
