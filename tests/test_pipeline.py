"""The whole house: what a build parses, writes and leaves alone."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from geomap import geoparser, pipeline
from geomap.articles import Failure
from geomap.errors import ArticleError, GazetteerNotFoundError, ModelError, OutputError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article
from geomap.pipeline import MENTIONS, PAGE, PLACES, STORE, Geoparser, Summary, build, parse_all

OUTPUTS = (PAGE, PLACES, MENTIONS)
TOWNS = {"a.txt": "Kunduz", "b.txt": "Herat", "c.txt": "Kabul", "d.txt": "Dushanbe", "e.txt": "Tashkent"}


@dataclass
class Project:
    """A folder of articles and a folder of outputs."""

    articles: Path
    output: Path
    parsed: list[str] = field(default_factory=list)

    def add(self, name: str, text: str | bytes) -> None:
        (self.articles / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def build(self, gazetteer: Path | None = None, model: str | None = None, *, fast: bool = False) -> Summary:
        """Build; ``parsed`` then names the articles that the progress bar was shown, which are those parsed."""
        self.parsed = []
        return build([self.articles], self.output, gazetteer=gazetteer, model=model, fast=fast, progress=self._progress)

    def _progress(self, articles: Iterable[Article], total: int) -> Iterator[Article]:
        for article in articles:
            self.parsed.append(article.id)
            yield article
        assert total == len(self.parsed)

    def contents(self) -> dict[str, bytes]:
        return {name: (self.output / name).read_bytes() for name in OUTPUTS}

    def times(self) -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in self.output.rglob("*") if path.is_file()}

    def marks(self) -> dict[str, str]:
        """Article ids by name of place on the map."""
        places = json.loads((self.output / PLACES).read_text(encoding="utf-8"))["features"]
        return {place["properties"]["name"]: place["properties"]["article_ids"] for place in places}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Summary]:
    """Five articles, built; copied for each test."""
    folder = tmp_path_factory.mktemp("pipeline")
    project = Project(folder / "articles", folder / "maps")
    project.articles.mkdir()
    for name, town in TOWNS.items():
        project.add(name, f"Fighting reached {town}.")
    return project, project.build()


@pytest.fixture
def project(finished: tuple[Project, Summary], tmp_path: Path) -> Project:
    shutil.copytree(finished[0].articles, tmp_path / "articles")
    shutil.copytree(finished[0].output, tmp_path / "maps")
    return Project(tmp_path / "articles", tmp_path / "maps")


@pytest.fixture
def fresh(tmp_path: Path) -> Project:
    (tmp_path / "articles").mkdir()
    return Project(tmp_path / "articles", tmp_path / "maps")


# --- a first build -------------------------------------------------------------------------------------------


def test_a_first_build_parses_every_article_and_writes_the_three_files(finished: tuple[Project, Summary]) -> None:
    project, summary = finished
    assert project.parsed == list(TOWNS)
    assert summary.difference.new == tuple(TOWNS)
    assert summary.files == summary.written == tuple(project.output / name for name in OUTPUTS)
    assert sorted(path.name for path in project.output.iterdir()) == sorted([".geomap", *OUTPUTS])
    assert (project.output / STORE).is_file()
    assert project.marks() == {town: name for name, town in TOWNS.items()}
    assert (summary.places, summary.mentions, summary.unmapped, summary.nil) == (5, 5, 0, ())
    assert (summary.failures, summary.ignored) == ((), ())


def test_the_summary_counts_what_is_drawn_counted_and_without_a_place(fresh: Project) -> None:
    fresh.add("a.txt", "Afghan troops left Kunduz. They shelled the border of Laos and Peru. Kunduz is calm.")
    fresh.add("notes.docx", "not an article")
    fresh.add("README.md", "what this folder is for")
    summary = fresh.build()
    assert (summary.places, summary.mentions, summary.unmapped) == (1, 2, 1)
    assert summary.nil == (("no shared border", 1),)
    assert summary.ignored == ("notes.docx",)


# --- only what changed ---------------------------------------------------------------------------------------


def test_of_a_sixth_article_only_it_is_parsed(project: Project) -> None:
    project.add("f.txt", "Fighting reached Farah.")
    summary = project.build()
    assert project.parsed == ["f.txt"]
    assert (summary.difference.new, summary.difference.unchanged) == (("f.txt",), tuple(TOWNS))
    assert project.marks() == {town: name for name, town in {**TOWNS, "f.txt": "Farah"}.items()}


def test_of_a_changed_article_only_it_is_parsed_again(project: Project) -> None:
    project.add("b.txt", "Fighting reached Farah.")
    summary = project.build()
    assert project.parsed == ["b.txt"]
    assert summary.difference.changed == ("b.txt",)
    assert project.marks() == {town: name for name, town in {**TOWNS, "b.txt": "Farah"}.items()}


def test_of_a_removed_article_the_marks_go(project: Project) -> None:
    (project.articles / "b.txt").unlink()
    summary = project.build()
    assert project.parsed == []
    assert summary.difference.removed == ("b.txt",)
    assert project.marks() == {town: name for name, town in TOWNS.items() if name != "b.txt"}
    assert b"Herat" not in (project.output / MENTIONS).read_bytes()
    assert b"Fighting reached Herat" not in (project.output / PAGE).read_bytes()
    assert project.build().difference.removed == (), "it is forgotten"


def test_a_build_in_steps_gives_the_bytes_of_a_build_at_once(project: Project, tmp_path: Path) -> None:
    project.add("0.txt", "Fighting reached Farah.")
    (project.articles / "a.txt").unlink()
    project.build()
    at_once = Project(project.articles, tmp_path / "at once")
    at_once.build()
    assert project.contents() == at_once.contents()


def test_where_nothing_changed_nothing_is_parsed_and_no_output_is_written(project: Project) -> None:
    before = project.times()
    summary = project.build()
    assert project.parsed == []
    assert (summary.difference.unchanged, summary.written) == (tuple(TOWNS), ())
    after = project.times()
    assert {name: after[str(project.output / name)] for name in OUTPUTS} == {
        name: before[str(project.output / name)] for name in OUTPUTS
    }
    assert after.keys() == before.keys()
    assert (summary.places, summary.mentions) == (5, 5)


def test_where_nothing_changed_the_store_is_not_written_either(project: Project) -> None:
    before = project.times()
    project.build()
    assert project.times() == before


def test_where_nothing_changed_neither_spacy_nor_folium_nor_pandas_is_imported(project: Project) -> None:
    code = (
        "import sys; from geomap.cli import main; status = main(sys.argv[1:]);"
        "print(status, [name for name in ('spacy', 'folium', 'pandas', 'geopandas') if name in sys.modules])"
    )
    words = [sys.executable, "-c", code, "build", str(project.articles), "-o", str(project.output)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[0] == "articles  0 new, 0 changed, 5 unchanged, 0 removed, 0 failed"
    assert done.stdout.splitlines()[-1] == "0 []"


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_deleted_output_is_restored_without_parsing(project: Project, name: str) -> None:
    before = project.contents()
    (project.output / name).unlink()
    summary = project.build()
    assert project.parsed == []
    assert summary.written == (project.output / name,)
    assert project.contents() == before


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_edited_output_is_restored_without_parsing(project: Project, name: str) -> None:
    before = project.contents()
    (project.output / name).write_bytes(before[name].replace(b"Kunduz", b"Kandoz"))
    summary = project.build()
    assert project.parsed == []
    assert summary.written == (project.output / name,)
    assert project.contents() == before


def test_a_lost_store_is_made_again_and_gives_the_same_files(project: Project) -> None:
    before = project.contents()
    shutil.rmtree(project.output / ".geomap")
    summary = project.build()
    assert project.parsed == list(TOWNS)
    assert summary.written == ()
    assert project.contents() == before


def test_new_metadata_draws_the_map_again_without_parsing(project: Project) -> None:
    project.add("articles.csv", "file,title,date,url\nb.txt,The fall of Herat,2021-08-12,https://news.example/b\n")
    summary = project.build()
    assert project.parsed == []
    assert summary.difference.unchanged == tuple(TOWNS)
    assert summary.written == tuple(project.output / name for name in OUTPUTS)
    mentions = json.loads((project.output / MENTIONS).read_text(encoding="utf-8"))["features"]
    (herat,) = (m["properties"] for m in mentions if m["properties"]["article"] == "b.txt")
    assert (herat["title"], herat["date"], herat["url"]) == (
        "The fall of Herat",
        "2021-08-12",
        "https://news.example/b",
    )
    assert b"The fall of Herat" in (project.output / PAGE).read_bytes()
    assert project.build().written == ()


@pytest.mark.parametrize("column", ["title", "date", "source", "url"])
def test_each_piece_of_metadata_counts_as_a_change_by_itself(project: Project, column: str) -> None:
    project.add("articles.csv", f"file,{column}\nb.txt,2021-08-12\n")
    assert project.build().written != ()
    assert project.parsed == []


def test_another_gazetteer_parses_everything_again(project: Project, small_gazetteer: Path) -> None:
    summary = project.build(gazetteer=small_gazetteer)
    assert project.parsed == list(TOWNS)
    assert summary.difference.changed == tuple(TOWNS)


def test_changed_code_parses_everything_again(project: Project, tmp_path: Path, root: Path) -> None:
    """A copy of the package with one more comment in it."""
    package = Path(shutil.copytree(root / "geomap", tmp_path / "code" / "geomap"))
    module = package / "recognition" / "words.py"
    module.write_text(module.read_text(encoding="utf-8") + "# another rule\n", encoding="utf-8")
    words = [sys.executable, "-m", "geomap", "build", str(project.articles), "-o", str(project.output)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path / "code", check=True)
    assert done.stdout.splitlines()[0] == "articles  0 new, 5 changed, 0 unchanged, 0 removed, 0 failed"


@pytest.mark.parametrize(
    "name",
    [
        "recognition/words.py",
        "recognition/given.tsv",
        pytest.param("recognition/weights/weights.npz"),
        pytest.param("recognition/weights/shape.json"),
    ],
)
def test_whatever_a_result_depends_on_is_in_the_versions(
    name: str, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path(shutil.copytree(root / "geomap", tmp_path / "geomap", ignore=shutil.ignore_patterns("data")))
    monkeypatch.setattr(geoparser, "__file__", str(package / "geoparser.py"))
    before = geoparser.code_digest()
    path = package / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert geoparser.code_digest() != before


def test_a_build_without_the_tagger_does_not_take_what_one_with_it_found(project: Project) -> None:
    project.build(fast=True)
    assert project.parsed == list(TOWNS)
    project.build(fast=True)
    assert project.parsed == []


def test_a_stopped_build_keeps_what_was_parsed(fresh: Project) -> None:
    for name, town in TOWNS.items():
        fresh.add(name, f"Fighting reached {town}.")

    def stop(articles: Iterable[Article], total: int) -> Iterator[Article]:
        for number, article in enumerate(articles):
            if number == 3:
                raise KeyboardInterrupt
            yield article

    with pytest.raises(KeyboardInterrupt):
        build([fresh.articles], fresh.output, progress=stop)
    assert not (fresh.output / PAGE).exists()
    summary = fresh.build()
    assert fresh.parsed == ["d.txt", "e.txt"]
    assert summary.difference.unchanged == ("a.txt", "b.txt", "c.txt")


# --- where sources are at home -------------------------------------------------------------------------------

MASSACHUSETTS, OREGON = "gn:4951788", "gn:5754005"
PAPER = ("a.txt", "It rained in Springfield."), ("b.txt", "It rained in Eugene and in Springfield.")


@pytest.fixture(scope="module")
def one_of_a_paper(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One article of a paper of Oregon and one of another source, built; copied for each test."""
    folder = tmp_path_factory.mktemp("homes")
    project = Project(folder / "articles", folder / "maps")
    project.articles.mkdir()
    project.add("articles.csv", "file,source\na.txt,The Paper\nb.txt,The Paper\nz.txt,Other\n")
    project.add(*PAPER[0])
    project.add("z.txt", "It snowed in Springfield.")
    project.build(fast=True)
    return project


