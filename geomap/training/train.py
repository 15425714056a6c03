"""Train the tagger: corpora → weights, with their configuration and model card beside them."""

from __future__ import annotations

import datetime
import random
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from thinc.api import Adam, Model, NumpyOps, Optimizer, fix_random_seed, set_current_ops

from geomap.files import write_atomically
from geomap.gazetteer.store import HOME, Gazetteer
from geomap.names import fold
from geomap.recognition import given, lexicon, tagger
from geomap.recognition.pipeline import blank
from geomap.recognition.tagger import CLASSES, Featurizer
from geomap.training import augment, corpora, network
from geomap.training.card import card
from geomap.training.corpora import Sentence

CONFIG: Final = Path(__file__).with_name("config.toml")
_HELD_OUT: Final = 1000
"""Sentences at the end of the largest corpus, and one in ten of the others, that the model is measured on."""
_BLANKED: Final = 0.1
"""Texts whose gazetteer classes are hidden, so that the model does not lean on them alone."""
_KNOWN_TOWN: Final = 15_000
_ORDINARY: Final = 3
"""Lower-case uses from which a word is no name to put in: "Reading"."""
_LARGE: Final = 5.3
"""Importance from which a town's name mends a corpus' label."""

Labels = npt.NDArray[np.int64]
"""Shape (tokens,): index into :data:`geomap.recognition.tagger.CLASSES`."""


@dataclass(frozen=True, slots=True)
class Example:
    """Features and labels of one text."""

    features: tagger.Features
    labels: Labels


def names_to_put_in(gazetteer: Gazetteer) -> augment.Names:
    """Draw the names that augmentation puts in from the gazetteer and the table of personal names."""
    uses = lexicon.load()

    def is_word(name: str) -> bool:
        known = uses.get(fold(name))
        return known is not None and known.lower > _ORDINARY

    towns = [
        place
        for place in gazetteer.large_towns(0)
        if place.name.isascii() and "," not in place.name and not is_word(place.name)
    ]
    regional = sorted({place.name for place in towns if place.country in HOME})
    world = sorted({place.name for place in towns if place.country not in HOME and place.population >= _KNOWN_TOWN})
    units = {unit for country in ("US", "CA", "AU") for unit in gazetteer.provinces(country)}
    forms = {form for form, place in gazetteer.abbreviations().items() if place in units}
    states = sorted({unit.name for unit in units} | forms)
    people = given.load()
    first = sorted(word.title() for word, number in people.items() if number >= 8)
    family = sorted(word.title() for word, number in people.items() if number % 4 >= 1)
    return augment.Names(
        regional=regional,
        world=world,
        states=states,
        given=first,
        family=family,
        patterns=augment.read_patterns(),
    )


def example(sentence: Sentence, nlp: Any, featurizer: Featurizer, *, blanked: bool = False) -> Example:
    """Turn a labelled text into features and one label a token; a label covers every token that it touches."""
    doc = nlp.make_doc(sentence.text)
    labels = np.zeros(len(doc), dtype=np.int64)
    position = 0
    tokens = list(doc)
    for start, end, label in sentence.spans:
        while position < len(tokens) and tokens[position].idx + len(tokens[position]) <= start:
            position += 1
        first = position
        while position < len(tokens) and tokens[position].idx < end:
            name = label if label != "LOC" else "B-LOC" if position == first else "I-LOC"
            labels[position] = CLASSES.index(name)
            position += 1
    features = featurizer(doc)
    if blanked:
        features[:, tagger.GAZETTEER_COLUMN] = 0
    return Example(features, labels)


def batches(examples: Iterator[Example], words: int) -> Iterator[list[Example]]:
    """Group examples until a batch holds so many tokens."""
    batch: list[Example] = []
    size = 0
    for one in examples:
        if len(one.labels):
            batch.append(one)
            size += len(one.labels)
        if size >= words:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def update(model: Model[Any, Any], batch: Sequence[Example], optimizer: Optimizer) -> float:
    """Take one step; return the mean loss a token (cross entropy, nats)."""
    scores, backprop = model.begin_update([one.features for one in batch])
    total = sum(len(one.labels) for one in batch)
    loss = 0.0
    gradients = []
    for one, predicted in zip(batch, scores, strict=True):
        gradient = np.array(predicted)
        rows = np.arange(len(one.labels))
        loss -= float(np.log(gradient[rows, one.labels] + 1e-9).sum())
        gradient[rows, one.labels] -= 1.0
        gradients.append((gradient / total).astype("float32"))
    backprop(gradients)
    model.finish_update(optimizer)
    return loss / total


