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


def test_the_table_has_a_line_a_file(geomap: Run, tmp_path: Path) -> None:
    """Two of three spans are found, one of them where the gold says; the other lies in Paris there."""
    (tmp_path / "hand.jsonl").write_text(json.dumps(GOLD))
    done = geomap("evaluate", "hand.jsonl", "hand.jsonl")
    assert (done.status, done.err) == (0, "")
    head, line = done.out.splitlines()
    assert head.split() == "gold spans exact F1 overlap F1 acc@161 median km".split()
    assert line.split()[:5] == ["hand", "3", "0.800", "0.800", "0.500"]


def test_texts_may_lie_in_a_folder(geomap: Run, articles: Path, tmp_path: Path) -> None:
    row = {"id": "a.txt", "toponyms": GOLD["toponyms"][:1]}
    (tmp_path / "hand.jsonl").write_text(json.dumps(row))
    done = geomap("evaluate", "hand.jsonl", "--texts", "news")
    assert done.out.splitlines()[1].split() == ["hand", "1", "1.000", "1.000", "1.000", "0.0"]
    without = geomap("evaluate", "hand.jsonl")
    assert (without.status, without.out) == (2, "")
    assert without.err == "geomap: hand.jsonl:1: no text; name the folder of the articles with --texts\n"


def test_a_text_that_is_missing_is_named_with_its_folder(geomap: Run, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "hand.jsonl").write_text(json.dumps({"id": "nowhere.txt", "toponyms": []}))
    done = geomap("evaluate", "hand.jsonl", "--texts", "news")
    assert done.status == 2
    assert done.err.startswith("geomap: news/nowhere.txt: cannot be read (") and done.err.count("\n") == 1


def test_two_gold_files_are_two_lines(geomap: Run, tmp_path: Path) -> None:
    """Also where they have one name, in two folders."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "gold.jsonl").write_text(json.dumps(GOLD))
    assert len(geomap("evaluate", "one/gold.jsonl", "two/gold.jsonl").out.splitlines()) == 3
