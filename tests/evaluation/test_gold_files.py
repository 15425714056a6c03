"""Gold files: what is asked for, what is not, and what is no gold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geomap.errors import ArticleError
from geomap.evaluation import GoldToponym, read_gold
from geomap.geometry import LonLat
from geomap.model import Article

LINE: dict[str, Any] = {
    "id": "a",
    "text": "In Kabul and Herat, Afghan and Tajik.",
    "toponyms": [
        {"start": 3, "end": 8, "lon": 69.17, "lat": 34.53, "geonameid": "1138958"},
        {"start": 13, "end": 18, "lon": None, "lat": None},
        {"start": 20, "end": 26, "kind": "demonym", "lon": 66.0, "lat": 33.0},
        {"start": 31, "end": 36, "demonym": True},
        {"start": 0, "end": 8, "optional": True},
        {"start": 3, "end": 5, "nested_in": [3, 8]},
        {"start": 0, "end": 36, "kind": "organisation-embedded"},
    ],
}


def gold_file(path: Path, *lines: Any) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_what_need_not_be_found_is_left_out_of_the_gold(tmp_path: Path) -> None:
    (one,) = read_gold(gold_file(tmp_path / "gold.jsonl", LINE))
    assert one.article == Article(id="a", text=LINE["text"])
    assert one.toponyms == (
        GoldToponym(start=3, end=8, point=LonLat(69.17, 34.53), geonameid=1138958),
        GoldToponym(start=13, end=18, point=None, geonameid=None),
    )


def test_gold_may_leave_its_texts_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"In Kabul.\r\n")
    path = gold_file(tmp_path / "gold.jsonl", {"id": "a.txt", "toponyms": []})
    (one,) = read_gold(path, tmp_path)
    assert one.article == Article(id="a.txt", text="In Kabul.\r\n")
    with pytest.raises(ArticleError) as error:
        read_gold(path)
    assert str(error.value) == f"{path}:1: no text; name the folder of the articles with --texts"


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    """U+2028 and its like stand unescaped in JSON; only a line feed ends a line."""
    row = json.dumps({"id": "a", "text": "In Kabul.\u2028\x85\u2029And so on.", "toponyms": []}, ensure_ascii=False)
    (one,) = read_gold(gold_file(tmp_path / "gold.jsonl", row))
    assert one.article.text == "In Kabul.\u2028\x85\u2029And so on."


def test_a_missing_gold_file_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"nowhere\.jsonl: "):
        read_gold(tmp_path / "nowhere.jsonl")


def test_a_gold_file_that_is_not_utf8_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_bytes(b'{"id": "caf\xe9"}\n')
    with pytest.raises(ArticleError, match="UTF-8"):
        read_gold(tmp_path / "gold.jsonl")


BAD_TOPONYMS = [
    {"end": 3},
    {"start": "3", "end": 8},
    {"start": 3, "end": None},
    {"start": 3, "end": 8, "lon": "69", "lat": "34"},
    {"start": 3, "end": 8, "geonameid": "x"},
    None,
    3,
]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "3", "null", {}, {"id": "a", "text": "x"}, *({**LINE, "toponyms": [bad]} for bad in BAD_TOPONYMS)],
    ids=lambda line: json.dumps(line if isinstance(line, str) else line.get("toponyms", line)),
)
def test_a_line_that_is_no_gold_is_named_with_its_number(tmp_path: Path, line: Any) -> None:
    path = gold_file(tmp_path / "gold.jsonl", LINE, line)
    with pytest.raises(ArticleError) as error:
        read_gold(path)
    assert str(error.value).startswith(f"{path}:2: ")
    assert "\n" not in str(error.value)


def test_demonyms_are_asked_for_on_request(tmp_path: Path) -> None:
    path = gold_file(tmp_path / "gold.jsonl", LINE)
    (one,) = read_gold(path, demonyms=True)
    assert [toponym.span for toponym in one.toponyms] == [(3, 8), (13, 18), (31, 36)]
    assert (31, 36) in read_gold(path)[0].ignored


def test_gold_without_a_point_can_be_left_out(tmp_path: Path) -> None:
    (one,) = read_gold(gold_file(tmp_path / "gold.jsonl", LINE), geocoded_only=True)
    assert [toponym.span for toponym in one.toponyms] == [(3, 8)]
    assert (13, 18) in one.ignored


def test_spans_to_ignore_are_ignored(tmp_path: Path) -> None:
    line = {**LINE, "toponyms": [], "ignore": [{"start": 3, "end": 8}]}
    assert read_gold(gold_file(tmp_path / "gold.jsonl", line))[0].ignored == ((3, 8),)


@pytest.mark.parametrize(("given", "read"), [(20, 20.0), ("150", 150.0), ("in_country", "in_country"), (None, None)])
def test_a_tolerance_is_kilometres_or_a_word(tmp_path: Path, given: Any, read: Any) -> None:
    line = {**LINE, "toponyms": [{**LINE["toponyms"][0], "tolerance": given}]}
    (one,) = read_gold(gold_file(tmp_path / "gold.jsonl", line))
    assert one.toponyms[0].tolerance == read


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (8, 3), (30, 38)])
def test_offsets_outside_the_text_are_no_gold(tmp_path: Path, start: int, end: int) -> None:
    path = gold_file(tmp_path / "gold.jsonl", {**LINE, "toponyms": [{"start": start, "end": end}]})
    with pytest.raises(ArticleError, match=f"offsets {start} and {end} are no span of a text of 37 code points"):
        read_gold(path)