@pytest.fixture
def paper(one_of_a_paper: Project, tmp_path: Path) -> Project:
    shutil.copytree(one_of_a_paper.articles, tmp_path / "articles")
    shutil.copytree(one_of_a_paper.output, tmp_path / "maps")
    return Project(tmp_path / "articles", tmp_path / "maps")


def springfields(project: Project) -> dict[str, str]:
    """The Springfield that each article means."""
    places = json.loads((project.output / PLACES).read_text(encoding="utf-8"))["features"]
    return {
        article: place["id"]
        for place in places
        if place["properties"]["name"] == "Springfield"
        for article in place["properties"]["article_ids"].split("|")
    }


def test_an_added_article_that_tells_where_its_source_is_at_home_moves_the_others(paper: Project) -> None:
    assert springfields(paper) == {"a.txt": MASSACHUSETTS, "z.txt": MASSACHUSETTS}
    paper.add(*PAPER[1])
    summary = paper.build(fast=True)
    assert paper.parsed == ["b.txt"], "the others are resolved again, not read again"
    assert summary.difference.unchanged == ("a.txt", "z.txt")
    assert springfields(paper) == {"a.txt": OREGON, "b.txt": OREGON, "z.txt": MASSACHUSETTS}


def test_a_removed_article_takes_the_home_with_it_that_it_told(paper: Project) -> None:
    before = paper.contents()
    paper.add(*PAPER[1])
    paper.build(fast=True)
    (paper.articles / PAPER[1][0]).unlink()
    paper.build(fast=True)
    assert paper.parsed == []
    assert paper.contents() == before


