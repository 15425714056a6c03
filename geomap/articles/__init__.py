"""Files, folders and streams → articles; one reader a format."""

from __future__ import annotations

from geomap.articles.folder import Failure, Reading, read_paths

__all__ = ["Failure", "Reading", "read_paths"]
