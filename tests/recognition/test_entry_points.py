"""The components as any spaCy user finds them, and a user's own model as geomap takes it up."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from geomap.errors import ModelError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article
from geomap.pipeline import Geoparser
from geomap.recognition.pipeline import COMPONENTS, load, recognise

Labels = list[tuple[str, str]]
NEWS = "Tajik troops left Kunduz for the Tajik-Afghan border on Tuesday."


def spans(doc: Doc) -> Labels:
    return [(span.text, span.label_) for span in doc.spans["geomap"]]


def python(code: str, *words: str) -> str:
    """What a fresh interpreter prints, warnings being errors."""
    command = [sys.executable, "-W", "error", "-c", code, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


# --- spaCy's own door ----------------------------------------------------------------------------------------


def test_every_component_is_an_entry_point() -> None:
    names = {one.name for one in entry_points(group="spacy_factories") if one.value.startswith("geomap.")}
    assert names == {"geomap_sentences", "geomap_tagger", *COMPONENTS}


def test_a_blank_pipeline_takes_the_matcher_by_name_alone() -> None:
    """In an interpreter that has not imported geomap."""
    code = (
        "import spacy, sys\n"
        "assert not any(name.startswith('geomap') for name in sys.modules)\n"
        "nlp = spacy.blank('en')\n"
        "nlp.add_pipe('geomap_toponyms')\n"
        "doc = nlp('Fighting reached Kunduz, Afghan officials said.')\n"
        "print([(span.text, span.label_, span.start_char, span.end_char) for span in doc.spans['geomap']])"
    )
    assert python(code) == "[('Kunduz', 'place', 17, 23), ('Afghan', 'demonym', 25, 31)]\n"


@pytest.fixture(scope="module")
def blank() -> Language:
    nlp = spacy.blank("en")
    for name in ("geomap_sentences", *COMPONENTS):
        nlp.add_pipe(name)
    return nlp


def test_the_whole_recogniser_can_be_put_together_by_name(blank: Language) -> None:
    assert spans(blank(NEWS)) == [("Tajik", "demonym"), ("Kunduz", "place"), ("Tajik-Afghan border", "border")]


def test_a_component_takes_a_gazetteer_of_its_own(small_gazetteer: Path) -> None:
    """The small one knows no town of the Netherlands."""
    found = {}
    for name, path in (("bundled", None), ("small", str(small_gazetteer))):
        nlp = spacy.blank("en")
        nlp.add_pipe("geomap_toponyms", config={"gazetteer": path})
        found[name] = spans(nlp("He left Kunduz for Rotterdam."))
    assert found == {"bundled": [("Kunduz", "place"), ("Rotterdam", "place")], "small": [("Kunduz", "place")]}


def test_a_pipeline_with_the_components_can_be_saved_and_loaded(blank: Language, tmp_path: Path) -> None:
    blank.to_disk(tmp_path / "model")
    code = (
        "import spacy, sys\n"
        "doc = spacy.load(sys.argv[1])(sys.argv[2])\n"
        "print([(span.text, span.label_) for span in doc.spans['geomap']])"
    )
    assert python(code, str(tmp_path / "model"), NEWS) == f"{spans(blank(NEWS))}\n"


def test_a_doc_can_be_saved_and_loaded_with_its_spans(blank: Language) -> None:
    """``Doc.to_bytes``, and with it ``DocBin`` and ``nlp.pipe(..., n_process=2)``."""
    doc = blank(NEWS)
    assert spans(Doc(blank.vocab).from_bytes(doc.to_bytes())) == spans(doc)


def test_many_texts_in_one_pipe_are_told_apart(blank: Language) -> None:
    texts = ["Fighting reached Kunduz.", "", "Nothing.", "Fighting reached Herat."]
    assert [spans(doc) for doc in blank.pipe(texts)] == [[("Kunduz", "place")], [], [], [("Herat", "place")]]


# --- a user's own model --------------------------------------------------------------------------------------


def model_of(path: Path, *patterns: dict[str, str], name: str = "ner") -> str:
    """A real spaCy pipeline on disk whose recogniser is a list of names."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler", name=name).add_patterns(list(patterns))  # type: ignore[attr-defined]
    nlp.to_disk(path)
    return str(path)


loaded = cache(load)