def test_a_source_that_is_told_later_makes_a_home_without_parsing(paper: Project) -> None:
    paper.add(*PAPER[1])
    paper.build(fast=True)
    paper.add("articles.csv", "file,source\na.txt,Third\nb.txt,The Paper\nz.txt,The Paper\n")
    paper.build(fast=True)
    assert paper.parsed == []
    assert springfields(paper) == {"a.txt": MASSACHUSETTS, "b.txt": OREGON, "z.txt": OREGON}


def test_homes_that_stayed_change_nothing_and_write_nothing(paper: Project) -> None:
    paper.add(*PAPER[1])
    paper.build(fast=True)
    before = paper.times()
    assert paper.build(fast=True).written == ()
    assert paper.parsed == []
    assert paper.times() == before


def test_the_store_keeps_what_a_home_made_of_an_article(paper: Project) -> None:
    """An output that is gone is drawn anew from the store."""
    paper.add(*PAPER[1])
    paper.build(fast=True)
    before = paper.contents()
    (paper.output / PLACES).unlink()
    paper.build(fast=True)
    assert paper.parsed == []
    assert paper.contents() == before


def test_homes_learnt_in_steps_give_the_bytes_of_a_build_at_once(paper: Project, tmp_path: Path) -> None:
    paper.add(*PAPER[1])
    paper.build(fast=True)
    at_once = Project(paper.articles, tmp_path / "at once")
    at_once.build(fast=True)
    assert paper.contents() == at_once.contents()


