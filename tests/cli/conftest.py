"""The command as a user runs it: words, streams, folder and environment in; status and output out."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from geomap.cli import main

PROGRAM = (sys.executable, "-m", "geomap")


@dataclass(frozen=True)
class Done:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Done]


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Runs ``geomap`` as a process of its own in ``tmp_path``; further environment by keyword."""

    def run(*words: str | bytes | Path, stdin: str | bytes = b"", **environment: str) -> Done:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        surroundings = {**os.environ, **environment}
        done = subprocess.run(
            [*PROGRAM, *words], input=data, capture_output=True, cwd=tmp_path, env=surroundings, check=False
        )
        return Done(done.returncode, _decoded(done.stdout), _decoded(done.stderr))

    return run


@pytest.fixture
def geomap(tmp_path: Path) -> Run:
    """Runs ``geomap`` as above, but within this process, which spares the start of Python and spaCy."""

    def run(*words: str | Path, stdin: str | bytes = b"", **environment: str) -> Done:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in "oe")
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("default")  # a user sees warnings on stderr; here they are no errors either
            patch.chdir(tmp_path)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            for name, value in environment.items():
                patch.setenv(name, value)
            try:
                status = main([str(word) for word in words])
            except SystemExit as stopped:  # how argparse says that the words are wrong, or that help was shown
                assert isinstance(stopped.code, int)
                status = stopped.code
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(_decoded(stream.buffer.getvalue()))
        return Done(status, *texts)

    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder ``news`` of two articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Fighting reached Kunduz.")
    (folder / "b.txt").write_text("Afghan troops left Herat.")
    return folder
