"""A large file that appears when it is whole: a reader finds the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from geomap.errors import OutputError


class Files(NamedTuple):
    """Where to write while a file is in the making: ``temporary`` becomes the target, ``scratch`` goes."""

    temporary: Path
    scratch: Path


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[Files]:
    """Give files to write beside the target; move the first into place if all went well.

    What a build that was killed has left there is swept up first.

    Raises:
        OutputError: If something cannot be written; the old file is then untouched.
    """
    files = Files(*(target.with_name(f".{target.name}.{os.getpid()}.{what}.tmp") for what in ("whole", "scratch")))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        yield files
        os.replace(files.temporary, target)
    except (OSError, sqlite3.OperationalError) as error:
        raise OutputError(f"{target}: cannot be written ({error}); choose another place with -o") from error
    finally:
        for path in files:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _sweep(target: Path) -> None:
    """Remove the files of builds of this target whose process is gone, and what an earlier one of this process left."""
    for path in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
        match = re.search(r"\.(\d+)\.(?:whole|scratch)\.tmp$", path.name)
        if match and not _runs(int(match[1])):
            path.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    """Whether another process of this number runs; where that cannot be asked, it is taken to."""
    if process == os.getpid():
        return False
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
