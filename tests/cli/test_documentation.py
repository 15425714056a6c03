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


def commands(text: str) -> Iterator[str]:
    """Every command that starts with ``geomap``, in a block or between backticks."""
    for block in _BLOCK.finditer(text):
        code = (block["code"] or block["indented"]).replace("\\\n", " ")
        for line in code.splitlines():
            if "geomap " in line and (prompt := _PROMPT.match(line)):
                yield line[prompt.end() :].strip()
    for inline in _INLINE.finditer(_BLOCK.sub("", text)):
        yield inline[1]


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


def accepts(words: list[str]) -> bool:
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            make_parser().parse_args(words)
        except SystemExit as stopped:
            return stopped.code == 0
    return True


def is_command(text: str) -> bool:
    """Whether the parser takes a command; one that is only named, without its options, must exist."""
    words = words_of(text)
    only_named = not any(word.startswith("-") for word in words)
    return accepts(words) or (only_named and accepts([*words, "--help"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("    geomap lookup Kunduz\n", ["geomap lookup Kunduz"]),
        ("```sh\n$ geomap build \\\n  news\nmake map\n```\n", ["geomap build    news"]),
        ("    .venv/bin/geomap parse x.txt | jq .\n", ["geomap parse x.txt | jq ."]),
        ("Run `geomap gazetteer info`, not `geomapper x`.", ["geomap gazetteer info"]),
        ("    # geomap is a program\n    the geomap parser\n", []),
    ],
)
def test_commands_are_found_in_blocks_and_between_backticks(text: str, found: list[str]) -> None:
    assert list(commands(text)) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("geomap build [PATH ...] [-o maps]      the main job", True),
        ("geomap lookup NAME|- [--country CC] [--json]", True),
        ("geomap export seeds --format gpkg -o a.gpkg  # for QGIS", True),
        ("geomap export", True),
        ("geomap parse - < news.jsonl", True),
        ("geomap fly", False),
        ("geomap gazetteer fly", False),
        ("geomap lookup Kunduz --jsonl", False),
        ("geomap export seeds -o x", False),
    ],
)
def test_only_real_commands_pass(text: str, expected: bool) -> None:
    assert is_command(text) is expected


def documents(root: Path) -> list[Path]:
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def test_every_documented_command_is_one(root: Path) -> None:
    wrong = [
        f"{path.relative_to(root)}: {command}"
        for path in documents(root)
        for command in commands(path.read_text(encoding="utf-8"))
        if not is_command(command)
    ]
    assert wrong == []


def test_the_readme_shows_how_to_use_the_command(root: Path) -> None:
    assert {words_of(command)[0] for command in commands((root / "README.md").read_text(encoding="utf-8"))} >= {
        "build",
        "lookup",
    }
