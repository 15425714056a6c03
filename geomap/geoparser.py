"""Texts → mentions → places: recognition and resolution over one gazetteer, in one process or several."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from geomap import __version__
from geomap.articles import Failure
from geomap.errors import GeomapError
from geomap.gazetteer.store import Gazetteer
from geomap.model import Article, Home, Mention, ParsedArticle
from geomap.workers import Workers

if TYPE_CHECKING:
    from spacy.language import Language

_WORTH_A_PROCESS: Final = 100_000
"""Code points of text a process: it takes as long to start as to read these."""
_CHUNK: Final = 30_000
"""Code points that go to another process together: about a third of a second of work."""

_MOST_EXPLAINED: Final = 3
"""Candidates that an explanation names."""

_Step: TypeAlias = Callable[..., Any]
"""What is done with one article, by a module's function, so that another process can do it: parser, article and more."""
_Do: TypeAlias = Callable[[_Step, Iterable[tuple[Any, ...]]], Iterator[Any]]
"""Does a step for each tuple of an article and more; yields its results, or the exceptions that it raised."""


class Geoparser:
    """Recognition and resolution over one open gazetteer; spaCy is loaded when the first text comes."""

    def __init__(self, gazetteer: Gazetteer, model: str | None = None, *, fast: bool = False, jobs: int = 1) -> None:
        """Make a geoparser.

        Args:
            gazetteer: Where places come from.
            model: Name or path of a spaCy model whose entities take the place of the tagger.
            fast: Whether to leave out the tagger: several times as fast, a little less accurate.
            jobs: How many processes may work; short texts are not worth as many. The results are the same.
        """
        self.gazetteer = gazetteer
        self.model = model
        self.fast = fast
        self.jobs = jobs
        self._nlp: Language | None = None

    @property
    def versions(self) -> str:
        """What a result depends on beside the text: code, gazetteer, model."""
        model = f"{self.model} {_version(self.model)}" if self.model else "none" if self.fast else "tagger"
        libraries = " ".join(f"{name} {_version(name)}" for name in ("spacy", "folium", "shapely"))
        code = f"geomap {__version__} {code_digest()} {libraries}"
        return f"{code}; gazetteer {self.gazetteer.fingerprint}; model {model}"

    def parse(self, articles: Iterable[Article], failures: list[Failure] | None = None) -> Iterator[ParsedArticle]:
        """Yield each article with its resolutions, in the order given.

        All articles are read first: a source's articles tell together where it is at home.

        Args:
            articles: The articles.
            failures: Where those go that cannot be parsed; without it, the first one's error is raised.

        Raises:
            ModelError: If the model is not installed.
        """
        from geomap.resolution import homes

        everything = list(articles)
        with self._hands(everything) as do:
            found = zip(everything, do(_recognise, ((article,) for article in everything)), strict=True)
            read = list(_sound(found, failures))
            known = homes.learn(read, self.names)
            tasks = [(article, mentions, homes.of(article, known)) for article, mentions in read]
            results = zip((article for article, _ in read), do(_resolve, tasks), strict=True)
            for _, parsed in _sound(results, failures):
                yield parsed

    def attempt(self, articles: Sequence[Article]) -> Iterator[ParsedArticle | Exception]:
        """Yield each article by itself with its resolutions, or what went wrong with it, in the order given.

        Whatever a source's other articles say: :meth:`settle` knows that.

        Raises:
            GeomapError: What all articles need is missing: the model, say.
        """
        with self._hands(articles) as do:
            yield from do(_read, ((article,) for article in articles))

    def settle(self, parsed: Sequence[ParsedArticle]) -> Iterator[ParsedArticle]:
        """Yield articles resolved once more where their source turned out to have another home than was thought."""
        from geomap.resolution import homes

        known = homes.learn(((one.article, one.mentions) for one in parsed), self.names)
        for one in parsed:
            home = homes.of(one.article, known)
            yield one if home == one.home else _resolve(self, one.article, one.mentions, home)

    def explain(self, parsed: ParsedArticle) -> list[dict[str, Any]]:
        """Return for each mention of a parsed article what decided: for a name, and among the places of that name.

        Returns:
            One object a mention, in order: ``recognition`` (reason → weight, to be held against the
            threshold) and ``candidates`` (the likeliest places with their reasons).
        """
        from geomap import resolution
        from geomap.recognition import pipeline as recognition
        from geomap.recognition.context import THRESHOLD
        from geomap.records import weighed

        _, reasons = recognition.explain(self.nlp, parsed.article.text)
        places = resolution.explain(parsed.mentions, self.names, parsed.home)
        return [
            {
                "recognition": {name: round(weight, 2) for name, weight in reasons.get(mention.start, ())},
                "threshold": THRESHOLD,
                "candidates": [weighed(one.place, one.total, one.reasons) for one in ranked[:_MOST_EXPLAINED]],
            }
            for mention, ranked in zip(parsed.mentions, places, strict=True)
        ]

    @property
    def names(self) -> Gazetteer:
        """The gazetteer, as the recogniser has it open once it is loaded: that one remembers what was looked up."""
        if self._nlp is None:
            return self.gazetteer
        from geomap.recognition.state import gazetteer_of

        return gazetteer_of(self._nlp, str(self.gazetteer.path))

    @property
    def nlp(self) -> Language:
        """The recogniser."""
        if self._nlp is None:
            from geomap.recognition.pipeline import load

            self._nlp = load(str(self.gazetteer.path), self.model, fast=self.fast)
        return self._nlp

    @contextmanager
    def _hands(self, articles: Sequence[Article]) -> Iterator[_Do]:
        """What does a step with many articles: this process, or several where the texts are worth it."""
        worth = sum(len(article.text) for article in articles) // _WORTH_A_PROCESS
        number = min(self.jobs, worth, len(articles))
        if number < 2:
            yield lambda step, tasks: (_attempt(self, step, *task) for task in tasks)
            return
        with Workers(number, _colleague, self.gazetteer.path, self.model, self.fast) as workers:
            yield lambda step, tasks: workers.map(_attempt, _chunks((step, *task) for task in tasks))


