"""Training: texts become examples, a step lowers the loss, and a small run writes weights that can be used."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from thinc.api import Adam, get_current_ops, set_current_ops

from geomap.gazetteer.store import Gazetteer
from geomap.recognition import tagger
from geomap.recognition.pipeline import blank
from geomap.recognition.tagger import CLASSES, COLUMNS, GAZETTEER_COLUMN, Featurizer
from geomap.training import network, train
from geomap.training.augment import Names
from geomap.training.corpora import LABELS, Sentence, TrainingError
from geomap.training.train import Example
from tests.training.conftest import Corpora

CONFIG = tomllib.loads(train.CONFIG.read_text(encoding="utf-8"))
TINY = {"width": 8, "depth": 1, "rate": 0.05, "warmup_words": 10, "batch_words": 200, "epochs": 6, "report_seconds": 0}


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank()


@pytest.fixture(scope="module")
def featurizer(gazetteer: Gazetteer) -> Featurizer:
    return Featurizer(gazetteer)


# --- examples --------------------------------------------------------------------------------------------------


def labels(sentence: Sentence, nlp: Language, featurizer: Featurizer) -> list[tuple[str, str]]:
    made = train.example(sentence, nlp, featurizer)
    words = [token.text for token in nlp.make_doc(sentence.text)]
    return [(word, CLASSES[number]) for word, number in zip(words, made.labels, strict=True) if number]


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("He left New York.", [(8, 16, "LOC")], [("New", "B-LOC"), ("York", "I-LOC")]),
        ("Paris, France", [(0, 5, "LOC"), (7, 13, "LOC")], [("Paris", "B-LOC"), ("France", "B-LOC")]),
        ("Paris London", [(0, 5, "LOC"), (6, 12, "LOC")], [("Paris", "B-LOC"), ("London", "B-LOC")]),
        ("Mr. John Smith", [(4, 14, "PER")], [("John", "PER"), ("Smith", "PER")]),
        ("the U.S.-led force", [(4, 8, "LOC")], [("U.S.", "B-LOC")]),
        ("Kabulis left", [(0, 5, "LOC")], [("Kabulis", "B-LOC")]),
        ("a UN (NATO) force", [(2, 4, "ORG"), (6, 10, "ORG")], [("UN", "ORG"), ("NATO", "ORG")]),
        ("nobody", [], []),
        ("", [], []),
    ],
)
def test_a_label_covers_every_token_that_it_touches(
    nlp: Language, featurizer: Featurizer, text: str, spans: list[tuple[int, int, str]], expected: list[tuple[str, str]]
) -> None:
    assert labels(Sentence(text, tuple(spans)), nlp, featurizer) == expected


def test_hiding_the_gazetteer_hides_its_column_alone(nlp: Language, featurizer: Featurizer) -> None:
    sentence = Sentence("Mary left Kabul for Paris.", ((10, 15, "LOC"),))
    shown = train.example(sentence, nlp, featurizer).features
    hidden = train.example(sentence, nlp, featurizer, blanked=True).features
    assert shown[:, GAZETTEER_COLUMN].any()
    assert not hidden[:, GAZETTEER_COLUMN].any()
    others = [column for column in range(COLUMNS) if column != GAZETTEER_COLUMN]
    assert (shown[:, others] == hidden[:, others]).all()


def some(*lengths: int) -> Iterator[Example]:
    return (Example(np.zeros((n, COLUMNS), np.uint64), np.zeros(n, np.int64)) for n in lengths)


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ((3, 3, 3), [[3, 3], [3]]),
        ((9, 1), [[9], [1]]),
        ((5, 5), [[5], [5]]),
        ((1, 0, 4), [[1, 4]]),
        ((0, 0), []),
        ((), []),
    ],
)
def test_a_batch_holds_whole_texts_up_to_so_many_tokens(lengths: tuple[int, ...], batches: list[list[int]]) -> None:
    found = train.batches(some(*lengths), words=5)
    assert [[len(one.labels) for one in batch] for batch in found] == batches


# --- measuring -----------------------------------------------------------------------------------------------------

FIRST, NEXT, PERSON = (CLASSES.index(name) for name in ("B-LOC", "I-LOC", "PER"))


@pytest.mark.parametrize(
    ("numbers", "spans"),
    [
        ([], set()),
        ([0, 0], set()),
        ([FIRST], {(0, 1)}),
        ([0, FIRST, NEXT, 0], {(1, 3)}),
        ([FIRST, FIRST], {(0, 1), (1, 2)}),
        ([FIRST, NEXT, FIRST, NEXT], {(0, 2), (2, 4)}),
        ([NEXT, NEXT], {(0, 2)}),
        ([PERSON, NEXT], {(1, 2)}),
        ([FIRST, PERSON, NEXT], {(0, 1), (2, 3)}),
        ([FIRST, NEXT], {(0, 2)}),
    ],
)
def test_places_are_read_off_a_row_of_classes(numbers: list[int], spans: set[tuple[int, int]]) -> None:
    assert train.place_spans(np.array(numbers, dtype=np.int64)) == spans


@given(st.lists(st.integers(0, len(CLASSES) - 1), max_size=30))
def test_the_spans_of_places_hold_the_tokens_of_places_and_no_others(numbers: list[int]) -> None:
    spans = train.place_spans(np.array(numbers, dtype=np.int64))
    covered = [index for start, end in spans for index in range(start, end)]
    assert sorted(covered) == [index for index, number in enumerate(numbers) if number in (FIRST, NEXT)]


class Oracle:
    """A model that knows the right classes of some examples, but for one that it takes for another."""

    def __init__(self, examples: list[Example], wrong: int | None = None) -> None:
        self._answers = {id(one.features): one.labels for one in examples}
        self._wrong = wrong

    def predict(self, texts: list[tagger.Features]) -> list[Any]:
        (text,) = texts
        answer = self._answers[id(text)]
        return [np.eye(len(CLASSES))[np.where(answer == self._wrong, 0, answer)]]


@pytest.mark.parametrize(
    ("wrong", "precision", "recall", "f1"),
    [(None, 1, 1, 1), (PERSON, 1, 1, 1), (NEXT, 0.5, 0.5, 0.5), (FIRST, 0, 0, 0)],
)
def test_precision_and_recall_count_exact_spans(wrong: int | None, precision: float, recall: float, f1: float) -> None:
    examples = [
        Example(np.zeros((3, COLUMNS), np.uint64), np.array([FIRST, NEXT, PERSON])),
        Example(np.zeros((2, COLUMNS), np.uint64), np.array([0, FIRST])),
    ]
    model: Any = Oracle(examples, wrong)
    assert train.measure(model, examples) == {"precision": precision, "recall": recall, "f1": f1}


def test_nothing_found_and_nothing_to_find_is_no_division_by_zero() -> None:
    examples = [Example(np.zeros((1, COLUMNS), np.uint64), np.array([0]))]
    model: Any = Oracle(examples)
    assert train.measure(model, examples) == {"precision": 0, "recall": 0, "f1": 0}


# --- learning ------------------------------------------------------------------------------------------------------


def test_steps_on_one_batch_lower_its_loss() -> None:
    model = network.build(8, 1, [50] * COLUMNS, dropout=0.0)
    random = np.random.default_rng(1)
    batch = [
        Example(random.integers(0, 2**64, (n, COLUMNS), dtype=np.uint64), random.integers(0, len(CLASSES), n))
        for n in (4, 7)
    ]
    optimizer = Adam(0.05)
    losses = [train.update(model, batch, optimizer) for _ in range(20)]
    assert losses[0] == pytest.approx(np.log(len(CLASSES)), rel=0.5), "in nats a token, from knowing nothing"
    assert losses[-1] < 0.5 * losses[0]


def test_the_configuration_is_whole_and_of_the_networks_shape() -> None:
    assert set(TINY) <= set(CONFIG)
    assert len(CONFIG["rows"]) == COLUMNS
    assert {"seed", "dropout", "repeats"} <= set(CONFIG)
    assert set(CONFIG["repeats"]) <= {"gmb", "wikigold", "wnut", "btc", "uner"}


@pytest.fixture(scope="module")
def names(gazetteer: Gazetteer) -> Names:
    return train.names_to_put_in(gazetteer)


def test_names_to_put_in_are_names_and_no_ordinary_words(names: Names) -> None:
    for drawn in (names.regional, names.world, names.states, names.given, names.family, names.patterns):
        assert len(set(drawn)) == len(drawn) > 50
    assert "Kunduz" in names.regional
    assert "Gothenburg" in names.world
    assert not {"Gothenburg", "Reading", "Nice"} & set(names.regional)
    assert not {"Kunduz", "Reading", "Nice", "Mobile"} & set(names.world)
    assert {"Pa.", "Pennsylvania", "NSW", "Ontario"} <= set(names.states)
    assert not {"U.S.", "GBAO"} & set(names.states)
    assert {"Mary", "Ahmad"} & set(names.given)
    assert "Smith" in names.family


def test_every_state_is_put_in(names: Names) -> None:
    assert {"Alaska", "Hawaii", "Idaho", "Iowa", "Maine", "Ohio", "Utah"} <= set(names.states)


@pytest.fixture
def ops() -> Iterator[None]:
    """What training chooses for its sums is given back."""
    before = get_current_ops()
    yield
    set_current_ops(before)


def test_a_small_run_lowers_the_loss_and_writes_weights_that_another_run_writes_to_the_byte(
    corpora: Corpora, tmp_path: Path, ops: None
) -> None:
    """The other run is a command of its own, under another hash seed."""
    folder, log = corpora({}), io.StringIO()
    figures = train.train(folder, tmp_path / "one", {**CONFIG, **TINY}, log=log)
    assert set(figures) == {"precision", "recall", "f1"}
    losses = [float(loss) for loss in re.findall(r"loss (\S+)", log.getvalue())]
    assert len(losses) > 8
    assert mean(losses[-4:]) < 0.7 * mean(losses[:4])
    assert log.getvalue().splitlines()[-1].startswith("100%")

    read = tagger.read(tmp_path / "one")
    assert (len(read.layers), read.tables[0].shape[1]) == (TINY["depth"], TINY["width"])
    text = blank().make_doc("Anna walked from Kabul to the river.")
    with Gazetteer() as gazetteer:
        opened = tagger.NameTagger(gazetteer, tmp_path / "one")
        assert opened(text) is text

    overrides = [f"{key}={value}" for key, value in TINY.items()]
    command = [sys.executable, "-m", "geomap.training.train", str(folder), str(tmp_path / "other"), *overrides]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    for name in ("weights.npz", "shape.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_a_missing_corpus_stops_a_run_before_anything_is_written(corpora: Corpora, tmp_path: Path, ops: None) -> None:
    folder = corpora({})
    (folder / "btc_g.conll").unlink()
    with pytest.raises(TrainingError, match=r"btc_g\.conll"):
        train.train(folder, tmp_path / "weights", {**CONFIG, **TINY}, log=io.StringIO())
    assert not (tmp_path / "weights").exists()


def test_every_label_is_a_class_of_the_tagger() -> None:
    assert {label for label in LABELS if label != "LOC"} | {"O", "B-LOC", "I-LOC"} == set(CLASSES)
