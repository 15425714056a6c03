"""``geomap gazetteer add``: an analyst's own places, from a table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "add",
        help="add places of your own from a table",
        description="Keeps the places of a table (columns name, lat, lon; kind, country, admin1, variants and note if "
        "you like) beside whichever gazetteer is in use, where they go before others of their name. They stay when a "
        "gazetteer is built anew or geomap is upgraded. A table of the same file name replaces the one before.",
    )
    parser.add_argument("table", type=Path, metavar="TABLE.csv", help="separated by commas, semicolons or tabs")
    parser.add_argument("--encoding", metavar="NAME", help="the table's encoding, if it is not UTF-8: cp1251, say")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Add the places; 1 if a row was left out."""
    from geomap.gazetteer.lists import add

    added = add(arguments.table, arguments.encoding)
    for message in added.bad:
        print(f"geomap: {message}", file=sys.stderr)
    count = len(added.kept.places)
    print(f"kept      {count:,} place{'' if count == 1 else 's'} as list {added.kept.name}  ({added.kept.path})")
    return 1 if added.bad else 0
