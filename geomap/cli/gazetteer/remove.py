"""``geomap gazetteer remove``: forget places of one's own."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("remove", help="forget places of your own")
    parser.add_argument(
        "what", metavar="LIST|ID", help="a list's name, or one place's id (my:…), as `places` prints them"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Forget a list or a place."""
    from geomap.gazetteer.lists import remove

    count = remove(arguments.what)
    print(f"removed   {arguments.what}  ({count:,} place{'' if count == 1 else 's'})")
    return 0
