"""The network in thinc, which is trained, and the one in numpy, which predicts: the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thinc.api import Model

from geomap.recognition import tagger
from geomap.recognition.tagger import CLASSES, COLUMNS, Features
from geomap.training import network

WIDTH, ROWS = 8, [50, 40, 30, 20, 10, 10]
DEPTHS = (0, 1, 3)


def trained(depth: int) -> Model[Any, Any]:
    """A network whose every weight is some number of its own, as after training: none is left 0 or 1."""
    model = network.build(WIDTH, depth, ROWS, dropout=0.3)
    random = np.random.default_rng(depth)
    for node in model.walk():
        for name in node.param_names:
            values: Any = random.normal(0.3, 0.5, node.get_param(name).shape).astype("float32")
            node.set_param(name, values)
    return model


def features(seed: int, length: int) -> Features:
    """Hashes as spaCy gives them: any number of 64 bits."""
    return np.random.default_rng(seed).integers(0, 2**64, (length, COLUMNS), dtype=np.uint64)


@pytest.fixture(scope="module")
def models() -> dict[int, Model[Any, Any]]:
    return {depth: trained(depth) for depth in DEPTHS}


@settings(max_examples=30)
@given(
    depth=st.sampled_from(DEPTHS),
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    seed=st.integers(0, 2**32),
)
def test_numpy_predicts_what_thinc_predicts(
    models: dict[int, Model[Any, Any]], depth: int, lengths: list[int], seed: int
) -> None:
    texts = [features(seed + number, length) for number, length in enumerate(lengths)]
    expected = models[depth].predict(texts)
    ours_alone = tagger.assemble(network.arrays(models[depth]), depth)
    predicted = [ours_alone.predict(text) for text in texts]
    assert [one.shape for one in predicted] == [(length, len(CLASSES)) for length in lengths]
    for ours, theirs in zip(predicted, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_every_weight_of_the_network_is_named_and_none_is_forgotten(models: dict[int, Model[Any, Any]]) -> None:
    for depth, model in models.items():
        named = network.arrays(model)
        assert len(named) == COLUMNS + 4 * (depth + 1) + 2
        weights = [node.get_param(name) for node in model.walk() for name in node.param_names]
        assert sum(array.size for array in named.values()) == sum(array.size for array in weights)


def test_what_is_saved_is_what_is_read_at_half_precision(models: dict[int, Model[Any, Any]], tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    network.save(models[3], {"width": WIDTH, "depth": 3, "rows": ROWS, "rate": 0.1}, folder)
    assert json.loads((folder / "shape.json").read_text()) == {"width": WIDTH, "depth": 3, "rows": ROWS}
    text = features(1, 12)
    read, (expected,) = tagger.read(folder).predict(text), models[3].predict([text])
    np.testing.assert_allclose(read, expected, atol=0.02)
    assert abs(read - expected).max() > 0  # half the digits are gone: the test does look at what was saved


def test_the_same_weights_are_saved_as_the_same_bytes(models: dict[int, Model[Any, Any]], tmp_path: Path) -> None:
    for name in "ab":
        network.save(models[1], {"width": WIDTH, "depth": 1, "rows": ROWS}, tmp_path / name)
    assert (tmp_path / "a" / "weights.npz").read_bytes() == (tmp_path / "b" / "weights.npz").read_bytes()


def test_dropout_is_for_training_alone(models: dict[int, Model[Any, Any]]) -> None:
    text = features(1, 12)
    once, again = (models[1].predict([text])[0] for _ in range(2))
    assert (once == again).all()
    learning, _ = models[1].begin_update([text])
    assert (learning[0] != once).any()
