"""``geomap evaluate``: gold annotations → the accuracy table."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geomap.cli import options

ROUNDS = 200
"""Bootstrap rounds: enough for the second digit of an interval."""


def add_parser(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("evaluate", help="score geomap on annotated articles")
    parser.add_argument("gold", nargs="+", type=Path, metavar="GOLD.jsonl")
    parser.add_argument(
        "--texts", type=Path, metavar="DIR", help="folder of the articles, where the gold does not hold their text"
    )
    parser.add_argument(
        "--ids",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="a place with the gold's GeoNames id is right wherever its point is (default: yes)",
    )
    parser.add_argument(
        "--demonyms",
        action=argparse.BooleanOptionalAction,
        default=False,
        help='whether gold marked "demonym" is to be found (default: no)',
    )
    parser.add_argument("--geocoded-only", action="store_true", help="leave out gold without coordinates")
    parser.add_argument(
        "--ci",
        type=options.count(0),
        default=ROUNDS,
        metavar="N",
        help=f"bootstrap rounds over the articles for 95 %% intervals (default: {ROUNDS}, none: 0)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, unrounded")
    options.add_gazetteer(parser)
    options.add_model(parser)
    options.add_jobs(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    from geomap.evaluation import Report, evaluate, evaluate_kinds, intervals, read_gold, table
    from geomap.files import dump_json
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import Geoparser

    reports: dict[str, Report] = {}
    with Gazetteer(arguments.gazetteer) as gazetteer:
        geoparser = Geoparser(gazetteer, arguments.model, fast=arguments.fast, jobs=arguments.jobs)
        for path in dict.fromkeys(arguments.gold):
            gold = read_gold(path, arguments.texts, demonyms=arguments.demonyms, geocoded_only=arguments.geocoded_only)
            parsed = list(geoparser.parse(one.article for one in gold))
            scores = evaluate(gold, parsed, ids=arguments.ids)
            name = path.stem if path.stem not in reports else str(path)
            reports[name] = Report(
                scores=scores, intervals=intervals(scores, arguments.ci), kinds=evaluate_kinds(gold, parsed)
            )
    if arguments.json:
        print(dump_json({name: report.as_json() for name, report in reports.items()}))
    else:
        print(table(reports))
    return 0
