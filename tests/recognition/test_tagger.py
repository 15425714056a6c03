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
from threadpoolctl import ThreadpoolController

from geomap.errors import ModelError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article
from geomap.pipeline import Geoparser
from geomap.recognition import state, tagger
from geomap.recognition.pipeline import blank, load
from geomap.recognition.tagger import (
    CLASSES,
    COLUMNS,
    GAZETTEER_COLUMN,
    Features,
    Featurizer,
    Floats,
    NameTagger,
    Network,
)

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
@given(length=st.integers(0, 60), seed=st.integers(0, 2**32), data=st.data())
def test_what_is_not_wanted_changes_nothing_of_what_is(
    bundled: Network, length: int, seed: int, data: st.DataObject
) -> None:
    text = random_features(seed, length)
    wanted = np.array(data.draw(st.lists(st.booleans(), min_size=length, max_size=length)), dtype=bool)
    np.testing.assert_allclose(
        bundled.predict(text, wanted)[wanted], bundled.predict(text)[wanted], rtol=1e-3, atol=1e-5
    )


def test_a_text_longer_than_a_block_is_predicted_like_its_parts(bundled: Network) -> None:
    text = random_features(1, 2 * tagger._BLOCK + 7)
    middle = bundled.predict(text[100:-100])
    np.testing.assert_allclose(bundled.predict(text)[110:-110], middle[10:-10], rtol=1e-3, atol=1e-5)


def test_each_token_has_a_probability_for_each_class(bundled: Network) -> None:
    scores = bundled.predict(random_features(3, 40))
    assert scores.shape == (40, len(CLASSES))
    assert (scores >= 0).all()
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)


def test_equal_texts_are_predicted_equal_to_the_last_bit(bundled: Network) -> None:
    text = random_features(5, 30)
    assert bundled.predict(text).tobytes() == bundled.predict(text).tobytes()


def test_an_empty_text_has_no_predictions(bundled: Network) -> None:
    assert bundled.predict(random_features(0, 0)).shape == (0, len(CLASSES))


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


def test_every_token_gets_an_opinion_in_any_script(name_tagger: NameTagger, nlp: Language) -> None:
    for text in TEXTS:
        doc = name_tagger(nlp.make_doc(text))
        assert doc.text == text
        found = state.scratch(doc).places
        assert found is not None
        assert len(found) == len(doc)
        assert all(isinstance(odds, float) and abs(odds) <= MOST + 1e-6 for odds in found)


def test_the_opinion_is_there_with_the_tagger_and_not_without() -> None:
    """The last component lets go of it, so the pipeline is stopped before."""
    for fast, present in ((True, False), (False, True)):
        nlp = load(fast=fast)
        assert ("geomap_tagger" in nlp.pipe_names) is present
        with nlp.select_pipes(disable=["geomap_roles"]):
            assert (state.scratch(nlp("In Kabul.")).places is not None) is present


def test_an_empty_text_is_tagged(name_tagger: NameTagger, nlp: Language) -> None:
    assert state.scratch(name_tagger(nlp.make_doc(""))).places == []


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


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(shutil.rmtree, id="no folder"),
        pytest.param(lambda folder: (folder / "weights.npz").unlink(), id="no weights"),
        pytest.param(lambda folder: (folder / "shape.json").unlink(), id="no shape"),
        pytest.param(weights(b"no archive at all"), id="no archive"),
        pytest.param(weights(b""), id="empty"),
        pytest.param(cut, id="cut short"),
        pytest.param(overwrite, id="overwritten"),
        pytest.param(shape("{"), id="no JSON"),
        pytest.param(shape("{}"), id="no depth"),
        pytest.param(shape("[]"), id="a list"),
        pytest.param(shape('{"depth": null}'), id="depth null"),
        pytest.param(shape('{"depth": 99}'), id="too deep"),
        pytest.param(shape('{"depth": 1}'), id="not deep enough"),
        pytest.param(lambda folder: rewrite(folder, **{"out.b": None}), id="an array lacks"),
        pytest.param(lambda folder: rewrite(folder, **{"mix.W": np.zeros(9)}), id="an array is flat"),
        pytest.param(lambda folder: rewrite(folder, table0=np.zeros((8, 3))), id="a table too narrow"),
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


def test_the_products_run_on_one_thread_and_leave_the_others_as_they_were(
    name_tagger: NameTagger, nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several threads take several times as long for matrices of a text's size."""
    former = ThreadpoolController().info()
    within: list[int] = []

    def watched(network: Network, *arguments: Any) -> Floats:
        within.extend(pool["num_threads"] for pool in ThreadpoolController().info() if pool["user_api"] == "blas")
        return predict(network, *arguments)

    predict = Network.predict
    monkeypatch.setattr(Network, "predict", watched)
    name_tagger(nlp.make_doc("In Kabul."))
    assert set(within) == {1}
    assert ThreadpoolController().info() == former
