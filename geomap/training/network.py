"""The tagger's network in thinc, for training, and its way into the file that the package ships."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from thinc.api import HashEmbed, Maxout, Model, Softmax, chain, clone, concatenate, expand_window, residual, with_array

from geomap.recognition.tagger import CLASSES, PIECES


def build(width: int, depth: int, rows: Sequence[int], dropout: float) -> Model[Any, Any]:
    """Build the untrained network, from feature arrays to probabilities of shape (tokens, classes).

    Args:
        width: Size of a token's vector.
        depth: Layers of the encoder; each sees one token more on both sides.
        rows: Rows of each column's hashed embedding table.
        dropout: Share of values dropped while training.
    """
    tables: list[Model[Any, Any]] = [
        HashEmbed(nO=width, nV=count, column=column, seed=column, dropout=dropout) for column, count in enumerate(rows)
    ]
    embed: Model[Any, Any] = chain(
        concatenate(*tables),
        Maxout(nI=width * len(tables), nO=width, nP=PIECES, normalize=True, dropout=dropout),
    )
    layer = residual(
        chain(expand_window(window_size=1), Maxout(nI=width * 3, nO=width, nP=PIECES, normalize=True, dropout=dropout))
    )
    network: Model[Any, Any] = chain(
        with_array(embed),
        with_array(clone(layer, depth), pad=depth),
        with_array(Softmax(nO=len(CLASSES), nI=width)),
    )
    network.initialize()
    return network


def arrays(network: Model[Any, Any]) -> dict[str, Any]:
    """Return the weights by the names that :func:`geomap.recognition.tagger.assemble` reads."""
    named: dict[str, Any] = {}
    tables = blocks = 0
    block = ""
    for node in network.walk():
        if node.name == "hashembed":
            named[f"table{tables}"] = node.get_param("E")
            tables += 1
        elif node.name == "maxout":
            block = "mix" if blocks == 0 else f"layer{blocks - 1}"
            blocks += 1
            named[f"{block}.W"], named[f"{block}.b"] = node.get_param("W"), node.get_param("b")
        elif node.name == "layernorm":
            named[f"{block}.G"], named[f"{block}.shift"] = node.get_param("G"), node.get_param("b")
        elif node.name == "softmax":
            named["out.W"], named["out.b"] = node.get_param("W"), node.get_param("b")
    return named


def save(network: Model[Any, Any], config: Mapping[str, Any], folder: Path) -> None:
    """Write the weights as half-precision numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    halves: dict[str, Any] = {name: array.astype(np.float16) for name, array in arrays(network).items()}
    np.savez_compressed(folder / "weights.npz", **halves)
    shape = {key: config[key] for key in ("width", "depth", "rows")}
    (folder / "shape.json").write_text(json.dumps(shape) + "\n", encoding="utf-8")
