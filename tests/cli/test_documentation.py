"""Commands in the documentation are commands: the real argument parser takes every one."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from geomap.cli.main import make_parser

_BLOCK = re.compile(
    r"^(?P<fence>```+|~~~+)[^\n]*\n(?P<code>.*?)^(?P=fence)|^(?P<indented>(?: {4}[^\n]*\n)+)", re.MULTILINE | re.DOTALL
)
_INLINE = re.compile(r"(?<!`)`(geomap [^`\n]+)`(?!`)")
_PROMPT = re.compile(r"^\s*(?:[$>] )?(?:\S*/)?(?=geomap )")
_SHELL = {"|", "||", "&&", ";", "<", ">", ">>", "2>", "&"}


def commands(text: str) -> Iterator[tuple[str, bool]]:
    """Every command that starts with ``geomap``, and whether it is one to run: in a block, not between backticks."""
    for block in _BLOCK.finditer(text):
        code = (block["code"] or block["indented"]).replace("\\\n", " ")
        for line in code.splitlines():
            if "geomap " in line and (prompt := _PROMPT.match(line)):
                yield line[prompt.end() :].strip(), True
    for inline in _INLINE.finditer(_BLOCK.sub("", text)):
        yield inline[1], False


def words_of(command: str) -> list[str]:
    """The words after ``geomap``, up to a pipe or a comment; of a synopsis the first of each choice."""
    command = re.split(r"\s{3,}", command)[0]  # what a synopsis says about the command stands well apart
    words = []
    for word in shlex.split(command, comments=True)[1:]:
        if word in _SHELL:
            break
        plain = word.strip("[]")
        if plain.strip(".…"):
            words.append(plain if plain.startswith("-") else plain.split("|")[0])
    return words


def printed_by(words: list[str]) -> str | None:
    """What the parser prints if it takes the words, None if it refuses them."""
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed), contextlib.redirect_stdout(printed):
        try:
            make_parser().parse_args(words)
        except SystemExit as stopped:
            return None if stopped.code else printed.getvalue()
    return printed.getvalue()


def is_command(text: str, to_run: bool) -> bool:
    """Whether the parser takes a command; of one that is only named, it must know the name and the options."""
    words = words_of(text)
    if printed_by(words) is not None:
        return True
    options = [word for word in words if word.startswith("-")]
    shown = printed_by([*(word for word in words if word not in options), "--help"])
    return not to_run and shown is not None and set(options) <= set(re.findall(r"(?<!\w)--?\w[\w-]*", shown))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("    geomap lookup Kunduz\n", [("geomap lookup Kunduz", True)]),
        ("```sh\n$ geomap build \\\n  news\nmake map\n```\n", [("geomap build    news", True)]),
        ("    .venv/bin/geomap parse x.txt | jq .\n", [("geomap parse x.txt | jq .", True)]),
        ("Run `geomap gazetteer info`, not `geomapper x`.", [("geomap gazetteer info", False)]),
        ("    # geomap is a program\n    the geomap parser\n", []),
    ],
)
def test_commands_are_found_in_blocks_and_between_backticks(text: str, found: list[tuple[str, bool]]) -> None:
    assert list(commands(text)) == found


@pytest.mark.parametrize(
    ("text", "run", "named"),
    [
        ("geomap build [PATH ...] [-o maps]      the main job", True, True),
        ("geomap lookup NAME|- [--country CC] [--json]", True, True),
        ("geomap export seeds --format gpkg -o a.gpkg  # for QGIS", True, True),
        ("geomap parse - < news.jsonl", True, True),
        ("geomap export", False, True),
        ("geomap lookup --json", False, True),
        ("geomap export seeds -o x", False, True),
        ("geomap lookup Kunduz --jsonl", False, False),
        ("geomap lookup --jsonl", False, False),
        ("geomap fly", False, False),
        ("geomap gazetteer fly", False, False),
    ],
)
def test_only_real_commands_pass(text: str, run: bool, named: bool) -> None:
    """One to run must be whole; one that is only named may lack what it needs."""
    assert (is_command(text, True), is_command(text, False)) == (run, named)


def documents(root: Path) -> list[Path]:
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def test_every_documented_command_is_one(root: Path) -> None:
    wrong = [
        f"{path.relative_to(root)}: {command}"
        for path in documents(root)
        for command, to_run in commands(path.read_text(encoding="utf-8"))
        if not is_command(command, to_run)
    ]
    assert wrong == []


def test_the_readme_shows_how_to_use_the_command(root: Path) -> None:
    shown = {words_of(command)[0] for command, _ in commands((root / "README.md").read_text(encoding="utf-8"))}
    assert shown >= {"build", "lookup"}
