"""Writing so that a reader finds the old file or the new one, never half of one; and stable JSON."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from geomap.errors import OutputError


def write_atomically(path: Path, data: str | bytes) -> bool:
    """Replace a file as a whole; leave it alone where it has these bytes already.

    Args:
        path: The file; its folder is made if missing.
        data: What it is to hold; text is written as UTF-8.

    Returns:
        Whether the file changed.

    Raises:
        OutputError: If it cannot be written; the old file is then untouched.
    """
    content = data.encode() if isinstance(data, str) else data
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"{path}: cannot be written ({reason}); check the folder or choose another with -o"
        ) from error
    return True


def dump_json(value: Any) -> str:
    """Return compact JSON on one line that is always valid UTF-8, lone surrogates written as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text if is_text(text) else json.dumps(value, separators=(",", ":"), allow_nan=False)


def is_text(value: str) -> bool:
    """Whether a string has no lone surrogate, so that it can be written as UTF-8."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
