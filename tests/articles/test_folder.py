from __future__ import annotations

import codecs
import json
import os
from pathlib import Path

import pytest

from geomap.articles import read_paths
from geomap.articles.folder import Reading
from geomap.errors import ArticleError
from geomap.model import Article
from geomap.pipeline import PLACES, build

HEADER = "file,title,date,source,url\n"
BODY = "Fighters swept into Kabul on Sunday."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one article."""
    made = tmp_path / "news"
    made.mkdir()
    (made / "a.txt").write_text(BODY, encoding="utf-8")
    return made


def ids(reading: Reading) -> list[str]:
    return [article.id for article in reading.articles]


def failed(reading: Reading) -> list[str]:
    return [failure.article_id for failure in reading.failures]


def test_a_folder_gives_its_articles_by_name_and_names_what_it_ignores(folder: Path) -> None:
    (folder / "c.TXT").write_text(BODY)
    (folder / "b.jsonl").write_text(json.dumps({"id": "x", "text": BODY}) + "\n" + json.dumps({"id": 3, "text": BODY}))
    for name in ("notes.pdf", "page.html", "README", "README.md", "readme.txt.bak", "Readme.rst", ".hidden.txt"):
        (folder / name).write_text("x")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "d.txt").write_text(BODY)
    reading = read_paths([folder])
    assert ids(reading) == ["3", "a.txt", "c.TXT", "x"]
    assert reading.failures == ()
    assert reading.ignored == ("notes.pdf", "page.html", "readme.txt.bak")


def test_a_readme_in_plain_text_is_no_article(folder: Path) -> None:
    (folder / "README.txt").write_text("How to add an article to this folder.")
    assert ids(read_paths([folder])) == ["a.txt"]


def test_a_file_may_be_named_by_itself_whatever_it_is_called(folder: Path) -> None:
    odd = folder / "wire copy"
    odd.write_text(BODY)
    assert read_paths([odd]).articles == (Article(id="wire copy", text=BODY),)


def test_bad_files_are_named_one_line_each_and_the_others_are_read(folder: Path) -> None:
    (folder / "binary.txt").write_bytes(b"\x89PNG\0\0")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    (folder / "latin.txt").write_bytes("São Paulo".encode("latin-1"))
    (folder / "lines.jsonl").write_text('{"id": "x", "text": "Herat fell."}\n[1]\n{"id": "y", "text": ""}')
    (folder / "utf16.txt").write_bytes("Kabul fell.".encode("utf-16"))
    (folder / "blob.jsonl").write_bytes(b"{}\0")
    reading = read_paths([folder])
    assert ids(reading) == ["a.txt", "utf16.txt", "x"]
    assert failed(reading) == [
        "binary.txt", "blob.jsonl", "empty.txt", "gone.txt", "latin.txt", "lines.jsonl", "lines.jsonl",
    ]  # fmt: skip
    for failure in reading.failures:
        assert failure.message.startswith(f"{folder / failure.article_id}:")
        assert "; " in failure.message
        assert "\n" not in failure.message
    assert f"{folder / 'lines.jsonl'}:2: " in reading.failures[5].message


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read any file")
def test_a_file_without_permission_is_named(folder: Path) -> None:
    (folder / "a.txt").chmod(0)
    assert "cannot be read (Permission denied); check its permissions" in read_paths([folder]).failures[0].message


def test_a_folder_named_like_an_article_is_none(folder: Path) -> None:
    (folder / "b.txt").mkdir()
    (folder / "c.jsonl").mkdir()
    reading = read_paths([folder])
    assert (ids(reading), failed(reading)) == (["a.txt"], [])


def test_a_second_article_of_one_id_is_a_failure_and_the_first_stays(folder: Path) -> None:
    (folder / "b.jsonl").write_text(json.dumps({"id": "a.txt", "text": "Another text."}))
    reading = read_paths([folder])
    assert reading.articles == (Article(id="a.txt", text=BODY),)
    assert [failure.message for failure in reading.failures] == [
        f"{folder / 'b.jsonl'}: a second article with the id 'a.txt'; rename one of the two"
    ]


def test_a_number_and_a_string_are_one_id(folder: Path) -> None:
    (folder / "b.jsonl").write_text('{"id": 1, "text": "Kabul fell."}\n{"id": "1", "text": "Herat fell."}')
    reading = read_paths([folder])
    assert [article.text for article in reading.articles if article.id == "1"] == ["Kabul fell."]
    assert failed(reading) == ["1"]


def test_a_line_separator_inside_a_text_does_not_end_its_json_line(folder: Path) -> None:
    text = "Kabul\u2028Herat\x85Ghazni"
    (folder / "b.jsonl").write_text(json.dumps({"id": "b", "text": text}, ensure_ascii=False), encoding="utf-8")
    assert [article.text for article in read_paths([folder]).articles] == [BODY, text]


def test_json_lines_may_begin_with_a_byte_order_mark(folder: Path) -> None:
    (folder / "b.jsonl").write_bytes(codecs.BOM_UTF8 + b'{"id": "b", "text": "Kabul fell."}\r\n')
    assert ids(read_paths([folder])) == ["a.txt", "b"]


@pytest.mark.parametrize("missing", ["nowhere", "nowhere/a.txt"])
def test_a_path_that_does_not_exist_is_a_named_error(tmp_path: Path, missing: str) -> None:
    with pytest.raises(ArticleError, match=f"{missing}: no such file or folder; check the path$"):
        read_paths([tmp_path / missing])


def test_a_folder_without_an_article_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "picture.png").write_bytes(b"x")
    (tmp_path / "articles.csv").write_text(HEADER + "a.txt,,,,\n")
    with pytest.raises(ArticleError, match=r": no article there; add a \.txt or \.jsonl file$"):
        read_paths([tmp_path])
    with pytest.raises(ArticleError, match=r"^no path: no article there; add a \.txt or \.jsonl file$"):
        read_paths([])


@pytest.mark.parametrize("name", [b"\xff.txt", b"b.jsonl"], ids=["file name", "JSON id"])
def test_an_id_that_is_no_text_does_not_cost_the_reader_the_other_articles(
    folder: Path, small_gazetteer: Path, name: bytes
) -> None:
    content = BODY if name.endswith(b".txt") else '{"id": "\\ud800", "text": "Herat fell."}'
    try:
        (folder / os.fsdecode(name)).write_text(content)
    except OSError:
        pytest.skip("this file system takes no such name")
    summary = build([folder], folder / "maps", gazetteer=small_gazetteer)
    assert "a.txt" in summary.difference.new
    assert "a.txt" in (folder / "maps" / PLACES).read_text(encoding="utf-8")


# --- articles.csv ------------------------------------------------------------------------------------------------


def test_the_table_adds_to_what_a_text_says(folder: Path) -> None:
    (folder / "a.txt").write_text(f"Border closed\n\nDUSHANBE, August 3, 2021 /TASS/. {BODY}")
    (folder / "b.txt").write_text(BODY)
    (folder / "articles.csv").write_text(HEADER + "a.txt,,2021-08-04,,https://example.org\nb.txt,A title,,News i,\n")
    a, b = read_paths([folder]).articles
    assert (a.title, a.date, a.source, a.url) == ("Border closed", "2021-08-04", "TASS", "https://example.org")
    assert (b.title, b.date, b.source, b.url) == ("A title", None, "News i", None)


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + b"file,title\r\na.txt,Kabul falls\r\n",
        "file,title\na.txt,Kabul falls\n".encode("utf-16"),
        b"title,file\nKabul falls,a.txt",
        b'file,title\n"a.txt","Kabul falls"\nno-such.txt,Other\n',
        b"file,title,url\na.txt,Kabul falls\n",
    ],
    ids=["mark and crlf", "utf-16", "other order", "quotes and a stranger", "short row"],
)
def test_the_table_may_come_as_spreadsheets_write_it(folder: Path, data: bytes) -> None:
    (folder / "articles.csv").write_bytes(data)
    reading = read_paths([folder])
    assert [article.title for article in reading.articles] == ["Kabul falls"]
    assert reading.failures == ()


def test_quoted_cells_may_hold_commas_quotes_and_line_ends(folder: Path) -> None:
    (folder / "articles.csv").write_text('file,title\na.txt,"Kabul, ""the city"",\nfalls"\n')
    assert read_paths([folder]).articles[0].title == 'Kabul, "the city",\nfalls'


@pytest.mark.parametrize(
    "data",
    [
        b"title,date\nx,2021-01-01\n",
        b"file,titel\na.txt,x\n",
        b"file;title\na.txt;x\n",
        b"file,title,title2\na.txt,x,y\n",
        b"",
        b"file,title\na.txt,S\xe3o Paulo\n",
        b"file,title\na.txt,\0\n",
        b'file,title\na.txt,"' + b"x" * 200_000 + b'"\n',
    ],
    ids=["no file", "misspelt", "semicolons", "one too many", "empty", "latin-1", "nul", "huge cell"],
)
def test_a_bad_table_is_named_and_the_articles_are_read_without_it(folder: Path, data: bytes) -> None:
    (folder / "articles.csv").write_bytes(data)
    reading = read_paths([folder])
    assert reading.articles == (Article(id="a.txt", text=BODY),)
    assert failed(reading) == ["articles.csv"]
    assert reading.failures[0].message.startswith(f"{folder / 'articles.csv'}: ")
    assert "\n" not in reading.failures[0].message


def test_a_folder_in_the_tables_place_is_named(folder: Path) -> None:
    (folder / "articles.csv").mkdir()
    reading = read_paths([folder])
    assert (ids(reading), failed(reading)) == (["a.txt"], ["articles.csv"])


def test_a_table_with_columns_and_no_rows_adds_nothing(folder: Path) -> None:
    (folder / "articles.csv").write_text(HEADER)
    reading = read_paths([folder])
    assert (ids(reading), failed(reading)) == (["a.txt"], [])


def test_a_row_with_a_cell_too_many_is_named_not_shifted(folder: Path) -> None:
    """A comma in a title without quotes would make the rest of the title the date."""
    (folder / "articles.csv").write_text(HEADER + "b.txt,,,,\na.txt,Kabul, the city,2021-08-15,,\n")
    reading = read_paths([folder])
    assert failed(reading) == ["articles.csv"]
    assert "articles.csv:3" in reading.failures[0].message
    assert reading.articles == (Article(id="a.txt", text=BODY),)


# --- the project's own ---------------------------------------------------------------------------------------------


def test_the_seeds_are_read_to_the_letter_with_title_date_and_source(root: Path) -> None:
    reading = read_paths([root / "seeds"])
    assert (reading.failures, reading.ignored) == ((), ())
    for article in reading.articles:
        assert article.text.encode() == (root / "seeds" / article.id).read_bytes()
    said = {article.id[:3]: (article.date, article.source, article.title) for article in reading.articles}
    assert said == {
        "000": (
            "2021-07-21",
            "Interfax",
            "According to him, in case of aggression against any of the CSTO members, "
            "consultations will be held to determine response measures",
        ),
        "001": (None, None, None),
        "002": (None, None, None),
        "003": (None, "News i", "Moscow: We are taking the necessary measures to prevent the invasion of Tajikistan"),
        "004": (
            "2021-10-27",
            "TASS",
            "Russia uses full potential of SCO, CSTO to fight threats from Afghanistan — top diplomat",
        ),
    }


def test_the_seeds_are_the_articles_that_were_given(root: Path, shared: Path) -> None:
    given = {path.name: path.read_bytes() for path in (shared / "seeds").glob("*.txt")}
    assert len(given) == 5
    assert {name: (root / "seeds" / name).read_bytes() for name in given} == given
