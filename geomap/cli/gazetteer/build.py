"""``geomap gazetteer build``: the bundled sources, and GeoNames' own files over them → one gazetteer file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.cli import options

if TYPE_CHECKING:
    from geomap.gazetteer.layers import Grown


def add_parser(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "build",
        help="compile the sources to one SQLite file, or lay GeoNames dumps over the bundled one",
        description="Without a file of GeoNames, compiles the folder of sources. With some, lays them over the bundled "
        "gazetteer (or over the sources named), as they are published on geonames.org/export: zip or txt.",
    )
    parser.add_argument(
        "--sources",
        type=Path,
        metavar="DIR",
        help="folder of the sources (default: gazetteer; the bundled file with dumps)",
    )
    dumps = parser.add_argument_group("GeoNames files")
    dumps.add_argument(
        "--geonames",
        nargs="+",
        type=Path,
        default=[],
        metavar="FILE",
        help="dumps of places: AF.zip, allCountries.zip, …",
    )
    dumps.add_argument(
        "--download",
        nargs="+",
        default=[],
        metavar="CODE",
        help="fetch these countries' dumps first (AF TJ UZ), into the folder geonames; what has not changed is left alone",
    )
    dumps.add_argument("--base-url", metavar="URL", help="where --download fetches from (default: GeoNames)")
    dumps.add_argument(
        "--alternate-names", type=Path, metavar="FILE", help="alternateNamesV2.zip: names in many languages"
    )
    dumps.add_argument("--admin1", type=Path, metavar="FILE", help="admin1CodesASCII.txt: English names of units")
    dumps.add_argument("--admin2", type=Path, metavar="FILE", help="admin2Codes.txt: those of the second level")
    dumps.add_argument(
        "--hierarchy",
        type=Path,
        metavar="FILE",
        help="hierarchy.zip: gives places without a province the one of their parent",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="file to write (default: the bundled one; needed with dumps)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build the file."""
    from geomap.errors import UsageError
    from geomap.gazetteer.build import build, build_grown
    from geomap.gazetteer.sources.geonames import Dumps
    from geomap.gazetteer.store import BUNDLED, Gazetteer

    dumps = Dumps(
        places=(*arguments.geonames, *_downloaded(arguments.download, arguments.base_url)),
        alternate_names=arguments.alternate_names,
        admin1=arguments.admin1,
        admin2=arguments.admin2,
        hierarchy=arguments.hierarchy,
    )
    target = arguments.output or BUNDLED
    if not dumps.files:
        build(arguments.sources or Path("gazetteer"), target, _progress)
    elif arguments.output is None:
        raise UsageError("GeoNames files are not laid into the bundled gazetteer; name another file with -o")
    else:
        _report(build_grown(arguments.sources, dumps, target, _progress))
    with Gazetteer(target) as gazetteer:
        counts = ", ".join(f"{count:,} {what}s" for what, count in gazetteer.counts().items())
    print(f"written   {target}  ({target.stat().st_size / 1e6:.1f} MB: {counts})")
    return 0


def _progress(items: Any, label: str, total: int) -> Any:
    return options.progress(items, total, label)


def _report(grown: Grown) -> None:
    """Say what the dumps brought, and on stderr what in them was bad."""
    for message in grown.bad.messages:
        print(f"geomap: {message}", file=sys.stderr)
    if grown.bad.count > len(grown.bad.messages):
        more = grown.bad.count - len(grown.bad.messages)
        print(f"geomap: {more:,} more bad rows passed over, {grown.bad.count:,} in all", file=sys.stderr)
    print(f"places    {grown.added:,} added, {grown.renewed:,} renewed")
    if grown.names or grown.homeless:
        print(f"names     {grown.names:,} from tables of names; {grown.homeless:,} of places that no dump here has")
    if grown.contained:
        print(f"units     {grown.contained:,} places got theirs from the hierarchy")


def _downloaded(codes: list[str], base_url: str | None) -> list[Path]:
    """The dumps of some countries, fetched where they changed."""
    if not codes:
        return []
    from geomap.gazetteer.download import BASE_URL, download

    return download(
        codes,
        Path("geonames"),
        base_url=base_url or BASE_URL,
        progress=lambda pieces, label, number: options.progress(pieces, number, label),
    )
