"""``geomap gazetteer``: one module a verb, each with ``add_parser`` and ``run``."""

from __future__ import annotations

from typing import Any

from geomap.cli.gazetteer import add, build, download, info, places, remove

VERBS = (build, download, info, add, places, remove)


def add_parser(commands: Any) -> None:
    """Add the subcommand with its verbs."""
    parser = commands.add_parser("gazetteer", help="build a gazetteer file, say what one holds, add places of your own")
    names = "|".join(verb.__name__.rpartition(".")[2] for verb in VERBS)
    verbs = parser.add_subparsers(metavar=names, required=True)
    for verb in VERBS:
        verb.add_parser(verbs)
