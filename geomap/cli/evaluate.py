"""``geomap evaluate``: gold annotations → the accuracy table."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from geomap.cli import options


def add_parser(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("evaluate", help="score geomap on annotated articles")
    parser.add_argument("gold", nargs="+", type=Path, metavar="GOLD.jsonl")
    parser.add_argument(
        "--texts", type=Path, metavar="DIR", help="folder of the articles, where the gold does not hold their text"
    )
    options.add_gazetteer(parser)
    options.add_model(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    from geomap.evaluation import evaluate, read_gold, table
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import Geoparser

    scores = {}
    with Gazetteer(arguments.gazetteer) as gazetteer:
        geoparser = Geoparser(gazetteer, arguments.model, fast=arguments.fast)
        for path in dict.fromkeys(arguments.gold):
            gold = read_gold(path, arguments.texts)
            name = path.stem if path.stem not in scores else str(path)
            scores[name] = evaluate(gold, geoparser.parse(one.article for one in gold))
    print(table(scores))
    return 0
