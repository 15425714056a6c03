"""``geomap gazetteer build|info``: make a gazetteer file from its sources; say what one holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geomap.cli import options


def add_parser(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("gazetteer", help="build a gazetteer file, or say what one holds")
    verbs = parser.add_subparsers(metavar="build|info", required=True)
    build = verbs.add_parser("build", help="compile the sources to one SQLite file")
    build.add_argument(
        "--sources",
        type=Path,
        default=Path("gazetteer"),
        metavar="DIR",
        help="folder of the sources (default: gazetteer)",
    )
    build.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (default: the bundled one)")
    build.set_defaults(run=run_build)
    info = verbs.add_parser("info", help="print sources, licences and counts")
    options.add_gazetteer(info)
    info.set_defaults(run=run_info)


def run_build(arguments: argparse.Namespace) -> int:
    """Compile the sources."""
    from geomap.gazetteer.build import build
    from geomap.gazetteer.store import BUNDLED, Gazetteer

    target = arguments.output or BUNDLED
    build(arguments.sources, target, lambda items, label, total: options.progress(items, total, label))
    with Gazetteer(target) as gazetteer:
        counts = ", ".join(f"{count:,} {what}s" for what, count in gazetteer.counts().items())
    print(f"written   {target}  ({target.stat().st_size / 1e6:.1f} MB: {counts})")
    return 0


def run_info(arguments: argparse.Namespace) -> int:
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
