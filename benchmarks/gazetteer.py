"""What the gazetteer takes: ``make bench-gazetteer``, or ``python -m benchmarks.gazetteer --places 13000000``.

Each figure is taken in a process of its own. A plain ``dict`` of the bundled names is asked the same
in the same run: how the two compare says more than figures of another machine.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
_LOOKUPS: Final = 20_000
_ROUNDS: Final = 3
_COLD_STARTS: Final = 5
_LONGEST: Final = 6


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=500_000, help="rows of the made-up dump (default: 500000)")
    parser.add_argument(
        "--folder", type=Path, help="where to work, with room for 250 bytes a row (default: a temporary one)"
    )
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        name, *paths = arguments.step
        print(json.dumps(STEPS[name](*map(Path, paths))))
        return
    with tempfile.TemporaryDirectory(prefix="geomap-bench-", dir=arguments.folder) as folder:
        _print_table(arguments.places, Path(folder))


def _print_table(places: int, folder: Path) -> None:
    from benchmarks.dump import write_dump

    bundled, dump, grown = folder / "bundled.sqlite", folder / "made-up.txt", folder / "grown.sqlite"
    columns: dict[str, dict[str, float]] = {"bundled": _step("build", bundled)}
    write_dump(dump, places)
    columns[f"{places:,} more"] = _step("grow", bundled, dump, grown)
    for column, path in zip(columns.values(), (bundled, grown), strict=True):
        column["file, MB"] = path.stat().st_size / 1e6
        column["cold first query, ms"] = min(_step("cold", path)["ms"] for _ in range(_COLD_STARTS))
        column.update(_step("ask", path))
    columns["plain dict"] = _step("dict", bundled)
    rows = dict.fromkeys(row for column in columns.values() for row in column)
    print(f"{'':34}" + "".join(f"{name:>18}" for name in columns))
    for row in rows:
        cells = (
            (f"{column[row]:,.1f}" if column[row] < 100 else f"{column[row]:,.0f}") if row in column else "–"
            for column in columns.values()
        )
        print(f"{row:34}" + "".join(f"{cell:>18}" for cell in cells))


def _step(name: str, *paths: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.gazetteer", "--step", name, *map(str, paths)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


# --- one process each ------------------------------------------------------------------------------------------------


def _built(build: Callable[[], object]) -> dict[str, float]:
    started = time.perf_counter()
    build()
    return {
        "build, s": time.perf_counter() - started,
        "build, s of processor": time.process_time(),
        "build, peak MB": _peak(),
    }


def _build(target: Path) -> dict[str, float]:
    from geomap.gazetteer.build import build

    return _built(lambda: build(ROOT / "gazetteer", target))


def _grow(base: Path, dump: Path, target: Path) -> dict[str, float]:
    from geomap.gazetteer.grow import grow
    from geomap.gazetteer.sources.geonames import Dumps

    return _built(lambda: grow(base, Dumps(places=(dump,)), target))


def _cold(path: Path) -> dict[str, float]:
    started = time.perf_counter()
    from geomap.gazetteer.store import Gazetteer

    with Gazetteer(path, own_places=False) as gazetteer:
        gazetteer.candidates("Kunduz")
        return {"ms": 1000 * (time.perf_counter() - started)}


def _ask(path: Path) -> dict[str, float]:
    from geomap.gazetteer.store import Gazetteer

    with Gazetteer(path, own_places=False) as gazetteer:
        keys = _some_keys(gazetteer)
        tokens = _tokens()

        def first_scan() -> None:
            gazetteer.begins.cache_clear()
            scan()

        def scan() -> None:
            for start in range(len(tokens)):
                gazetteer.match_lengths(tokens[start : start + _LONGEST])

        figures = {
            "key seeks/s, SQLite alone": _rate(
                len(keys), lambda: [gazetteer._db.execute(_SEEK, (key,)).fetchall() for key in keys]
            ),
            "key seeks/s": _rate(len(keys), lambda: [gazetteer._rows(_SEEK, key) for key in keys]),
            "candidates/s, first time": _rate(len(keys), lambda: [gazetteer._candidates_uncached(key) for key in keys]),
            "candidates/s, again": _rate(len(keys), lambda: [gazetteer.candidates(key) for key in keys]),
            "scan, tokens/s, first time": _rate(len(tokens), first_scan),
            "scan, tokens/s, again": _rate(len(tokens), scan),
            "nearest town/s": _rate(500, lambda: [gazetteer.nearest(*point, 1) for point in _points()]),
        }
        return figures | {"look-up, peak MB": _peak()}


def _dict(path: Path) -> dict[str, float]:
    from geomap.gazetteer.store import Gazetteer

    names: dict[str, list[int]] = {}
    prefixes: set[str] = set()
    with Gazetteer(path, own_places=False) as gazetteer:
        keys = _some_keys(gazetteer)
        before = _peak()
        for key, place in gazetteer._rows("SELECT key, place FROM name"):
            names.setdefault(key, []).append(place)
            words = key.split(" ")
            prefixes.update(" ".join(words[:count]) for count in range(1, len(words)))
    tokens = _tokens()

    def scan() -> None:
        for start in range(len(tokens)):
            key, lengths = "", []
            for length, word in enumerate(tokens[start : start + _LONGEST], start=1):
                key = f"{key} {word}" if key else word
                if key in names:
                    lengths.append(length)
                if key not in prefixes:
                    break

    return {
        "key seeks/s": _rate(len(keys), lambda: [names.get(key) for key in keys]),
        "scan, tokens/s, first time": _rate(len(tokens), scan),
        "look-up, peak MB": _peak() - before,
    }


_SEEK: Final = "SELECT place, rank FROM name WHERE key = ?"
STEPS: Final[dict[str, Callable[..., dict[str, float]]]] = {
    "build": _build, "grow": _grow, "cold": _cold, "ask": _ask, "dict": _dict,
}  # fmt: skip


def _some_keys(gazetteer: Any) -> list[str]:
    """The folded names of places drawn at random: of common names more, as in a text."""
    from geomap.names import fold

    rng = random.Random(7)
    ((last,),) = gazetteer._rows("SELECT max(row) FROM record")
    found: list[str] = []
    while len(found) < _LOOKUPS:
        rows = gazetteer._rows("SELECT name FROM record WHERE row >= ? ORDER BY row LIMIT 50", rng.randint(1, last))
        found += [fold(name) for (name,) in rows]
    rng.shuffle(found)
    return found[:_LOOKUPS]


def _tokens() -> list[str]:
    """The folded words of the articles in ``seeds/``."""
    from geomap.names import fold

    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    return [folded for text in texts for word in text.split() if (folded := fold(word)) and " " not in folded]


def _points() -> list[tuple[float, float]]:
    rng = random.Random(11)
    return [(rng.uniform(45, 90), rng.uniform(20, 50)) for _ in range(500)]


def _rate(count: int, work: Callable[[], object]) -> float:
    """How many a second, the best of some rounds: what else runs on the machine only slows one down."""
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return count / best


def _peak() -> float:
    """The most memory that the process has had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