def _colleague(gazetteer: Path, model: str | None, fast: bool) -> Geoparser:
    """The same geoparser in another process."""
    return Geoparser(Gazetteer(gazetteer), model, fast=fast)


def _attempt(parser: Geoparser, step: _Step, article: Article, *more: Any) -> Any:
    """The result of a step, or its exception: one article must not cost the reader the others."""
    try:
        return step(parser, article, *more)
    except (GeomapError, MemoryError):
        raise
    except Exception as error:  # whatever it is, it is this article's
        return error


def _recognise(parser: Geoparser, article: Article) -> tuple[Mention, ...]:
    from geomap.recognition.pipeline import recognise

    # One text at a time: what the tagger computes for a text may depend, in its last digits, on those beside it.
    (mentions,) = recognise(parser.nlp, [article.text])
    return mentions


def _resolve(
    parser: Geoparser, article: Article, mentions: Sequence[Mention], home: Home | None = None
) -> ParsedArticle:
    from geomap.resolution import resolve

    return resolve(article, mentions, parser.names, home)


def _read(parser: Geoparser, article: Article) -> ParsedArticle:
    return _resolve(parser, article, _recognise(parser, article))


def _chunks(tasks: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Tasks of a step and an article, in runs of about :data:`_CHUNK` code points of text."""
    chunk: list[tuple[Any, ...]] = []
    length = 0
    for task in tasks:
        chunk.append(task)
        length += len(task[1].text)
        if length >= _CHUNK:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _sound(results: Iterable[tuple[Article, Any]], failures: list[Failure] | None) -> Iterator[tuple[Article, Any]]:
    """Yield what went well; the rest goes to the failures, or is raised where nobody asks for them."""
    for article, result in results:
        if not isinstance(result, Exception):
            yield article, result
        elif failures is None:
            raise result
        else:
            failures.append(failure_of(article, result))


def failure_of(article: Article, error: Exception) -> Failure:
    """An article that could not be parsed, and why."""
    message = f"{article.id}: could not be parsed ({type(error).__name__}: {error}); please report the text"
    return Failure(article_id=article.id, message=message)


def _version(package: str) -> str:
    """The installed version of a package; empty for what is no package, such as a model's folder."""
    try:
        return metadata.version(package)
    except (metadata.PackageNotFoundError, ValueError):
        return ""


def code_digest() -> str:
    """Return a digest of the package's own files, so that changed rules parse everything again."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".tsv", ".npz", ".json", ".js", ".css", ".html") and "node_modules" not in path.parts:
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
