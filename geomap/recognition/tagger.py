"""What kind of name each word is part of: a small neural tagger that ships with geomap.

A convolutional network over hashed word features (*embed, encode, predict*, as spaCy builds it) with the
class that the gazetteer gives a word as one more feature. It reads a text and gives each token a
probability for each of :data:`CLASSES`; the rules weigh them as evidence beside their own.
:mod:`geomap.training` builds and trains the same network with thinc; here it only predicts, in numpy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from spacy.attrs import NORM, PREFIX, SHAPE, SUFFIX
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps
from threadpoolctl import ThreadpoolController

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
_BLOCK: Final = 1000  # rows that a layer takes at once: they stay in the processor's cache
_ODD: Final = np.array(
    [
        0xDDA1494C73CF256D,
        0xDB5B5FAB8F4D3E27,
        0xC7FDE805EC99108D,
        0x73AB48767734D7C1,
        0xDAE445508201E2BD,
        0x309D6B79965EDA33,
    ],
    dtype=np.uint64,
)
"""One multiplier a column, by which a row of features becomes one number."""
_EPSILON: Final = 1e-8  # of the layer normalisation, as thinc has it

Features = npt.NDArray[np.uint64]
"""Shape (tokens, :data:`COLUMNS`): norm, prefix, suffix, shape, gazetteer class, class as a personal name."""
Floats = npt.NDArray[np.float32]


class Featurizer:
    """Turns docs into features; holds what it needs of the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._demonyms = frozenset(fold(form) for form in gazetteer.demonyms())
        self._people = given.load()

    def __call__(self, doc: Doc) -> Features:
        """Return the features of a doc's tokens."""
        tokens, found = state.tokens(doc), state.matches(doc, self.gazetteer)
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

    def predict(self, features: Features, wanted: npt.NDArray[np.bool_] | None = None) -> Floats:
        """Return the probabilities of a text's tokens' classes, of shape (tokens, classes).

        Args:
            features: One row a token.
            wanted: The tokens that the answer is wanted for, one flag each; the others' rows are then of
                no meaning. A layer looks one token further to both sides, so only what those rows
                depend on is computed. None for all.
        """
        depth, count = len(self.layers), len(features)
        # The text stands between as many empty rows as there are layers, as it did in training.
        need = np.zeros(count + 2 * depth, dtype=bool)
        need[depth : depth + count] = True if wanted is None else wanted
        needs = [np.flatnonzero(need)]
        for _ in self.layers:
            grown = need.copy()
            grown[1:] |= need[:-1]
            grown[:-1] |= need[1:]
            need = grown
            needs.append(np.flatnonzero(need))
        rows = np.zeros((len(need) + 2, len(self.weights)), dtype=np.float32)
        words = needs[depth][(needs[depth] >= depth) & (needs[depth] < depth + count)]
        rows[1 + words] = self._embed(features[words - depth])
        for layer, index in zip(self.layers, reversed(needs[:-1]), strict=True):
            changed = np.empty((len(index), rows.shape[1]), dtype=np.float32)
            for start in range(0, len(index), _BLOCK):
                some = index[start : start + _BLOCK]
                changed[start : start + _BLOCK] = layer(
                    np.concatenate((rows[some], rows[some + 1], rows[some + 2]), axis=1)
                )
            rows[1 + index] += changed
        scores = np.zeros((count, len(self.bias)), dtype=np.float32)
        scores[needs[0] - depth] = _softmax(rows[1 + needs[0]] @ self.weights + self.bias)
        return scores

    def _embed(self, features: Features) -> Floats:
        """Vectors of tokens; equal tokens are computed once."""
        # One number a row is quicker to compare than six.
        mixed = (features * _ODD).sum(axis=1, dtype=np.uint64)
        _, first, inverse = np.unique(mixed, return_index=True, return_inverse=True)
        unique = features[first]
        ops = NumpyOps()
        parts = []
        for column, table in enumerate(self.tables):
            keys = np.asarray(ops.hash(np.ascontiguousarray(unique[:, column]), column)) % len(table)
            parts.append(table[keys].sum(axis=1))
        vectors: Floats = self.mix(np.concatenate(parts, axis=1))
        return vectors[inverse.reshape(-1)]


def _softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


def read(folder: Path = WEIGHTS) -> Network:
    """Read the weights that ``make train`` wrote.

    Raises:
        ModelError: If they are missing or damaged.
    """
    try:
        depth = int(json.loads((folder / "shape.json").read_text(encoding="utf-8"))["depth"])
        with (folder / "weights.npz").open("rb") as file, np.load(file) as arrays:
            network = assemble({name: arrays[name] for name in arrays.files}, depth)
        if len(network.layers) != sum(name.startswith("layer") and name.endswith(".W") for name in arrays.files):
            raise ValueError(f"{depth} layers are announced, others are there")
        network.predict(np.zeros((1, COLUMNS), dtype=np.uint64))  # all shapes fit, or numpy says which does not
        return network
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
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
        self.gazetteer = gazetteer
        self._featurizer = Featurizer(gazetteer)
        self._network = read(weights)
        self._threads = ThreadpoolController()

    def __call__(self, doc: Doc) -> Doc:
        """Tag one doc: the names that the gazetteer has, which is all that the matcher asks about."""
        features = self._featurizer(doc)
        wanted = features[:, GAZETTEER_COLUMN] != 0
        # A text's matrices are too small to share out: threads would wait for one another several times as long.
        with self._threads.limit(limits=1, user_api="blas"):
            state.scratch(doc).places = log_odds(self._network.predict(features, wanted))
        return doc


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
    return NameTagger(state.gazetteer_of(nlp, gazetteer))
