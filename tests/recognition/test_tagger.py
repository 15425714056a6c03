"""The tagger: what it reads of a text, what it leaves there, and weights that are no weights.

Nothing here depends on what one trained network thinks of a name.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from geomap.errors import ModelError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article
from geomap.pipeline import Geoparser
from geomap.recognition import state, tagger
from geomap.recognition.pipeline import blank, load
from geomap.recognition.tagger import CLASSES, COLUMNS, GAZETTEER_COLUMN, Features, Featurizer, NameTagger, Network

MOST = math.log(999)
"""A probability of 0.999 as log-odds; no certainty counts for more."""


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank()


@pytest.fixture(scope="module")
def bundled() -> Network:
    return tagger.read()


@pytest.fixture(scope="module")
def name_tagger(gazetteer: Gazetteer) -> NameTagger:
    return NameTagger(gazetteer)


# --- features --------------------------------------------------------------------------------------------------


def test_a_token_is_read_by_its_form_its_gazetteer_class_and_its_use_as_a_personal_name(
    nlp: Language, gazetteer: Gazetteer
) -> None:
    doc = nlp.make_doc("Mary left Kabul Mary")
    rows = Featurizer(gazetteer)(doc)
    assert rows.shape == (4, COLUMNS)
    assert rows[:, :4].tolist() == [[token.norm, token.prefix, token.suffix, token.shape] for token in doc]
    assert [bool(number) for number in rows[:, GAZETTEER_COLUMN]] == [
        bool(gazetteer.candidates(token.text, None, False)) and token.text[0].isupper() for token in doc
    ]
    assert rows[0, 5] == rows[3, 5] > rows[1, 5] == 0


def test_a_text_without_tokens_has_no_features(nlp: Language, gazetteer: Gazetteer) -> None:
    assert Featurizer(gazetteer)(nlp.make_doc("")).shape == (0, COLUMNS)


# --- prediction --------------------------------------------------------------------------------------------------


def random_features(seed: int, length: int) -> Features:
    return np.random.default_rng(seed).integers(0, 2**64, (length, COLUMNS), dtype=np.uint64)


@settings(max_examples=20)
@given(lengths=st.lists(st.integers(1, 12), min_size=1, max_size=6), seed=st.integers(0, 2**32))
def test_texts_in_one_batch_do_not_see_each_other(bundled: Network, lengths: list[int], seed: int) -> None:
    texts = [random_features(seed + number, length) for number, length in enumerate(lengths)]
    for text, together in zip(texts, bundled.predict(texts), strict=True):
        np.testing.assert_allclose(together, bundled.predict([text])[0], rtol=1e-3, atol=1e-5)


def test_each_token_has_a_probability_for_each_class(bundled: Network) -> None:
    (scores,) = bundled.predict([random_features(3, 40)])
    assert scores.shape == (40, len(CLASSES))
    assert (scores >= 0).all()
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


def test_equal_texts_are_predicted_equal_to_the_last_bit(bundled: Network) -> None:
    text = random_features(5, 30)
    assert bundled.predict([text])[0].tobytes() == bundled.predict([text])[0].tobytes()


def test_no_texts_are_no_predictions(bundled: Network) -> None:
    assert bundled.predict([]) == []


EMPTY = random_features(0, 0)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([EMPTY], marks=pytest.mark.xfail(raises=ValueError, reason="a batch of empty texts is refused")),
        pytest.param(
            [EMPTY, EMPTY], marks=pytest.mark.xfail(raises=ValueError, reason="a batch of empty texts is refused")
        ),
        [EMPTY, random_features(1, 3)],
        [random_features(1, 3), EMPTY],
    ],
    ids=["alone", "twice", "first", "last"],
)
def test_an_empty_text_has_no_predictions(bundled: Network, texts: list[Features]) -> None:
    assert [len(scores) for scores in bundled.predict(texts)] == [len(text) for text in texts]


@given(st.lists(st.floats(0, 1), min_size=len(CLASSES), max_size=len(CLASSES)).filter(lambda row: sum(row) > 0.01))
def test_log_odds_are_those_of_either_place_class_within_bounds(row: list[float]) -> None:
    scores = np.array([row], dtype=np.float32) / sum(row)
    (odds,) = tagger.log_odds(scores)
    share = min(0.999, max(0.001, float(scores[0, 1]) + float(scores[0, 2])))
    assert odds == pytest.approx(math.log(share / (1 - share)), abs=1e-3)
    assert -MOST - 1e-6 <= odds <= MOST + 1e-6


# --- the component -------------------------------------------------------------------------------------------------

TEXTS = [
    "Fighting reached Kunduz on Sunday, Afghan officials said.",
    "Силы движения вошли в Кундуз.",
    "درگیری در ولایت تخار ادامه دارد.",
    "北京市",
    "🙂 \u200c e\u0301 \n\n\t…",
    "a",
    "Kabul " * 300,
]


def opinions(name_tagger: NameTagger, nlp: Language, texts: list[str], batch_size: int) -> list[list[float]]:
    docs = list(name_tagger.pipe([nlp.make_doc(text) for text in texts], batch_size=batch_size))
    assert [doc.text for doc in docs] == texts
    return [list(state.scratch(doc).places or ()) for doc in docs]


def test_every_token_gets_an_opinion_in_any_script(name_tagger: NameTagger, nlp: Language) -> None:
    for text, found in zip(TEXTS, opinions(name_tagger, nlp, TEXTS, 16), strict=True):
        assert len(found) == len(nlp.make_doc(text))
        assert all(isinstance(odds, float) and abs(odds) <= MOST + 1e-6 for odds in found)


@pytest.mark.parametrize("batch_size", [1, 2, 3])
def test_the_size_of_a_batch_changes_no_opinion(name_tagger: NameTagger, nlp: Language, batch_size: int) -> None:
    alone = [list(state.scratch(name_tagger(nlp.make_doc(text))).places or ()) for text in TEXTS]
    for one, other in zip(alone, opinions(name_tagger, nlp, TEXTS, batch_size), strict=True):
        assert one == pytest.approx(other, abs=1e-2)


def test_a_tagger_opens_no_doc_before_it_is_asked_for_one(name_tagger: NameTagger, nlp: Language) -> None:
    taken = 0

    def stream() -> Any:
        nonlocal taken
        for text in TEXTS:
            taken += 1
            yield nlp.make_doc(text)

    docs = name_tagger.pipe(stream(), batch_size=2)
    assert taken == 0
    next(docs)
    assert taken == 2


def test_the_opinion_is_there_with_the_tagger_and_not_without() -> None:
    """The last component lets go of it, so the pipeline is stopped before."""
    for fast, present in ((True, False), (False, True)):
        nlp = load(fast=fast)
        assert ("geomap_tagger" in nlp.pipe_names) is present
        with nlp.select_pipes(disable=["geomap_roles"]):
            assert (state.scratch(nlp("In Kabul.")).places is not None) is present


@pytest.mark.xfail(raises=ValueError, reason="a batch of empty texts is refused")
def test_an_empty_text_among_others_and_by_itself_is_tagged(name_tagger: NameTagger, nlp: Language) -> None:
    assert opinions(name_tagger, nlp, ["In Kabul.", ""], 2)[1] == []
    assert opinions(name_tagger, nlp, ["In Kabul.", ""], 1)[1] == []


def test_results_with_and_without_the_tagger_are_kept_apart(gazetteer: Gazetteer) -> None:
    assert Geoparser(gazetteer).versions != Geoparser(gazetteer, fast=True).versions


def test_without_the_tagger_an_empty_text_is_an_article_without_mentions(gazetteer: Gazetteer) -> None:
    (parsed,) = Geoparser(gazetteer, fast=True).parse([Article(id="a", text="")])
    assert parsed.resolutions == ()


# --- weights -------------------------------------------------------------------------------------------------------


def test_the_bundled_weights_are_of_the_shape_that_stands_beside_them(bundled: Network) -> None:
    shape = json.loads((tagger.WEIGHTS / "shape.json").read_text())
    assert [table.shape for table in bundled.tables] == [(rows, shape["width"]) for rows in shape["rows"]]
    assert len(bundled.layers) == shape["depth"]
    assert bundled.weights.shape == (shape["width"], len(CLASSES))
    arrays = [*bundled.tables, bundled.weights, bundled.bias]
    arrays += [
        array for one in (bundled.mix, *bundled.layers) for array in (one.weights, one.bias, one.gain, one.shift)
    ]
    assert all(np.isfinite(array).all() for array in arrays)


def rewrite(folder: Path, **changed: Any) -> None:
    with np.load(folder / "weights.npz") as read:
        arrays = {name: read[name] for name in read.files}
    np.savez(folder / "weights.npz", **{k: v for k, v in {**arrays, **changed}.items() if v is not None})


def shape(text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / "shape.json").write_text(text)


def weights(content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / "weights.npz").write_bytes(content)


def cut(folder: Path) -> None:
    path = folder / "weights.npz"
    path.write_bytes(path.read_bytes()[:5000])


def overwrite(folder: Path) -> None:
    path = folder / "weights.npz"
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 500] = bytes(500)
    path.write_bytes(content)


NO_MODEL_ERROR = pytest.mark.xfail(reason="the error is not one of geomap's")
NO_ERROR = pytest.mark.xfail(reason="weights that do not fit each other are taken")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(shutil.rmtree, id="no folder"),
        pytest.param(lambda folder: (folder / "weights.npz").unlink(), id="no weights"),
        pytest.param(lambda folder: (folder / "shape.json").unlink(), id="no shape"),
        pytest.param(weights(b"no archive at all"), id="no archive"),
        pytest.param(weights(b""), id="empty", marks=NO_MODEL_ERROR),
        pytest.param(cut, id="cut short", marks=NO_MODEL_ERROR),
        pytest.param(overwrite, id="overwritten", marks=NO_MODEL_ERROR),
        pytest.param(shape("{"), id="no JSON"),
        pytest.param(shape("{}"), id="no depth"),
        pytest.param(shape("[]"), id="a list", marks=NO_MODEL_ERROR),
        pytest.param(shape('{"depth": null}'), id="depth null", marks=NO_MODEL_ERROR),
        pytest.param(shape('{"depth": 99}'), id="too deep"),
        pytest.param(shape('{"depth": 1}'), id="not deep enough", marks=NO_ERROR),
        pytest.param(lambda folder: rewrite(folder, **{"out.b": None}), id="an array lacks"),
        pytest.param(lambda folder: rewrite(folder, **{"mix.W": np.zeros(9)}), id="an array is flat"),
        pytest.param(lambda folder: rewrite(folder, table0=np.zeros((8, 3))), id="a table too narrow", marks=NO_ERROR),
    ],
)
def test_missing_and_damaged_weights_are_a_named_error_with_its_mend(
    damage: Callable[[Path], object], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tagger.WEIGHTS, tmp_path / "weights"))
    damage(folder)
    with pytest.raises(ModelError) as error:
        tagger.read(folder)
    assert str(error.value).startswith(f"{folder}: the tagger's weights are missing or damaged (")
    assert str(error.value).endswith("); install geomap again")
    assert "\n" not in str(error.value)
