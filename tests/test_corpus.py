"""The store: what is parsed again and what is not, and what a damaged file or a kill leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from geomap import pipeline
from geomap.corpus import Corpus, Difference, digest
from geomap.errors import GeomapError, OutputError
from geomap.model import Article, Home, Mention, ParsedArticle, Place, Resolution

A, B, C = (
    Article(id=name, text=f"Fighting reached {town}.")
    for name, town in zip("abc", ("Kunduz", "Herat", "Kabul"), strict=True)
)


def parsed(article: Article) -> ParsedArticle:
    start = article.text.index("reached ") + 8
    phrase = article.text[start:-1]
    place = Place(id="gn:1", name=phrase, country="AF", admin1=None, lon=69, lat=34, feature_code="PPL", geonameid=1)
    found = Mention(start=start, end=start + len(phrase), phrase=phrase, kind="place", name=phrase, sentence=(0, start))
    return ParsedArticle(article=article, resolutions=(Resolution(mention=found, place=place, precision="town"),))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store that holds the articles a and b, parsed by version 1."""
    path = tmp_path / ".geomap" / "corpus.sqlite"
    with Corpus(path, "1") as corpus:
        corpus.put(parsed(A))
        corpus.put(parsed(B))
    return path


def difference(**groups: str) -> Difference:
    empty: dict[str, tuple[str, ...]] = {"new": (), "changed": (), "unchanged": (), "removed": ()}
    return Difference(**{**empty, **{key: tuple(ids) for key, ids in groups.items()}})


# --- new, changed, unchanged, removed ------------------------------------------------------------------------


def test_in_an_empty_store_every_article_is_new(tmp_path: Path) -> None:
    with Corpus(tmp_path / "corpus.sqlite", "1") as corpus:
        assert corpus.difference([A, B]) == difference(new="ab")
        assert corpus.get(A) is None


def test_articles_are_new_changed_unchanged_or_removed(store: Path) -> None:
    other_text = replace(A, text="Fighting reached Farah.")
    with Corpus(store, "1") as corpus:
        assert corpus.difference([A, B]) == difference(unchanged="ab")
        assert corpus.difference([other_text, C]) == difference(new="c", changed="a", removed="b")
        assert corpus.difference([]) == difference(removed="ab")


def test_what_was_kept_comes_back_whole_for_the_same_text_only(store: Path) -> None:
    with Corpus(store, "1") as corpus:
        assert corpus.get(A) == parsed(A)
        assert corpus.get(replace(A, text=A.text + " ")) is None
        assert corpus.get(C) is None


def test_title_date_source_and_address_are_taken_from_the_article_at_hand(store: Path) -> None:
    dated = replace(A, title="t", date="2021-07-21", source="s", url="https://news.example")
    with Corpus(store, "1") as corpus:
        assert corpus.difference([dated]) == difference(unchanged="a", removed="b")
        assert corpus.get(dated) == ParsedArticle(article=dated, resolutions=parsed(A).resolutions)


@pytest.mark.parametrize("admin1", ["OR", None])
def test_the_home_that_an_article_was_resolved_by_is_kept_with_it(store: Path, admin1: str | None) -> None:
    home = Home(lon=-123.08675, lat=44.05207, country="US", admin1=admin1)
    with Corpus(store, "1") as corpus:
        corpus.put(replace(parsed(A), home=home))
    with Corpus(store, "1") as corpus:
        assert corpus.get(A) == replace(parsed(A), home=home)
        assert corpus.get(B) == parsed(B)
        corpus.put(parsed(A))
        assert corpus.get(A) == parsed(A), "a home that is lost is not kept"


def test_a_store_from_before_homes_is_set_aside(store: Path) -> None:
    with closing(sqlite3.connect(store)) as database:
        database.execute("PRAGMA user_version = 1")
        database.execute("ALTER TABLE parsed DROP COLUMN home")
    with pytest.warns(UserWarning, match="it is of another version"), Corpus(store, "1") as corpus:
        assert corpus.get(A) is None


def test_other_versions_parse_again(store: Path) -> None:
    with Corpus(store, "2") as corpus:
        assert corpus.difference([A, B]) == difference(changed="ab")
        assert corpus.get(A) is None
        corpus.put(parsed(A))
    with Corpus(store, "2") as corpus:
        assert corpus.difference([A, B]) == difference(unchanged="a", changed="b")


