"""The command line: one module a subcommand, each with ``add_parser`` and ``run``."""

from __future__ import annotations

from geomap.cli.main import main

__all__ = ["main"]
