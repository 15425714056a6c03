"""Mentions → the places meant, or NIL with a reason."""

from __future__ import annotations

from geomap.resolution.resolve import explain, resolve

__all__ = ["explain", "resolve"]
