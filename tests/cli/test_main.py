"""What all commands have in common: help, exit statuses, errors of one line, and pipes that close."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from geomap import __version__
from geomap.cli import main
from tests.cli.conftest import PROGRAM, Run

COMMANDS = ["build", "parse", "lookup", "export", "gazetteer", "gazetteer build", "gazetteer info", "evaluate"]

# --- help ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), "--help"])
    assert stopped.value.code == 0
    printed = capsys.readouterr()
    assert printed.out.startswith(f"usage: geomap {command}".rstrip())
    assert printed.err == ""


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    words = capsys.readouterr().out.split()
    assert {command.split()[0] for command in COMMANDS} <= set(words)


def test_help_imports_neither_spacy_nor_pandas_nor_folium() -> None:
    code = (
        "import sys\n"
        "from geomap.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n"
        "    print([name for name in ('spacy', 'pandas', 'folium', 'geopandas', 'numpy', 'tqdm') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_version_is_the_packages(process: Run) -> None:
    done = process("--version")
    assert (done.status, done.out, done.err) == (0, f"geomap {__version__}\n", "")


def test_the_installed_command_is_this_program() -> None:
    command = Path(sys.executable).with_name("geomap.exe" if os.name == "nt" else "geomap")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"geomap {__version__}\n"


# --- wrong use -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "",
        "fly",
        "build --nowhere",
        "lookup",
        "lookup Kabul Herat",
        "export news",
        "gazetteer",
        "gazetteer fly",
        "evaluate",
    ],
)
def test_wrong_words_are_status_2_with_the_usage(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words.split())
    assert stopped.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("usage: geomap")


WRONG = {
    "build nowhere": "geomap: nowhere: no such file or folder; check the path",
    "build empty": "geomap: empty: no article there; add a .txt or .jsonl file",
    "build": "geomap: seeds: no such file or folder; check the path",
    "build news -o file": "geomap: file/.geomap/corpus.sqlite: cannot be opened or made (",
    "build news -o file/maps": "geomap: file/maps/.geomap/corpus.sqlite: cannot be opened or made (",
    "build news --gazetteer nowhere": "geomap: nowhere: no gazetteer there; check the path after --gazetteer",
    "build news --gazetteer file": "geomap: file: damaged or not a gazetteer (file is not a database); build it again with",
    "build news --model nowhere": "geomap: nowhere: no such spaCy model; install it (pip install nowhere) or leave out --model",
    "parse nowhere": "geomap: nowhere: no such file or folder; check the path",
    "parse news --gazetteer nowhere": "geomap: nowhere: no gazetteer there; check the path after --gazetteer",
    "parse news --model nowhere": "geomap: nowhere: no such spaCy model; install it (pip install nowhere) or leave out --model",
    "parse": "geomap: standard input: empty; put the article's text in it, or remove it",
    "lookup Kabul --gazetteer nowhere": "geomap: nowhere: no gazetteer there; check the path after --gazetteer",
    "lookup Kabul --gazetteer empty": "geomap: empty: no gazetteer there; check the path after --gazetteer",
    "gazetteer info --gazetteer nowhere": "geomap: nowhere: no gazetteer there; check the path after --gazetteer",
    "gazetteer build --sources empty -o g": "geomap: empty: no SOURCES.toml there; name the gazetteer's source folder with",
    "export news --format shapefile -o x": "geomap: shapefile: no such format; choose one of geojson, geojson-mentions, csv,",
    "export news --format csv -o file/x": "geomap: file/x: cannot be written (",
    "export nowhere --format csv -o x": "geomap: nowhere: no such file or folder; check the path",
    "export empty --format csv -o x": "geomap: empty: no article there; add a .txt or .jsonl file",
    "evaluate nowhere.jsonl": "geomap: nowhere.jsonl: ",
    "evaluate file": "geomap: file:1: not a gold article (",
}


@pytest.mark.parametrize("words", WRONG)
def test_what_everything_needs_is_status_2_and_one_line_that_names_it(
    geomap: Run, articles: Path, tmp_path: Path, words: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("this is mine")
    done = geomap(*words.split())
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(WRONG[words])
    assert done.err.count("\n") == 1
    assert (tmp_path / "file").read_text() == "this is mine"
    assert {child.name for child in tmp_path.iterdir()} <= {"empty", "file", "news", "maps"}


def test_a_missing_gazetteer_named_by_the_environment_is_named_as_such(geomap: Run) -> None:
    done = geomap("lookup", "Kabul", GEOMAP_GAZETTEER="nowhere.sqlite")
    mend = "check $GEOMAP_GAZETTEER, or unset it to use the bundled gazetteer"
    assert (done.status, done.err) == (2, f"geomap: nowhere.sqlite: no gazetteer there; {mend}\n")


def test_a_gazetteer_that_cannot_be_written_is_one_line(geomap: Run, tmp_path: Path, small_sources: Path) -> None:
    (tmp_path / "file").write_text("this is mine")
    done = geomap("gazetteer", "build", "--sources", small_sources, "-o", "file/gazetteer.sqlite")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("geomap: file/gazetteer.sqlite: cannot be written (")
    assert done.err.count("\n") == 1


# --- streams -------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="pipes close in another way on Windows")
@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        ("lookup -", "Kabul\n" * 2_000),
        ("lookup Kabul", ""),
        ("gazetteer info", ""),
        ("parse -", '{"id": "a", "text": "Fighting reached Kunduz."}\n' * 500),
        ("--help", ""),
        ("--version", ""),
    ],
)
def test_a_reader_that_has_gone_is_no_error(words: str, stdin: str) -> None:
    """``geomap … | head -0``: nobody reads the very first byte."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [*PROGRAM, *words.split()]
        done = subprocess.run(command, input=stdin, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name == "nt", reason="needs a shell with pipes")
