"""``geomap``: picks the subcommand, prints errors as one line, sets the exit status."""

from __future__ import annotations

import argparse
import io
import os
import sys
import warnings
from collections.abc import Sequence

from geomap import __version__
from geomap.cli import build, evaluate, export, gazetteer, lookup, parse
from geomap.errors import GeomapError

DONE, SOME_FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def make_parser() -> argparse.ArgumentParser:
    """Return the argument parser of all subcommands."""
    parser = argparse.ArgumentParser(prog="geomap", description="News articles in, one offline map out.")
    parser.add_argument("--version", action="version", version=f"geomap {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in (build, parse, lookup, export, gazetteer, evaluate):
        command.add_parser(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The words after ``geomap``; ``sys.argv`` by default.

    Returns:
        0 done, 1 some articles failed (each is named on stderr, the rest is done), 2 wrong use.
    """
    warnings.showwarning = _show_warning
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that knows no Unicode costs no output
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # JSON Lines are UTF-8 wherever they go
    options = make_parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except GeomapError as error:
        print(f"geomap: {error}", file=sys.stderr)
        return WRONG_USE
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            _leave_quietly()
            return DONE
        if error.filename is not None:
            print(f"geomap: {error.filename}: {error.strerror}; check the path and its permissions", file=sys.stderr)
            return WRONG_USE
        _leave_quietly()
        print(
            f"geomap: cannot write to standard output ({error.strerror}); make room or write elsewhere", file=sys.stderr
        )
        return WRONG_USE
    except KeyboardInterrupt:
        print("geomap: stopped; a build goes on where it was when it is run again", file=sys.stderr)
        return INTERRUPTED
    return status


def _leave_quietly() -> None:
    """Point stdout at nothing, so that Python does not complain when it closes what cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"geomap: {message}", file=sys.stderr)
