"""``geomap gazetteer download``: GeoNames' export files → a folder, for ``geomap gazetteer build --geonames``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geomap.cli import options

ALTERNATE_NAMES = "alternateNamesV2.zip"


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "download",
        help="fetch files of GeoNames, if they changed there",
        description="Fetches files as GeoNames publishes them (CC BY 4.0), goes on where a broken download stopped, and "
        "leaves alone what has not changed there.",
    )
    parser.add_argument("names", nargs="+", metavar="NAME", help="country codes, or files: AF TJ hierarchy.zip")
    parser.add_argument("--alternate-names", action="store_true", help=f"also {ALTERNATE_NAMES} (190 MB)")
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("geonames"), metavar="DIR", help="folder for them (default: geonames)"
    )
    parser.add_argument("--base-url", metavar="URL", help="another folder on the web with the same files")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fetch the files."""
    from geomap.gazetteer.download import BASE_URL, download

    names = [*arguments.names, *([ALTERNATE_NAMES] if arguments.alternate_names else [])]
    paths = download(
        names,
        arguments.output,
        base_url=arguments.base_url or BASE_URL,
        progress=lambda pieces, label, number: options.progress(pieces, number, label),
    )
    for path in paths:
        print(f"there     {path}  ({path.stat().st_size / 1e6:.1f} MB)")
    return 0