def test_versions_and_text_cannot_run_into_each_other() -> None:
    assert digest("b", "a") != digest("", "ab")
    assert digest("x", "1") != digest("x", "2")
    assert digest("\ud800", "1") != digest("\ufffd", "1")


def test_a_removed_article_is_forgotten(store: Path) -> None:
    with Corpus(store, "1") as corpus:
        corpus.remove(["a", "never there"])
    with Corpus(store, "1") as corpus:
        assert corpus.difference([A, B]) == difference(new="a", unchanged="b")


def test_digests_of_outputs_replace_those_before(store: Path) -> None:
    with Corpus(store, "1") as corpus:
        assert corpus.outputs() == {}
        corpus.put_outputs({"index.html": "1", "inputs": "2"})
        corpus.put_outputs({"index.html": "3"})
    with Corpus(store, "1") as corpus:
        assert corpus.outputs() == {"index.html": "3"}


def test_what_was_put_before_an_error_is_kept(store: Path) -> None:
    with pytest.raises(RuntimeError, match="elsewhere"), Corpus(store, "1") as corpus:
        corpus.put(parsed(C))
        raise RuntimeError("elsewhere")
    with Corpus(store, "1") as corpus:
        assert corpus.get(C) == parsed(C)


@pytest.mark.parametrize("name", ["'; DROP TABLE parsed; --", "../../x", "a\nb", "😀", "a\x00b", "x" * 10_000])
def test_any_id_is_kept_as_it_is(store: Path, name: str) -> None:
    article = replace(A, id=name)
    with Corpus(store, "1") as corpus:
        corpus.put(parsed(article))
        assert corpus.get(article) == parsed(article)
        assert corpus.difference([A, B, article]) == Difference(
            new=(), changed=(), unchanged=("a", "b", name), removed=()
        )


# --- damage --------------------------------------------------------------------------------------------------


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def scribble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


def other_file(path: Path) -> None:
    path.write_text("not a database at all " * 500)


def other_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def no_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("DROP TABLE parsed; DROP TABLE output;")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [truncate, scribble, other_file, other_schema, no_tables, folder])
def test_a_damaged_store_is_set_aside_with_a_warning_and_made_anew(store: Path, damage: object) -> None:
    assert callable(damage)
    damage(store)
    left = store.read_bytes() if store.is_file() else None
    with pytest.warns(UserWarning, match="cannot be used") as warned, Corpus(store, "1") as corpus:
        assert corpus.difference([A]) == difference(new="a")
        corpus.put(parsed(A))
    (message,) = (str(one.message) for one in warned)
    assert message.startswith(f"{store}: the store of parsed articles cannot be used (")
    assert message.endswith("; set aside as corpus.damaged, all articles are parsed again")
    aside = store.with_name("corpus.damaged")
    assert (aside.read_bytes() if aside.is_file() else None) == left
    with Corpus(store, "1") as corpus:
        assert corpus.get(A) == parsed(A)


@pytest.mark.parametrize("row", ["", "{", "[1]", "[{}]", "null", '[{"place": 3}]', '{"a": 1}'])
def test_a_row_that_cannot_be_read_is_parsed_again(store: Path, row: str) -> None:
    with closing(sqlite3.connect(store)) as database:
        database.execute("UPDATE parsed SET resolutions = ? WHERE id = 'a'", (row,))
        database.commit()
    with Corpus(store, "1") as corpus:
        assert corpus.get(A) is None
        assert corpus.get(B) == parsed(B)


@pytest.mark.parametrize(
    "home", ["{", "[1]", "{}", '{"lon": 1}', "3", '{"lon": 1, "lat": 2, "country": "US", "admin1": null, "x": 1}']
)
def test_a_home_that_cannot_be_read_is_parsed_again(store: Path, home: str) -> None:
    with closing(sqlite3.connect(store)) as database:
        database.execute("UPDATE parsed SET home = ? WHERE id = 'a'", (home,))
        database.commit()
    with Corpus(store, "1") as corpus:
        assert corpus.get(A) is None
        assert corpus.get(B) == parsed(B)


def test_a_folder_that_cannot_be_made_is_a_named_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    path = tmp_path / "file" / "corpus.sqlite"
    with pytest.raises(OutputError) as error:
        Corpus(path, "1")
    assert str(error.value).startswith(f"{path}: cannot be opened or made (")
    assert str(error.value).endswith("; check the folder or choose another with -o")


