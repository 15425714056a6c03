"""``geomap parse``: text, folders and JSON Lines in; JSON Lines out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Done, Run

KUNDUZ: dict[str, Any] = {
    "start": 17, "end": 23, "phrase": "Kunduz", "kind": "place", "name": "Kunduz", "lon": 68.857, "lat": 36.72895,
    "country": "AF", "countries": [], "admin1": "24", "geonameid": 1135689, "feature_code": "PPLA", "precision": "town",
    "score": None, "nil_reason": None,
}  # fmt: skip


def records(done: Done) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.out.splitlines()]


def phrases(done: Done) -> dict[str, list[str]]:
    return {record["id"]: [one["phrase"] for one in record["toponyms"]] for record in records(done)}


def test_a_text_file_is_one_line_with_the_fields_of_the_contract(geomap: Run, articles: Path) -> None:
    done = geomap("parse", "news/a.txt")
    assert (done.status, done.err) == (0, "")
    (record,) = records(done)
    assert list(record) == ["id", "toponyms"]
    (found,) = record["toponyms"]
    assert record["id"] == "a.txt"
    assert 0 < found["score"] <= 1
    assert list(found.items()) == list({**KUNDUZ, "score": found["score"]}.items())


def test_a_folder_is_one_line_an_article_in_order(geomap: Run, articles: Path) -> None:
    assert list(phrases(geomap("parse", "news")).items()) == [("a.txt", ["Kunduz"]), ("b.txt", ["Afghan", "Herat"])]


def test_standard_input_is_a_text(geomap: Run) -> None:
    """By default, and as -; what it lacks of an id is a dash."""
    for words in (["parse"], ["parse", "-"]):
        done = geomap(*words, stdin="Fighting reached Kunduz.\nHe left Herat.\n")
        assert (done.status, done.err, phrases(done)) == (0, "", {"-": ["Kunduz", "Herat"]})


def test_standard_input_is_json_lines_where_it_begins_with_a_brace(geomap: Run) -> None:
    lines = '\n{"id": "a", "text": "Fighting reached Kunduz."}\n\n{"id": 2, "text": "He left Herat.", "title": null}'
    done = geomap("parse", "-", stdin=lines)
    assert (done.status, done.err, phrases(done)) == (0, "", {"a": ["Kunduz"], "2": ["Herat"]})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_text(geomap: Run, encoding: str) -> None:
    done = geomap("parse", stdin="Fighting reached Kunduz.".encode(encoding))
    assert [(one["start"], one["end"]) for one in records(done)[0]["toponyms"]] == [(17, 23)]
    done = geomap("parse", stdin='{"id": "a", "text": "Fighting reached Kunduz."}'.encode(encoding))
    assert phrases(done) == {"a": ["Kunduz"]}


def test_standard_input_and_files_go_together(geomap: Run, articles: Path) -> None:
    done = geomap("parse", "news/a.txt", "-", stdin="He left Kabul.")
    assert phrases(done) == {"-": ["Kabul"], "a.txt": ["Kunduz"]}


def test_bad_lines_are_named_by_number_and_the_others_are_parsed(geomap: Run) -> None:
    lines = [
        '{"id": "a", "text": "Fighting reached Kunduz."}',
        "{not json",
        '["a"]',
        '{"id": "b"}',
        '{"id": "c", "text": ""}',
        '{"id": "d", "text": "x", "title": 3}',
        '{"id": "e", "text": "He left Herat."}',
    ]
    done = geomap("parse", "-", stdin="\n".join(lines))
    assert done.status == 1
    assert phrases(done) == {"a": ["Kunduz"], "e": ["Herat"]}
    errors = done.err.splitlines()
    assert [error.split(": ")[1] for error in errors] == [f"standard input:{number}" for number in range(2, 7)]
    assert errors[3] == "geomap: standard input:5: article 'c' has an empty text; fill it in, or remove the line"
    assert errors[4] == "geomap: standard input:6: title is 3; write it as a string, or leave it out"


def test_bad_lines_of_a_file_are_named_with_the_file(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text('{"id": "a", "text": "He left Herat."}\nKabul\n')
    done = geomap("parse", "news.jsonl")
    assert (done.status, phrases(done)) == (1, {"a": ["Herat"]})
    assert done.err.startswith("geomap: news.jsonl:2: not JSON (") and done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("stdin", "reason"),
    [
        (b"", "empty; put the article's text in it, or remove it"),
        (b" \n", "empty; put the article's text in it, or remove it"),
        (b"caf\xe9 in Kabul", "not UTF-8 (byte 0xE9 at 3); save it again with the encoding UTF-8"),
        (b"\x00\x01Kabul", "binary, not text; save the article as plain UTF-8 text"),
    ],
)
def test_standard_input_that_is_no_text_is_status_2(geomap: Run, stdin: bytes, reason: str) -> None:
    done = geomap("parse", stdin=stdin)
    assert (done.status, done.out, done.err) == (2, "", f"geomap: standard input: {reason}\n")


def test_offsets_are_code_points_of_the_text_as_given(geomap: Run, tmp_path: Path) -> None:
    """Behind emoji, combining marks and Windows line ends, which stay two characters."""
    text = "😀👨‍👩‍👧 e\u0301\r\nFighting reached Kunduz.\r\n\r\nHe left Herat."
    (tmp_path / "a.txt").write_bytes(text.encode())
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "b", "text": text}))
    for record in records(geomap("parse", "a.txt", "b.jsonl")):
        found = [(one["phrase"], text[one["start"] : one["end"]]) for one in record["toponyms"]]
        assert found == [("Kunduz", "Kunduz"), ("Herat", "Herat")]


def test_output_is_one_line_an_article_whatever_is_in_its_text(geomap: Run) -> None:
    """Line separators inside a phrase, or a lone surrogate, break no line and no encoding."""
    article = {"id": "a\n\u2028b", "text": "\ud800 He left Imam\u2028Sahib for Kunduz.\u2029"}
    done = geomap("parse", stdin=json.dumps(article))
    assert done.status == 0
    assert done.out.count("\n") == 1 and done.out.endswith("\n")
    record = json.loads(done.out)
    assert record["id"] == article["id"]
    assert record["toponyms"][-1]["phrase"] == "Kunduz"


def test_a_text_without_a_place_is_a_line_without_toponyms(geomap: Run) -> None:
    assert geomap("parse", stdin="Nothing happened.").out == '{"id":"-","toponyms":[]}\n'


def test_the_number_of_processes_is_a_whole_one_from_one_on(geomap: Run, articles: Path) -> None:
    assert geomap("parse", "news", "--jobs", "2") == geomap("parse", "news")
    for wrong in ("0", "-1", "two", "1.5"):
        done = geomap("parse", "news", "--jobs", wrong)
        assert (done.status, done.out) == (2, "")
        assert f"{wrong!r} is no number from 1 on" in done.err