def test_an_article_that_had_to_be_parsed_again_keeps_its_sources_home(paper: Project) -> None:
    """Its row in the store cannot be read, and an output is gone."""
    paper.add(*PAPER[1])
    paper.build(fast=True)
    before = paper.contents()
    with closing(sqlite3.connect(paper.output / STORE)) as database:
        database.execute("UPDATE parsed SET resolutions = '' WHERE id = 'a.txt'")
        database.commit()
    (paper.output / PLACES).unlink()
    paper.build(fast=True)
    assert paper.parsed == ["a.txt"]
    assert paper.contents() == before


def test_an_address_that_is_none_costs_no_article(paper: Project) -> None:
    paper.add("articles.csv", "file,url\na.txt,http://[paper\n")
    assert paper.build(fast=True).failures == ()


# --- the same bytes ------------------------------------------------------------------------------------------


def test_two_fresh_builds_under_other_hash_seeds_give_the_same_bytes(tmp_path: Path, root: Path) -> None:
    """On the seeds, in two folders, the articles named in another order."""
    seeds = sorted((root / "seeds").glob("*.txt"))
    assert len(seeds) >= 5
    contents = []
    for seed, paths in (("1", seeds), ("2", seeds[::-1])):
        output = tmp_path / f"maps {seed}"
        words = [sys.executable, "-m", "geomap", "build", *map(str, paths), "-o", str(output)]
        subprocess.run(words, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True)
        contents.append({name: (output / name).read_bytes() for name in OUTPUTS})
    assert contents[0] == contents[1]


def test_no_output_names_a_folder_of_this_machine(finished: tuple[Project, Summary]) -> None:
    for content in finished[0].contents().values():
        assert str(finished[0].articles).encode() not in content
        assert str(Path(pipeline.__file__).parent).encode() not in content


# --- hostile input -------------------------------------------------------------------------------------------

