"""Beside the reference scorers of ../shared: the same figures to the digit, and the floors on the five seeds."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap.articles import read_paths
from geomap.evaluation import Report, evaluate, evaluate_kinds, intervals, read_gold
from geomap.gazetteer.store import Gazetteer
from geomap.model import ParsedArticle
from geomap.pipeline import Geoparser
from geomap.records import to_record

# --- the same figures ----------------------------------------------------------------------------------------

ROUNDS = 50
Parsed = Callable[[str], tuple[Path, list[ParsedArticle]]]


@pytest.fixture(scope="module")
def parsed(shared: Path, gazetteer: Gazetteer) -> Parsed:
    """A corpus of ../shared and what geomap makes of it, without the tagger: any predictions will do here."""
    known: dict[str, tuple[Path, list[ParsedArticle]]] = {}

    def corpus(name: str) -> tuple[Path, list[ParsedArticle]]:
        if name not in known:
            path = shared / "corpora" / f"{name}.jsonl"
            geoparser = Geoparser(gazetteer, fast=True)
            known[name] = path, list(geoparser.parse(one.article for one in read_gold(path)))
        return known[name]

    return corpus


@pytest.mark.parametrize("name", ["LGL", "GeoVirus"])
@pytest.mark.parametrize("ids", [True, False], ids=["ids", "no-ids"])
@pytest.mark.parametrize("demonyms", [True, False], ids=["demonyms", "no-demonyms"])
@pytest.mark.parametrize("geocoded_only", [True, False], ids=["geocoded", "all"])
def test_figures_are_those_of_the_reference_scorer(
    shared: Path, parsed: Parsed, name: str, ids: bool, demonyms: bool, geocoded_only: bool
) -> None:
    path, ours = parsed(name)
    scorer = runpy.run_path(str(shared / "eval" / "score.py"))
    gold = scorer["load"](str(path))
    if geocoded_only:  # as its command line does
        for row in gold:
            row["ignore"] = [item for item in row["toponyms"] if not scorer["has"](item)]
            row["toponyms"] = [item for item in row["toponyms"] if scorer["has"](item)]
    pinless = ("demonym", "organisation-embedded")
    pins = {
        one.article.id: [item for item in to_record(one)["toponyms"] if item["kind"] not in pinless] for one in ours
    }
    theirs, _ = scorer["evaluate"](gold, pins, no_demonyms=not demonyms, ci=ROUNDS, ids=ids)

    scores = evaluate(read_gold(path, demonyms=demonyms, geocoded_only=geocoded_only), ours, ids=ids)
    figures = Report(scores=scores, intervals=intervals(scores, ROUNDS)).as_json()
    counts = ("articles", "gold", "gold_with_coordinates", "predicted")
    assert [figures[key] for key in counts] == [theirs[key] for key in ("docs", "gold", "gold_geo", "pred")]
    for key, other in (
        ("recognition_exact", "rec_exact"),
        ("recognition_overlap", "rec_overlap"),
        ("end_to_end", "e2e"),
    ):
        rates = {"p": figures[key]["precision"], "r": figures[key]["recall"], "f1": figures[key]["f1"]}
        assert rates == pytest.approx({rate: theirs[other][rate] for rate in rates}, abs=1e-12)
    resolution = figures["resolution"]
    assert resolution["judged"] == theirs["res"]["n"]
    for key, other in (
        ("accuracy_161_km", "acc161"),
        ("accuracy_20_km", "acc20"),
        ("mean_km", "mean_km"),
        ("median_km", "median_km"),
        ("auc", "auc"),
    ):
        assert resolution[key] == pytest.approx(theirs["res"][other], abs=1e-9)
    assert figures["end_to_end"]["auc"] == pytest.approx(theirs["e2e"]["auc"], abs=1e-12)
    bounds = theirs["ci95"]
    for key, other in (
        ("recognition_f1", "rec_overlap_f1"),
        ("accuracy", "acc161"),
        ("end_to_end_f1", "e2e_f1"),
    ):
        assert figures["intervals_95"][key] == pytest.approx(bounds[other], abs=1e-12)


KIND_COUNTS = {
    "places": "gold", "found": "found", "located": "located", "borders": "border", "borders_found": "border_hit",
    "directions": "direction", "directions_found": "direction_hit", "demonyms": "demonym", "demonyms_pinned": "demonym_pinned",
    "organisations": "org", "organisations_pinned": "org_pinned", "traps": "trap", "traps_pinned": "trap_pinned", "pins": "pins",
}  # fmt: skip


@pytest.mark.parametrize("fast", [True, False], ids=["fast", "tagger"])
def test_figures_by_kind_are_those_of_the_regional_scorer(
    shared: Path, root: Path, gazetteer: Gazetteer, fast: bool
) -> None:
    path = root / "tests" / "gold" / "regional.jsonl"
    gold = read_gold(path)
    ours = list(Geoparser(gazetteer, fast=fast).parse(one.article for one in gold))
    score = runpy.run_path(str(shared / "eval" / "regional.py"))["score"]
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    theirs, _ = score(rows, {one.article.id: to_record(one)["toponyms"] for one in ours})
    scores = evaluate_kinds(gold, ours)
    assert scores is not None
    assert {name: getattr(scores, name) for name in KIND_COUNTS} == {
        name: theirs[other] for name, other in KIND_COUNTS.items()
    }
    figures = (*scores.rates, scores.wrong_pins)
    assert [round(figure, 4) for figure in figures] == [
        theirs[name] for name in ("precision", "recall", "f1", "wrong_pin_rate")
    ]


# --- the floors on the seeds ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def regional(shared: Path, gazetteer: Gazetteer, root: Path) -> dict[str, Any]:
    """What the regional scorer says about ``geomap parse`` on the seeds."""
    score = runpy.run_path(str(shared / "eval" / "regional.py"))["score"]
    with (shared / "gold" / "seeds.jsonl").open(encoding="utf-8") as file:
        annotated = [json.loads(line) for line in file]
    records = [to_record(one) for one in Geoparser(gazetteer).parse(read_paths([root / "seeds"]).articles)]
    predicted = {record["id"]: record["toponyms"] for record in records}
    assert {one["id"] for one in annotated} <= predicted.keys()
    counts, _ = score(annotated, predicted)
    return dict(counts)


def test_places_on_the_seeds_are_found_and_put_right(regional: dict[str, Any]) -> None:
    assert regional["f1"] >= 0.93


def test_few_pins_on_the_seeds_are_wrong(regional: dict[str, Any]) -> None:
    assert regional["wrong_pin_rate"] <= 0.04


def test_borders_and_directions_on_the_seeds_are_found(regional: dict[str, Any]) -> None:
    assert (regional["border"], regional["direction"]) == (7, 2)
    assert regional["border_hit"] >= 6
    assert regional["direction_hit"] == 2


def test_no_demonym_and_no_organisation_on_the_seeds_is_pinned(regional: dict[str, Any]) -> None:
    assert regional["demonym"] > 0 and regional["org"] > 0
    assert (regional["demonym_pinned"], regional["org_pinned"]) == (0, 0)


def test_the_seeds_are_those_that_the_gold_annotates(shared: Path, root: Path) -> None:
    """Byte for byte: offsets hold for no other text."""
    for path in sorted((shared / "seeds").glob("*.txt")):
        assert (root / "seeds" / path.name).read_bytes() == path.read_bytes()
