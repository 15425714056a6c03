"""``geomap lookup``: a name → the gazetteer's candidates, best first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from geomap.cli import options


def add_parser(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("lookup", help="show what the gazetteer has for a name")
    parser.add_argument("name", metavar="NAME", help="a place name in any script; - reads one name a line")
    parser.add_argument("--country", metavar="CC", help="only places of this ISO 3166-1 alpha-2 code")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    options.add_gazetteer(parser)
    parser.set_defaults(run=run)


def _lines() -> Iterator[str]:
    """Standard input line by line, as UTF-8 whatever the terminal's own encoding."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace").strip()


def run(arguments: argparse.Namespace) -> int:
    """Print the candidates of each name."""
    from geomap.files import dump_json
    from geomap.gazetteer.store import Gazetteer

    names = _lines() if arguments.name == "-" else iter([arguments.name])
    country = arguments.country.upper() if arguments.country else None
    with Gazetteer(arguments.gazetteer) as gazetteer:
        for name in filter(None, names):
            candidates = gazetteer.candidates(name, country)
            if arguments.json:
                rows = [
                    {
                        "name": c.place.name, "kind": c.place.kind, "country": c.place.country, "admin1": c.place.admin1,
                        "lon": c.place.lon, "lat": c.place.lat, "geonameid": c.place.geonameid,
                        "feature_code": c.place.feature_code, "match": c.match, "score": c.score,
                    }
                    for c in candidates
                ]  # fmt: skip
                print(dump_json({"query": name, "candidates": rows}))
                continue
            print(f"{name}: {len(candidates) or 'no'} candidate{'' if len(candidates) == 1 else 's'}")
            for c in candidates:
                place = c.place
                unit = gazetteer.admin1(place.country, place.admin1) if place.country and place.admin1 else None
                where = ", ".join(filter(None, [unit.name if unit and unit.id != place.id else None, place.country]))
                print(
                    f"  {c.score:6.2f}  {place.feature_code:<5} {place.name} ({where})  {place.lat:.3f}, {place.lon:.3f}  {place.id}  {c.match}"
                )
    return 0
