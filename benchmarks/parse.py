"""What reading articles takes: ``make bench-parse``, or ``python -m benchmarks.parse CORPUS.jsonl``.

Each figure is taken in a process of its own, on one core. Rates are of processor time, so that they
mean something on a machine that does other things too; where wall time is meant, the table says so.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geomap.model import Article

if TYPE_CHECKING:
    from geomap.pipeline import Geoparser

ROOT: Final = Path(__file__).parent.parent
GOLD: Final = ROOT / "tests" / "gold" / "regional.jsonl"
_GOALS: Final = {
    "words a second, tagger": "≥ 20,000", "words a second, --fast": "≥ 100,000", "two processes are faster by, ×": "≥ 1.8",
    "start to first result, s (wall)": "≤ 1.5", "peak memory, the corpus, MB": "≤ 400",
    "peak memory, one article of the most text, MB": "≤ 400", "cost a word against 1×, 16× the text": "about 1",
}  # fmt: skip
_ROUNDS: Final = 3
_STARTS: Final = 5
_ONE_ARTICLE: Final = 250_000
"""Code points of the article that is made 4 and 16 times as long."""


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "corpus", nargs="?", type=Path, default=GOLD, help="JSON Lines of articles (default: tests/gold/regional.jsonl)"
    )
    parser.add_argument(
        "--words", type=int, default=200_000, help="words to read; the corpus is repeated (default: 200000)"
    )
    parser.add_argument(
        "--megabytes", type=float, default=0, help="also read one article of this size (default: 0, none)"
    )
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    corpus = arguments.corpus.resolve()
    if arguments.step:
        name, *values = arguments.step
        print(json.dumps(STEPS[name](corpus, *map(float, values))))
        return
    for step in (
        ("rate", arguments.words, 0),
        ("rate", arguments.words, 1),
        ("twice", arguments.words),
        ("start",),
        ("length", 0),
        ("length", 1),
        *([("whole", arguments.megabytes)] if arguments.megabytes else []),
    ):
        for label, value in _step(corpus, *step).items():
            goal = _GOALS.get(label, "")
            print(f"{label:48}{value:>12,.{0 if value >= 1000 else 2}f}  {goal}", flush=True)


def _step(corpus: Path, *step: object) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.parse", str(corpus), "--step", *map(str, step)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)  # noqa: S603
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


# --- one process each ------------------------------------------------------------------------------------------------


def _rate(corpus: Path, words: float, fast: float) -> dict[str, float]:
    """How many words a second, spaCy being loaded: at first, and when the names are known."""
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import Geoparser

    mode = "--fast" if fast else "tagger"
    articles = list(_articles(corpus, words))
    total = sum(map(_words, articles))
    parser = Geoparser(Gazetteer(), fast=bool(fast))
    _exhaust(parser, articles[:1])
    first, best = _cpu(parser, articles), float("inf")
    for _ in range(_ROUNDS):
        best = min(best, _cpu(parser, articles))
    return {
        f"words a second, {mode}": total / best,
        f"words a second, {mode}, names unseen": total / first,
        **({} if fast else {"peak memory, the corpus, MB": _peak()}),
    }


def _twice(corpus: Path, words: float) -> dict[str, float]:
    """How much faster two processes are than one, by wall time, their start counted in: on a quiet machine only."""
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import Geoparser

    articles = list(_articles(corpus, 10 * words))
    seconds, processor = {}, {}
    for jobs in (1, 2):
        started, used = time.perf_counter(), time.process_time() + _children_cpu()
        _exhaust(Geoparser(Gazetteer(), jobs=jobs), articles)
        seconds[jobs], processor[jobs] = time.perf_counter() - started, time.process_time() + _children_cpu() - used
    return {
        "two processes are faster by, ×": seconds[1] / seconds[2],
        "… where each has a core to itself, ×": 2 * processor[1] / processor[2],
    }


def _start(corpus: Path) -> dict[str, float]:
    """From a command of its own to the end of its first result."""
    seconds, processor = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "one.txt"
        path.write_text(next(_articles(corpus, 1)).text, encoding="utf-8")
        for _ in range(_STARTS):
            started, used = time.perf_counter(), _children_cpu()
            subprocess.run(  # noqa: S603
                [sys.executable, "-m", "geomap", "parse", str(path)], check=True, stdout=subprocess.DEVNULL
            )
            seconds.append(time.perf_counter() - started)
            processor.append(_children_cpu() - used)
    return {"start to first result, s (wall)": min(seconds), "start to first result, s (processor)": min(processor)}


def _length(corpus: Path, fast: float) -> dict[str, float]:
    """What a word costs in a long article, against one of :data:`_ONE_ARTICLE`."""
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import Geoparser

    mode = ", --fast" if fast else ""
    parser = Geoparser(Gazetteer(), fast=bool(fast))
    _exhaust(parser, [_long(corpus, _ONE_ARTICLE)])
    costs = {}
    for times in (1, 4, 16):
        article = _long(corpus, times * _ONE_ARTICLE)
        costs[times] = _cpu(parser, [article]) / _words(article)
    return {f"cost a word against 1×, {times}× the text{mode}": costs[times] / costs[1] for times in (4, 16)}


def _whole(corpus: Path, megabytes: float) -> dict[str, float]:
    """One article as long as a book shelf."""
    from geomap.gazetteer.store import Gazetteer
    from geomap.pipeline import Geoparser

    article = _long(corpus, int(megabytes * 1e6))
    seconds = _cpu(Geoparser(Gazetteer()), [article])
    return {
        "words a second, one article of the most text": _words(article) / seconds,
        "peak memory, one article of the most text, MB": _peak(),
    }


STEPS: Final[dict[str, Callable[..., dict[str, float]]]] = {
    "rate": _rate,
    "twice": _twice,
    "start": _start,
    "length": _length,
    "whole": _whole,
}


def _articles(corpus: Path, words: float) -> Iterator[Article]:
    """The corpus, again and again until there are so many words."""
    from geomap.articles import read_paths

    found = read_paths([corpus]).articles
    for number, article in enumerate(cycle(found)):
        yield Article(id=f"{number}", text=article.text, source=article.source, url=article.url)
        words -= _words(article)
        if words <= 0 and number + 1 >= len(found):
            return


def _long(corpus: Path, length: int) -> Article:
    """The corpus as one article of about so many code points."""
    texts, total = [], 0
    for article in cycle(list(_articles(corpus, 1))):
        texts.append(article.text)
        total += len(article.text)
        if total >= length:
            return Article(id="long", text="\n\n".join(texts)[:length])
    raise AssertionError  # the cycle never ends


def _words(article: Article) -> int:
    return len(article.text.split())


def _exhaust(parser: Geoparser, articles: list[Article]) -> None:
    for _ in parser.parse(articles):
        pass


def _cpu(parser: Geoparser, articles: list[Article]) -> float:
    started = time.process_time()
    _exhaust(parser, articles)
    return time.process_time() - started


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak() -> float:
    """The most memory that the process has had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
