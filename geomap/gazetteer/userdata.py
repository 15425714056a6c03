"""Where a user's own places are kept, and what their ids begin with."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

ENVIRONMENT: Final = "GEOMAP_PLACES"
PREFIX: Final = "my:"
"""Begins the id of an own place."""


def folder() -> Path:
    """Return where own places are kept: ``$GEOMAP_PLACES``, else ``geomap/places`` where the system keeps a user's data."""
    if named := os.environ.get(ENVIRONMENT):
        return Path(named)
    if sys.platform == "win32":
        data = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        data = Path.home() / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return data / "geomap" / "places"
