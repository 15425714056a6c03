"""The progress bar, in whatever it is shown."""

from __future__ import annotations

import io
import sys

import pytest

from geomap.articles import Failure
from geomap.cli import options


def test_without_a_terminal_the_items_pass_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(options.progress(iter("abc"), 3, "parsing")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_bar_bears_its_label_and_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(options.progress(iter("abc"), 3, "towns")) == ["a", "b", "c"]
    assert "towns:" in terminal.getvalue() and "/3 [" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")


def test_failures_are_named_on_stderr_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    failures = (Failure(article_id=name, message=f"{name}.txt: empty; fill it in") for name in "ab")
    assert options.report(failures) == 2
    assert capsys.readouterr() == ("", "geomap: a.txt: empty; fill it in\ngeomap: b.txt: empty; fill it in\n")
    assert options.report([]) == 0