def place_spans(labels: npt.NDArray[Any]) -> set[tuple[int, int]]:
    """The ``[start, end)`` tokens of places in a row of class numbers."""
    spans: set[tuple[int, int]] = set()
    start: int | None = None
    for index, number in enumerate([*labels.tolist(), 0]):
        name = CLASSES[number]
        if start is not None and name != "I-LOC":
            spans.add((start, index))
            start = None
        if name == "B-LOC" or (name == "I-LOC" and start is None):
            start = index
    return spans


def measure(model: Model[Any, Any], examples: Sequence[Example]) -> dict[str, float]:
    """Precision, recall and F1 of exact place spans."""
    hits = predicted = gold = 0
    for one in examples:
        (scores,) = model.predict([one.features])
        found, true = place_spans(scores.argmax(axis=1)), place_spans(one.labels)
        hits, predicted, gold = hits + len(found & true), predicted + len(found), gold + len(true)
    precision, recall = hits / max(1, predicted), hits / max(1, gold)
    return {"precision": precision, "recall": recall, "f1": 2 * hits / max(1, predicted + gold)}


def train(folder: Path, target: Path, config: dict[str, Any], log: Any = sys.stderr) -> dict[str, float]:
    """Train and write the weights.

    Args:
        folder: The corpora.
        target: The folder to write ``weights.npz``, ``shape.json`` and ``CARD.md`` to.
        config: As in ``config.toml``.
        log: Where progress goes.

    Returns:
        Figures on the sentences held out.
    """
    fix_random_seed(config["seed"])
    set_current_ops(NumpyOps(use_blis=False))  # numpy's own matrix product is the faster one
    rng = random.Random(config["seed"])  # noqa: S311 - for variety, not for secrets
    nlp = blank()
    with Gazetteer(own_places=False) as gazetteer:
        featurizer = Featurizer(gazetteer)
        names = names_to_put_in(gazetteer)
        demonyms = {fold(form) for form in gazetteer.demonyms()}

        def is_place(name: str) -> bool:
            best = next(iter(gazetteer.candidates(name, None, False)), None)
            return best is not None and (best.place.feature_code in ("PCLI", "ADM1", "RGN") or best.score >= _LARGE)

        read = corpora.read_all(folder, lambda name: is_place(name) and fold(name) not in demonyms)
        held, kept = [], {}
        for name, sentences in read.items():
            out = sentences[-_HELD_OUT:] if name == "gmb" else sentences[::10]
            chosen = set(map(id, out))
            held += out
            kept[name] = [sentence for sentence in sentences if id(sentence) not in chosen]
        held_out = [example(sentence, nlp, featurizer) for sentence in held if sentence.text]
        total = sum(len(s.text.split()) * config["repeats"].get(n, 1) for n, ss in kept.items() for s in ss)

        def stream() -> Iterator[Example]:
            while True:
                texts = [
                    text
                    for name, sentences in kept.items()
                    for _ in range(config["repeats"].get(name, 1))
                    for text in augment.texts(sentences, names, rng)
                ]
                rng.shuffle(texts)
                for text in texts:
                    yield example(text, nlp, featurizer, blanked=rng.random() < _BLANKED)

        model = network.build(config["width"], config["depth"], config["rows"], config["dropout"])
        optimizer = Adam(config["rate"], L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
        goal, seen, steps, loss = total * config["epochs"] * 1.15, 0, 0, 0.0
        started = reported = time.monotonic()
        for batch in batches(stream(), config["batch_words"]):
            seen += sum(len(one.labels) for one in batch)
            share = min(1.0, seen / goal)
            optimizer.learn_rate = config["rate"] * min(1.0, (seen + 1) / config["warmup_words"]) * max(0.02, 1 - share)
            loss += update(model, batch, optimizer)
            steps += 1
            if share == 1.0 or time.monotonic() - reported > config["report_seconds"]:
                reported = time.monotonic()
                with model.use_params(optimizer.averages):
                    figures = measure(model, held_out)
                    network.save(model, config, target)
                print(
                    f"{share:4.0%} {seen / (time.monotonic() - started):,.0f} tokens/s loss {loss / steps:.4f} held out {figures}",
                    file=log, flush=True,
                )  # fmt: skip
                loss, steps = 0.0, 0
            if share == 1.0:
                sizes = {name: len(sentences) for name, sentences in kept.items()}
                day = datetime.datetime.now(datetime.UTC).date()
                write_atomically(target / "CARD.md", card(config, sizes, figures, day))
                return figures
    raise AssertionError("a stream without an end ended")


if __name__ == "__main__":
    corpora_folder, target_folder, *overrides = sys.argv[1:]
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    for override in overrides:
        key, _, value = override.partition("=")
        settings[key] = type(settings[key])(value)
    train(Path(corpora_folder), Path(target_folder), settings)
