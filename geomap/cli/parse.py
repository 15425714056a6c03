"""``geomap parse``: articles → JSON Lines, one line an article."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from geomap.articles import Failure
from geomap.cli import options
from geomap.model import Article


def add_parser(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("parse", help="print the toponyms of articles as JSON Lines")
    parser.add_argument(
        "paths",
        nargs="*",
        default=["-"],
        metavar="FILE",
        help="folders, .txt or .jsonl files; - for standard input (default)",
    )
    options.add_gazetteer(parser)
    options.add_model(parser)
    options.add_jobs(parser)
    options.add_online(parser)
    parser.add_argument("--explain", action="store_true", help="print with each toponym what decided")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON line an article."""
    from geomap.files import dump_json
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import Geoparser
    from geomap.records import to_record

    failures: list[Failure] = []
    online = options.online(arguments)
    with Gazetteer(arguments.gazetteer) as gazetteer, online(gazetteer) if online else nullcontext() as filler:
        geoparser = Geoparser(gazetteer, arguments.model, fast=arguments.fast, jobs=arguments.jobs)
        results = geoparser.parse(_articles(arguments.paths, failures), failures)
        for parsed in filler.fill(results) if filler else results:
            record = to_record(parsed)
            if arguments.explain:
                for toponym, explanation in zip(record["toponyms"], geoparser.explain(parsed), strict=True):
                    toponym["explanation"] = explanation
            sys.stdout.write(dump_json(record) + "\n")
    return 1 if options.report(failures) else 0


def _articles(paths: list[str], failures: list[Failure]) -> Iterator[Article]:
    from geomap.articles import read_paths

    if "-" in paths:
        yield from _standard_input(failures)
    if files := [Path(path) for path in paths if path != "-"]:
        reading = read_paths(files)
        failures.extend(reading.failures)
        yield from reading.articles


def _standard_input(failures: list[Failure]) -> Iterator[Article]:
    """Standard input as JSON Lines if its first character is a brace, else as one text."""
    from geomap.articles.jsonl import read_lines
    from geomap.articles.text import decode, from_text

    text = decode(sys.stdin.buffer.read(), "standard input")
    if not text.lstrip().startswith("{"):
        yield from_text(text, "-")
        return
    for found in read_lines(text.split("\n"), "standard input"):
        if isinstance(found, Article):
            yield found
        else:
            failures.append(Failure(article_id="-", message=str(found)))
