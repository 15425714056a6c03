"""Mentions on a ``Doc``: in order, for the next component and for the reader, and through serialisation."""

from __future__ import annotations

from dataclasses import replace

import pytest
import spacy
import srsly
from spacy.tokens import Doc, DocBin

from geomap.model import Mention
from geomap.recognition import state

TEXT = "From Kabul to Herat's north."
KABUL = Mention(start=5, end=10, phrase="Kabul", kind="place", name="Kabul", sentence=(0, 28))
HERAT = Mention(start=14, end=19, phrase="Herat", kind="place", name="Herat", sentence=(0, 28), within=("Afghanistan",))
NORTH = Mention(
    start=14, end=27, phrase="Herat's north", kind="directional", name="Herat", sentence=(0, 28), direction="north",
    countries=("AF",), feature="ADM1", nested=(HERAT,),
)  # fmt: skip


@pytest.fixture
def doc() -> Doc:
    return spacy.blank("en")(TEXT)


def test_a_doc_that_no_component_has_seen_has_no_mentions(doc: Doc) -> None:
    assert state.get(doc) == ()


def test_mentions_are_put_in_text_order_for_components_and_readers(doc: Doc) -> None:
    assert state.put(doc, [NORTH, KABUL]) is doc
    assert state.get(doc) == (KABUL, NORTH)
    assert [(span.text, span.label_) for span in doc.spans["geomap"]] == [
        ("Kabul", "place"),
        ("Herat's north", "directional"),
    ]


def test_mentions_replace_those_before(doc: Doc) -> None:
    state.put(doc, [NORTH, KABUL])
    state.put(doc, [KABUL])
    assert state.get(doc) == (KABUL,)
    assert len(doc.spans["geomap"]) == 1


def test_a_span_covers_the_tokens_that_offsets_only_touch(doc: Doc) -> None:
    assert state.span_of(doc, 6, 8).text == "Kabul"
    assert state.span_of(doc, 6, 15).text == "Kabul to Herat"


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (20, 29), (40, 50)])
def test_offsets_outside_the_text_are_refused_by_name(doc: Doc, start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"^{start}-{end}: no span of a text of 28 code points; offsets are wrong$"):
        state.span_of(doc, start, end)


def test_a_mention_outside_the_text_is_refused(doc: Doc) -> None:
    with pytest.raises(ValueError, match="offsets are wrong"):
        state.put(doc, [replace(KABUL, start=100, end=105)])


def test_everything_of_a_mention_survives_saving_a_doc(doc: Doc) -> None:
    state.put(doc, [KABUL, NORTH])
    loaded = Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes())
    assert state.get(loaded) == (KABUL, NORTH)


def test_everything_of_a_mention_survives_a_doc_bin(doc: Doc) -> None:
    state.put(doc, [KABUL, NORTH])
    packed = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (loaded,) = DocBin(store_user_data=True).from_bytes(packed).get_docs(spacy.blank("en").vocab)
    assert state.get(loaded) == (KABUL, NORTH)


def test_other_values_are_packed_as_ever() -> None:
    value = {"a": [1, "b", None], "c": {"d": 2.5}}
    assert srsly.msgpack_loads(srsly.msgpack_dumps(value)) == value
