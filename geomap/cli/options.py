"""Options that several subcommands share, and their progress bar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from geomap.articles import Failure

if TYPE_CHECKING:
    from geomap.gazetteer.store import Gazetteer
    from geomap.online import Online

T = TypeVar("T")


def add_gazetteer(parser: argparse.ArgumentParser) -> None:
    """Add ``--gazetteer``."""
    parser.add_argument(
        "--gazetteer", metavar="FILE", help="gazetteer file (default: $GEOMAP_GAZETTEER, else the bundled one)"
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add ``--model`` and ``--fast``."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--model", metavar="NAME", help="an installed spaCy model whose entities take the place of geomap's own tagger"
    )
    group.add_argument("--fast", action="store_true", help="leave the tagger out: faster, a little less accurate")


def add_jobs(parser: argparse.ArgumentParser) -> None:
    """Add ``--jobs``."""
    parser.add_argument(
        "--jobs",
        type=count(1),
        default=1,
        metavar="N",
        help="processes that read the articles; worth it from about 200 kB of text on (default: 1)",
    )


def count(least: int) -> Callable[[str], int]:
    """A reader of whole numbers on the command line, from ``least`` on."""

    def read(word: str) -> int:
        try:
            number = int(word)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"{word!r} is no number from {least} on")
        return number

    return read


def add_online(parser: argparse.ArgumentParser) -> None:
    """Add ``--online`` and what belongs to it."""
    group = parser.add_argument_group("network", "nothing is asked of the network without --online")
    group.add_argument(
        "--online", choices=("nominatim",), help="ask this geocoder for names that the gazetteer lacks, one a second"
    )
    group.add_argument("--online-server", metavar="URL", help="your own server of that kind (default: the public one)")
    group.add_argument("--user-agent", metavar="TEXT", help="who asks, for the server's log: a project, an address")


def online(arguments: argparse.Namespace) -> Callable[[Gazetteer], Online] | None:
    """What opens the geocoder that was asked for; None for none."""
    if arguments.online is None:
        return None
    from geomap.online import Online

    return partial(Online, server=arguments.online_server, user_agent=arguments.user_agent)


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Add the articles' paths."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        default=[Path("seeds")],
        metavar="PATH",
        help="folders and .txt or .jsonl files (default: seeds)",
    )


def progress(items: Iterable[T], total: int, label: str) -> Iterator[T]:
    """Yield the items with a progress bar on stderr: on a terminal only, none in a pipe."""
    from tqdm import tqdm

    yield from tqdm(items, desc=label, total=total, disable=None, leave=False, file=sys.stderr)


def report(failures: Iterable[Failure]) -> int:
    """Name each failed article on stderr; return how many there were."""
    messages = [failure.message for failure in failures]
    for message in messages:
        print(f"geomap: {message}", file=sys.stderr)
    return len(messages)