@pytest.mark.parametrize("lock", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_store_that_another_build_is_using_is_a_named_error_and_stays_where_it_is(
    store: Path, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0.1))  # not to wait 5 s for the lock
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute(lock)
        with pytest.raises(GeomapError), Corpus(store, "1"):
            pass
        other.execute("ROLLBACK")
    assert [child.name for child in store.parent.iterdir()] == ["corpus.sqlite"]


# --- kill -9 -------------------------------------------------------------------------------------------------

_KILLED = """
import os, signal, sys
from pathlib import Path
from geomap import pipeline

what, count, source, output = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])
seen = 0

def kill_at_the_last():
    global seen
    seen += 1
    if seen == count:
        os.kill(os.getpid(), signal.SIGKILL)

def articles(items, total):
    for item in items:
        kill_at_the_last()
        yield item

def audit(event, arguments):
    # os.replace, by which each output takes the place of the one before
    if event == "os.rename" and Path(arguments[1]).name in ("index.html", "places.geojson", "mentions.geojson"):
        kill_at_the_last()

if what == "rename":
    sys.addaudithook(audit)
pipeline.build([source], output, progress=articles if what == "article" else None)
"""
OUTPUTS = (pipeline.PAGE, pipeline.PLACES, pipeline.MENTIONS)


def killed_build(what: str, count: int, source: Path, output: Path) -> None:
    """A build that is killed when it comes to a certain article, or to putting a certain output in place."""
    words = [sys.executable, "-c", _KILLED, what, str(count), str(source), str(output)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def outputs(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in OUTPUTS}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "first.txt").write_text("Fighting reached Kunduz.")
    return folder


@pytest.fixture(scope="module")
def old_and_new(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Output folders of the article "first" alone, and of it and "second"."""
    folder = tmp_path_factory.mktemp("builds")
    (folder / "articles").mkdir()
    for name, town in (("first", "Kunduz"), ("second", "Herat")):
        (folder / "articles" / f"{name}.txt").write_text(f"Fighting reached {town}.")
        pipeline.build([folder / "articles"], folder / name)
    return folder / "first", folder / "second"


def count(parsed_ids: list[str]) -> pipeline.Progress:
    """A progress bar that notes which articles are parsed."""

    def progress(articles: Iterable[Article], total: int) -> Iterator[Article]:
        for article in articles:
            parsed_ids.append(article.id)
            yield article

    return progress


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_kill_while_parsing_leaves_the_old_map_whole_and_a_later_build_right(articles: Path, tmp_path: Path) -> None:
    """What was parsed up to the last checkpoint, after 50 articles, is kept."""
    output = tmp_path / "maps"
    pipeline.build([articles], output)
    before = outputs(output)
    for number in range(60):
        (articles / f"{number:02}.txt").write_text(f"Fighting reached Herat on day {number}.")
    killed_build("article", 55, articles, output)
    assert outputs(output) == before
    assert sorted(child.name for child in output.iterdir()) == sorted([".geomap", *OUTPUTS])
    parsed_ids: list[str] = []
    summary = pipeline.build([articles], output, progress=count(parsed_ids))
    assert parsed_ids == [f"{number:02}.txt" for number in range(50, 60)]
    assert (len(summary.difference.new), len(summary.difference.unchanged)) == (10, 51)
    pipeline.build([articles], tmp_path / "fresh")
    assert outputs(output) == outputs(tmp_path / "fresh")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_kill_while_writing_leaves_each_output_old_or_new_and_a_later_build_right(
    articles: Path, old_and_new: tuple[Path, Path], tmp_path: Path, number: int
) -> None:
    old, new = map(outputs, old_and_new)
    output = Path(shutil.copytree(old_and_new[0], tmp_path / "maps"))
    (articles / "second.txt").write_text("Fighting reached Herat.")
    killed_build("rename", number, articles, output)
    between = outputs(output)
    assert [between[name] == new[name] for name in OUTPUTS] == [i + 1 < number for i in range(3)]
    assert [between[name] == old[name] for name in OUTPUTS] == [i + 1 >= number for i in range(3)]
    pipeline.build([articles], output)
    assert outputs(output) == new
