"""What kind of name each word is part of: a small neural tagger that ships with geomap.

A convolutional network over hashed word features (Honnibal's *embed, encode, predict* as spaCy builds
it) with the class that the gazetteer gives a word as one more feature. It reads a text and gives each
token a probability for each of :data:`CLASSES`; the rules weigh them as evidence beside their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import NORM, PREFIX, SHAPE, SUFFIX
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import HashEmbed, Maxout, Model, Softmax, chain, clone, concatenate, expand_window, residual, with_array
from thinc.types import Floats2d

from geomap.errors import ModelError
from geomap.gazetteer.store import Gazetteer
from geomap.names import fold
from geomap.recognition import given, matches, state

CLASSES: Final = ("O", "B-LOC", "I-LOC", "PER", "ORG", "NORP", "MISC")
"""No name; a place's first word and its others; persons; organisations; demonyms; other names."""

GAZETTEER_COLUMN: Final = 4
WEIGHTS: Final = Path(__file__).with_name("weights")
_LEAST: Final = 1e-3  # a probability beyond which the network's certainty means nothing

Features = npt.NDArray[np.uint64]
"""Shape (tokens, columns): norm, prefix, suffix, shape, gazetteer class, class as a personal name."""


def network(width: int, depth: int, rows: Sequence[int], dropout: float) -> Model[list[Features], list[Floats2d]]:
    """Build the untrained network.

    Args:
        width: Size of a token's vector.
        depth: Layers of the encoder; each sees one token more on both sides.
        rows: Rows of each column's hashed embedding table.
        dropout: Share of values dropped while training.

    Returns:
        A model from feature arrays to scores of shape (tokens, classes).
    """
    tables: list[Model[Any, Any]] = [
        HashEmbed(nO=width, nV=count, column=column, seed=column, dropout=dropout) for column, count in enumerate(rows)
    ]
    embed: Model[Any, Any] = chain(
        concatenate(*tables),
        Maxout(nI=width * len(tables), nO=width, nP=3, normalize=True, dropout=dropout),
    )
    layer = residual(
        chain(expand_window(window_size=1), Maxout(nI=width * 3, nO=width, nP=3, normalize=True, dropout=dropout))
    )
    whole: Model[Any, Any] = chain(
        with_array(embed),
        with_array(clone(layer, depth), pad=depth),
        with_array(Softmax(nO=len(CLASSES), nI=width)),
    )
    return whole


class Featurizer:
    """Turns docs into features; holds what it needs of the gazetteer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._demonyms = frozenset(fold(form) for form in gazetteer.demonyms())
        self._people = given.load()

    def __call__(self, doc: Doc) -> Features:
        """Return the features of a doc's tokens."""
        tokens, found = state.tokens(doc), state.matches(doc, self._gazetteer)
        columns = np.empty((len(doc), 6), dtype=np.uint64)
        columns[:, :4] = doc.to_array([NORM, PREFIX, SUFFIX, SHAPE])
        columns[:, GAZETTEER_COLUMN] = matches.classes(tokens, found, self._demonyms)
        columns[:, 5] = [self._people.get(word, 0) for word in tokens.lower]
        return columns


class NameTagger:
    """Leaves with each token how likely it is part of a place's name, for the matcher to weigh."""

    def __init__(self, gazetteer: Gazetteer, weights: Path = WEIGHTS) -> None:
        self._featurizer = Featurizer(gazetteer)
        self._network = read(weights)

    def __call__(self, doc: Doc) -> Doc:
        """Tag one doc."""
        (doc,) = self.pipe([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 32) -> Iterator[Doc]:
        """Tag docs, several in one go."""
        for docs in _batched(stream, batch_size):
            for doc, scores in zip(docs, self._network.predict([self._featurizer(doc) for doc in docs]), strict=True):
                state.scratch(doc).places = log_odds(scores)
                yield doc


def _batched(docs: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    remaining = iter(docs)
    while batch := list(islice(remaining, size)):
        yield batch


def log_odds(scores: Floats2d) -> list[float]:
    """Return for each token the log-odds that it is part of a place's name.

    Args:
        scores: Probabilities of shape (tokens, classes).
    """
    share = np.asarray(cast("Any", scores), dtype=np.float64)[:, 1:3].sum(axis=1).clip(_LEAST, 1 - _LEAST)
    odds: list[float] = np.log(share / (1 - share)).tolist()
    return odds


@Language.factory("geomap_tagger", default_config={"gazetteer": None}, requires=["doc.text"])
def geomap_tagger(nlp: Language, name: str, gazetteer: str | None) -> NameTagger:
    """Make the tagger; ``gazetteer`` is a path, or None for the one in use."""
    return NameTagger(Gazetteer(gazetteer))


def save(model: Model[Any, Any], config: Mapping[str, Any], folder: Path) -> None:
    """Write a network's weights as half-precision numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {}
    for number, node in enumerate(model.walk()):
        for name in node.param_names:
            if node.has_param(name):
                arrays[f"{number}.{name}"] = np.asarray(node.get_param(name), dtype=np.float16)
    np.savez_compressed(folder / "weights.npz", **arrays)
    shape = {key: config[key] for key in ("width", "depth", "rows")}
    (folder / "shape.json").write_text(json.dumps(shape) + "\n", encoding="utf-8")


def read(folder: Path) -> Model[list[Features], list[Floats2d]]:
    """Read a network that :func:`save` wrote."""
    try:
        shape = json.loads((folder / "shape.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder}: the tagger's weights are missing or damaged ({error}); install geomap again"
        ) from error
    model = network(shape["width"], shape["depth"], shape["rows"], 0.0)
    model.initialize()
    with np.load(folder / "weights.npz") as arrays:
        for number, node in enumerate(model.walk()):
            for name in node.param_names:
                if f"{number}.{name}" in arrays:
                    node.set_param(name, arrays[f"{number}.{name}"].astype(np.float32))
    return model
