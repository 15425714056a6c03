"""Texts to places in one process and in several."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from geomap import geoparser
from geomap.articles import Failure
from geomap.articles.jsonl import read_line
from geomap.errors import ModelError
from geomap.gazetteer.store import Gazetteer
from geomap.geoparser import Geoparser
from geomap.model import Article, Mention, ParsedArticle
from geomap.pipeline import MENTIONS, PAGE, PLACES, build

recognise = geoparser._recognise
CHOKES = "choke on this"


def choking(parser: Geoparser, article: Article) -> tuple[Mention, ...]:
    """Recognition that some text is too much for."""
    if CHOKES in article.text:
        raise KeyError(CHOKES)
    return recognise(parser, article)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any text is worth another process, and each article is a chunk of its own."""
    monkeypatch.setattr(geoparser, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(geoparser, "_CHUNK", 1)


@pytest.fixture(scope="module")
def articles(root: Path) -> list[Article]:
    """Some of one source, so that its home is learnt, and some with borders, directions and demonyms."""
    lines = (root / "tests" / "gold" / "regional.jsonl").read_text(encoding="utf-8").splitlines()[:8]
    regional = [read_line(line, f"regional.jsonl:{number}") for number, line in enumerate(lines, start=1)]
    texts = (
        "Police in Mattoon and in Terre Haute said so.",
        "She left Terre Haute for a town near Mattoon.",
        "Voters in Mattoon chose as those in Terre Haute did.",
    )
    local = [
        Article(id=f"local-{number}", text=text, url="https://www.mattoon-gazette.example/news")
        for number, text in enumerate(texts)
    ]
    return [*local, *regional]


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("fast", [True, False], ids=["fast", "tagger"])
def test_two_processes_give_what_one_gives(gazetteer: Gazetteer, articles: list[Article], fast: bool) -> None:
    alone = list(Geoparser(gazetteer, fast=fast).parse(articles))
    assert list(Geoparser(gazetteer, fast=fast, jobs=2).parse(articles)) == alone
    assert [one.article.id for one in alone] == [article.id for article in articles]
    assert alone[0].home is not None, "homes are learnt over all articles, wherever they were read"


def test_short_texts_stay_in_this_process(
    gazetteer: Gazetteer, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geoparser, "Workers", None)
    assert len(list(Geoparser(gazetteer, fast=True, jobs=8).parse(articles))) == len(articles)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_article_that_cannot_be_parsed_costs_itself(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(geoparser, "_recognise", choking)
    texts = {"a": "In Kabul.", "b": f"In Herat, {CHOKES}.", "c": "In Kunduz."}
    articles = [Article(id=name, text=text) for name, text in texts.items()]
    failures: list[Failure] = []
    parser = Geoparser(gazetteer, fast=True, jobs=jobs)
    assert [one.article.id for one in parser.parse(articles, failures)] == ["a", "c"]
    message = f"b: could not be parsed (KeyError: '{CHOKES}'); please report the text"
    assert failures == [Failure(article_id="b", message=message)]
    with pytest.raises(KeyError, match=CHOKES):
        list(parser.parse(articles))


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_all_articles_need_is_an_error_of_all(gazetteer: Gazetteer, articles: list[Article], jobs: int) -> None:
    parser = Geoparser(gazetteer, "no_such_model", jobs=jobs)
    with pytest.raises(ModelError, match="no_such_model"):
        list(parser.parse(articles, []))


def noted(shown: list[str], articles: Iterable[Article], total: int) -> Iterator[Article]:
    """What a progress bar is told."""
    for article in articles:
        shown.append(article.id)
        yield article


@pytest.mark.usefixtures("eager")
def test_a_build_writes_the_same_bytes_however_many_work(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, town in (("a", "Kunduz"), ("b", "Herat"), ("c", "Kabul"), ("d", "Dushanbe")):
        (folder / f"{name}.txt").write_text(f"Fighting reached {town}, near the Afghan border.")
    shown: list[str] = []
    for jobs in (1, 2):
        build(
            [folder],
            tmp_path / f"maps{jobs}",
            fast=True,
            jobs=jobs,
            progress=partial(noted, shown),
        )
    for name in (PAGE, PLACES, MENTIONS):
        assert (tmp_path / "maps1" / name).read_bytes() == (tmp_path / "maps2" / name).read_bytes()
    assert shown == ["a.txt", "b.txt", "c.txt", "d.txt"] * 2


@pytest.mark.usefixtures("eager")
def test_a_build_keeps_what_could_be_parsed_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geoparser, "_read", choking_read)
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Fighting reached Kunduz.")
    (folder / "b.txt").write_text(f"Fighting reached Herat. Now {CHOKES}.")
    summary = build([folder], tmp_path / "maps", fast=True, jobs=2)
    assert [failure.article_id for failure in summary.failures] == ["b.txt"]
    assert summary.places == 1


def choking_read(parser: Geoparser, article: Article) -> ParsedArticle:
    return geoparser._resolve(parser, article, choking(parser, article))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither this signal nor process groups")
def test_an_interrupt_ends_all_processes(tmp_path: Path, root: Path) -> None:
    text = "Fighting reached Kunduz and the Afghan border. " * 20
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(800):
        (folder / f"{number}.txt").write_text(text)
    # A runner in the background ignores the signal, and what it starts would too.
    program = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from geomap.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, "parse", "news", "--jobs", "2"]
    surroundings = {**os.environ, "PYTHONPATH": str(root)}
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with running:
        assert _within_a_minute(lambda: running.poll() is not None or _processes(running.pid) >= 3)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        _, errors = running.communicate()
    assert running.returncode == 130
    assert errors.decode() == "geomap: stopped; a build goes on where it was when it is run again\n"
    assert _within_a_minute(lambda: _processes(running.pid) == 0)


def _processes(group: int) -> int:
    """How many processes of a group run."""
    found = subprocess.run(["ps", "-e", "-o", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in found.splitlines()]
    return sum(row[0] == str(group) and not row[1].startswith("Z") for row in rows)


def _within_a_minute(holds: Callable[[], bool]) -> bool:
    for _ in range(1200):
        if holds():
            return True
        time.sleep(0.05)
    return False
