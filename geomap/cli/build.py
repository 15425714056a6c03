"""``geomap build``: articles → the page and the GeoJSON files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geomap.cli import options


def add_parser(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "build", help="map the articles in a folder: index.html, places.geojson, mentions.geojson"
    )
    options.add_paths(parser)
    parser.add_argument(
        "-o", "--output", type=Path, default=Path("maps"), metavar="DIR", help="folder for the outputs (default: maps)"
    )
    options.add_gazetteer(parser)
    options.add_model(parser)
    options.add_online(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build, and print a short summary."""
    from geomap import pipeline

    summary = pipeline.build(
        arguments.paths,
        arguments.output,
        gazetteer=arguments.gazetteer,
        model=arguments.model,
        fast=arguments.fast,
        online=options.online(arguments),
        progress=lambda articles, total: options.progress(articles, total, "parsing"),
    )
    failed = options.report(summary.failures)
    difference = summary.difference
    counts = {
        "new": len(difference.new), "changed": len(difference.changed), "unchanged": len(difference.unchanged),
        "removed": len(difference.removed), "failed": failed,
    }  # fmt: skip
    print("articles  " + ", ".join(f"{count} {what}" for what, count in counts.items()))
    print(
        f"mentions  {summary.mentions} at {summary.places} places; {summary.unmapped} demonyms and organisation names counted"
    )
    nil = sum(count for _, count in summary.nil)
    reasons = ", ".join(f"{reason} ({count})" for reason, count in summary.nil[:3])
    print(f"no place  {nil}" + (f": {reasons}" if nil else ""))
    if summary.ignored:
        print(f"ignored   {', '.join(summary.ignored)} (no .txt or .jsonl)")
    for path in summary.files:
        print(f"{'written  ' if path in summary.written else 'as before '} {path}")
    return 1 if failed else 0