def test_head_takes_the_first_line_and_nobody_complains() -> None:
    with subprocess.Popen(
        [*PROGRAM, "lookup", "-", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        head = subprocess.Popen(["head", "-1"], stdin=process.stdout, stdout=subprocess.PIPE)
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        names = b"Kunduz\n" + b"Herat\n" * 20_000
        try:
            process.stdin.write(names)
            process.stdin.close()
        except BrokenPipeError:  # geomap has stopped before it read them all
            pass
        first, _ = head.communicate()
        assert process.stderr.read() == b""
    assert process.returncode == 0
    assert first.startswith(b'{"query":"Kunduz","candidates":[{') and first.count(b"\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", ["lookup Kabul", "parse news", "gazetteer info"])
def test_a_full_disk_behind_standard_output_is_one_line(articles: Path, words: str) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*PROGRAM, *words.split()]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=articles.parent, check=False)
    assert done.returncode != 0
    assert done.stderr.startswith("geomap: ") and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "stdin"), [("lookup -", "Мазари-Шариф\n"), ("parse -", "جنگ به کابل رسید.")], ids=["lookup", "parse"]
)
def test_a_terminal_that_knows_no_unicode_costs_no_output(process: Run, words: str, stdin: str) -> None:
    """As a redirected stream is on Windows, or any with ``PYTHONIOENCODING``."""
    done = process(*words.split(), stdin=stdin, PYTHONIOENCODING="ascii")
    assert (done.status, done.err) == (0, "")
    assert done.out


@pytest.mark.skipif(os.name == "nt", reason="signals differ on Windows")
def test_an_interrupt_is_status_130_and_one_line() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [*PROGRAM, "lookup", "-", "--json"]
    # A test run in the background of a shell ignores interrupts, and so would the process that it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        signal.signal(signal.SIGINT, before)
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("Kunduz\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith('{"query":"Kunduz"')  # it is up, and waits for the next name
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        assert process.stderr.read() == "geomap: stopped; a build goes on where it was when it is run again\n"
    assert process.returncode == 130


def test_a_warning_is_one_line_too(geomap: Run, articles: Path, tmp_path: Path) -> None:
    """A damaged store is set aside."""
    store = tmp_path / "maps" / ".geomap" / "corpus.sqlite"
    store.parent.mkdir(parents=True)
    store.write_text("damaged")
    done = geomap("build", "news")
    assert done.status == 0
    assert done.err == (
        "geomap: maps/.geomap/corpus.sqlite: the store of parsed articles cannot be used (file is not a database); "
        "set aside as corpus.damaged, all articles are parsed again\n"
    )
