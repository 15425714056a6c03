"""``geomap gazetteer info``: what a gazetteer file holds and where it comes from."""

from __future__ import annotations

import argparse
from typing import Any

from geomap.cli import options


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("info", help="print sources, licences and counts")
    options.add_gazetteer(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what a gazetteer holds and where it comes from."""
    from geomap.gazetteer.store import Gazetteer

    with Gazetteer(arguments.gazetteer) as gazetteer:
        print(f"file         {gazetteer.path} ({gazetteer.path.stat().st_size / 1e6:.1f} MB)")
        print(f"fingerprint  {gazetteer.fingerprint}")
        for what, count in gazetteer.counts().items():
            print(f"{what + 's':<12} {count:,}")
        for source in gazetteer.sources:
            print(f"\n{source['name']}")
            for key in ("version", "drawn", "file", "sha256", "makes", "licence", "attribution"):
                if value := source.get(key):
                    print(f"  {key:<12} {value}")
    return 0
