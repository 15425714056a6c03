from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.articles.jsonl import read_line, read_lines
from geomap.errors import ArticleError
from geomap.model import Article

TEXT = "Border closed\n\nDUSHANBE, August 3, 2021 /TASS/. The border with Afghanistan is closed, officials said.\n"
ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=20)


def line(**cells: Any) -> str:
    return json.dumps({"id": "a", "text": TEXT, **cells})


def test_a_line_is_an_article_with_what_its_head_says() -> None:
    assert read_line(line(), "x:1") == Article(
        id="a", text=TEXT, title="Border closed", date="2021-08-03", source="TASS", url=None
    )


def test_what_the_line_says_goes_before_what_the_text_says() -> None:
    said = {"title": "Closed", "date": "2021-08-04", "source": "Khovar", "url": "https://example.org/1"}
    assert read_line(line(**said), "x:1") == Article(id="a", text=TEXT, **said)


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_cell_leaves_what_the_text_says(nothing: str | None) -> None:
    article = read_line(line(title=nothing, date=nothing, source=nothing, url=nothing), "x:1")
    assert (article.title, article.date, article.source, article.url) == ("Border closed", "2021-08-03", "TASS", None)


def test_other_cells_are_passed_over_and_a_number_is_an_id() -> None:
    assert read_line(line(id=7, toponyms=[1, 2], lang="en"), "x:1").id == "7"


@given(ANY_TEXT.filter(str.strip))
def test_a_text_is_kept_to_the_letter_lone_surrogates_too(text: str) -> None:
    assert read_line(json.dumps({"id": "a", "text": text}), "x:1").text == text
    escaped = json.dumps({"id": "a", "text": text}, ensure_ascii=False)
    assert read_line(escaped, "x:1").text == text


@pytest.mark.parametrize(
    "broken",
    [
        "{", "not json", "{'id': 'a'}", '{"id": "a", "text": "Kabul"} {}', '{"id": "a", "text": "tab\there"}', '"\\ud800',
        "[" * 100_000, '{"a":' * 100_000, '{"id": ' + "9" * 5_000 + ', "text": "Kabul"}', "\ufeff{}",
    ],
    ids=["open", "words", "quotes", "two values", "control", "escape", "deep list", "deep object", "long number", "mark"],
)  # fmt: skip
def test_a_line_that_is_no_json_is_a_named_error(broken: str) -> None:
    with pytest.raises(ArticleError, match=r"^news\.jsonl:3: not JSON \(.+\); write one object a line$"):
        read_line(broken, "news.jsonl:3")


@pytest.mark.parametrize(
    "value",
    [
        None, 1, "text", [], {}, {"id": "a"}, {"text": "Kabul"}, {"id": None, "text": "Kabul"}, {"id": ["a"], "text": "Kabul"},
        {"id": 1.5, "text": "Kabul"}, {"id": "a", "text": None}, {"id": "a", "text": ["Kabul"]}, {"id": "a", "text": {"en": "Kabul"}},
    ],
)  # fmt: skip
def test_a_line_without_id_and_text_is_a_named_error(value: object) -> None:
    with pytest.raises(ArticleError, match=r'^x:1: not an object with "id" and "text"; see the README for the format$'):
        read_line(json.dumps(value), "x:1")


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0\u2028"])
def test_an_empty_text_is_a_named_error(text: str) -> None:
    with pytest.raises(ArticleError, match=r"^x:1: article 'a' has an empty text; fill it in, or remove the line$"):
        read_line(line(text=text), "x:1")


@pytest.mark.parametrize("key", ["title", "date", "source", "url"])
@pytest.mark.parametrize("value", [7, 0, False, ["x"], {"a": 1}])
def test_a_cell_that_is_no_string_is_a_named_error(key: str, value: object) -> None:
    with pytest.raises(ArticleError, match=f"^x:1: {key} is .+; write it as a string, or leave it out$"):
        read_line(line(**{key: value}), "x:1")


def test_the_good_lines_of_a_file_are_read_and_the_bad_ones_named_by_number() -> None:
    file = io.StringIO(f"{line(id='one')}\n\n  \nnope\n{line(id='two')}\r\n{line(text='')}\n{line(id='three')}")
    found = list(read_lines(file, "news.jsonl"))
    assert [each.id if isinstance(each, Article) else str(each).split(": ")[0] for each in found] == [
        "one", "news.jsonl:4", "two", "news.jsonl:6", "three",
    ]  # fmt: skip


@given(st.lists(st.text(alphabet='{}[]":,\\ud8aint1e \u2028\x85', max_size=20), max_size=5))
def test_any_lines_are_articles_or_one_line_errors(lines: list[str]) -> None:
    for found in read_lines(lines, "x"):
        assert isinstance(found, Article) or "\n" not in str(found)