UNREADABLE = {
    "empty.txt": (b"", "{}: empty; put the article's text in it, or remove it"),
    "blank.txt": (b" \n\t\r\n", "{}: empty; put the article's text in it, or remove it"),
    "mark.txt": (b"\xef\xbb\xbf\n", "{}: empty; put the article's text in it, or remove it"),
    "binary.txt": (b"\x89PNG\r\n\x1a\n\x00\x00Kabul", "{}: binary, not text; save the article as plain UTF-8 text"),
    "latin1.txt": (
        "Le Kaboul d’été".encode("cp1252"),
        "{}: not UTF-8 (byte 0x92 at 11); save it again with the encoding UTF-8",
    ),
    "lines.jsonl": (b"Kabul\n", "{}:1: not JSON (Expecting value: line 1 column 1 (char 0)); write one object a line"),
    "array.jsonl": (b'["Kabul"]\n', '{}:1: not an object with "id" and "text"; see the README for the format'),
    "text.jsonl": (
        b'{"id": 1, "text": 2}\n',
        '{}:1: not an object with "id" and "text"; see the README for the format',
    ),
    "blank.jsonl": (
        b'\n{"id": "x", "text": " "}\n',
        "{}:2: article 'x' has an empty text; fill it in, or remove the line",
    ),
}


def test_articles_that_cannot_be_read_are_named_and_the_others_are_mapped(fresh: Project) -> None:
    for name, (content, _) in UNREADABLE.items():
        fresh.add(name, content)
    fresh.add("good.txt", "Fighting reached Kunduz.")
    failures = fresh.build().failures
    expected = {name: message.format(fresh.articles / name) for name, (_, message) in UNREADABLE.items()}
    assert {failure.article_id: failure.message for failure in failures} == expected
    assert len(failures) == len(UNREADABLE)
    assert fresh.marks() == {"Kunduz": "good.txt"}


NASTY = {
    "one-line.txt": "Kabul " * 800,
    "brackets.txt": "(" * 300 + "Herat" + ")" * 300,
    "borders.txt": "border between Tajikistan and " * 300,
    "capitals.txt": "The President Of The United Nations In " * 300,
    "combining.txt": "Fighting reached K" + "\u0301" * 20_000 + "unduz.",
    "script.txt": "</script><script>alert(1)</script> ${alert(1)} `Fighting` reached Kunduz -->\u2028 <!--",
    "controls.txt": "".join(map(chr, range(1, 32))) + " Kunduz \x7f\x85\u200f\u202e",
    "no-letters.txt": "0123456789 " * 1000 + "!?",
    "arabic.txt": "جنگ به کابل رسید. " * 300,
    "surrogate.jsonl": r'{"id": "s", "text": "Fighting \ud800 reached Kunduz.", "title": "\udfff", "url": "\ud800"}',
    "surrogate-id.jsonl": r'{"id": "\ud800", "text": "Fighting reached Kunduz."}',
    "javascript.jsonl": '{"id": "<b>", "text": "Fighting reached Kunduz.", "url": "javascript:alert(1)", "date": "soon"}',
    "deep.jsonl": '{"id": "d", "text": "Kunduz", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "number.jsonl": '{"id": ' + "9" * 5000 + ', "text": "Fighting reached Kunduz."}',
    "lone-mark.txt": "\ufeffKunduz",
}


@pytest.mark.parametrize("name", NASTY)
def test_a_hostile_article_does_not_cost_the_others(fresh: Project, name: str) -> None:
    """It is mapped, or it is named as failed; never is there a traceback, and the others are on the map."""
    fresh.add(name, NASTY[name])
    fresh.add("good.txt", "Fighting reached Farah.")
    fresh.add("zero.txt", "Fighting reached Dushanbe.")
    summary = fresh.build()
    assert len(summary.failures) <= 1
    assert {"Farah": "good.txt", "Dushanbe": "zero.txt"}.items() <= fresh.marks().items()
    assert len(summary.difference.new) + len(summary.failures) == 3
    assert all("\n" not in failure.message for failure in summary.failures)
    assert fresh.build().written == ()
    assert fresh.parsed == []


