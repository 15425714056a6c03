"""Made-up corpora in the forms of the real ones: small, and with something to learn."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

Corpora: TypeAlias = Callable[[dict[str, str]], Path]
"""Writes corpora and returns their folder; what is given takes the place of a file's made-up text."""

GMB: Final = "gmb_ner_dataset.csv.zip"
_TABLE: Final = """Sentence #,Word,POS,Tag
Sentence: 1,Thousands,NNS,O
,have,VBP,O
,marched,VBN,O
,through,IN,O
,London,NNP,B-geo
,to,TO,O
,protest,VB,O
,the,DT,O
,war,NN,O
,in,IN,O
,Iraq,NNP,B-geo
,.,.,O
Sentence: 2,Nepal,NNP,B-gpe
,asked,VBD,O
,the,DT,O
,U.S.,NNP,B-geo
,on,IN,O
,Monday,NNP,B-tim
,.,.,O
Sentence: 3,A,DT,O
,Sunni,JJ,B-geo
,told,VBD,O
,Mr.,NNP,B-per
,Smith,NNP,I-per
,so,RB,O
,.,.,O
"""
_TOWNS: Final = (
    "Kabul",
    "Paris",
    "Chicago",
    "Herat",
    "Lagos",
    "Lima",
    "Oslo",
    "Dhaka",
    "Tokyo",
    "Quito",
    "Cairo",
    "Bonn",
)
_PEOPLE: Final = ("John", "Mary", "Ahmad", "Anna")


def _rows(place: str, person: str, other: str) -> str:
    """Sentences of one town and one person each, in two columns."""
    sentences = [
        f"{_PEOPLE[number % 4]} {person}\nwalked {other}\nfrom {other}\n{town} {place}\nto {other}\nthe {other}\nriver {other}\n. {other}\n"
        for number, town in enumerate(_TOWNS)
    ]
    return "\n".join(sentences)


def _numbered(text: str) -> str:
    """The same in the columns of CoNLL-U's kin: number, word, tag."""
    rows = [line.split(" ") for line in text.split("\n")]
    return "\n".join("\t".join(["1", *row, "-", "-"]) if len(row) == 2 else "" for row in rows)


FILES: Final = {
    GMB: _TABLE,
    "wikigold.conll.txt": _rows("I-LOC", "I-PER", "O"),
    "wnut17train.conll": _rows("B-location", "B-person", "O").replace(" ", "\t"),
    "wnut17dev.conll": _rows("B-location", "B-person", "O").replace(" ", "\t"),
    "btc_g.conll": _rows("B-LOC", "B-PER", "O").replace(" ", "\t"),
    "uner_en_ewt-ud-dev.iob2": _numbered(_rows("B-LOC", "B-PER", "O")),
    "uner_en_ewt-ud-test.iob2": _numbered(_rows("B-LOC", "B-PER", "O")),
}


@pytest.fixture
def corpora(tmp_path: Path) -> Corpora:
    def write(changed: dict[str, str]) -> Path:
        for name, text in {**FILES, **changed}.items():
            if name == GMB:
                with zipfile.ZipFile(tmp_path / name, "w") as archive:
                    archive.writestr("gmb.csv", text.encode("cp1252"))
            else:
                (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write
