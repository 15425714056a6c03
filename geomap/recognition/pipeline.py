"""The whole recogniser as one spaCy pipeline, over a blank tokenizer or over a model that the user has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, cast

import spacy
from spacy.attrs import IS_PUNCT, IS_SPACE, LOWER, NORM, ORTH, PREFIX, SHAPE, SUFFIX
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_suffix_regex

from geomap.errors import ModelError
from geomap.model import Mention, Reasons
from geomap.recognition import composites, metonyms, organisations, parts, sentences, state, tagger, toponyms

COMPONENTS: Final = ("geomap_toponyms", "geomap_organisations", "geomap_composites", "geomap_roles")

# Newspaper text glues what spaCy's English rules leave together: "U.S.-led", "Kabul/Islamabad", "end.The".
_INFIXES: Final = (r"(?<=[A-Za-z]\.)-(?=[A-Za-z])", r"(?<=[A-Za-z])[/–—](?=[A-Za-z])", r"(?<=[a-z)”])\.(?=[A-Z])")
_SUFFIXES: Final = (r"(?<=[A-Za-z])-",)  # "Geneva- and Brussels-based"
_ROOMS: Final = (
    sentences,
    tagger,
    toponyms,
    organisations,
    composites,
    metonyms,
)  # importing them registers the factories

_READ_ATTRIBUTES: Final = frozenset({ORTH, LOWER, NORM, PREFIX, SUFFIX, SHAPE, IS_SPACE, IS_PUNCT})
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def blank() -> Language:
    """Make an empty pipeline with the tokenizer for newspaper text."""
    nlp = spacy.blank("en")
    former = cast("Tokenizer", nlp.tokenizer)
    # spaCy reads "):" as a face; in a dateline ("KABUL (Pajhwok): …") it is a bracket and a colon.
    rules = {form: rule for form, rule in (former.rules or {}).items() if any(map(str.isalpha, form))}
    # Made anew: a tokenizer that is changed goes through all its rules at each change.
    nlp.tokenizer = Tokenizer(
        nlp.vocab,
        rules=rules,
        prefix_search=former.prefix_search,
        suffix_search=compile_suffix_regex([*(nlp.Defaults.suffixes or ()), *_SUFFIXES]).search,
        infix_finditer=compile_infix_regex([*(nlp.Defaults.infixes or ()), *_INFIXES]).finditer,
        token_match=former.token_match,
        url_match=former.url_match,
    )
    return nlp


def load(gazetteer: str | None = None, model: str | None = None, *, fast: bool = False) -> Language:
    """Make the recogniser.

    Args:
        gazetteer: Path of a gazetteer file; None for the one in use.
        model: Name or path of an installed spaCy model whose entities are to join in, in place of the tagger.
        fast: Whether to leave the tagger out.

    Raises:
        ModelError: If the model is not installed, or has no named-entity recogniser.
    """
    if model is None:
        nlp = blank()
        getters = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
        for attribute in set(getters) - _READ_ATTRIBUTES:
            del getters[attribute]  # each new word would be looked over for all of them
    else:
        try:
            nlp = spacy.load(model)
        except (OSError, ValueError) as error:
            if "E050" in str(error):  # spaCy's "can't find model"
                mend = f"no such spaCy model; install it (pip install {model}) or leave out --model"
            else:
                mend = f"cannot be loaded ({str(error).splitlines()[0]}); install it again or leave out --model"
            raise ModelError(f"{model}: {mend}") from error
        if "ner" not in nlp.pipe_names:
            raise ModelError(f"{model}: has no named-entity recogniser; choose a model with one, or leave out --model")
    nlp.add_pipe("geomap_sentences")
    if model is None and not fast:
        nlp.add_pipe("geomap_tagger", config={"gazetteer": gazetteer})
    for component in COMPONENTS:
        nlp.add_pipe(component, config={"gazetteer": gazetteer})
    return nlp


def recognise(nlp: Language, texts: Iterable[str]) -> Iterator[tuple[Mention, ...]]:
    """Yield the mentions of each text, in order, outermost spans only."""
    for text in texts:
        yield tuple(parts.moved(mention, offset) for offset, doc in _docs(nlp, text) for mention in state.get(doc))


def explain(nlp: Language, text: str) -> tuple[tuple[Mention, ...], dict[int, Reasons]]:
    """Return the mentions of a text, and by the offset of each name that was judged what spoke for and against it."""
    last = COMPONENTS[-1]  # lets go of the reasons
    found: list[Mention] = []
    reasons: dict[int, Reasons] = {}
    for offset, doc in _docs(nlp, text, without=(last,)):
        reasons |= {start + offset: why for start, why in state.scratch(doc).reasons.items()}
        found += [parts.moved(mention, offset) for mention in state.get(nlp.get_pipe(last)(doc))]
    return tuple(found), reasons


def _docs(nlp: Language, text: str, without: Iterable[str] = ()) -> Iterator[tuple[int, Doc]]:
    """The parts of a text with their offsets, as docs that have been through the pipeline."""
    # A lone surrogate cannot become UTF-8, which spaCy needs; one replacement character for one keeps all offsets.
    clean = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
    for offset, part in parts.cut(clean):
        yield offset, nlp(state.begin(nlp.make_doc(part), part), disable=list(without))