def found(text: str, model: str | None = None) -> Labels:
    (mentions,) = recognise(loaded(model=model), [text])
    return [(mention.phrase, mention.kind) for mention in mentions]


def test_a_place_that_the_model_found_needs_no_further_evidence(tmp_path: Path) -> None:
    """Mobile is a town of Alabama; as the first word of a sentence it is not taken for one."""
    text = "Mobile said it would pay."
    model = model_of(tmp_path / "model", {"label": "GPE", "pattern": "Mobile"})
    assert found(text) == []
    assert found(text, model) == [("Mobile", "place")]


def test_a_person_or_an_organisation_that_the_model_found_is_no_place(tmp_path: Path) -> None:
    text = "He met Herat in Kunduz, Farah in Kabul, Samarkand in Dushanbe."
    labels = {"Herat": "PERSON", "Farah": "PER", "Samarkand": "ORG"}
    model = model_of(tmp_path / "model", *({"label": label, "pattern": name} for name, label in labels.items()))
    with_model, without = ([phrase for phrase, _ in found(text, name)] for name in (model, None))
    assert without == ["Herat", "Kunduz", "Farah", "Kabul", "Samarkand", "Dushanbe"]
    assert with_model == ["Kunduz", "Kabul", "Dushanbe"]


def test_what_the_model_does_not_speak_of_is_found_as_without_it(tmp_path: Path) -> None:
    model = model_of(tmp_path / "model", {"label": "GPE", "pattern": "Xyzzyville"})
    assert found(NEWS, model) == found(NEWS)
    assert found("He left Xyzzyville.", model) == [], "a name that the gazetteer does not have is no place"


def test_a_recogniser_that_was_trained_joins_in(tmp_path: Path) -> None:
    """A statistical one, taught in a moment that Mobile is a place."""
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    text = "Mobile said it would pay."
    example = spacy.training.Example.from_dict(nlp.make_doc(text), {"entities": [(0, 6, "GPE")]})
    spacy.util.fix_random_seed(0)  # type: ignore[attr-defined]
    optimizer = nlp.initialize(lambda: [example])
    for _ in range(30):
        nlp.update([example], sgd=optimizer)
    nlp.to_disk(tmp_path / "model")
    assert [entity.text for entity in nlp(text).ents] == ["Mobile"]
    assert found(text, str(tmp_path / "model")) == [("Mobile", "place")]


def test_the_geoparser_resolves_what_a_model_found(tmp_path: Path, gazetteer: Gazetteer) -> None:
    model = model_of(tmp_path / "model", {"label": "GPE", "pattern": "Mobile"})
    (parsed,) = Geoparser(gazetteer, model).parse([Article(id="a", text="Mobile said it would pay.")])
    assert [(one.place.geonameid if one.place else None) for one in parsed.resolutions] == [4076598]


def test_a_model_that_is_not_installed_is_a_named_error() -> None:
    with pytest.raises(ModelError) as error:
        load(model="en_core_web_zzz")
    assert str(error.value) == (
        "en_core_web_zzz: no such spaCy model; install it (pip install en_core_web_zzz) or leave out --model"
    )


def test_a_folder_that_is_no_model_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as error:
        load(model=str(tmp_path))
    assert str(error.value).startswith(f"{tmp_path}: cannot be loaded (")


def test_a_model_without_a_recogniser_of_names_is_a_named_error(tmp_path: Path) -> None:
    model = model_of(tmp_path / "model", name="ruler")
    with pytest.raises(ModelError) as error:
        load(model=model)
    assert str(error.value) == f"{model}: has no named-entity recogniser; choose a model with one, or leave out --model"


def test_a_model_that_needs_a_component_that_is_not_there_is_a_named_error(tmp_path: Path) -> None:
    model = model_of(tmp_path / "model")
    config = tmp_path / "model" / "config.cfg"
    config.write_text(config.read_text().replace('factory = "entity_ruler"', 'factory = "not_installed"'))
    with pytest.raises(ModelError) as error:
        load(model=model)
    assert "\n" not in str(error.value)


def test_a_model_whose_configuration_is_damaged_is_a_named_error(tmp_path: Path) -> None:
    model = model_of(tmp_path / "model")
    (tmp_path / "model" / "config.cfg").write_text("[nlp\n")
    with pytest.raises(ModelError, match="leave out --model"):
        load(model=model)
