"""What each piece of evidence is worth: the accuracy of geomap with it and without it, in one run.

    python -m benchmarks.ablation GOLD.jsonl ...

Each row leaves one thing out by setting its weight to nothing. Figures are shares of 100; those behind
the first row are differences.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

from geomap.evaluation import evaluate, read_gold
from geomap.gazetteer import store
from geomap.gazetteer.store import Gazetteer
from geomap.geoparser import Geoparser
from geomap.recognition import composites, context, organisations, toponyms
from geomap.resolution import evidence, homes

_RESOLVE = import_module("geomap.resolution.resolve")  # the package's name of it is the function


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can be left out: the attributes that are set to other values."""

    name: str
    without: tuple[tuple[Any, str, Any], ...]
    fast: bool = False


def _nothing(*_: object) -> bool:
    return False


PARTS = (
    Part("the tagger", (), fast=True),
    Part("English use of words", ((context, "lexical_evidence", lambda _: 0.0),)),
    Part("people named in the text", ((context, "people", lambda *_: frozenset()),)),
    Part("capitals beside a name", ((context, "CAPITAL_BEFORE", 0.0), (context, "CAPITAL_AFTER", 0.0), (context, "SURNAME_AFTER", 0.0))),
    Part("prepositions", ((context, "LOCATIVE_BEFORE", 0.0), (context, "PLACING_BEFORE", 0.0))),
    Part("class words", ((context, "CLASS_WORD", 0.0),)),
    Part("people and things of a town", ((context, "LOCALS_AFTER", 0.0), (context, "OFFICIALS_AFTER", 0.0), (context, "PARTY_BEFORE", 0.0))),
    Part("breeds, wares, makes and firms", ((context, "PRODUCT_AFTER", 0.0), (context, "WARE", 0.0), (context, "BRAND", 0.0), (context, "FIRM", 0.0))),
    Part("lists", ((context, "LISTED", 0.0),)),
    Part("once a place, always one", ((context, "REPEATED", 0.0),)),
    Part("at home", ((context, "AT_HOME", 0.0),)),
    Part("organisations", ((organisations, "_organisation", lambda *_: None),)),
    Part("local bodies are places", ((organisations, "LOCAL_BODIES", frozenset()),)),
    Part("names before class words", ((toponyms, "_UNKNOWN_BEFORE", frozenset()),)),
    Part("counties of a list", ((composites, "_HELD", {}),)),
    Part("countries in focus", ((evidence, "COUNTRY_CONTEXT", 0.0),)),
    Part("provinces in focus", ((evidence, "PROVINCE_CONTEXT", 0.0),)),
    Part("containers and contents", ((evidence, "CONTAINER", 0.0), (evidence, "CONTENT", 0.0))),
    Part("the class asked for", ((evidence, "FEATURE_WANTED", 0.0), (evidence, "NAMESAKE_UNIT", 0.0))),
    Part("nearness", ((evidence, "NEARBY", 0.0),)),
    Part("the source's home", ((homes, "learn", lambda *_: {}),)),
    Part("aliases yield to bearers", ((store, "ALIAS_COST", 0.0),)),
    Part("NIL for far namesakes", ((_RESOLVE, "is_unlikely", _nothing),)),
)  # fmt: skip


@contextmanager
def left_out(part: Part) -> Iterator[None]:
    """Geomap without a part, for a while."""
    with ExitStack() as stack:
        for module, name, value in part.without:
            stack.enter_context(mock.patch.object(module, name, value))
        yield


def figures(paths: Sequence[Path], *, fast: bool = False) -> list[float]:
    """Recognition and end-to-end F1 of each corpus, in hundredths."""
    found = []
    with Gazetteer(own_places=False) as gazetteer:
        for path in paths:
            gold = read_gold(path, geocoded_only=True)
            scores = evaluate(gold, Geoparser(gazetteer, fast=fast).parse(one.article for one in gold))
            found += [100 * scores.recognition.f1, 100 * scores.end_to_end.f1]
    return found


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="What each piece of evidence is worth.")
    parser.add_argument("gold", nargs="+", type=Path, metavar="GOLD.jsonl")
    paths = parser.parse_args(arguments).gold
    whole = figures(paths)
    heads = [f"{path.stem} {what}" for path in paths for what in ("recognition F1", "end-to-end F1")]
    print("| without | " + " | ".join(heads) + " |")
    print("| --- |" + " ---: |" * len(heads))
    print("| – | " + " | ".join(f"{value:.1f}" for value in whole) + " |")
    for part in PARTS:
        with left_out(part):
            changed = figures(paths, fast=part.fast)
        cells = " | ".join(f"{value - before:+.1f}" for value, before in zip(changed, whole, strict=True))
        print(f"| {part.name} | {cells} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
