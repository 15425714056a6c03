"""``geomap gazetteer places``: which places of one's own there are."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("places", help="list the places of your own")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Print the lists with their places."""
    from geomap.gazetteer.lists import read_lists
    from geomap.gazetteer.userdata import folder

    lists = read_lists()
    for kept in lists:
        print(f"{kept.name}  ({kept.path})")
        for p in kept.places:
            where = f" ({p.country})" if p.country else ""
            print(f"  {p.kind:<5} {p.name}{where}  {p.lat:.5f}, {p.lon:.5f}  {p.id}")
    if not lists:
        print(f"none in {folder()}; add some with `geomap gazetteer add TABLE.csv`")
    return 0
