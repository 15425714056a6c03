"""``geomap export``: articles → one file for another tool."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geomap.cli import options


def add_parser(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("export", help="write the places of articles for a GIS or a spreadsheet")
    options.add_paths(parser)
    parser.add_argument("--format", required=True, metavar="F", help="geojson, geojson-mentions, csv, gpkg or parquet")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    options.add_gazetteer(parser)
    options.add_model(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file."""
    from geomap import export
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import parse_all

    export.check(arguments.format)
    with Gazetteer(arguments.gazetteer) as gazetteer:
        atlas, failures = parse_all(arguments.paths, gazetteer, arguments.model, fast=arguments.fast)
        export.write(arguments.format, atlas, gazetteer.shape, gazetteer.attribution, arguments.output)
    failed = options.report(failures)
    print(f"written   {arguments.output}  ({len(atlas.places)} places)")
    return 1 if failed else 0
