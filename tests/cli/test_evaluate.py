"""``geomap evaluate``: gold → the accuracy table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run

GOLD: dict[str, Any] = {
    "id": "a.txt",
    "text": "Fighting reached Kunduz. He left Herat.",
    "toponyms": [
        {"start": 17, "end": 23, "lon": 68.857, "lat": 36.729, "geonameid": 1135689},
        {"start": 33, "end": 38, "lon": 2.35, "lat": 48.86},
        {"start": 0, "end": 8, "lon": 2.35, "lat": 48.86},
    ],
}


def figures(out: str) -> dict[str, list[str]]:
    """The table's cells by the label of their line; the labels end at the first column."""
    head, *lines = out.splitlines()
    width = len(head) - len(head.lstrip())
    return {line[:width].rstrip(): line[width:].split() for line in lines}


def test_the_table_has_a_column_a_file(geomap: Run, tmp_path: Path) -> None:
    """Two of three spans are found, one of them where the gold says; the other lies in Paris there."""
    (tmp_path / "hand.jsonl").write_text(json.dumps(GOLD))
    done = geomap("evaluate", "hand.jsonl", "hand.jsonl", "--ci", "0")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[0].split() == ["hand"]
    cells = figures(done.out)
    assert cells["gold spans"] == ["3"]
    assert cells["recognition, exact  F1"] == cells["recognition, overlap  F1"] == ["0.800"]
    assert cells["resolution  accuracy@161 km"] == ["0.500"]
    assert cells["end to end  F1"] == ["0.400"]
    assert "by kind  F1" not in cells


def test_json_is_one_object_with_an_entry_a_file(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "hand.jsonl").write_text(json.dumps(GOLD))
    done = geomap("evaluate", "hand.jsonl", "--json", "--ci", "20")
    assert (done.status, done.err, done.out.count("\n")) == (0, "", 1)
    hand = json.loads(done.out)["hand"]
    assert (hand["gold"], hand["predicted"], hand["end_to_end"]["f1"]) == (3, 2, 0.4)
    assert hand["intervals_95"]["end_to_end_f1"] == [0.4, 0.4], "there is but one article to draw"


def test_gold_that_is_not_asked_for_is_chosen_by_options(geomap: Run, tmp_path: Path) -> None:
    row = {
        **GOLD,
        "toponyms": [
            {"start": 17, "end": 23, "lon": 2.35, "lat": 48.86, "geonameid": 1135689},
            {"start": 33, "end": 38},
            {"start": 0, "end": 8, "demonym": True, "lon": 2.35, "lat": 48.86},
        ],
    }
    (tmp_path / "hand.jsonl").write_text(json.dumps(row))

    def scored(*words: str) -> tuple[int, float]:
        hand = json.loads(geomap("evaluate", "hand.jsonl", "--json", "--ci", "0", *words).out)["hand"]
        return hand["gold"], hand["resolution"]["accuracy_161_km"]

    assert scored() == scored("--ids", "--no-demonyms") == (2, 1.0)
    assert scored("--geocoded-only") == (1, 1.0)
    assert scored("--no-ids") == (2, 0.0)
    assert scored("--demonyms") == (3, 1.0)


def test_a_number_of_rounds_that_is_none_is_named(geomap: Run) -> None:
    done = geomap("evaluate", "hand.jsonl", "--ci", "-1")
    assert done.status == 2 and "'-1' is no number from 0 on" in done.err


def test_texts_may_lie_in_a_folder(geomap: Run, articles: Path, tmp_path: Path) -> None:
    row = {"id": "a.txt", "toponyms": GOLD["toponyms"][:1]}
    (tmp_path / "hand.jsonl").write_text(json.dumps(row))
    done = geomap("evaluate", "hand.jsonl", "--texts", "news")
    cells = figures(done.out)
    assert (cells["gold spans"], cells["recognition, exact  F1"][0]) == (["1"], "1.000")
    assert (cells["resolution  accuracy@161 km"][0], cells["resolution  median km"]) == ("1.000", ["0.0"])
    without = geomap("evaluate", "hand.jsonl")
    assert (without.status, without.out) == (2, "")
    assert without.err == "geomap: hand.jsonl:1: no text; name the folder of the articles with --texts\n"


def test_a_text_that_is_missing_is_named_with_its_folder(geomap: Run, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "hand.jsonl").write_text(json.dumps({"id": "nowhere.txt", "toponyms": []}))
    done = geomap("evaluate", "hand.jsonl", "--texts", "news")
    assert done.status == 2
    assert done.err.startswith("geomap: news/nowhere.txt: cannot be read (") and done.err.count("\n") == 1


def test_two_gold_files_are_two_columns(geomap: Run, tmp_path: Path) -> None:
    """Also where they have one name, in two folders."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "gold.jsonl").write_text(json.dumps(GOLD))
    head = geomap("evaluate", "one/gold.jsonl", "two/gold.jsonl").out.splitlines()[0]
    assert head.split() == ["gold", "two/gold.jsonl"]