@pytest.mark.skipif(sys.platform != "linux", reason="file names are any bytes on Linux only")
def test_a_file_name_that_is_not_utf8_does_not_cost_the_others(fresh: Project) -> None:
    Path(os.fsdecode(os.fsencode(fresh.articles) + b"/Kaboul-\xe9t\xe9.txt")).write_text("Fighting reached Kunduz.")
    fresh.add("good.txt", "Fighting reached Farah.")
    summary = fresh.build()
    assert fresh.marks()["Farah"] == "good.txt"
    assert len(summary.difference.new) + len(summary.failures) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_file_does_not_hold_up_the_others(fresh: Project) -> None:
    """A named pipe that nobody writes to, a folder and a dangling link, each named like an article."""
    pipe = fresh.articles / "pipe.txt"
    os.mkfifo(pipe)
    (fresh.articles / "folder.txt").mkdir()
    (fresh.articles / "link.txt").symlink_to("nowhere")
    fresh.add("good.txt", "Fighting reached Farah.")
    words = [sys.executable, "-m", "geomap", "build", str(fresh.articles), "-o", str(fresh.output)]
    waited = False
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            time.sleep(0.01)
            with suppress(OSError):  # a pipe can be opened so only while somebody waits at its other end
                os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
                waited = True
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert process.returncode in (0, 1)
    assert fresh.marks() == {"Farah": "good.txt"}
    assert not waited, "the build waited for a text from the pipe"


def test_articles_of_one_id_are_mapped_once_and_the_second_is_named(fresh: Project) -> None:
    fresh.add(
        "a.jsonl", '{"id": "x", "text": "Fighting reached Farah."}\n{"id": "x", "text": "Fighting reached Herat."}'
    )
    summary = fresh.build()
    message = f"{fresh.articles / 'a.jsonl'}: a second article with the id 'x'; rename one of the two"
    assert summary.failures == (Failure(article_id="x", message=message),)
    assert fresh.marks() == {"Farah": "x"}


# --- what everything needs -----------------------------------------------------------------------------------


def test_a_folder_without_articles_is_a_named_error_and_makes_nothing(fresh: Project) -> None:
    with pytest.raises(ArticleError) as error:
        fresh.build()
    assert str(error.value) == f"{fresh.articles}: no article there; add a .txt or .jsonl file"
    assert not fresh.output.exists()


def test_a_missing_gazetteer_is_a_named_error_and_leaves_the_map(project: Project, tmp_path: Path) -> None:
    before = project.contents()
    with pytest.raises(GazetteerNotFoundError, match="no gazetteer there; check the path after --gazetteer"):
        project.build(gazetteer=tmp_path / "nowhere.sqlite")
    assert project.contents() == before


def test_a_missing_model_is_a_named_error_and_leaves_the_map(project: Project) -> None:
    before = project.contents()
    with pytest.raises(ModelError, match="no_such_model: no such spaCy model"):
        project.build(model="no_such_model")
    assert project.contents() == before
    assert project.build().written == ()


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_that_cannot_be_written_is_a_named_error(project: Project, name: str) -> None:
    """A folder stands in its way."""
    (project.output / name).unlink()
    (project.output / name).mkdir()
    with pytest.raises(OutputError) as error:
        project.build()
    reason = "check the folder or choose another with -o"
    assert str(error.value) == f"{project.output / name}: cannot be written (Is a directory); {reason}"


def test_an_output_folder_that_is_a_file_is_a_named_error(fresh: Project) -> None:
    fresh.add("a.txt", "Fighting reached Kunduz.")
    fresh.output.write_text("mine")
    with pytest.raises(OutputError, match="check the folder or choose another with -o"):
        fresh.build()
    assert fresh.output.read_text() == "mine"


# --- without a store -----------------------------------------------------------------------------------------


def test_parse_all_gives_the_atlas_of_a_build(project: Project, gazetteer: Gazetteer) -> None:
    project.add("bad.txt", b"")
    atlas, failures = parse_all([project.articles], gazetteer)
    assert {one.place.name: "|".join(one.article_ids) for one in atlas.places} == project.marks()
    assert [failure.article_id for failure in failures] == ["bad.txt"]


def test_parsing_keeps_the_order_given(gazetteer: Gazetteer) -> None:
    articles = [Article(id=name, text=f"Fighting reached {town}.") for name, town in reversed(TOWNS.items())]
    assert [one.article.id for one in Geoparser(gazetteer).parse(articles)] == [
        "e.txt",
        "d.txt",
        "c.txt",
        "b.txt",
        "a.txt",
    ]


def test_versions_name_code_gazetteer_and_model(gazetteer: Gazetteer, small_gazetteer: Path) -> None:
    with Gazetteer(small_gazetteer) as other:
        parsers = [Geoparser(gazetteer), Geoparser(gazetteer, "en_core_web_sm"), Geoparser(other)]
        versions = [parser.versions for parser in parsers]
    assert len(set(versions)) == 3
    assert geoparser.code_digest() in versions[0]
    assert gazetteer.fingerprint in versions[0]
    assert "en_core_web_sm" in versions[1]
