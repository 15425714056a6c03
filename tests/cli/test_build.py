"""``geomap build``: its summary, its exit status, and a progress bar that only a terminal sees."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Run


def test_the_summary_says_what_was_done_and_where_it_is(geomap: Run, articles: Path) -> None:
    (articles / "c.txt").write_text("They shelled the border of Laos and Peru.")
    (articles / "notes.docx").write_text("not an article")
    done = geomap("build", "news")
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "articles  3 new, 0 changed, 0 unchanged, 0 removed, 0 failed",
        "mentions  2 at 2 places; 1 demonyms and organisation names counted",
        "no place  1: no shared border (1)",
        "ignored   notes.docx (no .txt or .jsonl)",
        "written   maps/index.html",
        "written   maps/places.geojson",
        "written   maps/mentions.geojson",
    ]


def test_a_second_summary_says_what_changed(geomap: Run, articles: Path) -> None:
    geomap("build", "news")
    (articles / "a.txt").unlink()
    (articles / "b.txt").write_text("Afghan troops left Farah.")
    (articles / "c.txt").write_text("Fighting reached Kunduz.")
    first, *_ = geomap("build", "news").out.splitlines()
    assert first == "articles  1 new, 1 changed, 0 unchanged, 1 removed, 0 failed"
    assert geomap("build", "news").out.splitlines() == [
        "articles  0 new, 0 changed, 2 unchanged, 0 removed, 0 failed",
        "mentions  2 at 2 places; 1 demonyms and organisation names counted",
        "no place  0",
        "as before  maps/index.html",
        "as before  maps/places.geojson",
        "as before  maps/mentions.geojson",
    ]


def test_some_failed_is_status_1_and_each_is_named(geomap: Run, articles: Path, tmp_path: Path) -> None:
    (articles / "empty.txt").touch()
    (articles / "image.txt").write_bytes(b"\x89PNG\x00")
    done = geomap("build", "news", "-o", "out")
    assert done.status == 1
    assert done.err.splitlines() == [
        "geomap: news/empty.txt: empty; put the article's text in it, or remove it",
        "geomap: news/image.txt: binary, not text; save the article as plain UTF-8 text",
    ]
    assert done.out.splitlines()[0] == "articles  2 new, 0 changed, 0 unchanged, 0 removed, 2 failed"
    assert '"name":"Kunduz"' in (tmp_path / "out" / "places.geojson").read_text(encoding="utf-8")


def test_without_a_path_it_maps_seeds_into_maps(geomap: Run, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.txt").write_text("Fighting reached Kunduz.")
    assert geomap("build").status == 0
    assert (tmp_path / "maps" / "index.html").is_file()


def test_files_folders_and_json_lines_make_one_map(geomap: Run, articles: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Fighting reached Farah.")
    (tmp_path / "more.jsonl").write_text('{"id": 7, "text": "Fighting reached Kabul."}\n')
    done = geomap("build", "news", "one.txt", "more.jsonl")
    assert done.out.splitlines()[:2] == [
        "articles  4 new, 0 changed, 0 unchanged, 0 removed, 0 failed",
        "mentions  4 at 4 places; 1 demonyms and organisation names counted",
    ]


def test_a_terminal_sees_a_progress_bar_that_leaves_nothing_behind(articles: Path) -> None:
    pty = pytest.importorskip("pty", reason="no terminals to pretend here")
    termios = pytest.importorskip("termios", reason="no terminals to pretend here")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    command = [*PROGRAM, "build", "news"]
    with subprocess.Popen(command, cwd=articles.parent, stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # how Linux says that the other end of a terminal has closed
            while chunk := os.read(ours, 4096):
                shown += chunk
        os.close(ours)
        assert process.stdout
        printed = process.stdout.read().decode()
    assert process.returncode == 0
    assert "parsing:" in shown.decode()
    assert "/2 [" in shown.decode()
    assert shown.endswith(b"\r") and shown.split(b"\r")[-2].strip() == b"", "the bar is wiped when it is done"
    assert "parsing" not in printed


def test_an_old_map_stays_when_a_build_cannot_be_done(geomap: Run, articles: Path, tmp_path: Path) -> None:
    geomap("build", "news")
    before = {path: path.read_bytes() for path in (tmp_path / "maps").iterdir() if path.is_file()}
    assert len(before) == 3
    (articles / "c.txt").write_text("Fighting reached Farah.")
    for words in (["nowhere"], ["news", "--gazetteer", "nowhere"], ["news", "--model", "nowhere"]):
        assert geomap("build", *words).status == 2
    assert {path: path.read_bytes() for path in before} == before


def test_articles_beyond_the_limit_are_pages_of_their_own_and_said_so(
    geomap: Run, articles: Path, tmp_path: Path
) -> None:
    done = geomap("build", "news", "--article-limit", "0")
    assert done.status == 0
    assert done.out.splitlines()[-1] == "written   maps/articles (2 of 2 pages of articles)"
    assert len(list((tmp_path / "maps" / "articles").glob("*.html"))) == 2
    assert geomap("build", "news", "--article-limit", "0").out.splitlines()[-1] == (
        "as before  maps/articles (0 of 2 pages of articles)"
    )
    assert "articles (" not in geomap("build", "news").out
    assert not (tmp_path / "maps" / "articles").exists()


def test_online_tiles_come_by_name_or_address_only_when_asked_for(geomap: Run, articles: Path, tmp_path: Path) -> None:
    page = tmp_path / "maps" / "index.html"
    geomap("build", "news")
    assert "img-src" not in page.read_text(encoding="utf-8")
    assert geomap("build", "news", "--tiles", "OpenStreetMap").status == 0
    assert "img-src data: https://tile.openstreetmap.org;" in page.read_text(encoding="utf-8")
    address = "https://tiles.example.org/{z}/{x}/{y}.png"
    assert geomap("build", "news", "--tiles", address, "--tiles-credit", "Example").status == 0
    assert "img-src data: https://tiles.example.org;" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--article-limit", "many"], "'many' is no size"),
        (["--article-limit", "-1"], "'-1' is no size"),
        (["--article-limit", "nan"], "'nan' is no size"),
        (["--tiles", "Nowhere Maps"], "no such provider"),
        (["--tiles", "https://tiles.example.org/{z}/{x}/{y}.png"], "say whose they are (--tiles-credit)"),
    ],
)
def test_a_choice_about_the_page_that_cannot_be_is_wrong_use(
    geomap: Run, articles: Path, words: list[str], said: str
) -> None:
    done = geomap("build", "news", *words)
    assert done.status == 2
    assert said in done.err
