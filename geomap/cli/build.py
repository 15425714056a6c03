"""``geomap build``: articles → the page and the GeoJSON files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geomap.cli import options
from geomap.webmap import ARTICLE_LIMIT, PageOptions


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
    options.add_jobs(parser)
    options.add_online(parser)
    page = parser.add_argument_group("the page")
    page.add_argument(
        "--article-limit",
        type=_megabytes,
        default=ARTICLE_LIMIT,
        metavar="MB",
        help="megabytes of text up to which the articles stay whole in index.html; beyond it each is a page "
        f"of its own in articles/ (default: {ARTICLE_LIMIT:g}, none: 0)",
    )
    page.add_argument(
        "--tiles",
        metavar="NAME|URL",
        help="online tiles over the offline base map: a provider, such as OpenStreetMap, or an address with {z}, {x} and {y} "
        "(default: none, the page asks the network for nothing)",
    )
    page.add_argument("--tiles-credit", metavar="TEXT", help="whose tiles they are, for an address")
    parser.set_defaults(run=run)


def _megabytes(word: str) -> float:
    """A number of megabytes on the command line."""
    try:
        size = float(word)
    except ValueError:
        size = -1.0
    if not size >= 0:
        raise argparse.ArgumentTypeError(f"{word!r} is no size; give megabytes, such as 8 or 0.5")
    return size


def run(arguments: argparse.Namespace) -> int:
    """Build, and print a short summary."""
    from geomap import pipeline

    summary = pipeline.build(
        arguments.paths,
        arguments.output,
        gazetteer=arguments.gazetteer,
        model=arguments.model,
        fast=arguments.fast,
        jobs=arguments.jobs,
        online=options.online(arguments),
        page=PageOptions(
            article_limit=arguments.article_limit, tiles=arguments.tiles, tiles_credit=arguments.tiles_credit
        ),
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
    if summary.pages:
        changed = len(set(summary.pages) & set(summary.written))
        print(
            f"{'written  ' if changed else 'as before '} {summary.pages[0].parent} ({changed} of {len(summary.pages)} pages of articles)"
        )
    return 1 if failed else 0
